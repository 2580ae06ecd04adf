"""Which revenue would pay, and what that rests on."""

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.figures.style import (
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
from manias.language.messages import Text, Verbatim
from manias.lenses.payback import PaybackResults


@checked
@styled
def plot_payback(
    results: PaybackResults, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw the revenue that would pay for the spending beside the revenue there is.

    Parameters
    ----------
    results : PaybackResults
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        The last year drawn is the first in which revenue covers what is required, or 2030.

    Examples
    --------
    ``plot_payback(PaybackModel("uk-railways").fit())``
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH * 0.92, 3.0))[1]
    colours = sns.color_palette("colorblind")
    last = max(int(results.covered or 0), int(results.settings["cover_by"]))
    path = results.path.loc[results.path.index <= last]
    path = path[path[["required", "revenue"]].notna().any(axis=1)]
    whole = path["required"].abs().max()
    power, unit = 1.0, results.unit
    if whole >= 1e7:
        power, unit = 1e6, Text("million {unit}", unit=unit)
    elif whole >= 1e4:
        power, unit = 1e3, Text("thousand {unit}", unit=unit)
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
            years,
            values[~loose].reindex(years),
            color=colour,
            marker=marker,
            linewidth=1.6,
            markersize=5,
        )
        ax.plot(
            values.index[joined & loose.any()],
            values[joined & loose.any()],
            color="white",
            linewidth=1.6,
        )
        ax.plot(
            values.index[joined & loose.any()],
            values[joined & loose.any()],
            color=colour,
            linestyle=(0, (4, 2)),
            linewidth=1.3,
        )
        ax.plot(
            values.index[loose],
            values[loose],
            color=colour,
            marker=marker,
            linestyle="none",
            markerfacecolor="white",
            markersize=4.5,
        )
    ends = [
        (needed.iloc[-1], needed.index[-1], "revenue that would pay", colours[1]),
        (earned.iloc[-1], earned.index[-1], _EARNED[results.case], colours[0]),
    ]
    if np.isfinite(results.growth_needed):
        years = np.arange(at, last + 1)
        just = results.revenue / power * (1 + results.growth_needed) ** (years - at)
        ax.plot(years, just, color="0.35", linestyle=(0, (1, 1.2)), linewidth=1.2)
        by, growth = results.settings["cover_by"], results.growth_needed
        covers = Text("{growth} a year: covers by {by}", growth=f"{growth:.0%}", by=by)
        ends.append((just[-1], last, covers, (0.35,) * 3))
    left, right = ax.get_xlim()
    top = max(needed.max(), min(earned.max(), 2 * needed.max()))
    ax.set_ylim(0, top * 1.25)
    edge = right + 0.02 * (right - left)
    places = _spread([min(value, top * 1.08) for value, *_ in ends], 0.09 * top)
    for y, (value, year, label, colour) in zip(places, ends, strict=True):
        ax.annotate(
            say(label),
            (year, min(value, top * 1.25)),
            xytext=(edge, y),
            color=_dark(colour),
            va="center",
            arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "shrinkB": 3},
        )
    ax.axvline(at, color="0.75", linewidth=0.8, zorder=0)
    now = Text(
        "{when}: what would pay is {ratio} times the revenue there is",
        when=results.as_of,
        ratio=f"{results.ratio:.2f}",
    )
    ax.annotate(
        say(now),
        (at, top * 1.23),
        xytext=(3, 0),
        textcoords="offset points",
        va="top",
    )
    ax.set_xlim(left, right + 0.5 * (right - left))
    ticks = [t for t in ax.get_xticks() if left <= t <= right and float(t).is_integer()]
    ax.set_xticks(ticks, [f"{t:.0f}" for t in ticks])
    ax.set(
        xlabel=say("year (open marks: assumed; thin line: years between are not on record)"),
        ylabel=say(unit),
    )
    _amounts(ax.yaxis, unit, say)
    _source(ax, results.data, results.grade, Verbatim(results.model_id), language=language)
    return ax.figure


_EARNED = {
    "ai": "revenue, central growth",
    "uk-railways": "receipts of the railways",
    "us-telecom": "revenue of the carriers",
}


@checked
@styled
def plot_sensitivities(
    results: PaybackResults, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw what each assumption of a payback does to the answer, the most telling on top.

    Parameters
    ----------
    results : PaybackResults
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    ``plot_sensitivities(PaybackModel().fit())``
    """
    say = saying(language)
    rows = results.sensitivities.iloc[::-1].reset_index(drop=True)
    ax = ax or subplots(figsize=(WIDTH, 0.32 * len(rows) + 1.2))[1]
    colours = sns.color_palette("colorblind")
    low, high = results.ratio_range
    reach = max(high, 1) - min(low, 1)
    for y, row in rows.iterrows():
        for end, colour, hatch in (("low", colours[0], ""), ("high", colours[1], "////")):
            value = row[f"ratio_{end}"]
            ax.barh(
                y,
                value - results.ratio,
                left=results.ratio,
                height=0.55,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                linewidth=0,
            )
            if abs(value - results.ratio) > 1e-9:
                side = 1 if value > results.ratio else -1
                ax.annotate(
                    _written(row[end], row["unit"], language),
                    (value, y),
                    xytext=(3 * side, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if side > 0 else "right",
                )
        if row["spread"] < 1e-9:
            ax.annotate(
                say("no range given" if row["low"] == row["high"] else "does not move it"),
                (results.ratio, y),
                xytext=(4, 0),
                color="0.35",
                textcoords="offset points",
                va="center",
            )
    ax.axvline(results.ratio, color="0.2", linewidth=0.9)
    ax.axvline(1, color="0.45", linestyle=(0, (2, 2)), linewidth=1)
    ax.bar([0], [0], color=colours[0], label=say("assumption at its low end"))
    ax.bar(
        [0],
        [0],
        color=colours[1],
        hatch="////",
        edgecolor="white",
        label=say("at its high end"),
    )
    ax.plot([], [], color="0.45", linestyle=(0, (2, 2)), label=say("revenue just pays"))
    # A unit has its own place and its own word in each language.
    labels = [say(Text("{what} (" + r.unit + ")", what=r.what)) for r in rows.itertuples()]
    ax.set_yticks(range(len(rows)), labels)
    ax.set_xlim(min(low, 1) - 0.12 * reach, max(high, 1) + 0.12 * reach)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(say("revenue that would pay, over the revenue there is (times)"))
    _legend(ax, columns=3)
    _source(ax, results.data, results.grade, Verbatim(results.model_id), language=language)
    return ax.figure


def _written(value: float, unit: str, language: Language) -> str:
    """An end of a range, in the unit in which the language counts billions."""
    times = 10 if "billion" in unit and language.counts(10**8) else 1
    return f"{times * value:.4g}"
