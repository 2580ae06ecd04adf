"""Rules for sources and locators: where a figure was seen, so that another can find it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

import pandas as pd

from manias.data.cells import Problem, _keys
from manias.data.sources import SEEN, Source, read_sources

REFUSED = {
    "copies of books and papers that their owners did not put there": (
        "bookdaniel.net",
        "bookreadfree.com",
        "booksonline.com.ua",
        "docslib.org",
        "dokumen.pub",
        "fliphtml5.com",
        "issuhub.com",
        "paperzz.com",
        "readsbookonline.com",
        "rulit.me",
        "sambuz.com",
        "scribd.com",
        "studylib.net",
        "trantor.is",
        "vdoc.pub",
        "yumpu.com",
    ),
    "copies of Wikipedia or of another encyclopaedia": (
        "de.zxc.wiki",
        "dodge-wiki.com",
        "dbkwik.webdatacommons.org",
        "extremehelicopters.blogspot.com",
        "fact-index.com",
        "fastly.net",
        "hobotraveler.com",
        "hubbry.com",
        "kampuspedia.com",
        "liquisearch.com",
        "piglix.com",
        "profilbaru.com",
        "rubyonbr.org",
        "wikimili.com",
        "wikipedia-on-ipfs.org",
        "wikisum.wiki",
        "wikivisually.com",
        "zalansite.site",
    ),
    "essays of students and homework sites": (
        "absolutestudy.com",
        "collegetermpapers.com",
        "everything2.com",
        "helpinhomework.org",
        "studentshare.net",
        "studymode.com",
    ),
    "mirrors, proxies and hosts that come and go": (
        "6jhxt.group",
        "archive.ph",
        "bceovw70.asia",
        "core-cms.prod.aop.cambridge.org",
        "gopherproxy.meulie.net",
        "hn.jakechampion.name",
        "imap2rss.nelsonzhao.com",
        "nytimes.sbs",
        "pigwa.net",
        "reddit.jaspervandalum.nl",
        "rl.fawzi.xyz",
        "rss.mediahub.az",
        "softbeam.net",
        "vuink.com",
    ),
    "readers that show a book of Project Gutenberg or an archive without naming it": (
        "bitlit.ru",
        "book-bot.com",
        "clyx.com",
        "free-books.at",
        "s-twc.com",
    ),
}
"""Hosts that no source may be cited at, by reason."""

WITHOUT_ADDRESS = {
    "anthropic_check_2026": "a text of a public repository whose address was not kept",
    "article2025": "the starting text of this project, kept without its address",
    "calls_capex_mix": "texts of public repositories whose addresses were not kept",
    "WorldsOpportunities1880s": "a page text of a picture library; publisher not shown",
}
"""Sources that can be found by neither address nor publisher, and why they stay for now."""

LIMITS = {"buildouts": 0.20, "forecasts": 0.05}
"""Largest share of rows whose locator may say that there is none, and why; elsewhere 0."""

NO_LOCATOR = "none: "
"""How a locator begins that says why there is none."""

OURSELVES = "The manias authors"
"""Author of what this project computed or coded."""

OTHERS = frozenset(
    (
        *("ai_market", "firm_capex", "later_market", "shiller", "spending_history"),
        *("uk_macro", "us_credit", "us_industries", "us_investment", "us_it_investment"),
        *("us_macro", "us_railroad_stocks", "world_investment", "world_shares"),
    )
)
"""Tables that hold series of others or computed from them: no licence of ours is claimed."""

_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
COMPILATION = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International, for selection, codes, notes and "
    "descriptor of this compilation alone; what comes from a source keeps the terms below",
    "path": _CC_BY,
}
"""What is claimed for a compilation."""

_LICENCES = (
    ("CC BY 4.0", "CC-BY-4.0", _CC_BY),
    (
        "Open Government Licence v3.0",
        "OGL-UK-3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
)

_VAGUE = re.compile(
    r".*\bpages? at the source's address\b.*|series as named\b.*|\s*(?:https?://|www\.)\S+\s*|"
    r".*\b(?:as in innovations|as for [a-z]+(?:-[a-z0-9]+)+|of an online copy|"
    r"not seen for th(?:is|ese?|ose))\b.*",
    re.I | re.S,
)
_NOBODY = re.compile(
    r"\s*|n\.?a\.?|unknown|\(?(?:book text, |book chapter, |record, )?"
    r"(?:not named|not shown.*|authors? not (?:named|shown).*)\)?",
    re.I,
)
_YEAR = re.compile(r"\d{4}|n\.d\.")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[.*")


def check_sources(root: Traversable | None = None) -> tuple[Problem, ...]:
    """Check that each source can be found by what is recorded of it.

    Refused are: an address without protocol, at a bare IP number, at a domain alone or at a
    host of `REFUSED`; two sources of one address or of one author, title and year; a source
    without author, title or year; one without an address that names no publisher.

    Parameters
    ----------
    root : directory, optional
        Folder that holds ``sources.json``; the installed one by default.

    Returns
    -------
    tuple of Problem
        Empty when all is well; `Problem.column` is the key of the source.

    Examples
    --------
    >>> check_sources()
    ()
    """
    problems: list[Problem] = []
    addresses: dict[str, str] = {}
    works: dict[tuple[str, ...], str] = {}
    for key, source in read_sources(root).items():
        problems += _check_source(key, source)
        for address in _addresses(source):
            plain = re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")
            if (first := addresses.setdefault(plain, key)) != key:
                problems.append(_fault(key, address, f"an address not yet used by {first}"))
        work = tuple(_plain(t) for t in (source.author, source.title, source.year))
        if (first := works.setdefault(work, key)) != key:
            problems.append(_fault(key, source.title, f"a work not yet listed as {first}"))
    return tuple(problems)


def _check_source(key: str, source: Source) -> Iterator[Problem]:
    if _NOBODY.fullmatch(source.author):
        yield _fault(key, source.author, "an author, or the body that published it")
    if not source.title.strip():
        yield _fault(key, source.title, "a title")
    if not _YEAR.fullmatch(source.year):
        yield _fault(key, source.year, "a year, or n.d. for an undated page")
    if source.seen not in SEEN:
        yield _fault(key, source.seen, f"what was seen, one of {', '.join(SEEN)}")
    addresses = _addresses(source)
    printed = source.publisher and source.year.isdigit()
    if not addresses and not printed and key not in WITHOUT_ADDRESS:
        yield _fault(key, "", "an address, or publisher and year of what was printed")
    for address in addresses:
        if expected := _wrong_address(address):
            yield _fault(key, address, expected)


def _wrong_address(address: str) -> str:
    """What an address should be, or "" where it is well."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or " " in address:
        return "an address that begins with https://"
    host = parts.hostname or ""
    if _IP.fullmatch(host):
        return "a named host, not a number"
    if parts.path in ("", "/") and not parts.query:
        return "the address of the page, not of the site alone"
    for reason, hosts in REFUSED.items():
        if any(host == h or host.endswith(f".{h}") for h in hosts):
            return f"another copy (refused: {reason})"
    return ""


def locator_problems(cells: pd.DataFrame, label: str, name: str) -> list[Problem]:
    """Find the locators of a table that name no place in their source.

    Refused are: that it is at the source's address, a series as named, or an address alone.
    A locator that begins with `NO_LOCATOR` says why there is none; the share of such rows
    has a limit.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of text.
    label : str
        File below ``datasets/``.
    name : str
        Dataset, for its limit.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> made_up = pd.DataFrame({"locator": ["table 3, row 1938", "series as named"]})
    >>> [p.row for p in locator_problems(made_up, "payback/data.csv", "payback")]
    [3]
    """
    return [
        problem
        for column in cells
        if column == "locator" or column.endswith("_locator")
        for problem in _check_column(cells[column].tolist(), label, column, name)
    ]


def described(
    name: str, keys: Iterable[str], catalogue: Mapping[str, Source]
) -> dict[str, list[dict[str, str]]]:
    """Say in a descriptor's words where a dataset comes from, and on what terms.

    Parameters
    ----------
    name : str
        Dataset; those of `OTHERS` claim no licence of ours.
    keys : iterable of str
        Sources of its rows and tables.
    catalogue : mapping of str to Source

    Returns
    -------
    dict
        ``licenses``, ours first where it is a compilation, then the terms of each source, and
        ``sources`` with title, address, terms and how much of each was seen.

    Examples
    --------
    >>> from manias.data.sources import read_sources
    >>> found = described("uk_macro", ["boe2017millennium"], read_sources())["licenses"]
    >>> [terms["name"] for terms in found]
    ['OGL-UK-3.0']
    """
    used = [catalogue[key] for key in sorted(set(keys)) if key in catalogue]
    own = all(source.author == OURSELVES for source in used)
    licenses = [] if name in OTHERS or own else [dict(COMPILATION)]
    terms: dict[str, Source] = {}
    for source in used:
        terms.setdefault(source.licence, source)
    licenses += [_terms(text, source) for text, source in terms.items()]
    return {"licenses": licenses, "sources": [_entry(source) for source in used]}


def cited(tables: Iterable[pd.DataFrame], resources: Iterable[Mapping]) -> set[str]:
    """Collect the keys of all sources of some tables and of their descriptors.

    Examples
    --------
    >>> sorted(cited([pd.DataFrame({"source": ["b; a", ""]})], [{}]))
    ['a', 'b']
    """
    found: set[str] = set()
    for cells in tables:
        for column in cells:
            if column == "source" or column.endswith("_source"):
                found.update(_keys(cells[column].unique()))
    for resource in resources:
        found.update(_keys([resource.get("provenance", {}).get("source", "")]))
    return found - {""}


def _terms(text: str, source: Source) -> dict[str, str]:
    for start, name, path in _LICENCES:
        if text.startswith(start):
            return {"name": name, "title": text, "path": path}
    address = next(iter(_addresses(source)), "")
    return {"name": "other", "title": text} | ({"path": address} if address else {})


def _entry(source: Source) -> dict[str, str]:
    address = next(iter(_addresses(source)), "")
    return {
        "title": source.title,
        **({"path": address} if address else {}),
        "id": source.id,
        "licence": source.licence,
        "seen": source.seen,
    }


def _check_column(texts: list[str], label: str, column: str, name: str) -> Iterator[Problem]:
    none = 0
    for row, text in enumerate(texts, start=2):
        if _VAGUE.fullmatch(text):
            wanted = "a page, heading, table, series, cell or sentence of the source"
            yield Problem(label, row, column, text, wanted)
        none += text.startswith(NO_LOCATOR)
    limit = LIMITS.get(name, 0.0)
    if none > limit * len(texts):
        yield Problem(
            label, None, column, f"{none} of {len(texts)} none", f"at most {limit:.0%} none"
        )


def _addresses(source: Source) -> list[str]:
    return [part.strip() for part in source.url.split("; ") if part.strip()]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _fault(key: str, value: str, expected: str) -> Problem:
    return Problem("sources.json", None, key, value, expected)
