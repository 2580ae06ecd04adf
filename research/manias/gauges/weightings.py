"""A demonstration that is nobody's gauge: what a composite says depends on its weights.

A thousand composites are made of the same gauges, every split of the weights equally likely,
and each is judged by the rules of the scoreboard. None of them is an answer.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Natural, checked
from manias.data.results import Result
from manias.data.rows import Provenance, Rows, merged
from manias.errors import InputError
from manias.gauges.absi import random_weights
from manias.gauges.falls import falls, find_episodes, last_rows
from manias.gauges.gauge import Gauge
from manias.gauges.registry import find_gauge, find_target, list_gauges
from manias.gauges.scoreboard import _case

DRAWS, SEED = 1000, 42
"""Composites, and the seed of their weights: those of the owner who prints such a spread."""
HALF = 0.5
"""Share of the weight of gauges that can be read from which a composite is in alarm."""
LEAST = 2
"""Gauges that must speak for a composite to speak."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Weightings(Result):
    """Composites of the same gauges under random weights.

    Attributes
    ----------
    target : str
    gauges : tuple of str
        Keys of the gauges that are weighted, K of them.
    weights : pandas.DataFrame
        Shape (draws, K), rows that add up to 1.
    scores : pandas.DataFrame
        One row a composite: ``in_alarm`` (share of the months in which it speaks), ``hits``
        (falls of which it warned by their peak), ``gain`` (nats a reading over the base rate
        known then), ``now`` (1 in alarm at the last month, 0 not).
    falls : int
        Falls in which composites could be read.
    month : str
        The last month.
    alarmed : pandas.Series
        By month, share of the composites that are in alarm; NaN where they do not speak.
    provenance : Provenance
    """

    _told = ("target", "composites=scores", "gauges", "falls")

    target: str
    gauges: tuple[str, ...]
    weights: pd.DataFrame
    scores: pd.DataFrame
    falls: int
    month: str
    alarmed: pd.Series
    provenance: Provenance

    def to_frame(self) -> pd.DataFrame:
        """One row a composite: its weights and its scores.

        Returns
        -------
        pandas.DataFrame
        """
        return pd.concat([self.weights, self.scores], axis=1)

    def spread(self) -> pd.DataFrame:
        """Lowest, 5th, 50th and 95th percent and highest of every score.

        Returns
        -------
        pandas.DataFrame
            Five rows, columns as those of ``scores``.

        Examples
        --------
        >>> spread = weigh_at_random(draws=20).spread()
        >>> bool(spread.loc["lowest", "hits"] <= spread.loc["highest", "hits"])
        True
        """
        table = self.scores.quantile([0.0, 0.05, 0.5, 0.95, 1.0])
        return table.set_axis(["lowest", "5%", "median", "95%", "highest"])


@checked
def weigh_at_random(
    target: str = "us",
    *,
    gauges: tuple[str, ...] | None = None,
    draws: Count = DRAWS,
    seed: Natural = SEED,
) -> Weightings:
    """Weigh the gauges of one target at random and judge every composite.

    Parameters
    ----------
    target : str
        A target of one unit.
    gauges : tuple of str, optional
        Keys; by default all of the target that are somebody's published rule, are no composite
        and take no long computation.
    draws : int
        Composites.
    seed : int

    Returns
    -------
    Weightings
        A composite is in alarm where gauges that hold at least half of the weight of those
        that can be read are; it speaks where two of them can.

    Raises
    ------
    InputError
        If the target has more than one unit, or fewer than two gauges are left.

    Notes
    -----
    Weights are drawn from the flat Dirichlet distribution, as the owner of ABSI draws his.

    Examples
    --------
    >>> found = weigh_at_random(draws=50)
    >>> found.scores.shape[0], bool(found.scores["gain"].max() > found.scores["gain"].min())
    (50, True)
    """
    of = find_target(target)
    chosen = [find_gauge(key) for key in gauges] if gauges is not None else _own(target)
    levels = of.levels()
    if levels.shape[1] != 1:
        raise InputError(f"target {target!r}: {levels.shape[1]} units; expected one")
    if odd := [g.key for g in chosen if g.target != target]:
        raise InputError(f"gauge {odd[0]!r}: expected one of target {target!r}")
    if len(chosen) < LEAST:
        raise InputError(f"target {target!r}: {len(chosen)} gauges; expected two or more")
    readings = [gauge.readings() for gauge in chosen]
    keys = tuple(gauge.key for gauge in chosen)
    marks = pd.concat([r.signal.iloc[:, 0] for r in readings], axis=1, keys=keys)
    marks = marks.reindex(levels.index)
    weights = random_weights(len(keys), draws, seed=seed)
    signal = composites(marks.to_numpy(dtype=float), weights)
    fell = falls(levels, of.fall, of.horizon)
    spoke = ~np.isnan(signal).all(axis=1)
    episodes = _windows(marks.index, levels, fell, of.horizon, spoke)
    last = int(np.flatnonzero(spoke)[-1])
    with np.errstate(invalid="ignore"):
        scores = pd.DataFrame(
            {
                "in_alarm": np.nanmean(signal, axis=0),
                "hits": sum((signal[rows] == 1).any(axis=0) for rows in episodes),
                "gain": _gains(pd.DataFrame(signal, marks.index), fell, of.horizon),
                "now": signal[last],
            }
        )
    alarmed = pd.Series(np.nan, levels.index)
    alarmed[spoke] = np.nanmean(signal[spoke], axis=1)
    rows: list[Rows] = [row for r in readings for row in r.rows]
    return Weightings(
        target=target,
        gauges=keys,
        weights=pd.DataFrame(weights, columns=list(keys)),
        scores=scores,
        falls=len(episodes),
        month=str(levels.index[last]),
        alarmed=alarmed,
        provenance=Provenance.of(merged(rows)),
    )


def composites(marks: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signals of composites from signals of gauges.

    Parameters
    ----------
    marks : numpy.ndarray
        Shape (T, K): 1 in alarm, 0 not, NaN for none.
    weights : numpy.ndarray
        Shape (D, K).

    Returns
    -------
    numpy.ndarray
        Shape (T, D): 1 where gauges in alarm hold at least half of the weight of those that
        speak; NaN where fewer than two speak.

    Examples
    --------
    >>> marks = np.array([[1.0, 0.0], [1.0, np.nan]])
    >>> composites(marks, np.array([[0.7, 0.3], [0.2, 0.8]])).tolist()
    [[1.0, 0.0], [nan, nan]]
    """
    there = ~np.isnan(marks)
    held = np.where(there, marks, 0.0) @ weights.T
    total = there.astype(float) @ weights.T
    found = (held >= HALF * total).astype(float)
    found[there.sum(axis=1) < LEAST] = np.nan
    return found


def _own(target: str) -> list[Gauge]:
    return [
        gauge
        for gauge in list_gauges()
        if gauge.target == target
        and not gauge.is_slow
        and gauge.kind not in ("composite", "own lens")
    ]


def _windows(
    index: pd.PeriodIndex,
    levels: pd.DataFrame,
    fell: pd.DataFrame,
    horizon: int,
    spoke: NDArray[np.bool_],
) -> list[NDArray[np.int64]]:
    """Months by each peak whose window holds the fall, of falls in which it was spoken."""
    always = pd.DataFrame(np.where(spoke, 1.0, np.nan)[:, None], index, levels.columns)
    found = find_episodes(always, levels, fell, horizon, last_rows(index, levels.index))
    down = fell.iloc[:, 0].to_numpy() == 1
    windows = []
    for episode in found:
        ends = [levels.index.get_loc(pd.Period(p)) for p in (episode.first, episode.peak)]
        rows = np.arange(ends[0], ends[1] + 1)
        rows = rows[down[rows] & spoke[rows]]
        if len(rows):
            windows.append(rows)
    return windows


def _gains(signal: pd.DataFrame, fell: pd.DataFrame, horizon: int) -> NDArray[np.float64]:
    none = np.zeros(1, np.int64)
    parts = (signal.iloc[:, [d]].set_axis(fell.columns, axis=1) for d in range(len(signal.T)))
    return np.array([_case(part, fell, horizon).gains(none)[0] for part in parts])
