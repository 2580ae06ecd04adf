"""Read a table that a user brings, say how it was understood, and refuse what is ambiguous."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import as_typed, user_day
from manias.data.cutting import SHOWN, Table, cut, few, heading_key, pick_rows
from manias.data.grid import SEPARATORS, frame_grid, read_grid
from manias.data.labels import (
    Cell,
    Column,
    DayOrder,
    LabelError,
    is_marked,
    mixture,
    place_days,
    read_labels,
    readings,
)
from manias.data.numbers import Mark, is_missing, looks_numeric, marks, to_number, written
from manias.errors import InputError

Frequency = Literal["A", "Q", "M"]

BESIDE = ("revenue", "gdp", "market")
"""Columns that may stand beside the values, of the same periods."""
WORDS = {"A": "years", "Q": "quarters", "M": "months", "W": "weeks", "D": "days"}
ROW_NAMES = frozenset(
    [
        "id",
        "n",
        "no",
        "nr",
        "num",
        "row",
        "rowid",
        "rownum",
        "row_number",
        "obs",
        "#",
        "index",
        "unnamed:_0",
    ]
)
"""Headings under which whole numbers that count up are no series."""


@checked
@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series of a user.

    Attributes
    ----------
    name : str
        Name of the file without its ending.
    values : pandas.Series
        Numbers by calendar period (frequency Y, Q or M), ascending.
    unit : str
        As the file or the user gives it; "as given" where neither does.
    beside : mapping of str to pandas.Series
        The columns `BESIDE` that the file has, same index; NaN where a
        cell is blank.
    places : mapping of str to pandas.Series
        By column, ``value`` included: file, row and column of each number, same index.
    onset : pandas.Period or None
        When its boom began, where the user says so.
    """

    name: str
    values: pd.Series
    unit: str
    beside: Mapping[str, pd.Series] = field(default_factory=dict)
    places: Mapping[str, pd.Series] = field(default_factory=dict)
    onset: pd.Period | None = None

    @checked
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
        places = {name: column.reindex(values.index) for name, column in self.places.items()}
        return replace(self, values=values, beside=beside, places=places)

    def positive(self) -> "Series":
        """Refuse a value, or one of a column beside it, that is not above nought.

        Returns
        -------
        Series
            Itself.

        Raises
        ------
        InputError
            Which names file, row, column and value.

        Examples
        --------
        >>> years = pd.period_range("2000", "2001", freq="Y")
        >>> Series("mine", pd.Series([1.0, 0.0], years), "miles").positive()
        Traceback (most recent call last):
        manias.errors.InputError: mine, 2001: 0; expected more than 0
        """
        for name, column in {"value": self.values, **self.beside}.items():
            for period, value in column[column <= 0].items():
                where = f"{self.name}, {period}"
                if name in self.places:
                    where = self.places[name][period]
                raise InputError(f"{where}: {value:g}; expected more than 0")
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How a table was understood.

    Attributes
    ----------
    file : str
    separator : str or None
        None for a workbook or a frame.
    decimal : {".", ","}
    date_column : str
    frequency : {"A", "Q", "M", "W", "D"}
    frame : pandas.DataFrame
        One column a series, ascending; the index holds periods for A, Q and M, days for W and
        D; NaN where a cell says that there is no value.
    order : tuple of int
        Place in ``frame`` of each row in the file's order.
    rows : tuple of int
        Row of the file of each row of ``frame``; for a wide table the column.
    is_wide : bool
        Whether periods stand in columns.
    unit : str or None
    skipped_rows : tuple of int
        Rows of the file that hold titles, notes and further headings.
    notes : tuple of str
        What was decided and left out.
    """

    file: str
    separator: str | None
    decimal: Mark
    date_column: str
    frequency: Literal["A", "Q", "M", "W", "D"]
    frame: pd.DataFrame
    order: tuple[int, ...]
    rows: tuple[int, ...]
    is_wide: bool
    unit: str | None
    skipped_rows: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of numbers."""
        return tuple(self.frame.columns)

    @property
    def n(self) -> int:
        """Rows with a number."""
        return int(self.frame.notna().any(axis=1).sum())

    @property
    def missing(self) -> int:
        """Cells, among all columns, that say that there is no value."""
        return int(self.frame.isna().to_numpy().sum())

    @property
    def first(self) -> str:
        """First period or day with a number."""
        return self._name(self.frame.index[self.frame.notna().any(axis=1)][0])

    @property
    def last(self) -> str:
        """Last period or day with a number."""
        return self._name(self.frame.index[self.frame.notna().any(axis=1)][-1])

    @property
    def name(self) -> str:
        """Name of the file without folder and ending."""
        return Path(self.file).stem if "." in Path(self.file).name else self.file

    @staticmethod
    def _name(label: pd.Period | pd.Timestamp) -> str:
        return str(label) if isinstance(label, pd.Period) else f"{label:%Y-%m-%d}"

    def where(self, column: str, label: pd.Period | pd.Timestamp) -> str:
        """File, row and column of a number.

        Parameters
        ----------
        column : str
        label : pandas.Period or pandas.Timestamp
            Of ``frame``'s index.

        Returns
        -------
        str
        """
        at = self.frame.index.get_loc(label)
        if self.is_wide:
            return f"{self.file}, {column}, column {self._name(label)}"
        return f"{self.file}, row {self.rows[at]}, column {column}"

    @property
    def line(self) -> str:
        """One line on what was read."""
        parts = []
        if self.separator is not None:
            parts.append(SEPARATORS[self.separator])
        parts.append(f"decimal {'point' if self.decimal == '.' else 'comma'}")
        what = WORDS[self.frequency] if self.n != 1 else WORDS[self.frequency][:-1]
        parts.append(f"{self.n:,} {what} {self.first} to {self.last} by {self.date_column!r}")
        shown = ", ".join(map(repr, self.columns[:SHOWN]))
        more = f" and {len(self.columns) - SHOWN} more" if len(self.columns) > SHOWN else ""
        parts.append(f"column{'s' if len(self.columns) > 1 else ''} {shown}{more}")
        parts.append(f"unit {self.unit}" if self.unit else "unit not given (--unit)")
        if self.missing:
            parts.append(f"{self.missing:,} missing")
        if self.skipped_rows:
            parts.append(_rows_word(self.skipped_rows) + " skipped")
        return f"read {self.file}: {'; '.join([', '.join(parts), *self.notes])}"

    def to_dict(self) -> dict[str, object]:
        """What ``manias read --json`` prints.

        Returns
        -------
        dict
            ``values`` in the file's order, by column; None where a cell says that there is no
            value.
        """
        ordered = self.frame.iloc[list(self.order)]
        return {
            "file": self.file,
            "separator": self.separator,
            "decimal": self.decimal,
            "date_column": self.date_column,
            "columns": list(self.columns),
            "frequency": self.frequency,
            "first": self.first,
            "last": self.last,
            "n": self.n,
            "missing": self.missing,
            "skipped_rows": list(self.skipped_rows),
            "unit": self.unit,
            "notes": list(self.notes),
            "values": {
                name: [None if np.isnan(v) else float(v) for v in ordered[name]]
                for name in self.columns
            },
        }

    def gapless(self, column: str) -> pd.Series:
        """A column for a method that needs every period, blank ends left out.

        Parameters
        ----------
        column : str

        Returns
        -------
        pandas.Series

        Raises
        ------
        InputError
            If a period between has no row or no number.
        """
        values = self.frame[column]
        first, last = values.first_valid_index(), values.last_valid_index()
        if first is None:
            raise InputError(f"{self.file}, column {column}: no number; expected some")
        values = values[first:last]
        if values.isna().any():
            at = values.index[values.isna()][0]
            raise InputError(
                f"{self.where(column, at)}: no value; expected a number in every period"
            )
        if isinstance(values.index, pd.PeriodIndex):
            whole = pd.period_range(first, last, freq=values.index.freq)
            if len(whole) != len(values):
                gap = whole.difference(values.index)[0]
                raise InputError(
                    f"{self.where(column, values.index[values.index > gap][0])}: expected "
                    f"{gap}, the period after {gap - 1}"
                )
        return values

    def series(self) -> Series:
        """The one series of the table, with the columns `BESIDE` that it has.

        Returns
        -------
        Series
            Periods without a number left out.

        Raises
        ------
        InputError
            If it holds several, or days that are not one a month, a quarter or a year.
        """
        if self.frequency in {"D", "W"}:
            raise InputError(
                f"{self.file}: {WORDS[self.frequency]}; expected one date a month, a quarter "
                f"or a year (--frequency M takes the last day of each month)"
            )
        small = {name: name.casefold() for name in self.columns}
        mine = [name for name in self.columns if small[name] not in BESIDE]
        if len(mine) > 1 and (named := [n for n in mine if small[n] == "value"]):
            mine = named
        if not mine and len(self.columns) == 1:
            mine = list(self.columns)
        if len(mine) != 1:
            raise InputError(
                f"{self.file}: columns {', '.join(mine or self.columns)}; expected one, "
                f"--column picks it"
            )
        (name,) = mine
        values = self.frame[name].dropna().rename(self.name)
        if len(values) < 2:
            raise InputError(f"{self.file}: {len(values)} number(s); expected at least 2")
        beside = {
            small[other]: self.frame[other].reindex(values.index).rename(small[other])
            for other in self.columns
            if small[other] in BESIDE and other != name
        }
        names = {"value": name, **{small[o]: o for o in self.columns if small[o] in beside}}
        places = {
            key: pd.Series([self.where(column, p) for p in values.index], values.index)
            for key, column in names.items()
        }
        return Series(self.name, values, self.unit or "as given", beside, places)


def _rows_word(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:SHOWN]))
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


@checked
def read(
    source: Path | str | pd.DataFrame | pd.Series,
    *,
    column: str | None = None,
    date_column: str | None = None,
    dates: DayOrder | None = None,
    decimal: Mark | None = None,
    frequency: Frequency | None = None,
    sheet: str | None = None,
    unit: str | None = None,
    where: str | None = None,
) -> Reading:
    """Read a table as people have it: CSV of any usual kind, a workbook, or a frame.

    Titles, notes, blank rows and columns of text, of identifiers and of row numbers are left
    out and told; what may be read in two ways is refused with the option that settles it.

    Parameters
    ----------
    source : path, pandas.DataFrame or pandas.Series
        ``-`` is standard input.
    column : str, optional
        Only this column of numbers; others are not looked at, but for `BESIDE`.
    date_column : str, optional
        Heading of the dates.
    dates : {"dmy", "mdy"}, optional
        Which of day and month stands first in ``01/02/2015``.
    decimal : {".", ","}, optional
    frequency : {"A", "Q", "M"}, optional
        Picks years, quarters or months where a file holds several; of days and weeks, M takes
        the last number of each month.
    sheet : str, optional
        Of a workbook; the first by default.
    unit : str, optional
        Of the values, where no column ``unit`` says it.
    where : str, optional
        ``COLUMN=VALUE``: only the rows with this text, where one file holds several entities.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        One line that names file, row, column, value and what was expected.

    Examples
    --------
    >>> frame = pd.DataFrame({"year": ["FY2010", "FY2011"], "GDP": ["1,325.6", "1,240.1"]})
    >>> found = read(frame, unit="USD bn")
    >>> found.frequency, found.first, found.n, found.frame["GDP"].tolist()
    ('A', '2010', 2, [1325.6, 1240.1])
    """
    if isinstance(source, pd.Series):
        source = source.to_frame(source.name if source.name is not None else "value")
    if isinstance(source, pd.DataFrame):
        grid = frame_grid(source, "frame")
    else:
        grid = read_grid(source, sheet=sheet)
    try:
        table = cut(grid, date_column)
        if where is not None:
            table = pick_rows(table, where)
        return _understand(table, column, dates, decimal, frequency, unit)
    except InputError as error:
        others = next((n for n in grid.notes if "--sheet picks another" in n), "")
        if not others:
            raise
        raise InputError(f"{error} ({others})") from None


@checked
def read_series(source: Path | str | pd.DataFrame | pd.Series, **options: str | None) -> Series:
    """Read one series: `read`, then `Reading.series`.

    Parameters
    ----------
    source : path, pandas.DataFrame or pandas.Series
    **options
        As in `read`.

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
    manias.errors.InputError: nowhere.csv: no such file; expected CSV or an .xlsx workbook
    """
    return read(source, **options).series()  # type: ignore[arg-type]


def as_read(source: "Path | str | pd.DataFrame | pd.Series | Series") -> Series:
    """A series that was read, or is read now.

    Parameters
    ----------
    source : path, pandas.DataFrame, pandas.Series or Series

    Returns
    -------
    Series

    Raises
    ------
    InputError
        As `read`.

    Examples
    --------
    >>> years = pd.period_range("2000", "2001", freq="Y")
    >>> as_read(pd.Series([1.0, -2.0], years, name="mine")).values.tolist()
    [1.0, -2.0]
    """
    return source if isinstance(source, Series) else read_series(source)


def own_series(source: "Path | str | pd.DataFrame | pd.Series | Series") -> Series:
    """A series that a lens can be asked of: read, and nothing in it at or below nought.

    Parameters
    ----------
    source : path, pandas.DataFrame, pandas.Series or Series

    Returns
    -------
    Series

    Raises
    ------
    InputError
        If it cannot be read, or a value is not above 0, which names the row.

    Examples
    --------
    >>> years = pd.period_range("2000", "2001", freq="Y")
    >>> own_series(pd.Series([1.0, 2.0], years)).unit
    'as given'
    """
    return as_read(source).positive()


def _understand(
    table: Table,
    column: str | None,
    dates: DayOrder | None,
    decimal: Mark | None,
    frequency: Frequency | None,
    unit: str | None,
) -> Reading:
    table = _without_marked_end(table)
    table, labels = _labels(table, dates, frequency)
    notes = list(labels.notes)
    given, columns = _unit(table, unit)
    _check_kinds(table)
    numeric, left = _numeric(table, columns, column)
    if column is not None:
        names = [c for c in numeric if c == column] or [
            c for c in numeric if c.casefold() == column.casefold()
        ]
        if not names:
            raise InputError(f"--column {column!r}: expected one of {', '.join(numeric)}")
        kept = [names[0], *(c for c in numeric if c.casefold() in BESIDE and c != names[0])]
        left = [] if len(kept) == len(numeric) else left
        numeric = kept
    if not numeric:
        raise InputError(
            f"{table.grid.file}: no numbers under {few(list(columns)) or 'any heading'}; "
            f"expected a column of dates and one of numbers"
        )
    if left:
        notes.append(f"left out {few(left)}")
    mark = decimal or _decimal(table, numeric)
    numbers = {name: _numbers(table, name, mark, notes) for name in numeric}
    frame = pd.DataFrame(numbers, index=pd.Index(range(len(table.labels))), dtype=float)
    index, found, order = _order(table, labels, notes)
    frame = frame.iloc[order].set_axis(index)
    rows = [table.rows[i] for i in order]
    file_order = [order.index(i) for i in range(len(order))] if order != sorted(order) else None
    places = file_order if file_order is not None else list(range(len(order)))
    if frequency is not None and frequency != found:
        if found not in {"D", "W"} or frequency != "M":
            raise InputError(
                f"--frequency {frequency}: {table.grid.file} holds {WORDS[found]}; expected "
                f"{'M (the last of each month) or none' if found in {'D', 'W'} else found}"
            )
        frame, rows, places = _month_ends(frame, rows, places)
        notes.append(f"of the {WORDS[found]} the last of each month, {rows and len(rows):,}")
        found = "M"
    if not frame.notna().to_numpy().any():
        raise InputError(f"{table.grid.file}: every number is missing; expected some")
    _tell_gaps(frame, found, notes)
    if given is None:
        _offer_unit(table, numeric, notes)
    return Reading(
        table.grid.file, table.grid.separator, mark, table.name, found, frame, tuple(places),
        tuple(rows), table.is_wide, given, table.skipped, (*table.notes, *notes),
    )  # fmt: skip


def _without_marked_end(table: Table) -> Table:
    """Leave out last periods with a mark, which most often are forecasts, and say so."""
    marked = [isinstance(c, str) and is_marked(c) for c in table.labels]
    ends = [i for i in (0, len(marked) - 1) if marked[i]]
    if not ends or all(marked):
        return table
    keep = list(range(len(marked)))
    while marked[keep[-1]]:
        keep.pop()
    if marked[0] and _is_descending(table.labels):
        while marked[keep[0]]:
            keep.pop(0)
    left = [i for i in range(len(marked)) if i not in set(keep)]
    if not left:
        return table
    cells = ", ".join(repr(str(table.labels[i])) for i in left[:SHOWN])
    note = f"{cells} left out, for the mark (take it away to have it read)"
    return replace(table.only(keep), notes=(*table.notes, note))


def _is_descending(cells: Sequence[Cell]) -> bool:
    first, last = (next(iter(readings(cells[i]).values()), None) for i in (0, -1))
    return first is not None and last is not None and bool(first > last)


def _labels(table: Table, dates, frequency) -> tuple[Table, Column]:
    try:
        return table, read_labels(table.labels, dates)
    except LabelError as error:
        kinds = mixture(table.labels)
        if kinds and frequency is None:
            words = ", ".join(WORDS[k] for k in kinds)
            raise InputError(
                f"{table.grid.file}, column {table.name}: {words} in one column; expected "
                f"--frequency {' or '.join(kinds)}"
            ) from None
        if kinds and frequency not in kinds:
            raise InputError(
                f"--frequency {frequency}: {table.grid.file} holds "
                f"{', '.join(WORDS[k] for k in kinds)}; expected {' or '.join(kinds)}"
            ) from None
        if kinds:
            chosen = table.only(kinds[frequency])
            left = sum(len(v) for k, v in kinds.items() if k != frequency)
            column = read_labels(chosen.labels, dates)
            return chosen, replace(
                column, notes=(*column.notes, f"{left} rows of other frequencies left out")
            )
        where = f"{table.grid.file}, column {table.name}"
        if error.at is not None:
            where = table.where(table.name, error.at)
        raise InputError(f"{where}: {error}") from None


def _unit(table: Table, unit: str | None) -> tuple[str | None, dict[str, tuple[Cell, ...]]]:
    columns = dict(table.columns)
    at = next((c for c in columns if heading_key(c) in {"unit", "units"}), None)
    if at is None:
        return unit, columns
    cells = [str(c).strip() if c is not None else "" for c in columns.pop(at)]
    odd = next((i for i, c in enumerate(cells) if c != cells[0]), None)
    if odd is not None:
        raise InputError(
            f"{table.where(at, odd)}: {cells[odd]!r}; expected {cells[0]!r} throughout"
        )
    if unit is not None and cells[0] and unit != cells[0]:
        raise InputError(f"--unit {unit!r}: {table.grid.file} says {cells[0]!r}")
    return unit or cells[0] or None, columns


def _numeric(
    table: Table, columns: Mapping[str, tuple[Cell, ...]], column: str | None
) -> tuple[list[str], list[str]]:
    """Columns of numbers, and those left out with the reason."""
    numeric, left, counted = [], [], []
    for name, cells in columns.items():
        known = [c for c in cells if not is_missing(c)]
        good = sum(looks_numeric(c) for c in known)
        if not known:
            left.append(f"{name} (empty)")
        elif 2 * good < len(known):
            left.append(f"{name} (text)")
        elif _counts_up(name, known):
            counted.append(name)
        else:
            numeric.append(name)
    # The only numbers of a file are never taken for its row numbers, nor are those asked for.
    asked = [n for n in counted if column is not None and n.casefold() == column.casefold()]
    kept = asked or (counted if not numeric else [])
    left += [f"{name} (row numbers)" for name in counted if name not in kept]
    return [*numeric, *kept], left


def _counts_up(name: str, cells: Sequence[Cell]) -> bool:
    key = heading_key(name)
    if not (key in ROW_NAMES or key.endswith("_id") or re.fullmatch(r"column_\d+", key)):
        return False
    numbers = [to_number(c, ".") for c in cells]
    if any(n is None or n != round(n) for n in numbers):
        return False
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return steps <= {1.0} or steps <= {-1.0} or key.endswith("id") or key in {"#", "no", "nr"}


ENTITIES = frozenset(
    [
        "entity",
        "country",
        "country_name",
        "countries",
        "name",
        "geo",
        "location",
        "region",
        "area",
        "state",
        "company",
        "ticker",
        "symbol",
        "series",
        "indicator",
        "code",
        "country_code",
        "ref_area",
        "economy",
    ]
)
"""Headings under which different texts are different series."""


def _check_kinds(table: Table) -> None:
    """Refuse rows of several entities in one column, also where their dates do not meet."""
    for name, cells in table.columns.items():
        if heading_key(name) not in ENTITIES:
            continue
        kinds = [str(c).strip() for c in cells if isinstance(c, str) and not looks_numeric(c)]
        found = list(dict.fromkeys(k for k in kinds if k))
        if (len(found) > 1 and 2 * len(kinds) > len(cells)) or (
            len(found) > 1 and None in cells
        ):
            raise InputError(
                f"{table.grid.file}: {len(found)} kinds of rows by {name} ({few(found)}); "
                f"expected --where {f'{name}={found[0]}'!r} or another"
            )


def _decimal(table: Table, names: Sequence[str]) -> Mark:
    cells = [c for name in names for c in table.columns[name]]
    found = marks(cells)
    if found.point and found.comma:
        raise InputError(
            f"{table.grid.file}: {found.point!r} has a decimal point and {found.comma!r} a "
            f"decimal comma; expected one of them, --decimal says which"
        )
    if found.point:
        return "."
    if found.comma:
        return ","
    if found.either:
        name, at = next(
            (n, i)
            for n in names
            for i, c in enumerate(table.columns[n])
            if isinstance(c, str) and c.strip() == found.either
        )
        raise InputError(
            f"{table.where(name, at)}: {found.either!r}; thousands or three decimals, and no "
            f"other number tells; expected --decimal . or --decimal ,"
        )
    return "."


def _numbers(table: Table, name: str, mark: Mark, notes: list[str]) -> list[float]:
    values, symbols, starred = [], [], 0
    cells = table.columns[name]
    for at, cell in enumerate(cells):
        if is_missing(cell):
            values.append(np.nan)
            continue
        number = to_number(cell, mark)
        if number is None:
            shown = f"{cell!r}" if isinstance(cell, str) else str(cell)
            raise InputError(
                f"{table.where(name, at)}: {shown}; expected a number{_pick(table, name)}"
            )
        form = written(cell) if isinstance(cell, str) else None
        if form is not None:
            starred += bool(form.footnote)
            symbols.append(form.symbol if number or form.symbol else None)
        elif number:
            symbols.append("")
        values.append(number)
    used = {s for s in symbols if s is not None}
    if len(used) > 1:
        shown = ", ".join(repr(s or "none") for s in sorted(used))
        raise InputError(
            f"{table.grid.file}, column {name}: signs {shown} in one column; expected one"
        )
    if coded := sorted({v for v in values if v in (-999.0, -9999.0, -99999.0)}):
        notes.append(f"{name} holds {coded[0]:g}, which may stand for no value")
    if starred:
        notes.append(f"marks left off {starred} number(s) of {name}")
    return values


def _pick(table: Table, name: str) -> str:
    return f", or another --column than {name}" if len(table.columns) > 1 else ""


def _offer_unit(table: Table, names: Sequence[str], notes: list[str]) -> None:
    for name in names:
        forms = [written(c) for c in table.columns[name] if isinstance(c, str)]
        if symbol := next((f.symbol for f in forms if f is not None and f.symbol), ""):
            words = {"%": "percent", "£": "GBP", "€": "EUR", "¥": "JPY or CNY", "$": "USD"}
            notes.append(f"{symbol!r} in {name} (--unit {words.get(symbol, symbol)!r}?)")


def _order(table: Table, labels: Column, notes: list[str]) -> tuple[pd.Index, str, list[int]]:
    values = list(labels.values)
    order = sorted(range(len(values)), key=values.__getitem__)
    for a, b in itertools.pairwise(order):
        if values[a] == values[b]:
            _refuse_twice(table, a, b)
    if order != list(range(len(values))):
        is_down = order == list(range(len(values)))[::-1]
        notes.append("newest first, sorted" if is_down else "out of order, sorted")
    ascending = [values[i] for i in order]
    if labels.kind != "D":
        freq = {"A": "Y", "Q": "Q", "M": "M"}[labels.kind]
        return pd.PeriodIndex(ascending, freq=freq), labels.kind, order
    try:
        index, frequency, note = place_days(ascending)
    except LabelError as error:
        raise InputError(f"{table.grid.file}, column {table.name}: {error}") from None
    if note:
        notes.append(note)
    return index, frequency, order


def _refuse_twice(table: Table, a: int, b: int) -> None:
    for name, cells in table.columns.items():
        texts = [str(c).strip() for c in cells if isinstance(c, str) and not looks_numeric(c)]
        kinds = list(dict.fromkeys(texts))
        if len(kinds) > 1 and cells[a] != cells[b] and len(texts) == len(cells):
            raise InputError(
                f"{table.grid.file}: {len(kinds)} kinds of rows by {name} ({few(kinds)}); "
                f"expected --where {f'{name}={kinds[0]}'!r} or another"
            )
    late = max(a, b)
    raise InputError(
        f"{table.where(table.name, late)}: {str(table.labels[late])!r} stands twice; expected "
        f"it once"
    )


def _month_ends(frame, rows, places) -> tuple[pd.DataFrame, list[int], list[int]]:
    months = frame.index.to_period("M")
    known = frame.notna().any(axis=1).to_numpy()
    keep = pd.Series(np.flatnonzero(known), months[known]).groupby(level=0).last()
    taken = frame.iloc[keep.to_numpy()].set_axis(pd.PeriodIndex(keep.index, freq="M"))
    is_down = len(places) > 1 and places[0] > places[-1]
    n = len(taken)
    return taken, [rows[i] for i in keep], list(range(n))[::-1] if is_down else list(range(n))


_PAUSE = {"D": 10, "W": 20}
"""Days between two rows above which a gap in days or weeks is told."""


def _tell_gaps(frame: pd.DataFrame, frequency: str, notes: list[str]) -> None:
    index = frame.index
    if isinstance(index, pd.PeriodIndex):
        gaps = [(str(a + 1), str(b - 1)) for a, b in itertools.pairwise(index) if (b - a).n > 1]
    else:
        gaps = [
            (f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}")
            for a, b in itertools.pairwise(index)
            if (b - a).days > _PAUSE[frequency]
        ]
    if gaps:
        shown = ", ".join(a if a == b else f"{a} to {b}" for a, b in gaps[:SHOWN])
        more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
        notes.append(f"no row for {shown}{more}")
