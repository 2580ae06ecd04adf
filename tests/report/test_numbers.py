"""The list of numbers and the feed of those that moved: valid, and the same bytes each time."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime

import pytest
from manias.data.library import LIBRARY, load
from manias.errors import InputError
from manias.report.build import artefact
from manias.report.exhibits import MAKERS
from manias.report.numbers import (
    ATOM,
    NumberList,
    figure,
    moved,
    printed_of,
    read_numbers,
    to_atom,
    to_json,
    write_numbers,
)

NAMES = ("ai-last-share", "dotcom-peak-share", "innovations", "min-firms", "ai-industries")
A = f"{{{ATOM}}}"


def made(day="2026-11-30"):
    found = tuple(printed_of(artefact("number", name)) for name in NAMES)
    return NumberList("shipped", day, found)


@pytest.fixture(scope="module")
def now():
    return made()


def moved_list():
    """The same numbers from tables of which one was revised."""
    frame = load("us_it_investment").frame.copy()
    last = frame.index[-1]
    for column in frame.select_dtypes("float"):
        frame.loc[last, column] *= 1.1 if "gdp" not in column else 1.0
    with LIBRARY.holding({("us_it_investment", "data"): frame}).open():
        return made("2026-12-31")


def test_a_number_is_told_with_its_date_grade_sources_and_tables(now):
    share = now.numbers[0]
    rows = artefact("number", "ai-last-share").rows
    assert share.text == "4.96%" and share.value == 4.96 and share.unit == "%"
    assert share.data_to == "2026-06-30" and share.anchor == "#ai-last-share"
    assert set(share.sources) == {s for r in rows for s in r.sources}
    assert share.tables["us_it_investment"] == load("us_it_investment").fingerprint
    # A count in words is still a figure; a setting rests on no data.
    assert now.numbers[-1].text == "seven" and now.numbers[-1].value == 7
    assert now.numbers[3].tables == {} and now.numbers[3].data_to == ""


def test_names_are_anchors_of_one_thing():
    names = [name for kind, name in MAKERS if kind != "exhibit"]
    assert len(names) == len(set(names))


def test_only_a_figure_is_a_value():
    assert figure("−2.5%") == (-2.5, "%") and figure("1,391") == (1391.0, "")
    for text in ("2026Q2", "July 1926", "manias-ladder-0c90", "4 of 7", "", "11% to 12%"):
        assert figure(text) == (None, "")


def test_the_list_comes_back_and_is_the_same_bytes(now, tmp_path):
    (path,) = write_numbers(tmp_path / "a", now)
    assert read_numbers(path) == now
    assert to_json(made()) == path.read_bytes()
    assert not (tmp_path / "a" / "feed.xml").exists()


def test_what_moved_is_told_with_its_tables(now):
    later = moved_list()
    assert moved(now, now) == ()
    (move,) = moved(now, later)
    assert (move.name, move.old) == ("ai-last-share", "4.96%") and move.new != move.old
    # Held tables keep the hash of the file; a real edition has another.
    share = later.numbers[0]
    tables = {**share.tables, "us_it_investment": "0" * 64}
    edition = replace(later, numbers=(replace(share, tables=tables), *later.numbers[1:]))
    (told,) = moved(now, edition)
    assert told.tables == ("us_it_investment",)
    assert told.why == "Rows of the table us_it_investment changed."
    assert "the code" in move.why
    fewer = replace(now, numbers=now.numbers[1:])
    assert [m.why for m in moved(now, fewer)] == ["The report no longer prints it."]
    assert [m.why for m in moved(fewer, now)] == ["It is new in the report."]


def test_the_feed_is_valid_atom(now):
    later = moved_list()
    feed = ET.fromstring(to_atom(now, later, base="https://example.org/n/"))
    assert feed.tag == f"{A}feed"
    # RFC 4287, 4.1.1: one id, one title, one updated, an author, a link to itself.
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{A}{name}")) == 1
    assert feed.find(f"{A}author/{A}name").text
    assert [e.get("href") for e in feed.findall(f"{A}link") if e.get("rel") == "self"] == [
        "https://example.org/n/feed.xml"
    ]
    entries = feed.findall(f"{A}entry")
    assert len(entries) == 1
    ids = [feed.find(f"{A}id").text, *(e.find(f"{A}id").text for e in entries)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", i) for i in ids)
    for element in (feed, *entries):
        stamp = element.find(f"{A}updated").text
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)
        assert datetime.fromisoformat(stamp).date().isoformat() == later.day
        assert element.find(f"{A}title").text
    # 4.1.2: alternate links of one type and language are one at most.
    (entry,) = entries
    (link,) = entry.findall(f"{A}link")
    assert link.get("rel") == "alternate" and link.get("href").endswith("#ai-last-share")
    content = entry.find(f"{A}content")
    assert content.get("type") == "text" and "Old: 4.96%" in content.text
    known = {"id", "title", "updated", "link", "category", "content"}
    assert {e.tag.removeprefix(A) for e in entry} <= known


def test_the_same_lists_give_the_same_feed_and_others_another(now, tmp_path):
    later = moved_list()
    first = to_atom(now, later)
    write_numbers(tmp_path, now)
    assert to_atom(read_numbers(tmp_path / "numbers.json"), moved_list()) == first
    assert to_atom(now, replace(later, day="2027-01-31")) != first
    # The feed keeps its id from one edition to the next; entries are new ones.
    one, two = (
        ET.fromstring(to_atom(now, replace(later, day=d))) for d in ("2027-01-31", "2027")
    )
    assert one.find(f"{A}id").text == two.find(f"{A}id").text
    assert one.find(f"{A}entry/{A}id").text != two.find(f"{A}entry/{A}id").text


def test_what_xml_cannot_hold_does_not_break_it(now):
    odd = replace(now.numbers[0], text="a <b> & \x07 \u2264")
    feed = ET.fromstring(to_atom(now, replace(now, numbers=(odd, *now.numbers[1:]))))
    assert "New: a <b> & " in feed.find(f"{A}entry/{A}content").text


def test_what_cannot_be_is_refused_in_words(now, tmp_path):
    with pytest.raises(InputError, match="expected the older list in --against"):
        to_atom(now, replace(now, day="2026-10-31"))
    with pytest.raises(InputError, match="expected an address"):
        to_atom(now, now, base="example.org")
    path = tmp_path / "numbers.json"
    with pytest.raises(InputError, match="cannot be read"):
        read_numbers(path)
    for text in ("[]", "no", '{"format": 9}', '{"format": 1, "day": "x", "numbers": []}'):
        path.write_text(text)
        with pytest.raises(InputError, match=r"numbers\.json|expected"):
            read_numbers(path)


@pytest.mark.slow
def test_the_command_writes_both_files(manias_command, tmp_path):
    done = manias_command("numbers", "--output", "a", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and len(told["rows"]) > 80
    old = json.loads((tmp_path / "a" / "numbers.json").read_text())
    assert {n["name"] for n in old["numbers"]} == {n for k, n in MAKERS if k != "exhibit"}
    old["numbers"][0]["text"] = "another"
    (tmp_path / "old.json").write_text(json.dumps(old))
    done = manias_command("numbers", "--output", "b", "--against", "old.json")
    assert "another" in done.stdout and (tmp_path / "b" / "feed.xml").exists()
    assert (tmp_path / "b" / "numbers.json").read_bytes() == (
        tmp_path / "a" / "numbers.json"
    ).read_bytes()
