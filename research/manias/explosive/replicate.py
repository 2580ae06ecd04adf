"""Repeat a random task many times, on one machine or on several, always with the same result.

Every replication owns one child of one seed, so the numbers do not depend on how replications
are cut into blocks or who computes them.
"""

from collections.abc import Callable
from functools import partial

import joblib
import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

from manias.errors import DataError, InputError

Task = Callable[..., NDArray[np.float64]]
"""``task(rngs, **settings)`` returns one row per generator, each drawn from that one alone."""


def replicate(
    task: Task,
    n: int,
    *,
    seed: int = 0,
    settings: dict[str, object] | None = None,
    block: int = 100,
    workers: int = 1,
    scheduler: str | None = None,
) -> NDArray[np.float64]:
    """Run a task once per child of a seed.

    Parameters
    ----------
    task : callable
        ``task(rngs, **settings)`` takes a list of numpy.random.Generator and returns an array
        of shape (len(rngs), ...). Other machines find it by its name: it stands at the top of
        a module.
    n : int
        Replications, >= 1.
    seed : int
        Root of all seeds; replication i draws from its i-th child.
    settings : dict, optional
        Plain values or arrays handed to every call.
    block : int
        Replications per call.
    workers : int
        Threads of this process; used where there is no ``scheduler``. Compiled tasks run side
        by side, plain Python ones take turns.
    scheduler : str, optional
        Address of a dask scheduler (needs ``manias[distributed]``). A block whose worker is
        lost is handed out again, as often as ``distributed.scheduler.allowed-failures`` of
        dask says (3 by default).

    Returns
    -------
    numpy.ndarray
        Shape (n, ...), in the order of the children: identical bits for any ``block``,
        ``workers`` and ``scheduler``, whether workers were lost or not.

    Raises
    ------
    InputError
        If a number is out of range, the scheduler does not answer or dask is missing.
    DataError
        If the task returns another number of rows than it was given generators, or the
        workers of a block were lost too often.

    References
    ----------
    Salmon et al. (2011), SC '11: independent streams of random numbers by splitting a seed.

    Examples
    --------
    >>> def uniform(rngs):
    ...     return np.array([rng.random() for rng in rngs])
    >>> one = replicate(uniform, 10, seed=1, block=3)
    >>> bool((one == replicate(uniform, 10, seed=1, block=4, workers=2)).all())
    True
    """
    for name, value in (("n", n), ("block", block), ("workers", workers)):
        if value < 1:
            raise InputError(f"{name}={value}: expected 1 or more")
    if seed < 0:
        raise InputError(f"seed={seed}: expected 0 or more")
    work = partial(_rows, task, seed, settings or {})
    spans = [range(i, min(i + block, n)) for i in range(0, n, block)]
    if scheduler is not None:
        return np.concatenate(_on_dask(work, spans, task.__qualname__, scheduler))
    side_by_side = joblib.Parallel(n_jobs=workers, backend="threading")
    return np.concatenate(side_by_side(joblib.delayed(work)(span) for span in spans))


def generators(seed: int, children: range) -> list[np.random.Generator]:
    """Make the generators of some children of a seed, without making those before.

    Parameters
    ----------
    seed : int
    children : range
        Their numbers, within 0..2**32 - 1.

    Returns
    -------
    list of numpy.random.Generator
        Each draws as ``default_rng`` of the child that ``SeedSequence(seed).spawn`` gives.

    References
    ----------
    O'Neill (2015), "Developing a seed_seq alternative", as in numpy.random.SeedSequence.

    Examples
    --------
    >>> child = np.random.SeedSequence(5).spawn(3)[2]
    >>> generators(5, range(2, 3))[0].random() == np.random.default_rng(child).random()
    True
    """
    # numpy needs 13 microseconds for each child, a tenth of the statistics of 500 observations
    # and as long as those of 100; hashed all at once a child takes 1.5. Its pool is that of its
    # parent with its number mixed in.
    number = np.arange(children.start, children.stop, dtype=np.uint64).astype(np.uint32)
    words = max(4, -(-seed.bit_length() // 32))
    hashed = _hashed(number[:, None], 0x43B0D7E5, 0x931E8875, 4 * words, 4)
    parent = np.random.SeedSequence(seed).pool * np.uint32(0xCA01F9DD)
    pool = _folded(parent - hashed * np.uint32(0x4973F715))
    state = _hashed(np.tile(pool, 2), 0x8B51F9DD, 0x58F38DED, 0, 8)
    states = state.astype("<u4").view("<u8").astype(np.uint64)
    return [np.random.Generator(np.random.PCG64(_State(four))) for four in states]


class _State(ISeedSequence):
    """What PCG64 asks a seed for, made beforehand."""

    def __init__(self, four: NDArray[np.uint64]) -> None:
        self.four = four

    def generate_state(self, n_words, dtype=np.uint32):
        return self.four


def _hashed(
    words: NDArray[np.uint32], start: int, factor: int, used: int, count: int
) -> NDArray[np.uint32]:
    """Hash by column with the constants that follow after ``used`` others."""
    key = [start * pow(factor, k, 1 << 32) % (1 << 32) for k in range(used, used + count + 1)]
    keys = np.array(key, dtype=np.uint32)
    return _folded((words ^ keys[:-1]) * keys[1:])


def _folded(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return words ^ words >> np.uint32(16)


def _rows(task: Task, seed: int, settings: dict, span: range) -> NDArray[np.float64]:
    rows = np.asarray(task(generators(seed, span), **settings))
    if len(rows) != len(span):
        raise DataError(
            f"{task.__qualname__}: {len(rows)} rows for replications {span[0]}..{span[-1]}; "
            f"expected {len(span)}"
        )
    return rows


def _on_dask(
    work: Callable[[range], NDArray[np.float64]], spans: list[range], name: str, scheduler: str
) -> list[NDArray[np.float64]]:
    # joblib's own dask backend waits for ever for a block that dask has given up.
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise InputError(
            "scheduler: dask is not installed; expected `pip install manias[distributed]`"
        ) from None
    try:
        client = Client(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"scheduler={scheduler!r}: no answer ({error}); expected the address of a running "
            "dask scheduler, such as tcp://host:8786"
        ) from None
    done = {}
    with client:
        running = dict(zip(client.map(work, spans, pure=False), spans, strict=True))
        for future in as_completed(list(running), loop=client.loop):
            span = running.pop(future)
            try:
                done[span] = future.result()
            except KilledWorker as lost:
                raise DataError(
                    f"{name}, replications {span[0]}..{span[-1]}: its worker was lost "
                    f"{lost.allowed_failures + 1} times; expected at most "
                    f"{lost.allowed_failures}"
                ) from None
    return [done[span] for span in spans]
