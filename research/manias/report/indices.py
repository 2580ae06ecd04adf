"""Indices of AI beside the market, from prices alone."""

import math

from manias.answers.archive import load_model
from manias.answers.classify import ask_indices
from manias.data.library import once
from manias.errors import DataError
from manias.figures.tables import said
from manias.language.editions import Language
from manias.language.numbers import percent
from manias.lenses.base import Answer
from manias.lenses.crash_hazard import answer_hazard
from manias.lenses.ladder import rung_of
from manias.report.exhibits import Findings, makes
from manias.report.past import _INDICES, _PRICES
from manias.series.indices import Index, crossings, run_up
from manias.series.runups import RunUpRule


@once
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
    >>> from manias.language.editions import ENGLISH
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
