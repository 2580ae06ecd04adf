"""Shares of booms in the economy that others have printed, beside ours of the same period."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.arguments import MaybeNumber, checked
from manias.data.calendar import to_period
from manias.data.library import load, once
from manias.data.results import Result
from manias.data.rows import Rows
from manias.errors import DataError
from manias.language.messages import Text
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind, trajectory
from manias.spending.definitions import DEFINITIONS, definition_path, definition_rows
from manias.spending.definitions import NAMES as DEFINITION_NAMES

TABLE = "published_shares"
NAMES: Mapping[str, str] = {
    **DEFINITION_NAMES,
    "uk-railways-1840s": "spending on building British railways",
}
"""Definitions of ours that a published figure may be laid beside."""


@dataclass(frozen=True, slots=True, repr=False)
class PublishedShare(Result):
    """A figure that someone printed, and ours.

    Attributes
    ----------
    id, who, published, boom, what, country, period : str
        As in the table ``published_shares``.
    kind : {"level", "rise", "contribution"}
        Share of the economy, change of that share, or points of growth.
    low, high : float
        The figure or its range; NaN where an end is open.
    unit, over, imports : str
    ours_name : str
        The definition of ours; "" where none corresponds.
    match : {"same", "near", ""}
    ours : float
        Of the same period, in the same unit: the mean of the quarters of a year; of a rise the
        last less the first. NaN where it is not on record.
    ours_period : str
    difference : float
        Ours less the nearer end of the range; 0 inside it, NaN where there is no ours.
    reason : str
        Why there is no ours, a `manias.language.messages.Text`; "" where there is one.
    source, locator, grade, note : str
    """

    _told = ("id", "low", "high", "ours", "difference", "grade")

    id: str
    who: str
    published: str
    boom: str
    what: str
    country: str
    period: str
    kind: str
    low: float
    high: float
    unit: str
    over: str
    imports: str
    ours_name: str
    match: str
    ours: float
    ours_period: str
    difference: float
    reason: str
    source: str
    locator: str
    grade: str
    note: str


@once
def compare_published_shares() -> tuple[PublishedShare, ...]:
    """Lay every published share beside ours, where one of ours corresponds.

    Returns
    -------
    tuple of PublishedShare
        In the order of the table.

    Examples
    --------
    >>> found = {one.id: one for one in compare_published_shares()}
    >>> found["ft-1845"].low, round(found["ft-1845"].ours, 2)
    (6.0, 2.5)
    >>> found["bis-2025"].reason
    'what is counted was not seen'
    """
    return tuple(_compare(row) for row in load(TABLE).frame.itertuples(index=False))


@checked
def distance(value: MaybeNumber, low: MaybeNumber, high: MaybeNumber) -> float:
    """How far a value lies outside a range.

    Parameters
    ----------
    value : float
    low, high : float
        NaN where the range has no such end.

    Returns
    -------
    float
        Above 0 over the upper end, below 0 under the lower, 0 inside; NaN without a value.

    Examples
    --------
    >>> distance(4.5, 4.0, 4.25), distance(4.1, 4.0, 4.25), distance(0.3, float("nan"), 0.4)
    (0.25, 0.0, 0.0)
    """
    if np.isnan(value):
        return float("nan")
    over, under = value - high, low - value
    if over > 0:
        return over
    return -under if under > 0 else 0.0


def ours_rows(one: PublishedShare) -> tuple[Rows, ...]:
    """Rows behind ours beside a published figure.

    Parameters
    ----------
    one : PublishedShare

    Returns
    -------
    tuple of Rows
        None where there is no ours.

    Examples
    --------
    >>> found = {one.id: one for one in compare_published_shares()}
    >>> [(r.name, len(r.frame)) for r in ours_rows(found["fox-2000q4"])]
    [('us_it_investment', 1)]
    """
    if np.isnan(one.ours):
        return ()
    frame = load(TABLE).frame.set_index("id")
    key = frame.at[one.id, "ours"]
    index = _path(key).values.index
    wanted = [
        p
        for cell in ("ours_first", "ours_last")
        for p in _inside(frame.at[one.id, cell], index)
    ]
    how = f"{key}: {one.ours_period}"
    rows = definition_rows if key in DEFINITIONS else behind
    return rows(key, wanted, how)


def _path(key: str) -> Trajectory:
    return definition_path(key) if key in DEFINITIONS else trajectory(key)


def _inside(cell: object, index: pd.PeriodIndex) -> list[pd.Period]:
    """Periods of a series within a year or quarter; one that it lacks is there too."""
    if not isinstance(cell, str):
        return []
    span = to_period(cell)
    first, last = (span.asfreq(index.freqstr[0], how=end) for end in ("start", "end"))
    return list(pd.period_range(first, last))


def _compare(row) -> PublishedShare:
    key, reason = _text(row.ours), _text(row.reason)
    ours, when = np.nan, ""
    if key:
        ends = dict.fromkeys((_text(row.ours_first), _text(row.ours_last)))
        when = " to ".join(ends)
        try:
            found = [_mean(key, end) for end in ends]
        except DataError:
            found = [np.nan]
        ours = found[-1] - found[0] if row.kind == "rise" else float(np.mean(found))
        if np.isnan(ours):
            reason = Text("{period} is not on record", period=when)
    return PublishedShare(
        **{
            name: _text(getattr(row, name))
            for name in (
                *("id", "who", "published", "boom", "what", "country", "period", "kind"),
                *("unit", "over", "imports", "match", "source", "locator", "grade", "note"),
            )
        },
        low=float(row.low),
        high=float(row.high),
        ours_name=NAMES[key] if key else "",
        ours=float(ours),
        ours_period=when,
        difference=distance(float(ours), float(row.low), float(row.high)),
        reason=reason,
    )


def _mean(key: str, cell: str) -> float:
    """Mean of the periods of a year or quarter; NaN where one is not on record."""
    values = _path(key).values
    return float(values.reindex(_inside(cell, values.index)).mean(skipna=False))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
