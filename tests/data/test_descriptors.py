"""Descriptors that lie: paths that lead out, patterns that hang, columns that are not there."""

import json
import os

import pytest
from manias import DataError, load
from manias.data import descriptors
from manias.data.cells import _check_cells, _read_cells
from manias.data.patterns import fits
from manias.data.rows import _labels
from manias.data.sources import read_sources
from manias.data.tables import fingerprint_of
from manias.data.validation import check, seal

NAME = "uk_macro"


def rewrite(tables, change):
    path = tables / NAME / "datapackage.json"
    descriptor = json.loads(path.read_text())
    change(descriptor)
    path.write_text(json.dumps(descriptor))


def resource(descriptor):
    return descriptor["resources"][0]


def fields(descriptor):
    return resource(descriptor)["schema"]["fields"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: resource(d).update(path="../../../../etc/passwd"), "a file in the folder"),
        (lambda d: resource(d).update(path="/etc/passwd"), "a file in the folder"),
        (lambda d: resource(d).update(path=7), "path: 7; expected a file in the folder"),
        (lambda d: resource(d).pop("schema"), "missing 'schema'; expected an object"),
        (lambda d: d.update(resources=[]), "a list of 0; expected a list of 1 to 20 entries"),
        (lambda d: resource(d).update(name="other"), "no 'data'; expected a resource of that"),
        (lambda d: d["resources"].append(resource(d)), "'data' stands twice"),
        (lambda d: fields(d).append(fields(d)[0]), "'year' stands twice"),
        (lambda d: fields(d)[1].update(type="any"), "'any'; expected one of string, integer"),
        (lambda d: fields(d)[1].update(constraint={}), "key 'constraint'; expected one of"),
        (lambda d: resource(d)["schema"].update(primaryKey=["x"]), "'x'; expected one of year"),
        (lambda d: resource(d)["known"].update(observed="x"), "'x'; expected one of year"),
        (lambda d: resource(d)["known"].update(lag_days=-1), "a whole number, 0 or more"),
        (lambda d: resource(d).update(hash="md5:0"), "sha256: and 64 hexadecimal digits"),
        (lambda d: resource(d).update(provenance={"grade": "A"}), "'grade' is a column too"),
        (lambda d: d.update(licenses=[{"name": "other"}]), "'other' without a title"),
        (lambda d: d.update(vintage="soon"), "a day or a month"),
        (lambda d: resource(d).update(rows=10**9), "at most 2e\\+06"),
    ],
)
def test_a_descriptor_that_is_wrong_is_named(tables, change, words):
    rewrite(tables, change)
    with pytest.raises(DataError, match=rf"{NAME}/datapackage\.json: .*{words}"):
        load(NAME, tables)
    assert any(p.file == f"{NAME}/datapackage.json" for p in check(NAME, tables))


def test_a_source_of_a_whole_table_must_be_known(tables):
    path = tables / "shiller" / "datapackage.json"
    descriptor = json.loads(path.read_text())
    assert resource(descriptor)["provenance"]["source"] in read_sources(tables)
    resource(descriptor)["provenance"]["source"] = "nobody1900"
    path.write_text(json.dumps(descriptor))
    with pytest.raises(DataError, match=r"'nobody1900'; expected a key of sources\.json"):
        load("shiller", tables)
    assert any(p.value == "nobody1900" for p in check("shiller", tables))


def test_a_link_out_of_the_folder_is_refused(tables):
    outside = tables.parent / "secret.csv"
    outside.write_text("root:x:0:0\n")
    path = tables / NAME / "data.csv"
    path.unlink()
    path.symlink_to(outside)
    for reads in (lambda: load(NAME, tables), lambda: fingerprint_of(NAME, tables)):
        with pytest.raises(DataError, match=r"data\.csv: a link out of its folder") as found:
            reads()
        assert "root" not in str(found.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_the_place_of_a_table_is_refused(tables):
    path = tables / NAME / "data.csv"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DataError, match=r"data\.csv: no plain file"):
        load(NAME, tables)


def test_a_table_of_too_many_rows_is_refused_before_it_is_cut(tables, monkeypatch):
    monkeypatch.setattr(descriptors, "ROWS", 20)
    with pytest.raises(DataError, match=r"data\.csv: more than 20 rows"):
        load(NAME, tables)


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "((a{900}){900}){900}"])
def test_a_pattern_that_is_none_is_named(tables, pattern):
    rewrite(tables, lambda d: fields(d)[4].update(constraints={"pattern": pattern}))
    assert any("a regular expression of RE2" in p.value for p in check(NAME, tables))
    with pytest.raises(DataError, match=rf"{NAME}/data\.csv, column locator: pattern .*RE2"):
        load(NAME, tables)


def test_a_table_without_a_grade_is_named(tables):
    path = tables / NAME / "data.csv"
    head, *rows = path.read_text().splitlines()
    bare = [row.rpartition(",")[0] + "," for row in rows]
    path.write_text("\n".join([head, *bare, ""]))
    seal(tables / NAME)
    with pytest.raises(DataError, match=f"{NAME}: no row of data has a grade"):
        load(NAME, tables)


def test_a_pattern_is_of_the_whole_text_and_of_plain_digits():
    assert fits(r"\d+", ["12", "1 2", "٣", "12\n", ""]) == [True, False, False, False, False]
    assert fits("a|ab", ["ab", "abc"]) == [True, False]


FIELDS = [
    {"name": "n", "type": "integer"},
    {"name": "v", "type": "number", "unit": "miles"},
    {"name": "m", "type": "yearmonth"},
    {"name": "q", "type": "string", "period": "Q"},
    {"name": "d", "type": "date"},
]
MADE = {"schema": {"primaryKey": ["n"], "fields": FIELDS}}


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("1,1e999,2000-01,2000Q1,2000-01-01", "v", "a finite number"),
        (f"{'9' * 400},1,2000-01,2000Q1,2000-01-01", "n", "a whole number"),
        ("٣,1,2000-01,2000Q1,2000-01-01", "n", "a whole number"),
        ("1_0,1,2000-01,2000Q1,2000-01-01", "n", "a whole number"),
        ("1,1_0.5,2000-01,2000Q1,2000-01-01", "v", "a number"),
        ("1,1,2000-01,spring,2000-01-01", "q", "a period of the calendar"),
        ("1,1,2000-01,2000Q1,2001-02-29", "d", "a day that exists"),
        ("1,1,0000-01,2000Q1,2001-02-28", "m", "a month of the calendar"),
    ],
)
def test_a_cell_that_looks_right_and_is_no_value_is_named(row, column, expected):
    cells, wrong = _read_cells(f"n,v,m,q,d\n{row}\n".encode(), "x.csv", MADE)
    assert not wrong
    (found,) = _check_cells(cells, "x.csv", MADE, read_sources())
    assert (found.row, found.column, found.expected) == (2, column, expected)


@pytest.mark.parametrize(
    ("content", "row", "expected"),
    [
        (b"n,v,m,q,d\n1,2\r3,4,5,6,7\n", 2, "each on one line"),
        (b'n,v,m,q,d\n1,"2\n3",4,5,6\n', 2, "each cell on one line"),
        (b"n,v,m,q,d\n" + b"1" * 200_000 + b",2,3,4,5\n", 2, "at most 100,000 a line"),
        (b'n,v,m,q,d\n1,"2"x,3,4,5\n', 2, "each on one line"),
    ],
)
def test_what_is_no_plain_csv_is_named_by_its_row(content, row, expected):
    _, (found,) = _read_cells(content, "x.csv", MADE)
    assert found.row == row and expected in found.expected


def test_rows_that_no_table_has_are_not_counted_out():
    assert _labels("0-2,5") == [0, 1, 2, 5]
    with pytest.raises(DataError, match="row 999999999; expected at most"):
        _labels("0-999999999")


def test_sealing_refuses_what_the_descriptor_may_not_name(tables):
    rewrite(tables, lambda d: resource(d).update(path="../shiller/data.csv"))
    with pytest.raises(DataError, match="a file in the folder"):
        seal(tables / NAME)
