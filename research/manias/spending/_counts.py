"""Counts on a panel of flows: classes of run-up, lowest later levels, years in another "
"order."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.evaluation.clusters import clustered_share
from manias.spending._kernels import in_order


@dataclass(frozen=True, slots=True)
class Count:
    """Flow-years (years x flows): which count, in which class, and with which outcomes."""

    cases: NDArray[np.bool_]
    known: NDArray[np.bool_]
    rise: NDArray[np.float64]
    group: NDArray[np.int64]
    fell: NDArray[np.bool_]
    n_classes: int

    def rates(self) -> NDArray[np.float64]:
        """Frequencies, classes x outcomes."""
        n, hits = self._sums(np.zeros(self.cases.shape, dtype=int), 1)
        return divided(hits[0], n[0][:, None])

    def intervals(
        self, units: NDArray[np.int64], times: NDArray[np.int64], confidence: float
    ) -> list[list[tuple[float, float]]]:
        """Ends of the intervals of the frequencies by units and times, classes x outcomes."""
        found = []
        for k in range(self.n_classes):
            inside = self.cases & (self.group == k)
            fell, of, at = self.fell[inside], units[inside], times[inside]
            found.append(
                [clustered_share(one, of, across=at, confidence=confidence) for one in fell.T]
            )
        return found

    def _sums(
        self, blocks: NDArray[np.int64], n_blocks: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        at = (blocks * self.n_classes + self.group)[self.cases]
        length = n_blocks * self.n_classes
        n = np.bincount(at, minlength=length).reshape(n_blocks, self.n_classes)
        hits = [
            np.bincount(at, weights=one, minlength=length) for one in self.fell[self.cases].T
        ]
        return n.astype(float), np.stack(hits, -1).reshape(n_blocks, self.n_classes, -1)


def divided(hits: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, hits / n, np.nan)


def lowest(values: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Lowest of the next years; NaN where one of them is not on record."""
    low = np.full_like(values, np.inf)
    for h in range(1, horizon + 1):
        later = np.full_like(values, np.nan)
        later[:-h] = values[h:]
        low = np.minimum(low, later)
    return low


def first_crossings(inside: NDArray[np.bool_], *, gap: int) -> int:
    """Years inside that no year inside precedes by ``gap`` years or less."""
    recent = np.zeros_like(inside)
    for h in range(1, gap + 1):
        recent[h:] |= inside[:-h]
    return int((inside & ~recent).sum())


def rebuilt(values: pd.DataFrame, order: NDArray[np.int64]) -> pd.DataFrame:
    """Each column from its first level, its relative changes in another order of years.

    A column that is not on record throughout takes its own changes in that order, and stands on
    the years in which it has a change, so that its gaps stay where they were.
    """
    level = np.ascontiguousarray(values.to_numpy(dtype=float))
    return pd.DataFrame(in_order(level, order), values.index, values.columns)
