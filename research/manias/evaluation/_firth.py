"""Compiled kernels of logistic regression with Firth's penalty, for samples of any size.

Symbols follow Firth (1993) and Heinze & Schemper (2002): ``x`` is the design with a leading
column of ones, ``h`` the diagonal of the hat matrix, and the score is
``sum_i x_i (y_i - p_i + c h_i (1/2 - p_i))`` with c = 1, or c = 0 for maximum likelihood.
"""

from dataclasses import dataclass
from functools import wraps

import numpy as np
from numpy.typing import NDArray

from manias.data.compiled import njit
from manias.errors import DataError

ITERATIONS = 2_000
TOLERANCE = 1e-9
STEP = 3.0
"""Most that the log odds of a case may move in one step, whatever the units of the columns."""
COLLINEAR = 1e-6
"""Share of the largest singular value, columns centred and scaled, below which one follows."""
MANY = 512
"""Cases from which products of matrices, so many rows at a time, are quicker than sums."""


@njit(cache=True)
def _invert(a):
    """Inverse and log determinant of a positive definite matrix, and whether it is one."""
    k = a.shape[0]
    low = np.zeros((k, k))
    logdet = 0.0
    for i in range(k):
        for j in range(i + 1):
            s = a[i, j]
            for m in range(j):
                s -= low[i, m] * low[j, m]
            if i == j:
                if not s > 1e-12 * a[i, i] or not np.isfinite(s):
                    return low, 0.0, False
                low[i, i] = np.sqrt(s)
                logdet += 2.0 * np.log(low[i, i])
            else:
                low[i, j] = s / low[j, j]
    inverse = np.zeros((k, k))
    for c in range(k):
        z = np.zeros(k)
        for i in range(k):
            s = 1.0 if i == c else 0.0
            for m in range(i):
                s -= low[i, m] * z[m]
            z[i] = s / low[i, i]
        for i in range(k - 1, -1, -1):
            s = z[i]
            for m in range(i + 1, k):
                s -= low[m, i] * inverse[m, c]
            inverse[i, c] = s / low[i, i]
    return inverse, logdet, True


@njit(cache=True)
def _state_of_many(x, y, beta, penalty):
    """`_state` by products of matrices."""
    eta = x @ beta
    small = np.exp(-np.abs(eta))
    p = np.where(eta >= 0, 1.0, small) / (1.0 + small)
    w = small / (1.0 + small) ** 2
    value = np.sum(y * eta - np.maximum(eta, 0.0) - np.log1p(small))
    info = np.zeros((x.shape[1], x.shape[1]))
    for i in range(0, len(y), MANY):
        rows = x[i : i + MANY]
        info += rows.T @ (rows * w[i : i + MANY].reshape(-1, 1))
    score, curvature = np.zeros(x.shape[1]), np.zeros_like(info)
    inverse, logdet, good = _invert(info)
    if not good:
        return -np.inf, score, inverse, info, False
    for i in range(0, len(y), MANY):
        rows, part, weight = x[i : i + MANY], p[i : i + MANY], w[i : i + MANY]
        h = penalty * weight * np.sum((rows @ inverse) * rows, axis=1)
        score += (y[i : i + MANY] - part + h * (0.5 - part)) @ rows
        curvature += rows.T @ (rows * (weight * (1.0 + h)).reshape(-1, 1))
    return value + 0.5 * penalty * logdet, score, inverse, curvature, True


@njit(cache=True)
def _state(x, y, beta, penalty):
    """Penalised log-likelihood, its score, inverse information, curvature, and whether finite.

    The curvature is the information of the augmented weights w (1 + c h): where leverage is
    near 1 a step by the information alone leaps to the other side of the maximum for ever.
    """
    n, k = x.shape
    if n >= MANY:
        return _state_of_many(x, y, beta, penalty)
    info = np.zeros((k, k))
    score = np.zeros(k)
    p = np.empty(n)
    w = np.empty(n)
    value = 0.0
    for i in range(n):
        eta = 0.0
        for j in range(k):
            eta += x[i, j] * beta[j]
        small = np.exp(-abs(eta))
        p[i] = 1.0 / (1.0 + small) if eta >= 0 else small / (1.0 + small)
        w[i] = small / (1.0 + small) ** 2
        value += y[i] * eta - (eta if eta > 0 else 0.0) - np.log1p(small)
        for j in range(k):
            t = w[i] * x[i, j]
            for m in range(j + 1):
                info[j, m] += t * x[i, m]
    for j in range(k):
        for m in range(j):
            info[m, j] = info[j, m]
    inverse, logdet, good = _invert(info)
    if not good:
        return -np.inf, score, inverse, info, False
    curvature = np.zeros((k, k))
    for i in range(n):
        r = y[i] - p[i]
        more = w[i]
        if penalty > 0:
            h = 0.0
            for j in range(k):
                t = 0.0
                for m in range(k):
                    t += inverse[j, m] * x[i, m]
                h += x[i, j] * t
            r += penalty * h * w[i] * (0.5 - p[i])
            more += penalty * h * w[i] * w[i]
        for j in range(k):
            score[j] += x[i, j] * r
            for m in range(j + 1):
                curvature[j, m] += more * x[i, j] * x[i, m]
    for j in range(k):
        for m in range(j):
            curvature[m, j] = curvature[j, m]
    return value + 0.5 * penalty * logdet, score, inverse, curvature, True


@njit(cache=True)
def _maximise(x, y, start, free, penalty, tolerance):
    """Maximise the penalised likelihood over the coefficients marked in ``free``.

    Returns beta, its penalised log-likelihood, the inverse information at beta, and whether
    the search converged.
    """
    k = x.shape[1]
    at = np.flatnonzero(free)
    n_free = at.shape[0]
    beta = start.copy()
    value, score, inverse, curvature, good = _state(x, y, beta, penalty)
    if not good:
        return beta, value, inverse, False
    for _ in range(ITERATIONS):
        step = np.zeros(k)
        block = np.empty((n_free, n_free))
        for j in range(n_free):
            for m in range(n_free):
                block[j, m] = curvature[at[j], at[m]]
        part, _, fine = _invert(block)
        if not fine:
            return beta, value, inverse, False
        for j in range(n_free):
            for m in range(n_free):
                step[at[j]] += part[j, m] * score[at[m]]
        longest = 0.0
        for i in range(x.shape[0]):
            move = 0.0
            for j in range(k):
                move += x[i, j] * step[j]
            longest = max(longest, abs(move))
        if longest < tolerance:
            return beta, value, inverse, True
        if longest > STEP:
            step *= STEP / longest
        size = 1.0
        moved = False
        for _ in range(40):
            trial = beta + size * step
            new, s, inv, curv, good = _state(x, y, trial, penalty)
            if good and new >= value - 1e-12 * (1.0 + abs(value)):
                beta, value, score, inverse, curvature = trial, new, s, inv, curv
                moved = True
                break
            size *= 0.5
        if not moved:
            return beta, value, inverse, longest < 1e-5
    return beta, value, inverse, False


@njit(cache=True)
def _intercept_of(eta, y):
    """Shift of the intercept that makes the mean prediction equal the share of events."""
    shift = 0.0
    share = np.mean(y)
    if share <= 0.0 or share >= 1.0:
        return 0.0
    for _ in range(ITERATIONS):
        gap, slope = 0.0, 0.0
        for i in range(eta.shape[0]):
            p = 1.0 / (1.0 + np.exp(-(eta[i] + shift)))
            gap += y[i] - p
            slope += p * (1.0 - p)
        step = gap / slope if slope > 1e-300 else 0.0
        step = min(max(step, -2.0), 2.0)
        shift += step
        if abs(step) < 1e-12:
            break
    return shift


@njit(cache=True, nogil=True)
def _fit_flic(x, y, start):
    """Firth's coefficients with the intercept corrected (FLIC); and whether they converged."""
    k = x.shape[1]
    beta, _, _, good = _maximise(x, y, start, np.ones(k, dtype=np.bool_), 1.0, 1e-7)
    beta[0] += _intercept_of(x @ beta, y)
    return beta, good


@njit(cache=True)
def _leave_out(x, y, group):
    """Predict every group from a fit to all the others; beside it the others' share of events.

    ``group`` holds 0..G-1. Returns p and base, each of shape (n,); p is NaN in a group without
    which the search does not converge.
    """
    n, k = x.shape
    p = np.empty(n)
    base = np.empty(n)
    start, _ = _fit_flic(x, y, np.zeros(k))
    for g in range(np.max(group) + 1):
        out = group == g
        held = np.sum(out)
        if held == 0:
            continue
        a = np.empty((n - held, k))
        b = np.empty(n - held)
        row = 0
        for i in range(n):
            if not out[i]:
                a[row] = x[i]
                b[row] = y[i]
                row += 1
        share = np.mean(b)
        beta, good = _fit_flic(a, b, start)
        if not good:
            beta = np.full(k, np.nan)
        for i in range(n):
            if out[i]:
                eta = 0.0
                for j in range(k):
                    eta += x[i, j] * beta[j]
                p[i] = 1.0 / (1.0 + np.exp(-eta))
                base[i] = share
    return p, base


@njit(cache=True)
def _leave_pair_out(x, y):
    """Share of pairs (event, other) that a fit without both ranks rightly; ties count half."""
    n, k = x.shape
    right, pairs = 0.0, 0
    start, _ = _fit_flic(x, y, np.zeros(k))
    for i in range(n):
        if y[i] < 0.5:
            continue
        for j in range(n):
            if y[j] > 0.5:
                continue
            a = np.empty((n - 2, k))
            b = np.empty(n - 2)
            row = 0
            for m in range(n):
                if m != i and m != j:
                    a[row] = x[m]
                    b[row] = y[m]
                    row += 1
            beta, good = _fit_flic(a, b, start)
            if not good:
                return np.nan
            gap = 0.0
            for c in range(1, k):
                gap += beta[c] * (x[i, c] - x[j, c])
            right += 1.0 if gap > 1e-10 else (0.5 if gap > -1e-10 else 0.0)
            pairs += 1
    return right / pairs


@njit(cache=True)
def _log_loss_gain(y, p, base):
    """Mean log loss of the base rate less that of the model."""
    gain = 0.0
    floor = 1e-12
    for i in range(y.shape[0]):
        if np.isnan(p[i]):
            return np.nan
        a, b = min(max(p[i], floor), 1 - floor), min(max(base[i], floor), 1 - floor)
        gain += np.log(a / b) if y[i] > 0.5 else np.log((1 - a) / (1 - b))
    return gain / y.shape[0]


@njit(cache=True)
def _gains(x, labels, group):
    """Out-of-sample gain over the base rate for each row of ``labels``, shape (B, n)."""
    found = np.empty(labels.shape[0])
    for b in range(labels.shape[0]):
        p, base = _leave_out(x, labels[b], group)
        found[b] = _log_loss_gain(labels[b], p, base)
    return found


def _one_layout(kernel):
    """Call a kernel with arrays of one layout: each other one would be compiled anew."""

    @wraps(kernel.py_func)
    def call(*arguments):
        return kernel(
            *(
                np.require(a, requirements=["C", "W"]) if isinstance(a, np.ndarray) else a
                for a in arguments
            )
        )

    return call


maximise = _one_layout(_maximise)
intercept_of = _one_layout(_intercept_of)
log_loss_gain = _one_layout(_log_loss_gain)


def standardised(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The design with every column but the first centred and in units of its spread.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        The first column is ones.

    Returns
    -------
    ndarray, shape (n, k)
        Predictions and penalised likelihoods do not depend on it, but their rounding does.
    """
    middle, spread = _units(x)
    return (x - middle) / spread


def _units(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle, spread = x.mean(axis=0), x.std(axis=0)
    middle[0], spread[0] = 0.0, 1.0
    return middle, np.where(spread > 0, spread, 1.0)


def fit_flic(x, y, start):
    """Firth's coefficients with the intercept corrected (FLIC).

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    start : ndarray, shape (k,)
        Where the search begins.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    DataError
        If the search does not converge.
    """
    beta, good = _one_layout(_fit_flic)(x, y, start)
    if not good:
        raise DataError("the search did not converge; expected columns that vary and differ")
    return beta


def leave_out(x, y, group):
    """Predict every group from a fit to all the others; beside it the others' share of events.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        The first column is ones.
    y : ndarray, shape (n,)
    group : ndarray, shape (n,)
        0..G-1.

    Returns
    -------
    p, base : ndarray, shape (n,)
        p is NaN in a group without which the search does not converge.

    Raises
    ------
    DataError
        If it converges without none of them.
    """
    p, base = _one_layout(_leave_out)(standardised(x), y, group)
    if np.isnan(p).all():
        raise DataError(
            f"{len(np.unique(group))} folds, none of which converged or kept its columns; "
            f"expected some to"
        )
    return p, base


def leave_pair_out(x, y):
    """Share of pairs (event, other) that a fit without both ranks rightly; ties count half.

    NaN where a fit without one of them does not converge.
    """
    return _one_layout(_leave_pair_out)(standardised(x), y)


def gains(x, labels, group):
    """Out-of-sample gain over the base rate for each row of ``labels``, shape (B, n)."""
    return _one_layout(_gains)(standardised(x), labels, group)


def try_flic(x, y, start):
    """`fit_flic`, with NaN where the search does not converge."""
    beta, good = _one_layout(_fit_flic)(x, y, start)
    return beta if good else np.full_like(beta, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class FirthFit:
    """A penalised fit.

    Attributes
    ----------
    beta : ndarray, shape (k,)
        Firth's coefficients, the first being the intercept.
    shift : float
        What FLIC adds to the intercept.
    covariance : ndarray, shape (k, k)
        Inverse information at ``beta``.
    intervals : ndarray, shape (k, 2)
        Profile penalised-likelihood intervals; -inf or inf where an end was not reached, NaN
        where a search did not converge.
    log_likelihood, null_log_likelihood : float
        Penalised, of the fit and with all slopes at zero.
    """

    beta: NDArray[np.float64]
    shift: float
    covariance: NDArray[np.float64]
    intervals: NDArray[np.float64]
    log_likelihood: float
    null_log_likelihood: float


def fit_firth(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    confidence: float = 0.95,
    penalty: float = 1.0,
    profile: bool = True,
) -> FirthFit:
    """Fit a logit by Firth's penalised likelihood.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        The first column is ones.
    y : ndarray, shape (n,)
        1 for an event, else 0.
    confidence : float
        Level of the intervals.
    penalty : float
        1 for Firth's; 0 for maximum likelihood.
    profile : bool
        Whether to compute intervals; NaN otherwise.

    Returns
    -------
    FirthFit

    Raises
    ------
    DataError
        If there is but one class, a value is missing, the design is collinear, or the search
        does not converge.

    References
    ----------
    Firth (1993), Biometrika 80, 27-38; Heinze & Schemper (2002), Statistics in Medicine 21,
    2409-2419, for separation and the profile; Puhr et al. (2017), Statistics in Medicine 36,
    2302-2317, for FLIC.

    Examples
    --------
    Complete separation has a finite answer.

    >>> x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    >>> print(fit_firth(x, np.array([0.0, 0, 0, 1, 1, 1])).beta.round(3))
    [-1.946  3.892]
    """
    x, y = np.ascontiguousarray(x, dtype=float), np.ascontiguousarray(y, dtype=float)
    k = x.shape[1]
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataError("a missing or infinite value in the design or the outcome")
    if not set(np.unique(y)) == {0.0, 1.0}:
        raise DataError(f"outcomes {sorted(set(y.tolist()))[:4]}; expected both 0 and 1")
    middle, spread = _units(x)
    z = np.ascontiguousarray((x - middle) / spread)
    sizes = np.linalg.svd(z, compute_uv=False)
    if len(x) < k or not sizes[-1] > COLLINEAR * sizes[0]:
        raise DataError(
            f"{k} columns, constant or collinear; expected columns none of which follows from "
            f"the others"
        )
    free = np.ones(k, dtype=bool)
    found, value, inverse, good = maximise(z, y, np.zeros(k), free, penalty, TOLERANCE)
    if penalty == 0 and (not good or np.abs(z @ found).max() > 35):
        raise DataError("no finite maximum: the data are separated")
    if not good:
        raise DataError(f"the search did not converge in {ITERATIONS} steps")
    only = free.copy()
    only[1:] = False
    # All slopes at zero, but under the penalty of the whole design: models are nested.
    _, null, _, _ = maximise(z, y, np.zeros(k), only, penalty, TOLERANCE)
    back = np.diag(1.0 / spread)
    back[0, 1:] = -middle[1:] / spread[1:]
    beta = back @ found
    covariance = back @ inverse @ back.T
    # The penalty is half the log determinant of the information, in the columns' own units.
    units = penalty * float(np.log(spread).sum())
    ends = np.full((k, 2), np.nan)
    if profile:
        for j in range(1, k):
            ends[j] = _profile(z, y, found, value, inverse[j, j], j, confidence, penalty)
            ends[j] /= spread[j]
        # The intercept is that of columns which are scaled but not moved.
        u, start = np.ascontiguousarray(x / spread), beta * spread
        at, level, _, good = maximise(u, y, start, free, penalty, TOLERANCE)
        if good:
            ends[0] = _profile(u, y, at, level, covariance[0, 0], 0, confidence, penalty)
    shift = intercept_of(z @ found, y) if penalty > 0 else 0.0
    return FirthFit(
        beta, float(shift), covariance, ends, float(value + units), float(null + units)
    )


def _profile(x, y, beta, value, variance, j, confidence, penalty):
    """Where the profile falls by half the chi-square quantile, on either side."""
    from scipy.optimize import brentq
    from scipy.special import ndtri

    # The chi-square quantile on one degree of freedom is that of a normal, squared.
    target = value - ndtri((1 + confidence) / 2) ** 2 / 2
    free = np.ones(len(beta), dtype=bool)
    free[j] = False
    spread = np.sqrt(variance)

    def above(b):
        start = beta.copy()
        start[j] = b
        _, reached, _, good = maximise(x, y, start, free, penalty, TOLERANCE)
        if not good:
            raise _NotConverged
        return reached - target

    ends = []
    for side in (-1.0, 1.0):
        near, far = beta[j], beta[j] + side * 2 * spread
        try:
            for _ in range(60):
                if above(far) < 0:
                    width = 1e-8 * max(1.0, spread)
                    ends.append(brentq(above, min(near, far), max(near, far), xtol=width))
                    break
                near, far = far, beta[j] + 2 * (far - beta[j])
            else:
                ends.append(side * np.inf)
        except _NotConverged:
            ends.append(np.nan)
    return np.array(ends)


class _NotConverged(Exception):
    """The search for a point of a profile."""
