"""A grid cut into header, labels of periods and columns, and what all cutting needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manias.data.forms import Cell
from manias.data.grid import Grid
from manias.data.numbers import is_missing, looks_numeric
from manias.errors import InputError

SHOWN = 4
"""Most names, rows or gaps that one line lists."""
PART_HEADINGS = {
    "M": frozenset(["month", "months", "mo", "mon", "mth", "period", "monat", "mois", "mes"]),
    "Q": frozenset(["quarter", "quarters", "qtr", "quartal", "trimestre", "period"]),
}
"""Headings under which the months or the quarters of a year stand."""


class NoTableError(InputError):
    """A sheet or a file in which no dates stand beside numbers."""


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


def has_number(row: Sequence[Cell], but: int) -> bool:
    """Whether a row holds a number in some column but one.

    Parameters
    ----------
    row : sequence of cells
    but : int

    Returns
    -------
    bool

    Examples
    --------
    >>> has_number(("2010", "5"), 0), has_number(("2010", "n/a"), 0)
    (True, False)
    """
    return any(looks_numeric(c) for j, c in enumerate(row) if j != but and not is_missing(c))


def heading(grid: Grid, head: int | None, j: int) -> str:
    """Heading of a column, or its number.

    Parameters
    ----------
    grid : Grid
    head : int or None
        Row of the headings.
    j : int

    Returns
    -------
    str

    Examples
    --------
    >>> heading(Grid("mine", (("date", None),), (1,)), 0, 1)
    'column 2'
    """
    cell = grid.rows[head][j] if head is not None else None
    return str(cell).strip() if cell is not None else f"column {j + 1}"


def is_fiscal(heading: str) -> bool:
    """Whether a heading speaks of fiscal years.

    Parameters
    ----------
    heading : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_fiscal("Fiscal Year"), is_fiscal("Year")
    (True, False)
    """
    return bool({"fiscal", "fy", "financial"} & set(heading_key(heading).split("_")))
