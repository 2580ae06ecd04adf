"""Scores of probabilities out of sample, each beside doing nothing: the base rate.

Doing nothing means to answer with the share of events among the *other* cases. A model that
does not beat that has no skill here, whatever its coefficients look like.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.results import Result
from manias.errors import DataError, InputError

FLOOR = 1e-12
"""Probabilities are kept this far from 0 and 1 in a log loss."""
PERMUTATIONS = 9_999
RESAMPLES = 9_999
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
        ``base_log_loss - log_loss`` and its bootstrap interval over groups, of 95% unless the
        settings of the model name another level.
    auc : float
        Chance that an event is ranked above another case, from fits without either; 0.5 is
        no order at all. NaN where it was not computed.
    intercept, slope, slope_low, slope_high : float
        Calibration of the log odds: 0 and 1 are perfect. NaN where the predictions do not
        vary.
    permutation_p : float
        Share of relabelled samples whose gain is at least as large; the whole pipeline is
        run again on each. NaN where it was not computed.
    permutations : int
        How many.
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
    groups = np.arange(len(y)) if groups is None else np.asarray(groups)
    kinds, code = np.unique(groups, return_inverse=True)
    if len(kinds) < 2:
        raise DataError(f"{len(kinds)} group of {len(y)} cases; expected at least 2")
    total, events = np.bincount(code), np.bincount(code, weights=y)
    return (y.sum() - events[code]) / (len(y) - total[code])


def score(
    y: Array,
    p: Array,
    base: Array,
    *,
    scheme: str,
    groups: Array | None = None,
    also: Array | None = None,
    confidence: float = 1 - ALPHA,
    auc: float = float("nan"),
    permutation_p: float = float("nan"),
    permutations: int = 0,
    seed: int = 0,
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
        What was left out together; the bootstrap draws groups.
    also : ndarray, shape (n,), optional
        Another grouping; the interval is the wider of the two.
    confidence : float
        Level of the interval of the gain.
    auc, permutation_p, permutations
        Passed through.
    seed : int
        Of the bootstrap.

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
    y, p, base = (np.asarray(a, dtype=float) for a in (y, p, base))
    if not len(y) == len(p) == len(base):
        raise DataError(f"{len(y)} outcomes, {len(p)} predictions, {len(base)} base rates")
    for name, a in (("prediction", p), ("base rate", base)):
        if not ((a >= 0) & (a <= 1)).all():
            raise DataError(f"{name} {a[~((a >= 0) & (a <= 1))][0]}; expected 0 to 1")
    groups = np.arange(len(y)) if groups is None else np.asarray(groups)
    losses, doing_nothing = log_losses(y, p), log_losses(y, base)
    ends = [
        _bootstrap(doing_nothing - losses, blocks, seed, confidence)
        for blocks in (groups, also)
        if blocks is not None
    ]
    low, high = max(ends, key=lambda pair: pair[1] - pair[0])
    intercept, slope, slope_low, slope_high = calibrate(y, p)
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
    )


def relabel(y: Array, permutations: int, seed: int) -> Array:
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


def rank_power(
    events: int, others: int, auc: float, *, draws: int = 2_000, seed: int = 0
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


def calibrate(y: Array, p: Array) -> tuple[float, float, float, float]:
    """Intercept and slope of outcomes on the log odds of predictions.

    Parameters
    ----------
    y, p : ndarray, shape (n,)

    Returns
    -------
    intercept, slope, low, high : float
        The intercept is that at slope 1; the slope is Firth's, with a 95% profile interval.
        All NaN where the predictions or the outcomes do not vary.

    References
    ----------
    Cox (1958), Biometrika 45, 562-565.

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
    fit = fit_firth(np.column_stack([np.ones(len(y)), odds]), y)
    low, high = fit.intervals[1]
    return float(intercept_of(odds, y)), float(fit.beta[1]), float(low), float(high)


def _bootstrap(
    gains: Array, groups: Array, seed: int, confidence: float
) -> tuple[float, float]:
    """Percentile interval of the mean gain, whole groups drawn with replacement."""
    _, code = np.unique(groups, return_inverse=True)
    size = np.bincount(code)
    total = np.bincount(code, weights=gains)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(size), size=(RESAMPLES, len(size)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def wilson(events: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of a share by inverting the score test.

    Parameters
    ----------
    events, n : int
        ``n`` >= 1.
    confidence : float

    Returns
    -------
    low, high : float

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> low, high = wilson(23, 46)
    >>> round(low, 3), round(high, 3)
    (0.361, 0.639)
    """
    from scipy.special import ndtri

    square = float(ndtri((1 + confidence) / 2)) ** 2
    share = events / n
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = math.sqrt(square * (share * (1 - share) + square / (4 * n)) / n) / (1 + square / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)
