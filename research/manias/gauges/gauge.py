"""What a gauge is: readings from what was known, a threshold, and what it warns of.

A gauge is somebody's published rule. It reads a value in every period, compares it with a
threshold and is in alarm or not; where it cannot be read honestly it abstains and says why.
What it warns of, its target, is a fall of prices or of spending that is fixed beforehand and is
the same for every gauge of that target (``reports/analysis-plan.md``, entry of 2026-11-29).
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.library import current, known_on, not_known
from manias.data.results import Result
from manias.data.rows import Provenance, Rows, whole
from manias.documents import (
    MONTH,
    Schema,
    listed,
    maybe,
    number,
    one_of,
    read,
    record,
    table,
    text,
)
from manias.errors import DataError, InputError, StaleError
from manias.evaluation.cards import (
    NAME,
    ORIGIN,
    SUM,
    checksum,
    decode,
    dumps,
    encode,
)

Kind = Literal[
    "valuation",
    "run-up",
    "explosiveness",
    "log-periodic",
    "spending share",
    "capex over cash",
    "capex over revenue",
    "funding",
    "leadership",
    "composite",
    "trend",
    "own lens",
]
Vintage = Literal["real-time", "pseudo-real-time"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Readings(Result):
    """What a gauge read of every unit of its target, period by period.

    A reading of a period uses nothing that was not known on the last day of that period: what
    came out later (accounts, national accounts) is carried forward from the last that was.

    Attributes
    ----------
    value, threshold, signal : pandas.DataFrame
        Shape (T, N), periods by units. ``signal`` is 1.0 in alarm, 0.0 out of it, NaN where the
        gauge abstains. Of one unit a frame of one column, named as the unit of the target.
    unit : str
        Unit of the values.
    why_not : mapping of str to str
        Stretch ("1871-01 to 1880-12", or a unit) -> why the gauge abstains there.
    rows : tuple of Rows
        What it was read from.

    Raises
    ------
    DataError
        If the frames differ in rows or columns, or a signal is neither 1, 0 nor NaN.
    """

    _told = ("periods=value", "units=value.columns", "unit")

    value: pd.DataFrame
    threshold: pd.DataFrame
    signal: pd.DataFrame
    unit: str
    why_not: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Rows, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.value.index, pd.PeriodIndex):
            raise DataError("readings: the index holds no periods")
        for name in ("threshold", "signal"):
            other = getattr(self, name)
            if not (
                other.index.equals(self.value.index)
                and other.columns.equals(self.value.columns)
            ):
                raise DataError(f"readings: {name} and value differ in periods or units")
        marks = self.signal.to_numpy(dtype=float)
        if not (np.isnan(marks) | (marks == 0) | (marks == 1)).all():
            raise DataError("readings: a signal is neither 1, 0 nor missing")

    def to_frame(self) -> pd.DataFrame:
        """One row a period and unit in which the gauge spoke or had a value.

        Returns
        -------
        pandas.DataFrame
            ``period``, ``of``, ``value``, ``threshold``, ``signal``.
        """
        parts = {name: getattr(self, name) for name in ("value", "threshold", "signal")}
        long = [
            f.rename_axis(index="period", columns="of").stack(future_stack=True)
            for f in parts.values()
        ]
        table = pd.concat(long, axis=1, keys=parts)
        return table.dropna(how="all", subset=["value", "signal"]).reset_index()

    @property
    def provenance(self) -> Provenance:
        """Tables, sources and grade of ``rows``; C where there are none."""
        return Provenance.of(self.rows, grade="" if self.rows else "C")


def judged(
    value: pd.DataFrame | pd.Series,
    threshold: pd.DataFrame | pd.Series | float,
    *,
    unit: str,
    below: bool = False,
    speaks: pd.DataFrame | pd.Series | None = None,
    why_not: Mapping[str, str] | None = None,
    rows: tuple[Rows, ...] = (),
) -> Readings:
    """Compare values with a threshold: alarm at or above it.

    Parameters
    ----------
    value : pandas.DataFrame or pandas.Series
        Periods by units; a series is one unit, named as it is.
    threshold : pandas.DataFrame or pandas.Series or float
        One for all, one a period, or one a period and unit.
    unit : str
        Unit of the values.
    below : bool
        Alarm at or below the threshold instead.
    speaks : pandas.DataFrame or pandas.Series, optional
        False where the gauge abstains though there is a value.
    why_not, rows
        As in `Readings`.

    Returns
    -------
    Readings
        Without a value or a threshold there is no signal.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=3, freq="M")
    >>> cape = pd.Series([20.0, 30.0, np.nan], months, name="us")
    >>> judged(cape, 25.0, unit="times").signal["us"].tolist()
    [0.0, 1.0, nan]
    """
    value = value.to_frame() if isinstance(value, pd.Series) else value
    value = value.astype(float)
    level = pd.DataFrame(np.nan, value.index, value.columns)
    if isinstance(threshold, pd.DataFrame):
        level = threshold.reindex_like(value).astype(float)
    else:
        across = (
            threshold.reindex(value.index).to_numpy(dtype=float)[:, None]
            if isinstance(threshold, pd.Series)
            else float(threshold)
        )
        level[:] = np.broadcast_to(across, value.shape)
    on = value <= level if below else value >= level
    known = value.notna() & level.notna()
    if speaks is not None:
        speaks = speaks.to_frame() if isinstance(speaks, pd.Series) else speaks
        known &= speaks.to_numpy(dtype=bool)
    return Readings(value, level, on.astype(float).where(known), unit, why_not or {}, rows)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Target(Result):
    """What gauges warn of: a fall of one or many series within so many periods.

    Attributes
    ----------
    key, name : str
    measure : str
        What is followed, in words: nominal prices without dividends, total returns, dollars.
    read : callable
        Returns levels, shape (T, N), periods by units, positive or NaN; every period between
        the first and the last is a row. It reads tables through `manias.data.library.load`.
    fall : float
        Least fall from the level of the period (0.4 is 40%).
    horizon : int
        Periods after it in which the fall must come.
    others : tuple of (float, int)
        Other falls and horizons that are printed beside it.
    tables : tuple of str
        Tables that ``read`` takes levels from, as `manias.data.rows.whole` names them.
    """

    _told = ("key", "fall", "horizon")

    key: str
    name: str
    measure: str
    read: Callable[[], pd.DataFrame]
    fall: float = 0.4
    horizon: int = 24
    others: tuple[tuple[float, int], ...] = ((0.3, 24), (0.4, 36))
    tables: tuple[str, ...] = ()

    def rows(self) -> tuple[Rows, ...]:
        """Rows of its tables, from the open library.

        Returns
        -------
        tuple of Rows
        """
        return whole(*self.tables)

    def levels(self) -> pd.DataFrame:
        """Levels of every unit, from the open library.

        Returns
        -------
        pandas.DataFrame
            Shape (T, N).

        Raises
        ------
        DataError
            If the index holds no periods or leaves one out, or a level is not positive.
        """
        levels = self.read().astype(float)
        index = levels.index
        if not isinstance(index, pd.PeriodIndex):
            raise DataError(f"target {self.key}: the index holds no periods")
        if not index.equals(pd.period_range(index[0], index[-1], freq=index.freq)):
            raise DataError(f"target {self.key}: a period is left out")
        if (levels <= 0).to_numpy().any():
            raise DataError(f"target {self.key}: a level is not positive")
        return levels


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Gauge(Result):
    """One published rule that says when a market, or spending, is in a bubble.

    Attributes
    ----------
    key, name, owner : str
    kind : str
        One of `Kind`.
    rule : str
        The owner's rule in plain words, as it is computed here.
    source : str
        Key of the source in which the owner states it; "" for our own lenses.
    target : str
        Key of what it warns of.
    read : callable
        Returns `Readings` from the open library. Its value of a period must not move with
        anything that was not known on the last day of that period.
    vintage : {"real-time", "pseudo-real-time"}
        Whether nothing was revised since (prices), or only one vintage of what was revised is
        on record (accounts, national accounts), so that no reading uses a later period but
        each uses figures as they are printed today.
    caveat : str
        What differs from the owner's own computation; "" for nothing.
    row : str
        Key of the row of the table of public gauges that it computes; "" for none.
    since : int
        Year in which the owner published the rule; falls that peaked later are counted apart.
    is_slow : bool
        Whether its readings are kept with the scores because they take long to compute.
    revision : int
        Raised when the same tables give other readings.
    """

    _told = ("key", "kind", "target")

    key: str
    name: str
    owner: str
    kind: Kind
    rule: str
    source: str
    target: str
    read: Callable[[], Readings]
    vintage: Vintage = "pseudo-real-time"
    caveat: str = ""
    row: str = ""
    since: int = 0
    is_slow: bool = False
    revision: int = 1

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InputError(f"kind={self.kind!r}: expected one of {', '.join(get_args(Kind))}")

    @checked
    def readings(self, as_of: str | pd.Period | pd.Timestamp | None = None) -> Readings:
        """Read the gauge in every period on record.

        Parameters
        ----------
        as_of : str or pandas.Period or pandas.Timestamp, optional
            Read only tables as observed by that day.

        Returns
        -------
        Readings

        Raises
        ------
        InputError
            If the date cannot be read.
        DataError
            If nothing of it was known.

        Examples
        --------
        >>> from manias.gauges.registry import find_gauge
        >>> gauge = find_gauge("faber-us")
        >>> gauge.readings("1999-12").value.index[-1]
        Period('1999-12', 'M')
        """
        if self.is_slow:
            return _kept(self, as_of)
        return self.computed(as_of)

    @checked
    def computed(self, as_of: str | pd.Period | pd.Timestamp | None = None) -> Readings:
        """Compute the readings anew, however long it takes.

        Parameters
        ----------
        as_of : str or pandas.Period or pandas.Timestamp, optional
            As that of `readings`.

        Returns
        -------
        Readings

        Raises
        ------
        InputError, DataError
            As `readings`.

        Examples
        --------
        >>> from manias.gauges.registry import find_gauge
        >>> gauge = find_gauge("faber-us")
        >>> gauge.computed().value.equals(gauge.readings().value)
        True
        """
        with known_on(as_of, by="observed"):
            readings = self.read()
            if not readings.value.notna().to_numpy().any():
                raise not_known(self.key, "no reading")
            return readings


_PERIOD = text(like=rf"^(?:{MONTH[1:-1]}|[12][0-9]{{3}}(?:Q[1-4])?)$", said="a period")
_MATRIX = listed(listed(maybe(number())), most=1_000)
READINGS = Schema(
    record(
        {
            "key": text(like=NAME, said="the key of a gauge"),
            "revision": number(whole=True, minimum=1),
            "unit": text(most=200),
            "frequency": text(like=r"^[MQY](?:-[A-Z]{3})?$", said="M, Q-DEC or Y-DEC"),
            "first": _PERIOD,
            "last": _PERIOD,
            "at": listed(number(whole=True, minimum=0), least=1),
            "units": listed(text(most=100), least=1, most=1_000),
            "value": _MATRIX,
            "threshold": _MATRIX,
            "signal": listed(listed(one_of(0, 1, None)), most=1_000),
            "why_not": table("^.{1,200}$", text()),
            "provenance": ORIGIN,
            "checksum": SUM,
        }
    )
)
"""What kept readings hold: of the periods that differ from the one before."""
FOLDER = "gauges"
"""Folder of the reports in which scores, and readings that take long, are kept."""


def readings_card(gauge: Gauge, readings: Readings) -> str:
    """Write readings that take long to compute as JSON.

    Parameters
    ----------
    gauge : Gauge
    readings : Readings
        Of tables as they stand.

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.gauges.registry import find_gauge
    >>> faber = find_gauge("faber-us")
    >>> readings_card(faber, faber.readings()).splitlines()[1]
    ' "key": "faber-us",'
    """
    parts = {n: getattr(readings, n).round(6) for n in ("value", "threshold", "signal")}
    index = readings.value.index
    joined = pd.concat(parts, axis=1)
    before = joined.shift()
    # A row that repeats the one before is not written again.
    new = ~((joined == before) | (joined.isna() & before.isna())).all(axis=1).to_numpy()
    new[0] = True
    card = {
        "key": gauge.key,
        "revision": gauge.revision,
        "unit": readings.unit,
        "frequency": index.freqstr,
        "first": str(index[0]),
        "last": str(index[-1]),
        "at": np.flatnonzero(new).tolist(),
        "units": list(map(str, readings.value.columns)),
        **{name: encode(part[new].to_numpy().T) for name, part in parts.items()},
        "why_not": dict(readings.why_not),
        "provenance": encode(readings.provenance),
    }
    return dumps(card | {"checksum": checksum(card)})


def _kept(gauge: Gauge, as_of: str | pd.Period | pd.Timestamp | None) -> Readings:
    """Readings as they were kept; a reading uses nothing later, so a day only cuts them."""
    library = current()
    path = library.reports.joinpath(FOLDER, f"{gauge.key}.readings.json")
    if not path.is_file():
        raise DataError(f"gauge {gauge.key}: no readings are kept; run: make gauges")
    card, parts = read_readings(path)
    origin = decode(card["provenance"], Provenance)
    moved = [name for name, mark in origin.data.items() if library.fingerprint(name) != mark]
    if moved or card["revision"] != gauge.revision:
        what = moved[0] if moved else f"revision {card['revision']}"
        raise StaleError(f"gauge {gauge.key}: readings are of another {what}; run: make gauges")
    index = parts[0].index
    with known_on(as_of, by="observed") as seen:
        if seen.day is not None:
            parts = [part[index.end_time.normalize() <= seen.day] for part in parts]
        return Readings(*parts, card["unit"], dict(card["why_not"]), origin.rows())


def read_readings(path: Traversable) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """Read kept readings, whatever tables they are of.

    Parameters
    ----------
    path : file

    Returns
    -------
    card : dict
        What the file says.
    parts : list of pandas.DataFrame
        Value, threshold and signal, periods by units.

    Raises
    ------
    DataError
        If it holds none, or does not agree with its checksum.

    Examples
    --------
    >>> path = current().reports.joinpath("gauges", "lppls-us.readings.json")
    >>> read_readings(path)[1][0].shape[1]
    1
    """
    card = read(path, READINGS)
    if card["checksum"] != checksum({k: v for k, v in card.items() if k != "checksum"}):
        raise DataError(f"{path.name}: its numbers do not agree with its checksum")
    units, at = card["units"], card["at"]
    try:
        index = pd.period_range(card["first"], card["last"], freq=card["frequency"])
    except ValueError as error:
        raise DataError(f"{path.name}: {error}; expected periods of one frequency") from None
    if at[0] != 0 or any(b <= a for a, b in itertools.pairwise(at)) or at[-1] >= len(index):
        raise DataError(f"{path.name}: at: expected rising places below {len(index)}, from 0")
    parts = []
    row = np.searchsorted(at, np.arange(len(index)), side="right") - 1
    for name in ("value", "threshold", "signal"):
        lengths = [len(line) for line in card[name]]
        if lengths != [len(at)] * len(units):
            wanted = f"{len(units)} lists of {len(at)}"
            raise DataError(f"{path.name}: {name}: lists of other lengths; expected {wanted}")
        parts.append(pd.DataFrame(np.array(card[name], dtype=float).T[row], index, units))
    return card, parts
