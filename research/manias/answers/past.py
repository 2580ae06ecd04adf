"""What each lens said of past booms at the time, from what was known then."""

from collections.abc import Iterable

import pandas as pd

from manias.answers.cases import Case
from manias.answers.classify import fitted
from manias.answers.registry import lenses
from manias.data.arguments import checked
from manias.lenses.base import frame_of

CASES = (
    Case(
        "railways",
        "British railways",
        ("1844", "1845", "1847"),
        "steam-railways-uk",
        buildout="uk-railways-1840s",
        payback="uk-railways",
    ),
    Case(
        "utilities",
        "US electric utilities",
        ("1927-12", "1928-12", "1929-08"),
        "electric-power",
        industry="Util",
    ),
    Case(
        "radio",
        "US radio",
        ("1927-12", "1928-12", "1929-08"),
        "broadcast-radio",
        industry="Chips",
        buildout="us-radio-1920",
    ),
    Case("electronics", "US electronics", ("1961-05",), "transistor", industry="Chips"),
    Case(
        "dotcom",
        "US dotcom years",
        ("1997-12", "1998-12", "1999-12", "2000-03"),
        "internet",
        industry="Softw",
        buildout="us-it-dotcom",
        payback="us-telecom",
    ),
)
"""The booms of the record at which every lens is asked."""
_COLUMNS = [
    *("case", "date", "lens", "value", "low", "high", "base", "followed", "as_known"),
    "failed",
]


@checked
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
    >>> table = backtest_lenses([CASES[0]])
    >>> table.query("lens == 'run-up'")["failed"].unique().tolist()
    ['no monthly prices of an industry on record']
    """
    rows = []
    for case in cases:
        said = {lens.key: lens.past(case, fitted) for lens in lenses()}
        rows += [
            {"case": case.key, "date": date, "lens": key, **on[i]}
            for i, date in enumerate(case.dates)
            for key, on in said.items()
        ]
    return frame_of(rows, _COLUMNS)
