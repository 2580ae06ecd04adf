"""Make ``us_investment``, ``world_investment`` and ``firm_capex`` from public copies.

Only for those who maintain the data. Each original is named below with the repository and the
commit in which it was read, and is checked by its SHA-256 (a folder by that of its list of
files). The folders given, or those of MANIAS_ORIGINALS, hold them under these names; they are
searched in order.

    cd research/curation
    python investment.py [FOLDER ...]

| name | where it was read |
|---|---|
| investment_corp.csv | PSLmodels/Business-Taxation b9f07b3, biztax/brc_data |
| nonres_firm_inv.xls, detailnonres_stk.xlsx | the same, data_prep/historical_bea |
| pwt1001.dta | jaromsy/Data-Assignment-3---388 423cc3d |
| companies | Market-Atlas/market-atlas.github.io e4af2cd, data/companies |
| sec_fundamentals | RominGandhi/sp500-long-short-strategy d9ea934, data/sec_fundamentals |
"""

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from manias.data.fingerprint import sha256
from manias.data.validation import seal
from manias.errors import DataError, ManiasError
from manias.refresh.feed import Original
from manias.refresh.fixed_assets import SECTORS, class_of, industries_of, sector_of
from manias.refresh.penn import read_shares
from market import write_rows
from numpy.typing import NDArray

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
ORIGINALS = {
    "investment_corp.csv": "4e93c3c16c0b213f082625cc26979fa9b39568069c01565bde161ca954734c2e",
    "nonres_firm_inv.xls": "3d7b3ffdf3ff92ff88984e7b131a6e597a9c7083757ef2d728f7672477d16994",
    "detailnonres_stk.xlsx": "57c7744ecdace1214ff70bf7fc5fa27d552e0df5cb1077658d1d10bd3f766603",
    "pwt1001.dta": "128961a5942806a32a5e74f925cd1c75247fd9158616172e4e5a9a0dec31be67",
    "companies": "aeda1796e05181db5ff7f3a17a76b2e9f5daead63ae5199ccaed2630f6fa84e9",
    "sec_fundamentals": "2f396c8803eb2f8ae523b84d2d299dd3ec1452c6913325bfd485fd60afee44bd",
}
YEARS = tuple(range(1960, 2015))
TOTAL_ROWS, CORPORATE_ROWS, MANUFACTURING_ROWS = (8, 9, 10), (26, 27, 28), (17, 18, 19)
"""Rows of equipment, structures and intellectual property in the sheet of Table 4.7."""

LEAST_STOCK, LEAST_SECTORS, LEAST_ENTRY = 10, 4, 0.5
"""When a perpetual inventory is fitted: sectors that hold ten million dollars of an asset, at
least four of them, and at least half of a year's investment still there at its end."""


def us_investment(folders: Sequence[Path], datasets: Path = DATASETS) -> None:
    """Investment of sectors by asset, recovered, and of industries by class, split from it."""
    sectors = recovered(
        *(find(n, folders) for n in ("investment_corp.csv", "nonres_firm_inv.xls"))
    )
    stocks, industries, assets = read_stocks(find("detailnonres_stk.xlsx", folders))
    folder = datasets / "us_investment"
    write_rows(
        folder / "sectors.csv",
        "sector,asset_code,class,year,value",
        [
            [sector, asset, class_of(asset), year, int(value)]
            for (sector, asset), path in sectors.iterrows()
            for year, value in path.items()
        ],
    )
    codes = [["sector", key, name] for key, (name, _) in SECTORS.items()]
    held = sorted(set(sectors.index.get_level_values("asset")))
    codes += [["asset", asset, assets[asset]] for asset in held]
    write_rows(folder / "codes.csv", "kind,code,name", codes)
    split = split_sectors(sectors, stocks)
    by_class = split.groupby(
        [split.index.get_level_values(0), split.index.get_level_values(1).map(class_of)]
    ).sum()
    rows = []
    for (industry, kind), path in by_class.iterrows():
        sector = sector_of()[industry]
        exact = "yes" if len(industries_of(sector)) == 1 else "no"
        rows += [
            [industry, industries[industry], sector, kind, year, round(value), exact]
            for year, value in path.items()
        ]
    header = "industry,industry_name,sector,class,year,value,exact"
    write_rows(folder / "data.csv", header, rows)
    seal(folder)


def world_investment(folders: Sequence[Path], datasets: Path = DATASETS) -> None:
    """Share of gross capital formation, country by country, as a refresh reads it."""
    path = find("pwt1001.dta", folders)
    original = Original("table", path.name, path.read_bytes(), "", "")
    cells, _ = read_shares(original)
    folder = datasets / "world_investment"
    write_rows(folder / "data.csv", ",".join(cells.columns), cells.values.tolist())
    seal(folder)


def firm_capex(folders: Sequence[Path], datasets: Path = DATASETS) -> None:
    """Capital expenditure and what stands beside it, one row a firm and year."""
    flows = read_companies(find("companies", folders))
    assets = read_assets(find("sec_fundamentals", folders))
    rows = []
    for r in flows.itertuples():
        cells = [r.capex, r.operating_cash_flow, r.revenue, r.net_income]
        cells.append(_first(assets.get((ticker, r.end)) for ticker in r.tickers))
        rows.append([r.cik, r.ticker, r.name, r.sector, r.year, r.end, *map(_millions, cells)])
    header = (
        "cik,ticker,name,sector,year,fiscal_year_end,"
        "capex,operating_cash_flow,revenue,net_income,total_assets"
    )
    folder = datasets / "firm_capex"
    write_rows(folder / "data.csv", header, rows)
    seal(folder)


def recovered(scaled: Path, by_form: Path) -> pd.DataFrame:
    """BEA's investment of sectors by asset, million dollars, out of a table made from it.

    The copy holds each value times the corporate share of its class in its year (Table 4.7)
    times one constant. The constant is the one that makes every value a whole number.

    Quirks of the copy: rows RR10 to RR40 are housing; the row of farms has the others added in
    by mistake, so that farms are the total less the other sectors; one code ends in a blank.

    Raises
    ------
    DataError
        If a value is not a whole number, or manufacturing is not that of Table 4.7.
    """
    table = pd.read_csv(scaled)
    table["asset_code"] = table["asset_code"].str.strip()
    table = table[~table["asset_code"].str.startswith("RR")]
    names = [str(year) for year in YEARS]
    sheet = pd.read_excel(by_form, header=None)
    first = 2 + sheet.iloc[5, 2:].astype(int).tolist().index(YEARS[0])
    total, corporate, manufacturing = (
        {
            kind: sheet.iloc[row, first : first + len(YEARS)].to_numpy(dtype=float)
            for kind, row in zip("ESI", rows, strict=True)
        }
        for rows in (TOTAL_ROWS, CORPORATE_ROWS, MANUFACTURING_ROWS)
    )
    kinds = table["asset_code"].map(class_of)
    scaled_up = table[names].to_numpy() / np.vstack([corporate[k] / total[k] for k in kinds])
    sound = (table["industry"] != "FARM").to_numpy()
    makers = table["industry"].isin(["DMAN", "NMAN"]).to_numpy() & (kinds == "E").to_numpy()
    constant = scaled_up[makers].sum() / (1000 * manufacturing["E"].sum())
    for most in (30, 300, 3_000, 30_000, 300_000):
        # Small numbers are told apart while the constant is still rough.
        value = scaled_up[sound] / constant
        value = value[value < most]
        whole = np.round(value)
        constant *= (value * whole).sum() / (whole**2).sum()
    value = scaled_up / constant
    if (off := np.abs(value - np.round(value))[sound].max()) > 1e-6:
        raise DataError(f"{scaled}: a value lies {off:.2g} off a whole number; expected none")
    flows = pd.DataFrame(np.round(value), columns=list(YEARS))
    flows.insert(0, "sector", table["industry"].to_numpy())
    flows.insert(1, "asset", table["asset_code"].to_numpy())
    others = flows[~flows["sector"].isin(["ALL", "FARM"])].set_index(["sector", "asset"])
    everything = flows[flows["sector"] == "ALL"].set_index("asset").drop(columns="sector")
    farms = everything - others.groupby(level="asset").sum()
    flows = pd.concat([others, pd.concat({"FARM": farms}, names=["sector", "asset"])])
    made = flows.loc[["DMAN", "NMAN"]]
    made = made.groupby(made.index.get_level_values("asset").map(class_of)).sum() / 1000
    gap = max(float(np.abs(made.loc[kind] - manufacturing[kind]).max()) for kind in "ESI")
    if gap > 0.1:
        raise DataError(f"{by_form}: manufacturing differs by {gap:.3f}; expected 0.1 at most")
    return flows[(flows != 0).any(axis=1)].sort_index()


def split_sectors(sectors: pd.DataFrame, stocks: pd.DataFrame) -> pd.DataFrame:
    """Split the investment of sectors among their industries by what their stocks became.

    The stock of an asset at the end of a year is ``a`` times that of the year before plus ``b``
    times the year's investment, with ``a`` and ``b`` the same for all who hold it. They are
    fitted over the sectors, the squares weighted by one over the stock, and turned round give
    the investment of each industry, scaled to that of its sector. Where they cannot be fitted
    (see `LEAST_SECTORS`) a sector's investment is split by stock.

    Returns
    -------
    pandas.DataFrame
        Index industry and asset, one column a year, million dollars.
    """
    found = {}
    for asset, flows in sectors.groupby(level="asset"):
        flows = flows.droplevel("asset")
        held = stocks.xs(asset, level="asset")
        together = held.groupby(held.index.map(sector_of())).sum().reindex(flows.index)
        for year in YEARS:
            before, after = together[year - 1].to_numpy(), together[year].to_numpy()
            law = inventory(before, flows[year].to_numpy(), after)
            for sector in flows.index:
                parts = held.loc[list(industries_of(sector)), [year - 1, year]].to_numpy()
                shares = _shares(parts[:, 0], parts[:, 1], law)
                for industry, share in zip(industries_of(sector), shares, strict=True):
                    found[industry, asset, year] = share * flows.at[sector, year]
    split = pd.Series(found).rename_axis(["industry", "asset", "year"])
    return split.unstack("year")


def hold_out(sectors: pd.DataFrame, stocks: pd.DataFrame) -> pd.DataFrame:
    """Rebuild sectors of one industry from the other sectors, as if they were not known.

    Returns
    -------
    pandas.DataFrame
        One row a sector, class and year: ``true`` and ``rebuilt``, million dollars.
    """
    rows = []
    for asset, flows in sectors.groupby(level="asset"):
        flows = flows.droplevel("asset")
        held = stocks.xs(asset, level="asset")
        together = held.groupby(held.index.map(sector_of())).sum().reindex(flows.index)
        for year in YEARS:
            before, after = together[year - 1].to_numpy(), together[year].to_numpy()
            spent = flows[year].to_numpy()
            for i, sector in enumerate(flows.index):
                rest = np.arange(len(flows)) != i
                if len(industries_of(sector)) > 1:
                    continue
                if law := inventory(before[rest], spent[rest], after[rest]):
                    again = max((after[i] - law[0] * before[i]) / law[1], 0)
                    rows.append([sector, class_of(asset), year, spent[i], again])
    table = pd.DataFrame(rows, columns=["sector", "class", "year", "true", "rebuilt"])
    return table.groupby(["sector", "class", "year"], as_index=False).sum()


def inventory(
    before: NDArray[np.float64], spent: NDArray[np.float64], after: NDArray[np.float64]
) -> tuple[float, float] | None:
    """What remains of a stock and of a year's investment at its end; None if not fitted."""
    held = after >= LEAST_STOCK
    if held.sum() < LEAST_SECTORS:
        return None
    weight = 1 / np.sqrt(after[held])
    design = np.column_stack([before[held], spent[held]]) * weight[:, None]
    (kept, entered), *_ = np.linalg.lstsq(design, after[held] * weight, rcond=None)
    return (float(kept), float(entered)) if entered > LEAST_ENTRY else None


def _shares(
    before: NDArray[np.float64], after: NDArray[np.float64], law: tuple[float, float] | None
) -> NDArray[np.float64]:
    guesses = [after, before, np.ones(len(after))]
    if law:
        guesses.insert(0, np.clip((after - law[0] * before) / law[1], 0, None))
    weights = next(guess for guess in guesses if guess.sum() > 0)
    return weights / weights.sum()


def read_stocks(path: Path) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Net stocks at current cost by industry and asset; names of industries and of assets."""
    book = openpyxl.load_workbook(path, read_only=True)
    listed = {
        str(row[1]): " ".join(str(row[0]).split())
        for row in book["readme"].iter_rows(values_only=True)
        if row[0] and row[1]
    }
    rows, assets = {}, {}
    for industry in sector_of():
        years: list[int] = []
        for code, name, *cells in book[industry].iter_rows(values_only=True):
            if code == "Asset Codes":
                years = [int(cell) for cell in cells]
            elif years and code and name and len(code := str(code).strip()) == 4:
                rows[industry, code] = dict(zip(years, cells, strict=False))
                assets[code] = " ".join(str(name).split())
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(["industry", "asset"])
    return table[[YEARS[0] - 1, *YEARS]].fillna(0).astype(float), listed, assets


def read_companies(folder: Path) -> pd.DataFrame:
    """Years of US companies in a folder of SEC facts, one row a company and year.

    Quirks of the copy: an entry is named by the fiscal year of the report that shows it last,
    two years on (three where that year ends by May), and its period end is now and then that
    of another column of the report, so that entries named otherwise are left out; entries with
    negative capital expenditure are a vendor's, set at other periods; some companies have two
    tickers; one company has the same figures in three years, which are left out.
    """
    entries = []
    for path in sorted(folder.glob("*.json")):
        company = json.loads(path.read_text(encoding="utf-8"))
        cik = ((company.get("meta") or {}).get("edgar") or {}).get("cik")
        if (company["country"], company["currency"]) != ("US", "USD") or not cik:
            continue
        about = [int(cik), company["ticker"], company["name"], company["sector"]]
        entries += [
            [*about, entry["fiscalYear"], entry["periodEnd"]]
            + [entry.get(k) for k in ("capex", "operatingCashFlow", "revenue", "netIncome")]
            for entry in company.get("historicalFinancials") or []
        ]
    header = "cik,ticker,name,sector,named,end,capex,operating_cash_flow,revenue,net_income"
    table = pd.DataFrame(entries, columns=header.split(","))
    table = table[(table["capex"] > 0) & table["operating_cash_flow"].notna()].copy()
    month = table["end"].str[5:7].astype(int)
    table["year"] = table["end"].str[:4].astype(int) - (month <= 5)
    late = table["named"] - table["year"]
    table = table[(late == 2) | ((late == 3) & (month <= 5))].assign(month=month)
    usual = table.groupby("cik")["month"].transform(lambda m: m.mode().iloc[0])
    table["away"] = ((table["month"] - usual + 6) % 12 - 6).abs()
    table = table[(table["away"] <= 1) & table["year"].between(2007, 2023)]
    tickers = table.groupby("cik")["ticker"].agg(lambda t: tuple(sorted(set(t))))
    order = ["cik", "year", "away", "named", "ticker"]
    table = table.sort_values(order).drop_duplicates(["cik", "year"])
    # Nobody spends and earns the same to the dollar twice: one of the years is another's.
    twice = table.duplicated(["cik", "capex", "operating_cash_flow"], keep=False)
    table = table[~twice]
    table["tickers"] = table["cik"].map(tickers)
    table["ticker"] = table["tickers"].str[0]
    return table.reset_index(drop=True)


def read_assets(folder: Path) -> dict[tuple[str, str], float]:
    """Total assets by ticker and day, from a folder of quarterly SEC facts."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            if row.get("total_assets"):
                found[row["ticker"], row["period_end"]] = float(row["total_assets"])
    return found


def find(name: str, folders: Sequence[Path]) -> Path:
    """The original of that name in the first folder that has it, if it is the right one."""
    for folder in folders:
        if (path := folder / name).exists():
            if (found := digest(path)) != ORIGINALS[name]:
                raise DataError(f"{path}: sha256 {found}; expected {ORIGINALS[name]}")
            return path
    places = ", ".join(map(str, folders))
    raise DataError(
        f"{name}: not found in {places}; expected the original named in investment.py"
    )


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the sorted names and SHA-256 of the files of a folder."""
    if path.is_file():
        return sha256(path.read_bytes())
    lines = [f"{file.name}\0{sha256(file.read_bytes())}\n" for file in sorted(path.iterdir())]
    return sha256("".join(lines).encode())


def _first(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value is not None), None)


def _millions(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value / 1e6:.1f}"


MADE = (us_investment, world_investment, firm_capex)


if __name__ == "__main__":
    given = sys.argv[1:] or os.environ.get("MANIAS_ORIGINALS", "").split(os.pathsep)
    if not any(given):
        sys.exit(__doc__)
    try:
        for make in MADE:
            make([Path(text) for text in given])
    except ManiasError as error:
        sys.exit(str(error))
