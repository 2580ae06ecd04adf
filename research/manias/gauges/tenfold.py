"""Sharma's tenfold: ten times as much, in constant prices, in ten to fifteen years."""

import pandas as pd

from manias.data.library import load
from manias.data.rows import whole
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import us_industries

FIRST, LAST = 120, 180
"""Months over which the rise is taken, least and most."""


def tenfold(levels: pd.DataFrame, prices: pd.Series) -> pd.DataFrame:
    """Greatest rise over 10 to 15 years, in constant prices.

    Parameters
    ----------
    levels : pandas.DataFrame
        Months by units.
    prices : pandas.Series
        Consumer prices by month.

    Returns
    -------
    pandas.DataFrame
        Times; NaN where a month 10 years before is missing. Prices of the month before stand
        in for those of the month, which come out later.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=130, freq="M")
    >>> grown = pd.DataFrame({"a": [1.0] * 9 + [10.0] * 121}, months)
    >>> flat = pd.Series(1.0, months)
    >>> tenfold(grown, flat)["a"].dropna().unique().tolist()
    [10.0]
    """
    real = levels.div(prices.reindex(levels.index).shift(1), axis=0)
    lowest = real.shift(FIRST).rolling(LAST - FIRST + 1, min_periods=1).min()
    return real / lowest.where(real.shift(FIRST).notna())


def read_tenfold() -> Readings:
    """Greatest rise of each US industry over 10 to 15 years.

    Returns
    -------
    Readings
    """
    prices = load("shiller").frame.set_index("month")["cpi"].astype(float)
    prices.index = pd.PeriodIndex(prices.index, freq="M")
    return judged(
        tenfold(us_industries(), prices),
        10.0,
        unit="times, constant prices",
        why_not={"first ten years of an industry": "no month ten years before"},
        rows=whole("us_industries.data", "shiller.data"),
    )


GAUGES = (
    Gauge(
        key="sharma-tenfold",
        name="Ten times in ten to fifteen years",
        owner="Ruchir Sharma",
        kind="run-up",
        rule="worth ten times as much in constant prices as 10 to 15 years before",
        source="sharma2025fouros",
        target="us-industries",
        read=read_tenfold,
        caveat="values with dividends in place of prices, which makes it fire sooner",
        row="sharma-tenfold",
        since=2025,
    ),
)
