"""Texts as values: each remembers how it was made, and is said in a language at the edge.

A `Text` is its English wording, so that it can be printed, compared and written to JSON like
any other text; `manias.language.editions.Language.render` says it in another language.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from string import Formatter
from typing import Any

import pandas as pd

WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""How prose writes small counts in English."""


class Text(str):
    """A template with its fields; as a string, the English wording.

    Parameters
    ----------
    template : str
        In English, with fields in braces. ``{n:plural one=firm|other=firms}`` chooses a form
        by the count, ``{beats:select yes=beats|no=does not beat}`` by a word or a truth.
    **fields
        Strings, numbers, or texts of this module.

    Attributes
    ----------
    template : str
    fields : mapping of str to object

    Examples
    --------
    >>> text = Text("{n} {n:plural one=firm|other=firms} spent {more}", n=1, more=Text("more"))
    >>> text
    '1 firm spent more'
    >>> text.template, sorted(text.fields)
    ('{n} {n:plural one=firm|other=firms} spent {more}', ['more', 'n'])
    """

    __slots__ = ("fields", "template")
    template: str
    fields: Mapping[str, object]

    def __new__(cls, template: str, /, **fields: object) -> "Text":
        said = super().__new__(cls, FORMATTER.vformat(template, (), fields))
        said.template, said.fields = template, fields
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        chosen_by = _choices(self.template)
        fields = {
            name: language.render(value)
            if isinstance(value, str) and name not in chosen_by
            else value
            for name, value in self.fields.items()
        }
        return language.say(self.template, **fields)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.template, dict(self.fields))


class Verbatim(str):
    """A name that is the same in every language: a model, a table, a company.

    Examples
    --------
    >>> Verbatim("runup-panel")
    'runup-panel'
    """

    __slots__ = ()

    def said_in(self, language: Any) -> str:
        """The same text."""
        return str(self)


class Listed(str):
    """Items joined as a sentence does.

    Parameters
    ----------
    items : iterable
    clauses : bool
        Whether they are clauses rather than names: English joins both alike, other languages
        put a semicolon between clauses.

    Examples
    --------
    >>> Listed(["a", "b", "c"])
    'a, b and c'
    """

    __slots__ = ("clauses", "items")
    clauses: bool
    items: tuple[object, ...]

    def __new__(cls, items: Iterable[object], *, clauses: bool = False) -> "Listed":
        items = tuple(items)
        texts = list(map(str, items))
        said = super().__new__(
            cls, " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))
        )
        said.items, said.clauses = items, clauses
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        if self.clauses:
            return Joined("; ", self.items).said_in(language)
        return language.listed(map(language.render, self.items))

    def __reduce__(self) -> tuple[Any, ...]:
        return _listed, (self.items, self.clauses)


class Joined(str):
    """Clauses joined by a mark, such as ``"; "``, which the phrase book translates.

    Examples
    --------
    >>> Joined("; ", ["no prices", "too short"])
    'no prices; too short'
    """

    __slots__ = ("items", "mark")
    items: tuple[object, ...]
    mark: str

    def __new__(cls, mark: str, items: Iterable[object]) -> "Joined":
        items = tuple(items)
        said = super().__new__(cls, mark.join(map(str, items)))
        said.items, said.mark = items, mark
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        mark = language.say(self.mark) if self.mark else ""
        return mark.join(map(language.render, self.items))

    def __reduce__(self) -> tuple[Any, ...]:
        return Joined, (self.mark, self.items)


class Word(str):
    """A small count as prose writes it: in words in English, in digits elsewhere.

    Examples
    --------
    >>> Word(7), Word(11), Word(2, capital=True)
    ('seven', '11', 'Two')
    """

    __slots__ = ("n",)
    n: int

    def __new__(cls, n: int, *, capital: bool = False) -> "Word":
        word = WORDS[n] if 0 <= n < len(WORDS) else str(n)
        said = super().__new__(cls, word.capitalize() if capital else word)
        said.n = int(n)
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        return str(self.n)

    def __reduce__(self) -> tuple[Any, ...]:
        return _word, (self.n, self[:1].isupper())


class Month(str):
    """A month.

    Examples
    --------
    >>> Month("2025-05")
    'May 2025'
    """

    __slots__ = ("period",)
    period: pd.Period

    def __new__(cls, month: str | pd.Period) -> "Month":
        period = pd.Period(month, freq="M")
        said = super().__new__(cls, f"{period.to_timestamp().month_name()} {period.year}")
        said.period = period
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        return language.month(self.period)

    def __reduce__(self) -> tuple[Any, ...]:
        return Month, (self.period,)


class Quarter(str):
    """A quarter.

    Examples
    --------
    >>> Quarter(pd.Period("2026Q2", "Q"))
    '2026 Q2'
    """

    __slots__ = ("period",)
    period: pd.Period

    def __new__(cls, quarter: pd.Period) -> "Quarter":
        said = super().__new__(cls, f"{quarter.year} Q{quarter.quarter}")
        said.period = quarter
        return said

    def said_in(self, language: Any) -> str:
        """Say it in a language."""
        return language.quarter(self.period)

    def __reduce__(self) -> tuple[Any, ...]:
        return Quarter, (self.period,)


class MessageFormatter(Formatter):
    """Fields as they are, by plural form, by choice, and as amounts.

    Parameters
    ----------
    plural : callable
        From a count to the name of its plural form.
    amounts : sequence of (int, str)
        Units by which amounts are written, largest first; empty where ``{n:billion}`` says
        nothing but the number.
    """

    def __init__(self, plural=lambda n: "one" if n == 1 else "other", amounts=()):
        self._plural, self._amounts = plural, amounts

    def format_field(self, value: object, format_spec: str) -> str:
        kind, _, rest = format_spec.partition(" ")
        if kind in ("plural", "select"):
            forms = dict(form.split("=", 1) for form in rest.split("|"))
            key = self._plural(_count(value)) if kind == "plural" else _chosen(value)
            return forms[key if key in forms else "other"]
        if format_spec in SCALES:
            return self._amount(value, SCALES[format_spec])
        return super().format_field(value, format_spec)

    def _amount(self, value: object, scale: int) -> str:
        from decimal import Decimal

        text = str(value)
        if not self._amounts or not any(map(str.isdigit, text)):
            return text
        amount = Decimal(text.replace(",", "").replace("−", "-")) * scale
        unit, name = next((u, n) for u, n in self._amounts if abs(amount) >= u or u == 1)
        return f"{(amount / unit).normalize():,f}{name}".replace("-", "−")


SCALES = {"million": 10**6, "billion": 10**9}
"""Amounts that a template may ask to be written in the units of its language."""
FORMATTER = MessageFormatter()
"""English."""


@cache
def _choices(template: str) -> frozenset[str]:
    """Fields that only choose a form, and are words of the code, not of a language."""
    specs: dict[str, list[str]] = {}
    for _, name, spec, _ in Formatter().parse(template):
        if name:
            specs.setdefault(name, []).append(spec or "")
    return frozenset(n for n, s in specs.items() if all(x.startswith("select ") for x in s))


def _count(value: object) -> float:
    if isinstance(value, Word):
        return value.n
    return float(str(value).replace(",", ""))


def _chosen(value: object) -> str:
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


def _again(template: str, fields: dict[str, object]) -> Text:
    return Text(template, **fields)


def _listed(items: tuple[object, ...], clauses: bool) -> Listed:
    return Listed(items, clauses=clauses)


def _word(n: int, capital: bool) -> Word:
    return Word(n, capital=capital)
