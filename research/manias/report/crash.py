"""The lens on industries: what tells crashes apart."""

import math

import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import once
from manias.evaluation.scores import Scores
from manias.figures.tables import said
from manias.language.messages import Listed, Month, Text, Verbatim, Word
from manias.language.names import INDUSTRIES, model_name
from manias.language.numbers import percent, plain, signed
from manias.lenses.crash_logit import (
    ERAS,
    KNOTS,
    STEPS,
    Versions,
    backtest,
    compare_versions,
    industry_risks,
)
from manias.lenses.crash_which import (
    EraRate,
    RelativeOdds,
    WhichLogit,
    WhichResults,
    crash_rates,
    past_odds,
    relative_odds,
)
from manias.lenses.features import load_conditions
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import (
    COUNTED,
    PRECEDENT,
    answer,
    cases,
    coefficients,
    industries,
    interval,
    model,
    p_value,
    panel,
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
        "Logit of a fall of 40% within two years, every industry each June and "
        "December (Wald intervals from errors clustered by industry and five-year "
        "block), with kinks at {knots} of net run-up. The model then gives log odds "
        "of {shift} plus {slope} times those of these coefficients. {cases}",
        knots=Listed(percent(knot) for knot in KNOTS),
        slope=plain(fit.calibration.slope, 2),
        shift=plain(fit.calibration.intercept, 2),
        cases=cases(fit),
    )
    return Said(coefficients(fit, caption), conditions())


@makes("exhibit", "crash-scores")
def crash_scores() -> Said:
    table = Table(
        caption=Text(
            "The run-up model out of sample, in its versions: run-ups of 100% and "
            "more, of 50% and more, all industries twice a year, the same from "
            "prices alone, and month by month after a run-up of 50% (fitted on "
            "months, scored on run-ups). Left out: an era with the two years around "
            "it, or everything that was not over when the year began. The later "
            "booms were in no fit."
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
        rows=[
            [model_name(name), f"{s.n:,} ({s.events:,})", *score_cells(s)]
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
            "Judging an era that they had not seen, none of the three versions "
            "passes the permutation test of skill"
        )
    else:
        text = Text(
            "Judging an era that they had not seen, {n} of the three versions "
            "{n:plural one=passes|other=pass} the permutation test of skill: {which}",
            which=Listed(map(model_name, skilled)),
            n=Word(len(skilled)),
        )
    return Said(text, conditions())


@makes("sentence", "crash-ai")
def crash_ai() -> Said:
    a = answer("run-up")
    text = Text(
        "For the industries that build, power or carry AI, weighted by market value, "
        "the model gives {answer} as of {month}, against {base} of all cases",
        answer=said(a),
        month=Month(a.as_of),
        base=percent(a.base),
    )
    return Said(text, conditions())


@makes("exhibit", "industry-risks")
def risks_table() -> Said:
    fit = model("runup-panel")
    risks = industry_risks(fit, load_conditions())
    odds = {one.industry: one for one in relative_odds(which())}
    table = Table(
        caption=Text(
            "What the run-up model gives each AI industry as of {month}. Probability "
            "of a fall of 40% within two years, from all industries twice a year "
            "(base rate {base}). Odds in the month: odds of such a fall over the "
            "mean of the {n} industries of the month, and their rank (1 is the "
            "highest), by the conditional logit, which does not say when.",
            month=Month(risks[0].month),
            base=percent(fit.base_rate),
            n=max(one.of or 0 for one in odds.values()),
        ),
        columns=[
            "Industry",
            "Probability",
            "95% interval",
            "Inside what was fitted",
            "Odds in the month",
            "Rank",
        ],
        widths=[2, 1, 1.3, 1.2, 1, 0.7],
        rows=[
            [
                r.name,
                percent(r.p) if math.isfinite(r.p) else "–",
                interval(percent(r.low), percent(r.high)) if math.isfinite(r.p) else "–",
                "yes" if r.is_supported else "no",
                *_odds_cells(odds[r.industry]),
            ]
            for r in risks
        ],
    )
    return Said(table, conditions())


def _odds_cells(one: RelativeOdds) -> list[str]:
    if one.rank is None:
        return ["–", "–"]
    return [plain(one.odds, 2), str(one.rank)]


# ---- which industries of a month, and when


@once
def which() -> WhichResults:
    return load_model("runup-which")


@once
def rates() -> tuple[EraRate, ...]:
    return crash_rates()


@once
def odds_then() -> tuple[RelativeOdds, ...]:
    """Of the AI industries on the day of the precedent, fitted on nothing later."""
    past = load_conditions().as_of(PRECEDENT)
    return relative_odds(WhichLogit(n_simulated=0).fit(past, scored=False), past)


@makes("sentence", "which-finding")
def which_finding() -> Said:
    found = which()
    s, ahead = found.score_of("both"), found.score_of("both", is_ahead=True)
    power = {p.effect: p.power for p in found.rule.power}
    text = Text(
        "Which industries of a month crash {skilled:select yes=can be told in "
        "part|no=cannot be told}. Given how many do, volatility over the market's "
        "and the run-up together gain {gain} nats a crash over every industry of the "
        "month alike (eras left out; 90% interval {low} to {high}; year by year "
        "{ahead}). Of {n} shifts of all outcomes in time so many do as well that p = "
        "{p}. The test rejects {size} of samples without an effect and {power} of "
        "those with half the fitted one",
        skilled=s.has_skill,
        gain=signed(s.gain),
        low=signed(s.gain_low),
        high=signed(s.gain_high),
        ahead=signed(ahead.gain),
        n=s.permutations,
        p=p_value(s.permutation_p),
        size=percent(found.rule.size),
        power=percent(power["half"]),
    )
    return Said(text, industries(panel().returns.index))


@makes("sentence", "which-carrier")
def which_carrier() -> Said:
    found = which()
    both, alone, rise = (found.score_of(name).gain for name in ("both", "volatility", "run-up"))
    both_ahead, alone_ahead = (
        found.score_of(name, is_ahead=True).gain for name in ("both", "volatility")
    )
    text = Text(
        "{carrier:select volatility=It is volatility that tells, more than the "
        "run-up: a fall of 40% is likelier where prices swing widely|runup=It is the "
        "run-up that tells, more than volatility}. Alone volatility gains {alone} "
        "nats a crash, and the run-up {rise}. Added to volatility, the run-up gains "
        "{more} with eras left out and {more_ahead} year by year",
        carrier="volatility" if alone > rise else "runup",
        alone=signed(alone),
        rise=signed(rise),
        more=signed(both - alone),
        more_ahead=signed(both_ahead - alone_ahead),
    )
    return Said(text, industries(panel().returns.index))


@makes("sentence", "which-ai")
def which_ai() -> Said:
    now, then = (
        [one for one in odds if one.rank is not None]
        for odds in (relative_odds(which()), odds_then())
    )
    told = []
    for odds in (now, then):
        listed = sorted(odds, key=lambda one: one.rank)
        told.append(
            Text(
                "in {month} {above} of {n} stood above the mean odds of their month; "
                "the highest was {top}, the lowest {bottom}",
                month=Month(listed[0].month),
                above=Word(sum(one.odds > 1 for one in listed)),
                n=Word(len(listed)),
                top=_placed(listed[0]),
                bottom=_placed(listed[-1]),
            )
        )
    text = Text(
        "Of the industries that build, power or carry AI, {now}. Asked on what was "
        "known then, {then}",
        now=told[0],
        then=told[1],
    )
    return Said(text, industries(panel().returns.index), still=COUNTED)


def _placed(one: RelativeOdds) -> Text:
    return Text(
        "{name} ({odds} times, place {rank} of {of})",
        name=one.name.lower(),
        odds=plain(one.odds, 1),
        rank=one.rank,
        of=one.of,
    )


@makes("sentence", "when-finding")
def when_finding() -> Said:
    found, fit = rates(), model("runup-panel")
    s, power = fit.scores[0], {p.effect: p.power for p in fit.rule.power}
    least, most = (f(found, key=lambda r: r.rate) for f in (min, max))
    text = Text(
        "When crashes come is another matter. The share of industries that fell by "
        "40% within two years was {most} in {most_era} and {least} in {least_era}. "
        "After a single June or December it lay between {low} and {high}. The "
        "version with all industries, which is asked of both at once, "
        "{skilled:select yes=passes|no=does not pass} the test of skill (gain {gain} "
        "nats a case, interval {low_gain} to {high_gain}, p = {p}). That test "
        "rejects {size} of samples without an effect and {power} of those with the "
        "fitted one",
        most=percent(most.rate),
        most_era=_era(most.era),
        least=percent(least.rate, 1),
        least_era=_era(least.era),
        low=percent(min(r.low for r in found)),
        high=percent(max(r.high for r in found)),
        skilled=s.has_skill,
        gain=signed(s.gain),
        low_gain=signed(s.gain_low),
        high_gain=signed(s.gain_high),
        p=p_value(s.permutation_p),
        size=percent(fit.rule.size),
        power=percent(power["fitted"]),
    )
    return Said(text, conditions(), still=COUNTED)


@once
def versions() -> Versions:
    return compare_versions()


@makes("sentence", "when-versions")
def when_versions() -> Said:
    found = versions()
    both, calibration, hinges = (found.steps[name] for name in STEPS)
    hanging = found.hinging[both.scheme]
    text = Text(
        "The version with all industries has kinks at net run-ups of {knots}. Its "
        "log odds are calibrated by what was learnt inside the eras that a fit may "
        "see. Both were planned before either was scored. Together they gain {both} "
        "nats a case over neither ({low} to {high}), {shown:select yes=an interval "
        "above zero|no=so that an improvement is not shown}; {hangs}. Calibration "
        "alone gains {calibration} over neither, and kinks {hinges} over "
        "calibration{alone:select yes=: what there is rests on calibration "
        "alone|no=}. Slopes learnt inside eras had been tried on the same years "
        "before that plan was written, so that this confirms nothing",
        knots=Listed(percent(knot) for knot in KNOTS),
        both=signed(both.gain),
        low=signed(both.gain_low),
        high=signed(both.gain_high),
        shown=found.is_shown,
        hangs=Text(
            "the result depends on {n:plural one=one era|other=single eras}: without "
            "{eras} the mean is not above zero",
            n=Word(len(hanging)),
            eras=Listed(map(_era, hanging)),
        )
        if hanging
        else "the result depends on no single era",
        calibration=signed(calibration.gain),
        hinges=signed(hinges.gain),
        alone=hinges.gain <= 0,
    )
    return Said(text, conditions(), still=COUNTED)


@makes("exhibit", "when-versions")
def versions_table() -> Said:
    found, fit = versions(), model("runup-panel")
    whole, *less = found.eras.columns[3:]
    table = Table(
        caption=Text(
            "The version with all industries taken apart: gain over the base rate in "
            "nats a case, each era judged by a fit to the others (without the two "
            "years around it). First with kinks and calibration (the version that "
            "answers), then with less. Below: the mean over all cases, its 95% "
            "interval by eras or by blocks of five years, whichever is wider, and p "
            "by the shifts in time."
        ),
        columns=[
            "Era",
            "Cases (crashes)",
            "Both",
            "Calibration alone",
            "Kinks alone",
            "Neither",
        ],
        widths=[1.3, 1.2, 1.4, 1.4, 1.4, 1.4],
        rows=[
            *(
                [
                    _era(r["era"]),
                    f"{r['cases']:,} ({r['crashes']:,})",
                    *(signed(r[name]) for name in (whole, *less)),
                ]
                for r in found.eras.to_dict("records")
            ),
            *_summed((fit.scores[0], *fit.beside[: len(less)])),
        ],
    )
    return Said(table, conditions(), still=COUNTED)


def _summed(scores: tuple[Scores, ...]) -> list[list[str]]:
    first = scores[0]
    spans = [interval(signed(s.gain_low), signed(s.gain_high)) for s in scores]
    return [
        ["all", f"{first.n:,} ({first.events:,})", *(signed(s.gain) for s in scores)],
        ["95% interval", "", *spans],
        ["p", "", *(p_value(s.permutation_p) for s in scores)],
    ]


@makes("exhibit", "crashes-by-era")
def crashes_by_era() -> Said:
    gains = which().eras.set_index("era")
    table = Table(
        caption=Text(
            "When and which. When: share of industries whose shares fell by 40% "
            "within two years of a June or December, by era, with the least and the "
            "largest share after a single one. Which: gain in nats a crash over "
            "every industry of the month alike, each era judged by a conditional "
            "logit fitted to the others (without the two years around it). Crashes "
            "of months in which all or none crashed tell nothing."
        ),
        columns=[
            "Era",
            "Months",
            "Crashes",
            "Share",
            "Least to largest",
            "Without a crash",
            "Which: crashes",
            "Both",
            "Volatility",
            "Run-up",
        ],
        widths=[1.5, 0.8, 1.2, 0.7, 1.1, 0.9, 0.9, 0.8, 0.9, 0.8],
        rows=[
            [
                _era(r.era),
                str(r.looks),
                Text("{part} of {whole}", part=r.crashes, whole=f"{r.cases:,}"),
                percent(r.rate, 1),
                interval(percent(r.low), percent(r.high)),
                str(r.n_none),
                *_gain_cells(gains, r.era),
            ]
            for r in rates()
        ],
    )
    return Said(table, industries(panel().returns.index), still=COUNTED)


def _era(name: str) -> str:
    year, _, rest = name.partition(" ")
    return Text("{year} and after", year=year) if rest else Verbatim(year)


def _gain_cells(gains: pd.DataFrame, era: str) -> list[str]:
    if era not in gains.index:
        return ["–"] * 4
    row = gains.loc[era]
    return [
        plain(row["crashes"], 0),
        *(signed(row[name]) for name in ("both", "volatility", "run-up")),
    ]


@makes("exhibit", "backtest")
def backtest_table() -> Said:
    rows, odds = [], past_odds(BACKTEST)
    for r in backtest(BACKTEST).itertuples():
        line = [Month(r.month), INDUSTRIES[r.industry]]
        one = odds.get((str(r.month), r.industry))
        beside = (
            Text("{odds} ({rank} of {of})", odds=plain(one.odds, 1), rank=one.rank, of=one.of)
            if one
            else "–"
        )
        if r.failed:
            reason = Text("no conclusion: {reason}", reason=r.failed)
            rows.append([*line, "–", "–", "–", beside, reason])
            continue
        rows.append(
            [
                *line,
                ranged(percent(r.p), percent(r.low), percent(r.high)),
                percent(r.base),
                f"{int(r.n):,} ({int(r.events)})",
                beside,
                {1.0: "fell by 40%", 0.0: "did not"}.get(r.crashed, "not over"),
            ]
        )
    table = Table(
        caption=Text(
            "What the run-up model, fitted on nothing later than each month, said "
            "before known turning points, and what happened within two years. Odds "
            "in the month: by the conditional logit fitted on the same, over the "
            "mean of the industries (rank). The months were chosen knowing what "
            "followed; the fits were not."
        ),
        columns=[
            "Month",
            "Industry",
            "Probability (95%)",
            "Base then",
            "Cases",
            "Odds in the month",
            "Afterwards",
        ],
        widths=[1.0, 1.3, 1.3, 0.7, 1, 1, 1.4],
        rows=rows,
    )
    return Said(table, conditions(), still=COUNTED)
