"""The rule by which a model is said to have skill: a permutation test, its size and power."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from manias.evaluation.scores import ALPHA


@dataclass(frozen=True, slots=True)
class Power:
    """How often the rule sees an effect.

    Attributes
    ----------
    effect : str
        Size of the effect beside that of the fitted model: ``half``, ``fitted``,
        ``one and a half``.
    power : float
        Share of simulated samples in which the test rejects.
    """

    effect: str
    power: float


EFFECTS: Mapping[str, float] = {"half": 0.5, "fitted": 1.0, "one and a half": 1.5}
"""Effects of which the power is simulated, by name, as multiples of the fitted one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides whether a model has skill, and what that decision is worth.

    Attributes
    ----------
    test : str
        What is permuted, in words.
    level : float
        Largest p at which the rule says "skill".
    size : float
        Share of simulated samples without any effect in which it does.
    power : tuple of Power
    draws : int
        Simulated samples behind each share.
    """

    test: str
    level: float
    size: float
    power: tuple[Power, ...]
    draws: int


def holm(p: Mapping[str, float], *, level: float = ALPHA) -> dict[str, bool]:
    """Which of several tests reject when all are counted.

    Parameters
    ----------
    p : mapping of str to float
        Test -> its p.
    level : float
        Chance of one false rejection or more among them all.

    Returns
    -------
    dict of str to bool

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': True, 'b': False, 'c': False}
    """
    from statsmodels.stats.multitest import multipletests

    rejected = multipletests(list(p.values()), alpha=level, method="holm")[0]
    return dict(zip(p, map(bool, rejected), strict=True))


def permutation_p(value: float, permuted: np.ndarray) -> float:
    """Share of permutations that reach a value, the sample itself being one of them.

    Parameters
    ----------
    value : float
    permuted : ndarray, shape (n,)

    Returns
    -------
    float

    References
    ----------
    Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, 39.

    Examples
    --------
    >>> permutation_p(2.0, np.array([1.0, 2.0, 3.0]))
    0.75
    """
    reached = int((permuted >= value - 1e-12).sum())
    return (1 + reached) / (1 + len(permuted))
