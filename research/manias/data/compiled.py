"""Compilation of the kernels, kept on disk where anything can be kept."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba


def _probe(x: float) -> float:
    return x


@cache
def can_keep() -> bool:
    """Whether compiled code can be kept on disk.

    Returns
    -------
    bool
        False where neither the package nor the user's cache folder can be written to; kernels
        are then compiled anew by every process. ``NUMBA_CACHE_DIR`` names another folder.

    Examples
    --------
    >>> can_keep() in (True, False)
    True
    """
    try:
        numba.njit(cache=True)(_probe)
    except RuntimeError:
        return False
    return True


def njit(*function: Callable[..., Any], **options: Any) -> Any:
    """`numba.njit`, without its cache where there is no place for one.

    Parameters
    ----------
    *function : callable
        The kernel, where it is decorated without options.
    **options
        As numba takes them.

    Returns
    -------
    callable
    """
    if options.get("cache") and not can_keep():
        options = {**options, "cache": False}
    return numba.njit(*function, **options)
