"""Labels of periods and days as people write them, read a column at a time."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

import pandas as pd

from manias.data.forms import (
    YEARS,
    Cell,
    DayOrder,
    from_serial,
    is_marked,
    readings,
)

Kind = Literal["A", "Q", "M", "W", "D"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of labels that is understood.

    Attributes
    ----------
    kind : {"A", "Q", "M", "W", "D"}
    values : tuple of pandas.Period or pandas.Timestamp
        One for each cell.
    notes : tuple of str
        What was decided and a reader should be told.
    """

    kind: Kind
    values: tuple[pd.Period | pd.Timestamp, ...]
    notes: tuple[str, ...] = ()


class LabelError(ValueError):
    """A label that cannot be read; ``at`` is its place in the column, or None.

    With ``is_dates`` the column holds dates all the same, which an option settles or which
    are none of ours.
    """

    def __init__(self, message: str, at: int | None = None, *, is_dates: bool = False) -> None:
        super().__init__(message)
        self.at, self.is_dates = at, is_dates


def read_labels(
    cells: Sequence[Cell], order: DayOrder | None = None, frequency: str | None = None
) -> Column:
    """Read a column of labels, all in the one way that fits all.

    Parameters
    ----------
    cells : sequence of str or float or datetime.datetime
        n labels, none blank.
    order : {"dmy", "mdy"}, optional
        Which of day and month stands first in ``01/02/2015``.
    frequency : {"A", "Q", "M"}, optional
        Whether ``2010:1`` is a quarter or a month.

    Returns
    -------
    Column

    Raises
    ------
    LabelError
        If a cell fits no way that the others do, or two ways fit all.

    Examples
    --------
    >>> read_labels(["2000-01", "2001-02", "2002-03"]).kind
    'A'
    >>> read_labels(["01/02/2015", "01/03/2015"], "dmy").values[0].date().isoformat()
    '2015-02-01'
    >>> read_labels(["2010:1", "2010:2"], frequency="Q").kind
    'Q'
    """
    ways = [readings(cell) for cell in cells]
    common = set(ways[0]).intersection(*ways)
    if not common:
        _refuse_odd(cells, ways)
    by = {kind: [way[kind] for way in ways] for kind in common}
    notes = _label_notes(cells, by)
    if {"dmy", "mdy"} & common and "D" not in common:
        return _slashed(cells, by, order, notes)
    if "D" in common:
        return Column("D", tuple(by["D"]), tuple(notes))
    # Of months that follow each other never all are of this form; of two or more, years are.
    if "fiscal" in common and ("M" not in common or len(cells) > 1):
        notes.append(f"{cells[0]!r} is a fiscal year, placed in the calendar year it begins in")
        return Column("A", tuple(by["fiscal"]), tuple(notes))
    if "FY" in common:
        notes.append(f"{cells[0]!r} is a fiscal year, placed in the year it is named for")
        return Column("A", tuple(by["FY"]), tuple(notes))
    _refuse_known(cells, common)
    if "M" in common and 2 * sum("fiscal" in way for way in ways) > len(ways) > 2:
        at = next(i for i, way in enumerate(ways) if "fiscal" not in way)
        raise LabelError(
            f"{_shown(cells[at])} among labels such as {_shown(cells[0])}, fiscal years or "
            f"months; expected one of them throughout",
            at,
        )
    if {"M", "part"} <= common:
        return _quarters_or_months(cells, by, frequency, notes)
    for kind in ("A", "Q", "M"):
        if kind in common:
            return Column(kind, tuple(by[kind]), tuple(notes))
    if "W" in common:
        notes.append(f"{_shown(cells[0])} is a week of ISO 8601, dated by its Sunday")
        return Column("W", tuple(by["W"]), tuple(notes))
    if _POINTED.keys() & common:
        return _pointed(cells, by, frequency, notes)
    notes.append(f"{_shown(cells[0])} is a spreadsheet's number for {by['serial'][0]:%Y-%m-%d}")
    return Column("D", tuple(by["serial"]), tuple(notes))


def _label_notes(cells: Sequence[Cell], by: Mapping[str, list]) -> list[str]:
    notes = []
    if marked := [c for c in cells if is_marked(c)]:
        notes.append(f"marks left off {', '.join(map(repr, marked[:3]))}")
    if any(_is_short(cell) for cell in cells):
        first, last = min(next(iter(by.values()))), max(next(iter(by.values())))
        notes.append(f"two-digit years read as {first.year} to {last.year}")
    return notes


_KNOWN = {
    "H": "a half-year; expected years, quarters or months (two halves make a year)",
    "FYQ": "a quarter of a fiscal year; expected calendar quarters, or the day on which each "
    "ends",
    "week": "a week counted from 1 January or one of ISO 8601; expected 2015-W03, or days",
}


def _refuse_known(cells: Sequence[Cell], common: set[str]) -> None:
    """Refuse what is understood and cannot be placed among calendar periods."""
    if {"A", "Q", "M"} & common:
        return
    for kind, words in _KNOWN.items():
        if kind in common:
            raise LabelError(f"{_shown(cells[0])} is {words}", 0, is_dates=True)


def _steps(periods: Sequence[pd.Period]) -> set[int]:
    return {(b - a).n for a, b in itertools.pairwise(sorted(periods))}


def _quarters_or_months(cells, by, frequency, notes) -> Column:
    """What ``2010:1`` means in a column where no number passes four."""
    is_padded = not any(re.search(r":|[-/]\d$", str(c).strip()) for c in cells)
    quarters = by["part"]
    over_years = len({q.year for q in quarters}) > 1 and len({q.quarter for q in quarters}) > 1
    # Quarters without a gap over the end of a year leave eight months out as months.
    follows = len(cells) > 4 and _steps(quarters) == {1}
    if frequency in {"Q", "M"}:
        kind = frequency
    elif is_padded and not over_years:
        kind = "M"
    elif follows and not is_padded:
        kind = "Q"
        notes = [*notes, f"{_shown(cells[0])} is a quarter, for no number passes 4"]
    else:
        raise LabelError(
            f"{_shown(cells[0])} is a quarter or a month; expected --frequency Q or "
            f"--frequency M",
            0,
            is_dates=True,
        )
    return Column(kind, tuple(by["part" if kind == "Q" else "M"]), tuple(notes))


_POINTED: dict[str, tuple[Kind, str]] = {
    "point": ("M", "a month, year and month with a point between"),
    "dotm": ("M", "a month, year and number of the month with a point between"),
    "dotq": ("Q", "a quarter, year and number of the quarter with a point between"),
    "decm": ("M", "a month, its beginning as a part of the year"),
    "decq": ("Q", "a quarter, its beginning as a part of the year"),
}


def _pointed(cells, by, frequency, notes) -> Column:
    """Years with digits after a point: the one way in which no period is left out."""
    found = {
        kind: by[kind]
        for kind, (step, _) in _POINTED.items()
        if kind in by and _steps(by[kind]) == {1} and frequency in (None, "A", step)
    }
    distinct = {(values[0].freqstr, tuple(values)): kind for kind, values in found.items()}
    if len(distinct) > 1:
        raise LabelError(
            f"{_shown(cells[0])} is a quarter or a month; expected --frequency Q or "
            f"--frequency M",
            0,
            is_dates=True,
        )
    if not found:
        raise LabelError(
            f"{_shown(cells[0])}; expected months or quarters without a gap, or dates as "
            f"YYYY-MM or YYYYQn",
            0,
        )
    kind = next(iter(distinct.values()))
    example = next((c for c in cells if "." in _shown(c)), cells[0])
    notes.append(f"{_shown(example)} is {_POINTED[kind][1]}")
    return Column(_POINTED[kind][0], tuple(by[kind]), tuple(notes))


def _is_short(cell: Cell) -> bool:
    """Whether the year of a label has two digits."""
    if not isinstance(cell, str) or re.search(r"\d{4}", cell) or not readings(cell):
        return False
    return not re.fullmatch(r"\d{5}(?:\.\d+)?", cell.strip())


def _slashed(cells, by, order, notes) -> Column:
    if order is None and {"dmy", "mdy"} <= set(by) and by["dmy"] != by["mdy"]:
        at = next(
            (i for i, (a, b) in enumerate(zip(by["dmy"], by["mdy"], strict=True)) if a != b), 0
        )
        raise LabelError(
            f"{cells[at]!r} is {by['dmy'][at]:%Y-%m-%d} or {by['mdy'][at]:%Y-%m-%d}; expected "
            f"--dates dmy or --dates mdy",
            at,
            is_dates=True,
        )
    kind = order or ("dmy" if "dmy" in by else "mdy")
    if kind not in by:
        at = next(i for i, c in enumerate(cells) if kind not in readings(c))
        raise LabelError(f"{cells[at]!r} is no day as --dates {kind} reads it", at)
    first = "day" if kind == "dmy" else "month"
    return Column("D", tuple(by[kind]), (*notes, f"in {cells[0]!r} the {first} stands first"))


def mixture(cells: Sequence[Cell]) -> dict[str, list[int]]:
    """Places of years, quarters and months where one column holds several of them.

    Parameters
    ----------
    cells : sequence of str or float or datetime.datetime

    Returns
    -------
    dict of str to list of int
        Empty where the column is no such mixture.

    Examples
    --------
    >>> mixture(["1999", "2000", "1999 Q4", "2000 Q1"])
    {'A': [0, 1], 'Q': [2, 3]}
    """
    places: dict[str, list[int]] = {}
    for i, cell in enumerate(cells):
        kinds = {"A", "Q", "M"} & set(readings(cell))
        if len(kinds) != 1:
            return {}
        places.setdefault(kinds.pop(), []).append(i)
    return places if len(places) > 1 and all(len(p) > 1 for p in places.values()) else {}


def _refuse_odd(cells: Sequence[Cell], ways: Sequence[Mapping]) -> None:
    counts: dict[str, int] = {}
    for way in ways:
        for kind in way:
            counts[kind] = counts.get(kind, 0) + 1
    usual = max(counts, key=lambda k: counts[k], default=None)
    at = next(i for i, way in enumerate(ways) if usual not in way)
    like = next((c for c, way in zip(cells, ways, strict=True) if usual in way), None)
    if like is None:
        expected = "a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31"
    else:
        expected = f"a date like {_shown(like)}"
    raise LabelError(f"{_shown(cells[at])}; expected {expected}{_hint(cells[at])}", at)


def _hint(cell: Cell) -> str:
    text = f"{cell:.0f}" if isinstance(cell, float) else str(cell).strip()
    if re.fullmatch(r"1[0-5]\d\d", text):
        return f" (years from {YEARS.start} on)"
    if re.fullmatch(r"\d{4,5}", text) and int(text) not in YEARS and int(text) > 59:
        return f" (a spreadsheet's number for {from_serial(int(text)):%Y-%m-%d}?)"
    return ""


def _shown(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else repr(str(cell))


def serial_hint(cell: Cell) -> str:
    """Words on the day that a spreadsheet would mean by a number that is no year.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    str
        Empty where it is no such number.

    Examples
    --------
    >>> serial_hint("7306")
    " (a spreadsheet's number for 1920-01-01?)"
    """
    return _hint(cell)


_STEPS: dict[Kind, tuple[int, int]] = {
    "D": (1, 5),
    "W": (6, 8),
    "M": (25, 35),
    "Q": (85, 97),
    "A": (357, 373),
}
_HALF = (178, 187)


def frequency_of(index: pd.DatetimeIndex) -> Kind | Literal[""]:
    """Letter of the step that most days keep; empty where there is none.

    Parameters
    ----------
    index : pandas.DatetimeIndex
        Ascending.

    Returns
    -------
    {"D", "W", "M", "Q", "A", ""}
        "D" for one day.

    Examples
    --------
    >>> frequency_of(pd.to_datetime(["2020-01-05", "2020-01-12", "2020-01-19"]))
    'W'
    """
    steps = pd.Series(index).diff().dt.days.dropna()
    if steps.empty:
        return "D"
    for kind, (low, high) in _STEPS.items():
        if low <= steps.median() <= high and steps.between(low, high).mean() >= 0.5:
            return kind
    return ""


def _refuse_irregular(index: pd.DatetimeIndex) -> NoReturn:
    steps = pd.Series(index).diff().dt.days.dropna()
    low, high = int(steps.min()), int(steps.max())
    apart = f"{low} days" if low == high else f"{low} to {high} days"
    if steps.between(*_HALF).mean() > 0.5:
        raise LabelError(
            f"days {apart} apart, half-years; expected one a year, a quarter or a month"
        )
    option = ", or --frequency M for the last of each month" if steps.median() <= 31 else ""
    raise LabelError(
        f"days {apart} apart, irregular; expected one a year, a quarter, a month or a week, or "
        f"each working day{option}"
    )


def place_days(
    days: Sequence[pd.Timestamp], *, keep: bool = False
) -> tuple[pd.Index, Kind, str]:
    """Days that are one a month, a quarter or a year as periods; weeks and days as days.

    A day that ends (or, where all are the first of a month, begins) a quarter or a year stands
    for the calendar quarter or year that holds most of its days, as for the companies' own
    fiscal quarters; a day of a month stands for that month.

    Parameters
    ----------
    days : sequence of pandas.Timestamp
        n days, ascending, none twice.
    keep : bool
        Leave irregular days and half-years as days, and call them ``D``.

    Returns
    -------
    index : pandas.PeriodIndex or pandas.DatetimeIndex
    frequency : {"A", "Q", "M", "W", "D"}
    note : str
        Empty where nothing need be told.

    Raises
    ------
    LabelError
        If they are about a quarter or a year apart and two fall into one, or are irregular.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-04-02", "2022-07-02", "2022-10-01"])
    >>> place_days(days)[0].astype(str).tolist()
    ['2022Q1', '2022Q2', '2022Q3']
    """
    index = pd.DatetimeIndex(days)
    frequency = frequency_of(index)
    if frequency == "M" and index.to_period("M").has_duplicates:
        frequency = ""
    if frequency == "":
        if not keep:
            _refuse_irregular(index)
        return index, "D", ""
    if frequency in {"D", "W"}:
        return index, frequency, ""
    if frequency == "M":
        return index.to_period("M"), "M", ""
    begins = bool((index.day == 1).all())
    half = pd.Timedelta(days=45 if frequency == "Q" else 182)
    middle = index + half if begins else index - half
    periods = middle.to_period("Q" if frequency == "Q" else "Y")
    word = "quarter" if frequency == "Q" else "year"
    if periods.has_duplicates:
        raise LabelError(
            f"two of the days fall into one {word}; expected the first or the last days of "
            f"{word}s, or {word}s by name, such as {'2010Q1' if word == 'quarter' else '2010'}"
        )
    plain = periods.start_time if begins else periods.end_time.normalize()
    if (plain == index).all():
        return periods, frequency, ""
    side = "begin" if begins else "end"
    return (
        periods,
        frequency,
        f"days that {side} {word}s, each placed in the calendar {word} that holds most of it",
    )
