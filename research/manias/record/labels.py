"""Whether an innovation had a bubble, by definition: from accounts, or from returns.

A label is always taken under one named definition; what is unknown is never one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import checked
from manias.data.library import load, once
from manias.data.results import Result
from manias.data.sources import GRADES
from manias.errors import InputError
from manias.series.runups import Panel, RunUpRule, date_runups, load_panel

Verdict = Literal["boom_and_bust", "quoted_without", "no_vehicle", "unknown"]
Definition = Literal[
    *("historian", "within_15_years", "quoted", "goldfarb_kirsch", "price_rule", "quinn_turner")
]
DEFINITIONS: Mapping[Definition, str] = {
    "historian": "an account, scholarly or of the time, of a boom and a bust in its shares, "
    "whenever they came, beside innovations without one; most of these had no shares that the "
    "public could buy",
    "within_15_years": "the same, where a boom that peaked more than 15 years after first use "
    "does not count",
    "quoted": "the same as the first, among innovations whose shares the public could buy",
    "goldfarb_kirsch": "the verdict of Goldfarb and Kirsch (2019): price far above trend, with "
    "novice investors and a narrative; seen through abstracts and a reader's notes",
    "price_rule": "run-up of 100% in two years, in itself and net of the market, and a fall of "
    "40% within the two years after (Greenwood, Shleifer & You 2019), in an industry "
    "that can stand for it",
    "quinn_turner": "price doubles within three years and then halves within three (after "
    "Quinn "
    "and Turner 2020), in an industry that can stand for it",
}
"""Definitions of a bubble, spelt out."""

FAIR = ("good", "fair")
"""Stand-ins that are honest enough for a computed verdict."""


@dataclass(frozen=True, slots=True, repr=False)
class ComputedVerdict(Result):
    """A verdict by a price rule.

    Attributes
    ----------
    innovation, definition, industry, stand_in : str
    verdict : {"yes", "no"}
    onset, peak, trough : pandas.Period or None
        Of the episode that meets the rule; None where there is none.
    rise, fall : float
        Return from onset to peak, and from peak to trough; NaN where there is none.
    firms : int
        Fewest firms in the industry over the window: below ten, one or two shares decide.
    """

    _told = ("innovation", "verdict", "rise", "fall")

    innovation: str
    definition: str
    industry: str
    stand_in: str
    verdict: str
    onset: pd.Period | None
    peak: pd.Period | None
    trough: pd.Period | None
    rise: float
    fall: float
    firms: int


@checked
def computed_verdicts(panel: Panel | None = None) -> tuple[ComputedVerdict, ...]:
    """Apply both price rules wherever an industry can honestly stand for an innovation.

    Parameters
    ----------
    panel : Panel, optional
        `load_panel` by default.

    Returns
    -------
    tuple of ComputedVerdict
        Two an innovation of the table ``proxies`` whose stand-in is good or fair.

    Examples
    --------
    >>> found = {(v.innovation, v.definition): v.verdict for v in computed_verdicts()}
    >>> found["electric-power", "price_rule"], found["sulfa-drugs", "quinn_turner"]
    ('yes', 'no')
    """
    return _computed() if panel is None else _compute(panel)


@once
def _computed() -> tuple[ComputedVerdict, ...]:
    return _compute(load_panel())


def _compute(panel: Panel) -> tuple[ComputedVerdict, ...]:
    rows = load("proxies").frame
    found = []
    for row in rows[rows["stand_in"].isin(FAIR)].itertuples():
        found += [_by_run_up(panel, row), _by_doubling(panel, row)]
    return tuple(found)


@checked
def label_innovations(
    definition: Definition,
    *,
    minimum_grade: str = "B",
    panel: Panel | None = None,
    candidates: bool = False,
    earliest: bool = False,
) -> dict[str, str | None]:
    """Label every innovation under one definition.

    Parameters
    ----------
    definition : {"historian", "within_15_years", "quoted", "goldfarb_kirsch", "price_rule", \
"quinn_turner"}
    minimum_grade : str
        Weakest grade of evidence that counts.
    panel : Panel, optional
        For the price rules.
    candidates : bool
        Whether to label the candidates that came after the list was closed as well.
    earliest : bool
        Under "within_15_years" alone: whether the fifteen years run from the earliest year that
        the first use may have, instead of the year that a source shows.

    Returns
    -------
    dict of str to {"yes", "no"} or None
        All innovations. "yes" for a boom and bust; "no" where there was none, for want of one
        or for want of shares (the latter not under "quoted"); None where that is unknown or
        the evidence is too weak.

    Raises
    ------
    InputError
        If there is no such definition or grade, or the earliest year is asked for where no
        years are counted.

    Examples
    --------
    >>> label_innovations("historian")["steam-railways-uk"]
    'yes'
    """
    if definition not in get_args(Definition):
        raise InputError(f"definition {definition!r}: expected one of {', '.join(DEFINITIONS)}")
    if minimum_grade not in GRADES:
        raise InputError(
            f"minimum_grade={minimum_grade!r}: expected one of {', '.join(GRADES)}"
        )
    if earliest and definition != "within_15_years":
        raise InputError(f"definition {definition!r}: earliest=True expects within_15_years")
    innovations = load("innovations")
    keys = list(innovations.frame["id"])
    if candidates:
        keys += list(innovations.tables["candidates"]["id"])
    if definition in ("price_rule", "quinn_turner"):
        found = computed_verdicts(panel)
        by_rule = {v.innovation: v.verdict for v in found if v.definition == definition}
        return {key: by_rule.get(key) for key in keys}
    table = told_verdicts(definition, earliest=earliest)
    order = list(GRADES)
    strong = table["grade"].map(order.index) <= order.index(minimum_grade)
    known = table[strong].groupby("innovation", observed=True)["verdict"].agg(set)
    absent = {"no_boom", "quoted_without"} | (
        set() if definition == "quoted" else {"no_vehicle"}
    )
    return {key: _settle(known.get(key, set()), absent) for key in keys}


def told_verdicts(definition: Definition, *, earliest: bool = False) -> pd.DataFrame:
    """What accounts say under a definition: ``innovation``, ``verdict`` and its ``grade``.

    Parameters
    ----------
    definition : {"historian", "within_15_years", "quoted", "goldfarb_kirsch"}
    earliest : bool
        Under "within_15_years": whether to count from the earliest year of first use.

    Returns
    -------
    pandas.DataFrame
        Under the first three the settled verdict of the tables ``innovations``; else a row an
        account of ``verdicts``.

    Examples
    --------
    >>> told_verdicts("historian").set_index("innovation").loc["insulin", "verdict"]
    'no_vehicle'
    """
    if definition == "goldfarb_kirsch":
        rows = load("verdicts").frame
        return rows.loc[rows["definition"] == definition, ["innovation", "verdict", "grade"]]
    tables = load("innovations").tables
    early = "early_from" if earliest else "early"
    settled = early if definition == "within_15_years" else "verdict"
    both = pd.concat([tables["data"], tables["candidates"]])[["id", settled, "grade"]]
    return both.set_axis(["innovation", "verdict", "grade"], axis=1).dropna()


def date_doubling(
    returns: NDArray[np.float64], *, window: int = 36, factor: float = 2.0
) -> tuple[int, int, int] | None:
    """Find the highest peak reached by doubling and followed by halving.

    Parameters
    ----------
    returns : ndarray, shape (T,)
        Periodic returns, decimals, none missing.
    window : int
        Most periods of the rise, and of the fall.
    factor : float
        Growth that counts; the fall is to one over it.

    Returns
    -------
    (int, int, int) or None
        Positions in the level (0 is the level before the first return) of onset, peak and
        trough; None where no peak meets the rule.

    References
    ----------
    Quinn & Turner (2020), Boom and Bust, Cambridge University Press: the thresholds.

    Examples
    --------
    >>> date_doubling(np.array([0.5, 0.5, -0.3, -0.3]))
    (0, 2, 4)
    """
    level = np.concatenate([[1.0], np.cumprod(1 + returns)])
    best = None
    for peak in range(1, len(level) - 1):
        low = max(0, peak - window) + int(np.argmin(level[max(0, peak - window) : peak]))
        after = peak + 1 + int(np.argmin(level[peak + 1 : peak + 1 + window]))
        rose = level[peak] >= factor * level[low]
        halved = level[after] <= level[peak] / factor
        if rose and halved and (best is None or level[peak] > level[best[1]]):
            best = (low, peak, after)
    return best


def _settle(verdicts: set[str], absent: set[str]) -> str | None:
    if "boom_and_bust" in verdicts:
        return "yes"
    return "no" if verdicts and verdicts <= absent else None


def _window(panel: Panel, row) -> tuple[pd.Series, int]:
    returns = panel.returns.loc[row.first : row.last, row.industry].dropna()
    firms = panel.firms.loc[returns.index, row.industry]
    return returns, int(firms.min()) if len(firms) else 0


def _by_run_up(panel: Panel, row) -> ComputedVerdict:
    _, firms = _window(panel, row)
    one = Panel(panel.returns[[row.industry]], panel.firms[[row.industry]], panel.market)
    runups = [
        r
        for r in date_runups(one, replace(RunUpRule(), min_firms=0))
        if row.first <= r.crossing <= row.last and r.is_crash
    ]
    base = (row.innovation, "price_rule", row.industry, row.stand_in)
    if not runups:
        return ComputedVerdict(*base, "no", None, None, None, float("nan"), float("nan"), firms)
    worst = min(runups, key=lambda r: r.drawdown)
    onset = worst.crossing - (RunUpRule().window - 1)
    return ComputedVerdict(
        *base, "yes", onset, worst.peak, worst.trough, worst.raw, worst.drawdown, firms
    )


def _by_doubling(panel: Panel, row) -> ComputedVerdict:
    returns, firms = _window(panel, row)
    base = (row.innovation, "quinn_turner", row.industry, row.stand_in)
    found = date_doubling(returns.to_numpy())
    if found is None:
        return ComputedVerdict(*base, "no", None, None, None, float("nan"), float("nan"), firms)
    level = np.concatenate([[1.0], np.cumprod(1 + returns.to_numpy())])
    low, peak, after = found
    months = returns.index
    return ComputedVerdict(
        *base,
        "yes",
        months[max(low - 1, 0)],
        months[peak - 1],
        months[after - 1],
        float(level[peak] / level[low] - 1),
        float(level[after] / level[peak] - 1),
        firms,
    )
