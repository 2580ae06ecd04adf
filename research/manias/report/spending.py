"""Investment on one clock, companies, and who pays."""

import pandas as pd

from manias.data.library import load, once
from manias.language.editions import Language
from manias.language.numbers import percent, plain
from manias.record.financing import Financing, compare_financing
from manias.report.exhibits import Findings, makes, peak_of
from manias.series.timeline import EventTime, align


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


@makes("number", "five-capex-share", "ai_capex", "us_it_investment", "trajectories")
def five_capex_share(found: Findings) -> str:
    return f"{plain(found.five.values.iloc[-1], 2)}%"


@makes("number", "five-capex-quarter", "ai_capex", "us_it_investment", "trajectories")
def five_capex_quarter(found: Findings) -> str:
    return found.language.quarter(found.five.values.index[-1])


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


@makes("exhibit", "event-time", "uk_railways", "uk_macro", "us_it_investment", "trajectories")
def event_time_figure(found: Findings) -> dict:
    from manias.figures.record import plot_event_time
    from manias.figures.style import to_svg

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
    from manias.figures.record import plot_capex
    from manias.figures.style import to_svg

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


# ---- who pays


@once
def _paid() -> Financing:
    return compare_financing()


@makes("exhibit", "financing", "financing", "ai_capex")
def financing_exhibit(found: Findings) -> dict:
    table = _paid().companies
    known = table[table["of_cash_flow"].notna()].sort_values(
        ["wave", "of_cash_flow"], ascending=[True, False]
    )
    rows = [
        [
            r.company,
            _WAVES[r.wave],
            r.span,
            r.currency,
            plain(r.capex, 1),
            plain(r.operating_cash_flow, 1),
            percent(r.of_cash_flow),
            percent(r.of_revenue),
            r.grade,
        ]
        for r in known.itertuples()
    ]
    missing = list(table.loc[table["of_cash_flow"].isna(), "company"])
    say, listed = found.language.say, found.language.listed
    caption = say(
        "Who pays: spending on plant over cash from operations, AI builders in their last four "
        "quarters and telecom carriers of the dotcom years in the year of their highest "
        "spending on record (billions)."
    )
    if missing:
        names = listed(found.language.t(name) for name in missing)
        caption += say(" Spending without cash flow on record: {names}.", names=names)
    return {
        "caption": caption,
        "columns": [
            "Builder", "Wave", "Span", "Currency", "Capex", "Cash from operations",
            "Capex / cash flow", "Capex / revenue", "Grade",
        ],
        "widths": [1.4, 1.1, 1.1, 0.75, 0.7, 1, 0.9, 0.85, 0.55],
        "verbatim": (2, 3),
        "rows": rows,
    }  # fmt: skip


_WAVES = {"ai": "AI", "dotcom-telecom": "dotcom telecom", "uk-railways": "railways"}


@makes("sentence", "financing-finding", "financing", "ai_capex")
def financing_finding(found: Findings) -> str:
    return financing_sentence(_paid(), found.language)


def financing_sentence(paid: Financing, language: Language) -> str:
    """Compare what builders of two waves spent of the cash that came in.

    Parameters
    ----------
    paid : manias.record.financing.Financing
    language : Language

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.language.editions import ENGLISH
    >>> financing_sentence(compare_financing(), ENGLISH)[:10]
    'The median'
    """
    now, then = (paid.waves.loc[wave] for wave in ("ai", "dotcom-telecom"))
    fields = {
        "n": language.word(int(now["known"])),
        "now": percent(now["median"]),
        "low": percent(now["low"]),
        "high": percent(now["high"]),
        "m": language.word(int(then["known"])),
        "then": percent(then["median"]),
    }
    if now["median"] >= then["median"]:
        return language.say(
            "The median of the {n} AI builders put {now} of the cash from operations of the "
            "last four quarters into plant ({low} to {high}), as much as or more than that of "
            "the {m} telecom carriers of the dotcom years on record in the highest year on "
            "record of each ({then})",
            **fields,
        )
    return language.say(
        "The median of the {n} AI builders put {now} of the cash from operations of the last "
        "four quarters into plant ({low} to {high}); that of the {m} telecom carriers of the "
        "dotcom years on record put {then} in the highest year on record of each",
        **fields,
    )
