"""Finds gauges and targets: what the modules of this room list as GAUGES and TARGETS."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable
from functools import cache

from manias.data.arguments import checked
from manias.errors import DataError, InputError
from manias.gauges.gauge import Gauge, Target

ROOM = "manias.gauges"


@cache
def _found() -> tuple[dict[str, Gauge], dict[str, Target]]:
    gauges: list[Gauge] = []
    targets: list[Target] = []
    for module in pkgutil.iter_modules(importlib.import_module(ROOM).__path__):
        found = importlib.import_module(f"{ROOM}.{module.name}")
        gauges += getattr(found, "GAUGES", ())
        targets += getattr(found, "TARGETS", ())
    by_target = _by_key("target", targets)
    for gauge in gauges:
        if gauge.target not in by_target:
            raise DataError(f"gauge {gauge.key}: no target {gauge.target}")
    return _by_key("gauge", gauges), by_target


def _by_key(what: str, listed: Iterable) -> dict:
    listed = list(listed)
    if twice := [k for k, n in Counter(each.key for each in listed).items() if n > 1]:
        raise DataError(f"{what} {twice[0]}: listed twice")
    return {each.key: each for each in listed}


def list_gauges() -> tuple[Gauge, ...]:
    """Every gauge that can be computed, in the order of the modules.

    Returns
    -------
    tuple of Gauge

    Examples
    --------
    >>> "faber-us" in [gauge.key for gauge in list_gauges()]
    True
    """
    return tuple(_found()[0].values())


def list_targets() -> tuple[Target, ...]:
    """Everything that a gauge warns of.

    Returns
    -------
    tuple of Target

    Examples
    --------
    >>> "us" in [target.key for target in list_targets()]
    True
    """
    return tuple(_found()[1].values())


@checked
def find_gauge(key: str) -> Gauge:
    """A gauge by its key.

    Parameters
    ----------
    key : str

    Returns
    -------
    Gauge

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> find_gauge("faber-us").kind
    'trend'
    """
    gauges = _found()[0]
    if key not in gauges:
        raise InputError(f"gauge {key!r}: expected one of {', '.join(gauges)}")
    return gauges[key]


@checked
def find_target(key: str) -> Target:
    """A target by its key.

    Parameters
    ----------
    key : str

    Returns
    -------
    Target

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> find_target("us").horizon
    24
    """
    targets = _found()[1]
    if key not in targets:
        raise InputError(f"target {key!r}: expected one of {', '.join(targets)}")
    return targets[key]
