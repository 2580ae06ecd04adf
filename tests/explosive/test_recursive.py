"""Bubble tests against statsmodels, 80-digit arithmetic, invariance, and by their words."""

import json
import math
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reference"))
from extended import HARD, extended_paths, long_bsadf, rise_and_collapse, walk
from manias.errors import DataError, InputError
from manias.explosive.critical import (
    _quantiles,
    load_critical,
    panel_bootstrap,
    simulate_critical,
    wild_bootstrap,
)
from manias.explosive.recursive import SingularWindow, recursive_tests, select_lag
from manias.explosive.simulate import variance_break

DIGITS = 1e-8  # relative to max(1, |t|), against extended precision
LOOP = 1e-7  # statsmodels itself loses digits on short windows


def design(y, lag):
    """First differences, and what they are regressed on."""
    step, t = np.diff(y), np.arange(lag, len(y) - 1)
    return step[lag:], np.column_stack(
        [np.ones(len(t)), y[t], *(step[t - j] for j in range(1, lag + 1))]
    )


@pytest.mark.parametrize("lag", [0, 1, 4])
@pytest.mark.parametrize("name", HARD)
def test_paths_agree_with_extended_precision(name, lag):
    badf, bsadf = extended_paths(HARD[name], lag, 14)
    found = recursive_tests(HARD[name], lag=lag, min_window=14)
    for mine, exact in ((found.badf, badf[13:]), (found.bsadf, bsadf[13:])):
        error = np.abs(mine - exact) / np.maximum(1, np.abs(exact))
        assert error.max() < DIGITS


LONG = {
    "walk + 1e7": walk(800) + 1e7,
    "rise and collapse": rise_and_collapse(800),
    "drift of a million steps": np.arange(800.0) + 1e-6 * walk(800),
    "smooth rise": np.exp(np.linspace(0, 9, 800)) + 1e-3 * walk(800),
}
needs_long_doubles = pytest.mark.skipif(
    np.finfo(np.longdouble).eps > 1e-18, reason="this processor has no extended precision"
)


@needs_long_doubles
@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize("name", LONG)
def test_long_series_keep_their_digits(name, lag):
    found = recursive_tests(LONG[name], lag=lag, min_window=90)
    exact = long_bsadf(LONG[name], lag, 90, 798 - lag)
    assert abs(found.bsadf[-1] - exact) < DIGITS * max(1, abs(exact))


@pytest.mark.parametrize("lag", [0, 1, 4])
@pytest.mark.parametrize("unit", [1e-300, 1e-150, 1e-40, 1e100, 1e300])
def test_no_unit_is_too_small_or_too_large(unit, lag):
    y = walk()
    plain, scaled = recursive_tests(y, lag=lag), recursive_tests(y * unit, lag=lag)
    np.testing.assert_allclose(scaled.bsadf, plain.bsadf, atol=1e-11)
    assert scaled.n_exact == plain.n_exact


@needs_long_doubles
def test_a_series_that_spans_the_range_of_numbers_gives_the_truth_or_nothing():
    y = np.exp(-np.arange(90.0) * 7) * (2 + 0.3 * np.random.default_rng(1).standard_normal(90))
    with pytest.warns(SingularWindow):
        found = recursive_tests(y, min_window=14).bsadf
    assert not np.isnan(found[:10]).any() and np.isnan(found[-10:]).all()
    for i in np.flatnonzero(~np.isnan(found)):
        exact = long_bsadf(y, 0, 14, 13 + i)
        assert abs(found[i] - exact) < DIGITS * max(1, abs(exact))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(24, 40))
def test_paths_agree_with_a_loop_of_statsmodels(seed, lag, n):
    y = walk(n, seed)
    rows = lag + 6
    found = recursive_tests(y, lag=lag, min_window=rows)
    d, x = design(y, lag)
    for k, e in enumerate(range(rows - 1, len(d))):
        ratios = [
            sm.OLS(d[a : e + 1], x[a : e + 1]).fit().tvalues[1] for a in range(e - rows + 2)
        ]
        assert found.badf[k] == pytest.approx(ratios[0], rel=LOOP, abs=LOOP)
        assert found.bsadf[k] == pytest.approx(max(ratios), rel=LOOP, abs=LOOP)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_paths_agree_with_golden_numbers(lag):
    path = Path(__file__).resolve().parents[1] / "reference" / "psy_golden.json"
    golden = json.loads(path.read_text())
    found = recursive_tests(golden["y"], lag=lag, min_window=golden["rows"])
    np.testing.assert_allclose(found.badf, golden[str(lag)]["badf"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.bsadf, golden[str(lag)]["bsadf"], rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_more_window_ends_than_one_pass_holds(lag):
    y = walk(1400, 5)
    whole = recursive_tests(y, lag=lag, min_window=1200)
    d, x = design(y, lag)
    for e in (1199, 1260, len(d) - 1):
        best = max(sm.OLS(d[a : e + 1], x[a : e + 1]).fit().tvalues[1] for a in range(e - 1198))
        assert whole.bsadf[e - 1199] == pytest.approx(best, rel=LOOP)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
@settings(max_examples=25, deadline=None)
def test_shift_and_scale_change_nothing(shift, scale):
    y = np.round(walk(), 3)
    plain = recursive_tests(y, lag=1).bsadf
    np.testing.assert_allclose(
        recursive_tests(shift + scale * y, lag=1).bsadf, plain, atol=1e-4
    )  # what rounding the shifted data itself costs
    np.testing.assert_allclose(recursive_tests(y * 1024, lag=1).bsadf, plain, atol=1e-12)


def test_a_constant_stretch_gives_nan_and_one_warning_that_names_it():
    y = walk()
    y[30:60] = y[30]
    with pytest.warns(SingularWindow, match=r"observations 29\.\.43") as caught:
        found = recursive_tests(y, min_window=14)
    assert len(caught) == 1
    assert found.n_singular > 1
    ends = np.arange(len(found.bsadf)) + found.first
    # Row 29 steps onto the plateau: with it, one distinct point and a perfect fit remain.
    inside = (ends >= 43) & (ends < 61)
    assert np.isnan(found.bsadf[inside]).all()
    assert np.isfinite(found.bsadf[~inside]).all()
    assert np.isfinite(found.gsadf) and found.gsadf < 50


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_noise_free_growth_is_no_huge_number(lag):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularWindow)
        found = recursive_tests(1.05 ** np.arange(80), lag=lag)
    known = found.bsadf[~np.isnan(found.bsadf)]
    assert not len(known) or np.abs(known).max() < 1e6


def test_rows_and_observations_name_the_same_windows():
    y = walk()
    rows = recursive_tests(y, lag=1, min_window=15)
    observed = recursive_tests(y, lag=1, min_window=17, window_counts="observations")
    assert (rows.bsadf == observed.bsadf).all()
    assert (rows.min_window, observed.min_window) == (15, 17)


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_tests_share_their_numbers(lag):
    y = walk()
    found = recursive_tests(y, lag=lag)
    assert found.adf == found.badf[-1]
    assert found.sadf == found.badf.max()
    assert found.gsadf == found.bsadf.max()
    # One window, that of the whole sample.
    whole = recursive_tests(y, lag=lag, min_window=len(y), window_counts="observations")
    assert whole.adf == whole.sadf == whole.gsadf == pytest.approx(found.adf, abs=1e-12)
    d, x = design(y, lag)
    assert found.adf == pytest.approx(sm.OLS(d, x).fit().tvalues[1], abs=1e-9)


def test_explosive_growth_is_in_the_right_tail():
    assert recursive_tests([1.0, 2.1, 3.9, 8.2, 16.1, 31.8, 64.3], min_window=6).adf > 2


def test_bic_finds_the_lag_of_a_long_autoregression():
    rng = np.random.default_rng(0)
    step = np.zeros(600)
    for t in range(2, 600):
        step[t] = 0.5 * step[t - 1] + 0.3 * step[t - 2] + rng.standard_normal()
    assert select_lag(step.cumsum(), criterion="bic") == 2
    assert recursive_tests(step.cumsum()[:150], lag="aic").lag >= 1


@pytest.mark.parametrize(
    ("y", "options", "error", "words"),
    [
        ([1.0, np.nan] * 20, {}, DataError, "nan at position 1; expected a finite"),
        ([1.0, np.inf] * 20, {}, DataError, "inf at position 1"),
        (["a"] * 20, {}, DataError, "other than numbers"),
        ([2.0] * 30, {}, DataError, "constant at 2.0"),
        (np.ones((5, 2)), {}, DataError, "expected one dimension"),
        (walk(), {"min_window": 2}, InputError, r"min_window=2 rows: expected 3\.\.89"),
        (walk(), {"min_window": 90}, InputError, "expected 3..89"),
        (walk(), {"lag": -1}, InputError, "lag=-1"),
        (walk(), {"lag": "hqc"}, InputError, "'aic' or 'bic'"),
        ([1.0, 2.0], {}, InputError, "2 observations at lag 0: expected 4 or more"),
    ],
)
def test_errors_name_culprit_and_expectation(y, options, error, words):
    with pytest.raises(error, match=words):
        recursive_tests(y, **options)


def test_critical_values_do_not_depend_on_workers():
    one = simulate_critical(60, n_draws=400, seed=3)
    for workers in (2, 8):
        many = simulate_critical(60, n_draws=400, seed=3, workers=workers)
        assert one.gsadf == many.gsadf
        assert (one.bsadf["95"] == many.bsadf["95"]).all()


def test_shipped_table_agrees_with_a_new_simulation():
    table, fresh = load_critical(100), simulate_critical(100, n_draws=4000, seed=77)
    for name in ("adf", "sadf", "gsadf"):
        for level in ("90", "95"):
            spread = np.hypot(table.errors[name][level], fresh.errors[name][level])
            assert abs(getattr(table, name)[level] - getattr(fresh, name)[level]) < 4 * spread
    for name in ("badf", "bsadf"):
        spread = np.hypot(table.errors[name]["95"], fresh.errors[name]["95"])
        apart = np.abs(getattr(table, name)["95"] - getattr(fresh, name)["95"])
        assert (apart < 5 * spread).all() and spread.max() < 0.2


def test_quantiles_and_their_errors_leave_missing_draws_out():
    draws = np.random.default_rng(0).standard_normal((500, 3))
    draws[::7, 1] = np.nan
    draws[:, 2] = np.nan
    found = _quantiles(draws, (0.5, 0.95))
    for i, share in enumerate((0.5, 0.95)):
        for j in range(2):
            known = np.sort(draws[~np.isnan(draws[:, j]), j])
            assert found[0, i, j] == pytest.approx(np.quantile(known, share), abs=1e-14)
            m, spread = len(known), math.sqrt(len(known) * share * (1 - share))
            low, high = math.floor(m * share - spread), math.ceil(m * share + spread)
            assert found[1, i, j] == (known[min(high, m - 1)] - known[low]) / 2 > 0
    assert np.isnan(found[:, :, 2]).all()


def test_the_error_of_a_quantile_is_its_spread_from_sample_to_sample():
    samples = np.random.default_rng(0).uniform(size=(2000, 400))
    quantiles, errors = _quantiles(samples, (0.9,))[:, 0]
    truth = math.sqrt(0.9 * 0.1 / 2000)
    assert quantiles.std() == pytest.approx(truth, rel=0.1)
    assert errors.mean() == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize(("at", "ratio"), [(0.5, 3.0), (0.7, 6.0)])
def test_wild_bootstrap_holds_its_size_where_volatility_breaks(at, ratio):
    rng, series = np.random.default_rng(0), 100
    plain = load_critical(100).gsadf["95"]
    naive = robust = shuffled = 0
    for i in range(series):
        y = variance_break(100, rng=rng, at=at, ratio=ratio)
        stat = recursive_tests(y).gsadf
        naive += stat > plain
        robust += stat > wild_bootstrap(y, n_draws=199, seed=i).gsadf["95"]
        shuffled += stat > wild_bootstrap(y, law="composite", n_draws=199).gsadf["95"]
    # 5% of 100 is 5; 10 or fewer has a chance of 0.99.
    assert robust <= 10
    assert naive > 0.2 * series
    # Shocks that leave their places forget the break.
    assert robust < shuffled < naive


def test_composite_draws_are_as_long_as_the_control_asks():
    y = walk()
    # Window of 18 rows, so 19 observations, the last of which begins the control.
    found = wild_bootstrap(y, law="composite", min_window=18, control=24, n_draws=150)
    assert found.n == 19 + 24 - 1
    assert len(found.bsadf["95"]) == 24
    whole = wild_bootstrap(y, law="composite", min_window=18, n_draws=150)
    assert whole.n == len(y)


def test_sieve_draws_whole_periods():
    # With one shock for all, the panel's mean is each series' own statistic.
    y = walk(60, 3)
    panel = np.column_stack([y, 5 * y, y - 7])
    one = panel_bootstrap(panel, n_draws=200, seed=4)
    two = panel_bootstrap(panel[:, :2], n_draws=200, seed=4)
    assert one.gsadf["95"] == pytest.approx(two.gsadf["95"], abs=1e-9)
    # Series that move apart average out.
    apart = np.column_stack([walk(60, s) for s in range(3)])
    assert panel_bootstrap(apart, n_draws=200, seed=4).gsadf["95"] < one.gsadf["95"]


def test_bootstraps_are_repeatable_and_say_what_is_wrong():
    y = walk()
    options = {"law": "composite", "n_draws": 150, "control": 12, "lag": 1}
    first = wild_bootstrap(y, **options)
    assert first.gsadf == wild_bootstrap(y, **options, workers=2).gsadf
    assert len(first.bsadf["95"]) == 12
    panel = np.column_stack([walk(60, s) for s in range(3)])
    assert panel_bootstrap(panel, n_draws=150, lag=1).gsadf["95"] > 0
    with pytest.raises(InputError, match="control=0"):
        wild_bootstrap(y, law="composite", control=0)
    with pytest.raises(InputError, match="control=5: expected none with law='sample'"):
        wild_bootstrap(y, control=5)
    with pytest.raises(InputError, match="2 or more series"):
        panel_bootstrap(panel[:, :1])


def test_import_of_the_package_does_not_bring_numba():
    code = "import sys, manias, manias.explosive; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
