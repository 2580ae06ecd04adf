"""Log-periodic fits: truth recovered, derivatives, determinism, bounds, words."""

import numpy as np
import pytest
from manias import load
from manias.errors import DataError, InputError
from manias.explosive.lppls import (
    LPPLSFilters,
    LPPLSFit,
    LPPLSSettings,
    fit_lppls,
    lppls_confidence,
)

TRUTH = LPPLSFit(132.0, 0.4, 8.5, 7.0, -0.8, 0.04, 0.03, 0.0, 0.0, 119.0, 120)
T = np.arange(120.0)


def noisy(scale=0.01, seed=0):
    return TRUTH.predict(T) + scale * np.random.default_rng(seed).standard_normal(120)


def test_truth_is_recovered_without_noise():
    found = fit_lppls(T, TRUTH.predict(T))
    assert found.sse < 1e-8
    assert found.tc == pytest.approx(132, abs=0.05)
    assert found.w == pytest.approx(8.5, abs=0.05)


def test_no_scan_of_the_box_finds_less():
    y = noisy()
    found = fit_lppls(T, y)
    rng = np.random.default_rng(1)
    for _ in range(4000):
        tc, m, w = 119 + 119 * rng.uniform(1e-3, 0.5), rng.uniform(0.1, 0.9), rng.uniform(4, 25)
        d = (tc - T) / 119
        x = np.column_stack(
            [np.ones(120), d**m, d**m * np.cos(w * np.log(d)), d**m * np.sin(w * np.log(d))]
        )
        rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
        assert rest @ rest >= found.sse * (1 - 1e-9)


def windows(count, seed):
    """Stretches of the US stock market and of random walks, by chance."""
    market = np.log(load("shiller").frame["price"].dropna().to_numpy(float))
    rng = np.random.default_rng(seed)
    for i in range(count):
        n = int(rng.integers(30, 250))
        if i % 3:
            at = int(rng.integers(0, len(market) - n))
            yield np.arange(float(n)), market[at : at + n]
        else:
            yield np.arange(float(n)), 0.01 * rng.standard_normal(n).cumsum()


def shortfalls(count, seed):
    """How far, relatively, the defaults stay above a search five times as wide."""
    wide = LPPLSSettings(starts=96, grid=(40, 8, 120))
    for t, y in windows(count, seed):
        yield fit_lppls(t, y).sse / fit_lppls(t, y, settings=wide).sse - 1


def test_a_wider_search_finds_nothing_better():
    assert max(shortfalls(24, seed=5)) < 1e-6


@pytest.mark.slow
def test_a_wider_search_hardly_ever_finds_anything_better():
    found = np.array(list(shortfalls(600, seed=6)))
    assert (found > 1e-6).mean() < 0.005
    assert found.max() < 2e-3


def test_sum_of_squares_is_that_of_the_returned_parameters():
    y = noisy()
    found = fit_lppls(T, y)
    assert np.sum((y - found.predict(T)) ** 2) == pytest.approx(found.sse, rel=1e-9)


def test_derivatives_are_those_of_differences():
    from manias.explosive._lppls_kernels import _slopes, solve_linear

    s, y = T / 119 - 1, noisy()
    q, r, res, lin = np.empty((4, 120)), np.zeros((4, 4)), np.empty(120), np.zeros(4)
    raw, jac, grad, hess = np.empty((5, 120)), np.empty((3, 120)), np.empty(3), np.empty((3, 3))
    x = np.array([0.13, 0.45, 7.7])
    solve_linear(s, y, *x, q, r, res, lin, raw)
    _slopes(x, lin, q, res, jac, grad, hess, raw)
    for c in range(3):
        step = np.zeros(3)
        step[c] = 1e-6
        up = solve_linear(s, y, *(x + step), q, r, res, lin, raw)
        down = solve_linear(s, y, *(x - step), q, r, res, lin, raw)
        assert -2 * grad[c] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_grid_is_screened_with_the_sums_of_squares_of_the_model():
    from manias.explosive._lppls_kernels import screen, solve_linear

    s, y = T / 119 - 1, noisy()
    axes = np.geomspace(1e-3, 0.5, 4), np.linspace(0.1, 0.9, 3), np.linspace(4, 25, 9)
    table = np.empty((4, 3, 9))
    screen(s, y, *axes, table)
    work = np.empty((4, 120)), np.zeros((4, 4)), np.empty(120), np.empty(4), np.empty((5, 120))
    for i, j, k in np.ndindex(table.shape):
        exact = solve_linear(s, y, axes[0][i], axes[1][j], axes[2][k], *work)
        assert table[i, j, k] == pytest.approx(exact, rel=1e-6)


def test_workers_change_nothing():
    one, two, eight = (
        lppls_confidence(T, noisy(), window=80, smallest=40, outer_step=10, workers=w)
        for w in (1, 2, 8)
    )
    assert one.fits == two.fits == eight.fits
    assert (one.positive == two.positive).all()


def test_level_moves_only_the_constant():
    low, high = fit_lppls(T, noisy()), fit_lppls(T, noisy() + 100)
    assert high.tc == pytest.approx(low.tc, abs=1e-4)
    assert high.a - low.a == pytest.approx(100, abs=1e-6)


def test_tc_lies_after_the_sample_and_inside_its_box():
    walk = np.random.default_rng(3).standard_normal(200).cumsum() / 50
    found = lppls_confidence(np.arange(200.0), walk, window=60, smallest=30, outer_step=20)
    for group in found.fits:
        for fit in group:
            assert fit.t2 < fit.tc <= fit.t2 + 0.5 * (fit.t2 - fit.t1) + 1e-9
            assert 0.1 <= fit.m <= 0.9 and 4 <= fit.w <= 25


def test_filters_can_be_moved():
    fit = fit_lppls(T, noisy())
    assert fit.passes()
    assert not fit.passes(LPPLSFilters(w=(10, 13)))
    assert not fit.passes(LPPLSFilters(damping=50))
    assert not fit.passes(LPPLSFilters(oscillations=50))


def test_no_critical_time_fits_better_than_that_of_the_fit():
    y = noisy(0.002)
    best = fit_lppls(T, y)
    gap = (best.tc - 119) / 119
    assert fit_lppls(T, y, settings=LPPLSSettings(tc=(gap, gap))).sse == pytest.approx(best.sse)
    for other in np.linspace(1e-3, 0.5, 12):
        fit = fit_lppls(T, y, settings=LPPLSSettings(tc=(other, other)))
        assert fit.tc == pytest.approx(119 * (1 + other))
        assert fit.sse > best.sse


def test_the_likelihood_ratio_at_the_truth_has_its_law():
    # 95% of 40 draws lie below the chi-squared bound of 3.84; 33 or fewer would be a p of 0.002
    gap = (TRUTH.tc - 119) / 119
    ratios = []
    for seed in range(40):
        y = noisy(0.005, seed)
        best = fit_lppls(T, y).sse
        at_truth = fit_lppls(T, y, settings=LPPLSSettings(tc=(gap, gap))).sse
        ratios.append(120 * np.log(at_truth / min(best, at_truth)))
    assert sum(ratio <= 3.84 for ratio in ratios) >= 34


def test_errors_name_the_culprit():
    with pytest.raises(DataError, match="expected one length, 10 or more"):
        fit_lppls([1, 2], [1, 2])
    with pytest.raises(DataError, match=r"t: 3\.0 at position 4"):
        fit_lppls([0, 1, 2, 3, 3, 5, 6, 7, 8, 9], range(10))
    with pytest.raises(DataError, match="log_price: nan at position 0"):
        fit_lppls(range(10), [np.nan] * 10)
    with pytest.raises(InputError, match="starts=4"):
        LPPLSSettings(starts=4)
    with pytest.raises(InputError, match=r"grid=\(16, 1, 48\)"):
        LPPLSSettings(grid=(16, 1, 48))
    with pytest.raises(InputError, match="tc="):
        LPPLSSettings(tc=(-0.1, 0.5))
    with pytest.raises(InputError, match="workers=0"):
        lppls_confidence(T, noisy(), smallest=100, workers=0)
    with pytest.raises(InputError, match="smallest=5"):
        lppls_confidence(T, noisy(), smallest=5)
