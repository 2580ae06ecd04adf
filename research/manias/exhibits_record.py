"""Numbers, sentences and exhibits of the record: build-outs, companies, prices, innovations."""

import pandas as pd

from manias.catalog import grade_shares, load, names
from manias.episodes import count_waves, variants
from manias.exhibits import (
    Findings,
    makes,
    peak_of,
    short_list,
    source_numbers,
)
from manias.innovations import count_verdicts, list_innovations
from manias.language import Language
from manias.models.ladder import Assessment, LadderModel, rung_of
from manias.sources import GRADES
from manias.tables import percent, plain, standing_table
from manias.timeline import EventTime, align

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


@makes("number", "dotcom-peak-share", "us_it_investment", "trajectories")
def dotcom_peak_share(found: Findings) -> str:
    return f"{plain(peak_of(found.paths['us-it-dotcom'])[1], 2)}%"


@makes("number", "dotcom-peak-quarter", "us_it_investment", "trajectories")
def dotcom_peak_quarter(found: Findings) -> str:
    return found.language.quarter(peak_of(found.paths["us-it-dotcom"])[0])


@makes("number", "ai-last-share", "us_it_investment", "trajectories")
def ai_last_share(found: Findings) -> str:
    return f"{plain(found.paths['us-it-ai'].values.iloc[-1], 2)}%"


@makes("number", "ai-last-quarter", "us_it_investment", "trajectories")
def ai_last_quarter(found: Findings) -> str:
    return found.language.quarter(found.paths["us-it-ai"].values.index[-1])


@makes("number", "railway-last-share", "uk_railways", "uk_macro", "trajectories")
def railway_last_share(found: Findings) -> str:
    return f"{plain(found.paths['uk-railways-1840s'].values.iloc[-1], 1)}%"


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


@makes("number", "five-capex-share", "ai_capex", "us_it_investment", "trajectories")
def five_capex_share(found: Findings) -> str:
    return f"{plain(found.five.values.iloc[-1], 2)}%"


@makes("number", "five-capex-quarter", "ai_capex", "us_it_investment", "trajectories")
def five_capex_quarter(found: Findings) -> str:
    return found.language.quarter(found.five.values.index[-1])


@makes("number", "industries", "us_industries")
def n_industries(found: Findings) -> str:
    return str(found.sample.returns.shape[1])


@makes("number", "ai-industries", "us_industries")
def n_ai_industries(found: Findings) -> str:
    return found.language.word(len(found.now.standings))


@makes("number", "model-id", "us_industries")
def model_id(found: Findings) -> str:
    return found.now.model_id


# ---- sentences that state a finding, chosen by their numbers


@makes("sentence", "capex-against-dotcom", "us_it_investment", "trajectories")
def capex_against_dotcom(found: Findings) -> str:
    peak, last = (
        peak_of(found.paths["us-it-dotcom"])[1],
        found.paths["us-it-ai"].values.iloc[-1],
    )
    gap, say = last - peak, found.language.say
    points = plain(abs(gap), 2)
    if abs(gap) < 0.05:
        return say("about the same as at the peak of the dotcom years")
    if gap > 0:
        return say(
            "{points} percentage points above the peak of the dotcom years", points=points
        )
    return say("{points} percentage points below the peak of the dotcom years", points=points)


@makes("sentence", "rise-against-dotcom", "us_it_investment", "trajectories")
def rise_against_dotcom(found: Findings) -> str:
    now = found.share("us-it-ai", found.age) - found.share("us-it-ai", 0)
    then = found.share("us-it-dotcom", found.age) - found.share("us-it-dotcom", 0)
    say = found.language.say
    fields = {"now": plain(now, 2), "then": plain(then, 2), "years": f"{found.age / 4:g}"}
    if now - then > 0.05:
        return say(
            "The share rose faster than it did in the dotcom years: by {now} percentage points "
            "in the {years} years since the onset, against {then} points in the same time "
            "after the onset of the dotcom years",
            **fields,
        )
    if then - now > 0.05:
        return say(
            "The share rose slower than it did in the dotcom years: by {now} percentage points "
            "in the {years} years since the onset, against {then} points in the same time "
            "after the onset of the dotcom years",
            **fields,
        )
    return say(
        "The share rose as fast as it did in the dotcom years: by {now} percentage points "
        "in the {years} years since the onset, against {then} points in the same time "
        "after the onset of the dotcom years",
        **fields,
    )


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


@makes("sentence", "five-names", "trajectories")
def five_names(found: Findings) -> str:
    row = load("trajectories").frame.set_index("id").loc["ai-capex-five"]
    members, language = row["members"].split(";"), found.language
    return language.say(
        "{n} of them ({members})",
        n=language.word(len(members)).capitalize(),
        members=language.listed(map(language.t, members)),
    )


@makes("sentence", "free-cash-flow", "ai_capex")
def free_cash_flow(found: Findings) -> str:
    last = found.capex.dropna(subset=["free_cash_flow"]).groupby("company").tail(1)
    negative = last[last["free_cash_flow"] < 0]
    say = found.language.say
    if negative.empty:
        return say(
            "In the latest quarter on record every one of them paid for it out of its own "
            "cash flow"
        )
    firms = found.language.listed(map(found.language.t, negative["company"]))
    if len(negative) == 1:
        return say(
            "In the latest quarter on record {firm} spends more on it than the business "
            "brings in",
            firm=firms,
        )
    return say(
        "In the latest quarter on record {firms} spend more on it than the business brings in",
        firms=firms,
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


# ---- exhibits


@makes("exhibit", "timeline", "innovations")
def timeline_figure(found: Findings) -> dict:
    from manias.figures import plot_timeline, to_svg

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


@makes("exhibit", "event-time", "uk_railways", "uk_macro", "us_it_investment", "trajectories")
def event_time_figure(found: Findings) -> dict:
    from manias.figures import plot_event_time, to_svg

    paths = list(found.paths.values())
    table = align(paths, EventTime("onset", before=3, after=7))
    ai, dotcom, rail = (
        found.paths[k] for k in ("us-it-ai", "us-it-dotcom", "uk-railways-1840s")
    )
    say, quarter = found.language.say, found.language.quarter
    return {
        "svg": to_svg(plot_event_time(table, paths, clock="onset"), found.language),
        "caption": say(
            "Investment as a share of GDP, aligned on the onset of each boom. The definitions "
            "differ: British railways are spending on building lines, the two American series "
            "are all private investment in information processing equipment and software. "
            "Dashed: an estimate as printed (Mitchell)."
        ),
        "alt": say(
            "Three booms on one clock. British railway spending rises from {first} to {last} "
            "percent of GDP in three years after its onset. US investment in information "
            "processing reaches {dotcom} percent in {then}, and {ai} percent in {now}.",
            first=plain(rail.values.iloc[0], 1),
            last=plain(rail.values.iloc[-1], 1),
            dotcom=plain(peak_of(dotcom)[1], 2),
            then=quarter(peak_of(dotcom)[0]),
            ai=plain(ai.values.iloc[-1], 2),
            now=quarter(ai.values.index[-1]),
        ),
    }


@makes("exhibit", "same-age", "uk_railways", "uk_macro", "us_it_investment", "trajectories")
def same_age_table(found: Findings) -> dict:
    rail, say, quarter = (
        found.paths["uk-railways-1840s"],
        found.language.say,
        found.language.quarter,
    )
    rows = []
    for quarters in [*range(0, found.age, 4), found.age]:
        line = [f"{quarters / 4:g}"]
        year = rail.anchors["onset"] + quarters // 4
        value = rail.values.get(year) if quarters % 4 == 0 else None
        line.append(
            f"{plain(value, 2)} ({year})" if value is not None and pd.notna(value) else "–"
        )
        for key in ("us-it-dotcom", "us-it-ai"):
            period = found.paths[key].anchors["onset"].asfreq("Q", how="start") + quarters
            share = plain(found.share(key, quarters), 2)
            line.append(say("{value} ({when})", value=share, when=quarter(period)))
        rows.append(line)
    peak, share = peak_of(found.paths["us-it-dotcom"])
    latest, most = peak_of(found.paths["us-it-ai"])
    rows.append(
        [
            "highest",
            f"{plain(peak_of(rail)[1], 2)} ({peak_of(rail)[0]}, last on record)",
            say("{value} ({when})", value=plain(share, 2), when=quarter(peak)),
            say("{value} ({when})", value=plain(most, 2), when=quarter(latest)),
        ]
    )
    return {
        "caption": found.language.say(
            "Investment as a share of GDP in percent, at the same number of years since the "
            "onset. The two American columns share one definition; the British one is "
            "spending on railway building alone and is comparable in shape, not in level."
        ),
        "columns": [
            "Years since onset",
            "British railways, 1840s",
            "US, dotcom years",
            "US, AI years",
        ],
        "widths": [1, 1.5, 1.3, 1.3],
        "rows": rows,
    }


@makes("exhibit", "capex", "ai_capex")
def capex_figure(found: Findings) -> dict:
    from manias.figures import plot_capex, to_svg

    table = found.capex
    last = table.dropna(subset=["capex"]).groupby("company").tail(1)
    top = last.loc[last["capex"].idxmax()]
    say = found.language.say
    return {
        "svg": to_svg(plot_capex(table), found.language),
        "caption": say(
            "Cash capital expenditure, operating cash flow and free cash flow by company and "
            "calendar quarter. Gross of incentives, without finance leases: company headlines "
            "differ. A missing quarter is missing in the source."
        ),
        "alt": say(
            "Six panels. Capital expenditure rises steeply in all of them; the largest in the "
            "latest quarter is {company} with {capex} billion dollars. {finding}.",
            company=found.language.t(top["company"]),
            capex=plain(top["capex"], 1),
            finding=free_cash_flow(found),
        ),
    }


@makes("exhibit", "capex-latest", "ai_capex")
def capex_latest_table(found: Findings) -> dict:
    rows = []
    for company, one in found.capex.groupby("company"):
        one = one.set_index("quarter")
        seen = one.dropna(subset=["capex"])
        quarter, last = seen.index[-1], seen.iloc[-1]
        before = one["capex"].get(quarter - 4, float("nan"))
        rows.append(
            [
                company,
                found.language.say(
                    "{year} Q{quarter}", year=quarter.year, quarter=quarter.quarter
                ),
                plain(last["capex"]),
                plain(last["operating_cash_flow"]),
                plain(last["free_cash_flow"]),
                percent(last["capex"] / last["operating_cash_flow"]),
                percent(last["capex"] / last["revenue"]),
                percent(last["capex"] / before - 1),
                last["grade"],
            ]
        )
    return {
        "caption": found.language.say(
            "The latest quarter with capital expenditure on record, by company (billion USD). "
            "A dash: an input is missing."
        ),
        "columns": [
            "Company",
            "Quarter",
            "Capex",
            "Operating cash flow",
            "Free cash flow",
            "Capex / cash flow",
            "Capex / revenue",
            "Capex, change on year",
            "Grade",
        ],
        "widths": [1.2, 1, 0.8, 1.1, 0.9, 1, 1, 1.1, 0.7],
        "rows": rows,
    }


@makes("exhibit", "ladder", "us_industries", "published")
def ladder_figure(found: Findings) -> dict:
    from manias.figures import plot_ladder, to_svg

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
    from manias.figures import plot_standing, to_svg

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
