"""What readers see, in both editions: plain words, no key of the code, one form of a thing."""

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from manias.answers.archive import model_names
from manias.answers.brief import brief
from manias.gauges.registry import list_gauges
from manias.language.editions import ENGLISH, read_language
from manias.language.names import INDUSTRIES, OUTCOMES, PAYBACKS, SCHEMES
from manias.report.exhibits import Picture, source_numbers
from manias.report.glossary import ALLOWED, PRIVATE, TERMS
from manias.series.trajectories import trajectory_names
from matplotlib.text import Text as Words

ZH = read_language("zh")
EDITIONS = {"en": ENGLISH, "zh": ZH}
# They list names of tables, of code and of a work by design.
OF_NAMES = {("exhibit", "datasets"), ("number", "model-id"), ("sentence", "cite-as")}
# Below a figure that stands alone: the tables that it rests on, by the names that load them.
NOTE = re.compile(r"(?:Data: tables|数据表：).*")
SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
BROKEN = re.compile(
    r"\b(?:None(?! [a-z])|nan|NaN|NaT|[A-Z][a-z]+Error|runup|capex_"
    r"|expected (?:at|some|both|more))\b"
)
# Where a code is a word as well, nothing tells the two apart.
WORDS = {"Chips", "Coal", "Banks", "Fun"}
HAN = "\u4e00-\u9fff"


def keys():
    """Names that the code registers, of which a reader knows none."""
    found = {*model_names(), *OUTCOMES, *(g.key for g in list_gauges())}
    found |= {*trajectory_names()} | (PAYBACKS.keys() - {"ai"})
    found |= {code for code in INDUSTRIES if code not in WORDS} | {"monte carlo", "wild"}
    return {key for key in found if not key.islower() or re.search(r"[-_ ]", key)} | {
        key for key in SCHEMES if "(" in key
    }


def in_figure(drawn):
    figure = getattr(np.ravel(drawn)[0], "figure", drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure.canvas.draw()
    yield from (text.get_text() for text in figure.findobj(Words) if text.get_visible())
    plt.close("all")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request, artefacts, everything):
    return request.param, everything(artefacts, request.param)


@pytest.fixture(scope="module")
def everything(printed_texts):
    """A function that gives all texts by kind and name, those drawn in figures if asked."""

    def texts(artefacts, code, drawn=False):
        index, language = source_numbers(artefacts.values()), EDITIONS[code]
        found = {}
        for key, one in artefacts.items():
            if drawn and key[0] != "exhibit":
                continue
            found[key] = list(printed_texts(one.content, index, language))
            if drawn and isinstance(one.content, Picture):
                found[key] += in_figure(one.content.draw(language))
        return found

    return texts


def faults(texts, pattern, *, allowed=()):
    """Texts in which a pattern is found, outside those that are about names."""
    for key, each in texts.items():
        if key in OF_NAMES:
            continue
        for text in each:
            bare = NOTE.sub("", text)
            for word in allowed:
                bare = re.sub(re.escape(word), "", bare, flags=re.IGNORECASE)
            if hit := pattern.search(bare):
                yield key[1], hit[0], text[:160]


def whole(words):
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words)))})(?![\w-])")


PRIVATE_WORDS = re.compile(rf"\b(?:{'|'.join(map(re.escape, PRIVATE))})\b", re.IGNORECASE)
# Words of the phrase book that a Chinese reader takes for something else, or two for one thing.
CHINESE = re.compile(
    "流量|十亿|视角|阶梯|支出流|基础比率|史家|能见度|以太币|按年率|建设者|厂房设备支出|中心假设"
    "|按原始值|扣除大盘|不作表态|胜算|资本支出|国民账户"
)


def test_private_words_do_not_reach_a_reader(edition):
    code, texts = edition
    assert list(faults(texts, PRIVATE_WORDS, allowed=ALLOWED)) == []
    if code == "zh":
        assert list(faults(texts, CHINESE)) == []


def test_no_key_of_the_code_reaches_a_reader(edition):
    _, texts = edition
    assert list(faults(texts, SNAKE)) == []
    assert list(faults(texts, BROKEN)) == []
    assert list(faults(texts, whole(keys()))) == []


@pytest.mark.slow
@pytest.mark.parametrize("code", EDITIONS)
def test_neither_is_written_in_a_figure(artefacts, everything, code):
    pictures = {k: a for k, a in artefacts.items() if isinstance(a.content, Picture)}
    texts = everything(pictures, code, drawn=True)
    for pattern in (SNAKE, BROKEN, whole(keys()), CHINESE):
        assert list(faults(texts, pattern)) == []
    assert list(faults(texts, PRIVATE_WORDS, allowed=ALLOWED)) == []


def test_a_minus_is_no_hyphen(edition):
    code, texts = edition
    # Those who are quoted wrote as they did.
    quoted = {key: each for key, each in texts.items() if key != ("exhibit", "claims")}
    hyphen = re.compile(r"(?<![\w)\]–-])-\d")
    assert list(faults(quoted, hyphen)) == []
    if code == "zh":
        narrow = re.compile(rf"[{HAN}]\(|\)[{HAN}]|\d\(|\b\d{{4}}Q[1-4]\b")
        assert list(faults(texts, narrow)) == []


def test_a_sentence_begins_with_a_capital(artefacts, everything):
    # "p" is the symbol of a probability.
    small = re.compile(r"(?<!vs)(?<!no)(?<!pp)(?<!\bp)(?<!\.\w)\. (?!p\b)[a-z]")
    assert list(faults(everything(artefacts, "en"), small)) == []


def test_what_is_refused_is_found():
    texts = {("sentence", "x"): ["by runup-panel", "share_halves", "the ladder", "cash flow"]}
    assert len(list(faults(texts, whole(keys())))) == 2
    assert len(list(faults(texts, SNAKE))) == 1
    assert len(list(faults(texts, PRIVATE_WORDS, allowed=ALLOWED))) == 1


def test_the_glossary_holds_about_a_dozen_words_in_both_languages():
    assert 12 <= len(TERMS) <= 16
    assert len({t.word for t in TERMS}) == len(TERMS)
    for term in TERMS:
        assert term.meaning.endswith(".") and term.meaning.count(". ") == 0
        for text in (term.word, term.meaning):
            assert re.search(f"[{HAN}]", ZH.render(text))
    assert len({ZH.render(t.word) for t in TERMS}) == len(TERMS)


def test_the_first_page_needs_no_glossary():
    told = f"{brief().resemblance}. {brief().followed}"
    assert not PRIVATE_WORDS.search(told)
