"""Public gauges as warnings: the scoreboard, what it found, what stands in alarm now."""

import math
from collections.abc import Iterable

import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, merged, whole
from manias.gauges.kept import load_scoreboard
from manias.gauges.registry import find_target, list_gauges
from manias.gauges.scoreboard import GaugeScore, Scoreboard
from manias.language.messages import Listed, Text, Verbatim
from manias.language.numbers import percent, plain, signed
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import p_value

KEPT = "scores are kept with the tables that they were made of, and made again for others"
"""Why no row moves what is printed of them."""


@once
def _board() -> Scoreboard:
    return load_scoreboard()


@once
def _rows() -> tuple[Rows, ...]:
    return merged(part for line in _board().lines for part in line.provenance.rows())


def _of(lines: Iterable[GaugeScore]) -> tuple[Rows, ...]:
    return merged(part for line in lines for part in line.provenance.rows())


@makes("exhibit", "gauges")
def gauges_table() -> Said:
    board = _board()
    adjusted = board.adjusted
    rows = []
    for x in board.lines:
        rows.append(
            [
                Text(x.name),
                x.owner,
                _TARGETS[x.target],
                percent(x.in_alarm),
                Text("{hits} of {falls}", hits=x.hits, falls=x.falls),
                Text("{hits} of {falls}", hits=x.false_spells, falls=x.spells - x.open_spells),
                "–" if math.isnan(x.lead) else plain(x.lead, 0),
                "–" if math.isnan(x.gain) else signed(x.gain, 3),
                "–" if math.isnan(x.p) else p_value(x.p),
                "–" if x.key not in adjusted else plain(adjusted[x.key], 2),
                _now(x),
            ]
        )
    table = Table(
        caption=Text(
            "Public gauges as warnings, each by its owner's rule and on what was known "
            "then. In alarm: share of the readings. Falls warned of: by their peak, of "
            "those in which it could be read; of prices a fall of 40% within two years, of "
            "spending one of 30% within five. False alarms: those that no such fall "
            "followed, of those that are over. Lead: months from first alarm to peak "
            "(median). Gain: log score over the base rate known then, nats a reading. p, "
            "and p by Holm's correction over all lines. Now: units in alarm at the last "
            "reading, of those read."
        ),
        columns=[
            *("Gauge", "Owner", "Warns of", "In alarm", "Falls warned of", "False alarms"),
            *("Lead", "Gain", "p", "Holm", "Now"),
        ],
        widths=[2.0, 1.5, 1.1, 0.6, 0.8, 0.8, 0.5, 0.7, 0.6, 0.5, 0.7],
        rows=rows,
    )
    return Said(table, _rows(), still=KEPT)


_TARGETS = {
    "us": "US shares",
    "us-railroads": "US railroad stocks",
    "us-industries": "US industries",
    "countries": "countries",
    "gb": "British shares",
    "us-flows": "US investment",
    "builders": "builders",
    "firms": "US firms",
}


def _now(line: GaugeScore) -> Text | str:
    on, units, _ = line.alarms_now
    return Text("{hits} of {falls}", hits=on, falls=units) if units else "–"


@makes("sentence", "gauges-finding")
def finding() -> Said:
    board = _board()
    skilled = [x for x in board.lines if board.has_skill(x.key)]
    tested = [x.power for x in board.lines if x.turns and x.falls]
    text = Text(
        "Of {n} lines of the table {skilled} beat the base rate known then, by the rule of the "
        "analysis plan{names}. Where the odds of a fall are three times as high in alarm, the "
        "test finds it in {low} to {high} of samples, so that a test without a finding proves "
        "little",
        n=len(board.lines),
        skilled=len(skilled),
        names=Text(": {names}", names=Listed(map(_spelt, skilled))) if skilled else "",
        low=percent(min(tested)),
        high=percent(max(tested)),
    )
    return Said(text, _rows(), still=KEPT)


def _spelt(line: GaugeScore) -> Text:
    return Text(
        "{name} ({gain} nats a reading, {n} {n:plural one=alarm|other=alarms})",
        name=Text(line.name),
        gain=signed(line.gain),
        n=line.spells,
    )


@makes("sentence", "gauges-shares")
def shares() -> Said:
    lines = [x for x in _board().lines if x.target == "us"]
    longest = max(lines, key=lambda x: len(x.episodes))
    most = max(lines, key=lambda x: (x.hits, -x.in_alarm))
    none = [x.key for x in lines if not x.hits]
    target = find_target("us")
    text = Text(
        "US shares fell by {fall} within two years from {n} peaks on record since {start}: "
        "{peaks}. “{most}” warned of the most, {hits} of {falls}. It was in alarm in {share} "
        "of the months, and {false} of its {spells} alarms were false. {none} of the {lines} "
        "gauges of US shares warned of none",
        fall=percent(target.fall),
        n=len(longest.episodes),
        start=str(target.levels().index[0].year),
        peaks=Listed(e.peak[:4] for e in longest.episodes),
        most=Text(most.name),
        hits=most.hits,
        falls=most.falls,
        share=percent(most.in_alarm),
        false=most.false_spells,
        spells=most.spells - most.open_spells,
        none=len(none),
        lines=len(lines),
    )
    return Said(text, _of(lines), still=KEPT)


@makes("sentence", "gauges-industries")
def industries() -> Said:
    lines = [x for x in _board().lines if x.target == "us-industries" and x.kind == "run-up"]
    steep = max(lines, key=lambda x: x.after_alarm)
    text = Text(
        "Of industries, falls came most often after the rule “{name}”. Of its readings in "
        "alarm {after} were followed by a fall of {fall} within two years, against {other} of "
        "the others. But it was in alarm before only {hits} of {falls} such falls. Of the "
        "{after_all} falls that peaked after its rule was published, in {since}, it warned of "
        "{later}",
        name=Text(steep.name),
        after=percent(steep.after_alarm),
        fall=percent(find_target(steep.target).fall),
        other=percent(steep.after_none),
        hits=steep.hits,
        falls=steep.falls,
        after_all=len(steep.later),
        since=str(steep.since),
        later=sum(e.verdict == "hit" for e in steep.later),
    )
    return Said(text, _of(lines), still=KEPT)


@makes("sentence", "gauges-now")
def standing() -> Said:
    ends = {x.key: _end(x.alarms_now[2]) for x in _board().lines if x.states}
    latest = max(ends.values())
    read = [x for x in _board().lines if x.key in ends and (latest - ends[x.key]).n < YEAR]
    on = [x for x in read if x.alarms_now[0]]
    text = Text(
        "{lines} lines of the table could be read in the last twelve months on record. Of "
        "these {n} are in alarm: {names}",
        n=len(on),
        lines=len(read),
        names=Listed(
            Text(
                "{name} ({on} of {units}, {period})",
                name=Text(x.name),
                on=x.alarms_now[0],
                units=x.alarms_now[1],
                period=Verbatim(x.alarms_now[2]),
            )
            for x in on
        ),
    )
    return Said(text, _rows(), still=KEPT)


YEAR = 12
"""Months after which a last reading is no longer told as the state of today."""


def _end(period: str) -> pd.Period:
    return pd.Period(period).asfreq("M", how="E")


@makes("sentence", "gauges-listed")
def listed() -> Said:
    table = load("gauges").frame
    computed = {gauge.row for gauge in list_gauges()} & set(table["key"])
    text = Text(
        "{n} rules of {owners} owners are on record. {computed} of them could be computed from "
        "open tables, some in part. {rest} could not, for reasons that stand in their rows",
        n=len(table),
        owners=table["owner"].nunique(),
        computed=len(computed),
        rest=len(table) - len(computed),
    )
    return Said(text, whole("gauges"))
