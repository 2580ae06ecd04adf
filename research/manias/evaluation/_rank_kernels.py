"""Compiled kernels of the comparison at an age: mean ranks, and scores of many relabellings."""

import numpy as np

from manias.data.compiled import njit
from manias.evaluation._firth import _fit_flic, _log_loss_gain


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


@njit(cache=True)
def leave_groups_out(x, y, group):
    """Predict every group from a fit to all others, beside their share of events.

    ``group`` holds 0..G-1. Where the others are of one outcome, both are their share with half
    a case of each outcome added.
    """
    n, k = x.shape
    p, base = np.empty(n), np.empty(n)
    for g in range(np.max(group) + 1):
        rest = group != g
        a, b = x[rest], y[rest]
        share = b.mean()
        mixed = 0.0 < share < 1.0
        beta = np.zeros(k)
        if mixed:
            beta, good = _fit_flic(a, b, np.zeros(k))
            if not good:
                beta = np.full(k, np.nan)
        else:
            share = (b.sum() + 0.5) / (b.shape[0] + 1.0)
        for i in range(n):
            if group[i] == g:
                base[i] = p[i] = share
                if mixed:
                    eta = 0.0
                    for j in range(k):
                        eta += x[i, j] * beta[j]
                    p[i] = 1.0 / (1.0 + np.exp(-eta))
    return p, base


@njit(cache=True)
def gains_of(x, labels, group):
    """Out-of-sample gain over the base rate for each row of ``labels``."""
    found = np.empty(labels.shape[0])
    for b in range(labels.shape[0]):
        p, base = leave_groups_out(x, labels[b], group)
        found[b] = _log_loss_gain(labels[b], p, base)
    return found
