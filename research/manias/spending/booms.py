"""What the builders of each boom spent, in money and over GDP: a view over the tables.

No figure stands here: every row is made of rows of the tables, by one of `DEFINITIONS`. One
definition is never continued by another, and what is of grade C in its table is left there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import to_period
from manias.data.library import current, load, not_known, once
from manias.data.results import Result, stacked
from manias.data.rows import Rows, merged, some
from manias.data.sources import weakest
from manias.data.tables import Dataset
from manias.errors import DataError, InputError
from manias.series.trajectories import calendar_quarter

Measure = Literal[
    "spending", "capital_raised", "receipts", "cash_from_operations", "debt", "share_prices"
]
Kind = Literal["year", "interval", "increase", "quarter", "four quarters", "newest quarter"]
"""What a row counts for: a calendar year; years told together; the years between two dates of
a stock; a quarter; the last four quarters; the last quarter, as if a year went on like it."""
Combine = Literal["flow", "rate", "stock", "total", "index", "return"]
"""How parts make a row: flows and members are added; annual rates and indices are averaged;
stocks of members are added; a total of several years is shared out; returns are compounded."""

BOOMS: Mapping[str, str] = {
    "uk-railways": "British railways",
    "us-railroads": "US railroads",
    "us-telecom": "US telecom",
    "ai": "AI builders",
    "us-it": "US information processing, all buyers",
}
"""Booms of the view; the last is no boom of builders but the aggregate beside them."""
FIVE = ("Alphabet", "Amazon", "Meta", "Microsoft", "Oracle")


@dataclass(frozen=True, slots=True, eq=False)
class Over:
    """What spending is divided by.

    Attributes
    ----------
    table, column : str
        Values in millions or billions a year.
    text : str
        In words.
    where : mapping of str to tuple of str
        Rows that count.
    """

    table: str
    column: str
    text: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


GB = Over("uk_macro", "nominal_gdp", "GDP of the UK without southern Ireland")
IRELAND = Over("uk_macro", "nominal_gdp_borders_of_the_time", "GDP of the UK with all Ireland")
GNP = Over("us_macro", "value", "GNP of Balke and Gordon", {"series": ("gnp_balke_gordon",)})
GDP = Over("us_macro", "value", "GDP of BEA, 2019", {"series": ("gdp_bea",)})
GDP_NOW = Over("us_it_investment", "gdp", "GDP of BEA, newest, quarters")


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One thing that is counted, and where its rows are.

    Attributes
    ----------
    key, boom : str
    text : str
        In words, different for each.
    table : str
    where : mapping of str to tuple of str
        Rows that count; where several companies are named, all must be there.
    over : Over or None
        None for prices.
    kind, combine, measure
    value : str
        Column of the values.
    first, last : int or None
        Years within which rows are taken.
    builders : bool
        Whether it is what builders did, and not an aggregate of all buyers.
    """

    key: str
    boom: str
    text: str
    table: str
    where: Mapping[str, tuple[str, ...]]
    over: Over | None
    kind: Kind = "year"
    combine: Combine = "flow"
    measure: Measure = "spending"
    value: str = "value"
    first: int | None = None
    last: int | None = None
    builders: bool = True


def _series(name: str, **more: str) -> Mapping[str, tuple[str, ...]]:
    return {"series": (name,), **{key: (value,) for key, value in more.items()}}


def _five(measure: str) -> Mapping[str, tuple[str, ...]]:
    return {"measure": (measure,), "company": FIVE}


def _of_five(
    key: str, text: str, series: str, measure: Measure, kinds: Iterable[Kind]
) -> tuple[Definition, ...]:
    told = {
        "year": "calendar years",
        "quarter": "calendar quarters",
        "four quarters": "the last four quarters",
        "newest quarter": "the newest quarter at an annual rate",
    }
    return tuple(
        Definition(
            f"{key}-{kind.replace(' ', '-')}",
            "ai",
            f"{text}, {told[kind]}",
            "ai_capex",
            _five(series),
            GDP_NOW,
            kind,
            measure=measure,
        )
        for kind in kinds
    )


_RETURNS = "spending on building, returns to the Railway Commissioners"
_RECEIPTS = _series("gross_receipts", case="uk-railways")
_FCC = _series("revenue_fcc", case="us-telecom")
_CENSUS = _series("revenue_census_sic481", case="us-telecom")
_TABLE: tuple[Definition, ...] = (
    Definition(
        "uk-spending", "uk-railways", _RETURNS, "uk_railways", _series("expenditure"), GB
    ),
    Definition(
        "uk-spending-ireland",
        "uk-railways",
        f"{_RETURNS}, over GDP with all Ireland",
        "uk_railways",
        _series("expenditure"),
        IRELAND,
    ),
    Definition(
        "uk-capital",
        "uk-railways",
        "additions to paid-up capital, mean a year between two dates on record",
        "uk_railways",
        _series("paid_up_capital"),
        GB,
        "increase",
        measure="capital_raised",
    ),
    Definition(
        "uk-receipts", "uk-railways", "gross receipts of all traffic", "payback",
        _RECEIPTS, GB, measure="receipts",
    ),
    Definition(
        "uk-net-receipts", "uk-railways", "receipts less working expenses", "payback",
        _series("net_receipts", case="uk-railways"), GB, measure="cash_from_operations",
    ),
    Definition(
        "uk-debt", "uk-railways", "capital at a fixed rate of interest", "payback",
        _series("capital_at_fixed_interest", case="uk-railways"), GB,
        combine="stock", measure="debt",
    ),
    Definition(
        "us-railroads", "us-railroads",
        "gross capital expenditures of steam railroads, Ulmer", "spending_history",
        _series("railroad_gross_capital_expenditure"), GNP,
    ),
    Definition(
        "us-railroads-shares", "us-railroads", "index of railroad shares, mean of the months",
        "us_railroad_stocks", {}, None, combine="index", measure="share_prices",
        value="index", first=1870, last=1900,
    ),
    Definition(
        "us-digital", "us-telecom",
        "gross investment in digital infrastructure, BEA (NAICS 515, 517, 518, 519)",
        "spending_history", _series("digital_infrastructure"), GDP,
    ),
    Definition(
        "us-telecom-detail", "us-telecom",
        "private investment of broadcasting and telecom, all assets, BEA detail as recovered",
        "us_investment", {"industry": ("5130",), "class": ("E", "S", "I")}, GDP,
    ),
    Definition(
        "us-communications", "us-telecom",
        "capital expenditures of companies in communications (SIC 48), Census survey",
        "spending_history", _series("communications_capital_expenditure"), GDP,
    ),
    Definition(
        "us-telecom-ubs", "us-telecom",
        "capital expenditure of US service providers, UBS Warburg in the press", "buildouts",
        _series("capital expenditure, US service providers (2)"), GDP,
    ),
    Definition(
        "us-telecom-equipment", "us-telecom",
        "equipment bought by US carriers, ABN AMRO in the press", "buildouts",
        _series("equipment bought by US carriers (4)"), GDP,
    ),
    Definition(
        "us-broadband", "us-telecom",
        "capital expenditure of broadband providers, mean a year, USTelecom", "payback",
        _series("us_broadband_capex_ustelecom_avg", case="us-telecom"), GDP,
        "interval", "rate",
    ),
    Definition(
        "us-telecom-116", "us-telecom",
        "capital expenditure of 116 telecom firms, more than, mean a year, Los Angeles Times",
        "payback", _series("us_telecom_capex_latimes", case="us-telecom"), GDP,
        "interval", "total",
    ),
    Definition(
        "us-telecom-receipts", "us-telecom",
        "revenue of all telecom carriers from filings to the FCC", "payback", _FCC, GDP,
        measure="receipts",
    ),
    Definition(
        "us-telephone-receipts", "us-telecom",
        "revenue of telephone communications (SIC 481), Census survey", "payback", _CENSUS,
        GDP, measure="receipts",
    ),
    Definition(
        "us-telecom-shares", "us-telecom",
        "return of listed telecom shares in the year, with dividends, French", "us_industries",
        {"industry": ("Telcm",)}, None, combine="return", measure="share_prices",
        value="return", first=1995, last=2003,
    ),
    *_of_five(
        "ai-five", "capital expenditure of five AI builders, worldwide, all purposes",
        "capex", "spending", ("year", "four quarters", "newest quarter", "quarter"),
    ),
    Definition(
        "ai-buildings-year", "ai", "construction of data centres in the US, calendar years",
        "buildouts", _series("construction of data centres, not adjusted"), GDP_NOW,
    ),
    Definition(
        "ai-buildings-four-quarters", "ai",
        "construction of data centres in the US, the last four quarters", "buildouts",
        _series("construction of data centres, not adjusted"), GDP_NOW, "four quarters",
    ),
    *_of_five(
        "ai-five-revenue", "revenue of the five from all that they sell, worldwide",
        "revenue", "receipts", ("year", "four quarters"),
    ),
    *_of_five(
        "ai-five-cash", "cash from operations of the five, worldwide",
        "operating_cash_flow", "cash_from_operations", ("year", "four quarters"),
    ),
    Definition(
        "ai-five-debt", "ai", "debt of the five without leases, end of the quarter",
        "ai_capex", _five("debt_without_leases"), GDP_NOW, "quarter", "stock", "debt",
    ),
    Definition(
        "us-it-year", "us-it",
        "private investment in information processing equipment and software, BEA, years",
        "us_it_investment", {}, GDP_NOW, "year", "rate", value="info_equipment_software",
        builders=False,
    ),
    Definition(
        "us-it-newest-quarter", "us-it",
        "private investment in information processing equipment and software, BEA, the newest "
        "quarter at an annual rate",
        "us_it_investment", {}, GDP_NOW, "newest quarter", "rate",
        value="info_equipment_software", builders=False,
    ),
)  # fmt: skip
DEFINITIONS: Mapping[str, Definition] = MappingProxyType({d.key: d for d in _TABLE})
"""Definitions by key, in the order in which the view tells them."""

LEFT_OUT: Mapping[str, str] = {
    "British railways by year after 1846": (
        "Mitchell's shares and Odlyzko's sums were seen in a machine-written ledger alone "
        "(grade C in uk_railways and payback); additions to paid-up capital stand for them"
    ),
    "British railways of the 1860s by year": (
        "spending is not on record; additions to paid-up capital are, between the dates told"
    ),
    "US canals, electrification, highways": (
        "spending is not on record; the averages of Van Nieuwerburgh (2026) were seen only as "
        "restated in machine-written reviews, the paper was not"
    ),
    "British canals": "what Parliament authorised is on record, which is no spending",
    "US railroads over GDP before 1875": "the series of GNP begins in 1875",
    "US carriers in 1995, 2000 and 2002, quoted from the FRBSF": (
        "seen in a program of a hobby repository alone; the article was not seen"
    ),
    "Cash and debt of US telecom as a whole": (
        "single carriers stand in financing; the sector is not on record"
    ),
    "Receipts, cash and debt of US railroads": "not on record for these years",
    "Shares of the five AI builders as one": (
        "prices of each are in ai_market; no weights under open terms are on record"
    ),
}
"""What is not in the view, and why."""

_MILLIONS: Mapping[str, tuple[float, str]] = {
    "GBP": (1e-6, "million GBP"),
    "million GBP": (1.0, "million GBP"),
    "USD": (1e-6, "million USD"),
    "USD a month": (1e-6, "million USD"),
    "USD per year, average": (1e-6, "million USD"),
    "million USD": (1.0, "million USD"),
    "billion USD": (1e3, "million USD"),
    "billion USD, annual rate": (1e3, "million USD"),
}
_A_YEAR = ("interval", "increase", "newest quarter")
_FEW = 2
"""Most locators of one table that are told one by one."""


@dataclass(frozen=True, slots=True, repr=False)
class BoomRow(Result):
    """What was spent, received, owed or paid in one boom, by one definition, at one time.

    Attributes
    ----------
    boom : str
        One of `BOOMS`.
    year : str
        A year, first and last year of an interval, or quarters (``2026Q2``).
    value, unit : float, str
        Millions of the currency, of an interval the mean a year; of shares as the table has it.
    share_of_gdp : float
        Percent of GDP (of GNP for US railroads); NaN where none, and ``note`` says why.
    definition : str
        What is counted.
    vintage : str
        When these figures of spending were in print: day, month or year.
    source, locator, grade : str
        Of the figure and of what it is divided by; the weakest grade of both.
    measure : str
    denominator : str
        What it is divided by; "" for shares.
    builders : bool
        False for an aggregate of all buyers, which must not be read beside builders.
    estimated : bool
        Whether a source calls any of the values an estimate.
    note : str
    """

    _told = ("boom", "year", "value", "unit", "share_of_gdp", "grade")

    boom: str
    year: str
    value: float
    unit: str
    share_of_gdp: float
    definition: str
    vintage: str
    source: str
    locator: str
    grade: str
    measure: str
    denominator: str
    builders: bool
    estimated: bool
    note: str


@dataclass(frozen=True, slots=True, repr=False)
class BoomsInMoney(Result):
    """What the builders of each boom spent, in money and over GDP.

    Attributes
    ----------
    rows : tuple of BoomRow
        One a boom, definition and time.
    left_out : mapping of str to str
        What is not here, and why.
    grade : str
        Weakest of the rows.
    """

    _told = ("rows", "grade")

    rows: tuple[BoomRow, ...]
    left_out: Mapping[str, str]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a boom, definition and time.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `BoomRow`.
        """
        return stacked(self.rows, BoomRow)

    @checked
    def of(self, boom: str) -> "BoomsInMoney":
        """The rows of one boom.

        Parameters
        ----------
        boom : str

        Returns
        -------
        BoomsInMoney

        Raises
        ------
        InputError
            If there is no such boom.
        DataError
            If nothing of it was known by the day of the open library.

        Examples
        --------
        >>> len(booms_in_money().of("us-railroads").rows)
        62
        """
        if boom not in BOOMS:
            raise InputError(f"boom {boom!r}: expected one of {', '.join(BOOMS)}")
        kept = tuple(row for row in self.rows if row.boom == boom)
        if not kept:
            raise not_known(boom)
        return replace(self, rows=kept, grade=weakest(row.grade for row in kept))


@once
def booms_in_money() -> BoomsInMoney:
    """Lay out what the builders of each boom spent, in money and over GDP.

    Returns
    -------
    BoomsInMoney
        Of the open library: inside `manias.known_on` what was known by then.

    Notes
    -----
    Definitions are never spliced: two definitions of one year are two rows, to be compared and
    not to be added up. Vintages differ: British spending is told as the returns of the time had
    it, US railroads as reckoned in 1960.

    Examples
    --------
    >>> table = booms_in_money().to_frame()
    >>> told = table["definition"].str.startswith("spending on building")
    >>> table[told & (table["year"] == "1846")]["share_of_gdp"].round(1).tolist()
    [6.1, 5.6]
    """
    rows = tuple(p.row for d in DEFINITIONS.values() for p in points(d))
    if not rows:
        raise not_known("booms_in_money")
    return BoomsInMoney(rows, MappingProxyType(LEFT_OUT), weakest(row.grade for row in rows))


def boom_rows(rows: Iterable[BoomRow]) -> tuple[Rows, ...]:
    """Rows of the tables behind rows of the view.

    Parameters
    ----------
    rows : iterable of BoomRow

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> (row,) = (r for r in booms_in_money().of("us-railroads").rows if r.value == 440)
    >>> [(r.name, len(r.frame)) for r in boom_rows([row])]
    [('spending_history', 1), ('us_macro', 1)]
    """
    wanted = {(row.definition, row.year) for row in rows}
    return merged(
        part
        for d in DEFINITIONS.values()
        for p in points(d)
        if (d.text, p.row.year) in wanted
        for part in p.behind
    )


# ---- how a row is made


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A row of the view, the months that it counts for, and the rows behind it.

    Attributes
    ----------
    row : BoomRow
    first, last : pandas.Period
        Months.
    used : tuple of (str, pandas.DataFrame, str)
        Table, its rows, and why these: of what was spent, and of what it is divided by.
    """

    row: BoomRow
    first: pd.Period
    last: pd.Period
    used: tuple[tuple[str, pd.DataFrame, str], ...]

    @property
    def behind(self) -> tuple[Rows, ...]:
        """The rows behind it."""
        return tuple(some(table, frame.index, how) for table, frame, how in self.used)

    @property
    def year(self) -> int | None:
        """The calendar year; None of anything else."""
        is_year = self.first.month == 1 and self.last == self.first + 11
        return self.first.year if is_year else None


@once
def points(d: Definition) -> tuple[Point, ...]:
    """Every row of a definition, by time.

    Parameters
    ----------
    d : Definition
        One of `DEFINITIONS`.

    Returns
    -------
    tuple of Point
        Empty where nothing of it was known by the day of the open library.

    Examples
    --------
    >>> [p.year for p in points(DEFINITIONS["us-communications"])]
    [1996, 1997, 1998]
    """
    source, frame = _read(d.table, d.where, d.value)
    if frame.empty:
        return ()
    unit = frame["unit"].iloc[0] if "unit" in frame else source.units[d.value]
    inside = frame["first"].dt.year.between(d.first or 0, d.last or 9999) & (
        frame["grade"] != "C"
    )
    return tuple(_point(d, source, unit, part) for part in _parts(d, frame[inside]))


def _read(
    table: str, where: Mapping[str, tuple[str, ...]], value: str
) -> tuple[Dataset, pd.DataFrame]:
    """Rows of a table that had ended by the day, with the months that each counts for."""
    source = load(table)
    frame = source.frame
    kept = frame[value].notna()
    for column, wanted in where.items():
        kept &= frame[column].isin(wanted)
    frame = frame[kept]
    if frame.empty:
        if current().day is None:
            raise DataError(f"{table}: no rows of {dict(where)}; expected some")
        return source, frame
    firsts, lasts = _spans(frame)
    frame = frame.assign(first=firsts, last=lasts)
    day = current().day
    if day is not None:
        # A fiscal quarter may be over before the calendar quarter it counts for.
        frame = frame[frame["last"].dt.end_time.dt.normalize() <= day]
    return source, frame.sort_values("first", kind="stable")


def _spans(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """First and last month that each row counts for."""
    dated = [c for c in frame if isinstance(frame[c].dtype, pd.PeriodDtype)]
    if "period_end" in frame:
        ends = [calendar_quarter(frame["period_end"])] * 2
    elif dated:
        ends = [frame[dated[0]]] * 2
    else:
        parts = frame["period"].str.split("/")
        ends = [parts.str[0].map(to_period), parts.str[-1].map(to_period)]
    months = [
        pd.Series([p.asfreq("M", how=how) for p in part], frame.index, dtype="period[M]")
        for part, how in zip(ends, ("start", "end"), strict=True)
    ]
    return months[0], months[1]


Part = tuple[pd.DataFrame, pd.Period, pd.Period]


def _parts(d: Definition, frame: pd.DataFrame) -> Iterator[Part]:
    """Rows that go together, with the first and the last month that they count for."""
    months = (frame["last"] - frame["first"]).map(lambda step: step.n + 1)
    if d.kind == "increase":
        for before, after in pairwise(frame.index):
            ends = frame.at[before, "last"] + 1, frame.at[after, "last"]
            yield frame.loc[[before, after]], *ends
    elif d.kind == "interval":
        for label in frame.index[months > 12]:
            yield frame.loc[[label]], frame.at[label, "first"], frame.at[label, "last"]
    else:
        whole = _whole(d, frame, months)
        n = 4 if d.kind == "four quarters" else 1
        ends = [end for end in whole if all(end - k in whole for k in range(n))]
        for end in ends if d.kind in ("year", "quarter") else ends[-1:]:
            parts = pd.concat([whole[end - k] for k in reversed(range(n))])
            yield parts, (end - n + 1).asfreq("M", "start"), end.asfreq("M", "end")


def _whole(
    d: Definition, frame: pd.DataFrame, months: pd.Series
) -> dict[pd.Period, pd.DataFrame]:
    """Rows by year or quarter, of those of which every month of every member is there."""
    size = 12 if d.kind == "year" else 3
    members = [len(w) for c, w in d.where.items() if c in ("company", "class")]
    needed = size * (members[0] if members else 1)
    periods = frame["first"].dt.asfreq("Y" if size == 12 else "Q")
    return {
        period: part
        for period, part in frame[months <= size].groupby(periods)
        if months[part.index].sum() == needed
    }


def _point(d: Definition, source: Dataset, unit: str, found: Part) -> Point:
    part, first, last = found
    years = ((last - first).n + 1) / 12
    scale, named = _MILLIONS.get(unit, (1.0, unit))
    values = part[d.value].astype(float)
    match d.combine:
        case "flow" if d.kind == "increase":
            value = (values.iloc[1] - values.iloc[0]) / years
        case "flow":
            value = values.sum() / (years if d.kind == "newest quarter" else 1)
        case "total":
            value = values.sum() / years
        case "stock":
            value = values.sum()
        case "return":
            value, scale, named = 100 * ((1 + values / 100).prod() - 1), 1.0, "percent"
        case _:
            value = values.mean()
    value = round(float(value * scale), 6)
    a_year = d.kind in _A_YEAR or (d.combine == "rate" and d.kind != "year")
    is_part = d.kind == "quarter" and d.combine == "flow"
    used = [(d.table, part, d.key)]
    share, reason = float("nan"), "prices of shares, not money"
    if d.over is not None:
        below, rows = _months(d.over)
        reason = f"{d.over.text} is not on record for {_label(first, last)}"
        over = [below.get(month) for month in range(first.ordinal, last.ordinal + 1)]
        known = [one for one in over if one is not None]
        if len(known) == len(over):
            mean = sum(amount for amount, _ in known) / len(known)
            share, reason = 100 * value / (years if is_part else 1) / mean, ""
            labels = list(dict.fromkeys(label for _, label in known))
            used.append((d.over.table, rows.loc[labels], d.over.column))
    frames = [frame for _, frame, _ in used]
    notes = dict.fromkeys([*_notes(part), *filter(None, [reason])])
    row = BoomRow(
        boom=d.boom,
        year=_label(first, last),
        value=value,
        unit=f"{named} a year" if a_year and d.over is not None else named,
        share_of_gdp=share,
        definition=d.text,
        vintage=_vintage(part, source),
        source="; ".join(dict.fromkeys(key for frame in frames for key in _keys(frame))),
        locator="; over ".join(_locator(table, frame) for table, frame, _ in used),
        grade=weakest(grade for frame in frames for grade in frame["grade"]),
        measure=d.measure,
        denominator="" if d.over is None else d.over.text,
        builders=d.builders,
        estimated=any(map(_is_estimated, frames)),
        note="; ".join(notes),
    )
    return Point(row, first, last, tuple(used))


@once
def _months(over: Over) -> tuple[dict[int, tuple[float, int]], pd.DataFrame]:
    """GDP at an annual rate in millions with its row, by month, and all of these rows."""
    source, frame = _read(over.table, over.where, over.column)
    if frame.empty:
        return {}, frame
    unit = frame["unit"].iloc[0] if "unit" in frame else source.units[over.column]
    scale = _MILLIONS[unit][0]
    cells = (frame.index, frame[over.column], frame["first"], frame["last"])
    found = {
        month: (float(value) * scale, label)
        for label, value, first, last in zip(*cells, strict=True)
        for month in range(first.ordinal, last.ordinal + 1)
    }
    return found, frame


def _keys(frame: pd.DataFrame) -> list[str]:
    return [key.strip() for text in dict.fromkeys(frame["source"]) for key in text.split(";")]


def _label(first: pd.Period, last: pd.Period) -> str:
    if first.month == 1 and last.month == 12:
        years = dict.fromkeys((first.year, last.year))
        return "/".join(map(str, years))
    return "/".join(dict.fromkeys(str(p.asfreq("Q")) for p in (first, last)))


def _notes(part: pd.DataFrame) -> list[str]:
    if "note" not in part:
        return []
    return [t for t in part["note"].dropna().unique() if not t.startswith("as in ")][:_FEW]


def _is_estimated(frame: pd.DataFrame) -> bool:
    estimated = "quality" in frame and (frame["quality"] == "estimated").any()
    return bool(estimated or ("exact" in frame and (frame["exact"] == "no").any()))


def _vintage(part: pd.DataFrame, source: Dataset) -> str:
    """Day in print where the table has it; else that of the original, or its year."""
    if "published" in part and part["published"].notna().all():
        return max(str(day)[:10] for day in part["published"])
    catalogue = source.sources_by_id()
    years = {catalogue[key].year for key in _keys(part)}
    return source.vintage if source.vintage[:4] in years else max(years)


def _locator(table: str, frame: pd.DataFrame) -> str:
    places = list(dict.fromkeys(frame["locator"]))
    if len(places) > _FEW:
        places = [f"{len(frame)} rows, the first {places[0]}, the last {places[-1]}"]
    return f"{table}: {'; '.join(places)}"
