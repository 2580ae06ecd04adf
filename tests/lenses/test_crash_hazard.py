"""The hazard after a run-up: beside statsmodels, beside frequencies, on a simulated truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from manias.answers.archive import load_model
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_firth
from manias.evaluation.cards import dumps
from manias.lenses.crash_hazard import (
    AT_CROSSING,
    CrashHazard,
    _predict,
    _within,
    answer_hazard,
    at_risk,
    crash_within,
    first_fall,
)
from manias.lenses.features import load_conditions
from manias.series.indices import Index
from manias.series.runups import RunUpRule, date_runups

MODEL = CrashHazard(is_tested=False)


@pytest.fixture(scope="module")
def conditions():
    return load_conditions()


@pytest.fixture(scope="module")
def spells(conditions):
    return MODEL.spells(conditions)


def test_whole_run_ups_end_as_the_ladder_says(conditions, spells):
    found = {(r.crossing, r.industry): r for r in date_runups(conditions.panel, MODEL.rule)}
    whole = spells[spells["is_complete"]]
    assert [bool(c) for c in whole["crashed"]] == [found[key].is_crash for key in whole.index]
    assert (whole.loc[whole["crashed"] == 0, "months"] == MODEL.rule.horizon).all()
    assert spells["months"].between(0, MODEL.rule.horizon).all()
    # Run-ups of the last two years count for the months that are on record.
    assert spells.loc[~spells["is_complete"], "months"].gt(0).any()


def test_the_fall_is_the_first_one():
    assert first_fall(np.array([1.0, -0.1, -0.45, -0.9]), 0.4) == (3, 1.0)
    assert first_fall(np.array([-0.4]), 0.4) == (1, 1.0)
    assert first_fall(np.array([0.1, np.nan, -0.9]), 0.4) == (1, 0.0)
    assert first_fall(np.array([]), 0.4) == (0, 0.0)


def test_without_a_penalty_it_is_a_glm_of_months_at_risk(spells):
    rows = spells.dropna(subset=list(AT_CROSSING)).query("months > 0")
    frame, label, case = at_risk(rows, AT_CROSSING)
    assert len(frame) == rows["months"].sum() and label.sum() == rows["crashed"].sum()
    assert np.array_equal(np.bincount(case), rows["months"])
    x = np.column_stack([np.ones(len(frame)), frame.to_numpy()])
    theirs = sm.GLM(label, x, family=sm.families.Binomial()).fit(tol=1e-12)
    ours = fit_firth(x, label, penalty=0.0, profile=False)
    assert ours.beta == pytest.approx(theirs.params, abs=1e-6)


def test_months_multiply_to_the_chance_of_two_years(conditions, spells):
    fit = MODEL.fit(conditions, scored=False)
    row = spells.iloc[100]
    months = np.arange(1, 25)
    frame = pd.DataFrame([row[list(AT_CROSSING)]] * 24).assign(log_month=np.log(months))
    hazard = fit.predict_proba(frame)
    assert crash_within(fit, row)[0] == pytest.approx(1 - np.prod(1 - hazard))
    assert crash_within(fit, row, elapsed=20)[0] == pytest.approx(1 - np.prod(1 - hazard[20:]))
    p, low, high = crash_within(fit, row)
    assert low < p < high
    with pytest.raises(InputError, match="elapsed=24: expected 0 to 23"):
        crash_within(fit, row, elapsed=24)


def test_the_mean_chance_is_near_the_frequency(conditions, spells):
    fit = MODEL.fit(conditions, scored=False)
    whole = spells[spells["is_complete"]].dropna(subset=list(AT_CROSSING))
    mean = np.mean([crash_within(fit, row)[0] for _, row in whole.iterrows()])
    # Months are calibrated in the mean, run-ups nearly so.
    assert mean == pytest.approx(whole["crashed"].mean(), abs=0.03)


def test_a_simulated_hazard_is_recovered():
    rng = np.random.default_rng(4)
    n = 3_000
    runup = rng.normal(size=n)
    alive, months, crashed = np.ones(n, bool), np.full(n, 24), np.zeros(n)
    for k in range(1, 25):
        h = 1 / (1 + np.exp(4 - 0.8 * runup - 0.5 * np.log(k)))
        hit = alive & (rng.random(n) < h)
        months[hit], crashed[hit] = k, 1
        alive &= ~hit
    made = pd.DataFrame({"runup": runup, "months": months, "crashed": crashed})
    frame, label, _ = at_risk(made, ("runup",))
    x = np.column_stack([np.ones(len(frame)), frame.to_numpy()])
    fit = fit_firth(x, label, profile=False)
    # Three standard errors of the fit.
    assert (np.abs(fit.beta - [-4, 0.8, 0.5]) < 3 * np.sqrt(np.diag(fit.covariance))).all()


def test_the_future_moves_nothing(conditions, scrambled_after):
    cards = [
        dumps(MODEL.fit(c.as_of("1999-12"), scored=False).to_card())
        for c in (conditions, scrambled_after(conditions, "1999-12"))
    ]
    assert cards[0] == cards[1]


def test_few_crashes_and_other_falls_are_refused(conditions):
    with pytest.raises(DataError, match="rarer outcome cannot support"):
        MODEL.fit(conditions.as_of("1935-12"), scored=False)
    with pytest.raises(InputError, match="expected 'within'"):
        CrashHazard(rule=RunUpRule(threshold=0.5, drawdown="starting"))


def rising(n, growth=1.03, fall=()):
    levels = np.r_[growth ** np.arange(n), growth ** (n - 1) * np.asarray(fall)]
    months = pd.period_range("2010-01", periods=len(levels), freq="M")
    noise = 1 + 0.01 * np.cos(np.arange(len(levels)))
    market = pd.Series(1.0 + 0.001 * np.sin(np.arange(len(levels))), months)
    return Index("up", "up", pd.Series(levels * noise, months), market, "rule", "B")


def test_an_index_is_asked_about_the_months_that_are_left():
    fit = load_model("runup-hazard")
    index = rising(30)
    young = replace(index, levels=index.levels[:26], market=index.market[:26])
    a, b = (answer_hazard(fit, i, target="mine") for i in (young, index))
    assert "23 months left" in a.measure and "19 months left" in b.measure
    assert a.grade == "B" and 0 < b.value < 1 and b.base < a.base
    with pytest.raises(DataError, match="the fall has come since the run-up of 2012-01"):
        answer_hazard(fit, rising(30, fall=(0.5,)))
    with pytest.raises(DataError, match="no run-up of 50% began"):
        answer_hazard(fit, rising(30, growth=1.001))


def test_the_kept_card_is_scored_by_run_ups_and_not_by_months():
    kept = load_model("runup-hazard")
    assert kept.scores[0].n < kept.n / 10
    assert kept.scores[0].events <= kept.events
    assert kept.scores[0].permutations == kept.scores[0].n - 1
    power = [one.power for one in kept.rule.power]
    assert kept.rule.size <= 0.1 and power == sorted(power)


def test_a_run_up_left_out_is_given_the_product_of_its_months():
    """By hand: months survived multiply, by a fit to the months at risk of the others."""
    rng = np.random.default_rng(2)
    n, reach = 60, 6
    x = rng.normal(size=(n, 1))
    months = rng.integers(1, reach + 1, n)
    crashed = (rng.random(n) < 0.5).astype(float)
    whole = np.arange(n) % 10 > 0
    folds = [(np.arange(20, n), np.arange(20)), (np.arange(40), np.arange(40, n))]
    p, base = _predict(x, months, crashed, whole, folds, reach)
    assert np.isnan(p[20:40]).all() and np.isnan(base[20:40]).all()
    for train, test in folds:
        rows = [(i, m) for i in train for m in range(1, months[i] + 1)]
        design = np.array([[1, x[i, 0], np.log(m)] for i, m in rows])
        label = np.array([float(m == months[i]) * crashed[i] for i, m in rows])
        fit = fit_firth(design, label, profile=False)
        beta = fit.beta + np.array([fit.shift, 0, 0])
        for i in test:
            alive = 1.0
            for m in range(1, reach + 1):
                alive *= 1 - 1 / (1 + np.exp(-(beta @ [1, x[i, 0], np.log(m)])))
            assert p[i] == pytest.approx(1 - alive, abs=1e-6)
            assert base[i] == pytest.approx(crashed[train[whole[train]]].mean())
    # Where no crash is known among the others nothing is said.
    none, _ = _predict(x, months, np.zeros(n), whole, folds, reach)
    every, _ = _predict(x, months, np.ones(n), whole, folds, reach)
    assert np.isnan(none).all() and np.isnan(every).all()


def test_the_chance_by_a_fit_to_all_is_the_same_product():
    params = pd.Series({"intercept": -3.0, "runup": 0.4, "log_month": 0.3})
    found = _within(params, np.array([[1.5]]), 5)
    alive = np.prod([1 - 1 / (1 + np.exp(3.0 - 0.6 - 0.3 * np.log(m))) for m in range(1, 6)])
    assert found == pytest.approx([1 - alive])


def test_what_is_no_data_is_refused_by_name():
    for call in (MODEL.fit, MODEL.spells):
        with pytest.raises(InputError, match="conditions=7: expected"):
            call(7)
