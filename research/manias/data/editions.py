"""Editions: tables and fitted models kept whole as they stood, and which of them is in use.

The edition that comes with the package is called ``shipped`` and is never written to. Others
lie side by side in one folder of the user; a file there names the one in use. An edition is put
together under another name and takes its own by one renaming, so that it is there whole or not
at all.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from manias.data.arguments import checked
from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.data.results import Result
from manias.documents import (
    BELOW,
    DAY,
    FILE,
    HASH,
    Schema,
    one_of,
    read,
    record,
    table,
    text,
)
from manias.errors import DataError, InputError

SHIPPED = "shipped"
"""Name of the edition that comes with the package."""
PLACE, CHOICE = "MANIAS_EDITIONS", "MANIAS_EDITION"
"""Variables of the environment: the folder of editions, and the edition in use."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_USED = "in-use"
NOTE = "edition.json"
_SUM = text(like=HASH, said="64 hexadecimal digits")
_WORDS = text(most=500)
SCHEMA = Schema(
    record(
        {
            "made": text(like=DAY, said="a day, YYYY-MM-DD"),
            "how": one_of("refreshed", "frozen"),
            "base": _WORDS,
            "revision": _WORDS,
        },
        optional={
            "code": _WORDS,
            "lock": _WORDS,
            "python": _WORDS,
            "libraries": table(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$", _WORDS),
            "pdf": table(
                r"^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$",
                record({"file": text(like=FILE, said="a file name"), "sha256": _SUM}),
            ),
            "files": table(BELOW, _SUM),
        },
        more=True,
    )
)
"""What an ``edition.json`` holds; a refresh says more of what it changed."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Edition(Result):
    """Tables and fitted models as they stood on a day.

    Attributes
    ----------
    name : str
    made : str
        Day on which it was put together, YYYY-MM-DD; empty for the one shipped.
    how : str
        ``shipped``, ``refreshed`` or ``frozen``.
    base : str
        Edition that it was made from.
    revision : str
        Revision of the code that made it, or its version where it is no checkout.
    tables : directory
        Folder of datasets.
    reports : directory
        Folder with ``models`` and ``forecasts``.
    note : mapping
        Everything that stands in its ``edition.json``.
    """

    _told = ("name", "made", "how", "base")

    name: str
    made: str
    how: str
    base: str
    revision: str
    tables: Traversable
    reports: Traversable
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """Where it lies; None for the one shipped."""
        return None if self.name == SHIPPED else Path(str(self.tables)).parent


def editions_folder() -> Path:
    """The folder of editions of this user, whether it is there or not.

    Returns
    -------
    Path
        That of the variable MANIAS_EDITIONS, or one among the data of the user.
    """
    if given := os.environ.get(PLACE):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("manias", appauthor=False) / "editions"


def shipped_edition() -> Edition:
    """The edition that comes with the package.

    Returns
    -------
    Edition

    Examples
    --------
    >>> shipped_edition()
    Edition(name='shipped', made='', how='shipped', base='')
    """
    tables, reports = files("manias._datasets"), files("manias._reports")
    return Edition(SHIPPED, "", SHIPPED, "", "", tables, reports)


def list_editions() -> tuple[Edition, ...]:
    """List the editions at hand: the one shipped, then those of the user by their names.

    Returns
    -------
    tuple of Edition

    Examples
    --------
    >>> list_editions()[0].name
    'shipped'
    """
    return tuple(read_edition(name) for name in _known())


@checked
def read_edition(name: str) -> Edition:
    """Find an edition by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Edition

    Raises
    ------
    InputError
        If there is none of that name.
    DataError
        If its ``edition.json`` cannot be read.

    Examples
    --------
    >>> read_edition("shipped").how
    'shipped'
    """
    if name == SHIPPED:
        return shipped_edition()
    folder = editions_folder() / edition_name(name)
    if not (folder / NOTE).exists():
        raise InputError(f"edition {name!r}: expected one of {', '.join(_known())}")
    note = read(folder / NOTE, SCHEMA, where=str(folder / NOTE))
    texts = {key: note[key] for key in ("made", "how", "base", "revision")}
    return Edition(
        name=name,
        **texts,
        tables=folder / "datasets",
        reports=folder / "reports",
        note=MappingProxyType(note),
    )


def edition_name(name: str) -> str:
    """Refuse what cannot be the name of an edition of a user.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        If it is no plain name, or that of the edition shipped.

    Examples
    --------
    >>> edition_name("2026-11")
    '2026-11'
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"edition {name!r}: expected letters, digits, dots and dashes, 64 at most, no dot "
            "first"
        )
    if name in (SHIPPED, _USED, "originals", "partial"):
        raise InputError(f"edition {name!r}: expected another name; this one is taken")
    return name


def name_in_use() -> str:
    """Name of the edition in use, whether it is there or not.

    Returns
    -------
    str
        That of the variable MANIAS_EDITION, else the one chosen last, else ``shipped``.
    """
    if given := os.environ.get(CHOICE):
        return given
    try:
        return (editions_folder() / _USED).read_text(encoding="utf-8").strip() or SHIPPED
    except (OSError, RuntimeError, UnicodeDecodeError):
        return SHIPPED


def edition_in_use() -> Edition:
    """The edition whose tables are read where nothing else is said.

    Returns
    -------
    Edition

    Raises
    ------
    DataError
        If it is not there; the message says how to return to the one shipped.
    """
    name = name_in_use()
    try:
        return read_edition(name)
    except InputError as error:
        named = f"named by {CHOICE}" if os.environ.get(CHOICE) else "the one in use"
        what = f"unset {CHOICE}" if os.environ.get(CHOICE) else f"manias edition use {SHIPPED}"
        raise DataError(f"{error}; it is {named}; run: {what}") from None


@checked
def use_edition(name: str) -> Edition:
    """Put an edition in use, for this user and from the next process on.

    Parameters
    ----------
    name : str

    Returns
    -------
    Edition

    Raises
    ------
    InputError
        If there is none of that name, or the choice cannot be written down.
    """
    chosen = read_edition(name)
    write_atomically(editions_folder() / _USED, f"{name}\n".encode())
    return chosen


def changed_files(edition: Edition) -> tuple[str, ...]:
    """List the files of an edition that are not as they were when it was made.

    Parameters
    ----------
    edition : Edition

    Returns
    -------
    tuple of str
        Paths below its folder, those that are missing as well; empty for the one shipped.

    Examples
    --------
    >>> changed_files(shipped_edition())
    ()
    """
    if edition.folder is None:
        return ()
    kept = edition.note.get("files", {})
    return tuple(path for path in kept if _digest(edition.folder / path) != kept[path])


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


def _known() -> list[str]:
    try:
        folders = sorted(p for p in editions_folder().iterdir() if (p / NOTE).is_file())
    except OSError:
        folders = []
    return [SHIPPED, *(p.name for p in folders if _NAME.fullmatch(p.name))]
