"""Intervals of clustered cases beside refits, other implementations and a simulated truth."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from manias.errors import DataError
from manias.evaluation.clusters import (
    clustered_ratio,
    clustered_share,
    fewest_clusters,
    jackknife_covariance,
    t_reach,
    wilson,
)
from scipy.stats import t, ttest_1samp

SAME = 1e-10


@pytest.mark.parametrize("clusters", [2, 3, 8, 50, 400])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_quantile_is_that_of_scipy(clusters, confidence):
    wanted = t.ppf((1 + confidence) / 2, clusters - 1)
    assert t_reach(confidence, clusters) == pytest.approx(wanted, rel=SAME)


def test_the_variance_is_that_of_refits_without_each_cluster():
    rng = np.random.default_rng(0)
    total, size, code = rng.normal(size=40), rng.uniform(1, 2, 40), rng.integers(0, 7, 40)
    whole = total.sum() / size.sum()
    without = [total[code != g].sum() / size[code != g].sum() for g in range(7)]
    spread = np.sqrt(6 / 7 * np.sum((np.array(without) - whole) ** 2))
    low, high = clustered_ratio(total, code, size=size)
    assert ((low + high) / 2, (high - low) / 2) == pytest.approx(
        (whole, t.ppf(0.975, 6) * spread), rel=SAME
    )


def test_equal_clusters_give_the_t_interval_of_their_means():
    values = np.random.default_rng(1).normal(size=(5, 30))
    theirs = ttest_1samp(values.mean(axis=1), 0).confidence_interval(0.9)
    ours = clustered_ratio(values.ravel(), np.repeat(np.arange(5), 30), confidence=0.9)
    assert ours == pytest.approx(tuple(theirs), rel=SAME)


def test_a_share_is_wilsons_with_fewer_cases():
    # Of ten clusters all alike in themselves the effective number of cases is nine.
    fell = np.repeat(np.arange(10) < 3, 6)
    low, high = clustered_share(fell, np.repeat(np.arange(10), 6))
    reach, n, share = t.ppf(0.975, 9), 9, 0.3
    for end in (low, high):
        assert (end - share) ** 2 == pytest.approx(reach**2 * end * (1 - end) / n, rel=1e-8)


def test_many_independent_cases_have_wilsons_interval():
    fell = np.random.default_rng(2).random(4000) < 0.2
    wanted = wilson(int(fell.sum()), 4000)
    assert clustered_share(fell, np.arange(4000)) == pytest.approx(wanted, abs=2e-4)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_a_share_lies_in_its_interval_whatever_the_clusters(cases):
    fell, one, two = map(np.array, zip(*cases, strict=True))
    low, high = clustered_share(fell, one, across=two)
    assert 0 <= low <= fell.mean() + 1e-12 and fell.mean() - 1e-12 <= high <= 1
    turned = clustered_share(~fell, one, across=two)
    assert turned == pytest.approx((1 - high, 1 - low), abs=1e-9)
    alone = clustered_share(fell, one)
    if len(set(two)) > 1 and len(set(one)) > 1 and 0 < fell.mean() < 1:
        many = max(len(set(one)), len(set(two)))
        # The variances are added, and Student's law is that of the fewer clusters.
        assert high - low >= alone[1] - alone[0] - 1e-9 or many == len(set(two))


def test_where_all_fell_clusters_count_and_not_cases():
    fell = np.ones(40, dtype=bool)
    few, many = (clustered_share(fell, np.arange(40) // size) for size in (10, 2))
    assert few[1] == many[1] == 1
    assert few[0] < many[0] < wilson(40, 40)[0]


def test_one_cluster_says_nothing_and_no_case_less():
    assert clustered_share(np.array([True, False]), np.zeros(2)) == (0.0, 1.0)
    assert np.isnan(clustered_ratio(np.ones(3), np.zeros(3))).all()
    assert np.isnan(clustered_share(np.array([], dtype=bool), np.array([]))).all()


def test_clusters_of_another_length_are_refused():
    with pytest.raises(DataError, match="2 clusters for 3 cases; expected as many"):
        clustered_share(np.ones(3, dtype=bool), np.zeros(2))
    with pytest.raises(DataError, match="one cluster; expected at least 2"):
        jackknife_covariance(np.ones((3, 1)), np.array([1.0, 0, 1]), np.zeros(1), np.zeros(3))
    assert fewest_clusters([1, 2, 3], [1, 1, 1]) == 1


def test_a_logit_without_a_cluster_is_close_to_its_refit():
    rng = np.random.default_rng(3)
    code = np.arange(2000) // 100
    x = np.column_stack([np.ones(2000), rng.normal(size=(2000, 2))])
    odds = x @ [-1.0, 0.5, 0.0] + rng.normal(size=20)[code]
    y = (rng.random(2000) < 1 / (1 + np.exp(-odds))).astype(float)
    beta = sm.Logit(y, x).fit(disp=False).params
    refits = np.stack(
        [sm.Logit(y[code != g], x[code != g]).fit(disp=False).params for g in range(20)]
    )
    gaps = refits - beta
    wanted = gaps.T @ gaps * 19 / 20
    found = jackknife_covariance(x, y, beta, code)
    # One step in place of a search.
    assert np.sqrt(np.diag(found)) == pytest.approx(np.sqrt(np.diag(wanted)), rel=0.02)


def test_it_holds_what_it_says_where_wilson_and_draws_of_eight_groups_do_not():
    rng = np.random.default_rng(4)
    sizes, p, alike = np.array([7, 2, 5, 1, 6, 15, 17, 4, 9, 13, 3, 10]), 0.25, 0.4
    wave = np.repeat(np.arange(len(sizes)), sizes)
    held = np.zeros(2)
    for _ in range(1000):
        chance = rng.beta(p * (1 - alike) / alike, (1 - p) * (1 - alike) / alike, len(sizes))
        fell = rng.random(len(wave)) < chance[wave]
        ends = wilson(int(fell.sum()), len(fell)), clustered_share(fell, wave)
        held += [low <= p <= high for low, high in ends]
    naive, ours = held / 1000
    assert naive < 0.75 and ours > 0.92
