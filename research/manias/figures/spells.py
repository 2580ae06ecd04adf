"""The last spell of a series above its boundary, and how often that is a false alarm."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.explosive.dating import DatedSeries
from manias.explosive.spells import last_spell
from manias.figures.style import WIDTH, _source, _title, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text

_ALARMS = {
    "random walk": "random walks",
    "walk with drift": "walks with drift",
    "variance break": "walks whose variance breaks",
    "technology": "prices under a technology",
    "technology share": "shares under a technology",
}
"""Simulated processes as they are called beside their false alarms."""


@checked
@styled
def plot_last_spell(
    series: pd.Series,
    dated: DatedSeries,
    alarms: pd.DataFrame,
    *,
    name: str,
    unit: str,
    grade: str,
    language: Language = ENGLISH,
) -> Figure:
    """Draw a series, its statistic and boundary, and how often the test rejects by chance.

    Parameters
    ----------
    series : pandas.Series, shape (n,)
        As given to `manias.date_series`, by quarter.
    dated : DatedSeries
    alarms : pandas.DataFrame
        ``process``, ``n`` and ``gsadf``, the share of simulated series without any explosive
        growth in which the test rejects.
    name : str
        Of the series, for the title.
    unit : str
    grade : str
        Of the series.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        Shaded dark: dated episodes; hatched: the last spell, where it is too short for one.

    Examples
    --------
    >>> from manias import date_series
    >>> months = pd.period_range("1990Q1", periods=60, freq="Q")
    >>> walk = pd.Series(np.random.default_rng(0).standard_normal(60).cumsum(), months)
    >>> alarms = pd.DataFrame({"process": ["random walk"], "n": [100], "gsadf": [0.05]})
    >>> told = {"name": "x", "unit": "percent", "grade": "A"}
    >>> len(plot_last_spell(walk, date_series(walk), alarms, **told).axes)
    3
    """
    say = saying(language)
    colours = sns.color_palette("colorblind")
    spell = last_spell(dated)
    figure, axes = subplots(
        3, 1, figsize=(WIDTH, 5.2), gridspec_kw={"height_ratios": [1, 1.1, 0.9]}
    )
    above, below, right = axes
    years = np.asarray(series.index.year + (series.index.quarter - 1) / 4)
    place = {str(q): x for q, x in zip(series.index, years, strict=True)}
    ends = years[len(years) - len(dated.dates) :]
    above.plot(years, series.to_numpy(), color="0.15", linewidth=1.2)
    above.set(xlabel=say("year"), ylabel=say(unit))
    below.plot(ends, dated.tests.bsadf, color=colours[0], linewidth=1.6)
    below.plot(ends, dated.boundary, color="0.3", linestyle=(0, (4, 2)), linewidth=1.1)
    below.annotate(
        say(Text("boundary, {level}%", level=dated.rule.level)),
        (ends[len(ends) // 3], dated.boundary[len(ends) // 3]),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color="0.3",
    )
    below.set_ylabel(say("test statistic"))
    for ax in (above, below):
        ax.set_xlim(years[0] - 0.5, years[-1] + 0.8)
        for episode in dated.episodes:
            ax.axvspan(place[episode.start], place[episode.end] + 0.25, color="0.8", zorder=0)
        if spell.n and not spell.is_dated:
            ax.axvspan(
                place[spell.since] - 0.15, years[-1] + 0.15, facecolor="none",
                edgecolor=colours[1], hatch="////", linewidth=0.6, zorder=0,
            )  # fmt: skip
    below.set_xlabel(say("year (hatched: above the boundary, too short to be dated)"))
    lengths = sorted(alarms["n"].unique())
    names = list(dict.fromkeys(alarms["process"]))
    looks = ("o", "s", "D")
    for marker, n in zip(looks, lengths, strict=False):
        here = alarms[alarms["n"] == n].set_index("process")["gsadf"].reindex(names)
        right.plot(
            100 * here, range(len(names)), marker, color=colours[0], markersize=5.5,
            markerfacecolor=colours[0] if n == lengths[0] else "white",
            label=say(Text("{n} periods", n=int(n))),
        )  # fmt: skip
    for y, process in enumerate(names):
        most = 100 * alarms.loc[alarms["process"] == process, "gsadf"].max()
        right.annotate(
            f"{most:.0f}%", (most, y), xytext=(8, 0), textcoords="offset points",
            va="center",
        )  # fmt: skip
    right.set_yticks(range(len(names)), [say(_ALARMS.get(name, name)) for name in names])
    right.set_ylim(-0.6, len(names) - 0.4)
    right.set_xlim(0, None)
    right.axvline(
        100 - int(dated.rule.level), color="0.5", linewidth=0.8, linestyle=(0, (1, 1.5))
    )
    right.set_xlabel(
        say(Text("false alarms, % of simulated series (dots: {size}%)",
                 size=100 - int(dated.rule.level)))
    )  # fmt: skip
    right.legend(frameon=False, loc="lower right")
    said = Text("{name}: {finding}", name=name, finding=spell.finding)
    _title(figure, said, language=language)
    _source(
        above, ["us_it_investment", "critical_values", "size_power"], grade, language=language
    )
    return figure
