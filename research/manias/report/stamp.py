"""What the report was made of, so that nothing is made twice; and files replaced at once."""

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.resources import files
from pathlib import Path

from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.data.library import current
from manias.documents import read
from manias.errors import DataError

_LIBRARIES = (
    *("babel", "contourpy", "cycler", "fonttools", "joblib", "kiwisolver", "lazy_loader"),
    *("llvmlite", "matplotlib", "numba", "numpy", "packaging", "pandas", "patsy", "pillow"),
    *("pylopdf-fonts-zh-cn", "pyparsing", "python-dateutil", "scikit-learn", "scipy"),
    *("seaborn", "six", "statsmodels", "threadpoolctl", "typst"),
)
_CODE = (".py", ".pyi", ".po", ".typ")
_SUFFIXES = (*_CODE, ".csv", ".json")
_FOREIGN = ("__pycache__", "node_modules")
_OUTPUT = "build"
"""Folder beside the prose into which the report is built."""
_LINEAGE = ".lineage.json"


def inputs_digest(language: str = "en") -> str:
    """Hash of everything that the report depends on: code, data, prose, libraries, machine.

    Parameters
    ----------
    language : str
        In which it is built.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> inputs_digest() == inputs_digest()
    True
    """
    here = current()
    parts = [f"language {language}", f"edition {here.edition.name}", f"lock {lock_digest()}"]
    parts += [f"{sys.implementation.name} {platform.python_version()}"]
    parts += [f"{sys.platform} {platform.machine()}"]
    roots = (files("manias"), files("manias._reports"), here.root, here.reports)
    for root in dict.fromkeys(Path(str(folder)) for folder in roots):
        parts += [f"{root.name}/{inner} {digest}" for inner, digest in _digests(root)]
    parts += _installed()
    return sha256("\n".join(parts).encode())


def lock_digest() -> str:
    """SHA-256 of the lock of a checkout; "" where the package is none.

    Returns
    -------
    str

    Examples
    --------
    >>> lock_digest() == lock_digest()
    True
    """
    lock = Path(str(files("manias"))).parents[1] / ".ci" / "lock.txt"
    return sha256(lock.read_bytes()) if lock.is_file() else ""


def code_digest() -> str:
    """Hash of code and prose, without tables, cards and forecasts.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> code_digest() == code_digest()
    True
    """
    parts = []
    for package in ("manias", "manias._reports"):
        for inner, digest in _digests(Path(str(files(package)))):
            if inner.endswith(_CODE):
                parts.append(f"{package}/{inner} {digest}")
    return sha256("\n".join(parts).encode())


def libraries() -> dict[str, str]:
    """Versions of the libraries that the bytes of the report depend on.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> "typst" in libraries()
    True
    """
    return {library: _version(library) for library in _LIBRARIES}


def _installed() -> list[str]:
    """Name and version of whatever is installed: who knows what a library calls."""
    found = set()
    for folder in sys.path:
        with suppress(OSError), os.scandir(folder or os.curdir) as entries:
            found |= {entry.name for entry in entries if entry.name.endswith(".dist-info")}
    return sorted(found)


def _version(library: str) -> str:
    """Version of a library; importlib.metadata parses all that is said of it to tell it."""
    try:
        lines = (distribution(library).read_text("METADATA") or "").splitlines()
        told = next((line for line in lines if line.startswith("Version: ")), None)
        return told.removeprefix("Version: ") if told else version(library)
    except PackageNotFoundError:
        return "absent"


def _digests(root: Path) -> Iterator[tuple[str, str]]:
    """Paths below a folder, and the hashes of their files, in their order."""
    for path in sorted(_below(root)):
        inner = path.removeprefix(f"{root}{os.sep}").replace(os.sep, "/")
        with open(path, "rb") as file:
            yield inner, sha256(file.read())


def _below(folder: Path | str) -> Iterator[str]:
    """Paths of the files of a folder on which something may depend."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _FOREIGN:
                continue
            if entry.is_dir():
                if entry.name != _OUTPUT or not _has_prose(folder):
                    yield from _below(entry.path)
            elif entry.name.endswith(_SUFFIXES) and not entry.name.endswith(_LINEAGE):
                yield entry.path


def _has_prose(folder: Path | str) -> bool:
    return os.path.isfile(os.path.join(folder, "report.typ"))


def is_fresh(output: Path, digest: str) -> bool:
    """Whether a file, and its lineage, are those that these inputs made, unchanged since.

    Parameters
    ----------
    output : Path
    digest : str
        What `inputs_digest` returns now.

    Returns
    -------
    bool
    """
    try:
        made = (output.read_bytes(), lineage_of(output).read_bytes())
        return read(_note(output)) == _stamp(digest, *made)
    except (OSError, DataError):
        return False


def write_stamp(output: Path, digest: str, made: bytes, lineage: bytes) -> None:
    """Note beside a file what made it.

    Parameters
    ----------
    output : Path
        The finished file.
    digest : str
        What `inputs_digest` returned before it was made.
    made, lineage : bytes
        What was built: another may have written to the same place since.
    """
    note = _stamp(digest, made, lineage)
    write_atomically(_note(output), (json.dumps(note, indent=1) + "\n").encode())


def lineage_of(output: Path) -> Path:
    """Where the lineage of what a report prints is kept.

    Parameters
    ----------
    output : Path

    Returns
    -------
    Path

    Examples
    --------
    >>> lineage_of(Path("manias.zh.pdf")).name
    'manias.zh.lineage.json'
    """
    return output.with_suffix(_LINEAGE)


def _stamp(digest: str, made: bytes, lineage: bytes) -> dict[str, str]:
    return {"inputs": digest, "output": sha256(made), "lineage": sha256(lineage)}


def _note(output: Path) -> Path:
    return output.with_name(f".{output.name}.stamp.json")
