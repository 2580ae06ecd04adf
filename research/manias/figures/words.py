"""A figure in words, read off what it draws: for those who do not see it."""

import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.dates import num2date
from matplotlib.figure import Figure
from matplotlib.text import Text as Words
from matplotlib.ticker import FixedLocator, PercentFormatter

from manias.data.arguments import checked

FEW = 2
"""Most panels of which highest and lowest points are told."""
MOST_SERIES = 8
"""Most lines that are told of one panel."""
MOST_PANELS = 9
"""Most panels that are told of one figure."""
MOST_NAMES = 12
"""Most named places of an axis whose values are told."""
PERIOD = re.compile(r"\d{4}(?:Q\d|-\d\d)*")
PACES = {1: "Y", 4: "Q", 12: "M"}
"""Periods a year."""
NEAR = 0.35
"""How far from a named place a point still belongs to it; places are one apart."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line or a set of points in the units of its panel; its name, "" where it has none."""

    name: str
    points: np.ndarray


@checked
def describe_figure(figure: Figure, *, brief: bool = False) -> str:
    """Say in words what a figure draws: axes, lines with their ends, points by their names.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any; nothing of it is changed.
    brief : bool
        Leave out the values: what is on the axes and what is drawn, for an alt text.

    Returns
    -------
    str
        Sentences in English around the words that stand on the figure. Numbers are those that
        are drawn, to three digits. What is too much is counted: more than 8 lines or 12 named
        places of a panel, more than 9 panels.

    Raises
    ------
    InputError
        If it is no figure.

    Examples
    --------
    >>> from manias import EventTime, align, plot_event_time, trajectory
    >>> paths = [trajectory("us-it-ai")]
    >>> figure = plot_event_time(align(paths, EventTime(before=0)), paths, clock="onset")
    >>> print(describe_figure(figure, brief=True))
    Across: years since onset (0 = onset). Up: percent of GDP. US information processing, AI
    years.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = [ax for ax in figure.axes if ax.get_visible()]
        few = len(shown) <= FEW
        panels = [text for ax in shown if (text := _panel(ax, few, brief))]
    said = [_line(figure.get_suptitle())] if figure.get_suptitle() else []
    if len(panels) > 1:
        said.append(f"{len(panels)} panels")
        panels = [f"Panel {i}: {text}" for i, text in enumerate(panels, 1)]
    said += panels[:MOST_PANELS]
    if (rest := len(panels) - MOST_PANELS) > 0:
        said.append(f"{rest} more panels like these")
        # Panels that share an axis bear its label on the last one alone.
        for word, name in (("Across", "get_xlabel"), ("Up", "get_ylabel")):
            labels = dict.fromkeys(_line(getattr(ax, name)()) for ax in shown)
            told = " ".join(said)
            said += [f"{word}: {text}" for text in labels if text and text not in told]
    if not brief and (note := _line(figure.get_supxlabel())):
        said.append(note)
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in said)


def _panel(ax: Axes, few: bool, brief: bool) -> str:
    drawn = _merged(_drawn(ax))
    titles = [_line(ax.get_title(place)) for place in ("center", "left", "right")]
    said = [title for title in titles if title]
    named = next((axis for axis in (ax.yaxis, ax.xaxis) if _places(axis)), None)
    for axis, word, column in ((ax.xaxis, "Across", 0), (ax.yaxis, "Up", 1)):
        parts = [_line(axis.get_label_text())]
        if axis is not named and drawn and not brief:
            values = np.concatenate([one.points[:, column] for one in drawn])
            scale = " on a logarithmic scale" if axis.get_scale() == "log" else ""
            parts.append(f"{_at(axis, values.min())} to {_at(axis, values.max())}{scale}")
        if any(parts):
            said.append(f"{word}: {', '.join(part for part in parts if part)}")
    if not said and not drawn:
        return ""
    if named is not None:
        said.append(_by_name(ax, named, drawn, brief))
    elif brief:
        said.append("; ".join(one.name for one in drawn if one.name))
    else:
        said += _by_line(ax, drawn, few)
    return ". ".join(part for part in said if part)


def _drawn(ax: Axes) -> Iterator[_Drawn]:
    bars = [held for held in ax.containers if isinstance(held, ErrorbarContainer)]
    caps = {id(cap) for held in bars for cap in held.lines[1]}
    names = {id(held.lines[0]): held.get_label() for held in bars}
    for line in ax.lines:
        if id(line) not in caps and line.get_visible() and line.get_transform() == ax.transData:
            points = _points(line.get_xdata(orig=False), line.get_ydata(orig=False))
            label = names.get(id(line), line.get_label())
            yield _Drawn(_name(ax, label, line.get_color()), points)
    for held in ax.collections:
        if isinstance(held, PathCollection) and held.get_offset_transform() == ax.transData:
            places = np.ma.filled(np.ma.asarray(held.get_offsets(), dtype=float), np.nan)
            yield _Drawn(_name(ax, held.get_label(), None), _points(*places.T))
    for bars in ax.containers:
        if isinstance(bars, BarContainer) and bars.patches:
            yield _Drawn(_name(ax, bars.get_label(), None), _points(*_ends(bars)))


def _ends(bars: BarContainer) -> tuple[list[float], list[float]]:
    """Where bars end; those that lie have both ends, since they may stand off the axis."""
    x, y = [], []
    for bar in bars.patches:
        left, low, wide, high = bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()
        # A bar of no size stands for others in the legend.
        if not (high if bars.orientation == "vertical" else wide):
            continue
        if bars.orientation == "horizontal":
            x += [left, left + wide] if left else [left + wide]
            y += [low + high / 2] * (2 if left else 1)
        else:
            x.append(left + wide / 2)
            y.append(low + high)
    return x, y


def _points(x: object, y: object) -> np.ndarray:
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    return points[np.isfinite(points).all(axis=1)]


def _name(ax: Axes, label: object, colour: object) -> str:
    """Name in the legend, or the words in the colour of the line, which stand beside it."""
    if not str(label).startswith("_"):
        return _line(str(label))
    if colour is None or len(set(to_rgb(colour))) == 1:
        return ""
    own = np.array(to_rgb(colour))
    for text in ax.texts:
        said = np.array(to_rgb(text.get_color()))
        # Words beside a line are as it is or darker, for contrast.
        if said.any() and np.allclose(own * (said.sum() / own.sum()), said, atol=1e-6):
            return _line(text.get_text())
    return ""


def _merged(drawn: Iterator[_Drawn]) -> list[_Drawn]:
    """What bears one name is one thing, in the order of what lies across."""
    found: dict[str, list[np.ndarray]] = {}
    plain = []
    for one in drawn:
        if len(one.points):
            if one.name:
                found.setdefault(one.name, []).append(one.points)
            else:
                plain.append(one)
    whole = []
    for name, parts in found.items():
        points = np.unique(np.concatenate(parts), axis=0) if len(parts) > 1 else parts[0]
        whole.append(_Drawn(name, points))
    return whole + plain


def _by_line(ax: Axes, drawn: Sequence[_Drawn], few: bool) -> list[str]:
    named = [one for one in drawn if one.name]
    told = named or [one for one in drawn if len(one.points) > 2]
    said = []
    for one in told[:MOST_SERIES]:
        (x, y), last = one.points.T, len(one.points) - 1
        name = one.name or "a line"
        if not last:
            said.append(f"{name}: {_at(ax.yaxis, y[0])} at {_at(ax.xaxis, x[0])}")
            continue
        ends = [f"{_at(ax.yaxis, y[i])} at {_at(ax.xaxis, x[i])}" for i in (0, last)]
        text = f"{name}: from {ends[0]} to {ends[1]}"
        for word, i in (("highest", int(y.argmax())), ("lowest", int(y.argmin()))):
            if few and y[i] not in (y[0], y[last]):
                text += f", {word} {_at(ax.yaxis, y[i])} at {_at(ax.xaxis, x[i])}"
        said.append(text)
    if (rest := len(told) - MOST_SERIES) > 0:
        said.append(f"{rest} more lines")
    names = {one.name for one in drawn}
    notes = [text for t in ax.texts if (text := _words(t)) and text not in names]
    if notes := list(dict.fromkeys(notes)):
        rest = len(notes) - MOST_NAMES
        more = f" and {rest} more" if rest > 0 else ""
        said.append(f"Written in it: {'; '.join(notes[:MOST_NAMES])}{more}")
    return said


def _by_name(ax: Axes, named: Axis, drawn: Sequence[_Drawn], brief: bool) -> str:
    other, of, at = (ax.xaxis, 1, 0) if named is ax.yaxis else (ax.yaxis, 0, 1)
    every = np.concatenate([one.points for one in drawn] or [np.empty((0, 2))])
    places = _places(named)
    rows = "rows" if named is ax.yaxis else "columns"
    said = []
    for place, name in places[:MOST_NAMES]:
        values = every[np.abs(every[:, of] - place) < NEAR, at]
        shown = list(dict.fromkeys(_at(other, value) for value in values))
        if len(shown) > 3:
            shown = [f"{_at(other, values.min())} to {_at(other, values.max())}"]
        said.append(name if brief or not shown else f"{name}: {' and '.join(shown)}")
    rest = len(places) - MOST_NAMES
    more = f"; and {rest} more" if rest > 0 else ""
    return f"{len(places)} {rows}: {'; '.join(said)}{more}"


def _places(axis: Axis) -> list[tuple[float, str]]:
    """Places of an axis that bear names; none where it bears numbers or dates."""
    labels = _labels(axis)
    wordy = sum(any(sign.isalpha() for sign in name) for _, name in labels)
    dated = all(PERIOD.fullmatch(name) for _, name in labels)
    return labels if labels and wordy > len(labels) / 2 and not dated else []


def _labels(axis: Axis) -> list[tuple[float, str]]:
    """What is written at places that were set by hand."""
    locator = axis.get_major_locator()
    if not isinstance(locator, FixedLocator):
        return []
    places = [float(place) for place in locator()]
    labels = axis.get_major_formatter().format_ticks(places)
    names = [_line(str(label)) for label in labels]
    return [(place, name) for place, name in zip(places, names, strict=True) if name]


def _at(axis: Axis, value: float) -> str:
    """A place of an axis as a reader says it: a date, a period, or three digits."""
    formatter = axis.get_major_formatter()
    if "Date" in type(axis.get_converter()).__name__:
        return num2date(value).strftime("%Y-%m-%d")
    if isinstance(formatter, PercentFormatter):
        return f"{100 * value / formatter.xmax:.0f}%"
    labels = _labels(axis)
    if labels and all(not _is_number(name) or PERIOD.fullmatch(name) for _, name in labels):
        place, name = min(labels, key=lambda one: abs(one[0] - value))
        if not _is_number(name) or float(name) != place:
            said = name if abs(place - value) < NEAR else f"near {name}"
            return _between(labels, value) or said
    whole = math.isclose(value, round(value), abs_tol=1e-9) and abs(value) < 1e6
    shown = f"{round(value):d}" if whole else f"{value:.3g}"
    if "e" in shown:
        shown = f"{value:,.0f}" if abs(value) >= 1 else f"{value:.1g}"
    return shown.replace("-", "−")


def _between(labels: Sequence[tuple[float, str]], value: float) -> str:
    """The period at a place between labels, where one step is one period; else ""."""
    (first, start), (last, end) = labels[0], labels[-1]
    try:
        if len(start) == len(end) == 4 and int(end) > int(start):
            pace = (last - first) / (int(end) - int(start))
            if pace in PACES:
                # The label stands at the first period of its year.
                begin = pd.Period(f"{start}-01", "M").asfreq(PACES[pace])
                return str(begin + round(value - first))
        periods = pd.Period(start), pd.Period(end)
        if (periods[1] - periods[0]).n == last - first:
            return str(periods[0] + round(value - first))
    except ValueError:
        pass
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text.rstrip("%").replace("−", "-").replace(",", ""))
    except ValueError:
        return False
    return True


def _words(text: Words) -> str:
    said = _line(text.get_text())
    return said if any(sign.isalpha() for sign in said) else ""


def _line(text: str) -> str:
    return " ".join(text.split())
