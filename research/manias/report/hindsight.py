"""Past booms on the counts of spending: placed with hindsight, and asked on the day."""

from manias.answers.measures import class_words
from manias.data.library import once
from manias.language.messages import Joined, Listed, Text, Verbatim
from manias.language.numbers import percent, plain
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import COUNTED, ranged
from manias.spending.history import (
    Asked,
    Foretold,
    Hindsight,
    Tally,
    backtest_rows,
    backtest_spending,
    hindsight_rows,
    place_hindsight,
    tally,
)

HEADLINE, STRICT = "dollars_fall_30", "share_halves"
LATER = 2001
"""Start year from which the booms taken by the rule are shown one by one."""


@once
def _asked() -> tuple[Asked, ...]:
    return backtest_spending()


# ---- placed with hindsight


@makes("exhibit", "spending-hindsight")
def spending_hindsight() -> Said:
    table = Table(
        caption=Text(
            "Placed with hindsight: great booms by the change of their spending "
            "against GDP in the three years to the start year, the size class of "
            "that change, and what followed within five years. In brackets: the "
            "lowest of the five years against the start year, in money and against "
            "GDP. All were chosen knowing their end, so that none counts as a "
            "success of the model. In the fit: whether the counts hold that case, "
            "itself or inside wider series. A dash: the year three before, GDP, or "
            "one of the five years after is not on record, and nothing is filled in."
        ),
        columns=[
            "Boom",
            "Start",
            "Of GDP",
            "Change",
            "Class",
            "Falls 30% in money",
            "Falls 30% against GDP",
            "Halves against GDP",
            "In the fit",
            "Grade",
        ],
        widths=[1.9, 0.6, 0.7, 0.75, 1.15, 1.05, 1.05, 0.9, 0.85, 0.6],
        rows=[
            [
                Text(h.name),
                str(h.year),
                percent(h.share, 2),
                percent(h.rise),
                class_words(h.group) if h.group else "–",
                _end(h, HEADLINE, h.dollars),
                _end(h, "share_falls_30", h.against_gdp),
                _end(h, STRICT),
                _in_fit(h),
                h.grade,
            ]
            for h in place_hindsight()
        ],
    )
    return Said(table, hindsight_rows(), still=COUNTED)


def _end(h: Hindsight, outcome: str, low: float | None = None) -> str:
    came = h.outcomes[outcome]
    if came is None:
        return "–"
    word = _yes(came)
    return word if low is None else Text("{came} ({low})", came=word, low=percent(low))


def _yes(came: bool) -> Text:
    return Text("{came:select yes=yes|no=no}", came=came)


def _in_fit(h: Hindsight) -> Text:
    return Text(
        "{which:select no=no|parts=in parts|yes=yes}",
        which=Verbatim(h.in_fit.removeprefix("in ")),
    )


@makes("sentence", "hindsight-finding")
def spending_hindsight_finding() -> Said:
    found = [h for h in place_hindsight() if h.group]
    top = [h for h in found if h.rise > 1]
    ended = [h for h in found if h.outcomes[HEADLINE] is not None]
    low = [h for h in ended if h.rise < 0.5]
    text = Text(
        "Of {n} start years of great booms that can be placed in the same classes, "
        "{top} had more than doubled against GDP. {low} had risen by less than 50%, "
        "which this model does not count as a boom: {names}. Of the {ended} whose "
        "five years are on record, {fell} fell by 30% in money. That was to be "
        "expected of booms that are remembered for their fall",
        top=str(len(top)),
        n=str(len(found)),
        low=str(len(low)),
        names=Listed(_dated(h) for h in low),
        ended=str(len(ended)),
        fell=str(sum(bool(h.outcomes[HEADLINE]) for h in ended)),
    )
    return Said(text, hindsight_rows(), still=COUNTED)


def _dated(boom: Hindsight | Asked) -> Text:
    return Text("{name} {year}", name=Text(boom.name), year=str(boom.year))


# ---- asked on the day


@makes("exhibit", "spending-backtest")
def spending_backtest() -> Said:
    asked = _asked()
    shown = [a for a in asked if a.chosen in ("before", "named")]
    for head in ("boom", "flat"):
        shown += [a for a in asked if a.chosen == head and a.year >= LATER]
    table = Table(
        caption=Text(
            "The same frequencies asked for at the end of the year after the start "
            "year, on what was known then: the frequency of the size class with a "
            "90% interval, the base rate among all cases that were over by then, and "
            "whether the fall came (● it did, ○ it did not). Named: chosen knowing "
            "what followed. Boom, flat: by the rule, in each start year the largest "
            "series that had risen by 50% or more, and the largest flat one, no "
            "series twice in five years; from {later} on they are shown, before that "
            "only counted. The data are of one late vintage, so that later revisions "
            "are in them.",
            later=str(LATER),
        ),
        columns=[
            "Series",
            "Taken as",
            "Start",
            "Of GDP",
            "Change",
            "Cases",
            "Falls 30% in dollars",
            "Base",
            "Halves against GDP",
            "Base",
        ],
        widths=[2.4, 0.75, 0.6, 0.7, 0.75, 0.65, 1.5, 0.55, 1.5, 0.55],
        rows=[_line(a) for a in shown],
    )
    return Said(table, backtest_rows(), still=COUNTED)


def _line(a: Asked) -> list[object]:
    start = [_flow_name(a), _head(a), str(a.year)]
    if not a.outcomes:
        silent = Text("no answer: no past case was known")
        return [*start, "–", "–", "–", silent, "–", silent, "–"]
    first, strict = a.outcome(HEADLINE), a.outcome(STRICT)
    return [
        *start,
        percent(a.share, 2),
        percent(a.rise),
        f"{first.n:,}",
        *_said(first),
        *_said(strict),
    ]


def _said(told: Foretold) -> list[object]:
    low, high = told.interval
    share = ranged(percent(told.frequency), percent(low), percent(high))
    mark = {True: "●", False: "○", None: ""}[told.came]
    return [Text("{share} {mark}", share=share, mark=mark), percent(told.base)]


def _flow_name(a: Asked) -> Text:
    if a.chosen in ("before", "named"):
        return Text(a.name)
    return Text(
        "{industry}, {kind:select E=equipment|S=structures|I=intellectual property}",
        industry=a.name,
        kind=Verbatim(a.flow[-1]),
    )


def _head(a: Asked) -> Text:
    return Text(
        "{head:select named=named|boom=boom|flat=flat|before=named}", head=Verbatim(a.chosen)
    )


@makes("sentence", "backtest-finding")
def spending_backtest_finding() -> Said:
    asked = _asked()
    counted = {(t.chosen, t.outcome): t for t in tally(asked)}
    boom, flat = (counted[head, HEADLINE] for head in ("boom", "flat"))
    years = [a.year for a in asked if a.chosen == "boom"]
    text = Text(
        "From {first} to {last} a written rule took the largest boom and the largest "
        "flat series of each start year, on what was known then. A fall of 30% in "
        "dollars followed in {boom} and in {flat}. Halving against GDP followed in "
        "{boom_half} and in {flat_half}. Booms and flat series lay {gap} points "
        "apart in dollars, where their classes had said {said}. So few series, whose "
        "years overlap, are no test",
        first=str(min(years)),
        last=str(max(years)),
        boom=_counted(boom),
        flat=_counted(flat),
        boom_half=_counted(counted["boom", STRICT]),
        flat_half=_counted(counted["flat", STRICT]),
        gap=plain(100 * (boom.came / boom.n - flat.came / flat.n), 0),
        said=plain(100 * (boom.said - flat.said), 0),
    )
    return Said(text, backtest_rows(), still=COUNTED)


def _counted(t: Tally) -> Text:
    return Text(
        "{came} of {n} {head:select boom=booms|flat=flat series} ({share}; {said} "
        "expected on average, base rate {base})",
        came=str(t.came),
        n=str(t.n),
        head=Verbatim(t.chosen),
        share=percent(t.came / t.n),
        said=percent(t.said),
        base=percent(t.base),
    )


@makes("sentence", "backtest-named")
def spending_backtest_named() -> Said:
    asked = _asked()
    named = [a for a in asked if a.chosen == "named"]
    silent = [a for a in asked if a.chosen == "before"]
    text = Text(
        "Asked on the day, it would have said of what is named in hindsight: "
        "{parts}. Of {silent} it could say nothing, because no past case was known",
        parts=Joined("; ", (_told(a) for a in named)),
        silent=Listed(_dated(a) for a in silent),
    )
    return Said(text, backtest_rows(), still=COUNTED)


def _told(a: Asked) -> Text:
    first = a.outcome(HEADLINE)
    return Text(
        "{boom} ({change} in three years, {group}): a fall of 30% in dollars in "
        "{said} of {n} cases, base rate {base}; it {came:select yes=came|no=did not "
        "come|other=is not on record}",
        boom=_dated(a),
        change=percent(a.rise),
        group=class_words(a.group),
        said=percent(first.frequency),
        n=f"{first.n:,}",
        base=percent(first.base),
        came={True: "yes", False: "no", None: "other"}[first.came],
    )
