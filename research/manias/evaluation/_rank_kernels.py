"""Compiled kernels of the comparison at an age: mean ranks."""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True)
def ranks_among(values, others, fewest):
    """Mean over features of the share of ``others`` below ``values``, ties counting half.

    Shapes (k,) and (n, k). Cells that are not finite are passed over; NaN where fewer than
    ``fewest`` features are left.
    """
    total, used = 0.0, 0
    for j in range(values.shape[0]):
        if not np.isfinite(values[j]):
            continue
        below, many = 0.0, 0
        for i in range(others.shape[0]):
            if not np.isfinite(others[i, j]):
                continue
            many += 1
            if others[i, j] < values[j]:
                below += 1.0
            elif others[i, j] == values[j]:
                below += 0.5
        if many:
            total += below / many
            used += 1
    return total / used if used >= fewest else np.nan


@njit(cache=True)
def ranks_of_each(x, fewest):
    """`ranks_among` of each row among all other rows."""
    n, k = x.shape
    found = np.empty(n)
    others = np.empty((n - 1, k))
    for i in range(n):
        row = 0
        for j in range(n):
            if j != i:
                others[row] = x[j]
                row += 1
        found[i] = ranks_among(x[i], others, fewest)
    return found
