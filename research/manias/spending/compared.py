"""Booms like for like: at one age, at the highest, and what followed.

Two clocks date an onset: a source, as ``trajectories`` has it, or, where none does, the year of
least spending before the highest. The highest is no peak before five more years are on record.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.calendar import to_period
from manias.data.library import current, load, not_known, once
from manias.data.results import Result, stacked
from manias.data.rows import Rows, merged, some
from manias.data.sources import weakest
from manias.errors import InputError
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.numbers import plain
from manias.spending.booms import DEFINITIONS, Point, points

HORIZON = 5
"""Years after the highest in which a fall is looked for, all of which must be on record."""
BEFORE = 10
"""Years before the highest among which the year of least spending stands for an onset."""
FEWEST = 5
"""Fewest of these that must be on record."""
AGES = (-3, 8)
"""Ages that are compared, in years since the onset."""
SHOWN = ("uk-railways", "us-railroads-1880s", "us-railroads-1890s", "us-digital", "ai-five")
"""Cases of builders that are told side by side at the age of the AI years, a boom each."""


@dataclass(frozen=True, slots=True)
class Case:
    """A boom by one definition, as it is compared.

    Attributes
    ----------
    key, name, definition : str
        The definition by its key.
    onset : str
        Trajectory whose onset dates it; "" where none does.
    first, last : int or None
        Years among which the highest is sought.
    """

    key: str
    name: str
    definition: str
    onset: str = ""
    first: int | None = None
    last: int | None = None


_YEARS = (1990, 2010)
"""Years among which the highest of the dotcom years is sought."""
_MANIA, _DOTCOM, _AI = "uk-railways-1840s", "us-it-dotcom", "ai-capex-five"
LEAD = "ai-five"
"""The case whose newest whole year sets the age at which all are compared."""
CASES: tuple[Case, ...] = (
    Case("uk-railways", "British railways of the 1840s", "uk-spending", _MANIA),
    Case(
        "uk-ireland",
        "British railways of the 1840s over GDP with Ireland",
        "uk-spending-ireland",
        _MANIA,
    ),
    Case(
        "uk-capital-1840s",
        "capital paid up for British railways of the 1840s",
        "uk-capital",
        "",
        1836,
        1859,
    ),
    Case(
        "uk-capital-1860s",
        "capital paid up for British railways of the 1860s",
        "uk-capital",
        "",
        1860,
        1878,
    ),
    Case("us-railroads-1870s", "US railroads of the 1870s", "us-railroads", "", 1870, 1876),
    Case("us-railroads-1880s", "US railroads of the 1880s", "us-railroads", "", 1877, 1886),
    Case("us-railroads-1890s", "US railroads of the 1890s", "us-railroads", "", 1887, 1900),
    Case("us-digital", "US digital infrastructure", "us-digital", _DOTCOM, *_YEARS),
    Case(
        "us-telecom-detail",
        "US broadcasting with telecom",
        "us-telecom-detail",
        _DOTCOM,
        *_YEARS,
    ),
    Case("us-communications", "US communications by survey", "us-communications", _DOTCOM),
    Case("us-telecom-equipment", "equipment of US carriers", "us-telecom-equipment"),
    Case("us-telecom-ubs", "US service providers", "us-telecom-ubs"),
    Case("us-broadband", "US broadband providers", "us-broadband", "", 1996, 2008),
    Case("us-telecom-116", "116 US telecom firms", "us-telecom-116"),
    Case("ai-five", "five AI builders", "ai-five-year", _AI),
    Case(
        "ai-five-last-year",
        "five AI builders, last four quarters",
        "ai-five-four-quarters",
        _AI,
    ),
    Case("ai-five-now", "five AI builders, newest quarter", "ai-five-newest-quarter", _AI),
    Case("ai-buildings", "data centres built in the US", "ai-buildings-year", _AI),
    Case("us-it-dotcom", "US IT aggregate, dotcom years", "us-it-year", _DOTCOM, 1995, 2010),
    Case("us-it-ai", "US IT aggregate, AI years", "us-it-year", _AI, 2019),
)
"""What is compared; the last two are no builders."""
SOURCE, LOW = "source", "year of least spending"


@dataclass(frozen=True, slots=True, repr=False)
class BoomAge(Result):
    """Spending of one boom at one age.

    Attributes
    ----------
    case : str
        One of `CASES` by its key.
    age : float
        Years since the onset.
    year : str
    share_of_gdp : float
        Percent.
    estimated : bool
    """

    _told = ("case", "age", "share_of_gdp")

    case: str
    age: float
    year: str
    share_of_gdp: float
    estimated: bool


@dataclass(frozen=True, slots=True, repr=False)
class ComparedBoom(Result):
    """One boom by one definition: at the age of the AI years, at its highest, and after it.

    Attributes
    ----------
    key, name, boom, definition : str
    builders : bool
    onset : str
        Year or quarter; "" where none is told.
    onset_from : {"source", "year of least spending", ""}
        Who dates it: a source, as ``trajectories`` has it, or else the year of least spending
        among the ten before the highest (grade J).
    year_at_age, share_at_age : str, float
        At the age of `BoomComparison`; "" and NaN where not on record.
    high_year, high_value, unit, high_share : str, float, str, float
        The highest share on record, or the largest sum where a share is missing.
    is_peak : bool
        Whether the five years after it are on record and none is higher. Never of a boom that
        has not been over for so long.
    fall, fall_year : float, str
        Lowest spending in money within five years after the peak over that of the peak, less
        one; NaN and "" where there is no peak.
    reason : str
        Why there is no peak, a `manias.language.messages.Text`; "" where there is one.
    grade, age_grade : str
        Weakest grade of the rows, and with the onset: of what is told at an age.
    """

    _told = ("key", "high_year", "high_share", "is_peak", "fall")

    key: str
    name: str
    boom: str
    definition: str
    builders: bool
    onset: str
    onset_from: str
    year_at_age: str
    share_at_age: float
    high_year: str
    high_value: float
    unit: str
    high_share: float
    is_peak: bool
    fall: float
    fall_year: str
    reason: str
    grade: str
    age_grade: str


@dataclass(frozen=True, slots=True, repr=False)
class BoomComparison(Result):
    """Booms like for like: at one age, at the highest, and what followed.

    Attributes
    ----------
    age : int or None
        Years since the onset of the AI years to the newest whole year; None before there is
        one.
    cases : tuple of ComparedBoom
        In the order of `CASES`.
    ages : tuple of BoomAge
        Every case at every age on record within `AGES`.
    grade : str
    """

    _told = ("age", "cases", "grade")

    age: int | None
    cases: tuple[ComparedBoom, ...]
    ages: tuple[BoomAge, ...]
    grade: str

    @checked
    def case(self, key: str) -> ComparedBoom:
        """One case by its key.

        Parameters
        ----------
        key : str

        Returns
        -------
        ComparedBoom

        Raises
        ------
        InputError
            If there is no such case, or nothing of it was known.
        """
        found = {one.key: one for one in self.cases}
        if key not in found:
            raise InputError(f"case {key!r}: expected one of {', '.join(found)}")
        return found[key]

    @property
    def at_age(self) -> str:
        """AI builders beside those of `SHOWN` at the same age, in words.

        A `manias.language.messages.Text`; "" where no AI year was known.
        """
        return _said_at_age(self)

    @property
    def after(self) -> str:
        """What spending did after each peak on record, and what AI stands at, in words."""
        return _said_after(self)

    def _lines(self) -> tuple[str, ...]:
        return tuple(f"{text}." for text in (self.at_age, self.after) if text)

    def to_frame(self) -> pd.DataFrame:
        """One row a case.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `ComparedBoom`.
        """
        return stacked(self.cases, ComparedBoom)


@once
def compare_booms() -> BoomComparison:
    """Compare the builders of booms at the same age and at the highest.

    Returns
    -------
    BoomComparison
        Of the open library: inside `manias.known_on` no case sees a later row, and what was
        the highest by then is no peak before five more years were on record.

    Raises
    ------
    DataError
        If nothing was known by the day of the open library.

    Examples
    --------
    >>> found = compare_booms()
    >>> found.age, round(found.case("uk-railways").share_at_age, 2)
    (3, 6.14)
    >>> found.case("us-railroads-1880s").high_year, found.case("ai-five").is_peak
    ('1881', False)
    """
    age = _age_now()
    told = [_compared(case, age) for case in CASES if _within(case)]
    if not told:
        raise not_known("compare_booms")
    return BoomComparison(
        age,
        tuple(told),
        tuple(one for case in CASES for one in _ages(case)),
        weakest(g for one in told for g in (one.grade, one.age_grade) if g),
    )


def compared_rows(case: str, *, aged: bool = False) -> tuple[Rows, ...]:
    """Rows behind a case: those among which the highest, the fall and the onset are sought.

    Parameters
    ----------
    case : str
        One of `CASES` by its key.
    aged : bool
        Only those of its ages.

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> [(r.name, len(r.frame)) for r in compared_rows("us-communications")]
    [('spending_history', 3), ('us_macro', 3), ('trajectories', 1)]
    """
    one = next(c for c in CASES if c.key == case)
    if aged:
        years = {a.year for a in _ages(one)}
        kept = [p for p in points(DEFINITIONS[one.definition]) if p.row.year in years]
        if not one.onset:
            kept += _sought(one)
    else:
        kept = [*_sought(one), *_within(one)]
    rows = [part for p in kept for part in p.behind]
    if one.onset:
        ids = load("trajectories").frame["id"]
        rows.append(some("trajectories", ids == one.onset, f"onset of {one.key}"))
    return merged(rows)


def _within(case: Case) -> list[Point]:
    """Points among which the highest of a case is sought."""
    return [
        p
        for p in points(DEFINITIONS[case.definition])
        if (case.first or 0) <= p.first.year and p.last.year <= (case.last or 9999)
    ]


def _highest(case: Case) -> Point | None:
    inside = _within(case)
    by_share = all(np.isfinite(p.row.share_of_gdp) for p in inside)
    return max(inside, key=lambda p: _size(p, by_share), default=None)


def _sought(case: Case) -> list[Point]:
    """Years before the highest, for the year of least spending, and after it, for the fall."""
    high = _highest(case)
    if high is None:
        return []
    return [
        p
        for p in points(DEFINITIONS[case.definition])
        if high.first.year - BEFORE <= p.first.year <= high.last.year + HORIZON
        and (case.onset == "" or p.first >= high.first)
    ]


def _size(point: Point, by_share: bool) -> float:
    return point.row.share_of_gdp if by_share else point.row.value


@once
def _onset(case: Case) -> tuple[pd.Period | None, str]:
    """Onset by a source, else by the rule, and who dates it."""
    if case.onset:
        table = load("trajectories").frame.set_index("id")
        found = to_period(table.at[case.onset, "onset"])
        day = current().day
        return (None, "") if day is not None and found.start_time > day else (found, SOURCE)
    high = _highest(case)
    if high is None or high.year is None:
        return None, ""
    before = [
        p
        for p in points(DEFINITIONS[case.definition])
        if p.year is not None and high.year - BEFORE <= p.year < high.year
    ]
    if len(before) < FEWEST:
        return None, ""
    return min(before, key=lambda p: p.row.value).first.asfreq("Y"), LOW


def _age(case: Case, point: Point) -> float | None:
    """Years since the onset; of less than a year by quarters. None of an interval."""
    onset = _onset(case)[0]
    if onset is None:
        return None
    if point.year is not None:
        return float(point.year - onset.year)
    if (point.last - point.first).n + 1 > 12:
        return None
    return (point.last.asfreq("Q") - onset.asfreq("Q", how="start")).n / 4


@once
def _ages(case: Case) -> tuple[BoomAge, ...]:
    found = []
    for p in points(DEFINITIONS[case.definition]):
        age = _age(case, p)
        if age is None or not AGES[0] <= age <= AGES[1]:
            continue
        if p.row.share_of_gdp == p.row.share_of_gdp:
            found.append(
                BoomAge(case.key, age, p.row.year, p.row.share_of_gdp, p.row.estimated)
            )
    return tuple(found)


def _age_now() -> int | None:
    lead = next(case for case in CASES if case.key == LEAD)
    ages = [int(one.age) for one in _ages(lead) if one.age >= 0]
    return ages[-1] if ages else None


def _compared(case: Case, age: int | None) -> ComparedBoom:
    d, high = DEFINITIONS[case.definition], _highest(case)
    assert high is not None
    onset, how = _onset(case)
    at_age = next((one for one in _ages(case) if one.age == age), None)
    low, reason = _fall(case, high)
    grades = [g for part in compared_rows(case.key) for g in part.grades]
    return ComparedBoom(
        key=case.key,
        name=case.name,
        boom=d.boom,
        definition=d.text,
        builders=d.builders,
        onset="" if onset is None else str(onset),
        onset_from=how,
        year_at_age=at_age.year if at_age else "",
        share_at_age=at_age.share_of_gdp if at_age else float("nan"),
        high_year=high.row.year,
        high_value=high.row.value,
        unit=high.row.unit,
        high_share=high.row.share_of_gdp,
        is_peak=low is not None,
        fall=low.row.value / high.row.value - 1 if low else float("nan"),
        fall_year=low.row.year if low else "",
        reason=reason,
        grade=weakest(grades),
        age_grade=weakest([*grades, *(["J"] if how == LOW else [])]) if how else "",
    )


def _fall(case: Case, high: Point) -> tuple[Point | None, str]:
    """The lowest of the five years after the highest, or why there is no peak."""
    later = [
        p
        for p in points(DEFINITIONS[case.definition])
        if high.last < p.first <= high.last + 12 * HORIZON
    ]
    if not later:
        return None, Text("nothing after {year} is on record", year=high.row.year)
    covered = {m for p in later for m in range(p.first.ordinal, p.last.ordinal + 1)}
    after = range(high.last.ordinal + 1, high.last.ordinal + 1 + 12 * HORIZON)
    if not covered.issuperset(after):
        return None, Text(
            "the {n} years after {year} are not all on record", n=HORIZON, year=high.row.year
        )
    by_share = np.isfinite(high.row.share_of_gdp)
    if any(_size(p, by_share) > _size(high, by_share) for p in later):
        return None, Text("a later year within {n} was higher", n=HORIZON)
    return min(later, key=lambda p: p.row.value), ""


# ---- in words


def _said_at_age(found: BoomComparison) -> str:
    told = {one.key: one for one in found.cases if one.key in SHOWN}
    lead = told.pop(LEAD, None)
    if found.age is None or lead is None:
        return ""
    known = [one for one in told.values() if np.isfinite(one.share_at_age)]
    sides = {
        "above": [one for one in known if one.share_at_age <= lead.share_at_age],
        "below": [one for one in known if one.share_at_age > lead.share_at_age],
    }
    parts = [
        Text(
            "{side:select above=above|below=below} {names}",
            side=side,
            names=Listed(_named(one, one.share_at_age) for one in ones),
        )
        for side, ones in sides.items()
        if ones
    ]
    return Text(
        "Five AI builders spend {share}% of GDP {n} {n:plural one=year|other=years} after the "
        "onset: {parts}",
        n=found.age,
        share=plain(lead.share_at_age, 2),
        parts=Joined("; ", parts),
    )


def _said_after(found: BoomComparison) -> str:
    fell = [one for one in found.cases if one.builders and one.is_peak]
    last = {one.key: one for one in found.cases if one.boom == "ai"}
    parts = []
    if fell:
        falls = [
            Text("{name} {fall}", name=one.name, fall=f"−{abs(one.fall):.0%}") for one in fell
        ]
        parts.append(
            Text(
                "Where the {n} years after the highest are on record, the lowest of "
                "them stood below it in money by: {falls}",
                n=Word(HORIZON),
                falls=Listed(falls),
            )
        )
    if {"ai-five-last-year", "ai-five-now"} <= last.keys():
        parts.append(
            Text(
                "Of AI no peak is claimed: the last four quarters took {year}% of "
                "GDP, and the newest, at an annual rate, {now}%",
                year=plain(last["ai-five-last-year"].high_share, 2),
                now=plain(last["ai-five-now"].high_share, 2),
            )
        )
    return Joined(". ", parts)


def _named(one: ComparedBoom, share: float) -> Text:
    return Text("{name} ({share}%)", name=one.name, share=plain(share, 2))
