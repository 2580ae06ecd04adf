"""ADF, SADF, BSADF and GSADF: right-tailed tests of a unit root against explosive growth."""

import math
import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from manias.data.checks import whole
from manias.data.results import Result
from manias.errors import DataError, InputError

Counts = Literal["rows", "observations"]
Lag = int | Literal["aic", "bic"]


class SingularWindow(UserWarning):
    """A window in which the regression has no unique answer, or leaves no residual."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RecursiveTests(Result):
    """All recursive statistics of one series.

    Attributes
    ----------
    adf, sadf, gsadf : float
        Of the whole sample, its supremum over windows from the first row, and over all
        windows. Windows that are singular are left out of a supremum.
    badf, bsadf : numpy.ndarray
        Shape (n_rows - rows + 1,): at each window end the statistic of the window from the
        first row, and the supremum over all starts. NaN where a window of that end is singular.
    first : int
        Position in the series (from 0) of the observation that the paths begin at.
    n, n_rows : int
        Observations; regression rows, n - 1 - lag.
    lag : int
        Lagged differences in the regression.
    min_window : int
        Length of the shortest window, counted as ``window_counts`` says.
    window_counts : {"rows", "observations"}
    rows : int
        The same length in regression rows.
    n_singular, n_exact : int
        Windows that were singular, and that needed double-double arithmetic.
    """

    _told = ("n", "lag", "rows", "adf", "sadf", "gsadf")

    adf: float
    sadf: float
    gsadf: float
    badf: NDArray[np.float64]
    bsadf: NDArray[np.float64]
    first: int
    n: int
    n_rows: int
    lag: int
    min_window: int
    window_counts: Counts
    rows: int
    n_singular: int
    n_exact: int

    def to_frame(self) -> pd.DataFrame:
        """One row a window end.

        Returns
        -------
        pandas.DataFrame
            ``end`` (position in the series, from 0), ``badf``, ``bsadf``.
        """
        ends = np.arange(self.first, self.first + len(self.badf))
        return pd.DataFrame({"end": ends, "badf": self.badf, "bsadf": self.bsadf})


def default_window(n: int) -> int:
    """Shortest window that Phillips, Shi & Yu recommend.

    Parameters
    ----------
    n : int
        Observations.

    Returns
    -------
    int
        floor((0.01 + 1.8 / sqrt(n)) * n).

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56.

    Examples
    --------
    >>> default_window(100)
    19
    """
    return math.floor((0.01 + 1.8 / math.sqrt(n)) * n)


def window_rows(n: int, lag: int, min_window: int | None, window_counts: Counts) -> int:
    """Turn a shortest window into regression rows.

    Parameters
    ----------
    n, lag : int
        Observations; lagged differences.
    min_window : int or None
        Length as ``window_counts`` counts it; None for `default_window`.
    window_counts : {"rows", "observations"}
        A window of w observations has w - 1 - lag rows: the first differences and lags use
        up the rest. R's exuber counts rows, R's psymonitor observations.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If the window has fewer than lag + 3 rows or more than the sample.

    Examples
    --------
    >>> window_rows(100, 1, 20, "observations")
    18
    """
    if window_counts not in get_args(Counts):
        raise InputError(f"window_counts={window_counts!r}: expected one of {get_args(Counts)}")
    asked = (
        default_window(n) if min_window is None else whole("min_window", min_window, least=1)
    )
    used = 0 if window_counts == "rows" else 1 + lag
    rows, least, most = asked - used, lag + 3, n - 1 - lag
    if not least <= rows <= most:
        if most < least:
            raise InputError(f"{n} observations at lag {lag}: expected {2 * lag + 4} or more")
        raise InputError(
            f"min_window={asked} {window_counts}: expected {least + used}..{most + used} for "
            f"{n} observations at lag {lag}"
        )
    return rows


def select_lag(y: ArrayLike, *, criterion: Literal["aic", "bic"], max_lag: int = 4) -> int:
    """Choose the number of lagged differences once, on the whole sample.

    Parameters
    ----------
    y : array_like, shape (n,)
        Any unit.
    criterion : {"aic", "bic"}
    max_lag : int
        Lags 0..max_lag compete on the same n - 1 - max_lag rows.

    Returns
    -------
    int
        The smallest lag with the least criterion.

    Raises
    ------
    InputError
        If the criterion is not known or ``max_lag`` leaves too few rows.

    References
    ----------
    Schwarz (1978), Annals of Statistics 6; Akaike (1974), IEEE Transactions AC-19. Phillips,
    Shi & Yu (2015) warn that a chosen lag makes the GSADF test reject too often: a small fixed
    lag is the default elsewhere.

    Examples
    --------
    >>> select_lag(np.random.default_rng(0).standard_normal(200).cumsum(), criterion="bic")
    0
    """
    if criterion not in ("aic", "bic"):
        raise InputError(f"lag={criterion!r}: expected a whole number, 'aic' or 'bic'")
    y = _checked(y)
    if not 0 <= max_lag <= (len(y) - 6) // 2:
        raise InputError(f"max_lag={max_lag}: expected 0..{(len(y) - 6) // 2}")
    step = np.diff(y)
    rows = len(step) - max_lag
    columns = [np.ones(rows), y[max_lag:-1] - y[max_lag]]
    columns += [step[max_lag - j : len(step) - j] for j in range(1, max_lag + 1)]
    table = np.column_stack(columns)
    table[:, 1:] /= np.maximum(np.abs(table[:, 1:]).max(axis=0), np.finfo(float).tiny)
    price = 2.0 if criterion == "aic" else math.log(rows)
    scores = []
    for lag in range(max_lag + 1):
        used = table[:, : lag + 2]
        fit = np.linalg.lstsq(used, step[max_lag:], rcond=None)[0]
        rss = float(np.sum((step[max_lag:] - used @ fit) ** 2))
        scores.append(rows * math.log(max(rss / rows, 1e-300)) + price * (lag + 2))
    return int(np.argmin(scores))


def recursive_tests(
    y: ArrayLike,
    *,
    lag: Lag = 0,
    min_window: int | None = None,
    window_counts: Counts = "rows",
    max_lag: int = 4,
) -> RecursiveTests:
    """Compute ADF, SADF and GSADF and both paths in one go.

    The regression in each window is d_t = a + b y_{t-1} + sum_j c_j d_{t-j} + e_t with d the
    first difference; the statistic is the t-ratio of b.

    Parameters
    ----------
    y : array_like, shape (n,)
        Finite numbers in the order of time, any unit.
    lag : int or {"aic", "bic"}
        Lagged differences, or the criterion that chooses them by `select_lag`.
    min_window : int, optional
        Length of the shortest window; `default_window` where not given.
    window_counts : {"rows", "observations"}
        What ``min_window`` counts, see `window_rows`.
    max_lag : int
        Largest lag that a criterion may choose.

    Returns
    -------
    RecursiveTests

    Raises
    ------
    DataError
        If a value is missing or not finite, or the series is constant.
    InputError
        If lag or window do not fit the sample.

    Warns
    -----
    SingularWindow
        Once, if a window is constant or perfectly fitted; the path is NaN at its end.

    References
    ----------
    Phillips, Wu & Yu (2011), International Economic Review 52(1), 201-226.
    Phillips, Shi & Yu (2015), International Economic Review 56(4), 1043-1078.

    Examples
    --------
    >>> walk = np.random.default_rng(0).standard_normal(100).cumsum()
    >>> result = recursive_tests(walk)
    >>> len(result.bsadf), result.adf <= result.sadf <= result.gsadf
    (81, True)
    """
    y = _checked(y)
    if isinstance(lag, str):
        lag = select_lag(y, criterion=lag, max_lag=max_lag)
    n, lag = len(y), whole("lag", lag, least=0)
    rows = window_rows(n, lag, min_window, window_counts)
    from manias.explosive._kernels import paths

    n_rows = n - 1 - lag
    badf, bsadf = np.empty(n_rows), np.empty(n_rows)
    hole = np.empty(4, np.int64)
    paths(y, lag, rows, badf, bsadf, hole)
    badf, bsadf = badf[rows - 1 :], bsadf[rows - 1 :]
    if hole[0]:
        first, last = int(hole[2]), int(hole[3]) + 1 + lag
        more = f" and {hole[0] - 1} more windows" if hole[0] > 1 else ""
        warnings.warn(
            f"window of observations {first}..{last} (counted from 0){more}: constant, "
            "collinear or perfectly fitted; the paths are NaN where such a window ends",
            SingularWindow,
            stacklevel=2,
        )
    return RecursiveTests(
        adf=float(badf[-1]),
        sadf=_supremum(badf),
        gsadf=_supremum(bsadf),
        badf=badf,
        bsadf=bsadf,
        first=lag + rows,
        n=n,
        n_rows=n_rows,
        lag=lag,
        min_window=rows + (0 if window_counts == "rows" else 1 + lag),
        window_counts=window_counts,
        rows=rows,
        n_singular=int(hole[0]),
        n_exact=int(hole[1]),
    )


def _supremum(path: NDArray[np.float64]) -> float:
    top = float(path.max())
    if top == top:
        return top
    known = path[~np.isnan(path)]
    return float(known.max()) if len(known) else math.nan


def _checked(y: ArrayLike) -> NDArray[np.float64]:
    if np.iscomplexobj(y):
        raise DataError("series: complex numbers; expected real ones")
    try:
        y = np.ascontiguousarray(y, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(
            "series: holds something other than numbers; expected numbers"
        ) from None
    if y.ndim != 1:
        raise DataError(f"series: shape {y.shape}; expected one dimension")
    if not len(y):
        raise DataError("series: empty; expected numbers")
    low, high = y.min(), y.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        at = int(np.flatnonzero(~np.isfinite(y))[0])
        raise DataError(f"series: {y[at]} at position {at}; expected a finite number")
    if low == high:
        raise DataError(f"series: constant at {y[0]}; expected at least two different values")
    # No statistic depends on the unit: a power of two changes no digit and keeps products of
    # eight values of any unit between the least and the largest number.
    power = -math.frexp(max(-low, high))[1]
    return y * 2.0**power if abs(power) < 1000 else np.ldexp(y, power)
