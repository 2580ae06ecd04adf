"""The payback of AI by growth of spending and base of revenue, beside published answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from manias.data.library import once
from manias.data.results import Plotted
from manias.data.sources import weakest
from manias.errors import DataError
from manias.language.messages import Text, Word
from manias.language.numbers import percent, plain
from manias.lenses.payback import COVER_BY, PaybackModel
from manias.lenses.payback_cases import PublishedAnswer, payback_bases, published_answers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PaybackRanges(Plotted):
    """What revenue from AI would pay, on every base, beside what others have printed.

    Attributes
    ----------
    bases : pandas.DataFrame
        As `manias.lenses.payback_cases.PaybackCases.bases`.
    published : tuple of PublishedAnswer
        By date.
    cover_by : int
        Year by which revenue is to cover what is required.
    grade : str
        Weakest of the solution and the published answers.
    """

    _told = ("bases", "published", "grade")

    bases: pd.DataFrame
    published: tuple[PublishedAnswer, ...]
    cover_by: int
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a base of spending and of revenue, and growth.

        Returns
        -------
        pandas.DataFrame
            As ``bases``.
        """
        return self.bases

    def needed(self, growth: float) -> tuple[float, float]:
        """Least and largest growth of revenue a year that covers, over the bases.

        Parameters
        ----------
        growth : float
            Of spending a year.

        Returns
        -------
        low, high : float

        Raises
        ------
        DataError
            If no base has a solution at that growth.
        """
        found = self.bases.loc[self.bases["growth"] == growth, "growth_needed"].dropna()
        if found.empty:
            raise DataError(f"growth {growth:g}: no base has a solution; expected one")
        return float(found.min()), float(found.max())

    @property
    def required(self) -> tuple[float, float]:
        """Least and largest required revenue a year of ours, billion dollars."""
        return float(self.bases["required"].min()), float(self.bases["required"].max())

    @property
    def finding(self) -> Text:
        """What growth of revenue covers, if spending stays and if it grows most."""
        growths = sorted(self.bases["growth"].unique())
        (low, high), (more, most) = self.needed(growths[0]), self.needed(growths[-1])
        return Text(
            "To pay by {by}, revenue from AI has to grow by {low} to {high} a year "
            "if spending stays. If spending grows by {growth} a year, it has to grow "
            "by {more} to {most}",
            by=self.cover_by,
            low=percent(low),
            high=percent(high),
            more=percent(more),
            most=percent(most),
            growth=percent(growths[-1]),
        )

    @property
    def comparison(self) -> Text:
        """Where our required revenue lies among the published ones."""
        low, high = self.required
        figures = sorted(a.required for a in self.published)
        return Text(
            "By our equation the required revenue is {low} to {high} billion dollars "
            "a year, by {n} published answers {least} to {most} billion. {under} of "
            "these {under:plural one=lies|other=lie} lower than ours",
            low=plain(low, 0),
            high=plain(high, 0),
            n=Word(len(figures)),
            under=Word(sum(f < low for f in figures), capital=True),
            least=f"{figures[0]:,.0f}",
            most=f"{figures[-1]:,.0f}",
        )


@once
def payback_ranges() -> PaybackRanges:
    """Solve the payback of AI on every base and lay published answers beside it.

    Returns
    -------
    PaybackRanges

    Raises
    ------
    DataError
        If no published answer is on record.

    Notes
    -----
    The published answers count other spending over other years, and none enters a solution:
    that they differ is no error of either.

    Examples
    --------
    >>> [round(100 * g) for g in payback_ranges().needed(0.0)]
    [42, 72]
    """
    published: Sequence[PublishedAnswer] = published_answers()
    if not published:
        raise DataError("assumptions: no published answer; expected at least one")
    solved = PaybackModel("ai").fit()
    grade = weakest([solved.grade, *(a.grade for a in published)])
    return PaybackRanges(payback_bases(), tuple(published), COVER_BY, grade)
