"""What money cost in New York around the panics that ended booms."""

from collections.abc import Sequence

import pandas as pd

from manias.data.arguments import checked
from manias.data.library import load
from manias.errors import DataError

PANICS = (1873, 1893, 1907, 1929)
"""Years of the panics of the National Banking era and of the crash of 1929."""
RATES = ("call_money", "commercial_paper", "railroad_bond_yield", "dividend_yield")


@checked
def panic_money(years: Sequence[int] = PANICS) -> pd.DataFrame:
    """Rates and yields before, in and after the month of dearest call money of a year.

    Parameters
    ----------
    years : sequence of int
        Years between 1859 and 1937.

    Returns
    -------
    pandas.DataFrame
        A row a year and rate: ``year``, ``month`` (in which call money was dearest), ``rate``
        (of `RATES`), and in percent a year ``before`` (mean of the twelve months before),
        ``then`` (in that month), ``highest`` (of that month and the eleven that follow) and
        ``after`` (mean of the second year after). NaN where a month is missing.

    Raises
    ------
    DataError
        If the table does not hold the year.

    Notes
    -----
    The month follows one rule, so that it is not chosen by what came of it: in 1929 money was
    dearest while shares still rose.

    Examples
    --------
    >>> panic_money([1873]).loc[0, "month"], float(panic_money([1873]).loc[0, "then"])
    ('1873-09', 61.23)
    """
    frame = load("history_money").frame
    wide = frame[frame["country"] == "US"].pivot(
        index="period", columns="series", values="value"
    )
    wide.index = pd.PeriodIndex(wide.index, freq="M")
    rows = []
    for year in years:
        call = wide["call_money"].reindex(pd.period_range(f"{year}-01", f"{year}-12", freq="M"))
        if call.isna().any():
            raise DataError(f"history_money: no call money in every month of {year}")
        month = call.idxmax()
        for rate in RATES:
            path = wide[rate]
            rows.append(
                {
                    "year": year,
                    "month": str(month),
                    "rate": rate,
                    "before": _mean(path, month - 12, month - 1),
                    "then": float(path.get(month, float("nan"))),
                    "highest": float(path.reindex(_span(month, month + 11)).max(skipna=False)),
                    "after": _mean(path, month + 13, month + 24),
                }
            )
    return pd.DataFrame(rows)


def _span(first: pd.Period, last: pd.Period) -> pd.PeriodIndex:
    return pd.period_range(first, last, freq="M")


def _mean(path: pd.Series, first: pd.Period, last: pd.Period) -> float:
    return float(path.reindex(_span(first, last)).mean(skipna=False))
