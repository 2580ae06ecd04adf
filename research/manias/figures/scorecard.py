"""The scorecard: AI beside past cases, one strip a measure."""

import math
from collections.abc import Callable, Sequence
from unicodedata import east_asian_width

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from manias.answers.beside import FALL, Scorecard, ScoreRow
from manias.data.arguments import checked
from manias.figures.style import SMALL, TITLE, _filled, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Listed, Text
from manias.language.numbers import percent, plain

NARROW = 5.2
"""Width in inches: drawn for the screen of a telephone, so that it stays readable there."""
TALL = 5.75
RIGHT, SIDE = 1.25, 1.03
"""Right end of the axes, and where the counts stand; a strip is 1 long."""
TICKS = {
    "rise": (0, 0.5, 1, 2, 5),
    "gain": (0.02, 0.1, 0.5, 1, 5),
    "cash": (0.2, 0.5, 1, 2, 4),
    "debt": (0.2, 0.5, 1, 2, 6),
    "prices": (-0.2, 0, 0.5, 1, 1.5, 2),
    "valuation": (5, 10, 20, 30, 40),
    "payback": (0.5, 1, 2, 3),
}
"""Values that are written below each strip."""
LOGS = ("gain", "cash", "debt")
"""Rows on a logarithmic scale; `rise` is drawn by growth factors, on one as well."""
STEP, LETTER = 0.021, 0.0145
"""Width of a dot and of a letter of a name along the strip."""
SWARM = 0.19
"""How far dots may lie off the line, in strips: names lie above them, values below."""


@checked
@styled
def plot_scorecard(
    card: Scorecard, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw the scorecard, a strip a measure.

    Parameters
    ----------
    card : Scorecard
    ax : matplotlib.axes.Axes, optional
        Its figure is drawn on; by default one is made.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Triangles: what followed came; circles: it did not; crosses: not on record. Edged in
        black: famous cases, counted only where no others are. Diamonds: AI.

    Examples
    --------
    >>> from manias.answers.beside import scorecard
    >>> len(plot_scorecard(scorecard()).axes[0].texts) > 20
    True
    """
    say = saying(language)
    ax = ax or subplots(figsize=(NARROW, TALL))[1]
    ax.set(xlim=(-0.015, RIGHT), ylim=(len(card.rows) - 0.57, -0.72))
    ax.axis("off")
    ax.set_title(
        _filled(say(Text("{finding}.", finding=card.finding)), TITLE, ax.figure),
        loc="left", fontsize=TITLE, x=0.0, pad=19,
    )  # fmt: skip
    for at, row in enumerate(card.rows):
        _strip(ax, at, row, say)
    _key(ax, say)
    note = Text(
        "Edged in black: famous cases, picked knowing the end and counted only where no "
        "others are. Five builders: {builders}. Grade: A best, C not confirmed, J our "
        "judgement. Source: manias. CC BY 4.0.",
        builders=Listed(card.builders),
    )
    ax.figure.supxlabel(
        _filled(say(note), SMALL, ax.figure), x=0.01, ha="left", fontsize=SMALL, color="0.3"
    )
    return ax.figure


def place(key: str, value: float) -> float:
    """Where a value lies along its strip, from 0 to 1; what lies beyond is put at the edge.

    Parameters
    ----------
    key : str
    value : float

    Returns
    -------
    float

    Examples
    --------
    >>> place("valuation", 50), place("cash", float("inf"))
    (1.0, 1.0)
    """
    ticks = TICKS[key]
    if key == "rise":
        bend: Callable[[float], float] = lambda v: math.log(max(1 + v, 0.1))  # noqa: E731
    elif key in LOGS:
        bend = lambda v: math.log(max(v, 1e-6))  # noqa: E731
    else:
        bend = float
    if math.isinf(value):
        return 1.0
    low, high = bend(ticks[0]), bend(ticks[-1])
    return min(max(0.05 + 0.87 * (bend(value) - low) / (high - low), 0.0), 1.0)


def apart(at: Sequence[float]) -> list[float]:
    """How far dots of one strip are moved across it so that none covers another.

    Parameters
    ----------
    at : sequence of float
        Places along the strip.

    Returns
    -------
    list of float
        From -1 to 1; where they are too many they close up.

    Examples
    --------
    >>> apart([0.5, 0.5, 0.9])
    [0.0, 0.5, 0.0]
    """
    rows: list[list[float]] = []
    found = np.zeros(len(at), dtype=int)
    for i in np.argsort(at, kind="stable"):
        row = next((k for k, taken in enumerate(rows) if at[i] - taken[-1] >= STEP), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(at[i])
        found[i] = row
    # 0, 1, -1, 2, -2, ...
    signed = [(k + 1) // 2 * (1 if k % 2 else -1) for k in found]
    most = max(2, max(map(abs, signed), default=0))
    return [float(k / most) for k in signed]


def _strip(ax: Axes, at: int, row: ScoreRow, say: Callable[[str], str]) -> None:
    red, grey, blue = _colours()
    ax.text(0, at - 0.48, say(row.name), va="center")
    ax.plot([0, 1], [at, at], color="0.8", linewidth=0.8, zorder=0)
    for tick in TICKS[row.key]:
        x = place(row.key, tick)
        ax.plot([x, x], [at - 0.04, at + 0.04], color="0.6", linewidth=0.7, zorder=0)
        ax.text(
            x,
            at + 0.335,
            shown(row, tick),
            fontsize=SMALL,
            color="0.35",
            ha="center",
            va="center",
        )
    places = [place(row.key, c.value) for c in row.past]
    for case, x, move in zip(row.past, places, apart(places), strict=True):
        named = case.chosen == "named"
        colour = red if case.fell else grey
        ax.plot(
            x,
            at - SWARM * move,
            {True: "v", False: "o", None: "x"}[case.fell],
            markersize=5 if case.fell else 4.2,
            markerfacecolor=colour if case.fell else "white",
            markeredgecolor="black" if named else colour,
            markeredgewidth=1.0 if named or case.fell is None else 0.8,
            zorder=3 if named else 2.5 if case.fell else 2,
        )
    for case in row.ai:
        ax.plot(
            place(row.key, case.value), at, "D", color=blue, markeredgecolor="white",
            markersize=5.6, markeredgewidth=0.7, zorder=4,
        )  # fmt: skip
    if row.standing != "few":
        x = place(row.key, row.median)
        ax.plot([x, x], [at - SWARM, at + SWARM], color="black", linewidth=1.1, zorder=1)
    _labels(ax, at, row, say, places, apart(places))
    depth, years = FALL[row.key]
    within = Text("by {share} in {years} years", share=percent(depth), years=years)
    grade = Text("grade {grade}", grade=row.grade)
    for down, text, colour in (
        (-0.26, counted(row, say), "black"),
        (-0.01, say(within), "0.35"),
        (0.24, say(grade), "0.35"),
    ):
        ax.text(SIDE, at + down, text, color=colour, va="center")


def counted(row: ScoreRow, say: Callable[[str], str]) -> str:
    """How many of the cases taken by rule fell, or how many famous ones there are."""
    if row.n:
        return say(Text("{fell} of {n} fell", fell=row.fell, n=row.n))
    return say(Text("{n} famous cases", n=len(row.past)))


def _labels(
    ax: Axes,
    at: int,
    row: ScoreRow,
    say: Callable[[str], str],
    places: Sequence[float],
    moves: Sequence[float],
) -> None:
    """Names above the strip: the ends of AI; below it: famous cases, as many as find room."""
    *_, blue = _colours()
    both = dict.fromkeys((row.ai[-1].name, row.ai[0].name))
    told = [next(c for c in row.ai if c.name == name) for name in both]
    above = [
        (
            place(row.key, c.value),
            Text("{name} {value}", name=c.label, value=shown(row, c.value)),
        )
        for c in told
    ]
    famous = sorted((c for c in row.past if c.label), key=lambda c: -c.value)
    below = [(place(row.key, c.value), c.label) for c in famous]
    # Dots below the line, which no name of a famous case may cover.
    deep = [x for x, move in zip(places, moves, strict=True) if move < -0.3]
    for names, y, colour, side, taken in (
        (above, -0.225, blue, "bottom", ()),
        (below, 0.065, "black", "top", deep),
    ):
        ends: list[tuple[float, float]] = []
        for x, text in names:
            words = say(text)
            found = _room(x, words, ends, taken)
            if found is not None:
                left, right, align = found
                ends.append((left, right))
                ax.text(
                    x, at + y, words, fontsize=SMALL, color=colour, ha=align, va=side, zorder=5,
                    bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.3},
                )  # fmt: skip


def _room(
    x: float, text: str, ends: Sequence[tuple[float, float]], taken: Sequence[float]
) -> tuple[float, float, str] | None:
    """Where a name at a mark covers neither another name nor a dot; None where nowhere."""
    width = LETTER * sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    for left, align in ((x - width / 2, "center"), (x, "left"), (x - width, "right")):
        right = left + width
        if left < 0 or right > 1:
            continue
        if any(left <= b and right >= a for a, b in ends):
            continue
        if not any(left - STEP / 2 < dot < right + STEP / 2 for dot in taken):
            return left, right, align
    return None


def shown(row: ScoreRow, value: float) -> str:
    """A value as it is written below its strip.

    Parameters
    ----------
    row : ScoreRow
    value : float

    Returns
    -------
    str
    """
    if row.unit == "percent":
        return percent(value)
    digits = 0 if value >= 1 and float(value).is_integer() else 2 if value < 0.1 else 1
    return plain(value, digits)


def _colours() -> tuple[object, object, object]:
    # AI is dark and what fell is middling, so that the two differ in grey.
    return sns.color_palette("colorblind")[3], (0.45, 0.45, 0.45), (0.0, 0.16, 0.42)


def _key(ax: Axes, say: Callable[[str], str]) -> None:
    red, grey, blue = _colours()
    marks = [
        ("D", blue, blue, "AI today"),
        ("v", red, red, "fell afterwards"),
        ("o", "white", grey, "did not fall"),
        ("x", grey, grey, "not on record"),
        ("|", "black", "black", "median"),
    ]
    handles = [
        Line2D([], [], marker=m, linestyle="", markerfacecolor=f, markeredgecolor=e,
               markersize=5, label=say(label))
        for m, f, e, label in marks
    ]  # fmt: skip
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(-0.01, 1.045), ncols=5,
        frameon=False, handletextpad=0.2, columnspacing=1.0,
    )  # fmt: skip
