"""Sources that can be found, locators that name a place, and licences that claim no more."""

import json
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias.data.library import names
from manias.data.provenance import (
    LIMITS,
    NO_LOCATOR,
    OTHERS,
    REFUSED,
    WITHOUT_ADDRESS,
    check_sources,
    described,
    locator_problems,
)
from manias.data.sources import SEEN, read_sources
from manias.data.validation import check, seal

GOOD = {
    "title": "Wiring a Continent",
    "author": "Thompson, Robert Luther",
    "year": "1947",
    "publisher": "Princeton University Press",
    "url": "https://press.princeton.edu/books/wiring",
    "licence": "Facts restated",
    "seen": "excerpt",
    "accessed": "2026-11",
    "note": "",
}


def found(tmp_path, **changes):
    (tmp_path / "sources.json").write_text(json.dumps({"x": GOOD | changes}))
    return [p.expected for p in check_sources(tmp_path)]


def test_the_installed_sources_are_well():
    assert check_sources() == ()
    catalogue = read_sources()
    assert set(Counter(s.seen for s in catalogue.values())) == set(SEEN)
    assert set(WITHOUT_ADDRESS) <= {k for k, s in catalogue.items() if not s.url}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"url": "http://20.210.105.67/txt/time/1928.html"}, "not a number"),
        ({"url": "https://goodreads.com"}, "not of the site alone"),
        ({"url": "https://goodreads.com/"}, "not of the site alone"),
        ({"url": "en.wikisource.org/wiki/Page"}, "begins with https"),
        ({"url": "github:a/b@c0ffee:file.md"}, "begins with https"),
        ({"url": "https://www.scribd.com/document/7"}, "another copy"),
        ({"url": "https://m.everything2.com/title/Ethyl"}, "another copy"),
        ({"url": "", "publisher": ""}, "publisher and year"),
        ({"url": "", "year": "n.d."}, "publisher and year"),
        ({"author": "not named"}, "an author"),
        ({"author": "(author not shown in the excerpt)"}, "an author"),
        ({"title": " "}, "a title"),
        ({"year": "about 1910"}, "a year"),
        ({"seen": "all of it"}, "one of full text"),
    ],
)
def test_what_cannot_be_found_is_refused(tmp_path, change, expected):
    assert found(tmp_path) == []
    (problem,) = found(tmp_path, **change)
    assert expected in problem


def test_a_printed_book_needs_no_address(tmp_path):
    assert found(tmp_path, url="") == []


def test_one_work_is_listed_once(tmp_path):
    again = GOOD | {"url": "http://www.press.princeton.edu/books/wiring/"}
    other = GOOD | {"title": "Wiring a  continent!", "url": "https://x.org/1"}
    text = json.dumps({"a": GOOD, "b": again | {"title": "Another"}, "c": other})
    (tmp_path / "sources.json").write_text(text)
    assert [(p.column, p.expected) for p in check_sources(tmp_path)] == [
        ("b", "an address not yet used by a"),
        ("c", "a work not yet listed as a"),
    ]


def test_no_host_is_refused_for_two_reasons():
    hosts = [host for group in REFUSED.values() for host in group]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    "locator",
    [
        "page at the source's address",
        "series as named, first year",
        "https://x.org/a",
        "www.x.org",
        "not seen for this verdict; ch. 4",
    ],
)
def test_a_locator_names_a_place(locator):
    table = pd.DataFrame({"lead_locator": ["p. 3", locator], "locator": ["p. 3", "p. 4"]})
    (problem,) = locator_problems(table, "payback/data.csv", "payback")
    assert (problem.row, problem.column, problem.value) == (3, "lead_locator", locator)


@given(st.sampled_from([*LIMITS, "verdicts"]), st.integers(0, 40))
def test_rows_without_a_place_are_few(name, without):
    texts = [f"{NO_LOCATOR}page not kept"] * without + ["p. 3"] * (40 - without)
    problems = locator_problems(pd.DataFrame({"locator": texts}), "x", name)
    assert bool(problems) == (without > LIMITS.get(name, 0) * 40)


def test_a_link_beside_words_is_a_place():
    table = pd.DataFrame({"locator": ["table 3 of https://x.org/a"]})
    assert locator_problems(table, "x", "payback") == []


@pytest.mark.parametrize("name", names())
def test_ours_is_claimed_for_compilations_alone(name, tables):
    descriptor = json.loads((tables / name / "datapackage.json").read_text())
    catalogue = read_sources()
    terms = {catalogue[s["id"]].licence for s in descriptor["sources"]}
    titles = [entry["title"] for entry in descriptor["licenses"]]
    assert terms <= set(titles)
    assert any("this compilation" in title for title in titles) == (
        name not in OTHERS
        and name not in ("critical_values", "size_power", "covariates", "coverage")
    )


def test_terms_that_were_changed_are_named_and_written_anew(tables):
    path = tables / "shiller" / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["licenses"] = [{"name": "CC-BY-4.0", "title": "ours"}]
    path.write_text(json.dumps(descriptor))
    (problem,) = check("shiller", tables)
    assert (problem.column, problem.value) == ("licenses", "CC-BY-4.0")
    seal(tables / "shiller")
    assert check("shiller", tables) == ()


def test_terms_have_names_that_machines_know():
    catalogue = read_sources()
    found = described("uk_macro", ["boe2017millennium", "boe2017headlines"], catalogue)
    assert [terms["name"] for terms in found["licenses"]] == ["OGL-UK-3.0"]
    assert described("shiller", ["shiller2026"], catalogue)["licenses"][0]["name"] == "other"
