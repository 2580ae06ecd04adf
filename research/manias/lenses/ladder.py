"""The ladder: how often a crash followed a run-up of so much.

A frequency table, not a regression: for each rung (50%, 75%, 100%, 125%, 150%) the run-ups
that crossed it, the share that crashed within two years, and its interval, which counts the
waves that they come in. Beside it the count with the months in random order and backwards.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Ascending, Level, Natural, Number, checked
from manias.data.fingerprint import fingerprint
from manias.data.reader import Series, as_read
from manias.data.results import Plotted, Result, page, stacked
from manias.data.rows import Provenance
from manias.errors import DataError, InputError
from manias.evaluation.cards import Carded, decode
from manias.evaluation.clusters import clustered_share, wilson
from manias.evaluation.scores import SEED
from manias.evaluation.skill import permutation_p
from manias.language.names import INDUSTRIES
from manias.series.countries import load_countries
from manias.series.indices import Index, own_index, run_up
from manias.series.runups import (
    Panel,
    RunUpRule,
    count_in_order,
    date_runups,
    load_panel,
    measure_runups,
    number_waves,
    qualify,
)

Markets = Literal["industries", "countries"]
Rungs = Annotated[tuple[float, ...], Ascending(Number(0, ends=True))]
TITLES: Mapping[str, str] = {
    "industries": "Run-ups of industries by size: how often a crash followed",
    "countries": "Run-ups of countries by size: how often a crash followed",
}
AI_INDUSTRIES: Mapping[str, str] = {
    key: INDUSTRIES[key]
    for key in ("Chips", "Softw", "Hardw", "Telcm", "LabEq", "ElcEq", "Util")
}
"""Industries that build, power or carry AI, by their short names; our choice (grade J)."""


@dataclass(frozen=True, slots=True, repr=False)
class Frequency(Result):
    """A count and its share, with an interval.

    Attributes
    ----------
    n, crashes : int
        Cases with a known outcome, and those that crashed.
    rate, low, high : float
        Share, and the ends of its interval, wave by wave; NaN where n is 0.
    waves : int
        Separate stretches of calendar time that the cases come from.
    n_open : int
        Cases whose horizon has not ended; not counted in n.
    by_case : tuple of float
        Wilson's interval, which takes every case for one independent draw and is too narrow.
    unbroken : float
        The share among run-ups whose months all have enough firms, of which the two placebos
        are made; NaN, as all that follows, where none was made.
    shuffled, reversed : float
        The same with the months in random order, jointly for all (mean of the permutations),
        and with the months running backwards.
    p : float
        Share of permutations in which the excess over any two years is as large; NaN for any
        two years.
    """

    _told = ("n", "crashes", "rate", "low", "high")

    n: int
    crashes: int
    rate: float
    low: float
    high: float
    waves: int
    n_open: int
    by_case: tuple[float, float]
    unbroken: float = float("nan")
    shuffled: float = float("nan")
    reversed: float = float("nan")
    p: float = float("nan")


@checked
@dataclass(frozen=True, slots=True)
class LadderModel:
    """Settings of the ladder; holds no data.

    Attributes
    ----------
    rungs : tuple of float
        Thresholds, ascending (0.5 is 50%).
    rule : RunUpRule
        Its threshold is replaced by each rung in turn.
    confidence : float
        Level of the intervals.
    markets : {"industries", "countries"}
        Of the US, or national share prices (`manias.series.countries.load_countries`).
    n_shuffles : int
        Permutations of the months; no placebo where 0.
    seed : int
    """

    revision: ClassVar[int] = 3
    rungs: Rungs = (0.5, 0.75, 1.0, 1.25, 1.5)
    rule: RunUpRule = field(default_factory=RunUpRule)
    confidence: Level = 0.95
    markets: Markets = "industries"
    n_shuffles: Natural = 0
    seed: Natural = SEED

    @property
    def name(self) -> str:
        """Key of the model."""
        return "ladder" if self.markets == "industries" else f"ladder-{self.markets}"

    @checked
    def fit(self, panel: Panel | None = None) -> "LadderResults":
        """Count run-ups and crashes on a panel.

        Parameters
        ----------
        panel : Panel, optional
            T months, N industries; cut it with ``as_of`` to leave the future out. Those of
            `manias.series.runups.load_panel`, or of `manias.series.countries.load_countries`,
            by default.

        Returns
        -------
        LadderResults

        Raises
        ------
        DataError
            If the panel is shorter than one window and one horizon.

        References
        ----------
        Greenwood, Shleifer & You (2019), Journal of Financial Economics 131;
        `manias.evaluation.clusters.clustered_share` for the intervals.

        Examples
        --------
        >>> from manias.series.runups import load_panel
        >>> results = LadderModel().fit(load_panel().as_of("2014-03"))
        >>> results.rungs[1.0].n, results.rungs[1.0].crashes
        (46, 23)
        """
        if panel is None:
            panel = load_panel() if self.markets == "industries" else load_countries()
        needed = self.rule.window + self.rule.reach
        if len(panel.returns) < needed:
            raise DataError(
                f"{len(panel.returns)} months to {panel.last}: expected at least {needed}, one "
                f"window and one horizon"
            )
        rungs = {}
        for rung in self.rungs:
            runups = date_runups(panel, replace(self.rule, threshold=rung))
            ended = [r for r in runups if r.is_complete]
            waves = number_waves([r.crossing.ordinal for r in ended], months=self.rule.horizon)
            rungs[rung] = self._frequency(
                np.array([r.is_crash for r in ended], dtype=bool),
                np.array(waves, dtype=int),
                len(runups) - len(ended),
            )
        base = self._base(panel)
        if self.n_shuffles:
            *found, base = self._with_placebos(panel, [*rungs.values(), base])
            rungs = dict(zip(self.rungs, found, strict=True))
        mark = fingerprint(
            pd.DataFrame(),
            panel=panel.mark,
            model=self.name,
            revision=self.revision,
            **asdict(self),
        )
        return LadderResults(
            name=self.name,
            settings=self.settings(),
            rungs=rungs,
            base=base,
            first=str(panel.returns.index[0]),
            last=str(panel.last),
            provenance=panel.provenance,
            fingerprint=mark,
        )

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {"revision": self.revision, **asdict(self)}

    def _base(self, panel: Panel) -> Frequency:
        """Crash frequency of any two years: windows of each industry that do not overlap."""
        size, crashes, times = self.rule.reach, [], []
        step = replace(self.rule, threshold=0.0)
        level = panel.returns.where(panel.firms >= self.rule.min_firms)
        for industry in level:
            returns = level[industry].to_numpy()
            first = next((i for i, r in enumerate(returns) if np.isfinite(r)), len(returns))
            for t in range(first, len(returns) - size + 1, size):
                after = returns[t : t + size]
                if np.isfinite(after).all():
                    crashes.append(_deepest(after, step) <= -self.rule.crash)
                    times.append(t // size)
        return self._frequency(np.array(crashes, dtype=bool), np.array(times, dtype=int), 0)

    def _frequency(
        self, fell: NDArray[np.bool_], waves: NDArray[np.int64], n_open: int
    ) -> Frequency:
        n, crashes = len(fell), int(fell.sum())
        if n == 0:
            nan = float("nan")
            return Frequency(0, 0, nan, nan, nan, 0, n_open, (nan, nan))
        return Frequency(
            n,
            crashes,
            crashes / n,
            *clustered_share(fell, waves, confidence=self.confidence),
            waves=len(np.unique(waves)),
            n_open=n_open,
            by_case=wilson(crashes, n, confidence=self.confidence),
        )

    def _with_placebos(self, panel: Panel, counted: list[Frequency]) -> list[Frequency]:
        """Set beside the rungs, and last any two years, the counts in another order."""
        rng = np.random.default_rng(self.seed)
        months = np.arange(len(panel.returns))

        def rates(order: NDArray[np.int64]) -> NDArray[np.float64]:
            n, crashes = count_in_order(panel, self.rule, self.rungs, order)
            return np.divide(crashes, n, out=np.full(len(n), np.nan), where=n > 0)

        own, back = rates(months), rates(months[::-1])
        draws = np.stack([rates(rng.permutation(months)) for _ in range(self.n_shuffles)])
        found = []
        for k, frequency in enumerate(counted):
            drawn = draws[:, k]
            known = np.isfinite(drawn)
            excess = drawn[known] - draws[known, -1]
            is_rung = k < len(counted) - 1 and np.isfinite(own[k]) and known.any()
            found.append(
                replace(
                    frequency,
                    unbroken=float(own[k]),
                    shuffled=float(drawn[known].mean()) if known.any() else float("nan"),
                    reversed=float(back[k]),
                    p=permutation_p(own[k] - own[-1], excess) if is_rung else float("nan"),
                )
            )
        return found


DOUBLED = LadderModel(
    rungs=(1.0,),
    rule=RunUpRule(
        long_return=None, min_firms=0, crash=0.5, horizon=60, drawdown="from_crossing"
    ),
    markets="countries",
)
"""Doublings in two years, not net of anything, and whether five years later half was gone."""


@dataclass(frozen=True, slots=True, repr=False)
class Standing(Result):
    """Where one industry stands, and how often such a run-up ended in a crash.

    Attributes
    ----------
    industry, name : str
    as_of : str
        Last month used.
    firms : int
        Firms in the industry in that month.
    runup, net_runup, long_return : float
        Two-year return, the same net of the market, five-year return; decimals.
    rung : float or None
        Highest rung that the industry stands on; None below the lowest.
    since : str or None
        First month of the present unbroken stay on that rung.
    crash_frequency, low, high : float
        Share of past run-ups over that rung that crashed within two years, with its interval;
        below the lowest rung the share of any two years.
    n, crashes, waves : int
        Cases behind the share, and the separate stretches of time that they come from.
    shuffled, reversed : float
        The share with the months in random order, and backwards; NaN where that was not
        counted.
    highest : float or None
        Highest rung that it stood on in any month since the onset of the boom; None where on
        none, and where no onset was given.
    highest_month : str or None
        First month on that rung.
    """

    _told = ("industry", "as_of", "runup", "rung", "crash_frequency")

    industry: str
    name: str
    as_of: str
    firms: int
    runup: float
    net_runup: float
    long_return: float
    rung: float | None
    since: str | None
    crash_frequency: float
    low: float
    high: float
    n: int
    crashes: int
    waves: int
    shuffled: float = float("nan")
    reversed: float = float("nan")
    highest: float | None = None
    highest_month: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class LadderResults(Carded):
    """What was counted.

    Attributes
    ----------
    name : str
    settings : mapping
    rungs : mapping of float to Frequency
    base : Frequency
        Any two years, without regard to a run-up.
    first, last : str
        Months used.
    provenance : Provenance
    fingerprint : str
        Hash of the data and the settings.
    """

    kind: ClassVar[str] = "ladder"
    lens: ClassVar[str] = "run-up"
    name: str
    settings: Mapping[str, Any]
    rungs: Mapping[float, Frequency]
    base: Frequency
    first: str
    last: str
    provenance: Provenance
    fingerprint: str

    @property
    def title(self) -> str:
        """One line for people."""
        return TITLES[self.settings["markets"]]

    @property
    def model(self) -> LadderModel:
        """The settings as they were chosen."""
        return decode(self.settings, LadderModel)

    @property
    def n(self) -> int:
        """Run-ups over the lowest rung whose outcome is known."""
        return next(iter(self.rungs.values())).n

    @property
    def events(self) -> int:
        """Those of them that crashed."""
        return next(iter(self.rungs.values())).crashes

    @property
    def scores(self) -> tuple[()]:
        """None: as a prediction the ladder is scored by the logit on the same run-ups."""
        return ()

    def summary(self) -> str:
        """Rungs and counts as text."""
        table = self.to_frame().round(3)
        rungs = table["rung"].astype(object).where(table["rung"].notna(), "base")
        head = f"{self.model_id}: {self.first} to {self.last}"
        return page([self.title, head, "", table.assign(rung=rungs)])

    @checked
    def stand(
        self, panel: Panel, industry: str, name: str = "", *, onset: pd.Period | None = None
    ) -> Standing:
        """Say where one industry of a panel stands in its last month.

        Parameters
        ----------
        panel : Panel
            Cut at the month of interest.
        industry : str
            A column of it.
        name : str, optional
            Readable name.
        onset : pandas.Period, optional
            Since when the highest rung is looked for.

        Returns
        -------
        Standing

        Raises
        ------
        InputError
            If there is no such industry.
        DataError
            If its last two years are not all on record.

        Examples
        --------
        >>> from manias.series.runups import load_panel
        >>> past = load_panel().as_of("1999-12")
        >>> LadderModel().fit(past).stand(past, "Softw").rung
        1.5
        """
        if industry not in panel.returns:
            listed = ", ".join(map(str, panel.returns.columns))
            raise InputError(f"industry {industry!r}: expected one of {listed}")
        one = Panel(panel.returns[[industry]], panel.firms[[industry]], panel.market)
        model = self.model
        rule = model.rule
        state = measure_runups(one, rule)
        raw, net = (float(f[industry].iloc[-1]) for f in (state.raw, state.net))
        if not np.isfinite(raw) or not np.isfinite(net):
            raise DataError(
                f"{industry}: months are missing in the {rule.window} to {panel.last}; "
                f"expected all of them"
            )
        met = {
            rung: qualify(state, one, replace(rule, threshold=rung))[industry]
            for rung in reversed(model.rungs)
        }
        rung, since = _highest(met)
        highest, month = (None, None) if onset is None else _since_onset(met, onset)
        share = self.base if rung is None else self.rungs[rung]
        firms = one.firms[industry].iloc[-1]
        return Standing(
            industry=industry,
            name=name or industry,
            as_of=str(panel.last),
            firms=0 if pd.isna(firms) else int(firms),
            runup=raw,
            net_runup=net,
            long_return=float(state.long[industry].iloc[-1]),
            rung=rung,
            since=since,
            crash_frequency=share.rate,
            low=share.low,
            high=share.high,
            n=share.n,
            crashes=share.crashes,
            waves=share.waves,
            shuffled=share.shuffled,
            reversed=share.reversed,
            highest=highest,
            highest_month=month,
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a rung, the base first.

        Returns
        -------
        pandas.DataFrame
            ``rung`` (NaN for the base), ``n``, ``crashes``, ``rate``, ``low``, ``high``,
            ``waves``, ``n_open``, ``unbroken``, ``shuffled``, ``reversed``, ``p``.
        """
        rows = [{"rung": float("nan"), **asdict(self.base)}]
        rows += [{"rung": rung, **asdict(share)} for rung, share in self.rungs.items()]
        return pd.DataFrame(rows).drop(columns="by_case")


def _since_onset(
    met: Mapping[float, pd.Series], onset: pd.Period
) -> tuple[float | None, str | None]:
    """Highest rung since an onset, and the first month on it."""
    first = onset.asfreq("M", how="start")
    for rung, meets in met.items():
        since = meets[meets.index >= first]
        if since.any():
            return rung, str(since.idxmax())
    return None, None


def _highest(met: Mapping[float, pd.Series]) -> tuple[float | None, str | None]:
    """Highest rung in the last month, and the month since which it stands there."""
    for rung, meets in met.items():
        if meets.iloc[-1]:
            gaps = np.flatnonzero(~meets.to_numpy())
            return rung, str(meets.index[gaps[-1] + 1 if len(gaps) else 0])
    return None, None


@dataclass(frozen=True, slots=True, repr=False)
class Assessment(Plotted):
    """How far some industries resemble past run-ups that crashed, on one date.

    Attributes
    ----------
    target : str
    as_of : str
        Last month that anything here has seen.
    model_id : str
    results : LadderResults
        Fitted on nothing later than ``as_of``.
    standings : tuple of Standing
    grade : str
        Weakest grade of the data.
    """

    _told = ("target", "as_of", "standings", "grade")

    target: str
    as_of: str
    model_id: str
    results: LadderResults
    standings: tuple[Standing, ...]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row an industry.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `Standing`.
        """
        return stacked(self.standings, Standing)


@checked
def assess(
    panel: Panel,
    industries: Mapping[str, str] | None = None,
    *,
    as_of: str | None = None,
    model: LadderModel | None = None,
    results: LadderResults | None = None,
    onset: pd.Period | None = None,
    target: str = "ai",
    grade: str = "A",
) -> Assessment:
    """Fit the ladder on what was known on a date and place industries on it.

    Parameters
    ----------
    panel : Panel
        T months, N industries.
    industries : mapping of str to str, optional
        Short name -> readable name; `AI_INDUSTRIES` by default.
    as_of : str, optional
        Everything later is cut before anything is computed; the last month by default. A
        date after the data cuts nothing: ``Assessment.as_of`` says what was used.
    model : LadderModel, optional
    results : LadderResults, optional
        A ladder fitted on nothing later than the panel, in place of a fit.
    onset : pandas.Period, optional
        Since when the highest rung of each is looked for.
    target, grade : str
        Recorded in the answer.

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        If the date lies before the data start.
    DataError
        If too little is left to fit the ladder.

    Examples
    --------
    >>> from manias.series.runups import load_panel
    >>> answer = assess(load_panel(), as_of="1999-12")
    >>> answer.as_of, len(answer.standings)
    ('1999-12', 7)
    """
    if as_of is not None:
        panel = panel.as_of(as_of)
    results = results or (model or LadderModel()).fit(panel)
    chosen = AI_INDUSTRIES if industries is None else industries
    standings = tuple(
        results.stand(panel, key, name, onset=onset) for key, name in chosen.items()
    )
    return Assessment(target, str(panel.last), results.model_id, results, standings, grade)


@checked
def assess_series(
    series: Series | pd.Series | pd.DataFrame,
    panel: Panel,
    *,
    as_of: str | None = None,
    model: LadderModel | None = None,
) -> Assessment:
    """Place a user's own monthly index on the ladder of the US industries.

    Parameters
    ----------
    series : manias.data.reader.Series, pandas.Series or pandas.DataFrame
        Month-end levels of a price or return index, positive, every month; beside them
        ``market``, levels of a market index, where the file has them.
    panel : Panel
        For the ladder, and for the market return where the file has none.
    as_of : str, optional
        Everything later is cut, in the series and in the panel.
    model : LadderModel, optional

    Returns
    -------
    Assessment
        Of grade C, since nobody but its owner has seen the source. The condition on the
        number of firms does not apply.

    Raises
    ------
    InputError
        If the series is not monthly, has gaps or levels of zero or less, or reaches back
        less than one window before its last month.

    Examples
    --------
    >>> from manias.series.runups import load_panel
    >>> months = pd.period_range("1997-12", "1999-12", freq="M")
    >>> levels = pd.Series(100.0, months) * 1.06 ** np.arange(25)
    >>> mine = Series("mine", levels, "index")
    >>> assess_series(mine, load_panel()).standings[0].rung
    1.5
    """
    series = as_read(series)
    if as_of is not None:
        panel, series = panel.as_of(as_of), series.as_of(as_of)
    index = own_index(series, panel)
    name, last, window = index.name, index.last, (model or LadderModel()).rule.window
    if len(index.levels) <= window:
        raise InputError(f"{name}: {len(index.levels)} months; expected more than {window}")
    if last < panel.returns.index[0]:
        raise InputError(
            f"{name}: its last month is {last}; the ladder begins in {panel.returns.index[0]}"
        )
    results = (model or LadderModel()).fit(panel.as_of(last))
    returns = index.levels.pct_change().iloc[1:].to_frame(name)
    firms = pd.DataFrame(results.model.rule.min_firms, returns.index, [name], dtype=float)
    own = Panel(returns, firms, index.market.pct_change().iloc[1:])
    standing = results.stand(own, name)
    return Assessment(
        name, str(last), results.model_id, results, (replace(standing, firms=0),), "C"
    )


def rung_of(index: Index, model: LadderModel | None = None) -> float | None:
    """Highest rung of the ladder on which an index stands in its last month.

    Parameters
    ----------
    index : manias.series.indices.Index
    model : LadderModel, optional

    Returns
    -------
    float or None
        None below the lowest. The conditions on firms and on five years do not apply.

    Examples
    --------
    >>> from manias.series.indices import ai_indices
    >>> rung_of(ai_indices()["ai-industries"]) is None
    True
    """
    model = model or LadderModel()
    least = min(run_up(index, model.rule))
    return max((rung for rung in model.rungs if least >= rung), default=None)


def _deepest(after: np.ndarray, rule: RunUpRule) -> float:
    level = np.concatenate([[1.0], np.cumprod(1 + after)])
    return float((level / np.maximum.accumulate(level) - 1).min())
