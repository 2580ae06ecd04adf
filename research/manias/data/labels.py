"""Labels of periods and days as people write them, read a column at a time."""

import calendar
import datetime
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd

DayOrder = Literal["dmy", "mdy"]
Cell = str | float | datetime.datetime | None
"""What stands in a cell: text of a text file, or what a workbook holds."""

LOCALES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv")
"""Languages in which a month may be named."""
YEARS = range(1600, 2101)
"""Four digits outside these are no year."""
SERIALS = range(20_000, 80_001)
"""Days since 1899-12-30 that a spreadsheet shows where a date lost its format: 1954 to 2119."""
NAMES = frozenset(
    [
        "date",
        "dates",
        "d",
        "ds",
        "when",
        "day",
        "datum",
        "jour",
        "fecha",
        "data",
        "tag",
        "time",
        "timestamp",
        "datetime",
        "period",
        "periode",
        "période",
        "period",
        "year",
        "years",
        "yr",
        "jahr",
        "annee",
        "année",
        "anno",
        "jaar",
        "fiscal_year",
        "fy",
        "calendar_year",
        "financial_year",
        "month",
        "months",
        "monat",
        "mois",
        "quarter",
        "quarters",
        "quartal",
        "trimestre",
        "qtr",
        "week",
        "observation_date",
        "time_period",
        "date_time",
        "yyyymm",
        "yyyymmdd",
        "month_end",
        "quarter_end",
        "year_end",
        "period_end",
        "year_ending",
        "quarter_ending",
        "period_ending",
        "fiscal_quarter",
    ]
)
"""Headings, in small letters and with underscores, that say that dates stand below."""

_MARKS = re.compile(r"\s*(?:[*†‡§¹²³]+|\((?:p|e|r|f|prov\.?|est\.?)\)|\[\d+\])$", re.IGNORECASE)
_TIME = (
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_QUARTERS = (
    r"(?P<y>\d{4})[-/: ]*[QKT](?P<q>[1-4])",
    r"[QKT](?P<q>[1-4])[-/ ']*(?P<y>\d{4}|\d{2})",
    r"(?P<q>[1-4])[QKT][-/ ']*(?P<y>\d{4}|\d{2})",
    r"(?P<y>\d{4})[-/: ]*(?:QTR|QUARTER)\.? ?(?P<q>[1-4])",
    r"(?:QTR|QUARTER)\.? ?(?P<q>[1-4])[,]?[-/ ]*(?P<y>\d{4})",
    r"(?P<q>[1-4])(?:ST|ND|RD|TH) (?:QTR|QUARTER),? ?(?P<y>\d{4})",
)
_MONTHS = (
    r"(?P<y>\d{4})[-/](?P<m>0?[1-9]|1[0-2])",
    r"(?P<y>\d{4})[-: ]?M(?P<m>0?[1-9]|1[0-2])",
    r"(?P<m>0?[1-9]|1[0-2])[-/.](?P<y>\d{4})",
    r"(?P<y>\d{4})(?P<m>0[1-9]|1[0-2])",
)
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED = re.compile(
    rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE
)
_FISCAL = re.compile(r"(?:FY ?)?(\d{4})(?: ?[-/] ?)?(\d{4}|\d{2})", re.IGNORECASE)
_NAMED_FISCAL = re.compile(
    r"(?:FY|FISCAL(?: YEAR)?) ?'?(\d{4}|\d{2})|(\d{4}) ?FY", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of labels that is understood.

    Attributes
    ----------
    kind : {"A", "Q", "M", "D"}
    values : tuple of pandas.Period or pandas.Timestamp
        One for each cell.
    notes : tuple of str
        What was decided and a reader should be told.
    """

    kind: Literal["A", "Q", "M", "D"]
    values: tuple[pd.Period | pd.Timestamp, ...]
    notes: tuple[str, ...] = ()


class LabelError(ValueError):
    """A label that cannot be read; ``at`` is its place in the column, or None."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at


def is_date(cell: Cell) -> bool:
    """Whether a cell alone may be the label of a period or a day.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    bool

    Examples
    --------
    >>> is_date("Q1 2010"), is_date("2010 = 100")
    (True, False)
    """
    return bool(readings(cell))


def readings(cell: Cell) -> dict[str, pd.Period | pd.Timestamp]:
    """Every way in which one cell may be read.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    dict of str to pandas.Period or pandas.Timestamp
        By kind: A, Q, M, D, ``fiscal`` (2000-01), ``FY`` (FY1985), ``dmy`` and ``mdy``
        (31/12/1999), ``serial`` (40268), ``point`` (1871.01).

    Examples
    --------
    >>> readings("2000-01")
    {'fiscal': Period('2000', 'Y-DEC'), 'M': Period('2000-01', 'M')}
    """
    if cell is None:
        return {}
    if isinstance(cell, datetime.date):
        return {"D": pd.Timestamp(cell).tz_localize(None).normalize()}
    if isinstance(cell, float):
        cell = f"{cell:.0f}" if cell == round(cell) else f"{cell:.10g}"
    return dict(_cached(cell))


@cache
def _cached(cell: str) -> Mapping[str, pd.Period | pd.Timestamp]:
    text = _plain(cell)
    if not any(c.isdigit() for c in text) or len(text) > 40:
        return {}
    found: dict[str, pd.Period | pd.Timestamp] = {}
    for kind, value in _ways(text):
        found.setdefault(kind, value)
    return found


def is_marked(cell: str) -> bool:
    """Whether a label carries a mark, such as the star of ``2025*``.

    Parameters
    ----------
    cell : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_marked("2025*"), is_marked("2025 (e)"), is_marked("2025")
    (True, True, False)
    """
    return bool(_MARKS.search(cell)) and is_date(cell)


def _plain(cell: str) -> str:
    text = " ".join(cell.replace("–", "-").replace("−", "-").split())
    return _MARKS.sub("", text)


def _ways(text: str) -> Iterator[tuple[str, pd.Period | pd.Timestamp]]:
    if re.fullmatch(r"\d{4}(?:\.0+)?", text) and int(text[:4]) in YEARS:
        yield "A", _year(int(text[:4]))
    if found := _FISCAL.fullmatch(text):
        first, second = found.groups()
        if int(first) in YEARS and int(second) == (int(first) + 1) % 10 ** len(second):
            yield "fiscal", _year(int(first))
    if found := _NAMED_FISCAL.fullmatch(text):
        year = _full(found[1] or found[2])
        if year in YEARS:
            yield "FY", _year(year)
    for pattern in _QUARTERS:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            year = _full(found["y"])
            if year in YEARS:
                yield "Q", pd.Period(f"{year}Q{found['q']}", freq="Q")
    for pattern in _MONTHS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found and int(found["y"]) in YEARS:
            yield "M", _month(int(found["y"]), int(found["m"]))
    if found := re.fullmatch(r"(\d{4})\.(\d{1,2})", text):
        # 1871.01 to 1871.12, the tenth often written 1871.1.
        month = int(found[2]) if len(found[2]) == 2 else 10 * int(found[2])
        if int(found[1]) in YEARS and 1 <= month <= 12:
            yield "point", _month(int(found[1]), month)
    if found := _ISO.fullmatch(text):
        yield from _day("D", int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        yield from _day("D", *map(int, found.groups()))
    if found := _SLASHED.fullmatch(text):
        a, mark, b, year = int(found[1]), found[2], int(found[3]), _full(found[4])
        yield from _day("dmy", year, b, a)
        if mark != ".":
            yield from _day("mdy", year, a, b)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(text[:5]) in SERIALS:
        yield "serial", from_serial(int(text[:5]))
    if any(c.isalpha() for c in text):
        yield from _with_names(text.casefold())


def _with_names(text: str) -> Iterator[tuple[str, pd.Period | pd.Timestamp]]:
    text = re.sub(rf"{_TIME}$", "", text, flags=re.IGNORECASE)
    parts = [p for p in re.split(r"[\s.,/'-]+", text) if p and p not in {"de", "del", "of"}]
    names = _month_names()
    if len(parts) > 2 and parts[0] in _weekdays():
        parts = parts[1:]
    parts = [re.sub(r"^(\d{1,2})(?:st|nd|rd|th)$", r"\1", p) for p in parts]
    months = [names.get(p) for p in parts]
    digits = [p.isdigit() for p in parts]
    if len(parts) == 2 and months[0] and digits[1] and len(parts[1]) in (2, 4):
        yield from _named_month(_full(parts[1]), months[0])
    elif len(parts) == 2 and months[1] and digits[0] and len(parts[0]) == 4:
        yield from _named_month(int(parts[0]), months[1])
    elif len(parts) == 3 and months[0] and months[1] and digits[2] and len(parts[2]) == 4:
        first, last, year = months[0], months[1], int(parts[2])
        if first % 3 == 1 and last == first + 2 and year in YEARS:
            yield "Q", pd.Period(f"{year}Q{last // 3}", freq="Q")
    elif len(parts) == 3 and digits[2] and len(parts[2]) in (2, 4):
        day, month = (parts[0], months[1]) if months[1] else (parts[1], months[0])
        if month and day.isdigit() and len(day) <= 2:
            yield from _day("D", _full(parts[2]), month, int(day))
    elif len(parts) == 3 and digits[0] and len(parts[0]) == 4 and months[1] and digits[2]:
        yield from _day("D", int(parts[0]), months[1], int(parts[2]))


def _named_month(year: int, month: int) -> Iterator[tuple[str, pd.Period]]:
    if year in YEARS:
        yield "M", _month(year, month)


def _day(kind: str, year: int, month: int, day: int) -> Iterator[tuple[str, pd.Timestamp]]:
    try:
        if year in YEARS:
            yield kind, pd.Timestamp(datetime.datetime(year, month, day))
    except ValueError:
        return


def _year(year: int) -> pd.Period:
    return pd.Period(year=year, freq="Y")


def _month(year: int, month: int) -> pd.Period:
    return pd.Period(year=year, month=month, freq="M")


def _full(digits: str) -> int:
    """Two digits name the last year that ends in them and is at most next year."""
    if len(digits) == 4:
        return int(digits)
    this = datetime.date.today().year
    year = 100 * (this // 100) + int(digits)
    return year if year <= this + 1 else year - 100


def from_serial(number: int) -> pd.Timestamp:
    """Day that a spreadsheet shows as a whole number.

    Parameters
    ----------
    number : int
        Days since 1899-12-30.

    Returns
    -------
    pandas.Timestamp

    Examples
    --------
    >>> from_serial(40268).date().isoformat()
    '2010-03-31'
    """
    return pd.Timestamp("1899-12-30") + pd.Timedelta(days=number)


@cache
def _month_names() -> Mapping[str, int]:
    from babel.dates import get_month_names

    names: dict[str, set[int]] = {}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    names.setdefault(name.casefold().rstrip("."), set()).add(number)
    names.setdefault("sept", set()).add(9)
    return {name: next(iter(found)) for name, found in names.items() if len(found) == 1}


@cache
def month_number(cell: Cell) -> int | None:
    """Month that a cell names, alone: ``Jan``, ``March``, ``M03``, ``3``.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    int or None

    Examples
    --------
    >>> month_number("Mar"), month_number("M03"), month_number("13")
    (3, 3, None)
    """
    if isinstance(cell, float):
        cell = f"{cell:g}"
    if not isinstance(cell, str):
        return None
    text = cell.strip().casefold().rstrip(".")
    if found := re.fullmatch(r"m?(0?[1-9]|1[0-2])", text):
        return int(found[1])
    return _month_names().get(text)


def quarter_number(cell: Cell) -> int | None:
    """Quarter that a cell names, alone: ``Q1``, ``Qtr 1``, ``1``.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    int or None

    Examples
    --------
    >>> quarter_number("Q3"), quarter_number("5")
    (3, None)
    """
    if isinstance(cell, float):
        cell = f"{cell:g}"
    if not isinstance(cell, str):
        return None
    found = re.fullmatch(r"(?:[QKT]|QTR\.? ?|QUARTER ?)?([1-4])", cell.strip(), re.IGNORECASE)
    return int(found[1]) if found else None


@cache
def _weekdays() -> frozenset[str]:
    names = [*calendar.day_name, *calendar.day_abbr]
    return frozenset(name.casefold() for name in names)


def read_labels(cells: Sequence[Cell], order: DayOrder | None = None) -> Column:
    """Read a column of labels, all in the one way that fits all.

    Parameters
    ----------
    cells : sequence of str or float or datetime.datetime
        n labels, none blank.
    order : {"dmy", "mdy"}, optional
        Which of day and month stands first in ``01/02/2015``.

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
    """
    ways = [readings(cell) for cell in cells]
    common = set(ways[0]).intersection(*ways)
    if not common:
        _refuse_odd(cells, ways)
    by = {kind: [way[kind] for way in ways] for kind in common}
    notes = []
    if marked := [c for c in cells if isinstance(c, str) and is_marked(c)]:
        notes.append(f"marks left off {', '.join(map(repr, marked[:3]))}")
    if any(_is_short(cell) for cell in cells):
        first, last = min(next(iter(by.values()))), max(next(iter(by.values())))
        notes.append(f"two-digit years read as {first.year} to {last.year}")
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
    if "M" in common and 2 * sum("fiscal" in way for way in ways) > len(ways) > 2:
        at = next(i for i, way in enumerate(ways) if "fiscal" not in way)
        raise LabelError(
            f"{_shown(cells[at])} among labels such as {_shown(cells[0])}, fiscal years or "
            f"months; expected one of them throughout",
            at,
        )
    for kind in ("A", "Q", "M"):
        if kind in common:
            return Column(kind, tuple(by[kind]), tuple(notes))
    if "point" in common:
        months = by["point"]
        if any((b - a).n != 1 for a, b in itertools.pairwise(months)):
            raise LabelError("expected months without a gap, or dates as YYYY-MM")
        notes.append(f"{cells[0]!r} is a month, year and month with a point between")
        return Column("M", tuple(months), tuple(notes))
    notes.append(f"{_shown(cells[0])} is a spreadsheet's number for {by['serial'][0]:%Y-%m-%d}")
    return Column("D", tuple(by["serial"]), tuple(notes))


def _is_short(cell: Cell) -> bool:
    """Whether the year of a label has two digits."""
    if not isinstance(cell, str) or not readings(cell):
        return False
    return not re.search(r"\d{4}", cell) and not re.fullmatch(r"\d{5}(?:\.\d+)?", cell.strip())


def _slashed(cells, by, order, notes) -> Column:
    if order is None and {"dmy", "mdy"} <= set(by) and by["dmy"] != by["mdy"]:
        at = next(
            (i for i, (a, b) in enumerate(zip(by["dmy"], by["mdy"], strict=True)) if a != b), 0
        )
        raise LabelError(
            f"{cells[at]!r} is {by['dmy'][at]:%Y-%m-%d} or {by['mdy'][at]:%Y-%m-%d}; expected "
            f"--dates dmy or --dates mdy",
            at,
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


_STEPS = {"W": (6, 8), "M": (27, 32), "Q": (85, 97), "A": (357, 373)}


def place_days(days: Sequence[pd.Timestamp]) -> tuple[pd.Index, str, str]:
    """Days that are one a month, a quarter or a year as periods; others as days.

    A day that ends (or, where all are the first of a month, begins) a quarter or a year stands
    for the calendar quarter or year that holds most of its days, as for the companies' own
    fiscal quarters; a day of a month stands for that month.

    Parameters
    ----------
    days : sequence of pandas.Timestamp
        n days, ascending, none twice.

    Returns
    -------
    index : pandas.PeriodIndex or pandas.DatetimeIndex
    frequency : {"A", "Q", "M", "W", "D"}
    note : str
        Empty where nothing need be told.

    Raises
    ------
    LabelError
        If they are about a quarter or a year apart and two fall into one.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-04-02", "2022-07-02", "2022-10-01"])
    >>> place_days(days)[0].astype(str).tolist()
    ['2022Q1', '2022Q2', '2022Q3']
    """
    index = pd.DatetimeIndex(days)
    steps = pd.Series(index).diff().dt.days.dropna()
    step = float(steps.median()) if len(steps) else 1.0
    frequency = next((k for k, (a, b) in _STEPS.items() if a <= step <= b), "D")
    if frequency in {"D", "W"}:
        return index, frequency, ""
    if frequency == "M":
        months = index.to_period("M")
        return (index, "D", "") if months.has_duplicates else (months, "M", "")
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
