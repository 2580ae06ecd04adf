"""Debt over the cash of a year, beside plain pandas on the tables."""

import pandas as pd
import pytest
from manias.data.library import LIBRARY, load
from manias.errors import DataError
from manias.record.debts import compare_debts

CAPEX = load("ai_capex").frame


def by_hand(company, measure):
    mine = CAPEX[(CAPEX["company"] == company) & (CAPEX["measure"] == measure)]
    return mine.assign(day=pd.to_datetime(mine["period_end"].astype(str))).sort_values("day")


@pytest.mark.parametrize("company", ["Alphabet", "Amazon", "CoreWeave", "Meta", "Oracle"])
def test_an_ai_builder_owes_what_its_last_filing_says(company):
    row = compare_debts().companies.set_index("company").loc[company]
    debt = by_hand(company, "debt_without_leases").iloc[-1]
    cash = by_hand(company, "operating_cash_flow")
    year = cash[cash["day"] <= debt["day"]].tail(4)
    assert (year["day"].iloc[-1], len(year)) == (debt["day"], 4)
    assert row["debt"] == debt["value"]
    assert row["cash"] == pytest.approx(year["value"].sum())
    assert row["debt_years"] == pytest.approx(debt["value"] / year["value"].sum())
    signed = load("commitments").frame.query("kind == 'leases_not_commenced'")
    mine = signed[signed["company"] == company].sort_values("as_of").iloc[-1]
    assert row["signed"] == mine["value"]
    leases = by_hand(company, "leases")
    assert pd.isna(row["leases"]) if leases.empty else row["leases"] == leases["value"].iloc[-1]


def test_a_carrier_stands_in_the_year_of_its_highest_spending():
    table = compare_debts().companies.set_index("company")
    told = {
        "Deutsche Telekom": ("2000", 60.4 / 10.0, "all debt"),
        "WorldCom": ("2001", 30.210 / 8.0, "all debt"),
        "Verizon": ("2001", 44.873 / 19.8, "long-term debt"),
        "SBC": ("2000", 15.492 / (0.942 + 13.124), "long-term debt"),
    }
    for company, (year, ratio, kind) in told.items():
        row = table.loc[company]
        assert (row["at"], row["kind"]) == (year, kind)
        assert row["debt_years"] == pytest.approx(ratio)
    assert set(table.index[table["wave"] == "dotcom-telecom"]) == set(told)


def test_the_count_moves_with_a_debt_and_a_missing_quarter_leaves_no_ratio():
    before = compare_debts().finding
    assert "CoreWeave and Oracle" in before and before.startswith("Two of six")
    mine = (CAPEX["company"] == "Microsoft") & (CAPEX["measure"] == "debt_without_leases")
    more = CAPEX.assign(value=CAPEX["value"].mask(mine, CAPEX["value"] * 10))
    with LIBRARY.holding({("ai_capex", "data"): more}).open():
        after = compare_debts().finding
    assert after.startswith("Three of six") and "Microsoft" in after
    last = by_hand("Oracle", "operating_cash_flow").index[-1]
    with LIBRARY.holding({("ai_capex", "data"): CAPEX.drop(last)}).open():
        found = compare_debts()
        assert pd.isna(found.companies.set_index("company").loc["Oracle", "debt_years"])
        assert found.finding.startswith("One of five")
    none = CAPEX[CAPEX["measure"] != "debt_without_leases"]
    with (
        LIBRARY.holding({("ai_capex", "data"): none}).open(),
        pytest.raises(DataError, match="no debt of a builder"),
    ):
        compare_debts()


def test_money_raised_is_every_row_of_the_builders():
    found, frame = compare_debts().raised, load("commitments").frame
    assert found["value"].sum() == pytest.approx(
        frame[frame["kind"].isin(["equity_raised", "debt_raised"])]["value"].sum()
    )
