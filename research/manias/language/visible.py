"""Names as people give them, printed whole: what cannot be seen is spelt out."""

import re
import unicodedata

UNSEEN = ("Cc", "Cs", "Co", "Cn")
"""Categories of Unicode that no font draws: controls, halves of pairs, not assigned."""
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows, so that it reads as something else."""
_NOT_PLAIN = re.compile("[^ -~]")


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

    def shown(found: re.Match[str]) -> str:
        sign = found[0]
        is_seen = unicodedata.category(sign) not in UNSEEN and sign not in TURNING
        if is_seen or sign in keep:
            return sign
        return sign.encode("unicode_escape").decode("ascii")

    return _NOT_PLAIN.sub(shown, text)
