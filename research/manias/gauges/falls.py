"""Falls of a target, and which of them a gauge warned of."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.results import Result
from manias.errors import DataError

NAMED = (1845, 1857, 1873, 1893, 1907, 1920, 1929, 1937, 1961, 1972, 1987, 2000, 2007, 2021)
"""Years by which an episode is named where its peak lies within a year of one."""

Verdict = Literal["hit", "late", "missed", "abstained"]


@dataclass(frozen=True, slots=True, repr=False)
class FallEpisode(Result):
    """One fall of a unit as large as the target's, and whether a gauge warned of it.

    Attributes
    ----------
    of : str
        Unit.
    name : str
        Year by which it is known; "" where its peak is near none of `NAMED`.
    first, peak, low : str
        First period from whose level the fall was whole; highest level among these; lowest
        level within the horizon of the peak.
    depth : float
        Lowest level over that of the peak, less one.
    verdict : str
        Of `Verdict`.
    alarm : str
        First alarm of the spell that hit; "" without a hit.
    lead : float
        Months from there to the peak; NaN without a hit.
    """

    _told = ("of", "peak", "verdict", "lead")

    of: str
    name: str
    first: str
    peak: str
    low: str
    depth: float
    verdict: str
    alarm: str
    lead: float


def falls(levels: pd.DataFrame, fall: float, horizon: int) -> pd.DataFrame:
    """Whether the lowest of the next periods lies so far below the level (point 2).

    Parameters
    ----------
    levels : pandas.DataFrame
        Shape (T, N).
    fall : float
        0.4 is 40%.
    horizon : int
        Periods.

    Returns
    -------
    pandas.DataFrame
        1.0 or 0.0; NaN where a level of the window is missing, whatever else was seen in it.

    Examples
    --------
    >>> years = pd.period_range("2000", periods=4, freq="Y")
    >>> falls(pd.DataFrame({"a": [10.0, 7, 6, 9]}, years), 0.4, 2)["a"].tolist()
    [1.0, 0.0, nan, nan]
    """
    values = levels.to_numpy(dtype=float)
    low = np.full_like(values, np.inf)
    for h in range(1, horizon + 1):
        later = np.full_like(values, np.nan)
        later[:-h] = values[h:]
        low = np.minimum(low, later)
    # A fall of exactly so much counts, whatever the last digit of the product is.
    fell = low <= (1 - fall) * values * (1 + 1e-12)
    known = np.isfinite(low) & np.isfinite(values)
    return pd.DataFrame(np.where(known, fell, np.nan), levels.index, levels.columns)


def last_rows(index: pd.PeriodIndex, of: pd.PeriodIndex) -> NDArray[np.int64]:
    """Row of the target in which each reading ends.

    Parameters
    ----------
    index : pandas.PeriodIndex
        Of the readings, ascending; months, quarters or years, none shorter than those of the
        target.
    of : pandas.PeriodIndex
        Of the target, none left out.

    Returns
    -------
    ndarray, shape (R,)
        -1 where the target is not on record.

    Raises
    ------
    DataError
        If the readings are more frequent than the target.

    Examples
    --------
    >>> months = pd.period_range("2000-01", "2000-12", freq="M")
    >>> last_rows(pd.period_range("2000Q1", "2001Q1", freq="Q"), months).tolist()
    [2, 5, 8, 11, -1]
    """
    if per_year(index) > per_year(of):
        raise DataError(f"readings by {index.freqstr}: expected none shorter than {of.freqstr}")
    ends = index.asfreq(of.freq, how="E")
    at = np.asarray(ends.astype("int64")) - of[0].ordinal
    return np.where((at >= 0) & (at < len(of)), at, -1).astype(np.int64)


def per_year(index: pd.PeriodIndex) -> int:
    """Periods of a year.

    Parameters
    ----------
    index : pandas.PeriodIndex

    Returns
    -------
    int
        12, 4 or 1.

    Raises
    ------
    DataError
        If it is by something else.

    Examples
    --------
    >>> per_year(pd.period_range("2000Q1", periods=2, freq="Q"))
    4
    """
    try:
        return {"M": 12, "Q": 4, "Y": 1, "A": 1}[index.freqstr[0]]
    except KeyError:
        raise DataError(
            f"periods by {index.freqstr}: expected months, quarters or years"
        ) from None


def judge_spells(
    signal: pd.DataFrame, fell: pd.DataFrame, rows: NDArray[np.int64]
) -> list[int]:
    """1 for a spell that a fall followed, 0 for a false one, -1 for an open one (point 5)."""
    found = []
    outcome = fell.to_numpy()
    for unit in range(signal.shape[1]):
        for spell in _spells_of(signal.iloc[:, unit].to_numpy(dtype=float), rows, fell.index):
            at = rows[spell]
            seen = outcome[at[at >= 0], unit]
            seen = seen[~np.isnan(seen)]
            found.append(-1 if not len(seen) else int(seen.max()))
    return found


def _spells_of(
    marks: NDArray[np.float64], rows: NDArray[np.int64], index: pd.PeriodIndex
) -> list[NDArray[np.int64]]:
    """Places of the alarms of a unit, spell by spell; a gap of over a year begins a new one."""
    on = np.flatnonzero(marks == 1)
    if not len(on):
        return []
    # Beyond the record of the target readings follow each other as they stand.
    step = np.diff(np.where(rows[on] >= 0, rows[on], on + 10**9))
    inside = (rows[on][1:] >= 0) & (rows[on][:-1] >= 0)
    gap = np.where(inside, step - 1 > per_year(index), np.diff(on) - 1 > per_year(index))
    return np.split(on, np.flatnonzero(gap) + 1)


def find_episodes(
    signal: pd.DataFrame,
    levels: pd.DataFrame,
    fell: pd.DataFrame,
    horizon: int,
    rows: NDArray[np.int64],
) -> tuple[FallEpisode, ...]:
    """Every fall of every unit, and whether an alarm came by its peak (point 4)."""
    found = []
    often = per_year(levels.index)
    place = pd.Series(np.arange(len(rows)), rows)
    place = place[place.index >= 0]
    for unit, of in enumerate(levels.columns):
        path, mark = levels.iloc[:, unit].to_numpy(), signal.iloc[:, unit].to_numpy(dtype=float)
        down = fell.iloc[:, unit].to_numpy() == 1
        spells = _spells_of(mark, rows, levels.index)
        for run in _runs(np.flatnonzero(down), gap=often):
            peak = int(run[np.argmax(path[run])])
            after = path[peak : peak + horizon + 1]
            low = peak + int(np.nanargmin(after))
            in_run = [int(place[r]) for r in run if r in place.index]
            before = [r for r in in_run if rows[r] <= peak]
            read = [r for r in before if not np.isnan(mark[r])]
            hit = next((r for r in before if mark[r] == 1), None)
            verdict: Verdict = "missed"
            alarm, lead = "", float("nan")
            if not read:
                verdict = "abstained"
            elif hit is not None:
                verdict = "hit"
                first = next(int(s[0]) for s in spells if hit in s)
                alarm = str(signal.index[first])
                end = signal.index[first].asfreq("M", how="E")
                lead = float((levels.index[peak].asfreq("M", how="E") - end).n)
            elif any(mark[r] == 1 for r in in_run if rows[r] > peak):
                verdict = "late"
            year = levels.index[peak].year
            near = [n for n in NAMED if abs(n - year) <= 1]
            found.append(
                FallEpisode(
                    of=str(of),
                    name=str(min(near, key=lambda n: abs(n - year))) if near else "",
                    first=str(levels.index[run[0]]),
                    peak=str(levels.index[peak]),
                    low=str(levels.index[low]),
                    depth=float(path[low] / path[peak] - 1),
                    verdict=verdict,
                    alarm=alarm,
                    lead=lead,
                )
            )
    return tuple(sorted(found, key=lambda e: (e.peak, e.of)))


def _runs(at: NDArray[np.int64], *, gap: int) -> list[NDArray[np.int64]]:
    """Split places into runs that are more than ``gap`` places apart."""
    return np.split(at, np.flatnonzero(np.diff(at) - 1 > gap) + 1) if len(at) else []
