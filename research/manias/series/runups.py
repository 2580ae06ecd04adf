"""Rules that turn returns into dated run-ups, and say which of them ended in a crash.

The rule is that of Greenwood, Shleifer & You (2019), "Bubbles for Fama", Journal of Financial
Economics: an industry that has risen by at least 100% over two years, raw and net of the
market, and by at least 50% raw over five years; a crash is a drawdown of at least 40% within
the two years after. Where the paper's text, as far as it could be read, leaves a choice open,
the choice is a field of `RunUpRule` with the alternatives named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, Natural, Number, checked
from manias.data.calendar import as_typed, user_day
from manias.data.fingerprint import fingerprint
from manias.data.library import load, not_known, once
from manias.data.results import Result
from manias.data.rows import Provenance, Rows, pick
from manias.data.tables import Dataset
from manias.errors import InputError

Net = Literal["difference", "ratio", "compounded"]
ShortHistory = Literal["waive", "exclude"]
Reentry = Literal["start", "signal"]
Drawdown = Literal["within", "from_crossing", "starting"]

MAXIMUM_RUNG = 100.0


@checked
@dataclass(frozen=True, slots=True)
class RunUpRule:
    """What counts as a run-up and what as a crash.

    Attributes
    ----------
    threshold : float
        Least return over ``window`` months, raw and net of the market (1.0 is 100%).
    window : int
        Months of the run-up.
    long_return : float or None
        Least raw return over ``long_window`` months; None drops the condition.
    long_window : int
        Months of the long condition.
    short_history : {"waive", "exclude"}
        What to do in the first years, when ``long_window`` months are not on record: waive
        the long condition (the published sample starts in 1928, so it must have been), or
        exclude those months.
    min_firms : int
        Least number of firms in the industry; 0 takes all.
    net : {"difference", "ratio", "compounded"}
        Net of the market as the difference of the two compounded returns, the ratio of the
        two growth factors less one, or the compounded monthly excess return.
    reentry : {"start", "signal"}
        A new run-up of the same industry begins at the first qualifying month that is at
        least ``window`` months after the start of the last run-up, or only after ``window``
        months without any qualifying month.
    crash : float
        Drawdown that counts as a crash (0.4 is 40%).
    horizon : int
        Months after the crossing in which the crash must come.
    drawdown : {"within", "from_crossing", "starting"}
        Peak and low both within the horizon; low within it against the level at the
        crossing; or a peak within the horizon and a low within as many months after it.
    """

    threshold: Annotated[float, Number(0, MAXIMUM_RUNG, ends=True)] = 1.0
    window: Count = 24
    long_return: float | None = 0.5
    long_window: Count = 60
    short_history: ShortHistory = "waive"
    min_firms: Natural = 10
    net: Net = "difference"
    reentry: Reentry = "start"
    crash: Level = 0.4
    horizon: Count = 24
    drawdown: Drawdown = "within"

    @property
    def reach(self) -> int:
        """Months after a crossing that must have been seen before its outcome is known."""
        return 2 * self.horizon if self.drawdown == "starting" else self.horizon


@checked
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Panel(Result):
    """Monthly returns of industries and of the market.

    Attributes
    ----------
    returns : pandas.DataFrame
        Shape (T, N), decimals (0.01 is 1%), months by industries; NaN where there is none.
    firms : pandas.DataFrame
        Shape (T, N), number of firms.
    market : pandas.Series
        Shape (T,), market return, decimals.
    dataset : Dataset, optional
        What they were taken from; without it they are the caller's own.
    beside : tuple of str
        What else of the dataset went into the market: columns that ``returns`` lacks.
    """

    _told = ("months=returns", "industries=returns.columns", "last")

    returns: pd.DataFrame
    firms: pd.DataFrame
    market: pd.Series
    dataset: Dataset | None = None
    beside: tuple[str, ...] = ()
    _kept: dict[str, str] = field(init=False, default_factory=dict, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """One row a month and industry.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``industry``, ``return`` (decimal), ``firms``.
        """
        parts = {"return": self.returns, "firms": self.firms}
        long = [
            f.rename_axis(index="month", columns="industry").stack() for f in parts.values()
        ]
        return pd.concat(long, axis=1, keys=parts).reset_index()

    @property
    def mark(self) -> str:
        """Hash of every number."""
        if "mark" not in self._kept:
            firms = fingerprint(self.firms)
            whole = self.returns.assign(market=self.market)
            self._kept["mark"] = fingerprint(whole, firms=firms)
        return self._kept["mark"]

    @property
    def last(self) -> pd.Period:
        """Last month on record."""
        return self.returns.index[-1]

    @property
    def until(self) -> str:
        """Last day of the last month, as ISO date."""
        return self.last.end_time.date().isoformat()

    @property
    def rows(self) -> tuple[Rows, ...]:
        """Rows of the months and industries that are in it; none of the caller's own."""
        if self.dataset is None:
            return ()
        months = self.returns.index
        tables = self.dataset.tables
        span = f"{months[0]} to {months[-1]}"
        picked = []
        for name in ("data", "market", "countries"):
            if name in tables:
                frame = tables[name]
                keep = pd.Series(True, frame.index)
                if "month" in frame:
                    # The first change of a level starts from the month before.
                    first = months[0] - int("level" in frame)
                    keep &= frame["month"].between(first, months[-1])
                for unit in {"industry", "country"} & set(frame):
                    keep &= frame[unit].isin([*self.returns.columns, *self.beside])
                picked.append(pick(self.dataset, name, keep, span))
        return tuple(picked)

    @property
    def provenance(self) -> Provenance:
        """Tables, sources and grade of `rows`; grade C where the data are the caller's own."""
        own = "" if self.dataset else "C"
        return Provenance.of(self.rows, until=self.until, grade=own)

    @checked
    def as_of(self, date: str | pd.Period | pd.Timestamp) -> "Panel":
        """Cut every month that had not ended on a date, and industries with no other.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp

        Returns
        -------
        Panel

        Raises
        ------
        InputError
            If no month is left.

        Examples
        --------
        >>> load_panel().as_of("1999-12").last
        Period('1999-12', 'M')
        >>> load_panel().as_of("1948-03").returns.shape[1]
        43
        """
        kept = self.returns.index.end_time.normalize() <= user_day(date)
        if not kept.any():
            first = self.returns.index[0]
            raise InputError(
                f"as of {as_typed(date)}: nothing on record; expected {first} or later"
            )
        returns, firms = self.returns[kept], self.firms[kept]
        seen = returns.notna().any() | firms.notna().any()
        return replace(
            self,
            returns=returns.loc[:, seen],
            firms=firms.loc[:, seen],
            market=self.market[kept],
            dataset=None if self.dataset is None else observed(self.dataset, date),
        )


def observed(dataset: Dataset, date: object) -> Dataset:
    """Cut the rows of a dataset that were observed after a date, where it says when they were.

    Parameters
    ----------
    dataset : Dataset
    date : str or pandas.Period or pandas.Timestamp

    Returns
    -------
    Dataset

    Examples
    --------
    >>> observed(load("shiller"), "1999").frame["month"].max()
    Period('1999-12', 'M')
    """
    if all("observed" in clock for clock in dataset.clocks.values()):
        return dataset.as_of(date, by="observed")
    return dataset


@checked
def load_panel(dataset: Dataset | None = None) -> Panel:
    """Lay the US industries out as a panel.

    Parameters
    ----------
    dataset : Dataset, optional
        ``load("us_industries")`` by default.

    Returns
    -------
    Panel
        Of the months that industries and market share.

    Raises
    ------
    DataError
        If there is none, as in a library with a day before them.

    Examples
    --------
    >>> load_panel().returns.shape[1]
    49
    """
    return _panel(dataset) if dataset is not None else _own_rows(_kept_panel())


@once
def _kept_panel() -> Panel:
    return _panel(load("us_industries"))


def _own_rows(panel: Panel) -> Panel:
    """The same panel; what its owner writes into it reaches nobody else."""
    return replace(
        panel,
        returns=panel.returns.copy(deep=False),
        firms=panel.firms.copy(deep=False),
        market=panel.market.copy(deep=False),
    )


def laid_out(
    table: pd.DataFrame, values: Sequence[str], *, rows: str, columns: str = "industry"
) -> list[pd.DataFrame]:
    """Lay numbers of a long table out, as ``DataFrame.pivot`` does, in less time.

    Parameters
    ----------
    table : pandas.DataFrame
    values : sequence of str
        Columns of numbers.
    rows, columns : str
        Columns of the table that the rows and columns of the frames stand for.

    Returns
    -------
    list of pandas.DataFrame
        One for each of ``values``; rows and columns ascending, NaN where there is none.

    Raises
    ------
    ValueError
        If a place is taken twice.

    Examples
    --------
    >>> table = pd.DataFrame({"t": [1, 0], "industry": ["b", "a"], "x": [2.0, 3.0]})
    >>> laid_out(table, ["x"], rows="t")[0].to_numpy().tolist()
    [[3.0, nan], [nan, 2.0]]
    """
    row, down = pd.factorize(table[rows], sort=True)
    column, across = pd.factorize(table[columns], sort=True)
    place = row * len(across) + column
    shape = len(down), len(across)
    if np.bincount(place, minlength=1).max() > 1:
        raise ValueError(f"a {rows} and {columns} twice; expected each once")
    frames = []
    for value in values:
        cells = np.full(shape[0] * shape[1], np.nan)
        cells[place] = table[value].to_numpy(dtype=float, na_value=np.nan)
        frames.append(
            pd.DataFrame(
                cells.reshape(shape), down.rename(rows), across.rename(columns), copy=False
            )
        )
    return frames


def _panel(dataset: Dataset) -> Panel:
    returns, firms = laid_out(dataset.frame, ["return", "firms"], rows="month")
    market = dataset.tables["market"].set_index("month")
    months = returns.index.intersection(market.index)
    if months.empty:
        raise not_known(dataset.name, "no month of industries and market")
    months = pd.period_range(months[0], months[-1])
    total = (market["market_excess"] + market["risk_free"]) / 100
    return Panel(
        returns=returns.reindex(months) / 100,
        firms=firms.reindex(months),
        market=total.reindex(months),
        dataset=dataset,
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunUpState(Result):
    """How far every industry has risen, month by month; each frame has shape (T, N).

    Attributes
    ----------
    raw, net, long : pandas.DataFrame
        Returns over the window, net of the market, and over the long window, decimals.
    qualifies : pandas.DataFrame
        Whether the month meets the rule at its threshold.
    """

    _told = ("months=raw", "industries=raw.columns")

    raw: pd.DataFrame
    net: pd.DataFrame
    long: pd.DataFrame
    qualifies: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a month and industry.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``industry``, ``raw``, ``net``, ``long``, ``qualifies``.
        """
        parts = {name: getattr(self, name) for name in ("raw", "net", "long", "qualifies")}
        long = [
            f.rename_axis(index="month", columns="industry").stack() for f in parts.values()
        ]
        return pd.concat(long, axis=1, keys=parts).reset_index()


@dataclass(frozen=True, slots=True, repr=False)
class RunUp(Result):
    """One run-up and what became of it.

    Attributes
    ----------
    industry : str
    crossing : pandas.Period
        First month in which the rule was met.
    raw, net : float
        Two-year returns at the crossing, decimals.
    peak, trough : pandas.Period or None
        Ends of the deepest drawdown in the horizon; None while the horizon is open.
    drawdown : float
        Depth of it, as a negative decimal; NaN while the horizon is open.
    worst_month : float
        Lowest monthly return between peak and trough; NaN where there is none.
    is_complete : bool
        Whether all months of the horizon are on record. Only complete run-ups are counted:
        counting early crashes of open ones would bias the frequency upwards.
    is_crash : bool
        Complete, and the drawdown reaches the rule's crash.
    """

    _told = ("industry", "crossing", "raw", "net", "is_crash")

    industry: str
    crossing: pd.Period
    raw: float
    net: float
    peak: pd.Period | None
    trough: pd.Period | None
    drawdown: float
    worst_month: float
    is_complete: bool
    is_crash: bool


@checked
def measure_runups(panel: Panel, rule: RunUpRule) -> RunUpState:
    """Measure how far every industry has risen and whether that meets the rule.

    Parameters
    ----------
    panel : Panel
        T months, N industries.
    rule : RunUpRule

    Returns
    -------
    RunUpState
        At month t only months up to t are used.

    Examples
    --------
    >>> state = measure_runups(load_panel(), RunUpRule())
    >>> print(round(state.raw.loc["1999-12", "Chips"], 2))
    1.87
    """
    raw = _compound(panel.returns, rule.window)
    market = _compound(panel.market.to_frame("market"), rule.window)["market"]
    match rule.net:
        case "difference":
            net = raw.sub(market, axis=0)
        case "ratio":
            net = (1 + raw).div(1 + market, axis=0) - 1
        case _:
            net = _compound(panel.returns.sub(panel.market, axis=0), rule.window)
    long = _compound(panel.returns, rule.long_window)
    return RunUpState(raw, net, long, _meets(raw, net, long, panel.firms, rule))


def qualify(state: RunUpState, panel: Panel, rule: RunUpRule) -> pd.DataFrame:
    """Whether what was measured meets a rule that differs in its threshold alone.

    Parameters
    ----------
    state : RunUpState
        Of the panel.
    panel : Panel
        T months, N industries.
    rule : RunUpRule

    Returns
    -------
    pandas.DataFrame
        Shape (T, N), bool.

    Examples
    --------
    >>> panel = load_panel()
    >>> high, state = RunUpRule(threshold=1.5), measure_runups(panel, RunUpRule())
    >>> qualify(state, panel, high).equals(measure_runups(panel, high).qualifies)
    True
    """
    return _meets(state.raw, state.net, state.long, panel.firms, rule)


def _meets(
    raw: pd.DataFrame,
    net: pd.DataFrame,
    long: pd.DataFrame,
    firms: pd.DataFrame,
    rule: RunUpRule,
) -> pd.DataFrame:
    if not firms.index.equals(raw.index) or not firms.columns.equals(raw.columns):
        firms = firms.reindex_like(raw)
    risen, beyond, kept = (f.to_numpy(dtype=float) for f in (raw, net, firms))
    meets = (risen >= rule.threshold) & (beyond >= rule.threshold) & (kept >= rule.min_firms)
    if rule.long_return is not None:
        far = long.to_numpy(dtype=float)
        enough = far >= rule.long_return
        if rule.short_history == "waive":
            enough |= np.isnan(far)
        meets &= enough
    return pd.DataFrame(meets, raw.index, raw.columns)


@checked
def date_runups(panel: Panel, rule: RunUpRule | None = None) -> tuple[RunUp, ...]:
    """Find every run-up and what became of it.

    Parameters
    ----------
    panel : Panel
        T months, N industries.
    rule : RunUpRule, optional
        The published rule by default.

    Returns
    -------
    tuple of RunUp
        By month of crossing, then industry.

    References
    ----------
    Greenwood, Shleifer & You (2019), Journal of Financial Economics 131.

    Examples
    --------
    >>> runups = date_runups(load_panel().as_of("2014-03"))
    >>> len(runups), sum(r.is_crash for r in runups)
    (46, 23)
    """
    rule = rule or RunUpRule()
    state = measure_runups(panel, rule)
    months, found = panel.returns.index, []
    for industry in panel.returns.columns:
        starts = _starts(state.qualifies[industry].to_numpy(), rule.window, rule.reentry)
        returns = panel.returns[industry].to_numpy()
        for t in starts:
            after = returns[t + 1 : t + 1 + rule.reach]
            seen = len(after) == rule.reach and bool(np.isfinite(after).all())
            depth, high, low = _drawdown(after, rule) if seen else (np.nan, 0, 0)
            fell = after[high:low]
            found.append(
                RunUp(
                    industry=str(industry),
                    crossing=months[t],
                    raw=float(state.raw[industry].iloc[t]),
                    net=float(state.net[industry].iloc[t]),
                    peak=months[t + high] if seen else None,
                    trough=months[t + low] if seen else None,
                    drawdown=float(depth),
                    worst_month=float(fell.min()) if seen and len(fell) else float("nan"),
                    is_complete=seen,
                    is_crash=bool(seen and depth <= -rule.crash),
                )
            )
    return tuple(sorted(found, key=lambda r: (r.crossing, r.industry)))


def deepest_fall(panel: Panel, industry: str, month: pd.Period, rule: RunUpRule) -> float:
    """Deepest drawdown of an industry after a month, as a rule looks for it.

    Parameters
    ----------
    panel : Panel
    industry : str
    month : pandas.Period
    rule : RunUpRule

    Returns
    -------
    float
        A negative decimal, or 0; NaN while the horizon is open.

    Examples
    --------
    >>> first = date_runups(load_panel())[0]
    >>> depth = deepest_fall(load_panel(), first.industry, first.crossing, RunUpRule())
    >>> depth == first.drawdown
    True
    """
    t = panel.returns.index.get_loc(month)
    after = panel.returns[industry].to_numpy()[t + 1 : t + 1 + rule.reach]
    if len(after) < rule.reach or not np.isfinite(after).all():
        return float("nan")
    return float(_drawdown(after, rule)[0])


def count_waves(runups: tuple[RunUp, ...], *, months: int = 24) -> int:
    """Count the separate stretches of calendar time in which run-ups crossed.

    Parameters
    ----------
    runups : tuple of RunUp
    months : int
        Length of a stretch.

    Returns
    -------
    int
        How many stretches of so many months, none overlapping, hold all crossings. Industries
        rise and fall together, so an interval that counts each run-up as one independent draw
        is too narrow; this number says how few the independent draws are.

    Examples
    --------
    >>> count_waves(())
    0
    """
    return max(number_waves([r.crossing.ordinal for r in runups], months=months), default=0)


def number_waves(crossings: Sequence[int], *, months: int = 24) -> list[int]:
    """Number the separate stretches of calendar time that hold some months, from 1.

    Parameters
    ----------
    crossings : sequence of int
        Months, counted from any one.
    months : int
        Length of a stretch.

    Returns
    -------
    list of int
        Stretch of each, in the order given.

    Examples
    --------
    >>> number_waves([30, 0, 23, 24])
    [2, 1, 1, 2]
    """
    waves, end, found = 0, None, {}
    for crossing in sorted(set(crossings)):
        if end is None or crossing >= end:
            waves, end = waves + 1, crossing + months
        found[crossing] = waves
    return [found[crossing] for crossing in crossings]


def count_in_order(
    panel: Panel, rule: RunUpRule, rungs: Sequence[float], order: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count run-ups and crashes with the months of all industries in another order.

    A month of an industry counts where it has a return, the market has one and there are
    enough firms. An industry takes its own months in the order given and stands on the places
    where it has one, so that its gaps stay where they were, and the market of the same months
    moves with it.

    Parameters
    ----------
    panel : Panel
        T months, N industries.
    rule : RunUpRule
        Its threshold is replaced by each rung in turn.
    rungs : sequence of float
        R thresholds.
    order : ndarray, shape (T,)
        A permutation of the months: ``np.arange(T)`` counts them as they were,
        ``np.arange(T)[::-1]`` backwards.

    Returns
    -------
    n, crashes : ndarray, shape (R + 1,)
        Of each rung, those whose horizon has ended; last those of any window of the length of
        the horizon, none overlapping.

    Examples
    --------
    >>> panel = load_panel().as_of("2014-03")
    >>> n, crashes = count_in_order(panel, RunUpRule(), [1.0], np.arange(len(panel.market)))
    >>> bool(n[0] <= len(date_runups(panel)))
    True
    """
    from manias.series._runup_kernels import counts_in_order

    market = panel.market.to_numpy(dtype=float)
    enough = (panel.firms >= rule.min_firms) & np.isfinite(market)[:, None]
    return counts_in_order(
        np.ascontiguousarray(panel.returns.where(enough).to_numpy(dtype=float)),
        np.nan_to_num(market),
        np.ascontiguousarray(order),
        np.asarray(rungs, dtype=float),
        rule.window,
        rule.long_window,
        np.nan if rule.long_return is None else rule.long_return,
        rule.short_history == "waive",
        get_args(Net).index(rule.net),
        rule.reentry == "signal",
        rule.crash,
        rule.horizon,
        get_args(Drawdown).index(rule.drawdown),
    )


@checked
def variants(rule: RunUpRule) -> dict[str, RunUpRule]:
    """Name the rule and its neighbours, each with one choice changed.

    Parameters
    ----------
    rule : RunUpRule

    Returns
    -------
    dict of str to RunUpRule
        What is changed -> rule. The first is the rule itself.

    Examples
    --------
    >>> list(variants(RunUpRule()))[0]
    'as chosen'
    """
    return {
        "as chosen": rule,
        "industries of any number of firms": replace(rule, min_firms=0),
        "five years on record required": replace(rule, short_history="exclude"),
        "no five-year condition": replace(rule, long_return=None),
        "net of market as a ratio": replace(rule, net="ratio"),
        "net of market by monthly excess": replace(rule, net="compounded"),
        "new run-up only after 24 quiet months": replace(rule, reentry="signal"),
        "fall counted from the month in which the threshold was crossed": replace(
            rule, drawdown="from_crossing"
        ),
        "fall may start at any peak within 24 months": replace(rule, drawdown="starting"),
    }


def _compound(returns: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return over a window; NaN unless every month of it is on record."""
    return np.expm1(np.log1p(returns).rolling(window).sum())


def _starts(meets: NDArray[np.bool_], gap: int, reentry: Reentry) -> list[int]:
    starts: list[int] = []
    last_start = last_signal = -gap - 1
    for t in np.flatnonzero(meets):
        clear = t - last_start >= gap if reentry == "start" else t - last_signal > gap
        if clear:
            starts.append(int(t))
            last_start = t
        last_signal = t
    return starts


def _drawdown(after: NDArray[np.float64], rule: RunUpRule) -> tuple[float, int, int]:
    """Deepest drawdown after a crossing: depth, and peak and low as months after it."""
    level = np.concatenate([[1.0], np.cumprod(1 + after)])
    if rule.drawdown == "from_crossing":
        low = int(np.argmin(level))
        return level[low] - 1, 0, low
    best = (0.0, 0, 0)
    for high in range(rule.horizon + 1):
        end = high + rule.horizon if rule.drawdown == "starting" else rule.horizon
        low = high + int(np.argmin(level[high : end + 1]))
        depth = level[low] / level[high] - 1
        if depth < best[0]:
            best = (depth, high, low)
    return best
