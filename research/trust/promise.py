"""A promise of the project: what is said, how it is tried, and what the trial found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Finding", "Promise"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one trial found: a figure in words, and whether the promise held."""

    figure: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of `TRUST.md`.

    Parameters
    ----------
    name : str
        Short key, by which `make trust ONLY=name` runs this line alone.
    says : str
        The promise, in one plain sentence without a full stop.
    trial : Callable[[], Finding]
        Tries it; raises nothing for a broken promise, but returns ``holds=False``.
    minutes : float
        About how long it takes on two cores.
    """

    name: str
    says: str
    trial: Callable[[], Finding]
    minutes: float = 1.0
