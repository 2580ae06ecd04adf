"""Make ``datasets/critical_values``: python research/curation/critical_values.py [--draws N].

Run from the root of the repository. The table depends on SIZES, draws and seed alone, not on
``--workers``.
"""

import argparse
import csv
import json
from pathlib import Path

from manias.data.validation import seal
from manias.explosive.critical import LEVELS, simulate_critical

SIZES = (50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000)
FIELDS = ("n", "stat", "end", "value90", "value95", "value99", "error90", "error95", "error99",
          "rows", "draws", "seed")  # fmt: skip
SOURCE = "manias2026critical"
COMMAND = "python research/curation/critical_values.py --draws {draws} --seed {seed}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2015)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("datasets/critical_values"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    fresh = asked.folder / "data.csv.new"
    with fresh.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for n in SIZES:
            found = simulate_critical(
                n, n_draws=asked.draws, seed=asked.seed, workers=asked.workers
            )
            tail = (found.rows, asked.draws, asked.seed)
            for stat in ("adf", "sadf", "gsadf"):
                values = [f"{getattr(found, stat)[level]:.4f}" for level in LEVELS]
                errors = [f"{found.errors[stat][level]:.4f}" for level in LEVELS]
                out.writerow([n, stat, n - 1, *values, *errors, *tail])
            for stat in ("badf", "bsadf"):
                path, spread = getattr(found, stat), found.errors[stat]
                for i in range(len(path["90"])):
                    values = [f"{path[level][i]:.4f}" for level in LEVELS]
                    errors = [f"{spread[level][i]:.4f}" for level in LEVELS]
                    out.writerow([n, stat, found.rows + i, *values, *errors, *tail])
    fresh.replace(asked.folder / "data.csv")
    draft = descriptor(COMMAND.format(draws=asked.draws, seed=asked.seed), asked.draws)
    (asked.folder / "datapackage.json").write_text(json.dumps(draft), encoding="utf-8")
    seal(asked.folder)


def descriptor(command: str, draws: int) -> dict:
    number = {"type": "number", "unit": "t-ratio"}
    fields = [
        {"name": "n", "type": "integer", "unit": "observations",
         "description": "observations of the series",
         "constraints": {"required": True, "minimum": 50, "maximum": 2000}},
        {"name": "stat", "type": "string", "constraints": {
            "required": True, "enum": ["adf", "sadf", "gsadf", "badf", "bsadf"]},
         "description": "badf: running supremum of BADF up to that end (the law of SADF at "
                        "each sample size); bsadf: BSADF at that end alone (pointwise)"},
        {"name": "end", "type": "integer", "unit": "regression rows",
         "description": "rows from the first of the sample to the last of the window"},
        *({"name": f"value{level}", **number, "description": f"{level}% quantile",
           "constraints": {"required": True}} for level in LEVELS),
        *({"name": f"error{level}", **number,
           "description": "Monte Carlo standard error (half the distance of the order "
                          "statistics one binomial standard deviation to either side)",
            "constraints": {"required": True}} for level in LEVELS),
        {"name": "rows", "type": "integer", "unit": "regression rows",
         "description": "shortest window, floor((0.01 + 1.8 / sqrt(n)) * n)"},
        {"name": "draws", "type": "integer", "unit": "replications",
         "description": "simulated series"},
        {"name": "seed", "type": "integer", "unit": "1", "description": "seed of the draws"},
    ]  # fmt: skip
    return {
        "name": "critical-values",
        "title": "Critical values of the ADF, SADF, GSADF and BSADF tests",
        "description": "Quantiles under a Gaussian random walk with drift 1/n, no lags, "
                       f"{draws} draws; made by: {command}",
        "version": "0.1.0",
        "processing": "computed",
        "licenses": [{
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }],
        "sources": [{"id": SOURCE, "title": "Monte Carlo of this project"}],
        "resources": [{
            "name": "data", "path": "data.csv", "type": "table", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8",
            "provenance": {"source": SOURCE, "locator": command, "grade": "A"},
            "schema": {"primaryKey": ["n", "stat", "end"], "fields": fields},
        }],
    }  # fmt: skip


if __name__ == "__main__":
    main()
