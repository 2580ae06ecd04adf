"""Panels of investment: many flows of spending by year, over GDP and in money."""

from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from manias.data.library import current, load, once
from manias.data.results import Result
from manias.data.rows import Rows, some, whole
from manias.errors import DataError, InputError

FlowPanel = Literal["industries", "sectors", "countries", "firms"]
UNITED_STATES = "gdp_bea"
"""Series of ``us_macro`` over which US spending is taken; it ends before the firms do, whose
spending is taken over the GDP of ``us_it_investment``."""
NOT_BUILDERS = ("Financial Services", "Real Estate")
"""Sectors of firms that are left out: their capital expenditure is not what they invest."""


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


@once
def load_flows(panel: FlowPanel = "industries") -> Flows:
    """Read a panel of investment from the tables of the open library.

    Parameters
    ----------
    panel : {"industries", "sectors", "countries", "firms"}
        Industries by class of asset (``us_investment``), sectors by asset
        (``us_investment.sectors``), shares of capital formation of countries
        (``world_investment``), or capital expenditure of firms outside finance and real estate
        (``firm_capex``).

    Returns
    -------
    Flows
        Years in which a flow is not on record are missing, never filled in.

    Raises
    ------
    InputError
        If there is no such panel.
    DataError
        If nothing of it was known by the day of the open library.

    Examples
    --------
    >>> load_flows("industries").share.shape
    (55, 183)
    """
    if panel not in get_args(FlowPanel):
        raise InputError(f"panel {panel!r}: expected one of {', '.join(get_args(FlowPanel))}")
    if panel == "countries":
        frame = load("world_investment").frame
        share = _known(frame, panel).pivot(index="year", columns="country", values="share")
        blocks = pd.Series(share.columns, share.columns)
        return Flows(panel, _by_year(share), None, blocks, whole("world_investment"))
    read = {"industries": _industries, "sectors": _sectors, "firms": _firms}
    frame, rows = read[panel]()
    dollars = _by_year(_known(frame, panel).pivot(index="year", columns="flow", values="value"))
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
        day = current().day
        raise DataError(f"{panel}: nothing was known by {day:%Y-%m-%d}")
    return frame


Read = tuple[pd.DataFrame, tuple[Rows, ...]]


def _industries() -> Read:
    frame = load("us_investment").frame
    flow = frame["industry"] + " " + frame["class"]
    return frame.assign(flow=flow, block=frame["sector"]), whole("us_investment.data")


def _sectors() -> Read:
    frame = load("us_investment").tables["sectors"]
    flow = frame["sector"] + " " + frame["asset_code"]
    return frame.assign(flow=flow, block=frame["sector"]), whole("us_investment.sectors")


def _firms() -> Read:
    frame = load("firm_capex").frame
    used = ~frame["sector"].isin(NOT_BUILDERS)
    told = f"sector: not {' or '.join(NOT_BUILDERS)}"
    kept = frame[used]
    kept = kept.assign(flow=kept["ticker"], block=kept["ticker"], value=kept["capex"])
    return kept, (some("firm_capex", used, told),)


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
