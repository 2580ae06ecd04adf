"""The lens on industries: what tells crashes apart."""

import math

from manias.figures.tables import said
from manias.language.messages import Listed, Month, Text, Verbatim, Word
from manias.language.numbers import percent
from manias.lenses.crash_logit import ERAS, backtest, industry_risks
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import (
    COUNTED,
    answer,
    cases,
    coefficients,
    interval,
    model,
    ranged,
    score_cells,
)
from manias.report.selections import conditions, later_levels

BACKTEST = {
    "1929-08": ("Util", "Aero", "Autos", "Chips"),
    "1961-05": ("Chips", "Hardw", "LabEq"),
    "1968-11": ("Hardw", "Chips", "Aero"),
    "1997-12": ("Softw", "Chips", "Telcm"),
    "1999-12": ("Softw", "Chips", "Hardw", "Telcm"),
    "2007-06": ("Banks", "RlEst", "Cnstr", "Coal"),
}
"""Months before known turning points, and the industries of which people spoke."""

MODELS = ("runup-classic", "runup-half", "runup-panel", "runup-prices", "runup-hazard")
"""Models of the lens; the first three are the samples of one logit."""


@makes("exhibit", "crash-coefficients")
def crash_coefficients() -> Said:
    fit = model("runup-panel")
    caption = Text(
        "Logit of a fall of 40% within two years, every industry each June and December (Wald "
        "intervals from errors clustered by industry and five-year block). {cases}",
        cases=cases(fit),
    )
    return Said(coefficients(fit, caption), conditions())


@makes("exhibit", "crash-scores")
def crash_scores() -> Said:
    table = Table(
        caption=Text(
            "The lens on industries out of sample: run-ups of 100% and more, of 50% and more, "
            "every industry twice a year, the same from prices alone, and month by month after "
            "a run-up of 50% (fitted on months, scored on run-ups). Left out: an era with the "
            "two years around it, or everything that was not over when the year began; the "
            "later booms were in no fit."
        ),
        columns=[
            "Model",
            "Cases (crashes)",
            "Left out",
            "Log loss",
            "Base",
            "Gain (95%)",
            "AUC",
            "Slope (95%)",
            "p",
        ],
        widths=[1.1, 1, 1.4, 0.65, 0.55, 1.4, 0.5, 1.2, 0.6],
        verbatim=(0,),
        rows=[
            [name, f"{s.n:,} ({s.events:,})", *score_cells(s)]
            for name in MODELS
            for s in model(name).scores
        ],
    )
    return Said(table, conditions(), later_levels())


@makes("number", "eras")
def n_eras() -> Said:
    return Said(Word(len(ERAS)))


@makes("sentence", "crash-finding")
def crash_finding() -> Said:
    skilled = [name for name in MODELS[:3] if model(name).scores[0].has_skill]
    if not skilled:
        text = Text(
            "Left to judge an era that it has not seen, none of the three samples passes the "
            "permutation test of skill"
        )
    else:
        text = Text(
            "Left to judge an era that it has not seen, {n} of the three samples {n:plural "
            "one=passes|other=pass} the permutation test of skill: {which}",
            which=Listed(map(Verbatim, skilled)),
            n=Word(len(skilled)),
        )
    return Said(text, conditions())


@makes("sentence", "crash-ai")
def crash_ai() -> Said:
    a = answer("run-up")
    text = Text(
        "Weighted by market value, the industries that build, power or carry AI are given "
        "{answer} as of {month}, against {base} of all cases",
        answer=said(a),
        month=Month(a.as_of),
        base=percent(a.base),
    )
    return Said(text, conditions())


@makes("exhibit", "industry-risks")
def risks_table() -> Said:
    from manias.lenses.features import load_conditions

    fit = model("runup-panel")
    risks = industry_risks(fit, load_conditions())
    table = Table(
        caption=Text(
            "What the panel of industries says of each AI industry as of {month}: probability "
            "of a fall of 40% within two years; base rate {base}.",
            month=Month(risks[0].month),
            base=percent(fit.base_rate),
        ),
        columns=["Industry", "Probability", "95% interval", "Inside what was fitted"],
        widths=[2, 1, 1.3, 1.2],
        rows=[
            [
                r.name,
                percent(r.p) if math.isfinite(r.p) else "–",
                interval(percent(r.low), percent(r.high)) if math.isfinite(r.p) else "–",
                "yes" if r.is_supported else "no",
            ]
            for r in risks
        ],
    )
    return Said(table, conditions())


@makes("exhibit", "backtest")
def backtest_table() -> Said:
    rows = []
    for r in backtest(BACKTEST).itertuples():
        line = [Month(r.month), r.industry]
        if r.failed:
            reason = Text("says nothing: {reason}", reason=r.failed)
            rows.append([*line, "–", "–", "–", reason])
            continue
        rows.append(
            [
                *line,
                ranged(percent(r.p), percent(r.low), percent(r.high)),
                percent(r.base),
                f"{int(r.n):,} ({int(r.events)})",
                {1.0: "fell by 40%", 0.0: "did not"}.get(r.crashed, "not over"),
            ]
        )
    table = Table(
        caption=Text(
            "What the panel, fitted on nothing later than each month, said before known "
            "turning points, and what happened within two years. The months were chosen "
            "knowing what followed; the fits were not. Industries by their short names in the "
            "original."
        ),
        columns=[
            "Month",
            "Industry",
            "Probability (95%)",
            "Base then",
            "Cases",
            "Afterwards",
        ],
        widths=[1.1, 0.7, 1.4, 0.8, 1, 2.2],
        verbatim=(1,),
        rows=rows,
    )
    return Said(table, conditions(), still=COUNTED)
