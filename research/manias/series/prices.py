"""Consumer prices by which money of different years is made comparable."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from manias.data.arguments import checked
from manias.errors import DataError
from manias.series.timeline import Trajectory
from manias.series.trajectories import column, complete

PRICES: Mapping[str, tuple[str, str]] = MappingProxyType({"USD": ("shiller", "cpi")})
"""Currency -> table and column of its consumer prices; of others none is on record."""
MONTHS: Mapping[str, int] = MappingProxyType({"M": 1, "Q": 3, "Y": 12})


@checked
def price_index(currency: str, *, frequency: Literal["M", "Q", "Y"] = "Y") -> Trajectory:
    """Consumer prices of the country of a currency, for `deflate`.

    Parameters
    ----------
    currency : str
        Code of three letters.
    frequency : {"M", "Q", "Y"}
        Quarters and years are means of their months.

    Returns
    -------
    Trajectory
        Of the periods of which every month is on record; the others are NaN.

    Raises
    ------
    DataError
        If no price index of the currency is on record. None is made up.

    Examples
    --------
    >>> price_index("USD").values.index[0]
    Period('1871', 'Y-DEC')
    >>> price_index("GBP")
    Traceback (most recent call last):
    manias.errors.DataError: no price index of GBP is on record; expected USD
    """
    if currency not in PRICES:
        raise DataError(
            f"no price index of {currency} is on record; expected {', '.join(PRICES)}"
        )
    path = column(*PRICES[currency])
    if frequency == "M":
        return path
    months = path.values.dropna()
    periods = months.index.asfreq(frequency)
    by = months.groupby(periods)
    whole = by.mean()[by.size() == MONTHS[frequency]]
    days = path.published.groupby(path.published.index.asfreq(frequency)).max()
    values = complete(whole)
    return replace(path, values=values, published=days.reindex(values.index))
