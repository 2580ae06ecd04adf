"""Columns of a table that is cut: which hold numbers, of whom, and what their cells say."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NoReturn

import numpy as np

from manias.data.forms import Cell
from manias.data.layout import Table, few, heading_key
from manias.data.numbers import (
    FLAGS,
    Mark,
    Written,
    is_missing,
    looks_numeric,
    marks,
    to_number,
    written,
)
from manias.errors import InputError

BESIDE = ("revenue", "gdp", "market")
"""Columns that may stand beside the values, of the same periods."""
ROW_NAMES = frozenset(
    [
        "id",
        "n",
        "no",
        "nr",
        "num",
        "row",
        "rowid",
        "rownum",
        "row_number",
        "obs",
        "#",
        "index",
        "unnamed:_0",
    ]
)
"""Headings under which whole numbers that count up are no series."""

ENTITIES = frozenset(
    [
        "entity",
        "country",
        "country_name",
        "countries",
        "name",
        "geo",
        "location",
        "region",
        "area",
        "state",
        "company",
        "ticker",
        "symbol",
        "series",
        "indicator",
        "code",
        "country_code",
        "ref_area",
        "economy",
    ]
)
"""Headings under which different texts are different series."""


def unit_of(table: Table, unit: str | None) -> tuple[str | None, dict[str, tuple[Cell, ...]]]:
    """Unit of the table, from its column of units or as given, and the other columns.

    Parameters
    ----------
    table : Table
    unit : str or None

    Returns
    -------
    unit : str or None
    columns : dict of str to tuple of cells

    Raises
    ------
    InputError
        If the column holds several, or another than the one given.
    """
    columns = dict(table.columns)
    at = next((c for c in columns if heading_key(c) in {"unit", "units"}), None)
    if at is None:
        return unit, columns
    cells = [str(c).strip() if c is not None else "" for c in columns.pop(at)]
    odd = next((i for i, c in enumerate(cells) if c != cells[0]), None)
    if odd is not None:
        raise InputError(
            f"{table.where(at, odd)}: {cells[odd]!r}; expected {cells[0]!r} throughout"
        )
    if unit is not None and cells[0] and unit != cells[0]:
        raise InputError(f"--unit {unit!r}: {table.grid.file} says {cells[0]!r}")
    return unit or cells[0] or None, columns


def numeric_columns(
    table: Table, columns: Mapping[str, tuple[Cell, ...]], column: str | None
) -> tuple[list[str], list[str]]:
    """Columns of numbers, and those left out with the reason.

    Parameters
    ----------
    table : Table
    columns : mapping of str to tuple of cells
        Those of the table without its units.
    column : str or None
        The one asked for.

    Returns
    -------
    numeric, left : list of str
    """
    numeric, left, counted = [], [], []
    for name, cells in columns.items():
        known = [c for c in cells if not is_missing(c)]
        good = sum(looks_numeric(c) for c in known)
        if not known:
            left.append(f"{name} (empty)")
        elif 2 * good < len(known):
            left.append(f"{name} (text)")
        elif _counts_up(name, known):
            counted.append(name)
        else:
            numeric.append(name)
    # The only numbers of a file are never taken for its row numbers, nor are those asked for.
    asked = [n for n in counted if column is not None and n.casefold() == column.casefold()]
    kept = asked or (counted if not numeric else [])
    left += [f"{name} (row numbers)" for name in counted if name not in kept]
    return [*numeric, *kept], left


def _counts_up(name: str, cells: Sequence[Cell]) -> bool:
    key = heading_key(name)
    if not (key in ROW_NAMES or key.endswith("_id") or re.fullmatch(r"column_\d+", key)):
        return False
    numbers = [to_number(c, ".") for c in cells]
    known = [n for n in numbers if n is not None]
    if len(known) < len(numbers) or any(n != round(n) for n in known):
        return False
    steps = {b - a for a, b in itertools.pairwise(known)}
    return steps <= {1.0} or steps <= {-1.0} or key.endswith("id") or key in {"#", "no", "nr"}


def check_kinds(table: Table) -> None:
    """Refuse rows of several entities in one column, also where their dates do not meet.

    Parameters
    ----------
    table : Table

    Raises
    ------
    InputError
        With the option that picks one.
    """
    for name, cells in table.columns.items():
        if heading_key(name) not in ENTITIES:
            continue
        kinds = [str(c).strip() for c in cells if isinstance(c, str) and not looks_numeric(c)]
        found = list(dict.fromkeys(k for k in kinds if k))
        if (len(found) > 1 and 2 * len(kinds) > len(cells)) or (
            len(found) > 1 and None in cells
        ):
            raise InputError(
                f"{table.grid.file}: {len(found)} kinds of rows by {name} ({few(found)}); "
                f"expected --where {f'{name}={found[0]}'!r} or another"
            )


def decimal_mark(table: Table, names: Sequence[str], others: Sequence[str]) -> Mark:
    """The decimal mark of a file, where its numbers leave no doubt.

    Parameters
    ----------
    table : Table
    names : sequence of str
        Columns to be read.
    others : sequence of str
        All columns of numbers.

    Returns
    -------
    {".", ","}

    Raises
    ------
    InputError
        If both are used, or a mark may be of thousands or of decimals.
    """
    cells = [c for name in names for c in table.columns[name]]
    found = marks(cells)
    if found.either and not (found.point or found.comma):
        # Where the columns asked for leave it open, the other numbers of the file tell.
        found = marks([*cells, *(c for name in others for c in table.columns[name])])
    if found.point and found.comma:
        raise InputError(
            f"{table.grid.file}: {found.point!r} has a decimal point and {found.comma!r} a "
            f"decimal comma; expected one of them, --decimal says which"
        )
    if found.point:
        return "."
    if found.comma:
        return ","
    if found.either:
        name, at = next(
            (n, i)
            for n in names
            for i, c in enumerate(table.columns[n])
            if isinstance(c, str) and c.strip() == found.either
        )
        raise InputError(
            f"{table.where(name, at)}: {found.either!r}; thousands or three decimals, and no "
            f"other number tells; expected --decimal . or --decimal ,"
        )
    return "."


def numbers_of(
    table: Table, name: str, mark: Mark, notes: list[str], flags: Counter[str]
) -> list[float]:
    """Numbers of a column, NaN where a cell says that there is none.

    Parameters
    ----------
    table : Table
    name : str
    mark : {".", ","}
    notes : list of str
        To which is added what was left off.
    flags : collections.Counter
        To which the flags are added.

    Returns
    -------
    list of float

    Raises
    ------
    InputError
        Which names the cell that is no number.
    """
    cells = table.columns[name]
    forms = [written(c) if isinstance(c, str) and not is_missing(c) else None for c in cells]
    scaled = _is_scaled(table, name, forms, notes)
    values: list[float] = []
    symbols: set[str] = set()
    for at, (cell, form) in enumerate(zip(cells, forms, strict=True)):
        if is_missing(cell):
            values.append(np.nan)
            continue
        number = to_number(cell, mark, scaled=scaled)
        if number is None or (form is not None and not _is_known(table, form.flag)):
            _refuse_number(table, name, at)
        if number or (form is not None and form.symbol):
            symbols.add(form.symbol if form is not None else "")
        if form is not None and (form.flag or (form.scale and not scaled)):
            flags[form.flag or form.suffix] += 1
        values.append(number)
    if len(symbols) > 1:
        shown = ", ".join(repr(s or "none") for s in sorted(symbols))
        raise InputError(
            f"{table.grid.file}, column {name}: signs {shown} in one column; expected one"
        )
    note_codes(name, values, notes)
    if starred := sum(bool(f and f.footnote) for f in forms):
        notes.append(f"marks left off {starred} number(s) of {name}")
    return values


def note_codes(name: str, values: Sequence[float], notes: list[str]) -> None:
    """Tell of a number that often stands for no value.

    Parameters
    ----------
    name : str
        Of the column.
    values : sequence of float
    notes : list of str
        To which it is added.
    """
    if coded := sorted({v for v in values if v in (-999.0, -9999.0, -99999.0)}):
        notes.append(f"{name} holds {coded[0]:g}, which may stand for no value")


def _refuse_number(table: Table, name: str, at: int) -> NoReturn:
    cell = table.columns[name][at]
    shown = repr(cell) if isinstance(cell, str) else str(cell)
    is_last = isinstance(cell, str) and cell.strip()[-1:] in {"-", "−"}
    hint = " (a minus stands first)" if is_last else ""
    other = f", or another --column than {name}" if len(table.columns) > 1 else ""
    raise InputError(f"{table.where(name, at)}: {shown}; expected a number{hint}{other}")


def _is_known(table: Table, flag: str) -> bool:
    """Whether the letters after a number are flags: p, e, r and f are, others of Eurostat."""
    return set(flag) <= set("perf") or _is_eurostat(table)


def _is_eurostat(table: Table) -> bool:
    return any("\\time" in str(row[0]).casefold() for row in table.grid.rows[:5])


def _is_scaled(
    table: Table, name: str, forms: Sequence[Written | None], notes: list[str]
) -> bool:
    """Whether letters such as B multiply: all numbers of a column carry one, or none does."""
    has = [bool(f and f.scale) for f in forms]
    if not any(has):
        return False
    if _is_eurostat(table) and all(f.suffix == "b" for f in forms if f and f.scale):
        return False
    cells = table.columns[name]
    bare = [
        i
        for i, (f, c) in enumerate(zip(forms, cells, strict=True))
        if not has[i] and not is_missing(c) and not (f and not re.search(r"[1-9]", f.body))
    ]
    if bare:
        few_have = 2 * sum(has) <= sum(not is_missing(c) for c in cells)
        at, like = (has.index(True), bare[0]) if few_have else (bare[0], has.index(True))
        raise InputError(
            f"{table.where(name, at)}: {cells[at]!r} among numbers such as {cells[like]!r}; "
            f"expected letters such as B or M after every number or after none"
        )
    words = {f.suffix: f.scale for f in forms if f and f.scale}
    shown = ", ".join(f"{word!r} multiplies by 1e{power}" for word, power in words.items())
    notes.append(f"in {name} {shown}")
    return True


def flag_note(flags: Mapping[str, int]) -> str:
    """What was left off the numbers of a file, for its notes.

    Parameters
    ----------
    flags : mapping of str to int
        How many numbers carry each.

    Returns
    -------
    str

    Examples
    --------
    >>> flag_note({"p": 2})
    "flags left off numbers: 'p' (provisional) 2"
    """
    shown = (
        f"{flag!r} ({', '.join(FLAGS[letter] for letter in flag)}) {n}"
        for flag, n in flags.items()
    )
    return f"flags left off numbers: {', '.join(shown)}"


def offer_unit(table: Table, names: Sequence[str], notes: list[str]) -> None:
    """Offer the unit that a sign in the cells speaks of.

    Parameters
    ----------
    table : Table
    names : sequence of str
        Columns of numbers.
    notes : list of str
        To which it is added.
    """
    for name in names:
        forms = [written(c) for c in table.columns[name] if isinstance(c, str)]
        if symbol := next((f.symbol for f in forms if f is not None and f.symbol), ""):
            words = {"%": "percent", "£": "GBP", "€": "EUR", "¥": "JPY or CNY", "$": "USD"}
            notes.append(f"{symbol!r} in {name} (--unit {words.get(symbol, symbol)!r}?)")


def refuse_twice(table: Table, a: int, b: int) -> None:
    """Refuse two rows of one period, with the column that tells them apart if there is one.

    Parameters
    ----------
    table : Table
    a, b : int
        Their places.

    Raises
    ------
    InputError
    """
    for name, cells in table.columns.items():
        texts = [str(c).strip() for c in cells if isinstance(c, str) and not looks_numeric(c)]
        kinds = list(dict.fromkeys(texts))
        if len(kinds) > 1 and cells[a] != cells[b] and len(texts) == len(cells):
            raise InputError(
                f"{table.grid.file}: {len(kinds)} kinds of rows by {name} ({few(kinds)}); "
                f"expected --where {f'{name}={kinds[0]}'!r} or another"
            )
    late = max(a, b)
    raise InputError(
        f"{table.where(table.name, late)}: {str(table.labels[late])!r} stands twice; expected "
        f"it once"
    )
