"""What builders owe beside the cash of a year: AI companies now, telecom carriers then."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.data.results import Plotted
from manias.data.rows import Rows, some
from manias.data.sources import weakest
from manias.errors import DataError
from manias.language.messages import Listed, Text, Word
from manias.record.companies import ai_builders
from manias.record.financing import _BILLIONS, AI_WAVE, _past_builders
from manias.series.trajectories import calendar_quarter

TELECOM = "dotcom-telecom"
LONG = "long-term debt"
ALL = "all debt"
_DEBTS: Mapping[str, str] = {"long_term_debt": LONG, "total_debt": ALL}
"""Measures of debt of the carriers in the order in which they are taken, in words."""
BORROWED, LEASED, SIGNED = "debt_without_leases", "leases", "leases_not_commenced"
RAISED = ("equity_raised", "debt_raised")
OWED = ("debt", "leases", "signed")
"""Columns of what is owed: on the balance sheet, on it as leases, and signed but not begun."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Debts(Plotted):
    """Debt and leases of builders beside the cash from operations of one year.

    Attributes
    ----------
    companies : pandas.DataFrame
        One row a builder, AI first: ``company``, ``wave``, ``at`` (quarter or year of the
        debt), ``currency``, ``debt`` (of ``kind``: due after a year, or all), ``leases``
        (operating leases on the balance sheet, due after a year) with their quarter
        ``leases_at``, ``signed`` (leases signed that have not begun) with ``signed_at``,
        ``cash`` from operations of the four quarters or the year to ``at``, all in billions
        of ``currency``; ``debt_years``, ``leases_years`` and ``signed_years``, the three over
        ``cash``; and ``grade``, the weakest of what stands in the row. What is not on record
        is NaN or "".
    raised : pandas.DataFrame
        One row an amount of equity or debt that an AI builder took in: ``company``, ``kind``
        (``equity_raised`` or ``debt_raised``), ``as_of`` (last day of the span), ``value`` in
        billion dollars, ``note`` (what the span is) and ``grade``. A company or span that is
        not here was not read.
    grade : str
    """

    _told = ("companies", "raised", "grade")

    companies: pd.DataFrame
    raised: pd.DataFrame
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a builder.

        Returns
        -------
        pandas.DataFrame
            As ``companies``.
        """
        return self.companies

    def wave(self, name: str) -> pd.DataFrame:
        """Builders of a wave whose debt and cash are both on record.

        Parameters
        ----------
        name : {"ai", "dotcom-telecom"}

        Returns
        -------
        pandas.DataFrame
        """
        rows = self.companies[self.companies["wave"] == name]
        return rows[rows["debt_years"].notna()]

    @property
    def finding(self) -> Text:
        """How many owe more than a year of cash, now and then."""
        now, then = self.wave(AI_WAVE), self.wave(TELECOM)
        over = list(now.loc[now["debt_years"] > 1, "company"])
        with_leases = now[list(f"{name}_years" for name in OWED)].sum(axis=1)
        return Text(
            "{n} of {of} AI builders {n_:plural one=owes|other=owe} long-term debt "
            "above a year of cash from operations: {who}. With their leases, also "
            "those signed but not begun, {signed} do. Of {carriers} telecom carriers "
            "{then} did in the year of their highest spending",
            n=Word(len(over), capital=True),
            n_=len(over),
            of=Word(len(now)),
            who=Listed(over) if over else "none",
            signed=Word(int((with_leases > 1).sum())),
            then=Word(int((then["debt_years"] > 1).sum())),
            carriers=Word(len(then)),
        )


@once
def compare_debts() -> Debts:
    """Lay the debt of AI builders beside that of telecom carriers, over a year of cash.

    Returns
    -------
    Debts
        AI builders with the last debt on record and the four quarters to it; carriers with
        debt and cash in the year of their highest spending, as in
        `manias.record.financing.compare_financing`, and left out without both.

    Raises
    ------
    DataError
        If no debt of an AI builder is on record.

    Notes
    -----
    Long-term debt leaves out what is due within a year; for two carriers only all debt is on
    record. Leases that have not begun are payments over their whole lives, undiscounted, and
    on no balance sheet. Purchase obligations are left out: what filings call so differs.

    Examples
    --------
    >>> table = compare_debts().companies.set_index("company")
    >>> float(table.loc["Oracle", "debt"])
    117.712
    """
    rows = [row for name in ai_builders() if (row := _builder(name))]
    if not rows:
        raise DataError("ai_capex: no debt of a builder; expected at least one")
    rows.sort(key=lambda r: -np.nan_to_num(r["debt_years"], nan=-1.0))
    then = [row for row in map(_carrier, _highest()) if row]
    rows += sorted(then, key=lambda r: -r["debt_years"])
    table, raised = pd.DataFrame(rows), raised_rows().frame
    columns = ["company", "kind", "as_of", "value", "note", "grade"]
    return Debts(table, raised[columns].reset_index(drop=True), weakest(table["grade"]))


def _row(
    company: str,
    wave: str,
    at: str,
    currency: str,
    kind: str,
    owed: Mapping[str, tuple[float, str]],
    cash: float,
    grade: str,
) -> dict[str, object]:
    row: dict[str, object] = {
        "company": company, "wave": wave, "at": at, "currency": currency, "kind": kind,
        "cash": cash, "grade": grade,
    }  # fmt: skip
    for name in OWED:
        value, when = owed.get(name, (float("nan"), ""))
        row[name] = value
        row[f"{name}_years"] = value / cash if cash > 0 else float("nan")
        if name != "debt":
            row[f"{name}_at"] = when
    return row


def _builder(company: str) -> dict[str, object] | None:
    used = debt_rows(company)
    if not used:
        return None
    spent = {part.how: part.frame for part in used}
    debt = spent[BORROWED].iloc[0]
    at = calendar_quarter(pd.Series([debt["period_end"]])).iloc[0]
    owed = {"debt": (float(debt["value"]), str(at))}
    for name, measure in (("leases", LEASED), ("signed", SIGNED)):
        if measure in spent:
            one = spent[measure].iloc[0]
            day = one["period_end"] if measure == LEASED else one["as_of"]
            quarter = calendar_quarter(pd.Series([day])).iloc[0]
            owed[name] = (float(one["value"]), str(quarter))
    cash = spent["operating_cash_flow"]
    whole = len(cash) == 4
    return _row(
        company,
        AI_WAVE,
        str(at),
        "USD",
        LONG,
        owed,
        float(cash["value"].sum()) if whole else float("nan"),
        weakest([g for frame in spent.values() for g in frame["grade"]]),
    )


def debt_rows(company: str) -> tuple[Rows, ...]:
    """Rows on which what is said of an AI builder rests.

    Parameters
    ----------
    company : str

    Returns
    -------
    tuple of Rows
        By measure, which ``how`` names: the last debt, the cash of the four quarters to it,
        the last leases, and the last leases signed but not begun; those on record.

    Examples
    --------
    >>> [rows.how for rows in debt_rows("Oracle")][:2]
    ['debt_without_leases', 'operating_cash_flow']
    """
    frame = load("ai_capex").frame
    mine = frame["company"] == company
    last = _last(frame, mine & (frame["measure"] == BORROWED), "period_end")
    if last is None:
        return ()
    quarters = calendar_quarter(frame["period_end"])
    at = quarters[last].iloc[0]
    cash = mine & (frame["measure"] == "operating_cash_flow") & quarters.between(at - 3, at)
    found = [
        some("ai_capex", last, BORROWED),
        some("ai_capex", cash, "operating_cash_flow"),
    ]
    leased = _last(frame, mine & (frame["measure"] == LEASED), "period_end")
    if leased is not None:
        found.append(some("ai_capex", leased, LEASED))
    table = load("commitments").frame
    signed = _last(table, (table["company"] == company) & (table["kind"] == SIGNED), "as_of")
    if signed is not None:
        found.append(some("commitments", signed, SIGNED))
    return tuple(found)


def raised_rows() -> Rows:
    """Rows on the equity and debt that AI builders took in.

    Returns
    -------
    Rows

    Examples
    --------
    >>> "Oracle" in set(raised_rows().frame["company"])
    True
    """
    frame = load("commitments").frame
    mine = frame["kind"].isin(RAISED) & frame["company"].isin(ai_builders())
    return some("commitments", mine, ", ".join(RAISED))


def _last(frame: pd.DataFrame, rows: pd.Series, when: str) -> pd.Series | None:
    """The newest of some rows, as a choice of the table."""
    if not rows.any():
        return None
    newest = pd.to_datetime(frame.loc[rows, when]).idxmax()
    return pd.Series(frame.index == newest, frame.index)


def _highest() -> list[dict[str, object]]:
    """Carriers in the year of their highest spending on record."""
    past = _past_builders().dropna(subset=["capex"])
    past = past[past["wave"] == TELECOM]
    return past.loc[past.groupby("company", sort=False)["capex"].idxmax()].to_dict("records")


def _carrier(year: Mapping[str, object]) -> dict[str, object] | None:
    frame = load("financing").frame
    mine = (frame["company"] == year["company"]) & (frame["wave"] == TELECOM)
    one = frame[mine & (frame["period"].dt.year == year["year"])].set_index("measure")
    kind = next((name for name in _DEBTS if name in one.index), None)
    cash = float(year["operating_cash_flow"])
    if kind is None or not cash > 0:
        return None
    debt = float(one.at[kind, "value"] * _BILLIONS[one.at[kind, "unit"]])
    return _row(
        str(year["company"]),
        TELECOM,
        str(year["year"]),
        str(year["currency"]),
        _DEBTS[kind],
        {"debt": (debt, "")},
        cash,
        weakest([one.at[kind, "grade"], str(year["grade"])]),
    )
