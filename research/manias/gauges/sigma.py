"""GMO's two standard deviations: of price over earnings, and of prices from their trend."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from manias.data.rows import whole
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import countries, us_industries
from manias.gauges.valuation import known_cape
from manias.series.runups import load_panel

LEAST = 240
"""Months before the first deviation."""


def deviations(values: pd.Series | pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Standard deviations from the mean of everything until then.

    Parameters
    ----------
    values : pandas.Series or pandas.DataFrame
        T periods, N units.
    least : int
        Values before the first deviation.

    Returns
    -------
    pandas.DataFrame
        Shape (T, N).

    Examples
    --------
    >>> deviations(pd.Series([1.0, 2.0, 3.0]), least=3).iloc[-1, 0]
    np.float64(1.0)
    """
    frame = values.to_frame() if isinstance(values, pd.Series) else values
    past = frame.expanding(min_periods=least)
    return (frame - past.mean()) / past.std()


def trend_deviations(logs: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Standard deviations from the straight line through everything until then.

    Parameters
    ----------
    logs : pandas.DataFrame
        T periods, N units, natural logarithms; NaN where there is none.
    least : int
        Values before the first deviation.

    Returns
    -------
    pandas.DataFrame
        Shape (T, N): distance from the line at its end over the standard error of the
        regression on time, fitted anew in every period.

    Examples
    --------
    >>> line = pd.DataFrame({"a": [0.0, 1.0, 0.0, 1.0, 0.0, 5.0]})
    >>> round(float(trend_deviations(line, least=4)["a"].iloc[-1]), 2)
    1.3
    """
    y = logs.to_numpy(dtype=float)
    there = ~np.isnan(y)
    t = np.broadcast_to(np.arange(float(len(y)))[:, None], y.shape)
    y0, t0 = np.where(there, y, 0.0), np.where(there, t, 0.0)
    n = there.cumsum(axis=0).astype(float)
    st, sy = t0.cumsum(axis=0), y0.cumsum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        tt = (t0 * t0).cumsum(axis=0) - st**2 / n
        ty = (t0 * y0).cumsum(axis=0) - st * sy / n
        yy = (y0 * y0).cumsum(axis=0) - sy**2 / n
        slope = ty / tt
        off = y - (sy / n + slope * (t - st / n))
        error = np.sqrt(np.maximum(yy - slope * ty, 0.0) / (n - 2))
        found = np.where(there & (n >= least) & (error > 0), off / error, np.nan)
    return pd.DataFrame(found, logs.index, logs.columns)


def read_price_earnings() -> Readings:
    """Deviation of CAPE, as it was known, from its mean.

    Returns
    -------
    Readings
    """
    return judged(
        deviations(known_cape()),
        2.0,
        unit="standard deviations",
        why_not={"to 1900": "twenty years of ten-year earnings are not over"},
        rows=whole("shiller.data"),
    )


def read_industries() -> Readings:
    """Deviation of industries over the market from their own trend.

    Returns
    -------
    Readings
    """
    panel = load_panel()
    market = np.log1p(panel.market).cumsum()
    logs = np.log(us_industries()).sub(market, axis=0)
    return judged(
        trend_deviations(logs),
        2.0,
        unit="standard deviations",
        why_not={"first twenty years of an industry": "too short for a trend"},
        rows=whole("us_industries.data", "us_industries.market"),
    )


def read_countries() -> Readings:
    """Deviation of share prices of countries from their own trend, a month late.

    Returns
    -------
    Readings
    """
    logs = np.log(countries())
    return judged(
        trend_deviations(logs).shift(1),
        2.0,
        unit="standard deviations",
        why_not={"first twenty years of a country": "too short for a trend"},
        rows=whole("world_shares.data"),
    )


def _gauge(
    key: str,
    name: str,
    rule: str,
    target: str,
    read: Callable[[], Readings],
    caveat: str,
    row: str,
    since: int,
    source: str,
) -> Gauge:
    return Gauge(
        key=key,
        name=name,
        owner="GMO",
        kind="valuation",
        rule=rule,
        source=source,
        target=target,
        read=read,
        caveat=caveat,
        row=row,
        since=since,
    )


GAUGES = (
    _gauge(
        "gmo-two-sigma",
        "Shiller P/E two standard deviations up",
        "CAPE two standard deviations above its mean of all months until then",
        "us",
        read_price_earnings,
        "first month 1881; the owner does not tell his",
        "gmo-two-sigma",
        2014,
        "grantham2014letter",
    ),
    _gauge(
        "gmo-trend-industries",
        "Industry two standard deviations above trend",
        "value over that of the market two standard deviations above a straight line in "
        "logarithms",
        "us-industries",
        read_industries,
        "the trend is ours: the owner does not tell how his is drawn; over the market, with "
        "dividends",
        "gmo-two-sigma-trend",
        2022,
        "grantham2022rumpus",
    ),
    _gauge(
        "gmo-trend-countries",
        "National market two standard deviations above trend",
        "price two standard deviations above a straight line in logarithms",
        "countries",
        read_countries,
        "the trend is ours: the owner does not tell how his is drawn; prices of the day, which "
        "inflation bends",
        "gmo-two-sigma-trend",
        2022,
        "grantham2022rumpus",
    ),
)
