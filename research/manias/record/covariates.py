"""Covariates of the innovations: codings made apart, their agreement, the settled codes."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, get_args

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.library import load, once
from manias.data.results import Result
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

KEY = ["innovation", "covariate"]
EX_POST = ("novice_investors", "narrative", "external_finance")
"""Covariates known only later: never to be used on an unfinished episode at the same age."""


@dataclass(frozen=True, slots=True, repr=False)
class Agreement(Result):
    """How far two codings agree on one covariate.

    Attributes
    ----------
    covariate : str
    is_ex_ante : bool
    n : int
        Innovations that both coded.
    equal : float
        Share coded alike.
    kappa : float
        Cohen's kappa with linear weights; NaN where both used one level only or none is coded.
    settled : int
        Innovations with a settled code.
    """

    _told = ("covariate", "n", "equal", "kappa")

    covariate: str
    is_ex_ante: bool
    n: int
    equal: float
    kappa: float
    settled: int


@dataclass(frozen=True, slots=True, repr=False)
class ReasonLikeness(Result):
    """How alike the reasons of two codings are.

    Attributes
    ----------
    n : int
        Cells with a reason in both.
    verbatim : int
        Cells whose reasons are the same words.
    mean : float
        Mean likeness of the two reasons of a cell, 0 to 1.
    by_chance : float
        The same of reasons of one covariate given for different innovations.
    """

    _told = ("n", "verbatim", "mean", "by_chance")

    n: int
    verbatim: int
    mean: float
    by_chance: float


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


Between = Literal["two codings", "two codings of the list", "third reading"]


def coder_agreement(between: Between = "two codings") -> tuple[Agreement, ...]:
    """Measure how far codings agree.

    Parameters
    ----------
    between : {"two codings", "two codings of the list", "third reading"}
        The two codings of all that was coded or of the list alone; or the settled code and the
        third reading, by a rule from dated facts, of the innovations that it drew.

    Returns
    -------
    tuple of Agreement
        Ex ante covariates first.

    Raises
    ------
    InputError
        If there is no such pair.

    References
    ----------
    Cohen (1968), Psychological Bulletin 70(4), 213-220: weighted kappa.

    Examples
    --------
    >>> [a.covariate for a in coder_agreement()][0]
    'radicalness'
    """
    if between not in get_args(Between):
        raise InputError(f"between={between!r}: expected one of {', '.join(get_args(Between))}")
    settled = pd.concat([settled_covariates("candidates"), settled_covariates("unfinished")])
    frame = load("covariates").frame
    if between == "two codings of the list":
        listed = settled_covariates().index
        frame, settled = frame[frame["innovation"].isin(listed)], settled.loc[listed]
    if between == "third reading":
        third = load("covariates").tables["third"]
        long = settled.stack().rename("code_a").rename_axis(["innovation", "covariate"])
        frame = third.rename(columns={"code": "code_b"}).join(long, on=KEY)
        settled = settled.loc[third["innovation"].unique()]
    return tuple(_agree(frame, settled, name) for name in (*EX_ANTE, *EX_POST))


def reason_likeness() -> ReasonLikeness:
    """Measure how alike the reasons of the two codings are.

    Returns
    -------
    ReasonLikeness

    Notes
    -----
    Likeness is the ratio of matching words in order of `difflib.SequenceMatcher` (twice the
    matches over the words of both). Beside it stands that of each first reason with the second
    reason for the innovation that comes next in the table, of the same covariate.

    Examples
    --------
    >>> found = reason_likeness()
    >>> found.by_chance < found.mean < 1
    True
    """
    frame = load("covariates").frame.dropna(subset=["reason_a", "reason_b"])
    beside = frame.groupby("covariate", observed=True)["reason_b"].shift(-1)
    own = [_like(a, b) for a, b in zip(frame["reason_a"], frame["reason_b"], strict=True)]
    pairs = pd.DataFrame({"a": frame["reason_a"], "b": beside}).dropna()
    others = [_like(a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    return ReasonLikeness(
        len(own), sum(x == 1.0 for x in own), float(np.mean(own)), float(np.mean(others))
    )


def _like(a: str, b: str) -> float:
    first, second = (text.strip().rstrip(".").casefold().split() for text in (a, b))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _agree(frame: pd.DataFrame, settled: pd.DataFrame, name: str) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    both = frame[frame["covariate"] == name].dropna(subset=["code_a", "code_b"])
    a, b = both["code_a"].astype(int), both["code_b"].astype(int)
    one_level = len(set(a) | set(b)) < 2
    kappa = float("nan") if one_level else cohen_kappa_score(a, b, weights="linear")
    return Agreement(
        name,
        name in EX_ANTE,
        len(both),
        float((a == b).mean()) if len(both) else float("nan"),
        float(kappa),
        int(settled[name].notna().sum()),
    )
