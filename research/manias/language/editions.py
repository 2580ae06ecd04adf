"""The languages of the report: a phrase book beside the prose, and how texts are looked up.

English is the language of the code. Any other language is a folder ``reports/CODE`` with the
prose and a gettext file ``report.po``, whose keys are the English templates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pandas as pd

from manias.errors import DataError, InputError

LANGUAGES = ("en", "zh")
"""Codes of the languages in which there is an edition."""

_WORDS = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
)
_LATIN = re.compile(r"[A-Za-z]{2}|\bp \d")
_HAN = re.compile(r"[\u3400-\u9fff]")


class _Filled(Formatter):
    """Fields as they are, and amounts by myriads: ``{n:billion}`` of 291 is 2,910亿."""

    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec not in _SCALES:
            return super().format_field(value, format_spec)
        amount = Decimal(str(value).replace(",", "")) * _SCALES[format_spec]
        unit, name = next((u, n) for u, n in _MYRIADS if abs(amount) >= u or u == 1)
        return f"{(amount / unit).normalize():,f}{name}"


_SCALES = {"million": 10**6, "billion": 10**9}
_MYRIADS = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, ""))
_FILLED = _Filled()


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How the report says things in one language.

    Attributes
    ----------
    code : str
        As in `LANGUAGES`.
    phrases : mapping of str to str
        English template -> template with the same fields; empty for English.
    region : str
        Country of the typography; "" where it does not matter.
    serif, sans : str
        Typefaces for what Latin ones lack; "" where nothing is lacking.

    Examples
    --------
    >>> ENGLISH.say("{n} of {total}", n=2, total=3)
    '2 of 3'
    >>> read_language("zh").month("2025-05")
    '2025年5月'
    """

    code: str
    phrases: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    serif: str = ""
    sans: str = ""

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
        return _FILLED.vformat(template, (), fields)

    def t(self, text: str) -> str:
        """Translate a text that another layer has made.

        Parameters
        ----------
        text : str
            English. A text without words (a figure, a date) or already in this language
            stays as it is. One with figures or names in it is found by the pattern of its
            template, and what stands in the fields is translated in turn, but for a field
            ``id``, which is the name of a model, a table or a row.

        Returns
        -------
        str

        Raises
        ------
        DataError
            If the phrase book lacks it.
        """
        if self.code == "en":
            return text
        said = self._found(text)
        if said is None:
            raise self._missing(text)
        return said

    def _found(self, text: str) -> str | None:
        if not _LATIN.search(text) or _HAN.search(text):
            return text
        for known in (text, text[:1].upper() + text[1:]):
            if known in self.phrases:
                return self.phrases[known]
        for pattern, english in _patterns(self):
            if match := pattern.fullmatch(text):
                fields = {
                    name: part if name == "id" else self._found(part)
                    for name, part in match.groupdict().items()
                }
                if None not in fields.values():
                    return _FILLED.vformat(self.phrases[english], (), fields)
        return None

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

    def word(self, n: int) -> str:
        """Write a small count as prose does: in words in English, in digits elsewhere.

        Examples
        --------
        >>> ENGLISH.word(7), ENGLISH.word(11), read_language("zh").word(7)
        ('seven', '11', '7')
        """
        return _WORDS[n] if self.code == "en" and 0 <= n < len(_WORDS) else str(n)

    def month(self, month: str | pd.Period) -> str:
        """Write a month.

        Examples
        --------
        >>> ENGLISH.month("2025-05")
        'May 2025'
        """
        period = pd.Period(month, freq="M")
        if self.code == "en":
            return period.strftime("%B %Y")
        return self._date(period, "MMMM y")

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
        return self._date(quarter, "y QQQQ")

    def _date(self, period: pd.Period, order: str) -> str:
        from babel.dates import format_date

        return format_date(period.start_time, self.say(order), locale=self.code)

    @property
    def fonts(self) -> tuple[Path, ...]:
        """Files of the typefaces, from an installed package."""
        if self.code != "zh":
            return ()
        import pylopdf_fonts_zh_cn as package

        return package.serif_path(), package.sans_path()


ENGLISH = Language("en")


@cache
def read_language(code: str) -> Language:
    """Read the phrase book of a language.

    Parameters
    ----------
    code : str
        Of `LANGUAGES`.

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
    if code not in LANGUAGES:
        raise InputError(f"language {code!r}: expected one of {', '.join(LANGUAGES)}")
    if code == "en":
        return ENGLISH
    from babel.messages.pofile import read_po

    where = f"reports/{code}/report.po"
    with files("manias._reports").joinpath(code, "report.po").open("rb") as file:
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
    return Language(code, phrases, region="CN", serif="Noto Serif SC", sans="Noto Sans SC")


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


@cache
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Phrases with fields as patterns of what they make, the one with most words first."""
    texts = {e: "".join(text for text, _ in _parts(e)) for e in language.phrases}
    # Without a sign between its fields a template could be any text. A list of clauses is
    # taken apart before any pattern can reach over its end.
    templates = [e for e, text in texts.items() if fields_of(e) and text.strip()]
    templates.sort(key=lambda e: (texts[e] != "; ", -len(texts[e])))
    return tuple(
        (re.compile(_as_pattern(e, language.phrases[e]), re.DOTALL), e) for e in templates
    )


def _parts(template: str) -> Iterator[tuple[str, str | None]]:
    return ((text, name) for text, name, _, _ in Formatter().parse(template))


def _as_pattern(template: str, said: str) -> str:
    amounts = {name for _, name, spec, _ in Formatter().parse(said) if spec in _SCALES}
    pattern, seen = "", set()
    for text, name in _parts(template):
        pattern += re.escape(text)
        if name in seen:
            pattern += f"(?P={name})"
        elif name:
            any_of = (
                r"[a-z0-9_-]+" if name == "id" else r"[0-9,.]+" if name in amounts else ".+?"
            )
            pattern += f"(?P<{name}>{any_of})"
            seen.add(name)
    return pattern
