"""The look of every figure, and figures as SVG.

Colours are seaborn's colour-blind set; line style, marker and direct labels carry the same
distinction for readers who print in grey. Estimates are dashed.
"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.files import write_atomically
from manias.language.editions import ENGLISH, Language

WIDTH = 6.5
"""Width of a figure in inches: the text width of the report."""

_MARKERS = "osD^v*P"
_DASHES = ("-", (0, (6, 1.5)), (0, (1, 1.2)), "-.", (0, (3, 1, 1, 1, 1, 1)), "-")


def style() -> None:
    """Set the look of all figures, and what makes their SVG repeat byte for byte."""
    sns.set_theme("paper", "ticks", palette="colorblind", font="DejaVu Sans")
    matplotlib.rcParams |= {
        "svg.hashsalt": "manias",
        "svg.fonttype": "path",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.constrained_layout.use": True,
        "font.size": 8,
        "axes.labelsize": 8,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 7.5,
        "axes.titlesize": 8.5,
        "legend.fontsize": 7.5,
        "axes.linewidth": 0.7,
    }


def _legend(ax: Axes, *, columns: int) -> None:
    """Place the legend above the axes, where nothing is drawn and no source stands."""
    ax.figure.legend(
        *ax.get_legend_handles_labels(), frameon=False, loc="outside upper center",
        ncols=columns,
    )  # fmt: skip


def _source(ax: Axes, tables: Iterable[str], grade: str, *more: str) -> None:
    """Say below a figure which tables it rests on and how good the weakest row is."""
    parts = [f"Data: tables {', '.join(tables)}; weakest grade {grade}", *more]
    ax.figure.supxlabel(". ".join(parts) + ".", x=0.01, ha="left", fontsize=6.3, color="0.3")


def save_svg(thing: Axes | Figure, path: Path) -> None:
    """Write a figure; the same figure gives the same bytes.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    path : Path
        Replaced atomically.
    """
    write_atomically(path, to_svg(thing))


def to_svg(thing: Axes | Figure, language: Language = ENGLISH) -> bytes:
    """Draw a figure as SVG without a date, and close it.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    language : Language
        In which the words in the figure are drawn.

    Returns
    -------
    bytes

    Raises
    ------
    DataError
        If the phrase book lacks a text of the figure.
    """
    if language is not ENGLISH:
        _translate(thing.figure, language)
    out = io.BytesIO()
    thing.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(thing.figure)
    return out.getvalue()


def _translate(figure: Figure, language: Language) -> None:
    for file in language.fonts:
        matplotlib.font_manager.fontManager.addfont(file)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            names = [tick.get_text() for tick in axis.get_ticklabels()]
            if (said := [language.t(name) for name in names]) != names:
                axis.set_ticklabels(said)
    for text in figure.findobj(matplotlib.text.Text):
        text.set_text(language.t(text.get_text()))
        text.set(fontfamily=[*text.get_fontfamily(), language.sans], fontweight="normal")


def _dark(colour: tuple[float, float, float]) -> tuple[float, ...]:
    return tuple(0.7 * part for part in colour)


def _spread(values: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that neighbours are at least ``gap`` away from each other."""
    order = np.argsort(values)
    placed = np.array(values, dtype=float)[order]
    for _ in range(100):
        moved = False
        for i in range(len(placed) - 1):
            short = gap - (placed[i + 1] - placed[i])
            if short > 1e-9:
                placed[i] -= short / 2
                placed[i + 1] += short / 2
                moved = True
        if not moved:
            break
    out = np.empty(len(placed))
    out[order] = placed
    return out.tolist()
