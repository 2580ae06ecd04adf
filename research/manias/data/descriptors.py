"""What a dataset says of itself in its ``datapackage.json``, and the bytes of its files.

A descriptor is checked before anything that it says is used: files lie in its own folder,
columns that it names are columns, and what it repeats it says once.
"""

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from manias.data.sources import GRADES, SEEN
from manias.documents import (
    DAY,
    FILE,
    HASH,
    MONTH,
    Schema,
    content_of,
    listed,
    number,
    one_of,
    read,
    record,
    text,
)
from manias.errors import DataError

LARGEST = 100_000_000
"""Bytes above which a table is refused before it is read."""
ROWS = 2_000_000
"""Rows above which a table is refused before its cells are cut."""
CORRECTIONS = "corrections.csv"
"""File beside a table that says which printed values are misprints."""
TYPES = ("string", "integer", "number", "year", "yearmonth", "date")
"""Kinds of columns."""

_NAME = text(like=r"^[a-z][a-z0-9_-]{0,60}$", said="a name in small letters, such as uk-macro")
_COLUMN = text(like=r"^[A-Za-z][A-Za-z0-9_]{0,60}$", said="the name of a column")
_FILE = text(like=FILE, said="a file in the folder of the descriptor, such as data.csv")
_SEAL = text(like=rf"^sha256:{HASH[1:]}", said="sha256: and 64 hexadecimal digits")
_KEY = text(least=1, most=100, said="the key of a source")
_FIELD = record(
    {"name": _COLUMN, "type": one_of(*TYPES)},
    optional={
        "title": text(),
        "description": text(),
        "unit": text(most=200),
        "expected": text(most=200),
        "period": one_of("Y", "Q", "M"),
        "checksum": text(
            like=r"^[0-9a-f]{1,16}:[0-9a-f]{1,16}$", said="two sums in hexadecimal digits"
        ),
        "constraints": record(
            {},
            optional={
                "required": {"type": "boolean", "description": "true or false"},
                "minimum": number(),
                "maximum": number(),
                "pattern": text(most=200, said="a regular expression of 200 characters"),
                "enum": listed(text(most=200), least=1, most=1_000),
            },
        ),
    },
)
_CLOCK = record(
    {},
    optional={
        "observed": _COLUMN,
        "published": _COLUMN,
        "lag_days": number(whole=True, minimum=0, maximum=36_525),
        "always": text(),
        "later": text(),
        "later_columns": listed(_COLUMN, most=200),
    },
)
_RESOURCE = record(
    {
        "name": _NAME,
        "path": _FILE,
        "schema": record(
            {"fields": listed(_FIELD, least=1, most=200)},
            optional={
                "primaryKey": listed(_COLUMN, least=1, most=20),
                "missingValues": {"enum": [[""]], "description": 'the list [""]'},
            },
        ),
    },
    optional={
        "title": text(),
        "type": one_of("table"),
        "format": one_of("csv"),
        "mediatype": one_of("text/csv"),
        "encoding": one_of("utf-8"),
        "known": _CLOCK,
        "provenance": record(
            {},
            optional={"source": text(), "locator": text(), "grade": one_of(*GRADES)},
        ),
        "hash": _SEAL,
        "checked": text(like=HASH, said="64 hexadecimal digits"),
        "bytes": number(whole=True, minimum=0, maximum=LARGEST),
        "rows": number(whole=True, minimum=0, maximum=ROWS),
    },
)
_VINTAGE = rf"(?:{DAY}|{MONTH})"
SCHEMA = Schema(
    record(
        {
            "name": _NAME,
            "title": text(least=1),
            "description": text(least=1),
            "version": text(least=1, most=40),
            "licenses": listed(
                record(
                    {"name": text(least=1, most=100)},
                    optional={"title": text(), "path": text(most=500)},
                ),
                least=1,
                most=100,
            ),
            "resources": listed(_RESOURCE, least=1, most=20),
        },
        optional={
            "processing": text(most=100),
            "vintage": text(like=_VINTAGE, said="a day or a month, YYYY-MM-DD or YYYY-MM"),
            "sources": listed(
                record(
                    {"id": _KEY},
                    optional={
                        "title": text(),
                        "path": text(most=1_000),
                        "licence": text(),
                        "seen": one_of(*SEEN),
                    },
                ),
                most=10_000,
            ),
            "corrections": record(
                {"path": one_of(CORRECTIONS), "hash": _SEAL},
            ),
        },
    )
)
"""What a ``datapackage.json`` holds: of Frictionless Data Package v2 what is used here."""


def _descriptor(root: Traversable, name: str) -> dict[str, Any]:
    """The descriptor of a dataset, checked."""
    where = f"{name}/datapackage.json"
    descriptor = read(root.joinpath(name, "datapackage.json"), SCHEMA, where=where)
    if wrong := next(_contradictions(descriptor), ""):
        raise DataError(f"{where}: {wrong}")
    return descriptor


def _contradictions(descriptor: Mapping[str, Any]) -> Iterator[str]:
    """What a schema cannot say: each name once, columns that are there."""
    resources = descriptor["resources"]
    for part in ("name", "path"):
        yield from _twice([r[part] for r in resources], f"{part} of resources")
    if "data" not in [r["name"] for r in resources]:
        yield "resources: no 'data'; expected a resource of that name"
    for terms in descriptor["licenses"]:
        if terms["name"] == "other" and not terms.get("title"):
            yield "licenses: 'other' without a title; expected what its owner says"
    for at, resource in enumerate(resources):
        schema = resource["schema"]
        columns = [field["name"] for field in schema["fields"]]
        yield from _twice(columns, f"fields of {resource['name']}")
        if not schema.get("primaryKey"):
            yield f"resources[{at}]: missing 'primaryKey'; expected the columns of the key"
        clock = resource.get("known", {})
        told = {
            "primaryKey": schema.get("primaryKey", ()),
            "known": [clock[k] for k in ("observed", "published") if k in clock],
            "later_columns": clock.get("later_columns", ()),
        }
        for what, named in told.items():
            yield from _twice(list(named), f"resources[{at}].{what}")
            for column in named:
                if column not in columns:
                    known = ", ".join(columns)
                    yield f"resources[{at}].{what}: {column!r}; expected one of {known}"
        for extra in resource.get("provenance", {}):
            if extra in columns:
                yield f"resources[{at}].provenance: {extra!r} is a column too; expected one"


def _twice(names: list[str], what: str) -> Iterator[str]:
    for name in names:
        if names.count(name) > 1:
            yield f"{what}: {name!r} stands twice; expected it once"


def _content(root: Traversable, name: str, resource: Mapping[str, Any]) -> bytes:
    """Bytes of a file that a descriptor names; it lies in the folder of the descriptor."""
    label = f"{name}/{resource['path']}"
    path = root.joinpath(name, resource["path"])
    if isinstance(path, Path) and not path.resolve().is_relative_to(path.parent.resolve()):
        raise DataError(f"{label}: a link out of its folder; expected a file in it")
    found = content_of(path, label, most=LARGEST)
    if found.count(b"\n") > ROWS + 1:
        raise DataError(f"{label}: more than {ROWS:,} rows; expected fewer")
    return found
