"""Scores and slow readings of gauges as they are kept, and made again by ``make gauges``."""

from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from manias.data.arguments import checked
from manias.data.files import write_atomically
from manias.data.library import current, once
from manias.documents import Schema, read, record, text
from manias.errors import DataError, InputError, ManiasError, StaleError
from manias.evaluation.cards import (
    NAME,
    ORIGIN,
    SUM,
    checksum,
    decode,
    dumps,
    encode,
    loads,
)
from manias.gauges.gauge import FOLDER, Gauge, readings_card
from manias.gauges.registry import find_gauge, find_target, list_gauges
from manias.gauges.scoreboard import GaugeScore, Scoreboard, rules_mark, score_gauge

TOLERANCE = 1e-6
"""Difference between a kept number and the same made again that is rounding of the machine."""


SCHEMA = Schema(
    record(
        {
            "key": text(like=NAME, said="the key of a gauge"),
            "provenance": ORIGIN,
            "fingerprint": SUM,
            "checksum": SUM,
        },
        more=True,
    )
)
"""What every kept score holds; what else it holds follows from its type."""


def score_card(score: GaugeScore) -> str:
    """Write a score as JSON.

    Parameters
    ----------
    score : GaugeScore

    Returns
    -------
    str

    Examples
    --------
    >>> loads(score_card(load_scoreboard().line("faber-us")))["key"]
    'faber-us'
    """
    card = encode(score)
    return dumps(card | {"checksum": checksum(card)})


@checked
def load_scoreboard(folder: Traversable | None = None) -> Scoreboard:
    """Every gauge with its kept score; nothing is computed.

    Parameters
    ----------
    folder : directory, optional
        That of the open library by default.

    Returns
    -------
    Scoreboard
        In the order of `manias.gauges.registry.list_gauges`.

    Raises
    ------
    DataError
        If a gauge has no score, or a file does not agree with its checksum.
    StaleError
        If a score is of other tables or rules.

    Examples
    --------
    >>> load_scoreboard().line("faber-us").kind
    'trend'
    """
    return _board() if folder is None else _loaded(folder)


@once
def _board() -> Scoreboard:
    return _loaded(current().reports.joinpath(FOLDER))


def _loaded(folder: Traversable) -> Scoreboard:
    lines = []
    for gauge in list_gauges():
        path = folder.joinpath(f"{gauge.key}.json")
        if not path.is_file():
            raise DataError(f"gauge {gauge.key}: no score is kept; run: make gauges")
        score = read_score(path)
        if score.key != gauge.key:
            raise DataError(f"{path.name}: key: {score.key!r}; expected that of the file")
        if why := staleness(gauge, score):
            raise StaleError(f"{why}; run: make gauges")
        lines.append(score)
    return Scoreboard(tuple(lines))


def read_score(path: Traversable) -> GaugeScore:
    """Read a kept score, whatever tables and rules it is of.

    Parameters
    ----------
    path : file

    Returns
    -------
    GaugeScore

    Raises
    ------
    DataError
        If it is none, or does not agree with its checksum.

    Examples
    --------
    >>> read_score(current().reports.joinpath("gauges", "faber-us.json")).target
    'us'
    """
    try:
        card = read(path, SCHEMA)
    except DataError as error:
        raise DataError(f"{error}; run: make gauges") from None
    told = {key: value for key, value in card.items() if key != "checksum"}
    if card["checksum"] != checksum(told):
        raise DataError(
            f"{path.name}: its numbers do not agree with its checksum; run: make gauges"
        )
    try:
        return decode(told, GaugeScore)
    except (ValueError, ManiasError) as error:
        raise DataError(f"{path.name}: {error}; run: make gauges") from None


def staleness(gauge: Gauge, score: GaugeScore) -> str:
    """Why a kept score no longer holds.

    Parameters
    ----------
    gauge : Gauge
    score : GaugeScore

    Returns
    -------
    str
        A line; "" where it holds.

    Examples
    --------
    >>> staleness(find_gauge("faber-us"), load_scoreboard().line("faber-us"))
    ''
    """
    for dataset, digest in score.provenance.data.items():
        if current().fingerprint(dataset) != digest:
            return f"gauge {gauge.key}: scored on another {dataset}"
    mark = rules_mark(gauge, find_target(gauge.target), score.provenance.data)
    return "" if mark == score.fingerprint else f"gauge {gauge.key}: scored by other rules"


def score_gauges(
    folder: Path, keys: tuple[str, ...] = (), *, tell: Callable[[str], None] = lambda _: None
) -> Iterator[GaugeScore]:
    """Score gauges anew and keep what was found.

    Parameters
    ----------
    folder : Path
    keys : tuple of str
        Only these; those without a score that holds where empty.
    tell : callable
        Takes a line on what is being done.

    Yields
    ------
    GaugeScore

    Raises
    ------
    InputError
        If there is no such gauge.
    """
    chosen = [find_gauge(key) for key in keys] or [g for g in list_gauges() if _due(g, folder)]
    for gauge in chosen:
        tell(f"scoring {gauge.key}")
        if gauge.is_slow:
            card = readings_card(gauge, gauge.computed())
            write_atomically(folder / f"{gauge.key}.readings.json", card.encode())
        score = score_gauge(gauge, find_target(gauge.target))
        write_atomically(folder / f"{gauge.key}.json", score_card(score).encode())
        yield score


def _due(gauge: Gauge, folder: Path) -> bool:
    path = folder / f"{gauge.key}.json"
    if not path.is_file():
        return True
    try:
        return bool(staleness(gauge, read_score(path)))
    except DataError:
        return True


@checked
def verify_score(key: str) -> tuple[bool, str]:
    """Score a gauge again and compare every number with what is kept.

    Parameters
    ----------
    key : str

    Returns
    -------
    agrees : bool
    where : str
        First number that differs; "" where none does.

    Raises
    ------
    InputError
        If there is no such gauge.

    Examples
    --------
    >>> verify_score("nothing")
    Traceback (most recent call last):
    manias.errors.InputError: gauge 'nothing': no score is kept
    """
    kept = {line.key: line for line in load_scoreboard().lines}
    if key not in kept:
        raise InputError(f"gauge {key!r}: no score is kept")
    gauge = find_gauge(key)
    fresh = score_gauge(gauge, find_target(gauge.target))
    where = _differs(loads(score_card(kept[key])), loads(score_card(fresh)), "")
    return not where, where


def _differs(a: object, b: object, where: str) -> str:
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return next(
            (d for k in a if k != "checksum" and (d := _differs(a[k], b[k], f"{where}.{k}"))),
            "",
        )
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = enumerate(zip(a, b, strict=True))
        return next((d for i, (x, y) in pairs if (d := _differs(x, y, f"{where}[{i}]"))), "")
    if isinstance(a, float) and isinstance(b, float):
        return "" if abs(a - b) <= TOLERANCE * max(1, abs(a)) else where
    return "" if a == b else where
