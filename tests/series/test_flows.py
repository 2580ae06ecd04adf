"""Panels of investment as they are read."""

import pytest
from manias import InputError, known_on, load, load_flows


def test_shares_are_dollars_over_the_gdp_of_the_year():
    flows = load_flows("industries")
    gdp = load("us_macro").frame.query("series == 'gdp_bea'").set_index("period")["value"]
    farms = load("us_investment").frame.query("industry == '110C' and `class` == 'E'")
    dollars = float(farms.set_index("year")["value"].iloc[-1])
    assert flows.dollars.loc[2014, "110C E"] == dollars
    assert flows.share.loc[2014, "110C E"] == pytest.approx(
        dollars / 1000 / float(gdp[gdp.index.astype(str) == "2014"].iloc[0])
    )
    assert flows.blocks["110C E"] == "FARM"


@pytest.mark.parametrize("panel", ["industries", "sectors", "countries", "firms"])
def test_years_follow_each_other_and_nothing_is_filled_in(panel):
    flows = load_flows(panel)
    assert list(flows.share.index) == list(
        range(flows.share.index[0], flows.share.index[-1] + 1)
    )
    table = {"firms": "firm_capex", "countries": "world_investment"}.get(panel, "us_investment")
    frame = load(table).tables["sectors" if panel == "sectors" else "data"]
    if panel == "firms":
        frame = frame[~frame["sector"].isin(["Financial Services", "Real Estate"])]
        assert flows.dollars.notna().sum().sum() == frame["capex"].notna().sum()
    else:
        assert flows.share.notna().sum().sum() == len(frame)


def test_firms_leave_out_finance_and_real_estate():
    frame = load("firm_capex").frame.set_index("ticker")["sector"]
    held = set(frame[load_flows("firms").share.columns])
    assert held and not held & {"Financial Services", "Real Estate"}
    assert {"Financial Services", "Real Estate"} < set(frame)


def test_nothing_later_is_read_where_a_date_is_given():
    with known_on("1999-12-31"):
        assert load_flows("industries").share.index[-1] == 1998
    assert load_flows("industries").share.index[-1] == 2014


def test_an_unknown_panel_is_named():
    with pytest.raises(InputError, match="panel='moons': expected one of industries, sectors"):
        load_flows("moons")
