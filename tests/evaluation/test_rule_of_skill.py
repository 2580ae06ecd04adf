"""The rule of skill: Holm by hand, exchanges that keep clusters, size and power that grow."""

import numpy as np
import pytest
from manias.evaluation.skill import (
    exchange_clusters,
    holm,
    permutation_p,
    simulate_rule,
)


def test_holm_steps_down_and_stops():
    p = {"a": 0.001, "b": 0.02, "c": 0.021, "d": 0.9}
    # 0.05 over 4, 3, 2, 1: the second is above 0.0167, so that the third is not asked.
    assert holm(p) == {"a": True, "b": False, "c": False, "d": False}


def test_the_sample_is_one_of_its_permutations():
    assert permutation_p(1.0, np.zeros(99)) == pytest.approx(0.01)
    assert permutation_p(0.0, np.zeros(99)) == 1.0


def test_exchanged_outcomes_keep_their_number_and_stay_in_runs():
    clusters = np.repeat(np.arange(10), 5)
    y = (clusters % 2).astype(float)
    drawn = exchange_clusters(y, clusters, 300, 1)
    assert (drawn.sum(axis=1) == y.sum()).all()
    within = np.abs(np.diff(drawn.reshape(300, 10, 5), axis=2)).mean()
    free = np.random.default_rng(1).permuted(np.tile(y, (300, 1)), axis=1)
    assert within < 0.3 < np.abs(np.diff(free.reshape(300, 10, 5), axis=2)).mean()


def test_power_grows_with_the_effect_and_size_holds():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    p = 1 / (1 + np.exp(-x))
    y = (rng.random(200) < p).astype(float)

    def gain(labels):
        return (labels - labels.mean(axis=1, keepdims=True)) @ x

    def drawn(rng, n):
        return rng.permuted(np.tile(y, (n, 1)), axis=1)

    null = gain(drawn(rng, 999))
    rule = simulate_rule("labels exchanged", y, p, null, gain, drawn=drawn, draws=400)
    power = [one.power for one in rule.power]
    # Three standard errors of a share of 400 at 5%.
    assert abs(rule.size - 0.05) < 0.033
    assert power == sorted(power) and power[0] > 0.5 and power[-1] > 0.95
    # Turned in clusters of ten the same effect is seen less often.
    together = simulate_rule(
        "labels exchanged", y, p, null, gain, drawn=drawn, clusters=np.arange(200) // 10
    )
    assert together.power[0].power < power[0] + 0.05


@pytest.mark.parametrize(
    ("below", "rejects"),
    [
        # The least p of 19 permutations is 1 / 20: the test rejects above all of them.
        (19, True),
        (59, True),
        # Of 18 or fewer none is rare enough, whatever the gain.
        (18, False),
        (5, False),
        (0, False),
    ],
)
def test_with_too_few_permutations_nothing_is_rare(below, rejects):
    y = np.tile([1.0, 0.0], 10)
    rule = simulate_rule(
        "x", y, np.full(20, 0.5) + 0.1 * y, np.zeros(below), lambda made: np.ones(len(made)),
        drawn=lambda rng, n: rng.permuted(np.tile(y, (n, 1)), axis=1), draws=20,
    )  # fmt: skip
    assert rule.size == (1.0 if rejects else 0.0)
    assert {one.power for one in rule.power} == {rule.size}


def test_the_bar_is_the_gain_that_one_permutation_in_twenty_reaches():
    y = np.tile([1.0, 0.0], 10)
    null = np.arange(39.0)
    # 5% of 40, the sample among them, are two: the second largest of 39 is the bar.
    for gain, size in ((37.0, 0.0), (37.5, 1.0), (38.0, 1.0)):
        rule = simulate_rule(
            "x", y, np.full(20, 0.5) + 0.1 * y, null, lambda m, g=gain: np.full(len(m), g),
            drawn=lambda rng, n: rng.permuted(np.tile(y, (n, 1)), axis=1), draws=5,
        )  # fmt: skip
        assert rule.size == size
        assert (permutation_p(gain, null) <= 0.05) is (size == 1.0)
