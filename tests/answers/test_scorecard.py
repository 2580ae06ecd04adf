"""AI beside past cases: what classifies is of its day, what followed is counted apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias import DataError, InputError, known_on, load, measure_ai, scorecard
from manias.answers import beside as module
from manias.answers.beside import (
    FEWEST,
    NAME,
    finding,
    gained,
    scorecard_rows,
    standing,
)
from manias.data.library import LIBRARY
from manias.data.rows import Provenance, grade_of
from manias.series.runups import RunUpRule, date_runups, deepest_fall, load_panel


@pytest.fixture(scope="module")
def card():
    return scorecard()


def by_name(cases):
    return {(c.name, c.when): c for c in cases}


def test_every_row_has_ai_past_cases_and_counts_what_the_rule_took(card):
    assert [row.key for row in card.rows] == list(NAME)
    for row in card.rows:
        taken = [c for c in row.past if c.chosen == "rule"]
        known = [c.fell for c in taken if c.fell is not None]
        assert (row.n, row.fell) == (len(known), sum(known))
        assert row.ai and all(c.fell is None and c.chosen == "" for c in row.ai)
        assert [c.value for c in row.ai] == sorted(c.value for c in row.ai)
        if len(taken) < FEWEST:
            assert row.standing == "few" and np.isnan(row.median)
            assert "none by rule" in row.chosen_by
        else:
            assert row.median == np.median([c.value for c in taken])
            assert row.standing == standing(row.above, len(row.ai))
    frame = card.to_frame()
    assert len(frame) == sum(len(r.past) + len(r.ai) for r in card.rows)
    assert set(frame["chosen"]) == {"rule", "named", ""}


def test_each_case_leads_to_its_rows_and_bears_their_grade(card):
    for row in card.rows:
        for case in (*row.past[:2], *row.past[-2:], *row.ai):
            rows = case.provenance.rows()
            assert rows and all(len(part.frame) for part in rows), case
            assert case.grade in "ABJC"
    own = next(c for c in card.row("prices").past if c.when.startswith("1999"))
    assert (
        own.grade
        == grade_of(own.provenance.rows())
        == Provenance.of(own.provenance.rows()).grade
    )
    tables = {part.name for part in scorecard_rows()}
    assert {"us_investment", "firm_capex", "us_industries", "shiller", "ai_capex"} <= tables


def test_spending_of_a_case_is_that_of_its_table(card):
    spent = load("us_investment").frame
    macro = load("us_macro").frame
    gdp = macro[macro["series"] == "gdp_bea"].set_index("period")["value"].astype(float)
    gdp.index = gdp.index.astype(str).astype(int)
    one = spent[(spent["industry"] == "2110") & (spent["class"] == "E")]
    money = pd.Series(one["value"].to_numpy(dtype=float), one["year"].dt.year)
    share = {y: money[y] / (1000 * gdp[y]) for y in (1979, 1982)}
    rise = by_name(card.row("rise").past)["Oil and gas extraction", "1982"]
    gain = by_name(card.row("gain").past)["Oil and gas extraction", "1982"]
    assert rise.value == pytest.approx(share[1982] / share[1979] - 1)
    assert gain.value == pytest.approx(100 * (share[1982] - share[1979]))
    fell = money.loc[1983:1987].min() <= 0.7 * money[1982]
    assert rise.fell is gain.fell is bool(fell) is True


def test_ai_stands_where_the_other_answers_say(card):
    measures = {(m.measure, m.name): m for m in measure_ai().measures}
    for key, measure in (("rise", "spending"), ("cash", "who_pays"), ("payback", "payback")):
        for case in card.row(key).ai:
            told = measures[measure, case.name]
            assert case.value == told.value and case.when == told.as_of
    chips = by_name(card.row("prices").ai)["Electronic equipment", "2026-02"]
    assert chips.value == measures["prices", "Electronic equipment"].value


def test_prices_follow_the_rule_of_the_ladder(card):
    panel, rule = load_panel(), RunUpRule(threshold=0.5)
    for runup in date_runups(panel, rule)[:40]:
        depth = deepest_fall(panel, runup.industry, runup.crossing, rule)
        assert depth == pytest.approx(runup.drawdown, nan_ok=True)
    last = {}
    for case in card.row("prices").past:
        assert case.value >= 0.5 and case.when.endswith("-12")
        year = int(case.when[:4])
        assert year - last.get(case.name, 0) >= 2
        last[case.name] = year


def test_valuation_is_every_five_years_back_from_the_newest_month(card):
    row, frame = card.row("valuation"), load("shiller").frame.set_index("month")
    (now,) = row.ai
    taken = [pd.Period(c.when, "M") for c in row.past if c.chosen == "rule"]
    steps = {(pd.Period(now.when, "M") - m).n % 60 for m in taken}
    assert steps == {0} and min(taken).year < 1890
    famous = by_name(c for c in row.past if c.chosen == "named")
    peak = famous["US stock market", "1929-09"]
    later = frame["price"][pd.Period("1929-09", "M") : pd.Period("1934-09", "M")]
    assert peak.fell and later.min() / later.iloc[0] < 0.6
    assert peak.value == frame.at[pd.Period("1929-09", "M"), "cape"]


LATER = {
    "firm_capex": ("data", "year", "capex", 2016, module._cash),
    "us_industries": ("data", "month", "return", 1960, module._prices),
}


@pytest.mark.parametrize("name", LATER)
def test_no_later_row_chooses_or_places_a_case(name):
    """Later years are turned upside down: earlier cases keep their places, not their ends."""
    table, when, column, year, make = LATER[name]
    frame = load(name).tables[table]
    late = frame[when].dt.year > year
    other = frame.assign(**{column: frame[column].mask(late, -0.5 * frame[column])})
    before = [c for c in make() if c.chosen == "rule"]
    with LIBRARY.holding({(name, table): other}).open():
        after = [c for c in make() if c.chosen == "rule"]
    old, new = (
        {(c.name, c.when, c.value): c.fell for c in cases if int(c.when[:4]) <= year}
        for cases in (before, after)
    )
    assert len(old) > 10 and set(old) == set(new)
    assert old != new, "what followed is told from later rows"


def test_famous_cases_move_no_count_and_no_median(card):
    for key, row in module._MAKERS.items():
        cases = tuple(card.row(key).past + card.row(key).ai)
        without = module._row(key, [c for c in cases if c.chosen != "named"])
        told = card.row(key)
        assert (without.n, without.fell, without.above) == (told.n, told.fell, told.above)
        assert without.standing == told.standing and row is not None


def test_where_ai_stands_flips_with_its_values(card):
    row = card.row("prices")
    lifted = [
        replace(c, value=c.value + 5) if not c.chosen else c for c in (*row.past, *row.ai)
    ]
    high = module._row("prices", lifted)
    assert (row.standing, high.standing) == ("below", "above")
    text = str(finding([*(r for r in card.rows if r.key != "prices"), high]))
    assert "most stocks" in text.partition(";")[0] and "low in" not in text
    assert "low in most stocks" in str(card.finding)
    few = replace(row, standing="few")
    assert finding([few]) == finding(())


@pytest.mark.parametrize(("share", "rise"), [(0.02, 0.5), (0.01, -0.2), (0.05, 2.0)])
def test_points_gained_and_rise_are_one_change(share, rise):
    past = share / (1 + rise)
    assert gained(share, rise) == pytest.approx(100 * (share - past))
    assert np.sign(gained(share, rise)) == np.sign(rise)


def test_errors_name_what_was_asked(card):
    with pytest.raises(InputError, match="measure 'mood': expected one of rise, gain, cash"):
        card.row("mood")
    with known_on("2024-12-31"), pytest.raises(DataError, match="ends on 2024-12-31; expected"):
        scorecard()
