"""Numbers, sentences and exhibits of the five lenses, the claims and the forecasts."""

import math
from functools import cache

import pandas as pd

from manias.archive import list_models, load_model
from manias.claims import check_claims
from manias.evaluation import Scores
from manias.exhibits import Findings, makes
from manias.forecasts import RULES, judge, list_forecasts, list_frozen
from manias.language import ENGLISH, Language
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

_CRASH_MODELS = (
    "runup-classic", "runup-half", "runup-panel", "runup-prices", "runup-hazard",
)  # fmt: skip
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
        "caption": found.language.say(
            "The five lenses on AI. Base: the answer without the model. Cases with events in "
            "brackets (precedent: the nearest ones; payback: its assumptions). Skill: gain in "
            "log loss over the base rate on cases left out, with its 95% interval and the "
            "p-value of a permutation test. No lens is blended with another: no proper score "
            "supports it."
        ),
        "columns": [
            "Lens", "Question", "Answer (95% interval, or range)", "Base", "Cases", "Skill",
            "As of", "Verdict", "Grade",
        ],
        "widths": [0.8, 1.9, 1.7, 0.6, 0.85, 1.35, 0.75, 1.7, 0.55],
        "rows": rows,
    }  # fmt: skip


@makes("sentence", "lenses-verdict", *_EVERY)
def lenses_verdict(found: Findings) -> str:
    return verdict_sentence(_answers(), found.language)


def verdict_sentence(answers: tuple[Answer, ...], language: Language = ENGLISH) -> str:
    """Say in one sentence what the lenses say together.

    Examples
    --------
    >>> verdict_sentence(())
    'No lens could be asked'
    """
    say, word = language.say, language.word
    if not answers:
        return say("No lens could be asked")
    speaking = [a for a in answers if a.says]
    scored = [a for a in answers if a.scores is not None]
    if not speaking:
        return say(
            "Of {total} lenses {scored} could be scored out of sample, and none passes both "
            "tests set beforehand, an interval of its gain above zero and a permutation test, "
            "on a case inside what it was fitted to: by these data neither a bubble nor its "
            "absence can be shown",
            total=word(len(answers)),
            scored=word(len(scored)),
        )
    higher = language.listed(language.t(a.lens) for a in speaking if a.value > a.base)
    lower = language.listed(language.t(a.lens) for a in speaking if a.value <= a.base)
    if higher and lower:
        parts = say(
            "{higher} put AI above the base rate; {lower} put it at or below",
            higher=higher,
            lower=lower,
        )
    elif higher:
        parts = say("{higher} put AI above the base rate", higher=higher)
    else:
        parts = say("{lower} put it at or below", lower=lower)
    if len(speaking) == 1:
        return say(
            "One lens has shown skill out of sample and may be read: {parts}", parts=parts
        )
    return say(
        "{n} lenses have shown skill out of sample and may be read: {parts}",
        n=word(len(speaking)).capitalize(),
        parts=parts,
    )


@makes("exhibit", "gains", *_EVERY, "later_market")
def gains_figure(found: Findings) -> dict:
    from manias.figures import to_svg
    from manias.figures_lenses import plot_gains

    models = list_models()
    scored = [(m.name, s) for m in models for s in m.scores]
    skilled = [name for name, s in scored if s.has_skill]
    say = found.language.say
    fields = {
        "n": len(scored),
        "skilled": len(skilled),
        "which": found.language.listed(sorted(set(skilled))),
    }
    return {
        "svg": to_svg(plot_gains(models), found.language),
        "caption": say(
            "What each fitted model gains over the base rate on cases left out, with a 95% "
            "bootstrap interval. Filled: the interval lies above zero and, where one was run, "
            "the permutation test agrees."
        ),
        "alt": say(
            "Of {n} scores out of sample, {skilled} show a gain over the base rate that lies "
            "above zero over its whole interval: {which}.",
            **fields,
        )
        if skilled
        else say(
            "Of {n} scores out of sample, {skilled} show a gain over the base rate that lies "
            "above zero over its whole interval.",
            **fields,
        ),
    }


# ---- lens 1


@makes("exhibit", "logit-coefficients", *_LOGIT)
def logit_coefficients(found: Findings) -> dict:
    say = found.language.say
    return _coefficients(
        _logit("innovation-logit"),
        say(
            "Logit of a boom and bust on what was known of an innovation at the start "
            "(Firth's penalty; profile intervals). A level more of the covariate multiplies "
            "the odds by the odds ratio. {cases}",
            cases=_cases(_logit("innovation-logit"), found.language),
        ),
    )


@makes("exhibit", "logit-scores", *_LOGIT)
def logit_scores(found: Findings) -> dict:
    return _scores(_logit("innovation-logit"), found.language)


@makes("sentence", "logit-finding", *_LOGIT)
def logit_finding(found: Findings) -> str:
    fit = _logit("innovation-logit")
    table = fit.tidy().set_index("term").drop("intercept")
    up = [t for t in table.index if table.loc[t, "low"] > 0]
    down = [t for t in table.index if table.loc[t, "high"] < 0]
    open_ = [t for t in table.index if t not in up and t not in down]

    language = found.language
    say = language.say

    def name(terms: list[str]) -> str:
        return language.listed(language.t(t.replace("_", " ")) for t in terms)

    def is_one(terms: list[str]) -> bool:
        return len(terms) == 1 and not terms[0].endswith("s")

    parts = []
    if is_one(up):
        parts.append(say("{term} goes with more booms and busts", term=name(up)))
    elif up:
        parts.append(say("{terms} go with more booms and busts", terms=name(up)))
    if is_one(down):
        parts.append(say("{term} goes with fewer", term=name(down)))
    elif down:
        parts.append(say("{terms} go with fewer", terms=name(down)))
    if open_:
        parts.append(say("for {terms} the sign is open", terms=name(open_)))
    fields = {
        "parts": say("; ").join(parts),
        "gain": language.t(_skill(fit.scores[0])),
    }
    if fit.scores[0].has_skill:
        return say(
            "In this list {parts}. Out of sample the model has skill against the base rate "
            "(gain {gain})",
            **fields,
        )
    return say(
        "In this list {parts}. Out of sample the model shows no skill against the base rate "
        "(gain {gain})",
        **fields,
    )


@makes("sentence", "logit-ai", *_LOGIT)
def logit_ai(found: Findings) -> str:
    a, language = _answer("innovation"), found.language
    if not math.isfinite(a.value):
        return language.say("AI cannot be placed: {reason}", reason=language.t(a.reason))
    return language.say(
        "AI, coded by the same book, is given {answer}, against a share of {base} in the list; "
        "the innovations coded most like it are {nearest}",
        answer=language.t(said(a)),
        base=percent(a.base),
        nearest=language.listed(language.t(_name(key)) for key in a.nearest),
    )


@makes("exhibit", "specification-curve", *_LOGIT, "us_industries", "proxies")
def specification_figure(found: Findings) -> dict:
    from manias.figures import to_svg
    from manias.figures_lenses import plot_specifications

    table = _specifications()
    rows = table[table["failed"] == ""]
    say = found.language.say
    return {
        "svg": to_svg(plot_specifications(table), found.language),
        "caption": say(
            "The specification curve of the first lens: {n} fits under every label, set of "
            "covariates, grade of evidence and sample that the data allow; {failed} more could "
            "not be fitted, for want of cases.",
            n=len(rows),
            failed=len(table) - len(rows),
        ),
        "alt": say(
            "The probability for AI runs from {low} to {high}, its median is {median}; {beat} "
            "of {n} fits beat the base rate over their whole interval.",
            low=percent(rows["p"].min()),
            high=percent(rows["p"].max()),
            median=percent(rows["p"].median()),
            beat=int((rows["gain_low"] > 0).sum()),
            n=len(rows),
        ),
    }


@makes("sentence", "specification-range", *_LOGIT, "us_industries", "proxies")
def specification_range(found: Findings) -> str:
    rows = _specifications().query("failed == ''")
    beat = int((rows["gain_low"] > 0).sum())
    fields = {
        "n": len(rows),
        "low": percent(rows["p"].min()),
        "high": percent(rows["p"].max()),
        "median": percent(rows["p"].median()),
        "beat": found.language.word(beat),
    }
    if beat == 1:
        return found.language.say(
            "Over {n} specifications the probability runs from {low} to {high} (median "
            "{median}); one of them beats the base rate over the whole interval",
            **fields,
        )
    return found.language.say(
        "Over {n} specifications the probability runs from {low} to {high} (median {median}); "
        "{beat} of them beat the base rate over the whole interval",
        **fields,
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
    means, language = chosen.groupby("sample")["p"].mean(), found.language
    return language.listed(
        language.say("{share} on the {sample}", share=percent(p), sample=language.t(name))
        for name, p in means.items()
    )


# ---- lens 2


@makes("exhibit", "crash-coefficients", *_PRICES)
def crash_coefficients(found: Findings) -> dict:
    say = found.language.say
    return _coefficients(
        _logit("runup-panel"),
        say(
            "Logit of a fall of 40% within two years, every industry each June and December "
            "(Wald intervals from errors clustered by industry and five-year block). {cases}",
            cases=_cases(_logit("runup-panel"), found.language),
        ),
    )


@makes("exhibit", "crash-scores", *_PRICES, "later_market")
def crash_scores(found: Findings) -> dict:
    rows = []
    for name in _CRASH_MODELS:
        fit = _logit(name)
        rows += [[name, f"{s.n:,} ({s.events:,})", *_score_cells(s)] for s in fit.scores]
    return {
        "caption": found.language.say(
            "The second lens out of sample: run-ups of 100% and more, of 50% and more, every "
            "industry twice a year, the same from prices alone, and month by month after a "
            "run-up of 50% (fitted on months, scored on run-ups). Left out: an era with the "
            "two years around it, or everything that was not over when the year began; the "
            "later booms were in no fit."
        ),
        "verbatim": [0],
        "columns": [
            "Model", "Cases (crashes)", "Left out", "Log loss", "Base", "Gain (95%)", "AUC",
            "Slope (95%)", "p",
        ],
        "widths": [1.1, 1, 1.4, 0.65, 0.55, 1.4, 0.5, 1.2, 0.6],
        "rows": rows,
    }  # fmt: skip


@makes("number", "eras", *_PRICES)
def n_eras(found: Findings) -> str:
    return found.language.word(len(ERAS))


@makes("sentence", "crash-finding", *_PRICES)
def crash_finding(found: Findings) -> str:
    fits = [_logit(name) for name in _CRASH_MODELS[:3]]
    skilled = [f for f in fits if f.scores[0].has_skill]
    say = found.language.say
    if not skilled:
        return say(
            "Left to judge an era that it has not seen, none of the three samples beats the "
            "base rate beyond its interval"
        )
    if len(skilled) == 1:
        return say(
            "Left to judge an era that it has not seen, one of the three samples beats the "
            "base rate beyond the interval"
        )
    return say(
        "Left to judge an era that it has not seen, {n} of the three samples beat the base "
        "rate beyond the interval",
        n=found.language.word(len(skilled)),
    )


@makes("sentence", "crash-ai", *_PRICES)
def crash_ai(found: Findings) -> str:
    a, language = _answer("run-up"), found.language
    return language.say(
        "Weighted by market value, the industries that build, power or carry AI are given "
        "{answer} as of {month}, against {base} of all cases",
        answer=language.t(said(a)),
        month=language.month(a.as_of),
        base=percent(a.base),
    )


@makes("exhibit", "industry-risks", *_PRICES)
def risks_table(found: Findings) -> dict:
    from manias.features import load_conditions

    fit = _logit("runup-panel")
    risks = industry_risks(fit, load_conditions())
    return {
        "caption": found.language.say(
            "What the panel of industries says of each AI industry as of {month}: probability "
            "of a fall of 40% within two years; base rate {base}.",
            month=found.language.month(risks[0].month),
            base=percent(fit.base_rate),
        ),
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
    rows, month = [], found.language.month
    for r in table.itertuples():
        done = {1.0: "fell by 40%", 0.0: "did not"}.get(r.crashed, "not over")
        if r.failed:
            rows.append(
                [month(r.month), r.industry, "–", "–", "–", f"says nothing: {r.failed}"]
            )
            continue
        rows.append(
            [
                month(r.month),
                r.industry,
                f"{percent(r.p)} ({percent(r.low)} to {percent(r.high)})",
                percent(r.base),
                f"{int(r.n):,} ({int(r.events)})",
                done,
            ]
        )
    return {
        "caption": found.language.say(
            "What the panel, fitted on nothing later than each month, said before known "
            "turning points, and what happened within two years. The months were chosen "
            "knowing what followed; the fits were not. Industries by their short names in the "
            "original."
        ),
        "verbatim": [1],
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
    fit, language = _landmark(), found.language
    s = fit.scores[0]
    power = {float(a): p for a, p in fit.power.items()}
    strong = max(power)
    fields = {
        "n": language.word(fit.n),
        "events": language.word(fit.events).capitalize(),
        "horizon": fit.settings["horizon"],
        "age": fit.settings["age"],
        "gain": language.t(_skill(s)),
        "auc": f"{strong:.2f}",
        "power": percent(power[strong]),
    }
    if s.has_skill:
        return language.say(
            "The third lens compares {n} build-outs of the past at the same number of years "
            "since their onset, by how fast their flow had grown: since the onset, of late, "
            "and whether growth was still gaining. {events} of them had their flow fall by "
            "half within {horizon} years. At age {age} the mean of the three ranks beats the "
            "base rate (gain {gain}); with so few cases a test at five percent would see a "
            "true AUC of {auc} in {power} of samples",
            **fields,
        )
    return language.say(
        "The third lens compares {n} build-outs of the past at the same number of years since "
        "their onset, by how fast their flow had grown: since the onset, of late, and whether "
        "growth was still gaining. {events} of them had their flow fall by half within "
        "{horizon} years. At age {age} the mean of the three ranks does not beat the base rate "
        "(gain {gain}); with so few cases a test at five percent would see a true AUC of {auc} "
        "in {power} of samples",
        **fields,
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
        "caption": found.language.say(
            "Build-outs at each age, years since onset: cases with a known outcome, those "
            "whose flow then fell by half, how well the mean rank of growth tells them apart "
            "(exact p over all relabellings), and the gain in log loss over the base rate, one "
            "innovation left out at a time."
        ),
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
    place, language = dict(_placements())["ai-capex-five"], found.language
    if place.reason:
        return language.say(
            "The spending of the five largest AI builders cannot be placed: {reason}",
            reason=language.t(place.reason),
        )
    said = language.say(
        "At age {age} the spending of the five largest AI builders ranks {rank} of {of} by "
        "growth, one being the fastest (exact p {p}); it grew faster than {slower_falls} of "
        "{falls} build-outs that fell and {slower_others} of {others} that did not",
        age=place.age,
        rank=place.rank,
        of=place.of,
        p=f"{place.rank_p:.2f}",
        slower_falls=place.slower_falls,
        falls=place.falls,
        slower_others=place.slower_others,
        others=place.others,
    )
    if not place.outside:
        return said
    return language.say(
        "{said}; its {features} lies beyond every build-out of that age, so the lens abstains",
        said=said,
        features=language.listed(map(language.t, place.outside)),
    )


@makes("exhibit", "landmark-companies", *_PATHS)
def landmark_companies(found: Findings) -> dict:
    from manias.trajectories import trajectory

    rows, language = [], found.language
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
                language.say(
                    "abstains: {features} beyond every case",
                    features=language.listed(map(language.t, place.outside)),
                )
                if place.outside
                else language.listed(language.t(trajectory(n).name) for n in place.nearest),
            ]
        )
    return {
        "caption": language.say(
            "AI by company and in aggregate, placed among the build-outs of the same age "
            "(rank: one is the fastest; score: mean rank from zero to one, with a 95% interval "
            "over resampled innovations), the probability that the flow falls by half, and the "
            "most similar. The probability carries no weight where the lens has no skill."
        ),
        "columns": ["Trajectory", "To", "Age", "Rank", "Score", "Probability", "Nearest"],
        "widths": [1.5, 0.8, 0.4, 0.7, 1.3, 1.2, 2.2],
        "rows": rows,
    }


# ---- lens 4


@makes("sentence", "precedent-finding", *_PATHS)
def precedent_finding(found: Findings) -> str:
    from manias.buildouts import load_buildout
    from manias.trajectories import trajectory

    fit, language = _precedents(), found.language
    say = language.say
    like = fit.liken(load_buildout("ai-capex-five"))
    gain = language.t(_skill(fit.scores[0]))
    if fit.scores[0].has_skill:
        start = say(
            "The fourth lens lays the yearly growth of AI spending on every stretch of every "
            "earlier build-out, with the clock free to run faster or slower, and asks which "
            "comes nearest. Foretelling one precedent from the others it beats the base rate "
            "(gain {gain})",
            gain=gain,
        )
    else:
        start = say(
            "The fourth lens lays the yearly growth of AI spending on every stretch of every "
            "earlier build-out, with the clock free to run faster or slower, and asks which "
            "comes nearest. Foretelling one precedent from the others it does not beat the "
            "base rate (gain {gain})",
            gain=gain,
        )
    if like.reason:
        reason = language.t(like.reason)
        return say("{start}. AI cannot be likened: {reason}", start=start, reason=reason)
    fields = {
        "start": start,
        "nearest": language.t(trajectory(like.matches[0].id).name),
        "p": f"{like.shuffled_p:.2f}",
    }
    if like.is_near:
        return say(
            "{start}. The nearest is {nearest}, nearer than chance would have it (p {p})",
            **fields,
        )
    return say(
        "{start}. The nearest is {nearest}, but it is not near: the same growth rates in other "
        "orders come as near (p {p})",
        **fields,
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
        "caption": found.language.say(
            "The stretches of earlier build-outs nearest to the growth of AI spending: the age "
            "at which each ends, its distance (mean absolute difference of yearly log growth "
            "along the path), how far the flow still rose within the horizon, and whether it "
            "then fell by half."
        ),
        "columns": ["Build-out", "Age at its end", "Distance", "Rose to", "Afterwards"],
        "widths": [2, 0.9, 0.8, 1, 1.2],
        "rows": rows,
    }


# ---- lens 5


@makes("sentence", "payback-finding", *_PAY)
def payback_finding(found: Findings) -> str:
    ai = _payback("ai")
    low, high = ai.ratio_range
    fields = {
        "required": plain(ai.required, 0),
        "ratio": plain(ai.ratio, 1),
        "low": plain(low, 1),
        "high": plain(high, 1),
    }
    if math.isnan(ai.growth_needed):
        return found.language.say(
            "At the central assumptions the spending asks for a revenue of {required} billion "
            "dollars a year, {ratio} times what there is (range {low} to {high}); no growth "
            "covers it",
            **fields,
        )
    return found.language.say(
        "At the central assumptions the spending asks for a revenue of {required} billion "
        "dollars a year, {ratio} times what there is (range {low} to {high}); revenue would "
        "have to grow by {growth} a year to cover it by {by}, if spending stayed where it is",
        **fields,
        growth=percent(ai.growth_needed),
        by=COVER_BY,
    )


@makes("sentence", "payback-railways", *_PAY)
def payback_railways(found: Findings) -> str:
    rail = _payback("uk-railways")
    low, high = rail.ratio_range
    fields = {
        "year": rail.as_of,
        "ratio": plain(rail.ratio, 2),
        "low": plain(low, 2),
        "high": plain(high, 2),
    }
    if rail.covered:
        return found.language.say(
            "British railways of {year} needed {ratio} times their receipts (range {low} to "
            "{high}) by the same equation, and earned the central return first in {covered} "
            "among the years with both figures",
            **fields,
            covered=rail.covered,
        )
    return found.language.say(
        "British railways of {year} needed {ratio} times their receipts (range {low} to "
        "{high}) by the same equation, and earned the central return in no year on record "
        "among the years with both figures",
        **fields,
    )


@makes("sentence", "payback-most", *_PAY)
def payback_most(found: Findings) -> str:
    rows = _payback("ai").sensitivities
    return found.language.listed(map(found.language.t, rows["what"].iloc[:3]))


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
        "caption": found.language.say(
            "Required over actual revenue when one assumption moves over its published range "
            "and the others stay; the most telling first. Assumptions that do not move the "
            "ratio are left out. Sources: row by row in the table of assumptions."
        ),
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
        "caption": found.language.say(
            "Payback of AI at the central assumptions, billion dollars a year; capital at the "
            "average of the year. Years marked assumed keep spending at the level of the last "
            "four quarters and let revenue grow at its central rate: an illustration, no "
            "forecast."
        ),
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
        "caption": found.language.say(
            "Every numeric claim of the article that started this project, beside better "
            "evidence"
        ),
        "columns": ["Key", "Claim", "Figure", "Status", "Evidence", "Grade"],
        "widths": [0.5, 2, 0.9, 0.9, 3.2, 0.5],
        "rows": rows,
    }


@makes("sentence", "claims-count", "claims", "statements")
def claims_count(found: Findings) -> str:
    return _counted([c.status for c in check_claims()], found.language)


def _counted(statuses: list[str], language: Language) -> str:
    return language.listed(
        language.say("{n} {status}", n=n, status=language.t(status))
        for status, n in pd.Series(statuses).value_counts().items()
    )


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
        "caption": found.language.say(
            "Public forecasts and guidance on AI spending (billion dollars), judged by rules "
            "that are ours: {rules}",
            rules=found.language.t(rules),
        ),
        "columns": ["Made", "By", "Forecast", "Actual", "Status", "Data to", "Grade"],
        "widths": [0.85, 1.2, 3, 0.7, 0.8, 0.8, 0.5],
        "rows": rows,
    }


@makes("sentence", "forecasts-count", "forecasts", "ai_capex", "statements")
def forecasts_count(found: Findings) -> str:
    return _counted([judge(f).status for f in list_forecasts()], found.language)


@makes("exhibit", "own-forecasts", "us_industries", "shiller", "ai_market")
def own_forecasts_table(found: Findings) -> dict:
    rows, models = [], set()
    for f in list_frozen():
        models.add(f.model_id)
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
    caption = found.language.say(
        "The forecasts of this package, frozen with the hashes of what went in. A forecast is "
        "right or wrong only when the data reach the end of its two years or the fall has "
        "come; its log loss then stands beside that of the base rate. They rest on the last "
        "data at hand, so part of their span had passed when they were made."
    )
    if not any(load_model(key).scores[0].has_skill for key in models):
        caption += found.language.say(
            " The models behind them have shown no skill: they are kept so that this can be "
            "held against them."
        )
    return {
        "caption": caption,
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


def _cases(fit: LogitResults, language: Language) -> str:
    return language.say(
        "{n} cases, {events} events, {dropped} left out for want of a value.",
        n=f"{fit.n:,}",
        events=f"{fit.events:,}",
        dropped=f"{fit.dropped:,}",
    )


def _coefficients(fit: LogitResults, caption: str) -> dict:
    return {
        "caption": caption,
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


def _scores(fit: LogitResults, language: Language) -> dict:
    return {
        "caption": language.say(
            "Out of sample, beside the share of booms among the innovations not left out. p: "
            "share of relabelled samples in which the whole pipeline does as well."
        ),
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
