"""Kenneth French's 49 industries and factors: several tables stacked in one file of text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from manias.data.fingerprint import sha256
from manias.errors import InputError
from manias.refresh.feed import (
    Feed,
    Original,
    Present,
    Staged,
    columns_of,
    rows_of,
    text_of,
    unpacked,
)

MISSING = frozenset({"-99.99", "-999", "-999.00"})
RETURNS, FIRMS, SIZE, BOOK = (
    "Average Value Weighted Returns -- Monthly",
    "Number of Firms in Portfolios",
    "Average Firm Size",
    "Sum of BE / Sum of ME",
)
"""Titles of the tables that are used."""
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_VINTAGE = re.compile(r"using (?:the )?(\d{4})(\d{2}) CRSP database", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A table inside of a file: rows of cells, and the row of the file that each stands in."""

    header: list[str]
    rows: list[list[str]]
    first: int


def read_french(originals: Mapping[str, Original], present: Present) -> Staged:
    """Monthly returns, firms and size of industries, the market, and book values.

    Parameters
    ----------
    originals : mapping of str to Original
        ``industries`` and ``factors``, as CSV or packed.
    present : Present

    Returns
    -------
    Staged
        Tables ``data``, ``market`` and ``book`` of ``us_industries``.

    Raises
    ------
    InputError
        If a table, column or month is missing, or a cell is no number.

    Notes
    -----
    -99.99 and -999 stand for missing. A row of book values for year t has those of the fiscal
    years that ended in t-1 over the market value at the end of t-1.
    """
    industries, factors = originals["industries"], originals["factors"]
    rows = rows_of(text_of(industries))
    returns, firms, size, book = (
        _block(industries.name, rows, title) for title in (RETURNS, FIRMS, SIZE, BOOK)
    )
    codes = present.cells("us_industries")["industry"].unique().tolist()
    columns = columns_of(industries.name, returns.header, codes, returns.first - 1)
    if extra := [c for c in returns.header[1:] if c not in columns]:
        raise InputError(
            f"{industries.name}, row {returns.first - 1}: column {extra[0]!r}; expected the "
            f"industries {', '.join(codes[:3])} and so on"
        )
    for other, title in ((firms, FIRMS), (size, SIZE), (book, BOOK)):
        if other.header[1:] != returns.header[1:]:
            raise InputError(
                f"{industries.name}, row {other.first - 1}: other columns in {title!r}; "
                f"expected those of {RETURNS!r}"
            )
    counts, means = _by_month(firms), _by_month(size)
    data = []
    for row in returns.rows:
        for other, title in ((counts, FIRMS), (means, SIZE)):
            if row[0] not in other:
                raise InputError(
                    f"{industries.name}: no month {row[0]} in {title!r}; expected every month "
                    f"of {RETURNS!r}"
                )
        for code in returns.header[1:]:
            at = columns[code]
            cells = [_blank(r[at]) for r in (row, counts[row[0]], means[row[0]])]
            if cells[0]:
                data.append([_month(row[0]), code, *cells])
    values = [
        [f"{row[0]}-06", code, row[columns[code]]]
        for row in book.rows
        for code in book.header[1:]
        if _blank(row[columns[code]])
    ]
    market, to = _market(factors)
    for original, part, months in (
        (industries, "data", [row[0] for row in data]),
        (factors, "market", [row[0] for row in market]),
    ):
        _reaches(original.name, months, present.cells("us_industries", part)["month"])
    cut = _vintage(industries)
    return Staged(
        tables={
            ("us_industries", "data"): pd.DataFrame(
                data, columns=["month", "industry", "return", "firms", "size"]
            ),
            ("us_industries", "market"): pd.DataFrame(
                market, columns=["month", "market_excess", "risk_free"]
            ),
            ("us_industries", "book"): pd.DataFrame(
                values, columns=["formed", "industry", "book_to_market"]
            ),
        },
        sources={
            "french2025industries": _source("49 Industry Portfolios, monthly", industries),
            "french2025factors": _source(
                "Fama/French 3 factors, monthly", factors, "; market is Mkt-RF plus RF"
            ),
        },
        descriptors={"us_industries": {"vintage": cut}},
        said=(
            f"{industries.name}: {len(codes)} industries, {_month(returns.rows[0][0])} to "
            f"{_month(returns.rows[-1][0])}, database of {cut}",
            f"{factors.name}: the market, to {to}",
        ),
    )


def _reaches(name: str, months: Sequence[str], had: Sequence[str]) -> None:
    """A file that holds less than there is already is an older one, or a part."""
    for end, found, known, word in (
        ("begins", min(months), min(had), "earlier"),
        ("ends", max(months), max(had), "later"),
    ):
        if (found > known) if end == "begins" else (found < known):
            raise InputError(f"{name}: {end} {found}; expected {known} or {word}")


def _source(title: str, original: Original, more: str = "") -> dict[str, str]:
    vintage = _vintage(original)
    digest = sha256(unpacked(original, ".csv"))
    return {
        "title": f"{title} (CRSP vintage {vintage.replace('-', '')})",
        "year": vintage[:4],
        "accessed": original.day[:7],
        "note": f"the file read whole; sha256 {digest[:8]}...{more}",
    }


def _vintage(original: Original) -> str:
    if not (found := _VINTAGE.search(text_of(original)[:2000])):
        raise InputError(
            f"{original.name}, row 1: no month of the CRSP database; expected 'created using "
            "the YYYYMM CRSP database'"
        )
    return f"{found[1]}-{found[2]}"


def _market(factors: Original) -> tuple[list[list[str]], str]:
    rows = rows_of(text_of(factors))
    head = next((i for i, row in enumerate(rows) if "Mkt-RF" in row), None)
    if head is None:
        raise InputError(f"{factors.name}: no column 'Mkt-RF'; expected it over the months")
    at = columns_of(factors.name, rows[head], ["Mkt-RF", "RF"], head + 1)
    block = _numbers(factors.name, rows, head, lambda text: len(text) == 6)
    found = [[_month(r[0]), r[at["Mkt-RF"]], r[at["RF"]]] for r in block.rows]
    return found, found[-1][0]


def _block(name: str, rows: Sequence[Sequence[str]], title: str) -> _Block:
    places = [i for i, row in enumerate(rows) if " ".join(row).strip().startswith(title)]
    if len(places) != 1:
        raise InputError(f"{name}: {len(places)} tables {title!r}; expected one")
    return _numbers(name, rows, places[0] + 1, str.isdigit)


def _numbers(name: str, rows: Sequence[Sequence[str]], head: int, is_period) -> _Block:
    """The rows under a header, up to the first that does not begin with a period."""
    found: list[list[str]] = []
    for row in rows[head + 1 :]:
        if not row or not row[0].isdigit() or not is_period(row[0]):
            break
        found.append(list(row))
    if not found:
        raise InputError(f"{name}, row {head + 2}: no period; expected YYYYMM or YYYY first")
    for number, row in enumerate(found, start=head + 2):
        if len(row) != len(rows[head]):
            raise InputError(
                f"{name}, row {number}: {len(row)} cells; expected {len(rows[head])}"
            )
        for column, cell in zip(rows[head], row, strict=True):
            if not _NUMBER.fullmatch(cell):
                raise InputError(
                    f"{name}, row {number}, column {column or 'period'}: {cell!r}; expected a "
                    "number"
                )
        if len(row[0]) == 6 and not 1 <= int(row[0][4:]) <= 12:
            raise InputError(f"{name}, row {number}: {row[0]!r}; expected a month, YYYYMM")
        if number > head + 2 and int(row[0]) != _next(int(found[number - head - 3][0])):
            raise InputError(
                f"{name}, row {number}: {row[0]} after {found[number - head - 3][0]}; "
                "expected the period that follows"
            )
    return _Block(list(rows[head]), found, head + 2)


def _next(period: int) -> int:
    if period < 10_000:
        return period + 1
    return period + 89 if period % 100 == 12 else period + 1


def _by_month(block: _Block) -> dict[str, list[str]]:
    return {row[0]: row for row in block.rows}


def _blank(cell: str) -> str:
    return "" if cell in MISSING else cell


def _month(text: str) -> str:
    return f"{text[:4]}-{text[4:]}"


FEED = Feed("us_industries", read_french)
