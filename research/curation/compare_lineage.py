"""Compare what two builds of the report print, and the rows that it rests on.

    python research/curation/compare_lineage.py OLD.lineage.json NEW.lineage.json

Every build writes such a file beside the PDF. Names, values, rows, sources and grades are
compared; the functions that make them may differ. Exit 1 where anything differs.
"""

import json
import sys
from pathlib import Path

COMPARED = ("value", "datasets", "rows", "sources", "grade")


def differences(old: Path, new: Path) -> list[str]:
    """Say what differs, one line each."""
    before, after = _read(old), _read(new)
    lines = [f"{' '.join(k)}: only in one" for k in sorted(before.keys() ^ after.keys())]
    return lines + [
        f"{' '.join(key)}, {what}: {before[key][what]} -> {after[key][what]}"
        for key in before
        if key in after
        for what in COMPARED
        if before[key][what] != after[key][what]
    ]


def _read(path: Path) -> dict[tuple[str, str], dict]:
    return {(a["kind"], a["name"]): a for a in json.loads(path.read_text(encoding="utf-8"))}


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "no difference")
    sys.exit(bool(found))
