"""The answer by definition, and shares that others have printed beside ours."""

from collections.abc import Iterable

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.figures.tables import figure_of
from manias.language.messages import Joined, Listed, Quarter, Text
from manias.language.numbers import plain, signed
from manias.report.exhibits import Cites, Said, Table, makes
from manias.spending.definitions import (
    AI,
    DOTCOM,
    EQUIPMENT,
    SOFTWARE,
    ByDefinition,
    answer_by_definition,
    definition_rows,
    headline_peak,
    told_quarters,
)
from manias.spending.published import (
    TABLE,
    PublishedShare,
    compare_published_shares,
    ours_rows,
)

LEVEL, PACE = ("newest", "peak", "whole"), ("newest", "onset", "onset_then", "then")
"""Quarters on which what is said of the level rests, and of the pace."""


def _behind(keys: Iterable[str], quarters: Iterable[str]) -> Iterable[Rows]:
    """Rows behind some quarters of some definitions, and the rows that date the two waves."""
    for row in answer_by_definition().rows:
        if row.key in keys:
            told = told_quarters(row)
            wanted = [told[name] for name in quarters if name in told]
            how = f"{row.key}: the highest of the dotcom years, onsets, the same age, newest"
            yield from definition_rows(row.key, wanted, how)
    table = load("trajectories").frame
    yield some("trajectories", table["id"].isin([DOTCOM, AI]), "the onset of each wave")


@makes("sentence", "definition-level")
def definition_level() -> Said:
    return Said(
        answer_by_definition().level, _behind((EQUIPMENT, SOFTWARE, "computers"), LEVEL)
    )


@makes("sentence", "definition-pace")
def definition_pace() -> Said:
    return Said(answer_by_definition().pace, _behind((EQUIPMENT, SOFTWARE), PACE))


@makes("sentence", "definition-software")
def definition_software() -> Said:
    row = answer_by_definition().row(SOFTWARE)
    before = row.newest - row.rise - row.then
    text = Text(
        "When the AI years began, software already stood {before} points {b:select "
        "above=above|below=below} its share of {quarter}. It has {s:select "
        "rose=risen|fell=fallen} by {since} since. The part of the distance that is "
        "software is {older:select yes=mostly older than the AI years|no=mostly of "
        "these years}",
        before=plain(abs(before), 2),
        b="above" if before >= 0 else "below",
        quarter=Quarter(headline_peak()),
        s="rose" if row.rise >= 0 else "fell",
        since=plain(abs(row.rise), 2),
        older=abs(before) > abs(row.rise),
    )
    return Said(text, _behind((SOFTWARE,), ("newest", "onset", "whole")))


@makes("exhibit", "answer-by-definition")
def answer_by_definition_table() -> Said:
    found = answer_by_definition()
    years = max(row.quarters for row in found.rows) / 4
    caption = Text(
        "Spending on AI by definition, percent of US GDP: the peak of the dotcom "
        "years, the newest value, and the rise in percentage points since the onset "
        "of the AI years. Beside it the rise in the same time after the onset of the "
        "dotcom years (at most {years} years). No definition is continued by "
        "another. Construction is not adjusted for the season. The five builders "
        "spend abroad too. {imports}.",
        years=f"{years:g}",
        imports=found.imports,
    )
    reasons = dict.fromkeys(row.reason for row in found.rows if row.reason)
    if reasons:
        blank = Text(" A dash: {reasons}.", reasons=Joined("; ", reasons))
        caption = Joined("", [caption, blank])
    table = Table(
        caption=caption,
        columns=[
            "Definition",
            "Dotcom peak",
            "Newest",
            "Difference",
            "Against the peak",
            "Rise",
            "Rise then",
        ],
        widths=[2.4, 1.6, 1.6, 0.9, 1.1, 0.75, 0.85],
        rows=[_line(row) for row in found.rows],
    )
    keys = [row.key for row in found.rows]
    return Said(table, _behind(keys, ("peak", *PACE)))


def _line(row: ByDefinition) -> list[str]:
    return [
        row.name,
        _at(row.peak, row.peak_quarter),
        _at(row.newest, row.newest_quarter),
        signed(row.difference, 2),
        row.verdict,
        signed(row.rise, 2),
        signed(row.rise_dotcom, 2),
    ]


def _at(value: float, quarter: str) -> str:
    if not quarter:
        return "–"
    when = Quarter(pd.Period(quarter, "Q"))
    return Text("{value} ({when})", value=plain(value, 2), when=when)


@makes("exhibit", "published-shares")
def published_shares_table() -> Said:
    found = compare_published_shares()
    table = Table(
        caption=Text(
            "What others have printed, percent of GDP or percentage points, beside "
            "ours of the same period where a definition of ours corresponds. An "
            "asterisk: by their words the same definition, else the nearest. The "
            "difference is ours less theirs, or less the nearer end of a range. None "
            "went into a model."
        ),
        columns=[
            "Said by",
            "What, and when",
            "Figure",
            "Ours",
            "Difference",
            "Source",
            "Grade",
        ],
        widths=[1.35, 2.7, 0.95, 2.1, 0.85, 0.6, 0.5],
        rows=[_published_line(one) for one in found],
    )
    return Said(table, whole(TABLE), (rows for one in found for rows in ours_rows(one)))


def _published_line(one: PublishedShare) -> list[object]:
    ours = one.reason
    if one.ours == one.ours:
        ours = Text(
            "{value}{star} ({name})",
            value=plain(one.ours, 2),
            star="*" if one.match == "same" else "",
            name=one.ours_name,
        )
    return [
        Text("{who}, {date}", who=one.who, date=one.published),
        Text("{what}, {period}", what=one.what, period=one.period),
        figure_of(one),
        ours,
        signed(one.difference, 2),
        Cites(tuple(key.strip() for key in one.source.split(";"))),
        one.grade,
    ]


@makes("sentence", "published-agreement")
def published_agreement() -> Said:
    found = [one for one in compare_published_shares() if one.kind != "contribution"]
    beside = [one for one in found if one.difference == one.difference]
    same = [one for one in beside if one.match == "same"]
    furthest = max(beside, key=lambda one: abs(one.difference))
    text = Text(
        "Of {n} published shares {beside} can be laid beside ours. {same} of these "
        "count the same by their words and differ from ours by at most {most} "
        "points. Furthest off is {figure} by {who} for {period}, by {far}. The "
        "others count what is not on record here, or do not say what they count. "
        "Their shares of spending on AI for {year}, without those of grade C, go "
        "from {low} to {high} percent",
        n=str(len(found)),
        beside=str(len(beside)),
        same=str(len(same)),
        most=plain(max(abs(one.difference) for one in same), 2),
        figure=figure_of(furthest),
        who=furthest.who,
        period=furthest.period,
        far=plain(abs(furthest.difference), 2),
        **_spread(found),
    )
    rows = (rows for one in found for rows in ours_rows(one))
    frame = load(TABLE).frame
    shares = some(TABLE, frame["kind"] != "contribution", "shares, not contributions to growth")
    return Said(text, shares, rows)


def _spread(found: Iterable[PublishedShare]) -> dict[str, str]:
    """The year for which most shares of spending on AI are printed, and their ends."""
    levels = [
        one for one in found if one.boom == "AI" and one.kind == "level" and one.grade != "C"
    ]
    years = pd.Series([one.period for one in levels]).value_counts()
    year = str(years.index[0])
    ends = [
        end for one in levels if one.period == year for end in (one.low, one.high) if end == end
    ]
    return {"year": year, "low": f"{min(ends):g}", "high": f"{max(ends):g}"}


@makes("sentence", "published-imports")
def published_imports() -> Said:
    growth = [one for one in compare_published_shares() if one.kind == "contribution"]
    parts = [
        Text(
            "{n} points {imports:select included=with what was imported|net=net of "
            "imports|other=(imports not said)} ({who}, {period})",
            n=f"{one.low:g}",
            imports=one.imports if one.imports in ("included", "net") else "other",
            who=one.who,
            period=one.period,
        )
        for one in growth
    ]
    text = Text(
        "{known}. How much that matters is known for growth alone, from others. To "
        "growth spending on AI added {parts}",
        known=answer_by_definition().imports,
        parts=Listed(parts, clauses=True),
    )
    frame = load(TABLE).frame
    return Said(text, some(TABLE, frame["kind"] == "contribution", "contributions to growth"))
