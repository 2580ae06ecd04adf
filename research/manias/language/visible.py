"""Names as people give them, printed whole: what cannot be seen is spelt out."""

import unicodedata

UNSEEN = ("Cc", "Cs", "Co", "Cn")
"""Categories of Unicode that no font draws: controls, halves of pairs, not assigned."""


def visible(text: str, keep: str = "\n") -> str:
    r"""Spell out the characters of a text that cannot be drawn, printed or encoded.

    Parameters
    ----------
    text : str
    keep : str
        Characters that stay as they are.

    Returns
    -------
    str
        Each as Python writes it, such as ``\x07``.

    Examples
    --------
    >>> print(visible("bell \x07, half a pair \ud800, dollars $ and [x] <y>"))
    bell \x07, half a pair \ud800, dollars $ and [x] <y>
    """
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in UNSEEN and sign not in keep
        else sign
        for sign in text
    )
