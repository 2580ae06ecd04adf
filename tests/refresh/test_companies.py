"""The feed of companies: whose response it is, what it confirms, adds, restates and refuses."""

import json
import random
import re
import shutil
from importlib.resources import files

import pandas as pd
import pytest
from manias import InputError
from manias.refresh.companies import COLUMNS, DIFFERENCE, FEED, KEY, merge_company
from manias.refresh.company_facts import STOCKS
from manias.refresh.feed import Original, Present

SHIPPED = files("manias._datasets")
TAG = "PaymentsToAcquirePropertyPlantAndEquipment"
CASH = "NetCashProvidedByUsedInOperatingActivities"
CIKS = {"Alphabet": 1652044, "Apple": 320193, "Meta": 1326801, "Nvidia": 1045810}
CHANGED = "source changes here; the same definition"


@pytest.fixture
def at(tmp_path):
    """A folder of datasets whose ``ai_capex`` holds the rows that are asked for."""
    for name in ("ai_capex", "originals"):
        (tmp_path / name).mkdir()
        for file in ("data.csv", "datapackage.json"):
            content = (SHIPPED / name / file).read_bytes()
            (tmp_path / name / file).write_bytes(content)
    shutil.copy(SHIPPED / "sources.json", tmp_path)

    def put(*rows):
        table = pd.DataFrame(list(rows), columns=COLUMNS)
        table.to_csv(tmp_path / "ai_capex" / "data.csv", index=False, lineterminator="\n")
        return Present(tmp_path)

    return put


def row(end="2024-03-31", value="5.000", company="Alphabet", **other):
    """A row that a vendor told, unless it is said otherwise."""
    plain = {
        "company": company,
        "measure": "capex",
        "period_end": end,
        "value": value,
        "unit": "billion USD",
        "published": "",
        "source": "statements2025export",
        "locator": "row 1",
        "grade": "B",
        "note": "",
    }
    return plain | other


def filed(end="2024-03-31", value="5.000", filing="0001652044-24-000001", **other):
    """A row that a filing told."""
    given = {
        "published": "2024-04-30",
        "source": "sec_facts_alphabet",
        "locator": f"us-gaap:{TAG}, filing {filing}",
        "grade": "A",
    }
    return row(end, value, **(given | other))


def fact(start, end, value, day, filing="0001652044-24-000001"):
    span = {"start": start} if start else {}
    return span | {"end": end, "val": value, "filed": day, "accn": filing, "form": "10-Q"}


QUARTER = fact("2024-01-01", "2024-03-31", 5e9, "2024-04-30")


def respond(facts=(QUARTER,), company="Alphabet", tag=TAG, cik=None):
    tags = facts if isinstance(facts, dict) else {tag: list(facts)}
    return {
        "cik": CIKS[company] if cik is None else cik,
        "entityName": "Made Up",
        "facts": {"us-gaap": {t: {"units": {"USD": f}} for t, f in tags.items()}},
    }


def original(response, company="Alphabet", day="2026-11-29", address="https://data.sec.gov/x"):
    content = response if isinstance(response, bytes) else json.dumps(response).encode()
    return Original(company, f"{company}.json", content, address, day)


def read(present, *originals):
    return FEED.read({o.part: o for o in originals}, present)


def rows_of(staged):
    return staged.tables["ai_capex", "data"].to_dict("records")


def test_parts_are_the_companies_with_an_address_and_are_taken_as_they_are_at_hand():
    originals = Present(SHIPPED).cells("originals")
    parts = set(originals.loc[originals["feed"] == "ai_capex", "part"])
    companies = set(Present(SHIPPED).cells("ai_capex")["company"])
    assert parts == companies - {"TSMC"}
    assert (FEED.every, FEED.contact) == (False, True)


@pytest.mark.parametrize("form", ['{"cik": %d}', '{"a": "b",\n "cik" : "%010d", "facts": {}}'])
def test_a_file_is_known_by_the_cik_inside(form):
    originals = Present(SHIPPED).cells("originals")
    rows = originals[originals["feed"] == "ai_capex"].to_dict("records")
    for company, cik in CIKS.items():
        content = (form % cik).encode()
        assert [r["part"] for r in rows if FEED.recognises(r["part"], r, content)] == [company]
    for content in (b"", b'{"facts": {}}', b"\xff\xfe\x00", (form % 16520441).encode()):
        assert not any(FEED.recognises(r["part"], r, content) for r in rows)


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (respond(company="Apple"), "CIK 320193 (Made Up); expected 1652044 of Alphabet"),
        (respond(cik=""), "CIK missing (Made Up); expected 1652044 of Alphabet"),
        (
            json.dumps(respond()).encode()[:-9],
            r".* at line 1, column \d+; expected JSON",
        ),
        (b"<!DOCTYPE html><html>Undeclared Tool</html>", "a web page; expected json or zip"),
        ({"cik": 1652044}, "no 'facts' inside; expected a response of companyfacts"),
        ([1], "no 'facts' inside; expected a response of companyfacts"),
        (
            {"cik": 1652044, "facts": {"ifrs-full": {}, "dei": {}}},
            "facts in dei, ifrs-full; expected us-gaap",
        ),
        ({"cik": 1652044, "facts": {}}, "facts in no taxonomy; expected us-gaap"),
        (
            {"cik": 1652044, "facts": {"us-gaap": {TAG: {"units": {"EUR": [QUARTER]}}}}},
            r"Made up|.*no fact in US dollars of capex, .*",
        ),
        (
            {"cik": 1652044, "facts": {"us-gaap": {TAG: {"label": "x"}}}},
            f"{TAG}: no 'units' inside; expected them by currency",
        ),
        (respond({TAG: ["x"]}), f"{TAG}, USD: list; expected facts"),
        (
            respond([QUARTER | {"val": None, "end": "soon"}]),
            f"{TAG}, fact 1, end: 'soon'; expected YYYY-MM-DD",
        ),
        (
            respond([fact("2018-01-01", "2018-03-31", 5e9, "2018-04-30")]),
            "no fact of a quarter since 2019; expected some",
        ),
    ],
    ids=lambda v: v[:24] if isinstance(v, str) else "",
)  # fmt: skip
def test_what_is_no_response_of_the_company_is_refused_in_one_line(at, response, message):
    is_pattern = ".*" in message
    expected = message if is_pattern else re.escape(message)
    with pytest.raises(InputError, match=rf"^Alphabet\.json(: |, )(?:{expected})$") as error:
        read(at(row()), original(response))
    assert "\n" not in error.value.text


def test_a_company_without_an_address_is_refused(at):
    with pytest.raises(
        InputError, match=r"TSMC\.json: company 'TSMC'; expected Alphabet, Amazon"
    ):
        read(at(row()), original(respond(), "TSMC"))


def test_a_row_that_is_confirmed_names_its_filing(at):
    staged = read(at(row(value="5.001", note="the vendor says so")), original(respond()))
    (found,) = rows_of(staged)
    assert found == filed()
    assert staged.said[0] == (
        "Alphabet.json: Alphabet, to 2024-03-31: 1 numbers confirmed, 0 new, 0 rows of the "
        "table not in it"
    )
    assert staged.said[-1].startswith("TSMC: ")
    (source,) = staged.sources
    entry = staged.sources[source]
    assert (source, entry["accessed"]) == ("sec_facts_alphabet", "2026-11")
    assert entry["title"] == (
        "Company facts of Alphabet Inc. (CIK 0001652044), response of the EDGAR interface of "
        "29 November 2026"
    )
    digest = original(respond()).digest
    assert (
        f"https://data.sec.gov/x, newest filing of 2024-04-30; sha256 {digest[:8]}..."
        in (entry["note"])
    )
    assert staged.descriptors == {"ai_capex": {"vintage": "2024-04-30"}}


def test_a_row_that_an_earlier_release_told_keeps_its_day(at):
    (found,) = rows_of(read(at(row(published="2024-04-25")), original(respond())))
    assert (found["published"], found["note"]) == ("2024-04-25", "told first on 2024-04-25")
    assert found["locator"] == filed()["locator"]


def test_a_second_reading_of_a_file_changes_nothing(at):
    present = at(row(published="2024-04-25"), row("2024-06-30", "7.000"))
    once = read(present, original(respond()))
    table = once.tables["ai_capex", "data"]
    table.to_csv(present.root / "ai_capex" / "data.csv", index=False, lineterminator="\n")
    path = present.root / "sources.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | dict(once.sources)))
    twice = read(present, original(respond(), day="2026-12-24"))
    pd.testing.assert_frame_equal(twice.tables["ai_capex", "data"], table)
    assert not twice.sources


def test_a_vendor_s_row_that_is_contradicted_stays_and_is_said(at):
    before = row(value="5.010")
    staged = read(at(before), original(respond()))
    assert rows_of(staged) == [before]
    assert staged.said[1] == (
        "Alphabet.json: Alphabet capex 2024-03-31: 5.000 in the response, 5.010 in the table "
        "(statements2025export); refused, the table stays"
    )


def test_a_row_of_a_filing_that_is_contradicted_stops_the_reading(at):
    for before in (filed(value="5.010"), filed(value="5.010", locator="page 3")):
        with pytest.raises(
            InputError,
            match=(
                r"^Alphabet\.json: Alphabet capex 2024-03-31: 5\.000 in us-gaap:.*, filing "
                r"0001652044-24-000001; expected 5\.010, as the table has it from (us|page)"
            ),
        ):
            read(at(before), original(respond()))


def test_a_row_that_says_it_is_restated_stays(at):
    before = filed(value="4.900", note="as restated in 2025")
    staged = read(at(before), original(respond()))
    assert rows_of(staged) == [before]
    assert "4.900 stays as restated; first filed as 5.000" in staged.said[1]


def test_a_restated_number_of_a_vendor_becomes_the_one_first_filed(at):
    later = QUARTER | {"val": 4.9e9, "filed": "2025-04-30", "accn": "0001652044-25-000001"}
    staged = read(at(row(value="4.900")), original(respond([QUARTER, later])))
    (found,) = rows_of(staged)
    assert found == filed(note="restated as 4.900 in a filing of 2025-04-30")
    assert "4.900 was the restated number; now as first filed, 5.000" in staged.said[1]


def test_a_restatement_changes_the_note_and_not_the_value(at):
    second = QUARTER | {"val": 4.9e9, "filed": "2025-04-30", "accn": "0001652044-25-000001"}
    third = QUARTER | {"val": 4.8e9, "filed": "2026-04-30", "accn": "0001652044-26-000001"}
    before = filed(note=f"{DIFFERENCE}; read twice")
    for facts, note in (
        ([QUARTER, second], "restated as 4.900 in a filing of 2025-04-30"),
        ([QUARTER, second, third], "restated as 4.800 in a filing of 2026-04-30"),
        ([second], "restated as 4.900 in a filing of 2025-04-30"),
        ([third, second], "restated as 4.800 in a filing of 2026-04-30"),
    ):
        staged = read(at(before), original(respond(facts)))
        (found,) = rows_of(staged)
        assert (found["value"], found["published"]) == ("5.000", "2024-04-30")
        assert found["note"] == f"{DIFFERENCE}; {note}; read twice"
        assert f"5.000 stays as first filed; {note}" in staged.said[1]
    newest = filed(note="restated as 4.800 in a filing of 2026-04-30")
    staged = read(at(newest), original(respond([QUARTER, second])))
    assert rows_of(staged) == [newest], "an older response knows less"


def test_a_response_with_an_earlier_filing_corrects_what_a_later_one_told(at):
    late = filed(value="4.900", filing="0001652044-25-000001", published="2025-04-30")
    staged = read(at(late), original(respond()))
    assert rows_of(staged) == [filed()]
    assert "4.900 was filed on 2025-04-30; now as first filed, 5.000" in staged.said[1]


def test_new_quarters_are_added_in_order_and_those_that_overlap_are_refused(at):
    facts = [
        QUARTER,
        fact("2024-04-01", "2024-06-30", 6e9, "2024-07-30", "0001652044-24-000002"),
        fact("2024-07-01", "2024-09-28", 7e9, "2024-10-30", "0001652044-24-000003"),
    ]
    kept = row("2024-09-30", "7.000")
    staged = read(at(kept, row("2024-03-31", company="TSMC")), original(respond(facts)))
    found = rows_of(staged)
    assert [(r["company"], r["period_end"]) for r in found] == [
        ("Alphabet", "2024-03-31"),
        ("Alphabet", "2024-06-30"),
        ("Alphabet", "2024-09-30"),
        ("TSMC", "2024-03-31"),
    ]
    assert found[2] == kept | {"note": CHANGED}
    assert staged.said[1] == "Alphabet.json: Alphabet capex: 2 new, 2024-03-31 to 2024-06-30"
    assert (
        "Alphabet.json: Alphabet capex 2024-09-28: 7.000 overlaps the quarter to 2024-09-30 of "
        "the table; refused"
    ) in staged.said


def test_the_note_on_a_change_of_source_goes_where_it_is_no_more(at):
    rows = [
        filed("2023-12-31", filing="0001652044-24-000000", note="kept"),
        row(note=CHANGED),
        filed("2024-06-30", filing="0001652044-24-000002", note=f"kept; {CHANGED}"),
        row("2024-09-30", note=CHANGED),
    ]
    found = rows_of(read(at(*rows), original(respond())))
    assert [r["note"] for r in found] == ["kept", "", "kept", CHANGED]


def test_what_a_trimmed_response_does_not_hold_stays_with_its_source_and_is_said(at):
    older = filed("2023-12-31", filing="0001652044-24-000000")
    staged = read(at(older, row()), original(respond(), address=""))
    assert rows_of(staged)[0] == older
    assert "1 rows of the table not in it" in staged.said[0]
    entry = staged.sources["sec_facts_alphabet"]
    assert entry["title"].endswith("response in a file of 29 November 2026")
    before = json.loads((SHIPPED / "sources.json").read_text())["sec_facts_alphabet"]
    assert entry["note"].endswith(f"({before['note']})")
    reaches = read(at(row("2024-06-30"), row()), original(respond()))
    assert reaches.said[0].endswith(", which reaches 2024-06-30")


def test_a_copy_of_a_response_leaves_the_source_of_what_is_told_already():
    table = pd.DataFrame([filed(), row("2024-06-30", "6.000")])
    second = fact("2024-04-01", "2024-06-30", 6e9, "2024-07-30", "0001652044-24-000002")
    response = respond([QUARTER, second])
    merged, _ = merge_company(table, "Alphabet", response, "a copy", is_original=False)
    assert merged["source"].tolist() == ["sec_facts_alphabet", "a copy"]
    merged, _ = merge_company(table, "Alphabet", response, "the original")
    assert set(merged["source"]) == {"the original"}


def test_lines_of_a_balance_sheet_have_the_measure_of_their_company():
    day = fact("", "2024-03-31", 2e9, "2024-05-15", "0001769628-24-000001")
    tags = ("LongTermDebtCurrent", "DebtInstrumentCarryingAmount", "NotesPayableCurrent")
    response = respond({tag: [day] for tag in tags})
    empty = pd.DataFrame(columns=COLUMNS, dtype=str)
    measures = {
        company: merge_company(empty, company, response, "x")[0]["measure"].tolist()
        for company in ("Alphabet", "CoreWeave", "Oracle")
    }
    assert measures == {
        "Alphabet": ["debt_current_notes"],
        "CoreWeave": ["debt_current", "debt_principal"],
        "Oracle": ["debt_current", "debt_current_notes"],
    }


def test_meta_s_own_definition_is_the_sum_of_its_parts():
    lease = QUARTER | {"val": 0.25e9}
    later = QUARTER | {"val": 4.9e9, "filed": "2025-04-30", "accn": "0001652044-25-000001"}
    empty = pd.DataFrame(columns=COLUMNS, dtype=str)
    facts = {TAG: [QUARTER, later], "FinanceLeasePrincipalPayments": [lease]}
    table, _ = merge_company(empty, "Meta", respond(facts), "x")
    both = table.set_index("measure")
    assert both["value"].to_dict() == {
        "capex": "5.000",
        "capex_incl_finance_lease_principal": "5.250",
    }
    assert both["note"].tolist() == [
        "restated as 4.900 in a filing of 2025-04-30",
        "restated as 5.150 in a filing of 2025-04-30",
    ]
    others, _ = merge_company(empty, "Apple", respond(facts), "x")
    assert others["measure"].tolist() == ["capex"]


def test_no_row_is_ever_lost_and_other_companies_never_change(at):
    chance = random.Random(20261129)
    ends = [f"20{y}-{d}" for y in (23, 24) for d in ("03-31", "06-30", "09-30", "12-31")]
    starts = {e: str((pd.Period(e, "Q").start_time).date()) for e in ends}
    for _ in range(40):
        rows = [
            row(end, f"{chance.choice((5, 5.5)):.3f}", company)
            for company in ("Alphabet", "Apple")
            for end in chance.sample(ends, 5)
        ]
        facts = [
            fact(starts[end], end, chance.choice((5e9, 5.5e9)), f"2025-0{n}-01", f"{n}")
            for n, end in enumerate(chance.sample(ends, 4), start=1)
        ]
        before = pd.DataFrame(rows).sort_values(KEY)
        after = pd.DataFrame(rows_of(read(at(*rows), original(respond(facts))))).set_index(KEY)
        assert after.index.is_unique and after.index.is_monotonic_increasing
        assert set(before.set_index(KEY).index) <= set(after.index)
        mine = [at for at in after.index if at[0] == "Apple"]
        assert (
            after.loc[mine, "value"].tolist()
            == before.query("company == 'Apple'")["value"].tolist()
        )
        told = {f["end"]: f"{f['val'] / 1e9:.3f}" for f in facts}
        official = after[after["grade"] == "A"]
        assert all(told[end] == v for (_, _, end), v in official["value"].items())


FISCAL_YEAR_ENDS = {"Alphabet": 12, "Apple": 9, "Nvidia": 1}


def in_the_owner_s_form(rows, month):
    """Facts from which rows of a table must come out as they are: sums since the year began."""
    tags = {}
    for measure, series in rows.groupby("measure"):
        told, start, total = {}, "", 0.0
        for now in series.sort_values("period_end").to_dict("records"):
            tag, filing = re.fullmatch(r"us-gaap:(\w+), filing (.+)", now["locator"]).groups()
            facts = tags.setdefault(tag, [])
            end, day, value = now["period_end"], now["published"], float(now["value"]) * 1e9
            found = re.search(r"restated as (\S+) in a filing of (\S+)", now["note"])
            if measure in STOCKS:
                facts.append(fact("", end, value, day, filing))
                if found:
                    facts.append(fact("", end, float(found[1]) * 1e9, found[2], "z"))
                continue
            near = [e for e in told if 80 <= (pd.Timestamp(end) - pd.Timestamp(e)).days <= 100]
            eve = near[0] if near else str((pd.Timestamp(end) - pd.Timedelta(days=91)).date())
            begun = str((pd.Timestamp(eve) + pd.Timedelta(days=1)).date())
            if DIFFERENCE in now["note"]:
                if not near:
                    start, total = (
                        str((pd.Timestamp(begun) - pd.Timedelta(days=182)).date()),
                        1e9,
                    )
                early = min(told.get(eve, day), day)
                facts.append(fact(start, eve, total, max(early, eve), "a"))
                facts.append(fact(start, end, total + value, day, filing))
            else:
                facts.append(fact(begun, end, value, day, filing))
            if not near or pd.Timestamp(eve).month in (month, month % 12 + 1):
                start, total = (start, total) if DIFFERENCE in now["note"] else (begun, 0.0)
            told[end], total = day, total + value
    return {tag: sorted(f, key=lambda x: x["end"], reverse=True) for tag, f in tags.items()}


@pytest.mark.parametrize(("company", "month"), FISCAL_YEAR_ENDS.items())
def test_rows_of_the_table_come_back_from_their_facts(at, company, month):
    """Whole responses were read into them: made up again from the rows, they give them."""
    table = Present(SHIPPED).cells("ai_capex")
    key = f"sec_facts_{company.lower()}"
    mine = table[(table["company"] == company) & (table["source"] == key)]
    mine = mine[~mine["note"].str.contains("told first|comparative")]
    others = table[table["company"] != company]
    assert len(mine) > 150
    response = respond(in_the_owner_s_form(mine, month), company)
    present = at(*others.to_dict("records"))
    staged = read(present, original(response, company))
    found = staged.tables["ai_capex", "data"]
    found = found[found["company"] == company].reset_index(drop=True)
    plain = mine["note"].str.replace(f"(?:; )?{CHANGED}", "", regex=True)
    expected = mine.assign(note=plain).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)
    unmoved = staged.tables["ai_capex", "data"].query("company != @company")
    pd.testing.assert_frame_equal(unmoved.reset_index(drop=True), others.reset_index(drop=True))
