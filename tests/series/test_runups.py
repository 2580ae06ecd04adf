"""Run-ups and crashes: a slow second implementation, hand-made cases, frozen counts."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manias import InputError, LadderModel, Panel, RunUpRule, date_runups, load_panel, variants
from manias.data.library import load
from manias.data.reader import Series
from manias.lenses.ladder import assess_series
from manias.series.runups import count_waves, laid_out

FROZEN_RULE = RunUpRule(
    threshold=1.0,
    window=24,
    long_return=0.5,
    long_window=60,
    short_history="waive",
    min_firms=10,
    net="difference",
    reentry="start",
    crash=0.4,
    horizon=24,
    drawdown="within",
)


def panel_of(returns, market=0.0, firms=20):
    months = pd.period_range("1950-01", periods=len(returns), freq="M")
    frame = pd.DataFrame({"X": returns}, months, dtype=float)
    return Panel(frame, frame * 0 + firms, pd.Series(market, months, dtype=float))


def slow(returns, market, rule):
    """The rule of the default specification, month by month in plain Python."""
    grow = lambda part: math.prod(1 + r for r in part) - 1  # noqa: E731
    found, last = [], -10_000
    for t in range(len(returns)):
        if t + 1 < rule.window:
            continue
        two = grow(returns[t + 1 - rule.window : t + 1])
        net = two - grow(market[t + 1 - rule.window : t + 1])
        five = (
            grow(returns[t + 1 - rule.long_window : t + 1])
            if t + 1 >= rule.long_window
            else None
        )
        if (
            two < rule.threshold
            or net < rule.threshold
            or (five is not None and five < rule.long_return)
        ):
            continue
        if t - last < rule.window:
            continue
        last = t
        after = returns[t + 1 : t + 1 + rule.horizon]
        if len(after) < rule.horizon:
            found.append((t, None))
            continue
        level, top, worst = 1.0, 1.0, 0.0
        for r in after:
            level *= 1 + r
            top = max(top, level)
            worst = min(worst, level / top - 1)
        found.append((t, worst))
    return found


@given(st.integers(0, 2**32 - 1), st.integers(60, 260))
@settings(max_examples=60, deadline=None)
def test_against_a_plain_python_implementation(seed, length):
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.03, 0.12, length).clip(-0.9, 2)
    market = rng.normal(0.005, 0.05, length)
    panel = panel_of(returns)
    panel.market[:] = market
    ours = date_runups(panel, FROZEN_RULE)
    theirs = slow(list(returns), list(market), FROZEN_RULE)
    assert [r.crossing.ordinal - panel.returns.index[0].ordinal for r in ours] == [
        t for t, _ in theirs
    ]
    for run, (_, worst) in zip(ours, theirs, strict=True):
        assert run.is_complete == (worst is not None)
        if worst is not None:
            assert run.drawdown == pytest.approx(worst, abs=1e-12)
            assert run.is_crash == (worst <= -FROZEN_RULE.crash)


def test_a_simulated_boom_and_bust_is_dated_to_the_month():
    # 4% a month passes 100% over 24 months in the 18th month; the fall of 45% takes three.
    fall = 0.55 ** (1 / 3) - 1
    returns = [0.0] * 60 + [0.04] * 30 + [fall] * 3 + [0.0] * 40
    (run, *more) = date_runups(panel_of(returns))
    assert not more
    months = panel_of(returns).returns.index
    assert run.crossing == months[60 + 17]
    assert run.peak == months[60 + 29]
    assert run.trough == months[60 + 32]
    assert run.drawdown == pytest.approx(-0.45)
    assert run.worst_month == pytest.approx(fall)
    assert run.is_crash


def test_a_boom_of_the_whole_market_is_no_run_up():
    returns = [0.0] * 60 + [0.04] * 30 + [-0.2] * 4 + [0.0] * 40
    panel = panel_of(returns)
    panel.market[:] = returns
    assert date_runups(panel) == ()
    assert date_runups(panel_of(returns, firms=9)) == ()


def test_the_five_year_condition_rules_out_recoveries():
    returns = [-0.05] * 36 + [0.04] * 24 + [0.0] * 30
    assert date_runups(panel_of(returns), RunUpRule(long_return=None))
    assert date_runups(panel_of(returns), RunUpRule(short_history="exclude")) == ()


def test_drawdown_readings_differ_as_named():
    # crossing, then +50%, then back to 80% of the crossing level: 47% from the peak, 20% below
    # the crossing; or the fall comes only after the horizon.
    rise, fall = 1.5 ** (1 / 10) - 1, (0.8 / 1.5) ** (1 / 5) - 1
    base = [0.0] * 60 + [2 ** (1 / 24) - 1] * 24 + [0.0]
    early = panel_of([*base, *[rise] * 10, *[fall] * 5, *[0.0] * 60])
    late = panel_of([*base, *[rise] * 10, *[0.0] * 13, *[fall] * 5, *[0.0] * 60])

    def crash(panel, **choice):
        return next(
            r.is_crash for r in date_runups(panel, RunUpRule(threshold=0.999, **choice))
        )

    assert crash(early) and not crash(early, drawdown="from_crossing")
    assert not crash(late) and crash(late, drawdown="starting")


def test_reentry_readings_differ_as_named():
    returns = [0.0] * 60 + [0.04] * 60 + [0.0] * 30
    assert (
        len(date_runups(panel_of(returns)))
        > len(date_runups(panel_of(returns), RunUpRule(reentry="signal")))
        == 1
    )


def test_counts_on_the_industries_are_frozen(panel):
    """The specification above, US industries to March 2014; CHANGELOG.md prints these."""
    sample = panel.as_of("2014-03")
    runups = [r for r in date_runups(sample, FROZEN_RULE) if r.is_complete]
    crashes = [r for r in runups if r.is_crash]
    assert (len(runups), len(crashes)) == (46, 23)
    assert sum(r.worst_month <= -0.2 for r in crashes) == 17
    results = LadderModel(rule=FROZEN_RULE).fit(sample)
    assert {r: (f.n, f.crashes) for r, f in results.rungs.items()} == {
        0.5: (205, 52),
        0.75: (92, 35),
        1.0: (46, 23),
        1.25: (25, 18),
        1.5: (18, 14),
    }
    assert RunUpRule() == FROZEN_RULE


def test_health_care_of_1978_as_the_paper_tells_it(panel):
    # "rose by over 100% between April 1976 and April 1978" and did not fall until 1981
    (run,) = [r for r in date_runups(panel) if r.industry == "Hlth" and r.crossing.year == 1978]
    assert run.crossing in pd.period_range("1978-04", "1978-05", freq="M")
    assert not run.is_crash


def test_wilson_interval_against_its_closed_form(panel):
    results = LadderModel().fit(panel.as_of("2014-03"))
    z = 1.959963984540054
    for f in [results.base, *results.rungs.values()]:
        centre = (f.rate + z**2 / (2 * f.n)) / (1 + z**2 / f.n)
        half = (
            z / (1 + z**2 / f.n) * math.sqrt(f.rate * (1 - f.rate) / f.n + z**2 / (4 * f.n**2))
        )
        assert f.by_case == pytest.approx((centre - half, centre + half), abs=1e-12)


def test_rungs_nest(panel):
    rungs = LadderModel().fit(panel).rungs
    counts = [f.n + f.n_open for f in rungs.values()]
    assert counts == sorted(counts, reverse=True)
    assert all(f.waves <= f.n for f in rungs.values())


def test_results_do_not_depend_on_the_order_of_industries(panel):
    sample = panel.as_of("1950-12")
    columns = list(sample.returns.columns)[::-1]
    turned = Panel(sample.returns[columns], sample.firms[columns], sample.market)
    a, b = LadderModel().fit(sample), LadderModel().fit(turned)
    assert (a.rungs, a.base, a.fingerprint) == (b.rungs, b.base, b.fingerprint)


def test_the_key_of_a_fit_names_data_and_settings(panel):
    sample = panel.as_of("1950-12")
    key = LadderModel().fit(sample).model_id
    assert key == LadderModel().fit(load_panel().as_of("1950-12")).model_id
    assert key != LadderModel(rule=RunUpRule(min_firms=11)).fit(sample).model_id
    assert key != LadderModel().fit(panel.as_of("1951-01")).model_id
    assert key.startswith("manias-ladder-")


def test_waves_count_disjoint_stretches():
    class At:
        def __init__(self, month):
            self.crossing = pd.Period(month, "M")

    assert count_waves((At("1990-01"), At("1991-12"), At("1992-01"), At("1999-01"))) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"net": "log"}, "net='log': expected one of difference"),
        ({"crash": 1.0}, "crash=1.0"),
        ({"threshold": -1}, "threshold=-1"),
        ({"window": 0}, "window=0"),
    ],
)
def test_settings_out_of_range_are_named(change, words):
    with pytest.raises(InputError, match=words):
        RunUpRule(**change)


def test_ladder_settings_out_of_range_are_named():
    with pytest.raises(InputError, match="ascending"):
        LadderModel(rungs=(1.0, 0.5))
    with pytest.raises(InputError, match="confidence=1"):
        LadderModel(confidence=1)


def test_variants_change_one_choice_each():
    base, *others = variants(RunUpRule()).values()
    fields = RunUpRule.__dataclass_fields__
    for other in others:
        assert sum(getattr(base, f) != getattr(other, f) for f in fields) == 1


def test_an_industry_with_no_month_by_a_date_is_no_column(panel):
    cut = panel.as_of("1948-03")
    late = {name for name, column in panel.returns.items() if column[:"1948-03"].isna().all()}
    assert "Softw" in late and set(panel.returns) - set(cut.returns) == late
    assert list(cut.firms) == list(cut.returns)
    with pytest.raises(InputError, match="industry 'Softw': expected one of Aero"):
        LadderModel().fit(cut).stand(cut, "Softw")


def test_an_own_index_gets_the_same_answer_as_the_industry_it_copies(panel):
    cut = panel.as_of("1999-12")
    level = (1 + cut.returns["Chips"]).cumprod().iloc[-80:] * 100
    mine = assess_series(Series("mine", level, "index"), panel).standings[0]
    theirs = LadderModel().fit(cut).stand(cut, "Chips")
    assert (mine.runup, mine.net_runup) == pytest.approx((theirs.runup, theirs.net_runup))
    assert (mine.rung, mine.crash_frequency) == (theirs.rung, theirs.crash_frequency)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda s: s.iloc[:20], "expected more than 24"),
        (lambda s: s.drop(s.index[5]), "no level in 1997-06; expected every month"),
        (lambda s: s * 0, "expected more than 0"),
        (
            lambda s: s.set_axis(pd.period_range("1990Q1", periods=len(s), freq="Q")),
            "expected months",
        ),
        (lambda s: s.set_axis(s.index + 600), "a column market brings it"),
    ],
)
def test_own_indices_that_cannot_be_placed_are_refused(panel, make, words):
    level = pd.Series(100.0, pd.period_range("1997-01", periods=30, freq="M"))
    with pytest.raises(InputError, match=words):
        assess_series(Series("mine", make(level), "index"), panel)


def test_a_table_is_laid_out_as_pandas_pivots_it():
    frame = load("us_industries").frame.sample(frac=0.2, random_state=0)
    for value, ours in zip(
        ("return", "firms"), laid_out(frame, ["return", "firms"], rows="month"), strict=True
    ):
        theirs = frame.pivot(index="month", columns="industry", values=value)
        pd.testing.assert_frame_equal(ours, theirs.astype(float), check_exact=True)
    with pytest.raises(ValueError, match="a month and industry twice"):
        laid_out(pd.concat([frame, frame.head(1)]), ["return"], rows="month")
