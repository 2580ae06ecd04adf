"""BEA's workbook of investment: its form, agreement, refusals, and the years that count."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from manias import InputError, SpendingModel, load, load_flows
from manias.data.library import LIBRARY
from manias.refresh import fixed_assets
from manias.refresh.feed import Original, Present
from manias.refresh.fixed_assets import (
    ASSETS,
    FEED,
    FINER,
    OTHER_ASSETS,
    TOTALS,
    class_of,
    compare_flows,
    industries_of,
    sector_of,
)

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
FIRST_YEAR, LAST_YEAR = 2013, 2015
DAY, UPDATED = "2026-11-29", "October 2, 2025"
# data.csv was rounded once after a class was added up: sectors differ from it by half a unit
# for each of the industries of the largest sector.
ROUNDED = 0.5 * 11


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """A workbook is read once: most tests are of what is made of it."""
    kept, own = {}, fixed_assets._read_book

    def read_book(original):
        if original.digest not in kept:
            kept[original.digest] = own(original)
        return kept[original.digest]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixed_assets, "_read_book", read_book)
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The tables as they stand, cut to the last years so that a workbook is quickly made."""
    root = tmp_path_factory.mktemp("datasets")
    for name in ("us_investment", "us_macro"):
        shutil.copytree(DATASETS / name, root / name)
    for table in ("data", "sectors"):
        path = root / "us_investment" / f"{table}.csv"
        cells = pd.read_csv(path, dtype=str, keep_default_na=False)
        cells[cells["year"].astype(int) >= FIRST_YEAR].to_csv(path, index=False)
    path = root / "us_macro" / "data.csv"
    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    cells[cells["period"].astype(int) < LAST_YEAR].to_csv(path, index=False)
    return root


@pytest.fixture(scope="module")
def values(root):
    return as_official(Present(root))


def as_official(present):
    """Industries x assets by year that add up to data.csv, and nearly to sectors.csv."""
    data, sectors = present.cells("us_investment"), present.cells("us_investment", "sectors")
    data["value"], sectors["value"] = data["value"].astype(int), sectors["value"].astype(int)
    rows = data.pivot(index=["sector", "class", "industry"], columns="year", values="value")
    columns = sectors.pivot(
        index=["sector", "class", "asset_code"], columns="year", values="value"
    )
    years = sorted(rows.columns)
    made = {}
    for key, wanted in rows.groupby(level=[0, 1]):
        assets = columns.loc[key] if key in columns.index.droplevel(2) else None
        for year in years:
            left = {} if assets is None else assets[year].to_dict()
            names = list(left) or ["SB44"]
            for (_, _, industry), need in wanted[year].items():
                need = int(need)
                for asset in names:
                    take = min(need, left.get(asset, 0))
                    if take:
                        left[asset] -= take
                        made[industry, asset, year] = (
                            made.get((industry, asset, year), 0) + take
                        )
                        need -= take
                if need:
                    last = industry, names[-1], year
                    made[last] = made.get(last, 0) + need
    table = pd.Series(made).unstack().fillna(0)
    full = pd.MultiIndex.from_product([list(sector_of()), ASSETS])
    return table.reindex(full, fill_value=0)[years].set_axis([int(y) for y in years], axis=1)


def sheets_of(values):
    """Rows of every sheet, in the form of BEA's workbook of stocks."""
    title = "Investment in Private Nonresidential Fixed Assets"
    industries = list(dict.fromkeys(values.index.get_level_values(0)))
    names = load("us_investment").frame.set_index("industry")["industry_name"].to_dict()
    codes = load("us_investment").tables["codes"]
    titles = codes[codes["kind"] == "asset"].set_index("code")["name"].to_dict()
    book = {
        "readme": [
            [title],
            [],
            ["INDUSTRY TITLE ", "BEA CODE", None, "2017 NAICS Codes"],
            ["  Manufacturing", "--------", None, "31-33"],
            *(
                [
                    "\xa0\xa0\xa0" + names.get(code, f"Part {code}").replace(" ", "\xa0"),
                    int(code) if code.isdigit() else code,
                    None,
                    "x",
                ]
                for code in industries
            ),
        ]
    }
    for industry in industries:
        table = values.loc[industry]
        years = [str(year) for year in table.columns]
        rows = [
            [f"{industry} - Something"],
            [title],
            ["(Millions of Dollars)"],
            [f"Updated {UPDATED}"],
            [],
            ["Asset Codes", "NIPA Asset Types", *years],
            [],
        ]
        for name, kind in TOTALS.items():
            of = [asset for asset in table.index if class_of(asset) == kind]
            total = table.loc[of].sum()
            first = {"E": "EQUIPMENT", "S": "STRUCTURES", "I": "IPP"}[kind]
            rows.append([first, name, *total.tolist()])
            for asset in of:
                shown = asset + " " if asset == "SOMO" else asset
                name = titles.get(asset, f"Asset {asset}") + "\xa0\xa0 "
                rows.append([shown, name, *table.loc[asset].tolist()])
        book[industry] = rows
    book |= {"5210": [["left out"]], "5250": [["left out"]], "Datasets": [[None, "2011"]]}
    return book


def written(sheets, name="detailnonres_inv1.xlsx"):
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return Original("investment", name, out.getvalue(), "", DAY)


def gdp_of(last, *, head="observation_date", first=1929, change=None, day=DAY):
    values = {year: f"{104.556 + 200 * (year - 1929):.3f}" for year in range(first, last + 1)}
    values |= change or {}
    text = "\n".join([f"{head},GDPA", *(f"{y}-01-01,{v}" for y, v in values.items())])
    return Original("gdp", "GDPA.csv", text.encode(), "", day)


def read(root, sheets, gdp=None):
    made = sheets if isinstance(sheets, Original) else written(sheets)
    gdp = gdp_of(LAST_YEAR) if gdp is None else gdp
    return FEED.read({"investment": made, "gdp": gdp}, Present(root))


def longer(values, last=LAST_YEAR):
    """The values with years up to that in which the table of GDP ends."""
    years = range(2015, last + 1)
    more = {year: (values[2014] * (1 + (year - 2014) / 50)).round() for year in years}
    return values.join(pd.DataFrame(more, values.index))


@pytest.fixture(scope="module")
def official(values):
    return longer(values)


@pytest.fixture(scope="module")
def workbook(official):
    return written(sheets_of(official))


@pytest.fixture(scope="module")
def staged(root, workbook):
    return read(root, workbook)


@pytest.fixture(scope="module")
def first(official):
    """Sheets of which only the first two are whole: a refusal comes before the others."""
    stubs = {code: [["not read"]] for code in sector_of()}
    whole = sheets_of(official)
    return stubs | {k: v for k, v in whole.items() if k not in stubs or k in ("7210", "7220")}


def changed(first, at, edit):
    sheets = {code: [list(row) for row in rows] for code, rows in first.items()}
    edit(sheets[at])
    return sheets


def row_of(rows, code):
    return next(r for r in rows if r and str(r[0]).strip() == code)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_present_table_comes_back_from_a_workbook_made_of_it(root, staged, whole):
    present, found = Present(root), staged
    if whole:
        present = Present(DATASETS)
        values = longer(as_official(present), 2018)
        found = read(DATASETS, sheets_of(values), gdp_of(2018))
    cells = found.tables["us_investment", "data"]
    inside = cells["year"].astype(int) <= 2014
    before = present.cells("us_investment")
    again = cells[inside].reset_index(drop=True)
    assert again.drop(columns="exact").equals(before.drop(columns="exact"))
    assert list(cells.columns) == list(before.columns) and set(cells["exact"]) == {"yes"}
    sectors = found.tables["us_investment", "sectors"]
    both = present.cells("us_investment", "sectors").merge(
        sectors, on=["sector", "asset_code", "class", "year"], how="left", suffixes=("", "_now")
    )
    # A pair on which nothing was spent in any year has no row.
    off = (both["value"].astype(int) - both["value_now"].fillna("0").astype(int)).abs()
    assert off.max() <= ROUNDED
    codes, had = found.tables["us_investment", "codes"], present.cells("us_investment", "codes")
    held = {*sectors["sector"], *sectors["asset_code"]}
    assert codes.equals(had[had["code"].isin(held)].reset_index(drop=True))
    assert not whole or len(codes) == len(had)
    years = f"{before['year'].min()}-2014"
    assert found.said[1].startswith(f"industries by class: 100.0% of dollars {years} within")


def test_every_flow_has_every_year_and_the_newer_ones(staged, official):
    cells = staged.tables["us_investment", "data"]
    assert len(cells) == 183 * len(official.columns)
    assert cells.groupby(["industry", "class"])["year"].agg(list).map(tuple).nunique() == 1
    sectors = staged.tables["us_investment", "sectors"]
    assert not set(sectors["asset_code"]) & set(OTHER_ASSETS)
    assert set(sectors["year"]) == {str(year) for year in official.columns}


def test_the_descriptor_says_what_the_tables_are_made_of(staged):
    said = staged.descriptors["us_investment"]
    assert said["vintage"] == "2025-10-02"
    assert "2013 to 2015, updated 2025-10-02: 63 industries" in said["description"]
    assert "The count of spending reads 1960 to 2014" in said["description"]
    assert {p["grade"] for p in said["provenance"].values()} == {"A"}
    assert {p["source"] for p in said["provenance"].values()} == {"bea2018detail"}
    assert staged.sources["bea2018detail"]["year"] == "2025"
    assert staged.descriptors["us_macro"] == {"vintage": DAY}


def test_the_description_of_the_present_table_names_the_years_that_count():
    path = DATASETS / "us_investment" / "datapackage.json"
    assert (
        "The count of spending reads 1960 to 2014"
        in json.loads(path.read_text())["description"]
    )


def test_revisions_within_the_tolerance_are_taken_in_and_told(root, official):
    revised = official.copy()
    revised.loc["5130", 2013] = (revised.loc["5130", 2013] * 1.15).round().to_numpy()
    revised.loc["2200", 2014] = (revised.loc["2200", 2014] * 1.4).round().to_numpy()
    found = read(root, sheets_of(revised))
    one = found.said[1]
    assert "of dollars 2013-2014 within the tolerance" in one and "2200 S 2014" in one
    assert any("least within the tolerance" in line and "2200 S" in line for line in found.said)
    cells = found.tables["us_investment", "data"].set_index(["industry", "class", "year"])
    assert (
        int(cells.loc[("5130", "E", "2013"), "value"])
        == revised.loc["5130", 2013][[class_of(a) == "E" for a in ASSETS]].sum()
    )


def test_more_than_a_twentieth_beyond_the_tolerance_is_refused(root, official):
    wrong = official.copy()
    for industry in ("5310", "2110", "5130"):
        wrong.loc[industry] = (wrong.loc[industry] * 1.5).round().to_numpy()
    with pytest.raises(InputError) as told:
        read(root, sheets_of(wrong))
    message = str(told.value)
    assert "\n" not in message
    assert "% of dollars of industries by class lie beyond the tolerance" in message
    assert "expected 5% at most; worst is 2110 S 2014, " in message


def test_a_table_that_was_recovered_is_guarded_and_bea_s_own_may_revise_itself(
    root, official, staged, tmp_path
):
    shutil.copytree(root, tmp_path / "made")
    for (name, table), cells in staged.tables.items():
        cells.to_csv(tmp_path / "made" / name / f"{table}.csv", index=False)
    wrong = official.copy()
    for industry in ("5310", "2110", "5130"):
        wrong.loc[industry] = (wrong.loc[industry] * 1.5).round().to_numpy()
    found = read(tmp_path / "made", sheets_of(wrong))
    assert "of dollars 2013-2015 within the tolerance" in found.said[1]


def test_years_and_columns_are_found_by_name(root, official, staged):
    sheets = sheets_of(official)
    for code in sector_of():
        head = next(i for i, r in enumerate(sheets[code]) if r[:1] == ["Asset Codes"])
        for i in range(head, len(sheets[code])):
            row = sheets[code][i]
            if len(row) > 2:
                sheets[code][i] = [row[1], *reversed(row[2:]), row[0]]
    found = read(root, sheets)
    for key, cells in staged.tables.items():
        assert found.tables[key].equals(cells), key


def test_parts_of_an_industry_are_added_up(root, official, staged):
    parted = official.copy()
    for industry, parts in FINER.items():
        whole = parted.loc[[industry]]
        parted = parted.drop(index=industry, level=0)
        for i, part in enumerate(parts):
            share = whole // 3 if i else whole - (len(parts) - 1) * (whole // 3)
            parted = pd.concat([parted, pd.concat({part: share.droplevel(0)})])
    found = read(root, sheets_of(parted))
    for key, cells in staged.tables.items():
        assert found.tables[key].equals(cells), key
    assert "74 industries" in found.said[0] and "44RT" in found.said[0]


@pytest.mark.slow
def test_footnotes_and_blank_rows_are_passed_over(root, official, staged):
    sheets = sheets_of(official)
    for code in sector_of():
        sheets[code] += [[], ["1. Consists of what it says."], ["Note"]]
        sheets[code].insert(9, [])
    assert (
        read(root, sheets)
        .tables["us_investment", "data"]
        .equals(staged.tables["us_investment", "data"])
    )


FIRST = "7210"
CELLS = [(None, "blank"), ("(D)", r"'\(D\)'"), ("---", "'---'"), ("12", "'12'"), (True, "True")]


@pytest.mark.parametrize(("cell", "shown"), CELLS)
def test_a_cell_that_is_no_number_is_refused(root, first, cell, shown):
    def edit(rows):
        row_of(rows, "EP1B")[4] = cell

    said = rf"sheet 7210, row \d+, year 2015: {shown}; expected a number"
    with pytest.raises(InputError, match=said):
        read(root, changed(first, FIRST, edit))


def total_off(rows):
    row_of(rows, "EQUIPMENT")[2] += 500


def renamed(rows):
    rows[5][3] = "2013"


def retitled(rows):
    rows[1] = ["Current-Cost Net Capital Stock of Private Nonresidential Fixed Assets"]


EDITS = [
    (
        lambda r: row_of(r, "EP1A").__setitem__(0, "EP9Z"),
        r"row \d+: asset 'EP9Z' .Mainframes.; expected one of",
    ),
    (lambda r: r.remove(row_of(r, "RD40")), "no asset RD40; expected all 96 codes"),
    (lambda r: r.append(list(row_of(r, "RD40"))), "RD40 again; expected it once"),
    (lambda r: r.remove(row_of(r, "IPP")), "no row 'TOTAL INTELLECTUAL PROPERTY PRODUCTS'"),
    (total_off, "year 2013: assets add up to .*; expected TOTAL EQUIPMENT of"),
    (renamed, "column '2013'; expected each year once"),
    (lambda r: r[5].__setitem__(3, "2014p"), "column '2014p'; expected each year once"),
    (lambda r: r[5].__setitem__(3, None), "no year 2014; expected every year from 2013 to"),
    (lambda r: r[5].__setitem__(0, "Codes"), "no row 'Asset Codes'"),
    (lambda r: r[5].__setitem__(1, "Types"), "row 6: no column 'NIPA Asset Types'"),
    (retitled, "'Current-Cost Net Capital.*expected investment in private nonresidential"),
    (lambda r: r[2].__setitem__(0, "(Billions of Dollars)"), "expected millions of dollars"),
    (lambda r: r[0].__setitem__(0, "5310 - Real estate"), "expected the code 7210 first"),
    (lambda r: r[3].__setitem__(0, "Updated Octember 2, 2025"), "updated 'Octember 2, 2025'"),
]


@pytest.mark.parametrize(("edit", "said"), EDITS, ids=[said for _, said in EDITS])
def test_a_changed_sheet_is_refused(root, first, edit, said):
    with pytest.raises(InputError, match=said) as told:
        read(root, changed(first, FIRST, edit))
    assert "detailnonres_inv1.xlsx, sheet 7210" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.slow
def test_a_sheet_of_another_update_is_refused(root, official):
    def edit(rows):
        rows[3] = ["Updated October 1, 2024"]

    with pytest.raises(InputError, match=r"sheet 7220: .* updated 2024-10-01; expected .*7210"):
        read(root, changed(sheets_of(official), "7220", edit))


def without(name):
    return lambda sheets: sheets.pop(name)


BOOKS = [
    (without("5130"), "no sheet 5130; expected one for every industry"),
    (without("4200"), "no sheet 4200; expected one for every industry"),
    (without("readme"), "no sheet readme"),
    (
        lambda s: s.__setitem__("4410", s["44RT"]),
        "sheets 44RT and 4410; expected an industry or",
    ),
    (lambda s: s.__setitem__("4410", s.pop("44RT")), "no sheet 442R; expected one for every"),
    (lambda s: s.__setitem__("9990", [["x"]]), "sheet '9990'; expected readme, Datasets or"),
    (lambda s: s["readme"].pop(2), "sheet readme: no columns 'INDUSTRY TITLE' and 'BEA CODE'"),
    (lambda s: s["readme"].pop(4), "sheet readme: no code 7210"),
]


@pytest.mark.parametrize(("edit", "said"), BOOKS, ids=[said for _, said in BOOKS])
def test_a_changed_workbook_is_refused(root, first, edit, said):
    sheets = changed(first, FIRST, lambda rows: None)
    edit(sheets)
    with pytest.raises(InputError, match=said):
        read(root, sheets)


@pytest.mark.slow
def test_a_shorter_history_is_refused(root, official):
    for years, said in (
        ([2014, 2015], "years 2014 to 2015; expected 2013 to 2014 at least"),
        ([2013], "years 2013 to 2013; expected 2013 to 2014 at least"),
    ):
        with pytest.raises(InputError, match=said):
            read(root, sheets_of(official[years]))


def test_an_older_workbook_is_refused(root, official):
    sheets = sheets_of(official)
    for code in sector_of():
        sheets[code][3] = ["Updated September 17, 2014"]
    with pytest.raises(InputError, match="updated 2014-09-17; expected 2018-10-10 or later"):
        read(root, sheets)


def test_other_files_are_refused(root, workbook):
    whole = workbook.content
    for content, said in (
        (b"<!DOCTYPE html>", "a web page; expected a workbook"),
        (whole[: len(whole) // 2], "no workbook .*; expected a whole file of xlsx"),
        (b"a,b\n", "no workbook"),
        (b"", "no workbook"),
    ):
        with pytest.raises(InputError, match=said):
            read(root, Original("investment", "inv.xlsx", content, "", DAY))


def test_gdp_of_the_same_update_replaces_the_official_one_alone(root, staged):
    before, after = Present(root).cells("us_macro"), staged.tables["us_macro", "data"]
    own = before["series"] == "gdp_bea"
    assert after[after["series"] != "gdp_bea"].values.tolist() == before[~own].values.tolist()
    assert after["series"].unique().tolist() == before["series"].unique().tolist()
    mine = after[after["series"] == "gdp_bea"].set_index("period")
    assert mine.loc["1930", "value"] == "304.556" and mine.loc["1930", "grade"] == "A"
    assert mine.loc["1930", "locator"] == "GDPA, row 1930-01-01"
    assert any("years revised, by" in line for line in staged.said)


GDPS = [
    (gdp_of(2015, head="DATE"), None),
    (gdp_of(2016), None),
    (gdp_of(2017), "GDP to 2017; expected 2015 or 2016, of the same annual update as"),
    (gdp_of(2014), "GDP to 2014; expected 2015 or 2016, of the same annual update as"),
    (gdp_of(2013), "no year 2014; expected every year that the table has"),
    (gdp_of(2015, first=1930), "row 2, column observation_date: '1930-01-01'; expected 1929"),
    (gdp_of(2015, change={1950: "."}), r"row 23, column GDPA: '\.'; expected billion dollars"),
    (gdp_of(2015, head="date"), "no column 'observation_date'"),
    (Original("gdp", "x.csv", b"<html>", "", DAY), "a web page"),
    (Original("gdp", "x.csv", b"observation_date,GDPA\n", "", DAY), "no year; expected GDP"),
]


@pytest.mark.parametrize(("gdp", "said"), GDPS, ids=[str(said) for _, said in GDPS])
def test_gdp_of_another_form_or_update_is_refused(root, workbook, gdp, said):
    if said is None:
        assert len(read(root, workbook, gdp).tables) == 4
        return
    with pytest.raises(InputError, match=said):
        read(root, workbook, gdp)


@pytest.mark.parametrize(
    ("day", "doubt"), [("2026-09-19", False), ("2026-09-27", True), ("2025-09-01", True)]
)
def test_gdp_had_after_the_next_annual_update_is_said(root, workbook, day, doubt):
    found = read(root, workbook, gdp_of(LAST_YEAR, day=day))
    assert any("they may be of two annual updates" in line for line in found.said) == doubt


def test_shares_within_the_tolerance_agree_with_a_plain_count():
    rng = np.random.default_rng(4)
    before = pd.DataFrame(rng.integers(0, 900, (7, 9)), list("abcdefg"), range(2000, 2009))
    after = (before * rng.uniform(0.6, 1.4, before.shape)).round()
    most = pd.Series(rng.choice([0.1, 0.25], 7), before.index)
    found = compare_flows(before.astype(float), after, tolerance=most, name="x")
    total = inside = 0.0
    for flow in before.index:
        for year in before.columns:
            old, new = float(before.loc[flow, year]), float(after.loc[flow, year])
            total += max(old, new)
            if abs(new - old) <= 1 or (old and abs(new / old - 1) <= most[flow]):
                inside += max(old, new)
    assert found.within == pytest.approx(inside / total) and found.dollars == total
    scaled = compare_flows(10 * before.astype(float), 10 * after, tolerance=most, rounding=10)
    assert scaled.within == pytest.approx(found.within)


def test_a_flow_out_of_nothing_lies_beyond_any_tolerance():
    before = pd.DataFrame({2000: [0.0, 100.0]}, ["a", "b"])
    after = pd.DataFrame({2000: [50.0, 100.0]}, ["c", "b"])
    found = compare_flows(before, after, tolerance=pd.Series(0.2, before.index))
    assert found.worst == ("c", 2000, 0.0, 50.0)
    assert found.beyond == pytest.approx(1 / 3)


# ---- the years that count


def extended(table, keys):
    """A table with two years more at either end, of figures of its own."""
    parts = [table]
    for year, of in ((1958, 1960), (1959, 1961), (2015, 2014), (2016, 2013)):
        more = table[table["year"] == str(of)].assign(year=pd.Period(str(year), "Y"))
        parts.append(more.assign(value=more["value"] * 2 + 1))
    return pd.concat(parts).sort_values([*keys, "year"], ignore_index=True)


def test_a_longer_table_does_not_enter_the_count_of_spending():
    data = load("us_investment")
    other = {
        ("us_investment", "data"): extended(data.frame, ["industry", "class"]),
        ("us_investment", "sectors"): extended(
            data.tables["sectors"], ["sector", "asset_code"]
        ),
    }
    for panel in ("industries", "sectors"):
        before = load_flows(panel)
        model = SpendingModel(panel, n_shuffles=2, n_orders=0)
        first = model.fit()
        with LIBRARY.holding(other).open():
            after = load_flows(panel)
            pd.testing.assert_frame_equal(after.share, before.share)
            pd.testing.assert_series_equal(after.blocks, before.blocks)
            again = model.fit()
            assert again.fingerprint == first.fingerprint
            assert again.to_frame().equals(first.to_frame())
            assert not after.rows[0].is_whole and "1960 to 2014" in after.rows[0].how
            whole = load_flows(panel, years=(1901, 2100))
            assert list(whole.share.index) == list(range(1958, 2017))


def test_years_are_first_and_last():
    assert load_flows("countries", years=(2000, 2004)).share.shape[0] == 5
    with pytest.raises(InputError, match="expected the first and the last year"):
        load_flows("industries", years=(2014, 1960))


def test_codes_are_those_of_the_table():
    held = set(load("us_investment").tables["sectors"]["asset_code"])
    assert held | set(OTHER_ASSETS) | {"SB44"} == set(ASSETS) and len(ASSETS) == 96
    frame = load("us_investment").frame
    assert dict(zip(frame["industry"], frame["sector"], strict=True)) == sector_of()
    parts = [part for parts in FINER.values() for part in parts]
    assert len(sector_of()) - len(FINER) + len(parts) == 72
    assert not set(parts) & set(sector_of())
    assert industries_of("RETR") == ("44RT",)
