"""Compiled code that is kept on disk: damaged files are no damage to an answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# A kernel of its own: those of the package take long to compile.
KERNEL = """
import sys
from manias.data.compiled import njit

@njit(cache=True)
def twice(x):
    return 2.0 * x

print(twice(21.0), sum(twice.stats.cache_hits.values()))
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "kernel.py"
    path.write_text(KERNEL)
    return path


def run(script, cache):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return ended.stdout.split()


def kept(cache: Path, ending: str) -> Path:
    (path,) = cache.rglob(f"*.{ending}")
    return path


def damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    cut = {"half": whole[: len(whole) // 2], "empty": b"", "other": b"\x80\x04Not a pickle."}
    path.write_bytes(cut[how])


@pytest.mark.slow
def test_damaged_files_of_the_cache_are_made_anew(script, tmp_path):
    cache = tmp_path / "cache"
    assert run(script, cache) == ["42.0", "0"]
    for ending, how in (("nbi", "half"), ("nbc", "empty"), ("nbc", "other")):
        damage(kept(cache, ending), how)
        assert run(script, cache) == ["42.0", "0"]
    assert run(script, cache) == ["42.0", "1"]


# Two kernels, of which one calls the other, and threads that call the first at once.
CHAIN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from manias.data.compiled import njit

@njit
def half(x):
    return 0.5 * x

@njit(error_model="numpy")
def quarter(x):
    return half(half(x))

before = "numba" in sys.modules
with ThreadPoolExecutor(4) as pool:
    print(*pool.map(quarter, [2.0] * 8), before, quarter.__name__, quarter.py_func(1.0))
"""


def test_kernels_wait_for_their_first_call_and_may_call_each_other(tmp_path):
    path = tmp_path / "chain.py"
    path.write_text(CHAIN)
    assert run(path, tmp_path / "cache") == [*["0.5"] * 8, "False", "quarter", "0.25"]


def test_without_a_place_for_a_cache_kernels_are_compiled(script, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert run(script, blocked / "cache")[0] == "42.0"
