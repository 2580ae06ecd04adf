"""Every feature by hand on a small table: which months it uses, and no later one."""

import csv
import math
from dataclasses import replace
from pathlib import Path
from statistics import stdev

import numpy as np
import pandas as pd
import pytest
from manias import load
from manias.lenses.features import FEATURES, firms, load_conditions, measure_features

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
MONTHS = 60
FIRST = (1990, 1)
# The sums are taken in another order.
CLOSE = 1e-9


def name_of(t):
    return f"{FIRST[0] + (FIRST[1] - 1 + t) // 12}-{(FIRST[1] - 1 + t) % 12 + 1:02d}"


@pytest.fixture(scope="module")
def small():
    """Two industries and the market over five years, as plain lists of numbers."""
    rng = np.random.default_rng(11)
    return {
        "return": {k: rng.normal(1, 6, MONTHS).round(2).tolist() for k in "AB"},
        "firms": {k: rng.integers(11, 40, MONTHS).tolist() for k in "AB"},
        "size": {k: rng.uniform(50, 200, MONTHS).round(2).tolist() for k in "AB"},
        "excess": rng.normal(0.5, 4, MONTHS).round(2).tolist(),
        "free": [0.3] * MONTHS,
        # Formed at the end of June, from 1989 on.
        "book": {"A": [0.5, 0.6, 0.7, 0.8, 0.9, 1.1], "B": [1.5, 1.4, 1.3, 1.2, 1.1, 0.4]},
        # Of a month; the first three lie before the first month.
        "cape": rng.uniform(8, 40, MONTHS + 3).round(4).tolist(),
    }


def conditions_of(small):
    """The same, laid out as the package lays its own tables out."""
    industries, shiller = load("us_industries"), load("shiller")
    months = pd.period_range(name_of(0), periods=MONTHS, freq="M")
    long = pd.DataFrame(
        [
            (month, k, small["return"][k][t], small["firms"][k][t], small["size"][k][t])
            for t, month in enumerate(months)
            for k in "AB"
        ],
        columns=["month", "industry", "return", "firms", "size"],
    )
    market = pd.DataFrame(
        {"month": months, "market_excess": small["excess"], "risk_free": small["free"]}
    )
    formed = pd.period_range("1989-06", periods=6, freq="12M").asfreq("M")
    book = pd.DataFrame(
        [
            (pd.Period(f"{1989 + i}-06", "M"), k, small["book"][k][i])
            for i in range(len(formed))
            for k in "AB"
        ],
        columns=["formed", "industry", "book_to_market"],
    )
    cape = pd.DataFrame(
        {"month": pd.period_range(name_of(-3), periods=MONTHS + 3, freq="M")}
    ).assign(cape=small["cape"])
    return load_conditions(
        replace(industries, frame=long, tables={"data": long, "market": market, "book": book}),
        replace(shiller, frame=cape, tables={"data": cape}),
    )


def by_hand(small, name, k, t):
    """A feature of an industry in the t-th month from the plain lists; None where none."""
    returns = [r / 100 for r in small["return"][k]]
    market = [(e + f) / 100 for e, f in zip(small["excess"], small["free"], strict=True)]

    def grown(months, series=returns):
        return sum(math.log(1 + series[s]) for s in months)

    def value(s):
        return math.log(small["firms"][k][s] * small["size"][k][s])

    match name:
        case "runup":
            return grown(range(t - 23, t + 1)) if t >= 23 else None
        case "net_runup":
            two_years = range(t - 23, t + 1)
            return grown(two_years) - grown(two_years, market) if t >= 23 else None
        case "volatility":
            return math.log(stdev(returns[t - 11 : t + 1])) if t >= 11 else None
        case "volatility_change":
            if t < 23:
                return None
            return math.log(stdev(returns[t - 11 : t + 1]) / stdev(returns[t - 23 : t - 11]))
        case "acceleration":
            if t < 23:
                return None
            return grown(range(t - 11, t + 1)) - grown(range(t - 23, t - 11))
        case "age":
            return math.log((t + 1) / 12) if t >= 11 else None
        case "firms":
            return math.log(small["firms"][k][t])
        case "share":
            of = [small["firms"][j][t] * small["size"][j][t] for j in "AB"]
            return math.log(of["AB".index(k)] / sum(of))
        case "issuance":
            # Values stand at the start of a month: from t - 24 to t, the returns of 24 months,
            # the last of them that of the month before.
            if t < 24:
                return None
            return value(t) - value(t - 24) - grown(range(t - 24, t))
        case "book_to_market":
            # A portfolio of June is known from July on, and for twelve months; the first July
            # of the table is its seventh month.
            year, month = divmod(FIRST[1] - 1 + t, 12)
            if t < 6:
                return None
            return math.log(small["book"][k][year + (month >= 6)])
        case "cape":
            # That of three months ago.
            return math.log(small["cape"][t])


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_is_what_its_months_give_by_hand(small, name):
    found = FEATURES[name](conditions_of(small))
    for k in "AB":
        for t in range(MONTHS):
            wanted, got = by_hand(small, name, k, t), found[k].iloc[t]
            if wanted is None:
                assert np.isnan(got), (k, name_of(t))
            else:
                assert got == pytest.approx(wanted, abs=CLOSE), (k, name_of(t))


@pytest.mark.parametrize(
    ("name", "column", "when"),
    [
        # The return of the month itself lies ahead of the value at its start.
        ("issuance", "return", "now"),
        *(
            (name, column, "later")
            for name in FEATURES
            for column in ("return", "firms", "size")
        ),
        *((name, column, "later") for name in FEATURES for column in ("excess", "free")),
    ],
)
def test_no_feature_moves_with_what_came_after_it(small, name, column, when):
    t = 40
    first = t if when == "now" else t + 1
    changed = {**small}
    old = small[column]
    lists = old if isinstance(old, dict) else {"": old}
    other = {k: [*v[:first], *(3 * x + 1 for x in v[first:])] for k, v in lists.items()}
    changed[column] = other if isinstance(old, dict) else other[""]
    a, b = (FEATURES[name](conditions_of(each)).iloc[t] for each in (small, changed))
    pd.testing.assert_series_equal(a, b, check_exact=True)


def test_the_valuation_of_a_month_is_known_three_months_later(small):
    conditions = conditions_of(small)
    # June's valuation is that of March, and changing April's does not move it.
    t = 5
    other = {**small, "cape": [*small["cape"][: t + 1], *(9.0 for _ in small["cape"][t + 1 :])]}
    assert conditions.cape.iloc[t] == small["cape"][t] == conditions_of(other).cape.iloc[t]
    assert conditions_of(other).cape.iloc[t + 1] == 9.0


def test_book_values_formed_in_june_are_first_used_in_july(small):
    other = {**small, "book": {k: [*v[:3], 9.0, *v[4:]] for k, v in small["book"].items()}}
    moved = conditions_of(other).book.compare(conditions_of(small).book)
    used = moved.index
    assert (str(used[0]), str(used[-1]), len(used)) == ("1992-07", "1993-06", 12)


def printed(table, column, **at):
    """A cell of a file of the datasets as text, read without the package."""
    with open(DATASETS / table, encoding="utf-8", newline="") as file:
        (row,) = [r for r in csv.DictReader(file) if all(r[k] == v for k, v in at.items())]
    return float(row[column])


@pytest.mark.parametrize(
    ("month", "formed", "valued"),
    [
        ("1999-06", "1998-06", "1999-03"),
        ("1999-07", "1999-06", "1999-04"),
        ("2000-03", "1999-06", "1999-12"),
    ],
)
def test_the_kept_tables_are_held_back_as_well(month, formed, valued):
    row = measure_features(load_conditions(), ("book_to_market", "cape"))
    said = np.exp(row.loc[(month, "Softw")])
    book = printed("us_industries/book.csv", "book_to_market", formed=formed, industry="Softw")
    assert said["book_to_market"] == pytest.approx(book)
    assert said["cape"] == pytest.approx(printed("shiller/data.csv", "cape", month=valued))


def test_an_industry_without_firms_has_no_number_of_them(small):
    none = small | {"firms": small["firms"] | {"A": [0, *small["firms"]["A"][1:]]}}
    found = firms(conditions_of(none))["A"]
    assert np.isnan(found.iloc[0]) and np.isfinite(found.iloc[1:]).all()
