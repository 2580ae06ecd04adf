"""A figure is shown once in a notebook: as the value of a cell, in its midst, or after ;."""

import pytest

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")


@pytest.mark.slow
def test_it_is_shown_once_and_again_where_it_is_asked_for():
    cells = [
        "import manias\npath = manias.trajectory('us-it-ai')",
        "path.plot()",
        "path.plot();",
        "kept = path.plot()\nkept.axes[0].set_title('x');",
        "kept",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    shown = [sum("image/png" in o.get("data", {}) for o in c.outputs) for c in book.cells]
    assert shown == [0, 1, 1, 1, 1]
