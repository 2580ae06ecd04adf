"""Who paid: figures as printed, ratios only of what is on record, nothing known beforehand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from manias import burden_table
from manias.data.library import load
from manias.errors import DataError, InputError
from manias.record.financing import (
    NO_CASH,
    NO_SPENDING,
    NOT_POSITIVE,
    compare_financing,
    financing_table,
    ratio,
)

ROUNDING = 1e-12
"""Relative; the same sums in another order."""


@pytest.fixture(scope="module")
def raw():
    return load("financing").frame.set_index(["company", "period", "measure"])


@pytest.fixture(scope="module")
def table():
    return financing_table().set_index(["company", "year"])


@pytest.mark.parametrize(
    ("company", "year", "measure", "value", "unit", "source"),
    [
        ("SBC", 2000, "capex", 13124, "million USD", "SBC_EX13_2001"),
        ("SBC", 2000, "free_cash_flow", 942, "million USD", "SBC_EX13_2001"),
        ("Verizon", 2001, "capex", 17.4, "billion USD", "Verizon_2002_01_31"),
        ("Verizon", 2001, "operating_cash_flow", 19.8, "billion USD", "Verizon_AR_2002"),
        ("Deutsche Telekom", 2000, "capex", 23.5, "billion EUR", "DTAG_key_2003"),
        ("Deutsche Telekom", 1997, "operating_cash_flow", 11.6, "billion EUR", "DTAG_key_2000"),
        ("BellSouth", 2002, "free_cash_flow", 4.5, "billion USD", "BellSouth_2003_01_23"),
        ("WorldCom", 2000, "operating_cash_flow", 7.7, "billion USD", "si_worldcom_2002"),
        ("British railways", 1849, "net_receipts", 6729420, "GBP", "Spectator1850"),
    ],
)
def test_figures_stand_as_their_source_printed_them(
    raw, company, year, measure, value, unit, source
):
    row = raw.loc[(company, pd.Period(str(year), "Y"), measure)]
    assert (row["value"], row["unit"], row["source"]) == (value, unit, source)


def test_rows_of_other_tables_agree_with_theirs(raw):
    sbc = load("payback").frame.query("series == 'sbc_capex'").set_index("period")["value"]
    mine = raw["value"].xs(("SBC", "capex"), level=("company", "measure")) * 1e6
    assert mine.set_axis(mine.index.astype(str)).to_dict() == sbc.to_dict()
    spent = load("uk_railways").frame.query("series == 'expenditure'")
    years = spent.groupby(spent["period"].str[:4])["value"].sum()
    mine = raw["value"].xs(("British railways", "capex"), level=("company", "measure"))
    assert mine.set_axis(mine.index.astype(str)).to_dict() == years.to_dict()


def test_free_cash_flow_is_turned_back_into_cash_flow(raw, table):
    row = table.loc[("SBC", 2000)]
    assert row["operating_cash_flow"] == pytest.approx(13.124 + 0.942, rel=ROUNDING)
    assert row["of_cash_flow"] == pytest.approx(13.124 / (13.124 + 0.942), rel=ROUNDING)
    assert row["cash_from"] == "free_cash_flow + capex"
    assert raw.loc[("SBC", pd.Period("2000", "Y"), "capex"), "grade"] == "A"
    assert row["grade"] == "B"


def test_what_is_missing_is_blank_and_never_zero(table):
    missing = table[["capex", "operating_cash_flow"]].isna().any(axis=1)
    assert missing.any() and table.loc[missing, "of_cash_flow"].isna().all()
    assert set(table.loc[missing, "flag"]) == {NO_CASH, NO_SPENDING}
    assert (table.loc[~missing, "flag"] == "").all()
    assert not (table[["capex", "operating_cash_flow", "revenue"]] == 0).any(axis=None)
    # Earnings before interest and taxes are not cash flow, acquisitions are not plant.
    assert table.loc[("GTE", 1999), "flag"] == NO_CASH
    assert table.loc[("WorldCom", 2000), "flag"] == NO_SPENDING
    # Net receipts are on record for 1849, spending only to 1846.
    assert table["of_cash_flow"].xs("British railways").isna().all()


def test_a_cash_flow_that_is_not_positive_has_no_ratio_but_a_flag():
    for cash in (0.0, -1.0):
        share, flag = ratio(2.0, cash)
        assert np.isnan(share) and flag == NOT_POSITIVE
    assert ratio(2.0, np.nan)[1] == NO_CASH
    assert ratio(np.nan, np.nan)[1] == NO_SPENDING


def test_a_year_is_known_three_months_after_its_end():
    before, after = (financing_table(day) for day in ("2001-03-30", "2001-03-31"))
    assert before.query("company == 'SBC'")["year"].max() == 1999
    assert after.query("company == 'SBC'")["year"].max() == 2000
    # The returns of 1841 to 1846 were read out in the House in November 1847.
    with pytest.raises(DataError, match="nothing was published by 1846-12-31"):
        compare_financing("1846")
    assert compare_financing("1847-11").companies["span"].tolist() == ["1846"]


def test_what_came_later_moves_nothing():
    full = financing_table()
    for day in ("1999-06", "2001-12", "2003-06"):
        past = financing_table(day)
        same = full.merge(past[["company", "year"]])
        columns = ["company", "year", "capex", "operating_cash_flow", "of_cash_flow"]
        pd.testing.assert_frame_equal(
            past[columns].reset_index(drop=True), same[columns], check_dtype=False
        )


def test_the_peak_is_the_highest_year_known_by_then():
    rows = compare_financing().companies.set_index("company")
    assert rows.loc["Deutsche Telekom", "span"] == "2000"
    early = compare_financing("2000-12").companies.set_index("company")
    assert early.loc["Deutsche Telekom", "span"] == "1997"
    # The highest year stands even where its cash flow is not on record.
    assert rows.loc["BellSouth", "span"] == "2001"
    assert rows.loc["BellSouth", "flag"] == NO_CASH


def test_medians_are_of_the_known_alone():
    found = compare_financing()
    shares_of = found.companies.groupby("wave")["of_cash_flow"]
    for wave, row in found.waves.iterrows():
        shares = shares_of.get_group(wave)
        assert (row["builders"], row["known"]) == (len(shares), shares.count())
        np.testing.assert_equal(
            row["median"], np.nan if not len(shares.dropna()) else np.median(shares.dropna())
        )
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.as_of = None


def test_ai_builders_stand_with_their_last_four_quarters():
    rows = compare_financing().companies.query("wave == 'ai'").set_index("company")
    burden = burden_table().dropna(subset=["of_cash_flow"]).groupby("company").last()
    assert sorted(rows.index) == sorted(burden.index)
    for company, row in rows.iterrows():
        assert row["span"].endswith(str(burden.loc[company, "quarter"]))
        assert row["of_cash_flow"] == pytest.approx(
            burden.loc[company, "of_cash_flow"], rel=ROUNDING
        )
    early = compare_financing("2025-05").companies.set_index("company")
    assert early.loc["Meta", "span"] == "2024Q2-2025Q1"


def test_a_date_that_is_none_is_refused():
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        financing_table("last week")
