"""The lens on payback: which revenue would pay."""

import math
from dataclasses import replace

import pandas as pd

from manias.answers.archive import load_model
from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.language.messages import Listed, Text
from manias.language.names import PAYBACKS
from manias.language.numbers import percent, plain
from manias.lenses.payback import COVER_BY, PaybackResults
from manias.lenses.payback_cases import (
    GROWTHS,
    GUIDANCE,
    PUBLISHED,
    RUN_RATE,
    payback_bases,
    published_answers,
)
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import billions
from manias.series.trajectories import calendar_quarter

CASES = ("ai", "uk-railways", "us-telecom")
RANGE = "of the assumptions only those at the ends of the range show in it"
ROUNDED = "ratios are rounded, and years far from the one that is told weigh little"
YEARS = "one year is told, and the first that earned the return"


@once
def _payback(case: str) -> PaybackResults:
    return load_model(f"payback-{case}")


def rows_of(case: str) -> tuple[Rows, ...]:
    """What a solution and the ranges of its assumptions rest on."""
    return _payback(case).provenance.rows()


def central_rows() -> tuple[Rows, ...]:
    """What the central solution for AI rests on: spending from the first year that counts."""
    first = _payback("ai").path.index[0]
    return tuple(_since(part, first) for part in rows_of("ai"))


def _since(part: Rows, year: int) -> Rows:
    if part.dataset != "ai_capex":
        return part
    inside = calendar_quarter(part.frame["period_end"]).dt.year >= year
    return replace(part, frame=part.frame[inside], how=f"{part.how}, from {year}")


@makes("sentence", "payback-finding")
def payback_finding() -> Said:
    ai = _payback("ai")
    low, high = ai.ratio_range
    fields = {
        "required": plain(ai.required, 0),
        "ratio": plain(ai.ratio, 1),
        "low": plain(low, 1),
        "high": plain(high, 1),
    }
    if math.isnan(ai.growth_needed):
        text = Text(
            "At the central assumptions the spending pays only with a revenue of "
            "{required} billion dollars a year. That is {ratio} times the revenue "
            "there is; {low} to {high} times with one assumption at a time at an end "
            "of its range. No growth of revenue covers it",
            **fields,
        )
    else:
        text = Text(
            "At the central assumptions the spending pays only with a revenue of "
            "{required} billion dollars a year. That is {ratio} times the revenue "
            "there is; {low} to {high} times with one assumption at a time at an end "
            "of its range. If spending stayed where it is, revenue would have to "
            "grow by {growth} a year to cover it by {by}",
            **fields,
            growth=percent(ai.growth_needed),
            by=COVER_BY,
        )
    ends = ai.sensitivities[["ratio_low", "ratio_high"]]
    extreme = ai.sensitivities["assumption"][ends.isin([low, high]).any(axis=1)]
    rests = rows_of("ai") if "ai_first_year" in set(extreme) else central_rows()
    return Said(text, rests, still=RANGE)


@makes("sentence", "payback-railways")
def payback_railways() -> Said:
    rail = _payback("uk-railways")
    low, high = rail.ratio_range
    fields = {
        "year": rail.as_of,
        "ratio": plain(rail.ratio, 2),
        "low": plain(low, 2),
        "high": plain(high, 2),
    }
    if rail.covered:
        text = Text(
            "By the same equation British railways of {year} needed {ratio} times "
            "their receipts ({low} to {high} times with one assumption at a time). "
            "In the years with both figures they first earned the central return in "
            "{covered}",
            **fields,
            covered=rail.covered,
        )
    else:
        text = Text(
            "By the same equation British railways of {year} needed {ratio} times "
            "their receipts ({low} to {high} times with one assumption at a time). "
            "In no year with both figures did they earn the central return",
            **fields,
        )
    return Said(text, rows_of("uk-railways"), still=YEARS)


@makes("sentence", "payback-most")
def payback_most() -> Said:
    rows = _payback("ai").sensitivities
    still = "three assumptions are named by their order, not by their figures"
    return Said(Listed(rows["what"].iloc[:3]), rows_of("ai"), still=still)


@makes("exhibit", "payback-sensitivities")
def payback_table() -> Said:
    rows = []
    for case in CASES:
        results = _payback(case)
        for r in results.sensitivities.itertuples():
            if r.spread == 0:
                continue
            rows.append(
                [
                    PAYBACKS[case],
                    r.what,
                    _in_unit(r),
                    plain(r.ratio_low, 2),
                    plain(results.ratio, 2),
                    plain(r.ratio_high, 2),
                    r.grade,
                ]
            )
    table = Table(
        caption=Text(
            "Required over actual revenue when one assumption moves over its "
            "published range and the others stay, those that move it most first. "
            "Assumptions that do not move the ratio are left out. Sources: row by "
            "row in the table of assumptions."
        ),
        columns=[
            "Case",
            "Assumption",
            "Central (range)",
            "At low",
            "Central",
            "At high",
            "Grade",
        ],
        widths=[0.9, 1.7, 2, 0.6, 0.7, 0.6, 0.5],
        rows=rows,
    )
    return Said(table, *map(rows_of, CASES), still=ROUNDED)


@once
def _bases() -> pd.DataFrame:
    return payback_bases()


def _guided_year() -> str:
    frame = load("statements").frame.set_index("id")
    return str(frame.loc[GUIDANCE, "period"])


def _bases_rows() -> tuple[Rows, ...]:
    said = load("statements").frame["id"].isin([GUIDANCE, RUN_RATE])
    return (*rows_of("ai"), some("statements", said, "guidance, and the present rate"))


@makes("exhibit", "payback-bases")
def payback_bases_table() -> Said:
    rows = []
    for (_, _), group in _bases().groupby(["spending", "earning"], sort=False):
        still = group.iloc[0]
        rows.append(
            [
                still["spending"],
                still["earning"],
                *(billions(still[name], 0) for name in ("capex", "required", "revenue")),
                plain(still["ratio"], 2),
                *("–" if math.isnan(g) else percent(g) for g in group["growth_needed"]),
            ]
        )
    table = Table(
        caption=Text(
            "The same equation on other bases, billion dollars a year, central "
            "assumptions otherwise. Spending of the five (its part that is AI): the "
            "last four quarters, the latest quarter times four, and by the guidance "
            "of four companies for {year}, leases included where they include them, "
            "with the last four quarters of the fifth. Revenue: the last twelve "
            "months, and at the present rate. The last three columns: growth of "
            "revenue a year that covers what is required by {by}, where spending "
            "stays, or grows by {second} or {third} a year.",
            year=_guided_year(),
            by=COVER_BY,
            second=percent(GROWTHS[1]),
            third=percent(GROWTHS[2]),
        ),
        columns=[
            "Spending",
            "Revenue of",
            "AI part",
            "Required",
            "Revenue",
            "Ratio",
            *(Text("Needed at {growth}", growth=percent(g)) for g in GROWTHS),
        ],
        widths=[1.7, 1.2, 0.7, 0.8, 0.75, 0.6, 0.75, 0.8, 0.8],
        rows=rows,
    )
    return Said(table, _bases_rows(), still=ROUNDED)


@makes("sentence", "payback-bases")
def payback_bases_range() -> Said:
    bases = _bases()
    level = bases[bases["growth"] == 0]
    least, most = (
        level.loc[pick] for pick in (level["ratio"].idxmin(), level["ratio"].idxmax())
    )
    text = Text(
        "On other bases the ratio lies between {least} and {most}. The least takes "
        "spending of the {low_spending} and revenue of the {low_earning}. The most "
        "takes {high_spending} and {high_earning}",
        least=plain(least["ratio"], 1),
        low_spending=least["spending"],
        low_earning=least["earning"],
        most=plain(most["ratio"], 1),
        high_spending=most["spending"],
        high_earning=most["earning"],
    )
    return Said(text, _bases_rows(), still=ROUNDED)


@makes("exhibit", "payback-published")
def payback_published_table() -> Said:
    rows = [
        [
            a.as_of,
            a.what.removeprefix("published answer: "),
            billions(a.required, 0),
            a.note.removeprefix("for comparison, not an input; "),
            a.grade,
        ]
        for a in published_answers()
    ]
    bases = _bases()
    ours = bases[bases["growth"] == 0].drop_duplicates("spending")
    rows += [
        [
            str(_payback("ai").as_of),
            Text("this report: {spending}", spending=r.spending),
            billions(r.required, 0),
            "depreciation, the return on what is not written off, and operating cost",
            _payback("ai").grade,
        ]
        for r in ours.itertuples()
    ]
    table = Table(
        caption=Text(
            "Published answers to the question which revenue a year would pay for "
            "AI, beside ours, billion dollars. They count different spending over "
            "different years, and none of them enters a solution."
        ),
        columns=["As of", "Answer", "Required", "What it counts", "Grade"],
        widths=[0.9, 2.6, 0.8, 2.4, 0.6],
        rows=rows,
    )
    listed = load("assumptions").frame["id"].str.startswith(PUBLISHED)
    told = some("assumptions", listed, "published answers")
    return Said(table, told, _bases_rows(), still=ROUNDED)


def _in_unit(row) -> Text:
    """An assumption with its range; a unit has its own place in each language."""
    template = "{value} ({low} to {high}) " + row.unit
    figures = {"value": row.central, "low": row.low, "high": row.high}
    return Text(template, **{name: f"{figure:g}" for name, figure in figures.items()})


@makes("exhibit", "payback-path")
def payback_path() -> Said:
    rows = []
    for year, r in _payback("ai").path.loc[:2032].iterrows():
        columns = ("capex", "capital", "depreciation", "required", "revenue")
        head = Text("{year} (assumed)", year=year) if r["is_assumed"] else str(year)
        rows.append([head, *(billions(r[c], 0) for c in columns)])
    table = Table(
        caption=Text(
            "Payback of AI at the central assumptions, billion dollars a year; "
            "capital at the average of the year. The last year without “assumed” is the "
            "last four quarters on record. Years marked assumed keep spending at "
            "the level of the last four quarters and let revenue grow at its central "
            "rate: an illustration, no forecast."
        ),
        columns=[
            "Year",
            "Spending counted as AI",
            "Capital not written off",
            "Depreciation",
            "Revenue that would pay",
            "Revenue",
        ],
        widths=[1.2, 1.2, 1.2, 1, 1.2, 0.9],
        rows=rows,
    )
    return Said(table, central_rows())
