"""The rule by which a model is said to have skill: a permutation test, its size and power."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.results import Result, stacked
from manias.evaluation.scores import ALPHA, SEED, Array


@dataclass(frozen=True, slots=True, repr=False)
class Power(Result):
    """How often the rule sees an effect.

    Attributes
    ----------
    effect : str
        Size of the effect beside that of the fitted model: ``half``, ``fitted``,
        ``one and a half``.
    power : float
        Share of simulated samples in which the test rejects.
    """

    _told = ("effect", "power")

    effect: str
    power: float


EFFECTS: Mapping[str, float] = {"half": 0.5, "fitted": 1.0, "one and a half": 1.5}
"""Effects of which the power is simulated, by name, as multiples of the fitted one."""


@dataclass(frozen=True, slots=True, repr=False)
class Rule(Result):
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

    _told = ("test", "level", "size", "draws")

    test: str
    level: float
    size: float
    power: tuple[Power, ...]
    draws: int

    def to_frame(self) -> pd.DataFrame:
        """One row an effect.

        Returns
        -------
        pandas.DataFrame
            ``effect`` and ``power``.
        """
        return stacked(self.power, Power)


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


def adjust_holm(p: Sequence[float]) -> Array:
    """Least level at which each of several tests rejects when all are counted.

    Parameters
    ----------
    p : sequence of float

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> adjust_holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    from statsmodels.stats.multitest import multipletests

    return multipletests(list(p), method="holm")[1] if len(p) else np.empty(0)


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


def simulate_rule(
    test: str,
    y: Array,
    p: Array,
    null: Array,
    gain: Callable[[Array], Array],
    *,
    drawn: Callable[[np.random.Generator, int], Array],
    clusters: Array | None = None,
    draws: int = 200,
    seed: int = SEED,
) -> Rule:
    """Size and power of a permutation test of a gain out of sample, by simulation.

    Parameters
    ----------
    test : str
        What is permuted, in words.
    y, p : ndarray, shape (n,)
        Outcomes, and probabilities of the fitted model.
    null : ndarray, shape (m,)
        Gains under the permutations: a simulated sample is tested against them.
    gain : callable
        Labels of shape (draws, n) -> gains of the whole pipeline, shape (draws,).
    drawn : callable
        (generator, draws) -> labels without any effect, shape (draws, n).
    clusters : ndarray, shape (n,), optional
        Cases whose labels are turned together; each alone by default.
    draws, seed : int

    Returns
    -------
    Rule
        An effect is a multiple of the log odds of ``p`` about their mean: labels without an
        effect are turned, cluster by cluster, until each has the wanted probability.
    """
    rng = np.random.default_rng(seed)
    m = len(null)
    # Least gain whose p is at most the level, the sample being one of the permutations.
    allowed = int(ALPHA * (m + 1)) - 1
    bar = np.sort(null)[::-1][allowed] if allowed >= 0 else np.inf
    share = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    odds = np.log(p / (1 - p))
    odds = odds - odds.mean()
    alone = np.arange(len(y)) if clusters is None else clusters
    code = np.unique(alone, return_inverse=True)[1]

    def rejected(effect: float) -> float:
        labels = drawn(rng, draws)
        wanted = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + effect * odds)))
        u = rng.random((draws, code.max() + 1))[:, code]
        falls = np.where(wanted > share, (wanted - share) / (1 - share), 0)
        spared = np.where(wanted < share, (share - wanted) / share, 0)
        made = np.where(labels > 0.5, u >= spared, u < falls).astype(float)
        both = (made.sum(axis=1) > 0) & (made.sum(axis=1) < made.shape[1])
        found = np.full(draws, -np.inf)
        if both.any():
            found[both] = gain(made[both])
        return float((found > bar).mean())

    size = rejected(0.0)
    power = tuple(Power(name, rejected(effect)) for name, effect in EFFECTS.items())
    return Rule(test, ALPHA, size, power, draws)


def exchange_clusters(y: Array, clusters: Array, draws: int, seed: int) -> Array:
    """Lay the outcomes along the cases with their clusters in random order.

    Parameters
    ----------
    y : ndarray, shape (n,)
    clusters : ndarray, shape (n,)
        Cluster of each case.
    draws, seed : int

    Returns
    -------
    ndarray, shape (draws, n)
        The outcomes, cluster by cluster, are given to the cases in an order in which the
        clusters are shuffled and turned as a ring, so that like outcomes of a cluster stay
        together.

    Examples
    --------
    >>> y = np.array([1.0, 1.0, 0.0, 0.0])
    >>> set(map(tuple, exchange_clusters(y, np.array([0, 0, 1, 1]), 50, 0).tolist())) > {
    ...     (1.0, 1.0, 0.0, 0.0)}
    True
    """
    rng = np.random.default_rng(seed)
    code = np.unique(clusters, return_inverse=True)[1]
    listed = y[np.argsort(code, kind="stable")]
    made = np.empty((draws, len(y)))
    for row in made:
        place = rng.permutation(code.max() + 1)[code]
        order = np.argsort(place, kind="stable")
        row[np.roll(order, rng.integers(len(y)))] = listed
    return made
