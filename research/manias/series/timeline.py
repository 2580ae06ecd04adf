"""Trajectories in calendar time and on the common clock of event time."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from manias.data.calendar import Knowledge, check_knowledge, user_day
from manias.data.results import Plotted
from manias.errors import DataError, InputError

Clock = Literal["onset", "commercialised", "peak"]
CLOCKS: tuple[Clock, ...] = ("onset", "commercialised", "peak")
_PER_YEAR = {"Y": 1, "Q": 4, "M": 12}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trajectory(Plotted):
    """One quantity of one innovation in calendar time.

    Attributes
    ----------
    id, name : str
        Key and name as printed in a legend.
    values : pandas.Series
        T numbers by calendar period (a PeriodIndex of frequency Y, Q or M, every period from
        first to last); a period without an observation is NaN, never filled.
    unit, measure, definition : str
        Unit, the kind of quantity (only like kinds belong in one figure), and the definition
        in words.
    sources : tuple of str
        Keys of the sources of the values.
    grade : str
        Weakest grade among the values.
    published : pandas.Series
        Day from which each value was in print, same index as ``values``.
    anchors : mapping of str to pandas.Period or None
        Period placed at event time 0 on each clock; None where there is none, as for the
        peak of what has not ended.
    is_estimated : bool
        Whether a source calls any of the values an estimate; drawn dashed.
    """

    id: str
    name: str
    values: pd.Series
    unit: str
    measure: str
    definition: str
    sources: tuple[str, ...]
    grade: str
    published: pd.Series
    anchors: Mapping[str, pd.Period | None]
    is_estimated: bool = False

    def to_frame(self) -> pd.DataFrame:
        """One row a period.

        Returns
        -------
        pandas.DataFrame
            ``period``, ``value`` (in ``unit``), ``published``.
        """
        columns = {"value": self.values.to_numpy(), "published": self.published.to_numpy()}
        return pd.DataFrame({"period": self.values.index, **columns})

    def _facts(self) -> dict[str, object]:
        seen = self.values.dropna()
        ends = {"first": str(seen.index[0]), "last": str(seen.index[-1])} if len(seen) else {}
        last = {"value": float(seen.iloc[-1])} if len(seen) else {}
        return {"id": self.id, **ends, **last, "unit": self.unit}

    def __post_init__(self) -> None:
        if not isinstance(self.values.index, pd.PeriodIndex):
            raise DataError(f"{self.id}: values are not indexed by periods")
        if not self.values.index.is_monotonic_increasing or self.values.index.has_duplicates:
            raise DataError(f"{self.id}: periods must ascend, each once")
        if not self.published.index.equals(self.values.index):
            raise DataError(f"{self.id}: published and values differ in their periods")

    @property
    def frequency(self) -> str:
        """Y, Q or M."""
        return self.values.index.freqstr[0]

    def as_of(self, date: str | pd.Period | pd.Timestamp, *, by: Knowledge = "published"):
        """Cut everything published or observed after a date.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp
            A day, or a month, quarter or year whose last day is meant.
        by : {"published", "observed"}
            "published": the period had ended and its figure was in print. "observed": the
            period had ended; for history that was put into figures much later.

        Returns
        -------
        Trajectory
            Without the cut periods, and without any anchor that lies after the date.

        Raises
        ------
        DataError
            If nothing was known by then.

        Examples
        --------
        >>> from manias.series.trajectories import trajectory
        >>> trajectory("us-it-dotcom").as_of("1999-12-31").values.index[-1]
        Period('1999Q3', 'Q-DEC')
        """
        check_knowledge(by)
        day = user_day(date)
        ended = self.values.index.end_time.normalize() <= day
        kept = ended & (self.published.to_numpy() <= day) if by == "published" else ended
        if not kept.any():
            hint = "; by='observed' asks less" if by == "published" and ended.any() else ""
            raise DataError(f"{self.id}: nothing was {by} by {day.date()}{hint}")
        anchors = {
            clock: anchor if anchor is not None and anchor.start_time <= day else None
            for clock, anchor in self.anchors.items()
        }
        return replace(
            self, values=self.values[kept], published=self.published[kept], anchors=anchors
        )


@dataclass(frozen=True, slots=True)
class EventTime:
    """The common clock: what lies at 0, and how many years are shown.

    Attributes
    ----------
    clock : {"onset", "commercialised", "peak"}
        What lies at 0.
    before, after : int
        Years shown on each side, >= 0.
    """

    clock: Clock = "onset"
    before: int = 5
    after: int = 8

    def __post_init__(self) -> None:
        if self.clock not in CLOCKS:
            raise InputError(f"clock {self.clock!r}: expected one of {', '.join(CLOCKS)}")
        if self.before < 0 or self.after < 0:
            raise InputError(
                f"before={self.before}, after={self.after}: expected 0 or more years"
            )


def to_event_time(path: Trajectory, anchor: pd.Period, *, before: int, after: int) -> pd.Series:
    """Re-index a trajectory by periods elapsed since ``anchor``.

    Parameters
    ----------
    path : Trajectory
        Series of length T, any unit.
    anchor : pandas.Period
        Period placed at event time 0.
    before, after : int
        Periods kept on each side, >= 0.

    Returns
    -------
    pandas.Series
        Shape (before + after + 1,), unit of ``path``, index ``tau``. Periods without an
        observation are NaN, never filled.

    Raises
    ------
    DataError
        If anchor and path differ in frequency.
    InputError
        If ``before`` or ``after`` is negative.

    References
    ----------
    MacKinlay (1997), Journal of Economic Literature 35(1), 13-39: the event clock.

    Examples
    --------
    >>> from manias.series.trajectories import trajectory
    >>> path = trajectory("uk-railways-1840s")
    >>> to_event_time(path, pd.Period("1845", "Y"), before=1, after=2).round(2).tolist()
    [1.15, 2.5, 6.14, nan]
    """
    if before < 0 or after < 0:
        raise InputError(f"before={before}, after={after}: expected 0 or more periods")
    if anchor.freqstr != path.values.index.freqstr:
        raise DataError(
            f"{path.id}: anchor {anchor} has frequency {anchor.freqstr}; "
            f"expected {path.values.index.freqstr}"
        )
    window = pd.period_range(anchor - before, anchor + after)
    found = path.values.reindex(window)
    return pd.Series(
        found.to_numpy(), pd.RangeIndex(-before, after + 1, name="tau"), name=path.id
    )


def align(paths: Iterable[Trajectory], clock: EventTime) -> pd.DataFrame:
    """Lay trajectories of any frequency on one clock of years.

    Parameters
    ----------
    paths : iterable of Trajectory
        All of one measure and unit.
    clock : EventTime

    Returns
    -------
    pandas.DataFrame
        Long: ``trajectory``, ``tau`` (years since the anchor: a quarter is 0.25), ``period``
        and ``value``. Periods inside a trajectory without an observation are rows with NaN.

    Raises
    ------
    DataError
        If a trajectory has no anchor on this clock (an unfinished one has no peak).
    InputError
        If measures or units differ, nothing is given, one is given twice, or a trajectory has
        no period on the shown part of the clock.

    Examples
    --------
    >>> from manias.series.trajectories import trajectory
    >>> table = align([trajectory("us-it-ai")], EventTime("onset", 1, 2))
    >>> print(table["tau"].min(), table["tau"].max())
    -1.0 2.0
    """
    paths = tuple(paths)
    if not paths:
        raise InputError("no trajectory given; expected at least one")
    ids = [path.id for path in paths]
    if twice := next((key for key in ids if ids.count(key) > 1), None):
        raise InputError(f"trajectory {twice!r} is given twice; expected each once")
    if len(kinds := {(path.measure, path.unit) for path in paths}) > 1:
        listed = "; ".join(f"{p.id}: {p.measure}, {p.unit}" for p in paths)
        raise InputError(
            f"{len(kinds)} measures in one comparison ({listed}); expected one, or an index "
            f"(--index 100, manias.rebase)"
        )
    tables = []
    for path in paths:
        anchor = path.anchors.get(clock.clock)
        if anchor is None:
            why = "it has not ended" if clock.clock == "peak" else "none is on record"
            raise DataError(f"{path.id}: no {clock.clock} to align on ({why})")
        steps = _PER_YEAR[path.frequency]
        anchor = _in_frequency(anchor, path.frequency)
        series = to_event_time(
            path, anchor, before=clock.before * steps, after=clock.after * steps
        )
        offset = series.index.to_numpy()
        periods = pd.period_range(anchor + int(offset[0]), anchor + int(offset[-1]))
        inside = (periods >= path.values.index[0]) & (periods <= path.values.index[-1])
        if not inside.any():
            ends = [(p - anchor).n / steps for p in path.values.index[[0, -1]]]
            raise InputError(
                f"{path.id}: nothing from {clock.before} years before to {clock.after} after "
                f"{anchor}; its values lie at {ends[0]:g} to {ends[1]:g} years"
            )
        tables.append(
            pd.DataFrame(
                {
                    "trajectory": path.id,
                    "tau": offset / steps,
                    "period": periods.astype(str),
                    "value": series.to_numpy(),
                }
            )[inside]
        )
    return pd.concat(tables, ignore_index=True)


def rebase(path: Trajectory, clock: Clock = "onset", *, to: float = 100.0) -> Trajectory:
    """Put the value at 0 of a clock to a number, so that unlike measures can be compared.

    Parameters
    ----------
    path : Trajectory
    clock : {"onset", "commercialised", "peak"}
    to : float
        Value at 0.

    Returns
    -------
    Trajectory
        Its measure is "index", its unit says what is put to what.

    Raises
    ------
    DataError
        If there is no anchor on this clock, or no value above 0 at it.
    InputError
        If ``to`` is not above 0.

    Examples
    --------
    >>> from manias.series.trajectories import trajectory
    >>> rebase(trajectory("us-it-ai")).unit
    'onset = 100'
    """
    if not (math.isfinite(to) and to > 0):
        raise InputError(f"index={to:g}: expected a number above 0")
    anchor = path.anchors.get(clock)
    if anchor is None:
        raise DataError(f"{path.id}: no {clock} to put to {to:g}")
    at = _in_frequency(anchor, path.frequency)
    base = path.values.get(at, math.nan)
    if not base > 0:
        said = f"{base:g}" if base == base else "no value"
        raise DataError(
            f"{path.id}: {said} at {clock}, {at}; expected more than 0 for an index"
        )
    return replace(
        path, values=path.values * (to / base), measure="index", unit=f"{clock} = {to:g}"
    )


def complete(values: pd.Series) -> pd.Series:
    """Give every period between first and last a place, NaN where nothing was observed.

    Parameters
    ----------
    values : pandas.Series
        Numbers by calendar period.

    Returns
    -------
    pandas.Series

    Examples
    --------
    >>> gap = pd.Series([1.0, 3.0], pd.PeriodIndex(["1841", "1843"], freq="Y"))
    >>> complete(gap).tolist()
    [1.0, nan, 3.0]
    """
    values = values.sort_index()
    return values.reindex(pd.period_range(values.index[0], values.index[-1])).astype(np.float64)


def _in_frequency(anchor: pd.Period, frequency: str) -> pd.Period:
    """A month is placed in its quarter or year; a year starts at its first quarter or month."""
    return anchor.asfreq(frequency, how="start")
