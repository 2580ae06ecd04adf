"""Regular expressions that come from a file: run in time linear in the text, or refused."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from manias.errors import DataError


def fits(pattern: str, texts: Sequence[str]) -> list[bool]:
    """Whether the whole of each text is like a pattern.

    Parameters
    ----------
    pattern : str
        In the syntax of RE2: no look-around, no back-reference.
    texts : sequence of str

    Returns
    -------
    list of bool

    Raises
    ------
    DataError
        If it is no such pattern, or one that takes too much memory.

    Examples
    --------
    >>> fits("[A-Z]{2}(;[A-Z]{2})*", ["US;GB", "US;"])
    [True, False]
    >>> fits("((a+)+)+", ["a" * 100 + "b"])
    [False]
    """
    compiled = _compiled(pattern)
    return [compiled.fullmatch(text) is not None for text in texts]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as fault:
        said = fault.args[0].decode() if isinstance(fault.args[0], bytes) else fault.args[0]
        raise DataError(
            f"pattern {pattern!r}: {said}; expected a regular expression of RE2"
        ) from None
