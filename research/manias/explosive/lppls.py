"""Log-periodic power law fits: one answer for one window, and confidence over many."""

import math
from dataclasses import dataclass, field

import joblib
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from manias.data.results import Result
from manias.errors import DataError, InputError

LEAPS = np.array([0.3, 0.55, 0.8, 1.25, 1.8, 3.3])
"""Factors of tc (less the end of the window) at which hollows beside the best are sought."""
REACH = 1.05
"""What a short descent may end above the best, as a ratio of sums of squares, and go on."""
NEAR = 3e-3
"""Points that differ by less, in logarithms of tc and in widths of the box, are one."""


@dataclass(frozen=True, slots=True)
class LPPLSSettings:
    """Where the parameters may lie, and how hard to look; holds no data.

    Attributes
    ----------
    tc : pair of float
        Critical time after the end of the window, in lengths of the window; both > 0, so tc
        always lies after the sample.
    m, w : pair of float
        Exponent and angular log-frequency.
    starts : int
        Descents, >= 8, from the deepest hollows of a grid over the box.
    grid : tuple of int
        Values of tc (evenly in logarithms), m and w that the grid has, each >= 2.
    """

    tc: tuple[float, float] = (1e-3, 0.5)
    m: tuple[float, float] = (0.1, 0.9)
    w: tuple[float, float] = (4.0, 25.0)
    starts: int = 20
    grid: tuple[int, int, int] = (16, 4, 48)

    def __post_init__(self) -> None:
        for name in ("tc", "m", "w"):
            low, high = getattr(self, name)
            if not 0 < low <= high:
                raise InputError(f"{name}={(low, high)}: expected 0 < low <= high")
        if self.starts < 8:
            raise InputError(f"starts={self.starts}: expected 8 or more")
        if len(self.grid) != 3 or min(self.grid) < 2:
            raise InputError(f"grid={self.grid}: expected three numbers, each 2 or more")


@dataclass(frozen=True, slots=True)
class LPPLSFilters:
    """What a fit must meet to count as a bubble (Filimonov & Sornette 2013, and later work).

    Attributes
    ----------
    m, w : pair of float
        Open intervals of exponent and angular log-frequency.
    tc : float
        tc lies within so many window lengths after the window.
    oscillations : float
        Least w / (2 pi) * ln((tc - t1) / (tc - t2)).
    damping : float
        Least m |B| / (w |C|).
    """

    m: tuple[float, float] = (0.1, 0.9)
    w: tuple[float, float] = (6.0, 13.0)
    tc: float = 0.5
    oscillations: float = 2.5
    damping: float = 0.5


@dataclass(frozen=True, slots=True, repr=False)
class LPPLSFit(Result):
    """The model ln p = A + d^m (B + C1 cos(w ln d) + C2 sin(w ln d)), d = (tc - t) / (t2 - t1).

    Attributes
    ----------
    tc : float
        Critical time, in the unit of t.
    m, w : float
    a, b, c1, c2 : float
        Linear parameters, unit of the log price.
    sse : float
        Sum of squared residuals.
    t1, t2 : float
        First and last time of the window.
    n : int
        Observations.
    """

    _told = ("tc", "m", "w", "b", "n")

    tc: float
    m: float
    w: float
    a: float
    b: float
    c1: float
    c2: float
    sse: float
    t1: float
    t2: float
    n: int

    @property
    def damping(self) -> float:
        """m |B| / (w |C|)."""
        c = math.sqrt(self.c1**2 + self.c2**2)
        return self.m * abs(self.b) / (self.w * c) if c else math.inf

    @property
    def oscillations(self) -> float:
        """w / (2 pi) * ln((tc - t1) / (tc - t2))."""
        return self.w / (2 * math.pi) * math.log((self.tc - self.t1) / (self.tc - self.t2))

    def passes(self, filters: LPPLSFilters | None = None) -> bool:
        """Whether the fit meets the filters.

        Parameters
        ----------
        filters : LPPLSFilters, optional

        Returns
        -------
        bool

        Examples
        --------
        >>> LPPLSFit(1.1, 0.5, 8, 0, -1, 0.05, 0, 0.1, 0, 1, 100).passes()
        True
        """
        f = filters or LPPLSFilters()
        return (
            f.m[0] < self.m < f.m[1]
            and f.w[0] < self.w < f.w[1]
            and self.t2 < self.tc < self.t2 + f.tc * (self.t2 - self.t1)
            and self.oscillations >= f.oscillations
            and self.damping >= f.damping
        )

    def predict(self, t: ArrayLike) -> NDArray[np.float64]:
        """Fitted log price at times before tc.

        Parameters
        ----------
        t : array_like
            Times, < tc.

        Returns
        -------
        numpy.ndarray
            Shape of t.

        Examples
        --------
        >>> fit = LPPLSFit(2.0, 0.5, 8, 1.0, -1, 0, 0, 0.1, 0, 1, 100)
        >>> fit.predict([1.0]).tolist()
        [0.0]
        """
        d = (self.tc - np.asarray(t, float)) / (self.t2 - self.t1)
        wave = self.c1 * np.cos(self.w * np.log(d)) + self.c2 * np.sin(self.w * np.log(d))
        return self.a + d**self.m * (self.b + wave)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Confidence(Result):
    """DS LPPLS confidence: the share of nested windows whose fit passes the filters.

    Attributes
    ----------
    t2 : numpy.ndarray
        Window ends.
    positive, negative : numpy.ndarray
        Shares in 0..1 of fits that pass with B < 0 (rising bubble) and B > 0 (falling one).
    fits : tuple of tuple of LPPLSFit
        By window end, longest window first.
    settings, filters
        As used.
    """

    _told = ("windows=t2",)

    t2: NDArray[np.float64]
    positive: NDArray[np.float64]
    negative: NDArray[np.float64]
    fits: tuple[tuple[LPPLSFit, ...], ...] = field(repr=False)
    settings: LPPLSSettings
    filters: LPPLSFilters

    def to_frame(self) -> pd.DataFrame:
        """One row a window end.

        Returns
        -------
        pandas.DataFrame
            ``t2``, ``positive``, ``negative``.
        """
        return pd.DataFrame(
            {"t2": self.t2, "positive": self.positive, "negative": self.negative}
        )


def fit_lppls(
    t: ArrayLike, log_price: ArrayLike, *, settings: LPPLSSettings | None = None
) -> LPPLSFit:
    """Fit the model to one window; the same input always gives the same answer.

    Parameters
    ----------
    t : array_like, shape (n,)
        Times, ascending; n >= 10.
    log_price : array_like, shape (n,)
        Logarithms of prices.
    settings : LPPLSSettings, optional

    Returns
    -------
    LPPLSFit

    Raises
    ------
    DataError
        If lengths differ, a value is not finite, times do not ascend or n < 10.

    References
    ----------
    Filimonov & Sornette (2013), Physica A 392, 3698-3707: linear parameters slaved.

    Examples
    --------
    >>> t = np.arange(100.0)
    >>> truth = LPPLSFit(110.0, 0.5, 8.0, 1, -1, 0.05, 0.02, 0, 0, 99, 100)
    >>> found = fit_lppls(t, truth.predict(t))
    >>> abs(found.tc - 110) < 1e-2
    True
    """
    t, y = _checked(t, log_price)
    found = _fit(t, y, np.array([0]), np.array([len(t) - 1]), settings or LPPLSSettings(), 1)
    return found[0]


def lppls_confidence(
    t: ArrayLike,
    log_price: ArrayLike,
    *,
    window: int = 120,
    smallest: int = 30,
    outer_step: int = 1,
    inner_step: int = 5,
    settings: LPPLSSettings | None = None,
    filters: LPPLSFilters | None = None,
    workers: int = 1,
) -> Confidence:
    """Share of nested windows that look like a bubble, at each window end.

    Parameters
    ----------
    t, log_price
        As `fit_lppls`, of the whole series.
    window, smallest : int
        Longest and shortest window in observations, 10 <= smallest < window; the shortest
        itself is excluded, as in Python's ``lppls``.
    outer_step, inner_step : int
        Observations between window ends, and between window lengths.
    settings, filters : optional
    workers : int
        Threads; they do not change the result.

    Returns
    -------
    Confidence

    Raises
    ------
    DataError
        As `fit_lppls`.
    InputError
        If window sizes or steps do not fit the series.

    References
    ----------
    Sornette et al. (2015), Journal of Investment Strategies 4, 77-95: the DS LPPLS indicator.

    Examples
    --------
    >>> t = np.arange(60.0)
    >>> truth = LPPLSFit(66.0, 0.5, 9.0, 1, -1, 0.05, 0.02, 0, 0, 59, 60)
    >>> lppls_confidence(t, truth.predict(t), window=60, smallest=50).positive.tolist()
    [1.0]
    """
    t, y = _checked(t, log_price)
    if not 10 <= smallest < window <= len(t):
        raise InputError(
            f"smallest={smallest}, window={window}: expected 10 <= smallest < window <= "
            f"{len(t)}"
        )
    if outer_step < 1 or inner_step < 1:
        raise InputError(
            f"outer_step={outer_step}, inner_step={inner_step}: expected 1 or more"
        )
    settings, filters = settings or LPPLSSettings(), filters or LPPLSFilters()
    begins = np.arange(0, len(t) - window + 1, outer_step)
    inner = np.arange(0, window - smallest, inner_step)
    first = (begins[:, None] + inner[None, :]).ravel()
    last = np.repeat(begins + window - 1, len(inner))
    flat = _fit(t, y, first, last, settings, workers)
    groups = tuple(tuple(flat[i : i + len(inner)]) for i in range(0, len(flat), len(inner)))
    passed = [[fit.passes(filters) for fit in group] for group in groups]
    rising = [[fit.b < 0 for fit in group] for group in groups]
    good, up = np.array(passed), np.array(rising)
    return Confidence(
        t2=t[begins + window - 1],
        positive=(good & up).mean(axis=1),
        negative=(good & ~up).mean(axis=1),
        fits=groups,
        settings=settings,
        filters=filters,
    )


def _fit(
    t: NDArray[np.float64],
    y: NDArray[np.float64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    settings: LPPLSSettings,
    workers: int,
) -> list[LPPLSFit]:
    if workers < 1:
        raise InputError(f"workers={workers}: expected 1 or more")
    box = np.array([settings.tc, settings.m, settings.w])
    spread = (np.geomspace, np.linspace, np.linspace)
    axes = [
        np.unique(of(*sides, count))
        for of, sides, count in zip(spread, box, settings.grid, strict=True)
    ]

    def work(ends: tuple[int, int]) -> tuple[float, ...]:
        part = slice(ends[0], ends[1] + 1)
        return _fit_window(t[part], y[part], box, axes, settings.starts)

    windows = zip(first.tolist(), last.tolist(), strict=True)
    side_by_side = joblib.Parallel(n_jobs=workers, backend="threading")
    fits = side_by_side(joblib.delayed(work)(ends) for ends in windows)
    found = []
    for (sse, tc, m, w, a, b, c1, c2), i, j in zip(fits, first, last, strict=True):
        t1, t2 = float(t[i]), float(t[j])
        found.append(
            LPPLSFit(t2 + tc * (t2 - t1), m, w, a + float(y[j]), b, c1, c2, sse, t1, t2,
                     int(j - i + 1))
        )  # fmt: skip
    return found


def _fit_window(
    t: NDArray[np.float64],
    y: NDArray[np.float64],
    box: NDArray[np.float64],
    axes: list[NDArray[np.float64]],
    starts: int,
) -> tuple[float, ...]:
    """Sum of squares, tc in window lengths after the end, m, w, A less the last y, B, C1, C2.

    A grid is screened and short descents begin in its hollows; what they end in is deepened
    where it is within reach of the best. Other hollows close to the best differ from it in tc
    above all, so tc is then moved by `LEAPS` until nothing better turns up.
    """
    from scipy.ndimage import minimum_filter

    from manias.explosive._lppls_kernels import descents, screen

    s, y = (t - t[-1]) / (t[-1] - t[0]), y - y[-1]
    low, high = np.ascontiguousarray(box.T)

    def descend(x: NDArray[np.float64], steps: int, tolerance: float):
        sse, linear = np.empty(len(x)), np.zeros((len(x), 4))
        descents(s, y, x, low, high, steps, tolerance, sse, linear)
        return sse, linear

    def deepest(x: NDArray[np.float64], at: NDArray[np.float64] | None, top: float):
        """The best of what lies below x, and below ``top``, which was found at ``at``."""
        sse, _ = descend(x, 25, 1e-4)
        scaled = _scaled(x, box)
        is_open = sse <= REACH * min(top, sse.min())
        if at is not None:
            is_open &= np.abs(scaled - _scaled(at[None], box)).max(axis=1) > NEAR
        kept = []
        while is_open.any():
            kept.append(int(np.where(is_open, sse, np.inf).argmin()))
            is_open &= np.abs(scaled - scaled[kept[-1]]).max(axis=1) > NEAR
        if kept:
            x = x[kept]
            sse, _ = descend(x, 100, 1e-6)
            best = int(sse.argmin())
            if sse[best] < top:
                return x[best], float(sse[best])
        return at, top

    table = np.empty([len(axis) for axis in axes])
    screen(s, y, *axes, table)
    is_hollow = table <= minimum_filter(table, size=3, mode="nearest")
    rank = np.where(is_hollow, table, table + table.max()).ravel()
    first = np.argpartition(rank, min(starts, len(rank) - 1))[:starts]
    cells = np.unravel_index(first, table.shape)
    x = np.column_stack([axis[at] for axis, at in zip(axes, cells, strict=True)])
    at, top = deepest(x, None, math.inf)
    for _ in range(4):
        beside = np.clip(at[0] * LEAPS, low[0], high[0])
        beside = beside[beside != at[0]]
        if not len(beside):
            break
        old = top
        x = np.column_stack([beside, np.tile(at[1:], (len(beside), 1))])
        at, top = deepest(x, at, top)
        if not top < old * (1 - 1e-7):
            break
    x = at[None].copy()
    sse, linear = descend(x, 300, 1e-11)
    return (float(sse[0]), *x[0].tolist(), *linear[0].tolist())


def _scaled(x: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.float64]:
    """tc in logarithms, m and w in widths of the box: what `NEAR` is measured in."""
    wide = np.maximum(box[:, 1] - box[:, 0], 1e-9)
    out = x / wide
    out[:, 0] = np.log(x[:, 0])
    return out


def _checked(
    t: ArrayLike, log_price: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    t = np.ascontiguousarray(t, dtype=np.float64)
    y = np.ascontiguousarray(log_price, dtype=np.float64)
    if t.ndim != 1 or t.shape != y.shape or len(t) < 10:
        raise DataError(f"t {t.shape}, log_price {y.shape}: expected one length, 10 or more")
    for name, values in (("t", t), ("log_price", y)):
        if not np.isfinite(values).all():
            at = int(np.flatnonzero(~np.isfinite(values))[0])
            raise DataError(f"{name}: {values[at]} at position {at}; expected a finite number")
    if (np.diff(t) <= 0).any():
        at = int(np.flatnonzero(np.diff(t) <= 0)[0]) + 1
        raise DataError(f"t: {t[at]} at position {at}; expected a later time than {t[at - 1]}")
    return t, y
