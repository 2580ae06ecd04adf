"""The scoreboard of gauges as a user meets it."""

import json

import pandas as pd
import pytest
from manias.gauges.kept import load_scoreboard
from manias.gauges.registry import list_gauges

COLUMNS = 80
KEYS = [gauge.key for gauge in list_gauges()]


@pytest.mark.slow
def test_the_board_is_a_page_of_eighty_columns(manias_command):
    done = manias_command("gauges")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= COLUMNS
    head = next(line for line in lines if line.startswith("gauge "))
    for column in ("alarm", "hits", "false", "lead", "gain", "p", "now"):
        assert column in head.split()
    assert all(key in "".join(lines) for key in KEYS)
    assert "Left out for width" not in done.stdout


@pytest.mark.slow
def test_json_and_csv_have_every_gauge_and_the_same_numbers(manias_command):
    found = json.loads(manias_command("gauges", "--json").stdout)
    assert [row["gauge"] for row in found] == KEYS
    board = load_scoreboard()
    for row in found:
        line = board.line(row["gauge"])
        assert row["hits"] == line.hits and len(row["episodes"]) == len(line.episodes)
        assert row["has_skill"] == board.has_skill(line.key)
        assert row["grade"] in "ABCJ" and row["sources"]
        if row["p"] is not None:
            assert row["p_holm"] >= row["p"]
    table = manias_command("gauges", "--format", "csv").stdout.splitlines()
    assert len(table) == len(KEYS) + 1 and table[0].startswith("gauge,kind,target,n,")


def test_one_gauge_says_rule_caveat_and_every_fall(manias_command):
    done = manias_command("gauges", "shiller-cape-25", "--episodes")
    assert "CAPE above 25 (Robert J. Shiller)" in done.stdout
    assert done.stdout.count("hit") >= 3 and "1929-09" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= COLUMNS
    text = manias_command("gauges", "shiller-cape-25", "--episodes", "--format", "csv").stdout
    frame = pd.DataFrame([row.split(",") for row in text.splitlines()[1:]])
    assert len(frame) == len(load_scoreboard().line("shiller-cape-25").episodes)


def test_falls_side_by_side_are_those_of_each_gauge(manias_command):
    done = manias_command("gauges", "--episodes")
    assert max(map(len, done.stdout.splitlines())) <= COLUMNS
    row = next(line for line in done.stdout.splitlines() if line.startswith("shiller-cape-25 "))
    named = load_scoreboard().line("shiller-cape-25").by_name()
    assert row.split()[1:] == [f"{hits}/{read}" for hits, read, _ in named.values()]
    every = json.loads(manias_command("gauges", "--episodes", "--json").stdout)
    assert len(every) == sum(len(line.episodes) for line in load_scoreboard().lines)


def test_what_cannot_be_computed_is_listed_with_the_reason(manias_command):
    rows = json.loads(manias_command("gauges", "--list", "--json").stdout)
    assert all(row["reason"] for row in rows if row["computable"] == "no")
    done = manias_command("gauges", "hindenburg-omen", "--list")
    assert "are not on record" in " ".join(done.stdout.split())


@pytest.mark.parametrize("more", [(), ("--list",), ("--verify",)])
def test_an_unknown_gauge_is_an_error_in_one_line(manias_command, more):
    done = manias_command("gauges", "nothing", *more)
    assert done.returncode == 2 and done.stdout == ""
    assert "gauge 'nothing'" in done.stderr


def test_a_score_is_made_again_and_agrees(manias_command):
    done = manias_command("gauges", "goetzmann-gb", "--verify")
    assert (done.returncode, done.stdout) == (0, "goetzmann-gb: agrees\n")
