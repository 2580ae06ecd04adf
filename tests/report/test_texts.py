"""Texts of the chapters on lenses, dates and the past: they flip, and say so in Chinese."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from manias.answers.archive import load_model
from manias.answers.registry import LENSES
from manias.language.editions import read_language
from manias.language.numbers import signed
from manias.report import buildouts, crash, dating, past, verdict

ROOT = Path(__file__).resolve().parents[2]
ZH = read_language("zh")


def test_what_prices_and_spending_say_together_differs_in_every_case_that_matters():
    names = ("spending", "industries", "indices")
    said = {
        case: verdict._agreement(**dict(zip(names, case, strict=True)))
        for case in product([True, False], repeat=3)
    }
    # Where whole industries stand on the ladder the narrower indices add nothing.
    assert all(said[s, True, True] == said[s, True, False] for s in (True, False))
    assert len(set(said.values())) == 6
    assert len({ZH.render(text) for text in said.values()}) == 6
    assert "stands above" in said[True, False, True]
    assert "does not reach" in said[False, False, True]
    assert "没有达到" in ZH.render(said[False, False, True])


def test_peaks_are_counted_in_words():
    values = pd.Series([1.0, 2.0], pd.period_range("1901-04", periods=2, freq="M"))

    def said(*peaks):
        episodes = [SimpleNamespace(peak=pd.Period(peak, "M")) for peak in peaks]
        dated = SimpleNamespace(episodes=episodes)
        text = dating._explosive(dating.Dated("x", "x", "x", values, dated))
        return text, ZH.render(text)

    english, chinese = said()
    assert "no explosive episode." in english and "没有出现" in chinese
    english, chinese = said("1998-04")
    assert "shows one explosive episode; the statistic is highest in 1998-04, the" in english
    assert "1998-04" in chinese and "1901-05" in chinese
    english, chinese = said("1998-04", "2021-11")
    assert (
        "shows two explosive episodes; the statistic is highest in 1998-04 and 2021-11"
        in english
    )
    assert "1998-04和2021-11" in chinese


@pytest.mark.parametrize(
    ("key", "finding", "words"),
    [
        (
            "precedents",
            buildouts.precedent_finding,
            ("that beats the", "that does not beat the"),
        ),
        ("runup-prices", past.later_finding, ("That beats their", "That does not beat their")),
    ],
)
def test_findings_flip_with_the_scores(key, finding, words, monkeypatch):
    fit, module = load_model(key), buildouts if finding is not past.later_finding else past
    for low, word in zip((0.1, -0.1), words, strict=True):
        p = 0.001 if low > 0 else 0.9
        scores = tuple(replace(s, gain=low, gain_low=low, permutation_p=p) for s in fit.scores)
        changed = replace(fit, scores=scores)
        monkeypatch.setattr(module, "model", lambda _, c=changed: c)
        text = finding().content
        assert word in text
        assert ("并不优于" in ZH.render(text)) == (low < 0)


def test_what_became_of_a_case_says_when_years_are_missing():
    table = buildouts.landmark_table().content
    told = {row[0]: row[-1] for row in table.rows}
    assert told["SBC, capital expenditure"].startswith("not all years on record, fallen in")
    assert told["British railways, 1840s"].startswith("not all years on record, not fallen")
    assert told["US television sets"].startswith("not all years on record, not fallen")
    assert told["British cellular telephones"] == "fell by half"
    assert told["US cars"] == "did not"
    assert [row[3] for row in table.rows] == sorted(row[3] for row in table.rows)


def test_every_lens_heads_a_column():
    assert [past._head(lens.key) for lens in LENSES] == [
        lens.key[:1].upper() + lens.key[1:] for lens in LENSES
    ]
    assert [ZH.render(past._head(lens.key)) for lens in LENSES] == [
        ZH.render(lens.key) for lens in LENSES
    ]


def test_which_industries_crash_is_told_as_the_scores_say(monkeypatch):
    fit = load_model("runup-which")
    assert "told in part" in crash.which_finding().content
    assert "It is volatility that tells" in crash.which_carrier().content
    gains = {"volatility": 0.01, "run-up": 0.02}
    scores = tuple(
        replace(s, permutation_p=0.9, gain=gains.get(s.scheme.split("(")[1][:-1], 0.02))
        for s in fit.scores
    )
    monkeypatch.setattr(crash, "which", lambda: replace(fit, scores=scores))
    assert "crash cannot be told. Given" in crash.which_finding().content
    assert "It is the run-up that tells" in crash.which_carrier().content


def test_what_calibration_and_hinges_add_is_told_as_it_came_out(monkeypatch):
    from manias.lenses.crash_logit import STEPS, Versions, compare_versions

    found = compare_versions()
    both, _, hinges = STEPS
    told = {}
    for low, eras, more in ((0.01, (), 0.002), (-0.01, ("1926-1939", "2000-2009"), -0.002)):
        steps = {**found.steps, both: replace(found.steps[both], gain_low=low)}
        steps[hinges] = replace(steps[hinges], gain=more)
        changed = Versions(found.eras, steps, {**found.hinging, both: eras})
        monkeypatch.setattr(crash, "versions", lambda c=changed: c)
        told[low] = crash.when_versions().content
    good, bad = told.values()
    assert "an interval above zero; the result depends on no single era." in good
    assert "+0.002 over calibration. Slopes" in good and "校准。在写下" not in ZH.render(good)
    assert (
        "so that an improvement is not shown; the result depends on single eras: without" in bad
    )
    assert "without 1926-1939 and 2000-2009 the mean" in bad
    assert "over calibration: what there is rests on calibration alone. Slopes" in bad
    assert "改进未得到证明" in ZH.render(bad) and "个别时期" in ZH.render(bad)


def test_the_versions_of_the_panel_are_those_of_its_card():
    rows, fit = crash.versions_table().content.rows, load_model("runup-panel")
    *eras, mean, _, p = rows
    cases = [int(row[1].split(" ")[0].replace(",", "")) for row in eras]
    for column, s in enumerate((fit.scores[0], *fit.beside[:3]), start=2):
        told = sum(
            n * float(row[column].replace("−", "-")) for n, row in zip(cases, eras, strict=True)
        )
        assert told / sum(cases) == pytest.approx(s.gain, abs=0.0006)
        assert mean[column] == signed(s.gain)
    assert sum(cases) == fit.n and len(p) == 6


def test_the_table_of_eras_counts_every_case_once():
    from manias.lenses.crash_logit import ERAS, crashes
    from manias.lenses.features import load_conditions

    rows = crash.crashes_by_era().content.rows
    label = crashes(load_conditions(), load_model("ladder").model.rule)
    assert [row[0] for row in rows] == list(ERAS)
    assert sum(int(row[1]) for row in rows) == label.index.get_level_values("month").nunique()


def test_no_semicolon_follows_a_name_since_typst_would_swallow_it():
    for path in sorted((ROOT / "reports").rglob("*.typ")):
        text = path.read_text(encoding="utf-8")
        lost = re.findall(r'#(?:number|sentence|printed)\("[^"]*"\);', text)
        assert lost == [], path.name
