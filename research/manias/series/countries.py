"""Share prices of countries, laid out as industries are, so that the same rule dates them."""

from dataclasses import replace

import pandas as pd

from manias.data.library import load, not_known
from manias.data.tables import Dataset
from manias.series.runups import Panel

LEAST_MEMBERS = 10
"""Members of the OECD whose mean stands for the world; months with fewer are left out."""
AREAS = ("EA19",)
"""Codes that are no countries."""


def load_countries(
    dataset: Dataset | None = None, *, members: bool = False, net: bool = True
) -> Panel:
    """Lay the share prices of countries out as a panel.

    Parameters
    ----------
    dataset : Dataset, optional
        ``load("world_shares")`` by default.
    members : bool
        Only countries that were members of the OECD by 1973.
    net : bool
        Set the world beside them: the mean, each country alike, of the changes of those
        members that are on record. Without it the market stands still, and what is net of it
        is the change itself.

    Returns
    -------
    Panel
        Changes from month to month of levels that are monthly averages, in the money of each
        country and without dividends; months in which fewer than `LEAST_MEMBERS` members are on
        record are left out. Numbers of firms are not known and stand as 0.

    Raises
    ------
    DataError
        If there is no month, as in a library with a day before them.

    Examples
    --------
    >>> load_countries().returns.shape, load_countries(members=True).returns.shape
    ((793, 45), (793, 24))
    """
    dataset = dataset or load("world_shares")
    listed = dataset.tables["countries"].set_index("country")["member_since"]
    early = set(listed.index[listed.notna()])
    levels = dataset.frame.pivot(index="month", columns="country", values="level").astype(float)
    levels = levels.drop(columns=[c for c in AREAS if c in levels])
    if len(levels):
        levels = levels.reindex(pd.period_range(levels.index[0], levels.index[-1], freq="M"))
    changes = levels.pct_change(fill_method=None)
    known = changes[[c for c in changes if c in early]]
    enough = known.notna().sum(axis=1) >= LEAST_MEMBERS
    if not enough.any():
        raise not_known(dataset.name, f"no month of {LEAST_MEMBERS} members")
    changes, known = changes.loc[enough.idxmax() :], known.loc[enough.idxmax() :]
    world = known.mean(axis=1).where(enough[known.index])
    world = world if net else world * 0.0
    kept = known if members else changes
    beside = tuple(c for c in known if c not in kept) if net else ()
    return replace(
        Panel(kept, kept.notna() * 0.0, world.rename("market"), dataset), beside=beside
    )
