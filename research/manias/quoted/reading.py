"""What the tables say of a quoted figure: one reading a definition, each with its rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from manias.data.results import Result
from manias.data.rows import Rows, grade_of, merged
from manias.data.sources import weakest
from manias.errors import DataError

NOT_ON_RECORD = "not on record"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reading(Result):
    """A number of ours beside a quoted one.

    Attributes
    ----------
    key, name : str
        Short name, and what is counted and when, for people.
    value : float
        In ``unit``; NaN where it is not on record.
    unit : str
    reason : str
        Why there is none; "" where there is one.
    rows : tuple of Rows
        What it was made of.
    low, high : float
        95% interval of a frequency; NaN for what is counted or added up.
    grade : str
        Weakest grade of what it was made of.
    """

    _told = ("key", "value", "unit")

    key: str
    name: str
    value: float
    unit: str
    reason: str = ""
    rows: tuple[Rows, ...] = field(default=())
    low: float = float("nan")
    high: float = float("nan")
    grade: str = "J"

    @property
    def is_known(self) -> bool:
        """Whether there is a number."""
        return bool(np.isfinite(self.value))


def reading(
    key: str,
    name: str,
    value: float,
    unit: str,
    rows: Iterable[Rows] = (),
    *,
    reason: str = NOT_ON_RECORD,
    interval: tuple[float, float] = (float("nan"), float("nan")),
    grade: str = "A",
) -> Reading:
    """Make a reading; a number that is missing needs its reason.

    Parameters
    ----------
    key, name, unit : str
    value : float
    rows : iterable of Rows, optional
    reason : str, optional
        Used where the number is missing.
    interval : tuple of float, optional
        95% interval of a frequency.
    grade : str, optional
        Weakest grade of what went in beside the rows.

    Returns
    -------
    Reading

    Examples
    --------
    >>> reading("year", "in 2026", float("nan"), "percent", reason="2026 is not over").reason
    '2026 is not over'
    """
    known, found = bool(np.isfinite(value)), merged(rows)
    return Reading(
        key,
        name,
        float(value),
        unit,
        "" if known else reason,
        found,
        *interval,
        weakest([grade_of(found), grade]),
    )


Maker = Callable[..., Iterable[Reading]]
MAKERS: dict[str, Maker] = {}
"""How a quoted figure is computed anew, by the names that the table ``quoted`` uses."""


def recomputes(name: str) -> Callable[[Maker], Maker]:
    """Enter a function under the name by which the table ``quoted`` asks for it.

    Parameters
    ----------
    name : str

    Returns
    -------
    callable
        Of the function: it is called with the options of the row by name, and returns
        readings.
    """

    def enter(make: Maker) -> Maker:
        if name in MAKERS:
            raise DataError(f"{name!r} is computed twice")
        MAKERS[name] = make
        return make

    return enter


def options_of(text: object) -> Mapping[str, str]:
    """Read what a row asks for beside the name of the computation.

    Parameters
    ----------
    text : str
        ``name=value`` separated by ";"; blank for none.

    Returns
    -------
    mapping of str to str

    Raises
    ------
    DataError
        If a part is not of that form.

    Examples
    --------
    >>> options_of("members=Oracle; year=2025")
    {'members': 'Oracle', 'year': '2025'}
    """
    if not isinstance(text, str) or not text.strip():
        return {}
    parts = [part.strip().partition("=") for part in text.split(";")]
    if wrong := [name for name, equals, _ in parts if not equals]:
        raise DataError(f"quoted: option {wrong[0]!r}: expected name=value; name=value")
    return {name.strip(): value.strip() for name, _, value in parts}
