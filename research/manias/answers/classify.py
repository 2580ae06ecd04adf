"""The five lenses side by side: what each says of a target on a date, and whether it may."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from manias.answers.archive import load_model
from manias.data.calendar import last_day
from manias.data.reader import Series, read_series
from manias.errors import DataError, InputError
from manias.lenses.base import Answer
from manias.lenses.crash_logit import ALL, RunUpLogit, answer_runup
from manias.lenses.features import load_conditions
from manias.lenses.innovation import answer_innovation
from manias.lenses.ladder import Assessment, assess_series
from manias.lenses.landmark import LandmarkModel, answer_landmark
from manias.lenses.landmark import answer_own as landmark_own
from manias.lenses.payback import PaybackModel, answer_payback, known_by, own_payback
from manias.lenses.precedents import PrecedentModel, answer_precedents
from manias.lenses.precedents import answer_own as precedents_own
from manias.lenses.price_logit import answer_index, fit_as_of
from manias.series.indices import Index, ai_indices, own_index
from manias.series.runups import Panel, load_panel
from manias.series.trajectories import own

LENSES: Mapping[str, str] = {
    "innovation": "Do innovations like it, at their start, belong to those called bubbles?",
    "run-up": "Do industries whose shares stand like those of AI crash more often?",
    "build-out": "Is its investment, at its age, larger or faster than that of other booms?",
    "precedent": "Which earlier booms ran most like it, and what became of them?",
    "payback": "What revenue would pay for the spending, and when would it be there?",
}
"""The questions, in order."""

CODED = "2025-12-31"
"""Last day of what the coders of AI could know."""

COMPANIES: Mapping[str, str] = {
    "microsoft": "ai-capex-microsoft",
    "alphabet": "ai-capex-alphabet",
    "amazon": "ai-capex-amazon",
    "meta": "ai-capex-meta",
    "oracle": "ai-capex-oracle",
    "coreweave": "ai-capex-coreweave",
}
"""Companies that can be asked after, and their trajectories."""


def ask(target: str = "ai", *, as_of: str | None = None) -> tuple[Answer, ...]:
    """Ask every lens of AI, or of a company that builds it.

    Parameters
    ----------
    target : str
        "ai", or a company of `COMPANIES`, of which only its spending is looked at.
    as_of : str, optional
        Every lens is fitted again on nothing published or observed later; the kept models
        by default.

    Returns
    -------
    tuple of Answer
        In the order of `LENSES`. A lens that cannot be asked gives an answer without a value
        and with the reason.

    Raises
    ------
    InputError
        If there is no such target, or ``as_of`` is no date.

    Examples
    --------
    >>> [a.lens for a in ask("ai")]
    ['innovation', 'run-up', 'build-out', 'precedent', 'payback']
    """
    if target != "ai" and target not in COMPANIES:
        raise InputError(f"target {target!r}: expected 'ai' or one of {', '.join(COMPANIES)}")
    if as_of is not None:
        last_day(as_of)
    return tuple(_try(lens, make, target, as_of) for lens, make in _MAKERS.items())


def ask_indices(*, as_of: str | None = None) -> dict[str, Answer]:
    """Ask the run-up lens, from prices alone, of the baskets and indices of AI.

    Parameters
    ----------
    as_of : str, optional
        The model is fitted again on nothing later, and the indices are cut.

    Returns
    -------
    dict of str to Answer
        By key in `manias.series.indices.ai_indices`, each as of its own last month.

    Raises
    ------
    InputError
        If ``as_of`` is no date.

    Examples
    --------
    >>> ask_indices(as_of="2024-12")["smh"].as_of
    '2024-12'
    """
    found = {}
    for key, index in ai_indices().items():
        try:
            past = index if as_of is None else index.as_of(as_of)
            fit = load_model("runup-prices") if as_of is None else fit_as_of(as_of)
            found[key] = answer_index(fit, past, target=key)
        except (DataError, InputError) as error:
            found[key] = silent("run-up", key, as_of, str(error))
    return found


def ask_own(
    path: Path | str, *, as_of: str | None = None
) -> tuple[tuple[Answer, ...], Assessment | None]:
    """Ask the lenses that can be asked of a user's file.

    Parameters
    ----------
    path : path
        As `manias.data.reader.read_series` reads it. Months are taken for a price index,
        years and quarters for spending.
    as_of : str, optional
        Cut everything observed later.

    Returns
    -------
    answers : tuple of Answer
        In the order of `LENSES`, with the reason where a lens could not be asked.
    ladder : manias.lenses.ladder.Assessment or None
        Of a price index.

    Raises
    ------
    InputError
        If the file cannot be read, or nothing is left of it by the date.

    Examples
    --------
    >>> ask_own("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected a CSV file
    """
    series = read_series(path)
    cut = series if as_of is None else series.as_of(as_of)
    beside = cut.beside
    coded = silent("innovation", series.name, as_of, "not coded by the codebook")
    if cut.values.index.freqstr[0] == "M":
        panel = load_panel()
        ladder = assess_series(cut, panel)
        why = "months are read as a price index; spending by year or quarter is expected"
        rest = [silent(lens, series.name, as_of, why) for lens in list(LENSES)[2:]]
        return (coded, _own_run_up(own_index(cut, panel), panel), *rest), ladder
    no_prices = silent("run-up", series.name, as_of, "no price index: expected months")
    revenue, gdp = beside.get("revenue"), beside.get("gdp")
    asked = (
        ("build-out", lambda: landmark_own(cut, revenue, gdp, results=load_model("landmark"))),
        (
            "precedent",
            lambda: precedents_own(cut, revenue, gdp, results=load_model("precedents")),
        ),
        ("payback", lambda: _own_payback(cut, revenue)),
    )
    found = []
    for lens, make in asked:
        try:
            found.append(make())
        except (DataError, InputError) as error:
            found.append(silent(lens, series.name, as_of, str(error)))
    return (coded, no_prices, *found), None


def _own_run_up(index: Index, panel: Panel) -> Answer:
    kept = index.last >= panel.last
    try:
        fit = load_model("runup-prices") if kept else fit_as_of(index.last)
        return answer_index(fit, index, target=index.key)
    except DataError as error:
        return silent("run-up", index.key, str(index.last), str(error))


def _own_payback(series: Series, revenue: pd.Series | None) -> Answer:
    if revenue is None:
        raise InputError("no column revenue")
    path, ratio = own_payback(own(series, measure="spending"), revenue)
    last = path.dropna().index[-1]
    return Answer(
        lens="payback",
        model_id=load_model("payback-ai").model_id,
        target=series.name,
        as_of=str(last),
        measure="revenue that would pay, over the revenue there is",
        unit="times",
        value=ratio,
        low=float("nan"),
        high=float("nan"),
        base=1.0,
        n=len(path),
        events=0,
        scores=None,
        is_supported=True,
        grade="C",
        nearest=(),
        reason="an identity under the assumptions made for AI; it predicts no crash",
    )


def silent(lens: str, target: str, as_of: str | None, reason: str) -> Answer:
    """An answer that says nothing, and why.

    Parameters
    ----------
    lens, target : str
    as_of : str or None
    reason : str

    Returns
    -------
    Answer

    Examples
    --------
    >>> silent("run-up", "mine", None, "no prices").says
    False
    """
    nan = float("nan")
    return Answer(
        lens, "", target, as_of or "", "", "", nan, nan, nan, nan, 0, 0, None, False, "C", (),
        reason,
    )  # fmt: skip


def _try(
    lens: str, make: Callable[[str, str | None], Answer], target: str, as_of: str | None
) -> Answer:
    try:
        return make(target, as_of)
    except (DataError, InputError) as error:
        return silent(lens, target, as_of, str(error))


def _innovation(target: str, as_of: str | None) -> Answer:
    if target != "ai":
        raise InputError("companies are not coded; ask after ai")
    if as_of is not None and last_day(as_of) < last_day(CODED):
        raise InputError(f"AI was coded on what was known by {CODED}")
    return answer_innovation(load_model("innovation-logit"), "ai")


def _run_up(target: str, as_of: str | None) -> Answer:
    if target != "ai":
        raise InputError("industries are not companies; ask after ai")
    conditions = load_conditions()
    if as_of is None:
        return answer_runup(load_model("runup-panel"), conditions)
    past = conditions.as_of(as_of)
    fit = RunUpLogit("panel", ALL, permutations=0).fit(past)
    return answer_runup(fit, past)


def _build_out(target: str, as_of: str | None) -> Answer:
    results = load_model("landmark") if as_of is None else LandmarkModel().fit(as_of=as_of)
    return replace(answer_landmark(results, _path(target), as_of=as_of), target=target)


def _precedent(target: str, as_of: str | None) -> Answer:
    results = load_model("precedents") if as_of is None else PrecedentModel().fit(as_of=as_of)
    return replace(answer_precedents(results, _path(target), as_of=as_of), target=target)


def _payback(target: str, as_of: str | None) -> Answer:
    if target != "ai":
        raise InputError("no revenue from AI by company; ask after ai")
    if as_of is None:
        return answer_payback(load_model("payback-ai"))
    if not known_by("ai", as_of):
        raise InputError(f"some assumptions were not known by {as_of}")
    return answer_payback(PaybackModel("ai").fit(as_of=as_of))


def _path(target: str) -> str:
    return "ai-capex-five" if target == "ai" else COMPANIES[target]


_MAKERS: Mapping[str, Callable[[str, str | None], Answer]] = {
    "innovation": _innovation,
    "run-up": _run_up,
    "build-out": _build_out,
    "precedent": _precedent,
    "payback": _payback,
}
