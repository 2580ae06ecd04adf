"""The same bytes and digits wherever they are made, and a stamp that knows its inputs."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from trust.promise import Finding, Promise

SEED = 20261130
RC = """\
font.size: 30
font.family: monospace
lines.linewidth: 9
lines.markersize: 20
lines.solid_capstyle: butt
axes.facecolor: red
axes.grid: True
axes.xmargin: 0.3
axes.formatter.use_locale: True
axes.unicode_minus: False
errorbar.capsize: 9
hatch.linewidth: 7
legend.framealpha: 0.1
path.simplify_threshold: 1.0
savefig.bbox: tight
savefig.facecolor: yellow
svg.hashsalt: odd
timezone: Pacific/Kiritimati
xtick.direction: in
"""


@dataclass(frozen=True)
class Surroundings:
    """Where a command runs: variables, arguments of the interpreter, mask, another folder."""

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    mask: int = 0o022
    odd_look: bool = False


PLAIN = Surroundings("plain")
OTHERS = (
    Surroundings(
        "PYTHONHASHSEED 7777, tr_TR, Kiritimati, one thread, odd matplotlibrc",
        {
            "PYTHONHASHSEED": "7777",
            "LC_ALL": "tr_TR.UTF-8",
            "TZ": "Pacific/Kiritimati",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "NUMBA_NUM_THREADS": "1",
            "OPENBLAS_CORETYPE": "Nehalem",
        },
        odd_look=True,
    ),
    Surroundings(
        "PYTHONHASHSEED 1, de_DE, New York, two threads, -OO, umask 077, Haswell",
        {
            "PYTHONHASHSEED": "1",
            "LC_ALL": "de_DE.UTF-8",
            "TZ": "America/New_York",
            "OMP_NUM_THREADS": "2",
            "OPENBLAS_NUM_THREADS": "2",
            "NUMBA_NUM_THREADS": "2",
            "OPENBLAS_CORETYPE": "Haswell",
            "SOURCE_DATE_EPOCH": "86400",
        },
        options=("-OO",),
        mask=0o077,
    ),
    Surroundings(
        "C without UTF-8 mode, UTC, SkylakeX",
        {"LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "UTC", "OPENBLAS_CORETYPE": "SkylakeX"},
    ),
)
LOCALES = ("tr_TR", "de_DE")


@contextmanager
def elsewhere(where: Surroundings) -> Iterator[tuple[Path, dict[str, str]]]:
    """A new folder, home and cache, with the locales that are asked for where they can be made.

    Yields
    ------
    folder, environment
    """
    with tempfile.TemporaryDirectory(prefix=f"trust {where.name[:3]} ") as made:
        folder = Path(made).resolve()
        for name in ("home", "work", "locales"):
            (folder / name).mkdir()
        if where.odd_look:
            (folder / "work" / "matplotlibrc").write_text(RC)
        if any(name in where.variables.get("LC_ALL", "") for name in LOCALES):
            make_locale(where.variables["LC_ALL"], folder / "locales")
        # What the variables of those who try it say is no part of the trial.
        environment = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("LC_", "LANG", "XDG_", "OMP_", "OPENBLAS_", "MPL", "MANIAS_"))
        }
        environment |= {"HOME": str(folder / "home"), "LOCPATH": str(folder / "locales")}
        yield folder / "work", environment | where.variables


def make_locale(name: str, folder: Path) -> bool:
    """Make a locale that is not installed; whether it could be."""
    language = name.partition(".")[0]
    command = ["localedef", "-i", language, "-f", "UTF-8", str(folder / name)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def manias(where: Surroundings, *arguments: str, code: str = "") -> tuple[Path, str]:
    """Run the command, or a script, in some surroundings; the folder is kept for the caller."""
    with elsewhere(where) as (folder, environment):
        what = ("-c", code, *arguments) if code else ("-m", "manias.cli.main", *arguments)
        done = subprocess.run(
            [sys.executable, *where.options, *what],
            cwd=folder,
            env=environment,
            umask=where.mask,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{where.name}: {done.stderr.strip()[-300:]}")
        kept = Path(tempfile.mkdtemp(prefix="trust-kept-"))
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        return kept, done.stdout


def made_in(where: Surroundings, *arguments: str, code: str = "") -> dict[str, bytes]:
    """What a command writes into its folder, by name."""
    kept, _ = manias(where, *arguments, code=code)
    try:
        paths = sorted(p for p in kept.rglob("*") if p.is_file() and p.name != "matplotlibrc")
        return {str(p.relative_to(kept)): p.read_bytes() for p in paths}
    finally:
        shutil.rmtree(kept)


AUDITED = """
import json, os, sys
opened = set()

def hear(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.add(os.path.realpath(os.fsdecode(arguments[0])))

sys.addaudithook(hear)
from manias.cli.main import main
sys.argv = ["manias", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
with open("opened.json", "w") as file:
    json.dump(sorted(opened), file)
"""


def unknown_to_the_stamp(opened: list[str]) -> list[str]:
    """Files of the project, among those that were opened, that the stamp does not hash."""
    from importlib.resources import files

    from manias.data.library import current
    from manias.report import stamp

    package = Path(str(files("manias")))
    roots = (package, Path(str(files("manias._reports"))), Path(str(current().root)))
    real = {os.path.realpath(root): root for root in roots}
    known = {
        os.path.realpath(root / path) for root in roots for path, _ in stamp._digests(root)
    }
    known.add(os.path.realpath(package.parents[1] / ".ci" / "lock.txt"))
    ours = tuple(f"{root}{os.sep}" for root in real)
    return [
        path
        for path in opened
        if path.startswith(ours)
        and path not in known
        and "__pycache__" not in path
        and os.path.isfile(path)
    ]


def report_bytes(others: tuple[Surroundings, ...] = OTHERS) -> Finding:
    """Build the report in each of the surroundings; of the first, list what is read."""
    first = made_in(PLAIN, "report", "--output", "r.pdf", code=AUDITED)
    unknown = unknown_to_the_stamp(json.loads(first["opened.json"]))
    names = ("r.pdf", "r.lineage.json", ".r.pdf.stamp.json")
    faults = [f"{path} is read and not in the stamp" for path in unknown]
    for where in others:
        made = made_in(where, "report", "--output", "r.pdf")
        faults += [f"{where.name}: {n} differs" for n in names if made.get(n) != first[n]]
    digest = hashlib.sha256(first["r.pdf"]).hexdigest()[:12]
    return Finding(
        f"{1 + len(others)} builds (plain; {'; '.join(o.name for o in others)}), each in its "
        f"own folder, home and caches: PDF {digest}, lineage and stamp "
        + ("the same in all" if not faults else f"not the same: {'; '.join(faults[:3])}")
        + f"; files of the project that were read and are not in the stamp: {len(unknown)}",
        not faults,
    )


FIGURES = """
import sys
from pathlib import Path
import pandas as pd
from manias.figures.dating import plot_dating
from manias.figures.record import plot_event_time
from manias.figures.style import save_figure
from manias.explosive.dating import date_series
from manias.series.timeline import EventTime, align
from manias.series.trajectories import trajectory
import numpy as np

paths = [trajectory(key) for key in ("us-it-dotcom", "us-it-ai")]
table = align(paths, EventTime("onset", before=3, after=7))
steps = np.random.default_rng(0).normal(0.01, 0.05, 120)
months = pd.period_range("1990-01", periods=120, freq="M")
series = pd.Series(steps.cumsum(), months)
for kind in ("svg", "png", "pdf"):
    save_figure(plot_event_time(table, paths, clock="onset"), Path(f"a.{kind}"))
    save_figure(plot_dating(series, date_series(series), name="b"), Path(f"b.{kind}"))
"""


def figure_bytes(others: tuple[Surroundings, ...] = OTHERS) -> list[str]:
    """Draw two figures in three forms in each of the surroundings; which differ."""
    first = made_in(PLAIN, code=FIGURES)
    assert len(first) == 6, sorted(first)
    return [
        f"{where.name}: {name}"
        for where in others
        for name, content in made_in(where, code=FIGURES).items()
        if content != first[name]
    ]


def altered_inputs(times: int, *, seed: int = SEED) -> tuple[int, list[str]]:
    """Alter one bit of copies of the inputs; how many, and those that are not seen."""
    from manias.data.library import current
    from manias.report import stamp

    rng, unseen = random.Random(seed), []
    with tempfile.TemporaryDirectory(prefix="trust-") as made:
        copies = {}
        for package in ("manias", "manias._reports"):
            copies[package] = Path(made) / "tree" / "research" / package
            _copy(Path(str(stamp.files(package))), copies[package])
        tables = Path(made) / "tables"
        _copy(Path(str(current().root)), tables)
        lock = Path(made) / "tree" / ".ci" / "lock.txt"
        lock.parent.mkdir()
        lock.write_text("one\n")
        real, here = stamp.files, current()
        stamp.files = copies.__getitem__
        try:
            from dataclasses import replace

            edition = replace(here.edition, tables=tables, reports=copies["manias._reports"])
            with replace(here, edition=edition).open():
                before = stamp.inputs_digest()
                paths = sorted(
                    path
                    for root in (*copies.values(), tables)
                    for path in root.rglob("*")
                    if path.suffix in stamp._SUFFIXES
                )
                build = tables / "build" / "data.csv"  # a table of that name is a table
                build.parent.mkdir()
                build.write_text("a\n1\n")
                chosen = [lock, *rng.sample(paths, min(times, len(paths)))]
                if stamp.inputs_digest() == before:
                    unseen.append("tables/build")
                before = stamp.inputs_digest()
                for path in chosen:
                    content = path.read_bytes()
                    at = rng.randrange(len(content)) if content else 0
                    path.write_bytes(
                        content[:at]
                        + bytes([content[at] ^ 1 if content else 1])
                        + content[at + 1 :]
                    )
                    if stamp.inputs_digest() == before:
                        unseen.append(str(path.relative_to(made)))
                    path.write_bytes(content)
                assert stamp.inputs_digest() == before
        finally:
            stamp.files = real
    return len(chosen) + 1, unseen


def _copy(root: Path, there: Path) -> None:
    shutil.copytree(
        root, there, ignore=shutil.ignore_patterns("__pycache__", "build", "node_modules", ".*")
    )


def stamp_of_outputs() -> list[str]:
    """Delete or alter what was built, and let two builds write to one place; what is wrong."""
    from manias.report.build import write_report
    from manias.report.stamp import is_fresh, lineage_of, write_stamp

    faults = []

    def expect(fresh: bool, what: str) -> None:
        if is_fresh(output, "inputs") is not fresh:
            faults.append(what)

    with tempfile.TemporaryDirectory(prefix="trust-") as made:
        output = Path(made) / "r.pdf"

        def build(pdf: bytes = b"%PDF-1", lineage: bytes = b"[]") -> None:
            write_report(output, pdf, lineage)
            write_stamp(output, "inputs", pdf, lineage)

        build()
        expect(True, "what was built is not fresh")
        for path in (output, lineage_of(output), output.with_name(".r.pdf.stamp.json")):
            for act in (Path.unlink, lambda p: p.write_bytes(b"[]%")):
                act(path)
                expect(False, f"{path.name} deleted or altered, and fresh")
                build()
        # Another build writes between what one writes and its stamp.
        write_report(output, b"%PDF-en", b"[1]")
        write_report(output, b"%PDF-zh", b"[2]")
        write_stamp(output, "inputs", b"%PDF-en", b"[1]")
        expect(False, "the stamp of one build on the file of another")
        write_stamp(output, "inputs", b"%PDF-zh", b"[2]")
        expect(True, "the stamp of the build that wrote last")
    return faults


def stamp() -> Finding:
    """Alter inputs and outputs."""
    n, unseen = altered_inputs(400)
    faults = [*(f"{path} altered, and the same" for path in unseen), *stamp_of_outputs()]
    return Finding(
        f"{n} inputs altered by one bit (code, prose, phrases, tables, cards, forecasts, "
        f"lock), {n - len(unseen)} seen; PDF, lineage and stamp deleted or altered, two "
        f"builds to one file: {len(faults)} faults"
        + (f" ({'; '.join(faults[:3])})" if faults else ""),
        not faults,
    )


def refitted(
    models: tuple[str, ...] = (), others: tuple[Surroundings, ...] = OTHERS
) -> tuple[int, float, list[str], int]:
    """Fit models in each of the surroundings and compare with the cards that are kept.

    Returns
    -------
    cards : int
        Compared, over all surroundings.
    largest : float
        Relative difference between two numbers.
    faults : list of str
        Cards with another id, or a difference above the tolerance.
    same : int
        Cards of the same bytes as the first surroundings made.
    """
    from manias.answers.archive import TOLERANCE, UNSEALED, _largest_gap, loads
    from manias.data.library import current

    kept = Path(str(current().reports)) / "models"
    n, largest, faults, same = 0, 0.0, [], 0
    first: dict[str, bytes] = {}
    for where in (PLAIN, *others):
        made = made_in(where, "models", "fit", *models, "--output", "m")
        for name, content in made.items():
            if not name.endswith(".json"):
                continue
            card = loads(content.decode())
            there = loads((kept / Path(name).name).read_text("utf-8"))
            told, old = (
                {k: v for k, v in c.items() if k not in UNSEALED} for c in (card, there)
            )
            gap, place = _largest_gap(old, told)
            n, largest = n + 1, max(largest, gap)
            if card["id"] != there["id"] or gap > TOLERANCE:
                faults.append(f"{where.name}: {name}, {place} {gap:.1e}")
            same += first.setdefault(name, content) == content
    return n, largest, faults, same


def refit() -> Finding:
    """Fit all models in each of the surroundings."""
    from manias.answers.archive import TOLERANCE

    n, largest, faults, same = refitted()
    names = "; ".join(where.name for where in OTHERS)
    return Finding(
        f"{n} refits (all models; plain; {names}), each in its own folder and home: ids equal, "
        f"largest relative difference from the kept cards {largest:.1e}, tolerance "
        f"{TOLERANCE:g}; {same} of {n} to the byte as in the plain surroundings"
        + (f"; faults: {'; '.join(faults[:3])}" if faults else ""),
        not faults,
    )


PROMISES = (
    Promise(
        "same-report",
        "The report has the same bytes wherever it is built, whatever the user's settings of "
        "matplotlib, and its stamp hashes every file of the project that is read",
        report_bytes,
        8.0,
    ),
    Promise(
        "stamp",
        "A report is taken for current only if no input, and nothing that was built, differs",
        stamp,
        1.0,
    ),
    Promise(
        "same-digits",
        "Models fitted again have the same ids, and the same digits within the tolerance, in "
        "any surroundings",
        refit,
        15.0,
    ),
)
