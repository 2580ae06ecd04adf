"""National accounts of the United States in a graph file of FRED: one request, one vintage."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pandas as pd

from manias.errors import InputError
from manias.refresh.feed import Feed, Original, Present, Staged, columns_of, rows_of, text_of

SERIES = {
    "info_equipment_software": "A679RC1Q027SBEA",
    "info_equipment": "Y034RC1Q027SBEA",
    "computers": "B935RC1Q027SBEA",
    "software": "B985RC1Q027SBEA",
    "gdp": "GDP",
}
"""Columns of the table, and the series of FRED that fill them."""
NEEDED = ("info_equipment_software", "gdp")
"""A quarter is taken where both are there."""
FIRST = pd.Period("1995Q1", "Q")
DATES = ("observation_date", "DATE")
"""What FRED calls the column of dates, now and until 2024."""
MISSING = frozenset({"", "."})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})-(01|04|07|10)-01")


def read_accounts(originals: Mapping[str, Original], present: Present) -> Staged:
    """Investment in information processing equipment and software, and GDP, by quarter.

    Parameters
    ----------
    originals : mapping of str to Original
        ``accounts``: the graph file with the five series, from one request, so that all are of
        one vintage.
    present : Present

    Returns
    -------
    Staged
        Table ``data`` of ``us_it_investment``, from 1995Q1.

    Raises
    ------
    InputError
        If a series or quarter is missing, a cell is no number, a series ends and begins anew,
        the file ends before the present table, or equipment and software do not add up to
        both together within the rounding of the file.

    Notes
    -----
    Zeros at the end of a decimal fraction are left out, but for the first decimal. The file is
    not dated by its owner; its vintage is the day on which it was had.
    """
    original = originals["accounts"]
    rows = _quarters(original)
    places = {
        name: max((_decimals(row[name]) for _, row in rows.values() if row[name]), default=0)
        for name in SERIES
    }
    whole = [quarter for quarter, (_, row) in rows.items() if all(row[k] for k in NEEDED)]
    had = pd.Period(present.cells("us_it_investment")["quarter"].max(), "Q")
    if not whole or whole[-1] < had:
        end = whole[-1] if whole else "none"
        raise InputError(
            f"{original.name}: last quarter with GDP and {SERIES[NEEDED[0]]} is {end}; "
            f"expected {had} or later, as in the table"
        )
    data = []
    for quarter, (line, row) in rows.items():
        if quarter <= whole[-1]:
            _reconcile(original.name, line, quarter, row, places)
            data.append(
                [
                    str(quarter),
                    *(_plain(row[name]) for name in SERIES),
                    "bea2026nipa",
                    f"NIPA quarterly, {quarter}",
                    "A",
                ]
            )
    columns = ["quarter", *SERIES, "source", "locator", "grade"]
    table = pd.DataFrame(data, columns=columns)
    short = [
        f"{SERIES[name]} ends {_last(rows, name)}"
        for name in SERIES
        if _last(rows, name) != whole[-1]
    ]
    return Staged(
        tables={("us_it_investment", "data"): table},
        sources={
            "bea2026nipa": {
                "year": original.day[:4],
                "accessed": original.day[:7],
                "note": f"file of FRED read whole, all series of {original.day}; sha256 "
                f"{original.digest[:8]}...",
            }
        },
        descriptors={"us_it_investment": {"vintage": original.day}},
        said=(
            f"{original.name}: {len(data)} quarters, {FIRST} to {whole[-1]}, as of "
            f"{original.day}",
            *(f"{original.name}: {text}, others {whole[-1]}" for text in short),
        ),
    )


def _quarters(original: Original) -> dict[pd.Period, tuple[int, dict[str, str]]]:
    """Cells by quarter from `FIRST` on, with the row of the file."""
    lines = rows_of(text_of(original))
    header = lines[0] if lines else []
    dated = next((name for name in DATES if name in header), DATES[0])
    at = columns_of(original.name, header, [dated, *SERIES.values()])
    found: dict[pd.Period, tuple[int, dict[str, str]]] = {}
    for line, cells in enumerate(lines[1:], start=2):
        where = f"{original.name}, row {line}"
        if len(cells) != len(header):
            raise InputError(f"{where}: {len(cells)} cells; expected {len(header)}")
        if not (day := _DAY.fullmatch(cells[at[dated]])):
            raise InputError(
                f"{where}, column {dated}: {cells[at[dated]]!r}; expected the first day of a "
                "quarter, YYYY-MM-DD"
            )
        quarter = pd.Period(f"{day[1]}Q{int(day[2]) // 3 + 1}", "Q")
        row = {}
        for name, series in SERIES.items():
            cell = cells[at[series]]
            if cell not in MISSING and not (_NUMBER.fullmatch(cell) and Decimal(cell) > 0):
                raise InputError(
                    f"{where}, column {series}: {cell!r}; expected a number above 0, . or blank"
                )
            row[name] = "" if cell in MISSING else cell
        if found and quarter != (last := next(reversed(found))) + 1:
            raise InputError(f"{where}: {quarter} after {last}; expected {last + 1}")
        found[quarter] = line, row
    kept = {quarter: cells for quarter, cells in found.items() if quarter >= FIRST}
    if not kept or next(iter(kept)) != FIRST:
        begins = next(iter(kept), "nowhere")
        raise InputError(f"{original.name}: begins {begins}; expected {FIRST} or earlier")
    for name, series in SERIES.items():
        if not kept[FIRST][1][name]:
            raise InputError(
                f"{original.name}, column {series}: blank in {FIRST}; expected a number"
            )
        for (_, (_, before)), (quarter, (line, row)) in pairwise(kept.items()):
            if row[name] and not before[name]:
                raise InputError(
                    f"{original.name}, row {line}, column {series}: {row[name]!r} in {quarter} "
                    "after a blank; expected blanks at the end alone"
                )
    return kept


def _reconcile(
    name: str, line: int, quarter: pd.Period, row: Mapping[str, str], places: Mapping[str, int]
) -> None:
    """Refuse what cannot be: parts that are not the whole, or larger than it."""
    parts = ("info_equipment", "software", "info_equipment_software")
    where = f"{name}, row {line}, {quarter}"
    if all(row[part] for part in parts):
        equipment, software, both = (Decimal(row[part]) for part in parts)
        rounding = sum(Decimal(5).scaleb(-places[part] - 1) for part in parts)
        if abs(equipment + software - both) > rounding:
            raise InputError(
                f"{where}: equipment {equipment} and software {software} make "
                f"{equipment + software}; expected {both}, both together, within {rounding}"
            )
    for smaller, larger in (
        ("computers", "info_equipment"),
        ("info_equipment_software", "gdp"),
    ):
        if row[smaller] and row[larger] and Decimal(row[smaller]) > Decimal(row[larger]):
            raise InputError(
                f"{where}, column {SERIES[smaller]}: {row[smaller]}; expected no more than "
                f"{row[larger]} of {SERIES[larger]}"
            )


def _last(rows: Mapping[pd.Period, tuple[int, Mapping[str, str]]], name: str) -> pd.Period:
    return max(quarter for quarter, (_, row) in rows.items() if row[name])


def _decimals(cell: str) -> int:
    return len(cell.partition(".")[2])


def _plain(cell: str) -> str:
    """Without zeros at the end, but for the first decimal."""
    whole, point, decimals = cell.partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}" if point else cell


def _recognises(part: str, row: Mapping[str, str], content: bytes) -> bool:
    """Whether a graph file of FRED is one of these series."""
    return SERIES[NEEDED[0]].encode() in content[:4096]


FEED = Feed("us_it_investment", read_accounts, recognises=_recognises)
