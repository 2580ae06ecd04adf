"""The command as a user meets it: shapes, exit codes, one line for bad input."""

import csv
import io
import json
import re
import subprocess
import sys

import manias
import numpy as np
import pandas as pd
import pytest

VERBS = [
    "report",
    "classify",
    "compare",
    "date",
    "claims",
    "definitions",
    "reconcile",
    "booms",
    "notebooks",
    "data list",
    "data show",
    "data check",
    "data sources",
]


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example_and_json(manias_command, verb):
    done = manias_command(*verb.split(), "--help")
    assert done.returncode == 0
    assert re.search(rf"Example: manias {verb}", done.stdout)
    assert "--json" in done.stdout


def test_classify_ai_as_json(manias_command):
    done = manias_command("classify", "ai", "--json")
    assert done.returncode == 0 and done.stderr == ""
    answer = json.loads(done.stdout)
    assert [i["industry"] for i in answer["industries"]] == [
        "Chips",
        "Softw",
        "Hardw",
        "Telcm",
        "LabEq",
        "ElcEq",
        "Util",
    ]
    for industry in answer["industries"]:
        assert industry["as_of"] == answer["as_of"] == str(manias.load_panel().last)
        low, high = industry["interval"]
        assert 0 <= low <= industry["crash_frequency"] <= high <= 1
        assert industry["crash_frequency"] == pytest.approx(industry["crashes"] / industry["n"])
        assert {"runup", "net_runup", "rung", "n"} <= set(industry)
    assert re.fullmatch(r"manias-ladder-[0-9a-f]{12}", answer["model_id"])


def test_classify_as_of_any_date(manias_command):
    early = json.loads(manias_command("classify", "ai", "--as-of", "1999Q4", "--json").stdout)
    assert early["as_of"] == early["fitted_on"][1] == "1999-12"
    assert [i["rung"] for i in early["industries"][:3]] == [1.25, 1.5, 1.5]


def test_people_get_a_table(manias_process):
    done = manias_process("classify", "ai", "--as-of", "1999-12")
    words = " ".join(done.stdout.split())
    assert "Electronic" in words and "nothing later was used" in words
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_show_prints_the_table_as_csv(manias_command):
    done = manias_command("data", "show", "innovations", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert len(rows) == 52 and rows[0][:2] == ["id", "name"]
    again = manias_command("data", "show", "innovations", "--json")
    assert len(json.loads(again.stdout)) == 51


def test_show_a_part_of_a_table(manias_command):
    done = manias_command("data", "show", "us_industries.market", "--format", "csv")
    assert done.stdout.splitlines()[0].startswith("month,market_excess,risk_free")


def test_a_reader_that_stops_early_is_no_error():
    command = (
        f"{sys.executable} -m manias.cli.main data show us_industries --format csv | head -2"
    )
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("month,industry") and "Traceback" not in done.stderr


def test_check_says_ok(manias_command):
    done = manias_command("data", "check", "--json")
    assert done.returncode == 0 and json.loads(done.stdout) == {"ok": True, "problems": []}


def test_check_of_a_damaged_table_ends_with_1(manias_command, tables):
    path = tables / "uk_macro" / "data.csv"
    path.write_text(path.read_text().replace("434.6486993051451", "much"))
    done = manias_command("data", "check", "--root", tables)
    assert done.returncode == 1
    assert (
        "uk_macro/data.csv, row 3, column nominal_gdp: 'much'; expected a number" in done.stdout
    )


def test_list_and_sources(manias_command):
    names = [d["name"] for d in json.loads(manias_command("data", "list", "--json").stdout)]
    assert {
        "innovations",
        "uk_railways",
        "uk_macro",
        "us_industries",
        "us_it_investment",
        "shiller",
        "ai_capex",
    } <= set(names)
    sources = json.loads(manias_command("data", "sources", "us_industries", "--json").stdout)
    assert {s["id"] for s in sources} == {"french2025industries", "french2025factors"}
    assert all(s["licence"] and s["accessed"] for s in sources)


def test_compare_with_an_own_file_and_a_figure(manias_process, tmp_path):
    (tmp_path / "mine.csv").write_text("date,value\n2019,1\n2020,2\n2021,4\n")
    done = manias_process(
        "compare",
        "us-it-ai",
        "mine.csv",
        "--onset",
        "2020",
        "--index",
        "100",
        "--json",
        "--output",
        "c.svg",
    )
    answer = json.loads(done.stdout)
    mine = answer["trajectories"][1]
    assert (mine["id"], mine["grade"], mine["anchor"]) == ("mine", "C", "2020")
    assert [(p["tau"], p["value"]) for p in mine["points"]] == [(-1, 50), (0, 100), (1, 200)]
    first = (tmp_path / "c.svg").read_bytes()
    manias_process(
        "compare",
        "us-it-ai",
        "mine.csv",
        "--onset",
        "2020",
        "--index",
        "100",
        "--output",
        "c.svg",
    )
    assert (tmp_path / "c.svg").read_bytes() == first and first.startswith(b"<?xml")


def test_compare_cut_at_a_date(manias_command):
    done = manias_command("compare", "us-it-dotcom", "--as-of", "1999-12-31", "--json")
    points = json.loads(done.stdout)["trajectories"][0]["points"]
    assert points[-1]["period"] == "1999Q4"
    done = manias_command("compare", "us-telecom-sbc", "--as-of", "1999-12-31", "--json")
    # The figure of 2002 is from a later account, of which nobody knew.
    sources = json.loads(done.stdout)["trajectories"][0]["sources"]
    assert sources == ["SBC_EX13_2001", "bea2019gdpa"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["classify", "ai", "--as-of", "yesterday"], "date 'yesterday': expected YYYY"),
        (["classify", "ai", "--as-of", "1900"], "was known by 1900-12-31"),
        (["classify", "ai", "--as-of", "1927-01"], "expected at least 48"),
        (
            ["classify", "nothing"],
            "'nothing': no such file or company; expected 'ai', a file, or",
        ),
        (["classify"], "Missing argument"),
        (["classify", "bad.csv"], "bad.csv, row 3, column value: 'x'; expected a number"),
        (["compare", "us-it-ai", "us-it-ai"], "'us-it-ai' is given twice"),
        (
            ["compare", "uk-railways-1840s", "--clock", "commercialised"],
            "its values lie at 11 to 16 years",
        ),
        (["compare", "us-it-ai", "--output", "/dev/null/c.svg"], "/dev/null/c.svg: cannot be"),
        (["compare", "us-it-ai", "--clock", "peak"], "us-it-ai: no peak to align on"),
        (["compare", "nothing"], "trajectory 'nothing': no such file or trajectory; --list"),
        (["compare", "us-it-ai", "ai-capex-five"], "2 measures in one comparison"),
        (
            ["compare", "us-it-ai", "--measure", "length"],
            "--measure 'length': us-it-ai measures",
        ),
        (["compare", "us-it-ai", "--output", "x.doc"], "expected a name ending in .svg, .png"),
        (["compare", "us-it-ai", "--before", "-1"], "Invalid value for '--before'"),
        (
            ["compare", "us-it-ai", "us-it-dotcom", "--as-of", "15/01/2000"],
            "manias: date '15/01/2000': expected YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD",
        ),
        (
            ["classify", "ai", "--as-of", "15/01/2000"],
            "manias: date '15/01/2000': expected YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD",
        ),
        (["data", "show", "nothing"], "dataset 'nothing': expected one of"),
        (["data", "show", "shiller.parts"], "expected a part among data"),
        (["data", "check", "--root", "absent"], "--folder absent: no such folder"),
        (["data", "check", "--root", "."], "no table there"),
        (["report", "--output", "."], "a folder; expected a file name"),
        (["notebooks", "--folder", "."], "no notebook there"),
        (["fly"], "No such command 'fly'"),
        (["classify", "ai", "--loud"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_2(manias_command, tmp_path, arguments, words):
    (tmp_path / "bad.csv").write_text("date,value\n2020-01,1\n2020-02,x\n")
    before = sorted(p.name for p in tmp_path.iterdir())
    done = manias_command(*arguments)
    assert done.returncode == 2
    assert done.stdout == "" and words in done.stderr
    assert done.stderr.startswith("manias: ") and done.stderr.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_long_command_says_that_it_is_at_work(tmp_path):
    code = "import manias.cli.main as c; c.PATIENCE = 0.0; c.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "data", "sources", "uk_macro", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == "manias: working ...\n" and json.loads(done.stdout)


@pytest.fixture
def two_columns(tmp_path):
    rng = np.random.default_rng(0)
    y = rng.standard_normal(100).cumsum() + 50
    y[60:80] += y[59] * (1.06 ** np.arange(1, 21) - 1)
    months = pd.period_range("2000-01", periods=100, freq="M").astype(str)
    frame = pd.DataFrame(
        {"when": months, "bubble": y, "walk": rng.standard_normal(100).cumsum()}
    )
    frame.to_csv(tmp_path / "two.csv", index=False)
    return frame


def test_date_gives_paths_critical_values_and_episodes(manias_command, two_columns):
    one = json.loads(manias_command("date", "two.csv", "--column", "bubble", "--json").stdout)
    assert {
        "n",
        "lag",
        "min_window",
        "min_window_counts",
        "adf",
        "sadf",
        "gsadf",
        "badf",
        "bsadf",
        "critical_values",
        "episodes",
    } <= set(one)
    assert one["n"] == 100 and one["lag"] == 0 and one["min_window_counts"] == "rows"
    assert set(one["critical_values"]) == {"adf", "sadf", "gsadf"}
    assert set(one["critical_values"]["gsadf"]) == {"90", "95", "99"}
    assert one["gsadf"] == max(one["bsadf"]) > one["critical_values"]["gsadf"]["95"]
    assert one["episodes"]
    for episode in one["episodes"]:
        assert set(episode) == {"start", "peak", "end", "duration", "ongoing"}
        assert episode["start"] <= episode["peak"] <= episode["end"]
    longest = max(one["episodes"], key=lambda e: e["duration"])
    # the built-in boom runs from 2005-01 to 2006-08
    assert "2005-01" <= longest["start"] <= "2005-06" and longest["end"] == "2006-08"
    both = json.loads(manias_command("date", "two.csv", "--json").stdout)
    assert [c["column"] for c in both] == ["bubble", "walk"] and both[0] == one


def test_date_counts_windows_as_asked_and_draws(manias_command, two_columns, tmp_path):
    rows = manias_command("date", "two.csv", "--column", "walk", "--min-window", "20", "--json")
    seen = manias_command(
        "date",
        "two.csv",
        "--column",
        "walk",
        "--min-window",
        "21",
        "--window-counts",
        "observations",
        "--json",
        "--output",
        "w.svg",
    )
    a, b = json.loads(rows.stdout), json.loads(seen.stdout)
    assert a["bsadf"] == b["bsadf"] and b["min_window_counts"] == "observations"
    assert (tmp_path / "w.svg").read_bytes().startswith(b"<?xml")
    people = manias_command("date", "two.csv")
    assert "GSADF" in people.stdout and "explosive episodes" in people.stdout


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("d,v\n2000,1\n2001,x\n", [], "row 3, column v: 'x'; expected a number"),
        ("d,v\n2000,1\n2000,2\n", [], "row 3, column d: '2000' stands twice; expected it once"),
        ("d,v\n2000,1\nx,2\n2001,3\n", [], "row 3, column d: 'x'; expected a date"),
        ("d,v\n2000-01,1\n2000-03,2\n", [], "expected 2000-02, the period after 2000-01"),
        (
            "d,v\n2000-01-31,1\n2000-02-29,2\n2000-04-30,3\n2000-05-31,1\n2000-06-30,1\n",
            [],
            "expected 2000-03, the period after 2000-02",
        ),
        ("d,v\n2000,1\n2001,2\n", [], "column v: "),
        ("d,v\n" + "".join(f"{y},7\n" for y in range(1900, 1960)), [], "column v: "),
        ("d,v\n2000,1\n2001,inf\n", [], "'inf'; expected a number"),
        ("d,v\n2000,0\n2001,0\n", ["--log"], "expected more than 0 for --log"),
        ("", [], "empty; expected a header"),
        ("d,v\n", [], "a header without rows"),
        ("d\n2000\n2001\n", [], "a column of dates and one of numbers"),
        ("d,v,v\n2000,1,1\n", [], "column 'v' stands twice"),
        ("a,b\nx,y\n", [], "no numbers; expected a column of dates"),
        ("d,v\n2000,1\n2001,2\n", ["--column", "w"], "--column 'w': expected one of v"),
    ],
)
def test_series_that_cannot_be_dated_are_named(manias_command, tmp_path, text, options, words):
    (tmp_path / "s.csv").write_text(text)
    done = manias_command("date", "s.csv", *options, "--output", "s.svg")
    assert done.returncode == 2 and done.stdout == ""
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "s.svg").exists()


def test_a_file_too_large_is_refused_unread(manias_command, tmp_path):
    with (tmp_path / "big.csv").open("wb") as out:
        out.truncate(2_000_000_000)
    done = manias_command("date", "big.csv")
    assert done.returncode == 2 and "more than 100,000,000 bytes" in done.stderr


def test_sources_as_bibtex(manias_command):
    text = manias_command("data", "sources", "uk_railways", "--bibtex").stdout
    keys = re.findall(r"^@misc\{([^,]+),$", text, re.M)
    listed = json.loads(manias_command("data", "sources", "uk_railways", "--json").stdout)
    assert keys == [source["id"] for source in listed]
    for entry in text.split("\n\n"):
        assert entry.count("{") == entry.count("}")
        assert not re.search(r"(?<!\\\\)[&%#]", re.sub(r"url = .*", "", entry))
    assert manias_command("data", "sources", "--bibtex", "--json").returncode == 2


def test_reconcile_says_a_list_with_the_keys_that_are_asked_for(manias_command):
    done = manias_command("reconcile", "1.9%", "--json")
    assert done.returncode == 0
    (one,) = json.loads(done.stdout)
    asked = ["number", "who", "when", "source", "locator", "definition", "recomputed"]
    assert list(one)[:9] == [*asked, "verdict", "sentence"]
    assert one["verdict"] == "another thing" and one["readings"] and one["rows"]


def test_reconcile_lists_within_a_page_and_refuses_what_is_not_there(manias_command):
    done = manias_command("reconcile", "--list")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "26 times" in done.stdout and "cannot be told" in done.stdout
    done = manias_command("reconcile", "no", "such", "thing")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("manias: quoted: no figure 'no such thing'; expected one of")
