"""Printed figures that the tables must reproduce, and identities that they must obey."""

import pytest
from manias import load, trajectory
from manias.record.companies import capex_table

# Half a unit of the last printed digit.
PRINTED_3_DIGITS = 0.0006


def test_equipment_and_software_add_up():
    frame = load("us_it_investment").frame
    total = frame["info_equipment"] + frame["software"]
    # three addends printed to 0.001 each
    assert (total - frame["info_equipment_software"]).abs().max() < 0.0016


def test_british_railway_shares_as_computed_by_hand():
    shares = trajectory("uk-railways-1840s").values
    printed = [0.282, 0.603, 0.900, 1.146, 2.496, 6.141]
    assert shares.tolist() == pytest.approx(printed, abs=PRINTED_3_DIGITS)
    assert shares.index[[0, -1]].astype(str).tolist() == ["1841", "1846"]


def test_half_years_add_up_and_a_lone_half_does_not_make_a_year():
    from manias.series.trajectories import column

    values = column("uk_railways", "expenditure").values
    assert values["1845"] == 3510000 + 10625000
    assert values["1846"] == 9815000 + 26670000
    assert "1847" not in values.index.astype(str)


def test_us_shares_at_the_dotcom_peak_and_now():
    assert trajectory("us-it-dotcom").values.idxmax().strftime("%YQ%q") == "2000Q4"
    assert trajectory("us-it-dotcom").values.max() == pytest.approx(4.46, abs=0.005)
    assert trajectory("us-it-ai").values["2026Q2"] == pytest.approx(4.96, abs=0.005)


def test_free_cash_flow_has_turned_negative_where_the_sources_say_so():
    free = capex_table().set_index(["company", "quarter"])["free_cash_flow"].unstack(0)
    assert free["Oracle"]["2025Q1":].min() < 0
    assert free["Amazon"]["2026Q1":].min() < 0
    assert free["Alphabet"]["2026Q1":].min() < 0


def test_oracle_first_quarter_of_fiscal_2027_as_announced():
    row = capex_table(["Oracle"]).set_index("quarter").loc["2026Q3"]
    assert (row["capex"], row["operating_cash_flow"]) == (28.499, 23.103)
    assert row["free_cash_flow"] == pytest.approx(-5.396, abs=PRINTED_3_DIGITS)


def test_amazon_has_every_quarter_of_2025():
    # gross purchases of property and equipment of the four quarters of 2025 are all on record
    quarters = capex_table(["Amazon"]).set_index("quarter")["capex"]["2025Q1":"2025Q4"]
    assert len(quarters) == 4 and quarters.notna().all() and quarters.min() > 20


def test_a_company_missing_from_a_quarter_leaves_the_sum_missing():
    from manias.series.trajectories import column

    alone = column("ai_capex", "capex", members="Microsoft").values
    both = column("ai_capex", "capex", members="Microsoft;CoreWeave").values
    assert both.index[0] > alone.index[0]


def test_market_and_industries_share_their_first_month():
    dataset = load("us_industries")
    assert dataset.frame["month"].min() == dataset.tables["market"]["month"].min()
    assert dataset.frame["industry"].nunique() == 49
    assert not dataset.frame.isna().to_numpy().any()


def test_credit_of_both_sectors_is_their_sum_as_printed():
    frame = load("us_credit").frame
    both = frame["corporations"] + frame["households"]
    assert (both - frame["private"]).abs().max() <= 0.11
