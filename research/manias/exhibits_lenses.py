"""Numbers, sentences and exhibits of the five lenses, the claims and the forecasts."""

import math
from functools import cache

import pandas as pd

from manias.archive import list_models, load_model
from manias.claims import check_claims
from manias.evaluation import Scores
from manias.exhibits import Findings, listed, makes, month_of, word
from manias.forecasts import RULES, judge, list_forecasts, list_frozen
from manias.lenses import LENSES, ask
from manias.models.base import Answer, LogitResults
from manias.models.hazard import ERAS, backtest, industry_risks
from manias.models.logit import specifications
from manias.models.payback import COVER_BY, PaybackResults
from manias.tables import percent, plain, said, verdict

BACKTEST = {
    "1929-08": ("Util", "Aero", "Autos", "Chips"),
    "1961-05": ("Chips", "Hardw", "LabEq"),
    "1968-11": ("Hardw", "Chips", "Aero"),
    "1997-12": ("Softw", "Chips", "Telcm"),
    "1999-12": ("Softw", "Chips", "Hardw", "Telcm"),
    "2007-06": ("Banks", "RlEst", "Cnstr", "Coal"),
}
"""Months before known turning points, and the industries of which people spoke."""

_LOGIT = ("innovations", "verdicts", "covariates")
_PRICES = ("us_industries", "shiller")
_PATHS = ("trajectories", "buildouts", "ai_capex", "uk_railways", "us_it_investment")
_PAY = ("assumptions", "payback", "ai_capex")
_EVERY = (*_LOGIT, *_PRICES, *_PATHS, "assumptions")


@cache
def _answers() -> tuple[Answer, ...]:
    return ask("ai")


@cache
def _specifications() -> pd.DataFrame:
    return specifications()


@cache
def _payback(case: str) -> PaybackResults:
    return load_model(f"payback-{case}")


@cache
def _logit(name: str) -> LogitResults:
    return load_model(name)


def _answer(lens: str) -> Answer:
    return next(a for a in _answers() if a.lens == lens)


def _skill(s: Scores | None) -> str:
    if s is None:
        return "not scored"
    p = "" if math.isnan(s.permutation_p) else f", p {_p(s.permutation_p)}"
    return f"{s.gain:+.3f} ({s.gain_low:+.3f} to {s.gain_high:+.3f}){p}"


def _p(value: float) -> str:
    return f"{value:.4f}" if value < 0.001 else f"{value:.3f}"


# ---- the verdict


@makes("exhibit", "verdict", *_EVERY)
def verdict_table(found: Findings) -> dict:
    rows = []
    for a in _answers():
        base = percent(a.base) if a.unit == "probability" else plain(a.base, 2)
        rows.append(
            [
                a.lens,
                LENSES[a.lens],
                f"{a.measure}: {said(a)}" if a.measure else "–",
                base if math.isfinite(a.base) else "–",
                f"{a.n:,} ({a.events:,})" if a.events else f"{a.n:,}" if a.n else "–",
                _skill(a.scores),
                a.as_of or "–",
                verdict(a),
                a.grade,
            ]
        )
    return {
        "caption": "The five lenses on AI. Base: the answer without the model. Cases with "
        "events in brackets. Skill: gain in log loss over the base rate on cases left out, "
        "with its 95% interval and the p-value of a permutation test. No lens is blended with "
        "another: no proper score supports it.",
        "columns": [
            "Lens", "Question", "Answer (95% interval, or range)", "Base", "Cases", "Skill",
            "As of", "Verdict", "Grade",
        ],
        "widths": [0.8, 1.9, 1.7, 0.6, 0.85, 1.35, 0.75, 1.7, 0.55],
        "rows": rows,
    }  # fmt: skip


@makes("sentence", "lenses-verdict", *_EVERY)
def lenses_verdict(found: Findings) -> str:
    return verdict_sentence(_answers())


def verdict_sentence(answers: tuple[Answer, ...]) -> str:
    """Say in one sentence what the lenses say together.

    Examples
    --------
    >>> verdict_sentence(())
    'No lens could be asked'
    """
    if not answers:
        return "No lens could be asked"
    speaking = [a for a in answers if a.says]
    scored = [a for a in answers if a.scores is not None]
    if not speaking:
        return (
            f"Of {word(len(answers))} lenses {word(len(scored))} could be scored out of "
            f"sample, "
            f"and none of them beats the base rate by more than chance on a case that it may "
            f"judge: by these data neither a bubble nor its absence can be shown"
        )
    higher = [a.lens for a in speaking if a.value > a.base]
    lower = [a.lens for a in speaking if a.value <= a.base]
    parts = []
    if higher:
        parts.append(f"{listed(higher)} put AI above the base rate")
    if lower:
        parts.append(f"{listed(lower)} put it at or below")
    verb = "lens has" if len(speaking) == 1 else "lenses have"
    return (
        f"{word(len(speaking)).capitalize()} {verb} shown skill out of sample and may be read: "
        f"{'; '.join(parts)}"
    )


@makes("exhibit", "gains", *_EVERY)
def gains_figure(found: Findings) -> dict:
    from manias.figures import to_svg
    from manias.figures_lenses import plot_gains

    models = list_models()
    scored = [(m.name, s) for m in models for s in m.scores]
    skilled = [name for name, s in scored if s.has_skill]
    return {
        "svg": to_svg(plot_gains(models)),
        "caption": "What each fitted model gains over the base rate on cases left out, with a "
        "95% bootstrap interval. Filled: skill by the interval and by the permutation test.",
        "alt": f"Of {len(scored)} scores out of sample, {len(skilled)} show a gain over the "
        f"base rate that lies above zero over its whole "
        f"interval{': ' + listed(sorted(set(skilled))) if skilled else ''}.",
    }


# ---- lens 1


@makes("exhibit", "logit-coefficients", *_LOGIT)
def logit_coefficients(found: Findings) -> dict:
    return _coefficients(
        _logit("innovation-logit"),
        "Logit of a boom and bust on what was known of an innovation at the start "
        "(Firth's penalty; profile intervals). A level more of the covariate multiplies the "
        "odds by the odds ratio.",
    )


@makes("exhibit", "logit-scores", *_LOGIT)
def logit_scores(found: Findings) -> dict:
    return _scores(_logit("innovation-logit"))


@makes("sentence", "logit-finding", *_LOGIT)
def logit_finding(found: Findings) -> str:
    fit = _logit("innovation-logit")
    table = fit.tidy().set_index("term").drop("intercept")
    up = [t for t in table.index if table.loc[t, "low"] > 0]
    down = [t for t in table.index if table.loc[t, "high"] < 0]
    open_ = [t for t in table.index if t not in up and t not in down]

    def name(terms: list[str]) -> str:
        return listed([t.replace("_", " ") for t in terms])

    parts = []
    if up:
        parts.append(f"{name(up)} {_go(up)} with more booms and busts")
    if down:
        parts.append(f"{name(down)} {_go(down)} with fewer")
    if open_:
        parts.append(f"for {name(open_)} the sign is open")
    skill = "has skill" if fit.scores[0].has_skill else "shows no skill"
    return (
        f"In this list {'; '.join(parts)}. Out of sample the model {skill} against the base "
        f"rate (gain {_skill(fit.scores[0])})"
    )


@makes("sentence", "logit-ai", *_LOGIT)
def logit_ai(found: Findings) -> str:
    a = _answer("innovation")
    if not math.isfinite(a.value):
        return f"AI cannot be placed: {a.reason}"
    near = listed([_name(key) for key in a.nearest])
    return (
        f"AI, coded by the same book, is given {said(a)}, against a share of {percent(a.base)} "
        f"in the list; the innovations coded most like it are {near}"
    )


@makes("exhibit", "specification-curve", *_LOGIT, "us_industries", "proxies")
def specification_figure(found: Findings) -> dict:
    from manias.figures import to_svg
    from manias.figures_lenses import plot_specifications

    table = _specifications()
    rows = table[table["failed"] == ""]
    return {
        "svg": to_svg(plot_specifications(table)),
        "caption": f"The specification curve of the first lens: {len(rows)} fits under every "
        f"label, set of covariates, grade of evidence and sample that the data allow; "
        f"{len(table) - len(rows)} more could not be fitted, for want of cases.",
        "alt": f"The probability for AI runs from {percent(rows['p'].min())} to "
        f"{percent(rows['p'].max())}, its median is {percent(rows['p'].median())}; "
        f"{int((rows['gain_low'] > 0).sum())} of {len(rows)} fits beat the base rate over "
        f"their whole interval.",
    }


@makes("sentence", "specification-range", *_LOGIT, "us_industries", "proxies")
def specification_range(found: Findings) -> str:
    rows = _specifications().query("failed == ''")
    beat = int((rows["gain_low"] > 0).sum())
    return (
        f"Over {len(rows)} specifications the probability runs from {percent(rows['p'].min())} "
        f"to {percent(rows['p'].max())} (median {percent(rows['p'].median())}); "
        f"{word(beat) if beat <= 10 else beat} of them {'beats' if beat == 1 else 'beat'} the "
        f"base rate over the whole interval"
    )


@makes("sentence", "replacement-effect", *_LOGIT)
def replacement_effect(found: Findings) -> str:
    rows = _specifications()
    chosen = rows[
        (rows["definition"] == "historian")
        & (rows["minimum_grade"] == "B")
        & (rows["covariates"].str.count(r"\+") == 1)
        & rows["sample"].isin(["list", "list as first gathered", "list and candidates"])
        & (rows["failed"] == "")
    ]
    means = chosen.groupby("sample")["p"].mean()
    return listed([f"{percent(p)} on the {name}" for name, p in means.items()])


# ---- lens 2


@makes("exhibit", "crash-coefficients", *_PRICES)
def crash_coefficients(found: Findings) -> dict:
    return _coefficients(
        _logit("runup-panel"),
        "Logit of a fall of 40% within two years, every industry each June and December "
        "(Wald intervals from errors clustered by industry and five-year block).",
    )


@makes("exhibit", "crash-scores", *_PRICES)
def crash_scores(found: Findings) -> dict:
    rows = []
    for name in ("runup-classic", "runup-half", "runup-panel"):
        fit = _logit(name)
        rows += [[name, f"{fit.n:,} ({fit.events:,})", *_score_cells(s)] for s in fit.scores]
    return {
        "caption": "The second lens out of sample: run-ups of 100% and more, of 50% and more, "
        "and every industry twice a year. Left out: an era with the two years around it, or "
        "everything that was not over when the year began.",
        "columns": [
            "Model", "Cases (crashes)", "Left out", "Log loss", "Base", "Gain (95%)", "AUC",
            "Slope (95%)", "p",
        ],
        "widths": [1.1, 1, 1.4, 0.65, 0.55, 1.4, 0.5, 1.2, 0.6],
        "rows": rows,
    }  # fmt: skip


@makes("number", "eras", *_PRICES)
def n_eras(found: Findings) -> str:
    return word(len(ERAS))


@makes("sentence", "crash-finding", *_PRICES)
def crash_finding(found: Findings) -> str:
    fits = [_logit(name) for name in ("runup-classic", "runup-half", "runup-panel")]
    skilled = [f for f in fits if f.scores[0].has_skill]
    if not skilled:
        return (
            "Left to judge an era that it has not seen, none of the three samples beats the "
            "base rate beyond its interval"
        )
    return (
        f"Left to judge an era that it has not seen, {word(len(skilled))} of the three samples "
        f"{'beats' if len(skilled) == 1 else 'beat'} the base rate beyond the interval"
    )


@makes("sentence", "crash-ai", *_PRICES)
def crash_ai(found: Findings) -> str:
    a = _answer("run-up")
    return (
        f"Weighted by market value, the industries that build, power or carry AI are given "
        f"{said(a)} as of {month_of(a.as_of)}, against {percent(a.base)} of all cases"
    )


@makes("exhibit", "industry-risks", *_PRICES)
def risks_table(found: Findings) -> dict:
    from manias.features import load_conditions

    fit = _logit("runup-panel")
    risks = industry_risks(fit, load_conditions())
    return {
        "caption": f"What the panel of industries says of each AI industry as of "
        f"{month_of(risks[0].month)}: probability of a fall of 40% within two years; base rate "
        f"{percent(fit.base_rate)}.",
        "columns": ["Industry", "Probability", "95% interval", "Inside what was fitted"],
        "widths": [2, 1, 1.3, 1.2],
        "rows": [
            [
                r.name,
                percent(r.p) if math.isfinite(r.p) else "–",
                f"{percent(r.low)} to {percent(r.high)}" if math.isfinite(r.p) else "–",
                "yes" if r.is_supported else "no",
            ]
            for r in risks
        ],
    }


@makes("exhibit", "backtest", *_PRICES)
def backtest_table(found: Findings) -> dict:
    table = backtest(BACKTEST)
    rows = []
    for r in table.itertuples():
        done = {1.0: "fell by 40%", 0.0: "did not"}.get(r.crashed, "not over")
        if r.failed:
            rows.append(
                [month_of(r.month), r.industry, "–", "–", "–", f"says nothing: {r.failed}"]
            )
            continue
        rows.append(
            [
                month_of(r.month),
                r.industry,
                f"{percent(r.p)} ({percent(r.low)} to {percent(r.high)})",
                percent(r.base),
                f"{int(r.n):,} ({int(r.events)})",
                done,
            ]
        )
    return {
        "caption": "What the panel, fitted on nothing later than each month, said before known "
        "turning points, and what happened within two years. The months were chosen knowing "
        "what followed; the fits were not. Industries by their short names in the original.",
        "columns": [
            "Month",
            "Industry",
            "Probability (95%)",
            "Base then",
            "Cases",
            "Afterwards",
        ],
        "widths": [1.1, 0.7, 1.4, 0.8, 1, 2.2],
        "rows": rows,
    }


# ---- lens 3


@cache
def _landmark():
    return load_model("landmark")


@cache
def _precedents():
    return load_model("precedents")


@makes("sentence", "landmark-finding", *_PATHS)
def landmark_finding(found: Findings) -> str:
    fit = _landmark()
    s = fit.scores[0]
    age = fit.settings["age"]
    skill = "beats" if s.has_skill else "does not beat"
    power = {float(a): p for a, p in fit.power.items()}
    strong = max(power)
    return (
        f"The third lens compares {word(fit.n)} build-outs of the past at the same number of "
        f"years since their onset, by how fast their flow had grown: since the onset, of late, "
        f"and whether growth was still gaining. {word(fit.events).capitalize()} of them had "
        f"their flow fall by half within {fit.settings['horizon']} years. At age {age} the "
        f"mean "
        f"of the three ranks {skill} the base rate (gain {_skill(s)}); with so few cases a "
        f"test "
        f"at five percent would see a true AUC of {strong:.2f} in {percent(power[strong])} of "
        f"samples"
    )


@makes("exhibit", "landmark", *_PATHS)
def landmark_table(found: Findings) -> dict:
    rows = []
    for r in _landmark().by_age.itertuples():
        if r.why:
            rows.append([str(r.age), "–", "–", "–", "–", "–", "–", r.why])
            continue
        rows.append(
            [
                str(r.age),
                str(r.n),
                str(r.events),
                str(r.innovations),
                f"{r.auc:.2f} (p {_p(r.auc_p)})",
                f"{r.slope:+.2f}",
                f"{r.gain:+.3f} (p {_p(r.gain_p)})",
                "",
            ]
        )
    return {
        "caption": "Build-outs at each age, years since onset: cases with a known outcome, "
        "those "
        "whose flow then fell by half, how well the mean rank of growth tells them apart "
        "(exact "
        "p over all relabellings), and the gain in log loss over the base rate, one innovation "
        "left out at a time.",
        "columns": ["Age", "Cases", "Fell", "Innovations", "AUC", "Slope", "Gain", "Note"],
        "widths": [0.4, 0.5, 0.5, 0.8, 1.2, 0.6, 1.2, 2],
        "rows": rows,
    }


@cache
def _placements():
    from manias.buildouts import load_buildout
    from manias.models.landmark import AI_TARGETS

    return tuple((key, _landmark().place(load_buildout(key))) for key in AI_TARGETS)


@makes("sentence", "landmark-ai", *_PATHS)
def landmark_ai(found: Findings) -> str:
    place = dict(_placements())["ai-capex-five"]
    if place.reason:
        return f"The spending of the five largest AI builders cannot be placed: {place.reason}"
    outside = (
        f"; its {listed(list(place.outside))} lies beyond every build-out of that age, so the "
        f"lens abstains"
        if place.outside
        else ""
    )
    return (
        f"At age {place.age} the spending of the five largest AI builders ranks {place.rank} "
        f"of "
        f"{place.of} by growth, one being the fastest (exact p {place.rank_p:.2f}); it grew "
        f"faster than {place.slower_falls} of {place.falls} build-outs that fell and "
        f"{place.slower_others} of {place.others} that did not{outside}"
    )


@makes("exhibit", "landmark-companies", *_PATHS)
def landmark_companies(found: Findings) -> dict:
    from manias.trajectories import trajectory

    rows = []
    for key, place in _placements():
        if place.reason:
            rows.append([trajectory(key).name, place.as_of, "–", "–", "–", "–", place.reason])
            continue
        rows.append(
            [
                trajectory(key).name,
                place.as_of,
                str(place.age),
                f"{place.rank} of {place.of}",
                f"{place.score:.2f} ({place.low:.2f} to {place.high:.2f})",
                f"{percent(place.p)} ({percent(place.p_low)} to {percent(place.p_high)})"
                if math.isfinite(place.p)
                else "–",
                f"abstains: {listed(list(place.outside))} beyond every case"
                if place.outside
                else listed([trajectory(n).name for n in place.nearest]),
            ]
        )
    return {
        "caption": "AI by company and in aggregate, placed among the build-outs of the same "
        "age "
        "(rank: one is the fastest; score: mean rank from zero to one, with a 95% interval "
        "over "
        "resampled innovations), the probability that the flow falls by half, and the most "
        "similar. The probability carries no weight where the lens has no skill.",
        "columns": ["Trajectory", "To", "Age", "Rank", "Score", "Probability", "Nearest"],
        "widths": [1.5, 0.8, 0.4, 0.7, 1.3, 1.2, 2.2],
        "rows": rows,
    }


# ---- lens 4


@makes("sentence", "precedent-finding", *_PATHS)
def precedent_finding(found: Findings) -> str:
    from manias.buildouts import load_buildout
    from manias.trajectories import trajectory

    fit = _precedents()
    like = fit.liken(load_buildout("ai-capex-five"))
    skill = "beats" if fit.scores[0].has_skill else "does not beat"
    start = (
        f"The fourth lens lays the yearly growth of AI spending on every stretch of every "
        f"earlier build-out, with the clock free to run faster or slower, and asks which comes "
        f"nearest. Foretelling one precedent from the others it {skill} the base rate (gain "
        f"{_skill(fit.scores[0])})"
    )
    if like.reason:
        return f"{start}. AI cannot be likened: {like.reason}"
    nearest = trajectory(like.matches[0].id).name
    near = (
        "nearer than chance would have it"
        if like.is_near
        else "not near: the same growth rates in other orders come as near"
    )
    return (
        f"{start}. The nearest is {nearest}, but it is {near} (p {like.shuffled_p:.2f})"
        if not like.is_near
        else f"{start}. The nearest is {nearest}, {near} (p {like.shuffled_p:.2f})"
    )


@makes("exhibit", "precedents", *_PATHS)
def precedents_table(found: Findings) -> dict:
    from manias.buildouts import load_buildout
    from manias.trajectories import trajectory

    like = _precedents().liken(load_buildout("ai-capex-five"))
    rows = [
        [
            trajectory(m.id).name,
            f"{m.end:g}",
            f"{m.distance:.3f}",
            "–" if math.isnan(m.rise) else f"{math.exp(m.rise):.2f} times",
            {1.0: "fell by half", 0.0: "did not"}.get(m.fell, "not known"),
        ]
        for m in like.matches[:8]
    ]
    return {
        "caption": "The stretches of earlier build-outs nearest to the growth of AI spending: "
        "the age at which each ends, its distance (mean absolute difference of yearly log "
        "growth along the path), how far the flow still rose within the horizon, and whether "
        "it then fell by half.",
        "columns": ["Build-out", "Age at its end", "Distance", "Rose to", "Afterwards"],
        "widths": [2, 0.9, 0.8, 1, 1.2],
        "rows": rows,
    }


# ---- lens 5


@makes("sentence", "payback-finding", *_PAY)
def payback_finding(found: Findings) -> str:
    ai = _payback("ai")
    low, high = ai.ratio_range
    growth = (
        "no growth covers it"
        if math.isnan(ai.growth_needed)
        else f"revenue would have to grow by {percent(ai.growth_needed)} a year to cover it by "
        f"{COVER_BY}, if spending stayed where it is"
    )
    return (
        f"At the central assumptions the spending asks for a revenue of "
        f"{plain(ai.required, 0)} billion dollars a year, {plain(ai.ratio, 1)} times what "
        f"there "
        f"is (range {plain(low, 1)} to {plain(high, 1)}); {growth}"
    )


@makes("sentence", "payback-railways", *_PAY)
def payback_railways(found: Findings) -> str:
    rail = _payback("uk-railways")
    low, high = rail.ratio_range
    later = f"first in {rail.covered}" if rail.covered else "in no year on record"
    return (
        f"British railways of {rail.as_of} needed {plain(rail.ratio, 2)} times their receipts "
        f"(range {plain(low, 2)} to {plain(high, 2)}) by the same equation, and earned the "
        f"central return {later} among the years with both figures"
    )


@makes("sentence", "payback-most", *_PAY)
def payback_most(found: Findings) -> str:
    rows = _payback("ai").sensitivities
    return listed(list(rows["what"].iloc[:3]))


@makes("exhibit", "payback-sensitivities", *_PAY)
def payback_table(found: Findings) -> dict:
    rows = []
    for case in ("ai", "uk-railways", "us-telecom"):
        results = _payback(case)
        for r in results.sensitivities.itertuples():
            if r.spread == 0:
                continue
            rows.append(
                [
                    case,
                    r.what,
                    f"{r.central:g} ({r.low:g} to {r.high:g}) {r.unit}",
                    plain(r.ratio_low, 2),
                    plain(results.ratio, 2),
                    plain(r.ratio_high, 2),
                    r.grade,
                ]
            )
    return {
        "caption": "Required over actual revenue when one assumption moves over its published "
        "range and the others stay; the most telling first. Assumptions that do not move the "
        "ratio are left out. Sources: row by row in the table of assumptions.",
        "columns": [
            "Case",
            "Assumption",
            "Central (range)",
            "At low",
            "Central",
            "At high",
            "Grade",
        ],
        "widths": [0.9, 1.7, 2, 0.6, 0.7, 0.6, 0.5],
        "rows": rows,
    }  # fmt: skip


@makes("exhibit", "payback-path", *_PAY)
def payback_path(found: Findings) -> dict:
    rows = []
    for year, r in _payback("ai").path.loc[:2032].iterrows():
        columns = ("capex", "capital", "depreciation", "required", "revenue")
        cells = [plain(r[c], 0) for c in columns]
        rows.append([f"{year}{' (assumed)' if r['is_assumed'] else ''}", *cells])
    return {
        "caption": "Payback of AI at the central assumptions, billion dollars a year; capital "
        "at the average of the year. Years marked assumed keep spending at the level of the "
        "last four quarters and let revenue grow at its central rate: an illustration, no "
        "forecast.",
        "columns": [
            "Year", "Spending counted as AI", "Capital not written off", "Depreciation",
            "Revenue that would pay", "Revenue",
        ],
        "widths": [1.2, 1.2, 1.2, 1, 1.2, 0.9],
        "rows": rows,
    }  # fmt: skip


# ---- claims and forecasts


@makes("exhibit", "claims", "claims", "statements")
def claims_table(found: Findings) -> dict:
    rows = [
        [
            c.id,
            f"{c.about}: {c.what}",
            "–" if math.isnan(c.value) else f"{c.value:g} {c.unit}",
            c.status,
            "; ".join(filter(None, [*c.evidence, c.computed, c.note])) or "–",
            c.grade,
        ]
        for c in check_claims()
    ]
    return {
        "caption": "Every numeric claim of the article that started this project, beside "
        "better evidence",
        "columns": ["Key", "Claim", "Figure", "Status", "Evidence", "Grade"],
        "widths": [0.5, 2, 0.9, 0.9, 3.2, 0.5],
        "rows": rows,
    }


@makes("sentence", "claims-count", "claims", "statements")
def claims_count(found: Findings) -> str:
    counts = pd.Series([c.status for c in check_claims()]).value_counts()
    return listed([f"{n} {status}" for status, n in counts.items()])


@makes("exhibit", "forecasts", "forecasts", "ai_capex", "statements")
def forecasts_table(found: Findings) -> dict:
    rows = []
    for f in list_forecasts():
        j = judge(f)
        rows.append(
            [
                f.made,
                f.who,
                f.text,
                "–" if math.isnan(j.actual) else f"{j.actual:.4g}",
                j.status,
                j.seen_to,
                f.grade,
            ]
        )
    rules = "; ".join(f"{kind}: {text}" for kind, text in RULES.items())
    return {
        "caption": f"Public forecasts and guidance on AI spending (billion dollars), judged by "
        f"rules that are ours: {rules}",
        "columns": ["Made", "By", "Forecast", "Actual", "Status", "Data to", "Grade"],
        "widths": [0.85, 1.2, 3, 0.7, 0.8, 0.8, 0.5],
        "rows": rows,
    }


@makes("sentence", "forecasts-count", "forecasts", "ai_capex", "statements")
def forecasts_count(found: Findings) -> str:
    counts = pd.Series([judge(f).status for f in list_forecasts()]).value_counts()
    return listed([f"{n} {status}" for status, n in counts.items()])


@makes("exhibit", "own-forecasts", "us_industries", "shiller")
def own_forecasts_table(found: Findings) -> dict:
    rows = []
    for f in list_frozen():
        j = judge(f)
        rows.append(
            [
                f.made,
                f.text,
                percent(f.probability),
                percent(f.base),
                "–" if math.isnan(j.actual) else percent(j.actual),
                j.status,
                j.seen_to,
            ]
        )
    return {
        "caption": "The forecasts of this package, frozen with the hashes of what went in. A "
        "forecast is right or wrong only when the data reach the end of its two years or the "
        "fall has come; its log loss then stands beside that of the base rate. They rest on "
        "the last industry data in public, so part of their span had passed when they were "
        "made. "
        "The model behind them has shown no skill: they are kept so that this can be held "
        "against it.",
        "columns": [
            "Made",
            "Forecast",
            "Probability",
            "Base",
            "Deepest fall so far",
            "Status",
            "Data to",
        ],
        "widths": [0.8, 3.2, 0.9, 0.6, 1, 0.6, 0.8],
        "rows": rows,
    }


def _coefficients(fit: LogitResults, caption: str) -> dict:
    return {
        "caption": f"{caption} {fit.n:,} cases, {fit.events:,} events, {fit.dropped:,} left "
        f"out "
        f"for want of a value.",
        "columns": ["Term", "Coefficient", "Standard error", "95% interval", "Odds ratio"],
        "widths": [1.6, 1, 1, 1.5, 1],
        "rows": [
            [
                r.term.replace("_", " "),
                plain(r.coefficient, 2),
                plain(r.std_error, 2),
                f"{plain(r.low, 2)} to {plain(r.high, 2)}",
                "–" if r.term == "intercept" else f"{r.odds_ratio:.2f}",
            ]
            for r in fit.tidy().itertuples()
        ],
    }


def _scores(fit: LogitResults) -> dict:
    return {
        "caption": "Out of sample, beside the share of booms among the innovations not left "
        "out. p: share of relabelled samples in which the whole pipeline does as well.",
        "columns": ["Left out", "Log loss", "Base", "Gain (95%)", "AUC", "Slope (95%)", "p"],
        "widths": [1.6, 0.7, 0.6, 1.5, 0.5, 1.4, 0.6],
        "rows": [_score_cells(s) for s in fit.scores],
    }


def _score_cells(s: Scores) -> list[str]:
    return [
        f"{s.scheme} ({s.groups})",
        f"{s.log_loss:.3f}",
        f"{s.base_log_loss:.3f}",
        f"{s.gain:+.3f} ({s.gain_low:+.3f} to {s.gain_high:+.3f})",
        "–" if math.isnan(s.auc) else f"{s.auc:.2f}",
        "–"
        if math.isnan(s.slope)
        else f"{s.slope:.2f} ({s.slope_low:.2f} to {s.slope_high:.2f})",
        "–" if math.isnan(s.permutation_p) else _p(s.permutation_p),
    ]


def _go(terms: list[str]) -> str:
    return "goes" if len(terms) == 1 else "go"


@cache
def _names() -> dict[str, str]:
    from manias.catalog import load

    tables = load("innovations").tables
    return {
        str(k): str(n)
        for t in ("data", "candidates")
        for k, n in zip(tables[t]["id"], tables[t]["name"], strict=True)
    }


def _name(key: str) -> str:
    return _names().get(key, key)
