"""Spending that gauges warn of: builders of networks since 1841, and large US companies.

What a builder spent stands under one definition each and is never spliced, so a builder whose
record ends with the boom has no window that is over.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from manias.data.calendar import known
from manias.data.library import load, not_known
from manias.data.rows import Rows, some
from manias.gauges.gauge import Target
from manias.lenses.payback import FIVE
from manias.series.flows import load_flows
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind, column

GB_RAILWAYS, US_RAILROADS, US_COMMUNICATIONS, US_INFORMATION, AI_BUILDERS = (
    "british-railways",
    "us-railroads",
    "us-communications",
    "us-information",
    "ai-builders",
)
"""Builders of the target ``builders``."""
BUILDERS = (GB_RAILWAYS, US_RAILROADS, US_COMMUNICATIONS, US_INFORMATION, AI_BUILDERS)
COLUMNS: Mapping[str, tuple[str, str]] = {
    GB_RAILWAYS: ("uk_railways", "expenditure"),
    US_RAILROADS: ("spending_history", "railroad_gross_capital_expenditure"),
    US_COMMUNICATIONS: ("spending_history", "digital_communications_equipment"),
    US_INFORMATION: ("us_it_investment", "info_equipment_software"),
    AI_BUILDERS: ("ai_capex", "capex"),
}
"""Builder -> table and series."""
AT_ANNUAL_RATES = (US_INFORMATION,)
"""Builders whose quarters stand at annual rates."""
LATE = 10
"""Years after which a record counts as put together later."""
WAIT = 90
"""Days after its end from which a year of a record that was put together much later is taken
as known: what a reader of annual reports could have added up."""


def spent(builder: str) -> Trajectory | None:
    """What a builder spent, by year or quarter.

    Parameters
    ----------
    builder : str
        One of `BUILDERS`.

    Returns
    -------
    Trajectory or None
        Money of the day; None where the open library knows nothing of it.

    Examples
    --------
    >>> spent("us-railroads").values.idxmax()
    Period('1881', 'Y-DEC')
    """
    dataset, name = COLUMNS[builder]
    return read_series(dataset, name, members=_five() if builder == AI_BUILDERS else "")


def read_series(
    dataset: str, name: str, *, members: str = "", select: str = ""
) -> Trajectory | None:
    """One series of a table as `manias.series.trajectories.column` reads it.

    Parameters
    ----------
    dataset, name, members, select : str

    Returns
    -------
    Trajectory or None
        None where the open library knows no row of it. A record that came out more than `LATE`
        years after its first period is taken as known `WAIT` days after each.

    Examples
    --------
    >>> read_series("spending_history", "digital_computers").published.iloc[-1].year
    2018
    """
    frame = load(dataset).frame
    within = next((c for c in ("series", "measure") if c in frame), None)
    if frame.empty or (within is not None and name not in set(frame[within])):
        return None
    path = column(dataset, name, members=members, select=select)
    ends = pd.Series(path.values.index.end_time.normalize(), path.values.index)
    if path.published.iloc[0] > ends.iloc[0] + pd.DateOffset(years=LATE):
        return replace(path, published=ends + pd.Timedelta(days=WAIT))
    return path


def carried(values: pd.Series, days: pd.Series, periods: pd.PeriodIndex) -> pd.Series:
    """The last value that was known at the end of each period.

    Parameters
    ----------
    values : pandas.Series
        Shape (S,), in the order of time.
    days : pandas.Series
        Day from which each was known, same index.
    periods : pandas.PeriodIndex
        T periods.

    Returns
    -------
    pandas.Series
        Shape (T,); NaN before anything was known. Of two values the one of the later period
        counts, though an earlier one may have come out after it.

    Examples
    --------
    >>> quarters = pd.PeriodIndex(["2000Q1", "2000Q2"], freq="Q")
    >>> out = pd.Series(pd.to_datetime(["2000-05-15", "2000-08-15"]), quarters)
    >>> months = pd.period_range("2000-04", "2000-08", freq="M")
    >>> carried(pd.Series([1.0, 2.0], quarters), out, months).tolist()
    [nan, 1.0, 1.0, 1.0, 2.0]
    """
    there = values.notna() & days.notna()
    kept, out = values[there].to_numpy(dtype=float), days[there].to_numpy("datetime64[ns]")
    # A figure that came out after one of a later period was never the last that was known.
    fresh = out < np.append(np.minimum.accumulate(out[::-1])[::-1][1:], np.datetime64("nat"))
    fresh = fresh | (np.arange(len(out)) == len(out) - 1)
    kept, out = kept[fresh], out[fresh]
    ends = periods.end_time.normalize().to_numpy("datetime64[ns]")
    place = np.searchsorted(out, ends, side="right") - 1
    found = np.where(place >= 0, kept[np.maximum(place, 0)] if len(kept) else np.nan, np.nan)
    return pd.Series(found, periods)


def last_year(path: Trajectory) -> Trajectory:
    """Add up the last four quarters; years stay as they are.

    Parameters
    ----------
    path : Trajectory
        Quarterly or yearly.

    Returns
    -------
    Trajectory

    Examples
    --------
    >>> last_year(spent("ai-builders")).values.index[0]
    Period('2019Q1', 'Q-DEC')
    """
    if path.frequency == "Y":
        return path
    values = path.values.rolling(4).sum()
    days = pd.concat([path.published.shift(k) for k in range(4)], axis=1)
    published = days.max(axis=1).where(values.notna())
    return replace(path, values=values, published=published)


def years_of(paths: Mapping[str, Trajectory]) -> pd.PeriodIndex:
    """Every year from the first that was spent in to the last in which a figure came out.

    Parameters
    ----------
    paths : mapping of str to Trajectory

    Returns
    -------
    pandas.PeriodIndex

    Examples
    --------
    >>> str(years_of({"r": spent("us-railroads")})[-1])
    '1901'
    """
    if not paths:
        raise not_known("builders of capacity", "no spending")
    first = min(p.values.index[0].year for p in paths.values())
    last = max(int(p.published.max().year) for p in paths.values())
    return pd.period_range(str(first), str(last), freq="Y")


def builder_rows(builders: tuple[str, ...] = BUILDERS) -> tuple[Rows, ...]:
    """Rows behind what builders spent.

    Parameters
    ----------
    builders : tuple of str

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> [part.name for part in builder_rows(("us-railroads",))]
    ['spending_history']
    """
    found: list[Rows] = []
    for builder in builders:
        dataset, name = COLUMNS[builder]
        if builder == AI_BUILDERS:
            found += behind(FIVE)
            continue
        frame = load(dataset).frame
        keep = frame["series"] == name if "series" in frame else frame[name].notna()
        found.append(some(dataset, keep, name))
    return tuple(found)


def spending_by_year() -> pd.DataFrame:
    """What builders spent by calendar year, each in its own money of the day.

    Returns
    -------
    pandas.DataFrame
        Years by `BUILDERS`; quarters are added up where all four are there, and averaged where
        they stand at annual rates.
    """
    found = {}
    for builder in BUILDERS:
        path = spent(builder)
        if path is None:
            continue
        values = path.values.dropna()
        if path.frequency != "Y":
            years = values.index.asfreq("Y")
            kept = values.groupby(years)
            values = kept.mean() if builder in AT_ANNUAL_RATES else kept.sum()
            values = values[kept.size() == 4]
        found[builder] = values
    table = pd.DataFrame(found).reindex(columns=list(BUILDERS))
    if table.empty:
        return table
    return table.reindex(pd.period_range(table.index.min(), table.index.max(), freq="Y"))


def firms_by_year() -> pd.DataFrame:
    """Capital expenditure of large US companies outside finance and real estate.

    Returns
    -------
    pandas.DataFrame
        Fiscal years by companies, million dollars of the day.
    """
    dollars = load_flows("firms").dollars
    dollars = dollars.set_axis(pd.PeriodIndex(dollars.index.astype(str), freq="Y"))
    return dollars.where(dollars > 0)


def firm_days() -> pd.DataFrame:
    """Day from which the accounts of each company and fiscal year were known.

    Returns
    -------
    pandas.DataFrame
        Fiscal years by companies.
    """
    source = load("firm_capex")
    days = known(source.frame, source.clocks["data"], by="published")
    table = source.frame.assign(day=days).pivot(index="year", columns="ticker", values="day")
    return table.set_axis(pd.PeriodIndex(table.index.astype(str), freq="Y"))


def _five() -> str:
    return str(load("trajectories").frame.set_index("id").loc[FIVE, "members"])


TARGETS = (
    Target(
        "builders",
        "Spending of builders",
        "money of the day a year: British railways, US railroads, US communications equipment, "
        "US information processing, five builders of AI",
        spending_by_year,
        fall=0.3,
        horizon=5,
        others=((0.5, 5), (0.3, 3)),
    ),
    Target(
        "firms",
        "Capital expenditure of large US companies",
        "dollars of the day a fiscal year, companies that survived alone",
        firms_by_year,
        fall=0.3,
        horizon=5,
        others=((0.5, 5), (0.3, 3)),
    ),
)
