"""One monthly index beside the market: the baskets and indices of AI, or one's own."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from manias.data.calendar import as_typed, user_day
from manias.data.reader import Series
from manias.data.results import Result
from manias.errors import InputError
from manias.series.baskets import market_path, market_series, windows
from manias.series.runups import Panel, RunUpRule

WINDOW = "ai"
MARKET = "sp500"
"""What the indices of the AI window are netted of: the only market index on record to the end
of them. It is a price index, so indices that count dividends look better by those."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Index(Result):
    """One monthly index beside the market of the same months.

    Attributes
    ----------
    key, name : str
    levels, market : pandas.Series
        Month-end levels, positive, every month, same index.
    selection : str
        How it came to be here: see `manias.series.baskets.SELECTIONS`.
    grade : str
    """

    _told = ("key", "last", "months=levels", "selection", "grade")

    key: str
    name: str
    levels: pd.Series
    market: pd.Series
    selection: str
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a month.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``level``, ``market``.
        """
        columns = {"level": self.levels.to_numpy(), "market": self.market.to_numpy()}
        return pd.DataFrame({"month": self.levels.index, **columns})

    @property
    def last(self) -> pd.Period:
        """Last month on record."""
        return self.levels.index[-1]

    def as_of(self, date: str | pd.Period) -> "Index":
        """Cut every month that had not ended on a date.

        Parameters
        ----------
        date : str or pandas.Period

        Returns
        -------
        Index

        Raises
        ------
        InputError
            If no month is left.

        Examples
        --------
        >>> ai_indices()["smh"].as_of("2024").last
        Period('2024-12', 'M')
        """
        kept = self.levels.index.end_time.normalize() <= user_day(date)
        if not kept.any():
            first = self.levels.index[0]
            raise InputError(
                f"{self.key}: as of {as_typed(date)}: nothing on record; expected {first}"
            )
        return replace(self, levels=self.levels[kept], market=self.market[kept])


def ai_indices() -> dict[str, Index]:
    """Baskets and indices of the AI window that could have been chosen at its start.

    Returns
    -------
    dict of str to Index
        By their keys in `manias.series.baskets.market_series`; the market itself and single
        names are left out. Empty in a library with a day before the event.

    Examples
    --------
    >>> sorted(ai_indices())[:2]
    ['ai-industries', 'nasdaq-100']
    """
    if WINDOW not in windows():
        return {}
    table = market_series(WINDOW).set_index("series")
    chosen = table[
        (table["shipped"] == "yes")
        & table["kind"].isin(["basket", "index"])
        & ~table.index.isin(["market", MARKET])
    ]
    market = market_path(WINDOW, MARKET).values
    found = {}
    for key, row in chosen.iterrows():
        path = market_path(WINDOW, key)
        both = path.values.index.intersection(market.index)
        found[key] = Index(
            key, row["name"], path.values[both], market[both], row["selection"], path.grade
        )
    return found


def own_index(series: Series, panel: Panel) -> Index:
    """Lay a user's monthly index beside the market.

    Parameters
    ----------
    series : manias.data.reader.Series
        Month-end levels, positive; beside them ``market``, levels of a market index of the
        same months, where the file has them.
    panel : Panel
        For the market return where the file has none.

    Returns
    -------
    Index
        Of grade C: nobody but its owner has seen the source.

    Raises
    ------
    InputError
        If it is not monthly, has a gap, a level of zero or less, or goes beyond the months
        for which a market return is known.

    Examples
    --------
    >>> from manias.series.runups import load_panel
    >>> months = pd.period_range("1997-01", "1999-12", freq="M")
    >>> own_index(Series("mine", pd.Series(1.0, months), "index"), load_panel()).last
    Period('1999-12', 'M')
    """
    name, values = series.name, series.values
    market = series.beside.get("market")
    if market is None:
        known = panel.market.index
        # The level before the first month on record is the start of its return.
        span = pd.period_range(known[0] - 1, known[-1])
        market = pd.Series(np.r_[1.0, np.cumprod(1 + panel.market)], span)
    for what, levels in (("level", values), ("market", market.reindex(values.index))):
        if levels.index.freqstr[0] != "M":
            raise InputError(f"{name}: not monthly; expected months for the run-up lens")
        span = pd.period_range(levels.index[0], levels.index[-1], freq="M")
        if (gaps := levels.reindex(span).isna()).any():
            raise InputError(
                f"{name}: no {what} in {span[gaps][0]}; expected every month"
                + (
                    ""
                    if what == "level"
                    else f" (a column market brings it; without one it "
                    f"is on record from {panel.market.index[0]} to {panel.market.index[-1]})"
                )
            )
        if (levels <= 0).any():
            bad = levels.index[levels <= 0][0]
            raise InputError(f"{name}: {what} {levels[bad]:g} in {bad}; expected more than 0")
    return Index(name, name, values, market.reindex(values.index), "selected", "C")


def crossings(index: Index, rule: RunUpRule | None = None) -> list[pd.Period]:
    """Months in which an index crossed a run-up of a size, raw and net of the market.

    Parameters
    ----------
    index : Index
    rule : RunUpRule, optional
        Its threshold, window and horizon; the conditions on firms and on five years do not
        apply.

    Returns
    -------
    list of pandas.Period
        A new one counts once the horizon of the last is over.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=30, freq="M")
    >>> up = Index("up", "up", pd.Series(1.05 ** np.arange(30), months),
    ...            pd.Series(1.0, months), "selected", "C")
    >>> crossings(up)
    [Period('2002-01', 'M')]
    """
    rule = rule or RunUpRule()
    raw = index.levels / index.levels.shift(rule.window) - 1
    net = raw - (index.market / index.market.shift(rule.window) - 1)
    on = (raw >= rule.threshold) & (net >= rule.threshold)
    found: list[pd.Period] = []
    for month in on.index[on]:
        if not found or (month - found[-1]).n >= rule.horizon:
            found.append(month)
    return found


def run_up(index: Index, rule: RunUpRule | None = None) -> tuple[float, float]:
    """Return of an index over the window of a rule, raw and net of the market.

    Parameters
    ----------
    index : Index
    rule : RunUpRule, optional

    Returns
    -------
    raw, net : float
        Decimals, of the last month; NaN where the window is not on record.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=25, freq="M")
    >>> up = Index("up", "up", pd.Series(range(100, 125), months),
    ...            pd.Series(100.0, months), "selected", "C")
    >>> run_up(up)
    (0.24, 0.24)
    """
    window = (rule or RunUpRule()).window
    if len(index.levels) <= window:
        return float("nan"), float("nan")
    raw, market = (
        float(s.iloc[-1] / s.iloc[-1 - window] - 1) for s in (index.levels, index.market)
    )
    return raw, raw - market


def fell(index: Index, month: pd.Period, rule: RunUpRule | None = None) -> float:
    """Whether an index fell from a peak by as much as a crash within the years after a month.

    Parameters
    ----------
    index : Index
    month : pandas.Period
    rule : RunUpRule, optional
        Its crash and reach.

    Returns
    -------
    float
        1.0 or 0.0; NaN while that is open.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=26, freq="M")
    >>> flat = Index("flat", "flat", pd.Series(1.0, months), pd.Series(1.0, months), "", "C")
    >>> fell(flat, months[0]), fell(flat, months[9])
    (0.0, nan)
    """
    rule = rule or RunUpRule()
    after = index.levels[month : month + rule.reach].to_numpy()
    deepest = float((after / np.maximum.accumulate(after)).min() - 1)
    if deepest <= -rule.crash:
        return 1.0
    return 0.0 if len(after) == rule.reach + 1 else float("nan")
