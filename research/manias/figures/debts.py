"""What builders owe beside the cash of a year."""

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from manias.data.arguments import checked
from manias.figures.style import WIDTH, _source, _title, saying, styled, subplots
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.record.debts import LONG, OWED, Debts
from manias.record.financing import AI_WAVE


@checked
@styled
def plot_debts(
    results: Debts, *, ax: Axes | None = None, language: Language = ENGLISH
) -> Figure:
    """Draw debt and leases of builders over the cash from operations of a year.

    Parameters
    ----------
    results : Debts
    ax : matplotlib.axes.Axes, optional
    language : Language
        In which the words of the figure are said.

    Returns
    -------
    matplotlib.figure.Figure
        AI builders above, telecom carriers below; hatched: leases signed but not begun, which
        stand on no balance sheet.

    Examples
    --------
    >>> from manias.record.debts import compare_debts
    >>> plot_debts(compare_debts()).axes[0].get_xlabel()
    'years of cash from operations'
    """
    say = saying(language)
    table = results.companies[results.companies["debt_years"].notna()]
    ax = ax or subplots(figsize=(WIDTH, 0.3 * len(table) + 1.6))[1]
    blue = sns.color_palette("colorblind")[0]
    looks = {
        "debt": ("debt", blue, ""),
        "leases": ("leases on the balance sheet", "0.7", ""),
        "signed": ("leases signed but not begun", "white", "////"),
    }
    ys = -np.arange(len(table), dtype=float)
    ys[(table["wave"] != AI_WAVE).to_numpy()] -= 0.8
    left = np.zeros(len(table))
    for name in OWED:
        label, colour, hatch = looks[name]
        values = table[f"{name}_years"].fillna(0).to_numpy()
        ax.barh(
            ys, values, left=left, height=0.62, color=colour, hatch=hatch, edgecolor="0.35",
            linewidth=0.6, label=say(label),
        )  # fmt: skip
        left = left + values
    for y, (_, row), end in zip(ys, table.iterrows(), left, strict=True):
        ax.annotate(
            f"{row['debt_years']:.1f}" + (f" / {end:.1f}" if end > row["debt_years"] else ""),
            (end, y),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
        )
    names = [
        say(
            Text("{name}, {when}", name=r.company, when=str(r.at))
            if r.kind == LONG
            else Text("{name}, {when} (all debt)", name=r.company, when=str(r.at))
        )
        for r in table.itertuples()
    ]
    ax.set_yticks(ys, names)
    ax.axvline(1, color="0.3", linewidth=0.9, linestyle=(0, (1, 1.5)))
    ax.set_xlim(0, 1.2 * left.max())
    ax.set_xlabel(say("years of cash from operations"))
    ax.legend(frameon=False, loc="lower right")
    _title(ax.figure, results.finding, language=language)
    tables = ["ai_capex", "commitments", "financing"]
    _source(ax, tables, results.grade, language=language)
    return ax.figure
