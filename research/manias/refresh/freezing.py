"""Freeze an edition: tables, cards and the report as they stand, with what made them."""

import datetime
import json
import platform
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from manias.data.arguments import checked
from manias.data.editions import (
    NOTE,
    Edition,
    edition_in_use,
    edition_name,
    editions_folder,
    read_edition,
)
from manias.data.files import flush, temporary_folder, write_atomically
from manias.data.fingerprint import sha256
from manias.data.library import Library
from manias.errors import DataError, InputError
from manias.refresh.run import copy_of, files_of
from manias.report.build import build
from manias.report.stamp import code_digest, libraries, lineage_of, lock_digest


@checked
def freeze_edition(
    name: str,
    *,
    languages: Sequence[str] = ("en",),
    progress: Callable[[str], None] = lambda _: None,
) -> Edition:
    """Keep the tables and cards in use, and the report that follows from them, under a name.

    Parameters
    ----------
    name : str
        A name that is not taken.
    languages : sequence of str
        In which the report is built and kept.
    progress : callable
        Told in a few words what is being done.

    Returns
    -------
    Edition
        Its note names the revision of the code, the hash of the code, of the lock of the
        environment where it is a checkout, the versions of the libraries, and the SHA-256 of
        every file and of each PDF.

    Raises
    ------
    InputError
        If the name is taken or no name, or the place cannot be written.
    DataError
        If the report cannot be built from the edition in use.

    Examples
    --------
    >>> freeze_edition("2026-11").note["pdf"]["en"]["sha256"]  # doctest: +SKIP
    """
    home = editions_folder()
    if (home / edition_name(name)).exists():
        raise InputError(f"edition {name!r}: expected a name that is not taken")
    base = edition_in_use()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{home}: cannot be written ({error.strerror})") from None
    try:
        with temporary_folder(home) as place:
            edition = copy_of(base, place)
            pdfs = {}
            for language in languages:
                progress(f"building the report, {language}")
                with Library(edition).open():
                    path = build(place / pdf_name(language), language, progress=progress)
                pdfs[language] = {"file": path.name, "sha256": sha256(path.read_bytes())}
                lineage_of(path).unlink()
            note = {
                "made": datetime.date.today().isoformat(),
                "how": "frozen",
                "base": base.name,
                "revision": revision(),
                "code": code_digest(),
                "lock": lock_digest(),
                "python": platform.python_version(),
                "libraries": libraries(),
                "pdf": pdfs,
                "files": files_of(place),
            }
            write_atomically(place / NOTE, (json.dumps(note, indent=1) + "\n").encode())
            flush(place)
            place.rename(home / name)
    except OSError as error:
        where = error.filename or home
        raise DataError(f"{where}: {error.strerror or error}; nothing was frozen") from None
    return read_edition(name)


def pdf_name(language: str) -> str:
    """File name of the report in a language."""
    return "manias.pdf" if language == "en" else f"manias.{language}.pdf"


def revision() -> str:
    """Revision of the code: that of the checkout, with a mark where it was edited since.

    Returns
    -------
    str
        Forty hexadecimal digits, or ``version X`` where the package is no checkout.
    """
    root = Path(str(files("manias"))).parents[1]
    with suppress(OSError, subprocess.SubprocessError):
        if (root / ".git").exists():
            asked = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty"]
            said = subprocess.run(
                [*asked, "--exclude=*"], capture_output=True, text=True, check=True, timeout=30
            )
            return said.stdout.strip()
    return f"version {version('manias')}"
