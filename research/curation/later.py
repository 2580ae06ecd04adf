"""Rebuild the levels of ``datasets/later_market`` from a folder of originals.

Only for those who maintain the data. The tables ``series.csv``, ``members.csv`` and
``themes.csv`` are kept by hand by the rule in ``RULE.md``; this writes ``data.csv`` and renews
the hashes. Prices never leave the originals. An original is looked for in each folder given,
in order.

    cd research/curation
    python later.py FOLDER [FOLDER ...]
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd
from manias.data.library import load
from manias.data.validation import seal
from manias.errors import DataError, ManiasError
from manias.refresh import baskets
from manias.series.baskets import rebase
from manias.series.later_booms import FIRST, charter, hold_equal
from market import ends_of, read_rows, write_rows

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
DATASET = DATASETS / "later_market"
HEADER = "series,month,level,known,source,locator,grade"


def build(folders: Sequence[Path], dataset: Path = DATASET) -> None:
    """Write the levels that follow from the other tables.

    Parameters
    ----------
    folders : sequence of Path
        Where the originals lie.
    dataset : Path, optional
        Folder with ``series.csv`` and ``members.csv``.

    Raises
    ------
    DataError
        If an original is missing or is not the one whose hash is on record, or if a series
        does not begin in the month that ``series.csv`` says.
    """
    members, data = read_rows(dataset / "members.csv"), []
    for row in read_rows(dataset / "series.csv"):
        if row["shipped"] == "yes":
            data += _lines(row, levels_of(row, members, folders))
    write_rows(dataset / "data.csv", HEADER, data)
    seal(dataset)


def levels_of(
    row: Mapping[str, str], members: Sequence[Mapping[str, str]], folders: Sequence[Path]
) -> pd.Series:
    """Monthly levels of one series, 100 in the first month of it."""
    key, start = row["series"], pd.Period(row["start"], freq="M")
    if key == baskets.MARKET:
        return baskets.market_since(row, load("us_industries"))
    if row["kind"] == "basket":
        files = [m for m in members if m["series"] == key]
        since = pd.Series(
            pd.PeriodIndex([m["month"] for m in files], freq="M"), [m["member"] for m in files]
        )
        first, names = charter(since)
        bought = [m for m in files if m["member"] in names]
        prices = pd.DataFrame(
            {m["member"]: ends_of(m["original"], m["sha256"], folders) for m in bought}
        )
        levels = hold_equal(prices[first:])
    else:
        ends = ends_of(row["original"], row["sha256"], folders)
        if key == "sp500-total":
            ends = with_dividends(ends)
        levels = ends[max(FIRST, start) :]
    if levels.empty or levels.index[0] != start:
        found = "nothing" if levels.empty else levels.index[0]
        raise DataError(f"{key}: begins {found}; expected {start} as in series.csv")
    return rebase(levels.rename(key), start)


def with_dividends(ends: pd.Series) -> pd.Series:
    """Add a twelfth of a year's dividends to each month's close, as far as they are known."""
    dividend = load("shiller").frame.set_index("month")["dividend"].dropna() / 12
    months = ends.index.intersection(dividend.index)
    growth = (ends + dividend) / ends.shift()
    return growth.reindex(months[months >= FIRST]).cumprod()


def dividend_lag() -> int:
    """Days after the end of a month at which ``shiller`` takes a dividend for known."""
    descriptor = json.loads((DATASETS / "shiller" / "datapackage.json").read_text())
    return int(descriptor["resources"][0]["known"]["lag_days"])


def _lines(row: Mapping[str, str], levels: pd.Series) -> Iterator[list[str]]:
    if row["series"] != "sp500-total":
        yield from baskets.later_lines_of(row, levels)
        return
    lag = timedelta(days=dividend_lag())
    for month, level in levels.items():
        known = (month.end_time.date() + lag).isoformat()
        yield [
            row["series"], str(month), f"{level:.2f}", known, row["source"], row["locator"],
            row["grade"],
        ]  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        build([Path(text) for text in sys.argv[1:]])
    except ManiasError as error:
        sys.exit(str(error))
