"""Whether the share of AI spending grows explosively now, and how often that is chance."""

from collections.abc import Iterable

import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.explosive.dating import date_series
from manias.explosive.spells import LastSpell, last_spell
from manias.language.messages import Joined, Listed, Text
from manias.language.numbers import percent, plain
from manias.report.dating import Dated, behind_tests, own_series, shipped_length
from manias.report.exhibits import Picture, Said, makes

KEY = "it-share"
"""The series that stands for spending on AI among those that are tested."""
_KINDS = {
    "random walk": "walk",
    "walk with drift": "drift",
    "variance break": "break",
    "technology": "prices",
    "technology share": "shares",
}
"""Which word the sentence takes for a simulated process."""


@once
def _share() -> Dated:
    name, unit, values = own_series()[KEY]
    cut = shipped_length(values)
    return Dated(KEY, name, unit, cut, date_series(cut))


def last_of_share() -> LastSpell:
    """The spell above the boundary in which the share of information technology ends."""
    return last_spell(_share().dated)


def _used() -> pd.Series:
    """Rows of simulated series without anything to find, of the lengths nearest to ours."""
    frame = load("size_power").frame
    defaults = frame["case"] == "defaults"
    n = len(_share().values)
    sizes = sorted(set(frame.loc[defaults, "n"]))
    near = {max((s for s in sizes if s <= n), default=sizes[0])}
    near.add(min((s for s in sizes if s >= n), default=sizes[-1]))
    null = frame["is_null"].astype(bool) & (frame["critical"] == "monte carlo")
    return defaults & null & frame["n"].isin(near)


def tested() -> Iterable[Rows]:
    """Rows behind the test of the share."""
    return behind_tests([_share()])


def rests() -> Iterable[Rows]:
    """Rows behind the test of the share, and behind its false alarms."""
    yield from tested()
    yield some("size_power", _used(), "nothing to find, Monte Carlo values, nearest lengths")


@makes("sentence", "spell-finding")
def spell_finding() -> Said:
    rows = load("size_power").frame[_used()]
    parts = [
        Text(
            "{low} to {high} of {process:select walk=random walks|drift=walks with drift|"
            "break=walks whose variance breaks|prices=prices under which a technology raises "
            "what firms earn|shares=shares of income that a technology raises|other=others}",
            low=percent(group["gsadf"].min(), 1),
            high=percent(group["gsadf"].max(), 1),
            process=_KINDS.get(process, "other"),
        )
        for process, group in rows.groupby("process", sort=False)
    ]
    text = Text(
        "{name} (share of GDP): {finding}. On simulated series of {sizes} periods "
        "without a bubble the same test rejects in {parts}",
        name=_share().name,
        finding=last_of_share().finding,
        parts=Listed(parts, clauses=True),
        sizes=Listed(str(n) for n in sorted(set(rows["n"]))),
    )
    return Said(text, rests())


@makes("exhibit", "share-spell")
def spell_figure() -> Said:
    share = _share()
    alarms = load("size_power").frame.loc[_used(), ["process", "n", "gsadf"]]
    grade = load("us_it_investment").grade

    def draw(language):
        from manias.figures.spells import plot_last_spell

        return plot_last_spell(
            share.values,
            share.dated,
            alarms,
            name=share.name,
            unit=share.unit,
            grade=grade,
            language=language,
        )

    spell = last_of_share()
    alarm = [
        Text("{process} {share}", process=process, share=percent(group["gsadf"].max()))
        for process, group in alarms.groupby("process", sort=False)
    ]
    picture = Picture(
        draw=draw,
        caption=Text(
            "{name}, percent of GDP; the statistic of windows that end in each "
            "quarter, with its boundary; and how often the same test rejects on "
            "simulated series without a bubble. All information processing equipment "
            "and software is in the share, not AI alone.",
            name=share.name,
        ),
        alt=Text(
            "Three panels. {name} reaches {value} percent of GDP in {last}. The statistic "
            "there is {stat}, its boundary {boundary}: {finding}. False alarms: {alarms}.",
            name=share.name,
            value=plain(float(share.values.iloc[-1]), 2),
            last=spell.last,
            stat=plain(spell.stat, 2),
            boundary=plain(spell.boundary, 2),
            finding=spell.finding,
            alarms=Joined("; ", alarm),
        ),
    )
    return Said(picture, rests())
