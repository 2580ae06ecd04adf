"""Results -> axes. Nothing is estimated here.

Colours are seaborn's colour-blind set; line style, marker and direct labels carry the same
distinction for readers who print in grey. Estimates are dashed.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.dating import DatedSeries
from manias.innovations import Innovation
from manias.models.ladder import Assessment, LadderResults
from manias.stamp import write_atomically
from manias.timeline import Trajectory

WIDTH = 6.5
"""Width of a figure in inches: the text width of the report."""

_MARKERS = "osD^v*P"
_DASHES = ("-", (0, (6, 1.5)), (0, (1, 1.2)), "-.", (0, (3, 1, 1, 1, 1, 1)), "-")


def style() -> None:
    """Set the look of all figures, and what makes their SVG repeat byte for byte."""
    sns.set_theme("paper", "ticks", palette="colorblind", font="DejaVu Sans")
    matplotlib.rcParams |= {
        "svg.hashsalt": "manias",
        "svg.fonttype": "path",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.constrained_layout.use": True,
        "font.size": 8,
        "axes.labelsize": 8,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 7.5,
        "axes.titlesize": 8.5,
        "legend.fontsize": 7.5,
        "axes.linewidth": 0.7,
    }


def plot_event_time(
    table: pd.DataFrame, paths: Sequence[Trajectory], *, clock: str, ax: Axes | None = None
) -> Axes:
    """Draw trajectories on event time.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.align` returns for ``paths``.
    paths : sequence of Trajectory
        For names, units, and whether a line is an estimate (drawn dashed).
    clock : str
        What lies at 0: onset, commercialised or peak.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from manias import EventTime, align, trajectory
    >>> paths = [trajectory("us-it-ai")]
    >>> ax = plot_event_time(align(paths, EventTime()), paths, clock="onset")
    >>> ax.get_ylabel()
    'percent of GDP'
    """
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 2.9))[1]
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
            label=path.name,
        )
        seen = line.dropna(subset="value")
        if len(seen):
            ends.append(
                (seen["value"].iloc[-1], seen["tau"].iloc[-1], path, palette[i % len(palette)])
            )
    ax.axvline(0, color="0.6", linewidth=0.8)
    ax.set_ylim(min(0, ax.get_ylim()[0]), ax.get_ylim()[1])
    height, (left, right) = ax.get_ylim()[1] - ax.get_ylim()[0], ax.get_xlim()
    edge = right + 0.02 * (right - left)
    places = _spread([value for value, *_ in ends], 0.07 * height)
    for y, (value, tau, path, colour) in zip(places, ends, strict=True):
        ax.annotate(
            path.name,
            (tau, value),
            xytext=(edge, y),
            color=_dark(colour),
            fontsize=7.5,
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
    ax.set_xticks([tick for tick in ax.get_xticks() if left <= tick <= right + 0.5])
    what = {"onset": "onset", "commercialised": "first commercial use", "peak": "peak"}[clock]
    ax.set(xlabel=f"years since {what} (0 = {what})", ylabel=paths[0].unit)
    return ax


def plot_capex(table: pd.DataFrame, *, companies: Sequence[str] | None = None) -> Figure:
    """Draw capital expenditure against operating cash flow, one panel a company.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.tables.capex_table` returns: by company and quarter, billion USD.
    companies : sequence of str, optional
        All by default.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias.tables import capex_table
    >>> len(plot_capex(capex_table(), companies=["Oracle"]).axes)
    1
    """
    style()
    companies = list(companies or table["company"].unique())
    columns = min(3, len(companies))
    rows = -(-len(companies) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, 1.9 * rows + 0.3), sharex=True, squeeze=False
    )
    palette = sns.color_palette("colorblind")
    for ax, company in zip(axes.flat, companies, strict=False):
        one = table[table["company"] == company]
        x = one["quarter"].dt.start_time
        capex, cash, free = one["capex"], one["operating_cash_flow"], one["free_cash_flow"]
        width = pd.Timedelta(days=70)
        ax.bar(
            x[free >= 0],
            free[free >= 0],
            width=width,
            color="0.82",
            label="free cash flow, positive",
        )
        ax.bar(
            x[free < 0],
            free[free < 0],
            width=width,
            color=palette[3],
            hatch="////",
            edgecolor="white",
            linewidth=0,
            label="free cash flow, negative",
        )
        ax.plot(
            x,
            cash,
            color=palette[0],
            linestyle=(0, (5, 1.5)),
            linewidth=1.2,
            label="operating cash flow",
        )
        ax.plot(x, capex, color=palette[1], linewidth=1.7, label="capital expenditure")
        ax.axhline(0, color="0.4", linewidth=0.6)
        ax.set_title(company, loc="left", fontweight="bold")
        ax.xaxis.set_major_locator(matplotlib.dates.YearLocator(2))
        ax.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%Y"))
    for ax in axes.flat[len(companies) :]:
        ax.remove()
    for ax in axes[:, 0]:
        ax.set_ylabel("billion USD a quarter")
    handles = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(
        handles.values(), handles.keys(), loc="outside lower center", ncols=4, frameon=False
    )
    return figure


def plot_ladder(
    results: LadderResults,
    *,
    published: Mapping[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw crash frequency by run-up, with intervals, beside the published frequencies.

    Parameters
    ----------
    results : LadderResults
    published : mapping of float to float, optional
        Rung -> published frequency, decimals; drawn as open diamonds.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from manias import LadderModel, load_panel
    >>> results = LadderModel().fit(load_panel().as_of("2014-03"))
    >>> plot_ladder(results).get_ylabel()
    'share followed by a 40% fall within 24 months'
    """
    style()
    ax = ax or plt.subplots(figsize=(WIDTH * 0.8, 3.1))[1]
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
        label="this package, 95% interval",
    )
    for row in table.itertuples():
        ax.annotate(
            f"{row.crashes}/{row.n}",
            (row.rung * 100, row.rate * 100),
            xytext=(7, -11),
            textcoords="offset points",
            fontsize=7,
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
            label="published (Greenwood et al. 2019)",
            zorder=5,
        )
    ax.axhline(results.base.rate * 100, color="0.45", linestyle=(0, (2, 2)), linewidth=1)
    ax.annotate(
        "any two years",
        (ax.get_xlim()[1], results.base.rate * 100),
        xytext=(-2, -9),
        textcoords="offset points",
        ha="right",
        fontsize=7,
        color="0.3",
    )
    rule = results.model.rule
    ax.set(
        xlabel="run-up over two years, raw and net of the market, at least (%)",
        ylabel=f"share followed by a {rule.crash:.0%} fall within {rule.horizon} months",
        ylim=(0, 100),
        xticks=list(x),
    )
    ax.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    ax.legend(frameon=False, loc="upper left")
    return ax


def plot_standing(assessments: Sequence[Assessment], *, ax: Axes | None = None) -> Axes:
    """Draw where industries stood on several dates: run-up net of the market, and raw.

    Parameters
    ----------
    assessments : sequence of Assessment
        Of the same industries, one a date.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from manias import assess, load_panel
    >>> ax = plot_standing([assess(load_panel(), as_of="1999-12")])
    >>> len(ax.get_yticks())
    7
    """
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 3.0))[1]
    palette = sns.color_palette("colorblind")
    names = [s.name for s in assessments[0].standings]
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
            label=f"{answer.as_of}: net of market",
        )
        ax.plot(
            raw,
            spots + shift,
            linestyle="none",
            marker=_MARKERS[i],
            markerfacecolor="white",
            markeredgecolor=colour,
            label=f"{answer.as_of}: raw",
        )
    for rung in assessments[0].results.model.rungs:
        ax.axvline(rung * 100, color="0.8", linewidth=0.7, zorder=0)
    ax.axvline(0, color="0.5", linewidth=0.7, zorder=0)
    ax.set_yticks(spots, names)
    ax.set_xlabel("return over two years (%); grey lines are the rungs of the ladder")
    ax.figure.legend(frameon=False, loc="outside lower center", ncols=2 * len(assessments))
    return ax


def plot_dating(series: pd.Series, dated: DatedSeries, *, name: str = "") -> Figure:
    """Draw a series with its explosive episodes shaded, above the test and its boundary.

    Parameters
    ----------
    series : pandas.Series, shape (n,)
        As given to `manias.date_series`.
    dated : DatedSeries
    name : str
        Label of the series.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import date_series
    >>> walk = pd.Series(np.random.default_rng(0).standard_normal(60).cumsum())
    >>> len(plot_dating(walk, date_series(walk)).axes)
    2
    """
    style()
    colours = sns.color_palette("colorblind")
    figure, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True)
    x = np.arange(len(series))
    ends = x[len(series) - len(dated.dates) :]
    above.plot(x, series.to_numpy(), color="0.15", linewidth=1.1)
    above.set_ylabel(name or "value")
    below.plot(ends, dated.tests.bsadf, color=colours[0], linewidth=1.1, label="BSADF")
    below.plot(
        ends,
        dated.boundary,
        color=colours[1],
        linestyle=(0, (4, 2)),
        linewidth=1.1,
        label=f"{dated.rule.level}% boundary",
    )
    below.set_ylabel("t ratio")
    below.legend(frameon=False, loc="upper left")
    place = {date: ends[i] for i, date in enumerate(dated.dates)}
    for episode in dated.episodes:
        for ax in (above, below):
            ax.axvspan(place[episode.start], place[episode.end], color="0.85", zorder=0)
    ticks = np.unique(np.linspace(0, len(series) - 1, 7).astype(int))
    shown = series.index[ticks]
    below.set_xticks(
        ticks, [str(d.date()) if isinstance(d, pd.Timestamp) else str(d) for d in shown]
    )
    below.set_xlabel("period (shaded: explosive episodes)")
    return figure


def plot_timeline(records: Sequence[Innovation], *, ax: Axes | None = None) -> Axes:
    """Draw the innovations by year of first commercial use, with dated booms.

    Parameters
    ----------
    records : sequence of Innovation
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from manias import list_innovations
    >>> plot_timeline(list_innovations()).get_xlabel()
    'year'
    """
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 7.2))[1]
    palette = sns.color_palette("colorblind")
    looks = {
        "yes": ("boom and bust on record", "o", palette[3], palette[3]),
        "no": ("no boom on record, by a source", "s", palette[0], palette[0]),
        None: ("not known, or sources conflict", "o", "white", "0.4"),
    }
    records = sorted(records, key=lambda r: (r.commercialised, r.id))
    for y, record in enumerate(reversed(records)):
        _, marker, face, edge = looks[record.verdict]
        dates = [_year(d) for d in (record.onset, record.peak, record.trough) if d]
        if record.verdict == "yes" and dates:
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
    for label, marker, face, edge in looks.values():
        ax.plot(
            [],
            [],
            marker=marker,
            markerfacecolor=face,
            markeredgecolor=edge,
            linestyle="none",
            markersize=4.2,
            label=label,
        )
    ax.plot([], [], color=palette[3], linewidth=3.2, label="dated boom and bust")
    ax.set_yticks(range(len(records)), [r.name for r in reversed(records)], fontsize=6.3)
    ax.set_ylim(-0.8, len(records) - 0.2)
    ax.set_xlabel("year")
    ax.figure.legend(frameon=False, loc="outside lower center", ncols=2)
    return ax


def save_svg(thing: Axes | Figure, path: Path) -> None:
    """Write a figure; the same figure gives the same bytes.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    path : Path
        Replaced atomically.
    """
    write_atomically(path, to_svg(thing))


def to_svg(thing: Axes | Figure) -> bytes:
    """Draw a figure as SVG without a date, and close it.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    thing.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(thing.figure)
    return out.getvalue()


def _year(text: str) -> float:
    return int(text[:4]) + ((int(text[5:7]) - 1) / 12 if len(text) > 4 else 0)


def _dark(colour: tuple[float, float, float]) -> tuple[float, ...]:
    return tuple(0.7 * part for part in colour)


def _spread(values: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that neighbours are at least ``gap`` away from each other."""
    order = np.argsort(values)
    placed = np.array(values, dtype=float)[order]
    for _ in range(100):
        moved = False
        for i in range(len(placed) - 1):
            short = gap - (placed[i + 1] - placed[i])
            if short > 1e-9:
                placed[i] -= short / 2
                placed[i + 1] += short / 2
                moved = True
        if not moved:
            break
    out = np.empty(len(placed))
    out[order] = placed
    return out.tolist()
