"""The list of innovations, and the lens that reads their traits."""

import math
from collections import Counter
from statistics import median
from typing import get_args

import pandas as pd

from manias.data.consistency import DEPLOYED
from manias.data.library import load, names, once
from manias.data.rows import Rows, some, whole
from manias.data.sources import GRADES
from manias.data.tables import grade_shares
from manias.figures.tables import said
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.names import term_name
from manias.language.numbers import percent, plain
from manias.lenses.innovation import specifications
from manias.record.covariates import (
    EX_ANTE,
    EX_POST,
    Agreement,
    Between,
    coder_agreement,
    reason_likeness,
)
from manias.record.innovations import Innovation, count_verdicts, list_innovations
from manias.report.exhibits import Cites, Picture, Said, Table, makes
from manias.report.parts import (
    COUNTED,
    answer,
    cases,
    coefficients,
    model,
    name_of,
    score_cells,
    skill,
)
from manias.report.selections import ai_codes, innovations, logit_cases, proxies

LENS = "innovation-logit"
"""Model of the lens."""
FAIR_KAPPA = 0.4
"""Below it agreement is poor or slight in the reading of Landis and Koch (1977)."""
LEAST = 5
"""Cases without a boom that a logit on quoted shares would want at least."""
VERDICTS = {
    "boom_and_bust": "boom, bust",
    "quoted_without": "quoted, no boom",
    "no_vehicle": "no shares",
    "unknown": "unknown",
}


def _with_verdict(word: str) -> Rows:
    verdicts = load("innovations").frame["verdict"]
    return some("innovations", verdicts == word, f"verdict: {word}", about=("",))


def _coded() -> tuple[Rows, ...]:
    return whole("innovations", "verdicts", "covariates")


# ---- numbers


@makes("number", "innovations")
def n_innovations() -> Said:
    return Said(str(count_verdicts().total), innovations("commercialised"))


@makes("number", "verdicts-yes")
def n_yes() -> Said:
    return Said(str(count_verdicts().boom_and_bust), _with_verdict("boom_and_bust"))


@makes("number", "verdicts-no-vehicle")
def n_no_vehicle() -> Said:
    return Said(str(count_verdicts().no_vehicle), _with_verdict("no_vehicle"))


@makes("number", "verdicts-unknown")
def n_unknown() -> Said:
    return Said(str(count_verdicts().unknown), innovations(""))


@makes("sentence", "boom-phases")
def boom_phases() -> Said:
    booms = [r for r in list_innovations() if r.verdict == "boom_and_bust"]
    phases = Counter(r.phase for r in booms)
    breadths = Counter(r.breadth for r in booms)
    text = Text(
        "Of the innovations with quoted shares {without} is documented to have had "
        "no such boom. Of the {n} booms {early} peaked within five years of first "
        "use, {deployed} in the ten years after that and {late} later still; "
        "{undated} {undated:plural one=is|other=are} not dated. {market} were of a "
        "whole market, {several} of several firms and {one} of a single one. "
        "{descendant} were of a later product than the one first sold",
        without=Word(count_verdicts().quoted_without),
        n=len(booms),
        early=Word(phases["early"]),
        deployed=Word(phases["deployment"]),
        late=Word(phases["late"]),
        undated=Word(phases[None]),
        market=Word(breadths["market"], capital=True),
        several=Word(breadths["several"]),
        one=Word(breadths["one"]),
        descendant=Word(sum(r.product == "descendant" for r in booms), capital=True),
    )
    return Said(text, innovations("commercialised", ""), still=COUNTED)


@makes("sentence", "quoted-only")
def quoted_only() -> Said:
    count = count_verdicts()
    text = Text(
        "Shares can only rise and fall where there are shares. Of the innovations on "
        "the list without a boom {none} had no firm whose shares the public could "
        "buy. Of {without} with quoted shares is it on record that nothing happened. "
        "Among those with quoted shares the question {can:select yes=can|no=cannot} "
        "be asked: what the model tells apart is booms from the absence of shares. "
        "It is fitted to the list and the candidates beside it, because the list "
        "alone has too few without a boom for three traits",
        none=Word(count.no_vehicle),
        without=Word(count.quoted_without),
        can=count.quoted_without >= LEAST,
    )
    return Said(text, innovations(""), still=COUNTED)


# ---- exhibits


@makes("exhibit", "timeline")
def timeline_figure() -> Said:
    records = list_innovations()
    count = count_verdicts(records)
    booms = [r for r in records if r.verdict == "boom_and_bust"]
    firsts = [(r, r.onset or r.peak or r.trough) for r in booms]
    lags = [int(day[:4]) - r.commercialised for r, day in firsts if day]

    def draw(language):
        from manias.figures.record import plot_timeline

        return plot_timeline(records, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "{total} major innovations by year of first commercial use, and the booms and "
            "busts in their shares that a source dates",
            total=count.total,
        ),
        alt=Text(
            "Of {total} innovations between {first} and {last}, {yes} have a boom and a bust "
            "of their shares on record. {none} had no shares that the public could buy, and "
            "{without} had quoted shares and no boom. For {unknown} no verdict can be "
            "given. Of {dated} booms with a date {late} began more than ten years "
            "after the first commercial use.",
            dated=len(lags),
            late=sum(lag > 10 for lag in lags),
            total=count.total,
            first=min(r.commercialised for r in records),
            last=max(r.commercialised for r in records),
            yes=count.boom_and_bust,
            none=count.no_vehicle,
            without=count.quoted_without,
            unknown=count.unknown,
        ),
        finding=Text(
            "Of {total} innovations {yes} have a boom and bust of their shares on record; half "
            "of the dated ones began {lag} years or more after first use",
            total=count.total,
            yes=count.boom_and_bust,
            lag=plain(median(lags), 0),
        ),
    )
    return Said(picture, innovations("commercialised", ""))


@makes("exhibit", "innovations")
def innovations_table() -> Said:
    cells = load("innovations").frame.set_index("id")["source"].fillna("")
    rows = []
    for r in list_innovations():
        dates = " / ".join(d or "·" for d in (r.onset, r.peak, r.trough))
        rows.append(
            [
                r.name,
                _first_use(r),
                VERDICTS[r.verdict or "unknown"],
                r.reached or "",
                "" if dates == "· / · / ·" else dates,
                r.grade or "–",
                Cites(tuple(key.strip() for key in cells[r.id].split(";") if key.strip())),
            ]
        )
    table = Table(
        caption=Text(
            "The {total} innovations. First use: year of first commercial use and "
            "its grade; of two years the earlier is open and the later shown by a "
            "source; *: a delivery is shown, and no source tells that it was paid "
            "for. Then what is told of its shares, how that was reached, onset / "
            "peak / trough of a boom, grade, and sources by their number in the list",
            total=count_verdicts().total,
        ),
        columns=[
            "Innovation",
            "First use",
            "Verdict",
            "Reached",
            "Onset / peak / trough",
            "Grade",
            "Sources",
        ],
        widths=[2.9, 1.4, 1.05, 0.85, 2.1, 0.65, 1.45],
        rows=rows,
    )
    return Said(table, innovations("commercialised", ""))


def _first_use(r: Innovation) -> str:
    years = f"{r.commercialised_from}–{r.commercialised}" if r.width else f"{r.commercialised}"
    unpaid = "*" if r.commercialised_basis == "delivery" else ""
    return f"{years}{unpaid} ({r.commercialised_grade})"


@makes("sentence", "first-use-intervals")
def first_use_intervals() -> Said:
    records = list_innovations()
    open_ = [r for r in records if r.width]
    widest = max(open_, key=lambda r: r.width)
    changed = [r for r in open_ if r.early_from != r.early]
    unpaid = [r for r in records if r.commercialised_basis == "delivery"]
    text = Text(
        "{n} of the {total} years of first use are intervals: a source shows the "
        "later year, and the earlier one is what a candidate without such a source "
        "would give. Intervals are {median} years wide at the median and {most} at "
        "most ({widest}). Counted from the earlier year, the verdict on the first "
        "{span} years would be another for {changed}. For {unpaid} of all years a "
        "delivery is shown and no source tells of payment: {which}",
        total=len(records),
        n=len(open_),
        median=plain(median(r.width for r in open_), 0),
        most=widest.width,
        widest=name_of(widest.id),
        span=DEPLOYED,
        changed=Listed(name_of(r.id) for r in changed) if changed else Word(0),
        unpaid=len(unpaid),
        which=Listed(name_of(r.id) for r in unpaid) if unpaid else Word(0),
    )
    return Said(text, innovations("commercialised", ""))


@makes("exhibit", "datasets")
def datasets_table() -> Said:
    rows = []
    for name in names():
        dataset = load(name)
        shares = grade_shares(dataset)
        rows.append(
            [
                name,
                dataset.title,
                f"{len(dataset.frame):,}",
                str(len(dataset.sources)),
                ", ".join(f"{g} {percent(s)}" for g, s in shares.items() if s > 0),
                dataset.fingerprint[:12],
            ]
        )
    grades = [Text("{grade}: {meaning}", grade=g, meaning=m) for g, m in GRADES.items()]
    table = Table(
        caption=Text(
            "The tables of this edition, rows by grade of evidence, and the start of each "
            "table's SHA-256. Grades — {grades}.",
            grades=Joined("; ", grades),
        ),
        columns=["Table", "What", "Rows", "Sources", "Rows by grade", "SHA-256"],
        widths=[1.4, 4.1, 0.65, 0.8, 1.6, 1.1],
        verbatim=(0, 5),
        rows=rows,
    )
    return Said(table, whole(*names()))


# ---- lens 1


@makes("exhibit", "logit-coefficients")
def logit_coefficients() -> Said:
    fit = model(LENS)
    caption = Text(
        "Logit of a boom and bust on what was known of an innovation at the start "
        "(Firth's penalty; profile intervals). One level more of a covariate "
        "multiplies the odds by the odds ratio. {cases}",
        cases=cases(fit),
    )
    return Said(coefficients(fit, caption), logit_cases())


@makes("exhibit", "logit-scores")
def logit_scores() -> Said:
    table = Table(
        caption=Text(
            "Out of sample, beside the share of booms among the innovations not left "
            "out. p: share of relabelled samples in which the whole procedure does "
            "as well."
        ),
        columns=["Left out", "Log loss", "Base", "Gain (95%)", "AUC", "Slope (95%)", "p"],
        widths=[1.6, 0.7, 0.6, 1.5, 0.5, 1.4, 0.6],
        rows=[score_cells(s) for s in model(LENS).scores],
    )
    return Said(table, logit_cases())


@makes("sentence", "logit-finding")
def logit_finding() -> Said:
    fit = model(LENS)
    table = fit.tidy().set_index("term").drop("intercept")
    up = [t for t in table.index if table.loc[t, "low"] > 0]
    down = [t for t in table.index if table.loc[t, "high"] < 0]
    open_ = [t for t in table.index if t not in up and t not in down]

    def named(terms: list[str]) -> Listed:
        return Listed(map(term_name, terms))

    parts = []
    if up:
        parts.append(
            Text(
                "stronger {terms} went with more booms and busts",
                terms=named(up),
            )
        )
    if down:
        parts.append(
            Text(
                "stronger {terms} went with fewer booms and busts",
                terms=named(down),
            )
        )
    if open_:
        parts.append(
            Text(
                "{terms} {n:plural one=works|other=work} in a direction that cannot be told",
                terms=named(open_),
                n=len(open_),
            )
        )
    text = Text(
        "In this list {parts}. Out of sample the model {skilled:select "
        "yes=has|no=shows no} skill against the base rate: gain {gain}",
        parts=Listed(parts, clauses=True),
        skilled=fit.scores[0].has_skill,
        gain=skill(fit.scores[0]),
    )
    return Said(text, logit_cases())


@makes("sentence", "logit-ai")
def logit_ai() -> Said:
    a = answer("innovation")
    if not math.isfinite(a.value):
        text = Text("AI cannot be placed: {reason}", reason=a.reason)
    else:
        text = Text(
            "AI, coded by the same rules, has {answer} times the odds of the whole "
            "list. The innovations coded most like it are {nearest}",
            answer=said(a),
            nearest=Listed(name_of(key) for key in a.nearest),
        )
    return Said(text, logit_cases(), ai_codes())


@once
def _specifications() -> pd.DataFrame:
    return specifications()


@makes("exhibit", "specification-curve")
def specification_figure() -> Said:
    table = _specifications()
    rows = table[table["failed"] == ""]

    def draw(language):
        from manias.figures.skill import plot_specifications

        return plot_specifications(table, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "What other choices would give: {n} fits of the model on innovations "
            "under every label, set of covariates, grade of evidence and sample that "
            "the data allow. {failed} more could not be fitted, for want of cases.",
            n=len(rows),
            failed=len(table) - len(rows),
        ),
        alt=Text(
            "The odds of AI over those of the sample run from {low} to {high}; their "
            "median is {median}. {beat} of {n} fits gain on the base rate over the "
            "whole interval.",
            low=plain(rows["odds_ratio"].min(), 2),
            high=plain(rows["odds_ratio"].max(), 2),
            median=plain(rows["odds_ratio"].median(), 2),
            beat=int((rows["gain_low"] > 0).sum()),
            n=len(rows),
        ),
        finding=specification_range().content,
    )
    return Said(picture, _coded(), proxies(), still=COUNTED)


@makes("sentence", "specification-range")
def specification_range() -> Said:
    rows = _specifications().query("failed == ''")
    text = Text(
        "Over {n} specifications the odds ratio runs from {low} to {high} (median "
        "{median}). {beat} of them {beat:plural one=gains|other=gain} on the base "
        "rate over the whole interval",
        n=len(rows),
        low=plain(rows["odds_ratio"].min(), 2),
        high=plain(rows["odds_ratio"].max(), 2),
        median=plain(rows["odds_ratio"].median(), 2),
        beat=Word(int((rows["gain_low"] > 0).sum()), capital=True),
    )
    return Said(text, _coded(), proxies(), still=COUNTED)


@makes("sentence", "replacement-effect")
def replacement_effect() -> Said:
    rows = _specifications()
    chosen = rows[
        (rows["definition"] == "historian")
        & (rows["minimum_grade"] == "B")
        & (rows["covariates"].str.count(r"\+") == 1)
        & rows["sample"].isin(["list", "list as first gathered", "list and candidates"])
        & (rows["failed"] == "")
    ]
    medians = chosen.groupby("sample")["odds_ratio"].median()
    text = Listed(
        Text("{share} on the {sample}", share=plain(odds, 1), sample=name)
        for name, odds in medians.items()
    )
    return Said(text, _coded(), still=COUNTED)


@makes("sentence", "logit-power")
def logit_power() -> Said:
    fit = model(LENS)
    powers = sorted((float(auc), p) for auc, p in fit.power.items())[:3]
    text = Text(
        "With {n} cases a rank test at five percent finds {seen}",
        n=fit.n,
        seen=Listed(
            Text("a true AUC of {auc} in {p} of samples", auc=plain(auc, 2), p=percent(p))
            for auc, p in powers
        ),
    )
    return Said(text, logit_cases())


# ---- the codes


@once
def _agreements() -> dict[str, dict[str, Agreement]]:
    return {b: {a.covariate: a for a in coder_agreement(b)} for b in get_args(Between)}


@makes("exhibit", "coding-agreement")
def coding_agreement_table() -> Said:
    found = _agreements()
    rows = []
    for name in (*EX_ANTE, *EX_POST):
        kappas = [
            "–" if math.isnan(found[b][name].kappa) else plain(found[b][name].kappa, 2)
            for b in get_args(Between)
        ]
        row = found["two codings"][name]
        when = "ex ante" if row.is_ex_ante else "ex post"
        rows.append([term_name(name), when, percent(row.equal), *kappas])
    third = found["third reading"][EX_ANTE[0]]
    table = Table(
        caption=Text(
            "How far the codings agree: share of cells coded alike by the two runs, "
            "and Cohen's kappa with linear weights. Kappa is of the two runs (all "
            "that was coded; the list alone), and of the settled code with a third "
            "reading of {n} innovations by a rule from dated facts.",
            n=third.n,
        ),
        columns=["Covariate", "Known", "Alike", "Kappa, all", "Kappa, list", "Kappa, rule"],
        widths=[1.6, 0.8, 0.7, 0.9, 0.9, 0.9],
        rows=rows,
    )
    return Said(table, whole("covariates", "covariates.third"), still=COUNTED)


@makes("sentence", "coding-finding")
def coding_finding() -> Said:
    found = _agreements()
    two = [a.kappa for a in found["two codings"].values()]
    third = {k: a for k, a in found["third reading"].items() if not math.isnan(a.kappa)}
    order = sorted(third, key=lambda k: third[k].kappa)
    weak = [k for k in order if third[k].kappa < FAIR_KAPPA]
    alike = reason_likeness()
    text = Text(
        "The two runs agree well (kappa from {low} to {high}), but they are runs of "
        "one language model. {verbatim} of {cells} pairs of reasons are the same "
        "words. Their mean likeness is {mean}, against {chance} for reasons given "
        "for different innovations. A rule from dated facts agrees with them less: "
        "kappa is below {fair} for {weak}, and at most {best}, for {strong}",
        low=plain(min(two), 2),
        high=plain(max(two), 2),
        verbatim=alike.verbatim,
        cells=alike.n,
        mean=plain(alike.mean, 2),
        chance=plain(alike.by_chance, 2),
        fair=plain(FAIR_KAPPA, 1),
        weak=Listed(map(term_name, weak)),
        best=plain(third[order[-1]].kappa, 2),
        strong=term_name(order[-1]),
    )
    return Said(text, whole("covariates", "covariates.third"), still=COUNTED)
