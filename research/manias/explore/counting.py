"""How often a rise of some size ended in a fall, for any size, horizon, decade and volatility.

The page counts the same in the browser. So that both shuffle the years alike, the draws come
from a small generator that is written down here and there.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, Natural, Number, checked
from manias.data.library import once
from manias.data.results import Result
from manias.errors import InputError
from manias.evaluation.clusters import clustered_share
from manias.series.flows import Flows, load_flows
from manias.series.runups import Panel, RunUp, RunUpRule, date_runups, load_panel, number_waves
from manias.spending._counts import lowest, rebuilt
from manias.spending.ladder import (
    FLOORS,
    HORIZONS,
    STARTS,
    THIRDS,
    TIME_BLOCKS,
)
from manias.spending.skill import prior_volatility

Array = NDArray[np.float64]
Taken = tuple[NDArray[np.bool_], Array, NDArray[np.bool_]]
Followed = Literal["dollars", "share"]
Counting = Literal["industries", "countries", "firms"]
Third = Literal["", "calm", "middle", "noisy"]
SHUFFLES = 100
"""Permutations of the years."""
SPENDING_LEVEL, PRICE_LEVEL = 0.9, 0.95
"""Levels of the intervals, as in the models of both ladders."""


@dataclass(frozen=True, slots=True, repr=False)
class Counted(Result):
    """A count, its share and an interval.

    Attributes
    ----------
    n, falls : int
        Cases whose outcome is known, and those that fell.
    units : int
        Flows, firms, countries or industries that they belong to.
    blocks : int
        Separate stretches of time that they come from.
    frequency, low, high : float
        Share and its interval; NaN where n is 0.
    shuffled, reversed : float
        The share with the years in random order (mean of the permutations), and with the years
        running backwards; NaN where that was not counted.
    """

    _told = ("n", "falls", "frequency", "low", "high")

    n: int
    falls: int
    units: int
    blocks: int
    frequency: float
    low: float
    high: float
    shuffled: float = float("nan")
    reversed: float = float("nan")


@checked
def count_rises(
    panel: Counting = "industries",
    *,
    low: float = 1.0,
    high: float | None = None,
    years: Count = 3,
    horizon: Count | None = None,
    follow: Followed = "dollars",
    fall: Level = 0.3,
    decade: Natural | None = None,
    volatility: Third = "",
    shuffles: Natural = 0,
) -> Counted:
    """Count how often spending that rose so much against GDP fell so much afterwards.

    Parameters
    ----------
    panel : {"industries", "countries", "firms"}
        As `manias.series.flows.load_flows`.
    low, high : float, optional
        Rise over ``years``, from ``low`` on (-1 takes all) and below ``high``, where there is
        one (1 is 100%).
    years : int
        Years of the rise.
    horizon : int, optional
        Years in which the fall is looked for; five, for firms three, where None.
    follow : {"dollars", "share"}
        Whether dollars of the year fall, or the share of GDP; of countries only the share is
        on record.
    fall : float
        Part of the start year's level that must be lost.
    decade : int, optional
        Only start years of this decade (1990).
    volatility : {"", "calm", "middle", "noisy"}
        Only this third by the standard deviation of yearly log changes in the ten years before.
    shuffles : int
        Permutations of the years behind ``shuffled``; where above 0 ``reversed`` is counted
        too. Neither is counted within a decade or a third.

    Returns
    -------
    Counted
        The interval, at 90%, is that by blocks of units and blocks of time.

    Raises
    ------
    InputError
        If ``high`` is not above ``low``, or dollars of countries are asked for.

    References
    ----------
    ``reports/analysis-plan.md``, whose ladder these are at its settings.

    Examples
    --------
    >>> found = count_rises("industries", low=1.0, fall=0.3)
    >>> found.n, found.units, round(found.frequency, 3)
    (186, 72, 0.366)
    """
    if high is not None and high <= low:
        raise InputError(f"high={high:g}: expected more than low={low:g}")
    below = float("inf") if high is None else high
    flows = load_flows(panel)
    if follow == "dollars" and flows.dollars is None:
        raise InputError(f"follow='dollars': of {panel} only the share of GDP is on record")
    span = HORIZONS[panel] if horizon is None else horizon
    level = flows.share.to_numpy()
    money = level if flows.dollars is None else flows.dollars.to_numpy()
    first = int(flows.share.index[0])

    def take(
        share: Array, dollars: Array
    ) -> tuple[NDArray[np.bool_], Array, NDArray[np.bool_]]:
        return _cases(panel, first, share, dollars, years, span, follow, fall)

    cases, rise, fell = take(level, money)
    start = int(np.argmax(cases.any(axis=1)))
    kept = cases.copy()
    if decade is not None:
        year = first + np.arange(len(level))
        kept &= (year // 10 * 10 == decade)[:, None]
    if volatility:
        kept &= _third(prior_volatility(level, years), cases) == THIRDS.index(volatility)
    inside = kept & (rise >= low) & (rise < below)
    n, falls = int(inside.sum()), int((inside & fell).sum())
    per = TIME_BLOCKS.get(panel, 5)
    time = np.broadcast_to(((np.arange(len(level)) - start) // per)[:, None], level.shape)
    unit = np.broadcast_to(pd.factorize(flows.blocks)[0][None, :], level.shape)
    bounds = clustered_share(
        fell[inside], unit[inside], across=time[inside], confidence=SPENDING_LEVEL
    )
    mixed = back = float("nan")
    if shuffles and decade is None and not volatility:
        mixed, back = _placebos(flows, take, low, below, shuffles)
    return Counted(
        n,
        falls,
        int(inside.any(axis=0).sum()),
        len(np.unique(time[inside])),
        falls / n if n else float("nan"),
        *bounds,
        mixed,
        back,
    )


@checked
def count_crashes(
    *,
    threshold: Annotated[float, Number(0, 10, ends=True)] = 1.0,
    horizon: Count = 24,
    crash: Level = 0.4,
    decade: Natural | None = None,
) -> Counted:
    """Count how often share prices of an industry that rose so much in two years crashed.

    Parameters
    ----------
    threshold : float
        Least return over two years, raw and net of the market (1 is 100%).
    horizon : int
        Months in which the crash is looked for.
    crash : float
        Drawdown that counts.
    decade : int, optional
        Only run-ups that crossed the threshold in this decade.

    Returns
    -------
    Counted
        Of run-ups whose horizon has ended; the interval, at 95%, is that by waves.

    References
    ----------
    Greenwood, Shleifer & You (2019), Journal of Financial Economics 131, whose rule it is at
    the settings by default.

    Examples
    --------
    >>> found = count_crashes(threshold=1.0)
    >>> found.n, found.falls
    (52, 24)
    """
    ended = [
        one
        for one in dated(threshold, horizon)
        if one.is_complete and (decade is None or one.crossing.year // 10 * 10 == decade)
    ]
    fell = np.array([one.drawdown <= -crash for one in ended], dtype=bool)
    waves = np.array(
        number_waves([one.crossing.ordinal for one in ended], months=horizon), dtype=int
    )
    n, falls = len(fell), int(fell.sum())
    if not n:
        nan = float("nan")
        return Counted(0, 0, 0, 0, nan, nan, nan)
    bounds = clustered_share(fell, waves, confidence=PRICE_LEVEL)
    units = len({one.industry for one in ended})
    return Counted(n, falls, units, len(np.unique(waves)), falls / n, *bounds)


@once
def dated(threshold: float, horizon: int) -> tuple[RunUp, ...]:
    """Run-ups of the US industries over a threshold, and the deepest fall in a horizon.

    Parameters
    ----------
    threshold : float
    horizon : int

    Returns
    -------
    tuple of RunUp
    """
    return date_runups(load_panel(), RunUpRule(threshold=threshold, horizon=horizon))


def windows_of(panel: Panel, rule: RunUpRule) -> list[tuple[int, int, int]]:
    """Any stretches of one horizon, none overlapping, as the ladder of run-ups counts them.

    Parameters
    ----------
    panel : Panel
        T months, N industries.
    rule : RunUpRule

    Returns
    -------
    list of (int, int, int)
        Month of the panel in which stretches begin, how many do, and how many of them fell by
        the crash of the rule.

    Examples
    --------
    >>> found = windows_of(load_panel(), RunUpRule())
    >>> from manias.answers.archive import load_model
    >>> sum(n for _, n, _ in found) == load_model("ladder").base.n
    True
    """
    level = panel.returns.where(panel.firms >= rule.min_firms)
    begun: Counter[int] = Counter()
    fallen: Counter[int] = Counter()
    for industry in level:
        returns = level[industry].to_numpy()
        known = np.flatnonzero(np.isfinite(returns))
        for t in range(known[0] if len(known) else len(returns), len(returns), rule.reach):
            after = returns[t : t + rule.reach]
            if len(after) == rule.reach and np.isfinite(after).all():
                path = np.concatenate([[1.0], np.cumprod(1 + after)])
                begun[t] += 1
                fallen[t] += (path / np.maximum.accumulate(path) - 1).min() <= -rule.crash
    return [(int(t), begun[t], int(fallen[t])) for t in sorted(begun)]


def _cases(
    panel: str,
    first: int,
    level: Array,
    money: Array,
    years: int,
    horizon: int,
    follow: str,
    fall: float,
) -> Taken:
    """Flow-years that count (years x flows), their rises, and whether they fell."""
    size = money if panel == "firms" else level
    past = np.full_like(level, np.nan)
    past[years:] = level[:-years]
    year = first + np.arange(len(level))
    start, end = STARTS.get(panel, (-np.inf, np.inf))
    lows = {"share": lowest(level, horizon), "dollars": lowest(money, horizon)}
    with np.errstate(invalid="ignore", divide="ignore"):
        rise = np.where(past > 0, level / past - 1, np.nan)
        cases = (level > 0) & (size >= FLOORS[panel]) & np.isfinite(rise)
        # Firms are followed in dollars alone, as in the ladder of the plan.
        for what in ("dollars",) if panel == "firms" and follow == "dollars" else lows:
            cases &= np.isfinite(lows[what])
        now = level if follow == "share" else money
        fell = lows[follow] <= (1 - fall) * now
    return cases & ((year >= start) & (year <= end))[:, None], rise, fell


def _third(volatility: Array, cases: NDArray[np.bool_]) -> NDArray[np.int64]:
    """0, 1, 2 by thirds of the volatility of the cases; -1 where it is not known."""
    known = volatility[cases & np.isfinite(volatility)]
    if not len(known):
        return np.full(volatility.shape, -1)
    third = np.digitize(volatility, np.quantile(known, [1 / 3, 2 / 3]))
    return np.where(np.isfinite(volatility), third, -1)


def _placebos(
    flows: Flows,
    take: Callable[[Array, Array], Taken],
    low: float,
    high: float,
    shuffles: int,
) -> tuple[float, float]:
    """Frequencies with the years shuffled (mean) and reversed, of flows without a year of 0."""
    good = ~(flows.share <= 0).any()
    share = flows.share.loc[:, good]
    dollars = None if flows.dollars is None else flows.dollars.loc[:, good]

    def rate(order: NDArray[np.int64]) -> float:
        level = rebuilt(share, order).to_numpy()
        money = level if dollars is None else rebuilt(dollars, order).to_numpy()
        cases, rise, fell = take(level, money)
        inside = cases & (rise >= low) & (rise < high)
        return float((inside & fell).sum() / inside.sum()) if inside.any() else float("nan")

    n = len(share) - 1
    drawn = np.array([rate(permutation(n, seed)) for seed in range(shuffles)])
    known = drawn[np.isfinite(drawn)]
    mean = float(known.mean()) if len(known) else float("nan")
    return mean, rate(np.arange(n)[::-1])


def uniform(n: int, seed: int = 0) -> Array:
    """Numbers from 0 to below 1 by a counter that is mixed, the same in Python and a browser.

    Parameters
    ----------
    n : int
    seed : int

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    The finalizer of MurmurHash3 (Appleby, public domain) on a Weyl sequence of 32 bits.

    Examples
    --------
    >>> [round(float(x), 6) for x in uniform(3)]
    [0.573398, 0.237654, 0.105781]
    """
    with np.errstate(over="ignore"):
        x = (np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x9E3779B9)) + np.uint32(
            (seed * 0x85EBCA6B) & 0xFFFFFFFF
        )
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x / 2.0**32


def permutation(n: int, seed: int) -> NDArray[np.int64]:
    """A permutation of 0 to n - 1 in the order of `uniform`.

    Parameters
    ----------
    n, seed : int

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> sorted(permutation(4, 1).tolist())
    [0, 1, 2, 3]
    """
    return np.argsort(uniform(n, seed + 1), kind="stable")


WAYS: Mapping[str, tuple[str, ...]] = {
    "industries": ("dollars", "share"),
    "countries": ("share",),
    "firms": ("dollars", "share"),
}
"""What can be followed, by panel."""
