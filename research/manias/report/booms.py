"""What builders of booms spent, over GDP: at the same age, at the highest, and after."""

from collections.abc import Iterable

from manias.data.rows import Rows
from manias.language.messages import Text, Word
from manias.language.numbers import percent, plain
from manias.report.exhibits import Picture, Said, Table, makes
from manias.spending.compared import (
    AGES,
    BEFORE,
    CASES,
    HORIZON,
    LOW,
    SHOWN,
    ComparedBoom,
    compare_booms,
    compared_rows,
)

NEWEST = ("ai-five-last-year", "ai-five-now")
"""Cases of AI that stand beside its whole years."""
BETWEEN = "highest and lowest are sought among rows that are not told one by one"
"""Why one row behind a comparison may not move it."""


def _behind(cases: Iterable[str], *, aged: bool = False) -> Iterable[Rows]:
    for case in cases:
        yield from compared_rows(case, aged=aged)


@makes("sentence", "booms-at-age")
def booms_at_age() -> Said:
    return Said(compare_booms().at_age, _behind(SHOWN, aged=True), still=BETWEEN)


@makes("sentence", "booms-after")
def booms_after() -> Said:
    found = compare_booms()
    fell = [one.key for one in found.cases if one.builders and one.is_peak]
    return Said(found.after, _behind((*fell, *NEWEST)), still=BETWEEN)


@makes("exhibit", "booms-by-age")
def booms_by_age() -> Said:
    found = compare_booms()

    def draw(language):
        from manias.figures.booms import plot_booms

        return plot_booms(found, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "What builders spent, percent of GDP (of GNP for US railroads), by years "
            "since the onset. Each line is one definition, and none is continued by "
            "another. Dashed: over estimates of GNP. Onsets of British railways, "
            "telecom (that of the dotcom years) and AI are dated by sources. A boom "
            "of US railroads starts in the year of least spending among the {before} "
            "before its highest, by our rule (grade J). Lone marks: the last four "
            "quarters of AI, and, open, its newest quarter at an annual rate.",
            before=Word(BEFORE),
        ),
        alt=Text(
            "Lines from {low} years before the onset to {high} after it. {said}.",
            low=Word(-AGES[0]),
            high=Word(AGES[1]),
            said=found.at_age,
        ),
    )
    return Said(picture, _behind((*SHOWN, *NEWEST), aged=True), still=BETWEEN)


@makes("exhibit", "booms-in-money")
def booms_table() -> Said:
    found = compare_booms()
    table = Table(
        caption=Text(
            "Booms like for like: the highest spending on record in money and over "
            "GDP, the share at the age of the AI years ({age}), and the lowest "
            "spending in money within {n} years after the highest, against it. Rows "
            "of one boom are other definitions of it, not to be added up. An "
            "asterisk: not builders, but all buyers. A dagger: no source dates an "
            "onset, and the year of least spending among the {before} before stands "
            "for it (grade J). A dash: not on record, or not all of the years after, "
            "so that no peak is claimed. Money in millions.",
            age=found.age,
            n=Word(HORIZON),
            before=Word(BEFORE),
        ),
        columns=[
            "Boom",
            "Onset",
            "At that age",
            "Highest",
            "In",
            "Money",
            "Lowest after",
            "Grade",
        ],
        widths=[2.6, 0.8, 0.8, 0.75, 1.25, 1.25, 1.6, 0.5],
        rows=[_line(one) for one in found.cases],
    )
    return Said(table, _behind(case.key for case in CASES), still=BETWEEN)


def _line(one: ComparedBoom) -> list[object]:
    dagger = f"{one.onset} †" if one.onset_from == LOW else one.onset
    fall = Text("{fall} in {year}", fall=percent(one.fall), year=one.fall_year)
    return [
        one.name if one.builders else Text("{name} *", name=one.name),
        dagger or "–",
        _share(one.share_at_age),
        _share(one.high_share),
        one.high_year,
        Text(
            "{currency} {amount:million}",
            currency=one.unit.split()[1],
            amount=plain(one.high_value, 1 if one.high_value < 100 else 0),
        ),
        fall if one.is_peak else "–",
        one.grade,
    ]


def _share(value: float) -> str:
    return "–" if value != value else f"{plain(value, 2)}%"


@makes("sentence", "booms-definitions")
def booms_definitions() -> Said:
    found = compare_booms()
    telecom = [one for one in found.cases if one.boom == "us-telecom"]
    shares = [one.high_share for one in telecom]
    text = Text(
        "What is counted matters. US telecom at its highest on record took {low} to "
        "{high}% of GDP by {n} definitions. British railways took {without}%, or "
        "{ireland}% with all Ireland in GDP",
        low=plain(min(shares), 2),
        high=plain(max(shares), 2),
        n=Word(len(shares)),
        without=plain(found.case("uk-railways").high_share, 2),
        ireland=plain(found.case("uk-ireland").high_share, 2),
    )
    keys = (*(one.key for one in telecom), "uk-railways", "uk-ireland")
    return Said(text, _behind(keys), still=BETWEEN)
