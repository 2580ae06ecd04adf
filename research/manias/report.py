"""Assemble the report: every number, sentence and exhibit of the prose is made by a function.

``reports/report.typ`` holds the prose and names what it wants; the functions below make it. A
name without a function, a function without a name, or a digit typed into the prose stops the
build before anything is typeset.
"""

import inspect
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from manias import exhibits_dating, exhibits_history, exhibits_lenses, exhibits_record
from manias.catalog import load
from manias.errors import DataError, InputError
from manias.exhibits import MAKERS, Artefact, Findings, cited, short_list, source_numbers
from manias.sources import Source, read_sources
from manias.stamp import write_atomically

_NAME = re.compile(r'#(number|sentence|exhibit|printed)\("([^"]+)"\)')
CHAPTERS = (exhibits_record, exhibits_history, exhibits_dating, exhibits_lenses)
"""Modules that make what the prose names."""


def artefacts(found: Findings | None = None) -> dict[tuple[str, str], Artefact]:
    """Make every number, sentence and exhibit.

    Parameters
    ----------
    found : Findings, optional
        A test hands in findings on other data, to see the sentences change.

    Returns
    -------
    dict of (kind, name) to Artefact
    """
    found = found or Findings()
    return {
        key: Artefact(
            *key,
            f"{maker.__module__.removeprefix('manias.')}.{maker.__name__}",
            datasets,
            maker(found),
        )
        for key, (maker, datasets) in MAKERS.items()
    }


@dataclass(frozen=True, slots=True)
class Trace:
    """From a name in the report to what it rests on.

    Attributes
    ----------
    kind, name : str
    value : str
        What the report prints; the caption of an exhibit.
    function, formula : str
        Who makes it, and the code that does.
    datasets : mapping of str to str
        Table -> SHA-256.
    rows : mapping of str to int
        Table -> rows.
    sources : tuple of manias.sources.Source
    grade : str
        Weakest grade of the tables.
    """

    kind: str
    name: str
    value: str
    function: str
    formula: str
    datasets: Mapping[str, str]
    rows: Mapping[str, int]
    sources: tuple[Source, ...]
    grade: str


def trace(name: str) -> tuple[Trace, ...]:
    """Lead from a name in the report to its value, its code, its tables and their sources.

    Parameters
    ----------
    name : str
        As in the list at the end of the report.

    Returns
    -------
    tuple of Trace
        One a kind: a number and an exhibit may share a name.

    Raises
    ------
    InputError
        If nothing has that name.

    Examples
    --------
    >>> [t.value for t in trace("innovations") if t.kind == "number"]
    ['51']
    """
    keys = [key for key in MAKERS if key[1] == name]
    if not keys:
        near = get_close_matches(name, sorted({key[1] for key in MAKERS}), n=5, cutoff=0.4)
        such = f", such as {', '.join(near)}" if near else ""
        raise InputError(f"name {name!r}: expected a name of the report{such}")
    found, traces = Findings(), []
    catalogue = read_sources()
    for key in keys:
        maker, datasets = MAKERS[key]
        content = maker(found)
        artefact = Artefact(*key, _path(maker), datasets, content)
        tables = {d: load(d) for d in datasets}
        traces.append(
            Trace(
                kind=key[0],
                name=name,
                value=content if isinstance(content, str) else content["caption"],
                function=artefact.function,
                formula=inspect.getsource(maker),
                datasets={d: t.fingerprint for d, t in tables.items()},
                rows={d: len(t.frame) for d, t in tables.items()},
                sources=tuple(catalogue[k] for k in artefact.sources),
                grade=artefact.grade,
            )
        )
    return tuple(traces)


def _path(maker: Callable) -> str:
    return f"{maker.__module__.removeprefix('manias.')}.{maker.__name__}"


def check_names(prose: str, made: Mapping[tuple[str, str], Artefact], printed: Mapping) -> None:
    """Every name in the prose is made by a function, and every function is used.

    Parameters
    ----------
    prose : str
        Text of ``report.typ``.
    made : mapping of (kind, name) to Artefact
    printed : mapping
        Published constants by id; any may be named, none must be.

    Raises
    ------
    DataError
        Naming what has no counterpart, or the digit that was typed by hand.

    Examples
    --------
    >>> check_names('#number("no-such-number")', {}, {})
    Traceback (most recent call last):
    manias.errors.DataError: report.typ: number 'no-such-number' has no function
    """
    named = {m.groups() for m in _NAME.finditer(prose)}
    for kind, name in sorted(named):
        if kind == "printed" and name not in printed:
            raise DataError(f"report.typ: printed {name!r} is not in the dataset 'published'")
        if kind != "printed" and (kind, name) not in made:
            raise DataError(f"report.typ: {kind} {name!r} has no function")
    if left := sorted(set(made) - named):
        raise DataError(f"report.typ: {left[0][0]} {left[0][1]!r} is made but never used")
    for number, line in enumerate(_text_only(prose), start=1):
        if digits := re.search(r"\d[\d.,]*%?", re.sub(r"\b(1[89]|20)\d\d\b", "", line)):
            raise DataError(
                f"report.typ, row {number}: {digits[0]!r} is typed by hand; expected a name"
            )


def _text_only(prose: str) -> Iterator[str]:
    """Lines of the prose without formulas, calls, labels and comments."""
    for line in prose.splitlines():
        line = re.sub(r"\$[^$]*\$", "", line)
        line = re.sub(r"//.*|#(import|show|set)\b.*", "", line)
        yield re.sub(r"#\w+\([^()]*\)|<[\w-]+>|@[\w-]+", "", line)


def read_prose() -> str:
    """Read the prose, each chapter in the place where ``report.typ`` includes it.

    Returns
    -------
    str

    Examples
    --------
    >>> "#include" in read_prose()
    False
    """
    return re.sub(
        r'^#include "(\w+)\.typ"$', lambda m: _typ(m[1]), _typ("report"), flags=re.MULTILINE
    )


def _typ(name: str) -> str:
    path = files("manias._reports").joinpath(f"{name}.typ")
    return path.read_text(encoding="utf-8")


def build(output: Path | str, *, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Compute everything and typeset the report.

    Parameters
    ----------
    output : path
        The PDF; replaced atomically. Folders are made.
    progress : callable, optional
        Told in a few words what is being done.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If prose and functions differ, or the text cannot be typeset.
    """
    import typst

    prose = read_prose()
    found = Findings()
    progress("computing numbers and drawing figures")
    made = artefacts(found)
    check_names(prose, made, found.printed)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "report.typ").write_text(prose, encoding="utf-8")
        (room / "template.typ").write_text(_typ("template"), encoding="utf-8")
        (room / "artefacts.json").write_text(
            json.dumps(_bundle(made, found, room)), encoding="utf-8"
        )
        progress("typesetting")
        try:
            pdf = typst.compile(
                str(room / "report.typ"),
                root=str(room),
                ignore_system_fonts=True,
                pdf_standards=["ua-1", "a-2a"],
            )
        except typst.TypstError as error:
            raise DataError(f"report.typ: cannot be typeset: {error}") from None
    output = Path(output)
    write_atomically(output, pdf)
    lineage = [
        {
            "kind": a.kind,
            "name": a.name,
            "function": a.function,
            "datasets": a.datasets,
            "sources": a.sources,
            "grade": a.grade,
            "value": a.content if isinstance(a.content, str) else a.content["caption"],
        }
        for a in made.values()
    ]
    text = json.dumps(lineage, indent=1, ensure_ascii=False) + "\n"
    write_atomically(output.with_suffix(".lineage.json"), text.encode())
    return output


def _bundle(made: Mapping, found: Findings, room: Path) -> dict:
    """What the template reads: texts, tables, sources; figures go beside it as SVG."""
    index = source_numbers()
    used = list(index)
    bundle = {"number": {}, "sentence": {}, "exhibit": {}, "printed": {}}
    for (kind, name), artefact in made.items():
        if kind != "exhibit":
            bundle[kind][name] = artefact.content
            continue
        content = dict(artefact.content)
        if svg := content.pop("svg", None):
            (room / f"{name}.svg").write_bytes(svg)
        bundle[kind][name] = content | {
            "data": ", ".join(artefact.datasets),
            "grade": artefact.grade,
            "sources": cited(artefact, index),
        }
    frame = load("published").frame
    bundle["printed"] = {
        row.id: {
            "text": f"{row.value:g}",
            "source": short_list([index[k.strip()] for k in row.source.split(";")]),
        }
        for row in frame.itertuples()
    }
    catalogue = read_sources()
    bundle["sources"] = [
        {
            "n": index[k],
            "author": catalogue[k].author,
            "year": catalogue[k].year,
            "title": catalogue[k].title,
            "url": catalogue[k].url,
            "licence": catalogue[k].licence,
            "note": catalogue[k].note,
        }
        for k in used
    ]
    bundle["lineage"] = [
        [
            a.kind,
            a.name,
            a.function,
            ", ".join(a.datasets),
            cited(a, index),
            a.grade,
        ]
        for a in made.values()
    ]
    accessed = max(s.accessed for s in catalogue.values())
    bundle["date"] = [int(part) for part in accessed.split("-")]
    return bundle
