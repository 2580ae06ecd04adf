"""What the report was made of, so that nothing is made twice; and files replaced at once."""

import json
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.data.library import current

_LIBRARIES = (
    *("babel", "matplotlib", "numpy", "pandas", "pylopdf-fonts-zh-cn", "scipy", "seaborn"),
    *("statsmodels", "typst"),
)
_SUFFIXES = (".py", ".csv", ".json", ".po", ".typ")


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
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root)
            if path.suffix in _SUFFIXES and "build" not in inner.parts:
                parts.append(f"{root.name}/{inner.as_posix()} {sha256(path.read_bytes())}")
    parts += [f"{library} {number}" for library, number in libraries().items()]
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
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "absent"
    return found


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
    for package, suffixes in (("manias", (".py",)), ("manias._reports", (".po", ".typ"))):
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*")):
            if path.suffix in suffixes and "build" not in path.relative_to(root).parts:
                inner = path.relative_to(root).as_posix()
                parts.append(f"{package}/{inner} {sha256(path.read_bytes())}")
    return sha256("\n".join(parts).encode())


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
        note = json.loads(_note(output).read_text(encoding="utf-8"))
        return note == {"inputs": digest, "output": sha256(output.read_bytes())}
    except (OSError, ValueError):
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
