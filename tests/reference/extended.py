"""Series that cost digits, and OLS of every window by normal equations in 80 digits."""

import itertools

import mpmath
import numpy as np

DIGITS = 80


def walk(n=90, seed=7):
    return np.random.default_rng(seed).standard_normal(n).cumsum()


def rise_and_collapse(n=90):
    rng, half = np.random.default_rng(3), n // 2
    up = np.exp(np.linspace(0, np.log(1e4), half) + 0.01 * rng.standard_normal(half).cumsum())
    return np.concatenate([up, 1 + 0.1 * rng.standard_normal(n - half).cumsum()])


def nearly_constant():
    y = walk()
    y[30:70] = y[30] + 1e-9 * np.random.default_rng(1).standard_normal(40).cumsum()
    return y


HARD = {
    "walk": walk(),
    "walk + 1e5": walk() + 1e5,
    "walk + 1e7": walk() + 1e7,
    "rise and collapse": rise_and_collapse(),
    "nearly constant stretch": nearly_constant(),
    "drift of a million steps": np.arange(90.0) + 1e-6 * walk(),
    "smooth rise": np.exp(np.linspace(0, 9, 90)) + 1e-3 * walk(),
}


def extended_paths(y, lag, rows):
    """BADF and BSADF of the window ends, each of length T - 1 - lag; NaN before row "
    "``rows``."""
    with mpmath.workdps(DIGITS):
        level = [mpmath.mpf(float(v)) for v in y]
        step = [b - a for a, b in itertools.pairwise(level)]
        n_rows = len(y) - 1 - lag
        table = []  # constant, lags, x, d
        for r in range(n_rows):
            t = r + lag
            table.append(
                [mpmath.mpf(1), *(step[t - j] for j in range(1, lag + 1)), level[t], step[t]]
            )
        k = lag + 3
        total = [[[mpmath.mpf(0)] * k for _ in range(k)]]
        for row in table:
            last = total[-1]
            total.append([[last[i][j] + row[i] * row[j] for j in range(k)] for i in range(k)])
        badf = np.full(n_rows, np.nan)
        best = np.full(n_rows, np.nan)
        for e in range(rows - 1, n_rows):
            for a in range(e - rows + 2):
                m = [[total[e + 1][i][j] - total[a][i][j] for j in range(k)] for i in range(k)]
                t = _t_ratio(m, e - a + 1)
                if a == 0:
                    badf[e] = t
                if not best[e] >= t:
                    best[e] = t
    return badf, best


def _t_ratio(m, n):
    k = len(m)
    for c in range(k - 2):
        for i in range(c + 1, k):
            f = m[c][i] / m[c][c]
            for j in range(i, k):
                m[i][j] -= f * m[c][j]
    xx, xd, dd = m[k - 2][k - 2], m[k - 2][k - 1], m[k - 1][k - 1]
    free = n - (k - 1)
    return float(xd / mpmath.sqrt((dd - xd * xd / xx) / free * xx))


def long_bsadf(y, lag, rows, end):
    """BSADF of the window end ``end`` (a row) in the processor's extended precision.

    Gram-Schmidt, twice, of constant, lags and level, all measured from the window's start;
    fast enough for thousands of rows.
    """
    y = y.astype(np.longdouble)
    step = np.diff(y)
    last = lag + end + 1
    d = step[lag:last]
    columns = [step[lag - j : last - j] for j in range(1, lag + 1)] + [y[lag:last], d]
    best = -np.inf
    for a in range(end - rows + 2):
        basis = []
        for column in columns:
            v = column[a:] - column[a]
            for _ in range(2):
                v = v - v.mean()
                for u in basis:
                    v = v - (u @ v) * u
            if column is not columns[-1]:
                basis.append(v / np.sqrt(v @ v))
        # What is left of d is the residual; its part along the level gives the ratio.
        along = basis[-1] @ (d[a:] - d[a])
        free = len(v) - lag - 2
        best = max(best, along / np.sqrt((v @ v) / free))
    return float(best)
