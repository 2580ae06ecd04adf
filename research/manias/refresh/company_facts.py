"""Company facts of the US Securities and Exchange Commission, quarter by quarter.

A response holds every number that a company has tagged in its filings: flows of a quarter, of a
year, and since the start of the year, as first filed and as restated, each with its filing.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from manias.data.arguments import checked
from manias.errors import DataError

TAGS: Mapping[str, tuple[str, ...]] = {
    "capex": (
        "PaymentsToAcquirePropertyPlantAndEquipment",
        "PaymentsToAcquireProductiveAssets",
    ),
    "operating_cash_flow": ("NetCashProvidedByUsedInOperatingActivities",),
    "revenue": ("Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"),
    "depreciation_amortization": (
        "DepreciationDepletionAndAmortization",
        "DepreciationAmortizationAndAccretionNet",
    ),
    "depreciation": ("Depreciation",),
    "finance_lease_principal": ("FinanceLeasePrincipalPayments",),
    "debt_without_leases": ("LongTermDebtNoncurrent",),
    "debt_current": ("DebtCurrent",),
    "debt_current_notes": ("LongTermDebtCurrent",),
    "commercial_paper": ("CommercialPaper",),
    "leases": ("OperatingLeaseLiabilityNoncurrent",),
    "finance_leases": ("FinanceLeaseLiability",),
    "remaining_performance_obligation": ("RevenueRemainingPerformanceObligation",),
}
"""Tags of a measure, of one definition; where two hold the same period the first counts."""
QUARTER = (80, 100)
"""Days of a quarter of 12, 13 or 14 weeks."""
COLUMNS = ["measure", "period_end", "value", "published", "tag", "filing", "note"]
BILLION = 1e9


@checked
def read_company_facts(response: Mapping[str, Any]) -> pd.DataFrame:
    """Quarters of a company from a response of the SEC, as first filed.

    Parameters
    ----------
    response : mapping
        A parsed response of ``data.sec.gov/api/xbrl/companyfacts``, whole or trimmed to some
        tags.

    Returns
    -------
    pandas.DataFrame
        A row a measure and fiscal quarter, in their order: ``measure`` (a key of `TAGS`),
        ``period_end`` (YYYY-MM-DD), ``value`` (billion US dollars, to a million),
        ``published`` (day of the first filing that lets it be told), ``tag``, ``filing``
        (accession number) and ``note``: which difference it is, and what a later filing says
        where that is another number.

    Raises
    ------
    DataError
        If the response holds no fact of any of the tags in US dollars.

    Notes
    -----
    A flow of a quarter is the fact of that quarter or, where only flows since the start of
    the fiscal year are filed, the difference of two that start on the same day and end a
    quarter apart. Stocks are those of the last day. A number that was restated stays as first
    filed, since that is what was known.

    References
    ----------
    US Securities and Exchange Commission, EDGAR application programming interfaces,
    ``companyfacts``.

    Examples
    --------
    >>> def flow(start, end, value, filed):
    ...     return {"start": start, "end": end, "val": value, "filed": filed, "accn": "1-2"}
    >>> facts = [
    ...     flow("2024-01-01", "2024-03-31", 5e9, "2024-04-30"),
    ...     flow("2024-01-01", "2024-06-30", 12e9, "2024-07-30"),
    ... ]
    >>> tag = "PaymentsToAcquireProductiveAssets"
    >>> response = {"facts": {"us-gaap": {tag: {"units": {"USD": facts}}}}}
    >>> read_company_facts(response)[["period_end", "value", "published"]].values.tolist()
    [['2024-03-31', 5.0, '2024-04-30'], ['2024-06-30', 7.0, '2024-07-30']]
    """
    tagged = response.get("facts", {}).get("us-gaap", {})
    rows: list[dict[str, Any]] = []
    for measure, tags in TAGS.items():
        found: dict[str, dict[str, Any]] = {}
        for tag in tags:
            facts = tagged.get(tag, {}).get("units", {}).get("USD", [])
            for row in _quarters(facts):
                found.setdefault(row["period_end"], {"measure": measure, "tag": tag, **row})
        rows += [found[end] for end in sorted(found)]
    if not rows:
        name = response.get("entityName", "company facts")
        raise DataError(f"{name}: no fact in US dollars of {', '.join(TAGS)}")
    return pd.DataFrame(rows, columns=COLUMNS)


def _quarters(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for fact in sorted(facts, key=lambda f: (f["filed"], f["accn"])):
        spans.setdefault((fact.get("start", ""), fact["end"]), []).append(fact)
    told: dict[str, dict[str, Any]] = {}
    for (start, end), filed in spans.items():
        if not start or _is_quarter(start, end, inclusive=True):
            told[end] = _row(end, filed, [])
    for (start, end), filed in spans.items():
        if not start or end in told:
            continue
        shorter = [
            earlier
            for (begun, ended), earlier in spans.items()
            if begun == start and ended < end and _is_quarter(ended, end)
        ]
        if shorter:
            told[end] = _row(end, filed, shorter[0])
    return list(told.values())


def _row(end: str, whole: list[dict[str, Any]], less: list[dict[str, Any]]) -> dict[str, Any]:
    value = whole[0]["val"] - (less[0]["val"] if less else 0)
    notes = ["difference of cumulative figures"] if less else []
    revised = whole[-1]["val"] - (less[-1]["val"] if less else 0)
    if round(revised / BILLION, 3) != round(value / BILLION, 3):
        last = max(f["filed"] for f in (whole[-1], *less[-1:]))
        notes.append(f"restated as {revised / BILLION:.3f} in a filing of {last}")
    first = max([whole[0], *less[:1]], key=lambda f: f["filed"])
    return {
        "period_end": end,
        "value": round(value / BILLION, 3),
        "published": first["filed"],
        "filing": first["accn"],
        "note": "; ".join(notes),
    }


def _is_quarter(start: str, end: str, *, inclusive: bool = False) -> bool:
    days = (pd.Timestamp(end) - pd.Timestamp(start)).days + inclusive
    return QUARTER[0] <= days <= QUARTER[1]
