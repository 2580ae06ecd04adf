"""Figures leave the settings of the user as they were, and names are drawn as they are."""

import io
from importlib import import_module
from pkgutil import iter_modules

import manias
import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from manias import figures
from manias.figures.style import Drawing, save_figure, to_svg
from matplotlib.colors import get_named_colors_mapping
from matplotlib.figure import Figure
from matplotlib.text import Text

# As no figure of ours would have it.
ODD = {
    "font.size": 17,
    "axes.grid": True,
    "axes.labelsize": 21,
    "xtick.labelsize": 3,
    "lines.linewidth": 9,
    "text.parse_math": True,
    "axes.facecolor": "yellow",
    "figure.constrained_layout.use": False,
    "font.family": "monospace",
    "svg.hashsalt": "odd",
    "svg.fonttype": "none",
    "axes.unicode_minus": False,
    "axes.formatter.use_locale": True,
    "axes.xmargin": 0.4,
    "lines.dashed_pattern": [1, 9],
    "hatch.linewidth": 7,
    "legend.frameon": True,
    "xtick.direction": "in",
    "timezone": "Asia/Shanghai",
    "text.antialiased": False,
    "figure.dpi": 31,
    "figure.titleweight": "bold",
    "scatter.marker": "x",
    "errorbar.capsize": 9,
}
NAME = "a$b$c [x] <y>"


def functions():
    for _, room, _ in iter_modules(figures.__path__):
        for key, value in vars(import_module(f"manias.figures.{room}")).items():
            if key.startswith("plot_") and value.__module__ == f"manias.figures.{room}":
                yield key


def png(figure):
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=40)
    return out.getvalue()


def settings():
    return dict(matplotlib.rcParams), dict(get_named_colors_mapping())


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


LONG = ("plot_capex", "plot_timeline", "plot_episodes", "plot_specifications", "plot_gains")
"""Drawn slowly, and no other than the rest in their settings."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name in LONG else ())
        for name in sorted(functions())
    ],
)
def test_settings_stay_and_the_look_is_kept_wherever_it_is_saved(every_drawing, name):
    draw = next(v for key, v in every_drawing.items() if key.partition(",")[0] == name)
    with matplotlib.rc_context(ODD):
        before = settings()
        figure = draw()
        assert settings() == before
        there = png(figure)
        assert settings() == before
    assert type(figure) is Drawing and isinstance(figure, Figure)
    assert there == png(draw())


def test_every_public_function_that_draws_is_among_them():
    public = {name for name in manias.__all__ if name.startswith("plot_")}
    assert public and public <= set(functions())


def test_a_figure_is_returned_also_for_axes_that_are_given():
    own, ax = plt.subplots()
    paths = [manias.trajectory("us-it-ai")]
    table = manias.align(paths, manias.EventTime())
    assert manias.plot_event_time(table, paths, clock="onset", ax=ax) is own
    whole = plt.figure()
    part = whole.subfigures(1, 2)[0].subplots()
    assert manias.plot_event_time(table, paths, clock="onset", ax=part) is whole


def mine(name):
    years = pd.period_range("2015", "2024", freq="Y")
    values = pd.Series([1, 2, 3, 5, 8, 13, 21, 30, 40, 55.0], years, name=name)
    return manias.Series(name, values, f"{name} a year")


def drawn(name):
    path = manias.own(mine(name), measure="own")
    walk = pd.Series(range(60), dtype=float) ** 2
    dated = manias.date_series(walk)
    risks = pd.DataFrame(
        {"month": "1999-12", "industry": [name], "p": 0.3, "low": 0.1, "high": 0.6}
    )
    ladder = manias.load_model("ladder")
    rung = next(iter(ladder.rungs))
    paths = [path]
    return {
        "compare": manias.plot_event_time(
            manias.align(paths, manias.EventTime()), paths, clock="onset"
        ),
        "date": manias.plot_dating(walk, dated, name=name),
        "classify": manias.plot_risks(risks),
        "classify, named": manias.plot_risks(risks, names={name: name}),
        "variants": manias.plot_variants({name: ladder}, rung=rung),
    }


@pytest.mark.parametrize("what", ["compare", "date", "classify", "classify, named", "variants"])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, NAME),
        ("bell\x07 half \ud800", "bell\\x07 half \\ud800"),
        ("$", "$"),
        ("a_b^c", "a_b^c"),
    ],
)
def test_names_are_drawn_whole_and_as_they_are(what, name, shown, tmp_path):
    figure = drawn(name)[what]
    figure.draw_without_rendering()
    texts = [t for t in figure.findobj(Text) if shown in t.get_text()]
    assert texts and not any(t.get_parse_math() for t in texts)
    for kind in ("svg", "png", "pdf"):
        save_figure(figure, tmp_path / f"x.{kind}")
    assert to_svg(figure).startswith(b"<?xml")
