"""The lens on payback: which revenue would pay."""

import math

from manias.answers.archive import load_model
from manias.data.library import once
from manias.language.numbers import percent, plain
from manias.lenses.payback import COVER_BY, PaybackResults
from manias.report.exhibits import Findings, makes
from manias.report.parts import _PAY


@once
def _payback(case: str) -> PaybackResults:
    return load_model(f"payback-{case}")


# ---- lens 5


@makes("sentence", "payback-finding", *_PAY)
def payback_finding(found: Findings) -> str:
    ai = _payback("ai")
    low, high = ai.ratio_range
    fields = {
        "required": plain(ai.required, 0),
        "ratio": plain(ai.ratio, 1),
        "low": plain(low, 1),
        "high": plain(high, 1),
    }
    if math.isnan(ai.growth_needed):
        return found.language.say(
            "At the central assumptions the spending asks for a revenue of {required} billion "
            "dollars a year, {ratio} times what there is (range {low} to {high}); no growth "
            "covers it",
            **fields,
        )
    return found.language.say(
        "At the central assumptions the spending asks for a revenue of {required} billion "
        "dollars a year, {ratio} times what there is (range {low} to {high}); revenue would "
        "have to grow by {growth} a year to cover it by {by}, if spending stayed where it is",
        **fields,
        growth=percent(ai.growth_needed),
        by=COVER_BY,
    )


@makes("sentence", "payback-railways", *_PAY)
def payback_railways(found: Findings) -> str:
    rail = _payback("uk-railways")
    low, high = rail.ratio_range
    fields = {
        "year": rail.as_of,
        "ratio": plain(rail.ratio, 2),
        "low": plain(low, 2),
        "high": plain(high, 2),
    }
    if rail.covered:
        return found.language.say(
            "British railways of {year} needed {ratio} times their receipts (range {low} to "
            "{high}) by the same equation, and earned the central return first in {covered} "
            "among the years with both figures",
            **fields,
            covered=rail.covered,
        )
    return found.language.say(
        "British railways of {year} needed {ratio} times their receipts (range {low} to "
        "{high}) by the same equation, and earned the central return in no year on record "
        "among the years with both figures",
        **fields,
    )


@makes("sentence", "payback-most", *_PAY)
def payback_most(found: Findings) -> str:
    rows = _payback("ai").sensitivities
    return found.language.listed(map(found.language.t, rows["what"].iloc[:3]))


@makes("exhibit", "payback-sensitivities", *_PAY)
def payback_table(found: Findings) -> dict:
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
                    f"{r.central:g} ({r.low:g} to {r.high:g}) {r.unit}",
                    plain(r.ratio_low, 2),
                    plain(results.ratio, 2),
                    plain(r.ratio_high, 2),
                    r.grade,
                ]
            )
    return {
        "caption": found.language.say(
            "Required over actual revenue when one assumption moves over its published range "
            "and the others stay; the most telling first. Assumptions that do not move the "
            "ratio are left out. Sources: row by row in the table of assumptions."
        ),
        "columns": [
            "Case",
            "Assumption",
            "Central (range)",
            "At low",
            "Central",
            "At high",
            "Grade",
        ],
        "widths": [0.9, 1.7, 2, 0.6, 0.7, 0.6, 0.5],
        "rows": rows,
    }  # fmt: skip


@makes("exhibit", "payback-path", *_PAY)
def payback_path(found: Findings) -> dict:
    rows = []
    for year, r in _payback("ai").path.loc[:2032].iterrows():
        columns = ("capex", "capital", "depreciation", "required", "revenue")
        cells = [plain(r[c], 0) for c in columns]
        rows.append([f"{year}{' (assumed)' if r['is_assumed'] else ''}", *cells])
    return {
        "caption": found.language.say(
            "Payback of AI at the central assumptions, billion dollars a year; capital at the "
            "average of the year. Years marked assumed keep spending at the level of the last "
            "four quarters and let revenue grow at its central rate: an illustration, no "
            "forecast."
        ),
        "columns": [
            "Year", "Spending counted as AI", "Capital not written off", "Depreciation",
            "Revenue that would pay", "Revenue",
        ],
        "widths": [1.2, 1.2, 1.2, 1, 1.2, 0.9],
        "rows": rows,
    }  # fmt: skip
