"""Results -> frames, as people read them. Nothing is estimated here."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from manias.catalog import load
from manias.errors import InputError
from manias.models.base import Answer
from manias.models.ladder import Assessment
from manias.sources import weakest
from manias.trajectories import calendar_quarter

AI_BUILDERS = ("Alphabet", "Amazon", "CoreWeave", "Meta", "Microsoft", "Oracle")
"""Companies that build AI capacity, by our choice (grade J)."""


def capex_table(companies: Sequence[str] | None = None) -> pd.DataFrame:
    """Capital expenditure and cash flow by company and calendar quarter.

    Parameters
    ----------
    companies : sequence of str, optional
        `AI_BUILDERS` by default.

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
        frame["company"].isin(companies or AI_BUILDERS) & frame["measure"].isin(order)
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
        `AI_BUILDERS` by default.

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


def standing_table(answer: Assessment) -> pd.DataFrame:
    """One row an industry: how far it has risen and what followed such a rise.

    Parameters
    ----------
    answer : Assessment

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> from manias import assess, load_panel
    >>> standing_table(assess(load_panel(), as_of="1999-12")).shape
    (7, 8)
    """
    rows = [
        {
            "industry": s.name,
            "firms": s.firms,
            "run-up": percent(s.runup),
            "net of market": percent(s.net_runup),
            "rung": f"{s.rung:.0%} since {s.since}" if s.rung is not None else "below 50%",
            "crash frequency": percent(s.crash_frequency),
            "95% interval": f"{percent(s.low)} to {percent(s.high)}",
            "cases": f"{s.crashes} of {s.n}",
        }
        for s in answer.standings
    ]
    return pd.DataFrame(rows)


def percent(value: float, digits: int = 0) -> str:
    """Write a decimal as a percentage; a dash where there is none.

    Examples
    --------
    >>> percent(0.117), percent(float("nan")), percent(-0.2)
    ('12%', '–', '−20%')
    """
    if pd.isna(value):
        return "–"
    return f"{value * 100:.{digits}f}%".replace("-", "−")


def plain(value: float, digits: int = 1) -> str:
    """Write a number with a fixed count of decimals; a dash where there is none.

    Examples
    --------
    >>> plain(4.456, 2), plain(float("nan")), plain(-1.25)
    ('4.46', '–', '−1.2')
    """
    return "–" if pd.isna(value) else f"{value:,.{digits}f}".replace("-", "−")


def answer_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Lay out what each lens says, for people.

    Parameters
    ----------
    answers : sequence of Answer

    Returns
    -------
    pandas.DataFrame
        A row a lens: what it says with its interval, the base, cases, skill, date, verdict.

    Examples
    --------
    >>> from manias.models.payback import PaybackModel, answer_payback
    >>> answer_table([answer_payback(PaybackModel().fit())])["lens"].tolist()
    ['payback']
    """
    rows = []
    for a in answers:
        skill = "not scored"
        if a.scores is not None:
            s = a.scores
            skill = f"{s.gain:+.3f} [{s.gain_low:+.3f}, {s.gain_high:+.3f}]"
        rows.append(
            {
                "lens": a.lens,
                "answer": f"{a.measure}: {said(a)}" if a.measure else "–",
                "base": _figure(a, a.base),
                "cases": f"{a.n:,} ({a.events:,})" if a.events else f"{a.n:,}" if a.n else "–",
                "gain over base": skill,
                "as of": a.as_of or "–",
                "grade": a.grade,
                "verdict": verdict(a),
            }
        )
    return pd.DataFrame(rows)


def index_table(answers: Mapping[str, Answer]) -> pd.DataFrame:
    """Lay out what the run-up lens says of indices from prices alone, for people.

    Parameters
    ----------
    answers : mapping of str to Answer

    Returns
    -------
    pandas.DataFrame
        A row an index: probability with its interval, base, date, grade, verdict.

    Examples
    --------
    >>> from manias.lenses import ask_indices
    >>> index_table(ask_indices(as_of="2024-12")).columns.tolist()
    ['index', 'answer', 'base', 'as of', 'grade', 'verdict']
    """
    rows = [
        {
            "index": key,
            "answer": said(a),
            "base": _figure(a, a.base),
            "as of": a.as_of or "–",
            "grade": a.grade,
            "verdict": verdict(a),
        }
        for key, a in answers.items()
    ]
    return pd.DataFrame(rows)


def said(a: Answer) -> str:
    """What an answer says, as a figure with its interval.

    Parameters
    ----------
    a : Answer

    Returns
    -------
    str

    Examples
    --------
    >>> from manias.models.payback import PaybackModel, answer_payback
    >>> said(answer_payback(PaybackModel("uk-railways").fit()))
    '1.35 (0.83 to 1.89)'
    """
    if not math.isfinite(a.value):
        return "nothing"
    if not (math.isfinite(a.low) and math.isfinite(a.high)):
        return _figure(a, a.value)
    return f"{_figure(a, a.value)} ({_figure(a, a.low)} to {_figure(a, a.high)})"


def verdict(a: Answer) -> str:
    """Whether an answer may be read as evidence, or why not.

    Parameters
    ----------
    a : Answer

    Returns
    -------
    str
    """
    if a.says:
        return "may be read as evidence"
    return f"says nothing: {a.reason}" if a.reason else "says nothing"


def _figure(a: Answer, value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return percent(value) if a.unit == "probability" else plain(value, 2)
