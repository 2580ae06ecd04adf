"""Replication: the same bits whatever the blocks, threads, machines and accidents."""

import os
import signal
import time

import numpy as np
import pytest
from manias.errors import DataError, InputError
from manias.explosive.replicate import children, replicate, streams, uniforms


def slow_uniforms(seeds, *, folder):
    """As `uniforms`, leaving the pid of the process that works on it."""
    with open(os.path.join(folder, f"pid-{os.getpid()}"), "w"):
        pass
    time.sleep(0.3)
    return uniforms(seeds)


def short(seeds):
    return np.zeros((len(seeds) - 1, 1))


def fail_late(seeds, *, folder):
    if len(os.listdir(folder)) >= 3:
        raise RuntimeError("power cut")
    return uniforms(seeds)


def test_children_are_those_of_spawn():
    spawned = np.random.SeedSequence(9).spawn(7)
    for mine, theirs in zip(children(9, 0, 7), spawned, strict=True):
        assert (mine.generate_state(4) == theirs.generate_state(4)).all()


@pytest.mark.parametrize("seed", [0, 7, 2**32, 2**127 + 5, 2**200 + 7])
def test_streams_are_those_of_new_generators(seed):
    kin = children(seed, 3, 6)
    states = [child.generate_state(4, np.uint64) for child in kin]
    assert (kin.states() == states).all()
    for seeds in (kin, tuple(kin)):
        for rng, child in zip(streams(seeds), kin, strict=True):
            fresh = np.random.default_rng(child)
            assert (rng.standard_normal(9) == fresh.standard_normal(9)).all()
            # 32-bit draws are made in pairs: none may be left over for the next seed.
            assert rng.integers(0, 9, dtype=np.int32) == fresh.integers(0, 9, dtype=np.int32)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("block", [1, 7, 100])
def test_blocks_and_threads_change_nothing(workers, block):
    expected = uniforms(tuple(np.random.SeedSequence(4).spawn(50)), size=2)
    found = replicate(uniforms, 50, seed=4, settings={"size": 2}, block=block, workers=workers)
    assert (found == expected).all()


def test_an_interrupted_run_resumes(tmp_path, monkeypatch):
    expected = replicate(uniforms, 60, seed=2)
    kept = tmp_path / "kept"
    kept.mkdir()
    settings = {"folder": str(kept)}
    with pytest.raises(RuntimeError, match="power cut"):
        replicate(fail_late, 60, seed=2, block=10, settings=settings, folder=kept)
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    assert len(before) == 3
    monkeypatch.setattr(os, "listdir", lambda folder: [])
    found = replicate(fail_late, 60, seed=2, block=10, settings=settings, folder=kept)
    assert (found == expected).all()
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())


def test_torn_and_foreign_blocks_are_computed_again(tmp_path):
    expected = replicate(uniforms, 30, seed=5, block=10, folder=tmp_path)
    first, second, third = sorted(tmp_path.iterdir())
    stamp = third.stat().st_mtime_ns
    first.write_bytes(first.read_bytes()[:50])
    second.unlink()
    assert (replicate(uniforms, 30, seed=5, block=10, folder=tmp_path) == expected).all()
    assert third.stat().st_mtime_ns == stamp
    other = replicate(uniforms, 30, seed=6, block=10, folder=tmp_path)
    assert not (other == expected).any()


def test_errors_by_their_words():
    with pytest.raises(InputError, match="workers=0: expected 1 or more"):
        replicate(uniforms, 3, workers=0)
    with pytest.raises(InputError, match="seed=-1"):
        replicate(uniforms, 3, seed=-1)
    with pytest.raises(DataError, match=r"short: 2 rows for seeds 0\.\.2; expected 3"):
        replicate(short, 3)


def test_a_scheduler_that_is_not_there():
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="scheduler='nonsense'"):
        replicate(uniforms, 3, scheduler="nonsense")


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(tmp_path):
    distributed = pytest.importorskip("distributed")
    import threading

    expected = replicate(uniforms, 120, seed=8)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:

        def kill():
            for _ in range(400):
                if pids := [int(p.name[4:]) for p in tmp_path.glob("pid-*")]:
                    os.kill(pids[0], signal.SIGKILL)
                    return
                time.sleep(0.05)

        killer = threading.Thread(target=kill)
        killer.start()
        found = replicate(
            slow_uniforms, 120, seed=8, block=10, settings={"folder": str(tmp_path)},
            scheduler=cluster.scheduler_address,
        )  # fmt: skip
        killer.join()
    assert (found == expected).all()
    assert len(list(tmp_path.glob("pid-*"))) >= 2
