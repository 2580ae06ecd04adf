"""Execute notebooks from clean and write them as pages that repeat byte for byte."""

import os
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from manias.cli.pages import (
    SHARP,
    Glance,
    document_page,
    glance,
    index_page,
    notebook_page,
    told,
)
from manias.data.files import temporary_folder, write_atomically
from manias.documents import Schema, listed, read, record
from manias.errors import DataError

BOOK = Schema(
    record(
        {
            "cells": listed(
                record(
                    {"source": {"type": ["array", "string"], "description": "lines of text"}},
                    more=True,
                )
            )
        },
        more=True,
    )
)
"""What is read of a notebook before it is run."""

DOCUMENTS = {
    "codebook": ("README.md", "What each table holds, column by column, with its grades."),
    "codebook_of_covariates": (
        "covariates/CODEBOOK.md",
        "By which anchors innovations were coded.",
    ),
    "rule_of_inclusion": (
        "innovations/INCLUSION.md",
        "Which innovations are on the list, and which are not.",
    ),
    "rule_of_later_booms": (
        "later_market/RULE.md",
        "Which series of share prices stands for which later boom.",
    ),
}
"""Documents on the tables that are written as pages beside the notebooks; what is in them."""
DOTS = 100
"""Dots an inch of a figure in a notebook, as matplotlib has it."""


def shipped() -> Path:
    """Folder of the notebooks that come with the package.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If the package was installed without them.

    Examples
    --------
    >>> shipped().joinpath("01_aligning_manias.ipynb").is_file()
    True
    """
    try:
        return Path(str(files("manias._notebooks")))
    except ModuleNotFoundError:
        raise DataError(
            "no notebooks in this installation; expected the package installed anew, or "
            "--folder"
        ) from None


def write_pages(
    chosen: Sequence[Path],
    output: Path,
    *,
    every: Sequence[Path],
    progress: Callable[[str], None] = lambda text: None,
) -> list[Path]:
    """Execute notebooks, write a page of each, and those on the tables and the index.

    Parameters
    ----------
    chosen : sequence of Path
        Notebooks to execute; none is changed.
    output : Path
        Folder of the pages; each is replaced atomically.
    every : sequence of Path
        All notebooks in their order. The index shows those whose pages stand in ``output``.
    progress : callable
        Told before each notebook.

    Returns
    -------
    list of Path
        Pages of the notebooks, and last the index.

    Raises
    ------
    DataError
        If a cell fails, a notebook has no title, or the extra ``docs`` is not installed.
    """
    titles = {path.stem: _title(path) for path in every}
    written = []
    for path in chosen:
        progress(f"executing {path.name}")
        made = notebook_page(execute(path), path.stem, titles=titles)
        written.append(_write(output, path.stem, made))
    about = []
    for stem, (name, said) in DOCUMENTS.items():
        text = files("manias._datasets").joinpath(*name.split("/")).read_text("utf-8")
        about.append(Glance(stem, told(text, name)[0], said))
        _write(output, stem, document_page(text, place="on the tables", sentence=said))
    pages = [(stem, output / f"{stem}.html") for stem in titles]
    glances = [glance(p.read_text(encoding="utf-8"), s) for s, p in pages if p.is_file()]
    return [*written, _write(output, "index", index_page(glances, about))]


def _title(path: Path) -> str:
    cells = read(path, BOOK)["cells"]
    return told("".join(cells[0]["source"]) if cells else "", path.name)[0]


def _write(folder: Path, stem: str, page: str) -> Path:
    path = folder / f"{stem}.html"
    write_atomically(path, page.encode("utf-8"))
    return path


def execute(path: Path):
    """Run a notebook in a fresh kernel.

    Parameters
    ----------
    path : Path

    Returns
    -------
    nbformat.NotebookNode
        With outputs, without time stamps.

    Raises
    ------
    DataError
        If a cell fails, or the extra ``docs`` is not installed.
    """
    try:
        import nbconvert  # noqa: F401
        import nbformat
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as error:
        raise DataError(f"{error.name} is not installed; expected manias[docs]") from None
    book = nbformat.read(path, as_version=4)
    with temporary_folder() as room:
        # Between processes of one user nothing need go over the network.
        local = {"transport": "ipc", "ip": f"{room}/k"} if os.name == "posix" else {}
        manager = AsyncKernelManager(kernel_name="python3", **local)
        drawn = {"bbox_inches": "tight", "dpi": SHARP * DOTS}
        client = NotebookClient(
            book,
            km=manager,
            timeout=120,
            extra_arguments=[f"--InlineBackend.print_figure_kwargs={drawn}"],
        )
        try:
            client.execute(cleanup_kc=True)
        except CellExecutionError as error:
            raise DataError(f"{path.name}: {error.ename}: {error.evalue}") from None
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    return book
