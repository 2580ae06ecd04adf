"""Critical values: by simulation under the null, or by resampling the series at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from manias.data.arguments import Count, Natural, Whole, checked
from manias.data.library import load
from manias.data.results import Result
from manias.errors import InputError
from manias.explosive.recursive import Counts, _checked, window_rows
from manias.explosive.replicate import replicate
from manias.explosive.simulate import project

LEVELS = ("90", "95", "99")
"""Levels in percent."""
CELLS = 1 << 20
"""Cells of a table of draws that are put in order at a time."""
Law = Literal["sample", "composite"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CriticalValues(Result):
    """Quantiles of the statistics under the null.

    Attributes
    ----------
    adf, sadf, gsadf : mapping of str to float
        By level in percent.
    badf, bsadf : mapping of str to numpy.ndarray
        By level, one value per window end. ``badf``: quantile of the running supremum of BADF,
        the law of SADF at each sample size, which Phillips, Shi & Yu and R's exuber compare
        BSADF with. ``bsadf``: quantile of BSADF itself at that end (pointwise), lower.
    errors : mapping of str to mapping
        Monte Carlo standard errors of the five above, by name and level.
    method : str
        How they were made.
    n, lag, rows, n_draws, seed : int
        Observations, lagged differences, regression rows of the shortest window, draws, seed.
    """

    _told = ("method", "n", "lag", "rows", "n_draws")

    adf: Mapping[str, float]
    sadf: Mapping[str, float]
    gsadf: Mapping[str, float]
    badf: Mapping[str, NDArray[np.float64]]
    bsadf: Mapping[str, NDArray[np.float64]]
    errors: Mapping[str, Mapping[str, float | NDArray[np.float64]]]
    method: str
    n: int
    lag: int
    rows: int
    n_draws: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """One row a level.

        Returns
        -------
        pandas.DataFrame
            ``level`` in percent, ``adf``, ``sadf``, ``gsadf``.
        """
        names = ("adf", "sadf", "gsadf")
        rows = {name: getattr(self, name) for name in names}
        return pd.DataFrame(
            {"level": list(self.adf), **{n: list(rows[n].values()) for n in names}}
        )


@checked
def simulate_critical(
    n: Annotated[int, Whole(4)],
    *,
    lag: Natural = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    n_draws: Annotated[int, Whole(100)] = 10_000,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> CriticalValues:
    """Simulate critical values under a Gaussian random walk with the fading drift 1/n.

    Parameters
    ----------
    n : int
        Observations.
    lag, min_window, window_counts
        As `manias.explosive.recursive_tests`.
    n_draws : int
        Replications, >= 100.
    seed : int
        Root seed; replication i uses its i-th child whatever ``workers`` is.
    workers, scheduler
        As `manias.explosive.replicate.replicate`.

    Returns
    -------
    CriticalValues

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56.

    Examples
    --------
    >>> found = simulate_critical(50, n_draws=500)
    >>> found.adf["95"] < found.sadf["95"] < found.gsadf["95"]
    True
    """
    rows = _window(n, lag, min_window, window_counts, n_draws)
    draws = replicate(
        draw_null,
        n_draws,
        seed=seed,
        settings={"n": n, "lag": lag, "rows": rows},
        workers=workers,
        scheduler=scheduler,
    )
    return _summarise(draws, "Monte Carlo, Gaussian random walk", n, lag, rows, seed)


@checked
def wild_bootstrap(
    y: ArrayLike,
    *,
    law: Law = "sample",
    lag: Natural = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    control: Count | None = None,
    n_draws: Annotated[int, Whole(100)] = 999,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> CriticalValues:
    """Critical values that allow for changing volatility.

    Shocks of the series are multiplied by standard normal numbers, so that each draw is a walk
    without a bubble whose shocks are as large as those of the series.

    Parameters
    ----------
    y : array_like, shape (n,)
        The series to be tested.
    law : {"sample", "composite"}
        "sample" (Harvey et al.): shocks are the first differences and stay where they are in
        time; draws are as long as the series. It holds its size where volatility changes once
        and for all. "composite" (Phillips & Shi): shocks are residuals of the autoregression
        of the differences under the null, drawn with replacement, and draws are as long as
        the shortest window plus the control sample, so that ``gsadf`` is the bound which
        BSADF exceeds within ``control`` periods with the chance of the level; its paths end
        there. As shocks leave their places, it holds its size where volatility comes and
        goes, not where it shifts for good.
    lag, min_window, window_counts
        As `manias.explosive.recursive_tests`.
    control : int, optional
        Periods over which the composite law controls false alarms; to the end of the
        sample where not given, which gives draws as long as the series.
    n_draws : int
        Replications, >= 100.
    seed, workers, scheduler
        As `simulate_critical`.

    Returns
    -------
    CriticalValues

    Raises
    ------
    DataError
        If the series is not one of finite, differing numbers.
    InputError
        If a setting is out of its range.

    References
    ----------
    Harvey, Leybourne, Sollis & Taylor (2016), Journal of Empirical Finance 38, 548-574.
    Phillips & Shi (2020), Handbook of Statistics 42.

    Examples
    --------
    >>> walk = np.random.default_rng(0).standard_normal(60).cumsum()
    >>> wild_bootstrap(walk, n_draws=200).gsadf["95"] > 0
    True
    """
    if law not in get_args(Law):
        raise InputError(f"law={law!r}: expected one of {', '.join(get_args(Law))}")
    y = _checked(y)
    rows = _window(len(y), lag, min_window, window_counts, n_draws)
    most = len(y) - 1 - lag - rows + 1
    if law == "sample" and control is not None:
        raise InputError(f"control={control}: expected none with law='sample'")
    control = most if control is None else control
    if not 1 <= control <= most:
        raise InputError(f"control={control}: expected 1..{most}")
    step = np.diff(y)
    if law == "sample":
        settings = {"shocks": step, "ar": np.zeros(0), "size": len(y), "gaussian": True}
    else:
        ar, shocks = _null_fit(step, lag)
        size = rows + lag + control
        settings = {"shocks": shocks, "ar": ar, "size": size, "gaussian": False}
    draws = replicate(
        draw_wild,
        n_draws,
        seed=seed,
        settings=settings | {"lag": lag, "rows": rows},
        workers=workers,
        scheduler=scheduler,
    )
    size = int(settings["size"])
    return _summarise(draws, f"wild bootstrap, {law}", size, lag, rows, seed)


@checked
def panel_bootstrap(
    panel: ArrayLike,
    *,
    lag: Natural = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    n_draws: Annotated[int, Whole(100)] = 999,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> CriticalValues:
    """Sieve-bootstrap critical values of the panel statistics.

    Residuals of an autoregression of each series' differences are drawn with replacement by
    whole periods, so that series keep moving together.

    Parameters
    ----------
    panel : array_like, shape (n, k)
        n periods of k series.
    lag, min_window, window_counts, n_draws, seed, workers, scheduler
        As `wild_bootstrap`; the autoregression has ``lag`` terms.

    Returns
    -------
    CriticalValues
        ``gsadf`` and ``bsadf`` of the panel: BSADF averaged over series, and its supremum over
        time; likewise ``badf``, ``sadf`` and ``adf``.

    Raises
    ------
    DataError
        If a column is not one of finite, differing numbers.
    InputError
        If a setting is out of its range.

    References
    ----------
    Pavlidis et al. (2016), Journal of Real Estate Finance and Economics 53, 419-449: the panel
    GSADF and its sieve bootstrap, after Chang (2004), Journal of Econometrics 120.

    Examples
    --------
    >>> walks = np.random.default_rng(0).standard_normal((60, 3)).cumsum(axis=0)
    >>> panel_bootstrap(walks, n_draws=200).gsadf["95"] < 2
    True
    """
    columns = _columns(panel)
    n = len(columns[0])
    rows = _window(n, lag, min_window, window_counts, n_draws)
    fits = [_null_fit(np.diff(y), lag) for y in columns]
    settings = {
        "shocks": np.column_stack([shocks - shocks.mean() for _, shocks in fits]),
        "ar": np.array([ar for ar, _ in fits]).reshape(len(fits), lag),
        "n": n,
        "lag": lag,
        "rows": rows,
    }
    draws = replicate(
        draw_panel,
        n_draws,
        seed=seed,
        settings=settings,
        workers=workers,
        scheduler=scheduler,
    )
    return _summarise(draws, f"sieve bootstrap, {len(fits)} series", n, lag, rows, seed)


@checked
def projected_critical(
    proxies: ArrayLike,
    *,
    lag: Natural = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    n_draws: Annotated[int, Whole(100)] = 10_000,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> CriticalValues:
    """Critical values of the residual that a projection on proxies leaves.

    A random walk that has nothing to do with the proxies is projected on them all the same, and
    its residual bends less than a walk: values of the walk itself would reject too seldom.

    Parameters
    ----------
    proxies : array_like, shape (n, k)
        What the series is projected on beside a constant, as observed; held fixed.
    lag, min_window, window_counts, n_draws, seed, workers, scheduler
        As `simulate_critical`, of the same walks.

    Returns
    -------
    CriticalValues

    Raises
    ------
    InputError
        If a setting is out of its range, or the proxies have no full rank beside a constant.

    References
    ----------
    Phillips & Ouliaris (1990), Econometrica 58(1): residuals of walks have laws of their own.

    Examples
    --------
    >>> trend = np.arange(60.0)[:, None]
    >>> own = projected_critical(trend, n_draws=500).gsadf["95"]
    >>> own < simulate_critical(60, n_draws=500).gsadf["95"]
    True
    """
    proxies = np.asarray(proxies, np.float64)
    if proxies.ndim != 2 or not np.isfinite(proxies).all():
        raise InputError(
            f"proxies {proxies.shape}: expected finite numbers, periods by proxies"
        )
    n = len(proxies)
    rows = _window(n, lag, min_window, window_counts, n_draws)
    # Refuses proxies that a constant or each other make up.
    project(np.zeros(n), proxies)
    basis = np.linalg.qr(np.column_stack([np.ones(n), proxies]))[0]
    draws = replicate(
        draw_projected,
        n_draws,
        seed=seed,
        settings={"basis": basis, "lag": lag, "rows": rows},
        workers=workers,
        scheduler=scheduler,
    )
    method = f"Monte Carlo, walks projected on {proxies.shape[1]} proxies"
    return _summarise(draws, method, n, lag, rows, seed)


@checked
def load_critical(n: Count) -> CriticalValues:
    """Take critical values of the defaults (lag 0, default window) from the shipped table.

    Parameters
    ----------
    n : int
        Observations; one of the sample sizes in the table.

    Returns
    -------
    CriticalValues

    Raises
    ------
    InputError
        If the table does not hold that size; `simulate_critical` makes any.

    Examples
    --------
    >>> 1.7 < load_critical(100).gsadf["95"] < 2.1
    True
    """
    table = load("critical_values").frame
    sizes = sorted(table["n"].unique())
    mine = table[table["n"] == n]
    if mine.empty:
        raise InputError(f"n={n}: expected one of {', '.join(map(str, sizes))}")
    by = {name: part.sort_values("end") for name, part in mine.groupby("stat")}

    def one(name: str, kind: str) -> dict[str, float]:
        return {level: float(by[name][f"{kind}{level}"].iloc[0]) for level in LEVELS}

    def path(name: str, kind: str) -> dict[str, NDArray[np.float64]]:
        return {level: by[name][f"{kind}{level}"].to_numpy(float) for level in LEVELS}

    first = mine.iloc[0]
    stats = ("adf", "sadf", "gsadf")
    return CriticalValues(
        *(one(name, "value") for name in stats),
        badf=path("badf", "value"),
        bsadf=path("bsadf", "value"),
        errors={name: one(name, "error") for name in stats}
        | {name: path(name, "error") for name in ("badf", "bsadf")},
        method="Monte Carlo, Gaussian random walk (shipped table)",
        n=n,
        lag=0,
        rows=int(first["rows"]),
        n_draws=int(first["draws"]),
        seed=int(first["seed"]),
    )


def draw_null(
    rngs: Sequence[np.random.Generator], *, n: int, lag: int, rows: int
) -> NDArray[np.float64]:
    """Statistics of random walks, one row per generator: the task of `simulate_critical`.

    Parameters
    ----------
    rngs : sequence of numpy.random.Generator
    n, lag, rows : int

    Returns
    -------
    numpy.ndarray
        Shape (len(rngs), 2 * ends): the running supremum of BADF with BADF's last value in
        front, then BSADF, with ends = n - lag - rows.

    Examples
    --------
    >>> draw_null([np.random.default_rng(0)], n=30, lag=0, rows=12).shape
    (1, 37)
    """
    steps = np.empty((len(rngs), n))
    for step, rng in zip(steps, rngs, strict=True):
        rng.standard_normal(out=step)
    return _running(_paths(steps, lag, rows, drift=1 / n))


def draw_projected(
    rngs: Sequence[np.random.Generator], *, basis: NDArray[np.float64], lag: int, rows: int
) -> NDArray[np.float64]:
    """Statistics of projected walks, one row per generator: the task of `projected_critical`.

    Parameters
    ----------
    rngs : sequence of numpy.random.Generator
    basis : numpy.ndarray, shape (n, k)
        Orthonormal columns that are taken out, a constant among what they span.
    lag, rows : int

    Returns
    -------
    numpy.ndarray
        As `draw_null`.

    Examples
    --------
    >>> basis = np.full((30, 1), 30**-0.5)
    >>> draw_projected([np.random.default_rng(0)], basis=basis, lag=0, rows=12).shape
    (1, 37)
    """
    n = len(basis)
    steps = np.empty((len(rngs), n))
    for step, rng in zip(steps, rngs, strict=True):
        rng.standard_normal(out=step)
    walks = np.cumsum(steps + 1 / n, axis=1)
    left = walks - (walks @ basis) @ basis.T
    return _running(_paths(np.diff(left, axis=1, prepend=0.0), lag, rows))


def draw_wild(
    rngs: Sequence[np.random.Generator],
    *,
    shocks: NDArray[np.float64],
    ar: NDArray[np.float64],
    size: int,
    gaussian: bool,
    lag: int,
    rows: int,
) -> NDArray[np.float64]:
    """Statistics of wild-bootstrap draws, one row per generator: the task of `wild_bootstrap`.

    Parameters
    ----------
    rngs : sequence of numpy.random.Generator
    shocks : numpy.ndarray, shape (m,)
        Shocks in the order of time; the "sample" law keeps their places, the composite law
        (``gaussian`` False) draws them with replacement before multiplying.
    ar : numpy.ndarray, shape (p,)
        Autoregression of the differences.
    size : int
        Observations of a draw.
    gaussian : bool
        Keep places; otherwise resample. Multipliers are standard normal in both.
    lag, rows : int

    Returns
    -------
    numpy.ndarray
        As `draw_null`.

    Examples
    --------
    >>> rngs, shocks = [np.random.default_rng(0)], np.ones(29)
    >>> draw_wild(rngs, shocks=shocks, ar=np.zeros(0), size=30, gaussian=True, lag=0,
    ...           rows=12).shape
    (1, 37)
    """
    steps = np.zeros((len(rngs), size))
    for step, rng in zip(steps, rngs, strict=True):
        at = slice(size - 1) if gaussian else rng.integers(0, len(shocks), size - 1)
        step[1:] = shocks[at] * rng.standard_normal(size - 1)
    return _running(_paths(steps, lag, rows, ar=ar))


def draw_panel(
    rngs: Sequence[np.random.Generator],
    *,
    shocks: NDArray[np.float64],
    ar: NDArray[np.float64],
    n: int,
    lag: int,
    rows: int,
) -> NDArray[np.float64]:
    """Panel statistics of sieve-bootstrap draws, one row per generator.

    Parameters
    ----------
    rngs : sequence of numpy.random.Generator
    shocks : numpy.ndarray, shape (m, k)
        Centred residuals, periods by series.
    ar : numpy.ndarray, shape (k, lag)
    n, lag, rows : int

    Returns
    -------
    numpy.ndarray
        As `draw_null`, of the averages over series.

    Examples
    --------
    >>> shocks = np.random.default_rng(0).standard_normal((29, 2))
    >>> draw_panel([np.random.default_rng(0)], shocks=shocks, ar=np.zeros((2, 0)), n=30,
    ...            lag=0, rows=12).shape
    (1, 37)
    """
    k = shocks.shape[1]
    steps = np.zeros((k, len(rngs), n))
    for i, rng in enumerate(rngs):
        steps[:, i, 1:] = shocks[rng.integers(0, len(shocks), n - 1)].T
    whole = sum(_paths(steps[j], lag, rows, ar=ar[j]) for j in range(k))
    return _running(whole / k)


def _paths(
    steps: NDArray[np.float64],
    lag: int,
    rows: int,
    *,
    drift: float = 0.0,
    ar: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """BADF and BSADF, side by side after a free column; ``steps`` is used up."""
    from manias.explosive._kernels import many_paths

    out = np.empty((len(steps), 1 + 2 * (steps.shape[1] - lag - rows)))
    many_paths(steps, drift, np.zeros(0) if ar is None else ar, lag, rows, out)
    return out


def _running(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put BADF's last value in front and its running supremum in its place."""
    badf = table[:, 1 : 1 + table.shape[1] // 2]
    table[:, 0] = badf[:, -1]
    np.fmax.accumulate(badf, axis=1, out=badf)
    return table


def _null_fit(
    step: NDArray[np.float64], lag: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Autoregression of the differences under the null, with its residuals."""
    if lag == 0:
        return np.zeros(0), step - step.mean()
    table = [np.ones(len(step) - lag)]
    table += [step[lag - j : len(step) - j] for j in range(1, lag + 1)]
    x = np.column_stack(table)
    fit = np.linalg.lstsq(x, step[lag:], rcond=None)[0]
    return fit[1:], step[lag:] - x @ fit


def _columns(panel: ArrayLike) -> list[NDArray[np.float64]]:
    try:
        values = np.asarray(panel, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("panel: holds something that is not a number") from None
    if values.ndim != 2 or values.shape[1] < 2:
        raise InputError(f"panel: shape {values.shape}; expected periods by 2 or more series")
    return [_checked(column) for column in values.T]


def _window(
    n: int, lag: int, min_window: int | None, window_counts: Counts, n_draws: int
) -> int:
    if n_draws < 100:
        raise InputError(f"n_draws={n_draws}: expected 100 or more")
    if lag < 0:
        raise InputError(f"lag={lag}: expected 0 or more")
    return window_rows(n, lag, min_window, window_counts)


def _summarise(
    draws: NDArray[np.float64], method: str, n: int, lag: int, rows: int, seed: int
) -> CriticalValues:
    ends = draws.shape[1] // 2
    shares = tuple(int(level) / 100 for level in LEVELS)
    paths = [
        _quantiles(part, shares) for part in (draws[:, 1 : 1 + ends], draws[:, 1 + ends :])
    ]
    largest = np.fmax.reduce(draws[:, 1 + ends :], axis=1)
    three = _quantiles(np.column_stack([draws[:, 0], draws[:, ends], largest]), shares)
    stats = {name: three[:, :, i].tolist() for i, name in enumerate(("adf", "sadf", "gsadf"))}
    stats |= {"badf": paths[0], "bsadf": paths[1]}
    values, errors = (
        {name: dict(zip(LEVELS, found[kind], strict=True)) for name, found in stats.items()}
        for kind in (0, 1)
    )
    return CriticalValues(
        **values, errors=errors, method=method, n=n, lag=lag, rows=rows, n_draws=len(draws),
        seed=seed,
    )  # fmt: skip


def _quantiles(sample: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Quantiles of each column and their Monte Carlo errors: shape (2, shares, columns).

    The error is half the distance between the order statistics one binomial standard deviation
    to either side: Maritz & Jarrett (1978), JASA 73; David & Nagaraja (2003), Order Statistics.
    """
    out = np.empty((2, len(shares), sample.shape[1]))
    columns = max(CELLS // len(sample), 1)
    for first in range(0, sample.shape[1], columns):
        part = slice(first, first + columns)
        ordered = np.array(sample[:, part].T, order="C")
        known = ordered.shape[1] - np.isnan(ordered).sum(axis=1)
        # Only the upper tail is put in order; what is missing goes to its end.
        least = min(int(known.min() * share - _spread(known.max(), share)) for share in shares)
        least = max(least, 0)
        ordered.partition(least, axis=1)
        ordered[:, least:].sort(axis=1)
        for i, share in enumerate(shares):
            out[0, i, part], out[1, i, part] = _order_statistics(ordered, known, share)
    return out


def _order_statistics(
    ordered: NDArray[np.float64], known: NDArray[np.int64], share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantile of each row and its error, of its first ``known`` values in ascending order."""

    def at(position: NDArray[np.float64]) -> NDArray[np.float64]:
        whole = np.clip(position.astype(np.int64), 0, np.maximum(known - 1, 0))
        return np.take_along_axis(ordered, whole[:, None], axis=1)[:, 0]

    position = share * (known - 1)
    below, above = at(np.floor(position)), at(np.floor(position) + 1)
    spread = _spread(known, share)
    low, high = at(np.floor(known * share - spread)), at(np.ceil(known * share + spread))
    quantile = below + (above - below) * (position - np.floor(position))
    return quantile, (high - low) / 2


def _spread(count, share):
    """Standard deviation of how many of ``count`` draws lie below the quantile."""
    return np.sqrt(count * share * (1 - share))
