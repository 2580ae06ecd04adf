"""The table of public gauges, and what is computed beside what owners and others printed."""

import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, load
from manias.errors import InputError
from manias.gauges.absi import WEIGHTS, absi, random_weights
from manias.gauges.builders import read_series
from manias.gauges.credit import credit_gap
from manias.gauges.paying import cash_of_builders, revenue_of
from manias.gauges.registry import find_gauge, list_gauges
from manias.gauges.sigma import deviations
from manias.gauges.strain import read_oracle, share
from manias.gauges.tenfold import read_tenfold
from manias.gauges.valuation import known_cape, market_over_gdp

ABOUT = 0.51
"""Half a unit of what is printed in whole numbers with 'about'."""


@pytest.fixture(scope="module")
def rules():
    return load("gauges").frame.set_index("key")


def printed(rules, key):
    return float(rules.loc[key, "checked_value"])


def test_the_table_has_rules_of_every_kind_and_what_cannot_be_computed(rules):
    assert len(rules) >= 25
    assert set(rules["computable"]) == {"yes", "partly", "no"}
    assert rules["kind"].nunique() == 11
    assert (rules["computable"] == "no").sum() >= 10


def test_what_is_not_computed_as_stated_has_a_reason_and_nothing_else_has(rules):
    assert (rules["reason"].notna() == (rules["computable"] != "yes")).all()
    numbered = rules["threshold"].notna()
    assert (rules.loc[numbered, "unit"].notna()).all()
    assert (rules.loc[numbered, "direction"].notna()).all()


def test_a_printed_value_comes_with_its_period_unit_source_place_and_grade(rules):
    columns = [c for c in rules if c.startswith("checked_")]
    there = rules[columns].notna()
    assert (there.all(axis=1) | ~there.any(axis=1)).all()
    assert there["checked_value"].sum() >= 20


def test_every_line_that_is_computed_is_a_line_of_the_table(rules):
    for gauge in list_gauges():
        if gauge.kind == "own lens":
            assert not gauge.row and not gauge.source
            continue
        row = rules.loc[gauge.row]
        assert row["kind"] == gauge.kind
        assert row["computable"] in ("yes", "partly"), gauge.key
        assert gauge.source in row["source"]
        assert gauge.since == int(row["published"][:4]), gauge.key
        assert gauge.caveat or row["computable"] == "yes", gauge.key


def test_every_rule_that_can_be_computed_is(rules):
    done = {gauge.row for gauge in list_gauges()}
    due = rules.index[rules["computable"].isin(["yes", "partly"])]
    assert not set(due) - done


def test_thresholds_are_those_of_the_owners(rules):
    for gauge in list_gauges():
        if not gauge.row or gauge.is_slow:
            continue
        row = rules.loc[gauge.row]
        if gauge.row in ("psy-bsadf", "capex-over-cash-1"):
            continue  # A critical value of each date; a ratio turned over.
        seen = gauge.readings().threshold.to_numpy()
        assert set(np.unique(seen[~np.isnan(seen)])) == {row["threshold"]}, gauge.key


def test_a_rule_is_not_known_before_it_was_published(rules):
    with LIBRARY.known_on("2013-12").open():
        early = set(load("gauges").frame["key"])
    assert "kindleberger-minsky" in early
    assert "shiller-cape-25" not in early


def test_cape_beside_shiller_and_the_monitor(rules):
    cape = load("shiller").frame.set_index("month")["cape"].astype(float)
    assert cape["2015-06"] == pytest.approx(printed(rules, "shiller-cape-25"), abs=ABOUT)
    # The monitor read a vendor's close of 10 May beside earnings that were estimates: 4%.
    assert cape["2026-05"] == pytest.approx(printed(rules, "crystal-cape-35"), rel=0.04)
    # What was known in the month differs from the workbook by late earnings alone: 4%.
    near = (known_cape() / cape.set_axis(pd.PeriodIndex(cape.index, freq="M"))).dropna()
    assert near["2014":].between(0.94, 1.06).all()


def test_market_value_beside_the_index_that_stands_for_it(rules):
    # GDP of the year, as the page has it; what was known in March 2000 is GDP of 1999.
    table = load("us_industries").frame
    one = table[table["month"].astype(str) == "2000-03"]
    value = float((one["firms"] * one["size"]).sum()) / 1000
    gdp = read_series("us_macro", "gdp_bea").values["2000"]
    assert 100 * value / gdp == pytest.approx(printed(rules, "buffett-200"), abs=2)
    assert market_over_gdp()["2000-03"] > 100 * value / gdp


def test_two_standard_deviations_beside_gmo(rules):
    cape = load("shiller").frame.set_index("month")["cape"].astype(float)[:"2014-03"]
    sigma = float(deviations(cape).iloc[-1, 0])
    # The owner's first year is not told; from 1881 or 1925 it lies between 1.0 and 1.3.
    assert sigma == pytest.approx(printed(rules, "gmo-two-sigma"), abs=0.2)
    price = float(load("shiller").frame.set_index("month")["price"]["2014-03"])
    top = price * (cape.mean() + 2 * cape.std()) / cape.iloc[-1]
    assert "2,250" in rules.loc["gmo-two-sigma", "checked_locator"]
    assert top == pytest.approx(2250, rel=0.02)


def test_us_railroads_beside_exponential_view(rules):
    highest = share("us-railroads").values.max()
    assert highest == pytest.approx(printed(rules, "ev-economic-strain-1"), abs=0.05)


def test_it_share_beside_the_oracle(rules):
    value = read_oracle().value["us-information"].dropna()
    # The owner smooths over 90 days, which lags a rising share.
    assert value["2026"] == pytest.approx(printed(rules, "oracle-it-share"), abs=0.02)


def test_cash_beside_van_nieuwerburgh(rules):
    ours = 1 / cash_of_builders().values["2025Q4"]
    # His capital expenditure of 2025 is 1% above the filings that are on record here.
    assert ours == pytest.approx(printed(rules, "capex-over-cash-1"), rel=0.02)


def test_spending_over_revenue_is_another_thing_than_what_owen_prints(rules):
    ours = revenue_of()["ai-builders"].values.dropna().iloc[-1]
    assert ours == pytest.approx(4.4, abs=0.1)
    # He takes revenue that builders disclose as AI, we that of all sellers, counted once.
    assert printed(rules, "owen-capex-revenue-10") > 3 * ours


def test_credit_gap_beside_the_bis(rules):
    gap = credit_gap()
    assert gap["2025Q4"] == pytest.approx(printed(rules, "bis-credit-gap-10"), abs=0.1)


def test_tenfold_fires_where_its_owner_says(rules):
    signal = read_tenfold().signal
    assert signal.loc["1999-12", ["Softw", "Chips"]].eq(1).all()
    assert signal.loc["2025-11", "Chips"] == 1
    assert printed(rules, "sharma-tenfold") == 10


def test_faber_is_back_in_the_market_in_june_2009(rules):
    signal = find_gauge("faber-us").readings().signal["us"]
    assert 1 - signal["2009-06"] == printed(rules, "faber-10-month")
    assert signal["2008-10"] == 1


# Components as printed beside the composite of 6 October 2026, data/latest.json.
PRINTED = {"V": 76.29, "M": 66.92, "S": 19.38, "P": 60.36, "E": 84.21, "F": 41.31, "I": 35.0}


def test_absi_from_the_components_that_its_owner_prints(rules):
    assert absi(PRINTED) == pytest.approx(printed(rules, "absi-55"), abs=0.01)
    even = dict.fromkeys(WEIGHTS, 1.0)
    assert absi(PRINTED, even) == pytest.approx(54.78, abs=0.01)  # "Equal weights"


def test_random_weights_spread_absi_as_its_owner_prints():
    # Printed of version 0.1, one indicator less: median 57, 90% between 44 and 68.
    draws = random_weights(7, 1000, seed=42) @ np.array(list(PRINTED.values()))
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    assert middle == pytest.approx(57, abs=2.5)
    assert low == pytest.approx(44, abs=2.5)
    assert high == pytest.approx(68, abs=2.5)


def test_a_component_without_a_weight_is_refused():
    with pytest.raises(InputError, match="component 'X': expected one of V, M, S"):
        absi({"X": 1.0})
    with pytest.raises(InputError, match="expected at least one with a weight above zero"):
        absi({})
