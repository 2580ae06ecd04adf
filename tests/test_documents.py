"""JSON from files: plain, checked against a schema, or refused in one line."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias.documents import (
    BELOW,
    DEEPEST,
    FILE,
    Schema,
    content_of,
    listed,
    maybe,
    number,
    one_of,
    parse,
    read,
    record,
    table,
    text,
)
from manias.errors import DataError, InputError

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
SCHEMA = Schema(
    record(
        {"file": text(like=BELOW, said="a path below"), "parts": listed(number(minimum=0))},
        optional={"by": table("^[a-z]+$", maybe(text())), "how": one_of("a", "b")},
    )
)


@given(PLAIN)
def test_what_is_plain_comes_back(value):
    assert parse(json.dumps(value), "x") == value
    assert parse(json.dumps(value, ensure_ascii=False).encode(), "x") == value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Expecting value at line 1"),
        (b"{", "expected JSON"),
        (b"\xff", "no UTF-8 text"),
        (b'"\\ud800"', "no UTF-8 text"),
        (b"[NaN]", "number NaN; expected finite numbers"),
        (b"[-Infinity]", "number -Infinity; expected finite numbers"),
        (b"[1e999]", "number 1e999; expected finite numbers"),
        (b"[" + b"9" * 5_000 + b"]", "expected at most 18 digits"),
        (b'{"a": 1, "a": 2}', "key 'a' stands twice"),
        (b"[" * 100_000, "expected fewer inside each other"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "expected fewer inside each other"),
    ],
)
def test_what_is_not_plain_is_refused_in_one_line(content, words):
    with pytest.raises(DataError) as found:
        parse(content, "x.json")
    said = str(found.value)
    assert said.startswith("x.json: ") and words in said and "\n" not in said
    assert len(said) < 250


def test_what_is_nested_as_deep_as_allowed_is_read():
    assert parse("[" * DEEPEST + "]" * DEEPEST, "x")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "x: missing 'file'; expected a path below"),
        ([], "x: a list of 0; expected an object"),
        ({"file": "../a", "parts": []}, "x: file: '../a'; expected a path below"),
        ({"file": "a/../b", "parts": []}, "x: file: 'a/../b'; expected a path below"),
        ({"file": "/a", "parts": []}, "x: file: '/a'; expected a path below"),
        ({"file": "a\n", "parts": []}, "x: file: 'a\\n'; expected a path below"),
        ({"file": "a", "parts": [1, -1]}, r"x: parts[1]: -1; expected a number, 0 or more"),
        ({"file": "a", "parts": [True]}, r"x: parts[0]: true; expected a number, 0 or more"),
        ({"file": "a", "parts": {}}, "x: parts: an object of 0; expected a list of 0 to"),
        ({"file": "a", "parts": [], "z": 1}, "x: key 'z'; expected one of file, parts, by"),
        ({"file": "a", "parts": [], "by": {"A": ""}}, "x: by: key 'A'; expected an object"),
        ({"file": "a", "parts": [], "by": {"a": 1}}, "x: by.a: 1; expected a text, or null"),
        ({"file": "a", "parts": [], "how": "c"}, "x: how: 'c'; expected one of a, b"),
    ],
)
def test_place_value_and_expectation_are_named(value, words):
    with pytest.raises(InputError) as found:
        SCHEMA.check(value, "x", error=InputError)
    assert words in str(found.value)


def test_a_sound_document_passes():
    SCHEMA.check({"file": "a/b.csv", "parts": [0, 1.5], "by": {"a": None}, "how": "b"}, "x")


@pytest.mark.parametrize("name", [".", "..", ".x", "a/b", "", "a\\b", "a\n", "x" * 200])
def test_a_name_of_a_file_has_no_way_out(name):
    with pytest.raises(DataError):
        Schema(record({"f": text(like=FILE)})).check({"f": name}, "x")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_plain_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "pipe.json", tmp_path, tmp_path / "pipe.json"):
        with pytest.raises(DataError, match="no plain file; expected one"):
            read(path)


def test_what_is_too_large_is_refused_before_it_is_parsed(tmp_path):
    (tmp_path / "x.json").write_text("[" * 11)
    assert content_of(tmp_path / "x.json", "x", most=11) == b"[" * 11
    with pytest.raises(DataError, match="x: more than 10 bytes; expected fewer"):
        content_of(tmp_path / "x.json", "x", most=10)


def test_the_validator_is_imported_only_where_a_document_is_read():
    code = "import sys, manias, manias.cli.main; print('fastjsonschema' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
