"""Body and appendix: how long, in which order, and that what is shown is spoken of."""

import re

import pypdf
import pytest
from manias.language.editions import languages
from manias.report.build import APPENDIX, before_the_appendix, read_prose
from manias.report.exhibits import source_grades, source_numbers

BODY_PAGES = 14
"""Most pages before the appendix."""
SEE = re.compile(r'#see\("([^"]+)"\)')
EXHIBIT = re.compile(r'#exhibit\("([^"]+)"\)')


def test_the_body_is_short_and_the_appendix_is_headed_so(pdf):
    reader = pypdf.PdfReader(pdf)
    starts = {
        one.title: reader.get_destination_page_number(one) for one in _flat(reader.outline)
    }
    assert starts["Appendix"] <= BODY_PAGES
    assert starts["11 Limits"] < starts["Appendix"] < starts["A Booms on record"] + 1
    assert reader.pages[starts["Appendix"]].extract_text().lstrip().count("Appendix") >= 1


def _flat(outline):
    for one in outline:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def test_contents_name_every_chapter_with_its_page(pdf):
    reader = pypdf.PdfReader(pdf)
    text = reader.pages[2].extract_text()
    chapters = [one for one in reader.outline if not isinstance(one, list)]
    assert len(chapters) > 25
    for one in chapters:
        page = reader.get_destination_page_number(one) + 1
        title = re.escape(one.title).replace(r"\ ", r"\s+")
        assert re.search(rf"{title}[\s.]*{page}\b", text), one.title


@pytest.mark.parametrize("language", languages())
def test_every_exhibit_is_spoken_of_in_its_chapter_or_before(language):
    prose = read_prose(language)
    chapters = re.split(r"^= ", prose, flags=re.MULTILINE)
    spoken = set()
    for chapter in chapters:
        spoken |= set(SEE.findall(chapter))
        assert [name for name in EXHIBIT.findall(chapter) if name not in spoken] == []


@pytest.mark.parametrize("language", languages())
def test_editions_refer_to_the_same_and_in_the_same_order(language):
    assert sorted(SEE.findall(read_prose(language))) == sorted(SEE.findall(read_prose()))
    assert EXHIBIT.findall(read_prose(language)) == EXHIBIT.findall(read_prose())


def test_what_stands_before_the_appendix_is_told_apart():
    assert read_prose().count(APPENDIX) == 1
    names = {name for _, name in before_the_appendix()}
    assert "scorecard" in names
    assert "datasets" not in names


def test_some_sixty_sources_are_printed_each_with_its_grade(artefacts):
    body = [artefacts[key] for key in before_the_appendix() if key in artefacts]
    numbers, grades = source_numbers(body), source_grades(body)
    assert 40 <= len(numbers) <= 80
    assert [key for key in numbers if not grades.get(key)] == []
    assert set(", ".join(grades.values())) <= set("ABCJ, ")


def test_the_grade_of_a_source_is_that_of_its_rows(artefacts):
    share = artefacts["number", "ai-last-share"]
    (rows,) = (part for part in share.rows if part.dataset == "us_it_investment")
    assert rows.graded
    for key, marks in rows.graded.items():
        mine = rows.frame["source"].str.split(";").map(lambda s, k=key: k in map(str.strip, s))
        assert marks == frozenset(rows.frame.loc[mine, "grade"])
