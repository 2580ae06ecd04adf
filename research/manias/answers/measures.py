"""The answer in two sentences and a line per measure: where it stands, and what followed.

Resemblance (rank among past booms) and what followed (a frequency in a class) are never mixed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from manias.answers.classify import fitted
from manias.answers.registry import FIVE
from manias.data.arguments import checked
from manias.data.library import current, known_on, load, once
from manias.data.reader import Series, own_series
from manias.data.results import Result, stacked
from manias.errors import DataError, InputError
from manias.language.messages import Joined, Listed, Text, Verbatim
from manias.language.numbers import percent, plain
from manias.lenses.crash_which import RelativeOdds, relative_odds
from manias.lenses.ladder import Assessment, Standing, assess
from manias.record.companies import companies
from manias.series.runups import load_panel, measure_runups
from manias.series.trajectories import trajectory
from manias.spending.ladder import SpendingResults
from manias.spending.place import (
    NAMES,
    Followed,
    Measure,
    own_path,
    place,
    place_ai,
    place_company,
)

TELLING = 0.05
"""Least difference that prepayments make to who pays for it to be said."""


@dataclass(frozen=True, slots=True, repr=False)
class Verdict(Result):
    """The answer and what it rests on.

    Attributes
    ----------
    target : str
    resemblance : str
        Where it stands among past booms.
    followed : str
        What followed booms that stood there, and how strong that is.
    measures : tuple of Measure
    """

    _told = ("target", "measures")

    target: str
    resemblance: str
    followed: str
    measures: tuple[Measure, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a measure.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `Measure`.
        """
        return stacked(self.measures, Measure)

    def _lines(self) -> tuple[str, ...]:
        return (self.resemblance, self.followed)


@checked
def measure_ai(target: str = "ai", *, as_of: str | None = None) -> Verdict:
    """Say where AI, or a company that builds it, stands, and what followed there.

    Parameters
    ----------
    target : str
        "ai" or a company of `manias.record.companies.companies`.
    as_of : str, optional
        Nothing known later is used, and every count is made again.

    Returns
    -------
    Verdict

    Raises
    ------
    InputError
        If there is no such target, or ``as_of`` is no date.

    Examples
    --------
    >>> found = measure_ai("microsoft")
    >>> [(m.measure, m.group) for m in found.measures]
    [('spending', 'above 200'), ('who_pays', 'own_cash')]
    """
    if target != "ai" and target not in (known := companies()):
        raise InputError(f"target {target!r}: expected 'ai' or one of {', '.join(known)}")
    with known_on(as_of):
        firms = _counted("spending-firms")
        if target != "ai":
            found = () if firms is None else place_company(target, firms)
            return _verdict(target, found)
        industries = _counted("spending-industries")
        found = () if industries is None else place_ai(industries, firms)
        return _verdict(target, (*found, *_prices(), *_payback()))


@checked
def measure_own(
    source: Path | str | pd.DataFrame | pd.Series | Series, *, as_of: str | None = None
) -> Verdict:
    """Say where the spending of a user's file stands.

    Parameters
    ----------
    source : path, pandas.DataFrame, pandas.Series or manias.data.reader.Series
        As `manias.data.reader.read_series` reads it, with a column ``gdp`` or ``revenue``.
    as_of : str, optional

    Returns
    -------
    Verdict
        Without a measure where the file cannot be placed; ``resemblance`` says why.

    Raises
    ------
    InputError
        If the file cannot be read.

    Examples
    --------
    >>> measure_own("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected CSV or an .xlsx workbook
    """
    series = own_series(source)
    with known_on(as_of) as library:
        if library.day is not None:
            series = series.as_of(library.day)
        try:
            return _verdict(series.name, (_own(series),))
        except (DataError, InputError) as error:
            name = Verbatim(series.name)
            why = Text(
                "{name} cannot be placed on any measure: {why}", name=name, why=error.text
            )
            return Verdict(series.name, why, Text("Nothing can be said of what followed"), ())


def _own(series: Series) -> Measure:
    if series.values.index.freqstr[0] == "M":
        raise InputError(
            "months are read as a price index; how often such run-ups crashed stands below"
        )
    path, over = own_path(series)
    results = fitted("spending-industries" if over == "gdp" else "spending-firms")
    return place(path, results, over=over)


def _counted(name: str) -> SpendingResults | None:
    try:
        return fitted(name)
    except DataError:
        if current().day is None:
            raise
        return None


# ---- prices and payback


def _prices() -> Iterable[Measure]:
    """The industries of AI, the one first that has risen most over two years net of the market.

    Each bears its odds of a crash beside the other industries of the month.
    """
    try:
        answer = stand_ai()
    except DataError:
        return
    known = [s for s in answer.standings if np.isfinite(s.net_runup)]
    everyone = measure_runups(load_panel(), answer.results.model.rule).net.iloc[-1].dropna()
    odds = _odds()
    for standing in sorted(known, key=lambda s: -s.net_runup):
        yield _price(answer, standing, everyone, odds.get(standing.industry))


def stand_ai(*, as_of: str | None = None) -> Assessment:
    """Place the industries of AI on the ladder of run-ups.

    Parameters
    ----------
    as_of : str, optional
        The ladder is counted again on nothing later; the kept one by default, with its
        placebos.

    Returns
    -------
    manias.lenses.ladder.Assessment
        With the highest rung of each since the onset of AI, where that was known by then.

    Raises
    ------
    DataError
        If too little was known by then.

    Examples
    --------
    >>> stand_ai(as_of="1999-12").standings[0].highest is None
    True
    """
    with known_on(as_of):
        return _stand_ai()


@once
def _stand_ai() -> Assessment:
    return assess(
        load_panel(),
        results=fitted("ladder"),
        onset=ai_onset(),
        grade=load("us_industries").grade,
    )


def ai_onset() -> pd.Period | None:
    """Onset of the boom of AI, None where it was not known by then."""
    try:
        return trajectory(FIVE).anchors.get("onset")
    except DataError:
        return None


def _odds() -> Mapping[str, RelativeOdds]:
    try:
        found = relative_odds(fitted("runup-which"))
    except DataError:
        if current().day is None:
            raise
        return {}
    return {one.industry: one for one in found if one.rank is not None}


def _price(
    answer: Assessment, top: Standing, everyone: pd.Series, odds: RelativeOdds | None
) -> Measure:
    base = answer.results.base
    on_rung = top.rung is not None
    return Measure(
        measure="prices",
        series=top.industry,
        name=top.name,
        value=top.net_runup,
        rank=1 + int((everyone > top.net_runup).sum()),
        of=len(everyone),
        group=_class(top.rung) or "below 50",
        as_of=top.as_of,
        grade=answer.grade,
        strength="not tested",
        level=float("nan"),
        outcomes=(
            Followed(
                outcome="price_falls_40",
                horizon=answer.results.model.rule.horizon // 12,
                frequency=top.crash_frequency,
                n=top.n,
                units=top.waves,
                episodes=top.n if on_rung else None,
                interval=(top.low, top.high),
                shuffled=top.shuffled,
                reversed=top.reversed,
                flat=base.rate,
                is_earned=None,
                adjusted=float("nan"),
            ),
        ),
        model_id=answer.model_id,
        note="rank among the industries of the same month",
        which=odds,
        highest=_class(top.highest),
        highest_as_of=top.highest_month or "",
    )


def _class(rung: float | None) -> str:
    return "" if rung is None else f"above {100 * rung:g}"


def _payback() -> Iterable[Measure]:
    try:
        results = fitted("payback-ai")
    except (DataError, InputError):
        return
    yield Measure(
        measure="payback",
        series="five-builders",
        name=NAMES["five-builders"],
        value=results.ratio,
        rank=None,
        of=None,
        group="",
        as_of=results.as_of,
        grade=results.grade,
        strength="not tested",
        level=float("nan"),
        outcomes=(),
        model_id=results.model_id,
        note="required over actual revenue; an identity under assumptions",
    )


# ---- the two sentences


def _verdict(target: str, measures: Sequence[Measure]) -> Verdict:
    spending = [m for m in measures if m.measure == "spending" and m.group]
    paid = [m for m in measures if m.measure == "who_pays"]
    return Verdict(
        target,
        resemblance(spending, paid),
        followed(spending, paid),
        tuple(measures),
    )


def resemblance(spending: Sequence[Measure], paid: Sequence[Measure]) -> Text:
    """Where it stands among past ones, by rank.

    Parameters
    ----------
    spending, paid : sequence of Measure
        Placed in a class; who pays.

    Returns
    -------
    Text

    Examples
    --------
    >>> str(resemblance((), ()))[-20:]
    'lls in no size class'
    """
    if not spending and not paid:
        return Text(
            "No year of spending above zero is on record both now and three years "
            "before, so that it falls in no size class"
        )
    parts = []
    series = [m for m in spending if m.series in NAMES]
    for chosen in (series, [m for m in spending if m.series not in NAMES][:1]):
        if not chosen or (chosen is not series and series):
            continue
        chosen = sorted(chosen, key=lambda m: -m.value)
        ends = chosen if len(chosen) == 1 else [chosen[0], chosen[-1]]
        parts.append(
            Text(
                "In three years {rises}",
                rises=Listed(
                    clauses=True,
                    items=[
                        Text(
                            "{name} {way:select up=rose|down=fell} by {rise} against {over} "
                            "(above {share} of {n} past cases)",
                            name=_named(m),
                            way="up" if m.value >= 0 else "down",
                            rise=percent(abs(m.value)),
                            over=Text(m.over),
                            share=percent(1 - (m.rank - 1) / (m.of - 1), 1),
                            n=f"{m.of - 1:,}",
                        )
                        for m in ends
                    ],
                ),
            )
        )
        high = sum(m.value >= 0.5 for m in chosen)
        if len(chosen) > 1:
            parts.append(
                Text(
                    "{high} of {n} series of spending on AI {high:plural "
                    "one=has|other=have} risen by 50% and more, as past booms had",
                    high=high,
                    n=len(chosen),
                )
            )
    for m in paid[:1]:
        parts.append(
            Text(
                "{who:select five=The five together spend|other=It spends} {ratio} "
                "times the cash from operations of the same four quarters",
                who="five" if m.series in NAMES else "other",
                ratio=plain(m.value, 2) if np.isfinite(m.value) else "∞",
            )
        )
        if m.without_prepayments - m.value >= TELLING:
            parts.append(
                Text(
                    "Without customer prepayments that filings call financing it is "
                    "{ratio} times",
                    ratio=plain(m.without_prepayments, 2),
                )
            )
    return Text("{parts}", parts=Joined(". ", parts))


def followed(spending: Sequence[Measure], paid: Sequence[Measure]) -> Text:
    """What followed in the classes where it stands, and how strong that is.

    Parameters
    ----------
    spending, paid : sequence of Measure

    Returns
    -------
    Text
    """
    series = [m for m in spending if m.series in NAMES] or list(spending[:1])
    if not series:
        return Text("What followed cannot be said: it falls in no size class")
    classes = {m.group: m for m in sorted(series, key=lambda m: m.value)}
    told = []
    for m in list(classes.values())[::-1][:2]:
        first = m.outcomes[0]
        told.append(
            Text(
                "{frequency} of {n} past cases with a change of {group} ({low} to {high})",
                frequency=percent(first.frequency),
                n=f"{first.n:,}",
                group=class_words(m.group),
                low=percent(first.interval[0]),
                high=percent(first.interval[1]),
            )
        )
    top = list(classes.values())[-1]
    first = top.outcomes[0]
    parts = [
        Text(
            "Spending fell by 30% {what:select dollars=in dollars|other=against GDP} "
            "within {years} years in {told}. After flat years it did in {flat}",
            what="dollars" if first.outcome.startswith("dollars") else "other",
            years=first.horizon,
            told=Listed(told),
            flat=percent(first.flat),
        )
    ]
    if first.is_earned is not None:
        parts.append(
            Text(
                "With the same years in random order it is {shuffled}, and with time "
                "reversed {reversed}. {earned:select yes=The rise itself foretells "
                "part of the fall|no=The frequency stands, but that the boom "
                "foretells the bust is not shown}",
                shuffled=percent(first.shuffled),
                reversed=percent(first.reversed),
                earned=first.is_earned,
            )
        )
    for m in paid[:1]:
        if m.series not in NAMES and m.outcomes:
            cell = m.outcomes[0]
            parts.append(
                Text(
                    "Of {n} booms of firms that spent as much of their cash, {share} "
                    "were cut by 30% within {years} years",
                    n=cell.n,
                    share=percent(cell.frequency),
                    years=cell.horizon,
                )
            )
    parts.append(
        Text(
            "Evidence: {strength:select moderate=moderate (out of sample the size of "
            "the rise told more than the base rate)|weak=weak (a test with little "
            "power found nothing)|none=none (a test with power found "
            "nothing)|other=counts only (only booms are tested, and only as of "
            "today)}",
            strength=top.strength,
        )
    )
    return Text("{parts}", parts=Joined(". ", parts))


def class_words(group: str) -> Text:
    """A class of run-up in words.

    Parameters
    ----------
    group : str

    Returns
    -------
    Text

    Examples
    --------
    >>> class_words("above 100"), class_words("50 to 100")
    ('more than 100%', '50 to 100%')
    """
    head, _, tail = group.partition(" ")
    if head == "above":
        return Text("more than {n}%", n=tail)
    if head == "below":
        return Text("less than {n}%", n=tail.replace("-", "−"))
    return Text("{low} to {high}%", low=head.replace("-", "−"), high=tail.split()[-1])


def _named(m: Measure) -> str:
    return Text(m.name) if m.series in NAMES else Verbatim(m.name)
