"""The compared innovations, one frozen record each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

import pandas as pd

from manias.data.arguments import checked
from manias.data.consistency import DEPLOYED
from manias.data.library import load
from manias.data.results import Result
from manias.record.labels import Verdict

EARLY = 5
"""Years after first use to which a boom is early; it comes with deployment to `DEPLOYED`."""


@dataclass(frozen=True, slots=True, repr=False)
class Innovation(Result):
    """One of the compared innovations.

    Attributes
    ----------
    id, name, sector, country : str
        Key, name, sector (our classification) and ISO codes of first commercialisation.
    commercialised : int
        Year by which a first commercial use is shown by a source.
    commercialised_from : int
        Earliest year that a candidate without such a source would give; the same where there
        is none.
    commercialised_grade : str
        Grade of evidence of that year.
    verdict : {"boom_and_bust", "quoted_without", "no_vehicle", "unknown"} or None
        What accounts say of its shares; None where that was not yet written.
    early, early_from : the same or None
        The same of the fifteen years after ``commercialised``, and after
        ``commercialised_from``, alone.
    breadth : {"one", "several", "market"} or None
        Whose shares the account of the boom is about.
    product : {"same", "descendant"} or None
        Whether they were of the product as described or of a later one.
    reached : {"stated", "computed", "inferred"} or None
        Stated by a source, computed from printed prices, or inferred from ownership.
    onset, peak, trough : str or None
        As far as the source dates them.
    grade : str or None
        Grade of evidence of the verdict.
    """

    _told = ("id", "commercialised", "verdict", "grade")

    id: str
    name: str
    sector: str
    country: str
    commercialised: int
    commercialised_from: int
    commercialised_grade: str
    verdict: Verdict | None
    early: Verdict | None
    early_from: Verdict | None
    breadth: str | None
    product: str | None
    reached: str | None
    onset: str | None
    peak: str | None
    trough: str | None
    grade: str | None

    @property
    def width(self) -> int:
        """Years between the earliest year of first use and the one that is shown."""
        return self.commercialised - self.commercialised_from

    @property
    def years(self) -> int | None:
        """Years from first use to the peak, or else to the onset; None where none is dated."""
        dated = self.peak or self.onset
        return int(dated[:4]) - self.commercialised if dated else None

    @property
    def phase(self) -> str | None:
        """ "early", "deployment" or "late" by the years to the boom; None where undated."""
        if self.years is None:
            return None
        return (
            "early"
            if self.years <= EARLY
            else "deployment"
            if self.years <= DEPLOYED
            else "late"
        )


def list_innovations() -> tuple[Innovation, ...]:
    """List the innovations in the order of their first commercial use.

    Returns
    -------
    tuple of Innovation

    Examples
    --------
    >>> len(list_innovations())
    51
    """
    frame = load("innovations").frame.sort_values(["commercialised", "id"], kind="stable")
    fields = Innovation.__dataclass_fields__
    return tuple(
        Innovation(**{name: _plain(row[name]) for name in fields})
        for row in frame.to_dict("records")
    )


@dataclass(frozen=True, slots=True, repr=False)
class VerdictCount(Result):
    """How many innovations have which verdict.

    Attributes
    ----------
    total, boom_and_bust, quoted_without, no_vehicle, unknown : int
    """

    _told = ("total", "boom_and_bust", "quoted_without", "no_vehicle", "unknown")

    total: int
    boom_and_bust: int
    quoted_without: int
    no_vehicle: int
    unknown: int


@checked
def count_verdicts(records: Iterable[Innovation] | None = None) -> VerdictCount:
    """Count the verdicts.

    Parameters
    ----------
    records : iterable of Innovation, optional
        All by default.

    Returns
    -------
    VerdictCount

    Examples
    --------
    >>> count = count_verdicts()
    >>> count.boom_and_bust + count.no_vehicle + count.unknown == count.total
    True
    """
    records = tuple(list_innovations() if records is None else records)
    found = Counter(r.verdict or "unknown" for r in records)
    return VerdictCount(len(records), **{name: found[name] for name in get_args(Verdict)})


def _plain(value: object) -> object:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return int(value) if not isinstance(value, str) else value
