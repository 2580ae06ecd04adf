"""Cut a grid of cells into header, labels of periods and columns; turn wide tables upright."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import pandas as pd

from manias.data.grid import SEPARATORS, Grid
from manias.data.labels import (
    NAMES,
    Cell,
    LabelError,
    is_date,
    mixture,
    month_number,
    quarter_number,
    read_labels,
    readings,
    serial_hint,
)
from manias.data.numbers import is_missing, looks_numeric
from manias.errors import InputError

SHOWN = 4
"""Most names, rows or gaps that one line lists."""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid cut into header, labels of periods and columns, wide ones turned upright."""

    grid: Grid
    name: str
    labels: tuple[Cell, ...]
    columns: Mapping[str, tuple[Cell, ...]]
    rows: tuple[int, ...]
    skipped: tuple[int, ...]
    is_wide: bool = False
    notes: tuple[str, ...] = ()

    def where(self, column: str, at: int) -> str:
        if self.is_wide:
            return f"{self.grid.file}, {column}, column {self.labels[at]}"
        return f"{self.grid.file}, row {self.rows[at]}, column {column}"

    def only(self, keep: Sequence[int]) -> "Table":
        return replace(
            self,
            labels=tuple(self.labels[i] for i in keep),
            columns={k: tuple(v[i] for i in keep) for k, v in self.columns.items()},
            rows=tuple(self.rows[i] for i in keep),
        )


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
    grid = _without_empty(grid)
    for part in (_wide, _crossed):
        if date_column is None and (table := part(grid)) is not None:
            return table
    start, stop, at, header = _frame_of(grid, date_column)
    return _long(grid, start, stop, at, header)


def _without_empty(grid: Grid) -> Grid:
    width = max(len(row) for row in grid.rows)
    rows = [tuple(row) + (None,) * (width - len(row)) for row in grid.rows]
    keep = [j for j in range(width) if any(row[j] is not None for row in rows)]
    return replace(grid, rows=tuple(tuple(row[j] for j in keep) for row in rows))


def heading_key(cell: Cell) -> str:
    """A heading in small letters, with underscores for blanks.

    Parameters
    ----------
    cell : str or float or datetime.datetime or None

    Returns
    -------
    str

    Examples
    --------
    >>> heading_key("Fiscal Year")
    'fiscal_year'
    """
    return "_".join(str(cell).strip().casefold().split()) if cell is not None else ""


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
        while start < len(rows) and rows[start][j] is None and not _has_number(rows[start], j):
            start += 1
        run = longest.get(j)
        if run is None:
            if start >= len(rows):
                raise InputError(
                    f"{grid.file}: a header without rows; expected at least 2 rows"
                )
            _refuse_label(grid, start, j, _heading(grid, head, j))
        odd = next((i for i in range(start, run[0]) if _has_number(rows[i], j)), None)
        if odd is not None:
            _refuse_label(grid, odd, j, _heading(grid, head, j))
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


def _has_number(row: Sequence[Cell], but: int) -> bool:
    return any(looks_numeric(c) for j, c in enumerate(row) if j != but and not is_missing(c))


def _is_whole(cell: Cell) -> bool:
    if isinstance(cell, float):
        return cell == round(cell)
    return isinstance(cell, str) and cell.strip().isdigit() and len(cell.strip()) < 6


def _is_dates(grid: Grid, j: int, run: tuple[int, int]) -> bool:
    """Whether a run of cells without a telling heading is a column of dates."""
    cells = [grid.rows[i][j] for i in range(*run) if grid.rows[i][j] is not None]
    if len(cells) < 2:
        return False
    try:
        column = read_labels(cells, "dmy" if "mdy" not in readings(cells[0]) else None)
    except LabelError:
        return bool(mixture(cells)) or "dmy" in readings(cells[0])
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


def _refuse_label(grid: Grid, i: int, j: int, heading: str) -> NoReturn:
    cell = grid.rows[i][j]
    raise InputError(
        f"{grid.file}, row {grid.numbers[i]}, column {heading}: {str(cell or '')!r}; expected "
        f"a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31{serial_hint(cell)}"
    )


def _refuse_dates(grid: Grid) -> NoReturn:
    rows = grid.rows
    for i, row in enumerate(rows):
        if _has_number(row, -1):
            shown = row[:SHOWN]
            hint = next(filter(None, (serial_hint(c) for c in shown)), "")
            cells = [str(c) for c in shown if c is not None]
            raise InputError(
                f"{grid.file}, row {grid.numbers[i]}: {cells!r}; expected a date, such as "
                f"1999, 1999Q4, 1999-12 or 1999-12-31, in some column{hint}"
            )
    raise InputError(f"{grid.file}: no numbers; expected a column of dates and one of numbers")


def _heading(grid: Grid, head: int | None, j: int) -> str:
    cell = grid.rows[head][j] if head is not None else None
    return str(cell).strip() if cell is not None else f"column {j + 1}"


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
    names, used = _names(grid, above, others, start, stop, head)
    name = _heading(grid, head, at)
    if head is None:
        label = next((rows[i][at] for i in reversed(used) if rows[i][at] is not None), None)
        name = str(label).strip() if label is not None else f"column {at + 1}"
    _check_width(grid, start, stop, others, names)
    data = [i for i in range(start, stop) if rows[i][at] is not None]
    for i in range(start, stop):
        if rows[i][at] is None and _has_number(rows[i], at):
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


_PARTS = (
    ("M", {"month", "months", "period", "monat", "mois"}, month_number),
    ("Q", {"quarter", "quarters", "qtr", "quartal", "trimestre"}, quarter_number),
)


def _with_parts(table: Table) -> Table:
    """Put a column of years and one of months or quarters together."""
    fiscal = _is_fiscal(table.name) or all("FY" in readings(c) for c in table.labels)
    named = {h for _, headings, _ in _PARTS for h in headings}
    for name in table.columns:
        key = heading_key(name).removeprefix("fiscal_")
        if key in named and (fiscal or _is_fiscal(name)):
            raise InputError(
                f"{table.grid.file}: {table.name} and {name} name parts of fiscal years; "
                f"expected calendar {key}s, or the day on which each ends"
            )
    if not all("A" in readings(c) for c in table.labels):
        return table
    for kind, headings, number in _PARTS:
        for name, cells in table.columns.items():
            if heading_key(name) not in headings:
                continue
            parts = [number(c) for c in cells]
            if any(p is None for p in parts):
                continue
            years = [readings(c)["A"].year for c in table.labels]
            mark = "-" if kind == "M" else "Q"
            labels = tuple(
                f"{y}{mark}{p:02d}" if kind == "M" else f"{y}{mark}{p}"
                for y, p in zip(years, parts, strict=True)
            )
            columns = {k: v for k, v in table.columns.items() if k != name}
            return replace(table, name=f"{table.name}, {name}", labels=labels, columns=columns)
    return table


def _is_fiscal(heading: str) -> bool:
    return bool({"fiscal", "fy", "financial"} & set(heading_key(heading).split("_")))


def _wide(grid: Grid) -> Table | None:
    """A table whose periods stand in columns, turned upright; None where it is none."""
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
    return is_date(row[0]) and _has_number(row, 0)


def _is_run(row: Sequence[Cell], places: Sequence[int]) -> bool:
    try:
        values = read_labels([row[j] for j in places]).values
    except LabelError:
        return False
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


def _crossed(grid: Grid) -> Table | None:
    """A table of years by months or quarters, put into one column; None where it is none."""
    for i, row in enumerate(grid.rows[:50]):
        for kind, count, number in (("M", 12, month_number), ("Q", 4, quarter_number)):
            cells = [
                number(c) if isinstance(c, str) and not c.strip().isdigit() else None
                for c in row
            ]
            places = [j for j, n in enumerate(cells) if n]
            if len(places) < 3 or 0 in places:
                continue
            years = [readings(grid.rows[k][0]) for k in range(i + 1, len(grid.rows))]
            body = [i + 1 + k for k, way in enumerate(years) if "A" in way]
            others = any({"FY", "fiscal"} & set(way) for way in years)
            if not body and not others:
                continue
            found = [cells[j] for j in places]
            whole = list(range(1, count + 1))
            is_fiscal = others or _is_fiscal(str(row[0] or ""))
            if found not in (whole, whole[::-1]) or is_fiscal:
                names = "months" if kind == "M" else "quarters"
                raise InputError(
                    f"{grid.file}, row {grid.numbers[i]}: {names}"
                    f" in columns, but not those of calendar years in their order; expected "
                    f"{row[places[0]]} to {row[places[-1]]} put into one column of dates"
                )
            labels, values, numbers = [], [], []
            for k in body:
                year = readings(grid.rows[k][0])["A"].year
                for j in places:
                    n = cells[j]
                    labels.append(f"{year}-{n:02d}" if kind == "M" else f"{year}Q{n}")
                    values.append(grid.rows[k][j])
                    numbers.append(grid.numbers[k])
            # What has not happened yet is blank at the end.
            while values and values[-1] is None:
                for part in (labels, values, numbers):
                    part.pop()
            used = {i, *body}
            left = [
                str(c) for j, c in enumerate(row) if j and j not in places and c is not None
            ]
            notes = [*grid.notes, f"{'months' if kind == 'M' else 'quarters'} stand in columns"]
            if left:
                notes.append(f"left out {', '.join(left)}")
            return Table(
                grid, _heading(grid, i, 0), tuple(labels), {"value": tuple(values)},
                tuple(numbers),
                tuple(grid.numbers[k] for k in range(len(grid.rows)) if k not in used),
                notes=tuple(notes),
            )  # fmt: skip
    return None


def pick_rows(table: Table, where: str) -> Table:
    """Only the rows with a text in a column.

    Parameters
    ----------
    table : Table
    where : str
        ``COLUMN=VALUE``.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If there is no such column or value.

    Examples
    --------
    >>> from manias.data.grid import Grid
    >>> table = Table(Grid("f", (), ()), "year", ("1999",), {"n": ("1",)}, (2,), ())
    >>> pick_rows(table, "n=1").labels
    ('1999',)
    """
    name, mark, value = where.partition("=")
    name, value = name.strip(), value.strip()
    if not mark or name not in table.columns:
        raise InputError(
            f"--where {where!r}: expected COLUMN=VALUE, a column among "
            f"{', '.join(table.columns)}"
        )
    cells = [str(c).strip() if c is not None else "" for c in table.columns[name]]
    keep = [i for i, c in enumerate(cells) if c == value]
    if not keep:
        raise InputError(
            f"--where {where!r}: expected a value among {few(list(dict.fromkeys(cells)))}"
        )
    return table.only(keep)


def few(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    str

    Examples
    --------
    >>> few(list("abcdef"))
    'a, b, c, d and 2 more'
    """
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"
