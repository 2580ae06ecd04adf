"""Tables against each other: each rule finds the fault that it is there for, and no other."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from manias.data.consistency import check_consistency
from manias.data.validation import seal

ROOT = Path(__file__).resolve().parents[2] / "datasets"


def test_the_installed_tables_agree():
    assert check_consistency() == ()


@pytest.fixture
def broken(tmp_path):
    """Break cells of a copy of a table, found by a query; say which row of the file it is."""

    def change(name, where, beside=(), **cells):
        shutil.copy(ROOT / "sources.json", tmp_path)
        for table in {"innovations", name, *beside}:
            shutil.copytree(ROOT / table, tmp_path / table)
        path = tmp_path / name / "data.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        at = frame.query(where).index[0]
        for column, value in cells.items():
            frame.loc[at, column] = value
        frame.to_csv(path, index=False, lineterminator="\n")
        seal(tmp_path / name)
        return at + 2, check_consistency(tmp_path)

    return change


@pytest.mark.parametrize(
    ("name", "where", "cells", "column", "expected"),
    [
        (
            "buildouts",
            "innovation == 'telephone' and country == 'US' and period == '1880'",
            {"period": "1870", "note": ""},
            "period",
            "1877 or later, first use, or a note that says why",
        ),
        (
            "buildouts",
            "innovation == 'broadcast-radio' and series == 'sets' and country == 'US' "
            "and period == '1990'",
            {"value": "500000000", "note": ""},
            "value",
            "at most 5 times its neighbour, or a note that says why",
        ),
        (
            "episodes",
            "id == 'wankel-engine-1960'",
            {"note": ""},
            "peak",
            "1962 or later, first use, or a note that says why",
        ),
        ("trajectories", "id == 'us-radio-1920'", {"commercialised": "1922"}, None, "1920"),
        (
            "ai_capex",
            "company == 'Oracle' and measure == 'capex' and period_end == '2026-08-31'",
            {"note": ""},
            "source",
            "the source of the quarter before, or 'source changes here' in the note",
        ),
    ],
)
def test_a_broken_row_is_named(broken, name, where, cells, column, expected):
    row, found = broken(name, where, **cells)
    assert found and {p.file for p in found} == {f"{name}/data.csv"}
    assert expected in [p.expected for p in found if p.row == row]
    assert {p.column for p in found} == {column or next(iter(cells))}


@pytest.mark.parametrize(
    ("where", "cells", "column", "expected"),
    [
        (
            "id == 'television'",
            {"commercialised_from": "1929"},
            "commercialised_from",
            "1928 or earlier, the year that is shown",
        ),
        (
            "id == 'excimer-laser-eye'",
            {"commercialised_from": "1983"},
            "early_from",
            "as a peak 16 years after commercialised_from has it",
        ),
        (
            "id == 'excimer-laser-eye'",
            {"early": "unknown"},
            "early",
            "as a peak 8 years after commercialised has it",
        ),
    ],
)
def test_both_ends_of_first_use_agree_with_the_booms(tmp_path, where, cells, column, expected):
    shutil.copy(ROOT / "sources.json", tmp_path)
    shutil.copytree(ROOT / "innovations", tmp_path / "innovations")
    path = tmp_path / "innovations" / "candidates.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    at = frame.query(where).index[0]
    for name, value in cells.items():
        frame.loc[at, name] = value
    frame.to_csv(path, index=False, lineterminator="\n")
    seal(tmp_path / "innovations")
    (found,) = check_consistency(tmp_path)
    assert (found.file, found.row) == ("innovations/candidates.csv", at + 2)
    assert (found.column, found.expected) == (column, expected)


@pytest.mark.parametrize(
    ("name", "where", "column", "value", "expected"),
    [
        (
            "verdicts",
            "innovation == 'electric-power' and settled == 'yes'",
            "trough",
            "1942",
            "1935-02, as in innovations",
        ),
        ("episodes", "id == 'sound-film-1932'", "trough", "1932-04", "1933-03, as in verdicts"),
        ("episodes", "id == 'rayon-1928'", "fall_pct", "-50", "blank, as in verdicts"),
        (
            "verdicts",
            "innovation == 'rayon' and settled == 'yes'",
            "episode",
            "Artificial silk",
            "the name of an episode of this innovation",
        ),
    ],
)
def test_a_boom_is_spelt_alike_everywhere(broken, name, where, column, value, expected):
    row, found = broken(name, where, ("verdicts", "episodes"), **{column: value})
    told = [
        (p.column, p.expected) for p in found if (p.file, p.row) == (f"{name}/data.csv", row)
    ]
    assert (column, expected) in told
    # A date of the settled row that is wrong differs from the episode as well.
    assert {p.column for p in found} == {column}


@pytest.mark.parametrize(
    ("where", "cells", "column", "expected"),
    [
        ("id == 'cannabis-2018'", {"onset": "2016-07"}, "onset", "2015-09"),
        ("id == 'solar-2008'", {"peak": "2008-05"}, "peak", "2008-04"),
        ("id == 'ev-2021-b'", {"fall_pct": "-68.7"}, "fall_pct", "-67.7"),
    ],
)
def test_episodes_of_a_file_follow_from_its_levels(broken, where, cells, column, expected):
    row, found = broken("episodes", where, ("later_market",), **cells)
    assert [(p.row, p.column, p.expected) for p in found] == [(row, column, expected)]


@pytest.mark.parametrize("column", ["onset", "peak"])
def test_a_size_has_both_its_dates(broken, column):
    row, found = broken("verdicts", "innovation == 'safety-bicycle'", **{column: ""})
    told = {(p.row, p.column) for p in found}
    assert (row, "rise_pct") in told and ((row, "fall_pct") in told) == (column == "peak")


def test_what_was_not_found_again_is_not_confirmed(broken):
    row, found = broken("uk_railways", "source == 'Chambers1852'", grade="B")
    assert [(p.row, p.column, p.value) for p in found] == [(row, "grade", "B")]
