"""Lens 5: which revenue would pay for the spending, and when would it be there?

Required revenue is what covers depreciation, a return on the capital not yet written off, and
the operating cost of earning it. The same equation is solved for AI, for British railways and
for US telecom carriers. Every assumption is a row of the table ``assumptions``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from manias.data.arguments import NotNegative, Number, Positive, checked
from manias.data.calendar import Knowledge
from manias.data.checks import as_numbers
from manias.data.fingerprint import fingerprint
from manias.data.library import current, known_on, load
from manias.data.results import Result, page
from manias.data.rows import Provenance, Rows, last_known, some
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.evaluation.cards import Carded
from manias.lenses.base import Answer, refuse_later
from manias.series.timeline import Trajectory
from manias.series.trajectories import column, column_rows

Array = NDArray[np.float64]
Case = Literal["ai", "uk-railways", "us-telecom"]
FIVE = "ai-capex-five"
"""Trajectory whose companies' cash capital expenditure is added up for AI."""
HORIZON = 2045
"""Last year in which a solution is looked for."""
CARRIERS = range(1995, 2006)
"""Years of the carriers; of the first only the plant at its end is counted."""
COVER_BY = 2030
"""Year by which the growth of revenue is solved for."""

_USED: Mapping[Case, Mapping[str, str]] = {
    "ai": {
        "ai_share_of_capex": "share of spending that is AI",
        "ai_share_servers": "share of servers and chips",
        "ai_life_servers_economic": "life of servers and chips",
        "ai_life_buildings": "life of buildings and power",
        "ai_cost_of_capital": "cost of capital",
        "ai_opex_share_neocloud": "operating cost over revenue",
        "ai_revenue_2026": "revenue now",
        "ai_revenue_growth": "growth of revenue",
        "ai_first_year": "first year counted",
    },
    "uk-railways": {
        "uk_cost_of_capital": "cost of capital",
        "uk_opex_1840s": "working expenses over receipts",
    },
    "us-telecom": {
        "us_capex_1996_2001": "spending of 1996-2001",
        "us_capex_growth": "growth of spending",
        "us_life_composite": "life of buildings and equipment",
        "us_cost_of_capital": "cost of capital",
        "us_opex_share": "operating cost over revenue",
        "us_opening_capital": "buildings and equipment at the end of 1995",
    },
}
"""Rows of ``assumptions`` that enter each case, with a short name."""
_HIGH: Mapping[str, str] = {
    "ai_share_of_capex": "ai_share_of_capex_upper",
    "ai_revenue_2026": "ai_revenue_2026_upper",
}
"""Where the upper end of a range stands in a row of its own."""
_BY: Mapping[Case, Knowledge] = {
    "ai": "published",
    "uk-railways": "observed",
    "us-telecom": "observed",
}
"""What known means: series of the past were mostly put together long after."""


@checked
@dataclass(frozen=True, slots=True, repr=False)
class Assumption(Result):
    """One declared assumption.

    Attributes
    ----------
    id, what, unit : str
    low, central, high : float
        Ends of the published range; equal where there is none.
    source, locator, grade, note : str
    """

    _told = ("id", "low", "central", "high", "unit")

    id: str
    what: str
    low: float
    central: float
    high: float
    unit: str
    source: str
    locator: str
    grade: str
    note: str


@checked
@dataclass(frozen=True, slots=True)
class PaybackModel:
    """Settings of the payback; holds no data.

    Attributes
    ----------
    case : {"ai", "uk-railways", "us-telecom"}
    capex_growth : float
        Growth a year of spending after the data end; 0 keeps it at the last year's level.
    level : float, optional
        Spending of the last year (AI: billion dollars of all companies counted) in place of
        that of the last four quarters.
    """

    revision: ClassVar[int] = 1
    case: Case = "ai"
    capex_growth: Annotated[float, Number(-1, 10)] = 0.0
    level: Positive | None = None

    @property
    def name(self) -> str:
        """Key of the model."""
        return f"payback-{self.case}"

    def settings(self) -> dict[str, Any]:
        """Everything that is chosen before a fit, as plain values."""
        chosen = {k: v for k, v in asdict(self).items() if v is not None}
        return {**chosen, "revision": self.revision, "cover_by": COVER_BY}

    @checked
    def fit(
        self,
        assumptions: Mapping[str, Assumption] | None = None,
        *,
        as_of: str | None = None,
    ) -> "PaybackResults":
        """Solve the equation under the central assumptions and vary each over its range.

        Parameters
        ----------
        assumptions : mapping, optional
            Taken as they are; `load_assumptions` by default.
        as_of : str, optional
            Read nothing that was not known: for AI what was published by then, for the past
            what had been observed.

        Returns
        -------
        PaybackResults

        Raises
        ------
        InputError
            If an assumption is missing.
        DataError
            If an assumption was not known by the date, or no spending is on record by then.

        References
        ----------
        The user cost of capital: Jorgenson (1963), American Economic Review 53, 247-259.

        Examples
        --------
        >>> answer = PaybackModel().fit()
        >>> answer.required > answer.revenue
        True
        """
        by = _BY[self.case]
        with known_on(as_of, by=by):
            if assumptions is None:
                return self._fit(known_assumptions(self.case), _assumed(self.case), by)
            return self._fit(assumptions, (), by)

    def _fit(
        self, chosen: Mapping[str, Assumption], rows: tuple[Rows, ...], by: Knowledge
    ) -> "PaybackResults":
        names = _USED[self.case]
        if missing := [key for key in names if key not in chosen]:
            raise InputError(
                f"assumption {missing[0]!r} is missing; expected {', '.join(names)}"
            )
        used = {key: chosen[key] for key in names}
        data = _data(self.case, used)
        central = {key: a.central for key, a in used.items()}
        path, now = _solve(self, data, central)
        varied = []
        for key, a in used.items():
            ends = []
            for value in (a.low, a.high):
                _, other = _solve(self, data, {**central, key: value})
                ends.append(other["ratio"])
            varied.append(
                {
                    "assumption": key,
                    "what": names[key],
                    "low": a.low,
                    "central": a.central,
                    "high": a.high,
                    "unit": a.unit,
                    "ratio_low": ends[0],
                    "ratio_high": ends[1],
                    "spread": abs(ends[1] - ends[0]),
                    "grade": a.grade,
                }
            )
        table = pd.DataFrame(varied).sort_values("spread", ascending=False, kind="stable")
        settings = self.settings()
        seen = (*rows, data.rows)
        return PaybackResults(
            name=self.name,
            case=self.case,
            settings=settings,
            as_of=now["as_of"],
            path=path,
            required=now["required"],
            revenue=now["revenue"],
            ratio=now["ratio"],
            growth_needed=now["growth_needed"],
            covered=now["covered"],
            unit=data.unit,
            sensitivities=table.reset_index(drop=True),
            assumptions=tuple(used.values()),
            provenance=Provenance.of(
                seen,
                until=last_known(seen, by=by),
                sources=[k.strip() for a in used.values() for k in a.source.split(";")],
                grade=weakest(a.grade for a in used.values()),
            ),
            fingerprint=fingerprint(
                pd.DataFrame([asdict(a) for a in used.values()]).set_index("id"),
                capex=data.capex.to_dict(),
                seen=data.seen.to_dict(),
                **settings,
            ),
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PaybackResults(Carded):
    """What revenue would pay, beside what revenue there is.

    Attributes
    ----------
    name, case, as_of, unit : str
    settings : mapping
    path : pandas.DataFrame
        By year: ``capex``, ``capital`` (not written off), ``depreciation``, ``required`` and
        ``revenue``; ``is_assumed`` where spending is no longer data.
    required, revenue, ratio : float
        Revenue a year that would pay at the date, the revenue there is, and the first over
        the second.
    growth_needed : float
        Growth a year at which revenue covers what is required by `COVER_BY`; NaN where that
        lies in the past or no growth below 1,000% does.
    covered : str
        First year, at the date or later, in which revenue covers what is required: for AI at
        the central growth, for the others as it was; "" where there is none on the path.
    sensitivities : pandas.DataFrame
        Ratio with each assumption at its low and at its high, the most telling first.
    assumptions : tuple of Assumption
    provenance : Provenance
    fingerprint : str
    """

    _told = ("model_id", "as_of", "ratio", "covered")
    kind: ClassVar[str] = "payback"
    lens: ClassVar[str] = "payback"
    events: ClassVar[int] = 0
    name: str
    case: str
    settings: Mapping[str, Any]
    as_of: str
    path: pd.DataFrame
    required: float
    revenue: float
    ratio: float
    growth_needed: float
    covered: str
    unit: str
    sensitivities: pd.DataFrame
    assumptions: tuple[Assumption, ...]
    provenance: Provenance
    fingerprint: str

    @property
    def title(self) -> str:
        """One line for people."""
        return TITLES[self.case]

    @property
    def n(self) -> int:
        """Years of the path."""
        return len(self.path)

    @property
    def scores(self) -> tuple[()]:
        """None: an identity under assumptions predicts no event."""
        return ()

    @property
    def ratio_range(self) -> tuple[float, float]:
        """Least and largest ratio with one assumption at an end of its range."""
        ends = self.sensitivities[["ratio_low", "ratio_high"]].to_numpy()
        return float(np.nanmin(ends)), float(np.nanmax(ends))

    def to_frame(self) -> pd.DataFrame:
        """One row an assumption, with what it does to the ratio."""
        return self.sensitivities

    def summary(self) -> str:
        """The answer and its sensitivities as text."""
        low, high = self.ratio_range
        shown = self.sensitivities.drop(columns=["assumption", "spread"]).round(3)
        growth = "–" if np.isnan(self.growth_needed) else f"{self.growth_needed:.0%} a year"
        return page(
            [
                f"Payback of {self.case}, {self.as_of}",
                self.model_id,
                "",
                f"required {self.required:,.4g} {self.unit}, revenue {self.revenue:,.4g}: "
                f"{self.ratio:.2f} times [{low:.2f}, {high:.2f}]",
                f"growth needed to cover by {COVER_BY}: {growth}",
                f"first year covered: {self.covered or 'none on the path'}",
                "",
                shown,
            ]
        )


TITLES: Mapping[str, str] = {
    "ai": "Payback: the revenue that would pay for AI",
    "uk-railways": "Payback: the receipts that would have paid for British railways",
    "us-telecom": "Payback: the revenue that would have paid for US telecom",
}


@checked
def load_assumptions(case: Case) -> dict[str, Assumption]:
    """Load the assumptions of a case.

    Parameters
    ----------
    case : {"ai", "uk-railways", "us-telecom"}

    Returns
    -------
    dict of str to Assumption
        Rows with a central value; an end that is blank is the central value. The upper end
        of two ranges stands in a row of its own.

    Examples
    --------
    >>> load_assumptions("ai")["ai_cost_of_capital"].central
    10.0
    """
    frame = load("assumptions").frame
    rows = frame[(frame["case"] == case)].set_index("id")
    loaded = {}
    for key, row in rows.iterrows():
        central = row["central"]
        if pd.isna(central) and pd.notna(row["low"]):
            central = row["low"]
        if pd.isna(central):
            continue
        ends = [central if pd.isna(row[e]) else row[e] for e in ("low", "high")]
        loaded[str(key)] = Assumption(
            str(key),
            row["what"],
            float(ends[0]),
            float(central),
            float(ends[1]),
            row["unit"],
            row["source"],
            row["locator"],
            row["grade"],
            row["note"] if isinstance(row["note"], str) else "",
        )
    for key, upper in _HIGH.items():
        if key in loaded and upper in loaded:
            a, b = loaded[key], loaded[upper]
            loaded[key] = replace(
                a,
                high=max(a.high, b.central),
                grade=weakest([a.grade, b.grade]),
            )
    return loaded


def assumptions_used(case: Case) -> tuple[str, ...]:
    """Keys of the rows of ``assumptions`` that enter a case.

    Parameters
    ----------
    case : {"ai", "uk-railways", "us-telecom"}

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> assumptions_used("uk-railways")
    ('uk_cost_of_capital', 'uk_opex_1840s')
    """
    return (*_USED[case], *(upper for key, upper in _HIGH.items() if key in _USED[case]))


@checked
def required_revenue(
    capex: Array, *, shares: Array, lives: Array, rate: float, opex_share: NotNegative
) -> tuple[Array, Array, Array]:
    """Revenue a year that pays for a path of spending.

    Parameters
    ----------
    capex : ndarray, shape (T,)
        Spending by year.
    shares, lives : ndarray, shape (C,)
        Share of each class of assets, adding up to 1, and its life in years; straight line,
        no residual value, half a year in the first year.
    rate : float
        Cost of capital a year, decimal.
    opex_share : float
        Operating cost over revenue.

    Returns
    -------
    depreciation, capital, required : ndarray, shape (T,)
        ``capital`` is what is not written off, on average over the year;
        ``required = (depreciation + rate * capital) / (1 - opex_share)``.

    Raises
    ------
    InputError
        If shares do not add up to 1, a life is not positive, or operating cost eats all.

    Examples
    --------
    A machine of 100 that lasts two years at no interest costs 25, 50 and 25.

    >>> d, k, r = required_revenue(np.array([100.0, 0, 0]), shares=np.array([1.0]),
    ...                            lives=np.array([2.0]), rate=0.0, opex_share=0.0)
    >>> d.tolist(), r.tolist()
    ([25.0, 50.0, 25.0], [25.0, 50.0, 25.0])
    """
    capex, shares = as_numbers("capex", capex), as_numbers("shares", shares)
    lives = as_numbers("lives", lives, n=len(shares))
    if abs(shares.sum() - 1) > 1e-9 or (shares < 0).any():
        raise InputError(f"shares {shares.tolist()}: expected to add up to 1")
    if (lives <= 0).any():
        raise InputError(f"lives {lives.tolist()}: expected more than 0 years")
    if not 0 <= opex_share < 1:
        raise InputError(f"opex_share={opex_share}: expected 0 to less than 1")
    years = np.arange(len(capex))
    # Written off by the end of each year, as a share: half a year in the year of purchase.
    age = years[:, None] - years[None, :] + 0.5
    gone = np.zeros((len(capex), len(capex)))
    for share, life in zip(shares, lives, strict=True):
        gone += share * np.clip(age / life, 0, 1)
    bought = age > 0
    written = np.where(bought, gone, 0) @ capex
    depreciation = np.diff(written, prepend=0.0)
    closing = np.where(bought, capex[None, :], 0).sum(axis=1) - written
    capital = (closing + np.r_[0.0, closing[:-1]]) / 2
    return depreciation, capital, (depreciation + rate * capital) / (1 - opex_share)


def growth_to_cover(revenue: float, required: Array, years: int) -> float:
    """Growth a year at which revenue covers what is required after so many years.

    Parameters
    ----------
    revenue : float
        At the start, positive.
    required : ndarray
        By year after the start, index 0 being the start.
    years : int

    Returns
    -------
    float
        NaN where ``years`` is less than 1 or beyond ``required``.

    Examples
    --------
    >>> print(round(growth_to_cover(100.0, np.array([0.0, 0.0, 400.0]), 2), 6))
    1.0
    """
    if years < 1 or years >= len(required) or revenue <= 0:
        return float("nan")
    return float((required[years] / revenue) ** (1 / years) - 1)


def known_assumptions(case: Case) -> dict[str, Assumption]:
    """Load the assumptions of a case, all of which must have been known.

    Parameters
    ----------
    case : {"ai", "uk-railways", "us-telecom"}

    Returns
    -------
    dict of str to Assumption

    Raises
    ------
    DataError
        If one of those that enter was not known by the day of the open library; the first is
        named.

    Examples
    --------
    >>> with known_on("2024-12"):
    ...     known_assumptions("ai")
    Traceback (most recent call last):
    manias.errors.DataError: payback of ai: ai_share_of_capex was not known by 2024-12-31
    """
    loaded, day = load_assumptions(case), current().day
    missing = [key for key in _USED[case] if key not in loaded]
    if missing and day is not None:
        raise DataError(f"payback of {case}: {missing[0]} was not known by {day.date()}")
    return loaded


def _assumed(case: Case) -> tuple[Rows, ...]:
    used = load("assumptions").frame["id"].isin(assumptions_used(case))
    return (some("assumptions", used, case),)


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    capex: pd.Series
    seen: pd.Series
    unit: str
    as_of: str
    rows: Rows


def _data(case: Case, used: Mapping[str, Assumption]) -> _Data:
    nothing = pd.Series(dtype=float)
    match case:
        case "ai":
            first = used["ai_first_year"]
            return _spent_on_ai(min(first.low, first.central, first.high))
        case "uk-railways":
            series = ("paid_up_capital", "gross_receipts")
            capital, receipts = (_yearly(case, name) for name in series)
            both = capital.index.intersection(receipts.index)
            if both.empty:
                raise DataError(f"payback of {case}: no year with capital and receipts")
            rows = _paid(case, series, both)
            return _Data(capital[both], receipts[both], "GBP a year", str(both[-1]), rows)
        case _:
            revenue = _yearly(case, "revenue_fcc")
            if revenue.empty:
                raise DataError(f"payback of {case}: no year with revenue")
            rows = _paid(case, ("revenue_fcc",), CARRIERS[1:])
            last = str(revenue.index[-1])
            return _Data(nothing, revenue / 1e9, "billion USD a year", last, rows)


def builders() -> str:
    """Companies whose cash capital expenditure is added up for AI.

    Returns
    -------
    str
        Names as ``ai_capex`` spells them, separated by ";".

    Examples
    --------
    >>> builders()
    'Alphabet;Amazon;Meta;Microsoft;Oracle'
    """
    table = load("trajectories").frame.set_index("id")
    return table.loc[FIVE, "members"]


def spending_by_year() -> pd.Series:
    """Cash capital expenditure of the companies that are added up for AI, by year.

    Returns
    -------
    pandas.Series
        Billion dollars; the last four quarters stand for the year that is not over.

    Raises
    ------
    DataError
        If no whole year is on record.

    Examples
    --------
    >>> int(spending_by_year().index[0]), bool(spending_by_year().iloc[-1] > 500)
    (2019, True)
    """
    return _spent_on_ai(0.0).capex


def _spent_on_ai(first: float) -> _Data:
    """Spending by year; what counts are the quarters from the first year on."""
    members = builders()
    path = column("ai_capex", "capex", members=members)
    values = path.values.dropna()
    years = values.groupby(values.index.year).agg(["sum", "count"])
    whole = years.loc[years["count"] == 4, "sum"]
    if whole.empty:
        raise DataError("payback of ai: no whole year of spending; expected one")
    # The last four quarters stand in for the year that is not over.
    last = values.iloc[-4:].sum()
    capex = pd.concat([whole, pd.Series({int(whole.index[-1]) + 1: last})])
    table = column_rows("ai_capex", "capex", members=members)
    counted = table["for"].isin(values.index) & (table["for"].dt.year >= first)
    how = f"capex of {members.replace(';', ', ')} since {first:.0f}"
    rows = some("ai_capex", table.index[counted], how)
    end = str(values.index[-1])
    return _Data(capex, pd.Series(dtype=float), "billion USD a year", end, rows)


def _yearly(case: Case, series: str) -> pd.Series:
    rows = _annual(case, (series,))
    values = rows.groupby(rows["period"].astype(int))["value"].first()
    return values.astype(float).sort_index()


def _paid(case: Case, series: tuple[str, ...], years: Iterable[int]) -> Rows:
    rows = _annual(case, series)
    inside = rows.index[rows["period"].astype(int).isin(list(years))]
    return some("payback", inside, f"{case}: {', '.join(series)}")


def _annual(case: Case, series: tuple[str, ...]) -> pd.DataFrame:
    frame = load("payback").frame
    mine = (frame["case"] == case) & frame["series"].isin(series)
    return frame[mine & frame["period"].str.fullmatch(r"\d{4}")]


def _solve(
    model: PaybackModel, data: _Data, a: Mapping[str, float]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    match model.case:
        case "ai":
            return _solve_ai(model, data, a)
        case "uk-railways":
            return _solve_railways(data, a)
        case _:
            return _solve_telecom(data, a)


def _solve_ai(model: PaybackModel, data: _Data, a: Mapping[str, float]):
    spent = data.capex[data.capex.index >= a["ai_first_year"]]
    if model.level is not None:
        spent = spent.where(spent.index < spent.index[-1], model.level)
    seen = spent * a["ai_share_of_capex"]
    last = int(seen.index[-1])
    years = np.arange(int(seen.index[0]), HORIZON + 1)
    ahead = seen.iloc[-1] * (1 + model.capex_growth) ** np.arange(1, HORIZON - last + 1)
    capex = np.r_[seen.to_numpy(), ahead]
    depreciation, capital, required = _required_of_ai(capex, a)
    at = last - int(years[0])
    revenue = np.full(len(years), np.nan)
    revenue[at:] = a["ai_revenue_2026"] * (1 + a["ai_revenue_growth"]) ** np.arange(
        len(years) - at
    )
    return _finish(
        years, capex, capital, depreciation, required, revenue, at, years > last, data.as_of
    )


def _required_of_ai(capex: Array, a: Mapping[str, float]) -> tuple[Array, Array, Array]:
    servers = a["ai_share_servers"]
    return required_revenue(
        capex,
        shares=np.array([servers, 1 - servers]),
        lives=np.array([a["ai_life_servers_economic"], a["ai_life_buildings"]]),
        rate=a["ai_cost_of_capital"] / 100,
        opex_share=a["ai_opex_share_neocloud"],
    )


def _solve_railways(data: _Data, a: Mapping[str, float]):
    years = data.capex.index.to_numpy()
    capital, revenue = data.capex.to_numpy(), data.seen.to_numpy()
    required = a["uk_cost_of_capital"] / 100 * capital / (1 - a["uk_opex_1840s"])
    nothing = np.full(len(years), np.nan)
    at = int(np.flatnonzero(years >= 1848)[0])
    table, now = _finish(
        years,
        nothing,
        capital,
        np.zeros(len(years)),
        required,
        revenue,
        at,
        np.zeros(len(years), dtype=bool),
        str(years[at]),
    )
    return table, now


def _solve_telecom(data: _Data, a: Mapping[str, float]):
    years = np.array(CARRIERS)
    growth = a["us_capex_growth"]
    # Six years whose sum is known, growing to 2000; 2001 as 2000.
    weights = (1 + growth) ** np.array([0, 1, 2, 3, 4, 4.0])
    boom = a["us_capex_1996_2001"] * weights / weights.sum()
    # The plant of 1995 is written off over one life from then on.
    capex = np.r_[a["us_opening_capital"], boom, np.full(4, np.nan)]
    known = np.nan_to_num(capex)
    depreciation, capital, required = required_revenue(
        known,
        shares=np.array([1.0]),
        lives=np.array([a["us_life_composite"]]),
        rate=a["us_cost_of_capital"] / 100,
        opex_share=a["us_opex_share"],
    )
    required[years > 2001] = np.nan
    revenue = data.seen.reindex(years).to_numpy()
    keep = years > 1995
    years, capex, capital, depreciation, required, revenue = (
        v[keep] for v in (years, capex, capital, depreciation, required, revenue)
    )
    at = int(np.flatnonzero(np.isfinite(revenue) & np.isfinite(required))[-1])
    return _finish(
        years,
        capex,
        capital,
        depreciation,
        required,
        revenue,
        at,
        np.isin(years, np.arange(1996, 2002)),
        str(years[at]),
    )


def _finish(years, capex, capital, depreciation, required, revenue, at, assumed, as_of):
    table = pd.DataFrame(
        {
            "capex": capex,
            "capital": capital,
            "depreciation": depreciation,
            "required": required,
            "revenue": revenue,
            "is_assumed": assumed,
        },
        index=pd.Index(years.astype(int), name="year"),
    )
    covers = np.flatnonzero((revenue >= required) & (np.arange(len(years)) >= at))
    ahead = COVER_BY - int(years[at])
    now = {
        "as_of": as_of,
        "required": float(required[at]),
        "revenue": float(revenue[at]),
        "ratio": float(required[at] / revenue[at]),
        "growth_needed": growth_to_cover(float(revenue[at]), required[at:], ahead),
        "covered": str(years[covers[0]]) if len(covers) else "",
    }
    return table, now


def answer_payback(results: PaybackResults, target: str = "ai") -> Answer:
    """Say how many times its revenue a build-out would need.

    Parameters
    ----------
    results : PaybackResults
    target : str

    Returns
    -------
    Answer
        The ends are those of the assumptions, each varied alone: a range, no interval of
        confidence. It has no score and so never counts as evidence of a bubble by itself.

    Examples
    --------
    >>> answer_payback(PaybackModel().fit()).lens
    'payback'
    """
    refuse_later(results)
    low, high = results.ratio_range
    return Answer.of(
        results,
        target=target,
        as_of=results.as_of,
        measure="revenue that would pay, over the revenue there is",
        unit="times",
        value=results.ratio,
        low=low,
        high=high,
        base=1.0,
        n=len(results.assumptions),
        events=0,
        is_supported=True,
        reasons=["an equation under assumptions; it predicts no crash"],
    )


@checked
def own_payback(
    capex: Trajectory, revenue: pd.Series, assumptions: Mapping[str, Assumption] | None = None
) -> tuple[pd.DataFrame, float]:
    """Solve the equation for a user's own spending and revenue.

    Parameters
    ----------
    capex : Trajectory
        Annual spending.
    revenue : pandas.Series
        Annual revenue, same index; the last period with both decides.
    assumptions : mapping, optional
        Lives, shares, cost of capital and operating cost; those of AI by default.

    Returns
    -------
    path : pandas.DataFrame
        By year: ``capex``, ``capital``, ``depreciation``, ``required``, ``revenue``.
    ratio : float
        Required over actual revenue in the last year with both.

    Raises
    ------
    InputError
        If the series is not annual, has gaps, or no year has both.
    DataError
        In a library with a day, if an assumption was not known by then.

    Examples
    --------
    >>> from manias.data.reader import Series
    >>> from manias.series.trajectories import own
    >>> years = pd.period_range("2022", "2024", freq="Y")
    >>> mine = own(Series("mine", pd.Series(10.0, years), "billion USD"), measure="capex")
    >>> path, ratio = own_payback(mine, pd.Series(20.0, years))
    >>> list(path), ratio < 1
    (['capex', 'capital', 'depreciation', 'required', 'revenue'], True)
    """
    if capex.frequency != "Y":
        raise InputError(f"{capex.id}: not annual; expected years for the payback")
    if (twice := revenue.index[revenue.index.duplicated()]).size:
        raise InputError(f"revenue: {twice[0]} stands twice; expected each year once")
    if not isinstance(revenue.index, pd.PeriodIndex) or revenue.index.freqstr[0] != "Y":
        raise InputError(
            f"revenue: dates are {type(revenue.index).__name__}; expected years, as those of "
            f"{capex.id}"
        )
    values = capex.values
    if values.isna().any():
        gap = values.index[values.isna()][0]
        raise InputError(f"{capex.id}: {gap} is missing; expected every year")
    a = assumptions or known_assumptions("ai")
    depreciation, capital, required = _required_of_ai(
        values.to_numpy(), {key: assumed.central for key, assumed in a.items()}
    )
    earned = revenue.reindex(values.index)
    table = pd.DataFrame(
        {
            "capex": values,
            "capital": capital,
            "depreciation": depreciation,
            "required": required,
            "revenue": earned,
        }
    )
    both = table.dropna()
    if both.empty or both["revenue"].iloc[-1] <= 0:
        raise InputError(f"{capex.id}: no year with spending and positive revenue")
    return table, float(both["required"].iloc[-1] / both["revenue"].iloc[-1])
