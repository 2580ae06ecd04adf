"""The spell above the boundary in which a sample ends, dated or too short to be."""

from dataclasses import dataclass

import numpy as np

from manias.data.arguments import checked
from manias.data.results import Result
from manias.explosive.dating import DatedSeries, _least
from manias.language.messages import Text, Word
from manias.language.numbers import plain


@dataclass(frozen=True, slots=True, repr=False)
class LastSpell(Result):
    """How a sample ends: above the boundary or below it, and for how long.

    Attributes
    ----------
    since : str
        First period of the last spell above the boundary; "" where the sample ends below it
        or the test over the whole sample does not reject.
    n : int
        Periods of that spell; 0 without one.
    least : int
        Periods that an episode must last.
    last : str
        Last period of the sample.
    stat, boundary : float
        Of the last period.
    gsadf, critical : float
        The test over the whole sample, and what it must exceed.
    """

    _told = ("since", "n", "least", "stat", "boundary")

    since: str
    n: int
    least: int
    last: str
    stat: float
    boundary: float
    gsadf: float
    critical: float

    @property
    def is_dated(self) -> bool:
        """Whether the spell is long enough to be an episode."""
        return self.n >= self.least > 0

    @property
    def finding(self) -> Text:
        """What the last periods show, in one sentence."""
        fields = {
            "gsadf": plain(self.gsadf, 2),
            "critical": plain(self.critical, 2),
            "last": self.last,
        }
        if not self.gsadf > self.critical:
            return Text(
                "no explosive growth: the test over the whole series gives {gsadf}, and would "
                "have to exceed {critical} (to {last})",
                **fields,
            )
        if not self.n:
            return Text(
                "the test rejects ({gsadf}, critical value {critical}), and the statistic lies "
                "below its boundary in {last}",
                **fields,
            )
        if self.is_dated:
            return Text(
                "an explosive episode since {since}, not ended in {last}: {n} periods above "
                "the boundary",
                since=self.since,
                last=self.last,
                n=self.n,
            )
        return Text(
            "above the boundary since {since}, too short to be dated: {n} {n:plural "
            "one=period|other=periods} of the {least} that an episode must last (to {last})",
            since=self.since,
            n=Word(self.n),
            least=Word(self.least),
            last=self.last,
        )


@checked
def last_spell(dated: DatedSeries) -> LastSpell:
    """Tell how a tested series ends.

    Parameters
    ----------
    dated : DatedSeries

    Returns
    -------
    LastSpell

    Examples
    --------
    >>> import pandas as pd
    >>> from manias.explosive.dating import date_series
    >>> walk = pd.Series(np.random.default_rng(1).standard_normal(60))
    >>> last_spell(date_series(walk)).n
    0
    """
    since = dated.above_since
    above = dated.tests.bsadf > dated.boundary
    n = 0
    if since is not None:
        below = np.flatnonzero(~above)
        n = len(above) - (int(below[-1]) + 1 if len(below) else 0)
    return LastSpell(
        since or "",
        n,
        _least(dated.rule, dated.tests.n),
        dated.dates[-1],
        float(dated.tests.bsadf[-1]),
        float(dated.boundary[-1]),
        float(dated.tests.gsadf),
        float(dated.critical.gsadf[dated.rule.level]),
    )
