"""Compiled least squares of the log-periodic model; imported only when a fit is made.

Time runs from -1 (start of the window) to 0 (its end). Given (tc, m, w) the model is linear in
A, B, C1, C2 (Filimonov & Sornette 2013), which are solved by modified Gram-Schmidt; the three
others follow the variable projection of Golub & Pereyra (1973) with Kaufman's (1975) Jacobian,
whose gradient is exact, in Levenberg-Marquardt steps kept inside a box.
"""

import math

import numpy as np

from manias.data.compiled import njit

FAST = {
    "cache": True,
    "error_model": "numpy",
    "nogil": True,
    "fastmath": {"contract", "reassoc", "nsz"},
}
ALIKE = 1e-12  # columns of which a smaller share is left are too alike to begin from


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
def screen(s, y, gaps, powers, waves, sse):
    """Sums of squares on a grid of (tc, m, w), by normal equations: sse (tcs, ms, ws).

    ``waves`` ascends evenly, so that its sines come by turning those before by one angle.
    Good to about 8 digits, which is enough to choose where to begin.
    """
    n = len(s)
    lg = np.empty(n)
    e = np.empty((len(powers), n))
    cos, sin, turn_cos, turn_sin = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    mean = 0.0
    for i in range(n):
        mean += y[i]
    mean /= n
    v = np.empty(n)
    total = 0.0
    for i in range(n):
        v[i] = y[i] - mean
        total += v[i] * v[i]
    step = waves[1] - waves[0] if len(waves) > 1 else 0.0
    for a in range(len(gaps)):
        for i in range(n):
            lg[i] = math.log(gaps[a] - s[i])
            cos[i], sin[i] = math.cos(waves[0] * lg[i]), math.sin(waves[0] * lg[i])
            turn_cos[i], turn_sin[i] = math.cos(step * lg[i]), math.sin(step * lg[i])
        for k in range(len(powers)):
            for i in range(n):
                e[k, i] = math.exp(powers[k] * lg[i])
        for c in range(len(waves)):
            for k in range(len(powers)):
                level = e[k]
                se = sg = sh = ee = eg = eh = gg = gh = hh = ev = gv = hv = 0.0
                for i in range(n):
                    d = level[i]
                    g = d * cos[i]
                    h = d * sin[i]
                    se += d
                    sg += g
                    sh += h
                    ee += d * d
                    eg += d * g
                    eh += d * h
                    gg += g * g
                    gh += g * h
                    hh += h * h
                    ev += d * v[i]
                    gv += g * v[i]
                    hv += h * v[i]
                ones, twos, threes = ALIKE * ee, ALIKE * gg, ALIKE * hh
                ee -= se * se / n
                eg -= se * sg / n
                eh -= se * sh / n
                gg -= sg * sg / n
                gh -= sg * sh / n
                hh -= sh * sh / n
                rest = total
                ge, he = eg / ee, eh / ee
                gg -= ge * eg
                gh -= ge * eh
                hh -= he * eh
                rest -= ev * ev / ee
                gv -= ge * ev
                hv -= he * ev
                hg = gh / gg
                rest -= gv * gv / gg
                hv -= hg * gv
                hh -= hg * gh
                rest -= hv * hv / hh
                is_sound = ee > ones and gg > twos and hh > threes
                sse[a, k, c] = max(rest, 0.0) if is_sound else total
            for i in range(n):
                old = cos[i]
                cos[i] = old * turn_cos[i] - sin[i] * turn_sin[i]
                sin[i] = sin[i] * turn_cos[i] + old * turn_sin[i]


@njit(**FAST)
def descents(s, y, x, low, high, steps, tolerance, sse, linear):
    """`descend` from each row of x, which is moved; fills sse (k,) and A..C2, linear (k, 4)."""
    n = len(s)
    q = np.empty((4, n))
    r = np.zeros((4, 4))
    res = np.empty(n)
    jac = np.empty((3, n))
    raw = np.empty((5, n))
    for k in range(len(x)):
        at = linear[k]
        sse[k] = descend(s, y, x[k], low, high, steps, tolerance, q, r, res, at, jac, raw)
