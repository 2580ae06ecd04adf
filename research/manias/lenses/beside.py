"""Past build-outs one by one, with AI laid over each at the same age."""

import math
from dataclasses import dataclass

import pandas as pd

from manias.data.arguments import checked
from manias.data.results import Plotted, Result
from manias.data.sources import weakest
from manias.errors import DataError
from manias.language.messages import Text, Word
from manias.lenses.buildouts import Buildout, by_age, load_buildout
from manias.lenses.landmark import LandmarkResults

BEFORE = 2
"""Years before the onset that are shown."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Beside(Result):
    """One build-out of the past on the clock of AI.

    Attributes
    ----------
    id, name, onset : str
    levels : pandas.Series
        Flow by years since its onset, 100 at the age of AI; NaN where it was not positive.
    label : float
        1 where it fell by half within the horizon, 0 where it did not, NaN where not all
        years are on record.
    has_fallen : bool
        By the years on record.
    is_faster : bool
        Whether it had grown faster than AI by its age.
    """

    _told = ("id", "onset", "label", "has_fallen", "is_faster")

    id: str
    name: str
    onset: str
    levels: pd.Series
    label: float
    has_fallen: bool
    is_faster: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BuildoutsBeside(Plotted):
    """Build-outs of the past, each with AI at the same age.

    Attributes
    ----------
    target : str
        Name of what is laid over each.
    age, horizon : int
        Years since the onset of AI, and years in which a fall counts.
    ai : pandas.Series
        Its flow by years since its onset, 100 at ``age``.
    panels : tuple of Beside
        The fastest first.
    data : tuple of str
        Tables of the flows.
    grade : str
        Weakest of all flows.
    """

    _told = ("target", "age", "panels", "grade")

    target: str
    age: int
    horizon: int
    ai: pd.Series
    panels: tuple[Beside, ...]
    data: tuple[str, ...]
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a build-out and age.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``age``, ``level``; AI under ``id`` "ai".
        """
        parts = [("ai", self.ai), *((p.id, p.levels) for p in self.panels)]
        return pd.concat(
            [
                pd.DataFrame({"id": key, "age": s.index, "level": s.to_numpy()})
                for key, s in parts
            ],
            ignore_index=True,
        )

    @property
    def finding(self) -> Text:
        """How many grew slower than AI, and what became of those whose end is known."""
        slower = [p for p in self.panels if not p.is_faster]
        known = [p for p in slower if not math.isnan(p.label)]
        return Text(
            "By year {age} AI had grown faster than {slower} of {of} past build-outs; of "
            "the {known} of these with all of the next {horizon} years on record {fell} then "
            "fell by half",
            age=self.age,
            slower=Word(len(slower)),
            of=Word(len(self.panels)),
            known=Word(len(known)),
            horizon=Word(self.horizon),
            fell=Word(sum(p.label == 1 for p in known)),
        )


@checked
def lay_beside(results: LandmarkResults, target: str = "ai-capex-five") -> BuildoutsBeside:
    """Lay the build-outs of the lens beside AI, each 100 at the age that AI has reached.

    Parameters
    ----------
    results : LandmarkResults
        As `manias.load_model` gives it for ``landmark``.
    target : str
        Key of a trajectory of AI.

    Returns
    -------
    BuildoutsBeside

    Raises
    ------
    DataError
        If the target cannot be placed.

    Notes
    -----
    Only growth is compared: miles, telephones and shares of income are not in one unit. What
    lies left of the age of AI is what the lens reads; what lies right of it is how it went
    on. A second count of the same thing, by which the lens judges an outcome, is not joined to
    the first.

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> found = lay_beside(load_model("landmark"))
    >>> found.age, float(found.ai[3]), len(found.panels)
    (3, 100.0, 15)
    """
    ai = load_buildout(target)
    place = results.place(ai)
    if place.reason:
        raise DataError(f"{target}: {place.reason}; expected a place among the build-outs")
    horizon = int(results.settings["horizon"])
    ends = (-BEFORE, place.age + horizon)
    panels, grades, tables = [], [ai.path.grade], [part.dataset for part in ai.rows]
    for case in place.cases.itertuples():
        one = load_buildout(case.id)
        grades.append(one.path.grade)
        tables += [part.dataset for part in one.rows]
        panels.append(
            Beside(
                one.id,
                one.name,
                str(one.path.anchors["onset"]),
                _indexed(one, place.age, ends),
                float(case.label),
                bool(case.has_fallen),
                bool(case.is_faster),
            )
        )
    own = by_age(ai.path)
    own = (100 * own / own[place.age]).loc[ends[0] : place.age]
    data = tuple(dict.fromkeys(tables))
    return BuildoutsBeside(
        ai.name, place.age, horizon, own, tuple(panels), data, weakest(grades)
    )


def _indexed(one: Buildout, age: int, ends: tuple[int, int]) -> pd.Series:
    """Flow of a build-out, 100 at an age, where it is positive."""
    flow = by_age(one.path)
    return 100 * (flow / flow[age]).where(flow > 0).loc[ends[0] : ends[1]]
