"""Refresh, status, diff and editions as a user meets them: lines, exits, JSON."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from manias.data import editions, library
from manias.data.library import load, names
from manias.data.validation import seal

COMMANDS = [
    ("data", "refresh"), ("data", "status"), ("data", "diff"), ("edition", "list"),
    ("edition", "use"), ("edition", "freeze"),
]  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(editions.PLACE, str(tmp_path / "editions"))
    monkeypatch.delenv(editions.CHOICE, raising=False)
    return tmp_path / "editions"


@pytest.fixture
def manias_command(manias_command):
    """Each command as in a process of its own: it finds out what is in use."""

    def run(*arguments):
        library._in_use.cache_clear()
        return manias_command(*arguments)

    yield run
    library._in_use.cache_clear()


@pytest.fixture
def other(home):
    """An edition in which one number is another, put together by hand."""
    shipped = editions.shipped_edition()
    folder = home / "other"
    for part in ("datacentre_power", "originals"):
        shutil.copytree(Path(str(shipped.tables)) / part, folder / "datasets" / part)
    shutil.copy(Path(str(shipped.tables)) / "sources.json", folder / "datasets")
    note = {"made": "2026-12-01", "how": "frozen", "base": "shipped", "revision": "version 1"}
    (folder / "edition.json").write_text(json.dumps(note))
    return folder


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example_that_is_a_command(manias_command, command):
    done = manias_command(*command, "--help")
    assert done.returncode == 0
    assert f"Example: manias {' '.join(command)}" in done.stdout


def test_status_names_each_table_once(manias_command, home):
    rows = json.loads(manias_command("data", "status", "--json").stdout)
    assert {r["table"] for r in rows} == set(names()) - {"originals"}
    assert {"table", "to", "vintage", "age_days", "newest"} <= set(rows[0])
    by_name = {r["table"]: r for r in rows}
    industries = by_name["us_industries"]
    assert industries["to"] == str(load("us_industries").frame["month"].max())
    assert pd.Period(industries["newest"], "M") >= pd.Period("2026-09", "M")
    assert isinstance(by_name["forecasts"]["overdue"], list)


def test_status_fits_a_page(manias_command, home):
    lines = manias_command("data", "status").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("us_industries" in line for line in lines)


def test_an_edition_is_used_and_left(manias_command, other):
    done = manias_command("edition", "use", "other", "--json")
    assert json.loads(done.stdout) == {
        "edition": "other",
        "made": "2026-12-01",
        "how": "frozen",
    }
    listed = {
        r["name"]: r for r in json.loads(manias_command("edition", "list", "--json").stdout)
    }
    assert listed["other"]["in_use"] and not listed["shipped"]["in_use"]
    assert "other *" in manias_command("edition", "list").stdout
    assert json.loads(manias_command("data", "list", "--json").stdout)[0]["name"] == (
        "datacentre_power"
    )
    manias_command("edition", "use", "shipped")
    listed = json.loads(manias_command("data", "list", "--json").stdout)
    assert sum(not table["view_of"] for table in listed) == len(names())


def test_diff_says_what_moved(manias_command, other):
    first = other.parent / "first"
    shutil.copytree(other, first)
    shutil.rmtree(other / "datasets" / "originals")
    table = other / "datasets" / "datacentre_power" / "data.csv"
    lines = table.read_text().splitlines()
    day, value, *rest = lines[-1].split(",", 2)
    lines[-1] = ",".join([day, f"{float(value) * 2:g}", *rest])
    table.write_text("\n".join(lines) + "\n")
    seal(table.parent)
    asked = ("data", "diff", "first", "other")
    rows = json.loads(manias_command(*asked, "--json").stdout)
    (power,) = (r for r in rows if r["table"] == "datacentre_power")
    assert power["revised"] == 1
    assert power["largest"] == pytest.approx(1)
    gone = sum(r["removed"] for r in rows if r["table"] == "originals")
    assert gone == len(load("originals").frame)
    said = manias_command(*asked).stdout
    assert f"largest revision in datacentre_power: {day}, value, {value} to" in said
    assert max(map(len, said.splitlines())) <= 80
    cells = manias_command(*asked, "--rows", "--format", "csv").stdout
    assert f"datacentre_power,epoch_datacenters_2026,{day},value,{value}," in cells
    same = manias_command("data", "diff", "other", "other")
    assert same.stdout == "nothing moved from other to other\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("data", "refresh", "x"), "source 'x': expected one of "),
        (
            ("data", "refresh", "us_industries", "--from", "absent"),
            "--from absent: no such folder",
        ),
        (("data", "refresh", "--into", "."), "--into .: expected a folder of datasets beside"),
        (("edition", "use", "x"), "edition 'x': expected one of shipped"),
        (("edition", "use", "../x"), "edition '../x': expected letters, digits, dots"),
        (("edition", "freeze", "shipped"), "edition 'shipped': expected another name"),
        (("data", "diff", "x"), "edition 'x': expected one of shipped"),
        (("report", "--edition", "x"), "edition 'x': expected one of shipped"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_2(manias_command, home, command, said):
    done = manias_command(*command)
    lines = [line for line in done.stderr.splitlines() if line != "manias: working ..."]
    assert done.returncode == 2 and done.stdout == ""
    assert len(lines) == 1 and lines[0].startswith(f"manias: {said}")


def test_without_a_connection_it_is_one_line_and_exit_1(manias_command, home, tmp_path):
    moved = tmp_path / "addresses.csv"
    moved.write_text(
        "feed,part,address\n"
        "us_industries,industries,http://127.0.0.1:9/x.zip\n"
        "us_industries,factors,http://127.0.0.1:9/y.zip\n"
    )
    done = manias_command(
        *("data", "refresh", "us_industries", "--timeout", "0.5", "--addresses", str(moved))
    )
    assert done.returncode == 1 and done.stdout == ""
    assert "http://127.0.0.1:9/x.zip: no connection (refused)" in done.stderr
    assert not (home / "in-use").exists()


def test_an_edition_that_is_gone_says_how_to_return(manias_command, other):
    manias_command("edition", "use", "other")
    shutil.rmtree(other)
    done = manias_command("data", "list")
    assert done.returncode == 2
    assert "run: manias edition use shipped" in done.stderr
    assert manias_command("edition", "use", "shipped").returncode == 0
    assert manias_command("data", "list").returncode == 0
