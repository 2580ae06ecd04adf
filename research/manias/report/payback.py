"""The lens on payback: which revenue would pay."""

import math

from manias.answers.archive import load_model
from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.language.messages import Listed, Text
from manias.language.numbers import percent, plain
from manias.lenses.payback import COVER_BY, PaybackResults, assumptions_used, builders
from manias.report.exhibits import Said, Table, makes
from manias.series.trajectories import column_rows


@once
def _payback(case: str) -> PaybackResults:
    return load_model(f"payback-{case}")


def assumed(*cases: str) -> Rows:
    """Assumptions of some cases."""
    ids = load("assumptions").frame["id"]
    used = {key for case in cases for key in assumptions_used(case)}
    return some("assumptions", ids.isin(used), ", ".join(cases))


def paid(case: str, *series: str) -> Rows:
    """Receipts, revenue or capital of a case."""
    frame = load("payback").frame
    mine = (frame["case"] == case) & frame["series"].isin(series)
    return some("payback", mine, f"{case}: {', '.join(series)}")


def ai_rows() -> tuple[Rows, ...]:
    """What the payback of AI rests on."""
    spent = column_rows("ai_capex", "capex", members=builders())
    return (
        assumed("ai"),
        some("ai_capex", spent.index, f"capex of {builders().replace(';', ', ')}"),
    )


def railway_rows() -> tuple[Rows, ...]:
    """What the payback of British railways rests on."""
    return assumed("uk-railways"), paid("uk-railways", "paid_up_capital", "gross_receipts")


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
    return Said(text, ai_rows())


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
    return Said(text, railway_rows())


@makes("sentence", "payback-most")
def payback_most() -> Said:
    rows = _payback("ai").sensitivities
    return Said(Listed(rows["what"].iloc[:3]), ai_rows())


@makes("exhibit", "payback-sensitivities")
def payback_table() -> Said:
    rows = []
    for case in ("ai", "uk-railways", "us-telecom"):
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
    telecom = assumed("us-telecom"), paid("us-telecom", "revenue_fcc")
    return Said(table, ai_rows(), railway_rows(), telecom)


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
    return Said(table, ai_rows())
