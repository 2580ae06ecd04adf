"""Explosive growth as it could be tested at the time: Phillips, Shi & Yu (2015)."""

import pandas as pd

from manias.data.library import load
from manias.data.rows import whole
from manias.errors import DataError
from manias.explosive.recursive import recursive_tests
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import US, us_railroads
from manias.gauges.valuation import EARNINGS_LAG, PRICES_LAG

SIZES = {"us": 2000, "us-railroads": 1000}
"""Observations of the simulated samples that windows and critical values are taken from: the
shortest table that holds the whole record, fixed beforehand, so that no later month moves
them."""


def bsadf_path(values: pd.Series, *, size: int) -> tuple[pd.Series, pd.Series]:
    """BSADF statistic and its 95% boundary at each period, from what came before.

    Parameters
    ----------
    values : pandas.Series
        n observations, none missing.
    size : int
        A size in ``critical_values`` of n or more: its shortest window, and the law of SADF at
        each sample size.

    Returns
    -------
    stat, boundary : pandas.Series
        From the end of the first window on.

    Raises
    ------
    DataError
        If the table holds no such size, or one shorter than the series.

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56(4), 1043-1078: BSADF beside the
    critical value of SADF of as many observations.

    Examples
    --------
    >>> import numpy as np
    >>> walk = pd.Series(np.random.default_rng(0).standard_normal(90).cumsum())
    >>> stat, boundary = bsadf_path(walk, size=100)
    >>> len(stat), stat.index[0] == boundary.index[0]
    (71, True)
    """
    table = load("critical_values").frame
    laws = table[(table["n"].astype(int) == size) & (table["stat"] == "badf")]
    if laws.empty or size < len(values):
        raise DataError(f"critical values of {size} observations for {len(values)}")
    rows = int(laws["rows"].iloc[0])
    found = recursive_tests(values.to_numpy(dtype=float), lag=0, min_window=rows)
    index = values.index[found.first :]
    ends = laws["value95"].to_numpy(dtype=float)[: len(index)]
    return pd.Series(found.bsadf, index), pd.Series(ends, index)


def price_over_dividend() -> pd.Series:
    """Price of US shares over the dividends of three months before, by month."""
    table = load("shiller").frame.set_index("month")
    dividend = table["dividend"].astype(float).shift(EARNINGS_LAG)
    return (table["price"].astype(float) / dividend).dropna().rename(US)


def real_railroads() -> pd.Series:
    """Price of US railroad stocks over consumer prices of the month before, from 1871."""
    prices = load("shiller").frame.set_index("month")["cpi"].astype(float).shift(PRICES_LAG)
    return (us_railroads()[US] / prices).dropna().rename(US)


def read_explosive(values: pd.Series, target: str, tables: tuple[str, ...]) -> Readings:
    """BSADF beside its boundary, month by month.

    Parameters
    ----------
    values : pandas.Series
    target : {"us", "us-railroads"}
    tables : tuple of str

    Returns
    -------
    Readings
    """
    stat, boundary = bsadf_path(values, size=SIZES[target])
    months = pd.period_range(values.index[0], values.index[-1], freq="M")
    return judged(
        stat.reindex(months).rename(US),
        boundary.reindex(months),
        unit="BSADF",
        why_not={f"before {stat.index[0]}": "shorter than the shortest window"},
        rows=(*whole(*tables), *whole("critical_values.data")),
    )


def read_us() -> Readings:
    """The test on price over dividend of US shares."""
    return read_explosive(price_over_dividend(), "us", ("shiller.data",))


def read_railroads() -> Readings:
    """The test on real prices of US railroad stocks."""
    tables = ("us_railroad_stocks.data", "shiller.data")
    return read_explosive(real_railroads(), "us-railroads", tables)


def _psy(target: str, read, caveat: str) -> Gauge:
    return Gauge(
        key=f"psy-{target}",
        name="BSADF above its 95% critical value",
        owner="Phillips, Shi & Yu",
        kind="explosiveness",
        rule="the backward sup ADF statistic is above the 95% critical value of the sup ADF "
        "statistic of as many observations",
        source="psy2015",
        target=target,
        read=read,
        caveat=caveat,
        row="psy-bsadf",
        since=2015,
    )


GAUGES = (
    _psy(
        "us",
        read_us,
        "price over the dividends of three months before; no least duration, which is not "
        "known while an episode runs",
    ),
    _psy(
        "us-railroads",
        read_railroads,
        "real prices, since dividends are not on record; four months of 1914 without prices "
        "are closed up; no least duration",
    ),
)
