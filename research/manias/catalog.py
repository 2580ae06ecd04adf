"""The curated tables: what there is, one table with its meaning, and whether all still hold.

Every folder of ``datasets/`` is one data package: CSV tables beside a ``datapackage.json``
(Frictionless Data Package v2) that says what each column means, where it came from, and what
the file hashed to when it was sealed.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pandas as pd

from manias.errors import DataError, InputError
from manias.fingerprint import changed_row, column_checksum, sha256
from manias.sources import GRADES, Source, read_sources, weakest

_PERIOD = r"\d{4}(?:-(?:0[1-9]|1[0-2])|Q[1-4]|H[12])?"
_PATTERNS = {
    "string": r"(?s:.*)",
    "integer": r"[+-]?\d+",
    "number": r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?",
    "year": r"\d{4}",
    "yearmonth": r"\d{4}-(?:0[1-9]|1[0-2])",
    "date": r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
}
_EXPECTED = {
    "integer": "a whole number",
    "number": "a number",
    "year": "a year, YYYY",
    "yearmonth": "a month, YYYY-MM",
    "date": "a date, YYYY-MM-DD",
    "grade": "a grade, one of A, B, J, C",
}

Knowledge = Literal["published", "observed"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a dataset, and where.

    Attributes
    ----------
    file : str
        Path below ``datasets/``.
    row : int or None
        Line of the file, the header being line 1; None where the whole file is meant.
    column : str
        Column, or "" where the whole row or file is meant.
    value : str
        What stands there.
    expected : str
        What should.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.value!r}; expected {self.expected}"


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
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
    """

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
    _clocks: Mapping[str, Mapping[str, object]]

    def sources_by_id(self) -> dict[str, Source]:
        """Sources by their keys."""
        return {source.id: source for source in self.sources}

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
        >>> load("us_industries").as_of("1999-12").frame["month"].max()
        Period('1999-12', 'M')
        """
        day = last_day(date)
        kept = {}
        for name, table in self.tables.items():
            if not (clock := self._clocks.get(name)):
                raise DataError(f"{self.name}: rows carry no dates; as_of does not apply")
            kept[name] = table[known(table, clock, by=by) <= day]
        return replace(self, frame=kept["data"], tables=MappingProxyType(kept))


def names(root: Traversable | None = None) -> tuple[str, ...]:
    """List the datasets.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> "us_industries" in names()
    True
    """
    root = root or files("manias._datasets")
    found = [
        d.name
        for d in root.iterdir()
        if d.is_dir() and d.joinpath("datapackage.json").is_file()
    ]
    return tuple(sorted(found))


def load(name: str, root: Traversable | None = None) -> Dataset:
    """Load a dataset by name.

    Parameters
    ----------
    name : str
        One of `names`.
    root : directory, optional
        Folder of datasets; the installed ones by default.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If there is no such dataset.
    DataError
        If a table does not agree with its descriptor; the message names file, row, column,
        value and what was expected.

    Examples
    --------
    >>> load("innovations").frame.shape[0]
    51
    """
    dataset = _load_installed(name) if root is None else _load(name, root)
    # Copy on write: what a caller does to a table never reaches the next caller.
    tables = {part: table.copy(deep=False) for part, table in dataset.tables.items()}
    return replace(dataset, frame=tables["data"], tables=MappingProxyType(tables))


@cache
def _load_installed(name: str) -> Dataset:
    return _load(name, files("manias._datasets"))


def _load(name: str, root: Traversable) -> Dataset:
    if name not in names(root):
        raise InputError(f"dataset {name!r}: expected one of {', '.join(names(root))}")
    descriptor = _descriptor(root, name)
    tables, problems, units, clocks, used, prints = {}, [], {}, {}, [], []
    catalogue = read_sources(root)
    for resource in descriptor["resources"]:
        content = _content(root, name, resource)
        cells, wrong = _read_cells(content, f"{name}/{resource['path']}", resource)
        if not wrong:
            wrong += _check_seal(content, cells, f"{name}/{resource['path']}", resource)
            wrong += _check_cells(cells, f"{name}/{resource['path']}", resource, catalogue)
        problems += wrong
        if problems:
            raise DataError(str(problems[0]) + _more(len(problems)))
        cells = _corrected(root, name, resource, cells)
        tables[resource["name"]] = table = _typed(cells, resource)
        for field in resource["schema"]["fields"]:
            if field["type"] in ("number", "integer"):
                units[field["name"]] = field.get("unit", "")
        clocks[resource["name"]] = resource.get("known", {})
        for column in table.columns[
            [c == "source" or c.endswith("_source") for c in table.columns]
        ]:
            used += _keys(table[column].dropna().unique())
        prints.append(sha256(content))
    if (corrections := root.joinpath(name, "corrections.csv")).is_file():
        prints.append(sha256(corrections.read_bytes()))
    return Dataset(
        name=name,
        title=descriptor["title"],
        description=descriptor["description"],
        version=descriptor["version"],
        licence=descriptor["licenses"][0]["name"],
        frame=tables["data"],
        tables=MappingProxyType(tables),
        keys=MappingProxyType(
            {r["name"]: tuple(r["schema"]["primaryKey"]) for r in descriptor["resources"]}
        ),
        units=MappingProxyType(units),
        sources=tuple(catalogue[key] for key in dict.fromkeys(used)),
        fingerprint=sha256("\n".join(prints).encode()),
        grade=weakest(tables["data"]["grade"].dropna().unique()),
        _clocks=MappingProxyType(clocks),
    )


def check(name: str, root: Traversable | None = None) -> tuple[Problem, ...]:
    """Validate one dataset against its descriptor.

    Checked are: the hash of each file (and, where it fails, which cell changed), header,
    types, missing and doubled keys, permitted values, units, grades, known sources, and that
    every correction still meets the value that it corrects.

    Parameters
    ----------
    name : str
        One of `names`.
    root : directory, optional
        Folder of datasets; the installed ones by default.

    Returns
    -------
    tuple of Problem
        Empty when all is well.

    Examples
    --------
    >>> check("innovations")
    ()
    """
    root = root or files("manias._datasets")
    try:
        catalogue = read_sources(root)
        descriptor = _descriptor(root, name)
    except DataError as error:
        return (
            Problem(f"{name}/datapackage.json", None, "", str(error), "a valid descriptor"),
        )
    problems = list(_check_descriptor(name, descriptor))
    for resource in descriptor["resources"]:
        label = f"{name}/{resource['path']}"
        try:
            content = _content(root, name, resource)
        except DataError as error:
            problems.append(Problem(label, None, "", str(error), "a readable file"))
            continue
        cells, wrong = _read_cells(content, label, resource)
        problems += wrong
        if not wrong:
            problems += _check_seal(content, cells, label, resource)
            problems += _check_cells(cells, label, resource, catalogue)
            try:
                _corrected(root, name, resource, cells)
            except DataError as error:
                problems.append(
                    Problem(f"{name}/corrections.csv", None, "", str(error), "a match")
                )
    return tuple(problems)


def seal(folder: Path) -> None:
    """Write the hashes of a dataset's tables into its descriptor, after an intended edit.

    Parameters
    ----------
    folder : Path
        Folder that holds ``datapackage.json``. The descriptor is replaced atomically.

    Examples
    --------
    >>> seal(Path("datasets/innovations"))  # doctest: +SKIP
    """
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        content = (folder / resource["path"]).read_bytes()
        cells, problems = _read_cells(content, resource["path"], resource)
        if problems:
            raise DataError(str(problems[0]) + _more(len(problems)))
        resource["hash"] = f"sha256:{sha256(content)}"
        resource["bytes"] = len(content)
        resource["rows"] = len(cells)
        for field in resource["schema"]["fields"]:
            field["checksum"] = column_checksum(cells[field["name"]].tolist())
    fresh = path.with_suffix(".json.new")
    fresh.write_text(
        json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    fresh.replace(path)


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
    >>> grade_shares(load("us_industries"))["A"]
    1.0
    """
    column = dataset.frame["grade"]
    shares = {grade: float((column == grade).mean()) for grade in GRADES}
    return shares | {"blank": float(column.isna().mean())}


def last_day(date: str | pd.Period | pd.Timestamp) -> pd.Timestamp:
    """Last day of what a date names.

    Parameters
    ----------
    date : str or pandas.Period or pandas.Timestamp
        ``1999``, ``1999-12``, ``1999Q4``, ``1999H2``, ``1999-12-31``, or a span ``a/b``.

    Returns
    -------
    pandas.Timestamp
        Midnight at the start of that day.

    Raises
    ------
    InputError
        If the text is none of these.

    Examples
    --------
    >>> last_day("1999Q4").date().isoformat()
    '1999-12-31'
    """
    if isinstance(date, pd.Period):
        return date.end_time.normalize()
    if isinstance(date, pd.Timestamp):
        return date.normalize()
    text = str(date).split("/")[-1].strip()
    expected = "YYYY, YYYY-MM, YYYYQn or YYYY-MM-DD"
    try:
        if re.fullmatch(_PATTERNS["date"], text):
            return pd.Timestamp(text)
        if re.fullmatch(_PERIOD, text):
            return to_period(text).end_time.normalize()
    except ValueError:
        pass
    raise InputError(f"date {str(date)!r}: expected {expected}")


def to_period(text: str) -> pd.Period:
    """Read a year, half-year, quarter or month; a half-year becomes its last quarter's span.

    Parameters
    ----------
    text : str
        ``1846``, ``1846H1``, ``1846Q3`` or ``1846-10``.

    Returns
    -------
    pandas.Period
        Frequency Y, 2Q, Q or M.

    Examples
    --------
    >>> to_period("1846H1").end_time.month
    6
    """
    if "H" in text:
        year, half = text.split("H")
        return pd.Period(f"{year}Q{2 * int(half) - 1}", freq="2Q")
    return pd.Period(text, freq="Y" if len(text) == 4 else "Q" if "Q" in text else "M")


def known(table: pd.DataFrame, clock: Mapping[str, object], *, by: Knowledge) -> pd.Series:
    """Day from which each row of a table could be known.

    Parameters
    ----------
    table : pandas.DataFrame
        n rows.
    clock : mapping
        The descriptor's ``known``: the column of periods (``observed``), optionally a column
        of dates of publication (``published``), and ``lag_days``, the usual wait between the
        end of a period and the figure, used where no date of publication stands.
    by : {"published", "observed"}

    Returns
    -------
    pandas.Series
        Timestamps, n rows.
    """
    if by not in ("published", "observed"):
        raise InputError(f"by={by!r}: expected 'published' or 'observed'")
    column = table[clock["observed"]]
    if isinstance(column.dtype, pd.PeriodDtype):
        days = column.dt.end_time.dt.normalize()
    else:
        days = pd.to_datetime(column.map({v: last_day(v) for v in column.unique()}))
    if by == "observed":
        return days
    days = days + pd.Timedelta(days=int(clock.get("lag_days", 0)))
    if printed := clock.get("published"):
        days = pd.to_datetime(table[printed], errors="coerce").fillna(days)
    return days


def _keys(texts) -> Iterator[str]:
    for text in texts:
        yield from (key.strip() for key in text.split(";"))


def _more(n: int) -> str:
    return f" (and {n - 1} more; see `manias data check`)" if n > 1 else ""


def _descriptor(root: Traversable, name: str) -> dict:
    path = root.joinpath(name, "datapackage.json")
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{name}/datapackage.json: cannot be read ({error})") from None
    needed = ("name", "title", "description", "version", "licenses", "resources")
    if missing := [key for key in needed if not descriptor.get(key)]:
        raise DataError(
            f"{name}/datapackage.json: {missing[0]!r} missing; expected all of {needed}"
        )
    return descriptor


def _content(root: Traversable, name: str, resource: Mapping) -> bytes:
    try:
        return root.joinpath(name, resource["path"]).read_bytes()
    except OSError as error:
        raise DataError(
            f"{name}/{resource['path']}: cannot be read ({error.strerror})"
        ) from None


def _check_descriptor(name: str, descriptor: Mapping) -> Iterator[Problem]:
    label = f"{name}/datapackage.json"
    if descriptor["name"] != name.replace("_", "-"):
        yield Problem(label, None, "name", descriptor["name"], f"{name.replace('_', '-')!r}")
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            if field["type"] == "number" and not field.get("unit"):
                yield Problem(label, None, field["name"], "", "a unit for every number")


def _read_cells(
    content: bytes, label: str, resource: Mapping
) -> tuple[pd.DataFrame, list[Problem]]:
    fields = [field["name"] for field in resource["schema"]["fields"]]
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        return pd.DataFrame(), [Problem(label, None, "", f"byte {error.start}", "UTF-8 text")]
    if lines[-1] == "":
        lines.pop()
    rows = list(csv.reader(lines))
    if not rows or rows[0] != fields:
        found = ",".join(rows[0]) if rows else ""
        return pd.DataFrame(), [Problem(label, 1, "", found, f"the header {','.join(fields)}")]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(fields):
            wrong = Problem(label, number, "", f"{len(row)} cells", f"{len(fields)} cells")
            return pd.DataFrame(), [wrong]
    return pd.DataFrame(rows[1:], columns=fields, dtype=str), []


def _check_seal(
    content: bytes, cells: pd.DataFrame, label: str, resource: Mapping
) -> list[Problem]:
    digest = f"sha256:{sha256(content)}"
    sealed = resource.get("hash", "")
    if digest == sealed:
        return []
    expected = f"the hash in datapackage.json, {sealed[:19]}..."
    if len(cells) != resource.get("rows"):
        return [Problem(label, None, "", f"{len(cells)} rows", f"{resource.get('rows')} rows")]
    found = []
    for field in resource["schema"]["fields"]:
        column = cells[field["name"]].tolist()
        row = changed_row(column, field["checksum"]) if field.get("checksum") else None
        if row:
            wanted = "the cell as it was sealed (its hash differs)"
            found.append(Problem(label, row + 1, field["name"], column[row - 1], wanted))
        elif row is None:
            wanted = "the column as it was sealed (more than one cell differs)"
            found.append(Problem(label, None, field["name"], "changed", wanted))
    return found or [Problem(label, None, "", f"{digest[:19]}...", expected)]


def _check_cells(
    cells: pd.DataFrame, label: str, resource: Mapping, catalogue: Mapping[str, Source]
) -> list[Problem]:
    schema, problems = resource["schema"], []
    for field in schema["fields"]:
        column, name = cells[field["name"]], field["name"]
        rules = field.get("constraints", {})
        filled = column != ""
        pattern = rules.get("pattern", _PATTERNS[field["type"]])
        bad = filled & ~column.str.fullmatch(pattern)
        expected = field.get("expected") or _EXPECTED.get(field["type"], f"text like {pattern}")
        problems += _at(bad, label, name, column, expected)
        if field["type"] in ("integer", "number", "year") and (
            "minimum" in rules or "maximum" in rules
        ):
            low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
            value = pd.to_numeric(column.where(filled & ~bad))
            off = value.notna() & ~value.between(low, high)
            problems += _at(off, label, name, column, f"{low} to {high}")
        if field["type"] == "date":
            off = filled & ~bad & pd.to_datetime(column, errors="coerce").isna()
            problems += _at(off, label, name, column, "a day that exists")
        if rules.get("enum"):
            off = filled & ~column.isin(rules["enum"])
            problems += _at(off, label, name, column, f"one of {', '.join(rules['enum'])}")
        if rules.get("required") or name in schema["primaryKey"]:
            problems += _at(
                ~filled, label, name, column, "a value (blank is not permitted here)"
            )
        if name == "grade" or name.endswith("_grade"):
            problems += _at(
                filled & ~column.isin(list(GRADES)), label, name, column, _EXPECTED["grade"]
            )
        if name == "source" or name.endswith("_source"):
            unknown = [bool(t) and any(k not in catalogue for k in _keys([t])) for t in column]
            problems += _at(
                pd.Series(unknown, index=column.index),
                label,
                name,
                column,
                "keys of sources.json, separated by '; '",
            )
    doubled = cells.duplicated(list(schema["primaryKey"]))
    joined = _joined_key(cells, schema)
    problems += _at(doubled, label, "+".join(schema["primaryKey"]), joined, "each key once")
    if {"source", "grade", "locator"} <= set(cells.columns):
        bare = (cells["grade"].isin(["A", "B"])) & (
            (cells["source"] == "") | (cells["locator"] == "")
        )
        problems += _at(
            bare, label, "grade", cells["grade"], "a source and a locator for grade A or B"
        )
    return sorted(problems, key=lambda p: (p.row or 0, p.column))


def _joined_key(cells: pd.DataFrame, schema: Mapping) -> pd.Series:
    first, *others = (cells[name] for name in schema["primaryKey"])
    return first.str.cat(others, sep="|") if others else first


def _at(
    wrong: pd.Series, label: str, name: str, column: pd.Series, expected: str
) -> list[Problem]:
    return [
        Problem(label, int(i) + 2, name, str(column[i]), expected) for i in wrong.index[wrong]
    ]


def _corrected(
    root: Traversable, name: str, resource: Mapping, cells: pd.DataFrame
) -> pd.DataFrame:
    path = root.joinpath(name, "corrections.csv")
    if resource["name"] != "data" or not path.is_file():
        return cells
    cells = cells.copy()
    key = _joined_key(cells, resource["schema"])
    for fix in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
        hit = key == fix["key"]
        if not hit.any() or fix["column"] not in cells:
            raise DataError(f"{name}/corrections.csv: no cell {fix['column']} at {fix['key']}")
        found = cells.loc[hit, fix["column"]].iloc[0]
        if found != fix["printed"]:
            raise DataError(
                f"{name}/corrections.csv: {fix['column']} at {fix['key']} is {found!r}; "
                f"expected the printed {fix['printed']!r}"
            )
        cells.loc[hit, fix["column"]] = fix["used"]
    return cells


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
            case "year" | "yearmonth":
                freq = "Y" if field["type"] == "year" else "M"
                table[field["name"]] = _periods(column, blank, freq)
            case _ if field.get("period"):
                table[field["name"]] = _periods(column, blank, field["period"])
            case _:
                table[field["name"]] = column.where(~blank)
    frame = pd.DataFrame(table, index=cells.index)
    for name, value in resource.get("provenance", {}).items():
        frame[name] = value
    return frame


def _periods(column: pd.Series, blank: pd.Series, freq: str) -> pd.Series:
    known_values = {v: pd.Period(v, freq=freq) for v in column[~blank].unique()}
    return column.where(~blank).map(known_values).astype(pd.PeriodDtype(freq))
