"""The list of innovations, and the lens that reads their traits."""

import math

import pandas as pd

from manias.data.library import load, names, once
from manias.data.rows import Rows, some, whole
from manias.data.sources import GRADES
from manias.data.tables import grade_shares
from manias.figures.tables import said
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.numbers import percent, plain
from manias.lenses.innovation import specifications
from manias.record.innovations import count_verdicts, list_innovations
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
    return Said(str(count_verdicts().yes), _with_verdict("yes"))


@makes("number", "verdicts-no")
def n_no() -> Said:
    return Said(str(count_verdicts().no), _with_verdict("no"))


@makes("number", "verdicts-unknown")
def n_unknown() -> Said:
    return Said(str(count_verdicts().unknown), innovations(""))


@makes("number", "verdicts-share")
def share_yes() -> Said:
    return Said(percent(count_verdicts().share_known), innovations(""))


# ---- exhibits


@makes("exhibit", "timeline")
def timeline_figure() -> Said:
    records = list_innovations()
    count = count_verdicts(records)

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
            "of their shares on record, {no} are documented as having had none, and for "
            "{unknown} the record is silent or in conflict. Many booms come decades after the "
            "first commercial use.",
            total=count.total,
            first=min(r.commercialised for r in records),
            last=max(r.commercialised for r in records),
            yes=count.yes,
            no=count.no,
            unknown=count.unknown,
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
                f"{r.commercialised} ({r.commercialised_grade})",
                {"yes": "boom, bust", "no": "none", None: "–"}[r.verdict],
                r.reached or "",
                "" if dates == "· / · / ·" else dates,
                r.grade or "–",
                Cites(tuple(key.strip() for key in cells[r.id].split(";") if key.strip())),
            ]
        )
    table = Table(
        caption=Text(
            "The {total} innovations: year of first commercial use (with its grade), whether "
            "an account of its shares tells of a boom and bust, how that was reached, its "
            "onset / peak / trough, grade, and sources by their number in the list",
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
        widths=[3.1, 1.05, 1.05, 0.85, 2.2, 0.65, 1.5],
        rows=rows,
    )
    return Said(table, innovations("commercialised", ""))


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
        "Logit of a boom and bust on what was known of an innovation at the start (Firth's "
        "penalty; profile intervals). A level more of the covariate multiplies the odds by the "
        "odds ratio. {cases}",
        cases=cases(fit),
    )
    return Said(coefficients(fit, caption), logit_cases())


@makes("exhibit", "logit-scores")
def logit_scores() -> Said:
    table = Table(
        caption=Text(
            "Out of sample, beside the share of booms among the innovations not left out. p: "
            "share of relabelled samples in which the whole pipeline does as well."
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
        return Listed(t.replace("_", " ") for t in terms)

    def is_one(terms: list[str]) -> bool:
        return len(terms) == 1 and not terms[0].endswith("s")

    parts = []
    if up:
        parts.append(
            Text(
                "{terms} {one:select yes=goes|no=go} with more booms and busts",
                terms=named(up),
                one=is_one(up),
            )
        )
    if down:
        parts.append(
            Text(
                "{terms} {one:select yes=goes|no=go} with fewer",
                terms=named(down),
                one=is_one(down),
            )
        )
    if open_:
        parts.append(Text("for {terms} the sign is open", terms=named(open_)))
    text = Text(
        "In this list {parts}. Out of sample the model {skilled:select yes=has|no=shows no} "
        "skill against the base rate (gain {gain})",
        parts=Joined("; ", parts),
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
            "AI, coded by the same book, has {answer} times the odds of the whole list; the "
            "innovations coded most like it are {nearest}",
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
            "The specification curve of the lens on innovations: {n} fits under every label, "
            "set of covariates, grade of evidence and sample that the data allow; {failed} "
            "more could not be fitted, for want of cases.",
            n=len(rows),
            failed=len(table) - len(rows),
        ),
        alt=Text(
            "The odds of AI over those of the sample run from {low} to {high}, their median is "
            "{median}; of {n} fits {beat} gain on the base rate over the whole interval.",
            low=plain(rows["odds_ratio"].min(), 2),
            high=plain(rows["odds_ratio"].max(), 2),
            median=plain(rows["odds_ratio"].median(), 2),
            beat=int((rows["gain_low"] > 0).sum()),
            n=len(rows),
        ),
    )
    return Said(picture, _coded(), proxies(), still=COUNTED)


@makes("sentence", "specification-range")
def specification_range() -> Said:
    rows = _specifications().query("failed == ''")
    text = Text(
        "Over {n} specifications the odds ratio runs from {low} to {high} (median {median}); "
        "{beat} of them {beat:plural one=gains|other=gain} on the base rate over the whole "
        "interval",
        n=len(rows),
        low=plain(rows["odds_ratio"].min(), 2),
        high=plain(rows["odds_ratio"].max(), 2),
        median=plain(rows["odds_ratio"].median(), 2),
        beat=Word(int((rows["gain_low"] > 0).sum())),
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
        "With {n} cases a rank test at five percent would see {seen}",
        n=fit.n,
        seen=Listed(
            Text("a true AUC of {auc} in {p} of samples", auc=f"{auc:.2f}", p=percent(p))
            for auc, p in powers
        ),
    )
    return Said(text, logit_cases())
