"""The lens on industries: what tells crashes apart."""

import math

from manias.figures.tables import said
from manias.language.numbers import percent
from manias.lenses.crash_logit import ERAS, backtest, industry_risks
from manias.report.exhibits import Findings, makes
from manias.report.parts import _PRICES, _answer, _cases, _coefficients, _logit, _score_cells

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
    from manias.lenses.features import load_conditions

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
