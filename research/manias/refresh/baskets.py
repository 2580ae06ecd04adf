"""Levels that follow from other tables: baskets of industries, and the market.

They rest on no original of their own. Whenever ``us_industries`` is made anew, so are they, so
that no level stays behind the returns that it is made of.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from manias.data.tables import Dataset
from manias.errors import DataError, InputError
from manias.lenses.ladder import AI_INDUSTRIES
from manias.refresh.feed import Feed, Original, Present, Staged
from manias.series.baskets import TECHNOLOGY, Window, hold, members_at, rebase
from manias.series.later_booms import FIRST

BASKETS = {"technology": TECHNOLOGY, "ai-industries": tuple(AI_INDUSTRIES)}
MARKET = "market"
"""Key of the market in both tables of levels."""
Cells = Mapping[str, str]


def read_baskets(originals: Mapping[str, Original], present: Present) -> Staged:
    """Recompute what follows from ``us_industries``, and leave every other level as it stands.

    Parameters
    ----------
    originals : mapping of str to Original
        None is looked at.
    present : Present
        With ``us_industries`` as staged.

    Returns
    -------
    Staged
        Tables ``data`` and ``members`` of ``ai_market``, table ``data`` of ``later_market``:
        baskets and the market made anew, as far as the industries and the market reach.

    Raises
    ------
    DataError
        If a return or market value is missing inside of a window.

    See Also
    --------
    manias.series.baskets.hold : How a basket is held.
    """
    industries = industries_of(present)
    waves = windows_of(present)
    listed = present.cells("ai_market", "series").to_dict("records")
    made: dict[tuple[str, str], list[list[str]]] = {}
    members: list[list[str]] = []
    for row in listed:
        if row["shipped"] == "yes" and is_derived(row):
            window = waves[row["window"]]
            levels = levels_of(row, window, industries)
            made[row["window"], row["series"]] = list(lines_of(row, window, levels))
            if row["kind"] == "basket":
                members += members_of(row, window, industries)
    data = replaced(present.cells("ai_market"), listed, ("window", "series"), made)
    columns = [f["name"] for f in present.resource("ai_market", "members")["schema"]["fields"]]
    later = present.cells("later_market", "series").to_dict("records")
    market = {
        (row["series"],): list(later_lines_of(row, market_since(row, industries)))
        for row in later
        if row["shipped"] == "yes" and row["series"] == MARKET
    }
    reach = {rows[-1][2] for (_, key), rows in made.items() if key != MARKET}
    ends = {rows[-1][2] for (_, key), rows in made.items() if key == MARKET}
    now = present.cells("ai_market").groupby(["window", "series"])["month"].max()
    return Staged(
        tables={
            ("ai_market", "data"): data,
            ("ai_market", "members"): pd.DataFrame(members, columns=columns, dtype=str),
            ("later_market", "data"): replaced(
                present.cells("later_market"), later, ("series",), market
            ),
        },
        said=(
            f"us_industries: baskets to {max(reach)}, the market to {max(ends)}",
            *(
                f"ai_market, {key} ({window}): ends {rows[-1][2]}, earlier than "
                f"{now[window, key]} so far"
                for (window, key), rows in made.items()
                if (window, key) in now and rows[-1][2] < now[window, key]
            ),
        ),
    )


def is_derived(row: Cells) -> bool:
    """Whether a series follows from other tables, and needs no file."""
    return row["kind"] == "basket" or row["series"] == MARKET


def replaced(
    present: pd.DataFrame,
    listed: Iterable[Cells],
    keys: tuple[str, ...],
    made: Mapping[tuple[str, ...], list[list[str]]],
) -> pd.DataFrame:
    """A table of levels in the order of its series, with some of them made anew.

    Parameters
    ----------
    present : pandas.DataFrame
        Cells as they stand.
    listed : iterable of mapping
        Rows of the table of series.
    keys : tuple of str
        Columns that tell the series apart.
    made : mapping of tuple of str to list of list of str
        By key of the series: its rows.

    Returns
    -------
    pandas.DataFrame
        Of str.
    """
    kept = {
        key if isinstance(key, tuple) else (key,): rows.to_numpy().tolist()
        for key, rows in present.groupby(list(keys), sort=False)
    }
    rows = []
    for row in listed:
        if row["shipped"] == "yes":
            key = tuple(row[column] for column in keys)
            rows += made.get(key) or kept.get(key, [])
    return pd.DataFrame(rows, columns=present.columns, dtype=str)


def levels_of(row: Cells, window: Window, industries: Dataset) -> pd.Series:
    """Monthly levels of a basket or of the market, 100 in the month of the event.

    Parameters
    ----------
    row : mapping of str to str
        Of the table ``series`` of ``ai_market``.
    window : Window
    industries : Dataset
        ``us_industries``.

    Returns
    -------
    pandas.Series
        By month.
    """
    if row["kind"] == "basket":
        return hold(BASKETS[row["series"]], window, dataset=industries)
    return inside(wealth_of(industries).rename(f"{row['series']} ({row['window']})"), window)


def inside(ends: pd.Series, window: Window) -> pd.Series:
    """Month ends inside a window, in percent of the month of the event.

    Parameters
    ----------
    ends : pandas.Series
        By month.
    window : Window

    Returns
    -------
    pandas.Series

    Raises
    ------
    DataError
        If there is none in the month before the event: it was not listed then.
    """
    if window.start - 1 not in ends.index:
        raise DataError(
            f"{ends.name}: no close in {window.start - 1}; expected one listed then"
        )
    return rebase(ends[ends.index.isin(window.months)], window.start)


def wealth_of(industries: Dataset) -> pd.Series:
    """Wealth of one unit put into the US market, dividends put back.

    Parameters
    ----------
    industries : Dataset
        ``us_industries``.

    Returns
    -------
    pandas.Series
        By month.
    """
    table = industries.tables["market"].set_index("month")
    return (1 + (table["market_excess"] + table["risk_free"]) / 100).cumprod()


def market_since(row: Cells, industries: Dataset) -> pd.Series:
    """Levels of the market in ``later_market``, 100 in its first month.

    Parameters
    ----------
    row : mapping of str to str
        Of the table ``series`` of ``later_market``.
    industries : Dataset
        ``us_industries``.

    Returns
    -------
    pandas.Series
        By month.
    """
    start = pd.Period(row["start"], freq="M")
    return rebase(wealth_of(industries)[max(FIRST, start) :].rename(MARKET), start)


def lines_of(row: Cells, window: Window, levels: pd.Series) -> Iterator[list[str]]:
    """Rows of ``ai_market``: levels to two decimals, known not before the event."""
    known = window.start.end_time.date().isoformat()
    for month, level in levels.items():
        early = known if month < window.start else ""
        yield [
            row["window"], row["series"], str(month), f"{level:.2f}", early,
            row["source"].split("; ")[0], row["locator"].split("; ")[0], row["grade"],
        ]  # fmt: skip


def members_of(row: Cells, window: Window, industries: Dataset) -> Iterator[list[str]]:
    """Rows of the members of a basket, at the end of the month before the event."""
    table = members_at(BASKETS[row["series"]], window.start, industries)
    for industry, m in table.iterrows():
        yield [
            row["window"], row["series"], industry, str(window.start), f"{m['firms']:.0f}",
            f"{m['size']:.2f}", f"{m['market_value']:.2f}", f"{m['weight']:.6f}",
            "french2025industries", f"tables 5 and 6, row {window.start}", "A",
        ]  # fmt: skip


def later_lines_of(row: Cells, levels: pd.Series) -> Iterator[list[str]]:
    """Rows of ``later_market`` of a series that is known at the end of each month."""
    for month, level in levels.items():
        yield [
            row["series"], str(month), f"{level:.2f}", "", row["source"].split("; ")[0],
            row["locator"].split("; ")[0], row["grade"],
        ]  # fmt: skip


def windows_of(present: Present) -> dict[str, Window]:
    """The waves as ``ai_market`` has them."""
    return {
        row["window"]: Window(
            key=row["window"],
            name=row["name"],
            start=pd.Period(row["start"], freq="M"),
            before=int(row["before"]),
            after=int(row["after"]),
            event=row["event"],
            source=row["source"],
            locator=row["locator"],
            grade=row["grade"],
        )
        for row in present.cells("ai_market", "windows").to_dict("records")
    }


def industries_of(present: Present) -> Dataset:
    """Months of industries and of the market as staged, typed; nothing else of the dataset."""
    tables = {}
    for name in ("data", "market"):
        cells = present.cells("us_industries", name)
        table = pd.DataFrame({"month": pd.PeriodIndex(cells["month"], freq="M")})
        for column in cells.columns[1:]:
            text = column == "industry"
            table[column] = cells[column] if text else pd.to_numeric(cells[column])
        tables[name] = table
    if tables["data"].empty or tables["market"].empty:
        raise InputError("us_industries: no months; expected returns of industries and market")
    return Dataset(
        *("us_industries", "", "", "", ""),
        frame=tables["data"],
        tables=MappingProxyType(tables),
        keys={},
        units={},
        sources=(),
        fingerprint="",
        grade="A",
        clocks={},
        vintage="",
    )


FEED = Feed("baskets", read_baskets, every=False, after=("us_industries",))
