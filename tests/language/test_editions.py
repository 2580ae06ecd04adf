"""The Chinese edition: every text has a phrase, every number is the same."""

import ast
import copy
import pickle
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pypdf
import pytest
from manias import DataError, InputError, load, names
from manias.explore.payload import payload
from manias.language.editions import ENGLISH, Language, fields_of, languages, read_language
from manias.language.messages import Joined, Listed, Month, Quarter, Text, Verbatim, Word
from manias.report import build as report
from manias.report.build import build, check_edition, check_names, read_prose
from manias.report.exhibits import MAKERS, Picture, source_numbers
from manias.report.parts import printed

PACKAGE = Path(__file__).resolve().parents[2] / "research" / "manias"
ZH = read_language("zh")
WORDS = {Word(n): str(n) for n in range(11)}
# Amounts are written by myriads, quarters in words, decades by century.
ELSEWHERE = re.compile(r"\d[\d,.]* (?:to \d[\d,.]* )?(?:million|billion)|Q\d|\d{4}s|H\d")
DIGITS = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")


class Used(dict):
    """A phrase book that knows what was looked up."""

    def __init__(self, phrases):
        super().__init__(phrases)
        self.seen = set()

    def __getitem__(self, english):
        self.seen.add(english)
        return super().__getitem__(english)


@pytest.fixture(scope="module")
def used():
    return Used(ZH.phrases)


@pytest.fixture(scope="module")
def made(artefacts):
    return artefacts


@pytest.fixture(scope="module")
def chinese(made, used, printed_texts):
    """What the edition prints, by kind and name: texts, and all texts of an exhibit in one."""
    zh = replace(ZH, phrases=used)
    index = source_numbers(made.values())
    return {key: "\n".join(printed_texts(one.content, index, zh)) for key, one in made.items()}


@pytest.fixture(scope="module")
def pdf(tmp_path_factory, made, used):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "artefacts", lambda: made)
        patch.setattr(report, "read_language", lambda code: replace(ZH, phrases=used))
        return build(tmp_path_factory.mktemp("zh") / "manias.zh.pdf", "zh")


@pytest.fixture(scope="module")
def pages(pdf, body_of):
    return body_of(pdf)


@pytest.mark.slow
def test_every_word_of_a_figure_is_text_that_can_be_searched(pages, made, letters_of):
    def squeezed(text):
        return re.sub(r"\s+", "", text)

    printed = squeezed(" ".join(pages))
    for one in made.values():
        if isinstance(one.content, Picture):
            figure = one.drawn(ZH)
            said = {line for text in letters_of(figure) for line in text.said.split("\n")}
            plt.close(figure)
            lost = [line for line in said if squeezed(line) not in printed]
            assert len(said) > 10 and not lost, (one.name, lost)


def templates():
    """Every template of a `Text` in the code, where, and its keywords (None: handed whole)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if getattr(node.func, "id", "") == "Text" and isinstance(
                node.args[0], ast.Constant
            ):
                keys = [k.arg for k in node.keywords]
                yield path.name, node.lineno, node.args[0].value, None if None in keys else keys


def test_every_template_has_a_phrase_with_the_same_fields():
    found = list(templates())
    assert len(found) > 150
    for file, line, template, keys in found:
        where = f"{file}:{line}"
        assert template in ZH.phrases, f"{where}: {template!r} has no phrase"
        assert fields_of(template) == fields_of(ZH.phrases[template])
        if keys is not None:
            assert set(keys) == fields_of(template), where


def skeleton(text):
    return re.sub(r"\{[^{}]*\}", "{}", text)


def literals():
    """Texts of the code and of the tables, fields blanked, whether or not they occur now."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield skeleton(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (getattr(part, "value", None) for part in node.values)
                yield "".join(p if isinstance(p, str) else "{}" for p in parts)
    for table in names():
        frame = load(table).frame
        for column in frame.columns[frame.dtypes.astype(str).isin(["object", "str"])]:
            yield from frame[column].dropna().unique()


@pytest.mark.slow
def test_no_phrase_is_left_over(chinese, pdf, used):
    # The page that opens without a connection is said by the same book.
    payload(replace(ZH, phrases=used))
    texts = set(literals())
    # A figure's label of an assumption ends in its unit, which the table gives.
    units = {f"{{what}} ({unit})" for unit in load("assumptions").frame["unit"].dropna()}
    known = used.seen | units
    left = [e for e in ZH.phrases if e not in known and skeleton(e) not in texts]
    assert left == []


def test_every_number_is_the_same(made, chinese):
    assert chinese.keys() == MAKERS.keys()
    for (kind, name), one in made.items():
        if kind == "exhibit":
            continue
        english = one.content
        said = DIGITS.findall(ELSEWHERE.sub(" ", english))
        if kind == "number":
            said += [WORDS[w] for w in english.split() if w in WORDS]
        assert set(said) <= set(DIGITS.findall(chinese[kind, name])), name


def test_amounts_are_written_by_myriads():
    assert ZH.formatter.vformat("{n:billion}美元", (), {"n": "1,116"}) == "1.116万亿美元"
    assert ZH.formatter.vformat("{n:billion}美元", (), {"n": "291"}) == "2,910亿美元"
    assert ZH.formatter.vformat("{n:million}", (), {"n": "29.8"}) == "2,980万"
    assert ZH.formatter.vformat("{n:million}", (), {"n": "0.002"}) == "2,000"
    assert ENGLISH.formatter.vformat("{n:million}", (), {"n": "29.8"}) == "29.8"


def test_a_form_is_chosen_in_each_language():
    template = "{n} {n:plural one=firm|other=firms} {ok:select yes=may|no=may not} speak"
    zh = Language(
        "zh", {template: "{n}家公司{ok:select yes=可以|no=不可以}发言"}, {}, ZH.formatter
    )
    one, two = Text(template, n=1, ok=False), Text(template, n=2, ok=True)
    assert (one, two) == ("1 firm may not speak", "2 firms may speak")
    assert (zh.render(one), zh.render(two)) == ("1家公司不可以发言", "2家公司可以发言")


def test_a_text_is_said_from_its_parts():
    zh = Language(
        "zh", {"{a} of {b}": "{b}的{a}", "none": "没有", "; ": "；"}, {}, ZH.formatter
    )
    inner = Text("{a} of {b}", a=Verbatim("runup-panel"), b=Listed(["none", Word(7)]))
    assert inner == "runup-panel of none and seven"
    assert zh.render(Joined("; ", [inner, "none"])) == "没有和7的runup-panel；没有"
    assert (
        copy.deepcopy(inner).fields == inner.fields == pickle.loads(pickle.dumps(inner)).fields
    )
    assert ZH.render(Month("2025-05")) == "2025年5月"


@pytest.mark.slow
def test_no_english_sentence_is_left(chinese, pages):
    texts = dict(chinese)
    sources = next(i for i, text in enumerate(pages) if "原文的权利归原作者所有" in text)
    texts["pages"] = re.sub(r"\s+", " ", " ".join(pages[:sources]))
    # A work is cited by its own title, whatever the language.
    citation = texts.pop(("sentence", "cite-as"))
    assert citation.startswith("The manias authors.")
    texts["pages"] = re.sub(r"The manias authors\..*?software\]\.", "", texts["pages"], count=1)
    for key, text in texts.items():
        assert not re.search(r"\b(?:[a-z]+ +){3,}[a-z]+\b", text), key


@pytest.mark.slow
def test_the_pdf_is_chinese(pdf, pages, chinese, is_printed):
    reader = pypdf.PdfReader(pdf)
    assert reader.metadata.title.endswith("？")
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "zh-cn"
    bodies = [re.sub(r"\s+", "", page) for page in pages]
    text = "".join(bodies)
    assert "\ufffd" not in text
    for key, text_of in chinese.items():
        if key[0] != "exhibit":
            assert is_printed(re.sub(r"\s+", "", text_of), bodies), key
    assert "图1." in bodies[0] and "表1." in bodies[1]


@pytest.mark.slow
def test_the_command_writes_the_same_bytes_beside_the_english_report(
    manias_process, tmp_path, pdf
):
    done = manias_process("report", "--language", "zh")
    written = tmp_path / "reports" / "build" / "manias.zh.pdf"
    assert written.read_bytes() == pdf.read_bytes(), done.stderr
    assert "nothing changed" in manias_process("report", "--language", "zh").stdout
    assert written.with_name("manias.zh.lineage.json").exists()


def test_an_unknown_language_is_one_line_and_exit_2(manias_command):
    done = manias_command("report", "--language", "fr")
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "'fr'" in done.stderr
    with pytest.raises(InputError, match="language 'fr': expected one of en, zh"):
        read_language("fr")


def test_a_missing_phrase_fails_by_its_words():
    missing = r"no phrase for 'Unheard of'; expected one in .*\.po"
    with pytest.raises(DataError, match=missing):
        Language("zh").say("Unheard of")
    for text in ("Unheard of", Text("Unheard of"), Joined("; ", ["Unheard of"])):
        with pytest.raises(DataError, match="no phrase for"):
            ZH.render(text)


def test_what_holds_no_words_stays():
    for text in ("", "12%", "1845-08", "–", "15:30"):
        assert ZH.render(text) == text


def test_a_quarter_has_one_form():
    quarter = Quarter(pd.Period("2026Q2", "Q"))
    assert ZH.render("2026Q2") == ZH.render(quarter) == "2026年第二季度"
    assert ZH.render("2025Q3-2026Q2") == "2025年第三季度–2026年第二季度"


def test_brackets_around_figures_are_those_of_the_language():
    assert ZH.render("6.14 (1846)") == "6.14（1846）"
    assert ENGLISH.render("6.14 (1846)") == "6.14 (1846)"


def test_a_phrase_is_found_by_its_small_letter():
    assert ZH.render("electronic equipment") == ZH.render("Electronic equipment") == "电子设备"


def test_an_edition_that_lacks_a_name_fails(monkeypatch):
    check_edition("zh")
    whole = read_prose("zh")
    less = whole.replace('#number("reproduced-base-rate")', "")
    monkeypatch.setattr(report, "read_prose", lambda code="en": less if code == "zh" else PROSE)
    with pytest.raises(DataError, match=r"zh/report\.typ lacks number 'reproduced-base-rate'"):
        check_edition("zh")
    monkeypatch.setattr(
        report,
        "read_prose",
        lambda code="en": whole + '#number("x")' if code == "zh" else PROSE,
    )
    with pytest.raises(DataError, match=r"zh/report\.typ has number 'x'"):
        check_edition("zh")


PROSE = read_prose()


@pytest.mark.parametrize(
    "typed", ["增长了40%", "约3万亿", "百分之四十", "五十一项创新", "二十四个月"]
)
def test_a_typed_figure_fails(made, typed):
    with pytest.raises(DataError, match=r"zh/report\.typ, row .* is typed by hand"):
        check_names(
            f"{read_prose('zh')}\n{typed}。",
            made,
            printed(),
            where="zh/report.typ",
            typed=ZH.edition["typed"],
        )


def test_years_and_centuries_may_be_typed(made):
    typed = "\n始于1825年，到2026年；十九世纪、18世纪末，每年十二月，1999年12月。"
    rules = {"typed": ZH.edition["typed"], "dated": ZH.edition["dated"]}
    check_names(read_prose("zh") + typed, made, printed(), **rules)
    for wrong in ("共12个", "过了6个月", "第3年"):
        with pytest.raises(DataError, match="is typed by hand"):
            check_names(f"{read_prose('zh')}\n{wrong}。", made, printed(), **rules)


FRENCH = '{"name": "français", "month": "MMMM y", "quarter": "QQQ y", "typed": "x"}'


@pytest.mark.parametrize(
    ("said", "message"),
    [("", "'{n} of {m}' is not translated"), ("{n}", r"has the fields \['n'\]; expected")],
)
def test_a_faulty_phrase_book_fails(monkeypatch, tmp_path, said, message):
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "edition.json").write_text(FRENCH)
    (folder / "report.po").write_text(f'msgid "{{n}} of {{m}}"\nmsgstr "{said}"\n')
    monkeypatch.setattr("manias.language.editions.files", lambda _: tmp_path)
    with pytest.raises(DataError, match=message):
        read_language.__wrapped__("zh")


def test_a_language_is_a_folder(monkeypatch, tmp_path):
    """A third language needs no line of code: an edition, a phrase book, prose."""
    folder = tmp_path / "fr"
    folder.mkdir()
    (folder / "edition.json").write_text(FRENCH)
    (folder / "report.po").write_text('msgid "{n} firms"\nmsgstr "{n} entreprises"\n')
    monkeypatch.setattr("manias.language.editions.files", lambda _: tmp_path)
    assert languages() == ("en", "fr")
    french = read_language.__wrapped__("fr")
    assert french.render(Text("{n} firms", n=3)) == "3 entreprises"
    assert french.render(Month("2025-05")) == "mai 2025"
