"""Put company facts of the SEC in the place of second-hand quarters in ``ai_capex``.

Only for those who maintain the data. The responses are known by their SHA-256; numbers that
were in the table are compared before they are replaced, and what differs stops the run.

    cd research/curation
    python companies.py FOLDER_OF_RESPONSES
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from manias.data.fingerprint import sha256
from manias.data.validation import seal
from manias.errors import DataError
from manias.refresh.company_facts import read_company_facts

DATASET = Path(__file__).resolve().parents[2] / "datasets" / "ai_capex"
RESPONSES = {
    "62d42c65a87b9c92cdaf9e5f342dd3a8cdbba2d2e3e4c5c495f2b884dab991c8": (
        "Alphabet",
        "sec_facts_alphabet",
    ),
    "4ea0de632d2a4c602459857ffbe1dbc7144bcca0b8167fc2968b74db11003c3a": (
        "Alphabet",
        "capexatlas2026",
    ),
    "af4991143f28d3ef37f12126819ee14e0a49362edfb4cebd379e66ffba4d62d5": (
        "Apple",
        "sec_facts_apple",
    ),
    "93edcffe24f55d08284ff1736e41aa1a8e743ab6e4a6eea52cb8e9392b0ae6be": (
        "Nvidia",
        "sec_facts_nvidia",
    ),
    "531a1fbfba9e34b4adea6cd7ccc2b053d2d5058c82df7b1ccc927577df93eff8": (
        "Meta",
        "capexatlas2026",
    ),
    "12aba266bbfdcc9b95dd914870bc6c599ece65b90bc32612e62319b7426c4ff5": (
        "Microsoft",
        "capexatlas2026",
    ),
    "2a490df6b534479f0eb07270a120d18980c065a6dc3e3dfbf6bc2ec8ed05f6c1": (
        "Amazon",
        "valuationgalaxy2026",
    ),
    "ef5354a488e1f51ca089cce9eba2bcdad040313b5b2856fdfeffd926efd257e7": (
        "Microsoft",
        "valuationgalaxy2026",
    ),
    "49bf2a1e3bd8d9fbd392c574144b6879a821248ba9a016f63de3869044a8e32a": (
        "Meta",
        "valuationgalaxy2026",
    ),
    "1ab30468215e7aef04696a4eb9affbbbdaa0682bb0aec2694c72651dcd4b2ce2": (
        "Oracle",
        "valuationgalaxy2026",
    ),
}
"""Responses by their hash; where two hold a number, the first one listed gives it."""
VENDOR = "statements2025export"
ONLY_REPLACES = frozenset({"valuationgalaxy2026"})
"""Sources that put no row into the table that was not there."""
AS_RESTATED = {("Meta", "capex", f"2022-{day}") for day in ("03-31", "06-30", "09-30", "12-31")}
"""Quarters that stay as a later filing gives them under another tag: net of proceeds."""
MISTAGGED = {("Oracle", "revenue", f"{year}-05-31") for year in (2019, 2020, 2021, 2022)}
"""Facts with the dates of a quarter that hold the sum of its fiscal year."""
FIRST = "2019"
ROUNDING = 0.0015
"""Billions by which two copies of one number may differ: both are rounded to a million."""
KEY = ["company", "measure", "period_end"]
COLUMNS = [*KEY, "value", "unit", "published", "source", "locator", "grade", "note"]


def build(folder: Path, dataset: Path = DATASET) -> None:
    """Merge the responses in a folder into the table; print what changed."""
    table = pd.read_csv(dataset / "data.csv", dtype=str, keep_default_na=False)
    official = pd.concat([_official(p) for p in _files(folder)], ignore_index=True)
    official = official.drop_duplicates(KEY).set_index(KEY)
    official = official.drop(index=[*AS_RESTATED, *MISTAGGED], errors="ignore")
    kept = table[~table.apply(_is_broken, axis=1)]
    rows, replaced = [], 0
    for row in kept.to_dict("records"):
        at = tuple(row[k] for k in KEY)
        if at in official.index:
            rows.append(_replaced(row, official.loc[at].to_dict()))
            replaced += 1
        else:
            rows.append(row)
    known = {tuple(r[k] for k in KEY) for r in rows}
    new = [
        r
        for r in official.reset_index().to_dict("records")
        if tuple(r[k] for k in KEY) not in known and r["source"] not in ONLY_REPLACES
    ]
    merged = pd.DataFrame([*rows, *new])[COLUMNS].sort_values(KEY)
    merged = _say_changes(merged)
    merged.to_csv(dataset / "data.csv", index=False, lineterminator="\n")
    seal(dataset)
    print(f"{len(table) - len(kept)} rows dropped, {replaced} replaced, {len(new)} new")


def _files(folder: Path) -> list[Path]:
    found = {sha256(p.read_bytes()): p for p in sorted(folder.glob("*.json"))}
    if missing := [names for key, names in RESPONSES.items() if key not in found]:
        raise DataError(f"{folder}: no response of {', '.join(n for n, _ in missing)}")
    return [found[key] for key in RESPONSES]


def _official(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    company, source = RESPONSES[sha256(content)]
    facts = read_company_facts(json.loads(content))
    facts = facts[facts["period_end"] >= FIRST]
    facts = facts[~facts["measure"].isin(["finance_lease_principal"])]
    return pd.DataFrame(
        {
            "company": company,
            "measure": facts["measure"],
            "period_end": facts["period_end"],
            "value": facts["value"].map(lambda v: f"{v:.3f}"),
            "unit": "billion USD",
            "published": facts["published"],
            "source": source,
            "locator": "us-gaap:" + facts["tag"] + ", filing " + facts["filing"],
            "grade": "A",
            "note": facts["note"],
        }
    )


def _replaced(row: Mapping[str, str], official: Mapping[str, str]) -> dict[str, str]:
    at = {k: row[k] for k in KEY}
    theirs, ours = float(official["value"]), float(row["value"])
    if abs(theirs - ours) <= ROUNDING:
        return {**at, **official}
    restated = f"restated as {ours:.3f}"
    if restated not in official["note"]:
        raise DataError(f"ai_capex {at}: {ours} here, {theirs} in the filing")
    return {**at, **official}


def _is_broken(row: pd.Series) -> bool:
    """Whether a row of the vendor's has a definition that its column cannot promise."""
    if row["source"] != VENDOR:
        return row["measure"] == "long_term_debt"
    if row["measure"] in ("long_term_debt", "total_debt"):
        return True
    if row["measure"] != "depreciation_amortization":
        return False
    only_depreciation = row["company"] == "Alphabet" and row["period_end"] >= "2023"
    nine_months_off = row["company"] == "Alphabet" and row["period_end"] in (
        "2021-12-31",
        "2022-12-31",
    )
    return only_depreciation or nine_months_off or row["company"] == "CoreWeave"


CHANGED = "source changes here"
SAID = rf"(?:; )?{CHANGED}(?:; the same definition)?"


def _say_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Say in the note where the source inside a series changes, and there alone."""
    series = table.groupby(KEY[:2])["source"]
    changes = (series.shift() != table["source"]) & series.shift().notna()
    table["note"] = [
        note if change else re.sub(SAID, "", note)
        for note, change in zip(table["note"], changes, strict=True)
    ]
    silent = changes & ~table["note"].str.contains(CHANGED)
    extra = CHANGED + "; the same definition"
    notes = table.loc[silent, "note"]
    table.loc[silent, "note"] = [f"{n}; {extra}" if n else extra for n in notes]
    return table


if __name__ == "__main__":
    build(Path(sys.argv[1]))
