"""The lenses side by side: silence has a reason, the past does not move, files are read."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import list_models, load_model
from manias.answers.classify import ask, ask_own
from manias.answers.measures import measure_ai
from manias.answers.registry import lenses
from manias.data.library import known_on
from manias.errors import DataError, InputError
from manias.figures.tables import answer_table, said
from manias.language.editions import read_language
from manias.lenses.base import silent
from manias.lenses.payback import PaybackModel
from manias.record.companies import companies
from manias.report import crash, dating, history, indices, innovations, verdict
from manias.report.tracing import trace


@pytest.fixture(scope="module")
def answers():
    return ask("ai")


def test_every_lens_answers_in_order_and_none_is_blended(answers):
    assert [a.lens for a in answers] == [lens.key for lens in lenses()]
    for a in answers:
        assert a.says == (a.has_skill and a.is_supported and np.isfinite(a.value))
        assert a.says or a.reason
        if np.isfinite(a.low):
            assert a.low <= a.value <= a.high
    table = answer_table(answers)
    assert table["verdict"].str.startswith(("may be read", "no conclusion")).all()


def test_kept_models_give_the_answers(answers):
    by_lens = {a.lens: a for a in answers}
    assert by_lens["innovation"].model_id == load_model("innovation-logit").model_id
    assert by_lens["run-up"].n == load_model("runup-panel").n
    assert by_lens["payback"].value == load_model("payback-ai").ratio


def test_a_date_in_the_past_silences_what_was_not_known():
    past = {a.lens: a for a in ask("ai", as_of="1999-12")}
    assert "was coded" in past["innovation"].reason
    assert past["run-up"].as_of == "1999-12"
    assert 0 < past["run-up"].value < 1
    assert past["payback"].reason
    assert not any(a.says for a in past.values() if not np.isfinite(a.value))


@pytest.mark.parametrize("company", companies())
def test_companies_are_asked_by_their_spending_alone(company):
    found = {a.lens: a for a in ask(company)}
    assert found["innovation"].reason and found["run-up"].reason and found["payback"].reason
    assert found["build-out"].model_id or found["build-out"].reason
    assert found["build-out"].target == company


def test_an_unknown_target_and_date_are_refused():
    with pytest.raises(InputError, match="target 'tulips'"):
        ask("tulips")
    with pytest.raises(InputError, match="date 'soon'"):
        ask("ai", as_of="soon")


def own_file(path, rows, header="date,value,unit,revenue,gdp"):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_file_of_spending_is_asked_and_says_what_could_not_be(tmp_path):
    rows = [f"{2018 + i},{v},USD,{2 * v},{100 + i}" for i, v in enumerate([1, 2, 4, 7, 9])]
    found, ladder = ask_own(own_file(tmp_path / "mine.csv", rows))
    by_lens = {a.lens: a for a in found}
    assert ladder is None
    assert by_lens["innovation"].reason and "months" in by_lens["run-up"].reason
    assert np.isfinite(by_lens["payback"].value)
    assert by_lens["build-out"].grade == by_lens["payback"].grade == "C"
    short = [r[: r.index("USD") - 1] for r in rows]
    bare, _ = ask_own(own_file(tmp_path / "bare.csv", short, "date,value"))
    assert "no column revenue" in {a.lens: a.reason for a in bare}["payback"]
    assert "no column gdp" in {a.lens: a.reason for a in bare}["build-out"]


def test_the_future_of_a_file_does_not_matter(tmp_path):
    rows = [f"{2010 + i},{v},USD,{v},{100}" for i, v in enumerate([1, 2, 4, 7, 9, 12, 13])]
    other = [*rows[:5], "2015,99,USD,1,100", "2016,1,USD,1,100"]
    a, _ = ask_own(own_file(tmp_path / "mine.csv", rows), as_of="2014")
    b, _ = ask_own(own_file(tmp_path / "mine.csv", other), as_of="2014")
    assert str(a) == str(b)
    with pytest.raises(InputError, match="nothing on record"):
        ask_own(tmp_path / "mine.csv", as_of="1900")


@pytest.mark.parametrize(
    ("row", "words"),
    [("2015,1,USD,x,1", "column revenue: 'x'"), ("2015,1,USD,1,inf", "column gdp: 'inf'")],
)
def test_a_bad_cell_beside_the_value_is_named(tmp_path, row, words):
    path = own_file(tmp_path / "mine.csv", ["2014,1,USD,1,1", row])
    with pytest.raises(InputError, match=words):
        ask_own(path)


def test_the_command_prints_and_is_valid_json(manias_command, tmp_path):
    done = manias_command("classify", "microsoft", "--json")
    assert done.returncode == 0
    assert [a["lens"] for a in json.loads(done.stdout)["lenses"]] == [
        lens.key for lens in lenses()
    ]
    done = manias_command("classify", "ai")
    assert done.returncode == 0
    assert "build-out" in done.stdout and "rung" in done.stdout
    done = manias_command("classify", "ai", "--as-of", "2024-12")
    assert "Nothing later than 2024-12-31 was used" in done.stdout
    done = manias_command("classify", "tulips")
    assert done.returncode == 2 and "no such file" in done.stderr


def test_the_verdict_sentence_flips_with_the_answers(answers):
    sentence = verdict.verdict_sentence
    answers = tuple(
        replace(a, scores=a.scores and replace(a.scores, permutation_p=0.5)) for a in answers
    )
    assert "neither a bubble nor its absence" in sentence(answers)
    a = answers[0]
    skilled = replace(
        a,
        value=0.9,
        low=0.7,
        high=0.95,
        base=0.5,
        is_supported=True,
        reason="",
        scores=replace(a.scores, gain=0.1, permutation_p=0.001),
    )
    assert skilled.says
    under = replace(skilled, value=0.2, low=0.1, high=0.3)
    unsure = replace(skilled, low=0.4)
    assert "puts AI above the base rate" in sentence((skilled, *answers[1:]))
    assert "puts AI below the base rate" in sentence((under, *answers[1:]))
    assert "close to the base rate" in sentence((unsure, *answers[1:]))
    one, two = (skilled, *answers[1:]), (skilled, under, *answers[2:])
    assert sentence(one).startswith("One model has shown skill")
    assert sentence(two).startswith("Two models have shown skill")
    zh = read_language("zh")
    assert "有1个模型" in zh.render(sentence(one)) and "有2个模型" in zh.render(sentence(two))


def scored(monkeypatch, chapter, skilled):
    """Let a chapter see models of which only some have skill."""

    def changed(name):
        fit = load_model(name)
        told = name in skilled
        low = {"gain": 0.1, "permutation_p": 0.001} if told else {"permutation_p": 0.5}
        return replace(fit, scores=(replace(fit.scores[0], **low), *fit.scores[1:]))

    monkeypatch.setattr(chapter, "model", changed)


@pytest.mark.parametrize(
    ("chapter", "maker", "skilled", "words"),
    [
        (innovations, "logit_finding", ["innovation-logit"], "the model has skill"),
        (innovations, "logit_finding", [], "shows no skill"),
        (crash, "crash_finding", [], "none of the three versions passes"),
        (crash, "crash_finding", ["runup-half"], "one of the three versions passes"),
        (
            crash,
            "crash_finding",
            ["runup-half", "runup-panel"],
            "two of the three versions pass",
        ),
        (indices, "hazard_finding", ["runup-hazard"], "has skill on an era"),
        (indices, "hazard_finding", [], "has no skill either on an era that it has not seen"),
    ],
)
def test_findings_of_the_models_flip_with_their_scores(
    monkeypatch, chapter, maker, skilled, words
):
    scored(monkeypatch, chapter, skilled)
    assert f"{words} " in getattr(chapter, maker)().content


def test_indices_are_told_without_skill_only_where_no_model_has_it(monkeypatch):
    for skilled, told in (([], True), (["runup-hazard"], False)):
        scored(monkeypatch, indices, skilled)
        caption = indices.index_table().content.caption
        assert caption.endswith("Neither model has shown skill.") == told


def test_answers_read_as_figures():
    a = silent("run-up", "x", None, "no data")
    assert said(a) == "no value"
    b = replace(a, value=0.256, low=0.1, high=0.4, unit="probability")
    # Outside what was fitted a figure is no answer.
    assert said(b) == "no value"
    assert said(replace(b, is_supported=True)) == "26% (10% to 40%)"


def test_a_name_leads_to_its_value_code_and_sources(manias_command):
    (found,) = trace("ai-last-share")
    from manias import trajectory

    assert found.value == f"{trajectory('us-it-ai').values.iloc[-1]:.2f}%"
    assert "def ai_last_share" in found.formula
    assert {s.id for s in found.sources} >= {"bea2026nipa"}
    done = manias_command("trace", "ai-last-share", "--json")
    assert json.loads(done.stdout)[0]["value"] == found.value
    wrong = manias_command("trace", "ai-last-shar")
    assert wrong.returncode == 2 and "ai-last-share" in wrong.stderr


def test_the_history_agrees_with_its_table():
    from manias import load

    frame = load("episodes").frame
    falls = frame["fall_pct"].dropna().abs()
    assert f"{falls.median():.0f} percent" in history.episodes_size().content
    rows = history.definitions_table().content.rows
    labels = {r[0]: (int(r[2]), int(r[3]), int(r[4])) for r in rows}
    assert all(sum(v) == len(load("innovations").frame) for v in labels.values())


def test_dated_series_are_cut_to_lengths_whose_law_is_on_record():
    values = pd.Series(np.arange(777.0))
    assert len(dating.shipped_length(values)) == 750
    assert dating.shipped_length(values).index[-1] == values.index[-1]


def test_payback_is_told_as_of_the_day_on_which_its_assumptions_were_known():
    day = max(results.provenance.until for results in list_models())
    now = load_model("payback-ai")
    with known_on(day):
        assert PaybackModel("ai").fit().ratio == now.ratio
    with known_on("2026-06"), pytest.raises(DataError, match="was not known by 2026-06-30"):
        PaybackModel("ai").fit()


@pytest.mark.slow
def test_as_of_the_last_day_that_anything_was_known_the_answers_are_those_without_a_day():
    """Tests, placebos and ids are those of kept cards alone."""
    day = max(results.provenance.until for results in list_models())
    figures = ("lens", "value", "low", "high", "base", "band", "n", "events", "as_of")
    then, now = (
        [[getattr(a, name) for name in figures] for a in ask("ai", as_of=d)]
        for d in (day, None)
    )
    assert repr(then) == repr(now)
    then, now = (
        [
            (m.measure, m.series, m.value, m.rank, m.group, [o.frequency for o in m.outcomes])
            for m in measure_ai("ai", as_of=d).measures
        ]
        for d in (day, None)
    )
    assert repr(then) == repr(now) and then[-1][0] == "payback"
