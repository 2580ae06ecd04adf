"""Read a series that a user brings, and say exactly what is wrong with it."""

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from manias.catalog import to_period
from manias.errors import InputError

_PERIODS = {
    "Y": r"\d{4}",
    "Q": r"\d{4}Q[1-4]",
    "M": r"\d{4}-(?:0[1-9]|1[0-2])",
    "D": r"\d{4}-\d\d-\d\d",
}
_SPAN = {4: "Q", 12: "M"}


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
    """

    name: str
    values: pd.Series
    unit: str


def read_series(path: Path | str) -> Series:
    """Read a CSV file with the columns ``date``, ``value`` and optionally ``unit``.

    Parameters
    ----------
    path : path
        Dates are years (1845), quarters (1999Q4), months (1999-12) or days (the last of a
        month; each month once). Numbers use a decimal point. A period may be missing; a row
        may not.

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
    if path.is_dir():
        raise InputError(f"{path}: a folder; expected a CSV file")
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a CSV file")
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
        raise InputError(f"{path}: empty; expected the header date,value[,unit]")
    header = [cell.strip().lower() for cell in rows[0]]
    for needed in ("date", "value"):
        if header.count(needed) != 1:
            found = ",".join(rows[0])
            raise InputError(f"{path}, row 1: {found!r}; expected one column {needed!r}")
    when, what = header.index("date"), header.index("value")
    kind, periods, numbers, units = "", [], [], []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise InputError(f"{path}, row {number}: {len(row)} cells; expected {len(header)}")
        text = row[when].strip()
        match = next((k for k, p in _PERIODS.items() if re.fullmatch(p, text)), None)
        kind = kind or match or ""
        if match is None or match != kind:
            like = {"Y": "YYYY", "Q": "YYYYQn", "M": "YYYY-MM", "D": "YYYY-MM-DD"}.get(kind)
            expected = like or "YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD"
            raise InputError(
                f"{path}, row {number}, column date: {text!r}; expected {expected}"
            )
        try:
            period = pd.Period(text, freq="M") if kind == "D" else to_period(text)
            if kind == "D":
                pd.Timestamp(text)
        except ValueError:
            raise InputError(
                f"{path}, row {number}, column date: {text!r}; expected a day that exists"
            ) from None
        if periods and period <= periods[-1]:
            raise InputError(
                f"{path}, row {number}, column date: {text!r}; expected a later period than "
                f"the "
                f"row before ({periods[-1]})"
            )
        cell = row[what].strip()
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(f"{path}, row {number}, column value: {cell!r}; expected a number")
        periods.append(period)
        numbers.append(value)
        if "unit" in header:
            units.append(row[header.index("unit")].strip())
    if len(periods) < 2:
        raise InputError(f"{path}: {len(periods)} row(s) of data; expected at least 2")
    if len(set(units)) > 1:
        odd = next(i for i, unit in enumerate(units) if unit != units[0])
        raise InputError(
            f"{path}, row {odd + 2}, column unit: {units[odd]!r}; expected {units[0]!r} "
            f"throughout"
        )
    values = pd.Series(numbers, index=pd.PeriodIndex(periods), name=path.stem)
    return Series(path.stem, values, units[0] if units and units[0] else "as given")
