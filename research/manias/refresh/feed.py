"""What a refresh is made of: originals as their owners publish them, and what is made of each.

A `Feed` reads the originals of one dataset into cells of text. It sees the cells that stand
there now, and says what changes: tables, sources, parts of descriptors. It writes nothing.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

import pandas as pd

from manias.data.cells import _read_cells
from manias.data.descriptors import _content, _descriptor
from manias.data.fingerprint import sha256
from manias.data.results import Result
from manias.errors import DataError, InputError

LARGEST = 500_000_000
"""Bytes of an original, packed or unpacked, beyond which it is refused."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Original(Result):
    """A file as its owner publishes it.

    Attributes
    ----------
    part : str
        Which of the originals of a feed it is.
    name : str
        File name, or address.
    content : bytes
    address : str
        Where it was downloaded; empty for a file of the user.
    day : str
        Day on which it was had, YYYY-MM-DD.
    """

    _told = ("part", "name", "day")

    part: str
    name: str
    content: bytes
    address: str
    day: str

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return sha256(self.content)


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """What a feed makes of its originals.

    Attributes
    ----------
    tables : mapping of (dataset, table) to pandas.DataFrame
        Cells as text, in the columns of the descriptor, sorted as the file is to be.
    sources : mapping of str to mapping
        Entries of ``sources.json`` that are new or change, with the fields that change.
    descriptors : mapping of str to mapping
        By dataset: fields of its descriptor that change, such as ``vintage``; under
        ``provenance`` by table the source, locator and grade of all its rows.
    said : tuple of str
        What was read, and what the reader should know, a line each.
    """

    tables: Mapping[tuple[str, str], pd.DataFrame]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    descriptors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """The tables that a refresh starts from, as cells of text.

    Attributes
    ----------
    root : directory
        Folder of datasets.
    """

    root: Traversable

    def cells(self, dataset: str, table: str = "data") -> pd.DataFrame:
        """Cells of a table as they stand in its file.

        Parameters
        ----------
        dataset, table : str

        Returns
        -------
        pandas.DataFrame
            Of str; blank cells are "".

        Raises
        ------
        DataError
            If the file does not have the columns of its descriptor.
        """
        resource = self.resource(dataset, table)
        label = f"{dataset}/{resource['path']}"
        cells, wrong = _read_cells(_content(self.root, dataset, resource), label, resource)
        if wrong:
            raise DataError(str(wrong[0]))
        return cells

    def resource(self, dataset: str, table: str = "data") -> Mapping[str, Any]:
        """What the descriptor says of a table."""
        resources = _descriptor(self.root, dataset)["resources"]
        return next(r for r in resources if r["name"] == table)


Reader = Callable[[Mapping[str, Original], Present], Staged]


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """A dataset that is made of originals, and how.

    Attributes
    ----------
    name : str
        The dataset that it fills, which is its key in the table of addresses; of a feed
        without originals, a word of its own.
    read : callable
        Makes `Staged` of originals by part and of what is `Present`; it raises `InputError`
        where an original has another form, naming file, row, column, value and what was
        expected.
    every : bool
        Whether all parts are needed at once; else those at hand are taken.
    recognises : callable
        Whether a file, that its name lets be an original of a part, is that of this part: takes
        the part, its row of the table of addresses and the content.
    contact : bool
        Whether its owner asks for an address of mail of whoever downloads.
    after : tuple of str
        Feeds on whose tables this one rests. It is read after them, on the tables as they have
        staged them, and also where they alone have new originals: then without any.
    link : callable, optional
        Address of the original in a page, where the table of addresses has that of a page
        because the file's own changes with each edition: takes what was served.
    """

    name: str
    read: Reader
    every: bool = True
    recognises: Callable[[str, Mapping[str, str], bytes], bool] = lambda *_: True
    contact: bool = False
    after: tuple[str, ...] = ()
    link: Callable[[bytes], str] | None = None


def text_of(original: Original, ending: str = ".csv") -> str:
    """The text of an original, out of its archive where it is packed in one.

    Parameters
    ----------
    original : Original
    ending : str
        That of the one file in the archive.

    Returns
    -------
    str
        Of UTF-8, else of Latin-1.

    Raises
    ------
    InputError
        If it is a web page, no text, too large, or an archive of another kind.

    Examples
    --------
    >>> text_of(Original("x", "x.csv", b"a,b", "", ""))
    'a,b'
    """
    content = unpacked(original, ending)
    if content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise InputError(f"{original.name}: a web page; expected {ending[1:]} or zip")
    if b"\0" in content[:4096]:
        raise InputError(f"{original.name}: not text; expected {ending[1:]} or zip")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def unpacked(original: Original, ending: str) -> bytes:
    """Bytes of an original, or of the one file of an ending in its archive.

    Parameters
    ----------
    original : Original
    ending : str

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If the archive is damaged, too large or does not hold one such file.
    """
    if original.content[:4] != b"PK\3\4" or ending in (".xlsx", ".zip"):
        return original.content
    try:
        archive = zipfile.ZipFile(io.BytesIO(original.content))
        inside = [i for i in archive.infolist() if i.filename.lower().endswith(ending)]
        if len(inside) != 1:
            raise InputError(
                f"{original.name}: {len(inside)} files of {ending}; expected an archive of one"
            )
        if inside[0].file_size > LARGEST:
            raise InputError(
                f"{original.name}: {inside[0].file_size:,} bytes unpacked; expected "
                f"{LARGEST:,} at most"
            )
        return archive.read(inside[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"{original.name}: damaged archive ({error})") from None


def rows_of(text: str) -> list[list[str]]:
    """Rows of comma-separated text, cells without blanks around them."""
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]


def columns_of(
    name: str, header: Sequence[str], wanted: Sequence[str], row: int = 1
) -> dict[str, int]:
    """Places of columns by their names.

    Parameters
    ----------
    name : str
        The file, for the message.
    header : sequence of str
    wanted : sequence of str
    row : int
        In which the header stands, for the message.

    Returns
    -------
    dict of str to int

    Raises
    ------
    InputError
        Naming the column that is missing or there twice.

    Examples
    --------
    >>> columns_of("x.csv", ["b", "a"], ["a"])
    {'a': 1}
    >>> columns_of("x.csv", ["b", "a"], ["c"])
    Traceback (most recent call last):
    manias.errors.InputError: x.csv, row 1: no column 'c'; expected it among b, a
    """
    at = {}
    for column in wanted:
        found = [i for i, cell in enumerate(header) if cell == column]
        if len(found) != 1:
            how = "no column" if not found else f"{len(found)} columns"
            shown = ", ".join(header[:12]) + (", ..." if len(header) > 12 else "")
            raise InputError(f"{name}, row {row}: {how} {column!r}; expected it among {shown}")
        at[column] = found[0]
    return at
