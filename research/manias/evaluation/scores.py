"""Scores of probabilities out of sample, each beside doing nothing: the base rate.

Doing nothing means to answer with the share of events among the *other* cases. A model that
does not beat that has no skill here, whatever its coefficients look like.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, MaybeProbability, Natural, checked
from manias.data.checks import as_numbers
from manias.data.results import Result
from manias.errors import DataError, InputError
from manias.evaluation.clusters import clustered_ratio, jackknife_covariance, t_reach

FLOOR = 1e-12
"""Probabilities are kept this far from 0 and 1 in a log loss."""
PERMUTATIONS = 9_999
ALPHA = 0.05
SEED = 20261123
"""Of every draw behind the fitted models."""
TRUE_AUCS = (0.64, 0.71, 0.80, 0.90)
"""For which the power of a sample is given."""
EXACT_PAIRS = 1_000
"""Pairs of cases above which the normal law of the rank sum is good enough, and quick."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Scores(Result):
    """How well cases were predicted that the fit had not seen.

    Attributes
    ----------
    scheme : str
        What was left out at a time.
    n, events, groups : int
        Cases, events among them, parts left out in turn.
    log_loss, brier : float
        Mean scores of the model; smaller is better.
    base_log_loss, base_brier : float
        The same of the share of events among the cases not left out.
    gain, gain_low, gain_high : float
        ``base_log_loss - log_loss`` and its interval by groups (cluster jackknife, Student's
        law), of 95% unless the settings of the model name another level; NaN of one group.
    auc : float
        Chance that an event is ranked above another case, from fits without either; 0.5 is
        no order at all. NaN where it was not computed.
    intercept, slope, slope_low, slope_high : float
        Calibration of the log odds: 0 and 1 are perfect; the interval, of 95%, respects the
        groups. NaN where the predictions do not vary.
    permutation_p : float
        Share of relabelled samples whose gain is at least as large; the whole pipeline is
        run again on each. NaN where it was not computed.
    permutations : int
        How many.
    lost_folds : int
        Parts without a prediction, since the fit to the others did not converge or they hold
        too few cases for one; the cases of such a part are not scored.
    lost_permutations : int
        Relabelled samples with such a part; each counts as one whose gain is as large.
    """

    _told = ("scheme", "n", "events", "gain", "permutation_p")

    scheme: str
    n: int
    events: int
    groups: int
    log_loss: float
    brier: float
    base_log_loss: float
    base_brier: float
    gain: float
    gain_low: float
    gain_high: float
    auc: float
    intercept: float
    slope: float
    slope_low: float
    slope_high: float
    permutation_p: float
    permutations: int
    lost_folds: int = 0
    lost_permutations: int = 0

    @property
    def has_skill(self) -> bool:
        """Whether the permutation test rejects at 5%, and the gain is one.

        The interval is printed and decides nothing. False where no test was run.
        """
        return bool(self.gain > 0 and self.permutation_p <= ALPHA)


def log_losses(y: Array, p: Array) -> Array:
    """Log loss of each case.

    Parameters
    ----------
    y : ndarray, shape (n,)
        1 for an event, else 0.
    p : ndarray, shape (n,)
        Probabilities.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> log_losses(np.array([1.0, 0.0]), np.array([0.5, 0.5])).round(4).tolist()
    [0.6931, 0.6931]
    """
    p = np.clip(p, FLOOR, 1 - FLOOR)
    return -np.where(y > 0.5, np.log(p), np.log1p(-p))


def outcomes(y: Any) -> Array:
    """Outcomes as an array of 1 and 0.

    Parameters
    ----------
    y : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    DataError
        If one is neither.

    Examples
    --------
    >>> outcomes([True, False])
    array([1., 0.])
    """
    y = as_numbers("outcomes", y, flags=True)
    if not (is_known := np.isin(y, (0.0, 1.0))).all():
        at = int(np.flatnonzero(~is_known)[0])
        raise DataError(f"outcomes: {y[at]:g} at position {at}; expected 0 or 1")
    return y


@checked
def base_rates(y: Array, groups: Array | None = None) -> Array:
    """Share of events among the cases outside each case's group.

    Parameters
    ----------
    y : ndarray, shape (n,)
    groups : ndarray, shape (n,), optional
        Group of each case; each case is a group by default.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    DataError
        If one group holds all cases.

    References
    ----------
    The bar that any predictor must pass; for 37 events in 51 cases its log loss is 0.6081.

    Examples
    --------
    >>> y = np.repeat([1.0, 0.0], [37, 14])
    >>> p = base_rates(y)
    >>> print(round(log_losses(y, p).mean(), 4), round(((y - p) ** 2).mean(), 4))
    0.6081 0.2072
    """
    y = outcomes(y)
    groups = np.arange(len(y)) if groups is None else np.asarray(groups)
    if len(groups) != len(y):
        raise DataError(f"groups: {len(groups)} for {len(y)} outcomes; expected as many")
    kinds, code = np.unique(groups, return_inverse=True)
    if len(kinds) < 2:
        raise DataError(f"{len(kinds)} group of {len(y)} cases; expected at least 2")
    total, events = np.bincount(code), np.bincount(code, weights=y)
    return (y.sum() - events[code]) / (len(y) - total[code])


@checked
def score(
    y: Array,
    p: Array,
    base: Array,
    *,
    scheme: str,
    groups: Array | None = None,
    also: Array | None = None,
    across: Array | None = None,
    confidence: Level = 1 - ALPHA,
    auc: MaybeProbability = float("nan"),
    permutation_p: MaybeProbability = float("nan"),
    permutations: Natural = 0,
    lost_folds: Natural = 0,
    lost_permutations: Natural = 0,
) -> Scores:
    """Score predictions beside the base rate.

    Parameters
    ----------
    y : ndarray, shape (n,)
        1 for an event, else 0.
    p, base : ndarray, shape (n,)
        Predictions of the model and of the base rate, both made without the case.
    scheme : str
        What was left out at a time, in words.
    groups : ndarray, shape (n,), optional
        What was left out together, or depends on each other; each case alone by default.
    also : ndarray, shape (n,), optional
        Another grouping, inside the first or around it; the wider interval is taken.
    across : ndarray, shape (n,), optional
        Groups that cross the first, such as years where those are units: see
        `manias.evaluation.clusters.clustered_ratio`.
    confidence : float
        Level of the interval of the gain.
    auc, permutation_p, permutations, lost_folds, lost_permutations
        Passed through.

    Returns
    -------
    Scores

    Raises
    ------
    DataError
        If lengths differ, or a prediction is missing or no probability.

    Examples
    --------
    >>> y = np.array([1.0, 1.0, 0.0, 0.0])
    >>> s = score(y, np.array([0.9, 0.8, 0.2, 0.1]), base_rates(y), scheme="one case")
    >>> s.gain > 0, s.n, s.events
    (True, 4, 2)
    """
    y = outcomes(y)
    p = as_numbers("predictions", p, n=len(y), finite=False)
    base = as_numbers("base rates", base, n=len(y), finite=False)
    for name, a in (("groups", groups), ("also", also), ("across", across)):
        if a is not None and len(a) != len(y):
            raise DataError(f"{name}: {len(a)} for {len(y)} outcomes; expected as many")
    for name, a in (("prediction", p), ("base rate", base)):
        if not ((a >= 0) & (a <= 1)).all():
            raise DataError(f"{name} {a[~((a >= 0) & (a <= 1))][0]}; expected 0 to 1")
    alone = groups is None and also is None and across is None
    groups = np.arange(len(y)) if groups is None else np.asarray(groups)
    losses, doing_nothing = log_losses(y, p), log_losses(y, base)
    low, high = _wider(
        *(
            clustered_ratio(
                doing_nothing - losses, blocks, across=across, confidence=confidence
            )
            for blocks in (groups, also)
            if blocks is not None
        )
    )
    together = [g for g in (groups, also, across) if g is not None]
    intercept, slope, slope_low, slope_high = calibrate(y, p, () if alone else together)
    return Scores(
        scheme=scheme,
        n=len(y),
        events=int(y.sum()),
        groups=len(np.unique(groups)),
        log_loss=float(losses.mean()),
        brier=float(((y - p) ** 2).mean()),
        base_log_loss=float(doing_nothing.mean()),
        base_brier=float(((y - base) ** 2).mean()),
        gain=float((doing_nothing - losses).mean()),
        gain_low=low,
        gain_high=high,
        auc=float(auc),
        intercept=intercept,
        slope=slope,
        slope_low=slope_low,
        slope_high=slope_high,
        permutation_p=float(permutation_p),
        permutations=permutations,
        lost_folds=lost_folds,
        lost_permutations=lost_permutations,
    )


@checked
def relabel(y: Array, permutations: Count, seed: Natural) -> Array:
    """Draw permutations of the labels.

    Parameters
    ----------
    y : ndarray, shape (n,)
    permutations, seed : int

    Returns
    -------
    ndarray, shape (permutations, n)

    Examples
    --------
    >>> relabel(np.array([1.0, 0.0, 0.0]), 5, 0).sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    if permutations < 1:
        raise InputError(f"permutations={permutations}: expected 1 or more")
    rng = np.random.default_rng(seed)
    drawn = np.tile(np.asarray(y, dtype=float), (permutations, 1))
    return rng.permuted(drawn, axis=1)


@checked
def rank_auc(y: Array, score: Array) -> float:
    """Chance that an event has a higher score than another case; ties count half.

    Parameters
    ----------
    y, score : ndarray, shape (n,)

    Returns
    -------
    float
        NaN where there is but one class.

    Examples
    --------
    >>> rank_auc(np.array([1.0, 0.0]), np.array([0.9, 0.1]))
    1.0
    """
    y = np.asarray(y)
    events = int((y == 1).sum())
    pairs = events * (len(y) - events)
    if not pairs:
        return float("nan")
    ranks = pd.Series(score).rank().to_numpy()[y == 1].sum()
    return float((ranks - events * (events + 1) / 2) / pairs)


@checked
def rank_power(
    events: Natural, others: Natural, auc: Level, *, draws: Count = 2_000, seed: Natural = 0
) -> float:
    """Chance that the rank test at 5% sees a true AUC in a sample of this size.

    Parameters
    ----------
    events, others : int
        Independent cases of the two outcomes.
    auc : float
        Between two normal laws of equal spread.
    draws, seed : int

    Returns
    -------
    float
        NaN where there is but one outcome.

    References
    ----------
    Mann & Whitney (1947), Annals of Mathematical Statistics 18, 50-60.

    Examples
    --------
    >>> 0.93 < rank_power(37, 14, 0.80) < 0.98
    True
    """
    from scipy.stats import mannwhitneyu, norm

    if min(events, others) < 1:
        return float("nan")
    rng = np.random.default_rng(seed)
    y = np.r_[np.ones(events), np.zeros(others)]
    x = rng.normal(size=(draws, len(y))) + y * np.sqrt(2) * norm.ppf(auc)
    law = "exact" if events * others <= EXACT_PAIRS else "asymptotic"
    p = mannwhitneyu(x[:, :events], x[:, events:], axis=1, method=law).pvalue
    return float((p <= ALPHA).mean())


@checked
def calibrate(
    y: Array, p: Array, groupings: Sequence[Array] = ()
) -> tuple[float, float, float, float]:
    """Intercept and slope of outcomes on the log odds of predictions.

    Parameters
    ----------
    y, p : ndarray, shape (n,)
    groupings : sequence of ndarray, shape (n,)
        Each a way in which cases depend on each other; the widest interval is taken.

    Returns
    -------
    intercept, slope, low, high : float
        The intercept is that at slope 1; the slope is Firth's, with a 95% interval: of the
        profile where no case depends on another, else of the cluster jackknife on Student's
        law. All NaN where the predictions or the outcomes do not vary.

    References
    ----------
    Cox (1958), Biometrika 45, 562-565; `manias.evaluation.clusters.jackknife_covariance`.

    Examples
    --------
    >>> p = np.tile([0.2, 0.8], 50)
    >>> y = (np.arange(100) % 10 < 2).astype(float)
    >>> y = np.where(p > 0.5, 1 - y, y)
    >>> [round(abs(v), 1) for v in calibrate(y, p)[:2]]
    [0.0, 1.0]
    """
    from manias.evaluation._firth import fit_firth, intercept_of

    nan = float("nan")
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), FLOOR, 1 - FLOOR)
    odds = np.log(p / (1 - p))
    if np.ptp(odds) < 1e-9 or np.ptp(y) == 0:
        return nan, nan, nan, nan
    x = np.column_stack([np.ones(len(y)), odds])
    fit = fit_firth(x, y, profile=not len(groupings))
    slope = float(fit.beta[1])
    low, high = map(float, fit.intervals[1])
    if len(groupings):
        low, high = _wider(*(_slope_ends(x, y, fit.beta, groups) for groups in groupings))
    return float(intercept_of(odds, y)), slope, low, high


def _slope_ends(x: Array, y: Array, beta: Array, groups: Array) -> tuple[float, float]:
    n = len(np.unique(groups))
    if n < 2:
        return float("nan"), float("nan")
    spread = jackknife_covariance(x, y, beta, groups)[1, 1]
    reach = t_reach(1 - ALPHA, n) * float(np.sqrt(spread))
    return float(beta[1]) - reach, float(beta[1]) + reach


def _wider(*ends: tuple[float, float]) -> tuple[float, float]:
    """The widest of some intervals; one that is not known is wider than any."""
    return max(ends, key=lambda pair: np.nan_to_num(pair[1] - pair[0], nan=np.inf))
