"""Mean ranks among a dozen cases."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manias.evaluation.scores import Array

FEWEST = 2
"""Features a build-out needs to be placed."""


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
    known = np.isfinite(others)
    there = np.isfinite(values) & known.any(axis=0)
    if there.sum() < FEWEST:
        return float("nan")
    below = (others < values) + 0.5 * (others == values)
    shares = below.sum(axis=0)[there] / known.sum(axis=0)[there]
    return float(shares.mean())


def drawn_ranks(values: Array, groups: Sequence[Array], drawn: NDArray[np.intp]) -> Array:
    """`mean_rank` of values among groups of others drawn again and again, to the bit.

    Parameters
    ----------
    values : ndarray, shape (k,)
    groups : sequence of ndarray
        Others, each of shape (n_g, k).
    drawn : ndarray, shape (r, G)
        Which groups each draw holds.

    Returns
    -------
    ndarray, shape (r,)

    Examples
    --------
    >>> groups = [np.array([[1.0, 1.0]]), np.array([[3.0, 2.0]])]
    >>> drawn_ranks(np.array([2.0, 9.0]), groups, np.array([[0, 1], [1, 1]])).tolist()
    [0.75, 0.5]
    """
    # Counts, and halves of them, add up exactly in any order.
    known = np.array([np.isfinite(x).sum(axis=0) for x in groups])[drawn].sum(axis=1)
    below = [((x < values) + 0.5 * (x == values)).sum(axis=0) for x in groups]
    lower = np.array(below)[drawn].sum(axis=1)
    there = np.isfinite(values) & (known > 0)
    shares = np.where(there, lower / np.maximum(known, 1), 0.0)
    n = there.sum(axis=1)
    return np.where(n >= FEWEST, shares.sum(axis=1) / np.maximum(n, 1), np.nan)


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
    return np.array([mean_rank(x[i], np.delete(x, i, axis=0)) for i in range(len(x))])
