"""The answer of the first page, in at most ninety words that need no explanation.

How AI resembles past booms and what followed those that stood there are two sentences that are
never mixed. Each is chosen by functions from its numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manias.answers.beside import CHIPS, Scorecard, scorecard
from manias.answers.measures import measure_ai
from manias.data.library import once
from manias.data.results import Result
from manias.errors import DataError
from manias.language.messages import Joined, Text
from manias.language.numbers import percent, plain
from manias.series.indices import Index, ai_indices, run_up
from manias.series.trajectories import trajectory
from manias.spending.place import Measure

WORDS = 90
"""Most words of the answer in English."""
BROAD = "nasdaq-composite"
"""The index that stands for technology shares as a whole."""
FIVE, SOFTWARE = "five-builders", "software"


@dataclass(frozen=True, slots=True, repr=False)
class Brief(Result):
    """The numbers of the answer on the first page, and its two sentences.

    Attributes
    ----------
    standing : str
        As `manias.answers.beside.Scorecard.finding`.
    share, peak : float
        Information technology, percent of US GDP: newest, and at the dotcom peak.
    rise, software : float
        Change over three years against GDP of the spending of the five builders, and of
        software; shares of 1.
    cash : float
        Spending of the five over their cash from operations.
    top, broad : float
        Two-year return net of the market of the strongest index on record to the newest month,
        and of technology shares as a whole; NaN where there is none.
    chips : bool
        Whether the strongest holds makers of chips.
    earn : float
        Required over actual revenue.
    group : str
        Class of the fastest rise of spending.
    frequency, flat : float
        How often spending fell in that class, and after flat years.
    n, years : int
        Cases in the class, and years within which a fall was looked for.
    strength : str
        As `manias.spending.place.strength`.
    is_earned : bool or None
        Whether placebos leave less of it, as `manias.spending.place.Followed`.
    """

    _told = ("share", "rise", "cash", "earn", "frequency", "n")

    standing: str
    share: float
    peak: float
    rise: float
    software: float
    cash: float
    top: float
    broad: float
    chips: bool
    earn: float
    group: str
    frequency: float
    flat: float
    n: int
    years: int
    strength: str
    is_earned: bool | None

    @property
    def resemblance(self) -> Text:
        """How AI resembles past booms: size, speed, who pays, prices, what it must earn."""
        parts = [
            self.standing,
            said_size(self.share, self.peak),
            said_speed(self.rise, self.software, self.cash),
            *([said_prices(self.top, self.broad, self.chips)] if self.top == self.top else []),
            said_payback(self.earn),
        ]
        return Text("{parts}", parts=Joined(". ", parts))

    @property
    def followed(self) -> Text:
        """What followed past cases that rose as fast, and how strong the evidence is."""
        return said_followed(
            self.group, self.frequency, self.n, self.flat, self.years, self.strength,
            self.is_earned,
        )  # fmt: skip

    def _lines(self) -> tuple[str, ...]:
        return (f"{self.resemblance}.", f"{self.followed}.")


@once
def brief() -> Brief:
    """Gather the numbers of the first page.

    Returns
    -------
    Brief

    Raises
    ------
    DataError
        If a day in the past is open.

    Examples
    --------
    >>> found = brief()
    >>> len(f"{found.resemblance}. {found.followed}.".split()) <= WORDS
    True
    """
    return brief_of(scorecard(), measure_ai().measures)


def brief_of(card: Scorecard, measures: Sequence[Measure]) -> Brief:
    """The same from a scorecard and the measures of AI.

    Parameters
    ----------
    card : Scorecard
    measures : sequence of Measure
        As `manias.answers.measures.measure_ai` gives them.

    Returns
    -------
    Brief
    """
    by = {(m.measure, m.series): m for m in measures}
    five, paid, earn = (by[m, FIVE] for m in ("spending", "who_pays", "payback"))
    cell = five.outcomes[0]
    top, broad, chips = strongest(latest())
    return Brief(
        standing=card.finding,
        share=float(trajectory("us-it-ai").values.dropna().iloc[-1]),
        peak=float(trajectory("us-it-dotcom").values.max()),
        rise=five.value,
        software=by["spending", SOFTWARE].value,
        cash=paid.value,
        top=top,
        broad=broad,
        chips=chips,
        earn=earn.value,
        group=five.group,
        frequency=cell.frequency,
        flat=cell.flat,
        n=cell.n,
        years=cell.horizon,
        strength=five.strength,
        is_earned=cell.is_earned,
    )


def latest() -> dict[str, Index]:
    """Indices of AI that reach furthest."""
    found = ai_indices()
    if not found:
        raise DataError("brief: no index of the AI years was known; expected some")
    last = max(index.last for index in found.values())
    return {key: index for key, index in found.items() if index.last == last}


def strongest(indices: dict[str, Index]) -> tuple[float, float, bool]:
    """Two-year return net of the market: the highest, and of technology as a whole.

    Parameters
    ----------
    indices : dict of str to Index

    Returns
    -------
    top, broad : float
    chips : bool
        Whether the highest is that of makers of chips.

    Examples
    --------
    >>> strongest({})
    (nan, nan, False)
    """
    net = {key: run_up(index)[1] for key, index in indices.items()}
    net = {key: value for key, value in net.items() if np.isfinite(value)}
    if not net:
        return float("nan"), float("nan"), False
    top = max(net, key=lambda key: net[key])
    return net[top], net.get(BROAD, float("nan")), top in CHIPS


def said_size(share: float, peak: float) -> Text:
    """Say how large spending is, and how large it was at the dotcom peak.

    Examples
    --------
    >>> str(said_size(5.0, 4.5))
    'IT investment is 5.00% of US GDP (dotcom peak: 4.50%)'
    """
    return Text(
        "IT investment is {share}% of US GDP (dotcom peak: {peak}%)",
        share=plain(share, 2),
        peak=plain(peak, 2),
    )


def said_speed(rise: float, software: float, cash: float) -> Text:
    """Say how fast spending rose, and which part of their cash it takes.

    Examples
    --------
    >>> str(said_speed(2.0, 0.1, 0.8)).split(" (")[0]
    "Five builders' spending rose 200% against GDP in three years"
    """
    if rise != rise:
        return Text(
            "Five builders' spending takes {cash} of their operating cash",
            cash=percent(cash),
        )
    return Text(
        "Five builders' spending {way:select up=rose|down=fell} {rise} against GDP in three "
        "years (software: {software}), taking {cash} of operating cash",
        way="up" if rise >= 0 else "down",
        rise=percent(abs(rise)),
        software=percent(software),
        cash=percent(cash),
    )


def said_prices(top: float, broad: float, chips: bool) -> Text:
    """Say how far shares ran ahead of the market.

    Examples
    --------
    >>> str(said_prices(0.8, float("nan"), False))
    'The strongest index beat the market by 80 points in two years'
    """
    fields = {
        "who": "chips" if chips else "other",
        "way": "up" if top >= 0 else "down",
        "top": plain(100 * abs(top), 0),
    }
    if broad != broad or broad == top:
        return Text(
            "{who:select chips=Chip funds|other=The strongest index} {way:select up=beat the "
            "market|down=trailed the market} by {top} points in two years",
            **fields,
        )
    return Text(
        "{who:select chips=Chip funds|other=The strongest index} {way:select up=beat the "
        "market|down=trailed the market} by {top} points in two years (NASDAQ: {broad})",
        **fields,
        broad=plain(100 * broad, 0),
    )


def said_payback(earn: float) -> Text:
    """Say what AI must earn.

    Examples
    --------
    >>> str(said_payback(2.6)), str(said_payback(0.9))
    ("AI must earn 2.6 times today's revenue", 'AI already earns what it must')
    """
    if earn <= 1:
        return Text("AI already earns what it must")
    return Text("AI must earn {times} times today's revenue", times=plain(earn, 1))


def said_followed(
    group: str,
    frequency: float,
    n: int,
    flat: float,
    years: int,
    strength: str,
    is_earned: bool | None,
) -> Text:
    """Say what followed in a class of rises, and how strong the evidence is.

    Examples
    --------
    >>> str(said_followed("above 100", 0.37, 186, 0.09, 5, "weak", True)).partition("). ")[2]
    'Evidence: weak'
    """
    told = Text(
        "After {rises}, spending fell 30% within {years} years in {frequency} of {n} cases "
        "(flat years: {flat})",
        rises=rises(group),
        frequency=percent(frequency),
        n=f"{n:,}",
        flat=percent(flat),
        years=years,
    )
    evidence = Text(
        "Evidence: {strength:select moderate=moderate|weak=weak|none=none|other=untested}"
        "{cause:select no=, cause unproven|other=}",
        strength=strength,
        cause="no" if is_earned is False else "other",
    )
    return Text("{parts}", parts=Joined(". ", (told, evidence)))


def rises(group: str) -> Text:
    """A class of changes in three years, in a few words.

    Examples
    --------
    >>> str(rises("above 100")), str(rises("50 to 100")), str(rises("-10 to 10"))
    ('rises above 100%', 'rises of 50–100%', 'changes of −10 to 10%')
    """
    head, _, tail = group.partition(" ")
    if head in ("above", "below"):
        return Text(
            "{head:select above=rises above|below=falls below} {n}%",
            head=head,
            n=tail.replace("-", "−"),
        )
    low, high = head.replace("-", "−"), tail.split()[-1]
    if head.startswith("-"):
        return Text("changes of {low} to {high}%", low=low, high=high)
    return Text("rises of {low}–{high}%", low=low, high=high)
