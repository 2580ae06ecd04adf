"""The Chinese edition: every text has a phrase, every number is the same."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from manias import DataError, InputError, load, names
from manias.language.editions import ENGLISH, Language, fields_of, read_language
from manias.report import build as report
from manias.report.build import artefacts, build, check_edition, check_names, read_prose
from manias.report.exhibits import MAKERS, Findings

PACKAGE = Path(__file__).resolve().parents[2] / "research" / "manias"
ZH = read_language("zh")
WORDS = dict(zip(map(ENGLISH.word, range(11)), map(str, range(11)), strict=True))
# Amounts are written by myriads, quarters in words, decades by century.
ELSEWHERE = re.compile(r"\d[\d,.]* (?:million|billion)|Q\d|\d{4}s")
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
def found():
    return Findings()


@pytest.fixture(scope="module")
def used():
    return Used(ZH.phrases)


@pytest.fixture(scope="module")
def chinese(found, used):
    return artefacts(found.told_in(replace(ZH, phrases=used)))


@pytest.fixture(scope="module")
def pdf(tmp_path_factory, found, chinese):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "artefacts", lambda _: chinese)
        return build(tmp_path_factory.mktemp("zh") / "manias.zh.pdf", "zh", found=found)


@pytest.fixture(scope="module")
def pages(pdf, body_of):
    return body_of(pdf)


def sayings():
    """Every template that the report says, where, and its keywords (None: handed in whole)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name in ("cli", "language"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "say":
                keys = [k.arg for k in node.keywords]
                yield path.name, node.lineno, node.args[0], None if None in keys else keys


def test_every_template_has_a_phrase_with_the_same_fields():
    found = list(sayings())
    assert len(found) > 100
    for file, line, template, keys in found:
        where = f"{file}:{line}"
        assert isinstance(template, ast.Constant), f"{where}: the template is no plain text"
        assert template.value in ZH.phrases, f"{where}: {template.value!r} has no phrase"
        assert fields_of(template.value) == fields_of(ZH.phrases[template.value])
        if keys is not None:
            assert set(keys) == fields_of(template.value), where


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


# Texts that no one literal holds: lists, and answers joined to what they measure.
JOINED = {
    "{a}, {b}",
    "no {feature} at age {age}",
    "no {feature} and no {other} at age {age}",
    "no {a} and no {b} and no {c} at age {age}",
    "{start} to now (peak {peak})",
    "probability that a bubble within {years} years: {answer}",
}


def test_no_phrase_is_left_over(chinese, pdf, used):
    report._words(replace(ZH, phrases=used))
    for kind in ("number", "sentence", "exhibit"):
        replace(ZH, phrases=used).t(kind)
    known = used.seen | JOINED
    texts = set(literals())
    left = [e for e in ZH.phrases if e not in known and skeleton(e) not in texts]
    assert not left


def test_every_number_is_the_same(found, chinese):
    assert chinese.keys() == MAKERS.keys()
    for (kind, name), (maker, _) in MAKERS.items():
        if kind == "exhibit":
            continue
        english = maker(found)
        said = DIGITS.findall(ELSEWHERE.sub(" ", english))
        if kind == "number":
            said += [WORDS[w] for w in english.split() if w in WORDS]
        assert set(said) <= set(DIGITS.findall(chinese[kind, name].content)), name


def test_amounts_are_written_by_myriads():
    say = Language("zh", {"{n} billion USD": "{n:billion}美元", "{n} million": "{n:million}"})
    assert say.t("1,116 billion USD") == "1.116万亿美元"
    assert say.t("291 billion USD") == "2,910亿美元"
    assert say.say("{n} million", n="29.8") == "2,980万"
    assert say.say("{n} million", n="0.002") == "2,000"


def test_no_english_sentence_is_left(chinese, pages):
    texts = {}
    for key, artefact in chinese.items():
        content = artefact.content
        if isinstance(content, dict):
            cells = [cell for row in content.get("rows", ()) for cell in row]
            heads = content.get("columns", ())
            content = "\n".join([content["caption"], content.get("alt", ""), *heads, *cells])
        texts[key] = content
    sources = next(i for i, text in enumerate(pages) if "原文仍归其所有者" in text)
    texts["pages"] = re.sub(r"\s+", " ", " ".join(pages[:sources]))
    for key, text in texts.items():
        assert not re.search(r"\b(?:[a-z]+ +){3,}[a-z]+\b", text), key


def test_the_pdf_is_chinese(pdf, pages, chinese, is_printed):
    reader = pypdf.PdfReader(pdf)
    assert reader.metadata.title.endswith("？")
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "zh-cn"
    bodies = [re.sub(r"\s+", "", page) for page in pages]
    text = "".join(bodies)
    assert "\ufffd" not in text
    for key, artefact in chinese.items():
        if key[0] != "exhibit":
            assert is_printed(re.sub(r"\s+", "", artefact.content), bodies), key
    assert "图1." in text and "表1." in text


@pytest.mark.slow
def test_the_command_writes_the_same_bytes_beside_the_english_report(
    manias_command, tmp_path, pdf
):
    done = manias_command("report", "--language", "zh")
    written = tmp_path / "reports" / "build" / "manias.zh.pdf"
    assert written.read_bytes() == pdf.read_bytes(), done.stderr
    assert "nothing changed" in manias_command("report", "--language", "zh").stdout
    assert written.with_name("manias.zh.lineage.json").exists()


def test_an_unknown_language_is_one_line_and_exit_2(manias_command):
    done = manias_command("report", "--language", "fr")
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "'fr'" in done.stderr
    with pytest.raises(InputError, match="language 'fr': expected one of en, zh"):
        read_language("fr")


def test_sentences_flip_with_their_numbers(found, chinese):
    other = found.told_in(ZH)
    ai = found.paths["us-it-ai"]
    other.__dict__["paths"] = {**found.paths, "us-it-ai": replace(ai, values=ai.values * 0.6)}
    other.__dict__["now"] = found.then
    other.__dict__["capex"] = found.capex.assign(free_cash_flow=1.0)
    after = {n: maker(other) for (kind, n), (maker, _) in MAKERS.items() if kind == "sentence"}
    before = {name: a.content for (kind, name), a in chinese.items() if kind == "sentence"}
    assert "峰值高" in before["capex-against-dotcom"]
    assert "峰值低" in after["capex-against-dotcom"]
    assert "没有一个" in before["standing-now"] and "有3个" in after["standing-now"]
    assert "每一家都" in after["free-cash-flow"] != before["free-cash-flow"]


def test_findings_in_another_language_are_not_computed_again(found):
    found.panel  # noqa: B018
    assert found.told_in(ZH).panel is found.panel
    assert found.language is ENGLISH


def test_a_missing_phrase_fails_by_its_words():
    with pytest.raises(DataError, match=r"no phrase for 'Unheard of'; expected one in .*\.po"):
        Language("zh").say("Unheard of")
    with pytest.raises(DataError, match="no phrase for 'Unheard of'"):
        ZH.t("Unheard of")
    with pytest.raises(DataError, match="no phrase for 'Unheard of: 12%'"):
        ZH.t("Unheard of: 12%")


def test_what_holds_no_words_or_is_said_already_stays():
    for text in ("", "12%", "2026Q2", "1845-08", "–", "6.14 (1846)", "比峰值高0.50个百分点"):
        assert ZH.t(text) == text
    assert ZH.t("electronic equipment") == ZH.t("Electronic equipment") == "电子设备"
    assert ZH.t("83% (62% to 94%)") == "83%（62%至94%）"


def test_a_list_of_clauses_is_taken_apart_first():
    text = "300 is 5.1 times the revenue of the year to 2025-08-31; an opinion"
    assert ZH.t(text) == "3,000亿美元为截至2025-08-31的一年收入的5.1倍；一种看法"


def test_an_edition_that_lacks_a_name_fails(monkeypatch):
    check_edition("zh")
    whole = read_prose("zh")
    less = whole.replace('#number("base-rate")', "")
    monkeypatch.setattr(report, "read_prose", lambda code="en": less if code == "zh" else PROSE)
    with pytest.raises(DataError, match=r"zh/report\.typ lacks number 'base-rate'"):
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
def test_a_typed_figure_fails(chinese, found, typed):
    with pytest.raises(DataError, match=r"zh/report\.typ, row .* is typed by hand"):
        check_names(
            f"{read_prose('zh')}\n{typed}。", chinese, found.printed, where="zh/report.typ"
        )


def test_years_and_centuries_may_be_typed(chinese, found):
    typed = "\n始于1825年，到2026年；十九世纪、二十一世纪，每年十二月。"
    check_names(read_prose("zh") + typed, chinese, found.printed)


@pytest.mark.parametrize(
    ("said", "message"),
    [("", "'{n} of {m}' is not translated"), ("{n}", r"has the fields \['n'\]; expected")],
)
def test_a_faulty_phrase_book_fails(monkeypatch, tmp_path, said, message):
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "report.po").write_text(f'msgid "{{n}} of {{m}}"\nmsgstr "{said}"\n')
    monkeypatch.setattr("manias.language.editions.files", lambda _: tmp_path)
    with pytest.raises(DataError, match=message):
        read_language.__wrapped__("zh")
