"""Read a table that a user brings, say how it was understood, and refuse what is ambiguous."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import as_typed, user_day
from manias.data.columns import (
    BESIDE,
    check_kinds,
    decimal_mark,
    flag_note,
    note_codes,
    numbers_of,
    numeric_columns,
    offer_unit,
    refuse_twice,
    unit_of,
)
from manias.data.cutting import cut
from manias.data.forms import Cell, DayOrder, is_estimate, is_marked, readings
from manias.data.grid import SEPARATORS, Grid, frame_grid, read_grids
from manias.data.labels import (
    Column,
    Kind,
    LabelError,
    mixture,
    place_days,
    read_labels,
)
from manias.data.layout import SHOWN, NoTableError, Table, few, pick_rows
from manias.data.numbers import Mark
from manias.data.plain import Plain, read_plain
from manias.data.results import Plotted, Result
from manias.errors import InputError

Frequency = Literal["A", "Q", "M"]

WORDS = {"A": "years", "Q": "quarters", "M": "months", "W": "weeks", "D": "days"}


@checked
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Series(Plotted):
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

    _told = ("name", "unit", "n=values")

    name: str
    values: pd.Series
    unit: str
    beside: Mapping[str, pd.Series] = field(default_factory=dict)
    places: Mapping[str, pd.Series] = field(default_factory=dict)
    onset: pd.Period | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row a period.

        Returns
        -------
        pandas.DataFrame
            ``period``, ``value``, and the columns beside it.
        """
        table = pd.DataFrame({"period": self.values.index, "value": self.values.to_numpy()})
        return table.assign(**{name: c.to_numpy() for name, c in self.beside.items()})

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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reading(Result):
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

    _told = ("file", "frequency", "first", "last", "n", "columns")

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

    def to_frame(self) -> pd.DataFrame:
        """One row a period or day, in their order.

        Returns
        -------
        pandas.DataFrame
            ``period``, then a column a series.
        """
        table = self.frame.rename_axis(index="period")
        return table.reset_index() if "period" not in table else table.reset_index(drop=True)

    def _lines(self) -> tuple[str, ...]:
        return (self.line,)

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
        Picks years, quarters or months where a file holds several, or where ``2010:1`` may be
        either; of days and weeks, M takes the last number of each month.
    sheet : str, optional
        Of a workbook; the first by default, or the only one that holds a table.
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
        grid = _one_sheet(read_grids(source, sheet=sheet), sheet)
    plain = None
    if where is None and date_column is None:
        plain = read_plain(grid, dates, decimal)
    try:
        if plain is not None:
            return _from_plain(grid, plain, column, frequency, unit)
        table = cut(grid, date_column)
        if where is not None:
            table = pick_rows(table, where)
        return _understand(table, column, dates, decimal, frequency, unit)
    except InputError as error:
        others = next((n for n in grid.notes if "--sheet picks" in n), "")
        if not others:
            raise
        raise InputError(f"{error} ({others})") from None


def _one_sheet(grids: list[Grid], sheet: str | None) -> Grid:
    """The sheet to read: the one asked for, the first, or the only one that is a table."""
    grid, names = grids[0], [g.sheet for g in grids]
    if not grid.sheet:
        return grid
    note = f"sheet {grid.sheet!r}"
    if len(grids) > 1:
        note += f" of {', '.join(names)} (--sheet picks another)"
    if len(grids) > 1 and not _holds_table(grid):
        tables = [g for g in grids[1:] if _holds_table(g)]
        if len(tables) > 1:
            raise InputError(
                f"{grid.file}: no dates and numbers in sheet {grid.sheet!r}, but in "
                f"{few([g.sheet for g in tables])}; expected --sheet {tables[0].sheet!r} or "
                f"another"
            )
        if tables:
            (grid,) = tables
            note = (
                f"sheet {grid.sheet!r}, the only one of {', '.join(names)} with dates and "
                f"numbers (--sheet picks another)"
            )
    if grid.unsaved:
        raise InputError(
            f"{grid.file}, sheet {grid.sheet!r}, cell {grid.unsaved}: a formula without a "
            f"saved value; expected a workbook that was opened and saved"
        )
    return replace(grid, notes=(*grid.notes, note))


def _holds_table(grid: Grid) -> bool:
    try:
        cut(grid, None)
    except NoTableError:
        return bool(grid.unsaved)
    except InputError:
        pass
    return True


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
    given, columns = unit_of(table, unit)
    check_kinds(table)
    numeric, left = numeric_columns(table, columns, column)
    every = numeric
    if column is not None:
        kept = _asked(column, numeric)
        left = [] if len(kept) == len(numeric) else left
        numeric = kept
    if not numeric:
        raise InputError(
            f"{table.grid.file}: no numbers under {few(list(columns)) or 'any heading'}; "
            f"expected a column of dates and one of numbers"
        )
    if left:
        notes.append(f"left out {few(left)}")
    mark = decimal or decimal_mark(table, numeric, every)
    flags: Counter[str] = Counter()
    numbers = {name: numbers_of(table, name, mark, notes, flags) for name in numeric}
    if flags:
        notes.append(flag_note(flags))
    index, found, order = _order(table, labels, notes, keep=frequency == "M")
    if given is None:
        offer_unit(table, numeric, notes)
    return _reading(
        table, numbers, index, order, found, mark=mark, unit=given, frequency=frequency,
        notes=notes,
    )  # fmt: skip


def _reading(
    table: Table,
    numbers: Mapping[str, Sequence[float]],
    index: pd.Index,
    order: Sequence[int],
    found: Kind,
    *,
    mark: Mark,
    unit: str | None,
    frequency: Frequency | None,
    notes: list[str],
) -> Reading:
    """Put rows in the order of their periods, and take month ends where they are asked for."""
    at = np.asarray(order, dtype=int)
    frame = pd.DataFrame(numbers, dtype=float).iloc[at].set_axis(index)
    rows = [table.rows[i] for i in order]
    places = np.argsort(at).tolist()
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
    return Reading(
        table.grid.file, table.grid.separator, mark, table.name, found, frame, tuple(places),
        tuple(rows), table.is_wide, unit, table.skipped, (*table.notes, *notes),
    )  # fmt: skip


def _from_plain(
    grid: Grid, plain: Plain, column: str | None, frequency: Frequency | None, unit: str | None
) -> Reading:
    numbers = plain.numbers
    if column is not None:
        kept = _asked(column, list(numbers))
        numbers = {name: numbers[name] for name in kept}
    notes = [plain.note] if plain.note else []
    for name, values in numbers.items():
        note_codes(name, values, notes)
    table = Table(grid, plain.name, (), {}, grid.numbers[1:], (), notes=grid.notes)
    n, is_down = len(plain.days), plain.days[0] > plain.days[-1]
    order = list(range(n))[::-1] if is_down else list(range(n))
    index = plain.days[::-1] if is_down else plain.days
    if is_down:
        notes.append("newest first, sorted")
    return _reading(
        table, numbers, index, order, place_days(index)[1], mark=plain.mark, unit=unit,
        frequency=frequency, notes=notes,
    )  # fmt: skip


def _asked(column: str, numeric: Sequence[str]) -> list[str]:
    """The column asked for, and those that may stand beside it."""
    names = [c for c in numeric if c == column] or [
        c for c in numeric if c.casefold() == column.casefold()
    ]
    if not names:
        raise InputError(f"--column {column!r}: expected one of {', '.join(numeric)}")
    return [names[0], *(c for c in numeric if c.casefold() in BESIDE and c != names[0])]


def _without_marked_end(table: Table) -> Table:
    """Leave out last periods with a mark, which most often are forecasts, and say so."""
    marked = [is_marked(c) for c in table.labels]
    if all(is_estimate(c) for c in table.labels):
        raise InputError(
            f"{table.grid.file}, column {table.name}: {str(table.labels[0])!r} and all others "
            f"are marked as estimates; expected some that are not (take the mark away to have "
            f"them read)"
        )
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
    if first is None or last is None:
        return False
    # A day and a year, say, do not compare; what reads the labels refuses them by name.
    is_like = getattr(first, "freqstr", "D") == getattr(last, "freqstr", "D")
    return is_like and bool(first > last)


def _labels(table: Table, dates, frequency) -> tuple[Table, Column]:
    try:
        return table, read_labels(table.labels, dates, frequency)
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


def _order(
    table: Table, labels: Column, notes: list[str], *, keep: bool
) -> tuple[pd.Index, Kind, list[int]]:
    values = list(labels.values)
    order = sorted(range(len(values)), key=values.__getitem__)
    for a, b in itertools.pairwise(order):
        if values[a] == values[b]:
            refuse_twice(table, a, b)
    if order != list(range(len(values))):
        is_down = order == list(range(len(values)))[::-1]
        notes.append("newest first, sorted" if is_down else "out of order, sorted")
    ascending = [values[i] for i in order]
    if labels.kind == "W":
        return pd.DatetimeIndex(ascending), "W", order
    if labels.kind != "D":
        freq = {"A": "Y", "Q": "Q", "M": "M"}[labels.kind]
        return pd.PeriodIndex(ascending, freq=freq), labels.kind, order
    try:
        index, frequency, note = place_days(ascending, keep=keep)
    except LabelError as error:
        raise InputError(f"{table.grid.file}, column {table.name}: {error}") from None
    if note:
        notes.append(note)
    return index, frequency, order


def _month_ends(frame, rows, places) -> tuple[pd.DataFrame, list[int], list[int]]:
    months = frame.index.to_period("M")
    known = frame.notna().any(axis=1).to_numpy()
    keep = pd.Series(np.flatnonzero(known), months[known]).groupby(level=0).last()
    taken = frame.iloc[keep.to_numpy()].set_axis(pd.PeriodIndex(keep.index, freq="M"))
    is_down = len(places) > 1 and places[0] > places[-1]
    n = len(taken)
    return taken, [rows[i] for i in keep], list(range(n))[::-1] if is_down else list(range(n))


DAY = pd.Timedelta(days=1)
_PAUSE = {"D": 10, "W": 20}
"""Days between two rows above which a gap in days or weeks is told."""


def _tell_gaps(frame: pd.DataFrame, frequency: str, notes: list[str]) -> None:
    index = frame.index
    if isinstance(index, pd.PeriodIndex):
        gaps = [(str(a + 1), str(b - 1)) for a, b in itertools.pairwise(index) if (b - a).n > 1]
    else:
        wide = np.flatnonzero(np.diff(index) > pd.Timedelta(days=_PAUSE[frequency]))
        gaps = [(f"{index[i] + DAY:%Y-%m-%d}", f"{index[i + 1] - DAY:%Y-%m-%d}") for i in wide]
    if gaps:
        shown = ", ".join(a if a == b else f"{a} to {b}" for a, b in gaps[:SHOWN])
        more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
        notes.append(f"no row for {shown}{more}")
