"""Replication: the same bits whatever the blocks, threads, machines and accidents."""

import os
import signal
import threading
import time
from collections import Counter

import numpy as np
import pytest
from manias.errors import DataError, InputError
from manias.explosive.replicate import generators, replicate


def uniforms(rngs, *, size=1):
    return np.array([rng.random(size) for rng in rngs])


def slow_uniforms(rngs, *, folder):
    """As `uniforms`, leaving a file named after the process for every block that is done."""
    time.sleep(0.3)
    with open(os.path.join(folder, f"{os.getpid()}-{time.time_ns()}"), "w"):
        return uniforms(rngs)


def short(rngs):
    return np.zeros((len(rngs) - 1, 1))


def fatal(rngs):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(rngs):
    raise RuntimeError("no such luck")


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.mark.parametrize("seed", [0, 7, 2**32, 2**127 + 5, 2**200 + 7])
def test_generators_are_those_of_the_children_that_numpy_spawns(seed):
    spawned = np.random.SeedSequence(seed).spawn(203)[3:]
    for rng, child in zip(generators(seed, range(3, 203)), spawned, strict=True):
        fresh = np.random.default_rng(child)
        assert rng.bit_generator.state == fresh.bit_generator.state
        assert (rng.standard_normal(9) == fresh.standard_normal(9)).all()
        assert rng.integers(0, 9, dtype=np.int32) == fresh.integers(0, 9, dtype=np.int32)


def test_the_last_number_of_a_child_has_a_generator():
    child = np.random.SeedSequence(6, spawn_key=(2**32 - 1,))
    (last,) = generators(6, range(2**32 - 1, 2**32))
    assert last.bit_generator.state == np.random.default_rng(child).bit_generator.state


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("block", [1, 7, 100])
def test_blocks_and_threads_change_nothing(workers, block):
    kin = np.random.SeedSequence(4).spawn(50)
    expected = uniforms([np.random.default_rng(child) for child in kin], size=2)
    found = replicate(uniforms, 50, seed=4, settings={"size": 2}, block=block, workers=workers)
    assert (found == expected).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_by_their_words(workers):
    with pytest.raises(InputError, match="workers=0: expected 1 or more"):
        replicate(uniforms, 3, workers=0)
    with pytest.raises(InputError, match="seed=-1"):
        replicate(uniforms, 3, seed=-1)
    with pytest.raises(DataError, match=r"short: 2 rows for replications 0\.\.2; expected 3"):
        replicate(short, 3, workers=workers)
    with pytest.raises(RuntimeError, match="no such luck"):
        replicate(fail, 3, block=1, workers=workers)


def test_a_scheduler_that_is_not_there():
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="scheduler='nonsense'"):
        replicate(uniforms, 3, scheduler="nonsense")


@pytest.mark.slow
def test_killed_workers_lose_nothing(tmp_path, cluster):
    killed = []

    def kill():
        """Two workers, each while it holds results and works on a further block."""
        while len(killed) < 2:
            done = Counter(int(path.name.split("-")[0]) for path in tmp_path.iterdir())
            for pid in [p for p, n in done.items() if n >= 2 and p not in killed][:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.05)

    threading.Thread(target=kill, daemon=True).start()
    found = replicate(
        slow_uniforms,
        240,
        seed=8,
        block=10,
        settings={"folder": str(tmp_path)},
        scheduler=cluster.scheduler_address,
    )
    assert (found == replicate(uniforms, 240, seed=8)).all()
    assert len(killed) == 2
    assert len({path.name.split("-")[0] for path in tmp_path.iterdir()}) >= 3


@pytest.mark.slow
def test_a_block_that_kills_every_worker_is_given_up(cluster):
    words = r"fatal, replications 0\.\.2: its worker was lost 4 times; expected at most 3"
    with pytest.raises(DataError, match=words):
        replicate(fatal, 3, scheduler=cluster.scheduler_address)


@pytest.mark.slow
def test_errors_of_a_task_come_back_from_a_worker(cluster):
    with pytest.raises(RuntimeError, match="no such luck"):
        replicate(fail, 3, block=1, scheduler=cluster.scheduler_address)
    with pytest.raises(DataError, match="short: 2 rows"):
        replicate(short, 3, scheduler=cluster.scheduler_address)
