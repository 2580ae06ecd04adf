"""Which industries of a month crash: an exact likelihood, a test in time, no later data."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import load_model
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps, loads
from manias.lenses._which_kernels import stratum_terms
from manias.lenses.crash_which import (
    MODELS,
    Months,
    WhichLogit,
    WhichResults,
    _Noise,
    crash_rates,
    left_out,
    past_odds,
    relative_odds,
    shifted,
    within_month,
    year_by_year,
)
from manias.lenses.features import load_conditions
from statsmodels.discrete.conditional_models import ConditionalLogit

REACH = 24


@pytest.fixture(scope="module")
def conditions():
    return load_conditions()


@pytest.fixture(scope="module")
def cases(conditions):
    return WhichLogit().table(conditions)


def made_up(beta, n_months=60, n=8, seed=0):
    """Industries whose crashes follow known odds within the month, and a common state."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [
            pd.period_range("1950-06", periods=6 * n_months, freq="M")[::6],
            [f"I{i}" for i in range(n)],
        ],
        names=["month", "industry"],
    )
    x = rng.normal(size=(len(index), len(beta)))
    state = np.repeat(rng.normal(-1, 2, n_months), n)
    y = rng.random(len(index)) < 1 / (1 + np.exp(-(state + x @ beta)))
    terms = [f"x{i}" for i in range(len(beta))]
    return pd.DataFrame(x, index, terms).assign(label=y.astype(float)), terms


@pytest.mark.parametrize("d", range(6))
def test_the_likelihood_of_a_month_is_that_of_all_sets_of_as_many_crashes(d):
    rng = np.random.default_rng(d)
    x, beta = rng.normal(size=(5, 2)), np.array([0.7, -1.3])
    y = (np.arange(5) < d).astype(float)

    def likelihood(b):
        sums = [x[list(s)].sum(axis=0) @ b for s in combinations(range(5), d)]
        return x[y > 0.5].sum(axis=0) @ b - np.log(np.exp(sums).sum())

    value, gradient, hessian = stratum_terms(x, y, beta)
    assert value == pytest.approx(likelihood(beta), abs=1e-12)
    h = 1e-5
    steps = np.eye(2) * h
    numeric = [(likelihood(beta + s) - likelihood(beta - s)) / (2 * h) for s in steps]
    assert gradient == pytest.approx(numeric, abs=1e-8)
    curved = [
        [
            (
                likelihood(beta + s + t)
                - likelihood(beta + s - t)
                - likelihood(beta - s + t)
                + likelihood(beta - s - t)
            )
            / (4 * h * h)
            for s in steps
        ]
        for t in steps
    ]
    assert hessian == pytest.approx(np.array(curved), abs=1e-4)


def test_it_is_the_conditional_logit_of_statsmodels(cases):
    # Months with many crashes take statsmodels minutes.
    late = cases[cases.index.get_level_values("month").year >= 2010]
    terms = ["relative_volatility", "rise_above_0"]
    months = pd.factorize(late.index.get_level_values("month"))[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ConditionalLogit(late["label"], late[terms], groups=months)
    ours = Months.of(late, terms)
    beta, hessian, is_settled = ours.fit(ours.telling)
    assert is_settled
    for point in (beta, np.array([1.0, 0.5])):
        mine = sum(ours.likelihood(t, point) for t in ours.telling)
        assert mine == pytest.approx(theirs.loglike(point), abs=1e-8)
    # Its own search stops early: its slope is 0 at our maximum.
    assert theirs.score(beta) == pytest.approx([0, 0], abs=1e-5)
    assert hessian == pytest.approx(theirs.hessian(beta), rel=1e-3)


def test_a_known_effect_is_found_and_what_months_share_drops_out():
    table, terms = made_up(np.array([1.0, -0.5]), n_months=400)
    months = Months.of(table, terms)
    beta, _, _ = months.fit(months.telling)
    assert beta == pytest.approx([1.0, -0.5], abs=0.15)
    moved = table.assign(x0=table["x0"] + np.repeat(np.arange(400.0), 8))
    other = Months.of(moved, terms)
    assert other.fit(other.telling)[0] == pytest.approx(beta, abs=1e-6)


def test_terms_that_tell_crashes_apart_without_error_are_left_out_from_the_last():
    table, terms = made_up(np.array([1.0, 0.0]))
    perfect = table.assign(x1=table["label"])
    months = Months.of(perfect, terms)
    assert not months.fit(months.telling)[2]
    fewer, kept = months.fit_fewer(months.telling)
    assert kept == 1
    alone = Months.of(table, terms[:1])
    assert fewer[:1] == pytest.approx(alone.fit(alone.telling)[0])
    assert fewer[1] == 0


def test_year_by_year_nothing_later_is_used():
    table, terms = made_up(np.array([1.0]), n_months=120)
    cut = pd.Period("1990-12", "M")
    later = table.index.get_level_values("month") + REACH > cut
    other = table.assign(label=np.where(later, 1 - table["label"], table["label"]))
    a, b = (year_by_year(Months.of(t, terms), REACH) for t in (table, other))
    early = Months.of(table, terms).when + REACH <= cut.ordinal
    for said in (a, b):
        assert len(said.which)
    mine = {t: beta for t, beta in zip(a.which, a.beta[:, 0], strict=True) if early[t]}
    theirs = {t: beta for t, beta in zip(b.which, b.beta[:, 0], strict=True) if early[t]}
    assert mine and mine == theirs


def test_gains_are_those_over_every_industry_alike():
    table, terms = made_up(np.array([0.0]))
    months = Months.of(table, terms)
    said = left_out(months, REACH)
    assert abs(said.gain.sum() / said.events.sum()) < 0.05
    from scipy.special import comb

    n = np.diff(months.starts)[said.which]
    assert said.alike == pytest.approx(-np.log(comb(n, said.events)))


def test_a_shift_moves_all_industries_and_passes_over_what_is_not_on_record():
    table, _ = made_up(np.array([0.0]), n_months=5, n=2)
    short = table.drop(("1951-06", "I1"))
    label = short["label"]
    found = shifted(short, 1)["label"]
    assert ("1951-12", "I1") not in found.index
    assert found[("1950-12", "I0")] == label[("1950-06", "I0")]
    assert found[("1950-06", "I1")] == label[("1952-06", "I1")]


def test_noise_gives_the_sample_back_and_keeps_its_crashes():
    table, _ = made_up(np.array([0.5]))
    noise = _Noise(table, np.random.default_rng(1))
    assert (noise.crashed(np.zeros(len(table))) == table["label"]).all()
    pushed = noise.crashed(3 * table["x0"].to_numpy())
    by_month = [
        pd.Series(y, table.index).groupby(level="month").sum() for y in (pushed, table["label"])
    ]
    pd.testing.assert_series_equal(*by_month, check_names=False)
    assert (pushed * table["x0"]).sum() > (table["label"] * table["x0"]).sum()


def test_an_answer_for_the_past_does_not_change_with_the_future(conditions, scrambled_after):
    said = []
    for c in (conditions, scrambled_after(conditions, "1999-12")):
        past = c.as_of("1999-12")
        fit = WhichLogit(n_simulated=0).fit(past)
        said.append((dumps(fit.to_card()), relative_odds(fit, past)))
    assert said[0] == said[1]


def test_odds_do_not_hang_on_what_the_month_has_in_common(conditions):
    fit = load_model("runup-which")
    terms = within_month(conditions).loc["2000-03"].dropna()
    odds = fit.odds(terms)
    assert odds.mean() == pytest.approx(1)
    moved = terms.assign(relative_volatility=terms["relative_volatility"] + 5)
    assert fit.odds(moved).to_numpy() == pytest.approx(odds.to_numpy())


def test_the_card_holds_the_test_its_size_and_its_power():
    fit = load_model("runup-which")
    assert dumps(WhichResults.from_card(loads(dumps(fit.to_card()))).to_card()) == dumps(
        fit.to_card()
    )
    assert fit.rule.draws == fit.settings["n_simulated"]
    assert [p.effect for p in fit.rule.power] == ["half", "fitted", "one and a half"]
    assert fit.scores[0].scheme == "an era at a time (both)"
    assert {s.scheme.split("(")[1] for s in fit.scores} == {f"{name})" for name in MODELS}
    assert fit.models["model"].tolist() == [*MODELS, "run-up beside volatility"]
    assert "some crashed and others did not" in fit.summary()


def test_rates_of_eras_add_up_to_the_panel(cases, conditions):
    from manias.lenses.crash_logit import crashes

    label = crashes(conditions, WhichLogit().rule)
    rates = crash_rates(conditions)
    assert sum(r.crashes for r in rates) == label.sum()
    assert sum(r.cases for r in rates) == len(label)
    assert all(r.low <= r.rate <= r.high for r in rates)


def test_a_fit_on_few_rises_keeps_the_terms_that_have_a_maximum(conditions):
    fit = WhichLogit(n_simulated=0).fit(conditions.as_of("1961-05"), scored=False)
    left = fit.params == 0
    assert left["rise_above_100"] and not left["relative_volatility"]
    assert fit.intervals[left].isna().all().all() and fit.intervals[~left].notna().all().all()


def test_past_odds_are_those_of_a_fit_on_what_was_known(conditions):
    past = conditions.as_of("1999-12")
    fit = WhichLogit(n_simulated=0).fit(past, scored=False)
    one = relative_odds(fit, past, {"Softw": "Softw"})[0]
    assert past_odds({"1999-12": ("Softw", "none")}) == {("1999-12", "Softw"): one}


def test_what_cannot_be_fitted_is_refused_in_words(conditions):
    with pytest.raises(DataError, match="crashed and others did not; expected at least"):
        WhichLogit().fit(conditions.as_of("1929-06"))
    with pytest.raises(InputError, match="confidence=2"):
        WhichLogit(confidence=2)
    with pytest.raises(InputError, match="n_simulated=-1"):
        WhichLogit(n_simulated=-1)
