"""Scores of gauges: falls, episodes, what was said, its test, where the truth is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from manias.errors import DataError
from manias.evaluation.skill import holm
from manias.gauges import _kernels
from manias.gauges.falls import NAMED, falls, find_episodes, last_rows
from manias.gauges.gauge import Gauge, Readings, Target, judged
from manias.gauges.scoreboard import (
    BURN_IN,
    Scoreboard,
    say_probabilities,
    score_gauge,
    score_readings,
)

HORIZON, FALL = 24, 0.4
ROOT = Path(__file__).resolve().parents[2]


def months(n, start="1900-01"):
    return pd.period_range(start, periods=n, freq="M")


def booms(n=1200, *, every=150, rise=60, seed=0):
    """A price that stands, rises threefold, halves within a year and stands again."""
    rng = np.random.default_rng(seed)
    step = rng.normal(0, 0.01, n)
    for peak in range(every, n - 40, every):
        step[peak - rise : peak] += np.log(3) / rise
        step[peak : peak + 12] -= np.log(3) / 12
    return pd.DataFrame({"a": 100 * np.exp(step.cumsum())}, months(n))


def target(levels, **settings):
    return Target("made", "Made up", "prices", lambda: levels, **settings)


def marks(levels, on):
    value = pd.DataFrame(np.asarray(on, float).reshape(len(levels), -1), levels.index)
    return judged(value.set_axis(levels.columns, axis=1), 0.5, unit="sign")


def naive(signal, rows, outcome, turn, horizon, weight, start):
    """Point 6 of the plan, read by read, without a running sum."""
    said = []
    for r, t in enumerate(rows):
        if t < max(start, 0):
            continue
        over = [
            (signal[q, u], outcome[(rows[q] + turn) % len(outcome), u])
            for q in range(len(rows))
            for u in range(signal.shape[1])
            if rows[q] >= 0
            and rows[q] + horizon <= t
            and signal[q, u] >= 0
            and outcome[(rows[q] + turn) % len(outcome), u] >= 0
        ]
        n, k = len(over), sum(y for _, y in over)
        b = (k + 0.5) / (n + 1)
        for u in range(signal.shape[1]):
            y = outcome[(t + turn) % len(outcome), u]
            if signal[r, u] < 0 or y < 0:
                continue
            mine = [y for s, y in over if s == signal[r, u]]
            m = len(mine)
            part = m / n if n else 0.0
            said.append((r, u, (sum(mine) + part / 2 + weight * b) / (m + part + weight), b, y))
    return said


@pytest.mark.parametrize("turn", [0, 17])
def test_what_was_said_is_that_of_a_reading_by_reading_count(turn):
    rng = np.random.default_rng(1)
    outcome = rng.choice([-1, 0, 0, 1], size=(60, 3)).astype(np.int8)
    signal = rng.choice([-1, 0, 0, 1], size=(50, 3)).astype(np.int8)
    rows = np.r_[-1, np.sort(rng.choice(60, 49, replace=False))].astype(np.int64)
    expected = naive(signal, rows, outcome, turn, 5, 4.0, 20)
    p, base, y = (np.empty(signal.shape) for _ in range(3))
    _kernels.said(signal, rows, outcome, turn, 5, 4.0, 20, p, base, y)
    assert np.isfinite(p).sum() == len(expected) > 50
    for r, u, wanted, b, seen in expected:
        assert p[r, u] == pytest.approx(wanted, abs=1e-12)
        assert base[r, u] == pytest.approx(b, abs=1e-12) and y[r, u] == seen
    terms = [
        y * np.log(p / b) + (1 - y) * np.log((1 - p) / (1 - b)) for *_, p, b, y in expected
    ]
    found = _kernels.gain(signal, rows, outcome, turn, 5, 4.0, 20)
    assert found == pytest.approx(np.mean(terms), abs=1e-12)


def test_an_outcome_moves_nothing_that_was_said_before_its_window_was_over():
    rng = np.random.default_rng(2)
    outcome = rng.integers(0, 2, size=(80, 1)).astype(np.int8)
    signal = rng.integers(0, 2, size=(80, 1)).astype(np.int8)
    rows, at = np.arange(80), 40

    def said(y):
        p, base, seen = (np.empty(signal.shape) for _ in range(3))
        _kernels.said(signal, rows, y, 0, 10, 10.0, 0, p, base, seen)
        return p[:, 0], base[:, 0]

    other = outcome.copy()
    other[at] = 1 - other[at]
    for one, two in zip(said(outcome), said(other), strict=True):
        moved = np.flatnonzero(one != two)
        assert moved[0] == at + 10, "the first reading at which that window is over"


def test_a_fall_counts_to_the_last_period_of_the_window_and_no_further():
    levels = pd.DataFrame({"a": [100.0] * 10}, months(10))
    levels.iloc[5] = 60.0
    found = falls(levels, 0.4, 3)["a"].to_numpy()
    assert found.tolist()[:7] == [0, 0, 1, 1, 1, 0, 0] and np.isnan(found[7:]).all()
    assert falls(levels, 0.4001, 3)["a"].sum() == 0


def test_an_open_window_is_left_out_even_where_the_fall_was_seen_in_it():
    levels = pd.DataFrame({"a": [100.0, 100, 100, 50]}, months(4))
    assert np.isnan(falls(levels, 0.4, 2)["a"].iloc[2])
    levels.iloc[1] = np.nan
    assert np.isnan(falls(levels, 0.4, 2)["a"].to_numpy()).tolist() == [True] * 4


def test_falls_are_those_of_a_search_period_by_period():
    levels = booms(400)
    path, found = levels["a"].to_numpy(), falls(levels, FALL, HORIZON)["a"].to_numpy()
    for t in range(400 - HORIZON):
        assert found[t] == (path[t + 1 : t + 1 + HORIZON].min() <= 0.6 * path[t])


def test_a_perfect_gauge_hits_every_fall_and_is_seen_by_the_test():
    levels = booms()
    fell = falls(levels, FALL, HORIZON)
    found = score_readings(marks(levels, fell.fillna(0)), target(levels), levels, samples=40)
    assert [e.verdict for e in found["episodes"]] == ["hit"] * 7
    assert found["false_spells"] == 0 and found["spells"] == 7
    assert found["after_alarm"] == 1 and found["after_none"] == 0
    assert found["p"] <= 0.02 and found["gain"] > 0.1 and found["low"] > 0
    assert found["power"] > found["size"]


def test_a_coin_has_no_skill_as_often_as_its_level_says():
    rejected = 0
    levels = booms(720, every=100, rise=40)
    for seed in range(40):
        coin = np.random.default_rng(seed).random(len(levels) // 12) < 0.3
        on = np.repeat(coin, 12)
        found = score_readings(marks(levels, on), target(levels), levels, samples=0)
        rejected += found["p"] <= 0.05 and found["gain"] > 0
    # 2 are expected; 7 or more come in one of 200 tries.
    assert rejected <= 6


@pytest.mark.parametrize("on", [0.0, 1.0])
@pytest.mark.parametrize("first", [0, 300])
def test_a_gauge_that_is_always_or_never_in_alarm_says_the_base_rate(on, first):
    levels = booms()
    signal = np.full(len(levels), on)
    signal[:first] = np.nan
    found = score_readings(marks(levels, signal), target(levels), levels, samples=0)
    assert found["gain"] == pytest.approx(0, abs=1e-12)


def test_an_alarm_twelve_months_late_is_late_and_no_hit():
    levels = booms()
    fell = falls(levels, FALL, HORIZON)["a"]
    peaks = [levels.index.get_loc(pd.Period(e.peak)) for e in _episodes(levels, fell)]
    on = np.zeros(len(levels))
    on[peaks[0] + 2] = 1  # a window that still holds the fall
    on[peaks[1] - 1] = 1
    on[peaks[2] + 20] = 1
    verdicts = [e.verdict for e in _episodes(levels, fell, on)]
    assert verdicts[:3] == ["late", "hit", "missed"]
    silent = on.copy()
    silent[: peaks[0] + 1] = np.nan
    assert _episodes(levels, fell, silent)[0].verdict == "abstained"


def _episodes(levels, fell, on=None):
    on = np.zeros(len(levels)) if on is None else on
    signal = pd.DataFrame({"a": on}, levels.index)
    rows = np.arange(len(levels))
    return find_episodes(signal, levels, fell.to_frame("a"), HORIZON, rows)


def test_lead_is_counted_from_the_first_alarm_of_the_spell_over_gaps_of_a_year():
    levels = booms()
    fell = falls(levels, FALL, HORIZON)["a"]
    peak = levels.index.get_loc(pd.Period(_episodes(levels, fell)[2].peak))
    on = np.zeros(len(levels))
    on[[peak - 40, peak - 27, peak - 14, peak - 1]] = 1  # gaps of twelve months
    assert _episodes(levels, fell, on)[2].lead == 40
    on[peak - 27] = 0  # a gap of twenty-five
    assert _episodes(levels, fell, on)[2].lead == 14
    found = score_readings(marks(levels, on), target(levels), levels, samples=0)
    assert (found["spells"], found["false_spells"]) == (2, 1)


def test_episodes_take_the_name_of_a_year_their_peak_is_near():
    levels = booms(every=360)
    found = _episodes(levels, falls(levels, FALL, HORIZON)["a"])
    for e in found:
        year = int(e.peak[:4])
        near = [n for n in NAMED if abs(n - year) <= 1]
        assert e.name == (str(near[0]) if near else "")
    assert {e.name for e in found} >= {"1929"}


def test_quarters_are_judged_at_their_last_month():
    levels = booms()
    quarters = pd.period_range("1899Q4", "2001Q4", freq="Q")
    rows = last_rows(quarters, levels.index)
    assert rows[0] == -1 and rows[1] == 2 and levels.index[rows[40]].month % 3 == 0
    fell = falls(levels, FALL, HORIZON).fillna(0)["a"]
    on = [fell.iloc[r] if r >= 0 else np.nan for r in rows]
    readings = judged(pd.Series(on, quarters, name="a"), 0.5, unit="sign")
    found = score_readings(readings, target(levels), levels, samples=0)
    assert found["after_alarm"] == 1 and found["after_none"] == 0
    table = say_probabilities(readings, target(levels), levels)
    first = last_rows(pd.PeriodIndex(table["period"][:1]), levels.index)[0]
    assert first >= 2 + 12 * BURN_IN + HORIZON - 1


def test_readings_more_frequent_than_the_target_are_refused():
    years = pd.period_range("1900", periods=50, freq="Y")
    with pytest.raises(DataError, match="none shorter than"):
        last_rows(months(12), years)


def test_units_are_pooled_and_their_order_does_not_matter():
    levels = pd.concat([booms(seed=s)["a"].rename(f"u{s}") for s in range(3)], axis=1)
    levels.iloc[:400, 1] = np.nan
    on = (levels > levels.rolling(60).mean() * 1.2).astype(float).where(levels.notna())
    one = score_readings(marks(levels, on.to_numpy()), target(levels), levels, samples=0)
    turned = levels.iloc[:, ::-1]
    two = score_readings(
        marks(turned, on.iloc[:, ::-1].to_numpy()), target(turned), turned, samples=0
    )
    for name in ("n", "gain", "p", "low", "high", "spells", "abstained", "after_alarm"):
        assert one[name] == pytest.approx(two[name], abs=1e-12)
    assert one["abstained"] == 0
    assert one["n"] == int(levels.notna().to_numpy().sum())


def test_abstentions_before_and_after_the_readings_are_counted():
    levels = booms(600)
    part = levels.iloc[100:500]
    readings = marks(part, np.zeros(len(part)))
    found = score_readings(readings, target(levels), levels, samples=0)
    assert (found["n"], found["abstained"]) == (400, 200)


def test_units_that_the_target_lacks_are_not_scored():
    levels = booms(600)
    with pytest.raises(DataError, match="never spoke of a unit"):
        other = marks(levels, np.zeros(len(levels))).value.set_axis(["b"], axis=1)
        score_readings(judged(other, 0.5, unit="sign"), target(levels), levels)


def test_readings_of_two_shapes_and_odd_signals_are_refused():
    one = pd.DataFrame({"a": [1.0, 2.0]}, months(2))
    with pytest.raises(DataError, match="differ in periods or units"):
        Readings(one, one.iloc[:1], one * 0, "sign")
    with pytest.raises(DataError, match="neither 1, 0 nor missing"):
        Readings(one, one, one, "sign")
    with pytest.raises(DataError, match="a level is not positive"):
        target(one * 0).levels()
    with pytest.raises(DataError, match="a period is left out"):
        target(booms(10).iloc[[0, 2]]).levels()


def test_skill_is_claimed_after_all_lines_are_counted():
    levels = booms()
    gauge = Gauge("x", "X", "nobody", "trend", "", "", "made", lambda: None)
    perfect = falls(levels, FALL, HORIZON).fillna(0).to_numpy()
    read = replace(gauge, read=lambda: marks(levels, perfect))
    line = score_gauge(read, target(levels), samples=0)
    lines = [replace(line, key=f"k{i}", p=p) for i, p in enumerate((0.01, 0.02, 0.04, 0.3))]
    board = Scoreboard(tuple(lines))
    wanted = holm({x.key: x.p for x in lines})
    assert {x.key: board.has_skill(x.key) for x in lines} == wanted
    assert wanted["k0"] and not wanted["k1"]
    worse = Scoreboard(tuple(replace(x, gain=-0.1) for x in lines))
    assert not any(worse.has_skill(x.key) for x in lines)


def test_a_score_names_the_gauge_whose_target_it_is_not():
    gauge = Gauge("x", "X", "nobody", "trend", "", "", "other", lambda: None)
    with pytest.raises(DataError, match="warns of other, not of made"):
        score_gauge(gauge, target(booms(10)))


def test_a_damaged_score_is_said_and_scored_again(tmp_path):
    from manias.gauges.kept import load_scoreboard, score_gauges

    (tmp_path / "gauges").mkdir()
    for path in (ROOT / "reports" / "gauges").glob("*.json"):
        (tmp_path / "gauges" / path.name).write_bytes(path.read_bytes())
    bad = tmp_path / "gauges" / "ev-strain-1.json"
    kept = bad.read_bytes()
    bad.write_text('{"a": 1\n "b": 2}')
    with pytest.raises(DataError, match=r"ev-strain-1\.json: .*JSON; run: make gauges"):
        load_scoreboard(tmp_path / "gauges")
    assert [one.key for one in score_gauges(tmp_path / "gauges")] == ["ev-strain-1"]
    assert bad.read_bytes() == kept
