"""The compared innovations, one frozen record each."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from manias.data.arguments import checked
from manias.data.library import load

Verdict = str | None


@dataclass(frozen=True, slots=True)
class Innovation:
    """One of the compared innovations.

    Attributes
    ----------
    id, name, sector, country : str
        Key, name, sector (our classification) and ISO codes of first commercialisation.
    commercialised : int
        Year of first commercial use.
    commercialised_grade : str
        Grade of evidence of that year.
    verdict : {"yes", "no"} or None
        Whether an account of its shares shows a boom and a bust; None where none is known or
        the sources conflict.
    reached : {"stated", "inferred"} or None
        Stated by a source about the shares, or inferred from ownership.
    onset, peak, trough : str or None
        As far as the source dates them.
    grade : str or None
        Grade of evidence of the verdict.
    """

    id: str
    name: str
    sector: str
    country: str
    commercialised: int
    commercialised_grade: str
    verdict: Verdict
    reached: str | None
    onset: str | None
    peak: str | None
    trough: str | None
    grade: str | None


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


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many innovations have which verdict.

    Attributes
    ----------
    total, yes, no, unknown : int
    share_known : float
        Share of "yes" among those with a verdict.
    """

    total: int
    yes: int
    no: int
    unknown: int
    share_known: float


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
    >>> count.yes + count.no + count.unknown == count.total
    True
    """
    records = tuple(list_innovations() if records is None else records)
    yes = sum(r.verdict == "yes" for r in records)
    no = sum(r.verdict == "no" for r in records)
    known = yes + no
    return VerdictCount(
        len(records), yes, no, len(records) - known, yes / known if known else float("nan")
    )


def _plain(value: object) -> object:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return int(value) if not isinstance(value, str) else value
