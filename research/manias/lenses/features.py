"""What could be read off an industry in a month: one function a feature, no later data in any.

The features are those of Greenwood, Shleifer & You (2019) as far as public industry data allow:
turnover and the age of single firms are not in them.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.fingerprint import sha256
from manias.data.library import load, once
from manias.data.results import Result
from manias.data.rows import Provenance, Rows, pick
from manias.data.tables import Dataset
from manias.errors import InputError
from manias.series.runups import Panel, laid_out, load_panel, observed

YEAR = 12
WINDOW = 24
CAPE_LAG = 3
"""Months by which the market's valuation is held back: earnings are reported late."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conditions(Result):
    """Industries month by month, with size, book values and the valuation of the market.

    Attributes
    ----------
    panel : manias.series.runups.Panel
        T months, N industries.
    size : pandas.DataFrame
        Shape (T, N), average market value of a firm, million USD.
    book : pandas.DataFrame
        Shape (T, N), book over market value, of the portfolios formed the last June.
    cape : pandas.Series
        Shape (T,), cyclically adjusted price-earnings ratio of the market, known by then.
    valuation : Dataset, optional
        What ``cape`` was taken from; without it that is the caller's own.
    """

    _told = ("months=panel.returns", "industries=panel.returns.columns", "last=panel.last")

    panel: Panel
    size: pd.DataFrame
    book: pd.DataFrame
    cape: pd.Series
    valuation: Dataset | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row a month and industry.

        Returns
        -------
        pandas.DataFrame
            Those of the panel, ``size`` and ``book``.
        """
        parts = {"size": self.size, "book": self.book}
        long = [
            f.rename_axis(index="month", columns="industry").stack() for f in parts.values()
        ]
        found = pd.concat(long, axis=1, keys=parts).reset_index()
        return self.panel.to_frame().merge(found, how="left", on=["month", "industry"])

    @property
    def mark(self) -> str:
        """Hash of every number, equal on all machines: nothing in it is computed."""
        frames = [self.panel.returns, self.panel.firms, self.panel.market.to_frame("market")]
        frames += [self.size, self.book, self.cape.to_frame("cape")]
        return sha256(b"".join(map(_bytes, frames)))

    def provenance(self, features: Collection[str]) -> Provenance:
        """Where what some features need comes from.

        Parameters
        ----------
        features : collection of str
            Of `FEATURES`.

        Returns
        -------
        Provenance
            Rows of the months on record; grade C where some are the caller's own.

        Examples
        --------
        >>> load_conditions().provenance(["runup", "cape"]).sources
        ('french2025industries', 'french2025factors', 'shiller2026')
        """
        months, rows = self.panel.returns.index, list(self.panel.rows)
        own = self.panel.dataset is None
        if self.panel.dataset is not None and "book_to_market" in features:
            book = self.panel.dataset.tables["book"]
            # Formed at the end of June, it is that of the twelve months after it.
            span = (months[0] - YEAR, months[-1] - 1)
            rows.append(_between(self.panel.dataset, "book", book["formed"], *span))
        if "cape" in features:
            span = (months[0] - CAPE_LAG, months[-1] - CAPE_LAG)
            if self.valuation is None:
                own = True
            else:
                seen = self.valuation.frame["month"]
                rows.append(_between(self.valuation, "data", seen, *span))
        return Provenance.of(rows, until=self.panel.until, grade="C" if own else "")

    def as_of(self, date: str | pd.Period | pd.Timestamp) -> "Conditions":
        """Cut every month that had not ended on a date.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp

        Returns
        -------
        Conditions

        Raises
        ------
        InputError
            If no month is left.

        Examples
        --------
        >>> load_conditions().as_of("1999-12").panel.last
        Period('1999-12', 'M')
        """
        panel = self.panel.as_of(date)
        months, names = panel.returns.index, panel.returns.columns
        return replace(
            self,
            panel=panel,
            size=self.size.loc[months, names],
            book=self.book.loc[months, names],
            cape=self.cape[months],
            valuation=None if self.valuation is None else observed(self.valuation, date),
        )


def _between(
    dataset: Dataset, table: str, months: pd.Series, first: pd.Period, last: pd.Period
) -> Rows:
    return pick(dataset, table, months.between(first, last), f"{first} to {last}")


def _bytes(frame: pd.DataFrame) -> bytes:
    ends = f"{frame.index[0]} {frame.index[-1]} {list(frame.columns)} {frame.shape}"
    values = np.ascontiguousarray(frame.to_numpy(dtype="<f8"))
    # Any missing value is the same missing value.
    return ends.encode() + np.where(np.isnan(values), np.nan, values).tobytes()


@checked
def load_conditions(
    industries: Dataset | None = None, shiller: Dataset | None = None
) -> Conditions:
    """Lay the US industries out with what describes their condition.

    Parameters
    ----------
    industries, shiller : Dataset, optional
        The curated tables by default.

    Returns
    -------
    Conditions

    Examples
    --------
    >>> load_conditions().size.shape[1]
    49
    """
    if industries is None and shiller is None:
        kept = _kept_conditions()
        return replace(
            kept,
            panel=load_panel(),
            size=kept.size.copy(deep=False),
            book=kept.book.copy(deep=False),
            cape=kept.cape.copy(deep=False),
        )
    industries = industries or load("us_industries")
    return _conditions(load_panel(industries), industries, shiller or load("shiller"))


@once
def _kept_conditions() -> Conditions:
    return _conditions(load_panel(), load("us_industries"), load("shiller"))


def _conditions(panel: Panel, industries: Dataset, shiller: Dataset) -> Conditions:
    months, names = panel.returns.index, panel.returns.columns
    (size,) = laid_out(industries.frame, ["size"], rows="month")
    # A portfolio formed at the end of June is that of the twelve months after it.
    (book,) = laid_out(industries.tables["book"], ["book_to_market"], rows="formed")
    book.index = book.index + 1
    return Conditions(
        panel,
        size.reindex(index=months, columns=names),
        book.reindex(index=months, columns=names).ffill(limit=YEAR - 1),
        known_valuation(shiller).reindex(months),
        shiller,
    )


def known_valuation(shiller: Dataset | None = None) -> pd.Series:
    """Valuation of the market by the month in which it was known.

    Parameters
    ----------
    shiller : Dataset, optional
        The curated table by default.

    Returns
    -------
    pandas.Series
        Cyclically adjusted price-earnings ratio, `CAPE_LAG` months after its own month.

    Examples
    --------
    >>> known_valuation().index[0] - load("shiller").frame["month"].iloc[0]
    <3 * MonthEnds>
    """
    market = (shiller or load("shiller")).frame.set_index("month")["cape"].astype(float)
    market.index = market.index + CAPE_LAG
    return market


def runup(c: Conditions) -> pd.DataFrame:
    """Log return over two years."""
    return np.log1p(c.panel.returns).rolling(WINDOW).sum()


def net_runup(c: Conditions) -> pd.DataFrame:
    """Log return over two years less that of the market."""
    return runup(c).sub(np.log1p(c.panel.market).rolling(WINDOW).sum(), axis=0)


def volatility(c: Conditions) -> pd.DataFrame:
    """Standard deviation of the last 12 monthly returns, log; none where nothing moved."""
    spread = c.panel.returns.rolling(YEAR).std()
    return np.log(spread.where(spread > 0))


def volatility_change(c: Conditions) -> pd.DataFrame:
    """Log standard deviation of the last 12 months less that of the 12 before."""
    now = volatility(c)
    return now - now.shift(YEAR)


def acceleration(c: Conditions) -> pd.DataFrame:
    """Log return of the last 12 months less that of the 12 before."""
    year = np.log1p(c.panel.returns).rolling(YEAR).sum()
    return year - year.shift(YEAR)


def age(c: Conditions) -> pd.DataFrame:
    """Log of the years since the industry's first month in the sample, at least one."""
    seen = c.panel.returns.notna().cumsum()
    return np.log((seen / YEAR).where(seen >= YEAR))


def firms(c: Conditions) -> pd.DataFrame:
    """Log number of firms."""
    return np.log(c.panel.firms.where(c.panel.firms > 0))


def share(c: Conditions) -> pd.DataFrame:
    """Log of the industry's share of the market value of all."""
    value = (c.panel.firms * c.size).where(lambda v: v > 0)
    return np.log(value.div(value.sum(axis=1), axis=0))


def issuance(c: Conditions) -> pd.DataFrame:
    """Growth of market value over two years that the return does not explain, log.

    New issues and entries raise it; dividends paid out lower it.
    """
    value = np.log((c.panel.firms * c.size).where(lambda v: v > 0))
    # Value stands at the start of its month: the return of the same month lies ahead of it.
    gained = np.log1p(c.panel.returns).shift(1).rolling(WINDOW).sum()
    return value - value.shift(WINDOW) - gained


def book_to_market(c: Conditions) -> pd.DataFrame:
    """Log of book over market value at the end of the year before the last June."""
    return np.log(c.book.where(c.book > 0))


def cape(c: Conditions) -> pd.DataFrame:
    """Log of the market's cyclically adjusted price-earnings ratio, held back by a quarter."""
    return pd.DataFrame(
        np.tile(np.log(c.cape.to_numpy())[:, None], (1, c.panel.returns.shape[1])),
        c.panel.returns.index,
        c.panel.returns.columns,
    )


FEATURES: Mapping[str, Callable[[Conditions], pd.DataFrame]] = {
    f.__name__: f
    for f in (
        runup,
        net_runup,
        volatility,
        volatility_change,
        acceleration,
        age,
        firms,
        share,
        issuance,
        book_to_market,
        cape,
    )
}
"""Features by name."""
BESIDE = ("share",)
"""Features of an industry that rest on the others."""
RISE = "rise_above_"


def hinge(knot: float) -> str:
    """Name of the feature that is the net run-up above a knot.

    Parameters
    ----------
    knot : float
        Run-up over two years net of the market; 0.5 for one of 50%.

    Returns
    -------
    str

    Examples
    --------
    >>> hinge(0.5)
    'rise_above_50'
    """
    return f"{RISE}{100 * knot:g}"


def rise_above(c: Conditions, knot: float) -> pd.DataFrame:
    """Log return over two years less that of the market, above a knot; 0 below it."""
    return (net_runup(c) - np.log1p(knot)).clip(lower=0)


def _feature(name: str) -> Callable[[Conditions], pd.DataFrame]:
    if name in FEATURES:
        return FEATURES[name]
    head, _, percent = name.partition(RISE)
    with suppress(ValueError):
        if not head and (knot := float(percent) / 100) > -1:
            return partial(rise_above, knot=knot)
    raise InputError(
        f"feature {name!r}: expected some of {', '.join(FEATURES)}, or {RISE}PERCENT"
    )


def measure_features(
    conditions: Conditions,
    names: tuple[str, ...] = tuple(FEATURES),
    *,
    month: pd.Period | None = None,
    industries: Collection[str] | None = None,
) -> pd.DataFrame:
    """Measure features for every industry and month.

    Parameters
    ----------
    conditions : Conditions
        T months, N industries.
    names : tuple of str
        Of `FEATURES`, or hinges of the net run-up by their names.
    month : pandas.Period, optional
        Only that one.
    industries : collection of str, optional
        Of one month, only those; all by default.

    Returns
    -------
    pandas.DataFrame
        Shape (T * N, k), indexed by month and industry, or (N, k) of one month; NaN where
        something is missing. A row uses no month after its own.

    Raises
    ------
    InputError
        If there is no such feature.

    Examples
    --------
    >>> measure_features(load_conditions().as_of("1930-12"), ("runup",)).columns.tolist()
    ['runup']
    """
    chosen = {name: _feature(name) for name in names}
    if month is not None:
        few = conditions if industries is None else _of(conditions, industries)
        rows = {
            name: feature(conditions if name in BESIDE else few).loc[month]
            for name, feature in chosen.items()
        }
        columns = few.panel.returns.columns
        return pd.DataFrame(rows).loc[columns].rename_axis(index="industry")
    frames = {name: feature(conditions).stack() for name, feature in chosen.items()}
    table = pd.DataFrame(frames)
    return table.rename_axis(index=["month", "industry"])


def _of(c: Conditions, industries: Collection[str]) -> Conditions:
    """The same of some industries, as far as they are on record."""
    chosen = [name for name in c.panel.returns.columns if name in set(industries)]
    panel = replace(c.panel, returns=c.panel.returns[chosen], firms=c.panel.firms[chosen])
    return replace(c, panel=panel, size=c.size[chosen], book=c.book[chosen])
