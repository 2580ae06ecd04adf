"""From a name in the report to its value, its code, its rows and their sources."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from manias.data.arguments import checked
from manias.data.library import current, load
from manias.data.results import Result
from manias.data.rows import Rows
from manias.data.sources import Source
from manias.errors import InputError
from manias.language.editions import ENGLISH
from manias.report.build import artefact, in_order, maker_of
from manias.report.exhibits import Artefact, Cites, Picture, Table
from manias.report.parts import printed

_NUMBER = re.compile(r"\s*(table|figure)\s*(\d+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trace(Result):
    """From a name in the report to what it rests on.

    Attributes
    ----------
    kind, name : str
    value : str
        What the report prints; the caption of an exhibit.
    function, formula : str
        Who makes it, and the code that does.
    rows : tuple of manias.data.rows.Rows
        Rows that it rests on, by table; empty where it is a setting of the code.
    datasets : mapping of str to str
        Table -> SHA-256.
    sources : tuple of manias.data.sources.Source
        Those that the rows name.
    grade : str
        Weakest grade of the rows.
    """

    _told = ("kind", "name", "value", "grade")

    kind: str
    name: str
    value: str
    function: str
    formula: str
    rows: tuple[Rows, ...]
    datasets: Mapping[str, str]
    sources: tuple[Source, ...]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a table that it rests on.

        Returns
        -------
        pandas.DataFrame
            ``table``, ``n`` rows ``of`` all, and ``how`` they were chosen.
        """
        rows = [(part.name, len(part.frame), part.total, part.how) for part in self.rows]
        return pd.DataFrame(rows, columns=["table", "n", "of", "how"])

    def _lines(self) -> tuple[str, ...]:
        return (f"{self.kind} {self.name}: {self.value} (grade {self.grade})", self.function)

    def to_dict(self, *, limit: int | None = None) -> dict[str, Any]:
        """Everything as plain values.

        Parameters
        ----------
        limit : int, optional
            Most rows of a table; all by default.

        Returns
        -------
        dict

        Examples
        --------
        >>> (found,) = trace("ai-last-share")
        >>> [(t["table"], t["n"], t["of"]) for t in found.to_dict()["tables"]]
        [('trajectories', 1, 29), ('us_it_investment', 1, 126)]
        """
        return {
            "kind": self.kind,
            "name": self.name,
            "value": self.value,
            "function": self.function,
            "formula": self.formula,
            "tables": [
                {
                    "table": part.name,
                    "sha256": self.datasets[part.dataset],
                    "n": len(part.frame),
                    "of": part.total,
                    "how": part.how,
                    "rows": part.records(limit),
                }
                for part in self.rows
            ],
            "sources": [asdict(source) for source in self.sources],
            "grade": self.grade,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that can be traced, and what stands in the report for it.

    Attributes
    ----------
    kind, name : str
    number : str
        Of an exhibit, as the English report prints it: "Table 9"; else empty.
    value : str
        What the report prints; the caption of an exhibit.
    holds : str
        What holds the text that was looked for; in a list the value.
    texts : tuple of str
        Every text that stands in the report for it: also the cells of a table.
    """

    kind: str
    name: str
    number: str
    value: str
    holds: str
    texts: tuple[str, ...]


def entries() -> tuple[Entry, ...]:
    """List every name of the report, and last the published figures.

    Returns
    -------
    tuple of Entry
        As the English report has them.
    """
    numbers = {name: number for number, name in numbered()}
    made = [artefact(*key) for key in _keys()]
    return tuple(_entry(a, numbers) for a in made)


def find(text: str, listed: Iterable[Entry] | None = None) -> tuple[Entry, ...]:
    """List the names whose printed value, sentence, table or caption holds a text.

    Parameters
    ----------
    text : str
        Whatever its case and blanks; a hyphen also stands for a minus or a dash.
    listed : iterable of Entry, optional
        Where to look; `entries` by default.

    Returns
    -------
    tuple of Entry
        One a name; ``holds`` is the sentence, or the first cell or caption that holds it.

    Raises
    ------
    InputError
        If the text is empty.
    """
    wanted = _folded(text)
    if not wanted:
        raise InputError("find: expected a text that the report prints, such as 4.96")
    found = []
    for entry in entries() if listed is None else listed:
        holds = next((t for t in entry.texts if wanted in _folded(t)), None)
        if holds is not None:
            found.append(replace(entry, holds=holds))
    return tuple(found)


def numbered() -> Iterator[tuple[str, str]]:
    """Number the exhibits as the English report does: figures and tables counted apart.

    Yields
    ------
    tuple of (str, str)
        Number and name.

    Examples
    --------
    >>> next(numbered())[0] in ("Table 1", "Figure 1")
    True
    """
    count = {"Table": 0, "Figure": 0}
    for kind, name in in_order():
        if kind == "exhibit":
            content = artefact(kind, name).content
            of = "Table" if isinstance(content, Table) else "Figure"
            count[of] += 1
            yield f"{of} {count[of]}", name


def _keys() -> tuple[tuple[str, str], ...]:
    return (*in_order(), *(("printed", key) for key in printed()))


def _entry(made: Artefact, numbers: Mapping[str, str]) -> Entry:
    value = made.text()
    number = numbers[made.name] if made.kind == "exhibit" else ""
    return Entry(made.kind, made.name, number, value, value, tuple(_texts(made)))


def _texts(made: Artefact) -> Iterator[str]:
    """Every text that stands in the report for it, in English."""
    yield made.text()
    match made.content:
        case Picture() as picture:
            yield ENGLISH.render(picture.alt)
        case Table() as table:
            yield from map(ENGLISH.render, table.columns)
            for row in table.rows:
                for i, cell in enumerate(row):
                    if not isinstance(cell, Cites):
                        yield str(cell) if i in table.verbatim else ENGLISH.render(cell)


def _folded(text: str) -> str:
    plain = re.sub("[\u2010-\u2015\u2212]", "-", text.replace("\u2019", "'"))
    return " ".join(plain.split()).casefold()


def _named(asked: str) -> str:
    """The name of what was asked for: "Table 9" is the exhibit with that number."""
    if not (match := _NUMBER.fullmatch(asked)):
        return asked.strip().casefold()
    wanted, last = f"{match[1].capitalize()} {int(match[2])}", ""
    for number, name in numbered():
        if number == wanted:
            return name
        if number.startswith(match[1].capitalize()):
            last = number
    raise InputError(
        f"{asked!r}: the report ends with {last}; see all with: manias trace --list"
    )


@checked
def trace(name: str) -> tuple[Trace, ...]:
    """Lead from a name in the report to its value, its code, its rows and their sources.

    Parameters
    ----------
    name : str
        As in the list at the end of the report, or the number of an exhibit in the English
        edition, such as "Table 9" or "Figure 3".

    Returns
    -------
    tuple of Trace
        One a kind: a number and an exhibit may share a name.

    Raises
    ------
    InputError
        If nothing has that name.

    Examples
    --------
    >>> [t.value for t in trace("innovations") if t.kind == "number"]
    ['51']
    """
    every, wanted = _keys(), _named(name)
    keys = [key for key in every if key[1].casefold() == wanted]
    if _NUMBER.fullmatch(name):
        keys = [key for key in keys if key[0] == "exhibit"]
    if not keys:
        near = get_close_matches(wanted, sorted({key[1] for key in every}), n=5, cutoff=0.4)
        such = f", such as {', '.join(near)}" if near else ""
        raise InputError(
            f"name {name!r}: expected a name of the report{such}; see all with: manias trace "
            "--list"
        )
    catalogue, traces = current().sources(), []
    for key in keys:
        made = artefact(*key)
        traces.append(
            Trace(
                kind=key[0],
                name=key[1],
                value=made.text(),
                function=made.function,
                formula=inspect.getsource(maker_of(*key)),
                rows=made.rows,
                datasets={d: load(d).fingerprint for d in made.datasets},
                sources=tuple(catalogue[k] for k in made.sources),
                grade=made.grade,
            )
        )
    return tuple(traces)
