"""The normal quantile and the logistic curve, to the bit those of scipy.

What is said with the usual confidence of a few cases does not wait for scipy to be imported.
"""

import math

import numpy as np
from numpy.typing import NDArray

USUAL = 0.95
"""Confidence of the intervals that are said."""
_USUAL_REACH = 1.959963984540054
_FEW = 10_000
"""Cases for which a loop takes less time than the import of scipy."""


def normal_reach(confidence: float) -> float:
    """Standard errors from the middle of a two-sided normal interval to its ends.

    Parameters
    ----------
    confidence : float
        Between 0 and 1.

    Returns
    -------
    float

    Examples
    --------
    >>> round(normal_reach(0.95), 3), round(normal_reach(0.9), 3)
    (1.96, 1.645)
    """
    if confidence == USUAL:
        return _USUAL_REACH
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def expit(eta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of log odds.

    Parameters
    ----------
    eta : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> expit(np.array([0.0, -1000.0])).tolist()
    [0.5, 0.0]
    """
    if len(eta) > _FEW:
        from scipy.special import expit as many

        return many(eta)
    return np.array([_expit(value) for value in eta.tolist()], dtype=float)


def _expit(value: float) -> float:
    try:
        return 1 / (1 + math.exp(-value))
    except OverflowError:
        return 0.0
