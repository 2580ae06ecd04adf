"""Past booms at which the lenses are asked, and what each lens says of one on its dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from manias.data.library import known_on
from manias.errors import DataError
from manias.evaluation._firth import leave_out
from manias.lenses import crash_logit
from manias.lenses.base import CASES_ONLY
from manias.lenses.payback import PaybackModel, known_assumptions
from manias.series.trajectories import column
from manias.spending.place import ai_path, place

LATE_LABELS = "left out of the fit, but the verdicts were written later"
"""Why the first lens cannot be asked as of a date."""
Fitted = Callable[[str], Any]
"""Name of a model -> its results, on what the open library knows."""
Row = Mapping[str, Any]


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


def row(*, failed: str = "", as_known: bool = True, **values: float) -> Row:
    """What a lens said on one date.

    Parameters
    ----------
    failed : str
        Why it says nothing; "" where it speaks.
    as_known : bool
        Whether nothing later went in.
    **values : float
        ``value``, ``low``, ``high``, ``base`` and ``followed``, NaN where not given.

    Returns
    -------
    dict

    Examples
    --------
    >>> row(value=0.2, base=0.1)["low"]
    nan
    """
    nothing = dict.fromkeys(("value", "low", "high", "base", "followed"), float("nan"))
    return {**nothing, **values, "as_known": as_known, "failed": failed}


def nothing(case: Case, why: str) -> list[Row]:
    """The same silence on every date of a case.

    Parameters
    ----------
    case : Case
    why : str

    Returns
    -------
    list of dict
    """
    return [row(failed=why)] * len(case.dates)


def spending(case: Case, fitted: Fitted) -> list[Row]:
    """Placed on each date among the flows whose windows were over."""
    if case.buildout != "us-it-dotcom":
        return nothing(case, "no yearly investment over GDP on record three years before")
    return [_placed(date, fitted) for date in case.dates]


def _placed(date: str, fitted: Fitted) -> Row:
    try:
        with known_on(date):
            results = fitted("spending-industries")
            said = place(ai_path("equipment-and-software"), results)
    except DataError as error:
        return row(failed=error.text)
    if not said.outcomes:
        return row(failed=said.note)
    first = said.outcomes[0]
    low, high = first.interval
    later = column("us_it_investment", "info_equipment_software").values.rolling(4).mean()
    then = pd.Period(said.as_of, "Q")
    end = then + 4 * first.horizon
    fell = float(later[then + 1 : end].min() <= 0.7 * later[then])
    return row(
        value=first.frequency,
        low=low,
        high=high,
        base=results.events / results.n,
        followed=fell if end in later.index else np.nan,
    )


def innovation(case: Case, fitted: Fitted) -> list[Row]:
    """Left out of the list in turn."""
    cases = fitted("innovation-logit").cases
    if case.innovation not in cases.index:
        return nothing(case, "not on the list, or without a verdict")
    x = cases.drop(columns="label").to_numpy(dtype=float)
    design, y = np.column_stack([np.ones(len(x)), x]), cases["label"].to_numpy(dtype=float)
    p, base = leave_out(design, y, np.arange(len(x)))
    at = cases.index.get_loc(case.innovation)
    said = row(
        value=float(p[at]),
        base=float(base[at]),
        followed=float(y[at]),
        as_known=False,
        failed=LATE_LABELS,
    )
    return [said] * len(case.dates)


def run_up(case: Case, fitted: Fitted) -> list[Row]:
    """The panel that answers today, fitted on each date."""
    if not case.industry:
        return nothing(case, "no monthly prices of an industry on record")
    said = crash_logit.backtest({date: (case.industry,) for date in case.dates})
    return [
        row(
            value=r.get("p", np.nan),
            low=r.get("low", np.nan),
            high=r.get("high", np.nan),
            base=r.get("base", np.nan),
            followed=r.get("crashed", np.nan),
            failed=r["failed"],
        )
        for r in said.to_dict("records")
    ]


def build_out(case: Case, fitted: Fitted) -> list[Row]:
    """A picture and cases: no probability is said of a date."""
    return nothing(case, "no trajectory on record" if not case.buildout else CASES_ONLY)


def precedent(case: Case, fitted: Fitted) -> list[Row]:
    """A picture and cases: no probability is said of a date."""
    return nothing(case, "no trajectory on record" if not case.buildout else CASES_ONLY)


def payback(case: Case, fitted: Fitted) -> list[Row]:
    """Required over actual revenue of each year, under assumptions that may be later."""
    if not case.payback:
        return nothing(case, "no receipts or revenue on record")
    path = PaybackModel(case.payback).fit().path
    rows = []
    for date in case.dates:
        year = int(date[:4])
        if year not in path.index or not np.isfinite(path.loc[year, "revenue"]):
            rows.append(row(failed="no revenue of that year on record"))
            continue
        ratio = path.loc[year, "required"] / path.loc[year, "revenue"]
        known = _were_known(case.payback, date)
        why = "" if known else "some assumptions were written down later"
        rows.append(row(value=float(ratio), base=1.0, as_known=known, failed=why))
    return rows


def _were_known(case: str, date: str) -> bool:
    try:
        with known_on(date):
            known_assumptions(case)
    except DataError:
        return False
    return True
