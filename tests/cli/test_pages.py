"""Pages stand alone, can be read by all, and show tables as they are."""

import base64
import re

import nbformat
import pandas as pd
import pytest
from manias import DataError, count_verdicts
from manias.cli.pages import Glance, document_page, glance, index_page, notebook_page, told


def book(*outputs, first="# A title\n\nOne question: is it so? Yes.\n\n## A part"):
    code = nbformat.v4.new_code_cell("x = 1  # <b>")
    code.outputs = [
        nbformat.v4.new_output("execute_result", data=data, metadata=meta)
        for data, meta in outputs
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(first), code])


def table(frame, **options):
    page = notebook_page(book(({"text/html": frame.to_html(**options)}, {})), "01_x")
    return re.search(r"<table>.*?</table>", page, re.S)[0]


PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (1300).to_bytes(4, "big")
    + (580).to_bytes(4, "big")
    + b"\0" * 40
)


def test_a_page_has_a_title_contents_and_neighbours(checked):
    page = notebook_page(
        book(), "02_b", titles={"01_a": "An a", "02_b": "A title", "03_c": "A <c>"}
    )
    checked(page)
    assert "<title>A title · manias</title>" in page and "notebook 2 of 3" in page
    assert '<a href="#A-part">A part</a>' in page and '<h2 id="A-part">A part</h2>' in page
    assert (
        'href="01_a.html">Before: An a</a>' in page
        and 'href="03_c.html">Next: A &lt;c&gt;</a>' in page
    )
    assert "&lt;b&gt;" in page and "<b>" not in page
    found = glance(page, "02_b")
    assert (found.title, found.sentence, found.picture) == ("A title", "Is it so?", "")


def test_a_picture_is_sized_for_fine_screens_and_said_in_words(checked):
    data = {"image/png": base64.b64encode(PNG).decode(), "text/plain": "<Figure>"}
    said = {"image/png": {"alt": 'A "line"', "description": "From 1 to 2 < 3."}}
    page = notebook_page(book((data, said)), "01_x")
    checked(page)
    assert 'alt="A &quot;line&quot;" width="650" height="290"' in page
    assert "<summary>The figure in words</summary><p>From 1 to 2 &lt; 3.</p>" in page
    assert glance(page, "01_x").alt == 'A "line"'
    index = index_page(
        [glance(page, "01_x")], [Glance("codebook", "Codebook", "What is held.")]
    )
    checked(index, among={"index", "01_x", "codebook"})
    assert 'alt="A &quot;line&quot;"' in index and "What is held." in index
    with pytest.raises(DataError, match="01_x: a figure without words"):
        notebook_page(book((data, {})), "01_x")


def test_numbers_stand_right_and_what_is_not_known_is_a_dash():
    frame = pd.DataFrame(
        {"name": ["a", None], "n": [-1.5, float("nan")], "at": ["2001-05", "x"]}
    )
    made = table(frame)
    assert '<th scope="col">name</th><th scope="col" class="n">n</th>' in made
    assert '<td>a</td><td class="n">−1.5</td><td class="d">2001-05</td>' in made
    assert '<td class="none">–</td><td class="none n">–</td><td>x</td>' in made
    assert ">0<" not in made and ">1<" not in made and "NaN" not in made


def test_names_of_rows_stay_and_heads_are_one():
    frame = pd.DataFrame({"n": [1, 2]}, pd.Index(["a", "b"], name="what"))
    assert '<tr><th scope="col">what</th><th scope="col" class="n">n</th></tr>' in table(frame)
    wide = frame.rename_axis(columns="side")
    assert '<th scope="col">what by side</th>' in table(wide)
    assert '<th scope="row">5</th>' in table(pd.DataFrame({"n": [1]}, [5]))


def test_cells_below_one_that_spans_rows_keep_their_columns():
    index = pd.MultiIndex.from_tuples(
        [("a", "x"), ("a", "y"), ("b", "x")], names=["one", "two"]
    )
    made = table(pd.DataFrame({"n": [1, 2, None], "word": ["u", "v", "w"]}, index))
    assert made.count('<td class="n">') == 2 and made.count('<td class="none n">–</td>') == 1
    assert [f"<td>{word}</td>" in made for word in "uvw"] == [True] * 3
    assert '<th scope="row" rowspan="2">a</th>' in made


def test_a_result_without_rows_is_a_sentence_not_a_box():
    empty = "<table><caption>Nothing was dated.</caption><thead></thead><tbody></tbody></table>"
    page = notebook_page(book(({"text/html": empty}, {})), "01_x")
    assert '<p class="small">Nothing was dated.</p>' in page and "<table" not in page


def test_a_result_of_the_package_becomes_a_table_with_its_name(checked):
    count = count_verdicts()
    page = notebook_page(book(({"text/html": count._repr_html_()}, {})), "01_x")
    checked(page)
    assert "<caption>VerdictCount: " in page and f'<td class="n">{count.total}</td>' in page


def test_long_tables_scroll_in_their_box():
    long = pd.DataFrame({"n": range(40)})
    page = notebook_page(book(({"text/html": long.to_html()}, {})), "01_x")
    assert 'class="table long"' in page and page.count("<tr>") == 41


def test_a_document_has_its_tables_too(checked):
    page = document_page(
        "# Book\n\nIt says.\n\n## t\n\n| a | b |\n|---|---|\n| x | 5 $ |\n\n`$x` and $y",
        place="p",
        sentence="s",
    )
    checked(page)
    assert "<td>x</td>" in page and "<td>5 $</td>" in page and 'content="s"' in page
    assert "<code>$x</code> and $y" in page


def test_a_notebook_without_a_title_is_named():
    with pytest.raises(DataError, match=r"01_x: begins with 'text'; expected a title"):
        notebook_page(book(first="text"), "01_x")
    assert told("# T\n\nOne question: `a` or b? Yes.", "x") == ("T", "A or b?")
