"""Notebooks run from clean, in order, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from manias import DataError
from manias.cli.notebook import execute, to_html

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_kept_without_outputs_and_with_stable_ids(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert [cell.id for cell in book.cells] == [str(i) for i in range(len(book.cells))]
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
            assert not cell.source.lstrip().startswith(("def ", "class ", "!", "%"))


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.slow if i else ()) for i, p in enumerate(NOTEBOOKS)],
    ids=lambda p: p.stem,
)
def test_runs_from_clean(path):
    book = execute(path)
    outputs = [o for cell in book.cells if cell.cell_type == "code" for o in cell.outputs]
    assert any("image/png" in o.get("data", {}) for o in outputs)
    assert not any(o.output_type == "error" for o in outputs)
    page = to_html(book)
    title = book.cells[0].source.splitlines()[0].removeprefix("# ")
    assert title in page and "<img" in page


def test_a_failing_cell_is_named(tmp_path):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(book, tmp_path / "bad.ipynb")
    with pytest.raises(DataError, match=r"bad\.ipynb: ZeroDivisionError"):
        execute(tmp_path / "bad.ipynb")
