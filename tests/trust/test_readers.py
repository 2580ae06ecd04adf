"""The quick part of the trials of readers, and of what is promised of names."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "research"))

from trust.mutate import Reader, attack, smallest
from trust.promises import secure
from trust.promises.readers import SEED, attack_all

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
