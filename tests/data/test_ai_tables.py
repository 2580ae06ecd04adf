"""Tables on lives, commitments, revenue and power of AI builders agree with each other."""

import pandas as pd
import pytest
from manias import load
from manias.data.library import known_on


def test_longer_lives_lower_depreciation_and_raise_profit():
    frame = load("depreciation_lives").frame.dropna(subset=["effect", "old_years"])
    longer = frame["new_years"] > frame["old_years"]
    costs = frame["effect_on"].str.contains("depreciation|expenses")
    assert ((frame["effect"] < 0) == (longer == costs)).all()
    assert frame["effect_on"].ne("not_stated").all()


def test_contracted_revenue_is_the_same_in_both_tables():
    mine = load("commitments").frame.query("kind == 'remaining_performance_obligation'")
    quarters = load("ai_capex").frame.query("measure == 'remaining_performance_obligation'")
    both = mine.merge(
        quarters, left_on=["company", "as_of"], right_on=["company", "period_end"]
    )
    assert set(both["company"]) == {"Alphabet", "CoreWeave", "Microsoft", "Oracle"}
    assert (both["value_x"] == both["value_y"]).all()


def test_run_rates_compiled_from_reports_agree_with_the_reports():
    frame = load("ai_revenue").frame.query("basis == 'run_rate'")
    same = frame[frame["claimant"] == "Anthropic"].pivot(
        index="day", columns="says", values="value"
    )
    assert same.loc["2026-04-06", "the company"] == same.loc["2026-04-06", "Epoch AI"]
    assert same.loc["2026-07-31", "press"] == same.loc["2026-07-31", "Epoch AI"]


def test_rates_and_sums_have_their_own_units():
    frame = load("ai_revenue").frame
    assert (frame["unit"].eq("billion USD a year") == frame["basis"].eq("run_rate")).all()


@pytest.mark.parametrize("table", ["ai_revenue", "commitments"])
def test_a_figure_is_not_known_before_its_day(table):
    with known_on("2026-07-15", by="published"):
        frame = load(table).frame
    assert (pd.to_datetime(frame["published"].dropna()) <= pd.Timestamp("2026-07-15")).all()
    assert len(load(table).frame) > len(frame)
