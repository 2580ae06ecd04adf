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
