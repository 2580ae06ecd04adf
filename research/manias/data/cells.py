"""Cells of a table as text: read, compared with hash and descriptor, corrected."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pandas as pd

from manias.data.descriptors import CORRECTIONS, _content
from manias.data.fingerprint import changed_row, sha256
from manias.data.patterns import fits
from manias.data.results import Result
from manias.data.sources import GRADES, Source
from manias.errors import DataError

_PATTERNS = {
    "integer": r"[+-]?[0-9]{1,18}",
    "number": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    "year": r"[0-9]{4}",
    "yearmonth": r"[0-9]{4}-(?:0[1-9]|1[0-2])",
    "date": r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])",
}
LONGEST = 100_000
"""Most signs of a line of a table."""
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
    rows: list[list[str]] = []
    long = next((n for n, line in enumerate(lines, start=1) if len(line) > LONGEST), None)
    if long:
        found = f"{len(lines[long - 1]):,} signs"
        return pd.DataFrame(), [Problem(label, long, "", found, f"at most {LONGEST:,} a line")]
    try:
        rows.extend(csv.reader(lines, strict=True))
    except csv.Error as error:
        wrong = Problem(label, len(rows) + 1, "", str(error), "cells of CSV, each on one line")
        return pd.DataFrame(), [wrong]
    if not rows or rows[0] != fields:
        found = ",".join(rows[0]) if rows else ""
        return pd.DataFrame(), [Problem(label, 1, "", found, f"the header {','.join(fields)}")]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(fields):
            wrong = Problem(label, number, "", f"{len(row)} cells", f"{len(fields)} cells")
            return pd.DataFrame(), [wrong]
    if len(rows) != len(lines):
        at = next(n for n, line in enumerate(lines, start=1) if line.count('"') % 2)
        wrong = Problem(label, at, "", lines[at - 1][:40], "each cell on one line")
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
        bad, expected = filled & ~_like(column, field, label), _expected(field)
        problems += _at(bad, label, name, column, expected)
        if field["type"] in ("integer", "number", "year") and (
            "minimum" in rules or "maximum" in rules
        ):
            low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
            value = pd.to_numeric(column.where(filled & ~bad)).astype(float)
            off = value.notna() & ~value.between(low, high)
            problems += _at(off, label, name, column, f"{low} to {high}")
        if reads := _READABLE.get(field.get("period") or field["type"]):
            odd = [text for text in column[filled & ~bad].unique() if not reads(text)]
            off = filled & ~bad & column.isin(odd)
            problems += _at(off, label, name, column, _READ_AS[field["type"]])
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


def _like(column: pd.Series, field: Mapping, label: str) -> pd.Series:
    """Whether cells are like the pattern of their column, or else of its type."""
    known = column.unique().tolist()
    if own := field.get("constraints", {}).get("pattern"):
        try:
            found = fits(own, known)
        except DataError as error:
            raise DataError(f"{label}, column {field['name']}: {error}") from None
    elif kind := _PATTERNS.get(field["type"]):
        found = [re.fullmatch(kind, text) is not None for text in known]
    else:
        found = [True] * len(known)
    return column.map(dict(zip(known, found, strict=True))).astype(bool)


def _expected(field: Mapping) -> str:
    pattern = field.get("constraints", {}).get("pattern", "")
    return field.get("expected") or _EXPECTED.get(field["type"], f"text like {pattern}")


def _is_finite(text: str) -> bool:
    return abs(float(text)) < float("inf")


def _is_day(text: str) -> bool:
    return not pd.isna(pd.to_datetime(text, format="%Y-%m-%d", errors="coerce"))


def _is_period(freq: str) -> Callable[[str], bool]:
    def readable(text: str) -> bool:
        try:
            return not pd.isna(pd.Period(text, freq=freq))
        except (ValueError, OverflowError):
            return False

    return readable


_READABLE: Mapping[str, Callable[[str], bool]] = {
    "number": _is_finite,
    "date": _is_day,
    "year": _is_period("Y"),
    "yearmonth": _is_period("M"),
    "Y": _is_period("Y"),
    "Q": _is_period("Q"),
    "M": _is_period("M"),
}
"""Whether a text that looks right is a value as well, by type or frequency of periods."""
_READ_AS: Mapping[str, str] = {
    "number": "a finite number",
    "date": "a day that exists",
    "year": "a year of the calendar",
    "yearmonth": "a month of the calendar",
    "string": "a period of the calendar",
}


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


_CORRECTION = ("column", "key", "printed", "used", "reason", "source")
"""Columns of a file of corrections."""


def _corrected(
    root: Traversable,
    name: str,
    descriptor: Mapping,
    resource: Mapping,
    cells: pd.DataFrame,
    catalogue: Mapping[str, Source],
) -> tuple[pd.DataFrame, list[Problem]]:
    """Cells of the main table with what corrections put in the place of misprints."""
    sealed = descriptor.get("corrections")
    if resource["name"] != "data" or not (sealed or _has_corrections(root, name)):
        return cells, []
    label = f"{name}/{CORRECTIONS}"
    if not sealed:
        return cells, [Problem(label, None, "", "not sealed", "its hash in datapackage.json")]
    content = _content(root, name, sealed)
    fixes, wrong = _read_fixes(content, label, catalogue)
    digest = f"sha256:{sha256(content)}"
    if digest != sealed["hash"]:
        expected = f"the hash in datapackage.json, {sealed['hash'][:19]}..."
        wrong.append(Problem(label, None, "", f"{digest[:19]}...", expected))
    if wrong:
        return cells, wrong
    cells = cells.copy()
    key = _joined_key(cells, resource["schema"])
    for row, fix in enumerate(fixes, start=2):
        if fix["column"] not in cells:
            wanted = f"one of {', '.join(cells)}"
            wrong.append(Problem(label, row, "column", fix["column"], wanted))
            continue
        hit = key == fix["key"]
        if hit.sum() != 1:
            wrong.append(Problem(label, row, "key", fix["key"], "the key of one row"))
            continue
        found = cells.loc[hit, fix["column"]].iloc[0]
        if found != fix["printed"]:
            wanted = f"the printed {found!r}, as the table has it"
            wrong.append(Problem(label, row, "printed", fix["printed"], wanted))
        cells.loc[hit, fix["column"]] = fix["used"]
    if not wrong:
        wrong = _check_cells(cells, f"{label}, used in data", resource, catalogue)
    return cells, wrong


def _has_corrections(root: Traversable, name: str) -> bool:
    return root.joinpath(name, CORRECTIONS).is_file()


def _read_fixes(
    content: bytes, label: str, catalogue: Mapping[str, Source]
) -> tuple[list[dict[str, str]], list[Problem]]:
    fields = [{"name": column, "type": "string"} for column in _CORRECTION]
    cells, wrong = _read_cells(content, label, {"schema": {"fields": fields}})
    if wrong:
        return [], wrong
    for column in ("column", "key", "reason", "source"):
        wrong += _at(cells[column] == "", label, column, cells[column], "a value")
    unknown = [any(k not in catalogue for k in _keys([text])) for text in cells["source"]]
    wanted = "keys of sources.json, separated by '; '"
    wrong += _at(
        pd.Series(unknown, cells.index, dtype=bool), label, "source", cells["source"], wanted
    )
    wrong += _at(
        cells.duplicated(["column", "key"]), label, "key", cells["key"], "each cell once"
    )
    return cells.to_dict("records"), wrong
