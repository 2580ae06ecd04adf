"""Make ``world_shares`` from a public copy of the OECD's share prices.

Only for those who maintain the data. The original is checked by its SHA-256; the folders given,
or those of MANIAS_ORIGINALS, hold it under this name.

    cd research/curation
    python countries.py [FOLDER ...]

| name | where it was read |
|---|---|
| share_prices.csv | advaitpai/CS418_Project-GDP c71706c, data/uncleaned |
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from manias.data.fingerprint import sha256
from manias.data.validation import seal
from manias.errors import DataError, ManiasError
from market import write_rows

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
ORIGINAL = "share_prices.csv"
DIGEST = "60fd4bf9c1893553d96c6940d8a2f44df72c8d47c19009e2fd44069208a7baa6"
FOUNDED, JOINED = 1961, {"ITA": 1962, "JPN": 1964, "FIN": 1969, "AUS": 1971, "NZL": 1973}
FOUNDERS = (
    "AUT", "BEL", "CAN", "CHE", "DEU", "DNK", "ESP", "FRA", "GBR", "GRC", "IRL", "ISL", "ITA",
    "LUX", "NLD", "NOR", "PRT", "SWE", "TUR", "USA",
)  # fmt: skip
NAMES = {
    "AUS": "Australia", "AUT": "Austria", "BEL": "Belgium", "BGR": "Bulgaria",
    "BRA": "Brazil", "CAN": "Canada", "CHE": "Switzerland", "CHL": "Chile", "CHN": "China",
    "COL": "Colombia", "CZE": "Czechia", "DEU": "Germany", "DNK": "Denmark",
    "EA19": "Euro area (19 countries)", "ESP": "Spain", "EST": "Estonia", "FIN": "Finland",
    "FRA": "France", "GBR": "United Kingdom", "GRC": "Greece", "HRV": "Croatia",
    "HUN": "Hungary", "IDN": "Indonesia", "IND": "India", "IRL": "Ireland", "ISL": "Iceland",
    "ISR": "Israel", "ITA": "Italy", "JPN": "Japan", "KOR": "Korea", "LUX": "Luxembourg",
    "LVA": "Latvia", "MEX": "Mexico", "NLD": "Netherlands", "NOR": "Norway",
    "NZL": "New Zealand", "POL": "Poland", "PRT": "Portugal", "ROU": "Romania",
    "RUS": "Russia", "SVK": "Slovakia", "SVN": "Slovenia", "SWE": "Sweden", "TUR": "Türkiye",
    "USA": "United States", "ZAF": "South Africa",
}  # fmt: skip


def world_shares(folders: Sequence[Path], datasets: Path = DATASETS) -> None:
    """Monthly levels as printed, zeros left out; names and years of joining beside them."""
    table = pd.read_csv(find(folders), dtype=str, encoding="utf-8-sig", keep_default_na=False)
    months = table[table["FREQUENCY"] == "M"]
    if set(kinds := months["INDICATOR"] + months["SUBJECT"] + months["MEASURE"]) != {
        "SHPRICETOTIDX2015"
    }:
        raise DataError(f"{ORIGINAL}: {sorted(set(kinds))}; expected share prices, 2015 = 100")
    kept = months[months["Value"].astype(float) > 0].sort_values(["LOCATION", "TIME"])
    folder = datasets / "world_shares"
    columns = ["LOCATION", "TIME", "Value", "Flag Codes"]
    write_rows(folder / "data.csv", "country,month,level,flag", kept[columns].values.tolist())
    since = dict.fromkeys(FOUNDERS, FOUNDED) | JOINED
    rows = [[c, NAMES[c], str(since.get(c, ""))] for c in sorted(set(kept["LOCATION"]))]
    write_rows(folder / "countries.csv", "country,name,member_since", rows)
    seal(folder)


def find(folders: Sequence[Path]) -> Path:
    """The original in the first folder that has it, if it is the right one."""
    for folder in folders:
        if (path := folder / ORIGINAL).exists():
            if (found := sha256(path.read_bytes())) != DIGEST:
                raise DataError(f"{path}: sha256 {found}; expected {DIGEST}")
            return path
    places = ", ".join(map(str, folders))
    raise DataError(
        f"{ORIGINAL}: not found in {places}; expected the original named in countries.py"
    )


if __name__ == "__main__":
    given = sys.argv[1:] or os.environ.get("MANIAS_ORIGINALS", "").split(os.pathsep)
    if not any(given):
        sys.exit(__doc__)
    try:
        world_shares([Path(text) for text in given])
    except ManiasError as error:
        sys.exit(str(error))
