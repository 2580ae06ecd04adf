"""Rows behind a result, on tables made by hand: which, whose sources, and the weakest grade."""

import itertools

import pandas as pd
import pytest
from manias import InputError
from manias.data.library import load
from manias.data.rows import (
    Pick,
    Provenance,
    Rows,
    grade_of,
    last_known,
    merged,
    pick,
    some,
    sources_of,
    whole,
)
from manias.data.sources import weakest


def rows(*cells, table="t", labels=None, total=9, about=(), how="", **columns):
    """Rows of a table with grade and source, given as pairs."""
    frame = pd.DataFrame(cells, columns=["grade", "source"], index=labels, dtype=object)
    return Rows(
        table, "data", frame.assign(**columns), total, (), how, about, f"hash of {table}"
    )


@pytest.mark.parametrize("grades", list(itertools.product("ABJC", repeat=3)))
def test_the_weakest_of_all_grades_is_borne(grades):
    """From strong to weak: a source seen, another's word seen, our rule, memory."""
    one = rows((grades[0], "x"), (grades[1], "y"))
    other = rows((grades[2], "z"), table="u")
    wanted = max(grades, key="ABJC".index)
    assert grade_of([one, other]) == grade_of([other, one]) == weakest(grades) == wanted
    assert Provenance.of([one, other]).grade == wanted


def test_blank_grades_are_no_grades_and_no_rows_are_our_choice():
    assert grade_of([rows((None, "x"), ("B", "y"))]) == "B"
    assert grade_of([rows((None, "x"))]) == grade_of([]) == "J"
    # What went in beside the rows counts with them, and alone where there are none.
    assert Provenance.of([rows(("A", "x"))], grade="C").grade == "C"
    assert Provenance.of([rows(("C", "x"))], grade="A").grade == "C"
    assert Provenance.of([], grade="A").grade == "A"
    assert Provenance.of([]).grade == "J"


def test_sources_are_named_once_in_order_from_every_column_of_sources():
    one = rows(("A", "b; a"), ("A", None), ("A", "c"), peak_source=["a", "d ;b", None])
    assert one.sources == ("b", "a", "c", "d")
    assert sources_of([one, rows(("A", "e; a"))]) == ("b", "a", "c", "d", "e")
    made = Provenance.of([one], sources=["f", "a"], until="2026-01-31")
    assert made.sources == ("b", "a", "c", "d", "f") and made.until == "2026-01-31"
    assert made.data == {"t": "hash of t"}


def test_where_a_row_makes_several_statements_those_asked_about_count():
    columns = {"peak_grade": ["C", "J"], "peak_source": ["p", "q"], "peak_locator": ["", ""]}
    one = rows(("A", "a"), ("B", "b"), **columns)
    assert (one.grades, one.sources) == (("A", "B"), ("a", "b", "p", "q"))
    peak = rows(("A", "a"), ("B", "b"), about=("peak",), **columns)
    assert (peak.grades, peak.sources) == (("C", "J"), ("p", "q"))
    assert peak.evidence == ("peak_source", "peak_locator", "peak_grade")
    both = rows(("A", "a"), ("B", "b"), about=("", "peak"), **columns)
    assert grade_of([both]) == "C" and set(both.sources) == {"a", "b", "p", "q"}


def test_rows_of_a_table_are_brought_together_each_once():
    first = rows(("A", "a"), ("B", "b"), labels=[5, 2], how="those", about=("x",))
    second = rows(("B", "b"), ("C", "c"), labels=[2, 7], how="these", about=("y",))
    other = rows(("A", "o"), table="u")
    one, two = merged([first, other, rows(table="v"), second])
    assert one.frame.index.tolist() == [2, 5, 7]
    assert one.frame["grade"].tolist() == ["B", "A", "C"]
    assert (one.how, one.about, two.name) == ("those; these", ("x", "y"), "u")
    # One that asks about the whole row opens all of it.
    (opened,) = merged([first, rows(("C", "c"), labels=[7])])
    assert opened.about == () and opened.how == "those"
    (same,) = merged([first, first])
    assert same.how == "those" and len(same.frame) == 2
    (full,) = merged(
        [rows(("A", "a"), total=2, how="x"), rows(("A", "b"), labels=[1], total=2)]
    )
    assert full.is_whole and full.how == ""


@pytest.mark.parametrize(
    ("labels", "spans"),
    [([3], "3"), ([0, 1, 2, 5, 7, 8], "0-2,5,7-8"), ([9, 0, 8], "0,8-9"), ([], "")],
)
def test_labels_are_kept_as_stretches(labels, spans):
    part = rows(*[("A", "a")] * len(labels), labels=labels, how="h", about=("x",))
    kept = Pick.of(part)
    assert (kept.labels, kept.n, kept.total) == (spans, len(labels), 9)
    assert (kept.dataset, kept.table, kept.how, kept.about) == ("t", "data", "h", ("x",))


def test_rows_that_were_kept_are_read_again():
    table = load("us_it_investment").frame
    chosen = table.index[[0, 1, 2, 40, 77]]
    part = some("us_it_investment", chosen, "five quarters", about=("",))
    (again,) = Provenance.of([part]).rows()
    assert again.frame.index.tolist() == chosen.tolist()
    assert (again.how, again.about, again.total) == ("five quarters", ("",), len(table))
    assert not again.is_whole and whole("us_it_investment.data")[0].is_whole
    mask = table["quarter"] >= "2026Q1"
    assert some("us_it_investment", mask, "x").frame.equals(table[mask])
    with pytest.raises(InputError, match=r"table 'published.no': expected one of data"):
        whole("published.no")


def test_a_choice_of_all_rows_needs_no_words():
    dataset = load("us_it_investment")
    everything = pick(dataset, keep=pd.Series(True, dataset.frame.index), how="all of them")
    assert everything.is_whole and everything.how == ""
    head = pick(dataset, keep=dataset.frame.index < 3, how="three", about=("x",))
    assert (len(head.frame), head.total, head.how) == (3, len(dataset.frame), "three")
    assert (head.about, head.digest) == (("x",), dataset.fingerprint)
    assert head.name == "us_it_investment" and head.dataset == "us_it_investment"


def test_the_last_day_on_which_one_of_the_rows_became_known():
    table = load("us_it_investment").frame
    early, late = (
        some("us_it_investment", table["quarter"] <= q, "x") for q in ("1999Q2", "1999Q4")
    )
    assert last_known([late, early], by="observed") == "1999-12-31"
    assert last_known([early], by="observed") == "1999-06-30"
    assert last_known([early], by="published") > "1999-06-30"
    assert last_known(whole("innovations"), by="observed") == ""
    assert last_known([], by="observed") == ""
