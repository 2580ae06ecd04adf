"""The look of every figure, and figures as SVG.

Colours are seaborn's colour-blind set; line style, marker and direct labels carry the same
distinction for readers who print in grey. Estimates are dashed. Letters come in three sizes
and one typeface, that of a file which is installed with the package, so that what matplotlib
measures is what Typst sets.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from textwrap import wrap
from typing import Any, ParamSpec, cast
from unicodedata import east_asian_width

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text as Words
from matplotlib.textpath import text_to_path
from pylopdf_fonts_zh_cn import sans_path

from manias.data.files import write_atomically
from manias.figures.words import describe_figure
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text, Verbatim
from manias.language.numbers import with_minus
from manias.language.visible import visible

P = ParamSpec("P")

WIDTH = 166 / 25.4
"""Width of a figure in inches: the text width of the report, which prints it as it is."""
TITLE, LABEL, SMALL = 9.5, 8.0, 7.0
"""Sizes of letters in points: the finding; all that is read; rows in plenty, and sources."""
TYPEFACE = "Noto Sans SC"
"""Latin letters as well as Chinese ones; it has no bold."""
_MARKERS = "osD^v*P"
_CLOSING = "，。；：、）》”"
_OPENING = "（《“"
_DASHES = ("-", (0, (6, 1.5)), (0, (1, 1.2)), "-.", (0, (3, 1, 1, 1, 1, 1)), "-")


@cache
def look() -> dict[str, Any]:
    """The settings of matplotlib under which every figure is drawn and saved.

    Returns
    -------
    dict of str to object
        Nothing is set by reading them: the settings of the user stay. They are the defaults of
        matplotlib but for ours, and leave out how figures are shown. Text is printed as it is,
        a dollar sign begins no formula, and SVG repeats byte for byte.

    Examples
    --------
    >>> look()["text.parse_math"], "backend" in look()
    (False, False)
    """
    colours = sns.color_palette("colorblind")
    # Through the mapping itself: names that matplotlib is about to drop would warn.
    defaults = dict.items(matplotlib.rcParamsDefault)
    ours = {
        **sns.plotting_context("paper"),
        **sns.axes_style("ticks", rc={"font.family": [TYPEFACE, "DejaVu Sans"]}),
        "axes.prop_cycle": plt.cycler(color=colours),
        "patch.facecolor": colours[0],
        "text.parse_math": False,
        "text.usetex": False,
        "svg.hashsalt": "manias",
        "svg.fonttype": "path",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.06,
        "font.size": LABEL,
        "axes.labelsize": LABEL,
        "xtick.labelsize": LABEL,
        "ytick.labelsize": LABEL,
        "axes.titlesize": LABEL,
        "legend.fontsize": LABEL,
        "legend.title_fontsize": LABEL,
        "figure.titlesize": TITLE,
        "axes.linewidth": 0.7,
    }
    theirs = {name: value for name, value in defaults if not name.startswith(_OF_THE_USER)}
    return theirs | dict(dict.items(matplotlib.RcParams(ours)))


_OF_THE_USER = (
    *("backend", "interactive", "toolbar", "webagg.", "tk.", "macosx.", "keymap."),
    *("date.epoch", "docstring.", "figure.max_open_warning", "figure.raise_window"),
    "savefig.directory",
)
"""Where and how figures are shown, which is none of their look."""


@contextmanager
def in_style(**other: Any) -> Iterator[None]:
    """Set `look`, and afterwards what it sets as it was.

    Only that: a notebook may set up its backend, and turn interactive, at the first figure.

    Parameters
    ----------
    **other
        Settings in the place of those of `look`, with ``_`` for the dot.
    """
    _know_typeface()
    params = cast("dict[str, Any]", matplotlib.rcParams)
    kept = {name: dict.__getitem__(params, name) for name in look()}
    wanted = look() | {name.replace("_", ".", 1): value for name, value in other.items()}
    try:
        dict.update(params, wanted)
        yield
    finally:
        dict.update(params, kept)


@cache
def _know_typeface() -> None:
    """Make the file of the typeface known to matplotlib, before any other of its name."""
    fonts = matplotlib.font_manager.fontManager
    known = list(fonts.ttflist)
    fonts.addfont(sans_path())
    fonts.ttflist[:] = [*fonts.ttflist[len(known) :], *known]


class Drawing(Figure):
    """A figure that keeps its look when it is drawn or saved later, and is shown once.

    Matplotlib makes ticks and places text only as it draws, under the settings of that moment.

    Attributes
    ----------
    letters : {"path", "none"}
        Whether SVG holds outlines, which look the same everywhere, or text.
    """

    letters = "path"

    def draw(self, renderer: RendererBase) -> None:
        """Draw it under `look`."""
        with in_style(svg_fonttype=self.letters):
            super().draw(renderer)

    def savefig(self, *args: Any, **options: Any) -> None:
        """Save it under `look`; takes what `matplotlib.figure.Figure.savefig` takes."""
        with in_style():
            super().savefig(*args, **options)

    def _repr_mimebundle_(self, **formats: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # A notebook keeps beside the picture what it shows, for those who do not see it.
        said = {"alt": describe_figure(self, brief=True), "description": describe_figure(self)}
        return {}, {"image/png": said}

    def _ipython_display_(self) -> None:
        # A notebook shows open figures at the end of a cell: not also as its value.
        if "inline" in matplotlib.get_backend():
            plt.close(self)
        raise NotImplementedError


def subplots(*args: Any, **options: Any) -> tuple[Drawing, Any]:
    """Make a `Drawing` and its axes; takes what `matplotlib.pyplot.subplots` takes.

    Returns
    -------
    Drawing, axes
    """
    return plt.subplots(*args, FigureClass=Drawing, **options)


def styled(plot: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw under `look`, and leave the settings of matplotlib as they were.

    Parameters
    ----------
    plot : callable
        Returns a figure: one type whether it holds one panel or several, which can be saved.

    Returns
    -------
    callable
        The same, also for axes of the user, whose text is printed as it is.
    """

    @wraps(plot)
    def drawn(*args: P.args, **options: P.kwargs) -> Figure:
        with in_style():
            figure = plot(*args, **options)
            if isinstance(given := options.get("ax"), Axes):
                for text in given.findobj(Words):
                    text.set_parse_math(False)
            _spaced(figure)
        return figure.get_figure(root=True)

    return drawn


def saying(language: Language) -> Callable[[str], str]:
    """How a figure says a text: in a language, every character of it visible.

    Parameters
    ----------
    language : Language

    Returns
    -------
    callable
        Text -> str.
    """
    return lambda text: with_minus(visible(language.render(text)))


def complete(
    figure: Figure, *, finding: str, tables: Sequence[str], grade: str, language: Language
) -> Figure:
    """Say what a figure finds and what it rests on, where it does not say so itself.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    finding : str
        "" where there is none to add.
    tables : sequence of str
    grade : str
        Of the weakest row.
    language : Language

    Returns
    -------
    matplotlib.figure.Figure
        The same.
    """
    with in_style():
        if finding and not figure.get_suptitle():
            _title(figure, finding, language=language)
        if not figure.get_supxlabel():
            _source(figure.axes[0], tables, grade, language=language)
        _spaced(figure)
    return figure


def _spaced(figure: Figure) -> None:
    """Set lines of a script whose signs fill their square further apart than Latin ones."""
    for text in figure.findobj(Words):
        said = text.get_text()
        if "\n" in said and any(east_asian_width(sign) in "WF" for sign in said):
            text.set_linespacing(1.5)


def _legend(ax: Axes, *, columns: int) -> None:
    """Place the legend above the axes, where nothing is drawn, below the title."""
    ax.legend(
        frameon=False,
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=columns,
        borderaxespad=0.3,
    )


def _title(figure: Figure, finding: str, *, language: Language) -> None:
    """State above a figure what it finds; a legend outside all axes has no room beside it."""
    said = _filled(saying(language)(finding), TITLE, figure)
    figure.suptitle(said, x=_EDGE, ha="left", fontsize=TITLE)


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
    said = _filled(saying(language)(text), SMALL, ax.figure)
    ax.figure.supxlabel(said, x=_EDGE, ha="left", fontsize=SMALL, color="0.3")


_EDGE = 0.01
"""Where title and source begin, as a part of the width of the figure."""


def _filled(text: str, size: float, figure: Figure) -> str:
    """Break a text into lines as wide as its figure, by the widths of its letters."""
    room = figure.get_figwidth() * 72 * (1 - 2 * _EDGE)
    letters = FontProperties(size=size)

    def wide(line: str) -> float:
        return text_to_path.get_text_width_height_descent(line, letters, ismath=False)[0]

    # No letter is narrower than a fifth of its size.
    for columns in range(int(5 * room / size), 10, -1):
        broken = _broken(text, columns)
        if max(map(wide, broken.split("\n"))) <= room:
            return broken
    return text


def _broken(text: str, width: int) -> str:
    """Break a label into lines; where a script has no spaces, between its characters."""
    if not any(east_asian_width(sign) in "WF" for sign in text):
        return "\n".join(wrap(text, width))
    lines, room = [""], width
    for part in re.findall(r"[!-~]+|\s+|.", text):
        size = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part)
        if size > room and not part.isspace() and part not in _CLOSING:
            # A bracket that opens goes on to the next line with what it holds.
            kept = lines[-1].rstrip(_OPENING)
            lines[-1], opened = kept, lines[-1][len(kept) :]
            lines.append(opened)
            room = width - 2 * len(opened)
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


def to_svg(
    thing: Axes | Figure, language: Language = ENGLISH, *, as_text: bool = False
) -> bytes:
    """Draw a figure as SVG without a date, and close it.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    language : Language
        In which its words are said: whose typefaces draw what ours lacks.
    as_text : bool
        Whether its words are text, for a reader that has the typefaces, as Typst does, or
        outlines, which look the same everywhere.

    Returns
    -------
    bytes
    """
    figure = thing.figure.get_figure(root=True)
    _set_typefaces(figure, language)
    out = io.BytesIO()
    letters = "none" if as_text else "path"
    if isinstance(figure, Drawing):
        figure.letters = letters
    with matplotlib.rc_context({"svg.fonttype": letters}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return out.getvalue()


def _set_typefaces(figure: Figure, language: Language) -> None:
    if language.sans in ("", TYPEFACE):
        return
    for file in language.fonts:
        matplotlib.font_manager.fontManager.addfont(file)
    for text in figure.findobj(Words):
        text.set_fontfamily([*text.get_fontfamily(), language.sans])


def typeface_folders(language: Language) -> list[str]:
    """Where the files of typefaces stand: of the figures and of a language.

    Parameters
    ----------
    language : Language

    Returns
    -------
    list of str
    """
    return sorted({str(Path(file).parent) for file in (sans_path(), *language.fonts)})


def _amounts(axis: Axis, unit: str, say: Callable[[str], str]) -> None:
    """Write the amounts of an axis as a language counts them, where its unit begins so."""
    kind = unit.partition(" ")[0]
    if kind not in _AMOUNTS:
        return
    template = _AMOUNTS[kind]
    axis.set_major_formatter(lambda value, _: say(template(f"{value:.10g}")))


_AMOUNTS: dict[str, Callable[[str], Text]] = {
    "billion": lambda amount: Text("{amount:billion}", amount=amount),
    "million": lambda amount: Text("{amount:million}", amount=amount),
}


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
