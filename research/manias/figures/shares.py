"""Shares at the same age, what fell last, and how dear shares are."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.figures.style import (
    WIDTH,
    _broken,
    _source,
    _title,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.language.numbers import percent, plain
from manias.series.shares import RecentFalls, SharePair, SharesAtAge
from manias.series.valuation import Valuation

FIRST, LAST = -24, 120
"""Months since the event that are drawn, where there are data."""
_STEPS = (25, 50, 100, 200, 400, 800, 1600)


@checked
@styled
def plot_shares(results: SharesAtAge, *, language: Language = ENGLISH) -> Figure:
    """Draw shares of the AI years over those of the dotcom years at the same age.

    Parameters
    ----------
    results : SharesAtAge
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a pair, on one logarithmic scale: the dotcom years in grey, the AI years
        dark, a dot on each at the age that the AI years have reached.

    Examples
    --------
    >>> from manias.series.shares import compare_shares
    >>> len(plot_shares(compare_shares()).axes)
    3
    """
    say = saying(language)
    count = len(results.pairs)
    figure, axes = subplots(1, count, figsize=(WIDTH, 3.2), sharey=True, squeeze=False)
    for ax, pair in zip(axes[0], results.pairs, strict=True):
        _draw_pair(ax, pair, say)
    first = axes[0][0]
    first.set_yticks(_STEPS, [f"{step:g}" for step in _STEPS])
    first.minorticks_off()
    first.set_ylabel(say("month of the event = 100"))
    _title(figure, results.finding, language=language)
    _source(first, ["ai_market"], results.grade, language=language)
    return figure


def _draw_pair(ax: Axes, pair: SharePair, say: Any) -> None:
    blue = sns.color_palette("colorblind")[0]
    then, now = (s.loc[FIRST:LAST] for s in (pair.then, pair.now))
    ax.plot(then.index / 12, then, color="0.55", linewidth=1.1)
    ax.plot(now.index / 12, now, color=blue, linewidth=2.2)
    years = pair.age / 12
    ax.plot(years, pair.then_level, "o", color="0.35", markersize=4.5)
    ax.plot(years, pair.now_level, "o", color=blue, markersize=5.5)
    peak = pair.then_peak_age / 12
    ax.set_yscale("log")
    ax.axvline(years, color="0.8", linewidth=0.7, zorder=0)
    high, low = sorted((pair.now_level, pair.then_level), reverse=True)
    for value, is_now in ((pair.now_level, True), (pair.then_level, False)):
        up = value == high if high != low else is_now
        ax.annotate(
            f"{value:,.0f}",
            (years, value),
            xytext=(-4, 4) if up else (5, -3),
            textcoords="offset points",
            ha="right" if up else "left",
            va="bottom" if up else "top",
            color=tuple(0.7 * c for c in blue) if is_now else "0.3",
        )
    ax.annotate(
        say(Text("peak {level}", level=f"{pair.then_peak:,.0f}")),
        (peak, pair.then_peak),
        xytext=(3, 3),
        textcoords="offset points",
        color="0.3",
    )
    names = (
        Text("now: {name}", name=pair.now_name),
        Text("then: {name}", name=pair.then_name),
    )
    ax.set_title("\n".join(_broken(say(name), 24) for name in names), loc="left")
    ax.set_xlim(FIRST / 12, LAST / 12)
    ax.set_xticks([-2, 0, 2, 4, 6, 8, 10])
    ax.set_xlabel(say("years since the event"))


@checked
@styled
def plot_falls(
    results: RecentFalls, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw what fell last: from the highest month on record, and in the last month.

    Parameters
    ----------
    results : RecentFalls
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Bars: below the highest month, whose date stands at the right. Diamonds: change of the
        last month.

    Examples
    --------
    >>> from manias.series.shares import recent_falls
    >>> plot_falls(recent_falls()).axes[0].get_xlabel()[:9]
    'change in'
    """
    say = saying(language)
    rows = list(results.falls)[::-1]
    ax = ax or subplots(figsize=(WIDTH, 0.24 * len(rows) + 1.5))[1]
    blue = sns.color_palette("colorblind")[0]
    gap = 0.6
    places, at = [], 0.0
    for i, one in enumerate(rows):
        at += gap if i and rows[i - 1].kind != one.kind else 0.0
        places.append(at)
        at += 1
    for y, one in zip(places, rows, strict=True):
        ax.barh(
            y, 100 * one.from_peak, height=0.62, color="0.8", edgecolor="0.45", linewidth=0.6
        )
        ax.plot(100 * one.change, y, "D", color=blue, markersize=4.5, markeredgecolor="white")
        ax.annotate(
            str(one.peak_month),
            (1.01, y),
            xycoords=("axes fraction", "data"),
            va="center",
            color="0.25",
        )
    ax.set_yticks(places, [say(one.name) for one in rows])
    ax.annotate(
        say("highest month"),
        (1.01, places[-1] + 0.9),
        xycoords=("axes fraction", "data"),
        va="center",
        color="0.25",
    )
    ax.axvline(0, color="0.2", linewidth=0.8)
    ax.axvline(-20, color="0.5", linewidth=0.8, linestyle=(0, (1, 1.5)))
    ax.set_ylim(-0.7, places[-1] + 1.4)
    ax.margins(x=0.08)
    ax.set_xlabel(
        say(
            Text(
                "change in percent (bar: below the highest month; diamond: in {month}; dots: a "
                "fall of a fifth)",
                month=str(results.month),
            )
        )
    )
    _title(ax.figure, results.finding, language=language)
    _source(ax, ["ai_market"], results.grade, language=language)
    return ax.figure


@checked
@styled
def plot_valuation(
    results: Valuation, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw the price of US shares over ten years of earnings, with two peaks and now.

    Parameters
    ----------
    results : Valuation
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Dashed: months after the last of which earnings are on record.

    Examples
    --------
    >>> from manias.series.valuation import value_market
    >>> plot_valuation(value_market()).axes[0].get_ylabel()
    'price over earnings of ten years'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 2.9))[1]
    blue, orange, *_ = sns.color_palette("colorblind")
    when = _years(results.values.index)
    known = results.values.index <= results.earnings_to
    ax.plot(when[known], results.values[known], color=blue, linewidth=1.1)
    # From the last known month on, so that the dashes join the line.
    from_there = np.flatnonzero(known)[-1] if known.any() else 0
    ax.plot(
        when[from_there:],
        results.values.iloc[from_there:],
        color=blue,
        linewidth=1.3,
        linestyle=(0, (2, 1)),
    )
    ax.axhline(results.now, color="0.75", linewidth=0.7, zorder=0)
    marks = [(r.month, r.value) for r in results.peaks.itertuples()]
    for i, (month, value) in enumerate([*marks, (results.month, results.now)]):
        is_now = i == len(marks)
        x = _years(pd.PeriodIndex([month]))[0]
        ax.plot(
            x, value, "D" if is_now else "o", color=orange if is_now else "0.2", markersize=5
        )
        ax.annotate(
            f"{month}\n{plain(value)}",
            (x, value),
            xytext=(-5, 4),
            textcoords="offset points",
            ha="right",
            va="bottom",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
        )
    ax.annotate(
        say(Text("{share} of all months lie lower", share=percent(results.share_below))),
        (0.55, results.now),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color="0.35",
    )
    ax.set_ylim(0, 1.18 * max(results.values.max(), results.now))
    ax.set(xlabel=say("year"), ylabel=say("price over earnings of ten years"))
    _title(ax.figure, results.finding, language=language)
    _source(ax, ["shiller"], results.grade, language=language)
    return ax.figure


def _years(months: pd.PeriodIndex) -> np.ndarray:
    return np.asarray(months.year + (months.month - 0.5) / 12)
