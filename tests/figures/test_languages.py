"""Figures say every word in the language that was asked for, and nothing in another."""

import inspect
import pkgutil
import re
import warnings
from dataclasses import replace
from importlib import import_module
from textwrap import wrap
from unicodedata import east_asian_width

import manias
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manias import figures
from manias.answers.archive import list_models
from manias.figures import style
from manias.figures.tables import said, standing_table, verdict
from manias.language.editions import ENGLISH, read_language
from manias.language.messages import Text, Verbatim
from manias.lenses.payback import answer_payback
from matplotlib.text import Text as Drawn

ZH = read_language("zh")
WORD = re.compile(r"[A-Za-z]{3,}")
KEY = re.compile(r"[a-z][a-z0-9_-]+")
MODEL = re.compile(r"manias-[a-z0-9-]+")
# Names that a Chinese text prints as they are, and terms that have no other word.
NAMES = {
    *("Alphabet", "CoreWeave", "Meta", "National", "Video", "Laboratories"),
    *("JDS", "Uniphase", "First", "Solar", "Systems", "Stratasys", "Aurora"),
    *("QuantumScape", "SPAC", "Mitchell", "Greenwood", "Goldfarb", "Kirsch"),
    *("manias", "SMH", "Quinn", "Turner", "BSADF", "GDP", "MRI", "DNA", "Chips", "Util"),
    *("Quinn", "Turner", "BSADF", "GDP", "MRI", "DNA", "Chips", "Util"),
    *("SOXX", "SMH", "XLK", "QQQ", "VanEck", "iShares", "WorldCom", "Verizon", "SBC", "Cahn"),
    *("ETF", "Shleifer", "You"),
}


def texts(thing):
    """Words that a Chinese figure holds once it is drawn; a sign without a glyph fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert style.to_svg(thing, ZH).startswith(b"<?xml")
    return {t.get_text() for t in thing.figure.findobj(Drawn)}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


PAID = ("ai", "uk-railways", "us-telecom")


NAMED = (
    "plot_dating",
    "plot_dating, no name",
    "plot_judgements",
    "plot_episodes",
    "plot_panels",
    "plot_capex",
    "plot_burden",
    "plot_timeline",
    "plot_ladder",
    "plot_standing",
    "plot_variants",
    "plot_risks",
    "plot_specifications",
    "plot_gains",
    "plot_scores",
    "plot_scorecard",
    "plot_spending",
    "plot_who_pays",
    "plot_booms",
    "plot_shares",
    "plot_falls",
    "plot_valuation",
    "plot_debts",
    "plot_beside",
    "plot_payback_ranges",
    "plot_last_spell",
    *(f"plot_event_time, {clock}" for clock in ("onset", "commercialised", "peak")),
    *(f"{name}, {case}" for name in ("plot_payback", "plot_sensitivities") for case in PAID),
)


def functions():
    for _, name, _ in pkgutil.iter_modules(figures.__path__):
        module = import_module(f"manias.figures.{name}")
        for key, value in vars(module).items():
            if key.startswith("plot_") and value.__module__ == module.__name__:
                yield key, value


def test_every_function_that_draws_takes_a_language(every_drawing):
    assert set(every_drawing) == set(NAMED)
    assert {name.partition(",")[0] for name in NAMED} == {name for name, _ in functions()}
    for name, function in functions():
        language = inspect.signature(function).parameters["language"]
        assert language.default is ENGLISH and language.kind is language.KEYWORD_ONLY, name
        assert "language : Language\n" in function.__doc__, name


@pytest.mark.parametrize("name", NAMED)
def test_every_word_is_chinese_but_for_names_and_has_its_glyphs(every_drawing, name):
    names = {m.name for m in list_models()} | set(manias.names())
    left = {}
    for text in texts(every_drawing[name](language=ZH)):
        rest = KEY.sub(lambda found: "" if found[0] in names else found[0], text)
        if words := set(WORD.findall(MODEL.sub("", rest))) - NAMES:
            left[text] = words
    assert not left


@pytest.mark.parametrize("name", NAMED)
def test_a_missing_phrase_is_one_clear_error(every_drawing, name):
    with pytest.raises(manias.DataError, match=r"^language zh: no phrase for .+; exp"):
        every_drawing[name](language=replace(ZH, phrases={}))


def test_a_name_of_the_caller_is_looked_up_unless_it_is_a_name():
    walk = pd.Series(np.random.default_rng(0).standard_normal(60).cumsum())
    dated = manias.date_series(walk)
    with pytest.raises(manias.DataError, match="no phrase for 'my own index'"):
        manias.plot_dating(walk, dated, name="my own index", language=ZH)
    kept = manias.plot_dating(walk, dated, name=Verbatim("my own index"), language=ZH)
    assert kept.axes[0].get_ylabel() == "my own index"


def test_labels_break_where_the_script_does():
    english = "2025-02-07  Morgan Stanley: capital expenditure of 2026, 367 and so on and so on"
    assert style._broken(english, 30).split("\n") == wrap(english, 30)
    chinese = "2025-11-14  热潮将在6至12个月内结束：芯片股（SOXX基金）自高点下跌40%，或更多。"
    for width in range(12, 60):
        lines = style._broken(chinese, width).split("\n")
        assert "".join(lines).replace(" ", "") == chinese.replace(" ", "")
        assert not any(line[0] in style._CLOSING for line in lines)
        assert all(_width(line) <= width + 2 for line in lines)


def _width(line):
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


def test_answers_read_in_both_languages():
    a = manias.load_model("payback-uk-railways")
    answer = answer_payback(a)
    assert (
        said(answer) == "1.35 (0.83 to 1.89)"
        and ZH.render(said(answer)) == "1.35（0.83至1.89）"
    )
    assert verdict(answer) == f"no conclusion: {answer.reason}"
    assert ZH.render(verdict(answer)) == f"不下结论：{ZH.render(answer.reason)}"
    silent = replace(answer, value=float("nan"), reason="")
    assert (said(silent), ZH.render(said(silent))) == ("no value", "无数值")
    assert (verdict(silent), ZH.render(verdict(silent))) == ("no conclusion", "不下结论")


def test_cells_of_the_ladder_are_texts_that_can_be_said(panel):
    table = standing_table(manias.assess(panel, as_of="1999-12"))
    rungs = {ZH.render(cell) for cell in table["rung"]}
    assert "不到50%" in rungs and any("（自1999" in rung for rung in rungs)
    assert ZH.render(Text("{part} of {whole}", part=1, whole=2)) == "1/2"
