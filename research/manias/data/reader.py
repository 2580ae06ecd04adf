"""Read a series that a user brings, and say exactly what is wrong with it."""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from manias.data.calendar import as_typed, user_day
from manias.errors import InputError

_PERIODS = {
    "Y": r"\d{4}",
    "Q": r"\d{4}Q[1-4]",
    "M": r"\d{4}-(?:0[1-9]|1[0-2])",
    "D": r"\d{4}-\d\d-\d\d",
}
_STEPS = {"M": (28, 31), "Q": (88, 93), "Y": (360, 370)}

BESIDE = ("revenue", "gdp", "market")
"""Columns that may stand beside ``value``, of the same periods."""
LARGEST = 100_000_000
"""Bytes above which a file is refused before it is read."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series from a file.

    Attributes
    ----------
    name : str
        Name of the file without its ending.
    values : pandas.Series
        Numbers by calendar period (frequency Y, Q or M), ascending.
    unit : str
        As the file gives it; "as given" where it gives none.
    beside : mapping of str to pandas.Series
        The columns `BESIDE` that the file has, same index; NaN where a
        cell is blank.
    """

    name: str
    values: pd.Series
    unit: str
    beside: Mapping[str, pd.Series] = field(default_factory=dict)

    def as_of(self, date: str | pd.Period | pd.Timestamp) -> "Series":
        """Cut every period that had not ended on a date.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp

        Returns
        -------
        Series

        Raises
        ------
        InputError
            If no period is left.

        Examples
        --------
        >>> years = pd.period_range("1843", "1847", freq="Y")
        >>> len(Series("mine", pd.Series(1.0, years), "miles").as_of("1845").values)
        3
        """
        values = self.values[self.values.index.end_time.normalize() <= user_day(date)]
        if values.empty:
            raise InputError(f"{self.name}: nothing on record by {as_typed(date)}")
        beside = {name: column.reindex(values.index) for name, column in self.beside.items()}
        return replace(self, values=values, beside=beside)


def read_series(path: Path | str) -> Series:
    """Read a CSV file with the columns ``date``, ``value`` and optionally others.

    Parameters
    ----------
    path : path
        Dates are years (1845), quarters (1999Q4), months (1999-12) or days that are one a
        month, a quarter or a year. Numbers use a decimal point. A period may be missing; a row
        may not. ``unit`` may follow, and ``revenue`` and ``gdp`` of the same periods, or
        ``market``, levels of a market index beside those of another.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        One line that names file, row, column, value and what was expected.

    Examples
    --------
    >>> read_series("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected a CSV file
    """
    path = Path(path)
    rows = _rows(path, "the header date,value[,unit]")
    header = [cell.strip().lower() for cell in rows[0]]
    for needed in ("date", "value"):
        if header.count(needed) != 1:
            found = ",".join(rows[0])
            raise InputError(f"{path}, row 1: {found!r}; expected one column {needed!r}")
    body = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(c.strip() for c in row)]
    for number, row in body:
        if len(row) != len(header):
            raise InputError(f"{path}, row {number}: {len(row)} cells; expected {len(header)}")
    if len(body) < 2:
        raise InputError(f"{path}: {len(body)} row(s) of data; expected at least 2")
    when, what = header.index("date"), header.index("value")
    index = _dates(path, "date", [(n, row[when].strip()) for n, row in body], may_gap=True)
    if not isinstance(index, pd.PeriodIndex):
        raise InputError(f"{path}: days; expected one date a month, a quarter or a year")
    numbers = [_number(path, n, "value", row[what].strip()) for n, row in body]
    units = [row[header.index("unit")].strip() for _, row in body] if "unit" in header else []
    if odd := next((i for i, unit in enumerate(units) if unit != units[0]), 0):
        raise InputError(
            f"{path}, row {body[odd][0]}, column unit: {units[odd]!r}; expected {units[0]!r} "
            f"throughout"
        )
    values = pd.Series(numbers, index=index, name=path.stem)
    beside = {}
    for name in BESIDE:
        if name in header:
            at = header.index(name)
            cells = [
                _number(path, n, name, row[at].strip()) if row[at].strip() else math.nan
                for n, row in body
            ]
            beside[name] = pd.Series(cells, index=index, name=name, dtype=float)
    return Series(path.stem, values, units[0] if units and units[0] else "as given", beside)


def read_columns(path: Path | str) -> pd.DataFrame:
    """Read a CSV file with one column of dates and one or more of numbers.

    Parameters
    ----------
    path : path
        Header names are free: the first column whose first cell is a date holds the dates,
        all others must hold numbers. Dates are years, quarters, months or days.

    Returns
    -------
    pandas.DataFrame
        One column a series. The index is a PeriodIndex without gaps for years, quarters and
        months, and for days that are one a month, a quarter or a year; else the days.

    Raises
    ------
    InputError
        One line that names file, row, column, value and what was expected.

    Examples
    --------
    >>> read_columns("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected a CSV file
    """
    path = Path(path)
    header, *rows = _rows(path, "a header and rows")
    rows = [(n, row) for n, row in enumerate(rows, start=2) if any(c.strip() for c in row)]
    if not rows:
        raise InputError(f"{path}: a header without rows; expected at least 2 rows")
    for number, row in rows:
        if len(row) != len(header):
            raise InputError(f"{path}, row {number}: {len(row)} cells; expected {len(header)}")
    names = [name.strip() or f"column {i + 1}" for i, name in enumerate(header)]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise InputError(f"{path}, row 1: column {twice!r} stands twice; expected it once")
    first = [cell.strip() for cell in rows[0][1]]
    when = next((i for i, cell in enumerate(first) if _kind(cell)), None)
    if when is None:
        raise InputError(
            f"{path}, row {rows[0][0]}: {first[0]!r}; expected a date, YYYY, YYYYQn, YYYY-MM "
            f"or "
            f"YYYY-MM-DD, in some column"
        )
    if len(names) < 2:
        raise InputError(f"{path}: one column; expected a column of dates and one of numbers")
    index = _dates(path, names[when], [(n, row[when].strip()) for n, row in rows])
    table = {
        name: [_number(path, n, name, row[i].strip()) for n, row in rows]
        for i, name in enumerate(names)
        if i != when
    }
    return pd.DataFrame(table, index=index, dtype=float)


def _rows(path: Path, expected: str) -> list[list[str]]:
    if path.is_dir():
        raise InputError(f"{path}: a folder; expected a CSV file")
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a CSV file")
    if (size := path.stat().st_size) > LARGEST:
        raise InputError(f"{path}: {size:,} bytes; expected at most {LARGEST:,}")
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.reader(lines))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is not UTF-8; expected UTF-8 text"
        ) from None
    except (OSError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read ({error}); expected a CSV file") from None
    if not rows:
        raise InputError(f"{path}: empty; expected {expected}")
    return rows


def _kind(text: str) -> str | None:
    return next((k for k, p in _PERIODS.items() if re.fullmatch(p, text)), None)


def _number(path: Path, row: int, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{path}, row {row}, column {column}: {text!r}; expected a number")
    return value


def _dates(
    path: Path, column: str, cells: list[tuple[int, str]], *, may_gap: bool = False
) -> pd.Index:
    kind = _kind(cells[0][1]) or ""
    likes = {"Y": "YYYY", "Q": "YYYYQn", "M": "YYYY-MM", "D": "YYYY-MM-DD"}
    like = likes.get(kind, "YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD")
    found: list = []
    for row, text in cells:
        where = f"{path}, row {row}, column {column}: {text!r}"
        if not kind or _kind(text) != kind:
            raise InputError(f"{where}; expected {like}")
        try:
            date = pd.Timestamp(text) if kind == "D" else pd.Period(text, freq=kind)
        except ValueError:
            raise InputError(f"{where}; expected a day that exists") from None
        if found and date <= found[-1]:
            raise InputError(f"{where}; expected a later date than the row before")
        found.append(date)
    if kind == "D":
        days = pd.DatetimeIndex(found)
        step = float(pd.Series(days).diff().dt.days.median()) if len(days) > 1 else 1.0
        kind = next((k for k, (a, b) in _STEPS.items() if a <= step <= b), "")
        if not kind or days.to_period(kind).has_duplicates:
            return days
        found = list(days.to_period(kind))
    index = pd.PeriodIndex(found, freq=kind)
    for (row, text), before, date in zip(cells[1:], index[:-1], index[1:], strict=True):
        if not may_gap and (date - before).n > 1:
            raise InputError(
                f"{path}, row {row}, column {column}: {text!r}; expected {before + 1}, the "
                f"period after {before}"
            )
    return index
