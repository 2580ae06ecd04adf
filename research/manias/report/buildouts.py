"""The lenses on build-outs: the same age, and the nearest precedents."""

import math

from manias.answers.archive import load_model
from manias.data.library import once
from manias.language.numbers import percent
from manias.report.exhibits import Findings, makes
from manias.report.parts import _PATHS, _p, _skill

# ---- lens 3


@once
def _landmark():
    return load_model("landmark")


@once
def _precedents():
    return load_model("precedents")


@makes("sentence", "landmark-finding", *_PATHS)
def landmark_finding(found: Findings) -> str:
    fit, language = _landmark(), found.language
    s = fit.scores[0]
    power = {float(a): p for a, p in fit.power.items()}
    strong = max(power)
    fields = {
        "n": language.word(fit.n),
        "events": language.word(fit.events).capitalize(),
        "horizon": fit.settings["horizon"],
        "age": fit.settings["age"],
        "gain": language.t(_skill(s)),
        "auc": f"{strong:.2f}",
        "power": percent(power[strong]),
    }
    if s.has_skill:
        return language.say(
            "The third lens compares {n} build-outs of the past at the same number of years "
            "since their onset, by how fast their flow had grown: since the onset, of late, "
            "and whether growth was still gaining. {events} of them had their flow fall by "
            "half within {horizon} years. At age {age} the mean of the three ranks beats the "
            "base rate (gain {gain}); with so few cases a test at five percent would see a "
            "true AUC of {auc} in {power} of samples",
            **fields,
        )
    return language.say(
        "The third lens compares {n} build-outs of the past at the same number of years since "
        "their onset, by how fast their flow had grown: since the onset, of late, and whether "
        "growth was still gaining. {events} of them had their flow fall by half within "
        "{horizon} years. At age {age} the mean of the three ranks does not beat the base rate "
        "(gain {gain}); with so few cases a test at five percent would see a true AUC of {auc} "
        "in {power} of samples",
        **fields,
    )


@makes("exhibit", "landmark", *_PATHS)
def landmark_table(found: Findings) -> dict:
    rows = []
    for r in _landmark().by_age.itertuples():
        if r.why:
            rows.append([str(r.age), "–", "–", "–", "–", "–", "–", r.why])
            continue
        rows.append(
            [
                str(r.age),
                str(r.n),
                str(r.events),
                str(r.innovations),
                f"{r.auc:.2f} (p {_p(r.auc_p)})",
                f"{r.slope:+.2f}",
                f"{r.gain:+.3f} (p {_p(r.gain_p)})",
                "",
            ]
        )
    return {
        "caption": found.language.say(
            "Build-outs at each age, years since onset: cases with a known outcome, those "
            "whose flow then fell by half, how well the mean rank of growth tells them apart "
            "(exact p over all relabellings), and the gain in log loss over the base rate, one "
            "innovation left out at a time."
        ),
        "columns": ["Age", "Cases", "Fell", "Innovations", "AUC", "Slope", "Gain", "Note"],
        "widths": [0.4, 0.5, 0.5, 0.8, 1.2, 0.6, 1.2, 2],
        "rows": rows,
    }


@once
def _placements():
    from manias.lenses.buildouts import ai_targets, load_buildout

    return tuple((key, _landmark().place(load_buildout(key))) for key in ai_targets())


@makes("sentence", "landmark-ai", *_PATHS)
def landmark_ai(found: Findings) -> str:
    place, language = dict(_placements())["ai-capex-five"], found.language
    if place.reason:
        return language.say(
            "The spending of the five largest AI builders cannot be placed: {reason}",
            reason=language.t(place.reason),
        )
    said = language.say(
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
        return said
    return language.say(
        "{said}; its {features} lies beyond every build-out of that age, so the lens abstains",
        said=said,
        features=language.listed(map(language.t, place.outside)),
    )


@makes("exhibit", "landmark-companies", *_PATHS)
def landmark_companies(found: Findings) -> dict:
    from manias.series.trajectories import trajectory

    rows, language = [], found.language
    for key, place in _placements():
        if place.reason:
            rows.append([trajectory(key).name, place.as_of, "–", "–", "–", "–", place.reason])
            continue
        rows.append(
            [
                trajectory(key).name,
                place.as_of,
                str(place.age),
                f"{place.rank} of {place.of}",
                f"{place.score:.2f} ({place.low:.2f} to {place.high:.2f})",
                f"{percent(place.p)} ({percent(place.p_low)} to {percent(place.p_high)})"
                if math.isfinite(place.p)
                else "–",
                language.say(
                    "abstains: {features} beyond every case",
                    features=language.listed(map(language.t, place.outside)),
                )
                if place.outside
                else language.listed(language.t(trajectory(n).name) for n in place.nearest),
            ]
        )
    return {
        "caption": language.say(
            "AI by company and in aggregate, placed among the build-outs of the same age "
            "(rank: one is the fastest; score: mean rank from zero to one, with a 95% interval "
            "over resampled innovations), the probability that the flow falls by half, and the "
            "most similar. The probability carries no weight where the lens has no skill."
        ),
        "columns": ["Trajectory", "To", "Age", "Rank", "Score", "Probability", "Nearest"],
        "widths": [1.5, 0.8, 0.4, 0.7, 1.3, 1.2, 2.2],
        "rows": rows,
    }


# ---- lens 4


@makes("sentence", "precedent-finding", *_PATHS)
def precedent_finding(found: Findings) -> str:
    from manias.lenses.buildouts import load_buildout
    from manias.series.trajectories import trajectory

    fit, language = _precedents(), found.language
    say = language.say
    like = fit.liken(load_buildout("ai-capex-five"))
    gain = language.t(_skill(fit.scores[0]))
    if fit.scores[0].has_skill:
        start = say(
            "The fourth lens lays the yearly growth of AI spending on every stretch of every "
            "earlier build-out, with the clock free to run faster or slower, and asks which "
            "comes nearest. Foretelling one precedent from the others it beats the base rate "
            "(gain {gain})",
            gain=gain,
        )
    else:
        start = say(
            "The fourth lens lays the yearly growth of AI spending on every stretch of every "
            "earlier build-out, with the clock free to run faster or slower, and asks which "
            "comes nearest. Foretelling one precedent from the others it does not beat the "
            "base rate (gain {gain})",
            gain=gain,
        )
    if like.reason:
        reason = language.t(like.reason)
        return say("{start}. AI cannot be likened: {reason}", start=start, reason=reason)
    fields = {
        "start": start,
        "nearest": language.t(trajectory(like.matches[0].id).name),
        "p": f"{like.shuffled_p:.2f}",
    }
    if like.is_near:
        return say(
            "{start}. The nearest is {nearest}, nearer than chance would have it (p {p})",
            **fields,
        )
    return say(
        "{start}. The nearest is {nearest}, but it is not near: the same growth rates in other "
        "orders come as near (p {p})",
        **fields,
    )


@makes("exhibit", "precedents", *_PATHS)
def precedents_table(found: Findings) -> dict:
    from manias.lenses.buildouts import load_buildout
    from manias.series.trajectories import trajectory

    like = _precedents().liken(load_buildout("ai-capex-five"))
    rows = [
        [
            trajectory(m.id).name,
            f"{m.end:g}",
            f"{m.distance:.3f}",
            "–" if math.isnan(m.rise) else f"{math.exp(m.rise):.2f} times",
            {1.0: "fell by half", 0.0: "did not"}.get(m.fell, "not known"),
        ]
        for m in like.matches[:8]
    ]
    return {
        "caption": found.language.say(
            "The stretches of earlier build-outs nearest to the growth of AI spending: the age "
            "at which each ends, its distance (mean absolute difference of yearly log growth "
            "along the path), how far the flow still rose within the horizon, and whether it "
            "then fell by half."
        ),
        "columns": ["Build-out", "Age at its end", "Distance", "Rose to", "Afterwards"],
        "widths": [2, 0.9, 0.8, 1, 1.2],
        "rows": rows,
    }
