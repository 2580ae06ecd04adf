"""What every fitted model shares: parameters, scores, support, a card, and an answer."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import pandas as pd

from manias.data.library import current
from manias.data.results import Result, stacked
from manias.data.rows import Provenance
from manias.data.sources import weakest
from manias.errors import InputError
from manias.evaluation.scores import Scores
from manias.language.messages import Joined

NO_SKILL = "out of sample no better than the base rate"
NOT_SCORED = "not tested against the base rate"
CASES_ONLY = "too few cases for a percentage"
OUTSIDE = "outside what the model was fitted to"


class BubbleModel(Protocol):
    """Settings of a model; holds no data. ``fit`` takes what the lens needs."""

    name: ClassVar[str]
    revision: ClassVar[int]

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""

    def fit(self, *data: Any) -> "BubbleResults":
        """Learn from data."""


class BubbleResults(Protocol):
    """What was learnt: facts, none of which can be set after the fit."""

    kind: ClassVar[str]
    name: str
    lens: str
    scores: tuple[Scores, ...]
    grade: str
    provenance: Provenance

    @property
    def model_id(self) -> str:
        """Citable key: what was fitted to what."""

    def to_frame(self) -> pd.DataFrame:
        """One row a parameter."""

    def tidy(self) -> pd.DataFrame:
        """The same as ``to_frame``."""

    def plot(self, **options: Any) -> Any:
        """Draw it."""

    def summary(self) -> str:
        """Parameters, fit and scores as text."""

    def to_card(self) -> dict[str, Any]:
        """Everything as plain JSON values."""

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> "BubbleResults":
        """Rebuild from a card; executes nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Result):
    """What one lens says of one target on one date.

    Attributes
    ----------
    lens : str
        "spending", "innovation", "run-up", "build-out", "precedent" or "payback".
    model_id, target, as_of : str
        ``as_of`` is the last day or period that was seen.
    measure, unit : str
        What ``value`` is, in words ("probability of a crash within two years"), and its unit.
    value, low, high : float
        The answer and its 95% interval (spending 90%); NaN where there is none.
    base : float
        The same without the model: the base rate; NaN where there is none.
    n, events : int
        Cases behind it.
    scores : Scores or None
        Out of sample, beside the base rate.
    is_supported : bool
        Whether the target lies inside what was fitted.
    grade : str
        Weakest grade of what went in.
    nearest : tuple of str
        Most similar fitted cases, nearest first.
    reason : str
        Why it says nothing or little; "" where it speaks.
    band : tuple of float
        Least and largest ``value`` over the dates of onset that may be meant; NaN where it
        depends on none.
    """

    lens: str
    model_id: str
    target: str
    as_of: str
    measure: str
    unit: str
    value: float
    low: float
    high: float
    base: float
    n: int
    events: int
    scores: Scores | None
    is_supported: bool
    grade: str
    nearest: tuple[str, ...] = ()
    reason: str = ""
    band: tuple[float, float] = (math.nan, math.nan)

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            As the attributes, and ``says``: whether it may be read as evidence. ``value``,
            ``low`` and ``high`` are NaN where the target lies outside what was fitted.
        """
        table = stacked([self], Answer)
        if not self.is_supported:
            table[["value", "low", "high"]] = math.nan
        return table.assign(says=self.says)

    def _facts(self) -> dict[str, object]:
        found = {"lens": self.lens, "target": self.target}
        ends = {"value": self.value, "low": self.low, "high": self.high}
        known = {name: v for name, v in ends.items() if self.is_supported and math.isfinite(v)}
        return {**found, "says": self.says, **known, "as_of": self.as_of}

    @classmethod
    def of(
        cls,
        results: BubbleResults,
        *,
        target: str,
        as_of: str,
        measure: str,
        value: float,
        low: float,
        high: float,
        base: float,
        n: int,
        events: int,
        is_supported: bool,
        scores: Scores | None = None,
        unit: str = "probability",
        grade: str = "",
        nearest: tuple[str, ...] = (),
        band: tuple[float, float] = (math.nan, math.nan),
        reasons: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> "Answer":
        """What a fit says of a target.

        Parameters
        ----------
        results : BubbleResults
            Gives lens and id; without skill that is one of the reasons.
        grade : str, optional
            Of the target; the answer bears the weaker of it and that of the fit.
        reasons, notes : iterable of str, optional
            Why it says little, before the want of skill and after it.
        target, as_of, measure, value, low, high, base, n, events, is_supported : object
            As in `Answer`, and so are ``scores``, ``unit``, ``nearest`` and ``band``.

        Returns
        -------
        Answer
        """
        is_tested = scores is not None and math.isfinite(scores.permutation_p)
        lacking = (
            [] if is_tested and scores.has_skill else [NO_SKILL if is_tested else NOT_SCORED]
        )
        return cls(
            lens=results.lens,
            model_id=results.model_id,
            target=target,
            as_of=as_of,
            measure=measure,
            unit=unit,
            value=value,
            low=low,
            high=high,
            base=base,
            n=n,
            events=events,
            scores=scores,
            is_supported=is_supported,
            grade=weakest([results.grade, grade or results.grade]),
            nearest=nearest,
            band=band,
            reason=Joined(
                "; ", [*reasons, *(lacking if unit == "probability" else []), *notes]
            ),
        )

    @property
    def has_skill(self) -> bool:
        """Whether the model beat the base rate out of sample."""
        return self.scores is not None and self.scores.has_skill

    @property
    def says(self) -> bool:
        """Whether it may be read as evidence: skill, support and a value."""
        return self.has_skill and self.is_supported and math.isfinite(self.value)


class Answers(Result, tuple[Answer, ...]):
    """What each lens says of one target, side by side.

    A tuple of `Answer`.

    Parameters
    ----------
    answers : iterable of Answer

    Examples
    --------
    >>> Answers([silent("run-up", "mine", None, "no prices")])
    Answers(target='mine', lenses=1, speak=0)
    """

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a lens.

        Returns
        -------
        pandas.DataFrame
            As that of `Answer`.
        """
        if not self:
            return stacked([], Answer).assign(says=None)
        return pd.concat([answer.to_frame() for answer in self], ignore_index=True)

    def _facts(self) -> dict[str, object]:
        target = {"target": self[0].target} if self else {}
        return {**target, "lenses": len(self), "speak": sum(a.says for a in self)}


def silent(lens: str, target: str, as_of: str | None, reason: str) -> Answer:
    """An answer that says nothing, and why.

    Parameters
    ----------
    lens, target : str
    as_of : str or None
    reason : str

    Returns
    -------
    Answer

    Examples
    --------
    >>> silent("run-up", "mine", None, "no prices").says
    False
    """
    nan = float("nan")
    return Answer(
        lens=lens,
        model_id="",
        target=target,
        as_of=as_of or "",
        measure="",
        unit="",
        value=nan,
        low=nan,
        high=nan,
        base=nan,
        n=0,
        events=0,
        scores=None,
        is_supported=False,
        grade="C",
        reason=reason,
    )


def first_score(results: BubbleResults) -> Scores | None:
    """The headline score of a fit, None where it has none.

    Parameters
    ----------
    results : BubbleResults

    Returns
    -------
    Scores or None
    """
    return results.scores[0] if results.scores else None


def refuse_later(results: BubbleResults) -> None:
    """Refuse a fit that saw more than the open library knows.

    Parameters
    ----------
    results : BubbleResults

    Raises
    ------
    InputError
        If it saw anything later than the day of the library.
    """
    day, seen = current().day, results.provenance.until
    if day is not None and seen and pd.Timestamp(seen) > day:
        raise InputError(
            f"as of {day.date()}: {results.model_id} was fitted on data to {seen}; expected a "
            "fit on nothing later"
        )


def check_given(cases: object, as_of: object, what: str) -> None:
    """Refuse a date beside cases that are handed in: they have been read already.

    Parameters
    ----------
    cases : object
        None where they are still to be read.
    as_of : object
        None where nothing is cut.
    what : str
        What the cases are, in words.

    Raises
    ------
    InputError
        If both are given.
    """
    if cases is not None and as_of is not None:
        raise InputError(
            f"as_of={as_of} beside {what} in hand: expected one of them; what is read inside "
            "manias.known_on(date) holds nothing later"
        )


def frame_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Lay out rows whose column ``failed`` holds texts, which stay texts.

    Parameters
    ----------
    rows : sequence of mapping
    columns : sequence of str
        With ``failed`` among them; what a row lacks is NaN.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> from manias.language.messages import Text
    >>> type(frame_of([{"failed": Text("no prices")}], ["failed"])["failed"][0]).__name__
    'Text'
    """
    table = pd.DataFrame(rows, columns=columns)
    told = [row.get("failed", "") for row in rows]
    return table.assign(failed=pd.Series(told, table.index, dtype=object))
