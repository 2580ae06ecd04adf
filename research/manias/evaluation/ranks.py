"""Mean ranks among a dozen cases."""

import numpy as np

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
