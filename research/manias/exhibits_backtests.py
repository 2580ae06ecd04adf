"""Numbers, sentences and exhibits of indices today, of past booms, and of later ones."""

import math
from functools import cache
from string import ascii_lowercase

import pandas as pd

from manias.archive import load_model
from manias.backtests import CASES, backtest_lenses
from manias.episodes import RunUpRule
from manias.errors import DataError
from manias.exhibits import Findings, makes
from manias.financing import Financing, compare_financing
from manias.indices import Index, crossings, run_up
from manias.language import Language
from manias.later import later_themes
from manias.lenses import LENSES, ask_indices
from manias.models import from_prices
from manias.models.base import Answer
from manias.models.ladder import rung_of
from manias.models.survival import answer_hazard
from manias.tables import percent, plain, said

_PRICES = ("us_industries", "shiller")
_INDICES = ("ai_market", *_PRICES)
_LATER = ("later_market", *_PRICES)
_RECORD = (
    "innovations", "verdicts", "covariates", *_PRICES, "trajectories", "buildouts",
    "uk_railways", "us_it_investment", "payback", "assumptions",
)  # fmt: skip


@cache
def _asked() -> dict[str, Answer]:
    return ask_indices()


@makes("exhibit", "index-risks", *_INDICES)
def index_table(found: Findings) -> dict:
    say = found.language.say
    hazard = load_model("runup-hazard")
    rows = []
    for key, index in found.indices.items():
        a, (raw, net), rung = _asked()[key], run_up(index), rung_of(index)
        try:
            left = answer_hazard(hazard, index, target=key)
            start = crossings(index, RunUpRule(**hazard.settings["rule"]))[-1]
            chance = f"{said(left)} since {start}"
        except DataError:
            chance = "–"
        rows.append(
            [
                index.name,
                str(index.last),
                percent(raw),
                percent(net),
                percent(rung) if rung else "below 50%",
                said(a) if math.isfinite(a.value) else "–",
                chance,
                a.grade,
            ]
        )
    base = percent(load_model("runup-prices").base_rate)
    caption = say(
        "Baskets and indices that could have been chosen when the AI years began: return over "
        "two years, raw and net of the S&P 500 without dividends; rung of the ladder; "
        "probability of a fall of 40% within two years from prices alone (base rate {base}); "
        "and, for those that crossed a run-up of 50% in the last two years, in the months that "
        "are left of them.",
        base=base,
    )
    if not _has_skill():
        caption += say(" Neither model has shown skill.")
    return {
        "caption": caption,
        "columns": [
            "Index", "To", "Run-up", "Net of market", "Rung", "Probability (95%)",
            "Since its run-up (95%)", "Grade",
        ],
        "widths": [1.9, 0.75, 0.65, 0.75, 0.75, 1.4, 2, 0.5],
        "rows": rows,
    }  # fmt: skip


def _has_skill() -> bool:
    return any(load_model(n).scores[0].has_skill for n in ("runup-prices", "runup-hazard"))


@makes("sentence", "indices-now", *_INDICES)
def indices_now(found: Findings) -> str:
    return indices_sentence(found.latest, found.language)


def indices_sentence(indices: dict[str, Index], language: Language) -> str:
    """Say which of some indices stand on the ladder.

    Parameters
    ----------
    indices : dict of str to Index
        Of the same last month.
    language : Language

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.language import ENGLISH
    >>> indices_sentence(Findings().latest, ENGLISH)[:8]
    'By July '
    """
    say = language.say
    last = max(index.last for index in indices.values())
    on = {key: index for key, index in indices.items() if rung_of(index) is not None}
    month, total = language.month(str(last)), language.word(len(indices))
    if not on:
        return say(
            "By {month} none of the {total} technology indices at hand had risen by half, raw "
            "and net of the market, over two years",
            month=month, total=total,
        )  # fmt: skip
    names = language.listed(language.t(index.name) for index in on.values())
    top = max(on.values(), key=lambda index: min(run_up(index)))
    raw, net = run_up(top)
    return say(
        "By {month}, {n} of the {total} technology indices at hand stood on the ladder "
        "({names}); the highest, {top}, had risen by {raw}, and by {net} net of the market, "
        "over two years",
        month=month, n=language.word(len(on)), total=total, names=names,
        top=language.t(top.name), raw=percent(raw), net=percent(net),
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
        "columns": ["Boom", "Date", *(_head(t(lens)) for lens in LENSES)],
        "widths": [1.3, 0.7, 1.25, 1.25, 1.25, 1.25, 1.1],
        "rows": rows,
    }


def _head(text: str) -> str:
    return text[:1].upper() + text[1:]


_OUTCOME = {1.0: "●", 0.0: "○"}


# ---- later booms


@cache
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


@makes("sentence", "hazard-finding", *_PRICES)
def hazard_finding(found: Findings) -> str:
    fit = load_model("runup-hazard")
    s = fit.scores[0]
    fields = {
        "months": f"{fit.n:,}",
        "events": str(fit.events),
        "gain": f"{s.gain:+.3f}",
        "low": f"{s.gain_low:+.3f}",
        "high": f"{s.gain_high:+.3f}",
    }
    if s.has_skill:
        return found.language.say(
            "Asked month by month after a run-up of 50% and more ({months} months at risk, "
            "{events} crashes), the hazard has skill on an era that it has not seen (gain "
            "{gain}, {low} to {high})",
            **fields,
        )
    return found.language.say(
        "Asked month by month after a run-up of 50% and more ({months} months at risk, "
        "{events} crashes), the hazard has no skill on an era that it has not seen either "
        "(gain {gain}, {low} to {high})",
        **fields,
    )


@makes("sentence", "logit-power", "innovations", "verdicts", "covariates")
def logit_power(found: Findings) -> str:
    fit = load_model("innovation-logit")
    powers = sorted((float(auc), p) for auc, p in fit.power.items())[:3]
    return found.language.say(
        "With {n} cases a rank test at five percent would see {seen}",
        n=str(fit.n),
        seen=found.language.listed(
            found.language.say("a true AUC of {auc} in {p} of samples", auc=f"{a:.2f}",
                               p=percent(p))
            for a, p in powers
        ),
    )  # fmt: skip


# ---- who pays


@cache
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
    paid : manias.financing.Financing
    language : Language

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.language import ENGLISH
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
