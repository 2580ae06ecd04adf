"""Lens 2 as a discrete-time hazard: month by month after a run-up, when does the crash come?

A row a month at risk: from the crossing of a run-up until the fall of 40% or the end of two
years, whichever is first. Run-ups whose two years are not over count for the months that are
on record, which a table of frequencies cannot do; and an industry that crossed some months ago
can be asked about the months that are left.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Level, Natural, checked
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_flic, log_loss_gain, try_flic
from manias.evaluation.calibration import Folds
from manias.evaluation.clusters import fewest_clusters
from manias.evaluation.logit import LogitResults, fit_logit
from manias.evaluation.scores import SEED, Scores, rank_auc, score
from manias.evaluation.skill import Rule, permutation_p, simulate_rule
from manias.lenses.base import OUTSIDE, Answer, first_score, refuse_later
from manias.lenses.crash_logit import (
    BLOCK,
    ERAS,
    cluster_covariance,
    era_folds,
    turned_labels,
)
from manias.lenses.features import Conditions, load_conditions, measure_features
from manias.lenses.price_logit import index_conditions
from manias.series.indices import Index, crossings
from manias.series.runups import RunUpRule, date_runups

Array = NDArray[np.float64]
AT_CROSSING = ("runup", "volatility", "volatility_change", "acceleration", "cape")
"""Fixed before any fit: what an index alone can tell in the month of its crossing."""
CLOCK = "log_month"
"""Log of the months since the crossing: the baseline of the hazard."""
TURNED = "times and outcomes of run-ups turned in time"
DRAWS = 999


@checked
@dataclass(frozen=True, slots=True)
class CrashHazard:
    """Settings of the hazard of a crash after a run-up; holds no data.

    Attributes
    ----------
    features : tuple of str
        Of `manias.lenses.features.FEATURES`, taken in the month of the crossing.
    rule : RunUpRule
        Run-ups of 50% and more by default.
    is_tested : bool
        Whether a score is tested: times and outcomes of the run-ups whose two years are over
        are turned together as a ring, in the order of their months, once by each number of
        steps, so that what came in one wave stays together.
    """

    name: ClassVar[str] = "runup-hazard"
    revision: ClassVar[int] = 3
    features: tuple[str, ...] = AT_CROSSING
    rule: RunUpRule = field(default_factory=lambda: RunUpRule(threshold=0.5))
    is_tested: bool = True

    def __post_init__(self) -> None:
        if self.rule.drawdown != "within":
            raise InputError(f"drawdown={self.rule.drawdown!r}: expected 'within' for a hazard")

    @checked
    def spells(self, conditions: Conditions) -> pd.DataFrame:
        """Lay out the run-ups: features at the crossing, months at risk, how they ended.

        Parameters
        ----------
        conditions : Conditions
            Cut it with ``as_of`` to leave the future out.

        Returns
        -------
        pandas.DataFrame
            By month of crossing and industry: the features, ``months`` at risk, ``crashed``
            (1.0 where the last of them brought the fall) and ``is_complete`` (whether all
            months of the horizon are on record).

        Examples
        --------
        >>> table = CrashHazard().spells(load_conditions().as_of("2014-03"))
        >>> len(table), int(table.query("is_complete")["crashed"].sum())
        (205, 52)
        """
        panel, reach = conditions.panel, self.rule.reach
        rows = []
        for r in date_runups(panel, self.rule):
            after = panel.returns.loc[r.crossing + 1 : r.crossing + reach, r.industry]
            months, crashed = first_fall(after.to_numpy(), self.rule.crash)
            rows.append((r.crossing, r.industry, months, crashed, r.is_complete))
        names = ["month", "industry", "months", "crashed", "is_complete"]
        table = pd.DataFrame(rows, columns=names).set_index(["month", "industry"])
        return measure_features(conditions, self.features).reindex(table.index).join(table)

    @checked
    def fit(self, conditions: Conditions | None = None, *, scored: bool = True) -> LogitResults:
        """Fit to the months at risk.

        Parameters
        ----------
        conditions : Conditions, optional
            `manias.lenses.features.load_conditions` by default.
        scored : bool
            Whether to score out of sample: whole eras left out, one probability a run-up
            whose two years are over.

        Returns
        -------
        LogitResults
            Of the hazard of a month: ``n`` counts months at risk, ``events`` crashes. Errors
            are clustered by industry and by block of years.

        Raises
        ------
        DataError
            If too few crashes are on record for so many features.

        References
        ----------
        Allison (1982), Sociological Methodology 13, 61-98: the hazard in discrete time as a
        logit on a row for each period at risk. `manias.evaluation._firth.fit_firth` for the
        penalty.

        Examples
        --------
        >>> fit = CrashHazard().fit(load_conditions().as_of("2014-03"), scored=False)
        >>> fit.terms[-1], fit.events
        ('log_month', 52)
        """
        conditions = conditions or load_conditions()
        spells = self.spells(conditions).dropna(subset=list(self.features))
        spells = spells[spells["months"] > 0]
        if spells.empty:
            raise DataError("no run-up with all features; expected some")
        frame, label, case = at_risk(spells, self.features)
        x = np.column_stack([np.ones(len(frame)), frame.to_numpy()])
        beta = fit_flic(x, label, np.zeros(x.shape[1]))
        months = pd.PeriodIndex(spells.index.get_level_values("month"))
        industries = spells.index.get_level_values("industry").to_numpy()
        clusters = industries[case], (months.year.to_numpy() // BLOCK)[case]
        results = fit_logit(
            frame,
            pd.Series(label, frame.index),
            name=self.name,
            lens="run-up",
            title="Hazard of a crash, month by month after a run-up of 50% and more",
            settings=self.settings(),
            provenance=conditions.provenance(self.features),
            covariance=cluster_covariance(x, label, beta, *clusters),
            clusters=fewest_clusters(*clusters),
            keep_cases=False,
            mark=conditions.mark,
        )
        if not scored:
            return results
        scores, rule = self._score(spells, months, results)
        return results.with_scores(scores, rule=rule)

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {
            "features": list(self.features),
            "rule": asdict(self.rule),
            "is_tested": self.is_tested,
            "revision": self.revision,
            "eras": dict(ERAS),
            "block": BLOCK,
        }

    def _score(
        self, spells: pd.DataFrame, months: pd.PeriodIndex, results: LogitResults
    ) -> tuple[Scores, Rule | None]:
        x, reach = spells[list(self.features)].to_numpy(), self.rule.reach
        last = spells["months"].to_numpy()
        crashed, whole = spells["crashed"].to_numpy(), spells["is_complete"].to_numpy()
        groups, folds = era_folds(months, reach)
        p, base = _predict(x, last, crashed, whole, folds, reach)
        told = whole & np.isfinite(p)
        own = log_loss_gain(crashed[told], p[told], base[told])

        def gain(times: NDArray[np.intp], outcomes: Array) -> float:
            """Of other times and outcomes of the run-ups whose two years are over."""
            m, y = last.copy(), crashed.copy()
            m[whole], y[whole] = times, outcomes
            p, base = _predict(x, m, y, whole, folds, reach)
            return log_loss_gain(y[told], p[told], base[told])

        null, rule = np.empty(0), None
        if self.is_tested:
            turns = [
                order.astype(int)
                for order in turned_labels(np.arange(whole.sum(), dtype=float), months[whole])
            ]
            times, outcomes = last[whole], crashed[whole]
            null = np.array([gain(times[order], outcomes[order]) for order in turns])
            rng = np.random.default_rng(SEED)
            fallen = times[outcomes > 0.5]

            def gains(labels: Array) -> Array:
                """Of outcomes alone: a crash comes after as many months as some crash did."""
                when = rng.choice(fallen, size=labels.shape)
                return np.array(
                    [
                        gain(m, y)
                        for m, y in zip(np.where(labels, when, reach), labels, strict=True)
                    ]
                )

            rule = simulate_rule(
                TURNED,
                outcomes,
                _within(results.params, x[whole], reach),
                null,
                gains,
                drawn=lambda rng, n: np.stack(
                    [outcomes[turns[i]] for i in rng.integers(len(turns), size=n)]
                ),
                clusters=pd.factorize(
                    pd.MultiIndex.from_arrays(
                        [spells.index.get_level_values("industry"), months.year // BLOCK]
                    )[whole]
                )[0],
            )
        y = crashed[told]
        scores = score(
            y,
            p[told],
            base[told],
            scheme="one era at a time",
            groups=groups[told],
            auc=rank_auc(y, p[told]),
            permutation_p=permutation_p(own, null) if self.is_tested else np.nan,
            permutations=len(null),
            lost_folds=len(np.unique(groups[whole & ~np.isfinite(p)])),
            lost_permutations=int(np.isnan(null).sum()),
        )
        return scores, rule


def first_fall(returns: Array, depth: float) -> tuple[int, float]:
    """Months until a fall from the highest level since the start, if it came.

    Parameters
    ----------
    returns : ndarray, shape (m,)
        Of the months after the start, decimals; counted up to the first that is missing.
    depth : float
        0.4 for a fall of 40%.

    Returns
    -------
    months : int
        Months at risk, the last being that of the fall where it came.
    fell : float
        1.0 or 0.0.

    Examples
    --------
    >>> first_fall(np.array([0.5, -0.2, -0.3, 0.1]), 0.4), first_fall(np.array([0.1]), 0.4)
    ((3, 1.0), (1, 0.0))
    """
    gaps = np.flatnonzero(~np.isfinite(returns))
    returns = returns[: gaps[0]] if len(gaps) else returns
    level = np.r_[1.0, np.cumprod(1 + returns)]
    fall = level[1:] / np.maximum.accumulate(level)[1:] - 1
    deep = np.flatnonzero(fall <= -depth)
    return (int(deep[0]) + 1, 1.0) if len(deep) else (len(returns), 0.0)


def at_risk(
    spells: pd.DataFrame, features: tuple[str, ...]
) -> tuple[pd.DataFrame, Array, NDArray[np.intp]]:
    """Spread run-ups over their months at risk.

    Parameters
    ----------
    spells : pandas.DataFrame
        m run-ups, with ``months`` and ``crashed``.
    features : tuple of str

    Returns
    -------
    frame : pandas.DataFrame
        Shape (n, k + 1), a row a month at risk: the features and `CLOCK`.
    label : ndarray, shape (n,)
        1 in the month of a crash.
    case : ndarray, shape (n,)
        Position of the run-up of each row.
    """
    months = spells["months"].to_numpy()
    case = np.repeat(np.arange(len(spells)), months)
    month = np.concatenate([np.arange(1, m + 1) for m in months])
    frame = spells[list(features)].iloc[case].assign(**{CLOCK: np.log(month)})
    label = (month == months[case]) * spells["crashed"].to_numpy()[case]
    return frame.reset_index(drop=True), label.astype(float), case


@checked
def crash_within(
    results: LogitResults, row: pd.Series, *, elapsed: Natural = 0, confidence: Level = 0.95
) -> tuple[float, float, float]:
    """Chance that the crash comes in what is left of the two years after a crossing.

    Parameters
    ----------
    results : LogitResults
        Of `CrashHazard`.
    row : pandas.Series
        Features in the month of the crossing.
    elapsed : int
        Months since then without the fall.
    confidence : float

    Returns
    -------
    p, low, high : float
        ``1 - prod(1 - h)`` over the months left; the interval is of draws of the coefficients
        from Student's law on one degree of freedom fewer than there are clusters.

    Raises
    ------
    InputError
        If no month is left, or a feature is missing.

    Examples
    --------
    >>> fit = CrashHazard().fit(scored=False)
    >>> row = CrashHazard().spells(load_conditions()).iloc[40]
    >>> whole, part = (crash_within(fit, row, elapsed=m)[0] for m in (0, 18))
    >>> 0 < part < whole < 1
    True
    """
    horizon = int(results.settings["rule"]["horizon"])
    if not 0 <= elapsed < horizon:
        raise InputError(f"elapsed={elapsed}: expected 0 to {horizon - 1} months")
    names = [t for t in results.terms if t != CLOCK]
    values = row[names].to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise InputError(f"{names[int(np.flatnonzero(~np.isfinite(values))[0])]} is missing")
    months = np.log(np.arange(elapsed + 1, horizon + 1))
    x = np.column_stack([np.ones(len(months)), np.tile(values, (len(months), 1)), months])
    beta = results.params[["intercept", *names, CLOCK]].to_numpy()
    cover = results.covariance.loc[["intercept", *names, CLOCK], ["intercept", *names, CLOCK]]
    rng = np.random.default_rng(SEED)
    drawn = rng.multivariate_normal(np.zeros(len(beta)), cover.to_numpy(), DRAWS)
    freedom = results.clusters - 1
    drawn = beta + drawn * np.sqrt(freedom / rng.chisquare(freedom, DRAWS))[:, None]
    every = 1 - np.prod(1 / (1 + np.exp(drawn @ x.T)), axis=1)
    low, high = np.quantile(every, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(1 - np.prod(1 / (1 + np.exp(x @ beta)))), float(low), float(high)


@checked
def answer_hazard(results: LogitResults, index: Index, *, target: str = "ai") -> Answer:
    """Ask the hazard of an index that is inside the two years after a run-up.

    Parameters
    ----------
    results : LogitResults
        Of `CrashHazard`; for a past date, fitted on nothing later than it.
    index : Index
        Cut at the date of interest.
    target : str

    Returns
    -------
    Answer
        The base is the same for a run-up of mean features at its crossing.

    Raises
    ------
    DataError
        If no run-up of the size began in the last two years, or its fall has come.
    InputError
        In a library with a day, if the fit saw more than it.

    Examples
    --------
    >>> from manias.series.indices import ai_indices
    >>> answer_hazard(CrashHazard().fit(scored=False), ai_indices()["qqq"])
    Traceback (most recent call last):
    manias.errors.DataError: qqq: no run-up of 50% began in the 24 months to 2026-07
    """
    refuse_later(results)
    rule = RunUpRule(**results.settings["rule"])
    starts = crossings(index, rule)
    if not starts or (elapsed := (index.last - starts[-1]).n) >= rule.horizon:
        raise DataError(
            f"{index.key}: no run-up of {rule.threshold:.0%} began in the {rule.horizon} "
            f"months to {index.last}"
        )
    start = starts[-1]
    levels = index.levels[start:]
    if first_fall(levels.pct_change().iloc[1:].to_numpy(), rule.crash)[1]:
        raise DataError(f"{index.key}: the fall has come since the run-up of {start}")
    names = [t for t in results.terms if t != CLOCK]
    row = measure_features(index_conditions(index), tuple(names)).loc[start].iloc[0]
    if missing := [n for n in names if not np.isfinite(row[n])]:
        raise DataError(f"{index.key}: no {' and no '.join(missing)} in {start}")
    p, low, high = crash_within(results, row, elapsed=elapsed)
    clock = pd.Series({CLOCK: np.log(elapsed + 1)})
    supported = bool(
        results.predict(pd.concat([row, clock]).to_frame().T)["is_supported"].iloc[0]
    )
    return Answer.of(
        results,
        target=target,
        as_of=str(index.last),
        measure=f"probability of a fall of {rule.crash:.0%} in the "
        f"{rule.horizon - elapsed} months left of two years after the run-up of {start}",
        value=p,
        low=low,
        high=high,
        base=crash_within(results, results.centre[names], elapsed=elapsed)[0],
        n=results.n,
        events=results.events,
        scores=first_score(results),
        is_supported=supported,
        grade=index.grade,
        reasons=[] if supported else [OUTSIDE],
    )


def _predict(
    x: Array, months: NDArray[np.intp], crashed: Array, whole: Array, folds: Folds, reach: int
) -> tuple[Array, Array]:
    """Chance of a crash within the horizon of each run-up, and the share among the others."""
    p, base = np.full(len(x), np.nan), np.full(len(x), np.nan)
    clock = np.log(np.arange(1, reach + 1))
    start = np.zeros(x.shape[1] + 2)
    for train, test in folds:
        told = train[whole[train]]
        if not len(told) or not 0 < crashed[told].sum() < len(told):
            continue
        case = np.repeat(train, months[train])
        month = np.concatenate([np.arange(1, m + 1) for m in months[train]])
        design = np.column_stack([np.ones(len(case)), x[case], np.log(month)])
        label = ((month == months[case]) * crashed[case]).astype(float)
        beta = try_flic(design, label, start)
        if not np.isfinite(beta).all():
            continue
        start = beta
        eta = np.column_stack([np.ones(len(test)), x[test]]) @ start[:-1]
        p[test] = 1 - np.prod(1 / (1 + np.exp(eta[:, None] + start[-1] * clock)), axis=1)
        base[test] = crashed[told].mean()
    return p, base


def _within(params: pd.Series, x: Array, reach: int) -> Array:
    """Chance of a crash within the horizon of each run-up, by a fit to all of them."""
    eta = params["intercept"] + x @ params.drop(["intercept", CLOCK]).to_numpy()
    clock = params[CLOCK] * np.log(np.arange(1, reach + 1))
    return 1 - np.prod(1 / (1 + np.exp(eta[:, None] + clock)), axis=1)
