"""No row that was not known by a day moves an answer as of that day, whatever is asked."""

import json
from dataclasses import asdict

import manias
import pandas as pd
import pytest
from manias.answers.classify import ask, ask_indices, ask_own
from manias.answers.forecasts import judge, list_forecasts
from manias.data.library import LIBRARY, known_on
from manias.evaluation.cards import dumps, encode
from manias.lenses.crash_hazard import CrashHazard
from manias.lenses.crash_logit import FEW, RunUpLogit, industry_risks
from manias.lenses.features import load_conditions
from manias.lenses.ladder import assess, assess_series
from manias.lenses.payback import PaybackModel
from manias.lenses.precedents import PrecedentModel
from manias.lenses.price_logit import answer_index, fit_as_of, held_apart
from manias.record.financing import compare_financing, financing_table
from manias.series.baskets import milestones, same_age
from manias.series.indices import ai_indices
from manias.series.later_booms import later_returns
from manias.series.runups import load_panel


def plain(answer):
    """Everything that was said, as text."""
    if hasattr(answer, "to_card"):
        answer = answer.to_card()
    if isinstance(answer, (tuple, list)):
        return [plain(a) for a in answer]
    if isinstance(answer, dict):
        return {key: plain(a) for key, a in answer.items()}
    if isinstance(answer, pd.DataFrame):
        return answer.to_csv()
    return json.loads(dumps(answer)) if isinstance(answer, dict) else str(encode(answer))


def held_fields(day):
    held = held_apart(day)
    return [held.looks, held.starts, asdict(held.scores), asdict(held.among)]


def risks(day):
    with known_on(day):
        conditions = load_conditions()
        fit = RunUpLogit("panel", FEW, permutations=0).fit(conditions, scored=False)
        return [fit, industry_risks(fit, conditions)]


def compared(day):
    found = compare_financing(day)
    return [str(found.as_of), found.companies, found.waves]


def inside(day):
    """Run-up lens inside a library with a day: no function is given the date."""
    with known_on(day):
        return [CrashHazard(is_tested=False).fit(scored=False), assess(load_panel())]


FORECASTS = list_forecasts()
GIVEN = manias.load_assumptions("uk-railways")
QUESTIONS = {
    "ai": (lambda day: ask("ai", as_of=day), "1946-12", "1946-06"),
    "a company": (lambda day: ask("microsoft", as_of=day), "2024-12", "2024-06"),
    "indices": (lambda day: ask_indices(as_of=day), "2024-12", "2024-06"),
    "one index": (
        lambda day: answer_index(fit_as_of(day), ai_indices()["smh"], as_of=day),
        "2024-12",
        "2024-06",
    ),
    "industries": (risks, "1999-12", "1998-12"),
    "hazard and ladder": (inside, "1999-12", "1998-12"),
    "ladder": (lambda day: assess(load_panel(), as_of=day), "1999-12", "1998-12"),
    "precedents": (lambda day: PrecedentModel().fit(as_of=day), "1995-12", "1989-12"),
    "payback": (
        lambda day: PaybackModel("uk-railways").fit(GIVEN, as_of=day),
        "1852-12",
        "1848-06",
    ),
    "later booms": (held_fields, "2008-12", "2008-06"),
    "one later boom": (
        lambda day: later_returns("solar-2007", as_of=day).returns,
        "2007-12",
        "2007-06",
    ),
    "baskets": (lambda day: same_age(as_of=day), "2024-12", "2024-06"),
    "milestones": (lambda day: milestones("ai", as_of=day), "2024-12", "2024-06"),
    "past builders": (financing_table, "2001-12", "1999-12"),
    "all builders": (compared, "2024-12", "2024-06"),
    "tournament": (lambda day: manias.tournament(as_of=day), "2026-03", "2025-06"),
    "forecasts": (lambda day: [judge(f, as_of=day) for f in FORECASTS], "2026-03", "2025-06"),
}


def said(question, day):
    try:
        return plain(question(day))
    except manias.ManiasError as error:
        return str(error)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_later_row_moves_an_answer(without_the_future, name):
    question, day, before = QUESTIONS[name]
    honest = plain(question(day))
    with without_the_future(day).open():
        assert said(question, day) == honest
    # With the last months changed as well it is another answer: the question does read.
    with without_the_future(before).open():
        assert said(question, day) != honest


def own_file(path, periods, values, **columns):
    table = pd.DataFrame({"date": periods, "value": values, **columns})
    table.to_csv(path, index=False)
    return path


def test_an_own_file_is_asked_by_models_that_saw_nothing_later(without_the_future, tmp_path):
    spent = own_file(tmp_path / "spent.csv", range(1990, 1996), [1, 2, 3, 5, 6, 8], revenue=1)
    months = pd.period_range("1990-01", "1995-12", freq="M").astype(str)
    prices = own_file(tmp_path / "prices.csv", months, [1.02**i for i in range(len(months))])
    kept = {m.model_id for m in manias.list_models()}
    for path, asked in ((spent, ("build-out", "precedent")), (prices, ("run-up",))):
        honest = {a.lens: a for a in ask_own(path, as_of="1995-12")[0]}
        with without_the_future("1995-12").open():
            again = {a.lens: a for a in ask_own(path, as_of="1995-12")[0]}
        assert str(again) == str(honest)
        # Cards that saw everything answered here until now.
        assert not {honest[lens].model_id for lens in asked} & {*kept, ""}
    # Assumptions made later gave a number until now.
    said_now = {a.lens: a for a in ask_own(spent, as_of="1995-12")[0]}["payback"]
    assert said_now.reason == "payback of ai: ai_share_of_capex was not known by 1995-12-31"


def test_an_own_index_is_placed_on_a_ladder_that_saw_nothing_later(without_the_future, panel):
    months = pd.period_range("1990-01", "1999-12", freq="M")
    levels = pd.Series([1.02**i for i in range(len(months))], months)
    mine = manias.Series("mine", levels, "index")
    honest = assess_series(mine, panel, as_of="1999-06")
    with without_the_future("1999-06").open():
        assert plain(asdict(assess_series(mine, load_panel(), as_of="1999-06"))) == plain(
            asdict(honest)
        )


def test_what_was_written_later_is_not_read_at_all():
    for name in ("verdicts", "claims", "episodes"):
        with known_on("2025"), pytest.raises(manias.DataError, match="nothing of it was known"):
            manias.load(name)
    assert LIBRARY.day is None
