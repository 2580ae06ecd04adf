"""What the five lenses say together."""

import math

from manias.answers.archive import list_models
from manias.answers.registry import question
from manias.figures.tables import said, verdict
from manias.language.editions import ENGLISH, Language
from manias.language.numbers import percent, plain
from manias.lenses.base import Answer
from manias.lenses.ladder import rung_of
from manias.report.exhibits import Findings, makes, peak_of
from manias.report.parts import _EVERY, _answers, _skill

# ---- the verdict


@makes("exhibit", "verdict", *_EVERY)
def verdict_table(found: Findings) -> dict:
    rows = []
    for a in _answers():
        base = percent(a.base) if a.unit == "probability" else plain(a.base, 2)
        rows.append(
            [
                a.lens,
                question(a.lens),
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
    from manias.figures.skill import plot_gains
    from manias.figures.style import to_svg

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


@makes(
    "sentence", "lenses-agree", "us_it_investment", "us_industries", "trajectories", "ai_market"
)
def lenses_agree(found: Findings) -> str:
    peak, last = (
        peak_of(found.paths["us-it-dotcom"])[1],
        found.paths["us-it-ai"].values.iloc[-1],
    )
    spending, say = last > peak, found.language.say
    industries = any(s.rung is not None for s in found.now.standings)
    indices = any(rung_of(index) is not None for index in found.latest.values())
    if industries and spending:
        return say(
            "Spending and prices agree: both stand where past booms stood before they ended "
            "badly"
        )
    if industries:
        return say(
            "Spending and prices disagree: share prices stand where past run-ups stood before "
            "some of them crashed, spending does not reach the dotcom peak"
        )
    if indices and spending:
        return say(
            "Spending stands above the dotcom peak. When their record ended, share prices of "
            "whole industries stood on no rung of the ladder of run-ups; of the narrower "
            "indices, which reach further, some do by now"
        )
    if indices:
        return say(
            "Spending does not reach the dotcom peak. When their record ended, share prices of "
            "whole industries stood on no rung of the ladder of run-ups; of the narrower "
            "indices, which reach further, some do by now"
        )
    if spending:
        return say(
            "Spending and prices disagree: by spending the AI years stand above the dotcom "
            "peak, by share prices of whole industries they did not look like the run-ups "
            "that crashed"
        )
    return say(
        "Spending and prices agree: neither stands where past booms stood before they ended "
        "badly"
    )
