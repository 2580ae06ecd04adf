"""The ladder out of sample: a slow count, planted truths, the test's own size, who paid."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from manias import Flows, SpendingModel, load_flows, load_model
from manias.spending.finance import who_pays
from manias.spending.skill import LEAST, _OrderTest, adjusted, prior_volatility, score_ladder

TESTED = {"n_shuffles": 0, "n_orders": 0}


def cases_of(panel="industries", flows=None, **settings):
    model = SpendingModel(panel, **TESTED, **settings)
    flows = load_flows(panel) if flows is None else flows
    return model._cases(model._count(flows.share, flows.dollars), flows), model


def made_up(values):
    share = pd.DataFrame(values, index=range(1960, 1960 + len(values)))
    return Flows("made up", share, share * 1e6, pd.Series(share.columns, share.columns), ())


def planted(strength, seed, *, n=120):
    """Flows that rise for three years now and then, and fall after it more or less often."""
    rng = np.random.default_rng(seed)
    change = rng.normal(0, 0.12, (55, n))
    for j, start in enumerate(rng.integers(4, 44, n)):
        change[start : start + 3, j] = 0.25
        if rng.random() < strength:
            change[start + 4, j] = -0.9
    return made_up(0.01 * np.exp(np.cumsum(change, axis=0)))


def test_the_gain_is_that_of_a_slow_expanding_window():
    cases, model = cases_of("firms")
    y, gain, scored = cases.y[:, 0], 0.0, 0
    for i in np.flatnonzero(cases.rise >= 0.5):
        over = cases.year <= cases.year[i] - cases.horizon
        if over.sum() < LEAST:
            continue
        base = y[over].mean()
        alike = over & (cases.group == cases.group[i])
        p = (y[alike].sum() + base) / (alike.sum() + 1)
        gain += np.log(p / base) if y[i] else np.log((1 - p) / (1 - base))
        scored += 1
    test = _OrderTest(cases)
    order = np.arange(len(cases.outcomes))[None, :]
    own = test.gains(cases.outcomes[..., 0], order)[0]
    kept = load_model("spending-firms").scores[0]
    assert own == pytest.approx(gain / scored) and kept.gain == pytest.approx(own)
    assert kept.n == scored and model.outcomes


def test_every_order_keeps_each_year_once_and_neighbours_together():
    cases, _ = cases_of()
    orders = _OrderTest(cases).orders(np.random.default_rng(0), 50)
    assert (np.sort(orders, axis=1) == np.arange(orders.shape[1])).all()
    assert (np.diff(orders, axis=1) == 1).mean() > 0.7
    assert len(np.unique(orders, axis=0)) == 50


def test_a_planted_fall_is_seen_and_none_is_seen_seldom():
    def p(strength, seed):
        cases, _ = cases_of(flows=planted(strength, seed), floor=0.0)
        test = _OrderTest(cases)
        return test.p(cases.outcomes[..., 0], np.random.default_rng(seed), 99)

    assert max(p(0.9, seed) for seed in range(5)) <= 0.05
    # Of 40 samples without an effect a test at 5% rejects more than 6 in about 0.3% of runs.
    assert sum(p(0.0, 100 + seed) <= 0.05 for seed in range(40)) <= 6


@pytest.mark.slow
def test_the_rule_is_the_same_for_the_same_seed_and_power_grows_with_the_effect(spelt):
    cases, model = cases_of(flows=planted(0.5, 3), floor=0.0)
    settings = {"confidence": 0.9, "n_orders": 29, "n_simulated": 60, "seed": 7}
    (scores, rule), (again, other) = (
        score_ladder(cases, tuple(model.outcomes), **settings) for _ in range(2)
    )
    assert (spelt(scores), rule) == (spelt(again), other)
    power = [p.power for p in rule.power]
    # Standard errors of shares of 60 are up to 0.065.
    assert rule.size < 0.2 < power[-1] and power[0] <= power[-1] + 0.13


def test_prior_volatility_is_that_of_ten_years_before_the_run_up():
    rng = np.random.default_rng(1)
    path = np.exp(np.cumsum(rng.normal(0, 0.2, 20)))
    path[4] = np.nan
    told = prior_volatility(path[:, None], 3)[:, 0]
    log = pd.Series(np.log(path)).diff()
    assert told[19] == pytest.approx(log[7:17].std(ddof=1))
    assert told[13] == pytest.approx(log[1:11].dropna().std(ddof=1))
    assert np.isnan(told[8])


def test_the_logit_on_volatility_is_that_of_statsmodels_in_a_large_panel():
    cases, model = cases_of()
    known = np.isfinite(cases.volatility)
    x = sm.add_constant(np.log(cases.volatility[known]))
    fit = sm.Logit(cases.y[known, 0], x).fit(disp=0)
    row = load_model("spending-industries").adjusted.iloc[0]
    assert row["outcome"] == next(iter(model.outcomes))
    # Firth's penalty moves little among 715 events.
    assert row["log volatility"] == pytest.approx(fit.params[1], rel=0.02)
    assert adjusted(row, 0.5, 0.2) == pytest.approx(
        float(fit.predict([1.0, np.log(0.2)])[0]), rel=0.02
    )


def test_who_paid_is_counted_as_by_hand_and_its_gap_is_no_accident_of_order():
    flows = load_flows("firms")
    cases, model = cases_of("firms")
    finance = load_model("spending-firms").finance
    hits, n = {}, {}
    for i in range(len(cases.year)):
        year = cases.year[i] + cases.first
        firm = flows.dollars.columns[cases.flow[i]]
        cash, spent = flows.cash.loc[year, firm], flows.dollars.loc[year, firm]
        if cash != cash or cases.rise[i] < 0.5:
            continue
        kind = who_pays(spent / cash if cash > 0 else np.inf)
        n[kind] = n.get(kind, 0) + 1
        hits[kind] = hits.get(kind, 0) + cases.y[i, 0]
    for kind, count in n.items():
        cell = finance.cell(kind)
        assert cell.n == count
        assert cell.frequency["dollars_fall_30"] == pytest.approx(hits[kind] / count)
    assert sum(n.values()) == len(finance.ratios) and 0 < finance.p < 1
    assert finance.outcome == list(model.outcomes)[-1]
