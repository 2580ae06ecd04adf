"""The quick part of the trials of readers, and of what is promised of names."""

import os
import re
import runpy
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "research"))

from trust.mutate import Reader, attack, smallest  # noqa: E402
from trust.promises import secure  # noqa: E402
from trust.promises.readers import SEED, attack_all  # noqa: E402

QUICK = 2_000


def test_damaged_files_are_read_or_refused_in_one_line():
    found = attack_all(QUICK, SEED)
    assert {name: list(one.faults) for name, one in found.items() if one.faults} == {}
    assert sum(one.n for one in found.values()) > 0.99 * QUICK
    assert all(one.refused for one in found.values())


def test_names_stay_text():
    chosen = secure.HOSTILE[::6]
    assert list(secure.faults_of(chosen, drawn=False)) == []
    assert len(chosen) == 5


def test_patterns_end():
    assert secure.slowest_pattern(20_000) < 2


def test_of_those_who_freeze_at_once_one_wins():
    assert secure.races(10, 8) == 0


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_line_ends_of_a_clone_are_those_that_were_hashed(tmp_path):
    made = ["git", "clone", "-q", "-c", "core.autocrlf=true", str(ROOT), str(tmp_path / "x")]
    subprocess.run(made, check=True)
    listed = ["git", "-C", str(tmp_path / "x"), "ls-files", "--eol", "datasets", "reports"]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert said.count("\n") > 150 and "w/crlf" not in said and "w/mixed" not in said


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners here")
def test_benchmarks_run_nothing_where_others_write(tmp_path):
    path = ROOT / "research" / "benchmarks" / "explosive.py"
    shared = runpy.run_path(str(path))["shared"]
    tmp_path.chmod(0o700)
    assert shared(tmp_path) == ""
    tmp_path.chmod(0o777)
    assert shared(tmp_path) == f"others may write to {tmp_path.resolve()}"


def test_every_dependency_is_used_and_says_why():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    names = re.findall(r"^([\w-]+)", setup["options"]["install_requires"], re.MULTILINE)
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    sources = [p.read_text("utf-8") for p in (ROOT / "research" / "manias").rglob("*.py")]
    sources += [p.read_text("utf-8") for p in (ROOT / "reports").rglob("edition.json")]
    module = {"scikit-learn": "sklearn", "google-re2": "re2"}
    for name in names:
        assert f"`{name}`" in told, f"{name}: SECURITY.md does not say why"
        used = module.get(name, name.replace("-", "_"))
        assert any(re.search(rf"\b{used}\b", text) for text in sources), f"{name}: not used"


def faulty(content):
    """A reader as they were: it ends in a traceback, hangs or takes what was changed."""
    if b"\x00" in content or b"NaN" in content:
        raise KeyError("x")
    return content


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        (lambda path: faulty(path.read_bytes()), "KeyError at"),
        (lambda path: path.read_bytes() == b'{"a": [1, 2, 3]}' or sleep(), "not in time"),
        (lambda path: path.read_bytes(), "changed in silence"),
    ],
)
def test_an_attack_finds_what_is_there(tmp_path, read, fault):
    reader = Reader("made", tmp_path / "x.json", (b'{"a": [1, 2, 3]}',), read, told=bytes)
    found = attack(reader, 60, 1, seconds=0.05)
    assert any(fault in name for name in found.faults)


def sleep():
    while True:
        pass


def test_an_input_is_made_short(tmp_path):
    reader = Reader("made", tmp_path / "x", (b"",), lambda path: faulty(path.read_bytes()))
    found = attack(Reader("made", tmp_path / "x", (b"abc" * 99,), reader.read), 300, 1)
    (name, content), *_ = found.faults.items()
    assert smallest(reader, content, name) in (b"\x00", b"NaN")
