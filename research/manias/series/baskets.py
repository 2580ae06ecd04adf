"""Levels of technology shares at the same age of two waves, 100 in the month of the event.

Members and weights are fixed by what was known before the event: whole industries at their
market values, or an index that another party keeps. Single names are shown one by one and are
never averaged, since nobody could have chosen just these at the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.fingerprint import fingerprint
from manias.data.library import known_on, load, once
from manias.data.results import Plotted, Result
from manias.data.tables import Dataset
from manias.errors import DataError, InputError
from manias.series.timeline import Trajectory, complete

TECHNOLOGY = ("Hardw", "Softw", "Chips", "LabEq", "Telcm")
"""The industries of which every SIC code lies in HiTec, one of the five groups into which the
authors of the classification also divide all shares."""

MEASURE = "level of share prices"
UNIT = "index, month of the event = 100"
SELECTIONS = {
    "rule": "could have been chosen at the start: a classification, or an index kept by others",
    "hindsight": "on a list drawn up in 2026; all on it that were listed at the start",
    "selected": "a file happened to be at hand; those that failed mostly have none",
}
"""How a series came to be here; only the first kind can stand for a wave."""

Weighting = Literal["held", "monthly"]


@dataclass(frozen=True, slots=True, repr=False)
class Window(Result):
    """One wave and the month that starts it.

    Attributes
    ----------
    key, name : str
    start : pandas.Period
        Month of the event; levels are 100 at its end, and members are what was listed before.
    before, after : int
        Months shown on each side, where there are data.
    event : str
    source, locator, grade : str
        Of the date of the event.
    """

    _told = ("key", "start", "before", "after", "grade")

    key: str
    name: str
    start: pd.Period
    before: int
    after: int
    event: str
    source: str
    locator: str
    grade: str

    @property
    def months(self) -> pd.PeriodIndex:
        """Every month of the window."""
        return pd.period_range(self.start - self.before, self.start + self.after)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Basket(Plotted):
    """Whole industries, bought at the end of the month before the event.

    Attributes
    ----------
    window : Window
    key : str
        Which basket.
    weighting : {"held", "monthly"}
    members : pandas.DataFrame
        By industry: ``firms``, ``size``, ``market_value`` (million USD) and ``weight`` at the
        end of the month before the event.
    path : manias.series.timeline.Trajectory
        Monthly levels, dividends included.
    fingerprint : str
    """

    _told = ("key", "weighting", "industries=members")

    window: Window
    key: str
    weighting: Weighting
    members: pd.DataFrame
    path: Trajectory
    fingerprint: str

    def to_frame(self) -> pd.DataFrame:
        """One row an industry.

        Returns
        -------
        pandas.DataFrame
            ``industry``, then the columns of ``members``.
        """
        return self.members.rename_axis("industry").reset_index()


def windows(dataset: Dataset | None = None) -> dict[str, Window]:
    """List the waves.

    Parameters
    ----------
    dataset : Dataset, optional
        ``load("ai_market")`` by default.

    Returns
    -------
    dict of str to Window

    Examples
    --------
    >>> {key: str(window.start) for key, window in windows().items()}
    {'dotcom': '1995-08', 'ai': '2022-11'}
    """
    return dict(_windows()) if dataset is None else _listed(dataset)


@once
def _windows() -> dict[str, Window]:
    return _listed(load("ai_market"))


def _listed(dataset: Dataset) -> dict[str, Window]:
    table = dataset.tables["windows"]
    return {
        row["window"]: Window(
            key=row["window"],
            name=row["name"],
            start=row["start"],
            before=int(row["before"]),
            after=int(row["after"]),
            event=row["event"],
            source=row["source"],
            locator=row["locator"],
            grade=row["grade"],
        )
        for row in table.to_dict("records")
    }


def rebase(levels: pd.Series, start: pd.Period) -> pd.Series:
    """Express levels in percent of one month's.

    Parameters
    ----------
    levels : pandas.Series
        Positive numbers by month, length T.
    start : pandas.Period

    Returns
    -------
    pandas.Series
        Length T, exactly 100 at ``start``.

    Raises
    ------
    DataError
        If there is no level at ``start``, or one is not positive.

    Examples
    --------
    >>> months = pd.period_range("1995-07", periods=3, freq="M")
    >>> rebase(pd.Series([4.0, 5.0, 6.0], months), months[1]).tolist()
    [80.0, 100.0, 120.0]
    """
    base = levels.get(start)
    if base is None or pd.isna(base):
        raise DataError(f"{levels.name}: no level in {start}; expected one to rebase to")
    if (levels <= 0).any():
        bad = levels.index[levels <= 0][0]
        raise DataError(f"{levels.name}: level {levels[bad]:g} in {bad}; expected more than 0")
    return levels / base * 100


def month_ends(closes: pd.Series) -> pd.Series:
    """Take the last close of every month that has ended.

    Parameters
    ----------
    closes : pandas.Series
        Closes by day, length n, in any order.

    Returns
    -------
    pandas.Series
        By month, one a month at most. The last month is left out: that it has ended is seen
        only by a day of a later one. A month without a close is missing, never filled.

    Raises
    ------
    DataError
        If a day stands twice.

    Examples
    --------
    >>> days = pd.to_datetime(["1999-12-30", "1999-12-31", "2000-01-03"])
    >>> month_ends(pd.Series([1.0, 2.0, 3.0], days)).to_dict()
    {Period('1999-12', 'M'): 2.0}
    """
    closes = closes.dropna().sort_index()
    if closes.index.has_duplicates:
        day = closes.index[closes.index.duplicated()][0]
        raise DataError(f"{closes.name}: {day.date()} stands twice; expected each day once")
    return closes.groupby(closes.index.to_period("M")).last().iloc[:-1]


def members_at(
    industries: Sequence[str], start: pd.Period, dataset: Dataset | None = None
) -> pd.DataFrame:
    """Weigh industries by their market values at the end of the month before ``start``.

    Parameters
    ----------
    industries : sequence of str
        Short names.
    start : pandas.Period
        Month of the event.
    dataset : Dataset, optional
        ``load("us_industries")`` by default. Its row of a month holds firms and average size
        at the beginning of that month: from row to row they follow the return of the month
        before.

    Returns
    -------
    pandas.DataFrame
        By industry: ``firms``, ``size``, ``market_value`` (million USD) and ``weight``; the
        weights add up to 1. No other month is looked at.

    Raises
    ------
    InputError
        If there is no such industry.
    DataError
        If one has no market value then.

    Examples
    --------
    >>> members_at(["Chips", "Softw"], pd.Period("1995-08", "M"))["weight"].round(2).tolist()
    [0.6, 0.4]
    """
    frame = (dataset or load("us_industries")).frame
    _known_industries(industries, frame)
    table = frame[frame["month"] == start].set_index("industry")
    table = table.reindex(list(industries))[["firms", "size"]].astype(float)
    value = table["firms"] * table["size"]
    if not (value > 0).all():
        bad = value.index[~(value > 0)][0]
        raise DataError(f"{bad}: no market value at the beginning of {start}; expected one")
    return table.assign(market_value=value, weight=value / value.sum())


def hold(
    industries: Sequence[str],
    window: Window,
    *,
    weighting: Weighting = "held",
    dataset: Dataset | None = None,
) -> pd.Series:
    """Follow industries bought at their market values in the month before the event.

    Parameters
    ----------
    industries : sequence of str
        Short names.
    window : Window
    weighting : {"held", "monthly"}
        From the event on: what was bought is held, dividends put back into the industry that
        paid them; or the weights are set anew each month. Before the event both weigh each
        month by the market values at its beginning, so that no month knows a later one.
    dataset : Dataset, optional
        ``load("us_industries")`` by default.

    Returns
    -------
    pandas.Series
        Levels by month, 100 at the end of the month of the event; as far as the data reach.

    Raises
    ------
    InputError
        If there is no such industry or weighting.
    DataError
        If a return or a market value is missing inside the window.

    Examples
    --------
    >>> levels = hold(TECHNOLOGY, windows()["dotcom"])
    >>> print(levels.idxmax(), round(levels.max()))
    2000-03 478
    """
    if weighting not in get_args(Weighting):
        raise InputError(
            f"weighting={weighting!r}: expected one of {', '.join(get_args(Weighting))}"
        )
    dataset = dataset or load("us_industries")
    weights = members_at(industries, window.start, dataset)["weight"]
    frame = dataset.frame[dataset.frame["industry"].isin(industries)]
    frame = frame.assign(value=frame["firms"].astype(float) * frame["size"])
    wide = frame.pivot(index="month", columns="industry", values=["return", "value"])
    wide = wide.astype(float)
    # The return of the first month leads to its level from the month before.
    months = window.months[window.months <= wide.index[-1]]
    months = months[months >= wide.index[0]]
    returns = (wide["return"] / 100).reindex(months)[list(industries)]
    values = wide["value"].reindex(months)[list(industries)]
    if (gaps := returns.isna() | values.isna()).to_numpy().any():
        month, industry = gaps.stack().idxmax()
        raise DataError(f"{industry}: nothing on record in {month}; expected every month")
    total = (returns * values).sum(axis=1) / values.sum(axis=1)
    if weighting == "held":
        growth = (1 + returns[window.start :]).cumprod() @ weights
        total[window.start :] = growth / growth.shift(fill_value=1.0) - 1
    levels = (1 + total).cumprod()
    return rebase(levels.rename("+".join(industries)), window.start)


@checked
def basket(
    window: str,
    key: str = "technology",
    *,
    weighting: Weighting = "held",
    dataset: Dataset | None = None,
) -> Basket:
    """Build a basket of industries anew from their returns and market values.

    Parameters
    ----------
    window : str
        ``dotcom`` or ``ai``.
    key : str
        A basket of the table ``members``: ``technology`` or ``ai-industries``.
    weighting : {"held", "monthly"}
        See `hold`.
    dataset : Dataset, optional
        ``load("us_industries")`` by default.

    Returns
    -------
    Basket

    Raises
    ------
    InputError
        If there is no such window or basket. A single name is no basket.

    Examples
    --------
    >>> made = basket("dotcom")
    >>> print(made.path.values["1995-08"], made.members["weight"].round(2).tolist())
    100.0 [0.19, 0.16, 0.24, 0.04, 0.36]
    """
    market = load("ai_market")
    where = _window(window, market)
    table = market.tables["members"]
    baskets = sorted(table["basket"].unique())
    if key not in baskets:
        raise InputError(f"basket {key!r}: expected one of {', '.join(baskets)}")
    chosen = table[(table["window"] == window) & (table["basket"] == key)]
    industries = chosen["industry"].tolist()
    levels = hold(industries, where, weighting=weighting, dataset=dataset)
    row = _series(market, window).loc[key]
    path = _path(where, key, row, levels, sources=("french2025industries",), grade="A")
    members = members_at(industries, where.start, dataset)
    mark = fingerprint(
        path.values.set_axis(path.values.index.astype(str)).to_frame("level"),
        window=where.key,
        start=where.start,
        industries=industries,
        weighting=weighting,
    )
    return Basket(where, key, weighting, members, path, mark)


@checked
def market_path(window: str, series: str) -> Trajectory:
    """Take one shipped series as a trajectory.

    Parameters
    ----------
    window : str
        ``dotcom`` or ``ai``.
    series : str
        Key in `market_series`.

    Returns
    -------
    Trajectory
        Monthly levels, 100 in the month of the event, which is its onset. Levels before the
        event are known from the event on, since they are percentages of its level. The peak
        is the highest month of a window that is on record to its end, else None.

    Raises
    ------
    InputError
        If there is no such window or series; a series that was left out is named with why.

    Examples
    --------
    >>> market_path("dotcom", "nasdaq-composite").anchors["peak"]
    Period('2000-02', 'M')
    """
    where = _window(window)
    table = _kept_series(window)
    if series not in table.index:
        raise InputError(f"series {series!r}: expected one of {', '.join(table.index)}")
    row = table.loc[series]
    if row["shipped"] != "yes":
        raise InputError(f"series {series!r} in {window}: left out ({row['note']})")
    unseen = pd.Series([], pd.PeriodIndex([], freq="M"), dtype=float)
    levels = _levels(window).get(series, unseen)
    return _path(where, series, row, levels, sources=_keys(row["source"]), grade=row["grade"])


@checked
def market_series(window: str | None = None) -> pd.DataFrame:
    """List the series: what each is, how it came to be chosen, and what was left out and why.

    Parameters
    ----------
    window : str, optional
        Both by default.

    Returns
    -------
    pandas.DataFrame
        Columns of the table ``series``, with ``first`` and ``last``, the ends of what is on
        record (NaT for what was left out).

    Examples
    --------
    >>> table = market_series("dotcom").set_index("series")
    >>> table.loc["smh", "shipped"], table.loc["MSFT", "selection"]
    ('no', 'selected')
    """
    market = load("ai_market")
    table = market.tables["series"]
    if window is not None:
        _window(window, market)
        table = table[table["window"] == window]
    ends = market.frame.groupby(["window", "series"])["month"].agg(first="min", last="max")
    return table.join(ends, on=["window", "series"]).reset_index(drop=True)


WAVES = ("dotcom", "ai")
"""Columns of `same_age`, also on a day before one of them began."""


@checked
def same_age(series: Sequence[str] | None = None, *, as_of: str | None = None) -> pd.DataFrame:
    """Lay both waves beside each other, month by month of their age.

    Parameters
    ----------
    series : sequence of str, optional
        Keys that both windows have; by default those of selection "rule".
    as_of : str, optional
        Leave out every later month.

    Returns
    -------
    pandas.DataFrame
        ``series``, ``tau`` (months since the event), ``dotcom`` and ``ai`` (levels, NaN where
        a window has none) and ``selection``, the weaker of the two.

    Raises
    ------
    InputError
        If a window has no such series, or nothing was known by the date.

    Examples
    --------
    >>> table = same_age(["technology"]).set_index("tau")
    >>> bool(table.loc[0, "dotcom"] == table.loc[0, "ai"] == 100)
    True
    """
    whole = windows()
    with known_on(as_of):
        market = load("ai_market")
    data = market.frame
    if data.empty:
        start = min(window.start for window in whole.values())
        raise InputError(f"as of {as_of}: nothing on record; expected {start} or later")
    # Which series a wave would have was not known before it began.
    where = windows(market)
    tables = {key: _series(market, key) for key in where}
    tables = {key: table[table["shipped"] == "yes"] for key, table in tables.items()}
    first, *others = tables.values()
    both = [k for k in first.index if all(k in table.index for table in others)]
    if series is None:
        series = [
            k for k in both if all(t.loc[k, "selection"] == "rule" for t in tables.values())
        ]
    if odd := [key for key in series if key not in both]:
        raise InputError(f"series {odd[0]!r}: expected some of {', '.join(both)}")
    order = list(SELECTIONS)
    parts = []
    for key in series:
        columns = {}
        for name, window in where.items():
            rows = data[(data["window"] == name) & (data["series"] == key)]
            age = [(month - window.start).n for month in rows["month"]]
            columns[name] = pd.Series(rows["level"].to_numpy(), age, dtype=float)
        part = pd.DataFrame(columns).rename_axis("tau").reset_index()
        weaker = max((t.loc[key, "selection"] for t in tables.values()), key=order.index)
        parts.append(part.assign(series=key, selection=weaker))
    found = pd.concat(parts, ignore_index=True)
    return found.reindex(columns=["series", "tau", *WAVES, "selection"])


@checked
def milestones(window: str, *, as_of: str | None = None) -> pd.DataFrame:
    """Say of every series how far it rose from the event on, and how far it fell after.

    Parameters
    ----------
    window : str
        ``dotcom`` or ``ai``.
    as_of : str, optional
        Leave out every later month.

    Returns
    -------
    pandas.DataFrame
        One row a series: ``series``, ``name``, ``kind``, ``selection``, ``last`` and
        ``level`` (on record at the end), ``peak`` and ``highest`` (from the event on),
        ``trough`` and ``lowest`` (after the peak), ``fall`` (between the two, a negative
        decimal; 0 while the last month is the highest).

    Raises
    ------
    InputError
        If there is no such window, or the date lies before its event.

    Examples
    --------
    >>> row = milestones("dotcom").set_index("series").loc["nasdaq-composite"]
    >>> print(row["peak"], round(row["fall"], 2))
    2000-02 -0.75
    """
    market = load("ai_market")
    where = _window(window, market)
    data = (market if as_of is None else market.as_of(as_of)).frame
    data = data[(data["window"] == window) & (data["month"] >= where.start)]
    if data.empty:
        raise InputError(f"as of {as_of}: before the event; expected {where.start} or later")
    table, rows = _series(market, window), []
    for key in table.index[table["shipped"] == "yes"]:
        levels = data[data["series"] == key].set_index("month")["level"]
        peak = levels.idxmax()
        after = levels[peak:]
        trough = after.idxmin()
        rows.append(
            {
                "series": key,
                "name": table.loc[key, "name"],
                "kind": table.loc[key, "kind"],
                "selection": table.loc[key, "selection"],
                "last": levels.index[-1],
                "level": levels.iloc[-1],
                "peak": peak,
                "highest": levels[peak],
                "trough": trough,
                "lowest": after[trough],
                "fall": after[trough] / levels[peak] - 1,
            }
        )
    return pd.DataFrame(rows)


@once
def _kept_series(window: str) -> pd.DataFrame:
    return _series(load("ai_market"), window)


@once
def _levels(window: str) -> dict[str, pd.Series]:
    """Levels by month of every series of a window that has some."""
    frame = load("ai_market").frame
    rows = frame[frame["window"] == window].set_index("month")
    return {str(key): part for key, part in rows["level"].groupby(rows["series"])}


def _path(where, key, row, levels, *, sources, grade) -> Trajectory:
    values = complete(levels)
    ended = values.index[-1] >= where.start + where.after
    peak = values[where.start :].idxmax() if ended else None
    days = np.maximum(values.index.end_time.normalize(), where.start.end_time.normalize())
    return Trajectory(
        id=f"{key}-{where.key}",
        name=f"{row['name']}, {where.name}",
        values=values,
        unit=UNIT,
        measure=MEASURE,
        definition=f"{row['measure']}; {SELECTIONS[row['selection']]}",
        sources=sources,
        grade=grade,
        published=pd.Series(days, values.index),
        anchors={"onset": where.start, "commercialised": where.start, "peak": peak},
    )


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in text.split(";"))


def _window(key: str, dataset: Dataset | None = None) -> Window:
    found = windows(dataset)
    if key not in found:
        raise InputError(f"window {key!r}: expected one of {', '.join(found)}")
    return found[key]


def _series(dataset: Dataset, window: str) -> pd.DataFrame:
    table = dataset.tables["series"]
    return table[table["window"] == window].set_index("series")


def _known_industries(industries: Sequence[str], frame: pd.DataFrame) -> None:
    known = sorted(frame["industry"].unique())
    if not industries:
        raise InputError(f"no industry given; expected some of {', '.join(known)}")
    if odd := [key for key in industries if key not in known]:
        raise InputError(f"industry {odd[0]!r}: expected some of {', '.join(known)}")
    if twice := next((k for k in industries if list(industries).count(k) > 1), None):
        raise InputError(f"industry {twice!r} is given twice; expected each once")
