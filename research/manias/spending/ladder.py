"""What followed when spending rose so fast: falls counted by class of run-up.

The rules stand in ``reports/analysis-plan.md``, sections 3 to 6, and were written before this.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count as AtLeastOne
from manias.data.arguments import Level, Natural, NotNegative, checked
from manias.data.fingerprint import fingerprint
from manias.data.results import Result, page
from manias.data.rows import Provenance, last_known
from manias.errors import DataError
from manias.evaluation.cards import Carded
from manias.evaluation.logit import describe_rule, describe_scores
from manias.evaluation.scores import ALPHA, SEED, Scores
from manias.evaluation.skill import Rule, permutation_p
from manias.series.flows import FlowPanel, Flows, load_flows
from manias.spending._counts import Count, first_crossings, lowest, rebuilt
from manias.spending.finance import Finance, count_finance
from manias.spending.skill import (
    FlowYears,
    fit_adjusted,
    flow_years,
    prior_volatility,
    score_ladder,
)

TITLES: Mapping[str, str] = {
    "industries": "Spending: how often investment of industries that rose so fast fell",
    "sectors": "Spending: how often investment of sectors in an asset that rose so fast fell",
    "countries": "Spending: how often investment of countries that rose so fast fell",
    "firms": "Spending: how often capital expenditure of firms that rose so fast fell",
}
FLAT = "-10 to 10"
"""Class beside which the others are read."""
EDGES: Mapping[str, tuple[float, ...]] = {
    "firms": (-0.1, 0.1, 0.25, 0.5, 1.0, 2.0),
    "": (-0.1, 0.1, 0.25, 0.5, 1.0),
}
"""Lower ends of the classes but the first, by panel; "" stands for every other panel."""
FLOORS = {"industries": 0.0001, "sectors": 0.001, "countries": 0.0, "firms": 100.0}
"""Least size in the start year: share of GDP, for firms million dollars."""
HORIZONS = {"industries": 5, "sectors": 5, "countries": 5, "firms": 3}
STARTS = {"industries": (1966, 2009), "sectors": (1966, 2009)}
"""Start years that count; all that the record allows where a panel is not named."""
OUTCOMES: Mapping[str, Mapping[str, tuple[str, float]]] = {
    "firms": {"dollars_fall_30": ("dollars", 0.7), "dollars_halve": ("dollars", 0.5)},
    "countries": {"share_falls_30": ("share", 0.7), "share_halves": ("share", 0.5)},
    "": {
        "dollars_fall_30": ("dollars", 0.7),
        "share_falls_30": ("share", 0.7),
        "share_halves": ("share", 0.5),
    },
}
"""Outcome -> what is followed, and the part of the start year's level that it reaches."""
TIME_BLOCKS = {"firms": 1}
"""Consecutive start years that depend on each other; five where a panel is not named."""
CHOICES: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "firms": {
        "run-up over two years": {"years": 2},
        "within five years": {"horizon": 5},
        "1,000 million dollars and more": {"floor": 1000.0},
    },
    "countries": {
        "run-up over two years": {"years": 2},
        "within three years": {"horizon": 3},
    },
    "": {
        "run-up over two years": {"years": 2},
        "within three years": {"horizon": 3},
        "half the least size": {"floor": 0.5},
        "five times the least size": {"floor": 5.0},
    },
}
"""Other choices under which the ladder is counted again; floors of flows in multiples."""


@dataclass(frozen=True, slots=True, repr=False)
class Rung(Result):
    """What followed in one class of run-up.

    Attributes
    ----------
    name : str
        Class, percent: ``above 100``, ``-10 to 10``.
    n, units, episodes : int
        Flow-years; flows that they belong to; first years of a flow in this class or a higher
        one after at least five years outside it.
    frequency : mapping of str to float
        Outcome -> share of the flow-years; NaN where n is 0.
    unbroken : mapping of str to float
        The same of flows without a year of no spending or less, of which the two placebos are
        made.
    interval : mapping of str to (float, float)
        Outcome -> its interval by blocks of units and by blocks of time.
    shuffled, reversed : mapping of str to float
        Outcome -> the same frequency where the years are put in random order jointly for all
        flows (mean of the permutations), and where they run backwards.
    """

    _told = ("name", "n", "units", "episodes")

    name: str = field(metadata={"key": "class"})
    n: int
    units: int
    episodes: int
    frequency: Mapping[str, float]
    unbroken: Mapping[str, float]
    interval: Mapping[str, tuple[float, float]]
    shuffled: Mapping[str, float]
    reversed: Mapping[str, float]

    def to_frame(self) -> pd.DataFrame:
        """One row an outcome.

        Returns
        -------
        pandas.DataFrame
            ``outcome``, ``frequency``, ``low``, ``high``, ``shuffled``, ``reversed``.
        """
        ends = [self.interval[name] for name in self.frequency]
        return pd.DataFrame(
            {
                "outcome": list(self.frequency),
                "frequency": list(self.frequency.values()),
                "low": [low for low, _ in ends],
                "high": [high for _, high in ends],
                "shuffled": [self.shuffled[name] for name in self.frequency],
                "reversed": [self.reversed[name] for name in self.frequency],
            }
        )


@checked
@dataclass(frozen=True, slots=True)
class SpendingModel:
    """Settings of the count; holds no data.

    Attributes
    ----------
    panel : {"industries", "sectors", "countries", "firms"}
    years : int
        Years of the run-up.
    horizon : int or None
        Years in which a fall is looked for; five, for firms three, where None.
    floor : float or None
        Least share of GDP in the start year, for firms least million dollars; that of the plan
        where None.
    n_shuffles : int
        Permutations of the years.
    n_orders, n_simulated : int
        Orders of the years behind each p, and simulated samples behind size and power of the
        test; no score where ``n_orders`` is 0.
    confidence : float
        Level of the intervals.
    seed : int
    """

    revision: ClassVar[int] = 2
    panel: FlowPanel = "industries"
    years: AtLeastOne = 3
    horizon: AtLeastOne | None = None
    floor: NotNegative | None = None
    n_shuffles: Natural = 500
    n_orders: Natural = 999
    n_simulated: AtLeastOne = 400
    confidence: Level = 0.9
    seed: Natural = SEED

    @checked
    def fit(self, flows: Flows | None = None) -> "SpendingResults":
        """Count what followed in each class of run-up, forwards, shuffled and reversed.

        A flow-year counts where its share stands on record, above 0 and at the floor or above,
        in the start year, above 0 as many years before as the run-up is long, and what is
        followed (the share, dollars) stands on record in every year of the horizon. A window
        that is not complete is left out even where a fall has been seen in it. A run-up on a
        border belongs to the higher class. Flows with a year of no spending or less are left
        out of the two placebos, which are made of relative changes.

        Parameters
        ----------
        flows : Flows, optional
            Those of `manias.series.flows.load_flows` by default, which reads the years of the
            plan however long the tables have become; read them inside `known_on` for a date in
            the past.

        Returns
        -------
        SpendingResults

        Raises
        ------
        DataError
            If no flow-year counts.

        References
        ----------
        ``reports/analysis-plan.md``; `manias.evaluation.clusters.clustered_share` for the
        intervals.

        Examples
        --------
        >>> found = SpendingModel("industries", n_shuffles=0, n_orders=0).fit()
        >>> top = found.ladder[-1]
        >>> top.name, top.n, top.units, round(top.frequency["share_falls_30"], 2)
        ('above 100', 186, 72, 0.5)
        """
        flows = load_flows(self.panel) if flows is None else flows
        count = self._counted(flows)
        intervals = self._intervals(count, flows)
        placebo = self._placebos(flows)
        ladder = self._ladder(count, intervals, placebo)
        cases = self._cases(count, flows)
        scores, rule = (), None
        if self.n_orders:
            scores, rule = score_ladder(
                cases,
                tuple(self.outcomes),
                confidence=self.confidence,
                n_orders=self.n_orders,
                n_simulated=self.n_simulated,
                seed=self.seed,
            )
        starts = flows.share.index[count.cases.any(axis=1)]
        values = flows.share if flows.dollars is None else flows.dollars
        volatility = cases.volatility[np.isfinite(cases.volatility)]
        return SpendingResults(
            name=self.name,
            settings=self.settings(),
            n=len(cases.year),
            events=int(cases.y[:, 0].sum()),
            ladder=ladder,
            first=int(starts[0]),
            last=int(starts[-1]),
            rises=np.sort(cases.rise).round(6),
            thirds=tuple(np.quantile(volatility, [1 / 3, 2 / 3])) if len(volatility) else (),
            parts=self._parts(cases),
            memory=self._memory(placebo),
            choices=self._choices(flows),
            adjusted=fit_adjusted(cases, tuple(self.outcomes)),
            finance=None
            if flows.cash is None
            else count_finance(
                cases,
                count,
                flows,
                tuple(self.outcomes),
                confidence=self.confidence,
                seed=self.seed,
            ),
            scores=scores,
            rule=rule,
            provenance=Provenance.of(flows.rows, until=last_known(flows.rows, by="observed")),
            fingerprint=fingerprint(values, model=self.name, **self.settings()),
        )

    @checked
    def rungs(self, flows: Flows | None = None) -> tuple[Rung, ...]:
        """Count what followed in each class of run-up, and nothing else.

        Parameters
        ----------
        flows : Flows, optional
            As in `fit`.

        Returns
        -------
        tuple of Rung
            The ladder of `fit` but for its placebos, which are NaN; much quicker.

        Raises
        ------
        DataError
            If no flow-year counts.

        Examples
        --------
        >>> SpendingModel("industries").rungs()[-1].n
        186
        """
        flows = load_flows(self.panel) if flows is None else flows
        count = self._counted(flows)
        intervals = self._intervals(count, flows)
        blank = np.full((len(self.classes), len(self.outcomes)), np.nan)
        return self._ladder(
            count, intervals, _Placebo(blank, np.empty((0, *blank.shape)), blank)
        )

    def _counted(self, flows: Flows) -> Count:
        count = self._count(flows.share, flows.dollars)
        if not count.cases.any():
            raise DataError(
                f"{flows.name}: no year with {self.years} years before it and "
                f"{self._horizon} after it at the floor of {self._floor:g}"
            )
        return count

    def _ladder(
        self,
        count: Count,
        intervals: list[list[tuple[float, float]]],
        placebo: "_Placebo",
    ) -> tuple[Rung, ...]:
        ladder = []
        for k, name in enumerate(self.classes):
            inside = count.cases & (count.group == k)
            shares = (count.rates()[k], placebo.own[k], placebo.mean[k], placebo.reversed[k])
            own, unbroken, shuffled, backwards = (
                dict(zip(self.outcomes, map(float, row), strict=True)) for row in shares
            )
            ladder.append(
                Rung(
                    name=name,
                    n=int(inside.sum()),
                    units=int(inside.any(axis=0).sum()),
                    episodes=first_crossings(count.cases & (count.group >= k), gap=5),
                    frequency=own,
                    unbroken=unbroken,
                    interval=dict(zip(self.outcomes, intervals[k], strict=True)),
                    shuffled=shuffled,
                    reversed=backwards,
                )
            )
        return tuple(ladder)

    @property
    def name(self) -> str:
        """Key of the model."""
        return f"spending-{self.panel}"

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {"revision": self.revision, **asdict(self)}

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes of run-up, in percent, from the lowest."""
        edges = [f"{100 * edge:g}" for edge in self._edges]
        between = [f"{a} to {b}" for a, b in pairwise(edges)]
        return (f"below {edges[0]}", *between, f"above {edges[-1]}")

    @property
    def outcomes(self) -> Mapping[str, tuple[str, float]]:
        """Outcome -> what is followed, and the part of its level that it reaches."""
        return OUTCOMES.get(self.panel, OUTCOMES[""])

    @property
    def _edges(self) -> tuple[float, ...]:
        return EDGES.get(self.panel, EDGES[""])

    @property
    def _horizon(self) -> int:
        return HORIZONS[self.panel] if self.horizon is None else self.horizon

    @property
    def _floor(self) -> float:
        return FLOORS[self.panel] if self.floor is None else self.floor

    def _count(self, share: pd.DataFrame, dollars: pd.DataFrame | None) -> Count:
        """Class and outcomes of every flow-year of a panel."""
        level = share.to_numpy()
        money = level if dollars is None else dollars.to_numpy()
        size = money if self.panel == "firms" else level
        past = np.full_like(level, np.nan)
        past[self.years :] = level[: -self.years]
        with np.errstate(invalid="ignore", divide="ignore"):
            rise = np.where(past > 0, level / past - 1, np.nan)
            cases = (level > 0) & (size >= self._floor) & np.isfinite(rise)
        first, last = STARTS.get(self.panel, (-np.inf, np.inf))
        years = share.index.to_numpy()
        lows = {
            "share": lowest(level, self._horizon),
            "dollars": lowest(money, self._horizon),
        }
        known = (level > 0) & ((years >= first) & (years <= last))[:, None]
        for what, _ in self.outcomes.values():
            known &= np.isfinite(lows[what])
        cases &= known
        group = np.digitize(rise, self._edges)
        with np.errstate(invalid="ignore", divide="ignore"):
            fell = [
                lows[what] <= part * (level if what == "share" else money)
                for what, part in self.outcomes.values()
            ]
        return Count(cases, known, rise, group, np.stack(fell, axis=-1), len(self.classes))

    def _intervals(self, count: Count, flows: Flows) -> list[list[tuple[float, float]]]:
        """The intervals of the frequencies by blocks of units and of time, which cross."""
        years = np.arange(len(flows.share))
        start = int(np.argmax(count.cases.any(axis=1)))
        per = TIME_BLOCKS.get(self.panel, 5)
        times = np.broadcast_to(((years - start) // per)[:, None], count.cases.shape)
        units = np.broadcast_to(pd.factorize(flows.blocks)[0][None, :], count.cases.shape)
        return count.intervals(units, times, self.confidence)

    def _placebos(self, flows: Flows) -> "_Placebo":
        """Count again with the years shuffled jointly, and with them reversed."""
        rng = np.random.default_rng(self.seed)
        good = ~(flows.share <= 0).any()
        parts = [flows.share.loc[:, good]]
        if flows.dollars is not None:
            parts.append(flows.dollars.loc[:, good])

        def counted(order: NDArray[np.int64]) -> NDArray[np.float64]:
            made = [rebuilt(part, order) for part in parts]
            return self._count(made[0], made[1] if len(made) > 1 else None).rates()

        n = len(flows.share) - 1
        own = self._count(parts[0], parts[1] if len(parts) > 1 else None).rates()
        draws = [counted(rng.permutation(n)) for _ in range(self.n_shuffles)]
        shape = (0, *own.shape)
        return _Placebo(
            own, np.stack(draws) if draws else np.empty(shape), counted(np.arange(n)[::-1])
        )

    def _cases(self, count: Count, flows: Flows) -> FlowYears:
        return flow_years(
            count,
            prior_volatility(flows.share.to_numpy(), self.years),
            blocks=pd.factorize(flows.blocks)[0],
            first=int(flows.share.index[0]),
            per_block=TIME_BLOCKS.get(self.panel, 5),
            horizon=self._horizon,
        )

    def _parts(self, cases: FlowYears) -> pd.DataFrame:
        """Frequencies by decade and by third of prior volatility."""
        decade = (cases.year + cases.first) // 10 * 10
        known = np.isfinite(cases.volatility)
        ends = np.quantile(cases.volatility[known], [1 / 3, 2 / 3]) if known.any() else [0, 0]
        third = np.array(THIRDS)[np.digitize(cases.volatility, ends).clip(0, 2)]
        by = {"decade": np.array([f"{d}s" for d in decade]), "volatility": third}
        frame = pd.DataFrame(cases.y, columns=list(self.outcomes))
        frame = frame.assign(rung=np.array(self.classes)[cases.group])
        rows = []
        for what, part in by.items():
            told = frame.assign(part=part)[known if what == "volatility" else slice(None)]
            for (name, rung), one in told.groupby(["part", "rung"], sort=False):
                rates = one[list(self.outcomes)].mean().to_dict()
                rows.append({"by": what, "part": name, "class": rung, "n": len(one), **rates})
        table = pd.DataFrame(rows)
        order = {name: i for i, name in enumerate((*THIRDS, *self.classes))}
        key = table.assign(
            a=table["by"].ne("decade"),
            b=table["part"].map(order).fillna(0),
            c=table["class"].map(order),
        )
        return table.loc[key.sort_values(["a", "b", "part", "c"]).index].reset_index(drop=True)

    def _memory(self, placebo: "_Placebo") -> pd.DataFrame:
        """Frequency of a class less that of the flat one: real, shuffled, reversed."""
        flat = self.classes.index(FLAT)
        rows = []
        for k, name in enumerate(self.classes):
            for o, outcome in enumerate(self.outcomes):
                real, back = (
                    float(rates[k, o] - rates[flat, o])
                    for rates in (placebo.own, placebo.reversed)
                )
                drawn = placebo.draws[:, k, o] - placebo.draws[:, flat, o]
                drawn = drawn[np.isfinite(drawn)]
                rows.append(
                    {
                        "class": name,
                        "outcome": outcome,
                        "excess": real,
                        "shuffled": float(drawn.mean()) if len(drawn) else np.nan,
                        "p": permutation_p(real, drawn) if len(drawn) else np.nan,
                        "reversed": back,
                    }
                )
        return pd.DataFrame(rows)

    def _choices(self, flows: Flows) -> pd.DataFrame:
        """The ladder under other choices than those of the plan."""
        rows = []
        for name, other in CHOICES.get(self.panel, CHOICES[""]).items():
            given = dict(other)
            if "floor" in given and self.panel != "firms":
                given["floor"] = given["floor"] * self._floor
            model = replace(self, **given)
            count = model._count(flows.share, flows.dollars)
            for k, rung in enumerate(self.classes):
                n = int((count.cases & (count.group == k)).sum())
                rates = dict(zip(self.outcomes, map(float, count.rates()[k]), strict=True))
                rows.append({"choice": name, "class": rung, "n": n, **rates})
        return pd.DataFrame(rows)


THIRDS = ("calm", "middle", "noisy")
"""Thirds of prior volatility."""


@dataclass(frozen=True, slots=True, eq=False)
class _Placebo:
    """Frequencies (classes x outcomes) of unbroken flows: own, each shuffle, reversed."""

    own: NDArray[np.float64]
    draws: NDArray[np.float64]
    reversed: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        if not len(self.draws):
            return np.full_like(self.own, np.nan)
        return np.nanmean(self.draws, axis=0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpendingResults(Carded):
    """What was counted, how it was scored, and what the count rests on.

    Attributes
    ----------
    name : str
        ``spending-`` and the panel.
    settings : mapping
    n, events : int
        Flow-years, and those among them in which the first outcome followed.
    ladder : tuple of Rung
        From the lowest class to the highest.
    first, last : int
        First and last start year.
    rises : ndarray, shape (n,)
        Run-ups in ascending order, as shares.
    thirds : tuple of float
        Prior volatilities between the calm, middle and noisy third.
    parts : pandas.DataFrame
        Frequencies by decade of the start year and by third of prior volatility.
    memory : pandas.DataFrame
        By class and outcome: ``excess`` of the frequency over that of the flat class among
        unbroken flows, its mean over ``shuffled`` years, ``p`` (share of shuffles that reach
        it) and ``reversed``.
    choices : pandas.DataFrame
        The ladder under other choices than those of the plan.
    adjusted : pandas.DataFrame
        Logits on prior volatility alone and with the run-up, a row an outcome and model.
    finance : Finance or None
        Booms and flat years by who pays; of firms only.
    scores : tuple of Scores
        The first is the ladder on booms for the first outcome; empty for an earlier day.
    rule : Rule or None
        What the test behind the first score is worth.
    provenance : Provenance
    fingerprint : str
        Hash of the data and the settings.
    """

    kind: ClassVar[str] = "spending"
    lens: ClassVar[str] = "spending"
    name: str
    settings: Mapping[str, Any]
    n: int
    events: int
    ladder: tuple[Rung, ...]
    first: int
    last: int
    rises: NDArray[np.float64]
    thirds: tuple[float, ...]
    parts: pd.DataFrame
    memory: pd.DataFrame
    choices: pd.DataFrame
    adjusted: pd.DataFrame
    finance: Finance | None
    scores: tuple[Scores, ...]
    rule: Rule | None
    provenance: Provenance
    fingerprint: str

    @property
    def title(self) -> str:
        """One line for people."""
        return TITLES[self.settings["panel"]]

    @property
    def horizon(self) -> int:
        """Years within which a fall was looked for."""
        return self.settings["horizon"] or HORIZONS[self.settings["panel"]]

    @checked
    def rung(self, rise: float) -> Rung:
        """Class in which a run-up stands.

        Parameters
        ----------
        rise : float
            As a share: 0.5 is 50%.

        Returns
        -------
        Rung
        """
        edges = EDGES.get(self.settings["panel"], EDGES[""])
        return self.ladder[int(np.digitize(rise, edges))]

    @checked
    def is_earned(self, group: str, outcome: str) -> bool | None:
        """Whether a class exceeds the flat one by more than its two placebos do.

        Parameters
        ----------
        group, outcome : str

        Returns
        -------
        bool or None
            True where the years shuffled reach the excess in at most 5% of permutations and the
            years reversed do not reach it; None where no years were shuffled.
        """
        here = self.memory["class"].to_numpy() == group
        here &= self.memory["outcome"].to_numpy() == outcome
        p, excess, backwards = self.memory.loc[here, ["p", "excess", "reversed"]].to_numpy(
            dtype=float
        )[0]
        if not np.isfinite(p):
            return None
        return bool(p <= ALPHA and excess > backwards)

    @checked
    def rank(self, rise: float) -> int:
        """Place of a run-up among those counted, 1 being above all.

        Parameters
        ----------
        rise : float

        Returns
        -------
        int
        """
        return 1 + len(self.rises) - int(np.searchsorted(self.rises, rise, side="right"))

    def summary(self) -> str:
        """The ladder and its scores as text."""
        shown = self.to_frame().round(3)
        lines: list[str | pd.DataFrame] = [
            self.title,
            f"{self.model_id}: {self.n:,} flow-years, start years {self.first} to {self.last}",
            "",
            shown,
            "",
            *map(describe_scores, self.scores),
        ]
        if self.rule is not None:
            lines.append(describe_rule(self.rule))
        return page(lines)

    def to_frame(self) -> pd.DataFrame:
        """One row a class and outcome.

        Returns
        -------
        pandas.DataFrame
            ``class``, ``outcome``, ``n``, ``units``, ``episodes``, ``frequency``, ``low``,
            ``high``, ``shuffled``, ``reversed``.

        Examples
        --------
        >>> model = SpendingModel("countries", n_shuffles=0, n_orders=0)
        >>> model.fit().to_frame().shape
        (12, 10)
        """
        return pd.DataFrame(
            [
                {
                    "class": rung.name,
                    "outcome": outcome,
                    "n": rung.n,
                    "units": rung.units,
                    "episodes": rung.episodes,
                    "frequency": rung.frequency[outcome],
                    "low": rung.interval[outcome][0],
                    "high": rung.interval[outcome][1],
                    "shuffled": rung.shuffled[outcome],
                    "reversed": rung.reversed[outcome],
                }
                for rung in self.ladder
                for outcome in rung.frequency
            ]
        )
