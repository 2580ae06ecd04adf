"""Company facts of the US Securities and Exchange Commission, quarter by quarter.

A response holds every number that a company has tagged in its filings: flows of a quarter, of a
year, and since the start of the year, as first filed and as restated, each with its filing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from manias.data.arguments import checked
from manias.errors import DataError

TAGS: Mapping[str, tuple[str, ...]] = {
    "capex": (
        "PaymentsToAcquirePropertyPlantAndEquipment",
        "PaymentsToAcquireProductiveAssets",
    ),
    "operating_cash_flow": ("NetCashProvidedByUsedInOperatingActivities",),
    "revenue": ("Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"),
    "depreciation_amortization": (
        "DepreciationDepletionAndAmortization",
        "DepreciationAmortizationAndAccretionNet",
    ),
    "depreciation": ("Depreciation",),
    "finance_lease_principal": ("FinanceLeasePrincipalPayments",),
    "debt_without_leases": ("LongTermDebtNoncurrent",),
    "debt_current": ("DebtCurrent",),
    "debt_current_notes": ("LongTermDebtCurrent",),
    "commercial_paper": ("CommercialPaper",),
    "leases": ("OperatingLeaseLiabilityNoncurrent",),
    "finance_leases": ("FinanceLeaseLiability",),
    "remaining_performance_obligation": ("RevenueRemainingPerformanceObligation",),
}
"""Tags of a measure, of one definition; where two hold the same period the first counts."""
STOCKS = frozenset(
    {
        "debt_without_leases",
        "debt_current",
        "debt_current_notes",
        "debt_principal",
        "commercial_paper",
        "leases",
        "finance_leases",
        "remaining_performance_obligation",
    }
)
"""Measures of a day; the others are flows."""
SIGNED = frozenset({"operating_cash_flow"})
"""Measures that can be negative."""
QUARTER = (80, 100)
"""Days of a quarter of 12, 13 or 14 weeks."""
WHOLE_QUARTERS = (QUARTER, (170, 195), (260, 285), (350, 380))
"""Days of one to four quarters."""
COLUMNS = ["measure", "period_end", "value", "published", "tag", "filing", "note"]
BILLION = 1e9
ROUNDING = 0.0015
"""Billions by which two copies of one number may differ: both are rounded to a million."""
DIFFERENCE = "difference of cumulative figures"
Fact = Mapping[str, Any]
Spans = dict[tuple[str, str], list[Fact]]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What a response holds.

    Attributes
    ----------
    rows : pandas.DataFrame
        As `read_company_facts` gives them.
    filings : frozenset of (str, str)
        Tags and accession numbers of all facts in US dollars.
    said : tuple of str
        Facts that were left out, and why, a line each.
    """

    rows: pd.DataFrame
    filings: frozenset[tuple[str, str]]
    said: tuple[str, ...]


@checked
def read_company_facts(response: Mapping[str, Any]) -> pd.DataFrame:
    """Quarters of a company from a response of the SEC, as first filed.

    Parameters
    ----------
    response : mapping
        A parsed response of ``data.sec.gov/api/xbrl/companyfacts``, whole or trimmed to some
        tags.

    Returns
    -------
    pandas.DataFrame
        A row a measure and fiscal quarter, in their order: ``measure`` (a key of `TAGS`),
        ``period_end`` (YYYY-MM-DD), ``value`` (billion US dollars, to a million),
        ``published`` (day of the first filing that lets it be told), ``tag``, ``filing``
        (accession number) and ``note``: which difference it is, and what a later filing says
        where that is another number.

    Raises
    ------
    DataError
        If the response holds no fact of any of the tags in US dollars, or a fact has no day,
        number or filing.

    Notes
    -----
    A flow of a quarter is the fact of that quarter or, where only flows since the start of
    the fiscal year are filed, the difference of two of one tag that start on the same day and
    end a quarter apart. Stocks are those of the last day of a quarter. A number that was
    restated stays as first filed, since that is what was known. Left out are facts filed
    before their period ends, a quarter that holds the sum of a longer period, stocks of other
    days, payments below zero, and what one filing gives twice, differently.

    References
    ----------
    US Securities and Exchange Commission, EDGAR application programming interfaces,
    ``companyfacts``.

    Examples
    --------
    >>> def flow(start, end, value, filed):
    ...     return {"start": start, "end": end, "val": value, "filed": filed, "accn": "1-2"}
    >>> facts = [
    ...     flow("2024-01-01", "2024-03-31", 5e9, "2024-04-30"),
    ...     flow("2024-01-01", "2024-06-30", 12e9, "2024-07-30"),
    ... ]
    >>> tag = "PaymentsToAcquireProductiveAssets"
    >>> response = {"facts": {"us-gaap": {tag: {"units": {"USD": facts}}}}}
    >>> read_company_facts(response)[["period_end", "value", "published"]].values.tolist()
    [['2024-03-31', 5.0, '2024-04-30'], ['2024-06-30', 7.0, '2024-07-30']]
    """
    return facts_of(response).rows


def facts_of(response: Mapping[str, Any], tags: Mapping[str, Sequence[str]] = TAGS) -> Facts:
    """Quarters of a company, the filings they are from, and what was left out.

    Parameters
    ----------
    response : mapping
    tags : mapping of str to sequence of str
        As `TAGS`.

    Returns
    -------
    Facts

    Raises
    ------
    DataError
        As `read_company_facts`.

    Examples
    --------
    >>> day = {"end": "2024-03-31", "val": 5e9, "filed": "2024-04-30", "accn": "1-2"}
    >>> tag = "LongTermDebtNoncurrent"
    >>> facts_of({"facts": {"us-gaap": {tag: {"units": {"USD": [day]}}}}}).filings
    frozenset({('LongTermDebtNoncurrent', '1-2')})
    """
    tagged = response.get("facts", {}).get("us-gaap", {})
    known = {tag: _dollars(tag, tagged) for one in tags.values() for tag in one}
    ends = _quarter_ends(tagged)
    rows: list[dict[str, Any]] = []
    said: list[str] = []
    for measure, names in tags.items():
        spans = {
            tag: _spans(tag, _of_measure(measure, tag, known[tag], ends, said), said)
            for tag in names
        }
        found: dict[str, dict[str, Any]] = {}
        for tag in names:
            for row in _told(measure, tag, spans, said):
                other = found.get(row["period_end"])
                if other is None or _is_told_before(row, other):
                    found[row["period_end"]] = {"measure": measure, "tag": tag, **row}
        rows += _apart(measure, [found[end] for end in sorted(found)], said)
    if not rows:
        name = response.get("entityName", "company facts")
        raise DataError(f"{name}: no fact in US dollars of {', '.join(tags)}")
    return Facts(
        rows=pd.DataFrame(rows, columns=COLUMNS),
        filings=frozenset((tag, f["accn"]) for tag, facts in known.items() for f in facts),
        said=tuple(said),
    )


def _dollars(tag: str, tagged: Mapping[str, Any]) -> list[Fact]:
    """Facts of a tag in US dollars, each looked at, by day of filing."""
    facts = tagged.get(tag, {}).get("units", {}).get("USD", [])
    for number, fact in enumerate(facts, start=1):
        for field in ("start", "end", "filed"):
            if not _is_day(fact.get(field, "" if field != "start" else "2000-01-01")):
                raise DataError(
                    f"{tag}, fact {number}, {field}: {fact.get(field)!r}; expected YYYY-MM-DD"
                )
        value = fact.get("val")
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            raise DataError(f"{tag}, fact {number}, val: {value!r}; expected a number")
        if not isinstance(fact.get("accn"), str):
            raise DataError(
                f"{tag}, fact {number}, accn: {fact.get('accn')!r}; expected that of a filing"
            )
    told = [f for f in facts if f.get("val") is not None]
    return sorted(told, key=lambda f: (f["filed"], f["accn"]))


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _quarter_ends(tagged: Mapping[str, Any]) -> frozenset[str]:
    """Days on which a flow of whole quarters ends or before which it starts, of any tag."""
    spans = {
        (fact["start"], fact["end"])
        for tag in tagged.values()
        for fact in tag.get("units", {}).get("USD", [])
        if _is_day(fact.get("start")) and _is_day(fact.get("end"))
    }
    whole = [
        span for span in spans if any(a <= _days(*span) + 1 <= b for a, b in WHOLE_QUARTERS)
    ]
    eves = {str(date.fromisoformat(start) - timedelta(days=1)) for start, _ in whole}
    return frozenset(eves | {end for _, end in whole})


def _of_measure(
    measure: str, tag: str, facts: Sequence[Fact], ends: frozenset[str], said: list[str]
) -> list[Fact]:
    """Facts that can be of a measure: of its kind, filed when told, of a quarter's end."""
    is_stock = measure in STOCKS
    facts = [f for f in facts if ("start" not in f) == is_stock]
    facts = _parted(tag, facts, lambda f: f["filed"] >= f["end"], "filed before it ended", said)
    if is_stock and ends:
        facts = _parted(tag, facts, lambda f: f["end"] in ends, "no quarter ends then", said)
    return facts


def _told(
    measure: str, tag: str, spans: Mapping[str, Spans], said: list[str]
) -> list[dict[str, Any]]:
    """Rows of one tag: the quarters that its facts tell."""
    if measure in STOCKS:
        rows = [_row(end, filed, []) for (_, end), filed in spans[tag].items()]
    else:
        rows = _flows(_rightly_dated(measure, tag, spans, said))
    if measure in SIGNED:
        return rows
    for row in rows:
        if row["value"] < 0:
            said.append(f"{tag} {row['period_end']}: {row['value']:.3f}, below zero; left out")
    return [row for row in rows if row["value"] >= 0]


def _parted(tag: str, facts: Iterable[Fact], is_kept, why: str, said: list[str]) -> list[Fact]:
    """The facts that are kept; of the others, their days are said."""
    kept: list[Fact] = []
    days: set[str] = set()
    for fact in facts:
        if is_kept(fact):
            kept.append(fact)
        else:
            days.add(fact["end"])
    if days:
        some = ", ".join(sorted(days)[-3:])
        more = f" and {len(days) - 3} more" if len(days) > 3 else ""
        said.append(f"{tag} {some}{more}: {why}; left out")
    return kept


def _spans(tag: str, facts: Sequence[Fact], said: list[str]) -> Spans:
    """Facts by period, one a filing, in the order of filing."""
    filings: dict[tuple[str, str, str, str], list[Fact]] = {}
    for fact in facts:
        key = (fact.get("start", ""), fact["end"], fact["accn"], fact["filed"])
        filings.setdefault(key, []).append(fact)
    spans: Spans = {}
    for (start, end, accn, _), copies in filings.items():
        finest = min(copies, key=lambda f: _grain(f["val"]))
        if any(abs(f["val"] - finest["val"]) > _grain(f["val"]) / 2 for f in copies):
            values = " and ".join(f"{f['val'] / BILLION:.3f}" for f in copies)
            said.append(f"{tag} {end}: {values} in one filing, {accn}; left out")
        else:
            spans.setdefault((start, end), []).append(finest)
    return spans


def _grain(value: float) -> float:
    """The power of ten to which a number seems to be rounded, a billion at most."""
    grain = 1.0
    while grain < BILLION and value % (grain * 10) == 0:
        grain *= 10
    return grain


def _rightly_dated(
    measure: str, tag: str, spans: Mapping[str, Spans], said: list[str]
) -> Spans:
    """Without quarters that hold the sum of a longer period that ends with them.

    A sum that is less than one of its parts is itself wrong and proves nothing.
    """
    kept: Spans = {}
    for (start, end), facts in spans[tag].items():
        longer = [
            (begun, fact["val"], other)
            for other in spans.values()
            for (begun, ended), filed in other.items()
            if ended == end and begun < start
            for fact in filed
            if measure in SIGNED or fact["val"] >= _largest_before(other, begun, end)
        ]
        for fact in facts:
            value = fact["val"]
            is_sum = (
                value != 0
                and _is_quarter(start, end, inclusive=True)
                and any(
                    value == whole or (measure not in SIGNED and 0 < whole < value)
                    for _, whole, _ in longer
                )
                and not any(
                    value == whole - before
                    for begun, whole, other in longer
                    for before in _before(other, begun, end)
                )
            )
            if is_sum:
                said.append(
                    f"{tag} {end}: {value / BILLION:.3f} in {fact['accn']}, the sum of a "
                    "longer period with the dates of a quarter; left out"
                )
            else:
                kept.setdefault((start, end), []).append(fact)
    return kept


def _largest_before(spans: Spans, start: str, end: str) -> float:
    """The largest sum since a day to an earlier one than another."""
    return max(
        (
            fact["val"]
            for (begun, ended), facts in spans.items()
            if begun == start and ended < end
            for fact in facts
        ),
        default=0.0,
    )


def _before(spans: Spans, start: str, end: str) -> list[float]:
    """Sums since a day, up to a quarter before another."""
    return [
        fact["val"]
        for (begun, ended), facts in spans.items()
        if begun == start and ended < end and _is_quarter(ended, end)
        for fact in facts
    ]


def _flows(spans: Spans) -> list[dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for (start, end), filed in spans.items():
        if _is_quarter(start, end, inclusive=True):
            told.setdefault(end, _row(end, filed, []))
    for (start, end), filed in spans.items():
        if end in told:
            continue
        shorter = [
            earlier
            for (begun, ended), earlier in spans.items()
            if begun == start and ended < end and _is_quarter(ended, end)
        ]
        if shorter:
            told[end] = _row(end, filed, shorter[0])
    return list(told.values())


def _row(end: str, whole: Sequence[Fact], less: Sequence[Fact]) -> dict[str, Any]:
    """A quarter: as first filed, and what later filings made of it.

    A sum that was restated is set only against one that was filed again since it last stood
    as before: else the difference would be of two definitions.
    """
    value = whole[0]["val"] - (less[0]["val"] if less else 0)
    notes = [DIFFERENCE] if less else []
    before = [f for f in whole if f["val"] != whole[-1]["val"]]
    is_alone = bool(less) and bool(before) and less[-1]["filed"] <= before[-1]["filed"]
    latest = before[-1] if is_alone else whole[-1]
    revised = latest["val"] - (less[-1]["val"] if less else 0)
    if abs(revised - value) > ROUNDING * BILLION:
        last = max(f["filed"] for f in (latest, *less[-1:]))
        notes.append(f"restated as {revised / BILLION:.3f} in a filing of {last}")
    first = max([whole[0], *less[:1]], key=lambda f: f["filed"])
    return {
        "period_end": end,
        "value": round(value / BILLION, 3),
        "published": first["filed"],
        "filing": first["accn"],
        "note": "; ".join(notes),
    }


def _is_told_before(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether another tag gives the same number in an earlier filing."""
    same = abs(row["value"] - other["value"]) <= ROUNDING
    return same and row["published"] < other["published"]


def _apart(
    measure: str, rows: Sequence[dict[str, Any]], said: list[str]
) -> list[dict[str, Any]]:
    """Quarters that do not overlap; of two that do, the one that was filed first."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        if kept and _days(kept[-1]["period_end"], row["period_end"]) < QUARTER[0]:
            early, late = sorted((kept.pop(), row), key=lambda r: r["published"])
            said.append(
                f"{measure} {late['period_end']}: overlaps the quarter to "
                f"{early['period_end']}, which was filed first; left out"
            )
            row = early
        kept.append(row)
    return kept


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _is_quarter(start: str, end: str, *, inclusive: bool = False) -> bool:
    return QUARTER[0] <= _days(start, end) + inclusive <= QUARTER[1]
