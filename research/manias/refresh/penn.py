"""Penn World Table: capital formation of every country, from the workbook or the Stata file."""

import io
import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from manias.errors import InputError
from manias.refresh.feed import Feed, Original, Present, Staged, columns_of
from manias.refresh.fixed_assets import fitted
from manias.refresh.workbook import open_workbook, plain, rows_of_sheet
from manias.series.flows import RECORDS

COLUMNS = ("countrycode", "country", "year", "csh_i")
"""Columns that are read."""
USUAL = (0.05, 0.6)
"""Median in which shares of GDP lie; shares in percent do not."""
_IN_TEXT = re.compile(r"(?:Penn World Table|PWT)[\s,]*(?:version\s*)?(\d{1,2}\.\d{1,2})", re.I)
_IN_NAME = re.compile(r"pwt(\d{2,4})(?!\d)", re.I)


def read_penn(originals: Mapping[str, Original], present: Present) -> Staged:
    """Share of gross capital formation in GDP, country by country.

    Parameters
    ----------
    originals : mapping of str to Original
        ``table``: the workbook (sheet Data) or the Stata file of a version.
    present : Present

    Returns
    -------
    Staged
        The table of ``world_investment``. Years without a share have no row.

    Raises
    ------
    InputError
        If a column is missing, a cell is of another form, a country's years do not follow each
        other, shares are no shares, or the version reaches less far than the table.

    Notes
    -----
    Shares are rounded to five decimals: those of the Stata file have four bytes.
    """
    original = originals["table"]
    cells, info = read_shares(original)
    version, where = version_of(original.name, info)
    before = present.cells("world_investment")
    years, had = (t["year"].astype(int) for t in (cells, before))
    if years.max() < had.max() or years.min() > had.min():
        raise InputError(
            f"{original.name}: years {years.min()} to {years.max()}; expected {had.min()} to "
            f"{had.max()} at least, which the table has"
        )
    told = present.resource("world_investment").get("provenance", {}).get("locator", "")
    old = re.search(r"version (\d+\.\d+)", told)
    if old and float(version) < float(old[1]):
        raise InputError(
            f"{original.name}: version {version}; expected {old[1]} or later, that of the table"
        )
    locator = "column csh_i, row of the country and year"
    sheet = "pwt.dta" if _is_stata(original) else "sheet Data"
    return Staged(
        tables={("world_investment", "data"): cells},
        sources={
            "feenstrainklaartimmer2015": {
                "title": "The Next Generation of the Penn World Table, American Economic "
                f"Review 105(10), 3150-3182; Penn World Table, version {version}",
                "accessed": original.day[:7],
                "note": f"version {version} read whole; sha256 {original.digest[:8]}...",
            }
        },
        descriptors={
            "world_investment": {
                "vintage": original.day,
                "description": describe(version, cells),
                "provenance": {
                    "data": {
                        "source": "feenstrainklaartimmer2015",
                        "locator": f"version {version}, {sheet}, {locator}",
                        "grade": "A",
                    }
                },
            }
        },
        said=_said(original.name, version, where, cells, before),
    )


def read_shares(original: Original) -> tuple[pd.DataFrame, str]:
    """Shares of a version, as cells of text, and what its sheet Info says.

    Parameters
    ----------
    original : Original

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        ``country``, ``name``, ``year``, ``share``; the text is "" for a Stata file.

    Raises
    ------
    InputError
        As `read_penn`.
    """
    rows, info = _read_table(original)
    return _cells(original.name, rows), info


def version_of(name: str, info: str = "") -> tuple[str, str]:
    """Version of a Penn World Table, and where it is said.

    Parameters
    ----------
    name : str
        Of the file, or its address.
    info : str
        Text of the sheet Info.

    Returns
    -------
    tuple of (str, str)

    Raises
    ------
    InputError
        If neither says it.

    Examples
    --------
    >>> version_of("pwt1001.xlsx"), version_of("pwt110.dta"), version_of("pwt91 (2).xlsx")
    (('10.01', 'name'), ('11.0', 'name'), ('9.1', 'name'))
    >>> version_of("datafile/554105", "Penn World Table, version 11.0")
    ('11.0', 'sheet Info')
    """
    if found := _IN_NAME.search(name.replace("\\", "/").rpartition("/")[2]):
        digits = found[1]
        whole = 1 if len(digits) == 2 else 2
        return f"{digits[:whole]}.{digits[whole:]}", "name"
    if found := _IN_TEXT.search(info):
        return found[1], "sheet Info"
    raise InputError(
        f"{name}: no version; expected one in the name (pwt110.xlsx) or in the sheet Info"
    )


def describe(version: str, cells: pd.DataFrame) -> str:
    """Description of ``world_investment``.

    Parameters
    ----------
    version : str
    cells : pandas.DataFrame
        Its cells as text.

    Returns
    -------
    str
    """
    share, year = cells["share"].astype(float), cells["year"].astype(int)
    below, above = int((share < 0).sum()), int((share > 1).sum())
    return (
        f"Penn World Table {version}, csh_i, {cells['country'].nunique()} countries, "
        f"{year.min()} to {year.max()}: gross capital formation over GDP, both at current "
        "purchasing power parities, so that a share may move with relative prices. Shares "
        f"below zero ({below} rows) and above one ({above} rows) stand as "
        "published. A year without a share has no row. Rounded to five decimals from "
        "figures of four bytes. Taken as known two years after the year: a version of the "
        "table follows the last year in it by more than a year, and each revises all years; "
        f"the figures are those of version {version}, not those first printed. "
        f"{fitted(*RECORDS['countries'])}"
    )


def _is_stata(original: Original) -> bool:
    old = (b"\x71", b"\x72", b"\x73")
    return original.content[:11] == b"<stata_dta>" or original.content[:1] in old


def _read_table(original: Original) -> tuple[list[tuple[object, ...]], str]:
    """Rows of the columns that are read, the number of the row last, and the sheet Info."""
    if _is_stata(original):
        return _stata_rows(original), ""
    book = open_workbook(original)
    try:
        there = {plain(name).lower(): name for name in book.sheetnames}
        if "data" not in there:
            raise InputError(
                f"{original.name}: sheets {', '.join(book.sheetnames)}; expected a sheet Data"
            )
        info = ""
        if "info" in there:
            rows = rows_of_sheet(book[there["info"]])
            info = " ".join(plain(cell) for row in rows for cell in row if plain(cell))
        rows = list(rows_of_sheet(book[there["data"]]))
    finally:
        book.close()
    header = [plain(cell) for cell in rows[0]] if rows else []
    at = columns_of(f"{original.name}, sheet Data", header, COLUMNS)
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [row[at[c]] if at[c] < len(row) else None for c in COLUMNS]
        if any(cell is not None for cell in cells):
            found.append((*cells, number))
    return found, info


def _stata_rows(original: Original) -> list[tuple[object, ...]]:
    try:
        table = pd.read_stata(io.BytesIO(original.content), convert_categoricals=False)
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:80]
        raise InputError(
            f"{original.name}: no file of Stata ({told}); expected a whole .dta"
        ) from None
    columns_of(original.name, list(map(str, table.columns)), COLUMNS)
    kept = table[list(COLUMNS)].astype(object)
    kept = kept.where(kept.notna(), None)
    return [(*row, i) for i, row in enumerate(kept.itertuples(index=False, name=None), start=1)]


def _cells(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    names: dict[str, str] = {}
    years: dict[str, list[int]] = {}
    found = []
    for code, country, year, share, number in rows:
        key, title = plain(code), plain(country)
        if not re.fullmatch(r"[A-Z]{3}", key):
            raise InputError(
                f"{name}, row {number}, column countrycode: {key!r}; expected three letters"
            )
        if not title or names.setdefault(key, title) != title:
            raise InputError(
                f"{name}, row {number}, column country: {title!r}; expected one name of {key}, "
                f"{names.get(key, 'not blank')!r}"
            )
        if not re.fullmatch(r"(?:19|20)\d\d", plain(year)):
            raise InputError(
                f"{name}, row {number}, column year: {plain(year)!r}; expected a year"
            )
        years.setdefault(key, []).append(int(plain(year)))
        if share is None:
            continue
        if isinstance(share, bool | str) or not math.isfinite(share):  # type: ignore[arg-type]
            raise InputError(
                f"{name}, row {number}, column csh_i: {share!r}; expected a number or a blank"
            )
        text = f"{float(share):.5f}"  # type: ignore[arg-type]
        found.append([key, title, plain(year), "0.00000" if text == "-0.00000" else text])
    for key, one in years.items():
        one.sort()
        gap = next(((a, b) for a, b in pairwise(one) if b != a + 1), None)
        if gap is not None:
            raise InputError(
                f"{name}: {key} has {gap[1]} after {gap[0]}; expected each year once, without "
                "a gap"
            )
    if not found:
        raise InputError(f"{name}: no share; expected numbers in column csh_i")
    cells = pd.DataFrame(found, columns=["country", "name", "year", "share"])
    middle = cells["share"].astype(float).median()
    if not USUAL[0] <= middle <= USUAL[1]:
        raise InputError(
            f"{name}, column csh_i: median {middle:g}; expected shares of GDP, {USUAL[0]:g} to "
            f"{USUAL[1]:g}"
        )
    return cells.sort_values(["country", "year"], kind="stable").reset_index(drop=True)


def _said(
    name: str, version: str, where: str, cells: pd.DataFrame, before: pd.DataFrame
) -> tuple[str, ...]:
    year = cells["year"].astype(int)
    keys = ["country", "year"]
    both = before.merge(cells, on=keys, how="outer", suffixes=("", "_now"), indicator=True)
    common = both[both["_merge"] == "both"]
    moved = (common["share_now"].astype(float) - common["share"].astype(float)).abs()
    lost = both[both["_merge"] == "left_only"]
    gone = sorted(set(before["country"]) - set(cells["country"]))
    lines = [
        f"{name}: version {version} (by its {where}), {cells['country'].nunique()} countries, "
        f"{year.min()} to {year.max()}; the count of spending stays on "
        f"{RECORDS['countries'][0]} to {RECORDS['countries'][1]}",
        f"{name}: {int((moved > 0).sum()):,} of {len(common):,} shares revised, half of all by "
        f"{moved.median():.5f} or less, one in ten by more than {moved.quantile(0.9):.5f}",
    ]
    if len(lost):
        countries = f", among them all of {', '.join(gone)}" if gone else ""
        lines.append(f"{name}: {len(lost):,} shares are not in it any more{countries}")
    return tuple(lines)


FEED = Feed("world_investment", read_penn)
