"""To which date the tables reach, and to which date their newest originals would."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import last_day
from manias.data.library import current, load
from manias.data.results import Result

KINDS = ("us_it_investment", "us_industries", "ai_market", "ai_capex", "us_credit")
"""Tables whose end the first page of the report tells."""


@dataclass(frozen=True, slots=True, repr=False)
class Reach(Result):
    """How far a table reaches.

    Attributes
    ----------
    table : str
    to : str
        Last period or day in it that had ended; empty where its rows have no dates.
    newest : str
        Last period that the newest original would reach, by its usual timetable; empty where
        no original of it is published regularly.
    is_late : bool
        Whether the newest original would reach further.
    """

    _told = ("table", "to", "newest")

    table: str
    to: str
    newest: str
    is_late: bool


def edition_day() -> pd.Timestamp:
    """Day up to which an edition may have looked: the end of the month of its newest source.

    Returns
    -------
    pandas.Timestamp

    Examples
    --------
    >>> edition_day() >= pd.Timestamp("2026-11-30")
    True
    """
    read = max(source.accessed for source in current().sources().values())
    return pd.Period(read, freq="M").end_time.normalize()


@checked
def reach(table: str, *, day: str | pd.Timestamp | None = None) -> Reach:
    """To which date a table reaches, and to which its newest original would.

    Parameters
    ----------
    table : str
    day : str or pandas.Timestamp, optional
        On which it is asked; `edition_day` by default, so that the same tables always give
        the same answer.

    Returns
    -------
    Reach

    Notes
    -----
    The newest original is taken to reach the last period that ended at least so many days ago
    as the table ``originals`` gives for the wait from the end of a period to its publication.

    Examples
    --------
    >>> reach("us_industries", day="2031-01-31").newest
    '2030-11'
    >>> reach("uk_macro").to
    '1900'
    """
    at = edition_day() if day is None else pd.Timestamp(day)
    to, end = last_observed(load(table).frame, observed_in(table), at)
    newest = newest_period(table, at)
    late = bool(newest) and (end is None or last_day(newest) > end)
    return Reach(table, to, newest, late)


def observed_in(table: str) -> str:
    """Column of a table's periods; "" where its rows have no dates."""
    return str(load(table).clocks["data"].get("observed") or "")


def last_observed(
    frame: pd.DataFrame, column: str, day: pd.Timestamp
) -> tuple[str, pd.Timestamp | None]:
    """Last period of a table that had ended by a day, and its last day.

    Parameters
    ----------
    frame : pandas.DataFrame
    column : str
        Of its periods; "" where there is none.
    day : pandas.Timestamp
        What is expected of later periods is not on record.

    Returns
    -------
    tuple of str and pandas.Timestamp or None

    Examples
    --------
    >>> last_observed(pd.DataFrame({"year": ["1999", "2031"]}), "year", pd.Timestamp("2026"))
    ('1999', Timestamp('1999-12-31 00:00:00'))
    """
    values = frame[column].dropna().unique() if column else ()
    ended = {v: end for v in values if (end := last_day(v)) <= day}
    if not ended:
        return "", None
    last = max(ended, key=lambda v: ended[v])
    return str(last), ended[last]


def newest_period(table: str, day: pd.Timestamp) -> str:
    """Last period that all originals of a table would reach by a day; "" without one.

    Parameters
    ----------
    table : str
    day : pandas.Timestamp

    Returns
    -------
    str

    Examples
    --------
    >>> newest_period("us_industries", pd.Timestamp("2031-01-31"))
    '2030-11'
    """
    rows = load("originals").frame
    rows = rows[rows["feed"] == table]
    return str(min(_newest(rows, day))) if len(rows) else ""


def _newest(rows: pd.DataFrame, day: pd.Timestamp) -> Iterator[pd.Period]:
    for row in rows.itertuples():
        ended = day - pd.Timedelta(days=int(row.wait_days))
        period = pd.Period(ended, freq="Y" if row.frequency == "A" else row.frequency)
        yield period if period.end_time.normalize() <= ended else period - 1
