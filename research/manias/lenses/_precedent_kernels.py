"""Compiled kernels of the two distances between a course and any part of another.

`x` is the course to place, `y` the precedent. Both kernels return a cost for each place in the
precedent at which the match may end, so that ends can be ruled out afterwards.
"""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True)
def elastic(x, y):
    """Subsequence dynamic time warping of growth rates (Sakoe & Chiba 1978, free ends).

    Returns the cost for each end j of ``y``: the least sum of ``abs(x - y)`` over all monotone
    paths from any start to j, over the length of ``x``.
    """
    m, n = x.shape[0], y.shape[0]
    before = np.zeros(n)
    now = np.empty(n)
    for i in range(m):
        for j in range(n):
            cost = abs(x[i] - y[j])
            if i == 0:
                # A path starts at any j; staying on the first of x never lowers its cost.
                now[j] = cost
                continue
            best = before[j]
            if j > 0:
                if before[j - 1] < best:
                    best = before[j - 1]
                if now[j - 1] < best:
                    best = now[j - 1]
            now[j] = cost + best
        before, now = now, before
    return before / m


def elastic_of_many(xs, y):
    """`elastic` of every row of ``xs`` to the bit, without compiled code.

    Of some hundred short courses it takes less time than compiled code takes to be loaded.
    """
    n = y.shape[0]
    before = np.zeros((xs.shape[0], n))
    for i, x in enumerate(xs.T):
        cost = np.abs(x[:, None] - y)
        if i:
            best = before.copy()
            best[:, 1:] = np.minimum(best[:, 1:], before[:, :-1])
            cost[:, 0] += best[:, 0]
            for j in range(1, n):
                cost[:, j] += np.minimum(best[:, j], cost[:, j - 1])
        before = cost
    return before / xs.shape[1]


@njit(cache=True)
def functional(x, curve, per_year, scales):
    """Least squares registration: shift along, stretch in time, shift in level.

    ``x`` holds log levels a year apart, ``curve`` the log level of the precedent on a grid of
    ``per_year`` points a year. For each end on the grid the cost is the least root mean square
    of ``x - b - curve(end + scale * (i - m + 1))`` over the scales, b being the best constant.
    """
    m, n = x.shape[0], curve.shape[0]
    nearest = np.full(n, np.inf)
    for end in range(n):
        for s in range(scales.shape[0]):
            first = end - scales[s] * (m - 1) * per_year
            if first < 0:
                continue
            total = 0.0
            for i in range(m):
                total += x[i] - _at(curve, first + scales[s] * i * per_year)
            b = total / m
            square = 0.0
            for i in range(m):
                r = x[i] - b - _at(curve, first + scales[s] * i * per_year)
                square += r * r
            cost = np.sqrt(square / m)
            if cost < nearest[end]:
                nearest[end] = cost
    return nearest


@njit(cache=True)
def _at(curve, place):
    low = int(np.floor(place))
    if low >= curve.shape[0] - 1:
        return curve[curve.shape[0] - 1]
    share = place - low
    return curve[low] * (1.0 - share) + curve[low + 1] * share
