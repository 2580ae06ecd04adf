"""JSON that comes from a file: read whole and checked against a schema, or refused in one line.

Whatever stands in the file, reading it ends soon, takes memory in proportion to its size, and
executes nothing. The schemas are JSON Schema (draft 7) and stand beside what reads them.
"""

import json
import math
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

from manias.errors import DataError, ManiasError

LARGEST = 16_000_000
"""Bytes above which a document is refused before it is parsed."""
DEEPEST = 32
"""Most lists and objects that stand inside each other."""
LONGEST = 20_000
"""Most characters of a text, where a schema says nothing else."""
DIGITS = 18
"""Most digits of a whole number."""
SHOWN = 60
"""Most characters of a value that a message repeats."""

HASH = r"^[0-9a-f]{64}$"
"""SHA-256 as hexadecimal digits."""
DAY = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
"""A day, YYYY-MM-DD."""
MONTH = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])$"
"""A month, YYYY-MM."""
FILE = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}$"
"""Name of a file or a folder: no separator, no dot first."""
BELOW = rf"{FILE[:-1]}(?:/{FILE[1:-1]}){{0,8}}$"
"""Path of a file below a folder, without a way out of it."""

Rules = Mapping[str, Any]


@dataclass(frozen=True)
class Schema:
    """What a document must look like; compiled when it is first asked.

    Attributes
    ----------
    rules : mapping
        JSON Schema. A ``description`` says in words what is expected there.

    Examples
    --------
    >>> Schema(record({"n": number(minimum=0)})).check({"n": -1}, "made.json")
    Traceback (most recent call last):
    manias.errors.DataError: made.json: n: -1; expected a number, 0 or more
    """

    rules: Rules

    @cached_property
    def _validate(self) -> Callable[[Any], Any]:
        import fastjsonschema

        return fastjsonschema.compile(dict(self.rules), use_default=False)

    def check(self, value: Any, where: str, *, error: type[ManiasError] = DataError) -> None:
        """Refuse a value that does not agree.

        Parameters
        ----------
        value : object
            As `parse` gives it.
        where : str
            File, for the message.
        error : type
            Of what is raised.

        Raises
        ------
        ManiasError
            Which names file, place, value and what was expected.
        """
        from fastjsonschema import JsonSchemaValueException

        try:
            self._validate(value)
        except JsonSchemaValueException as fault:
            raise error(f"{where}: {_told(fault)}") from None


def text(*, most: int = LONGEST, least: int = 0, like: str = "", said: str = "") -> Rules:
    """Rules for a text; ``like`` is a pattern for the whole of it, ``said`` what it means."""
    rules = {"type": "string", "minLength": least, "maxLength": most}
    rules |= {"pattern": like} if like else {}
    return rules | {"description": said or ("a text" if not like else f"a text like {like}")}


def number(*, whole: bool = False, **limits: float) -> Rules:
    """Rules for a number; ``minimum`` and ``maximum`` bound it."""
    said = ["a whole number" if whole else "a number"]
    said += [f"{limits['minimum']:g} or more"] if "minimum" in limits else []
    said += [f"at most {limits['maximum']:g}"] if "maximum" in limits else []
    return {
        "type": "integer" if whole else "number",
        **limits,
        "description": ", ".join(said),
    }


def one_of(*choices: Any) -> Rules:
    """Rules for one of some values."""
    return {"enum": list(choices), "description": f"one of {', '.join(map(str, choices))}"}


def maybe(rules: Rules) -> Rules:
    """The same rules, or null."""
    said = f"{rules['description']}, or null"
    if "enum" in rules:
        return {**rules, "enum": [*rules["enum"], None], "description": said}
    return {**rules, "type": [rules["type"], "null"], "description": said}


def record(
    fields: Mapping[str, Rules],
    *,
    optional: Mapping[str, Rules] | None = None,
    more: bool = False,
) -> Rules:
    """Rules for an object with these fields; with ``more`` others may stand beside them."""
    return {
        "type": "object",
        "required": list(fields),
        "properties": {**fields, **(optional or {})},
        "additionalProperties": more,
        "description": "an object",
    }


def table(keys: str, values: Rules, *, most: int = 100_000) -> Rules:
    """Rules for an object whose keys are like a pattern and whose values are alike."""
    return {
        "type": "object",
        "maxProperties": most,
        "patternProperties": {keys: values},
        "additionalProperties": False,
        "description": f"an object with keys like {keys}",
    }


def listed(items: Rules, *, least: int = 0, most: int = 100_000) -> Rules:
    """Rules for a list."""
    return {
        "type": "array",
        "items": items,
        "minItems": least,
        "maxItems": most,
        "description": f"a list of {least} to {most} entries",
    }


def read(
    path: Traversable,
    schema: Schema | None = None,
    *,
    where: str = "",
    error: type[ManiasError] = DataError,
) -> Any:
    """Read a document.

    Parameters
    ----------
    path : file
    schema : Schema, optional
    where : str, optional
        What the file is called in a message; its name by default.
    error : type
        Of what is raised.

    Returns
    -------
    object

    Raises
    ------
    ManiasError
        If it cannot be read, is larger than `LARGEST`, is no JSON, or does not agree with the
        schema.

    Examples
    --------
    >>> read(Path("nowhere.json"))
    Traceback (most recent call last):
    manias.errors.DataError: nowhere.json: cannot be read (No such file or directory)
    """
    where = where or path.name
    value = parse(content_of(path, where, error=error), where, error=error)
    if schema is not None:
        schema.check(value, where, error=error)
    return value


def content_of(
    path: Traversable,
    where: str,
    *,
    most: int = LARGEST,
    error: type[ManiasError] = DataError,
) -> bytes:
    """Bytes of a file; a folder, a pipe, a device and what is too large are refused.

    Parameters
    ----------
    path : file
    where : str
        What it is called in a message.
    most : int
        Bytes.
    error : type
        Of what is raised.

    Returns
    -------
    bytes

    Raises
    ------
    ManiasError

    Examples
    --------
    >>> content_of(Path("/"), "here")
    Traceback (most recent call last):
    manias.errors.DataError: here: no plain file; expected one
    """
    try:
        if not isinstance(path, Path):
            found = path.read_bytes()
        else:
            # A pipe that nobody writes to does not block: it is looked at before it is read.
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
            with os.fdopen(handle, "rb") as stream:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise error(f"{where}: no plain file; expected one")
                found = stream.read(most + 1)
    except (OSError, ValueError) as fault:
        if isinstance(fault, IsADirectoryError):
            raise error(f"{where}: no plain file; expected one") from None
        said = getattr(fault, "strerror", None) or fault
        raise error(f"{where}: cannot be read ({said})") from None
    if len(found) > most:
        raise error(f"{where}: more than {most:,} bytes; expected fewer")
    return found


_BINARY = getattr(os, "O_BINARY", 0)


def parse(content: bytes | str, where: str, *, error: type[ManiasError] = DataError) -> Any:
    """Parse JSON that is plain: finite numbers, each key once, text that can be written.

    Parameters
    ----------
    content : bytes or str
    where : str
        File, for the message.
    error : type
        Of what is raised.

    Returns
    -------
    object

    Raises
    ------
    ManiasError
        Which says what is wrong with it.

    Examples
    --------
    >>> parse('{"p": NaN}', "card.json")
    Traceback (most recent call last):
    manias.errors.DataError: card.json: number NaN; expected finite numbers, null for none
    >>> parse('{"p": 1, "p": 2}', "card.json")
    Traceback (most recent call last):
    manias.errors.DataError: card.json: key 'p' stands twice; expected it once
    """
    try:
        told = content if isinstance(content, str) else content.decode("utf-8")
        value = json.loads(
            told,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_once,
        )
        if "\\u" in told:
            # Half of a pair can be written down in JSON and nowhere else.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise error(f"{where}: no UTF-8 text; expected JSON in UTF-8") from None
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno}, column {fault.colno}"
        raise error(f"{where}: {fault.msg} at {place}; expected JSON") from None
    except RecursionError:
        raise error(f"{where}: {_DEEP}") from None
    except _FaultError as fault:
        raise error(f"{where}: {fault}") from None
    _refuse_depth(value, where, error)
    return value


class _FaultError(Exception):
    """What is wrong with a part, before it is known of which file."""


_DEEP = f"lists or objects deeper than {DEEPEST}; expected fewer inside each other"


def _refuse_depth(value: Any, where: str, error: type[ManiasError]) -> None:
    level = [value]
    for _ in range(DEEPEST):
        held = (v.values() if isinstance(v, dict) else v for v in level if _is_nest(v))
        level = [inner for nest in held for inner in nest if _is_nest(inner)]
        if not level:
            return
    raise error(f"{where}: {_DEEP}")


def _is_nest(value: Any) -> bool:
    return isinstance(value, dict | list)


def _refuse(found: str) -> NoReturn:
    raise _FaultError(
        f"number {_short(found)}; expected finite numbers, null for none"
    ) from None


def _finite(found: str) -> float:
    value = float(found)
    return value if math.isfinite(value) else _refuse(found)


def _whole(found: str) -> int:
    if len(found.lstrip("-")) > DIGITS:
        raise _FaultError(f"number {_short(found)}; expected at most {DIGITS} digits")
    return int(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise _FaultError(f"key {_short(twice, repr)} stands twice; expected it once")
    return held


def _short(value: Any, say: Callable[[Any], str] = str) -> str:
    said = say(value)
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 3]}..."


def _told(fault: Any) -> str:
    """Place, value and what was expected, of an error of the validator."""
    rules, value = fault.definition, fault.value
    place = fault.name.removeprefix("data").removeprefix(".")
    at = f"{_short(place)}: " if place else ""
    if fault.rule == "required":
        key = next(key for key in rules["required"] if key not in value)
        wanted = rules["properties"].get(key, {}).get("description", "it")
        return f"{at}missing {key!r}; expected {wanted}"
    if fault.rule == "additionalProperties":
        known = rules.get("properties", {})
        odd = next(key for key in value if key not in known and not _fits(rules, key))
        wanted = f"one of {', '.join(known)}" if known else rules["description"]
        return f"{at}key {_short(odd, repr)}; expected {wanted}"
    if isinstance(value, dict | list):
        kind = "an object" if isinstance(value, dict) else "a list"
        return f"{at}{kind} of {len(value)}; expected {rules['description']}"
    if fault.rule == "maxLength":
        most = f"at most {rules['maxLength']} characters"
        return f"{at}{len(value)} characters; expected {most}"
    return f"{at}{_short(value, _as_json)}; expected {rules['description']}"


def _fits(rules: Rules, key: str) -> bool:
    import re

    return any(re.search(pattern, key) for pattern in rules.get("patternProperties", {}))


def _as_json(value: Any) -> str:
    return repr(value) if isinstance(value, str) else json.dumps(value)
