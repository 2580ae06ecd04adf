"""Where spending stands: classes, ranks, who pays, a file of one's own, and no later row."""

import json

import numpy as np
import pandas as pd
import pytest
from manias import InputError, known_on, load, load_model, measure_ai, measure_own
from manias.answers.measures import followed
from manias.lenses.ladder import AI_INDUSTRIES
from manias.record.prepayments import prepaid_cash
from manias.series.trajectories import calendar_quarter
from manias.spending.finance import who_pays
from manias.spending.place import SERIES, ai_path, paying, paying_path, place, place_paying


def test_a_series_is_placed_by_its_own_four_quarters():
    table = load("us_it_investment").frame
    flow, gdp = (table[c].rolling(4).mean() for c in ("computers", "gdp"))
    share = (flow / gdp).to_numpy()
    results = load_model("spending-industries")
    said = place(ai_path("computers"), results)
    assert said.value == pytest.approx(share[-1] / share[-13] - 1)
    assert said.group == results.rung(said.value).name
    assert said.rank == 1 + int((results.rises > said.value).sum())
    assert said.outcome("share_halves").n == results.rung(said.value).n


def test_every_series_and_builder_has_a_line_and_json_its_keys(manias_command):
    done = manias_command("classify", "ai", "--json")
    told = json.loads(done.stdout)
    assert set(told["answer"]) == {"resemblance", "followed"}
    spending = [m for m in told["measures"] if m["measure"] == "spending"]
    assert {m["series"] for m in spending} >= {*SERIES, "microsoft", "coreweave"}
    for m in spending:
        assert (m["class"] == "") == (m["series"] == "coreweave")
        for o in m["outcomes"]:
            assert o["interval"][0] <= o["frequency"] <= o["interval"][1]
    classes = {m["class"] for m in told["measures"] if m["measure"] == "who_pays"}
    assert classes <= {"own_cash", "above_cash", "above_1.5"}


def test_the_class_of_who_pays_follows_the_ratio():
    found = {m.series: m for m in measure_ai("oracle").measures if m.measure == "who_pays"}
    ratio = paying_path("oracle")["ratio"].dropna().iloc[-1]
    assert found["oracle"].value == ratio and found["oracle"].group == who_pays(ratio)


def test_the_path_of_who_pays_is_sums_over_sums():
    frame = load("ai_capex").frame
    members = load("trajectories").frame.set_index("id").loc["ai-capex-five", "members"]
    frame = frame[frame["company"].isin(members.split(";"))]
    sums = frame.assign(quarter=calendar_quarter(frame["period_end"])).pivot_table(
        index="quarter", columns="measure", values="value", aggfunc="sum"
    )
    path = paying_path("five-builders")
    last = path["ratio"].last_valid_index()
    four = sums.loc[last - 3 : last]
    assert path["ratio"][last] == pytest.approx(
        four["capex"].sum() / four["operating_cash_flow"].sum()
    )
    assert path["alone"][last] == pytest.approx(
        sums.loc[last, "capex"] / sums.loc[last, "operating_cash_flow"]
    )
    assert path["ratio"].iloc[:3].isna().all() and path["alone"].iloc[:3].notna().all()


def test_prepayments_of_four_quarters_are_a_year_and_a_quarter_less_one_a_year_before():
    frame = load("prepayments").frame.set_index("last")["value"]
    year, new, old = (frame[d] for d in ("2026-05-31", "2026-08-31", "2025-08-31"))
    found, before = paying("oracle"), prepaid_cash("Oracle", pd.Period("2026Q2", "Q"))
    assert found.prepaid == pytest.approx(year + new - old) and before == year
    assert found.ratio_without_prepaid == pytest.approx(
        found.capex / (found.cash - year - new + old)
    )
    assert np.isnan(prepaid_cash("Oracle", pd.Period("2026Q1", "Q")))
    assert np.isnan(paying("meta").prepaid) and np.isnan(paying("meta").ratio_without_prepaid)
    said = {m.series: m for m in measure_ai("oracle").measures if m.measure == "who_pays"}
    assert said["oracle"].without_prepayments == found.ratio_without_prepaid
    assert said["oracle"].group == who_pays(found.ratio)
    told = f"call financing it is {found.ratio_without_prepaid:.2f} times"
    assert told in measure_ai("oracle").resemblance
    assert "call financing" not in measure_ai("meta").resemblance


def test_prepayments_are_not_known_before_they_were_filed():
    with known_on("2026-06-15"):
        assert np.isnan(paying("oracle").prepaid)
    with known_on("2026-09-05"):
        assert paying("oracle").prepaid == 4.592


def test_an_own_file_takes_gdp_or_revenue_and_says_what_is_missing(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("date,value,gdp\n2020,1,100\n2021,1,100\n2022,2,100\n2023,3,100\n")
    (said,) = measure_own(path).measures
    assert (said.value, said.group, said.grade) == (pytest.approx(2.0), "above 100", "C")
    path.write_text("date,value\n2020,1\n2021,1\n2022,2\n2023,3\n")
    silent = measure_own(path)
    assert not silent.measures and "no column gdp or revenue" in silent.resemblance


def test_what_comes_later_moves_no_placement(without_the_future, spelt):
    then = measure_ai(as_of="2025-03-31")
    with without_the_future("2025-03-31").open():
        again = measure_ai(as_of="2025-03-31")
    assert spelt(then) == spelt(again)
    assert all(m.strength == "not tested" for m in then.measures)
    assert any(m.which and m.which.odds > 0 for m in then.measures)


def test_the_sentence_on_what_followed_flips_with_the_placebos():
    measures = [m for m in measure_ai().measures if m.measure == "spending" and m.group]
    top = max(measures, key=lambda m: m.value)
    assert "is not shown" in followed([top], [])
    from dataclasses import replace

    first = replace(top.outcomes[0], is_earned=True)
    other = replace(top, outcomes=(first, *top.outcomes[1:]))
    assert "foretells part of the fall" in followed([other], [])


def test_what_fell_is_told_as_a_fall_and_no_boom_is_read_into_it(tmp_path):
    path = tmp_path / "fell.csv"
    path.write_text("date,value,revenue\n2018,3,100\n2019,1,100\n2020,2,100\n2021,1,100\n")
    found = measure_own(path)
    assert "fell by 67%" in found.resemblance and "booms followed" not in found.followed
    assert "foretells" not in found.followed and found.measures[0].strength == "not tested"
    for value in ("0", "-1"):
        path.write_text(f"date,value,gdp\n2018,{value},9\n2019,1,9\n2020,2,9\n2021,1,9\n")
        with pytest.raises(InputError, match=rf"row 2, column value: {value}; expected more"):
            measure_own(path)


def test_a_builder_that_does_not_boom_is_in_no_cell_of_booms():
    firms = load_model("spending-firms")
    paid = paying("microsoft")
    assert not place_paying(paid, firms, 0.2).outcomes
    assert place_paying(paid, firms, 0.9).outcomes
    assert "read as a boom" in place_paying(paid, firms, float("nan")).note


def test_before_anything_was_known_nothing_is_said():
    with known_on("1994-12"):
        found = measure_ai()
    assert not [m for m in found.measures if m.measure == "spending"]
    assert "no size class" in found.resemblance and np.isfinite(len(found.measures))


def test_prices_bear_the_odds_of_the_month():
    now = [m for m in measure_ai().measures if m.measure == "prices"]
    assert {m.series for m in now} == set(AI_INDUSTRIES)
    assert [m.value for m in now] == sorted((m.value for m in now), reverse=True)
    assert all(m.which.industry == m.series and m.which.month == m.as_of for m in now)
    assert all(1 <= m.which.rank <= m.which.of for m in now)
    assert {m.which.model_id for m in now} == {load_model("runup-which").model_id}
