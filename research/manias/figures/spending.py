"""Figures of the counts of spending."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.figures.style import (
    WIDTH,
    _dark,
    _source,
    _spread,
    _title,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.spending.ladder import SpendingResults
from manias.spending.placebos import placebo_finding


@checked
@styled
def plot_spending(
    results: SpendingResults,
    outcome: str,
    *,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw how often spending fell, by class of run-up, beside the two placebos.

    Parameters
    ----------
    results : SpendingResults
    outcome : str
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Points with intervals; the years shuffled (open circles) and reversed (crosses).

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> found = load_model("spending-industries")
    >>> plot_spending(found, "dollars_fall_30").axes[0].get_ylabel()
    'fell within 5 years (% of cases)'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 3.1))[1]
    blue, orange, green, *_ = sns.color_palette("colorblind")
    x = range(len(results.ladder))
    own = [100 * r.frequency[outcome] for r in results.ladder]
    ends = [[100 * v for v in r.interval[outcome]] for r in results.ladder]
    reach = [
        [y - low for y, (low, _) in zip(own, ends, strict=True)],
        [high - y for y, (_, high) in zip(own, ends, strict=True)],
    ]
    ax.errorbar(
        x, own, reach, fmt="o", color=blue, markersize=6, linewidth=1.4, label=say("as it was")
    )
    shuffled = [100 * r.shuffled[outcome] for r in results.ladder]
    backwards = [100 * r.reversed[outcome] for r in results.ladder]
    ax.plot(
        [i + 0.14 for i in x], shuffled, "D", color=orange, markerfacecolor="white",
        markersize=5, label=say("years in random order"),
    )  # fmt: skip
    ax.plot(
        [i + 0.28 for i in x], backwards, "x", color=green, markersize=6,
        label=say("time reversed"),
    )  # fmt: skip
    ax.set(
        xticks=list(x),
        xlabel=say("change of spending against GDP in three years (%)"),
        ylabel=say(Text("fell within {n} years (% of cases)", n=results.horizon)),
        ylim=(0, None),
    )
    ax.set_xticklabels([f"{say(r.name)}\nn = {r.n:,}" for r in results.ladder])
    ax.set_ylim(
        0, 1.1 * 100 * max(high for r in results.ladder for high in r.interval[outcome])
    )
    ax.legend(frameon=False, loc="upper left")
    _title(ax.figure, placebo_finding(results, outcome), language=language)
    _source(ax, sorted(results.data), results.grade, language=language)
    return ax.figure


@styled
def plot_who_pays(
    path: pd.DataFrame,
    *,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw spending over cash from operations, quarter by quarter.

    Parameters
    ----------
    path : pandas.DataFrame
        As `manias.spending.place.paying_path` returns it.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Four quarters together, and each alone; at 1 spending takes all the cash.

    Examples
    --------
    >>> from manias.spending.place import paying_path
    >>> plot_who_pays(paying_path("five-builders")).axes[0].get_ylabel()
    'spending over cash'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 2.6))[1]
    blue, orange, *_ = sns.color_palette("colorblind")
    ends = []
    for column, colour, width, marker, label in (
        ("alone", orange, 0.9, "o", "the quarter alone"),
        ("ratio", blue, 1.8, "", "four quarters together"),
    ):
        values = path[column].replace(np.inf, np.nan).dropna()
        when = values.index.to_timestamp(how="end")
        ax.plot(when, values, color=colour, linewidth=width, marker=marker, markersize=2.6)
        if len(values):
            ends.append((values.iloc[-1], when[-1], label, colour))
    ax.axhline(1, color="0.4", linewidth=0.9, linestyle=(0, (1, 1.5)))
    ax.annotate(
        say("all the cash"), (0.01, 1), xycoords=("axes fraction", "data"), xytext=(0, 2),
        textcoords="offset points", color="0.3", va="bottom",
    )  # fmt: skip
    ax.set(ylabel=say("spending over cash"), xlabel=say("end of quarter (1 January marked)"))
    ax.set_ylim(0, 1.15 * max(1, ax.get_ylim()[1] / 1.05))
    gap = 0.1 * ax.get_ylim()[1]
    for y, (_, when, label, colour) in zip(
        _spread([end[0] for end in ends], gap), ends, strict=True
    ):
        ax.annotate(
            say(label), (when, y), xytext=(8, 0), textcoords="offset points",
            color=_dark(colour), va="center", annotation_clip=False,
        )  # fmt: skip
    _source(ax, ["ai_capex"], path["grade"].iloc[-1], language=language)
    return ax.figure
