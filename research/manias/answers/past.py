"""What each lens said of past booms at the time, from what was known then."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import once
from manias.evaluation._firth import leave_out
from manias.lenses import crash_logit as hazard
from manias.lenses import landmark, precedents
from manias.lenses.payback import PaybackModel, known_by

LATE_LABELS = "left out of the fit, but its verdicts were written later"
"""Why the first lens cannot be asked as of a date."""


@dataclass(frozen=True, slots=True)
class Case:
    """A past boom, the dates at which the lenses are asked of it, and what stands for it.

    Attributes
    ----------
    key, name : str
    dates : tuple of str
        Before or at known turning points: chosen knowing what followed, as no fit is.
    innovation : str
        Key in the list of innovations; "" where it is not there.
    industry : str
        Column of the US industries, by our choice (grade J); "" before 1926.
    buildout : str
        Key of a trajectory; "" where none is on record.
    payback : str
        Case of the payback; "" where there is none.
    """

    key: str
    name: str
    dates: tuple[str, ...]
    innovation: str = ""
    industry: str = ""
    buildout: str = ""
    payback: str = ""


CASES = (
    Case(
        "railways", "British railways", ("1844", "1845", "1847"), "steam-railways-uk",
        buildout="uk-railways-1840s", payback="uk-railways",
    ),
    Case(
        "utilities", "US electric utilities", ("1927-12", "1928-12", "1929-08"),
        "electric-power", industry="Util",
    ),
    Case(
        "radio", "US radio", ("1927-12", "1928-12", "1929-08"), "broadcast-radio",
        industry="Chips", buildout="us-radio-1920",
    ),
    Case("electronics", "US electronics", ("1961-05",), "transistor", industry="Chips"),
    Case(
        "dotcom", "US dotcom years", ("1997-12", "1998-12", "1999-12", "2000-03"), "internet",
        industry="Softw", buildout="us-it-dotcom", payback="us-telecom",
    ),
)  # fmt: skip
"""The booms of the record at which every lens is asked."""


def backtest_lenses(cases: Iterable[Case] = CASES) -> pd.DataFrame:
    """Ask every lens of past booms, on what was known at the time.

    Parameters
    ----------
    cases : iterable of Case

    Returns
    -------
    pandas.DataFrame
        A row a case, date and lens: ``case``, ``date``, ``lens``, ``value`` with ``low`` and
        ``high``, ``base``, ``followed`` (1.0 where what the lens speaks of came, 0.0 where it
        did not, NaN where that is not known), ``as_known`` (whether nothing later went in) and
        ``failed``: why the lens says nothing. A lens for which nothing of the case is on record
        is a row too.

    Examples
    --------
    >>> found = backtest_lenses([CASES[0]])
    >>> found.query("lens == 'run-up'")["failed"].unique().tolist()
    ['no monthly prices of an industry on record']
    """
    rows = []
    for case in cases:
        made = (
            ("innovation", _innovation(case)),
            ("run-up", _run_up(case)),
            ("build-out", _build_out(case)),
            ("precedent", _precedent(case)),
            ("payback", _payback(case)),
        )
        for i, date in enumerate(case.dates):
            rows += [
                {"case": case.key, "date": date, "lens": lens, **found[i]}
                for lens, found in made
            ]
    columns = ["case", "date", "lens", "value", "low", "high", "base", "followed", "as_known",
               "failed"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _row(*, failed: str = "", as_known: bool = True, **values: float) -> dict[str, object]:
    nothing = dict.fromkeys(("value", "low", "high", "base", "followed"), float("nan"))
    return {**nothing, **values, "as_known": as_known, "failed": failed}


def _nothing(case: Case, why: str) -> list[dict[str, object]]:
    return [_row(failed=why)] * len(case.dates)


def _innovation(case: Case) -> list[dict[str, object]]:
    fit = load_model("innovation-logit")
    if case.innovation not in fit.cases.index:
        return _nothing(case, "not on the list, or without a verdict")
    p, base = _left_out()
    at = fit.cases.index.get_loc(case.innovation)
    found = _row(
        value=float(p[at]), base=float(base[at]), followed=float(fit.cases["label"].iloc[at]),
        as_known=False, failed=LATE_LABELS,
    )  # fmt: skip
    return [found] * len(case.dates)


@once
def _left_out() -> tuple[np.ndarray, np.ndarray]:
    cases = load_model("innovation-logit").cases
    x = cases.drop(columns="label").to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(x)), x])
    return leave_out(design, cases["label"].to_numpy(dtype=float), np.arange(len(x)))


def _run_up(case: Case) -> list[dict[str, object]]:
    if not case.industry:
        return _nothing(case, "no monthly prices of an industry on record")
    found = hazard.backtest({date: (case.industry,) for date in case.dates})
    return [
        _row(
            value=r.get("p", np.nan), low=r.get("low", np.nan), high=r.get("high", np.nan),
            base=r.get("base", np.nan), followed=r.get("crashed", np.nan), failed=r["failed"],
        )
        for r in found.to_dict("records")
    ]  # fmt: skip


def _build_out(case: Case) -> list[dict[str, object]]:
    if not case.buildout:
        return _nothing(case, "no trajectory on record")
    found = landmark.backtest({case.buildout: case.dates})
    return [
        _row(
            value=r["p"], low=r["p_low"], high=r["p_high"], base=r["base"],
            followed=r["fell"], failed=r["failed"],
        )
        for r in found.to_dict("records")
    ]  # fmt: skip


def _precedent(case: Case) -> list[dict[str, object]]:
    if not case.buildout:
        return _nothing(case, "no trajectory on record")
    found = precedents.backtest({case.buildout: case.dates})
    return [
        _row(
            value=r["p"], low=r["low"], high=r["high"], base=r["base"], followed=r["fell"],
            failed=r["failed"],
        )
        for r in found.to_dict("records")
    ]  # fmt: skip


def _payback(case: Case) -> list[dict[str, object]]:
    if not case.payback:
        return _nothing(case, "no receipts or revenue on record")
    path = PaybackModel(case.payback).fit().path
    rows = []
    for date in case.dates:
        year = int(date[:4])
        if year not in path.index or not np.isfinite(path.loc[year, "revenue"]):
            rows.append(_row(failed="no revenue of that year on record"))
            continue
        known = known_by(case.payback, date)
        ratio = path.loc[year, "required"] / path.loc[year, "revenue"]
        why = "" if known else "some assumptions were written down later"
        rows.append(_row(value=float(ratio), base=1.0, as_known=known, failed=why))
    return rows
