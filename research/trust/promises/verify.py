"""Kept models are those that the code fits to the tables."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from trust.promise import Finding, Promise


def verify_all() -> Finding:
    """Every kept model is fitted again, and every number of its card compared."""
    start = time.monotonic()
    command = [sys.executable, "-m", "manias.cli.main", "verify", "--all", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    if not done.stdout:
        return Finding(done.stderr.strip() or f"ended with {done.returncode}", False)
    rows = json.loads(done.stdout)
    wrong = [row["id"] for row in rows if not row["agrees"]]
    # A difference that is not a number is told as none at all.
    gaps = [row["largest_difference"] for row in rows]
    largest = "infinite" if None in gaps else f"{max(gaps):.1e}"
    figure = (
        f"{len(rows) - len(wrong)} of {len(rows)} cards agree, largest relative difference "
        f"{largest}, in {seconds:.0f} s"
    )
    return Finding("; ".join([figure, *wrong]), done.returncode == 0 and not wrong)


PROMISES = (
    Promise(
        "verify-all",
        "Every kept model, fitted again, has the numbers of its card within a millionth",
        verify_all,
        4,
    ),
)
