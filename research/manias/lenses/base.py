"""What every fitted model shares: parameters, scores, support, a card, and an answer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import pandas as pd

from manias.evaluation.scores import Scores


class BubbleModel(Protocol):
    """Settings of a model; holds no data. ``fit`` takes what the lens needs."""

    name: ClassVar[str]
    revision: ClassVar[int]

    def fit(self, *data: Any) -> "BubbleResults":
        """Learn from data."""


class BubbleResults(Protocol):
    """What was learnt: facts, none of which can be set after the fit."""

    kind: ClassVar[str]

    @property
    def model_id(self) -> str:
        """Citable key: what was fitted to what."""

    def tidy(self) -> pd.DataFrame:
        """One row a parameter."""

    def summary(self) -> str:
        """Parameters, fit and scores as text."""

    def to_card(self) -> dict[str, Any]:
        """Everything as plain JSON values."""

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> "BubbleResults":
        """Rebuild from a card; executes nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one lens says of one target on one date.

    Attributes
    ----------
    lens : str
        "innovation", "run-up", "build-out", "precedent" or "payback".
    model_id, target, as_of : str
        ``as_of`` is the last day or period that was seen.
    measure, unit : str
        What ``value`` is, in words ("probability of a crash within two years"), and its unit.
    value, low, high : float
        The answer and its 95% interval; NaN where there is none.
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

    @property
    def has_skill(self) -> bool:
        """Whether the model beat the base rate out of sample."""
        return self.scores is not None and self.scores.has_skill

    @property
    def says(self) -> bool:
        """Whether it may be read as evidence: skill, support and a value."""
        return self.has_skill and self.is_supported and math.isfinite(self.value)
