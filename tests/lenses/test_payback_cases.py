"""The payback under own assumptions: identities, ranges inside ranges, words for errors."""

import json
from functools import cache

import pytest
from manias import InputError, load, load_model, payback_cases
from manias.lenses.payback_cases import guidance, published_answers
from manias.spending.place import paying_path


@cache
def default():
    return payback_cases()


def test_without_own_assumptions_it_is_the_kept_model():
    found, kept = default(), load_model("payback-ai")
    assert found.asked.ratio == pytest.approx(kept.ratio)
    assert found.one_at_a_time == pytest.approx(kept.ratio_range)
    opex = next(a for a in kept.assumptions if a.id == "ai_opex_share_neocloud").central
    paid = found.depreciation + found.capital_return
    assert paid / (1 - opex) == pytest.approx(found.asked.required)


def test_all_at_once_spreads_more_than_one_at_a_time():
    found = default()
    (low, high), (least, most) = found.one_at_a_time, found.corners
    assert least < low < found.asked.ratio < high < most
    assert least < found.drawn[0] < found.drawn[1] < most


@pytest.mark.slow
def test_a_shorter_life_and_less_revenue_ask_for_more():
    ratio = default().asked.ratio
    assert payback_cases(life=2.0).asked.ratio > ratio
    assert payback_cases(revenue=55.0).asked.ratio == pytest.approx(2 * ratio, rel=1e-6)
    bases = default().bases.set_index(["spending", "earning", "growth"])["ratio"]
    year = bases.xs("last twelve months", level="earning").xs(0.0, level="growth")
    assert year["last four quarters"] == pytest.approx(ratio)
    assert ratio < year["latest quarter at an annual rate"] < year["guidance"]


def test_revenue_at_the_present_rate_divides_what_is_required():
    bases = default().bases.set_index(["spending", "growth", "earning"])
    required, ratio = (bases[name].unstack("earning") for name in ("required", "ratio"))
    said = load("statements").frame.set_index("id")["value"]["s174"]
    assert (required["present rate"] == required["last twelve months"]).all()
    assert ratio["present rate"].to_numpy() == pytest.approx(
        (required["present rate"] / said).to_numpy()
    )
    assert len(bases) == 18 and len(payback_cases(capex=500.0, growth=0.1).bases) == 2


def test_guidance_is_that_of_four_companies_and_the_last_year_of_the_fifth():
    frame = load("statements").frame.set_index("id")
    total = frame.loc["s169"]
    low, high = total["value"], total["high"]
    parts = frame.loc[["s143", "s148", "s152", "s157"]]
    assert set(parts["about"]) == set(total["about"].split(", "))
    assert parts["value"].sum() == low
    assert parts["high"].fillna(parts["value"]).sum() == high
    assert guidance() - (low + high) / 2 == pytest.approx(paying_path("oracle").capex["2026Q2"])


def test_published_answers_name_their_source_and_enter_nothing():
    found = published_answers()
    assert all(a.url.startswith("https://") and a.locator and a.grade in "ABJC" for a in found)
    assert {"Cahn", "Bain", "J. P. Morgan"} <= {
        name for name in ("Cahn", "Bain", "J. P. Morgan") for a in found if name in a.what
    }
    used = {a.id for a in default().asked.assumptions}
    assert not used & {a.id for a in found}


def test_the_command_says_what_it_read_and_refuses_by_words(manias_command):
    done = manias_command("payback", "--life", "4", "--growth", "20")
    assert done.returncode == 0 and "Read: life 4 years, growth 20%" in done.stdout
    told = json.loads(manias_command("payback", "--json").stdout)
    assert told["ratio_corners"][0] < told["ratio"] < told["ratio_corners"][1]
    wrong = manias_command("payback", "--life", "-1")
    assert wrong.returncode == 2 and "life=-1.0: expected more than 0" in wrong.stderr
    for name in ("revenue", "life", "capex"):
        for value in (0.0, -0.5, float("inf"), float("nan")):
            with pytest.raises(InputError, match=rf"{name}={value:g}|{name}={value}"):
                payback_cases(**{name: value})
