"""Make ``datasets/size_power``: python research/curation/size_power.py.

Run from the root of the repository; it takes about eight minutes on one core. The table depends
on SIZES, draws and seed alone, not on ``--workers``.
"""

import argparse
import csv
import json
from pathlib import Path

from manias.data.validation import seal
from manias.explosive.dating import DatingRule, measure_dating
from manias.explosive.simulate import PROCESSES

SIZES = (100, 200, 400)
SEED = 1
FIELDS = ("process", "n", "critical", "is_null", "gsadf", "gsadf_error", "dated",
          "dated_error", "draws", "bootstrap", "level", "seed")  # fmt: skip
SOURCE = "manias2026power"
COMMAND = "python research/curation/size_power.py --draws {draws} --wild {wild} --boot {boot}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--draws", type=int, default=10_000, help="series with Monte Carlo values"
    )
    parser.add_argument(
        "--wild", type=int, default=1_000, help="series with the wild bootstrap"
    )
    parser.add_argument("--boot", type=int, default=199, help="draws of each wild bootstrap")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("datasets/size_power"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    fresh = asked.folder / "data.csv.new"
    with fresh.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for process in PROCESSES:
            for n in SIZES:
                for critical in ("monte carlo", "wild"):
                    is_wild = critical == "wild"
                    draws = asked.wild if is_wild else asked.draws
                    found = measure_dating(
                        process, n, critical=critical, n_draws=draws, n_boot=asked.boot,
                        seed=SEED, workers=asked.workers,
                    )  # fmt: skip
                    shares = [
                        f"{found[name]:.4f}"
                        for name in ("gsadf", "gsadf_error", "dated", "dated_error")
                    ]
                    out.writerow([
                        process, n, critical, int(found["is_null"]), *shares, draws,
                        asked.boot if is_wild else "", DatingRule().level, SEED,
                    ])  # fmt: skip
    fresh.replace(asked.folder / "data.csv")
    command = COMMAND.format(draws=asked.draws, wild=asked.wild, boot=asked.boot)
    (asked.folder / "datapackage.json").write_text(
        json.dumps(descriptor(command)), encoding="utf-8"
    )
    seal(asked.folder)


def descriptor(command: str) -> dict:
    share = {"type": "number", "unit": "1", "constraints": {
        "required": True, "minimum": 0, "maximum": 1}}  # fmt: skip
    count = {"type": "integer", "constraints": {"required": True, "minimum": 1}}
    fields = [
        {"name": "process", "type": "string", "description":
         "what is simulated: a process of manias.explosive.simulate with its default settings",
         "constraints": {"required": True, "enum": list(PROCESSES)}},
        {"name": "n", **count, "unit": "observations",
         "description": "observations of each series"},
        {"name": "critical", "type": "string", "description":
         "critical values: the table critical_values (monte carlo), or a wild bootstrap of "
         "each series that keeps its shocks in their places (wild)",
         "constraints": {"required": True, "enum": ["monte carlo", "wild"]}},
        {"name": "is_null", "type": "integer", "unit": "1",
         "description": "1 where the process has no bubble, so that shares are false alarms",
         "constraints": {"required": True, "minimum": 0, "maximum": 1}},
        {"name": "gsadf", **share, "description": "share of series in which GSADF rejects"},
        {"name": "gsadf_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "dated", **share, "description":
         "share of series in which at least one episode is dated with the defaults of "
         "manias.explosive.dating.DatingRule (GSADF gate, running boundary, at least "
         "floor(ln n) periods)"},
        {"name": "dated_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "draws", **count, "unit": "replications", "description": "simulated series"},
        {"name": "bootstrap", "type": "integer", "unit": "replications",
         "description": "draws of each wild bootstrap; blank where there is none"},
        {"name": "level", "type": "integer", "unit": "percent",
         "description": "level of gate and boundary", "constraints": {"required": True}},
        {"name": "seed", "type": "integer", "unit": "1",
         "description": "seed of the series; that of the critical values is another"},
    ]  # fmt: skip
    return {
        "name": "size-power",
        "title": "Size and power of the dating of explosive episodes",
        "description": "How often the defaults raise an alarm on series whose truth is known, "
                       "with and without bubbles, no lags, shortest window by default; made "
                       f"by: {command}",
        "version": "0.1.0",
        "processing": "computed",
        "licenses": [{
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }],
        "sources": [{"id": SOURCE, "title": "Simulation of this project"}],
        "resources": [{
            "name": "data", "path": "data.csv", "type": "table", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8",
            "provenance": {"source": SOURCE, "locator": command, "grade": "A"},
            "schema": {"primaryKey": ["process", "n", "critical"], "fields": fields},
        }],
    }  # fmt: skip


if __name__ == "__main__":
    main()
