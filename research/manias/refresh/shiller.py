"""Robert Shiller's workbook: prices, dividends, earnings, consumer prices, rates since 1871."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from manias.errors import InputError
from manias.refresh.feed import Feed, Original, Present, Staged, columns_of
from manias.refresh.sheets import Row, names_in, sheet_of

SHEET = "Data"
COLUMNS = {
    "price": "P",
    "dividend": "D",
    "earnings": "E",
    "cpi": "CPI",
    "long_rate": "Rate GS10",
    "cape": "CAPE",
}
"""Columns of the table, and those of the sheet."""
EVERY = ("price", "cpi", "long_rate")
"""Columns that every month has; dividends and earnings end earlier, CAPE begins later."""
_LINK = re.compile(rb"""["'](?:https?:)?(//[^"'\s<>]+?/ie_data\.xlsx?(?:\?[^"'\s<>]*)?)["']""")


def read_shiller(originals: Mapping[str, Original], present: Present) -> Staged:
    """Monthly price, dividend, earnings, consumer prices, long rate and CAPE since 1871.

    Parameters
    ----------
    originals : mapping of str to Original
        ``workbook``: ie_data.xls.
    present : Present

    Returns
    -------
    Staged
        Table ``data`` of ``shiller``.

    Raises
    ------
    InputError
        If a column or month is missing, a cell is no number above 0, a column breaks off and
        begins anew, or the workbook begins later or ends earlier than the present table.

    Notes
    -----
    October is written 1871.1. Figures carry binary noise in the last digits, so that twelve
    significant digits are kept. The newest month is often the close of one day, as remarks
    under the months say; they are kept in the note of the source. The workbook is not dated by
    its owner; its vintage is the day on which it was had.
    """
    original = originals["workbook"]
    rows = sheet_of(original, SHEET)
    head = next((i for i, row in enumerate(rows) if names_in(row)[:1] == ["Date"]), None)
    if head is None:
        raise InputError(f"{original.name}, sheet {SHEET}: no row that begins with 'Date'")
    where = f"{original.name}, sheet {SHEET}"
    at = columns_of(where, names_in(rows[head]), ["Date", *COLUMNS.values()], head + 1)
    data, below = _months(where, rows, head, at)
    had = present.cells("shiller")["month"]
    for told, found, wanted in (
        ("begins", data[0][0], had.min()),
        ("ends", data[-1][0], had.max()),
    ):
        if (found > wanted) if told == "begins" else (found < wanted):
            limit = "earlier" if told == "begins" else "later"
            raise InputError(f"{where}: {told} {found}; expected {wanted} or {limit}")
    table = pd.DataFrame(data, columns=["month", *COLUMNS])
    ends = {name: table.loc[table[name] != "", "month"].max() for name in COLUMNS}
    for name in ("dividend", "earnings", "cape"):
        _unbroken(where, COLUMNS[name], table["month"], table[name])
    last = ends["price"]
    remarks = "; ".join(
        dict.fromkeys(" ".join(c.split()) for r in below for c in r if isinstance(c, str))
    )
    note = (
        f"workbook read whole, to {last} (dividends to {ends['dividend']}, earnings to "
        f"{ends['earnings']}); sha256 {original.digest[:8]}..."
    )
    return Staged(
        tables={("shiller", "data"): table},
        sources={
            "shiller2026": {
                "year": original.day[:4],
                "accessed": original.day[:7],
                "note": note + (f"; under the months it says: {remarks}" if remarks else ""),
            }
        },
        descriptors={"shiller": {"vintage": original.day}},
        said=(
            f"{original.name}: {len(table)} months, {data[0][0]} to {last}; dividends to "
            f"{ends['dividend']}, earnings to {ends['earnings']}",
        ),
    )


def address_in(page: bytes) -> str:
    """Address of the workbook in the page that links it: it is another with each edition.

    Parameters
    ----------
    page : bytes
        The page https://shillerdata.com/ as served.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If there is no such link, or links to several files.

    Examples
    --------
    >>> address_in(b'<a href="//img1.wsimg.com/x/ie_data.xls?ver=17">data</a>')
    'https://img1.wsimg.com/x/ie_data.xls?ver=17'
    """
    found = sorted({match.decode("ascii", "replace") for match in _LINK.findall(page)})
    if len(found) != 1:
        raise InputError(
            f"shillerdata.com: {len(found)} links to ie_data.xls; expected one on the page"
        )
    return f"https:{found[0]}".replace("&amp;", "&")


def _months(
    where: str, rows: list[Row], head: int, at: Mapping[str, int]
) -> tuple[list[list[str]], list[Row]]:
    """Cells by month, and the rows under them."""
    data: list[list[str]] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        date = row[at["Date"]]
        if not isinstance(date, int | float):
            break
        place = f"{where}, row {number}"
        year, month = divmod(round(date * 100), 100)
        if not 1 <= month <= 12 or abs(date * 100 - round(date * 100)) > 1e-6:
            raise InputError(f"{place}, column Date: {date!r}; expected a month, YYYY.MM")
        text = f"{year}-{month:02d}"
        if data and text != (due := str(pd.Period(data[-1][0], "M") + 1)):
            raise InputError(
                f"{place}, column Date: {text} after {data[-1][0]}; expected {due}"
            )
        cells = [
            _number(f"{place}, column {column}", row[at[column]], blank=name not in EVERY)
            for name, column in COLUMNS.items()
        ]
        data.append([text, *cells])
    below = rows[head + 1 + len(data) :]
    if not data:
        raise InputError(f"{where}, row {head + 2}: no month; expected YYYY.MM under Date")
    for number, row in enumerate(below, start=head + 2 + len(data)):
        if any(isinstance(row[i], int | float) for i in at.values()):
            raise InputError(
                f"{where}, row {number}: numbers and no month; expected remarks alone under "
                f"{data[-1][0]}"
            )
    return data, below


def _number(place: str, value: Any, *, blank: bool) -> str:
    if (value is None or value == "NA") and blank:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise InputError(f"{place}: {value!r}; expected a number above 0")
    return f"{float(value):.12g}"


def _unbroken(where: str, column: str, months: pd.Series, cells: pd.Series) -> None:
    """Refuse a blank between two numbers: a column ends once."""
    filled = months[cells != ""]
    if filled.empty:
        raise InputError(f"{where}, column {column}: blank; expected numbers")
    inside = months.between(filled.iloc[0], filled.iloc[-1])
    if (gaps := months[inside & (cells == "")]).size:
        raise InputError(
            f"{where}, column {column}: blank in {gaps.iloc[0]}; expected a number"
        )


FEED = Feed("shiller", read_shiller, link=address_in)
