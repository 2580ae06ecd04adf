"""Where a number was printed or served, and how far it may be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from manias.data.results import Result
from manias.documents import DAY, MONTH, Schema, read, record, table, text
from manias.errors import InputError

GRADES = {
    "A": "primary or scholarly source seen, or its data file",
    "B": "secondary source seen",
    "J": "judgement of this project by a written rule",
    "C": "recalled, not confirmed",
}
"""Grades of evidence, strongest first."""

SEEN = {
    "full text": "the whole of the work, table or data file that is used",
    "excerpt": "a passage, in the original or in a copy",
    "abstract": "a summary alone, of the authors or of their publisher",
    "table": "the table that holds the figures, without the text around it",
}
"""How much of a source was seen."""

_FIELDS = (
    *("id", "title", "author", "year", "publisher", "url", "licence", "seen", "accessed"),
    "note",
)
_ENTRY = {name: text(most=4_000) for name in _FIELDS[1:]} | {
    "accessed": text(like=rf"(?:{DAY}|{MONTH})", said="a month or a day, YYYY-MM or YYYY-MM-DD")
}
SCHEMA = Schema(table(r"^[A-Za-z][A-Za-z0-9_-]{0,80}$", record(_ENTRY)))
"""What ``sources.json`` holds."""


@dataclass(frozen=True, slots=True, repr=False)
class Source(Result):
    """Where a number was printed or served.

    Attributes
    ----------
    id : str
        Short key used in the tables' ``source`` columns.
    title, author, year : str
        As a bibliography would print them; "n.d." where no year is known.
    publisher : str
        Publisher or periodical; empty where the author put it out.
    url : str
        Address of the page; empty for what was printed and not seen at an address.
    licence : str
        Terms under which figures are carried over.
    seen : str
        How much of it was seen, one of `SEEN`.
    accessed : str
        Month in which the source was seen, ``YYYY-MM``.
    note : str
        What was seen of it (whole, excerpt, copy) and what to beware of.
    """

    _told = ("id", "year", "title")

    id: str
    title: str
    author: str
    year: str
    publisher: str
    url: str
    licence: str
    seen: str
    accessed: str
    note: str


def read_sources(root: Traversable | None = None) -> dict[str, Source]:
    """Read every citable source.

    Parameters
    ----------
    root : directory, optional
        Folder that holds ``sources.json``; the installed datasets by default.

    Returns
    -------
    dict of str to Source
        In the order of the file.

    Raises
    ------
    DataError
        If the file cannot be read or an entry lacks a field.

    Examples
    --------
    >>> read_sources()["french2025industries"].author
    'Kenneth R. French'
    """
    path = (root or files("manias._datasets")).joinpath("sources.json")
    return {
        key: Source(key, *(entry[name] for name in _FIELDS[1:]))
        for key, entry in read(path, SCHEMA).items()
    }


def weakest(grades: Iterable[str]) -> str:
    """Return the weakest of some grades: what a derived number inherits.

    Parameters
    ----------
    grades : iterable of str
        Letters A, B, J or C.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If there is none, or one is not a grade.

    Examples
    --------
    >>> weakest(["A", "B", "A"])
    'B'
    """
    order = list(GRADES)
    letters = set(grades)
    if odd := letters - set(order):
        raise InputError(
            f"grade {sorted(map(str, odd))[0]!r}: expected one of {', '.join(order)}"
        )
    if not letters:
        raise InputError("no grade given; expected at least one of A, B, J, C")
    return max(letters, key=order.index)
