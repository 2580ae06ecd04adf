"""The numeric claims of the founding article, each beside better evidence or arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from manias.data.library import load
from manias.data.results import Result
from manias.data.sources import weakest
from manias.language.messages import Text

ARTICLE_DATE = "2025-11-03"
"""Latest event that the undated article refers to; company figures are taken as of then."""


@dataclass(frozen=True, slots=True, repr=False)
class ClaimCheck(Result):
    """One claim and what became of it.

    Attributes
    ----------
    id, about, what, unit : str
    value : float
        The figure as the article prints it; NaN where it is no number.
    status : {"confirmed", "corrected", "unconfirmed", "narrative"}
    evidence : tuple of Text
        What dated statements say: who, date, figure and grade.
    computed : str
        Result of the arithmetic check, a `manias.language.messages.Text`; empty where there
        is none.
    note : str
    grade : str
        Weakest grade of the evidence; of the claim itself where there is none.
    """

    _told = ("id", "status", "value", "unit")

    id: str
    about: str
    what: str
    value: float
    unit: str
    status: str
    evidence: tuple[str, ...]
    computed: str
    note: str
    grade: str


def check_claims() -> tuple[ClaimCheck, ...]:
    """Lay every claim beside the evidence and do the arithmetic.

    Returns
    -------
    tuple of ClaimCheck
        In the order of the table ``claims``.

    Examples
    --------
    >>> checks = {c.id: c for c in check_claims()}
    >>> checks["c033"].computed
    '50 of 2,900 is 1.72 percent'
    """
    claims = load("claims").frame
    statements = load("statements").frame.set_index("id")
    values = claims.set_index("id")["value"]
    found = []
    for row in claims.itertuples():
        keys = _split(row.evidence)
        grades = [statements.loc[key, "grade"] for key in keys] or [row.grade]
        found.append(
            ClaimCheck(
                id=row.id,
                about=row.about,
                what=row.what,
                value=float(row.value),
                unit=row.unit if isinstance(row.unit, str) else "",
                status=row.status,
                evidence=tuple(_quote(statements.loc[key]) for key in keys),
                computed=CHECKS[row.check](values) if isinstance(row.check, str) else "",
                note=row.note if isinstance(row.note, str) else "",
                grade=weakest(grades),
            )
        )
    return tuple(found)


def _split(text: object) -> list[str]:
    return [key.strip() for key in text.split(";")] if isinstance(text, str) else []


def _quote(row: pd.Series) -> Text:
    what: str = row["metric"]
    if not pd.isna(row["value"]):
        what = Text(what + " {amount}", amount=_amount(row))
    return Text(
        "{who}, {date}: {what} ({grade})",
        who=row["who"],
        date=row["date"],
        what=what,
        grade=row["grade"],
    )


def _amount(row: pd.Series) -> Text:
    unit = f" {row['unit']}" if isinstance(row["unit"], str) else ""
    if pd.isna(row["high"]):
        return Text("{n}" + unit, n=f"{row['value']:,g}")
    return Text("{low} to {high}" + unit, low=f"{row['value']:,g}", high=f"{row['high']:,g}")


def _share(part: float, whole: float, *, money: bool = False) -> Text:
    figures = {
        "part": f"{part:,g}",
        "whole": f"{whole:,g}",
        "share": f"{part / whole * 100:.3g}",
    }
    if money:
        return Text("{part:billion} of {whole:billion} is {share} percent", **figures)
    return Text("{part} of {whole} is {share} percent", **figures)


def _last_year(measure: str) -> tuple[float, str]:
    """Oracle's four quarters that were on record when the article was written."""
    frame = load("ai_capex").frame
    rows = frame[(frame["company"] == "Oracle") & (frame["measure"] == measure)]
    rows = rows[rows["period_end"] <= ARTICLE_DATE].sort_values("period_end").tail(4)
    return float(rows["value"].sum()), str(rows["period_end"].iloc[-1])


def _bubbles_of_51(values: pd.Series) -> Text:
    return _share(values["c030"], values["c029"])


def _revenue_of_investment(values: pd.Series) -> Text:
    return _share(values["c032"], values["c034"], money=True)


def _revenue_of_deals(values: pd.Series) -> Text:
    return _share(values["c003"], values["c001"], money=True)


def _oracle_order(values: pd.Series) -> Text:
    revenue, end = _last_year("revenue")
    order = values["c020"]
    return Text(
        "{order} is {n} times the revenue of the year to {end}",
        order=f"{order:,g}",
        n=f"{order / revenue:.1f}",
        end=end,
    )


def _oracle_revenue(values: pd.Series) -> Text:
    total, end = _last_year("revenue")
    amount = Text("{n} billion USD", n=f"{total:,.1f}")
    return Text("revenue of the four quarters to {end}: {amount}", end=end, amount=amount)


def _oracle_cash_flow(values: pd.Series) -> Text:
    total, end = _last_year("operating_cash_flow")
    amount = Text("{n} billion USD", n=f"{total:,.1f}")
    return Text(
        "operating cash flow of the four quarters to {end}: {amount}", end=end, amount=amount
    )


CHECKS: dict[str, Callable[[pd.Series], Text]] = {
    "bubbles_of_51": _bubbles_of_51,
    "oracle_cash_flow": _oracle_cash_flow,
    "oracle_order": _oracle_order,
    "oracle_revenue": _oracle_revenue,
    "revenue_of_deals": _revenue_of_deals,
    "revenue_of_investment": _revenue_of_investment,
}
"""Arithmetic checks by the names that the table ``claims`` uses."""
