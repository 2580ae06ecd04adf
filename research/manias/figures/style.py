"""The look of every figure, and figures as SVG.

Colours are seaborn's colour-blind set; line style, marker and direct labels carry the same
distinction for readers who print in grey. Estimates are dashed.
"""

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import wrap
from unicodedata import east_asian_width

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.files import write_atomically
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text, Verbatim

WIDTH = 6.5
"""Width of a figure in inches: the text width of the report."""

_MARKERS = "osD^v*P"
_CLOSING = "，。；：、）》”"
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
    handles, labels = ax.get_legend_handles_labels()
    ax.figure.legend(handles, labels, frameon=False, loc="outside upper center", ncols=columns)


def _source(
    ax: Axes, tables: Iterable[str], grade: str, more: str = "", *, language: Language
) -> None:
    """Say below a figure which tables it rests on and how good the weakest row is."""
    fields = {"tables": Verbatim(", ".join(tables)), "grade": grade}
    if more:
        text = Text(
            "Data: tables {tables}; weakest grade {grade}. {more}.", **fields, more=more
        )
    else:
        text = Text("Data: tables {tables}; weakest grade {grade}.", **fields)
    ax.figure.supxlabel(language.render(text), x=0.01, ha="left", fontsize=6.3, color="0.3")


def _broken(text: str, width: int) -> str:
    """Break a label into lines; where a script has no spaces, between its characters."""
    if not any(east_asian_width(sign) in "WF" for sign in text):
        return "\n".join(wrap(text, width))
    lines, room = [""], width
    for part in re.findall(r"[!-~]+|\s+|.", text):
        size = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part)
        if size > room and not part.isspace() and part not in _CLOSING:
            lines.append("")
            room = width
        lines[-1] += part
        room -= size
    return "\n".join(line.strip() for line in lines)


def save_figure(thing: Axes | Figure, path: Path) -> None:
    """Write a figure as SVG, PNG or PDF by the ending; the same figure gives the same bytes.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    path : Path
        Replaced atomically.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind == "svg":
        write_atomically(path, to_svg(thing))
        return
    out = io.BytesIO()
    undated = {"Software": None} if kind == "png" else {"CreationDate": None, "Creator": None}
    thing.figure.savefig(out, format=kind, dpi=200, metadata=undated)
    plt.close(thing.figure)
    write_atomically(path, out.getvalue())


def to_svg(thing: Axes | Figure, language: Language = ENGLISH) -> bytes:
    """Draw a figure as SVG without a date, and close it.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    language : Language
        In which its words are said: whose typefaces draw what the Latin one lacks.

    Returns
    -------
    bytes
    """
    if language.fonts:
        _set_typefaces(thing.figure, language)
    out = io.BytesIO()
    thing.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(thing.figure)
    return out.getvalue()


def _set_typefaces(figure: Figure, language: Language) -> None:
    for file in language.fonts:
        matplotlib.font_manager.fontManager.addfont(file)
    for text in figure.findobj(matplotlib.text.Text):
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
