"""No answer as of a day moves with what came after it, seen from outside of the package.

Ten days are drawn once. For each of them the tables are copied and everything that came later
is scrambled, deleted or multiplied (`trust.futures`), every copy is sealed as an edition of
its own, and every answer that takes a day is asked by processes that know nothing of the
trial: commands by ``--json``, and what has no command by `trust/ask_past.py`. What they say is
compared byte by byte with what they say of the tables as they are.

What may differ, or is left alone, and why:

- what a descriptor calls ``always`` known stays: settings, simulated tables and lists;
- a refusal names the day from which there are data, of the tables as they are today;
- ``manias: working ...``, which a slow machine says, is no part of an answer;
- where rows are deleted, a table of which every row came later keeps its last one, since the
  package takes no table without a grade;
- fitted models, scores of gauges and frozen forecasts were made later than any of the days:
  they are gone where rows are deleted, and stay, stale, where they are changed;
- a user's file keeps its rows where those of tables are deleted, and is scrambled, since an
  answer tells first how the file was read, from its first row to its last;
- results of functions are compared without the checksum of the file of a table, which holds
  rows of every day, and without the place of a row in its file; a series that was read whole
  and then cut without its sources, its grade and the words in which it refuses
  (`trust/ask_past.py` does that, and says so at each). Of commands nothing is taken away.

Left out are the lens of innovations in the record of past booms, which says of itself that it
saw later (``as_known``), and readings of gauges that are kept because they take long (LPPLS).
"""

from __future__ import annotations

import ast
import csv
import datetime
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from trust.futures import WAYS, edition_of, other_rows
from trust.promise import Finding, Promise

ROOT = Path(__file__).resolve().parents[3]
SEED = 20261130
SPANS = (("1880-01-01", "1959-12-31", 4), ("1960-01-01", "2021-12-31", 4),
         ("2022-01-01", "2025-12-31", 2))  # fmt: skip
"""First day, last day, days drawn: of AI there is nothing to say before 2022."""
AS_IT_IS = "as it is"
WORKING = "manias: working ...\n"
FROZEN = ROOT / "reports" / "forecasts" / "2026-11-24.json"
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "published": ("booms", "booms us-telecom", "booms --compare"),
    "observed": (
        "classify ai",
        "classify microsoft",
        "classify oracle",
        "classify spent.csv",
        "classify prices.csv",
        "compare uk-railways-1840s",
        "compare us-railroads-1840s us-railroads-1830s",
        "compare us-cars-1900 gb-cars-1904",
        "compare us-it-dotcom",
        "compare us-it-dotcom us-it-ai --clock commercialised",
        "compare us-telecom-sbc --index 100",
        "compare spent.csv",
        "forecast score",
        f"forecast score {FROZEN}",
        "forecast tournament",
        "forecast tournament --quarter 2026Q4",
    ),
}
"""Every command that takes a day, by what known means in it.

In ``classify`` the lenses of build-outs and of precedents read what had been observed, history
that was put into figures much later; all else that it reads was in print.
"""


BEGINS = re.compile(rb"(nothing on record); expected [0-9-]+ or later")
"""A refusal names the day from which it would answer: it says so of the record of today, and
nothing of the day that was asked about."""


def drawn_days() -> tuple[str, ...]:
    """The ten days, in order."""
    rng, days = random.Random(SEED), []
    for first, last, n in SPANS:
        ends = [datetime.date.fromisoformat(day).toordinal() for day in (first, last)]
        days += sorted(rng.sample(range(ends[0], ends[1] + 1), n))
    return tuple(datetime.date.fromordinal(day).isoformat() for day in days)


@dataclass
class Tally:
    """What was compared."""

    answers: set[str] = field(default_factory=set)
    compared: int = 0
    refused: int = 0
    differ: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(
        self, where: str, said: Mapping[str, bytes], others: Mapping[str, bytes], way: str
    ) -> None:
        """Compare what was said of two futures."""
        for name in said.keys() | others.keys():
            self.answers.add(name)
            self.compared += 1
            one, other = (BEGINS.sub(rb"\1", told.get(name, b"")) for told in (said, others))
            self.refused += is_refusal(one)
            if one != other:
                self.differ.append(f"{name} as of {where}, later rows {way}: {gap(one, other)}")
            for what in {one, other}:
                if b"Traceback (most recent call last)" in what:
                    self.faults.append(f"{name} as of {where}: a traceback")


def is_refusal(said: bytes) -> bool:
    """Whether an answer says only why there is none."""
    return said.startswith((b"DataError: ", b"InputError: ", b"2\n", b"refused"))


def gap(one: bytes, other: bytes) -> str:
    """The first place where two answers part."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -1)
    at = min(len(one), len(other)) if at < 0 else at
    parts = [text[max(0, at - 20) : at + 30].decode(errors="replace") for text in (one, other)]
    return " | ".join(parts)


def own_files(folder: Path, way: str, day: str) -> None:
    """Write files of a user that go on beyond the day: spending by year, prices by month."""
    rng = random.Random(SEED)
    end, year = pd.Period(day, "M"), int(day[:4])
    months = [str(end + i) for i in range(-144, 37)]
    years = [str(year + i) for i in range(-25, 6)]
    grown = {
        "prices": [{"date": m, "value": f"{100 * 1.012**i + 9 * rng.random():.2f}"}
                   for i, m in enumerate(months)],
        "spent": [{"date": y, "value": f"{1.15**i + rng.random():.2f}", "gdp": f"{90 + 4 * i}"}
                  for i, y in enumerate(years)],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in grown.items():
        numbers = [{"name": c, "type": "number"} for c in rows[0] if c != "date"]
        if way != AS_IT_IS:
            part = {
                "name": name,
                "known": {"observed": "date"},
                "schema": {"primaryKey": ["date"], "fields": numbers},
            }
            changed = "scrambled" if way == "deleted" else way
            rows, _ = other_rows(rows, part, changed, day, by="observed", rng=rng)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def said_by_commands(
    place: Path, day: str, way: str, commands: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """What each command says of the edition in a folder, as of a day."""
    own_files(place / "own", way, day)
    for command in commands:
        words = [sys.executable, "-m", "manias.cli.main", *command.split(), "--json"]
        done = _run([*words, "--as-of", day], place)
        error = done.stderr.decode().replace(WORKING, "").encode()
        yield f"manias {command}", b"%d\n%b%b" % (done.returncode, done.stdout, error)


def said_by_functions(
    place: Path, day: str, by: str, names: Sequence[str] = ()
) -> Iterator[tuple[str, bytes]]:
    """What functions say of the edition in a folder, as of a day."""
    script = ROOT / "research" / "trust" / "ask_past.py"
    done = _run([sys.executable, str(script), day, by, *names], place)
    if done.returncode:
        yield "ask_past.py", done.stderr
    for line in done.stdout.decode().splitlines():
        name, _, text = line.partition("\t")
        yield name, ast.literal_eval(text).encode()


def _run(words: Sequence[str], place: Path) -> subprocess.CompletedProcess[bytes]:
    """Run in the folder of own files; nothing that was printed before is printed again."""
    named = {
        "MANIAS_EDITIONS": str(place),
        "MANIAS_EDITION": "tried",
        "XDG_CACHE_HOME": str(place / "cache"),
    }
    (place / "own").mkdir(exist_ok=True)
    shutil.rmtree(place / "cache", ignore_errors=True)
    return subprocess.run(
        words, cwd=place / "own", env={**os.environ, **named}, capture_output=True, check=False
    )


def compare_futures(
    days: Sequence[str],
    *,
    ways: Sequence[str] = WAYS,
    commands: Mapping[str, Sequence[str]] = COMMANDS,
    functions: Sequence[str] | None = (),
    tables: Sequence[str] | None = None,
) -> Tally:
    """Ask everything as of some days in several futures.

    Parameters
    ----------
    days : sequence of str
    ways : sequence of str
        Of `WAYS`.
    commands : mapping of str to sequence of str
        By what known means.
    functions : sequence of str or None
        Beginnings of names in `trust/ask_past.py`; all where it is empty, none where None.
    tables : sequence of str, optional
        Only these get another future, for a quick part.

    Returns
    -------
    Tally
    """
    tally = Tally()
    for day in days:
        for by, asked in commands.items():
            said: dict[str, bytes] = {}
            for way in (AS_IT_IS, *ways):
                with tempfile.TemporaryDirectory() as folder:
                    place = Path(folder)
                    edition_of(place, ROOT, way, day, by=by, seed=SEED, tables=tables)
                    told = dict(said_by_commands(place, day, way, asked))
                    if functions is not None:
                        told |= said_by_functions(place, day, by, functions)
                named = {f"{name} ({by})": what for name, what in told.items()}
                if way == AS_IT_IS:
                    said = named
                else:
                    tally.add(day, said, named, way)
    return tally


def no_hindsight() -> Finding:
    """Every answer, as of every day, in every future."""
    return found_of(compare_futures(days := drawn_days()), days)


def found_of(tally: Tally, days: Sequence[str]) -> Finding:
    """The figure of a trial."""
    figure = (
        f"{len(tally.answers)} answers as of {len(days)} days from {days[0]} to {days[-1]}, "
        f"later rows {', '.join(WAYS)}: {tally.compared:,} compared, {tally.refused:,} of them "
        f"refusals, {len(tally.differ)} differ"
    )
    wrong = [*tally.differ, *dict.fromkeys(tally.faults)]
    return Finding("; ".join([figure, *wrong[:3]]), bool(tally.compared) and not wrong)


PROMISES = (
    Promise(
        "no-hindsight",
        "No answer as of a day of the past moves by a byte with anything that came after it, "
        "and of a refusal only the day from which there are data",
        no_hindsight,
        60,
    ),
)
