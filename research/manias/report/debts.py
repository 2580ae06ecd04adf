"""What AI builders owe and have raised, beside telecom carriers."""

from collections.abc import Iterable

from manias.data.library import load
from manias.data.rows import Rows, some
from manias.language.messages import Text, Word
from manias.language.numbers import percent, plain
from manias.record.companies import ai_builders
from manias.record.debts import (
    OWED,
    TELECOM,
    compare_debts,
    debt_rows,
    raised_rows,
)
from manias.record.financing import AI_WAVE
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.spending import HIGHEST_YEAR

ABOVE = "builders are counted by whether they owe more than a year of cash, not by how much"
"""Why one figure may not move the count."""


def _then() -> Rows:
    frame = load("financing").frame
    measures = (
        "capex",
        "operating_cash_flow",
        "free_cash_flow",
        "long_term_debt",
        "total_debt",
    )
    mine = (frame["wave"] == TELECOM) & frame["measure"].isin(measures)
    return some("financing", mine, f"{TELECOM}: spending, cash and debt")


def _rests() -> Iterable[Rows]:
    for company in ai_builders():
        yield from debt_rows(company)
    yield _then()


@makes("sentence", "debts-finding")
def debts_finding() -> Said:
    return Said(compare_debts().finding, _rests(), still=ABOVE)


@makes("exhibit", "debts")
def debts_figure() -> Said:
    found = compare_debts()

    def draw(language):
        from manias.figures.debts import plot_debts

        return plot_debts(found, language=language)

    now, then = found.wave(AI_WAVE), found.wave(TELECOM)
    whole = now[[f"{name}_years" for name in OWED]].sum(axis=1)
    picture = Picture(
        draw=draw,
        caption=Text(
            "Debt and leases over the cash from operations of the four quarters, or "
            "the year, to the date beside each name. The first figure is debt alone, "
            "the second all three. AI builders: borrowings due after a year, "
            "operating leases due after a year, and leases signed that have not "
            "begun (all payments of their whole lives, on no balance sheet), each as "
            "last on record. Carriers: long-term debt, or all debt where it says so, "
            "in the year of their highest spending; their leases are not on record. "
            "Purchase obligations are left out, for filings call different things so."
        ),
        alt=Text(
            "Bars in years of cash from operations. Debt of {n} AI builders: {low} to {high}; "
            "with leases, also those not begun, {least} to {most}. Debt of {m} telecom "
            "carriers: {then_low} to {then_high}.",
            n=Word(len(now)),
            low=plain(now["debt_years"].min()),
            high=plain(now["debt_years"].max()),
            least=plain(whole.min()),
            most=plain(whole.max()),
            m=Word(len(then)),
            then_low=plain(then["debt_years"].min()),
            then_high=plain(then["debt_years"].max()),
        ),
    )
    return Said(picture, _rests(), still=HIGHEST_YEAR)


@makes("exhibit", "raised")
def raised_table() -> Said:
    found = compare_debts()
    cash = found.companies.set_index("company")["cash"]
    table = Table(
        caption=Text(
            "Money from outside that AI builders took in, billion dollars, by the "
            "last day of the span. Beside it: its share of the cash from operations "
            "of the last four quarters to the date of their debt. A company or a "
            "span that is missing was not read, so that the rows are no totals."
        ),
        columns=["Company", "Kind", "To", "Amount", "Of a year of cash", "Span", "Grade"],
        widths=[1.1, 0.9, 0.9, 0.7, 1.0, 2.6, 0.5],
        rows=[
            [
                r.company,
                _KINDS[r.kind],
                str(r.as_of)[:10],
                Text("{amount:billion}", amount=plain(r.value, 1)),
                percent(r.value / cash[r.company]),
                r.note,
                r.grade,
            ]
            for r in found.raised.itertuples()
        ],
    )
    cash_rows = (
        rows
        for company in ai_builders()
        for rows in debt_rows(company)
        if rows.how in ("operating_cash_flow", "debt_without_leases")
    )
    return Said(
        table,
        raised_rows(),
        cash_rows,
        still="the last debt tells only to which date cash is counted",
    )


_KINDS = {"equity_raised": "shares", "debt_raised": "debt"}
