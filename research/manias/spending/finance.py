"""Booms of firms by who paid for them: own cash, more than that, much more.

The rules stand in ``reports/analysis-plan.md``, section 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.results import Result, stacked
from manias.evaluation.clusters import clustered_share
from manias.evaluation.skill import permutation_p
from manias.series.flows import Flows
from manias.spending._counts import Count
from manias.spending.skill import BOOM, FlowYears

Array = NDArray[np.float64]
CLASSES = ("own_cash", "above_cash", "above_1.5")
"""Spending up to cash from operations, up to one and a half times it, and more or no cash."""
EDGES = (1.0, 1.5)
FLAT = (-0.1, 0.1)
"""Run-ups of flat years."""
PERMUTATIONS = 9_999


@dataclass(frozen=True, slots=True, repr=False)
class Paid(Result):
    """What followed where spending stood so beside cash.

    Attributes
    ----------
    name : str
        ``own_cash``, ``above_cash`` or ``above_1.5``.
    rising : bool
        Booms of 50% and more; else flat years.
    n, units : int
        Firm-years, and firms.
    frequency, interval
        As in `manias.spending.ladder.Rung`.
    """

    _told = ("name", "rising", "n", "units")

    name: str = field(metadata={"key": "class"})
    rising: bool
    n: int
    units: int
    frequency: dict[str, float]
    interval: dict[str, tuple[float, float]]

    def to_frame(self) -> pd.DataFrame:
        """One row an outcome.

        Returns
        -------
        pandas.DataFrame
            ``outcome``, ``frequency``, ``low``, ``high``.
        """
        ends = [self.interval[name] for name in self.frequency]
        columns = {"frequency": self.frequency.values(), "low": [a for a, _ in ends]}
        return pd.DataFrame(
            {"outcome": list(self.frequency), **columns, "high": [b for _, b in ends]}
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Finance(Result):
    """Booms and flat years by who paid.

    Attributes
    ----------
    cells : tuple of Paid
    ratios : ndarray, shape (n,)
        Spending over cash from operations of the booms in ascending order; inf where there was
        no positive cash.
    gap, p : float
        Difference in differences of `outcome`: booms above cash less booms on own cash, less
        the same of flat years; and the share of exchanges of financing between firms of one
        sector and year that reach it.
    outcome : str
    missing : int
        Firm-years without cash from operations on record.
    permutations : int
    """

    _told = ("cells", "gap", "p", "outcome")

    cells: tuple[Paid, ...]
    ratios: Array
    gap: float
    p: float
    outcome: str
    missing: int
    permutations: int

    def to_frame(self) -> pd.DataFrame:
        """One row a class, booms and flat years apart.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `Paid`.
        """
        return stacked(self.cells, Paid)

    def cell(self, name: str, *, rising: bool = True) -> Paid:
        """Cell of a class.

        Parameters
        ----------
        name : str
        rising : bool

        Returns
        -------
        Paid
        """
        return next(c for c in self.cells if (c.name, c.rising) == (name, rising))

    def rank(self, ratio: float) -> int:
        """Place of a ratio among those of booms, 1 being above all."""
        return 1 + len(self.ratios) - int(np.searchsorted(self.ratios, ratio, side="right"))


def who_pays(ratio: float) -> str:
    """Class of spending over cash from operations.

    Parameters
    ----------
    ratio : float
        inf where there is no positive cash.

    Returns
    -------
    str

    Examples
    --------
    >>> who_pays(1.0), who_pays(1.2), who_pays(float("inf"))
    ('own_cash', 'above_cash', 'above_1.5')
    """
    return CLASSES[int(np.digitize(ratio, EDGES, right=True))]


def count_finance(
    cases: FlowYears,
    count: Count,
    flows: Flows,
    outcomes: Sequence[str],
    *,
    confidence: float,
    seed: int,
) -> Finance:
    """Count booms and flat years by who paid, and test the gap between them.

    Parameters
    ----------
    cases : FlowYears
    count : Count
    flows : Flows
        With ``cash`` and ``sectors``.
    outcomes : sequence of str
        The strict one last: it is tested.
    confidence : float
    seed : int

    Returns
    -------
    Finance
    """
    cash = flows.cash.reindex(flows.dollars.index)[list(flows.dollars)].to_numpy()
    paid = cash[count.cases]
    spent = flows.dollars.to_numpy()[count.cases]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(paid > 0, spent / paid, np.inf)
    known = np.isfinite(paid)
    kind = np.digitize(ratio, EDGES, right=True)
    rising = cases.rise >= BOOM
    flat = (cases.rise >= FLAT[0]) & (cases.rise < FLAT[1])
    rng = np.random.default_rng(seed)
    y = cases.y
    cells = []
    for is_boom, inside in ((True, rising), (False, flat)):
        for k, name in enumerate(CLASSES):
            chosen = known & inside & (kind == k)
            where = cases.block[chosen], cases.times[chosen]
            ends = [
                clustered_share(one, where[0], across=where[1], confidence=confidence)
                for one in y[chosen].T
            ]
            rates = y[chosen].mean(axis=0) if chosen.any() else np.full(len(outcomes), np.nan)
            cells.append(
                Paid(
                    name=name,
                    rising=is_boom,
                    n=int(chosen.sum()),
                    units=len(np.unique(cases.flow[chosen])),
                    frequency=dict(zip(outcomes, map(float, rates), strict=True)),
                    interval=dict(zip(outcomes, ends, strict=True)),
                )
            )
    used = known & (rising | flat)
    sector = pd.factorize(flows.sectors)[0][cases.flow]
    cluster = pd.factorize(pd.MultiIndex.from_arrays([sector[used], cases.year[used]]))[0]
    gap, p = _tested(y[used, -1], kind[used] > 0, rising[used], cluster, rng)
    return Finance(
        tuple(cells),
        np.sort(ratio[known & rising]).round(6),
        gap,
        p,
        outcomes[-1],
        int((~known).sum()),
        PERMUTATIONS,
    )


def _tested(
    y: Array,
    external: NDArray[np.bool_],
    rising: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Difference in differences, and its p when financing changes hands inside clusters."""

    def gap(label: NDArray[np.bool_]) -> float:
        cell = 2 * rising + label
        n = np.bincount(cell, minlength=4)
        rate = np.bincount(cell, weights=y, minlength=4) / np.where(n > 0, n, np.nan)
        return float((rate[3] - rate[2]) - (rate[1] - rate[0]))

    home = np.argsort(cluster, kind="stable")
    drawn = np.empty(PERMUTATIONS)
    for i in range(PERMUTATIONS):
        other = np.lexsort((rng.random(len(y)), cluster))
        label = np.empty_like(external)
        label[home] = external[other]
        drawn[i] = gap(label)
    own = gap(external)
    return own, permutation_p(own, drawn[np.isfinite(drawn)])
