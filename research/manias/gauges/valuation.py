"""Prices over what they are a claim to: CAPE above a level, market value over GDP."""

from functools import partial

import pandas as pd

from manias.data.library import load, not_known
from manias.data.rows import whole
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import US

EARNINGS_LAG = 3
"""Months after which earnings of a month are taken as known: companies report quarters."""
PRICES_LAG = 1
"""Months after which consumer prices of a month are taken as known."""
YEARS = 10
"""Years of earnings in the ratio."""
GDP_LAG = {"annual": 3, "quarterly": 1}
"""Months after the end of a year or quarter from which its GDP is taken as known."""


def known_cape() -> pd.Series:
    """Price of the month over ten years of real earnings, as far as both were known then.

    Returns
    -------
    pandas.Series
        By month, named as the unit of US shares. Earnings end `EARNINGS_LAG` months before,
        consumer prices `PRICES_LAG`; those of the last months on record may be missing and
        the last known ten-year mean stands for up to three months.

    References
    ----------
    Campbell & Shiller (1998), Journal of Portfolio Management 24(2), 11-26; Shiller's workbook
    differs from this in that its earnings and prices are those of the month.

    Examples
    --------
    >>> round(float(known_cape()["2000-03"]), 1)
    44.0
    """
    table = load("shiller").frame.set_index("month").astype(float, errors="ignore")
    prices = table["cpi"].astype(float)
    earnings = table["earnings"].astype(float) / prices
    mean = earnings.rolling(12 * YEARS).mean().shift(EARNINGS_LAG).ffill(limit=3)
    real = table["price"].astype(float) / prices.shift(PRICES_LAG)
    return (real / mean).rename(US)


def read_cape(threshold: float) -> Readings:
    """CAPE beside a level.

    Parameters
    ----------
    threshold : float
        Times earnings.

    Returns
    -------
    Readings
    """
    cape = known_cape()
    first = cape.first_valid_index()
    early = (
        {} if first is None else {f"before {first}": "ten years of earnings are not on record"}
    )
    return judged(
        cape, threshold, unit="times earnings", why_not=early, rows=whole("shiller.data")
    )


def market_over_gdp() -> pd.Series:
    """Market value of the companies of 49 US industries over the last GDP that was out.

    Returns
    -------
    pandas.Series
        Percent, by month. GDP is that of the last year (``us_macro``), from 1995 on that of
        the last quarter at annual rates (``us_it_investment``).

    Examples
    --------
    >>> round(float(market_over_gdp()["2000-03"]))
    144
    """
    table = load("us_industries").frame
    if table.empty:
        raise not_known("us_industries")
    value = table["firms"].astype(float) * table["size"].astype(float)
    value = value.groupby(table["month"]).sum(min_count=1)
    macro = load("us_macro").frame
    annual = macro[macro["series"] == "gdp_bea"]
    known = pd.Series(
        annual["value"].to_numpy(dtype=float),
        [
            pd.Period(f"{year}-12", "M") + GDP_LAG["annual"]
            for year in annual["period"].astype(str)
        ],
    )
    quarters = load("us_it_investment").frame.dropna(subset=["gdp"])
    recent = pd.Series(
        quarters["gdp"].to_numpy(dtype=float),
        pd.PeriodIndex(quarters["quarter"]).asfreq("M", how="E") + GDP_LAG["quarterly"],
    )
    if len(recent):
        known = known[known.index < recent.index[0]]
    months = pd.period_range(value.index[0], value.index[-1], freq="M")
    gdp = pd.concat([known, recent]) if len(recent) else known
    gdp = gdp.reindex(months.union(gdp.index)).ffill(limit=14).reindex(months)
    # Market values are in million dollars, GDP in billions.
    return (100 * value.reindex(months) / 1000 / gdp).rename(US)


def read_market_over_gdp(threshold: float) -> Readings:
    """Market value over GDP beside a level.

    Parameters
    ----------
    threshold : float
        Percent.

    Returns
    -------
    Readings
    """
    ratio = market_over_gdp()
    first = ratio.first_valid_index()
    early = {} if first is None else {f"before {first}": "GDP is on record from 1929 on"}
    return judged(
        ratio,
        threshold,
        unit="% of GDP",
        why_not=early,
        rows=whole("us_industries.data", "us_macro.data", "us_it_investment.data"),
    )


def _cape(key: str, name: str, level: int, owner: str, source: str, since: int) -> Gauge:
    return Gauge(
        key=key,
        name=name,
        owner=owner,
        kind="valuation",
        rule=f"the price of US shares over ten years of their earnings, in constant prices, is "
        f"at or above {level}",
        source=source,
        target="us",
        read=partial(read_cape, float(level)),
        caveat="earnings end three months before and consumer prices one, as they were known",
        row=key,
        since=since,
    )


GAUGES = (
    _cape(
        "shiller-cape-25", "CAPE above 25", 25, "Robert J. Shiller", "shiller2014mystery", 2014
    ),
    _cape(
        "crystal-cape-35",
        "CAPE at 35, red",
        35,
        "crystal-xiaoxiao",
        "crystal_indicators_2026",
        2026,
    ),
    Gauge(
        key="buffett-200",
        name="Market value over GNP near 200%",
        owner="Warren Buffett",
        kind="valuation",
        rule="the market value of US companies is at or above 200% of gross domestic product",
        source="buffett2001_insider",
        target="us",
        read=partial(read_market_over_gdp, 200.0),
        caveat="common shares of 49 industries on three exchanges over GDP; the owner takes "
        "every security over GNP and says 'approaches', of 1999, when ours stood at 143%",
        row="buffett-200",
        since=2001,
    ),
)
