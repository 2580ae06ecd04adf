"""The curated tables: what there is, one table with its meaning, and whether all still hold.

Every folder of ``datasets/`` is one data package: CSV tables beside a ``datapackage.json``
(Frictionless Data Package v2) that says what each column means, where it came from, and what
the file hashed to when it was sealed.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from types import MappingProxyType

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import Knowledge, known, user_day
from manias.data.cells import (
    _check_cells,
    _check_seal,
    _checked_mark,
    _corrected,
    _has_corrections,
    _keys,
    _more,
    _read_cells,
)
from manias.data.descriptors import CORRECTIONS, _content, _descriptor
from manias.data.fingerprint import sha256
from manias.data.results import Result
from manias.data.sources import GRADES, Source, read_sources, weakest
from manias.errors import DataError, InputError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dataset(Result):
    """One or more tables with their meaning.

    Attributes
    ----------
    name, title, description, version : str
        From the descriptor.
    licence : str
        Terms of this compilation.
    frame : pandas.DataFrame
        The main table. It always has the columns ``source``, ``locator`` and ``grade``: from
        the file, or from the descriptor where one original supplies every row.
    tables : mapping of str to pandas.DataFrame
        All tables by name; ``tables["data"]`` is ``frame``.
    keys : mapping of str to tuple of str
        Columns that tell the rows of each table apart.
    units : mapping of str to str
        Unit of every numeric column, as printed in the source.
    sources : tuple of Source
        Every source that a row names.
    fingerprint : str
        SHA-256 over the tables as they stand in the files, and over their corrections.
    grade : str
        Weakest grade of the main table.
    clocks : mapping of str to mapping
        How it can be told when the rows of each table were known, as the descriptor has it.
    vintage : str
        Day or month of the newest original in it, as its owner dates it; where none does, the
        month in which it was read.
    """

    _told = ("name", "version", "rows=frame", "grade")

    name: str
    title: str
    description: str
    version: str
    licence: str
    frame: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    keys: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    sources: tuple[Source, ...]
    fingerprint: str
    grade: str
    clocks: Mapping[str, Mapping[str, object]]
    vintage: str

    def to_frame(self) -> pd.DataFrame:
        """The main table.

        Returns
        -------
        pandas.DataFrame
            Columns as `units` and the descriptor say.
        """
        return self.frame

    def sources_by_id(self) -> dict[str, Source]:
        """Sources by their keys."""
        return {source.id: source for source in self.sources}

    @checked
    def as_of(self, date: str | pd.Period | pd.Timestamp, *, by: Knowledge = "published"):
        """Cut every row that was observed or published after a date.

        Parameters
        ----------
        date : str or pandas.Period or pandas.Timestamp
            A day, or a month, quarter or year whose last day is meant.
        by : {"published", "observed"}
            "published" keeps a row when its period had ended and the figure was in print;
            "observed" asks only that its period had ended.

        Returns
        -------
        Dataset
            Same tables, fewer rows. The values are those of the vintage that is shipped:
            a later revision of an old figure stays in it.

        Raises
        ------
        DataError
            If the tables carry no dates of observation.

        Examples
        --------
        >>> from manias.data.library import load
        >>> load("us_industries").as_of("1999-12").frame["month"].max()
        Period('1999-12', 'M')
        """
        day = user_day(date)
        kept = {}
        for name, table in self.tables.items():
            if not (clock := self.clocks.get(name)) or "observed" not in clock:
                raise DataError(f"{self.name}: rows carry no dates; as_of does not apply")
            kept[name] = table[known(table, clock, by=by) <= day]
        return replace(self, frame=kept["data"], tables=MappingProxyType(kept))


def folders(root: Traversable) -> tuple[str, ...]:
    """List the datasets of a folder.

    Parameters
    ----------
    root : directory

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> from importlib.resources import files
    >>> "us_industries" in folders(files("manias._datasets"))
    True
    """
    found = [d.name for d in root.iterdir() if d.joinpath("datapackage.json").is_file()]
    return tuple(sorted(found))


def read_dataset(
    name: str, root: Traversable, catalogue: Mapping[str, Source] | None = None
) -> Dataset:
    """Read a dataset and compare it with its descriptor.

    Parameters
    ----------
    name : str
        One of `folders`.
    root : directory
    catalogue : mapping of str to Source, optional
        What `read_sources` gives; it is read by default.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If there is no such dataset.
    DataError
        If a table does not agree with its descriptor.

    Examples
    --------
    >>> from importlib.resources import files
    >>> read_dataset("innovations", files("manias._datasets")).frame.shape[0]
    51
    """
    _known_name(name, root)
    descriptor = _descriptor(root, name)
    tables, units, clocks, used, prints = {}, {}, {}, [], []
    catalogue = read_sources(root) if catalogue is None else catalogue
    has_corrections = "corrections" in descriptor or _has_corrections(root, name)
    for resource in descriptor["resources"]:
        content = _content(root, name, resource)
        table = None
        is_sealed = resource.get("hash") == f"sha256:{sha256(content)}"
        if is_sealed and _was_checked(content, resource) and not has_corrections:
            table = _sealed(content, resource)
        if table is None or not _are_known(table, resource, catalogue):
            label = f"{name}/{resource['path']}"
            cells, wrong = _read_cells(content, label, resource)
            if not wrong:
                wrong += _check_seal(content, cells, label, resource)
                wrong += _check_cells(cells, label, resource, catalogue)
            if not wrong:
                cells, wrong = _corrected(root, name, descriptor, resource, cells, catalogue)
            if wrong:
                raise DataError(str(wrong[0]) + _more(len(wrong)))
            table = _typed(cells, resource)
        told = resource.get("provenance", {}).get("source")
        if unknown := [k for k in _keys([told] if told else []) if k not in catalogue]:
            raise DataError(
                f"{name}/datapackage.json: provenance of {resource['name']}: "
                f"{unknown[0]!r}; expected a key of sources.json"
            )
        tables[resource["name"]] = table
        for field in resource["schema"]["fields"]:
            if field["type"] in ("number", "integer"):
                units[field["name"]] = field.get("unit", "")
        clocks[resource["name"]] = resource.get("known", {})
        for column in table.columns[
            [c == "source" or c.endswith("_source") for c in table.columns]
        ]:
            used += _keys(table[column].dropna().unique())
        prints.append(sha256(content))
    if has_corrections:
        prints.append(sha256(_content(root, name, {"path": CORRECTIONS})))
    return Dataset(
        name=name,
        title=descriptor["title"],
        description=descriptor["description"],
        version=descriptor["version"],
        licence=_licence(descriptor["licenses"][0]),
        frame=tables["data"],
        tables=MappingProxyType(tables),
        keys=MappingProxyType(
            {r["name"]: tuple(r["schema"]["primaryKey"]) for r in descriptor["resources"]}
        ),
        units=MappingProxyType(units),
        sources=tuple(catalogue[key] for key in dict.fromkeys(used)),
        fingerprint=_joined(prints),
        grade=weakest(tables["data"]["grade"].dropna().unique()),
        clocks=MappingProxyType(clocks),
        vintage=vintage_of(descriptor, catalogue),
    )


def vintage_of(descriptor: Mapping, catalogue: Mapping[str, Source]) -> str:
    """Day or month of the newest original of a dataset.

    Parameters
    ----------
    descriptor : mapping
        With ``vintage`` where the owner of the original dates it, and ``sources``.
    catalogue : mapping of str to Source

    Returns
    -------
    str
        YYYY-MM-DD or YYYY-MM.

    Examples
    --------
    >>> vintage_of({"vintage": "2026-09-28"}, {})
    '2026-09-28'
    """
    told = [source.get("id") for source in descriptor.get("sources", ())]
    read = [catalogue[key].accessed for key in told if key in catalogue]
    return descriptor.get("vintage") or max(read, default="")


def _licence(terms: Mapping[str, str]) -> str:
    """Name of a licence; what its owner says where it has no name of its own."""
    return terms["title"] if terms["name"] == "other" else terms["name"]


def _was_checked(content: bytes, resource: Mapping) -> bool:
    """Whether these bytes were found to agree with this schema when they were sealed."""
    return resource.get("checked") == _checked_mark(content, resource)


def _are_known(table: pd.DataFrame, resource: Mapping, catalogue: Mapping[str, Source]) -> bool:
    """Whether every source that the rows of a file name is in the catalogue."""
    fields = [field["name"] for field in resource["schema"]["fields"]]
    named = [c for c in fields if c == "source" or c.endswith("_source")]
    return all(set(_keys(table[c].dropna().unique())) <= catalogue.keys() for c in named)


def fingerprint_of(name: str, root: Traversable) -> str:
    """Hash of a dataset as its files stand, without reading their cells.

    Parameters
    ----------
    name : str
    root : directory

    Returns
    -------
    str
        64 hexadecimal digits, those of `Dataset.fingerprint`.

    Examples
    --------
    >>> from importlib.resources import files
    >>> root = files("manias._datasets")
    >>> fingerprint_of("proxies", root) == read_dataset("proxies", root).fingerprint
    True
    """
    _known_name(name, root)
    descriptor = _descriptor(root, name)
    files = list(descriptor["resources"])
    if "corrections" in descriptor or _has_corrections(root, name):
        files.append({"path": CORRECTIONS})
    return _joined([sha256(_content(root, name, file)) for file in files])


def _known_name(name: str, root: Traversable) -> None:
    named = (d for d in root.iterdir() if d.name == name)
    if not any(d.joinpath("datapackage.json").is_file() for d in named):
        raise InputError(f"dataset {name!r}: expected one of {', '.join(folders(root))}")


def _joined(prints: list[str]) -> str:
    return sha256("\n".join(prints).encode())


def grade_shares(dataset: Dataset) -> dict[str, float]:
    """Share of the main table's rows by grade of evidence.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    dict of str to float
        Keys A, B, J, C and "blank" (rows that make no graded statement); they add up to 1.

    Examples
    --------
    >>> from manias.data.library import load
    >>> grade_shares(load("us_industries"))["A"]
    1.0
    """
    return shares_of(dataset.frame["grade"])


def shares_of(column: pd.Series) -> dict[str, float]:
    """Share of each grade in a column of grades, as `grade_shares` has it.

    Parameters
    ----------
    column : pandas.Series
        Letters; blank where a row makes no graded statement.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> shares_of(pd.Series(["A", "B"]))["B"]
    0.5
    """
    shares = {grade: float((column == grade).mean()) for grade in GRADES}
    return shares | {"blank": float(column.isna().mean())}


def _sealed(content: bytes, resource: Mapping) -> pd.DataFrame | None:
    """Read a table of which every cell is known to agree with its schema; None if in doubt.

    It is what `_typed` makes of the cells, to the bit, in less time.
    """
    fields = resource["schema"]["fields"]
    freqs = {f["name"]: _freq(f) for f in fields}
    kinds = {"number": "float64", "integer": "Int64"}
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            dtype={
                f["name"]: "category" if freqs[f["name"]] else kinds.get(f["type"], "str")
                for f in fields
            },
            na_values=[""],
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8",
        )
    except ValueError:
        return None
    if list(frame) != [f["name"] for f in fields] or len(frame) != resource.get("rows"):
        return None
    table = {
        name: _ordinals(column, freqs[name]) if freqs[name] else column
        for name, column in frame.items()
    }
    return pd.DataFrame(table, index=frame.index).assign(**resource.get("provenance", {}))


def _freq(field: Mapping) -> str:
    """Frequency of the periods of a column; "" where it holds none."""
    return {"year": "Y", "yearmonth": "M"}.get(field["type"]) or field.get("period", "")


def _ordinals(column: pd.Series, freq: str) -> pd.Series:
    """Periods of a column of texts of which each is read once."""
    known_values = column.cat.categories
    match freq:
        case "Y":
            places = [int(v) - 1970 for v in known_values]
        case "M":
            places = [12 * (int(v[:4]) - 1970) + int(v[5:]) - 1 for v in known_values]
        case _:
            places = [pd.Period(v, freq=freq).ordinal for v in known_values]
    # The code of what is blank is -1: the last place.
    ordinals = np.array([*places, pd.NaT._value], dtype="int64")[column.cat.codes]
    periods = pd.arrays.PeriodArray(ordinals, dtype=pd.PeriodDtype(freq))
    return pd.Series(periods, index=column.index)


def _typed(cells: pd.DataFrame, resource: Mapping) -> pd.DataFrame:
    table = {}
    for field in resource["schema"]["fields"]:
        column = cells[field["name"]]
        blank = column == ""
        match field["type"]:
            case "number":
                table[field["name"]] = pd.to_numeric(column.where(~blank)).astype(float)
            case "integer":
                table[field["name"]] = pd.to_numeric(column.where(~blank)).astype("Int64")
            case _ if freq := _freq(field):
                table[field["name"]] = _periods(column, blank, freq)
            case _:
                table[field["name"]] = column.where(~blank)
    frame = pd.DataFrame(table, index=cells.index)
    for name, value in resource.get("provenance", {}).items():
        frame[name] = value
    return frame


def _periods(column: pd.Series, blank: pd.Series, freq: str) -> pd.Series:
    known_values = {v: pd.Period(v, freq=freq) for v in column[~blank].unique()}
    return column.where(~blank).map(known_values).astype(pd.PeriodDtype(freq))
