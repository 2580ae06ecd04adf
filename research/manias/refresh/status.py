"""How old each table is, and what the newest original would be."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from manias.answers.forecasts import judge, list_forecasts, list_frozen
from manias.data.arguments import checked
from manias.data.calendar import last_day
from manias.data.library import load, names
from manias.data.results import Result
from manias.record.reach import reach
from manias.refresh.feeds import feeds

OVERDUE = 2
"""Quarters after the end of its period from which an open forecast is named."""
QUARTER_DAYS = 92


@dataclass(frozen=True, slots=True, repr=False)
class TableStatus(Result):
    """How old a table is.

    Attributes
    ----------
    table : str
    to : str
        Last period or day in it; empty where its rows have no dates.
    vintage : str
        Day or month of its newest original.
    age_days : int or None
        Days from the end of `to` to today.
    newest : str
        Last period that the newest original would reach, by its usual timetable; empty where
        nothing newer is published.
    is_late : bool
        Whether the newest original would reach further than the table.
    command : str
        What takes in the newest original; empty where there is none.
    overdue : tuple of str
        Of the table of forecasts: those still open two quarters after their period.
    """

    _told = ("table", "to", "vintage", "newest")

    table: str
    to: str
    vintage: str
    age_days: int | None
    newest: str
    is_late: bool
    command: str
    overdue: tuple[str, ...] = ()


@checked
def data_status(today: str | None = None) -> tuple[TableStatus, ...]:
    """Say of every table how old it is and what the newest original would be.

    Parameters
    ----------
    today : str, optional
        YYYY-MM-DD; the day of the clock by default.

    Returns
    -------
    tuple of TableStatus
        Those that can be refreshed first, the latest of them before the others.

    Notes
    -----
    The newest original is taken to reach the last period that ended so many days ago as the
    table ``originals`` gives for the wait from the end of a period to its publication.

    Examples
    --------
    >>> found = {s.table: s for s in data_status("2031-01-31")}
    >>> found["us_industries"].newest, found["us_industries"].is_late
    ('2030-11', True)
    >>> found["verdicts"].newest
    ''
    """
    day = pd.Timestamp(today or datetime.date.today().isoformat())
    found = [_status(name, day) for name in names() if name != "originals"]
    return tuple(sorted(found, key=lambda s: (not s.command, not s.is_late, s.table)))


def _status(name: str, day: pd.Timestamp) -> TableStatus:
    found = reach(name, day=day)
    newest = found.newest if name in feeds() else ""
    return TableStatus(
        table=name,
        to=found.to,
        vintage=load(name).vintage,
        age_days=(day - last_day(found.to)).days if found.to else None,
        newest=newest,
        is_late=found.is_late and bool(newest),
        command=_command(name) if newest else "",
        overdue=tuple(overdue(day)) if name == "forecasts" else (),
    )


def _command(name: str) -> str:
    rows = load("originals").frame.query("feed == @name")
    own = "" if rows["address"].notna().any() else " --from FOLDER"
    return f"manias data refresh {name}{own}"


def overdue(day: pd.Timestamp) -> Iterator[str]:
    """Forecasts that are open two quarters after their period ended, by their ids.

    Parameters
    ----------
    day : pandas.Timestamp

    Yields
    ------
    str
    """
    limit = pd.Timedelta(days=OVERDUE * QUARTER_DAYS)
    for forecast in (*list_forecasts(), *list_frozen()):
        if last_day(forecast.last) + limit < day and judge(forecast).status == "open":
            yield forecast.id
