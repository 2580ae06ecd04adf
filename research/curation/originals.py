"""Turn originals as published into the tables of ``datasets/``.

Only for those who maintain the data. Each original is checked by its SHA-256 before it is read;
a newer vintage means a new hash here, a new data version and a line in CHANGELOG.md.

    cd research/curation
    python originals.py us_industries 49_Industry_Portfolios.csv F-F_Research_Data_Factors.csv
    python originals.py shiller ie_data.xls
    python originals.py us_it_investment nipa_quarterly.csv
"""

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

from manias.data.fingerprint import sha256
from manias.data.validation import seal
from manias.errors import DataError
from manias.refresh.feed import Original, Present
from manias.refresh.shiller import read_shiller

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
ORIGINALS = {
    "industries": "72b57eb8c9d4e2dbdb6af5840656ae2649f828d294c0576f500305f92dc378a3",
    "factors": "ca11c34dc80e322885ceabe3df8fcf9fdda1e5efeceae5864642cfef45bb1a3b",
    "shiller": "30f762ba6b33f099d97cbc83c64a6949097995e4ce2c63ea29ed317d28aba862",
    "nipa": "03c91db90aad48620ca6968e34c9b4d872de6e5f3026da4e14875aa161460def",
}
MISSING = {"-99.99", "-999", "-999.00"}


def us_industries(industries: Path, factors: Path) -> None:
    """Monthly value-weighted returns, firms and size, long; market and book values beside them.

    Quirks of the original: several tables are stacked in one file, each with its own title;
    cells are padded with blanks; -99.99 and -999 stand for missing.
    """
    lines = _text(industries, "industries").splitlines()
    header = [cell.strip() for cell in lines[0].split(",")]
    returns = _block(lines, 1)
    firms = _block(lines, _title(lines, "Number of Firms in Portfolios") + 2)
    size = _block(lines, _title(lines, "Average Firm Size") + 2)
    if not len(returns) == len(firms) == len(size):
        raise DataError(f"{industries}: tables of unequal length")
    rows = []
    for ret, count, mean in zip(returns, firms, size, strict=True):
        if not ret[0] == count[0] == mean[0]:
            raise DataError(f"{industries}: months differ, {ret[0]} and {count[0]}")
        for i, industry in enumerate(header[1:], start=1):
            values = ["" if row[i] in MISSING else row[i] for row in (ret, count, mean)]
            if values[0]:
                rows.append([_month(ret[0]), industry, *values])
    _write(DATASETS / "us_industries" / "data.csv", "month,industry,return,firms,size", rows)

    # Row t has the book values of the fiscal years that ended in t-1 over the market value at
    # the end of t-1: it is lowest in 2000 and highest in 1933, and ends a year before the rest.
    rows = []
    for row in _block(lines, _title(lines, "Sum of BE / Sum of ME") + 2):
        for industry, value in zip(header[1:], row[1:], strict=True):
            if value not in MISSING:
                rows.append([f"{row[0]}-06", industry, value])
    _write(DATASETS / "us_industries" / "book.csv", "formed,industry,book_to_market", rows)

    lines = _text(factors, "factors").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Date,"))
    monthly = [row for row in _block(lines, start + 1) if len(row[0]) == 6]
    rows = [[_month(row[0]), row[1], row[4]] for row in monthly]
    _write(DATASETS / "us_industries" / "market.csv", "month,market_excess,risk_free", rows)
    seal(DATASETS / "us_industries")


def shiller(workbook: Path) -> None:
    """Monthly price, dividend, earnings, prices, long rate and CAPE since 1871, by its feed."""
    content = workbook.read_bytes()
    _verify(content, "shiller")
    original = Original("workbook", workbook.name, content, "", "")
    staged = read_shiller({"workbook": original}, Present(DATASETS))
    table = staged.tables["shiller", "data"]
    rows = table.to_numpy().tolist()
    _write(DATASETS / "shiller" / "data.csv", ",".join(table.columns), rows)
    seal(DATASETS / "shiller")


def us_it_investment(nipa: Path) -> None:
    """Quarterly investment in information processing equipment and software, and GDP.

    Grade: A to 2019Q4, where an independent copy of the same series (vintage 2024Q4) agrees
    to the last digit; B from 2020, where it differs as annual revisions do or does not reach.
    """
    text = _text(nipa, "nipa")
    columns = [
        "quarter",
        "ip_equip_and_software",
        "ip_equipment",
        "computers_periph",
        "software",
        "gdp",
    ]
    rows = []
    for line in csv.DictReader(io.StringIO(text)):
        grade = "A" if line["quarter"] < "2020" else "B"
        rows.append(
            [
                *(line[c] for c in columns),
                "bea2026nipa",
                f"NIPA quarterly, {line['quarter']}",
                grade,
            ]
        )
    header = (
        "quarter,info_equipment_software,info_equipment,computers,software,gdp,"
        "source,locator,grade"
    )
    _write(DATASETS / "us_it_investment" / "data.csv", header, rows)
    seal(DATASETS / "us_it_investment")


def _verify(content: bytes, key: str) -> None:
    if (found := sha256(content)) != ORIGINALS[key]:
        raise DataError(f"{key}: sha256 {found}; expected {ORIGINALS[key]}")


def _text(path: Path, key: str) -> str:
    content = path.read_bytes()
    _verify(content, key)
    return content.decode("latin-1")


def _title(lines: list[str], title: str) -> int:
    return next(i for i, line in enumerate(lines) if line.strip() == title)


def _block(lines: list[str], start: int) -> list[list[str]]:
    rows = []
    for line in lines[start:]:
        cells = [cell.strip() for cell in line.split(",")]
        if not cells[0].isdigit():
            break
        rows.append(cells)
    return rows


def _month(text: str) -> str:
    return f"{text[:4]}-{text[4:]}"


def _write(path: Path, header: str, rows: Iterable[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("us_industries", "shiller", "us_it_investment"):
        sys.exit(__doc__)
    globals()[sys.argv[1]](*map(Path, sys.argv[2:]))
