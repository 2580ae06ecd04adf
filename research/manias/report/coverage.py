"""How often the intervals of the report hold the truth: sentences of the chapter on methods."""

from typing import NamedTuple

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some
from manias.language.messages import Text
from manias.language.numbers import percent
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import COUNTED, interval

KINDS = {
    "price ladder": "Shares that crashed after run-ups",
    "spending ladder": "Shares of cases in which spending fell",
    "gain": "Gains over the base rate",
    "slope": "Slopes of calibration",
    "coefficient": "Coefficients",
    "probability": "Probabilities and odds of models",
    "mean rank": "Mean rank among build-outs",
    "forecast": "Ranges of forecasts",
    "gauge": "Gains of public gauges",
}
"""Kind of interval, in the order of the table -> its name."""


class Held(NamedTuple):
    """Lowest and highest coverage of some intervals."""

    n: int
    low: float
    high: float


def _rows(*kinds: str) -> Rows:
    used = load("coverage").frame["kind"].isin(kinds)
    return some("coverage", used, ", ".join(kinds))


def _held(frame: pd.DataFrame, column: str = "coverage") -> Held:
    known = frame[column].dropna()
    return Held(len(known), float(known.min()), float(known.max()))


def _of(kind: str) -> pd.DataFrame:
    frame = load("coverage").frame
    return frame[frame["kind"] == kind]


@makes("sentence", "intervals-of-shares")
def intervals_of_shares() -> Said:
    prices, spending = _of("price ladder"), _of("spending ladder")
    now, was = _held(prices), _held(prices, "before")
    text = Text(
        "In simulated samples whose crashes come in waves as ours do, the intervals of the "
        "{n} frequencies of share prices, which say {level}, hold the truth in {low} to "
        "{high}. Those printed until November 2026 held it in {was_low} to {was_high}. Of the "
        "{cells} frequencies of spending, which say {other}, the intervals hold it in {below} "
        "to {above}, and held it in {then_low} to {then_high}",
        n=now.n,
        level=percent(prices["nominal"].iloc[0]),
        low=percent(now.low),
        high=percent(now.high),
        was_low=percent(was.low),
        was_high=percent(was.high),
        cells=len(spending),
        other=percent(spending["nominal"].iloc[0]),
        below=percent(_held(spending).low),
        above=percent(_held(spending).high),
        then_low=percent(_held(spending, "before").low),
        then_high=percent(_held(spending, "before").high),
    )
    return Said(text, _rows("price ladder", "spending ladder"))


@makes("sentence", "intervals-of-gains")
def intervals_of_gains() -> Said:
    gains, slopes = (one[one["before"].notna()] for one in (_of("gain"), _of("slope")))
    exact = gains[gains["nominal"] == gains["nominal"].max()]
    now, was = _held(exact), _held(exact, "before")
    line, then = _held(slopes), _held(slopes, "before")
    text = Text(
        "Intervals of gains that say {level} hold the truth in {low} to {high} of samples "
        "({n} intervals); a bootstrap of the same clusters did in {was_low} to {was_high}. "
        "Those of calibration slopes hold it in {below} to {above}, where intervals that take "
        "cases for independent did in {then_low} to {then_high}",
        level=percent(exact["nominal"].iloc[0]),
        low=percent(now.low),
        high=percent(now.high),
        n=now.n,
        was_low=percent(was.low),
        was_high=percent(was.high),
        below=percent(line.low),
        above=percent(line.high),
        then_low=percent(then.low),
        then_high=percent(then.high),
    )
    return Said(text, _rows("gain", "slope"), still=COUNTED)


@makes("sentence", "intervals-too-narrow")
def intervals_too_narrow() -> Said:
    frame = load("coverage").frame
    panel = frame[frame["interval"] == "panel, industries of AI"].iloc[0]
    gauges = _of("gauge")
    short = gauges[gauges["labelled"] == 1]
    rest = frame[(frame["labelled"] == 1) & (frame["kind"] != "gauge")]
    others = rest[rest["interval"] != panel["interval"]]
    text = Text(
        "Some remain too narrow. The version with all industries gives those of AI "
        "probabilities whose intervals say {level} and hold the truth in {panel}, since "
        "calibration draws them towards the base rate. The intervals of {gauges} of "
        "{all_gauges} public gauges hold it in {low} to {high}: their alarms come in a few "
        "spells, and no interval makes many cases of few. Of the other {total} intervals {n} "
        "fall short by more than two points and the error of the simulation. The lowest of "
        "them holds the truth in {worst}",
        level=percent(panel["nominal"]),
        panel=percent(panel["coverage"]),
        gauges=len(short),
        all_gauges=len(gauges),
        low=percent(short["coverage"].min()),
        high=percent(short["coverage"].max()),
        n=len(others),
        total=len(frame) - len(gauges) - 1,
        worst=percent(others["coverage"].min()),
    )
    return Said(text, some("coverage", frame["labelled"] == 1, "too narrow"))


@makes("exhibit", "interval-coverage")
def interval_coverage() -> Said:
    rows = []
    for kind, name in KINDS.items():
        for level, mine in _of(kind).groupby("nominal", sort=False):
            now = _held(mine)
            known = mine["before"].notna().any()
            was = _held(mine, "before") if known else None
            rows.append(
                [
                    name,
                    percent(level),
                    str(now.n),
                    str(int(mine["clusters"].min())),
                    interval(percent(now.low), percent(now.high)),
                    interval(percent(was.low), percent(was.high)) if was else "–",
                    str(int(mine["labelled"].sum())),
                ]
            )
    table = Table(
        caption=Text(
            "How often intervals hold the truth in simulated samples that are like the data: "
            "the same clusters of the same sizes, the same shares, and as much in common "
            "inside a cluster as was measured. Says: how often they should. Fewest clusters: "
            "of any of them. Before: the intervals printed until November 2026. Short: below "
            "what they say by more than two points and two errors of the simulation. Of "
            "forecasts: how often what came in a start year lay in the range of the others."
        ),
        columns=["Interval", "Says", "Number", "Fewest clusters", "Holds", "Before", "Short"],
        widths=[2.2, 0.6, 0.8, 0.9, 1.2, 1.2, 0.6],
        rows=rows,
    )
    return Said(table, _rows(*KINDS))
