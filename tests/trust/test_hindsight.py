"""The quick part of the trial of hindsight: one day, two answers, and a trial that can fail."""

import random
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "research"))

from trust.futures import WAYS, came_later, last_day, other_rows  # noqa: E402
from trust.promises import hindsight  # noqa: E402

DAY = "1999-12-31"
TABLES = ("forecasts", "us_it_investment")
COMMANDS = {"observed": ("compare us-it-dotcom", "forecast score")}


def test_two_answers_of_a_day_in_another_future():
    tally = hindsight.compare_futures(
        [DAY], ways=["deleted"], commands=COMMANDS, functions=None, tables=TABLES
    )
    assert (len(tally.answers), tally.compared, tally.differ) == (2, 2, [])
    assert hindsight.found_of(tally, [DAY]).holds


def test_an_answer_that_looks_ahead_is_found():
    # What had been observed by the day was in print a month later: told by what was in print,
    # this answer looks ahead.
    tally = hindsight.compare_futures(
        [DAY],
        ways=["scrambled"],
        commands={"published": ("compare us-it-dotcom",)},
        functions=None,
        tables=TABLES[1:],
    )
    found = hindsight.found_of(tally, [DAY])
    assert not found.holds and "1 compared, 0 of them refusals, 1 differ" in found.figure
    assert "later rows scrambled" in tally.differ[0]


def test_a_traceback_holds_nothing_though_it_is_the_same():
    tally, said = hindsight.Tally(), {"x": b"1\nTraceback (most recent call last):"}
    tally.add(DAY, said, said, "deleted")
    assert not tally.differ and not hindsight.found_of(tally, [DAY]).holds
    assert not hindsight.found_of(hindsight.Tally(), [DAY]).holds


def test_days_are_ten_and_fixed():
    days = hindsight.drawn_days()
    assert len(days) == 10 and days == tuple(sorted(days)) == hindsight.drawn_days()
    assert "1880" < days[0] < "1960" and "2022" < days[-1] < "2026"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("1846", "1846-12-31"),
        ("FY2025", "2025-12-31"),
        ("1846H1", "1846-06-30"),
        ("1999Q4", "1999-12-31"),
        ("2000-02", "2000-02-29"),
        ("1841/1846-03", "1846-03-31"),
        ("1999-12-30", "1999-12-30"),
    ],
)
def test_last_day_of_a_period(text, end):
    assert last_day(text) == pd.Timestamp(end)


@pytest.mark.parametrize(
    ("clock", "printed", "by", "is_late"),
    [
        ({"observed": "q", "lag_days": 30}, "", "observed", False),
        ({"observed": "q", "lag_days": 30}, "", "published", True),
        ({"observed": "q", "lag_days": 0}, "", "published", False),
        ({"observed": "q"}, "", "published", True),
        ({"observed": "q", "published": "in_print"}, "1999-12-31", "published", False),
        ({"observed": "q", "published": "in_print"}, "2000-01-01", "published", True),
        ({"observed": "q", "published": "in_print", "lag_days": 0}, "", "published", False),
        ({"always": "settings"}, "", "published", False),
        ({"later": "written afterwards"}, "", "observed", True),
    ],
)
def test_what_came_later_is_told_by_the_rule_of_the_table(clock, printed, by, is_late):
    row = {"q": "1999Q4", "in_print": printed}
    assert came_later(row, clock, pd.Timestamp(DAY), by) is is_late


PART = {
    "name": "made",
    "known": {"observed": "year"},
    "schema": {
        "primaryKey": ["year"],
        "fields": [
            {"name": "year", "type": "year"},
            {"name": "n", "type": "integer", "constraints": {"maximum": 40}},
        ],
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_only_what_came_later_is_another(way):
    rows = [{"year": str(year), "n": str(year - 1990)} for year in range(1990, 2010)]
    other, late = other_rows(rows, PART, way, DAY, by="observed", rng=random.Random(1))
    assert late == 10 and other[:10] == rows[:10] and other[10:] != rows[10:]
    numbers = sorted(int(row["n"]) for row in other[10:])
    assert (
        numbers
        == {
            "scrambled": list(range(10, 20)),
            "deleted": [],
            "multiplied": [min(n, 40) for n in numbers],
        }[way]
    )
    # A table that is all later keeps a row where rows are deleted.
    left, late = other_rows(rows, PART, way, "1980", by="observed", rng=random.Random(1))
    assert late == 20 and len(left) == (1 if way == "deleted" else 20)
