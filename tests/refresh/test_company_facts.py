"""Company facts of the SEC: differencing, first filings, restatements, fiscal years."""

import random

import pandas as pd
import pytest
from manias import DataError, load
from manias.refresh import read_company_facts

YEARS = {
    "calendar": ["2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"],
    "52 weeks to September": [
        *("2022-09-24", "2022-12-31", "2023-04-01", "2023-07-01", "2023-09-30"),
    ],
    "53 weeks to January": [
        *("2023-01-29", "2023-04-30", "2023-07-30", "2023-10-29", "2024-01-28"),
    ],
    "to May": ["2022-05-31", "2022-08-31", "2022-11-30", "2023-02-28", "2023-05-31"],
}


def flow(start, end, value, filed, filing="1-23-1"):
    return {"start": start, "end": end, "val": value, "filed": filed, "accn": filing}


def after(day, days=1):
    return str((pd.Timestamp(day) + pd.Timedelta(days=days)).date())


def cumulative(ends, quarters):
    """Flows since the start of the fiscal year, as most statements of cash flows give them."""
    start = after(ends[0])
    return [
        flow(start, end, sum(quarters[: i + 1]), after(end, 30), f"1-23-{i}")
        for i, end in enumerate(ends[1:])
    ]


def respond(facts, tag="PaymentsToAcquirePropertyPlantAndEquipment"):
    return {"entityName": "Made Up", "facts": {"us-gaap": {tag: {"units": {"USD": facts}}}}}


@pytest.mark.parametrize("ends", YEARS.values(), ids=list(YEARS))
def test_cumulative_flows_give_back_their_quarters(ends):
    quarters = [1.5e9, 2.25e9, 0.125e9, 7e9]
    facts = cumulative(ends, quarters)
    random.Random(1).shuffle(facts)
    found = read_company_facts(respond(facts))
    assert found["period_end"].tolist() == ends[1:]
    assert found["value"].tolist() == [q / 1e9 for q in quarters]
    assert found["published"].tolist() == [after(e, 30) for e in ends[1:]]
    assert found["note"].tolist() == ["", *["difference of cumulative figures"] * 3]


def test_a_quarter_that_is_filed_as_such_is_not_a_difference():
    ends = YEARS["calendar"]
    facts = [*cumulative(ends, [1e9, 2e9, 3e9, 4e9])]
    facts.append(flow("2023-04-01", "2023-06-30", 2.001e9, "2023-08-02"))
    found = read_company_facts(respond(facts)).set_index("period_end")
    assert found.loc["2023-06-30", "value"] == 2.001
    assert found.loc["2023-06-30", "note"] == ""


def test_a_number_stays_as_first_filed_and_says_what_became_of_it():
    first = flow("2023-01-01", "2023-03-31", 6.842e9, "2023-04-27")
    later = flow("2023-01-01", "2023-03-31", 6.823e9, "2024-04-25")
    (row,) = read_company_facts(respond([later, first])).to_dict("records")
    assert (row["value"], row["published"]) == (6.842, "2023-04-27")
    assert row["note"] == "restated as 6.823 in a filing of 2024-04-25"


def test_a_gap_of_half_a_year_is_no_quarter():
    start = "2023-01-01"
    facts = [
        flow(start, "2023-03-31", 1e9, "2023-04-30"),
        flow(start, "2023-09-30", 6e9, "2023-10-30"),
    ]
    assert read_company_facts(respond(facts))["period_end"].tolist() == ["2023-03-31"]


def test_stocks_are_taken_on_their_day_and_the_first_tag_goes_before():
    debt = [{"end": "2023-12-31", "val": 11.87e9, "filed": "2024-01-31", "accn": "1"}]
    response = respond(debt, "LongTermDebtNoncurrent")
    sales = [flow("2024-01-01", "2024-03-31", 80e9, "2024-04-26")]
    other = [flow("2024-01-01", "2024-03-31", 79e9, "2024-04-26")]
    gaap = response["facts"]["us-gaap"]
    gaap["RevenueFromContractWithCustomerExcludingAssessedTax"] = {"units": {"USD": other}}
    gaap["Revenues"] = {"units": {"USD": sales}}
    found = read_company_facts(response).set_index("measure")
    assert found.loc["debt_without_leases", "value"] == 11.87
    assert found.loc["revenue", ["value", "tag"]].tolist() == [80.0, "Revenues"]


@pytest.mark.parametrize("response", [{}, {"facts": {}}, respond([], "Depreciation")])
def test_a_response_without_a_fact_is_refused(response):
    with pytest.raises(DataError, match="no fact in US dollars of capex"):
        read_company_facts(response)


def test_fiscal_years_of_the_table_add_up_to_annual_reports():
    """Printed totals of annual reports, billions; none is a row of the table."""
    frame = load("ai_capex").frame
    printed = {
        ("Alphabet", "capex", "2025"): 91.447,
        ("Apple", "capex", "2024-09-28"): 9.447,
        ("Microsoft", "capex", "2025-06-30"): 64.551,
        ("Amazon", "capex_net_of_incentives", "2025"): 128.320,
        ("Alphabet", "depreciation", "2024"): 15.311,
    }
    for (company, measure, year), total in printed.items():
        mine = frame[(frame["company"] == company) & (frame["measure"] == measure)]
        last = year if len(year) > 4 else f"{year}-12-31"
        four = mine[mine["period_end"] <= last].sort_values("period_end").tail(4)
        assert four["value"].sum() == pytest.approx(total, abs=0.003), (company, year)


def test_no_name_has_two_definitions():
    frame = load("ai_capex").frame
    assert not {"total_debt", "long_term_debt"} & set(frame["measure"])
    vendor = frame["source"] == "statements2025export"
    assert not (vendor & frame["measure"].str.contains("debt|leases|paper")).any()
    both = frame[frame["measure"].isin(["depreciation", "depreciation_amortization"])]
    wide = both.pivot_table(index=["company", "period_end"], columns="measure", values="value")
    both = wide.dropna()
    assert (
        len(both) and (both["depreciation"] <= both["depreciation_amortization"] + 0.002).all()
    )
