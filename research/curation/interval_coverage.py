"""Make ``datasets/coverage``: python research/curation/interval_coverage.py [PART ...].

Run from the root of the repository; about half an hour on one core. Named parts are measured
anew and the rows of the others kept. What is measured, and how, stands in
``research/trust/promises/coverage.py``; the draws behind each row stand in it, and with them
and the seed the row is the same again.
"""

import argparse
import csv
import json
import math
import sys
from pathlib import Path

from manias.data.validation import seal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from trust.promises.coverage import FULL, SEED, Covered

FIELDS = (
    "part", "kind", "interval", "nominal", "clusters", "coverage", "error", "before", "draws",
    "labelled", "seed", "source", "locator", "grade",
)  # fmt: skip
SOURCE = "manias2026coverage"
TITLE = "How often the printed intervals hold the truth, on simulated samples"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[[], *FULL], help="all when none is named")
    parser.add_argument("--folder", type=Path, default=Path("datasets/coverage"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder / "data.csv"
    kept: dict[str, list[dict]] = {part: [] for part in FULL}
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            for one in csv.DictReader(file):
                kept[one["part"]].append(one)
    for part in asked.parts or FULL:
        measure, draws = FULL[part]
        kept[part] = [row(part, one) for one in measure(draws)]
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, FIELDS, lineterminator="\n")
            out.writeheader()
            out.writerows(one for rows in kept.values() for one in rows)
        print(f"{part}: {len(kept[part])} intervals", file=sys.stderr)
    package = json.dumps(descriptor(), ensure_ascii=False)
    (asked.folder / "datapackage.json").write_text(package, encoding="utf-8")
    seal(asked.folder)


def row(part: str, one: Covered) -> dict:
    """One interval as it is written down."""
    return {
        "part": part,
        "kind": one.kind,
        "interval": one.what,
        "nominal": f"{one.nominal:g}",
        "clusters": one.clusters,
        "coverage": f"{one.coverage:.4f}",
        "error": f"{one.error:.4f}",
        "before": "" if math.isnan(one.before) else f"{one.before:.4f}",
        "draws": one.draws,
        "labelled": int(one.is_short),
        "seed": SEED,
        "source": SOURCE,
        "locator": f"python research/curation/interval_coverage.py {part}",
        # Truths, sizes and dependence are measured on tables of several grades.
        "grade": "B",
    }


def descriptor() -> dict:
    """What the columns mean."""
    needed = {"constraints": {"required": True}}
    share = {"type": "number", "unit": "1", "constraints": {
        "required": True, "minimum": 0, "maximum": 1}}  # fmt: skip
    count = {"type": "integer", "constraints": {"required": True, "minimum": 1}}
    fields = [
        {"name": "part", "type": "string", "constraints": {"required": True, "enum": [*FULL]},
         "description": "measurement: a function of research/trust/promises/coverage.py"},
        {"name": "kind", "type": "string", "constraints": {"required": True, "enum": [
            "price ladder", "spending ladder", "gain", "slope", "coefficient", "probability",
            "mean rank", "forecast", "gauge"]}, "description": "kind of interval"},
        {"name": "interval", "type": "string", **needed, "description": "which interval"},
        {"name": "nominal", **share,
         "description": "how often it says that it holds the truth"},
        {"name": "clusters", **count, "unit": "clusters",
         "description": "fewest clusters that it rests on; of forecasts start years"},
        {"name": "coverage", **share,
         "description": "how often it held the truth of simulated samples like the data; of "
         "forecasts how often what came in one start year lay inside the range of the others"},
        {"name": "error", **share,
         "description": "Monte Carlo standard error; of forecasts that over the years; of "
         "gauges with what one error of the mean gain, up and down, does to it"},
        {"name": "before", "type": "number", "unit": "1",
         "constraints": {"minimum": 0, "maximum": 1},
         "description": "how often the interval did that was printed until November 2026: a "
         "bootstrap of clusters, or one that takes cases for independent; blank where it is "
         "the same or was not measured"},
        {"name": "draws", **count, "unit": "replications",
         "description": "simulated samples; of forecasts start years"},
        {"name": "labelled", "type": "integer", "unit": "1",
         "constraints": {"required": True, "enum": ["0", "1"]},
         "description": "1 where it holds the truth less often than it says, by more than two "
         "points and two Monte Carlo errors, so that the report says so"},
        {"name": "seed", "type": "integer", "unit": "1", **needed,
         "description": "seed of the samples"},
        {"name": "source", "type": "string", **needed,
         "description": 'keys of sources.json, separated by "; "'},
        {"name": "locator", "type": "string", **needed,
         "description": "command that makes the row again"},
        {"name": "grade", "type": "string",
         "constraints": {"required": True, "enum": ["A", "B", "C", "J"]},
         "description": "that of the weakest tables whose sizes and dependence are used"},
    ]  # fmt: skip
    return {
        "name": "coverage",
        "title": TITLE,
        "description": "How often each printed interval holds the truth on samples that are "
        "like the data and whose truth is known; made by: python "
        "research/curation/interval_coverage.py",
        "version": "0.1.0",
        "processing": "computed",
        "licenses": [{"name": "CC-BY-4.0", "title": "CC BY 4.0",
                      "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [{"title": TITLE + ", computed by this project", "id": SOURCE,
                     "licence": "CC BY 4.0", "seen": "full text"}],
        "resources": [{
            "name": "data", "path": "data.csv", "type": "table", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8",
            "known": {"always": "computed from simulated samples"},
            "schema": {"primaryKey": ["kind", "interval"], "fields": fields},
        }],
    }  # fmt: skip


if __name__ == "__main__":
    main()
