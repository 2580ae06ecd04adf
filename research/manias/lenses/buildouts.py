"""Build-outs year by year since their onset: what was built, how it grew, what became of it.

Only rates of growth and shares are ever compared: miles, telephones and dollars are not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from manias.data.calendar import Knowledge
from manias.data.library import current, known_on, load, once
from manias.data.reader import Series
from manias.data.rows import Provenance, Rows, last_known
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.lenses.base import Answer, BubbleResults, check_given, refuse_later
from manias.record.covariates import settled_covariates
from manias.series.timeline import Trajectory, complete
from manias.series.trajectories import behind, column, own, trajectory

HORIZON = 5
"""Years in which a fall counts."""
FALL = 0.5
"""A flow has fallen when it is at most this share of its highest since the look."""
PEAK_WITHIN = 15
"""Years since onset in which a peak is looked for: later ones belong to another wave."""
FEATURES: Mapping[str, str] = {
    "growth": "mean log growth a year since the first figure at or after the onset",
    "recent": "mean log growth a year over the last two years",
    "acceleration": "log growth of the last year less that of the year before",
    "level": "share of national product, percent",
    "outside": "capital expenditure over operating cash flow, last four quarters",
    "asset_life": "settled code of the life of what is built: 0 under 8 years, 1 to 25, 2 over",
}
"""What is measured of a build-out at an age, from nothing later."""
T = TypeVar("T")
YEARLY: Mapping[str, int] = {"Y": 1, "Q": 4, "M": 12}
"""Periods of a year by frequency."""


@dataclass(frozen=True, slots=True, eq=False)
class Buildout:
    """One build-out.

    Attributes
    ----------
    id, name : str
    innovation : str
        Key of the innovation, "ai", or the id of an own file; build-outs of one innovation
        are left out together.
    role : {"case", "target"}
        Compared with, or compared.
    path : Trajectory
        Its flow.
    sequel : Trajectory or None
        Another series of the same build-out, by which the outcome is judged where ``path``
        ends.
    spent, cash : Trajectory or None
        Capital expenditure and operating cash flow in one unit; AI companies only.
    asset_life : float
        Settled code, NaN where there is none.
    rows : tuple of Rows
        Behind ``path`` and ``sequel``; empty where they are the caller's own.
    """

    id: str
    name: str
    innovation: str
    role: str
    path: Trajectory
    sequel: Trajectory | None = None
    spent: Trajectory | None = None
    cash: Trajectory | None = None
    asset_life: float = float("nan")
    rows: tuple[Rows, ...] = ()

    @property
    def is_share(self) -> bool:
        """Whether the flow is a share of national product."""
        return self.path.unit.startswith("percent of")


def load_buildouts(*, roles: Iterable[str] = ("case", "target")) -> tuple[Buildout, ...]:
    """Build every build-out of the table ``trajectories``.

    Parameters
    ----------
    roles : iterable of str

    Returns
    -------
    tuple of Buildout
        In the order of the table.

    Examples
    --------
    >>> len({b.innovation for b in load_buildouts(roles=("case",))})
    11
    """
    table, wanted = load("trajectories").frame, set(roles)
    return tuple(load_buildout(key) for key in table["id"][table["role"].isin(wanted)])


def ai_targets() -> tuple[str, ...]:
    """Keys of the trajectories of AI that are placed among build-outs.

    Returns
    -------
    tuple of str
        Spending of several companies first, then of the country, then company by company.

    Examples
    --------
    >>> ai_targets()[:3]
    ('ai-capex-five', 'us-it-ai', 'ai-data-centres')
    """
    table = load("trajectories").frame
    rows = table[table["role"] == "target"]
    spent = rows["dataset"] == "ai_capex"
    alone = spent & ~rows["members"].fillna("").str.contains(";")
    return (*rows["id"][spent & ~alone], *rows["id"][~spent], *sorted(rows["id"][alone]))


def load_buildout(key: str) -> Buildout:
    """Build one build-out by the key of its trajectory.

    Parameters
    ----------
    key : str

    Returns
    -------
    Buildout

    Raises
    ------
    InputError
        If there is no such build-out.
    DataError
        In a library with a day, if nothing of its flow was known by then.

    Examples
    --------
    >>> load_buildout("uk-railways-1840s").asset_life
    2.0
    """
    table = load("trajectories").frame.set_index("id")
    table = table[table["role"].isin(["case", "target"])]
    if key not in table.index:
        raise InputError(f"build-out {key!r}: expected one of {', '.join(table.index)}")
    row = table.loc[key]
    innovation = row["innovation"] if isinstance(row["innovation"], str) else "ai"
    spent = cash = None
    if row["dataset"] == "ai_capex":
        spent, cash = (
            _if_known(lambda name=name: column("ai_capex", name, members=row["members"]))
            for name in ("capex", "operating_cash_flow")
        )
    path, sequel = trajectory(key), None
    if isinstance(row["sequel"], str):
        sequel = _if_known(lambda: trajectory(row["sequel"]))
    return Buildout(
        id=key,
        name=row["name"],
        innovation=innovation,
        role=row["role"],
        path=path,
        sequel=sequel,
        spent=spent,
        cash=cash,
        asset_life=float(_lives().get(innovation, np.nan)),
        rows=tuple(part for p in (path, sequel) if p is not None for part in behind(p.id)),
    )


@once
def _lives() -> pd.Series:
    """Settled code of the life of what is built, by innovation."""
    groups = ("candidates", "unfinished")
    return pd.concat([settled_covariates(group)["asset_life"] for group in groups])


@once
def known_buildouts() -> tuple[Buildout, ...]:
    """Build the cases of the table ``trajectories`` as far as the open library knows them.

    Returns
    -------
    tuple of Buildout
        Without those of which nothing was known by its day, or whose onset lies later.

    Examples
    --------
    >>> from manias.data.library import known_on
    >>> with known_on("1850", by="observed"):
    ...     len(known_buildouts())
    3
    """
    table = load("trajectories").frame
    built = (
        _if_known(lambda key=key: load_buildout(key))
        for key in table["id"][table["role"] == "case"]
    )
    return tuple(b for b in built if b is not None and b.path.anchors["onset"] is not None)


def _if_known(make: Callable[[], T]) -> T | None:
    try:
        return make()
    except DataError:
        if current().day is None:
            raise
        return None


def own_buildout(
    series: Series, *, gdp: pd.Series | None = None, onset: pd.Period | None = None
) -> Buildout:
    """Turn a user's series into a build-out.

    Parameters
    ----------
    series : manias.data.reader.Series
        A flow by period.
    gdp : pandas.Series, optional
        National product of the same periods in the unit of ``series``; the flow becomes a
        share of it.
    onset : pandas.Period, optional
        The first period by default.

    Returns
    -------
    Buildout

    Raises
    ------
    DataError
        If the series is constant or not positive throughout, or a period has no product.

    Examples
    --------
    >>> values = pd.Series([1.0, 2.0, 4.0], pd.period_range("2020", periods=3, freq="Y"))
    >>> own_buildout(Series("mine", values, "USD")).path.unit
    'USD'
    """
    if len(series.values) < 2:
        raise DataError(f"{series.name}: {len(series.values)} value; expected at least 2")
    if np.ptp(series.values.to_numpy(dtype=float)) == 0:
        raise DataError(f"{series.name} is constant; expected it to vary")
    if gdp is not None:
        below = gdp.reindex(series.values.index)
        if not (below > 0).all():
            bad = below.index[~(below > 0)][0]
            raise DataError(f"{series.name}: gdp {below[bad]} in {bad}; expected above 0")
        series = replace(series, values=series.values / below * 100, unit="percent of GDP")
    path = own(series, measure=series.name, onset=onset)
    return Buildout(series.name, series.name, series.name, "target", path)


def by_age(path: Trajectory) -> pd.Series:
    """Mean flow of each year since onset.

    Parameters
    ----------
    path : Trajectory
        Its anchor ``onset`` lies at age 0.

    Returns
    -------
    pandas.Series
        Index ``age`` in years, from first to last; NaN where the year is not whole. A year of
        quarters or months ends with the period of the onset, so many years later.

    Raises
    ------
    DataError
        If the onset was not known, or no year is whole.

    Examples
    --------
    >>> by_age(trajectory("uk-railways-1840s")).round(2).to_dict()
    {-2: 0.28, -1: 0.6, 0: 0.9, 1: 1.15, 2: 2.5, 3: 6.14}
    """
    onset = path.anchors.get("onset")
    if onset is None:
        raise DataError(f"{path.id}: no onset by then; expected one")
    anchor = onset.asfreq(path.frequency, how="start")
    steps = YEARLY[path.frequency]
    mean = path.values.rolling(steps).mean()
    offset = mean.index.astype("int64").to_numpy() - anchor.ordinal
    whole = (offset % steps == 0) & mean.notna().to_numpy()
    if not whole.any():
        raise DataError(f"{path.id}: no whole year; expected at least one")
    flow = pd.Series(mean.to_numpy()[whole], pd.Index(offset[whole] // steps, name="age"))
    ages = pd.RangeIndex(flow.index[0], flow.index[-1] + 1, name="age")
    return flow.reindex(ages)


def to_the_end(path: Trajectory) -> pd.Series:
    """Mean flow of each year counted back from the last period.

    Parameters
    ----------
    path : Trajectory

    Returns
    -------
    pandas.Series
        Index 0 is the last whole year, -1 the one before; back to the first gap.

    Examples
    --------
    >>> to_the_end(trajectory("uk-railways-1840s")).round(2).tolist()
    [0.28, 0.6, 0.9, 1.15, 2.5, 6.14]
    """
    steps = YEARLY[path.frequency]
    mean = complete(path.values.dropna()).rolling(steps).mean().to_numpy()[::-1][::steps]
    gap = np.flatnonzero(np.isnan(mean))
    mean = mean[: gap[0]] if len(gap) else mean
    return pd.Series(mean[::-1], pd.RangeIndex(1 - len(mean), 1))


def measure(levels: pd.Series, age: int) -> dict[str, float]:
    """Growth up to an age.

    Parameters
    ----------
    levels : pandas.Series
        Flow by age, as `by_age`; what lies after ``age`` is not looked at.
    age : int

    Returns
    -------
    dict
        ``growth``, ``recent``, ``acceleration``; NaN where a level is missing or not
        positive.

    Examples
    --------
    >>> growth = measure(pd.Series([1.0, 2.0, 4.0, 16.0]), 3)
    >>> [round(v / 0.6931, 2) for v in growth.values()]
    [1.33, 1.5, 1.0]
    """
    levels = levels.loc[:age]
    log = np.log(levels.where(levels > 0))
    now = log.get(age, np.nan)
    since = log.loc[0:].dropna()
    first = since.index[0] if len(since) else age
    one, two = log.get(age - 1, np.nan), log.get(age - 2, np.nan)
    return {
        "growth": float(now - log[first]) / (age - first) if age > first else float("nan"),
        "recent": float((now - two) / 2),
        "acceleration": float(now - 2 * one + two),
    }


def measure_all(
    buildout: Buildout, age: int, levels: pd.Series | None = None
) -> dict[str, float]:
    """Everything of `FEATURES` at an age.

    Parameters
    ----------
    buildout : Buildout
    age : int
    levels : pandas.Series, optional
        Its flow by age where `by_age` was asked already.

    Returns
    -------
    dict
        NaN where something is not known.

    Examples
    --------
    >>> features = measure_all(load_buildout("ai-capex-oracle"), 3)
    >>> features["outside"] > 1
    True
    """
    levels = by_age(buildout.path) if levels is None else levels
    features = measure(levels, age)
    features["level"] = float(levels.get(age, np.nan)) if buildout.is_share else float("nan")
    features["outside"] = _outside(buildout, age)
    features["asset_life"] = buildout.asset_life
    return features


def _outside(buildout: Buildout, age: int) -> float:
    if buildout.spent is None or buildout.cash is None:
        return float("nan")
    end = buildout.path.anchors["onset"].asfreq("Q", how="start") + 4 * age
    # Fewer than four quarters on record have no sum.
    spent, cash = (
        path.values.loc[end - 3 : end].sum(min_count=4)
        for path in (buildout.spent, buildout.cash)
    )
    return float(spent / cash) if cash > 0 else float("nan")


def outcome(
    levels: pd.Series,
    age: int,
    sequel: pd.Series | None = None,
    *,
    horizon: int = HORIZON,
    fall: float = FALL,
) -> float:
    """Whether the flow fell by so much within so many years after an age.

    Parameters
    ----------
    levels : pandas.Series
        Flow by age.
    age : int
        The look; only its own level and later ones are read.
    sequel : pandas.Series, optional
        Another series of the same build-out by age, in its own unit.
    horizon : int
    fall : float
        The flow has fallen when it is at most this share of its highest since the look.

    Returns
    -------
    float
        1.0 where either series fell, 0.0 where neither did. NaN where the two together do not
        give every year, whether or not a fall was seen in those that they give.

    Examples
    --------
    >>> short, whole = pd.Series([1.0, 4.0, 2.0]), pd.Series([1.0, 4.0, 2.0, 3.0, 3.0, 4.0])
    >>> outcome(short, 0), outcome(whole, 0), outcome(whole + 4, 0)
    (nan, 1.0, 0.0)
    """
    years = range(age + 1, age + horizon + 1)
    given = {a for s in (levels, sequel) if s is not None for a in s.dropna().index}
    if not given.issuperset(years):
        return float("nan")
    return float(has_fallen(levels, age, sequel, horizon=horizon, fall=fall))


def has_fallen(
    levels: pd.Series,
    age: int,
    sequel: pd.Series | None = None,
    *,
    horizon: int = HORIZON,
    fall: float = FALL,
) -> bool:
    """Whether a fall was seen in the years after an age that are on record, be they all or few.

    Parameters
    ----------
    levels, age, sequel, horizon, fall
        As in `outcome`.

    Returns
    -------
    bool

    Examples
    --------
    >>> has_fallen(pd.Series([1.0, 4.0, 2.0]), 0), has_fallen(pd.Series([1.0, 4.0]), 0)
    (True, False)
    """
    for series in (levels, sequel):
        if series is not None:
            window = series.loc[age : age + horizon].dropna()
            if (window <= fall * window.cummax()).any():
                return True
    return False


def is_at_risk(levels: pd.Series, age: int, *, fall: float = FALL) -> bool:
    """Whether the flow is known at an age and has not fallen already.

    Parameters
    ----------
    levels : pandas.Series
        Flow by age.
    age : int
    fall : float

    Returns
    -------
    bool

    Examples
    --------
    >>> is_at_risk(pd.Series([1.0, 4.0, 2.0]), 2), is_at_risk(pd.Series([1.0, 4.0, 3.0]), 2)
    (False, True)
    """
    seen = levels.loc[0:age].dropna()
    return bool(len(seen) and seen.index[-1] == age and 0 < fall * seen.max() < seen[age])


def peak_age(levels: pd.Series) -> int:
    """Age of the highest flow in the first years.

    Parameters
    ----------
    levels : pandas.Series
        Flow by age.

    Returns
    -------
    int

    Examples
    --------
    >>> peak_age(by_age(trajectory("us-aircraft-1927")))
    2
    """
    return int(levels.loc[0:PEAK_WITHIN].idxmax())


def dated(by: Knowledge) -> dict[str, str | None]:
    """What settings say of the open library.

    Parameters
    ----------
    by : {"observed", "published"}

    Returns
    -------
    dict
        ``as_of``, its day, None where nothing is cut; and ``by``.

    Examples
    --------
    >>> dated("observed")
    {'as_of': None, 'by': 'observed'}
    """
    day = current().day
    return {"as_of": None if day is None else day.date().isoformat(), "by": by}


def chosen_cases(
    given: Sequence[Buildout] | None, as_of: str | None, by: Knowledge
) -> AbstractContextManager[tuple[Buildout, ...]]:
    """Open the library of a date, and take the cases that a fit is given or may read there.

    Parameters
    ----------
    given : sequence of Buildout, optional
        `known_buildouts` by default; targets are passed over.
    as_of : str, optional
    by : {"observed", "published"}

    Returns
    -------
    context manager of tuple of Buildout

    Raises
    ------
    InputError
        If both are given.

    Examples
    --------
    >>> with chosen_cases(None, "1850", "observed") as cases:
    ...     len(cases)
    3
    """
    check_given(given, as_of, "build-outs")
    return _opened(given, as_of, by)


@contextmanager
def _opened(
    given: Sequence[Buildout] | None, as_of: str | None, by: Knowledge
) -> Iterator[tuple[Buildout, ...]]:
    with known_on(as_of, by=by):
        yield tuple(
            b for b in (known_buildouts() if given is None else given) if b.role == "case"
        )


def answer_as_of(
    results: BubbleResults,
    target: str | Buildout,
    answer: Callable[[Buildout], Answer],
    *,
    as_of: str | None,
    by: Knowledge,
) -> Answer:
    """Ask a fit of a build-out as it was known on a date.

    Parameters
    ----------
    results : BubbleResults
    target : str or Buildout
        Key of a trajectory, or a build-out as it was known.
    answer : callable
        What the fit says of a build-out.
    as_of : str or None
    by : {"published", "observed"}

    Returns
    -------
    Answer

    Raises
    ------
    InputError
        If there is no such build-out, both a build-out and a date are given, or the fit knows
        more than the date allows.
    DataError
        If nothing of the target was known by then.
    """
    check_given(None if isinstance(target, str) else target, as_of, "a build-out")
    with known_on(as_of, by=by):
        refuse_later(results)
        return answer(load_buildout(target) if isinstance(target, str) else target)


def provenance_of(
    buildouts: Iterable[Buildout], *, by: Knowledge, beside: Iterable[Rows] = ()
) -> Provenance:
    """Where build-outs come from.

    Parameters
    ----------
    buildouts : iterable of Buildout
    by : {"observed", "published"}
        What is meant by the last day of what was seen.
    beside : iterable of Rows, optional
        What else went in.

    Returns
    -------
    Provenance
        Of their flows, of the sequels by which outcomes are judged, and of what flows are
        divided by.

    Examples
    --------
    >>> provenance_of([load_buildout("gb-cars-1904")], by="observed").grade
    'A'
    """
    buildouts = tuple(buildouts)
    rows = [*(part for b in buildouts for part in b.rows), *beside]
    mine = [p for b in buildouts if not b.rows for p in (b.path, b.sequel) if p is not None]
    ends = [last_known(rows, by=by), *(_end(p) for p in mine)]
    return Provenance.of(
        rows,
        until=max(ends),
        sources=[key for p in mine for key in p.sources],
        grade=weakest([p.grade for p in mine]) if mine else "",
    )


def _end(path: Trajectory) -> str:
    return path.values.index[-1].end_time.date().isoformat()
