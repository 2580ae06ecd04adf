"""Calibration that is learnt from what fits said of cases that they had not seen.

Folds are left out one at a time among the training folds themselves, so that a fold that is
judged has no say in how its own probabilities are calibrated. The rules stand in
``reports/analysis-plan.md``, in the entry of 2026-11-29 on the panel of *when*.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.results import Result
from manias.evaluation._firth import fit_flic, intercept_of, try_flic

Array = NDArray[np.float64]
Folds = list[tuple[NDArray[np.intp], NDArray[np.intp]]]
SLOPES = (0.0, 1.5)
"""Least and largest slope; at 0 every case is given the base rate."""
TERMS = ("intercept", "slope")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calibration(Result):
    """What the log odds of a fit are turned into before they are said.

    Attributes
    ----------
    intercept, slope : float
        Of the calibrated log odds on those of the fit; 0 and 1 leave them as they are.
    covariance : pandas.DataFrame
        Of both.
    """

    _told = ("intercept", "slope")

    intercept: float
    slope: float
    covariance: pd.DataFrame

    def apply(self, odds: Array, variance: Array) -> tuple[Array, Array]:
        """Calibrate log odds.

        Parameters
        ----------
        odds, variance : ndarray, shape (n,)
            Log odds of the fit, and their variance.

        Returns
        -------
        odds, variance : ndarray, shape (n,)
            The variance is that of the fit times the slope squared, and that of intercept
            and slope.

        Examples
        --------
        >>> half = Calibration(0.0, 0.5, pd.DataFrame(np.eye(2), TERMS, TERMS))
        >>> half.apply(np.array([2.0]), np.array([4.0]))
        (array([1.]), array([6.]))
        """
        x = _line(odds)
        own = np.einsum("ij,jk,ik->i", x, self.covariance.to_numpy(), x)
        return self.intercept + self.slope * odds, self.slope**2 * variance + own


def learn_calibration(odds: Array, y: Array, groups: NDArray[np.intp]) -> tuple[float, float]:
    """Intercept and slope of outcomes on log odds that were said without them.

    Parameters
    ----------
    odds : ndarray, shape (n,)
        NaN where nothing was said.
    y : ndarray, shape (n,)
        1 for an event, else 0.
    groups : ndarray, shape (n,)
        What was left out together.

    Returns
    -------
    intercept, slope : float
        The slope, Firth's, is bounded to `SLOPES`; at the intercept the mean prediction is the
        share of events. 0 and 1 where fewer than two groups have log odds, or these or the
        outcomes do not vary.

    References
    ----------
    Cox (1958), Biometrika 45, 562-565; Firth (1993), Biometrika 80, 27-38.

    Examples
    --------
    Log odds that are twice too large.

    >>> odds = np.tile([-2 * np.log(4), 2 * np.log(4)], 50)
    >>> y = np.where(odds > 0, np.arange(100) % 10 > 1, np.arange(100) % 10 < 2).astype(float)
    >>> np.round(learn_calibration(odds, y, np.arange(100) // 50), 1) + 0.0
    array([0. , 0.5])
    """
    told = np.isfinite(odds)
    odds, y = odds[told], y[told]
    if len(np.unique(groups[told])) < 2 or np.ptp(y) == 0 or np.ptp(odds) < 1e-9:
        return 0.0, 1.0
    slope = float(np.clip(try_flic(_line(odds), y, np.array([0.0, 1.0]))[1], *SLOPES))
    if np.isnan(slope):
        return 0.0, 1.0
    return float(intercept_of(slope * odds, y)), slope


def fit_part(x: Array, y: Array, train: NDArray, start: Array) -> tuple[Array, float]:
    """Coefficients of some cases, and their share of events.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        With a leading column of ones.
    y : ndarray, shape (n,)
    train : ndarray
        Positions or marks of the cases.
    start : ndarray, shape (k,)
        Where the search begins.

    Returns
    -------
    beta : ndarray, shape (k,)
        NaN where the search does not converge. Of cases of one outcome: the share alone.
    share : float
        Smoothed by half a case of each outcome where there is but one.
    """
    known = y[train]
    share = known.mean()
    if 0 < share < 1:
        return try_flic(x[train], known, start), share
    share = (known.sum() + 0.5) / (len(known) + 1)
    return np.r_[np.log(share / (1 - share)), np.zeros(x.shape[1] - 1)], share


def out_of_fold(x: Array, y: Array, folds: Folds, *, least: int) -> Array:
    """Log odds of each fold by a fit to its training cases.

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    folds : list of (train, test)
    least : int
        Fewest events, and fewest other cases, that a fit must have seen.

    Returns
    -------
    ndarray, shape (n,)
        NaN where it has seen fewer, or the search does not converge.
    """
    odds, start = np.full(len(y), np.nan), np.zeros(x.shape[1])
    for train, test in folds:
        if _is_enough(y[train], least):
            odds[test] = x[test] @ try_flic(x[train], y[train], start)
    return odds


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """What was said of folds that were left out.

    Attributes
    ----------
    plain, calibrated, base : ndarray, shape (n,)
        Probabilities as fitted and calibrated, NaN where a search did not converge, and the
        share of events among the training cases.
    intercepts, slopes : ndarray, shape (k,)
        Calibration of each fold.
    """

    plain: Array
    calibrated: Array
    base: Array
    intercepts: Array
    slopes: Array


def nested_folds(x: Array, y: Array, folds: Folds, *, least: int) -> Nested:
    """Predict each fold, calibrated by what was learnt among its training folds alone.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        With a leading column of ones.
    y : ndarray, shape (n,)
    folds : list of (train, test)
        Each case is tested in one of them.
    least : int
        As for `out_of_fold`.

    Returns
    -------
    Nested
        To calibrate fold g, each other fold h is left out as well, and predicted from the
        cases that both train on. One such fit serves g and h.

    References
    ----------
    Varma & Simon (2006), BMC Bioinformatics 7, 91: what is tuned is tuned inside the folds.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = np.column_stack([np.ones(300), rng.normal(size=300)])
    >>> y = (rng.random(300) < 0.4).astype(float)
    >>> part = np.arange(300) // 100
    >>> folds = [(np.flatnonzero(part != g), np.flatnonzero(part == g)) for g in range(3)]
    >>> nested_folds(x, y, folds, least=12).slopes.shape
    (3,)
    """
    n, k = len(y), len(folds)
    kept, fold = np.zeros((k, n), dtype=bool), np.empty(n, dtype=int)
    for g, (train, test) in enumerate(folds):
        kept[g, train], fold[test] = True, g
    plain, base, inner = np.empty(n), np.empty(n), np.full((k, n), np.nan)
    whole, without = fit_flic(x, y, np.zeros(x.shape[1])), []
    for train, test in folds:
        beta, base[test] = fit_part(x, y, train, whole)
        plain[test] = x[test] @ beta
        without.append(beta)
    for g, h in combinations(range(k), 2):
        if _is_enough(y[both := kept[g] & kept[h]], least):
            beta = try_flic(x[both], y[both], np.nan_to_num(without[g]))
            for a, b in ((g, h), (h, g)):
                here = kept[a] & (fold == b)
                inner[a, here] = x[here] @ beta
    lines = np.array([learn_calibration(inner[g], y, fold) for g in range(k)])
    said = lines[fold, 0] + lines[fold, 1] * plain
    return Nested(_expit(plain), _expit(said), base, lines[:, 0], lines[:, 1])


def _is_enough(y: Array, least: int) -> bool:
    return bool(least <= y.sum() <= len(y) - least)


def _line(odds: Array) -> Array:
    return np.column_stack([np.ones(len(odds)), odds])


def _expit(odds: Array) -> Array:
    return 1 / (1 + np.exp(-odds))
