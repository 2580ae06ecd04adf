"""Date explosive episodes in a series: a test first, then the spells above its boundary."""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Natural, Whole, checked
from manias.data.checks import as_series, check_dates, date_text
from manias.data.results import Plotted, Result, stacked
from manias.errors import DataError, InputError
from manias.explosive.critical import (
    LEVELS,
    CriticalValues,
    _quantiles,
    load_critical,
    panel_bootstrap,
    simulate_critical,
    wild_bootstrap,
)
from manias.explosive.recursive import (
    Counts,
    Lag,
    RecursiveTests,
    default_window,
    recursive_tests,
)
from manias.explosive.replicate import replicate
from manias.explosive.simulate import NULLS, PROCESSES

Boundary = Literal["running", "pointwise"]
Critical = Literal["monte carlo", "wild"]


@checked
@dataclass(frozen=True, slots=True)
class DatingRule:
    """How spells above the boundary become episodes; holds no data.

    Attributes
    ----------
    level : {"90", "95", "99"}
        Level of gate and boundary, percent.
    gate : bool
        Date nothing unless GSADF rejects at ``level``.
    boundary : {"running", "pointwise"}
        Compare BSADF with the law of SADF at each sample size, or with its own quantile.
    min_duration : int or None
        Least periods of an episode; floor(ln n) where None.
    """

    level: Literal["90", "95", "99"] = "95"
    gate: bool = True
    boundary: Boundary = "running"
    min_duration: Count | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ExplosiveEpisode(Result):
    """One spell of explosive growth, in calendar dates.

    Attributes
    ----------
    start, peak, end : str
        First period above the boundary, the one where BSADF exceeds it most, and the last one
        above it.
    duration : int
        Periods from start to end, both counted.
    ongoing : bool
        Whether the sample ends within the spell; ``end`` is then its last period.
    """

    _told = ("start", "peak", "end", "duration", "ongoing")

    start: str
    peak: str
    end: str
    duration: int
    ongoing: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DatedSeries(Plotted):
    """Tests, critical values and episodes of one series.

    Attributes
    ----------
    tests : RecursiveTests
    critical : CriticalValues
    boundary : numpy.ndarray
        What BSADF was compared with, one value per window end.
    dates : tuple of str
        Date of every window end.
    episodes : tuple of ExplosiveEpisode
    rule : DatingRule
    series : pandas.Series or None
        What was tested; None for a panel.
    """

    _told = ("n=tests.n", "gsadf=tests.gsadf", "episodes", "above_since")

    tests: RecursiveTests
    critical: CriticalValues
    boundary: NDArray[np.float64]
    dates: tuple[str, ...]
    episodes: tuple[ExplosiveEpisode, ...]
    rule: DatingRule
    series: pd.Series | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row an episode; without one, the columns alone.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `ExplosiveEpisode`.
        """
        return stacked(self.episodes, ExplosiveEpisode)

    def _lines(self) -> tuple[str, ...]:
        tests, level = self.tests, self.rule.level
        found = (
            f"{name.upper()} {getattr(tests, name):.3f} ({level}%: "
            f"{getattr(self.critical, name)[level]:.3f})"
            for name in ("adf", "sadf", "gsadf")
        )
        return (f"{tests.n} periods to {self.dates[-1]}; {', '.join(found)}", self.finding)

    @property
    def is_tested(self) -> bool:
        """Whether GSADF exists: not where every window is constant or fitted perfectly."""
        return math.isfinite(self.tests.gsadf)

    @property
    def passes_gate(self) -> bool:
        """Whether GSADF exceeds its critical value at the level of the rule."""
        return bool(self.tests.gsadf > self.critical.gsadf[self.rule.level])

    @property
    def above_since(self) -> str | None:
        """First period of the spell above the boundary in which the sample ends, if it does."""
        if self.rule.gate and not self.passes_gate:
            return None
        above = self.tests.bsadf > self.boundary
        if not above[-1]:
            return None
        below = np.flatnonzero(~above)
        return self.dates[int(below[-1]) + 1 if len(below) else 0]

    @property
    def is_censored(self) -> bool:
        """Whether the sample ends above the boundary, so that no one knows how long for."""
        return self.above_since is not None

    @property
    def finding(self) -> str:
        """What was found, in one or two plain sentences."""
        level = self.rule.level
        tests = self.tests
        if not self.is_tested:
            return (
                f"Could not be tested: each of the {tests.n_singular:,} windows is constant or "
                f"fitted perfectly, up to rounding."
            )
        since = self.above_since
        if self.episodes:
            first = f"{len(self.episodes)} episode{'s' if len(self.episodes) > 1 else ''}."
        elif self.rule.gate and not self.passes_gate:
            top = self.critical.gsadf[level]
            first = (
                f"No episode: GSADF {tests.gsadf:.3f} does not exceed {top:.3f}, its critical "
                f"value at {level}%."
            )
        else:
            first = (
                f"No episode: no spell above the boundary at {level}% lasts "
                f"{_least(self.rule, tests.n)} periods."
            )
        if since is not None and not (self.episodes and self.episodes[-1].ongoing):
            first += f" Above the boundary since {since}, too short yet to be dated."
        elif since is not None:
            first += f" The last has not ended: above the boundary since {since}."
        if tests.n_singular:
            first += (
                f" {tests.n_singular:,} windows are constant or fitted perfectly and were left "
                f"out."
            )
        return first

    def to_dict(self) -> dict[str, object]:
        """Everything in plain types, for JSON; a value that does not exist is None.

        Returns
        -------
        dict

        Examples
        --------
        >>> walk = pd.Series(np.random.default_rng(0).standard_normal(50).cumsum())
        >>> sorted(date_series(walk).to_dict())[:4]
        ['above_since', 'adf', 'badf', 'boundary']
        """
        found, critical = self.tests, self.critical
        return {
            "n": found.n,
            "lag": found.lag,
            "min_window": found.min_window,
            "min_window_counts": found.window_counts,
            "adf": _plain(found.adf),
            "sadf": _plain(found.sadf),
            "gsadf": _plain(found.gsadf),
            "critical_values": {
                name: {level: _plain(getattr(critical, name)[level]) for level in LEVELS}
                for name in ("adf", "sadf", "gsadf")
            },
            "critical_method": critical.method,
            "critical_draws": critical.n_draws,
            "dates": list(self.dates),
            "badf": [_plain(v) for v in found.badf],
            "bsadf": [_plain(v) for v in found.bsadf],
            "boundary": [_plain(v) for v in self.boundary],
            "n_singular": found.n_singular,
            "is_tested": self.is_tested,
            "passes_gate": self.passes_gate if self.is_tested else None,
            "is_censored": self.is_censored if self.is_tested else None,
            "above_since": self.above_since,
            "finding": self.finding,
            "episodes": [asdict(episode) for episode in self.episodes],
            "rule": asdict(self.rule),
        }


@checked
def date_series(
    series: pd.Series | pd.DataFrame | Sequence[float] | NDArray[np.float64],
    dates: Sequence | pd.Index | pd.Series | np.ndarray | None = None,
    *,
    lag: Lag = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    rule: DatingRule | None = None,
    critical: Critical | CriticalValues = "monte carlo",
    n_draws: Count | None = None,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> DatedSeries:
    """Test a series for explosive growth and date its episodes.

    Parameters
    ----------
    series : pandas.Series, list or numpy.ndarray, shape (n,)
        Any unit; the index gives the dates and must ascend, without gaps where it is a
        PeriodIndex.
    dates : sequence, optional
        Dates of a list or an array, such as ``["2010Q1", "2010Q2", ...]``.
    lag, min_window, window_counts
        As `manias.explosive.recursive_tests`.
    rule : DatingRule, optional
        GSADF gate, running boundary, 95%, at least ln n periods.
    critical : {"monte carlo", "wild"} or CriticalValues
        Simulated under a Gaussian walk (from the shipped table where it holds the case), by
        the wild bootstrap of this series, which allows for changing volatility, or made
        elsewhere.
    n_draws : int, optional
        Draws; 10,000 for Monte Carlo and 999 for the bootstrap where not given.
    seed, workers, scheduler
        As `manias.explosive.replicate.replicate`.

    Returns
    -------
    DatedSeries

    Raises
    ------
    DataError
        If dates do not ascend or leave a gap, or values are not finite or constant.
    InputError
        If a setting is out of its range, or critical values are those of another lag or
        window.

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56.

    Examples
    --------
    >>> y = np.random.default_rng(0).standard_normal(100).cumsum() + 50
    >>> y[60:80] += y[59] * (1.06 ** np.arange(1, 21) - 1)
    >>> months = pd.period_range("2000-01", periods=100, freq="M")
    >>> dated = date_series(pd.Series(y, months))
    >>> [episode.end for episode in dated.episodes]
    ['2004-03', '2006-08']
    """
    series = as_series(series, dates)
    tests = recursive_tests(
        series.to_numpy(), lag=lag, min_window=min_window, window_counts=window_counts
    )
    if isinstance(critical, CriticalValues):
        values = critical
        for name, mine in (("n", tests.n), ("lag", tests.lag), ("rows", tests.rows)):
            if (theirs := getattr(values, name)) != mine:
                raise InputError(f"critical: made for {name} {theirs}; expected {mine}")
        if len(values.bsadf["95"]) != len(tests.bsadf):
            raise InputError(
                f"critical: {len(values.bsadf['95'])} window ends; expected {len(tests.bsadf)}"
            )
    elif critical == "monte carlo":
        values = _monte_carlo(tests, n_draws or 10_000, seed, workers, scheduler, n_draws)
    else:
        values = wild_bootstrap(
            series.to_numpy(), lag=tests.lag, min_window=tests.rows, n_draws=n_draws or 999,
            seed=seed, workers=workers, scheduler=scheduler,
        )  # fmt: skip
    rule = rule or DatingRule()
    return replace(_dated(tests, values, series.index[tests.first :], rule), series=series)


@checked
def date_panel(
    panel: pd.DataFrame,
    *,
    lag: Natural = 0,
    min_window: Count | None = None,
    window_counts: Counts = "rows",
    rule: DatingRule | None = None,
    n_draws: Count = 999,
    seed: Natural = 0,
    workers: Count = 1,
    scheduler: str | None = None,
) -> DatedSeries:
    """Test several series together and date the episodes that they share.

    Parameters
    ----------
    panel : pandas.DataFrame, shape (n, k)
        Periods by series, k >= 2.
    lag, min_window, window_counts, rule, n_draws, seed, workers, scheduler
        As `date_series`; critical values come from the sieve bootstrap of the panel.

    Returns
    -------
    DatedSeries
        Its statistics are those of the paths averaged over series.

    Raises
    ------
    DataError, InputError
        As `date_series`.

    References
    ----------
    Pavlidis et al. (2016), Journal of Real Estate Finance and Economics 53, 419-449.

    Examples
    --------
    >>> walks = np.random.default_rng(0).standard_normal((60, 3)).cumsum(axis=0)
    >>> date_panel(pd.DataFrame(walks), n_draws=200).tests.n
    60
    """
    panel = _check_panel(panel)
    values = panel_bootstrap(
        panel.to_numpy(), lag=lag, min_window=min_window, window_counts=window_counts,
        n_draws=n_draws, seed=seed, workers=workers, scheduler=scheduler,
    )  # fmt: skip
    each = [
        recursive_tests(
            panel[name].to_numpy(), lag=lag, min_window=min_window, window_counts=window_counts
        )
        for name in panel
    ]
    badf = np.mean([found.badf for found in each], axis=0)
    bsadf = np.mean([found.bsadf for found in each], axis=0)
    one = each[0]
    tests = RecursiveTests(
        adf=float(badf[-1]), sadf=float(np.nanmax(badf)), gsadf=float(np.nanmax(bsadf)),
        badf=badf, bsadf=bsadf, first=one.first, n=one.n, n_rows=one.n_rows, lag=one.lag,
        min_window=one.min_window, window_counts=one.window_counts, rows=one.rows,
        n_singular=sum(f.n_singular for f in each), n_exact=sum(f.n_exact for f in each),
    )  # fmt: skip
    return _dated(tests, values, panel.index[tests.first :], rule or DatingRule())


@checked
def measure_dating(
    process: str,
    n: Annotated[int, Whole(4)],
    *,
    lag: Natural = 0,
    rule: DatingRule | None = None,
    critical: Critical = "monte carlo",
    n_draws: Count = 1000,
    n_boot: Annotated[int, Whole(100)] = 199,
    seed: Natural = 1,
    workers: Count = 1,
    scheduler: str | None = None,
    settings: Mapping[str, float | str] | None = None,
    own: float | None = None,
) -> dict[str, float]:
    """Measure how often the defaults raise an alarm on series whose truth is known.

    Parameters
    ----------
    process : str
        One of `manias.explosive.simulate.PROCESSES`.
    n : int
        Observations.
    lag : int
        Lagged differences in the regression.
    rule : DatingRule, optional
    critical : {"monte carlo", "wild"}
        As in `date_series`; "wild" makes critical values anew for every series.
    n_draws : int
        Simulated series.
    n_boot : int
        Draws of each wild bootstrap, >= 100.
    seed, workers, scheduler
        As `manias.explosive.replicate.replicate`. The seed differs from that of the critical
        values.
    settings : mapping, optional
        Of the process.
    own : float, optional
        Critical value of GSADF that was simulated under another null, see ``own`` below.

    Returns
    -------
    dict
        ``adf``, ``sadf``, ``gsadf``: share of series where each rejects. ``dated``: share with
        at least one episode; under a null process this is the family-wise false-alarm rate.
        ``own``: share of series with GSADF above ``own``; NaN where it is not given.
        ``quantile``: quantile of GSADF over the series at the level of the rule. ``..._error``:
        standard error of each. ``is_null``: 1.0 where the process has no bubble.

    Raises
    ------
    InputError
        If there is no such process or no such kind of critical value.

    Examples
    --------
    >>> measure_dating("random walk", 50, n_draws=200)["dated"] <= 0.1
    True
    """
    if process not in PROCESSES:
        raise InputError(f"process={process!r}: expected one of {', '.join(PROCESSES)}")
    rule = rule or DatingRule()
    tops, boundary = (math.nan,) * 3, np.zeros(0)
    if critical == "monte carlo":
        values = _table_or_simulated(n, lag, default_window(n), 10_000, 0, workers, scheduler)
        tops, boundary = _tops(values, rule), _boundary(values, rule)
    found = replicate(
        alarms, n_draws, seed=seed, workers=workers, scheduler=scheduler,
        settings={
            "process": process, "n": n, "lag": lag, "tops": tops, "boundary": boundary,
            "rule": rule, "n_boot": 0 if critical == "monte carlo" else n_boot,
            "options": tuple(sorted((settings or {}).items())),
        },
    )  # fmt: skip
    statistic = found[:, 4]
    above = np.full(n_draws, np.nan) if own is None else statistic > own
    shares = [*found[:, :4].mean(axis=0).tolist(), float(above.mean())]
    out = {}
    for name, share in zip(("adf", "sadf", "gsadf", "dated", "own"), shares, strict=True):
        out[name] = share
        out[f"{name}_error"] = math.sqrt(share * (1 - share) / n_draws)
    value, error = _quantiles(statistic[:, None], (int(rule.level) / 100,))[:, 0, 0].tolist()
    is_null = process in NULLS and not (settings or {}).get("bubble")
    return out | {"quantile": value, "quantile_error": error, "is_null": float(is_null)}


def alarms(
    rngs: Sequence[np.random.Generator],
    *,
    process: str,
    n: int,
    lag: int,
    tops: tuple[float, float, float],
    boundary: NDArray[np.float64],
    rule: DatingRule,
    n_boot: int,
    options: tuple[tuple[str, float | str], ...],
) -> NDArray[np.float64]:
    """Whether each test rejects and whether an episode is dated, per generator.

    Parameters
    ----------
    rngs : sequence of numpy.random.Generator
    process, n, options
        What is simulated.
    lag : int
        Lagged differences in the regression.
    tops : tuple of float
        Critical values of ADF, SADF and GSADF.
    boundary : numpy.ndarray
        One value per window end.
    rule : DatingRule
    n_boot : int
        Draws of a wild bootstrap that gives ``tops`` and ``boundary`` for each series anew; 0
        for the two as given.

    Returns
    -------
    numpy.ndarray
        Shape (len(rngs), 5): zeros and ones for ADF, SADF, GSADF and an episode, and GSADF.

    Examples
    --------
    >>> found = alarms([np.random.default_rng(0)], process="random walk", n=30, lag=0,
    ...                tops=(99.0,) * 3, boundary=np.zeros(19), rule=DatingRule(), n_boot=0,
    ...                options=())
    >>> found[0, :4].tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    out = np.zeros((len(rngs), 5))
    for i, rng in enumerate(rngs):
        y = PROCESSES[process](n, rng=rng, **dict(options))
        found = recursive_tests(y, lag=lag)
        if n_boot:
            values = wild_bootstrap(y, lag=lag, n_draws=n_boot, seed=int(rng.integers(2**62)))
            tops, boundary = _tops(values, rule), _boundary(values, rule)
        out[i, :3] = np.greater((found.adf, found.sadf, found.gsadf), tops)
        if out[i, 2] or not rule.gate:
            out[i, 3] = bool(_spells(found.bsadf > boundary, _least(rule, n)))
        out[i, 4] = found.gsadf
    return out


def _tops(values: CriticalValues, rule: DatingRule) -> tuple[float, float, float]:
    return values.adf[rule.level], values.sadf[rule.level], values.gsadf[rule.level]


def _monte_carlo(
    tests: RecursiveTests,
    n_draws: int,
    seed: int,
    workers: int,
    scheduler: str | None,
    asked: int | None,
) -> CriticalValues:
    if asked is not None:
        return _simulated(tests.n, tests.lag, tests.rows, n_draws, seed, workers, scheduler)
    return _table_or_simulated(
        tests.n, tests.lag, tests.rows, n_draws, seed, workers, scheduler
    )


def _table_or_simulated(
    n: int, lag: int, rows: int, n_draws: int, seed: int, workers: int, scheduler: str | None
) -> CriticalValues:
    if lag == 0 and rows == default_window(n):
        try:
            return load_critical(n)
        except InputError:
            pass
    return _simulated(n, lag, rows, n_draws, seed, workers, scheduler)


@functools.lru_cache(maxsize=64)
def _simulated(
    n: int, lag: int, rows: int, n_draws: int, seed: int, workers: int, scheduler: str | None
) -> CriticalValues:
    """Kept by its arguments: it depends on them alone, on no data."""
    return simulate_critical(
        n,
        lag=lag,
        min_window=rows,
        n_draws=n_draws,
        seed=seed,
        workers=workers,
        scheduler=scheduler,
    )


def _dated(
    tests: RecursiveTests, values: CriticalValues, index: pd.Index, rule: DatingRule
) -> DatedSeries:
    boundary = _boundary(values, rule)
    dates = tuple(date_text(date) for date in index)
    spells = []
    if not rule.gate or tests.gsadf > values.gsadf[rule.level]:
        spells = _spells(tests.bsadf > boundary, _least(rule, tests.n))
    episodes = []
    for begin, end in spells:
        peak = begin + int(np.nanargmax((tests.bsadf - boundary)[begin : end + 1]))
        is_open = end == len(dates) - 1
        episodes.append(
            ExplosiveEpisode(dates[begin], dates[peak], dates[end], end - begin + 1, is_open)
        )
    return DatedSeries(tests, values, boundary, dates, tuple(episodes), rule)


def _boundary(values: CriticalValues, rule: DatingRule) -> NDArray[np.float64]:
    return (values.badf if rule.boundary == "running" else values.bsadf)[rule.level]


def _least(rule: DatingRule, n: int) -> int:
    return max(1, math.floor(math.log(n))) if rule.min_duration is None else rule.min_duration


def _spells(above: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], above.astype(np.int8), [0]])))
    return [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2) if b - a >= least]


def _check_panel(panel: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(panel, pd.DataFrame):
        raise InputError(f"panel: {type(panel).__name__}; expected a pandas DataFrame")
    if panel.columns.has_duplicates:
        twice = panel.columns[panel.columns.duplicated()][0]
        raise DataError(f"panel: column {twice!r} stands twice; expected it once")
    check_dates(panel.index)
    for name in panel:
        try:
            values = as_series(panel[name])
        except DataError as error:
            raise DataError(f"panel, column {name!r}: {error}") from None
        if values.nunique() == 1:
            raise DataError(f"panel, column {name!r}: constant; expected different values")
    return panel


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
