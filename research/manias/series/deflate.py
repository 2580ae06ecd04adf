"""Make money of different years comparable: over GDP, or in the prices of one year."""

from dataclasses import replace

import pandas as pd

from manias.data.arguments import checked
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.series.timeline import Trajectory


@checked
def share_of(path: Trajectory, whole: Trajectory, *, scale: float, unit: str) -> Trajectory:
    """Divide one trajectory by another, period by period.

    Parameters
    ----------
    path, whole : Trajectory
        Numerator and denominator of one frequency, lengths T and S.
    scale : float
        Factor that turns the quotient into ``unit`` (100 for percent where both have one unit).
    unit : str
        Unit of the result.

    Returns
    -------
    Trajectory
        On the periods of ``path``; NaN where either is missing. Published when the later of
        the two was, never where one is not known to be; graded as the weaker of the two.

    Raises
    ------
    DataError
        If the frequencies differ or a denominator is not positive.

    Examples
    --------
    >>> from manias.series.trajectories import trajectory
    >>> share = trajectory("us-it-dotcom")  # built with share_of
    >>> print(round(share.values["2000Q4"], 2))
    4.46
    """
    if path.frequency != whole.frequency:
        raise DataError(
            f"{path.id} is {path.frequency}, {whole.id} is {whole.frequency}; expected one"
        )
    below = whole.values.reindex(path.values.index)
    if (below <= 0).any():
        bad = below.index[below <= 0][0]
        raise DataError(f"{whole.id}: {below[bad]} in {bad}; expected a positive denominator")
    later = whole.published.reindex(path.published.index)
    last = path.published.where(later.isna() | (path.published >= later), later)
    # What nobody has seen in print is in print no earlier for what it is divided by.
    unseen = path.published.isna() | (below.notna() & later.isna())
    return replace(
        path,
        values=path.values / below * scale,
        unit=unit,
        sources=tuple(dict.fromkeys(path.sources + whole.sources)),
        grade=weakest([path.grade, whole.grade]),
        published=last.mask(unseen),
    )


@checked
def deflate(path: Trajectory, prices: Trajectory, *, base: pd.Period | str) -> Trajectory:
    """Express a money trajectory in the prices of one period.

    Parameters
    ----------
    path : Trajectory
        Money, length T.
    prices : Trajectory
        A price index of the same frequency that covers ``base``.
    base : pandas.Period or str
        Period whose prices are used.

    Returns
    -------
    Trajectory
        ``path * prices[base] / prices``; NaN where the index is missing.

    Raises
    ------
    InputError
        If the index has no value in ``base``.

    Examples
    --------
    >>> from manias.series.trajectories import column
    >>> price, cpi = column("shiller", "price"), column("shiller", "cpi")
    >>> bool(deflate(price, cpi, base="2000-01").values["1929-09"] > price.values["1929-09"])
    True
    """
    base = pd.Period(base, freq=prices.values.index.freqstr)
    level = prices.values.get(base)
    if level is None or pd.isna(level):
        raise InputError(
            f"base {base}: {prices.id} has no value there; expected a period it covers"
        )
    return share_of(path, prices, scale=float(level), unit=f"{path.unit}, prices of {base}")
