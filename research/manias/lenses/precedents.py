"""Lens 4: which earlier build-outs went the same way, at whatever stage, and what then?

The last years of a course are laid on every stretch of every precedent up to its peak, once
elastically (its yearly growth may run slower or faster) and once as a smooth curve that is
shifted and stretched. The nearest precedent is near only if it is nearer than to the same
growth rates in another order, and than precedents are to each other.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import permutations
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import Count, Level, Whole, checked
from manias.data.calendar import Knowledge
from manias.data.fingerprint import fingerprint, settled
from manias.data.library import current, known_on
from manias.data.reader import Series
from manias.data.results import Result, page, stacked
from manias.data.rows import Provenance
from manias.errors import DataError, InputError
from manias.evaluation.cards import Carded
from manias.evaluation.logit import describe_rule, describe_scores
from manias.evaluation.scores import SEED, Scores, log_losses, rank_auc, score
from manias.evaluation.skill import Rule, permutation_p, simulate_rule
from manias.language.messages import Text
from manias.lenses._precedent_kernels import elastic, elastic_of_many, functional
from manias.lenses.base import CASES_ONLY, Answer, frame_of
from manias.lenses.buildouts import (
    FALL,
    HORIZON,
    Buildout,
    answer_as_of,
    by_age,
    chosen_cases,
    dated,
    has_fallen,
    is_at_risk,
    known_buildouts,
    load_buildout,
    outcome,
    own_buildout,
    peak_age,
    provenance_of,
    to_the_end,
)

Array = NDArray[np.float64]
Distance = Literal["elastic", "functional"]
WINDOW = 5
"""Yearly growth rates that are laid on the precedents."""
SHORTEST = 3
"""Fewest growth rates that make a course."""
SCALES = (0.5, 0.75, 1.0, 1.5, 2.0)
"""Years of the precedent to one year of the target, in the functional distance."""
PER_YEAR = 4
"""Grid of the smooth curve."""
ALPHA = 0.05
LOOKS = (3, 4, 5, 6)
"""Ages at which precedents are themselves placed, to score the lens."""
RELABELLED = 999
SURE = 1e-3
"""Probabilities that are simulated lie so far from 0 and 1."""
EXCHANGED = "outcomes exchanged between whole courses, the nearest read anew"
TITLE = "Nearest precedents, and what became of them"


@dataclass(frozen=True, slots=True, repr=False)
class Match(Result):
    """A stretch of a precedent that is like a target.

    Attributes
    ----------
    id, innovation : str
    end : float
        Age of the precedent at which the stretch ends.
    distance : float
        Elastic: mean absolute difference of yearly log growth along the path. Functional: root
        mean square difference of log levels.
    rise : float
        Log of the highest flow within the horizon after the stretch over that at its end; NaN
        where none is on record.
    fell : float
        1.0 where the flow fell by half within the horizon, 0.0 where it did not; NaN where not
        all of its years are on record.
    has_fallen : bool
        Whether it fell in those that are.
    """

    _told = ("id", "end", "distance", "rise", "fell")

    id: str
    innovation: str
    end: float
    distance: float
    rise: float
    fell: float
    has_fallen: bool


@dataclass(frozen=True, slots=True, repr=False)
class Likeness(Result):
    """How near the nearest precedents of a target are.

    Attributes
    ----------
    target, as_of : str
    growth : tuple of float
        Yearly log growth that was laid on the precedents, oldest first.
    matches : tuple of Match
        Best stretch of each innovation, nearest first.
    shuffled_p : float
        Share of orders of the same growth rates whose nearest precedent is at least as near.
    far_p : float
        Share of precedents whose own nearest precedent is at least as far.
    reason : str
        Why nothing can be said; "" where something can.
    """

    _told = ("target", "as_of", "matches", "shuffled_p", "is_near")

    target: str
    as_of: str
    growth: tuple[float, ...]
    matches: tuple[Match, ...] = ()
    shuffled_p: float = float("nan")
    far_p: float = float("nan")
    reason: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row a match, nearest first.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `Match`.
        """
        return stacked(self.matches, Match)

    @property
    def is_near(self) -> bool:
        """Nearer than chance would have it, and no farther than precedents are."""
        return self.shuffled_p <= ALPHA and self.far_p > ALPHA


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Precedent(Result):
    """A past build-out as the kernels need it.

    Attributes
    ----------
    id, innovation : str
    ages : ndarray, shape (n,)
        Consecutive years.
    log : ndarray, shape (n,)
        Log flow, all finite.
    fell, rise : ndarray, shape (n,)
        What followed after each age; ``fell`` is NaN where not all years are on record.
    has_fallen : ndarray, shape (n,)
        Whether it fell in those that are.
    is_free : ndarray, shape (n,)
        Whether a stretch may end at an age: the flow had not fallen, nor was its peak past.
    """

    _told = ("id", "innovation", "years=ages")

    id: str
    innovation: str
    ages: NDArray[np.intp]
    log: Array
    fell: Array
    rise: Array
    has_fallen: NDArray[np.bool_]
    is_free: NDArray[np.bool_]
    _smooth: list[tuple[Array, Array]] = field(default_factory=list, init=False)

    def to_frame(self) -> pd.DataFrame:
        """One row a year of age.

        Returns
        -------
        pandas.DataFrame
            ``age``, ``log``, ``fell``, ``rise``.
        """
        columns = {"age": self.ages, "log": self.log, "fell": self.fell, "rise": self.rise}
        return pd.DataFrame(columns)

    @property
    def grid(self) -> Array:
        """Ages on a finer grid, shape (PER_YEAR * (n - 1) + 1,)."""
        return self._drawn()[0]

    @property
    def curve(self) -> Array:
        """The smooth curve through ``log`` on the grid."""
        return self._drawn()[1]

    def _drawn(self) -> tuple[Array, Array]:
        # One of the two distances alone needs the curve, and the curve alone needs scipy.
        if not self._smooth:
            # It keeps to the ups and downs of the points.
            from scipy.interpolate import PchipInterpolator

            grid = np.arange(self.ages[0], self.ages[-1] + 0.5 / PER_YEAR, 1 / PER_YEAR)
            curve = PchipInterpolator(self.ages.astype(float), self.log)(grid)
            self._smooth.append((grid, np.ascontiguousarray(curve)))
        return self._smooth[0]


@checked
@dataclass(frozen=True, slots=True)
class PrecedentModel:
    """Settings of the search; holds no data.

    Attributes
    ----------
    distance : {"elastic", "functional"}
    neighbours : int
        Innovations whose outcome is read.
    window : int
        Yearly growth rates of the target that are used, at most.
    horizon : int
    fall : float
    """

    name: ClassVar[str] = "precedents"
    revision: ClassVar[int] = 3
    distance: Distance = "elastic"
    neighbours: Count = 3
    window: Annotated[int, Whole(SHORTEST)] = WINDOW
    horizon: Count = HORIZON
    fall: Level = FALL

    @checked
    def prepare(self, buildouts: Sequence[Buildout]) -> tuple[Precedent, ...]:
        """Turn build-outs into precedents.

        Parameters
        ----------
        buildouts : sequence of Buildout

        Returns
        -------
        tuple of Precedent
            One for each unbroken run of positive flow; without those too short or without an
            end.

        Examples
        --------
        >>> [p.id for p in PrecedentModel().prepare([load_buildout("us-aircraft-1927")])]
        ['us-aircraft-1927']
        """
        precedents = []
        for b in buildouts:
            try:
                levels = by_age(b.path)
            except DataError:
                continue
            after = None if b.sequel is None else by_age(b.sequel)
            if not levels.loc[0:].notna().any():
                continue
            peak = peak_age(levels)
            log = np.log(levels.where(levels > 0))
            run = log.isna().cumsum()[log.notna()]
            for _, part in log[log.notna()].groupby(run):
                ages = part.index.to_numpy()
                fell, rise = np.full((2, len(ages)), np.nan)
                seen, free = np.zeros((2, len(ages)), dtype=bool)
                for i, age in enumerate(map(int, ages)):
                    later = levels.loc[age + 1 : age + self.horizon].dropna()
                    if len(later):
                        rise[i] = math.log(max(later.max(), 1e-300) / levels[age])
                    if 0 <= age <= peak and is_at_risk(levels, age, fall=self.fall):
                        within = {"horizon": self.horizon, "fall": self.fall}
                        free[i] = True
                        fell[i] = outcome(levels, age, after, **within)
                        seen[i] = has_fallen(levels, age, after, **within)
                if len(ages) > 2 and free[1:].any():
                    precedents.append(
                        Precedent(
                            b.id, b.innovation, ages, part.to_numpy(), fell, rise, seen, free
                        )
                    )
        return tuple(precedents)

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
            "scales": list(SCALES),
            "looks": list(LOOKS),
        }

    @checked
    def fit(
        self,
        buildouts: Sequence[Buildout] | None = None,
        *,
        as_of: str | None = None,
        by: Knowledge = "observed",
    ) -> "PrecedentResults":
        """Lay the precedents out and score the lens on them.

        Parameters
        ----------
        buildouts : sequence of Buildout, optional
            By default all cases of the table ``trajectories`` as far as they are known;
            targets are passed over.
        as_of : str, optional
            Read nothing observed later, outcomes included.
        by : {"observed", "published"}

        Returns
        -------
        PrecedentResults

        Raises
        ------
        DataError
            If fewer innovations than neighbours, or outcomes of one kind, were known by then.
        InputError
            If both build-outs and a date are given.

        References
        ----------
        Sakoe & Chiba (1978), IEEE Transactions on Acoustics, Speech and Signal Processing 26,
        43-49: dynamic time warping; Ramsay & Li (1998), Journal of the Royal Statistical
        Society B 60, 351-363: registration of curves.

        Examples
        --------
        >>> PrecedentModel().fit().n > 10
        True
        """
        with chosen_cases(buildouts, as_of, by) as cases:
            return self._fit(cases, by)

    def _fit(self, chosen: Sequence[Buildout], by: Knowledge) -> "PrecedentResults":
        precedents = self.prepare(chosen)
        kinds = {p.innovation for p in precedents if np.isfinite(p.fell).any()}
        if len(kinds) <= self.neighbours:
            raise DataError(
                Text(
                    "only {n} {n:plural one=innovation|other=innovations} with a "
                    "known outcome, and more than {m} are needed",
                    n=len(kinds),
                    m=self.neighbours,
                )
            )
        cases = self._looks(precedents)
        y = cases["label"].to_numpy()
        if not 0 < y.sum() < len(y):
            raise DataError(f"{len(y)} looks of one outcome; expected both outcomes")
        settings = self.settings(by)
        table = pd.DataFrame(
            [
                {
                    "id": p.id,
                    "innovation": p.innovation,
                    "age": int(a),
                    "log": v,
                    "fell": f,
                    "rise": r,
                    "has_fallen": bool(h),
                    "is_free": bool(q),
                }
                for p in precedents
                for a, v, f, r, h, q in zip(
                    p.ages, p.log, p.fell, p.rise, p.has_fallen, p.is_free, strict=True
                )
            ]
        )
        other = tuple(d for d in get_args(Distance) if d != self.distance)
        head, *rest = (
            self._score(cases, precedents, d, is_kept=current().day is None and d not in other)
            for d in (self.distance, *other)
        )
        return PrecedentResults(
            name=self.name,
            settings=settings,
            precedents=precedents,
            looks=cases,
            scores=(head[0], *(s for s, _ in rest)),
            rule=head[1],
            provenance=provenance_of(chosen, by=by),
            fingerprint=fingerprint(
                settled(table.set_index(table["id"] + " " + table["age"].astype(str))),
                **settings,
            ),
        )

    def _looks(self, precedents: Sequence[Precedent]) -> pd.DataFrame:
        """Every precedent at every look whose outcome is known: its nearest, and their fate.

        The nearest is looked for among all stretches, as that of a target is; the share that
        fell is of the nearest whose outcomes are known.
        """
        rows = []
        for p in precedents:
            for age in LOOKS:
                at = np.flatnonzero((p.ages == age) & np.isfinite(p.fell))
                if not len(at):
                    continue
                log = p.log[max(0, at[0] - self.window) : at[0] + 1]
                if len(log) <= SHORTEST:
                    continue
                others = [q for q in precedents if q.innovation != p.innovation]
                row = {
                    "id": p.id,
                    "innovation": p.innovation,
                    "age": age,
                    "label": p.fell[at[0]],
                }
                for distance in get_args(Distance):
                    found = match(log, others, distance)
                    told = match(log, others, distance, is_told=True)[: self.neighbours]
                    row[f"{distance}_distance"] = found[0].distance if found else float("nan")
                    row[f"{distance}_near"] = (
                        ";".join(f"{m.id}@{m.end:g}" for m in told)
                        if len(told) == self.neighbours
                        else ""
                    )
                rows.append(row)
        by_distance = [f"{d}_{c}" for d in get_args(Distance) for c in ("distance", "near")]
        return pd.DataFrame(rows, columns=["id", "innovation", "age", "label", *by_distance])

    def _score(
        self,
        cases: pd.DataFrame,
        precedents: Sequence[Precedent],
        distance: str,
        *,
        is_kept: bool,
    ) -> tuple[Scores, Rule | None]:
        known = cases[cases[f"{distance}_near"] != ""]
        fates = _Fates.of(known, precedents, distance)
        groups = known["innovation"].to_numpy()
        own = fates.own[None]
        y, p, base = (a[0] for a in fates.predict(own))
        # Whole courses exchange their outcomes, and the nearest are read anew.
        null = fates.gain(fates.exchanged(np.random.default_rng(SEED), RELABELLED))
        gain = float(fates.gain(own)[0])
        rule = None
        if is_kept:
            rule = simulate_rule(
                EXCHANGED,
                fates.own,
                fates.spread(p),
                null,
                fates.gain,
                drawn=fates.exchanged,
                clusters=fates.course,
            )
        scores = score(
            y,
            p,
            base,
            scheme=f"one innovation at a time ({distance} distance)",
            groups=groups,
            auc=rank_auc(y, p),
            permutation_p=permutation_p(gain, null),
            permutations=RELABELLED,
        )
        return scores, rule


@dataclass(frozen=True, slots=True, eq=False)
class _Fates:
    """What became of each course after each age, laid out to be exchanged.

    A cell is an age of a course whose outcome is known; m cells, n looks, k neighbours.
    """

    own: Array
    """Outcome of each cell, shape (m,)."""
    course: NDArray[np.intp]
    """Course of each cell, shape (m,)."""
    wide: Array
    """Outcome by course and age; where it is not known the next known one stands in."""
    column: NDArray[np.intp]
    """Column of ``wide`` of each cell, shape (m,)."""
    look: NDArray[np.intp]
    """Cell of each look, shape (n,)."""
    near: NDArray[np.intp]
    """Cells of its nearest, shape (n, k)."""
    among: Array
    """Weight of each cell in the base rate of each look, shape (n, m)."""
    kind: NDArray[Any]
    """Innovation of each look, shape (n,)."""

    @classmethod
    def of(
        cls, looks: pd.DataFrame, precedents: Sequence[Precedent], distance: str
    ) -> "_Fates":
        cells = [
            (i, p.id, p.innovation, int(age), fell)
            for i, p in enumerate(precedents)
            for age, fell in zip(p.ages, p.fell, strict=True)
            if np.isfinite(fell)
        ]
        table = pd.DataFrame(cells, columns=["course", "id", "innovation", "age", "fell"])
        wide = table.pivot(index="course", columns="age", values="fell")
        place = {(r.id, r.age): i for i, r in enumerate(table.itertuples())}
        near = [
            [place[key, int(age)] for key, age in (m.split("@") for m in told.split(";"))]
            for told in looks[f"{distance}_near"]
        ]
        kinds = table["innovation"].to_numpy()
        each = table.groupby("innovation")["fell"].transform("size").to_numpy()
        among = (looks["innovation"].to_numpy()[:, None] != kinds) / each
        return cls(
            own=table["fell"].to_numpy(),
            course=wide.index.get_indexer(table["course"]),
            wide=wide.bfill(axis=1).ffill(axis=1).to_numpy(),
            column=wide.columns.get_indexer(table["age"]),
            look=np.array([place[r.id, r.age] for r in looks.itertuples()]),
            near=np.array(near),
            among=among / among.sum(axis=1, keepdims=True),
            kind=looks["innovation"].to_numpy(),
        )

    def exchanged(self, rng: np.random.Generator, draws: int) -> Array:
        """Outcomes of the cells with whole courses in random order, shape (draws, m)."""
        order = rng.permuted(np.tile(np.arange(len(self.wide)), (draws, 1)), axis=1)
        return self.wide[order[:, self.course], self.column]

    def predict(self, cells: Array) -> tuple[Array, Array, Array]:
        """Outcome, share of the nearest that fell (with one more case at the base rate of the
        others) and base rate of each look, from outcomes of the cells of shape (draws, m)."""
        y = cells[:, self.look]
        told = cells[:, self.near]
        p = (told.sum(axis=2) + cells @ self.among.T) / (told.shape[2] + 1)
        return y, p, _base(y, self.kind)

    def gain(self, cells: Array) -> Array:
        """Gain in log loss over the base rate of each row of outcomes."""
        y, p, base = self.predict(cells)
        return (log_losses(y, base) - log_losses(y, p)).mean(axis=1)

    def spread(self, p: Array) -> Array:
        """What was said of each course, its looks together, on all its cells."""
        p = np.clip(p, SURE, 1 - SURE)
        odds = np.log(p / (1 - p))
        course = self.course[self.look]
        mean = pd.Series(odds).groupby(course).mean().reindex(range(len(self.wide)))
        return 1 / (1 + np.exp(-mean.fillna(odds.mean()).to_numpy()[self.course]))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrecedentResults(Carded):
    """The precedents, and how well their nearest foretell each other.

    Attributes
    ----------
    name : str
    settings : mapping
    precedents : tuple of Precedent
    looks : pandas.DataFrame
        Each precedent at each look: ``label``, and by either distance how far its nearest is
        and which stretches, with their ages, are the nearest of known outcome.
    scores : tuple of Scores
        By the distance of the settings, then by the other.
    rule : Rule or None
        What the test behind the first score is worth; None in a library with a day.
    provenance : Provenance
    fingerprint : str
    """

    kind: ClassVar[str] = "precedents"
    lens: ClassVar[str] = "precedent"
    title: ClassVar[str] = TITLE
    name: str
    settings: Mapping[str, Any]
    precedents: tuple[Precedent, ...]
    looks: pd.DataFrame
    scores: tuple[Scores, ...]
    rule: Rule | None
    provenance: Provenance
    fingerprint: str

    @property
    def n(self) -> int:
        """Looks at precedents that were scored."""
        return self.scores[0].n

    @property
    def events(self) -> int:
        """Those after which the flow fell."""
        return self.scores[0].events

    @property
    def base_rate(self) -> float:
        """Share of the looks after which the flow fell."""
        return self.events / self.n

    def liken(self, target: Buildout, *, distance: Distance | None = None) -> Likeness:
        """Find the nearest precedents of a target.

        Parameters
        ----------
        target : Buildout
            As it was known on the date of interest. Precedents of its own innovation are
            passed over.
        distance : {"elastic", "functional"}, optional
            That of the settings by default.

        Returns
        -------
        Likeness

        Examples
        --------
        >>> fit = PrecedentModel().fit()
        >>> len(fit.liken(load_buildout("ai-capex-five")).growth)
        5
        """
        distance = distance or self.settings["distance"]
        if distance not in get_args(Distance):
            raise InputError(
                f"distance={distance!r}: expected one of {', '.join(get_args(Distance))}"
            )
        last = str(target.path.values.last_valid_index())
        levels = to_the_end(target.path).to_numpy()
        bad = np.flatnonzero(~(levels > 0))
        levels = levels[bad[-1] + 1 :] if len(bad) else levels
        log = np.log(levels[-(self.settings["window"] + 1) :])
        steps = np.diff(log)
        base = Likeness(target.id, last, tuple(map(float, steps)))
        if len(steps) < SHORTEST:
            why = Text(
                "only {n} yearly growth {n:plural one=rate|other=rates} on record, "
                "and {fewest} are needed",
                n=len(steps),
                fewest=SHORTEST,
            )
            return replace(base, reason=why)
        if np.ptp(steps) < 1e-12:
            return replace(
                base, reason="its growth is constant, so that every order of it is the same"
            )
        others = [p for p in self.precedents if p.innovation != target.innovation]
        orders = np.array([log, *(np.r_[0.0, np.cumsum(o)] for o in permutations(steps))])
        found = [stretches(orders, p, distance) for p in others]
        matches = _best(others, [(ages, costs[0]) for ages, costs in found])
        if len(matches) < self.settings["neighbours"]:
            return replace(
                base,
                reason=Text(
                    "only {n} {n:plural one=innovation|other=innovations} to compare with",
                    n=len(matches),
                ),
            )
        nearest = np.min([costs[1:].min(axis=1, initial=np.inf) for _, costs in found], axis=0)
        own = matches[0].distance
        typical = self.looks[f"{distance}_distance"].dropna().to_numpy()
        return replace(
            base,
            matches=matches,
            shuffled_p=float(np.mean(nearest <= own + 1e-12)),
            far_p=float((1 + (typical >= own - 1e-12).sum()) / (1 + len(typical))),
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a look."""
        return self.looks

    def summary(self) -> str:
        """Looks and scores as text."""
        return page(
            [
                TITLE,
                f"{self.model_id}: {self.n} looks at {len(self.precedents)} courses, after "
                f"{self.events} the flow fell ({self.base_rate:.0%})",
                "",
                self.looks.round(3),
                "",
                *([] if self.rule is None else [describe_rule(self.rule)]),
                *map(describe_scores, self.scores),
            ]
        )


def distances(
    log: Array, precedent: Precedent, distance: str, *, is_told: bool = False
) -> tuple[Array, Array]:
    """Distance of a course to every stretch of a precedent.

    Parameters
    ----------
    log : ndarray, shape (m + 1,)
        Log levels a year apart; their level is irrelevant.
    precedent : Precedent
    distance : {"elastic", "functional"}
    is_told : bool
        Only stretches whose outcome is known.

    Returns
    -------
    ages, cost : ndarray
        Age of the precedent at the end of a stretch, and its distance; only where a stretch
        may end.

    Examples
    --------
    >>> one = PrecedentModel().prepare([load_buildout("us-cellular-1987")])[0]
    >>> ages, cost = distances(one.log[2:7], one, "elastic")
    >>> int(ages[cost.argmin()]) == int(one.ages[6]), float(cost.min())
    (True, 0.0)
    """
    free = precedent.is_free & (np.isfinite(precedent.fell) | (not is_told))
    if distance == "elastic":
        cost = elastic(np.diff(log), np.diff(precedent.log))
        return precedent.ages[1:][free[1:]].astype(float), cost[free[1:]]
    cost = functional(
        np.ascontiguousarray(log), precedent.curve, float(PER_YEAR), np.array(SCALES)
    )
    whole = np.isin(precedent.grid, precedent.ages[free]) & np.isfinite(cost)
    return precedent.grid[whole], cost[whole]


def stretches(logs: Array, precedent: Precedent, distance: str) -> tuple[Array, Array]:
    """Distances of many courses of one length to every stretch of a precedent.

    Parameters
    ----------
    logs : ndarray, shape (r, m + 1)
        Log levels a year apart, one course a row.
    precedent : Precedent
    distance : {"elastic", "functional"}

    Returns
    -------
    ages, costs : ndarray, shape (k,) and (r, k)
        As `distances` gives them for each course, to the bit.

    Examples
    --------
    >>> one = PrecedentModel().prepare([load_buildout("us-cellular-1987")])[0]
    >>> ages, costs = stretches(one.log[None, 2:7], one, "elastic")
    >>> bool((costs[0] == distances(one.log[2:7], one, "elastic")[1]).all())
    True
    """
    if distance == "elastic":
        free = precedent.is_free[1:]
        costs = elastic_of_many(np.diff(logs, axis=1), np.diff(precedent.log))
        return precedent.ages[1:][free].astype(float), costs[:, free]
    found = [distances(log, precedent, distance) for log in logs]
    return found[0][0], np.array([cost for _, cost in found])


def match(
    log: Array, precedents: Sequence[Precedent], distance: str, *, is_told: bool = False
) -> tuple[Match, ...]:
    """Best stretch of each innovation.

    Parameters
    ----------
    log : ndarray, shape (m + 1,)
    precedents : sequence of Precedent
    distance : {"elastic", "functional"}
    is_told : bool
        Only stretches whose outcome is known.

    Returns
    -------
    tuple of Match
        Nearest first; ties in the order of the precedents.

    Examples
    --------
    >>> precedents = PrecedentModel().prepare(known_buildouts())
    >>> match(np.array([0.0, 0.5, 1.0, 1.5]), precedents, "elastic")[0].distance < 0.1
    True
    """
    return _best(precedents, [distances(log, p, distance, is_told=is_told) for p in precedents])


def _best(
    precedents: Sequence[Precedent], found: Sequence[tuple[Array, Array]]
) -> tuple[Match, ...]:
    best: dict[str, Match] = {}
    for p, (ages, cost) in zip(precedents, found, strict=True):
        if not len(cost):
            continue
        at = int(np.argmin(cost))
        kept = best.get(p.innovation)
        if kept is None or cost[at] < kept.distance:
            i = int(np.flatnonzero(p.ages == ages[at])[0])
            best[p.innovation] = Match(
                p.id,
                p.innovation,
                float(ages[at]),
                float(cost[at]),
                float(p.rise[i]),
                float(p.fell[i]),
                bool(p.has_fallen[i]),
            )
    return tuple(sorted(best.values(), key=lambda m: m.distance))


def answer_precedents(
    results: PrecedentResults,
    target: str | Buildout = "ai-capex-five",
    *,
    as_of: str | None = None,
    by: Knowledge = "published",
) -> Answer:
    """Say what became of the nearest precedents, if they are near.

    Parameters
    ----------
    results : PrecedentResults
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
    >>> answer_precedents(PrecedentModel().fit(), "ai-capex-coreweave").is_supported
    False
    """
    return answer_as_of(
        results, target, lambda chosen: _answer(results, chosen, ()), as_of=as_of, by=by
    )


def answer_own(
    series: Series,
    revenue: pd.Series | None = None,
    gdp: pd.Series | None = None,
    *,
    onset: pd.Period | None = None,
    results: PrecedentResults | None = None,
) -> Answer:
    """Find the nearest precedents of a user's series.

    Parameters
    ----------
    series : manias.data.reader.Series
        A flow by year, quarter or month.
    revenue, gdp : pandas.Series, optional
        Of the same periods and in the same unit; revenue is not used by this lens.
    onset : pandas.Period, optional
        Not used by this lens: the stage is unknown.
    results : PrecedentResults, optional
        Of `PrecedentModel` by default.

    Returns
    -------
    Answer
        ``reason`` also says what could not be used, and why.

    Raises
    ------
    DataError
        If the series is too short or constant.

    Examples
    --------
    >>> values = pd.Series([1.0, 2, 4, 9, 12], pd.period_range("2021", periods=5, freq="Y"))
    >>> answer_own(Series("mine", values, "USD")).lens
    'precedent'
    """
    chosen = own_buildout(series, gdp=gdp, onset=onset)
    notes = [] if gdp is not None else ["growth of the flow itself: no column gdp"]
    if revenue is not None:
        notes.append("revenue not used: no past build-out has its revenue here")
    return _answer(results or PrecedentModel().fit(), chosen, notes)


def backtest(
    looks: Mapping[str, Sequence[str]], model: PrecedentModel | None = None
) -> pd.DataFrame:
    """What the lens said of past build-outs at the time, from what had been observed.

    Parameters
    ----------
    looks : mapping of str to sequence of str
        Build-out -> dates, at whose end it is placed.
    model : PrecedentModel, optional

    Returns
    -------
    pandas.DataFrame
        ``target``, ``date``, ``nearest``, ``distance``, ``shuffled_p``, ``far_p``, ``base``,
        ``fell`` (what came; NaN where not all years are on record) and ``failed``.
        Precedents of the same innovation are left out.
    """
    model = model or PrecedentModel()
    rows = []
    for key, dates in looks.items():
        whole = load_buildout(key)
        after = None if whole.sequel is None else by_age(whole.sequel)
        for date in dates:
            row: dict[str, Any] = {"target": key, "date": date}
            try:
                with known_on(date, by="observed"):
                    past = load_buildout(key)
                    others = [b for b in known_buildouts() if b.innovation != whole.innovation]
                    age = int(by_age(past.path).dropna().index[-1])
                    row["fell"] = outcome(
                        by_age(whole.path), age, after, horizon=model.horizon, fall=model.fall
                    )
                    fit = model.fit(others)
                    like = fit.liken(past)
                row |= {
                    "nearest": ", ".join(m.id for m in like.matches[: model.neighbours]),
                    "distance": like.matches[0].distance if like.matches else float("nan"),
                    "shuffled_p": like.shuffled_p,
                    "far_p": like.far_p,
                    "base": fit.base_rate,
                    "failed": like.reason or ("" if like.is_near else "not near"),
                }
            except DataError as error:
                row |= {"failed": error.text}
            rows.append(row)
    columns = [
        *("target", "date", "nearest", "distance", "shuffled_p", "far_p"),
        *("base", "fell", "failed"),
    ]
    return frame_of(rows, columns)


def _answer(results: PrecedentResults, chosen: Buildout, notes: Sequence[str]) -> Answer:
    like = results.liken(chosen)
    reasons = [like.reason or CASES_ONLY]
    if not like.reason and like.shuffled_p > ALPHA:
        reasons.append(
            Text(
                "not near: the same growth in other orders comes as near (p = {p})",
                p=f"{like.shuffled_p:.2f}",
            )
        )
    if not like.reason and like.far_p <= ALPHA:
        reasons.append(
            Text("farther than precedents are from each other (p = {p})", p=f"{like.far_p:.2f}")
        )
    near = like.matches[: results.settings["neighbours"]]
    fates = [m.fell for m in near if math.isfinite(m.fell)]
    return Answer.of(
        results,
        target=chosen.id,
        as_of=like.as_of,
        measure=Text("distance of the nearest part of an earlier build-out"),
        unit="yearly log growth",
        value=near[0].distance if near else float("nan"),
        low=float("nan"),
        high=float("nan"),
        base=float("nan"),
        n=len(fates),
        events=int(sum(fates)),
        scores=results.scores[0],
        is_supported=not like.reason and like.is_near,
        grade=chosen.path.grade,
        nearest=tuple(m.id for m in near),
        reasons=reasons,
        notes=notes,
    )


def _base(y: Array, groups: NDArray[Any]) -> Array:
    """Share of events outside each innovation, kept off 0 and 1 by half a case of each.

    ``y`` has shape (..., n).
    """
    _, code = np.unique(groups, return_inverse=True)
    member = np.eye(code.max() + 1)[code]
    rest = len(code) - member.sum(axis=0)
    events = y.sum(axis=-1, keepdims=True) - y @ member
    mixed = (events > 0) & (events < rest)
    return np.where(mixed, events / rest, (events + 0.5) / (rest + 1))[..., code]
