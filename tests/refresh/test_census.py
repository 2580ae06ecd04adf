"""The workbook of construction spending: data centres alone, and nothing else moves."""

import io
import random
from importlib.resources import files

import openpyxl
import pandas as pd
import pytest
from manias.errors import InputError
from manias.refresh.census import FEED, SERIES, SOURCE, read_construction
from manias.refresh.feed import Original, Present

PRESENT = Present(files("manias._datasets"))
TITLE = "Value of Private Construction Put in Place - Not Seasonally Adjusted"
UNIT = (
    "(Millions of dollars. Details may not add to totals since all types of construction are "
    "not shown separately.)"
)
HEADER = [
    *("Date", "Total\n_x000D_Private Construction1", "Residential (inc. Improvements)2"),
    *("Nonresidential", "Lodging", "Office", "General", "Financial", "Data center"),
    *("Commercial", "Warehouse", "General commercial", "General commercial"),
]
AT = HEADER.index("Data center")
MONTHS = [
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
]


def table():
    return PRESENT.cells("buildouts")


def ours(cells):
    return (cells["innovation"] == "ai") & (cells["series"] == SERIES)


def label(month, flag=""):
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]}-{year[2:]}{flag}"


def values():
    rows = table()[ours(table())]
    return {m: int(v) // 1_000_000 for m, v in zip(rows["period"], rows["value"], strict=True)}


def workbook(found=None, *, title=TITLE, unit=UNIT, header=HEADER, foot="September 1, 2026",
             sheet="Private NSA", flags="prr", first="2012-11", change=None):  # fmt: skip
    """The workbook as the Census writes it: the newest month first, notes under the oldest."""
    found = values() if found is None else found
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    months = [str(m) for m in pd.period_range(first, max(found), freq="M")][::-1]
    body = []
    for i, month in enumerate(months):
        row = [label(month, flags[i : i + 1]), 140_000, 70_000, 70_000, *(900,) * 4]
        body.append([*row, found.get(month), *(500,) * 4])
    rows = [[title], [unit], [], list(header), *body, [], ["p Preliminary r Revised"], []]
    rows += [[f"Source: U.S. Census Bureau, Construction Spending, {foot}. Additional"]]
    if change:
        change(rows)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content, name="privtime.xlsx", day="2026-11-29"):
    original = Original("private", name, content, "", day)
    return read_construction({"private": original}, PRESENT)


def test_the_present_rows_are_made_from_their_workbook_and_no_other_moves():
    now = table()
    cells = read(workbook()).tables["buildouts", "data"]
    assert cells.columns.tolist() == now.columns.tolist()
    told = ["locator", "note"]
    assert cells.drop(columns=told).equals(now.drop(columns=told))
    assert cells[~ours(cells)].equals(now[~ours(now)])
    assert cells.loc[ours(cells), "note"].tolist()[-4:] == [
        "",
        "revised",
        "revised",
        "preliminary",
    ]
    assert cells.loc[ours(cells), "locator"].iloc[0] == (
        "privtime.xlsx of 1 September 2026, sheet Private NSA, column Data center, row Jan-14"
    )


def test_a_newer_release_revises_and_adds():
    found = values() | {"2026-07": 6600, "2026-08": 7000, "2014-01": 125}
    staged = read(workbook(found, foot="October 1, 2026"))
    cells = staged.tables["buildouts", "data"]
    mine = cells[ours(cells)].set_index("period")["value"]
    assert mine["2026-08"] == "7000000000" and mine["2026-07"] == "6600000000"
    assert mine["2014-01"] == "125000000" and len(mine) == len(values()) + 1
    assert len(cells) == len(table()) + 1
    assert staged.descriptors == {"buildouts": {"vintage": "2026-10-01"}}
    assert (
        staged.sources[SOURCE]["publisher"] == "U.S. Census Bureau, release of 1 October 2026"
    )
    assert staged.said == (
        "privtime.xlsx of 1 October 2026: data centres, 2014-01 to 2026-08, 1 preliminary, 2 "
        "revised",
    )


def test_columns_may_move_and_the_century_is_told():
    def move(rows):
        for row in rows[3:-4]:
            row.append(row.pop(AT))

    now = read(workbook()).tables["buildouts", "data"]
    assert read(workbook(change=move)).tables["buildouts", "data"].equals(now)
    assert read(workbook(first="1993-01")).tables["buildouts", "data"].equals(now)


def cell(row, column, value):
    def change(rows):
        rows[row][column] = value

    return change


def drop(row):
    return lambda rows: rows.pop(row)


def gap(start, stop):
    def change(rows):
        for row in rows[start:stop]:
            row[AT] = None

    return change


WRONG = [
    (
        cell(3, AT, "Data centre"),
        "row 4: no column 'Data center'; expected it among Date, Total",
    ),
    (cell(3, 6, "Data center"), "row 4: 2 columns 'Data center'"),
    (cell(3, 0, "Month"), "no row that begins with 'Date'; expected one over the months"),
    (cell(1, 0, "(Thousands of dollars.)"), "expected 'Value of Private Construction Put in"),
    (cell(0, 0, TITLE.replace("Not S", "S")), "row 1: 'Value of Private Construction Put in"),
    (drop(30), "column Date: Apr-24 after 2024-06; expected 2024-05"),
    (cell(30, 0, "Foo-24"), "row 31, column Date: Foo-24; expected a month"),
    (cell(30, 0, "2024-06"), "row 31, column Date: '2024-06'; expected a month, Jul-26"),
    (cell(30, AT, "n/a"), "row 31, column Data center: 'n/a'; expected a whole number"),
    (
        cell(30, AT, 61.5),
        "row 31, column Data center: 61.5; expected a whole number of million",
    ),
    (cell(30, AT, 0), "row 31, column Data center: 0; expected a whole number"),
    (
        cell(30, AT, 6_551_000_000),
        "6551000000; expected a whole number of million dollars below",
    ),
    (cell(30, AT, None), "column Data center: blank in 2024-05; expected a number"),
    (cell(4, AT, None), "row 5, column Data center: blank in Jul-26p; expected a number"),
    (drop(4), "2014-01 to 2026-06; expected 2014-01 or earlier to 2026-07 or later"),
    (gap(150, -4), "2014-06 to 2026-07; expected 2014-01 or earlier to 2026-07 or later"),
    (gap(4, -4), "column Data center: blank; expected numbers"),
    (drop(-1), "no day of release under the months; expected 'Construction Spending, Sept"),
    (
        cell(-1, 0, "Construction Spending, June 31, 2026"),
        "'Construction Spending, June 31, 20",
    ),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[m for _, m in WRONG])
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(InputError) as error:
        read(workbook(change=change))
    assert message in str(error.value) and str(error.value).startswith("privtime.xlsx, sheet")
    assert "\n" not in str(error.value)


def test_another_workbook_is_refused():
    adjusted = workbook(
        title=TITLE.replace("Not Seasonally Adjusted", "Seasonally Adjusted Annual Rate"),
        sheet="Private SA",
    )
    whole = workbook()
    wrong = {
        adjusted: "no sheet 'Private NSA'; expected it among Private SA",
        whole[: len(whole) // 2]: "damaged workbook",
        b"<html>Access denied</html>": "a web page; expected a workbook",
    }
    for content, message in wrong.items():
        with pytest.raises(InputError, match=message):
            read(content)


def test_every_value_lands_in_its_month():
    rng = random.Random(7)
    for _ in range(3):
        found = {month: rng.randint(1, 99_999) for month in values()}
        cells = read(workbook(found)).tables["buildouts", "data"]
        mine = cells[ours(cells)].set_index("period")["value"]
        assert mine.to_dict() == {m: f"{v}000000" for m, v in found.items()}


def test_the_table_of_addresses_has_the_workbook_alone():
    rows = PRESENT.cells("originals")
    (row,) = rows[rows["feed"] == FEED.name].to_dict("records")
    assert row["part"] == "private" and row["address"].endswith("/privtime.xlsx")
