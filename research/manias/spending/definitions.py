"""The answer by definition: what counts as spending on AI decides whether it is a record.

Each definition is a series of its own, over GDP of the same quarter, and is laid beside its
own dotcom years; none is continued by another. Level and rise are told apart, as they need not
agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from manias.data.arguments import MaybeNumber, checked
from manias.data.library import load, once
from manias.data.results import Result, stacked
from manias.data.rows import Rows, merged, some
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.language.messages import Quarter, Text
from manias.language.numbers import plain
from manias.lenses.payback import FIVE
from manias.series.deflate import share_of
from manias.series.timeline import Trajectory, complete
from manias.series.trajectories import behind, column, trajectory
from manias.spending.place import NAMES as SERIES_NAMES

HEADLINE, EQUIPMENT, SOFTWARE = "equipment-and-software", "information-equipment", "software"
"""The definition of the first page, and the two parts that add up to it."""
BUILDINGS, ALL = "data-centres", "equipment-software-and-data-centres"
DOTCOM, AI = "us-it-dotcom", "us-it-ai"
"""Trajectories that date the two waves."""
TABLE = "us_it_investment"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    EQUIPMENT: ("info_equipment",),
    SOFTWARE: ("software",),
    "computers": ("computers",),
    "other-information-equipment": ("info_equipment", "computers"),
    HEADLINE: ("info_equipment_software",),
}
"""Definitions of the national accounts: a column, less another where two stand."""
TRAJECTORIES: Mapping[str, str] = {BUILDINGS: "ai-data-centres", "five-builders": FIVE}
DEFINITIONS = (*COLUMNS, BUILDINGS, ALL, "five-builders")
"""Keys of the definitions, in the order in which they are told."""
NAMES: Mapping[str, str] = {
    **{key: SERIES_NAMES[key] for key in DEFINITIONS if key in SERIES_NAMES},
    "other-information-equipment": "other information equipment: communication, instruments",
    ALL: "equipment, software and construction of data centres",
}
NO_DOTCOM: Mapping[str, str] = {
    BUILDINGS: "construction of data centres is on record from 2014 alone",
    ALL: "construction of data centres is on record from 2014 alone",
    "five-builders": "spending of the five in the dotcom years is not on record here",
}
"""Why a definition has no dotcom peak."""
IMPORTS = (
    "Imported goods are counted in every definition. None is known without them, for "
    "imports of these goods are not on record here"
)
"""What is known of imports."""
SAME = 0.05
"""Percentage points within which two shares are about the same."""


@dataclass(frozen=True, slots=True, repr=False)
class ByDefinition(Result):
    """One definition: its dotcom peak, its newest value, and the rise in both waves.

    Attributes
    ----------
    key, name : str
        One of `DEFINITIONS`, and its name for people.
    peak, peak_quarter : float, str
        Highest share of the dotcom years, percent of GDP; NaN and "" where none is on record.
    newest, newest_quarter : float, str
        Last share on record.
    difference : float
        Newest less peak, percentage points; NaN where there is no peak.
    verdict : {"above", "below", "about the same", "not known"}
    then : float
        Share in the quarter in which the headline had its dotcom peak: of one quarter parts
        add up to the whole.
    rise, rise_dotcom : float
        Percentage points from the onset of the AI years to the newest quarter, and in as many
        quarters after the onset of the dotcom years; NaN where not on record.
    quarters : int
        How many those are.
    reason : str
        Why a blank is blank; "" where none is.
    grade : str
        Weakest of what was used.
    """

    _told = ("key", "newest", "difference", "verdict", "rise")

    key: str
    name: str
    peak: float
    peak_quarter: str
    newest: float
    newest_quarter: str
    difference: float
    verdict: str
    then: float
    rise: float
    rise_dotcom: float
    quarters: int
    reason: str
    grade: str


@dataclass(frozen=True, slots=True, repr=False)
class AnswerByDefinition(Result):
    """Whether spending on AI stands above the dotcom peak, definition by definition.

    Attributes
    ----------
    rows : tuple of ByDefinition
        In the order of `DEFINITIONS`.
    level, pace : str
        Two sentences, `manias.language.messages.Text`: what parts the distance from the dotcom
        peak is made of, and in which part the rise is faster than it was then.
    imports : str
        What is known with imports and without them, in words.
    grade : str
    """

    _told = ("definitions=rows", "above", "below", "grade")

    rows: tuple[ByDefinition, ...]
    level: str
    pace: str
    imports: str
    grade: str

    @property
    def above(self) -> int:
        """Definitions by which it stands above."""
        return sum(row.verdict == "above" for row in self.rows)

    @property
    def below(self) -> int:
        """Definitions by which it stands below."""
        return sum(row.verdict == "below" for row in self.rows)

    @checked
    def row(self, key: str) -> ByDefinition:
        """One definition by its key.

        Parameters
        ----------
        key : str

        Returns
        -------
        ByDefinition

        Raises
        ------
        InputError
            If there is no such definition.
        """
        if key not in DEFINITIONS:
            raise InputError(f"definition {key!r}: expected one of {', '.join(DEFINITIONS)}")
        return next(row for row in self.rows if row.key == key)

    def to_frame(self) -> pd.DataFrame:
        """One row a definition.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `ByDefinition`.
        """
        return stacked(self.rows, ByDefinition)

    def _lines(self) -> Sequence[str]:
        return (f"{self.level}.", f"{self.pace}.", f"{self.imports}.")


@once
def answer_by_definition() -> AnswerByDefinition:
    """Lay spending on AI beside the dotcom years by every definition on record.

    Returns
    -------
    AnswerByDefinition
        Shares of US GDP in percent; quarters at annual rates. Construction is not adjusted for
        the season, and the capital expenditure of the five builders is worldwide.

    Raises
    ------
    DataError
        If the onset of the AI years was not yet known by the day of the open library.

    Examples
    --------
    >>> found = answer_by_definition()
    >>> found.row("software").verdict, found.row("five-builders").verdict
    ('above', 'not known')
    >>> parts = [found.row(key).newest for key in ("information-equipment", "software")]
    >>> abs(sum(parts) - found.row("equipment-and-software").newest) < 0.001
    True
    """
    rows = tuple(_row(key) for key in DEFINITIONS)
    by_key = {row.key: row for row in rows}
    return AnswerByDefinition(
        rows,
        _level(by_key),
        _pace(by_key),
        Text(IMPORTS),
        weakest(row.grade for row in rows),
    )


@checked
@once
def definition_path(key: str) -> Trajectory:
    """Spending by one definition, percent of US GDP by quarter.

    Parameters
    ----------
    key : str
        One of `DEFINITIONS`.

    Returns
    -------
    Trajectory
        A quarter in which one part is not on record is missing.

    Raises
    ------
    InputError
        If there is no such definition.

    Examples
    --------
    >>> bool(definition_path("computers").values["1999Q2"] > 1)
    True
    """
    if key in TRAJECTORIES:
        return trajectory(TRAJECTORIES[key])
    if key == ALL:
        whole, part = definition_path(HEADLINE), definition_path(BUILDINGS)
        both = complete((whole.values + part.values).dropna())
        days = pd.concat([whole.published, part.published], axis=1).max(axis=1)
        return replace(
            whole,
            id=key,
            name=NAMES[key],
            values=both,
            sources=tuple(dict.fromkeys(whole.sources + part.sources)),
            grade=weakest([whole.grade, part.grade]),
            published=days.reindex(both.index),
        )
    if key not in COLUMNS:
        raise InputError(f"definition {key!r}: expected one of {', '.join(DEFINITIONS)}")
    gdp = column(TABLE, "gdp")
    first, *less = (
        share_of(column(TABLE, name), gdp, scale=100, unit="percent of GDP")
        for name in COLUMNS[key]
    )
    values = first.values - sum(part.values for part in less) if less else first.values
    return replace(first, id=key, name=NAMES[key], values=values)


def definition_rows(key: str, periods: Iterable[pd.Period], how: str) -> tuple[Rows, ...]:
    """Rows behind a definition in some quarters.

    Parameters
    ----------
    key : str
        One of `DEFINITIONS`.
    periods : iterable of pandas.Period
    how : str
        Why these.

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> rows = definition_rows("software", [pd.Period("2000Q4", "Q")], "the peak")
    >>> [(r.name, len(r.frame)) for r in rows]
    [('us_it_investment', 1)]
    """
    periods = list(periods)
    if key in TRAJECTORIES:
        return behind(TRAJECTORIES[key], periods, how)
    if key == ALL:
        parts = (
            *definition_rows(HEADLINE, periods, how),
            *definition_rows(BUILDINGS, periods, how),
        )
        return merged(parts)
    mine = load(TABLE).frame["quarter"].isin(periods)
    return (some(TABLE, mine, how),)


def told_quarters(row: ByDefinition) -> dict[str, pd.Period]:
    """Quarters on which what is told of a definition rests.

    Parameters
    ----------
    row : ByDefinition

    Returns
    -------
    dict of str to pandas.Period
        ``newest`` and ``onset`` of the AI years; of the dotcom years, where on record,
        ``peak``, ``whole`` (the peak of the headline), ``onset_then`` and ``then`` (of the
        same age).

    Examples
    --------
    >>> list(told_quarters(answer_by_definition().row("five-builders")))
    ['newest', 'onset']
    """
    newest = pd.Period(row.newest_quarter, "Q")
    found = {"newest": newest, "onset": newest - row.quarters}
    if row.peak_quarter:
        start = _onset(DOTCOM)
        found |= {"peak": pd.Period(row.peak_quarter, "Q"), "whole": headline_peak()}
        found |= {"onset_then": start, "then": start + row.quarters}
    return found


def _onset(wave: str) -> pd.Period:
    anchor = trajectory(wave).anchors["onset"]
    if anchor is None:
        raise DataError(f"{wave}: its onset was not yet known; expected a later day")
    return anchor.asfreq("Q", how="start")


def _dotcom(key: str) -> pd.Series:
    """Values of a definition in the dotcom years; none where its record begins later."""
    span = trajectory(DOTCOM).values.index
    values = definition_path(key).values
    return values[(values.index >= span[0]) & (values.index <= span[-1])].dropna()


def headline_peak() -> pd.Period:
    """Quarter in which the headline had its dotcom peak; parts of a whole are read in it.

    Returns
    -------
    pandas.Period

    Examples
    --------
    >>> headline_peak()
    Period('2000Q4', 'Q-DEC')
    """
    return _dotcom(HEADLINE).idxmax()


def _row(key: str) -> ByDefinition:
    path = definition_path(key)
    values, nan = path.values.dropna(), float("nan")
    newest, onset = values.index[-1], _onset(AI)
    quarters = (newest - onset).n
    if quarters < 0:
        raise DataError(f"{key}: ends in {newest}, before the onset {onset}; expected it later")
    then = _dotcom(key)
    start = _onset(DOTCOM)
    peak = float(then.max()) if len(then) else nan
    difference = float(values.iloc[-1]) - peak
    return ByDefinition(
        key=key,
        name=NAMES[key],
        peak=peak,
        peak_quarter=str(then.idxmax()) if len(then) else "",
        newest=float(values.iloc[-1]),
        newest_quarter=str(newest),
        difference=difference,
        verdict=verdict_of(difference),
        then=float(then.get(headline_peak(), nan)),
        rise=float(values.iloc[-1] - values.get(onset, nan)),
        rise_dotcom=float(then.get(start + quarters, nan) - then.get(start, nan)),
        quarters=quarters,
        reason="" if len(then) else NO_DOTCOM.get(key, "the dotcom years are not on record"),
        grade=path.grade,
    )


@checked
def verdict_of(difference: MaybeNumber) -> str:
    """Say where a share stands.

    Parameters
    ----------
    difference : float
        Percentage points above another share; NaN where it is not known.

    Returns
    -------
    {"above", "below", "about the same", "not known"}

    Examples
    --------
    >>> verdict_of(0.5), verdict_of(-0.02)
    ('above', 'about the same')
    """
    if difference != difference:
        return "not known"
    if abs(difference) < SAME:
        return "about the same"
    return "above" if difference > 0 else "below"


def _level(rows: Mapping[str, ByDefinition]) -> Text:
    software, equipment, computers = (rows[k] for k in (SOFTWARE, EQUIPMENT, "computers"))
    more, less = software.newest - software.then, equipment.newest - equipment.then
    return Text(
        "Against {quarter} software takes {software} points {s:select "
        "more=more|less=less} of GDP and equipment {equipment} points {e:select "
        "more=more|less=less}. Equipment alone, at {now}%, is {v:select "
        "above=above|below=below|other=about at} its highest of the dotcom years "
        "({peak}% in {when}). Computers, at {c_now}%, are {c:select "
        "above=above|below=below|other=about at} theirs ({c_peak}% in {c_when})",
        quarter=Quarter(headline_peak()),
        software=plain(abs(more), 2),
        s="more" if more >= 0 else "less",
        equipment=plain(abs(less), 2),
        e="more" if less >= 0 else "less",
        now=plain(equipment.newest, 2),
        v=_select(equipment),
        peak=plain(equipment.peak, 2),
        when=Quarter(pd.Period(equipment.peak_quarter, "Q")),
        c_now=plain(computers.newest, 2),
        c=_select(computers),
        c_peak=plain(computers.peak, 2),
        c_when=Quarter(pd.Period(computers.peak_quarter, "Q")),
    )


def _select(row: ByDefinition) -> str:
    return row.verdict if row.verdict in ("above", "below") else "other"


def _pace(rows: Mapping[str, ByDefinition]) -> Text:
    equipment, software = rows[EQUIPMENT], rows[SOFTWARE]
    faster = {key: rows[key].rise > rows[key].rise_dotcom for key in (EQUIPMENT, SOFTWARE)}
    match faster[EQUIPMENT], faster[SOFTWARE]:
        case True, True:
            who = "both"
        case True, False:
            who = "equipment"
        case False, True:
            who = "software"
        case _:
            who = "neither"
    return Text(
        "Of the rise since the onset {equipment} points are equipment and {software} "
        "software. In the same time of the dotcom years they were {then} and "
        "{software_then}. The rise is stronger than it was then {who:select both=in "
        "both|equipment=in equipment and not in software|software=in software and "
        "not in equipment|neither=in neither}",
        equipment=plain(equipment.rise, 2),
        software=plain(software.rise, 2),
        then=plain(equipment.rise_dotcom, 2),
        software_then=plain(software.rise_dotcom, 2),
        who=who,
    )
