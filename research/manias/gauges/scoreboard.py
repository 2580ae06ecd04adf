"""Gauges run back through history and scored by rules fixed before the first score.

The rules stand in ``reports/analysis-plan.md``, entry of 2026-11-29 on public gauges; its
points are named where they are used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import checked
from manias.data.fingerprint import sha256
from manias.data.results import Result, stacked
from manias.data.rows import Provenance
from manias.errors import DataError
from manias.evaluation.cards import dumps
from manias.evaluation.scores import ALPHA, SEED
from manias.evaluation.skill import adjust_holm, permutation_p
from manias.gauges.falls import (
    NAMED,
    FallEpisode,
    Verdict,
    falls,
    find_episodes,
    judge_spells,
    last_rows,
    per_year,
)
from manias.gauges.gauge import Gauge, Readings, Target

BURN_IN = 10
"""Years of readings whose windows must be over before anything is scored."""
TURNS, SIZE_TURNS = 999, 199
"""Most turns of the outcomes behind p, and behind each simulated sample."""
DRAWS, SAMPLES = 2000, 200
"""Draws of the interval, and samples behind size and power."""
RULES = 2
"""Raised when the same readings and levels give other scores."""
ODDS = 3.0
"""Odds of a fall in alarm over those outside it in the samples of the power."""
MOST_STATES = 60
"""Most units whose last reading is kept."""

Marks = NDArray[np.int8]


@dataclass(frozen=True, slots=True, repr=False)
class OtherFall(Result):
    """The same gauge beside another fall or horizon.

    Attributes
    ----------
    fall : float
    horizon : int
        Periods of the target.
    episodes, hits : int
    in_alarm, outside : float
        Frequency of that fall after readings in alarm, and after others.
    gain : float
        Mean log score less that of the base rate known then.
    """

    _told = ("fall", "horizon", "hits", "episodes", "gain")

    fall: float
    horizon: int
    episodes: int
    hits: int
    in_alarm: float
    outside: float
    gain: float


@dataclass(frozen=True, slots=True, repr=False)
class State(Result):
    """What a gauge last read of a unit.

    Attributes
    ----------
    of, period : str
    value, threshold, signal : float
    """

    _told = ("of", "period", "value", "threshold", "signal")

    of: str
    period: str
    value: float
    threshold: float
    signal: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GaugeScore(Result):
    """How one gauge did as a warning, on what was known then.

    Attributes
    ----------
    key, name, owner, kind, target, vintage : str
        As those of the gauge.
    since : int
        Year in which its rule was published; 0 where that is not known.
    frequency : str
        Of its readings: "M", "Q" or "Y".
    first, last : str
        First and last period in which it spoke.
    n, abstained : int
        Readings of a unit with a signal, and periods of a unit of the target, as often as the
        gauge is read, without one.
    in_alarm : float
        Share of the readings in alarm.
    base, after_alarm, after_none : float
        Frequency of the fall after all readings, those in alarm, and the others, over all that
        is resolved.
    episodes : tuple of FallEpisode
        Every fall of the target.
    spells, false_spells, open_spells : int
        Spells of alarm; those that no fall followed; those of which no window is over.
    scored : int
        Readings behind the gain.
    gain, low, high : float
        Mean log score less that of the base rate known then, nats a reading, and its interval.
    turns : int
        Turns of the outcomes behind p.
    p, size, power : float
        Of the test, and how often it rejects without an effect and with odds of a fall that
        are three times as large in alarm.
    others : tuple of OtherFall
    unit : str
        Unit of its values.
    states : tuple of State
        Last reading of each unit.
    provenance : Provenance
        What readings and target were taken from.
    fingerprint : str
        Hash of rules and tables.
    """

    _told = ("key", "target", "hits", "falls", "gain", "p")

    key: str
    name: str
    owner: str
    kind: str
    target: str
    vintage: str
    since: int
    frequency: str
    first: str
    last: str
    n: int
    abstained: int
    in_alarm: float
    base: float
    after_alarm: float
    after_none: float
    episodes: tuple[FallEpisode, ...]
    spells: int
    false_spells: int
    open_spells: int
    scored: int
    gain: float
    low: float
    high: float
    turns: int
    p: float
    size: float
    power: float
    others: tuple[OtherFall, ...]
    unit: str
    states: tuple[State, ...]
    provenance: Provenance = field(default_factory=Provenance)
    fingerprint: str = ""

    @property
    def falls(self) -> int:
        """Episodes in which the gauge could be read."""
        return sum(e.verdict != "abstained" for e in self.episodes)

    @property
    def hits(self) -> int:
        """Episodes of which it warned at or before the peak."""
        return self.count("hit")

    @property
    def lead(self) -> float:
        """Median of the months from the first alarm to the peak; NaN without a hit."""
        leads = [e.lead for e in self.episodes if e.verdict == "hit"]
        return float(np.median(leads)) if leads else float("nan")

    @property
    def later(self) -> tuple[FallEpisode, ...]:
        """Episodes that peaked after the year in which the rule was published."""
        if not self.since:
            return ()
        return tuple(e for e in self.episodes if int(e.peak[:4]) > self.since)

    def by_name(self) -> dict[str, tuple[int, int, int]]:
        """Named falls of the target, and how the gauge did in each.

        Returns
        -------
        dict of str to (int, int, int)
            Year of `NAMED` -> hits, falls in which it could be read, falls in which it
            abstained; years without such a fall in the target are left out.

        Examples
        --------
        >>> from manias.gauges.kept import load_scoreboard
        >>> list(load_scoreboard().line("faber-us").by_name())
        ['1929', '1937', '1972', '2000', '2007']
        """
        found: dict[str, tuple[int, int, int]] = {}
        for episode in self.episodes:
            if episode.name:
                hits, read, silent = found.get(episode.name, (0, 0, 0))
                said = episode.verdict != "abstained"
                hit = episode.verdict == "hit"
                found[episode.name] = (hits + hit, read + said, silent + (not said))
        return found

    @property
    def alarms_now(self) -> tuple[int, int, str]:
        """Units in alarm at the last reading, units read then, and its period."""
        if not self.states:
            return 0, 0, ""
        last = max(state.period for state in self.states)
        here = [state for state in self.states if state.period == last]
        return int(sum(state.signal for state in here)), len(here), last

    @checked
    def count(self, verdict: Verdict) -> int:
        """Episodes of one verdict.

        Parameters
        ----------
        verdict : {"hit", "late", "missed", "abstained"}

        Returns
        -------
        int

        Examples
        --------
        >>> from manias.gauges.kept import load_scoreboard
        >>> faber = load_scoreboard().line("faber-us")
        >>> faber.count("hit") == faber.hits
        True
        """
        return sum(e.verdict == verdict for e in self.episodes)

    def to_frame(self) -> pd.DataFrame:
        """One row an episode.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `FallEpisode`.
        """
        return stacked(self.episodes, FallEpisode)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scoreboard(Result):
    """Every gauge beside the others; no two are made into one.

    Attributes
    ----------
    lines : tuple of GaugeScore
    """

    _told = ("gauges=lines",)

    lines: tuple[GaugeScore, ...]

    @checked
    def line(self, key: str) -> GaugeScore:
        """The score of one gauge.

        Parameters
        ----------
        key : str

        Returns
        -------
        GaugeScore

        Raises
        ------
        DataError
            If it has no score.

        Examples
        --------
        >>> from manias.gauges.kept import load_scoreboard
        >>> load_scoreboard().line("faber-us").target
        'us'
        """
        for line in self.lines:
            if line.key == key:
                return line
        raise DataError(
            f"gauge {key!r}: no score; expected one of {', '.join(x.key for x in self.lines)}"
        )

    @property
    def adjusted(self) -> Mapping[str, float]:
        """Holm's p of every gauge that has a p, all of them counted (point 8)."""
        told = [line for line in self.lines if np.isfinite(line.p)]
        found = adjust_holm([line.p for line in told])
        return dict(zip((line.key for line in told), map(float, found), strict=True))

    @checked
    def has_skill(self, key: str) -> bool:
        """Whether a gauge did better than the base rate by the rule of the plan.

        Parameters
        ----------
        key : str

        Returns
        -------
        bool
            Gain above zero, and Holm's p at most 5%.

        Examples
        --------
        >>> from manias.gauges.kept import load_scoreboard
        >>> load_scoreboard().has_skill("faber-us") in (True, False)
        True
        """
        return self.line(key).gain > 0 and self.adjusted.get(key, 1.0) <= ALPHA

    def to_frame(self) -> pd.DataFrame:
        """One row a gauge.

        Returns
        -------
        pandas.DataFrame
            ``gauge``, ``kind``, ``target``, ``n``, ``abstained``, ``in_alarm``, ``hits``,
            ``falls`` (in which it could be read), ``late``, ``missed``, ``silent`` (falls in
            which it abstained), ``spells``, ``false_spells``, ``lead``, ``base``,
            ``after_alarm``, ``after_none``, ``gain``, ``low``, ``high``, ``p``, ``p_holm``,
            ``size``, ``power``.
        """
        adjusted = self.adjusted
        rows = [
            {
                "gauge": x.key,
                "kind": x.kind,
                "target": x.target,
                "n": x.n,
                "abstained": x.abstained,
                "in_alarm": x.in_alarm,
                "hits": x.hits,
                "falls": x.falls,
                "late": x.count("late"),
                "missed": x.count("missed"),
                "silent": x.count("abstained"),
                "spells": x.spells,
                "false_spells": x.false_spells,
                "lead": x.lead,
                "base": x.base,
                "after_alarm": x.after_alarm,
                "after_none": x.after_none,
                "gain": x.gain,
                "low": x.low,
                "high": x.high,
                "p": x.p,
                "p_holm": adjusted.get(x.key, float("nan")),
                "size": x.size,
                "power": x.power,
            }
            for x in self.lines
        ]
        return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """Signals beside outcomes, as the kernels take them."""

    signal: Marks  # readings x units
    rows: NDArray[np.int64]
    outcome: Marks  # periods x units, to the last that is resolved
    horizon: int
    weight: float
    start: int

    def gains(self, turns: NDArray[np.int64], outcome: Marks | None = None) -> NDArray:
        from manias.gauges._kernels import gains

        outcome = self.outcome if outcome is None else outcome
        return gains(
            self.signal, self.rows, outcome, turns, self.horizon, self.weight, self.start
        )

    def turns(self, most: int) -> NDArray[np.int64]:
        """Turns at least a horizon away from none, at most so many, evenly spaced."""
        every = np.arange(self.horizon, len(self.outcome) - self.horizon + 1)
        if len(every) <= most:
            return every
        return every[np.linspace(0, len(every) - 1, most).round().astype(int)]


def _case(signal: pd.DataFrame, fell: pd.DataFrame, horizon: int) -> _Case:
    resolved = np.flatnonzero(fell.notna().to_numpy().any(axis=1))
    if not len(resolved):
        raise DataError("no window of the target is over")
    outcome = fell.to_numpy()[: resolved[-1] + 1]
    rows = last_rows(signal.index, fell.index)
    rows = np.where(rows < len(outcome), rows, -1)
    often = per_year(fell.index)
    read = (rows >= 0) & signal.notna().any(axis=1).to_numpy()
    # Nothing is scored of a gauge that spoke in no period whose window is over.
    first = int(rows[np.argmax(read)]) if read.any() else len(outcome)
    return _Case(
        _marks(signal.reindex(columns=fell.columns).to_numpy(dtype=float)),
        rows,
        _marks(outcome),
        horizon,
        horizon * per_year(signal.index) / often,
        first + BURN_IN * often + horizon - 1,
    )


def _marks(values: NDArray[np.float64]) -> Marks:
    return np.where(np.isnan(values), -1, np.nan_to_num(values)).astype(np.int8)


@checked
def say_probabilities(readings: Readings, target: Target, levels: pd.DataFrame) -> pd.DataFrame:
    """What a gauge said at each reading, and the base rate known then (point 6).

    Parameters
    ----------
    readings : Readings
    target : Target
    levels : pandas.DataFrame
        Of the target.

    Returns
    -------
    pandas.DataFrame
        A row a reading that is scored: ``period``, ``of``, ``signal``, ``p``, ``base``, ``y``.

    Examples
    --------
    >>> from manias.gauges.registry import find_gauge, find_target
    >>> us = find_target("us")
    >>> table = say_probabilities(find_gauge("faber-us").readings(), us, us.levels())
    >>> table["period"].iloc[0]
    Period('1883-09', 'M')
    """
    from manias.gauges._kernels import said

    case = _case(readings.signal, falls(levels, target.fall, target.horizon), target.horizon)
    shape = case.signal.shape
    p, base, y = (np.empty(shape) for _ in range(3))
    said(
        case.signal,
        case.rows,
        case.outcome,
        0,
        case.horizon,
        case.weight,
        case.start,
        p,
        base,
        y,
    )
    at, unit = np.nonzero(~np.isnan(p))
    return pd.DataFrame(
        {
            "period": readings.signal.index[at],
            "of": levels.columns[unit],
            "signal": case.signal[at, unit].astype(int),
            "p": p[at, unit],
            "base": base[at, unit],
            "y": y[at, unit],
        }
    )


@checked
def score_readings(
    readings: Readings, target: Target, levels: pd.DataFrame, *, samples: int = SAMPLES
) -> dict[str, Any]:
    """Score signals beside the falls of a target.

    Parameters
    ----------
    readings : Readings
    target : Target
    levels : pandas.DataFrame
        Of the target.
    samples : int
        Behind size and power; NaN where 0.

    Returns
    -------
    dict
        The fields of `GaugeScore` that follow from readings and levels.

    Raises
    ------
    DataError
        If the gauge never spoke, or no window of the target is over.

    Examples
    --------
    >>> from manias.gauges.registry import find_gauge, find_target
    >>> us = find_target("us")
    >>> found = score_readings(find_gauge("faber-us").readings(), us, us.levels(), samples=0)
    >>> 0 < found["in_alarm"] < 1
    True
    """
    signal = readings.signal.reindex(columns=levels.columns)
    spoke = signal.notna().any(axis=1).to_numpy()
    if not spoke.any():
        raise DataError("the gauge never spoke of a unit of the target")
    fell = falls(levels, target.fall, target.horizon)
    case = _case(signal, fell, target.horizon)
    rows = last_rows(signal.index, levels.index)
    inside = rows >= 0
    there = levels.notna().to_numpy()[rows[inside]]
    marks = signal.to_numpy(dtype=float)
    base, in_alarm, outside = _frequencies(case)
    spells = judge_spells(signal, fell, rows)
    table = say_probabilities(readings, target, levels)
    low, high = _interval(table, years=_block_years(target.horizon / per_year(levels.index)))
    gain, p, turns = float("nan"), float("nan"), 0
    if len(table):
        every = case.turns(TURNS)
        gain = float(case.gains(np.zeros(1, np.int64))[0])
        under = case.gains(every)
        p, turns = permutation_p(gain, under[np.isfinite(under)]), len(every)
    size, power = _size_and_power(case, levels.index, samples) if turns else (np.nan, np.nan)
    index = signal.index[spoke]
    return {
        "frequency": signal.index.freqstr[0],
        "first": str(index[0]),
        "last": str(index[-1]),
        "n": int((~np.isnan(marks)).sum()),
        "abstained": int((np.isnan(marks[inside]) & there).sum())
        + _unread(signal.index, levels),
        "in_alarm": float(np.nanmean(marks)),
        "base": base,
        "after_alarm": in_alarm,
        "after_none": outside,
        "episodes": find_episodes(signal, levels, fell, target.horizon, rows),
        "spells": len(spells),
        "false_spells": sum(s == 0 for s in spells),
        "open_spells": sum(s < 0 for s in spells),
        "scored": len(table),
        "gain": gain,
        "low": low,
        "high": high,
        "turns": turns,
        "p": p,
        "size": size,
        "power": power,
        "others": tuple(_other(signal, levels, f, h, rows) for f, h in target.others),
        "unit": readings.unit,
        "states": _states(readings),
    }


@checked
def score_gauge(gauge: Gauge, target: Target, *, samples: int = SAMPLES) -> GaugeScore:
    """Run a gauge back through history and score it.

    Parameters
    ----------
    gauge : Gauge
    target : Target
        What it warns of.
    samples : int
        Behind size and power; NaN where 0.

    Returns
    -------
    GaugeScore

    Raises
    ------
    DataError
        If it never spoke, or the target is not its own.

    Examples
    --------
    >>> from manias.gauges.registry import find_gauge, find_target
    >>> found = score_gauge(find_gauge("faber-us"), find_target("us"), samples=0)
    >>> found.hits + found.count("late") + found.count("missed") == found.falls
    True
    """
    if gauge.target != target.key:
        raise DataError(f"gauge {gauge.key}: warns of {gauge.target}, not of {target.key}")
    readings = gauge.readings()
    levels = target.levels()
    found = score_readings(readings, target, levels, samples=samples)
    rows = (*readings.rows, *target.rows())
    provenance = Provenance.of(rows, grade="" if rows else "C")
    return GaugeScore(
        key=gauge.key,
        name=gauge.name,
        owner=gauge.owner,
        kind=gauge.kind,
        target=target.key,
        vintage=gauge.vintage,
        since=gauge.since,
        **found,
        provenance=provenance,
        fingerprint=rules_mark(gauge, target, provenance.data),
    )


def rules_mark(gauge: Gauge, target: Target, data: Mapping[str, str]) -> str:
    """Hash of everything that a score depends on but the code of readings.

    Parameters
    ----------
    gauge : Gauge
    target : Target
    data : mapping of str to str
        Dataset -> hash.

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.gauges.registry import find_gauge, find_target
    >>> len(rules_mark(find_gauge("faber-us"), find_target("us"), {}))
    64
    """
    told = {
        "gauge": {
            k: v
            for k, v in _plain(gauge).items()
            if k not in ("read", "caveat", "name", "rule")
        },
        "target": {k: v for k, v in _plain(target).items() if k != "read"},
        "rules": [RULES, NAMED, BURN_IN, TURNS, SIZE_TURNS, DRAWS, SAMPLES, ODDS, SEED],
        "data": dict(sorted(data.items())),
    }
    return sha256(dumps(told).encode())


def _plain(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _frequencies(case: _Case) -> tuple[float, float, float]:
    """Frequency of the fall after all readings, those in alarm and the others."""
    kept = case.rows >= 0
    y, s = case.outcome[case.rows[kept]], case.signal[kept]
    known = (y >= 0) & (s >= 0)

    def share(of: NDArray[np.bool_]) -> float:
        return float(y[of].mean()) if of.any() else float("nan")

    return share(known), share(known & (s == 1)), share(known & (s == 0))


def _interval(table: pd.DataFrame, *, years: int) -> tuple[float, float]:
    """95% of the mean gain, blocks of calendar years drawn with replacement (point 7)."""
    if table.empty:
        return float("nan"), float("nan")
    y, p, base = (table[c].to_numpy() for c in ("y", "p", "base"))
    each = y * np.log(p / base) + (1 - y) * np.log((1 - p) / (1 - base))
    block = np.asarray(table["period"].dt.year) // years
    code = np.unique(block, return_inverse=True)[1]
    sums, counts = np.bincount(code, weights=each), np.bincount(code)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=DRAWS)
    low, high = np.quantile(drawn @ sums / (drawn @ counts), [ALPHA / 2, 1 - ALPHA / 2])
    return float(low), float(high)


def _size_and_power(case: _Case, index: pd.PeriodIndex, samples: int) -> tuple[float, float]:
    """How often the test rejects without an effect, and with one (point 9)."""
    if not samples:
        return float("nan"), float("nan")
    often = per_year(index)
    block = _block_years(case.horizon / often) * often
    n = len(case.outcome)
    rng = np.random.default_rng(SEED)
    turns = np.concatenate([[0], case.turns(SIZE_TURNS)])
    pieces = _pieces(case)
    rejected = np.zeros(2)
    for _ in range(samples):
        starts = rng.integers(0, n, size=-(-n // block))
        order = ((starts[:, None] + np.arange(block)[None, :]) % n).ravel()[:n]
        drawn = case.outcome[order]
        for k in range(2):
            if k:
                drawn = _turned(case, drawn, pieces, rng)
            found = case.gains(turns, drawn)
            under = found[1:][np.isfinite(found[1:])]
            if np.isfinite(found[0]) and len(under):
                rejected[k] += permutation_p(found[0], under) <= ALPHA and found[0] > 0
    size, power = rejected / samples
    return float(size), float(power)


def _block_years(horizon_years: float) -> int:
    """Years of a block: five, or ten where the horizon is as long as five."""
    return 10 if horizon_years >= 5 else 5


def _pieces(case: _Case) -> list[tuple[int, NDArray[np.int64]]]:
    """Rows of the target in alarm, unit by unit, in pieces as long as a horizon."""
    found = []
    for unit in range(case.signal.shape[1]):
        on = case.rows[(case.signal[:, unit] == 1) & (case.rows >= 0)]
        while len(on):
            inside = on < on[0] + case.horizon
            found.append((unit, on[inside]))
            on = on[~inside]
    return found


def _turned(
    case: _Case,
    outcome: Marks,
    pieces: Sequence[tuple[int, NDArray[np.int64]]],
    rng: np.random.Generator,
) -> Marks:
    """Outcomes in which pieces of alarm fall at `ODDS` times the odds of the others."""
    known = outcome >= 0
    base = float(np.clip(outcome[known].mean(), 1e-6, 1 - 1e-6))
    wanted = ODDS * base / (1 - base + ODDS * base)
    chance = (wanted - base) / (1 - base)
    made = outcome.copy()
    for unit, rows in pieces:
        if rng.random() < chance:
            column = made[rows, unit]
            made[rows, unit] = np.where(column >= 0, 1, column)
    return made


def _other(
    signal: pd.DataFrame,
    levels: pd.DataFrame,
    fall: float,
    horizon: int,
    rows: NDArray[np.int64],
) -> OtherFall:
    fell = falls(levels, fall, horizon)
    case = _case(signal, fell, horizon)
    episodes = find_episodes(signal, levels, fell, horizon, rows)
    _, in_alarm, outside = _frequencies(case)
    return OtherFall(
        fall=fall,
        horizon=horizon,
        episodes=sum(e.verdict != "abstained" for e in episodes),
        hits=sum(e.verdict == "hit" for e in episodes),
        in_alarm=in_alarm,
        outside=outside,
        gain=float(case.gains(np.zeros(1, np.int64))[0]),
    )


def _unread(index: pd.PeriodIndex, levels: pd.DataFrame) -> int:
    """Unit-periods of the target in which the gauge has no reading at all."""
    span = levels.index.asfreq(index.freq).unique()
    missing = ~span.isin(index)
    if not missing.any():
        return 0
    rows = last_rows(span[missing], levels.index)
    return int(levels.notna().to_numpy()[rows[rows >= 0]].sum())


def _states(readings: Readings) -> tuple[State, ...]:
    found = []
    for of in readings.signal.columns:
        column = readings.signal[of].dropna()
        if len(column):
            last = column.index[-1]
            found.append(
                State(
                    str(of),
                    str(last),
                    float(readings.value.loc[last, of]),
                    float(readings.threshold.loc[last, of]),
                    float(column.iloc[-1]),
                )
            )
    return tuple(found[:MOST_STATES])


def score_all(gauges: Iterable[Gauge], targets: Mapping[str, Target]) -> Scoreboard:
    """Score gauges, each on its own target.

    Parameters
    ----------
    gauges : iterable of Gauge
    targets : mapping of str to Target
        By key.

    Returns
    -------
    Scoreboard

    Examples
    --------
    >>> score_all([], {}).lines
    ()
    """
    return Scoreboard(tuple(score_gauge(g, targets[g.target]) for g in gauges))
