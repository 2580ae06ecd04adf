"""Cards of fitted models: plain JSON made from the fields of a result, and the result again.

What a field becomes follows from its type alone. Nothing in a card is ever executed.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from manias.data.fingerprint import sha256
from manias.data.results import Plotted
from manias.data.rows import Pick, Provenance
from manias.data.sources import GRADES
from manias.documents import (
    DAY,
    HASH,
    Schema,
    listed,
    number,
    one_of,
    parse,
    record,
    table,
    text,
)

HEAD = ("name", "lens", "title", "settings", "n", "events", "scores")
"""What every card begins with, after its kind and id."""
UNSEALED = ("checksum", "versions")
"""Keys that the checksum does not cover."""
NAME = r"^[a-z][a-z0-9-]{0,60}$"
"""Name of a model or a gauge, and with it of its file."""
_SET = r"^[a-z][a-z0-9_]{0,60}$"
_SPANS = r"^(?:[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*)?$"
HASHES = table(_SET, text(like=HASH, said="64 hexadecimal digits"))
"""Rules for hashes by dataset."""
PICKS = listed(
    record(
        {
            "dataset": text(like=_SET, said="a dataset"),
            "table": text(most=100),
            "labels": text(most=4_000_000, like=_SPANS, said="numbers of rows, as 0-41,57"),
            "n": number(whole=True, minimum=0),
            "total": number(whole=True, minimum=0),
        },
        optional={"how": text(), "about": listed(text(most=100))},
    ),
    most=1_000,
)
"""Rules for the rows of tables that a result rests on."""
UNTIL = text(like=rf"^(?:{DAY[1:-1]})?$", said="a day, YYYY-MM-DD, or nothing")
SOURCES = listed(text(most=100), most=10_000)
ORIGIN = record(
    {
        "picks": PICKS,
        "data": HASHES,
        "sources": SOURCES,
        "grade": one_of(*GRADES),
        "until": UNTIL,
    }
)
"""Rules for where a result comes from."""
SUM = text(like=HASH, said="64 hexadecimal digits")
SCHEMA = Schema(
    record(
        {
            "kind": text(like=NAME, said="a kind of card"),
            "id": text(like=r"^manias-[a-z0-9-]{1,80}$", said="the id of a model"),
            "name": text(like=NAME, said="the name of a model"),
        },
        optional={
            "lens": text(most=100),
            "title": text(most=1_000),
            "settings": record({}, more=True),
            "n": number(whole=True, minimum=0),
            "events": number(whole=True, minimum=0),
            "data": HASHES,
            "sources": SOURCES,
            "grade": one_of(*GRADES),
            "until": UNTIL,
            "rows": PICKS,
            "fingerprint": SUM,
            "checksum": SUM,
            "versions": table(r"^[a-z][a-z0-9_.-]{0,60}$", text(most=60)),
        },
        more=True,
    )
)
"""What every card holds; what else it holds follows from the type of its results.

One of other code may lack a part: it is stale, and no error.
"""


class Carded(Plotted):
    """What every result of a fit shares: an id, where it comes from, and a card."""

    __slots__ = ()
    _told = ("model_id", "n", "events")
    kind: ClassVar[str]
    name: str
    title: str
    fingerprint: str
    provenance: Provenance

    @property
    def model_id(self) -> str:
        """Citable key: what was fitted to what."""
        return f"manias-{self.name}-{self.fingerprint[:12]}"

    def _title(self) -> str:
        return str(self.title)

    def _lines(self) -> tuple[str, ...]:
        return (self.model_id,)

    def tidy(self) -> pd.DataFrame:
        """The same as ``to_frame``."""
        return self.to_frame()

    @property
    def data(self) -> Mapping[str, str]:
        """Hash of each dataset that was read."""
        return self.provenance.data

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of what was read."""
        return self.provenance.sources

    @property
    def grade(self) -> str:
        """Weakest grade of what was read."""
        return self.provenance.grade

    def to_card(self) -> dict[str, Any]:
        """Everything as plain JSON values, with a checksum over them."""
        origin = self.provenance
        card = {"kind": self.kind, "id": self.model_id}
        card |= {name: encode(getattr(self, name)) for name in HEAD}
        card |= _encoded(self, but=(*HEAD, "provenance", "fingerprint"))
        card |= {
            "data": dict(origin.data),
            "sources": list(origin.sources),
            "grade": origin.grade,
            "until": origin.until,
            "rows": encode(origin.picks),
            "fingerprint": self.fingerprint,
        }
        return card | {"checksum": checksum(card)}

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> Self:
        """Rebuild from a card; executes nothing."""
        origin = Provenance(
            decode(card["rows"], tuple[Pick, ...]),
            dict(card["data"]),
            tuple(card["sources"]),
            card["grade"],
            card["until"],
        )
        return decode(card, cls, provenance=origin)


def checksum(card: Mapping[str, Any]) -> str:
    """Hash of everything that a card says, whatever the order of its keys.

    Parameters
    ----------
    card : mapping

    Returns
    -------
    str
        64 hexadecimal digits. Versions of libraries do not count.

    Examples
    --------
    >>> checksum({"a": 1, "b": [0.5]}) == checksum({"b": [0.5], "a": 1, "versions": {}})
    True
    """
    told = {key: value for key, value in card.items() if key not in UNSEALED}
    return sha256(json.dumps(told, sort_keys=True, allow_nan=False).encode())


def encode(value: Any) -> Any:
    """Turn a value into what JSON can hold.

    Parameters
    ----------
    value : object
        A number, a text, a sequence, a mapping, an array, a series with unique labels, a table
        or a frozen record of these.

    Returns
    -------
    object
        NaN is null, infinities are "inf" and "-inf". A table is its columns and rows, with its
        index where that is more than a count; a named index is a column.

    Examples
    --------
    >>> encode(pd.Series({"a": 1.0, "b": np.nan}))
    {'a': 1.0, 'b': None}
    >>> encode(pd.DataFrame({"x": [1, 2]}, index=["u", "v"]))
    {'columns': ['x'], 'index': ['u', 'v'], 'values': [[1], [2]]}
    """
    if isinstance(value, pd.Series):
        return {str(k): encode(v) for k, v in value.to_dict().items()}
    if isinstance(value, pd.DataFrame):
        named = value.index.name
        table = value if named is None else value.reset_index()
        counted = table.index.equals(pd.RangeIndex(len(table)))
        index = (
            {} if named is None and counted else {"index": named or encode(list(table.index))}
        )
        cells = table.to_numpy(dtype=object).tolist()
        return {"columns": list(table), **index, "values": encode(cells)}
    if is_dataclass(value):
        return _encoded(value)
    return plain(value)


def decode(value: Any, kind: Any, **given: Any) -> Any:
    """Turn what JSON holds back into a value of a type.

    Parameters
    ----------
    value : object
    kind : type
        As a field of a record declares it.
    **given : object
        Fields of a record that do not stand in ``value``.

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If the value is no such thing; the message says where.

    Examples
    --------
    >>> decode([1.5, None, "inf"], tuple[float, ...])
    (1.5, nan, inf)
    >>> decode([1.5, {}], tuple[float, ...])
    Traceback (most recent call last):
    ValueError: [1]: an object; expected a number
    """
    parts = get_args(kind)
    match get_origin(kind) or kind:
        case origin if is_dataclass(origin):
            hints, value = _hints(origin), _being(value, dict)
            told = [f for f in fields(origin) if f.init and f.name not in given]
            # A card of an older version lacks what has a default since.
            read = {
                f.name: _inner(value, _key(f), hints[f.name])
                for f in told
                if _key(f) in value or f.default is MISSING
            }
            try:
                return origin(**read, **given)
            except (ArithmeticError, LookupError, TypeError) as fault:
                raise ValueError(f"{fault!r}; expected parts that fit") from None
        case origin if origin is UnionType:
            return None if value is None else decode(value, parts[0])
        case origin if origin is float:
            return _number(value)
        case origin if origin is pd.Series:
            held = _being(value, dict)
            return pd.Series({k: _inner(held, k, float) for k in held}, dtype=float)
        case origin if origin is pd.DataFrame:
            return _table(value)
        case origin if origin is np.ndarray:
            (cell,) = get_args(parts[1])
            held, part = _being(value, list), bool if cell is np.bool_ else float
            read = [_inner(held, i, part) for i in range(len(held))]
            if issubclass(cell, int | np.integer) and not all(map(_is_count, read)):
                raise ValueError("a number with a fraction; expected whole numbers")
            return np.array(read, dtype=cell)
        case origin if origin is tuple:
            held = _being(value, list)
            if len(parts) == 2 and parts[1] is Ellipsis:
                parts = (parts[0],) * len(held)
            if len(parts) != len(held):
                raise ValueError(f"{len(held)} entries; expected {len(parts)}")
            return tuple(_inner(held, i, part) for i, part in enumerate(parts))
        case origin if isinstance(origin, type) and issubclass(origin, Mapping):
            held = _being(value, dict)
            return {decode(k, parts[0]): _inner(held, k, parts[1]) for k in held}
        case origin if origin is Literal:
            if value not in parts:
                said = ", ".join(map(str, parts))
                raise ValueError(f"{_kind(value)}; expected one of {said}")
            return value
        case origin if origin in _SAID:
            return _being(value, origin)
        case _:
            return value


_ALIKE: Mapping[type, type] = {list: tuple, dict: Mapping}
_SAID: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}
"""What JSON calls the types of values."""


def _is_count(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and abs(value) < 2**53


def _being(value: Any, kind: type) -> Any:
    """A value of a type: true and false are no numbers, a tuple is a list."""
    if isinstance(value, _ALIKE.get(kind, ())):
        return value
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{_kind(value)}; expected {_SAID[kind]}")
    return value


def _kind(value: Any) -> str:
    if isinstance(value, dict | list):
        return _SAID[type(value)]
    return repr(value) if len(repr(value)) < 60 else f"{repr(value)[:57]}..."


def _inner(held: Any, key: Any, kind: Any) -> Any:
    """A part decoded, its place in front of what is wrong with it."""
    place = f"[{key}]" if isinstance(key, int) else str(key)
    try:
        return decode(held[key], kind)
    except LookupError:
        raise ValueError(f"missing {place!r}; expected it") from None
    except ValueError as fault:
        said = str(fault)
        joined = f"{place}{said}" if said.startswith("[") else f"{place}: {said}"
        raise ValueError(joined) from None


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _encoded(record: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    told = [f for f in fields(record) if f.init and f.name not in but]
    return {_key(f): encode(getattr(record, f.name)) for f in told}


def _key(field: Field) -> str:
    """Key of a field in a card: a word that Python keeps for itself stands in its metadata."""
    return field.metadata.get("key", field.name)


_WRITTEN = re.compile(r"-?inf|[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""Numbers as they stand in a text: infinities, and keys of objects."""


def _number(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"{_kind(value)}; expected a number")


def _table(card: Any) -> pd.DataFrame:
    held = {key: _being(card, dict).get(key) for key in ("columns", "values")}
    columns = _being(held["columns"], list)
    rows = [_being(row, list) for row in _being(held["values"], list)]
    index = card.get("index")
    if any(len(row) != len(columns) for row in rows):
        raise ValueError(f"a row of another length; expected {len(columns)} cells in each")
    if isinstance(index, list) and len(index) != len(rows):
        raise ValueError(f"an index of {len(index)}; expected {len(rows)}")
    if isinstance(index, str) and index not in columns:
        raise ValueError(f"index {index!r}; expected one of the columns")
    if any(isinstance(c, dict | list) for c in (*columns, *(index or ()))):
        raise ValueError("a label that is a list or an object; expected texts or numbers")
    cells = [[_cell(v) for v in row] for row in rows]
    # Of no rows pandas cannot tell that they were numbers.
    frame = pd.DataFrame(cells, columns=columns, dtype=None if cells else float)
    if isinstance(index, str):
        return frame.set_index(index)
    return frame if index is None else frame.set_axis(index)


def _cell(value: Any) -> Any:
    return _number(value) if value in (None, "inf", "-inf") else value


def plain(value: Any) -> Any:
    """Turn numbers, records, mappings and sequences into what JSON can hold.

    Parameters
    ----------
    value : object

    Returns
    -------
    object
        NaN is null, infinities are "inf" and "-inf".

    Examples
    --------
    >>> plain({"a": np.float64(1.5), "b": (float("nan"), float("-inf"), 2)})
    {'a': 1.5, 'b': [None, '-inf', 2]}
    """
    if isinstance(value, Mapping):
        return {str(k): encode(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [encode(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        if math.isfinite(value):
            return float(value)
        return None if math.isnan(value) else str(float(value))
    if value is None or isinstance(value, str):
        return value
    return str(value)


def dumps(card: Mapping[str, Any]) -> str:
    """Print a card as JSON, the same bytes each time.

    Parameters
    ----------
    card : mapping

    Returns
    -------
    str
    """
    return json.dumps(plain(card), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def loads(text: str) -> Any:
    """Read JSON in which every number is finite.

    Parameters
    ----------
    text : str

    Returns
    -------
    object

    Raises
    ------
    DataError
        If it is no JSON, or a number is NaN or infinite; the message names it.

    Examples
    --------
    >>> loads('{"p": NaN}')
    Traceback (most recent call last):
    manias.errors.DataError: card: number NaN; expected finite numbers, null for none
    """
    return parse(text, "card")
