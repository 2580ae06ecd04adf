"""Dates as people and tables write them, and the day from which a row could be known."""

import datetime
import re
from collections.abc import Mapping
from typing import Literal, get_args

import pandas as pd

from manias.data.cells import _PATTERNS
from manias.errors import InputError

_PERIOD = r"\d{4}(?:-(?:0[1-9]|1[0-2])|Q[1-4]|H[12])?"

_TYPED = r"[12]\d{3}(?:Q[1-4]|-(?:0[1-9]|1[0-2])(?:-\d{2})?)?"
Knowledge = Literal["published", "observed"]


def last_day(date: str | pd.Period | pd.Timestamp) -> pd.Timestamp:
    """Last day of what a date names.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp
        ``1999``, ``1999-12``, ``1999Q4``, ``1999H2``, ``1999-12-31``, a span ``a/b``, or
        ``FY1999``, a fiscal year that ends on some day of 1999.

    Returns
    -------
    pandas.Timestamp
        Midnight at the start of that day.

    Raises
    ------
    InputError
        If the text is none of these.

    Examples
    --------
    >>> last_day("1999Q4").date().isoformat()
    '1999-12-31'
    """
    if isinstance(date, pd.Period):
        return date.end_time.normalize()
    if isinstance(date, pd.Timestamp):
        return date.normalize()
    text = str(date).split("/")[-1].strip().removeprefix("FY")
    expected = "YYYY, YYYY-MM, YYYYQn or YYYY-MM-DD"
    try:
        if re.fullmatch(_PATTERNS["date"], text):
            return pd.Timestamp(text)
        if re.fullmatch(_PERIOD, text):
            return to_period(text).end_time.normalize()
    except ValueError:
        pass
    raise InputError(f"date {str(date)!r}: expected {expected}")


def to_period(text: str) -> pd.Period:
    """Read a year, half-year, quarter or month; a half-year becomes its last quarter's span.

    Parameters
    ----------
    text : str
        ``1846``, ``1846H1``, ``1846Q3`` or ``1846-10``.

    Returns
    -------
    pandas.Period
        Frequency Y, 2Q, Q or M.

    Examples
    --------
    >>> to_period("1846H1").end_time.month
    6
    """
    if "H" in text:
        year, half = text.split("H")
        return pd.Period(f"{year}Q{2 * int(half) - 1}", freq="2Q")
    return pd.Period(text, freq="Y" if len(text) == 4 else "Q" if "Q" in text else "M")


def known(table: pd.DataFrame, clock: Mapping[str, object], *, by: Knowledge) -> pd.Series:
    """Day from which each row of a table could be known.

    Parameters
    ----------
    table : pandas.DataFrame
        n rows.
    clock : mapping
        The descriptor's ``known``: the column of periods (``observed``), optionally a column
        of dates of publication (``published``), and ``lag_days``, the usual wait between the
        end of a period and the figure, used where no date of publication stands; without it
        such a row is known to be observed and never taken as published.
    by : {"published", "observed"}

    Returns
    -------
    pandas.Series
        Timestamps, n rows.
    """
    check_knowledge(by)
    column = table[clock["observed"]]
    if isinstance(column.dtype, pd.PeriodDtype):
        days = column.dt.end_time.dt.normalize()
    else:
        days = pd.to_datetime(column.map({v: last_day(v) for v in column.unique()}))
    if by == "observed":
        return days
    # A wait that nobody has written down is no wait of nought days.
    lag = clock.get("lag_days")
    days = days + (pd.NaT if lag is None else pd.Timedelta(days=int(lag)))
    if printed := clock.get("published"):
        days = pd.to_datetime(table[printed], errors="coerce").fillna(days)
    return days


def check_knowledge(by: str) -> Knowledge:
    """Refuse a word that is not one of the two kinds of knowledge.

    Parameters
    ----------
    by : str

    Returns
    -------
    {"published", "observed"}

    Raises
    ------
    InputError
        If it is another word.

    Examples
    --------
    >>> check_knowledge("observed")
    'observed'
    """
    if by not in get_args(Knowledge):
        raise InputError(f"by={by!r}: expected 'published' or 'observed'")
    return by


def user_day(date: object) -> pd.Timestamp:
    """Last day of what a user's date names; anything but four plain forms is refused.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp or datetime.date
        As text ``1999``, ``1999Q4``, ``1999-12`` or ``1999-12-31``.

    Returns
    -------
    pandas.Timestamp
        Midnight at the start of that day.

    Raises
    ------
    InputError
        If it is none of these, or no day of the calendar.

    Examples
    --------
    >>> user_day("1999Q4").date().isoformat()
    '1999-12-31'
    >>> user_day("15/01/2000")
    Traceback (most recent call last):
    manias.errors.InputError: date '15/01/2000': expected YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD
    """
    if isinstance(date, pd.Period):
        return date.end_time.normalize()
    if isinstance(date, datetime.date) and not pd.isna(date):
        return pd.Timestamp(date).tz_localize(None).normalize()
    if isinstance(date, str) and re.fullmatch(_TYPED, date):
        try:
            day = pd.Timestamp(date) if len(date) == 10 else to_period(date).end_time
            return day.normalize()
        except ValueError:
            pass
    raise InputError(f"date {str(date)!r}: expected YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD")


def as_typed(date: object) -> str:
    """A date for a message: as a user typed it, else its last day.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp or datetime.date

    Returns
    -------
    str

    Examples
    --------
    >>> as_typed("1999"), as_typed(pd.Timestamp("1999-12-31"))
    ('1999', '1999-12-31')
    """
    return date if isinstance(date, str) else user_day(date).date().isoformat()


def user_period(text: str) -> pd.Period:
    """Year, quarter or month that a user names.

    Parameters
    ----------
    text : str
        ``1999``, ``1999Q4`` or ``1999-12``.

    Returns
    -------
    pandas.Period
        Frequency Y, Q or M.

    Raises
    ------
    InputError
        If it is none of these.

    Examples
    --------
    >>> user_period("1999Q4")
    Period('1999Q4', 'Q-DEC')
    >>> user_period("1999-12-31")
    Traceback (most recent call last):
    manias.errors.InputError: period '1999-12-31': expected YYYY, YYYYQn or YYYY-MM
    """
    if isinstance(text, str) and len(text) < 10 and re.fullmatch(_TYPED, text):
        return to_period(text)
    raise InputError(f"period {str(text)!r}: expected YYYY, YYYYQn or YYYY-MM")
