"""Long files of plain days and plain numbers, read a column at a time."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from manias.data.columns import ENTITIES, ROW_NAMES
from manias.data.forms import NAMES, YEARS, Cell, DayOrder, is_date
from manias.data.grid import Grid
from manias.data.labels import frequency_of
from manias.data.layout import PART_HEADINGS, heading_key
from manias.data.numbers import Mark, looks_numeric

LONG = 3_000
"""Rows from which on a file is first tried as a plain one; the answer is the same."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLASHED = re.compile(r"\d{2}([/.])\d{2}\1\d{4}", re.ASCII)
_NUMBERS = re.compile(r"(?:-?\d+(?:[.,]\d+)?\n+|\n+)*", re.ASCII)
_OTHER = (
    ROW_NAMES
    | ENTITIES
    | PART_HEADINGS["M"]
    | PART_HEADINGS["Q"]
    | {"unit", "units", "day", "title"}
)


@dataclass(frozen=True, slots=True)
class Plain:
    """What a plain file holds, in its own order.

    Attributes
    ----------
    name : str
        Heading of the days.
    days : pandas.DatetimeIndex
        Ascending or descending, none twice.
    numbers : dict of str to list of float
    mark : {".", ","}
    note : str
        On days such as 31/12/1999; empty for others.
    """

    name: str
    days: pd.DatetimeIndex
    numbers: dict[str, list[float]]
    mark: Mark
    note: str


def read_plain(grid: Grid, order: DayOrder | None, decimal: Mark | None) -> Plain | None:
    """Days and numbers of a long file with one header; None where anything is not plain.

    Parameters
    ----------
    grid : Grid
    order : {"dmy", "mdy"} or None
    decimal : {".", ","} or None

    Returns
    -------
    Plain or None

    Examples
    --------
    >>> read_plain(Grid("mine", (("date", "v"), ("2010-01-04", "5")), (1, 2), ","), None, None)
    """
    if len(grid.rows) < LONG or grid.separator is None:
        return None
    head = [" ".join(str(c).split()) if c is not None else "" for c in grid.rows[0]]
    keys = [heading_key(c) for c in head]
    dated = [j for j, key in enumerate(keys) if key in NAMES]
    is_plain = all(head) and len(set(keys)) == len(keys) > 1 and len(dated) == 1
    if not is_plain or any(_is_other(c, k) for c, k in zip(head, keys, strict=True)):
        return None
    columns = list(zip(*grid.rows[1:], strict=True))
    at = dated[0]
    found = _days(columns[at], order)
    if found is None:
        return None
    days, note = found
    ascending = days if days[0] < days[-1] else days[::-1]
    if not (ascending.is_monotonic_increasing and ascending.is_unique):
        return None
    if frequency_of(ascending) not in {"D", "W"}:
        return None
    cells = {name: columns[j] for j, name in enumerate(head) if j != at}
    mark = _mark(cells.values(), decimal)
    if mark is None:
        return None
    numbers = {name: _floats(column, mark) for name, column in cells.items()}
    if any(all(c is None for c in column) for column in cells.values()):
        return None
    return Plain(head[at], days, numbers, mark, note)


def _is_other(name: str, key: str) -> bool:
    """Whether a heading asks for more than plain reading."""
    return (
        key in _OTHER
        or key.endswith("id")
        or key.startswith("column_")
        or "date" in key.split("_")[1:]
        or is_date(name)
        or looks_numeric(name)
    )


def _days(cells: Sequence[Cell], order: DayOrder | None) -> tuple[pd.DatetimeIndex, str] | None:
    if not all(isinstance(c, str) for c in cells):
        return None
    note, form = "", "%Y-%m-%d"
    first = str(cells[0])
    if not _ISO.fullmatch(first):
        found = _SLASHED.fullmatch(first)
        if found is None or not all(map(_SLASHED.fullmatch, cells)):  # type: ignore[arg-type]
            return None
        kind = _order(cells, found[1], order)  # type: ignore[arg-type]
        if kind is None:
            return None
        form = found[1].join(("%d", "%m", "%Y") if kind == "dmy" else ("%m", "%d", "%Y"))
        note = f"in {first!r} the {'day' if kind == 'dmy' else 'month'} stands first"
    elif not all(map(_ISO.fullmatch, cells)):  # type: ignore[arg-type]
        return None
    try:
        days = pd.DatetimeIndex(pd.to_datetime(list(cells), format=form))
    except ValueError:
        return None
    return (days, note) if set(days.year) <= set(YEARS) else None


def _order(cells: Sequence[str], mark: str, order: DayOrder | None) -> DayOrder | None:
    """The one order in which all cells are days; None where both are, or none."""
    most = [max(int(c[at : at + 2]) for c in cells) for at in (0, 3)]
    fits: list[DayOrder] = []
    if most[1] <= 12:
        fits.append("dmy")
    if most[0] <= 12 and mark != ".":
        fits.append("mdy")
    if order is not None:
        return order if order in fits else None
    return fits[0] if len(fits) == 1 else None


def _mark(columns: Iterable[Sequence[Cell]], decimal: Mark | None) -> Mark | None:
    """The decimal mark of all numbers where they leave no doubt."""
    known = [c for column in columns for c in (*column, "") if c is not None]
    text = "\n".join(map(str, known))
    if not _NUMBERS.fullmatch(text):
        return None
    used: list[Mark] = [mark for mark in (".", ",") if mark in text]  # type: ignore[misc]
    if not used:
        return decimal or "."
    if len(used) > 1 or decimal not in (None, used[0]):
        return None
    (mark,) = used
    # Three digits after the only mark may be thousands.
    is_sure = decimal is not None or any(
        mark in c and c[-4:-3] != mark for c in map(str, known)
    )
    return mark if is_sure else None


def _floats(cells: Sequence[Cell], mark: Mark) -> list[float]:
    texts = (None if c is None else str(c) for c in cells)
    if mark == ",":
        texts = (None if c is None else c.replace(",", ".") for c in texts)
    return [math.nan if c is None else float(c) for c in texts]
