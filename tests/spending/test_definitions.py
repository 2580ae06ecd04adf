"""The answer by definition: parts add up, verdicts follow the numbers, blanks say why."""

import json
import math

import pandas as pd
import pytest
from manias import DataError, InputError, known_on, load
from manias.data.consistency import check_consistency
from manias.data.library import LIBRARY
from manias.figures.tables import figure_of, published_table
from manias.language.messages import Text
from manias.language.numbers import signed
from manias.report.definitions import definition_software, published_agreement
from manias.series.trajectories import trajectory
from manias.spending.definitions import (
    ALL,
    BUILDINGS,
    DEFINITIONS,
    EQUIPMENT,
    HEADLINE,
    SAME,
    SOFTWARE,
    answer_by_definition,
    definition_path,
    verdict_of,
)
from manias.spending.published import NAMES, TABLE, compare_published_shares, distance

# The accounts print three decimals of a billion, of a GDP above 7,000: 1e-5 percent a part.
ROUNDING = 5e-5
TABLE_OF_ACCOUNTS = ("us_it_investment", "data")


def other_accounts(**factors):
    """The accounts with columns of the AI years multiplied; the headline is their sum again."""
    frame = load("us_it_investment").frame
    late = frame["quarter"] > pd.Period("2022Q4", "Q")
    new = frame.assign(**{c: frame[c].mask(late, f * frame[c]) for c, f in factors.items()})
    new["info_equipment_software"] = new["info_equipment"] + new["software"]
    return LIBRARY.holding({TABLE_OF_ACCOUNTS: new})


def other_shares(key, **cells):
    frame = load(TABLE).frame
    mine = frame["id"] == key
    new = frame.assign(**{c: frame[c].mask(mine, v) for c, v in cells.items()})
    return LIBRARY.holding({(TABLE, "data"): new})


def test_equipment_and_software_add_up_to_the_headline_in_every_quarter():
    whole = definition_path(HEADLINE).values
    parts = definition_path(EQUIPMENT).values + definition_path(SOFTWARE).values
    assert (whole - parts).abs().max() < ROUNDING and len(whole) > 100


def test_computers_and_the_rest_add_up_to_equipment():
    rest = definition_path("other-information-equipment").values
    both = rest + definition_path("computers").values
    pd.testing.assert_series_equal(both, definition_path(EQUIPMENT).values)


def test_buildings_are_added_only_where_both_are_on_record():
    both, buildings = definition_path(ALL).values, definition_path(BUILDINGS).values
    assert both.index[0] == buildings.index[0]
    assert both.index[-1] == min(
        buildings.index[-1], definition_path(HEADLINE).values.index[-1]
    )
    assert (both - buildings - definition_path(HEADLINE).values).abs().max() < 1e-12


def test_every_row_is_what_the_table_of_accounts_says():
    frame = pd.read_csv(LIBRARY.root / "us_it_investment" / "data.csv").set_index("quarter")
    found = answer_by_definition()
    for key, column in {EQUIPMENT: "info_equipment", SOFTWARE: "software"}.items():
        share = 100 * frame[column] / frame["gdp"]
        then = share["1995Q1":"2004Q4"]
        row = found.row(key)
        assert (row.peak, row.peak_quarter) == (pytest.approx(then.max()), then.idxmax())
        assert row.newest == pytest.approx(share.iloc[-1])
        assert row.newest_quarter == share.index[-1]
        age = len(share["2022Q4":]) - 1
        assert row.rise == pytest.approx(share.iloc[-1] - share["2022Q4"])
        at = share.index.get_loc("1995Q3")
        assert row.rise_dotcom == pytest.approx(share.iloc[at + age] - share.iloc[at])


def test_the_distance_of_the_headline_is_that_of_its_parts():
    found = answer_by_definition()
    parts = sum(found.row(k).newest - found.row(k).then for k in (EQUIPMENT, SOFTWARE))
    assert parts == pytest.approx(found.row(HEADLINE).difference, abs=2 * ROUNDING)
    rises = sum(found.row(k).rise for k in (EQUIPMENT, SOFTWARE))
    assert rises == pytest.approx(found.row(HEADLINE).rise, abs=2 * ROUNDING)


def test_the_headline_is_the_one_of_the_first_page():
    row = answer_by_definition().row(HEADLINE)
    ai, dotcom = trajectory("us-it-ai"), trajectory("us-it-dotcom")
    assert row.newest == ai.values.iloc[-1] and row.peak == dotcom.values.max()


def test_no_definition_lends_another_its_dotcom_years():
    for row in answer_by_definition().rows:
        values = definition_path(row.key).values.dropna()
        on_record = values.index[0] <= pd.Period("1995Q3", "Q")
        assert on_record == (row.reason == "") == (not math.isnan(row.peak))
        assert math.isnan(row.rise_dotcom) == (not on_record)
        assert (row.verdict == "not known") == (not on_record)
    assert answer_by_definition().above + answer_by_definition().below >= 1


def test_a_verdict_flips_with_its_number():
    assert answer_by_definition().row(EQUIPMENT).verdict == "below"
    with other_accounts(info_equipment=1.5).open():
        found = answer_by_definition()
    assert found.row(EQUIPMENT).verdict == "above"
    assert "Equipment alone" in found.level and "is above its highest" in found.level
    with other_accounts(software=0.5, computers=0.5).open():
        found = answer_by_definition()
    assert found.row(SOFTWARE).verdict == found.row(HEADLINE).verdict == "below"
    assert "points less of GDP and equipment" in found.level
    assert "are below theirs" in found.level


@pytest.mark.parametrize(
    ("factors", "where"),
    [
        ({}, "in equipment and not in software"),
        ({"software": 1.2}, "in both"),
        ({"info_equipment": 0.7}, "in neither"),
        ({"info_equipment": 0.7, "software": 1.2}, "in software and not in equipment"),
    ],
)
def test_the_rise_is_stronger_where_the_numbers_say(factors, where):
    with other_accounts(**factors).open():
        assert answer_by_definition().pace.endswith(where)


def test_what_is_older_than_the_boom_is_told_by_its_numbers():
    assert "mostly older than the AI years" in definition_software().content
    with other_accounts(software=1.5).open():
        assert "mostly of these years" in definition_software().content


def test_a_small_distance_is_about_the_same():
    assert verdict_of(SAME) == "above" and verdict_of(-SAME) == "below"
    assert verdict_of(0.9 * SAME) == verdict_of(-0.9 * SAME) == "about the same"
    assert verdict_of(float("nan")) == "not known"
    with pytest.raises(InputError, match="difference='much': expected a finite number"):
        verdict_of("much")


def test_errors_name_what_was_asked_and_what_there_is():
    with pytest.raises(InputError, match="definition 'hardware': expected one of information"):
        definition_path("hardware")
    with pytest.raises(InputError, match="definition 'chips': expected one of information"):
        answer_by_definition().row("chips")


def test_nothing_later_than_a_day_is_used():
    with known_on("2025-01"):
        found = answer_by_definition()
        assert all(row.newest_quarter <= "2024Q4" for row in found.rows)
        assert found.row(EQUIPMENT).verdict == "below"
        others = compare_published_shares()
        assert 0 < len(others) < len(load("published").frame)
        assert all(one.published <= "2025-01" for one in others)
    with pytest.raises(DataError, match="us-it-ai"), known_on("1999-12"):
        answer_by_definition()


# ---- what others have printed


def test_there_are_28_published_shares_each_beside_ours_or_a_reason():
    found = compare_published_shares()
    assert sum(one.kind != "contribution" for one in found) == 28
    for one in found:
        assert math.isnan(one.ours) == math.isnan(one.difference) == bool(one.reason), one.id
        assert one.locator and one.source and one.grade in {"B", "C"}
    assert {one.id for one in found if one.match == "same"} == {
        *("fox-2025q2", "fox-2000q4", "stockwirex-2026q1")
    }


def test_definitions_named_in_the_table_are_ours():
    named = set(load(TABLE).frame["ours"].dropna())
    assert named <= set(NAMES) and set(DEFINITIONS) <= set(NAMES)


def test_ours_is_of_the_printed_period():
    found = {one.id: one for one in compare_published_shares()}
    share = definition_path(HEADLINE).values
    assert found["fox-2000q4"].ours == share["2000Q4"]
    rise = share["2000"].mean() - share["1995"].mean()
    assert found["imf-dotcom"].ours == pytest.approx(rise)
    assert found["imf-ai"].ours == pytest.approx(share["2025Q2"] - share["2022"].mean())
    assert found["ft-1845"].ours == trajectory("uk-railways-1840s").values["1845"]


def test_a_period_that_is_not_on_record_is_said_to_be():
    one = next(o for o in compare_published_shares() if o.id == "coeli-2027")
    assert one.reason == "2027 is not on record" and isinstance(one.reason, Text)
    with other_shares("fox-2000q4", ours_first="1990Q4", ours_last="1990Q4").open():
        one = next(o for o in compare_published_shares() if o.id == "fox-2000q4")
    assert math.isnan(one.ours) and one.reason == "1990Q4 is not on record"


def test_the_difference_is_to_the_nearer_end():
    for low, high, value in ((1.0, 2.0, 0.5), (1.0, 2.0, 1.5), (1.0, 2.0, 3.0)):
        expected = value - min(max(value, low), high)
        assert distance(value, low, high) == expected
    none = float("nan")
    assert distance(9.0, 1.0, none) == 0.0 and distance(0.5, 1.0, none) == -0.5
    assert distance(0.5, none, 0.25) == 0.25 and math.isnan(distance(none, 1.0, 2.0))


def test_the_difference_moves_with_the_printed_figure():
    key = "fox-2025q2"
    before = next(o for o in compare_published_shares() if o.id == key)
    with other_shares(key, low=5.0, high=5.0).open():
        after = next(o for o in compare_published_shares() if o.id == key)
    assert after.difference == pytest.approx(before.difference - 0.6)
    assert after.difference < 0 < before.difference


def test_the_sentence_on_published_shares_counts_and_names_the_furthest():
    before = published_agreement().content
    assert "Financial Times for 1845" in before
    with other_shares("chancellor-1846", low=12.0, high=12.0).open():
        after = published_agreement().content
    assert "12% by Edward Chancellor" in after and after != before


def test_imports_are_known_for_growth_alone():
    found = compare_published_shares()
    growth = [one for one in found if one.kind == "contribution"]
    assert all(one.imports != "net" for one in found if one.kind != "contribution")
    assert {one.imports for one in growth} == {"included", "net", "not said"}
    assert all(one.unit == "percentage points" and not one.ours_name for one in growth)
    assert "None is known" in answer_by_definition().imports


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"reason": ""}, "ours, ours_first, ours_last and match, or a reason"),
        ({"ours": "five-builders"}, "ours, ours_first, ours_last and match, or a reason"),
        ({"low": "3", "high": "2"}, "a figure, or a range from low to high"),
        ({"low": "", "high": ""}, "a figure, or a range from low to high"),
    ],
)
def test_the_check_refuses_a_row_without_figure_or_reason(tables, cells, expected):
    from manias.data.validation import seal

    path = tables / TABLE / "data.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert check_consistency(tables) == ()
    for column, value in cells.items():
        frame.loc[frame["id"] == "bis-2025", column] = value
    frame.to_csv(path, index=False, lineterminator="\n")
    seal(tables / TABLE)
    (problem,) = check_consistency(tables)
    assert expected in problem.expected and problem.file == f"{TABLE}/data.csv"


def test_figures_are_written_as_printed():
    found = {one.id: one for one in compare_published_shares()}
    said = {
        key: str(figure_of(found[key])) for key in ("azhar-2026", "ahamed-ai", "imf-dotcom")
    }
    assert said == {
        "azhar-2026": "more than 1%",
        "ahamed-ai": "2 to 3%",
        "imf-dotcom": "1.2 points",
    }
    assert [signed(x, 2) for x in (-0.001, 0.001, 0.01)] == ["0.00", "0.00", "+0.01"]
    assert len(published_table(tuple(found.values()))) == len(found)


# ---- the command


def test_the_command_prints_both_tables(manias_command):
    done = manias_command("definitions")
    assert done.returncode == 0 and max(map(len, done.stdout.splitlines())) <= 80
    words = " ".join(done.stdout.split())
    assert str(answer_by_definition().level) in words
    assert "No dotcom peak: construction of data centres" in words
    done = manias_command("definitions", "--published")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "Kedrosky" in done.stdout and "(a projection)" in done.stdout


def test_the_command_as_json_and_csv(manias_command):
    told = json.loads(manias_command("definitions", "--json").stdout)
    assert [row["key"] for row in told["rows"]] == list(DEFINITIONS)
    assert told["rows"][-1]["peak"] is None and told["rows"][-1]["reason"]
    assert len(told["published"]) == len(load(TABLE).frame)
    lines = manias_command("definitions", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("key,name,peak") and len(lines) == 1 + len(DEFINITIONS)
    lines = manias_command("definitions", "--published", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("id,who,published") and len(lines) == 1 + len(told["published"])
    wrong = manias_command("definitions", "--format", "xml")
    assert wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1
