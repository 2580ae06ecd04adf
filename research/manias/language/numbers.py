"""How a number reads."""

import re

import pandas as pd

_HYPHEN = re.compile(r"(?<![0-9A-Za-z_])-(?=\d)")


def percent(value: float, digits: int = 0) -> str:
    """Write a decimal as a percentage; a dash where there is none.

    Examples
    --------
    >>> percent(0.117), percent(float("nan")), percent(-0.2), percent(-0.001)
    ('12%', '–', '−20%', '0%')
    """
    if pd.isna(value):
        return "–"
    return f"{_rounded(value * 100, digits)}%"


def signed(value: float, digits: int = 3) -> str:
    """Write a number with its sign, but for what rounds to nothing.

    Examples
    --------
    >>> signed(0.1234), signed(-0.007), signed(-0.0001), signed(float("nan"))
    ('+0.123', '−0.007', '0.000', '–')
    """
    if pd.isna(value):
        return "–"
    text = f"{value:+,.{digits}f}".replace("-", "−")
    return text[1:] if not text.strip("+−0.") else text


def plain(value: float, digits: int = 1) -> str:
    """Write a number with a fixed count of decimals; a dash where there is none.

    Examples
    --------
    >>> plain(4.456, 2), plain(float("nan")), plain(-1.25)
    ('4.46', '–', '−1.2')
    """
    return "–" if pd.isna(value) else _rounded(value, digits)


def _rounded(value: float, digits: int) -> str:
    """With a minus for less than nothing, but not for what rounds to nothing."""
    return f"{value:z,.{digits}f}".replace("-", "−")


def with_minus(text: str) -> str:
    """Write a hyphen that stands for a minus as one; those of dates, names and keys stay.

    Examples
    --------
    >>> with_minus("about -5.9, of 2026-02, below -10 and us-it-2")
    'about −5.9, of 2026-02, below −10 and us-it-2'
    """
    return _HYPHEN.sub("−", text)
