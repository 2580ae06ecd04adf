"""Draw cells of the evidence at random, to be looked up by somebody who coded none of them.

    python research/curation/draw.py --seed 20261203 --output draw.csv

Half of the cells are drawn from the verdicts, episodes and years of first use, which rest on
reading; half from figures and statements. Tables computed or converted whole from one original
are left out: they are compared with it elsewhere. Each cell comes with its row, source, locator
and the address of the source. The answers go into the last columns: confirmed, half,
contradicted or not found, with what was seen and where.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from manias.data.library import LIBRARY, load

READ = {"innovations": 9, "verdicts": 11, "episodes": 5}
FIGURES = {
    "buildouts": 6, "uk_railways": 2, "history_money": 1, "payback": 2, "assumptions": 2,
    "statements": 4, "claims": 2, "financing": 1, "ai_capex": 1, "depreciation_lives": 1,
    "commitments": 1, "ai_revenue": 1, "trajectories": 1,
}  # fmt: skip
"""Cells drawn from each table."""
CELLS = {
    "innovations": ("commercialised",),
    "verdicts": ("verdict", "onset", "peak", "trough", "rise_pct", "fall_pct"),
    "episodes": ("onset", "peak", "trough", "rise_pct", "fall_pct"),
    "trajectories": ("onset", "commercialised", "peak"),
    "assumptions": ("low", "central", "high"),
    "depreciation_lives": ("new_years", "effect"),
    "claims": ("status",),
}
"""Columns drawn from; ``value`` in the others."""
PROVENANCE = {"innovations": "commercialised_"}
"""What comes before source, locator and grade, where columns have their own."""


def _value(row: pd.Series, column: str) -> object:
    """The cell; of a year of first use both ends, where they differ."""
    first = row.get(f"{column}_from", row[column])
    return row[column] if first == row[column] else f"{first}-{row[column]}"


def draw(seed: int) -> pd.DataFrame:
    """Cells as rows: table, row, column, value, source, locator, grade, note, address."""
    rng = np.random.default_rng(seed)
    sources, found = LIBRARY.sources(), []
    for table, n in (READ | FIGURES).items():
        frame = load(table).frame
        own = PROVENANCE.get(table, "")
        cells = [
            (i, column)
            for column in CELLS.get(table, ("value",))
            for i in frame.index[frame[column].notna() & frame[f"{own}grade"].isin(["A", "B"])]
        ]
        for at in rng.choice(len(cells), size=n, replace=False):
            i, column = cells[at]
            row = frame.loc[i]
            keys = str(row[f"{own}source"]).split("; ")
            works = [sources[key] for key in keys]
            found.append(
                {
                    "table": table,
                    "row": "; ".join(f"{c}={row[c]}" for c in load(table).keys["data"]),
                    "column": column,
                    "value": _value(row, column),
                    "unit": row.get("unit", ""),
                    "source": "; ".join(keys),
                    "locator": row[f"{own}locator"],
                    "grade": row[f"{own}grade"],
                    "note": row.get(f"{own}note", ""),
                    "work": " | ".join(f"{s.author}, {s.title}, {s.year}" for s in works),
                    "address": " | ".join(s.url for s in works),
                    "result": "",
                    "seen": "",
                }
            )
    return pd.DataFrame(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    draw(asked.seed).to_csv(asked.output, index=False)
