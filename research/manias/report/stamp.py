"""What the report was made of, so that nothing is made twice; and files replaced at once."""

import json
import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.resources import files
from pathlib import Path

from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.data.library import current
from manias.documents import read
from manias.errors import DataError

_LIBRARIES = (
    *("babel", "matplotlib", "numpy", "pandas", "pylopdf-fonts-zh-cn", "scipy", "seaborn"),
    *("statsmodels", "typst"),
)
_CODE = (".py", ".po", ".typ")
_SUFFIXES = (*_CODE, ".csv", ".json")


def inputs_digest(language: str = "en") -> str:
    """Hash of everything that the report depends on: code, data, prose and libraries.

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
    parts = [f"language {language}", f"edition {here.edition.name}"]
    roots = (files("manias"), files("manias._reports"), here.root, here.reports)
    for root in dict.fromkeys(Path(str(folder)) for folder in roots):
        parts += [f"{root.name}/{inner} {digest}" for inner, digest in _digests(root)]
    parts += [f"{library} {number}" for library, number in libraries().items()]
    return sha256("\n".join(parts).encode())


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
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "build":
                    yield from _below(entry.path)
            elif entry.name.endswith(_SUFFIXES):
                yield entry.path


def is_fresh(output: Path, digest: str) -> bool:
    """Whether a file is the one that these inputs made, unchanged since.

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
        note = read(_note(output))
        return note == {"inputs": digest, "output": sha256(output.read_bytes())}
    except (OSError, DataError):
        return False


def write_stamp(output: Path, digest: str) -> None:
    """Note beside a file what made it.

    Parameters
    ----------
    output : Path
        The finished file.
    digest : str
        What `inputs_digest` returned before it was made.
    """
    note = {"inputs": digest, "output": sha256(output.read_bytes())}
    write_atomically(_note(output), (json.dumps(note, indent=1) + "\n").encode())


def _note(output: Path) -> Path:
    return output.with_name(f".{output.name}.stamp.json")
