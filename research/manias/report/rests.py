"""Rows on which each number, sentence and exhibit rests, found in the data as they stand.

What has no entry here rests on every row of the tables that its function declares.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import load
from manias.data.rows import Rows, merged, some, whole
from manias.data.sources import GRADES
from manias.lenses.features import CAPE_LAG
from manias.lenses.ladder import AI_INDUSTRIES, Assessment
from manias.lenses.payback import BUILDERS, assumptions_used
from manias.lenses.price_logit import distinct_later
from manias.record.companies import AI_BUILDERS
from manias.record.financing import compare_financing
from manias.record.labels import FAIR
from manias.report.exhibits import MAKERS, Findings
from manias.series.indices import MARKET, WINDOW
from manias.series.later_booms import later_themes
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind, calendar_quarter, column_rows

SELECTORS: dict[tuple[str, str], Callable[[Findings], Iterable[Rows]]] = {}
AI = "ai-capex-five"
"""Trajectory that stands for AI in the third and the fourth lens."""


def rows_of(key: tuple[str, str], found: Findings) -> tuple[Rows, ...]:
    """Find the rows on which something that the prose names rests.

    Parameters
    ----------
    key : (kind, name)
        Of `manias.report.exhibits.MAKERS`, or ``("printed", id)`` of the table ``published``.
    found : Findings
        What it was made from.

    Returns
    -------
    tuple of Rows
        One a table; empty where it rests on a setting of the code and on no data.

    Examples
    --------
    >>> [(r.name, len(r.frame)) for r in rows_of(("number", "ai-last-share"), Findings())]
    [('trajectories', 1), ('us_it_investment', 1)]
    """
    if key[0] == "printed":
        return (_published(key[1]),)
    if selector := SELECTORS.get(key):
        return merged(selector(found))
    return whole(*MAKERS[key][1])


def rests_on(kind: str, *names: str):
    """Register what finds the rows of some names."""

    def register(selector: Callable[[Findings], Iterable[Rows]]):
        SELECTORS.update(dict.fromkeys([(kind, name) for name in names], selector))
        return selector

    return register


# ---- innovations


def _innovations(*about: str) -> Rows:
    (rows,) = whole("innovations.data")
    return replace(rows, about=about)


@rests_on("number", "innovations")
def _list(found: Findings):
    yield _innovations("commercialised")


@rests_on("number", "verdicts-unknown", "verdicts-share")
def _verdicts(found: Findings):
    yield _innovations("")


@rests_on("number", "verdicts-yes")
def _verdicts_yes(found: Findings):
    yield _with_verdict("yes")


@rests_on("number", "verdicts-no")
def _verdicts_no(found: Findings):
    yield _with_verdict("no")


def _with_verdict(word: str) -> Rows:
    verdicts = load("innovations").frame["verdict"]
    return some("innovations", verdicts == word, f"verdict: {word}", about=("",))


@rests_on("exhibit", "timeline", "innovations")
def _shown_innovations(found: Findings):
    yield _innovations("commercialised", "")


def _proxies(found: Findings) -> Iterable[Rows]:
    """Industries by whose returns the price rules judge an innovation."""
    proxies = load("proxies").frame
    fair = proxies["stand_in"].isin(FAIR)
    yield some("proxies", fair, f"stand-ins: {', '.join(FAIR)}")
    yield from _industries(found.panel.returns.index, proxies.loc[fair, "industry"])


# ---- investment on one clock


def _at(path: Trajectory, how: str, *periods: pd.Period) -> tuple[Rows, ...]:
    when = ", ".join(map(str, periods))
    return behind(path.id, periods, f"{path.id}, {when}: {how}")


def _highest(path: Trajectory) -> tuple[Rows, ...]:
    values = path.values.dropna()
    span = f"{values.index[0]} to {values.index[-1]}"
    return _at(path, f"the highest of {len(values)}, {span}", values.idxmax())


def _latest(path: Trajectory) -> tuple[Rows, ...]:
    return _at(path, "the last on record", path.values.index[-1])


@rests_on("number", "dotcom-peak-share", "dotcom-peak-quarter")
def _dotcom_peak(found: Findings):
    return _highest(found.paths["us-it-dotcom"])


@rests_on("number", "ai-last-share", "ai-last-quarter")
def _ai_last(found: Findings):
    return _latest(found.paths["us-it-ai"])


@rests_on("sentence", "capex-against-dotcom")
def _peak_and_last(found: Findings):
    yield from _dotcom_peak(found)
    yield from _ai_last(found)


@rests_on("sentence", "rise-against-dotcom")
def _two_rises(found: Findings):
    for key in ("us-it-ai", "us-it-dotcom"):
        path = found.paths[key]
        onset = path.anchors["onset"].asfreq("Q", how="start")
        yield from _at(path, f"onset and {found.age} quarters later", onset, onset + found.age)


@rests_on("number", "railway-last-share")
def _railways_last(found: Findings):
    return _latest(found.paths["uk-railways-1840s"])


@rests_on("number", "five-capex-share", "five-capex-quarter")
def _five_last(found: Findings):
    return _latest(found.five)


@rests_on("sentence", "five-names")
def _five_row(found: Findings):
    yield some("trajectories", load("trajectories").frame["id"] == AI, AI)


@rests_on("exhibit", "event-time")
def _event_time(found: Findings):
    for key in found.paths:
        yield from behind(key)


@rests_on("exhibit", "same-age")
def _same_age(found: Findings):
    yield from behind("uk-railways-1840s")
    for key in ("us-it-dotcom", "us-it-ai"):
        path = found.paths[key]
        onset = path.anchors["onset"].asfreq("Q", how="start")
        ages = [onset + q for q in (*range(0, found.age, 4), found.age)]
        yield from _at(path, "whole years since the onset, and the last", *ages)
        yield from _highest(path)


# ---- companies


def _company_rows(measures: Iterable[str], quarters: pd.Series, how: str):
    """Rows of some measures in the quarter of each company."""
    frame = load("ai_capex").frame
    wanted = frame["company"].map(quarters)
    same = calendar_quarter(frame["period_end"]) == wanted
    return some("ai_capex", same & frame["measure"].isin(list(measures)), how)


def _last_quarters(found: Findings, column: str) -> pd.Series:
    seen = found.capex.dropna(subset=[column])
    return seen.groupby("company")["quarter"].max()


@rests_on("sentence", "free-cash-flow")
def _free_cash_flow(found: Findings):
    last = _last_quarters(found, "free_cash_flow")
    yield _company_rows(
        ("capex", "operating_cash_flow"), last, "the last quarter of each company"
    )


@rests_on("exhibit", "capex")
def _capex(found: Findings):
    frame = load("ai_capex").frame
    shown = frame["measure"].isin(["capex", "operating_cash_flow"])
    yield some("ai_capex", shown & frame["company"].isin(AI_BUILDERS), "what is drawn")


@rests_on("exhibit", "capex-latest")
def _capex_latest(found: Findings):
    last = _last_quarters(found, "capex")
    measures = ("capex", "operating_cash_flow", "revenue")
    yield _company_rows(measures, last, "the last quarter of each company")
    yield _company_rows(("capex",), last - 4, "and capex of a year before")


# ---- run-ups and crashes


def _industries(
    months: pd.PeriodIndex,
    keys: Iterable[str] | None = None,
    market: pd.PeriodIndex | None = None,
) -> tuple[Rows, ...]:
    """Returns of some industries and of the market in some months."""
    market = months if market is None else market
    dataset = load("us_industries")
    frame = dataset.frame
    keep = frame["month"].between(months[0], months[-1])
    named = ""
    if keys is not None:
        keep &= frame["industry"].isin(list(keys))
        named = f"{', '.join(dict.fromkeys(keys))}, "
    inside = dataset.tables["market"]["month"].between(market[0], market[-1])
    return (
        some("us_industries", keep, f"{named}{months[0]} to {months[-1]}"),
        some("us_industries.market", inside, f"{market[0]} to {market[-1]}"),
    )


def _published(*keys: str) -> Rows:
    frame = load("published").frame
    return some("published", frame["id"].isin(keys), ", ".join(keys))


@rests_on("number", "min-firms", "crash-depth", "long-return", "ai-industries", "eras")
def _setting(found: Findings):
    return ()


@rests_on("number", "industries-last-month")
def _last_month(found: Findings):
    return _industries(found.panel.returns.index[-1:])


@rests_on("number", "industries-first-month")
def _first_month(found: Findings):
    return _industries(found.panel.returns.index[:1])


@rests_on("number", "industries")
def _columns(found: Findings):
    return whole("us_industries.data")


@rests_on("number", "base-rate", "model-id")
@rests_on("exhibit", "standing-now")
def _panel(found: Findings):
    return _industries(found.panel.returns.index)


@rests_on(
    "number",
    "reproduced-episodes",
    "reproduced-crashes",
    "reproduced-waves",
    "crashes-with-bad-month",
)
@rests_on("exhibit", "specifications")
def _sample(found: Findings):
    return _industries(found.sample.returns.index)


@rests_on("sentence", "ladder-against-published")
@rests_on("exhibit", "ladder")
def _sample_and_published(found: Findings):
    yield from _sample(found)
    yield _published("gsy-rate-050", "gsy-rate-100", "gsy-rate-150")


@rests_on("exhibit", "ladder-table")
def _panel_and_published(found: Findings):
    yield from _panel(found)
    yield _published("gsy-rate-050", "gsy-rate-100", "gsy-rate-150")


def _standing(found: Findings, answer: Assessment) -> tuple[Rows, ...]:
    """Where none stands on the ladder only returns are told; else how others fared as well."""
    months = found.panel.as_of(answer.as_of).returns.index
    if any(s.rung is not None for s in answer.standings):
        return _industries(months)
    rule = answer.results.model.rule
    return _industries(months[-rule.long_window :], AI_INDUSTRIES, months[-rule.window :])


@rests_on("sentence", "standing-now")
def _standing_now(found: Findings):
    return _standing(found, found.now)


@rests_on("sentence", "standing-then")
def _standing_then(found: Findings):
    return _standing(found, found.then)


@rests_on("exhibit", "standing-then")
def _then(found: Findings):
    return _industries(found.panel.as_of(found.then.as_of).returns.index)


@rests_on("exhibit", "standing-figure")
def _standing_both(found: Findings):
    yield from _standing_now(found)
    yield from _standing_then(found)


# ---- the lenses


def _logit_cases(found: Findings):
    """Verdicts and codes of the innovations that the first lens was fitted to."""
    fit = load_model("innovation-logit")
    verdicts, codes = load("verdicts").frame, load("covariates").frame
    order = list(GRADES)
    strong = verdicts["grade"].map(order.index) <= order.index(fit.settings["minimum_grade"])
    told = strong & (verdicts["definition"] == fit.settings["definition"])
    coded = codes["covariate"].isin(fit.terms)
    inside = set(fit.cases.index)
    terms = ", ".join(fit.terms)
    yield _innovations("commercialised")
    yield some(
        "verdicts",
        told & verdicts["innovation"].isin(inside),
        f"{fit.settings['definition']}, grade {fit.settings['minimum_grade']} or better",
    )
    yield some("covariates", coded & codes["innovation"].isin(inside), terms)


@rests_on("exhibit", "specification-curve")
@rests_on("sentence", "specification-range")
def _specifications(found: Findings):
    yield from whole("innovations", "verdicts", "covariates")
    yield from _proxies(found)


def _ai_codes() -> Rows:
    frame = load("covariates").frame
    terms = load_model("innovation-logit").terms
    mine = (frame["innovation"] == "ai") & frame["covariate"].isin(terms)
    return some("covariates", mine, "ai")


@rests_on("exhibit", "logit-coefficients", "logit-scores")
@rests_on("sentence", "logit-finding")
def _logit(found: Findings):
    return _logit_cases(found)


@rests_on("sentence", "logit-ai")
def _logit_ai(found: Findings):
    yield from _logit_cases(found)
    yield _ai_codes()


@rests_on("exhibit", "crash-coefficients", "industry-risks", "backtest")
@rests_on("sentence", "crash-finding", "crash-ai")
def _conditions(found: Findings):
    yield from whole("us_industries.book")
    yield from _prices_alone(found)


def _prices_alone(found: Findings, last: pd.Period | None = None) -> Iterable[Rows]:
    """Industries, the market and its valuation as far as it was known by a month."""
    months = found.panel.returns.index
    yield from _industries(months)
    first, last = months[0] - CAPE_LAG, (last or months[-1]) - CAPE_LAG
    inside = load("shiller").frame["month"].between(first, last)
    yield some("shiller", inside, f"{first} to {last}")


@rests_on("exhibit", "crash-scores")
def _crash_scores(found: Findings):
    yield from _conditions(found)
    yield _later_levels()


def _assumed(*cases: str) -> Rows:
    ids = load("assumptions").frame["id"]
    used = {key for case in cases for key in assumptions_used(case)}
    return some("assumptions", ids.isin(used), ", ".join(cases))


def _paid(case: str, *series: str) -> Rows:
    frame = load("payback").frame
    mine = (frame["case"] == case) & frame["series"].isin(series)
    return some("payback", mine, f"{case}: {', '.join(series)}")


@rests_on("exhibit", "payback-path")
@rests_on("sentence", "payback-finding", "payback-most")
def _payback_ai(found: Findings):
    yield _assumed("ai")
    spent = column_rows("ai_capex", "capex", members=";".join(BUILDERS))
    yield some("ai_capex", spent.index, f"capex of {', '.join(BUILDERS)}")


@rests_on("sentence", "payback-railways")
def _payback_railways(found: Findings):
    yield _assumed("uk-railways")
    yield _paid("uk-railways", "paid_up_capital", "gross_receipts")


@rests_on("exhibit", "payback-sensitivities")
def _payback_all(found: Findings):
    yield from _payback_ai(found)
    yield from _payback_railways(found)
    yield _assumed("us-telecom")
    yield _paid("us-telecom", "revenue_fcc")


# ---- indices, past and later booms, who pays


def _levels(keys: Iterable[str], months: Iterable[pd.Period] | None = None) -> Rows:
    """Levels of indices of the AI window, and of the market that they are netted of."""
    frame, chosen = load("ai_market").frame, [*keys, MARKET]
    mine = (frame["window"] == WINDOW) & frame["series"].isin(chosen)
    if months is not None:
        mine &= frame["month"].isin(list(months))
    return some("ai_market", mine, f"{WINDOW}: {', '.join(chosen)}")


def _listed(keys: Iterable[str]) -> Rows:
    table = load("ai_market").tables["series"]
    shown = (table["window"] == WINDOW) & table["series"].isin(keys)
    return some("ai_market.series", shown, ", ".join(keys))


def _ends(found: Findings) -> Iterable[Rows]:
    """Both ends of the run-ups of the indices that reach furthest."""
    last = max(index.last for index in found.latest.values())
    ends = (last - found.rule.window, last)
    yield _levels(found.latest, ends)


@rests_on("exhibit", "index-risks")
def _indices(found: Findings):
    yield _levels(found.indices)
    yield _listed(list(found.indices))
    yield from _prices_alone(found, max(index.last for index in found.indices.values()))


@rests_on("sentence", "indices-now")
def _latest_indices(found: Findings):
    yield from _ends(found)
    yield _listed(list(found.latest))


def _later_levels() -> Rows:
    themes = later_themes()
    chosen = list(dict.fromkeys(themes[key].series for key in distinct_later()))
    mine = load("later_market").frame["series"].isin([*chosen, "market"])
    return some("later_market", mine, ", ".join(chosen))


@rests_on("sentence", "hazard-finding")
def _hazard(found: Findings):
    return _prices_alone(found)


@rests_on("sentence", "logit-power")
def _power_of(found: Findings):
    return _logit_cases(found)


@rests_on("exhibit", "financing")
@rests_on("sentence", "financing-finding")
def _financing(found: Findings):
    yield from whole("financing.data")
    frame = load("ai_capex").frame
    spans = compare_financing().companies.query("wave == 'ai'").set_index("company")["span"]
    for company, span in spans.items():
        first, _, last = span.partition("-")
        quarters = calendar_quarter(frame["period_end"])
        inside = quarters.between(pd.Period(first, "Q"), pd.Period(last, "Q"))
        wanted = frame["measure"].isin(["capex", "operating_cash_flow", "revenue"])
        mine = (frame["company"] == company) & inside & wanted
        yield some("ai_capex", mine, f"{company}, {span}")
