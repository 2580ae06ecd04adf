"""The curated tables as they were known by a day: the one place where they are read.

What may be seen is decided once, here. Everything that reads a table reads it from the library
that is open, so that a question about the past cannot see a later row, whatever it calls.

>>> with LIBRARY.known_on("1999-12").open():
...     load("us_industries").frame["month"].max()
Period('1999-12', 'M')
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import Knowledge, check_knowledge, known, user_day
from manias.data.descriptors import _descriptor
from manias.data.editions import (
    Edition,
    changed_files,
    edition_in_use,
    list_editions,
    read_edition,
    shipped_edition,
)
from manias.data.sources import Source, read_sources
from manias.data.tables import Dataset, fingerprint_of, folders, read_dataset, vintage_of
from manias.errors import DataError, InputError

P = ParamSpec("P")
R = TypeVar("R")


@checked
@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Tables, and the day by which their rows must have been known.

    Attributes
    ----------
    edition : Edition
        Whose tables and fitted models are read; the one in use by default.
    day : pandas.Timestamp or None
        Rows known later are not seen; None cuts nothing.
    by : {"published", "observed"}
        What known means: that the period had ended and the figure was in print, or only that
        the period had ended, for history that was put into figures much later.
    others : mapping of (dataset, table) to pandas.DataFrame
        Tables that stand in the place of those of the folder, to see what moves with them.
    """

    edition: Edition = field(default_factory=shipped_edition)
    day: pd.Timestamp | None = None
    by: Knowledge = "published"
    others: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)
    _read: dict[str, Dataset] = field(default_factory=dict, repr=False)
    _sources: dict[str, Source] = field(default_factory=dict, repr=False)

    @property
    def root(self) -> Traversable:
        """Folder of its datasets."""
        return self.edition.tables

    @property
    def reports(self) -> Traversable:
        """Folder of its fitted models and frozen forecasts."""
        return self.edition.reports

    def names(self) -> tuple[str, ...]:
        """List the datasets, in alphabetical order."""
        return folders(self.root)

    @checked
    def load(self, name: str) -> Dataset:
        """Load a dataset, without the rows that were not known.

        Parameters
        ----------
        name : str
            One of `names`.

        Returns
        -------
        Dataset

        Raises
        ------
        InputError
            If there is no such dataset.
        DataError
            If a table does not agree with its descriptor, or, in a library with a day, if it
            does not say when its rows were known or was put together later.

        Examples
        --------
        >>> LIBRARY.load("innovations").frame.shape[0]
        51
        """
        if (kept := self._kept.get(name)) is None:
            kept = self._kept[name] = self._cut(self._whole(name))
        # Copy on write: what a caller does to a table never reaches the next caller.
        tables = {part: table.copy(deep=False) for part, table in kept.tables.items()}
        return replace(kept, frame=tables["data"], tables=MappingProxyType(tables))

    @checked
    def known_on(self, date: object | None, *, by: Knowledge | None = None) -> "Library":
        """The same library as it stood on a date.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp or datetime.date or None
            A day, or a month, quarter or year whose last day is meant; None keeps the day of
            this library. A library never learns: of two days the earlier holds.
        by : {"published", "observed"}, optional
            That of this library by default.

        Returns
        -------
        Library

        Raises
        ------
        InputError
            If the date cannot be read.

        Examples
        --------
        >>> past = LIBRARY.known_on("1999-12").known_on("2024")
        >>> str(past.day.date())
        '1999-12-31'
        """
        by = self.by if by is None else check_knowledge(by)
        days = [
            d for d in (self.day, None if date is None else user_day(date)) if d is not None
        ]
        day = min(days, default=None)
        if (day, by) == (self.day, self.by) or (day is None and self.day is None):
            return self
        key = ("known_on", day, by)
        if key not in self._kept:
            read = (self._read, self._sources)
            self._kept[key] = Library(self.edition, day, by, self.others, {}, *read)
        return self._kept[key]

    @checked
    def holding(self, others: Mapping[tuple[str, str], pd.DataFrame]) -> "Library":
        """The same library with other rows in the place of some tables.

        Parameters
        ----------
        others : mapping of (dataset, table) to pandas.DataFrame

        Returns
        -------
        Library
            With nothing kept that was computed from the tables of this one.

        Examples
        --------
        >>> fewer = load("innovations").frame.head(3)
        >>> with LIBRARY.holding({("innovations", "data"): fewer}).open():
        ...     len(load("innovations").frame)
        3
        """
        others = {**self.others, **others}
        return Library(self.edition, self.day, self.by, others, {}, self._read, self._sources)

    @contextmanager
    def open(self) -> Iterator["Library"]:
        """Read from this library until the end of the block."""
        token = _OPEN.set(self)
        try:
            yield self
        finally:
            _OPEN.reset(token)

    @checked
    def fingerprint(self, name: str) -> str:
        """Hash of a dataset as its files stand, without reading their cells.

        Parameters
        ----------
        name : str

        Returns
        -------
        str
            64 hexadecimal digits, those of `Dataset.fingerprint`.

        Examples
        --------
        >>> LIBRARY.fingerprint("innovations") == LIBRARY.load("innovations").fingerprint
        True
        """
        if name in self._read:
            return self._read[name].fingerprint
        key = ("fingerprint", name)
        if key not in self._kept:
            self._kept[key] = fingerprint_of(name, self.root)
        return self._kept[key]

    def sources(self) -> dict[str, Source]:
        """Every citable source by its key."""
        if not self._sources:
            self._sources.update(read_sources(self.root))
        return dict(self._sources)

    def _whole(self, name: str) -> Dataset:
        if name not in self._read:
            self._read[name] = read_dataset(name, self.root, self.sources())
        dataset = self._read[name]
        tables = {t: self.others.get((name, t), frame) for t, frame in dataset.tables.items()}
        return replace(dataset, frame=tables["data"], tables=MappingProxyType(tables))

    def _cut(self, dataset: Dataset) -> Dataset:
        if self.day is None:
            return dataset
        tables = {
            name: self._known_rows(f"{dataset.name}.{name}", frame, dataset.clocks[name])
            for name, frame in dataset.tables.items()
        }
        return replace(dataset, frame=tables["data"], tables=MappingProxyType(tables))

    def _known_rows(
        self, table: str, frame: pd.DataFrame, clock: Mapping[str, Any]
    ) -> pd.DataFrame:
        if reason := clock.get("later"):
            raise DataError(f"{table}: nothing of it was known on {self.day.date()}: {reason}")
        if columns := clock.get("later_columns"):
            frame = frame.assign(**{c: frame[c].where(frame[c].isna()) for c in columns})
        if "always" in clock:
            return frame
        if "observed" in clock:
            return frame[known(frame, clock, by=self.by) <= self.day]
        raise DataError(
            f"{table}: the descriptor does not say when its rows were known; expected 'known' "
            "with observed, always or later"
        )


LIBRARY = Library()
"""The tables that come with the package, nothing cut."""
_OPEN: ContextVar[Library | None] = ContextVar("library", default=None)


def current() -> Library:
    """The library that is open.

    Returns
    -------
    Library
        Outside of any ``with Library.open()`` that of the edition in use, which is `LIBRARY`
        where no other was put in use.

    Raises
    ------
    DataError
        If the edition in use is not there.

    Examples
    --------
    >>> current() is LIBRARY
    True
    """
    return _OPEN.get() or _in_use()


def not_known(what: str, part: str = "nothing") -> DataError:
    """What is raised where the open library leaves nothing of what was asked for.

    Parameters
    ----------
    what : str
        Table, series or function, that begins the message.
    part : str
        What of it was not there.

    Returns
    -------
    DataError

    Examples
    --------
    >>> with known_on("1885"):
    ...     print(not_known("world_shares"))
    world_shares: nothing was known by 1885-12-31
    """
    day = current().day
    return DataError(f"{what}: {part} was known" + ("" if day is None else f" by {day.date()}"))


@cache
def _in_use() -> Library:
    """Found once: what is put in use meanwhile is not mixed into a process at work."""
    edition = edition_in_use()
    return LIBRARY if edition.name == LIBRARY.edition.name else Library(edition)


@checked
def open_edition(name: str) -> Library:
    """The library of an edition, found to be as it was made.

    Parameters
    ----------
    name : str

    Returns
    -------
    Library

    Raises
    ------
    InputError
        If there is none of that name.
    DataError
        If a file of it was changed since.

    Examples
    --------
    >>> open_edition("shipped").load("innovations").frame.shape[0]
    51
    """
    edition = read_edition(name)
    if changed := changed_files(edition):
        raise DataError(
            f"edition {name}: {changed[0]} is not as it was when the edition was made"
        )
    return LIBRARY if name == LIBRARY.edition.name else Library(edition)


@checked
def known_on(
    date: object | None, *, by: Knowledge | None = None
) -> AbstractContextManager[Library]:
    """Read only what was known by a date, until the end of the block.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp or datetime.date or None
        A day, or a month, quarter or year whose last day is meant.
    by : {"published", "observed"}, optional

    Returns
    -------
    context manager

    Raises
    ------
    InputError
        If the date cannot be read.

    Examples
    --------
    >>> with known_on("1999-12"):
    ...     load("us_it_investment").frame["quarter"].max()
    Period('1999Q3', 'Q-DEC')
    """
    return current().known_on(date, by=by).open()


@checked
def load(name: str, root: Traversable | None = None, *, vintage: str | None = None) -> Dataset:
    """Load a dataset by name.

    Parameters
    ----------
    name : str
        One of `names`.
    root : directory, optional
        Folder of datasets; that of the open library by default.
    vintage : str, optional
        That of an older or newer edition at hand, as `Dataset.vintage` has it.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If there is no such dataset, or none of that vintage.
    DataError
        If a table does not agree with its descriptor; the message names file, row, column,
        value and what was expected. Also, inside `known_on`, if the table was put together
        later.

    Examples
    --------
    >>> load("innovations").frame.shape[0]
    51
    """
    if root is not None:
        if vintage is not None:
            raise InputError("load: expected root or vintage, not both")
        return Library(replace(LIBRARY.edition, tables=root)).load(name)
    if vintage is None:
        return current().load(name)
    kept = {edition_vintage(name, e): e for e in reversed(list_editions())}
    if vintage not in kept:
        had = ", ".join(sorted(v for v in kept if v)) or "none"
        raise InputError(f"{name}: vintage {vintage!r}; expected one at hand: {had}")
    return Library(kept[vintage]).load(name)


def edition_vintage(name: str, edition: Edition) -> str:
    """Vintage of a dataset in an edition, without reading its cells; "" where it has none."""
    if name not in folders(edition.tables):
        return ""
    return vintage_of(_descriptor(edition.tables, name), read_sources(edition.tables))


@checked
def names(root: Traversable | None = None) -> tuple[str, ...]:
    """List the datasets.

    Parameters
    ----------
    root : directory, optional
        That of the open library by default.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> "us_industries" in names()
    True
    """
    return folders(root or current().root)


def once(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function of the tables returns, on the library that it read them from.

    Parameters
    ----------
    function : callable
        Its arguments must be hashable; it must read tables through `load` alone.

    Returns
    -------
    callable
        The same function. In another library it is called anew.

    Examples
    --------
    >>> @once
    ... def count(name):
    ...     return len(load(name).frame)
    >>> count("innovations"), count("innovations")
    (51, 51)
    """

    @wraps(function)
    def kept(*args: P.args, **named: P.kwargs) -> R:
        here = current()._kept
        key = (function, args, tuple(sorted(named.items())))
        if key not in here:
            here[key] = function(*args, **named)
        return here[key]

    return kept
