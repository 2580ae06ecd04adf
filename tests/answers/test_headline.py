"""Headline tests counted together: Holm by hand, what is counted, what passes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from manias.answers.archive import list_models, load_model
from manias.answers.headline import counted_sentence, headline_tests
from manias.evaluation.skill import adjust_holm, holm


def by_hand(p):
    """Holm (1979): the k-th smallest of n times n - k + 1, never falling, at most 1."""
    order = np.argsort(p, kind="stable")
    steps = np.asarray(p)[order] * (len(p) - np.arange(len(p)))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def test_adjusted_p_are_those_of_the_paper_and_agree_with_the_decisions():
    p = np.random.default_rng(3).uniform(0, 0.2, 12).round(3)
    assert adjust_holm(p) == pytest.approx(by_hand(p))
    decided = holm(dict(zip(map(str, range(12)), p, strict=True)))
    assert list(decided.values()) == list(adjust_holm(p) <= 0.05)
    assert adjust_holm([]).size == 0


def test_every_scored_model_is_counted_once_and_panels_as_planned():
    found = headline_tests()
    scored = {
        r.name for r in list_models() if any(np.isfinite(s.permutation_p) for s in r.scores)
    }
    assert {t.card for t in found.tests} == scored
    named = [(t.card, t.test) for t in found.tests if t.is_planned]
    assert len(set(named)) == len(named) == found.n_planned - found.missing
    assert adjust_holm([t.p for t in found.tests]) == pytest.approx(
        [t.adjusted for t in found.tests]
    )
    firms = load_model("spending-firms")
    gap = next(t for t in found.tests if t.test.startswith("finance gap"))
    assert (gap.p, gap.gain) == (firms.finance.p, firms.finance.gap)


def test_a_planned_test_without_a_card_counts_as_one_that_found_nothing():
    (industries,) = (r for r in list_models() if r.name == "spending-industries")
    found = headline_tests([industries])
    least = min(t.p for t in found.tests)
    assert found.missing == 6
    assert min(t.adjusted_planned for t in found.tests) == pytest.approx(8 * least)
    assert "Six of them have not been run yet" in counted_sentence(found)


def test_a_loss_never_passes():
    results = load_model("innovation-logit")
    worse = replace(results, scores=(replace(results.scores[0], gain=-0.1),))
    (one,) = headline_tests([worse]).tests
    assert one.adjusted < 0.05 and not one.passes and not one.is_planned


@pytest.mark.slow
def test_the_command_prints_what_the_function_finds(manias_command):
    said = json.loads(manias_command("models", "tests", "--json").stdout)
    found = headline_tests()
    assert [t["adjusted"] for t in said["tests"]] == [t.adjusted for t in found.tests]
    assert {"card", "test", "p", "adjusted", "passes", "planned"} <= set(said["tests"][0])
    shown = manias_command("models", "tests").stdout
    assert " ".join(shown.split()).endswith(f"{counted_sentence(found)}.")
