"""Numbers, sentences and exhibits of explosive growth in prices and build-outs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.errors import DataError
from manias.explosive.dating import DatedSeries, DatingRule, date_series
from manias.language.editions import Language
from manias.language.numbers import percent, plain
from manias.report.exhibits import Findings, makes
from manias.series.runups import load_panel

_TABLES = ("shiller", "us_railroad_stocks", "us_industries", "us_it_investment")


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
        "US information processing investment", "percent of GDP", _share(),
    )  # fmt: skip
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
def _dated() -> tuple[Dated, ...]:
    return tuple(
        Dated(key, name, unit, cut, date_series(cut))
        for key, (name, unit, values) in own_series().items()
        for cut in (shipped_length(values),)
    )


@makes("exhibit", "dated-series", *_TABLES, "critical_values")
def dated_table(found: Findings) -> dict:
    rows = []
    for d in _dated():
        tests, critical = d.dated.tests, d.dated.critical
        spans = [
            f"{e.start} to {'now' if e.ongoing else e.end} (peak {e.peak})"
            for e in d.dated.episodes
        ]
        rows.append(
            [
                d.name,
                d.unit,
                f"{d.values.index[0]} to {d.values.index[-1]}",
                str(tests.n),
                plain(tests.gsadf, 2),
                plain(float(critical.gsadf[DatingRule().level]), 2),
                "; ".join(spans) or "none",
            ]
        )
    return {
        "caption": found.language.say(
            "Explosive growth in the series of this package: the supremum of right-tailed "
            "unit-root statistics over all windows (GSADF) beside its {level}% critical value "
            "for a random walk, and the episodes that pass the gate, lie above the boundary "
            "and last at least the logarithm of the length. Each series is cut to its last "
            "periods, as many as the table of critical values holds.",
            level=DatingRule().level,
        ),
        "columns": ["Series", "Unit", "Span", "n", "GSADF", "Critical", "Episodes"],
        "widths": [1.6, 0.8, 1.3, 0.5, 0.6, 0.6, 3],
        "rows": rows,
    }


@makes("exhibit", "dated-price-dividend", "shiller", "critical_values")
def dated_figure(found: Findings) -> dict:
    from manias.figures.dating import plot_dating
    from manias.figures.style import to_svg

    d, say = _dated()[0], found.language.say
    drawn = plot_dating(d.values, d.dated, name="price over dividend")
    return {
        "svg": to_svg(drawn, found.language),
        "caption": say(
            "{series}, monthly, and the path of the statistic with its boundary. Shaded: dated "
            "episodes.",
            series=found.language.t(d.name),
        ),
        "alt": _explosive(d, found.language),
    }


def _explosive(d: Dated, language: Language) -> str:
    fields = {
        "first": d.values.index[0],
        "last": d.values.index[-1],
        "n": language.word(len(d.dated.episodes)),
        "peaks": language.listed(str(e.peak) for e in d.dated.episodes),
    }
    if not d.dated.episodes:
        return language.say(
            "From {first} to {last} the price of US shares over their dividend shows no "
            "explosive episode.",
            **fields,
        )
    if len(d.dated.episodes) == 1:
        return language.say(
            "From {first} to {last} the price of US shares over their dividend shows one "
            "explosive episode, with peaks in {peaks}.",
            **fields,
        )
    return language.say(
        "From {first} to {last} the price of US shares over their dividend shows {n} explosive "
        "episodes, with peaks in {peaks}.",
        **fields,
    )


@makes("sentence", "dated-finding", *_TABLES, "critical_values")
def dated_finding(found: Findings) -> str:
    language = found.language
    rejected = [language.t(d.name) for d in _dated() if _passes(d)]
    now = [language.t(d.name) for d in _dated() if any(e.ongoing for e in d.dated.episodes)]
    fields = {
        "total": language.word(len(_dated())),
        "n": language.word(len(rejected)),
        "which": language.listed(rejected) or language.t("none"),
        "now": language.listed(now),
    }
    if now:
        return language.say(
            "Of {total} series {n} pass the gate ({which}); still under way at the end of its "
            "data: {now}",
            **fields,
        )
    return language.say(
        "Of {total} series {n} pass the gate ({which}); none is still under way at the end of "
        "its data",
        **fields,
    )


def _passes(d: Dated) -> bool:
    return d.dated.tests.gsadf > float(d.dated.critical.gsadf[DatingRule().level])


@makes("sentence", "false-alarms", "size_power")
def false_alarms(found: Findings) -> str:
    rows = load("size_power").frame
    rows = rows[rows["critical"] == "monte carlo"].sort_values("n")
    say = found.language.say
    walk, broken = (
        found.language.listed(
            say("{share} at {n} periods", share=percent(r.dated, 1), n=int(r.n))
            for r in rows[rows["process"] == name].itertuples()
        )
        for name in ("random walk", "variance break")
    )
    return say(
        "Under a random walk, where there is nothing to find, the defaults raise a false alarm "
        "somewhere in {walk}; where the variance of the walk breaks, in {broken}",
        walk=walk,
        broken=broken,
    )


@makes("exhibit", "size-power", "size_power")
def size_power_table(found: Findings) -> dict:
    frame = load("size_power").frame
    rows = [
        [
            r.process,
            str(r.n),
            r.critical,
            "nothing to find" if r.is_null else "a bubble",
            f"{percent(r.gsadf, 1)} ({percent(r.gsadf_error, 1)})",
            f"{percent(r.dated, 1)} ({percent(r.dated_error, 1)})",
            f"{int(r.draws):,}",
        ]
        for r in frame.itertuples()
    ]
    return {
        "caption": found.language.say(
            "How often the test rejects, and how often an episode is dated, on simulated "
            "series (Monte Carlo error in brackets): false alarms where there is nothing to "
            "find, power where there is a bubble"
        ),
        "columns": ["Process", "n", "Critical values", "Truth", "Rejects", "Dates", "Draws"],
        "widths": [1.3, 0.4, 1, 1.1, 1, 1, 0.6],
        "rows": rows,
    }
