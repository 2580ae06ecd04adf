"""Investment on one clock, companies, and who pays."""

from collections.abc import Iterable

import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, some, whole
from manias.language.messages import Joined, Listed, Quarter, Text, Word
from manias.language.numbers import percent, plain
from manias.record.companies import ai_builders, capex_table
from manias.record.financing import Financing, compare_financing
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import (
    FIVE,
    billions,
    highest,
    interval,
    latest,
    path,
    peak_of,
    rows_at,
)
from manias.series.timeline import EventTime, Trajectory, align
from manias.series.trajectories import behind, calendar_quarter

ON_ONE_CLOCK = ("uk-railways-1840s", "uk-railways-mitchell", "us-it-dotcom", "us-it-ai")
"""Trajectories that are drawn on one clock."""


def age() -> int:
    """Quarters since the onset of the AI years."""
    ai = path("us-it-ai")
    return ai.values.index[-1].ordinal - ai.anchors["onset"].ordinal


def quarter_at(trajectory: Trajectory, quarters: int) -> pd.Period:
    """Quarter that lies so many quarters after the onset."""
    return trajectory.anchors["onset"].asfreq("Q", how="start") + quarters


def share_at(key: str, quarters: int) -> float:
    """Share of GDP so many quarters after the onset."""
    return float(path(key).values.get(quarter_at(path(key), quarters)))


@once
def capex() -> pd.DataFrame:
    return capex_table()


@makes("number", "dotcom-peak-share")
def dotcom_peak_share() -> Said:
    dotcom = path("us-it-dotcom")
    return Said(f"{plain(peak_of(dotcom)[1], 2)}%", highest(dotcom))


@makes("number", "dotcom-peak-quarter")
def dotcom_peak_quarter() -> Said:
    dotcom = path("us-it-dotcom")
    return Said(Quarter(peak_of(dotcom)[0]), highest(dotcom))


@makes("number", "ai-last-share")
def ai_last_share() -> Said:
    ai = path("us-it-ai")
    return Said(f"{plain(ai.values.iloc[-1], 2)}%", latest(ai))


@makes("number", "ai-last-quarter")
def ai_last_quarter() -> Said:
    ai = path("us-it-ai")
    return Said(Quarter(ai.values.index[-1]), latest(ai))


@makes("number", "railway-last-share")
def railway_last_share() -> Said:
    rail = path("uk-railways-1840s")
    return Said(f"{plain(rail.values.iloc[-1], 1)}%", latest(rail))


@makes("number", "five-capex-share")
def five_capex_share() -> Said:
    five = path(FIVE)
    return Said(f"{plain(five.values.iloc[-1], 2)}%", latest(five))


@makes("number", "five-capex-quarter")
def five_capex_quarter() -> Said:
    five = path(FIVE)
    return Said(Quarter(five.values.index[-1]), latest(five))


# ---- sentences that state a finding, chosen by their numbers


@makes("sentence", "capex-against-dotcom")
def capex_against_dotcom() -> Said:
    dotcom, ai = path("us-it-dotcom"), path("us-it-ai")
    gap = ai.values.iloc[-1] - peak_of(dotcom)[1]
    if abs(gap) < 0.05:
        text = Text("about the same as at the peak of the dotcom years")
    else:
        text = Text(
            "{points} percentage points {where:select above=above|below=below} the peak of the "
            "dotcom years",
            points=plain(abs(gap), 2),
            where="above" if gap > 0 else "below",
        )
    return Said(text, highest(dotcom), latest(ai))


@makes("sentence", "rise-against-dotcom")
def rise_against_dotcom() -> Said:
    quarters = age()
    rises, rests = {}, []
    for key in ("us-it-ai", "us-it-dotcom"):
        rises[key] = share_at(key, quarters) - share_at(key, 0)
        ends = (quarter_at(path(key), 0), quarter_at(path(key), quarters))
        rests.append(rows_at(path(key), f"onset and {quarters} quarters later", *ends))
    gap = rises["us-it-ai"] - rises["us-it-dotcom"]
    text = Text(
        "The share rose {pace:select faster=faster than|slower=slower than|other=as "
        "fast as} it did in the dotcom years. It gained {now} percentage points in "
        "the {years} years since the onset, against {then} points in the same time "
        "after the onset of the dotcom years",
        pace="same" if abs(gap) <= 0.05 else "faster" if gap > 0 else "slower",
        now=plain(rises["us-it-ai"], 2),
        then=plain(rises["us-it-dotcom"], 2),
        years=f"{quarters / 4:g}",
    )
    return Said(text, *rests)


@makes("sentence", "five-names")
def five_names() -> Said:
    table = load("trajectories").frame
    mine = table["id"] == FIVE
    members = table.loc[mine, "members"].iloc[0].split(";")
    text = Text(
        "{n} of them ({members})", n=Word(len(members), capital=True), members=Listed(members)
    )
    return Said(text, some("trajectories", mine, FIVE))


def _company_rows(measures: Iterable[str], quarters: pd.Series, how: str) -> Rows:
    """Rows of some measures in the quarter of each company."""
    frame = load("ai_capex").frame
    wanted = frame["company"].map(quarters)
    same = calendar_quarter(frame["period_end"]) == wanted
    return some("ai_capex", same & frame["measure"].isin(list(measures)), how)


def _last_quarters(column: str) -> pd.Series:
    seen = capex().dropna(subset=[column])
    return seen.groupby("company")["quarter"].max()


@makes("sentence", "free-cash-flow")
def free_cash_flow() -> Said:
    last = capex().dropna(subset=["free_cash_flow"]).groupby("company").tail(1)
    negative = last[last["free_cash_flow"] < 0]
    if negative.empty:
        text = Text(
            "In the latest quarter on record every one of them paid for it out of "
            "the cash from its own operations"
        )
    else:
        text = Text(
            "In the latest quarter on record {firms} {n:plural one=spends|other=spend} "
            "more on buildings and equipment than operations bring in",
            firms=Listed(negative["company"]),
            n=len(negative),
        )
    return Said(
        text,
        _company_rows(
            ("capex", "operating_cash_flow"),
            _last_quarters("free_cash_flow"),
            "the last quarter of each company",
        ),
        still="which firms spend more than comes in is told, not by how much",
    )


@makes("exhibit", "event-time")
def event_time_figure() -> Said:
    paths = [path(key) for key in ON_ONE_CLOCK]
    ai, dotcom, rail = (path(k) for k in ("us-it-ai", "us-it-dotcom", "uk-railways-1840s"))

    def draw(language):
        from manias.figures.record import plot_event_time

        table = align(paths, EventTime("onset", before=3, after=7))
        return plot_event_time(table, paths, clock="onset", language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Investment as a share of GDP, aligned on the onset of each boom, the "
            "date from which its clock counts. The definitions differ. British "
            "railways: spending on building lines. The two American series: all "
            "private investment in information processing equipment and software. "
            "Dashed: an estimate seen only as quoted, not confirmed (Mitchell)."
        ),
        alt=Text(
            "Three booms on one clock. British railway spending rises from {first} percent of "
            "GDP in {onset}, its onset, to {last} in {end}. US investment in information "
            "processing reaches {dotcom} percent in {then}, and {ai} percent in {now}.",
            first=plain(rail.values[rail.anchors["onset"]], 1),
            onset=str(rail.anchors["onset"]),
            last=plain(rail.values.iloc[-1], 1),
            end=str(rail.values.index[-1]),
            dotcom=plain(peak_of(dotcom)[1], 2),
            then=Quarter(peak_of(dotcom)[0]),
            ai=plain(ai.values.iloc[-1], 2),
            now=Quarter(ai.values.index[-1]),
        ),
        finding=Text(
            "US information processing takes {ai} percent of GDP, {above:select yes=more "
            "than|no=no more than} at its dotcom peak ({dotcom}); British railways took {rail} "
            "percent {years} years after their onset",
            ai=plain(ai.values.iloc[-1], 2),
            above=bool(ai.values.iloc[-1] > peak_of(dotcom)[1]),
            dotcom=plain(peak_of(dotcom)[1], 2),
            rail=plain(rail.values.iloc[-1], 1),
            years=Word((rail.values.index[-1] - rail.anchors["onset"]).n),
        ),
    )
    return Said(picture, *(behind(key) for key in ON_ONE_CLOCK))


@makes("exhibit", "same-age")
def same_age_table() -> Said:
    rail, american = path("uk-railways-1840s"), [path("us-it-dotcom"), path("us-it-ai")]
    ages = [*range(0, age(), 4), age()]

    def cell(value: float, when: str) -> Text:
        return Text("{value} ({when})", value=plain(value, 2), when=when)

    rows = []
    for quarters in ages:
        year = rail.anchors["onset"] + quarters // 4
        value = rail.values.get(year) if quarters % 4 == 0 else None
        line = [f"{quarters / 4:g}", "–" if pd.isna(value) else cell(value, str(year))]
        for one in american:
            when = quarter_at(one, quarters)
            line.append(cell(one.values[when], Quarter(when)))
        rows.append(line)
    highest_rail = Text(
        "{value} ({year}, last on record)",
        value=plain(peak_of(rail)[1], 2),
        year=str(peak_of(rail)[0]),
    )
    peaks = [peak_of(one) for one in american]
    rows.append(["highest", highest_rail, *(cell(v, Quarter(when)) for when, v in peaks)])
    table = Table(
        caption=Text(
            "Investment as a share of GDP in percent, at the same number of years "
            "since the onset. The two American columns share one definition. The "
            "British one is spending on railway building alone, comparable in shape "
            "and not in level."
        ),
        columns=[
            "Years since onset",
            "British railways, 1840s",
            "US, dotcom years",
            "US, AI years",
        ],
        widths=[1, 1.5, 1.3, 1.3],
        rows=rows,
    )
    years = [rail.anchors["onset"] + quarters // 4 for quarters in ages if quarters % 4 == 0]
    shown = [year for year in years if year in rail.values.index]
    rests = [rows_at(rail, "whole years since the onset", *shown), highest(rail)]
    for one in american:
        when = [quarter_at(one, quarters) for quarters in ages]
        rests.append(rows_at(one, "whole years since the onset, and the last", *when))
        rests.append(highest(one))
    return Said(table, *rests)


@makes("exhibit", "capex")
def capex_figure() -> Said:
    table = capex()
    ends = [
        Text(
            "{company} {first:billion} to {last:billion}",
            company=company,
            first=plain(one.iloc[0]),
            last=plain(one.iloc[-1]),
        )
        for company, one in table.dropna(subset=["capex"]).groupby("company")["capex"]
    ]

    def draw(language):
        from manias.figures.record import plot_capex

        return plot_capex(table, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Cash capital expenditure, operating cash flow and free cash flow by company and "
            "calendar quarter, each company on its own scale. Gross of incentives, without "
            "finance leases: company headlines differ. A missing quarter is missing in the "
            "source."
        ),
        alt=Text(
            "One panel a company, capital expenditure in billion dollars a quarter from the "
            "first to the last on record: {ends}. {finding}.",
            ends=Joined("; ", ends),
            finding=free_cash_flow().content,
        ),
        finding=_paid_out_of_cash(table),
    )
    frame = load("ai_capex").frame
    shown = frame["measure"].isin(["capex", "operating_cash_flow"])
    drawn = shown & frame["company"].isin(ai_builders())
    return Said(picture, some("ai_capex", drawn, "what is drawn"))


def _paid_out_of_cash(table: pd.DataFrame) -> Text:
    last = table.dropna(subset=["free_cash_flow"]).groupby("company").tail(1)
    more = last.loc[last["free_cash_flow"] < 0, "company"]
    if more.empty:
        return Text(
            "In their latest quarter all {total} builders paid for their spending out of cash "
            "from operations",
            total=Word(len(last)),
        )
    return Text(
        "In their latest quarter {n} of {total} builders spent more than operations brought "
        "in: {firms}",
        n=Word(len(more)),
        total=Word(len(last)),
        firms=Listed(more),
    )


@makes("exhibit", "capex-latest")
def capex_latest_table() -> Said:
    rows = []
    for company, one in capex().groupby("company"):
        one = one.set_index("quarter")
        seen = one.dropna(subset=["capex"])
        quarter, last = seen.index[-1], seen.iloc[-1]
        before = one["capex"].get(quarter - 4, float("nan"))
        rows.append(
            [
                company,
                Quarter(quarter),
                *(
                    billions(last[m])
                    for m in ("capex", "operating_cash_flow", "free_cash_flow")
                ),
                percent(last["capex"] / last["operating_cash_flow"]),
                percent(last["capex"] / last["revenue"]),
                percent(last["capex"] / before - 1),
                last["grade"],
            ]
        )
    table = Table(
        caption=Text(
            "The latest quarter with capital expenditure on record, by company (billion USD). "
            "A dash: an input is missing."
        ),
        columns=[
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
        widths=[1.2, 1, 0.8, 1.1, 0.9, 1, 1, 1.1, 0.7],
        rows=rows,
    )
    last = _last_quarters("capex")
    measures = ("capex", "operating_cash_flow", "revenue")
    return Said(
        table,
        _company_rows(measures, last, "the last quarter of each company"),
        _company_rows(("capex",), last - 4, "and capex of a year before"),
    )


# ---- who pays


HIGHEST_YEAR = "of each carrier the year of its highest spending counts; others stay below it"
"""Why one row behind who pays may not move it."""


@once
def _paid() -> Financing:
    return compare_financing()


def _financing_rows() -> Iterable[Rows]:
    yield from whole("financing.data")
    frame = load("ai_capex").frame
    spans = _paid().companies.query("wave == 'ai'").set_index("company")["span"]
    for company, span in spans.items():
        first, _, last = span.partition("-")
        quarters = calendar_quarter(frame["period_end"])
        inside = quarters.between(pd.Period(first, "Q"), pd.Period(last, "Q"))
        wanted = frame["measure"].isin(["capex", "operating_cash_flow", "revenue"])
        mine = (frame["company"] == company) & inside & wanted
        yield some("ai_capex", mine, f"{company}, {span}")


@makes("exhibit", "financing")
def financing_exhibit() -> Said:
    table = _paid().companies
    known = table[table["of_cash_flow"].notna()].sort_values(
        ["wave", "of_cash_flow"], ascending=[True, False]
    )
    missing = list(table.loc[table["of_cash_flow"].isna(), "company"])
    caption = Text(
        "Who pays: capital expenditure over cash from operations (billions). AI "
        "builders: their last four quarters. Telecom carriers of the dotcom years: "
        "the year of their highest spending on record."
    )
    if missing:
        without = Text(" Spending without cash flow on record: {names}.", names=Listed(missing))
        caption = Joined("", [caption, without])
    exhibit = Table(
        caption=caption,
        columns=[
            "Builder",
            "Wave",
            "Span",
            "Currency",
            "Capex",
            "Cash from operations",
            "Capex / cash flow",
            "Capex / revenue",
            "Grade",
        ],
        widths=[1.4, 1.1, 1.1, 0.75, 0.7, 1, 0.9, 0.85, 0.55],
        rows=[
            [
                r.company,
                _WAVES[r.wave],
                interval(*r.span.split("-")) if "-" in r.span else r.span,
                r.currency,
                billions(r.capex),
                billions(r.operating_cash_flow),
                percent(r.of_cash_flow),
                percent(r.of_revenue),
                r.grade,
            ]
            for r in known.itertuples()
        ],
    )
    return Said(exhibit, _financing_rows(), still=HIGHEST_YEAR)


_WAVES = {"ai": "AI", "dotcom-telecom": "dotcom telecom", "uk-railways": "railways"}


@makes("sentence", "financing-finding")
def financing_finding() -> Said:
    return Said(financing_sentence(_paid()), _financing_rows(), still=HIGHEST_YEAR)


def financing_sentence(paid: Financing) -> Text:
    """Compare what builders of two waves spent of the cash that came in.

    Parameters
    ----------
    paid : manias.record.financing.Financing

    Returns
    -------
    Text

    Examples
    --------
    >>> financing_sentence(compare_financing())[:10]
    'Of the six'
    """
    now, then = (paid.waves.loc[wave] for wave in ("ai", "dotcom-telecom"))
    fields = {
        "n": Word(int(now["known"])),
        "now": percent(now["median"]),
        "low": percent(now["low"]),
        "high": percent(now["high"]),
        "m": Word(int(then["known"])),
        "then": percent(then["median"]),
    }
    if now["median"] >= then["median"]:
        return Text(
            "Of the {n} AI builders, the median spent {now} of the cash from "
            "operations of the last four quarters on buildings and equipment; the "
            "builders range from {low} to {high}. That is no less than the median of "
            "the {m} telecom carriers of the dotcom years on record, {then}, each in "
            "the year of its highest spending",
            **fields,
        )
    return Text(
        "Of the {n} AI builders, the median spent {now} of the cash from operations "
        "of the last four quarters on buildings and equipment; the builders range "
        "from {low} to {high}. Of the {m} telecom carriers of the dotcom years on "
        "record, the median spent {then}, each in the year of its highest spending",
        **fields,
    )
