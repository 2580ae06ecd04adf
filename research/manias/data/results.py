"""What every result of a public function shares: a short name, a table, a summary, a picture.

A class of results says with ``_told`` which of its values name it; one that holds more than
single values says with ``to_frame`` what its rows are. The rest follows from the two.
"""

import html
import textwrap
from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import fields
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Union, get_args, get_origin

from manias.language.visible import visible

if TYPE_CHECKING:
    import pandas as pd

LINE = 100
"""Most characters of a ``repr``."""
PAGE = 80
"""Most columns of a summary."""
ROWS = 20
"""Most rows of a table in a notebook or a summary that is not of a fit."""
_SINGLE = (str, int, float, bool, NoneType)
_DATES = ("Period", "Timestamp")
# A notebook takes dollar signs of other tables for formulas.
_AS_IT_IS = '<div class="tex2jax_ignore mathjax_ignore">'


class Result:
    """A result: ``repr`` and ``_repr_html_`` are short, ``summary`` is a page, no dump.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True, repr=False)
    ... class Count(Result):
    ...     "How often it came."
    ...     _told = ("name", "n")
    ...     name: str
    ...     n: int
    ...     share: float
    >>> Count("fell", 12, 0.25)
    Count(name='fell', n=12)
    >>> print(Count("fell", 12, 0.25).summary())
    Count: how often it came
    <BLANKLINE>
    name   fell
    n      12
    share  0.25
    >>> Count("fell", 12, 0.25).to_frame().to_dict("records")
    [{'name': 'fell', 'n': 12, 'share': 0.25}]
    """

    __slots__ = ()
    _told: ClassVar[tuple[str, ...]] = ()
    """Attributes that its ``repr`` shows: a name, a path, or ``label=path``."""

    def to_frame(self) -> "pd.DataFrame":
        """One row: each attribute that is a single value, under its own name.

        Returns
        -------
        pandas.DataFrame
        """
        return stacked([self], type(self))

    def summary(self) -> str:
        """What it is and its table, as text of at most 80 columns."""
        return page(
            [
                self._title(),
                *self._lines(),
                "",
                shortened(self.to_frame(), ROWS),
            ]
        )

    def __repr__(self) -> str:
        parts = [f"{name}={_brief(value)}" for name, value in self._facts().items()]
        line = f"{type(self).__name__}({', '.join(parts)})"
        while len(line) > LINE:
            parts = [*parts[:-2], "..."] if parts[-1] == "..." else [*parts[:-1], "..."]
            line = f"{type(self).__name__}({', '.join(parts)})"
        return line

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        caption = html.escape(" | ".join([self._title(), *self._lines()]))
        if len(frame) == 1:
            frame = frame.T.reset_index().set_axis(["", "value"], axis=1)
        more = f"<p>{ROWS} of {len(frame):,} rows</p>" if len(frame) > ROWS else ""
        table = _cells(frame.head(ROWS)).to_html(index=False, border=0, justify="left")
        head, _, rest = table.partition(">")
        return f"{_AS_IT_IS}{head}><caption>{visible(caption)}</caption>{rest}{more}</div>"

    def _title(self) -> str:
        said = (type(self).__doc__ or "").strip().split("\n")[0].rstrip(".")
        return f"{type(self).__name__}: {said[:1].lower()}{said[1:]}"

    def _lines(self) -> Sequence[str]:
        """Sentences between title and table."""
        return ()

    def _facts(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for told in self._told or singles(type(self))[:4]:
            label, _, path = told.rpartition("=")
            found[label or path] = attrgetter(path)(self)
        return found


class Plotted(Result):
    """A result of which there is a picture."""

    __slots__ = ()
    _draw: ClassVar[Callable[..., Any]]

    def plot(self, **options: Any) -> Any:
        """Draw it.

        Parameters
        ----------
        **options
            Of the function in `manias.figures` that draws it, such as ``ax`` or ``language``.

        Returns
        -------
        matplotlib.figure.Figure
            The settings of matplotlib stay as they were.
        """
        return self._draw(**options)


def drawn_by(draw: Callable[..., Any]) -> None:
    """Say who draws results: figures stand in a higher room, which nothing here imports.

    Parameters
    ----------
    draw : callable
        Result, options -> matplotlib.figure.Figure.
    """
    Plotted._draw = draw


def singles(of: type) -> tuple[str, ...]:
    """Names of the attributes of a dataclass that are single values.

    Parameters
    ----------
    of : type
        A dataclass.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from manias.data.sources import Source
    >>> singles(Source)[:3]
    ('id', 'title', 'author')
    """
    return tuple(
        f.name for f in fields(of) if _is_single(f.type) and not f.name.startswith("_")
    )


def stacked(results: Iterable[Any], of: type) -> "pd.DataFrame":
    """Lay out results of one kind, a row each; without any, the columns stand alone.

    Parameters
    ----------
    results : iterable
    of : type
        Their dataclass.

    Returns
    -------
    pandas.DataFrame
        A column for each of `singles`.

    Examples
    --------
    >>> from manias.data.sources import Source
    >>> len(stacked([], Source)), stacked([], Source).columns[0]
    (0, 'id')
    """
    import pandas as pd

    names = singles(of)
    return pd.DataFrame(
        [[getattr(result, name) for name in names] for result in results], columns=list(names)
    )


def page(parts: Iterable["str | pd.DataFrame"]) -> str:
    """Put sentences and tables on a page of 80 columns.

    Parameters
    ----------
    parts : iterable of str or pandas.DataFrame
        A sentence is folded between words; columns of a table that do not fit stand below the
        others, and where a cell alone does not fit each row stands below the other.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> print(page(["Two rows.", pd.DataFrame({"name": ["a", "b"], "n": [1, 2]})]))
    Two rows.
    name  n
       a  1
       b  2
    """
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            for line in visible(part).split("\n"):
                lines += textwrap.wrap(line, PAGE, break_on_hyphens=False) or [""]
        else:
            lines += _table(part)
    return "\n".join(line.rstrip() for line in lines)


def shortened(frame: "pd.DataFrame", most: int) -> "pd.DataFrame":
    """Keep the first and the last rows of a long table, with a row of dots between.

    Parameters
    ----------
    frame : pandas.DataFrame
    most : int
        Rows that are kept.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> import pandas as pd
    >>> shortened(pd.DataFrame({"n": range(9)}), 4)["n"].tolist()
    ['0', '1', '...', '7', '8']
    """
    import pandas as pd

    if len(frame) <= most:
        return frame
    cells = _cells(frame)
    dots = pd.DataFrame([["..."] * cells.shape[1]], columns=cells.columns)
    half = most // 2
    return pd.concat([cells.head(half), dots, cells.tail(half)], ignore_index=True)


def _table(frame: "pd.DataFrame") -> list[str]:
    cells = _cells(frame)
    if cells.empty:
        return textwrap.wrap(f"(no rows of {', '.join(cells.columns)})", PAGE)
    widths = [max(len(c), int(cells[c].str.len().max())) for c in cells.columns]
    if len(cells) > 1 and max(widths) < PAGE - 2:
        return cells.to_string(index=False, line_width=PAGE, max_colwidth=PAGE).split("\n")
    indent = min(max(map(len, cells.columns)) + 2, PAGE // 2)
    lines = []
    for i, row in enumerate(cells.to_dict("records")):
        lines += [""] if i else []
        for name, value in row.items():
            first = name.ljust(indent) if len(name) < indent else f"{name} "
            lines += textwrap.wrap(
                f"{first}{value}",
                PAGE,
                subsequent_indent=" " * indent,
                drop_whitespace=True,
                break_on_hyphens=False,
            )
    return lines


def _cells(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Every cell, and every heading, as text that can be seen, on one line."""
    import pandas as pd

    texts = [
        [_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)
    ]
    names = [visible(str(name), keep="") for name in frame.columns]
    return pd.DataFrame(texts, columns=names, dtype=object)


def _cell(value: object) -> str:
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    return visible(str(value), keep="").removesuffix(" 00:00:00")


def _brief(value: object) -> str:
    if isinstance(value, str):
        shown = visible(value, keep="")
        return repr(f"{shown[:37]}..." if len(shown) > 40 else shown).replace("\\\\", "\\")
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(len(value)) if isinstance(value, Sized) else str(value)


def _is_single(kind: Any) -> bool:
    if get_origin(kind) in (UnionType, Union):
        return all(map(_is_single, get_args(kind)))
    named = getattr(kind, "__name__", "")
    return kind in _SINGLE or get_origin(kind) is Literal or named in _DATES
