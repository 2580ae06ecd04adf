"""Which industries of a month were likelier to crash than others, given how many did.

A conditional logit within the month says nothing of when crashes come: what is common to a
month drops out. The rules stand in ``reports/analysis-plan.md``, sections 7 and 8.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Level, Natural, checked
from manias.data.fingerprint import fingerprint
from manias.data.results import Result, page
from manias.data.rows import Provenance
from manias.errors import DataError
from manias.evaluation.cards import Carded
from manias.evaluation.clusters import clustered_ratio, t_reach
from manias.evaluation.logit import PER_PARAMETER, describe_rule, describe_scores
from manias.evaluation.scores import ALPHA, SEED, Scores
from manias.evaluation.skill import EFFECTS, Power, Rule, permutation_p
from manias.lenses._which_kernels import maximise, stratum_terms, total_terms
from manias.lenses.base import refuse_later
from manias.lenses.crash_logit import BLOCK, ERAS, FIRST, STEP, crashes, era_folds
from manias.lenses.features import (
    YEAR,
    Conditions,
    hinge,
    load_conditions,
    measure_features,
)
from manias.lenses.ladder import AI_INDUSTRIES
from manias.series.runups import RunUpRule

Array = NDArray[np.float64]
KNOTS = (0.0, 0.5, 1.0)
"""Two-year run-ups net of the market at which the slope may change."""
VOLATILITY = ("relative_volatility",)
RISES = tuple(map(hinge, KNOTS))
MODELS: Mapping[str, tuple[str, ...]] = {
    "both": (*VOLATILITY, *RISES),
    "volatility": VOLATILITY,
    "run-up": RISES,
}
"""Terms by model; the first is the one that is kept and tested."""
NEEDED = ("volatility", "net_runup")
APART = 5 * YEAR // STEP
"""Least shift, in looks: shorter ones leave much of an outcome where it was."""
TEST = "outcomes of all industries shifted in time"
TITLE = "Conditional logit: which industries of a month crash within two years"
MOST, CLOSE, INFORMATION = 30, 1e-7, 1e-3
"""Steps of Newton's method, largest slope at its end, and least information along any direction
(there is no maximum below it)."""


@checked
@dataclass(frozen=True, slots=True)
class WhichLogit:
    """Settings of the conditional logit; holds no data.

    Attributes
    ----------
    rule : RunUpRule
        Its crash, horizon and least number of firms.
    confidence : float
        Level of the intervals.
    n_simulated : int
        Samples behind each power; without the shifts, no test where 0.
    seed : int
    """

    name: ClassVar[str] = "runup-which"
    revision: ClassVar[int] = 2
    rule: RunUpRule = field(default_factory=RunUpRule)
    confidence: Level = 0.9
    n_simulated: Natural = 100
    seed: Natural = SEED

    @checked
    def table(self, conditions: Conditions) -> pd.DataFrame:
        """Lay out the cases whose two years are over: terms and ``label``.

        Parameters
        ----------
        conditions : Conditions
            Cut it with ``as_of`` to leave the future out.

        Returns
        -------
        pandas.DataFrame
            By month (June and December) and industry, in that order; whole rows only.

        Examples
        --------
        >>> cases = WhichLogit().table(load_conditions().as_of("2014-03"))
        >>> cases.columns.tolist()[:2], cases.isna().any().any()
        (['relative_volatility', 'rise_above_0'], np.False_)
        """
        label = crashes(conditions, self.rule)
        return within_month(conditions).reindex(label.index).assign(label=label).dropna()

    @checked
    def fit(
        self, conditions: Conditions | None = None, *, scored: bool = True
    ) -> "WhichResults":
        """Fit to industries.

        Parameters
        ----------
        conditions : Conditions, optional
            `manias.lenses.features.load_conditions` by default.
        scored : bool
            Whether to score out of sample: whole eras left out with the two years around
            them, and year by year on what was over.

        Returns
        -------
        WhichResults

        Raises
        ------
        DataError
            If too few crashes are on record for so many terms.

        References
        ----------
        McFadden (1974), in Zarembka (ed.), Frontiers in Econometrics, 105-142; Howard (1972),
        Journal of the Royal Statistical Society B 34, 210-211, for the sums over all sets of
        so many crashes; `manias.evaluation.clusters` for the intervals.

        Examples
        --------
        >>> fit = WhichLogit().fit(load_conditions().as_of("2000-12"), scored=False)
        >>> bool(fit.params["relative_volatility"] > 0)
        True
        """
        conditions = conditions or load_conditions()
        whole = crashes(conditions, self.rule)
        table = self.table(conditions)
        terms = list(MODELS["both"])
        told = Months.of(table, terms)
        telling = told.telling
        events = int(told.events[telling].sum())
        if events < max(FIRST, PER_PARAMETER * len(terms)):
            raise DataError(
                f"{events} crashes in months in which some industries crashed and others did "
                f"not; expected at least {max(FIRST, PER_PARAMETER * len(terms))}"
            )
        beta, kept = told.fit_fewer(telling)
        if not kept:
            raise DataError("the conditional likelihood has no maximum; expected one")
        covariance = np.full((len(terms), len(terms)), np.nan)
        robust, blocks = _by_blocks(told.first(kept), beta[:kept])
        covariance[:kept, :kept] = robust
        reach = t_reach(self.confidence, blocks) * np.sqrt(np.diag(covariance))
        judged = self._scores(table) if scored else _Judged()
        return WhichResults(
            name=self.name,
            settings=self.settings(),
            n=len(table),
            events=int(table["label"].sum()),
            dropped=len(whole) - len(table),
            months=len(told.events),
            telling=len(telling),
            first=str(table.index[0][0]),
            last=str(table.index[-1][0]),
            params=pd.Series(beta, terms),
            covariance=pd.DataFrame(covariance, terms, terms),
            intervals=pd.DataFrame(
                np.column_stack([beta - reach, beta + reach]), terms, ["low", "high"]
            ),
            lowest=table[terms].min(),
            highest=table[terms].max(),
            models=judged.models,
            eras=judged.eras,
            scores=judged.scores,
            rule=judged.rule,
            provenance=conditions.provenance(NEEDED),
            fingerprint=fingerprint(
                pd.DataFrame(), model=self.name, input=conditions.mark, **self.settings()
            ),
        )

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {
            "revision": self.revision,
            **asdict(self),
            "terms": list(MODELS["both"]),
            "knots": list(KNOTS),
            "eras": dict(ERAS),
            "step": STEP,
            "block": BLOCK,
            "apart": APART,
        }

    def _scores(self, table: pd.DataFrame) -> "_Judged":
        told = {name: Months.of(table, list(terms)) for name, terms in MODELS.items()}
        reach, is_tested = self.rule.reach, self.n_simulated > 0
        shifts = {
            name: shifted_gains(table, terms, reach) if is_tested else np.empty(0)
            for name, terms in MODELS.items()
        }
        scores, rows, eras = [], [], {}
        for name, months in told.items():
            era = left_out(months, reach)
            ahead = year_by_year(months, reach)
            null = shifts[name][_apart(len(shifts[name]), 0)]
            own = float(era.gain.sum() / era.events.sum())
            p = permutation_p(own, null) if is_tested else float("nan")
            scores += [
                self._score(months, era, f"an era at a time ({name})", p, null),
                self._score(months, ahead, f"what came after ({name})"),
            ]
            rows.append((name, float(null.mean()) if is_tested else float("nan"), p))
            part = pd.Series(np.array(list(ERAS))[_era(months.when[era.which])])
            total = pd.Series(era.events).groupby(part, sort=False).sum()
            eras["crashes"] = total
            eras[name] = pd.Series(era.gain).groupby(part, sort=False).sum() / total
        if is_tested:
            more = shifts["both"] - shifts["volatility"]
            null = more[_apart(len(more), 0)]
            p = permutation_p(float(more[0]), null)
            rows.append(("run-up beside volatility", float(null.mean()), p))
        return _Judged(
            tuple(scores),
            pd.DataFrame(rows, columns=list(_NO_MODELS)),
            pd.DataFrame(eras).rename_axis("era").reset_index(),
            self._rule(table, told["both"], shifts["both"]) if is_tested else None,
        )

    def _score(
        self,
        months: "Months",
        said: "Said",
        scheme: str,
        p: float = float("nan"),
        null: Array | None = None,
    ) -> Scores:
        null = np.empty(0) if null is None else null
        events = said.events.sum()
        alike = float(-said.alike.sum() / events)
        gain = float(said.gain.sum() / events)
        when = months.when[said.which]
        era = _era(when)
        ends = [
            clustered_ratio(said.gain, blocks, size=said.events, confidence=self.confidence)
            for blocks in (era, _years(when) // BLOCK)
        ]
        low, high = max(ends, key=lambda pair: pair[1] - pair[0])
        slope, spread = _slope(months, said, era)
        nan = float("nan")
        return Scores(
            scheme=scheme,
            n=int(np.diff(months.starts)[said.which].sum()),
            events=int(events),
            groups=len(np.unique(era)),
            log_loss=alike - gain,
            brier=nan,
            base_log_loss=alike,
            base_brier=nan,
            gain=gain,
            gain_low=low,
            gain_high=high,
            auc=_concordance(months, said),
            intercept=nan,
            slope=slope,
            slope_low=slope - spread,
            slope_high=slope + spread,
            permutation_p=p,
            permutations=len(null),
            lost_folds=said.lost,
            lost_permutations=int(np.isnan(null).sum()),
        )

    def _rule(self, table: pd.DataFrame, told: "Months", gains: Array) -> Rule:
        """Size over the shifts themselves; power on shifted samples with an effect added."""
        n = len(gains)
        far = _apart(n, 0)
        # Each shift is a sample without an effect, and has its own shifts.
        rejected = [
            permutation_p(gains[k], gains[np.intersect1d(far, _apart(n, k))]) <= ALPHA
            for k in far
        ]
        rng = np.random.default_rng(self.seed)
        beta, _, _ = told.fit(told.telling)
        index = pd.Series(told.x @ beta, table.index)
        null = np.sort(gains[far])[::-1]
        allowed = int(ALPHA * (len(null) + 1)) - 1
        bar = null[allowed] if allowed >= 0 else np.inf
        shown = {name: 0 for name in EFFECTS}
        for _ in range(self.n_simulated):
            made = shifted(table, int(rng.choice(far)))
            noise = _Noise(made, rng)
            for name, effect in EFFECTS.items():
                label = noise.crashed(effect * index.reindex(made.index).to_numpy())
                one = Months.of(made.assign(label=label), list(MODELS["both"]))
                said = left_out(one, self.rule.reach)
                shown[name] += said.gain.sum() / said.events.sum() > bar
        power = tuple(Power(k, float(v / self.n_simulated)) for k, v in shown.items())
        return Rule(TEST, ALPHA, float(np.mean(rejected)), power, self.n_simulated)


def _years(when: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(pd.PeriodIndex.from_ordinals(when, freq="M").year)


def _era(when: NDArray[np.int64]) -> NDArray[np.intp]:
    """Place among `ERAS` of months given as ordinals."""
    return np.searchsorted(np.array(list(ERAS.values())), _years(when))


def within_month(conditions: Conditions, month: pd.Period | None = None) -> pd.DataFrame:
    """Terms of the conditional logit for every industry and month.

    Parameters
    ----------
    conditions : Conditions
    month : pandas.Period, optional
        Only that one.

    Returns
    -------
    pandas.DataFrame
        By month and industry, or by industry. ``relative_volatility``: log of the standard
        deviation of the last twelve monthly returns over that of the market.
        ``rise_above_K``: log two-year return net of the market above K percent, 0 below.

    Examples
    --------
    >>> within_month(load_conditions().as_of("1930-12")).shape[1]
    4
    """
    known = measure_features(conditions, ("volatility", *RISES), month=month)
    market = np.log(conditions.panel.market.rolling(YEAR).std())
    if month is None:
        months = known.index.get_level_values("month")
        known["volatility"] -= market.reindex(months).to_numpy()
    else:
        known["volatility"] -= market[month]
    return known.rename(columns={"volatility": VOLATILITY[0]})


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Cases month by month.

    Attributes
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    starts : ndarray, shape (T + 1,)
        Month t has the cases ``starts[t]:starts[t + 1]``.
    when : ndarray, shape (T,)
        Ordinals of the months.
    events : ndarray, shape (T,)
    """

    x: Array
    y: Array
    starts: NDArray[np.int64]
    when: NDArray[np.int64]
    events: Array

    @classmethod
    def of(cls, table: pd.DataFrame, terms: list[str]) -> "Months":
        """Lay out a table in the order of its months."""
        x = np.ascontiguousarray(table[terms].to_numpy(dtype=float))
        y = table["label"].to_numpy(dtype=float)
        codes = pd.PeriodIndex(table.index.get_level_values("month")).asi8
        when, first = np.unique(codes, return_index=True)
        starts = np.r_[first, len(y)].astype(np.int64)
        return cls(x, y, starts, when, np.add.reduceat(y, first) if len(y) else y)

    @property
    def telling(self) -> NDArray[np.int64]:
        """Months in which some industries crashed and others did not."""
        quiet = np.diff(self.starts) - self.events
        return np.flatnonzero((self.events > 0) & (quiet > 0))

    def fit(
        self, chosen: NDArray[np.int64], start: Array | None = None
    ) -> tuple[Array, Array, bool]:
        """Coefficients over some months, their Hessian, and whether they settled."""
        start = np.zeros(self.x.shape[1]) if start is None else start
        return maximise(self.x, self.y, self.starts, chosen, start, MOST, CLOSE, INFORMATION)

    def first(self, kept: int) -> "Months":
        """The same cases with the first terms alone."""
        return replace(self, x=np.ascontiguousarray(self.x[:, :kept]))

    def fit_fewer(self, chosen: NDArray[np.int64]) -> tuple[Array, int]:
        """Coefficients without the last terms, as few of them as let the rest have a maximum.

        Too few cases above the highest knot are told apart without error, and their odds rise
        for ever. The coefficients left out are 0; beside them how many terms were kept.
        """
        k = self.x.shape[1]
        for kept in range(k, 0, -1):
            beta, _, is_settled = self.first(kept).fit(chosen)
            if is_settled:
                return np.r_[beta, np.zeros(k - kept)], kept
        return np.zeros(k), 0

    def likelihood(self, t: int, beta: Array) -> float:
        """Log chance of the industries that crashed in month t, given how many did."""
        here = slice(self.starts[t], self.starts[t + 1])
        return float(stratum_terms(self.x[here], self.y[here], beta)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What was said of months that were not seen.

    Attributes
    ----------
    which : ndarray, shape (m,)
        Their places.
    gain, alike, events : ndarray, shape (m,)
        Log likelihood less that of every industry alike; the latter; crashes.
    beta : ndarray, shape (m, k)
        Coefficients that each month was judged by.
    lost : int
        Folds of which nothing was said: the others hold too few crashes.
    """

    which: NDArray[np.int64]
    gain: Array
    alike: Array
    events: Array
    beta: Array
    lost: int


def left_out(months: Months, reach: int) -> Said:
    """Judge each era by the others, without the two years around it.

    Parameters
    ----------
    months : Months
    reach : int
        Months that an outcome spans.

    Returns
    -------
    Said
    """
    _, folds = era_folds(pd.PeriodIndex.from_ordinals(months.when, freq="M"), reach)
    return _judged(months, folds)


def year_by_year(months: Months, reach: int) -> Said:
    """Judge each calendar year by what was over before it began.

    Parameters
    ----------
    months : Months
    reach : int

    Returns
    -------
    Said
        Of the years before which enough crashes were known.
    """
    years = _years(months.when)
    folds = []
    for year in np.unique(years):
        start = pd.Period(f"{year}-01", "M").ordinal
        folds.append(
            (np.flatnonzero(months.when + reach < start), np.flatnonzero(years == year))
        )
    # The years before are none that were to be judged.
    return replace(_judged(months, folds), lost=0)


def _judged(months: Months, folds) -> Said:
    telling = months.telling
    zero = np.zeros(months.x.shape[1])
    near, which, beta, lost = zero, [], [], 0
    for train, test in folds:
        seen = np.intersect1d(train, telling)
        if months.events[seen].sum() < max(FIRST, PER_PARAMETER * len(zero)):
            lost += int(len(np.intersect1d(test, telling)) > 0)
            continue
        fitted, _, is_settled = months.fit(seen, near)
        if is_settled:
            near = fitted
        else:
            fitted, _ = months.fit_fewer(seen)
        mine = np.intersect1d(test, telling)
        which.append(mine)
        beta.append(np.tile(fitted, (len(mine), 1)))
    if not which:
        nothing = np.empty(0)
        return Said(
            np.empty(0, np.int64), nothing, nothing, nothing, np.empty((0, len(zero))), lost
        )
    places, by = np.concatenate(which), np.concatenate(beta)
    own = np.array([months.likelihood(t, b) for t, b in zip(places, by, strict=True)])
    alike = np.array([months.likelihood(t, zero) for t in places])
    return Said(places, own - alike, alike, months.events[places], by, lost)


def shifted(table: pd.DataFrame, k: int) -> pd.DataFrame:
    """Cases with the outcomes of all industries k looks later, the clock turned as a ring.

    Parameters
    ----------
    table : pandas.DataFrame
        By month and industry, with ``label``.
    k : int

    Returns
    -------
    pandas.DataFrame
        A case whose industry has no outcome on record at the shifted date is left out.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product(
    ...     [pd.period_range("2000-06", periods=3, freq="M"), ["A"]],
    ...     names=["month", "industry"])
    >>> shifted(pd.DataFrame({"label": [1.0, 0.0, 0.0]}, index), 1)["label"].tolist()
    [0.0, 1.0, 0.0]
    """
    wide = table["label"].unstack("industry")
    turned = np.roll(wide.to_numpy(), k, axis=0)
    rows = wide.index.get_indexer(table.index.get_level_values("month"))
    columns = wide.columns.get_indexer(table.index.get_level_values("industry"))
    label = turned[rows, columns]
    good = np.isfinite(label)
    return table[good].assign(label=label[good])


def shifted_gains(table: pd.DataFrame, terms: tuple[str, ...], reach: int) -> Array:
    """Gain per crash, eras left out, under every shift; the first is that of no shift."""
    n = table.index.get_level_values("month").nunique()
    found = np.empty(n)
    for k in range(n):
        said = left_out(Months.of(shifted(table, k), list(terms)), reach)
        found[k] = said.gain.sum() / said.events.sum()
    return found


def _apart(n: int, k: int) -> NDArray[np.int64]:
    """Shifts at least `APART` looks from shift k, on the ring."""
    gap = np.abs(np.arange(n) - k)
    return np.flatnonzero(np.minimum(gap, n - gap) >= APART)


class _Noise:
    """Latent propensities whose highest in each month are the crashes of a sample.

    With nothing added the sample comes back; what is added to them is the effect. Ranks hold
    for an industry and block of years, so that what lasts in the outcomes lasts here.
    """

    def __init__(self, sample: pd.DataFrame, rng: np.random.Generator) -> None:
        months = pd.PeriodIndex(sample.index.get_level_values("month"))
        industry = sample.index.get_level_values("industry").to_numpy()
        self.month = pd.factorize(months)[0]
        cluster = pd.factorize(
            pd.MultiIndex.from_arrays([industry, months.year.to_numpy() // BLOCK])
        )[0]
        rank = rng.random(cluster.max() + 1)[cluster]
        drawn = rng.gumbel(size=len(sample))
        label = sample["label"].to_numpy()
        self.order = np.lexsort((-rank, -label, self.month))
        self.latent = np.empty(len(sample))
        self.latent[self.order] = drawn[np.lexsort((-drawn, self.month))]
        self.events = np.bincount(self.month, weights=label)

    def crashed(self, effect: Array) -> Array:
        """Outcomes with an effect added: as many crashes in each month as before."""
        order = np.lexsort((-(self.latent + effect), self.month))
        place = np.arange(len(order)) - np.searchsorted(self.month[order], self.month[order])
        made = np.empty(len(order))
        made[order] = place < self.events[self.month[order]]
        return made


def _by_blocks(months: Months, beta: Array) -> tuple[Array, int]:
    """Covariance robust to what months of one block of years have in common, and the blocks.

    `manias.evaluation.clusters.jackknife_covariance`, with the months in place of the cases.
    """
    where = months.starts, months.telling
    block = _years(months.when)[months.telling] // BLOCK
    return _jackknife(months.x, months.y, *where, beta, block)


def _jackknife(
    x: Array,
    y: Array,
    starts: NDArray[np.int64],
    telling: NDArray[np.int64],
    beta: Array,
    groups: NDArray[Any],
) -> tuple[Array, int]:
    """Covariance by leaving out groups of telling months, one step each; and the groups."""
    whole = total_terms(x, y, starts, telling, beta)[2]
    kinds = np.unique(groups)
    steps = []
    for kind in kinds:
        _, score, hessian = total_terms(x, y, starts, telling[groups == kind], beta)
        steps.append(np.linalg.pinv(hessian - whole, hermitian=True) @ score)
    n = len(kinds)
    if n < 2:
        return np.full((len(beta), len(beta)), np.nan), n
    made = np.stack(steps)
    return made.T @ made * (n - 1) / n, n


def _slope(months: Months, said: Said, era: NDArray[np.intp]) -> tuple[float, float]:
    """Calibration of the odds that were said, and the reach of its 95% interval by era."""
    x = np.zeros((len(months.y), 1))
    for t, beta in zip(said.which, said.beta, strict=True):
        here = slice(months.starts[t], months.starts[t + 1])
        x[here, 0] = months.x[here] @ beta
    found, _, _ = maximise(
        x, months.y, months.starts, said.which, np.ones(1), MOST, CLOSE, INFORMATION
    )
    spread, eras = _jackknife(x, months.y, months.starts, said.which, found, era)
    return float(found[0]), t_reach(1 - ALPHA, eras) * float(np.sqrt(spread[0, 0]))


def _concordance(months: Months, said: Said) -> float:
    """Chance that of a month's industries one that crashed had higher odds than another."""
    won = pairs = 0.0
    for t, beta in zip(said.which, said.beta, strict=True):
        here = slice(months.starts[t], months.starts[t + 1])
        odds, fell = months.x[here] @ beta, months.y[here] > 0.5
        gap = odds[fell][:, None] - odds[~fell][None, :]
        won += (gap > 0).sum() + (gap == 0).sum() / 2
        pairs += gap.size
    return float(won / pairs)


_NO_MODELS = pd.DataFrame(columns=["model", "shifted", "p"], dtype=float)
_NO_ERAS = pd.DataFrame(columns=["era", "crashes", *MODELS], dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What is kept of the scores; nothing where it was not scored."""

    scores: tuple[Scores, ...] = ()
    models: pd.DataFrame = field(default_factory=lambda: _NO_MODELS)
    eras: pd.DataFrame = field(default_factory=lambda: _NO_ERAS)
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhichResults(Carded):
    """A conditional logit that was fitted.

    Attributes
    ----------
    name : str
    settings : mapping
    n, events, dropped : int
        Cases, crashes among them, cases left out because a term was missing.
    months, telling : int
        Months looked at, and those in which some industries crashed and others did not.
    first, last : str
    params : pandas.Series
        Coefficients by term; 0 where a term was left out because the likelihood has no maximum
        with it.
    covariance, intervals : pandas.DataFrame
        Robust to what months of one block of years have in common; NaN for terms left out.
    lowest, highest : pandas.Series
        Ends of what was fitted, by term.
    models : pandas.DataFrame
        ``model``; ``shifted``, mean gain per crash under the shifts; ``p`` of the shifts.
    eras : pandas.DataFrame
        ``era``; ``crashes`` in months in which some crashed and others did not; gain per crash
        of each of `MODELS` where the era is left out.
    scores : tuple of Scores
        Log losses are nats per crash, beside every industry of the month alike. By model an
        era at a time, then year by year.
    rule : Rule or None
    provenance : Provenance
    fingerprint : str
    """

    kind: ClassVar[str] = "conditional-logit"
    lens: ClassVar[str] = "run-up"
    title: ClassVar[str] = TITLE
    name: str
    settings: Mapping[str, Any]
    n: int
    events: int
    dropped: int
    months: int
    telling: int
    first: str
    last: str
    params: pd.Series
    covariance: pd.DataFrame
    intervals: pd.DataFrame
    lowest: pd.Series
    highest: pd.Series
    models: pd.DataFrame
    eras: pd.DataFrame
    scores: tuple[Scores, ...]
    rule: Rule | None
    provenance: Provenance
    fingerprint: str

    @property
    def terms(self) -> tuple[str, ...]:
        """What the odds rest on."""
        return tuple(self.params.index)

    def score_of(self, model: str, *, is_ahead: bool = False) -> Scores:
        """Score of one of `MODELS`, an era at a time or year by year."""
        head = "what came after" if is_ahead else "an era at a time"
        return next(s for s in self.scores if s.scheme == f"{head} ({model})")

    def to_frame(self) -> pd.DataFrame:
        """One row a term.

        Returns
        -------
        pandas.DataFrame
            ``term``, ``coefficient``, ``std_error``, ``low``, ``high``, ``odds_ratio``.
        """
        return pd.DataFrame(
            {
                "term": self.params.index,
                "coefficient": self.params.to_numpy(),
                "std_error": np.sqrt(np.diag(self.covariance)),
                "low": self.intervals["low"].to_numpy(),
                "high": self.intervals["high"].to_numpy(),
                "odds_ratio": np.exp(self.params.to_numpy()),
            }
        )

    def summary(self) -> str:
        """Parameters, fit and scores as text."""
        lines: list[str | pd.DataFrame] = [
            TITLE,
            f"{self.model_id}: {self.n} cases, {self.events} crashes, {self.months} months, "
            f"{self.first} to {self.last}; in {self.telling} of them some crashed and others "
            "did not",
            "",
            self.to_frame().round(3),
            "",
            "Scores are nats per crash beside every industry of the month alike.",
        ]
        if self.rule is not None:
            lines.append(describe_rule(self.rule))
        if not self.models.empty:
            lines += ["", self.models.round(4)]
        return page([*lines, *map(describe_scores, self.scores)])

    def odds(self, terms: pd.DataFrame) -> pd.Series:
        """Odds of each industry of a month beside the mean of them all.

        Parameters
        ----------
        terms : pandas.DataFrame
            A row an industry, a column a term.

        Returns
        -------
        pandas.Series
            NaN where a term is missing.
        """
        index = terms[list(self.terms)].astype(float) @ self.params
        weight = np.exp(index - index.max())
        return weight / weight.mean()


@dataclass(frozen=True, slots=True, repr=False)
class RelativeOdds(Result):
    """Odds of a crash of one industry beside those of its month.

    Attributes
    ----------
    industry, name, month : str
    odds : float
        Over the mean of the industries of the month; NaN where something is missing.
    rank, of : int or None
        Place among them; 1 has the highest odds.
    is_supported : bool
        Whether every term lies inside what was fitted.
    model_id : str
    """

    _told = ("industry", "month", "odds", "rank", "of", "is_supported")

    industry: str
    name: str
    month: str
    odds: float
    rank: int | None
    of: int | None
    is_supported: bool
    model_id: str


@checked
def relative_odds(
    results: WhichResults,
    conditions: Conditions | None = None,
    industries: Mapping[str, str] | None = None,
) -> tuple[RelativeOdds, ...]:
    """Say which industries of the last month on record are likelier to crash.

    Parameters
    ----------
    results : WhichResults
    conditions : Conditions, optional
        Cut at the month of interest; everything the open library knows by default.
    industries : mapping of str to str, optional
        Short name -> readable name; `manias.lenses.ladder.AI_INDUSTRIES` by default.

    Returns
    -------
    tuple of RelativeOdds
        Beside all industries of at least as many firms as were fitted.

    Raises
    ------
    InputError
        In a library with a day, if the fit saw more than it.

    Examples
    --------
    >>> past = load_conditions().as_of("1999-12")
    >>> found = relative_odds(WhichLogit().fit(past, scored=False), past, {"Softw": "Software"})
    >>> found[0].rank <= 3
    True
    """
    refuse_later(results)
    conditions = conditions or load_conditions()
    chosen = AI_INDUSTRIES if industries is None else industries
    month = conditions.panel.last
    least = results.settings["rule"]["min_firms"]
    enough = conditions.panel.firms.loc[month] >= least
    terms = within_month(conditions, month).reindex(enough.index[enough]).dropna()
    odds = results.odds(terms)
    place = odds.rank(ascending=False, method="min")
    inside = ((terms >= results.lowest) & (terms <= results.highest)).all(axis=1)
    return tuple(
        RelativeOdds(
            key,
            name,
            str(month),
            float(odds.get(key, np.nan)),
            int(place[key]) if key in place else None,
            len(odds) if key in place else None,
            bool(inside.get(key, False)),
            results.model_id,
        )
        for key, name in chosen.items()
    )


@checked
def past_odds(dates: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], RelativeOdds]:
    """What the model, fitted on what was known, said of industries on past dates.

    Parameters
    ----------
    dates : mapping of str to tuple of str
        Month -> industries.

    Returns
    -------
    dict of (str, str) to RelativeOdds
        By month and industry; without those of which nothing could be said.

    Examples
    --------
    >>> past_odds({"1929-06": ("Util",)})
    {}
    """
    everything, found = load_conditions(), {}
    for month, industries in dates.items():
        past = everything.as_of(month)
        try:
            fit = WhichLogit(n_simulated=0).fit(past, scored=False)
        except DataError:
            continue
        for one in relative_odds(fit, past, {i: i for i in industries}):
            if one.rank is not None:
                found[month, one.industry] = one
    return found


@dataclass(frozen=True, slots=True, repr=False)
class EraRate(Result):
    """How often industries crashed in an era.

    Attributes
    ----------
    era : str
    looks, cases, crashes : int
        Months looked at (June and December), industries in them, crashes among those.
    rate : float
    low, high : float
        Least and largest share of the industries of one look.
    n_none : int
        Looks after which no industry crashed.
    """

    _told = ("era", "looks", "cases", "crashes", "rate")

    era: str
    looks: int
    cases: int
    crashes: int
    rate: float
    low: float
    high: float
    n_none: int


@checked
def crash_rates(
    conditions: Conditions | None = None, rule: RunUpRule | None = None
) -> tuple[EraRate, ...]:
    """Base rate of crashes by era, with its spread.

    Parameters
    ----------
    conditions : Conditions, optional
    rule : RunUpRule, optional

    Returns
    -------
    tuple of EraRate

    Examples
    --------
    >>> rates = crash_rates()
    >>> rates[0].era, rates[0].rate > 4 * rates[1].rate
    ('1926-1939', True)
    """
    label = crashes(conditions or load_conditions(), rule or RunUpRule())
    by_look = label.groupby(level="month").agg(["sum", "count"])
    era = _era(pd.PeriodIndex(by_look.index).asi8)
    found = []
    for code, name in enumerate(ERAS):
        one = by_look[era == code]
        if one.empty:
            continue
        share = one["sum"] / one["count"]
        found.append(
            EraRate(
                name,
                len(one),
                int(one["count"].sum()),
                int(one["sum"].sum()),
                float(one["sum"].sum() / one["count"].sum()),
                float(share.min()),
                float(share.max()),
                int((one["sum"] == 0).sum()),
            )
        )
    return tuple(found)
