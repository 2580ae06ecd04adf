"""Views: tables that are made from the curated tables, and hold no figure of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from manias.data.arguments import checked
from manias.data.fingerprint import sha256
from manias.data.library import names
from manias.errors import InputError
from manias.spending.booms import DEFINITIONS, booms_in_money


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A table made from others.

    Attributes
    ----------
    name, title : str
    tables : tuple of str
        Datasets that it is made from.
    make : callable
        Makes it from the open library; it has columns ``source`` and ``grade``.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    make: Callable[[], pd.DataFrame]

    @property
    def frame(self) -> pd.DataFrame:
        """The table, as made from the open library."""
        return self.make()

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources that its rows name, each once."""
        texts = self.frame["source"].unique()
        return tuple(dict.fromkeys(key.strip() for text in texts for key in text.split(";")))

    @property
    def fingerprint(self) -> str:
        """Hash of the table as it is made now."""
        text = self.frame.to_csv(index=False, float_format="%.12g", lineterminator="\n")
        return sha256(text.encode())


_OF_BOOMS = (
    *(d.table for d in DEFINITIONS.values()),
    *(d.over.table for d in DEFINITIONS.values() if d.over is not None),
)
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        view.name: view
        for view in (
            View(
                "booms_in_money",
                "What the builders of each boom spent, in money and over GDP",
                tuple(dict.fromkeys(_OF_BOOMS)),
                lambda: booms_in_money().to_frame(),
            ),
        )
    }
)
"""Views by name."""


def view_names() -> tuple[str, ...]:
    """Views of which every table is in the open library.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> view_names()
    ('booms_in_money',)
    """
    there = set(names())
    return tuple(name for name, view in VIEWS.items() if there.issuperset(view.tables))


@checked
def read_view(name: str) -> View:
    """A view by its name.

    Parameters
    ----------
    name : str
        One of `view_names`.

    Returns
    -------
    View

    Raises
    ------
    InputError
        If there is no such view in the open library.

    Examples
    --------
    >>> read_view("booms_in_money").tables[:2]
    ('uk_railways', 'payback')
    """
    if name not in view_names():
        raise InputError(f"view {name!r}: expected one of {', '.join(view_names())}")
    return VIEWS[name]
