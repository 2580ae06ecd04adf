"""Cash from operations that customers paid in advance, as financing, by the filing."""

from collections.abc import Iterable

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some
from manias.series.trajectories import calendar_quarter

DAY = pd.Timedelta(days=1)


def prepaid_cash(company: str, last: pd.Period) -> float:
    """Prepayments inside the cash from operations of four quarters.

    Parameters
    ----------
    company : str
    last : pandas.Period
        Calendar quarter that holds most days of the last fiscal quarter.

    Returns
    -------
    float
        Billion dollars; NaN where the filings on record do not add up to those four quarters.
        A fiscal year and the quarters after it, less the same quarters of the year before,
        are four quarters.

    Examples
    --------
    >>> quarter = pd.Period("2026Q2", "Q")
    >>> prepaid_cash("Oracle", quarter), prepaid_cash("Meta", quarter)
    (4.592, nan)
    """
    rows = _spans(company, last)
    return float((rows["value"] * rows["sign"]).sum()) if len(rows) else float("nan")


def prepaid_rows(companies: Iterable[str], last: pd.Period) -> tuple[Rows, ...]:
    """Rows behind `prepaid_cash` of companies.

    Parameters
    ----------
    companies : iterable of str
    last : pandas.Period

    Returns
    -------
    tuple of Rows
    """
    found = [label for name in companies for label in _spans(name, last).index]
    how = f"customer prepayments of four quarters to {last}"
    return (some("prepayments", pd.Index(found), how),) if found else ()


def _spans(company: str, last: pd.Period) -> pd.DataFrame:
    frame = load("prepayments").frame
    mine = frame[frame["company"] == company]
    none = mine.iloc[:0].assign(sign=0.0)
    if mine.empty:
        return none
    quarters = load("ai_capex").frame
    quarters = quarters[
        (quarters["company"] == company) & (quarters["measure"] == "operating_cash_flow")
    ]
    ends = pd.Series(
        pd.to_datetime(quarters["period_end"]).to_numpy(),
        calendar_quarter(quarters["period_end"]),
    )
    if last not in ends.index or last - 4 not in ends.index:
        return none
    end, before = ends[last], ends[last - 4]
    span = {
        (pd.Timestamp(a), pd.Timestamp(b)): i
        for i, a, b in zip(mine.index, mine["first"], mine["last"], strict=True)
    }
    if (whole := span.get((before + DAY, end))) is not None:
        return mine.loc[[whole]].assign(sign=1.0)
    for (first, to), new in span.items():
        year = next((i for (_, b), i in span.items() if b == first - DAY), None)
        if to != end or year is None:
            continue
        old = span.get((pd.Timestamp(mine.loc[year, "first"]), before))
        if old is not None:
            return mine.loc[[year, new, old]].assign(sign=[1.0, 1.0, -1.0])
    return none
