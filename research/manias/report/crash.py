"""The lens on industries: what tells crashes apart."""

import math

import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import once
from manias.evaluation.scores import Scores
from manias.figures.tables import said
from manias.language.messages import Listed, Month, Text, Verbatim, Word
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
        "Logit of a fall of 40% within two years, every industry each June and December (Wald "
        "intervals from errors clustered by industry and five-year block), with hinges at "
        "{knots} of net run-up. Log odds of {shift} plus {slope} times those of these "
        "coefficients are said. {cases}",
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
    fit = model("runup-panel")
    risks = industry_risks(fit, load_conditions())
    odds = {one.industry: one for one in relative_odds(which())}
    table = Table(
        caption=Text(
            "What is said of each AI industry as of {month}. Probability of a fall of 40% "
            "within two years, by the panel of industries (base rate {base}); odds of such a "
            "fall beside the mean of the {n} industries of the month, and their rank among "
            "them (1 has the highest), by the conditional logit, which says nothing of when.",
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
        "Which industries of a month crash is {skilled:select yes=told in part|no=not told}: "
        "given how many do, volatility beside the market's and the run-up together gain {gain} "
        "nats a crash over every industry of the month alike (eras left out; 90% interval "
        "{low} to {high}; year by year {ahead}), and of {n} shifts of all outcomes in time so "
        "many do as well that p is {p}; the test rejects {size} of samples without an effect "
        "and {power} of those with half the fitted one",
        skilled=s.has_skill,
        gain=signed(s.gain, 3),
        low=signed(s.gain_low, 3),
        high=signed(s.gain_high, 3),
        ahead=signed(ahead.gain, 3),
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
        "{carrier:select volatility=It is volatility that tells, more than the run-up: a fall "
        "of 40% is likelier where prices swing widely|runup=It is the run-up that tells, more "
        "than volatility}. Alone volatility gains {alone} nats a crash and the run-up {rise}; "
        "beside volatility the run-up adds {more} with eras left out and {more_ahead} year by "
        "year",
        carrier="volatility" if alone > rise else "runup",
        alone=signed(alone, 3),
        rise=signed(rise, 3),
        more=signed(both - alone, 3),
        more_ahead=signed(both_ahead - alone_ahead, 3),
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
                "in {month} {above} of the {n} stood above the mean odds of their month, the "
                "highest {top}, the lowest {bottom}",
                month=Month(listed[0].month),
                above=Word(sum(one.odds > 1 for one in listed)),
                n=Word(len(listed)),
                top=_placed(listed[0]),
                bottom=_placed(listed[-1]),
            )
        )
    text = Text(
        "Of the industries that build, power or carry AI {now}; asked on what was known then, "
        "{then}",
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
        "When crashes come is another matter: the share of industries that fell by 40% within "
        "two years was {most} in {most_era} and {least} in {least_era}, and after a single "
        "June or December between {low} and {high}; the panel, which is asked of both at "
        "once, {skilled:select yes=passes|no=does not pass} the test of skill (gain {gain} "
        "nats a case, {low_gain} to {high_gain}; p {p}), which rejects {size} of samples "
        "without an effect and {power} of those with the fitted one",
        most=percent(most.rate),
        most_era=_era(most.era),
        least=percent(least.rate, 1),
        least_era=_era(least.era),
        low=percent(min(r.low for r in found)),
        high=percent(max(r.high for r in found)),
        skilled=s.has_skill,
        gain=signed(s.gain, 3),
        low_gain=signed(s.gain_low, 3),
        high_gain=signed(s.gain_high, 3),
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
        "The panel has hinges at net run-ups of {knots}, and its log odds are calibrated by "
        "what was learnt inside the eras that a fit may see, as planned before either was "
        "scored. Both together gain "
        "{both} nats a case over neither ({low} to {high}), {shown:select yes=an interval "
        "above zero|no=so that an improvement is not shown}; {hangs}. Calibration alone gains "
        "{calibration} over neither, and hinges {hinges} over calibration{alone:select yes=: "
        "what there is rests on calibration alone|no=}. Slopes learnt inside eras had been "
        "tried on the same years before that plan was written: this repeats a look and "
        "confirms nothing",
        knots=Listed(percent(knot) for knot in KNOTS),
        both=signed(both.gain, 3),
        low=signed(both.gain_low, 3),
        high=signed(both.gain_high, 3),
        shown=found.is_shown,
        hangs=Text(
            "it hangs on {n:plural one=one era|other=single eras}: without {eras} the mean is "
            "not above zero",
            n=Word(len(hanging)),
            eras=Listed(map(_era, hanging)),
        )
        if hanging
        else "it hangs on no single era",
        calibration=signed(calibration.gain, 3),
        hinges=signed(hinges.gain, 3),
        alone=hinges.gain <= 0,
    )
    return Said(text, conditions(), still=COUNTED)


@makes("exhibit", "when-versions")
def versions_table() -> Said:
    found, fit = versions(), model("runup-panel")
    whole, *less = found.eras.columns[3:]
    table = Table(
        caption=Text(
            "The panel taken apart: gain over the base rate in nats a case, each era judged by "
            "a fit to the others (without the two years around it), with hinges and calibrated "
            "(the version that answers), and with less. Below, the mean over all cases, its "
            "95% interval, by eras or blocks of five years, the wider, and p by the shifts in "
            "time."
        ),
        columns=[
            "Era",
            "Cases (crashes)",
            "Both",
            "Calibration alone",
            "Hinges alone",
            "Neither",
        ],
        widths=[1.3, 1.2, 1.4, 1.4, 1.4, 1.4],
        rows=[
            *(
                [
                    _era(r["era"]),
                    f"{r['cases']:,} ({r['crashes']:,})",
                    *(signed(r[name], 3) for name in (whole, *less)),
                ]
                for r in found.eras.to_dict("records")
            ),
            *_summed((fit.scores[0], *fit.beside[: len(less)])),
        ],
    )
    return Said(table, conditions(), still=COUNTED)


def _summed(scores: tuple[Scores, ...]) -> list[list[str]]:
    first = scores[0]
    spans = [interval(signed(s.gain_low, 3), signed(s.gain_high, 3)) for s in scores]
    return [
        ["all", f"{first.n:,} ({first.events:,})", *(signed(s.gain, 3) for s in scores)],
        ["95% interval", "", *spans],
        ["p", "", *(p_value(s.permutation_p) for s in scores)],
    ]


@makes("exhibit", "crashes-by-era")
def crashes_by_era() -> Said:
    gains = which().eras.set_index("era")
    table = Table(
        caption=Text(
            "When and which. When: share of industries whose shares fell by 40% within two "
            "years of a June or December, by era, with the least and the largest share after a "
            "single one. Which: gain in nats a crash over every industry of the month alike, "
            "each era judged by a conditional logit fitted to the others (without the two "
            "years around it); crashes of months in which all or none crashed tell nothing."
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
        *(signed(row[name], 3) for name in ("both", "volatility", "run-up")),
    ]


@makes("exhibit", "backtest")
def backtest_table() -> Said:
    rows, odds = [], past_odds(BACKTEST)
    for r in backtest(BACKTEST).itertuples():
        line = [Month(r.month), r.industry]
        one = odds.get((str(r.month), r.industry))
        beside = (
            Text("{odds} ({rank} of {of})", odds=plain(one.odds, 1), rank=one.rank, of=one.of)
            if one
            else "–"
        )
        if r.failed:
            reason = Text("says nothing: {reason}", reason=r.failed)
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
            "What the panel, fitted on nothing later than each month, said before known "
            "turning points, and what happened within two years; beside it the odds in the "
            "month, by the conditional logit fitted on the same, over the mean of the "
            "industries (rank). The months were chosen knowing what followed; the fits were "
            "not. Industries by their short names in the original."
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
        widths=[1.1, 0.7, 1.4, 0.8, 1, 1.1, 1.6],
        verbatim=(1,),
        rows=rows,
    )
    return Said(table, conditions(), still=COUNTED)
