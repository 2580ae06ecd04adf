"""How one cell may be read as the label of a period or a day, in every way that people use."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

import pandas as pd

DayOrder = Literal["dmy", "mdy"]
Cell = str | float | datetime.datetime | None
"""What stands in a cell: text of a text file, or what a workbook holds."""
Label: TypeAlias = Any
"""A pandas.Period or a pandas.Timestamp."""

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

_ESTIMATE = r"(?<=\d) ?(?:[EF]|est\.?)"
_MARKS = re.compile(
    rf"(?:\s*(?:[*†‡§¹²³]+|\((?:p|e|r|f|prov\.?|est\.?)\)|\[\d+\])|{_ESTIMATE}|(?<=\d) ?[PR])$",
    re.IGNORECASE,
)
_FORECAST = re.compile(rf"(?:{_ESTIMATE}|\s*\((?:e|f|est\.?)\))$", re.IGNORECASE)
_TWICE = re.compile(r"(.+?)\s*\[(?:YR)?(.+)\]")
_TIME = (
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_Y2 = r"(?P<y>\d{4}|\d{2})"


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE) for text in texts)


_QUARTERS = _patterns(
    r"(?P<y>\d{4})[-/: ]*[QKT]0?(?P<n>[1-4])",
    rf"[QKT](?P<n>[1-4])[-/ ']*{_Y2}",
    rf"(?P<n>[1-4])[QKT][-/ ']*{_Y2}",
    r"(?P<y>\d{4})[-/: ]*(?P<n>[1-4])[QT]",
    r"(?P<y>\d{2})Q(?P<n>[1-4])",
    r"(?P<n>[1-4])\. ?(?:QUARTAL|KWARTAAL|KVARTAL),? ?(?P<y>\d{4})",
    r"(?P<y>\d{4})[-/: ]*(?:QTR|QUARTER)\.? ?(?P<n>[1-4])",
    r"(?:QTR|QUARTER)\.? ?(?P<n>[1-4])[,]?[-/ ]*(?P<y>\d{4})",
    r"(?P<n>[1-4])(?:ST|ND|RD|TH) (?:QTR|QUARTER),? ?(?P<y>\d{4})",
)
_HALVES = _patterns(
    r"(?P<y>\d{4})[-/: ]*[HSB](?P<n>[12])",
    rf"[HS](?P<n>[12])[-/ ']*(?:FY ?)?{_Y2}",
    rf"(?P<n>[12])[HS][-/ ']*(?:FY ?)?{_Y2}",
    rf"FY ?{_Y2}[-/ ]*H(?P<n>[12])",
)
_OF_FISCAL = _patterns(
    rf"FY ?'?{_Y2}(?:[-/]\d{{2}})?[-/ ]*Q(?P<n>[1-4])",
    rf"F?Q(?P<n>[1-4])[-/ ]*FY ?'?{_Y2}(?:[-/]\d{{2}})?",
    rf"(?P<n>[1-4])Q[-/ ]*FY ?'?{_Y2}(?:[-/]\d{{2}})?",
    rf"FQ(?P<n>[1-4])[-/ ]*{_Y2}",
)
_MONTHS = _patterns(
    r"(?P<y>\d{4})[-/:](?P<n>0?[1-9]|1[0-2])",
    r"(?P<y>\d{4})[-: ]?M(?P<n>0?[1-9]|1[0-2])",
    r"(?P<n>0?[1-9]|1[0-2])[-/.](?P<y>\d{4})",
    r"(?P<y>\d{4})(?P<n>0[1-9]|1[0-2])",
)
_WEEKS = (
    re.compile(r"(?P<y>\d{4})(?:-?W|-w| W)(?P<n>\d{1,2})"),
    re.compile(r"W(?P<n>\d{1,2})[- ](?P<y>\d{4})"),
)
_STATA_WEEK = re.compile(r"\d{4}w\d{1,2}")
_YEAR = re.compile(r"\d{4}(?:\.0+)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_WEEKDAY = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])")
_PART = re.compile(r"(\d{4})(?:[-/:]0?|0)([1-4])")
_POINT = re.compile(r"(\d{4})\.(\d+)")
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED = re.compile(
    rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE
)
_FISCAL = re.compile(r"(?:FY ?)?(\d{4})(?: ?[-/] ?)?(\d{4}|\d{2})", re.IGNORECASE)
_SHORT_FISCAL = re.compile(r"FY ?'?(\d{2}) ?[-/] ?'?(\d{2})", re.IGNORECASE)
_NAMED_FISCAL = re.compile(
    r"(?:FY|FISCAL(?: YEAR)?) ?'?(\d{4}|\d{2})|(\d{4}) ?FY", re.IGNORECASE
)
_EAST = re.compile(
    r"(\d{4})[年년](?:(?:第?([1-4一二三四])(?:季度|四半期|季|분기))|(?:(\d{1,2})[月월](?:(\d{1,2})[日일])?)"
    r"|([上下])半年)?"
)
_NO_LABEL = re.compile(
    r"[+-]?\d{0,3}(?:[.,]\d{0,3})?|[+-]?(?:\d{4}|\d{6,})[.,]\d{1,2}|\d{7}|\d{9,}"
)
_STUCK = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])(?!(?:st|nd|rd|th)\b)")


def _ascii_digits() -> dict[int, str]:
    """Digits of every script, and the marks that go with them, as the plain ones."""
    wide = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
    digits = {
        i: str(unicodedata.decimal(chr(i)))
        for i in range(0x600, 0x1E960)
        if unicodedata.category(chr(i)) == "Nd"
    }
    return {**wide, **digits, ord("٫"): ".", ord("٬"): ",", ord("٪"): "%", 0x2212: "-"}


_DIGITS: dict[int, str] = {}


def plain_digits(text: str) -> str:
    """Text with the digits of every script as 0 to 9.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain_digits("٢٠١٠"), plain_digits("１．５")
    ('2010', '1.5')
    """
    if text.isascii():
        return text
    if not _DIGITS:
        _DIGITS.update(_ascii_digits())
    return text.translate(_DIGITS)


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


def readings(cell: Cell) -> Mapping[str, Label]:
    """Every way in which one cell may be read.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    mapping of str to pandas.Period or pandas.Timestamp
        By kind: A, Q, M, D, W (2015-W03, its Sunday), H (1985H1), ``fiscal`` (2000-01), ``FY``
        (FY1985), ``FYQ`` (FY2010 Q1), ``dmy`` and ``mdy`` (31/12/1999), ``serial`` (40268),
        ``part`` (2010:1 as a quarter), ``week`` (2015w3), and with a point between ``point``
        (1871.01, the first month), ``dotq`` and ``dotm`` (2010.1, the first quarter or month),
        ``decq`` and ``decm`` (2010.25, parts of a year).

    Examples
    --------
    >>> readings("2000-01")["fiscal"], readings("2000-01")["M"]
    (Period('2000', 'Y-DEC'), Period('2000-01', 'M'))
    """
    if cell is None:
        return {}
    if isinstance(cell, datetime.date):
        return {"D": pd.Timestamp(cell).tz_localize(None).normalize()}
    if isinstance(cell, float):
        cell = f"{cell:.0f}" if cell == round(cell) else f"{cell:.10g}"
    return _cached(cell)


@lru_cache(maxsize=1 << 19)
def _cached(cell: str) -> Mapping[str, Label]:
    if len(cell) == 10 and cell[4] == cell[7] == "-":
        try:
            day = datetime.datetime(int(cell[:4]), int(cell[5:7]), int(cell[8:]))
            return {"D": pd.Timestamp(day)} if day.year in YEARS else {}
        except ValueError:
            pass
    if _NO_LABEL.fullmatch(cell) and not _POINT.fullmatch(cell):
        return {}
    text = _plain(cell)
    if not any(c.isdigit() for c in text) or len(text) > 40:
        return {}
    found: dict[str, Label] = {}
    for kind, value in _ways(text):
        found.setdefault(kind, value)
    return found


def is_marked(cell: Cell) -> bool:
    """Whether a label carries a mark, such as the star of ``2025*``.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    bool

    Examples
    --------
    >>> is_marked("2025*"), is_marked("FY25E"), is_marked("2025")
    (True, True, False)
    """
    if not isinstance(cell, str) or cell[-1:].isdigit():
        return False
    return bool(_MARKS.search(cell)) and is_date(cell)


def is_estimate(cell: Cell) -> bool:
    """Whether a label says that its numbers are estimates or forecasts, as ``2025E`` does.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    bool

    Examples
    --------
    >>> is_estimate("2025E"), is_estimate("2025A")
    (True, False)
    """
    return is_marked(cell) and bool(_FORECAST.search(str(cell).strip()))


def _plain(cell: str) -> str:
    text = " ".join(plain_digits(cell).replace("–", "-").split())
    text = _MARKS.sub("", text)
    text = re.sub(r"(?<=\d) ?A$", "", text)
    # The World Bank writes a period twice: 2000 [YR2000].
    if (found := _TWICE.fullmatch(text)) and found[1] == found[2]:
        text = found[1]
    if found := _EAST.fullmatch(text.replace(" ", "")):
        year, quarter, month, day, half = found.groups()
        if day:
            return f"{year}-{int(month):02d}-{int(day):02d}"
        if quarter:
            quarter = quarter.translate({ord(c): str(i) for i, c in enumerate("一二三四", 1)})
        part = f"Q{quarter}" if quarter else f"M{month}" if month else ""
        return year + (part or ("H1" if half == "上" else "H2" if half else ""))
    return text


def _ways(text: str) -> Iterator[tuple[str, Label]]:
    if _YEAR.fullmatch(text) and int(text[:4]) in YEARS:
        yield "A", _year(int(text[:4]))
    yield from _fiscal_ways(text)
    for kind, patterns in (("Q", _QUARTERS), ("H", _HALVES), ("FYQ", _OF_FISCAL)):
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                year, n = _full(found["y"]), int(found["n"])
                if year in YEARS:
                    yield kind, _quarter(year, 2 * n - 1 if kind == "H" else n)
    for pattern in _MONTHS:
        found = pattern.fullmatch(text)
        if found and int(found["y"]) in YEARS:
            yield "M", _month(int(found["y"]), int(found["n"]))
    if (found := _PART.fullmatch(text)) and int(found[1]) in YEARS:
        yield "part", _quarter(int(found[1]), int(found[2]))
    yield from _points(text)
    yield from _weeks(text)
    if found := _ISO.fullmatch(text):
        yield from _day("D", int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        yield from _day("D", *map(int, found.groups()))
    if found := _SLASHED.fullmatch(text):
        a, mark, b, year = int(found[1]), found[2], int(found[3]), _full(found[4])
        yield from _day("dmy", year, b, a)
        if mark != ".":
            yield from _day("mdy", year, a, b)
    if _SERIAL.fullmatch(text) and int(text[:5]) in SERIALS:
        yield "serial", from_serial(int(text[:5]))
    if any(c.isalpha() for c in text):
        yield from _with_names(text.casefold())


def _fiscal_ways(text: str) -> Iterator[tuple[str, pd.Period]]:
    if found := _FISCAL.fullmatch(text):
        first, second = found.groups()
        if int(first) in YEARS and int(second) == (int(first) + 1) % 10 ** len(second):
            yield "fiscal", _year(int(first))
    if found := _SHORT_FISCAL.fullmatch(text):
        year = _full(found[1])
        if year in YEARS and int(found[2]) == (year + 1) % 100:
            yield "fiscal", _year(year)
    if found := _NAMED_FISCAL.fullmatch(text):
        year = _full(found[1] or found[2])
        if year in YEARS:
            yield "FY", _year(year)


def _points(text: str) -> Iterator[tuple[str, pd.Period]]:
    """What a year and digits after a point may stand for."""
    found = _POINT.fullmatch(text)
    if found is None and len(text) == 4 and text.isdigit():
        found = _POINT.fullmatch(f"{text}.0")
    if found is None or int(found[1]) not in YEARS:
        return
    year, digits = int(found[1]), found[2]
    if len(digits) <= 2 and int(digits):
        # 1871.01 to 1871.12, the tenth often written 1871.1.
        month = int(digits) if len(digits) == 2 else 10 * int(digits)
        if 1 <= month <= 12:
            yield "point", _month(year, month)
        if digits[0] != "0" and int(digits) <= 12:
            yield "dotm", _month(year, int(digits))
        if len(digits) == 1 and digits in "1234":
            yield "dotq", _quarter(year, int(digits))
    part = float(f"0.{digits}")
    if (4 * part).is_integer():
        yield "decq", _quarter(year, int(4 * part) + 1)
    near = round(12 * part)
    slack = 12 * 10.0 ** -len(digits) * (0.5 if len(digits) < 3 else 1)
    exact = (12 * part).is_integer()
    if near < 12 and (exact or (len(digits) > 1 and abs(12 * part - near) <= slack)):
        yield "decm", _month(year, near + 1)


def _weeks(text: str) -> Iterator[tuple[str, Label]]:
    if found := _WEEKDAY.fullmatch(text):
        yield from _iso_week("D", *map(int, found.groups()))
    for pattern in _WEEKS:
        if found := pattern.fullmatch(text):
            yield from _iso_week("W", int(found["y"]), int(found["n"]), 7)
    if _STATA_WEEK.fullmatch(text) and int(text[:4]) in YEARS:
        yield "week", _year(int(text[:4]))


def _iso_week(kind: str, year: int, week: int, day: int) -> Iterator[tuple[str, pd.Timestamp]]:
    try:
        if year in YEARS:
            yield kind, pd.Timestamp(datetime.datetime.fromisocalendar(year, week, day))
    except ValueError:
        return


def _with_names(text: str) -> Iterator[tuple[str, Label]]:
    text = re.sub(rf"(?:{_TIME}|:\d\d:\d\d(?::\d\d)?)$", "", text, flags=re.IGNORECASE)
    text = _STUCK.sub(" ", text)
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
            yield "Q", _quarter(year, last // 3)
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


def _quarter(year: int, quarter: int) -> pd.Period:
    return pd.Period(year=year, quarter=quarter, freq="Q")


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
    return pd.Timestamp(datetime.datetime(1899, 12, 30) + datetime.timedelta(days=number))


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


def month_names() -> dict[str, int]:
    """Names of months by which a label is known, in small letters without a point at the end.

    Returns
    -------
    dict of str to int
        Those that mean one month alone in all `LOCALES`.

    Examples
    --------
    >>> month_names()["mars"], "ma" in month_names()
    (3, False)
    """
    return dict(_month_names())


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
    text = plain_digits(cell).strip().casefold().rstrip(".")
    if found := re.fullmatch(r"m?(0?[1-9]|1[0-2])[月월]?", text):
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
    text = plain_digits(cell).strip()
    found = re.fullmatch(r"(?:[QKT]0?|QTR\.? ?|QUARTER ?)?([1-4])Q?", text, re.IGNORECASE)
    return int(found[1]) if found else None


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    widths = ("wide", "abbreviated")
    names = [n for width in widths for n in get_day_names(width, locale="en").values()]
    return frozenset(name.casefold() for name in names)
