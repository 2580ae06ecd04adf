"""Figures that circulate, beside what the tables say of them."""

from collections.abc import Iterable

import pandas as pd

from manias.data.rows import Rows, merged, whole
from manias.language.messages import Joined, Listed, Text
from manias.quoted.verdict import (
    OTHER,
    RIGHT,
    TABLE,
    UNTOLD,
    VERDICTS,
    WRONG,
    Quoted,
    amount,
    figure,
    reconcile,
)
from manias.report.exhibits import Cites, Said, Table, makes

DECIDED = (
    "a verdict is decided by whether a figure lies near enough, which one row may not turn"
)
"""Why one row behind a figure may not move what is printed of it."""


def _behind(found: Iterable[Quoted]) -> tuple[Rows, ...]:
    return merged(part for one in found for part in one.rows)


@makes("exhibit", "quoted")
def quoted_table() -> Said:
    told = [one for one in reconcile() if one.verdict != UNTOLD]
    order = {verdict: k for k, verdict in enumerate((WRONG, OTHER, RIGHT))}
    told = sorted(told, key=lambda one: order[one.verdict])
    table = Table(
        caption=Text(
            "Figures that circulate and can be told, computed anew. Ours counts as "
            "they do where that is on record. Of “another thing” the first figure "
            "counts as they do, and the second is what theirs is. None of these "
            "verdicts is stored: each follows from the tables by a rule."
        ),
        columns=["Said by", "Figure, and what it counts", "Ours", "Verdict", "Why", "Source"],
        widths=[1.2, 2.4, 2.6, 0.75, 1.6, 0.55],
        rows=[_line(one) for one in told],
    )
    return Said(table, _behind(told), still=DECIDED)


def _line(one: Quoted) -> list[object]:
    readings = [r for r in one.readings if r.key in one.told]
    ours = [
        Text("{value}: {name}", value=amount(r.value, r.unit), name=r.name) for r in readings
    ]
    return [
        Text("{who}, {date}", who=one.who, date=one.when),
        Text("{figure}: {what}", figure=figure(one), what=one.definition),
        Joined("; ", ours),
        one.verdict,
        one.why,
        Cites(tuple(key.strip() for key in one.source.split(";"))),
    ]


@makes("sentence", "quoted-count")
def quoted_count() -> Said:
    found = reconcile()
    counts = pd.Series([one.verdict for one in found]).value_counts()
    computed = sum(one.recomputed == one.recomputed for one in found)
    text = Text(
        "Of {n} figures that circulate {computed} can be laid beside a number of "
        "ours. By verdict: {parts}",
        n=str(len(found)),
        computed=str(computed),
        parts=Listed(
            Text("{n} {status}", n=str(counts[word]), status=Text(word))
            for word in VERDICTS
            if word in counts
        ),
    )
    return Said(text, whole(TABLE), still=DECIDED)


@makes("sentence", "quoted-untold")
def quoted_untold() -> Said:
    found = [one for one in reconcile() if one.verdict == UNTOLD]
    kinds = pd.Series([one.kind for one in found]).value_counts()
    text = Text(
        "{n} cannot be told. {forecasts} of them are forecasts whose time is not on "
        "record, and {estimates} rest on assumptions or material of their own. "
        "{counts} count what is not on record here, or do not say what they count",
        n=str(len(found)),
        forecasts=str(kinds.get("forecast", 0)),
        estimates=str(kinds.get("estimate", 0)),
        counts=str(kinds.get("count", 0)),
    )
    return Said(text, whole(TABLE), still=DECIDED)
