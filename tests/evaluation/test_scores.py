"""The penalised logit beside another implementation, and scores beside printed numbers."""

import tracemalloc
import warnings
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from firthmodels import FirthLogisticRegression
from hypothesis import given
from hypothesis import strategies as st
from manias.answers.archive import load_model
from manias.errors import DataError, InputError
from manias.evaluation import _firth
from manias.evaluation._firth import fit_firth, gains, leave_out, leave_pair_out, maximise
from manias.evaluation.cards import _is_count, decode, encode
from manias.evaluation.clusters import wilson
from manias.evaluation.logit import (
    LogitResults,
    check_budget,
    describe_power,
    describe_scores,
    fit_logit,
)
from manias.evaluation.scores import (
    Scores,
    base_rates,
    calibrate,
    log_losses,
    rank_auc,
    rank_power,
    relabel,
    score,
)
from manias.evaluation.skill import permutation_p
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import mannwhitneyu, norm, ttest_1samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

# The other implementation stops at 1e-4 in the coefficients.
CLOSE = 1e-4
REFERENCE = Path(__file__).resolve().parents[1] / "reference"


def sample(seed, n=60, k=2):
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(n, k)) * 2) / 2
    y = (rng.random(n) < expit(0.3 + x[:, 0])).astype(float)
    return np.column_stack([np.ones(n), x]), y


@pytest.mark.parametrize("seed", range(8))
def test_firth_agrees_with_another_implementation(seed):
    x, y = sample(seed, n=20 + 10 * seed, k=1 + seed % 3)
    ours = fit_firth(x, y)
    theirs = FirthLogisticRegression(max_iter=500).fit(x[:, 1:], y)
    assert ours.beta == pytest.approx([theirs.intercept_, *theirs.coef_], abs=CLOSE)
    assert ours.log_likelihood == pytest.approx(theirs.loglik_, abs=1e-7)
    ends = np.asarray(theirs.conf_int(method="pl"))
    assert ours.intervals == pytest.approx(np.vstack([ends[-1], ends[:-1]]), abs=1e-3)


def test_without_penalty_it_is_maximum_likelihood():
    x, y = sample(3)
    theirs = LogisticRegression(C=np.inf, tol=1e-10).fit(x[:, 1:], y)
    ours = fit_firth(x, y, penalty=0.0, profile=False)
    assert ours.beta == pytest.approx([theirs.intercept_[0], *theirs.coef_[0]], abs=1e-5)


def test_firth_of_a_two_by_two_table_adds_half_to_each_cell():
    # Firth (1993): with one binary covariate the penalty is Jeffreys' prior of two binomials.
    x = np.column_stack([np.ones(20), np.repeat([0.0, 1.0], 10)])
    y = np.r_[np.repeat([1.0, 0.0], [3, 7]), np.repeat([1.0, 0.0], [10, 0])]
    beta = fit_firth(x, y).beta
    assert beta[0] == pytest.approx(np.log(3.5 / 7.5), abs=1e-7)
    assert beta.sum() == pytest.approx(np.log(10.5 / 0.5), abs=1e-7)


@given(st.integers(0, 200), st.floats(-3, 3), st.floats(0.1, 10))
def test_units_of_a_covariate_do_not_matter(seed, shift, scale):
    x, y = sample(seed, n=30, k=1)
    if len(set(y)) < 2 or np.ptp(x[:, 1]) == 0:
        return
    other = x.copy()
    other[:, 1] = shift + scale * x[:, 1]
    a, b = fit_firth(x, y, profile=False), fit_firth(other, y, profile=False)
    assert x @ a.beta == pytest.approx(other @ b.beta, abs=1e-6)


def test_the_mean_prediction_is_the_share_of_events():
    x, y = sample(5)
    fit = fit_firth(x, y)
    assert expit(x @ fit.beta + fit.shift).mean() == pytest.approx(y.mean(), abs=1e-10)


def test_the_profile_interval_covers_the_truth():
    # 200 samples: the count of hits of a 95% interval lies in 181..198 with chance 0.995.
    truth, hits = np.array([0.3, 1.0]), 0
    for seed in range(200):
        x, y = sample(1000 + seed, n=50, k=1)
        low, high = fit_firth(x, y).intervals[1]
        hits += low <= truth[1] <= high
    assert 181 <= hits <= 198


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([[1, 0], [1, 1], [1, 2]], [1, 1, 1], "expected both 0 and 1"),
        ([[1, 2], [1, 2], [1, 2]], [1, 0, 1], "constant or collinear"),
        ([[1, 0, 0], [1, 1, 2], [1, 2, 4]], [1, 0, 1], "constant or collinear"),
        ([[1, np.nan], [1, 1], [1, 2]], [1, 0, 1], "missing or infinite"),
    ],
)
def test_a_design_that_cannot_be_fitted_says_why(x, y, words):
    with pytest.raises(DataError, match=words):
        fit_firth(np.array(x, dtype=float), np.array(y, dtype=float))


def test_separation_without_a_penalty_is_an_error_and_with_it_an_answer():
    x = np.column_stack([np.ones(8), np.arange(8.0)])
    y = (np.arange(8) > 3).astype(float)
    with pytest.raises(DataError, match="separated"):
        fit_firth(x, y, penalty=0.0)
    fit = fit_firth(x, y)
    assert np.isfinite(fit.beta).all()
    assert np.isfinite(fit.intervals[1, 0])


def test_leaving_one_out_in_the_kernel_is_leaving_one_out_by_hand():
    x, y = sample(7, n=25)
    p, base = leave_out(x, y, np.arange(25))
    for i in range(25):
        others = np.arange(25) != i
        fit = fit_firth(x[others], y[others], profile=False)
        assert p[i] == pytest.approx(expit(x[i] @ fit.beta + fit.shift), abs=1e-6)
        assert base[i] == pytest.approx(y[others].mean())
    assert base == pytest.approx(base_rates(y))
    assert gains(x, y[None], np.arange(25))[0] == pytest.approx(
        (log_losses(y, base) - log_losses(y, p)).mean()
    )


def test_leave_pair_out_has_no_bias_on_noise():
    # With no signal the mean over samples is one half; leave-one-out would lie far below.
    rng = np.random.default_rng(0)
    found = []
    for _ in range(60):
        x = np.column_stack([np.ones(24), rng.normal(size=24)])
        found.append(leave_pair_out(x, rng.permutation(np.repeat([1.0, 0.0], 12))))
    assert abs(np.mean(found) - 0.5) < 3 * np.std(found) / np.sqrt(60)


def test_leave_pair_out_counts_ties_half():
    """By hand: each pair is ranked by a fit to the others, and equal cases are a draw."""
    x = np.column_stack([np.ones(10), [0, 0, 0, 0, 1, 0, 1, 1, 1, 0]])
    y = np.array([0.0, 0, 0, 1, 0, 0, 1, 1, 1, 1])
    right = []
    for i, j in product(np.flatnonzero(y == 1), np.flatnonzero(y == 0)):
        others = ~np.isin(np.arange(10), (i, j))
        slope = fit_firth(x[others], y[others], profile=False).beta[1]
        gap = slope * (x[i, 1] - x[j, 1])
        right.append(0.5 if x[i, 1] == x[j, 1] else float(gap > 0))
    assert right.count(0.5) == 3 + 8 and 1.0 in right and 0.0 in right
    assert leave_pair_out(x, y) == pytest.approx(np.mean(right))


def test_the_bar_is_the_printed_one():
    y = np.repeat([1.0, 0.0], [37, 14])
    base = base_rates(y)
    assert round(log_losses(y, base).mean(), 4) == 0.6081
    assert round(((y - base) ** 2).mean(), 4) == 0.2072


def test_a_group_is_never_scored_by_itself():
    y = np.array([1.0, 1, 0, 0, 1, 0])
    groups = np.array(["a", "a", "b", "b", "c", "c"])
    assert base_rates(y, groups)[0] == pytest.approx(1 / 4)
    with pytest.raises(DataError, match="1 group"):
        base_rates(y, np.zeros(6))


def test_true_probabilities_have_skill_and_slope_one():
    rng = np.random.default_rng(2)
    p = expit(1.5 * rng.normal(size=2000))
    y = (rng.random(2000) < p).astype(float)
    s = score(y, p, base_rates(y), scheme="one case", auc=rank_auc(y, p))
    # Where no test was run there is no skill, however clear the gain.
    assert s.gain_low > 0 and not s.has_skill
    assert score(y, p, base_rates(y), scheme="one case", permutation_p=0.01).has_skill
    assert s.slope_low < 1 < s.slope_high
    assert abs(s.intercept) < 0.15


def test_noise_has_no_skill_even_with_a_lucky_interval():
    rng = np.random.default_rng(4)
    lucky = 0
    for _ in range(40):
        x = np.column_stack([np.ones(40), rng.normal(size=40)])
        y = rng.permutation(np.repeat([1.0, 0.0], [29, 11]))
        p, base = leave_out(x, y, np.arange(40))
        drawn = gains(x, relabel(y, 99, 1), np.arange(40))
        own = gains(x, y[None], np.arange(40))[0]
        pvalue = (1 + (drawn >= own).sum()) / 100
        lucky += score(
            y, p, base, scheme="one", permutation_p=pvalue, permutations=99
        ).has_skill
    # At a size of 5% more than 6 in 40 has a chance of 1%.
    assert lucky <= 6


def test_permutations_keep_the_number_of_events_and_favour_no_case():
    y = np.array([1.0, 0, 0, 0, 1, 0])
    drawn = relabel(y, 3000, 0)
    assert (drawn.sum(axis=1) == 2).all()
    # Each share is 1/3 with a standard error of 0.0086.
    assert drawn.mean(axis=0) == pytest.approx(np.full(6, 1 / 3), abs=0.03)
    with pytest.raises(InputError, match="permutations=0"):
        relabel(y, 0, 0)


def test_predictions_that_do_not_vary_have_no_slope():
    assert np.isnan(calibrate(np.array([1.0, 0.0]), np.array([0.5, 0.5]))).all()


def test_scores_refuse_what_is_no_probability():
    with pytest.raises(DataError, match=r"prediction 1\.5"):
        score(np.array([1.0, 0]), np.array([1.5, 0]), np.array([0.5, 0.5]), scheme="x")


def test_the_budget_is_enforced():
    with pytest.raises(DataError, match="9 cases of the rarer outcome cannot support 3 slopes"):
        check_budget(3, np.repeat([1.0, 0.0], [42, 9]))
    with pytest.raises(DataError, match="all 9 cases ended alike"):
        check_budget(1, np.ones(9))


def fitted(n=60):
    import pandas as pd

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        rng.integers(0, 3, (n, 2)).astype(float), [f"i{i}" for i in range(n)], ["a", "b"]
    )
    label = pd.Series((rng.random(n) < 0.6).astype(float), frame.index)
    frame.iloc[0, 0] = np.nan
    return frame, fit_logit(
        frame, label, name="demo", lens="none", title="Demo", settings={"seed": 1}
    )


def test_results_survive_their_card_to_the_last_bit():
    import json

    from manias.evaluation.cards import dumps

    frame, fit = fitted()
    again = LogitResults.from_card(json.loads(dumps(fit.to_card())))
    assert dumps(again.to_card()) == dumps(fit.to_card())
    new = frame.iloc[1:]
    assert (again.predict_proba(new) == fit.predict_proba(new)).all()
    assert again.summary() == fit.summary()


def test_rows_in_another_order_are_the_same_model():
    frame, fit = fitted()
    import pandas as pd

    label = fit.cases["label"]
    other = fit_logit(
        frame.iloc[::-1],
        pd.Series(label).iloc[::-1].reindex(frame.index[::-1]),
        name="demo",
        lens="none",
        title="Demo",
        settings={"seed": 1},
    )
    assert other.model_id == fit.model_id
    assert other.params.to_numpy() == pytest.approx(fit.params.to_numpy())
    assert fit.dropped == 1


def test_a_case_far_from_all_others_is_not_supported():
    import pandas as pd

    _, fit = fitted()
    far = fit.predict(pd.DataFrame({"a": [1.0, 9.0], "b": [1.0, -9.0]}))
    assert far["is_supported"].tolist() == [True, False]


def test_the_search_stops_at_a_maximum():
    x, y = sample(9)
    free = np.ones(3, dtype=bool)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        beta, value, _, good = maximise(x, y, np.zeros(3), free, 1.0, 1e-9)
    assert good
    rng = np.random.default_rng(0)
    for _ in range(20):
        near = maximise(
            x, y, beta + rng.normal(size=3) * 0.01, np.zeros(3, dtype=bool), 1.0, 1e-9
        )
        assert near[1] <= value


def test_power_of_the_published_sample_and_size_of_the_test():
    # 37 bubbles of 51 innovations: about 0.34, 0.66 and 0.96 of samples; three standard errors
    # of 2,000 draws.
    for auc, seen in ((0.64, 0.34), (0.71, 0.66), (0.80, 0.96)):
        error = 3 * np.sqrt(seen * (1 - seen) / 2000)
        assert rank_power(37, 14, auc) == pytest.approx(seen, abs=error + 0.005)
    assert rank_power(5, 8, 0.5) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert np.isnan(rank_power(3, 0, 0.8))


def test_power_agrees_with_a_loop_over_scipy():
    rng = np.random.default_rng(3)
    shift = np.sqrt(2) * norm.ppf(0.9)
    p = [
        mannwhitneyu(rng.normal(shift, 1, 5), rng.normal(size=8), method="exact").pvalue
        for _ in range(400)
    ]
    # Binomial error of 400 and of 2,000 draws, three standard errors.
    assert rank_power(5, 8, 0.9) == pytest.approx(np.mean(np.array(p) <= 0.05), abs=0.075)


PRINTED = {
    # Term: coefficient, 95% profile interval, as printed by logistf for its data set sex2.
    "intercept": (0.12025405, -0.8185591, 1.07315122),
    "age": (-1.10598131, -1.9737884, -0.30742514),
    "oc": (-0.06881673, -0.9414363, 0.78920202),
    "vic": (2.26887464, 1.2730216, 3.43543273),
    "vicl": (-2.11140817, -3.2608611, -1.11773495),
    "vis": (-0.78831694, -1.6080879, 0.01518468),
    "dia": (3.09601166, 0.7745682, 8.03029352),
}


def test_firth_and_its_profile_agree_with_a_published_example():
    # Foxman et al. (1997), Epidemiology 8, 637-641: 130 women with an infection, 109 without.
    rows = np.genfromtxt(REFERENCE / "uti.csv", delimiter=",", names=True)
    cases = np.repeat(rows, rows["count"].astype(int))
    assert (len(cases), cases["case"].sum()) == (239, 130)
    terms = list(PRINTED)[1:]
    x = np.column_stack([np.ones(len(cases)), *(cases[t] for t in terms)])
    fit = fit_firth(x, cases["case"])
    printed = np.array(list(PRINTED.values()))
    # The other program stops at 1e-5 in the log likelihood.
    assert fit.beta == pytest.approx(printed[:, 0], abs=1e-5)
    assert fit.intervals == pytest.approx(printed[:, 1:], abs=1e-4)


@pytest.mark.parametrize(("events", "n"), [(0, 7), (7, 7), (23, 46), (199, 1717), (1, 3)])
def test_wilson_is_that_of_statsmodels(events, n):
    for confidence in (0.9, 0.95):
        theirs = proportion_confint(events, n, alpha=1 - confidence, method="wilson")
        assert wilson(events, n, confidence=confidence) == pytest.approx(theirs, abs=1e-12)


def test_rank_auc_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    for n in (5, 40, 400):
        y = np.r_[1.0, 0.0, rng.integers(0, 2, n)]
        p = rng.integers(0, 9, n + 2) / 9
        assert rank_auc(y, p) == pytest.approx(roc_auc_score(y, p), abs=1e-12)
    assert np.isnan(rank_auc(np.ones(3), np.arange(3.0)))


def cases(n, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.02, 0.98, n)
    return (rng.random(n) < p).astype(float), p


def test_mean_scores_are_those_of_scikit_learn():
    y, p = cases(80)
    base = base_rates(y)
    found = score(y, p, base, scheme="one case")
    assert found.log_loss == pytest.approx(log_loss(y, p), rel=1e-12)
    assert found.base_log_loss == pytest.approx(log_loss(y, base), rel=1e-12)
    assert found.brier == pytest.approx(brier_score_loss(y, p), rel=1e-12)
    assert found.base_brier == pytest.approx(brier_score_loss(y, base), rel=1e-12)


def test_the_interval_of_a_gain_is_that_of_the_means_of_equal_groups():
    y, p = cases(300)
    base = base_rates(y)
    code = np.arange(300) % 6
    found = score(y, p, base, scheme="one case", groups=code)
    gains = log_losses(y, base) - log_losses(y, p)
    theirs = ttest_1samp([gains[code == g].mean() for g in range(6)], 0).confidence_interval()
    assert (found.gain_low, found.gain_high) == pytest.approx(tuple(theirs), abs=1e-12)
    alone = score(y, p, base, scheme="one case")
    theirs = ttest_1samp(gains, 0).confidence_interval()
    assert (alone.gain_low, alone.gain_high) == pytest.approx(tuple(theirs), abs=1e-12)


def test_another_grouping_can_only_widen_and_groups_that_cross_do():
    y, p = cases(300)
    base, few, many = base_rates(y), np.arange(300) // 50, np.arange(300) // 10
    one, other, wide, crossed = (
        score(y, p, base, scheme="x", groups=groups, **more)
        for groups, more in (
            (few, {}), (many, {}), (many, {"also": few}), (few, {"across": np.arange(300) % 7})
        )
    )  # fmt: skip
    ends = max(((s.gain_low, s.gain_high) for s in (one, other)), key=lambda e: e[1] - e[0])
    assert (wide.gain_low, wide.gain_high) == ends
    assert crossed.gain_low < one.gain_low and crossed.gain_high > one.gain_high
    assert wide.slope_low == min(one.slope_low, other.slope_low)


def test_a_gain_of_one_group_has_no_interval():
    y, p = cases(30)
    found = score(y, p, base_rates(y), scheme="x", groups=np.zeros(30))
    assert np.isnan([found.gain_low, found.gain_high, found.slope_low]).all()
    assert np.isfinite([found.gain, found.slope]).all()


def test_a_slope_of_cases_that_repeat_each_other_is_less_sure():
    y, p = cases(40)
    once = score(y, p, base_rates(y), scheme="x")
    often = score(*(np.repeat(a, 25) for a in (y, p, base_rates(y))), scheme="x",
                  groups=np.repeat(np.arange(40), 25))  # fmt: skip
    alike = calibrate(np.repeat(y, 25), np.repeat(p, 25))
    assert often.slope_high - often.slope_low == pytest.approx(
        once.slope_high - once.slope_low, rel=0.3
    )
    assert alike[3] - alike[2] < 0.3 * (once.slope_high - once.slope_low)


@pytest.mark.slow
def test_many_cases_need_little_memory():
    y, p = cases(50_000)
    base = base_rates(y)
    calibrate(y[:100], p[:100])
    tracemalloc.start()
    try:
        found = score(y, p, base, scheme="one case")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60e6
    # Student's law on so many degrees of freedom is the normal law.
    gains = log_losses(y, base) - log_losses(y, p)
    reach = norm.ppf(0.975) * gains.std() / np.sqrt(len(y))
    assert found.gain_low == pytest.approx(gains.mean() - reach, abs=1e-3 * reach)
    assert found.gain_high == pytest.approx(gains.mean() + reach, abs=1e-3 * reach)


def test_a_fold_that_cannot_be_fitted_is_counted_and_left_out():
    # Without the last group the dummy is constant.
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(40), rng.normal(size=40), np.arange(40) >= 36])
    y = (np.arange(40) % 3 == 0).astype(float)
    group = np.arange(40) // 4
    p, base = leave_out(x, y, group)
    assert np.isnan(p[36:]).all() and np.isfinite(p[:36]).all() and np.isfinite(base).all()
    told = np.isfinite(p)
    found = score(y[told], p[told], base[told], scheme="x", groups=group[told], lost_folds=1)
    assert (found.n, found.groups, found.lost_folds) == (36, 9, 1)
    assert "1 fold(s) could not be predicted and are not scored" in describe_scores(found)
    assert "could not" not in describe_scores(replace(found, lost_folds=0))


def test_a_relabelling_that_cannot_be_fitted_counts_against_the_model():
    null = np.array([0.1, np.nan, 0.3, 0.9])
    assert permutation_p(0.5, null) == (1 + 2) / 5
    assert permutation_p(0.5, null, exact=True) == 2 / 4


def test_cards_from_before_lost_folds_were_counted_are_read():
    y, p = cases(30)
    card = encode(score(y, p, base_rates(y), scheme="one case", lost_folds=2))
    assert decode(card, Scores).lost_folds == 2
    del card["lost_folds"]
    assert decode(card, Scores).lost_folds == 0
    del card["gain"]
    with pytest.raises(ValueError, match="missing 'gain'"):
        decode(card, Scores)


def test_a_slow_search_is_a_search_to_its_end():
    # Two outcomes that all but part: each step takes off a twentieth of what is left.
    x = np.array([0.884, 0.237, 0.438, 0.375, 0.46, 0.443, 0.449, 0.444, 0.554, 0.648, 0.376])
    y = np.isin(np.arange(11), (1, 3, 7, 10)).astype(float)
    design = np.column_stack([np.ones(11), (x - x.mean()) / x.std()])

    def loss(beta):
        p = expit(design @ beta)
        information = design.T @ (design * (p * (1 - p))[:, None])
        return -(y @ np.log(p) + (1 - y) @ np.log1p(-p)) - np.linalg.slogdet(information)[1] / 2

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9})
    found = fit_firth(np.column_stack([np.ones(11), x]), y, profile=False)
    assert found.beta[1] * x.std() == pytest.approx(best.x[1], abs=1e-5)
    single = np.arange(11)
    assert np.isfinite(leave_out(design, y, single)[0]).all()


def test_a_profile_that_never_falls_far_enough_has_no_end(monkeypatch):
    monkeypatch.setattr(_firth, "maximise", lambda *a: (None, 0.0, None, True))
    x, y = np.ones((4, 1)), np.array([0.0, 1, 0, 1])
    ends = _firth._profile(x, y, np.array([0.3]), 0.0, 0.1, 0, 0.95, 0.5)
    assert ends.tolist() == [-np.inf, np.inf]


def test_a_summary_tells_the_power_where_it_was_simulated():
    kept = load_model("innovation-logit")
    told = describe_power(kept.power)
    summaries = [" ".join(one.summary().split()) for one in (kept, replace(kept, power={}))]
    assert [told in text for text in summaries] == [True, False]


def test_a_count_of_a_card_is_exact():
    assert _is_count(2.0**53 - 1) and not _is_count(2.0**53)
    assert not _is_count(0.5) and not _is_count(float("nan"))
