"""What the prose can name: the registry of makers, what they draw on, and how figures read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, grade_of, points_to, sources_of
from manias.data.sources import read_sources
from manias.language.editions import ENGLISH, Language
from manias.lenses.ladder import Assessment, LadderModel, LadderResults, assess
from manias.record.companies import capex_table
from manias.series.indices import Index, ai_indices
from manias.series.runups import RunUp, RunUpRule, date_runups, load_panel
from manias.series.timeline import Trajectory
from manias.series.trajectories import trajectory

PUBLISHED_SAMPLE_END = "2014-03"
"""Last month of the sample of Greenwood, Shleifer & You (2019)."""

PRECEDENT = "1999-12"
"""The date at which the ladder is asked what it would have said of the dotcom years."""

OVERVIEWS = {("exhibit", "datasets")}
"""Exhibits about all tables: they rest on every source, and would list what nothing else "
"uses."""

MANY_SOURCES = 25
"""Above so many sources a list of numbers is replaced by a pointer to the rows of the table."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One thing that the prose can name.

    Attributes
    ----------
    kind : {"number", "sentence", "exhibit", "printed"}
    name : str
    function : str
        Function that made it.
    rows : tuple of manias.data.rows.Rows
        Rows that it rests on, by table; empty for a setting of the code.
    content : object
        Text of a number or sentence; for an exhibit a mapping with ``caption`` and either
        ``svg`` and ``alt`` (a figure) or ``columns`` and ``rows`` (a table).
    """

    kind: str
    name: str
    function: str
    rows: tuple[Rows, ...]
    content: object

    @property
    def datasets(self) -> tuple[str, ...]:
        """Tables of its rows."""
        return tuple(dict.fromkeys(part.dataset for part in self.rows))

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of every source that its rows name, in order."""
        return sources_of(self.rows)

    @property
    def grade(self) -> str:
        """Weakest grade of its rows."""
        return grade_of(self.rows)


@dataclass(frozen=True)
class Findings:
    """What the exhibits draw on, computed once, and the language in which they say it."""

    rule: RunUpRule = field(default_factory=RunUpRule)
    language: Language = ENGLISH

    def told_in(self, language: Language) -> "Findings":
        """The same findings, as far as they are computed, to be said in another language."""
        other = Findings(self.rule, language)
        other.__dict__.update(self.__dict__ | {"language": language})
        return other

    @cached_property
    def panel(self):
        return load_panel()

    @cached_property
    def now(self) -> Assessment:
        return assess(self.panel, grade=load("us_industries").grade)

    @cached_property
    def then(self) -> Assessment:
        return assess(self.panel, as_of=PRECEDENT, grade=load("us_industries").grade)

    @cached_property
    def indices(self) -> dict[str, Index]:
        return ai_indices()

    @property
    def latest(self) -> dict[str, Index]:
        """Indices of AI that reach furthest."""
        last = max(index.last for index in self.indices.values())
        return {key: index for key, index in self.indices.items() if index.last == last}

    @cached_property
    def sample(self):
        return self.panel.as_of(PUBLISHED_SAMPLE_END)

    @cached_property
    def reproduced(self) -> LadderResults:
        return LadderModel(rule=self.rule).fit(self.sample)

    @cached_property
    def runups(self) -> tuple[RunUp, ...]:
        return tuple(r for r in date_runups(self.sample, self.rule) if r.is_complete)

    @cached_property
    def paths(self) -> dict[str, Trajectory]:
        keys = ("uk-railways-1840s", "uk-railways-mitchell", "us-it-dotcom", "us-it-ai")
        return {key: trajectory(key) for key in keys}

    @cached_property
    def five(self) -> Trajectory:
        return trajectory("ai-capex-five")

    @cached_property
    def capex(self) -> pd.DataFrame:
        return capex_table()

    @cached_property
    def printed(self) -> dict[str, float]:
        frame = load("published").frame
        return dict(zip(frame["id"], frame["value"], strict=True))

    @cached_property
    def age(self) -> int:
        """Quarters since the onset of the AI years."""
        path = self.paths["us-it-ai"]
        return path.values.index[-1].ordinal - path.anchors["onset"].ordinal

    def share(self, key: str, quarters: int) -> float:
        """Share of GDP so many quarters after the onset."""
        path = self.paths[key]
        return float(path.values.get(path.anchors["onset"].asfreq("Q", how="start") + quarters))


MAKERS: dict[tuple[str, str], tuple[Callable[[Findings], object], tuple[str, ...]]] = {}


def makes(kind: str, name: str, *datasets: str):
    def register(maker: Callable[[Findings], object]):
        MAKERS[kind, name] = (maker, datasets)
        return maker

    return register


def source_numbers() -> dict[str, int]:
    """Number the sources of every table that an exhibit, number or sentence rests on."""
    tables = {
        name for key, (_, tables) in MAKERS.items() if key not in OVERVIEWS for name in tables
    }
    tables |= {other for name in tables for other in points_to(name)}
    keys = {key for name in tables for key in load(name).sources_by_id()}
    return {key: i + 1 for i, key in enumerate(k for k in read_sources() if k in keys)}


def cited(
    artefact: Artefact, index: Mapping[str, int], language: Language = ENGLISH
) -> dict[str, object]:
    """What stands for its sources: ``runs`` of numbers, or ``many`` of them, in words."""
    keys = artefact.sources
    if (artefact.kind, artefact.name) in OVERVIEWS or len(keys) > MANY_SOURCES:
        many = language.say("{n}, row by row in the table", n=len(keys))
        return {"runs": [], "many": many}
    return {"runs": _runs([index[k] for k in keys]), "many": ""}


def short_list(numbers: list[int]) -> str:
    """Write 1, 2, 3, 7 as 1–3, 7."""
    return ", ".join(
        str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}"
        for a, b in _runs(numbers)
    )


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return runs


def peak_of(path: Trajectory) -> tuple[pd.Period, float]:
    return path.values.idxmax(), float(path.values.max())
