"""Every dataset that can be refreshed, each with what reads its originals."""

from collections.abc import Mapping
from types import MappingProxyType

from manias.refresh import companies, french
from manias.refresh.feed import Feed


def feeds() -> Mapping[str, Feed]:
    """Feeds by the dataset that they fill.

    Returns
    -------
    mapping of str to Feed

    Examples
    --------
    >>> "us_industries" in feeds()
    True
    """
    return MappingProxyType({f.name: f for f in (french.FEED, companies.FEED)})
