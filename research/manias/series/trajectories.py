"""Build named trajectories from the curated tables, or one from a user's series."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NoReturn

import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import known, to_period
from manias.data.library import current, load, not_known, once
from manias.data.reader import Series, as_read
from manias.data.rows import Rows, merged, some
from manias.data.sources import weakest
from manias.data.tables import Dataset
from manias.errors import DataError, InputError
from manias.series.deflate import share_of
from manias.series.timeline import CLOCKS, Trajectory, complete


def trajectory_names() -> tuple[str, ...]:
    """Keys of the trajectories that can be compared.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> "us-it-ai" in trajectory_names()
    True
    """
    return tuple(load("trajectories").frame["id"])


@checked
@once
def trajectory(key: str) -> Trajectory:
    """Build a trajectory by its key.

    Parameters
    ----------
    key : str
        One of `trajectory_names`.

    Returns
    -------
    Trajectory

    Raises
    ------
    InputError
        If there is no such trajectory.

    Examples
    --------
    >>> trajectory("uk-railways-1840s").values.round(2).tolist()
    [0.28, 0.6, 0.9, 1.15, 2.5, 6.14]
    """
    table = load("trajectories").frame.set_index("id")
    if key not in table.index:
        raise InputError(f"trajectory {key!r}: expected one of {', '.join(table.index)}")
    row = table.loc[key]
    path = column(
        row["dataset"],
        row["column"],
        members=_text(row["members"]),
        select=_text(row["select"]),
        transform=_text(row["transform"]),
    )
    if below := _text(row["denominator"]):
        name, other = below.split(":")
        path = share_of(path, column(name, other), scale=float(row["scale"]), unit=row["unit"])
    first = pd.Period(row["first"], freq=row["frequency"])
    last = pd.Period(row["last"], freq=row["frequency"]) if _text(row["last"]) else None
    values = path.values[first:last] if last is not None else path.values[first:]
    day = current().day
    if values.dropna().empty and day is not None:
        raise DataError(f"{key}: nothing was {current().by} by {day.date()}")
    if values.dropna().empty:
        raise DataError(f"{key}: {row['dataset']} has no value of it")
    values = complete(values.dropna())
    anchors = {c: to_period(row[c]) if _text(row[c]) else None for c in CLOCKS}
    if day is not None:
        anchors = {
            c: a if a is not None and a.start_time <= day else None for c, a in anchors.items()
        }
    return Trajectory(
        id=key,
        name=row["name"],
        values=values,
        unit=row["unit"],
        measure=row["measure"],
        definition=row["definition"],
        sources=path.sources,
        grade=weakest([path.grade, row["grade"]]),
        published=path.published.reindex(values.index),
        anchors=anchors,
        is_estimated=path.is_estimated,
    )


def column(
    dataset: str, name: str, *, members: str = "", select: str = "", transform: str = ""
) -> Trajectory:
    """Take one column of a wide table, or one series of a long one, as a trajectory.

    Parameters
    ----------
    dataset : str
        Name of a dataset.
    name : str
        Column of a wide table; value of ``series`` or ``measure`` in a long one.
    members : str, optional
        For tables by company: the companies to add up, separated by ";". A period in which
        one of them is missing is missing.
    select : str, optional
        For long tables that hold several series of one name: the rows to take, as
        ``column=value`` separated by ";".
    transform : {"", "increase", "quarter_sum"}
        "increase" turns a stock into its increase over the period before; "quarter_sum" adds
        months up to quarters where all three are there.

    Returns
    -------
    Trajectory
        Half-years are added up to years where both halves are there; spans are left out.
        A long series of months stays monthly. Fiscal quarters go to the calendar quarter
        that holds most of their days.

    Raises
    ------
    InputError
        If the table has no such column or series, or it is not one series.

    Examples
    --------
    >>> column("uk_macro", "nominal_gdp").frequency
    'Y'
    """
    return _column(dataset, name, members, select, transform)


@once
def _column(dataset: str, name: str, members: str, select: str, transform: str) -> Trajectory:
    source = load(dataset)
    rows = column_rows(dataset, name, members=members, select=select)
    is_long = "series" in rows or "company" in rows
    path = _make(
        source,
        name,
        rows,
        rows["for"],
        rows["value"] if is_long else rows[name],
        rows["unit"].iloc[0] if is_long else source.units[name],
    )
    if transform not in TRANSFORMS:
        raise InputError(
            f"transform={transform!r}: expected one of {', '.join(map(repr, TRANSFORMS))}"
        )
    return TRANSFORMS[transform](path)


def column_rows(
    dataset: str, name: str, *, members: str = "", select: str = ""
) -> pd.DataFrame:
    """The rows that `column` is made of.

    Parameters
    ----------
    dataset, name, members, select : str
        As in `column`.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, with the period ``for`` which each counts.

    Raises
    ------
    InputError
        If the table has no such column or series, or it is not one series.

    Examples
    --------
    >>> column_rows("uk_macro", "nominal_gdp")["for"].iloc[0]
    Period('1825', 'Y-DEC')
    """
    source = load(dataset)
    if "company" in source.frame:
        table, periods = _companies(source, name, members)
    elif "series" in source.frame:
        table, periods = _long(source, name, select)
    else:
        table, periods = _wide(source, name)
    return table.assign(**{"for": periods})


def increase(path: Trajectory) -> Trajectory:
    """Turn a stock into its increase over the period before.

    Parameters
    ----------
    path : Trajectory
        T levels.

    Returns
    -------
    Trajectory
        T - 1 differences; NaN next to a gap.

    Examples
    --------
    >>> increase(column("uk_macro", "nominal_gdp")).values.index[0]
    Period('1826', 'Y-DEC')
    """
    return replace(path, values=path.values.diff().iloc[1:], published=path.published.iloc[1:])


def quarter_sum(path: Trajectory) -> Trajectory:
    """Add months up to quarters.

    Parameters
    ----------
    path : Trajectory
        Monthly.

    Returns
    -------
    Trajectory
        Quarters of which all three months are there.

    Raises
    ------
    InputError
        If the trajectory is not monthly.

    Examples
    --------
    >>> quarter_sum(column("shiller", "price")).frequency
    'Q'
    """
    if path.frequency != "M":
        raise InputError(f"{path.id} has frequency {path.frequency}; expected months")
    months = path.values.dropna()
    quarters = months.index.asfreq("Q")
    whole = months.groupby(quarters).sum()[months.groupby(quarters).size() == 3]
    if whole.empty:
        raise InputError(f"{path.id}: no quarter with all three months")
    days = path.published.groupby(path.published.index.asfreq("Q")).max()
    values = complete(whole)
    return replace(path, values=values, published=days.reindex(values.index))


TRANSFORMS: Mapping[str, Callable[[Trajectory], Trajectory]] = {
    "": lambda path: path,
    "increase": increase,
    "quarter_sum": quarter_sum,
}
"""What may be done to a series before it is divided."""


@checked
def own(
    series: Series | pd.Series | pd.DataFrame, *, measure: str, onset: pd.Period | None = None
) -> Trajectory:
    """Turn a user's series into a trajectory.

    Parameters
    ----------
    series : manias.data.reader.Series, pandas.Series or pandas.DataFrame of one column
    measure : str
        The kind of quantity it is, as in `trajectory`.
    onset : pandas.Period, optional
        Period placed at 0; the first observation by default.

    Returns
    -------
    Trajectory
        Of grade C, since nobody but its owner has seen the source; known when observed.

    Examples
    --------
    >>> values = pd.Series([1.0, 2.0], pd.PeriodIndex(["2020", "2021"], freq="Y"))
    >>> own(Series("mine", values, "percent of GDP"), measure="m").anchors["onset"]
    Period('2020', 'Y-DEC')
    """
    series = as_read(series)
    values = complete(series.values)
    days = pd.Series(values.index.end_time.normalize(), values.index)
    anchors = {"onset": onset or values.index[0], "commercialised": None, "peak": None}
    return Trajectory(
        series.name,
        series.name,
        values,
        series.unit,
        measure,
        "brought by the user",
        ("own",),
        "C",
        days,
        anchors,
    )


def _wide(source: Dataset, name: str) -> tuple[pd.DataFrame, pd.Series]:
    frame = source.frame
    when = next((c for c in frame if isinstance(frame[c].dtype, pd.PeriodDtype)), None)
    if name not in frame or when is None:
        raise InputError(
            f"column {name!r} of {source.name}: expected one of {', '.join(source.units)}"
        )
    table = frame[frame[name].notna()]
    return table, table[when]


def _long(source: Dataset, name: str, select: str) -> tuple[pd.DataFrame, pd.Series]:
    _check("series", name, source)
    table = source.frame[source.frame["series"] == name]
    for pair in filter(None, select.split(";")):
        key, _, value = pair.partition("=")
        if key not in table or value not in set(table[key]):
            _missing(
                f"{name!r} with {pair}",
                source,
                f"select {pair!r}: no such rows of {name!r} in {source.name}",
            )
        table = table[table[key] == value]
    doubled = table["period"].duplicated().any()
    if table["period"].str.fullmatch(r"\d{4}-\d{2}").all():
        periods = pd.Series(pd.PeriodIndex(table["period"], freq="M"), table.index)
    else:
        table = table[table["period"].str.fullmatch(r"\d{4}(H[12])?")]
        year = table["period"].str[:4]
        parts = table["period"].str.len().map({4: 2, 6: 1})
        table = table[parts.groupby(year).transform("sum") == 2]
        periods = pd.Series(pd.PeriodIndex(table["period"].str[:4], freq="Y"), table.index)
    if table.empty or doubled:
        wrong = "several series of that name" if doubled else "no whole year"
        raise InputError(f"series {name!r} of {source.name}: {wrong}; expected one to select")
    return table, periods


def _companies(source: Dataset, name: str, members: str) -> tuple[pd.DataFrame, pd.Series]:
    _check("measure", name, source)
    wanted = [m for m in members.split(";") if m]
    for firm in sorted(set(wanted)) or [""]:
        _check("company", firm, source)
    table = source.frame[
        (source.frame["measure"] == name) & source.frame["company"].isin(wanted)
    ]
    periods = _quarters(source.name)[table.index]
    if len(wanted) > 1:
        everyone = table["company"].groupby(periods).transform("nunique") == len(wanted)
        table, periods = table[everyone], periods[everyone]
    if table["unit"].nunique() > 1:
        units = ", ".join(sorted(table["unit"].unique()))
        raise InputError(
            f"measure {name!r} of {members}: {units}; expected companies of one currency"
        )
    return table, periods


@once
def _quarters(dataset: str) -> pd.Series:
    """Calendar quarter of every row of a table by company."""
    return calendar_quarter(load(dataset).frame["period_end"])


@once
def _published(dataset: str) -> pd.Series:
    """Day on which every row of a table came into print."""
    source = load(dataset)
    return known(source.frame, source.clocks["data"], by="published")


@once
def _values_of(dataset: str, column: str) -> frozenset[str]:
    return frozenset(load(dataset).frame[column].unique())


def _check(column: str, value: str, source: Dataset) -> None:
    if value not in (known_values := _values_of(source.name, column)):
        expected = ", ".join(sorted(known_values))
        _missing(
            repr(value),
            source,
            f"{column} {value!r} of {source.name}: expected one of {expected}",
        )


def _missing(what: str, source: Dataset, wrong: str) -> NoReturn:
    """Say that it may have come later, or that it was asked for wrongly."""
    if current().day is not None:
        raise not_known(source.name, f"nothing of {what}")
    raise InputError(wrong)


def calendar_quarter(period_end: pd.Series) -> pd.Series:
    """Calendar quarter that holds most days of the fiscal quarter ending on a day.

    Parameters
    ----------
    period_end : pandas.Series
        ISO dates, length n.

    Returns
    -------
    pandas.Series
        Quarterly periods, length n.

    Examples
    --------
    >>> calendar_quarter(pd.Series(["2026-05-31", "2026-06-30"])).tolist()
    [Period('2026Q2', 'Q-DEC'), Period('2026Q2', 'Q-DEC')]
    """
    middle = pd.to_datetime(period_end) - pd.Timedelta(days=45)
    return middle.dt.to_period("Q")


def _make(source, name, table, periods, numbers, unit) -> Trajectory:
    # Where a table does not say when its rows came into print, none is taken as published.
    clock = source.clocks["data"]
    unknown = pd.Series(pd.NaT, table.index, dtype="datetime64[s]")
    days = _published(source.name)[table.index] if "observed" in clock else unknown
    if (day := current().day) is not None:
        # A fiscal quarter may be over, and in print, before the calendar quarter it counts for.
        ended = periods.dt.end_time.dt.normalize() <= day
        table, periods, numbers, days = (
            part[ended] for part in (table, periods, numbers, days)
        )
    if table.empty:
        raise not_known(source.name, f"nothing of {name!r}")
    if periods.is_unique and numbers.notna().all():
        # Most tables have one row a period: there is nothing to add up.
        when = pd.PeriodIndex(periods)
        numbers, days = numbers.set_axis(when), days.set_axis(when)
    else:
        numbers, days = numbers.groupby(periods).sum(), days.groupby(periods).max()
    values = complete(numbers)
    keys = [key.strip() for text in table["source"].unique() for key in text.split(";")]
    return Trajectory(
        id=f"{source.name}:{name}",
        name=name,
        values=values,
        unit=unit,
        measure=name,
        definition=source.title,
        sources=tuple(dict.fromkeys(keys)),
        grade=weakest(table["grade"]),
        published=days.reindex(values.index),
        anchors=dict.fromkeys(CLOCKS),
        is_estimated="quality" in table and bool((table["quality"] == "estimated").any()),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def behind(
    key: str, periods: Iterable[pd.Period] | None = None, how: str = ""
) -> tuple[Rows, ...]:
    """Take the rows behind a trajectory: its own, those of its flow and those it is divided by.

    Parameters
    ----------
    key : str
        One of `manias.series.trajectories.trajectory_names`.
    periods : iterable of pandas.Period, optional
        Only those; all that it has a value for by default.
    how : str, optional
        How the periods were chosen; the first and the last by default.

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> peak = trajectory("us-it-dotcom").values.idxmax()
    >>> [(r.name, len(r.frame)) for r in behind("us-it-dotcom", [peak])]
    [('trajectories', 1), ('us_it_investment', 1)]
    """
    table = load("trajectories").frame
    row = table[table["id"] == key]
    values = trajectory(key).values.dropna()
    wanted = set(values.index if periods is None else periods)
    cells = {name: _text(row[name].iloc[0]) for name in row}
    span = how or f"{key}: {values.index[0]} to {values.index[-1]}"
    found = [
        some("trajectories", row.index, key),
        _flow(cells, wanted, span),
    ]
    if cells["denominator"]:
        name, _, below = cells["denominator"].partition(":")
        rows = column_rows(name, below)
        found.append(some(name, rows.index[rows["for"].isin(wanted)], span))
    return merged(found)


def _flow(cells: Mapping[str, str], wanted: set[pd.Period], how: str) -> Rows:
    rows = column_rows(
        cells["dataset"], cells["column"], members=cells["members"], select=cells["select"]
    )
    counted = rows["for"]
    match cells["transform"]:
        case "increase":
            wanted = wanted | {period - 1 for period in wanted}
        case "quarter_sum":
            counted = counted.dt.asfreq("Q")
    return some(cells["dataset"], rows.index[counted.isin(wanted)], how)
