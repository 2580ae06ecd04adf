"""A figure in words says what is drawn: its words, its numbers, and no others."""

import re

import manias
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manias import describe_figure


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.slow
def test_every_figure_has_words(every_drawing):
    for name, draw in every_drawing.items():
        plt.close("all")
        figure = draw()
        brief, whole = describe_figure(figure, brief=True), describe_figure(figure)
        assert len(brief) > 20 and len(whole) > len(brief), name
        assert len(brief) < 2000 and len(whole) < 6000, name
        assert "nan" not in whole.split() and "\n" not in whole, name
        for ax in figure.axes:
            if ax.get_visible() and (ax.lines or ax.collections or ax.patches):
                assert " ".join(ax.get_xlabel().split()) in whole, name


@pytest.mark.parametrize("key", ["us-it-ai", "us-it-dotcom", "uk-railways-mitchell"])
def test_a_line_is_told_by_its_ends_and_its_highest_point(key):
    path = manias.trajectory(key)
    aligned = manias.align([path], manias.EventTime("onset", before=3, after=7))
    said = describe_figure(manias.plot_event_time(aligned, [path], clock="onset"))
    seen = aligned.dropna(subset="value")
    (first, last), top = seen.iloc[[0, -1]].to_dict("records"), seen["value"].max()
    shown = [f"{value:.3g}" for value in (first["value"], last["value"])]
    assert re.search(rf"{path.name}: from {shown[0]} at \S+ to {shown[1]} at ", said)
    assert f"{path.unit}, {seen['value'].min():.3g} to {top:.3g}" in said
    if top not in (first["value"], last["value"]):
        at = seen.loc[seen["value"].idxmax(), "tau"]
        assert f"highest {top:.3g} at {at:g}" in said


def test_another_number_gives_other_words():
    path = manias.trajectory("us-it-ai")
    aligned = manias.align([path], manias.EventTime("onset", before=0))
    twice = aligned.assign(value=2 * aligned["value"])
    said = [
        describe_figure(manias.plot_event_time(table, [path], clock="onset"))
        for table in (aligned, twice)
    ]
    assert f"{2 * aligned['value'].iloc[-1]:.3g} at" in said[1] and said[0] != said[1]


@pytest.mark.parametrize(
    ("first", "n", "place"),
    [("1871-01", 1200, 700), ("1995Q1", 126, 60), ("2000-01", 100, 33), ("1900", 90, 41)],
)
def test_a_period_is_named_between_the_years_that_are_written(first, n, place):
    index = pd.period_range(first, periods=n, freq="Q" if "Q" in first else None)
    series = pd.Series(np.random.default_rng(1).normal(size=n), index)
    series.iloc[place] = 50.0
    figure = manias.plot_dating(series, manias.date_series(series))
    figure.axes[1].set_visible(False)
    said = describe_figure(figure)
    assert f"highest 50 at {index[place]}," in said or f"highest 50 at {index[place]}." in said


def test_long_calendars_are_marked_by_round_years():
    index = pd.period_range("1871-01", periods=1200, freq="M")
    series = pd.Series(np.random.default_rng(1).normal(size=len(index)), index)
    figure = manias.plot_dating(series, manias.date_series(series))
    places = figure.axes[1].get_xticks()
    labels = [t.get_text() for t in figure.axes[1].get_xticklabels()]
    assert all(int(label) % 20 == 0 for label in labels) and 4 <= len(labels) <= 7
    assert [str(index[int(p)]) for p in places] == [f"{label}-01" for label in labels]


def test_named_rows_have_their_values():
    results = manias.load_model("payback-ai")
    said = describe_figure(manias.plot_sensitivities(results))
    row = results.sensitivities.set_index("what").loc["life of servers and chips"]
    ends = f"{row['ratio_low']:.3g} and {row['ratio_high']:.3g}"
    assert f"life of servers and chips (years): {results.ratio:.3g} and {ends}" in said
    brief = describe_figure(manias.plot_sensitivities(results), brief=True)
    assert "life of servers and chips" in brief and f"{row['ratio_low']:.3g}" not in brief


def test_what_is_too_much_is_counted():
    figure, ax = plt.subplots()
    for i in range(12):
        ax.plot([0, 1, 2], [i, i + 1, i], label=f"line {i}")
    said = describe_figure(figure)
    assert "line 7: from 7 at 0 to 7 at 2, highest 8 at 1" in said and "line 8" not in said
    assert said.endswith("4 more lines.")


def test_it_takes_figures_alone():
    with pytest.raises(manias.InputError, match="figure"):
        describe_figure("a figure")
