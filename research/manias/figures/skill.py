"""Results of the lenses -> axes. Nothing is estimated here."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.data.sources import weakest
from manias.errors import InputError
from manias.evaluation.logit import LogitResults
from manias.evaluation.scores import Scores
from manias.figures.style import SMALL, WIDTH, _legend, _source, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Joined, Text
from manias.language.names import DEFINITIONS, model_name, scheme_name, term_name
from manias.lenses.base import BubbleResults


@checked
@styled
def plot_specifications(table: pd.DataFrame, *, language: Language = ENGLISH) -> Figure:
    """Draw the specification curve: the answer under every choice, and the choices below.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.lenses.innovation.specifications` returns.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Above, odds of AI over those of the sample with their 95% interval, sorted; below, a
        mark for each choice. Filled: the interval of the gain out of sample lies above zero.

    Examples
    --------
    >>> from manias.lenses.innovation import specifications
    >>> len(plot_specifications(specifications()).axes)
    2
    """
    say = saying(language)
    rows = table[table["failed"] == ""].sort_values("odds_ratio", kind="stable")
    rows = rows.reset_index(drop=True)
    figure, (top, bottom) = subplots(
        2, 1, figsize=(WIDTH, 6.4), sharex=True, height_ratios=(1, 1.25)
    )
    x = np.arange(len(rows))
    skilled = (rows["gain_low"] > 0).to_numpy()
    colour = sns.color_palette("colorblind")[0]
    top.vlines(x, rows["low"], rows["high"], color="0.75", linewidth=0.8)
    top.axhline(1, color="black", linewidth=0.8, label=say("odds of the sample"))
    for chosen, face, name in (
        (~skilled, "white", "odds of AI; the interval of the gain holds zero"),
        (skilled, colour, "odds of AI; the whole interval of the gain above zero"),
    ):
        if chosen.any():
            top.plot(
                x[chosen],
                rows["odds_ratio"][chosen],
                "o",
                markersize=3.2,
                color=colour,
                markerfacecolor=face,
                label=say(name),
            )
    top.set(ylabel=say("odds of a boom and bust,\nover those of the sample"), yscale="log")
    top.yaxis.set_major_formatter("{x:g}")
    top.legend(frameon=False, loc="lower right", ncols=1)
    labels: list[str] = []
    for column in ("definition", "covariates", "minimum_grade", "sample"):
        for value in dict.fromkeys(rows[column]):
            inside = (rows[column] == value).to_numpy()
            at = len(labels)
            bottom.plot(x[inside], np.full(inside.sum(), at), "|", color="0.2", markersize=5)
            labels.append(say(_choice(column, str(value))))
    bottom.set(
        yticks=range(len(labels)),
        xlabel=say(Text("{n} specifications, by the odds that they give", n=len(rows))),
    )
    bottom.set_yticklabels(labels, fontsize=SMALL)
    bottom.invert_yaxis()
    bottom.tick_params(length=0)
    return figure


FEW = 12
"""Scores of one model above which only those that were tested are drawn."""


def headline_scores(models: Sequence[BubbleResults]) -> list[tuple[str, Scores]]:
    """Scores with the names of their models; of a model with many, those that were tested.

    Parameters
    ----------
    models : sequence of BubbleResults

    Returns
    -------
    list of (str, Scores)
    """
    return [
        (m.name, s)
        for m in models
        for s in m.scores
        if len(m.scores) <= FEW or np.isfinite(s.permutation_p)
    ]


@checked
@styled
def plot_gains(
    models: Sequence[BubbleResults], *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw how much each fitted model gains over the base rate out of sample.

    Parameters
    ----------
    models : sequence of BubbleResults
        Those without scores are left out.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        A row a score: gain in log loss per case with its 95% interval; right of 0 is skill.

    Examples
    --------
    >>> from manias.answers.archive import list_models
    >>> plot_gains(list_models()).axes[0].get_xlabel()
    'gain in log loss out of sample, nats a case'
    """
    say = saying(language)
    scored = headline_scores(models)
    ax = ax or subplots(figsize=(WIDTH, 0.6 + 0.24 * len(scored)))[1]
    colour = sns.color_palette("colorblind")[0]
    spots: list[float] = []
    for (name, s), (before, _) in zip(scored, [("", None), *scored], strict=False):
        # Scores of one model stand together.
        spots.append((spots[-1] if spots else -1.0) + (1.0 if name == before else 1.6))
        ax.plot([s.gain_low, s.gain_high], [spots[-1]] * 2, color=colour, linewidth=1.4)
        ax.plot(
            s.gain,
            spots[-1],
            "o",
            color=colour,
            markersize=5,
            markerfacecolor=colour if s.has_skill else "white",
        )
    ax.axvline(0, color="0.4", linewidth=0.8, linestyle=(0, (1, 1.5)))
    ax.set(xlabel=say("gain in log loss out of sample, nats a case"))
    ax.set_yticks(spots, [say(_scored(name, s.scheme)) for name, s in scored])
    ax.margins(y=0.02)
    ax.invert_yaxis()
    return ax.figure


def _choice(column: str, value: str) -> str:
    words = value.replace("_", " ")
    if column == "minimum_grade":
        if value == "A":
            return "verdicts of grade A"
        return Text("verdicts of grade {grade} or better", grade=value)
    if column == "definition":
        return Text("label: {definition}", definition=DEFINITIONS[value])
    if column == "covariates":
        return Joined(" + ", map(term_name, value.split(" + ")))
    if years := _LEFT_OUT.fullmatch(words):
        return Text("list and candidates without {first}-{last}", **years.groupdict())
    return words


_LEFT_OUT = re.compile(r"list and candidates without (?P<first>\d{4})-(?P<last>\d{4})")


def _scored(name: str, scheme: str) -> Text:
    return Text("{model}: {scheme}", model=model_name(name), scheme=scheme_name(scheme))


@checked
@styled
def plot_scores(
    results: Sequence[LogitResults], *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw what each model gains over the base rate on cases that it had not seen.

    Parameters
    ----------
    results : sequence of LogitResults
        Fitted models with scores; one without is left out.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If none has a score.

    Examples
    --------
    ``plot_scores([load_model("runup-classic"), load_model("runup-panel")])``
    """
    rows = [(fitted, s) for fitted in results for s in fitted.scores]
    if not rows:
        raise InputError("no model with a score; expected at least one")
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 0.42 * len(rows) + 1.1))[1]
    colours = sns.color_palette("colorblind")
    spots = np.arange(len(rows))[::-1]
    for y, (_, s) in zip(spots, rows, strict=True):
        ax.hlines(y, s.gain_low, s.gain_high, color=colours[0], linewidth=1.4)
        ax.plot(
            s.gain,
            y,
            marker="o",
            markersize=6,
            color=colours[0],
            markerfacecolor=colours[0] if s.has_skill else "white",
        )
        cases = {"part": s.events, "whole": f"{s.n:,}"}
        said = Text("{part} of {whole}", **cases)
        if np.isfinite(s.permutation_p):
            said = Text("{part} of {whole}; p = {p}", **cases, p=f"{s.permutation_p:.3f}")
        ax.annotate(
            say(said),
            (1.01, y),
            xycoords=("axes fraction", "data"),
            va="center",
        )
    ax.axvline(0, color="0.3", linewidth=0.9)
    ax.plot(
        [], [], "o-", color=colours[0], markerfacecolor="white", label=say("no skill shown")
    )
    ax.plot([], [], "o-", color=colours[0], label=say("skill"))
    labels = [
        Text(
            "{model}\nleft out: {scheme}",
            model=model_name(fitted.name),
            scheme=scheme_name(s.scheme),
        )
        for fitted, s in rows
    ]
    ax.set_yticks(spots, [say(label) for label in labels])
    ax.set_xlabel(say("gain in log loss over the base rate, nats a case (right of 0: better)"))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    _legend(ax, columns=2)
    tables = dict.fromkeys(name for fitted, _ in rows for name in fitted.data)
    _source(ax, tables, weakest(fitted.grade for fitted, _ in rows), language=language)
    return ax.figure
