"""Lens 5: the equation beside sums by hand, and assumptions that each move the answer."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias.data.library import LIBRARY, known_on, load
from manias.data.reader import Series
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.lenses.payback import (
    PaybackModel,
    PaybackResults,
    answer_payback,
    growth_to_cover,
    load_assumptions,
    own_payback,
    required_revenue,
)
from manias.series.trajectories import own


@given(
    st.lists(st.floats(0, 1e4), min_size=1, max_size=12),
    st.floats(0.5, 12),
    st.floats(0.5, 30),
    st.floats(0, 1),
)
def test_what_is_bought_is_written_off_once(capex, short, long, share):
    years = np.r_[capex, np.zeros(45)]
    depreciation, capital, _ = required_revenue(
        years,
        shares=np.array([share, 1 - share]),
        lives=np.array([short, long]),
        rate=0.1,
        opex_share=0.0,
    )
    assert depreciation.sum() == pytest.approx(sum(capex), rel=1e-9, abs=1e-6)
    assert capital.min() >= -1e-6
    assert abs(capital[-1]) < 1e-6 * max(1.0, sum(capex))


def test_a_sum_by_hand():
    # 100 bought in year 0, five years, 10%, operating cost 40% of revenue. Year 1: 20 is
    # written off; capital falls from 90 to 70, 80 on average; (20 + 8) / 0.6.
    _, capital, required = required_revenue(
        np.array([100.0, 0.0]),
        shares=np.array([1.0]),
        lives=np.array([5.0]),
        rate=0.1,
        opex_share=0.4,
    )
    assert capital[1] == pytest.approx(80)
    assert required[1] == pytest.approx(28 / 0.6)


def test_railways_are_interest_on_paid_up_capital():
    results = PaybackModel("uk-railways").fit()
    # 152,640,000 at 5% over one less 43%, against receipts of 9,933,552.
    assert results.required == pytest.approx(152_640_000 * 0.05 / 0.57)
    assert results.ratio == pytest.approx(results.required / 9_933_552)
    low, high = results.ratio_range
    assert low < 1 < results.ratio < high


def test_every_assumption_of_ai_that_has_a_range_moves_the_answer():
    results = PaybackModel().fit()
    moved = results.sensitivities.set_index("assumption")["spread"]
    still = set(moved.index[moved == 0])
    # Growth decides when it is covered, not how much is missing now.
    assert still == {"ai_revenue_growth"}
    assert moved.is_monotonic_decreasing
    low, high = results.ratio_range
    assert low < results.ratio < high


def test_nothing_that_was_not_known_is_used():
    # Revenue of mid-2026 stood here beside spending to 2025: the assumptions are cut as well.
    with pytest.raises(
        DataError, match="payback of ai: ai_share_of_capex was not known by 2024-12-31"
    ):
        PaybackModel("ai").fit(as_of="2024-12")
    given = load_assumptions("ai")
    early = PaybackModel().fit(given, as_of="2025-03-31")
    assert early.as_of < "2025Q2"
    assert early.required < PaybackModel().fit().required
    with pytest.raises(DataError, match=r"nothing of 'capex' was known by 2001-01-31"):
        PaybackModel().fit(given, as_of="2001-01")
    whole = PaybackModel().fit()
    with known_on(whole.provenance.until):
        assert dumps(PaybackModel().fit().to_card()) == dumps(whole.to_card())
    with known_on("2024"), pytest.raises(InputError, match="was fitted on data to 2026"):
        answer_payback(whole)


@pytest.mark.parametrize("case", ["ai", "uk-railways", "us-telecom"])
def test_what_is_solved_rests_on_its_rows_and_on_no_others(case):
    whole = PaybackModel(case).fit()
    table = {"ai": "ai_capex"}.get(case, "payback")
    (rows,) = (r for r in whole.provenance.rows() if r.dataset == table)
    frame = load(table).frame
    for inside in (True, False):
        other = frame.copy()
        mine = frame.index.isin(rows.frame.index)
        other["value"] = other["value"].where(mine != inside, other["value"] * 1.5)
        with LIBRARY.holding({(table, "data"): other}).open():
            fit = PaybackModel(case).fit()
        numbers = [whole.required, whole.ratio, *whole.ratio_range]
        same = [fit.required, fit.ratio, *fit.ratio_range] == numbers
        pd.testing.assert_index_equal(fit.path.index, whole.path.index)
        assert same != inside
        if not inside:
            pd.testing.assert_frame_equal(fit.path, whole.path)


def test_the_year_of_cover_is_the_first_in_which_revenue_reaches_it():
    results = PaybackModel().fit()
    path = results.path
    year = int(results.covered)
    assert path.loc[year, "revenue"] >= path.loc[year, "required"]
    assert path.loc[year - 1, "revenue"] < path.loc[year - 1, "required"]
    at = path.index[~path["is_assumed"]][-1]
    grown = results.revenue * (1 + results.growth_needed) ** (2030 - at)
    assert grown == pytest.approx(path.loc[2030, "required"])


def test_growth_that_cannot_be_solved_is_missing():
    assert np.isnan(growth_to_cover(0.0, np.ones(5), 3))
    assert np.isnan(growth_to_cover(1.0, np.ones(5), 9))


def test_a_missing_assumption_is_named():
    chosen = load_assumptions("ai")
    del chosen["ai_cost_of_capital"]
    with pytest.raises(InputError, match="ai_cost_of_capital"):
        PaybackModel().fit(chosen)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shares": np.array([0.5])}, "add up to 1"),
        ({"lives": np.array([0.0])}, "more than 0 years"),
        ({"opex_share": 1.0}, "less than 1"),
    ],
)
def test_impossible_settings_are_refused(change, words):
    settings = {
        "shares": np.array([1.0]),
        "lives": np.array([5.0]),
        "rate": 0.1,
        "opex_share": 0.2,
    }
    with pytest.raises(InputError, match=words):
        required_revenue(np.ones(3), **{**settings, **change})


@pytest.mark.parametrize("case", ["ai", "uk-railways", "us-telecom"])
def test_a_card_comes_back(case):
    results = PaybackModel(case).fit()
    again = PaybackResults.from_card(json.loads(dumps(results.to_card())))
    assert dumps(again.to_card()) == dumps(results.to_card())
    assert answer_payback(again) == answer_payback(results)


def test_a_trajectory_of_ones_own():
    years = pd.period_range("2020", "2024", freq="Y")
    mine = own(Series("mine", pd.Series(100.0, years), "billion USD"), measure="capex")
    path, ratio = own_payback(mine, pd.Series(200.0, years))
    assert ratio == pytest.approx(path["required"].iloc[-1] / 200)
    with pytest.raises(InputError, match="no year with"):
        own_payback(mine, pd.Series(dtype=float, index=years[:0]))
    with pytest.raises(InputError, match="no year with spending and positive revenue"):
        own_payback(mine, pd.Series([200.0, 200.0, 200.0, 200.0, 0.0], years))
    quarters = pd.period_range("2020Q1", "2024Q4", freq="Q")
    fast = own(Series("q", pd.Series(1.0, quarters), "x"), measure="capex")
    with pytest.raises(InputError, match="not annual"):
        own_payback(fast, pd.Series(1.0, quarters))
    with pytest.raises(InputError, match="revenue: dates are RangeIndex; expected years"):
        own_payback(mine, pd.Series([200.0] * len(years)))
    with pytest.raises(InputError, match="stands twice; expected each year once"):
        own_payback(mine, pd.Series(200.0, years[[0, 0]]))


def test_what_was_assumed_and_what_was_seen_are_told_apart():
    """Of the carriers' spending of six years the sum is printed; its years are ours."""
    path = PaybackModel("us-telecom").fit().path
    assert path.index[path["is_assumed"]].tolist() == list(range(1996, 2002))
    assert path.index.min() == 1996 and path.loc[2002:, "required"].isna().all()
    ai = PaybackModel("ai").fit().path
    assert ai["is_assumed"].tolist() == [y > 2026 for y in ai.index]
    assert not PaybackModel("uk-railways").fit().path["is_assumed"].any()
