"""Gauges of spending, funding and deviation: nothing from the future, and their kernels."""

import numpy as np
import pandas as pd
import pytest
from manias.data.calendar import last_day
from manias.data.library import LIBRARY, load
from manias.errors import DataError
from manias.gauges.absi import CAPE, stress
from manias.gauges.builders import (
    BUILDERS,
    carried,
    firms_by_year,
    last_year,
    spending_by_year,
    spent,
)
from manias.gauges.credit import trend_ends
from manias.gauges.registry import find_gauge, find_target
from manias.gauges.scoreboard import score_gauge
from manias.gauges.sigma import deviations, trend_deviations
from manias.gauges.strain import share, strain
from manias.gauges.tenfold import tenfold
from manias.series.flows import NOT_BUILDERS
from manias.series.trajectories import trajectory

OURS = {
    **dict.fromkeys(("ev-strain-1", "bis-credit-gap", "gmo-two-sigma"), "2001-06"),
    **dict.fromkeys(("gmo-trend-industries", "gmo-trend-countries"), "2001-06"),
    **dict.fromkeys(("sharma-tenfold", "absi-55", "owen-capex-revenue-10"), "2001-06"),
    **dict.fromkeys(("capex-over-cash-firms", "capex-over-cash-builders"), "2021-12"),
    **dict.fromkeys(("oracle-it-share", "ev-strain-2"), "2024-12"),
}
"""Gauge -> a day on which something of it, or of its builders, was on record."""


@pytest.mark.parametrize(("key", "day"), OURS.items())
def test_a_reading_does_not_move_when_the_future_comes(key, day):
    gauge = find_gauge(key)
    whole = gauge.readings()
    then = gauge.readings(day)
    end = pd.Period(day).end_time
    index = whole.value.index[whole.value.index.end_time <= end]
    index = index.intersection(then.value.index)
    assert len(index) or whole.value[whole.value.index.end_time <= end].isna().all(axis=None)
    pd.testing.assert_frame_equal(
        whole.value.loc[index], then.value.loc[index].reindex(columns=whole.value.columns)
    )


def test_a_day_before_the_record_is_refused():
    with pytest.raises(DataError, match="nothing was known by 2001-06-30"):
        find_gauge("capex-over-cash-firms").readings("2001-06")


@pytest.mark.parametrize(
    ("key", "dataset", "when", "column"),
    [
        ("bis-credit-gap", "us_credit", "quarter", "private"),
        ("gmo-trend-countries", "world_shares", "month", "level"),
        ("ev-strain-1", "spending_history", "period", "value"),
        ("sharma-tenfold", "us_industries", "month", "return"),
    ],
)
def test_scrambling_what_came_later_moves_no_earlier_reading(key, dataset, when, column):
    frame = load(dataset).frame
    day = pd.Timestamp("1999-12-31")
    later = frame[when].map(last_day) > day
    factor = np.random.default_rng(7).uniform(0.2, 0.9, later.sum())
    moved = frame[column].astype(float)
    moved[later] = moved[later] * factor
    scrambled = frame.assign(**{column: moved})
    before = find_gauge(key).readings()
    with LIBRARY.holding({(dataset, "data"): scrambled}).open():
        after = find_gauge(key).readings()
    kept = before.value.index[before.value.index.end_time.normalize() <= day]
    pd.testing.assert_frame_equal(before.value.loc[kept], after.value.loc[kept])
    pd.testing.assert_frame_equal(before.signal.loc[kept], after.signal.loc[kept])
    assert not before.value.equals(after.value)


def test_a_year_is_read_after_it_is_over():
    value = strain(2.0)().value["us-railroads"]
    # The record of 1881, 3.6%, was not known before 1882.
    assert value["1881"] == pytest.approx(2.32, abs=0.01)
    assert value["1882"] == pytest.approx(3.63, abs=0.01)


def test_what_came_out_late_is_not_carried_over_what_was_known_before_it():
    quarters = pd.PeriodIndex(["2000Q1", "2000Q2", "2000Q3"], freq="Q")
    out = pd.Series(pd.to_datetime(["2001-06-01", "2000-08-01", "2000-11-01"]), quarters)
    months = pd.period_range("2000-07", "2001-07", freq="M")
    found = carried(pd.Series([1.0, 2.0, 3.0], quarters), out, months)
    assert np.isnan(found.iloc[0])
    assert found.iloc[1:].tolist() == [2, 2, 2, *[3] * 9]
    assert carried(pd.Series([], dtype=float), pd.Series([], dtype=object), months).isna().all()


def test_builders_are_not_spliced_and_a_record_that_ends_has_no_window():
    table = spending_by_year()
    assert table["british-railways"].dropna().index.year.tolist() == list(range(1841, 1847))
    assert table["us-railroads"].idxmax() == pd.Period("1881", "Y")
    whole = spent("us-information").values.dropna()
    assert table["us-information"]["2000"] == pytest.approx(whole["2000"].mean())
    assert (firms_by_year().stack().dropna() > 0).all()


def test_four_quarters_are_known_when_the_last_of_them_is():
    path = spent("ai-builders")
    year = last_year(path)
    assert year.values["2025Q4"] == pytest.approx(path.values["2025Q1":"2025Q4"].sum())
    assert year.published["2025Q4"] == path.published["2025Q1":"2025Q4"].max()
    assert np.isnan(year.values.iloc[0])


def test_trend_ends_are_those_of_the_filter_solved_whole():
    y = np.random.default_rng(3).normal(size=60).cumsum()

    def last(part, penalty):
        second = np.diff(np.eye(len(part)), n=2, axis=0)
        return np.linalg.solve(np.eye(len(part)) + penalty * second.T @ second, part)[-1]

    for penalty in (10.0, 400_000.0):
        found = trend_ends(y, penalty=penalty)
        for t in (3, 10, 59):
            assert found[t] == pytest.approx(last(y[: t + 1], penalty), abs=1e-8)
    assert np.isnan(trend_ends(y[:2])).all()


def test_deviation_from_trend_is_that_of_a_regression_on_time():
    rng = np.random.default_rng(5)
    logs = pd.DataFrame({"a": rng.normal(size=80).cumsum(), "b": rng.normal(size=80)})
    logs.loc[:9, "b"] = np.nan
    logs.loc[40, "b"] = np.nan
    found = trend_deviations(logs, least=20)
    for name in logs:
        part = logs[name].dropna()
        slope, level = np.polyfit(part.index, part, 1)
        off = part - (level + slope * part.index)
        error = np.sqrt((off**2).sum() / (len(part) - 2))
        assert found[name].iloc[-1] == pytest.approx(off.iloc[-1] / error)
    assert found["b"].iloc[:29].isna().all() and np.isnan(found["b"].iloc[40])


def test_deviations_do_not_depend_on_units():
    cape = pd.Series(np.random.default_rng(1).uniform(5, 30, 300))
    pd.testing.assert_frame_equal(deviations(cape), deviations(3 * cape + 2))


def test_tenfold_counts_rises_over_ten_to_fifteen_years_in_constant_prices():
    months = pd.period_range("1980-01", periods=250, freq="M")
    flat = pd.Series(1.0, months)
    grown = pd.DataFrame({"a": np.where(np.arange(250) < 60, 1.0, 12.0)}, months)
    found = tenfold(grown, flat)["a"]
    # Prices are those of the month before, so the first level is that of the second month.
    assert found.iloc[:121].isna().all()
    assert found.iloc[121] == 12
    # Fifteen years after the rise the month before it is out of reach.
    assert found.iloc[239] == 12
    assert found.iloc[240] == 1
    dearer = pd.Series(np.where(np.arange(250) < 60, 1.0, 2.0), months)
    assert tenfold(grown, dearer)["a"].iloc[130] == 6


def test_stress_is_clamped_between_its_anchors():
    assert stress(pd.Series([0.0, 17.0, 44.0, 90.0]), CAPE).tolist() == [0, 0, 100, 100]


def test_a_gauge_without_a_window_that_is_over_has_a_state_and_no_score():
    gauge = find_gauge("oracle-it-share")
    score = score_gauge(gauge, find_target(gauge.target), samples=0)
    assert score.scored == 0
    assert np.isnan(score.gain) and np.isnan(score.p)
    assert score.states[0].signal == 0


def test_no_figure_is_known_before_its_period_is_over():
    for builder in BUILDERS:
        path = spent(builder)
        ends = pd.Series(path.values.index.end_time.normalize(), path.values.index)
        there = path.values.notna()
        assert (path.published[there] > ends[there]).all(), builder


def test_what_comes_out_on_the_last_day_of_a_period_is_known_in_it():
    quarter = pd.PeriodIndex(["2000Q1"], freq="Q")
    out = pd.Series(pd.to_datetime(["2000-05-31"]), quarter)
    months = pd.period_range("2000-04", "2000-06", freq="M")
    assert carried(pd.Series([1.0], quarter), out, months).tolist()[1:] == [1, 1]


def test_a_company_is_in_alarm_where_its_spending_exceeded_its_cash_the_year_before():
    table = load("firm_capex").frame
    ends = table["fiscal_year_end"].astype(str)
    kept = ends.str.contains("-12-") & ~table["sector"].isin(NOT_BUILDERS)
    kept &= table["capex"].gt(0) & table["operating_cash_flow"].notna()
    signal = find_gauge("capex-over-cash-firms").readings().signal
    seen = 0
    for row in table[kept].sample(200, random_state=3).itertuples():
        # Accounts of a calendar year are out within ninety days, in the next year.
        found = signal.loc[str(int(str(row.year)) + 1), row.ticker]
        assert found == float(row.capex >= row.operating_cash_flow), (row.ticker, row.year)
        seen += int(found)
    assert 0 < seen < 200


def test_share_of_the_ai_builders_is_the_mean_of_their_quarters():
    quarters = trajectory("ai-capex-five").values["2025Q1":"2025Q4"]
    assert share("ai-builders").values["2025Q4"] == pytest.approx(quarters.mean(), abs=0.01)
    railways = trajectory("uk-railways-1840s").values
    assert share("british-railways").values["1846"] == pytest.approx(railways["1846"])
