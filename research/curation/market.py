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
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from manias.data.fingerprint import sha256
from manias.data.library import load
from manias.data.tables import Dataset
from manias.data.validation import seal
from manias.errors import DataError, ManiasError
from manias.refresh import baskets, indices
from manias.refresh.feed import Original, Present
from manias.series.baskets import Window, month_ends

DATASET = Path(__file__).resolve().parents[2] / "datasets" / "ai_market"


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
    industries = load("us_industries")
    waves = baskets.windows_of(Present(dataset.parent))
    chosen = [row for row in read_rows(dataset / "series.csv") if row["shipped"] == "yes"]
    data, members = [], []
    for row in chosen:
        window = waves[row["window"]]
        data += baskets.lines_of(row, window, levels_of(row, window, folders, industries))
        if row["kind"] == "basket":
            members += baskets.members_of(row, window, industries)
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
    if baskets.is_derived(row):
        return baskets.levels_of(row, window, industries)
    ends = ends_of(row["original"], row["sha256"], folders)
    return baskets.inside(ends.rename(f"{row['series']} ({row['window']})"), window)


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
    """Closes by day, and the least that is exact enough, as a refresh reads them."""
    return indices.read_closes(Original("", str(path), path.read_bytes(), "", ""))[:2]


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
