"""Who answered what, beside our own frozen answers, and what has been decided."""

import math
from collections.abc import Iterable

import numpy as np

from manias.answers.own_answers import GROWTH
from manias.answers.questions import Question, Reply, list_questions, list_replies, resolve
from manias.answers.tournament import Entry, Tournament, tournament
from manias.data.library import load, once
from manias.data.rows import Rows, some, whole
from manias.language.messages import Joined, Text, Verbatim
from manias.language.names import reply_name
from manias.language.numbers import percent, plain
from manias.report.exhibits import Said, Table, makes

OURS = ("lens", "ladder", "naive")
"""Kinds of answers that are computed here."""
NO_BILLIONS = "ratio"
SPENT = "bca-bust-capex"
SHARES = ("bca-bust-market-30", "bca-bust-market-40")
STILL = "an answer is compared with sums and with the deepest fall of a span"
"""Why one figure behind the tournament may not move what is printed of it."""


@once
def _played() -> Tournament:
    return tournament()


def _rows(*but: str) -> Iterable[Rows]:
    """Questions, answers, and what decides the former and holds the latter."""
    yield from whole("questions")
    refers = load("questions").tables["answers"]["refers"].dropna()
    named = {ref.partition(":")[2] for ref in refers if not ref.startswith("ai_revenue")}
    for name in ("forecasts", "statements"):
        wanted = named | {m for q in list_questions() for m in q.members.split(";")}
        keep = load(name).frame["id"].isin(wanted)
        yield some(name, keep, "answers, and what decides them")
    yield from whole("ai_revenue.data")
    frame = load("ai_capex").frame
    keep = frame["measure"].isin(_measures())
    keep &= frame["company"].isin({m for q in list_questions() for m in q.members.split(";")})
    yield some("ai_capex", keep, "what decides a question")
    if "ai_market" not in but:
        yield _levels()


def _measures() -> set[str]:
    own = {q.series.partition(":")[2] for q in list_questions() if q.series}
    return own | {"operating_cash_flow"}


def _levels() -> Rows:
    frame = load("ai_market").frame
    named = [q.series.split(":") for q in list_questions() if q.measure == "fall"]
    keep = frame["series"].isin({parts[2] for parts in named})
    keep &= frame["window"].isin({parts[1] for parts in named})
    return some("ai_market", keep & (frame["month"] >= "2025-10"), "from October 2025")


@makes("sentence", "tournament-finding")
def finding() -> Said:
    played = _played()
    asked = {q.id: resolve(q) for q in list_questions()}
    decided = sum(o.is_decided for o in asked.values())
    due = sum(o.status.startswith("due") for o in asked.values())
    scored = [e for e in played.entries if np.isfinite(e.skill) and e.reply.kind not in OURS]
    first, wins = _against_growth(played)
    said = Text(
        "{n} questions are on record. {decided} are decided, and {due} are due while "
        "the tables do not reach far enough. Of {scored} public answers to numbers "
        "that can be scored, {better} came nearer than the last value known on their "
        "day. Their median error is {error}, that of the last value {naive}. A rule "
        "that knows nothing but the growth so far beat the first public answer to a "
        "question in {wins} of {first}",
        n=len(asked),
        decided=decided,
        due=due,
        scored=len(scored),
        better=sum(e.skill > 0 for e in scored),
        error=percent(_median(e.error for e in scored)),
        naive=percent(_median(e.naive for e in scored)),
        wins=wins,
        first=first,
    )
    return Said(said, _rows("ai_market"), still=STILL)


def _median(values: Iterable[float]) -> float:
    return float(np.median([v for v in values if np.isfinite(v)]))


def _against_growth(played: Tournament) -> tuple[int, int]:
    """Decided numbers that both answered, and those where the rule came nearer."""
    n = wins = 0
    for q in {e.question.id: e.question for e in played.entries}.values():
        mine = [e for e in played.entries if e.question.id == q.id and math.isfinite(e.error)]
        rule = next((e for e in mine if e.reply.who == GROWTH), None)
        other = next((e for e in mine if e.reply.kind not in OURS), None)
        if rule is not None and other is not None:
            n, wins = n + 1, wins + (rule.error < other.error)
    return n, wins


@makes("sentence", "bca-call")
def bca_call() -> Said:
    by = {q.id: q for q in list_questions()}
    spent = resolve(by[SPENT])
    falls = [resolve(by[key]) for key in SHARES]
    said = next(r for r in list_replies(SPENT))
    text = Text(
        "{who} said on {made} that the AI boom would end within six to twelve "
        "months. One reading is that the five builders spend less than a year "
        "before: this {capex:select yes=has happened|no=has not happened|open=is not "
        "due yet|other=is due, and the tables do not reach far enough to tell}. To "
        "{quarter} the quarter that grew least grew by {growth}. Another is a fall "
        "of the semiconductor fund SOXX from a month-end peak. By 30% it "
        "{mild:select yes=has happened|no=has not happened|open=is not due "
        "yet|other=is due in the same way}, by 40% it {deep:select yes=has "
        "happened|no=has not happened|open=is not due yet|other=is due in the same "
        "way}. To {month} the deepest was {fall}",
        who=said.who,
        made=said.made,
        capex=_word(spent.status),
        quarter=spent.seen_to,
        growth=_signed(spent.value),
        mild=_word(falls[0].status),
        deep=_word(falls[1].status),
        month=falls[0].seen_to,
        fall=_signed(falls[0].value, falls=True),
    )
    frame = load("questions").frame
    answers = load("questions").tables["answers"]
    capex = load("ai_capex").frame
    keys = [SPENT, *SHARES]
    mine = capex["measure"].eq("capex") & capex["company"].isin(by[SPENT].members.split(";"))
    return Said(
        text,
        some("questions", frame["id"].isin(keys), "the readings of one forecast"),
        some("questions.answers", answers["question"].eq(SPENT), "who said it"),
        some("forecasts", load("forecasts").frame["id"].eq("s171"), "who said it"),
        some(
            "ai_capex", mine & (capex["period_end"] >= "2024-11"), "the span and a year before"
        ),
        _levels(),
        still=STILL,
    )


def _word(status: str) -> str:
    return status if status in ("yes", "no", "open") else "other"


def _signed(value: float, *, falls: bool = False) -> str:
    return "–" if math.isnan(value) else percent(-value if falls else value)


@makes("exhibit", "tournament-open")
def open_table() -> Said:
    rows = []
    # Those that are asked anew come first.
    for q, entries in sorted(_by_question(_played()), key=lambda pair: not pair[0].quarter):
        if entries[0].outcome.is_decided:
            continue
        ours = [e.reply for e in entries if e.reply.kind in OURS and q.quarter]
        others = [e.reply for e in entries if e.reply.kind not in OURS]
        status = entries[0].outcome.status
        rows.append(
            [
                q.question,
                q.closes if status == "open" else Text("due, not on record"),
                Joined("; ", [_told(q, r) for r in others]) if others else "–",
                Joined("; ", [_mine(q, r) for r in ours]) if ours else "–",
            ]
        )
    table = Table(
        caption=Text(
            "Questions that are not decided: public answers, and ours to the "
            "questions that are asked anew each quarter, frozen on the day. Figures "
            "are billion dollars, a ratio, or the probability of yes. A question is "
            "due on the day named. Where it is due and the tables do not reach far "
            "enough, that decides nothing. Naive answers and frequencies stand where "
            "no model of ours answers. Prices of prediction markets are answers to "
            "the questions of those markets alone."
        ),
        columns=["Question", "Due", "Public answers", "Our answers"],
        widths=[2, 0.8, 2.6, 2.2],
        rows=rows,
    )
    return Said(table, _rows(), still=STILL)


@makes("exhibit", "tournament-decided")
def decided_table() -> Said:
    rows = []
    for q, entries in _by_question(_played()):
        if not entries[0].outcome.is_decided:
            continue
        for k, e in enumerate(entries):
            rows.append(
                [
                    "" if k else q.question,
                    e.reply.made,
                    _who(e.reply),
                    _answer(q, e.reply),
                    _came(q, e),
                    "–" if math.isnan(e.error) else percent(e.error),
                    "–" if math.isnan(e.interval) else percent(e.interval),
                    "–" if math.isnan(e.naive) else percent(e.naive),
                    "–" if math.isnan(e.skill) else plain(e.skill, 2),
                    e.reply.grade,
                ]
            )
    table = Table(
        caption=Text(
            "Questions that are decided. Error: of the answer, over what came. "
            "Interval: its interval score over what came, where an interval was "
            "given (read as one of 80%, as no maker states another). Naive: the "
            "error of the last value known on the day of the answer. Skill: 1 less "
            "the error over that of the naive answer, so that 1 is perfect and 0 no "
            "better than the last value. An answer that was given late in a year "
            "knew most of it."
        ),
        columns=[
            *("Question", "Made", "By", "Answer", "Came", "Error", "Interval", "Naive"),
            *("Skill", "Grade"),
        ],
        widths=[2.2, 0.9, 1.4, 0.8, 0.7, 0.6, 0.7, 0.6, 0.6, 0.5],
        rows=rows,
    )
    return Said(table, _rows("ai_market"), still=STILL)


def _by_question(played: Tournament) -> list[tuple[Question, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for e in played.entries:
        found.setdefault(e.question.id, []).append(e)
    return [(entries[0].question, entries) for entries in found.values()]


def _came(q: Question, e: Entry) -> object:
    if q.kind == "yes/no":
        return Text(e.outcome.status)
    value = f"{e.outcome.value:.4g}"
    return value if q.unit == NO_BILLIONS else Text("{amount:billion}", amount=value)


def _told(q: Question, r: Reply) -> Text:
    return Text(
        "{who} {answer} ({made})", who=_who(r), answer=_answer(q, r), made=Verbatim(r.made)
    )


def _mine(q: Question, r: Reply) -> Text:
    return Text("{who} {answer}", who=_who(r), answer=_answer(q, r))


def _who(r: Reply) -> str:
    return reply_name(r.who)


def _answer(q: Question, r: Reply) -> object:
    if r.says:
        return r.says
    if math.isfinite(r.probability):
        return (
            percent(r.probability) if r.probability >= 0.01 else f"{100 * r.probability:.1f}%"
        )
    if q.unit == NO_BILLIONS:
        ends = f"{r.low:.4g}–{r.high:.4g}"
        point: object = plain(r.value, 2)
    else:
        fields = {"low": f"{r.low:.4g}", "high": f"{r.high:.4g}"}
        ends = Text("{low:billion}–{high:billion}", **fields)
        point = Text("{amount:billion}", amount=f"{r.value:,.4g}")
    if not math.isfinite(r.low):
        return point
    if math.isnan(r.value):
        return ends
    return Text("{point} [{ends}]", point=point, ends=ends)
