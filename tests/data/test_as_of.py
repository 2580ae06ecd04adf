"""No hindsight: scramble the future and see the same answer."""

import manias
import numpy as np
import pandas as pd
import pytest
from manias import (
    DataError,
    InputError,
    Panel,
    assess,
    date_runups,
    known_on,
    load,
    measure_runups,
    trajectory,
)
from manias.cli.console import _finite
from manias.cli.main import _assessment
from manias.data.library import LIBRARY
from manias.series.runups import RunUpRule, variants
from manias.series.trajectories import trajectory_names


def answer(assessment):
    return _finite(_assessment(assessment))


def scrambled(panel, after, seed):
    """The same panel with every later month replaced by noise."""
    rng = np.random.default_rng(seed)
    later = panel.returns.index > after
    returns, firms, market = panel.returns.copy(), panel.firms.copy(), panel.market.copy()
    returns.loc[later] = rng.uniform(-0.4, 0.5, (later.sum(), returns.shape[1]))
    firms.loc[later] = rng.integers(0, 500, (later.sum(), firms.shape[1]))
    market.loc[later] = rng.uniform(-0.4, 0.5, later.sum())
    return Panel(returns, firms, market)


@pytest.mark.parametrize("date", ["1937-06", "1968-12", "1999-12", "2007-10"])
def test_assessment_does_not_see_the_future(panel, date):
    industries = {"ElcEq": "e", "Util": "u"}
    honest = answer(assess(panel, industries, as_of=date))
    for seed in (1, 2):
        other = scrambled(panel, pd.Period(date, "M"), seed)
        assert answer(assess(other, industries, as_of=date)) == honest
    if date == "1999-12":
        changed = scrambled(panel, pd.Period("1999-11", "M"), 1)
        assert answer(assess(changed, industries, as_of=date)) != honest


@pytest.mark.parametrize("name", list(variants(RunUpRule())))
def test_run_up_states_do_not_see_the_future(panel, name):
    rule = variants(RunUpRule())[name]
    cut = pd.Period("1975-06", "M")
    a = measure_runups(panel, rule).qualifies.loc[:cut]
    b = measure_runups(scrambled(panel, cut, 3), rule).qualifies.loc[:cut]
    pd.testing.assert_frame_equal(a, b)


def test_open_run_ups_have_no_outcome(panel):
    cut = panel.as_of("2000-03")
    fresh = [r for r in date_runups(cut) if r.crossing > cut.last - 24]
    assert fresh and not any(r.is_complete or r.is_crash for r in fresh)
    assert all(r.peak is None and np.isnan(r.drawdown) for r in fresh)


@pytest.mark.parametrize("key", trajectory_names())
def test_trajectories_do_not_see_the_future(key):
    path = trajectory(key)
    middle = path.values.index[len(path.values) // 2]
    seen = path.as_of(middle, by="observed")
    assert seen.values.index[-1] <= middle
    values = path.values.copy()
    values[values.index > middle] *= 1000
    from dataclasses import replace

    other = replace(path, values=values).as_of(middle, by="observed")
    pd.testing.assert_series_equal(seen.values, other.values)


def test_published_is_stricter_than_observed():
    path = trajectory("us-it-dotcom")
    assert path.as_of("1999-12-31").values.index[-1] == pd.Period("1999Q3", "Q")
    assert path.as_of("1999-12-31", by="observed").values.index[-1] == pd.Period("1999Q4", "Q")


def test_railway_returns_of_1841_were_not_in_print_before_1847():
    path = trajectory("uk-railways-1840s")
    with pytest.raises(
        DataError, match="nothing was published by 1846-12-31; by='observed' asks less"
    ):
        path.as_of("1846")
    assert len(path.as_of("1847-11-27").values) == 6
    assert len(path.as_of("1844", by="observed").values) == 4


def test_a_later_peak_is_not_known_yet():
    path = trajectory("us-it-dotcom")
    assert path.as_of("1999-12").anchors["peak"] is None
    assert path.as_of("2001-12").anchors["peak"] == pd.Period("2000Q4", "Q")


def test_datasets_cut_rows_in_every_part():
    cut = load("us_industries").as_of("1999-12")
    parts = [cut.tables[name]["month"].max() for name in ("data", "market")]
    assert {*map(str, parts)} == {"1999-12"}
    assert str(cut.tables["book"]["formed"].max()) == "1999-06"
    filed = load("ai_capex").as_of("2026-07-25").frame
    assert (pd.to_datetime(filed["published"]).dropna() <= "2026-07-25").all()
    with pytest.raises(DataError, match="rows carry no dates"):
        load("innovations").as_of("1900")
    with pytest.raises(InputError, match="by='guessed'"):
        load("shiller").as_of("1900", by="guessed")


def test_columns_that_were_written_later_are_blank():
    with known_on("1999"):
        frame = load("innovations").frame
    assert frame["verdict"].isna().all() and frame["commercialised"].notna().all()


def test_a_table_with_fiscal_years_can_be_cut():
    with known_on("2025-06", by="observed"):
        assert "FY2025" not in set(load("payback").frame["period"])
    with known_on("2025-12", by="observed"):
        assert "FY2025" in set(load("payback").frame["period"])


@pytest.mark.parametrize("date", ["15/01/2000", "2000-13", "soon", "2000/2001", "FY2000"])
def test_nothing_but_plain_dates_is_taken_from_a_user(date, panel):
    index = manias.Series("mine", panel.market[-3:], "index")
    path = trajectory("us-it-ai")
    for cut in (panel.as_of, index.as_of, path.as_of, load("shiller").as_of, known_on):
        with pytest.raises(InputError, match=rf"date '{date}': expected YYYY, YYYYQn, YYYY-MM"):
            cut(date)
        with pytest.raises(InputError, match=r"2000'?: expected"):
            cut(2000)


def test_a_quarter_that_is_not_over_is_not_known():
    # Oracle's quarter ends in May; the calendar quarter that it counts for ends in June.
    with known_on("2025-06-25", by="observed"):
        early = trajectory("ai-capex-oracle").values.index[-1]
    with known_on("2025-06-30", by="observed"):
        late = trajectory("ai-capex-oracle").values.index[-1]
    assert (str(early), str(late)) == ("2025Q1", "2025Q2")


def test_dates_outside_the_record_are_named(panel):
    with pytest.raises(InputError, match="expected 1926-07 or later"):
        panel.as_of("1900")
    with pytest.raises(DataError, match="expected at least 48"):
        assess(panel, as_of="1928-01")


@pytest.mark.parametrize("name", ["claims", "episodes"])
def test_a_table_that_was_put_together_later_is_no_part_of_the_past(name):
    with (
        known_on("1999-12"),
        pytest.raises(DataError, match=r": nothing of it was known on 1999-12-31: "),
    ):
        load(name)


def test_no_day_keeps_the_library_whatever_known_means():
    assert LIBRARY.known_on(None, by="observed") is LIBRARY
    past = LIBRARY.known_on("1999-12")
    assert past.known_on(None) is past
    assert past.known_on(None, by="observed").day == past.day
    assert past.known_on(None, by="observed").by == "observed"
