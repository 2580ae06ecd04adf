"""The price of US shares over ten years of earnings, beside its peaks of 1929 and 2000."""

from dataclasses import dataclass

import pandas as pd

from manias.data.library import load, once
from manias.data.results import Plotted
from manias.errors import DataError
from manias.language.messages import Month, Text
from manias.language.numbers import plain

PEAKS = {"1929": ("1927-01", "1931-12"), "2000": ("1997-01", "2002-12")}
"""Years by which two peaks are known, and the months within which each is looked for."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Valuation(Plotted):
    """How dear US shares are by their earnings of ten years.

    Attributes
    ----------
    values : pandas.Series
        Price over the mean real earnings of ten years, by month.
    month : pandas.Period
        Last month on record.
    now : float
        Its value.
    peaks : pandas.DataFrame
        One row a peak: ``name``, ``month`` (pandas.Period) and ``value``.
    share_below : float
        Part of the months on record with a lower value than the last.
    earnings_to : pandas.Period
        Last month of which earnings are on record; values after it rest on older ones.
    grade : str
    """

    _told = ("month", "now", "share_below", "grade")

    values: pd.Series
    month: pd.Period
    now: float
    peaks: pd.DataFrame
    share_below: float
    earnings_to: pd.Period
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a month.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``value``.
        """
        return pd.DataFrame({"month": self.values.index, "value": self.values.to_numpy()})

    def peak(self, name: str) -> tuple[pd.Period, float]:
        """Month and value of a peak.

        Parameters
        ----------
        name : {"1929", "2000"}

        Returns
        -------
        month, value
        """
        row = self.peaks.set_index("name").loc[name]
        return row["month"], float(row["value"])

    @property
    def finding(self) -> Text:
        """Where the last value lies beside the two peaks."""
        old, late = self.peak("1929")[1], self.peak("2000")[1]
        return Text(
            "In {month} US shares cost {now} times their mean earnings of ten years. "
            "That is {a:select yes=more|no=no more} than at the peak of 1929 ({old}) "
            "and {b:select yes=more|no=less} than at that of 2000 ({late})",
            now=plain(self.now),
            month=Month(self.month),
            a=self.now > old,
            old=plain(old),
            b=self.now > late,
            late=plain(late),
        )


@once
def value_market() -> Valuation:
    """Lay the price of US shares over ten years of earnings beside its peaks.

    Returns
    -------
    Valuation

    Raises
    ------
    DataError
        If nothing is on record within the months of a peak.

    References
    ----------
    Campbell and Shiller (1988), Journal of Finance 43(3), 661-676: earnings of ten years.

    Examples
    --------
    >>> found = value_market()
    >>> found.month, round(found.now, 1)
    (Period('2026-07', 'M'), 41.4)
    """
    data = load("shiller")
    frame = data.frame.set_index("month")
    values = frame["cape"].astype(float).dropna()
    rows = []
    for name, (first, last) in PEAKS.items():
        inside = values[first:last]
        if inside.empty:
            raise DataError(f"shiller: no valuation from {first} to {last}; expected the peak")
        rows.append({"name": name, "month": inside.idxmax(), "value": float(inside.max())})
    now = float(values.iloc[-1])
    return Valuation(
        values,
        values.index[-1],
        now,
        pd.DataFrame(rows),
        float((values < now).mean()),
        frame["earnings"].dropna().index[-1],
        data.grade,
    )
