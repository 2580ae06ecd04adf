"""Rebuild the levels and members of ``datasets/ai_market`` from a folder of originals.

Only for those who maintain the data. Which file each series comes from, and its SHA-256, stand
in ``datasets/ai_market/series.csv``, which is kept by hand, as is ``windows.csv``; this writes
``data.csv`` and ``members.csv`` and renews the hashes. Prices never leave the originals. An
original is looked for in each folder given, in order.

    cd research/curation
    python market.py FOLDER [FOLDER ...]
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from manias.data.fingerprint import sha256
from manias.data.library import load
from manias.data.tables import Dataset
from manias.data.validation import seal
from manias.errors import DataError, ManiasError
from manias.lenses.ladder import AI_INDUSTRIES
from manias.series.baskets import TECHNOLOGY, Window, hold, members_at, month_ends, rebase

DATASET = Path(__file__).resolve().parents[2] / "datasets" / "ai_market"
BASKETS = {"technology": TECHNOLOGY, "ai-industries": tuple(AI_INDUSTRIES)}
WORST_ROUNDING = 0.01
"""Largest error by rounding that a level may have from the original's decimals."""


def build(folders: Sequence[Path], dataset: Path = DATASET) -> None:
    """Write the two tables that follow from the other two.

    Parameters
    ----------
    folders : sequence of Path
        Where the originals lie.
    dataset : Path, optional
        Folder with ``series.csv`` and ``windows.csv``.

    Raises
    ------
    DataError
        If an original is missing or is not the one whose hash stands in ``series.csv``.
    """
    industries, waves = load("us_industries"), _windows(dataset)
    chosen = [row for row in read_rows(dataset / "series.csv") if row["shipped"] == "yes"]
    data, members = [], []
    for row in chosen:
        window = waves[row["window"]]
        levels = levels_of(row, window, folders, industries)
        data += _lines(row, window, levels)
        if row["kind"] == "basket":
            members += _members(row, window, industries)
    write_rows(
        dataset / "data.csv", "window,series,month,level,known,source,locator,grade", data
    )
    header = "window,basket,industry,month,firms,size,market_value,weight,source,locator,grade"
    write_rows(dataset / "members.csv", header, members)
    seal(dataset)


def levels_of(
    row: Mapping[str, str], window: Window, folders: Sequence[Path], industries: Dataset
) -> pd.Series:
    """Monthly levels of one series inside its window, 100 in the month of the event."""
    if row["kind"] == "basket":
        return hold(BASKETS[row["series"]], window, dataset=industries)
    if row["series"] == "market":
        table = industries.tables["market"].set_index("month")
        growth = 1 + (table["market_excess"] + table["risk_free"]) / 100
        ends = growth.cumprod()
    else:
        ends = ends_of(row["original"], row["sha256"], folders)
    ends = ends.rename(f"{row['series']} ({row['window']})")
    if window.start - 1 not in ends.index:
        raise DataError(
            f"{ends.name}: no close in {window.start - 1}; expected one listed then"
        )
    return rebase(ends[ends.index.isin(window.months)], window.start)


def ends_of(original: str, expected: str, folders: Sequence[Path]) -> pd.Series:
    """Last closes of the months of an original, as far as its decimals are exact enough."""
    daily, least = closes(find(original, expected, folders))
    ends = month_ends(daily)
    return ends[ends >= least]


def find(name: str, expected: str, folders: Sequence[Path]) -> Path:
    """The original of that name in the first folder that has it, if it is the right one."""
    for folder in folders:
        if (path := folder / name).is_file():
            if (found := sha256(path.read_bytes())) != expected:
                raise DataError(f"{path}: sha256 {found}; expected {expected}")
            return path
    places = ", ".join(map(str, folders))
    raise DataError(f"{name}: not found in {places}; expected the original of series.csv")


def closes(path: Path) -> tuple[pd.Series, float]:
    """Closes by day, adjusted where the file says so, and the least that is exact enough.

    Below it, rounding to the decimals of the file may exceed `WORST_ROUNDING`.
    """
    table = pd.read_csv(path, dtype=str).rename(columns=str.lower)
    column = "adj close" if "adj close" in table else "close"
    if missing := [name for name in ("date", column) if name not in table]:
        raise DataError(f"{path}: no column {missing[0]!r}; expected date and close")
    days = pd.DatetimeIndex(pd.to_datetime(table["date"]))
    found = pd.Series(pd.to_numeric(table[column]).to_numpy(), days, name=path.name)
    decimals = table[column].str.partition(".")[2].str.len().max()
    return found, 0.5 * 10.0**-decimals / WORST_ROUNDING


def _lines(row: Mapping[str, str], window: Window, levels: pd.Series) -> Iterator[list[str]]:
    known = window.start.end_time.date().isoformat()
    for month, level in levels.items():
        early = known if month < window.start else ""
        source = row["source"].split(";")[0]
        yield [
            row["window"], row["series"], str(month), f"{level:.2f}", early, source,
            row["locator"].split(";")[0], row["grade"],
        ]  # fmt: skip


def _members(row: Mapping[str, str], window: Window, dataset: Dataset) -> Iterator[list[str]]:
    table = members_at(BASKETS[row["series"]], window.start, dataset)
    for industry, m in table.iterrows():
        yield [
            row["window"], row["series"], industry, str(window.start), f"{m['firms']:.0f}",
            f"{m['size']:.2f}", f"{m['market_value']:.2f}", f"{m['weight']:.6f}",
            "french2025industries", f"tables 5 and 6, row {window.start}", "A",
        ]  # fmt: skip


def _windows(dataset: Path) -> dict[str, Window]:
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
        for row in read_rows(dataset / "windows.csv")
    }


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a table as text."""
    try:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None


def write_rows(path: Path, header: str, rows: Sequence[Sequence[str]]) -> None:
    """Write a table of text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        build([Path(text) for text in sys.argv[1:]])
    except ManiasError as error:
        sys.exit(str(error))
