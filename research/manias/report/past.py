"""What the lenses said of past booms, and of later ones."""

import math
from string import ascii_lowercase

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.past import CASES, backtest_lenses
from manias.answers.registry import lenses
from manias.data.library import once
from manias.language.numbers import percent, plain
from manias.lenses import price_logit as from_prices
from manias.report.exhibits import Findings, makes
from manias.report.parts import _head
from manias.series.indices import crossings
from manias.series.later_booms import later_themes

_PRICES = ("us_industries", "shiller")
_INDICES = ("ai_market", *_PRICES)
_LATER = ("later_market", *_PRICES)
_RECORD = (
    "innovations", "verdicts", "covariates", *_PRICES, "trajectories", "buildouts",
    "uk_railways", "us_it_investment", "payback", "assumptions",
)  # fmt: skip


# ---- past booms


@makes("exhibit", "lens-backtest", *_RECORD)
def backtest_table(found: Findings) -> dict:
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
    t = found.language.t
    return {
        "caption": found.language.say(
            "What each lens said of past booms from what was known at each date / base rate "
            "known then (payback: revenue required over revenue / what just pays). ● what the "
            "lens speaks of came, ○ it did not. The dates were chosen knowing what followed. "
            "Letters: {legend}.",
            legend=found.language.say("; ").join(
                f"({mark}) {t(why)}" for why, mark in notes.items()
            ),
        ),
        "columns": ["Boom", "Date", *(_head(t(lens.key)) for lens in lenses())],
        "widths": [1.3, 0.7, 1.25, 1.25, 1.25, 1.25, 1.1],
        "rows": rows,
    }


_OUTCOME = {1.0: "●", 0.0: "○"}


# ---- later booms


@once
def _later() -> tuple[pd.DataFrame, dict[str, str]]:
    indices = from_prices.distinct_later()
    starts = {key: [str(m) for m in crossings(index)] for key, index in indices.items()}
    names = {key: theme.name for key, theme in later_themes().items()}
    return from_prices.backtest(indices, starts), names


@makes("exhibit", "later-booms", *_LATER)
def later_table(found: Findings) -> dict:
    table, names = _later()
    rows = []
    for r in table.to_dict("records"):
        cells = ["–"] * 4
        if not r["failed"]:
            cells = [
                percent(r["runup"]),
                percent(r["net"]),
                f"{percent(r['p'])} ({percent(r['low'])} to {percent(r['high'])})",
                percent(r["base"]),
            ]
        done = {1.0: "fell by 40%", 0.0: "did not"}.get(r["fell"], "not over")
        rows.append([names[r["index"]], r["month"], *cells, done])
    return {
        "caption": found.language.say(
            "Later booms, on which nothing was trained: each month in which a series crossed a "
            "run-up of 100%, raw and net of the US market; what the lens from prices alone, "
            "fitted on what was known, said then; and what happened within two years. A series "
            "that stands for two booms is asked once."
        ),
        "columns": [
            "Boom", "Crossed", "Run-up", "Net", "Probability (95%)", "Base then", "Afterwards",
        ],
        "widths": [2.1, 0.8, 0.7, 0.7, 1.4, 0.8, 1],
        "rows": rows,
    }  # fmt: skip


@makes("sentence", "later-finding", *_LATER)
def later_finding(found: Findings) -> str:
    language = found.language
    table, _ = _later()
    told = table[(table["failed"] == "") & table["fell"].notna()]
    among = next(s for s in load_model("runup-prices").scores if s.scheme == from_prices.AMONG)
    fields = {
        "n": language.word(len(told)),
        "fell": language.word(int(told["fell"].sum())),
        "p": percent(told["p"].astype(float).mean()),
        "base": percent(told["base"].astype(float).mean()),
        "auc": plain(among.auc, 2),
        "gain": f"{among.gain:+.3f}",
        "low": f"{among.gain_low:+.3f}",
        "high": f"{among.gain_high:+.3f}",
        "looks": str(among.n),
    }
    if among.has_skill:
        return language.say(
            "Of {n} such crossings whose two years are over {fell} were followed by a fall of "
            "40%; the lens had given {p} on average, against {base} for any industry. These "
            "series are here because their booms ended badly, so that its level flatters it. "
            "Among each other, asked each June and December ({looks} looks), the lens ranks "
            "them with an AUC of {auc} and beats their own share (gain {gain}, {low} to "
            "{high})",
            **fields,
        )
    return language.say(
        "Of {n} such crossings whose two years are over {fell} were followed by a fall of "
        "40%; the lens had given {p} on average, against {base} for any industry. These "
        "series are here because their booms ended badly, so that its level flatters it. "
        "Among each other, asked each June and December ({looks} looks), the lens ranks them "
        "with an AUC of {auc}, but does not beat their own share (gain {gain}, {low} to "
        "{high})",
        **fields,
    )
