"""Run-ups and crashes of US industries: the ladder, and who stands on it."""

from manias.figures.tables import standing_table
from manias.language.editions import Language
from manias.language.numbers import percent
from manias.lenses.ladder import Assessment, LadderModel
from manias.report.exhibits import Findings, makes
from manias.series.runups import count_waves, variants


@makes("number", "industries-last-month", "us_industries")
def industries_last_month(found: Findings) -> str:
    return found.language.month(found.now.as_of)


@makes("number", "industries-first-month", "us_industries")
def industries_first_month(found: Findings) -> str:
    return found.language.month(found.now.results.first)


@makes("number", "base-rate", "us_industries")
def base_rate(found: Findings) -> str:
    return percent(found.now.results.base.rate)


@makes("number", "reproduced-episodes", "us_industries")
def reproduced_episodes(found: Findings) -> str:
    return str(found.reproduced.rungs[1.0].n)


@makes("number", "reproduced-crashes", "us_industries")
def reproduced_crashes(found: Findings) -> str:
    return str(found.reproduced.rungs[1.0].crashes)


@makes("number", "reproduced-waves", "us_industries")
def reproduced_waves(found: Findings) -> str:
    return str(count_waves(found.runups, months=found.rule.horizon))


@makes("number", "crashes-with-bad-month", "us_industries")
def crashes_with_bad_month(found: Findings) -> str:
    return str(sum(r.is_crash and r.worst_month <= -0.2 for r in found.runups))


@makes("number", "min-firms", "us_industries")
def min_firms(found: Findings) -> str:
    return str(found.rule.min_firms)


@makes("number", "crash-depth", "us_industries")
def crash_depth(found: Findings) -> str:
    return percent(found.rule.crash)


@makes("number", "long-return", "us_industries")
def long_return(found: Findings) -> str:
    return percent(found.rule.long_return)


@makes("number", "industries", "us_industries")
def n_industries(found: Findings) -> str:
    return str(found.sample.returns.shape[1])


@makes("number", "ai-industries", "us_industries")
def n_ai_industries(found: Findings) -> str:
    return found.language.word(len(found.now.standings))


@makes("number", "model-id", "us_industries")
def model_id(found: Findings) -> str:
    return found.now.model_id


@makes("sentence", "standing-now", "us_industries")
def standing_now(found: Findings) -> str:
    return _standing_sentence(found.now, found.language)


@makes("sentence", "standing-then", "us_industries")
def standing_then(found: Findings) -> str:
    return _standing_sentence(found.then, found.language)


def _standing_sentence(answer: Assessment, language: Language) -> str:
    say, t, word = language.say, language.t, language.word
    total = word(len(answer.standings))
    on = [s for s in answer.standings if s.rung is not None]
    if not on:
        top = max(answer.standings, key=lambda s: s.net_runup)
        return say(
            "In {month} none of the {total} industries had risen by half, raw and net of the "
            "market, over two years, so none stood on even the lowest rung of the ladder; the "
            "nearest was {nearest}, up {raw} and {net} net of the market",
            month=language.month(answer.as_of),
            total=total,
            nearest=t(top.name.lower()),
            raw=percent(top.runup),
            net=percent(top.net_runup),
        )
    best = max(on, key=lambda s: s.crash_frequency)
    return say(
        "In {month} {n} of the {total} industries ({which}) stood on the ladder; of the "
        "past run-ups as high as that of {best}, counted on what was known by then, "
        "{crashes} of {cases} had crashed ({rate}, interval {low} to {high})",
        month=language.month(answer.as_of),
        n=word(len(on)),
        total=total,
        which=language.listed(t(s.name.lower()) for s in on),
        best=t(best.name.lower()),
        crashes=best.crashes,
        cases=best.n,
        rate=percent(best.crash_frequency),
        low=percent(best.low),
        high=percent(best.high),
    )


@makes("sentence", "ladder-against-published", "us_industries", "published")
def ladder_against_published(found: Findings) -> str:
    inside, say = [], found.language.say
    for rung, key in ((0.5, "gsy-rate-050"), (1.0, "gsy-rate-100"), (1.5, "gsy-rate-150")):
        share = found.reproduced.rungs[rung]
        inside.append(share.low <= found.printed[key] / 100 <= share.high)
    if all(inside):
        return say("All three published frequencies lie inside our intervals")
    return say(
        "{n} of the {total} published frequencies lie inside our intervals",
        n=sum(inside),
        total=len(inside),
    )


@makes("exhibit", "ladder", "us_industries", "published")
def ladder_figure(found: Findings) -> dict:
    from manias.figures.runups import plot_ladder
    from manias.figures.style import to_svg

    printed = {0.5: "gsy-rate-050", 1.0: "gsy-rate-100", 1.5: "gsy-rate-150"}
    published = {rung: found.printed[key] / 100 for rung, key in printed.items()}
    table = found.reproduced.tidy().dropna(subset="rung")
    say, month = found.language.say, found.language.month
    return {
        "svg": to_svg(plot_ladder(found.reproduced, published=published), found.language),
        "caption": say(
            "The ladder: how often a fall of {crash} followed within {horizon} months, by size "
            "of run-up; {industries} US industries, {first} to {last}. Labels: crashes over "
            "run-ups.",
            crash=percent(found.rule.crash),
            horizon=found.rule.horizon,
            industries=len(found.sample.returns.columns),
            first=month(found.reproduced.first),
            last=month(found.reproduced.last),
        ),
        "alt": say(
            "Crash frequency climbs from {lowest} after run-ups of half to {highest} after "
            "run-ups of one and a half times; the share after any two years is {base}. "
            "Intervals widen to {low} to {high} at the top.",
            lowest=percent(table["rate"].iloc[0]),
            highest=percent(table["rate"].iloc[-1]),
            base=percent(found.reproduced.base.rate),
            low=percent(table["low"].iloc[-1]),
            high=percent(table["high"].iloc[-1]),
        ),
    }


@makes("exhibit", "ladder-table", "us_industries", "published")
def ladder_table(found: Findings) -> dict:
    printed = {0.5: "gsy-rate-050", 1.0: "gsy-rate-100", 1.5: "gsy-rate-150"}
    rows = []
    latest = found.now.results
    for label, share, full in [("any two years", found.reproduced.base, latest.base)] + [
        (percent(rung), share, latest.rungs[rung])
        for rung, share in found.reproduced.rungs.items()
    ]:
        rung = next((r for r in found.reproduced.rungs if percent(r) == label), None)
        theirs = f"{found.printed[printed[rung]]:g}%" if rung in printed else "–"
        rows.append(
            [
                label,
                f"{share.crashes} of {share.n}",
                percent(share.rate),
                f"{percent(share.low)} to {percent(share.high)}",
                str(share.waves),
                theirs,
                f"{full.crashes} of {full.n}",
                percent(full.rate),
            ]
        )
    return {
        "caption": found.language.say(
            "The ladder to {sample} beside the published figures, and on all data to {latest}. "
            "Stretches: separate two-year stretches that hold the crossings; industries rise "
            "together, so the intervals, which count every run-up as one independent draw, are "
            "too narrow.",
            sample=found.language.month(found.reproduced.last),
            latest=found.language.month(latest.last),
        ),
        "columns": [
            "Run-up of at least",
            "Crashes",
            "Frequency",
            "95% interval",
            "Stretches",
            "Published",
            f"Crashes to {latest.last}",
            "Frequency",
        ],
        "widths": [1.2, 0.9, 0.9, 1.2, 0.9, 0.9, 1.2, 0.9],
        "rows": rows,
    }


@makes("exhibit", "specifications", "us_industries")
def specification_table(found: Findings) -> dict:
    rows = []
    for label, rule in variants(found.rule).items():
        rungs = LadderModel(rungs=(0.5, 1.0, 1.5), rule=rule).fit(found.sample).rungs
        rows.append(
            [
                label,
                str(rungs[1.0].n),
                str(rungs[1.0].crashes),
                *(percent(rungs[r].rate) for r in (0.5, 1.0, 1.5)),
                str(rungs[1.0].n_open),
            ]
        )
    return {
        "caption": found.language.say(
            "What each choice changes: run-ups of 100% and crashes to {last}, and crash "
            "frequency at three rungs. Every row but the first changes one choice. Open: "
            "horizon not yet ended, not counted.",
            last=found.language.month(found.reproduced.last),
        ),
        "columns": ["Choice", "Run-ups", "Crashes", "50%", "100%", "150%", "Open"],
        "widths": [3, 0.8, 0.8, 0.7, 0.7, 0.7, 0.6],
        "rows": rows,
    }


@makes("exhibit", "standing-figure", "us_industries")
def standing_figure(found: Findings) -> dict:
    from manias.figures.runups import plot_standing
    from manias.figures.style import to_svg

    say, month = found.language.say, found.language.month
    return {
        "svg": to_svg(plot_standing([found.now, found.then]), found.language),
        "caption": say(
            "Two-year returns of the industries that build, power or carry AI, in {now} and in "
            "{then}",
            now=month(found.now.as_of),
            then=month(found.then.as_of),
        ),
        "alt": say("{now}. {then}.", now=standing_now(found), then=standing_then(found)),
    }


@makes("exhibit", "standing-now", "us_industries")
def standing_now_table(found: Findings) -> dict:
    return _standing_exhibit(found.now, found.language)


@makes("exhibit", "standing-then", "us_industries")
def standing_then_table(found: Findings) -> dict:
    return _standing_exhibit(found.then, found.language)


def _standing_exhibit(answer: Assessment, language: Language) -> dict:
    table = standing_table(answer)
    return {
        "caption": language.say(
            "As of {month}, with nothing seen that came later: two-year run-up, rung of the "
            "ladder, and how often such run-ups had crashed by then (below the lowest rung: "
            "any two years)",
            month=language.month(answer.as_of),
        ),
        "columns": [c[0].upper() + c[1:] for c in table.columns],
        "widths": [2, 0.7, 0.8, 0.9, 1.6, 1, 1.2, 1],
        "rows": table.astype(str).to_numpy().tolist(),
    }
