"""The report: built twice, read back, and unable to say what no function made."""

import io
import json
import re
from pathlib import Path

import manias
import matplotlib.pyplot as plt
import page
import pandas as pd
import pypdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from manias import DataError, cite, load, scorecard
from manias.answers.citing import AUTHOR
from manias.answers.forecasts import list_frozen
from manias.data.library import LIBRARY
from manias.data.sources import read_sources
from manias.figures.scorecard import shown
from manias.figures.style import to_svg
from manias.language.editions import ENGLISH
from manias.report import build as report
from manias.report import tracing
from manias.report.build import before_the_appendix, check_names, constants, read_prose
from manias.report.exhibits import MAKERS, Picture, source_numbers
from manias.report.opening import edition_date, newest_day
from manias.report.parts import path, printed
from manias.report.spending import ON_ONE_CLOCK, age, share_at

ROOT = Path(__file__).resolve().parents[2]
PROSE = read_prose()
KINDS = {"number", "sentence", "printed", "exhibit"}


@pytest.fixture(scope="session")
def made(artefacts):
    return artefacts


@pytest.fixture(scope="session")
def bodies(pdf, body_of):
    return body_of(pdf)


@pytest.fixture(scope="session")
def text(bodies):
    return re.sub(r"\s+", " ", " ".join(bodies))


def test_pages_and_language(pdf):
    reader = pypdf.PdfReader(pdf)
    assert len(reader.pages) >= 8
    assert reader.metadata.title.startswith("Do today's AI capital-expenditure")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("en")


def test_every_section_is_there(text):
    for words in (
        "The question and the answer",
        "Contents",
        "What followed when spending rose so fast",
        "Who pays",
        "What would change the answer",
        "Limits",
        "Appendix",
        "Sources",
        "From exhibit to source",
    ):
        assert words in text


def test_the_edition_is_of_the_day_of_its_newest_part(pdf, bodies):
    day = edition_date()
    made = pypdf.PdfReader(pdf).metadata
    assert made.creation_date.date() == made.modification_date.date() == day
    assert all(f.made <= day.isoformat() for f in list_frozen())
    assert all(s.accessed <= day.isoformat() for s in read_sources().values())
    assert made.author == AUTHOR
    first = squeezed(bodies[0])
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (number,) = re.findall(r"^version: (.*)$", cff, re.MULTILINE)
    (author,) = re.findall(r"- name: (.*)$", cff, re.MULTILINE)
    for words in (
        f"Version {number}, {day}",
        f"By {author[0].lower()}{author[1:]}",
        "CC BY 4.0",
        f"Cite as: {cite('manias', 'apa').strip()}",
        "The data reach to 2026 Q2",
        "have reported a further quarter",
    ):
        assert squeezed(words) in first, words


def test_a_month_is_not_taken_for_an_earlier_day():
    assert str(newest_day(["2026-10", "2026-11-24", "2026-11"])) == "2026-11-24"
    assert str(newest_day(["2026-12", "2026-11-24"])) == "2026-12-31"


def test_the_first_page_holds_the_answer_and_the_scorecard_and_the_second_the_other_side(
    bodies, made
):
    first, second = map(squeezed, bodies[:2])
    for name in ("answer-resemblance", "answer-followed"):
        assert squeezed(made["sentence", name].content) in first
    assert squeezed(made["exhibit", "scorecard"].text()) in first
    table = made["exhibit", "other-sides"].content
    assert squeezed(table.caption) in second and len(table.rows) == 10
    for choice, one, other, _ in table.rows:
        assert one != other and squeezed(other) in second, choice


def test_the_alt_text_of_the_scorecard_tells_its_rows(made):
    alt = made["exhibit", "scorecard"].content.alt
    for row in scorecard().rows:
        _, found, rest = alt.partition(row.name)
        told = rest.partition(". ")[0]
        assert found and shown(row, row.ai[-1].value) in told
        assert f"{row.fell} of {row.n} taken" in told if row.n else "none taken" in told


def squeezed(text):
    """Without what typesetting adds or moves: spaces, hyphens, breaks inside addresses."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


def test_every_number_and_sentence_is_printed(bodies, made, is_printed):
    pages = [squeezed(body) for body in bodies]
    for artefact in made.values():
        if artefact.kind != "exhibit":
            assert is_printed(squeezed(artefact.content), pages), artefact.name


def test_every_word_of_a_figure_is_text_that_can_be_searched(bodies, made, letters_of):
    printed = squeezed(" ".join(bodies))
    for one in made.values():
        if isinstance(one.content, Picture):
            figure = one.drawn()
            said = {line for text in letters_of(figure) for line in text.said.split("\n")}
            plt.close(figure)
            lost = [line for line in said if squeezed(line) not in printed]
            assert len(said) > 10 and not lost, (one.name, lost)


def test_figures_are_set_in_one_typeface_and_hold_no_outlines_of_letters(pdf):
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pypdf.PdfReader(pdf).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert any(font.startswith("NotoSansSC") for font in fonts)
    assert not any(font.startswith("DejaVuSans-") for font in fonts)


def test_the_answer_holds_the_headline_numbers(text):
    assert "4.96%" in text and "4.46%" in text
    assert squeezed("46 run-ups and 23 crashes") in squeezed(text)
    assert squeezed("they report 40 and 21") in squeezed(text)


def test_every_innovation_and_source_is_listed(text, made):
    printed = squeezed(text)
    for name in load("innovations").frame["name"]:
        assert squeezed(name) in printed, name
    catalogue = read_sources()
    for key in source_numbers(made[key] for key in before_the_appendix() if key in made):
        assert squeezed(catalogue[key].title)[:25] in printed, key


def test_lineage_leads_from_every_name_to_sources_and_grade(pdf, made):
    lineage = json.loads(Path(pdf).with_suffix(".lineage.json").read_text())
    everything = made | constants(PROSE)
    assert {(line["kind"], line["name"]) for line in lineage} == set(everything)
    for line in lineage:
        assert line["function"].startswith("report.")
        if not line["rows"]:
            assert (line["datasets"], line["sources"], line["grade"]) == ([], [], "J")
            continue
        assert line["datasets"] and line["sources"] and line["grade"] in "ABJC"
        assert all(0 < n <= total for n, total in line["rows"].values())


def test_exhibits_are_traced_by_the_numbers_that_are_printed(monkeypatch, text, made):
    monkeypatch.setattr(tracing, "artefact", lambda *key: made[key])
    printed = squeezed(text)
    numbers = list(tracing.numbered())
    assert len(numbers) == sum(kind == "exhibit" for kind, _ in made)
    for number, name in numbers:
        caption = squeezed(made["exhibit", name].text())[:30]
        assert squeezed(number) + "." + caption in printed, (number, name)


# ---- links


@pytest.fixture(scope="module")
def reader(pdf):
    return pypdf.PdfReader(pdf)


@pytest.fixture(scope="module")
def links(reader):
    """Page, left edge, and address or (page, top) of every link, in the order of the pages."""
    numbers = {sheet.indirect_reference.idnum: i for i, sheet in enumerate(reader.pages)}
    found = []
    for i, sheet in enumerate(reader.pages):
        for annotation in (a.get_object() for a in sheet.get("/Annots", [])):
            assert annotation["/Subtype"] == "/Link" and annotation["/Contents"]
            edge = float(annotation["/Rect"][0])
            if "/A" in annotation:
                assert annotation["/A"]["/S"] == "/URI"
                found.append((i, edge, str(annotation["/A"]["/URI"])))
                continue
            there = annotation["/Dest"]
            if isinstance(there, str):
                there = reader.named_destinations[there].dest_array
            target, kind, left, top, _ = there
            box = reader.pages[numbers[target.idnum]].mediabox
            assert kind == "/XYZ" and 0 < left < box.width and 0 < top < box.height
            found.append((i, edge, (numbers[target.idnum], float(top))))
    return found


@pytest.fixture(scope="module")
def starts(reader):
    """Page on which each section starts."""
    sections = [item for item in reader.outline if not isinstance(item, list)]
    return {
        re.sub(r"^([\d.]+|[A-Z]) ", "", s.title): reader.get_destination_page_number(s)
        for s in sections
    }


@pytest.fixture(scope="module")
def rows(reader, starts):
    """Page, baseline, kind and name of every line of the list at the end."""
    found = []
    for number in range(starts["From exhibit to source"], len(reader.pages)):
        words = []

        def note(text, origin, within, *_, words=words):
            words.append((origin[5], origin[4] + within[4], text.replace("\u00ad", "-")))

        reader.pages[number].extract_text(visitor_text=note)
        for line in {y for y, _, text in words if text.strip() in KINDS}:
            text = "".join(
                text for y, _, text in sorted(words, key=lambda w: w[1]) if y == line
            )
            found.append((number, line, *text.split()[:2]))
    return found


@pytest.fixture(scope="module")
def leads(links, rows):
    """Links to the list: the page of each, and kind and name of the line it leads to."""
    found = []
    for page_number, _, target in links:
        if isinstance(target, tuple):
            below = [row for row in rows if row[0] == target[0] and row[1] < target[1]]
            first = max(below, key=lambda row: row[1], default=None)
            if first and target[1] - first[1] < 20:
                found.append((page_number, first[2:]))
    return found


def test_every_link_stays_inside_or_goes_to_an_address_of_a_source(links):
    addresses = {source.url for source in read_sources().values()}
    outside = {target for *_, target in links if isinstance(target, str)}
    assert len(outside) > 40 and outside <= addresses
    assert all(address.startswith(("http://", "https://")) for address in outside)


def test_the_text_leads_to_its_lines_of_the_list(leads, made):
    named = [m.groups() for m in re.finditer(r'#(\w+)\("([\w-]+)"\)', PROSE)]
    text = [key for _, key in leads if key[0] != "exhibit"]
    led = [key for i, key in enumerate(text) if i == 0 or key != text[i - 1]]
    wanted = [key for key in named if key[0] in set(KINDS) - {"exhibit"}]
    # One that stands twice in a row is read as one.
    assert led == [key for i, key in enumerate(wanted) if i == 0 or key != wanted[i - 1]]
    shown = {key for _, key in leads if key[0] == "exhibit"}
    # Below an exhibit that rests on no table there is no line to click.
    assert shown == {key for key in named if key[0] == "exhibit" and made[key].datasets}
    assert ("exhibit", "glossary") not in shown


@pytest.mark.slow
def test_the_list_leads_back_to_each_exhibit_and_on_to_the_sources(links, starts, made, reader):
    first = starts["From exhibit to source"]
    onward = [link for link in links if link[0] >= first and isinstance(link[2], tuple)]
    column = min(edge for _, edge, _ in onward)
    back = [target for _, edge, target in onward if edge < column + 1]
    exhibits = [a for a in made.values() if a.kind == "exhibit"]
    assert len(back) == len(exhibits)
    for artefact, (number, _) in zip(exhibits, back, strict=True):
        beginning = squeezed(artefact.text())[:30]
        assert beginning in squeezed(reader.pages[number].extract_text()), artefact.name
    cited = {target for _, edge, target in onward if edge > column + 1}
    assert len(cited) > 50
    assert all(starts["Sources"] <= number <= first for number, _ in cited)


# ---- an independent validator

STANDARDS = ("2a", "ua1")


def damaged(pdf, key):
    writer = pypdf.PdfWriter(clone_from=pdf)
    if key == "/Contents":
        for annotation in writer.pages[0]["/Annots"]:
            del annotation.get_object()[key]
    else:
        del writer.root_object[key]
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


@pytest.mark.parametrize("standard", STANDARDS)
def test_another_program_finds_the_standards_kept(pdf, standard):
    report = page.validate_pdf(pdf, profile=standard)
    found = [(f.rule_id, f.message) for f in report.failures]
    if lengths_are_exact(Path(pdf).read_bytes()):
        # The program takes a carriage return that ends compressed data for an end of line.
        found = [f for f in found if not f[0].endswith("STREAM-LENGTH-001")]
    if widths_are_exact(pypdf.PdfReader(pdf)):
        # The program reads the width of a glyph before its first subroutine is called.
        found = [f for f in found if not f[0].endswith("GLYPH-WIDTH-001")]
    assert not found
    assert report.rules.total > 100


def lengths_are_exact(content):
    """Whether each stream ends where its length says, before the word that closes it."""
    streams = list(re.finditer(rb"/Length (\d+)[^>]*?>>\s*stream\r?\n", content))
    ends = [m.end() + int(m[1]) for m in streams]
    return bool(ends) and all(
        re.match(rb"\r?\n?endstream", content[end : end + 12]) for end in ends
    )


def compact_fonts(reader):
    """Widths that the file says, and the program of the glyphs, of each compact font."""
    for number in range(1, reader.trailer["/Size"]):
        font = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        if isinstance(font, dict) and font.get("/Subtype") == "/CIDFontType0":
            program = CFFFontSet()
            stream = font["/FontDescriptor"]["/FontFile3"].get_data()
            program.decompile(io.BytesIO(stream), None)
            yield font["/W"], program[0].CharStrings


def widths_are_exact(reader):
    """Whether each glyph is as wide as the file says, read by another library."""
    fonts = list(compact_fonts(reader))
    for said, glyphs in fonts:
        wide, at = {}, 0
        while at < len(said):
            if isinstance(said[at + 1], list):
                wide |= {int(said[at]) + i: float(w) for i, w in enumerate(said[at + 1])}
                at += 2
            else:
                wide |= dict.fromkeys(range(said[at], said[at + 1] + 1), float(said[at + 2]))
                at += 3
        for cid, name in enumerate(glyphs.keys()):
            glyphs[name].draw(RecordingPen())
            # The file writes widths as numbers of four bytes.
            if abs(glyphs[name].width - wide.get(cid, -1.0)) > 0.001:
                return False
    return bool(fonts)


def test_a_wrong_width_of_a_glyph_is_seen(pdf):
    reader = pypdf.PdfReader(pdf)
    assert widths_are_exact(reader)
    said, _ = next(compact_fonts(reader))
    said[2] = pypdf.generic.NumberObject(int(said[2]) + 1)
    assert not widths_are_exact(reader)


def test_a_wrong_length_of_a_stream_is_seen(pdf):
    content = Path(pdf).read_bytes()
    assert lengths_are_exact(content)
    assert not lengths_are_exact(re.sub(rb"/Length (\d+)", rb"/Length 1\1", content, count=1))


@pytest.mark.parametrize(
    ("standard", "key"),
    [
        ("2a", "/Metadata"),
        *(
            pytest.param(*pair, marks=pytest.mark.slow)
            for pair in (("2a", "/StructTreeRoot"), ("ua1", "/Lang"), ("ua1", "/Contents"))
        ),
    ],
)
def test_that_program_sees_what_is_missing(pdf, standard, key):
    assert not page.is_pdf_compliant_bytes(damaged(pdf, key), profile=standard)


def test_every_figure_has_a_text_that_states_a_finding(made):
    figures = [a for a in made.values() if isinstance(a.content, Picture)]
    assert len(figures) >= 5
    for figure in figures:
        assert len(figure.content.alt) > 80 and re.search(r"\d", figure.content.alt)


def test_names_without_functions_and_functions_without_names_fail(made):
    check_names(PROSE, made, printed())
    with pytest.raises(DataError, match="number 'wishful' has no function"):
        check_names(PROSE + '#number("wishful")', made, printed())
    with pytest.raises(DataError, match="exhibit 'ladder' is made but never used"):
        check_names(PROSE.replace('#exhibit("ladder")', ""), made, printed())
    with pytest.raises(DataError, match="printed 'no-such' is not in the dataset"):
        check_names(PROSE + '#printed("no-such")', made, printed())


@pytest.mark.parametrize("typed", ["grew by 40% since", "about 3 trillion", "some 1.5 times"])
def test_a_typed_digit_fails(made, typed):
    with pytest.raises(DataError, match="is typed by hand; expected a name"):
        check_names(f"{PROSE}\nIt {typed} then.", made, printed())


def test_years_may_be_typed(made):
    check_names(PROSE + "\nIt began in 1825 and went on to 2026.", made, printed())


FLIPS = [
    ("capex-against-dotcom", "above the peak", "below the peak"),
    ("rise-against-dotcom", "rose faster", "rose slower"),
    ("standing-now", "none of the seven", "three of the seven"),
    (
        "free-cash-flow",
        "more on buildings and equipment than operations bring in",
        "every one of them paid",
    ),
    ("lenses-agree", "", "does not reach"),
    ("ladder-against-published", "", "2 of the 3"),
]


def other_tables():
    """AI builds less and out of its own cash, prices end in 1999, a printed figure differs."""
    spent = load("us_it_investment").frame
    late = spent["quarter"] >= pd.Period("2022Q4", "Q")
    column = "info_equipment_software"
    firms = load("ai_capex").frame
    cash = firms["measure"] == "operating_cash_flow"
    figures = load("published").frame
    one = figures["id"] == "gsy-rate-150"
    industries = load("us_industries").tables
    ended = {
        name: frame[frame["formed" if name == "book" else "month"] <= pd.Period("1999-12", "M")]
        for name, frame in industries.items()
    }
    return {
        ("us_it_investment", "data"): spent.assign(
            **{column: spent[column].mask(late, 0.6 * spent[column])}
        ),
        ("ai_capex", "data"): firms.assign(
            value=firms["value"].mask(cash, 10 * firms["value"])
        ),
        ("published", "data"): figures.assign(value=figures["value"].mask(one, 5.0)),
        **{("us_industries", name): frame for name, frame in ended.items()},
    }


@pytest.mark.parametrize(("name", "words", "others"), FLIPS)
def test_sentences_flip_with_their_numbers(name, words, others, made):
    before = made["sentence", name].content
    with LIBRARY.holding(other_tables()).open():
        after = MAKERS["sentence", name]().content
    assert words in before and others in after and before != after


@pytest.mark.slow
def test_the_command_builds_once_and_the_same_bytes_from_another_folder(
    manias_process, tmp_path, pdf
):
    first = manias_process("report", "--output", "r.pdf", "--json")
    assert (tmp_path / "r.pdf").read_bytes() == Path(pdf).read_bytes()
    second = manias_process("report", "--output", "r.pdf", "--json")
    one, two = json.loads(first.stdout), json.loads(second.stdout)
    assert (one["unchanged"], two["unchanged"]) == (False, True)
    assert (
        one["sha256"] == two["sha256"] and Path(one["path"]) == (tmp_path / "r.pdf").resolve()
    )
    assert "computing" in first.stderr and second.stderr == ""


def test_the_figure_of_the_readme_is_current():
    from manias import EventTime, align
    from manias.figures.record import plot_event_time

    paths = [path(key) for key in ON_ONE_CLOCK]
    table = align(paths, EventTime("onset", 3, 7))
    drawn = to_svg(plot_event_time(table, paths, clock="onset"))
    assert drawn == (ROOT / "reports" / "event-time.svg").read_bytes(), (
        "run: make -B reports/event-time.svg"
    )


def test_share_at_an_age_is_read_off_the_right_quarter():
    assert share_at("us-it-ai", 0) == path("us-it-ai").values["2022Q4"]
    assert share_at("us-it-dotcom", 2) == path("us-it-dotcom").values["1996Q1"]
    assert path("us-it-ai").values.index[-1] == pd.Period("2022Q4", "Q") + age()


@pytest.mark.slow
def test_every_id_that_the_report_prints_is_that_of_a_card(artefacts):
    cards = {manias.load_model(name).model_id for name in manias.model_names()}
    shape = re.compile(r"manias-[a-z]+(?:-[a-z]+)*-[0-9a-f]{12}")
    found = set()
    for entry in tracing.entries():
        found |= {key for text in entry.texts for key in shape.findall(text)}
    for made in artefacts.values():
        if isinstance(made.content, Picture):
            figure = made.content.draw(ENGLISH)
            found |= set(shape.findall(figure.get_supxlabel()))
            plt.close(figure)
    assert found and found <= cards


def test_the_report_names_the_authors_that_are_cited():
    assert report._words(ENGLISH)["authors"] == AUTHOR
