"""Monthly levels of the later booms that are held apart: no model is trained on them.

Which series stands for a theme was fixed by a rule that sees no level
(``datasets/later_market/RULE.md``), and levels are percentages of the first month on record, so
that no month knows a later one. Baskets and single names are a selection of companies still
known in 2026; they are shown one by one and never averaged.
"""

from dataclasses import dataclass

import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import user_day
from manias.data.fingerprint import fingerprint
from manias.data.library import current, load, not_known
from manias.data.results import Result
from manias.data.sources import weakest
from manias.data.tables import Dataset
from manias.errors import DataError, InputError
from manias.series.baskets import SELECTIONS
from manias.series.indices import Index
from manias.series.timeline import Trajectory, complete

FIRST = pd.Period("2005-01", "M")
"""Month with which the table begins."""

MEASURE = "level of market prices"
UNIT = "index, first month on record = 100"


@dataclass(frozen=True, slots=True, repr=False)
class Theme(Result):
    """One later boom and the series that stands for it.

    Attributes
    ----------
    key, name, subject : str
    series : str
        First choice, by the clause of the rule.
    clause : str
        4a an index or fund kept by others, 4b the largest coin, 4c a basket of those at hand.
    selection : str
        How the series came to be here; see `manias.series.baskets.SELECTIONS`.
    others : tuple of str
        Other series of the theme, to see whether the choice matters.
    episodes : tuple of str
        Keys in the table ``episodes``, which holds onset, peak, trough and size.
    start : pandas.Period
        First month of the series.
    note : str
        What else there was, and why it was not taken.
    """

    _told = ("key", "name", "series", "start")

    key: str
    name: str
    subject: str
    series: str
    clause: str
    selection: str
    others: tuple[str, ...]
    episodes: tuple[str, ...]
    start: pd.Period
    note: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LaterReturns(Result):
    """Monthly returns of a series and of the US market, for the months that both have.

    Attributes
    ----------
    series, market : str
        Keys in `later_series`.
    returns : pandas.DataFrame
        Shape (T, 2), decimals (0.01 is 1%), columns ``index`` and ``market``, by month; every
        month from first to last.
    selection : str
        Of the series; see `manias.series.baskets.SELECTIONS`.
    grade : str
        Weaker of the two.
    fingerprint : str
    """

    _told = ("series", "market", "months=returns", "grade")

    series: str
    market: str
    returns: pd.DataFrame
    selection: str
    grade: str
    fingerprint: str

    def to_frame(self) -> pd.DataFrame:
        """One row a month.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``index``, ``market``.
        """
        return self.returns.rename_axis("month").reset_index()


@checked
def later_themes(dataset: Dataset | None = None) -> dict[str, Theme]:
    """List the later booms and the series that stands for each.

    Parameters
    ----------
    dataset : Dataset, optional
        ``load("later_market")`` by default.

    Returns
    -------
    dict of str to Theme

    Examples
    --------
    >>> {key: theme.series for key, theme in later_themes().items() if theme.clause == "4a"}
    {'solar-2007': 'pbw', 'china-2015': 'sse-composite'}
    """
    dataset = dataset or load("later_market")
    chosen = dataset.tables["series"].set_index("series")["selection"]
    return {
        row["theme"]: Theme(
            key=row["theme"],
            name=row["name"],
            subject=row["subject"],
            series=row["series"],
            clause=row["clause"],
            selection=chosen[row["series"]],
            others=_keys(row["others"]),
            episodes=_keys(row["episodes"]),
            start=row["start"],
            note=row["note"],
        )
        for row in dataset.tables["themes"].to_dict("records")
    }


@checked
def later_series(subject: str | None = None, *, dataset: Dataset | None = None) -> pd.DataFrame:
    """List the series: what each is, how it came to be chosen, and what was left out and why.

    Parameters
    ----------
    subject : str, optional
        Such as ``clean-energy``, or ``market`` for what others are compared with.
    dataset : Dataset, optional
        ``load("later_market")`` by default.

    Returns
    -------
    pandas.DataFrame
        Columns of the table ``series``, with ``first`` and ``last``, the ends of what is on
        record (NaT for what was left out).

    Raises
    ------
    InputError
        If there is no such subject.

    Examples
    --------
    >>> table = later_series("clean-energy").set_index("series")
    >>> table.loc["pbw", "selection"], table.loc["PLUG", "shipped"]
    ('rule', 'no')
    """
    dataset = dataset or load("later_market")
    table = dataset.tables["series"]
    if subject is not None:
        if subject not in (subjects := list(dict.fromkeys(table["subject"]))):
            raise InputError(f"subject {subject!r}: expected one of {', '.join(subjects)}")
        table = table[table["subject"] == subject]
    ends = dataset.frame.groupby("series")["month"].agg(first="min", last="max")
    return table.join(ends, on="series").reset_index(drop=True)


@checked
def later_path(series: str, *, dataset: Dataset | None = None) -> Trajectory:
    """Take one series, or the one that stands for a theme, as a trajectory.

    Parameters
    ----------
    series : str
        Key in `later_series` or `later_themes`.
    dataset : Dataset, optional
        ``load("later_market")`` by default.

    Returns
    -------
    Trajectory
        Monthly levels, 100 in the first month. It has no anchors: onset and peak of a theme
        stand in the table ``episodes``, dated on one series each.

    Raises
    ------
    InputError
        If there is no such series; one that was left out is named with why.

    Examples
    --------
    >>> later_path("solar-2007").as_of("2007-12").values.index[-1]
    Period('2007-12', 'M')
    """
    dataset = dataset or load("later_market")
    key, row = _find(series, dataset)
    rows = dataset.frame[dataset.frame["series"] == key].set_index("month")
    if rows.empty:
        raise DataError(f"{key}: nothing on record; expected levels from {row['start']}")
    values = complete(rows["level"])
    known = pd.to_datetime(rows["known"]).reindex(values.index)
    return Trajectory(
        id=key,
        name=row["name"],
        values=values,
        unit=UNIT,
        measure=MEASURE,
        definition=f"{row['measure']}, {row['currency']}; {SELECTIONS[row['selection']]}",
        sources=_keys("; ".join(rows["source"].unique())),
        grade=weakest(rows["grade"].unique()),
        published=known.fillna(pd.Series(values.index.end_time.normalize(), values.index)),
        anchors=dict.fromkeys(("onset", "commercialised", "peak")),
    )


@checked
def later_returns(
    series: str,
    *,
    market: str = "market",
    as_of: str | pd.Period | pd.Timestamp | None = None,
    dataset: Dataset | None = None,
) -> LaterReturns:
    """Lay monthly returns of a series and of the US market beside each other.

    Parameters
    ----------
    series : str
        Key in `later_series` or `later_themes`.
    market : {"market", "sp500-total", "sp500"}
        Every US share with dividends, to August 2025; the S&P 500 with dividends, to March
        2026; without, to the end of the table.
    as_of : str or pandas.Period, optional
        Leave out every level that was not known by then.
    dataset : Dataset, optional
        ``load("later_market")`` by default.

    Returns
    -------
    LaterReturns
        Levels are rounded to two decimals, so that a return is off by 0.0005 at most where
        the level is above 20.

    Raises
    ------
    InputError
        If there is no such series or market.
    DataError
        If the two share no month, a month is missing in between, or nothing was known by the
        date.

    Examples
    --------
    >>> found = later_returns("solar-2007", as_of="2007-12")
    >>> run_up = (1 + found.returns[-24:]).prod() - 1
    >>> print(run_up.round(2).to_dict())
    {'index': 0.71, 'market': 0.22}
    """
    dataset = dataset or load("later_market")
    paths = [later_path(series, dataset=dataset), _market(market, dataset)]
    if as_of is not None:
        paths = [path.as_of(user_day(as_of)) for path in paths]
    returns = growth(*(path.values for path in paths))
    key, row = _find(series, dataset)
    mark = fingerprint(
        returns.set_axis(returns.index.astype(str)), series=key, market=market, as_of=as_of
    )
    grade = weakest(path.grade for path in paths)
    return LaterReturns(key, market, returns, row["selection"], grade, mark)


@checked
def later_indices(
    *, market: str = "market", dataset: Dataset | None = None
) -> dict[str, Index]:
    """Lay what stands for each theme beside the US market, as the lens from prices takes it.

    Parameters
    ----------
    market : {"market", "sp500-total", "sp500"}
        See `later_returns`.
    dataset : Dataset, optional
        ``load("later_market")`` by default.

    Returns
    -------
    dict of str to manias.series.indices.Index
        By theme: levels of the months that both have.

    Raises
    ------
    InputError
        If there is no such market.

    Examples
    --------
    >>> later_indices()["crypto-2017"].as_of("2017-12").levels.size
    40
    """
    dataset = dataset or load("later_market")
    beside = _market(market, dataset)
    found = {}
    for key, theme in later_themes(dataset).items():
        path = later_path(key, dataset=dataset)
        both = path.values.index.intersection(beside.values.index)
        grade = weakest([path.grade, beside.grade])
        levels, under = path.values[both], beside.values[both]
        found[key] = Index(key, theme.name, levels, under, theme.selection, grade)
    return found


def growth(index: pd.Series, market: pd.Series) -> pd.DataFrame:
    """Turn two series of levels into returns of the months that both have.

    Parameters
    ----------
    index, market : pandas.Series
        Positive levels by month.

    Returns
    -------
    pandas.DataFrame
        Shape (T, 2), decimals, columns ``index`` and ``market``.

    Raises
    ------
    DataError
        If no month has both returns, or one is missing between first and last.

    Examples
    --------
    >>> months = pd.period_range("2007-01", periods=3, freq="M")
    >>> growth(pd.Series([100.0, 110.0, 121.0], months), pd.Series(100.0, months)).round(2)
             index  market
    2007-02    0.1     0.0
    2007-03    0.1     0.0
    """
    levels = pd.DataFrame({"index": index, "market": market})
    returns = levels / levels.shift() - 1
    whole = returns.notna().all(axis=1)
    if not whole.any():
        raise DataError("index and market: no month with a return of both; expected some")
    first, last = whole[whole].index[[0, -1]]
    if not (inside := whole[first:last]).all():
        raise DataError(
            f"index and market: no return of both in {inside.idxmin()}; expected every month"
        )
    return returns[first:last]


def charter(since: pd.Series, least: int = 2) -> tuple[pd.Period, tuple[str, ...]]:
    """Say when a basket begins and who is in it, from months of listing alone.

    Parameters
    ----------
    since : pandas.Series
        By company, the first month end at which it was listed in the theme.
    least : int
        How many companies make a basket.

    Returns
    -------
    start : pandas.Period
        First month end at which so many were listed.
    members : tuple of str
        Those listed by then, in the order given. Later listings change neither.

    Raises
    ------
    DataError
        If there are fewer companies.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2010-06", "2018-09", "2020-11"], freq="M")
    >>> charter(pd.Series(months, ["TSLA", "NIO", "QS"]))
    (Period('2018-09', 'M'), ('TSLA', 'NIO'))
    """
    if len(since) < least:
        raise DataError(f"{len(since)} companies; expected {least} or more for a basket")
    start = since.sort_values().iloc[least - 1]
    return start, tuple(since.index[since <= start])


def hold_equal(prices: pd.DataFrame) -> pd.Series:
    """Follow equal parts of all columns, bought at the first row and held.

    Parameters
    ----------
    prices : pandas.DataFrame
        Shape (T, N), closes by month, adjusted for what was paid out.

    Returns
    -------
    pandas.Series
        T levels, 100 in the first month.

    Raises
    ------
    DataError
        If a close is missing or not positive.

    Examples
    --------
    >>> months = pd.period_range("2018-09", periods=2, freq="M")
    >>> hold_equal(pd.DataFrame({"a": [1.0, 3.0], "b": [4.0, 4.0]}, months)).tolist()
    [100.0, 200.0]
    """
    if not (good := prices > 0).to_numpy().all():
        month, name = (~good).stack().idxmax()
        raise DataError(
            f"{name}: close {prices.loc[month, name]:g} in {month}; expected more than 0"
        )
    return (prices / prices.iloc[0]).mean(axis=1) * 100


def _find(series: str, dataset: Dataset) -> tuple[str, pd.Series]:
    themes = dataset.tables["themes"].set_index("theme")["series"]
    table = dataset.tables["series"].set_index("series")
    key = themes.get(series, series)
    if key not in table.index:
        listed = table.index[table["shipped"] == "yes"]
        raise InputError(
            f"series {series!r}: expected one of {', '.join([*themes.index, *listed])}"
        )
    row = table.loc[key]
    if row["shipped"] != "yes":
        raise InputError(f"series {series!r}: left out ({row['note']})")
    return key, row


def _market(market: str, dataset: Dataset) -> Trajectory:
    table = dataset.tables["series"]
    markets = table.loc[table["kind"] == "market", "series"].tolist()
    if market not in markets and current().day is not None:
        raise not_known("later_market", "no market")
    if market not in markets:
        raise InputError(f"market {market!r}: expected one of {', '.join(markets)}")
    return later_path(market, dataset=dataset)


def _keys(text: str | float) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split("; "))) if isinstance(text, str) else ()
