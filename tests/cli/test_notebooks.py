"""Notebooks run from clean, in order, and are kept without outputs."""

import json
import re
import webbrowser
from pathlib import Path

import nbformat
import pytest
from manias import DataError
from manias.cli.notebook import DOCUMENTS, execute, shipped
from manias.cli.pages import notebook_page

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
def test_runs_from_clean(path, checked):
    book = execute(path)
    outputs = [o for cell in book.cells if cell.cell_type == "code" for o in cell.outputs]
    assert any("image/png" in o.get("data", {}) for o in outputs)
    assert not any(o.output_type == "error" for o in outputs)
    for output in outputs:
        data = output.get("data", {})
        # A reader is shown tables, figures and sentences, not the inside of a value.
        assert output.output_type == "stream" or {"text/html", "image/png"} & set(data), data
        assert output.get("name") != "stderr"
        if "image/png" in data:
            said = output.metadata["image/png"]
            assert len(said["alt"]) > 20 and len(said["description"]) > len(said["alt"])
    page = notebook_page(book, path.stem, titles={p.stem: "x" for p in NOTEBOOKS})
    title = book.cells[0].source.splitlines()[0].removeprefix("# ")
    assert f"<title>{title} · manias</title>" in page and "<img" in page
    checked(page)
    assert not re.search(r"(NaN|None|NaT)</t[dh]>|dtype:|&lt;\w+ (?:object|size)", page)


def test_a_failing_cell_is_named(tmp_path):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(book, tmp_path / "bad.ipynb")
    with pytest.raises(DataError, match=r"bad\.ipynb: ZeroDivisionError"):
        execute(tmp_path / "bad.ipynb")


@pytest.fixture
def two(tmp_path):
    """A folder with two small notebooks."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, title in (("01_first", "First"), ("02_second", "Second")):
        cells = [
            nbformat.v4.new_markdown_cell(f"# {title}\n\nOne question: is it {title}? It is."),
            nbformat.v4.new_code_cell("print(1 + 1)"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


def test_the_command_writes_pages_with_an_index_and_opens_it(
    two, tmp_path, manias_command, monkeypatch, checked
):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    out = tmp_path / "pages"
    done = manias_command("notebooks", "01", "--folder", two, "--output", out, "--open")
    assert done.returncode == 0 and opened == [(out / "01_first.html").resolve().as_uri()]
    index = (out / "index.html").read_text("utf-8")
    assert "Is it First?" in index and "02_second" not in index
    done = manias_command("notebooks", "--folder", two, "--output", out, "--open", "--json")
    written = json.loads(done.stdout)["written"]
    assert [Path(p).name for p in written] == ["01_first.html", "02_second.html", "index.html"]
    assert opened[-1] == (out / "index.html").resolve().as_uri()
    index = (out / "index.html").read_text("utf-8")
    assert index.index("Is it First?") < index.index("Is it Second?")
    pages = {p.stem: p.read_text("utf-8") for p in out.glob("*.html")}
    assert set(pages) == {"01_first", "02_second", "index", *DOCUMENTS}
    for page in pages.values():
        checked(page, among=pages)
    assert "<link" not in index and 'rel="next" href="02_second.html"' in pages["01_first"]


def test_no_browser_is_said(two, tmp_path, manias_command, monkeypatch):
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    done = manias_command("notebooks", "02", "--folder", two, "--output", "o", "--open")
    assert done.returncode == 0 and "no browser found; open " in done.stderr


def test_notebooks_of_the_package_are_the_default():
    assert sorted(p.name for p in shipped().glob("*.ipynb")) == [p.name for p in NOTEBOOKS]
