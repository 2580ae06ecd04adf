"""When an answer may be read as evidence, and what it shows where it may not."""

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from manias.evaluation.scores import base_rates, score
from manias.lenses.base import NO_SKILL, NOT_SCORED, Answer, Answers, silent

RESULTS = SimpleNamespace(lens="run-up", model_id="manias-x-0", grade="B")


def scores(gain, p):
    y = np.array([1.0, 0.0, 1.0, 0.0])
    made = score(y, np.array([0.8, 0.3, 0.6, 0.4]), base_rates(y), scheme="one case")
    return replace(made, gain=gain, permutation_p=p)


SCORES = {
    "skill": scores(0.2, 0.01),
    "test does not reject": scores(0.2, 0.3),
    "loss": scores(-0.2, 0.01),
    "not tested": scores(0.2, math.nan),
    "not scored": None,
}


def answer(scored="skill", is_supported=True, value=0.4, **more):
    return Answer.of(
        RESULTS, target="ai", as_of="2026", measure="m", value=value, low=0.2, high=0.7,
        base=0.3, n=9, events=3, is_supported=is_supported, scores=SCORES[scored], **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scored", "is_supported", "value"),
    list(itertools.product(SCORES, (True, False), (0.4, 0.0, math.nan, math.inf))),
)
def test_an_answer_says_something_with_skill_support_and_a_value_alone(
    scored, is_supported, value
):
    found = answer(scored, is_supported, value)
    assert found.has_skill is (scored == "skill")
    assert found.says is (scored == "skill" and is_supported and value in (0.4, 0.0))
    assert found.to_frame()["says"].tolist() == [found.says]


def test_outside_of_what_was_fitted_no_number_is_shown():
    inside, outside = (answer(is_supported=s).to_frame().iloc[0] for s in (True, False))
    assert inside[["value", "low", "high"]].tolist() == [0.4, 0.2, 0.7]
    assert outside[["value", "low", "high"]].isna().all()
    assert outside["base"] == 0.3
    assert "0.4" not in repr(answer(is_supported=False))


@pytest.mark.parametrize(
    ("scored", "unit", "reason"),
    [
        ("skill", "probability", ""),
        ("test does not reject", "probability", NO_SKILL),
        ("loss", "probability", NO_SKILL),
        ("not tested", "probability", NOT_SCORED),
        ("not scored", "probability", NOT_SCORED),
        # What is no probability has no base rate to beat.
        ("not scored", "ratio", ""),
    ],
)
def test_the_want_of_skill_is_a_reason_between_the_others(scored, unit, reason):
    assert str(answer(scored, unit=unit).reason) == reason
    told = answer(scored, unit=unit, reasons=["far away"], notes=["few cases"]).reason
    assert str(told) == "; ".join(filter(None, ["far away", reason, "few cases"]))


@pytest.mark.parametrize(
    ("own", "of_target", "grade"),
    [("B", "", "B"), ("B", "A", "B"), ("B", "C", "C"), ("A", "J", "J")],
)
def test_an_answer_bears_the_weaker_grade(own, of_target, grade):
    found = Answer.of(
        SimpleNamespace(lens="x", model_id="y", grade=own), target="ai", as_of="", measure="",
        value=0.1, low=0.1, high=0.1, base=0.1, n=1, events=1, is_supported=True,
        grade=of_target,
    )  # fmt: skip
    assert found.grade == grade


def test_of_several_answers_those_that_speak_are_counted():
    found = Answers([answer(), answer(is_supported=False), silent("run-up", "ai", None, "why")])
    assert repr(found) == "Answers(target='ai', lenses=3, speak=1)"
    assert found.to_frame()["says"].tolist() == [True, False, False]
    assert not found[-1].says and found[-1].reason == "why"
