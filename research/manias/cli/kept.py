"""Answers that were printed before, so that the same question is not computed twice.

A page is kept under the hash of the question and of everything that the answer depends on: the
code, the tables, the cards and the libraries. Where no folder can be written nothing is kept.
"""

import io
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path

from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.errors import InputError
from manias.report.stamp import inputs_digest

PAGES = 64
"""Pages that are kept; the oldest go."""


class _Page(io.StringIO):
    """What is printed, for a terminal where there is one."""

    def __init__(self, shown: io.TextIOBase) -> None:
        super().__init__()
        self._shown = shown

    def isatty(self) -> bool:
        return self._shown.isatty()


def print_kept(question: tuple[object, ...], make: Callable[[], None]) -> None:
    """Print what a function prints, or what it printed when nothing was different.

    Parameters
    ----------
    question : tuple
        Everything that was asked, as plain values.
    make : callable
        Prints the answer; what it raises is raised, and nothing is kept.

    Examples
    --------
    >>> print_kept(("example", 1), lambda: print("one"))
    one
    """
    shape = [sys.stdout.isatty(), shutil.get_terminal_size().columns]

    def page() -> str:
        with redirect_stdout(_Page(sys.stdout)) as said:
            make()
        return said.getvalue()

    sys.stdout.write(kept_text((*question, shape), page))


def kept_text(question: tuple[object, ...], make: Callable[[], str]) -> str:
    """Return what a function returns, or what it returned when nothing was different.

    Parameters
    ----------
    question : tuple
        Everything that was asked, as plain values.
    make : callable
        Makes the text; what it raises is raised, and nothing is kept.

    Returns
    -------
    str

    Examples
    --------
    >>> kept_text(("example", 2), lambda: "two")
    'two'
    """
    asked = json.dumps([*question, inputs_digest()], default=str)
    folder = _folder()
    path = None if folder is None else folder / f"{sha256(asked.encode())}.txt"
    if path is not None:
        with suppress(OSError, UnicodeDecodeError):
            return path.read_text(encoding="utf-8")
    text = make()
    if path is not None:
        with suppress(OSError, InputError):
            write_atomically(path, text.encode("utf-8"))
            _prune(path.parent)
    return text


def _folder() -> Path | None:
    from platformdirs import user_cache_path

    with suppress(OSError, RuntimeError):
        return user_cache_path("manias", appauthor=False) / "answers"
    return None


def _prune(folder: Path) -> None:
    pages = sorted(folder.glob("*.txt"), key=lambda p: p.stat().st_mtime)
    for page in pages[:-PAGES]:
        page.unlink(missing_ok=True)
