"""Figure of booms at the same age."""

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.data.sources import weakest
from manias.figures.style import (
    _MARKERS,
    WIDTH,
    _dark,
    _source,
    _spread,
    _title,
    saying,
    styled,
    subplots,
)
from manias.language.editions import ENGLISH, Language
from manias.spending.compared import AGES, LEAD, SHOWN, BoomComparison

_NEWEST = ("ai-five-last-year", "ai-five-now")
_TABLES = (
    *("uk_railways", "uk_macro", "spending_history", "us_macro", "ai_capex"),
    *("us_it_investment", "trajectories"),
)


@checked
@styled
def plot_booms(
    found: BoomComparison, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw what builders spent over GDP by years since the onset, one line a boom.

    Parameters
    ----------
    found : BoomComparison
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        A marker and a name at each line; dashed where a source calls values estimates. Lone
        markers: the last four quarters, and open the newest quarter at an annual rate.

    Examples
    --------
    >>> from manias.spending.compared import compare_booms
    >>> plot_booms(compare_booms()).axes[0].get_ylabel()
    'percent of GDP'
    """
    say = saying(language)
    ax = ax or subplots(figsize=(WIDTH, 3.0))[1]
    names = {one.key: one.name for one in found.cases}
    ends = []
    for key, colour, marker in zip(SHOWN, sns.color_palette("colorblind"), _MARKERS):  # noqa: B905
        line = [one for one in found.ages if one.case == key]
        if not line:
            continue
        ages, shares = [one.age for one in line], [one.share_of_gdp for one in line]
        ax.plot(
            ages,
            shares,
            color=colour,
            marker=marker,
            markersize=3.6,
            linewidth=2.4 if key == LEAD else 1.4,
            linestyle=(0, (4, 2)) if any(one.estimated for one in line) else "-",
        )
        ends.append((shares[-1], ages[-1], say(names[key]), colour))
    for one in found.ages:
        if one.case in _NEWEST:
            colour = ends[-1][3]
            inside = colour if one.case == _NEWEST[0] else "white"
            ax.plot(one.age, one.share_of_gdp, "D", color=colour, markerfacecolor=inside)
            ends.append((one.share_of_gdp, one.age, say(names[one.case]), colour))
    low, high = 0.0, 1.05 * max(one.share_of_gdp for one in found.ages if one.case in SHOWN)
    edge = AGES[1] + 0.3
    places = _spread([value for value, *_ in ends], 0.07 * (high - low))
    for y, (value, age, name, colour) in zip(places, ends, strict=True):
        ax.annotate(
            name,
            (age, value),
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
    ax.axvline(0, color="0.6", linewidth=0.8)
    ax.spines["bottom"].set_bounds(AGES[0] - 0.2, AGES[1] + 0.2)
    ax.set(
        xlim=(AGES[0] - 0.2, AGES[1] + 5.5),
        ylim=(low, high),
        xticks=range(AGES[0], AGES[1] + 1),
        xlabel=say("years since onset (0 = onset)"),
        ylabel=say("percent of GDP"),
    )
    if found.at_age:
        _title(ax.figure, found.at_age, language=language)
    grade = weakest(one.grade for one in found.cases if one.key in (*SHOWN, *_NEWEST))
    _source(ax, _TABLES, grade, language=language)
    return ax.figure
