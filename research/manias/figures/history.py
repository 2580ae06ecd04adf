"""Dated booms and portraits -> axes. Nothing is estimated here."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from manias.data.calendar import last_day
from manias.figures.style import SMALL, WIDTH, _amounts, _broken, saying, styled, subplots
from manias.language.editions import ENGLISH, Language

_GROUPS = {"context": "D", "historic": "o", "later": "s", "ongoing": "^"}
_SAID = {
    "context": "earlier, for comparison",
    "historic": "of the list, to 2000",
    "later": "after 2000, held apart",
    "ongoing": "under way",
}


@styled
def plot_episodes(table: pd.DataFrame, *, end: float, language: Language = ENGLISH) -> Figure:
    """Draw dated booms on one timeline, a row each.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of the table ``episodes``: ``name``, ``group``, ``onset``, ``peak``, ``trough``;
        those without any date are left out.
    end : float
        Year to which an ongoing episode is drawn.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        A line from onset to low, a mark at the peak; open marks where the peak is not dated.

    Examples
    --------
    >>> from manias import load
    >>> plot_episodes(load("episodes").frame, end=2026.5).axes[0].get_xlabel()
    'year'
    """
    say = saying(language)
    dated = table[table[["onset", "peak", "trough"]].notna().any(axis=1)]
    rows = dated.assign(at=dated.apply(_first, axis=1)).sort_values("at", kind="stable")
    ax = subplots(figsize=(WIDTH, 0.135 * len(rows) + 0.7))[1]
    colours = dict(zip(_GROUPS, sns.color_palette("colorblind"), strict=False))
    for i, row in enumerate(rows.itertuples()):
        days = [year_of(d) for d in (row.onset, row.peak, row.trough) if isinstance(d, str)]
        last = end if row.group == "ongoing" else max(days)
        ax.plot([min(days), last], [i, i], color=colours[row.group], linewidth=1.6)
        peak = isinstance(row.peak, str)
        ax.plot(
            year_of(row.peak) if peak else min(days),
            i,
            _GROUPS[row.group],
            markersize=4,
            color=colours[row.group],
            markerfacecolor=colours[row.group] if peak else "white",
        )
    for group, marker in _GROUPS.items():
        if (rows["group"] == group).any():
            ax.plot(
                [],
                [],
                marker,
                linestyle="none",
                markersize=4,
                color=colours[group],
                label=say(_SAID[group]),
            )
    ax.set(yticks=range(len(rows)), xlabel=say("year"))
    ax.set_yticklabels([say(name) for name in rows["name"]], fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.margins(y=0.01)
    ax.invert_yaxis()
    ax.legend(frameon=False, loc="lower left")
    return ax.figure


@styled
def plot_panels(
    panels: Sequence[tuple[str, str, Sequence[tuple[str, pd.Series, str]]]],
    *,
    language: Language = ENGLISH,
) -> Figure:
    """Draw a portrait: panels side by side, each with its own unit.

    Parameters
    ----------
    panels : sequence of (title, unit, lines)
        Each line is a name, values by year (floats), and a kind: "line", "dashed" for an
        estimate, "points" where the years between are not known, "steps" for averages over
        intervals, whose index holds the ends.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> line = ("miles", pd.Series([1.0, 2.0], [1840.0, 1841.0]), "line")
    >>> len(plot_panels([("Open", "miles", [line])]).axes)
    1
    """
    say = saying(language)
    # A panel with several lines holds their legend.
    wide = [1.5 if len(lines) > 1 else 1 for *_, lines in panels]
    figure, axes = subplots(
        1, len(panels), figsize=(WIDTH, 2.7), squeeze=False, width_ratios=wide
    )
    for ax, (title, unit, lines) in zip(axes[0], panels, strict=True):
        for (name, values, kind), colour, mark in zip(
            lines, sns.color_palette("colorblind"), "osD^v", strict=False
        ):
            if kind == "steps":
                # Each value holds from the end before it to its own.
                ends = values.index.to_numpy(float)
                ax.stairs(
                    values.to_numpy()[1:], ends, color=colour, linewidth=1.4, label=say(name)
                )
                continue
            form = {"line": "-", "dashed": (0, (3, 2)), "points": "none"}[kind]
            few = kind != "line" or len(values) < 40
            ax.plot(
                values.index,
                values,
                linestyle=form,
                color=colour,
                linewidth=1.2,
                marker=mark if few or len(lines) > 1 else "",
                markersize=3 if few else 2.6,
                # On a long line the marks tell it from the others, and no more.
                markevery=1 if few else max(1, len(values) // 12),
                markerfacecolor="white" if mark == "s" else colour,
                label=say(name),
            )
        ax.set_title(_broken(say(title), 30), loc="left")
        ax.set(ylabel=say(unit), xlabel=say("year"))
        ax.set_ylim(bottom=min(0, ax.get_ylim()[0]))
        _amounts(ax.yaxis, unit, say)
        ax.xaxis.set_major_locator(plt.MaxNLocator(4, integer=True))
        if len(lines) > 1:
            ax.set_ylim(top=1.15 * ax.get_ylim()[1])
            ax.legend(frameon=False, loc="upper left", handlelength=1.4, borderaxespad=0)
    return figure


def year_of(text: object) -> float:
    """Where a date lies on the axis of years; the middle of a year that is all that is known.

    Examples
    --------
    >>> year_of("1845"), year_of(None)
    (1845.5, nan)
    """
    if not isinstance(text, str):
        return float("nan")
    day = last_day(text) if len(text) > 4 else None
    return float(text) + 0.5 if day is None else day.year + (day.day_of_year - 1) / 365.25


def _first(row: pd.Series) -> float:
    days = [
        year_of(d) for d in (row["onset"], row["peak"], row["trough"]) if isinstance(d, str)
    ]
    return min(days) if days else np.inf
