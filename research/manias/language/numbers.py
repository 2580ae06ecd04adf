"""How a number reads."""

import re

import pandas as pd

_HYPHEN = re.compile(r"(?<![0-9A-Za-z_])-(?=\d)")


def percent(value: float, digits: int = 0) -> str:
    """Write a decimal as a percentage; a dash where there is none.

    Examples
    --------
    >>> percent(0.117), percent(float("nan")), percent(-0.2)
    ('12%', '–', '−20%')
    """
    if pd.isna(value):
        return "–"
    return f"{value * 100:.{digits}f}%".replace("-", "−")


def plain(value: float, digits: int = 1) -> str:
    """Write a number with a fixed count of decimals; a dash where there is none.

    Examples
    --------
    >>> plain(4.456, 2), plain(float("nan")), plain(-1.25)
    ('4.46', '–', '−1.2')
    """
    return "–" if pd.isna(value) else f"{value:,.{digits}f}".replace("-", "−")


def signed(value: float, digits: int) -> str:
    """Write a number with its sign and a fixed count of decimals; a dash where there is none.

    What rounds to nothing has no sign.

    Examples
    --------
    >>> signed(0.1214, 3), signed(-0.0072, 3), signed(float("nan"), 3), signed(-0.0002, 3)
    ('+0.121', '−0.007', '–', '0.000')
    """
    shown = plain(value, digits)
    if pd.isna(value) or not shown.strip("−0.,"):
        return shown.lstrip("−")
    return f"+{shown}" if value > 0 else shown


def with_minus(text: str) -> str:
    """Write a hyphen that stands for a minus as one; those of dates, names and keys stay.

    Examples
    --------
    >>> with_minus("about -5.9, of 2026-02, below -10 and us-it-2")
    'about −5.9, of 2026-02, below −10 and us-it-2'
    """
    return _HYPHEN.sub("−", text)
