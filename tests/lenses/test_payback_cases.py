"""The payback under own assumptions: identities, ranges inside ranges, words for errors."""

import json

import pytest
from manias import InputError, load_model, payback_cases


def test_without_own_assumptions_it_is_the_kept_model():
    found, kept = payback_cases(), load_model("payback-ai")
    assert found.asked.ratio == pytest.approx(kept.ratio)
    assert found.one_at_a_time == pytest.approx(kept.ratio_range)
    opex = next(a for a in kept.assumptions if a.id == "ai_opex_share_neocloud").central
    paid = found.depreciation + found.capital_return
    assert paid / (1 - opex) == pytest.approx(found.asked.required)


def test_all_at_once_spreads_more_than_one_at_a_time():
    found = payback_cases()
    (low, high), (least, most) = found.one_at_a_time, found.corners
    assert least < low < found.asked.ratio < high < most
    assert least < found.drawn[0] < found.drawn[1] < most


def test_a_shorter_life_and_less_revenue_ask_for_more():
    ratio = payback_cases().asked.ratio
    assert payback_cases(life=2.0).asked.ratio > ratio
    assert payback_cases(revenue=55.0).asked.ratio == pytest.approx(2 * ratio, rel=1e-6)
    latest = payback_cases().bases.set_index(["spending", "growth"])["ratio"]
    assert latest[("latest quarter at an annual rate", 0.0)] > ratio


def test_the_command_says_what_it_read_and_refuses_by_words(manias_command):
    done = manias_command("payback", "--life", "4", "--growth", "20")
    assert done.returncode == 0 and "Read: life 4 years, growth 20%" in done.stdout
    told = json.loads(manias_command("payback", "--json").stdout)
    assert told["ratio_corners"][0] < told["ratio"] < told["ratio_corners"][1]
    wrong = manias_command("payback", "--life", "-1")
    assert wrong.returncode == 2 and "life=-1: expected more than 0" in wrong.stderr
    with pytest.raises(InputError, match="revenue=0: expected more than 0"):
        payback_cases(revenue=0.0)
