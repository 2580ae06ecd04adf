"""Quantiles of the normal and of Student's law, and the logistic curve, as those of scipy.

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
_SUMMED = 200
"""Degrees of freedom up to which a sum takes less time than the import of scipy."""
_HALVINGS = 60
"""Halvings after which an angle has every digit that a double holds."""


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


def student_reach(confidence: float, freedom: int) -> float:
    """Standard errors from the middle of a two-sided interval of Student's law to its ends.

    Parameters
    ----------
    confidence : float
        Between 0 and 1.
    freedom : int
        Degrees of freedom, at least 1. Up to `_SUMMED` the probability is a finite sum of
        cosines (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4), which is inverted by halving;
        above, scipy is asked.

    Returns
    -------
    float

    Examples
    --------
    >>> round(student_reach(0.95, 7), 3), round(student_reach(0.9, 1), 3)
    (2.365, 6.314)
    """
    if freedom > _SUMMED:
        from scipy.special import stdtrit

        return float(stdtrit(freedom, (1 + confidence) / 2))
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _inside(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan((low + high) / 2)


def _inside(angle: float, freedom: int) -> float:
    """Probability between minus and plus the root of the degrees of freedom by a tangent."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine, cosine) if odd else (1.0, 1.0)
    if freedom == 1:
        return 2 * angle / math.pi
    for k in range(2 + odd, freedom - 1, 2):
        term *= (k - 1) / k * cosine * cosine
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


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
