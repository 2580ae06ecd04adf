"""What the prose can name: makers, what they say, and the rows that it rests on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manias.data.library import current
from manias.data.rows import Rows, grade_of, merged, sources_of
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.language.numbers import with_minus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OVERVIEWS = {("exhibit", "datasets")}
"""Exhibits about all tables: they rest on every source, and would list what nothing else "
"uses."""

MANY_SOURCES = 25
"""Above so many sources a list of numbers is replaced by a pointer to the rows of the table."""


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
    draw: Callable[[Language], "Axes | Figure"]
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

    def drawn(self, language: Language = ENGLISH) -> "Figure":
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
    """Number the sources on which some artefacts rest, in the order of the catalogue.

    Parameters
    ----------
    made : iterable of Artefact

    Returns
    -------
    dict of str to int
    """
    used = {key for a in made if (a.kind, a.name) not in OVERVIEWS for key in a.sources}
    return {key: i + 1 for i, key in enumerate(k for k in current().sources() if k in used)}


def cited(
    artefact: Artefact, index: Mapping[str, int], language: Language = ENGLISH
) -> dict[str, object]:
    """What stands for its sources: ``runs`` of numbers, or ``many`` of them, in words."""
    keys = artefact.sources
    if (artefact.kind, artefact.name) in OVERVIEWS or len(keys) > MANY_SOURCES:
        many = Text("{n}, row by row in the table", n=len(keys))
        return {"runs": [], "many": language.render(many)}
    return {"runs": _runs([index[k] for k in keys]), "many": ""}


def table_in(table: Table, index: Mapping[str, int], language: Language) -> dict[str, object]:
    """Say a table in a language: head and cells but for names, sources by their numbers."""

    def cell(i: int, value: object) -> str:
        if isinstance(value, Cites):
            return short_list([index[key] for key in value.keys]) if value.keys else "–"
        return with_minus(str(value) if i in table.verbatim else language.render(value))

    return {
        "caption": language.render(table.caption),
        "columns": [language.render(column) for column in table.columns],
        "widths": list(table.widths),
        "rows": [[cell(i, value) for i, value in enumerate(row)] for row in table.rows],
    }


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
