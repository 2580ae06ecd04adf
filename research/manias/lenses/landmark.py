"""Lens 3: how does a build-out at its age compare with others at the same age?

At each age a build-out is described by how fast its flow has grown, from nothing later, and
placed by its mean rank among the others: a picture and cases. No frequency and no test is read
from them, because too few have their later years on record.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, checked
from manias.data.calendar import Knowledge
from manias.data.fingerprint import fingerprint, settled
from manias.data.library import known_on, load
from manias.data.reader import Series
from manias.data.results import Result, page
from manias.data.rows import Provenance, Rows, some
from manias.errors import DataError, InputError
from manias.evaluation.cards import Carded
from manias.evaluation.clusters import jackknife_share
from manias.evaluation.logit import PER_PARAMETER
from manias.evaluation.ranks import FEWEST, drawn_ranks, mean_rank, mean_ranks
from manias.language.messages import Joined, Text
from manias.language.names import term_name
from manias.lenses.base import CASES_ONLY, Answer, frame_of
from manias.lenses.buildouts import (
    FALL,
    FEATURES,
    HORIZON,
    YEARLY,
    Buildout,
    answer_as_of,
    by_age,
    chosen_cases,
    dated,
    has_fallen,
    is_at_risk,
    known_buildouts,
    load_buildout,
    measure_all,
    outcome,
    own_buildout,
    provenance_of,
)

Array = NDArray[np.float64]
RANKED = ("growth", "recent", "acceleration")
"""Fixed before any fit, with their direction: faster is taken to be closer to a fall."""
AGES = (1, 2, 3, 4, 5, 6)
ONSETS = 2
"""Years by which the onset of a target is moved either way: dates of onsets are read, not
measured."""
TITLE = "Build-outs side by side at the same age"
PLACED = ("score", "low", "high", "least", "most", "rank", "of")


@checked
@dataclass(frozen=True, slots=True)
class LandmarkModel:
    """Settings of the comparison at an age; holds no data.

    Attributes
    ----------
    age : int
        Age at which cases are counted: that of the AI build-out.
    horizon : int
        Years after an age in which a fall counts; a case is counted where all are on record.
    fall : float
        The flow has fallen when it is at most this share of its highest since the age.
    """

    name: ClassVar[str] = "landmark"
    revision: ClassVar[int] = 3
    age: Count = 3
    horizon: Count = HORIZON
    fall: Level = FALL

    def __post_init__(self) -> None:
        if self.age not in AGES:
            raise InputError(f"age={self.age}: expected one of {', '.join(map(str, AGES))}")

    @checked
    def table(self, buildouts: Sequence[Buildout]) -> pd.DataFrame:
        """Lay out every build-out at every age.

        Parameters
        ----------
        buildouts : sequence of Buildout
            As they were known on the date of interest.

        Returns
        -------
        pandas.DataFrame
            One row a build-out and age at which its flow is known and has not yet fallen:
            ``id``, ``innovation``, ``age``, the features, ``label`` (NaN where not all years
            of the horizon are on record) and ``has_fallen``, by the years that are.

        Examples
        --------
        >>> cases = LandmarkModel().table([load_buildout("gb-cellular-1985")])
        >>> cases[["age", "label"]].to_numpy().tolist()[-1]
        [4.0, 1.0]
        """
        rows = []
        for b in buildouts:
            try:
                levels = by_age(b.path)
            except DataError:
                continue
            after = None if b.sequel is None else by_age(b.sequel)
            within = {"horizon": self.horizon, "fall": self.fall}
            rows += [
                {
                    "id": b.id,
                    "innovation": b.innovation,
                    "age": age,
                    **measure_all(b, age),
                    "label": outcome(levels, age, after, **within),
                    "has_fallen": has_fallen(levels, age, after, **within),
                }
                for age in AGES
                if is_at_risk(levels, age, fall=self.fall)
            ]
        columns = ["id", "innovation", "age", *FEATURES, "label", "has_fallen"]
        return pd.DataFrame(rows, columns=columns)

    @checked
    def ranked(self, buildouts: Sequence[Buildout]) -> pd.DataFrame:
        """The same with each case's ``score``: its mean rank among all others of its age.

        Parameters
        ----------
        buildouts : sequence of Buildout
            Targets are passed over.

        Returns
        -------
        pandas.DataFrame
            NaN where fewer than `FEWEST` features are known.
        """
        cases = self.table([b for b in buildouts if b.role == "case"])
        cases["score"] = np.nan
        for _, rows in cases.groupby("age"):
            cases.loc[rows.index, "score"] = mean_ranks(rows[list(RANKED)].to_numpy())
        return cases

    @checked
    def settings(self, by: Knowledge = "observed") -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values.

        Parameters
        ----------
        by : {"observed", "published"}

        Returns
        -------
        dict
            ``as_of`` is the day of the open library, None where nothing is cut.
        """
        return {
            **asdict(self),
            "revision": self.revision,
            **dated(by),
            "features": list(RANKED),
            "ages": list(AGES),
            "onsets": ONSETS,
        }

    @checked
    def fit(
        self,
        buildouts: Sequence[Buildout] | None = None,
        *,
        as_of: str | None = None,
        by: Knowledge = "observed",
    ) -> "LandmarkResults":
        """Lay the build-outs side by side at each age, and count what became of them.

        Parameters
        ----------
        buildouts : sequence of Buildout, optional
            By default all cases of the table ``trajectories`` as far as they are known;
            targets are passed over.
        as_of : str, optional
            Read nothing observed later, outcomes included.
        by : {"observed", "published"}
            "observed" by default: the series of past build-outs were mostly put together long
            after.

        Returns
        -------
        LandmarkResults

        Raises
        ------
        DataError
            If no build-out of the age was known by then.
        InputError
            If both build-outs and a date are given.

        References
        ----------
        van Houwelingen (2007), Scandinavian Journal of Statistics 34, 70-85: landmarks.

        Examples
        --------
        >>> fit = LandmarkModel().fit()
        >>> fit.n, fit.events
        (11, 3)
        """
        with chosen_cases(buildouts, as_of, by) as cases:
            return self._fit(cases, by)

    def _fit(self, chosen: Sequence[Buildout], by: Knowledge) -> "LandmarkResults":
        cases = self.ranked(chosen)
        placed = cases[cases["score"].notna()]
        if not (placed["age"] == self.age).any():
            raise DataError(Text("no past build-out is on record at age {age}", age=self.age))
        settings = self.settings(by)
        counts = [{"age": age, **count_outcomes(rows)} for age, rows in placed.groupby("age")]
        head = next(row for row in counts if row["age"] == self.age)
        return LandmarkResults(
            name=self.name,
            settings=settings,
            by_age=pd.DataFrame(counts),
            untested=str(_untested(head["fell"], head["whole"])),
            cases=cases,
            provenance=self._provenance(chosen, by),
            fingerprint=fingerprint(
                settled(cases.set_index(cases["id"] + " " + cases["age"].astype(str))),
                **settings,
            ),
        )

    def _provenance(self, chosen: Sequence[Buildout], by: Knowledge) -> Provenance:
        coded = [b for b in chosen if b.rows and b.asset_life == b.asset_life]
        beside: list[Rows] = []
        if coded:
            table = load("covariates").frame
            mine = (table["covariate"] == "asset_life") & table["innovation"].isin(
                {b.innovation for b in coded}
            )
            beside.append(some("covariates", mine, "asset_life"))
        return provenance_of(chosen, by=by, beside=beside)


def count_outcomes(cases: pd.DataFrame) -> dict[str, int]:
    """What became of build-outs, windows that are not whole apart whatever was seen in them.

    Parameters
    ----------
    cases : pandas.DataFrame
        With ``label`` and ``has_fallen``, as `LandmarkModel.table`.

    Returns
    -------
    dict of str to int
        ``cases``; ``whole``, those with all later years on record, and ``fell`` of them;
        ``open``, the others, and ``open_fallen`` of them.

    Examples
    --------
    >>> count_outcomes(pd.DataFrame({"label": [1, 0, np.nan], "has_fallen": [1, 0, 1]}))
    {'cases': 3, 'whole': 2, 'fell': 1, 'open': 1, 'open_fallen': 1}
    """
    is_open = cases["label"].isna()
    return {
        "cases": len(cases),
        "whole": int((~is_open).sum()),
        "fell": int(cases["label"].sum()),
        "open": int(is_open.sum()),
        "open_fallen": int(cases["has_fallen"][is_open].sum()),
    }


def _untested(fell: int, whole: int) -> Text:
    """Why no model is fitted to so many outcomes."""
    rare = min(fell, whole - fell)
    if rare >= PER_PARAMETER:
        return Text(CASES_ONLY)
    return Text(
        "{fell} of {whole} fell: the rarer outcome has {rare} cases, and one slope "
        "needs {least}",
        fell=fell,
        whole=whole,
        rare=rare,
        least=PER_PARAMETER,
    )


@dataclass(frozen=True, slots=True, repr=False)
class Placement(Result):
    """Where a build-out stands among the others of its age.

    Attributes
    ----------
    target, as_of : str
        ``as_of`` is the last period that was read.
    age : int
    features : mapping of str to float
        Those of `manias.lenses.buildouts.FEATURES`.
    score, low, high : float
        Mean rank among the others, 0 slowest, 1 fastest; 95% interval
        by innovation.
    least, most : float
        Least and largest score with the onset moved by up to `ONSETS` years either way, period
        by period, wherever it can still be placed.
    rank, of : int
        Place by score, 1 being the fastest, of all including itself.
    rank_p : float
        Share of places at least as far from the middle.
    cases : pandas.DataFrame
        The others, fastest first: ``id``, ``score``, ``label``, ``has_fallen``, ``is_faster``.
    outside : tuple of str
        Features beyond every case.
    nearest : tuple of str
        Cases of the most similar ranks.
    reason : str
        Why it cannot be placed; "" where it can.
    """

    _told = ("target", "as_of", "age", "rank", "of", "score")

    target: str
    as_of: str
    age: int
    features: Mapping[str, float]
    score: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    least: float = float("nan")
    most: float = float("nan")
    rank: int = 0
    of: int = 0
    rank_p: float = float("nan")
    cases: pd.DataFrame = field(default_factory=pd.DataFrame)
    outside: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LandmarkResults(Carded):
    """The build-outs at each age, and what became of them.

    Attributes
    ----------
    name : str
    settings : mapping
    by_age : pandas.DataFrame
        One row an age: `count_outcomes` of the build-outs that can be placed.
    untested : str
        Why no model is fitted and no frequency read.
    cases : pandas.DataFrame
        Every build-out at every age, as `LandmarkModel.ranked`.
    provenance : Provenance
    fingerprint : str
    """

    kind: ClassVar[str] = "landmark"
    lens: ClassVar[str] = "build-out"
    title: ClassVar[str] = TITLE
    name: str
    settings: Mapping[str, Any]
    by_age: pd.DataFrame
    untested: str
    cases: pd.DataFrame
    provenance: Provenance
    fingerprint: str

    @property
    def n(self) -> int:
        """Cases at the age of the settings whose later years are on record."""
        return int(self.at(self.settings["age"])["whole"])

    @property
    def events(self) -> int:
        """Those of them that fell."""
        return int(self.at(self.settings["age"])["fell"])

    @property
    def scores(self) -> tuple[()]:
        """None: nothing is fitted to so few outcomes."""
        return ()

    def at(self, age: int) -> pd.Series:
        """Row of `by_age` for an age."""
        return self.by_age.set_index("age").loc[age]

    def place(self, target: Buildout) -> Placement:
        """Place a build-out among the fitted ones; see `place_among`."""
        return place_among(self.cases, target)

    def to_frame(self) -> pd.DataFrame:
        """One row an age."""
        return self.by_age

    def summary(self) -> str:
        """Counts by age, and why nothing is fitted to them, as text."""
        age = self.settings["age"]
        return page(
            [
                TITLE,
                f"{self.model_id}: at age {age} {self.n} build-outs with all later years on "
                f"record, {self.events} fell",
                "",
                self.by_age,
                "",
                f"not fitted: {self.untested}",
            ]
        )


def place_among(cases: pd.DataFrame, target: Buildout) -> Placement:
    """Place a build-out among others of its age.

    Parameters
    ----------
    cases : pandas.DataFrame
        As `LandmarkModel.ranked`.
    target : Buildout
        As it was known on the date of interest. Cases of its own innovation are left out.

    Returns
    -------
    Placement

    Examples
    --------
    >>> cases = LandmarkModel().ranked(known_buildouts())
    >>> place = place_among(cases, load_buildout("ai-capex-five"))
    >>> place.age, place.least <= place.score <= place.most
    (3, True)
    """
    place, values, among = _placed(cases, target)
    if place.reason:
        return place
    x = among[list(RANKED)].to_numpy()
    away = np.abs(np.arange(1, place.of + 1) - (place.of + 1) / 2)
    beyond = (values < np.nanmin(x, axis=0)) | (values > np.nanmax(x, axis=0))
    low, high = _ends(among, values, place.score)
    scores = [m.score for m in _moved(cases, target) if not m.reason]
    order = among.sort_values("score", ascending=False, kind="stable")
    order = order[["id", "score", "label", "has_fallen"]].reset_index(drop=True)
    return replace(
        place,
        low=float(low),
        high=float(high),
        least=min(scores),
        most=max(scores),
        rank_p=float(np.mean(away >= abs(place.rank - (place.of + 1) / 2))),
        cases=order.assign(is_faster=order["score"] > place.score),
        outside=tuple(n for n, b in zip(RANKED, beyond, strict=True) if b),
        nearest=tuple(among["id"].iloc[_similar(values, x)[:3]]),
    )


def _placed(cases: pd.DataFrame, target: Buildout) -> tuple[Placement, Array, pd.DataFrame]:
    """Score and rank alone, with what was measured and the cases of the age."""
    levels = by_age(target.path)
    age = int(levels.dropna().index[-1])
    features = measure_all(target, age, levels)
    base = Placement(target.id, _period(target, age), age, features)
    values = np.array([features[name] for name in RANKED])
    among = cases[
        (cases["age"] == age)
        & (cases["innovation"] != target.innovation)
        & cases["score"].notna()
    ]
    reason = ""
    if age not in AGES:
        reason = Text(
            "at age {age} it lies outside the ages that were fitted, {first} to {last}",
            age=age,
            first=AGES[0],
            last=AGES[-1],
        )
    elif np.isfinite(values).sum() < FEWEST:
        missing = [n for n, v in zip(RANKED, values, strict=True) if not np.isfinite(v)]
        reason = Text(
            "too few years on record at age {age} for its {features}",
            features=Joined(" and ", map(term_name, missing)),
            age=age,
        )
    elif len(among) < 3:
        reason = Text(
            "only {n} other {n:plural one=build-out|other=build-outs} on record at age {age}",
            n=len(among),
            age=age,
        )
    if reason:
        return replace(base, reason=reason), values, among
    own = mean_rank(values, among[list(RANKED)].to_numpy())
    rank = 1 + int((among["score"] > own).sum())
    return replace(base, score=own, rank=rank, of=len(among) + 1), values, among


def _moved(cases: pd.DataFrame, target: Buildout) -> Iterator[Placement]:
    """The target with each onset that may be meant, its own among them."""
    path = target.path
    onset = path.anchors["onset"].asfreq(path.frequency, how="start")
    reach = ONSETS * YEARLY[path.frequency]
    for step in range(-reach, reach + 1):
        anchors = {**path.anchors, "onset": onset + step}
        with suppress(DataError):
            yield _placed(cases, replace(target, path=replace(path, anchors=anchors)))[0]


def _period(target: Buildout, age: int) -> str:
    """Last period that an age reads."""
    onset = target.path.anchors["onset"].asfreq(target.path.frequency, how="start")
    return str(onset + age * YEARLY[target.path.frequency])


def _similar(values: Array, x: Array) -> NDArray[np.intp]:
    """Order of the rows of ``x`` by how alike their ranks are, over the features of both."""
    everyone = np.vstack([x, values])
    places = np.array(
        [
            [
                _position(row[[j]], np.delete(everyone, i, axis=0)[:, [j]])[0]
                for j in range(x.shape[1])
            ]
            for i, row in enumerate(everyone)
        ]
    )
    both = np.isfinite(places[:-1]) & np.isfinite(places[-1])
    gap = np.where(both, (places[:-1] - places[-1]) ** 2, 0).sum(axis=1)
    gap = np.where(both.any(axis=1), gap / np.maximum(both.sum(axis=1), 1), np.inf)
    return np.argsort(gap, kind="stable")


def _ends(cases: pd.DataFrame, values: Array, score: float) -> tuple[float, float]:
    """Interval of the score of a target, an innovation left out at a time."""
    x = [rows[list(RANKED)].to_numpy() for _, rows in cases.groupby("innovation")]
    kept = np.array([[j for j in range(len(x)) if j != g] for g in range(len(x))])
    return jackknife_share(score, drawn_ranks(values, x, kept), [len(rows) for rows in x])


def answer_landmark(
    results: LandmarkResults,
    target: str | Buildout = "ai-capex-five",
    *,
    as_of: str | None = None,
    by: Knowledge = "published",
) -> Answer:
    """Say where it stands by growth among build-outs of the same age.

    Parameters
    ----------
    results : LandmarkResults
        For a past date, fitted on nothing later than it.
    target : str or Buildout
        Key of a trajectory, or a build-out as it was known on the date of interest.
    as_of : str, optional
        Read nothing of the target that was published (or observed) later.
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

    Examples
    --------
    >>> answer_landmark(LandmarkModel().fit(), "us-it-ai").says
    False
    """
    return answer_as_of(
        results,
        target,
        lambda chosen: _answer(results, chosen, results.place(chosen), ()),
        as_of=as_of,
        by=by,
    )


def answer_own(
    series: Series,
    revenue: pd.Series | None = None,
    gdp: pd.Series | None = None,
    *,
    onset: pd.Period | None = None,
    results: LandmarkResults | None = None,
) -> Answer:
    """Place a user's series.

    Parameters
    ----------
    series : manias.data.reader.Series
        A flow by year, quarter or month.
    revenue, gdp : pandas.Series, optional
        Of the same periods and in the same unit.
    onset : pandas.Period, optional
        The first period by default.
    results : LandmarkResults, optional
        Of `LandmarkModel` by default.

    Returns
    -------
    Answer
        ``reason`` also names the features that could not be computed, and why.

    Raises
    ------
    DataError
        If the series is too short, constant, or has a gap where the product is needed.

    Examples
    --------
    >>> values = pd.Series([1.0, 2.0, 4.0, 9.0], pd.period_range("2021", periods=4, freq="Y"))
    >>> answer_own(Series("mine", values, "USD")).target
    'mine'
    """
    chosen = own_buildout(series, gdp=gdp, onset=onset)
    results = results or LandmarkModel().fit()
    return _answer(results, chosen, results.place(chosen), _missing(revenue, gdp))


def _missing(revenue: pd.Series | None, gdp: pd.Series | None) -> tuple[str, ...]:
    said = []
    if gdp is None:
        said.append("level not computed: no column gdp")
    spent = "no column revenue" if revenue is None else "no past build-out has its revenue here"
    said.append(f"spending over revenue not compared: {spent}")
    said.append("outside finance not computed: a file brings no operating cash flow")
    return tuple(said)


def _answer(
    results: LandmarkResults, chosen: Buildout, place: Placement, notes: Sequence[str]
) -> Answer:
    counts = {"whole": 0, "fell": 0} if place.reason else count_outcomes(place.cases)
    reasons = [place.reason or CASES_ONLY]
    if place.outside:
        reasons.append(
            Text(
                "its {features} lies beyond every build-out of age {age}",
                features=Joined(", ", map(term_name, place.outside)),
                age=place.age,
            )
        )
    return Answer.of(
        results,
        target=chosen.id,
        as_of=place.as_of,
        measure=Text("mean rank of its growth among build-outs of its age (1 is the fastest)"),
        unit="rank",
        value=place.score,
        low=place.low,
        high=place.high,
        band=(place.least, place.most),
        base=0.5,
        n=counts["whole"],
        events=counts["fell"],
        is_supported=not place.reason and not place.outside,
        grade=chosen.path.grade,
        nearest=place.nearest,
        reasons=reasons,
        notes=notes,
    )


def backtest(
    looks: Mapping[str, Sequence[str]], model: LandmarkModel | None = None
) -> pd.DataFrame:
    """Where past build-outs stood at the time, from what had been observed.

    Parameters
    ----------
    looks : mapping of str to sequence of str
        Build-out -> dates, at whose end it is placed.
    model : LandmarkModel, optional

    Returns
    -------
    pandas.DataFrame
        ``target``, ``date``, ``age``, ``score`` with its interval and its band over onsets,
        ``rank`` and ``of``, `count_outcomes` of the others, ``followed`` (what came; NaN where
        not all later years are on record) and ``failed``: why it could not be placed.
        Build-outs of the same innovation are left out.
    """
    model = model or LandmarkModel()
    rows = []
    for key, dates in looks.items():
        whole = load_buildout(key)
        after = None if whole.sequel is None else by_age(whole.sequel)
        for date in dates:
            row: dict[str, Any] = {"target": key, "date": date, "failed": ""}
            try:
                with known_on(date, by="observed"):
                    past = load_buildout(key)
                    others = [b for b in known_buildouts() if b.innovation != whole.innovation]
                    place = place_among(model.ranked(others), past)
                row |= {
                    "age": place.age,
                    "followed": outcome(
                        by_age(whole.path),
                        place.age,
                        after,
                        horizon=model.horizon,
                        fall=model.fall,
                    ),
                }
                if place.reason:
                    raise DataError(place.reason)
                row |= {name: getattr(place, name) for name in PLACED}
                row |= count_outcomes(place.cases)
            except DataError as error:
                row["failed"] = error.text
            rows.append(row)
    counts = ("cases", "whole", "fell", "open", "open_fallen")
    return frame_of(rows, ["target", "date", "age", *PLACED, *counts, "followed", "failed"])


def _position(value: Array, others: Array) -> Array:
    known = others[np.isfinite(others)]
    if not len(known) or not np.isfinite(value[0]):
        return np.array([np.nan])
    return np.array([((known < value[0]).sum() + 0.5 * (known == value[0]).sum()) / len(known)])
