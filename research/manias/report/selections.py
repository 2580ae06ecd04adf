"""Rows on which what several chapters say rests: fitted cases, industries, indices."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.lenses.features import CAPE_LAG
from manias.lenses.price_logit import distinct_later
from manias.record.labels import FAIR
from manias.report.parts import RULE, industries, latest_indices, model, panel
from manias.series.indices import MARKET, WINDOW
from manias.series.later_booms import later_themes


def innovations(*about: str) -> Rows:
    """The list of innovations, and which of its statements count."""
    (rows,) = whole("innovations.data")
    return replace(rows, about=about)


def proxies() -> Iterable[Rows]:
    """Industries by whose returns the price rules judge an innovation."""
    frame = load("proxies").frame
    fair = frame["stand_in"].isin(FAIR)
    yield some("proxies", fair, f"stand-ins: {', '.join(FAIR)}")
    yield from industries(panel().returns.index, frame.loc[fair, "industry"])


def logit_cases() -> tuple[Rows, ...]:
    """Verdicts and codes of the innovations that the first lens was fitted to."""
    return model("innovation-logit").provenance.rows()


def ai_codes() -> Rows:
    """Codes of artificial intelligence in the terms of the first lens."""
    frame = load("covariates").frame
    terms = model("innovation-logit").terms
    mine = (frame["innovation"] == "ai") & frame["covariate"].isin(terms)
    return some("covariates", mine, "ai")


def conditions() -> tuple[Rows, ...]:
    """Industries, their book values, the market and its valuation."""
    return model("runup-panel").provenance.rows()


def prices_alone(last: pd.Period | None = None) -> Iterable[Rows]:
    """Industries, the market and its valuation as far as it was known by a month."""
    months = panel().returns.index
    yield from industries(months)
    first, last = months[0] - CAPE_LAG, (last or months[-1]) - CAPE_LAG
    inside = load("shiller").frame["month"].between(first, last)
    yield some("shiller", inside, f"{first} to {last}")


def build_outs() -> tuple[Rows, ...]:
    """Flows of past build-outs, and the sequels by which their outcomes are judged."""
    rows = model("landmark").provenance.rows()
    # The life of what was built is a column of the fit that nothing here prints.
    return tuple(part for part in rows if part.dataset != "covariates")


def later_levels() -> Rows:
    """Levels of the later booms, each series once, and of the market beside them."""
    themes = later_themes()
    chosen = list(dict.fromkeys(themes[key].series for key in distinct_later()))
    mine = load("later_market").frame["series"].isin([*chosen, "market"])
    return some("later_market", mine, ", ".join(chosen))


def levels(keys: Iterable[str], months: Iterable[pd.Period] | None = None) -> Rows:
    """Levels of indices of the AI window, and of the market that they are netted of."""
    frame, chosen = load("ai_market").frame, [*keys, MARKET]
    mine = (frame["window"] == WINDOW) & frame["series"].isin(chosen)
    if months is not None:
        mine &= frame["month"].isin(list(months))
    return some("ai_market", mine, f"{WINDOW}: {', '.join(chosen)}")


def listed(keys: Iterable[str]) -> Rows:
    """What is said of indices of the AI window: names and sources."""
    table, keys = load("ai_market").tables["series"], list(keys)
    shown = (table["window"] == WINDOW) & table["series"].isin(keys)
    return some("ai_market.series", shown, ", ".join(keys))


def ends() -> Rows:
    """Both ends of the run-ups of the indices that reach furthest."""
    indices = latest_indices()
    last = max(index.last for index in indices.values())
    return levels(indices, (last - RULE.window, last))
