"""Assemble the report: every number, sentence and exhibit of the prose is made by a function.

``reports/report.typ`` holds the prose and names what it wants; the functions below make it. A
name without a function, a function without a name, or a digit typed into the prose stops the
build before anything is typeset.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from manias.answers.citing import AUTHOR
from manias.data.files import temporary_folder, write_atomically
from manias.data.library import current
from manias.data.rows import Rows
from manias.errors import DataError
from manias.language.editions import Language, read_language
from manias.language.messages import Text, Verbatim
from manias.report import (
    answer,
    beside,
    booms,
    buildouts,
    claims,
    coverage,
    crash,
    dating,
    debts,
    definitions,
    gauges,
    glossary,
    hindsight,
    history,
    indices,
    innovations,
    opening,
    past,
    payback,
    prices,
    quoted,
    ranges,
    reach,
    shares,
    spells,
    spending,
    technology,
    tournament,
    turning,
    verdict,
)
from manias.report.exhibits import (
    MAKERS,
    MANY_SOURCES,
    Artefact,
    Picture,
    Said,
    Table,
    cited,
    source_grades,
    source_numbers,
    table_in,
)
from manias.report.opening import edition_date
from manias.report.parts import printed, published
from manias.report.stamp import code_digest, lineage_of

_NAME = re.compile(r'#(number|sentence|exhibit|printed)\("([^"]+)"\)')
_YEAR = re.compile(r"(?<![A-Za-z\d])(1[89]|20)\d\d(?![A-Za-z\d])")
APPENDIX = "#show: appendix"
"""What stands before it in the prose is the body of the report."""
_DIGITS = r"\d[\d.,]*%?"
CHAPTERS = (
    opening, answer, reach, hindsight, verdict, spending, definitions, booms, prices, history,
    dating, technology, innovations, crash, indices, buildouts, payback, past, gauges, claims,
    quoted, tournament, shares, debts, beside, ranges, spells, turning, glossary,
    coverage,
)  # fmt: skip
"""Modules that make what the prose names."""


def artefacts() -> dict[tuple[str, str], Artefact]:
    """Make every number, sentence and exhibit from the tables of the open library.

    Returns
    -------
    dict of (kind, name) to Artefact
    """
    return {key: artefact(*key) for key in in_order()}


def in_order() -> tuple[tuple[str, str], ...]:
    """List what the functions make as the prose names it, and last what it does not name.

    Returns
    -------
    tuple of (kind, name)

    Examples
    --------
    >>> in_order()[0]
    ('sentence', 'edition')
    """
    named = dict.fromkeys(m.groups() for m in _NAME.finditer(read_prose()))
    return tuple([key for key in named if key in MAKERS] + sorted(MAKERS.keys() - named.keys()))


def first_page() -> tuple[tuple[str, str], ...]:
    """List what the title and the first chapter name, which are the first pages of the report.

    Returns
    -------
    tuple of (kind, name)

    Examples
    --------
    >>> [name for _, name in first_page()[:4]]
    ['edition', 'data-reach', 'cite-as', 'answer-resemblance']
    """
    title, chapter, *_ = re.split(r"^(?:= |#include)", read_prose(), flags=re.MULTILINE)
    return tuple(dict.fromkeys(m.groups() for m in _NAME.finditer(title + chapter)))


def before_the_appendix() -> tuple[tuple[str, str], ...]:
    """List what the chapters before the appendix name.

    Returns
    -------
    tuple of (kind, name)

    Examples
    --------
    >>> ("exhibit", "scorecard") in before_the_appendix()
    True
    """
    body, *_ = read_prose().split(APPENDIX)
    return tuple(dict.fromkeys(m.groups() for m in _NAME.finditer(body)))


def constants(prose: str) -> dict[tuple[str, str], Artefact]:
    """Collect the published figures that the prose names.

    Parameters
    ----------
    prose : str

    Returns
    -------
    dict of (kind, name) to Artefact

    Examples
    --------
    >>> [a.content for a in constants('#printed("gsy-runup")').values()]
    ['100']
    """
    named = sorted({m.groups() for m in _NAME.finditer(prose)})
    return {key: artefact(*key) for key in named if key[0] == "printed"}


def printed_figure(key: str) -> Said:
    """Write a published figure as it stands in its row."""
    return Said(f"{printed()[key]:g}", published(key))


def artefact(kind: str, name: str) -> Artefact:
    """Make one thing that the prose can name.

    Parameters
    ----------
    kind, name : str
        Of `manias.report.exhibits.MAKERS`, or ``"printed"`` and an id of the table
        ``published``.

    Returns
    -------
    Artefact

    Examples
    --------
    >>> [(r.name, len(r.frame)) for r in artefact("number", "ai-last-share").rows]
    [('trajectories', 1), ('us_it_investment', 1)]
    """
    maker = maker_of(kind, name)
    said = maker(name) if kind == "printed" else maker()
    return Artefact(kind, name, path_of(maker), said.rests, said.content, said.still)


def maker_of(kind: str, name: str) -> Callable[..., Said]:
    """Function that makes what has a name."""
    return printed_figure if kind == "printed" else MAKERS[kind, name]


def path_of(maker: Callable) -> str:
    """Where a function stands, below the package."""
    return f"{maker.__module__.removeprefix('manias.')}.{maker.__name__}"


def check_names(
    prose: str,
    made: Mapping[tuple[str, str], Artefact],
    printed: Mapping,
    *,
    where: str = "report.typ",
    typed: str | None = None,
    dated: str | None = None,
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
    typed : str, optional
        Pattern of figures in words, which must not be typed either.
    dated : str, optional
        Pattern of dates that may be typed as years may.

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
    figures = re.compile(f"{_DIGITS}|{typed}" if typed else _DIGITS)
    dates = re.compile(f"{_YEAR.pattern}|{dated}" if dated else _YEAR)
    for number, line in enumerate(_text_only(prose), start=1):
        if digits := figures.search(dates.sub("", line)):
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
        Of `manias.language.editions.languages`.

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
        Of `manias.language.editions.languages`.

    Returns
    -------
    str

    Examples
    --------
    >>> "#include" in read_prose()
    False
    """
    return re.sub(
        r'^#include "([\w-]+)\.typ"$',
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
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """Compute everything and typeset the report.

    Parameters
    ----------
    output : path
        The PDF; replaced atomically, and its lineage beside it. Folders are made.
    language : str
        Of `manias.language.editions.languages`.
    progress : callable, optional
        Told in a few words what is being done.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        As `typeset`.
    InputError
        If there is no edition in the language, or the place cannot be written to.
    """
    output = Path(output)
    write_report(output, *typeset(language, progress=progress))
    return output


def write_report(output: Path, pdf: bytes, lineage: bytes) -> None:
    """Write the report, and its lineage beside it.

    Parameters
    ----------
    output : Path
    pdf, lineage : bytes
        From `typeset`.
    """
    write_atomically(output, pdf)
    write_atomically(lineage_of(output), lineage)


def typeset(
    language: str = "en", *, progress: Callable[[str], None] = lambda _: None
) -> tuple[bytes, bytes]:
    """Compute everything and typeset the report; nothing is written.

    Parameters
    ----------
    language : str
        Of `manias.language.editions.languages`.
    progress : callable, optional
        Told in a few words what is being done.

    Returns
    -------
    pdf, lineage : bytes
        The report, and as JSON what everything in it was made from.

    Raises
    ------
    DataError
        If prose and functions differ, editions differ, or the text cannot be typeset.
    InputError
        If there is no edition in the language.
    """
    import typst

    from manias.figures.style import typeface_folders

    spoken = read_language(language)
    prose = read_prose(language)
    progress("computing numbers and drawing figures")
    made = artefacts()
    where = "report.typ" if language == "en" else f"{language}/report.typ"
    rules = {key: spoken.edition.get(key) for key in ("typed", "dated")}
    check_names(prose, made, printed(), where=where, **rules)
    check_edition(language)
    made = made | constants(prose)
    with temporary_folder() as room:
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
                font_paths=typeface_folders(spoken),
                ignore_system_fonts=True,
                pdf_standards=["ua-1", "a-2a"],
            )
        except typst.TypstError as error:
            raise DataError(f"{where}: cannot be typeset: {error}") from None
    lineage = [
        {
            "kind": a.kind,
            "name": a.name,
            "function": a.function,
            "datasets": a.datasets,
            "rows": {part.name: [len(part.frame), part.total] for part in a.rows},
            "sources": a.sources,
            "grade": a.grade,
            "value": a.text(spoken),
        }
        for a in made.values()
    ]
    text = json.dumps(lineage, indent=1, ensure_ascii=False) + "\n"
    return pdf, text.encode()


def _bundle(made: Mapping, room: Path, language: Language) -> dict:
    """What the template reads: texts, tables, sources; figures go beside it as SVG."""
    from manias.figures.style import WIDTH, to_svg

    body = [made[key] for key in before_the_appendix() if key in made]
    index, grades = source_numbers(body), source_grades(body)
    bundle = {"number": {}, "sentence": {}, "exhibit": {}, "printed": {}, "lineage": []}
    for (kind, name), artefact in made.items():
        cites = cited(artefact, index, language)
        bundle["lineage"].append(
            {
                "kind": kind,
                "said": language.render(Text(kind)),
                "name": name,
                "function": artefact.function,
                "rows": ", ".join(_counted(r, language) for r in artefact.rows) or "–",
                "sources": cites,
                "grade": artefact.grade,
            }
        )
        match artefact.content:
            case Table() as table:
                content = table_in(table, index, language)
            case Picture() as picture:
                figure = artefact.drawn(language)
                drawn = to_svg(figure, language, as_text=True)
                (room / f"{name}.svg").write_bytes(drawn)
                content = {
                    "caption": language.render(picture.caption),
                    "alt": language.render(picture.alt),
                    # Printed as large as it was drawn, so that letters are alike everywhere.
                    "width": figure.get_figwidth() / WIDTH,
                }
            case text:
                bundle[kind][name] = language.render(text)
                continue
        bundle[kind][name] = content | {
            "data": ", ".join(artefact.datasets),
            "grade": artefact.grade,
            "cites": cites,
        }
    catalogue = current().sources()
    bundle["sources"] = [
        {
            "n": index[k],
            "author": catalogue[k].author,
            "year": catalogue[k].year,
            "title": catalogue[k].title,
            "url": catalogue[k].url,
            "licence": catalogue[k].licence,
            "note": catalogue[k].note,
            "grade": grades.get(k, ""),
        }
        for k in index
    ]
    bundle["words"] = _words(language) | {"edition": language.render(edition_notice())}
    day = edition_date()
    bundle["date"] = [day.year, day.month, day.day]
    return bundle


def edition_notice() -> str:
    """What page one says of an edition that other code had made; "" where nothing is to say.

    Returns
    -------
    str

    Examples
    --------
    >>> edition_notice()
    ''
    """
    edition = current().edition
    if edition.how != "frozen" or edition.note.get("code") == code_digest():
        return ""
    return Text(
        "Data and fitted models of edition {name}, frozen on {day} with revision {revision} of "
        "the code; text, computations and figures are those of later code.",
        name=Verbatim(edition.name),
        day=Verbatim(edition.made),
        revision=Verbatim(edition.revision[:12]),
    )


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
        "authors": say(AUTHOR),
        "keywords": [
            say("bubbles"),
            say("innovation"),
            say("capital expenditure"),
            say("artificial intelligence"),
        ],
        "data": say("Data: "),
        "sources": say("Sources: "),
        "grade": say("Weakest grade: "),
        "graded": say("Grade "),
        "stop": say(". "),
        "contents": say("Contents"),
        "appendix": say("Appendix"),
        "proves": say("What stands behind the chapters before: methods, tables, sources."),
        "restated": say(
            "Sources on which a number, sentence or exhibit of the chapters before the "
            "appendix rests, where it rests on no more than {n}; with the grades that their "
            "rows bear there. All others are named row by row in the data. Unless an entry "
            "says otherwise, facts and figures are restated and the text remains its "
            "owner\u2019s.",
            n=MANY_SOURCES,
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
