"""What a function accepts stands in its annotations; `checked` holds every call to them."""

import inspect
import math
import numbers
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from manias.errors import InputError

Called = TypeVar("Called", bound=Callable[..., Any])
LONGEST = 60
"""Signs of a value that a message repeats."""
NUMBERS = "a list, an array or a Series of numbers"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range, both ends allowed; True and 19.0 are none."""

    least: int
    most: int | None = None

    def __contains__(self, value: object) -> bool:
        if not _is_number(value, numbers.Integral):
            return False
        return self.least <= value <= (value if self.most is None else self.most)  # type: ignore

    def __str__(self) -> str:
        end = " or more" if self.most is None else f" to {self.most}"
        return f"a whole number, {self.least}{end}"


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number in a range; its ends are allowed if ``ends``, NaN if ``or_none``."""

    low: float = -math.inf
    high: float = math.inf
    ends: bool = False
    or_none: bool = False

    def __contains__(self, value: object) -> bool:
        if self.or_none and isinstance(value, numbers.Real) and math.isnan(value):
            return True
        if not _is_number(value, numbers.Real) or not math.isfinite(value):  # type: ignore[arg-type]
            return False
        inside = self.low < value < self.high  # type: ignore[operator]
        return inside or (self.ends and value in (self.low, self.high))

    def __str__(self) -> str:
        if self.high < math.inf:
            words = "from {} to {}" if self.ends else "between {} and {}"
            return "a number " + words.format(f"{self.low:g}", f"{self.high:g}")
        if self.low > -math.inf:
            return f"a number, {self.low:g} or more" if self.ends else f"more than {self.low:g}"
        return "a finite number"


@dataclass(frozen=True, slots=True)
class Ascending:
    """Two or more numbers, each larger than the one before, in the range of one of them."""

    of: Number | Whole
    n: int | None = None
    ties: bool = False

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, list | tuple) or not all(v in self.of for v in value):
            return False
        in_order = all(a < b or (self.ties and a == b) for a, b in pairwise(value))
        return in_order and len(value) == (self.n or max(1, len(value)))

    def __str__(self) -> str:
        return f"{self.n or 'one or more'} ascending numbers, each {self.of}"


Count = Annotated[int, Whole(1)]
"""A number of things of which there must be one."""
Natural = Annotated[int, Whole(0)]
"""A number of things of which there may be none; the seed of draws."""
Probability = Annotated[float, Number(0, 1, ends=True)]
MaybeProbability = Annotated[float, Number(0, 1, ends=True, or_none=True)]
"""NaN where it was not computed."""
MaybeNumber = Annotated[float, Number(or_none=True)]
Level = Annotated[float, Number(0, 1)]
"""A share that is neither nothing nor all, such as a confidence."""
Positive = Annotated[float, Number(0)]
NotNegative = Annotated[float, Number(0, ends=True)]


def checked(called: Called) -> Called:
    """Refuse arguments other than the annotations say, before a function or class is called.

    Parameters
    ----------
    called : callable
        Its annotations may be numbers, texts, booleans, `Literal`, classes, containers and
        unions of these, and `Annotated` ones such as `Count`. Others are not looked at. A
        default is always accepted.

    Returns
    -------
    callable
        The same; its calls raise `InputError` with the name of the argument, what was given
        and what was expected.

    Examples
    --------
    >>> @checked
    ... def draw(n: Count = 10, *, law: Literal["wild", "sieve"] = "wild"):
    ...     return n
    >>> draw(5)
    5
    >>> draw(1e3)
    Traceback (most recent call last):
    manias.errors.InputError: n=1000.0: expected a whole number, 1 or more
    >>> draw(law="bootstrap")
    Traceback (most recent call last):
    manias.errors.InputError: law='bootstrap': expected one of wild, sieve
    """
    if inspect.isclass(called):
        setattr(called, "__init__", checked(called.__init__))  # noqa: B010
        return called
    signature = inspect.signature(called)

    @wraps(called)
    def call(*args: Any, **named: Any) -> Any:
        try:
            given = signature.bind_partial(*args, **named).arguments
        except TypeError:
            return called(*args, **named)  # Python says it better
        for name, value in given.items():
            parameter = signature.parameters[name]
            if value is parameter.default:
                continue
            hint = _resolved(parameter.annotation, call)
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                for key, each in value.items():
                    accept(key, each, hint)
            elif parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
                accept(name, value, hint)
        return called(*args, **named)

    return call  # type: ignore[return-value]


def accept(name: str, value: Any, hint: Any) -> None:
    """Refuse a value that is not what an annotation says.

    Parameters
    ----------
    name : str
        For the message.
    value : object
    hint : type
        As `checked` reads it.

    Raises
    ------
    InputError

    Examples
    --------
    >>> accept("probability", float("nan"), Probability)
    Traceback (most recent call last):
    manias.errors.InputError: probability=nan: expected a number from 0 to 1
    """
    if not _holds(hint, value):
        raise InputError(f"{name}={brief(value)}: expected {words_of(hint)}")


def brief(value: object) -> str:
    """A value in one short line, as a message repeats it.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> brief("x" * 100), brief(pd.Series([1.0]))
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", 'Series')
    """
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray):
        return type(value).__name__
    if isinstance(value, np.generic):
        value = value.item()
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}..."


def _is_number(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool | np.bool_)


def _resolved(hint: Any, function: Callable[..., Any]) -> Any:
    if not isinstance(hint, str):
        return hint

    def bearer() -> None: ...

    bearer.__annotations__ = {"argument": hint}
    known = inspect.unwrap(function).__globals__
    try:
        return inspect.get_annotations(bearer, globals=known, eval_str=True)["argument"]
    except NameError:
        return Any


@cache
def _rule(hint: Any) -> tuple[Callable[[Any], bool], str]:
    """Whether a value is what an annotation says, and the words for it."""
    origin: Any = get_origin(hint)
    parts = get_args(hint)
    if origin is Annotated:
        known = [m for m in hint.__metadata__ if isinstance(m, Whole | Number | Ascending)]
        return (known[0].__contains__, str(known[0])) if known else _rule(parts[0])
    if hint == ArrayLike or origin is np.ndarray:
        return _is_array_like, NUMBERS
    if origin in (Union, types.UnionType):
        if any(get_origin(part) is np.ndarray for part in parts) or {*parts} >= _ARRAY_LIKE:
            others = [_rule(part)[0] for part in parts if part not in _ARRAY_LIKE]
            return (lambda v: _is_array_like(v) or any(holds(v) for holds in others)), NUMBERS
        told = [part for part in parts if part is not type(None)]
        rules = [_rule(part) for part in parts]
        words = [_word_beside(part) if len(told) > 1 else _rule(part)[1] for part in told]
        kinds = dict.fromkeys(filter(None, words))
        return (lambda v: any(holds(v) for holds, _ in rules)), " or ".join(kinds)
    if origin is Literal:
        return (
            lambda v: any(type(v) is type(part) and v == part for part in parts)
        ), f"one of {', '.join(map(str, parts))}"
    if origin is tuple and parts and parts[-1] is not ...:
        rules = [_rule(part) for part in parts]
        return (
            lambda v: (
                isinstance(v, list | tuple)
                and len(v) == len(rules)
                and all(holds(each) for (holds, _), each in zip(rules, v, strict=True))
            )
        ), f"{len(rules)} of: {rules[0][1]}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        holds_key, holds_value = (_rule(part)[0] for part in (parts or (Any, Any)))
        return (
            lambda v: (
                isinstance(v, Mapping | pd.Series)
                and all(holds_key(key) and holds_value(each) for key, each in v.items())
            )
        ), f"a mapping to {_rule(parts[-1])[1] if parts else 'values'}"
    if isinstance(origin, type) and issubclass(origin, Iterable):
        holds, word = _rule(parts[0] if parts else Any)
        needs = Iterable if origin is Iterable else Collection
        return (
            lambda v: (
                isinstance(v, needs)
                and not isinstance(v, str | bytes)
                and (not isinstance(v, Collection) or all(holds(each) for each in v))
            )
        ), f"a sequence of: {word or 'values'}"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is None and isinstance(hint, type) and not getattr(hint, "_is_protocol", False):
        return (lambda v: isinstance(v, hint)), _class_words(hint)
    if origin is None and getattr(hint, "_is_runtime_protocol", False):
        return (lambda v: isinstance(v, hint)), f"a {hint.__name__}"
    return (lambda v: True), ""


def _word_beside(hint: Any) -> str:
    """Words for one kind among others: choices are quoted, all kinds of sequence are one."""
    if get_origin(hint) is Literal:
        return " or ".join(map(repr, get_args(hint)))
    return _rule(hint)[1]


def _holds(hint: Any, value: Any) -> bool:
    return _rule(hint)[0](value)


def words_of(hint: Any) -> str:
    """What an annotation accepts, in words.

    Parameters
    ----------
    hint : type

    Returns
    -------
    str

    Examples
    --------
    >>> words_of(Count | None), words_of(Literal["a", "b"])
    ('a whole number, 1 or more', 'one of a, b')
    """
    return _rule(hint)[1]


def _is_array_like(value: object) -> bool:
    return isinstance(value, list | tuple | range | np.ndarray | pd.Series | pd.Index)


def _class_words(kind: type) -> str:
    package = "pandas " if kind.__module__.startswith("pandas") else ""
    name = kind.__name__
    return f"{'an' if not package and name[0] in 'AEIO' else 'a'} {package}{name}"


_ARRAY_LIKE = {*get_args(ArrayLike)}
_FINITE = Number()
_PLAIN: dict[Any, tuple[Callable[[Any], bool], str]] = {
    Any: (lambda v: True, ""),
    object: (lambda v: True, ""),
    inspect.Parameter.empty: (lambda v: True, ""),
    type(None): (lambda v: v is None, ""),
    bool: (lambda v: isinstance(v, bool | np.bool_), "True or False"),
    int: (lambda v: _is_number(v, numbers.Integral), "a whole number"),
    float: (_FINITE.__contains__, str(_FINITE)),
    str: (lambda v: isinstance(v, str), "a text"),
}
