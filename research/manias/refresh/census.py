"""Value of construction put in place (C30): private data centres, month by month."""

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from manias.errors import InputError
from manias.refresh.feed import Feed, Original, Present, Staged, columns_of
from manias.refresh.sheets import Row, names_in, sheet_of

SHEET = "Private NSA"
COLUMN = "Data center"
TITLE = "Value of Private Construction Put in Place - Not Seasonally Adjusted"
SERIES = "construction of data centres, not adjusted"
SOURCE = "Census_C30_2026_09"
ADDRESS = "https://www.census.gov/construction/c30/xlsx/privtime.xlsx"
MILLION = 1_000_000
FLAGS = {"": "", "p": "preliminary", "r": "revised"}
CENTURY = 1993
"""First year of the workbook, which writes two digits of it."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_MONTH = re.compile(r"([A-Z][a-z]{2})-(\d{2})([pr]?)")
_RELEASE = re.compile(r"Construction Spending, ([A-Z][a-z]+) (\d{1,2}), (\d{4})")


def read_construction(originals: Mapping[str, Original], present: Present) -> Staged:
    """Private construction of data centres, not adjusted for the season.

    Parameters
    ----------
    originals : mapping of str to Original
        ``private``: privtime.xlsx, one row a month, the newest first, one column a type of
        construction, million dollars.
    present : Present

    Returns
    -------
    Staged
        Table ``data`` of ``buildouts``: rows of `SERIES` made anew, all others as they stand.

    Raises
    ------
    InputError
        If it is the workbook adjusted for the season, its unit is another, a column or month
        is missing, a cell is no whole number, or it begins later or ends earlier than the
        present rows.

    Notes
    -----
    Months marked p and r are called preliminary and revised in ``note``. The column is blank
    before 2014. The day of release stands under the months; it is the vintage.
    """
    original = originals["private"]
    rows = sheet_of(original, SHEET)
    where = f"{original.name}, sheet {SHEET}"
    texts = [names_in(row)[:1] for row in rows]
    head = next((i for i, text in enumerate(texts) if text == ["Date"]), None)
    if head is None:
        raise InputError(
            f"{where}: no row that begins with 'Date'; expected one over the months"
        )
    above = [text[0] for text in texts[:head] if text]
    if TITLE not in above or not any(text.startswith("(Millions of dollars") for text in above):
        raise InputError(
            f"{where}, row 1: {'; '.join(filter(None, above))!r}; expected {TITLE!r}, millions "
            "of dollars"
        )
    names = names_in(rows[head])
    at = columns_of(where, names, ["Date", COLUMN], head + 1)
    found, below = _months(where, rows, head, at)
    day = _released(where, below)
    released = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    table = present.cells("buildouts")
    ours = (table["innovation"] == "ai") & (table["series"] == SERIES)
    had = table.loc[ours, "period"]
    if min(found) > had.min() or max(found) < had.max():
        raise InputError(
            f"{where}, column {COLUMN}: {min(found)} to {max(found)}; expected {had.min()} or "
            f"earlier to {had.max()} or later"
        )
    made = [
        [
            *("ai", SERIES, "US", month, str(value * MILLION), "USD a month", "", SOURCE),
            f"privtime.xlsx of {released}, sheet {SHEET}, column {COLUMN}, row {label}",
            *("A", FLAGS[flag]),
        ]
        for month, (value, label, flag) in sorted(found.items())
    ]
    key = present.resource("buildouts")["schema"]["primaryKey"]
    parts = [table[~ours], pd.DataFrame(made, columns=table.columns)]
    whole = pd.concat(parts).sort_values(key, kind="stable", ignore_index=True)
    marked = {flag: n for flag in "pr" if (n := sum(f == flag for *_, f in found.values()))}
    return Staged(
        tables={("buildouts", "data"): whole},
        sources={
            SOURCE: {
                "year": str(day.year),
                "publisher": f"U.S. Census Bureau, release of {released}",
                "url": original.address or ADDRESS,
                "accessed": original.day[:7],
                "note": f"workbook privtime.xlsx, monthly from {min(found)}; sha256 "
                f"{original.digest[:8]}...",
            }
        },
        descriptors={"buildouts": {"vintage": day.isoformat()}},
        said=(
            f"{original.name} of {released}: data centres, {min(found)} to {max(found)}"
            + "".join(f", {n} {FLAGS[flag]}" for flag, n in marked.items()),
        ),
    )


def _months(
    where: str, rows: list[Row], head: int, at: Mapping[str, int]
) -> tuple[dict[str, tuple[int, str, str]], list[Row]]:
    """Value, label and flag by month, where there is a value, and the rows under the months."""
    found: dict[str, tuple[int, str, str]] = {}
    last, end = None, head + 1
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        label = row[at["Date"]]
        match = _MONTH.fullmatch(label) if isinstance(label, str) else None
        if match is None:
            break
        place, end = f"{where}, row {number}", number
        month = _month(place, *match.groups())
        if last is not None and month != last - 1:
            raise InputError(f"{place}, column Date: {label} after {last}; expected {last - 1}")
        last, value = month, row[at[COLUMN]]
        if value is None:
            continue
        if found and str(month + 1) not in found:
            raise InputError(
                f"{place}, column {COLUMN}: blank in {month + 1}; expected a number"
            )
        if isinstance(value, bool) or value != value or value not in range(1, MILLION):
            raise InputError(
                f"{place}, column {COLUMN}: {value!r}; expected a whole number of million "
                f"dollars below {MILLION:,}"
            )
        found[str(month)] = int(value), label, match[3]
    if last is None:
        raise InputError(f"{where}, row {head + 2}: no month; expected Jul-26 and the like")
    for number, row in enumerate(rows[end:], start=end + 1):
        if row[at[COLUMN]] is not None:
            raise InputError(
                f"{where}, row {number}, column Date: {row[at['Date']]!r}; expected a month, "
                "Jul-26, or no figure beside it"
            )
    if not found:
        raise InputError(f"{where}, column {COLUMN}: blank; expected numbers")
    newest = rows[head + 1]
    if newest[at[COLUMN]] is None:
        raise InputError(
            f"{where}, row {head + 2}, column {COLUMN}: blank in {newest[at['Date']]}; "
            "expected a number"
        )
    return found, rows[end:]


def _month(place: str, name: str, year: str, flag: str) -> pd.Period:
    short = [month[:3] for month in MONTHS]
    if name not in short:
        raise InputError(f"{place}, column Date: {name}-{year}{flag}; expected a month")
    century = 1900 if 1900 + int(year) >= CENTURY else 2000
    return pd.Period(year=century + int(year), month=short.index(name) + 1, freq="M")


def _released(where: str, below: list[Row]) -> date:
    """Day of release, as the line under the months has it."""
    text = " ".join(cell for row in below for cell in row if isinstance(cell, str))
    if not (match := _RELEASE.search(text)) or match[1] not in MONTHS:
        raise InputError(
            f"{where}: no day of release under the months; expected 'Construction Spending, "
            "September 1, 2026'"
        )
    try:
        return date(int(match[3]), MONTHS.index(match[1]) + 1, int(match[2]))
    except ValueError:
        raise InputError(f"{where}: {match[0]!r}; expected a day of release") from None


FEED = Feed("buildouts", read_construction)
