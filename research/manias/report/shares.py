"""Shares at the same age, what fell last, and how dear shares are."""

from collections.abc import Iterable

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some
from manias.language.messages import Joined, Listed, Month, Text, Word
from manias.language.numbers import percent, plain
from manias.report.exhibits import Picture, Said, makes
from manias.series.baskets import windows
from manias.series.shares import (
    KINDS,
    NOW,
    THEN,
    Fall,
    RecentFalls,
    SharePair,
    compare_shares,
    recent_falls,
)
from manias.series.valuation import value_market

DRAWN = (-24, 120)
"""Months since the event that the figure of shares draws."""
AT_AN_AGE = "a level moves it at the age that is told, or where it is the highest"
AT_THE_ENDS = "of each series its last two months and its highest move it"
"""Why one level may not move what is said."""
FIFTH = -0.2
"""A fall that is counted: of a fifth."""


def _levels(ends: tuple[int, int]) -> Iterable[Rows]:
    """Levels of the pairs within some months since the event, and what is said of them."""
    market = load("ai_market")
    frame, listed = market.frame, market.tables["series"]
    for window, column in ((NOW, "now_key"), (THEN, "then_key")):
        keys = [getattr(pair, column) for pair in compare_shares().pairs]
        start = windows()[window].start
        inside = frame["month"].between(start + ends[0], start + ends[1])
        mine = (frame["window"] == window) & frame["series"].isin(keys) & inside
        yield some("ai_market", mine, f"{window}: {', '.join(keys)}")
        told = (listed["window"] == window) & listed["series"].isin(keys)
        yield some("ai_market.series", told, f"{window}: {', '.join(keys)}")


def _beside(pair: SharePair) -> Text:
    return Text(
        "{name} stands at {now} (dotcom years: {then} at that age, peak {peak} after "
        "{months} months)",
        name=pair.name,
        now=f"{pair.now_level:,.0f}",
        then=f"{pair.then_level:,.0f}",
        peak=f"{pair.then_peak:,.0f}",
        months=pair.then_peak_age,
    )


@makes("sentence", "shares-finding")
def shares_finding() -> Said:
    found = compare_shares()
    text = Text(
        "{finding}. With the month of the event as 100: {parts}",
        finding=found.finding,
        parts=Joined("; ", map(_beside, found.pairs)),
    )
    levels = (rows for rows in _levels((0, DRAWN[1])) if rows.table == "data")
    return Said(text, levels, still=AT_AN_AGE)


@makes("exhibit", "shares-same-age")
def shares_figure() -> Said:
    found = compare_shares()

    def draw(language):
        from manias.figures.shares import plot_shares

        return plot_shares(found, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Share prices by years since the event that starts each wave: the first "
            "sale of Netscape shares, and ChatGPT opened to the public. Ends of "
            "months, on one logarithmic scale. Thick: the AI years; thin: the dotcom "
            "years; dots: the age that the AI years have reached. The semiconductors "
            "of the AI years are a fund that counts dividends, those of the dotcom "
            "years an index that does not. Nvidia and Cisco were picked knowing how "
            "far they rose, so that two names are no sample."
        ),
        alt=Text(
            "Three panels of lines by years since the event, 100 in its month. In {month}: "
            "{parts}.",
            month=Month(windows()[NOW].start + found.pairs[0].age),
            parts=Joined("; ", map(_beside, found.pairs)),
        ),
    )
    return Said(picture, _levels(DRAWN))


# ---- what fell last


def _recent() -> Iterable[Rows]:
    """Levels of the series whose falls are told, and how each came to be here."""
    market = load("ai_market")
    keys = [fall.key for fall in recent_falls().falls]
    frame = market.frame
    mine = (frame["window"] == NOW) & frame["series"].isin(keys)
    yield some("ai_market", mine, f"{NOW}: {', '.join(keys)}")


def _chosen() -> Rows:
    table = load("ai_market").tables["series"]
    kinds = pd.Series(False, table.index)
    for kind, selections in KINDS.items():
        kinds |= (table["kind"] == kind) & table["selection"].isin(selections)
    shown = (table["window"] == NOW) & (table["shipped"] == "yes") & kinds
    return some("ai_market.series", shown, "indices and companies of the AI years")


@makes("sentence", "falls-finding")
def falls_finding() -> Said:
    found = recent_falls()
    deep = {
        kind: [f for f in found.falls if f.kind == kind and f.from_peak <= FIFTH]
        for kind in KINDS
    }
    count = {kind: sum(f.kind == kind for f in found.falls) for kind in KINDS}
    text = Text(
        "{finding}. At the end of that month {n} of {of} indices and funds and {m} of "
        "{companies} companies stood a fifth or more below their highest month{which}",
        finding=found.finding,
        n=Word(len(deep["index"])),
        of=Word(count["index"]),
        m=Word(len(deep["name"])),
        companies=Word(count["name"]),
        which=_which([*deep["index"], *deep["name"]]),
    )
    return Said(text, _recent(), _chosen(), still=AT_THE_ENDS)


def _which(deep: list[Fall]) -> str:
    if not deep:
        return ""
    parts = [
        Text(
            "{name} {fall} since {month}",
            name=fall.name,
            fall=percent(fall.from_peak),
            month=str(fall.peak_month),
        )
        for fall in deep
    ]
    return Text(" ({parts})", parts=Listed(parts))


@makes("exhibit", "falls")
def falls_figure() -> Said:
    found = recent_falls()

    def draw(language):
        from manias.figures.shares import plot_falls

        return plot_falls(found, language=language)

    caption = Text(
        "What fell last, ends of months to {month}: each index, fund and company "
        "below its highest month on record since {first}, and its change in the last "
        "month. Funds and companies count dividends, indices do not. A fall and a "
        "recovery within a month are not seen. Companies are those of the table of "
        "spending that were listed; names taken over from the dotcom years are left "
        "out.",
        month=Month(found.month),
        first=Month(load("ai_market").frame.query("window == @NOW")["month"].min()),
    )
    if found.ended:
        ended = Text(" Not on record to that month: {names}.", names=Listed(found.ended))
        caption = Joined("", [caption, ended])
    picture = Picture(draw=draw, caption=caption, alt=_told(found))
    return Said(picture, _recent(), _chosen(), still=AT_THE_ENDS)


def _told(found: RecentFalls) -> Text:
    parts = [
        Text(
            "{name} {fall} since {month}, {change} in the last month",
            name=f.name,
            fall=percent(f.from_peak, 1),
            month=str(f.peak_month),
            change=percent(f.change, 1),
        )
        for f in found.falls
    ]
    return Text(
        "Bars of falls to {month}: {parts}.",
        month=Month(found.month),
        parts=Joined("; ", parts),
    )


# ---- how dear shares are

VALUED = "a month moves it where it is the last, a peak, or passes the last value"
"""Why one month may not move what is said of the valuation."""


def _valued() -> Rows:
    frame = load("shiller").frame
    known = frame["cape"].notna()
    first, last = frame.loc[known, "month"].iloc[[0, -1]]
    return some("shiller", known, f"cape, {first} to {last}")


@makes("sentence", "valuation-finding")
def valuation_finding() -> Said:
    found = value_market()
    text = Text(
        "{finding}. {share} of all months since {first} were lower",
        finding=found.finding,
        share=percent(found.share_below),
        first=str(found.values.index[0].year),
    )
    return Said(text, _valued(), still=VALUED)


@makes("exhibit", "valuation")
def valuation_figure() -> Said:
    found = value_market()
    old, late = found.peak("1929"), found.peak("2000")

    def draw(language):
        from manias.figures.shares import plot_valuation

        return plot_valuation(found, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Price of the S&P composite over its mean real earnings of ten years, by month "
            "(Shiller). The peaks of 1929 and 2000 are the highest months around those years. "
            "Dashed: after {month}, the last month of which earnings are on record. It is the "
            "whole market, not the shares of AI.",
            month=Month(found.earnings_to),
        ),
        alt=Text(
            "A line from {first} to {last}: a peak of {old} in {then}, one of {late} in "
            "{later}, and {now} in the last month, above {share} of all months.",
            first=str(found.values.index[0].year),
            last=Month(found.month),
            old=plain(old[1]),
            then=Month(old[0]),
            late=plain(late[1]),
            later=Month(late[0]),
            now=plain(found.now),
            share=percent(found.share_below),
        ),
    )
    return Said(picture, _valued())
