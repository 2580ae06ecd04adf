"""Indices of AI beside the market, from prices alone."""

import math
from collections.abc import Mapping

from manias.answers.classify import ask_indices
from manias.data.library import once
from manias.errors import DataError
from manias.figures.tables import said
from manias.language.messages import Joined, Listed, Month, Text, Word
from manias.language.numbers import percent, signed
from manias.lenses.base import Answer
from manias.lenses.crash_hazard import answer_hazard
from manias.lenses.ladder import rung_of
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import COUNTED, indices, latest_indices, model
from manias.report.selections import ends, levels, listed, prices_alone
from manias.series.indices import Index, crossings, run_up
from manias.series.runups import RunUpRule


@once
def _asked() -> dict[str, Answer]:
    return ask_indices()


@makes("exhibit", "index-risks")
def index_table() -> Said:
    hazard = model("runup-hazard")
    rows = []
    for key, index in indices().items():
        a, (raw, net), rung = _asked()[key], run_up(index), rung_of(index)
        try:
            left = answer_hazard(hazard, index, target=key)
            start = crossings(index, RunUpRule(**hazard.settings["rule"]))[-1]
            chance = Text("{answer} since {month}", answer=said(left), month=str(start))
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
    caption = Text(
        "Baskets and indices that could have been chosen when the AI years began: "
        "return over two years, in itself and net of the S&P 500 without dividends; "
        "threshold reached; and the probability of a fall of 40% within two years "
        "from prices alone (base rate {base}). For those that crossed 50% in the "
        "last two years: the probability in the months that are left of them.",
        base=percent(model("runup-prices").base_rate),
    )
    if not any(model(n).scores[0].has_skill for n in ("runup-prices", "runup-hazard")):
        caption = Joined("", [caption, Text(" Neither model has shown skill.")])
    table = Table(
        caption=caption,
        columns=[
            "Index",
            "To",
            "Run-up",
            "Net of market",
            "Threshold reached",
            "Probability (95%)",
            "Since its run-up (95%)",
            "Grade",
        ],
        widths=[1.9, 0.75, 0.65, 0.75, 0.75, 1.4, 2, 0.5],
        rows=rows,
    )
    last = max(index.last for index in indices().values())
    return Said(table, levels(indices()), listed(indices()), prices_alone(last), still=COUNTED)


@makes("sentence", "indices-now")
def indices_now() -> Said:
    latest = latest_indices()
    return Said(indices_sentence(latest), ends(), listed(latest))


def indices_sentence(chosen: Mapping[str, Index]) -> Text:
    """Say which of some indices stand on the ladder.

    Parameters
    ----------
    chosen : mapping of str to Index
        Of the same last month.

    Returns
    -------
    Text

    Examples
    --------
    >>> indices_sentence(latest_indices())[:8]
    'By July '
    """
    last = max(index.last for index in chosen.values())
    on = {key: index for key, index in chosen.items() if rung_of(index) is not None}
    month, total = Month(last), Word(len(chosen))
    if not on:
        return Text(
            "By {month} none of the {total} technology indices of this report had "
            "risen by 50% or more over two years, both in itself and net of the "
            "market",
            month=month,
            total=total,
        )
    top = max(on.values(), key=lambda index: min(run_up(index)))
    raw, net = run_up(top)
    return Text(
        "By {month}, {n} of the {total} technology indices of this report had risen "
        "by 50% or more over two years, net of the market too: {names}. The highest, "
        "{top}, was up {raw}, or {net} net of the market",
        month=month,
        n=Word(len(on)),
        total=total,
        names=Listed(index.name for index in on.values()),
        top=top.name,
        raw=percent(raw),
        net=percent(net),
    )


@makes("sentence", "hazard-finding")
def hazard_finding() -> Said:
    fit = model("runup-hazard")
    s = fit.scores[0]
    text = Text(
        "Asked month by month after a run-up of 50% and more ({months} months at "
        "risk, {events} crashes), the model {skill:select yes=has skill on an era "
        "that it has not seen|no=has no skill either on an era that it has not seen} "
        "(gain {gain}, interval {low} to {high})",
        months=f"{fit.n:,}",
        events=str(fit.events),
        skill=s.has_skill,
        gain=signed(s.gain),
        low=signed(s.gain_low),
        high=signed(s.gain_high),
    )
    return Said(text, prices_alone())
