"""Names, years and signs of every source as a bibliography takes them."""

import re

import pytest
from manias.data.bibliography import (
    OTHERS,
    Author,
    apa_entry,
    authors_of,
    escaped,
    to_apa,
    to_bibtex,
    to_bibtex_list,
    to_csl,
)
from manias.data.sources import Source, read_sources

SOURCES = read_sources()


def source(**fields):
    texts = dict.fromkeys(Source.__dataclass_fields__, "")
    return Source(**texts | {"id": "x", "title": "T", "author": "A", "year": "n.d."} | fields)


@pytest.mark.parametrize(
    ("text", "names", "whole"),
    [
        ("Comin, Diego and Hobijn, Bart", [("Comin", "Diego"), ("Hobijn", "Bart")], True),
        ("Kenneth R. French", [("French", "Kenneth R.")], True),
        ("Baker (W. J.)", [("Baker", "W. J.")], True),
        ("Fayant, Frank (Success Magazine)", [("Fayant", "Frank")], False),
        ("A. Damodaran, New York University", [("Damodaran", "A.")], False),
        (
            "Feenstra, Robert C., Inklaar, Robert and Timmer, Marcel P.",
            [("Feenstra", "Robert C."), ("Inklaar", "Robert"), ("Timmer", "Marcel P.")],
            True,
        ),
        (
            "A. Sorescu, S. Sorescu, W. Armstrong, B. Devoldere",
            [("Sorescu", "A."), ("Sorescu", "S."), ("Armstrong", "W."), ("Devoldere", "B.")],
            True,
        ),
        ("Verizon Communications Inc.", [("Verizon Communications Inc.", "")], True),
        ("Amazon.com, Inc.", [("Amazon.com, Inc.", "")], True),
        ("businesscycles.biz, quoting Insana, p. 116", [("businesscycles.biz", "")], False),
        ("Science 287(5461), 2127", [("Science 287(5461), 2127", "")], True),
        ("Clarke, Thomas and others", [("Clarke", "Thomas"), ("others", "")], True),
        ("not named", [], False),
        ("(book text, author not shown)", [], False),
    ],
)
def test_names_are_told_from_bodies_and_remarks(text, names, whole):
    found, said = authors_of(text)
    assert [(a.last, a.given) for a in found] == names and said == whole


def test_what_is_no_name_is_kept_in_the_note():
    for s in SOURCES.values():
        entry = to_bibtex(s)
        if not authors_of(s.author)[1]:
            assert f"Author as recorded: {escaped(s.author)}." in entry
    entry = to_bibtex(source(author="not named", url="Baker Library, box 3"))
    assert "author =" not in entry and "  key = {T}," in entry and "url =" not in entry
    assert "Address as recorded: Baker Library, box 3." in entry


def test_signs_of_tex_are_escaped():
    assert escaped("a&b 5% $1 #2 x_y") == r"a\&b 5\% \$1 \#2 x\_y"
    assert escaped("~^\\") == r"\textasciitilde{}\textasciicircum{}\textbackslash{}"
    assert escaped("{a}") == "(a)"
    for s in SOURCES.values():
        entry = re.sub(r"(?m)^  url = .*$", "", to_bibtex(s))
        assert not re.search(r"(?<!\\)[&%#$_~^]", entry.split(",", 1)[1]), s.id


def test_bibtex_reads_every_source():
    database = pytest.importorskip("pybtex.database")
    text = "\n".join(to_bibtex_list(SOURCES.values()))
    read = database.parse_string(text, "bibtex").entries
    assert len(read) == len(SOURCES)
    for (key, entry), s in zip(read.items(), SOURCES.values(), strict=True):
        assert key in (s.id, f"{s.id}-2")
        assert entry.fields.get("year", "n.d.") == s.year
        assert entry.fields["title"] == f"{{{escaped(s.title)}}}"
        found = [
            (" ".join(p.last_names), " ".join((*p.first_names, *p.middle_names)))
            for p in entry.persons.get("author", [])
        ]
        assert found == [
            (a.last, a.given) if a.given or a == OTHERS else (f"{{{escaped(a.last)}}}", "")
            for a in authors_of(s.author)[0]
        ], key


def test_no_two_keys_of_one_file_are_one_to_bibtex():
    entries = to_bibtex_list(SOURCES.values())
    keys = [entry.partition("{")[2].partition(",")[0] for entry in entries]
    assert len({key.casefold() for key in keys}) == len(keys) == len(SOURCES)
    assert all(re.fullmatch(r"[\w.:/+-]+", key) for key in keys)
    twice = [s for s in SOURCES.values() if keys.count(s.id) == 0]
    assert len(twice) == len(SOURCES) - len({key.casefold() for key in SOURCES})


def test_when_a_page_was_read_is_told_in_csl():
    for s in SOURCES.values():
        entry = to_csl(s)
        if "URL" in entry and re.fullmatch(r"\d{4}-\d\d-\d\d", s.accessed):
            (parts,) = entry["accessed"]["date-parts"]
            assert "-".join(f"{part:02d}" for part in parts) == s.accessed
        assert "URL" in entry or "accessed" not in entry


def test_a_plain_style_sets_every_source():
    database = pytest.importorskip("pybtex.database")
    plain = pytest.importorskip("pybtex.plugin").find_plugin("pybtex.style.formatting", "plain")
    text = "\n".join(to_bibtex_list(SOURCES.values()))
    entries = database.parse_string(text, "bibtex").entries.values()
    for said in plain().format_entries(entries):
        s = SOURCES[said.key.removesuffix("-2")]
        assert s.year == "n.d." or s.year in said.text.render_as("text"), s.id


def test_csl_and_apa_leave_out_what_is_not_known():
    assert to_csl(source(author="not named")) == {
        "id": "x",
        "type": "document",
        "title": "T",
        "note": "Author as recorded: not named",
    }
    assert to_apa(source(author="not named")) == "T. (n.d.)."
    said = to_apa(source(author="Comin, Diego and Hobijn, Bart", url="https://a.org/b"))
    assert said == "Comin, D., & Hobijn, B. (n.d.). T. https://a.org/b"
    assert apa_entry([Author("Li", "Y. C."), OTHERS], "2001", "Why?") == (
        "Li, Y. C., et al. (2001). Why?"
    )
    many = [Author(f"Name{i}", "A.") for i in range(25)]
    assert "Name18, A., ... Name24, A. (2001)" in apa_entry(many, "2001", "T")
