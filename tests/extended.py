"""Reference in extended precision: OLS of every window by normal equations in 80 digits."""

import mpmath
import numpy as np

DIGITS = 80


def extended_paths(y, lag, rows):
    """BADF and BSADF of the window ends, each of length T - 1 - lag; NaN before row ``rows``."""
    with mpmath.workdps(DIGITS):
        level = [mpmath.mpf(float(v)) for v in y]
        step = [b - a for a, b in zip(level, level[1:], strict=False)]
        n_rows = len(y) - 1 - lag
        table = []  # constant, lags, x, d
        for r in range(n_rows):
            t = r + lag
            table.append([mpmath.mpf(1), *(step[t - j] for j in range(1, lag + 1)),
                          level[t], step[t]])
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
