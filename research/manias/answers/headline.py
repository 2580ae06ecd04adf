"""The headline tests of skill of all models, counted together by Holm's correction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from manias.answers.archive import list_models
from manias.evaluation.scores import ALPHA
from manias.evaluation.skill import adjust_holm
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.names import model_name
from manias.language.numbers import percent
from manias.lenses.base import BubbleResults
from manias.spending.ladder import SpendingResults

PLANNED: Mapping[str, tuple[str, ...]] = {
    "spending-industries": ("dollars_fall_30", "share_halves"),
    "spending-countries": ("share_falls_30", "share_halves"),
    "spending-firms": ("dollars_fall_30", "dollars_halve", "finance gap"),
    "runup-which": ("an era at a time (both)",),
}
"""Tests that the plan names (section 7), by model, of those that have a card."""
N_PLANNED = 8
"""How many the plan counts; one that has no card counts as one that found nothing."""
TESTED = "later years ({}, booms, ladder)"
"""Scheme under which a panel's test of an outcome stands in its card."""
GAP = "finance gap"


@dataclass(frozen=True, slots=True)
class HeadlineTest:
    """One test of skill beside all others.

    Attributes
    ----------
    card : str
        Name of the model.
    test : str
        What was left out, and the outcome.
    n, events : int or None
        Cases of the test, and events among them; None of the gap between firms by who pays.
    gain : float
        Nats a case over the base rate; of the gap its size as a share.
    p : float
        Of the permutation test.
    size : float
        Share of simulated samples without any effect in which this test rejects at 5%; NaN
        where it was not simulated, or was for another test of the card.
    adjusted : float
        Holm-adjusted p among all headline tests.
    adjusted_planned : float
        The same among those that the plan names; NaN of another test.
    passes, passes_planned : bool
        Whether there is a gain and the adjusted p is at most 5%.
    """

    card: str
    test: str
    n: int | None
    events: int | None
    gain: float
    p: float
    size: float
    adjusted: float
    adjusted_planned: float
    passes: bool
    passes_planned: bool

    @property
    def is_planned(self) -> bool:
        """Whether the plan names it."""
        return bool(np.isfinite(self.adjusted_planned))


@dataclass(frozen=True, slots=True)
class HeadlineTests:
    """All headline tests of skill.

    Attributes
    ----------
    tests : tuple of HeadlineTest
        The smallest p first.
    level : float
        Chance of one false rejection or more among them all.
    n_planned : int
        Tests that the plan counts, whether they have a card or not.
    """

    tests: tuple[HeadlineTest, ...]
    level: float
    n_planned: int

    @property
    def passing(self) -> tuple[HeadlineTest, ...]:
        """Those that pass with all of them counted."""
        return tuple(t for t in self.tests if t.passes)

    @property
    def missing(self) -> int:
        """Tests that the plan names and no card holds."""
        return self.n_planned - sum(t.is_planned for t in self.tests)


def headline_tests(models: Iterable[BubbleResults] | None = None) -> HeadlineTests:
    """Count the headline tests of skill of all models together.

    Parameters
    ----------
    models : iterable of BubbleResults, optional
        Results of fits; the kept ones by default.

    Returns
    -------
    HeadlineTests
        Of a panel of spending the tests that the plan names; of every other model the first
        that it was scored by.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> found = headline_tests()
    >>> found.tests[0].p <= found.tests[-1].p, found.n_planned
    (True, 8)
    """
    raw = [one for results in models or list_models() for one in _of_card(results)]
    every = adjust_holm([r["p"] for r in raw])
    named = [i for i, r in enumerate(raw) if r["is_planned"]]
    silent = [1.0] * (N_PLANNED - len(named))
    planned = adjust_holm([raw[i]["p"] for i in named] + silent)
    among = dict(zip(named, planned, strict=False))
    tests = []
    for i, (r, adjusted) in enumerate(zip(raw, every, strict=True)):
        told = {k: v for k, v in r.items() if k != "is_planned"}
        own = float(among.get(i, np.nan))
        is_gain = r["gain"] > 0
        tests.append(
            HeadlineTest(
                **told,
                adjusted=float(adjusted),
                adjusted_planned=own,
                passes=bool(is_gain and adjusted <= ALPHA),
                passes_planned=bool(is_gain and own <= ALPHA),
            )
        )
    ordered = sorted(tests, key=lambda t: (t.p, t.card, t.test))
    return HeadlineTests(tuple(ordered), ALPHA, N_PLANNED)


def _of_card(results: BubbleResults) -> Iterable[dict]:
    scores = [s for s in results.scores if np.isfinite(s.permutation_p)]
    planned = PLANNED.get(results.name, ())
    schemes = {*map(TESTED.format, planned), *planned}
    chosen = [s for s in scores if s.scheme in schemes]
    rule = getattr(results, "rule", None)
    for s in chosen or scores[:1]:
        # The rule of a card was simulated for its first score.
        is_first = s is results.scores[0]
        yield {
            "card": results.name,
            "test": s.scheme,
            "n": s.n,
            "events": s.events,
            "gain": s.gain,
            "p": s.permutation_p,
            "size": rule.size if rule is not None and is_first else float("nan"),
            "is_planned": bool(chosen),
        }
    if GAP in planned and isinstance(results, SpendingResults) and results.finance is not None:
        yield {
            "card": results.name,
            "test": f"finance gap ({results.finance.outcome}, booms less flat years)",
            "n": None,
            "events": None,
            "gain": results.finance.gap,
            "p": results.finance.p,
            "size": float("nan"),
            "is_planned": True,
        }


def counted_sentence(found: HeadlineTests) -> Text:
    """Say how many tests pass when all are counted, and what that is worth.

    Parameters
    ----------
    found : HeadlineTests

    Returns
    -------
    Text

    Examples
    --------
    >>> counted_sentence(headline_tests()).startswith("Counted together by Holm")
    True
    """
    alone = sum(t.gain > 0 and t.p <= found.level for t in found.tests)
    cards = dict.fromkeys(t.card for t in found.passing)
    parts = [
        Text(
            "Counted together by Holm's correction, {passing} of {n} headline tests "
            "{passing:plural one=passes|other=pass} at 5%. Alone {alone} would",
            passing=Word(len(found.passing)),
            n=len(found.tests),
            alone=Word(alone),
        )
    ]
    if cards:
        told = Listed(map(model_name, cards))
        parts.append(Text("They are of these models: {cards}", cards=told))
    parts.append(
        Text(
            "Of the {n} that the plan names {passing} {passing:plural one=passes|other=pass}",
            n=Word(found.n_planned),
            passing=Word(sum(t.passes_planned for t in found.tests)),
        )
    )
    if found.missing:
        parts.append(
            Text(
                "{missing} of them {missing:plural one=has|other=have} not been run "
                "yet and {missing:plural one=counts|other=count} as having found "
                "nothing",
                missing=Word(found.missing, capital=True),
            )
        )
    loose = [t for t in found.passing if t.size > found.level]
    parts += [
        Text(
            "The test of this model rejects {size} of simulated samples without any "
            "effect, so that its p says less than it seems to: {card}",
            card=model_name(t.card),
            size=percent(t.size),
        )
        for t in loose
    ]
    return Text("{parts}", parts=Joined(". ", parts))
