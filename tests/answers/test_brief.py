"""The answer of the first page: at most ninety words, each sentence chosen by its numbers."""

import re
from dataclasses import replace
from itertools import product

import pytest
from manias import measure_ai, scorecard
from manias.answers import brief as module
from manias.answers.beside import finding
from manias.answers.brief import (
    WORDS,
    brief,
    said_followed,
    said_payback,
    said_prices,
    said_size,
    said_speed,
    strongest,
)
from manias.lenses.ladder import rung_of
from manias.series.indices import ai_indices
from manias.spending.ladder import SpendingModel

NAN = float("nan")
# What only a reader of the whole report knows.
PRIVATE = re.compile(r"\b(lens|rung|flows?|ladder|plant|stretch|onset|run-up|skill|net of)\b")


def words(found):
    return len(f"{found.resemblance}. {found.followed}.".split())


@pytest.fixture(scope="module")
def told():
    return brief()


def test_the_numbers_are_those_of_the_measures(told):
    by = {(m.measure, m.series): m for m in measure_ai().measures}
    five = by["spending", "five-builders"]
    assert (told.rise, told.group) == (five.value, five.group)
    assert told.frequency == five.outcome("dollars_fall_30").frequency
    assert told.n == five.outcome("dollars_fall_30").n
    assert told.earn == by["payback", "five-builders"].value
    assert told.standing == scorecard().finding
    newest = module.latest()
    assert len({index.last for index in newest.values()}) == 1
    assert told.chips and told.top > 0.5 and rung_of(newest["smh"]) is not None


def standings():
    """Every way in which the measures may stand, without those that are too few."""
    rows = [r for r in scorecard().rows if r.standing != "few"]
    for places in product(("above", "among", "below"), repeat=len(rows)):
        yield finding(replace(r, standing=p) for r, p in zip(rows, places, strict=True))


def branches(told):
    longest = max(standings(), key=lambda text: len(str(text).split()))
    classes = SpendingModel("industries").classes
    for rise, top, broad, chips, earn in product(
        (NAN, -0.3, 2.1), (NAN, -0.2, 12.0), (NAN, -0.1), (True, False), (0.7, 12.6)
    ):
        for group, strength, earned in product(
            classes, ("moderate", "weak", "none", "not tested"), (None, True, False)
        ):
            is_boom = group.startswith(("above", "50"))
            # Below a boom nothing is tested and no placebo is laid beside it.
            if is_boom == (strength == "not tested") or (not is_boom and earned is not None):
                continue
            yield replace(
                told, standing=longest, rise=rise, top=top, broad=broad, chips=chips,
                earn=earn, group=group, strength=strength, is_earned=earned, n=12_345,
            )  # fmt: skip


def test_it_has_at_most_ninety_words_whatever_the_numbers(told):
    assert words(told) <= WORDS == 90
    found = list(branches(told))
    assert len(found) > 500
    for one in found:
        assert words(one) <= WORDS, f"{one.resemblance}. {one.followed}."


def test_no_word_needs_the_rest_of_the_report(told):
    for one in (told, *list(branches(told))[::37]):
        assert not PRIVATE.search(f"{one.resemblance} {one.followed}".lower())


def test_likeness_and_what_followed_are_apart(told):
    assert "cases" in told.followed and "fell 30%" in told.followed
    assert "fell 30%" not in told.resemblance and "Evidence" not in told.resemblance
    assert "Evidence: moderate, cause unproven" in told.followed


def test_each_sentence_flips_with_its_numbers():
    assert "is 4.96% of US GDP (dotcom peak: 4.46%)" in said_size(4.96, 4.46)
    assert "rose 211%" in said_speed(2.11, 0.07, 0.8)
    assert "fell 21%" in said_speed(-0.21, 0.07, 0.8)
    assert "rose" not in said_speed(NAN, 0.07, 0.8) and "80%" in said_speed(NAN, 0.07, 0.8)
    assert "Chip funds beat the market by 85" in said_prices(0.85, 0.09, True)
    assert "strongest index trailed the market by 20" in said_prices(-0.2, -0.4, False)
    assert "NASDAQ" not in said_prices(0.09, 0.09, False)
    assert "must earn 1.1" in said_payback(1.06) and "already" in said_payback(1.0)
    often = said_followed("above 100", 0.37, 186, 0.09, 5, "moderate", True)
    assert "rises above 100%" in often and "37% of 186" in often and "cause" not in often
    seldom = said_followed("-10 to 10", 0.09, 2_000, 0.09, 5, "not tested", None)
    assert "changes of −10 to 10%" in seldom and "Evidence: untested" in seldom
    for strength in ("weak", "none"):
        text = said_followed("50 to 100", 0.2, 40, 0.1, 5, strength, False)
        assert f"Evidence: {strength}, cause unproven" in text and "50–100%" in text


def test_the_strongest_index_is_found_by_its_lead():
    indices = ai_indices()
    top, broad, chips = strongest({k: indices[k] for k in ("nasdaq-composite", "smh")})
    assert chips and top > broad
    alone = strongest({"nasdaq-composite": indices["nasdaq-composite"]})
    assert alone == (broad, broad, False)
