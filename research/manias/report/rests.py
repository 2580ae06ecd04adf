"""Rows on which each number, sentence and exhibit rests, found in the data as they stand.

What has no entry here rests on every row of the tables that its function declares.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.forecasts import list_forecasts
from manias.answers.past import CASES
from manias.data.library import load, once
from manias.data.rows import Rows, merged, some, whole
from manias.data.sources import GRADES
from manias.lenses.buildouts import ai_targets, load_buildouts
from manias.lenses.features import CAPE_LAG
from manias.lenses.ladder import AI_INDUSTRIES, Assessment
from manias.lenses.payback import assumptions_used, builders
from manias.lenses.price_logit import distinct_later
from manias.record.claims import ARTICLE_DATE
from manias.record.companies import ai_builders
from manias.record.financing import compare_financing
from manias.record.labels import FAIR
from manias.report.dating import own_series, shipped_length
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


@rests_on("exhibit", "definitions")
@rests_on("sentence", "definitions-agree")
def _definitions(found: Findings):
    yield _innovations("commercialised")
    yield from whole("verdicts")
    yield from _proxies(found)


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
    yield some("ai_capex", shown & frame["company"].isin(ai_builders()), "what is drawn")


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


@rests_on("sentence", "lenses-agree")
def _spending_and_prices(found: Findings):
    yield from _peak_and_last(found)
    months, rule = found.panel.returns.index, found.now.results.model.rule
    yield from _industries(months[-rule.long_window :], AI_INDUSTRIES, months[-rule.window :])
    yield from _ends(found)


# ---- explosive growth


_TESTED = {
    "price-dividend": ("shiller", "month", None),
    "railroads": ("us_railroad_stocks", "month", None),
    "softw": ("us_industries", "month", "Softw"),
    "chips": ("us_industries", "month", "Chips"),
    "it-share": ("us_it_investment", "quarter", None),
}
"""Table, column of periods and industry of each series that is tested."""


def _tested(*keys: str):
    sizes = set()
    for key in keys:
        periods = shipped_length(own_series()[key][2]).index
        sizes.add(len(periods))
        table, column, industry = _TESTED[key]
        if industry:
            yield from _industries(periods, [industry])
            continue
        inside = load(table).frame[column].between(periods[0], periods[-1])
        yield some(table, inside, f"{periods[0]} to {periods[-1]}")
    n = load("critical_values").frame["n"]
    lengths = ", ".join(map(str, sorted(sizes)))
    yield some("critical_values", n.isin(sizes), f"n: {lengths}")


@rests_on("exhibit", "dated-series")
@rests_on("sentence", "dated-finding")
def _all_tested(found: Findings):
    return _tested(*own_series())


@rests_on("exhibit", "dated-price-dividend")
def _price_dividend(found: Findings):
    return _tested("price-dividend")


@rests_on("sentence", "false-alarms")
def _null_processes(found: Findings):
    frame = load("size_power").frame
    named = frame["process"].isin(["random walk", "variance break"])
    how = "random walk and variance break, Monte Carlo values"
    yield some("size_power", named & (frame["critical"] == "monte carlo"), how)


# ---- two centuries


@rests_on("exhibit", "episodes-figure")
def _dated_episodes(found: Findings):
    dates = load("episodes").frame[["onset", "peak", "trough"]]
    yield some("episodes", dates.notna().any(axis=1), "with a date")


@rests_on("sentence", "episodes-size")
@rests_on("exhibit", "episodes-sizes")
def _falls(found: Findings):
    yield some("episodes", load("episodes").frame["fall_pct"].notna(), "with a fall")


def _railway_series(*names: str) -> Rows:
    series = load("uk_railways").frame["series"]
    return some("uk_railways", series.isin(names), ", ".join(names))


@rests_on("exhibit", "portrait-railways")
def _railways(found: Findings):
    yield _railway_series(
        "investment_share_gdp_mitchell", "miles_authorised", "paid_up_capital"
    )
    spent = column_rows("uk_railways", "expenditure")
    yield some("uk_railways", spent.index, "expenditure")
    years = load("uk_macro").frame["year"]
    span = f"{spent['for'].min()} to {spent['for'].max()}"
    yield some("uk_macro", years.isin(spent["for"]), span)


@rests_on("sentence", "railways-finding")
def _railway_shares(found: Findings):
    yield _railway_series("share_index", "paid_up_capital")


def _span(first: str, last: str) -> pd.PeriodIndex:
    return pd.period_range(first, last, freq="M")


def _returns(months: pd.PeriodIndex, *keys: str) -> Rows:
    return _industries(months, keys)[0]


@rests_on("exhibit", "portrait-power")
@rests_on("sentence", "power-finding")
def _power(found: Findings):
    frame = load("buildouts").frame
    census = (
        (frame["innovation"] == "electric-power")
        & (frame["series"] == "electricity generated")
        & (frame["unit"] == "thousand kWh")
    )
    yield some("buildouts", census, "electricity generated, census years")
    yield _returns(_span("1926-07", "1942-12"), "Util")


@rests_on("exhibit", "portrait-dotcom")
@rests_on("sentence", "dotcom-finding")
def _dotcom(found: Findings):
    yield from behind("us-it-dotcom")
    yield _returns(_span("1995-01", "2003-12"), "Softw", "Chips", "Telcm")


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


@rests_on("exhibit", "landmark")
@rests_on("sentence", "landmark-finding")
def _cases(found: Findings):
    return _build_outs()


@once
def _build_outs() -> tuple[Rows, ...]:
    """Flows of past build-outs, and the sequels by which their outcomes are judged."""
    cases = load_buildouts(roles=("case",))
    paths = [path for case in cases for path in (case.path, case.sequel) if path is not None]
    return merged(part for path in paths for part in behind(path.id))


@rests_on("exhibit", "precedents")
@rests_on("sentence", "landmark-ai", "precedent-finding")
def _cases_and_ai(found: Findings):
    yield from _cases(found)
    yield from behind(AI)


@rests_on("exhibit", "landmark-companies")
def _cases_and_targets(found: Findings):
    yield from _cases(found)
    for key in ai_targets():
        yield from behind(key)


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
    spent = column_rows("ai_capex", "capex", members=builders())
    yield some("ai_capex", spent.index, f"capex of {builders().replace(';', ', ')}")


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


@rests_on("exhibit", "gains")
def _scored(found: Findings):
    yield from _behind_scores(found)
    yield _later_levels()


def _behind_scores(found: Findings):
    yield from _logit_cases(found)
    yield from _conditions(found)
    yield from _cases(found)


@rests_on("exhibit", "verdict")
@rests_on("sentence", "lenses-verdict")
def _all_lenses(found: Findings):
    yield from _behind_scores(found)
    yield _ai_codes()
    yield from behind(AI)
    yield from _payback_ai(found)


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


@rests_on("exhibit", "later-booms")
@rests_on("sentence", "later-finding")
def _later(found: Findings):
    yield _later_levels()
    yield from _prices_alone(found)


@rests_on("sentence", "hazard-finding")
def _hazard(found: Findings):
    return _prices_alone(found)


@rests_on("sentence", "logit-power")
def _power_of(found: Findings):
    return _logit_cases(found)


@rests_on("exhibit", "lens-backtest")
def _backtest(found: Findings):
    yield from _logit_cases(found)
    yield from _conditions(found)
    yield from _cases(found)
    paid = [case.payback for case in CASES if case.payback]
    yield _assumed(*paid)
    for case in paid:
        yield _paid(case, "paid_up_capital", "gross_receipts", "revenue_fcc")


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


# ---- claims and forecasts


@rests_on("exhibit", "claims")
def _claims(found: Findings):
    yield from whole("claims")
    cited = load("claims").frame["evidence"].dropna().str.split(";").explode().str.strip()
    yield some("statements", load("statements").frame["id"].isin(cited), "cited as evidence")
    frame = load("ai_capex").frame
    for measure in ("revenue", "operating_cash_flow"):
        mine = frame[(frame["company"] == "Oracle") & (frame["measure"] == measure)]
        year = mine[mine["period_end"] <= ARTICLE_DATE].sort_values("period_end").tail(4)
        yield some("ai_capex", year.index, f"Oracle, {measure}, to {ARTICLE_DATE}")


@rests_on("sentence", "claims-count")
def _claims_alone(found: Findings):
    return whole("claims")


@rests_on("exhibit", "forecasts")
@rests_on("sentence", "forecasts-count")
def _forecasts(found: Findings):
    yield from whole("forecasts")
    for forecast in list_forecasts():
        name, _, measure = forecast.series.partition(":")
        frame = load(name).frame
        members = [key.strip() for key in forecast.members.split(";")]
        match name:
            case "ai_capex":
                mine = (frame["measure"] == measure) & frame["company"].isin(members)
            case "statements":
                mine = frame["id"].isin(members)
            case _:
                window, _, series = measure.partition(":")
                mine = (frame["window"] == window) & (frame["series"] == series)
        yield some(name, mine, measure)
