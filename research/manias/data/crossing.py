"""Wide tables turned upright: periods in columns, years by months, headers of two rows."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import pandas as pd

from manias.data.forms import Cell, is_date, month_number, quarter_number, readings
from manias.data.grid import Grid
from manias.data.labels import LabelError, read_labels
from manias.data.layout import (
    PART_HEADINGS,
    Table,
    few,
    has_number,
    heading,
    heading_key,
    is_fiscal,
)
from manias.data.numbers import is_missing, looks_numeric
from manias.errors import InputError


def wide(grid: Grid) -> Table | None:
    """A table whose periods stand in columns, turned upright; None where it is none.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    Table or None
    """
    for i, row in enumerate(grid.rows[:50]):
        dated = [j for j, c in enumerate(row) if is_date(c)]
        if not dated or dated[0] == 0 or len(dated) < 2:
            if _is_data(row):
                return None
            continue
        if dated != list(range(dated[0], dated[0] + len(dated))) or not _is_run(row, dated):
            if _is_data(row):
                return None
            continue
        body = [k for k in range(i + 1, len(grid.rows)) if _filled(grid.rows[k], dated)]
        if not body:
            return None
        if all(month_number(grid.rows[k][0]) for k in body) and len(body) > 1:
            return None
        return _upright(grid, i, dated, body)
    return None


def _is_data(row: Sequence[Cell]) -> bool:
    return is_date(row[0]) and has_number(row, 0)


def _is_run(row: Sequence[Cell], places: Sequence[int]) -> bool:
    try:
        values = read_labels([row[j] for j in places]).values
    except LabelError as error:
        return error.is_dates
    steps = [a < b for a, b in itertools.pairwise(values)]
    if len(values) == 2 and isinstance(values[0], pd.Period):
        return abs((values[1] - values[0]).n) == 1
    return all(steps) or not any(steps)


def _filled(row: Sequence[Cell], places: Sequence[int]) -> bool:
    return any(looks_numeric(row[j]) and not is_missing(row[j]) for j in places)


def _upright(grid: Grid, i: int, dated: Sequence[int], body: Sequence[int]) -> Table:
    rows = grid.rows
    leading = range(dated[0])
    texts = {
        k: [str(rows[k][j]).strip() for j in leading if rows[k][j] is not None] for k in body
    }
    names: list[str] = []
    for j in leading:
        found = [str(rows[k][j]).strip() for k in body if rows[k][j] is not None]
        if len(found) == len(set(found)) == len(body):
            names = found
            break
    names = names or [" ".join(texts[k]) or f"row {grid.numbers[k]}" for k in body]
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise InputError(f"{grid.file}: {twice!r} stands in two rows; expected it once")
    columns = {
        name: tuple(rows[k][j] for j in dated) for name, k in zip(names, body, strict=True)
    }
    labels = tuple(rows[i][j] for j in dated)
    used = {i, *body}
    skipped = tuple(grid.numbers[k] for k in range(len(rows)) if k not in used)
    beside = [
        str(c).strip()
        for j, c in enumerate(rows[i])
        if j > dated[0] and j not in set(dated) and c is not None
    ]
    left = (f"left out columns {few(beside)}",) if beside else ()
    notes = (*grid.notes, "periods stand in columns", *left)
    name = f"row {grid.numbers[i]}"
    numbers = tuple(j + 1 for j in dated)
    return Table(grid, name, labels, columns, numbers, skipped, True, notes)


def stacked(grid: Grid) -> Table | None:
    """A table under two rows of headings, years over quarters or months; None where it is none.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    Table or None

    Raises
    ------
    InputError
        If the years are fiscal.
    """
    for i, (above, row) in enumerate(itertools.pairwise(grid.rows[:50])):
        years = [j for j, c in enumerate(above) if j and "A" in readings(c)]
        fiscal = [j for j, c in enumerate(above) if j and {"FY", "fiscal"} & set(readings(c))]
        if not (years or fiscal):
            continue
        for kind, number in (("M", month_number), ("Q", quarter_number)):
            parts = {j: n for j, c in enumerate(row) if (n := _named_part(c, number))}
            first = (years or fiscal)[0]
            if len(parts) < 3 or min(parts) < first:
                continue
            body = [k for k in range(i + 2, len(grid.rows)) if _filled(grid.rows[k], [*parts])]
            if not body or any("A" in readings(grid.rows[k][0]) for k in body):
                continue
            if fiscal or any(is_fiscal(str(c)) for c in (*above[:first], *row[:first]) if c):
                names = "months" if kind == "M" else "quarters"
                raise InputError(
                    f"{grid.file}, row {grid.numbers[i]}: {names} of fiscal years; expected "
                    f"calendar {names}, or the day on which each ends"
                )
            labels = list(row)
            for j, n in parts.items():
                year = readings(above[max(y for y in years if y <= j)])["A"].year
                labels[j] = _part_label(kind, year, n)
            if not _is_run(labels, [*parts]):
                continue
            rows = (*grid.rows[: i + 1], tuple(labels), *grid.rows[i + 2 :])
            table = _upright(replace(grid, rows=rows), i + 1, [*parts], body)
            skipped = tuple(n for n in table.skipped if n != grid.numbers[i])
            return replace(table, skipped=skipped, grid=grid)
    return None


def _named_part(cell: Cell, number) -> int | None:
    """Number of the month or quarter that a cell names in words or letters."""
    if not isinstance(cell, str) or cell.strip().isdigit():
        return None
    return number(cell)


def _part_label(kind: str, year: int, number: int) -> str:
    return f"{year}M{number:02d}" if kind == "M" else f"{year}Q{number}"


_CROSSINGS = (("M", 12, month_number), ("Q", 4, quarter_number))


def crossed(grid: Grid) -> Table | None:
    """A table of years by months or quarters, put into one column; None where it is none.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    Table or None

    Raises
    ------
    InputError
        If the months or quarters are not those of calendar years in their order.
    """
    for i, row in enumerate(grid.rows[:50]):
        for kind, count, number in _CROSSINGS:
            cells = [_named_part(c, number) for c in row]
            places = [j for j, n in enumerate(cells) if n]
            if len(places) < 3 or 0 in places:
                continue
            years = [readings(grid.rows[k][0]) for k in range(i + 1, len(grid.rows))]
            body = [i + 1 + k for k, way in enumerate(years) if "A" in way]
            others = any({"FY", "fiscal"} & set(way) for way in years)
            if not body and not others:
                continue
            found = [cells[j] for j in places]
            if others or is_fiscal(str(row[0] or "")) or not _is_whole(found, count):
                _refuse_parts(grid, i, kind, "columns", row[places[0]], row[places[-1]])
            pairs = [(k, j) for k in body for j in places]
            labels = [
                _part_label(kind, readings(grid.rows[k][0])["A"].year, cells[j] or 0)
                for k, j in pairs
            ]
            left = [c for j, c in enumerate(row) if j and j not in places and c is not None]
            return _crossing(grid, i, kind, pairs, labels, {i, *body}, left, "columns")
    return None


def _is_whole(numbers: Sequence[int | None], count: int) -> bool:
    whole = list(range(1, count + 1))
    return list(numbers) in (whole, whole[::-1])


def _refuse_parts(grid: Grid, i: int, kind: str, where: str, first, last) -> NoReturn:
    names = "months" if kind == "M" else "quarters"
    raise InputError(
        f"{grid.file}, row {grid.numbers[i]}: {names} in {where}, but not those of calendar "
        f"years in their order; expected {first} to {last} put into one column of dates"
    )


def crossed_down(grid: Grid) -> Table | None:
    """A table of months or quarters by years, put into one column; None where it is none.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    Table or None

    Raises
    ------
    InputError
        If the months or quarters are not those of calendar years in their order.
    """
    for i, row in enumerate(grid.rows[:50]):
        ways = [readings(c) for c in row]
        dated = [j for j, way in enumerate(ways) if j and {"A", "FY", "fiscal"} & set(way)]
        if not dated or ways[0]:
            continue
        below = [k for k in range(i + 1, len(grid.rows)) if _filled(grid.rows[k], dated)]
        _refuse_halves(grid, below)
        for kind, count, number in _CROSSINGS:
            if number(row[0]):
                continue
            is_named = heading_key(row[0]) in PART_HEADINGS[kind]
            named = number if is_named else lambda c, number=number: _named_part(c, number)
            parts = {k: n for k in below if (n := named(grid.rows[k][0]))}
            if len(parts) < (2 if is_named else 3):
                continue
            of_years = all("A" in ways[j] for j in dated)
            if not of_years or not _is_whole([*parts.values()], count):
                first, *_, last = (grid.rows[k][0] for k in parts)
                _refuse_parts(grid, i, kind, "rows", first, last)
            pairs = [(k, j) for j in dated for k in parts]
            labels = [_part_label(kind, ways[j]["A"].year, parts[k]) for k, j in pairs]
            left = [grid.rows[k][0] for k in below if k not in parts]
            used = {i, *below}
            return _crossing(grid, i, kind, pairs, labels, used, left, "rows")
    return None


_HALF = re.compile(r"[HS]-?[12]|[12][HS]|(?:first|second|1st|2nd) half", re.IGNORECASE)


def _refuse_halves(grid: Grid, below: Sequence[int]) -> None:
    named = [k for k in below if _HALF.fullmatch(str(grid.rows[k][0] or "").strip())]
    if len(named) > 1:
        raise InputError(
            f"{grid.file}, row {grid.numbers[named[0]]}: half-years in rows; expected years, "
            f"quarters or months"
        )


def _crossing(grid, i, kind, pairs, labels, used, left, where) -> Table:
    """One column from the cells at pairs of row and column."""
    values = [grid.rows[k][j] for k, j in pairs]
    numbers = [grid.numbers[k] for k, _ in pairs]
    # What has not happened yet is blank at the end.
    while values and values[-1] is None:
        for part in (labels, values, numbers):
            part.pop()
    notes = [*grid.notes, f"{'months' if kind == 'M' else 'quarters'} stand in {where}"]
    if left:
        notes.append(f"left out {', '.join(map(str, left))}")
    skipped = tuple(grid.numbers[k] for k in range(len(grid.rows)) if k not in used)
    return Table(
        grid, heading(grid, i, 0), tuple(labels), {"value": tuple(values)}, tuple(numbers),
        skipped, notes=tuple(notes),
    )  # fmt: skip
