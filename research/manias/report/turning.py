"""Where each sentence of the answer turns, and how far that is from now."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from manias.answers.archive import load_model
from manias.answers.brief import Brief, brief
from manias.data.library import once
from manias.data.rows import Rows
from manias.language.messages import Month, Quarter, Text, Word
from manias.language.numbers import percent, plain
from manias.lenses.ladder import LadderModel
from manias.lenses.payback import COVER_BY
from manias.report import spells
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import COUNTED, highest, latest, latest_indices, path
from manias.report.payback import central_rows
from manias.report.selections import ends, listed
from manias.series.indices import run_up
from manias.spending.place import ai_path, cash_rows, path_rows, paying_path

FIVE = "five-builders"
NEAR = 0.25
"""A change of less than a quarter counts as near."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence of the answer, and the change that would turn it.

    Attributes
    ----------
    what, now, turns : str
        The sentence, what stands today, where it turns.
    change : float
        Part by which what is measured would have to change, all else as it is; NaN where the
        distance is a count of periods.
    far : str
        The same in words.
    told : str
        The first period that can tell.
    grade : str
    """

    what: str
    now: str
    turns: str
    change: float
    far: str
    told: str
    grade: str


@once
def turns() -> tuple[Turn, ...]:
    """All of them, in the order of the first page."""
    return (_size(brief()), _speed(), _cash(), _prices(), _explosive(), _payback())


def price_that_leaves(raw: float, net: float, threshold: float) -> float:
    """Change of a price after which a run-up no longer reaches a threshold.

    Parameters
    ----------
    raw, net : float
        Return over two years, by itself and beyond the market; decimals.
    threshold : float

    Returns
    -------
    float
        Change of the price today with the market as it is; 0 where it stands below already.

    Examples
    --------
    >>> round(price_that_leaves(1.0, 0.6, 0.5), 3)
    -0.05
    """
    least = max(threshold, threshold + raw - net)
    return min((1 + least) / (1 + raw) - 1, 0.0)


def _moves(change: float, up: Text, down: Text) -> Text:
    return up if change > 0 else down


def _size(found: Brief) -> Turn:
    ai = path("us-it-ai")
    change = found.peak / found.share - 1
    return Turn(
        Text(
            "Information technology takes {way:select down=a larger|other=no larger} share of "
            "GDP than at the dotcom peak",
            way="down" if change < 0 else "other",
        ),
        Text("{share}% of GDP", share=plain(found.share, 2)),
        Text("{peak}% of GDP", peak=plain(found.peak, 2)),
        change,
        Text(
            "{way:select down=a fall|other=a rise} of {part} against GDP",
            way="down" if change < 0 else "other",
            part=percent(abs(change)),
        ),
        Quarter(ai.values.dropna().index[-1] + 1),
        ai.grade,
    )


def _speed() -> Turn:
    five = ai_path(FIVE)
    base, now = float(five.share.iloc[-1 - 3 * five.steps]), float(five.share.iloc[-1])
    ahead = float(five.share.iloc[-1 - 2 * five.steps])
    change = 2 * base / now - 1
    return Turn(
        Text(
            "Five builders' spending {way:select down=more than doubled|other=did not double} "
            "against GDP in three years",
            way="down" if change < 0 else "other",
        ),
        Text("{share} of GDP in four quarters", share=percent(now, 2)),
        Text(
            "{now} today; {ahead} in {when}, three years after more had been spent",
            now=percent(2 * base, 2),
            ahead=percent(2 * ahead, 2),
            when=Quarter(five.last + five.steps),
        ),
        change,
        Text(
            "{way:select down=a fall|other=a rise} of {part} against GDP",
            way="down" if change < 0 else "other",
            part=percent(abs(change)),
        ),
        Quarter(five.last + 1),
        five.grade,
    )


def _cash() -> Turn:
    paid = paying_path(FIVE).dropna(subset=["ratio"])
    last = paid.iloc[-1]
    change = 1 / float(last["ratio"]) - 1
    return Turn(
        Text(
            "Five builders spend {way:select up=less|other=no less} than the cash from their "
            "operations",
            way="up" if change > 0 else "other",
        ),
        Text(
            "{ratio} times their cash, {alone} in the last quarter",
            ratio=plain(last["ratio"], 2),
            alone=plain(last["alone"], 2),
        ),
        Text("once their cash"),
        change,
        Text(
            "spending {way:select down=lower|other=higher} by {part}, with cash as it is",
            way="down" if change < 0 else "other",
            part=percent(abs(change)),
        ),
        Quarter(paid.index[-1] + 1),
        str(last["grade"]),
    )


def _prices() -> Turn:
    least = min(LadderModel().rungs)
    top = max(latest_indices().values(), key=lambda index: min(run_up(index)))
    raw, net = run_up(top)
    change = price_that_leaves(raw, net, least)
    below = float(top.levels.iloc[-1] / top.levels.max() - 1)
    return Turn(
        Text(
            "{way:select down=The strongest technology index has|other=No technology index "
            "has} risen by half in two years, also beyond the market",
            way="down" if change < 0 else "other",
        ),
        Text(
            "{name}: {raw}, and {net} beyond the market; {below} below its highest month",
            name=top.name,
            raw=percent(raw),
            net=percent(net),
            below=percent(-below),
        ),
        Text("{least}, also beyond the market", least=percent(least)),
        change,
        Text("a fall of {part} with the market as it is", part=percent(-change)),
        Month(top.last + 1),
        top.grade,
    )


def _explosive() -> Turn:
    spell, share = spells.last_of_share(), path("us-it-ai")
    left = max(spell.least - spell.n, 0)
    return Turn(
        Text(
            "{way:select none=No explosive|other=Explosive} growth of the share of information "
            "technology is dated",
            way="none" if left else "other",
        ),
        Text(
            "{n} quarters above the boundary",
            n=Word(spell.n),
        ),
        Text("{least} quarters in a row", least=Word(spell.least)),
        math.nan,
        Text("{left} more {left:plural one=quarter|other=quarters}", left=Word(left))
        if left
        else Text("reached"),
        Quarter(share.values.dropna().index[-1] + 1),
        share.grade,
    )


def _payback() -> Turn:
    ai = load_model("payback-ai")
    change = ai.ratio - 1
    return Turn(
        Text(
            "AI earns {way:select up=less than|other=what} would pay for it",
            way="up" if change > 0 else "other",
        ),
        Text("{ratio} times its revenue is required", ratio=plain(ai.ratio, 1)),
        Text("once its revenue"),
        change,
        Text(
            "revenue {way:select up=higher|other=lower} by {part}",
            way="up" if change > 0 else "other",
            part=percent(abs(change)),
        )
        if math.isnan(ai.growth_needed)
        else Text(
            "revenue {way:select up=higher|other=lower} by {part}; {growth} a year to {by}",
            way="up" if change > 0 else "other",
            part=percent(abs(change)),
            growth=percent(ai.growth_needed),
            by=COVER_BY,
        ),
        Quarter(ai_path(FIVE).last + 1),
        ai.provenance.grade,
    )


def _rests() -> Iterable[Rows]:
    yield from path_rows(FIVE)
    yield from cash_rows(FIVE)
    yield from latest(path("us-it-ai"))
    yield from highest(path("us-it-dotcom"))
    yield ends()
    yield listed(latest_indices())
    yield from central_rows()


@makes("exhibit", "turning-points")
def turning_table() -> Said:
    table = Table(
        caption=Text(
            "Where each sentence of the answer turns, all else as it is. Told by: the first "
            "period whose data can tell."
        ),
        columns=["Sentence", "Now", "Turns at", "How far", "Told by", "Grade"],
        widths=[2.1, 1.9, 1.7, 1.6, 0.85, 0.5],
        rows=[[t.what, t.now, t.turns, t.far, t.told, t.grade] for t in turns()],
    )
    return Said(table, [*_rests(), *spells.tested()], still=COUNTED)


@makes("sentence", "turning-finding")
def turning_finding() -> Said:
    known = sorted(
        (t for t in turns() if not math.isnan(t.change)), key=lambda t: abs(t.change)
    )
    near = [t for t in known if abs(t.change) < NEAR]
    text = Text(
        "Of the {n} sentences whose distance is a change of what is measured, {near} would "
        "turn on a change of less than a quarter; the nearest by {least}, the farthest by "
        "{most}",
        n=Word(len(known)),
        near=Word(len(near)),
        least=percent(abs(known[0].change)),
        most=percent(abs(known[-1].change)),
    )
    return Said(text, _rests(), still=COUNTED)
