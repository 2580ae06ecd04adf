"""Composite of stress with its owner's weights (ABSI), as far as it can be read back."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import checked
from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.errors import InputError
from manias.gauges.builders import AI_BUILDERS, carried, last_year, read_series, spent
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import US
from manias.gauges.valuation import known_cape
from manias.lenses.payback import FIVE
from manias.series.trajectories import behind

WEIGHTS: Mapping[str, float] = {
    "V": 25.0,
    "M": 20.0,
    "S": 20.0,
    "P": 15.0,
    "E": 10.0,
    "F": 5.0,
    "I": 5.0,
}
"""Component -> weight: valuation, capex and monetization, supply and demand, profitability and
cash, exuberance, financing, infrastructure."""
CAPE = (17.0, 44.0)
"""Anchors of CAPE: no stress, greatest stress."""
CAPEX = (10.0, 50.0)
"""Anchors of capital expenditure over revenue of the builders, percent."""


def stress(value: pd.Series, anchors: tuple[float, float]) -> pd.Series:
    """Place values between two anchors.

    Parameters
    ----------
    value : pandas.Series
    anchors : tuple of float
        Values of stress 0 and 100.

    Returns
    -------
    pandas.Series
        0 to 100.

    Examples
    --------
    >>> stress(pd.Series([17.0, 30.5, 60.0]), CAPE).tolist()
    [0.0, 50.0, 100.0]
    """
    low, high = anchors
    return (100 * (value - low) / (high - low)).clip(0, 100)


@checked
def absi(components: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """Composite of the components that have data, by the owner's formula.

    Parameters
    ----------
    components : mapping of str to float
        Stress by component, 0 to 100; those without data are left out.
    weights : mapping of str to float

    Returns
    -------
    float
        0 to 100.

    Raises
    ------
    InputError
        If there is no component, or one without a weight.

    Examples
    --------
    >>> absi({"V": 76.29, "M": 66.92})
    72.12555555555556
    """
    if odd := [c for c in components if c not in weights]:
        raise InputError(f"component {odd[0]!r}: expected one of {', '.join(weights)}")
    total = sum(weights[c] for c in components)
    if not total:
        raise InputError("components: expected at least one with a weight above zero")
    return sum(components[c] * weights[c] for c in components) / total


def random_weights(n: int, draws: int, *, seed: int = 42) -> NDArray[np.float64]:
    """Weightings of n parts, every split equally likely (flat Dirichlet).

    Parameters
    ----------
    n : int
        Parts.
    draws : int
        Weightings.
    seed : int

    Returns
    -------
    numpy.ndarray
        Shape (draws, n), rows that add up to 1.

    Examples
    --------
    >>> random_weights(3, 2).sum(axis=1).round(12).tolist()
    [1.0, 1.0]
    """
    return np.random.default_rng(seed).dirichlet(np.ones(n), draws)


def read_absi(threshold: float) -> Callable[[], Readings]:
    """Readings of the composite from CAPE and, since 2019, from spending over revenue.

    Parameters
    ----------
    threshold : float
        0 to 100.

    Returns
    -------
    callable
    """

    def read() -> Readings:
        cape = known_cape()
        parts = pd.DataFrame({"V": stress(cape, CAPE)})
        rows: tuple[Rows, ...] = whole("shiller.data")
        ratio = _capex_over_revenue(cape.index)
        if ratio is not None:
            parts["M"] = stress(ratio, CAPEX)
            rows += (*behind(FIVE), _revenue_rows())
        weights = pd.Series(WEIGHTS)[parts.columns]
        # Weights of what has data alone, as the owner has it; valuation must be among them.
        there = parts.notna()
        value = (parts.fillna(0) @ weights) / (there @ weights).where(there["V"])
        return judged(
            value.rename(US),
            threshold,
            unit="of 100",
            why_not={
                "to 1881": "ten years of earnings are not over",
                "other components": "judgments of the owner, or not on record",
            },
            rows=rows,
        )

    return read


def _capex_over_revenue(months: pd.PeriodIndex) -> pd.Series | None:
    members = str(load("trajectories").frame.set_index("id").loc[FIVE, "members"])
    spending = spent(AI_BUILDERS)
    revenue = read_series("ai_capex", "revenue", members=members)
    if spending is None or revenue is None:
        return None
    over, below = last_year(spending), last_year(revenue)
    return carried(100 * over.values / below.values, below.published, months)


def _revenue_rows() -> Rows:
    frame = load("ai_capex").frame
    members = str(load("trajectories").frame.set_index("id").loc[FIVE, "members"]).split(";")
    keep = frame["company"].isin(members) & (frame["measure"] == "revenue")
    return some("ai_capex", keep, "revenue")


GAUGES = tuple(
    Gauge(
        key=f"absi-{level:.0f}",
        name=f"ABSI at {level:.0f}, {band}",
        owner="Aldrin Joseph",
        kind="composite",
        rule=f"weighted stress of the components that can be read reaches {level:.0f}",
        source="absi_methodology_2026",
        target="us",
        read=read_absi(level),
        caveat="one of seven components before 2019, two since; the owner's own confidence in "
        "his eighteen is 25 of 100",
        row=f"absi-{level:.0f}",
        since=2026,
    )
    for level, band in ((55.0, "elevated"), (75.0, "extreme"))
)
