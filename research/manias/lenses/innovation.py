"""Lens 1: do innovations with certain traits at the start end in bubbles more often?

A row an innovation, a handful of covariates that were knowable by the third year after first
commercial use, chosen before any fit: those of Sorescu et al. (2018).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any, ClassVar, get_args

import numpy as np
import pandas as pd

from manias.data.arguments import Natural, checked
from manias.data.library import load, once
from manias.data.rows import Provenance, Rows, some, whole
from manias.data.sources import GRADES
from manias.errors import DataError, InputError
from manias.evaluation._firth import gains, leave_out, leave_pair_out, log_loss_gain
from manias.evaluation.logit import Array, LogitResults, fit_logit
from manias.evaluation.scores import PERMUTATIONS, SEED, Scores, relabel, score
from manias.evaluation.skill import Rule, exchange_clusters, permutation_p, simulate_rule
from manias.lenses.base import OUTSIDE, Answer, first_score, refuse_later
from manias.record.covariates import AI, CODED, EX_ANTE, settled_covariates
from manias.record.labels import FAIR, Definition, label_innovations
from manias.series.runups import Panel, load_panel

PREREGISTERED = ("radicalness", "network_effects", "visibility")
"""Covariates of Sorescu et al. (2018), fixed before any fit."""
SETTLED = ("historian", "within_15_years", "quoted")
"""Definitions whose verdicts stand in the table of innovations itself."""
EARLIEST = "list and candidates, from the earliest year of first use"
"""Sample of the specifications whose fifteen years run from ``commercialised_from``."""
EXCHANGED = "outcomes exchanged between sectors"
"""What the permutation test of the lens does."""


@checked
@dataclass(frozen=True, slots=True)
class InnovationLogit:
    """Settings of the logit on innovations; holds no data.

    Attributes
    ----------
    covariates : tuple of str
        Ex ante covariates only; an ex post one is refused.
    definition : {"historian", "within_15_years", "quoted", "goldfarb_kirsch", "price_rule", \
"quinn_turner"}
        What counts as a boom and as none, as in `manias.record.labels.DEFINITIONS`.
    minimum_grade : str
        Weakest grade of a verdict that counts.
    candidates : bool
        Whether the candidates beside the list are fitted too: the list alone has too few
        innovations without a boom for three traits.
    permutations : int
    """

    name: ClassVar[str] = "innovation-logit"
    revision: ClassVar[int] = 4
    covariates: tuple[str, ...] = PREREGISTERED
    definition: Definition = "historian"
    minimum_grade: str = "B"
    candidates: bool = True
    permutations: Natural = field(default=PERMUTATIONS)

    def __post_init__(self) -> None:
        if odd := [c for c in self.covariates if c not in EX_ANTE]:
            raise InputError(
                f"covariate {odd[0]!r}: expected one known at the start ({', '.join(EX_ANTE)})"
            )
        if not self.covariates or len(set(self.covariates)) < len(self.covariates):
            raise InputError(f"covariates={self.covariates}: expected some, each once")

    def table(self) -> pd.DataFrame:
        """The cases: covariates, ``label`` and the clusters ``sector``, ``era``, ``country``.

        Returns
        -------
        pandas.DataFrame
            A row an innovation; NaN where a code or a verdict is missing.
        """
        scope = "candidates" if self.candidates else "list"
        codes = settled_covariates(scope)[list(self.covariates)]
        label = label_innovations(
            self.definition, minimum_grade=self.minimum_grade, candidates=self.candidates
        )
        known = pd.Series(label).map({"yes": 1.0, "no": 0.0}).reindex(codes.index)
        # A year that is not confirmed puts the three years of the codes in doubt.
        known = known.where(_rows()["commercialised_grade"].reindex(codes.index) != "C")
        return codes.assign(label=known).join(clusters(codes.index))

    @checked
    def fit(self, table: pd.DataFrame | None = None, *, scored: bool = True) -> LogitResults:
        """Fit to the curated tables, or to a table of the same columns.

        Parameters
        ----------
        table : pandas.DataFrame, optional
            `table` by default.
        scored : bool
            Whether to score out of sample: one case, and one cluster, left out at a time, with
            the permutation test.

        Returns
        -------
        LogitResults

        Raises
        ------
        DataError
            If too few verdicts are there for so many covariates.

        References
        ----------
        Sorescu, Sorescu, Armstrong & Devoldere (2018), Marketing Science 37(4): the three
        covariates. `manias.evaluation._firth.fit_firth` for the estimator.

        Examples
        --------
        >>> fit = InnovationLogit(covariates=("radicalness",)).fit(scored=False)
        >>> fit.terms
        ('radicalness',)
        """
        table = self.table() if table is None else table
        names = list(self.covariates)
        results = fit_logit(
            table[names],
            table["label"],
            name=self.name,
            lens="innovation",
            title="Logit of a bubble on what was known of an innovation at the start",
            settings=self.settings(),
            provenance=self._provenance(
                table.index[table[[*names, "label"]].notna().all(axis=1)]
            ),
        )
        if not scored:
            return results
        scores, rule = self._scores(results, table)
        return results.with_scores(*scores, rule=rule)

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        return {**asdict(self), "covariates": list(self.covariates), "revision": self.revision}

    def _provenance(self, cases: pd.Index) -> Provenance:
        """Rows of the cases that were fitted; cases that no table has are the caller's own."""
        codes = load("covariates").frame
        coded = codes["covariate"].isin(self.covariates) & codes["innovation"].isin(cases)
        own = set(cases) - set(codes["innovation"])
        settled = self.definition in SETTLED
        rows = [
            *_listed(cases, ("commercialised", "") if settled else ("commercialised",)),
            *(() if settled else self._verdicts(cases)),
            some("covariates", coded, ", ".join(self.covariates)),
        ]
        # Nothing of a verdict says when it was known: all were written by then.
        return Provenance.of(rows, until=CODED, grade="C" if own else "")

    def _verdicts(self, cases: pd.Index) -> tuple[Rows, ...]:
        if self.definition in ("price_rule", "quinn_turner"):
            proxies = load("proxies").frame
            mine = proxies["stand_in"].isin(FAIR) & proxies["innovation"].isin(cases)
            industries = sorted(set(proxies.loc[mine, "industry"]))
            panel = replace(_panel(), returns=_panel().returns[industries])
            return some("proxies", mine, f"stand-ins: {', '.join(FAIR)}"), *panel.rows
        table, order = load("verdicts").frame, list(GRADES)
        strong = table["grade"].map(order.index) <= order.index(self.minimum_grade)
        told = strong & (table["definition"] == self.definition)
        how = f"{self.definition}, grade {self.minimum_grade} or better"
        return (some("verdicts", told & table["innovation"].isin(cases), how),)

    def _scores(
        self, results: LogitResults, table: pd.DataFrame
    ) -> tuple[list[Scores], Rule | None]:
        cases = results.cases
        x, y, single = _arrays(results)
        p, base = leave_out(x, y, single)
        told = np.isfinite(p)
        own = log_loss_gain(y[told], p[told], base[told])
        sectors = table.loc[cases.index, "sector"].to_numpy() if "sector" in table else single
        drawn = exchange_clusters(y, sectors, self.permutations, SEED)
        null = gains(x, drawn, single)
        rule = simulate_rule(
            EXCHANGED,
            y,
            results.predict_proba(cases),
            null,
            lambda labels: gains(x, labels, single),
            drawn=lambda rng, n: relabel(y, n, int(rng.integers(2**31))),
        )
        scores = [
            score(
                y[told],
                p[told],
                base[told],
                scheme="one innovation at a time",
                auc=leave_pair_out(x, y),
                permutation_p=permutation_p(own, null),
                permutations=self.permutations,
                lost_folds=int((~told).sum()),
                lost_permutations=int(np.isnan(null).sum()),
            )
        ]
        for name in ("sector", "era", "country"):
            kinds, code = np.unique(table.loc[cases.index, name], return_inverse=True)
            if len(kinds) < 2:
                continue
            p, base = leave_out(x, y, code)
            told = np.isfinite(p)
            scores.append(
                score(
                    y[told],
                    p[told],
                    base[told],
                    scheme=f"one {name} at a time",
                    groups=code[told],
                    lost_folds=len(np.unique(code[~told])),
                )
            )
        return scores, rule


def clusters(keys: Sequence[str]) -> pd.DataFrame:
    """Sector, era and first country of innovations, and how they came onto the list.

    Parameters
    ----------
    keys : sequence of str

    Returns
    -------
    pandas.DataFrame
        ``sector``, ``era``, ``country``, ``entered`` by key.

    Examples
    --------
    >>> clusters(["internet"]).loc["internet", "era"]
    '1970-2000'
    """
    rows = _rows().loc[list(keys)]
    return pd.DataFrame(
        {
            "sector": rows["sector"],
            "era": rows["era"],
            "country": rows["country"].str.split(";").str[0],
            "entered": rows["entered"].fillna("candidate"),
        }
    )


@once
def _panel() -> Panel:
    return load_panel()


@once
def _rows() -> pd.DataFrame:
    tables = load("innovations").tables
    return pd.concat([tables[name].set_index("id") for name in ("data", "candidates")])


@checked
def answer_innovation(results: LogitResults, target: str = AI) -> Answer:
    """Place an innovation that was coded but not fitted, AI by default.

    Parameters
    ----------
    results : LogitResults
        Of `InnovationLogit`.
    target : str
        Key in the table of covariates.

    Returns
    -------
    Answer
        An odds ratio: the list was made by looking for booms and busts, so that its share of
        them, and any probability made from it, is a matter of how it was made.

    Raises
    ------
    InputError
        If the target was not coded.

    Examples
    --------
    >>> from manias.lenses.innovation import InnovationLogit
    >>> fit = InnovationLogit(covariates=("radicalness",)).fit(scored=False)
    >>> answer_innovation(fit).lens
    'innovation'
    """
    refuse_later(results)
    codes = settled_covariates("unfinished")
    if target not in codes.index:
        raise InputError(f"innovation {target!r}: expected one of {', '.join(codes.index)}")
    row = codes.loc[[target], list(results.terms)]
    said = results.predict(row).iloc[0]
    missing = [t for t in results.terms if not np.isfinite(row.iloc[0][t])]
    reasons = [MADE_SO, NONE_QUOTED] if not missing else [f"{missing[0]} is not coded"]
    if not said["is_supported"]:
        reasons.append(OUTSIDE)
    return Answer.of(
        results,
        target=target,
        as_of=CODED[:4],
        measure="odds of a boom and bust in shares rather than no shares to buy, beside those "
        "of the whole list",
        unit="odds ratio",
        value=odds_ratio(float(said["p"]), results.base_rate),
        low=odds_ratio(float(said["low"]), results.base_rate),
        high=odds_ratio(float(said["high"]), results.base_rate),
        base=1.0,
        n=results.n,
        events=results.events,
        scores=first_score(results),
        is_supported=bool(said["is_supported"]) and not missing,
        nearest=() if missing else results.nearest(row.iloc[0]),
        reasons=reasons,
    )


MADE_SO = "the list was made by looking for such cases: an odds ratio, no probability"
NONE_QUOTED = "it tells booms from innovations without shares that the public could buy"


def odds_ratio(p: float, base: float) -> float:
    """Odds of a probability over those of a base rate.

    Parameters
    ----------
    p, base : float

    Returns
    -------
    float

    Examples
    --------
    >>> odds_ratio(0.5, 0.25)
    3.0
    """
    return p / (1 - p) / (base / (1 - base))


def specifications() -> pd.DataFrame:
    """Fit the logit under every label, set of covariates, grade and sample.

    Returns
    -------
    pandas.DataFrame
        A row a specification: ``definition``, ``covariates``, ``minimum_grade``, ``sample``,
        ``n``, ``events``, ``odds_ratio`` of AI with its interval, ``gain`` and its
        interval, ``is_supported``, and ``failed`` with the reason where it could not be fitted.

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4, 1208-1214.

    Examples
    --------
    >>> len(specifications()) > 50
    True
    """
    rows = []
    tables: dict[tuple[str, str, bool], pd.DataFrame] = {}
    for model, sample, change in _variants():
        row = {
            "definition": model.definition,
            "covariates": " + ".join(model.covariates),
            "minimum_grade": model.minimum_grade,
            "sample": sample,
        }
        try:
            key = (model.definition, model.minimum_grade, model.candidates)
            if key not in tables:
                tables[key] = replace(model, covariates=PREREGISTERED).table()
            table = change(tables[key])
            fit = model.fit(table, scored=False)
            x, y, single = _arrays(fit)
            p, base = leave_out(x, y, single)
            told = np.isfinite(p)
            scores = score(
                y[told],
                p[told],
                base[told],
                scheme="one innovation at a time",
                lost_folds=int((~told).sum()),
            )
            said = answer_innovation(fit)
        except DataError as error:
            rows.append({**row, "failed": error.text})
            continue
        rows.append(
            {
                **row,
                "n": fit.n,
                "events": fit.events,
                "odds_ratio": said.value,
                "low": said.low,
                "high": said.high,
                "gain": scores.gain,
                "gain_low": scores.gain_low,
                "gain_high": scores.gain_high,
                "is_supported": said.is_supported,
                "failed": "",
            }
        )
    return pd.DataFrame(rows)


def _variants() -> Iterator[
    tuple[InnovationLogit, str, Callable[[pd.DataFrame], pd.DataFrame]]
]:
    """Every label, set of covariates, grade and sample that the data allow."""
    sets = [
        chosen
        for size in range(1, len(PREREGISTERED) + 1)
        for chosen in combinations(PREREGISTERED, size)
    ]
    for definition in get_args(Definition):
        for chosen in sets:
            for grade in ("B", "A"):
                for candidates in (False, True):
                    model = InnovationLogit(chosen, definition, grade, candidates, 0)
                    sample = "list and candidates" if candidates else "list"
                    yield model, sample, lambda t: t
    for chosen in sets:
        model = InnovationLogit(chosen, permutations=0)
        yield model, "list as first gathered", lambda t: t[t["entered"] == "first"]
        model = InnovationLogit(chosen, "within_15_years", permutations=0)
        yield model, EARLIEST, _from_the_earliest
    base = InnovationLogit(permutations=0)
    for name in sorted(set(base.table()["era"])):
        yield (
            base,
            f"list and candidates without {name}",
            lambda t, name=name: t[t["era"] != name],
        )
    yield (
        base,
        "list and candidates without pharmaceuticals",
        lambda t: t[t["sector"] != "pharmaceuticals"],
    )


def _from_the_earliest(table: pd.DataFrame) -> pd.DataFrame:
    """The same cases, their fifteen years counted from the earliest year of first use."""
    found = label_innovations("within_15_years", candidates=True, earliest=True)
    label = pd.Series(found).map({"yes": 1.0, "no": 0.0}).reindex(table.index)
    dated = _rows()["commercialised_grade"].reindex(table.index) != "C"
    return table.assign(label=label.where(dated))


def _arrays(fit: LogitResults) -> tuple[Array, Array, Array]:
    x = fit.cases[list(fit.terms)].to_numpy()
    y = fit.cases["label"].to_numpy()
    return np.column_stack([np.ones(len(y)), x]), y, np.arange(len(y))


def _listed(cases: pd.Index, about: tuple[str, ...]) -> Iterator[Rows]:
    """Rows that say what each case is, when it was first sold and what became of its shares."""
    for name in ("innovations.data", "innovations.candidates"):
        (table,) = whole(name)
        mine = table.frame["id"].isin(cases)
        if mine.any():
            yield some(name, mine, "cases that were fitted", about=about)
