"""Speed and accuracy of bubble tests and LPPLS beside their peers, in one run.

    python research/benchmarks/explosive.py [--output table.md] [--quick]

The peers (pyexuber, lppls) are installed, with this package, in an environment of their own
among the cached files of this user (``--peers FOLDER`` for another place); they are measured
there and never imported elsewhere. Nothing is run that lies where others may write. R's exuber
is measured where ``Rscript`` finds it.
"""

import argparse
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ("pyexuber==0.1.0", "lppls==0.6.24", "mpmath>=1.3")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("explosive.md"))
    parser.add_argument("--peers", type=Path, help="folder of the environment of the peers")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(measure(asked.quick)))
        return
    here = asked.peers or user_cache_path("manias", appauthor=False) / "benchmarks"
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    if wrong := shared(here):
        parser.error(f"--peers {here}: {wrong}; expected a folder of your own")
    python = here / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(here)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", *PEERS, str(ROOT)]
        subprocess.run(install, check=True)
    single = {
        name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    }
    command = [str(python), __file__, "--inside"] + (["--quick"] if asked.quick else [])
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **single, "PYTHONPATH": str(ROOT / "research")},
    )
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(render(json.loads(done.stdout.splitlines()[-1])), encoding="utf-8")


def shared(folder: Path) -> str:
    """Why what lies in a folder may have been put there by somebody else; "" if it cannot."""
    if not hasattr(os, "getuid"):
        return ""
    # The temporary folder of all is sticky: what is in it cannot be renamed by others.
    for place in (folder.resolve(), *folder.resolve().parents):
        found = place.stat()
        if found.st_uid not in (0, os.getuid()):
            return f"{place} belongs to another user"
        is_sticky = found.st_mode & stat.S_ISVTX and place != folder.resolve()
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not is_sticky:
            return f"others may write to {place}"
    return ""


def measure(quick: bool) -> dict:
    import exuber
    import numpy as np
    from lppls import data_loader
    from lppls import lppls as peer
    from manias.explosive.critical import simulate_critical
    from manias.explosive.lppls import LPPLSSettings, lppls_confidence
    from manias.explosive.recursive import recursive_tests

    repeats, rows = (5 if quick else 15), []
    rng = np.random.default_rng(1)
    for n in (200, 500, 1000, 2000):
        y = rng.standard_normal(n).cumsum()
        for lag in (0, 1, 4):
            mine, theirs = pair(
                lambda y=y, lag=lag: recursive_tests(y, lag=lag),
                lambda y=y, lag=lag: exuber.radf(y, lag=lag),
                repeats,
            )
            rows.append([f"GSADF and paths, T={n}, lag {lag}", "pyexuber", mine, theirs])
    say = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    say("recursive tests done")
    simulate_critical(50, n_draws=100)
    mine, theirs = pair(
        lambda: simulate_critical(500, n_draws=1000),
        lambda: exuber.radf_mc_cv(500, nrep=1000, seed=1),
        3,
    )
    rows.append(["Monte Carlo, T=500, 1,000 draws", "pyexuber", mine, theirs])

    say("Monte Carlo done")
    table = data_loader.nasdaq_dotcom()
    t = np.array([np.datetime64(d, "D").astype(int) for d in table["Date"]], float)
    y = np.log(table["Adj Close"].to_numpy())
    part = slice(0, 120 + 16 * 10)
    settings = LPPLSSettings(w=(4.0, 15.0))
    model = peer.LPPLS(np.array([t[part], y[part]]))
    lppls_confidence(t[:60], y[:60], window=60, smallest=50)
    mine, theirs = pair(
        lambda: lppls_confidence(t[part], y[part], outer_step=10, settings=settings),
        lambda: model.compute_nested_fits(120, 30, 10, 5, 25),
        1 if quick else 3,
    )
    rows.append(
        [f"LPPLS, 306 nested fits, {settings.starts} starts each", "lppls", mine, theirs]
    )
    say("LPPLS done")
    return {
        "rows": rows,
        "accuracy": accuracy(),
        "worse": compare_lppls(t, y, quick),
        "versions": {p: version(p) for p in ("manias", "pyexuber", "lppls", "numpy", "numba")},
    }


def pair(mine, theirs, repeats: int) -> list[float]:
    """Least seconds of both, measured in turn."""
    best = [float("inf")] * 2
    mine()
    for _ in range(repeats):
        for i, call in enumerate((mine, theirs)):
            start = time.perf_counter()
            call()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def accuracy() -> list:
    import exuber
    import numpy as np
    from manias.explosive.recursive import recursive_tests

    sys.path.insert(0, str(ROOT / "tests" / "reference"))
    from extended import HARD, extended_paths

    out = []
    for name, y in HARD.items():
        for lag in (0, 1, 4):
            exact = extended_paths(y, lag, 14)[1][13:]
            scale = np.maximum(1, np.abs(exact))
            mine = recursive_tests(y, lag=lag, min_window=14).bsadf
            try:
                theirs = np.asarray(exuber.radf(y, minw=14, lag=lag).bsadf).ravel()
            except RuntimeError:  # it stops: singular
                theirs = np.full(len(mine), np.inf)
            out.append(
                [name, lag, *(float(np.max(np.abs(p - exact) / scale)) for p in (mine, theirs))]
            )
    return out


def compare_lppls(t, y, quick: bool) -> dict:
    """Sums of squares beside the best of 20 runs of lppls held in the same box.

    The windows are those of its nested fits. lppls knows no bounds: here its objective is
    infinite outside the box, and its starts are drawn inside.
    """
    import numpy as np
    from lppls import lppls as peer
    from manias.explosive.lppls import LPPLSSettings, fit_lppls

    box = LPPLSSettings(w=(4.0, 15.0))
    sides = np.array([box.tc, box.m, box.w])

    class Boxed(peer.LPPLS):
        def func_restricted(self, x, *args):
            s = args[0][0]
            at = np.array([(x[0] - s[-1]) / (s[-1] - s[0]), x[1], x[2]])
            if not ((sides[:, 0] <= at) & (at <= sides[:, 1])).all():
                return np.inf
            return super().func_restricted(x, *args)

    rng = np.random.default_rng(1)
    windows = [(o + i, o + 120) for o in range(0, 161, 10) for i in range(0, 90, 5)]
    ratios = []
    for first, end in windows[:: 17 if quick else 3]:
        s, v = t[first:end], y[first:end]
        span, best = s[-1] - s[0], float("inf")
        model = Boxed(np.array([s, v]))
        for _ in range(20):
            for _search in range(25):
                low = np.array([box.tc[0], 0.1, 6.0])
                start = rng.uniform(low, [0.2, 0.9, 13.0]) * [span, 1, 1] + [s[-1], 0, 0]
                try:
                    found = model.estimate_params(model.observations, start, "Nelder-Mead")
                except (UnboundLocalError, np.linalg.LinAlgError):
                    continue  # as it does itself: not converged, so another start
                tc, m, w, a, b, _, c1, c2 = found
                rest = v - model.lppls(s, tc, m, w, a, b, c1, c2)
                best = min(best, float(rest @ rest))
                break
        ratios.append(fit_lppls(s, v, settings=box).sse / best)
    return {
        "windows": len(ratios),
        "worse": sum(ratio > 1 + 1e-6 for ratio in ratios),
        "better": sum(ratio < 1 - 1e-6 for ratio in ratios),
        "largest_ratio": max(ratios),
        "least_ratio": min(ratios),
    }


def render(found: dict) -> str:
    processor = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        processor = names[0].split(":")[1].strip() if names else processor
    lines = ["# Explosiveness: speed and accuracy", ""]
    lines += [
        f"{', '.join(f'{k} {v}' for k, v in found['versions'].items())}; Python "
        f"{platform.python_version()}; {processor}; one thread; least of several runs.",
        "",
    ]
    lines += ["| task | ms | peer | peer's ms | ratio |", "|---|---:|---|---:|---:|"]
    for task, peer, (mine, theirs) in ((r[0], r[1], r[2:]) for r in found["rows"]):
        lines.append(
            f"| {task} | {mine * 1e3:.2f} | {peer} | {theirs * 1e3:.1f} | {theirs / mine:.1f} |"
        )
    lines += [
        "",
        "Largest error of the BSADF path against 80-digit OLS, relative to "
        "max(1, abs(t)); T=90.",
        "",
    ]
    lines += ["| series | lag | manias | pyexuber |", "|---|---:|---:|---:|"]
    lines += [f"| {n} | {lag} | {a:.1e} | {b:.1e} |" for n, lag, a, b in found["accuracy"]]
    w = found["worse"]
    lines += [
        "",
        f"LPPLS, sum of squares beside the best of 20 runs of lppls held in the same box, "
        f"{w['windows']} of its nested windows: worse in {w['worse']}, better in "
        f"{w['better']}, ratios {w['least_ratio']:.6f} to {w['largest_ratio']:.6f}.",
        "",
    ]
    lines += [r_exuber(), ""]
    return "\n".join(lines)


def r_exuber() -> str:
    if shutil.which("Rscript") is None:
        return "R's exuber: skipped, there is no R."
    code = (
        "library(exuber); set.seed(1); y <- cumsum(rnorm(1000)); "
        "cat(min(sapply(1:5, function(i) system.time(radf(y, lag = 0))[3])))"
    )
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True)
    if done.returncode:
        return "R's exuber: skipped, R does not have it."
    return f"R's exuber, T=1000, lag 0: {float(done.stdout.split()[-1]) * 1e3:.1f} ms."


if __name__ == "__main__":
    main()
