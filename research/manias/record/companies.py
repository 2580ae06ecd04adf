"""What each AI company spends, out of which cash flow and revenue, quarter by quarter."""

from collections.abc import Sequence

import pandas as pd

from manias.data.library import load, once
from manias.data.sources import weakest
from manias.errors import InputError
from manias.series.trajectories import calendar_quarter


@once
def companies() -> dict[str, str]:
    """Companies that can be asked after, by their names on the command line.

    Returns
    -------
    dict of str to str
        Key of the trajectory of each: the targets of ``trajectories`` that are the spending
        of one company.

    Examples
    --------
    >>> companies()["microsoft"]
    'ai-capex-microsoft'
    """
    return {row.members.lower(): row.id for row in _rows().itertuples()}


TICKERS = {
    "googl": "alphabet", "goog": "alphabet", "google": "alphabet", "amzn": "amazon",
    "meta": "meta", "facebook": "meta", "msft": "microsoft", "orcl": "oracle",
    "crwv": "coreweave", "nvda": "nvidia", "amd": "amd", "aapl": "apple", "tsla": "tesla",
}  # fmt: skip
"""Symbols of shares and everyday names of the companies on record."""


def company_key(name: str) -> str | None:
    """Key of a company that can be asked after, from its name or its symbol in any case.

    Parameters
    ----------
    name : str

    Returns
    -------
    str or None
        None where it is none of `companies`.

    Examples
    --------
    >>> company_key("MSFT"), company_key("Microsoft"), company_key("NVDA")
    ('microsoft', 'microsoft', None)
    """
    small = name.strip().casefold()
    key = TICKERS.get(small, small)
    return key if key in companies() else None


def why_not(name: str) -> str | None:
    """Why a company that is on record cannot be asked after.

    Parameters
    ----------
    name : str
        Name or symbol, in any case.

    Returns
    -------
    str or None
        None where nothing is on record of it.

    Examples
    --------
    >>> why_not("nvidia") is None
    False
    """
    small = name.strip().casefold()
    key = TICKERS.get(small, small)
    on_record = {c.casefold(): c for c in load("ai_capex").frame["company"].unique()}
    if key not in on_record or key in companies():
        return None
    return (
        f"{on_record[key]}: on record, but not among the builders of AI capacity that were "
        f"chosen here; expected 'ai' or one of {', '.join(companies())}"
    )


def ai_builders() -> tuple[str, ...]:
    """Companies that build AI capacity, by our choice (grade J).

    Returns
    -------
    tuple of str
        In alphabetical order, as ``ai_capex`` spells them.

    Examples
    --------
    >>> ai_builders()[:2]
    ('Alphabet', 'Amazon')
    """
    return tuple(sorted(_rows()["members"]))


def _rows() -> pd.DataFrame:
    table = load("trajectories").frame
    mine = table[(table["dataset"] == "ai_capex") & (table["role"] == "target")]
    return mine[~mine["members"].str.contains(";")]


def capex_table(companies: Sequence[str] | None = None) -> pd.DataFrame:
    """Capital expenditure and cash flow by company and calendar quarter.

    Parameters
    ----------
    companies : sequence of str, optional
        `ai_builders` by default.

    Returns
    -------
    pandas.DataFrame
        ``company``, ``quarter``, ``capex``, ``operating_cash_flow``, ``revenue`` and
        ``free_cash_flow`` (the second less the first; NaN where one is missing), in
        billions of the currency in ``unit``, and ``grade``, the weakest of the row.

    Raises
    ------
    InputError
        If a company is not in the table.

    Examples
    --------
    >>> capex_table(["Oracle"]).columns[:3].tolist()
    ['company', 'quarter', 'capex']
    """
    frame = load("ai_capex").frame
    known = sorted(frame["company"].unique())
    if odd := sorted(set(companies or []) - set(known)):
        raise InputError(f"company {odd[0]!r}: expected some of {', '.join(known)}")
    frame = frame.assign(quarter=calendar_quarter(frame["period_end"]))
    order = ["capex", "operating_cash_flow", "revenue", "free_cash_flow"]
    frame = frame[
        frame["company"].isin(companies or ai_builders()) & frame["measure"].isin(order)
    ]
    wide = frame.pivot(index=["company", "quarter"], columns="measure", values="value")
    grade = frame.groupby(["company", "quarter"])["grade"].agg(weakest)
    wide["free_cash_flow"] = wide["operating_cash_flow"] - wide["capex"]
    unit = frame.groupby(["company", "quarter"])["unit"].first()
    return wide[order].assign(unit=unit, grade=grade).reset_index().rename_axis(columns=None)


def burden_table(companies: Sequence[str] | None = None) -> pd.DataFrame:
    """Capital expenditure of four quarters over cash flow and revenue of the same four.

    Parameters
    ----------
    companies : sequence of str, optional
        `ai_builders` by default.

    Returns
    -------
    pandas.DataFrame
        ``company``, ``quarter`` (the last of the four), ``of_cash_flow`` and ``of_revenue``
        as decimals, and ``grade``; NaN where one of the four quarters is missing or the four
        together are not positive.

    Raises
    ------
    InputError
        If a company is not in the table.

    Examples
    --------
    >>> burden_table(["Oracle"]).columns.tolist()
    ['company', 'quarter', 'of_cash_flow', 'of_revenue', 'grade']
    """
    rows = []
    for company, one in capex_table(companies).groupby("company"):
        by_quarter = one.set_index("quarter")
        span = pd.period_range(by_quarter.index[0], by_quarter.index[-1])
        by_quarter = by_quarter.reindex(span)
        year = by_quarter[["capex", "operating_cash_flow", "revenue"]].rolling(4).sum()
        below = year[["operating_cash_flow", "revenue"]].where(lambda v: v > 0)
        grades = by_quarter["grade"]
        for t in range(3, len(span)):
            rows.append(
                {
                    "company": company,
                    "quarter": span[t],
                    "of_cash_flow": year["capex"].iloc[t] / below.iloc[t, 0],
                    "of_revenue": year["capex"].iloc[t] / below.iloc[t, 1],
                    "grade": weakest(grades.iloc[t - 3 : t + 1].dropna()),
                }
            )
    return pd.DataFrame(rows)
