"""Pages of notebooks and of the codebook: one look, one file each, nothing asked of outside."""

import base64
import html
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from string import Template
from typing import Any

from manias.errors import DataError

NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+(?:e[-+]?\d+)?(?: ?%|pp)?")
DATE = re.compile(r"\d{4}(?:-\d\d){1,2}")
BLANK = ("NaN", "None", "NaT", "<NA>", "nan")
HEADING = re.compile(r'<h([1-3]) id="([^"]+)">(.*?)<a class="anchor-link".*?</a></h\1>', re.S)
QUESTION = "One question: "
WORDS = 20
"""Most characters of a cell that may be broken into as narrow a column as fits."""
LONG = 24
"""Most rows of a table that stands open; a longer one scrolls in its box."""
SHARP = 2
"""Dots of a picture for each that a page takes as one, so that it is sharp on fine screens."""
COLOPHON = (
    "Made by <code>manias notebooks</code> from the tables of the package. Text and "
    "compilations of data: CC BY 4.0; code: BSD-3-Clause. This page loads nothing from "
    "anywhere."
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What an index shows of a page.

    Attributes
    ----------
    stem : str
        Name of its file without ending.
    title, sentence : str
    picture, alt : str
        Its first figure as a data address, and what it shows; "" where it has none.
    """

    stem: str
    title: str
    sentence: str
    picture: str = ""
    alt: str = ""


def notebook_page(book: Any, stem: str, *, titles: Mapping[str, str] | None = None) -> str:
    """Write an executed notebook as a page.

    Parameters
    ----------
    book : nbformat.NotebookNode
        Its first cell begins with a title and a paragraph.
    stem : str
        Name of its file without ending.
    titles : mapping of str to str, optional
        By their stems the titles of all notebooks in order, for the links to those beside it.

    Returns
    -------
    str
        HTML with its style and pictures inside.

    Raises
    ------
    DataError
        If it has no title, or a figure that says nothing to those who do not see it.
    """
    title, sentence = told(book.cells[0].source if book.cells else "", stem)
    parts, tables = [], 0
    for cell in book.cells:
        if cell.cell_type == "markdown":
            parts.append(from_markdown(cell.source))
        elif cell.cell_type == "code":
            parts.append(_code(cell.source))
            for output in cell.outputs:
                tables += 1
                parts.append(_output(output, stem, tables))
    body = "\n".join(parts)
    stems = list(titles or ())
    said, around = "a notebook", ""
    if stem in stems:
        said = f"notebook {stems.index(stem) + 1} of {len(stems)}"
        around = _around(titles or {}, stem)
    return _page(title, sentence, body, place=said, around=around)


def document_page(markdown: str, *, place: str, sentence: str) -> str:
    """Write a document in Markdown as a page.

    Parameters
    ----------
    markdown : str
        Begins with a title.
    place, sentence : str
        What it is, for the head of the page, and what stands in it.

    Returns
    -------
    str

    Raises
    ------
    DataError
        If it has no title.
    """
    title, _ = told(markdown, place)
    body = re.sub(
        r"<table>.*?</table>", lambda m: _table(m[0], title), _md(markdown), flags=re.S
    )
    return _page(title, sentence, body, place=place, around=_around({}))


def index_page(glances: Iterable[Glance], documents: Iterable[Glance] = ()) -> str:
    """Write the page that shows every other: a picture and a sentence each.

    Parameters
    ----------
    glances : iterable of Glance
        Of the notebooks.
    documents : iterable of Glance
        Of other pages.

    Returns
    -------
    str
    """
    cards = []
    for one in glances:
        picture = f'<img src="{one.picture}" alt="{_safe(one.alt)}">' if one.picture else ""
        cards.append(
            f'<li>{picture}<h2><a href="{one.stem}.html">{_safe(one.title)}</a></h2>'
            f"<p>{_safe(one.sentence)}</p></li>"
        )
    more = "".join(
        f'<li><a href="{one.stem}.html">{_safe(one.title)}</a>: {_safe(one.sentence)}</li>'
        for one in documents
    )
    body = (
        '<h1 id="notebooks">Notebooks</h1>\n<p>One question each, asked of the tables of the '
        "package by its public functions. Every page shows the code, what it printed, and what "
        f'it cannot say.</p>\n<ul class="cards">\n{"".join(cards)}\n</ul>'
    )
    if more:
        body += f'\n<h2 id="tables">The tables</h2>\n<ul>{more}</ul>'
    sentence = "Notebooks of manias: one question each."
    return _page("Notebooks", sentence, body, place="notebooks", wide=True)


def glance(page: str, stem: str) -> Glance:
    """Read off a page that `notebook_page` or `document_page` wrote what an index shows.

    Parameters
    ----------
    page, stem : str

    Returns
    -------
    Glance
    """
    reader = _Glancer()
    reader.feed(page)
    title = reader.title.removesuffix(" · manias")
    return Glance(stem, title, reader.sentence, reader.picture, reader.alt)


def told(markdown: str, name: str) -> tuple[str, str]:
    """Title and first sentence of a text in Markdown.

    Parameters
    ----------
    markdown, name : str
        The text, and what it is called where it has no title.

    Returns
    -------
    tuple of str
        A question is told without the words that announce it.

    Raises
    ------
    DataError
        If it does not begin with a title.

    Examples
    --------
    >>> told("# Dating\\n\\nOne question: where do series explode? The tests ...", "03")
    ('Dating', 'Where do series explode?')
    """
    head, _, rest = markdown.strip().partition("\n")
    if not head.startswith("# "):
        raise DataError(f"{name}: begins with {head[:40]!r}; expected a title, '# ...'")
    first = " ".join(rest.strip().split("\n\n")[0].split()).removeprefix(QUESTION)
    sentence = re.split(r"(?<=[.?!]) (?=[A-Z`])", first)[0].replace("`", "")
    return head[2:].strip(), sentence[:1].upper() + sentence[1:]


def from_markdown(markdown: str) -> str:
    """Turn Markdown into HTML with headings that can be linked to.

    Examples
    --------
    >>> from_markdown("## One clock")
    '<h2 id="One-clock">One clock</h2>'
    """
    return _md(markdown)


def _md(markdown: str) -> str:
    from nbconvert.filters import markdown2html

    # A dollar sign is money here, and begins no formula.
    plain = re.sub(r"(`+[^`]*`+)|\$", lambda m: m[1] or "&#36;", markdown)
    made = markdown2html(plain)
    return HEADING.sub(r'<h\1 id="\2">\3</h\1>', made).strip()


def _code(source: str) -> str:
    from nbconvert.filters import Highlight2HTML

    made = Highlight2HTML(pygments_lexer="python")(source).strip()
    return f'<div class="code">{made}</div>'


def _output(output: Any, stem: str, number: int) -> str:
    if output.output_type == "stream":
        return _printed(output.text)
    data = output.data
    if "text/html" in data:
        made = data["text/html"]
        if "data-sliders" in made:
            return made
        name = f"Table {number}"
        found = re.search(r"<table.*</table>", made, re.S)
        if found is None:
            return made
        notes = "".join(f'<p class="small">{n}</p>' for n in re.findall(r"<p>(.*?)</p>", made))
        return _table(found[0], name) + notes
    if "image/png" in data:
        return _figure(data["image/png"], output.metadata.get("image/png", {}), stem)
    return _printed(data["text/plain"])


def _printed(text: str) -> str:
    # What may be wider than the page takes the keyboard, and has a name.
    box = '<pre role="region" aria-label="Printed" tabindex="0">'
    return f'<div class="printed">{box}{html.escape(text.rstrip())}</pre></div>'


def _figure(png: str, said: Any, stem: str) -> str:
    alt = said.get("alt", "")
    if not alt:
        raise DataError(f"{stem}: a figure without words; expected what plot functions return")
    packed = "".join(png.split())
    wide, high = struct.unpack(">II", base64.b64decode(packed[:64])[16:24])
    size = f'width="{wide // SHARP}" height="{high // SHARP}"'
    words = html.escape(said.get("description", alt))
    return (
        f'<figure><img src="data:image/png;base64,{packed}" alt="{_safe(alt)}" {size}>'
        f"<details><summary>The figure in words</summary><p>{words}</p></details></figure>"
    )


@dataclass(slots=True)
class _Row:
    head: bool
    cells: list[tuple[str, dict[str, str], str]] = field(default_factory=list)


class _Rows(HTMLParser):
    """Rows of a table as pandas and the results of the package write it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.rows: list[_Row] = []
        self.caption = ""
        self.head = False
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("thead", "tbody"):
            self.head = tag == "thead"
        elif tag == "tr":
            self.rows.append(_Row(self.head))
        elif tag in ("th", "td"):
            kept = {k: v for k, v in attrs if k in ("colspan", "rowspan") and v}
            self.rows[-1].cells.append((tag, kept, ""))
            self.inside = tag
        elif tag == "caption":
            self.inside = tag
        elif self.inside:
            self._add(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""
        elif self.inside:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, text: str) -> None:
        if self.inside == "caption":
            self.caption += text
        elif self.inside:
            tag, attrs, held = self.rows[-1].cells[-1]
            self.rows[-1].cells[-1] = (tag, attrs, held + text)


def _table(made: str, name: str) -> str:
    """Write a table anew: numbers to the right, blanks as a dash, heads that say of what."""
    parser = _Rows()
    parser.feed(made)
    head = [row for row in parser.rows if row.head]
    body = [row for row in parser.rows if not row.head]
    if not body:
        return f'<p class="small">{parser.caption or "No rows."}</p>'
    _join_heads(head)
    _drop_numbering(head, body)
    numeric, wordy = _numeric(body), _wordy(body)
    lines = [f"<caption>{parser.caption}</caption>"] if parser.caption else []
    lines += ["<thead>", *[_head_row(row, numeric) for row in head], "</thead>", "<tbody>"]
    lines += [
        *[_body_row(*row, numeric, wordy) for row in zip(body, _columns(body), strict=True)],
        "</tbody>",
    ]
    label = html.unescape(re.sub(r"<[^>]+>", "", parser.caption)) or name
    look = "table long" if len(body) > LONG else "table"
    box = f'<div class="{look}" role="region" aria-label="{_safe(label)}" tabindex="0">'
    return f"{box}<table>{''.join(lines)}</table></div>"


def _join_heads(head: list[_Row]) -> None:
    """Two rows of heads, of which one names the index alone, are one."""
    if len(head) != 2 or len(head[0].cells) != len(head[1].cells):
        return
    pairs = list(zip(head[0].cells, head[1].cells, strict=True))
    if all(not a[2].strip() or not b[2].strip() for a, b in pairs):
        head[0].cells[:] = [b if b[2].strip() else a for a, b in pairs]
        del head[1]
    elif not any(text.strip() for _, _, text in head[1].cells[1:]):
        (tag, attrs, of), (_, _, rows) = pairs[0]
        head[0].cells[0] = (tag, attrs, f"{rows} by {of}")
        del head[1]


def _drop_numbering(head: list[_Row], body: list[_Row]) -> None:
    """Rows that are only counted, from 0, have no name."""
    firsts = [row.cells[0] if row.cells else ("td", {}, "") for row in body]
    counted = [tag == "th" and text == str(i) for i, (tag, _, text) in enumerate(firsts)]
    unnamed = all(row.cells and not row.cells[0][2].strip() for row in head)
    if body and head and unnamed and all(counted):
        for row in [*head, *body]:
            del row.cells[0]


def _columns(rows: Sequence[_Row]) -> list[list[int]]:
    """In which column each cell stands: one that spans rows pushes those below it."""
    taken: dict[int, set[int]] = {}
    found = []
    for i, row in enumerate(rows):
        places, at = [], 0
        for _, attrs, _ in row.cells:
            while at in taken.get(i, ()):
                at += 1
            wide, deep = int(attrs.get("colspan", 1)), int(attrs.get("rowspan", 1))
            for below in range(i, i + deep):
                taken.setdefault(below, set()).update(range(at, at + wide))
            places.append(at)
            at += wide
        found.append(places)
    return found


def _numeric(body: Sequence[_Row]) -> set[int]:
    """Columns that hold numbers and blanks alone."""
    texts: dict[int, list[str]] = {}
    for row, places in zip(body, _columns(body), strict=True):
        for place, (tag, _, text) in zip(places, row.cells, strict=True):
            if tag == "td" and text.strip() not in ("", *BLANK, "–", "..."):
                texts.setdefault(place, []).append(html.unescape(text.strip()))
    return {place for place, shown in texts.items() if all(map(NUMBER.fullmatch, shown))}


def _wordy(body: Sequence[_Row]) -> set[int]:
    """Columns that hold more than a few words somewhere."""
    return {
        place
        for row, places in zip(body, _columns(body), strict=True)
        for place, (_, _, text) in zip(places, row.cells, strict=True)
        if len(text.strip()) > WORDS
    }


def _head_row(row: _Row, numeric: set[int]) -> str:
    cells = []
    for i, (_, attrs, text) in enumerate(row.cells):
        more = "".join(f' {k}="{v}"' for k, v in attrs.items())
        if not text.strip():
            cells.append(f"<td{more}></td>")
        else:
            side = ' class="n"' if i in numeric else ""
            cells.append(f'<th scope="col"{side}{more}>{text}</th>')
    return f"<tr>{''.join(cells)}</tr>"


def _body_row(row: _Row, places: list[int], numeric: set[int], wordy: set[int]) -> str:
    cells = []
    for i, (tag, attrs, text) in zip(places, row.cells, strict=True):
        more = "".join(f' {k}="{v}"' for k, v in attrs.items())
        shown = text.strip()
        if tag == "th":
            name = "–" if html.unescape(shown) in BLANK else shown
            cells.append(f'<th scope="row"{more}>{name}</th>')
        elif not shown or html.unescape(shown) in (*BLANK, "–"):
            side = "none n" if i in numeric else "none"
            cells.append(f'<td class="{side}"{more}>–</td>')
        elif i in numeric:
            cells.append(f'<td class="n"{more}>{shown.replace("-", "−")}</td>')
        else:
            look = "w" if i in wordy else "d" if DATE.fullmatch(shown) else ""
            side = f' class="{look}"' if look else ""
            cells.append(f"<td{side}{more}>{shown}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _page(
    title: str, sentence: str, body: str, *, place: str, around: str = "", wide: bool = False
) -> str:
    folder = files("manias._reports").joinpath("pages")
    links = [
        f'<li><a href="#{key}">{re.sub(r"<[^>]+>", "", text)}</a></li>'
        for key, text in re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body, re.S)
    ]
    contents = f'<nav class="contents" aria-label="Contents"><ol>{"".join(links)}</ol></nav>'
    page = Template(folder.joinpath("page.html").read_text(encoding="utf-8")).substitute(
        title=_safe(title),
        description=_safe(sentence),
        style=folder.joinpath("page.css").read_text(encoding="utf-8").strip(),
        place=_safe(place),
        contents=contents if links and not wide else "",
        body=body,
        around=around,
        colophon=COLOPHON,
    )
    look = "sheet wide" if wide else "sheet with-contents" if links else "sheet"
    return page.replace('class="sheet"', f'class="{look}"', 1)


def _around(titles: Mapping[str, str], stem: str = "") -> str:
    def link(rel: str, word: str, at: int) -> str:
        other = stems[at]
        return f'<a rel="{rel}" href="{other}.html">{word}: {_safe(titles[other])}</a>'

    stems = list(titles)
    at = stems.index(stem) if stem else None
    links = [link("prev", "Before", at - 1)] if at else []
    links.append('<a href="index.html">All notebooks</a>')
    if at is not None and at + 1 < len(stems):
        links.append(link("next", "Next", at + 1))
    return f'<nav class="around" aria-label="Other pages">{"".join(links)}</nav>'


def _safe(text: str) -> str:
    return html.escape(text, quote=True)


class _Glancer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title = self.sentence = self.picture = self.alt = ""
        self.titled = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "title":
            self.titled = True
        elif tag == "meta" and given.get("name") == "description":
            self.sentence = given.get("content") or ""
        elif tag == "img" and not self.picture:
            self.picture, self.alt = given.get("src") or "", given.get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        self.titled = self.titled and tag != "title"

    def handle_data(self, data: str) -> None:
        if self.titled:
            self.title += data
