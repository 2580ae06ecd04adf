"""Where spending stands: classes, ranks, who pays, a file of one's own, and no later row."""

import json

import numpy as np
import pytest
from manias import known_on, load_model, measure_ai, measure_own
from manias.answers.measures import followed
from manias.lenses.ladder import AI_INDUSTRIES
from manias.spending.finance import who_pays
from manias.spending.place import SERIES, ai_path, paying, paying_path, place, place_paying


def test_a_series_is_placed_by_its_own_four_quarters():
    from manias import load

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


def test_an_own_file_takes_gdp_or_revenue_and_says_what_is_missing(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("date,value,gdp\n2020,1,100\n2021,1,100\n2022,2,100\n2023,3,100\n")
    (said,) = measure_own(path).measures
    assert (said.value, said.group, said.grade) == (pytest.approx(2.0), "above 100", "C")
    path.write_text("date,value\n2020,1\n2021,1\n2022,2\n2023,3\n")
    silent = measure_own(path)
    assert not silent.measures and "no column gdp or revenue" in silent.resemblance


def test_what_comes_later_moves_no_placement(without_the_future):
    then = measure_ai(as_of="2025-03-31")
    with without_the_future("2025-03-31").open():
        again = measure_ai(as_of="2025-03-31")
    assert repr(then) == repr(again)
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
    assert "fell by 67%" in found.resemblance and "boom" not in found.followed.split(";")[0]
    assert "foretells" not in found.followed and found.measures[0].strength == "not tested"
    for value in ("0", "-1"):
        path.write_text(f"date,value,gdp\n2018,{value},9\n2019,1,9\n2020,2,9\n2021,1,9\n")
        (said,) = measure_own(path).measures
        assert said.group == "" and "above zero" in said.note


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
    assert "no class" in found.resemblance and np.isfinite(len(found.measures))


def test_prices_bear_the_odds_of_the_month():
    now = [m for m in measure_ai().measures if m.measure == "prices"]
    assert {m.series for m in now} == set(AI_INDUSTRIES)
    assert [m.value for m in now] == sorted((m.value for m in now), reverse=True)
    assert all(m.which.industry == m.series and m.which.month == m.as_of for m in now)
    assert all(1 <= m.which.rank <= m.which.of for m in now)
    assert {m.which.model_id for m in now} == {load_model("runup-which").model_id}
