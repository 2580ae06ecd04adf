"""Whether the class of a run-up said more, out of sample, than the base rate known then.

The rules stand in ``reports/analysis-plan.md``, section 7 and the entry of 2026-11-28.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.errors import DataError
from manias.evaluation._firth import fit_firth
from manias.evaluation.scores import ALPHA, Scores, rank_auc, score
from manias.evaluation.skill import EFFECTS, Power, Rule, permutation_p
from manias.spending._counts import Count
from manias.spending._kernels import ladder_gains

Array = NDArray[np.float64]
LEAST = 100
"""Flow-years that must be over before a start year is scored."""
BOOM = 0.5
"""Run-up from which a flow-year is a boom."""
KNOTS = (0.0, 0.5, 1.0)
"""Run-ups at which the slope of the logit may change."""
PARTS = 30
"""Blocks above which units are left out in ten parts of whole blocks."""
FEWEST = 4
"""Cases of the rarer outcome for each slope of a logit, as in `manias.evaluation.logit`."""
TEST = "blocks of years of the outcomes put in random order jointly for all units"
SIMULATED_ORDERS = 199
"""Orders behind each p of a simulated sample."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowYears:
    """Flow-years one by one, in the order of years and then of flows.

    Attributes
    ----------
    year, flow, block, group : ndarray, shape (n,)
        Start year, flow, its block and its class of run-up, as counts from 0.
    rise, volatility : ndarray, shape (n,)
        Run-up as a share, and the standard deviation of the yearly log changes before it; NaN
        where fewer than five are on record.
    outcomes : ndarray, shape (T, m, k)
        1 where an outcome followed, 0 where it did not, of every start year and flow; NaN where
        that is not on record.
    first, horizon, n_classes : int
        Calendar year of the first start year, years of the window, number of classes.
    times : ndarray, shape (n,)
        Block of start years.
    """

    year: NDArray[np.int64]
    flow: NDArray[np.int64]
    block: NDArray[np.int64]
    group: NDArray[np.int64]
    rise: Array
    volatility: Array
    outcomes: Array
    first: int
    horizon: int
    n_classes: int
    times: NDArray[np.int64]

    @property
    def y(self) -> Array:
        """Outcomes of the flow-years, shape (n, k)."""
        return self.outcomes[self.year, self.flow]


def flow_years(
    count: Count,
    volatility: Array,
    *,
    blocks: NDArray[np.int64],
    first: int,
    per_block: int,
    horizon: int,
) -> FlowYears:
    """Take the flow-years that count out of a panel.

    Parameters
    ----------
    count : Count
    volatility : ndarray, shape (T, m)
    blocks : ndarray, shape (m,)
        Block of each flow, from 0.
    first : int
        Calendar year of the first row.
    per_block : int
        Start years that are one block of time.
    horizon : int

    Returns
    -------
    FlowYears
    """
    years = np.flatnonzero(count.known.any(axis=1))
    span = slice(years[0], years[-1] + 1)
    inside, known = count.cases[span], count.known[span]
    year, flow = np.nonzero(inside)
    return FlowYears(
        year=year,
        flow=flow,
        block=blocks[flow],
        group=count.group[span][inside],
        rise=count.rise[span][inside],
        volatility=volatility[span][inside],
        outcomes=np.where(known[..., None], count.fell[span], np.nan),
        first=first + int(years[0]),
        horizon=horizon,
        n_classes=count.n_classes,
        times=(year - year.min()) // per_block,
    )


def prior_volatility(share: Array, years: int) -> Array:
    """Standard deviation of the yearly log changes in the ten years before the run-up.

    Parameters
    ----------
    share : ndarray, shape (T, m)
    years : int
        Years of the run-up.

    Returns
    -------
    ndarray, shape (T, m)
        NaN where fewer than five changes are on record.

    Examples
    --------
    >>> path = np.exp(np.cumsum(np.tile([0.1, -0.1], 10)))[:, None]
    >>> round(float(prior_volatility(path, 3)[-1, 0]), 3)
    0.105
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.log(np.where(share > 0, share, np.nan))
    change = pd.DataFrame(level).diff()
    return change.rolling(10, min_periods=5).std().shift(years).to_numpy()


def score_ladder(
    cases: FlowYears,
    names: Sequence[str],
    *,
    confidence: float,
    n_orders: int,
    n_simulated: int,
    seed: int,
) -> tuple[tuple[Scores, ...], Rule]:
    """Score ladder, volatility and both, and simulate what the test of the ladder is worth.

    Parameters
    ----------
    cases : FlowYears
    names : sequence of str
        Of the outcomes, the headline first.
    confidence : float
        Level of the intervals of the gains.
    n_orders, n_simulated : int
        Orders of the years behind each p, and samples behind each share of rejections.
    seed : int

    Returns
    -------
    scores : tuple of Scores
        First those of the ladder on booms, one an outcome, with their p.
    rule : Rule
        Of the headline.
    """
    rng = np.random.default_rng(seed)
    test = _OrderTest(cases)
    found = []
    y = cases.y
    for k, name in enumerate(names):
        p = test.p(cases.outcomes[..., k], rng, n_orders)
        found.append(_boom_score(cases, y[:, k], name, confidence, p, n_orders))
    rule = test.rule(0, rng, SIMULATED_ORDERS, n_simulated)
    for k, name in enumerate(names):
        found += _others(cases, y[:, k], name, confidence)
    return tuple(found), rule


def fit_adjusted(cases: FlowYears, names: Sequence[str]) -> pd.DataFrame:
    """Coefficients of the logits on volatility, and on volatility and run-up.

    Parameters
    ----------
    cases : FlowYears
    names : sequence of str
        Of the outcomes.

    Returns
    -------
    pandas.DataFrame
        A row an outcome and model (``volatility``, ``both``), a column a term; NaN where the
        model lacks the term or could not be fitted.
    """
    y, rows = cases.y, []
    for model, build in MODELS.items():
        x = build(cases)
        good = np.isfinite(x).all(axis=1)
        for k, name in enumerate(names):
            beta = _fitted(x[good], y[good, k])
            terms = dict(zip(TERMS, beta, strict=False)) if beta is not None else {}
            rows.append({"outcome": name, "model": model, **terms})
    return pd.DataFrame(rows, columns=["outcome", "model", *TERMS])


def adjusted(row: pd.Series | Mapping[Hashable, Any], rise: float, volatility: float) -> float:
    """Probability of an outcome by the logit of a row of `fit_adjusted`.

    Parameters
    ----------
    row : pandas.Series or mapping
    rise, volatility : float

    Returns
    -------
    float
        NaN where one of the two is not known.
    """
    x = np.r_[1.0, np.log(volatility), _hinges(np.array([rise]))[0]]
    beta = np.array([row[term] for term in TERMS], dtype=float)
    used = np.isfinite(beta)
    return float(1 / (1 + np.exp(-(x[used] @ beta[used])))) if used.any() else float("nan")


# ---- designs of the logits


def _hinges(rise: Array) -> Array:
    """Log rise above each knot, shape (n, knots)."""
    log = np.log1p(rise)
    return np.stack([np.maximum(log - np.log1p(knot), 0) for knot in KNOTS], axis=1)


def _volatility(cases: FlowYears) -> Array:
    with np.errstate(divide="ignore"):
        log = np.log(cases.volatility)
    return np.stack([np.ones(len(log)), np.where(np.isfinite(log), log, np.nan)], axis=1)


def _both(cases: FlowYears) -> Array:
    return np.column_stack([_volatility(cases), _hinges(cases.rise)])


MODELS = {"volatility": _volatility, "both": _both}
TERMS = ("intercept", "log volatility", *(f"log rise above {100 * k:g}%" for k in KNOTS))


def _fitted(x: Array, y: Array) -> Array | None:
    """Firth's coefficients, the intercept corrected; None where the cases are too few."""
    events = y.sum()
    if min(events, len(y) - events) < FEWEST * (x.shape[1] - 1):
        return None
    moving = np.r_[True, np.ptp(x[:, 1:], axis=0) > 0] if len(x) else np.array([False])
    if not moving.all():
        return None
    try:
        fit = fit_firth(x, y, profile=False)
    except DataError:
        return None
    beta = fit.beta.copy()
    beta[0] += fit.shift
    return beta


# ---- expanding window


class _Window:
    """Counts by start year and class, and what was over by each start year."""

    def __init__(self, cases: FlowYears) -> None:
        self.cases = cases
        self.n_years = len(cases.outcomes)
        k = cases.n_classes
        self.over = self._past(self._counted(np.ones(len(cases.year))))
        self.scored = self.over.sum(axis=1) >= LEAST
        lowest = np.full(k, np.inf)
        np.minimum.at(lowest, cases.group, cases.rise)
        self.booms = lowest >= BOOM

    def _past(self, counts: Array) -> Array:
        """Sum over the start years whose windows are over, along the first axis."""
        h = self.cases.horizon
        total = np.zeros_like(counts)
        total[h:] = np.cumsum(counts, axis=0)[:-h]
        return total

    def probabilities(self, y: Array) -> tuple[Array, Array]:
        """Base rate by year, and ladder by year and class, for outcomes of shape (n,)."""
        seen = self._past(self._counted(y))
        n = np.maximum(self.over.sum(axis=1), 1)
        base = np.clip(seen.sum(axis=1) / n, 0.5 / n, 1 - 0.5 / n)
        return base, (seen + base[:, None]) / (self.over + 1)

    def _counted(self, weights: Array) -> Array:
        k = self.cases.n_classes
        cell = self.cases.year * k + self.cases.group
        counts = np.bincount(cell, weights=weights, minlength=self.n_years * k)
        return counts.reshape(self.n_years, k)


class _OrderTest:
    """Blocks of start years put in random order, the same for all flows."""

    def __init__(self, cases: FlowYears) -> None:
        self.cases = cases
        self.window = _Window(cases)

    def orders(self, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
        """Random orders of blocks of as many start years as the window has, shape (n, T)."""
        years, h = len(self.cases.outcomes), self.cases.horizon
        made = np.empty((n, years), dtype=np.int64)
        for row in made:
            block = (np.arange(years) + rng.integers(h)) // h
            place = rng.permutation(block.max() + 1)
            row[:] = np.roll(np.argsort(place[block], kind="stable"), rng.integers(years))
        return made

    def gains(self, y: Array, orders: NDArray[np.int64]) -> Array:
        """Gain on booms under each order of the outcomes ``y``, shape (T, m)."""
        c = self.cases
        return ladder_gains(
            orders,
            np.ascontiguousarray(y),
            c.year,
            c.flow,
            c.group,
            self.window.booms,
            c.horizon,
            LEAST,
        )

    def p(self, y: Array, rng: np.random.Generator, n: int) -> float:
        """Share of n orders whose gain reaches that of the years as they were."""
        own = self.gains(y, np.arange(len(y))[None, :])[0]
        drawn = self.gains(y, self.orders(rng, n))
        return permutation_p(float(own), drawn[np.isfinite(drawn)])

    def rule(self, k: int, rng: np.random.Generator, n: int, simulated: int) -> Rule:
        """Size and power of the test of an outcome, by simulation."""
        size = self._rejects(k, 0.0, rng, n, simulated)
        shares = {name: self._rejects(k, e, rng, n, simulated) for name, e in EFFECTS.items()}
        power = tuple(Power(name, share) for name, share in shares.items())
        return Rule(TEST, ALPHA, size, power, simulated)

    def _rejects(
        self, k: int, effect: float, rng: np.random.Generator, n: int, simulated: int
    ) -> float:
        outcome = self.cases.outcomes[..., k]
        years, h = len(outcome), self.cases.horizon
        # One shift of all flows keeps what they have in common; a short one would keep windows
        # that overlap with their own run-ups.
        shifts = np.arange(h, years - h + 1) if years > 2 * h else np.arange(years)
        mean, wanted = self._targets(outcome, effect, rng, n)
        rejected = 0
        for _ in range(simulated):
            made = np.roll(outcome, rng.choice(shifts), axis=0)
            rejected += self.p(self._changed(made, mean, wanted, rng), rng, n) <= ALPHA
        return rejected / simulated

    def _targets(
        self, outcome: Array, effect: float, rng: np.random.Generator, n: int
    ) -> tuple[Array, Array]:
        """Frequency by class in random orders, and with so much of the fitted effect added."""
        c = self.cases
        drawn = np.stack([outcome[order[c.year], c.flow] for order in self.orders(rng, n)])
        rates = []
        for y in (np.nanmean(drawn, axis=0), outcome[c.year, c.flow]):
            good = np.isfinite(y)
            size = np.maximum(np.bincount(c.group[good], minlength=c.n_classes), 1)
            hits = np.bincount(c.group[good], weights=y[good], minlength=c.n_classes)
            rates.append(np.clip(hits / size, 0.5 / size, 1 - 0.5 / size))
        mean, own = (np.log(r / (1 - r)) for r in rates)
        return rates[0], 1 / (1 + np.exp(-(mean + effect * (own - mean))))

    def _changed(
        self, outcome: Array, mean: Array, wanted: Array, rng: np.random.Generator
    ) -> Array:
        """Outcomes some of which are turned, so that each class has the wanted frequency."""
        c, h = self.cases, self.cases.horizon
        drawn = rng.random((outcome.shape[1], len(outcome) // h + 2))
        u = drawn[c.flow, (c.year + int(rng.integers(h))) // h]
        m, w = mean[c.group], wanted[c.group]
        falls = np.where(w > m, (w - m) / (1 - m), 0)
        spared = np.where(w < m, (m - w) / m, 0)
        y = outcome[c.year, c.flow]
        turned = np.where(y == 1, u >= spared, u < falls).astype(float)
        made = outcome.copy()
        made[c.year, c.flow] = np.where(np.isfinite(y), turned, np.nan)
        return made


def _boom_score(
    cases: FlowYears,
    y: Array,
    name: str,
    confidence: float,
    p: float,
    n_orders: int,
) -> Scores:
    window = _Window(cases)
    base, ladder = window.probabilities(y)
    used = window.scored[cases.year] & window.booms[cases.group]
    return _scored(
        cases,
        used,
        y,
        ladder[cases.year, cases.group],
        base[cases.year],
        f"later years ({name}, booms, ladder)",
        confidence,
        permutation_p=p,
        permutations=n_orders,
    )


def _others(cases: FlowYears, y: Array, name: str, confidence: float) -> Iterator[Scores]:
    """The ladder on all cases; volatility and both; parts left out."""
    window = _Window(cases)
    booms = window.booms[cases.group]
    everyone = np.ones(len(y), dtype=bool)
    base, ladder = window.probabilities(y)
    base, ladder = base[cases.year], ladder[cases.year, cases.group]
    late = window.scored[cases.year]
    schemes = {
        "later years": (late, base, _folds_of_years(cases)),
        "units": (everyone, None, _folds_of(_parts(cases.block), cases)),
        "decades": (everyone, None, _folds_of((cases.year + cases.first) // 10, cases)),
    }
    for scheme, (used, known, folds) in schemes.items():
        predicted = {model: np.full(len(y), np.nan) for model in ("base", "ladder", *MODELS)}
        lost = dict.fromkeys(MODELS, 0)
        for train, test in folds:
            if train.sum() < LEAST or not test.any():
                continue
            predicted["base"][test] = _share(y[train])
            predicted["ladder"][test] = _ladder(cases, y, train)[cases.group[test]]
            for model, build in MODELS.items():
                x = build(cases)
                good = np.isfinite(x).all(axis=1)
                beta = _fitted(x[train & good], y[train & good])
                if beta is None:
                    lost[model] += 1
                else:
                    on = test & good
                    predicted[model][on] = 1 / (1 + np.exp(-(x[on] @ beta)))
        if known is not None:
            predicted |= {"base": known, "ladder": ladder}
        for model in ("ladder", *MODELS):
            for who, chosen in (("booms", booms), ("all", everyone)):
                if known is not None and model == "ladder" and who == "booms":
                    continue
                inside = used & chosen & np.isfinite(predicted[model] + predicted["base"])
                if len(np.unique(y[inside])) < 2:
                    continue
                told = f"{scheme} ({name}, {who}, {model})"
                yield _scored(
                    cases,
                    inside,
                    y,
                    predicted[model],
                    predicted["base"],
                    told,
                    confidence,
                    lost_folds=lost.get(model, 0),
                )


def _scored(
    cases: FlowYears,
    used: NDArray[np.bool_],
    y: Array,
    p: Array,
    base: Array,
    scheme: str,
    confidence: float,
    **more: Any,
) -> Scores:
    return score(
        y[used],
        p[used],
        base[used],
        scheme=scheme,
        groups=cases.block[used],
        across=cases.times[used],
        confidence=confidence,
        auc=rank_auc(y[used], p[used]),
        **more,
    )


def _share(y: Array) -> float:
    return float(np.clip(y.mean(), 0.5 / len(y), 1 - 0.5 / len(y)))


def _ladder(cases: FlowYears, y: Array, train: NDArray[np.bool_]) -> Array:
    group, k = cases.group[train], cases.n_classes
    n = np.bincount(group, minlength=k)
    return (np.bincount(group, weights=y[train], minlength=k) + _share(y[train])) / (n + 1)


Fold = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def _folds_of_years(cases: FlowYears) -> Iterator[Fold]:
    for year in np.unique(cases.year):
        yield cases.year <= year - cases.horizon, cases.year == year


def _folds_of(parts: NDArray[np.int64], cases: FlowYears) -> Iterator[Fold]:
    for part in np.unique(parts):
        yield parts != part, parts == part


def _parts(block: NDArray[np.int64]) -> NDArray[np.int64]:
    return block if block.max() < PARTS else block % 10
