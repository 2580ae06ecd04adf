"""A stamp knows what is fresh: other inputs, another file, or no file are not."""

import re
import sys
from pathlib import Path

import pytest
from manias.report import stamp
from manias.report.build import write_report
from manias.report.stamp import inputs_digest, is_fresh, lineage_of, write_stamp

sys.path.insert(0, str(Path(__file__).parents[2] / "research"))

from trust.promises import bytes as promised


@pytest.fixture
def built(tmp_path):
    output = tmp_path / "x.pdf"
    write_report(output, b"%PDF-one", b"[1]")
    write_stamp(output, "d", b"%PDF-one", b"[1]")
    return output


def test_a_stamp_knows_what_is_fresh(built):
    assert is_fresh(built, "d") and not is_fresh(built, "e")
    built.write_bytes(b"two")
    assert not is_fresh(built, "d")
    assert not is_fresh(built.with_name("y.pdf"), "d")
    assert re.fullmatch(r"[0-9a-f]{64}", inputs_digest())


def test_without_its_lineage_or_with_another_nothing_is_fresh(built):
    lineage_of(built).write_bytes(b"[2]")
    assert not is_fresh(built, "d")
    lineage_of(built).unlink()
    assert not is_fresh(built, "d")


def test_a_build_stamps_what_it_built_and_not_what_is_there():
    assert promised.stamp_of_outputs() == []


def test_every_input_is_seen():
    tried, unseen = promised.altered_inputs(25)
    assert tried == 27 and unseen == []


@pytest.mark.parametrize(
    ("place", "name", "other"),
    [
        (stamp.platform, "python_version", lambda: "3.99.0"),
        (stamp.platform, "machine", lambda: "abacus"),
        (stamp, "lock_digest", lambda: "0"),
        (stamp, "_installed", lambda: ["numba-0.1.dist-info"]),
    ],
)
def test_another_machine_interpreter_or_library_is_another_input(
    monkeypatch, place, name, other
):
    before = inputs_digest()
    monkeypatch.setattr(place, name, other)
    assert inputs_digest() != before


def test_a_distribution_that_is_put_in_is_seen(monkeypatch, tmp_path):
    before = inputs_digest()
    (tmp_path / "llvmlite-99.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert inputs_digest() != before
    assert any(name.startswith("llvmlite-") for name in stamp._installed())


def test_what_was_built_beside_the_prose_is_no_input(monkeypatch, tmp_path):
    (tmp_path / "report.typ").write_text("a")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "x.json").write_text("[]")
    (tmp_path / "r.lineage.json").write_text("[]")
    assert [path for path, _ in stamp._digests(tmp_path)] == ["report.typ"]
