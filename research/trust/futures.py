"""The same past with another future: tables in which only what came later is another.

What came later is told by each table's own rule, the ``known`` of its descriptor, read here
anew and not by the package's own function: a row is later if its period ended after the day,
or, by what was published, if its day in print (or the end of its period and the usual wait)
comes after it. A row whose day in print nobody has written down was never in print. Of a table
that was put together later every row is later, and so is every cell of a column that was.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

WAYS = ("scrambled", "deleted", "multiplied")
"""What becomes of what came later; ``as it is`` is the fourth."""
NUMBERS = ("number", "integer")


@cache
def last_day(text: str) -> pd.Timestamp:
    """Last day of a period as the tables write it.

    Parameters
    ----------
    text : str
        ``1999``, ``FY1999``, ``1999H1``, ``1999Q4``, ``1999-12``, ``1999-12-31``; of a span
        ``a/b`` the end counts.

    Returns
    -------
    pandas.Timestamp
    """
    text = text.rpartition("/")[2].strip().removeprefix("FY")
    if half := re.fullmatch(r"(\d{4})H([12])", text):
        text = f"{half[1]}Q{2 * int(half[2])}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return pd.Timestamp(text)
    return pd.Period(text).end_time.normalize()


def came_later(
    row: Mapping[str, str], clock: Mapping[str, Any], day: pd.Timestamp, by: str
) -> bool:
    """Whether a row of a table was not known by a day.

    Parameters
    ----------
    row : mapping of str to str
    clock : mapping
        The descriptor's ``known``.
    day : pandas.Timestamp
    by : {"published", "observed"}

    Returns
    -------
    bool
    """
    if "later" in clock:
        return True
    if "always" in clock:
        return False
    end = last_day(row[clock["observed"]])
    if by == "observed":
        return end > day
    if printed := row.get(clock.get("published", ""), ""):
        return last_day(printed) > day
    lag = clock.get("lag_days")
    return lag is None or end > day - pd.Timedelta(days=int(lag))


def another_future(
    root: Path,
    way: str,
    day: str,
    *,
    by: str,
    seed: int,
    tables: Sequence[str] | None = None,
) -> dict[str, int]:
    """Change what came later in a folder of tables, and seal every table that changed.

    Parameters
    ----------
    root : Path
        A copy of the tables, that may be written to.
    way : str
        One of `WAYS`.
    day : str
    by : {"published", "observed"}
    seed : int
    tables : sequence of str, optional
        Datasets that are changed; all by default.

    Returns
    -------
    dict of str to int
        Table -> rows that came later; those without any are left out.
    """
    from manias.data.validation import seal

    changed = {}
    for folder in sorted(path.parent for path in root.glob("*/datapackage.json")):
        if tables is not None and folder.name not in tables:
            continue
        descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
        moved = False
        for part in descriptor["resources"]:
            rng = random.Random(f"{seed} {folder.name} {part['name']} {way}")
            path = folder / part["path"]
            with path.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            new, late = other_rows(rows, part, way, day, by=by, rng=rng)
            if not late:
                continue
            changed[f"{folder.name}.{part['name']}"] = late
            moved = True
            with path.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(new)
        if moved:
            seal(folder)
    return changed


def other_rows(
    rows: list[dict[str, str]],
    part: Mapping[str, Any],
    way: str,
    day: str,
    *,
    by: str,
    rng: random.Random,
) -> tuple[list[dict[str, str]], int]:
    """Rows of a table with another future, and how many of them came later.

    Parameters
    ----------
    rows : list of dict
    part : mapping
        The table in its descriptor.
    way, day, by
        As those of `another_future`.
    rng : random.Random

    Returns
    -------
    rows : list of dict
    late : int
    """
    clock = part["known"]
    fields = {field["name"]: field for field in part["schema"]["fields"]}
    keys = part["schema"]["primaryKey"]
    if columns := clock.get("later_columns"):
        return _other_cells(rows, [fields[c] for c in columns], way, rng), len(rows)
    late = [came_later(row, clock, pd.Timestamp(day), by) for row in rows]
    if way == "deleted":
        kept = [row for row, is_late in zip(rows, late, strict=True) if not is_late]
        # A table without rows has no grade, and is refused by the package on any day.
        return kept or rows[-1:], sum(late)
    numbers = [f for f in fields.values() if f["type"] in NUMBERS and f["name"] not in keys]
    other = iter(
        _other_cells([r for r, x in zip(rows, late, strict=True) if x], numbers, way, rng)
    )
    return [next(other) if x else row for row, x in zip(rows, late, strict=True)], sum(late)


def _other_cells(
    rows: list[dict[str, str]], fields: list[Mapping[str, Any]], way: str, rng: random.Random
) -> list[dict[str, str]]:
    """Rows with other cells in some columns."""
    columns = {f["name"]: [row[f["name"]] for row in rows] for f in fields}
    factors = [rng.uniform(2, 10) for _ in rows]
    for field in fields:
        cells, rules = columns[field["name"]], field.get("constraints", {})
        if way == "scrambled":
            rng.shuffle(cells)
        elif way == "multiplied" and field["type"] in NUMBERS:
            cells[:] = _multiplied(cells, factors, field)
        elif way == "deleted" and not rules.get("required"):
            cells[:] = [""] * len(cells)
        elif way == "deleted":
            cells[:] = cells[:1] * len(cells)
    return [
        row | {name: cells[i] for name, cells in columns.items()} for i, row in enumerate(rows)
    ]


def _multiplied(
    cells: list[str], factors: list[float], field: Mapping[str, Any]
) -> Iterator[str]:
    """Numbers times factors, within what the descriptor permits."""
    rules = field.get("constraints", {})
    low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
    for cell, factor in zip(cells, factors, strict=True):
        if not cell:
            yield cell
            continue
        value = min(max(float(cell) * factor, low), high)
        yield str(round(value)) if field["type"] == "integer" else repr(value)


def edition_of(
    place: Path,
    shipped: Path,
    way: str,
    day: str,
    *,
    by: str,
    seed: int,
    tables: Sequence[str] | None = None,
) -> int:
    """Make an edition ``tried`` whose tables have another future.

    Parameters
    ----------
    place : Path
        Folder of editions, that is made.
    shipped : Path
        Folder with ``datasets`` and ``reports``.
    way : str
        One of `WAYS`, or "as it is".
    day, by, seed, tables
        As those of `another_future`.

    Returns
    -------
    int
        Rows that came later.
    """
    edition = place / "tried"
    shutil.copytree(shipped / "datasets", edition / "datasets")
    # Fitted models, scores and frozen forecasts were all made later than any of the days.
    for part in ("models", "gauges", "forecasts"):
        kept = edition / "reports" / part
        kept.mkdir(parents=True)
        if way != "deleted":
            shutil.copytree(shipped / "reports" / part, kept, dirs_exist_ok=True)
    note = {"made": "2026-11-29", "how": "refreshed", "base": "shipped", "revision": ""}
    (edition / "edition.json").write_text(json.dumps(note), encoding="utf-8")
    if way == "as it is":
        return 0
    root = edition / "datasets"
    return sum(another_future(root, way, day, by=by, seed=seed, tables=tables).values())
