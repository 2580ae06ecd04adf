"""Event time by property: nothing is filled, nothing moves, nothing depends on the calendar."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manias import (
    DataError,
    EventTime,
    InputError,
    Trajectory,
    align,
    deflate,
    load,
    own,
    share_of,
    to_event_time,
    trajectory,
    trajectory_names,
)
from manias.data.library import LIBRARY
from manias.data.reader import Series
from manias.series.timeline import complete

NUMBERS = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)),
    min_size=2,
    max_size=40,
)


def path_of(numbers, start="1900", freq="Y", **changes):
    index = pd.period_range(start, periods=len(numbers), freq=freq)
    values = pd.Series([np.nan if n is None else n for n in numbers], index, dtype=float)
    settings_ = {
        "id": "p",
        "name": "P",
        "values": values,
        "unit": "u",
        "measure": "m",
        "definition": "d",
        "sources": ("s",),
        "grade": "A",
        "published": pd.Series(index.end_time.normalize(), index),
        "anchors": {"onset": index[0], "commercialised": None, "peak": None},
    }
    return Trajectory(**(settings_ | changes))


LEADS = ("uk-railways-mitchell", "uk-railways-odlyzko")
"""Series that were seen only as a machine-written ledger quotes them: out of models."""


@given(NUMBERS, st.integers(-5, 45), st.integers(0, 10), st.integers(0, 10))
def test_values_are_carried_over_and_gaps_stay_gaps(numbers, at, before, after):
    path = path_of(numbers)
    series = to_event_time(path, path.values.index[0] + at, before=before, after=after)
    assert len(series) == before + after + 1
    for tau, value in series.items():
        i = at + tau
        expected = numbers[i] if 0 <= i < len(numbers) else None
        assert np.isnan(value) if expected is None else value == expected


@given(NUMBERS, st.integers(-300, 300))
def test_the_clock_forgets_the_calendar(numbers, years):
    here = path_of(numbers)
    moved = path_of(numbers, start=str(1900 + years))
    a = to_event_time(here, here.values.index[1], before=2, after=9)
    b = to_event_time(moved, moved.values.index[1], before=2, after=9)
    pd.testing.assert_series_equal(a, b)


@given(NUMBERS)
@settings(max_examples=40)
def test_align_measures_age_in_years_at_any_frequency(numbers):
    quarterly = path_of(numbers, start="1990Q3", freq="Q", id="q")
    monthly = path_of(numbers, start="1990-07", freq="M", id="m")
    table = align([quarterly, monthly], EventTime("onset", 1, 8))
    for key, steps in (("q", 4), ("m", 12)):
        part = table[table["trajectory"] == key]
        assert (part["tau"] * steps).tolist() == pytest.approx(range(len(part)))


def test_align_never_invents_values():
    table = align([path_of([1.0, None, 3.0])], EventTime("onset", 2, 5))
    assert table["tau"].tolist() == [0, 1, 2]
    assert table["value"].isna().tolist() == [False, True, False]


def test_what_has_not_ended_has_no_peak():
    with pytest.raises(DataError, match="us-it-ai: no peak to align on"):
        align([trajectory("us-it-ai")], EventTime("peak"))


def test_unlike_measures_are_not_laid_together():
    with pytest.raises(InputError, match="2 measures in one comparison"):
        align([trajectory("us-it-ai"), trajectory("ai-capex-five")], EventTime())


def test_errors_name_what_was_wrong():
    path = path_of([1.0, 2.0])
    with pytest.raises(DataError, match="expected Y-DEC"):
        to_event_time(path, pd.Period("1900Q1", "Q"), before=0, after=0)
    with pytest.raises(InputError, match="before=-1"):
        to_event_time(path, path.values.index[0], before=-1, after=0)
    with pytest.raises(InputError, match="clock='birth'"):
        EventTime("birth")
    with pytest.raises(InputError, match="at least one"):
        align([], EventTime())
    with pytest.raises(InputError, match="trajectory 'x': expected one of uk-railways"):
        trajectory("x")
    with pytest.raises(DataError, match="must ascend"):
        path_of([1.0, 2.0], values=path.values[::-1])


@given(NUMBERS, st.floats(0.01, 100))
def test_a_share_scales_with_its_numerator_and_keeps_gaps(numbers, factor):
    path, whole = path_of(numbers), path_of([7.0] * len(numbers), id="w")
    once = share_of(path, whole, scale=100, unit="%").values
    more = share_of(
        path_of([None if n is None else n * factor for n in numbers]),
        whole,
        scale=100,
        unit="%",
    ).values
    assert once.isna().tolist() == [n is None for n in numbers]
    np.testing.assert_allclose(more, once * factor, rtol=1e-12, atol=1e-300)


def test_a_share_is_as_weak_and_as_late_as_the_worse_of_its_parts():
    path = path_of([1.0, 2.0])
    late = pd.Series(pd.to_datetime(["1950-01-01", "1800-01-01"]), path.values.index)
    whole = path_of([2.0, 4.0], id="w", grade="C", published=late)
    share = share_of(path, whole, scale=1, unit="")
    assert share.grade == "C"
    assert share.published.tolist() == [late.iloc[0], path.published.iloc[1]]
    with pytest.raises(DataError, match="expected a positive denominator"):
        share_of(path, path_of([2.0, 0.0]), scale=1, unit="")
    with pytest.raises(DataError, match="expected one"):
        share_of(path, path_of([1.0, 1.0], freq="M"), scale=1, unit="")


def test_a_share_of_what_nobody_saw_in_print_was_never_in_print():
    path, whole = path_of([1.0, 2.0, None]), path_of([2.0, 4.0], id="w")
    unseen = pd.Series(pd.NaT, path.values.index, dtype="datetime64[ns]")
    shares = [
        share_of(replace(path, published=unseen), whole, scale=1, unit=""),
        share_of(path, replace(whole, published=unseen[:2]), scale=1, unit=""),
    ]
    for share in shares:
        assert share.values.notna().sum() == 2 and share.published[:2].isna().all()
    # Until now the day of print of GDP stood for that of the spending.
    with pytest.raises(DataError, match="nothing was published by 1999-12-31"):
        trajectory("us-telecom-sbc").as_of("1999-12-31")


def test_a_series_without_any_row_left_is_named():
    kept = load("us_it_investment").frame
    early = kept[kept["quarter"] < pd.Period("2000Q1")]
    with LIBRARY.holding({("us_it_investment", "data"): early}).open():
        with pytest.raises(DataError, match="us-it-ai: us_it_investment has no value of it"):
            trajectory("us-it-ai")
        assert len(trajectory("us-it-dotcom").values)


def test_deflating_leaves_the_base_period_and_undoes_inflation():
    path, prices = path_of([10.0, 20.0, 40.0]), path_of([1.0, 2.0, 4.0], id="cpi")
    real = deflate(path, prices, base="1901")
    assert real.values.tolist() == [20.0, 20.0, 20.0]
    assert real.unit == "u, prices of 1901"
    with pytest.raises(InputError, match="base 1950: cpi has no value there"):
        deflate(path, prices, base="1950")


def test_complete_makes_missing_periods_visible():
    gap = pd.Series([1.0, 2.0], pd.PeriodIndex(["1999-01", "1999-04"], freq="M"))
    assert complete(gap).isna().sum() == 2


@pytest.mark.parametrize("key", trajectory_names())
def test_registered_trajectories_are_whole(key):
    path = trajectory(key)
    assert path.values.notna().any() and path.sources
    assert path.grade in "ABJ" or key in LEADS
    assert (
        path.published.dropna()
        >= path.values.index.end_time.normalize()[path.published.notna()]
    ).all()
    for clock, anchor in path.anchors.items():
        assert anchor is None or isinstance(anchor, pd.Period), clock


def test_own_series_are_graded_unconfirmed():
    values = pd.Series([1.0, 2.0], pd.PeriodIndex(["2020", "2021"], freq="Y"))
    assert own(Series("mine", values, "u"), measure="m").grade == "C"


# ---- what was known by a day


def dated(published, **changes):
    """Three years from 1900, and the days on which their figures came out."""
    path = path_of([1.0, 2.0, 3.0])
    days = pd.Series(pd.to_datetime(published), path.values.index)
    return path_of([1.0, 2.0, 3.0], published=days, **changes)


@pytest.mark.parametrize(
    ("day", "by", "known"),
    [
        # On the very day a figure is in print, and a period has ended.
        ("1901-03-01", "published", [1.0]),
        ("1901-02-28", "observed", [1.0]),
        ("1901-12-31", "observed", [1.0, 2.0]),
        ("1901-12-30", "observed", [1.0]),
        ("1902-05-31", "published", [1.0]),
        ("1902-06-01", "published", [1.0, 2.0]),
        # That of 1902 was in print in May of the year: a forecast until the year had ended.
        ("1902-12-30", "published", [1.0, 2.0]),
        ("1902-12-31", "published", [1.0, 2.0, 3.0]),
    ],
)
def test_a_value_is_known_once_its_period_ended_and_it_is_in_print(day, by, known):
    path = dated(["1901-03-01", "1902-06-01", "1902-05-15"])
    found = path.as_of(day, by=by)
    assert found.values.tolist() == known
    assert found.published.index.equals(found.values.index)


def test_a_value_without_a_day_of_print_is_never_known_as_published():
    path = dated([None, "1902-06-01", None])
    assert path.as_of("1950").values.tolist() == [2.0]
    assert path.as_of("1950", by="observed").values.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(DataError, match=r"p: nothing was published by 1902-05-31; by='obs"):
        path.as_of("1902-05-31")
    with pytest.raises(DataError, match=r"p: nothing was observed by 1900-12-30$"):
        path.as_of("1900-12-30", by="observed")


@pytest.mark.parametrize(
    ("day", "peak"), [("1901-12-31", None), ("1902-01-01", "1902"), ("1950", "1902")]
)
def test_an_anchor_is_known_from_its_first_day(day, peak):
    anchors = {"onset": pd.Period("1900"), "commercialised": None, "peak": pd.Period("1902")}
    path = dated(["1901-01-01", "1902-01-01", "1903-01-01"], anchors=anchors)
    found = path.as_of(day).anchors
    assert found["onset"] == pd.Period("1900") and found["commercialised"] is None
    assert found["peak"] == (None if peak is None else pd.Period(peak))


def test_what_lies_outside_says_where_its_values_are():
    path = path_of([1.0, 2.0, 3.0], anchors={"onset": pd.Period("1890", "Y")})
    words = "nothing from 2 years before to 4 after 1890; its values lie at 10 to 12 years"
    with pytest.raises(InputError, match=words):
        align([path], EventTime("onset", before=2, after=4))


def test_a_trajectory_says_its_first_and_its_last_period():
    path = trajectory("us-it-ai")
    seen, told = path.values.dropna(), path._facts()
    assert (told["first"], told["last"]) == (str(seen.index[0]), str(seen.index[-1]))
    assert told["value"] == seen.iloc[-1] and told["first"] < told["last"]
