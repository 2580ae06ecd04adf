"""Build-outs: flows by age, features blind to what comes later, outcomes to what was before."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias.data.library import known_on, load
from manias.data.reader import Series
from manias.errors import DataError, InputError
from manias.lenses.buildouts import (
    by_age,
    has_fallen,
    is_at_risk,
    load_buildout,
    load_buildouts,
    measure,
    measure_all,
    outcome,
    own_buildout,
    peak_age,
    to_the_end,
)
from manias.series.trajectories import column, quarter_sum, trajectory

ROUNDING = 1e-12
"""Relative; the same sums in another order."""


@pytest.fixture(scope="module")
def buildouts():
    return load_buildouts()


def flow(values, first="2000", freq="Y"):
    index = pd.period_range(first, periods=len(values), freq=freq)
    return Series("made up", pd.Series(values, index, dtype=float), "units")


def test_there_are_cases_of_eleven_innovations_and_every_date_has_a_source(buildouts):
    cases = [b for b in buildouts if b.role == "case"]
    assert len(cases) == 17
    assert len({b.innovation for b in cases}) == 11
    table = load("trajectories").frame
    assert table["source"].notna().all() and table["locator"].notna().all()
    assert set(table["sequel"].dropna()) == set(table["id"][table["role"] == "sequel"])


def test_an_increase_is_the_difference_of_the_stock():
    stock = column("buildouts", "phones", select="innovation=cellular-telephone;country=US")
    added = trajectory("us-cellular-1987")
    assert added.values["1990"] == pytest.approx(stock.values["1990"] - stock.values["1989"])


def test_months_make_a_quarter_only_when_all_three_are_there():
    select = "innovation=ai;country=US"
    name = "construction of data centres, not adjusted"
    months = column("buildouts", name, select=select)
    quarters = quarter_sum(months)
    assert quarters.values["2025Q1"] == months.values["2025-01":"2025-03"].sum()
    # The table ends in July 2026.
    assert str(quarters.values.index[-1]) == "2026Q2"
    with pytest.raises(InputError, match="has frequency Y; expected months"):
        quarter_sum(trajectory("uk-railways-1840s"))


def test_a_long_table_must_be_narrowed_to_one_series():
    with pytest.raises(InputError, match="several series of that name; expected one to select"):
        column("buildouts", "sets")
    with pytest.raises(InputError, match="select 'country=FR': no such rows of 'sets'"):
        column("buildouts", "sets", select="innovation=television;country=FR")
    with pytest.raises(InputError, match="transform='log'"):
        column("uk_macro", "nominal_gdp", transform="log")


def test_a_year_of_quarters_ends_with_the_quarter_of_the_onset():
    path = trajectory("us-it-dotcom")
    levels = by_age(path)
    assert levels[1] == pytest.approx(path.values["1995Q4":"1996Q3"].mean(), rel=ROUNDING)
    assert 0 not in levels.index  # the series begins in 1995Q1
    ends = to_the_end(trajectory("us-it-ai"))
    last = trajectory("us-it-ai").values
    assert ends.iloc[-1] == pytest.approx(last.iloc[-4:].mean(), rel=ROUNDING)
    assert ends.iloc[-2] == pytest.approx(last.iloc[-8:-4].mean(), rel=ROUNDING)


def test_features_are_what_they_say():
    levels = by_age(trajectory("uk-railways-1840s"))
    found = measure(levels, 3)
    log = np.log(levels)
    assert found["growth"] == pytest.approx((log[3] - log[0]) / 3)
    assert found["recent"] == pytest.approx((log[3] - log[1]) / 2)
    assert found["acceleration"] == pytest.approx((log[3] - log[2]) - (log[2] - log[1]))
    oracle = load_buildout("ai-capex-oracle")
    year = pd.period_range("2025Q1", "2025Q4", freq="Q")
    share = oracle.spent.values[year].sum() / oracle.cash.values[year].sum()
    assert measure_all(oracle, 3)["outside"] == pytest.approx(share)


@pytest.mark.parametrize("age", [1, 3, 5])
def test_features_see_nothing_later_and_outcomes_nothing_earlier(buildouts, age):
    rng = np.random.default_rng(0)
    for b in buildouts:
        levels = by_age(b.path)
        later, earlier = levels.copy(), levels.copy()
        later[later.index > age] *= rng.uniform(0.1, 10, (later.index > age).sum())
        earlier[earlier.index < age] *= rng.uniform(0.1, 10, (earlier.index < age).sum())
        for a, c in zip(
            measure(levels, age).values(), measure(later, age).values(), strict=True
        ):
            assert a == c or np.isnan([a, c]).all()
        a, c = outcome(levels, age), outcome(earlier, age)
        assert a == c or np.isnan([a, c]).all()


def test_units_do_not_matter(buildouts):
    for b in buildouts:
        levels = by_age(b.path)
        for age in levels.index[levels.index > 0]:
            one, other = measure(levels, age), measure(levels * 1609.344, age)
            assert list(one.values()) == pytest.approx(
                list(other.values()), nan_ok=True, abs=1e-9
            )
            a, c = outcome(levels, age), outcome(levels * 1609.344, age)
            assert a == c or np.isnan([a, c]).all()


def test_outcomes_by_hand():
    path = pd.Series([1.0, 4, 8, 6, 5, 4, 9, 9, 9, 9])
    assert outcome(path, 2) == 1.0  # 4 is half of 8
    assert outcome(path, 2, horizon=2) == 0.0
    assert outcome(path, 3) == 0.0  # 4 is more than half of 6
    assert np.isnan(outcome(path, 6))  # three years of five
    assert outcome(path, 6, pd.Series([10.0, 9], [7, 8])) != 1.0
    assert np.isnan(outcome(path, 6, pd.Series([10.0, 4], [7, 8])))
    assert has_fallen(path, 6, pd.Series([10.0, 4], [7, 8]))
    assert outcome(path, 6, pd.Series([10.0, 4, 4, 4], [8, 9, 10, 11])) == 1.0
    assert outcome(path, 6, pd.Series([10.0, 9], [10, 11])) == 0.0
    assert not is_at_risk(path, 5) and is_at_risk(path, 4)
    assert peak_age(path) == 6


def test_a_fall_is_told_by_a_series_that_goes_on():
    levels = pd.Series([0.9, 1.15, 2.5, 6.14], range(4))
    sequel = pd.Series([13, 30, 44, np.nan, np.nan, 13.0], range(2, 8))
    assert np.isnan(outcome(levels, 3))
    # In the unit of the sequel: 44 at age 4, 13 at age 7, nothing on record between.
    assert has_fallen(levels, 3, sequel) and not has_fallen(levels, 3)
    assert np.isnan(outcome(levels, 3, sequel))
    assert outcome(levels, 3, sequel.interpolate().reindex(range(2, 9), fill_value=9)) == 1.0
    assert not has_fallen(levels, 3, sequel[:4])


def test_own_series_are_checked():
    with pytest.raises(DataError, match="made up is constant; expected it to vary"):
        own_buildout(flow([3, 3, 3]))
    with pytest.raises(DataError, match="1 value; expected at least 2"):
        own_buildout(flow([3]))
    series = flow([1, 2, 4])
    gdp = pd.Series([100.0, 100, 0], series.values.index)
    with pytest.raises(DataError, match=r"gdp 0\.0 in 2002; expected above 0"):
        own_buildout(series, gdp=gdp)
    mine = own_buildout(series, gdp=gdp.replace(0, 200))
    assert mine.is_share and by_age(mine.path).tolist() == [1.0, 2.0, 2.0]
    with pytest.raises(InputError, match="build-out 'atlantis': expected one of"):
        load_buildout("atlantis")


def test_a_build_out_without_a_known_onset_has_no_age():
    with known_on("1995-06"):
        b = load_buildout("us-it-dotcom")
    with pytest.raises(DataError, match="no onset by then"):
        by_age(b.path)
    short = own_buildout(flow([1, 2, 3], "2020Q1", "Q"))
    with pytest.raises(DataError, match="no whole year"):
        by_age(short.path)


def test_months_and_quarters_of_one_flow_have_the_same_ages():
    rng = np.random.default_rng(2)
    values = np.exp(rng.normal(size=72).cumsum() / 10)
    months = own_buildout(flow(values, "2015-01", "M"), onset=pd.Period("2016-12", "M"))
    quarters = own_buildout(
        flow(values.reshape(-1, 3).mean(axis=1), "2015Q1", "Q"), onset=pd.Period("2016Q4", "Q")
    )
    a, b = by_age(months.path), by_age(quarters.path)
    assert a.index.equals(b.index)
    assert a.to_numpy() == pytest.approx(b.to_numpy(), rel=1e-9)
    assert replace(months, role="case").role == "case"


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, None, 3, 4], [3, 4]),
        # Of two gaps the later one is the end of what is unbroken.
        ([None, 1, None, 3, None, 5, 6], [5, 6]),
        ([1, None, 3], [3]),
    ],
)
def test_back_from_the_end_to_the_first_gap(values, kept):
    index = pd.period_range("1900", periods=len(values), freq="Y")
    made = pd.Series(values, index, dtype=float)
    path = trajectory("uk-railways-1840s")
    path = replace(path, values=made, published=pd.Series(index.end_time.normalize(), index))
    found = to_the_end(path)
    assert found.tolist() == kept and found.index.tolist() == list(range(1 - len(kept), 1))
