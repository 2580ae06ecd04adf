"""Execute notebooks from clean and write them as HTML that repeats byte for byte."""

from pathlib import Path

from manias.data.files import write_atomically
from manias.errors import DataError


def execute_to_html(path: Path, output: Path) -> Path:
    """Run a notebook in a fresh kernel and write it with its results.

    Parameters
    ----------
    path : Path
        The ``.ipynb``; it is not changed.
    output : Path
        The HTML; replaced atomically.

    Returns
    -------
    Path
        ``output``.

    Raises
    ------
    DataError
        If a cell fails, or the extra ``docs`` is not installed.
    """
    write_atomically(output, to_html(execute(path)).encode("utf-8"))
    return output


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
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as error:
        raise DataError(f"{error.name} is not installed; expected manias[docs]") from None
    book = nbformat.read(path, as_version=4)
    try:
        NotebookClient(book, timeout=120, kernel_name="python3").execute()
    except CellExecutionError as error:
        raise DataError(f"{path.name}: {error.ename}: {error.evalue}") from None
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    return book


def to_html(book) -> str:
    """Write an executed notebook as one self-contained page.

    Parameters
    ----------
    book : nbformat.NotebookNode

    Returns
    -------
    str
    """
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="basic").from_notebook_node(book)[0]
