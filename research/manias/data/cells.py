"""Cells of a table as text: read, compared with hash and descriptor, corrected."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pandas as pd

from manias.data.fingerprint import changed_row, sha256
from manias.data.results import Result
from manias.data.sources import GRADES, Source
from manias.errors import DataError

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


@dataclass(frozen=True, slots=True, repr=False)
class Problem(Result):
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

    _told = ("file", "row", "column", "value")

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


def _checked_mark(content: bytes, resource: Mapping) -> str:
    """What stands in a descriptor once every cell was found to agree with its schema."""
    rules = {k: v for k, v in resource["schema"].items() if k != "fields"}
    fields = [
        {k: v for k, v in f.items() if k != "checksum"} for f in resource["schema"]["fields"]
    ]
    return sha256(sha256(content).encode() + json.dumps([rules, fields]).encode())


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
