"""Forecasts beside what came."""

from collections.abc import Sequence

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.answers.forecasts import Judgement
from manias.data.arguments import checked
from manias.data.sources import weakest
from manias.errors import InputError
from manias.figures.style import (
    SMALL,
    WIDTH,
    _broken,
    _legend,
    _source,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text


@checked
@styled
def plot_judgements(
    judgements: Sequence[Judgement], *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw decided forecasts of an amount as a percentage of what came.

    Parameters
    ----------
    judgements : sequence of Judgement
        Those that are open, or of a fall or decline, are counted and not drawn.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If none can be drawn.

    Examples
    --------
    ``plot_judgements([judge(f) for f in list_forecasts()])``
    """
    amounts = ("range", "about", "at_least", "at_most")
    shown = [
        j
        for j in judgements
        if j.status in ("right", "wrong") and j.forecast.kind in amounts and j.actual > 0
    ]
    if not shown:
        raise InputError(f"none of {len(judgements)} forecasts is decided; expected some")
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 0.37 * len(shown) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    looks = {
        "right": ("o", colours[0], say("right by its rule")),
        "wrong": ("X", colours[1], say("wrong by its rule")),
    }
    spots = np.arange(len(shown))[::-1]
    for y, j in zip(spots, shown, strict=True):
        f, marker, colour = j.forecast, *looks[j.status][:2]
        ends = [v for v in (f.low, f.high) if np.isfinite(v)]
        if f.kind == "about" and np.isfinite(f.tolerance):
            ends = [f.low * (1 - f.tolerance), f.low * (1 + f.tolerance)]
        low, high = min(ends) / j.actual * 100, max(ends) / j.actual * 100
        if f.kind in ("at_least", "at_most"):
            side = 1 if f.kind == "at_least" else -1
            ax.annotate(
                "",
                (low + 5 * side, y),
                (low, y),
                arrowprops={"arrowstyle": "->", "color": colour},
            )
        ax.hlines(y, low, high, color=colour, linewidth=2)
        ax.plot(
            (low + high) / 2, y, marker=marker, color=colour, markersize=6, linestyle="none"
        )
    for marker, colour, label in looks.values():
        ax.plot([], [], marker=marker, color=colour, linestyle="none", label=label)
    ax.axvline(100, color="0.3", linewidth=0.9)
    labels = []
    for f in (j.forecast for j in shown):
        is_named = f.text.startswith(f.who.split(" (")[0])
        text = f.text if is_named else Text("{who}: {text}", who=f.who, text=f.text)
        labels.append(_broken(f"{f.made}  {say(text)}", 54))
    ax.set_yticks(spots, labels, fontsize=SMALL)
    ax.set_ylim(-0.6, len(shown) - 0.4)
    ax.set_xlabel(say("forecast, percent of what came (100 = exactly that)"))
    _legend(ax, columns=2)
    open_ones = Text("{n} more are open", n=sum(j.status == "open" for j in judgements))
    tables = dict.fromkeys(["forecasts", *(j.forecast.series.split(":")[0] for j in shown)])
    grade = weakest(j.forecast.grade for j in shown)
    _source(ax, tables, grade, open_ones, language=language)
    return ax.figure
