"""Every dataset that can be refreshed, each with what reads its originals."""

from collections.abc import Mapping
from types import MappingProxyType

from manias.refresh import (
    accounts,
    baskets,
    census,
    companies,
    fixed_assets,
    french,
    indices,
    penn,
    shiller,
)
from manias.refresh.feed import Feed

IN_ORDER = (
    *(french, baskets, indices, shiller, accounts, fixed_assets, penn, census, companies),
)
"""Modules of feeds; what follows from another stands after it."""


def feeds() -> Mapping[str, Feed]:
    """Feeds by the dataset that they fill, each after those that it follows from.

    Returns
    -------
    mapping of str to Feed

    Examples
    --------
    >>> list(feeds())[:2]
    ['us_industries', 'baskets']
    """
    return MappingProxyType({module.FEED.name: module.FEED for module in IN_ORDER})
