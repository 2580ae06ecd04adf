"""Who paid for the build-outs: spending on plant beside the cash that the business brought in.

What exceeds the cash flow is paid from outside: by lenders, shareholders or suppliers.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import current, known_on, load
from manias.data.results import Result
from manias.data.sources import weakest
from manias.errors import DataError
from manias.record.companies import ai_builders
from manias.series.timeline import Trajectory
from manias.series.trajectories import column

AI_WAVE = "ai"
NO_SPENDING = "no capital expenditure on record"
NO_CASH = "no cash flow on record"
NOT_POSITIVE = "cash flow not positive"
_BILLIONS = {
    "million USD": 1e-3,
    "billion USD": 1.0,
    "billion EUR": 1.0,
    "GBP": 1e-9,
}
_MEASURES = ("capex", "operating_cash_flow", "revenue")
_COLUMNS = [
    *("company", "country", "wave", "year", "currency", "capex", "operating_cash_flow"),
    *("cash_from", "revenue", "total_debt", "of_cash_flow", "of_revenue", "flag", "grade"),
]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Financing(Result):
    """The AI builders of today beside past builders in the year of their highest spending.

    Attributes
    ----------
    as_of : pandas.Timestamp or None
        Last day of what was known; None where everything on record was used.
    companies : pandas.DataFrame
        One row a builder: ``company``, ``country``, ``wave``, ``span`` (the year, or the
        first and last of four quarters), ``currency``, ``capex``, ``operating_cash_flow``
        and ``revenue`` in billions of it, ``of_cash_flow``, ``of_revenue``, ``flag`` (why
        there is no ratio) and ``grade``.
    waves : pandas.DataFrame
        One row a wave: ``builders``, ``known`` (those with a ratio), ``not_positive`` (those
        whose cash flow was not positive: the worst covered, but in no median), ``median``,
        ``low`` and ``high`` of ``of_cash_flow``, and ``grade``, the weakest of the known.
    """

    _told = ("as_of", "companies", "waves")

    as_of: pd.Timestamp | None
    companies: pd.DataFrame
    waves: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a builder.

        Returns
        -------
        pandas.DataFrame
            As ``companies``.
        """
        return self.companies


def financing_table(as_of: str | pd.Period | pd.Timestamp | None = None) -> pd.DataFrame:
    """Capital expenditure over cash flow of past builders, year by year.

    Parameters
    ----------
    as_of : str or pandas.Period or pandas.Timestamp, optional
        Rows published later are left out; three months after the end of the year where the
        table names no date.

    Returns
    -------
    pandas.DataFrame
        Company-years with spending or cash flow on record: ``company``, ``country``,
        ``wave``, ``year``, ``currency``; ``capex``, ``operating_cash_flow``, ``revenue`` and
        ``total_debt`` in billions of it; ``cash_from`` (the measures that the cash flow comes
        from); ``of_cash_flow`` and ``of_revenue`` as decimals; ``flag``, why there is no
        ``of_cash_flow``; ``grade``, the weakest of what stands in ``capex`` and
        ``operating_cash_flow``. What is missing is NaN.

    Notes
    -----
    Net cash from operations is taken as printed; else it is free cash flow plus the capital
    expenditure of the same report; else net receipts, for railways before accounts of cash.
    Licences for spectrum are in the spending of carriers that book them with plant.

    Examples
    --------
    >>> table = financing_table().set_index(["company", "year"])
    >>> f"{table.loc[('Deutsche Telekom', 2000), 'of_cash_flow']:.2f}"
    '2.35'
    """
    with known_on(as_of, by="published"):
        return _past_builders()


def _past_builders() -> pd.DataFrame:
    frame = load("financing").frame
    rows = [
        _company_year(keys, one.set_index("measure"))
        for keys, one in frame.groupby(
            ["wave", "company", "country", "period"], sort=False, observed=True
        )
    ]
    table = pd.DataFrame([row for row in rows if row], columns=_COLUMNS)
    order = {"uk-railways": 0, "dotcom-telecom": 1}
    return table.sort_values(
        ["wave", "company", "year"], key=lambda c: c.map(order) if c.name == "wave" else c
    ).reset_index(drop=True)


def compare_financing(as_of: str | pd.Period | pd.Timestamp | None = None) -> Financing:
    """Lay the AI builders of today beside past builders at the peak of their spending.

    Parameters
    ----------
    as_of : str or pandas.Period or pandas.Timestamp, optional
        Nothing published later is used, for any wave: before its highest year was in print a
        builder stands with the highest year until then.

    Returns
    -------
    Financing
        AI builders with the last four quarters of which spending and cash flow are both
        known; past builders with the year of their highest spending on record, even where
        that year has no cash flow on record. Builders whose spending is nowhere on record
        are left out.

    Raises
    ------
    DataError
        If nothing was known by then.

    Notes
    -----
    The carriers on record are no sample of their wave: old carriers with cash from telephony
    stand for it, and no accounts of the challengers that built on borrowed money were seen.
    The median of their wave says what the best covered builders did.

    Examples
    --------
    >>> compare_financing().waves.index.tolist()
    ['uk-railways', 'dotcom-telecom', 'ai']
    """
    with known_on(as_of, by="published"):
        return _compared()


def _compared() -> Financing:
    day = current().day
    past = _past_builders().dropna(subset=["capex"])
    peaks = past.loc[past.groupby(["wave", "company"], sort=False)["capex"].idxmax()]
    rows = [{**row, "span": str(row["year"])} for row in peaks.to_dict("records")] + [
        row for name in ai_builders() if (row := _last_year(name))
    ]
    if not rows:
        raise DataError(f"financing: nothing was published by {day.date()}")
    columns = [
        *("company", "country", "wave", "span", "currency", *_MEASURES),
        *("of_cash_flow", "of_revenue", "flag", "grade"),
    ]
    companies = pd.DataFrame(rows, columns=columns)
    waves = pd.DataFrame(
        {wave: _wave(one) for wave, one in companies.groupby("wave", sort=False)}
    ).T.rename_axis("wave")
    kinds = {"builders": int, "known": int, "not_positive": int}
    waves = waves.astype(kinds | dict.fromkeys(("median", "low", "high"), float))
    return Financing(day, companies, waves)


def ratio(spent: float, cash: float) -> tuple[float, str]:
    """Spending over cash flow, or why there is none.

    Parameters
    ----------
    spent, cash : float
        In one unit; NaN where not on record.

    Returns
    -------
    tuple of float and str
        The ratio and ""; or NaN and the reason.

    Examples
    --------
    >>> ratio(3.0, 2.0)
    (1.5, '')
    >>> ratio(3.0, -2.0)
    (nan, 'cash flow not positive')
    """
    if np.isnan(spent):
        return float("nan"), NO_SPENDING
    if np.isnan(cash):
        return float("nan"), NO_CASH
    return (float(spent / cash), "") if cash > 0 else (float("nan"), NOT_POSITIVE)


def _company_year(keys: tuple, one: pd.DataFrame) -> dict | None:
    wave, company, country, period = keys
    amount = one["value"] * one["unit"].map(_BILLIONS)
    cash_from = _cash_measures(set(one.index))
    spent = amount.get("capex", np.nan)
    cash = sum(amount[name] for name in cash_from) if cash_from else np.nan
    used = [name for name in dict.fromkeys(["capex", *cash_from]) if name in one.index]
    if not used:
        return None
    share, flag = ratio(spent, cash)
    revenue = amount.get("revenue", np.nan)
    return {
        "company": company,
        "country": country,
        "wave": wave,
        "year": period.year,
        "currency": one["unit"].iloc[0].split()[-1],
        "capex": spent,
        "operating_cash_flow": cash,
        "cash_from": " + ".join(cash_from),
        "revenue": revenue,
        "total_debt": amount.get("total_debt", np.nan),
        "of_cash_flow": share,
        "of_revenue": ratio(spent, revenue)[0],
        "flag": flag,
        "grade": weakest(one.loc[used, "grade"]),
    }


def _cash_measures(measures: set[str]) -> list[str]:
    for names in (["operating_cash_flow"], ["free_cash_flow", "capex"], ["net_receipts"]):
        if measures.issuperset(names):
            return names
    return []


def _last_year(company: str) -> dict | None:
    paths = {name: _quarters(company, name) for name in _MEASURES}
    spent = paths["capex"]
    if spent is None:
        return None
    cash = paths["operating_cash_flow"]
    year = _four_quarters(spent) if cash is None else _four_quarters(spent, cash)
    if year is None:
        return None
    sums = {
        name: np.nan if path is None else path.values.reindex(year).sum(min_count=4)
        for name, path in paths.items()
    }
    share, flag = ratio(sums["capex"], sums["operating_cash_flow"])
    return {
        "company": company,
        "country": "US",
        "wave": AI_WAVE,
        "span": f"{year[0]}-{year[-1]}",
        "currency": spent.unit.split()[-1],
        **sums,
        "of_cash_flow": share,
        "of_revenue": ratio(sums["capex"], sums["revenue"])[0],
        "flag": flag,
        "grade": weakest([p.grade for p in (spent, cash) if p is not None]),
    }


def _quarters(company: str, measure: str) -> Trajectory | None:
    try:
        return column("ai_capex", measure, members=company)
    except DataError:
        if current().day is None:
            raise
        return None


def _four_quarters(*paths: Trajectory) -> pd.PeriodIndex | None:
    both = pd.concat([path.values for path in paths], axis=1).dropna().index.sort_values()
    for end in both[::-1]:
        year = pd.period_range(end - 3, end)
        if year.isin(both).all():
            return year
    return None


def _wave(one: pd.DataFrame) -> dict:
    shares = one["of_cash_flow"].dropna()
    return {
        "builders": len(one),
        "known": len(shares),
        "not_positive": int((one["flag"] == NOT_POSITIVE).sum()),
        "median": shares.median(),
        "low": shares.min(),
        "high": shares.max(),
        "grade": weakest(one.loc[shares.index, "grade"]) if len(shares) else None,
    }
