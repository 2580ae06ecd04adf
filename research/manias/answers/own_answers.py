"""What our lenses, frequencies and naive rules answer to a question, frozen once a quarter."""

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from manias.answers.forecasts import (
    IN_MONTH,
    ON_DAY,
    PROBABILITY,
    WORDS,
    day_of_making,
    refuse_contradictions,
)
from manias.answers.questions import (
    MEASURES,
    NAN,
    Question,
    Reply,
    list_questions,
    quarters_of,
    revenue_rows,
    span_of,
)
from manias.data.arguments import checked
from manias.data.calendar import last_day
from manias.data.files import write_atomically
from manias.data.fingerprint import fingerprint, sha256
from manias.data.library import current, known_on, load
from manias.data.results import Result
from manias.data.sources import GRADES, weakest
from manias.documents import DAY, Schema, listed, maybe, number, one_of, read, record, text
from manias.errors import DataError, InputError
from manias.evaluation.cards import HASHES, SUM, dumps
from manias.lenses.ladder import LadderModel, rung_of
from manias.lenses.price_logit import answer_index, fit_as_of
from manias.series.flows import load_flows
from manias.series.indices import ai_indices
from manias.series.runups import RunUpRule, load_panel
from manias.spending.ladder import EDGES, FLOORS

FORMAT = 1
"""Of a frozen file of questions."""
_KEY = text(least=1, most=200)
_WHEN = text(
    like=r"^[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?|Q[1-4])?$", said="a year, month or day"
)
_QUARTER = text(like=r"^[12][0-9]{3}Q[1-4]$", said="a quarter, YYYYQn")
_GRADE = one_of(*GRADES)
_UNTIL = text(like=rf"^(?:{DAY[1:-1]})?$", said="a day, YYYY-MM-DD, or nothing")
SCHEMA = Schema(
    record(
        {
            "format": one_of(FORMAT),
            "quarter": _QUARTER,
            "made": ON_DAY,
            "level": number(minimum=0, maximum=1),
            "data": HASHES,
            "questions": listed(
                record(
                    {
                        **{"id": _KEY, "quarter": _QUARTER, "asked": _WHEN, "closes": _WHEN},
                        **{
                            "question": WORDS,
                            "rule": WORDS,
                            "kind": one_of("number", "yes/no"),
                        },
                        **{"measure": one_of(*MEASURES), "series": WORDS, "members": WORDS},
                        **{"first": IN_MONTH, "last": IN_MONTH},
                        **{"threshold": maybe(number()), "unit": WORDS},
                        **{"recorded": maybe(number()), "source": WORDS, "locator": WORDS},
                        **{"grade": _GRADE, "note": WORDS},
                    }
                ),
                most=1_000,
            ),
            "answers": listed(
                record(
                    {
                        **{"id": _KEY, "question": _KEY, "who": WORDS, "kind": WORDS},
                        **{"made": ON_DAY, "value": maybe(number()), "low": maybe(number())},
                        **{"high": maybe(number()), "probability": PROBABILITY},
                        **{"says": one_of("yes", "no", ""), "until": _UNTIL, "model_id": WORDS},
                        **{"source": WORDS, "locator": WORDS, "grade": _GRADE, "note": WORDS},
                    }
                ),
                most=10_000,
            ),
            "seal": SUM,
        }
    )
)
"""What a frozen file of questions holds."""
LEVEL = 0.8
"""Coverage of our intervals, and that assumed of an interval whose maker states none."""
YEARS = 3
"""Years of the run-up by which firms are classed, as in the plan."""
NAIVE = "naive"
BASE = "base rate"
LAST = "last value"
GROWTH = "same growth again"
RATE = "last quarter at a yearly rate"
QUARTER = "last quarter alone"
CLASS = "class of firms"
LADDER = "ladder"
LENS = "runup-prices"
READ: Mapping[str, tuple[str, ...]] = {
    "sum": ("ai_capex", "firm_capex", "us_it_investment"),
    "over": ("ai_capex",),
    "growth": ("ai_capex",),
    "decline": ("ai_capex", "firm_capex", "us_it_investment"),
    "fall": ("ai_market", "us_industries"),
    "year": ("ai_revenue",),
    "run_rate": ("ai_revenue",),
    "stated": (),
    "recorded": (),
}
"""Tables that the answers to a question rest on, by its measure."""
BY_OBSERVED = ("year", "run_rate")
"""Measures whose points were in print long before the line that carries them was."""


@dataclass(frozen=True, slots=True, repr=False)
class Reference(Result):
    """What became of the spending of firms that had risen as much.

    Attributes
    ----------
    group : str
        Class of the rise in three years, percent, as on the ladder of firms.
    years : int
        Years later.
    low, middle, high : float
        Tenth, half and nine tenths of the firm-years: dollars then over dollars at the start.
    fell : float
        Share of them whose dollars in the last of the years lay below those of the year before.
    n, units : int
        Firm-years, and firms that they belong to.
    """

    _told = ("group", "years", "middle", "n")

    group: str
    years: int
    low: float
    middle: float
    high: float
    fell: float
    n: int
    units: int


def firms_like(rise: float, years: int) -> Reference:
    """Say what became of the capital expenditure of firms after such a rise.

    Parameters
    ----------
    rise : float
        Of dollars in three years; 0.5 is 50%.
    years : int
        How many years later.

    Returns
    -------
    Reference
        Of the firm-years of `manias.series.flows.load_flows` in the same class: 100 million
        dollars or more at the start, and every year in between on record. The classes are those
        of the ladder of firms, here of dollars and not of dollars over GDP.

    Raises
    ------
    DataError
        If no firm-year is in the class.

    Examples
    --------
    >>> firms_like(1.5, 1).group
    '100 to 200'
    """
    dollars = load_flows("firms").dollars
    level = dollars.to_numpy(dtype=float)
    edges = np.array(EDGES["firms"])
    n = len(level) - YEARS - years
    start, past = level[YEARS : YEARS + n], level[:n]
    end, before = level[YEARS + years :], level[YEARS + years - 1 : len(level) - 1]
    between = [level[YEARS + k : YEARS + k + n] for k in range(years + 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        rises = np.where(past > 0, start / past - 1, np.nan)
        keep = (start >= FLOORS["firms"]) & np.isfinite(rises)
        keep &= np.isfinite(between).all(axis=0)
        keep &= np.digitize(rises, edges) == np.digitize(rise, edges)
        ratios, fell = end / start, end < before
    if not keep.any():
        raise DataError(f"no firm-year on record whose dollars rose by {rise:.0%}")
    low, middle, high = np.quantile(ratios[keep], [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Reference(
        _class(rise, edges), years, float(low), float(middle), float(high),
        float(fell[keep].mean()), int(keep.sum()), int(keep.any(axis=0).sum()),
    )  # fmt: skip


def _class(rise: float, edges: np.ndarray) -> str:
    at = int(np.digitize(rise, edges))
    percent = [f"{100 * edge:g}" for edge in edges]
    if at == 0:
        return f"below {percent[0]}"
    return f"above {percent[-1]}" if at == len(edges) else f"{percent[at - 1]} to {percent[at]}"


@checked
def own_replies(question: Question, made: str) -> tuple[Reply, ...]:
    """Answer a question from what was known on a day.

    Parameters
    ----------
    question : Question
    made : str
        The day.

    Returns
    -------
    tuple of Reply
        Of numbers: the last value, the same growth again, the last quarter at a yearly rate,
        and where the five years of a class of firms allow it what became of their spending. Of
        falls: the base rate, the frequency on the rung of the ladder where the index stands,
        and, of two years, the model from prices. Of declines and growth: how often it happened
        to the same companies before. None where nothing of the kind was known.

    Examples
    --------
    >>> asked = next(q for q in list_questions() if q.id == "capex-2025-four")
    >>> {r.who: round(r.value) for r in own_replies(asked, "2025-02-07")}["last value"]
    228
    """
    by = "observed" if question.measure in BY_OBSERVED else None
    with known_on(made, by=by):
        found = list(_ANSWERS[question.measure](question, made))
    return tuple(found)


def _new(q: Question, made: str, who: str, kind: str, until: str, **what: Any) -> Reply:
    base = dict.fromkeys(("value", "low", "high", "probability"), NAN)
    told = dict.fromkeys(("model_id", "note", "says"), "") | {"source": q.source}
    return Reply(
        id=f"{q.id}-{who.replace(' ', '-')}", question=q.id, who=who, kind=kind, made=made,
        until=until, locator="computed from the tables as known on the day",
        **base | told | what,
    )  # fmt: skip


def _sums(q: Question, made: str) -> Iterator[Reply]:
    values = quarters_of(q)
    _, end, n = span_of(q)
    if len(values) < n:
        return
    last, until = float(values.iloc[-n:].sum()), _ends(values)
    yield _new(q, made, LAST, NAIVE, until, value=last, grade=_grade(q))
    if n > 1:
        rate = float(values.iloc[-1]) * n
        yield _new(q, made, RATE, NAIVE, until, value=rate, grade=_grade(q))
    if len(values) >= n + 4:
        growth = last / float(values.iloc[-n - 4 : -4].sum())
        years = (end.ordinal - values.index[-1].ordinal) / 12
        yield _new(
            q, made, GROWTH, NAIVE, until, value=last * growth**years, grade=_grade(q),
            note=f"growth of {growth - 1:.0%} a year for {years:g} years",
        )  # fmt: skip
    if n == 4 and end.month == 12 and (found := _like(q, values)) is not None:
        level, like = found
        yield _new(
            q, made, CLASS, LADDER, until, value=level * like.middle, low=level * like.low,
            high=level * like.high, grade=weakest([_grade(q), "B"]), note=_told(like),
        )  # fmt: skip


def _like(q: Question, values: pd.Series) -> tuple[float, Reference] | None:
    """Dollars of the last whole calendar year, and what became of firms that rose as they."""
    years = values.groupby(values.index.year).agg(["sum", "count"])
    whole = years.loc[years["count"] == 4, "sum"]
    if whole.empty or (start := whole.index[-1]) - YEARS not in whole.index:
        return None
    ahead = pd.Period(q.last, "M").year - start
    rise = float(whole[start] / whole[start - YEARS] - 1)
    try:
        return float(whole[start]), firms_like(rise, ahead)
    except DataError:
        return None


def _told(like: Reference) -> str:
    return (
        f"firms whose spending had risen by {like.group}% in three years, {like.years} years "
        f"later: {like.n} firm-years of {like.units} firms"
    )


def _ratio(q: Question, made: str) -> Iterator[Reply]:
    both = pd.DataFrame({"a": quarters_of(q), "b": quarters_of(q, "operating_cash_flow")})
    both = both.dropna()
    _, _, n = span_of(q)
    if len(both) < n:
        return
    sums = both.iloc[-n:].sum()
    until = _ends(both["a"])
    last = float(sums["a"] / sums["b"])
    alone = float(both["a"].iloc[-1] / both["b"].iloc[-1])
    yield _new(q, made, LAST, NAIVE, until, value=last, grade=_grade(q))
    yield _new(q, made, QUARTER, NAIVE, until, value=alone, grade=_grade(q))


def _before(q: Question, made: str) -> Iterator[Reply]:
    """How often it happened in earlier years of the same companies."""
    values = quarters_of(q)
    growth = (values / values.shift(4) - 1).dropna()
    if q.measure == "decline":
        by_year = growth.groupby(growth.index.year).agg(["min", "count"])
        past = by_year.loc[by_year["count"] == 4, "min"] < q.threshold
    else:
        sums = values.groupby(values.index.year).agg(["sum", "count"])
        whole = sums.loc[sums["count"] == 4, "sum"]
        past = whole.pct_change().dropna() > q.threshold
    if past.empty:
        return
    n, k = len(past), int(past.sum())
    note = f"{k} of {n} calendar years; half a case is added to each side"
    yield _new(
        q, made, BASE, NAIVE, _ends(values), probability=(k + 0.5) / (n + 1), grade=_grade(q),
        note=note,
    )  # fmt: skip
    if q.measure == "decline" and (found := _like(q, values)) is not None:
        _, like = found
        yield _new(
            q, made, CLASS, LADDER, _ends(values), probability=like.fell,
            grade=weakest([_grade(q), "B"]),
            note=f"{_told(like)}; share whose whole year lay below the year before",
        )  # fmt: skip


def _falls(q: Question, made: str) -> Iterator[Reply]:
    start, end, _ = span_of(q)
    months = end.ordinal - start.ordinal + 1
    key = q.series.rpartition(":")[2]
    # A year that is read by month ends may hold thirteen of them.
    horizon = 12 * max(1, months // 12)
    rule = RunUpRule(horizon=horizon, crash=q.threshold)
    model = LadderModel(rule=rule)
    panel, index = load_panel(), ai_indices()[key]
    counted = model.fit(panel)
    base, until = counted.base, f"{panel.last.end_time:%Y-%m-%d}"
    yield _new(
        q, made, BASE, NAIVE, until, probability=base.rate, grade=counted.grade,
        model_id=counted.model_id, source="; ".join(counted.sources),
        note=f"{base.crashes} of {base.n} spans of {horizon} months of US industries",
    )  # fmt: skip
    rung = rung_of(index, model)
    found = base if rung is None else counted.rungs[rung]
    where = "below the lowest rung" if rung is None else f"on the rung of {rung:.0%}"
    yield _new(
        q, made, LADDER, LADDER, until, probability=found.rate, model_id=counted.model_id,
        grade=weakest([counted.grade, index.grade]), source="; ".join(counted.sources),
        note=f"{key} {where} at the end of {index.last}: {found.crashes} of {found.n} "
        f"{'spans' if rung is None else 'run-ups'}, 95% interval {found.low:.3f} to "
        f"{found.high:.3f}",
    )  # fmt: skip
    if horizon == 24 and math.isclose(q.threshold, 0.4):
        fit = fit_as_of(made)
        answer = answer_index(fit, index, target=key)
        if np.isfinite(answer.value):
            yield _new(
                q, made, LENS, "lens", f"{index.last.end_time:%Y-%m-%d}", grade=answer.grade,
                probability=answer.value, model_id=fit.model_id,
                source="; ".join(fit.sources),
                note=f"of the two years after {index.last}; "
                + ("" if answer.is_supported else "outside what the model has seen; ")
                + f"interval {answer.low:.3f} to {answer.high:.3f}",
            )  # fmt: skip


def _years(q: Question, made: str) -> Iterator[Reply]:
    for basis, who in (("year", LAST), ("run_rate", "last run rate")):
        rows = revenue_rows(q, basis, before=made)
        if len(rows):
            last = rows.iloc[-1]
            yield _new(
                q, made, who, NAIVE, str(last["day"]), value=float(last["value"]),
                grade=last["grade"], source=last["source"],
            )  # fmt: skip


def _rates(q: Question, made: str) -> Iterator[Reply]:
    rows = revenue_rows(q, "run_rate", before=made)
    members = len([m for m in q.members.split(";") if m.strip()])
    last = rows.groupby("claimant").tail(1)
    if len(last) < members:
        return
    until, now = str(last["day"].max()), float(last["value"].sum())
    grade = weakest(last["grade"])
    yield _new(q, made, LAST, NAIVE, until, value=now, grade=grade, note=_compiled(rows))
    ago = (last_day(until) - pd.DateOffset(years=1)).date().isoformat()
    then = rows[rows["day"].astype(str) <= ago].groupby("claimant").tail(1)
    if len(then) == members:
        growth = now / float(then["value"].sum())
        years = (last_day(q.last) - last_day(until)).days / 365.25
        yield _new(
            q, made, GROWTH, NAIVE, until, value=now * growth**years, grade=grade,
            note=f"{growth:.2f} times in a year, for {years:.2f} years; {_compiled(rows)}",
        )  # fmt: skip


def _compiled(rows: pd.DataFrame) -> str:
    return f"points of a line put together later, published {rows['published'].max()}"


def _none(q: Question, made: str) -> Iterator[Reply]:
    yield from ()


_ANSWERS = {
    "sum": _sums,
    "over": _ratio,
    "growth": _before,
    "decline": _before,
    "fall": _falls,
    "year": _years,
    "run_rate": _rates,
    "stated": _none,
    "recorded": _none,
}


def _ends(values: pd.Series) -> str:
    return f"{values.index[-1].end_time:%Y-%m-%d}"


def _grade(q: Question) -> str:
    frame = load("ai_capex").frame
    keep = frame["company"].isin([m.strip() for m in q.members.split(";")])
    keep &= frame["measure"].isin([q.series.partition(":")[2], "operating_cash_flow"])
    return weakest(set(frame.loc[keep, "grade"]))


# ---- frozen


def freeze_questions(
    quarter: str, made: str, *, today: datetime.date | None = None
) -> dict[str, Any]:
    """Answer the questions of a quarter from what was known on a day, so that it can be kept.

    Parameters
    ----------
    quarter : str
        Such as ``2026Q4``.
    made : str
        Day, ``YYYY-MM-DD``, in that quarter.
    today : datetime.date, optional
        The day of the clock, after which nothing was frozen.

    Returns
    -------
    dict
        Plain values: questions, our answers, hashes of the rows that were known, and ``seal``,
        the hash of all of it. The same from a later edition of the tables, but for rows that
        were revised.

    Raises
    ------
    InputError
        If nothing is asked in the quarter, or the day is none, lies outside the quarter, before
        a question was asked, or after ``today``.

    Examples
    --------
    >>> freeze_questions("2026Q4", "2026-11-29")["quarter"]  # doctest: +SKIP
    '2026Q4'
    """
    day = day_of_making(made, today)
    if str(day.to_period("Q")) != quarter:
        raise InputError(f"made {made}: expected a day of {quarter}")
    asked = list_questions(quarter)
    if early := next((q for q in asked if last_day(q.asked) > day), None):
        raise InputError(f"made {made}: {early.id} was asked on {early.asked}")
    read = dict.fromkeys(name for q in asked for name in READ[q.measure])
    frozen = {
        "format": FORMAT,
        "quarter": quarter,
        "made": made,
        "level": LEVEL,
        "data": {name: _known_rows(name, made) for name in read},
        "questions": [asdict(q) for q in asked],
        "answers": [asdict(r) for q in asked for r in own_replies(q, made)],
    }
    return frozen | {"seal": _seal(frozen)}


def _known_rows(name: str, made: str) -> str:
    """Hash of the rows of a dataset that were known on a day, wherever they stand in it."""
    with known_on(made):
        tables = load(name).tables
    parts = {part: fingerprint(t.reset_index(drop=True)) for part, t in tables.items()}
    return sha256(dumps(parts).encode())


def _seal(frozen: Mapping[str, Any]) -> str:
    return sha256(dumps({k: v for k, v in frozen.items() if k != "seal"}).encode())


def write_questions(frozen: Mapping[str, Any], path: Path) -> None:
    """Write a frozen file of questions; one that exists is never replaced.

    Parameters
    ----------
    frozen : mapping
        From `freeze_questions`.
    path : Path

    Raises
    ------
    InputError
        If there is a file already; of two that write at once one is told so.
    """
    try:
        write_atomically(path, dumps(frozen).encode(), replace=False)
    except FileExistsError:
        raise InputError(f"{path}: exists; frozen answers are never replaced") from None


@dataclass(frozen=True, slots=True)
class Frozen:
    """The questions of a quarter with our answers, as they were frozen.

    Attributes
    ----------
    quarter, made, seal : str
    questions : tuple of Question
    replies : tuple of Reply
    """

    quarter: str
    made: str
    seal: str
    questions: tuple[Question, ...]
    replies: tuple[Reply, ...]


def read_questions(path: Path) -> Frozen:
    """Read a frozen file of questions.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Frozen

    Raises
    ------
    InputError
        If it is no such file, or was edited since it was sealed.
    """
    frozen = read(path, SCHEMA, where=str(path), error=InputError)
    if frozen["seal"] != _seal(frozen):
        raise InputError(f"{path}: edited after it was frozen; its seal does not fit")
    for part in ("questions", "answers"):
        refuse_contradictions(frozen[part], str(path))
    asked = {row["id"] for row in frozen["questions"]}
    if odd := next((row for row in frozen["answers"] if row["question"] not in asked), None):
        raise InputError(
            f"{path}: {odd['id']}: question {odd['question']!r}; expected one that was frozen"
        )
    return Frozen(
        frozen["quarter"],
        frozen["made"],
        frozen["seal"],
        tuple(_again(Question, row) for row in frozen["questions"]),
        tuple(_again(Reply, row) for row in frozen["answers"]),
    )


def _again(cls: type, row: Mapping[str, Any]) -> Any:
    return cls(**{f.name: NAN if row[f.name] is None else row[f.name] for f in fields(cls)})


def list_frozen_questions(until: str | None = None) -> tuple[Frozen, ...]:
    """List the frozen files of questions of the open library.

    Parameters
    ----------
    until : str, optional
        Those frozen by a day; all by default.

    Returns
    -------
    tuple of Frozen
        By quarter.

    Raises
    ------
    DataError
        If a question of the table is not the one that was frozen.

    Examples
    --------
    >>> [f.quarter for f in list_frozen_questions()][:1]
    ['2026Q4']
    """
    folder = Path(str(current().reports)) / "forecasts" / "questions"
    every = (read_questions(path) for path in sorted(folder.glob("*.json")))
    found = tuple(f for f in every if until is None or last_day(f.made) <= last_day(until))
    asked = {q.id: q for q in list_questions()}
    for q in (q for frozen in found for q in frozen.questions):
        for name in ("rule", "measure", "series", "members", "first", "last", "threshold"):
            now, then = getattr(asked.get(q.id, q), name), getattr(q, name)
            if now != then and now == now:
                raise DataError(f"question {q.id}: {name} {now!r}; frozen as {then!r}")
    return found
