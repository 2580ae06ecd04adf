"""Repeat a seeded task many times, on one machine or on several, always with the same result.

Every replication owns one child of one seed, so the numbers do not depend on how replications
are cut into blocks or who computes them. Finished blocks can be kept in a folder; a run that
was interrupted takes them from there.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from manias.errors import DataError, InputError

RETRIES = 3
"""How often a block is handed out again after the worker that held it was lost."""


class Task(Protocol):
    """What is repeated: a function at the top of a module, so that other machines find it."""

    __module__: str
    __qualname__: str

    def __call__(
        self, seeds: Sequence[np.random.SeedSequence], **settings: object
    ) -> NDArray[np.float64]:
        """Return one row per seed, each row depending on its own seed alone."""


def replicate(
    task: Task,
    n: int,
    *,
    seed: int = 0,
    settings: dict[str, object] | None = None,
    block: int = 100,
    workers: int = 1,
    scheduler: str | None = None,
    folder: Path | str | None = None,
) -> NDArray[np.float64]:
    """Run a task once per seed.

    Parameters
    ----------
    task : callable
        ``task(seeds, **settings)`` returns an array of shape (len(seeds), ...).
    n : int
        Replications, >= 1.
    seed : int
        Root of all seeds; replication i owns its i-th child.
    settings : dict, optional
        Plain values or arrays handed to every call.
    block : int
        Replications per call. It changes what is lost at an interruption, not the result.
    workers : int
        Threads of this process; used where there is no ``scheduler``. Compiled tasks run side
        by side, plain Python ones take turns.
    scheduler : str, optional
        Address of a dask scheduler (needs ``manias[distributed]``). A block whose worker is
        lost is handed out again by itself, at most `RETRIES` times.
    folder : path, optional
        Where finished blocks are kept as ``.npy``; made where it does not exist.

    Returns
    -------
    numpy.ndarray
        Shape (n, ...), in the order of the seeds: identical bits for any ``block``,
        ``workers`` and ``scheduler``, with or without an interruption.

    Raises
    ------
    InputError
        If a number is out of range, the scheduler does not answer or dask is missing.
    DataError
        If the task returns another number of rows than it was given seeds, or its worker
        was lost more than `RETRIES` times.

    References
    ----------
    Salmon et al. (2011), SC '11: independent streams of random numbers by splitting a seed.

    Examples
    --------
    >>> one = replicate(uniforms, 10, seed=1, block=3)
    >>> bool((one == replicate(uniforms, 10, seed=1, block=4, workers=2)).all())
    True
    """
    for name, value in (("n", n), ("block", block), ("workers", workers)):
        if value < 1:
            raise InputError(f"{name}={value}: expected 1 or more")
    if seed < 0:
        raise InputError(f"seed={seed}: expected 0 or more")
    settings = settings or {}
    spans = [(i, min(i + block, n)) for i in range(0, n, block)]
    store = Path(folder) if folder is not None else None
    mark = _mark(task, seed, settings)
    done: dict[tuple[int, int], NDArray[np.float64]] = {}
    if store is not None:
        store.mkdir(parents=True, exist_ok=True)
        done = {span: kept for span in spans if (kept := _kept(store, mark, span)) is not None}
    todo = [span for span in spans if span not in done]
    if scheduler is not None:
        finished = _on_dask(task, seed, settings, todo, scheduler)
    elif workers == 1:
        finished = ((span, _run(task, seed, span, settings)) for span in todo)
    else:
        finished = _on_threads(task, seed, settings, todo, workers)
    for span, rows in finished:
        if len(rows) != span[1] - span[0]:
            raise DataError(
                f"{task.__qualname__}: {len(rows)} rows for seeds {span[0]}..{span[1] - 1}; "
                f"expected {span[1] - span[0]}"
            )
        if store is not None:
            _keep(store, mark, span, rows)
        done[span] = rows
    return np.concatenate([done[span] for span in spans])


def uniforms(seeds: Sequence[np.random.SeedSequence], *, size: int = 1) -> NDArray[np.float64]:
    """Draw uniform numbers: the smallest task, for tests and examples.

    Parameters
    ----------
    seeds : sequence of numpy.random.SeedSequence
    size : int
        Numbers per seed.

    Returns
    -------
    numpy.ndarray
        Shape (len(seeds), size), between 0 and 1.

    Examples
    --------
    >>> uniforms(children(0, 0, 2)).shape
    (2, 1)
    """
    return np.array([rng.random(size) for rng in streams(seeds)])


class Children(Sequence[np.random.SeedSequence]):
    """Children number ``start`` to ``stop`` - 1 of a seed, each made when it is asked for.

    Parameters
    ----------
    seed, start, stop : int
        0 <= start <= stop <= 2**32.

    Examples
    --------
    >>> Children(5, 2, 4)[0].spawn_key
    (2,)
    """

    __slots__ = ("seed", "span")

    def __init__(self, seed: int, start: int, stop: int) -> None:
        self.seed, self.span = seed, range(start, stop)

    def __len__(self) -> int:
        return len(self.span)

    def __getitem__(self, at):
        if isinstance(at, slice):
            return tuple(
                np.random.SeedSequence(self.seed, spawn_key=(i,)) for i in self.span[at]
            )
        return np.random.SeedSequence(self.seed, spawn_key=(self.span[at],))

    def states(self) -> NDArray[np.uint64]:
        """Compute what ``generate_state(4, uint64)`` of every child gives, all at once.

        A child's pool is its parent's pool with one more word mixed in, its number.

        Returns
        -------
        numpy.ndarray
            Shape (len(self), 4).

        References
        ----------
        O'Neill (2015), "Developing a seed_seq alternative", as in numpy.random.SeedSequence.

        Examples
        --------
        >>> kin = Children(5, 2, 4)
        >>> bool((kin.states()[1] == kin[1].generate_state(4, np.uint64)).all())
        True
        """
        parent = np.random.SeedSequence(self.seed)
        words = max(-(-self.seed.bit_length() // 32), 4)
        # The pool took 4 rounds of 4 words, and 4 for each further word of the seed.
        hashed = _INIT_A * pow(_MULT_A, 4 * words, 1 << 32) & _WORD
        number = np.arange(self.span.start, self.span.stop, dtype=np.uint64).astype(np.uint32)
        pool = []
        for word in parent.pool:
            mixed = number ^ np.uint32(hashed)
            hashed = hashed * _MULT_A & _WORD
            mixed = _folded(mixed * np.uint32(hashed))
            pool.append(_folded(np.uint32(int(word) * _MIX_L & _WORD) - mixed * _MIX_R))
        out = np.empty((len(number), 8), np.uint32)
        hashed = _INIT_B
        for i in range(8):
            mixed = pool[i % 4] ^ np.uint32(hashed)
            hashed = hashed * _MULT_B & _WORD
            out[:, i] = _folded(mixed * np.uint32(hashed))
        return out[:, 0::2] | out[:, 1::2].astype(np.uint64) << np.uint64(32)


_WORD = (1 << 32) - 1
_INIT_A, _MULT_A, _INIT_B, _MULT_B = 0x43B0D7E5, 0x931E8875, 0x8B51F9DD, 0x58F38DED
_MIX_L, _MIX_R = 0xCA01F9DD, np.uint32(0x4973F715)
_PCG = 0x2360ED051FC65DA44385DF649FCCF645


def _folded(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return words ^ words >> np.uint32(16)


def streams(seeds: Sequence[np.random.SeedSequence]) -> Iterator[np.random.Generator]:
    """Give the random numbers of each seed in turn, without the cost of a new generator.

    Parameters
    ----------
    seeds : sequence of numpy.random.SeedSequence

    Yields
    ------
    numpy.random.Generator
        One and the same object, set anew for each seed: it is to be used before the next is
        taken. Its numbers are those of ``numpy.random.default_rng(seed)``.

    Examples
    --------
    >>> kin = children(1, 0, 3)
    >>> [rng.random() for rng in streams(kin)] == [
    ...     np.random.default_rng(seed).random() for seed in kin]
    True
    """
    if isinstance(seeds, Children):
        states = seeds.states()
    else:
        states = np.array([seed.generate_state(4, np.uint64) for seed in seeds]).reshape(-1, 4)
    bits = np.random.PCG64(0)
    rng = np.random.Generator(bits)
    for high, low, odd_high, odd_low in states.tolist():
        step = ((odd_high << 64 | odd_low) << 1 | 1) & (1 << 128) - 1
        state = ((high << 64 | low) + step) * _PCG + step & (1 << 128) - 1
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": step},
            "has_uint32": 0,
            "uinteger": 0,
        }
        yield rng


def children(seed: int, start: int, stop: int) -> Children:
    """Children number ``start`` to ``stop`` - 1 of a seed, without making those before.

    Parameters
    ----------
    seed : int
    start, stop : int

    Returns
    -------
    Children
        A sequence of the same seeds as ``SeedSequence(seed).spawn(stop)[start:]``.

    Examples
    --------
    >>> same = np.random.SeedSequence(5).spawn(3)[2]
    >>> children(5, 2, 3)[0].generate_state(1) == same.generate_state(1)
    array([ True])
    """
    return Children(seed, start, stop)


def _run(
    task: Task, seed: int, span: tuple[int, int], settings: dict[str, object]
) -> NDArray[np.float64]:
    return np.asarray(task(children(seed, *span), **settings))


def _on_threads(
    task: Task, seed: int, settings: dict, todo: list[tuple[int, int]], workers: int
) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
    with ThreadPoolExecutor(workers) as pool:
        running: dict[Future, tuple[int, int]] = {}
        queue = iter(todo)
        try:
            while True:
                while len(running) < 2 * workers and (span := next(queue, None)) is not None:
                    running[pool.submit(_run, task, seed, span, settings)] = span
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            for future in running:
                future.cancel()


def _on_dask(
    task: Task, seed: int, settings: dict, todo: list[tuple[int, int]], scheduler: str
) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
    try:
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker
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

    def submit(span: tuple[int, int]):
        return client.submit(_run, task, seed, span, settings, pure=False)

    with client:
        running = {submit(span): span for span in todo}
        lost = dict.fromkeys(todo, 0)
        queue = as_completed(list(running), loop=client.loop)
        for future in queue:
            span = running.pop(future)
            try:
                rows = future.result()
            except KilledWorker:
                lost[span] += 1
                if lost[span] > RETRIES:
                    raise DataError(
                        f"{task.__qualname__}, seeds {span[0]}..{span[1] - 1}: its worker was "
                        f"lost {lost[span]} times; expected at most {RETRIES}"
                    ) from None
                again = submit(span)
                running[again] = span
                queue.add(again)
                continue
            yield span, rows


def _mark(task: Callable, seed: int, settings: dict[str, object]) -> str:
    """Name of what is computed: blocks of another task, seed or setting never mix."""

    def plain(value: object) -> object:
        if isinstance(value, np.ndarray):
            return [value.dtype.str, value.shape, hashlib.sha256(value.tobytes()).hexdigest()]
        return str(value)

    body = [task.__module__, task.__qualname__, seed, sorted(settings.items())]
    return hashlib.sha256(json.dumps(body, default=plain).encode()).hexdigest()[:16]


def _path(store: Path, mark: str, span: tuple[int, int]) -> Path:
    return store / f"{mark}-{span[0]:09d}-{span[1]:09d}.npy"


def _kept(store: Path, mark: str, span: tuple[int, int]) -> NDArray[np.float64] | None:
    """A finished block; one that cannot be read whole is computed again."""
    try:
        rows = np.load(_path(store, mark, span), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return rows if rows.ndim and len(rows) == span[1] - span[0] else None


def _keep(store: Path, mark: str, span: tuple[int, int], rows: NDArray[np.float64]) -> None:
    path = _path(store, mark, span)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with fresh.open("wb") as file:
        np.save(file, rows, allow_pickle=False)
    fresh.replace(path)
