"""Log-periodic growth toward a critical time: the confidence of Sornette and others."""

import numpy as np
import pandas as pd

from manias.data.rows import whole
from manias.explosive.lppls import lppls_confidence
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import US, us_shares

LONGEST, SMALLEST, STEP = 120, 30, 5
"""Months of the longest and the shortest window, and between two: eighteen windows a month."""


def confidence(log_price: pd.Series) -> pd.Series:
    """Share of the windows that end in a month and look like a rising bubble.

    Parameters
    ----------
    log_price : pandas.Series
        By month, none missing; `LONGEST` months or more.

    Returns
    -------
    pandas.Series
        Percent, from the first month in which all windows are on record.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=120, freq="M")
    >>> line = pd.Series(np.linspace(0, 1, 120) + np.sin(np.arange(120.0)) / 50, months)
    >>> len(confidence(line))
    1
    """
    found = lppls_confidence(
        np.arange(len(log_price), dtype=float),
        log_price.to_numpy(dtype=float),
        window=LONGEST,
        smallest=SMALLEST,
        inner_step=STEP,
    )
    return pd.Series(100 * found.positive, log_price.index[LONGEST - 1 :], name=log_price.name)


def read_lppls() -> Readings:
    """Confidence of US shares by month; an alarm is any window that looks like a bubble.

    Returns
    -------
    Readings
    """
    price = us_shares()[US]
    share = confidence(np.log(price))
    windows = len(range(0, LONGEST - SMALLEST, STEP))
    return judged(
        share.reindex(price.index),
        # Half a window: the owners state no share, so the least that is not none is an alarm.
        100 / windows / 2,
        unit="% of the windows",
        why_not={f"before {share.index[0]}": f"fewer than {LONGEST} months are on record"},
        rows=whole("shiller.data"),
    )


GAUGES = (
    Gauge(
        key="lppls-us",
        name="DS LPPLS Confidence above nothing",
        owner="Didier Sornette (Financial Crisis Observatory)",
        kind="log-periodic",
        rule="of nested windows that end in the month at least one is fitted by log-periodic "
        "growth that passes the filters and rises",
        source="zhang2016lppls",
        target="us",
        read=read_lppls,
        vintage="real-time",
        caveat="months and windows of 30 to 120 of them; the owners use days, of which none "
        "are on record here, and state no share from which it is an alarm",
        row="lppls-confidence",
        since=2016,
        is_slow=True,
    ),
)
