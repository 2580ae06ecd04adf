"""Sources as a bibliography takes them: names as names, BibTeX, CSL and APA."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from manias.data.sources import Source

_INITIALS = r"(?:[A-Z]\. ?)+"
_LAST = r"[A-Z][\w'’-]+"
_GIVEN = r"(?:[A-Z]\.|[A-Z][\w'’-]*)(?: (?:[A-Z]\.|[A-Z][\w'’-]+))*"
_GIVEN_FIRST = re.compile(rf"((?:[A-Z][a-z]+ )?{_INITIALS})({_LAST})")
_IN_BRACKETS = re.compile(rf"({_LAST}) \(({_INITIALS})\)")
_REMARK = re.compile(r"\s+\([^()]*\)|^\([^()]*\)|, [a-z].*")
_DESCRIPTION = re.compile(r"[a-z][a-z-]* .*")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": "(",
    "}": ")",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
MOST = 20
"""Most names that APA prints before it leaves some out."""


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a body.

    Attributes
    ----------
    last, given : str
        Of a body the whole name and "".
    """

    last: str
    given: str = ""


OTHERS = Author("others")
"""Stands last where a list of authors is not whole."""


def authors_of(text: str) -> tuple[tuple[Author, ...], bool]:
    """Read the names in what is recorded of an author.

    Parameters
    ----------
    text : str
        Names joined by "and" or commas; several bodies by semicolons. What stands in brackets,
        after a comma in lower case, or after a name with initials is a remark.

    Returns
    -------
    tuple of (tuple of Author, bool)
        None where no author is named; and whether the names say all that is recorded.

    Examples
    --------
    >>> authors_of("Balke, Nathan S. and Gordon, Robert J.; National Bureau")[0][1:]
    (Author(last='Gordon', given='Robert J.'), Author(last='National Bureau', given=''))
    >>> authors_of("Reuters, citing Bloomberg News (copy)")
    ((Author(last='Reuters', given=''),), False)
    >>> authors_of("not named")
    ((), False)
    """
    if match := _IN_BRACKETS.fullmatch(text):
        return (Author(match[1], match[2].strip()),), True
    head = _REMARK.sub("", text).strip()
    if not head or _DESCRIPTION.fullmatch(head):
        return (), False
    found: list[Author] = []
    whole = head == text.strip()
    for part in re.split(r"\s*;\s*", head):
        people, all_said = _people(part)
        found += people or [Author(part)]
        whole = whole and all_said
    return tuple(found), whole


def _people(text: str) -> tuple[list[Author], bool]:
    """Persons in a text, none where it names a body; and whether they are all it says."""
    pieces = re.split(r", | and ", text)
    people = []
    for piece in pieces:
        if not (match := _GIVEN_FIRST.fullmatch(piece)):
            break
        people.append(Author(match[2], match[1].strip()))
    if people:
        return people, len(people) == len(pieces)
    for chunk in text.split(" and "):
        names = chunk.split(", ")
        if chunk == "others" and people:
            people.append(OTHERS)
        elif len(names) % 2:
            return [], True
        else:
            for last, given in zip(names[::2], names[1::2], strict=True):
                if not (re.fullmatch(_LAST, last) and re.fullmatch(_GIVEN, given)):
                    return [], True
                people.append(Author(last, given))
    return people, True


def to_bibtex_list(sources: Iterable[Source]) -> list[str]:
    """Write sources as BibTeX entries that can stand in one file.

    Parameters
    ----------
    sources : iterable of Source

    Returns
    -------
    list of str
        BibTeX takes two keys that differ only in case for one: the later of such two ends in
        ``-2``, a third in ``-3``.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from manias.data.sources import read_sources
    >>> source = read_sources()["french2025industries"]
    >>> both = to_bibtex_list([source, replace(source, id="French2025industries")])
    >>> both[1].splitlines()[0]
    '@misc{French2025industries-2,'
    """
    count: Counter[str] = Counter()
    entries = []
    for source in sources:
        count[source.id.casefold()] += 1
        n = count[source.id.casefold()]
        entries.append(to_bibtex(source, key=f"{source.id}-{n}" if n > 1 else source.id))
    return entries


def to_bibtex(source: Source, *, key: str = "") -> str:
    """Write a source as a BibTeX entry.

    Parameters
    ----------
    source : Source
    key : str, optional
        Under which it is cited; its id by default.

    Returns
    -------
    str
        An ``@misc`` entry with the source's key. An unknown author or year is left out; what
        is recorded of author and address beyond names and a link stands in the note.

    Examples
    --------
    >>> from manias.data.sources import read_sources
    >>> print(to_bibtex(read_sources()["french2025industries"]).splitlines()[1])
      author = {French, Kenneth R.},
    """
    authors, whole = authors_of(source.author)
    note = [source.note, source.licence]
    note += [] if whole else [f"Author as recorded: {source.author}"]
    note += [] if _address(source) == source.url else [f"Address as recorded: {source.url}"]
    return bibtex_entry(
        key or source.id,
        authors,
        source.title,
        {
            "publisher": escaped(source.publisher),
            "year": source.year if source.year.isdigit() else "",
            "url": _address(source),
            "urldate": source.accessed,
            "note": escaped(" ".join(f"{part.rstrip('.')}." for part in note if part)),
        },
    )


def bibtex_entry(
    key: str, authors: Sequence[Author], title: str, fields: dict[str, str], month: str = ""
) -> str:
    """Write an entry that BibTeX and biblatex read.

    Parameters
    ----------
    key : str
    authors : sequence of Author
    title : str
        Kept in its case.
    fields : dict of str to str
        Further fields as they are to stand; empty ones are left out.
    month : str, optional
        Of BibTeX's own names, such as ``nov``.

    Returns
    -------
    str
    """
    lines = []
    if authors:
        lines.append(f"author = {{{' and '.join(map(_in_bibtex, authors))}}}")
    else:
        lines.append(f"key = {{{escaped(title)}}}")
    lines.append(f"title = {{{{{escaped(title)}}}}}")
    lines += [f"{name} = {{{value}}}" for name, value in fields.items() if value]
    if month:
        lines.append(f"month = {month}")
    body = ",\n".join(f"  {line}" for line in lines)
    return f"@misc{{{key},\n{body}\n}}\n"


def _in_bibtex(author: Author) -> str:
    if author == OTHERS:
        return author.last
    if author.given:
        return f"{escaped(author.last)}, {escaped(author.given)}"
    return f"{{{escaped(author.last)}}}"


def escaped(text: str) -> str:
    """Write a text so that TeX prints it; braces become round brackets.

    Examples
    --------
    >>> print(escaped("R&D_{50%} ~ C:\\\\"))
    R\\&D\\_(50\\%) \\textasciitilde{} C:\\textbackslash{}
    """
    return "".join(_TEX.get(sign, sign) for sign in text)


def to_csl(source: Source) -> dict[str, Any]:
    """Write a source as an item of CSL-JSON.

    Parameters
    ----------
    source : Source

    Returns
    -------
    dict
        What is not known is left out; a body stands as ``literal``.
    """
    authors, whole = authors_of(source.author)
    entry: dict[str, Any] = {"id": source.id, "type": "document", "title": source.title}
    if authors:
        entry["author"] = [
            {"family": a.last, "given": a.given} if a.given else {"literal": a.last}
            for a in authors
        ]
    if source.year.isdigit():
        entry["issued"] = {"date-parts": [[int(source.year)]]}
    if source.publisher:
        entry["publisher"] = source.publisher
    if url := _address(source):
        entry["URL"] = url
    if url and re.fullmatch(r"\d{4}(-\d\d){0,2}", source.accessed):
        entry["accessed"] = {"date-parts": [[int(part) for part in source.accessed.split("-")]]}
    return entry if whole else entry | {"note": f"Author as recorded: {source.author}"}


def to_apa(source: Source) -> str:
    """Write a source in the manner of APA, as plain text.

    Parameters
    ----------
    source : Source

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.data.sources import read_sources
    >>> to_apa(read_sources()["french2025industries"]).split(".")[:2]
    ['French, K', ' R']
    """
    year = source.year if source.year.isdigit() else "n.d."
    publisher = f"{source.publisher.rstrip('.')}." if source.publisher else ""
    rest = " ".join(part for part in (publisher, _address(source)) if part)
    return apa_entry(authors_of(source.author)[0], year, source.title, rest)


def apa_entry(authors: Sequence[Author], year: str, title: str, rest: str = "") -> str:
    """Write an entry in the manner of APA: authors, year, title, and what follows it.

    Examples
    --------
    >>> apa_entry([Author("Comin", "Diego"), Author("Hobijn", "Bart")], "2009", "CHAT")
    'Comin, D., & Hobijn, B. (2009). CHAT.'
    """
    title = title if title.endswith((".", "?", "!")) else f"{title}."
    names = [_in_apa(a) for a in authors if a != OTHERS]
    if not names:
        text = f"{title} ({year})."
    else:
        if OTHERS in authors:
            said = f"{', '.join(names)}, et al."
        elif len(names) > MOST:
            said = f"{', '.join(names[: MOST - 1])}, ... {names[-1]}"
        else:
            said = ", & ".join(([", ".join(names[:-1])] if names[:-1] else []) + names[-1:])
        text = f"{said if said.endswith('.') else f'{said}.'} ({year}). {title}"
    return f"{text} {rest}".rstrip()


def _in_apa(author: Author) -> str:
    initials = " ".join(f"{name[0]}." for name in author.given.split())
    return f"{author.last}, {initials}" if initials else author.last


def _address(source: Source) -> str:
    """First address of a source, where it has one; what no address holds is percent-encoded."""
    url = source.url.split("; ")[0].strip()
    return _NO_ADDRESS.sub(_encoded, url) if url.startswith("http") else ""


_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f\\{}<>\"^`|]")


def _encoded(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
