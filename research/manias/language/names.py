"""Plain names of what the code and the tables know by keys, so that no reader meets a key.

Each is an English phrase, which the phrase book of an edition translates.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from manias.language.messages import Text

MODELS: Mapping[str, str] = MappingProxyType(
    {
        "innovation-logit": "innovations at their start",
        "ladder": "run-ups of industries, by size",
        "ladder-countries": "run-ups of countries, by size",
        "landmark": "build-outs at the same age",
        "payback-ai": "payback of AI",
        "payback-uk-railways": "payback of British railways",
        "payback-us-telecom": "payback of US telecom",
        "precedents": "precedents",
        "runup-classic": "run-ups of 100% and more",
        "runup-half": "run-ups of 50% and more",
        "runup-hazard": "month by month after a run-up of 50%",
        "runup-panel": "all industries twice a year",
        "runup-prices": "all industries, prices alone",
        "runup-which": "which industries crash",
        "spending-countries": "investment of countries",
        "spending-firms": "spending of US firms",
        "spending-industries": "spending of US industries",
    }
)
"""Fitted models, by the names of their cards."""

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "dollars_fall_30": "a fall of 30% in dollars",
        "dollars_halve": "halving in dollars",
        "share_falls_30": "a fall of 30% against GDP",
        "share_halves": "halving against GDP",
    }
)
"""What spending may do afterwards."""

SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        "an era at a time (both)": "one era at a time, volatility and run-up",
        "an era at a time (volatility)": "one era at a time, volatility alone",
        "an era at a time (run-up)": "one era at a time, run-up alone",
        "what came after (both)": "later years, volatility and run-up",
        "what came after (volatility)": "later years, volatility alone",
        "what came after (run-up)": "later years, run-up alone",
        "what came after, year by year": "later years, year by year",
    }
)
"""What was left out at a time, where the name of a score says it in words of the code."""

PAYBACKS: Mapping[str, str] = MappingProxyType(
    {"ai": "AI", "uk-railways": "British railways", "us-telecom": "US telecom"}
)
"""Cases of the payback."""

REPLIES: Mapping[str, str] = MappingProxyType(
    {
        "class of firms": "firms of the same size class",
        "ladder": "past run-ups of this size",
    }
)
"""What stands for an answer of ours beside models, in questions that are frozen."""

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "historian": "by an account",
        "within_15_years": "by an account, within 15 years",
        "quoted": "by an account, quoted shares only",
        "goldfarb_kirsch": "Goldfarb and Kirsch",
        "price_rule": "price rule of Greenwood, Shleifer and You",
        "quinn_turner": "price rule after Quinn and Turner",
    }
)
"""Who calls it a bubble."""

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "runup": "run-up",
        "net_runup": "run-up net of the market",
        "volatility_change": "change of volatility",
        "age": "age of the industry",
        "firms": "number of firms",
        "share": "share of market value",
        "issuance": "new shares issued",
        "book_to_market": "book value over market value",
        "cape": "price of the market over ten years of earnings",
        "growth": "growth since the onset",
        "recent": "recent growth",
        "acceleration": "acceleration of growth",
        "capital_intensity": "need of capital",
        "government_role": "role of government",
        "pure_play": "firms of one line of business",
    }
)
"""Covariates and features; others are their keys in words."""

INDUSTRIES: Mapping[str, str] = MappingProxyType(
    {
        "Aero": "Aircraft",
        "Autos": "Automobiles and trucks",
        "Banks": "Banking",
        "Chips": "Electronic equipment",
        "Cnstr": "Construction",
        "Coal": "Coal",
        "ElcEq": "Electrical equipment",
        "Fun": "Entertainment",
        "Hardw": "Computers",
        "LabEq": "Measuring and control equipment",
        "RlEst": "Real estate",
        "Softw": "Computer software",
        "Telcm": "Communication",
        "Util": "Utilities",
    }
)
"""Industries of Kenneth French's table that the report names."""

CRITICAL: Mapping[str, str] = MappingProxyType(
    {"monte carlo": "of simulated random walks", "wild": "of a wild bootstrap"}
)
"""Where critical values come from."""

PROCESSES: Mapping[str, str] = MappingProxyType(
    {
        "PSY one bubble": "one bubble (Phillips, Shi and Yu)",
        "PSY two bubbles": "two bubbles (Phillips, Shi and Yu)",
        "Evans": "bubbles that collapse in part (Evans)",
        "Blanchard": "bubbles that burst by chance (Blanchard)",
    }
)
"""Simulated series; others are their names."""

_LATER = re.compile(r"later years \((?P<outcome>\w+), booms, ladder\)")
_GAP = re.compile(r"finance gap \((?P<outcome>\w+), booms less flat years\)")
_AT_AGE = re.compile(r"one innovation at a time, age (?P<age>\d+)")


def model_name(key: str) -> str:
    """Plain name of a fitted model.

    Examples
    --------
    >>> model_name("runup-half")
    'run-ups of 50% and more'
    """
    return MODELS[key] if key in MODELS else key.replace("-", " ")


def reply_name(who: str) -> str:
    """Plain name of what answers a question of the tournament.

    Examples
    --------
    >>> reply_name("ladder"), reply_name("runup-prices"), reply_name("last value")
    ('past run-ups of this size', 'all industries, prices alone', 'last value')
    """
    return REPLIES.get(who, MODELS.get(who, who))


def term_name(key: str) -> str:
    """Plain name of a covariate or feature.

    Examples
    --------
    >>> term_name("book_to_market"), term_name("network_effects")
    ('book value over market value', 'network effects')
    """
    return TERMS.get(key, key.replace("_", " "))


def scheme_name(scheme: str) -> str:
    """What was left out when a model was scored, in plain words.

    Examples
    --------
    >>> scheme_name("later years (share_halves, booms, ladder)")
    'later years, halving against GDP'
    >>> scheme_name("one era at a time")
    'one era at a time'
    """
    if found := _LATER.fullmatch(scheme):
        return Text("later years, {outcome}", outcome=OUTCOMES[found["outcome"]])
    if found := _GAP.fullmatch(scheme):
        return Text(
            "gap between booms and flat years by who pays, {outcome}",
            outcome=OUTCOMES[found["outcome"]],
        )
    if found := _AT_AGE.fullmatch(scheme):
        return Text("one innovation at a time, age {age}", age=found["age"])
    return SCHEMES.get(scheme, scheme)
