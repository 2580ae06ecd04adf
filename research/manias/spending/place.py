"""Where spending stands today: its class of run-up, its rank, and what followed there.

Nothing here is fitted. A trajectory is placed by four quarters (or a year) over GDP of the same
time, beside the same three years before, on the counts of `manias.spending.ladder`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.library import current, load, once
from manias.data.reader import Series
from manias.data.results import Result
from manias.data.rows import Rows, some
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.evaluation.scores import ALPHA
from manias.language.messages import Text, Verbatim
from manias.lenses.base import Answer
from manias.lenses.crash_which import RelativeOdds
from manias.lenses.payback import FIVE
from manias.record.companies import companies
from manias.record.prepayments import prepaid_cash, prepaid_rows
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind, column
from manias.spending.finance import Paid, who_pays
from manias.spending.ladder import FLAT, Rung, SpendingResults
from manias.spending.skill import BOOM, adjusted, prior_volatility

NO_YEARS = "no year of spending above zero on record both now and three years before"
SERIES: Mapping[str, tuple[str, str]] = {
    "computers": ("us_it_investment", "computers"),
    "software": ("us_it_investment", "software"),
    "information-equipment": ("us_it_investment", "info_equipment"),
    "equipment-and-software": ("us_it_investment", "info_equipment_software"),
    "data-centres": ("buildouts", "construction of data centres, not adjusted"),
    "five-builders": ("ai_capex", "capex"),
}
"""Series that stand for spending on AI: the table and the column of each."""
NAMES: Mapping[str, str] = {
    "computers": "computers and peripheral equipment",
    "software": "software",
    "information-equipment": "information processing equipment",
    "equipment-and-software": "information processing equipment and software",
    "data-centres": "construction of data centres",
    "five-builders": "worldwide capital expenditure of five builders",
}
STRENGTHS = ("moderate", "weak", "none", "not tested")
"""How strong it is that the class says more than the base rate: the rule finds it; it does not,
but often would not have; it does not; no rule was run."""


@dataclass(frozen=True, slots=True, repr=False)
class Followed(Result):
    """What followed in the class where a trajectory stands.

    Attributes
    ----------
    outcome : str
        ``dollars_fall_30``, ``share_halves``, ``share_falls_30`` or ``dollars_halve``.
    horizon : int
        Years.
    frequency : float
    n, units, episodes : int or None
        Flow-years (firm-years), flows (firms), first crossings; None where they are not
        counted.
    interval : tuple of float
    shuffled, reversed : float
        With the years in random order, and backwards; NaN where that was not counted.
    flat : float
        The same after a flat three years.
    is_earned : bool or None
        Whether the excess over the flat class is more than the two placebos leave, as
        `manias.spending.ladder.SpendingResults.is_earned`; None below a boom, and where it was
        not counted.
    adjusted : float
        By the logit on prior volatility and run-up; NaN where the volatility is not known.
    """

    _told = ("outcome", "horizon", "frequency", "n", "is_earned")

    outcome: str
    horizon: int
    frequency: float
    n: int
    units: int
    episodes: int | None
    interval: tuple[float, float]
    shuffled: float
    reversed: float
    flat: float
    is_earned: bool | None
    adjusted: float


@dataclass(frozen=True, slots=True, repr=False)
class Measure(Result):
    """Where a trajectory stands on one measure.

    Attributes
    ----------
    measure : str
        ``spending``, ``who_pays``, ``prices`` or ``payback``.
    series, name : str
        Key, and name for people.
    value : float
        Spending: run-up of three years as a share. Who pays: spending over cash from
        operations. Prices: two-year run-up net of the market. Payback: required over actual
        revenue. NaN where it is not known.
    rank, of : int or None
        Place among ``of`` cases, itself one of them; 1 is above all.
    group : str
        Class; "" where there is none.
    as_of, grade, strength : str
    level : float
        Spending as a share of GDP, or NaN.
    over : str
        What spending was taken over: ``GDP``, or ``revenue`` in a user's file.
    without_prepayments : float
        Who pays: the value without customer prepayments that the filings call financing; NaN
        where none is on record.
    highest, highest_as_of : str
        Prices: highest class since the onset of the boom, and the first month in it; "" where
        it stood in none above the lowest.
    outcomes : tuple of Followed
    model_id : str
        On whose counts it was placed.
    note : str
    which : RelativeOdds or None
        Prices: odds of a crash beside the other industries of the month.
    """

    _told = ("measure", "series", "value", "rank", "group", "strength")

    measure: str
    series: str
    name: str
    value: float
    rank: int | None
    of: int | None
    group: str = field(metadata={"key": "class"})
    as_of: str
    grade: str
    strength: str
    level: float
    outcomes: tuple[Followed, ...]
    model_id: str
    note: str = ""
    over: str = "GDP"
    without_prepayments: float = float("nan")
    which: RelativeOdds | None = None
    highest: str = ""
    highest_as_of: str = ""

    @checked
    def outcome(self, name: str) -> Followed:
        """What followed, by the name of the outcome."""
        return next(f for f in self.outcomes if f.outcome == name)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Path(Result):
    """Spending over GDP by sums of a year.

    Attributes
    ----------
    series, name : str
    share : pandas.Series
        By the last quarter (or the year) of each sum.
    steps : int
        Periods of a year: 4 or 1.
    grade : str
    """

    _told = ("series", "last", "steps", "grade")

    series: str
    name: str
    share: pd.Series
    steps: int
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a sum of a year.

        Returns
        -------
        pandas.DataFrame
            ``period`` (its last), ``share`` of GDP.
        """
        return pd.DataFrame({"period": self.share.index, "share": self.share.to_numpy()})

    @property
    def last(self) -> pd.Period:
        """Last period on record."""
        return self.share.index[-1]

    def rise(self, years: int = 3) -> float:
        """Run-up to the last period; NaN where one of the two is missing or not above zero."""
        past = self.share.get(self.last - years * self.steps, np.nan)
        now = self.share.iloc[-1]
        return float(now / past - 1) if min(now, past) > 0 else float("nan")

    def volatility(self, years: int = 3) -> float:
        """Standard deviation of the yearly log changes in the ten years before the run-up."""
        yearly = self.share.iloc[:: -self.steps].iloc[::-1].to_numpy(dtype=float)
        return float(prior_volatility(yearly[:, None], years)[-1, 0])


@checked
def ai_path(series: str) -> Path:
    """Spending on AI by one of its six series, over US GDP, four quarters at a time.

    Parameters
    ----------
    series : str
        One of `SERIES`, or a company of `manias.record.companies.companies`.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If there is no such series.
    DataError
        If less than four quarters were known.

    Examples
    --------
    >>> path = ai_path("computers")
    >>> str(path.last), round(path.rise(), 2)
    ('2026Q2', 0.92)
    """
    known = (*SERIES, *companies())
    if series not in known:
        raise InputError(f"series {series!r}: expected one of {', '.join(known)}")
    gdp = column("us_it_investment", "gdp")
    flow = quarterly_dollars(*decided_by(series))
    name = NAMES.get(series) or _members(series)
    # Dollars of the quarter, of which four are a year; GDP stands at annual rates.
    money = flow.values.rolling(4).sum()
    if SERIES.get(series, ("ai_capex",))[0] == "us_it_investment":
        money = money / 4
    if series == "data-centres":
        money = money / 1e9
    share = (money / gdp.values.rolling(4).mean()).dropna()
    if share.empty:
        raise DataError(f"{series}: less than four quarters of spending and GDP on record")
    share = share.reindex(pd.period_range(share.index[0], share.index[-1], freq="Q"))
    return Path(series, name, share, 4, weakest([flow.grade, gdp.grade]))


def decided_by(series: str) -> tuple[str, str, str]:
    """Table, column and members by which spending of a series is read.

    Parameters
    ----------
    series : str
        One of `SERIES`, or a company of `manias.record.companies.companies`.

    Returns
    -------
    tuple of str
        As `quarterly_dollars` takes them.

    Examples
    --------
    >>> decided_by("data-centres")[2], decided_by("meta")
    ('US', ('ai_capex', 'capex', 'Meta'))
    """
    if series == "five-builders" or series in companies():
        return "ai_capex", "capex", _members(series)
    return *SERIES[series], "US" if series == "data-centres" else ""


def quarterly_dollars(dataset: str, name: str, members: str) -> Trajectory:
    """Spending by quarter, in dollars of the quarter or at an annual rate as the table has it.

    Parameters
    ----------
    dataset, name : str
        Table; column, measure or series of it.
    members : str
        Companies that are added up, separated by ";"; the country of a build-out.

    Returns
    -------
    Trajectory
    """
    if dataset == "buildouts":
        chosen = f"innovation=ai;country={members}"
        return column(dataset, name, select=chosen, transform="quarter_sum")
    return column(dataset, name, members=members)


def money_sources(series: str) -> tuple[str, ...]:
    """Keys of the sources of a series of spending, without those of GDP.

    Parameters
    ----------
    series : str

    Returns
    -------
    tuple of str
    """
    table = decided_by(series)[0]
    found = [key for r in path_rows(series) if r.dataset == table for key in r.sources]
    return tuple(dict.fromkeys(found))


def path_rows(series: str) -> tuple[Rows, ...]:
    """Rows behind a path.

    Parameters
    ----------
    series : str

    Returns
    -------
    tuple of Rows
    """
    if series == "data-centres":
        return behind("ai-data-centres")
    if series == "five-builders" or series in companies():
        return behind(_trajectory(series))
    table = load("us_it_investment").frame
    return (some("us_it_investment", table.index, f"four quarters of {series} over GDP"),)


def cash_rows(series: str) -> tuple[Rows, ...]:
    """Rows behind spending and cash from operations of a builder or of the five.

    Parameters
    ----------
    series : str

    Returns
    -------
    tuple of Rows
    """
    key, members = _trajectory(series), _members(series)
    frame = load("ai_capex").frame
    mine = frame["company"].isin(members.split(";"))
    mine &= frame["measure"].isin(["capex", "operating_cash_flow"])
    how = f"capex and cash from operations of {members.replace(';', ', ')}"
    of_whom = load("trajectories").frame["id"] == key
    return some("ai_capex", mine, how), some("trajectories", of_whom, key)


def advance_rows(series: str) -> tuple[Rows, ...]:
    """Rows behind the prepayments of a builder or of the five.

    Parameters
    ----------
    series : str

    Returns
    -------
    tuple of Rows
        None where none is on record.
    """
    last = pd.Period(paying(series).as_of, "Q")
    return prepaid_rows(_members(series).split(";"), last)


def _trajectory(series: str) -> str:
    """Key of the trajectory of a builder, or of the five."""
    return FIVE if series == "five-builders" else companies()[series]


@once
def _members(series: str) -> str:
    """Companies of it, as their table spells them, separated by ";"."""
    return load("trajectories").frame.set_index("id").loc[_trajectory(series), "members"]


def strength(results: SpendingResults, rise: float) -> str:
    """How strong it is that the class of run-up says more than the base rate.

    Parameters
    ----------
    results : SpendingResults
    rise : float
        Only booms are tested.

    Returns
    -------
    str
        One of `STRENGTHS`.
    """
    if rise < BOOM or not results.scores or results.rule is None:
        return "not tested"
    if results.scores[0].has_skill:
        return "moderate"
    fitted = next(p.power for p in results.rule.power if p.effect == "fitted")
    return "weak" if fitted < 0.8 else "none"


def place(path: Path, results: SpendingResults, *, over: str = "gdp") -> Measure:
    """Place a path of spending on a ladder.

    Parameters
    ----------
    path : Path
    results : SpendingResults
    over : {"gdp", "revenue"}
        What the path was taken over.

    Returns
    -------
    Measure
        Without a class where the period three years before is not on record.

    Examples
    --------
    >>> from manias.spending.ladder import SpendingModel
    >>> results = SpendingModel("industries", n_shuffles=0, n_orders=0).fit()
    >>> place(ai_path("computers"), results).group
    '50 to 100'
    """
    rise, spread = path.rise(), path.volatility()
    blank = {
        "measure": "spending",
        "series": path.series,
        "name": path.name,
        "value": rise,
        "as_of": str(path.last),
        "grade": weakest([path.grade, results.grade]),
        "level": float(path.share.iloc[-1]),
        "model_id": results.model_id,
        "over": "GDP" if over == "gdp" else over,
    }
    if not np.isfinite(rise):
        return Measure(
            rank=None, of=None, group="", strength="not tested", outcomes=(),
            note=NO_YEARS, **blank,
        )  # fmt: skip
    rung = results.rung(rise)
    return Measure(
        rank=results.rank(rise),
        of=results.n + 1,
        group=rung.name,
        strength=strength(results, rise),
        outcomes=tuple(_followed(results, rung, rise, spread)),
        **blank,
    )


def _followed(results: SpendingResults, rung: Rung, rise: float, spread: float):
    flat = next(r for r in results.ladder if r.name == FLAT)
    logits = {
        row["outcome"]: row
        for row in results.adjusted.to_dict("records")
        if row["model"] == "both"
    }
    for outcome, frequency in rung.frequency.items():
        yield Followed(
            outcome=outcome,
            horizon=results.horizon,
            frequency=frequency,
            n=rung.n,
            units=rung.units,
            episodes=rung.episodes,
            interval=rung.interval[outcome],
            shuffled=rung.shuffled[outcome],
            reversed=rung.reversed[outcome],
            flat=flat.frequency[outcome],
            is_earned=results.is_earned(rung.name, outcome) if rise >= BOOM else None,
            adjusted=adjusted(logits[outcome], rise, spread)
            if np.isfinite(spread)
            else float("nan"),
        )


@dataclass(frozen=True, slots=True)
class Paying:
    """Spending and cash from operations of the last four quarters.

    Attributes
    ----------
    series, name, as_of, grade : str
    capex, cash : float
        Billion dollars.
    prepaid : float
        Part of the cash that customers paid in advance and that the filings call financing;
        NaN where none is on record, which does not say that there was none.
    """

    series: str
    name: str
    as_of: str
    grade: str
    capex: float
    cash: float
    prepaid: float = float("nan")

    @property
    def ratio(self) -> float:
        """Spending over cash; infinite where there is no positive cash."""
        return self.capex / self.cash if self.cash > 0 else float("inf")

    @property
    def ratio_without_prepaid(self) -> float:
        """The same without prepayments; NaN where none is on record."""
        own = self.cash - self.prepaid
        return self.capex / own if not own <= 0 else float("inf")


def paying(series: str) -> Paying:
    """Spending and cash of a builder, or of the five together, in the last four quarters known.

    Parameters
    ----------
    series : str
        A company of `manias.record.companies.companies`, or ``five-builders``.

    Returns
    -------
    Paying

    Raises
    ------
    DataError
        If four quarters in a row of both are not on record.

    Examples
    --------
    >>> paying("microsoft").ratio < 1
    True
    """
    path = paying_path(series).dropna(subset=["ratio"])
    if path.empty:
        raise DataError(f"{series}: no four quarters in a row of spending and cash on record")
    last = path.iloc[-1]
    members = _members(series)
    known = [prepaid_cash(one, pd.Period(last.name, "Q")) for one in members.split(";")]
    known = [value for value in known if np.isfinite(value)]
    return Paying(
        series=series,
        name=NAMES.get(series) or members,
        as_of=str(last.name),
        grade=last["grade"],
        capex=float(last["capex"]),
        cash=float(last["cash"]),
        prepaid=float(sum(known)) if known else float("nan"),
    )


@checked
def paying_path(series: str) -> pd.DataFrame:
    """Spending over cash from operations, four quarters at a time.

    Parameters
    ----------
    series : str

    Returns
    -------
    pandas.DataFrame
        By quarter: ``capex`` and ``cash`` of four quarters (billion dollars), ``ratio`` (NaN
        where one is missing, infinite where cash is not positive), ``alone`` (the same of the
        one quarter) and ``grade``.

    Examples
    --------
    >>> bool(paying_path("five-builders")["ratio"].iloc[-1] > 0.5)
    True
    """
    members = _members(series)
    spent = column("ai_capex", "capex", members=members)
    cash = column("ai_capex", "operating_cash_flow", members=members)
    both = pd.DataFrame({"capex": spent.values, "cash": cash.values})
    both = both.reindex(pd.period_range(both.index[0], both.index[-1], freq="Q"))
    sums = both.rolling(4).sum()
    grade = weakest([spent.grade, cash.grade])
    return sums.assign(ratio=_over(sums), alone=_over(both), grade=grade)


def _over(table: pd.DataFrame) -> pd.Series:
    """Spending over cash: infinite where cash is not positive, NaN where one is missing."""
    ratio = (table["capex"] / table["cash"]).where(table["cash"] > 0, np.inf)
    return ratio.where(table.notna().all(axis=1))


def place_paying(paid: Paying, results: SpendingResults, rise: float) -> Measure:
    """Place a builder among the booms of firms by who paid for them.

    Parameters
    ----------
    paid : Paying
    results : SpendingResults
        Of firms.
    rise : float
        Its run-up. What followed booms is told of a boom, and of one whose spending three years
        before is not on record (NaN), as its note says.

    Returns
    -------
    Measure
    """
    finance = results.finance
    group = who_pays(paid.ratio)
    cell, flat = finance.cell(group), finance.cell(group, rising=False)
    is_boom = not rise < BOOM
    note = "" if np.isfinite(rise) else "read as a boom: no spending three years before"
    return Measure(
        measure="who_pays",
        series=paid.series,
        name=paid.name,
        value=paid.ratio,
        rank=finance.rank(paid.ratio),
        of=len(finance.ratios) + 1,
        group=group,
        as_of=paid.as_of,
        grade=weakest([paid.grade, results.grade]),
        strength=_gap_strength(results) if is_boom else "not tested",
        level=float("nan"),
        outcomes=tuple(_paid(cell, flat, results.horizon)) if is_boom else (),
        model_id=results.model_id,
        note=note if is_boom else "no boom: what followed is counted for booms",
        without_prepayments=paid.ratio_without_prepaid,
    )


def _gap_strength(results: SpendingResults) -> str:
    if not results.scores:
        return "not tested"
    return "moderate" if results.finance.p <= ALPHA else "weak"


def _paid(cell: Paid, flat: Paid, horizon: int):
    nan = float("nan")
    for outcome, frequency in cell.frequency.items():
        yield Followed(
            outcome=outcome,
            horizon=horizon,
            frequency=frequency,
            n=cell.n,
            units=cell.units,
            episodes=None,
            interval=cell.interval[outcome],
            shuffled=nan,
            reversed=nan,
            flat=flat.frequency[outcome],
            is_earned=None,
            adjusted=nan,
        )


def own_path(series: Series) -> tuple[Path, str]:
    """Spending of a user's file over its GDP, or over its revenue.

    Parameters
    ----------
    series : manias.data.reader.Series
        By year or quarter, with a column ``gdp`` or ``revenue``.

    Returns
    -------
    path : Path
    over : str
        ``gdp`` or ``revenue``.

    Raises
    ------
    InputError
        If there is neither column.
    DataError
        If nothing of both is on record.
    """
    over = next((name for name in ("gdp", "revenue") if name in series.beside), None)
    if over is None:
        raise InputError("no column gdp or revenue; expected one of them beside value")
    steps = 4 if series.values.index.freqstr[0] == "Q" else 1
    both = pd.DataFrame({"value": series.values, "over": series.beside[over]}).astype(float)
    both = both.reindex(pd.period_range(both.index[0], both.index[-1], freq=both.index.freq))
    sums = both.rolling(steps).sum()
    share = (sums["value"] / sums["over"].where(sums["over"] > 0)).dropna()
    if share.empty:
        raise DataError(f"no whole year of value and {over} on record")
    share = share.reindex(
        pd.period_range(share.index[0], share.index[-1], freq=share.index.freq)
    )
    return Path(series.name, series.name, share, steps, "C"), over


def answer_spending(measure: Measure, results: SpendingResults, *, target: str) -> Answer:
    """What the lens says of a trajectory that was placed.

    Parameters
    ----------
    measure : Measure
    results : SpendingResults
    target : str

    Returns
    -------
    manias.lenses.base.Answer
        How often the first outcome followed in its class.

    Raises
    ------
    DataError
        If it stands in no class.
    """
    if not measure.outcomes:
        raise DataError(Text(NO_YEARS))
    first = measure.outcomes[0]
    return Answer.of(
        results,
        target=target,
        as_of=measure.as_of,
        measure=Text(
            "{name}, changed by {group}% against {over} in three years: share of "
            "past cases in which spending {fell:select dollars=fell by 30% in "
            "dollars|other=fell by 30% against GDP} within {years} years",
            name=Text(measure.name) if measure.series in NAMES else Verbatim(measure.name),
            group=Text(measure.group),
            over=Text(measure.over),
            fell="dollars" if first.outcome.startswith("dollars") else "other",
            years=first.horizon,
        ),
        value=first.frequency,
        low=first.interval[0],
        high=first.interval[1],
        base=results.events / results.n,
        n=first.n,
        events=round(first.n * first.frequency),
        scores=results.scores[0] if results.scores and measure.value >= BOOM else None,
        is_supported=True,
        grade=measure.grade,
    )


@once
def place_ai(industries: SpendingResults, firms: SpendingResults | None) -> tuple[Measure, ...]:
    """Place every series and every builder, by spending and by who pays.

    Parameters
    ----------
    industries : SpendingResults
    firms : SpendingResults or None
        None where too little of them was known: builders are left out.

    Returns
    -------
    tuple of Measure
        Series of which too little was known by the day of the open library are left out.
    """
    found = []
    for series in SERIES:
        if (path := _known(ai_path, series)) is not None:
            found.append(place(path, industries))
    if firms is None:
        return tuple(found)
    rise = next((m.value for m in found if m.series == "five-builders"), float("nan"))
    if (paid := _known(paying, "five-builders")) is not None:
        found.append(place_paying(paid, firms, rise))
    for company in companies():
        found += place_company(company, firms)
    return tuple(found)


def place_company(company: str, firms: SpendingResults) -> tuple[Measure, ...]:
    """Place a builder by spending and by who pays.

    Parameters
    ----------
    company : str
    firms : SpendingResults

    Returns
    -------
    tuple of Measure
    """
    found = []
    if (path := _known(ai_path, company)) is not None:
        found.append(place(path, firms))
    if (paid := _known(paying, company)) is not None:
        found.append(place_paying(paid, firms, found[0].value if found else float("nan")))
    return tuple(found)


def _known(make, series: str):
    """None where the day of the library is too early for it."""
    try:
        return make(series)
    except DataError:
        if current().day is None:
            raise
        return None
