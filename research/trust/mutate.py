"""Damage files at random, with a seed, and see what a reader makes of them.

An input that a reader answers in a new way (another message, or read at last) joins those from
which further ones are made, so that what lies behind the first check is reached too.
"""

from __future__ import annotations

import copy
import json
import random
import re
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manias.errors import ManiasError

KEPT = 400
"""Most inputs of a reader that others are made from."""
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 10**17, 2**53 + 1, 7.5),
    *("", "x", "NaN", "inf", "-inf", "2026-11-29", "2026-13-45", "0000", "../../etc/passwd"),
    *(
        "/etc/shadow",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "=1+1",
        "$x$",
        "<script>",
        "(a+)+$",
        "9" * 400,
    ),
    *("a" * 30_000, "1_000", "\u0663", [], {}, [[]], [None], {"": None}, {"a": {"b": []}}),
)
"""What takes the place of a value of JSON."""
TOKENS = (
    *(
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"-0",
        b"null",
        b"true",
        b"\\ud800",
        b"\\u0000",
    ),
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\r", b"\r\n", b"\t", b";", b"|", b" "),
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xc3",
        b"..",
        b"/",
        b"=",
        b"+",
        b"-",
        b"@",
    ),
    *(b"9" * 400, b"[" * 2_000, b'{"a":' * 200, b"1_000", "\u0663".encode(), b"1,5", b"1.5"),
    *(
        b"2000",
        b"2000-02-30",
        b"2000Q5",
        b"FY2000",
        b"99",
        b"-inf",
        b"1e-400",
        b"0x10",
        b"#N/A",
    ),
)
"""What is put between bytes."""


@dataclass
class Reader:
    """One way in: a file, and what reads it.

    Attributes
    ----------
    name : str
    path : Path
        Where the damaged file is put.
    seeds : tuple of bytes
        Sound files.
    read : callable
        Path -> object; it may raise `ManiasError` and nothing else.
    is_json : bool
        Whether values of a parsed seed are damaged too, not its bytes alone.
    reseal : callable, optional
        Puts the checksum right again in a damaged value, so that what lies behind it is read.
    told : callable, optional
        What a sealed file says, from its parsed value: where it differs from that of every seed
        and the reader takes it, something was changed in silence.
    share : float
        Of all inputs.
    """

    name: str
    path: Path
    seeds: tuple[bytes, ...]
    read: Callable[[Path], Any]
    is_json: bool = True
    reseal: Callable[[Any], Any] | None = None
    told: Callable[[bytes], Any] | None = None
    share: float = 1.0
    corpus: list[bytes] = field(default_factory=list)


@dataclass
class Outcome:
    """What came of all inputs of one reader.

    Attributes
    ----------
    n, refused, read : int
    slowest : float
        Seconds of the input that took longest.
    faults : dict of str to bytes
        What should not have happened -> the first input with it.
    answers : Counter
        Kinds of answers.
    """

    n: int = 0
    refused: int = 0
    read: int = 0
    slowest: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)


class _LateError(BaseException):
    """A reader did not come back in time."""


def _late(*_: object) -> None:
    raise _LateError


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise in this process when a block takes longer."""
    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def attack(reader: Reader, n: int, seed: int, *, seconds: float = 5.0) -> Outcome:
    """Damage its seeds ``n`` times and read each."""
    for content in reader.seeds:
        reader.path.write_bytes(content)
        reader.read(reader.path)
    rng = random.Random(f"{seed}-{reader.name}")
    found = Outcome()
    reader.corpus = list(reader.seeds)
    known = [] if reader.told is None else [reader.told(s) for s in reader.seeds]
    for _ in range(n):
        content, is_sealed = damaged(reader, rng)
        kind = try_one(reader, content, found, seconds, known if not is_sealed else [])
        found.answers[kind] += 1
        if found.answers[kind] == 1 and len(reader.corpus) < KEPT and len(content) < 200_000:
            reader.corpus.append(content)
    return found


def try_one(
    reader: Reader, content: bytes, found: Outcome, seconds: float, known: list[Any]
) -> str:
    """Read one input and note what came of it; returns the kind of the answer."""
    reader.path.write_bytes(content)
    found.n += 1
    start = time.monotonic()
    try:
        with deadline(seconds):
            reader.read(reader.path)
        found.read += 1
        kind = "read"
        if known and reader.told is not None and reader.told(content) not in known:
            found.faults.setdefault("changed in silence", content)
    except ManiasError as error:
        found.refused += 1
        said = str(error)
        kind = re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "?", said)[:120]
        is_named = any(word in said for word in (reader.path.stem, "made/", "forecast "))
        if not (is_named and len(said) <= 2_000):
            found.faults.setdefault(f"not a line that names the file: {kind}", content)
    except _LateError:
        kind = "not in time"
        found.faults.setdefault(kind, content)
    except MemoryError:
        kind = "memory"
        found.faults.setdefault(kind, content)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        ours = [f for f in traceback.extract_tb(error.__traceback__) if "manias" in f.filename]
        at = ours[-1] if ours else place
        kind = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
        found.faults.setdefault(kind, content)
    found.slowest = max(found.slowest, time.monotonic() - start)
    return kind


def damaged(reader: Reader, rng: random.Random) -> tuple[bytes, bool]:
    """A damaged file, and whether its checksum was, or may have been, put right again."""
    # Most inputs have one thing wrong with them; what was damaged before is damaged further.
    is_sound = rng.random() < 0.6
    content = rng.choice(reader.seeds if is_sound else reader.corpus)
    if reader.is_json and rng.random() < 0.7:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return in_bytes(content, reader.corpus, rng), not is_sound
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            value = in_values(value, rng)
        is_sealed = reader.reseal is not None and rng.random() < 0.6
        if is_sealed and reader.reseal is not None:
            try:
                value = reader.reseal(value)
            except Exception:
                is_sealed = False
        return _dumped(value, rng), is_sealed or not is_sound
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        content = in_bytes(content, reader.corpus, rng)
    return content, not is_sound


def _dumped(value: Any, rng: random.Random) -> bytes:
    text = json.dumps(value, ensure_ascii=rng.random() < 0.3)
    return text.encode("utf-8", "surrogatepass")


def in_bytes(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """One change of the bytes of a file."""
    at = rng.randrange(len(content) + 1)
    end = min(len(content), at + rng.choice((1, 2, 8, 64, 1_000)))
    match rng.randrange(8):
        case 0:
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:at] + rng.choice(TOKENS) + content[at:]
        case 2:
            return content[:at] + rng.choice(TOKENS) + content[end:]
        case 3:
            return content[:at] + content[end:]
        case 4:
            return content[:end] + content[at:end] * rng.choice((1, 3)) + content[end:]
        case 5:
            return content[:at]
        case 6:
            other = rng.choice(others)
            return content[:at] + other[rng.randrange(len(other) + 1) :][:2_000] + content[at:]
        case _:
            lines = content.split(b"\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
            return b"\n".join(lines)


def in_values(value: Any, rng: random.Random) -> Any:
    """One change of a value of a parsed document."""
    value = copy.deepcopy(value)
    places = list(_places(value))
    if not places:
        return rng.choice(VALUES)
    held, key = rng.choice(places)
    match rng.randrange(6):
        case 0 if isinstance(held, dict):
            held[rng.choice(("x", "", "name", "\x1b", "__class__", "a" * 300))] = held.pop(key)
        case 1:
            del held[key]
        case 2:
            held[key] = [held[key]]
        case 3:
            other, at = rng.choice(places)
            held[key] = copy.deepcopy(other[at])
        case 4 if isinstance(held, list):
            held.extend(copy.deepcopy(held) * rng.choice((1, 3)))
        case _:
            held[key] = copy.deepcopy(rng.choice(VALUES))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if _is_list(value) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def smallest(reader: Reader, content: bytes, fault: str, *, seconds: float = 5.0) -> bytes:
    """Make an input with a fault as short as it can be made by leaving parts out."""
    size = max(1, len(content) // 2)
    while size:
        at = 0
        while at < len(content):
            shorter = content[:at] + content[at + size :]
            found = Outcome()
            try_one(reader, shorter, found, seconds, [])
            if fault in found.faults:
                content = shorter
            else:
                at += size
        size //= 2
    return content
