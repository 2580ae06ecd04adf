"""Past booms on the counts of spending: placed with hindsight, and asked on the day.

Two things that are never mixed. `place_hindsight` lays famous booms on the classes of
`manias.spending.ladder` knowing how they ended: no model is fitted on these rows, and none of
them is a hit. `backtest_spending` asks the ladder of flows on a day in the past, from what was
known on that day, and says nothing where nothing was known.

**Which flows are asked.** The panel of industries is asked once a start year, on 31 December of
the year after it, when the figures of the start year are in print. In each start year from the
first in which `manias.spending.skill.LEAST` flow-years were over to the last whose five years
are on record two flows are taken, by what was known on that day:

- *boom*: of the flows that rose by 50% and more, the largest by its share of GDP;
- *flat*: of the flows in the flat class, the largest by its share of GDP.

A flow that was taken under one head is not taken again under it before five years have passed,
so that no window is counted twice. `NAMED` are asked beside them because others name them; they
were chosen knowing what followed and are not counted in `Tally`.

The panel is one late vintage: the answers are pseudo-real-time.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np
import pandas as pd

from manias.data.arguments import Count, checked
from manias.data.library import Library, current, load, once
from manias.data.results import Result, stacked
from manias.data.rows import Rows, merged, some
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.series.flows import UNITED_STATES, FlowPanel, Flows, load_flows
from manias.series.trajectories import column, column_rows
from manias.spending.ladder import (
    EDGES,
    FLAT,
    FLOORS,
    HORIZONS,
    OUTCOMES,
    STARTS,
    Rung,
    SpendingModel,
)
from manias.spending.skill import BOOM, LEAST

PANEL: FlowPanel = "industries"
YEARS = SpendingModel(PANEL).years
HORIZON = HORIZONS[PANEL]
CLASSES = SpendingModel(PANEL).classes
FALLS = OUTCOMES[""]
UNITS = {"GBP": 1e-6, "million GBP": 1.0, "million USD": 1.0, "billion USD": 1e3}
"""Unit of a table -> how many millions it is."""
InFit = Literal["no", "in parts", "yes"]


@dataclass(frozen=True, slots=True)
class Boom:
    """A boom that is placed with hindsight, and where its spending is on record.

    Attributes
    ----------
    key, name : str
    year : int
        Start year: the year from which what followed is told.
    flow : str
        ``table:series``, or ``panel:flow`` of `manias.series.flows.load_flows`.
    over : str
        ``table:series`` of GDP or GNP; "" for a panel, which has its own.
    transform : str
        As in `manias.series.trajectories.column`.
    in_fit : {"no", "in parts", "yes"}
        Whether the flow-year is among those that were counted: itself, or its spending inside
        wider flows.
    """

    key: str
    name: str
    year: int
    flow: str
    over: str = ""
    transform: str = ""
    in_fit: InFit = "no"

    @property
    def is_panel(self) -> bool:
        """Whether it is a flow of a panel."""
        return not self.over


_UK = ("uk_railways:expenditure", "uk_macro:nominal_gdp")
_PAID_UP = ("uk_railways:paid_up_capital", "uk_macro:nominal_gdp", "increase")
_RAIL = (
    "spending_history:railroad_gross_capital_expenditure",
    "us_macro:gnp_balke_gordon",
)
_DIGITAL = ("spending_history:digital_infrastructure", f"us_macro:{UNITED_STATES}")
BOOMS = (
    Boom("uk-railways-1844", "British railways", 1844, *_UK),
    Boom("uk-railways-1845", "British railways", 1845, *_UK),
    Boom("uk-railways-1846", "British railways", 1846, *_UK),
    Boom(
        "uk-railways-1865", "Additions to paid-up capital of British railways", 1865, *_PAID_UP
    ),
    Boom("us-railroads-1871", "US railroads", 1871, *_RAIL),
    Boom("us-railroads-1881", "US railroads", 1881, *_RAIL),
    Boom("us-railroads-1893", "US railroads", 1893, *_RAIL),
    Boom(
        "us-airlines-1966", "Equipment of US airlines", 1966, "industries:4810 E", in_fit="yes"
    ),
    Boom(
        "us-railway-cars-1979",
        "Cars and other equipment of US railroads",
        1979,
        "industries:4820 E",
        in_fit="yes",
    ),
    Boom(
        "us-oil-1981",
        "Wells and other structures of US oil and gas",
        1981,
        "industries:2110 S",
        in_fit="yes",
    ),
    Boom(
        "us-airlines-1998", "Equipment of US airlines", 1998, "industries:4810 E", in_fit="yes"
    ),
    Boom(
        "us-telecom-2000",
        "Equipment of US broadcasting and telecom",
        2000,
        "industries:5130 E",
        in_fit="yes",
    ),
    Boom(
        "us-digital-2000",
        "US digital infrastructure",
        2000,
        *_DIGITAL,
        in_fit="in parts",
    ),
    Boom(
        "us-shopping-2007",
        "Shopping centres of US retailers",
        2007,
        "sectors:RETR SC03",
        in_fit="in parts",
    ),
)
"""Booms that are placed with hindsight, all chosen knowing what followed."""


@dataclass(frozen=True, slots=True, repr=False)
class Hindsight(Result):
    """Where a boom stands on the classes, and what followed; known only afterwards.

    Attributes
    ----------
    key, name : str
    year : int
    share : float
        Share of GDP (GNP) in the start year; NaN where one of the two is not on record.
    rise : float
        Change of that share over three years; NaN where the year three before is not on
        record, which is never filled in.
    group : str
        Class of the change; "" where there is none, or the figures are of grade C.
    dollars, against_gdp : float
        Lowest of the next five years over the start year, less one: in money, and of the share
        of GDP. NaN where one of the five years is not on record.
    outcomes : mapping of str to (bool or None)
        ``dollars_fall_30``, ``share_falls_30``, ``share_halves``: whether it followed within
        five years, None where that is not on record.
    in_fit : str
        ``no``, ``in parts`` or ``yes``: whether the counts contain it.
    grade : str
        Weakest grade of spending and GDP.
    """

    _told = ("name", "year", "rise", "group")

    key: str
    name: str
    year: int
    share: float
    rise: float
    group: str
    dollars: float
    against_gdp: float
    outcomes: Mapping[str, bool | None]
    in_fit: InFit
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            As the attributes, and a column an outcome.
        """
        return stacked([self], Hindsight).assign(**self.outcomes)


@once
def place_hindsight() -> tuple[Hindsight, ...]:
    """Place the great booms of the record on the classes of run-up, knowing how they ended.

    Returns
    -------
    tuple of Hindsight
        In the order of `BOOMS`. They enter no fit of this package as rows of their own, and
        say nothing on how well it would have told them.

    Examples
    --------
    >>> found = {h.key: h for h in place_hindsight()}
    >>> found["us-railroads-1881"].group, found["us-railroads-1871"].group
    ('above 100', '')
    """
    return tuple(_placed(boom) for boom in BOOMS)


def hindsight_rows() -> tuple[Rows, ...]:
    """Rows behind `place_hindsight`.

    Returns
    -------
    tuple of Rows
        Of each boom the start year, the year three before it and the five after it.
    """
    return merged(part for boom in BOOMS for part in window_rows(boom))


def _placed(boom: Boom) -> Hindsight:
    money, share, grade = _spending(boom)
    now, past = share.get(boom.year, np.nan), share.get(boom.year - YEARS, np.nan)
    rise = float(now / past - 1) if min(now, past) > 0 else float("nan")
    lows = {"dollars": _low(money, boom.year), "share": _low(share, boom.year)}
    return Hindsight(
        key=boom.key,
        name=boom.name,
        year=boom.year,
        share=float(now),
        rise=rise,
        group=class_of(rise) if grade != "C" else "",
        dollars=lows["dollars"],
        against_gdp=lows["share"],
        outcomes={
            name: bool(1 + lows[what] <= part) if np.isfinite(lows[what]) else None
            for name, (what, part) in FALLS.items()
        },
        in_fit=boom.in_fit,
        grade=grade,
    )


def class_of(rise: float) -> str:
    """Class of a run-up; "" where it is not known.

    Parameters
    ----------
    rise : float
        As a share: 0.5 is 50%.

    Returns
    -------
    str

    Examples
    --------
    >>> class_of(0.5), class_of(float("nan"))
    ('50 to 100', '')
    """
    return CLASSES[int(np.digitize(rise, EDGES[""]))] if np.isfinite(rise) else ""


def _spending(boom: Boom) -> tuple[pd.Series, pd.Series, str]:
    """Money in millions and share of GDP by year, and the weakest grade of both."""
    name, _, series = boom.flow.partition(":")
    if boom.is_panel:
        flows = load_flows(cast(FlowPanel, name))
        if flows.dollars is None or series not in flows.share:
            raise InputError(f"flow {boom.flow!r}: expected panel:flow of a panel in dollars")
        return flows.dollars[series], flows.share[series], weakest(_grades(flows.rows))
    below, _, gdp = boom.over.partition(":")
    flow, whole = column(name, series, transform=boom.transform), column(below, gdp)
    money, over = (_by_year(path.values) * UNITS[path.unit] for path in (flow, whole))
    return money, (money / over).dropna(), weakest([flow.grade, whole.grade])


def _grades(rows: tuple[Rows, ...]) -> Iterator[str]:
    for part in rows:
        yield from part.grades or (load(part.dataset).grade,)


def _by_year(values: pd.Series) -> pd.Series:
    return pd.Series(values.to_numpy(dtype=float), values.index.year)


def _low(values: pd.Series, year: int) -> float:
    """Lowest of the next five years over this one, less one; NaN where one is missing."""
    later = values.reindex(range(year + 1, year + HORIZON + 1)).to_numpy(dtype=float)
    return float(later.min() / values.get(year, np.nan) - 1)


def window_rows(boom: Boom) -> Iterator[Rows]:
    """Rows of a boom: its start year, the year three before it and the five after it."""
    name, _, series = boom.flow.partition(":")
    years = {boom.year - YEARS, *range(boom.year, boom.year + HORIZON + 1)}
    how = f"{boom.flow}, {boom.year}"
    if not boom.is_panel:
        stocks = {y - 1 for y in years} if boom.transform == "increase" else set()
        rows = column_rows(name, series)
        yield some(name, rows.index[rows["for"].dt.year.isin(years | stocks)], how)
        below, _, gdp = boom.over.partition(":")
        rows = column_rows(below, gdp)
        yield some(below, rows.index[rows["for"].dt.year.isin(years)], how)
        return
    table, keys = PANELS[name]
    frame = load(table.partition(".")[0]).tables[table.partition(".")[2]]
    mine = frame["year"].dt.year.isin(years)
    for key, value in zip(keys, series.split(), strict=True):
        mine &= frame[key] == value
    yield some(table, mine, how)
    rows = column_rows("us_macro", UNITED_STATES)
    yield some("us_macro", rows.index[rows["for"].dt.year.isin(years)], how)


PANELS = {
    "industries": ("us_investment.data", ("industry", "class")),
    "sectors": ("us_investment.sectors", ("sector", "asset_code")),
}
"""Panel -> its table, and the columns of which the name of a flow is made."""


# ---- asked on the day


NAMED: Mapping[tuple[str, int], str] = {
    ("2110 S", 1981): "Wells and other structures of US oil and gas",
    ("5130 E", 1998): "Equipment of US broadcasting and telecom",
    ("5130 E", 1999): "Equipment of US broadcasting and telecom",
    ("5130 E", 2000): "Equipment of US broadcasting and telecom",
}
"""Flow and start year -> name, of those that are asked because others name them."""
BEFORE: Mapping[int, str] = {
    1845: "British railways",
    1881: "US railroads",
    1893: "US railroads",
}
"""Start year -> boom, before there were any cases."""
Chosen = Literal["named", "boom", "flat", "before"]


@dataclass(frozen=True, slots=True, repr=False)
class Foretold(Result):
    """What the class of a flow said of one outcome on a day, and whether it came.

    Attributes
    ----------
    outcome : str
    frequency, base : float
        In its class, and among all flow-years over by then.
    interval : tuple of float
    n : int
        Flow-years of its class over by then.
    came : bool or None
        Within five years; None where they are not on record.
    """

    _told = ("outcome", "frequency", "base", "n", "came")

    outcome: str
    frequency: float
    base: float
    interval: tuple[float, float]
    n: int
    came: bool | None


@dataclass(frozen=True, slots=True, repr=False)
class Asked(Result):
    """A flow of which the ladder was asked on a day, on what was known on that day.

    Attributes
    ----------
    chosen : {"named", "boom", "flat", "before"}
        Why it is asked, as the module says.
    flow, name : str
        Flow of the panel; name of a boom, or industry and class of asset.
    year : int
        Start year.
    day : str
        On which it was asked.
    share, rise : float
        Share of GDP, and its change over three years, as known on the day.
    group : str
        Class of the change.
    outcomes : tuple of Foretold
        Empty where the ladder says nothing.
    silence : str
        Why it says nothing; "" where it speaks.
    """

    _told = ("name", "year", "day", "rise", "group")

    chosen: Chosen
    flow: str
    name: str
    year: int
    day: str
    share: float
    rise: float
    group: str
    outcomes: tuple[Foretold, ...]
    silence: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row an outcome; none where the ladder says nothing.

        Returns
        -------
        pandas.DataFrame
            As `Foretold`, and ``name``, ``year``, ``day``, ``group``.
        """
        told = stacked(self.outcomes, Foretold)
        return told.assign(name=self.name, year=self.year, day=self.day, group=self.group)

    @checked
    def outcome(self, name: str) -> Foretold:
        """What was said of an outcome, by its name."""
        return next(f for f in self.outcomes if f.outcome == name)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an outcome came among the flows taken by the rule, beside what was said.

    Attributes
    ----------
    chosen : {"boom", "flat"}
    outcome : str
    n, came : int
        Flows asked whose five years are on record, and those in which it came.
    said, base : float
        Mean of the frequencies in their classes, and of the base rates known then.
    """

    chosen: Chosen
    outcome: str
    n: int
    came: int
    said: float
    base: float


@checked
@once
def backtest_spending(
    first: Count | None = None, last: Count | None = None
) -> tuple[Asked, ...]:
    """Ask the ladder of past booms, and of flows that did not boom, on what was known then.

    Parameters
    ----------
    first, last : int, optional
        Start years, by default from five years after the first of the panel to its last.

    Returns
    -------
    tuple of Asked
        Booms before there were cases, of which the ladder is silent, and then by start year.
        The rule by which flows are taken stands at the head of the module.

    Examples
    --------
    >>> found = backtest_spending(1981, 1982)
    >>> found[0].name, found[0].silence
    ('British railways', 'industries: nothing was known by 1846-12-31')
    >>> [(a.year, a.chosen) for a in found if a.outcomes][:3]
    [(1981, 'named'), (1981, 'boom'), (1981, 'flat')]
    """
    asked = [_before(year, name) for year, name in BEFORE.items()]
    taken: dict[tuple[Chosen, str], int] = {}
    # The years of the panel bound the loop; what is asked in each of them sees less.
    begin, end = STARTS[PANEL]
    for year in range(first or begin + HORIZON, (last or end) + 1):
        asked += ask_year(year, taken)
    return tuple(asked)


def ask_year(year: int, taken: dict[tuple[Chosen, str], int] | None = None) -> list[Asked]:
    """Ask the ladder in one start year.

    Parameters
    ----------
    year : int
        Start year; it is asked at the end of the next.
    taken : dict, optional
        Head and flow -> year in which it was last taken; what is taken now is written into it.

    Returns
    -------
    list of Asked
        Named flows first; none where fewer than `manias.spending.skill.LEAST` flow-years were
        over.

    Examples
    --------
    >>> [(a.chosen, a.flow, a.group) for a in ask_year(1981)][0]
    ('named', '2110 S', 'above 100')
    """
    taken = {} if taken is None else taken
    found = []
    with _day(year):
        try:
            flows, rungs = load_flows(PANEL), SpendingModel(PANEL).rungs()
        except DataError:
            return []
        if sum(r.n for r in rungs) < LEAST or flows.share.index[-1] < year:
            return []
        names = _names()
        for flow, chosen in _chosen(flows, year, taken):
            name = NAMED.get((flow, year), names[flow]) if chosen == "named" else names[flow]
            found.append(_ask(flows, rungs, flow, year, chosen, name))
    later = load_flows(PANEL)
    return [_with_ends(one, later) for one in found]


def day_of(year: int) -> str:
    """Day on which a start year is asked: the last of the next year.

    Parameters
    ----------
    year : int

    Returns
    -------
    str

    Examples
    --------
    >>> day_of(1981)
    '1982-12-31'
    """
    return f"{year + 1}-12-31"


def tally(asked: tuple[Asked, ...]) -> tuple[Tally, ...]:
    """Count what came among the flows taken by the rule.

    Parameters
    ----------
    asked : tuple of Asked
        Those that are named, and booms before there were cases, are left out.

    Returns
    -------
    tuple of Tally
        Booms, then flat flows, an outcome each.
    """
    found = []
    for chosen in ("boom", "flat"):
        for outcome in FALLS:
            told = [a.outcome(outcome) for a in asked if a.chosen == chosen and a.outcomes]
            told = [f for f in told if f.came is not None]
            if told:
                said, base = (float(np.mean([getattr(f, w) for f in told])) for w in _MEANS)
                came = sum(bool(f.came) for f in told)
                found.append(Tally(chosen, outcome, len(told), came, said, base))
    return tuple(found)


_MEANS = ("frequency", "base")


def backtest_rows() -> tuple[Rows, ...]:
    """Rows behind `backtest_spending`: all of the panel of industries, and GDP.

    Returns
    -------
    tuple of Rows
    """
    flows = load_flows(PANEL)
    rows = column_rows("us_macro", UNITED_STATES)
    inside = rows["for"].dt.year.isin(flows.share.index)
    table, _ = flows.rows
    return merged((table, some("us_macro", rows.index[inside], f"{UNITED_STATES}, its years")))


def _before(year: int, name: str) -> Asked:
    nan = float("nan")
    try:
        with _day(year):
            load_flows(PANEL)
    except DataError as error:
        return Asked("before", "", name, year, day_of(year), nan, nan, "", (), error.text)
    raise DataError(f"{PANEL}: cases were known on {day_of(year)}; expected none")


def _day(year: int) -> AbstractContextManager[Library]:
    """What was known on the day; nothing of it is kept, for there are many days."""
    return current().holding({}).known_on(day_of(year)).open()


def _chosen(
    flows: Flows, year: int, taken: dict[tuple[Chosen, str], int]
) -> Iterator[tuple[str, Chosen]]:
    """Flows that are asked in a start year, by what the open library knows."""
    share, rise = _then(flows, year)
    for flow, when in NAMED:
        if when == year:
            yield flow, "named"
    large = share[(share >= FLOORS[PANEL]) & np.isfinite(rise)].sort_values(ascending=False)
    heads: dict[Chosen, pd.Series] = {
        "boom": rise >= BOOM,
        "flat": rise.map(class_of) == FLAT,
    }
    for chosen, inside in heads.items():
        for flow in large.index[inside.reindex(large.index)]:
            if year - taken.get((chosen, flow), -HORIZON) >= HORIZON:
                taken[chosen, flow] = year
                yield flow, chosen
                break


def _then(flows: Flows, year: int) -> tuple[pd.Series, pd.Series]:
    """Share of GDP, and its change over three years, of every flow in a year."""
    share, past = flows.share.loc[year], flows.share.loc[year - YEARS]
    return share, share / past.where(past > 0) - 1


def _ask(
    flows: Flows, rungs: tuple[Rung, ...], flow: str, year: int, chosen: Chosen, name: str
) -> Asked:
    share, rise = (float(values[flow]) for values in _then(flows, year))
    rung, n = rungs[CLASSES.index(class_of(rise))], sum(r.n for r in rungs)
    outcomes = tuple(
        Foretold(
            outcome=outcome,
            frequency=rung.frequency[outcome],
            base=sum(r.n * r.frequency[outcome] for r in rungs if r.n) / n,
            interval=rung.interval[outcome],
            n=rung.n,
            came=None,
        )
        for outcome in FALLS
    )
    return Asked(chosen, flow, name, year, day_of(year), share, rise, rung.name, outcomes)


def _with_ends(asked: Asked, later: Flows) -> Asked:
    """The same with what came, read from the whole record."""
    whole = {"share": later.share, "dollars": later.dollars}
    lows = {
        what: _low(table[asked.flow], asked.year)
        for what, table in whole.items()
        if table is not None
    }
    ends = tuple(
        replace(told, came=bool(1 + lows[what] <= part) if np.isfinite(lows[what]) else None)
        for told, (what, part) in zip(asked.outcomes, FALLS.values(), strict=True)
    )
    return replace(asked, outcomes=ends)


def _names() -> dict[str, str]:
    """Flow -> industry and class of asset, as the table spells them."""
    frame = load("us_investment").frame.drop_duplicates(["industry", "class"])
    flows = frame["industry"] + " " + frame["class"]
    return dict(zip(flows, frame["industry_name"], strict=True))
