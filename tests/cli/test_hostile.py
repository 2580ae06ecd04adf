"""Names of somebody who means harm stay text: on a terminal, in CSV, in pages and entries."""

import csv
import io
import json
import os
import sys

import pandas as pd
import pytest
from manias.cli.console import Shown, to_csv
from manias.cli.main import main
from manias.data.bibliography import to_bibtex
from manias.data.sources import Source
from manias.language.visible import visible

HEADING = "\x1b[31m[/x]\u202e\x9b1m"


def write(path, heading):
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(
            [["date", heading], *([f"{2000 + i}", i + 1] for i in range(8))]
        )
    return path


@pytest.mark.parametrize("command", ["read", "date", "compare", "classify"])
def test_nothing_of_a_file_steers_a_terminal(manias_command, tmp_path, command):
    done = manias_command(command, write(tmp_path / "own.csv", HEADING))
    said = done.stdout + done.stderr
    assert not any(sign in said for sign in "\x1b\x9b\u202e") and "Traceback" not in said
    assert done.returncode in (0, 2)


def test_json_says_every_sign_and_none_that_steers(manias_command, tmp_path):
    done = manias_command("read", write(tmp_path / "own.csv", HEADING), "--json")
    assert json.loads(done.stdout)["columns"] == [HEADING]
    assert not any(sign in done.stdout for sign in "\x1b\x9b\u202e")


def test_the_streams_are_given_back(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["manias", "--version"])
    before = sys.stdout
    with pytest.raises(SystemExit):
        main()
    assert sys.stdout is before


def test_a_stream_shows_signs_and_keeps_lines():
    out = io.StringIO()
    shown = Shown(out)
    assert shown.write("a\tb\n\x1b[0m") == 8
    shown.writelines(["\r", "é\n"])
    assert out.getvalue() == "a\tb\n\\x1b[0m\\ré\n"
    assert shown.getvalue() == out.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x07", "a\\x07"),
        ("\u202eabc", "\\u202eabc"),
        ("naïve 中文 $ <b>", "naïve 中文 $ <b>"),
    ],
)
def test_what_turns_or_steers_is_spelt_out(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", False),
        ("+1+cmd|' /C calc'!A0", False),
        ("-2+3", False),
        ("@SUM(A1)", False),
        ("\t=1", False),
        ("\r=1", False),
        ("-x", False),
        ("-5", True),
        ("+1,250.5", True),
        ("-3.5e-7", True),
        ("-12 %", True),
        ("1=1", True),
        ("–", True),
        ("", True),
    ],
)
def test_no_text_is_a_formula_to_a_spreadsheet(text, kept):
    frame = pd.DataFrame(
        {
            text: [text, "x"],
            "n": [-1.5, 2.0],
            "when": pd.period_range("2000", periods=2, freq="Y"),
        }
    )
    rows = list(csv.reader(io.StringIO(to_csv(frame), newline="")))
    wanted = text if kept else "'" + text.replace("\r", "\n")
    assert rows[0][0] == rows[1][0] == wanted
    assert [row[1:] for row in rows[1:]] == [["-1.5", "2000"], ["2.0", "2001"]]


def test_tables_of_ours_are_written_as_they_stand(manias_command):
    from manias import load

    done = manias_command("data", "show", "innovations", "--format", "csv")
    frame = load("innovations").frame
    again = pd.read_csv(io.StringIO(done.stdout), dtype=str, keep_default_na=False)
    assert (again["name"].tolist(), again["note"].tolist()) == (
        frame["name"].tolist(),
        frame["note"].fillna("").tolist(),
    )


def test_no_source_ends_its_entry_or_runs_in_tex():
    evil = "}@misc{x, \\input{/etc/passwd} $x$ ~^"
    source = Source("k", evil, evil, "2000", evil, f"http://x.org/{evil}", evil, "table",
                    "2026-11", evil)  # fmt: skip
    entry = to_bibtex(source)
    assert entry.count("@misc{") == 1 and "\\input" not in entry
    assert (
        "url = {http://x.org/%7D@misc%7Bx,%20%5Cinput%7B/etc/passwd%7D%20$x$%20~%5E}" in entry
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_frozen_file(manias_command, tmp_path):
    os.mkfifo(tmp_path / "f.json")
    done = manias_command("forecast", "score", tmp_path / "f.json")
    assert done.returncode == 2 and "f.json: no plain file" in done.stderr
