"""Cards of fitted models: plain JSON made from the fields of a result, and the result again.

What a field becomes follows from its type alone. Nothing in a card is ever executed.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from manias.data.fingerprint import sha256
from manias.data.results import Plotted
from manias.data.rows import Pick, Provenance

HEAD = ("name", "lens", "title", "settings", "n", "events", "scores")
"""What every card begins with, after its kind and id."""
UNSEALED = ("checksum", "versions")
"""Keys that the checksum does not cover."""


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
    KeyError, TypeError, ValueError
        If the value is no such thing.

    Examples
    --------
    >>> decode(["1.5", None, "inf"], tuple[float, ...])
    (1.5, nan, inf)
    """
    parts = get_args(kind)
    match get_origin(kind) or kind:
        case origin if is_dataclass(origin):
            hints = _hints(origin)
            told = [f for f in fields(origin) if f.init and f.name not in given]
            # A card of an older version lacks what has a default since.
            read = {
                f.name: decode(value[_key(f)], hints[f.name])
                for f in told
                if _key(f) in value or f.default is MISSING
            }
            return origin(**read, **given)
        case origin if origin is UnionType:
            return None if value is None else decode(value, parts[0])
        case origin if origin is float:
            return _number(value)
        case origin if origin is pd.Series:
            return pd.Series({k: _number(v) for k, v in value.items()}, dtype=float)
        case origin if origin is pd.DataFrame:
            return _table(value)
        case origin if origin is np.ndarray:
            (cell,) = get_args(parts[1])
            return np.array([_number(v) for v in value], dtype=cell)
        case origin if origin is tuple:
            return tuple(decode(v, parts[0]) for v in value)
        case origin if isinstance(origin, type) and issubclass(origin, Mapping):
            return {decode(k, parts[0]): decode(v, parts[1]) for k, v in value.items()}
        case _:
            return value


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _encoded(record: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    told = [f for f in fields(record) if f.init and f.name not in but]
    return {_key(f): encode(getattr(record, f.name)) for f in told}


def _key(field: Field) -> str:
    """Key of a field in a card: a word that Python keeps for itself stands in its metadata."""
    return field.metadata.get("key", field.name)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _table(card: Mapping[str, Any]) -> pd.DataFrame:
    cells = [[_cell(v) for v in row] for row in card["values"]]
    # Of no rows pandas cannot tell that they were numbers.
    frame = pd.DataFrame(cells, columns=card["columns"], dtype=None if cells else float)
    index = card.get("index")
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
    ValueError
        If it is no JSON, or a number is NaN or infinite; the message names it.

    Examples
    --------
    >>> loads('{"p": NaN}')
    Traceback (most recent call last):
    ValueError: number NaN; expected finite numbers, null where there is none
    """
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _refuse(number: str) -> float:
    raise ValueError(f"number {number}; expected finite numbers, null where there is none")


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)
