"""Panels of investment: many flows of spending by year, over GDP and in money."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from manias.data.arguments import checked
from manias.data.library import load, not_known, once
from manias.data.results import Result
from manias.data.rows import Rows, some, whole
from manias.errors import DataError, InputError

FlowPanel = Literal["industries", "sectors", "countries", "firms"]
UNITED_STATES = "gdp_bea"
"""Series of ``us_macro`` over which US spending is taken; it ends before the firms do, whose
spending is taken over the GDP of ``us_it_investment``."""
NOT_BUILDERS = ("Financial Services", "Real Estate")
"""Sectors of firms that are left out: their capital expenditure is not what they invest."""
RECORDS: Mapping[str, tuple[int, int]] = {
    "industries": (1960, 2014),
    "sectors": (1960, 2014),
    "countries": (1950, 2019),
}
"""First and last year of a panel that is read unless others are asked for: those on record when
``reports/analysis-plan.md`` was written. Later tables may reach further either way; what they
add is kept to confirm the plan, which names it, and enters no fit by itself."""


@checked
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Flows(Result):
    """Spending by year and flow.

    Attributes
    ----------
    name : {"industries", "sectors", "countries", "firms"}
    share : pandas.DataFrame
        Years x flows; share of GDP (1 is all of it).
    dollars : pandas.DataFrame or None
        The same in million dollars of the year; None where only the share is on record.
    blocks : pandas.Series
        Flow -> what it is resampled with: its sector, the country or the firm itself.
    rows : tuple of Rows
        What was read.
    cash : pandas.DataFrame or None
        Cash from operations of the same units, million dollars; of firms only.
    sectors : pandas.Series or None
        Flow -> sector; of firms only.
    """

    _told = ("name", "years=share", "flows=blocks")

    name: str
    share: pd.DataFrame
    dollars: pd.DataFrame | None
    blocks: pd.Series
    rows: tuple[Rows, ...]
    cash: pd.DataFrame | None = None
    sectors: pd.Series | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row a year and flow.

        Returns
        -------
        pandas.DataFrame
            ``year``, ``flow``, ``share``, and ``dollars`` and ``cash`` where on record.
        """
        parts = {"share": self.share, "dollars": self.dollars, "cash": self.cash}
        kept = {name: part for name, part in parts.items() if part is not None}
        long = [
            part.rename_axis(index="year", columns="flow").stack() for part in kept.values()
        ]
        return pd.concat(long, axis=1, keys=kept).reset_index()


@checked
@once
def load_flows(
    panel: FlowPanel = "industries", *, years: tuple[int, int] | None = None
) -> Flows:
    """Read a panel of investment from the tables of the open library.

    Parameters
    ----------
    panel : {"industries", "sectors", "countries", "firms"}
        Industries by class of asset (``us_investment``), sectors by asset
        (``us_investment.sectors``), shares of capital formation of countries
        (``world_investment``), or capital expenditure of firms outside finance and real estate
        (``firm_capex``).
    years : tuple of (int, int), optional
        First and last year; those of `RECORDS` where None, and of a panel that it does not name
        every year.

    Returns
    -------
    Flows
        Years in which a flow is not on record are missing, never filled in.

    Raises
    ------
    InputError
        If there is no such panel, or the last year comes before the first.
    DataError
        If nothing of it was known by the day of the open library, or in those years.

    Examples
    --------
    >>> load_flows("industries").share.shape
    (55, 183)
    """
    if panel not in get_args(FlowPanel):
        raise InputError(f"panel {panel!r}: expected one of {', '.join(get_args(FlowPanel))}")
    span = RECORDS.get(panel) if years is None else years
    if span is not None and span[0] > span[1]:
        raise InputError(f"years={years}: expected the first and the last year")
    if panel == "countries":
        table = _known(load("world_investment").frame, panel)
        frame, rows = _cut("world_investment", table, span)
        share = frame.pivot(index="year", columns="country", values="share")
        blocks = pd.Series(share.columns, share.columns)
        return Flows(panel, _by_year(share), None, blocks, (rows,))
    read = {"industries": _industries, "sectors": _sectors, "firms": _firms}
    frame, rows = read[panel](span)
    dollars = _by_year(frame.pivot(index="year", columns="flow", values="value"))
    gdp, gdp_rows = _gdp_now() if panel == "firms" else _gdp()
    share = dollars.div(gdp.reindex(dollars.index), axis=0)
    blocks = frame.drop_duplicates("flow").set_index("flow")["block"].reindex(dollars.columns)
    seen = (*rows, gdp_rows)
    if panel != "firms":
        return Flows(panel, share, dollars, blocks, seen)
    cash = _by_year(frame.pivot(index="year", columns="flow", values="operating_cash_flow"))
    sectors = frame.drop_duplicates("flow").set_index("flow")["sector"]
    return Flows(panel, share, dollars, blocks, seen, cash, sectors.reindex(dollars.columns))


def _known(frame: pd.DataFrame, panel: str) -> pd.DataFrame:
    if frame.empty:
        raise not_known(panel)
    return frame


Span = tuple[int, int] | None
Read = tuple[pd.DataFrame, tuple[Rows, ...]]


def _cut(name: str, frame: pd.DataFrame, span: Span) -> tuple[pd.DataFrame, Rows]:
    """Rows of a table in some years, and of the flows that were spent on in them."""
    if span is None:
        return frame, whole(name)[0]
    inside = frame["year"].dt.year.between(*span)
    if not inside.any():
        raise DataError(f"{name}: no year on record; expected one of {span[0]} to {span[1]}")
    if inside.all():
        return frame, whole(name)[0]
    return frame[inside], some(name, inside, f"year: {span[0]} to {span[1]}")


def _industries(span: Span) -> Read:
    table = _known(load("us_investment").frame, "industries")
    frame, rows = _cut("us_investment.data", table, span)
    flow = frame["industry"] + " " + frame["class"]
    return frame.assign(flow=flow, block=frame["sector"]), (rows,)


def _sectors(span: Span) -> Read:
    table = _known(load("us_investment").tables["sectors"], "sectors")
    frame, rows = _cut("us_investment.sectors", table, span)
    flow = frame["sector"] + " " + frame["asset_code"]
    spent = (frame["value"] != 0).groupby(flow).transform("any")
    # A pair on which nothing was spent in these years is no flow of them.
    return frame.assign(flow=flow, block=frame["sector"])[spent], (rows,)


def _firms(span: Span) -> Read:
    frame = _known(load("firm_capex").frame, "firms")
    used = ~frame["sector"].isin(NOT_BUILDERS)
    told = f"sector: not {' or '.join(NOT_BUILDERS)}"
    if span is not None:
        used &= frame["year"].dt.year.between(*span)
        told += f"; year: {span[0]} to {span[1]}"
    kept = frame[used]
    kept = kept.assign(flow=kept["ticker"], block=kept["ticker"], value=kept["capex"])
    return kept, (some("firm_capex", used, told),)


def gdp_of(panel: FlowPanel) -> pd.Series:
    """GDP of each year by which the dollars of a panel are divided.

    Parameters
    ----------
    panel : {"industries", "sectors", "firms"}

    Returns
    -------
    pandas.Series
        Million dollars, by year.

    Raises
    ------
    InputError
        If the panel has no dollars.

    Examples
    --------
    >>> flows = load_flows("industries")
    >>> shares = flows.dollars.div(gdp_of("industries").reindex(flows.share.index), axis=0)
    >>> bool(shares.equals(flows.share))
    True
    """
    if panel == "countries":
        raise InputError("panel 'countries': only shares are on record; expected another")
    return (_gdp_now() if panel == "firms" else _gdp())[0]


def _gdp() -> tuple[pd.Series, Rows]:
    """US GDP of each year, million dollars."""
    frame = load("us_macro").frame
    used = frame["series"] == UNITED_STATES
    values = frame[used].set_index("period")["value"].astype(float) * 1000
    values.index = values.index.astype(str).astype(int)
    return values, some("us_macro", used, f"series: {UNITED_STATES}")


def _gdp_now() -> tuple[pd.Series, Rows]:
    """The same of whole years since 1995, the mean of four quarters at annual rates."""
    frame = load("us_it_investment").frame
    year = frame["quarter"].astype(str).str[:4].astype(int)
    whole_year = year.map(year.value_counts()) == 4
    values = frame[whole_year].groupby(year[whole_year])["gdp"].mean()
    return values * 1000, some("us_it_investment", whole_year, "years of four quarters")


def _by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Every year from the first to the last, as whole numbers."""
    table = table.astype(float)
    table.index = table.index.astype(str).astype(int)
    return table.reindex(range(table.index[0], table.index[-1] + 1))
