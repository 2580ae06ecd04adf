"""Past build-outs one by one, with AI over each."""

import math

import numpy as np
import seaborn as sns
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
from manias.lenses.beside import BEFORE, Beside, BuildoutsBeside

COLUMNS = 4
FLOOR, TOP = 8.0, 1500.0
"""Least and largest level drawn: what lies outside is cut off."""


@checked
@styled
def plot_beside(results: BuildoutsBeside, *, language: Language = ENGLISH) -> Figure:
    """Draw each past build-out with AI over it, both 100 at the age that AI has reached.

    Parameters
    ----------
    results : BuildoutsBeside
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a build-out, the fastest first, on one logarithmic scale. Marks: squares
        where it fell by half within the horizon, circles where it did not, open circles where
        not all years are on record.

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> from manias.lenses.beside import lay_beside
    >>> len(plot_beside(lay_beside(load_model("landmark"))).axes)
    16
    """
    say = saying(language)
    blue = sns.color_palette("colorblind")[0]
    rows = math.ceil((len(results.panels) + 1) / COLUMNS)
    figure, axes = subplots(
        rows, COLUMNS, figsize=(WIDTH, 1.3 * rows + 0.7), sharex=True, sharey=True
    )
    places = axes.ravel()
    for ax, panel in zip(places, results.panels, strict=False):
        _, colour, marker, filled = _looks(panel)
        ax.axvline(results.age, color="0.85", linewidth=0.8, zorder=0)
        ax.plot(
            panel.levels.index,
            panel.levels,
            color=colour,
            linewidth=1.2,
            marker=marker,
            markersize=3.2,
            markerfacecolor=colour if filled else "white",
        )
        ax.plot(results.ai.index, results.ai, color=blue, linewidth=2.0)
        name = say(Text("{name} ({year})", name=panel.name, year=panel.onset[:4]))
        ax.set_title(_broken(name, 20), loc="left")
    key, *empty = places[len(results.panels) :]
    for ax in empty:
        ax.set_axis_off()
    key.set_axis_off()
    lines = [
        key.plot([], [], color=blue, linewidth=2.0, label=_broken(say(results.target), 24))[0]
    ]
    for _, (words, colour, marker, filled) in _KINDS.items():
        lines += key.plot(
            [],
            [],
            color=colour,
            linewidth=1.2,
            marker=marker,
            markersize=4,
            markerfacecolor=colour if filled else "white",
            label=_broken(say(words), 24),
        )
    key.legend(handles=lines, frameon=False, loc="center left")
    first = places[0]
    first.set_yscale("log")
    first.set_ylim(FLOOR, TOP)
    first.set_yticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1000"])
    first.minorticks_off()
    first.set_xlim(-BEFORE - 0.3, results.age + results.horizon + 0.3)
    first.set_xticks(np.arange(-BEFORE, results.age + results.horizon + 1, 2))
    for ax in axes[-1]:
        ax.set_xlabel(say("years since onset"))
    for ax in axes[:, 0]:
        ax.set_ylabel(say(Text("year {age} = 100", age=results.age)))
    _title(figure, results.finding, language=language)
    _source(first, results.data, results.grade, language=language)
    return figure


_KINDS = {
    "fell": ("later fell by half", "#b8432f", "s", True),
    "held": ("did not fall by half", "0.35", "o", True),
    "open": ("not all years on record", "0.6", "o", False),
}


def _looks(panel: Beside) -> tuple[str, str, str, bool]:
    if math.isnan(panel.label):
        return _KINDS["open"]
    return _KINDS["fell" if panel.label else "held"]
