"""One table of who answered what, and one score: how much better than a naive answer then."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.answers.own_answers import (
    BASE,
    LAST,
    LEVEL,
    NAIVE,
    list_frozen_questions,
    own_replies,
)
from manias.answers.questions import (
    NAN,
    Outcome,
    Question,
    Reply,
    edition_day,
    list_questions,
    list_replies,
    resolve,
)
from manias.data.arguments import checked
from manias.data.calendar import last_day, user_day
from manias.data.library import known_on
from manias.data.results import Result, stacked
from manias.errors import InputError


@dataclass(frozen=True, slots=True, repr=False)
class Entry(Result):
    """One answer beside the outcome.

    Attributes
    ----------
    question : Question
    reply : Reply
    outcome : Outcome
    verdict : str
        Of an answer of yes or no without a probability: right or wrong; "" otherwise.
    error : float
        Absolute error over the outcome, of a number; NaN while undecided, as what follows.
    interval : float
        Interval score over the outcome: width, and what the outcome lies outside of it times
        two over one less the coverage. Intervals without a stated coverage are read as 80%.
    log_loss, brier : float
        Of a probability.
    naive : float
        Error, or Brier score, of the naive answer known on the day: the last value, or the base
        rate.
    naive_log_loss : float
        Of the base rate.
    skill : float
        1 less the error (or the Brier score) over that of the naive answer: 1 is perfect, 0 no
        better than naive, below 0 worse. Of a naive answer itself 0 for the one that is
        compared with.
    """

    _told = ("question=question.id", "who=reply.who", "status=outcome.status", "skill")

    question: Question
    reply: Reply
    outcome: Outcome
    verdict: str
    error: float
    interval: float
    log_loss: float
    brier: float
    naive: float
    naive_log_loss: float
    skill: float

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            The answer, what was asked, the outcome and the scores.
        """
        return pd.DataFrame([self._row()])

    def _row(self) -> dict[str, object]:
        q, r, o = self.question, self.reply, self.outcome
        told = {name: getattr(r, name) for name in ("who", "kind", "made", "value", "low")}
        told |= {name: getattr(r, name) for name in ("high", "probability", "says")}
        asked = {"question": q.id, "asks": q.question, "unit": q.unit, "closes": q.closes}
        came = {"status": o.status, "outcome": o.value, "seen_to": o.seen_to}
        scores = {
            name: getattr(self, name)
            for name in (
                *("verdict", "error", "interval", "log_loss", "brier", "naive"),
                *("naive_log_loss", "skill"),
            )
        }
        origin = {"grade": r.grade, "source": r.source, "locator": r.locator, "note": r.note}
        return {"id": r.id, **asked, **told, **came, **scores, **origin}


@dataclass(frozen=True, slots=True, repr=False)
class Standings(Result):
    """How one who answered has done.

    Attributes
    ----------
    who, kind : str
    n, decided : int
        Answers, and those that could be scored.
    skill : float
        Median of the skills of those decided; NaN where none is.
    right : int
        Answers of yes or no that came out right.
    """

    _told = ("who", "n", "decided", "skill")

    who: str
    kind: str
    n: int
    decided: int
    skill: float
    right: int


@dataclass(frozen=True, slots=True, repr=False)
class Tournament(Result):
    """Every answer to every question, and how those who answered have done.

    Attributes
    ----------
    day : str
        Nothing observed later was used.
    entries : tuple of Entry
        By the day on which the answer is due, then the day on which it was given.
    """

    _told = ("day", "entries")

    day: str
    entries: tuple[Entry, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row an answer.

        Returns
        -------
        pandas.DataFrame
            As `Entry.to_frame`.
        """
        return pd.DataFrame([entry._row() for entry in self.entries])

    @property
    def standings(self) -> tuple[Standings, ...]:
        """How each who answered has done, the most decided first, then the highest skill."""
        by: dict[tuple[str, str], list[Entry]] = {}
        for e in self.entries:
            by.setdefault((e.reply.who, e.reply.kind), []).append(e)
        found = [_standing(who, kind, group) for (who, kind), group in by.items()]
        return tuple(
            sorted(found, key=lambda s: (-s.decided, -np.nan_to_num(s.skill, nan=-9e9), s.who))
        )

    def _lines(self) -> tuple[str, ...]:
        decided = {e.question.id for e in self.entries if e.outcome.is_decided}
        asked = {e.question.id for e in self.entries}
        return (f"{len(asked)} questions, {len(decided)} decided; data to {self.day}",)


def _standing(who: str, kind: str, group: list[Entry]) -> Standings:
    skills = [e.skill for e in group if np.isfinite(e.skill)]
    decided = sum(e.outcome.is_decided for e in group)
    right = sum(e.verdict == "right" for e in group)
    return Standings(
        who, kind, len(group), decided, float(np.median(skills)) if skills else NAN, right
    )


@checked
def tournament(quarter: str | None = None, *, as_of: str | None = None) -> Tournament:
    """Set every answer beside the outcome.

    Parameters
    ----------
    quarter : str, optional
        The questions asked of our lenses in one quarter, such as ``2026Q4``; all by default.
    as_of : str, optional
        Nothing observed, and no answer given, later is used; what is dated by a year alone is
        left out until the year is over.

    Returns
    -------
    Tournament
        Our answers to the questions of a quarter are those of its frozen file; the naive ones
        to the other questions are computed now from what was known when they were first asked.

    Raises
    ------
    InputError
        If nothing is asked in the quarter, or the date cannot be read.
    DataError
        If a question is not the one that was frozen.

    Examples
    --------
    >>> {e.outcome.status for e in tournament().entries if e.skill == 0}
    {'known'}
    """
    day = user_day(as_of) if as_of is not None else last_day(edition_day())
    with known_on(as_of, by="observed"):
        asked, public = list_questions(quarter), list_replies()
    if not asked:
        raise InputError(f"as of {as_of}: nothing had been asked")
    frozen = list_frozen_questions(day.date().isoformat())
    ours = [r for f in frozen for r in f.replies]
    entries = []
    for q in asked:
        outcome = resolve(q, as_of=as_of)
        replies = [r for r in public if r.question == q.id]
        if q.quarter:
            kept = [r for r in ours if r.question == q.id]
        else:
            kept = [r for r in own_replies(q, _day(q.asked, day)) if r.kind == NAIVE]
        given = [r for r in (*replies, *kept) if _first_day(r.made) <= day]
        given.sort(key=lambda r: (last_day(r.made), r.id))
        entries += [_entry(q, r, outcome, kept, day) for r in given]
    return Tournament(day.date().isoformat(), tuple(entries))


def _day(made: str, day: pd.Timestamp) -> str:
    return min(last_day(made), day).date().isoformat()


def _first_day(made: str) -> pd.Timestamp:
    return pd.Timestamp(made if len(made) > len("2026") else f"{made}-01-01")


def _entry(
    q: Question, r: Reply, outcome: Outcome, kept: Iterable[Reply], day: pd.Timestamp
) -> Entry:
    blank = dict.fromkeys(
        ("error", "interval", "log_loss", "brier", "naive", "naive_log_loss", "skill"), NAN
    )
    verdict = ""
    if outcome.is_decided:
        naive = _naive(q, r, kept, day)
        if q.kind == "number":
            blank |= score_number(r, outcome.value, naive.point if naive else NAN)
        else:
            base = naive.probability if naive else NAN
            blank |= score_probability(r.probability, outcome.status == "yes", base)
            verdict = ("right" if r.says == outcome.status else "wrong") if r.says else ""
    return Entry(q, r, outcome, verdict, **blank)


def _naive(q: Question, r: Reply, kept: Iterable[Reply], day: pd.Timestamp) -> Reply | None:
    """The naive answer that was known on the day on which another was given."""
    name = LAST if q.kind == "number" else BASE
    if not any(k.id == r.id for k in kept):
        made = r.made if len(r.made) > len("2026") else q.asked
        kept = own_replies(q, _day(made, day))
    return next((k for k in kept if k.who == name), None)


def score_number(reply: Reply, actual: float, naive: float) -> dict[str, float]:
    """Score a number by its absolute percentage error and its interval.

    Parameters
    ----------
    reply : Reply
    actual, naive : float
        What came, and the naive answer; NaN where there is none.

    Returns
    -------
    dict of str to float
        ``error``, ``interval``, ``naive`` and ``skill``, each over the outcome.

    References
    ----------
    Gneiting & Raftery (2007), Journal of the American Statistical Association 102, 359-378,
    section 6.2, for the interval score.

    Examples
    --------
    >>> (made,) = list_replies("microsoft-capex-2025q3")
    >>> round(score_number(made, 40.0, 20.0)["skill"], 9)
    0.5
    """
    scale = abs(actual)
    error, beside = abs(reply.point - actual) / scale, abs(naive - actual) / scale
    low, high = reply.low, reply.high
    outside = max(low - actual, 0.0) + max(actual - high, 0.0)
    return {
        "error": float(error),
        "interval": float((high - low + 2 / (1 - LEVEL) * outside) / scale),
        "naive": float(beside),
        "skill": _skill(error, beside),
    }


def score_probability(p: float, happened: bool, base: float) -> dict[str, float]:
    """Score a probability by its logarithm and by Brier's score, beside the base rate.

    Parameters
    ----------
    p : float
        Of yes; NaN where none was given, which is not scored.
    happened : bool
    base : float
        The base rate known when it was given; NaN where there is none.

    Returns
    -------
    dict of str to float
        ``log_loss`` (infinite for a certainty that was wrong), ``brier``, ``naive`` (Brier
        score of the base rate), ``naive_log_loss`` and ``skill``.

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> found = score_probability(0.2, False, 0.4)
    >>> round(found["brier"], 3), round(found["log_loss"], 3), round(found["skill"], 3)
    (0.04, 0.223, 0.75)
    """
    if not np.isfinite(p):
        return {}
    brier, beside = (p - happened) ** 2, (base - happened) ** 2
    return {
        "log_loss": _log_loss(p, happened),
        "brier": float(brier),
        "naive": float(beside),
        "naive_log_loss": _log_loss(base, happened),
        "skill": _skill(brier, beside),
    }


def _log_loss(p: float, happened: bool) -> float:
    with np.errstate(divide="ignore"):
        return float(-np.log(p if happened else 1 - p))


def _skill(loss: float, naive: float) -> float:
    return float(1 - loss / naive) if naive > 0 else NAN


def frame_of_standings(found: Tournament) -> pd.DataFrame:
    """The standings as a table.

    Parameters
    ----------
    found : Tournament

    Returns
    -------
    pandas.DataFrame
        ``who``, ``kind``, ``n``, ``decided``, ``skill``, ``right``.

    Examples
    --------
    >>> frame_of_standings(tournament()).columns[0]
    'who'
    """
    return stacked(found.standings, Standings)
