"""How long a person waits: processor time of commands, before and after, in one run.

    python research/benchmarks/waiting.py [--before REVISION] [--output table.md] [--runs N]

Both revisions run in turn with the same interpreter and libraries, each from a clone of its own
and with a cache of its own; of several runs the least is taken. "First" starts with an empty
cache of answers, "again" with what the first left. Ratios are of one run on one machine; the
seconds beside them are of that machine alone.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRY = {True: "manias.cli.main", False: "manias.cli"}
COMMANDS = {
    "classify ai": ("classify", "ai"),
    "classify ai --as-of 1999-12": ("classify", "ai", "--as-of", "1999-12"),
    "models list": ("models", "list"),
    "trace ai-last-share": ("trace", "ai-last-share"),
    "data list": ("data", "list"),
}
REPORT = ("report", "--force", "--output", "report.pdf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", default="39b638c", help="revision to compare with")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        trees = {
            "before": clone(room / "before", asked.before),
            "after": clone(room / "after", None),
        }
        lines = [
            f"| command | before ({asked.before}), s | after, s | before / after |",
            "|---|---|---|---|",
        ]
        for name, command in COMMANDS.items():
            times = {key: least(tree, command, asked.runs) for key, tree in trees.items()}
            for i, when in enumerate(("first", "again")):
                lines.append(row(f"{name}, {when}", times["before"][i], times["after"][i]))
        cold = {
            key: cpu(tree, REPORT, empty=("NUMBA_CACHE_DIR",)) for key, tree in trees.items()
        }
        lines.append(row("report, nothing compiled", cold["before"], cold["after"]))
        warm = {key: cpu(tree, REPORT) for key, tree in trees.items()}
        lines.append(row("report, compiled", warm["before"], warm["after"]))
    text = "\n".join(lines) + "\n"
    if asked.output:
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        asked.output.write_text(text, encoding="utf-8")
    print(text, end="")


def clone(folder: Path, revision: str | None) -> Path:
    """Clone a revision, or copy what is tracked here as it stands, and link its data in."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    if revision:
        subprocess.run(["git", "checkout", "-q", revision], cwd=folder, check=True)
    for name, data in (("_datasets", "datasets"), ("_reports", "reports")):
        (folder / "research" / "manias" / name).symlink_to(folder / data)
    (folder / "work").mkdir()
    return folder


def cpu(tree: Path, command: tuple[str, ...], empty: tuple[str, ...] = ()) -> float:
    """Processor time of a command in its own process, with caches below the clone."""
    rooms = (tree / "research" / "manias" / "cli").is_dir()
    caches = {"XDG_CACHE_HOME": tree / "cache", "NUMBA_CACHE_DIR": tree / "compiled"}
    for name in empty:
        caches[name] = Path(tempfile.mkdtemp(dir=tree))
    environment = {
        **os.environ,
        **{name: str(path) for name, path in caches.items()},
        "PYTHONPATH": str(tree / "research"),
        "PYTHONPYCACHEPREFIX": str(tree / "bytecode"),
    }
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = f"from {ENTRY[rooms]} import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=tree / "work",
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime


def least(tree: Path, command: tuple[str, ...], runs: int) -> tuple[float, float]:
    """Least time with an empty cache of answers, and with what was left there."""
    cpu(tree, command)
    first = [cpu(tree, command, empty=("XDG_CACHE_HOME",)) for _ in range(runs)]
    return min(first), min(cpu(tree, command) for _ in range(runs))


def row(name: str, before: float, after: float) -> str:
    return f"| {name} | {before:.2f} | {after:.2f} | {before / after:.1f} |"


if __name__ == "__main__":
    main()
