"""Shares at the same age of two waves, and what fell last.

Both are read off the table ``ai_market``: levels at the ends of months, 100 in the month that
starts a wave. Single names are shown one by one and never averaged.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.data.results import Plotted, Result
from manias.data.sources import weakest
from manias.errors import DataError
from manias.language.messages import Listed, Month, Text
from manias.language.numbers import percent
from manias.series.baskets import market_path, market_series

PAIRS = (
    ("the NASDAQ Composite", "nasdaq-composite", "nasdaq-composite"),
    ("the semiconductor index", "soxx", "sox"),
    ("Nvidia (beside Cisco)", "NVDA", "CSCO"),
)
"""What is laid side by side: a name, the series of the AI years, that of the dotcom years."""
NOW, THEN = "ai", "dotcom"
KINDS = {"index": ("rule",), "name": ("hindsight",)}
"""Kinds of series whose falls are listed, and how they must have been chosen."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharePair(Result):
    """One series of the AI years beside one of the dotcom years.

    Attributes
    ----------
    name : str
    now_key, then_key : str
        In `manias.series.baskets.market_series`.
    now_name, then_name : str
    age : int
        Months since the event that starts a wave, of the last level of the AI years.
    now_level, then_level : float
        Levels at that age, 100 in the month of the event.
    then_peak : float
        Highest level of the dotcom series after its event.
    then_peak_age : int
        Months after the event.
    now, then : pandas.Series
        Levels by month since the event, as far as there are data.
    grade : str
        Weakest of the two.
    """

    _told = ("name", "age", "now_level", "then_level")

    name: str
    now_key: str
    then_key: str
    now_name: str
    then_name: str
    age: int
    now_level: float
    then_level: float
    then_peak: float
    then_peak_age: int
    now: pd.Series
    then: pd.Series
    grade: str

    @property
    def is_above(self) -> bool:
        """Whether the series of the AI years stands higher than the other did at this age."""
        return self.now_level > self.then_level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharesAtAge(Plotted):
    """Share prices of the AI years beside those of the dotcom years at the same age.

    Attributes
    ----------
    pairs : tuple of SharePair
    grade : str
        Weakest of them.
    """

    _told = ("pairs", "grade")

    pairs: tuple[SharePair, ...]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a pair.

        Returns
        -------
        pandas.DataFrame
            ``name``, ``age`` (months), ``now_level``, ``then_level``, ``then_peak``,
            ``then_peak_age``, ``grade``.
        """
        names = (
            *("name", "age", "now_level", "then_level", "then_peak", "then_peak_age"),
            "grade",
        )
        return pd.DataFrame([{n: getattr(p, n) for n in names} for p in self.pairs])

    @property
    def finding(self) -> Text:
        """Which of them stand higher than the others did at the same age, in one sentence."""
        above = [p.name for p in self.pairs if p.is_above]
        below = [p.name for p in self.pairs if not p.is_above]
        months = self.pairs[0].age
        if not below:
            return Text(
                "At the age of {months} months {above} {n:plural one=stands|other=stand} "
                "higher than in the dotcom years",
                months=months,
                above=Listed(above),
                n=len(above),
            )
        if not above:
            return Text(
                "At the age of {months} months {below} {n:plural one=stands|other=stand} no "
                "higher than in the dotcom years",
                months=months,
                below=Listed(below),
                n=len(below),
            )
        return Text(
            "At the age of {months} months {above} {n:plural one=stands|other=stand} higher "
            "than in the dotcom years, {below} lower",
            months=months,
            above=Listed(above),
            n=len(above),
            below=Listed(below),
        )


@once
def compare_shares() -> SharesAtAge:
    """Lay shares of the AI years beside shares of the dotcom years at the same age.

    Returns
    -------
    SharesAtAge
        One pair each for an index of many shares, for semiconductors and for the best known
        single name of each wave.

    Raises
    ------
    DataError
        If a level of the dotcom years at the age of the AI years is not on record.

    Notes
    -----
    The semiconductors of the AI years are a fund that counts dividends, those of the dotcom
    years an index that does not. Both single names were picked knowing how far they rose.

    Examples
    --------
    >>> [(p.now_level, p.then_level) for p in compare_shares().pairs][0]
    (221.26, 249.27)
    """
    pairs = tuple(_pair(*keys) for keys in PAIRS)
    return SharesAtAge(pairs, weakest([p.grade for p in pairs]))


def by_month(window: str, series: str) -> pd.Series:
    """Levels of a series by month since the event of its wave.

    Parameters
    ----------
    window, series : str
        As in `manias.series.baskets.market_path`.

    Returns
    -------
    pandas.Series
        Index ``age`` in months, 0 in the month of the event; 100 there.

    Examples
    --------
    >>> float(by_month("ai", "nasdaq-composite")[0])
    100.0
    """
    path = market_path(window, series)
    values = path.values.dropna()
    start = path.anchors["onset"]
    ages = pd.Index([(month - start).n for month in values.index], name="age")
    return pd.Series(values.to_numpy(), ages)


def _pair(name: str, now_key: str, then_key: str) -> SharePair:
    now, then = by_month(NOW, now_key), by_month(THEN, then_key)
    names = market_series().set_index(["window", "series"])["name"]
    age = int(now.index[-1])
    if age not in then.index:
        raise DataError(f"{then_key}: no level {age} months after the event; expected one")
    after = then[then.index >= 0]
    grades = [market_path(*keys).grade for keys in ((NOW, now_key), (THEN, then_key))]
    return SharePair(
        name,
        now_key,
        then_key,
        names[NOW, now_key],
        names[THEN, then_key],
        age,
        float(now.iloc[-1]),
        float(then[age]),
        float(after.max()),
        int(after.idxmax()),
        now,
        then,
        weakest(grades),
    )


@dataclass(frozen=True, slots=True, repr=False)
class Fall(Result):
    """What one series did last.

    Attributes
    ----------
    key, name : str
    kind : {"index", "name"}
        An index or a fund that follows one, or the shares of one company.
    month : pandas.Period
        Last month on record.
    change : float
        Of that month, as a decimal.
    from_peak : float
        Last level over the highest end of a month on record, less one.
    peak_month : pandas.Period
    grade : str
    """

    _told = ("name", "month", "change", "from_peak")

    key: str
    name: str
    kind: str
    month: pd.Period
    change: float
    from_peak: float
    peak_month: pd.Period
    grade: str


@dataclass(frozen=True, slots=True, repr=False)
class RecentFalls(Plotted):
    """What indices and companies of the AI years did in their last month, and since a peak.

    Attributes
    ----------
    month : pandas.Period
        Last month of the table.
    falls : tuple of Fall
        Those that reach it: indices and funds first, then companies, the deepest first.
    ended : tuple of str
        Names of indices and companies that end before it.
    grade : str
    """

    _told = ("month", "falls", "grade")

    month: pd.Period
    falls: tuple[Fall, ...]
    ended: tuple[str, ...]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a series.

        Returns
        -------
        pandas.DataFrame
            The attributes of `Fall`.
        """
        names = ("key", "name", "kind", "month", "change", "from_peak", "peak_month", "grade")
        return pd.DataFrame([{n: getattr(f, n) for n in names} for f in self.falls])

    @property
    def finding(self) -> Text:
        """What fell most in the last month, and what lies furthest below its peak."""
        worst = min(self.falls, key=lambda f: f.change)
        deepest = min(self.falls, key=lambda f: f.from_peak)
        if worst.change >= 0:
            return Text(
                "Nothing fell in {month}. {deepest} is {depth} below its highest month",
                month=Month(self.month),
                deepest=deepest.name,
                depth=percent(-deepest.from_peak),
            )
        return Text(
            "{worst} fell by {change} in {month} alone. {deepest} is {depth} below "
            "its highest month",
            worst=worst.name,
            change=percent(-worst.change),
            month=Month(self.month),
            deepest=deepest.name,
            depth=percent(-deepest.from_peak),
        )


@once
def recent_falls() -> RecentFalls:
    """List what the indices, funds and companies of the AI years did last.

    Returns
    -------
    RecentFalls
        Indices and funds kept by others, and the companies of ``ai_capex``; names that were
        taken over from the dotcom years are left out.

    Raises
    ------
    DataError
        If no series is on record.

    Notes
    -----
    Ends of months: a fall and a recovery within a month are not seen.

    Examples
    --------
    >>> found = recent_falls()
    >>> [f.name for f in found.falls if f.change <= -0.2]
    ['iShares Semiconductor (SOXX)']
    """
    table = market_series(NOW)
    wanted = pd.concat(
        table[
            (table["shipped"] == "yes")
            & (table["kind"] == kind)
            & table["selection"].isin(selections)
        ]
        for kind, selections in KINDS.items()
    )
    if wanted.empty or load("ai_market").frame.empty:
        raise DataError("ai_market: no series of the AI years; expected at least one")
    month = wanted["last"].max()
    here = wanted[wanted["last"] == month]
    falls = [_fall(row) for row in here.itertuples()]
    order = {kind: i for i, kind in enumerate(KINDS)}
    falls.sort(key=lambda f: (order[f.kind], f.from_peak))
    ended = wanted.loc[wanted["last"] != month, "name"]
    return RecentFalls(month, tuple(falls), tuple(ended), weakest([f.grade for f in falls]))


def _fall(row) -> Fall:
    path = market_path(NOW, row.series)
    values = path.values.dropna()
    last, before = values.iloc[-1], values.get(values.index[-1] - 1, np.nan)
    return Fall(
        row.series,
        row.name,
        row.kind,
        values.index[-1],
        float(last / before - 1),
        float(last / values.max() - 1),
        values.idxmax(),
        path.grade,
    )
