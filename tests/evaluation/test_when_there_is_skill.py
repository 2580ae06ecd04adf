"""When a model has skill, whom the bootstrap draws, and what a sure error costs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from manias.evaluation.scores import base_rates, log_losses, score
from sklearn.metrics import log_loss

# A percentile of 9,999 draws lies on an atom of the law or beside it; the atoms are this far
# apart at most.
DRAWN = 0.01


@pytest.fixture(scope="module")
def scores():
    y = np.array([1.0, 0.0, 1.0, 0.0])
    return score(y, np.array([0.8, 0.3, 0.6, 0.4]), base_rates(y), scheme="one case")


@pytest.mark.parametrize("interval", [(-1.0, 1.0), (0.05, 0.2), (-0.3, -0.1)])
@pytest.mark.parametrize(
    ("gain", "p", "has_skill"),
    [
        (0.1, 0.001, True),
        (0.1, 0.05, True),
        (1e-6, 0.05, True),
        # The test does not reject.
        (0.1, 0.0501, False),
        (0.1, 0.5, False),
        (0.1, 1.0, False),
        # No test was run.
        (0.1, math.nan, False),
        # It rejects, but nothing is gained.
        (0.0, 0.001, False),
        (-0.1, 0.001, False),
        (-0.1, 0.5, False),
        (-0.1, math.nan, False),
        (math.nan, 0.001, False),
        (math.nan, math.nan, False),
    ],
)
def test_skill_asks_for_a_gain_and_a_test_that_rejects(scores, gain, p, has_skill, interval):
    """The interval is printed beside it and decides nothing."""
    low, high = interval
    made = replace(scores, gain=gain, gain_low=low, gain_high=high, permutation_p=p)
    assert made.has_skill is has_skill


def test_a_sure_error_costs_twelve_decimals_and_no_more():
    ten = math.log(10)
    found = log_losses(np.array([1.0, 0, 1, 0]), np.array([0.0, 1.0, 1e-6, 1 - 1e-6]))
    assert found == pytest.approx([12 * ten, 12 * ten, 6 * ten, 6 * ten], abs=1e-4)
    sure = log_losses(np.array([1.0, 0]), np.array([1.0, 0.0]))
    assert sure == pytest.approx([0, 0], abs=1e-11)
    y, p = np.array([1.0, 0, 0, 1]), np.array([1e-5, 2e-4, 0.5, 0.9999])
    assert log_losses(y, p).mean() == pytest.approx(log_loss(y, p), rel=1e-12)


# Gains of whole groups, the same for every case of a group, and how many cases each has.
GAINS = {"a": (-0.6, 10), "b": (0.1, 40), "c": (0.3, 20), "d": (0.5, 30)}


def grouped():
    """Outcomes, predictions and groups in which a group's cases gain all the same."""
    y, p, groups = [], [], []
    for name, (gain, n) in GAINS.items():
        said = 0.5 * math.exp(gain)
        for i in range(n):
            y.append(float(i % 2))
            p.append(said if i % 2 else 1 - said)
            groups.append(name)
    return np.array(y), np.array(p), np.array(groups)


def by_hand(confidence=0.95):
    """Ends from the four means that leave one group out, on Student's law of three degrees."""
    mean = sum(g * n for g, n in GAINS.values()) / sum(n for _, n in GAINS.values())
    without = [
        sum(g * n for key, (g, n) in GAINS.items() if key != left)
        / sum(n for key, (_, n) in GAINS.items() if key != left)
        for left in GAINS
    ]
    spread = math.sqrt(3 / 4 * sum((one - mean) ** 2 for one in without))
    reach = {0.95: 3.182446, 0.8: 1.637744}[confidence] * spread
    return mean - reach, mean + reach


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_the_interval_leaves_out_whole_groups(confidence):
    y, p, groups = grouped()
    options = {"scheme": "one group", "confidence": confidence}
    found = score(y, p, np.full(len(y), 0.5), groups=groups, **options)
    assert found.gain == pytest.approx(sum(g * n for g, n in GAINS.values()) / 100)
    low, high = by_hand(confidence)
    # Quantiles are those of printed tables, to six decimals.
    assert found.gain_low == pytest.approx(low, rel=1e-5)
    assert found.gain_high == pytest.approx(high, rel=1e-5)
    # Cases that were left out one by one would give an interval of a fifth of that.
    alone = score(y, p, np.full(len(y), 0.5), **options)
    assert alone.gain_high - alone.gain_low < 0.4 * (high - low)
    assert (found.groups, alone.groups) == (4, 100)


def test_of_two_groupings_the_wider_interval_is_printed_whichever_comes_first():
    y, p, groups = grouped()
    half = np.full(len(y), 0.5)
    wide = score(y, p, half, scheme="x", groups=groups)
    for one in (
        score(y, p, half, scheme="x", groups=groups, also=np.arange(len(y))),
        score(y, p, half, scheme="x", groups=np.arange(len(y)), also=groups),
        score(y, p, half, scheme="x", also=groups),
    ):
        assert (one.gain_low, one.gain_high) == (wide.gain_low, wide.gain_high)
