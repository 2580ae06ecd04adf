"""Trend following: the price below its ten-month average (Faber 2007)."""

from manias.data.rows import whole
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import us_shares

MONTHS = 10
"""Months of the average, the current one among them."""


def read_faber() -> Readings:
    """Price over its average of ten months, less one.

    Returns
    -------
    Readings
    """
    price = us_shares()
    return judged(
        100 * (price / price.rolling(MONTHS).mean() - 1),
        0.0,
        unit="% from the ten-month average",
        below=True,
        rows=whole("shiller.data"),
    )


GAUGES = (
    Gauge(
        key="faber-us",
        name="Price below its average of ten months",
        owner="Mebane T. Faber",
        kind="trend",
        rule="out of the market while the monthly price is below its average of ten months",
        source="faber2007timing",
        target="us",
        read=read_faber,
        vintage="real-time",
        caveat="monthly averages in place of month ends",
        row="faber-10-month",
        since=2007,
    ),
)
