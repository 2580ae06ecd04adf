"""What the lenses said of past booms, and of later ones."""

import math
from collections.abc import Iterable
from string import ascii_lowercase

import pandas as pd

from manias.answers.past import CASES, backtest_lenses
from manias.answers.registry import lenses
from manias.data.library import once
from manias.data.rows import Rows
from manias.language.messages import Joined, Text, Verbatim, Word
from manias.language.numbers import percent, plain, signed
from manias.lenses import price_logit as from_prices
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import COUNTED, model, ranged
from manias.report.payback import rows_of
from manias.report.selections import (
    build_outs,
    conditions,
    later_levels,
    logit_cases,
    prices_alone,
)
from manias.series.indices import crossings
from manias.series.later_booms import later_themes

# ---- past booms


def _record() -> Iterable[Rows]:
    yield from logit_cases()
    yield from conditions()
    yield from build_outs()
    for case in CASES:
        if case.payback:
            yield from rows_of(case.payback)


@makes("exhibit", "lens-backtest")
def backtest_table() -> Said:
    table = backtest_lenses()
    names = {case.key: case.name for case in CASES}
    notes: dict[str, str] = {}
    rows = []
    for (case, date), group in table.groupby(["case", "date"], sort=False):
        line = [names[case], date]
        for r in group.itertuples():
            mark = ""
            if r.failed:
                mark = f"({notes.setdefault(r.failed, ascii_lowercase[len(notes)])})"
            if not math.isfinite(r.value):
                line.append(mark)
                continue
            share = plain(r.value, 2) if r.lens == "payback" else percent(r.value)
            base = plain(r.base, 2) if r.lens == "payback" else percent(r.base)
            seen = _OUTCOME.get(r.followed, "")
            line.append(f"{share} / {base} {seen}{mark}".strip())
        rows.append(line)
    legend = [Text("({mark}) {why}", mark=mark, why=why) for why, mark in notes.items()]
    exhibit = Table(
        caption=Text(
            "What each model would have said of past booms from what was known at "
            "each date / base rate known then. Of payback: revenue required over "
            "revenue / what just pays. ● what the model asks about came, ○ it did "
            "not. The dates were chosen knowing what followed. Letters: {legend}.",
            legend=Joined("; ", legend),
        ),
        columns=["Boom", "Date", *(_head(lens.key) for lens in lenses())],
        widths=[1.2, 0.7, 1.1, 1.15, 1.15, 1.15, 1.15, 1.05],
        rows=rows,
    )
    return Said(exhibit, _record(), still=COUNTED)


_OUTCOME = {1.0: "●", 0.0: "○"}


def _head(lens: str) -> Text:
    """A lens at the head of a column."""
    return Text(
        "{lens:select "
        "spending=Spending|innovation=Innovation|run-up=Run-up|build-out=Build-out|"
        "precedent=Precedent|payback=Payback}",
        lens=Verbatim(lens),
    )


# ---- later booms


@once
def _later() -> tuple[pd.DataFrame, dict[str, str]]:
    indices = from_prices.distinct_later()
    starts = {key: [str(m) for m in crossings(index)] for key, index in indices.items()}
    names = {key: theme.name for key, theme in later_themes().items()}
    return from_prices.backtest(indices, starts), names


def _later_rows() -> Iterable[Rows]:
    yield later_levels()
    yield from prices_alone()


@makes("exhibit", "later-booms")
def later_table() -> Said:
    table, names = _later()
    rows = []
    for r in table.to_dict("records"):
        cells = ["–"] * 4
        if not r["failed"]:
            cells = [
                percent(r["runup"]),
                percent(r["net"]),
                ranged(percent(r["p"]), percent(r["low"]), percent(r["high"])),
                percent(r["base"]),
            ]
        done = {1.0: "fell by 40%", 0.0: "did not"}.get(r["fell"], "not over")
        rows.append([names[r["index"]], r["month"], *cells, done])
    exhibit = Table(
        caption=Text(
            "Later booms, on which no model was fitted: each month in which a series "
            "crossed a run-up of 100%, in itself and net of the US market. Beside "
            "it: what the model that reads prices alone, fitted on what was known, "
            "said then, and what happened within two years. A series that stands for "
            "two booms is asked once."
        ),
        columns=[
            "Boom",
            "Crossed",
            "Run-up",
            "Net",
            "Probability (95%)",
            "Base then",
            "Afterwards",
        ],
        widths=[2.1, 0.8, 0.7, 0.7, 1.4, 0.8, 1],
        rows=rows,
    )
    return Said(exhibit, _later_rows(), still=COUNTED)


@makes("sentence", "later-finding")
def later_finding() -> Said:
    table, _ = _later()
    told = table[(table["failed"] == "") & table["fell"].notna()]
    among = next(s for s in model("runup-prices").scores if s.scheme == from_prices.AMONG)
    text = Text(
        "Of {n} such crossings whose two years are over, {fell} were followed by a "
        "fall of 40%. The model had given {p} on average, against {base} for any "
        "industry. These series were chosen because their booms ended badly, which "
        "flatters it. Asked each June and December ({looks} answers), the model "
        "ranks these series among each other with an AUC of {auc}. That "
        "{beats:select yes=beats|no=does not beat} their own share of falls (gain "
        "{gain}, interval {low} to {high})",
        n=Word(len(told)),
        fell=Word(int(told["fell"].sum())),
        p=percent(told["p"].astype(float).mean()),
        base=percent(told["base"].astype(float).mean()),
        looks=str(among.n),
        auc=plain(among.auc, 2),
        beats=among.gain_low > 0,
        gain=signed(among.gain),
        low=signed(among.gain_low),
        high=signed(among.gain_high),
    )
    return Said(text, _later_rows(), still=COUNTED)
