"""Exact tests of ranks in samples of a dozen cases."""

import math
from itertools import combinations

import numpy as np
import pandas as pd

from manias.evaluation._rank_kernels import ranks_among, ranks_of_each
from manias.evaluation.scores import PERMUTATIONS, SEED, Array, rank_auc, relabel

FEWEST = 2
"""Features a build-out needs to be placed."""
EXACT = 20_000
"""Most relabellings that are counted one by one."""


def mean_rank(values: Array, others: Array) -> float:
    """Mean share of the others that lie below, over the features.

    Parameters
    ----------
    values : ndarray, shape (k,)
    others : ndarray, shape (n, k)
        NaN where unknown; such a cell is passed over.

    Returns
    -------
    float
        0 to 1; ties count half; NaN where fewer than `FEWEST` features are known.

    Examples
    --------
    >>> mean_rank(np.array([2.0, 9.0]), np.array([[1.0, 1.0], [3.0, 2.0]]))
    0.75
    """
    return float(ranks_among(np.ascontiguousarray(values), others, FEWEST))


def mean_ranks(x: Array) -> Array:
    """`mean_rank` of each row among all other rows.

    Parameters
    ----------
    x : ndarray, shape (n, k)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> mean_ranks(np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0]])).tolist()
    [0.0, 0.75, 0.75]
    """
    return ranks_of_each(np.ascontiguousarray(x), FEWEST)


def relabellings(y: Array, *, limit: int = EXACT, seed: int = SEED) -> Array:
    """All ways to give the labels to the cases, or draws where there are too many.

    Parameters
    ----------
    y : ndarray, shape (n,)
        1 for an event, else 0.
    limit : int
        Most ways that are listed.
    seed : int
        Of the draws.

    Returns
    -------
    ndarray, shape (ways, n)
        With the labels as they are among them where all are listed.

    Examples
    --------
    >>> relabellings(np.array([1.0, 0.0, 0.0])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    n, events = len(y), int(np.sum(y))
    if math.comb(n, events) > limit:
        return relabel(y, PERMUTATIONS, seed)
    found = np.zeros((math.comb(n, events), n))
    for row, chosen in enumerate(combinations(range(n), events)):
        found[row, list(chosen)] = 1.0
    return found


def exact_auc(y: Array, values: Array) -> tuple[float, float]:
    """AUC and the share of relabellings whose AUC lies at least as far from one half.

    Parameters
    ----------
    y, values : ndarray, shape (n,)

    Returns
    -------
    auc, p : float
        NaN where there is one class only.

    References
    ----------
    Wilcoxon (1945), Biometrics Bulletin 1, 80-83: the rank sum and its exact law.

    Examples
    --------
    >>> exact_auc(np.array([1.0, 1.0, 0.0, 0.0]), np.array([4.0, 3.0, 2.0, 1.0]))
    (1.0, 0.3333333333333333)
    """
    n, events = len(y), int(np.sum(y))
    if not 0 < events < n:
        return float("nan"), float("nan")
    drawn = relabellings(y)
    sums = drawn @ pd.Series(values).rank().to_numpy()
    aucs = (sums - events * (events + 1) / 2) / (events * (n - events))
    own = rank_auc(y, values)
    better = int((np.abs(aucs - 0.5) >= abs(own - 0.5) - 1e-12).sum())
    exact = len(drawn) == math.comb(n, events)
    p = better / len(drawn) if exact else (1 + better) / (1 + len(drawn))
    return own, float(p)
