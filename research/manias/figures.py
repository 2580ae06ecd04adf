"""Results -> axes. Nothing is estimated here.

Colours are seaborn's colour-blind set; line style, marker and direct labels carry the same
distinction for readers who print in grey. Estimates are dashed.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.catalog import load
from manias.dating import DatedSeries
from manias.errors import InputError
from manias.forecasts import Judgement
from manias.innovations import Innovation
from manias.language import ENGLISH, Language
from manias.models.base import LogitResults
from manias.models.ladder import Assessment, LadderResults
from manias.models.payback import PaybackResults
from manias.sources import weakest
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
    seen = {record.verdict for record in records}
    for label, marker, face, edge in (look for key, look in looks.items() if key in seen):
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


def plot_variants(
    results: Mapping[str, LadderResults], *, rung: float = 1.0, ax: Axes | None = None
) -> Axes:
    """Draw how the crash frequency on one rung moves when one choice of the rule is changed.

    Parameters
    ----------
    results : mapping of str to LadderResults
        What is changed -> ladder fitted so; the first is drawn as the reference.
    rung : float
        Threshold of the run-up, decimals; one that every ladder has.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 0.27 * len(results) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    spots = np.arange(len(results))[::-1]
    for i, (y, fitted) in enumerate(zip(spots, results.values(), strict=True)):
        share = fitted.rungs[rung]
        ax.hlines(y, share.low * 100, share.high * 100, color=colours[0], linewidth=1.4)
        ax.plot(
            share.rate * 100, y, marker="o", markersize=6, color=colours[0],
            markerfacecolor=colours[0] if i == 0 else "white",
        )  # fmt: skip
        ax.plot(fitted.base.rate * 100, y, marker="|", markersize=9, color="0.35")
        ax.annotate(
            f"{share.crashes} of {share.n}", (1.01, y), xycoords=("axes fraction", "data"),
            fontsize=7, va="center",
        )  # fmt: skip
    first = next(iter(results.values()))
    rule = first.model.rule
    ax.axvline(first.rungs[rung].rate * 100, color="0.8", linewidth=0.8, zorder=0)
    ax.plot([], [], "o-", color=colours[0], label="after the run-up, 95% interval")
    ax.plot([], [], "|", color="0.35", markersize=9, label="any two years, the same rule")
    ax.set_yticks(spots, list(results))
    ax.set(
        xlim=(0, 100),
        xlabel=f"share of run-ups of {rung:.0%} and more followed by a {rule.crash:.0%} fall",
    )
    ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    _legend(ax, columns=2)
    _source(ax, ("us_industries",), "A", first.model_id)
    return ax


def plot_scores(results: Sequence[LogitResults], *, ax: Axes | None = None) -> Axes:
    """Draw what each model gains over the base rate on cases that it had not seen.

    Parameters
    ----------
    results : sequence of LogitResults
        Fitted models with scores; one without is left out.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 0.42 * len(rows) + 1.1))[1]
    colours = sns.color_palette("colorblind")
    spots = np.arange(len(rows))[::-1]
    for y, (_, s) in zip(spots, rows, strict=True):
        ax.hlines(y, s.gain_low, s.gain_high, color=colours[0], linewidth=1.4)
        ax.plot(
            s.gain, y, marker="o", markersize=6, color=colours[0],
            markerfacecolor=colours[0] if s.has_skill else "white",
        )  # fmt: skip
        said = f"{s.events} of {s.n:,}"
        if np.isfinite(s.permutation_p):
            said += f"; p {s.permutation_p:.3f}"
        ax.annotate(
            said, (1.01, y), xycoords=("axes fraction", "data"), fontsize=7, va="center"
        )
    ax.axvline(0, color="0.3", linewidth=0.9)
    ax.plot([], [], "o-", color=colours[0], markerfacecolor="white", label="no skill shown")
    ax.plot([], [], "o-", color=colours[0], label="skill")
    ax.set_yticks(spots, [f"{fitted.name}\nleft out: {s.scheme}" for fitted, s in rows])
    ax.set_xlabel("gain in log loss over the base rate, nats a case (right of 0: better)")
    ax.set_ylim(-0.6, len(rows) - 0.4)
    _legend(ax, columns=2)
    tables = dict.fromkeys(name for fitted, _ in rows for name in fitted.data)
    _source(ax, tables, weakest(fitted.grade for fitted, _ in rows))
    return ax


def plot_risks(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    tables: Sequence[str] = ("us_industries", "shiller"),
    ax: Axes | None = None,
) -> Axes:
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

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    ``plot_risks(backtest({"1999-12": ("Softw", "Util")}))``
    """
    style()
    months = list(dict.fromkeys(table["month"]))
    height = len(table) + 0.8 * len(months)
    ax = ax or plt.subplots(figsize=(WIDTH, 0.2 * height + 1.1))[1]
    colours = sns.color_palette("colorblind")
    y, spots, labels = 0.0, [], []
    for month in months:
        ax.annotate(
            month, (0, y), xycoords=("axes fraction", "data"), xytext=(4, 0), va="center",
            textcoords="offset points", fontsize=7.5, fontweight="bold",
        )  # fmt: skip
        block = table[table["month"] == month]
        top, y = y, y - 1
        for row in block.to_dict("records"):
            spots.append(y)
            labels.append((names or {}).get(row["industry"], row["industry"]))
            if not np.isfinite(row["p"]):
                ax.annotate(
                    f"says nothing: {row.get('failed') or 'a feature is missing'}", (2, y),
                    fontsize=7, va="center", color="0.3",
                )  # fmt: skip
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
            ax.plot([], [], linestyle="none", markersize=5.5, label=label, **look(colours))
    if "base" in table:
        ax.plot([], [], color="0.35", linestyle=(0, (2, 2)), label="base rate, as known then")
    ax.set_yticks(spots, labels, fontsize=7)
    ax.set(
        xlim=(0, 100), ylim=(y + 0.4, 0.7), xlabel="probability of a 40% fall within two years"
    )
    ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter())
    _legend(ax, columns=2)
    _source(ax, tables, weakest(load(name).grade for name in tables))
    return ax


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


def plot_payback(results: PaybackResults, *, ax: Axes | None = None) -> Axes:
    """Draw the revenue that would pay for the spending beside the revenue there is.

    Parameters
    ----------
    results : PaybackResults
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        The last year drawn is the first in which revenue covers what is required, or 2030.

    Examples
    --------
    ``plot_payback(PaybackModel("uk-railways").fit())``
    """
    style()
    ax = ax or plt.subplots(figsize=(WIDTH * 0.92, 3.0))[1]
    colours = sns.color_palette("colorblind")
    last = max(int(results.covered or 0), int(results.settings["cover_by"]))
    path = results.path.loc[results.path.index <= last]
    path = path[path[["required", "revenue"]].notna().any(axis=1)]
    whole = path["required"].abs().max()
    power, word = next(((p, w) for p, w in _SCALES if whole >= 10 * p), (1, ""))
    needed, earned = path["required"].dropna() / power, path["revenue"].dropna() / power
    at = int(results.as_of[:4])
    # Spending of telecom and all revenue of AI are assumptions, the rest is on record.
    years = np.arange(path.index[0], path.index[-1] + 1)
    guessed = path.index[path["is_assumed"]]
    looks = {"required": (needed, colours[1], "s"), "revenue": (earned, colours[0], "o")}
    for what, (values, colour, marker) in looks.items():
        loose = values.index.isin(guessed) & (what == "required")
        if what == "revenue" and results.case == "ai":
            loose[:] = True
        joined = values.index >= values.index[~loose][-1] if (~loose).any() else loose
        ax.plot(values.index, values, color=colour, linewidth=0.5)
        ax.plot(
            years, values[~loose].reindex(years), color=colour, marker=marker, linewidth=1.6,
            markersize=5,
        )  # fmt: skip
        ax.plot(
            values.index[joined & loose.any()], values[joined & loose.any()], color="white",
            linewidth=1.6,
        )  # fmt: skip
        ax.plot(
            values.index[joined & loose.any()], values[joined & loose.any()], color=colour,
            linestyle=(0, (4, 2)), linewidth=1.3,
        )  # fmt: skip
        ax.plot(
            values.index[loose], values[loose], color=colour, marker=marker, linestyle="none",
            markerfacecolor="white", markersize=4.5,
        )  # fmt: skip
    ends = [
        (needed.iloc[-1], needed.index[-1], "revenue that would pay", colours[1]),
        (earned.iloc[-1], earned.index[-1], _EARNED[results.case], colours[0]),
    ]
    if np.isfinite(results.growth_needed):
        years = np.arange(at, last + 1)
        just = results.revenue / power * (1 + results.growth_needed) ** (years - at)
        ax.plot(years, just, color="0.35", linestyle=(0, (1, 1.2)), linewidth=1.2)
        by, growth = results.settings["cover_by"], results.growth_needed
        ends.append((just[-1], last, f"{growth:.0%} a year: covers by {by}", (0.35,) * 3))
    left, right = ax.get_xlim()
    top = max(needed.max(), min(earned.max(), 2 * needed.max()))
    ax.set_ylim(0, top * 1.25)
    edge = right + 0.02 * (right - left)
    places = _spread([min(value, top * 1.08) for value, *_ in ends], 0.09 * top)
    for y, (value, year, label, colour) in zip(places, ends, strict=True):
        ax.annotate(
            label, (year, min(value, top * 1.25)), xytext=(edge, y), color=_dark(colour),
            fontsize=7.5, va="center",
            arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "shrinkB": 3},
        )  # fmt: skip
    ax.axvline(at, color="0.75", linewidth=0.8, zorder=0)
    ax.annotate(
        f"{results.as_of}: what would pay is {results.ratio:.2f} times the revenue there is",
        (at, top * 1.23), xytext=(3, 0),
        textcoords="offset points", fontsize=7.5, va="top",
    )  # fmt: skip
    ax.set_xlim(left, right + 0.5 * (right - left))
    ticks = [t for t in ax.get_xticks() if left <= t <= right and float(t).is_integer()]
    ax.set_xticks(ticks, [f"{t:.0f}" for t in ticks])
    ax.set(
        xlabel="year (open marks: assumed; thin line: years between are not on record)",
        ylabel=f"{word}{results.unit}",
    )
    _source(ax, results.data, results.grade, results.model_id)
    return ax


_SCALES = ((1e6, "million "), (1e3, "thousand "))
_EARNED = {
    "ai": "revenue, central growth",
    "uk-railways": "receipts of the railways",
    "us-telecom": "revenue of the carriers",
}


def plot_sensitivities(results: PaybackResults, *, ax: Axes | None = None) -> Axes:
    """Draw what each assumption of a payback does to the answer, the most telling on top.

    Parameters
    ----------
    results : PaybackResults
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    ``plot_sensitivities(PaybackModel().fit())``
    """
    style()
    rows = results.sensitivities.iloc[::-1].reset_index(drop=True)
    ax = ax or plt.subplots(figsize=(WIDTH, 0.32 * len(rows) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    low, high = results.ratio_range
    reach = max(high, 1) - min(low, 1)
    for y, row in rows.iterrows():
        for end, colour, hatch in (("low", colours[0], ""), ("high", colours[1], "////")):
            value = row[f"ratio_{end}"]
            ax.barh(
                y, value - results.ratio, left=results.ratio, height=0.55, color=colour,
                hatch=hatch, edgecolor="white", linewidth=0,
            )  # fmt: skip
            if abs(value - results.ratio) > 1e-9:
                side = 1 if value > results.ratio else -1
                ax.annotate(
                    f"{row[end]:.4g}", (value, y), xytext=(3 * side, 0), fontsize=7,
                    textcoords="offset points", va="center", ha="left" if side > 0 else "right",
                )  # fmt: skip
        if row["spread"] < 1e-9:
            ax.annotate(
                "no range given" if row["low"] == row["high"] else "does not move it",
                (results.ratio, y), xytext=(4, 0), fontsize=7, color="0.35",
                textcoords="offset points", va="center",
            )  # fmt: skip
    ax.axvline(results.ratio, color="0.2", linewidth=0.9)
    ax.axvline(1, color="0.45", linestyle=(0, (2, 2)), linewidth=1)
    ax.bar([0], [0], color=colours[0], label="assumption at its low end")
    ax.bar([0], [0], color=colours[1], hatch="////", edgecolor="white", label="at its high end")
    ax.plot([], [], color="0.45", linestyle=(0, (2, 2)), label="revenue just pays")
    labels = [f"{r.what} ({r.unit})" for r in rows.itertuples()]
    ax.set_yticks(range(len(rows)), labels, fontsize=7)
    ax.set_xlim(min(low, 1) - 0.12 * reach, max(high, 1) + 0.12 * reach)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel("revenue that would pay, over the revenue there is (times)")
    _legend(ax, columns=3)
    _source(ax, results.data, results.grade, results.model_id)
    return ax


def plot_burden(table: pd.DataFrame) -> Figure:
    """Draw capital expenditure over operating cash flow and over revenue, by company.

    Parameters
    ----------
    table : pandas.DataFrame
        What `manias.burden_table` returns.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    ``plot_burden(burden_table(["Meta", "Oracle"]))``
    """
    style()
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    palette = sns.color_palette("colorblind")
    first, last = (f(table["quarter"].dt.end_time) for f in (min, max))
    titles = {"of_cash_flow": "of operating cash flow", "of_revenue": "of revenue"}
    for ax, (measure, words) in zip(axes, titles.items(), strict=True):
        ends = []
        for i, (company, one) in enumerate(table.groupby("company")):
            seen = one.dropna(subset=measure)
            if seen.empty:
                continue
            x = seen["quarter"].dt.end_time
            y = seen[measure] * 100
            colour = palette[i % len(palette)]
            ax.plot(
                x, y, color=colour, linestyle=_DASHES[i % len(_DASHES)], linewidth=1.3,
                marker=_MARKERS[i % len(_MARKERS)], markersize=3, markevery=4,
            )  # fmt: skip
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
                label, (when, value), xytext=(right + 0.03 * (right - left), y), fontsize=7,
                color=_dark(colour), va="center",
                arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "shrinkB": 3},
            )  # fmt: skip
        ax.set_xlim(left - 90, right + 0.5 * (right - left))
        years = range(first.year + 1, last.year + 1, 2)
        ax.set_xticks([pd.Timestamp(f"{year}-01-01") for year in years], years)
        ax.set_ylabel(f"capex, percent {words} (log scale)")
        ax.set_xlabel("end of four quarters (1 January marked)")
    _source(axes[0], ("ai_capex",), weakest(table["grade"]))
    return figure


def plot_judgements(judgements: Sequence[Judgement], *, ax: Axes | None = None) -> Axes:
    """Draw decided forecasts of an amount as a percentage of what came.

    Parameters
    ----------
    judgements : sequence of Judgement
        Those that are open, or of a fall or decline, are counted and not drawn.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If none can be drawn.

    Examples
    --------
    ``plot_judgements([judge(f) for f in list_forecasts()])``
    """
    amounts = ("range", "about", "at_least", "at_most")
    shown = [
        j for j in judgements
        if j.status in ("right", "wrong") and j.forecast.kind in amounts and j.actual > 0
    ]  # fmt: skip
    if not shown:
        raise InputError(f"none of {len(judgements)} forecasts is decided; expected some")
    style()
    ax = ax or plt.subplots(figsize=(WIDTH, 0.37 * len(shown) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    looks = {
        "right": ("o", colours[0], "right by its rule"),
        "wrong": ("X", colours[1], "wrong by its rule"),
    }
    spots = np.arange(len(shown))[::-1]
    for y, j in zip(spots, shown, strict=True):
        f, marker, colour = j.forecast, *looks[j.status][:2]
        ends = [v for v in (f.low, f.high) if np.isfinite(v)]
        if f.kind == "about" and np.isfinite(f.tolerance):
            ends = [f.low * (1 - f.tolerance), f.low * (1 + f.tolerance)]
        low, high = min(ends) / j.actual * 100, max(ends) / j.actual * 100
        if f.kind in ("at_least", "at_most"):
            side = 1 if f.kind == "at_least" else -1
            ax.annotate(
                "",
                (low + 5 * side, y),
                (low, y),
                arrowprops={"arrowstyle": "->", "color": colour},
            )
        ax.hlines(y, low, high, color=colour, linewidth=2)
        ax.plot(
            (low + high) / 2, y, marker=marker, color=colour, markersize=6, linestyle="none"
        )
    for marker, colour, label in looks.values():
        ax.plot([], [], marker=marker, color=colour, linestyle="none", label=label)
    ax.axvline(100, color="0.3", linewidth=0.9)
    labels = []
    for f in (j.forecast for j in shown):
        who = "" if f.text.startswith(f.who.split(" (")[0]) else f"{f.who}: "
        labels.append("\n".join(wrap(f"{f.made}  {who}{f.text}", 54)))
    ax.set_yticks(spots, labels, fontsize=6.5)
    ax.set_ylim(-0.6, len(shown) - 0.4)
    ax.set_xlabel("forecast, percent of what came (100 = exactly that)")
    _legend(ax, columns=2)
    open_ones = sum(j.status == "open" for j in judgements)
    tables = dict.fromkeys(["forecasts", *(j.forecast.series.split(":")[0] for j in shown)])
    _source(ax, tables, weakest(j.forecast.grade for j in shown), f"{open_ones} more are open")
    return ax


def _legend(ax: Axes, *, columns: int) -> None:
    """Place the legend above the axes, where nothing is drawn and no source stands."""
    ax.figure.legend(
        *ax.get_legend_handles_labels(), frameon=False, loc="outside upper center",
        ncols=columns,
    )  # fmt: skip


def _source(ax: Axes, tables: Iterable[str], grade: str, *more: str) -> None:
    """Say below a figure which tables it rests on and how good the weakest row is."""
    parts = [f"Data: tables {', '.join(tables)}; weakest grade {grade}", *more]
    ax.figure.supxlabel(". ".join(parts) + ".", x=0.01, ha="left", fontsize=6.3, color="0.3")


def save_svg(thing: Axes | Figure, path: Path) -> None:
    """Write a figure; the same figure gives the same bytes.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    path : Path
        Replaced atomically.
    """
    write_atomically(path, to_svg(thing))


def to_svg(thing: Axes | Figure, language: Language = ENGLISH) -> bytes:
    """Draw a figure as SVG without a date, and close it.

    Parameters
    ----------
    thing : matplotlib.axes.Axes or matplotlib.figure.Figure
    language : Language
        In which the words in the figure are drawn.

    Returns
    -------
    bytes

    Raises
    ------
    DataError
        If the phrase book lacks a text of the figure.
    """
    if language is not ENGLISH:
        _translate(thing.figure, language)
    out = io.BytesIO()
    thing.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(thing.figure)
    return out.getvalue()


def _translate(figure: Figure, language: Language) -> None:
    for file in language.fonts:
        matplotlib.font_manager.fontManager.addfont(file)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            names = [tick.get_text() for tick in axis.get_ticklabels()]
            if (said := [language.t(name) for name in names]) != names:
                axis.set_ticklabels(said)
    for text in figure.findobj(matplotlib.text.Text):
        text.set_text(language.t(text.get_text()))
        text.set(fontfamily=[*text.get_fontfamily(), language.sans], fontweight="normal")


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
