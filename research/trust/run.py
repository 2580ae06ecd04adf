"""Try the promises and write `TRUST.md`: `python research/trust/run.py [NAME ...]`.

Every module of `promises` holds `PROMISES`, a tuple of `Promise`. What a trial found is kept
in `results.json` beside this file with its date and versions; lines that were not tried now
keep what was found before.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from trust import promises as _promises  # noqa: E402
from trust.promise import Promise  # noqa: E402

RESULTS = HERE / "results.json"
TRUST = HERE.parent.parent / "TRUST.md"
LIBRARIES = ("numpy", "pandas", "statsmodels", "scikit-learn", "numba")


def every_promise() -> tuple[Promise, ...]:
    """All promises of all modules, in the order of the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(_promises.__path__))
    modules = (importlib.import_module(f"trust.promises.{name}") for name in names)
    return tuple(promise for module in modules for promise in module.PROMISES)


def rendered(promises: tuple[Promise, ...], results: dict[str, dict[str, str]]) -> str:
    """The text of `TRUST.md`."""
    lines = [
        "# What is promised, and what the last trial found",
        "",
        "Written by `make trust`; `make trust ONLY=name` tries one line again. The quick part",
        "of the same trials runs in `make test`.",
        "",
        "| name | promise | last trial | date | minutes | versions |",
        "|---|---|---|---|---|---|",
    ]
    for promise in promises:
        found = results.get(promise.name)
        figure, date, versions = (
            (found["figure"], found["date"], found["versions"])
            if found
            else ("no result on record", "", "")
        )
        lines.append(
            f"| `{promise.name}` | {promise.says} | {figure} | {date} "
            f"| {promise.minutes:g} | {versions} |"
        )
    return "\n".join([*lines, ""])


def main() -> int:
    """Try what is named, or all; 1 if a promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="promises to try; all when none is named")
    arguments = parser.parse_args()
    promises = every_promise()
    known = {promise.name: promise for promise in promises}
    wrong = [name for name in arguments.names if name not in known]
    if wrong:
        print(
            f"manias: {wrong[0]}: no promise; expected one of {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    versions = ", ".join(
        [f"Python {platform.python_version()}", *(f"{n} {version(n)}" for n in LIBRARIES)]
    )
    broken = False
    for promise in promises:
        if arguments.names and promise.name not in arguments.names:
            continue
        print(f"{promise.name}: {promise.says} ...", file=sys.stderr)
        start = time.monotonic()
        found = promise.trial()
        broken |= not found.holds
        text = found.figure if found.holds else f"**does not hold**: {found.figure}"
        print(f"  {text} ({time.monotonic() - start:.0f} s)", file=sys.stderr)
        results[promise.name] = {
            "figure": text,
            "date": datetime.now(UTC).date().isoformat(),
            "versions": versions,
        }
        kept = {name: results[name] for name in sorted(results) if name in known}
        RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        TRUST.write_text(rendered(promises, kept), "utf-8")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
