"""Loops over flows and years: gains of a ladder, and levels with their years in new order."""

import numpy as np

from manias.data.compiled import njit


@njit(cache=True)
def ladder_gains(orders, y, year, flow, group, booms, horizon, least):
    """Gain per boom of the ladder where start year t bears the outcomes of ``orders[b, t]``.

    ``y`` is years x flows, NaN where the outcome is not on record; such a case is passed over.
    A start year is scored where at least ``least`` cases were over by then.
    """
    draws, n_years = orders.shape
    n_classes = len(booms)
    found = np.empty(draws)
    for b in range(draws):
        n = np.zeros((n_years, n_classes))
        hits = np.zeros((n_years, n_classes))
        for i in range(len(year)):
            fell = y[orders[b, year[i]], flow[i]]
            if not np.isnan(fell):
                n[year[i], group[i]] += 1.0
                hits[year[i], group[i]] += fell
        over = np.zeros(n_classes)
        seen = np.zeros(n_classes)
        gain, scored = 0.0, 0.0
        for t in range(n_years):
            if t >= horizon:
                over += n[t - horizon]
                seen += hits[t - horizon]
            known = over.sum()
            if known < least:
                continue
            edge = 0.5 / known
            base = min(max(seen.sum() / known, edge), 1.0 - edge)
            for k in range(n_classes):
                if booms[k] and n[t, k] > 0.0:
                    p = (seen[k] + base) / (over[k] + 1.0)
                    gain += hits[t, k] * np.log(p / base)
                    gain += (n[t, k] - hits[t, k]) * np.log((1.0 - p) / (1.0 - base))
                    scored += n[t, k]
        found[b] = gain / scored if scored > 0.0 else np.nan
    return found


@njit(cache=True)
def in_order(level, order):
    """Columns from their first levels, their relative changes in another order of years."""
    n_years, n_flows = level.shape
    made = np.full((n_years, n_flows), np.nan)
    for j in range(n_flows):
        first = -1
        for t in range(n_years):
            if np.isfinite(level[t, j]):
                first = t
                break
        if first < 0:
            continue
        made[first, j] = level[first, j]
        now = level[first, j]
        at = 0
        for u in order:
            if np.isnan(level[u, j]) or np.isnan(level[u + 1, j]):
                continue
            while np.isnan(level[at, j]) or np.isnan(level[at + 1, j]):
                at += 1
            now *= level[u + 1, j] / level[u, j]
            made[at + 1, j] = now
            at += 1
    return made
