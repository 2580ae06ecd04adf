"""Write the page: one file that holds the record, the programs and their licences."""

import base64
import hashlib
import html
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from manias.data.files import write_atomically
from manias.errors import DataError
from manias.explore.payload import Json, payload
from manias.language.editions import ENGLISH, Language, read_language

LARGEST = 2_500_000
"""Most bytes of the page."""
BUNDLE = ("explore.js", "licences.txt")
TITLES = {
    "en": "manias: do today's AI capital-expenditure trajectories resemble past bubbles?",
    "zh": "manias：今天人工智能的资本开支轨迹像过去的泡沫吗？",
}
QUIET = {
    "en": "This page needs JavaScript to draw and to count; its answer stands above.",
    "zh": "本页需要JavaScript来绘图和计数；答案见上。",
}


def bundle() -> Traversable:
    """Folder of the built programs.

    Returns
    -------
    directory
    """
    return files("manias.explore").joinpath("web", "dist")


def read_bundle(folder: Traversable | None = None) -> tuple[str, str, str]:
    """Read the script, the licences of what is in it, and the style.

    Parameters
    ----------
    folder : directory, optional
        `bundle` by default.

    Returns
    -------
    script, licences, style : str

    Raises
    ------
    DataError
        If the script was not built, which names the command that does it.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_bundle(Path("nowhere"))
    Traceback (most recent call last):
    manias.errors.DataError: explore: nowhere/explore.js is missing; `make explore` builds it
    """
    folder = bundle() if folder is None else folder
    texts = []
    for name in (*BUNDLE, "style.css"):
        file = folder.joinpath(name)
        if not file.is_file():
            raise DataError(f"explore: {file} is missing; `make explore` builds it")
        texts.append(file.read_text(encoding="utf-8"))
    return texts[0], texts[1], texts[2]


def write_page(language: str = "en", *, known: Json | None = None) -> str:
    """Write the page as one text.

    Parameters
    ----------
    language : str
        One of `manias.language.editions.languages`.
    known : dict, optional
        As `manias.explore.payload.payload`, which is called by default.

    Returns
    -------
    str
        HTML that asks for nothing: its policy forbids every request, and its programs run by
        their hash alone.

    Raises
    ------
    DataError
        If the programs were not built, or the page is larger than `LARGEST`.
    """
    script, licences, style = read_bundle()
    said: Language = ENGLISH if language == "en" else read_language(language)
    known = payload(said) if known is None else known
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{mark}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    answer = known["answer"]
    page = "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-CN" if said.code == "zh" else "en"}">',
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">',
            '<link rel="icon" href="data:,">',
            f"<title>{html.escape(TITLES[said.code])}</title>",
            f"<style>{style}</style>",
            f'<script type="application/json" id="record">{as_json(known)}</script>',
            f'<script type="text/plain" id="licences">{within_script(licences)}</script>',
            f"<main><h1>{html.escape(TITLES[said.code])}</h1>",
            f"<p>{html.escape(answer['resemblance'])}</p>",
            f"<p>{html.escape(answer['followed'])}</p>",
            f"<noscript><p>{QUIET[said.code]}</p></noscript></main>",
            f"<script>{script}</script>",
            "</html>",
            "",
        ]
    )
    if (size := len(page.encode())) > LARGEST:
        raise DataError(f"explore: the page has {size:,} bytes; expected {LARGEST:,} at most")
    return page


def as_json(value: object) -> str:
    """JSON that may stand inside a script element, whatever its texts hold.

    Parameters
    ----------
    value : plain values

    Returns
    -------
    str

    Examples
    --------
    >>> as_json({"a": "</script><b>"})
    '{"a":"\\\\u003c/script>\\\\u003cb>"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    marks = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    for mark, escaped in marks.items():
        text = text.replace(mark, escaped)
    return text


def within_script(text: str) -> str:
    """Plain text that may stand inside a script element.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> within_script("a <script> b")
    'a < script> b'
    """
    return (
        text.replace("<script", "< script")
        .replace("</script", "< /script")
        .replace("<!--", "< !--")
    )


def save_page(path: Path, language: str = "en") -> int:
    """Write the page to a file.

    Parameters
    ----------
    path : Path
        Replaced atomically. Folders are made.
    language : str

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    DataError
        As `write_page`.
    """
    data = write_page(language).encode("utf-8")
    write_atomically(path, data)
    return len(data)
