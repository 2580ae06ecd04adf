"""Penn World Table: workbook and Stata file, version, rounding, and what is refused."""

import io
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from manias import InputError, SpendingModel, load, load_flows
from manias.data.library import LIBRARY
from manias.refresh.feed import Original, Present
from manias.refresh.penn import FEED, describe, version_of

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
DAY = "2026-11-29"
INFO = ["Penn World Table, version 11.0", "Published on October 7, 2025, a major update"]
COUNTRIES = {"ABW": "Aruba", "USA": "United States", "ZWE": "Zimbabwe"}
HEADER = ["countrycode", "country", "currency_unit", "year", "rgdpe", "csh_c", "csh_i", "csh_g"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The table of three countries and three years."""
    root = tmp_path_factory.mktemp("datasets")
    shutil.copytree(DATASETS / "world_investment", root / "world_investment")
    path = root / "world_investment" / "data.csv"
    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    kept = cells["country"].isin(COUNTRIES) & cells["year"].between("2017", "2019")
    cells[kept].to_csv(path, index=False)
    return root


def rows(first=2016, last=2021):
    return [
        [code, name, "Money", year, 1.5, 0.6, 0.2 + i / 10 + (year - 2000) / 1000, 0.1]
        for i, (code, name) in enumerate(COUNTRIES.items())
        for year in range(first, last + 1)
    ]


def workbook(body, *, header=HEADER, name="pwt110.xlsx", info=INFO, sheet="Data"):
    book = openpyxl.Workbook()
    book.active.title = "Info"
    for line in info:
        book.active.append([line])
    book.create_sheet("Legend").append(["csh_i", "Share of gross capital formation"])
    data = book.create_sheet(sheet)
    for row in [header, *body]:
        data.append(row)
    out = io.BytesIO()
    book.save(out)
    return Original("table", name, out.getvalue(), "", DAY)


def stata(body, *, name="pwt1001.dta", header=HEADER):
    table = pd.DataFrame(body, columns=header)
    if "csh_i" in table:
        table["csh_i"] = table["csh_i"].astype("float32")
    out = io.BytesIO()
    table.to_stata(out, write_index=False, version=118)
    return Original("table", name, out.getvalue(), "", DAY)


def read(root, original):
    return FEED.read({"table": original}, Present(root))


@pytest.mark.slow
def test_the_present_table_comes_back_from_either_file():
    before = Present(DATASETS).cells("world_investment")
    body = [
        [code, name, "Money", int(year), 1.0, 0.5, float(share), 0.1]
        for code, name, year, share in before.itertuples(index=False, name=None)
    ]
    found = read(DATASETS, stata(body))
    assert found.tables["world_investment", "data"].equals(before)
    # A workbook has eight bytes a figure, rows of any order and rows without a share.
    body = [*reversed(body), ["XKX", "Kosovo", "Euro", 2019, None, None, None, None]]
    found = read(DATASETS, workbook(body, name="pwt1001.xlsx"))
    assert found.tables["world_investment", "data"].equals(before)
    assert "0 of 10,399 shares revised" in found.said[1]
    said = json.loads((DATASETS / "world_investment" / "datapackage.json").read_text())
    assert said["description"] == describe("10.01", before)
    assert found.descriptors["world_investment"]["description"] == said["description"]


def test_columns_are_found_by_name(root):
    first = read(root, workbook(rows())).tables["world_investment", "data"]
    turned = workbook([row[::-1] for row in rows()], header=HEADER[::-1])
    assert read(root, turned).tables["world_investment", "data"].equals(first)
    assert first["share"].tolist()[:2] == ["0.21600", "0.21700"]
    assert first.columns.tolist() == ["country", "name", "year", "share"]


def test_a_blank_has_no_row_and_a_lost_share_is_told(root):
    body = rows()
    body[1][6] = None
    found = read(root, workbook([row for row in body if row[0] != "ZWE"]))
    cells = found.tables["world_investment", "data"]
    assert len(cells) == 2 * 6 - 1
    assert "4 shares are not in it any more, among them all of ZWE" in found.said[-1]


def test_the_version_goes_where_it_is_told(root):
    for original, version, where in (
        (workbook(rows(), name="https://x.org/datafile/554105"), "11.0", "sheet Info"),
        (workbook(rows(), name="pwt110 (1).xlsx", info=[]), "11.0", "name"),
        (stata(rows(), name="pwt110.dta"), "11.0", "name"),
    ):
        found = read(root, original)
        assert f"version {version} (by its {where})" in found.said[0]
        source = found.sources["feenstrainklaartimmer2015"]
        assert source["title"].endswith(f"Penn World Table, version {version}")
        said = found.descriptors["world_investment"]
        assert said["description"].startswith(f"Penn World Table {version}, csh_i, 3 countries")
        assert f"version {version}" in said["provenance"]["data"]["locator"]
    with pytest.raises(
        InputError, match=r"no version; expected one in the name \(pwt110.xlsx\)"
    ):
        version_of("datafile/554105", "no word of it")


def edited(at, column, cell):
    body = rows()
    body[at][HEADER.index(column)] = cell
    return workbook(body)


WRONG = [
    (edited(3, "csh_i", "n.a."), r"row 5, column csh_i: 'n.a.'; expected a number or a blank"),
    (edited(3, "year", "2019p"), "row 5, column year: '2019p'; expected a year"),
    (edited(3, "year", 2018), "ABW has 2018 after 2018; expected each year once"),
    (edited(3, "year", 2029), "ABW has 2020 after 2018; expected each year once"),
    (edited(3, "countrycode", "AB"), "row 5, column countrycode: 'AB'; expected three letters"),
    (
        edited(3, "country", "Arubia"),
        "row 5, column country: 'Arubia'; expected one name of ABW",
    ),
    (edited(3, "country", None), "row 5, column country: ''; expected one name of ABW"),
    (
        workbook([[*row[:6], 100 * row[6], row[7]] for row in rows()]),
        r"median 31\.85; expected shares of GDP, 0.05 to 0.6",
    ),
    (workbook(rows(2016, 2018)), "years 2016 to 2018; expected 2017 to 2019 at least"),
    (workbook(rows(2018, 2021)), "years 2018 to 2021; expected 2017 to 2019 at least"),
    (workbook(rows(), name="pwt91.xlsx"), "version 9.1; expected 10.01 or later"),
    (workbook([]), "no share; expected numbers in column csh_i"),
    (workbook(rows(), header=[*HEADER[:6], "csh_inv", "csh_g"]), "row 1: no column 'csh_i'"),
    (workbook(rows(), sheet="Table"), "sheets Info, Legend, Table; expected a sheet Data"),
    (stata(rows(), header=[*HEADER[:6], "csh_inv", "csh_g"]), "row 1: no column 'csh_i'"),
    (Original("table", "p.xlsx", b"<html>", "", DAY), "a web page; expected a workbook"),
    (Original("table", "p.xlsx", workbook(rows()).content[:900], "", DAY), "no workbook"),
    (Original("table", "p.dta", stata(rows()).content[:300], "", DAY), "no file of Stata"),
]


@pytest.mark.parametrize(("original", "said"), WRONG, ids=[said for _, said in WRONG])
def test_another_form_is_refused_in_one_line(root, original, said):
    with pytest.raises(InputError, match=said) as told:
        read(root, original)
    assert "\n" not in str(told.value)


def test_later_years_do_not_enter_the_count_of_countries():
    frame = load("world_investment").frame
    last = frame[frame["year"] == "2019"]
    later = [
        last.assign(year=pd.Period(str(year), "Y"), share=last["share"] * 0.4)
        for year in (2020, 2021)
    ]
    new = last.head(1).assign(country="XKX", year=pd.Period("2021", "Y"))
    longer = pd.concat([frame, *later, new], ignore_index=True)
    model = SpendingModel("countries", n_shuffles=2, n_orders=0)
    before, first = load_flows("countries"), model.fit()
    with LIBRARY.holding({("world_investment", "data"): longer}).open():
        pd.testing.assert_frame_equal(load_flows("countries").share, before.share)
        again = model.fit()
        assert (again.fingerprint, again.last) == (first.fingerprint, first.last)
        whole = load_flows("countries", years=(1950, 2021))
        assert whole.share.shape == (72, 184)
