"""Where each number of the page comes from: sources and places, each written once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from manias.data.library import current
from manias.data.rows import Rows
from manias.data.sources import weakest


@dataclass(slots=True)
class Store:
    """Sources, and places in them with a grade, numbered in the order of their first use.

    Attributes
    ----------
    places : list of tuple
        Keys of the sources, locator and grade.
    """

    places: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)
    _numbers: dict[tuple, int] = field(default_factory=dict)

    def place(self, source: object, locator: object, grade: object) -> int:
        """Number of a place.

        Parameters
        ----------
        source : str
            Keys, separated by ";".
        locator, grade : str

        Returns
        -------
        int
        """
        keys = tuple(k.strip() for k in cell(source).split(";") if k.strip())
        entry = (keys, cell(locator), cell(grade))
        if entry not in self._numbers:
            self._numbers[entry] = len(self.places)
            self.places.append(entry)
        return self._numbers[entry]

    def rows(self, parts: Iterable[Rows]) -> int:
        """Number of the place that rows of several tables are together.

        Parameters
        ----------
        parts : iterable of Rows

        Returns
        -------
        int
        """
        keys: dict[str, None] = {}
        told, grades = [], []
        for part in parts:
            keys.update(dict.fromkeys(part.sources))
            grades += part.grades
            where = part.frame["locator"].dropna().unique() if "locator" in part.frame else ()
            shown = "; ".join(map(str, where[:SHOWN]))
            more = f" and {len(where) - SHOWN} more" if len(where) > SHOWN else ""
            told.append(f"{part.name}: {shown}{more}" if shown else part.name)
        return self.place(";".join(keys), " | ".join(told), weakest(grades) if grades else "")

    def resting(self, parts: Iterable[Rows]) -> dict[str, object]:
        """What a count rests on: tables, rows, sources and the weakest grade.

        Parameters
        ----------
        parts : iterable of Rows

        Returns
        -------
        dict
        """
        parts = tuple(parts)
        return {
            "tables": [
                {"table": p.name, "rows": len(p.frame), "of": p.total, "how": p.how}
                for p in parts
            ],
            "place": self.place(
                ";".join(dict.fromkeys(k for p in parts for k in p.sources)),
                "; ".join(f"{p.name} ({len(p.frame):,} of {p.total:,} rows)" for p in parts),
                weakest(g for p in parts for g in p.grades),
            ),
        }

    def sources(self) -> dict[str, dict[str, str]]:
        """Every source that a place names, as a bibliography tells it.

        Returns
        -------
        dict
        """
        known = current().sources()
        used = dict.fromkeys(key for keys, _, _ in self.places for key in keys)
        kept = ("title", "author", "year", "publisher", "url", "seen")
        return {
            key: {name: getattr(known[key], name) for name in kept}
            for key in used
            if key in known
        }


SHOWN = 3
"""Locators of a table that are told one by one."""


def cell(value: object) -> str:
    """Text of a cell; "" where it is blank.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> cell(float("nan")), cell("p. 3")
    ('', 'p. 3')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    return str(value)


def number(value: object) -> float | None:
    """A number as JSON has it; None where it is missing or infinite.

    Parameters
    ----------
    value : object

    Returns
    -------
    float or None

    Examples
    --------
    >>> number(float("nan")), number(2)
    (None, 2.0)
    """
    if value is None or not np.isfinite(found := float(value)):  # type: ignore[arg-type]
        return None
    return found
