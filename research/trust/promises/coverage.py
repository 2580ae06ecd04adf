"""Intervals that are printed hold the truth as often as they say.

Each kind of interval is made anew on samples whose truth is known and which are like the
shipped data: the same clusters of the same sizes, the same shares, and as much in common inside
a cluster as was measured. Dependence is that of a Gaussian copula, so that the chance of each
case stays what it is. The intervals are those of the functions that print them; beside them
stands the interval that was printed before them.

The figures that are kept stand in the table ``coverage``, which
``python research/curation/interval_coverage.py`` makes; a trial draws fewer samples and
compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from unittest.mock import patch

import numpy as np
import pandas as pd
from manias.answers import own_answers
from manias.answers.registry import fitters
from manias.data.library import load
from manias.errors import DataError
from manias.evaluation._firth import fit_firth
from manias.evaluation.clusters import clustered_ratio, clustered_share, t_reach, wilson
from manias.evaluation.logit import fit_logit
from manias.evaluation.ranks import drawn_ranks
from manias.evaluation.scores import calibrate, log_losses
from manias.evaluation.scores import score as real_score
from manias.gauges import scoreboard
from manias.gauges._kernels import said as gauge_said
from manias.gauges.kept import load_scoreboard
from manias.gauges.registry import find_gauge, find_target
from manias.lenses import (
    crash_hazard,
    crash_logit,
    crash_which,
    innovation,
    landmark,
    precedents,
)
from manias.lenses.buildouts import known_buildouts, load_buildout
from manias.lenses.features import load_conditions
from manias.lenses.ladder import AI_INDUSTRIES, LadderModel
from manias.record.covariates import settled_covariates
from manias.series.countries import load_countries
from manias.series.flows import load_flows
from manias.series.runups import load_panel, number_waves
from manias.spending import skill as spending_skill
from manias.spending.ladder import EDGES, FLOORS, TIME_BLOCKS, SpendingModel
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

from trust.promise import Finding, Promise

Array = NDArray[np.float64]
SEED = 20261130
SLACK = 0.02
"""Shortfall of coverage beyond the Monte Carlo error that is allowed."""
SURE = 3.0
"""Monte Carlo errors that two measurements of the same coverage may differ by."""
BEFORE, MANY, FEW = 400, 2000, 60
"""Samples in which an interval of a score that was printed before is made again, and how few of
slopes of many cases, whose profile takes long."""
BOOTSTRAP = 499
"""Draws of an interval that was printed before."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How often an interval held the truth.

    Attributes
    ----------
    kind, what : str
        Kind of interval, and which one.
    nominal : float
        How often it says that it does.
    clusters : int
        Fewest clusters that it rests on.
    coverage, error : float
        How often it did, and the Monte Carlo error of that.
    before : float
        How often the interval did that was printed before; NaN where it is the same.
    draws : int
    """

    kind: str
    what: str
    nominal: float
    clusters: int
    coverage: float
    error: float
    before: float
    draws: int

    @property
    def is_short(self) -> bool:
        """Whether it holds the truth less often than it says, beyond slack and error."""
        return self.coverage < self.nominal - SLACK - 2 * self.error


def covered(
    kind: str,
    what: str,
    nominal: float,
    clusters: int,
    held: Sequence[bool],
    before: Sequence[bool] = (),
) -> Covered:
    """Count."""
    n, share = len(held), float(np.mean(held))
    error = float(np.sqrt(max(share * (1 - share), 0.25 / n) / n))
    was = float(np.mean(before)) if len(before) else float("nan")
    return Covered(kind, what, nominal, clusters, share, error, was, n)


# ---- samples with dependence


def tetrachoric(alike: float, p: float) -> float:
    """Correlation of two normal variables whose events of chance p are correlated so."""
    if alike <= 0:
        return 0.0
    k, wanted = norm.ppf(p), alike * p * (1 - p) + p * p

    def gap(r: float) -> float:
        both = multivariate_normal.cdf([k, k], mean=[0, 0], cov=[[1, r], [r, 1]])
        return float(both - wanted)

    return brentq(gap, 0.0, 0.97) if gap(0.97) > 0 else 0.97


def in_common(fell: Array, code: NDArray[np.intp]) -> float:
    """Correlation of cases of one cluster, by analysis of variance (Ridout et al. 1999)."""
    n, hits = np.bincount(code), np.bincount(code, weights=fell)
    total, k = n.sum(), len(n)
    between = (n * (hits / n - hits.sum() / total) ** 2).sum() / (k - 1)
    within = (hits * (1 - hits / n)).sum() / max(total - k, 1)
    size = (total - (n**2).sum() / total) / (k - 1)
    return float(np.clip((between - within) / (between + (size - 1) * within), 0, 0.95))


def moving(rng: np.random.Generator, shape: tuple[int, ...], length: int) -> Array:
    """Standard normal variables that windows of so many steps have in common, along the end."""
    z = np.cumsum(rng.normal(size=(*shape[:-1], shape[-1] + length)), axis=-1)
    return (z[..., length:] - z[..., :-length]) / np.sqrt(length)


def common(
    p: Array, y: Array, code: NDArray[np.intp], rng: np.random.Generator, draws: int = 200
) -> float:
    """Latent correlation inside clusters at which their sums vary as those of the data."""
    seen = float((np.bincount(code, weights=y - p) ** 2).sum())
    u = rng.normal(size=(draws, int(code.max()) + 1))
    k = norm.ppf(p)

    def spread(r: float) -> float:
        q = norm.cdf((k - np.sqrt(r) * u[:, code]) / np.sqrt(1 - r))
        gaps = np.stack([np.bincount(code, weights=one - p) for one in q])
        return float(((gaps**2).sum() + (q * (1 - q)).sum()) / draws)

    if spread(0.0) >= seen:
        return 0.0
    return brentq(lambda r: spread(r) - seen, 0.0, 0.9) if spread(0.9) > seen else 0.9


def percentiles(
    total: Array, size: Array, code: NDArray[np.intp], level: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Percentile interval of a ratio, clusters drawn with replacement: printed before."""
    sums, counts = np.bincount(code, weights=total), np.bincount(code, weights=size)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=BOOTSTRAP)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = (drawn @ sums) / (drawn @ counts)
    low, high = np.nanquantile(rates, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def holds(ends: tuple[float, float], truth: float) -> bool:
    """Whether the truth lies inside; an interval that is not known holds nothing."""
    return bool(ends[0] <= truth <= ends[1])


def wider(*ends: tuple[float, float]) -> tuple[float, float]:
    """The widest."""
    return max(ends, key=lambda pair: pair[1] - pair[0])


def codes(groups: object) -> NDArray[np.intp]:
    """0, 1, 2 ... for the groups."""
    return np.unique(np.asarray(groups), return_inverse=True)[1]


# ---- ladders of prices, base rates


def price_rungs(markets: str) -> Iterator[tuple[str, Array, NDArray[np.intp], float]]:
    """Name, outcomes and waves of each rung and of any two years, and the level."""
    model = fitters()["ladder" if markets == "industries" else "ladder-countries"].model
    panel = load_panel() if markets == "industries" else load_countries()
    found: list[tuple[Array, Array]] = []
    real = LadderModel._frequency

    def spy(self, fell, waves, n_open):
        found.append((np.asarray(fell, dtype=float), codes(waves)))
        return real(self, fell, waves, n_open)

    with patch.object(LadderModel, "_frequency", spy):
        replace(model, n_shuffles=0).fit(panel)
    names = [*(f"{markets}, {rung:.0%}" for rung in model.rungs), f"{markets}, any two years"]
    for name, (fell, wave) in zip(names, found, strict=True):
        yield name, fell, wave, model.confidence


def measure_prices(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """Ladders of prices and base rates: crashes of one wave have something in common."""
    rng = np.random.default_rng(seed)
    for markets in ("industries", "countries"):
        for name, fell, wave, level in price_rungs(markets):
            p = float(fell.mean())
            alike = tetrachoric(in_common(fell, wave), p)
            held, before = [], []
            for _ in range(draws):
                z = np.sqrt(alike) * rng.normal(size=wave.max() + 1)[wave]
                z += np.sqrt(1 - alike) * rng.normal(size=len(wave))
                made = z < norm.ppf(p)
                held.append(holds(clustered_share(made, wave, confidence=level), p))
                drawn = percentiles(made, np.ones(len(made)), wave, level, rng)
                alone = wilson(int(made.sum()), len(made), confidence=level)
                before.append(holds(wider(alone, drawn), p))
            yield covered("price ladder", name, level, wave.max() + 1, held, before)


# ---- ladders of spending, by class and by who pays


def shared_parts(
    year: NDArray[np.int64],
    flow: NDArray[np.int64],
    block: NDArray[np.int64],
    y: Array,
    horizon: int,
    rng: np.random.Generator,
) -> Array:
    """Latent shares of what blocks, flows, years, block-years and flow-years have in common."""
    p = y.mean()
    e = (y - p) / np.sqrt(p * (1 - p))
    i, j = np.triu_indices(len(y), 1)
    if len(i) > 2_000_000:
        some = rng.choice(len(i), 2_000_000, replace=False)
        i, j = i[some], j[some]
    product, apart = e[i] * e[j], np.abs(year[i] - year[j])
    same_flow, same_block = flow[i] == flow[j], block[i] == block[j]

    def alike(pairs: NDArray[np.bool_]) -> float:
        return tetrachoric(float(product[pairs].mean()), p) if pairs.sum() > 20 else 0.0

    in_year = alike(~same_block & (apart == 0))
    in_block_year = alike(same_block & ~same_flow & (apart == 0))
    in_block = alike(same_block & ~same_flow & (apart >= horizon))
    in_flow = alike(same_flow & (apart >= horizon))
    next_year = alike(same_flow & (apart == 1))
    flows = max(in_flow - in_block, 0.0)
    both = max(in_block_year - in_block - in_year, 0.0)
    # Windows of neighbouring years overlap in all years but one.
    own = max(
        (next_year - in_block - flows) * horizon / max(horizon - 1, 1) - in_year - both, 0
    )
    parts = np.array([in_block, flows, in_year, both, own])
    return parts * min(1.0, 0.97 / parts.sum()) if parts.sum() > 0 else parts


def measure_spending(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """Ladders of spending: blocks of units and of years have something in common."""
    rng = np.random.default_rng(seed)
    for panel in ("industries", "countries", "firms"):
        flows, model = load_flows(panel), SpendingModel(panel)
        count, horizon, level = model._counted(flows), model._horizon, model.confidence
        unit = pd.factorize(flows.blocks)[0]
        start = int(np.argmax(count.cases.any(axis=1)))
        for k, name in enumerate(model.classes):
            at, flow = np.nonzero(count.cases & (count.group == k))
            blocks, times = codes(unit[flow]), codes((at - start) // TIME_BLOCKS.get(panel, 5))
            own, years = codes(flow), at - at.min()
            for o, outcome in enumerate(model.outcomes):
                y = count.fell[at, flow, o].astype(float)
                p, n = float(y.mean()), years.max() + 1
                parts = shared_parts(at, flow, unit[flow], y, horizon, rng)
                a, b, c, d, e = np.sqrt(parts)
                rest = np.sqrt(max(1 - parts.sum(), 0))
                held, before = [], []
                for _ in range(draws):
                    z = a * rng.normal(size=blocks.max() + 1)[blocks]
                    z += b * rng.normal(size=own.max() + 1)[own]
                    z += c * moving(rng, (n,), horizon)[years]
                    z += d * moving(rng, (blocks.max() + 1, n), horizon)[blocks, years]
                    z += e * moving(rng, (own.max() + 1, n), horizon)[own, years]
                    made = z + rest * rng.normal(size=len(y)) < norm.ppf(p)
                    ends = clustered_share(made, blocks, across=times, confidence=level)
                    held.append(holds(ends, p))
                    one = np.ones(len(made))
                    both = (percentiles(made, one, g, level, rng) for g in (blocks, times))
                    before.append(holds(wider(*both), p))
                fewest = min(blocks.max(), times.max()) + 1
                what = f"{panel}, {name}, {outcome}"
                yield covered("spending ladder", what, level, fewest, held, before)


# ---- gains and slopes out of sample


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a score was made of."""

    model: str
    scheme: str
    y: Array
    p: Array
    base: Array
    groups: Array | None
    also: Array | None
    across: Array | None
    confidence: float


SCORED = (innovation, crash_logit, crash_hazard, precedents, spending_skill)


def judged() -> Iterator[Judged]:
    """Every score of the models that are kept, refitted without permutations."""
    for name, fitter in fitters().items():
        known = getattr(fitter.model, "__dataclass_fields__", {})
        less = {"permutations": 0, "n_orders": 1, "n_simulated": 1, "n_shuffles": 0,
                "is_tested": False}  # fmt: skip
        found: list[Judged] = []

        def spy(y, p, base, *, found=found, name=name, **told):
            kept = {k: told.get(k) for k in ("groups", "also", "across")}
            level = told.get("confidence", 0.95)
            arrays = (np.asarray(a, dtype=float) for a in (y, p, base))
            found.append(Judged(name, told["scheme"], *arrays, **kept, confidence=level))
            return real_score(y, p, base, **told)

        with ExitStack() as stack:
            for module in SCORED:
                stack.enter_context(patch.object(module, "score", spy))
            if {"permutations", "n_orders", "is_tested"} & set(known) or name == "precedents":
                replace(fitter.model, **{k: v for k, v in less.items() if k in known}).fit()
        yield from found


def is_printed(one: Judged) -> bool:
    """Whether a score stands in the report: of spending the ladder on booms."""
    return "spending" not in one.model or "booms, ladder" in one.scheme


def layers(one: Judged, p: Array, rng: np.random.Generator) -> list[tuple[Array, float]]:
    """Clusters, and the latent share that each has in common: the coarse first."""
    n = len(one.y)
    groups = codes(one.groups) if one.groups is not None else np.arange(n)
    other = one.also if one.also is not None else one.across
    if other is None:
        return [(groups, common(p, one.y, groups, rng))]
    both = sorted((groups, codes(other)), key=lambda code: code.max())
    shares = [common(p, one.y, code, rng) for code in both]
    if one.also is not None:
        shares[1] = max(shares[1] - shares[0], 0.0)
    scale = min(1.0, 0.95 / max(sum(shares), 1e-9))
    return [(code, scale * r) for code, r in zip(both, shares, strict=True)]


def measure_gains(
    draws: int, *, scores: Sequence[Judged] | None = None, seed: int = SEED
) -> Iterator[Covered]:
    """Gains and slopes of what was said; outcomes of one group have something in common.

    What is said stays as it is; the truth of the gain is its mean over the outcomes, and that
    of the slope the line of outcomes on log odds from which they are drawn.
    """
    for one in judged() if scores is None else scores:
        if not is_printed(one) or len(np.unique(one.y)) < 2:
            continue
        what = f"{one.model}, {one.scheme}"
        # A seed of its own: what is measured does not depend on what was before it.
        rng = np.random.default_rng([seed, *what.encode()])
        said = np.clip(one.p, 1e-6, 1 - 1e-6)
        x = np.column_stack([np.ones(len(said)), np.log(said / (1 - said))])
        line = fit_firth(x, one.y, profile=False).beta
        p = np.clip(1 / (1 + np.exp(-x @ line)), 0.002, 0.998)
        parts = layers(one, p, rng)
        rest = np.sqrt(1 - sum(r for _, r in parts))
        event, other = (
            log_losses(np.full(len(p), v), one.base) - log_losses(np.full(len(p), v), said)
            for v in (1.0, 0.0)
        )
        truth = float((p * event + (1 - p) * other).mean())
        groups = codes(one.groups) if one.groups is not None else np.arange(len(p))
        more = [codes(g) for g in (one.also,) if g is not None]
        across = codes(one.across) if one.across is not None else None
        together = [groups, *more, *([] if across is None else [across])]
        alone = len(together) == 1 and one.groups is None
        held: dict[str, list[bool]] = {"gain": [], "slope": []}
        before: dict[str, list[bool]] = {"gain": [], "slope": []}
        # A slope takes a fit for each sample, of many cases a slow one.
        n_slopes = min(draws, max(100, int(1e6 / len(p))))
        for k in range(draws):
            z = rest * rng.normal(size=len(p))
            for code, r in parts:
                z += np.sqrt(r) * rng.normal(size=code.max() + 1)[code]
            y = (z < norm.ppf(p)).astype(float)
            gains = np.where(y > 0.5, event, other)
            level, size = one.confidence, np.ones(len(p))
            ends = [
                clustered_ratio(gains, g, across=across, confidence=level)
                for g in (groups, *more)
            ]
            held["gain"].append(holds(wider(*ends), truth))
            if k < BEFORE:
                drawn = [percentiles(gains, size, g, level, rng) for g in together]
                before["gain"].append(holds(wider(*drawn), truth))
            if k < n_slopes and np.ptp(y) > 0 and np.ptp(x[:, 1]) > 1e-9:
                low, high = calibrate(y, said, () if alone else together)[2:]
                held["slope"].append(holds((low, high), line[1]))
                if k < BEFORE and (len(p) < MANY or k < FEW):
                    low, high = calibrate(y, said)[2:]
                    before["slope"].append(holds((low, high), line[1]))
        fewest = min(int(code.max()) + 1 for code in together)
        yield covered("gain", what, one.confidence, fewest, held["gain"], before["gain"])
        if held["slope"]:
            yield covered("slope", what, 0.95, fewest, held["slope"], before["slope"])


# ---- coefficients, and what models say


def measure_panel(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """The panel of industries: coefficients, and the probabilities of the industries of AI."""
    rng = np.random.default_rng(seed)
    conditions, model = load_conditions(), crash_logit.PANEL
    fit = model.fit(conditions, scored=False)
    whole = model.table(conditions)
    table = whole.dropna()
    months = pd.PeriodIndex(table.index.get_level_values("month"))
    industry = codes(table.index.get_level_values("industry"))
    step = codes(months.year * 2 + (months.month > 6))
    era = np.searchsorted(np.array(list(crash_logit.ERAS.values())), months.year)
    y, p = table["label"].to_numpy(), fit.predict_proba(table.reset_index(drop=True))
    e = (y - p) / np.sqrt(p * (1 - p))
    i, j = np.triu_indices(len(y), 1)
    some = rng.choice(len(i), 2_000_000, replace=False)
    i, j = i[some], j[some]
    product, apart = e[i] * e[j], np.abs(step[i] - step[j])
    same = industry[i] == industry[j]
    share = y.mean()
    in_step = tetrachoric(float(product[~same & (apart == 0)].mean()), share)
    in_era = tetrachoric(
        float(product[~same & (apart >= 10) & (era[i] == era[j])].mean()), share
    )
    ahead = pd.DataFrame({"step": step, "industry": industry, "e": e})
    pairs = ahead.merge(ahead.assign(step=ahead["step"] - 1), on=["step", "industry"])
    next_step = tetrachoric(float((pairs["e_x"] * pairs["e_y"]).mean()), share)
    # Two years are four looks: those of neighbouring ones overlap in three quarters.
    steps = max(in_step - in_era, 0.0)
    own = max((next_step - in_era) / 0.75 - steps, 0.0)
    scale = min(1.0, 0.97 / (in_era + steps + own))
    a, b, c = np.sqrt(scale * np.array([in_era, steps, own]))
    rest = np.sqrt(1 - a * a - b * b - c * c)
    target = crash_logit._features(fit, conditions, AI_INDUSTRIES)
    truth, held, betas, ends = fit.predict(target)["p"].to_numpy(), [], [], []
    most, n = step.max() + 1, industry.max() + 1
    for _ in range(draws):
        z = a * rng.normal(size=era.max() + 1)[era] + b * moving(rng, (most,), 4)[step]
        z += c * moving(rng, (n, most), 4)[industry, step] + rest * rng.normal(size=len(p))
        made = whole.copy()
        made.loc[table.index, "label"] = (z < norm.ppf(p)).astype(float)
        with patch.object(crash_logit.RunUpLogit, "table", lambda self, c, made=made: made):
            new = model.fit(conditions, scored=False)
        said = new.predict(target)
        held += ((said["low"] <= truth) & (truth <= said["high"])).tolist()
        betas.append(new.params.to_numpy())
        ends.append(new.intervals.to_numpy())
    # Probabilities of one sample stand or fall together: each sample counts once in the error.
    yield _by_sample("probability", "panel, industries of AI", 0.95, new.clusters, held, draws)
    middle, both = np.mean(betas, axis=0), np.stack(ends)
    inside = (both[..., 0] <= middle) & (middle <= both[..., 1])
    yield _by_sample("coefficient", "panel, about its mean", 0.95, new.clusters, inside, draws)


def _by_sample(
    kind: str, what: str, nominal: float, clusters: int, held: object, draws: int
) -> Covered:
    shares = np.asarray(held, dtype=float).reshape(draws, -1).mean(axis=1)
    error = float(shares.std(ddof=1) / np.sqrt(draws))
    return Covered(kind, what, nominal, clusters, float(shares.mean()), error, np.nan, draws)


def measure_which(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """Which industries of a month: coefficients, and the gain by eras.

    Outcomes are drawn as where the power of its test is simulated: as many crashes in each
    month as there were, the effect as fitted. The truth is the mean over the samples.
    """
    rng = np.random.default_rng(seed)
    model = crash_which.WhichLogit()
    table = model.table(load_conditions())
    terms = list(crash_which.MODELS["both"])
    told = crash_which.Months.of(table, terms)
    index = told.x @ told.fit(told.telling)[0]
    apart = crash_which._apart(
        len(crash_which.shifted_gains(table, terms, model.rule.reach)), 0
    )
    betas, reaches, gains, ends = [], [], [], []
    for _ in range(draws):
        made = crash_which.shifted(table, int(rng.choice(apart)))
        effect = pd.Series(index, table.index).reindex(made.index).to_numpy()
        label = crash_which._Noise(made, rng).crashed(effect)
        one = crash_which.Months.of(made.assign(label=label), terms)
        beta, kept = one.fit_fewer(one.telling)
        if kept < len(terms):
            continue
        robust, blocks = crash_which._by_blocks(one, beta)
        betas.append(beta)
        reaches.append(t_reach(model.confidence, blocks) * np.sqrt(np.diag(robust)))
        said = crash_which.left_out(one, model.rule.reach)
        score = model._score(one, said, "an era at a time")
        gains.append(score.gain)
        ends.append((score.gain_low, score.gain_high))
    middle, level = np.mean(betas, axis=0), model.confidence
    inside = np.abs(np.array(betas) - middle) <= np.array(reaches)
    what = "which industries, about its mean"
    yield _by_sample("coefficient", what, level, blocks, inside, len(betas))
    held = [holds(pair, float(np.mean(gains))) for pair in ends]
    yield covered("gain", f"{model.name}, an era at a time, refitted", level, 8, held)


def measure_hazard(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """The hazard: what it says of run-ups at their crossing, whose crashes come in waves."""
    rng = np.random.default_rng(seed)
    model, conditions = crash_hazard.CrashHazard(is_tested=False), load_conditions()
    spells = model.spells(conditions)
    fit = model.fit(conditions, scored=False)
    features, reach = list(model.features), model.rule.reach
    whole = spells.dropna(subset=features)
    months = whole.index.get_level_values("month")
    wave = codes(number_waves([m.ordinal for m in months], months=reach))
    clock = np.log(np.arange(1, reach + 1))
    line = fit.params[features].to_numpy()
    odds = fit.params["intercept"] + whole[features].to_numpy() @ line
    odds = odds[:, None] + fit.params[crash_hazard.CLOCK] * clock[None, :]
    left = np.cumprod(1 / (1 + np.exp(odds)), axis=1)
    truth, fell = 1 - left[:, -1], whole["crashed"].to_numpy(dtype=float)
    # Two years, and of a run-up whose two years are not over the months on record.
    seen = np.where(whole["is_complete"], reach, whole["months"])
    part = common(np.clip(truth, 0.002, 0.998), fell, wave, rng)
    asked = rng.choice(len(whole), 8, replace=False)
    held = []
    for _ in range(draws):
        z = np.sqrt(part) * rng.normal(size=wave.max() + 1)[wave]
        u = norm.cdf(z + np.sqrt(1 - part) * rng.normal(size=len(whole)))
        # The month in which the chance of having been spared falls below what was drawn.
        month = (left >= 1 - u[:, None]).sum(axis=1) + 1
        made = whole.assign(months=np.minimum(month, seen), crashed=month <= seen)
        with patch.object(crash_hazard.CrashHazard, "spells", lambda self, c, m=made: m):
            try:
                new = model.fit(conditions, scored=False)
            except DataError:
                continue  # too few crashes for so many slopes: nothing is printed then
        for k in asked:
            low, high = crash_hazard.crash_within(new, whole.iloc[k])[1:]
            held.append(holds((low, high), float(truth[k])))
    what = "hazard, run-ups at their crossing"
    n = len(held) // len(asked)
    yield _by_sample("probability", what, 0.95, new.clusters, held, n)


def measure_innovations(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """The logit of innovations: slopes by the profile, and the odds of AI."""
    rng = np.random.default_rng(seed)
    model = innovation.InnovationLogit(permutations=0)
    fit = model.fit(scored=False)
    cases, p = fit.cases, fit.predict_proba(fit.cases)
    settled = settled_covariates("unfinished")
    row = settled.loc[[innovation.AI], list(fit.terms)].astype(float)
    truth = float(fit.predict(row)["p"].iloc[0])
    slopes = fit.params.to_numpy()[1:]
    held, inside = [], []
    told = {k: getattr(fit, k) for k in ("name", "lens", "title")}
    for _ in range(draws):
        label = pd.Series((rng.random(len(p)) < p).astype(float), cases.index)
        if min(label.sum(), len(label) - label.sum()) < 4 * len(slopes):
            continue
        new = fit_logit(cases[list(fit.terms)], label, settings={}, **told)
        ends = new.intervals.to_numpy()[1:]
        inside.append(((ends[:, 0] <= slopes) & (slopes <= ends[:, 1])).tolist())
        said = new.predict(row).iloc[0]
        held.append(holds((said["low"], said["high"]), truth))
    n = len(cases)
    yield _by_sample("coefficient", "innovations", 0.95, n, inside, len(inside))
    yield covered("probability", "innovations, AI", 0.95, n, held)


def measure_place(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """Mean rank among build-outs of the same age; those of one innovation are alike."""
    rng = np.random.default_rng(seed)
    model = landmark.LandmarkModel()
    target = load_buildout("ai-capex-five")
    place, _, among = landmark._placed(model.ranked(known_buildouts()), target)
    x = among[list(landmark.RANKED)].to_numpy()
    normal = norm.ppf((pd.DataFrame(x).rank().to_numpy() - 0.5) / len(x))
    group = codes(among["innovation"])
    pairs = np.triu_indices(len(x), 1)
    same = group[pairs[0]] == group[pairs[1]]
    alike = float(np.clip((normal[pairs[0]] * normal[pairs[1]])[same].mean(), 0, 0.9))
    across = np.linalg.cholesky(
        np.clip(np.corrcoef(normal.T), -0.9, 0.9) * 0.95 + 0.05 * np.eye(x.shape[1])
    )
    n = group.max() + 1
    values = np.full(x.shape[1], norm.ppf(place.score))
    held, before = [], []
    for _ in range(draws):
        own = rng.normal(size=x.shape) @ across.T
        z = np.sqrt(1 - alike) * own
        z += np.sqrt(alike) * (rng.normal(size=(n, x.shape[1])) @ across.T)[group]
        made = among.assign(**dict(zip(landmark.RANKED, z.T, strict=True)))
        grouped = [z[group == g] for g in range(n)]
        score = float(drawn_ranks(values, grouped, np.arange(n)[None])[0])
        held.append(holds(landmark._ends(made, values, score), place.score))
        drawn = drawn_ranks(values, grouped, rng.integers(n, size=(BOOTSTRAP, n)))
        low, high = np.quantile(drawn, [0.025, 0.975])
        before.append(holds((float(low), float(high)), place.score))
    yield covered("mean rank", "build-outs of the same age", 0.95, n, held, before)


# ---- forecasts and gauges


def measure_forecasts(draws: int = 0, *, seed: int = SEED) -> Iterator[Covered]:
    """What firms of a class spent a year or two later: each start year told by the others."""
    dollars = load_flows("firms").dollars.to_numpy(dtype=float)
    edges, level = np.array(EDGES["firms"]), own_answers.LEVEL
    for years in (1, 2):
        n = len(dollars) - own_answers.YEARS - years
        first = own_answers.YEARS
        start, past, end = dollars[first : first + n], dollars[:n], dollars[first + years :]
        with np.errstate(divide="ignore", invalid="ignore"):
            rise = np.where(past > 0, start / past - 1, np.nan)
            ratio = end / start
        keep = (start >= FLOORS["firms"]) & np.isfinite(rise) & np.isfinite(ratio)
        group = np.digitize(rise, edges)
        shares = []
        for t in range(n):
            inside, n_inside = 0, 0
            for k in np.unique(group[t][keep[t]]):
                mine = keep & (group == k)
                others = np.delete(ratio, t, axis=0)[np.delete(mine, t, axis=0)]
                if len(others) < 10:
                    continue
                low, high = np.quantile(others, [(1 - level) / 2, (1 + level) / 2])
                own = ratio[t][mine[t]]
                inside += int(((own >= low) & (own <= high)).sum())
                n_inside += len(own)
            if n_inside:
                shares.append(inside / n_inside)
        error = float(np.std(shares, ddof=1) / np.sqrt(len(shares)))
        what = f"firms of a class, {years} year{'s' * (years > 1)} later"
        share = float(np.mean(shares))
        yield Covered("forecast", what, level, len(shares), share, error, np.nan, len(shares))


SLOW = ("psy-", "lppls-", "own-runup")
"""Gauges whose readings take minutes; their intervals are made as those of the others."""


TRUTH = 3000
"""Samples of their own from which the mean gain of a gauge is known: a few of them lose much,
so that the mean of hundreds is not near enough."""


def measure_gauges(draws: int, *, seed: int = SEED) -> Iterator[Covered]:
    """Gains of public gauges: outcomes drawn anew in the blocks of their plan.

    Where most samples have nearly the same gain, coverage hangs on the last digits of the mean:
    the error is that of the intervals with that of the mean, one error of it up and down.
    """
    rng, apart = np.random.default_rng(seed).spawn(2)
    for line in load_scoreboard().lines:
        if line.key.startswith(SLOW) or not line.scored:
            continue
        gauge = find_gauge(line.key)
        target = find_target(gauge.target)
        levels, signal = target.levels(), gauge.readings().signal
        signal = signal.reindex(columns=levels.columns)
        fell = scoreboard.falls(levels, target.fall, target.horizon)
        case = scoreboard._case(signal, fell, target.horizon)
        often = scoreboard.per_year(levels.index)
        span = scoreboard._block_years(case.horizon / often)
        said = partial(_gauge_again, case, scoreboard._pieces(case), span * often)
        samples = (said(apart) for _ in range(TRUTH))
        gains = [_gain(*rest) for at, *rest in samples if len(at) >= 10]
        ends = []
        for _ in range(draws):
            at, p, base, y = said(rng)
            if len(at) >= 10:
                told = {"period": signal.index[at], "p": p, "base": base, "y": y}
                ends.append(scoreboard._interval(pd.DataFrame(told), years=span))
        if not ends:
            continue
        truth, off = float(np.mean(gains)), float(np.std(gains) / np.sqrt(len(gains)))
        held, *beside = (
            [holds(pair, value) for pair in ends] for value in (truth, truth - off, truth + off)
        )
        years = (signal.index[-1].year - signal.index[0].year) // span + 1
        found = covered("gauge", line.key, 0.95, years, held)
        shares = [float(np.mean(one)) for one in (held, *beside)]
        yield replace(found, error=float(np.hypot(found.error, np.ptp(shares) / 2)))


def _gauge_again(
    case: scoreboard._Case, pieces: object, block: int, rng: np.random.Generator
) -> tuple[Array, ...]:
    """What a gauge says of outcomes drawn anew: row, both probabilities, outcome."""
    n = len(case.outcome)
    starts = rng.integers(0, n, size=-(-n // block))
    order = (starts[:, None] + np.arange(block)[None, :]).ravel()[:n] % n
    outcome = scoreboard._turned(case, case.outcome[order], pieces, rng)
    p, base, y = (np.empty(case.signal.shape) for _ in range(3))
    rest = (case.horizon, case.weight, case.start)
    gauge_said(case.signal, case.rows, outcome, 0, *rest, p, base, y)
    at = np.nonzero(~np.isnan(p))
    return at[0], p[at], base[at], y[at]


def _gain(p: Array, base: Array, y: Array) -> float:
    """Mean gain in log probability over the base rate."""
    return float(np.where(y > 0.5, np.log(p / base), np.log((1 - p) / (1 - base))).mean())


# ---- promises

Measure = Callable[[int], Iterator[Covered]]
FULL: dict[str, tuple[Measure, int]] = {
    "prices": (measure_prices, 4000),
    "spending": (measure_spending, 1000),
    "gains": (measure_gains, 1000),
    "panel": (measure_panel, 300),
    "which": (measure_which, 300),
    "hazard": (measure_hazard, 300),
    "innovations": (measure_innovations, 1000),
    "place": (measure_place, 2000),
    "forecasts": (measure_forecasts, 0),
    "gauges": (measure_gauges, 300),
}
"""Measurement, and the draws behind the table that is kept."""


def table() -> pd.DataFrame:
    """What was measured before: the table ``coverage``."""
    return load("coverage").frame


def compare(found: Sequence[Covered]) -> Finding:
    """Whether what was measured now agrees with the table, and covers or is said not to."""
    kept = table().set_index(["kind", "interval"])
    off, short = [], []
    for one in found:
        row = kept.loc[(one.kind, one.what)]
        error = float(np.hypot(one.error, row["error"]))
        if abs(one.coverage - row["coverage"]) > SURE * error + 0.01:
            off.append(f"{one.what}: {one.coverage:.1%}, kept {row['coverage']:.1%}")
        if one.is_short and not row["labelled"]:
            short.append(one.what)
    bad = [*off, *(f"{what}: too narrow" for what in short)]
    if bad:
        return Finding(f"{len(bad)} of {len(found)} intervals: {bad[0]}", holds=False)
    return Finding(summary(found), holds=True)


def summary(found: Sequence[Covered]) -> str:
    """Ranges of coverage by kind and level."""
    parts = []
    for kind in dict.fromkeys(one.kind for one in found):
        for level in sorted({one.nominal for one in found if one.kind == kind}):
            mine = [o for o in found if (o.kind, o.nominal) == (kind, level)]
            low, high = (f(o.coverage for o in mine) for f in (min, max))
            error = max(o.error for o in mine)
            parts.append(
                f"{kind}, {len(mine)} at {level:.0%}: {low:.0%} to {high:.0%} "
                f"(error up to {100 * error:.1f})"
            )
    return "; ".join(parts)


def _trial(name: str, draws: int) -> Callable[[], Finding]:
    return lambda: compare(list(FULL[name][0](draws)))


PROMISES = (
    Promise(
        "coverage-prices",
        "95% intervals of ladders of prices and of base rates hold the truth as often as they "
        "say, less two points and two errors of the simulation, in samples whose crashes come "
        "in waves as ours do",
        _trial("prices", 4000),
        1,
    ),
    Promise(
        "coverage-spending",
        "90% intervals of ladders of spending hold the truth in 88% or more of samples in "
        "which units and years go together as ours do, or the table coverage says of which not",
        _trial("spending", 200),
        3,
    ),
    Promise(
        "coverage-gains",
        "intervals of gains and calibration slopes out of sample hold the truth as often as "
        "they say, less two points, or the table coverage says of which not",
        _trial("gains", 200),
        15,
    ),
    Promise(
        "coverage-models",
        "intervals of coefficients and of probabilities of the models hold the truth as often "
        "as they say, less two points, or the table coverage says of which not",
        lambda: compare(
            [
                one
                for name, draws in {
                    "panel": 60, "which": 60, "hazard": 60, "innovations": 200, "place": 400
                }.items()
                for one in FULL[name][0](draws)
            ]
        ),
        8,
    ),
    Promise(
        "coverage-forecasts",
        "the table coverage says how often ranges of forecasts and intervals of public gauges "
        "hold the truth",
        lambda: compare([*measure_forecasts(), *measure_gauges(100)]),
        3,
    ),
)  # fmt: skip
