"""A penalised logit that was fitted: parameters, support, scores, a card."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, checked
from manias.data.fingerprint import fingerprint
from manias.data.results import page
from manias.data.rows import Provenance
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_firth
from manias.evaluation._normal import expit, normal_reach
from manias.evaluation.calibration import Calibration
from manias.evaluation.cards import Carded
from manias.evaluation.clusters import t_reach
from manias.evaluation.scores import TRUE_AUCS, Scores, rank_power
from manias.evaluation.skill import Rule
from manias.language.messages import Text

Array = NDArray[np.float64]
PER_PARAMETER = 4
"""Fewest cases of the rarer outcome that one slope may be spent on (our choice)."""


def check_budget(slopes: int, y: Array, *, per_parameter: int = PER_PARAMETER) -> None:
    """Refuse to spend more slopes than the rarer outcome can pay for.

    Parameters
    ----------
    slopes : int
        Coefficients without the intercept.
    y : ndarray, shape (n,)
        1 for an event, else 0.
    per_parameter : int

    Raises
    ------
    DataError
        If there is one class only, or too few cases of the rarer one.

    References
    ----------
    van Smeden et al. (2016), BMC Medical Research Methodology 16, 163: why events per
    variable is a convention and no law; it is used here to bind our own hands.

    Examples
    --------
    >>> check_budget(3, np.repeat([1.0, 0.0], [30, 9]))
    Traceback (most recent call last):
    manias.errors.DataError: 9 cases of the rarer outcome cannot support 3 slopes
    """
    rare = int(min(np.sum(y), len(y) - np.sum(y)))
    if rare == 0:
        raise DataError(
            Text("all {n} cases ended alike, so that nothing can be told apart", n=len(y))
        )
    if slopes > rare // per_parameter:
        raise DataError(
            Text(
                "{cases} {cases:plural one=case|other=cases} of the rarer outcome "
                "cannot support {n} {n:plural one=slope|other=slopes}",
                n=slopes,
                cases=rare,
            )
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogitResults(Carded):
    """A penalised logit that was fitted.

    Attributes
    ----------
    name, lens, title : str
        Key of the model, the lens it belongs to, one line for people.
    settings : mapping
        Everything that was chosen before the fit, as plain values.
    params : pandas.Series
        Coefficients by term, the first being ``intercept`` (corrected: FLIC).
    covariance : pandas.DataFrame
        Of the coefficients; robust to clusters where ``settings`` say so.
    intervals : pandas.DataFrame
        ``low`` and ``high`` by term.
    n, events, dropped : int
        Cases, events among them, cases left out because something was missing.
    log_likelihood, null_log_likelihood : float
        Penalised, of the fit and without slopes.
    scores : tuple of Scores
        The first is the headline.
    centre, scatter : pandas.Series, pandas.DataFrame
        Mean of the fitted cases and inverse of their cross products (with the intercept), for
        the leverage of a new case.
    limit : float
        Largest leverage of a fitted case: beyond it the model abstains.
    cases : pandas.DataFrame
        Covariates of the fitted cases and ``label``; empty where they are too many to keep.
    power : mapping of str to float
        Chance that a rank test at 5% sees a true AUC of so much in as many cases; empty
        without scores, and where the cases are too many and too alike to be kept.
    rule : Rule or None
        What the test behind the first score is worth; None where it was not simulated.
    provenance : Provenance
    fingerprint : str
        Hash of data and settings.
    calibration : Calibration or None
        What is done to the log odds of ``params`` before they are said; None for nothing.
    beside : tuple of Scores
        Of the same model with less in it, for comparison.
    clusters : int
        Fewest clusters that the covariance respects, for the quantile of the intervals; 0
        where the cases are taken for independent.
    """

    kind: ClassVar[str] = "firth-logit"
    name: str
    lens: str
    title: str
    settings: Mapping[str, Any]
    params: pd.Series
    covariance: pd.DataFrame
    intervals: pd.DataFrame
    n: int
    events: int
    dropped: int
    log_likelihood: float
    null_log_likelihood: float
    scores: tuple[Scores, ...]
    centre: pd.Series
    scatter: pd.DataFrame
    limit: float
    cases: pd.DataFrame
    power: Mapping[str, float]
    rule: Rule | None
    provenance: Provenance
    fingerprint: str
    calibration: Calibration | None = None
    beside: tuple[Scores, ...] = ()
    clusters: int = 0

    @property
    def terms(self) -> tuple[str, ...]:
        """Covariates, without the intercept."""
        return tuple(self.params.index[1:])

    @property
    def base_rate(self) -> float:
        """Share of events among the fitted cases."""
        return self.events / self.n

    @checked
    def predict_proba(self, frame: pd.DataFrame) -> Array:
        """Probability of the event for each row.

        Parameters
        ----------
        frame : pandas.DataFrame
            Shape (m, at least k), with a column for each of `terms`.

        Returns
        -------
        ndarray, shape (m,)
            NaN where a covariate is missing.

        Raises
        ------
        InputError
            If a column is missing.
        """
        x = self._design(frame)
        return expit(self._said(x, np.zeros(len(x)))[0])

    @checked
    def predict(self, frame: pd.DataFrame, *, confidence: Level = 0.95) -> pd.DataFrame:
        """Probability, interval and support for each row.

        Parameters
        ----------
        frame : pandas.DataFrame
            As for `predict_proba`.
        confidence : float

        Returns
        -------
        pandas.DataFrame
            ``p``, ``low``, ``high`` (Wald on the log odds, with the quantile of Student's law
            where there are clusters), ``leverage`` and ``is_supported``: whether the leverage
            is within that of the fitted cases.
        """
        x = self._design(frame)
        variance = np.einsum("ij,jk,ik->i", x, self.covariance.to_numpy(), x)
        eta, variance = self._said(x, variance)
        reach = _reach(confidence, self.clusters) * np.sqrt(variance)
        leverage = np.einsum("ij,jk,ik->i", x, self.scatter.to_numpy(), x)
        return pd.DataFrame(
            {
                "p": expit(eta),
                "low": expit(eta - reach),
                "high": expit(eta + reach),
                "leverage": leverage,
                "is_supported": leverage <= self.limit * (1 + 1e-9),
            },
            index=frame.index,
        )

    @checked
    def nearest(self, row: pd.Series, n: Count = 3) -> tuple[str, ...]:
        """Fitted cases closest to a row, covariates in units of their spread.

        Parameters
        ----------
        row : pandas.Series
            With all of `terms`.
        n : int

        Returns
        -------
        tuple of str
            Keys, nearest first, ties in the order of the table; empty where the cases were
            not kept.
        """
        if self.cases.empty:
            return ()
        x = self.cases[list(self.terms)].astype(float)
        spread = x.std(ddof=0).replace(0, 1)
        gap = (((x - row[list(self.terms)].astype(float)) / spread) ** 2).sum(axis=1)
        return tuple(map(str, gap.sort_values(kind="stable").index[:n]))

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
        ratio = 2 * (self.log_likelihood - self.null_log_likelihood)
        lines: list[str | pd.DataFrame] = [
            f"{self.title}",
            f"{self.model_id}: {self.n} cases, {self.events} events "
            f"({self.base_rate:.0%}), {self.dropped} left out",
            "",
            self.to_frame().round(3),
            "",
            f"penalised likelihood ratio {ratio:.2f} on {len(self.terms)} degrees of freedom",
        ]
        if self.calibration is not None:
            lines.append(describe_calibration(self.calibration))
        if self.power:
            lines.append(describe_power(self.power))
        if self.rule is not None:
            lines.append(describe_rule(self.rule))
        return page([*lines, *map(describe_scores, (*self.scores, *self.beside))])

    @checked
    def with_scores(
        self, *scores: Scores, rule: Rule | None = None, beside: tuple[Scores, ...] = ()
    ) -> "LogitResults":
        """The same fit with scores added, and the power of so many independent cases."""
        others = self.n - self.events
        aucs = () if self.cases.empty else TRUE_AUCS
        power = {str(auc): rank_power(self.events, others, auc) for auc in aucs}
        return replace(
            self,
            scores=(*self.scores, *scores),
            power=power,
            rule=rule or self.rule,
            beside=(*self.beside, *beside),
        )

    def _said(self, x: Array, variance: Array) -> tuple[Array, Array]:
        """Log odds as they are said, and their variance given that of the fit."""
        eta = x @ self.params.to_numpy()
        if self.calibration is None:
            return eta, variance
        return self.calibration.apply(eta, variance)

    def _design(self, frame: pd.DataFrame) -> Array:
        if missing := [t for t in self.terms if t not in frame]:
            raise InputError(
                f"column {missing[0]!r} is missing; expected {', '.join(self.terms)}"
            )
        x = frame[list(self.terms)].to_numpy(dtype=float)
        return np.column_stack([np.ones(len(x)), x])


def fit_logit(
    features: pd.DataFrame,
    label: pd.Series,
    *,
    name: str,
    lens: str,
    title: str,
    settings: Mapping[str, Any],
    provenance: Provenance | None = None,
    confidence: float = 0.95,
    covariance: Array | None = None,
    clusters: int = 0,
    keep_cases: bool = True,
    budget: int = PER_PARAMETER,
    mark: str | None = None,
) -> LogitResults:
    """Fit Firth's logit to a table and keep what a reader needs to check it.

    Parameters
    ----------
    features : pandas.DataFrame
        Shape (n, k), a row a case.
    label : pandas.Series
        Shape (n,), 1 for an event, 0 otherwise, NaN where unknown; same index.
    name, lens, title, settings
        Recorded in the results.
    provenance : Provenance, optional
        Where the cases come from; the caller's own data, of grade C, by default.
    confidence : float
        Level of the intervals.
    covariance : ndarray, shape (k + 1, k + 1), optional
        Used in place of the inverse information (robust to clusters, say); the intervals are
        Wald's then.
    clusters : int
        Fewest clusters that it respects; 0 for none.
    keep_cases : bool
        Whether the results keep the cases.
    budget : int
        Fewest cases of the rarer outcome a slope.
    mark : str, optional
        Hash of what the table was computed from. Computed features differ in their last digits
        between machines, so a model on them is known by its input and its settings.

    Returns
    -------
    LogitResults
        Without scores; cases with a missing value are left out and counted.

    Raises
    ------
    DataError
        If too few cases are left for the slopes, there is one outcome only, or the columns
        are constant or collinear.

    References
    ----------
    As `manias.evaluation._firth.fit_firth`.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": np.arange(20.0)})
    >>> label = pd.Series(np.arange(20) % 3 == 0, dtype=float)
    >>> fit = fit_logit(frame, label, name="demo", lens="none", title="Demo", settings={})
    >>> fit.n, fit.events, fit.terms
    (20, 7, ('x',))
    """
    table = features.astype(float).assign(label=label.astype(float))
    whole = table.notna().all(axis=1)
    cases = table[whole]
    x, y = cases[list(features)].to_numpy(), cases["label"].to_numpy()
    check_budget(x.shape[1], y, per_parameter=budget)
    for column in features:
        if np.ptp(cases[column].to_numpy()) == 0:
            raise DataError(f"column {column!r} is constant; expected it to vary")
    design = np.column_stack([np.ones(len(x)), x])
    fit = fit_firth(design, y, confidence=confidence, profile=covariance is None)
    terms = ["intercept", *map(str, features)]
    beta = fit.beta.copy()
    beta[0] += fit.shift
    ends = fit.intervals
    if covariance is not None:
        reach = _reach(confidence, clusters) * np.sqrt(np.diag(covariance))
        ends = np.column_stack([beta - reach, beta + reach])
    cross = np.linalg.inv(design.T @ design)
    spread = fit.covariance if covariance is None else covariance
    return LogitResults(
        name=name,
        lens=lens,
        title=title,
        settings=dict(settings),
        params=pd.Series(beta, terms),
        covariance=pd.DataFrame(spread, terms, terms),
        intervals=pd.DataFrame(ends, terms, ["low", "high"]),
        n=len(y),
        events=int(y.sum()),
        dropped=int((~whole).sum()),
        log_likelihood=fit.log_likelihood,
        null_log_likelihood=fit.null_log_likelihood,
        scores=(),
        centre=pd.Series(design.mean(axis=0), terms),
        scatter=pd.DataFrame(cross, terms, terms),
        limit=float(np.einsum("ij,jk,ik->i", design, cross, design).max()),
        cases=(cases if keep_cases else cases.iloc[:0]).rename_axis(index=None),
        power={},
        rule=None,
        provenance=provenance or Provenance(),
        fingerprint=fingerprint(cases, model=name, **dict(settings))
        if mark is None
        else fingerprint(cases.iloc[:0], model=name, input=mark, **dict(settings)),
        clusters=clusters,
    )


def _reach(confidence: float, clusters: int) -> float:
    return t_reach(confidence, clusters) if clusters else normal_reach(confidence)


def describe_calibration(calibration: Calibration) -> str:
    """One line on what is done to the log odds before they are said.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    str

    Examples
    --------
    >>> nothing = pd.DataFrame(np.zeros((2, 2)))
    >>> describe_calibration(Calibration(-0.5, 0.8, nothing))
    'calibrated: log odds of -0.500 plus 0.800 times those of the fit are said'
    """
    return (
        f"calibrated: log odds of {calibration.intercept:.3f} plus {calibration.slope:.3f} "
        f"times those of the fit are said"
    )


def describe_power(power: Mapping[str, float]) -> str:
    """One line on what a sample of this size could have seen.

    Examples
    --------
    >>> describe_power({"0.8": 0.956})
    'power at 5%: 96% of a true AUC of 0.8'
    """
    seen = ", ".join(f"{v:.0%} of a true AUC of {k}" for k, v in power.items())
    return f"power at 5%: {seen}"


def describe_rule(rule: Rule) -> str:
    """One line on what the rule of skill is worth.

    Parameters
    ----------
    rule : Rule

    Returns
    -------
    str

    Examples
    --------
    >>> describe_rule(Rule("labels exchanged", 0.05, 0.04, (), 100))
    'rule: labels exchanged, 5%; size 4.0% (100 samples)'
    """
    seen = ", ".join(f"{p.power:.0%} of {p.effect}" for p in rule.power)
    power = f"; power {seen}" if seen else ""
    return (
        f"rule: {rule.test}, {rule.level:.0%}; size {rule.size:.1%}{power} "
        f"({rule.draws} samples)"
    )


def describe_scores(s: Scores) -> str:
    """One line a score.

    Parameters
    ----------
    s : Scores

    Returns
    -------
    str
    """
    parts = [
        f"left out {s.scheme} ({s.groups}): log loss {s.log_loss:.4f} against "
        f"{s.base_log_loss:.4f} of the base rate, gain {s.gain:+.4f} "
        f"[{s.gain_low:+.4f}, {s.gain_high:+.4f}]",
    ]
    if math.isfinite(s.brier):
        parts.append(f"Brier {s.brier:.4f} against {s.base_brier:.4f}")
    if math.isfinite(s.auc):
        parts.append(f"AUC {s.auc:.2f}")
    if math.isfinite(s.slope):
        parts.append(f"calibration slope {s.slope:.2f} [{s.slope_low:.2f}, {s.slope_high:.2f}]")
    if math.isfinite(s.permutation_p):
        parts.append(f"permutation p {s.permutation_p:.4f} ({s.permutations})")
    if s.lost_folds:
        parts.append(f"{s.lost_folds} fold(s) could not be predicted and are not scored")
    if s.lost_permutations:
        parts.append(
            f"{s.lost_permutations} permutation(s) could not be fitted and count against it"
        )
    if math.isnan(s.permutation_p):
        return "; ".join([*parts, "not tested"])
    return "; ".join([*parts, "has skill" if s.has_skill else "no skill shown"])
