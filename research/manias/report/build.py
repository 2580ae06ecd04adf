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
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from manias.data.files import write_atomically
from manias.data.library import load
from manias.data.rows import Rows
from manias.data.sources import Source, read_sources
from manias.errors import DataError, InputError
from manias.language.editions import Language, read_language
from manias.report import (
    buildouts,
    claims,
    crash,
    dating,
    history,
    indices,
    innovations,
    past,
    payback,
    prices,
    spending,
    verdict,
)
from manias.report.exhibits import MAKERS, Artefact, Findings, cited, source_numbers
from manias.report.rests import rows_of

_NAME = re.compile(r'#(number|sentence|exhibit|printed)\("([^"]+)"\)')
_YEAR = re.compile(r"(?<![A-Za-z\d])(1[89]|20)\d\d(?![A-Za-z\d])")
_DIGITS = re.compile(r"\d[\d.,]*%?|百分之|[一二三四五六七八九十百千万亿]{2,}+(?!世纪|年代|月)")
CHAPTERS = (
    verdict, spending, prices, history, dating, innovations, crash, indices, buildouts,
    payback, past, claims,
)  # fmt: skip
"""Modules that make what the prose names."""


def artefacts(found: Findings | None = None) -> dict[tuple[str, str], Artefact]:
    """Make every number, sentence and exhibit.

    Parameters
    ----------
    found : Findings, optional
        In which language, and on which data: a test hands in others, to see the sentences
        change.

    Returns
    -------
    dict of (kind, name) to Artefact
    """
    found = found or Findings()
    return {key: _artefact(key, found) for key in in_order()}


def in_order() -> tuple[tuple[str, str], ...]:
    """List what the functions make as the prose names it, and last what it does not name.

    Returns
    -------
    tuple of (kind, name)

    Examples
    --------
    >>> in_order()[0]
    ('number', 'ai-last-share')
    """
    named = dict.fromkeys(m.groups() for m in _NAME.finditer(read_prose()))
    return tuple([key for key in named if key in MAKERS] + sorted(MAKERS.keys() - named.keys()))


def constants(found: Findings, prose: str) -> dict[tuple[str, str], Artefact]:
    """Collect the published figures that the prose names.

    Parameters
    ----------
    found : Findings
    prose : str

    Returns
    -------
    dict of (kind, name) to Artefact

    Examples
    --------
    >>> [a.content for a in constants(Findings(), '#printed("gsy-runup")').values()]
    ['100']
    """
    named = sorted({m.groups() for m in _NAME.finditer(prose)})
    return {key: _artefact(key, found) for key in named if key[0] == "printed"}


def printed_figure(found: Findings, key: str) -> str:
    """Write a published figure as it stands in its row."""
    return f"{found.printed[key]:g}"


def _artefact(key: tuple[str, str], found: Findings) -> Artefact:
    kind, name = key
    maker = printed_figure if kind == "printed" else MAKERS[key][0]
    content = maker(found, name) if kind == "printed" else maker(found)
    content = _translated(content, found.language)
    return Artefact(kind, name, _path(maker), rows_of(key, found), content)


def _translated(content: object, language: Language) -> object:
    """Translate the head and the cells of a table, but for columns that hold names."""
    if not isinstance(content, dict) or "rows" not in content:
        return content
    content = dict(content)
    as_is = content.pop("verbatim", ())
    columns = [language.t(column) for column in content["columns"]]
    rows = [
        [cell if i in as_is else language.t(cell) for i, cell in enumerate(row)]
        for row in content["rows"]
    ]
    return content | {"columns": columns, "rows": rows}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """From a name in the report to what it rests on.

    Attributes
    ----------
    kind, name : str
    value : str
        What the report prints; the caption of an exhibit.
    function, formula : str
        Who makes it, and the code that does.
    rows : tuple of manias.data.rows.Rows
        Rows that it rests on, by table; empty where it is a setting of the code.
    datasets : mapping of str to str
        Table -> SHA-256.
    sources : tuple of manias.data.sources.Source
        Those that the rows name.
    grade : str
        Weakest grade of the rows.
    """

    kind: str
    name: str
    value: str
    function: str
    formula: str
    rows: tuple[Rows, ...]
    datasets: Mapping[str, str]
    sources: tuple[Source, ...]
    grade: str

    def to_dict(self, *, limit: int | None = None) -> dict[str, Any]:
        """Everything as plain values.

        Parameters
        ----------
        limit : int, optional
            Most rows of a table; all by default.

        Returns
        -------
        dict

        Examples
        --------
        >>> (found,) = trace("ai-last-share")
        >>> [(t["table"], t["n"], t["of"]) for t in found.to_dict()["tables"]]
        [('trajectories', 1, 29), ('us_it_investment', 1, 126)]
        """
        return {
            "kind": self.kind,
            "name": self.name,
            "value": self.value,
            "function": self.function,
            "formula": self.formula,
            "tables": [
                {
                    "table": part.name,
                    "sha256": self.datasets[part.dataset],
                    "n": len(part.frame),
                    "of": part.total,
                    "how": part.how,
                    "rows": part.records(limit),
                }
                for part in self.rows
            ],
            "sources": [asdict(source) for source in self.sources],
            "grade": self.grade,
        }


def trace(name: str) -> tuple[Trace, ...]:
    """Lead from a name in the report to its value, its code, its rows and their sources.

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
    found = Findings()
    every = [*MAKERS, *(("printed", key) for key in found.printed)]
    keys = [key for key in every if key[1] == name]
    if not keys:
        near = get_close_matches(name, sorted({key[1] for key in every}), n=5, cutoff=0.4)
        such = f", such as {', '.join(near)}" if near else ""
        raise InputError(f"name {name!r}: expected a name of the report{such}")
    catalogue, traces = read_sources(), []
    for key in keys:
        artefact = _artefact(key, found)
        maker = printed_figure if key[0] == "printed" else MAKERS[key][0]
        traces.append(
            Trace(
                kind=key[0],
                name=name,
                value=_said(artefact),
                function=artefact.function,
                formula=inspect.getsource(maker),
                rows=artefact.rows,
                datasets={d: load(d).fingerprint for d in artefact.datasets},
                sources=tuple(catalogue[k] for k in artefact.sources),
                grade=artefact.grade,
            )
        )
    return tuple(traces)


def _said(artefact: Artefact) -> str:
    content = artefact.content
    return content if isinstance(content, str) else content["caption"]


def _path(maker: Callable) -> str:
    return f"{maker.__module__.removeprefix('manias.')}.{maker.__name__}"


def check_names(
    prose: str,
    made: Mapping[tuple[str, str], Artefact],
    printed: Mapping,
    *,
    where: str = "report.typ",
) -> None:
    """Every name in the prose is made by a function, and every function is used.

    Parameters
    ----------
    prose : str
        Text of ``report.typ``.
    made : mapping of (kind, name) to Artefact
    printed : mapping
        Published constants by id; any may be named, none must be.
    where : str
        The file, for the message.

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
            raise DataError(f"{where}: printed {name!r} is not in the dataset 'published'")
        if kind != "printed" and (kind, name) not in made:
            raise DataError(f"{where}: {kind} {name!r} has no function")
    if left := sorted(set(made) - named):
        raise DataError(f"{where}: {left[0][0]} {left[0][1]!r} is made but never used")
    for number, line in enumerate(_text_only(prose), start=1):
        if digits := _DIGITS.search(_YEAR.sub("", line)):
            raise DataError(
                f"{where}, row {number}: {digits[0]!r} is typed by hand; expected a name"
            )


def _text_only(prose: str) -> Iterator[str]:
    """Lines of the prose without formulas, calls, labels and comments."""
    for line in prose.splitlines():
        line = re.sub(r"\$[^$]*\$", "", line)
        line = re.sub(r"//.*|#(import|show|set)\b.*", "", line)
        yield re.sub(r"#\w+\([^()]*\)|<[\w-]+>|@[\w-]+", "", line)


def check_edition(language: str) -> None:
    """An edition names the same numbers, sentences and exhibits as the English one.

    Parameters
    ----------
    language : str
        Of `manias.language.editions.LANGUAGES`.

    Raises
    ------
    DataError
        Naming what the edition lacks or has beyond the English one.

    Examples
    --------
    >>> check_edition("zh")
    """
    english, other = _named(read_prose()), _named(read_prose(language))
    for kind, name in sorted(english ^ other):
        has = "lacks" if (kind, name) in english else "has"
        raise DataError(
            f"{language}/report.typ {has} {kind} {name!r}; expected the names of report.typ"
        )


def _named(prose: str) -> set[tuple[str, str]]:
    return {(m[1], m[2]) for m in _NAME.finditer(prose)}


def read_prose(language: str = "en") -> str:
    """Read the prose, each chapter in the place where ``report.typ`` includes it.

    Parameters
    ----------
    language : str
        Of `manias.language.editions.LANGUAGES`.

    Returns
    -------
    str

    Examples
    --------
    >>> "#include" in read_prose()
    False
    """
    return re.sub(
        r'^#include "(\w+)\.typ"$',
        lambda m: _typ(m[1], language),
        _typ("report", language),
        flags=re.MULTILINE,
    )


def _typ(name: str, language: str = "en") -> str:
    folder = files("manias._reports")
    path = (folder if language == "en" else folder.joinpath(language)).joinpath(f"{name}.typ")
    return path.read_text(encoding="utf-8")


def build(
    output: Path | str,
    language: str = "en",
    *,
    found: Findings | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """Compute everything and typeset the report.

    Parameters
    ----------
    output : path
        The PDF; replaced atomically. Folders are made.
    language : str
        Of `manias.language.editions.LANGUAGES`.
    found : Findings, optional
        Findings that are computed already; said in ``language``.
    progress : callable, optional
        Told in a few words what is being done.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If prose and functions differ, editions differ, or the text cannot be typeset.
    InputError
        If there is no edition in the language.
    """
    import typst

    spoken = read_language(language)
    prose = read_prose(language)
    found = (found or Findings()).told_in(spoken)
    progress("computing numbers and drawing figures")
    made = artefacts(found)
    where = "report.typ" if language == "en" else f"{language}/report.typ"
    check_names(prose, made, found.printed, where=where)
    check_edition(language)
    made = made | constants(found, prose)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "report.typ").write_text(prose, encoding="utf-8")
        (room / "template.typ").write_text(_typ("template"), encoding="utf-8")
        (room / "artefacts.json").write_text(
            json.dumps(_bundle(made, room, spoken)), encoding="utf-8"
        )
        progress("typesetting")
        try:
            pdf = typst.compile(
                str(room / "report.typ"),
                root=str(room),
                font_paths=sorted({str(file.parent) for file in spoken.fonts}),
                ignore_system_fonts=True,
                pdf_standards=["ua-1", "a-2a"],
            )
        except typst.TypstError as error:
            raise DataError(f"{where}: cannot be typeset: {error}") from None
    output = Path(output)
    write_atomically(output, pdf)
    lineage = [
        {
            "kind": a.kind,
            "name": a.name,
            "function": a.function,
            "datasets": a.datasets,
            "rows": {part.name: [len(part.frame), part.total] for part in a.rows},
            "sources": a.sources,
            "grade": a.grade,
            "value": _said(a),
        }
        for a in made.values()
    ]
    text = json.dumps(lineage, indent=1, ensure_ascii=False) + "\n"
    write_atomically(output.with_suffix(".lineage.json"), text.encode())
    return output


def _bundle(made: Mapping, room: Path, language: Language) -> dict:
    """What the template reads: texts, tables, sources; figures go beside it as SVG."""
    index = source_numbers()
    bundle = {"number": {}, "sentence": {}, "exhibit": {}, "printed": {}, "lineage": []}
    for (kind, name), artefact in made.items():
        cites = cited(artefact, index, language)
        bundle["lineage"].append(
            {
                "kind": kind,
                "said": language.t(kind),
                "name": name,
                "function": artefact.function,
                "rows": ", ".join(_counted(r, language) for r in artefact.rows) or "–",
                "sources": cites,
                "grade": artefact.grade,
            }
        )
        if kind != "exhibit":
            bundle[kind][name] = artefact.content
            continue
        content = dict(artefact.content)
        if svg := content.pop("svg", None):
            (room / f"{name}.svg").write_bytes(svg)
        bundle[kind][name] = content | {
            "data": ", ".join(artefact.datasets),
            "grade": artefact.grade,
            "cites": cites,
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
        for k in index
    ]
    bundle["words"] = _words(language)
    accessed = max(s.accessed for s in catalogue.values())
    bundle["date"] = [int(part) for part in accessed.split("-")]
    return bundle


def _counted(rows: Rows, language: Language) -> str:
    n, total = len(rows.frame), rows.total
    if n == total:
        return rows.name
    return language.say("{table} ({n} of {total})", table=rows.name, n=n, total=total)


def _words(language: Language) -> dict:
    """What the template itself says, and in which typefaces."""
    say = language.say
    return {
        "lang": language.code,
        "region": language.region or None,
        "serif": language.serif or None,
        "sans": language.sans or None,
        "authors": say("The manias authors"),
        "keywords": [
            say("bubbles"),
            say("innovation"),
            say("capital expenditure"),
            say("artificial intelligence"),
        ],
        "data": say("Data: "),
        "sources": say("Sources: "),
        "grade": say("Weakest grade: "),
        "stop": say(". "),
        "restated": say(
            "Unless an entry says otherwise, facts and figures are restated and the text "
            "remains its owner\u2019s."
        ),
        "lineage": [
            say("Kind"),
            say("Name"),
            say("Function"),
            say("Data"),
            say("Sources"),
            say("Grade"),
        ],
    }
