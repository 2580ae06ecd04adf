"""The list of innovations, and the lens that reads their traits."""

import math

import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import load, names, once
from manias.data.sources import GRADES
from manias.data.tables import grade_shares
from manias.evaluation.logit import LogitResults
from manias.figures.tables import said
from manias.language.editions import Language
from manias.language.numbers import percent
from manias.lenses.innovation import specifications
from manias.record.innovations import count_verdicts, list_innovations
from manias.report.exhibits import Findings, makes, short_list, source_numbers
from manias.report.parts import (
    _LOGIT,
    _answer,
    _cases,
    _coefficients,
    _logit,
    _name,
    _score_cells,
    _skill,
)

# ---- numbers


@makes("number", "innovations", "innovations")
def n_innovations(found: Findings) -> str:
    return str(count_verdicts().total)


@makes("number", "verdicts-yes", "innovations")
def n_yes(found: Findings) -> str:
    return str(count_verdicts().yes)


@makes("number", "verdicts-no", "innovations")
def n_no(found: Findings) -> str:
    return str(count_verdicts().no)


@makes("number", "verdicts-unknown", "innovations")
def n_unknown(found: Findings) -> str:
    return str(count_verdicts().unknown)


@makes("number", "verdicts-share", "innovations")
def share_yes(found: Findings) -> str:
    return percent(count_verdicts().share_known)


# ---- exhibits


@makes("exhibit", "timeline", "innovations")
def timeline_figure(found: Findings) -> dict:
    from manias.figures.record import plot_timeline
    from manias.figures.style import to_svg

    records = list_innovations()
    count = count_verdicts(records)
    say = found.language.say
    return {
        "svg": to_svg(plot_timeline(records), found.language),
        "caption": say(
            "{total} major innovations by year of first commercial use, and the booms and "
            "busts in their shares that a source dates",
            total=count.total,
        ),
        "alt": say(
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
    }


@makes("exhibit", "innovations", "innovations")
def innovations_table(found: Findings) -> dict:
    frame = load("innovations").frame.set_index("id")
    index = source_numbers()
    rows = []
    for r in list_innovations():
        dates = " / ".join(d or "·" for d in (r.onset, r.peak, r.trough))
        keys = frame.loc[r.id, "source"]
        cited = (
            short_list([index[k.strip()] for k in keys.split(";")])
            if isinstance(keys, str)
            else "–"
        )
        word = {"yes": "boom, bust", "no": "none", None: "–"}[r.verdict]
        rows.append(
            [
                r.name,
                f"{r.commercialised} ({r.commercialised_grade})",
                word,
                r.reached or "",
                "" if dates == "· / · / ·" else dates,
                r.grade or "–",
                cited,
            ]
        )
    count = count_verdicts()
    return {
        "caption": found.language.say(
            "The {total} innovations: year of first commercial use (with its grade), whether "
            "an account of its shares tells of a boom and bust, how that was reached, its "
            "onset / peak / trough, grade, and sources by their number in the list",
            total=count.total,
        ),
        "columns": [
            "Innovation",
            "First use",
            "Verdict",
            "Reached",
            "Onset / peak / trough",
            "Grade",
            "Sources",
        ],
        "widths": [3.1, 1.05, 1.05, 0.85, 2.2, 0.65, 1.5],
        "rows": rows,
    }


@makes("exhibit", "datasets", *names())
def datasets_table(found: Findings) -> dict:
    rows, language = [], found.language
    for name in names():
        dataset = load(name)
        shares = grade_shares(dataset)
        text = ", ".join(f"{g} {percent(s)}" for g, s in shares.items() if s > 0)
        rows.append(
            [
                name,
                dataset.title,
                f"{len(dataset.frame):,}",
                str(len(dataset.sources)),
                text,
                dataset.fingerprint[:12],
            ]
        )
    return {
        "caption": language.say(
            "The tables of this edition, rows by grade of evidence, and the start of each "
            "table's SHA-256. Grades — {grades}.",
            grades=language.t("; ".join(f"{g}: {m}" for g, m in GRADES.items())),
        ),
        "verbatim": [0, 5],
        "columns": ["Table", "What", "Rows", "Sources", "Rows by grade", "SHA-256"],
        "widths": [1.5, 3.2, 0.7, 0.8, 1.6, 1.2],
        "rows": rows,
    }


@once
def _specifications() -> pd.DataFrame:
    return specifications()


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
    from manias.figures.skill import plot_specifications
    from manias.figures.style import to_svg

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


@makes("sentence", "logit-power", "innovations", "verdicts", "covariates")
def logit_power(found: Findings) -> str:
    fit = load_model("innovation-logit")
    powers = sorted((float(auc), p) for auc, p in fit.power.items())[:3]
    return found.language.say(
        "With {n} cases a rank test at five percent would see {seen}",
        n=str(fit.n),
        seen=found.language.listed(
            found.language.say("a true AUC of {auc} in {p} of samples", auc=f"{a:.2f}",
                               p=percent(p))
            for a, p in powers
        ),
    )  # fmt: skip
