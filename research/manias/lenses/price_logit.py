"""Lens 2 from prices alone: any monthly index beside the market, the AI basket among them.

The model is that of every industry twice a year, on features that an index, the market and its
valuation suffice for. Nothing is trained on the indices that it is applied to here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import user_day
from manias.data.library import known_on, load, once
from manias.data.results import Result
from manias.data.rows import Provenance, Rows, last_known, some
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.evaluation.logit import LogitResults
from manias.evaluation.scores import Scores, base_rates, rank_auc, score
from manias.lenses.base import OUTSIDE, Answer, first_score, refuse_later
from manias.lenses.crash_logit import FROM_PRICES, STEP
from manias.lenses.features import (
    FEATURES,
    Conditions,
    known_valuation,
    load_conditions,
    measure_features,
)
from manias.series.indices import Index, crossings, fell, run_up
from manias.series.later_booms import later_indices, later_themes
from manias.series.runups import Panel, RunUpRule


def index_conditions(index: Index, valuation: pd.Series | None = None) -> Conditions:
    """Describe an index as an industry of which only prices are known.

    Parameters
    ----------
    index : Index
        T months.
    valuation : pandas.Series, optional
        CAPE of the market by the month in which it was known;
        `manias.lenses.features.known_valuation` by default.

    Returns
    -------
    Conditions
        Of T - 1 months, one column; firms, size and book values are not known.

    Examples
    --------
    >>> from manias.series.indices import ai_indices
    >>> index_conditions(ai_indices()["smh"]).panel.returns.columns.tolist()
    ['smh']
    """
    valuation = _valuation() if valuation is None else valuation
    returns = index.levels.pct_change().iloc[1:].to_frame(index.key)
    nothing = returns * np.nan
    panel = Panel(returns, nothing, index.market.pct_change().iloc[1:])
    return Conditions(panel, nothing, nothing, valuation.reindex(returns.index))


@once
def _valuation() -> pd.Series:
    return known_valuation()


@checked
def answer_index(
    results: LogitResults, index: Index, *, as_of: str | None = None, target: str = "ai"
) -> Answer:
    """Say how likely a fall of 40% within two years is, from prices alone.

    Parameters
    ----------
    results : LogitResults
        Of `manias.lenses.crash_logit.FROM_PRICES`; for a past date, fitted on nothing later
        than it.
    index : Index
    as_of : str, optional
        Cut the index there.
    target : str

    Returns
    -------
    Answer

    Raises
    ------
    DataError
        If the index is too short, or no valuation of the market was known.
    InputError
        If the fit saw more than the date allows.

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> from manias.series.indices import ai_indices
    >>> answer_index(load_model("runup-prices"), ai_indices()["smh"]).lens
    'run-up'
    """
    with known_on(as_of) as library:
        refuse_later(results)
        past = index if library.day is None else index.as_of(library.day)
        return _answer(results, past, target)


def _answer(results: LogitResults, index: Index, target: str) -> Answer:
    conditions = index_conditions(index)
    row = measure_features(conditions, results.terms, month=conditions.panel.last)
    known = [name for name in results.terms if name in FEATURES]
    if missing := [name for name in known if not np.isfinite(row[name].iloc[0])]:
        raise DataError(
            f"{index.key}: no {' and no '.join(missing)} in {index.last}; expected "
            f"more than {RunUpRule().window} months up to it, within those for which the "
            f"market's valuation is known"
        )
    said = results.predict(row).iloc[0]
    answer = Answer.of(
        results,
        target=target,
        as_of=str(index.last),
        measure="probability of a fall of 40% within two years, from prices alone",
        value=float(said["p"]),
        low=float(said["low"]),
        high=float(said["high"]),
        base=results.base_rate,
        n=results.n,
        events=results.events,
        scores=first_score(results),
        is_supported=bool(said["is_supported"]),
        grade=index.grade,
        reasons=[] if said["is_supported"] else [OUTSIDE],
    )
    # The figure rests on what was fitted and on the index; the later booms only score it.
    fitted = [load(name).grade for name in ("us_industries", "shiller")]
    return replace(answer, grade=weakest([*fitted, index.grade]))


def fit_as_of(date: str | pd.Period) -> LogitResults:
    """Fit the model from prices alone on nothing later than a date, without scores.

    Parameters
    ----------
    date : str or pandas.Period

    Returns
    -------
    LogitResults

    Examples
    --------
    >>> fit_as_of("1960-12").n < fit_as_of("1999-12").n
    True
    """
    return _fitted(user_day(date))


@once
def _fitted(day: pd.Timestamp) -> LogitResults:
    past = load_conditions().as_of(day)
    return replace(FROM_PRICES, permutations=0).fit(past, scored=False)


def backtest(indices: Mapping[str, Index], looks: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """What the model, fitted on nothing later, said of indices on dates, and what followed.

    Parameters
    ----------
    indices : mapping of str to Index
    looks : mapping of str to sequence of str
        Key -> months.

    Returns
    -------
    pandas.DataFrame
        ``index``, ``month``, ``runup`` and ``net`` (two-year returns, decimals), ``p`` with
        ``low`` and ``high``, ``base`` (of what was known), ``is_supported``, ``fell`` (NaN
        while open) and ``failed``: why there is no probability.

    Examples
    --------
    >>> from manias.series.indices import ai_indices
    >>> backtest(ai_indices(), {"smh": ["2024-06"]})["failed"].item()
    ''
    """
    rows = []
    for key, months in looks.items():
        whole = indices[key]
        for month in months:
            row = {"index": key, "month": str(month), "failed": ""}
            try:
                past = whole.as_of(month)
                said = answer_index(fit_as_of(month), past)
                raw, net = run_up(past)
                row |= {
                    "runup": raw,
                    "net": net,
                    "p": said.value,
                    "low": said.low,
                    "high": said.high,
                    "base": said.base,
                    "is_supported": said.is_supported,
                }
            except (DataError, InputError) as error:
                row["failed"] = error.text
            row["fell"] = fell(whole, pd.Period(month, "M"))
            rows.append(row)
    columns = [
        "index",
        "month",
        "runup",
        "net",
        "p",
        "low",
        "high",
        "base",
        "is_supported",
        "fell",
        "failed",
    ]
    return pd.DataFrame(rows, columns=columns)


AMONG = "later booms, among each other"
"""Scheme of the score beside the share of the other later series."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HeldApart(Result):
    """The run-up lens from prices alone on booms that nothing was trained on.

    Attributes
    ----------
    looks : pandas.DataFrame
        What `backtest` returns, each June and December of each
        series, with what was known.
    starts : pandas.DataFrame
        The same for the months in which a series crossed a run-up of 100%.
    scores : Scores
        Of the looks whose two years are over, beside the share of crashes among US industries
        known at the time; the interval takes each series for a cluster.
    among : Scores
        The same beside the share among the other series, which nobody knew at the time.
    n_unsupported : int
        Looks outside what was fitted; they are scored all the same.
    """

    _told = ("looks", "gain=scores.gain", "n_unsupported")

    looks: pd.DataFrame
    starts: pd.DataFrame
    scores: Scores
    among: Scores
    n_unsupported: int

    def to_frame(self) -> pd.DataFrame:
        """One row a look.

        Returns
        -------
        pandas.DataFrame
            As ``looks``.
        """
        return self.looks


@checked
def held_apart(as_of: str | None = None) -> HeldApart:
    """Score the run-up lens from prices alone on the later booms.

    Parameters
    ----------
    as_of : str, optional
        Leave out every later month of the series.

    Returns
    -------
    HeldApart
        A series that stands for two booms is counted once. The series are here because their
        booms ended badly, so that the level of the probabilities flatters the lens; their
        order does so less.

    Raises
    ------
    DataError
        If fewer than two series have looks whose two years are over.

    Examples
    --------
    >>> held = held_apart()  # doctest: +SKIP
    >>> held.scores.n == held.among.n, held.scores.groups  # doctest: +SKIP
    (True, 6)
    """
    with known_on(as_of, by="observed"):
        return _held_apart(distinct_later())


def _held_apart(indices: Mapping[str, Index]) -> HeldApart:
    every = {
        key: [str(m) for m in index.levels.index[RunUpRule().window :] if m.month % STEP == 0]
        for key, index in indices.items()
    }
    starts = {key: [str(m) for m in crossings(index)] for key, index in indices.items()}
    looks = backtest(indices, every)
    whole = looks[(looks["failed"] == "") & looks["fell"].notna()].reset_index(drop=True)
    if whole["index"].nunique() < 2:
        raise DataError(
            f"{whole['index'].nunique()} series with an outcome; expected 2 or more"
        )
    y, p, base = (whole[c].to_numpy(dtype=float) for c in ("fell", "p", "base"))
    groups = whole["index"].to_numpy()
    auc = rank_auc(y, p)
    return HeldApart(
        looks,
        backtest(indices, starts),
        score(y, p, base, scheme="later booms, held apart", groups=groups, auc=auc),
        score(
            y,
            p,
            base_rates(y, groups),
            scheme=AMONG,
            groups=groups,
            auc=auc,
        ),
        int((~whole["is_supported"].astype(bool)).sum()),
    )


def distinct_later() -> dict[str, Index]:
    """The later indices by theme, each series once.

    Returns
    -------
    dict of str to manias.series.indices.Index
        A series that stands for two booms is under the first of them.

    Examples
    --------
    >>> "crypto-2017" in distinct_later(), "crypto-2021" in distinct_later()
    (True, False)
    """
    themes, distinct = later_themes(), {}
    for key, index in later_indices().items():
        if themes[key].series not in {themes[k].series for k in distinct}:
            distinct[key] = index
    return distinct


def fit_default() -> LogitResults:
    """Fit to the curated tables, and score on the later booms as well."""
    fit = FROM_PRICES.fit()
    made, later = fit.provenance, _later_levels()
    until = max(made.until, last_known([later], by="observed"))
    scored = replace(fit, provenance=Provenance.of((*made.rows(), later), until=until))
    return scored.with_scores(held_apart().among)


def _later_levels() -> Rows:
    """Levels of the later booms, and of the market beside them."""
    themes = later_themes()
    chosen = list(dict.fromkeys(themes[key].series for key in distinct_later()))
    mine = load("later_market").frame["series"].isin([*chosen, "market"])
    return some("later_market", mine, ", ".join(chosen))
