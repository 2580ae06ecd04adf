"""Interrupted and crowded: kills, two at once, full and odd places, frozen files.

Every trial works in a folder of its own below that of temporary files, with its own home,
caches and editions. A kill counts only where the process died of it: one that had ended
before is told apart. The moments are drawn from a seed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trust.promise import Finding, Promise

SEED = 20261130
LEFT = ".manias-*.part"
SERIES = "".join(
    f"{1960 + i // 4}Q{i % 4 + 1},{100 * 1.01**i * (1 + (i * 7919 % 101) / 900):.2f}\n"
    for i in range(160)
)
MADE = "2026-11-23"


@dataclass(frozen=True)
class Job:
    """Something that writes, and how often it is killed.

    Parameters
    ----------
    name : str
    run : tuple of str, or callable
        Arguments of the command, run in a new process; or what a child of this process does,
        in which the library is loaded.
    wrote : tuple of str
        What it writes, as patterns below its folder.
    kills : int
    refused : tuple of str
        What the second of two at once may be told, in place of being done.
    warm : tuple of callable
        Done once before, so that a child need not.
    """

    name: str
    run: tuple[str, ...] | Callable[[Path], object]
    wrote: tuple[str, ...]
    kills: int
    refused: tuple[str, ...] = ()
    warm: tuple[Callable[[], object], ...] = ()


@dataclass
class Count:
    """What the kills of a job found."""

    alive: int = 0
    ended: int = 0
    faults: list[str] = field(default_factory=list)


def main_of(*arguments: str) -> Callable[[Path], object]:
    """Run the command in this process."""

    def run(_: Path) -> object:
        from manias.cli.main import main

        sys.argv = ["manias", *arguments]
        return main()

    return run


def gauges_of(room: Path) -> object:
    """Score a gauge again, as ``manias gauges --renew`` does, but beside the cards."""
    from manias.gauges.kept import score_gauges

    return list(score_gauges(room / "gauges", ("bis-credit-gap",)))


def refresh_of(room: Path) -> object:
    """Take in a newer original of a made-up form: three days, by one column."""
    from manias.refresh import run

    return run.refresh(folder=room / "newer")


def prepare_refresh() -> None:
    """A made-up feed in the place of those of the net, and a short page one."""
    import pandas as pd
    from manias.data.library import Library, load
    from manias.refresh import run
    from manias.refresh.feed import Feed, Present, Staged, rows_of, text_of

    dataset = "datacentre_power"

    def read(originals, present):
        _, *rows = rows_of(text_of(originals["power"]))
        new = dict(rows)
        cells = present.cells(dataset).set_index("day").reindex(sorted(new))
        cells = cells.assign(**{c: cells[c].bfill().ffill() for c in cells})
        cells["value"] = pd.Series(new)
        table = cells.reset_index()[present.cells(dataset).columns]
        return Staged({(dataset, "data"): table}, {}, {dataset: {"vintage": "2027-01-31"}}, ())

    table = load("originals").frame.set_index(["feed", "part"]).fillna("").astype(str).head(1)
    table.index = pd.MultiIndex.from_tuples([(dataset, "power")], names=["feed", "part"])
    table["file"] = "power*.csv"

    def page_one(edition):
        with Library(edition).open():
            return {("number", "power"): f"{load(dataset).frame['value'].iloc[-1]:g}"}

    run.addresses = lambda file=None: table
    made_up = {dataset: Feed(dataset, read)}
    run.feeds = lambda: made_up
    run._page_one = page_one
    from manias.data.editions import shipped_edition

    days = Present(shipped_edition().tables).cells(dataset).set_index("day")["value"]
    days = pd.concat([days, pd.Series({"2026-08-24": "9000.0", "2026-08-25": "9100.0"})])
    global _NEWER
    _NEWER = days.rename("MW").rename_axis("day").to_csv()


_NEWER = ""


def warm_report() -> None:
    """Compute what is kept in this process; nothing is typeset, which starts threads."""
    from manias.report.build import artefacts

    artefacts()


COMMANDS = (
    Job("date", ("date", "v.csv", "--output", "d.svg"), ("d.svg",), 60),
    Job(
        "forecast freeze",
        ("forecast", "freeze", "--made", MADE, "--output", "f.json"),
        ("f.json",),
        30,
        refused=("exists; a frozen forecast is never replaced",),
    ),
    Job(
        "models fit",
        ("models", "fit", "payback-ai", "innovation-logit", "--output", "m"),
        ("m/*",),
        30,
    ),
)
CHILDREN = (
    Job(
        "refresh",
        refresh_of,
        ("editions/2*/datasets/datacentre_power/*", "editions/2*/reports/models/*"),
        40,
        refused=("another refresh is at work",),
        warm=(prepare_refresh,),
    ),
    Job("gauges --renew", gauges_of, ("gauges/*",), 30),
    Job(
        "numbers",
        main_of("numbers", "--output", "n"),
        ("n/*",),
        30,
        warm=(warm_report,),
    ),
    Job("explore", main_of("explore", "--output", "e.html"), ("e.html",), 30),
    Job(
        "report",
        main_of("report", "--output", "r.pdf", "--force"),
        ("r.pdf", "r.lineage.json", ".r.pdf.stamp.json"),
        20,
        warm=(warm_report,),
    ),
)


@contextlib.contextmanager
def room_of(shared: Path) -> Iterator[Path]:
    """A folder in which a job finds nothing but its inputs; its environment is set."""
    with tempfile.TemporaryDirectory(prefix="trust-", dir=shared) as made:
        room = Path(made).resolve()
        for name in ("tmp", "home", "newer"):
            (room / name).mkdir()
        (room / "v.csv").write_text("quarter,v\n" + SERIES)
        (room / "newer" / "power.csv").write_text(_NEWER)
        places = {
            "TMPDIR": room / "tmp",
            "HOME": room / "home",
            "XDG_CACHE_HOME": room / "cache",
            "MANIAS_EDITIONS": room / "editions",
            # What is slow to make and not ours to promise is made once.
            "MPLCONFIGDIR": shared / "matplotlib",
        }
        kept = {name: os.environ.get(name) for name in (*places, "MANIAS_EDITION")}
        os.environ.update({name: str(place) for name, place in places.items()})
        os.environ.pop("MANIAS_EDITION", None)
        here, tempfile.tempdir = os.getcwd(), str(room / "tmp")
        os.chdir(room)
        try:
            yield room
        finally:
            os.chdir(here)
            tempfile.tempdir = None
            for name, value in kept.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


@contextlib.contextmanager
def shared_room() -> Iterator[Path]:
    """A folder for the rooms of a trial."""
    with tempfile.TemporaryDirectory(prefix="trust-") as made:
        yield Path(made).resolve()


class Started:
    """A process that runs a job: a new one, or a child."""

    def __init__(self, job: Job, room: Path) -> None:
        self._said = room / f".said-{random.getrandbits(64):x}"
        self._process: subprocess.Popen[bytes] | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        if isinstance(job.run, tuple):
            with self._said.open("wb") as said:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "manias.cli.main", *job.run],
                    stdout=said,
                    stderr=said,
                )
            self.pid = self._process.pid
            return
        self.pid = os.fork()
        if not self.pid:
            _child(job.run, room, self._said)

    def wait(self, until: float | None = None) -> int | None:
        """Status at the end, as of `subprocess`; None if it has not ended by then."""
        while True:
            if self._process is not None:
                code = self._process.poll()
            else:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                code = os.waitstatus_to_exitcode(status) if pid else None
            if code is not None or (until is not None and time.monotonic() >= until):
                return code
            time.sleep(0.001)

    def kill(self) -> bool:
        """Kill it; whether it died of that."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.wait() == -signal.SIGKILL

    def said(self) -> str:
        """What it said, which is then forgotten."""
        text = self._said.read_text(errors="replace") if self._said.exists() else ""
        self._said.unlink(missing_ok=True)
        return text


def _child(run: Callable[[Path], object], room: Path, said: Path) -> None:
    """End this process with what a job returns."""
    code = 1
    try:
        out = os.open(said, os.O_CREAT | os.O_WRONLY, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        run(room)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def digests(room: Path, patterns: tuple[str, ...]) -> dict[str, str]:
    """SHA-256 of what a job wrote, by path; the day of an edition is left out."""
    found = {}
    for pattern in patterns:
        for path in sorted(room.glob(pattern)):
            if path.is_file() and not path.name.startswith((".manias-", ".said-")):
                found[str(path.relative_to(room))] = hashlib.sha256(
                    path.read_bytes()
                ).hexdigest()
    return found


def listing(room: Path) -> set[str]:
    """Every path below a room but what libraries keep for themselves."""
    return {
        str(path.relative_to(room))
        for path in room.rglob("*")
        if "__pycache__" not in path.parts and "cache" not in path.relative_to(room).parts[:1]
    }


def unfinished(room: Path) -> list[str]:
    """What is left of writers that did not end."""
    return [str(path.relative_to(room)) for path in room.rglob(LEFT)]


def kill_often(job: Job, kills: int, *, seed: int = SEED) -> Count:
    """Kill a job at random moments, look at what it wrote each time, and let it end at last."""
    count, moments = Count(), random.Random(f"{seed} {job.name}")
    with shared_room() as shared:
        for warm in job.warm:
            warm()
        with room_of(shared) as room:
            first = Started(job, room)
            first.wait()  # caches of the libraries
            if "Error" in (text := first.said()):
                count.faults.append(f"{job.name}: {text.splitlines()[-1][:200]}")
                return count
        with room_of(shared) as room:
            begun = time.monotonic()
            done = Started(job, room)
            if done.wait() != 0:
                count.faults.append(f"{job.name}: ended with {done.said()[-200:]!r}")
                return count
            whole = time.monotonic() - begun
            done.said()
            right, all_paths = digests(room, job.wrote), listing(room)
            if not right:
                count.faults.append(f"{job.name}: wrote nothing")
                return count
        with room_of(shared) as room:
            while count.alive < kills and count.ended < 2 * kills:
                shown = Started(job, room)
                if shown.wait(time.monotonic() + moments.uniform(0, whole)) is None:
                    died = shown.kill()
                    count.alive += died
                    count.ended += not died
                else:
                    count.ended += 1
                shown.said()
                for path, digest in digests(room, job.wrote).items():
                    if digest != right.get(path):
                        count.faults.append(f"{job.name}: {path} is not whole")
                # Whatever is done once is begun anew, with what the killed left.
                if digests(room, job.wrote) == right:
                    for pattern in job.wrote:
                        for path in room.glob(pattern.split("/")[0]):
                            shutil.rmtree(path) if path.is_dir() else path.unlink()
                    (room / "editions" / "in-use").unlink(missing_ok=True)
            last = Started(job, room)
            last.wait()
            said = last.said()
            if digests(room, job.wrote) != right:
                count.faults.append(f"{job.name}: the next run is not right ({said[-200:]!r})")
            if left := unfinished(room):
                count.faults.append(f"{job.name}: left {left}")
            if odd := listing(room) ^ all_paths:
                count.faults.append(f"{job.name}: paths differ {sorted(odd)[:5]}")
    return count


def killed() -> Finding:
    """Kill every job."""
    counts = {job.name: kill_often(job, job.kills) for job in (*COMMANDS, *CHILDREN)}
    alive = sum(c.alive for c in counts.values())
    ended = sum(c.ended for c in counts.values())
    faults = [fault for c in counts.values() for fault in c.faults]
    each = ", ".join(f"{name} {c.alive}" for name, c in counts.items())
    return Finding(
        f"{alive} kills of a process at work ({each}), {ended} that came after its end and are "
        f"not counted; half-written, changed or missing files, and temporary files after the "
        f"next run: {len(faults)}" + (f" ({'; '.join(faults[:3])})" if faults else ""),
        alive >= 200 and not faults,
    )


STEPS = ("open", "fsync", "replace", "link", "unlink", "chmod", "mkdir")


def killed_at_each_step(write: Callable[[Path], object], check: Callable[[Path], str]) -> Count:
    """Kill a child before its first, second, ... call of the system, until it ends."""
    count = Count()
    with shared_room() as shared, room_of(shared) as room:
        for step in range(1, 1000):

            def dying(folder: Path, step: int = step) -> None:
                calls = 0

                def counted(call):
                    def counting(*arguments, **options):
                        nonlocal calls
                        calls += 1
                        if calls == step:
                            os.kill(os.getpid(), signal.SIGKILL)
                        return call(*arguments, **options)

                    return counting

                for name in STEPS:
                    setattr(os, name, counted(getattr(os, name)))
                write(folder)

            job = Job("step", dying, (), 0)
            shown = Started(job, room)
            code = shown.wait()
            shown.said()
            if fault := check(room):
                count.faults.append(f"step {step}: {fault}")
            if code != -signal.SIGKILL:
                count.ended += 1
                break
            count.alive += 1
        if left := unfinished(room):
            count.faults.append(f"left {left}")
    return count


def steps_of_writing() -> Count:
    """Kill at each step of replacing a file, of one that is never replaced, of a folder."""
    from manias.data.files import temporary_folder, write_atomically

    def write(room: Path) -> None:
        write_atomically(room / "a", b"new" * 1000)
        with contextlib.suppress(FileExistsError):
            write_atomically(room / "once", b"one" * 1000, replace=False)
        with temporary_folder(room) as folder:
            (folder / "x").write_bytes(b"x")

    def check(room: Path) -> str:
        for name, content in (("a", b"new" * 1000), ("once", b"one" * 1000)):
            path = room / name
            if path.exists() and path.read_bytes() != content:
                return f"{name} is not whole"
        return ""

    return killed_at_each_step(write, check)


def at_each_step() -> Finding:
    """Kill where the window is too short for chance."""
    count = steps_of_writing()
    return Finding(
        f"killed before each of {count.alive} calls of the system in turn; files that are not "
        f"whole, or left: {len(count.faults)}"
        + (f" ({'; '.join(count.faults[:3])})" if count.faults else ""),
        count.alive > 15 and not count.faults,
    )


def two_at_once(job: Job) -> list[str]:
    """Run a job twice at once in one place; what is wrong."""
    faults = []
    with shared_room() as shared:
        for warm in job.warm:
            warm()
        with room_of(shared) as room:
            alone = Started(job, room)
            alone.wait()
            alone.said()
            right, paths = digests(room, job.wrote), listing(room)
        with room_of(shared) as room:
            both = [Started(job, room) for _ in range(2)]
            codes = [one.wait() for one in both]
            texts = [one.said() for one in both]
            for code, text in zip(codes, texts, strict=True):
                if code != 0 and not any(said in text for said in job.refused):
                    faults.append(f"{job.name}: ended with {code}, {text[-200:]!r}")
            if job.refused and 0 not in codes:
                faults.append(f"{job.name}: neither was done")
            if job.name == "forecast freeze" and codes.count(0) != 1:
                faults.append(f"{job.name}: {codes.count(0)} were done; expected one")
            if digests(room, job.wrote) != right or not right:
                faults.append(f"{job.name}: files differ from those of one alone")
            if odd := listing(room) ^ paths:
                faults.append(f"{job.name}: paths differ {sorted(odd)[:5]}")
    return faults


def crowded() -> Finding:
    """Two of each at once."""
    jobs = (*COMMANDS, *CHILDREN)
    faults = [fault for job in jobs for fault in two_at_once(job)]
    return Finding(
        f"two at once of {', '.join(job.name for job in jobs)}: {len(faults)} faults"
        + (f" ({'; '.join(faults[:3])})" if faults else ""),
        not faults,
    )


def races(times: int) -> tuple[int, int]:
    """Two processes and two threads that freeze at once: races, and those with one winner."""
    from manias.answers.forecasts import write_frozen
    from manias.errors import InputError

    def freeze(path: Path, who: int, won: list[int]) -> None:
        with contextlib.suppress(InputError):
            write_frozen({"who": who, "rows": list(range(2000))}, path)
            won.append(who)

    one = 0
    with shared_room() as shared, room_of(shared) as room:
        for race in range(times):
            path, won = room / f"{race}.json", []
            if race % 2:
                threads = [
                    threading.Thread(target=freeze, args=(path, who, won)) for who in range(2)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            else:

                def child(_: Path, path: Path = path) -> None:
                    mine: list[int] = []
                    freeze(path, os.getpid(), mine)
                    if not mine:
                        raise SystemExit(2)

                both = [Started(Job("freeze", child, (), 0), room) for _ in range(2)]
                codes = [started.wait() for started in both]
                won = [s.pid for s, code in zip(both, codes, strict=True) if code == 0]
                for started in both:
                    started.said()
            one += len(won) == 1 and json.loads(path.read_text())["who"] == won[0]
        dangling = room / "dangling.json"
        dangling.symlink_to(room / "nowhere")
        won = []
        freeze(dangling, 1, won)
        one -= bool(won) or not dangling.is_symlink() or (room / "nowhere").exists()
        one -= bool(unfinished(room))
    return times, one


def frozen_once() -> Finding:
    """Races for one frozen file."""
    times, one = races(200)
    return Finding(
        f"{times} races of two processes or threads for one file: exactly one wrote it in "
        f"{one}; a link that leads nowhere stays",
        one == times,
    )


def run(*arguments: str, cwd: Path, prefix: tuple[str, ...] = (), **more: str) -> tuple:
    """Code and last line of a command."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "manias.cli.main", *arguments],
        cwd=cwd,
        env={k: v for k, v in {**os.environ, **more}.items() if v},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if "working ..." not in line]
    return done.returncode, lines[-1] if lines else "", len(lines)


COMPARE = ("compare", "us-it-dotcom", "us-it-ai", "--output")
WRITERS = (
    (*COMPARE, "{}/x.svg"),
    ("forecast", "freeze", "--made", MADE, "--output", "{}/x.json"),
    ("models", "fit", "payback-ai", "--output", "{}"),
    ("report", "--output", "{}/x.pdf"),
    ("numbers", "--output", "{}"),
    ("date", "v.csv", "--output", "{}/x.svg"),
)


def mounted(options: str, command: str) -> tuple[str, ...]:
    """Run in a name space of its own, in which a small file system is mounted on ``place``."""
    made = f"mount -t tmpfs -o {options} none place && {command} exec"
    return ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'{made} "$@"', "-")


def can_mount() -> bool:
    """Whether a small file system can be mounted here."""
    with tempfile.TemporaryDirectory() as room:
        Path(room, "place").mkdir()
        try:
            tried = subprocess.run(
                [*mounted("size=16k", ""), "true"], cwd=room, capture_output=True, check=False
            )
        except OSError:
            return False
        return tried.returncode == 0


def places(
    writers: tuple[tuple[str, ...], ...] = WRITERS, *, quick: bool = False
) -> tuple[int, list[str], list[str]]:
    """Try odd places: how many, what was wrong, what could not be tried.

    Quickly: only those of writers, and the first of the others.
    """
    tried, faults, untried = 0, [], []

    def expect(what: str, found: tuple, code: int, *words: str) -> None:
        nonlocal tried
        tried += 1
        status, line, lines = found
        if status != code or any(word not in line for word in words):
            faults.append(f"{what}: {status}, {line!r}")
        elif code == 2 and lines != 1:
            faults.append(f"{what}: {lines} lines before it was refused")

    with shared_room() as shared, room_of(shared) as room:
        place = room / "place"
        place.mkdir()
        if can_mount():
            full = mounted("size=16k", "head -c 100000 /dev/zero > place/z 2>/dev/null;")
            barred = mounted("ro", "")
            for writer in writers:
                asked = [a.format("place") for a in writer]
                name = " ".join(asked[:2])
                found = run(*asked, cwd=room, prefix=full)
                expect(f"full, {name}", found, 2, "place", "No space left on device")
                found = run(*asked, cwd=room, prefix=barred)
                expect(f"read-only, {name}", found, 2, "place", "Read-only file system")
            kept = {"NUMBA_CACHE_DIR": "place/n", "XDG_CACHE_HOME": "place/c"}
            for prefix in () if quick else (full, barred):
                expect("caches", run("date", "v.csv", cwd=room, prefix=prefix, **kept), 0)
        else:
            untried.append("full and read-only file systems")
        for path, make in (("pipe", os.mkfifo), ("device", _device)):
            try:
                make(room / f"{path}.svg")
            except OSError:
                untried.append(path)
                continue
            before = os.stat(room / f"{path}.svg").st_mode
            for asked in (
                (*COMPARE, f"{path}.svg"),
                ("report", "--force", "--output", f"{path}.svg"),
                ("date", "v.csv", "--output", f"{path}.svg"),
            )[: 1 if quick else 3]:
                found = run(*asked, cwd=room)
                expect(f"{path}, {asked[0]}", found, 2, f"{path}.svg", "expected a file")
            if os.stat(room / f"{path}.svg").st_mode != before:
                faults.append(f"{path}: replaced")
        secret = room / "secret.svg"
        secret.touch(0o600)
        expect("0600", run(*COMPARE, "secret.svg", cwd=room), 0)
        if stat.S_IMODE(secret.stat().st_mode) != 0o600 or not secret.stat().st_size:
            faults.append(f"0600: {stat.S_IMODE(secret.stat().st_mode):o}")
        (room / "README.md").write_text("mine\n")
        for writer in ("report",):
            found = run(writer, "--output", "README.md", cwd=room)
            expect(f"other kind, {writer}", found, 2, "README.md", "another kind of file")
        if (room / "README.md").read_text() != "mine\n":
            faults.append("README.md: replaced")
        nobody = {"HOME": "", "XDG_CACHE_HOME": "", "MPLCONFIGDIR": "", "MANIAS_EDITIONS": ""}
        if not quick:
            expect("no home", run("date", "v.csv", cwd=room, **nobody), 0)
        expect("no home, compare", run(*COMPARE, "h.svg", cwd=room, **nobody), 0)
        gone = ("sh", "-c", 'mkdir g && cd g && rmdir ../g && exec "$@"', "-")
        for writer in writers:
            if writer[0] == "date":
                continue
            asked = [a.format("x") for a in writer]
            found = run(*asked, cwd=room, prefix=gone)
            expect(f"deleted folder, {asked[0]}", found, 2, "cannot be written")
        if left := unfinished(room):
            faults.append(f"left {left}")
    return tried, faults, untried


def _device(path: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))


def umask_moments(files: int = 400) -> int:
    """Files that another thread made with another mode while this one wrote."""
    from manias.data.files import write_atomically

    odd, stop = 0, threading.Event()
    kept = os.umask(0o077)
    try:
        with tempfile.TemporaryDirectory() as made:
            room = Path(made)

            def beside() -> None:
                nonlocal odd
                while not stop.is_set():
                    path = room / "beside"
                    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o666))
                    odd += stat.S_IMODE(path.stat().st_mode) != 0o600
                    path.unlink()

            thread = threading.Thread(target=beside)
            thread.start()
            for i in range(files):
                write_atomically(room / f"{i % 5}", b"x")
                odd += stat.S_IMODE((room / f"{i % 5}").stat().st_mode) != 0o600
            stop.set()
            thread.join()
    finally:
        os.umask(kept)
    return odd


def odd_places() -> Finding:
    """Full, barred, gone, and what is no file."""
    tried, faults, untried = places()
    odd = umask_moments()
    if odd:
        faults.append(f"{odd} files of another mode")
    return Finding(
        f"{tried} tries (disk full, read-only, full or barred caches, pipe, device, 0600, file "
        "of another kind, no home, deleted folder), one line that names the file before "
        f"anything is computed: {len(faults)} faults"
        + (f" ({'; '.join(faults[:3])})" if faults else "")
        + (f"; not tried: {', '.join(untried)}" if untried else ""),
        not faults,
    )


PROMISES = (
    Promise(
        "killed",
        "A command that is killed leaves what was there or what it makes, and the next run is "
        "right and leaves nothing else",
        killed,
        45.0,
    ),
    Promise(
        "killed-at-each-step",
        "The same where it is killed before any one call of the system by which it writes",
        at_each_step,
        0.2,
    ),
    Promise(
        "two-at-once",
        "Two of a command at once end as one alone, or one is told that the other is at work",
        crowded,
        10.0,
    ),
    Promise(
        "frozen-once",
        "Of two who freeze a forecast at once exactly one writes it, and nothing replaces it",
        frozen_once,
        0.3,
    ),
    Promise(
        "odd-places",
        "A place that cannot be written to is refused in one line before anything is computed, "
        "and what is no file of ours is not replaced",
        odd_places,
        5.0,
    ),
)
