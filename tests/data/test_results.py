"""Every result of a public function reads well at a prompt, in a notebook and on a page."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import get_args, get_type_hints

import manias
import numpy as np
import pandas as pd
import pytest
from manias.data.cells import Problem
from manias.data.editions import shipped_edition
from manias.data.results import LINE, PAGE, ROWS, Plotted, Result, page, shortened, singles
from manias.evaluation.cards import Carded
from manias.explosive.lppls import Confidence, LPPLSFilters, LPPLSFit, LPPLSSettings
from manias.figures.results import draw
from manias.gauges.registry import find_target
from manias.lenses.base import Answers
from manias.lenses.buildouts import load_buildout
from manias.lenses.crash_logit import IndustryRisk
from manias.lenses.crash_which import EraRate, RelativeOdds
from manias.lenses.payback_cases import PaybackCases
from manias.lenses.price_logit import HeldApart
from manias.refresh.run import Moved, Refreshed
from manias.spending.history import Asked, Foretold, Hindsight
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

# What is chosen before anything is computed: its repr is how it is written.
SETTINGS = {
    *("CrashHazard", "EventTime", "InnovationLogit", "LadderModel", "LandmarkModel"),
    *("PaybackModel", "PrecedentModel", "RunUpLogit", "RunUpRule", "SpendingModel"),
    *("WhichLogit", "DatingRule", "LPPLSSettings", "LPPLSFilters", "Library"),
}
NAME = "a$b$c [x] <y> \x07 \ud800"
SHOWN = r"a$b$c [x] <y> \x07 \ud800"


def leaves(kind):
    for part in get_args(kind):
        yield from leaves(part)
    if inspect.isclass(kind):
        yield kind


def classes():
    """Dataclasses that public functions, methods of these, and their attributes lead to."""
    found = {}

    def add(kind):
        if not (is_dataclass(kind) and kind.__module__.startswith("manias.")):
            return
        if kind in found.values():
            return
        found[kind.__name__] = kind
        for hint in get_type_hints(kind).values():
            for leaf in leaves(hint):
                add(leaf)
        for name, member in inspect.getmembers(kind):
            member = member.fget if isinstance(member, property) else member
            if not name.startswith("_") and name not in dir(Plotted):
                returns(member)

    def returns(function):
        if inspect.isfunction(function) or inspect.ismethod(function):
            for leaf in leaves(get_type_hints(function).get("return")):
                add(leaf)

    for name in manias.__all__[1:]:
        thing = getattr(manias, name)
        add(thing)
        returns(thing)
    return {name: kind for name, kind in found.items() if name not in SETTINGS}


CLASSES = classes()


def walk(thing, found):
    """Keep the first of each kind of result inside a thing."""
    if is_dataclass(thing) and not isinstance(thing, type):
        found.setdefault(type(thing), thing)
        for field in fields(thing):
            walk(getattr(thing, field.name), found)
    elif isinstance(thing, Mapping):
        for part in thing.values():
            walk(part, found)
    elif isinstance(thing, list | tuple):
        for part in thing[:40]:
            walk(part, found)


def growing():
    walk = np.random.default_rng(0).standard_normal(100).cumsum() + 50
    walk[60:80] += walk[59] * (1.06 ** np.arange(1, 21) - 1)
    return pd.Series(walk, pd.period_range("2000-01", periods=100, freq="M"), name="mine")


@pytest.fixture(scope="session")
def results(panel, tmp_path_factory):
    """One result of every kind."""
    series = growing()
    file = tmp_path_factory.mktemp("own") / "mine.csv"
    file.write_text("year,value\n" + "".join(f"{2000 + i},{i + 1}\n" for i in range(30)))
    old = panel.as_of("2014-03")
    key = next(iter(manias.later_themes().values())).series
    logit = manias.load_model("runup-panel")
    fit = LPPLSFit(66.0, 0.5, 9.0, 1.0, -1.0, 0.05, 0.02, 0.0, 0.0, 59.0, 60)
    foretold = Foretold("dollars_fall_30", 0.2, 0.1, (0.1, 0.3), 12, None)
    outcomes = {"dollars_fall_30": True, "share_halves": None}
    kept = [manias.load_model(name) for name in manias.model_names()]
    precedents = next(m for m in kept if m.kind == "precedents")
    pay = next(m for m in kept if m.kind == "payback")
    landmark = next(m for m in kept if m.kind == "landmark")
    five = load_buildout("ai-capex-five")
    roots = [
        *(manias.load("innovations"), manias.trajectory("us-it-ai"), panel),
        *(manias.load_flows("countries"), manias.ai_indices(), manias.basket("ai")),
        *(
            manias.date_runups(old)[:1],
            manias.measure_runups(old, manias.RunUpRule()),
            manias.later_themes(),
        ),
        *(manias.later_returns(key), manias.list_innovations()[:1], manias.check_claims()[:1]),
        *(manias.coder_agreement(), manias.computed_verdicts()[:1], manias.compare_financing()),
        *(manias.booms_in_money(), manias.compare_booms()),
        *(
            manias.count_verdicts(manias.list_innovations()),
            manias.load_conditions().as_of("1940-01"),
        ),
        *(*kept, manias.assess(panel, as_of="1999-12"), manias.load_assumptions("ai")),
        *(precedents.liken(five), landmark.place(five), manias.measure_ai("microsoft")),
        manias.ai_path("computers"),
        *(manias.compare_shares(), manias.recent_falls(), manias.value_market()),
        *(manias.compare_debts(), manias.payback_ranges(), manias.lay_beside(landmark)),
        manias.last_spell(manias.date_series(series)),
        *(manias.ai_path("computers"), manias.count_rises()),
        manias.list_forecasts()[:1],
        *(manias.tournament(as_of="2026-03"), manias.tournament(as_of="2026-03").standings),
        *(manias.trace("ai-last-share"), manias.date_series(series), manias.read(file)),
        manias.read_series(file),
        [j for f in manias.list_forecasts() if (j := manias.judge(f)).status == "right"],
        Confidence(*np.ones((3, 2)), ((fit,),), LPPLSSettings(), LPPLSFilters()),
        manias.ask("ai"),
        RelativeOdds("Softw", "Software", "1999-12", 2.0, 3, 49, True, "a-model"),
        EraRate("1926-1939", 27, 527, 233, 0.4, 0.3, 0.5, 2),
        Hindsight(
            "us", "a boom", 1999, *(0.1, 0.5), "50 to 100", *(0.1, 0.2), outcomes, "no", "B"
        ),
        Problem("data.csv", 2, "value", "x", "a number"),
        HeldApart(pd.DataFrame({"p": [0.1]}), pd.DataFrame(), *logit.scores[:2], 0),
        Asked("named", "us", "a boom", 1999, "2000-01-01", 1.0, 0.5, "above 100", (foretold,)),
        IndustryRisk("Softw", "Software", "1999-12", 0.1, 0.0, 0.2, True),
        *(manias.answer_by_definition(), manias.compare_published_shares(), manias.reconcile()),
        *(manias.weigh_at_random(draws=20), manias.load_scoreboard()),
        *(manias.find_gauge("faber-us"), manias.find_gauge("faber-us").readings()),
        find_target("us"),
        manias.sliders(
            pd.DataFrame({"b": [1, 2]}, pd.Index([3, 4], name="a")), title="A choice"
        ),
        manias.scorecard(),
        *(shipped_edition(), manias.data_status("2026-11-30")),
        Refreshed(
            "2026-11-30",
            "shipped",
            ("shiller",),
            ("read",),
            manias.compare_editions(shipped_edition(), shipped_edition()),
            ("ladder",),
            (Moved("sentence", "standing-now", "was", "is"),),
        ),
        PaybackCases(pay, pay.sensitivities, 1.0, 1.0, (1.0, 2.0), (1.0, 3.0), (1.0, 2.5)),
    ]
    found = {}
    for root in roots:
        walk(root, found)
    return {kind.__name__: thing for kind, thing in found.items()}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


class Page(HTMLParser):
    """Tags that are open, and the text of a caption."""

    def __init__(self):
        super().__init__()
        self.open, self.caption = [], ""

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "caption" in self.open:
            self.caption += data


def test_every_result_is_one_and_is_made_here(results):
    assert len(CLASSES) > 50
    assert {n for n, kind in CLASSES.items() if not issubclass(kind, Result)} == set()
    assert set(CLASSES) <= set(results)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_it_reads_at_a_prompt_in_a_notebook_and_on_a_page(results, name):
    one = results[name]
    line = repr(one)
    assert line.startswith(f"{name}(") and line.endswith(")") and len(line) <= LINE
    assert "\n" not in line and not re.search(r"array|DataFrame|dtype|0x", line)
    assert "=" in line
    frame = one.to_frame()
    assert isinstance(frame, pd.DataFrame) and len(frame.columns) and frame.columns.is_unique
    assert not frame.map(lambda v: isinstance(v, dict | pd.DataFrame | np.ndarray)).any(
        axis=None
    )
    assert isinstance(frame.index, pd.RangeIndex) or name in ("Rows", "Dataset", "PaybackCases")
    summary = one.summary()
    assert max(map(len, summary.split("\n"))) <= PAGE and len(summary.split("\n")) >= 3
    html = one._repr_html_()
    html.encode()
    parsed = Page()
    parsed.feed(html)
    assert parsed.open == [] and parsed.caption and html.count("<tr") <= ROWS + 40
    assert "<table" in html and len(html) < 60_000


@pytest.mark.parametrize(
    "name", sorted(n for n, k in CLASSES.items() if issubclass(k, Plotted))
)
def test_what_has_a_picture_gives_a_figure(results, name):
    one = results[name]
    if isinstance(one, Carded) and not one.scores:
        one = results[name] if name in ("LadderResults", "PaybackResults") else one
    assert isinstance(one.plot(), Figure)


def test_pictures_belong_to_the_results_that_say_so():
    drawn = {kind for kind in draw.registry if kind not in (object, Carded)}
    plotted = {k for k in CLASSES.values() if issubclass(k, Plotted)}
    assert drawn <= plotted and all(issubclass(k, (*drawn, Carded)) for k in plotted)
    assert not any(hasattr(k, "plot") for k in CLASSES.values() if k not in plotted)
    with pytest.raises(TypeError, match="int: no figure"):
        draw(3)


@pytest.mark.parametrize("model", manias.model_names())
def test_fits_have_one_form(model):
    fit = manias.load_model(model)
    pd.testing.assert_frame_equal(fit.tidy(), fit.to_frame())
    assert fit.summary().split("\n")[0]
    assert max(map(len, fit.summary().split("\n"))) <= PAGE
    assert repr(fit).startswith(f"{type(fit).__name__}(model_id='{fit.model_id}'")
    assert isinstance(fit.plot(), Figure) or not fit.scores


def test_answers_are_a_tuple_and_a_table():
    answers = manias.ask("ai")
    assert isinstance(answers, tuple) and isinstance(answers, Answers)
    assert (
        repr(answers) == f"Answers(target='ai', lenses=6, speak={sum(a.says for a in answers)})"
    )
    assert list(answers.to_frame()["lens"]) == [a.lens for a in answers]
    outside = [a for a in answers if not a.is_supported]
    assert all("value=" not in repr(a) for a in outside)
    assert answers.to_frame()["value"].notna().sum() == sum(
        a.is_supported and np.isfinite(a.value) for a in answers
    )


def test_episodes_have_columns_also_where_there_is_none():
    dated = manias.date_series(growing())
    assert list(dated.to_frame()["end"]) == [e.end for e in dated.episodes] != []
    assert dated.finding in " ".join(dated.summary().split())
    none = manias.date_series(pd.Series(np.random.default_rng(1).standard_normal(60)))
    assert none.to_frame().empty
    assert list(none.to_frame()) == ["start", "peak", "end", "duration", "ongoing"]


def named(name):
    years = pd.period_range("2015", "2024", freq="Y")
    return manias.Series(name, pd.Series(np.arange(1.0, 11.0), years), name)


@pytest.mark.parametrize("make", [named, lambda n: manias.own(named(n), measure=n)])
def test_names_are_whole_and_escaped(make):
    one = make(NAME)
    html = one._repr_html_()
    assert repr(one).isascii() and SHOWN in repr(one).replace("...", "")
    assert "<y>" not in html and html.startswith('<div class="tex2jax_ignore mathjax_ignore">')
    for text in (repr(one), html, one.summary()):
        text.encode()
        assert "\x07" not in text
    told = pd.DataFrame({NAME: [NAME, "b"], "n": [1, 2]})
    assert page([told]).count(SHOWN) == 2


@pytest.mark.parametrize("width", [3, 60, 200])
def test_a_page_holds_every_cell_in_80_columns(width):
    words = " ".join(f"w{i}" for i in range(width))
    frame = pd.DataFrame({"name": [words, "short"], "long heading " * 4: [1.5, np.nan]})
    shown = page([words, frame])
    assert max(map(len, shown.split("\n"))) <= PAGE
    assert " ".join(shown.split()).count(words) == 2 or width == 3
    assert len(shortened(pd.DataFrame({"n": range(100)}), 20)) == 21


def test_single_values_are_told_by_their_types():
    assert "frame" not in singles(manias.Dataset) and "grade" in singles(manias.Dataset)
    assert {"crossing", "peak"} <= set(singles(manias.RunUp))
