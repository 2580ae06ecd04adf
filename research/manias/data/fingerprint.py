"""Hashes of bytes, tables and settings, so that two runs can be told apart."""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A Mersenne prime: sums modulo it can be divided, which is what locates a changed cell.
PRIME = 2**61 - 1


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal.

    Examples
    --------
    >>> sha256(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def fingerprint(frame: "pd.DataFrame", **settings: object) -> str:
    """Hash a table and the settings of what is computed from it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table with a unique index. The order of rows and columns is irrelevant.
    **settings
        Anything whose ``str`` is stable.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "b"])
    >>> fingerprint(table, window=24) == fingerprint(table.iloc[::-1], window=24)
    True
    """
    table = frame.sort_index().sort_index(axis=1)
    body = table.to_csv(float_format="%.12g", lineterminator="\n")
    spec = json.dumps(settings, sort_keys=True, default=str)
    return sha256(f"{spec}\n{body}".encode())


def settled(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Round computed numbers to where all machines agree, before they are hashed.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        Numbers rounded to 9 decimals; no negative zero.

    Examples
    --------
    >>> import pandas as pd
    >>> settled(pd.DataFrame({"x": [0.1 + 0.2, -1e-17]}))["x"].tolist()
    [0.3, 0.0]
    """
    numbers = frame.select_dtypes("number")
    return frame.assign(**{name: numbers[name].round(9) + 0.0 for name in numbers})


def column_checksum(cells: Sequence[str]) -> str:
    """Two sums over a column that later locate a single changed cell.

    Parameters
    ----------
    cells : sequence of str, length n
        The cells as they stand in the file.

    Returns
    -------
    str
        ``"<sum of h>:<sum of i*h>"`` in hexadecimal, modulo 2**61 - 1, where h is a hash of
        cell i = 1..n. A change of one cell by d moves the sums by d and i*d, so their ratio
        is the row (the syndrome of a single-error-correcting code).

    Examples
    --------
    >>> printed = column_checksum(["1", "2", "3"])
    >>> changed_row(["1", "9", "3"], printed)
    2
    """
    plain, weighted = _sums(cells)
    return f"{plain:x}:{weighted:x}"


def changed_row(cells: Sequence[str], checksum: str) -> int | None:
    """Find the one cell that differs from the column that ``checksum`` was made of.

    Parameters
    ----------
    cells : sequence of str, length n
        The cells as they stand now.
    checksum : str
        What `column_checksum` returned for the cells as they were.

    Returns
    -------
    int or None
        0 when nothing changed, i in 1..n when exactly cell i did, None when the
        difference is not that of one cell.

    Examples
    --------
    >>> changed_row(["a", "b"], column_checksum(["a", "b"]))
    0
    >>> changed_row(["x", "y"], column_checksum(["a", "b"])) is None
    True
    """
    plain, weighted = _sums(cells)
    old_plain, old_weighted = (int(part, 16) for part in checksum.split(":"))
    delta, moment = (plain - old_plain) % PRIME, (weighted - old_weighted) % PRIME
    if delta == 0 and moment == 0:
        return 0
    if delta == 0:
        return None
    row = moment * pow(delta, -1, PRIME) % PRIME
    return row if 1 <= row <= len(cells) else None


def _sums(cells: Sequence[str]) -> tuple[int, int]:
    plain = weighted = 0
    for i, cell in enumerate(cells, start=1):
        value = int.from_bytes(hashlib.sha256(cell.encode()).digest()[:8], "big") % PRIME
        plain += value
        weighted += i * value
    return plain % PRIME, weighted % PRIME
