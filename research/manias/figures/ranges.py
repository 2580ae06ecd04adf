"""Payback by growth of spending and base of revenue, beside published answers."""

import re

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.figures.style import WIDTH, _source, _title, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.lenses.payback_ranges import PaybackRanges


@checked
@styled
def plot_payback_ranges(results: PaybackRanges, *, language: Language = ENGLISH) -> Figure:
    """Draw which growth of revenue would pay, and required revenue beside published answers.

    Parameters
    ----------
    results : PaybackRanges
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Above: growth of revenue a year by growth of spending, a band over the bases of
        spending for each base of revenue. Below: required revenue a year, ours filled,
        published open. All of it rests on assumptions, so all lines are dashed.

    Examples
    --------
    >>> from manias.lenses.payback_ranges import payback_ranges
    >>> len(plot_payback_ranges(payback_ranges()).axes)
    2
    """
    figure, (above, below) = subplots(
        2, 1, figsize=(WIDTH, 5.0), gridspec_kw={"height_ratios": [1, 1.1]}
    )
    _needed(above, results, language)
    _required(below, results, language)
    _title(figure, results.finding, language=language)
    _source(above, ["assumptions", "ai_capex", "statements"], results.grade, language=language)
    return figure


def _needed(ax: Axes, results: PaybackRanges, language: Language) -> None:
    say = saying(language)
    colours = sns.color_palette("colorblind")
    looks = ((colours[0], "o", ""), (colours[1], "s", "////"))
    for (earning, group), (colour, marker, hatch) in zip(
        results.bases.groupby("earning", sort=False), looks, strict=False
    ):
        by = group.groupby("growth")["growth_needed"]
        low, high = 100 * by.min(), 100 * by.max()
        x = 100 * low.index.to_numpy(dtype=float)
        ax.fill_between(
            x,
            low,
            high,
            facecolor=(*colour, 0.18),
            edgecolor=colour,
            hatch=hatch,
            linewidth=0.4,
        )
        first = group[group["spending"] == group["spending"].iloc[0]].set_index("growth")
        central = 100 * first["growth_needed"].loc[low.index]
        ax.plot(x, central, color=colour, marker=marker, linestyle=(0, (4, 2)), linewidth=1.3)
        revenue = f"{group['revenue'].iloc[0]:,.0f}"
        ax.annotate(
            say(Text("{earning}: {revenue:billion}", earning=earning, revenue=revenue)),
            (x[-1], (low.iloc[-1] + high.iloc[-1]) / 2),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=tuple(0.7 * c for c in colour),
        )
        up = colour == colours[0]
        for at, value in zip(x, central, strict=True):
            ax.annotate(
                f"{value:.0f}",
                (at, value),
                xytext=(0, 6 if up else -6),
                textcoords="offset points",
                ha="center",
                va="bottom" if up else "top",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
            )
    ticks = 100 * np.sort(results.bases["growth"].unique())
    ax.set_xticks(ticks, [f"{t:.0f}" for t in ticks])
    ax.set_xlim(ticks[0] - 3, ticks[-1] + 0.62 * (ticks[-1] - ticks[0]))
    ax.set_ylim(0, None)
    ax.set_xlabel(say("growth of spending (percent a year)"))
    ax.set_ylabel(
        say(Text("growth of revenue to\npay by {by} (% a year)", by=results.cover_by))
    )


def _required(ax: Axes, results: PaybackRanges, language: Language) -> None:
    say = saying(language)
    blue = sns.color_palette("colorblind")[0]
    level = results.bases[results.bases["growth"] == 0].drop_duplicates("spending")
    rows = [
        (Text("this report: {spending}", spending=r.spending), r.required, True)
        for r in level.itertuples()
    ]
    rows += [
        (Text("{who}, {when}", who=_who(a.what), when=a.as_of[:7]), a.required, False)
        for a in results.published
    ]
    most = max(value for _, value, _ in rows)
    for y, (label, value, is_ours) in enumerate(rows[::-1]):
        ax.plot([0, value], [y, y], color="0.85", linewidth=0.9, zorder=0)
        ax.plot(
            value,
            y,
            "s" if is_ours else "o",
            color=blue if is_ours else "0.25",
            markerfacecolor=blue if is_ours else "white",
            markersize=6,
        )
        is_far = value > 0.5 * most
        ax.annotate(
            say(Text("{label}: {value:billion}", label=label, value=f"{value:,.0f}")),
            (value, y),
            xytext=(-7 if is_far else 7, 0),
            textcoords="offset points",
            ha="right" if is_far else "left",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    # Each point is labelled with its amount, in the units of the language.
    ax.set_yticks([])
    ax.set_xticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, 1.06 * most)
    ax.set_xlabel(say("required revenue, billion dollars (open: published, of other spending)"))


def _who(what: str) -> str:
    """Who said a published answer, which stands in brackets at its end."""
    found = re.search(r"\(([^()]*)\)$", what)
    return found[1] if found else what
