"""Intervals of shares and ratios whose cases come in clusters.

Every one rests on the same two things: the variance of the cluster jackknife (what an estimate
becomes where one cluster is left out) and the t law on one degree of freedom fewer than there
are clusters. How often they hold what they should is measured in the table ``coverage``.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manias.data.arguments import Count, Level, Natural, checked
from manias.errors import DataError
from manias.evaluation._normal import normal_reach, student_reach

Array = NDArray[np.float64]


@checked
def t_reach(confidence: Level, clusters: Count) -> float:
    """Standard errors from the middle of an interval to its ends where clusters are few.

    Parameters
    ----------
    confidence : float
    clusters : int

    Returns
    -------
    float
        Of Student's law on one degree of freedom fewer; inf of one cluster.

    Examples
    --------
    >>> round(t_reach(0.95, 8), 3), t_reach(0.95, 1)
    (2.365, inf)
    """
    return student_reach(confidence, clusters - 1) if clusters > 1 else math.inf


def fewest_clusters(*groupings: ArrayLike) -> int:
    """Clusters of the grouping that has fewest.

    Parameters
    ----------
    *groupings : array_like, shape (n,)

    Returns
    -------
    int

    Examples
    --------
    >>> fewest_clusters([1, 1, 2, 3], [1, 1, 1, 2])
    2
    """
    return min(len(np.unique(np.asarray(groups))) for groups in groupings)


@checked
def wilson(events: Natural, n: Count, *, confidence: Level = 0.95) -> tuple[float, float]:
    """Interval of a share of independent cases by inverting the score test.

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
    return _wilson(events / n, n, normal_reach(confidence))


@checked
def clustered_share(
    fell: ArrayLike,
    groups: ArrayLike,
    *,
    across: ArrayLike | None = None,
    confidence: Level = 0.95,
) -> tuple[float, float]:
    """Interval of a share whose cases come in clusters.

    Wilson's interval with the number of cases divided by the design effect, that is by the
    variance of the cluster jackknife over that of independent cases, and with the quantile of
    Student's law.

    Parameters
    ----------
    fell : array_like of bool, shape (n,)
    groups : array_like, shape (n,)
        Cluster of each case.
    across : array_like, shape (n,), optional
        Other clusters, which cross the first: the two variances are added.
    confidence : float

    Returns
    -------
    low, high : float
        0 and 1 where all cases are in one cluster; NaN of no case. A design effect below one
        counts as one; where all cases agree, so that the variance says nothing, that of
        clusters whose cases are all alike is taken, with the normal quantile.

    Raises
    ------
    DataError
        If lengths differ.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212. Franco, Little,
    Louis & Slud (2019), Journal of Survey Statistics and Methodology 7, 334-364: the effective
    number of cases in it. Korn & Graubard (1998), Survey Methodology 24, 193-201: degrees of
    freedom. MacKinnon, Nielsen & Webb (2023), Journal of Applied Econometrics 38, 671-694: the
    variance. Cameron, Gelbach & Miller (2011), Journal of Business & Economic Statistics 29,
    238-249: clusters that cross; what both have in common, which they take off once, is left
    in, since with it off the interval is too narrow (table ``coverage``).

    Examples
    --------
    >>> fell = np.repeat([True, False, True, False], 5)
    >>> waves = np.repeat([1, 2, 3, 4], 5)
    >>> low, high = clustered_share(fell, waves)
    >>> round(low, 2), round(high, 2)
    (0.06, 0.94)
    >>> low, high = wilson(10, 20)
    >>> round(low, 2), round(high, 2)
    (0.3, 0.7)
    """
    fell = np.asarray(fell, dtype=float)
    n = len(fell)
    codes = _codes(n, groups, across)
    if not n:
        return math.nan, math.nan
    if min(code.max() for code in codes) < 1:
        return 0.0, 1.0
    share = float(fell.mean())
    alone = share * (1 - share) / n
    one = np.ones(n)
    if alone == 0:
        effect = max(float((np.bincount(code) ** 2).sum()) / n for code in codes)
        return _wilson(share, n / effect, normal_reach(confidence))
    effect = sum(_left_out(fell, one, code) for code in codes) / alone
    reach = t_reach(confidence, 1 + min(int(code.max()) for code in codes))
    return _wilson(share, n / max(effect, 1.0), reach)


def jackknife_share(
    share: float, without: Array, sizes: ArrayLike, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of any share, or mean of shares, of which is known what it is without a cluster.

    Parameters
    ----------
    share : float
    without : ndarray, shape (G,)
        The same without each cluster in turn.
    sizes : array_like of int, shape (G,)
        Cases of each cluster.
    confidence : float

    Returns
    -------
    low, high : float
        Wilson's interval of so many cases as give the variance of the jackknife, with the
        quantile of Student's law; where that variance is 0, of as many as clusters whose cases
        are all alike are worth. 0 and 1 where one of the others is not known, and of one
        cluster.

    References
    ----------
    As `clustered_share`.

    Examples
    --------
    >>> low, high = jackknife_share(0.5, np.array([0.4, 0.5, 0.6]), [3, 3, 3])
    >>> round(low, 2), round(high, 2)
    (0.15, 0.85)
    """
    n = len(without)
    if n < 2 or not np.isfinite(without).all():
        return 0.0, 1.0
    variance = (n - 1) / n * float(((without - share) ** 2).sum())
    alone = share * (1 - share)
    if variance == 0 or alone == 0:
        sizes = np.asarray(sizes, dtype=float)
        alike = sizes.sum() ** 2 / (sizes**2).sum()
        return _wilson(share, alike, normal_reach(confidence))
    return _wilson(share, alone / variance, t_reach(confidence, n))


@checked
def clustered_ratio(
    total: ArrayLike,
    groups: ArrayLike,
    *,
    size: ArrayLike | None = None,
    across: ArrayLike | None = None,
    confidence: Level = 0.95,
) -> tuple[float, float]:
    """Interval of a ratio of sums, or of a mean, whose cases come in clusters.

    Parameters
    ----------
    total : array_like, shape (n,)
    groups : array_like, shape (n,)
        Cluster of each case.
    size : array_like, shape (n,), optional
        What the total is divided by; ones, so that the ratio is the mean, by default.
    across : array_like, shape (n,), optional
        Other clusters, which cross the first: the two variances are added.
    confidence : float

    Returns
    -------
    low, high : float
        The ratio, less and more the standard error of the cluster jackknife times the quantile
        of Student's law; NaN where all cases are in one cluster.

    Raises
    ------
    DataError
        If lengths differ.

    References
    ----------
    MacKinnon, Nielsen & Webb (2023), Journal of Applied Econometrics 38, 671-694, and for
    clusters that cross (2024), Queen's Economics Department Working Paper 1516. A bootstrap of
    so few clusters is too narrow: Cameron, Gelbach & Miller (2008), Review of Economics and
    Statistics 90, 414-427.

    Examples
    --------
    >>> low, high = clustered_ratio(np.array([1.0, 2.0, 3.0, 4.0]), np.arange(4))
    >>> round(low, 2), round(high, 2)
    (0.45, 4.55)
    """
    total = np.asarray(total, dtype=float)
    size = np.ones(len(total)) if size is None else np.asarray(size, dtype=float)
    codes = _codes(len(total), groups, across)
    if not len(total) or min(code.max() for code in codes) < 1:
        return math.nan, math.nan
    middle = float(total.sum() / size.sum())
    variance = sum(_left_out(total, size, code) for code in codes)
    reach = t_reach(confidence, 1 + min(int(code.max()) for code in codes))
    return middle - reach * math.sqrt(variance), middle + reach * math.sqrt(variance)


def jackknife_covariance(x: Array, y: Array, beta: Array, groups: ArrayLike) -> Array:
    """Covariance of the coefficients of a logit by leaving out one cluster at a time.

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    beta : ndarray, shape (k,)
    groups : array_like, shape (n,)
        Cluster of each case.

    Returns
    -------
    ndarray, shape (k, k)
        Each coefficient without a cluster is found by one step from ``beta``.

    Raises
    ------
    DataError
        If there is but one cluster.

    References
    ----------
    MacKinnon, Nielsen & Webb (2025), arXiv:2406.00650: the linearised cluster jackknife of the
    logit.

    Examples
    --------
    >>> x = np.column_stack([np.ones(6), np.arange(6.0)])
    >>> y = np.array([0.0, 1, 0, 1, 0, 1])
    >>> jackknife_covariance(x, y, np.zeros(2), [1, 1, 2, 2, 3, 3]).shape
    (2, 2)
    """
    code = np.unique(np.asarray(groups), return_inverse=True)[1]
    n = int(code.max()) + 1
    if n < 2:
        raise DataError("one cluster; expected at least 2")
    p = 1 / (1 + np.exp(-x @ beta))
    weighted = x * (p * (1 - p))[:, None]
    scores = x * (y - p)[:, None]
    whole = weighted.T @ x
    rows = np.split(np.argsort(code, kind="stable"), np.cumsum(np.bincount(code))[:-1])
    steps = np.empty((n, x.shape[1]))
    for g, mine in enumerate(rows):
        rest = whole - weighted[mine].T @ x[mine]
        # Without the only cluster in which a column varies there is no such coefficient.
        steps[g] = np.linalg.pinv(rest, hermitian=True) @ scores[mine].sum(axis=0)
    return steps.T @ steps * (n - 1) / n


def _codes(n: int, *groupings: ArrayLike | None) -> list[NDArray[np.intp]]:
    codes = []
    for groups in groupings:
        if groups is None:
            continue
        groups = np.asarray(groups)
        if len(groups) != n:
            raise DataError(f"{len(groups)} clusters for {n} cases; expected as many")
        codes.append(np.unique(groups, return_inverse=True)[1])
    return codes


def _left_out(total: Array, size: Array, code: NDArray[np.intp]) -> float:
    """Variance of a ratio of sums by the cluster jackknife, about the ratio of all."""
    n = int(code.max()) + 1
    totals, sizes = np.bincount(code, weights=total), np.bincount(code, weights=size)
    without = (total.sum() - totals) / (size.sum() - sizes)
    return float((n - 1) / n * ((without - total.sum() / size.sum()) ** 2).sum())


def _wilson(share: float, n: float, reach: float) -> tuple[float, float]:
    square = reach**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = math.sqrt(square * (share * (1 - share) + square / (4 * n)) / n) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)
