"""Loops of the scoreboard: what a gauge said, learnt anew under every turn of the outcomes."""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True)
def _shrunk(hits, n, of, weight, base):
    """Frequency in a state, toward the base rate; the half case of that is shared out by n."""
    part = n / of if of > 0 else 0.0
    return (hits + 0.5 * part + weight * base) / (n + part + weight)


@njit(cache=True)
def said(signal, rows, outcome, turn, horizon, weight, start, p, base, y):
    """Probability and base rate of every reading, from what was over by then.

    ``signal`` is readings x units (1, 0, -1 for none), ``rows`` the period of the target that
    each reading stands in (ascending; -1 for none), ``outcome`` periods x units (1, 0, -1 for
    none). The outcome of period t is that of period ``t + turn``, as a ring. A window of period
    s is over at t where ``s + horizon <= t``. ``p``, ``base`` and ``y`` (readings x units) are
    filled; NaN where nothing is scored.
    """
    n_periods, n_units = outcome.shape
    n_readings = signal.shape[0]
    n = np.zeros(2)
    hits = np.zeros(2)
    read = 0
    for r in range(n_readings):
        t = rows[r]
        for u in range(n_units):
            p[r, u] = np.nan
            base[r, u] = np.nan
            y[r, u] = np.nan
        if t < 0:
            continue
        while read < n_readings and rows[read] <= t - horizon:
            if rows[read] >= 0:
                at = (rows[read] + turn) % n_periods
                for u in range(n_units):
                    if outcome[at, u] >= 0 and signal[read, u] >= 0:
                        state = int(signal[read, u])
                        n[state] += 1
                        hits[state] += outcome[at, u]
            read += 1
        if t < start:
            continue
        of = n[0] + n[1]
        b = (hits[0] + hits[1] + 0.5) / (of + 1)
        at = (t + turn) % n_periods
        for u in range(n_units):
            if signal[r, u] >= 0 and outcome[at, u] >= 0:
                state = int(signal[r, u])
                p[r, u] = _shrunk(hits[state], n[state], of, weight, b)
                base[r, u] = b
                y[r, u] = outcome[at, u]


@njit(cache=True)
def gain(signal, rows, outcome, turn, horizon, weight, start):
    """Mean log score of what was said less that of the base rate; NaN without a reading.

    Arguments as those of `said`.
    """
    n_periods, n_units = outcome.shape
    n_readings = signal.shape[0]
    n = np.zeros(2)
    hits = np.zeros(2)
    here_n = np.zeros(2)
    here_k = np.zeros(2)
    read = 0
    total, count = 0.0, 0.0
    for r in range(n_readings):
        t = rows[r]
        if t < 0:
            continue
        while read < n_readings and rows[read] <= t - horizon:
            if rows[read] >= 0:
                at = (rows[read] + turn) % n_periods
                for u in range(n_units):
                    if outcome[at, u] >= 0 and signal[read, u] >= 0:
                        n[int(signal[read, u])] += 1
                        hits[int(signal[read, u])] += outcome[at, u]
            read += 1
        if t < start:
            continue
        here_n[:] = 0
        here_k[:] = 0
        at = (t + turn) % n_periods
        for u in range(n_units):
            if signal[r, u] >= 0 and outcome[at, u] >= 0:
                here_n[int(signal[r, u])] += 1
                here_k[int(signal[r, u])] += outcome[at, u]
        of = n[0] + n[1]
        b = (hits[0] + hits[1] + 0.5) / (of + 1)
        for state in range(2):
            if here_n[state] > 0:
                q = _shrunk(hits[state], n[state], of, weight, b)
                total += here_k[state] * np.log(q / b)
                total += (here_n[state] - here_k[state]) * np.log((1 - q) / (1 - b))
                count += here_n[state]
    return total / count if count > 0 else np.nan


@njit(cache=True)
def gains(signal, rows, outcome, turns, horizon, weight, start):
    """`gain` under each of some turns."""
    out = np.empty(len(turns))
    for i in range(len(turns)):
        out[i] = gain(signal, rows, outcome, turns[i], horizon, weight, start)
    return out
