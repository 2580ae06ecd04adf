"""The payback of AI under one's own assumptions, and under several bases side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from manias.data.arguments import Natural, Positive, checked
from manias.data.library import load, once
from manias.data.results import Result
from manias.errors import InputError
from manias.evaluation.scores import SEED
from manias.lenses.payback import (
    FIVE,
    Assumption,
    PaybackModel,
    PaybackResults,
    _data,
    _solve,
    known_assumptions,
)
from manias.series.trajectories import column

GROWTHS = (0.0, 0.2, 0.4)
"""Growth a year of spending under which the years ahead are told."""
DRAWS = 2_000
LIFE, REVENUE = "ai_life_servers_economic", "ai_revenue_2026"
PUBLISHED = "ai_required_"
"""How the keys of published answers begin in ``assumptions``."""
GUIDANCE, RUN_RATE = "s169", "s174"
"""Rows of ``statements``: guidance of four companies for 2026, and revenue at the present
rate."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PaybackCases(Result):
    """What revenue would pay, under what was asked and under other bases.

    Attributes
    ----------
    asked : PaybackResults
        With the assumptions that were given.
    bases : pandas.DataFrame
        A row a base of spending (``last four quarters``, ``latest quarter at an annual
        rate``, ``guidance``, or ``as given``), base of revenue (``last twelve
        months``, ``present rate``, or ``as given``) and growth of spending: ``spending`` and
        ``earning`` name the two bases, ``capex`` (the part of spending that is AI, billion
        dollars a year), ``growth``, ``required`` and ``revenue`` (billion dollars a year),
        ``ratio``,
        ``growth_needed`` (of revenue a year, to cover by `manias.lenses.payback.COVER_BY`) and
        ``covered``.
    depreciation, capital_return : float
        Parts of the required revenue, billion dollars a year, before operating cost: what
        covers depreciation, and what covers the return on capital.
    one_at_a_time, corners, drawn : tuple of float
        Least and largest ratio with one assumption at an end of its range; with all of them
        at ends at once; and the 5th and 95th percentile of independent triangular draws.
    """

    _told = ("case=asked.case", "ratio=asked.ratio", "bases")

    asked: PaybackResults
    bases: pd.DataFrame
    depreciation: float
    capital_return: float
    one_at_a_time: tuple[float, float]
    corners: tuple[float, float]
    drawn: tuple[float, float]

    def to_frame(self) -> pd.DataFrame:
        """One row a base of spending and of revenue, and growth.

        Returns
        -------
        pandas.DataFrame
            As ``bases``.
        """
        return self.bases


@dataclass(frozen=True, slots=True, repr=False)
class PublishedAnswer(Result):
    """An answer to the same question that somebody printed.

    Attributes
    ----------
    id, what : str
    required : float
        Revenue a year, billion dollars.
    as_of, source, url, locator, grade, note : str
        ``note`` says what it counts: no two count the same.
    """

    _told = ("id", "required", "as_of", "grade")

    id: str
    what: str
    required: float
    as_of: str
    source: str
    url: str
    locator: str
    grade: str
    note: str


def published_answers() -> tuple[PublishedAnswer, ...]:
    """List the published answers to which revenue would pay for AI.

    Returns
    -------
    tuple of PublishedAnswer
        By date; none of them enters a solution.

    Examples
    --------
    >>> [round(a.required) for a in published_answers()]
    [200, 600, 2000, 840, 650]
    """
    table = load("assumptions")
    urls = {source.id: source.url for source in table.sources}
    rows = table.frame[table.frame["id"].str.startswith(PUBLISHED)]
    return tuple(
        PublishedAnswer(
            r.id, r.what, float(r.central), str(r.as_of), r.source, urls[r.source], r.locator,
            r.grade, r.note,
        )
        for r in rows.sort_values("as_of", kind="stable").itertuples()
    )  # fmt: skip


@checked
def payback_cases(
    *,
    capex: Positive | None = None,
    revenue: Positive | None = None,
    life: Positive | None = None,
    growth: float | None = None,
    seed: Natural = SEED,
) -> PaybackCases:
    """Solve the payback of AI for one's own assumptions.

    Parameters
    ----------
    capex : float, optional
        Spending a year of all companies counted, billion dollars; the three bases on record
        by default.
    revenue : float, optional
        Revenue from AI a year, billion dollars; the two bases on record by default, of which
        that of twelve months is the central assumption.
    life : float, optional
        Economic life of servers and chips, years; the central assumption by default.
    growth : float, optional
        Growth a year of spending, as a share; 0, 0.2 and 0.4 by default.
    seed : int
        Of the draws.

    Returns
    -------
    PaybackCases

    Raises
    ------
    InputError
        If a number is not positive, or the growth lies outside -1 to 10.

    Examples
    --------
    >>> cases = payback_cases(revenue=100.0, life=4.0)
    >>> cases.asked.revenue, len(cases.bases)
    (100.0, 9)
    """
    asked = ai_payback(capex=capex, revenue=revenue, life=life, growth=growth)
    chosen = _chosen(capex, revenue, life)
    first = growth if growth is not None else 0.0
    at = asked.path.index[~asked.path["is_assumed"]][-1]
    used = asked.path.loc[at]
    rate = chosen["ai_cost_of_capital"].central / 100
    return PaybackCases(
        asked,
        payback_bases(capex=capex, revenue=revenue, life=life, growth=growth),
        float(used["depreciation"]),
        float(rate * used["capital"]),
        asked.ratio_range,
        *_jointly(tuple(chosen[a.id] for a in asked.assumptions), first, capex, seed),
    )


def ai_payback(
    *,
    capex: float | None = None,
    revenue: float | None = None,
    life: float | None = None,
    growth: float | None = None,
) -> PaybackResults:
    """Solve the payback of AI for one's own assumptions, without ranges and other bases.

    Parameters
    ----------
    capex, revenue, life, growth : float, optional
        As in `payback_cases`; growth 0 by default.

    Returns
    -------
    PaybackResults

    Examples
    --------
    >>> ai_payback(life=3.0).required > ai_payback(life=6.0).required
    True
    """
    model = PaybackModel("ai", 0.0 if growth is None else growth, capex)
    return model.fit(_chosen(capex, revenue, life))


def payback_bases(
    *,
    capex: float | None = None,
    revenue: float | None = None,
    life: float | None = None,
    growth: float | None = None,
) -> pd.DataFrame:
    """Solve the payback of AI on several bases of spending, of revenue and growths.

    Parameters
    ----------
    capex, revenue, life, growth : float, optional
        As in `payback_cases`.

    Returns
    -------
    pandas.DataFrame
        As `PaybackCases.bases`.

    Examples
    --------
    >>> len(payback_bases(capex=600.0)), len(payback_bases(capex=600.0, growth=0.0))
    (6, 2)
    """
    chosen = _chosen(capex, revenue, life)
    rows = []
    for earning, earned in _earnings(revenue):
        given = dict(chosen)
        if earned is not None:
            given[REVENUE] = replace(chosen[REVENUE], low=earned, central=earned, high=earned)
        for spending, level in _bases(capex):
            for g in GROWTHS if growth is None else (growth,):
                found = PaybackModel("ai", g, level).fit(given)
                rows.append(_row(spending, earning, found))
    return pd.DataFrame(rows)


def _chosen(
    capex: float | None, revenue: float | None, life: float | None
) -> dict[str, Assumption]:
    for name, value in (("capex", capex), ("revenue", revenue), ("life", life)):
        if value is not None and not 0 < value < np.inf:
            raise InputError(f"{name}={value:g}: expected more than 0")
    chosen = dict(known_assumptions("ai"))
    for key, value in ((LIFE, life), (REVENUE, revenue)):
        if value is not None:
            chosen[key] = replace(
                chosen[key], low=value, central=value, high=value, grade="C", source="own",
                locator="", note="as given",
            )  # fmt: skip
    return chosen


def _bases(capex: float | None) -> list[tuple[str, float | None]]:
    if capex is not None:
        return [("as given", capex)]
    members = load("trajectories").frame.set_index("id").loc[FIVE, "members"]
    quarters = column("ai_capex", "capex", members=members).values.dropna()
    guided = guidance()
    return [
        ("last four quarters", None),
        ("latest quarter at an annual rate", float(4 * quarters.iloc[-1])),
        *([("guidance", guided)] if guided is not None else []),
    ]


def guidance() -> float | None:
    """Spending of the five in 2026 by the guidance of four of them.

    Returns
    -------
    float or None
        Billion dollars: the middle of the guidance for 2026 of those that gave one for the
        calendar year, by their own definitions (with leases where they count them), and the
        last four quarters of the others; None where it was not known.

    Examples
    --------
    >>> 720 < guidance() < 900
    True
    """
    said = _statement(GUIDANCE)
    if said is None:
        return None
    members = load("trajectories").frame.set_index("id").loc[FIVE, "members"].split(";")
    others = [m for m in members if m not in said["about"].split(", ")]
    last = column("ai_capex", "capex", members=";".join(members)).values.dropna().index[-1]
    spent = [column("ai_capex", "capex", members=m).values[:last].iloc[-4:] for m in others]
    return float((said["value"] + said["high"]) / 2 + sum(q.sum() for q in spent))


def _statement(key: str) -> pd.Series | None:
    frame = load("statements").frame
    rows = frame[frame["id"] == key]
    return None if rows.empty else rows.iloc[0]


def _earnings(revenue: float | None) -> list[tuple[str, float | None]]:
    if revenue is not None:
        return [("as given", None)]
    rate = _statement(RUN_RATE)
    now = [] if rate is None else [("present rate", float(rate["value"]))]
    return [("last twelve months", None), *now]


def _row(spending: str, earning: str, r: PaybackResults) -> dict[str, object]:
    last = r.path[~r.path["is_assumed"]].iloc[-1]
    return {
        "spending": spending,
        "earning": earning,
        "capex": float(last["capex"]),
        "growth": float(r.settings["capex_growth"]),
        "required": r.required,
        "revenue": r.revenue,
        "ratio": r.ratio,
        "growth_needed": r.growth_needed,
        "covered": r.covered,
    }


@once
def _jointly(
    used: tuple[Assumption, ...], growth: float, capex: float | None, seed: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Range of the ratio over all corners, and over independent triangular draws."""
    model, data = PaybackModel("ai", growth, capex), _data("ai", {a.id: a for a in used})

    def ratio(values: Mapping[str, float]) -> float:
        return float(_solve(model, data, values)[1]["ratio"])

    names = [a.id for a in used]
    ends = [sorted({a.low, a.high}) for a in used]
    corners = [ratio(dict(zip(names, at, strict=True))) for at in product(*ends)]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        at = {
            a.id: a.central if a.high <= a.low else rng.triangular(a.low, a.central, a.high)
            for a in used
        }
        at["ai_first_year"] = round(at["ai_first_year"])
        drawn.append(ratio(at))
    low, high = np.quantile(drawn, [0.05, 0.95])
    return (min(corners), max(corners)), (float(low), float(high))
