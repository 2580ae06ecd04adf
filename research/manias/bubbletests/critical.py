"""Critical values: by simulation under the null, or by resampling the series at hand."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manias.bubbletests.recursive import Counts, _checked, window_rows
from manias.catalog import load
from manias.errors import InputError
from manias.workers import replicate

LEVELS = ("90", "95", "99")
"""Levels in percent."""
Law = Literal["composite", "sample"]


@dataclass(frozen=True, slots=True, eq=False)
class CriticalValues:
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
        Monte Carlo standard errors of ``adf``, ``sadf``, ``gsadf``, by level.
    method : str
        How they were made.
    n, lag, rows, n_draws, seed : int
        Observations, lagged differences, regression rows of the shortest window, draws, seed.
    """

    adf: Mapping[str, float]
    sadf: Mapping[str, float]
    gsadf: Mapping[str, float]
    badf: Mapping[str, NDArray[np.float64]]
    bsadf: Mapping[str, NDArray[np.float64]]
    errors: Mapping[str, Mapping[str, float]]
    method: str
    n: int
    lag: int
    rows: int
    n_draws: int
    seed: int


def simulate_critical(
    n: int,
    *,
    lag: int = 0,
    min_window: int | None = None,
    window_counts: Counts = "rows",
    n_draws: int = 10_000,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
    folder: Path | str | None = None,
) -> CriticalValues:
    """Simulate critical values under a Gaussian random walk with the fading drift 1/n.

    Parameters
    ----------
    n : int
        Observations.
    lag, min_window, window_counts
        As `manias.bubbletests.recursive_tests`.
    n_draws : int
        Replications, >= 100.
    seed : int
        Root seed; replication i uses its i-th child whatever ``workers`` is.
    workers, scheduler, folder
        As `manias.workers.replicate`.

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
        draw_null, n_draws, seed=seed, settings={"n": n, "lag": lag, "rows": rows},
        workers=workers, scheduler=scheduler, folder=folder,
    )  # fmt: skip
    return _summarise(draws, "Monte Carlo, Gaussian random walk", n, lag, rows, seed)


def wild_bootstrap(
    y: ArrayLike,
    *,
    law: Law = "composite",
    lag: int = 0,
    min_window: int | None = None,
    window_counts: Counts = "rows",
    control: int | None = None,
    n_draws: int = 999,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
    folder: Path | str | None = None,
) -> CriticalValues:
    """Critical values that allow for changing volatility.

    Each draw keeps the size of every shock where it was and flips its sign at random.

    Parameters
    ----------
    y : array_like, shape (n,)
        The series to be tested.
    law : {"composite", "sample"}
        "sample": draws as long as the series, shocks are its first differences (Harvey et al.),
        Gaussian multipliers. "composite": shocks are residuals of the autoregression of the
        differences under the null, and draws are as long as the shortest window plus the
        control sample, so that the chance of a false alarm within ``control`` periods holds
        for the whole set of tests in them (Phillips & Shi); its paths end there.
    lag, min_window, window_counts
        As `manias.bubbletests.recursive_tests`.
    control : int, optional
        Periods over which the composite law controls false alarms; to the end of the
        sample where not given, which gives draws as long as the series.
    n_draws : int
        Replications, >= 100.
    seed, workers, scheduler, folder
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
        draw_wild, n_draws, seed=seed, settings=settings | {"lag": lag, "rows": rows},
        workers=workers, scheduler=scheduler, folder=folder,
    )  # fmt: skip
    size = int(settings["size"])
    return _summarise(draws, f"wild bootstrap, {law}", size, lag, rows, seed)


def panel_bootstrap(
    panel: ArrayLike,
    *,
    lag: int = 0,
    min_window: int | None = None,
    window_counts: Counts = "rows",
    n_draws: int = 999,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
    folder: Path | str | None = None,
) -> CriticalValues:
    """Sieve-bootstrap critical values of the panel statistics.

    Residuals of an autoregression of each series' differences are drawn with replacement by
    whole periods, so that series keep moving together.

    Parameters
    ----------
    panel : array_like, shape (n, k)
        n periods of k series.
    lag, min_window, window_counts, n_draws, seed, workers, scheduler, folder
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
        "n": n, "lag": lag, "rows": rows,
    }  # fmt: skip
    draws = replicate(
        draw_panel, n_draws, seed=seed, settings=settings, workers=workers,
        scheduler=scheduler, folder=folder,
    )  # fmt: skip
    return _summarise(draws, f"sieve bootstrap, {len(fits)} series", n, lag, rows, seed)


def load_critical(n: int) -> CriticalValues:
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

    def path(name: str) -> dict[str, NDArray[np.float64]]:
        return {level: by[name][f"value{level}"].to_numpy(float) for level in LEVELS}

    first = mine.iloc[0]
    stats = ("adf", "sadf", "gsadf")
    return CriticalValues(
        *(one(name, "value") for name in stats),
        badf=path("badf"),
        bsadf=path("bsadf"),
        errors={name: one(name, "error") for name in stats},
        method="Monte Carlo, Gaussian random walk (shipped table)",
        n=n,
        lag=0,
        rows=int(first["rows"]),
        n_draws=int(first["draws"]),
        seed=int(first["seed"]),
    )


def draw_null(
    seeds: tuple[np.random.SeedSequence, ...], *, n: int, lag: int, rows: int
) -> NDArray[np.float64]:
    """Statistics of random walks, one row per seed: the task of `simulate_critical`.

    Parameters
    ----------
    seeds : tuple of numpy.random.SeedSequence
    n, lag, rows : int

    Returns
    -------
    numpy.ndarray
        Shape (len(seeds), 2 * ends): the running supremum of BADF with BADF's last value in
        front, then BSADF, with ends = n - lag - rows.

    Examples
    --------
    >>> draw_null((np.random.SeedSequence(0),), n=30, lag=0, rows=12).shape
    (1, 37)
    """
    tasks = (np.random.Generator(np.random.PCG64(seed)) for seed in seeds)
    walks = (np.cumsum(rng.standard_normal(n) + 1 / n) for rng in tasks)
    return _table(walks, len(seeds), n, lag, rows)


def draw_wild(
    seeds: tuple[np.random.SeedSequence, ...],
    *,
    shocks: NDArray[np.float64],
    ar: NDArray[np.float64],
    size: int,
    gaussian: bool,
    lag: int,
    rows: int,
) -> NDArray[np.float64]:
    """Statistics of wild-bootstrap draws, one row per seed: the task of `wild_bootstrap`.

    Parameters
    ----------
    seeds : tuple of numpy.random.SeedSequence
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
    >>> seeds, shocks = (np.random.SeedSequence(0),), np.ones(29)
    >>> draw_wild(seeds, shocks=shocks, ar=np.zeros(0), size=30, gaussian=True, lag=0,
    ...           rows=12).shape
    (1, 37)
    """

    def walks():
        for seed in seeds:
            rng = np.random.Generator(np.random.PCG64(seed))
            if gaussian:
                drawn = shocks[: size - 1]
            else:
                drawn = shocks[rng.integers(0, len(shocks), size - 1)]
            yield _accumulate(drawn * rng.standard_normal(size - 1), ar)

    return _table(walks(), len(seeds), size, lag, rows)


def draw_panel(
    seeds: tuple[np.random.SeedSequence, ...],
    *,
    shocks: NDArray[np.float64],
    ar: NDArray[np.float64],
    n: int,
    lag: int,
    rows: int,
) -> NDArray[np.float64]:
    """Panel statistics of sieve-bootstrap draws, one row per seed.

    Parameters
    ----------
    seeds : tuple of numpy.random.SeedSequence
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
    >>> draw_panel((np.random.SeedSequence(0),), shocks=shocks, ar=np.zeros((2, 0)), n=30,
    ...            lag=0, rows=12).shape
    (1, 37)
    """
    from manias.bubbletests._kernels import paths

    n_rows = n - 1 - lag
    badf, bsadf, hole = np.empty(n_rows), np.empty(n_rows), np.empty(4, np.int64)
    out = np.empty((len(seeds), 1 + 2 * (n_rows - rows + 1)))
    for i, seed in enumerate(seeds):
        rng = np.random.Generator(np.random.PCG64(seed))
        drawn = shocks[rng.integers(0, len(shocks), n - 1)]
        means = np.zeros((2, n_rows - rows + 1))
        for j in range(shocks.shape[1]):
            paths(_accumulate(drawn[:, j], ar[j]), lag, rows, badf, bsadf, hole)
            means += np.stack([badf[rows - 1 :], bsadf[rows - 1 :]])
        _fill(out[i], *(means / shocks.shape[1]))
    return out


def _table(walks, count: int, n: int, lag: int, rows: int) -> NDArray[np.float64]:
    from manias.bubbletests._kernels import paths

    n_rows = n - 1 - lag
    badf, bsadf, hole = np.empty(n_rows), np.empty(n_rows), np.empty(4, np.int64)
    out = np.empty((count, 1 + 2 * (n_rows - rows + 1)))
    for i, walk in enumerate(walks):
        paths(walk, lag, rows, badf, bsadf, hole)
        _fill(out[i], badf[rows - 1 :], bsadf[rows - 1 :])
    return out


def _fill(
    row: NDArray[np.float64], badf: NDArray[np.float64], bsadf: NDArray[np.float64]
) -> None:
    ends = len(badf)
    row[0] = badf[-1]
    np.fmax.accumulate(badf, out=row[1 : 1 + ends])
    row[1 + ends :] = bsadf


def _accumulate(shocks: NDArray[np.float64], ar: NDArray[np.float64]) -> NDArray[np.float64]:
    """Level of a series whose differences follow an autoregression, from level 0."""
    step = shocks
    if len(ar):
        step = shocks.copy()
        for t in range(len(step)):
            for j in range(1, min(len(ar), t) + 1):
                step[t] += ar[j - 1] * step[t - j]
    return np.concatenate([[0.0], np.cumsum(step)])


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
    count = len(draws)
    ends = (draws.shape[1] - 1) // 2
    running, pointwise = draws[:, 1 : 1 + ends], draws[:, 1 + ends :]
    stats = {"adf": draws[:, 0], "sadf": running[:, -1], "gsadf": np.nanmax(pointwise, axis=1)}
    shares = [int(level) / 100 for level in LEVELS]
    values, errors = {}, {}
    for name, sample in stats.items():
        found = np.nanquantile(sample, shares)
        values[name] = dict(zip(LEVELS, map(float, found), strict=True))
        errors[name] = {
            level: quantile_error(sample, share)
            for level, share in zip(LEVELS, shares, strict=True)
        }
    paths = [
        dict(zip(LEVELS, _quantiles(sample, shares), strict=True))
        for sample in (running, pointwise)
    ]
    return CriticalValues(
        values["adf"], values["sadf"], values["gsadf"], *paths, errors, method, n, lag, rows,
        count, seed,
    )  # fmt: skip


def _quantiles(sample: NDArray[np.float64], shares: list[float]) -> list[NDArray[np.float64]]:
    kind = np.nanquantile if np.isnan(sample).any() else np.quantile
    return list(kind(sample, shares, axis=0))


def quantile_error(sample: NDArray[np.float64], share: float) -> float:
    """Monte Carlo standard error of a quantile, from the spacing of the order statistics.

    Parameters
    ----------
    sample : numpy.ndarray, shape (m,)
    share : float
        Between 0 and 1.

    Returns
    -------
    float
        Half the distance between the order statistics one binomial standard deviation to
        either side.

    References
    ----------
    Maritz & Jarrett (1978), JASA 73; David & Nagaraja (2003), Order Statistics.

    Examples
    --------
    >>> draws = np.random.default_rng(0).uniform(size=10_000)
    >>> bool(0.0015 < quantile_error(draws, 0.95) < 0.003)
    True
    """
    ordered = np.sort(sample[~np.isnan(sample)])
    spread = math.sqrt(len(ordered) * share * (1 - share))
    low = max(math.floor(len(ordered) * share - spread), 0)
    high = min(math.ceil(len(ordered) * share + spread), len(ordered) - 1)
    return float(ordered[high] - ordered[low]) / 2
