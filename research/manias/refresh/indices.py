"""Levels of indices, funds and single names of the AI window, from files of the user's own.

No price is kept: what goes into the table are last closes of months in percent of that of the
month of the event, to two decimals. The last month of a file is left out as unfinished.
"""

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from manias.errors import DataError, InputError
from manias.refresh.baskets import inside, is_derived, lines_of, replaced, windows_of
from manias.refresh.feed import Feed, Original, Present, Staged, columns_of, rows_of, text_of
from manias.series.baskets import month_ends

WINDOW = "ai"
WORST_ROUNDING = 0.01
"""Largest error by rounding that a level may have from the original's decimals."""
AGREEMENT = 2 * WORST_ROUNDING
"""Largest part by which a level may differ from that of the same month in the table: a level
has two errors by rounding, its own and that of the month of the event. Files that adjust for
dividends and files that do not differ by more within the five years before the event, unless
almost none are paid."""
LAST_DAYS = 7
"""A month is whole where its last close lies in so many last days of it."""
SOURCE = "closes_of_the_user"
MISSING = frozenset({"", "null", "nan", "N/A", "-"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+\.?\d*|\.\d+")


def read_indices(originals: Mapping[str, Original], present: Present) -> Staged:
    """Levels of those series of the AI window for which there is a file.

    Parameters
    ----------
    originals : mapping of str to Original
        By key of the series: daily closes, columns ``Date`` and ``Close`` or ``Adj Close``.
    present : Present

    Returns
    -------
    Staged
        Tables ``data`` and ``series`` of ``ai_market``: the series at hand made anew, all
        others as they stand.

    Raises
    ------
    InputError
        If a file has no close in a month of the window that the table has, ends earlier, is
        not daily, or differs from the table by more than `AGREEMENT` in a month that both have:
        then it is of another share, or adjusts closes in another way.

    Notes
    -----
    Columns are told by their names in any case of letters; adjusted closes are taken where a
    file has them. A file that rounds so that a level might err by more than `WORST_ROUNDING`
    is refused.
    """
    table = present.cells("ai_market", "series")
    where = (table["window"] == WINDOW) & (table["shipped"] == "yes")
    takes = {row["series"]: row for row in table[where].to_dict("records")}
    takes = {key: row for key, row in takes.items() if not is_derived(row)}
    if odd := [key for key in originals if key not in takes]:
        raise InputError(f"{odd[0]}: no series of the AI window; expected {', '.join(takes)}")
    window = windows_of(present)[WINDOW]
    data = present.cells("ai_market")
    made, said, days = {}, [], []
    for key, original in originals.items():
        daily, least, column = read_closes(original)
        ends = month_ends_of(original, daily)
        if (ends < least).any():
            raise InputError(
                f"{original.name}: close {ends.min():g} in {ends.idxmin()}; expected {least:g} "
                "or more, or more decimals: rounding would move a level by more than "
                f"{WORST_ROUNDING:.0%}"
            )
        try:
            levels = inside(ends.rename(original.name), window)
        except DataError as error:
            raise InputError(str(error)) from None
        had = data[(data["window"] == WINDOW) & (data["series"] == key)]
        _agree(original, levels, had.set_index("month")["level"])
        row = {
            "original": original.name,
            "sha256": original.digest,
            "source": SOURCE,
            "locator": f"{original.name}, column {column}",
            "grade": "B",
        }
        mine = (table["window"] == WINDOW) & (table["series"] == key)
        for name, cell in row.items():
            table.loc[mine, name] = cell
        made[WINDOW, key] = list(lines_of(takes[key] | row, window, levels))
        days.append(original.day)
        said.append(f"{original.name}: {key} to {levels.index[-1]}, column {column}")
    return Staged(
        tables={
            ("ai_market", "data"): replaced(
                data, table.to_dict("records"), ("window", "series"), made
            ),
            ("ai_market", "series"): table,
        },
        sources={SOURCE: _source(max(days))} if days else {},
        said=tuple(said),
    )


def read_closes(original: Original) -> tuple[pd.Series, float, str]:
    """Closes by day, adjusted where the file says so, and the least that is exact enough.

    Parameters
    ----------
    original : Original
        Comma-separated, with ``date`` and ``close`` or ``adj close`` in any case of letters.

    Returns
    -------
    found : pandas.Series
        By day, in the order of the file; days without a close are left out.
    least : float
        Below it, rounding to the decimals of the file may exceed `WORST_ROUNDING`.
    column : str
        The column, as the file writes it.

    Raises
    ------
    InputError
        If a column is missing or a cell is no day or positive number.

    Examples
    --------
    >>> file = Original("soxx", "SOXX.csv", b"Date,Close\\n2026-08-03,250.25\\n", "", "")
    >>> closes, least, column = read_closes(file)
    >>> closes.tolist(), round(least, 3), column
    ([250.25], 0.5, 'Close')
    """
    rows = rows_of(text_of(original))
    header = rows[0] if rows else []
    lower = [cell.lower() for cell in header]
    wanted = "adj close" if "adj close" in lower else "close"
    at = columns_of(original.name, lower, ["date", wanted])
    column = header[at[wanted]]
    closes: dict[pd.Timestamp, float] = {}
    decimals = 0
    for number, cells in enumerate(rows[1:], start=2):
        where = f"{original.name}, row {number}"
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise InputError(f"{where}: {len(cells)} cells; expected {len(header)}")
        day, close = cells[at["date"]], cells[at[wanted]]
        stamp = _day(where, day)
        if close in MISSING:
            continue
        if not _NUMBER.fullmatch(close) or not float(close) > 0:
            raise InputError(f"{where}, column {column}: {close!r}; expected a number above 0")
        if stamp in closes:
            raise InputError(f"{where}: {day} stands twice; expected each day once")
        closes[stamp] = float(close)
        decimals = max(decimals, len(close.partition(".")[2]))
    if not closes:
        raise InputError(f"{original.name}: no close; expected one a day")
    found = pd.Series(closes, dtype=float, name=original.name)
    return found, 0.5 * 10.0**-decimals / WORST_ROUNDING, column


def month_ends_of(original: Original, daily: pd.Series) -> pd.Series:
    """Last closes of the months of a daily file, each of them whole; the last is left out.

    Parameters
    ----------
    original : Original
        For the message.
    daily : pandas.Series
        By day.

    Returns
    -------
    pandas.Series
        By month.

    Raises
    ------
    InputError
        If a month has no close in its `LAST_DAYS` last days.
    """
    ends = month_ends(daily)
    days = daily.index.to_series().groupby(daily.index.to_period("M")).max()
    for month, day in days[ends.index].items():
        if (month.end_time.normalize() - day).days >= LAST_DAYS:
            raise InputError(
                f"{original.name}: last close of {month} is that of {day.date()}; expected one "
                f"in its {LAST_DAYS} last days"
            )
    return ends


def _agree(original: Original, levels: pd.Series, had: pd.Series) -> None:
    """Refuse a file that is not of the series as it stands."""
    found = {str(month): level for month, level in levels.items()}
    if missing := [month for month in had.index if month not in found]:
        raise InputError(
            f"{original.name}: no level in {missing[0]}; expected {had.index[0]} to "
            f"{had.index[-1]} at least, as in the table"
        )
    months = sorted(found)
    every = [str(month) for month in pd.period_range(months[0], months[-1], freq="M")]
    if gaps := [month for month in every if month not in found]:
        raise InputError(f"{original.name}: no close in {gaps[0]}; expected every month")
    apart = {month: abs(found[month] / float(level) - 1) for month, level in had.items()}
    worst = max(apart, key=apart.__getitem__)
    if apart[worst] > AGREEMENT:
        raise InputError(
            f"{original.name}: level {found[worst]:.2f} in {worst}; expected {had[worst]} of "
            f"the table within {AGREEMENT:.0%}: the same share, adjusted in the same way"
        )


def _day(where: str, text: str) -> pd.Timestamp:
    try:
        if _DAY.fullmatch(text):
            return pd.Timestamp(date.fromisoformat(text))
    except ValueError:
        pass
    raise InputError(f"{where}, column date: {text!r}; expected a day, YYYY-MM-DD")


def _source(day: str) -> dict[str, str]:
    return {
        "title": "Daily closes in files of the user's own",
        "author": "Vendors of prices, as downloaded by the user",
        "year": day[:4],
        "publisher": "",
        "url": "",
        "licence": "The vendor's terms, no open licence; only monthly levels derived from it, "
        "in percent of one month, are shipped, no price",
        "seen": "full text",
        "accessed": day[:7],
        "note": "each file read whole; its SHA-256 stands in the table of series",
    }


FEED = Feed("ai_market", read_indices, every=False, after=("baskets",))
