"""A series with its explosive episodes."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.explosive.dating import DatedSeries
from manias.figures.style import WIDTH, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text

TICKS = 7
"""Most places of time that are written below a series."""


@checked
@styled
def plot_dating(
    series: pd.Series,
    dated: DatedSeries,
    *,
    name: str = "",
    language: Language = ENGLISH,
) -> Figure:
    """Draw a series with its explosive episodes shaded, above the test and its boundary.

    Parameters
    ----------
    series : pandas.Series, shape (n,)
        As given to `manias.date_series`.
    dated : DatedSeries
    name : str
        Label of the series.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import date_series
    >>> walk = pd.Series(np.random.default_rng(0).standard_normal(60).cumsum())
    >>> len(plot_dating(walk, date_series(walk)).axes)
    2
    """
    say = saying(language)
    colours = sns.color_palette("colorblind")
    figure, (above, below) = subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True)
    x = np.arange(len(series))
    ends = x[len(series) - len(dated.dates) :]
    above.plot(x, series.to_numpy(), color="0.15", linewidth=1.1)
    above.set_ylabel(say(name or "value"))
    below.plot(
        ends,
        dated.tests.bsadf,
        color=colours[0],
        linewidth=1.1,
        label=say("test statistic (BSADF)"),
    )
    below.plot(
        ends,
        dated.boundary,
        color=colours[1],
        linestyle=(0, (4, 2)),
        linewidth=1.1,
        label=say(Text("{level}% boundary", level=dated.rule.level)),
    )
    below.set_ylabel(say("test statistic"))
    below.legend(
        frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.2
    )
    place = {date: ends[i] for i, date in enumerate(dated.dates)}
    for episode in dated.episodes:
        for ax in (above, below):
            ax.axvspan(place[episode.start], place[episode.end], color="0.85", zorder=0)
    below.set_xticks(*_ticks(series.index))
    below.set_xlabel(say("period (shaded: explosive episodes)"))
    return figure


def _ticks(index: pd.Index) -> tuple[np.ndarray, list[str]]:
    """Round years of a long calendar, else seven places from end to end."""
    if isinstance(index, pd.PeriodIndex):
        years = index.year.to_numpy()
        span = years[-1] - years[0]
        step = next((s for s in (1, 2, 5, 10, 20, 25, 50) if span / s <= TICKS), 100)
        begins = np.r_[False, years[1:] != years[:-1]] & (years % step == 0)
        if begins.sum() >= TICKS / 2:
            return np.flatnonzero(begins), [str(year) for year in years[begins]]
    ticks = np.unique(np.linspace(0, len(index) - 1, TICKS).astype(int))
    shown = index[ticks]
    return ticks, [str(d.date()) if isinstance(d, pd.Timestamp) else str(d) for d in shown]
