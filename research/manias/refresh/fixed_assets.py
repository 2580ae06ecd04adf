"""BEA's detailed data for fixed assets: investment by industry and asset, industry by sheet."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from manias.data.arguments import NotNegative, checked
from manias.data.descriptors import _descriptor
from manias.data.forms import month_names
from manias.data.results import Result
from manias.errors import DataError, InputError
from manias.refresh.feed import (
    Feed,
    Original,
    Present,
    Staged,
    columns_of,
    rows_of,
    text_of,
)
from manias.refresh.workbook import open_workbook, plain, rows_of_sheet
from manias.series.flows import RECORDS

SECTORS: Mapping[str, tuple[str, str]] = {
    "ACCM": ("Accommodation and food services", "7210 7220"),
    "ADMN": ("Administrative and waste management services", "5610 5620"),
    "ARTS": ("Arts, entertainment, and recreation", "711A 7130"),
    "CNST": ("Construction", "2300"),
    "DMAN": (
        "Durable goods manufacturing",
        "3210 3270 3310 3320 3330 3340 3350 336M 336O 3370 338A",
    ),
    "EDUC": ("Educational services", "6100"),
    "FARM": ("Farms", "110C"),
    "FFRA": ("Forestry, fishing, and related activities", "113F"),
    "FINC": ("Credit intermediation and related activities", "5220"),
    "FINS": ("Securities, commodity contracts, and investments", "5230"),
    "HLTH": ("Health care and social assistance", "6210 622H 6230 6240"),
    "INFO": ("Information", "5110 5120 5130 5140"),
    "INSU": ("Insurance carriers and related activities", "5240"),
    "LEAS": ("Rental and leasing services and lessors of intangible assets", "5320"),
    "MGMT": ("Management of companies and enterprises", "5500"),
    "MINE": ("Mining", "2110 2120 2130"),
    "NMAN": ("Nondurable goods manufacturing", "311A 313T 315A 3220 3230 3240 3250 3260"),
    "OTHS": ("Other services, except government", "8100"),
    "PROF": ("Professional, scientific, and technical services", "5411 5412 5415"),
    "REAL": ("Real estate", "5310"),
    "RETR": ("Retail trade", "44RT"),
    "TRAN": (
        "Transportation and warehousing",
        "4810 4820 4830 4840 4850 4860 487S 4930",
    ),
    "UTIL": ("Utilities", "2200"),
    "WHTR": ("Wholesale trade", "4200"),
}
"""Sectors: name, and BEA's codes of the industries that add up to them."""
FINER: Mapping[str, tuple[str, ...]] = {
    "2200": ("2211", "2212", "2213"),
    "311A": ("3110", "3120"),
    "338A": ("3380", "3390"),
    "4200": ("4210", "4220"),
    "44RT": ("4410", "442R", "4450", "4520"),
    "5220": ("5221", "5223", "5229"),
    "5240": ("5243", "524A"),
}
"""Industry of the release of 2018 -> those into which later releases divide it."""
OTHER_INDUSTRIES = ("5210", "5250")
"""Left out: Federal Reserve banks; funds and trusts."""
OTHER_ASSETS = ("EO11", "EO71", "SB10", "RD91", "RD92")
"""Left out: household furniture and appliances, religious buildings, and research of private
universities and of other nonprofit institutions."""
ASSETS = tuple(
    """
    AE10 AE20 AE30 AE40 AE50 EI11 EI12 EI21 EI22 EI30 EI40 EI50 EI60 ENS1 ENS2 ENS3 EO11 EO12
    EO21 EO22 EO30 EO40 EO50 EO60 EO71 EO72 EO80 EP12 EP1A EP1B EP1C EP1D EP1E EP1F EP1G EP1H
    EP20 EP31 EP34 EP35 EP36 ET11 ET12 ET20 ET30 ET40 ET50 RD11 RD12 RD21 RD22 RD23 RD24 RD25
    RD31 RD32 RD40 RD50 RD60 RD70 RD80 RD91 RD92 RDOM SB10 SB20 SB31 SB32 SB41 SB42 SB43 SB44
    SB45 SB46 SC01 SC02 SC03 SC04 SI00 SM01 SM02 SN00 SO01 SO02 SO03 SO04 SOMO SOO1 SOO2 SU11
    SU12 SU20 SU30 SU40 SU50 SU60
    """.split()  # noqa: SIM905
)
"""Codes of the assets that every sheet has; offices are SOO1 with a letter, as printed."""
TOTALS = {
    "TOTAL EQUIPMENT": "E",
    "TOTAL STRUCTURES": "S",
    "TOTAL INTELLECTUAL PROPERTY PRODUCTS": "I",
}
TOLERANCES = {"exact": 0.20, "split": 0.25, "sectors": 0.25}
"""How far an official figure may lie from the recovered one, as a share of it.

Measured on what BEA revised: from the workbook of stocks of September 2014 to that of October
2018, of the dollars of 1960-2013 by industry and class 5.3% moved by more than 10% and 2.6% by
more than 20%, so that a tenth would refuse a revision that was one. A flow that was split from
its sector is an estimate beside that, nine in ten of them within 4%, and 1.20 times 1.04 is
1.25. Of sectors by asset, which are finer, 4.5% of dollars moved by more than 20%.
"""
MOST_BEYOND = 0.05
"""Share of dollars beyond the tolerance from which the file is refused."""
ROUNDING = 1
"""Million dollars by which figures of whole millions may differ without being revised."""
GDP, FIRST_GDP = "gdp_bea", 1929
_UPDATED = re.compile(
    r"(?:updated|revised)(?: on)?:?\s+(([A-Z][a-z]+) (\d{1,2}), (\d{4}))", re.I
)
_YEAR, _NUMBER = re.compile(r"(?:19|20)\d\d"), re.compile(r"\d+\.?\d*")


def class_of(asset: str) -> str:
    """Class of an asset by BEA's code: equipment, structures or intellectual property.

    Parameters
    ----------
    asset : str

    Returns
    -------
    {"E", "S", "I"}

    Examples
    --------
    >>> [class_of(code) for code in ("EP1A", "SOO1", "ENS2", "RD40", "AE10")]
    ['E', 'S', 'I', 'I', 'I']
    """
    if asset.startswith("S"):
        return "S"
    return "I" if asset.startswith(("EN", "RD", "AE")) else "E"


def industries_of(sector: str) -> tuple[str, ...]:
    """Codes of the industries of a sector.

    Parameters
    ----------
    sector : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> industries_of("MINE")
    ('2110', '2120', '2130')
    """
    return tuple(SECTORS[sector][1].split())


def sector_of() -> dict[str, str]:
    """Sector of each industry.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> sector_of()["5130"], len(sector_of())
    ('INFO', 61)
    """
    return {industry: sector for sector in SECTORS for industry in industries_of(sector)}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Agreement(Result):
    """How far new figures of some flows agree with those that they replace.

    Attributes
    ----------
    name : str
        Table.
    years : tuple of int
        First and last year that both have.
    dollars : float
        Million dollars compared, the larger of the two figures of each flow and year.
    same, within : float
        Shares of them to the million, and within the tolerance.
    worst : tuple of (str, int, float, float)
        Flow, year, figure before and after, of the largest difference beyond the tolerance,
        else of the largest.
    flows, decades : pandas.Series
        Share within the tolerance by flow and by decade.
    """

    _told = ("name", "years", "dollars", "same", "within", "worst")

    name: str
    years: tuple[int, int]
    dollars: float
    same: float
    within: float
    worst: tuple[str, int, float, float]
    flows: pd.Series
    decades: pd.Series

    @property
    def beyond(self) -> float:
        """Share of dollars beyond the tolerance."""
        return 1 - self.within

    def lines(self) -> tuple[str, ...]:
        """What to print, a line each."""
        first, last = self.years
        flow, year, before, after = self.worst
        low = self.flows[self.flows < 1].sort_values(kind="stable").head(5)
        told = [
            f"{self.name}: {self.within:.1%} of dollars {first}-{last} within the tolerance, "
            f"{self.same:.1%} to the million; largest difference {flow} {year}, "
            f"{before:,.0f} before and {after:,.0f} now",
            f"{self.name}: within the tolerance by decade "
            + ", ".join(f"{decade}s {share:.0%}" for decade, share in self.decades.items()),
        ]
        if len(low):
            told.append(
                f"{self.name}: least within the tolerance "
                + ", ".join(f"{name} {share:.0%}" for name, share in low.items())
            )
        return tuple(told)

    def to_frame(self) -> pd.DataFrame:
        """One row a flow.

        Returns
        -------
        pandas.DataFrame
            ``flow``, ``within``.
        """
        return self.flows.rename_axis("flow").rename("within").reset_index()


@checked
def compare_flows(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    tolerance: pd.Series,
    rounding: NotNegative = ROUNDING,
    name: str = "flows",
) -> Agreement:
    """Compare new figures with those that they replace, by flow and year.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Flows x years, million dollars; a flow that one of them lacks is 0 there. Years of both
        are compared.
    tolerance : pandas.Series
        Flow -> share of the figure before by which that after may differ.
    rounding : float
        Million dollars that do not count as a difference.
    name : str

    Returns
    -------
    Agreement

    Raises
    ------
    DataError
        If they have no year or no dollar in common.

    Examples
    --------
    >>> before = pd.DataFrame({1998: [100.0, 300.0]}, ["a", "b"])
    >>> after = pd.DataFrame({1998: [130.0, 300.0], 1999: [1.0, 1.0]}, ["a", "b"])
    >>> found = compare_flows(before, after, tolerance=pd.Series(0.2, ["a", "b"]))
    >>> round(found.within, 3), found.worst
    (0.698, ('a', 1998, 100.0, 130.0))
    """
    flows = before.index.union(after.index)
    years = sorted(set(before.columns) & set(after.columns))
    if not years:
        raise DataError(f"{name}: no year in common; expected one to compare")
    old, new = (t.reindex(flows).fillna(0)[years].to_numpy(float) for t in (before, after))
    most = tolerance.reindex(flows).fillna(tolerance.min()).to_numpy(float)[:, None]
    dollars, off = np.maximum(np.abs(old), np.abs(new)), np.abs(new - old)
    if not dollars.sum():
        raise DataError(f"{name}: no dollar in common; expected one to compare")
    inside = off <= np.maximum(most * np.abs(old), rounding)
    looked = np.where(inside, -1, off) if not inside.all() else off
    at = np.unravel_index(int(looked.argmax()), off.shape)
    weight = pd.DataFrame(dollars, flows, years)
    counted = pd.DataFrame(dollars * inside, flows, years)
    decades = np.asarray(years) // 10 * 10
    by_flow = counted.sum(axis=1) / weight.sum(axis=1)
    return Agreement(
        name=name,
        years=(years[0], years[-1]),
        dollars=float(dollars.sum()),
        same=float(dollars[off <= rounding].sum() / dollars.sum()),
        within=float(dollars[inside].sum() / dollars.sum()),
        worst=(str(flows[at[0]]), int(years[at[1]]), float(old[at]), float(new[at])),
        flows=by_flow.fillna(1.0),
        decades=(
            counted.T.groupby(decades).sum().sum(axis=1)
            / weight.T.groupby(decades).sum().sum(axis=1)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Investment of one industry: asset -> value of each year."""

    code: str
    years: tuple[int, ...]
    values: dict[str, list[float]]
    names: dict[str, str]
    updated: str


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook: industries x assets by year, and what it says of itself."""

    values: pd.DataFrame
    names: dict[str, str]
    assets: dict[str, str]
    updated: str
    sheets: int
    added: tuple[str, ...] = field(default=())


def read_fixed_assets(originals: Mapping[str, Original], present: Present) -> Staged:
    """Investment of industries by class and of sectors by asset, and GDP of the same vintage.

    Parameters
    ----------
    originals : mapping of str to Original
        ``investment``, the workbook detailnonres_inv1.xlsx, and ``gdp``, FRED's GDPA.csv.
    present : Present

    Returns
    -------
    Staged
        The tables of ``us_investment``, and ``us_macro`` with another ``gdp_bea``.

    Raises
    ------
    InputError
        If a sheet, asset, year or figure is missing or of another form, the assets of a class
        do not add up to its total, the history is shorter, GDP is of another vintage, or more
        than 5% of dollars lie beyond `TOLERANCES` of the recovered panel.

    Notes
    -----
    Later releases divide some industries; their parts are added up (`FINER`), so that the 61
    industries stay what they were. BEA says in the workbook that totals may differ from the sum
    of their assets by rounding.
    """
    workbook, gdp = originals["investment"], originals["gdp"]
    book = _read_book(workbook)
    updated = book.updated or workbook.day
    kept = book.values[~book.values.index.get_level_values("asset").isin(OTHER_ASSETS)]
    data, sectors = _by_class(kept), _by_sector(kept)
    before = present.cells("us_investment")
    _same_reach(workbook.name, before, book.values.columns)
    vintage = str(_descriptor(present.root, "us_investment").get("vintage", ""))
    if updated < vintage:
        raise InputError(
            f"{workbook.name}: updated {updated}; expected {vintage} or later, the "
            "vintage of the table"
        )
    found = _agree(before, present.cells("us_investment", "sectors"), data, sectors)
    recovered = (before["exact"] != "yes").any()
    for one in found:
        if recovered and one.beyond > MOST_BEYOND:
            flow, year, old, new = one.worst
            raise InputError(
                f"{workbook.name}: {one.beyond:.1%} of dollars of {one.name} lie beyond the "
                f"tolerance; expected {MOST_BEYOND:.0%} at most; worst is {flow} {year}, "
                f"{new:,.0f} against {old:,.0f} million"
            )
    names = before.drop_duplicates("industry").set_index("industry")["industry_name"].to_dict()
    names |= book.names
    first, last = int(book.values.columns[0]), int(book.values.columns[-1])
    macro, gdp_said = _with_gdp(gdp, present, workbook, last, updated)
    return Staged(
        tables={
            ("us_investment", "data"): _data_cells(data, names),
            ("us_investment", "sectors"): _sector_cells(sectors),
            ("us_investment", "codes"): _code_cells(sectors, book.assets),
            ("us_macro", "data"): macro,
        },
        sources={
            "bea2018detail": {
                "year": updated[:4],
                "accessed": workbook.day[:7],
                "note": f"the workbook of investment, updated {updated}, read whole; "
                f"sha256 {workbook.digest[:8]}...; BEA says there that detail by industry and "
                "type is of lower quality than the totals",
            },
            "bea2019gdpa": {
                "year": gdp.day[:4],
                "accessed": gdp.day[:7],
                "note": f"FRED's file read whole; sha256 {gdp.digest[:8]}...",
            },
        },
        descriptors={
            "us_investment": {
                "vintage": updated,
                "description": describe(updated, first, last, book.sheets, found),
                "provenance": {
                    "data": _provenance(
                        "sheet of the industry (of its parts where it is divided), rows of the "
                        "assets of the class, column of the year"
                    ),
                    "sectors": _provenance(
                        "sheets of the industries of the sector, row of the asset, column of "
                        "the year"
                    ),
                    "codes": _provenance("sheets readme and 110C"),
                },
            },
            "us_macro": {"vintage": gdp.day},
        },
        said=(
            f"{workbook.name}: {book.sheets} industries, {first} to {last}, updated "
            f"{updated}" + (f"; added up: {', '.join(book.added)}" if book.added else ""),
            *(line for one in found for line in one.lines()),
            *_below_zero(data, sectors),
            f"{workbook.name}: the count of spending stays on "
            f"{RECORDS['industries'][0]} to {RECORDS['industries'][1]}",
            *gdp_said,
        ),
    )


def describe(
    updated: str, first: int, last: int, sheets: int, found: Sequence[Agreement]
) -> str:
    """Description of ``us_investment`` where it is made of BEA's workbook.

    Parameters
    ----------
    updated : str
        Day of the workbook, YYYY-MM-DD.
    first, last : int
    sheets : int
        Industries that the workbook has.
    found : sequence of Agreement
        With the tables that were replaced.

    Returns
    -------
    str
    """
    compared = " and ".join(f"{a.within:.1%} of dollars of {a.name}" for a in found)
    since, until = found[0].years
    begun, ended = RECORDS["industries"]
    return (
        "Spending of each year on fixed assets, million dollars of that year, by BEA's "
        f"detailed data for fixed assets, {first} to {last}, updated {updated}: {sheets} "
        "industries, of which parts of one are added up where a release divides it "
        "(utilities; food, beverage and tobacco; miscellaneous manufacturing; wholesale and "
        "retail trade; credit; insurance), so that the 61 industries are the same in every "
        f"release. When these figures replaced those before them, {compared} of {since}-"
        f"{until} lay within the tolerance ({TOLERANCES['exact']:.0%}, "
        f"{TOLERANCES['split']:.0%} for flows that had been split from their sector and for "
        "sectors by asset; chosen by what BEA revised in stocks from 2014 to 2018). Every flow "
        "has a row in every year: a zero is a zero. Pairs of sector and asset in which nothing "
        "was spent in any year have no row. Left out, as before: household furniture and "
        "appliances, religious buildings, private universities and other nonprofit "
        "institutions (research), Federal Reserve banks, funds and trusts. BEA interpolates "
        "between censuses, so that detail is smoother than spending was, and rates it lower "
        "than the totals. Known from about nine and a half months after the year; the figures "
        f"are those of the release, not those first printed. {fitted(begun, ended)} GDP of the "
        "same vintage, to divide by, is gdp_bea in us_macro, which begins in 1929."
    )


def fitted(first: int, last: int) -> str:
    """What a description says of the years that are fitted.

    Parameters
    ----------
    first, last : int

    Returns
    -------
    str

    Examples
    --------
    >>> fitted(1960, 2014)[:38]
    'The count of spending reads 1960 to 20'
    """
    return (
        f"The count of spending reads {first} to {last}, the years of its plan, whatever other "
        "years stand here: those are kept to confirm it, and enter a fit only where they are "
        "asked for."
    )


def _provenance(locator: str) -> dict[str, str]:
    return {
        "source": "bea2018detail",
        "locator": f"detailnonres_inv1.xlsx, {locator}",
        "grade": "A",
    }


# ---- the workbook


def _read_book(original: Original) -> _Book:
    book = open_workbook(original)
    try:
        there = {plain(name): name for name in book.sheetnames}
        parts = _parts(original.name, there)
        wanted = [code for codes in parts.values() for code in codes]
        listed = _listed(original.name, book, there)
        if lost := [code for code in wanted if code not in listed]:
            raise InputError(
                f"{original.name}, sheet readme: no code {lost[0]}; expected the name of every "
                "industry"
            )
        sheets = {
            code: _read_sheet(original.name, code, list(rows_of_sheet(book[there[code]])))
            for code in wanted
        }
    finally:
        book.close()
    one = sheets[wanted[0]]
    for sheet in sheets.values():
        if (sheet.years, sheet.updated) != (one.years, one.updated):
            raise InputError(
                f"{original.name}, sheet {sheet.code}: {sheet.years[0]} to {sheet.years[-1]}, "
                f"updated {sheet.updated}; expected {one.years[0]} to {one.years[-1]}, updated "
                f"{one.updated}, as in sheet {one.code}"
            )
    rows, names = {}, {}
    for industry, codes in parts.items():
        for asset in ASSETS:
            columns = zip(*(sheets[code].values[asset] for code in codes), strict=True)
            rows[industry, asset] = [math.fsum(column) for column in columns]
        if codes == (industry,):
            names[industry] = listed[industry]
    values = pd.DataFrame.from_dict(rows, orient="index", columns=list(one.years))
    values.index = pd.MultiIndex.from_tuples(values.index, names=["industry", "asset"])
    count = sum(plain(n).lower() not in ("readme", "datasets") for n in there)
    added = tuple(industry for industry, codes in parts.items() if codes != (industry,))
    return _Book(values, names, one.names, one.updated, count, added)


def _parts(name: str, there: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Industry -> the sheets that add up to it."""
    parts = {}
    for industry in sector_of():
        finer = FINER.get(industry, ())
        held = [code for code in finer if code in there]
        if industry in there and held:
            raise InputError(
                f"{name}: sheets {industry} and {held[0]}; expected an industry or its parts, "
                "not both"
            )
        if industry not in there and (not finer or len(held) < len(finer)):
            missing = next(code for code in finer if code not in there) if held else industry
            raise InputError(f"{name}: no sheet {missing}; expected one for every industry")
        parts[industry] = (industry,) if industry in there else finer
    known = {code for codes in parts.values() for code in codes} | {*OTHER_INDUSTRIES}
    for sheet in there:
        if sheet not in known and sheet.lower() not in ("readme", "datasets"):
            raise InputError(
                f"{name}: sheet {sheet!r}; expected readme, Datasets or the code of an industry"
            )
    return parts


def _listed(name: str, book, there: Mapping[str, str]) -> dict[str, str]:
    """Industry -> name, as the sheet readme lists them."""
    key = next((sheet for sheet in there if sheet.lower() == "readme"), None)
    if key is None:
        raise InputError(f"{name}: no sheet readme; expected it to name the industries")
    listed: dict[str, str] = {}
    columns: dict[str, int] = {}
    for row in rows_of_sheet(book[there[key]]):
        cells = [plain(cell) for cell in row]
        upper = [cell.upper() for cell in cells]
        if "BEA CODE" in upper and "INDUSTRY TITLE" in upper:
            columns = {"title": upper.index("INDUSTRY TITLE"), "code": upper.index("BEA CODE")}
        elif columns and len(cells) > max(columns.values()):
            title, code = cells[columns["title"]], cells[columns["code"]]
            if title and re.fullmatch(r"[0-9]{2}[0-9A-Z]{2}", code):
                listed[code] = title
    if not columns:
        raise InputError(
            f"{name}, sheet readme: no columns 'INDUSTRY TITLE' and 'BEA CODE'; expected them "
            "over the names of the industries"
        )
    return listed


def _read_sheet(name: str, code: str, rows: Sequence[Sequence[object]]) -> _Sheet:
    label = f"{name}, sheet {code}"
    head = next((i for i, r in enumerate(rows) if "Asset Codes" in map(plain, r)), None)
    if head is None:
        raise InputError(f"{label}: no row 'Asset Codes'; expected it over the assets")
    above = [plain(cell) for row in rows[:head] for cell in row if plain(cell)]
    updated = _of_investment(label, code, above)
    header = [plain(cell) for cell in rows[head]]
    at = columns_of(label, header, ["Asset Codes", "NIPA Asset Types"], head + 1)
    years = _years(label, header, head + 1, set(at.values()))
    values: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    totals: dict[str, list[float]] = {}
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = [*row, *[None] * (len(header) - len(row))]
        asset, title = (plain(cells[at[c]]) for c in ("Asset Codes", "NIPA Asset Types"))
        kind = TOTALS.get(title.upper())
        if asset not in ASSETS and kind is None:
            if any(_is_number(cells[column]) for column in years.values()):
                raise InputError(
                    f"{label}, row {number}: asset {asset!r} ({title}); expected one of the "
                    f"{len(ASSETS)} codes {ASSETS[0]} to {ASSETS[-1]}"
                )
            continue
        key, into = (kind, totals) if kind else (asset, values)
        if key in into:
            raise InputError(f"{label}, row {number}: {asset or title} again; expected it once")
        into[key] = [
            _figure(label, number, year, cells[column]) for year, column in years.items()
        ]
        names.setdefault(asset, title)
    if lost := [asset for asset in ASSETS if asset not in values]:
        raise InputError(f"{label}: no asset {lost[0]}; expected all {len(ASSETS)} codes")
    _adds_up(label, list(years), values, totals)
    return _Sheet(code, tuple(years), values, names, updated)


def _of_investment(label: str, code: str, above: Sequence[str]) -> str:
    """Day of the update, where what stands over the table says that it is the right one."""
    said = " ".join(above)
    low = said.lower()
    if not above or not above[0].upper().startswith(code):
        raise InputError(
            f"{label}, row 1: {above[0] if above else ''!r}; expected the code {code} first"
        )
    other = ("stock", "depreciation", "chain", "quantity")
    if not ("investment" in low and "nonresidential" in low) or any(w in low for w in other):
        raise InputError(
            f"{label}: {above[1] if len(above) > 1 else ''!r}; expected investment in private "
            "nonresidential fixed assets"
        )
    if "millions of dollars" not in low:
        raise InputError(f"{label}: no unit over the table; expected millions of dollars")
    if not (found := _UPDATED.search(said)):
        return ""
    try:
        day = date(int(found[4]), month_names()[found[2].casefold()], int(found[3]))
        return day.isoformat()
    except (KeyError, ValueError):
        raise InputError(
            f"{label}: updated {found[1]!r}; expected a day such as October 10, 2018"
        ) from None


def _years(label: str, header: Sequence[str], row: int, taken: set[int]) -> dict[int, int]:
    """Year -> column, in the order of years."""
    found: dict[int, int] = {}
    for column, cell in enumerate(header):
        if column in taken or not cell:
            continue
        if not _YEAR.fullmatch(cell) or int(cell) in found:
            raise InputError(f"{label}, row {row}: column {cell!r}; expected each year once")
        found[int(cell)] = column
    if not found:
        raise InputError(f"{label}, row {row}: no year; expected one column a year")
    years = range(min(found), max(found) + 1)
    if lost := [year for year in years if year not in found]:
        raise InputError(
            f"{label}, row {row}: no year {lost[0]}; expected every year from {years[0]} to "
            f"{years[-1]}"
        )
    return {year: found[year] for year in years}


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)


def _figure(label: str, row: int, year: int, cell: object) -> float:
    if not _is_number(cell):
        shown = "blank" if cell is None else repr(cell)
        raise InputError(f"{label}, row {row}, year {year}: {shown}; expected a number")
    return float(cell)  # type: ignore[arg-type]


def _adds_up(
    label: str,
    years: Sequence[int],
    values: Mapping[str, list[float]],
    totals: Mapping[str, list[float]],
) -> None:
    for title, kind in TOTALS.items():
        if kind not in totals:
            raise InputError(f"{label}: no row {title!r}; expected the total of each class")
        parts = [v for asset, v in values.items() if class_of(asset) == kind]
        sums = np.sum(parts, axis=0)
        off = np.abs(sums - totals[kind])
        if off.max() > (most := (len(parts) + 1) / 2):
            at = int(off.argmax())
            raise InputError(
                f"{label}, year {years[at]}: assets add up to {sums[at]:,.0f}; expected "
                f"{title} of {totals[kind][at]:,.0f} within {most:g}"
            )


# ---- the tables


def _by_class(kept: pd.DataFrame) -> pd.DataFrame:
    kind = kept.index.get_level_values("asset").map(class_of)
    return kept.groupby([kept.index.get_level_values("industry"), kind.rename("class")]).sum()


def _by_sector(kept: pd.DataFrame) -> pd.DataFrame:
    sector = kept.index.get_level_values("industry").map(sector_of()).rename("sector")
    flows = kept.groupby([sector, kept.index.get_level_values("asset")]).sum()
    return flows[(flows.round() != 0).any(axis=1)].sort_index()


def _data_cells(data: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    of = sector_of()
    return _text(
        [
            [industry, names[industry], of[industry], kind, year, round(value), "yes"]
            for (industry, kind), path in data.iterrows()
            for year, value in path.items()
        ],
        "industry,industry_name,sector,class,year,value,exact",
    )


def _sector_cells(sectors: pd.DataFrame) -> pd.DataFrame:
    return _text(
        [
            [sector, asset, class_of(asset), year, round(value)]
            for (sector, asset), path in sectors.iterrows()
            for year, value in path.items()
        ],
        "sector,asset_code,class,year,value",
    )


def _code_cells(sectors: pd.DataFrame, assets: Mapping[str, str]) -> pd.DataFrame:
    held = sorted(set(sectors.index.get_level_values("asset")))
    return _text(
        [["sector", key, name] for key, (name, _) in SECTORS.items()]
        + [["asset", asset, assets[asset]] for asset in held],
        "kind,code,name",
    )


def _text(rows: Sequence[Sequence[object]], header: str) -> pd.DataFrame:
    cells = [[str(cell) for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=header.split(","))


def _same_reach(name: str, before: pd.DataFrame, years: pd.Index) -> None:
    had = before["year"].astype(int)
    if years[0] > had.min() or years[-1] < had.max():
        raise InputError(
            f"{name}: years {years[0]} to {years[-1]}; expected {had.min()} to {had.max()} at "
            "least, which the table has"
        )


def _agree(
    before: pd.DataFrame,
    before_sectors: pd.DataFrame,
    data: pd.DataFrame,
    sectors: pd.DataFrame,
) -> tuple[Agreement, Agreement]:
    exact = before.drop_duplicates(["industry", "class"])
    most = exact["exact"].map(
        lambda cell: TOLERANCES["exact"] if cell == "yes" else TOLERANCES["split"]
    )
    tolerance = pd.Series(most.to_numpy(), exact["industry"] + " " + exact["class"])
    both = [
        (before, ["industry", "class"], data, "industries by class", tolerance),
        (before_sectors, ["sector", "asset_code"], sectors, "sectors by asset", None),
    ]
    found = []
    for cells, keys, after, name, within in both:
        old = cells.assign(flow=cells[keys[0]] + " " + cells[keys[1]])
        old = old.assign(year=old["year"].astype(int), value=old["value"].astype(float))
        table = old.pivot(index="flow", columns="year", values="value")
        new = after.set_axis([" ".join(pair) for pair in after.index])
        if within is None:
            within = pd.Series(TOLERANCES["sectors"], table.index)
        found.append(compare_flows(table, new, tolerance=within, name=name))
    return found[0], found[1]


def _below_zero(data: pd.DataFrame, sectors: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"{name}: {n} figures below zero, more sold than bought"
        for name, table in (("industries by class", data), ("sectors by asset", sectors))
        if (n := int((table < -0.5).sum().sum()))
    )


# ---- GDP


def _with_gdp(
    gdp: Original, present: Present, workbook: Original, last: int, updated: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Cells of ``us_macro`` with another official GDP, and what is said of it."""
    values = _read_gdp(gdp)
    cells = present.cells("us_macro")
    old = cells["series"] == GDP
    had = cells[old].set_index("period")["value"].astype(float)
    if lost := [year for year in had.index if year not in values]:
        raise InputError(
            f"{gdp.name}: no year {lost[0]}; expected every year that the table has"
        )
    end = int(max(values))
    if end not in (last, last + 1):
        raise InputError(
            f"{gdp.name}: GDP to {end}; expected {last} or {last + 1}, of the same annual "
            f"update as investment to {last} in {workbook.name}"
        )
    rows = [
        [
            *(GDP, "US", year, value, "billion USD", "reported", "bea2019gdpa"),
            *(f"GDPA, row {year}-01-01", "A", ""),
        ]
        for year, value in values.items()
    ]
    made = pd.DataFrame(rows, columns=cells.columns)
    start = int(np.flatnonzero(old)[0]) if old.any() else len(cells)
    table = pd.concat([cells[:start][~old[:start]], made, cells[start:][~old[start:]]])
    moved = (pd.Series(values).astype(float).reindex(had.index) / had - 1).abs()
    said = [
        f"{gdp.name}: GDP to {end}; {int((moved > 0).sum())} of {len(had)} years revised, by "
        f"{moved.max():.1%} at most ({moved.idxmax()}); spending of digital infrastructure in "
        "spending_history, of an older vintage, is divided by it too"
    ]
    if doubt := _other_update(gdp.day, updated):
        said.append(f"{gdp.name}: {doubt}")
    return table.reset_index(drop=True), tuple(said)


def _read_gdp(gdp: Original) -> dict[str, str]:
    rows = rows_of(text_of(gdp))
    rows = [row for row in rows if any(row)]
    header = rows[0] if rows else []
    named = next((n for n in ("observation_date", "DATE") if n in header), "observation_date")
    at = columns_of(gdp.name, header, [named, "GDPA"])
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise InputError(
                f"{gdp.name}, row {number}: {len(row)} cells; expected {len(header)}"
            )
        day, value = row[at[named]], row[at["GDPA"]]
        if not re.fullmatch(r"\d{4}-01-01", day):
            raise InputError(
                f"{gdp.name}, row {number}, column {named}: {day!r}; expected YYYY-01-01"
            )
        expected = str(FIRST_GDP + number - 2)
        if day[:4] != expected:
            raise InputError(
                f"{gdp.name}, row {number}, column {named}: {day!r}; expected {expected}-01-01"
            )
        if not _NUMBER.fullmatch(value) or not float(value):
            raise InputError(
                f"{gdp.name}, row {number}, column GDPA: {value!r}; expected billion dollars"
            )
        found[day[:4]] = value
    if not found:
        raise InputError(f"{gdp.name}: no year; expected GDP from {FIRST_GDP}")
    return found


def _other_update(day: str, updated: str) -> str:
    """Doubt whether GDP is of the vintage of the workbook: annual updates come in September."""
    try:
        had, made = date.fromisoformat(day), date.fromisoformat(updated)
    except ValueError:
        return f"no day on which it was had; expected the annual update of {updated}"
    turn = date(made.year, 9, 20)
    begun = turn if made >= turn else date(made.year - 1, 9, 20)
    if begun <= had < date(begun.year + 1, 9, 20):
        return ""
    return (
        f"had on {day}, and investment updated on {updated}; they may be of two annual "
        "updates, which come late in September"
    )


def _recognises(part: str, _: Mapping[str, str], content: bytes) -> bool:
    if part == "investment":
        return content[:2] == b"PK"
    return b"GDPA" in content[:200]


FEED = Feed("us_investment", read_fixed_assets, recognises=_recognises)
