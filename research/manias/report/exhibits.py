"""What the prose can name: makers, what they say, and the rows that it rests on."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manias.data.library import current
from manias.data.rows import Rows, grade_of, merged, sources_of
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.language.numbers import with_minus

_FIGURE = re.compile(r"[+\u2212-]?\d[\d,.]*\s?(%|[\u4e07\u4ebf]+)?")

MANY_SOURCES = 25
"""Of what rests on more, the sources are named row by row in the data alone."""


@dataclass(frozen=True, slots=True)
class Cites:
    """A cell that holds the numbers of sources in the list at the end of the report.

    Attributes
    ----------
    keys : tuple of str
        Of `manias.data.sources.read_sources`.
    """

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of the report.

    Attributes
    ----------
    caption : str
    columns : sequence of str
    rows : sequence of sequence of (str or Cites)
        Texts are said in the language of the edition, cell by cell.
    widths : sequence of float
        Of the columns, in proportion.
    verbatim : tuple of int
        Columns that hold names, the same in every language.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[float]
    verbatim: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure of the report.

    Attributes
    ----------
    caption, alt : str
        What stands below it, and what is read to those who cannot see it.
    draw : callable
        From a language to axes or a figure of matplotlib.
    finding : str
        What stands above it; "" where the figure finds that itself.
    """

    caption: str
    alt: str
    draw: Callable[[Language], Any]
    finding: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a maker says, and the rows that it rests on.

    Attributes
    ----------
    content : str or Table or Picture
    rests : tuple of manias.data.rows.Rows
        One a table; empty where it is a setting of the code and rests on no data.
    still : str
        Why one row alone may not move it, as a count that is rounded; "" where each does.
    """

    content: object
    rests: tuple[Rows, ...]
    still: str

    def __init__(self, content: object, *rests: Rows | Iterable[Rows], still: str = "") -> None:
        parts = (part for r in rests for part in ((r,) if isinstance(r, Rows) else r))
        object.__setattr__(self, "content", content)
        object.__setattr__(self, "rests", merged(parts))
        object.__setattr__(self, "still", still)


@dataclass(frozen=True, slots=True, eq=False)
class Artefact:
    """One thing that the prose can name.

    Attributes
    ----------
    kind : {"number", "sentence", "exhibit", "printed"}
    name : str
    function : str
        Function that made it.
    rows : tuple of manias.data.rows.Rows
        Rows that it rests on, by table; empty for a setting of the code.
    content : str or Table or Picture
    still : str
        Why one row alone may not move it; "" where each does.
    """

    kind: str
    name: str
    function: str
    rows: tuple[Rows, ...]
    content: object
    still: str = ""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Tables of its rows."""
        return tuple(dict.fromkeys(part.dataset for part in self.rows))

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of every source that its rows name, in order."""
        return sources_of(self.rows)

    @property
    def grade(self) -> str:
        """Weakest grade of its rows."""
        return grade_of(self.rows)

    def text(self, language: Language = ENGLISH) -> str:
        """What it says; of an exhibit its caption."""
        content = self.content if isinstance(self.content, str) else self.content.caption
        return language.render(content)

    def drawn(self, language: Language = ENGLISH) -> Any:
        """Its figure, whole: what it finds stands above it, what it rests on below."""
        from manias.figures.style import complete

        picture = self.content
        return complete(
            picture.draw(language).figure,
            finding=picture.finding,
            tables=self.datasets,
            grade=self.grade,
            language=language,
        )


Maker = Callable[[], Said]
MAKERS: dict[tuple[str, str], Maker] = {}
"""What the prose names, by kind and name, and the function that makes it."""


def makes(kind: str, name: str) -> Callable[[Maker], Maker]:
    """Register the function that makes what the prose names so.

    Parameters
    ----------
    kind : {"number", "sentence", "exhibit"}
    name : str

    Returns
    -------
    callable
        A decorator; the function takes nothing, reads the tables of the open library, and
        returns `Said`.
    """

    def register(maker: Maker) -> Maker:
        MAKERS[kind, name] = maker
        return maker

    return register


def source_numbers(made: Iterable[Artefact]) -> dict[str, int]:
    """Number the sources that are printed, in the order of the catalogue.

    Printed are those of what rests on no more than `MANY_SOURCES`; of the others the data name
    the sources row by row.

    Parameters
    ----------
    made : iterable of Artefact
        Numbers, sentences and exhibits of the chapters before the appendix.

    Returns
    -------
    dict of str to int
    """
    used = {key for a in made if len(a.sources) <= MANY_SOURCES for key in a.sources}
    return {key: i + 1 for i, key in enumerate(k for k in current().sources() if k in used)}


def source_grades(made: Iterable[Artefact]) -> dict[str, str]:
    """Grades that rows bear by what they name as their source.

    Parameters
    ----------
    made : iterable of Artefact

    Returns
    -------
    dict of str to str
        Source -> grades in the order of the alphabet, such as ``"A, B"``.
    """
    found: dict[str, set[str]] = {}
    for part in (rows for a in made for rows in a.rows):
        for key, grades in part.graded.items():
            found.setdefault(key, set()).update(grades)
    return {key: ", ".join(sorted(grades)) for key, grades in found.items()}


def cited(
    artefact: Artefact, index: Mapping[str, int], language: Language = ENGLISH
) -> dict[str, object]:
    """What stands for its sources: ``runs`` of numbers, and how many ``more`` the data name."""
    numbers = [index[key] for key in artefact.sources if key in index]
    return {
        "runs": _runs(numbers),
        "more": _more(len(artefact.sources) - len(numbers), language, alone=not numbers),
    }


def _more(n: int, language: Language, *, alone: bool) -> str:
    if not n:
        return ""
    text = Text("{n} in the data", n=n) if alone else Text(" and {n} more in the data", n=n)
    return language.render(text)


def table_in(table: Table, index: Mapping[str, int], language: Language) -> dict[str, object]:
    """Say a table in a language: head and cells but for names, sources by their numbers."""

    def cell(i: int, value: object) -> str:
        if isinstance(value, Cites):
            return _short(value, index)
        return with_minus(str(value) if i in table.verbatim else language.render(value))

    rows = [[cell(i, value) for i, value in enumerate(row)] for row in table.rows]
    return {
        "caption": language.render(table.caption),
        "columns": [language.render(column) for column in table.columns],
        "widths": list(table.widths),
        "rows": rows,
        "align": [
            "right" if _is_numeric(row[i] for row in rows) else "left"
            for i in range(len(table.columns))
        ],
    }


def _is_numeric(cells: Iterable[str]) -> bool:
    """Whether a column holds figures, but for cells that say that there is none."""
    said = [cell for cell in cells if cell not in ("", "–")]
    return bool(said) and all(_FIGURE.fullmatch(cell) for cell in said)


def _short(cell: Cites, index: Mapping[str, int]) -> str:
    """Numbers of the printed sources, and after a plus how many more the data name."""
    numbers = [index[key] for key in cell.keys if key in index]
    more = len(cell.keys) - len(numbers)
    parts = [short_list(numbers), f"+{more}" if more else ""]
    return " ".join(part for part in parts if part) or "–"


def short_list(numbers: list[int]) -> str:
    """Write 1, 2, 3, 7 as 1–3, 7."""
    return ", ".join(
        str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}"
        for a, b in _runs(numbers)
    )


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return runs
