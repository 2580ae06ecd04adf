"""The lenses on build-outs: the same age, and the nearest precedents."""

import math
from collections.abc import Iterable

from manias.data.library import once
from manias.data.rows import Rows
from manias.language.messages import Listed, Text, Word
from manias.language.names import term_name
from manias.language.numbers import percent, plain
from manias.lenses.buildouts import ai_targets, load_buildout
from manias.lenses.landmark import ONSETS, LandmarkResults, Placement, count_outcomes
from manias.lenses.precedents import Likeness, PrecedentResults
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import FIVE, interval, model, path, ranged, skill
from manias.report.selections import build_outs
from manias.series.trajectories import behind

# ---- the third lens


def _landmark() -> LandmarkResults:
    return model("landmark")


@makes("sentence", "landmark-finding")
def landmark_finding() -> Said:
    fit = _landmark()
    text = Text(
        "The build-out model lays past build-outs beside AI at the same number of "
        "years since their onset. It compares how fast each had grown since the "
        "onset, how fast of late, and whether growth was still gaining. At age "
        "{age}, {whole} of {cases} have all of the next {horizon} years on record, "
        "and {fell} of these fell by half. Where years are missing, a fall that was "
        "seen counts as little as none. That is too few for a frequency or a test: "
        "what is shown are cases",
        **_counts(fit),
        horizon=fit.settings["horizon"],
    )
    return Said(text, build_outs())


def _counts(fit: LandmarkResults) -> dict[str, Word | int]:
    row = fit.at(fit.settings["age"])
    counts = {name: Word(int(row[name])) for name in ("whole", "cases", "fell")}
    return {**counts, "age": fit.settings["age"]}


@makes("exhibit", "landmark")
def landmark_table() -> Said:
    place = _placements()[FIVE]
    rows = [
        [
            path(c.id).name,
            str(path(c.id).anchors["onset"]),
            plain(c.score, 2),
            Text("{side:select yes=faster|no=slower}", side=bool(c.is_faster)),
            _became(c.label, c.has_fallen),
        ]
        for c in place.cases.itertuples()
    ]
    table = Table(
        caption=Text(
            "Build-outs at age {age}, the fastest first. Score: the mean rank of "
            "their growth among all others of the age, from zero to one (the "
            "fastest). Beside AI: whether that was faster or slower than the "
            "spending of the five largest AI builders ({score}; {least} to {most} "
            "with its onset up to {years} years earlier or later). Afterwards: "
            "whether what was built in a year fell by half within {horizon} years.",
            age=place.age,
            score=plain(place.score, 2),
            least=plain(place.least, 2),
            most=plain(place.most, 2),
            years=Word(ONSETS),
            horizon=Word(_landmark().settings["horizon"]),
        ),
        columns=["Build-out", "Onset", "Score", "Beside AI", "Afterwards"],
        widths=[2, 0.7, 0.6, 0.8, 2],
        rows=rows,
    )
    return Said(table, build_outs(), behind(FIVE))


def _became(label: float, has_fallen: bool) -> Text:
    """What became of a flow, and whether all years are on record that would tell."""
    if math.isnan(label):
        return Text(
            "not all years on record, {fallen:select yes=fallen|no=not fallen} in those that "
            "are",
            fallen=bool(has_fallen),
        )
    return Text("fell by half") if label else Text("did not")


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
    told, slower = (
        count_outcomes(cases) for cases in (place.cases, place.cases[~place.cases["is_faster"]])
    )
    text = Text(
        "At age {age} the spending of the five largest AI builders ranks {rank} of "
        "{of} by growth, 1 being the fastest (exact p = {p}). It grew faster than "
        "{slower_falls} of {falls} build-outs that later fell by half, and than "
        "{slower_others} of {others} that did not. Of {open} more not all years are "
        "on record; it grew faster than {slower_open} of them. Its score is {score}. "
        "With the onset up to {years} years earlier or later it lies between {least} "
        "and {most}",
        age=place.age,
        rank=place.rank,
        of=place.of,
        p=plain(place.rank_p, 2),
        slower_falls=slower["fell"],
        falls=told["fell"],
        slower_others=slower["whole"] - slower["fell"],
        others=told["whole"] - told["fell"],
        slower_open=slower["open"],
        open=told["open"],
        score=plain(place.score, 2),
        least=plain(place.least, 2),
        most=plain(place.most, 2),
        years=Word(ONSETS),
    )
    if not place.outside:
        return text
    return Text(
        "{said}. Its {features} lies beyond every build-out of that age, so that the "
        "model draws no conclusion",
        said=text,
        features=Listed(map(term_name, place.outside)),
    )


@makes("exhibit", "landmark-companies")
def landmark_companies() -> Said:
    rows = []
    for key, place in _placements().items():
        if place.reason:
            rows.append([path(key).name, place.as_of, "–", "–", "–", "–", place.reason])
            continue
        rows.append(
            [
                path(key).name,
                place.as_of,
                str(place.age),
                Text("{part} of {whole}", part=place.rank, whole=place.of),
                ranged(plain(place.score, 2), plain(place.low, 2), plain(place.high, 2)),
                interval(plain(place.least, 2), plain(place.most, 2)),
                Text(
                    "no conclusion: {features} beyond every case",
                    features=Listed(map(term_name, place.outside)),
                )
                if place.outside
                else Listed(path(near).name for near in place.nearest),
            ]
        )
    table = Table(
        caption=Text(
            "AI by company and in aggregate, placed among the build-outs of the same "
            "age. Rank: 1 is the fastest. Score: mean rank from zero to one, with a "
            "95% interval by innovation. Over onsets: the least and the "
            "largest score with the onset up to {years} years earlier or later. "
            "Nearest: the most similar. The build-outs are too few for a percentage.",
            years=Word(ONSETS),
        ),
        columns=["Trajectory", "To", "Age", "Rank", "Score", "Over onsets", "Nearest"],
        widths=[1.5, 0.8, 0.4, 0.7, 1.4, 0.9, 2.6],
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
    s, like, rule = _precedents().scores[0], _likeness(), _precedents().rule
    start = Text(
        "The precedent model lays the yearly growth of AI spending on every part of "
        "every earlier build-out, with the clock free to run faster or slower. It "
        "asks which comes nearest. Each precedent in turn was predicted from the "
        "others: that {beats:select yes=beats|no=does not beat} the base rate (gain "
        "{gain}). The test rejects {size} of samples without an effect and {power} "
        "of those with the fitted one",
        beats=s.has_skill,
        gain=skill(s),
        size=percent(rule.size),
        power=percent(next(p.power for p in rule.power if p.effect == "fitted")),
    )
    if like.reason:
        text = Text("{start}. AI cannot be compared: {reason}", start=start, reason=like.reason)
        return Said(text, _precedent_rows())
    fields = {
        "start": start,
        "nearest": path(like.matches[0].id).name,
        "p": plain(like.shuffled_p, 2),
    }
    if like.is_near:
        text = Text(
            "{start}. The nearest is {nearest}, nearer than chance would have it (p = {p})",
            **fields,
        )
    else:
        text = Text(
            "{start}. The nearest is {nearest}, but it is not near: the same growth "
            "rates in other orders come as near (p = {p})",
            **fields,
        )
    return Said(text, _precedent_rows())


@makes("exhibit", "precedents")
def precedents_table() -> Said:
    rows = [
        [
            path(m.id).name,
            f"{m.end:g}",
            plain(m.distance, 3),
            "–" if math.isnan(m.rise) else Text("{n} times", n=plain(math.exp(m.rise), 2)),
            _became(m.fell, m.has_fallen),
        ]
        for m in _likeness().matches[:8]
    ]
    table = Table(
        caption=Text(
            "The parts of earlier build-outs nearest to the growth of AI spending: "
            "the age at which each part ends, its distance (mean absolute difference "
            "of yearly log growth along the path), how far what was built in a year "
            "still rose within the horizon, and whether it then fell by half within "
            "{horizon} years.",
            horizon=Word(_precedents().settings["horizon"]),
        ),
        columns=["Build-out", "Age at its end", "Distance", "Rose to", "Afterwards"],
        widths=[2, 0.9, 0.8, 0.9, 1.7],
        rows=rows,
    )
    return Said(table, _precedent_rows())
