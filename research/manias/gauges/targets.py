"""Prices that market gauges warn of: US shares, industries, railroads, countries, Britain."""

import pandas as pd

from manias.data.library import load, not_known
from manias.gauges.gauge import Target
from manias.series.runups import load_panel

US, GB = "us", "gb"
"""Units of the targets of one series."""


def us_shares() -> pd.DataFrame:
    """Price of US shares, monthly averages, S&P Composite (Shiller).

    Returns
    -------
    pandas.DataFrame
        One column, ``us``.
    """
    table = load("shiller").frame.set_index("month")
    return _every("shiller", table["price"].astype(float).rename(US).to_frame())


def us_railroads() -> pd.DataFrame:
    """Price index of US railroad stocks (Macaulay), 1857 to 1937.

    Returns
    -------
    pandas.DataFrame
        One column, ``us``. What the NBER calls unreliable, 1855 and 1856, is left out.
    """
    table = load("us_railroad_stocks").frame.set_index("month")
    return _every(
        "us_railroad_stocks", table["index"].astype(float).rename(US).to_frame().loc["1857-01":]
    )


def us_industries() -> pd.DataFrame:
    """Value of one dollar in each of 49 US industries, dividends reinvested (French).

    Returns
    -------
    pandas.DataFrame
        Shape (T, 49); NaN before an industry's first month and wherever months are missing.
        After a gap a level starts anew, so no fall is measured across one.
    """
    panel = load_panel()
    growth = 1 + panel.returns
    return growth.apply(_chained).clip(lower=1e-12)


def countries() -> pd.DataFrame:
    """Share price indices of countries, monthly averages, own money (OECD).

    Returns
    -------
    pandas.DataFrame
        Shape (T, N).
    """
    table = load("world_shares").frame
    levels = table.pivot(index="month", columns="country", values="level").astype(float)
    return _every("world_shares", levels.drop(columns=[c for c in ("EA19",) if c in levels]))


def british_shares() -> pd.DataFrame:
    """Price index of British shares at the end of the year, 1825 to 1913.

    Returns
    -------
    pandas.DataFrame
        One column, ``gb``.
    """
    table = load("history_money").frame
    one = table[table["series"] == "share_prices"]
    years = pd.PeriodIndex(one["period"].astype(str), freq="Y-DEC")
    return _every(
        "history_money", pd.DataFrame({GB: one["value"].to_numpy(dtype=float)}, index=years)
    )


def _every(table: str, levels: pd.DataFrame) -> pd.DataFrame:
    if levels.empty:
        raise not_known(table, "no price of shares")
    index = pd.PeriodIndex(levels.index)
    span = pd.period_range(index[0], index[-1], freq=index.freq)
    return levels.set_axis(index).reindex(span)


def _chained(growth: pd.Series) -> pd.Series:
    """Levels from growth factors, anew after each gap."""
    stretch = growth.isna().cumsum()
    return growth.groupby(stretch).cumprod()


TARGETS = (
    Target(
        "us",
        "US shares",
        "nominal price, monthly averages, no dividends",
        us_shares,
        tables=("shiller.data",),
    ),
    Target(
        "us-railroads",
        "US railroad stocks",
        "nominal price, monthly, no dividends",
        us_railroads,
        tables=("us_railroad_stocks.data",),
    ),
    Target(
        "us-industries",
        "49 US industries",
        "nominal value with dividends, month ends",
        us_industries,
        tables=("us_industries.data", "us_industries.market"),
    ),
    Target(
        "countries",
        "Share prices of countries",
        "nominal price in own money, monthly averages, no dividends",
        countries,
        tables=("world_shares.data",),
    ),
    Target(
        "gb",
        "British shares",
        "nominal price, year ends, no dividends",
        british_shares,
        horizon=2,
        others=((0.3, 2), (0.4, 3)),
        tables=("history_money.data",),
    ),
)
