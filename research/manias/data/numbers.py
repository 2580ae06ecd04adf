"""Numbers as people write them: marks of thousands and decimals, signs, currencies, blanks."""

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from manias.data.forms import Cell, plain_digits

Mark = Literal[".", ","]

MISSING = frozenset(
    [
        "n/a",
        "na",
        "#n/a",
        "nan",
        "<na>",
        "n.a.",
        "n.a",
        "null",
        "none",
        "nil",
        ".",
        "..",
        "...",
        "-",
        "--",
        "---",
        ":",
        "*",
        "#value!",
        "#div/0!",
        "#ref!",
        "#name?",
        "#num!",
        "#n/a n/a",
        "(na)",
        "(d)",
        "n.d.",
        "nd",
        "not available",
        "…",
    ]
)
"""What stands, in small letters, for no value."""

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u2008\u3000"), " ")
_MINUS = dict.fromkeys(map(ord, "−‒–—﹣－"), "-")
FLAGS = {
    "p": "provisional",
    "e": "estimated",
    "r": "revised",
    "f": "forecast",
    "b": "break in the series",
    "s": "estimated by Eurostat",
    "c": "confidential",
    "d": "definition differs",
    "i": "see metadata",
    "n": "not significant",
    "u": "low reliability",
    "z": "not applicable",
}
"""Letters after a number of an office of statistics; the first four stand in any file."""
SCALES = {
    3: ("k", "thousand"),
    5: ("lakh", "lakhs"),
    6: ("m", "mm", "mn", "mln", "mio", "mio.", "million", "millions"),
    7: ("crore", "crores"),
    9: ("b", "bn", "bln", "mrd", "mrd.", "billion", "billions"),
    12: ("t", "tn", "trn", "trillion", "trillions"),
}
"""Words and letters after a number that multiply it, by the power of ten."""
_POWERS = {word: power for power, words in SCALES.items() for word in words}
_SCALE = re.compile(
    rf"(?<=[\d.,])( ?)({'|'.join(sorted(map(re.escape, _POWERS), key=len, reverse=True))})$",
    re.IGNORECASE,
)
_FLAG = re.compile(r"(?<=[\d.,%])(?: ?\(([a-z]{1,2})\)| ([a-z]{1,2})|([pefr]))$", re.IGNORECASE)
_NO_VALUE = re.compile(r":\s*\(?[a-z]{0,2}\)?")
_LAST_SIGN = re.compile(r"(?<=[A-Za-z.]) ?(\W)$|(?<=[A-Za-z.]) ([A-Za-z]{3})$")
_SIMPLE = re.compile(r"([+-]?)(\d[\d.,]*)", re.ASCII)
_FOOTNOTE = re.compile(r"\s*(?:[*†‡§]+|\[\d+\])$")
_BODY = re.compile(r"[\d.,' ’]*\d[\d.,' ’]*")
_WHOLE = {
    ".": re.compile(r"(?:\d{1,3}(?:[,'’ ]\d{3})+|\d{1,3}(?:,\d{2})+,\d{3}|\d+)?(?:\.\d*)?"),
    ",": re.compile(r"(?:\d{1,3}(?:[.'’ ]\d{3})+|\d+)?(?:,\d*)?"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it stands in a cell, before its marks are understood.

    Attributes
    ----------
    sign : {1, -1}
    body : str
        Digits and marks.
    exponent : int
    symbol : str
        Sign or code of a currency, or "%", or empty.
    footnote : str
        A mark after the number, such as a star.
    flag : str
        Letters of an office of statistics after it, such as p.
    scale : int
        Power of ten of a word or letter after it, such as 9 of bn.
    suffix : str
        That word or letter.
    """

    sign: int
    body: str
    exponent: int = 0
    symbol: str = ""
    footnote: str = ""
    flag: str = ""
    scale: int = 0
    suffix: str = ""


def is_missing(cell: Cell) -> bool:
    """Whether a cell says that there is no value.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    bool

    Examples
    --------
    >>> is_missing("n/a"), is_missing("0")
    (True, False)
    """
    if cell is None:
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    if isinstance(cell, str):
        if cell[:1].isdigit():
            return False
        text = cell.translate(_SPACES).translate(_MINUS).strip().casefold()
        return not text or text in MISSING or bool(_NO_VALUE.fullmatch(text))
    return False


@cache
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def currency_codes() -> tuple[str, ...]:
    """Codes of currencies that may stand beside a number.

    Returns
    -------
    tuple of str
        In the order of the alphabet.

    Examples
    --------
    >>> "GBP" in currency_codes()
    True
    """
    return tuple(sorted(_codes()))


def written(cell: str) -> Written | None:
    """Take a cell apart into sign, digits and symbols, or None where it is no number.

    Parameters
    ----------
    cell : str

    Returns
    -------
    Written or None

    Examples
    --------
    >>> written("(£1,259.52)") == Written(-1, "1,259.52", symbol="£")
    True
    """
    if found := _SIMPLE.fullmatch(cell):
        return Written(-1 if found[1] == "-" else 1, found[2])
    return _written(cell)


@lru_cache(maxsize=1 << 18)
def _written(cell: str) -> Written | None:
    if len(cell) > 60 or not any(c.isdigit() for c in cell):
        return None
    text = plain_digits(cell.translate(_SPACES).translate(_MINUS)).strip()
    footnote = ""
    if found := _FOOTNOTE.search(text):
        footnote, text = found[0].strip(), text[: found.start()]
    # A dash after the decimal mark stands for no cents.
    text = re.sub(r"(?<=\d)[.,]-+(?=\s*\D{0,3}$)", "", text)
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    symbol, text = _symbol(text)
    text, flag, scale, suffix = _ending(text, bool(symbol))
    if text.startswith(("-", "+")):
        if sign < 0:
            return None
        sign, text = (-1 if text[0] == "-" else 1), text[1:].strip()
    if not symbol:
        symbol, text = _symbol(text)
    if sign > 0 and text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    exponent = 0
    if found := re.fullmatch(r"([\d.,]+)[eE]([+-]?\d{1,3})", text):
        text, exponent = found[1], int(found[2])
    if not _BODY.fullmatch(text):
        return None
    return Written(sign, text, exponent, symbol, footnote, flag, scale, suffix)


def _ending(text: str, has_symbol: bool) -> tuple[str, str, int, str]:
    """A number without the letters after it; its flag, power of ten and word for it."""
    if found := _SCALE.search(text):
        word = found[2]
        # 5 m may be metres and 5t tonnes; 5m and 5T are said of money.
        is_other = word == "t" or (word == "m" and found[1] and not has_symbol)
        if not is_other:
            return text[: found.start()], "", _POWERS[word.casefold()], word
    if found := _FLAG.search(text):
        flag = next(filter(None, found.groups())).casefold()
        if set(flag) <= set(FLAGS):
            return text[: found.start()].strip(), flag, 0, ""
    return text, "", 0, ""


def _symbol(text: str) -> tuple[str, str]:
    """Currency or percent sign before or after a number, and what is left."""
    if text.endswith("%"):
        return "%", text[:-1].strip()
    before = re.match(r"(-?)\s*([A-Za-z]{0,3})(\W?)\s*(?=[-+\d.,(])", text)
    if before and (before[2] or before[3]):
        name, sign = before[2].upper(), before[3]
        is_sign = bool(sign) and unicodedata.category(sign) == "Sc"
        if is_sign or (name in _codes() and not sign.strip("-+ ")):
            rest = text[before.end() :].strip()
            if sign in {"-", "+"}:
                rest = sign + rest
            return (before[2] + sign if is_sign else name), before[1] + rest
    after = re.search(r"(?<=[\d.,)])\s*(\W|[A-Za-z]{3})$", text)
    if after and (after[1].upper() in _codes() or unicodedata.category(after[1][0]) == "Sc"):
        return after[1], text[: after.start()].strip()
    if last := _LAST_SIGN.search(text):
        sign = last[1] or last[2]
        if sign.upper() in _codes() or unicodedata.category(sign[0]) == "Sc":
            return sign, text[: last.start()]
    return "", text


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell is a number in some way of writing.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    bool

    Examples
    --------
    >>> looks_numeric("1.325,64"), looks_numeric("revised")
    (True, False)
    """
    if isinstance(cell, float):
        return not math.isnan(cell)
    if not isinstance(cell, str):
        return False
    if _SIMPLE.fullmatch(cell):
        return True
    text = cell.strip().casefold().lstrip("+-")
    # A minus that stands last is refused by its cell, not taken for text.
    if text in {"inf", "infinity"} or re.fullmatch(r"\d[\d.,]*[-−]", text):
        return True
    return written(cell) is not None


@dataclass(frozen=True, slots=True)
class Marks:
    """What the numbers of a file say about their own marks.

    Attributes
    ----------
    point, comma : str
        A cell in which this mark can only be the decimal one; empty where there is none.
    either : str
        A cell whose one mark may be of thousands or of decimals; empty where there is none.
    """

    point: str = ""
    comma: str = ""
    either: str = ""


def marks(cells: Iterable[Cell]) -> Marks:
    """Look for numbers whose marks can be read in one way only.

    Parameters
    ----------
    cells : iterable of str or float or datetime.datetime or None

    Returns
    -------
    Marks

    Examples
    --------
    >>> marks(["1.325", "0.98"]).point, marks(["1.325", "2.100"]).either
    ('0.98', '1.325')
    """
    found = {".": "", ",": "", "": ""}
    for cell in cells:
        number = written(cell) if isinstance(cell, str) and not is_missing(cell) else None
        if number is None:
            continue
        vote = _vote(number.body)
        if vote == "" and number.exponent:
            vote = next(c for c in number.body if c in ".,")
        if vote is not None and not found[vote]:
            found[vote] = str(cell).strip()
    return Marks(found["."], found[","], found[""])


def _vote(body: str) -> str | None:
    """The decimal mark that a number shows; "" if it may be either, None if it has no mark."""
    used = [c for c in body if c in ".,"]
    if not used:
        return None
    if len(set(used)) == 2:
        return used[-1] if used.count(used[-1]) == 1 else None
    mark = used[0]
    if len(used) > 1:
        return "," if mark == "." else "."
    before, _, after = body.partition(mark)
    digits = re.sub(r"\D", "", before)
    has_groups = digits != before
    if len(after) != 3 or has_groups or not digits or len(digits) > 3 or digits[0] == "0":
        return mark
    return ""


def to_number(cell: Cell, decimal: Mark, *, scaled: bool = True) -> float | None:
    """Number of a cell once the decimal mark is known; None where it is none.

    Parameters
    ----------
    cell : str or float or datetime.datetime
    decimal : {".", ","}
    scaled : bool
        Whether a letter such as B multiplies.

    Returns
    -------
    float or None

    Examples
    --------
    >>> to_number("1.325,64", ","), to_number("1,32", "."), to_number("(5)", ".")
    (1325.64, None, -5.0)
    """
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if isinstance(cell, datetime.date) or cell is None:
        return None
    number = written(cell)
    if number is None or not _WHOLE[decimal].fullmatch(number.body):
        return None
    plain = re.sub(r"[' ’]|" + re.escape("," if decimal == "." else "."), "", number.body)
    plain = plain.replace(decimal, ".")
    if not re.search(r"\d", plain):
        return None
    power = number.exponent + (number.scale if scaled else 0)
    value = number.sign * float(f"{plain}e{power}")
    return value if math.isfinite(value) else None
