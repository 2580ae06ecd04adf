"""Questions that data will answer, the public answers to them, and what the data say so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple, get_type_hints

import numpy as np
import pandas as pd

from manias.answers.forecasts import Forecast, _values
from manias.data.arguments import MaybeNumber, MaybeProbability, checked
from manias.data.calendar import last_day, user_day
from manias.data.library import current, known_on, load
from manias.data.results import Result
from manias.data.sources import weakest
from manias.errors import DataError, InputError

Status = Literal["known", "yes", "no", "open", "due, not on record"]
DUE: Status = "due, not on record"
DECIDED: tuple[Status, ...] = ("known", "yes", "no")
NAN = float("nan")


@checked
@dataclass(frozen=True, slots=True, repr=False)
class Question(Result):
    """One question with the rule that decides it.

    Attributes
    ----------
    id : str
    quarter : str
        In which it is asked of our lenses and frozen; "" for one that only others answered.
    asked, closes : str
        When it was put, and the day on which the answer is due.
    question, rule : str
        In plain words, and what decides it.
    kind : {"number", "yes/no"}
    measure : str
        Of `MEASURES`: the function that reads the answer.
    series, members : str
        What it reads.
    first, last : str
        Span of months that decides it, both included.
    threshold : float
        Share above which a yes/no question is yes.
    unit : str
    recorded : float
        The answer of a question that no table of ours decides: 1 yes, 0 no, NaN while unseen.
    source, locator, grade, note : str
    """

    _told = ("id", "closes", "measure")

    id: str
    quarter: str
    asked: str
    closes: str
    question: str
    rule: str
    kind: str
    measure: str
    series: str
    members: str
    first: str
    last: str
    threshold: MaybeNumber
    unit: str
    recorded: MaybeNumber
    source: str
    locator: str
    grade: str
    note: str

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise InputError(
                f"question {self.id}: measure {self.measure!r}; expected one of "
                f"{', '.join(MEASURES)}"
            )


@checked
@dataclass(frozen=True, slots=True, repr=False)
class Reply(Result):
    """One dated answer to a question.

    Attributes
    ----------
    id, question, who : str
    kind : str
        bank, company, analyst, survey, market odds; of ours lens, ladder or naive.
    made : str
        Day, month or year.
    value, low, high : float
        Of a number; in the unit of the question.
    probability : float
        Of yes.
    says : str
        yes or no, where no probability was given.
    until : str
        Last day of the data behind an answer of ours; "" otherwise.
    model_id, source, locator, grade, note : str
    """

    _told = ("question", "who", "made", "value", "probability")

    id: str
    question: str
    who: str
    kind: str
    made: str
    value: MaybeNumber
    low: MaybeNumber
    high: MaybeNumber
    probability: MaybeProbability
    says: str
    until: str
    model_id: str
    source: str
    locator: str
    grade: str
    note: str

    @property
    def point(self) -> float:
        """The value, or the middle of the interval where there is none."""
        return self.value if np.isfinite(self.value) else (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, repr=False)
class Outcome(Result):
    """What the data say of a question.

    Attributes
    ----------
    question : str
    status : {"known", "yes", "no", "open", "due, not on record"}
        A number is known once its span is over and all of it is on record. Yes is said as soon
        as it has happened, no when all of the span is on record. Due: it should be known, and
        the tables do not reach far enough; that is never a no.
    value : float
        The number; of a yes/no question the largest fall or decline so far, or the growth; NaN
        where there is none.
    seen_to : str
        Last period of the span that is on record; "nothing" where none is.
    """

    _told = ("question", "status", "value", "seen_to")

    question: str
    status: str
    value: float
    seen_to: str

    @property
    def is_decided(self) -> bool:
        """Whether it can be scored."""
        return self.status in DECIDED


class Reading(NamedTuple):
    """What a measure read.

    Attributes
    ----------
    value : float
    happened : bool
        Whether it is yes already; False of a number.
    is_whole : bool
        Whether all of the span is on record.
    seen_to : str
    """

    value: float
    happened: bool
    is_whole: bool
    seen_to: str


NOTHING = Reading(NAN, False, False, "nothing")


@checked
def list_questions(quarter: str | None = None) -> tuple[Question, ...]:
    """List the questions on record.

    Parameters
    ----------
    quarter : str, optional
        Of those asked of our lenses in one quarter, such as ``2026Q4``.

    Returns
    -------
    tuple of Question
        By the day on which the answer is due.

    Raises
    ------
    InputError
        If nothing is asked in the quarter.

    Examples
    --------
    >>> [q.kind for q in list_questions("2026Q4")].count("number")
    4
    """
    frame = load("questions").frame.sort_values(["closes", "id"], kind="stable")
    every = tuple(_made(Question, row) for row in frame.to_dict("records"))
    if quarter is None:
        return every
    found = tuple(q for q in every if q.quarter == quarter)
    if not found:
        asked = ", ".join(sorted({q.quarter for q in every} - {""}))
        raise InputError(f"quarter {quarter!r}: no question; expected one of {asked}")
    return found


@checked
def list_replies(question: str | None = None) -> tuple[Reply, ...]:
    """List the public answers on record, wherever the figure stands.

    In a library with a day those are left out whose figure stands in a row that was not known.

    Parameters
    ----------
    question : str, optional
        Key of a question; of all by default.

    Returns
    -------
    tuple of Reply
        By the day on which they were made.

    Raises
    ------
    DataError
        If an answer names a row that there is not, or a figure stands in two tables.

    Examples
    --------
    >>> {r.value for r in list_replies("capex-2025-four")}
    {315.0, 359.0}
    """
    frame = load("questions").tables["answers"]
    rows = [r for r in frame.to_dict("records") if question in (None, r["question"])]
    found = [reply for row in rows if (reply := _reply(row)) is not None]
    return tuple(sorted(found, key=lambda r: (last_day(r.made), r.id)))


@checked
def resolve(question: Question, *, as_of: str | None = None) -> Outcome:
    """Say what the tables say of a question.

    Parameters
    ----------
    question : Question
    as_of : str, optional
        Nothing observed later is used, and the day on which it is asked whether the answer is
        due; by default all that is on record, and the day of the edition.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If the series that should decide it does not exist, or the date cannot be read.

    Examples
    --------
    >>> past = next(q for q in list_questions() if q.id == "capex-2025-four")
    >>> resolve(past).status, resolve(past, as_of="2025-11").status
    ('known', 'open')
    """
    day = user_day(as_of) if as_of is not None else last_day(edition_day())
    with known_on(as_of, by="observed"):
        read = MEASURES[question.measure](question)
    value = read.value
    if question.kind == "number":
        # What is dated inside the span may still be followed by another figure.
        is_over = day >= last_day(question.last)
        status = "known" if read.is_whole and is_over and np.isfinite(value) else ""
        value = value if status else NAN
    else:
        status = "yes" if read.happened else "no" if read.is_whole else ""
    if not status:
        status = DUE if day >= last_day(question.closes) else "open"
    return Outcome(question.id, status, value, read.seen_to)


def edition_day() -> str:
    """Day up to which the open edition was kept: never that of the clock.

    Returns
    -------
    str
        Day on which the edition was made, or the last day of the month in which a source of it
        was last seen; not after the day of the open library.

    Examples
    --------
    >>> len(edition_day())
    10
    """
    library = current()
    seen = max(source.accessed for source in library.sources().values())
    day = last_day(library.edition.made or seen)
    if library.day is not None:
        day = min(day, library.day)
    return day.date().isoformat()


# ---- what reads the answers


def quarters_of(question: Question, measure: str | None = None) -> pd.Series:
    """Quarterly figures behind a question, by the month in which each quarter ends.

    Parameters
    ----------
    question : Question
        Whose series is one of ``ai_capex``.
    measure : str, optional
        Another measure of the same companies.

    Returns
    -------
    pandas.Series
        Billion dollars; quarters in which a company is missing are left out.

    Examples
    --------
    >>> past = next(q for q in list_questions() if q.id == "capex-2025-four")
    >>> len(quarters_of(past)["2025":"2025"])
    4
    """
    dataset, _, own = question.series.partition(":")
    return _values(_as_forecast(question, f"{dataset}:{measure or own}"))


def _as_forecast(q: Question, series: str) -> Forecast:
    return Forecast(
        id=q.id, made=q.asked, who="", text=q.question, kind="about", series=series,
        members=q.members, first=q.first, last=q.last, low=0.0, high=NAN, tolerance=NAN,
        unit=q.unit, probability=NAN, base=NAN, model_id="", source=q.source,
        locator=q.locator, grade=q.grade, note="",
    )  # fmt: skip


def span_of(question: Question) -> tuple[pd.Period, pd.Period, int]:
    """First and last month of the span, and how many quarters fit into it."""
    start, end = pd.Period(question.first, "M"), pd.Period(question.last, "M")
    return start, end, (end.ordinal - start.ordinal + 1) // 3


def _ends(values: pd.Series, start: pd.Period, end: pd.Period) -> int:
    """How many quarters end in a span, by the months in which those on record end."""
    if values.empty:
        return 1
    months = range(start.ordinal, end.ordinal + 1)
    return sum((month - values.index[-1].ordinal) % 3 == 0 for month in months)


def _within(values: pd.Series, start: pd.Period, end: pd.Period) -> pd.Series:
    return values[(values.index >= start) & (values.index <= end)]


def _seen(values: pd.Series) -> str:
    return str(values.index[-1]) if len(values) else "nothing"


def _sum(q: Question) -> Reading:
    start, end, _ = span_of(q)
    values = quarters_of(q)
    inside = _within(values, start, end)
    is_whole = len(inside) == _ends(values, start, end)
    return Reading(float(inside.sum()), False, is_whole, _seen(inside))


def _over(q: Question) -> Reading:
    start, end, _ = span_of(q)
    values = quarters_of(q)
    spent = _within(values, start, end)
    cash = _within(quarters_of(q, "operating_cash_flow"), start, end)
    both = spent.index.intersection(cash.index)
    total = float(cash[both].sum())
    value = float(spent[both].sum()) / total if total > 0 else NAN
    is_whole = len(both) == _ends(values, start, end)
    return Reading(value, False, is_whole, _seen(spent[both]))


def _growth(q: Question) -> Reading:
    start, end, _ = span_of(q)
    values = quarters_of(q)
    now, then = _within(values, start, end), _within(values, start - 12, end - 12)
    wanted = _ends(values, start, end)
    if len(now) < wanted or len(then) < wanted:
        return NOTHING._replace(seen_to=_seen(now))
    growth = float(now.sum() / then.sum() - 1)
    return Reading(growth, growth > q.threshold, True, _seen(now))


def _decline(q: Question) -> Reading:
    start, end, _ = span_of(q)
    values = quarters_of(q)
    inside = _within(values, start, end)
    growth = [values[m] / values[m - 12] - 1 for m in inside.index if m - 12 in values.index]
    if not growth:
        return NOTHING
    least = float(min(growth))
    is_whole = len(growth) == _ends(values, start, end)
    return Reading(least, least < q.threshold, is_whole, _seen(inside))


def _fall(q: Question) -> Reading:
    start, end, _ = span_of(q)
    levels = _within(_values(_as_forecast(q, q.series)), start - 1, end)
    if len(levels) < 2:
        return NOTHING
    path = levels.to_numpy(dtype=float)
    deepest = float((path / np.maximum.accumulate(path) - 1).min())
    is_whole = len(levels) == end.ordinal - start.ordinal + 2
    return Reading(deepest, deepest <= -q.threshold, is_whole, _seen(levels))


def _year(q: Question) -> Reading:
    rows = revenue_rows(q, "year")
    if rows.empty:
        return NOTHING
    last = rows.iloc[-1]
    return Reading(float(last["value"]), False, True, str(last["day"]))


def _run_rate(q: Question) -> Reading:
    rows = revenue_rows(q, "run_rate")
    last = rows.groupby("claimant").tail(1)
    is_whole = set(last["claimant"]) == set(_members(q))
    return Reading(
        float(last["value"].sum()), False, is_whole, str(rows["day"].max())
        if len(rows) else "nothing",
    )  # fmt: skip


def _stated(q: Question) -> Reading:
    frame = load("statements").frame
    rows = frame[frame["id"].isin(_members(q))]
    if len(rows) < len(_members(q)):
        return NOTHING
    return Reading(float(rows["value"].sum()), False, True, q.last)


def _recorded(q: Question) -> Reading:
    if not np.isfinite(q.recorded):
        return NOTHING
    return Reading(q.recorded, q.recorded > 0, True, q.last)


def _members(q: Question) -> list[str]:
    return [m.strip() for m in q.members.split(";") if m.strip()]


def revenue_rows(q: Question, basis: str, *, before: str | None = None) -> pd.DataFrame:
    """Rows of ``ai_revenue`` of those whom a question asks after, by day.

    Parameters
    ----------
    q : Question
    basis : str
        year, quarter or run_rate.
    before : str, optional
        Those up to a day, in the place of those in the span of the question.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> asked = next(q for q in list_questions() if q.id == "openai-rate-2025")
    >>> revenue_rows(asked, "run_rate")["value"].iloc[-1]
    np.float64(21.4)
    """
    frame = load("ai_revenue").frame
    says = q.series.partition(":")[2].split(";")
    keep = (
        (frame["basis"] == basis)
        & frame["claimant"].isin(_members(q))
        & frame["says"].isin([s.strip() for s in says])
    )
    days = pd.to_datetime(frame["day"])
    if before is not None:
        keep &= days <= last_day(before)
    else:
        first = pd.Period(q.first, "M").start_time
        keep &= (days >= first) & (days <= last_day(q.last))
    return frame[keep].sort_values(["day", "claimant"], kind="stable")


MEASURES: Mapping[str, Callable[[Question], Reading]] = {
    "sum": _sum,
    "over": _over,
    "growth": _growth,
    "decline": _decline,
    "fall": _fall,
    "year": _year,
    "run_rate": _run_rate,
    "stated": _stated,
    "recorded": _recorded,
}
"""What reads the answer to a question: figures added up, capital expenditure over cash, growth
over the span a year before, the least growth of a quarter, the deepest fall, the last yearly
revenue and the last run rates that are dated in the span, a statement, and what the question
itself records."""


# ---- public answers


def _reply(row: Mapping[str, Any]) -> Reply | None:
    own = {name: _cell(Reply, name, row.get(name)) for name in row if name in _KINDS}
    base = {name: NAN if kind is not str else "" for name, kind in _KINDS.items()}
    refers = _text(row.get("refers"))
    found = _referred(refers, str(row["id"])) if refers else {}
    if found is None:
        return None
    for name in ("value", "low", "high"):
        if found and np.isfinite(own[name]):
            raise DataError(
                f"questions/answers.csv: {row['id']}: {name} stands here and in {refers}; "
                f"expected one of them"
            )
    given = {k: v for k, v in own.items() if v not in ("",) and v == v}
    merged = base | found | given
    grades = [g for g in (found.get("grade"), given.get("grade")) if g]
    merged["grade"] = weakest(grades) if grades else ""
    merged["note"] = "; ".join(n for n in (given.get("note"), found.get("note")) if n)
    return Reply(**merged)


def _referred(refers: str, key: str) -> dict[str, Any] | None:
    """What the row of another table says; None where it was not known by the day."""
    dataset, _, at = refers.partition(":")
    if dataset not in _HOLDING:
        raise DataError(
            f"questions/answers.csv: {key}: {refers!r}; expected forecasts:, statements: or "
            f"ai_revenue: and a key"
        )
    row = _row(load(dataset).frame, dict(zip(_HOLDING[dataset], at.split("|"), strict=True)))
    if row is None and current().day is not None:
        return None
    if row is None:
        raise DataError(f"questions/answers.csv: {key}: {refers!r} is no row")
    told = {"who": _text(row.get("who")), "note": _text(row.get("note"))}
    number = {"value": row["value"]} if "value" in row else {}
    if dataset == "forecasts":
        number = _forecast_number(row)
        told["made"] = row["made"]
    elif dataset == "statements":
        told["made"] = row["date"]
        if row["unit"] != "billion USD":
            number = {}
        elif row["high"] == row["high"]:
            number = {"low": row["value"], "high": row["high"]}
    else:
        told["made"] = _text(row["published"])
        told["who"] = f"{row['claimant']} ({row['says']})"
    told |= {name: _text(row[name]) for name in ("source", "locator", "grade")}
    return {k: v for k, v in told.items() if v} | {k: float(v) for k, v in number.items()}


_HOLDING: Mapping[str, tuple[str, ...]] = {
    "forecasts": ("id",),
    "statements": ("id",),
    "ai_revenue": ("claimant", "says", "basis", "day"),
}
"""Tables that hold answers, and the columns of their keys."""


def _forecast_number(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "range": {"low": row["low"], "high": row["high"]},
        "about": {"value": row["low"]},
        "at_least": {"value": row["low"]},
        "at_most": {"value": row["high"]},
    }.get(row["kind"], {})


def _row(frame: pd.DataFrame, at: Mapping[str, str]) -> dict[str, Any] | None:
    keep = pd.Series(True, frame.index)
    for column, value in at.items():
        keep &= frame[column].astype(str) == value
    return frame[keep].iloc[0].to_dict() if keep.any() else None


_KINDS = {f.name: get_type_hints(Reply)[f.name] for f in fields(Reply)}
"""Kind of each field of an answer."""


def _made(cls: type, row: Mapping[str, Any]) -> Any:
    return cls(**{f.name: _cell(cls, f.name, row.get(f.name)) for f in fields(cls)})


def _cell(cls: type, name: str, value: object) -> object:
    if get_type_hints(cls)[name] is str:
        return _text(value)
    return NAN if value is None or value != value or value == "" else float(str(value))


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
