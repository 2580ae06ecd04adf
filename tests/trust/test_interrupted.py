"""The quick part of the trials of `make trust` on kills, crowds and odd places."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "research"))

from trust.promises import interrupted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such kills on Windows")


def test_a_writer_killed_at_each_step_leaves_all_or_nothing():
    count = interrupted.steps_of_writing()
    assert count.faults == [] and count.alive > 10


def test_a_trial_sees_a_writer_that_writes_half():
    def write(room):
        with (room / "a").open("wb", buffering=0) as out:
            out.write(b"ne")
            interrupted.os.fsync(out.fileno())
            out.write(b"w")

    def check(room):
        path = room / "a"
        return "half" if path.exists() and path.read_bytes() != b"new" else ""

    assert interrupted.killed_at_each_step(write, check).faults == ["step 1: half"]


def test_a_job_that_writes_nothing_is_not_tried():
    idle = interrupted.Job("idle", lambda room: None, ("nothing",), 2)
    assert interrupted.kill_often(idle, 2).faults == ["idle: wrote nothing"]
    assert "idle: files differ from those of one alone" in interrupted.two_at_once(idle)


def test_a_made_up_refresh_is_new():
    job = next(job for job in interrupted.CHILDREN if job.name == "refresh")
    count = interrupted.kill_often(job, 1)
    assert count.faults == [] and count.alive == 1


def test_one_of_two_freezes():
    times, one = interrupted.races(16)
    assert one == times


@pytest.mark.slow
def test_two_gauges_and_kills_between():
    job = next(job for job in interrupted.CHILDREN if job.name.startswith("gauges"))
    assert interrupted.two_at_once(job) == []
    count = interrupted.kill_often(job, 2)
    assert count.faults == [] and count.alive == 2


@pytest.mark.slow
def test_odd_places_are_refused_in_one_line():
    _, faults, _ = interrupted.places(interrupted.WRITERS[:1], quick=True)
    assert faults == []


def test_no_thread_sees_another_umask():
    assert interrupted.umask_moments(60) == 0
