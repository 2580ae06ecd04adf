"""Investment by industry, country and firm: identities, printed figures, other tables."""

import os
import runpy
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from manias import load
from manias.data import known_on

ROOT = Path(__file__).resolve().parents[2]
MADE = ("us_investment", "world_investment", "firm_capex")
FOLDERS = [Path(text) for text in os.environ.get("MANIAS_ORIGINALS", "").split(os.pathsep)]
# A value of data.csv is rounded once, after the assets of its class were added up.
HALF = 0.5
# The national accounts of 2026 define both as the detail of 2018 does, but were revised since.
SOFTWARE_REVISED, COMPUTERS_REVISED = 0.005, 0.055
# Filings restate a year later; quarters of `ai_capex` are as first seen.
RESTATED = 0.01


@pytest.fixture(scope="module")
def us():
    return load("us_investment")


@pytest.fixture(scope="module")
def industries(us):
    return us.frame.assign(year=us.frame["year"].dt.year)


@pytest.fixture(scope="module")
def sectors(us):
    table = us.tables["sectors"]
    return table.assign(year=table["year"].dt.year)


@pytest.fixture
def curation(monkeypatch):
    folder = ROOT / "research" / "curation"
    monkeypatch.syspath_prepend(str(folder))
    return runpy.run_path(str(folder / "investment.py"))


def test_every_flow_has_every_year(industries, sectors):
    for table, keys, flows in (
        (industries, ["industry", "class"], 183),
        (sectors, ["sector", "asset_code"], 1391),
    ):
        years = table.groupby(keys)["year"].agg(lambda years: tuple(sorted(years)))
        assert len(years) == flows and set(years) == {tuple(range(1960, 2015))}
        assert (table.groupby(keys)["value"].sum() > 0).all()


def test_industries_add_up_to_their_sectors(industries, sectors):
    keys = ["sector", "class", "year"]
    split, whole = (t.groupby(keys)["value"].sum().astype(float) for t in (industries, sectors))
    parts = industries.groupby(keys)["industry"].nunique()
    assert split.index.equals(whole.index)
    assert ((split - whole).abs() <= HALF * parts).all()
    by_class = (split - whole).abs().groupby(["class", "year"]).sum()
    assert by_class.max() <= HALF * industries["industry"].nunique()


def test_a_sector_of_one_industry_is_that_industry(industries, sectors):
    members = industries.groupby("sector")["industry"].nunique()
    exact = industries[industries["exact"] == "yes"]
    assert set(exact["sector"]) == set(members[members == 1].index)
    assert (exact["industry"].nunique(), industries["industry"].nunique()) == (14, 61)
    keys = ["sector", "class", "year"]
    whole = sectors.groupby(keys)["value"].sum()
    assert (exact.set_index(keys)["value"] == whole.reindex(exact.set_index(keys).index)).all()


def test_farm_equipment_as_bea_prints_it(industries):
    farms = industries[(industries["industry"] == "110C") & (industries["class"] == "E")]
    found = farms.set_index("year")["value"]
    assert found[[1960, 1980, 2000, 2014]].tolist() == [2432, 13227, 18301, 58505]


def test_software_and_computers_are_those_of_the_national_accounts(sectors):
    accounts = load("us_it_investment").frame
    yearly = accounts.groupby(accounts["quarter"].dt.year)[["software", "computers"]].mean()
    code = sectors["asset_code"]
    software = sectors[code.str.startswith("ENS")].groupby("year")["value"].sum() / 1000
    computers = sectors[code.str.fullmatch("EP1[A-H]")].groupby("year")["value"].sum() / 1000
    for found, column, revised in (
        (software, "software", SOFTWARE_REVISED),
        (computers, "computers", COMPUTERS_REVISED),
    ):
        off = (found / yearly[column] - 1).abs().loc[1995:2012]
        assert len(off) == 18 and off.max() < revised


def test_flows_large_enough_to_be_followed(industries):
    macro = load("us_macro").frame
    gdp = macro[macro["series"] == "gdp_bea"].set_index("period")["value"]
    flows = industries.pivot(index=["industry", "class"], columns="year", values="value")
    share = flows.astype(float) / [1000 * gdp[str(year)] for year in flows]
    starts = range(1966, 2010)
    now, before = share[starts].to_numpy(), share[[t - 3 for t in starts]].to_numpy()
    assert ((now >= 1e-4) & (before > 0)).any(axis=1).sum() == 162


def test_every_code_has_a_name(us):
    codes, sectors = us.tables["codes"], us.tables["sectors"]
    named = codes.groupby("kind")["code"].agg(set)
    assert named["sector"] == set(sectors["sector"]) == set(us.frame["sector"])
    assert named["asset"] == set(sectors["asset_code"]) and len(named["asset"]) == 90


def test_nothing_of_the_last_release_was_known_before_it():
    for day, last in (("2015-10-11", "2013"), ("2015-10-12", "2014")):
        with known_on(day):
            tables = load("us_investment").tables
            assert {tables[t]["year"].max() for t in ("data", "sectors")} == {
                pd.Period(last, "Y")
            }
            assert len(tables["codes"]) == 114


def test_countries_have_no_gaps():
    table = load("world_investment").frame
    assert (len(table), table["country"].nunique()) == (10_399, 183)
    years = table["year"].dt.year
    span = years.groupby(table["country"]).agg(["min", "max", "size"])
    assert (span["max"] - span["min"] + 1 == span["size"]).all()
    assert (years.min(), years.max()) == (1950, 2019)
    assert (table.groupby("country")["name"].nunique() == 1).all()


def test_firms_are_one_company_and_year_each():
    table = load("firm_capex").frame
    assert (len(table), table["cik"].nunique()) == (4_938, 384)
    ends = pd.to_datetime(table["fiscal_year_end"])
    assert (table["year"].dt.year == ends.dt.year - (ends.dt.month <= 5)).all()
    assert (table.groupby("cik")[["ticker", "name", "sector"]].nunique() == 1).all(axis=None)
    assert not table.duplicated(["cik", "capex", "operating_cash_flow"]).any()
    assert (table["capex"] > 0).all()


def test_years_of_ai_builders_are_the_sums_of_their_quarters():
    firms = load("firm_capex").frame
    quarters = load("ai_capex").frame
    day = pd.to_datetime(quarters["period_end"])
    compared = 0
    for company, ticker in (
        ("Alphabet", "GOOG"),
        ("Meta", "META"),
        ("Microsoft", "MSFT"),
        ("Oracle", "ORCL"),
    ):
        for year in firms[firms["ticker"] == ticker].to_dict("records"):
            end = pd.Timestamp(year["fiscal_year_end"])
            of_year = (quarters["company"] == company) & day.between(
                end - pd.Timedelta(days=300), end
            )
            for measure in ("capex", "operating_cash_flow", "revenue"):
                values = quarters.loc[of_year & (quarters["measure"] == measure), "value"]
                if len(values) == 4:
                    assert year[measure] == pytest.approx(1000 * values.sum(), rel=RESTATED)
                    compared += 1
    assert compared >= 50


def test_a_fiscal_year_is_known_ninety_days_after_its_end():
    data = load("firm_capex")
    before, after = (data.as_of(day).frame for day in ("2024-03-29", "2024-03-30"))
    new = set(after["fiscal_year_end"]) - set(before["fiscal_year_end"])
    assert new == {"2023-12-31"}


def test_an_inventory_without_noise_is_found_again(curation):
    rng = np.random.default_rng(3)
    before, spent = rng.uniform(100, 9000, 8), rng.uniform(10, 900, 8)
    found = curation["inventory"](before, spent, 0.9 * before + 0.95 * spent)
    assert found == pytest.approx((0.9, 0.95), rel=1e-9)
    few = slice(0, 3)
    assert curation["inventory"](before[few], spent[few], before[few]) is None
    assert curation["inventory"](before, spent, 0.9 * before + 0.2 * spent) is None


def test_a_simulated_split_is_found_again(curation):
    rng = np.random.default_rng(5)
    years, sector_of = curation["YEARS"], curation["sector_of"]()
    industries = list(sector_of)
    spent = pd.DataFrame(rng.uniform(50, 900, (61, 55)), index=industries, columns=years)
    stock = {years[0] - 1: pd.Series(rng.uniform(500, 9000, 61), index=industries)}
    for year in years:
        stock[year] = 0.93 * stock[year - 1] + 0.97 * spent[year]
    stocks = pd.concat({"EI50": pd.DataFrame(stock)}, names=["asset", "industry"]).swaplevel()
    sectors = pd.concat(
        {"EI50": spent.groupby(sector_of).sum()}, names=["asset", "sector"]
    ).swaplevel()
    found = curation["split_sectors"](sectors, stocks).xs("EI50", level="asset")
    np.testing.assert_allclose(found.loc[industries], spent, rtol=1e-6)
    again = curation["hold_out"](sectors, stocks)
    assert len(again) == 14 * 55
    np.testing.assert_allclose(again["rebuilt"], again["true"], rtol=1e-6)


@pytest.mark.skipif(
    not any((folder / "investment_corp.csv").is_file() for folder in FOLDERS),
    reason="MANIAS_ORIGINALS names no folder of these originals",
)
def test_the_shipped_tables_are_the_originals_made_anew(curation, tmp_path):
    shutil.copy(ROOT / "datasets" / "sources.json", tmp_path)
    for name in MADE:
        shutil.copytree(ROOT / "datasets" / name, tmp_path / name)
        for path in (tmp_path / name).glob("*.csv"):
            path.unlink()
        curation[name](FOLDERS, tmp_path)
        for path in (ROOT / "datasets" / name).iterdir():
            assert (tmp_path / name / path.name).read_bytes() == path.read_bytes()
