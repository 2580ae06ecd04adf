"""Run-ups and crashes of US industries: the ladder, and who stands on it."""

import math
from collections.abc import Mapping
from dataclasses import replace

from manias.answers.archive import load_model
from manias.answers.measures import ai_onset
from manias.data.library import load, once
from manias.data.rows import Rows, some, whole
from manias.errors import DataError
from manias.language.messages import Joined, Listed, Month, Quarter, Text, Verbatim, Word
from manias.language.numbers import percent
from manias.lenses.ladder import (
    AI_INDUSTRIES,
    DOUBLED,
    Assessment,
    Frequency,
    LadderModel,
    LadderResults,
    Standing,
)
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import (
    COUNTED,
    FIVE,
    RULE,
    industries,
    interval,
    p_value,
    panel,
    printed,
    published,
    reproduced,
    runups,
    sample,
    standing_now,
    standing_then,
)
from manias.series.countries import load_countries
from manias.series.runups import Panel, count_waves, variants

PUBLISHED_RATES = {0.5: "gsy-rate-050", 1.0: "gsy-rate-100", 1.5: "gsy-rate-150"}
"""Rungs whose frequency is printed elsewhere, and its row in the table ``published``."""


@once
def kept_ladder(name: str) -> LadderResults:
    """A ladder that is kept, with its placebos."""
    return load_model(name)


def panel_rows() -> tuple[Rows, ...]:
    """Returns on record."""
    return industries(panel().returns.index)


def sample_rows() -> tuple[Rows, ...]:
    """Returns to the end of the published sample."""
    return industries(sample().returns.index)


@makes("number", "industries-last-month")
def industries_last_month() -> Said:
    return Said(Month(standing_now().as_of), industries(panel().returns.index[-1:]))


@makes("number", "industries-first-month")
def industries_first_month() -> Said:
    return Said(Month(standing_now().results.first), industries(panel().returns.index[:1]))


@makes("number", "reproduced-base-rate")
def reproduced_base_rate() -> Said:
    return Said(percent(reproduced().base.rate), sample_rows(), still=COUNTED)


@makes("number", "reproduced-episodes")
def reproduced_episodes() -> Said:
    return Said(str(reproduced().rungs[1.0].n), sample_rows(), still=COUNTED)


@makes("number", "reproduced-crashes")
def reproduced_crashes() -> Said:
    return Said(str(reproduced().rungs[1.0].crashes), sample_rows(), still=COUNTED)


@makes("number", "reproduced-waves")
def reproduced_waves() -> Said:
    return Said(str(count_waves(runups(), months=RULE.horizon)), sample_rows(), still=COUNTED)


@makes("number", "crashes-with-bad-month")
def crashes_with_bad_month() -> Said:
    n = sum(r.is_crash and r.worst_month <= -0.2 for r in runups())
    return Said(str(n), sample_rows(), still=COUNTED)


@makes("number", "min-firms")
def min_firms() -> Said:
    return Said(str(RULE.min_firms))


@makes("number", "crash-depth")
def crash_depth() -> Said:
    return Said(percent(RULE.crash))


@makes("number", "long-return")
def long_return() -> Said:
    return Said(percent(RULE.long_return))


@makes("number", "industries")
def n_industries() -> Said:
    return Said(str(sample().returns.shape[1]), whole("us_industries.data"))


@makes("number", "ai-industries")
def n_ai_industries() -> Said:
    return Said(Word(len(AI_INDUSTRIES)))


@makes("number", "model-id")
def model_id() -> Said:
    return Said(Verbatim(standing_now().model_id), panel_rows())


@makes("sentence", "standing-now")
def standing_now_sentence() -> Said:
    said = _standing_sentence(standing_now())
    months = panel().as_of(standing_now().as_of).returns.index
    text = Joined(". ", [said.content, _highest_since(standing_now())])
    onset = some("trajectories", load("trajectories").frame["id"] == FIVE, "the onset of AI")
    return Said(text, industries(months), onset, still=COUNTED)


def _highest_since(answer: Assessment) -> Text:
    """The highest threshold since the event, so that the end of a file cannot choose."""
    onset = ai_onset()
    if onset is None:
        raise DataError("ai-capex-five: no onset; expected one on record")
    start = Quarter(onset)
    reached = [s for s in answer.standings if s.highest is not None]
    if not reached:
        return Text("Since {start} none had done so", start=start)
    top = max(reached, key=lambda s: s.highest)
    return Text(
        "Since {start} the highest threshold that any of them had reached was "
        "{rung}: {name}, in {month}",
        start=start,
        rung=percent(top.highest),
        name=top.name.lower(),
        month=Month(top.highest_month),
    )


@makes("sentence", "standing-then")
def standing_then_sentence() -> Said:
    return _standing_sentence(standing_then())


def _standing_sentence(answer: Assessment) -> Said:
    total = Word(len(answer.standings))
    on = [s for s in answer.standings if s.rung is not None]
    months = panel().as_of(answer.as_of).returns.index
    if not on:
        top = max(answer.standings, key=lambda s: s.net_runup)
        text = Text(
            "In {month} none of the {total} industries had risen by 50% or more over "
            "two years, both in itself and net of the market. The nearest was "
            "{nearest}, up {raw}, or {net} net of the market",
            month=Month(answer.as_of),
            total=total,
            nearest=top.name.lower(),
            raw=percent(top.runup),
            net=percent(top.net_runup),
        )
        rule = answer.results.model.rule
        named, market = months[-rule.long_window :], months[-rule.window :]
        return Said(text, industries(named, AI_INDUSTRIES, market))
    best = max(on, key=lambda s: s.crash_frequency)
    text = Text(
        "In {month} {n} of the {total} industries had risen by 50% or more over two "
        "years, net of the market too: {which}. Of the earlier run-ups as large as "
        "that of {best}, {crashes} of {cases} had crashed by then ({rate}, interval "
        "{low} to {high})",
        month=Month(answer.as_of),
        n=Word(len(on)),
        total=total,
        which=Listed(s.name.lower() for s in on),
        best=best.name.lower(),
        crashes=best.crashes,
        cases=best.n,
        rate=percent(best.crash_frequency),
        low=percent(best.low),
        high=percent(best.high),
    )
    return Said(text, industries(months), still=COUNTED)


@makes("sentence", "ladder-against-published")
def ladder_against_published() -> Said:
    inside = []
    for rung, key in PUBLISHED_RATES.items():
        share = reproduced().rungs[rung]
        inside.append(share.low <= printed()[key] / 100 <= share.high)
    if all(inside):
        text = Text("All three published frequencies lie inside our intervals")
    else:
        text = Text(
            "{n} of the {total} published frequencies lie inside our intervals",
            n=sum(inside),
            total=len(inside),
        )
    return Said(text, sample_rows(), published(*PUBLISHED_RATES.values()), still=COUNTED)


@makes("exhibit", "ladder")
def ladder_figure() -> Said:
    theirs = {rung: printed()[key] / 100 for rung, key in PUBLISHED_RATES.items()}
    table = reproduced().tidy().dropna(subset="rung")
    ours = reproduced()

    def draw(language):
        from manias.figures.runups import plot_ladder

        return plot_ladder(ours, published=theirs, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "How often run-ups of each size ended in a crash: a fall of {crash} "
            "within {horizon} months. {industries} US industries, {first} to {last}. "
            "Labels: crashes over run-ups.",
            crash=percent(RULE.crash),
            horizon=RULE.horizon,
            industries=len(sample().returns.columns),
            first=Month(ours.first),
            last=Month(ours.last),
        ),
        alt=Text(
            "Crash frequency after run-ups: {rungs}. After any two years it is {base}. The "
            "interval of the largest size reaches from {low} to {high}. Published: {theirs}.",
            rungs=_ladder_words(dict(zip(table["rung"], table["rate"], strict=True))),
            base=percent(ours.base.rate),
            low=percent(table["low"].iloc[-1]),
            high=percent(table["high"].iloc[-1]),
            theirs=_ladder_words(theirs),
        ),
        finding=Text(
            "Of run-ups of {rung} and more {rate} ended in a crash, of any two years {base}: "
            "the frequency {climbs:select yes=climbs with every threshold|no=does not "
            "climb with every threshold}",
            rung=percent(RULE.threshold),
            rate=percent(ours.rungs[RULE.threshold].rate),
            base=percent(ours.base.rate),
            climbs=bool(table["rate"].is_monotonic_increasing),
        ),
    )
    return Said(picture, sample_rows(), published(*PUBLISHED_RATES.values()), still=COUNTED)


def _ladder_words(rates: Mapping[float, float]) -> Joined:
    return Joined(
        ", ",
        (
            Text("{rate} at {rung}", rate=percent(rate), rung=percent(rung))
            for rung, rate in rates.items()
        ),
    )


@makes("exhibit", "ladder-table")
def ladder_table() -> Said:
    ours, latest = reproduced(), standing_now().results
    lines = [("any two years", "–", ours.base, latest.base)]
    for rung, share in ours.rungs.items():
        key = PUBLISHED_RATES.get(rung)
        theirs = f"{printed()[key]:g}%" if key else "–"
        lines.append((percent(rung), theirs, share, latest.rungs[rung]))
    table = Table(
        caption=Text(
            "How often run-ups of each size ended in a crash: to {sample} beside the "
            "published figures, and on all data to {latest}. Separate periods: "
            "two-year periods that do not overlap and hold all the run-ups. "
            "Industries rise together, so that the interval counts what the run-ups of "
            "a period share.",
            sample=Month(ours.last),
            latest=Month(latest.last),
        ),
        columns=[
            "Run-up of at least",
            "Crashes",
            "Frequency",
            "95% interval",
            "Separate periods",
            "Published",
            Text("Crashes to {month}", month=str(latest.last)),
            "Frequency",
        ],
        widths=[1.2, 0.9, 0.9, 1.2, 0.9, 0.9, 1.2, 0.9],
        rows=[
            [
                label,
                _of(share.crashes, share.n),
                percent(share.rate),
                interval(percent(share.low), percent(share.high)),
                str(share.waves),
                theirs,
                _of(full.crashes, full.n),
                percent(full.rate),
            ]
            for label, theirs, share, full in lines
        ],
    )
    return Said(table, panel_rows(), published(*PUBLISHED_RATES.values()), still=COUNTED)


@makes("exhibit", "ladder-placebos")
def ladder_placebos() -> Said:
    found = kept_ladder("ladder")
    table = Table(
        caption=Text(
            "The same frequencies to {last} beside two counts in which a run-up can "
            "foretell nothing. Random order: the months of all industries in one "
            "random order (mean of {draws} orders; p: share of orders in which the "
            "excess over any two years is as large). Backwards: the months in "
            "reverse. Both use only months with at least {firms} firms, and so does "
            "the column “Enough firms”.",
            last=Month(found.last),
            draws=found.model.n_shuffles,
            firms=found.model.rule.min_firms,
        ),
        columns=[
            "Run-up of at least",
            "Crashes",
            "Frequency",
            "95% interval",
            "Enough firms",
            "Random order",
            "p",
            "Backwards",
        ],
        widths=[1.2, 1, 0.9, 1.2, 0.9, 0.9, 0.7, 0.9],
        rows=[
            [
                label,
                _of(f.crashes, f.n),
                percent(f.rate),
                interval(percent(f.low), percent(f.high)),
                percent(f.unbroken),
                percent(f.shuffled),
                p_value(f.p) if math.isfinite(f.p) else "–",
                percent(f.reversed),
            ]
            for label, f in _rungs(found)
        ],
    )
    return Said(table, panel_rows(), still=COUNTED)


@makes("sentence", "ladder-memory")
def ladder_memory() -> Said:
    found = kept_ladder("ladder")
    low, high = min(found.rungs), max(found.rungs)
    kept = [
        (f.shuffled - found.base.shuffled) / (f.unbroken - found.base.unbroken)
        for f in found.rungs.values()
    ]
    text = Text(
        "With the months in random order {least} to {most} of the excess over any "
        "two years is left (p at most {p}). Run-ups of {low} and more ended in a "
        "crash in {low_on} of cases, and with time reversed in {low_back}. For "
        "run-ups of {high} and more these are {high_on} and {high_back}. {last}",
        least=percent(min(kept)),
        most=percent(max(kept)),
        p=p_value(max(f.p for f in found.rungs.values())),
        low=percent(low),
        low_back=percent(found.rungs[low].reversed),
        low_on=percent(found.rungs[low].unbroken),
        high=percent(high),
        high_back=percent(found.rungs[high].reversed),
        high_on=percent(found.rungs[high].unbroken),
        last=_backwards(found),
    )
    return Said(text, panel_rows(), still=COUNTED)


def _backwards(found: LadderResults) -> Text:
    beyond = [r for r, f in found.rungs.items() if f.reversed < f.low]
    if not beyond:
        return Text(
            "At no threshold does the share with time reversed lie below the interval of "
            "the true order"
        )
    return Text(
        "Only at {which} does the share with time reversed lie below the interval of "
        "the true order. Elsewhere such a fall cannot be said to follow a rise more "
        "often than it precedes one"
        if len(beyond) < len(found.rungs)
        else (
            "The share with time reversed lies below the interval of the true order at {which}"
        ),
        which=Listed(percent(r) for r in beyond),
    )


# ---- share prices of countries


@once
def countries(members: bool = False, net: bool = True) -> Panel:
    return load_countries(members=members, net=net)


@once
def member_ladder() -> LadderResults:
    """The ladder of countries on those that were members of the OECD by 1973."""
    return replace(kept_ladder("ladder-countries").model, n_shuffles=0).fit(countries(True))


@makes("exhibit", "ladder-countries")
def ladder_countries() -> Said:
    found, members = kept_ladder("ladder-countries"), member_ladder()
    table = Table(
        caption=Text(
            "The same frequencies for the share prices of {n} countries, {first} to "
            "{last}: in themselves and net of the mean of the {members} countries "
            "that were members of the OECD by 1973 (those on record in the month). "
            "In the money of each country, without dividends. The levels are "
            "averages of months, which flattens rises and falls.",
            n=countries().returns.shape[1],
            first=Month(found.first),
            last=Month(found.last),
            members=countries(True).returns.shape[1],
        ),
        columns=[
            "Run-up of at least",
            "Crashes",
            "Frequency",
            "95% interval",
            "Random order",
            "p",
            "Backwards",
            "Crashes, members",
            "Frequency, members",
        ],
        widths=[1.1, 1, 0.9, 1.2, 0.9, 0.7, 0.9, 1, 1],
        rows=[
            [
                label,
                _of(f.crashes, f.n),
                percent(f.rate),
                interval(percent(f.low), percent(f.high)),
                percent(f.shuffled),
                p_value(f.p) if math.isfinite(f.p) else "–",
                percent(f.reversed),
                _of(early.crashes, early.n),
                percent(early.rate),
            ]
            for (label, f), (_, early) in zip(_rungs(found), _rungs(members), strict=True)
        ],
    )
    return Said(table, countries().rows, still=COUNTED)


@makes("sentence", "ladder-countries")
def ladder_countries_sentence() -> Said:
    found, home = (kept_ladder(name).rungs[1.0] for name in ("ladder-countries", "ladder"))
    text = Text(
        "Of {n} run-ups of national share prices by 100% and more, in themselves and "
        "net of the world, {crashes} fell by {crash} within two years: {rate} "
        "(interval {low} to {high}). Of industries {home} did. With the months in "
        "random order it is {shuffled}, and with time reversed {reversed}",
        n=found.n,
        crashes=found.crashes,
        crash=percent(RULE.crash),
        rate=percent(found.rate),
        low=percent(found.low),
        high=percent(found.high),
        home=percent(home.rate),
        shuffled=percent(found.shuffled),
        reversed=percent(found.reversed),
    )
    rests = (countries().rows, panel_rows())
    return Said(text, *rests, still=COUNTED)


@makes("sentence", "doublings-countries")
def doublings_countries() -> Said:
    every, early = (
        DOUBLED.fit(countries(members, net=False)).rungs[1.0] for members in (False, True)
    )
    text = Text(
        "{most:select yes=Most doublings did not halve|no=Doublings halved as often "
        "as not}. Of {n} doublings in two years, not net of anything, {halved} stood "
        "at half or less in some month of the next five years: {rate} (interval "
        "{low} to {high}). Among members of the OECD by 1973 {few} of {members} did",
        most=every.high < 0.5,
        n=every.n,
        halved=every.crashes,
        rate=percent(every.rate),
        low=percent(every.low),
        high=percent(every.high),
        few=early.crashes,
        members=early.n,
    )
    return Said(text, countries().rows, still=COUNTED)


def _rungs(found: LadderResults) -> list[tuple[str, Frequency]]:
    """Any two years, then each rung."""
    return [("any two years", found.base), *((percent(r), f) for r, f in found.rungs.items())]


def _of(part: int, whole: int) -> Text:
    return Text("{part} of {whole}", part=part, whole=whole)


@makes("exhibit", "specifications")
def specification_table() -> Said:
    rows = []
    for label, rule in variants(RULE).items():
        rungs = LadderModel(rungs=(0.5, 1.0, 1.5), rule=rule).fit(sample()).rungs
        rows.append(
            [
                label,
                str(rungs[1.0].n),
                str(rungs[1.0].crashes),
                *(percent(rungs[r].rate) for r in (0.5, 1.0, 1.5)),
                str(rungs[1.0].n_open),
            ]
        )
    table = Table(
        caption=Text(
            "What each choice changes: run-ups of 100% and crashes to {last}, and "
            "crash frequency at three thresholds. Every row but the first changes "
            "one choice. Open: the two years are not over, so that the case is not "
            "counted.",
            last=Month(reproduced().last),
        ),
        columns=["Choice", "Run-ups", "Crashes", "50%", "100%", "150%", "Open"],
        widths=[3, 0.8, 0.8, 0.7, 0.7, 0.7, 0.6],
        rows=rows,
    )
    return Said(table, sample_rows(), still=COUNTED)


@makes("exhibit", "standing-figure")
def standing_figure() -> Said:
    answers = [standing_now(), standing_then()]
    now, then = (_standing_sentence(answer) for answer in answers)

    def draw(language):
        from manias.figures.runups import plot_standing

        return plot_standing(answers, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Two-year returns of the industries that build, power or carry AI, in {now} and in "
            "{then}",
            now=Month(answers[0].as_of),
            then=Month(answers[1].as_of),
        ),
        alt=Text("{now}. {then}.", now=now.content, then=then.content),
        finding=Text(
            "In {now} {n} of {total} industries that build, power or carry AI had risen by "
            "half in two years, net of the market too; in {then} {m}",
            now=Month(answers[0].as_of),
            n=Word(_climbed(answers[0])),
            total=Word(len(answers[0].standings)),
            then=Month(answers[1].as_of),
            m=Word(_climbed(answers[1])),
        ),
    )
    return Said(picture, now.rests, then.rests, still=COUNTED)


def _climbed(answer: Assessment) -> int:
    return sum(s.rung is not None for s in answer.standings)


@makes("exhibit", "standing-now")
def standing_now_table() -> Said:
    return _standing_exhibit(standing_now())


@makes("exhibit", "standing-then")
def standing_then_table() -> Said:
    return _standing_exhibit(standing_then())


def _standing_exhibit(answer: Assessment) -> Said:
    def rung(s: Standing) -> str:
        if s.rung is None:
            return "below 50%"
        return Text("{rung} since {month}", rung=percent(s.rung), month=str(s.since))

    def highest(s: Standing) -> str:
        if s.highest is None:
            return "–"
        return Text("{rung} in {month}", rung=percent(s.highest), month=s.highest_month)

    tracked = any(s.highest for s in answer.standings)
    table = Table(
        caption=Text(
            "As of {month}, with nothing seen that came later: two-year run-up, "
            "threshold reached in itself and net of the market, and how often such "
            "run-ups had crashed by then (below 50%: any two years)",
            month=Month(answer.as_of),
        ),
        columns=[
            "Industry",
            "Firms",
            "Run-up",
            "Net of market",
            "Threshold reached",
            *(["Highest since the onset"] if tracked else []),
            "Crash frequency",
            "95% interval",
            "Cases",
        ],
        widths=[2, 0.7, 0.8, 0.9, 1.6, *([1.4] if tracked else []), 1, 1.2, 1],
        rows=[
            [
                s.name,
                str(s.firms),
                percent(s.runup),
                percent(s.net_runup),
                rung(s),
                *([highest(s)] if tracked else []),
                percent(s.crash_frequency),
                interval(percent(s.low), percent(s.high)),
                _of(s.crashes, s.n),
            ]
            for s in answer.standings
        ],
    )
    return Said(table, industries(panel().as_of(answer.as_of).returns.index), still=COUNTED)
