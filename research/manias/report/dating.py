"""Explosive growth in prices and build-outs."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.errors import DataError
from manias.explosive.dating import DatedSeries, DatingRule, date_series
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.names import CRITICAL, PROCESSES
from manias.language.numbers import percent, plain
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import industries, interval
from manias.series.runups import load_panel


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """A series of the package and what the test says of it.

    Attributes
    ----------
    key, name, unit : str
    values : pandas.Series
        As tested.
    dated : DatedSeries
    """

    key: str
    name: str
    unit: str
    values: pd.Series
    dated: DatedSeries


def own_series() -> dict[str, tuple[str, str, pd.Series]]:
    """The series of the package that are long enough to be tested.

    Returns
    -------
    dict of str to (name, unit, values)
        Prices over dividends or over the market, log prices, and shares of GDP.

    Examples
    --------
    >>> "price-dividend" in own_series()
    True
    """
    shiller = load("shiller").frame.set_index("month")
    ratio = (shiller["price"] / shiller["dividend"]).astype(float).dropna()
    railroads = load("us_railroad_stocks").frame.set_index("month")["index"].astype(float)
    # The exchange was closed from August to November 1914.
    railroads = np.log(railroads[:"1914-07"])
    panel = load_panel()
    found = {
        "price-dividend": ("US shares, price over dividend", "ratio", ratio),
        "railroads": ("US railroad shares", "log price", railroads),
    }
    for key, name in (("Softw", "Computer software"), ("Chips", "Electronic equipment")):
        ahead = np.log1p(panel.returns[key]) - np.log1p(panel.market)
        found[key.lower()] = (f"{name}, over the market", "log", ahead.dropna().cumsum())
    found["it-share"] = (
        "US information processing investment",
        "percent of GDP",
        _share(),
    )
    return found


def _share() -> pd.Series:
    frame = load("us_it_investment").frame.set_index("quarter")
    return 100 * frame["info_equipment_software"].astype(float) / frame["gdp"].astype(float)


def shipped_length(values: pd.Series) -> pd.Series:
    """Cut a series to its last periods, as many as the table of critical values holds.

    Parameters
    ----------
    values : pandas.Series
        n periods.

    Returns
    -------
    pandas.Series
        The longest end of it whose length is in the table: critical values of 20,000 draws
        are looked up and none is simulated anew.

    Raises
    ------
    DataError
        If it is shorter than any length in the table.

    Examples
    --------
    >>> len(shipped_length(pd.Series(range(130))))
    125
    """
    sizes = sorted(set(load("critical_values").frame["n"].astype(int)))
    fitting = [n for n in sizes if n <= len(values)]
    if not fitting:
        raise DataError(f"{len(values)} periods; expected at least {sizes[0]}")
    return values.iloc[-fitting[-1] :]


@once
def dated_series() -> tuple[Dated, ...]:
    """Test the series of `own_series`, cut to a length of the table of critical values.

    Returns
    -------
    tuple of Dated

    Examples
    --------
    >>> [d.key for d in dated_series()][:2]
    ['price-dividend', 'railroads']
    """
    return tuple(
        Dated(key, name, unit, cut, date_series(cut))
        for key, (name, unit, values) in own_series().items()
        for cut in (shipped_length(values),)
    )


_TABLES = {
    "price-dividend": ("shiller", "month", None),
    "railroads": ("us_railroad_stocks", "month", None),
    "softw": ("us_industries", "month", "Softw"),
    "chips": ("us_industries", "month", "Chips"),
    "it-share": ("us_it_investment", "quarter", None),
}
"""Table, column of periods and industry of each series that is tested."""


CROSSED = "an episode moves only with the values near which its boundary is crossed"
"""Why one row behind dates of episodes may not move them."""


def series_rows(dated: Iterable[Dated]) -> Iterable[Rows]:
    """Rows of series as tested."""
    for d in dated:
        periods = d.values.index
        table, column, industry = _TABLES[d.key]
        if industry:
            yield from industries(periods, [industry])
            continue
        inside = load(table).frame[column].between(periods[0], periods[-1])
        yield some(table, inside, f"{periods[0]} to {periods[-1]}")


def behind_tests(dated: Iterable[Dated]) -> Iterable[Rows]:
    """Rows of series as tested, and of the gate and boundary for their lengths."""
    dated = tuple(dated)
    yield from series_rows(dated)
    sizes = {len(d.values) for d in dated}
    values = load("critical_values").frame
    lengths = ", ".join(map(str, sorted(sizes)))
    used = values["n"].isin(sizes) & values["stat"].isin(["gsadf", "badf"])
    yield some("critical_values", used, f"n: {lengths}; stat: gsadf, badf")


@makes("exhibit", "dated-series")
def dated_table() -> Said:
    rows = []
    for d in dated_series():
        tests, critical = d.dated.tests, d.dated.critical
        spans = [
            Text(
                "{start} to now (peak {peak})"
                if e.ongoing
                else "{start} to {end} (peak {peak})",
                start=str(e.start),
                end=str(e.end),
                peak=str(e.peak),
            )
            for e in d.dated.episodes
        ]
        rows.append(
            [
                d.name,
                d.unit,
                interval(str(d.values.index[0]), str(d.values.index[-1])),
                str(tests.n),
                plain(tests.gsadf, 2),
                plain(float(critical.gsadf[DatingRule().level]), 2),
                Joined("; ", spans) if spans else "none",
            ]
        )
    table = Table(
        caption=Text(
            "Explosive growth in the series of this package. GSADF: the highest of "
            "the right-tailed unit-root statistics over all windows, beside its "
            "{level}% critical value for a random walk. A series passes where GSADF "
            "is higher. Episodes: periods of a series that passes in which the "
            "statistic lies above its boundary for at least as many periods as the "
            "logarithm of the length. Peak: of the statistic, not of the series. "
            "Each series is cut to its last periods, as many as the table of "
            "critical values holds.",
            level=DatingRule().level,
        ),
        columns=["Series", "Unit", "Span", "n", "GSADF", "Critical", "Episodes"],
        widths=[1.6, 0.8, 1.3, 0.5, 0.6, 0.6, 3],
        rows=rows,
    )
    return Said(table, behind_tests(dated_series()), still=CROSSED)


@makes("exhibit", "dated-price-dividend")
def dated_figure() -> Said:
    d = next(d for d in dated_series() if d.key == "price-dividend")

    def draw(language):
        from manias.figures.dating import plot_dating

        return plot_dating(d.values, d.dated, name="price over dividend", language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "{series}, monthly, and the path of the statistic with its boundary. Shaded: dated "
            "episodes.",
            series=d.name,
        ),
        alt=_explosive(d),
        finding=_spans(d),
    )
    return Said(picture, behind_tests([d]))


def _spans(d: Dated) -> Text:
    if not d.dated.episodes:
        return Text(
            "{series}: the statistic is never above its boundary for long enough",
            series=d.name,
        )
    spans = [interval(str(e.start), str(e.end)) for e in d.dated.episodes]
    return Text(
        "{series}: the statistic is above its boundary for long enough in {n} "
        "{n:plural one=span|other=spans}, {spans}",
        series=d.name,
        n=Word(len(spans)),
        spans=Listed(spans),
    )


def _explosive(d: Dated) -> Text:
    first, last = str(d.values.index[0]), str(d.values.index[-1])
    if not d.dated.episodes:
        return Text(
            "From {first} to {last} the price of US shares over their dividend shows no "
            "explosive episode.",
            first=first,
            last=last,
        )
    return Text(
        "From {first} to {last} the price of US shares over their dividend shows {n} explosive "
        "{n:plural one=episode|other=episodes}; the statistic is highest in {peaks}, the price "
        "over dividend itself in {top} ({value}).",
        first=first,
        last=last,
        n=Word(len(d.dated.episodes)),
        peaks=Listed(str(e.peak) for e in d.dated.episodes),
        top=str(d.values.idxmax()),
        value=plain(float(d.values.max())),
    )


@makes("sentence", "dated-finding")
def dated_finding() -> Said:
    rejected = [d.name for d in dated_series() if passes(d)]
    now = [d.name for d in dated_series() if any(e.ongoing for e in d.dated.episodes)]
    fields = {
        "total": Word(len(dated_series())),
        "n": Word(len(rejected)),
        "which": Listed(rejected) if rejected else "none",
    }
    if now:
        text = Text(
            "Of {total} series {n} {n:plural one=passes|other=pass} the test "
            "({which}). Still under way at the end of the data: {now}",
            now=Listed(now),
            **fields,
        )
    else:
        text = Text(
            "Of {total} series {n} {n:plural one=passes|other=pass} the test "
            "({which}). None has a dated episode still under way at the end of its "
            "data",
            **fields,
        )
    return Said(text, behind_tests(dated_series()), still=CROSSED)


def passes(d: Dated) -> bool:
    """Whether GSADF of a series is above the value for a random walk."""
    return d.dated.tests.gsadf > float(d.dated.critical.gsadf[DatingRule().level])


@makes("sentence", "false-alarms")
def false_alarms() -> Said:
    frame = load("size_power").frame
    null = frame["process"].isin(["random walk", "variance break"])
    used = null & (frame["critical"] == "monte carlo")
    rows = frame[used].sort_values("n")
    walk, broken = (
        Listed(
            Text("{share} at {n} periods", share=percent(r.dated, 1), n=int(r.n))
            for r in rows[rows["process"] == name].itertuples()
        )
        for name in ("random walk", "variance break")
    )
    text = Text(
        "Under a random walk, where there is nothing to find, the defaults raise a "
        "false alarm somewhere in {walk}. Where the variance of the walk breaks, "
        "they do in {broken}",
        walk=walk,
        broken=broken,
    )
    how = "random walk and variance break, Monte Carlo values"
    return Said(text, some("size_power", used, how))


@makes("exhibit", "size-power")
def size_power_table() -> Said:
    frame = load("size_power").frame
    frame = frame[frame["case"] == "defaults"]
    rows = [
        [
            PROCESSES.get(r.process, r.process),
            str(r.n),
            CRITICAL[r.critical],
            "no bubble" if r.is_null else "a bubble",
            f"{percent(r.gsadf, 1)} ({percent(r.gsadf_error, 1)})",
            f"{percent(r.dated, 1)} ({percent(r.dated_error, 1)})",
            f"{int(r.draws):,}",
        ]
        for r in frame.itertuples()
    ]
    table = Table(
        caption=Text(
            "How often the test rejects, and how often an episode is dated, on simulated "
            "series (Monte Carlo error in brackets): false alarms where there is nothing to "
            "find, power where there is a bubble"
        ),
        columns=[
            "Process",
            "n",
            "Critical values",
            "Truth",
            "Rejects",
            "Dates an episode",
            "Draws",
        ],
        widths=[1.3, 0.4, 1, 1.1, 1, 1, 0.6],
        rows=rows,
    )
    return Said(table, some("size_power", frame.index, "processes with their defaults"))
