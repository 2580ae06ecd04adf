"""Shiller's workbook: months, columns by name, blanks at the ends alone."""

import io
import struct
from importlib.resources import files

import numpy as np
import openpyxl
import pandas as pd
import pytest
from manias.errors import InputError
from manias.refresh.feed import Original, Present
from manias.refresh.shiller import COLUMNS, FEED, address_in, read_shiller

PRESENT = Present(files("manias._datasets"))
HEADER = [
    *("Date", "P", "D", "E", "CPI", "Fraction", "Rate GS10", "Price", "Dividend", "Price"),
    *("Earnings", "Earnings", "CAPE", None, "TR CAPE", None, "Yield", "Returns", "Returns"),
]
FOOT = [None, "May price is May 5th close", None, None, "CPI estimated"]


def table():
    return PRESENT.cells("shiller")


def sheet(cells, header=HEADER, foot=(FOOT,)):
    """Rows of the sheet as the owner has them: titles in pieces above, remarks below."""
    above = [
        [],
        ['Stock Market Data Used in "Irrational Exuberance"', *(None,) * 11, "Cyclically"],
        *([None] * 12 + [word] for word in ("Adjusted", "Price", "Earnings", "Ratio")),
        [None, "Comp.", "Dividend", "Earnings", "Index", "Date", "Interest"],
    ]
    rows = [*above, list(header)]
    names = {column: name for name, column in COLUMNS.items()}
    for row in cells.to_dict("records"):
        year, month = row["month"].split("-")
        # October reads 1871.1: it is a number.
        made = {"Date": float(f"{year}.{month}"), "Price": 1.5, "CAPE": "NA"}
        made |= {c: float(row[n]) for c, n in names.items() if row[n]}
        made |= {c: None for c in ("D", "E") if not row[names[c]]}
        rows.append([made.get(column) for column in header])
    return [*rows, *foot]


def xlsx(rows, name="Data"):
    book = openpyxl.Workbook()
    book.active.title = "Disclaimer"
    page = book.create_sheet(name)
    for i, row in enumerate(rows, start=1):
        for j, cell in enumerate(row, start=1):
            if cell is not None:
                page.cell(i, j, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows, name="Data"):
    """The stream of an old workbook (BIFF8), as a spreadsheet of that time writes it."""

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0xDBB, 0x7CC, 0, 6))

    def cell(i, j, value):
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            return record(0x204, struct.pack("<HHH", i, j, 0) + text)
        return record(0x203, struct.pack("<HHHd", i, j, 0, value))

    pages = []
    for content in ([["no adviser"]], rows):
        cells = [
            cell(i, j, value)
            for i, row in enumerate(content)
            for j, value in enumerate(row)
            if value is not None
        ]
        pages.append(begin(0x10) + b"".join(cells) + record(0x0A))
    titles = ["Disclaimer", name]

    def head(places):
        made = begin(0x05) + record(0x42, struct.pack("<H", 1200))
        for title, place in zip(titles, places, strict=True):
            made += record(
                0x85, struct.pack("<IBBBB", place, 0, 0, len(title), 0) + title.encode()
            )
        return made + record(0x0A)

    first = len(head([0, 0]))
    return head([first, first + len(pages[0])]) + b"".join(pages)


def read(content, name="ie_data.xls", day="2026-11-29"):
    return read_shiller({"workbook": Original("workbook", name, content, "", day)}, PRESENT)


@pytest.mark.parametrize("form", [xls, xlsx])
def test_the_present_table_is_made_from_its_workbook(form):
    staged = read(form(sheet(table())))
    cells = staged.tables["shiller", "data"]
    assert cells.equals(table())
    note = staged.sources["shiller2026"]["note"]
    assert "says: May price is May 5th close; CPI estimated" in note
    assert staged.descriptors == {"shiller": {"vintage": "2026-11-29"}}
    paid = table().query("dividend != ''")["month"].iloc[-1]
    assert f"1871-01 to {END}; dividends to {paid}" in staged.said[0]


def test_columns_may_move():
    order = HEADER[::-1]
    header = ["Date", *(c for c in order if c != "Date")]
    assert read(xls(sheet(table(), header))).tables["shiller", "data"].equals(table())


def test_noise_of_binary_numbers_is_left_out():
    rows = sheet(table())
    for row in rows[8:-1]:
        row[1] = np.nextafter(row[1], np.inf)
    assert read(xls(rows)).tables["shiller", "data"].equals(table())


def test_more_months_and_revised_figures_are_taken():
    rows = sheet(table(), foot=())
    rows[-1][1] = 7412.5515
    after = END + 1
    more = [after.year + after.month / 100, 7503.85, None, None, 336.7, None, 4.44]
    rows.append([*more, *(None,) * (len(HEADER) - len(more))])
    cells = read(xls(rows)).tables["shiller", "data"].set_index("month")
    assert cells.loc[str(END), "price"] == "7412.5515"
    assert cells.loc[str(after)].tolist() == ["7503.85", "", "", "336.7", "4.44", ""]


def cell(row, column, value):
    def change(rows):
        rows[row][HEADER.index(column)] = value

    return change


def cut(start, stop=None):
    def change(rows):
        del rows[start:stop]

    return change


LAST = len(sheet(table())) - 2
END = pd.Period(table()["month"].iloc[-1], "M")
WRONG = [
    (cell(7, "CAPE", "P/E10"), "row 8: no column 'CAPE'; expected it among Date, P, D"),
    (cell(7, "Yield", "CAPE"), "row 8: 2 columns 'CAPE'"),
    (cell(7, "Date", "Month"), "sheet Data: no row that begins with 'Date'"),
    (cut(20, 21), "row 21, column Date: 1872-02 after 1871-12; expected 1872-01"),
    (cut(8, 9), "begins 1871-02; expected 1871-01 or earlier"),
    (cut(LAST), f"ends {END - 1}; expected {END} or later"),
    (cell(30, "Date", 1872.13), "column Date: 1872.13; expected a month, YYYY.MM"),
    (cell(30, "P", "n/a"), "row 31, column P: 'n/a'; expected a number above 0"),
    (cell(30, "P", None), "row 31, column P: None; expected a number above 0"),
    (cell(30, "E", 0.0), "row 31, column E: 0.0; expected a number above 0"),
    (cell(30, "D", None), "column D: blank in 1872-11; expected a number"),
    (cell(LAST, "Date", None), f"numbers and no month; expected remarks alone under {END - 1}"),
    (cell(LAST, "Date", "2026.05"), "numbers and no month; expected remarks alone under"),
    (cut(8), "row 9: no month; expected YYYY.MM under Date"),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[m for _, m in WRONG])
def test_what_is_wrong_is_named(change, message):
    rows = sheet(table())
    change(rows)
    with pytest.raises(InputError) as error:
        read(xls(rows))
    assert message in str(error.value) and str(error.value).startswith("ie_data.xls")
    assert "\n" not in str(error.value)


def test_what_is_no_such_workbook_is_refused():
    old, new = (form(sheet(table().head(30))) for form in (xls, xlsx))
    wrong = {
        b"<!DOCTYPE html><html>moved</html>": "a web page; expected a workbook",
        b"month,price\n1871-01,4.44\n": "not read as a workbook",
        b"": "not read as a workbook",
        old[: len(old) // 2]: "ie_data.xls",
        new[: len(new) // 2]: "damaged workbook",
        xls([["x"]], "Sheet1"): "no sheet 'Data'; expected it among Disclaimer, Sheet1",
        xlsx([["x"]], "Sheet1"): "no sheet 'Data'; expected it among Disclaimer, Sheet1",
    }
    for content, message in wrong.items():
        with pytest.raises(InputError) as error:
            read(content)
        assert message in str(error.value) and "\n" not in str(error.value)


def test_the_page_names_the_workbook():
    link = '<a href="//img1.wsimg.com/blobby/go/e5e7/downloads/1449/ie_data.xls?ver=17912">'
    page = f"<html><a href='/home'>Home</a>{link}data</a>{link}again</a></html>".encode()
    wanted = "https://img1.wsimg.com/blobby/go/e5e7/downloads/1449/ie_data.xls?ver=17912"
    assert FEED.link(page) == address_in(page) == wanted
    with pytest.raises(InputError, match=r"0 links to ie_data.xls; expected one"):
        address_in(b"<html><a href='/chapt26.xlsx'>other</a></html>")
    with pytest.raises(InputError, match="2 links"):
        address_in(page + link.replace("1449", "9999").encode())
