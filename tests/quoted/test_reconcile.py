"""Figures that circulate: the rule of the verdicts, and ours beside theirs."""

import math

import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, known_on, load
from manias.data.rows import whole
from manias.errors import DataError, InputError
from manias.quoted.reading import MAKERS, options_of
from manias.quoted.verdict import (
    OTHER,
    REFERS,
    RIGHT,
    TABLE,
    UNTOLD,
    VERDICTS,
    WRONG,
    figure,
    find_quoted,
    fits,
    quoted_frame,
    reconcile,
    tolerance,
    verdict_of,
)


@pytest.fixture(scope="module")
def found():
    return {one.id: one for one in reconcile()}


def with_cells(name, where, **cells):
    """The library with other cells in some rows of a table."""
    frame = load(name).frame.copy()
    mine = where(frame)
    assert mine.any(), name
    for column, value in cells.items():
        frame.loc[mine, column] = value(frame.loc[mine, column]) if callable(value) else value
    return LIBRARY.holding({(name, "data"): frame})


def verdict_with(key, library):
    with library.open():
        return find_quoted(key)[0].verdict


def test_at_least_forty_figures_and_twenty_five_computed_anew(found):
    computed = [one for one in found.values() if not math.isnan(one.recomputed)]
    assert len(found) >= 40 and len(computed) >= 25
    assert {one.verdict for one in found.values()} == set(VERDICTS)
    assert len({load(TABLE).frame.set_index("id").at[o.id, "recompute"] for o in computed}) > 15
    for one in found.values():
        assert one.source and one.locator and one.grade in "ABC" and one.who and one.when
        assert one.verdict != UNTOLD or one.why


def test_no_figure_stands_in_two_tables():
    frame = load(TABLE).frame
    referring = frame[frame["ref"].notna()]
    assert referring[["low", "high"]].isna().all(axis=None)
    assert referring["ref"].is_unique
    for row in referring.itertuples():
        table, _, key = row.ref.partition(":")
        there = whole(table if "." in table else f"{table}.data")[0].frame
        there = there.set_index("id").loc[key]
        assert (row.source, row.locator, row.grade) == tuple(
            there[["source", "locator", "grade"]]
        )
        who, when = REFERS[table][:2]
        assert who is None or row.who == there[who]
        assert when is None or row.published == there[when]
    own = frame[frame["ref"].isna()]
    assert (own["low"].notna() | own["high"].notna()).all()


# Each line of the rule, by hand.
@pytest.mark.parametrize(
    ("same", "other", "kind", "expected"),
    [
        ([True], [], "count", RIGHT),
        ([True], [], "forecast", RIGHT),
        ([True, False], [], "count", UNTOLD),
        ([False], [], "count", WRONG),
        ([False], [False], "count", WRONG),
        ([False, False], [True], "count", OTHER),
        ([False], [], "forecast", WRONG),
        ([], [True], "count", OTHER),
        ([], [False], "count", UNTOLD),
        ([], [], "count", UNTOLD),
        ([], [True], "forecast", UNTOLD),
        ([True], [True], "estimate", UNTOLD),
    ],
)
def test_the_rule_of_the_verdicts(same, other, kind, expected):
    assert verdict_of(same=same, other=other, kind=kind) == expected


@pytest.mark.parametrize(
    ("number", "value", "precision", "expected"),
    [
        ("602.83", 602.83, "exact", 0.035 * 602.83),  # finer than accounts are revised
        ("4%", 4.0, "exact", 0.5),
        ("650", 650.0, "exact", 0.035 * 650),
        ("about 650", 650.0, "about", 65.0),
        ("1,000", 1000.0, "exact", 125.0),  # half of the last digit, but an eighth at most
        ("2.1 trillion", 2100.0, "exact", 0.035 * 2100),
    ],
)
def test_how_near_is_near(number, value, precision, expected):
    assert tolerance(number, value, precision) == pytest.approx(expected)


def test_bounds_are_open_on_one_side():
    assert fits(9.0, 1.0, math.nan, 0.0) and not fits(0.9, 1.0, math.nan, 0.05)
    assert fits(0.5, math.nan, 1.0, 0.0) and not fits(1.2, math.nan, 1.0, 0.1)
    assert not fits(math.nan, 1.0, 2.0, 9.0)


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("650", {"jpm-650", "bloomberg-650"}),
        ("$650bn", {"jpm-650", "bloomberg-650"}),
        ("650 billion dollars", {"jpm-650", "bloomberg-650"}),
        ("1.9%", {"post-19"}),
        ("1.9 percent", {"post-19"}),
        ("26 times", {"jpm-26-times"}),
        ("37 of 51", {"sorescu-37"}),
        ("2.1 trillion", {"rpo-2100"}),
        ("$2.1tn", {"rpo-2100"}),
        ("jpm-650", {"jpm-650"}),
        ("burry", {"burry-176"}),
        ("garran macrostrategy", {"garran-17"}),
    ],
)
def test_a_figure_is_found_as_people_write_it(asked, keys):
    assert {one.id for one in find_quoted(asked)} == keys


def test_a_percentage_is_no_amount_of_dollars():
    assert {one.unit for one in find_quoted("6%")} == {"percent of GDP"}
    assert "billion USD" in {one.unit for one in find_quoted("300")}
    for text, words in (("no such figure", "'no such figure'"), ("  ", "nothing asked for")):
        with pytest.raises(InputError, match=words):
            find_quoted(text)


# Printed by others than those who keep our tables; ours are sums of companies' quarters.
@pytest.mark.parametrize(
    ("key", "printed", "within"),
    [
        ("calcbench-603", 602.83, 0.01),
        ("alphabet-49", 49.0, 0.5),
        ("meta-646", 64.6, 0.05),
        ("microsoft-775", 77.5, 0.05),
        ("cape-44", 44.2, 0.05),
        ("cape-1929", 32.6, 0.05),
    ],
)
def test_ours_agrees_with_what_others_printed(found, key, printed, within):
    assert found[key].recomputed == pytest.approx(printed, abs=within)
    assert found[key].verdict == RIGHT


def test_a_sum_of_companies_is_that_of_the_table():
    frame = load("ai_capex").frame
    four = ["Alphabet", "Amazon", "Meta", "Microsoft"]
    mine = frame[(frame["measure"] == "capex") & frame["company"].isin(four)]
    year = mine[mine["period_end"].str[:4] == "2025"]
    assert len(year) == 16
    (ours,) = find_quoted("fortune-400")
    assert ours.recomputed == pytest.approx(year["value"].sum())


def rising(factor):
    return lambda cells: cells * factor


FLIPS = [
    (
        "fortune-400",
        ("ai_capex", lambda f: (f["company"] == "Meta") & (f["measure"] == "capex")),
        {"value": rising(3)},
        WRONG,
    ),
    (
        "post-19",
        ("us_it_investment", lambda f: f["quarter"].dt.year == 2025),
        {"gdp": rising(0.7)},
        RIGHT,
    ),
    (
        "jpm-26-times",
        ("ai_revenue", lambda f: (f["says"] == "Exponential View") & (f["basis"] == "year")),
        {"value": 25.0},
        RIGHT,
    ),
    (
        "ft-6",
        (
            "uk_railways",
            lambda f: f["series"].eq("expenditure") & f["period"].str[:4].eq("1845"),
        ),
        {"value": rising(2.4)},
        RIGHT,
    ),
    (
        "tunguz-6",
        (
            "spending_history",
            lambda f: (
                f["series"].str.startswith("railroad") & f["period"].astype(str).eq("1881")
            ),
        ),
        {"value": rising(1.65)},
        RIGHT,
    ),
    (
        "cape-1929",
        ("shiller", lambda f: f["month"] == pd.Period("1929-09", "M")),
        {"cape": 20.0},
        WRONG,
    ),
    (
        "openai-10",
        ("statements", lambda f: f["id"] == "s080"),
        {"value": 10.1},
        RIGHT,
    ),
    (
        "kedrosky-telecom",
        ("ai_capex", lambda f: (f["measure"] == "capex") & (f["company"] == "Amazon")),
        {"value": rising(3)},
        RIGHT,
    ),
    (
        "guidance-745",
        ("statements", lambda f: f["id"] == "s152"),
        {"value": 400.0},
        WRONG,
    ),
]


@pytest.mark.parametrize(
    ("key", "where", "cells", "expected"), FLIPS, ids=lambda x: str(x)[:20]
)
def test_a_datum_flips_a_verdict(found, key, where, cells, expected):
    assert found[key].verdict != expected
    table, mine = where
    assert verdict_with(key, with_cells(table, mine, **cells)) == expected


def test_a_verdict_flips_with_the_figure(found):
    assert found["dutta-6"].verdict == WRONG
    library = with_cells(TABLE, lambda f: f["id"] == "dutta-6", low=4.4, high=4.4)
    assert verdict_with("dutta-6", library) == RIGHT


def test_a_forecast_is_told_once_its_time_is_on_record(found):
    one = found["goldman-527"]
    assert one.verdict == UNTOLD and "on record to" in one.why
    frame = load("ai_capex").frame
    last = frame[(frame["period_end"] > "2025-06-30") & (frame["period_end"] <= "2025-12-31")]
    later = last.assign(period_end=last["period_end"].str.replace("2025", "2026"))
    extra = pd.concat(
        [
            frame,
            later[
                ~later.set_index(["company", "measure", "period_end"]).index.isin(
                    frame.set_index(["company", "measure", "period_end"]).index
                )
            ],
        ],
        ignore_index=True,
    )
    library = LIBRARY.holding({("ai_capex", "data"): extra})
    assert verdict_with("goldman-527", library) == RIGHT


def test_frequencies_are_compared_by_their_intervals(found):
    one = found["gsy-150"]
    reading = next(r for r in one.readings if r.key == "industries")
    assert reading.low < 80 < reading.high and one.verdict == RIGHT
    assert not fits(reading.value, 80.0, 80.0, tolerance("80%", 80.0, "exact"))


def test_both_sides_of_ours_are_there(found):
    keys = {r.key for r in found["vn-113"].readings}
    assert {"four-quarters", "newest", "median"} <= keys
    covers = {r.key: r.value for r in found["ev-covers"].readings}
    assert covers["depreciation-present-rate"] > 1 > covers["all-present-rate"]
    assert covers["depreciation-last-twelve-months"] < covers["depreciation-present-rate"]


def test_the_first_reading_is_told_where_none_is_theirs(found):
    for one in found.values():
        if one.verdict == UNTOLD and not one.same and one.readings:
            known = [r.key for r in one.readings if r.is_known]
            assert one.told == tuple(known[:1])


def test_nothing_later_is_seen():
    with known_on("2026-01-15", by="published"):
        early = {one.id: one for one in reconcile()}
    assert "ev-175" not in early and "cape-40" in early
    assert all(one.when <= "2026-01-15" for one in early.values())
    assert early["fortune-400"].verdict == UNTOLD  # the last quarter of 2025 was not out


def test_what_cannot_be_computed_says_where(found):
    row = lambda f: f["id"] == "ms-315"  # noqa: E731
    for cells, words in (
        ({"recompute": "no-such"}, "ms-315: recompute 'no-such'; expected one of capex,"),
        ({"options": "members"}, "option 'members': expected name=value"),
        ({"options": "nonsense=1"}, "ms-315: options of capex"),
        ({"same": "yearly"}, "ms-315: no reading 'yearly'; expected one of year"),
        ({"ref": "forecasts:zzz"}, "ms-315: forecasts has no row 'zzz'"),
        ({"ref": "shiller:1"}, "expected TABLE:ID, TABLE one of"),
        (
            {"recompute": "cape", "options": "at=1929-09"},
            "cape is in 'times'; expected 'billion",
        ),
    ):
        with with_cells(TABLE, row, **cells).open(), pytest.raises(DataError, match=words):
            reconcile()


def test_every_reading_has_rows_or_a_reason(found):
    for one in found.values():
        for reading in one.readings:
            assert reading.rows if reading.is_known else reading.reason, (one.id, reading.key)
        assert one.rows[0].name == TABLE


def test_tables_and_figures(found):
    frame = quoted_frame()
    assert list(frame.columns[:4]) == ["number", "who", "when", "source"]
    assert len(frame) == len(found)
    assert figure(found["guidance-745"]) == "720 billion dollars to 745 billion dollars"
    assert figure(found["ev-175"]) == "more than 175 billion dollars"
    assert options_of(None) == options_of(" ") == {}
    assert len(MAKERS) > 25 and np.isfinite(found["cape-44"].recomputed)
