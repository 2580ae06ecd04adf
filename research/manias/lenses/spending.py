"""What followed when spending rose so fast: falls counted by class of run-up.

The rules stand in ``reports/analysis-plan.md``, sections 3 to 6, and were written before this.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.fingerprint import fingerprint
from manias.data.rows import Provenance
from manias.errors import DataError, InputError
from manias.evaluation.scores import SEED
from manias.series.flows import FlowPanel, Flows, load_flows

TITLE = "Spending: how often investment that rose so fast fell"
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
"""Consecutive start years that are resampled together; five where a panel is not named."""


@dataclass(frozen=True, slots=True)
class Rung:
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
    interval : mapping of str to (float, float)
        Outcome -> the wider of two bootstrap intervals, by blocks of units and by blocks of
        time.
    shuffled, reversed : mapping of str to float
        Outcome -> the same frequency where the years are put in random order jointly for all
        flows (mean of the permutations), and where they run backwards.
    """

    name: str
    n: int
    units: int
    episodes: int
    frequency: Mapping[str, float]
    interval: Mapping[str, tuple[float, float]]
    shuffled: Mapping[str, float]
    reversed: Mapping[str, float]


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
    n_boot, n_shuffles : int
        Draws of the intervals, and permutations of the years.
    confidence : float
        Level of the intervals.
    seed : int
    """

    name: ClassVar[str] = "spending"
    revision: ClassVar[int] = 1
    panel: FlowPanel = "industries"
    years: int = 3
    horizon: int | None = None
    floor: float | None = None
    n_boot: int = 2000
    n_shuffles: int = 500
    confidence: float = 0.9
    seed: int = SEED

    def __post_init__(self) -> None:
        if self.panel not in get_args(FlowPanel):
            listed = ", ".join(get_args(FlowPanel))
            raise InputError(f"panel={self.panel!r}: expected one of {listed}")
        for field, least in (("years", 1), ("n_boot", 1), ("n_shuffles", 0)):
            if getattr(self, field) < least:
                value = getattr(self, field)
                raise InputError(f"{field}={value}: expected {least} or more")
        if self.horizon is not None and self.horizon < 1:
            raise InputError(f"horizon={self.horizon}: expected 1 or more")
        if self.floor is not None and not self.floor >= 0:
            raise InputError(f"floor={self.floor}: expected 0 or more")
        if not 0 < self.confidence < 1:
            raise InputError(f"confidence={self.confidence}: expected between 0 and 1")

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
            Those of `manias.series.flows.load_flows` by default; read them inside `known_on`
            for a date in the past.

        Returns
        -------
        SpendingResults

        Raises
        ------
        DataError
            If no flow-year counts.

        References
        ----------
        ``reports/analysis-plan.md``; block bootstrap: Davison & Hinkley (1997), Bootstrap
        Methods and their Application, sections 3.8 and 8.2.

        Examples
        --------
        >>> found = SpendingModel("industries", n_boot=20, n_shuffles=0).fit()
        >>> top = found.ladder[-1]
        >>> top.name, top.n, top.units, round(top.frequency["share_falls_30"], 2)
        ('above 100', 186, 72, 0.5)
        """
        flows = load_flows(self.panel) if flows is None else flows
        count = self._count(flows.share, flows.dollars)
        if not count.cases.any():
            raise DataError(
                f"{flows.name}: no year with {self.years} years before it and "
                f"{self._horizon} after it at the floor of {self._floor:g}"
            )
        rng = np.random.default_rng(self.seed)
        intervals = self._intervals(count, flows, rng)
        shuffled, backwards = self._placebos(flows, rng)
        ladder = []
        for k, name in enumerate(self.classes):
            inside = count.cases & (count.group == k)
            rates = count.rates()[k]
            ladder.append(
                Rung(
                    name=name,
                    n=int(inside.sum()),
                    units=int(inside.any(axis=0).sum()),
                    episodes=_first(count.cases & (count.group >= k), gap=5),
                    frequency=dict(zip(self.outcomes, map(float, rates), strict=True)),
                    interval=dict(zip(self.outcomes, intervals[k], strict=True)),
                    shuffled=dict(zip(self.outcomes, map(float, shuffled[k]), strict=True)),
                    reversed=dict(zip(self.outcomes, map(float, backwards[k]), strict=True)),
                )
            )
        starts = flows.share.index[count.cases.any(axis=1)]
        values = flows.share if flows.dollars is None else flows.dollars
        return SpendingResults(
            name=f"{self.name}-{self.panel}",
            settings=self.settings(),
            ladder=tuple(ladder),
            first=int(starts[0]),
            last=int(starts[-1]),
            provenance=Provenance.of(flows.rows),
            fingerprint=fingerprint(values, model=self.name, **self.settings()),
        )

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

    def _count(self, share: pd.DataFrame, dollars: pd.DataFrame | None) -> "_Count":
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
        cases &= ((years >= first) & (years <= last))[:, None]
        lows = {
            "share": _lowest(level, self._horizon),
            "dollars": _lowest(money, self._horizon),
        }
        for what, _ in self.outcomes.values():
            cases &= np.isfinite(lows[what])
        group = np.digitize(rise, self._edges)
        with np.errstate(invalid="ignore", divide="ignore"):
            fell = [
                lows[what] <= part * (level if what == "share" else money)
                for what, part in self.outcomes.values()
            ]
        return _Count(
            cases, group, np.stack(fell, axis=-1) & cases[..., None], len(self.classes)
        )

    def _intervals(
        self, count: "_Count", flows: Flows, rng: np.random.Generator
    ) -> list[list[tuple[float, float]]]:
        """The wider of the intervals by blocks of units and by blocks of time."""
        years = np.arange(len(flows.share))
        start = int(np.argmax(count.cases.any(axis=1)))
        per = TIME_BLOCKS.get(self.panel, 5)
        times = np.broadcast_to(((years - start) // per)[:, None], count.cases.shape)
        units = np.broadcast_to(pd.factorize(flows.blocks)[0][None, :], count.cases.shape)
        both = [
            count.resampled(blocks, self.n_boot, self.confidence, rng)
            for blocks in (units, times)
        ]
        wide = [bounds[1] - bounds[0] for bounds in both]
        chosen = np.where(wide[1] > wide[0], both[1], both[0])
        return [
            [(float(low), float(high)) for low, high in zip(*one, strict=True)]
            for one in zip(chosen[0], chosen[1], strict=True)
        ]

    def _placebos(
        self, flows: Flows, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Frequencies with the years shuffled jointly (a mean), and with them reversed."""
        good = ~(flows.share <= 0).any()
        parts = [flows.share.loc[:, good]]
        if flows.dollars is not None:
            parts.append(flows.dollars.loc[:, good])

        def counted(order: NDArray[np.int64]) -> NDArray[np.float64]:
            made = [_rebuilt(part, order) for part in parts]
            return self._count(made[0], made[1] if len(made) > 1 else None).rates()

        n = len(flows.share) - 1
        backwards = counted(np.arange(n)[::-1])
        draws = [counted(rng.permutation(n)) for _ in range(self.n_shuffles)]
        if not draws:
            return np.full_like(backwards, np.nan), backwards
        return np.nanmean(draws, axis=0), backwards


@dataclass(frozen=True, slots=True)
class _Count:
    """Flow-years (years x flows): which count, in which class, and with which outcomes."""

    cases: NDArray[np.bool_]
    group: NDArray[np.int64]
    fell: NDArray[np.bool_]
    n_classes: int

    def rates(self) -> NDArray[np.float64]:
        """Frequencies, classes x outcomes."""
        n, hits = self._sums(np.zeros(self.cases.shape, dtype=int), 1)
        return _divided(hits[0], n[0][:, None])

    def resampled(
        self,
        blocks: NDArray[np.int64],
        n_boot: int,
        confidence: float,
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ends of the percentile interval of the frequencies, blocks drawn with replacement."""
        used = np.unique(blocks[self.cases])
        n, hits = self._sums(
            np.searchsorted(used, np.clip(blocks, used[0], used[-1])), len(used)
        )
        draws = rng.multinomial(len(used), np.full(len(used), 1 / len(used)), size=n_boot)
        sizes = draws @ n
        rates = _divided(np.einsum("db,bko->dko", draws, hits), sizes[..., None])
        tail = (1 - confidence) / 2
        with np.errstate(invalid="ignore"):
            low, high = np.nanquantile(rates, [tail, 1 - tail], axis=0)
        return low, high

    def _sums(
        self, blocks: NDArray[np.int64], n_blocks: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        at = (blocks * self.n_classes + self.group)[self.cases]
        length = n_blocks * self.n_classes
        n = np.bincount(at, minlength=length).reshape(n_blocks, self.n_classes)
        hits = [
            np.bincount(at, weights=one, minlength=length) for one in self.fell[self.cases].T
        ]
        return n.astype(float), np.stack(hits, -1).reshape(n_blocks, self.n_classes, -1)


@dataclass(frozen=True, slots=True)
class SpendingResults:
    """What was counted.

    Attributes
    ----------
    name : str
        ``spending-`` and the panel.
    settings : mapping
    ladder : tuple of Rung
        From the lowest class to the highest.
    first, last : int
        First and last start year.
    provenance : Provenance
    fingerprint : str
        Hash of the data and the settings.
    """

    name: str
    settings: Mapping[str, Any]
    ladder: tuple[Rung, ...]
    first: int
    last: int
    provenance: Provenance
    fingerprint: str

    def tidy(self) -> pd.DataFrame:
        """One row a class and outcome.

        Returns
        -------
        pandas.DataFrame
            ``class``, ``outcome``, ``n``, ``units``, ``episodes``, ``frequency``, ``low``,
            ``high``, ``shuffled``, ``reversed``.

        Examples
        --------
        >>> SpendingModel("countries", n_boot=20, n_shuffles=0).fit().tidy().shape
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


def _divided(hits: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, hits / n, np.nan)


def _lowest(values: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Lowest of the next years; NaN where one of them is not on record."""
    low = np.full_like(values, np.inf)
    for h in range(1, horizon + 1):
        later = np.full_like(values, np.nan)
        later[:-h] = values[h:]
        low = np.minimum(low, later)
    return low


def _first(inside: NDArray[np.bool_], *, gap: int) -> int:
    """Years inside that no year inside precedes by ``gap`` years or less."""
    recent = np.zeros_like(inside)
    for h in range(1, gap + 1):
        recent[h:] |= inside[:-h]
    return int((inside & ~recent).sum())


def _rebuilt(values: pd.DataFrame, order: NDArray[np.int64]) -> pd.DataFrame:
    """Each column from its first level, its relative changes in another order of years.

    A column that is not on record throughout takes its own changes in that order, and stands on
    the years in which it has a change, so that its gaps stay where they were.
    """
    level = values.to_numpy()
    change = level[1:] / level[:-1]
    made = np.full_like(level, np.nan)
    first = np.argmax(np.isfinite(level), axis=0)
    for j in range(level.shape[1]):
        own = np.flatnonzero(np.isfinite(change[:, j]))
        taken = order[np.isin(order, own)]
        path = level[first[j], j] * np.cumprod(change[taken, j])
        made[first[j], j] = level[first[j], j]
        made[own + 1, j] = path
    return pd.DataFrame(made, values.index, values.columns)
