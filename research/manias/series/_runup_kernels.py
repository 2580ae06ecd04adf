"""Loops over months: run-ups and crashes counted with the months in another order."""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True)
def _deepest(log, t, horizon, drawdown):
    """Deepest log drawdown after month t; ``drawdown`` as in `counts_in_order`."""
    deepest = 0.0
    if drawdown == 0:
        high = log[t]
        for s in range(1, horizon + 1):
            high = max(high, log[t + s])
            deepest = min(deepest, log[t + s] - high)
    elif drawdown == 1:
        for s in range(1, horizon + 1):
            deepest = min(deepest, log[t + s] - log[t])
    else:
        for h in range(horizon + 1):
            for s in range(h + 1, h + horizon + 1):
                deepest = min(deepest, log[t + s] - log[t + h])
    return deepest


@njit(cache=True)
def counts_in_order(
    returns, market, order, rungs, window, long_window, long_return, waive, net, by_signal,
    crash, horizon, drawdown,
):  # fmt: skip
    """Run-ups over each rung and crashes among them, the months taken in a given order.

    ``returns`` is months x industries, NaN where a month does not count. An industry takes its
    own months in that order and stands on the places where it has one, so that its gaps stay
    where they were; the market moves with it, month by month. The last entry of both results
    counts windows that do not overlap, without regard to a run-up. ``net``: 0 difference, 1
    ratio, 2 compounded; ``drawdown``: 0 within, 1 from the crossing, 2 starting.
    """
    n_months, n_units = returns.shape
    n_rungs = len(rungs)
    reach = 2 * horizon if drawdown == 2 else horizon
    limit = np.log1p(-crash)
    n = np.zeros(n_rungs + 1, np.int64)
    hits = np.zeros(n_rungs + 1, np.int64)
    own = np.zeros(n_months + 1)
    beside = np.zeros(n_months + 1)
    excess = np.zeros(n_months + 1)
    run = np.zeros(n_months + 1, np.int64)
    risen = np.empty(n_months + 1)
    for j in range(n_units):
        there = ~np.isnan(returns[:, j])
        places = np.flatnonzero(there)
        if len(places) == 0:
            continue
        own[:], beside[:], excess[:], run[:] = 0.0, 0.0, 0.0, 0
        at = 0
        for u in order:
            if there[u]:
                i = places[at] + 1
                own[i] = np.log1p(returns[u, j])
                beside[i] = np.log1p(market[u])
                if net == 2:
                    excess[i] = np.log1p(returns[u, j] - market[u])
                at += 1
        for i in range(1, n_months + 1):
            run[i] = run[i - 1] + 1 if there[i - 1] else 0
            own[i] += own[i - 1]
            beside[i] += beside[i - 1]
            excess[i] += excess[i - 1]
        # risen: the lower of the raw and the net run-up where the long condition is met
        risen[:] = -np.inf
        for i in range(window, n_months + 1):
            if run[i] < window:
                continue
            raw = np.expm1(own[i] - own[i - window])
            side = np.expm1(beside[i] - beside[i - window])
            if net == 0:
                over = raw - side
            elif net == 1:
                over = (1.0 + raw) / (1.0 + side) - 1.0
            else:
                over = np.expm1(excess[i] - excess[i - window])
            if not np.isnan(long_return):
                if run[i] < long_window:
                    if not waive:
                        continue
                elif np.expm1(own[i] - own[i - long_window]) < long_return:
                    continue
            risen[i] = min(raw, over)
        for k in range(n_rungs):
            last_start = last_signal = -window - 1
            for i in range(window, n_months + 1):
                if risen[i] < rungs[k]:
                    continue
                clear = i - last_signal > window if by_signal else i - last_start >= window
                if clear:
                    last_start = i
                    if i + reach <= n_months and run[i + reach] >= reach:
                        n[k] += 1
                        hits[k] += _deepest(own, i, horizon, drawdown) <= limit
                last_signal = i
        i = places[0]
        while i + reach <= n_months:
            if run[i + reach] >= reach:
                n[n_rungs] += 1
                hits[n_rungs] += _deepest(own, i, reach, 0) <= limit
            i += reach
    return n, hits
