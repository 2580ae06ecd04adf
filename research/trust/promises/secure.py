"""No markup, mathematics, formula or script is made of data, and nothing is taken on trust."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

from trust.promise import Finding, Promise

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = (
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "\u202egnp.exe", "back\x08", "[/x]"),
    *(
        "[red]x[/red]",
        "$\\undefinedmacro$",
        "$\\frac{1}$",
        "a$b_{$",
        "US$ per US$",
        "100% & #1",
    ),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</table><b>",
        "&lt;b&gt;",
    ),
    *('=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "=1"),
    *("{{7*7}}", "\\input{/etc/passwd}", "}@misc{x,", '#read("/etc/passwd")', "~^\\"),
)
"""Names as somebody might give them who means harm."""
TABLE_TAGS = {"div", "table", "thead", "tbody", "tr", "th", "td", "caption", "p", "br"}


def on_a_terminal(name: str, folder: Path) -> str:
    """What of such a heading would steer a terminal; "" where nothing does."""
    path = folder / "own.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = [["date", name]] + [[f"{2000 + i}", str(1.5 * i + 1)] for i in range(8)]
        csv.writer(out).writerows(rows)
    said = "".join(_printed(command, str(path)) for command in ("read", "compare"))
    odd = [c for c in said if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    odd += [c for c in said if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
    if "Traceback" in said or "2007" not in said:
        return f"terminal: a traceback or nothing with {name!r}"
    return f"terminal: {odd[0]!r} of {name!r}" if odd else ""


def _printed(*arguments: str) -> str:
    from contextlib import redirect_stderr, redirect_stdout

    from manias.cli.main import main

    before, out = sys.argv, io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    sys.argv = ["manias", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(out):
            main()
    except SystemExit:
        pass
    finally:
        sys.argv = before
    return out.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def in_a_spreadsheet(name: str) -> str:
    """Whether a cell or a heading of our CSV would be run."""
    import pandas as pd
    from manias.cli.console import to_csv

    text = to_csv(pd.DataFrame({name: [name, "-5", "x"], "n": [-1.5, 2.0, 3.0]}))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    run = [
        c for c in cells if c[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"-\d+(\.\d+)?", c)
    ]
    return f"CSV: {run[0]!r}" if run else ""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def in_a_notebook(name: str) -> str:
    """Whether a result that is shown in a notebook, or its page, holds foreign tags."""
    import pandas as pd
    from manias import read
    from manias.cli.pages import notebook_page

    index = pd.period_range("2000", periods=4, freq="Y")
    shown = read(pd.DataFrame({name: [1.0, 2.0, 3.0, 4.0]}, index))._repr_html_()
    found = _Tags()
    found.feed(shown)
    for tag, attributes in found.tags:
        if tag not in TABLE_TAGS or any(a.startswith("on") for a in attributes):
            return f"notebook: <{tag}> of {name!r}"
    if "mathjax_ignore" not in shown:
        return f"notebook: mathematics of {name!r}"
    return _in_a_page(name, shown, notebook_page)


def _in_a_page(name: str, shown: str, notebook_page: Callable[..., str]) -> str:
    import nbformat.v4 as book

    def page(text: str, table: str) -> list[str]:
        cell = book.new_code_cell("x")
        cell.outputs = [
            book.new_output("stream", text=text),
            book.new_output("execute_result", data={"text/html": table, "text/plain": text}),
        ]
        title = book.new_markdown_cell("# Title\n\nOne question: what?")
        found = _Tags()
        found.feed(
            notebook_page(book.new_notebook(cells=[title, cell]), "01", titles={"01": "T"})
        )
        return [tag for tag, _ in found.tags]

    plain = page("plain", shown.replace(_escaped(name), "plain"))
    return "" if page(name, shown) == plain else f"page: other tags with {name!r}"


def _escaped(name: str) -> str:
    import html

    from manias.language.visible import visible

    return html.escape(visible(name, keep=""), quote=False)


def in_a_drawing(name: str, folder: Path) -> str:
    """Whether a figure with such a name is drawn, and holds nothing but shapes."""
    import pandas as pd
    from manias import EventTime, align, own
    from manias.data.reader import Series
    from manias.figures.record import plot_event_time
    from manias.figures.style import save_figure

    years = pd.period_range("2000", periods=6, freq="Y")
    mine = Series(name, pd.Series([1.0, 2, 3, 5, 8, 13], years), name)
    table = align([own(mine, measure=name)], EventTime("onset", 0, 5))
    save_figure(
        plot_event_time(table, [own(mine, measure=name)], clock="onset"), folder / "x.svg"
    )
    tags = {e.tag.rpartition("}")[2] for e in ET.parse(folder / "x.svg").iter()}
    odd = tags & {"script", "foreignObject", "a", "iframe", "image"}
    return f"drawing: <{odd.pop()}> of {name!r}" if odd else ""


def in_a_bibliography(name: str) -> str:
    """Whether TeX would run something of a source, or its entry end early."""
    from manias.data.bibliography import to_bibtex
    from manias.data.sources import Source

    source = Source("key2000", name, name, "2000", name, f"https://x.org/{name}", name, "table",
                    "2026-11", name)  # fmt: skip
    entry = to_bibtex(source)
    plain = re.sub(r"\\text(?:backslash|asciitilde|asciicircum)\{\}|\\[&%$#_]", "", entry)
    depth = 0
    for at, sign in enumerate(plain):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign == "}" and plain[at + 1 :].strip():
            return f"BibTeX: the entry ends early with {name!r}"
    body = re.sub(r"url = \{[^}]*\}", "", plain)
    wrong = re.findall(r"[\\$~^]|(?<!\\)[#%&]", body)
    if depth or wrong or entry.count("@misc{") != 1 + body.count("(@misc"):
        return (
            ""
            if not depth and not wrong
            else f"BibTeX: {(wrong or ['braces'])[0]!r} of {name!r}"
        )
    return ""


def in_the_page(name: str) -> str:
    """Whether the page of `manias explore` could leave the element that holds its data."""
    from manias.explore.page import as_json

    return f"explore: < of {name!r}" if "<" in as_json({name: [name]}) else ""


def faults_of(names: tuple[str, ...] = HOSTILE, *, drawn: bool = True) -> Iterator[str]:
    """Every place in which one of the names becomes more than text."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in names:
            for fault in (
                on_a_terminal(name, folder),
                in_a_spreadsheet(name),
                in_a_notebook(name),
                in_a_bibliography(name),
                in_the_page(name),
                in_a_drawing(name, folder) if drawn else "",
            ):
                if fault:
                    yield fault


def _try_names() -> Finding:
    faults = list(faults_of())
    figure = f"{len(HOSTILE)} hostile names in 6 places: {len(faults)} run, drawn or lost"
    return Finding("; ".join([figure, *faults[:3]]), not faults)


EVIL = (
    "(a+)+",
    "((a|a)+)+",
    "(a*)*b",
    "(([a-z])+.)+[A-Z]",
    "(.*)*!",
    "a*a*a*a*a*b",
    "(x+x+)+y",
)
"""Patterns that take for ever where they are tried by going back."""


def slowest_pattern(length: int) -> float:
    """Seconds that the slowest of `EVIL` takes for a text of so many characters."""
    from manias.data.patterns import fits

    worst = 0.0
    for pattern in EVIL:
        start = time.monotonic()
        fits(pattern, ["a" * length + "!", "x" * length])
        worst = max(worst, time.monotonic() - start)
    return worst


def _try_patterns() -> Finding:
    times = {n: slowest_pattern(n) for n in (10_000, 100_000, 1_000_000)}
    told = ", ".join(f"{n:,} characters {t:.3f} s" for n, t in times.items())
    return Finding(f"{len(EVIL)} patterns, slowest: {told}", max(times.values()) < 5)


VERBS = (
    *(("classify", "ai"), ("models", "list"), ("models", "show", "ladder"), ("cite", "ladder")),
    *(("forecast", "freeze", "--made", "2026-11-29", "--output", "f.json"), ("gauges",)),
    *(("reconcile",), ("verify", "ladder"), ("report", "--output", "r.pdf")),
)
"""Commands whose answers rest on a fitted model."""


def moved_edition(home: Path) -> dict[str, str]:
    """An edition whose returns were changed and sealed while its models were not refitted."""
    from manias.data.validation import seal

    place = home / "moved"
    shutil.copytree(ROOT / "datasets", place / "datasets")
    for part in ("models", "gauges", "forecasts"):
        shutil.copytree(ROOT / "reports" / part, place / "reports" / part)
    path = place / "datasets" / "us_industries" / "data.csv"
    with path.open(newline="") as stream:
        head, *rows = csv.reader(stream)
    at = head.index("return")
    for row in rows[::7]:
        row[at] = row[at] and f"{1.5 * float(row[at]):.2f}"
    with path.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows])
    seal(path.parent)
    note = '{"made": "2026-11-29", "how": "refreshed", "base": "shipped", "revision": ""}'
    (place / "edition.json").write_text(note)
    return {"MANIAS_EDITIONS": str(home), "MANIAS_EDITION": "moved"}


def _try_stale() -> Finding:
    with tempfile.TemporaryDirectory() as home:
        named = moved_edition(Path(home))
        silent = [" ".join(verb) for verb in VERBS if not _says_stale(verb, home, named)]
    said = "; ".join([f"{len(VERBS)} commands: {len(silent)} answer without a word", *silent])
    return Finding(said, not silent)


def _says_stale(verb: tuple[str, ...], home: str, named: dict[str, str]) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "manias.cli.main", *verb],
        cwd=home, env={**os.environ, **named}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = "manias models fit" in done.stderr or "make gauges" in done.stderr
    return done.returncode == 1 and (told or verb[0] == "verify")


def races(rounds: int, writers: int) -> int:
    """Rounds in which not exactly one of some writers of one frozen file wins."""
    from manias.answers.forecasts import read_frozen, write_frozen
    from manias.documents import read
    from manias.errors import InputError

    frozen = read(ROOT / "reports" / "forecasts" / "2026-11-24.json")
    wrong = 0
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(writers) as pool:

        def attempt(path: Path) -> bool:
            try:
                write_frozen(frozen, path)
            except InputError:
                return False
            return True

        for at in range(rounds):
            path = Path(place) / f"{at}.json"
            won = sum(pool.map(attempt, [path] * writers))
            wrong += won != 1 or not read_frozen(path)
    return wrong


def _try_races() -> Finding:
    wrong = races(200, 8)
    return Finding(f"200 rounds of 8 writers: {wrong} without exactly one winner", wrong == 0)


def _try_line_ends() -> Finding:
    with tempfile.TemporaryDirectory() as place:
        made = ["git", "clone", "-q", "-c", "core.autocrlf=true", str(ROOT), place]
        subprocess.run(made, check=True)
        done = subprocess.run(
            [sys.executable, "-m", "manias.cli.main", "data", "check", "--root", "datasets"],
            cwd=place, capture_output=True, text=True, check=False,
        )  # fmt: skip
    ok = len(re.findall(r"^\w+ +ok ", done.stdout, re.MULTILINE))
    return Finding(f"{ok} tables load from a clone with core.autocrlf", done.returncode == 0)


PROMISES = (
    Promise(
        "names-stay-text",
        "No markup, mathematics, formula, script or sign to a terminal is made of data",
        _try_names,
        minutes=1.5,
    ),
    Promise(
        "patterns-end",
        "A regular expression of a descriptor takes time in proportion to the text",
        _try_patterns,
        minutes=0.2,
    ),
    Promise(
        "stale-models-refuse",
        "No command answers from a model of other data than those at hand",
        _try_stale,
        minutes=1.5,
    ),
    Promise(
        "frozen-by-eight",
        "Of those who write one frozen file at once exactly one wins, and it reads back",
        _try_races,
        minutes=0.5,
    ),
    Promise(
        "line-ends",
        "Every table loads from a clone whose line ends Git turns into those of Windows",
        _try_line_ends,
        minutes=0.5,
    ),
)
