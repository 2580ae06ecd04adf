"""Every number and sentence of the report as data, and a feed of those that moved.

Two lists of numbers are compared, each made from an edition of the tables. Ids and dates of the
feed come from the lists alone, so that the same two give the same bytes on any day.
"""

import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from manias.answers.questions import edition_day
from manias.data.arguments import checked
from manias.data.calendar import last_day
from manias.data.files import write_atomically
from manias.data.library import current, load
from manias.data.results import Result
from manias.data.rows import last_known
from manias.data.sources import GRADES
from manias.documents import DAY, Schema, listed, maybe, number, one_of, read, record, text
from manias.errors import InputError
from manias.evaluation.cards import HASHES, SOURCES, UNTIL
from manias.language.messages import Word
from manias.report.build import artefact, in_order
from manias.report.exhibits import Artefact

FORMAT = 1
"""Of a list of numbers."""
SCHEMA = Schema(
    record(
        {
            "format": one_of(FORMAT),
            "edition": text(most=100),
            "day": text(like=DAY, said="a day, YYYY-MM-DD"),
            "numbers": listed(
                record(
                    {
                        "name": text(least=1, most=200),
                        "kind": one_of("number", "sentence"),
                        "text": text(),
                        "value": maybe(number()),
                        "unit": text(most=100),
                        "data_to": UNTIL,
                        "grade": one_of(*GRADES),
                        "sources": SOURCES,
                        "tables": HASHES,
                        "function": text(most=400),
                    },
                    optional={"anchor": text(most=400)},
                )
            ),
        }
    )
)
"""What a list of numbers holds."""
ATOM = "http://www.w3.org/2005/Atom"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "manias:numbers")
"""Under which the ids of the feed and of its entries are made."""
AUTHOR = "The manias authors"
NUMBERS = "numbers.json"
"""Name of the file of a list."""
KINDS = ("number", "sentence")
_FIGURE = re.compile(r"([+\u2212-]?\d[\d,]*(?:\.\d+)?)\s*(%|percent)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Printed(Result):
    """One number or sentence of the report.

    Attributes
    ----------
    name : str
        As the report names it, and as an anchor of a page: ``#name``.
    kind : {"number", "sentence"}
    text : str
        What the English report prints.
    value : float or None
        The figure, where the text is one and nothing else; a percentage as printed.
    unit : str
        "%" or "".
    data_to : str
        Last day of the data that it rests on; "" where they carry no dates.
    grade : str
        Weakest grade of the rows that it rests on.
    sources : tuple of str
        Keys of their sources.
    tables : dict of str to str
        Tables that it rests on, and their hashes.
    function : str
        Who makes it.
    """

    _told = ("name", "text", "grade")

    name: str
    kind: str
    text: str
    value: float | None
    unit: str
    data_to: str
    grade: str
    sources: tuple[str, ...]
    tables: dict[str, str]
    function: str

    @property
    def anchor(self) -> str:
        """Where a page has it."""
        return f"#{quote(self.name)}"


@dataclass(frozen=True, slots=True, repr=False)
class NumberList(Result):
    """All numbers and sentences of an edition.

    Attributes
    ----------
    edition : str
    day : str
        Up to which the edition was kept.
    numbers : tuple of Printed
        In the order of the report.
    """

    _told = ("edition", "day", "numbers")

    edition: str
    day: str
    numbers: tuple[Printed, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a number.

        Returns
        -------
        pandas.DataFrame
        """
        rows = [asdict(n) | {"sources": "; ".join(n.sources)} for n in self.numbers]
        frame = pd.DataFrame(rows)
        return frame.assign(tables=["; ".join(n.tables) for n in self.numbers])


@dataclass(frozen=True, slots=True, repr=False)
class Move(Result):
    """A number that says another thing than before.

    Attributes
    ----------
    name, kind : str
    old, new : str
        What was and is printed; "" where there was or is none.
    tables : tuple of str
        Tables behind it that changed; empty where the code did.
    """

    _told = ("name", "old", "new")

    name: str
    kind: str
    old: str
    new: str
    tables: tuple[str, ...]

    @property
    def why(self) -> str:
        """In a sentence, why it moved."""
        if not self.old:
            return "It is new in the report."
        if not self.new:
            return "The report no longer prints it."
        if self.tables:
            word = "table" if len(self.tables) == 1 else "tables"
            return f"Rows of the {word} {', '.join(self.tables)} changed."
        return "The tables behind it are the same: the code, or what it was fitted to, changed."


def numbers(kinds: Iterable[str] = KINDS) -> NumberList:
    """Make every number and sentence of the report from the tables of the open library.

    Parameters
    ----------
    kinds : iterable of str
        Of number and sentence.

    Returns
    -------
    NumberList

    Examples
    --------
    >>> numbers(["number"]).numbers[0].kind  # doctest: +SKIP
    'number'
    """
    wanted = set(kinds)
    made = tuple(printed_of(artefact(*key)) for key in in_order() if key[0] in wanted)
    return NumberList(current().edition.name, edition_day(), made)


def printed_of(one: Artefact) -> Printed:
    """What is told of one number or sentence.

    Parameters
    ----------
    one : Artefact

    Returns
    -------
    Printed

    Examples
    --------
    >>> found = printed_of(artefact("number", "ai-last-share"))
    >>> found.unit, found.grade, list(found.tables)
    ('%', 'B', ['trajectories', 'us_it_investment'])
    """
    text = one.text()
    value, unit = figure(text)
    if isinstance(one.content, Word):
        value = float(one.content.n)
    return Printed(
        name=one.name,
        kind=one.kind,
        text=text,
        value=value,
        unit=unit,
        data_to=last_known(one.rows, by="observed"),
        grade=one.grade,
        sources=one.sources,
        tables={name: load(name).fingerprint for name in sorted(one.datasets)},
        function=one.function,
    )


def figure(text: str) -> tuple[float | None, str]:
    """Read a text that is one figure and nothing else.

    Parameters
    ----------
    text : str

    Returns
    -------
    value : float or None
        None where it is more or less than a figure, as a sentence, a month or a name.
    unit : str
        "%" or "".

    Examples
    --------
    >>> figure("4.96%"), figure("1,234"), figure("2025-05"), figure("2026Q2")
    ((4.96, '%'), (1234.0, ''), (None, ''), (None, ''))
    """
    match = _FIGURE.fullmatch(text.strip())
    if match is None:
        return None, ""
    return float(match[1].replace(",", "").replace("\u2212", "-")), "%" if match[2] else ""


def to_json(found: NumberList) -> bytes:
    """Write a list of numbers; the same list gives the same bytes.

    Parameters
    ----------
    found : NumberList

    Returns
    -------
    bytes
    """
    told = {
        "format": FORMAT,
        "edition": found.edition,
        "day": found.day,
        "numbers": [asdict(n) | {"anchor": n.anchor} for n in found.numbers],
    }
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def read_numbers(path: Path) -> NumberList:
    """Read a list of numbers.

    Parameters
    ----------
    path : Path

    Returns
    -------
    NumberList

    Raises
    ------
    InputError
        If it is no such file.
    """
    told = read(path, SCHEMA, where=str(path), error=InputError)
    return NumberList(told["edition"], told["day"], tuple(map(_printed, told["numbers"])))


def _printed(row: Mapping[str, Any]) -> Printed:
    told = {f.name: row[f.name] for f in fields(Printed)}
    return Printed(**told | {"sources": tuple(told["sources"]), "tables": dict(told["tables"])})


@checked
def moved(old: NumberList, new: NumberList) -> tuple[Move, ...]:
    """Say which numbers say another thing.

    Parameters
    ----------
    old, new : NumberList

    Returns
    -------
    tuple of Move
        In the order of the new list; last those that are gone.

    Examples
    --------
    >>> one = NumberList("a", "2026-11-30", (printed_of(artefact("number", "ai-last-share")),))
    >>> moved(one, one)
    ()
    """
    before = {(n.kind, n.name): n for n in old.numbers}
    after = {(n.kind, n.name): n for n in new.numbers}
    found = []
    for key in dict.fromkeys([*after, *before]):
        a, b = before.get(key), after.get(key)
        was, now = a.text if a else "", b.text if b else ""
        if was != now:
            found.append(Move(key[1], key[0], was, now, _changed(a, b)))
    return tuple(found)


def _changed(a: Printed | None, b: Printed | None) -> tuple[str, ...]:
    if a is None or b is None:
        return ()
    every = sorted({*a.tables, *b.tables})
    return tuple(t for t in every if a.tables.get(t) != b.tables.get(t))


@checked
def to_atom(old: NumberList, new: NumberList, *, base: str = "") -> bytes:
    """Write a feed of the numbers that moved between two lists.

    Parameters
    ----------
    old, new : NumberList
    base : str
        Address under which the files are served, ending in "/"; links are relative without.

    Returns
    -------
    bytes
        An Atom feed: one entry a number, with its old and new text and why it moved.

    Raises
    ------
    InputError
        If the new list is older than the old one, or the address is none.

    References
    ----------
    Nottingham & Sayre (2005), The Atom Syndication Format, RFC 4287.

    Examples
    --------
    >>> one = NumberList("a", "2026-11-30", (printed_of(artefact("number", "ai-last-share")),))
    >>> b"<updated>2026-11-30T00:00:00Z</updated>" in to_atom(one, one)
    True
    """
    if last_day(new.day) < last_day(old.day):
        raise InputError(
            f"numbers of {new.day} against those of {old.day}: expected the older list in "
            "--against"
        )
    if base and not re.fullmatch(r"https?://[^\s]+/", base):
        raise InputError(f"base {base!r}: expected an address such as https://example.org/a/")
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    stamp = f"{new.day}T00:00:00Z"
    _put(feed, "id", SPACE.urn)
    _put(feed, "title", "manias: numbers that moved")
    _put(
        feed, "subtitle", f"From edition {old.edition} ({old.day}) to {new.edition} ({new.day})"
    )
    _put(feed, "updated", stamp)
    _put(_put(feed, "author"), "name", AUTHOR)
    _put(feed, "link", rel="self", type="application/atom+xml", href=f"{base}feed.xml")
    _put(feed, "link", rel="alternate", type="application/json", href=f"{base}numbers.json")
    by_key = {(n.kind, n.name): n for n in (*old.numbers, *new.numbers)}
    for move in moved(old, new):
        shown = by_key[move.kind, move.name]
        entry = _put(feed, "entry")
        _put(entry, "id", _id_of(move, old, new))
        _put(entry, "title", f"{move.kind} {move.name}")
        _put(entry, "updated", stamp)
        _put(
            entry, "link", rel="alternate", type="application/json",
            href=f"{base}numbers.json{shown.anchor}",
        )  # fmt: skip
        for table in move.tables:
            _put(entry, "category", term=table)
        _put(entry, "content", _told(move, shown), type="text")
    ET.indent(feed, " ")
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _told(move: Move, shown: Printed) -> str:
    lines = [f"Old: {move.old or 'none'}", f"New: {move.new or 'none'}", f"Why: {move.why}"]
    if shown.data_to:
        lines.append(f"Data to: {shown.data_to}")
    lines.append(f"Weakest grade: {shown.grade}")
    return "\n".join(lines)


def _id_of(move: Move, old: NumberList, new: NumberList) -> str:
    parts = (move.kind, move.name, old.day, move.old, new.day, move.new)
    return uuid.uuid5(SPACE, "\x1f".join(parts)).urn


def _put(
    parent: ET.Element, name: str, text: str | None = None, **attributes: str
) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    # What XML cannot hold is told as what it is not: a blank.
    element.text = None if text is None else re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)
    return element


def write_numbers(
    folder: Path, found: NumberList, old: NumberList | None = None, *, base: str = ""
) -> tuple[Path, ...]:
    """Write ``numbers.json``, and beside an older list ``feed.xml``.

    Parameters
    ----------
    folder : Path
        Made where there is none; files of these names are replaced.
    found : NumberList
    old : NumberList, optional
        Without it there is no feed.
    base : str
        As in `to_atom`.

    Returns
    -------
    tuple of Path
    """
    feed = None if old is None else to_atom(old, found, base=base)
    paths = [folder / NUMBERS]
    write_atomically(paths[0], to_json(found))
    if feed is not None:
        paths.append(folder / "feed.xml")
        write_atomically(paths[1], feed)
    return tuple(paths)
