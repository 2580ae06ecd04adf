"""Company facts of the SEC: differencing, first filings, restatements, fiscal years."""

import random

import pandas as pd
import pytest
from manias import DataError, load
from manias.refresh import read_company_facts
from manias.refresh.company_facts import facts_of

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
    first = flow("2023-01-01", "2023-03-31", 6.842e9, "2023-04-27", "1-23-1")
    later = flow("2023-01-01", "2023-03-31", 6.823e9, "2024-04-25", "1-24-1")
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


CAPEX = "PaymentsToAcquirePropertyPlantAndEquipment"
OTHER = "PaymentsToAcquireProductiveAssets"


def told(response):
    found = facts_of(response)
    return found.rows.set_index("period_end")["value"].to_dict(), found.said


def tagged(**facts):
    return {"facts": {"us-gaap": {tag: {"units": {"USD": f}} for tag, f in facts.items()}}}


def test_an_amended_filing_and_a_recast_are_restatements_and_a_repeated_fact_is_not():
    span = ("2023-01-01", "2023-03-31")
    first = flow(*span, 5e9, "2023-04-30", "1-23-1") | {"form": "10-Q", "fp": "Q1"}
    again = flow(*span, 5e9, "2024-04-30", "1-24-1") | {"form": "10-Q", "frame": "CY2023Q1"}
    amended = flow(*span, 4.5e9, "2023-06-01", "1-23-2") | {"form": "10-Q/A"}
    recast = flow(*span, 4.75e9, "2024-12-03", "1-24-2") | {"form": "8-K", "fp": None}
    for later, note in (
        ([], ""),
        ([again], ""),
        ([amended], "restated as 4.500 in a filing of 2023-06-01"),
        ([amended, again, recast], "restated as 4.750 in a filing of 2024-12-03"),
    ):
        (row,) = read_company_facts(respond([*later, first])).to_dict("records")
        assert (row["value"], row["filing"], row["note"]) == (5.0, "1-23-1", note)


@pytest.mark.parametrize("tag", [CAPEX, OTHER], ids=["own tag", "other tag of the measure"])
def test_a_year_with_the_dates_of_a_quarter_is_left_out(tag):
    ends = YEARS["calendar"]
    response = tagged(**{CAPEX: cumulative(ends, [1e9, 2e9, 3e9, 4e9]), OTHER: []})
    year = flow("2023-10-01", "2023-12-31", 10e9, "2024-01-30", "1-24-9")
    response["facts"]["us-gaap"][tag]["units"]["USD"].append(year)
    values, said = told(response)
    assert list(values.values()) == [1.0, 2.0, 3.0, 4.0]
    assert said == (
        f"{tag} 2023-12-31: 10.000 in 1-24-9, the sum of a longer period with the dates of a "
        "quarter; left out",
    )


def test_a_quarter_with_the_dates_of_a_year_is_no_sum():
    ends = YEARS["calendar"]
    facts = cumulative(ends, [1e9, 2e9, 3e9, -2e9])
    facts.append(flow("2023-10-01", "2023-12-31", 4e9, "2024-01-30", "1-24-9"))
    assert told(respond(facts))[0]["2023-12-31"] == 4.0
    values, said = told(respond(facts[:-1]))
    assert "2023-12-31" not in values
    assert said == (f"{CAPEX} 2023-12-31: -2.000, below zero; left out",)


def test_a_year_that_is_all_of_its_last_quarter_is_no_wrong_date():
    facts = cumulative(YEARS["calendar"], [0.0, 0.0, 0.0, 4e9])
    facts.append(flow("2023-10-01", "2023-12-31", 4e9, "2024-01-30"))
    assert told(respond(facts)) == (
        {"2023-03-31": 0.0, "2023-06-30": 0.0, "2023-09-30": 0.0, "2023-12-31": 4.0},
        (),
    )


def test_a_quarter_of_fourteen_weeks_is_one_and_of_sixteen_is_none():
    facts = [flow("2023-01-01", after("2023-01-01", days - 1), 1e9, "2023-06-01", f"{days}")
             for days in (77, 84, 98, 112)]  # fmt: skip
    ends = [after("2023-01-01", days - 1) for days in (84, 98)]
    for fact in facts:
        expected = [fact["end"]] if fact["end"] in ends else []
        if expected:
            assert read_company_facts(respond([fact]))["period_end"].tolist() == expected
        else:
            with pytest.raises(DataError, match="no fact in US dollars"):
                read_company_facts(respond([fact]))


def test_quarters_of_two_fiscal_years_do_not_overlap():
    old = [
        flow("2023-01-01", "2023-03-31", 1e9, "2023-04-30"),
        flow("2023-04-01", "2023-06-30", 2e9, "2023-07-30"),
    ]
    new = [
        flow("2023-05-01", "2023-07-31", 3e9, "2023-08-30"),
        flow("2023-08-01", "2023-10-31", 4e9, "2023-11-30"),
    ]
    values, said = told(respond([*new, *old]))
    assert values == {"2023-03-31": 1.0, "2023-06-30": 2.0, "2023-10-31": 4.0}
    assert said == (
        "capex 2023-07-31: overlaps the quarter to 2023-06-30, which was filed first; left out",
    )


def test_payments_below_zero_are_left_out_and_cash_flow_below_zero_and_zeros_are_not():
    facts = cumulative(YEARS["calendar"], [1e9, -3e9, 0.0, 2e9])
    values, said = told(respond(facts))
    assert values == {"2023-03-31": 1.0, "2023-09-30": 0.0, "2023-12-31": 2.0}
    assert said == (f"{CAPEX} 2023-06-30: -3.000, below zero; left out",)
    values, said = told(respond(facts, "NetCashProvidedByUsedInOperatingActivities"))
    assert (list(values.values()), said) == ([1.0, -3.0, 0.0, 2.0], ())


def test_only_dollars_count():
    fact = flow("2023-01-01", "2023-03-31", 5e9, "2023-04-30")
    response = respond([fact])
    units = response["facts"]["us-gaap"][CAPEX]["units"]
    units["EUR"] = [fact | {"val": 4e9}]
    assert told(response) == ({"2023-03-31": 5.0}, ())
    del units["USD"]
    with pytest.raises(DataError, match="no fact in US dollars of capex"):
        read_company_facts(response)


def test_a_fact_filed_before_its_period_ended_is_left_out():
    early = flow("2023-01-01", "2023-03-31", 5e9, "2022-04-30")
    right = flow("2023-04-01", "2023-06-30", 6e9, "2023-07-30")
    assert told(respond([early, right])) == (
        {"2023-06-30": 6.0},
        (f"{CAPEX} 2023-03-31: filed before it ended; left out",),
    )


def test_stocks_of_days_that_end_no_quarter_are_left_out():
    days = ["2022-12-31", "2023-02-14", "2023-03-31", "2023-04-15", "2023-05-15", "2023-06-15"]
    debt = [{"end": d, "val": 1e9, "filed": "2023-07-01", "accn": "1"} for d in days]
    response = respond(debt, "LongTermDebtNoncurrent")
    sales = [flow("2023-01-01", "2023-03-31", 1e9, "2023-07-01")]
    response["facts"]["us-gaap"]["ProfitLoss"] = {"units": {"USD": sales}}
    values, said = told(response)
    assert list(values) == ["2022-12-31", "2023-03-31"]
    assert said == (
        "LongTermDebtNoncurrent 2023-04-15, 2023-05-15, 2023-06-15 and 1 more: no quarter ends "
        "then; left out",
    )
    del response["facts"]["us-gaap"]["ProfitLoss"]
    values, said = told(response)
    assert list(values) == ["2022-12-31", "2023-03-31"], "no calendar, but quarters apart"
    assert all("overlaps the quarter to" in line for line in said)


def test_flows_of_two_tags_are_not_set_against_each_other():
    start = "2023-01-01"
    nine = flow(start, "2023-09-30", 6e9, "2023-10-30")
    year = flow(start, "2023-12-31", 9e9, "2024-01-30")
    first = flow(start, "2023-03-31", 1e9, "2023-04-30")
    response = tagged(**{CAPEX: [first, nine], OTHER: [year]})
    assert told(response) == ({"2023-03-31": 1.0}, ())
    response["facts"]["us-gaap"][OTHER]["units"]["USD"].append(nine | {"filed": "2024-10-30"})
    found = read_company_facts(response).set_index("period_end").loc["2023-12-31"]
    assert (found["value"], found["tag"], found["published"]) == (3.0, OTHER, "2024-10-30")


def test_of_two_tags_with_one_number_the_one_filed_first_is_named():
    late = flow("2023-01-01", "2023-03-31", 5e9, "2024-04-30", "late")
    early = flow("2023-01-01", "2023-03-31", 5e9, "2023-04-30", "early")
    for value, filing in ((5e9, "early"), (4e9, "late")):
        response = tagged(**{CAPEX: [late], OTHER: [early | {"val": value}]})
        (row,) = read_company_facts(response).to_dict("records")
        assert (row["value"], row["filing"]) == (5.0, filing), "another number: the first tag"


def test_what_a_filing_gives_twice_is_taken_in_full_and_left_out_where_it_differs():
    fact = flow("2023-01-01", "2023-03-31", 1_234_567_000, "2023-04-30", "1-2")
    assert told(respond([fact | {"val": 1.2e9}, fact])) == ({"2023-03-31": 1.235}, ())
    other = flow("2023-04-01", "2023-06-30", 1e9, "2023-07-30")
    values, said = told(respond([fact, fact | {"val": 1.4e9}, other]))
    assert values == {"2023-06-30": 1.0}
    assert said == (f"{CAPEX} 2023-03-31: 1.235 and 1.400 in one filing, 1-2; left out",)


def test_a_copy_rounded_to_a_million_is_no_restatement():
    fact = flow("2023-01-01", "2023-03-31", 79_510_000, "2023-04-30", "1")
    later = fact | {"val": 79e6, "filed": "2024-04-30", "accn": "2"}
    assert read_company_facts(respond([fact, later]))["note"].tolist() == [""]


def test_a_restated_year_is_set_against_nine_months_filed_again_alone():
    start = "2022-01-01"
    facts = [
        flow(start, "2022-09-30", 22e9, "2022-10-27", "a"),
        flow(start, "2022-09-30", 22e9, "2023-10-26", "b"),
        flow(start, "2022-12-31", 31e9, "2023-02-02", "c"),
        flow(start, "2022-12-31", 31e9, "2024-02-02", "d"),
        flow(start, "2022-12-31", 30e9, "2025-01-30", "e"),
    ]
    plain = "difference of cumulative figures"
    assert read_company_facts(respond(facts))["note"].tolist() == [plain]
    facts.append(flow(start, "2022-09-30", 21e9, "2024-10-30", "f"))
    facts[-2]["val"] = 29e9
    assert read_company_facts(respond(facts))["note"].tolist() == [
        f"{plain}; restated as 8.000 in a filing of 2025-01-30"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": "2023-3-31"}, "fact 1, end: '2023-3-31'; expected YYYY-MM-DD"),
        ({"start": None}, "fact 1, start: None; expected YYYY-MM-DD"),
        ({"filed": "yesterday"}, "fact 1, filed: 'yesterday'; expected YYYY-MM-DD"),
        ({"val": "5"}, "fact 1, val: '5'; expected a number"),
        ({"accn": 5}, "fact 1, accn: 5; expected that of a filing"),
    ],
)
def test_a_damaged_fact_is_named(change, message):
    fact = flow("2023-01-01", "2023-03-31", 5e9, "2023-04-30") | change
    with pytest.raises(DataError, match=f"^{CAPEX}, {message}$"):
        read_company_facts(respond([fact]))
