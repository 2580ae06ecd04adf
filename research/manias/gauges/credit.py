"""Credit over GDP above its trend, as the Bank for International Settlements reads it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.calendar import known
from manias.data.library import load, not_known
from manias.data.rows import whole
from manias.gauges.builders import carried
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import US

SMOOTH = 400_000.0
"""Penalty of the Hodrick-Prescott trend of quarters, that of a cycle four times the usual."""
LEAST = 40
"""Quarters before the first gap."""


def trend_ends(y: NDArray[np.float64], *, penalty: float = SMOOTH) -> NDArray[np.float64]:
    """Last point of the Hodrick-Prescott trend of every beginning of a series.

    Parameters
    ----------
    y : numpy.ndarray
        Shape (T,), no gaps.
    penalty : float
        Weight of squared second differences of the trend.

    Returns
    -------
    numpy.ndarray
        Shape (T,); NaN for the first two.

    Notes
    -----
    The trend of y[:t] solves (I + penalty D'D) x = y, D the second differences. Its last point
    is a filtered local linear trend, whose variance of observation is ``penalty`` times that of
    the slope (Harvey & Jaeger 1993, Journal of Applied Econometrics 8, 231-247); a Kalman
    filter with a start that knows nothing gives every one of them in one pass.

    Examples
    --------
    >>> line = np.arange(10.0)
    >>> bool(np.allclose(trend_ends(line)[2:], line[2:]))
    True
    """
    found = np.full(len(y), np.nan)
    if len(y) < 3:
        return found
    # Two points set level and slope exactly; their errors are those of the observations.
    state = np.array([y[1], y[1] - y[0]])
    spread = penalty * np.array([[1.0, 1.0], [1.0, 2.0]])
    move = np.array([[1.0, 1.0], [0.0, 1.0]])
    for t in range(2, len(y)):
        state = move @ state
        # The slope moves before the level does, as second differences of the trend have it.
        spread = move @ spread @ move.T + np.array([[1.0, 1.0], [1.0, 1.0]])
        gain = spread[:, 0] / (spread[0, 0] + penalty)
        state = state + gain * (y[t] - state[0])
        spread = spread - np.outer(gain, spread[0])
        found[t] = state[0]
    return found


def credit_gap() -> pd.Series:
    """US credit to the private non-financial sector over GDP, less its one-sided trend.

    Returns
    -------
    pandas.Series
        By quarter, percentage points; NaN in the first ten years.

    Examples
    --------
    >>> round(float(credit_gap()["2007Q4"]), 1)
    11.6
    """
    table = load("us_credit").frame.set_index("quarter")["private"].astype(float)
    gap = table - trend_ends(table.to_numpy())
    gap.index = pd.PeriodIndex(gap.index, freq="Q")
    return gap.where(np.arange(len(gap)) >= LEAST)


def read_credit_gap() -> Readings:
    """The gap that was known at the end of each month.

    Returns
    -------
    Readings
    """
    source = load("us_credit")
    if source.frame.empty:
        raise not_known("us_credit")
    gap = credit_gap()
    days = known(source.frame, source.clocks["data"], by="published")
    days = pd.Series(days.to_numpy(), gap.index)
    months = pd.period_range(gap.index[0].asfreq("M", "start"), days.iloc[-1], freq="M")
    return judged(
        carried(gap, days, months).rename(US),
        10.0,
        unit="percentage points",
        why_not={"to 1958": "ten years of credit are not over"},
        rows=whole("us_credit.data"),
    )


GAUGES = (
    Gauge(
        key="bis-credit-gap",
        name="Credit gap above 10 points",
        owner="Bank for International Settlements",
        kind="funding",
        rule="private credit over GDP more than 10 points above its one-sided trend",
        source="bis2016ewi",
        target="us",
        read=read_credit_gap,
        caveat="made to warn of strains in banks, not of a fall in shares",
        row="bis-credit-gap-10",
        since=2016,
    ),
)
