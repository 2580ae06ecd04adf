"""The languages of the report: a phrase book beside the prose, and how texts are said in it.

English is the language of the code. Any other language is a folder ``reports/CODE`` with the
prose, a gettext file ``report.po`` whose keys are the English templates, and ``edition.json``:
typefaces, how dates and amounts are written, and what counts as a figure typed by hand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pandas as pd

from manias.documents import Schema, listed, number, read, record, text
from manias.errors import DataError, InputError
from manias.language.messages import FORMATTER, MessageFormatter, Month

_LATIN = re.compile(r"[A-Za-z]{2}")
_QUARTER = re.compile(r"\b\d{4}Q[1-4]\b")
_WORD = text(most=100)
SCHEMA = Schema(
    record(
        {"name": _WORD, "month": _WORD, "quarter": _WORD, "typed": text(most=400)},
        optional={
            "region": _WORD,
            "serif": _WORD,
            "sans": _WORD,
            "brackets": _WORD,
            "dated": text(most=400),
            "fonts": listed(
                text(like=r"^[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*$", said="module:function"),
                most=10,
            ),
            "amounts": listed(
                {
                    "type": "array",
                    "items": [number(minimum=1), _WORD],
                    "minItems": 2,
                    "maxItems": 2,
                    "description": "a number and its word",
                },
                most=20,
            ),
        },
    )
)
"""What the ``edition.json`` of a language holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How the report says things in one language.

    Attributes
    ----------
    code : str
        As in `languages`.
    phrases : mapping of str to str
        English template -> template with the same fields; empty for English.
    edition : mapping
        What ``edition.json`` says; empty for English.
    formatter : MessageFormatter
        With the plural forms and the units of the language.

    Examples
    --------
    >>> ENGLISH.say("{n} of {total}", n=2, total=3)
    '2 of 3'
    >>> read_language("zh").month(pd.Period("2025-05"))
    '2025年5月'
    """

    code: str
    phrases: Mapping[str, str] = field(default_factory=dict)
    edition: Mapping[str, object] = field(default_factory=dict)
    formatter: MessageFormatter = FORMATTER

    def say(self, template: str, /, **fields: object) -> str:
        """Fill a template; the fields are texts in this language already.

        Parameters
        ----------
        template : str
            In English, with fields in braces.
        **fields
            One for each.

        Returns
        -------
        str

        Raises
        ------
        DataError
            If the phrase book lacks the template.
        """
        if self.code != "en":
            if template not in self.phrases:
                raise self._missing(template)
            template = self.phrases[template]
        return self.formatter.vformat(template, (), fields)

    def render(self, value: object) -> str:
        """Say what another layer has made.

        Parameters
        ----------
        value : str or number
            A text of `manias.language.messages` is said from its parts; any other string is
            looked up in the phrase book, unless there is no word in it (a figure, a date): of
            such a text only quarters and brackets are written anew.

        Returns
        -------
        str

        Raises
        ------
        DataError
            If the phrase book lacks it.
        """
        if self.code == "en":
            return str(value)
        if hasattr(value, "said_in"):
            return value.said_in(self)
        text = str(value)
        for known in (text, text[:1].upper() + text[1:]):
            if known in self.phrases:
                return self.phrases[known]
        if not _LATIN.search(text):
            return self._bare(text)
        raise self._missing(text)

    def _bare(self, text: str) -> str:
        """Say what holds no word: its quarters and brackets as the language has them."""
        said = _QUARTER.sub(lambda m: self.quarter(pd.Period(m[0], "Q")), text)
        if said != text:
            said = re.sub(r"(?<!\d)-(?=\d)", "–", said)
        if brackets := str(self.edition.get("brackets", "")):
            said = re.sub(r" ?\(", brackets[0], said).replace(")", brackets[1])
        return said

    def _missing(self, text: str) -> DataError:
        return DataError(
            f"language {self.code}: no phrase for {text!r}; expected one in "
            f"reports/{self.code}/report.po"
        )

    def listed(self, words: Iterable[str]) -> str:
        """Join words as a sentence does.

        Examples
        --------
        >>> ENGLISH.listed(["a", "b", "c"]), read_language("zh").listed(["a", "b", "c"])
        ('a, b and c', 'a、b和c')
        """
        words = list(words)
        if self.code != "en" and words:
            from babel.lists import format_list

            return format_list(words, locale=self.code)
        return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))

    def month(self, month: pd.Period) -> str:
        """Write a month.

        Examples
        --------
        >>> ENGLISH.month(pd.Period("2025-05"))
        'May 2025'
        """
        if self.code == "en":
            return str(Month(month))
        return self._date(month, "month")

    def quarter(self, quarter: pd.Period) -> str:
        """Write a quarter.

        Examples
        --------
        >>> quarter = pd.Period("2026Q2", "Q")
        >>> ENGLISH.quarter(quarter), read_language("zh").quarter(quarter)
        ('2026 Q2', '2026年第二季度')
        """
        if self.code == "en":
            return f"{quarter.year} Q{quarter.quarter}"
        return self._date(quarter, "quarter")

    def _date(self, period: pd.Period, kind: str) -> str:
        from babel.dates import format_date

        return format_date(period.start_time, str(self.edition[kind]), locale=self.code)

    def counts(self, unit: int) -> bool:
        """Whether amounts are written in a unit.

        Examples
        --------
        >>> ENGLISH.counts(10**8), read_language("zh").counts(10**8)
        (False, True)
        """
        amounts: Sequence[tuple[int, str]] = self.edition.get("amounts", ())
        return any(scale == unit for scale, _ in amounts)

    @property
    def region(self) -> str:
        """Country of the typography; "" where it does not matter."""
        return str(self.edition.get("region", ""))

    @property
    def serif(self) -> str:
        """Typeface for what Latin ones lack; "" where nothing is lacking."""
        return str(self.edition.get("serif", ""))

    @property
    def sans(self) -> str:
        """The same without serifs."""
        return str(self.edition.get("sans", ""))

    @property
    def fonts(self) -> tuple[Path, ...]:
        """Files of the typefaces, from installed packages."""
        named: Sequence[str] = self.edition.get("fonts", ())
        return tuple(
            getattr(import_module(module), function)()
            for module, function in (text.split(":") for text in named)
        )


ENGLISH = Language("en")


def languages() -> tuple[str, ...]:
    """Codes of the languages in which there is an edition, English first.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> languages()
    ('en', 'zh')
    """
    folders = files("manias._reports").iterdir()
    return ("en", *sorted(d.name for d in folders if d.joinpath("edition.json").is_file()))


@cache
def read_language(code: str) -> Language:
    """Read the phrase book of a language.

    Parameters
    ----------
    code : str
        Of `languages`.

    Returns
    -------
    Language

    Raises
    ------
    InputError
        If there is no such language.
    DataError
        If the phrase book has a phrase that is not translated, or whose fields differ.

    Examples
    --------
    >>> read_language("fr")
    Traceback (most recent call last):
    manias.errors.InputError: language 'fr': expected one of en, zh
    """
    if code == "en":
        return ENGLISH
    folder = files("manias._reports").joinpath(code)
    if not folder.joinpath("edition.json").is_file():
        raise InputError(f"language {code!r}: expected one of {', '.join(languages())}")
    from babel import Locale
    from babel.messages.pofile import read_po

    where = f"reports/{code}/report.po"
    edition = read(
        folder.joinpath("edition.json"), SCHEMA, where=f"reports/{code}/edition.json"
    )
    with folder.joinpath("report.po").open("rb") as file:
        book = read_po(file, locale=code, abort_invalid=True)
    phrases = {message.id: message.string for message in book if message.id}
    for english, said in phrases.items():
        if not said:
            raise DataError(f"{where}: {english!r} is not translated")
        if fields_of(english) != fields_of(said):
            raise DataError(
                f"{where}: {english!r} has the fields {sorted(fields_of(said))}; "
                f"expected {sorted(fields_of(english))}"
            )
    plural = Locale(code).plural_form
    formatter = MessageFormatter(plural, [tuple(unit) for unit in edition.get("amounts", ())])
    return Language(code, phrases, edition, formatter)


def fields_of(template: str) -> frozenset[str]:
    """Names of the fields of a template.

    Parameters
    ----------
    template : str

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(fields_of("{n} of {total}"))
    ['n', 'total']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
