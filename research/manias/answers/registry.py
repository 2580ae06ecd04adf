"""The lenses, one entry each: its question, its models, and how it is asked.

Everything that lists lenses or models reads them here, so that one more lens is one more entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from manias.answers import cases
from manias.answers.cases import Case, Fitted, Row
from manias.data.library import current
from manias.data.reader import Series
from manias.errors import DataError, InputError
from manias.evaluation.cards import Carded
from manias.evaluation.logit import LogitResults
from manias.language.numbers import percent
from manias.lenses import landmark, precedents, price_logit
from manias.lenses.base import Answer, BubbleModel, BubbleResults, silent
from manias.lenses.crash_hazard import CrashHazard
from manias.lenses.crash_logit import (
    ALL,
    FROM_PRICES,
    PANEL,
    RunUpLogit,
    answer_runup,
    industry_risks,
)
from manias.lenses.crash_which import WhichLogit, WhichResults
from manias.lenses.features import load_conditions
from manias.lenses.innovation import InnovationLogit, answer_innovation
from manias.lenses.ladder import LadderModel, LadderResults
from manias.lenses.landmark import LandmarkModel, LandmarkResults, answer_landmark
from manias.lenses.payback import (
    PaybackModel,
    PaybackResults,
    answer_payback,
    own_payback,
)
from manias.lenses.precedents import PrecedentModel, PrecedentResults, answer_precedents
from manias.lenses.price_logit import answer_index, fit_as_of
from manias.record.companies import companies
from manias.record.covariates import CODED
from manias.series.baskets import market_series
from manias.series.flows import FlowPanel
from manias.series.indices import WINDOW, Index, ai_indices, own_index
from manias.series.runups import RunUpRule, load_panel
from manias.series.trajectories import own
from manias.spending.ladder import OUTCOMES, SpendingModel, SpendingResults
from manias.spending.place import (
    SERIES,
    Measure,
    ai_path,
    answer_spending,
    decided_by,
    money_sources,
    own_path,
    place,
    place_company,
)

FIVE = "ai-capex-five"
"""Trajectory that stands for AI where spending is asked after."""


class Fall(NamedTuple):
    """A fall of 40% within two years that a model gives a probability.

    Attributes
    ----------
    name, key : str
    month : pandas.Period
        Last month that was read.
    p : float
    is_supported : bool
    series, members : str
        What will decide it, as in `manias.answers.forecasts.Forecast`.
    source, grade : str
    """

    name: str
    key: str
    month: pd.Period
    p: float
    is_supported: bool
    series: str
    members: str
    source: str
    grade: str


How = Literal["class", "adjusted", "paid"]
HOW: tuple[How, ...] = get_args(How)
"""What gives a cut of spending its probability."""


class Cut(NamedTuple):
    """A fall of yearly spending in dollars that a class of past cases gives a frequency.

    Attributes
    ----------
    name, key : str
    last : pandas.Period
        Last quarter of the year from which it is counted.
    years : int
        Horizon.
    fall : float
        Share of the dollars of that year.
    p, base : float
        Frequency in the class, or of the logit; and among all past cases.
    how : {"class", "adjusted", "paid"}
        By class of run-up, by the logit on prior volatility and run-up, or by who pays.
    group : str
        Its class.
    n : int
        Past cases in the class.
    interval : tuple of float
        Of the frequency in the class.
    series, members : str
        What will decide it, as in `manias.answers.forecasts.Forecast`.
    source, grade : str
    """

    name: str
    key: str
    last: pd.Period
    years: int
    fall: float
    p: float
    base: float
    how: How
    group: str
    n: int
    interval: tuple[float, float]
    series: str
    members: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Fitter:
    """A model that is kept.

    Attributes
    ----------
    name : str
    use : str
        What it is for, in a sentence.
    model : BubbleModel
        Its settings.
    results : type
        Of its fits; reads cards of its kind.
    make : callable, optional
        Fits it to the curated tables; ``model.fit`` by default.
    past : callable, optional
        Fits it to what a library with a day knows; ``model.fit`` by default.
    is_dated : bool
        Whether it can be fitted anew for a day of the past; else the kept one is asked, which
        says how far it saw.
    falls : callable, optional
        Results -> falls of share prices that they forecast.
    cuts : callable, optional
        Results -> falls of spending that they forecast. Later data decide nothing where both
        are None.
    """

    name: str
    use: str
    model: BubbleModel
    results: type[Carded]
    make: Callable[[], BubbleResults] | None = None
    past: Callable[[], BubbleResults] | None = None
    is_dated: bool = True
    falls: Callable[[LogitResults], Iterator[Fall]] | None = None
    cuts: Callable[[SpendingResults], Iterator[Cut]] | None = None

    def fit(self) -> BubbleResults:
        """Fit it to the curated tables."""
        return (self.make or self.model.fit)()

    def fit_past(self) -> BubbleResults:
        """Fit it to what the open library knows."""
        return (self.past or self.model.fit)()


@dataclass(frozen=True, slots=True)
class Lens:
    """One way to ask whether an investment boom is a bubble.

    Attributes
    ----------
    key, question : str
    fitters : tuple of Fitter
        Its models; kept as cards.
    answer : callable
        ``(target, fitted) -> Answer`` of AI or of a company; ``fitted`` gives the results of
        a model by its name.
    answer_own : callable
        ``(series, fitted) -> Answer`` of a user's file.
    past : callable
        ``(case, fitted) -> rows`` of a past boom, one a date.
    """

    key: str
    question: str
    fitters: tuple[Fitter, ...]
    answer: Callable[[str, Fitted], Answer]
    answer_own: Callable[[Series, Fitted], Answer]
    past: Callable[[Case, Fitted], list[Row]]


def lenses() -> tuple[Lens, ...]:
    """The lenses in the order of their questions.

    Returns
    -------
    tuple of Lens

    Examples
    --------
    >>> [lens.key for lens in lenses()]
    ['spending', 'innovation', 'run-up', 'build-out', 'precedent', 'payback']
    """
    return _OPEN.get() or LENSES


def question(key: str) -> str:
    """Question of a lens.

    Parameters
    ----------
    key : str

    Returns
    -------
    str

    Examples
    --------
    >>> question("payback")
    'What revenue would pay for the spending, and when would it be there?'
    """
    return {lens.key: lens.question for lens in lenses()}[key]


def fitters() -> dict[str, Fitter]:
    """Every model that is kept, by its name.

    Returns
    -------
    dict of str to Fitter

    Examples
    --------
    >>> "payback-ai" in fitters()
    True
    """
    chosen = lenses()
    listed = [fitter for lens in chosen for fitter in lens.fitters]
    return {fitter.name: fitter for fitter in listed}


@contextmanager
def with_lens(*others: Lens) -> Iterator[None]:
    """Ask further lenses as well, until the end of the block.

    Parameters
    ----------
    *others : Lens

    Raises
    ------
    InputError
        If the key of a lens or the name of a model is taken.
    """
    chosen = (*lenses(), *others)
    keys = [lens.key for lens in chosen]
    names = [fitter.name for lens in chosen for fitter in lens.fitters]
    for what, given in (("lens", keys), ("model", names)):
        if twice := next((name for name in given if given.count(name) > 1), None):
            raise InputError(f"{what} {twice!r} is given twice; expected each once")
    token = _OPEN.set(chosen)
    try:
        # Answers that are kept on the open library are those of its own lenses.
        with current().holding({}).open():
            yield
    finally:
        _OPEN.reset(token)


# ---- what each lens is asked

HEADLINE = "computers"
"""Series that stands for AI where one answer is asked for: of those measured as the flows that
were counted are, private investment over US GDP, the one that rose most."""


def _flows(target: str, fitted: Fitted) -> Answer:
    panel, series = ("industries", HEADLINE) if target == "ai" else ("firms", target)
    results = fitted(f"spending-{panel}")
    return answer_spending(place(ai_path(series), results), results, target=target)


def _flows_own(series: Series, fitted: Fitted) -> Answer:
    _spending(series)
    path, over = own_path(series)
    results = fitted("spending-industries" if over == "gdp" else "spending-firms")
    return answer_spending(place(path, results), results, target=series.name)


def _innovation(target: str, fitted: Fitted) -> Answer:
    if target != "ai":
        raise InputError("companies are not coded; ask after ai")
    day = current().day
    if day is not None and day < pd.Timestamp(CODED):
        raise InputError(f"AI was coded on what was known by {CODED}")
    return answer_innovation(fitted("innovation-logit"), "ai")


def _innovation_own(series: Series, fitted: Fitted) -> Answer:
    raise InputError("not coded by the codebook")


def _run_up(target: str, fitted: Fitted) -> Answer:
    if target != "ai":
        raise InputError("industries are not companies; ask after ai")
    return answer_runup(fitted("runup-panel"))


def _run_up_own(series: Series, fitted: Fitted) -> Answer:
    if series.values.index.freqstr[0] != "M":
        raise InputError("no price index: expected months")
    index = own_index(series, load_panel())
    try:
        return ask_index(index, fitted, index.last)
    except DataError as error:
        return silent("run-up", index.key, str(index.last), error.text)


def ask_index(index: Index, fitted: Fitted, day: pd.Period | pd.Timestamp) -> Answer:
    """Ask the model from prices alone of an index.

    Parameters
    ----------
    index : Index
    fitted : callable
        Gives the kept model.
    day : pandas.Period or pandas.Timestamp
        Of the past: a model on nothing later is asked where the index ends before the
        industries do, or the open library has a day.

    Returns
    -------
    Answer
    """
    is_kept = current().day is None and index.last >= load_panel().last
    fit = fitted("runup-prices") if is_kept else fit_as_of(day)
    return answer_index(fit, index, target=index.key)


def _spending(series: Series) -> None:
    if series.values.index.freqstr[0] == "M":
        raise InputError(
            "months are read as a price index; spending by year or quarter is expected"
        )


def _path(target: str) -> str:
    return FIVE if target == "ai" else companies()[target]


def _build_out(target: str, fitted: Fitted) -> Answer:
    return replace(answer_landmark(fitted("landmark"), _path(target)), target=target)


def _build_out_own(series: Series, fitted: Fitted) -> Answer:
    _spending(series)
    revenue, gdp = series.beside.get("revenue"), series.beside.get("gdp")
    return landmark.answer_own(
        series, revenue, gdp, onset=series.onset, results=fitted("landmark")
    )


def _precedent(target: str, fitted: Fitted) -> Answer:
    return replace(answer_precedents(fitted("precedents"), _path(target)), target=target)


def _precedent_own(series: Series, fitted: Fitted) -> Answer:
    _spending(series)
    revenue, gdp = series.beside.get("revenue"), series.beside.get("gdp")
    return precedents.answer_own(series, revenue, gdp, results=fitted("precedents"))


def _payback(target: str, fitted: Fitted) -> Answer:
    if target != "ai":
        raise InputError("no revenue from AI by company; ask after ai")
    return answer_payback(fitted("payback-ai"))


def _payback_own(series: Series, fitted: Fitted) -> Answer:
    _spending(series)
    if (revenue := series.beside.get("revenue")) is None:
        raise InputError("no column revenue")
    path, ratio = own_payback(own(series, measure="spending"), revenue)
    return Answer.of(
        fitted("payback-ai"),
        target=series.name,
        as_of=str(path.dropna().index[-1]),
        measure="revenue that would pay, over the revenue there is",
        unit="times",
        value=ratio,
        low=float("nan"),
        high=float("nan"),
        base=1.0,
        n=len(path),
        events=0,
        is_supported=True,
        grade="C",
        reasons=["an identity under the assumptions made for AI; it predicts no crash"],
    )


# ---- what the models forecast


def _industry_falls(results: LogitResults) -> Iterator[Fall]:
    conditions = load_conditions()
    for risk in industry_risks(results, conditions):
        if np.isfinite(risk.p):
            yield Fall(
                risk.name,
                risk.industry,
                conditions.panel.last,
                risk.p,
                risk.is_supported,
                series="us_industries:return",
                members=risk.industry,
                source="french2025industries",
                grade="A",
            )


def _index_falls(results: LogitResults) -> Iterator[Fall]:
    """Those of the indices of AI that reach furthest."""
    indices = ai_indices()
    last = max(index.last for index in indices.values())
    sources = market_series(WINDOW).set_index("series")["source"]
    for key, index in indices.items():
        if index.last == last:
            a = answer_index(results, index, target=key)
            yield Fall(
                index.name,
                key,
                last,
                a.value,
                a.is_supported,
                series=f"ai_market:{WINDOW}:{key}",
                members=key,
                source=sources[key],
                grade=a.grade,
            )


CUT = "dollars_fall_30"
"""Outcome of spending that is forecast: the headline of the plan."""


def _series_cuts(results: SpendingResults) -> Iterator[Cut]:
    for series in SERIES:
        yield from _cuts(place(ai_path(series), results), results)


def _builder_cuts(results: SpendingResults) -> Iterator[Cut]:
    """By class of run-up; by who pays where there was no spending three years before."""
    for company in companies():
        spending, paid = place_company(company, results)
        yield from _cuts(spending if spending.outcomes else paid, results)


def _cuts(measure: Measure, results: SpendingResults) -> Iterator[Cut]:
    found = measure.outcome(CUT)
    dataset, name, members = decided_by(measure.series)
    of_class = Cut(
        name=measure.name,
        key=measure.series,
        last=pd.Period(measure.as_of, "Q"),
        years=found.horizon,
        fall=round(1 - OUTCOMES[""][CUT][1], 9),
        p=found.frequency,
        base=results.events / results.n,
        how="class" if measure.measure == "spending" else "paid",
        group=measure.group,
        n=found.n,
        interval=found.interval,
        series=f"{dataset}:{name}",
        members=members,
        source=";".join(money_sources(measure.series)),
        grade=measure.grade,
    )
    yield of_class
    if np.isfinite(found.adjusted) and percent(found.adjusted) != percent(found.frequency):
        yield of_class._replace(p=found.adjusted, how="adjusted")


def _count_past(panel: FlowPanel) -> Callable[[], SpendingResults]:
    """Counts alone: placebos, scores and power are kept with the cards of today."""
    return SpendingModel(panel, n_shuffles=0, n_orders=0).fit


def _unscored_panel() -> LogitResults:
    return replace(PANEL, permutations=0).fit(scored=False)


def _unscored_prices() -> LogitResults:
    return replace(FROM_PRICES, permutations=0).fit(scored=False)


def _unscored_which() -> WhichResults:
    return WhichLogit(n_simulated=0).fit(scored=False)


SHUFFLES = 500
"""Permutations of the months behind the placebos of the ladders."""


LENSES = (
    Lens(
        "spending",
        "How often did investment that rose this fast fall?",
        (
            Fitter(
                "spending-industries",
                "To say how often a flow of US private investment that rose so fast against "
                "GDP fell within five years.",
                SpendingModel("industries"),
                SpendingResults,
                past=_count_past("industries"),
                cuts=_series_cuts,
            ),
            Fitter(
                "spending-countries",
                "To say how often the investment of a whole country that rose so fast against "
                "its GDP fell, and so whether what is counted of US industries holds "
                "elsewhere.",
                SpendingModel("countries"),
                SpendingResults,
                past=_count_past("countries"),
            ),
            Fitter(
                "spending-firms",
                "To say how often a US firm whose capital expenditure rose so fast cut it "
                "within three years, and by who paid for it.",
                SpendingModel("firms"),
                SpendingResults,
                past=_count_past("firms"),
                cuts=_builder_cuts,
            ),
        ),
        _flows,
        _flows_own,
        cases.spending,
    ),
    Lens(
        "innovation",
        "Do innovations like it, at their start, belong to those called bubbles?",
        (
            Fitter(
                "innovation-logit",
                "To ask whether traits known at the start go with later bubbles, and to place "
                "an innovation that was coded by the same codebook.",
                InnovationLogit(),
                LogitResults,
                # Verdicts were written later: there is no fit of an earlier day.
                is_dated=False,
            ),
        ),
        _innovation,
        _innovation_own,
        cases.innovation,
    ),
    Lens(
        "run-up",
        "Do industries whose shares stand like those of AI crash more often?",
        (
            Fitter(
                "ladder",
                "To say how often a crash followed a run-up of each size, with its "
                "interval, and how often it did with the months in random order and "
                "with time reversed.",
                LadderModel(n_shuffles=SHUFFLES),
                LadderResults,
                past=LadderModel().fit,
            ),
            Fitter(
                "ladder-countries",
                "To say how often a crash followed a run-up of the share prices of a whole "
                "country, net of the mean of all, and so whether what is counted of US "
                "industries holds elsewhere.",
                LadderModel(
                    rule=RunUpRule(min_firms=0), markets="countries", n_shuffles=SHUFFLES
                ),
                LadderResults,
                past=LadderModel(rule=RunUpRule(min_firms=0), markets="countries").fit,
            ),
            Fitter(
                "runup-classic",
                "To ask which run-ups of 100% and more ended in a crash.",
                RunUpLogit(),
                LogitResults,
            ),
            Fitter(
                "runup-half",
                "To ask which run-ups of 50% and more ended in a crash.",
                RunUpLogit("half", ALL),
                LogitResults,
            ),
            Fitter(
                "runup-panel",
                "To place an industry of today among all industry-months since 1926.",
                PANEL,
                LogitResults,
                past=_unscored_panel,
                falls=_industry_falls,
            ),
            Fitter(
                "runup-prices",
                "To place any monthly index, of which prices alone are known, among all "
                "industry-months since 1926.",
                FROM_PRICES,
                LogitResults,
                make=price_logit.fit_default,
                past=_unscored_prices,
                falls=_index_falls,
            ),
            Fitter(
                "runup-which",
                "To say which industries of a month are likelier to crash than the others of "
                "it; it says nothing of when.",
                WhichLogit(),
                WhichResults,
                past=_unscored_which,
            ),
            Fitter(
                "runup-hazard",
                "To ask, some months after a run-up of 50% and more, whether a crash comes in "
                "what is left of two years.",
                CrashHazard(),
                LogitResults,
            ),
        ),
        _run_up,
        _run_up_own,
        cases.run_up,
    ),
    Lens(
        "build-out",
        "Is its investment, at its age, larger or faster than that of other booms?",
        (
            Fitter(
                "landmark",
                "To compare an investment boom at its age with earlier ones at the same age.",
                LandmarkModel(),
                LandmarkResults,
            ),
        ),
        _build_out,
        _build_out_own,
        cases.build_out,
    ),
    Lens(
        "precedent",
        "Which earlier booms ran most like it, and what became of them?",
        (
            Fitter(
                "precedents",
                "To find the earlier booms whose course came nearest, and say whether near.",
                PrecedentModel(),
                PrecedentResults,
            ),
        ),
        _precedent,
        _precedent_own,
        cases.precedent,
    ),
    Lens(
        "payback",
        "What revenue would pay for the spending, and when would it be there?",
        (
            Fitter(
                "payback-ai",
                "To say which revenue would pay for the spending on AI, and how much of that "
                "rests on which assumption.",
                PaybackModel("ai"),
                PaybackResults,
            ),
            Fitter(
                "payback-uk-railways",
                "To say which receipts would have paid for British railways, and whether they "
                "came: a build-out whose end is known, beside AI.",
                PaybackModel("uk-railways"),
                PaybackResults,
            ),
            Fitter(
                "payback-us-telecom",
                "To say which revenue would have paid for what US telecom carriers spent until "
                "2001, and whether it came: a build-out whose end is known, beside AI.",
                PaybackModel("us-telecom"),
                PaybackResults,
            ),
        ),
        _payback,
        _payback_own,
        cases.payback,
    ),
)
"""The lenses that are asked; `lenses` gives them together with what `with_lens` adds."""
_OPEN: ContextVar[tuple[Lens, ...]] = ContextVar("lenses", default=())
