"""Errors put into the code on purpose, to see whether a test notices.

    python research/trust/mutants.py hand                 the errors of hand_mutants.json
    python research/trust/mutants.py drawn [COUNT] [SEED]  errors drawn by draw_mutants.py
    python research/trust/mutants.py map [TEST ...]        measures nearest.json

An error is tried in a copy of the checkout, never in the checkout itself: the tests that run
the function with the error, as `nearest.json` has them, from the quickest file on, until one
fails; then `manias verify` of the models that rest on it. `nearest.json` is measured with
coverage, one test file a process.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CODE = "research/manias"
HAND = HERE / "hand_mutants.json"
NEAREST = HERE / "nearest.json"
REQUIRED = ROOT / ".ci" / "mutants.txt"
SCIENCE = (
    *("data/calendar.py", "data/library.py", "data/rows.py", "report/tracing.py"),
    *("series/_runup_kernels.py", "series/runups.py", "series/timeline.py"),
    *("record/labels.py", "spending/ladder.py", "evaluation/*.py", "lenses/*.py"),
)
"""Modules into which errors are drawn."""
TESTS = (
    *("evaluation/*", "lenses/*", "record/*", "series/*", "answers/test_cards"),
    *("answers/test_forecasts", "data/test_as_of", "data/test_provenance"),
    *("data/test_arguments", "data/test_evidence", "data/test_results", "data/test_tables"),
    *(
        "report/test_numbers",
        "report/test_stamp",
        "report/test_tracing",
        "spending/test_ladder",
    ),
)
"""Test files that are looked through for the nearest ones: what runs the whole of the
package takes minutes and fails late."""
FILES = 8
"""Most test files that are run for an error beside the doctests of its module."""
TYPES = "tests/data/test_types.py"
"""What every type has in common."""
CARDS = {
    "evaluation/": ("ladder", "runup-classic", "innovation-logit"),
    "lenses/_which": ("runup-which",),
    "lenses/_precedent": ("precedents",),
    "lenses/crash_hazard": ("runup-hazard",),
    "lenses/crash_logit": ("runup-classic", "runup-half", "runup-panel"),
    "lenses/crash_which": ("runup-which",),
    "lenses/features": ("runup-half", "runup-hazard"),
    "lenses/innovation": ("innovation-logit",),
    "lenses/buildouts": ("landmark", "precedents"),
    "lenses/ladder": ("ladder", "ladder-countries"),
    "lenses/landmark": ("landmark",),
    "lenses/payback": ("payback-ai", "payback-uk-railways", "payback-us-telecom"),
    "lenses/precedents": ("precedents",),
    "lenses/price_logit": ("runup-prices",),
    "series/_runup": ("ladder",),
    "series/runups": ("ladder", "runup-classic"),
    "spending/": ("spending-firms", "spending-industries", "spending-countries"),
}
"""Kept models that rest on a module: `manias verify` fits them again where no test near an
error fails."""
SEED, COUNT = 20261130, 100
NICE = ("nice", "-n", "5")
QUICK = "not slow and not browser"
PATIENCE = 4
"""Times as long as they took when they were measured, and five minutes, tests may take before
they count as tests that do not end."""
# The copy is imported where the installed package would be.
TURNED = """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("__editable___manias"):
        old = module.MAPPING["manias"].removesuffix("/research/manias")
        for key, path in list(module.MAPPING.items()):
            module.MAPPING[key] = path.replace(old, {copy!r}, 1)
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One error.

    Attributes
    ----------
    name : str
        What is wrong, or the operator that made it.
    file : str
        Below ``research/manias``.
    line : int
        Where, in the file as it stands.
    text : str
        The whole file with the error.
    """

    name: str
    file: str
    line: int
    text: str

    @property
    def change(self) -> str:
        """The lines that differ, before and after."""
        old = (ROOT / CODE / self.file).read_text("utf-8").splitlines()
        new = self.text.splitlines()
        head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
        least = min(len(old), len(new)) - head
        tail = next((i for i in range(least) if old[-1 - i] != new[-1 - i]), least)
        parts = (lines[head : len(lines) - tail] for lines in (old, new))
        return " -> ".join(" ".join(" ".join(part).split()) or "nothing" for part in parts)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an error: the test that failed, or "" where none did."""

    mutant: Mutant
    by: str
    seconds: float
    tried: tuple[str, ...] = field(default=())


def by_hand() -> list[Mutant]:
    """The errors of the kept table; one that no longer applies is an error of the table."""
    made = []
    for row in json.loads(HAND.read_text("utf-8")):
        source = (ROOT / CODE / row["file"]).read_text("utf-8")
        if (n := source.count(row["old"])) != 1:
            raise ValueError(f"{row['file']}: {row['old']!r} stands {n} times; expected once")
        line = source[: source.index(row["old"])].count("\n") + 1
        text = source.replace(row["old"], row["new"])
        made.append(Mutant(row["name"], row["file"], line, text))
    return made


def science() -> list[str]:
    """Modules into which errors are drawn, below ``research/manias``."""
    base = ROOT / CODE
    found = [p.relative_to(base).as_posix() for part in SCIENCE for p in base.glob(part)]
    return sorted(f for f in found if not f.endswith("__init__.py"))


def drawn(count: int = COUNT, seed: int = SEED) -> tuple[int, list[Mutant]]:
    """Draw errors with the operators of Cosmic Ray; and how many places there are."""
    with tempfile.TemporaryDirectory() as folder:
        python = _tools(Path(folder) / "tools")
        command = [python, str(HERE / "draw_mutants.py"), str(seed), str(count), *science()]
        told = json.loads(
            subprocess.run(
                command, cwd=ROOT / CODE, check=True, capture_output=True, text=True
            ).stdout
        )
    made = [Mutant(m["operator"], m["file"], m["line"], m["text"]) for m in told["drawn"]]
    return told["places"], made


def function_at(source: str, line: int) -> str:
    """Dotted name of the function that a line stands in; "" at the top of the module."""
    best = ("", 0)

    def walk(node: ast.AST, name: str) -> None:
        nonlocal best
        for child in ast.iter_child_nodes(node):
            inner = name
            if isinstance(child, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                inner = f"{name}.{child.name}".lstrip(".")
                if isinstance(child, ast.ClassDef):
                    walk(child, inner)
                    continue
                if child.body[0].lineno <= line <= child.end_lineno and child.lineno > best[1]:
                    best = (inner, child.lineno)
            walk(child, inner)

    walk(ast.parse(source), "")
    return best[0]


class Workshop:
    """A copy of the checkout in which errors are tried."""

    def __init__(self, folder: Path) -> None:
        self.copy, site = folder / "copy", folder / "site"
        for name in _kept_files():
            target = self.copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
        site.mkdir()
        (site / "sitecustomize.py").write_text(TURNED.format(copy=str(self.copy)), "utf-8")
        self.site, self.kernels, self.clock = site, folder / "kernels", time.time()
        self._server: subprocess.Popen | None = None
        nothing = {"seconds": {}, "functions": {}}
        self.nearest = json.loads(NEAREST.read_text("utf-8")) if NEAREST.exists() else nothing

    def _changed_card(self, mutant: Mutant, kernels: str) -> str:
        """A kept model that is another one with an error; "" where none is."""
        names = (n for part, n in CARDS.items() if mutant.file.startswith(part))
        for name in itertools.chain.from_iterable(names):
            command = ["-m", "manias.cli.main", "verify", name]
            if self.run(command, kernels=kernels)[0]:
                return name
        return ""

    def run(self, command: Sequence[str], *, kernels: str = "kept") -> tuple[int, str]:
        """Run a script of Python on the copy: its return code and what it printed."""
        done = subprocess.run(
            [*NICE, sys.executable, *command],
            cwd=self.copy,
            env=os.environ | self._turned(kernels),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def tests(self, paths: Sequence[str], *, kernels: str = "kept") -> tuple[int, str]:
        """Run test files of the quick part until the first test fails.

        Returns
        -------
        int, str
            Exit code of pytest, or -1 where it did not end, and what it printed.
        """
        if self._server is None or self._server.poll() is not None:
            self._server = subprocess.Popen(
                [*NICE, sys.executable, str(HERE / "preloaded.py")],
                env=os.environ | self._turned("kept"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        said = self.site.with_name("said")
        options = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", QUICK)
        task = {
            "arguments": [*options, *paths],
            "folder": str(self.copy),
            "environment": self._turned(kernels),
            "output": str(said),
            "seconds": 300 + PATIENCE * sum(map(self.seconds, paths)),
        }
        print(json.dumps(task), file=self._server.stdin, flush=True)
        answer = self._server.stdout.readline()
        if not answer:
            raise RuntimeError("the process that holds the libraries was ended from outside")
        return int(answer), said.read_text("utf-8", "replace")

    def seconds(self, path: str) -> int:
        """How long a test file took when it was measured."""
        return self.nearest["seconds"].get(path, 60)

    def close(self) -> None:
        """Let the process end that holds the libraries."""
        if self._server is not None and self._server.poll() is None:
            self._server.stdin.close()
            self._server.wait()

    def _turned(self, kernels: str) -> dict[str, str]:
        return {
            "PYTHONPATH": str(self.site),
            "NUMBA_CACHE_DIR": str(self.kernels / kernels),
        }

    @contextmanager
    def _with(self, mutant: Mutant) -> Iterator[None]:
        path = self.copy / CODE / mutant.file
        before, written = path.read_bytes(), path.stat().st_mtime_ns
        # Compiled files are told apart by the second in which their source was written.
        self.clock += 10
        try:
            path.write_bytes(mutant.text.encode())
            os.utime(path, (self.clock, self.clock))
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(written, written))

    @contextmanager
    def _compiled(self, mutant: Mutant) -> Iterator[str]:
        """Folder of compiled kernels: those of a file with an error are kept for nobody else.

        No kernel calls one of another file, so that the others hold.
        """
        kept = self.kernels / "kept"
        if "njit" not in mutant.text:
            yield kept.name
            return
        with tempfile.TemporaryDirectory(dir=self.kernels.parent) as folder:
            own = Path(folder) / "kernels"
            if kept.exists():
                shutil.copytree(kept, own)
            yield str(own)

    def near(self, mutant: Mutant) -> list[str]:
        """Test files for an error, the quickest of those nearest first."""
        known = self.nearest["functions"].get(mutant.file, {})
        source = (ROOT / CODE / mutant.file).read_text("utf-8")
        name = function_at(source, mutant.line)
        # The doctests of the module itself are the quickest of all.
        own = [f"{CODE}/{mutant.file}"] + ([] if name else [TYPES])
        return [*own, *(known.get(name) or known.get("", ()))[:FILES]]

    def attempt(self, mutant: Mutant) -> Fate:
        """Put an error in and run the tests near it until one fails."""
        start, near = time.monotonic(), self.near(mutant)
        with self._with(mutant), self._compiled(mutant) as kernels:
            code, said = self.tests(near, kernels=kernels)
            if code in (0, 5) and (card := self._changed_card(mutant, kernels)):
                return Fate(mutant, f"verify {card}", time.monotonic() - start, tuple(near))
        found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", said, re.MULTILINE)
        if code == -1:
            by = "a test that does not end"
        elif code in (0, 5):
            by = ""
        else:
            by = found[1] if found else "an error on import"
        return Fate(mutant, by, time.monotonic() - start, tuple(near))


@contextmanager
def workshop() -> Iterator[Workshop]:
    """A workshop in a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        shop = Workshop(Path(folder))
        try:
            yield shop
        finally:
            shop.close()


def measure(shop: Workshop, paths: Sequence[str] = (), limit: int = 12) -> dict[str, Any]:
    """Which test files run which functions of the modules into which errors are put.

    Parameters
    ----------
    shop : Workshop
    paths : sequence of str
        Test files to measure, all by default; what is known of others stays.
    limit : int
        Most test files that are kept for a function.

    Returns
    -------
    dict
        ``seconds`` of each test file; ``functions``: module -> function ("" for the module
        itself) -> test files, those of its own room first, in each the quickest first.
    """
    known = shop.nearest
    seconds = dict(known["seconds"])
    reached = {}
    with tempfile.TemporaryDirectory() as folder:
        _tools(Path(folder) / "tools")
        library = next((Path(folder) / "tools" / "lib").glob("python3*/site-packages"))
        out, script = Path(folder) / "covered", str(HERE / "cover_tests.py")
        for path in paths or _test_files():
            start = time.monotonic()
            code, said = shop.run([script, str(library), str(shop.copy / CODE), str(out), path])
            if code:
                raise RuntimeError(f"{path} fails without any error put in: {said[-3000:]}")
            seconds[path] = round(time.monotonic() - start)
            print(f"{path}: {seconds[path]} s", file=sys.stderr, flush=True)
            reached[path] = json.loads(out.read_text("utf-8"))
    functions: dict[str, dict[str, list[str]]] = {}
    for name in sorted({*science(), *(m.file for m in by_hand())}):
        source = (ROOT / CODE / name).read_text("utf-8")
        room = name.split("/")[0]
        found = {
            function: {p for p in listed if p not in reached and (ROOT / p).exists()}
            for function, listed in known["functions"].get(name, {"": []}).items()
        }
        for path, lines in reached.items():
            for line in lines.get(name, ()):
                found.setdefault(function_at(source, line), set()).add(path)
        functions[name] = {
            function: sorted(listed, key=lambda p: (f"/{room}/" not in p, seconds[p]))[:limit]
            for function, listed in sorted(found.items())
            if listed or not function
        }
    return {"seconds": dict(sorted(seconds.items())), "functions": functions}


def _lines(made: dict[str, Any]) -> str:
    """The kept file, a function a line."""
    parts = []
    for name, functions in made["functions"].items():
        rows = (f"   {json.dumps(f)}: {json.dumps(listed)}" for f, listed in functions.items())
        parts.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n  }")
    seconds = ",\n".join(f"  {json.dumps(p)}: {n}" for p, n in made["seconds"].items())
    inner = ",\n".join(parts)
    return f'{{\n "seconds": {{\n{seconds}\n }},\n "functions": {{\n{inner}\n }}\n}}\n'


def _test_files() -> list[str]:
    found = {p for part in TESTS for p in (ROOT / "tests").glob(f"{part}.py")}
    return sorted(p.relative_to(ROOT).as_posix() for p in found if p.name.startswith("test_"))


def _kept_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    return [name for name in listed if name and (ROOT / name).is_file()]


def _tools(folder: Path) -> str:
    """An environment of their own for Cosmic Ray and coverage; its interpreter."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "-q", "-p", sys.executable, folder], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run(
        [uv, "pip", "install", "-q", "-p", python, "--require-hashes", "-r", REQUIRED],
        check=True,
    )
    return python


def tell(fate: Fate) -> str:
    """One line on an error."""
    end = f"killed by {fate.by}" if fate.by else f"SURVIVED {len(fate.tried)} files"
    m = fate.mutant
    return f"{end} ({fate.seconds:.0f} s): {m.file}:{m.line} {m.name}: {m.change}"


def main(arguments: Sequence[str]) -> int:
    """Try errors from the command line."""
    what, *others = arguments or [""]
    if what not in ("hand", "drawn", "map"):
        print(f"manias: {what!r}: expected hand, drawn or map", file=sys.stderr)
        return 2
    with workshop() as shop:
        if what == "map":
            NEAREST.write_text(_lines(measure(shop, others)), "utf-8")
            return 0
        made = by_hand() if what == "hand" else drawn(*map(int, others))[1]
        survived = 0
        for mutant in made:
            fate = shop.attempt(mutant)
            survived += not fate.by
            print(tell(fate), flush=True)
    print(f"{len(made) - survived} of {len(made)} killed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
