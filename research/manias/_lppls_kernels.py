"""Compiled least squares of the log-periodic model; imported only when a fit is made.

Time runs from -1 (start of the window) to 0 (its end). Given (tc, m, w) the model is linear in
A, B, C1, C2 (Filimonov & Sornette 2013), which are solved by modified Gram-Schmidt; the three
others follow the variable projection of Golub & Pereyra (1973) with Kaufman's (1975) Jacobian,
whose gradient is exact, in Levenberg-Marquardt steps kept inside a box.
"""

import math

import numpy as np
from numba import njit

FAST = {
    "cache": True,
    "error_model": "numpy",
    "nogil": True,
    "fastmath": {"contract", "reassoc", "nsz"},
}


@njit(**FAST)
def solve_linear(s, y, tc, m, w, q, r, res, lin, raw):
    """Sum of squares at (tc, m, w); fills basis q (4, n), r (4, 4), residuals, A..C2.

    raw (5, n) keeps tc - s, its log, and the columns as they were.
    """
    n = len(s)
    for i in range(n):
        d = tc - s[i]
        lg = math.log(d)
        e = math.exp(m * lg)
        g = e * math.cos(w * lg)
        h = e * math.sin(w * lg)
        raw[0, i] = d
        raw[1, i] = lg
        raw[2, i] = e
        raw[3, i] = g
        raw[4, i] = h
        q[0, i] = 1.0
        q[1, i] = e
        q[2, i] = g
        q[3, i] = h
        res[i] = y[i]
    z = np.zeros(4)
    for c in range(4):
        whole = 0.0
        for i in range(n):
            whole += q[c, i] * q[c, i]
        for k in range(c):
            r[k, c] = 0.0
        for _again in range(2):
            for k in range(c):
                dot = 0.0
                for i in range(n):
                    dot += q[k, i] * q[c, i]
                r[k, c] += dot
                for i in range(n):
                    q[c, i] -= dot * q[k, i]
        norm = 0.0
        for i in range(n):
            norm += q[c, i] * q[c, i]
        if norm <= 1e-24 * whole:
            r[c, c] = 0.0
            for i in range(n):
                q[c, i] = 0.0
            continue
        norm = math.sqrt(norm)
        r[c, c] = norm
        dot = 0.0
        for i in range(n):
            q[c, i] /= norm
            dot += q[c, i] * res[i]
        z[c] = dot
        for i in range(n):
            res[i] -= dot * q[c, i]
    sse = 0.0
    for i in range(n):
        sse += res[i] * res[i]
    for c in range(3, -1, -1):
        total = z[c]
        for k in range(c + 1, 4):
            total -= r[c, k] * lin[k]
        lin[c] = total / r[c, c] if r[c, c] > 0 else 0.0
    return sse


@njit(**FAST)
def _slopes(x, lin, q, res, jac, grad, hess, raw):
    """Projected derivatives of the model by (tc, m, w), their gradient and cross-products."""
    n = len(res)
    m, w = x[1], x[2]
    b, c1, c2 = lin[1], lin[2], lin[3]
    for i in range(n):
        d, lg, e, g, h = raw[0, i], raw[1, i], raw[2, i], raw[3, i], raw[4, i]
        level = b * e + c1 * g + c2 * h
        turn = c2 * g - c1 * h
        jac[0, i] = (m * level + w * turn) / d
        jac[1, i] = lg * level
        jac[2, i] = lg * turn
    for c in range(3):
        grad[c] = 0.0
        for i in range(n):
            grad[c] += jac[c, i] * res[i]
        for k in range(4):
            dot = 0.0
            for i in range(n):
                dot += q[k, i] * jac[c, i]
            for i in range(n):
                jac[c, i] -= dot * q[k, i]
    for c in range(3):
        for k in range(c, 3):
            dot = 0.0
            for i in range(n):
                dot += jac[c, i] * jac[k, i]
            hess[c, k] = dot
            hess[k, c] = dot


@njit(**FAST)
def _solve3(a, b, free, out):
    """Solve a 3 x 3 positive system over the free variables; False where it is singular."""
    low = np.zeros((3, 3))
    for i in range(3):
        out[i] = 0.0
    for j in range(3):
        if not free[j]:
            continue
        for i in range(j, 3):
            if not free[i]:
                continue
            total = a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i == j:
                if total <= 0.0:
                    return False
                low[j, j] = math.sqrt(total)
            else:
                low[i, j] = total / low[j, j]
    for i in range(3):
        if free[i]:
            total = b[i]
            for k in range(i):
                total -= low[i, k] * out[k]
            out[i] = total / low[i, i]
    for i in range(2, -1, -1):
        if free[i]:
            total = out[i]
            for k in range(i + 1, 3):
                total -= low[k, i] * out[k]
            out[i] = total / low[i, i]
    return True


@njit(**FAST)
def descend(s, y, x, low, high, steps, tolerance, q, r, res, lin, jac, raw):
    """Levenberg-Marquardt from x inside a box; x is moved, the sum of squares returned."""
    grad = np.empty(3)
    hess = np.empty((3, 3))
    damped = np.empty((3, 3))
    move = np.empty(3)
    trial = np.empty(3)
    new = np.inf
    free = np.empty(3, np.bool_)
    damping = 1e-2
    sse = solve_linear(s, y, x[0], x[1], x[2], q, r, res, lin, raw)
    calm = 0
    for _step in range(steps):
        _slopes(x, lin, q, res, jac, grad, hess, raw)
        for c in range(3):
            stuck = (x[c] <= low[c] and grad[c] <= 0) or (x[c] >= high[c] and grad[c] >= 0)
            free[c] = not stuck and hess[c, c] > 0
        if not (free[0] or free[1] or free[2]):
            break
        better = False
        for _try in range(12):
            for i in range(3):
                for k in range(3):
                    damped[i, k] = hess[i, k]
                damped[i, i] += damping * hess[i, i]
            if _solve3(damped, grad, free, move):
                moved = 0.0
                for c in range(3):
                    trial[c] = min(max(x[c] + move[c], low[c]), high[c])
                    moved = max(moved, abs(trial[c] - x[c]) / max(high[c] - low[c], 1e-300))
                if moved < 1e-12:
                    break
                new = solve_linear(s, y, trial[0], trial[1], trial[2], q, r, res, lin, raw)
                if new < sse:
                    better = True
                    break
            damping = max(damping * 4.0, 1e-6)
        if not better:
            break
        gain = (sse - new) / sse if sse > 0 else 0.0
        sse = new
        for c in range(3):
            x[c] = trial[c]
        damping = max(damping / 6.0, 1e-12)
        calm = calm + 1 if gain < tolerance else 0
        if calm == 2:
            break
    return solve_linear(s, y, x[0], x[1], x[2], q, r, res, lin, raw)


@njit(**FAST)
def fit_window(s, y, low, high, points, starts, out):
    """Best fit of one window.

    The points (in the unit cube) are screened; the best of each of ``starts`` bands of w
    begins a descent. out: sse, tc, m, w, A, B, C1, C2.
    """
    n = len(s)
    q = np.empty((4, n))
    r = np.zeros((4, 4))
    res = np.empty(n)
    lin = np.zeros(4)
    jac = np.empty((3, n))
    raw = np.empty((5, n))
    best = np.full(starts, np.inf)
    begin = np.empty((starts, 3))
    x = np.empty(3)
    for p in range(len(points)):
        # The sum of squares bends most where tc is near: tc is spread evenly in logarithms.
        x[0] = low[0] * (high[0] / low[0]) ** points[p, 0]
        for c in range(1, 3):
            x[c] = low[c] + points[p, c] * (high[c] - low[c])
        turns = starts // 2
        band = min(int(points[p, 2] * turns), turns - 1)
        if points[p, 0] > 0.6:
            band += turns
        sse = solve_linear(s, y, x[0], x[1], x[2], q, r, res, lin, raw)
        if sse < best[band]:
            best[band] = sse
            begin[band] = x
    ends = np.full(starts, np.inf)
    for band in range(starts):
        if best[band] < np.inf:
            ends[band] = descend(
                s, y, begin[band], low, high, 25, 1e-4, q, r, res, lin, jac, raw
            )
    # Shallow descents name the basins; every one within reach of the best is then finished.
    lead = ends.min()
    out[0] = np.inf
    for band in range(starts):
        if ends[band] <= lead * 1.05 or ends[band] == lead:
            sse = descend(s, y, begin[band], low, high, 200, 1e-10, q, r, res, lin, jac, raw)
            if sse < out[0]:
                out[0] = sse
                for c in range(3):
                    out[1 + c] = begin[band, c]
                for c in range(4):
                    out[4 + c] = lin[c]


@njit(**FAST)
def fit_windows(t, y, first, last, low, high, points, starts, out):
    """Fit windows first..last (positions, inclusive); tc is in window lengths."""
    for k in range(len(first)):
        a, b = first[k], last[k] + 1
        span = t[b - 1] - t[a]
        s = (t[a:b] - t[b - 1]) / span
        fit_window(s, y[a:b] - y[b - 1], low, high, points, starts, out[k])
