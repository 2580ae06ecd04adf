"""Lens 2: given how an industry stands, how often did its shares fall by 40% within two years?

Three nested samples: run-ups of 100% and more at their crossing, those of 50% and more, and
every industry twice a year. Firth's logit on each; whole eras are left out to score it. The
last is bent at two run-ups and calibrated inside eras, by ``reports/analysis-plan.md``.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Natural, checked
from manias.data.library import known_on
from manias.data.results import Result
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_flic, log_loss_gain, try_flic
from manias.evaluation.calibration import (
    SLOPES,
    TERMS,
    Calibration,
    Folds,
    fit_part,
    learn_calibration,
    nested_folds,
    out_of_fold,
)
from manias.evaluation.clusters import fewest_clusters, jackknife_covariance
from manias.evaluation.logit import LogitResults, fit_logit
from manias.evaluation.scores import (
    PERMUTATIONS,
    Scores,
    log_losses,
    rank_auc,
    score,
)
from manias.evaluation.skill import Rule, permutation_p, simulate_rule
from manias.lenses.base import OUTSIDE, Answer, first_score, refuse_later
from manias.lenses.features import Conditions, hinge, load_conditions, measure_features
from manias.lenses.ladder import AI_INDUSTRIES
from manias.series.runups import RunUpRule, date_runups

Array = NDArray[np.float64]
SHIFTED = "outcomes of all industries shifted in time"
SIMULATED = 40
"""Samples behind size and power of the panel, whose every test is many fits."""
NOT_YET = "no monthly prices of the industry were on record by then"
Sample = Literal["classic", "half", "panel"]
FEW = ("runup", "volatility_change", "acceleration", "issuance", "cape")
"""Fixed before any fit: as many as 23 crashes can pay for, one of each kind in the paper."""
ALL = (
    "runup",
    "net_runup",
    "volatility",
    "volatility_change",
    "acceleration",
    "age",
    "firms",
    "share",
    "issuance",
    "book_to_market",
    "cape",
)
"""Every feature that public industry data allow."""
PRICES = ("runup", "net_runup", "volatility", "volatility_change", "acceleration", "cape")
"""Those of `ALL` that need no more than an index, the market and its valuation."""
ERAS: Mapping[str, int] = {
    "1926-1939": 1939,
    "1940-1954": 1954,
    "1955-1969": 1969,
    "1970-1979": 1979,
    "1980-1989": 1989,
    "1990-1999": 1999,
    "2000-2009": 2009,
    "2010 and after": 9999,
}
"""Eras left out in turn, by the year of the case; our division."""
STEP = 6
"""Months between two looks at an industry in the panel: June and December."""
BLOCK = 5
"""Calendar years whose cases may depend on each other, in the covariance of the panel."""
FIRST = 12
"""Fewest crashes that must have been seen before an expanding window says anything, and fewest
crashes and other cases before an inner fit is calibrated on."""
KNOTS = (0.0, 0.5)
"""Net run-ups at which the slope of the panel may change (analysis plan, section 8)."""
LEFT_OUT = "one era at a time"
AHEAD = "what came after, year by year"


@checked
@dataclass(frozen=True, slots=True)
class RunUpLogit:
    """Settings of the logit of a crash; holds no data.

    Attributes
    ----------
    sample : {"classic", "half", "panel"}
        Run-ups of 100% and more at their crossing; of 50% and more; or every industry of at
        least ten firms in June and December.
    features : tuple of str
        Of `manias.lenses.features.FEATURES`.
    rule : RunUpRule
        What counts as run-up and crash; the threshold follows the sample.
    permutations : int
        Relabelled samples. In the panel outcomes are shifted in time instead, all industries
        together, once by each admissible number of steps. 0 leaves the test out.
    hinges : tuple of float
        Net run-ups at which the slope of ``net_runup`` may change, so that the hazard may be
        U-shaped.
    is_calibrated : bool
        Whether the log odds are calibrated by what was said of eras left out, learnt inside
        the eras that a fit may see.

    Raises
    ------
    InputError
        If hinges do not rise, or stand beside features without ``net_runup``.
    """

    revision: ClassVar[int] = 4
    sample: Sample = "classic"
    features: tuple[str, ...] = FEW
    rule: RunUpRule = field(default_factory=RunUpRule)
    permutations: Natural = PERMUTATIONS
    hinges: tuple[float, ...] = ()
    is_calibrated: bool = False

    def __post_init__(self) -> None:
        if any(b <= a for a, b in pairwise((-1.0, *self.hinges))):
            raise InputError(f"hinges={self.hinges}: expected rising run-ups above -1")
        if self.hinges and "net_runup" not in self.features:
            raise InputError(
                f"hinges={self.hinges} without the feature net_runup; expected it among "
                f"{', '.join(self.features)}"
            )

    @property
    def terms(self) -> tuple[str, ...]:
        """Columns of the design: features, then hinges."""
        return (*self.features, *map(hinge, self.hinges))

    @property
    def name(self) -> str:
        """Key of the model."""
        return "runup-prices" if self._from_prices else f"runup-{self.sample}"

    @property
    def _from_prices(self) -> bool:
        return self.sample == "panel" and self.features == PRICES

    @checked
    def table(self, conditions: Conditions) -> pd.DataFrame:
        """Lay out the cases whose two years are over.

        Parameters
        ----------
        conditions : Conditions
            T months, N industries; cut it with ``as_of`` to leave the future out.

        Returns
        -------
        pandas.DataFrame
            Indexed by month and industry: `terms`, and ``label`` (1 for a crash).

        Examples
        --------
        >>> cases = RunUpLogit().table(load_conditions().as_of("2014-03"))
        >>> len(cases), int(cases["label"].sum())
        (46, 23)
        """
        features = measure_features(conditions, self.terms)
        if self.sample == "panel":
            label = crashes(conditions, self.rule)
        else:
            threshold = {"classic": 1.0, "half": 0.5}[self.sample]
            runups = date_runups(conditions.panel, replace(self.rule, threshold=threshold))
            keys = [(r.crossing, r.industry) for r in runups if r.is_complete]
            index = pd.MultiIndex.from_tuples(keys, names=features.index.names)
            label = pd.Series([float(r.is_crash) for r in runups if r.is_complete], index)
        return features.reindex(label.index).assign(label=label)

    @checked
    def fit(self, conditions: Conditions | None = None, *, scored: bool = True) -> LogitResults:
        """Fit to industries.

        Parameters
        ----------
        conditions : Conditions, optional
            `manias.lenses.features.load_conditions` by default.
        scored : bool
            Whether to score out of sample: whole eras left out, with the permutation test,
            and year by year on what was known; beside it the same without hinges, without
            calibration and without either.

        Returns
        -------
        LogitResults

        Raises
        ------
        DataError
            If too few crashes are on record for so many features.

        References
        ----------
        Greenwood, Shleifer & You (2019), Journal of Financial Economics 131, for the samples
        and the features; Cameron, Gelbach & Miller (2011), Journal of Business & Economic
        Statistics 29, 238-249, for clusters in two ways.

        Examples
        --------
        >>> fit = RunUpLogit().fit(load_conditions().as_of("2014-03"), scored=False)
        >>> fit.n, fit.events
        (45, 22)
        """
        conditions = conditions or load_conditions()
        table = self.table(conditions)
        keys = pd.Index([f"{month} {industry}" for month, industry in table.index])
        clean = table.set_axis(keys)
        robust = self._covariance(table) if self.sample == "panel" else None
        results = fit_logit(
            clean[list(self.terms)],
            clean["label"],
            name=self.name,
            lens="run-up",
            title=TITLES["prices" if self._from_prices else self.sample],
            settings=self.settings(),
            provenance=conditions.provenance(self.features),
            covariance=robust,
            clusters=fewest_clusters(*_clusters(table.dropna())) if robust is not None else 0,
            keep_cases=self.sample != "panel",
            mark=conditions.mark,
        )
        if self.is_calibrated:
            results = replace(results, calibration=self._calibration(table.dropna()))
        if not scored:
            return results
        scores, rule = self._scores(table.dropna(), results)
        said = [s for s in scores if s.scheme in (LEFT_OUT, AHEAD)]
        beside = tuple(s for s in scores if s not in said)
        return results.with_scores(*said, rule=rule, beside=beside)

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {
            "sample": self.sample,
            "features": list(self.features),
            "hinges": list(self.hinges),
            "is_calibrated": self.is_calibrated,
            "slopes": list(SLOPES),
            "rule": asdict(self.rule),
            "permutations": self.permutations,
            "revision": self.revision,
            "eras": dict(ERAS),
            "step": STEP,
            "block": BLOCK,
        }

    def _covariance(self, table: pd.DataFrame) -> Array:
        whole = table.dropna()
        if whole.empty:
            raise DataError("not all that the model reads is on record by then")
        x, y = _design(whole, self.terms), whole["label"].to_numpy()
        return cluster_covariance(x, y, fit_flic(x, y, np.zeros(x.shape[1])), *_clusters(whole))

    def _calibration(self, whole: pd.DataFrame) -> Calibration:
        """Learnt from what fits without each era said of it."""
        x, y = _design(whole, self.terms), whole["label"].to_numpy()
        line, odds = learn_inside(x, y, _months(whole), self.rule.reach)
        covariance = np.zeros((2, 2))
        if line != (0.0, 1.0):
            said = np.isfinite(odds)
            covariance = cluster_covariance(
                np.column_stack([np.ones(said.sum()), odds[said]]),
                y[said],
                np.array(line),
                *_clusters(whole[said]),
            )
        return Calibration(*line, pd.DataFrame(covariance, TERMS, TERMS))

    def _versions(self) -> dict[str, "RunUpLogit"]:
        """The model first, and what is left of it without hinges, calibration and either."""
        less = {
            "": {},
            ", without hinges": {"hinges": ()},
            ", without calibration": {"is_calibrated": False},
            ", without either": {"hinges": (), "is_calibrated": False},
        }
        found = {name: replace(self, **change) for name, change in less.items()}
        first = {model: name for name, model in reversed(found.items())}
        return {name: model for name, model in found.items() if first[model] == name}

    def _scores(
        self, table: pd.DataFrame, results: LogitResults
    ) -> tuple[list[Scores], Rule | None]:
        y, months = table["label"].to_numpy(), _months(table)
        groups, folds = era_folds(months, self.rule.reach)
        versions = self._versions()
        designs = {m.hinges: _design(table, m.terms) for m in versions.values()}

        def left_out(y: Array, models: Collection["RunUpLogit"]) -> tuple[list[Array], Array]:
            """Probabilities by model, and base rates."""
            hinged = dict.fromkeys(m.hinges for m in models)
            found = {h: self._left_out(designs[h], y, folds) for h in hinged}
            return [found[m.hinges][m.is_calibrated] for m in models], found[self.hinges][2]

        def gains(labels: Sequence[Array], models: Collection["RunUpLogit"]) -> Array:
            def gain(y: Array) -> list[float]:
                found, base = left_out(y, models)
                return [log_loss_gain(y, p, base) for p in found]

            # The fits leave the interpreter to other threads, which change no number.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return np.array(list(pool.map(gain, labels)))

        if self.permutations == 0:
            drawn = []
        elif self.sample == "panel":
            drawn = shifted_labels(table["label"])
        else:
            drawn = turned_labels(y, months)
        null = gains(drawn, versions.values()).reshape(len(drawn), len(versions))
        rule = None
        if len(null):
            rule = simulate_rule(
                SHIFTED,
                y,
                results.predict_proba(table),
                null[:, 0],
                lambda labels: gains(labels, [self])[:, 0],
                drawn=lambda rng, n: np.stack(
                    [drawn[i] for i in rng.integers(len(drawn), size=n)]
                ),
                # Outcomes of an industry overlap for years, as the errors are clustered.
                clusters=pd.factorize(pd.MultiIndex.from_arrays(_clusters(table)))[0],
                draws=SIMULATED if self.sample == "panel" else 200,
            )
        scores, (found, base) = [], left_out(y, versions.values())
        for name, p, shifted in zip(versions, found, null.T, strict=True):
            own = log_loss_gain(y[told := np.isfinite(p)], p[told], base[told])
            scores.append(
                self._score(
                    y[told],
                    p[told],
                    base[told],
                    months[told],
                    scheme=LEFT_OUT + name,
                    groups=groups[told],
                    permutation_p=permutation_p(own, shifted) if len(null) else np.nan,
                    permutations=len(drawn),
                    lost_folds=len(np.unique(groups[~told])),
                    lost_permutations=int(np.isnan(shifted).sum()),
                )
            )
        for name, model in versions.items():
            ahead = expanding(
                designs[model.hinges],
                y,
                months,
                self.rule.reach,
                is_calibrated=model.is_calibrated,
            )
            if ahead is None:
                continue
            said, p, base = ahead
            years, told = months.year.to_numpy(), np.isfinite(p)
            lost = len(np.unique(years[said[~told]]))
            said, p, base = said[told], p[told], base[told]
            scores.append(
                self._score(
                    y[said],
                    p,
                    base,
                    months[said],
                    scheme=AHEAD + name,
                    groups=years[said],
                    lost_folds=lost,
                )
            )
        return scores, rule

    def _left_out(self, x: Array, y: Array, folds: Folds) -> tuple[Array, Array, Array]:
        """Probabilities as fitted and calibrated, and base rates."""
        if self.is_calibrated:
            found = nested_folds(x, y, folds, least=FIRST)
            return found.plain, found.calibrated, found.base
        p, base = predict_folds(x, y, folds)
        return p, p, base

    def _score(self, y: Array, p: Array, base: Array, months: pd.PeriodIndex, **told) -> Scores:
        """Of the panel the interval is by what is left out or by block, the wider."""
        blocks = months.year.to_numpy() // BLOCK if self.sample == "panel" else None
        return score(y, p, base, also=blocks, auc=rank_auc(y, p), **told)


PANEL = RunUpLogit("panel", ALL, hinges=KNOTS, is_calibrated=True)
"""The model that answers, and so the one that is asked of past dates."""
FROM_PRICES = replace(PANEL, features=PRICES)
"""The same of an index of which only prices are known."""
TITLES: Mapping[str, str] = {
    "classic": "Logit of a crash after a run-up of 100% and more",
    "half": "Logit of a crash after a run-up of 50% and more",
    "panel": "Logit of a crash within two years, every industry twice a year",
    "prices": "Logit of a crash within two years from prices alone, every industry twice a "
    "year",
}


STEPS: Mapping[str, tuple[str, str]] = {
    "both, over neither": ("", ", without either"),
    "calibration, over neither": (", without hinges", ", without either"),
    "hinges, over calibration": ("", ", without hinges"),
}
"""What is compared: the model with more in it, and that with less."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Versions(Result):
    """What calibration and hinges add to a model on eras left out.

    Attributes
    ----------
    eras : pandas.DataFrame
        By ``era``: ``cases``, ``crashes``, and the gain of each version over the base rate in
        nats a case; a version is named by what it lacks, the whole one "".
    steps : mapping of str to Scores
        By the names of `STEPS`: ``gain`` is the mean log loss of the version with less in it
        less that of the one with more, its interval by eras or blocks of years, the wider.
    hinging : mapping of str to tuple of str
        By the names of `STEPS`, and "" for the gain of the whole over the base rate: eras
        without which the mean is not above 0.
    """

    _told = ("eras", "added", "is_shown")

    eras: pd.DataFrame
    steps: Mapping[str, Scores]
    hinging: Mapping[str, tuple[str, ...]]

    @property
    def added(self) -> float:
        """Gain of the whole less that of what has neither hinges nor calibration."""
        return self.steps[next(iter(STEPS))].gain

    @property
    def is_shown(self) -> bool:
        """Whether the interval of ``added`` lies above 0."""
        return self.steps[next(iter(STEPS))].gain_low > 0

    def to_frame(self) -> pd.DataFrame:
        """One row an era.

        Returns
        -------
        pandas.DataFrame
            As ``eras``.
        """
        return self.eras


@checked
def compare_versions(
    model: RunUpLogit | None = None, conditions: Conditions | None = None
) -> Versions:
    """Take a model apart: what calibration gains, what hinges do, and in which eras.

    Parameters
    ----------
    model : RunUpLogit, optional
        With hinges and calibrated; `PANEL` by default.
    conditions : Conditions, optional
        `manias.lenses.features.load_conditions` by default.

    Returns
    -------
    Versions

    Raises
    ------
    InputError
        If the model has no hinges or is not calibrated.
    DataError
        If the fit without an era does not converge.

    Examples
    --------
    >>> found = compare_versions(FROM_PRICES, load_conditions().as_of("1990-12"))
    >>> list(found.steps)
    ['both, over neither', 'calibration, over neither', 'hinges, over calibration']
    """
    model, conditions = model or PANEL, conditions or load_conditions()
    if not (model.hinges and model.is_calibrated):
        raise InputError(
            f"hinges={model.hinges}, is_calibrated={model.is_calibrated}: expected hinges and "
            f"a calibration"
        )
    table = model.table(conditions).dropna()
    y, months = table["label"].to_numpy(), _months(table)
    groups, folds = era_folds(months, model.rule.reach)
    said = {}
    for name, one in model._versions().items():
        plain, calibrated, base = one._left_out(_design(table, one.terms), y, folds)
        said[name] = calibrated if one.is_calibrated else plain
        if lost := sorted(set(groups[~np.isfinite(said[name])])):
            raise DataError(f"the search without {lost[0]} did not converge; expected it to")
    gains = pd.DataFrame({k: log_losses(y, base) - log_losses(y, p) for k, p in said.items()})
    more = {name: gains[one] - gains[other] for name, (one, other) in STEPS.items()}
    cases = pd.DataFrame({"cases": 1, "crashes": y.astype(int)})
    by_era = pd.concat([cases.groupby(groups).sum(), gains.groupby(groups).mean()], axis=1)
    return Versions(
        by_era.rename_axis("era").reset_index(),
        {
            name: model._score(y, said[one], said[other], months, scheme=name, groups=groups)
            for name, (one, other) in STEPS.items()
        },
        {
            name: tuple(e for e in by_era.index if not gain[groups != e].mean() > 0)
            for name, gain in {"": gains[""], **more}.items()
        },
    )


def crashes(conditions: Conditions, rule: RunUpRule) -> pd.Series:
    """Whether a crash followed, for every industry in June and December.

    Parameters
    ----------
    conditions : Conditions
    rule : RunUpRule
        Its crash, horizon and least number of firms.

    Returns
    -------
    pandas.Series
        1.0 or 0.0 by month and industry; only where all months of the horizon are on record.

    Examples
    --------
    >>> outcomes = crashes(load_conditions(), RunUpRule())
    >>> outcomes.loc[("1999-12", "Softw")]
    np.float64(1.0)
    """
    returns, count = conditions.panel.returns, conditions.panel.firms.to_numpy()
    months, reach = returns.index, rule.reach
    looks = np.flatnonzero(months.month[: max(len(months) - reach, 0)] % STEP == 0)
    levels = returns.to_numpy()
    crashed = np.full((len(looks), levels.shape[1]), np.nan)
    for row, t in enumerate(looks):
        after = levels[t + 1 : t + 1 + reach]
        path = np.vstack([np.ones(after.shape[1]), np.cumprod(1 + after, axis=0)])
        deepest = (path / np.maximum.accumulate(path, axis=0)).min(axis=0) - 1
        enough = np.isfinite(after).all(axis=0) & (count[t] >= rule.min_firms)
        crashed[row, enough] = deepest[enough] <= -rule.crash
    row, column = np.nonzero(np.isfinite(crashed))
    index = pd.MultiIndex.from_arrays(
        [months[looks[row]], returns.columns[column]], names=["month", "industry"]
    )
    return pd.Series(crashed[row, column], index)


def cluster_covariance(x: Array, y: Array, beta: Array, one, two) -> Array:
    """Covariance of a logit robust to clusters in two ways.

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    beta : ndarray, shape (k,)
    one, two : array_like, shape (n,)
        The two memberships.

    Returns
    -------
    ndarray, shape (k, k)
        The sum of the two of `manias.evaluation.clusters.jackknife_covariance`.

    Raises
    ------
    DataError
        If one of the memberships has but one cluster.

    References
    ----------
    Cameron, Gelbach & Miller (2011), Journal of Business & Economic Statistics 29, 238-249,
    who take off once what both have in common; it is left in here, since the intervals are too
    narrow with it off (table ``coverage``).

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 1, 2, 3]])
    >>> cluster_covariance(x, np.array([0.0, 1, 0, 1]), np.zeros(2), [1, 1, 2, 2], [1, 2, 1, 2]
    ...                    ).shape
    (2, 2)
    """
    return jackknife_covariance(x, y, beta, one) + jackknife_covariance(x, y, beta, two)


def era_folds(months: pd.PeriodIndex, reach: int) -> tuple[NDArray[Any], Folds]:
    """Leave out one era at a time, and around it what shares months with its outcomes.

    Parameters
    ----------
    months : pandas.PeriodIndex, length n
    reach : int
        Months that an outcome spans.

    Returns
    -------
    groups : ndarray of str, shape (n,)
        Era of each case.
    folds : list of (train, test)
        Positions. A case is trained on only where its window of months and that of every
        case left out do not meet.

    References
    ----------
    López de Prado (2018), Advances in Financial Machine Learning, Wiley: purging.

    Examples
    --------
    >>> months = pd.period_range("1960-06", "1979-12", freq="M")
    >>> _, folds = era_folds(months, 24)
    >>> len(folds), len(folds[0][0]), len(folds[0][1])
    (2, 97, 115)
    """
    ends = np.array(list(ERAS.values()))
    code = np.searchsorted(ends, months.year)
    groups = np.array(list(ERAS))[code]
    when = months.asi8
    folds = []
    for g in np.unique(code):
        test = np.flatnonzero(code == g)
        low, high = when[test].min() - reach, when[test].max() + reach
        train = np.flatnonzero((code != g) & ((when <= low) | (when >= high)))
        folds.append((train, test))
    return groups, folds


def predict_folds(x: Array, y: Array, folds: Folds) -> tuple[Array, Array]:
    """Predict each fold from its training cases; beside it their share of crashes.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        With a leading column of ones.
    y : ndarray, shape (n,)
    folds : list of (train, test)

    Returns
    -------
    p, base : ndarray, shape (n,)
        Where the training cases are of one outcome, both are their share smoothed by half a
        case of each outcome; p is NaN in a fold without which the search does not converge.
    """
    p, base = np.empty(len(y)), np.empty(len(y))
    start = fit_flic(x, y, np.zeros(x.shape[1]))
    for train, test in folds:
        beta, base[test] = fit_part(x, y, train, start)
        p[test] = 1 / (1 + np.exp(-x[test] @ beta))
    return p, base


def learn_inside(
    x: Array, y: Array, months: pd.PeriodIndex, reach: int
) -> tuple[tuple[float, float], Array]:
    """Calibrate by what fits without each era of these cases say of it.

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    months : pandas.PeriodIndex, length n
    reach : int
        Months that an outcome spans.

    Returns
    -------
    line : tuple of float
        Intercept and slope, by `manias.evaluation.calibration.learn_calibration`.
    odds : ndarray, shape (n,)
        What was said, NaN where the other eras hold too little.
    """
    groups, folds = era_folds(months, reach)
    odds = out_of_fold(x, y, folds, least=FIRST)
    return learn_calibration(odds, y, groups), odds


def expanding(
    x: Array,
    y: Array,
    months: pd.PeriodIndex,
    reach: int,
    *,
    is_calibrated: bool = False,
) -> tuple[Array, Array, Array] | None:
    """Predict each calendar year from what was over before it began.

    Parameters
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    months : pandas.PeriodIndex, length n
    reach : int
        Months until an outcome is known.
    is_calibrated : bool
        Whether by `learn_inside` on what was over.

    Returns
    -------
    said, p, base : ndarray, or None
        Positions of the cases for which at least `FIRST` crashes were known before, their
        predictions (NaN where the search does not converge) and base rates; None where there
        is no such case.
    """
    when = months.asi8
    said, p, base = [], [], []
    for year in np.unique(months.year):
        start = pd.Period(f"{year}-01", "M").ordinal
        train = np.flatnonzero(when + reach < start)
        test = np.flatnonzero(months.year == year)
        quiet = len(train) - y[train].sum()
        if (
            y[train].sum() < FIRST
            or quiet < FIRST
            or np.linalg.matrix_rank(x[train]) < x.shape[1]
        ):
            continue
        beta = try_flic(x[train], y[train], np.zeros(x.shape[1]))
        odds = x[test] @ beta
        if is_calibrated:
            (intercept, slope), _ = learn_inside(x[train], y[train], months[train], reach)
            odds = intercept + slope * odds
        said.append(test)
        p.append(1 / (1 + np.exp(-odds)))
        base.append(np.full(len(test), y[train].mean()))
    if not said:
        return None
    return np.concatenate(said), np.concatenate(p), np.concatenate(base)


def turned_labels(y: Array, months: pd.PeriodIndex) -> list[Array]:
    """Turn the outcomes of run-ups as a ring, in the order of their months.

    Parameters
    ----------
    y : ndarray, shape (n,)
    months : pandas.PeriodIndex, length n

    Returns
    -------
    list of ndarray
        n - 1 turns: outcomes that came together stay together.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=3, freq="M")
    >>> [labels.tolist() for labels in turned_labels(np.array([1.0, 0, 0]), months)]
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    order = np.argsort(months.asi8, kind="stable")
    turned = []
    for k in range(1, len(y)):
        labels = np.empty(len(y))
        labels[order] = np.roll(y[order], k)
        turned.append(labels)
    return turned


def shifted_labels(label: pd.Series) -> list[Array]:
    """Shift all outcomes in time together, once by each number of steps.

    Parameters
    ----------
    label : pandas.Series
        By month and industry.

    Returns
    -------
    list of ndarray
        Outcomes in the order of ``label``. The clock is turned as a ring; cases that find no
        outcome at their shifted date take their own. Shifts of less than five years either
        way are left out: they leave much of an outcome where it was.

    References
    ----------
    Politis & Romano (1994), Journal of the American Statistical Association 89, 1303-1313:
    why dependent data are resampled in blocks.
    """
    wide = label.unstack("industry")
    steps = len(wide)
    apart = 5 * 12 // STEP
    own = wide.to_numpy()
    turned_labels = []
    rows = wide.index.get_indexer(label.index.get_level_values("month"))
    columns = wide.columns.get_indexer(label.index.get_level_values("industry"))
    for k in range(apart, steps - apart + 1):
        turned = np.roll(own, k, axis=0)
        mixed = np.where(np.isfinite(turned), turned, own)
        turned_labels.append(mixed[rows, columns])
    return turned_labels


@dataclass(frozen=True, slots=True, repr=False)
class IndustryRisk(Result):
    """What the panel says of one industry in one month.

    Attributes
    ----------
    industry, name, month : str
    p, low, high : float
        Probability of a crash within two years, and its 95% interval.
    is_supported : bool
    """

    _told = ("industry", "month", "p", "low", "high", "is_supported")

    industry: str
    name: str
    month: str
    p: float
    low: float
    high: float
    is_supported: bool


@checked
def industry_risks(
    results: LogitResults,
    conditions: Conditions,
    industries: Mapping[str, str] | None = None,
) -> tuple[IndustryRisk, ...]:
    """Apply the panel to industries in the last month on record.

    Parameters
    ----------
    results : LogitResults
    conditions : Conditions
        Cut at the month of interest.
    industries : mapping of str to str, optional
        Short name -> readable name; `manias.lenses.ladder.AI_INDUSTRIES` by default.

    Returns
    -------
    tuple of IndustryRisk
        NaN where a feature is missing.

    Raises
    ------
    InputError
        In a library with a day, if the fit saw more than it.

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> risks = industry_risks(load_model("runup-panel"), load_conditions())
    >>> len(risks), all(r.low < r.p < r.high for r in risks)
    (7, True)
    """
    refuse_later(results)
    chosen = AI_INDUSTRIES if industries is None else industries
    month = conditions.panel.last
    rows = _features(results, conditions, chosen)
    return _risks(results, rows, chosen, str(month))


def _features(
    results: LogitResults, conditions: Conditions, chosen: Mapping[str, str]
) -> pd.DataFrame:
    """Terms of industries in the last month on record."""
    last = conditions.panel.last
    found = measure_features(conditions, results.terms, month=last, industries=chosen)
    return found.reindex(list(chosen))


def _risks(
    results: LogitResults, rows: pd.DataFrame, chosen: Mapping[str, str], month: str
) -> tuple[IndustryRisk, ...]:
    said = results.predict(rows)
    return tuple(
        IndustryRisk(
            key,
            name,
            month,
            *(float(said.loc[key, c]) for c in ("p", "low", "high")),
            bool(said.loc[key, "is_supported"]),
        )
        for key, name in chosen.items()
    )


def answer_runup(
    results: LogitResults,
    conditions: Conditions | None = None,
    *,
    as_of: str | None = None,
    target: str = "ai",
    industries: Mapping[str, str] | None = None,
) -> Answer:
    """Place the industries that build and carry AI, weighted by market value.

    Parameters
    ----------
    results : LogitResults
        Of the panel; for a past date, fitted on nothing later than it.
    conditions : Conditions, optional
    as_of : str, optional
        Cut the conditions there.
    target : str
    industries : mapping, optional

    Returns
    -------
    Answer
        The mean probability over the industries; its interval is that of the linear
        predictor at the mean of their features.

    Raises
    ------
    InputError
        If the fit saw more than the date allows.

    Examples
    --------
    >>> past = load_conditions().as_of("1999-12")
    >>> fit = RunUpLogit("panel", FEW).fit(past, scored=False)
    >>> answer_runup(fit, past).as_of
    '1999-12'
    """
    with known_on(as_of) as library:
        conditions = conditions or load_conditions()
        past = conditions if library.day is None else conditions.as_of(library.day)
        return _answer(results, past, target, industries)


def _answer(
    results: LogitResults,
    conditions: Conditions,
    target: str,
    industries: Mapping[str, str] | None,
) -> Answer:
    chosen = AI_INDUSTRIES if industries is None else industries
    refuse_later(results)
    month = conditions.panel.last
    value = (conditions.panel.firms * conditions.size).loc[month].reindex(list(chosen))
    features = _features(results, conditions, chosen)
    risks = _risks(results, features, chosen, str(month))
    whole = features.notna().all(axis=1) & value.notna()
    weight = (value / value[whole].sum())[whole]
    middle = (features[whole].mul(weight, axis=0)).sum().to_frame().T
    at = results.predict(middle).iloc[0]
    p = float(sum(r.p * weight[r.industry] for r in risks if whole[r.industry]))
    supported = all(r.is_supported for r in risks if whole[r.industry]) and bool(whole.any())
    return Answer.of(
        results,
        target=target,
        as_of=str(month),
        measure="probability of a fall of 40% within two years",
        value=p,
        low=float(at["low"]),
        high=float(at["high"]),
        base=results.base_rate,
        n=results.n,
        events=results.events,
        scores=first_score(results),
        is_supported=supported,
        reasons=[] if supported else [OUTSIDE],
    )


@checked
def backtest(
    dates: Mapping[str, tuple[str, ...]], model: RunUpLogit | None = None
) -> pd.DataFrame:
    """What the model, fitted on what was known, said of industries on past dates.

    Parameters
    ----------
    dates : mapping of str to tuple of str
        Month -> industries.
    model : RunUpLogit, optional
        `PANEL`, the one that answers, by default.

    Returns
    -------
    pandas.DataFrame
        ``month``, ``industry``, ``p``, ``low``, ``high``, ``base`` (of what was known),
        ``n``, ``events``, ``crashed`` (NaN where the two years are not over, and in months
        other than June and December), ``failed``.

    Examples
    --------
    >>> backtest({"1929-06": ("Util",)})["failed"].item()
    'not all that the model reads is on record by then'
    """
    model = model or PANEL
    everything = load_conditions()
    rows = []
    for month, industries in dates.items():
        past = everything.as_of(month)
        known = {"month": str(past.panel.last)}
        try:
            fit = model.fit(past, scored=False)
        except DataError as error:
            rows += [{**known, "industry": i, "failed": error.text} for i in industries]
            continue
        on_record = {i: i for i in industries if i in past.panel.returns}
        rows += [
            {**known, "industry": i, "failed": NOT_YET}
            for i in industries
            if i not in on_record
        ]
        for risk in industry_risks(fit, past, on_record) if on_record else ():
            rows.append(
                {
                    **known,
                    "industry": risk.industry,
                    "p": risk.p,
                    "low": risk.low,
                    "high": risk.high,
                    "base": fit.base_rate,
                    "n": fit.n,
                    "events": fit.events,
                    "crashed": _crashed(everything, model.rule, past.panel.last, risk.industry),
                    "failed": "",
                }
            )
    return pd.DataFrame(rows)


def _crashed(conditions: Conditions, rule: RunUpRule, month: pd.Period, industry: str) -> float:
    """1.0 where a crash followed the month, 0.0 where none did, NaN while that is open."""
    after = conditions.panel.returns.loc[month + 1 : month + rule.reach, industry].to_numpy()
    if len(after) < rule.reach or not np.isfinite(after).all():
        return float("nan")
    path = np.r_[1.0, np.cumprod(1 + after)]
    deepest = (path / np.maximum.accumulate(path)).min() - 1
    return float(deepest <= -rule.crash)


def _design(table: pd.DataFrame, terms: tuple[str, ...]) -> Array:
    return np.column_stack([np.ones(len(table)), table[list(terms)].to_numpy()])


def _months(table: pd.DataFrame) -> pd.PeriodIndex:
    return pd.PeriodIndex(table.index.get_level_values("month"))


def _clusters(table: pd.DataFrame) -> tuple[pd.Index, pd.Index]:
    """Industry and block of years of each case."""
    return table.index.get_level_values("industry"), _months(table).year // BLOCK
