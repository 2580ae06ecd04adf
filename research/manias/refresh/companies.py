"""AI companies: company facts of the SEC, merged into the quarters that are on record."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from manias import documents
from manias.data.sources import SCHEMA
from manias.errors import DataError, InputError
from manias.refresh.company_facts import (
    DIFFERENCE,
    QUARTER,
    ROUNDING,
    TAGS,
    Facts,
    facts_of,
)
from manias.refresh.feed import Feed, Original, Present, Staged, text_of

DATASET = "ai_capex"
FIRST = "2019"
"""Year of the first quarter that the table takes."""
KEY = ["company", "measure", "period_end"]
COLUMNS = [*KEY, "value", "unit", "published", "source", "locator", "grade", "note"]
OWN_TAGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "CoreWeave": {
        "debt_current": ("LongTermDebtCurrent",),
        "debt_current_notes": (),
        "debt_principal": ("DebtInstrumentCarryingAmount",),
    },
    "Oracle": {"debt_current": ("NotesPayableCurrent",)},
}
"""Where the balance sheet of a company has a line of a measure under another tag."""
LINES = {
    ("CoreWeave", "debt_current"): "line of the balance sheet: all debt due within a year",
    ("Oracle", "debt_current"): (
        "line of the balance sheet: notes payable and other borrowings, current"
    ),
}
"""What such a line holds, for the note."""
SUMS = {"Meta": ("capex_incl_finance_lease_principal", "capex", "finance_lease_principal")}
"""Definitions of a company that are the sum of two measures."""
PARTS_OF_SUMS = frozenset({"finance_lease_principal"})
"""Measures that are no rows of the table by themselves."""
AS_RESTATED = "as restated"
"""In a note: the row keeps a restated number on purpose."""
CHANGED = "source changes here"
SAME = "the same definition"
UNTAGGED = "TSMC: files 20-F and 6-K, no company facts under US-GAAP; its rows stay as they are"
_CIK = re.compile(r"\"cik\"\s*:\s*\"?0*(\d+)\"?")
_FILING = re.compile(r"us-gaap:(\w+).*, filing (\d{10}-\d\d-\d{6})")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_RESTATED = re.compile(r"restated as (-?\d+\.\d+) in a filing of (\d{4}-\d\d-\d\d)")
Row = dict[str, str]


def read_companies(originals: Mapping[str, Original], present: Present) -> Staged:
    """Quarters of companies, from a response of ``companyfacts`` each.

    Parameters
    ----------
    originals : mapping of str to Original
        By company; those at hand, whole or trimmed to some tags.
    present : Present

    Returns
    -------
    Staged
        Table ``data`` of ``ai_capex``.

    Raises
    ------
    InputError
        If a response is of another company, cut short, without facts in US-GAAP and dollars,
        or if it has another number of a filing that a row of the table names.

    Notes
    -----
    A row that the response confirms, to a million, names its filing and has grade A. The table
    keeps a number as first filed; what later filings made of it stands in the note. A row of
    another source that the response contradicts stays, and is said.
    """
    table = present.cells(DATASET)
    catalogue = documents.read(present.root / "sources.json", SCHEMA)
    ciks = {part: _cik_of(row) for part, row in _addresses(present).items()}
    said: list[str] = []
    sources: dict[str, dict[str, str]] = {}
    for company, original in sorted(originals.items()):
        if company not in ciks:
            raise InputError(
                f"{original.name}: company {company!r}; expected {', '.join(sorted(ciks))}"
            )
        response = _response(original, company, ciks[company])
        key = f"sec_facts_{company.lower()}"
        try:
            facts, official = _official(company, response, key)
            table, lines = _merge(table, facts, official, is_original=True)
        except DataError as error:
            raise InputError(f"{original.name}: {error.text}") from None
        said += [f"{original.name}: {line}" for line in lines]
        held = {tuple(row[k] for k in KEY) for row in official}
        kept = [at for at in _keys(table[table["source"] == key]) if at not in held]
        entry = _source(original, official, ciks[company], catalogue.get(key, {}), len(kept))
        sources |= {key: entry} if entry else {}
    return Staged(
        tables={(DATASET, "data"): table},
        sources=sources,
        descriptors={DATASET: {"vintage": table["published"].max()}},
        said=(*said, UNTAGGED),
    )


def is_of_company(part: str, row: Mapping[str, str], content: bytes) -> bool:
    """Whether a file is the response of a company, by the CIK inside, whatever its name.

    Parameters
    ----------
    part : str
    row : mapping of str to str
        Its row of the table of addresses.
    content : bytes

    Returns
    -------
    bool

    Examples
    --------
    >>> is_of_company("Apple", {"about": "AAPL, CIK 0000320193"}, b'{"cik": 320193}')
    True
    """
    found = _CIK.search(content.decode("utf-8", "replace"))
    return found is not None and int(found[1]) == _cik_of({"part": part, **row})


def merge_company(
    table: pd.DataFrame,
    company: str,
    response: Mapping[str, Any],
    source: str,
    *,
    is_original: bool = True,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table with the facts of a company, and what came of them.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells of ``ai_capex`` as text.
    company : str
        As the table spells it.
    response : mapping
        Parsed response of ``companyfacts``.
    source : str
        Key of the source that the rows get.
    is_original : bool
        Whether a row that names the same filing already gets the source too; a copy of a
        response leaves it.

    Returns
    -------
    table : pandas.DataFrame
    said : tuple of str
        Lines on rows that are new, confirmed, restated or refused, and facts left out that are
        of the years of the table.

    Raises
    ------
    DataError
        If a response holds no facts, or another number of a filing that a row names.

    Examples
    --------
    >>> day = {"end": "2024-03-31", "val": 5e9, "filed": "2024-04-30", "accn": "1-2"}
    >>> facts = {"us-gaap": {"CommercialPaper": {"units": {"USD": [day]}}}}
    >>> empty = pd.DataFrame(columns=COLUMNS, dtype=str)
    >>> table, said = merge_company(empty, "Apple", {"facts": facts}, "x")
    >>> said[0]
    'Apple, to 2024-03-31: 0 numbers confirmed, 1 new, 0 rows of the table not in it'
    """
    facts, official = _official(company, response, source)
    return _merge(table, facts, official, is_original=is_original)


def _merge(
    table: pd.DataFrame, facts: Facts, official: Sequence[Row], *, is_original: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    company = official[0]["company"]
    rows = {tuple(row[k] for k in KEY): row for row in table.to_dict("records")}
    confirmed, new = 0, {}
    said: list[str] = []
    for theirs in official:
        at = tuple(theirs[k] for k in KEY)
        if at in rows:
            rows[at], line = _merged(rows[at], theirs, facts, is_original=is_original)
            confirmed += not line or "stays as first filed" in line
            said += [line] if line else []
        elif near := _overlapping(at, rows):
            said.append(
                f"{_name(theirs)}: {theirs['value']} overlaps the quarter to {near} of the "
                "table; refused"
            )
        else:
            rows[at] = theirs
            new.setdefault(theirs["measure"], []).append(theirs["period_end"])
    merged = pd.DataFrame(list(rows.values()))[COLUMNS]
    merged = merged.sort_values(KEY, ignore_index=True)
    mine = [row for at, row in rows.items() if at[0] == company]
    left = len({tuple(r[k] for k in KEY) for r in mine} - set(_keys(pd.DataFrame(official))))
    last = max(row["period_end"] for row in official)
    n_new = sum(map(len, new.values()))
    summary = (
        f"{company}, to {last}: {confirmed} numbers confirmed, {n_new} new, "
        f"{left} rows of the table not in it"
    )
    if (end := max(row["period_end"] for row in mine)) > last:
        summary += f", which reaches {end}"
    added = [
        f"{company} {measure}: {len(ends)} new, {min(ends)} to {max(ends)}"
        for measure, ends in new.items()
    ]
    out = [line for line in facts.said if max(_DAY.findall(line)) >= FIRST]
    lines = (summary, *added, *said, *(f"{company}, {line}" for line in out))
    return _say_changes(merged), lines


def _official(
    company: str, response: Mapping[str, Any], source: str
) -> tuple[Facts, list[Row]]:
    """Facts of a company as rows of the table."""
    facts = facts_of(response, {**TAGS, **OWN_TAGS.get(company, {})})
    rows = []
    for fact in [*facts.rows.to_dict("records"), *_sums(company, facts.rows)]:
        if fact["period_end"] < FIRST or fact["measure"] in PARTS_OF_SUMS:
            continue
        line = LINES.get((company, fact["measure"]), "")
        rows.append(
            {
                "company": company,
                "measure": fact["measure"],
                "period_end": fact["period_end"],
                "value": f"{fact['value']:.3f}",
                "unit": "billion USD",
                "published": fact["published"],
                "source": source,
                "locator": f"us-gaap:{fact['tag']}, filing {fact['filing']}",
                "grade": "A",
                "note": "; ".join(part for part in (line, fact["note"]) if part),
            }
        )
    if not rows:
        raise DataError(f"no fact of a quarter since {FIRST}; expected some")
    return facts, rows


def _sums(company: str, facts: pd.DataFrame) -> list[dict[str, Any]]:
    """A company's own definition, where both of its parts are told."""
    if company not in SUMS:
        return []
    measure, *parts = SUMS[company]
    first, second = (facts[facts["measure"] == p].set_index("period_end") for p in parts)
    rows = []
    for end in first.index.intersection(second.index):
        one, other = first.loc[end], second.loc[end]
        late = one if one["published"] >= other["published"] else other
        value = one["value"] + other["value"]
        notes = [DIFFERENCE] if DIFFERENCE in one["note"] + other["note"] else []
        revised = [_RESTATED.search(part["note"]) for part in (one, other)]
        if any(revised):
            latest = sum(
                float(found[1]) if found else part["value"]
                for found, part in zip(revised, (one, other), strict=True)
            )
            day = max(found[2] for found in revised if found)
            notes.append(f"restated as {latest:.3f} in a filing of {day}")
        rows.append(
            {
                "measure": measure,
                "period_end": end,
                "value": value,
                "published": late["published"],
                "tag": f"{one['tag']} plus us-gaap:{other['tag']}",
                "filing": late["filing"],
                "note": "; ".join(notes),
            }
        )
    return rows


def _merged(row: Row, theirs: Row, facts: Facts, *, is_original: bool) -> tuple[Row, str]:
    """A row of the table after a response, and what is said of it ("" if nothing)."""
    if abs(float(row["value"]) - float(theirs["value"])) <= ROUNDING:
        return _confirmed(row, theirs, is_original=is_original)
    if AS_RESTATED in row["note"]:
        return row, (
            f"{_name(row)}: {row['value']} stays as restated; first filed as {theirs['value']}"
        )
    filing = _FILING.fullmatch(row["locator"])
    if filing is not None:
        return _contradicted(row, theirs, (filing[1], filing[2]) in facts.filings)
    restated = _RESTATED.search(theirs["note"])
    if restated and abs(float(restated[1]) - float(row["value"])) <= ROUNDING:
        return theirs, (
            f"{_name(row)}: {row['value']} was the restated number; now as first filed, "
            f"{theirs['value']}"
        )
    if row["grade"] == "A":
        raise _contradiction(row, theirs)
    return row, (
        f"{_name(row)}: {theirs['value']} in the response, {row['value']} in the table "
        f"({row['source']}); refused, the table stays"
    )


def _confirmed(row: Row, theirs: Row, *, is_original: bool) -> tuple[Row, str]:
    note, line = _with_restatement(row, theirs["note"])
    if row["grade"] == "A" and row["locator"] == theirs["locator"]:
        source = theirs["source"] if is_original else row["source"]
        return {**row, "source": source, "note": note}, line
    is_earlier = "" < row["published"] < theirs["published"]
    if is_earlier and row["grade"] == "A" and _FILING.fullmatch(row["locator"]):
        return {**row, "note": note}, line
    if is_earlier:
        told = f"told first on {row['published']}"
        note = "; ".join(part for part in (theirs["note"], told) if part)
        theirs = {**theirs, "published": row["published"], "note": note}
    is_finer = row["grade"] == "A" and abs(float(row["value"]) - float(theirs["value"])) < 5e-4
    return {**theirs, "value": row["value"] if is_finer else theirs["value"]}, line


def _contradicted(row: Row, theirs: Row, is_there: bool) -> tuple[Row, str]:
    """A number of a filing that the response has not as first filed."""
    if not is_there and "" < row["published"] < theirs["published"]:
        latest = _RESTATED.search(theirs["note"])
        value, day = latest.groups() if latest else (theirs["value"], theirs["published"])
        note, line = _with_restatement(row, f"restated as {value} in a filing of {day}")
        return {**row, "note": note}, line
    if theirs["published"] < row["published"]:
        return theirs, (
            f"{_name(row)}: {row['value']} was filed on {row['published']}; now as first "
            f"filed, {theirs['value']}"
        )
    raise _contradiction(row, theirs)


def _contradiction(row: Row, theirs: Row) -> DataError:
    return DataError(
        f"{_name(row)}: {theirs['value']} in {theirs['locator']}; expected {row['value']}, as "
        f"the table has it from {row['locator']}"
    )


def _with_restatement(row: Row, theirs: str) -> tuple[str, str]:
    """The note with the newest restatement, and what is said if it is another."""
    new, old = _RESTATED.search(theirs), _RESTATED.search(row["note"])
    if new is None or (old is not None and (new[0] == old[0] or new[2] < old[2])):
        return row["note"], ""
    line = f"{_name(row)}: {row['value']} stays as first filed; {new[0]}"
    if old is not None:
        return row["note"].replace(old[0], new[0]), line
    parts = [part for part in row["note"].split("; ") if part]
    parts.insert(parts[:1] == [DIFFERENCE], new[0])
    return "; ".join(parts), line


def _overlapping(at: Sequence[str], rows: Mapping[tuple[str, ...], Row]) -> str:
    """End of a quarter of the same series that is less than a quarter away."""
    ends = [end for company, measure, end in rows if (company, measure) == (at[0], at[1])]
    day = pd.Timestamp(at[2])
    near = (end for end in ends if abs((pd.Timestamp(end) - day).days) < QUARTER[0])
    return next(near, "")


def _keys(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(rows[KEY].itertuples(index=False, name=None))


def _say_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Say in the note where the source inside a series changes, and there alone."""
    before = table.groupby(KEY[:2])["source"].shift()
    changes = before.notna() & (before != table["source"])
    notes = []
    for note, change in zip(table["note"], changes, strict=True):
        parts = [part for part in note.split("; ") if part]
        if not change and CHANGED in parts:
            parts = [part for part in parts if part not in (CHANGED, SAME)]
        elif change and CHANGED not in parts:
            parts += [CHANGED, SAME]
        notes.append("; ".join(parts))
    return table.assign(note=notes)


def _name(row: Row) -> str:
    return f"{row['company']} {row['measure']} {row['period_end']}"


def _addresses(present: Present) -> dict[str, Mapping[str, str]]:
    rows = present.cells("originals")
    return {r["part"]: r for r in rows[rows["feed"] == DATASET].to_dict("records")}


def _cik_of(row: Mapping[str, str]) -> int:
    found = re.search(r"CIK (\d{1,10})\b", row.get("about", ""))
    if found is None:
        raise InputError(
            f"originals, {DATASET} {row.get('part', '')}, column about: {row.get('about')!r}; "
            "expected a CIK"
        )
    return int(found[1])


def _response(original: Original, company: str, cik: int) -> Mapping[str, Any]:
    """A response, parsed, of the company that it should be of."""
    response = documents.parse(text_of(original, ".json"), original.name, error=InputError)
    facts = response.get("facts") if isinstance(response, dict) else None
    if not isinstance(facts, dict):
        raise InputError(
            f"{original.name}: no 'facts' inside; expected a response of companyfacts"
        )
    found = str(response.get("cik", "")).lstrip("0")
    if found != str(cik):
        name = response.get("entityName", "no name")
        raise InputError(
            f"{original.name}: CIK {found or 'missing'} ({name}); expected {cik} of {company}"
        )
    if not isinstance(facts.get("us-gaap"), dict):
        raise InputError(
            f"{original.name}: facts in {', '.join(sorted(facts)) or 'no taxonomy'}; expected "
            "us-gaap"
        )
    _check_form(original.name, facts["us-gaap"])
    return response


def _check_form(name: str, tagged: Mapping[str, Any]) -> None:
    """Tags hold units, units hold lists of facts."""
    for tag, body in tagged.items():
        units = body.get("units") if isinstance(body, dict) else None
        if not isinstance(units, dict):
            raise InputError(f"{name}, {tag}: no 'units' inside; expected them by currency")
        facts = units.get("USD", [])
        if not isinstance(facts, list) or not all(isinstance(f, dict) for f in facts):
            raise InputError(f"{name}, {tag}, USD: {type(facts).__name__}; expected facts")


def _source(
    original: Original,
    official: Sequence[Row],
    cik: int,
    old: Mapping[str, str],
    kept: int,
) -> dict[str, str]:
    """The entry of a response; nothing where the present one is of the same file."""
    mark = f"sha256 {original.digest[:8]}..."
    if old.get("note", "").partition("; rows that it does not hold")[0].count(mark):
        return {}
    name = original.part
    if found := re.match(r"Company facts of (.+) \(CIK", old.get("title", "")):
        name = found[1]
    day = pd.Timestamp(original.day)
    how = "response of the EDGAR interface of" if original.address else "response in a file of"
    newest = max(row["published"] for row in official)
    note = (
        f"read from {original.address or original.name}, newest filing of {newest}; {mark}; "
        "accession numbers are in the locators"
    )
    if kept and old:
        held = old["title"].partition("), ")[2]
        note += f"; rows that it does not hold are of the {held} ({old['note']})"
    return {
        "title": (
            f"Company facts of {name} (CIK {cik:010d}), {how} {day.day} {day.month_name()} "
            f"{day.year}"
        ),
        "author": "US Securities and Exchange Commission",
        "year": str(day.year),
        "publisher": "US Securities and Exchange Commission",
        "url": f"https://data.sec.gov/api/xbrl/companyfacts/CIK{cik:010d}.json",
        "licence": "Public record: facts from filings with the US Securities and Exchange "
        "Commission",
        "seen": "table",
        "accessed": original.day[:7],
        "note": note,
    }


FEED = Feed(DATASET, read_companies, every=False, recognises=is_of_company, contact=True)
