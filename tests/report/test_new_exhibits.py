"""Shares, falls, valuation, debts, build-outs, payback and the last spell in the report.

Sentences and alt texts against plain pandas on the tables; the title of a figure is its
finding, and turns with a datum.
"""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, load
from manias.language.editions import ENGLISH, read_language
from manias.report.build import MAKERS
from manias.report.exhibits import Picture

ZH = read_language("zh")
MARKET = load("ai_market").frame.pivot_table(
    index="month", columns=["window", "series"], values="level"
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def said(kind, name):
    return MAKERS[kind, name]().content


def alt(name):
    return said("exhibit", name).alt


def test_levels_at_the_same_age_are_said_in_the_sentence_and_the_alt_text():
    age, start = 44, pd.Period("1995-08", "M")
    for now, then in (("nasdaq-composite",) * 2, ("soxx", "sox"), ("NVDA", "CSCO")):
        old = MARKET["dotcom", then].dropna()[start:]
        last = MARKET["ai", now].dropna().iloc[-1]
        words = (
            f"{last:,.0f} (dotcom years: {old[start + age]:,.0f} at that age, peak "
            f"{old.max():,.0f} after {(old.idxmax() - start).n} months)"
        )
        assert words in said("sentence", "shares-finding") and words in alt("shares-same-age")


def test_every_fall_is_in_the_alt_text():
    text = alt("falls")
    for key, name in (("ORCL", "Oracle"), ("META", "Meta"), ("soxx", "Semiconductor (SOXX)")):
        levels = MARKET["ai", key].dropna()
        fall, change = levels.iloc[-1] / levels.max() - 1, levels.iloc[-1] / levels.iloc[-2] - 1
        words = f"{name} {100 * fall:.1f}% since {levels.idxmax()}, {100 * change:.1f}% in"
        assert (
            words.replace("-", "−").replace("2025−", "2025-").replace("2026−", "2026-") in text
        )
    # Of indices and funds, and of companies, those a fifth or more below.
    table = load("ai_market").tables["series"].query("window == 'ai' and shipped == 'yes'")
    last = MARKET.index[-1]
    deep = {}
    for kind, selection in (("index", "rule"), ("name", "hindsight")):
        chosen = (table["kind"] == kind) & (table["selection"] == selection)
        keys = table.loc[chosen, "series"]
        paths = [MARKET["ai", k].dropna() for k in keys]
        paths = [p for p in paths if p.index[-1] == last]
        deep[kind] = sum(p.iloc[-1] / p.max() <= 0.8 for p in paths), len(paths)
    assert deep == {"index": (1, 7), "name": (2, 7)}
    assert "one of seven indices and funds and two of seven companies" in said(
        "sentence", "falls-finding"
    )


def test_the_valuation_is_said_with_its_peaks():
    values = load("shiller").frame.set_index("month")["cape"].dropna()
    text = alt("valuation")
    for value in (values.max(), values[:"1950"].max(), values.iloc[-1]):
        assert f"{value:.1f}" in text and f"{value:.1f}" in said(
            "sentence", "valuation-finding"
        )
    assert f"{(values < values.iloc[-1]).mean():.0%} of all months" in text


def test_debts_are_said_with_their_ends():
    text = alt("debts")
    assert "six AI builders: 0.2 to 2.9" in text and "four telecom carriers: 1.1 to 6.0" in text
    capex = load("ai_capex").frame.query("company == 'CoreWeave'")
    debt = capex.query("measure == 'debt_without_leases'")["value"].iloc[-1]
    cash = capex.query("measure == 'operating_cash_flow'").set_index("period_end")["value"]
    assert f"{debt / cash.iloc[-5:-1].sum():.1f}" == "2.9"
    rows = said("exhibit", "raised").rows
    assert [row[3] for row in rows if row[0] == "Oracle"] == ["43.0", "5.0", "19.9"]
    assert next(ZH.render(row[3]) for row in rows if row[0] == "Oracle") == "430亿"


def test_the_last_spell_is_said_with_its_statistic_and_the_false_alarms():
    text, sentence = alt("share-spell"), said("sentence", "spell-finding")
    frame = load("us_it_investment").frame
    share = 100 * frame["info_equipment_software"] / frame["gdp"]
    assert f"reaches {share.iloc[-1]:.2f} percent of GDP in 2026Q2" in text
    assert "above the boundary since 2025Q4" in text and "above the boundary" in sentence
    assert "three periods of the four" in sentence
    table = load("size_power").frame
    table = table[table["case"] == "defaults"]
    mine = table[(table["critical"] == "monte carlo") & table["n"].isin([100, 200])]
    assert len(set(mine.loc[mine["is_null"] == 1, "process"])) == 5
    for process, words in (
        ("random walk", "random walks"),
        ("walk with drift", "walks with drift"),
        ("variance break", "walks whose variance breaks"),
        ("technology share", "shares of income that a technology raises"),
    ):
        rates = mine.loc[mine["process"] == process, "gsadf"]
        assert f"{rates.min():.1%} to {rates.max():.1%} of {words}" in sentence
        assert f"{process} {rates.max():.0%}" in text


def test_the_statistic_of_the_last_quarter_is_the_largest_of_ols_t_ratios():
    from manias.report.spells import _share

    dated = _share().dated
    y = _share().values.to_numpy(dtype=float)
    rows = dated.tests.rows
    ratios = []
    for start in range(len(y) - rows + 1):
        window = y[start:]
        x = np.column_stack([np.ones(len(window) - 1), window[:-1]])
        change = np.diff(window)
        beta, rss, *_ = np.linalg.lstsq(x, change, rcond=None)
        spread = rss[0] / (len(change) - 2) * np.linalg.inv(x.T @ x)[1, 1]
        ratios.append(beta[1] / np.sqrt(spread))
    assert dated.tests.bsadf[-1] == pytest.approx(max(ratios), rel=1e-6)


def test_build_outs_and_payback_are_said_with_what_became_of_them():
    text = alt("build-outs-beside")
    assert "13 of 15" in text and text.startswith("15 small panels")
    for name in ("British cellular telephones", "US railroads, 1830s", "US telephones, first"):
        assert name in text
    ranges = alt("payback-ranges")
    assert len(re.findall(r"spending growing by (0|20|40)%", ranges)) == 3


NEW = [
    *("shares-same-age", "falls", "valuation", "debts", "build-outs-beside"),
    *("payback-ranges", "share-spell", "spending-figure"),
]


@pytest.mark.parametrize("name", NEW)
def test_the_title_states_a_finding_with_a_source_line_below(name):
    picture = said("exhibit", name)
    assert isinstance(picture, Picture)
    figure = picture.draw(ENGLISH)
    title = " ".join(figure.get_suptitle().split())
    assert len(title) > 40 and re.search(r"\d|(one|two|three|four|five|six) of", title.lower())
    assert figure.get_supxlabel().startswith("Data: tables ")
    drawn = [ax for ax in figure.axes if ax.axison]
    assert drawn and (name == "build-outs-beside" or all(ax.get_xlabel() for ax in drawn))
    chinese = picture.draw(ZH).get_suptitle()
    words = set(re.findall(r"[A-Za-z]{4,}", chinese))
    assert chinese and words <= {"iShares", "SOXX", "CoreWeave", "Meta"}


TURNS = {
    "shares-same-age": ("ai_market", {"series": "soxx", "month": "2026-07"}, 0.1, "lower"),
    "falls": ("ai_market", {"series": "META", "month": "2026-07"}, 0.1, "Meta fell by"),
    "valuation": ("shiller", {"month": "2026-07"}, 0.5, "no more than"),
    "debts": (
        "ai_capex",
        {"company": "Meta", "measure": "debt_without_leases"},
        9.0,
        "Three of six",
    ),
    "share-spell": ("us_it_investment", {"quarter": "2026Q2"}, 0.8, "below its boundary"),
    "payback-ranges": ("assumptions", {"id": "ai_life_servers_economic"}, 0.5, "has to grow"),
}
COLUMNS = {
    "ai_market": "level",
    "shiller": "cape",
    "ai_capex": "value",
    "us_it_investment": "info_equipment_software",
    "assumptions": "central",
}


@pytest.mark.parametrize("name", TURNS)
def test_a_changed_datum_turns_the_title(name):
    dataset, where, factor, words = TURNS[name]
    frame, column = load(dataset).frame, COLUMNS[dataset]
    mine = pd.Series(True, frame.index)
    for key, value in where.items():
        mine &= frame[key].astype(str) == value
    assert mine.any()
    other = frame.assign(**{column: frame[column].mask(mine, frame[column] * factor)})
    if dataset == "assumptions":
        other = other.assign(low=other[["low", "central"]].min(axis=1))
    before = said("exhibit", name).draw(ENGLISH).get_suptitle()
    with LIBRARY.holding({(dataset, "data"): other}).open():
        after = said("exhibit", name).draw(ENGLISH).get_suptitle()
    assert words in " ".join(after.split()) and after != before
