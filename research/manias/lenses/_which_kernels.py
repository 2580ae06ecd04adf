"""Conditional likelihood of which members of each stratum have the event, given how many do.

For a stratum with weights w_i = exp(x_i b) and d events among n members the likelihood is the
product of the weights of the events over e_d(w), the sum of the products of all d of n weights.
"""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True, error_model="numpy")
def stratum_terms(x, y, beta):
    """Log likelihood of one stratum, its gradient and its Hessian (exact for any d).

    e_d and its derivatives are summed member by member. Where more than half have the event,
    those without it are counted instead: e_d(w) is e_(n-d)(1/w) times the product of all w.
    """
    n, k = x.shape
    d = 0
    for i in range(n):
        if y[i] > 0.5:
            d += 1
    turned = 2 * d > n
    sign = -1.0 if turned else 1.0
    d = n - d if turned else d
    top = -np.inf
    eta = np.zeros(n)
    for i in range(n):
        for a in range(k):
            eta[i] += sign * x[i, a] * beta[a]
        top = max(top, eta[i])
    value = 0.0
    gradient = np.zeros(k)
    f = np.zeros(d + 1)
    g = np.zeros((d + 1, k))
    h = np.zeros((d + 1, k, k))
    f[0] = 1.0
    for i in range(n):
        w = np.exp(eta[i] - top)
        if (y[i] > 0.5) != turned:
            value += eta[i] - top
            for a in range(k):
                gradient[a] += sign * x[i, a]
        for j in range(min(i + 1, d), 0, -1):
            for a in range(k):
                xa = sign * x[i, a]
                for b in range(a + 1):
                    xb = sign * x[i, b]
                    h[j, a, b] += w * (
                        h[j - 1, a, b]
                        + xa * g[j - 1, b]
                        + xb * g[j - 1, a]
                        + xa * xb * f[j - 1]
                    )
            for a in range(k):
                g[j, a] += w * (g[j - 1, a] + sign * x[i, a] * f[j - 1])
            f[j] += w * f[j - 1]
    hessian = np.zeros((k, k))
    if not f[d] > 0.0:
        return -np.inf, gradient, hessian
    value -= np.log(f[d])
    for a in range(k):
        mean = g[d, a] / f[d]
        gradient[a] -= mean
        for b in range(a + 1):
            hessian[a, b] = mean * g[d, b] / f[d] - h[d, a, b] / f[d]
            hessian[b, a] = hessian[a, b]
    return value, gradient, hessian


@njit(cache=True, error_model="numpy")
def total_terms(x, y, starts, chosen, beta):
    """Sums of `stratum_terms` over the chosen strata; stratum s is starts[s]:starts[s + 1]."""
    k = x.shape[1]
    value, gradient, hessian = 0.0, np.zeros(k), np.zeros((k, k))
    for s in chosen:
        here = slice(starts[s], starts[s + 1])
        v, g, h = stratum_terms(x[here], y[here], beta)
        value += v
        gradient += g
        hessian += h
    return value, gradient, hessian


@njit(cache=True, error_model="numpy")
def maximise(x, y, starts, chosen, beta, most, close, information):
    """Newton's method with halved steps; coefficients, Hessian and whether it settled.

    It does not where the events are told apart without error along some direction, so that
    the likelihood rises for ever: the information vanishes along it.
    """
    beta = beta.copy()
    value, gradient, hessian = total_terms(x, y, starts, chosen, beta)
    for _ in range(most):
        if np.abs(gradient).max() < close:
            break
        if np.linalg.eigvalsh(-hessian)[0] <= information:
            return beta, hessian, False
        step = np.linalg.solve(-hessian, gradient)
        size = 1.0
        for _ in range(30):
            tried = total_terms(x, y, starts, chosen, beta + size * step)
            if np.isfinite(tried[0]) and tried[0] >= value - 1e-12:
                break
            size /= 2
        beta = beta + size * step
        value, gradient, hessian = tried
    least = np.linalg.eigvalsh(-hessian)[0]
    return beta, hessian, np.abs(gradient).max() < close and least > information
