"""Dates as people and tables write them, and the day from which a row could be known."""

import re
from collections.abc import Mapping
from typing import Literal

import pandas as pd

from manias.data.cells import _PATTERNS
from manias.errors import InputError

_PERIOD = r"\d{4}(?:-(?:0[1-9]|1[0-2])|Q[1-4]|H[12])?"

Knowledge = Literal["published", "observed"]


def last_day(date: str | pd.Period | pd.Timestamp) -> pd.Timestamp:
    """Last day of what a date names.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp
        ``1999``, ``1999-12``, ``1999Q4``, ``1999H2``, ``1999-12-31``, or a span ``a/b``.

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
    text = str(date).split("/")[-1].strip()
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
        end of a period and the figure, used where no date of publication stands.
    by : {"published", "observed"}

    Returns
    -------
    pandas.Series
        Timestamps, n rows.
    """
    if by not in ("published", "observed"):
        raise InputError(f"by={by!r}: expected 'published' or 'observed'")
    column = table[clock["observed"]]
    if isinstance(column.dtype, pd.PeriodDtype):
        days = column.dt.end_time.dt.normalize()
    else:
        days = pd.to_datetime(column.map({v: last_day(v) for v in column.unique()}))
    if by == "observed":
        return days
    days = days + pd.Timedelta(days=int(clock.get("lag_days", 0)))
    if printed := clock.get("published"):
        days = pd.to_datetime(table[printed], errors="coerce").fillna(days)
    return days
