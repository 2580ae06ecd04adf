"""Figures draw what they are given, with units and a source line, the same bytes each time."""

from dataclasses import replace

import manias
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manias.figures.style import to_svg


def words(figure):
    return " ".join(
        text.get_text() for text in figure.findobj(match=lambda a: hasattr(a, "get_text"))
    )


@pytest.fixture(scope="module")
def ladders():
    panel = manias.load_panel().as_of("2014-03")
    rule = manias.RunUpRule()
    return {
        "as chosen": manias.LadderModel(rungs=(1.0,), rule=rule).fit(panel),
        "any firms": manias.LadderModel((1.0,), replace(rule, min_firms=0)).fit(panel),
    }


RISKS = pd.DataFrame(
    {
        "month": ["1999-12", "1999-12", "1999-12", "1929-06"],
        "industry": ["Softw", "Util", "Chips", "Util"],
        "p": [0.3, 0.1, 0.2, np.nan],
        "low": [0.1, 0.05, 0.1, np.nan],
        "high": [0.6, 0.2, 0.4, np.nan],
        "base": [0.11, 0.11, 0.11, np.nan],
        "crashed": [1.0, 0.0, np.nan, np.nan],
        "failed": ["", "", "", "too little on record"],
    }
)


@pytest.fixture(scope="module")
def drawings(ladders):
    judged = [manias.judge(f) for f in manias.list_forecasts()]
    found = {
        "variants": (lambda: manias.plot_variants(ladders), "us_industries"),
        "scores": (
            lambda: manias.plot_scores([manias.load_model("runup-classic")]),
            "us_industries, shiller",
        ),
        "risks": (lambda: manias.plot_risks(RISKS), "us_industries"),
        "burden": (lambda: manias.plot_burden(manias.burden_table()), "ai_capex"),
        "booms": (lambda: manias.plot_booms(manias.compare_booms()), "uk_railways"),
        "judgements": (lambda: manias.plot_judgements(judged), "forecasts"),
    }
    for case in ("ai", "uk-railways", "us-telecom"):
        fitted = manias.load_model(f"payback-{case}")
        found[f"payback {case}"] = (lambda r=fitted: manias.plot_payback(r), "assumptions")
        found[f"sensitivities {case}"] = (
            lambda r=fitted: manias.plot_sensitivities(r),
            "assumptions",
        )
    return found


NAMES = ["variants", "scores", "risks", "burden", "booms", "judgements"] + [
    f"{what} {case}"
    for what in ("payback", "sensitivities")
    for case in ("ai", "uk-railways", "us-telecom")
]


@pytest.mark.parametrize("name", NAMES)
def test_units_and_source_stand_on_it_and_bytes_repeat(drawings, name):
    draw, table = drawings[name]
    figure = draw()
    assert all(ax.get_xlabel() for ax in figure.axes)
    said = figure.get_supxlabel()
    assert said.startswith("Data: tables ") and table in said and "grade" in said
    assert to_svg(figure) == to_svg(draw())


def test_every_variant_stands_with_its_count(ladders):
    ax = manias.plot_variants(ladders).axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == list(ladders)
    assert "23 of 46" in words(ax.figure)
    with pytest.raises(manias.InputError, match=r"rung 0\.5 of 'as chosen': expected one of 1"):
        manias.plot_variants(ladders, rung=0.5)


def test_scores_are_filled_only_with_skill():
    kept = manias.load_model("runup-panel")
    good = replace(kept.scores[0], gain=0.2, gain_low=0.1, gain_high=0.3, permutation_p=0.01)
    ax = manias.plot_scores([replace(kept, scores=(good, kept.scores[1]))]).axes[0]
    points = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert [p.get_markerfacecolor() == p.get_color() for p in points] == [
        True,
        kept.scores[1].has_skill,
    ]
    with pytest.raises(manias.InputError, match="no model with a score"):
        manias.plot_scores([replace(kept, scores=())])


def test_risks_show_outcomes_and_say_where_there_is_none():
    said = words(manias.plot_risks(RISKS, names={"Softw": "Computer software"}))
    for part in ("Computer software", "a crash followed", "no crash", "not known", "base rate"):
        assert part in said
    assert "no conclusion: too little on record" in said
    plain = manias.plot_risks(RISKS[["month", "industry", "p", "low", "high"]].dropna())
    assert "base rate" not in words(plain)


def test_payback_ends_where_revenue_covers_and_names_the_growth():
    ai = manias.load_model("payback-ai")
    said = words(manias.plot_payback(ai))
    assert f"{ai.ratio:.2f} times" in said and f"{ai.growth_needed:.0%} a year" in said
    never = replace(ai, covered="", growth_needed=float("nan"))
    ax = manias.plot_payback(never).axes[0]
    assert "covers by" not in words(ax.figure)
    rails = manias.plot_payback(manias.load_model("payback-uk-railways")).axes[0]
    assert rails.get_ylabel() == "million GBP a year"


def test_sensitivities_stand_in_order_and_name_what_has_no_range():
    fitted = manias.load_model("payback-us-telecom")
    ax = manias.plot_sensitivities(fitted).axes[0]
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert labels[::-1] == [f"{r.what} ({r.unit})" for r in fitted.sensitivities.itertuples()]
    assert "no range given" in words(ax.figure)
    assert ax.get_xlim()[0] < fitted.ratio_range[0] and ax.get_xlim()[1] > 1


def test_burden_is_a_year_over_a_year():
    table = manias.burden_table(["Oracle"]).set_index("quarter")
    rows = manias.capex_table(["Oracle"]).set_index("quarter")
    last = table.index[-1]
    year = rows.loc[last - 3 : last]
    assert len(year) == 4
    wanted = year["capex"].sum() / year["operating_cash_flow"].sum()
    assert table.loc[last, "of_cash_flow"] == pytest.approx(wanted)
    assert table.loc[last, "of_revenue"] == pytest.approx(
        year["capex"].sum() / year["revenue"].sum()
    )
    assert set(table["grade"]) <= set("ABJC")
    with pytest.raises(manias.InputError, match="company 'Enron'"):
        manias.burden_table(["Enron"])


def test_a_year_with_a_missing_quarter_has_no_burden():
    table = manias.burden_table(["CoreWeave"]).set_index("quarter")
    rows = manias.capex_table(["CoreWeave"]).set_index("quarter")
    holes = rows.index[rows["operating_cash_flow"].isna()]
    for quarter in table.index:
        if any(quarter - 3 <= hole <= quarter for hole in holes):
            assert np.isnan(table.loc[quarter, "of_cash_flow"])


def test_open_forecasts_are_counted_and_not_drawn():
    judged = [manias.judge(f) for f in manias.list_forecasts()]
    ax = manias.plot_judgements(judged).axes[0]
    open_ones = [j for j in judged if j.status == "open"]
    assert f"{len(open_ones)} more are open" in ax.figure.get_supxlabel()
    amounts = [j for j in judged if j.forecast.kind not in ("fall", "decline")]
    assert len(ax.get_yticks()) == sum(j.status in ("right", "wrong") for j in amounts)
    with pytest.raises(manias.InputError, match="forecasts is decided"):
        manias.plot_judgements(open_ones)


def test_the_title_of_booms_says_what_its_lines_show():
    found = manias.compare_booms()
    ax = manias.plot_booms(found).axes[0]
    assert " ".join(ax.figure.get_suptitle().split()) == found.at_age
    lines = {len(line.get_xdata()): line for line in ax.lines[:5]}
    shares = {a.age: a.share_of_gdp for a in found.ages if a.case == "uk-railways"}
    british = lines[len(shares)]
    assert dict(zip(british.get_xdata(), british.get_ydata(), strict=True)) == shares
    dashed = [line.get_linestyle() for line in ax.lines[:5]]
    assert dashed == ["-", "--", "--", "-", "-"]


def test_a_value_lies_on_its_strip_in_order_and_dots_do_not_cover_each_other():
    from manias.figures.scorecard import STEP, TICKS, apart, place

    for key, ticks in TICKS.items():
        places = [place(key, tick) for tick in ticks]
        assert places == sorted(places) and 0 <= places[0] < places[-1] <= 1
        assert place(key, float("inf")) == 1.0 and 0 <= place(key, -5.0) <= 1
    at = [0.5, 0.5 + STEP / 2, 0.5 + STEP / 3, 0.9]
    moved = apart(at)
    assert len(set(moved[:3])) == 3 and moved[3] == 0.0


def test_the_scorecard_draws_every_case_under_its_finding():
    card = manias.scorecard()
    figure = manias.plot_scorecard(card)
    ax = figure.axes[0]
    marks = [line.get_marker() for line in ax.lines]
    cases = [c for row in card.rows for c in row.past]
    assert marks.count("D") == sum(len(row.ai) for row in card.rows)
    for fell, mark in ((True, "v"), (False, "o"), (None, "x")):
        assert marks.count(mark) == sum(c.fell is fell for c in cases)
    drawn = [t.get_text() for t in ax.texts]
    assert all(row.name in drawn for row in card.rows)
    assert any("British railways 1846" in text for text in drawn)
    title = " ".join(ax.get_title(loc="left").split())
    assert title == f"{card.finding}."
    plt.close(figure)
