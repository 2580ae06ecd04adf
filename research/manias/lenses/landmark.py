"""Lens 3: how does a build-out at its age compare with others at the same age?

At each age a build-out is described by how fast its flow has grown, from nothing later, and
placed by its mean rank among the others. With so few of them the score has no weights to fit;
only its slope is, and every p value counts all relabellings.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, checked
from manias.data.calendar import Knowledge
from manias.data.fingerprint import fingerprint, settled
from manias.data.library import current, known_on, load
from manias.data.reader import Series
from manias.data.rows import Provenance, Rows, some
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_flic, log_loss_gain
from manias.evaluation._rank_kernels import gains_of, leave_groups_out
from manias.evaluation.cards import Carded
from manias.evaluation.logit import check_budget, describe_power, describe_scores
from manias.evaluation.ranks import FEWEST, exact_auc, mean_rank, mean_ranks, relabellings
from manias.evaluation.scores import SEED, TRUE_AUCS, Scores, rank_power, score
from manias.evaluation.skill import permutation_p
from manias.language.messages import Joined, Text
from manias.lenses.base import CASES_ONLY, Answer, frame_of
from manias.lenses.buildouts import (
    FALL,
    FEATURES,
    HORIZON,
    Buildout,
    answer_as_of,
    by_age,
    chosen_cases,
    dated,
    is_at_risk,
    known_buildouts,
    load_buildout,
    measure_all,
    outcome,
    own_buildout,
    provenance_of,
)
from manias.record.labels import label_innovations

Array = NDArray[np.float64]
Label = Literal["bust", "historian"]
RANKED = ("growth", "recent", "acceleration")
"""Fixed before any fit, with their direction: faster is taken to be closer to a fall."""
AGES = (1, 2, 3, 4, 5, 6)
TITLE = "Build-outs compared at the same age"
RESAMPLES = 999
PROBABILITY = ("p", "p_low", "p_high")


@checked
@dataclass(frozen=True, slots=True)
class LandmarkModel:
    """Settings of the comparison at an age; holds no data.

    Attributes
    ----------
    age : int
        Age of the headline score: that of the AI build-out.
    label : {"bust", "historian"}
        "bust": the flow fell within `horizon` years after the age to `fall` of its highest
        since, read off the series. "historian": the verdict on the shares.
    horizon : int
    fall : float
    """

    name: ClassVar[str] = "landmark"
    revision: ClassVar[int] = 1
    age: Count = 3
    label: Label = "bust"
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
            ``id``, ``innovation``, ``age``, the features, and ``label`` (NaN where the
            outcome is not known).

        Examples
        --------
        >>> cases = LandmarkModel().table([load_buildout("gb-cellular-1985")])
        >>> cases[["age", "label"]].to_numpy().tolist()[-1]
        [4.0, 1.0]
        """
        verdicts = label_innovations("historian") if self.label == "historian" else {}
        rows = []
        for b in buildouts:
            try:
                levels = by_age(b.path)
            except DataError:
                continue
            after = None
            if b.sequel is not None:
                after = by_age(b.sequel)
            for age in AGES:
                if not is_at_risk(levels, age, fall=self.fall):
                    continue
                label = outcome(levels, age, after, horizon=self.horizon, fall=self.fall)
                if self.label == "historian" and label == label:
                    # Not known before the years are over in which a fall would be seen.
                    verdict = verdicts.get(b.innovation)
                    label = float(verdict == "yes") if verdict else float("nan")
                rows.append(
                    {
                        "id": b.id,
                        "innovation": b.innovation,
                        "age": age,
                        **measure_all(b, age),
                        "label": label,
                    }
                )
        columns = ["id", "innovation", "age", *FEATURES, "label"]
        return pd.DataFrame(rows, columns=columns)

    @checked
    def followed(self, buildout: Buildout, age: Count) -> float:
        """Whether the flow of a build-out fell after an age; see `outcome`."""
        after = None if buildout.sequel is None else by_age(buildout.sequel)
        levels = by_age(buildout.path)
        return outcome(levels, age, after, horizon=self.horizon, fall=self.fall)

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
        }

    @checked
    def fit(
        self,
        buildouts: Sequence[Buildout] | None = None,
        *,
        as_of: str | None = None,
        by: Knowledge = "observed",
    ) -> "LandmarkResults":
        """Score the comparison at each age, one innovation left out at a time.

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
            If the build-outs known by then are too few or of one outcome.
        InputError
            If both build-outs and a date are given.

        References
        ----------
        van Houwelingen (2007), Scandinavian Journal of Statistics 34, 70-85: landmarks;
        Firth (1993), Biometrika 80, 27-38; Phipson & Smyth (2010), Statistical Applications
        in Genetics and Molecular Biology 9(1): p values that count the sample itself.

        Examples
        --------
        >>> fit = LandmarkModel().fit()
        >>> fit.n, fit.events
        (13, 5)
        """
        with chosen_cases(buildouts, as_of, by) as cases:
            return self._fit(cases, by)

    def _fit(self, chosen: Sequence[Buildout], by: Knowledge) -> "LandmarkResults":
        cases = self.ranked(chosen)
        scored = {age: self._at(cases, age) for age in AGES}
        head = scored[self.age]
        if isinstance(head, DataError):
            raise head
        ordered = [head, *(s for age, s in scored.items() if age != self.age)]
        labelled = _labelled(cases, self.age)
        y = labelled["label"].to_numpy()
        rows = [
            {"age": age, **(_empty(cases, age, s) if isinstance(s, DataError) else s[0])}
            for age, s in scored.items()
        ]
        settings = self.settings(by)
        # What is kept says its power; what is fitted for a day of the past answers and is gone.
        aucs = TRUE_AUCS if current().day is None else ()
        counts = int(y.sum()), int((1 - y).sum())
        return LandmarkResults(
            name=self.name,
            settings=settings,
            by_age=pd.DataFrame(rows),
            by_feature=_by_feature(labelled, y),
            power={str(a): rank_power(*counts, a, seed=SEED) for a in aucs},
            cases=cases,
            scores=tuple(s[1] for s in ordered if not isinstance(s, DataError)),
            provenance=self._provenance(chosen, by),
            fingerprint=fingerprint(
                settled(cases.set_index(cases["id"] + " " + cases["age"].astype(str))),
                **settings,
            ),
        )

    def _provenance(self, chosen: Sequence[Buildout], by: Knowledge) -> Provenance:
        innovations = {b.innovation for b in chosen if b.rows}
        coded = [b for b in chosen if b.rows and b.asset_life == b.asset_life]
        beside: list[Rows] = []
        if coded:
            table = load("covariates").frame
            mine = (table["covariate"] == "asset_life") & table["innovation"].isin(
                {b.innovation for b in coded}
            )
            beside.append(some("covariates", mine, "asset_life"))
        if self.label == "historian" and innovations:
            table = load("verdicts").frame
            mine = (table["definition"] == "historian") & table["innovation"].isin(innovations)
            beside.append(some("verdicts", mine, "historian"))
        return provenance_of(chosen, by=by, beside=beside)

    def _at(self, cases: pd.DataFrame, age: int) -> tuple[dict[str, Any], Scores] | DataError:
        table = _labelled(cases, age)
        y, x = table["label"].to_numpy(), _design(table["score"])
        groups = table["innovation"].to_numpy()
        try:
            check_budget(1, y)
            if len(np.unique(groups)) < 3:
                few = Text("{n} innovations; expected at least 3", n=len(np.unique(groups)))
                raise DataError(few)
            if np.ptp(x[:, 1]) == 0:
                alike = Text("all {n} grew alike; expected scores that differ", n=len(y))
                raise DataError(alike)
        except DataError as error:
            return DataError(Text("age {age}: {why}", age=age, why=error.text))
        _, code = np.unique(groups, return_inverse=True)
        p, base = leave_groups_out(x, y, code)
        drawn = relabellings(y)
        told = np.isfinite(p)
        if not told.any():
            raise DataError(f"age {age}: none of {code.max() + 1} folds converged")
        own = log_loss_gain(y[told], p[told], base[told])
        null = gains_of(x, drawn, code)
        # All relabellings hold the sample itself; drawn ones do not.
        exact = len(drawn) == math.comb(len(y), int(y.sum()))
        auc, auc_p = exact_auc(y, table["score"].to_numpy())
        beta = fit_flic(x, y, np.zeros(2))
        scores = score(
            y[told],
            p[told],
            base[told],
            scheme=f"one innovation at a time, age {age}",
            groups=groups[told],
            auc=auc,
            permutation_p=permutation_p(own, null, exact=exact),
            permutations=len(drawn),
            lost_folds=len(np.unique(groups[~told])),
            lost_permutations=int(np.isnan(null).sum()),
            seed=SEED,
        )
        row = {
            "n": len(y),
            "events": int(y.sum()),
            "innovations": len(np.unique(groups)),
            "intercept": float(beta[0]),
            "slope": float(beta[1]),
            "auc": auc,
            "auc_p": auc_p,
            "gain": scores.gain,
            "gain_p": scores.permutation_p,
            "why": "",
        }
        return row, scores


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a build-out stands among the others of its age.

    Attributes
    ----------
    target, as_of : str
        ``as_of`` is the last period that was read.
    age : int
    features : mapping of str to float
        Those of `manias.lenses.buildouts.FEATURES`.
    score, low, high : float
        Mean rank among the others, 0 slowest, 1 fastest; 95% interval over resampled
        innovations.
    rank, of : int
        Place by score, 1 being the fastest, of all including itself.
    rank_p : float
        Share of places at least as far from the middle.
    slower_falls, falls, slower_others, others : int
        Cases that fell, how many of them grew more slowly; the same of those that did not.
    p, p_low, p_high : float
        Probability of a fall, 95% interval over resampled innovations.
    outside : tuple of str
        Features beyond every case.
    nearest : tuple of str
        Cases of the most similar ranks.
    reason : str
        Why it cannot be placed; "" where it can.
    """

    target: str
    as_of: str
    age: int
    features: Mapping[str, float]
    score: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    rank: int = 0
    of: int = 0
    rank_p: float = float("nan")
    slower_falls: int = 0
    falls: int = 0
    slower_others: int = 0
    others: int = 0
    p: float = float("nan")
    p_low: float = float("nan")
    p_high: float = float("nan")
    outside: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkResults(Carded):
    """The comparison at each age, scored.

    Attributes
    ----------
    name : str
    settings : mapping
    by_age : pandas.DataFrame
        One row an age: cases, events, innovations, intercept and slope of the log odds on
        the score, AUC with its exact two-sided p, gain in log loss over the base rate with
        its exact p, and why nothing could be said.
    by_feature : pandas.DataFrame
        AUC of each feature by itself at the headline age, its exact p, and that p stepped up
        for the number of features (Holm). Not chosen from: the score is that of `RANKED`.
    power : mapping of str to float
        Chance that the exact rank test at 5% sees a true AUC of so much, with these cases.
    cases : pandas.DataFrame
        Every build-out at every age.
    scores : tuple of Scores
        The headline age first.
    provenance : Provenance
    fingerprint : str
    """

    kind: ClassVar[str] = "landmark"
    lens: ClassVar[str] = "build-out"
    title: ClassVar[str] = TITLE
    name: str
    settings: Mapping[str, Any]
    by_age: pd.DataFrame
    by_feature: pd.DataFrame
    power: Mapping[str, float]
    cases: pd.DataFrame
    scores: tuple[Scores, ...]
    provenance: Provenance
    fingerprint: str

    @property
    def n(self) -> int:
        """Cases with a known outcome at the headline age."""
        return self.scores[0].n

    @property
    def events(self) -> int:
        """Those of them that fell."""
        return self.scores[0].events

    def at(self, age: int) -> pd.Series:
        """Row of `by_age` for an age."""
        return self.by_age.set_index("age").loc[age]

    def place(self, target: Buildout) -> Placement:
        """Place a build-out among the fitted ones; see `place_among`."""
        return place_among(self.cases, target)

    def tidy(self) -> pd.DataFrame:
        """One row an age."""
        return self.by_age

    def summary(self) -> str:
        """Scores by age and by feature, and the power, as text."""
        return "\n".join(
            [
                TITLE,
                f"{self.model_id}: {self.n} build-outs at age {self.settings['age']}, "
                f"{self.events} fell",
                "",
                self.by_age.round(3).to_string(index=False),
                "",
                self.by_feature.round(3).to_string(index=False),
                "",
                describe_power(self.power),
                *map(describe_scores, self.scores),
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
    >>> place_among(cases, load_buildout("ai-capex-five")).age
    3
    """
    levels = by_age(target.path).dropna()
    age = int(levels.index[-1])
    features = measure_all(target, age)
    base = Placement(target.id, _period(target, age), age, features)
    values = np.array([features[name] for name in RANKED])
    if age not in AGES:
        return replace(
            base,
            reason=Text(
                "age {age}; expected {first} to {last}", age=age, first=AGES[0], last=AGES[-1]
            ),
        )
    if np.isfinite(values).sum() < FEWEST:
        missing = [n for n, v in zip(RANKED, values, strict=True) if not np.isfinite(v)]
        why = Text("no {features} at age {age}", features=Joined(" and no ", missing), age=age)
        return replace(base, reason=why)
    cases = cases[
        (cases["age"] == age)
        & (cases["innovation"] != target.innovation)
        & cases["score"].notna()
    ]
    if len(cases) < 3:
        return replace(
            base, reason=Text("{n} other build-outs of age {age}", n=len(cases), age=age)
        )
    x = cases[list(RANKED)].to_numpy()
    among, own = cases["score"].to_numpy(), mean_rank(values, x)
    fell, stood = ((cases["label"] == value).to_numpy() for value in (1, 0))
    rank, of = 1 + int((among > own).sum()), len(cases) + 1
    away = np.abs(np.arange(1, of + 1) - (of + 1) / 2)
    beyond = (values < np.nanmin(x, axis=0)) | (values > np.nanmax(x, axis=0))
    drawn = _resampled(cases, values)
    low, high = np.nanquantile(drawn[:, 0], [0.025, 0.975])
    place = replace(
        base,
        score=own,
        low=float(low),
        high=float(high),
        rank=rank,
        of=of,
        rank_p=float(np.mean(away >= abs(rank - (of + 1) / 2))),
        slower_falls=int((fell & (among < own)).sum()),
        falls=int(fell.sum()),
        slower_others=int((stood & (among < own)).sum()),
        others=int(stood.sum()),
        outside=tuple(n for n, b in zip(RANKED, beyond, strict=True) if b),
        nearest=tuple(cases["id"].iloc[_similar(values, x)[:3]]),
    )
    known = cases[cases["label"].notna()]
    y = known["label"].to_numpy()
    if not 0 < y.sum() < len(y):
        return replace(
            place, reason=Text("{n} known outcomes of one kind at age {age}", n=len(y), age=age)
        )
    beta = fit_flic(_design(known["score"]), y, np.zeros(2))
    p_low, p_high = np.nanquantile(drawn[:, 1], [0.025, 0.975])
    p = float(_expit(beta[0] + beta[1] * own))
    return replace(place, p=p, p_low=float(p_low), p_high=float(p_high))


def _period(target: Buildout, age: int) -> str:
    """Last period that an age reads."""
    onset = target.path.anchors["onset"].asfreq(target.path.frequency, how="start")
    return str(onset + age * {"Y": 1, "Q": 4, "M": 12}[target.path.frequency])


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


def _resampled(cases: pd.DataFrame, values: Array) -> Array:
    """Score and probability of a target over innovations drawn with replacement."""
    rng = np.random.default_rng(SEED)
    parts = [rows for _, rows in cases.groupby("innovation")]
    x = [rows[list(RANKED)].to_numpy() for rows in parts]
    y = [rows["label"].to_numpy() for rows in parts]
    scored = np.full((RESAMPLES, 2), np.nan)
    for b in range(RESAMPLES):
        drawn = rng.integers(len(parts), size=len(parts))
        xs, ys = np.vstack([x[i] for i in drawn]), np.concatenate([y[i] for i in drawn])
        scored[b, 0] = mean_rank(values, xs)
        told = np.isfinite(ys)
        if 0 < ys[told].sum() < told.sum():
            # Draws without a fit are left out of the interval, which counts them.
            with suppress(DataError):
                beta = fit_flic(_design(mean_ranks(xs)[told]), ys[told], np.zeros(2))
                scored[b, 1] = _expit(beta[0] + beta[1] * scored[b, 0])
    return scored


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
    known = results.cases[
        (results.cases["age"] == place.age)
        & results.cases["label"].notna()
        & results.cases["score"].notna()
        & (results.cases["innovation"] != chosen.innovation)
    ]
    scheme = f"one innovation at a time, age {place.age}"
    scores = next((s for s in results.scores if s.scheme == scheme), None)
    reasons = [place.reason or CASES_ONLY]
    if place.outside:
        reasons.append(
            Text(
                "{features} beyond every build-out of age {age}",
                features=Joined(", ", place.outside),
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
        base=0.5,
        n=len(known),
        events=int(known["label"].sum()),
        scores=scores,
        is_supported=not place.reason and not place.outside,
        grade=chosen.path.grade,
        nearest=place.nearest,
        reasons=reasons,
        notes=notes,
    )


def backtest(
    looks: Mapping[str, Sequence[str]], model: LandmarkModel | None = None
) -> pd.DataFrame:
    """What the lens said of past build-outs at the time, from what had been observed.

    Parameters
    ----------
    looks : mapping of str to sequence of str
        Build-out -> dates, at whose end it is placed.
    model : LandmarkModel, optional

    Returns
    -------
    pandas.DataFrame
        ``target``, ``date``, ``age``, ``score`` with its interval, ``rank`` and ``of``, ``p``
        with its interval, ``base``, ``n``, ``events``, ``fell`` (what came; NaN where not
        known) and ``failed``: why there is no probability. Build-outs of the same innovation
        are left out.
    """
    model = model or LandmarkModel()
    rows = []
    for key, dates in looks.items():
        whole = load_buildout(key)
        for date in dates:
            row: dict[str, Any] = {"target": key, "date": date}
            try:
                with known_on(date, by="observed"):
                    past = load_buildout(key)
                    others = [b for b in known_buildouts() if b.innovation != whole.innovation]
                    age = int(by_age(past.path).dropna().index[-1])
                    row |= {"age": age, "fell": model.followed(whole, age)}
                    place = place_among(model.ranked(others), past)
                    row |= {
                        name: getattr(place, name)
                        for name in ("score", "low", "high", "rank", "of", *PROBABILITY)
                    }
                    if place.reason:
                        raise DataError(place.reason)
                    fit = replace(model, age=age).fit(others)
                row |= {
                    "base": fit.events / fit.n,
                    "n": fit.n,
                    "events": fit.events,
                    "failed": "",
                }
            except DataError as error:
                nothing = dict.fromkeys(PROBABILITY, float("nan"))
                row |= {**nothing, "failed": error.text}
            rows.append(row)
    columns = [
        *("target", "date", "age", "score", "low", "high", "rank", "of", "p", "p_low"),
        *("p_high", "base", "n", "events", "fell", "failed"),
    ]
    return frame_of(rows, columns)


def _labelled(cases: pd.DataFrame, age: int) -> pd.DataFrame:
    return cases[
        (cases["age"] == age) & cases["label"].notna() & cases["score"].notna()
    ].reset_index(drop=True)


def _empty(cases: pd.DataFrame, age: int, error: DataError) -> dict[str, Any]:
    table = _labelled(cases, age)
    nan = float("nan")
    return {
        "n": len(table),
        "events": int(table["label"].sum()),
        "innovations": table["innovation"].nunique(),
        **dict.fromkeys(("intercept", "slope", "auc", "auc_p", "gain", "gain_p"), nan),
        "why": str(error),
    }


def _by_feature(table: pd.DataFrame, y: Array) -> pd.DataFrame:
    rows = []
    for name in (*RANKED, "level", "asset_life", "score"):
        known = table[name].notna().to_numpy()
        auc, p = exact_auc(y[known], table[name].to_numpy()[known])
        rows.append(
            {
                "feature": name,
                "n": int(known.sum()),
                "events": int(y[known].sum()),
                "auc": auc,
                "auc_p": p,
            }
        )
    table = pd.DataFrame(rows)
    # Holm: the smallest p counts for as many tests as there are, and so on.
    order = np.argsort(table["auc_p"].to_numpy(), kind="stable")
    many = int(table["auc_p"].notna().sum())
    factor = np.maximum(many - np.arange(len(order)), 1)
    stepped = np.maximum.accumulate(table["auc_p"].to_numpy()[order] * factor)
    table.loc[order, "holm_p"] = np.minimum(stepped, 1.0)
    return table


def _position(value: Array, others: Array) -> Array:
    known = others[np.isfinite(others)]
    if not len(known) or not np.isfinite(value[0]):
        return np.array([np.nan])
    return np.array([((known < value[0]).sum() + 0.5 * (known == value[0]).sum()) / len(known)])


def _design(values) -> Array:
    values = np.asarray(values, dtype=float)
    return np.column_stack([np.ones(len(values)), values])


def _expit(eta):
    return 1 / (1 + np.exp(-eta))
