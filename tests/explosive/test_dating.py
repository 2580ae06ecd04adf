"""Dating on simulated truth, the family-wise rate, dates and words."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from manias import load
from manias.errors import DataError, InputError
from manias.explosive.dating import DatingRule, date_panel, date_series, measure_dating
from manias.explosive.simulate import NULLS, PROCESSES, psy_bubbles


def months(n):
    return pd.period_range("1990-01", periods=n, freq="M")


def test_false_alarms_stay_at_five_percent():
    found = measure_dating("random walk", 100, n_draws=2000)
    assert found["dated"] <= 0.05
    assert found["gsadf"] == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize(
    ("process", "critical", "draws"),
    [("random walk", "monte carlo", 1500), ("PSY one bubble", "monte carlo", 500),
     ("variance break", "wild", 120)],
)  # fmt: skip
def test_shipped_shares_agree_with_a_new_simulation(process, critical, draws):
    table = load("size_power").frame.set_index(["process", "n", "critical", "case"])
    shipped = table.loc[(process, 100, critical, "defaults")]
    fresh = measure_dating(process, 100, critical=critical, n_draws=draws, seed=99)
    for name in ("adf", "sadf", "gsadf", "dated"):
        share = shipped[name]
        spread = math.hypot(shipped[f"{name}_error"], math.sqrt(share * (1 - share) / draws))
        assert abs(fresh[name] - share) < 4 * spread


def test_shipped_table_starts_as_its_command_says():
    table = load("size_power").frame
    assert set(table["process"]) == set(PROCESSES)
    assert set(table.loc[table["is_null"] == 1, "process"]) == set(NULLS)
    walks = table[(table["process"] == "random walk") & (table["critical"] == "monte carlo")]
    assert (walks["dated"] + 2 * walks["dated_error"] <= 0.05).all()


def test_gate_is_what_keeps_them_there():
    loose = measure_dating("random walk", 100, rule=DatingRule(gate=False), n_draws=1000)
    strict = measure_dating("random walk", 100, n_draws=1000)
    assert strict["dated"] < loose["dated"]


@pytest.mark.parametrize(("name", "least"), [("PSY one bubble", 0.6), ("PSY two bubbles", 0.6)])
def test_bubbles_are_found(name, least):
    assert measure_dating(name, 200, n_draws=200)["dated"] > least


def test_dates_of_a_known_bubble():
    y = psy_bubbles(200, rng=np.random.default_rng(1))
    dated = date_series(pd.Series(y, months(200)))
    longest = max(dated.episodes, key=lambda e: e.duration)
    start = (pd.Period(longest.start, "M") - pd.Period("1990-01", "M")).n
    end = (pd.Period(longest.end, "M") - pd.Period("1990-01", "M")).n
    assert 80 <= start <= 106 and 104 <= end <= 118  # truth: 80 and 109
    assert longest.start <= longest.peak <= longest.end
    assert longest.duration == end - start + 1 and not longest.ongoing
    whole = json.loads(json.dumps(dated.to_dict(), allow_nan=False))
    assert len(whole["bsadf"]) == len(whole["badf"]) == len(whole["dates"]) == 200 - 1 - 27 + 1
    assert whole["min_window_counts"] == "rows"


def test_a_bubble_at_the_end_is_ongoing():
    y = psy_bubbles(200, rng=np.random.default_rng(1))[:109]
    assert date_series(pd.Series(y, months(109)), n_draws=1000).episodes[-1].ongoing


def test_panel_dates_a_common_bubble():
    panel = pd.DataFrame(
        {k: psy_bubbles(120, rng=np.random.default_rng(k)) for k in range(3)}, months(120)
    )
    dated = date_panel(panel, n_draws=300)
    assert dated.tests.gsadf > dated.critical.gsadf["95"]
    assert dated.episodes


def test_bad_dates_and_choices_are_named():
    y = pd.Series(np.random.default_rng(0).standard_normal(50).cumsum(), months(50))
    with pytest.raises(DataError, match="1990-05 is missing"):
        date_series(y.drop(pd.Period("1990-05", "M")))
    with pytest.raises(DataError, match="ascending"):
        date_series(y.iloc[::-1])
    with pytest.raises(DataError, match="stands twice"):
        date_series(pd.concat([y, y.iloc[-1:]]))
    with pytest.raises(InputError, match="level='80'"):
        DatingRule(level="80")
    with pytest.raises(InputError, match="critical='t'"):
        date_series(y, critical="t")
    with pytest.raises(InputError, match="process='x'"):
        measure_dating("x", 50)


@pytest.mark.parametrize("name", PROCESSES)
def test_processes_depend_on_their_generator_alone(name):
    one, two = (PROCESSES[name](80, rng=np.random.default_rng(4)) for _ in range(2))
    assert (one == two).all() and np.isfinite(one).all() and len(one) == 80


@pytest.mark.parametrize(
    "values",
    [
        np.arange(100.0),
        100 * 1.03 ** np.arange(100),
        # 0.1 added 200 times, with the rounding of each sum: once two episodes, GSADF 12.8.
        np.add.accumulate(np.full(200, 0.1)),
        2 * np.arange(100) + 1 + 1e-8,
    ],
    ids=["line", "exponential", "summed", "moved"],
)
@pytest.mark.filterwarnings("ignore::manias.explosive.recursive.SingularWindow")
@pytest.mark.parametrize("lag", [0, 1, 2])
def test_what_cannot_be_tested_is_not_called_no_episode(values, lag):
    dated = date_series(values, lag=lag, critical="monte carlo", n_draws=100)
    said = dated.to_dict()
    assert said["gsadf"] is None and said["n_singular"] > 0 and said["episodes"] == []
    assert not dated.is_tested and said["is_censored"] is None
    assert dated.finding.startswith("Could not be tested")


def test_a_spell_that_the_data_cut_off_has_words_of_its_own():
    y = np.random.default_rng(0).standard_normal(97).cumsum() + 50
    y = np.r_[y, y[-1] + np.array([12.0, 30.0])]
    dated = date_series(pd.Series(y, pd.period_range("2000Q1", periods=99, freq="Q")))
    assert dated.is_censored and dated.above_since is not None and dated.passes_gate
    assert f"Above the boundary since {dated.above_since}, too short" in dated.finding
    assert dated.to_dict()["is_censored"] is True
    with pytest.raises(DataError, match="constant"):
        date_series([1.0] * 50)
