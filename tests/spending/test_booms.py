"""Booms in money: printed shares, no figure of its own, no splice, no later row."""

import ast
import inspect
import io
import json
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from manias import DataError, InputError, booms_in_money, compare_booms, known_on, load
from manias.answers.views import read_view, view_names
from manias.data.library import LIBRARY, names
from manias.data.sources import weakest
from manias.language.messages import Text
from manias.series.trajectories import column, trajectory
from manias.spending import booms
from manias.spending.booms import BOOMS, DEFINITIONS, BoomRow, boom_rows, points
from manias.spending.compared import AGES, CASES

# Shares that a first look printed with these digits.
PRINTED = {
    ("uk-spending", "1846"): (6.1, 1),
    ("uk-spending-ireland", "1846"): (5.6, 1),
    ("us-railroads", "1881"): (3.6, 1),
    ("us-railroads", "1893"): (3.0, 1),
    ("us-railroads", "1887"): (2.2, 1),
    ("us-digital", "2000"): (1.26, 2),
    ("ai-five-year", "2025"): (1.34, 2),
    ("ai-five-four-quarters", "2025Q3/2026Q2"): (1.79, 2),
    ("ai-five-newest-quarter", "2026Q2"): (2.24, 2),
}
# Capital expenditure of the five as Van Nieuwerburgh (2026) has it is within 1% of ours.
SPENT_2025 = 415.8
FIVE = "Alphabet;Amazon;Meta;Microsoft;Oracle"


def rows_of(key, found=None):
    text = DEFINITIONS[key].text
    return {r.year: r for r in (found or booms_in_money()).rows if r.definition == text}


@pytest.fixture
def holding():
    """The view on tables of which one is changed."""

    def other(table, change, make=booms_in_money):
        frame = change(LIBRARY.load(table).frame.copy())
        with LIBRARY.holding({(table, "data"): frame}).open():
            return make()

    return other


@pytest.mark.parametrize("key", PRINTED, ids=" ".join)
def test_shares_as_a_first_look_printed_them(key):
    share, digits = PRINTED[key]
    assert round(rows_of(key[0])[key[1]].share_of_gdp, digits) == share


def test_shares_agree_with_trajectories_and_with_a_sum_by_hand():
    britain = trajectory("uk-railways-1840s").values
    five = trajectory("ai-capex-five").values
    told = {y: r.share_of_gdp for y, r in rows_of("uk-spending").items()}
    quarters = {y: r.share_of_gdp for y, r in rows_of("ai-five-quarter").items()}
    assert told == pytest.approx({str(p): v for p, v in britain.items()})
    assert quarters == pytest.approx({str(p): v for p, v in five.items()})
    spent = column("ai_capex", "capex", members=FIVE).values["2025Q1":"2025Q4"]
    year = rows_of("ai-five-year")["2025"]
    assert year.value == pytest.approx(1e3 * spent.sum())
    assert year.value == pytest.approx(1e3 * SPENT_2025, rel=0.0125)
    parts = [rows_of("ai-five-quarter")[str(q)].value for q in spent.index]
    assert sum(parts) == pytest.approx(year.value)
    newest = rows_of("ai-five-newest-quarter")["2026Q2"].value
    assert newest == pytest.approx(4 * rows_of("ai-five-quarter")["2026Q2"].value)


def test_additions_to_capital_add_up_to_the_stock():
    frame = load("uk_railways").frame
    stock = frame[frame["series"] == "paid_up_capital"].set_index("period")["value"]
    added = rows_of("uk-capital")
    years = {y: 1 + int(y[-4:]) - int(y[:4]) for y in added}
    total = sum(r.value * years[y] for y, r in added.items())
    assert total == pytest.approx((stock["1878"] - stock["1830"]) / 1e6)
    assert added["1846/1850"].value == pytest.approx((stock["1850"] - stock["1845"]) / 5e6)


def test_the_share_of_an_interval_is_over_the_mean_of_its_years():
    gdp = column("us_macro", "gdp_bea").values["1996":"2001"].mean() * 1e3
    wide = rows_of("us-telecom-116")["1996/2001"]
    assert wide.value == pytest.approx(444e3 / 6)
    assert wide.share_of_gdp == pytest.approx(100 * wide.value / gdp)
    mean = rows_of("us-broadband")["1996/2001"]
    assert mean.value == pytest.approx(85.6e3)


def test_columns_and_one_row_a_boom_definition_and_year():
    table = booms_in_money().to_frame()
    assert list(table.columns[:10]) == [
        *("boom", "year", "value", "unit", "share_of_gdp", "definition", "vintage"),
        *("source", "locator", "grade"),
    ]
    assert list(table.columns) == [f.name for f in fields(BoomRow)]
    assert not table.duplicated(["boom", "definition", "year"]).any()
    assert set(table["boom"]) == set(BOOMS)
    assert len({d.text for d in DEFINITIONS.values()}) == len(DEFINITIONS)
    for name in ("vintage", "source", "locator", "unit", "measure"):
        assert table[name].str.len().min() > 0
    assert set(table.loc[~table["builders"], "boom"]) == {"us-it"}


def test_a_share_is_blank_only_with_a_reason():
    table = booms_in_money().to_frame()
    blank = table[table["share_of_gdp"].isna()]
    assert blank["note"].str.len().min() > 0
    assert rows_of("us-railroads")["1874"].note == (
        "GNP of Balke and Gordon is not on record for 1874"
    )
    assert blank.loc[blank["denominator"] == "", "note"].str.contains("not money").all()


def test_no_figure_stands_in_the_view():
    """Every value moves with its table; no number of the module is as large as a datum."""
    numbers = [
        n.value
        for n in ast.walk(ast.parse(inspect.getsource(booms)))
        if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    ]
    years = {n for n in numbers if 1800 < n < 2100}
    units = {1e-6, 1e3, 1.0, 100, 12, 9999}
    assert max(set(numbers) - years - units) < 12
    tables = {d.table for d in DEFINITIONS.values()}
    assert tables <= set(names()) and "booms_in_money" not in names()
    doubled = {}
    for d in DEFINITIONS.values():
        frame = doubled.setdefault((d.table, "data"), LIBRARY.load(d.table).frame.copy())
        frame[d.value] = LIBRARY.load(d.table).frame[d.value].astype(float) * 2
    with LIBRARY.holding(doubled).open():
        again = booms_in_money().rows
    for before, after in zip(booms_in_money().rows, again, strict=True):
        if before.unit == "percent":
            assert after.value != before.value
        else:
            assert after.value == pytest.approx(2 * before.value)


def test_no_row_of_a_table_makes_two_rows_of_one_definition():
    for d in DEFINITIONS.values():
        if d.kind == "increase":
            continue
        seen = [
            label
            for row in rows_of(d.key).values()
            for part in boom_rows([row])
            if part.dataset == d.table and d.over and d.over.table != d.table
            for label in part.frame.index
        ]
        assert len(seen) == len(set(seen))


def test_a_changed_datum_moves_its_share_and_no_other(holding):
    def more(frame):
        mine = (frame["series"] == "railroad_gross_capital_expenditure") & (
            frame["period"] == "1887"
        )
        frame.loc[mine, "value"] = frame.loc[mine, "value"] * 2
        return frame

    before, after = booms_in_money(), holding("spending_history", more)
    moved = [
        (a.definition, a.year)
        for a, b in zip(before.rows, after.rows, strict=True)
        if a.share_of_gdp != b.share_of_gdp and not np.isnan(a.share_of_gdp)
    ]
    assert moved == [(DEFINITIONS["us-railroads"].text, "1887")]
    doubled = rows_of("us-railroads", after)["1887"].share_of_gdp
    assert doubled == pytest.approx(2 * rows_of("us-railroads")["1887"].share_of_gdp)


def test_each_grade_is_the_weakest_of_its_inputs(holding):
    for row in booms_in_money().rows[::17]:
        assert row.grade == weakest(g for part in boom_rows([row]) for g in part.grades)
        keys = {key for part in boom_rows([row]) for key in part.sources}
        assert keys == set(row.source.split("; "))

    def weaker(frame):
        mine = (frame["series"] == "gdp_bea") & (frame["period"] == "2000")
        frame.loc[mine, "grade"] = "C"
        return frame

    digital = DEFINITIONS["us-digital"]
    found = holding("us_macro", weaker, lambda: {p.row.year: p.row for p in points(digital)})
    assert (found["2000"].grade, found["1999"].grade) == ("C", "B")
    assert rows_of("us-communications")["1998"].grade == "B"  # A, over a GDP of B


def test_what_is_of_grade_c_in_its_table_is_not_in_the_view():
    assert not (booms_in_money().to_frame()["grade"] == "C").any()
    texts = " ".join(booms_in_money().left_out)
    assert "FRBSF" in texts and "1860s" in texts and "canals" in texts


def years_of(*keys):
    return {key: {p.row.year for p in points(DEFINITIONS[key])} for key in keys}


def test_a_missing_company_or_month_makes_no_row(holding):
    def without_meta(frame):
        return frame[~((frame["company"] == "Meta") & (frame["period_end"] == "2025-09-30"))]

    five = ("ai-five-year", "ai-five-quarter", "ai-five-four-quarters")
    found = holding("ai_capex", without_meta, lambda: years_of(*five))
    for key, year in zip(five, ("2025", "2025Q3", "2025Q3/2026Q2"), strict=True):
        assert year in years_of(key)[key] and year not in found[key]

    def without_may(frame):
        return frame[frame["period"] != "2025-05"]

    found = holding("buildouts", without_may, lambda: years_of("ai-buildings-year"))
    assert "2025" not in found["ai-buildings-year"]


# ---- like for like


def test_booms_at_the_same_age():
    found = compare_booms()
    at = {c.key: (c.year_at_age, round(c.share_at_age, 2)) for c in found.cases}
    assert found.age == 3
    assert at["uk-railways"] == ("1846", 6.14) and at["us-digital"] == ("1998", 0.82)
    assert at["us-railroads-1880s"] == ("1879", 1.29) and at["ai-five"] == ("2025", 1.34)
    ages = {(a.case, a.year): a.age for a in found.ages}
    assert ages["ai-five-now", "2026Q2"] == 3.5 == ages["ai-five-last-year", "2025Q3/2026Q2"]
    assert all(AGES[0] <= a <= AGES[1] for a in ages.values())
    assert "above US railroads of the 1880s (1.29%)" in found.at_age
    assert "below British railways of the 1840s (6.14%)" in found.at_age


def test_onsets_are_those_of_trajectories_or_the_low_before():
    found = compare_booms()
    table = load("trajectories").frame.set_index("id")
    for case in CASES:
        one = found.case(case.key)
        if case.onset:
            assert (one.onset, one.onset_from) == (table.at[case.onset, "onset"], "source")
            assert one.age_grade == one.grade
    money = column("spending_history", "railroad_gross_capital_expenditure").values
    low = money["1871":"1880"].idxmin()
    late = found.case("us-railroads-1880s")
    assert (late.onset, late.onset_from) == (str(low), "year of least spending")
    assert (late.grade, late.age_grade) == ("B", "J")
    assert found.case("us-railroads-1870s").onset == ""


def test_what_followed_the_peak():
    found = compare_booms()
    money = column("spending_history", "railroad_gross_capital_expenditure").values
    for key, year in (("us-railroads-1880s", 1881), ("us-railroads-1890s", 1893)):
        one = found.case(key)
        after = money[str(year + 1) : str(year + 5)]
        assert one.high_year == str(year) and one.is_peak
        assert one.fall == pytest.approx(after.min() / money[str(year)] - 1)
        assert one.fall_year == str(after.idxmin())
    first = found.case("us-railroads-1870s")
    assert first.high_year == "1871" and np.isnan(first.high_share)
    assert round(first.fall, 2) == -0.75
    assert round(found.case("us-digital").fall, 2) == -0.40
    interval = found.case("uk-capital-1840s")
    assert (interval.high_year, interval.fall_year) == ("1846/1850", "1853/1859")


def test_no_peak_without_five_years_after_it_and_never_of_ai(holding):
    found = compare_booms()
    assert not any(c.is_peak for c in found.cases if c.boom == "ai")
    assert found.case("uk-railways").reason == Text("nothing after 1846 is on record")

    def short(frame):
        late = (frame["series"] == "digital_infrastructure") & (frame["period"] > "2003")
        return frame[~late]

    cut = holding("spending_history", short, compare_booms).case("us-digital")
    assert not cut.is_peak and np.isnan(cut.fall) and "not all on record" in cut.reason


def test_the_past_sees_no_later_row_and_no_peak_that_was_not_over():
    with known_on("2001-06"):
        found = compare_booms()
        rows = booms_in_money().to_frame()
    assert found.age is None and found.at_age == ""
    last = rows["year"].str.split("/").str[-1].str[:4].astype(int)
    assert last.between(1831, 2001).all()
    it = found.case("us-it-dotcom")
    assert it.high_year == "2000" and not it.is_peak
    assert {c.key for c in found.cases}.isdisjoint({"ai-five", "us-digital"})
    with known_on("2024-06"):
        early = compare_booms()
    assert early.age == 1 and early.case("ai-five").high_year == "2022"
    with known_on("1700"), pytest.raises(DataError, match="nothing was known by 1700-12-31"):
        booms_in_money()
    with known_on("1900"), pytest.raises(DataError, match="ai: nothing was known by 1900"):
        booms_in_money().of("ai")


def test_errors_name_what_was_expected():
    with pytest.raises(InputError, match="boom 'tulips': expected one of uk-railways"):
        booms_in_money().of("tulips")
    with pytest.raises(InputError, match="case 'nix': expected one of uk-railways"):
        compare_booms().case("nix")
    with pytest.raises(InputError, match="view 'nix': expected one of booms_in_money"):
        read_view("nix")


# ---- the command, and the view as a table


def test_the_command_prints_what_the_view_holds(manias_command):
    whole = booms_in_money().to_frame()
    csv = pd.read_csv(io.StringIO(manias_command("booms", "--format", "csv").stdout))
    assert csv["value"].tolist() == pytest.approx(whole["value"].tolist())
    told = json.loads(manias_command("booms", "us-railroads", "--json").stdout)
    assert len(told["rows"]) == (whole["boom"] == "us-railroads").sum()
    assert told["rows"][0]["share_of_gdp"] is None and told["left_out"]
    for verb in ([], ["ai"], ["--compare"], ["us-it", "--compare"]):
        said = manias_command("booms", *verb)
        assert said.returncode == 0 and max(map(len, said.stdout.splitlines())) <= 80
    compared = json.loads(manias_command("booms", "ai", "--compare", "--json").stdout)
    assert {c["boom"] for c in compared["cases"]} == {"ai"} and compared["age"] == 3
    wrong = manias_command("booms", "tulips")
    assert wrong.returncode == 2 and "expected one of uk-railways" in wrong.stderr
    assert "Example: manias booms" in manias_command("booms", "--help").stdout


def test_the_view_is_listed_shown_and_cited_as_a_table(manias_command):
    assert view_names() == ("booms_in_money",)
    view = read_view("booms_in_money")
    listed = json.loads(manias_command("data", "list", "--json").stdout)
    (mine,) = (t for t in listed if t["view_of"])
    assert mine["name"] == "booms_in_money" and mine["rows"] == len(view.frame)
    assert set(mine["view_of"]) <= {t["name"] for t in listed}
    shown = manias_command("data", "show", "booms_in_money", "--format", "csv").stdout
    assert len(pd.read_csv(io.StringIO(shown))) == mine["rows"]
    said = manias_command("cite", "dataset:booms_in_money", "--sources").stdout
    assert said.startswith("@misc{manias-dataset-booms_in_money,")
    assert mine["fingerprint"][:16] in said and said.count("\n@") == mine["sources"]
    assert "booms_in_money" in manias_command("cite", "dataset:nix").stderr
