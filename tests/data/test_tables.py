"""Tables against their descriptors, and every way in which one can be damaged."""

import csv
import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias import DataError, InputError, load, names
from manias.data.calendar import last_day
from manias.data.cells import _read_cells
from manias.data.descriptors import _content, _descriptor
from manias.data.fingerprint import changed_row, column_checksum
from manias.data.sources import GRADES, read_sources, weakest
from manias.data.tables import _sealed, _typed, grade_shares
from manias.data.validation import check, seal

ROOT = Path(__file__).resolve().parents[2]
NAMES = names()
DATASETS = files("manias._datasets")
CELLS = st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=1, max_size=60)


@pytest.mark.parametrize("name", NAMES)
def test_table_agrees_with_its_descriptor(name):
    assert check(name) == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_source_and_grade(name):
    dataset = load(name)
    for table in dataset.tables.values():
        assert {"source", "locator", "grade"} <= set(table.columns)
        graded = table[table["grade"].isin(["A", "B"])]
        assert graded["source"].notna().all() and graded["locator"].notna().all()
    assert dataset.sources
    assert sum(grade_shares(dataset).values()) == pytest.approx(1)


def test_no_source_is_an_orphan():
    used = {key for name in NAMES for key in load(name).sources_by_id()}
    assert used == set(read_sources())


def test_the_list_of_innovations_has_the_published_length_and_span():
    frame = load("innovations").frame
    assert len(frame) == load("published").frame.set_index("id")["value"]["sorescu-innovations"]
    assert frame["commercialised"].between(1825, 2000).all()


def damage(folder, row, column, value):
    path = folder / "data.csv"
    rows = list(csv.reader(path.open(newline="")))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "expected"),
    [
        ("innovations", 7, "commercialised", "about 1860", "a whole number"),
        ("innovations", 7, "commercialised", "1760", "1825 to 2000"),
        ("innovations", 9, "id", "", "a value"),
        ("innovations", 9, "verdict", "perhaps", "one of boom_and_bust"),
        ("innovations", 12, "grade", "D", "one of A, B, J, C"),
        ("innovations", 12, "source", "nobody1900", "keys of sources.json"),
        ("innovations", 12, "peak", "spring 1890", "YYYY-MM"),
        ("us_industries", 40001, "return", "0,5", "a number"),
        ("us_industries", 40001, "month", "1999-13", "a month, YYYY-MM"),
        ("us_it_investment", 5, "quarter", "1995-Q4", "a quarter, YYYYQn"),
        ("ai_capex", 30, "period_end", "2019-02-30", "a day that exists"),
        ("uk_macro", 3, "year", "18261", "a year, YYYY"),
    ],
)
def test_a_damaged_cell_is_named(tables, manias_command, name, row, column, value, expected):
    damage(tables / name, row, column, value)
    found = check(name, tables)
    hits = [p for p in found if (p.row, p.column) == (row, column) and expected in p.expected]
    assert hits and hits[0].file == f"{name}/data.csv" and hits[0].value == value
    with pytest.raises(DataError, match=rf"{name}/data.csv, row {row}, column {column}: "):
        load(name, tables)


def test_a_plausible_change_is_located_by_the_hash(tables, manias_command):
    damage(tables / "us_industries", 31415, "return", "12.34")
    done = manias_command("data", "check", "--root", tables, "--json")
    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    assert [(p["file"], p["row"], p["column"], p["value"]) for p in problems] == [
        ("us_industries/data.csv", 31415, "return", "12.34")
    ]


def test_a_doubled_key_is_named(tables):
    damage(tables / "innovations", 4, "id", "railroads-us")
    found = check("innovations", tables)
    assert any(p.row == 4 and p.column == "id" and "each key once" in p.expected for p in found)


def test_a_tampered_hash_is_named(tables):
    path = tables / "shiller" / "datapackage.json"
    text = json.loads(path.read_text())
    text["resources"][0]["hash"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(text))
    (problem,) = check("shiller", tables)
    assert problem.file == "shiller/data.csv" and "hash" in problem.expected


def test_lost_rows_headers_and_cells_are_named(tables):
    path = tables / "uk_macro" / "data.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    assert any("rows" in p.expected for p in check("uk_macro", tables))
    path.write_text("".join(["a,b\n", *lines[1:]]))
    assert check("uk_macro", tables)[0].row == 1
    path.write_text("".join([*lines[:3], "1827,1\n", *lines[4:]]))
    assert check("uk_macro", tables)[0].row == 4
    path.write_bytes(b"\xff\xfe")
    assert "UTF-8" in check("uk_macro", tables)[0].expected
    path.unlink()
    assert "readable" in check("uk_macro", tables)[0].expected


def test_a_broken_descriptor_is_a_problem_not_a_crash(tables):
    (tables / "uk_macro" / "datapackage.json").write_text("{")
    (problem,) = check("uk_macro", tables)
    assert "datapackage.json" in problem.file
    with pytest.raises(DataError, match=r"uk_macro/datapackage\.json: .* expected JSON"):
        load("uk_macro", tables)


def test_a_correction_is_applied_and_must_still_match(tables):
    folder = tables / "uk_macro"
    header = "column,key,printed,used,reason,source\n"
    printed = "434.6486993051451"
    (folder / "corrections.csv").write_text(
        header + f"nominal_gdp,1826,{printed},434.7,rounded for the test,boe2017millennium\n"
    )
    with pytest.raises(DataError, match="'not sealed'; expected its hash"):
        load("uk_macro", tables)
    seal(folder)
    frame = load("uk_macro", tables).frame.set_index("year")
    assert frame.loc["1826", "nominal_gdp"] == 434.7
    (folder / "corrections.csv").write_text(
        header + "nominal_gdp,1826,999,434.7,no such print,boe2017millennium\n"
    )
    with pytest.raises(DataError, match="expected the hash in datapackage"):
        load("uk_macro", tables)
    seal(folder)
    with pytest.raises(DataError, match=f"row 2, column printed: '999'; .*{printed}"):
        load("uk_macro", tables)
    assert any("corrections.csv" in p.file for p in check("uk_macro", tables))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nominal_gdp,1826,434.6486993051451,abc,x,boe2017millennium", "expected a number"),
        ("grade,1826,B,Z,x,boe2017millennium", "expected one of A, B, J, C"),
        ("nominal_gdp,1826,434.6486993051451,1,x,nobody", "expected keys of sources.json"),
        ("nominal_gdp,1826,434.6486993051451,1,,boe2017millennium", "expected a value"),
        ("nominal_gdp,999,1,1,x,boe2017millennium", "expected the key of one row"),
        ("gdp,1826,1,1,x,boe2017millennium", "expected one of year"),
        ("nominal_gdp,1826", "expected 6 cells"),
    ],
)
def test_a_correction_that_is_wrong_is_named(tables, line, words):
    folder = tables / "uk_macro"
    (folder / "corrections.csv").write_text(f"column,key,printed,used,reason,source\n{line}\n")
    seal(folder)
    with pytest.raises(DataError, match=rf"uk_macro/corrections\.csv.*, row \d.*{words}"):
        load("uk_macro", tables)
    assert any(words in str(p) for p in check("uk_macro", tables))


def test_corrections_that_went_missing_are_named(tables):
    folder = tables / "uk_macro"
    line = "nominal_gdp,1826,434.6486993051451,434.7,x,boe2017millennium\n"
    (folder / "corrections.csv").write_text(f"column,key,printed,used,reason,source\n{line}")
    seal(folder)
    (folder / "corrections.csv").unlink()
    with pytest.raises(DataError, match=r"uk_macro/corrections\.csv: cannot be read"):
        load("uk_macro", tables)


def test_sealing_makes_an_intended_edit_whole(tables):
    damage(tables / "uk_macro", 3, "nominal_gdp", "435")
    assert check("uk_macro", tables)
    seal(tables / "uk_macro")
    assert check("uk_macro", tables) == ()
    assert not list((tables / "uk_macro").glob("*.new"))


def test_an_unknown_table_is_named():
    with pytest.raises(InputError, match="dataset 'nothing': expected one of ai_capex"):
        load("nothing")


def test_tables_are_found_wherever_the_caller_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "innovations" in names()


@given(CELLS, st.data())
def test_one_changed_cell_is_always_located(cells, data):
    before = column_checksum(cells)
    assert changed_row(cells, before) == 0
    row = data.draw(st.integers(0, len(cells) - 1))
    fresh = data.draw(st.text(max_size=6).filter(lambda t: t != cells[row]))
    assert changed_row([*cells[:row], fresh, *cells[row + 1 :]], before) == row + 1


@given(st.lists(st.sampled_from(list(GRADES)), min_size=1))
def test_weakest_grade_does_not_depend_on_order_and_never_improves(grades):
    assert weakest(grades) == weakest(grades[::-1])
    assert weakest([*grades, "C"]) == "C"


def test_weakest_names_what_is_no_grade():
    with pytest.raises(InputError, match="grade 'X'"):
        weakest(["A", "X"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1999", "1999-12-31"),
        ("1999-02", "1999-02-28"),
        ("1999Q3", "1999-09-30"),
        ("1846H1", "1846-06-30"),
        ("1846/1850", "1850-12-31"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_last_day(text, day):
    assert last_day(text).date().isoformat() == day


@pytest.mark.parametrize("text", ["", "99", "1999-13", "1999Q5", "2001-02-29", "tomorrow"])
def test_a_date_that_is_none_is_named(text):
    with pytest.raises(InputError, match="expected YYYY"):
        last_day(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_sealed_table_is_read_as_its_cells_are(name):
    for resource in _descriptor(DATASETS, name)["resources"]:
        content = _content(DATASETS, name, resource)
        quickly = _sealed(content, resource)
        cells, problems = _read_cells(content, resource["path"], resource)
        slowly = _typed(cells, resource)
        assert not problems
        pd.testing.assert_frame_equal(quickly, slowly, check_exact=True)
        for column in slowly.select_dtypes(float):
            bits = (t[column].to_numpy().view("int64") for t in (quickly, slowly))
            assert np.array_equal(*bits), column


def test_a_table_whose_seal_is_wrong_is_read_cell_by_cell(tables, monkeypatch):
    read = []

    def remembered(content, resource):
        read.append(resource["path"])
        return _sealed(content, resource)

    monkeypatch.setattr("manias.data.tables._sealed", remembered)
    whole = load("proxies", tables).frame
    assert read == ["data.csv"]
    descriptor = tables / "proxies" / "datapackage.json"
    sealed = json.loads(descriptor.read_text())
    sealed["resources"][0]["checked"] = "0" * 64
    descriptor.write_text(json.dumps(sealed))
    assert load("proxies", tables).frame.equals(whole)
    sealed["resources"][0]["hash"] = f"sha256:{'0' * 64}"
    descriptor.write_text(json.dumps(sealed))
    with pytest.raises(DataError, match="the hash in datapackage"):
        load("proxies", tables)
    assert read == ["data.csv"]


def test_an_unreadable_list_of_sources_is_named(tables):
    shutil.copy(tables / "sources.json", tables / "kept.json")
    (tables / "sources.json").write_text('{"x": {"title": "t"}}')
    with pytest.raises(DataError, match=r"sources\.json: x: missing 'author'"):
        read_sources(tables)


def test_what_a_caller_does_to_a_table_stays_with_the_caller():
    frame = load("uk_macro").frame
    frame.loc[:, "nominal_gdp"] = 0.0
    assert frame["nominal_gdp"].max() == 0
    assert load("uk_macro").frame["nominal_gdp"].min() > 0


BIG = ("us_investment", "us_industries", "world_shares", "world_investment")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in BIG else ()) for name in NAMES],
)
def test_the_independent_validator_accepts_the_descriptor(name):
    from frictionless import validate

    report = validate(str(ROOT / "datasets" / name / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:3]


def test_the_codebook_is_current():
    import runpy

    made = runpy.run_path(str(ROOT / "research" / "curation" / "codebook.py"))["codebook"]()
    assert made == (ROOT / "datasets" / "README.md").read_text(encoding="utf-8"), (
        "run: python research/curation/codebook.py"
    )
