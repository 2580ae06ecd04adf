"""Cut a grid of cells into header, labels of periods and columns; turn wide tables upright."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from manias.data.crossing import crossed, crossed_down, stacked, wide
from manias.data.forms import NAMES, Cell, is_date, month_number, quarter_number, readings
from manias.data.grid import SEPARATORS, Grid
from manias.data.labels import LabelError, mixture, read_labels, serial_hint
from manias.data.layout import (
    PART_HEADINGS,
    SHOWN,
    NoTableError,
    Table,
    has_number,
    heading,
    heading_key,
    is_fiscal,
)
from manias.data.numbers import is_missing, looks_numeric
from manias.errors import InputError


def cut(grid: Grid, date_column: str | None) -> Table:
    """Find header, labels of periods, columns and notes among the rows of a grid.

    Parameters
    ----------
    grid : Grid
    date_column : str or None
        Heading of the labels; found where not given.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If there is no column of dates, or more than one, or what stands under it is no date.

    Examples
    --------
    >>> from manias.data.grid import frame_grid
    >>> import pandas as pd
    >>> mine = pd.DataFrame({"year": ["1999", "2000"], "n": [1, 2]})
    >>> cut(frame_grid(mine, "mine"), None).name
    'year'
    """
    grid = _filled_down(_without_empty(grid))
    for part in (stacked, crossed_down, wide, crossed):
        if date_column is None and (table := part(grid)) is not None:
            return table
    start, stop, at, header = _frame_of(grid, date_column)
    return _long(grid, start, stop, at, header)


def _without_empty(grid: Grid) -> Grid:
    width = max(len(row) for row in grid.rows)
    rows = [tuple(row) + (None,) * (width - len(row)) for row in grid.rows]
    keep = [j for j in range(width) if any(row[j] is not None for row in rows)]
    return replace(grid, rows=tuple(tuple(row[j] for j in keep) for row in rows))


def _runs(grid: Grid, at: int) -> list[tuple[int, int]]:
    """Runs of rows in which a column holds dates or blanks, first and past the last."""
    runs: list[tuple[int, int]] = []
    start, last = -1, -1
    for i, row in enumerate(grid.rows):
        if is_date(row[at]):
            start = i if start < 0 else start
            last = i
        elif row[at] is not None and start >= 0:
            runs.append((start, last + 1))
            start = -1
    if start >= 0:
        runs.append((start, last + 1))
    return runs


def _frame_of(grid: Grid, date_column: str | None) -> tuple[int, int, int, int | None]:
    """First and past-the-last row of the data, the column of dates, the row of its heading."""
    rows = grid.rows
    width = len(rows[0])
    longest: dict[int, tuple[int, int]] = {}
    for j in range(width):
        runs = _runs(grid, j)
        if runs:
            longest[j] = max(runs, key=lambda r: (r[1] - r[0], -r[0]))
    named = _named(grid, longest, date_column)
    if named is not None:
        j, head = named
        start = head + 1
        while start < len(rows) and rows[start][j] is None and not has_number(rows[start], j):
            start += 1
        run = longest.get(j)
        if run is None:
            if start >= len(rows):
                raise NoTableError(
                    f"{grid.file}: a header without rows; expected at least 2 rows"
                )
            _refuse_label(grid, start, j, heading(grid, head, j), NoTableError)
        odd = next((i for i in range(start, run[0]) if has_number(rows[i], j)), None)
        if odd is not None:
            _refuse_label(grid, odd, j, heading(grid, head, j))
        return run[0], run[1], j, head
    good = {j: run for j, run in longest.items() if _is_dates(grid, j, run)}
    worded = [j for j in good if not _is_whole(rows[good[j][0]][j])]
    chosen = worded or list(good)
    if not chosen:
        _refuse_dates(grid)
    most = max(good[j][1] - good[j][0] for j in chosen)
    chosen = [j for j in chosen if 2 * (good[j][1] - good[j][0]) > most]
    if len(chosen) > 1:
        head = good[chosen[0]][0] - 1
        names = [str(rows[head][j]) for j in chosen] if head >= 0 else []
        raise InputError(
            f"{grid.file}: dates in columns {', '.join(names)}; expected one, --date-column "
            f"picks it"
        )
    j = chosen[0]
    if j not in worded:
        _check_years(grid, j, good[j][0])
    return *good[j], j, None


def _check_years(grid: Grid, j: int, start: int) -> None:
    """Refuse whole numbers that may be years under a heading that says something else."""
    above = [grid.rows[i][j] for i in range(start) if grid.rows[i][j] is not None]
    # An office's file has lines of metadata above, a blank corner has none.
    if not above or heading_key(grid.rows[0][0]) == "title":
        return
    if grid.rows[start - 1][j] is not None:
        raise InputError(
            f"{grid.file}, row {grid.numbers[start]}, column {above[-1]}: "
            f"{str(grid.rows[start][j])!r} may be a year or a number; expected a heading such "
            f"as date or year, or --date-column"
        )


def _named(grid: Grid, longest, date_column: str | None) -> tuple[int, int] | None:
    """Column and row of a heading that says dates, or that the user names."""
    if date_column is not None:
        for i, row in enumerate(grid.rows):
            places = [
                j
                for j, cell in enumerate(row)
                if isinstance(cell, str) and cell.strip().casefold() == date_column.casefold()
            ]
            if len(places) > 1:
                raise InputError(
                    f"{grid.file}, row {grid.numbers[i]}: column {date_column!r} stands twice; "
                    f"expected it once"
                )
            if places:
                return places[0], i
        first = ", ".join(str(c) for c in grid.rows[0] if c is not None)
        raise InputError(f"--date-column {date_column!r}: expected one of {first}")
    found = []
    for i, row in enumerate(grid.rows[:200]):
        for j, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            # A line of metadata, such as "Release date", has a value beside it.
            others = [c for k, c in enumerate(row) if k != j]
            says = heading_key(cell) in NAMES or _says_date(cell)
            if says and not any(is_date(c) or looks_numeric(c) for c in others):
                found.append((j, i))
    # A heading counts where dates stand below it, or where nothing else can.
    below = [(j, i) for j, i in found if j in longest and longest[j][0] > i]
    if not below and not longest and found:
        return found[0]
    if not below:
        return None
    at = below[0][1]
    same = [j for j, i in below if i == at]
    if len(same) > 1:
        keys = {j: heading_key(grid.rows[at][j]) for j in same}
        if len(set(keys.values())) < len(keys):
            twice = next(k for k in keys.values() if list(keys.values()).count(k) > 1)
            raise InputError(
                f"{grid.file}, row {grid.numbers[at]}: column {twice!r} stands twice; expected "
                f"it once"
            )
        exact = [j for j in same if keys[j] in {"date", "observation_date"}]
        if len(exact) != 1:
            raise InputError(
                f"{grid.file}, row {grid.numbers[at]}: dates in columns "
                f"{', '.join(str(grid.rows[at][j]) for j in same)}; expected one, "
                f"--date-column picks it"
            )
        same = exact
    return same[0], at


def _says_date(cell: str) -> bool:
    """Whether a heading of several words ends or begins with the word date."""
    words = re.split(r"[\s_]+", cell.strip().casefold())
    return (
        len(words) < 4 and bool({"date", "period"} & {words[0], words[-1]}) and len(words) > 1
    )


def _is_whole(cell: Cell) -> bool:
    """Whether a date is written as a number alone: 2010, 40268, 2010.25."""
    if isinstance(cell, float):
        return True
    return isinstance(cell, str) and bool(re.fullmatch(r"\s*\d{1,5}(?:\.\d+)?\s*", cell))


def _is_dates(grid: Grid, j: int, run: tuple[int, int]) -> bool:
    """Whether a run of cells without a telling heading is a column of dates."""
    cells = [grid.rows[i][j] for i in range(*run) if grid.rows[i][j] is not None]
    if len(cells) < 2:
        return False
    try:
        column = read_labels(cells, "dmy" if "mdy" not in readings(cells[0]) else None)
    except LabelError as error:
        return error.is_dates or bool(mixture(cells)) or "dmy" in readings(cells[0])
    steps = [a < b for a, b in zip(column.values, column.values[1:], strict=False)]
    is_sorted = all(steps) or not any(steps)
    if _is_whole(cells[0]):
        if column.kind == "A":
            return is_sorted and all(
                abs((b - a).n) == 1
                for a, b in zip(column.values, column.values[1:], strict=False)
            )
        return is_sorted
    return True


def _refuse_label(
    grid: Grid, i: int, j: int, heading: str, error: type[InputError] = InputError
) -> NoReturn:
    cell = grid.rows[i][j]
    raise error(
        f"{grid.file}, row {grid.numbers[i]}, column {heading}: {str(cell or '')!r}; expected "
        f"a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31{serial_hint(cell)}"
    )


def _refuse_dates(grid: Grid) -> NoReturn:
    rows = grid.rows
    for i, row in enumerate(rows):
        if has_number(row, -1):
            shown = row[:SHOWN]
            hint = next(filter(None, (serial_hint(c) for c in shown)), "")
            cells = [str(c) for c in shown if c is not None]
            raise NoTableError(
                f"{grid.file}, row {grid.numbers[i]}: {cells!r}; expected a date, such as "
                f"1999, 1999Q4, 1999-12 or 1999-12-31, in some column{hint}"
            )
    raise NoTableError(
        f"{grid.file}: no numbers; expected a column of dates and one of numbers"
    )


def _long(grid: Grid, start: int, stop: int, at: int, head: int | None) -> Table:
    rows, width = grid.rows, len(grid.rows[0])
    others = [j for j in range(width) if j != at]
    above = list(range(start))
    if not above:
        shown = ", ".join(str(c) for c in rows[0] if c is not None)
        raise InputError(
            f"{grid.file}, row {grid.numbers[0]}: {shown!r} are data; expected a header first, "
            f"such as date,value"
        )
    early = [i for i in range(head or 0) if is_date(rows[i][at]) and has_number(rows[i], at)]
    if early:
        shown = ", ".join(str(c) for c in rows[early[0]] if c is not None)
        raise InputError(
            f"{grid.file}, row {grid.numbers[early[0]]}: {shown!r} are data above the header "
            f"in row {grid.numbers[head or 0]}; expected the header first"
        )
    names, used = _names(grid, above, others, start, stop, head)
    name = heading(grid, head, at)
    if head is None:
        label = next((rows[i][at] for i in reversed(used) if rows[i][at] is not None), None)
        name = str(label).strip() if label is not None else f"column {at + 1}"
    _check_width(grid, start, stop, others, names)
    data = [i for i in range(start, stop) if rows[i][at] is not None]
    for i in range(start, stop):
        if rows[i][at] is None and has_number(rows[i], at):
            _refuse_label(grid, i, at, name)
    for i in range(stop, len(rows)):
        odd = next(
            (j for j in others if not is_missing(rows[i][j]) and looks_numeric(rows[i][j])),
            None,
        )
        if odd is not None:
            _refuse_tail(grid, i, at, name, [rows[k][at] for k in data])
    if stop - start and len(data) < 2:
        raise InputError(f"{grid.file}: {len(data)} row(s) of data; expected at least 2")
    told = {*data, *used}
    skipped = [i for i in range(len(rows)) if i not in told]
    columns = {
        names[j]: tuple(rows[i][j] for i in data)
        for j in others
        if any(rows[i][j] is not None for i in data)
    }
    labels = tuple(rows[i][at] for i in data)
    table = Table(
        grid, name, labels, columns,
        tuple(grid.numbers[i] for i in data), tuple(grid.numbers[i] for i in skipped),
        notes=grid.notes,
    )  # fmt: skip
    return _with_parts(table)


def _refuse_tail(grid: Grid, i: int, at: int, name: str, cells: Sequence[Cell]) -> None:
    cell = grid.rows[i][at]
    raise InputError(
        f"{grid.file}, row {grid.numbers[i]}, column {name}: {str(cell or '')!r}; expected a "
        f"date like {str(cells[-1])!r}{serial_hint(cell)}"
    )


def _names(grid, above, others, start, stop, head) -> tuple[dict[int, str], list[int]]:
    """A name for each column, and the rows of the header that gave them."""
    rows = grid.rows
    full = [j for j in others if any(rows[i][j] is not None for i in range(start, stop))]

    def told(i: int) -> list[str]:
        return [str(rows[i][j]).strip() for j in full if rows[i][j] is not None]

    titled = next((i for i in above if heading_key(rows[i][0]) == "title" and told(i)), None)
    if head is not None and len(told(head)) == len(full):
        best = head
    elif titled is not None and head is None:
        best = titled
    else:
        candidates = [i for i in above if told(i)]
        best = max(candidates, key=lambda i: (len(set(told(i))), i), default=None)
    used = [] if head is None else [head]
    names: dict[int, str] = {}
    if best is None:
        shown = ", ".join(str(c) for c in rows[start] if c is not None)
        raise InputError(
            f"{grid.file}, row {grid.numbers[start]}: {shown!r} with no heading of numbers; "
            f"expected a column of dates and one of numbers under a header"
        )
    used.append(best)
    for j in others:
        cell = rows[best][j]
        names[j] = " ".join(str(cell).split()) if cell is not None else f"column {j + 1}"
    if len({names[j] for j in full}) < len(full):
        for i in above:
            if i != best and len(told(i)) == len(full):
                joined = {j: f"{names[j]} {str(rows[i][j]).strip()}" for j in full}
                if len(set(joined.values())) == len(full):
                    names.update(joined)
                    used.append(i)
                    break
    listed = [names[j] for j in full]
    if twice := next((n for n in listed if listed.count(n) > 1), None):
        raise InputError(
            f"{grid.file}, row {grid.numbers[best]}: column {twice!r} stands twice; expected "
            f"it once"
        )
    return names, sorted(set(used))


def _check_width(grid: Grid, start: int, stop: int, others, names) -> None:
    """Refuse cells to the right of the last heading: marks inside numbers, most likely."""
    rows = grid.rows
    _check_ends(grid, start, stop, others)
    nameless = [j for j in others if names[j] == f"column {j + 1}" and j > min(others)]
    headed = len(others) + 1 - len(nameless)
    if not nameless or max(nameless) != len(rows[0]) - 1 or grid.separator is None:
        return
    full = [i for i in range(start, stop) if rows[i][max(nameless)] is not None]
    if full:
        cells = len([c for c in rows[full[0]] if c is not None])
        mark = SEPARATORS[grid.separator]
        raise InputError(
            f"{grid.file}, row {grid.numbers[full[0]]}: {cells} cells under {headed} headings; "
            f"a {mark} inside a number (of decimals or thousands) must stand in quotes, or the "
            f"cells be separated by another mark"
        )


def _check_ends(grid: Grid, start: int, stop: int, others: Sequence[int]) -> None:
    """Refuse whole numbers under two headings in rows that are a cell longer than the header.

    A comma of decimals makes two cells of a number, and a blank last cell then hides it.
    """
    if not grid.widths or start == 0 or len(others) < 2 or stop <= start:
        return
    head, data = max(grid.widths[:start]), grid.widths[start:stop]
    cells = [[grid.rows[i][j] for i in range(start, stop)] for j in others[-2:]]
    is_whole = all(str(c or "").isdigit() for column in cells for c in column)
    if set(data) == {head + 1} and len(grid.rows[0]) == head and is_whole:
        mark = SEPARATORS[grid.separator or ","]
        raise InputError(
            f"{grid.file}, row {grid.numbers[start]}: {head + 1} cells under {head} headings, "
            f"the last blank; a {mark} inside a number must stand in quotes, and a blank last "
            f"cell have its {mark} in the header too"
        )


_DAYS = frozenset(["day", "dy", "dd", "tag", "jour", "dia", "mday"])
_NO_PARTS = {
    "half": "half-years; expected years, quarters or months",
    "semester": "half-years; expected years, quarters or months",
    "week": "weeks by number; expected 2015-W03 (ISO 8601), or the day on which each ends",
    "wk": "weeks by number; expected 2015-W03 (ISO 8601), or the day on which each ends",
}
_SUMS = {"M": re.compile(r"M?13"), "Q": re.compile(r"Q?0?5")}
"""The year as a whole, as the Bureau of Labor Statistics numbers it."""


def _with_parts(table: Table) -> Table:
    """Put a column of years and one of months or quarters together, and of days if there is."""
    fiscal = is_fiscal(table.name) or all("FY" in readings(c) for c in table.labels)
    named = {h for headings in PART_HEADINGS.values() for h in headings}
    for name in table.columns:
        key = heading_key(name).removeprefix("fiscal_")
        if key in named and (fiscal or is_fiscal(name)):
            raise InputError(
                f"{table.grid.file}: {table.name} and {name} name parts of fiscal years; "
                f"expected calendar {key}s, or the day on which each ends"
            )
    if not all("A" in readings(c) for c in table.labels):
        return table
    for kind, number in (("M", month_number), ("Q", quarter_number)):
        for name, cells in table.columns.items():
            if heading_key(name) not in PART_HEADINGS[kind]:
                continue
            parts = [number(c) for c in cells]
            sums = [_is_sum(c, kind) for c in cells]
            if any(p is None and not s for p, s in zip(parts, sums, strict=True)):
                continue
            return _joined(table, kind, name, parts)
    if len(set(table.labels)) < len(table.labels):
        for name in table.columns:
            if words := _NO_PARTS.get(heading_key(name)):
                raise InputError(f"{table.grid.file}: {table.name} and {name} name {words}")
    return table


def _is_sum(cell: Cell, kind: str) -> bool:
    text = f"{cell:g}" if isinstance(cell, float) else str(cell or "").strip().upper()
    return bool(_SUMS[kind].fullmatch(text))


def _joined(table: Table, kind: str, name: str, parts: Sequence[int | None]) -> Table:
    """Labels of year and part; rows of the whole year left out, and told."""
    keep = [i for i, p in enumerate(parts) if p is not None]
    notes = table.notes
    if len(keep) < len(parts):
        whole = next(c for c, p in zip(table.columns[name], parts, strict=True) if p is None)
        left = len(parts) - len(keep)
        notes = (*notes, f"{left} rows of {name} {str(whole)!r}, the year as a whole, left out")
    days = next((n for n in table.columns if heading_key(n) in _DAYS), None)
    used, labels = [name], []
    for i in keep:
        year, part = readings(table.labels[i])["A"].year, parts[i]
        labels.append(f"{year}M{part:02d}" if kind == "M" else f"{year}Q{part}")
    if kind == "M" and days is not None:
        used.append(days)
        cells = [table.columns[days][i] for i in keep]
        texts = [f"{c:g}" if isinstance(c, float) else str(c or "").strip() for c in cells]
        labels = [
            f"{label.replace('M', '-')}-{day:>02}"
            for label, day in zip(labels, texts, strict=True)
        ]
    columns = {k: v for k, v in table.columns.items() if k not in used}
    table = replace(table, columns=columns, notes=notes).only(keep)
    return replace(table, name=", ".join([table.name, *used]), labels=tuple(labels))


_YEARLY = frozenset(["year", "years", "yr", "jahr", "année", "annee", "anno", "calendar_year"])


def _filled_down(grid: Grid) -> Grid:
    """A year that stands once, before its months or quarters, put beside each of them."""
    named = {h for headings in PART_HEADINGS.values() for h in headings}
    for i, row in enumerate(grid.rows[:50]):
        keys = [heading_key(c) for c in row]
        at = next((j for j, key in enumerate(keys) if key in _YEARLY), None)
        part = next((j for j, key in enumerate(keys) if key in named), None)
        if at is None or part is None:
            continue
        rows, year, filled = list(grid.rows), None, 0
        for k in range(i + 1, len(rows)):
            year = rows[k][at] if rows[k][at] is not None else year
            names_part = month_number(rows[k][part]) or quarter_number(rows[k][part])
            if rows[k][at] is None and names_part and "A" in readings(year):
                rows[k] = (*rows[k][:at], year, *rows[k][at + 1 :])
                filled += 1
        if not filled:
            return grid
        notes = (*grid.notes, f"blank under {row[at]} is the year above, {filled} rows")
        return replace(grid, rows=tuple(rows), notes=notes)
    return grid
