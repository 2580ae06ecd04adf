"""Covariates of the innovations: two codings made apart, their agreement, the settled codes."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from manias.data.arguments import checked
from manias.data.library import load, once
from manias.errors import InputError

EX_ANTE = (
    "radicalness",
    "network_effects",
    "visibility",
    "uncertainty",
    "pure_play",
    "capital_intensity",
    "asset_life",
    "government_role",
    "war_or_crisis",
)
"""Covariates that could be known by the end of the third year after first commercial use."""

EX_POST = ("novice_investors", "narrative", "external_finance")
"""Covariates known only later: never to be used on an unfinished episode at the same age."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree on one covariate.

    Attributes
    ----------
    covariate : str
    is_ex_ante : bool
    n : int
        Innovations that both coded.
    equal : float
        Share coded alike.
    kappa : float
        Cohen's kappa with linear weights; NaN where both coders used one level only.
    settled : int
        Innovations with a settled code.
    """

    covariate: str
    is_ex_ante: bool
    n: int
    equal: float
    kappa: float
    settled: int


Scope = Literal["list", "candidates", "unfinished"]
AI = "ai"
"""Coded like an innovation by what was known at the end of 2025, and never fitted."""
CODED = "2025-12-31"
"""Last day of what the coders of AI could know."""


@checked
def settled_covariates(scope: Scope = "list") -> pd.DataFrame:
    """Settle the two codings by the rule of the codebook.

    Parameters
    ----------
    scope : {"list", "candidates", "unfinished"}
        The innovations of the list; those and the candidates that came after it was closed;
        or what has not ended, which is AI.

    Returns
    -------
    pandas.DataFrame
        Innovations by covariates, levels 0 to 2 as floats: the code where both agree, the
        lower where they differ by one, NaN where they differ by two or one is blank.

    References
    ----------
    ``datasets/covariates/CODEBOOK.md``, section Settling; fixed before the coding.

    Examples
    --------
    >>> settled_covariates().shape
    (51, 12)
    """
    innovations = load("innovations")
    order = {
        "list": list(innovations.frame["id"]),
        "candidates": [
            *innovations.frame["id"],
            *innovations.tables["candidates"]["id"],
        ],
        "unfinished": [AI],
    }
    if scope not in order:
        raise InputError(f"scope {scope!r}: expected one of {', '.join(order)}")
    return _settled().loc[order[scope]].copy()


@once
def _settled() -> pd.DataFrame:
    frame = load("covariates").frame
    a, b = frame["code_a"].astype("Float64"), frame["code_b"].astype("Float64")
    lower = a.where(a <= b, b)
    near = (a - b).abs() <= 1
    settled = lower.where(near.fillna(False).astype(bool)).astype(float)
    wide = frame.assign(code=settled).pivot(
        index="innovation", columns="covariate", values="code"
    )
    return wide[[*EX_ANTE, *EX_POST]].rename_axis(columns=None)


def coder_agreement() -> tuple[Agreement, ...]:
    """Measure how far the two coders agree.

    Returns
    -------
    tuple of Agreement
        Ex ante covariates first.

    References
    ----------
    Cohen (1968), Psychological Bulletin 70(4), 213-220: weighted kappa.

    Examples
    --------
    >>> [a.covariate for a in coder_agreement()][0]
    'radicalness'
    """
    from sklearn.metrics import cohen_kappa_score

    frame = load("covariates").frame
    settled = pd.concat([settled_covariates("candidates"), settled_covariates("unfinished")])
    agreements = []
    for name in (*EX_ANTE, *EX_POST):
        both = frame[frame["covariate"] == name].dropna(subset=["code_a", "code_b"])
        a, b = both["code_a"].astype(int), both["code_b"].astype(int)
        one_level = len(set(a) | set(b)) < 2
        kappa = float("nan") if one_level else cohen_kappa_score(a, b, weights="linear")
        agreements.append(
            Agreement(
                name,
                name in EX_ANTE,
                len(both),
                float((a == b).mean()),
                float(kappa),
                int(settled[name].notna().sum()),
            )
        )
    return tuple(agreements)
