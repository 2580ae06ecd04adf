"""Booms on one clock, companies, innovations."""

from collections.abc import Sequence

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.data.sources import weakest
from manias.figures.style import (
    _DASHES,
    _MARKERS,
    SMALL,
    WIDTH,
    _amounts,
    _dark,
    _legend,
    _source,
    _spread,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.record.innovations import Innovation
from manias.series.timeline import Trajectory

_CLOCKS = {
    "onset": "years since onset (0 = onset)",
    "commercialised": "years since first commercial use (0 = first commercial use)",
    "peak": "years since peak (0 = peak)",
}


@checked
@styled
def plot_event_time(
    table: pd.DataFrame,
    paths: Sequence[Trajectory],
    *,
    clock: str,
    log: bool = False,
    ax: Axes | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw trajectories on event time.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.align` returns for ``paths``.
    paths : sequence of Trajectory
        For names, units, and whether a line is an estimate (drawn dashed).
    clock : str
        What lies at 0: onset, commercialised or peak.
    log : bool
        Whether the vertical axis is logarithmic.
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import EventTime, align, trajectory
    >>> paths = [trajectory("us-it-ai")]
    >>> figure = plot_event_time(align(paths, EventTime()), paths, clock="onset")
    >>> figure.axes[0].get_ylabel()
    'percent of GDP'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 2.9))[1]
    palette = sns.color_palette("colorblind")
    ends = []
    for i, path in enumerate(paths):
        line = table[table["trajectory"] == path.id]
        yearly = path.frequency == "Y"
        ax.plot(
            line["tau"],
            line["value"],
            color=palette[i % len(palette)],
            linewidth=1.5,
            linestyle=(0, (4, 2)) if path.is_estimated else "-",
            marker=_MARKERS[i % len(_MARKERS)],
            markersize=4 if yearly else 2.6,
            markevery=1 if yearly else 4,
            label=say(path.name),
        )
        seen = line.dropna(subset="value")
        if len(seen):
            ends.append(
                (seen["value"].iloc[-1], seen["tau"].iloc[-1], path, palette[i % len(palette)])
            )
    ax.axvline(0, color="0.6", linewidth=0.8)
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:g}"))
        ax.yaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    else:
        ax.set_ylim(min(0, ax.get_ylim()[0]), ax.get_ylim()[1])
    to, back = (np.log10, lambda v: 10**v) if log else (np.asarray, float)
    low, high = to(ax.get_ylim())
    left, right = ax.get_xlim()
    edge = right + 0.02 * (right - left)
    places = [back(p) for p in _spread([to(v) for v, *_ in ends], 0.07 * (high - low))]
    for y, (value, tau, path, colour) in zip(places, ends, strict=True):
        ax.annotate(
            say(path.name),
            (tau, value),
            xytext=(edge, y),
            color=_dark(colour),
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": "0.75",
                "linewidth": 0.6,
                "shrinkA": 1,
                "shrinkB": 4,
            },
        )
    ax.set_xlim(left, right + 0.45 * (right - left))
    ax.set_xticks([tick for tick in ax.get_xticks() if left <= tick <= right])
    ax.spines["bottom"].set_bounds(left, right)
    ax.set(xlabel=say(_CLOCKS[clock]), ylabel=say(paths[0].unit))
    return ax.figure


@checked
@styled
def plot_capex(
    table: pd.DataFrame,
    *,
    companies: Sequence[str] | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw capital expenditure against operating cash flow, one panel a company.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.record.companies.capex_table` returns: by company and quarter, billion USD.
    companies : sequence of str, optional
        All by default.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias.record.companies import capex_table
    >>> figure = plot_capex(capex_table(), companies=["Oracle"])
    >>> [ax.get_title("left") for ax in figure.axes if ax.axison]
    ['Oracle']
    """
    say = saying(language)
    companies = list(companies or table["company"].unique())
    columns = min(3, len(companies))
    rows = -(-len(companies) // columns)
    figure, places = subplots(
        rows + 1,
        columns,
        figsize=(WIDTH, 1.8 * rows + 0.7),
        squeeze=False,
        height_ratios=[1] * rows + [0.12],
    )
    axes, below = places[:rows], places[rows]
    palette = sns.color_palette("colorblind")
    every = table["quarter"].dt.start_time
    first, last = every.min() - pd.Timedelta(days=90), every.max() + pd.Timedelta(days=90)
    for ax, company in zip(axes.flat, companies, strict=False):
        one = table[table["company"] == company]
        x = one["quarter"].dt.start_time
        capex, cash, free = one["capex"], one["operating_cash_flow"], one["free_cash_flow"]
        width = pd.Timedelta(days=70)
        ax.bar(
            x[free >= 0],
            free[free >= 0],
            width=width,
            color="0.8",
            label=say("free cash flow, positive"),
        )
        ax.bar(
            x[free < 0],
            free[free < 0],
            width=width,
            color=palette[3],
            hatch="////",
            edgecolor="white",
            linewidth=0,
            label=say("free cash flow, negative"),
        )
        ax.plot(x, cash, color="0.15", linewidth=0.9, label=say("operating cash flow"))
        ax.plot(x, capex, color=palette[0], linewidth=2.0, label=say("capital expenditure"))
        ax.axhline(0, color="0.4", linewidth=0.6)
        ax.set_title(say(company), loc="left")
        ax.xaxis.set_major_locator(matplotlib.dates.YearLocator(2))
        ax.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%Y"))
        ax.set_xlim(first, last)
        _amounts(ax.yaxis, _A_QUARTER, say)
    for ax in (*axes.flat[len(companies) :], *below):
        ax.remove()
    for ax in axes[:, 0]:
        ax.set_ylabel(say(_A_QUARTER))
    handles = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    key = figure.add_subplot(axes[0, 0].get_gridspec()[-1, :])
    key.set_axis_off()
    legend = key.legend(
        handles.values(),
        handles.keys(),
        loc="center",
        ncols=4,
        frameon=False,
        columnspacing=1.0,
        handlelength=1.5,
    )
    # It is as wide as the figure, and the panels stay so.
    legend.set_in_layout(False)
    return figure


_A_QUARTER = "billion USD a quarter"


@checked
@styled
def plot_timeline(
    records: Sequence[Innovation], *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw the innovations by year of first commercial use, with dated booms.

    Parameters
    ----------
    records : sequence of Innovation
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import list_innovations
    >>> plot_timeline(list_innovations()).axes[0].get_xlabel()
    'year'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 7.2))[1]
    palette = sns.color_palette("colorblind")
    looks = {
        "boom_and_bust": ("boom and bust on record", "o", palette[3], palette[3]),
        "quoted_without": ("quoted shares, no boom on record", "D", palette[2], palette[2]),
        "no_vehicle": ("no shares that the public could buy", "s", palette[0], palette[0]),
        "unknown": ("not known, or sources conflict", "o", "white", "0.4"),
    }
    records = sorted(records, key=lambda r: (r.commercialised, r.id))
    for y, record in enumerate(reversed(records)):
        _, marker, face, edge = looks[record.verdict or "unknown"]
        dates = [_year(d) for d in (record.onset, record.peak, record.trough) if d]
        if record.verdict == "boom_and_bust" and dates:
            ax.hlines(
                y, record.commercialised, max(dates), color="0.85", linewidth=0.8, zorder=0
            )
            ax.hlines(
                y,
                min(dates),
                max(max(dates), min(dates) + 0.6),
                color=palette[3],
                linewidth=3.2,
            )
        ax.plot(
            record.commercialised,
            y,
            marker=marker,
            markerfacecolor=face,
            markeredgecolor=edge,
            linestyle="none",
            markersize=4.2,
        )
    seen = {record.verdict or "unknown" for record in records}
    for label, marker, face, edge in (look for key, look in looks.items() if key in seen):
        ax.plot(
            [],
            [],
            marker=marker,
            markerfacecolor=face,
            markeredgecolor=edge,
            linestyle="none",
            markersize=4.2,
            label=say(label),
        )
    ax.plot([], [], color=palette[3], linewidth=3.2, label=say("dated boom and bust"))
    ax.set_yticks(range(len(records)), [say(r.name) for r in reversed(records)], fontsize=SMALL)
    ax.set_ylim(-0.8, len(records) - 0.2)
    ax.set_xlabel(say("year"))
    _legend(ax, columns=2)
    return ax.figure


@checked
@styled
def plot_burden(table: pd.DataFrame, *, language: Language = ENGLISH) -> Figure:
    """Draw capital expenditure over operating cash flow and over revenue, by company.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.burden_table` returns.
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    ``plot_burden(burden_table(["Meta", "Oracle"]))``
    """
    say = saying(language)
    figure, axes = subplots(1, 2, figsize=(WIDTH, 3.4))
    palette = sns.color_palette("colorblind")
    first, last = (f(table["quarter"].dt.end_time) for f in (min, max))
    titles = {
        "of_cash_flow": "capex, percent of operating cash flow (log scale)",
        "of_revenue": "capex, percent of revenue (log scale)",
    }
    for ax, (measure, title) in zip(axes, titles.items(), strict=True):
        ends = []
        for i, (company, one) in enumerate(table.groupby("company")):
            seen = one.dropna(subset=measure)
            if seen.empty:
                continue
            x = seen["quarter"].dt.end_time
            y = seen[measure] * 100
            colour = palette[i % len(palette)]
            ax.plot(
                x,
                y,
                color=colour,
                linestyle=_DASHES[i % len(_DASHES)],
                linewidth=1.3,
                marker=_MARKERS[i % len(_MARKERS)],
                markersize=3,
                markevery=4,
            )
            ends.append((y.iloc[-1], x.iloc[-1], str(company), colour))
        ax.set_yscale("log")
        ax.axhline(100, color="0.5", linewidth=0.7, zorder=0)
        ticks = [5, 10, 20, 50, 100, 200, 500]
        low, high = ax.get_ylim()
        ax.set_yticks([t for t in ticks if low <= t <= high], minor=False)
        ax.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        ax.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
        left, right = map(matplotlib.dates.date2num, (first, last))
        gap = 0.055 * np.log(high / low)
        places = np.exp(_spread(np.log([value for value, *_ in ends]), gap))
        for y, (value, when, label, colour) in zip(places, ends, strict=True):
            ax.annotate(
                say(label),
                (when, value),
                xytext=(right + 0.03 * (right - left), y),
                color=_dark(colour),
                va="center",
                arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "shrinkB": 3},
            )
        ax.set_xlim(left - 90, right + 0.5 * (right - left))
        years = range(first.year + 1, last.year + 1, 2)
        ax.set_xticks([pd.Timestamp(f"{year}-01-01") for year in years], years)
        ax.set_ylabel(say(title))
        ax.set_xlabel(say("end of four quarters (1 January marked)"))
    _source(axes[0], ("ai_capex",), weakest(table["grade"]), language=language)
    return figure


def _year(text: str) -> float:
    return int(text[:4]) + ((int(text[5:7]) - 1) / 12 if len(text) > 4 else 0)
