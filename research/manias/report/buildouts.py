"""The lenses on build-outs: the same age, and the nearest precedents."""

import math
from collections.abc import Iterable

from manias.data.library import once
from manias.data.rows import Rows
from manias.evaluation.logit import PER_PARAMETER
from manias.language.messages import Listed, Text, Word
from manias.language.numbers import percent
from manias.lenses.buildouts import ai_targets, load_buildout
from manias.lenses.landmark import LandmarkResults, Placement
from manias.lenses.precedents import Likeness, PrecedentResults
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import FIVE, model, p_value, path, ranged, skill
from manias.report.selections import build_outs
from manias.series.trajectories import behind

# ---- the third lens


def _landmark() -> LandmarkResults:
    return model("landmark")


@makes("sentence", "landmark-finding")
def landmark_finding() -> Said:
    fit = _landmark()
    s = fit.scores[0]
    power = {float(a): p for a, p in fit.power.items()}
    strong = max(power)
    text = Text(
        "The lens on build-outs compares {n} build-outs of the past at the same number of "
        "years since their onset, by how fast their flow had grown: since the onset, of late, "
        "and whether growth was still gaining. {events} of them had their flow fall by half "
        "within {horizon} years. At age {age} the mean of the three ranks {beats:select "
        "yes=beats|no=does not beat} the base rate (gain {gain}); with so few cases a test at "
        "five percent would see a true AUC of {auc} in {power} of samples",
        n=Word(fit.n),
        events=Word(fit.events, capital=True),
        horizon=fit.settings["horizon"],
        age=fit.settings["age"],
        beats=s.has_skill,
        gain=skill(s),
        auc=f"{strong:.2f}",
        power=percent(power[strong]),
    )
    return Said(text, build_outs())


@makes("exhibit", "landmark")
def landmark_table() -> Said:
    rows = []
    for r in _landmark().by_age.itertuples():
        if r.why:
            rows.append([str(r.age), "–", "–", "–", "–", "–", "–", _why_silent(r)])
            continue
        rows.append(
            [
                str(r.age),
                str(r.n),
                str(r.events),
                str(r.innovations),
                Text("{value} (p {p})", value=f"{r.auc:.2f}", p=p_value(r.auc_p)),
                f"{r.slope:+.2f}",
                Text("{value} (p {p})", value=f"{r.gain:+.3f}", p=p_value(r.gain_p)),
                "",
            ]
        )
    table = Table(
        caption=Text(
            "Build-outs at each age, years since onset: cases with a known outcome, those "
            "whose flow then fell by half, how well the mean rank of growth tells them apart "
            "(exact p over all relabellings), and the gain in log loss over the base rate, one "
            "innovation left out at a time."
        ),
        columns=["Age", "Cases", "Fell", "Innovations", "AUC", "Slope", "Gain", "Note"],
        widths=[0.4, 0.5, 0.5, 0.8, 1.2, 0.6, 1.2, 2],
        rows=rows,
    )
    return Said(table, build_outs())


def _why_silent(r) -> str:
    """Why nothing is said at an age, from the counts beside it, in the words of the card."""
    rare = min(int(r.events), int(r.n - r.events))
    counts = (
        Text(
            "{n} slopes for {cases} cases of the rarer outcome; expected at most {most}",
            n=1,
            cases=rare,
            most=rare // PER_PARAMETER,
        ),
        Text("{n} cases of one outcome; expected both outcomes", n=r.n),
        Text("{n} innovations; expected at least 3", n=r.innovations),
    )
    known = (Text("age {age}: {why}", age=r.age, why=why) for why in counts)
    return next((text for text in known if text == r.why), r.why)


@once
def _placements() -> dict[str, Placement]:
    return {key: _landmark().place(load_buildout(key)) for key in ai_targets()}


@makes("sentence", "landmark-ai")
def landmark_ai() -> Said:
    return Said(_placed(_placements()[FIVE]), build_outs(), behind(FIVE))


def _placed(place: Placement) -> Text:
    if place.reason:
        return Text(
            "The spending of the five largest AI builders cannot be placed: {reason}",
            reason=place.reason,
        )
    text = Text(
        "At age {age} the spending of the five largest AI builders ranks {rank} of {of} by "
        "growth, one being the fastest (exact p {p}); it grew faster than {slower_falls} of "
        "{falls} build-outs that fell and {slower_others} of {others} that did not",
        age=place.age,
        rank=place.rank,
        of=place.of,
        p=f"{place.rank_p:.2f}",
        slower_falls=place.slower_falls,
        falls=place.falls,
        slower_others=place.slower_others,
        others=place.others,
    )
    if not place.outside:
        return text
    return Text(
        "{said}; its {features} lies beyond every build-out of that age, so the lens abstains",
        said=text,
        features=Listed(place.outside),
    )


@makes("exhibit", "landmark-companies")
def landmark_companies() -> Said:
    rows = []
    for key, place in _placements().items():
        if place.reason:
            rows.append([path(key).name, place.as_of, "–", "–", "–", place.reason])
            continue
        rows.append(
            [
                path(key).name,
                place.as_of,
                str(place.age),
                Text("{part} of {whole}", part=place.rank, whole=place.of),
                ranged(f"{place.score:.2f}", f"{place.low:.2f}", f"{place.high:.2f}"),
                Text("abstains: {features} beyond every case", features=Listed(place.outside))
                if place.outside
                else Listed(path(near).name for near in place.nearest),
            ]
        )
    table = Table(
        caption=Text(
            "AI by company and in aggregate, placed among the build-outs of the same age "
            "(rank: one is the fastest; score: mean rank from zero to one, with a 95% interval "
            "over resampled innovations), and the most similar. The build-outs are too few for "
            "a percentage."
        ),
        columns=["Trajectory", "To", "Age", "Rank", "Score", "Nearest"],
        widths=[1.6, 0.8, 0.4, 0.8, 1.5, 2.8],
        rows=rows,
    )
    return Said(table, build_outs(), *(behind(key) for key in ai_targets()))


# ---- the fourth lens


def _precedents() -> PrecedentResults:
    return model("precedents")


@once
def _likeness() -> Likeness:
    return _precedents().liken(load_buildout(FIVE))


def _precedent_rows() -> Iterable[Rows]:
    yield from build_outs()
    yield from behind(FIVE)


@makes("sentence", "precedent-finding")
def precedent_finding() -> Said:
    s, like = _precedents().scores[0], _likeness()
    start = Text(
        "The lens on precedents lays the yearly growth of AI spending on every stretch of "
        "every earlier build-out, with the clock free to run faster or slower, and asks which "
        "comes nearest. Foretelling one precedent from the others it {beats:select "
        "yes=beats|no=does not beat} the base rate (gain {gain})",
        beats=s.has_skill,
        gain=skill(s),
    )
    if like.reason:
        text = Text("{start}. AI cannot be likened: {reason}", start=start, reason=like.reason)
        return Said(text, _precedent_rows())
    fields = {
        "start": start,
        "nearest": path(like.matches[0].id).name,
        "p": f"{like.shuffled_p:.2f}",
    }
    if like.is_near:
        text = Text(
            "{start}. The nearest is {nearest}, nearer than chance would have it (p {p})",
            **fields,
        )
    else:
        text = Text(
            "{start}. The nearest is {nearest}, but it is not near: the same growth rates in "
            "other orders come as near (p {p})",
            **fields,
        )
    return Said(text, _precedent_rows())


@makes("exhibit", "precedents")
def precedents_table() -> Said:
    rows = [
        [
            path(m.id).name,
            f"{m.end:g}",
            f"{m.distance:.3f}",
            "–" if math.isnan(m.rise) else Text("{n} times", n=f"{math.exp(m.rise):.2f}"),
            {1.0: "fell by half", 0.0: "did not"}.get(m.fell, "not known"),
        ]
        for m in _likeness().matches[:8]
    ]
    table = Table(
        caption=Text(
            "The stretches of earlier build-outs nearest to the growth of AI spending: the age "
            "at which each ends, its distance (mean absolute difference of yearly log growth "
            "along the path), how far the flow still rose within the horizon, and whether it "
            "then fell by half."
        ),
        columns=["Build-out", "Age at its end", "Distance", "Rose to", "Afterwards"],
        widths=[2, 0.9, 0.8, 1, 1.2],
        rows=rows,
    )
    return Said(table, _precedent_rows())
