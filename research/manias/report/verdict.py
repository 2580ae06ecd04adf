"""What the five lenses say together."""

import math
from collections.abc import Iterable

from manias.answers.archive import list_models
from manias.answers.headline import HeadlineTests, counted_sentence, headline_tests
from manias.answers.registry import question
from manias.data.library import once
from manias.data.rows import Rows
from manias.figures.skill import headline_scores
from manias.figures.tables import said, verdict
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.names import model_name, scheme_name
from manias.language.numbers import percent, plain, signed
from manias.lenses.base import Answer
from manias.lenses.ladder import AI_INDUSTRIES, rung_of
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import (
    COUNTED,
    FIVE,
    answers,
    highest,
    industries,
    latest,
    latest_indices,
    p_value,
    panel,
    path,
    peak_of,
    skill,
    standing_now,
)
from manias.report.payback import rows_of
from manias.report.selections import (
    ai_codes,
    build_outs,
    conditions,
    ends,
    later_levels,
    logit_cases,
)
from manias.series.trajectories import behind

# ---- the verdict


def _behind_scores() -> Iterable[Rows]:
    yield from logit_cases()
    yield from conditions()
    yield from build_outs()


def _behind_answers() -> Iterable[Rows]:
    yield from _behind_scores()
    yield ai_codes()
    yield from behind(FIVE)
    yield from rows_of("ai")


@makes("exhibit", "verdict")
def verdict_table() -> Said:
    rows = []
    for a in answers():
        base = percent(a.base) if a.unit == "probability" else plain(a.base, 2)
        rows.append(
            [
                a.lens,
                question(a.lens),
                Text("{measure}: {answer}", measure=a.measure, answer=said(a))
                if a.measure
                else "–",
                base if math.isfinite(a.base) else "–",
                f"{a.n:,} ({a.events:,})" if a.events else f"{a.n:,}" if a.n else "–",
                skill(a.scores),
                a.as_of or "–",
                verdict(a),
                a.grade,
            ]
        )
    table = Table(
        caption=Text(
            "What the six models say of AI. Base: the answer without the model. "
            "Cases with events in brackets (precedent: the nearest ones; payback: "
            "its assumptions). Skill: gain in log loss over the base rate on cases "
            "left out, with its 95% interval (spending 90%) and the p-value of a "
            "permutation test. The models are not blended: no proper score supports "
            "it."
        ),
        columns=[
            "Model",
            "Question",
            "Answer (95% interval, spending 90%; or range)",
            "Base",
            "Cases",
            "Skill",
            "As of",
            "Verdict",
            "Grade",
        ],
        widths=[0.85, 1.7, 2.9, 0.5, 0.8, 1.3, 0.7, 1.7, 0.5],
        rows=rows,
    )
    return Said(table, _behind_answers())


@once
def _counted() -> HeadlineTests:
    return headline_tests()


@makes("sentence", "tests-counted")
def tests_counted() -> Said:
    return Said(counted_sentence(_counted()), _behind_tests(), still=COUNTED)


@makes("exhibit", "holm")
def holm_table() -> Said:
    found = _counted()
    rows = [
        [
            model_name(t.card),
            scheme_name(t.test),
            signed(t.gain),
            p_value(t.p),
            "–" if math.isnan(t.size) else percent(t.size),
            p_value(t.adjusted),
            p_value(t.adjusted_planned) if t.is_planned else "–",
            "yes" if t.passes else "no",
        ]
        for t in found.tests
    ]
    table = Table(
        caption=Text(
            "The headline tests of skill of all models, counted together: p of each "
            "permutation test, its size, and p by Holm's correction among all {n} "
            "tests and among the {planned} that the plan names. Size: share of "
            "simulated samples without any effect in which it rejects at 5%, where "
            "that was simulated. A test passes where there is a gain and p with all "
            "counted is at most 5%. Of who pays the gain is the difference in "
            "differences of frequencies.",
            n=len(found.tests),
            planned=Word(found.n_planned),
        ),
        columns=[
            "Model",
            "Test",
            "Gain",
            "p",
            "Size",
            "p, all counted",
            "p, the plan's counted",
            "Passes",
        ],
        widths=[1.5, 2.3, 0.7, 0.65, 0.55, 0.9, 0.9, 0.65],
        rows=rows,
    )
    return Said(table, _behind_tests(), still=COUNTED)


def _behind_tests() -> Iterable[Rows]:
    cards = {t.card for t in _counted().tests}
    for results in list_models():
        if results.name in cards:
            yield from results.provenance.rows()


@makes("sentence", "lenses-verdict")
def lenses_verdict() -> Said:
    return Said(verdict_sentence(answers()), _behind_answers())


def verdict_sentence(answers: tuple[Answer, ...]) -> Text:
    """Say in one sentence what the lenses say together.

    Parameters
    ----------
    answers : tuple of manias.lenses.base.Answer

    Returns
    -------
    Text

    Examples
    --------
    >>> verdict_sentence(())
    'No model could be asked'
    """
    if not answers:
        return Text("No model could be asked")
    speaking = [a for a in answers if a.says]
    scored = [a for a in answers if a.scores is not None]
    if not speaking:
        return Text(
            "{scored} of {total} models could be scored out of sample. None passes "
            "the permutation test set beforehand on a case inside what it was fitted "
            "to. By these data neither a bubble nor its absence can be shown",
            total=Word(len(answers)),
            scored=Word(len(scored)),
        )
    where = {
        "above": [a.lens for a in speaking if a.low > a.base],
        "open": [a.lens for a in speaking if a.low <= a.base <= a.high],
        "below": [a.lens for a in speaking if a.high < a.base],
    }
    parts = Joined(
        "; ",
        (
            Text(
                "{lenses} {n:plural one=puts|other=put} AI {where:select above=above "
                "the base rate|open=close to the base rate, which lies inside the "
                "interval|below=below the base rate}",
                lenses=Listed(lenses),
                n=len(lenses),
                where=side,
            )
            for side, lenses in where.items()
            if lenses
        ),
    )
    return Text(
        "{n} {n:plural one=model has|other=models have} shown skill out of sample "
        "and may be read as evidence: {parts}",
        n=Word(len(speaking), capital=True),
        parts=parts,
    )


@makes("exhibit", "gains")
def gains_figure() -> Said:
    models = list_models()
    scored = headline_scores(models)
    skilled = [name for name, s in scored if s.has_skill]
    above = sum(s.gain_low > 0 for _, s in scored)

    def draw(language):
        from manias.figures.skill import plot_gains

        return plot_gains(models, language=language)

    if skilled:
        alt = Text(
            "Of {n} scores out of sample, {skilled} pass the permutation test. They "
            "are of these models: {which}.",
            n=len(scored),
            skilled=len(skilled),
            which=Listed(map(model_name, sorted(set(skilled)))),
        )
    else:
        alt = Text(
            "Of {n} scores out of sample, {skilled} pass the permutation test.",
            n=len(scored),
            skilled=len(skilled),
        )
    picture = Picture(
        draw=draw,
        caption=Text(
            "What each fitted model gains over the base rate on cases left out, with "
            "a 95% interval (cluster jackknife). For spending and for which industries crash "
            "it is 90%; the latter's gain is in nats a crash, over every industry of "
            "the month alike. Filled: the permutation test rejects at 5%; the "
            "interval decides nothing. Of a model with many scores those that were "
            "tested."
        ),
        alt=alt,
        finding=Text(
            "Of {n} scores on cases left out {skilled} pass the permutation test; the interval "
            "of the gain lies above zero in {above}",
            n=len(scored),
            skilled=len(skilled),
            above=above,
        ),
    )
    return Said(picture, _behind_scores(), later_levels())


@makes("sentence", "lenses-agree")
def lenses_agree() -> Said:
    dotcom, ai = path("us-it-dotcom"), path("us-it-ai")
    now = standing_now()
    months, rule = panel().returns.index, now.results.model.rule
    text = _agreement(
        spending=ai.values.iloc[-1] > peak_of(dotcom)[1],
        industries=any(s.rung is not None for s in now.standings),
        indices=any(rung_of(index) is not None for index in latest_indices().values()),
    )
    return Said(
        text,
        highest(dotcom),
        latest(ai),
        industries(months[-rule.long_window :], AI_INDUSTRIES, months[-rule.window :]),
        ends(),
        still=COUNTED,
    )


def _agreement(*, spending: bool, industries: bool, indices: bool) -> Text:
    """Lay what stands above its mark beside what does not."""
    if industries and spending:
        return Text(
            "Spending and prices agree. Both stand where past booms stood before "
            "they ended badly"
        )
    if industries:
        return Text(
            "Spending and prices disagree. Share prices stand where past run-ups "
            "stood before some of them crashed. Spending does not reach the dotcom "
            "peak"
        )
    if indices:
        return Text(
            "Spending {above:select yes=stands above|no=does not reach} the dotcom "
            "peak. When their record ended, no whole industry had risen by 50% or "
            "more over two years, net of the market too. Some narrower indices, "
            "whose record reaches further, had",
            above=spending,
        )
    if spending:
        return Text(
            "Spending and prices disagree. In spending the AI years stand above the "
            "dotcom peak. In share prices whole industries did not stand where "
            "run-ups that crashed had stood"
        )
    return Text(
        "Spending and prices agree. Neither stands where past booms stood before "
        "they ended badly"
    )
