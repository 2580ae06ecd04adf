"""The lens on payback: which revenue would pay."""

import math
from dataclasses import replace

from manias.answers.archive import load_model
from manias.data.library import once
from manias.data.rows import Rows
from manias.language.messages import Listed, Text
from manias.language.numbers import percent, plain
from manias.lenses.payback import COVER_BY, PaybackResults
from manias.report.exhibits import Said, Table, makes
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
            "At the central assumptions the spending asks for a revenue of {required} billion "
            "dollars a year, {ratio} times what there is (range {low} to {high}); no growth "
            "covers it",
            **fields,
        )
    else:
        text = Text(
            "At the central assumptions the spending asks for a revenue of {required} billion "
            "dollars a year, {ratio} times what there is (range {low} to {high}); revenue "
            "would have to grow by {growth} a year to cover it by {by}, if spending stayed "
            "where it is",
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
            "British railways of {year} needed {ratio} times their receipts (range {low} to "
            "{high}) by the same equation, and earned the central return first in {covered} "
            "among the years with both figures",
            **fields,
            covered=rail.covered,
        )
    else:
        text = Text(
            "British railways of {year} needed {ratio} times their receipts (range {low} to "
            "{high}) by the same equation, and earned the central return in no year on record "
            "among the years with both figures",
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
                    case,
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
            "Required over actual revenue when one assumption moves over its published range "
            "and the others stay; the most telling first. Assumptions that do not move the "
            "ratio are left out. Sources: row by row in the table of assumptions."
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
        rows.append([head, *(plain(r[c], 0) for c in columns)])
    table = Table(
        caption=Text(
            "Payback of AI at the central assumptions, billion dollars a year; capital at the "
            "average of the year. Years marked assumed keep spending at the level of the last "
            "four quarters and let revenue grow at its central rate: an illustration, no "
            "forecast."
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
