"""The ladder of run-ups, who stands on it, and the risk of a crash."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import NotNegative, checked
from manias.data.library import load
from manias.data.sources import weakest
from manias.errors import InputError
from manias.figures.style import (
    _MARKERS,
    WIDTH,
    _broken,
    _legend,
    _source,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text, Verbatim
from manias.lenses.ladder import Assessment, LadderResults


@checked
@styled
def plot_ladder(
    results: LadderResults,
    *,
    published: Mapping[float, float] | None = None,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw crash frequency by run-up, with intervals, beside the published frequencies.

    Parameters
    ----------
    results : LadderResults
    published : mapping of float to float, optional
        Rung -> published frequency, decimals; drawn as open diamonds.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import LadderModel, load_panel
    >>> results = LadderModel().fit(load_panel().as_of("2014-03"))
    >>> plot_ladder(results).axes[0].get_ylabel()
    'share followed by a 40% fall\\nwithin 24 months'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 3.1))[1]
    colour = sns.color_palette("colorblind")[0]
    table = results.tidy().dropna(subset="rung")
    x, rate = table["rung"] * 100, table["rate"] * 100
    ax.errorbar(
        x,
        rate,
        yerr=[rate - table["low"] * 100, table["high"] * 100 - rate],
        fmt="o-",
        color=colour,
        capsize=3,
        linewidth=1.2,
        markersize=5,
        label=say("this report, 95% interval"),
    )
    for row in table.itertuples():
        ax.annotate(
            f"{row.crashes}/{row.n}",
            (row.rung * 100, row.rate * 100),
            xytext=(-7, 4),
            ha="right",
            textcoords="offset points",
        )
    if published:
        ax.plot(
            [rung * 100 for rung in published],
            [share * 100 for share in published.values()],
            linestyle="none",
            marker="D",
            markersize=6,
            markerfacecolor="white",
            markeredgecolor="black",
            label=say("published (Greenwood et al. 2019)"),
            zorder=5,
        )
    ax.axhline(results.base.rate * 100, color="0.45", linestyle=(0, (1, 1.5)), linewidth=1)
    ax.annotate(
        say("any two years"),
        (ax.get_xlim()[1], results.base.rate * 100),
        xytext=(-2, -9),
        textcoords="offset points",
        ha="right",
        color="0.3",
    )
    rule = results.model.rule
    followed = Text(
        "share followed by a {fall} fall within {months} months",
        fall=f"{rule.crash:.0%}",
        months=rule.horizon,
    )
    ax.set(
        xlabel=say("run-up over two years, in itself and net of the market, at least (%)"),
        ylabel=_broken(say(followed), 30),
        ylim=(0, 100),
        xticks=list(x),
    )
    ax.margins(x=0.1)
    ax.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    ax.legend(frameon=False, loc="upper left")
    return ax.figure


@checked
@styled
def plot_standing(
    assessments: Sequence[Assessment],
    *,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw where industries stood on several dates: run-up net of the market, and raw.

    Parameters
    ----------
    assessments : sequence of Assessment
        Of the same industries, one a date.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import assess, load_panel
    >>> figure = plot_standing([assess(load_panel(), as_of="1999-12")])
    >>> len(figure.axes[0].get_yticks())
    7
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 3.0))[1]
    palette = sns.color_palette("colorblind")
    names = [say(s.name) for s in assessments[0].standings]
    spots = np.arange(len(names))[::-1]
    for i, answer in enumerate(assessments):
        shift = 0.16 * (1 if i % 2 == 0 else -1) if len(assessments) > 1 else 0.0
        net = [s.net_runup * 100 for s in answer.standings]
        raw = [s.runup * 100 for s in answer.standings]
        colour = palette[(0, 1, 2)[i % 3]]
        ax.hlines(spots + shift, net, raw, color=colour, linewidth=1)
        ax.plot(
            net,
            spots + shift,
            linestyle="none",
            marker=_MARKERS[i],
            color=colour,
            label=say(Text("{month}: net of market", month=answer.as_of)),
        )
        ax.plot(
            raw,
            spots + shift,
            linestyle="none",
            marker=_MARKERS[i],
            markerfacecolor="white",
            markeredgecolor=colour,
            label=say(Text("{month}: in itself", month=answer.as_of)),
        )
    for rung in assessments[0].results.model.rungs:
        ax.axvline(rung * 100, color="0.8", linewidth=0.7, zorder=0)
    ax.axvline(0, color="0.5", linewidth=0.7, zorder=0)
    ax.set_yticks(spots, names)
    ax.set_xlabel(say("return over two years (%); grey lines are the thresholds"))
    _legend(ax, columns=2)
    return ax.figure


@checked
@styled
def plot_variants(
    results: Mapping[str, LadderResults],
    *,
    rung: NotNegative = 1.0,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw how the crash frequency on one rung moves when one choice of the rule is changed.

    Parameters
    ----------
    results : mapping of str to LadderResults
        What is changed -> ladder fitted so; the first is drawn as the reference.
    rung : float
        Threshold of the run-up, decimals; one that every ladder has.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If a ladder lacks the rung.

    Examples
    --------
    ``plot_variants({"as chosen": LadderModel().fit(load_panel())}, rung=1.0)``
    """
    for name, fitted in results.items():
        if rung not in fitted.rungs:
            listed = ", ".join(map(str, fitted.rungs))
            raise InputError(f"rung {rung} of {name!r}: expected one of {listed}")
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 0.27 * len(results) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    spots = np.arange(len(results))[::-1]
    for i, (y, fitted) in enumerate(zip(spots, results.values(), strict=True)):
        share = fitted.rungs[rung]
        ax.hlines(y, share.low * 100, share.high * 100, color=colours[0], linewidth=1.4)
        ax.plot(
            share.rate * 100,
            y,
            marker="o",
            markersize=6,
            color=colours[0],
            markerfacecolor=colours[0] if i == 0 else "white",
        )
        ax.plot(fitted.base.rate * 100, y, marker="|", markersize=9, color="0.35")
        ax.annotate(
            say(Text("{part} of {whole}", part=share.crashes, whole=share.n)),
            (1.01, y),
            xycoords=("axes fraction", "data"),
            va="center",
        )
    first = next(iter(results.values()))
    rule = first.model.rule
    ax.axvline(first.rungs[rung].rate * 100, color="0.8", linewidth=0.8, zorder=0)
    ax.plot([], [], "o-", color=colours[0], label=say("after the run-up, 95% interval"))
    ax.plot([], [], "|", color="0.35", markersize=9, label=say("any two years, the same rule"))
    ax.set_yticks(spots, [say(name) for name in results])
    followed = Text(
        "share of run-ups of {rung} and more followed by a {fall} fall",
        rung=f"{rung:.0%}",
        fall=f"{rule.crash:.0%}",
    )
    ax.set(xlim=(0, 100), xlabel=say(followed))
    ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    _legend(ax, columns=2)
    _source(ax, ("us_industries",), "A", Verbatim(first.model_id), language=language)
    return ax.figure


@checked
@styled
def plot_risks(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    tables: Sequence[str] = ("us_industries", "shiller"),
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw probabilities of a crash by month and industry, beside what was known and came.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.backtest` returns, or ``month``, ``industry``, ``p``, ``low``, ``high`` and
        optionally ``base``, ``crashed`` and ``failed``, decimals.
    names : mapping of str to str, optional
        Short name of an industry -> readable name.
    tables : sequence of str
        Tables named below the figure.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    ``plot_risks(backtest({"1999-12": ("Softw", "Util")}))``
    """
    say = saying(language)
    months = list(dict.fromkeys(table["month"]))
    height = len(table) + 0.8 * len(months)
    ax = ax or subplots(figsize=(WIDTH, 0.2 * height + 1.1))[1]
    colours = sns.color_palette("colorblind")
    y, spots, labels = 0.0, [], []
    for month in months:
        ax.annotate(
            say(month),
            (0, y),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            va="center",
            textcoords="offset points",
        )
        block = table[table["month"] == month]
        top, y = y, y - 1
        for row in block.to_dict("records"):
            spots.append(y)
            key = row["industry"]
            labels.append(say((names or {}).get(key, Verbatim(key))))
            if not np.isfinite(row["p"]):
                reason = row.get("failed") or "a feature is missing"
                ax.annotate(
                    say(Text("no conclusion: {reason}", reason=reason)),
                    (2, y),
                    va="center",
                    color="0.3",
                )
            else:
                _risk(ax, y, row, colours)
            y -= 1
        base = block["base"].dropna() if "base" in block else pd.Series(dtype=float)
        if len(base):
            ax.vlines(
                base.iloc[0] * 100, y + 0.6, top - 0.6, color="0.35", linestyle=(0, (2, 2))
            )
        y -= 0.4
    known = table.get("crashed", pd.Series(np.nan, table.index))[np.isfinite(table["p"])]
    there = {None if pd.isna(v) else bool(v) for v in known}
    for outcome, (look, label) in _OUTCOMES.items():
        if outcome in there:
            ax.plot([], [], linestyle="none", markersize=5.5, label=say(label), **look(colours))
    if "base" in table:
        ax.plot(
            [], [], color="0.35", linestyle=(0, (2, 2)), label=say("base rate, as known then")
        )
    ax.set_yticks(spots, labels)
    ax.set(
        xlim=(0, 100),
        ylim=(y + 0.4, 0.7),
        xlabel=say("probability of a 40% fall within two years"),
    )
    ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    _legend(ax, columns=2)
    _source(ax, tables, weakest(load(name).grade for name in tables), language=language)
    return ax.figure


_OUTCOMES = {
    True: (
        lambda c: {"marker": "X", "color": c[3], "markeredgewidth": 0},
        "a crash followed",
    ),
    False: (
        lambda c: {"marker": "o", "markerfacecolor": "white", "markeredgecolor": c[0]},
        "no crash followed",
    ),
    None: (lambda c: {"marker": "s", "color": "0.45"}, "outcome not known"),
}


def _risk(ax: Axes, y: float, row: Mapping[str, object], colours) -> None:
    crashed = row.get("crashed", float("nan"))
    look, _ = _OUTCOMES[None if pd.isna(crashed) else bool(crashed)]
    ax.hlines(y, row["low"] * 100, row["high"] * 100, color="0.6", linewidth=1.2)
    ax.plot(row["p"] * 100, y, linestyle="none", markersize=5.5, **look(colours))
