"""Random weightings: judged as the scoreboard judges, and nobody's gauge."""

import numpy as np
import pandas as pd
import pytest
from manias.errors import InputError
from manias.gauges.gauge import Readings
from manias.gauges.registry import find_gauge, find_target, list_gauges
from manias.gauges.scoreboard import score_readings
from manias.gauges.weightings import composites, weigh_at_random

KEYS = ("faber-us", "shiller-cape-25", "gmo-two-sigma", "bis-credit-gap")


@pytest.fixture(scope="module")
def found():
    return weigh_at_random(gauges=KEYS, draws=200)


def test_a_composite_has_the_score_that_the_scoreboard_gives_it(found):
    us = find_target("us")
    levels = us.levels()
    marks = pd.concat([find_gauge(k).readings().signal["us"] for k in KEYS], axis=1)
    marks = marks.reindex(levels.index).to_numpy(dtype=float)
    for draw in (0, 17):
        signal = composites(marks, found.weights.to_numpy()[[draw]])
        frame = pd.DataFrame(signal, levels.index, levels.columns)
        score = score_readings(Readings(frame, frame, frame, "1"), us, levels, samples=0)
        row = found.scores.loc[draw]
        assert score["gain"] == pytest.approx(row["gain"])
        assert sum(e.verdict == "hit" for e in score["episodes"]) == row["hits"]
        assert score["in_alarm"] == pytest.approx(row["in_alarm"])


def test_the_weights_turn_the_answer(found):
    spread = found.spread()
    assert spread.loc["lowest", "hits"] < spread.loc["highest", "hits"]
    assert set(found.scores["now"]) == {0.0, 1.0}
    assert found.alarmed.max() <= 1
    assert 0 < found.alarmed.iloc[-1] < 1


def test_all_weight_on_one_gauge_is_that_gauge():
    marks = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, np.nan], [np.nan, np.nan, 1.0]])
    only = composites(marks, np.array([[1.0, 0.0, 0.0]]))
    assert only[:2, 0].tolist() == [1.0, 0.0]
    assert np.isnan(only[2, 0])  # One gauge alone is no composite.


def test_the_same_seed_gives_the_same_composites(found):
    again = weigh_at_random(gauges=KEYS, draws=200)
    pd.testing.assert_frame_equal(found.scores, again.scores)
    assert not found.weights.equals(weigh_at_random(gauges=KEYS, draws=200, seed=1).weights)


def test_no_random_composite_stands_among_the_gauges():
    keys = {g.key for g in list_gauges() if g.kind == "composite"}
    assert keys == {"absi-55", "absi-75"}


def test_what_cannot_be_weighted_is_refused():
    with pytest.raises(InputError, match="units; expected one"):
        weigh_at_random("countries")
    with pytest.raises(InputError, match="expected one of target 'us'"):
        weigh_at_random(gauges=("faber-us", "sharma-tenfold"))
    with pytest.raises(InputError, match="1 gauges; expected two or more"):
        weigh_at_random(gauges=("faber-us",))
