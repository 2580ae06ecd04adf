"""Validate a dataset against its descriptor, and seal it after an intended edit."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd

from manias.data.arguments import checked
from manias.data.cells import (
    Problem,
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
from manias.data.files import write_atomically
from manias.data.fingerprint import column_checksum, sha256
from manias.data.provenance import cited, described, locator_problems
from manias.data.sources import Source, read_sources
from manias.errors import DataError


@checked
def check(name: str, root: Traversable | None = None) -> tuple[Problem, ...]:
    """Validate one dataset against its descriptor.

    Checked are: the hash of each file (and, where it fails, which cell changed), header,
    types, missing and doubled keys, permitted values, units, grades, known sources, locators,
    the terms of every source, and that every correction still meets the value that it
    corrects.

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
    problems = list(_check_descriptor(name, descriptor, catalogue))
    tables = []
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
            tables.append(cells)
            try:
                problems += _check_seal(content, cells, label, resource)
                problems += _check_cells(cells, label, resource, catalogue)
                problems += locator_problems(cells, label, name)
                problems += _corrected(root, name, descriptor, resource, cells, catalogue)[1]
            except DataError as error:
                place = f"{name}/datapackage.json"
                problems.append(Problem(place, None, "", str(error), "a valid descriptor"))
    if len(tables) == len(descriptor["resources"]):
        problems += _check_terms(name, descriptor, tables, catalogue)
    return tuple(problems)


def _check_terms(
    name: str, descriptor: Mapping, tables: list[pd.DataFrame], catalogue: Mapping[str, Source]
) -> Iterator[Problem]:
    """A descriptor carries its sources and their terms, and claims no more than is ours."""
    keys = cited(tables, descriptor["resources"])
    for part, expected in described(name, keys, catalogue).items():
        if (found := descriptor.get(part)) != expected:
            said = ", ".join(entry.get("id", entry.get("name", "")) for entry in found or ())
            wanted = "what sources.json says of its sources (seal writes it)"
            yield Problem(f"{name}/datapackage.json", None, part, said, wanted)


def seal(folder: Path) -> None:
    """Write hashes of tables, sources and terms into a descriptor, after an intended edit.

    Parameters
    ----------
    folder : Path
        Folder that holds ``datapackage.json``, beside the other datasets and
        ``sources.json`` (else the installed one is asked). The descriptor is replaced
        atomically. Where every cell agrees with the schema that is written down too, so that
        loading need not look at each cell again.

    Examples
    --------
    >>> seal(Path("datasets/innovations"))  # doctest: +SKIP
    """
    path = folder / "datapackage.json"
    descriptor = _descriptor(folder.parent, folder.name)
    beside = folder.parent / "sources.json"
    catalogue = read_sources(folder.parent if beside.is_file() else None)
    tables = []
    for resource in descriptor["resources"]:
        content = _content(folder.parent, folder.name, resource)
        cells, problems = _read_cells(content, resource["path"], resource)
        if problems:
            raise DataError(str(problems[0]) + _more(len(problems)))
        tables.append(cells)
        resource.pop("checked", None)
        if not _check_cells(cells, resource["path"], resource, catalogue):
            resource["checked"] = _checked_mark(content, resource)
        resource["hash"] = f"sha256:{sha256(content)}"
        resource["bytes"] = len(content)
        resource["rows"] = len(cells)
        for field in resource["schema"]["fields"]:
            field["checksum"] = column_checksum(cells[field["name"]].tolist())
    descriptor.pop("corrections", None)
    if _has_corrections(folder.parent, folder.name):
        content = _content(folder.parent, folder.name, {"path": CORRECTIONS})
        seal_of = {"hash": f"sha256:{sha256(content)}"}
        descriptor["corrections"] = {"path": CORRECTIONS, **seal_of}
    name = descriptor["name"].replace("-", "_")
    descriptor |= described(name, cited(tables, descriptor["resources"]), catalogue)
    text = json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode("utf-8"))


def _check_descriptor(
    name: str, descriptor: Mapping, catalogue: Mapping[str, Source]
) -> Iterator[Problem]:
    label = f"{name}/datapackage.json"
    if descriptor["name"] != name.replace("_", "-"):
        yield Problem(label, None, "name", descriptor["name"], f"{name.replace('_', '-')!r}")
    for resource in descriptor["resources"]:
        yield from _check_clock(label, resource)
        told = resource.get("provenance", {}).get("source")
        for key in _keys([told]) if told else ():
            if key not in catalogue:
                yield Problem(label, None, "provenance", key, "a key of sources.json")
        for field in resource["schema"]["fields"]:
            if field["type"] == "number" and not field.get("unit"):
                yield Problem(label, None, field["name"], "", "a unit for every number")


def _check_clock(label: str, resource: Mapping) -> Iterator[Problem]:
    """A table says when its rows were known: by a column, always, or only later."""
    clock = resource.get("known") or {}
    named = [kind for kind in ("observed", "always", "later") if kind in clock]
    if len(named) != 1:
        yield Problem(
            label,
            None,
            f"known of {resource['name']}",
            ", ".join(named),
            "one of observed, always or later",
        )
