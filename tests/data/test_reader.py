"""Files as people have them: what is read, what is refused, and in which words."""

import csv
import datetime
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from manias import InputError, read, read_series
from manias.data.checks import as_series, between, whole
from manias.data.forms import from_serial, readings
from manias.data.labels import read_labels
from manias.data.numbers import to_number
from manias.errors import DataError

FILES = Path(__file__).parent / "own-files"
EXPECTED = list(csv.DictReader((FILES / "expected.csv").open()))
OF_CLASSIFY = {"own_year_zero.csv", "own_year_neg.csv"}
PICK = {"26_ons.csv": {"frequency": "A"}}


def write(tmp_path, text, name="mine.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"])
def test_every_file_is_read_or_refused_as_a_careful_person_would(row):
    path = FILES / row["file"]
    if row["outcome"] == "refuse" and row["file"] not in OF_CLASSIFY:
        with pytest.raises(InputError) as error:
            read(path)
        assert row["file"] in str(error.value)
        assert "\n" not in str(error.value)
        return
    found = read(path, **PICK.get(row["file"], {}))
    said = found.to_dict()
    for key in ("frequency", "first", "last", "n"):
        if row[key]:
            assert str(said[key]) == row[key]
    if row["first_value"]:
        firsts = [values[0] for values in said["values"].values()]
        assert float(row["first_value"]) in firsts
    assert row["file"] in found.line


def test_a_mixture_of_frequencies_is_refused_until_one_is_picked():
    with pytest.raises(InputError, match=r"years, quarters in one column.*--frequency A or Q"):
        read(FILES / "26_ons.csv")
    assert read(FILES / "26_ons.csv", frequency="Q").frequency == "Q"


@pytest.mark.parametrize("name", sorted(OF_CLASSIFY))
def test_spending_at_or_below_nought_is_named_by_its_row(name):
    series = read(FILES / name).series()
    with pytest.raises(
        InputError, match=rf"{name}, row 3, column value: (-3|0); expected more"
    ):
        series.positive()


GOOD = {
    "Q1 2010|Q2 2010": ("Q", "2010Q1"),
    "2010-Q1|2010-Q2": ("Q", "2010Q1"),
    "1Q10|2Q10": ("Q", "2010Q1"),
    "Jan - Mar 2010|Apr - Jun 2010": ("Q", "2010Q1"),
    "FY1985|FY1986": ("A", "1985"),
    "2008/09|2009/10": ("A", "2008"),
    "2000-01|2000-02": ("M", "2000-01"),
    "2000-01|2001-02": ("A", "2000"),
    "31/12/1999|31/01/2000": ("M", "1999-12"),
    "12/31/1999|01/31/2000": ("M", "1999-12"),
    "31.01.2015|28.02.2015": ("M", "2015-01"),
    "Jan-20|Feb-20": ("M", "2020-01"),
    "31 Jan 2015|28 Feb 2015": ("M", "2015-01"),
    "Jan 31, 2015|Feb 28, 2015": ("M", "2015-01"),
    "janv. 2015|févr. 2015": ("M", "2015-01"),
    "2015M01|2015M02": ("M", "2015-01"),
    "2015 JAN|2015 FEB": ("M", "2015-01"),
    "201501|201502": ("M", "2015-01"),
    "20150131|20150228": ("M", "2015-01"),
    "2015-01-31T00:00:00Z|2015-02-28T00:00:00Z": ("M", "2015-01"),
    "40268|40359": ("Q", "2010Q1"),
    "1871.09|1871.1": ("M", "1871-09"),
    "2020-01-05|2020-01-12": ("W", "2020-01-05"),
    "1843|1844": ("A", "1843"),
}


@pytest.mark.parametrize(("dates", "expected"), GOOD.items(), ids=GOOD)
def test_dates_as_people_write_them(tmp_path, dates, expected):
    rows = "".join(f'"{d}",{i + 1}.5\n' for i, d in enumerate(dates.split("|")))
    found = read(write(tmp_path, "Date,Value\n" + rows))
    assert (found.frequency, found.first) == expected
    assert found.frame["Value"].tolist() == [1.5, 2.5]


def test_readings_of_a_day_agree_with_the_standard_library():
    for text, form in (("31/12/1999", "%d/%m/%Y"), ("31 Jan 2015", "%d %b %Y"),
                       ("Jan 31, 2015", "%b %d, %Y"), ("20150131", "%Y%m%d")):  # fmt: skip
        day = datetime.datetime.strptime(text, form)
        assert day in {v.to_pydatetime() for v in readings(text).values()}


def test_serials_agree_with_openpyxl():
    from openpyxl.utils.datetime import from_excel

    for number in (20_000, 40_268, 45_292, 80_000):
        assert from_serial(number).to_pydatetime() == from_excel(number)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty; expected a header and rows"),
        ("date,value\n", "a header without rows"),
        ("date,value,value\n2020,1,1\n2021,1,1\n", "row 1: column 'value' stands twice"),
        ("date,value\n2020,1\n", "1 row(s) of data; expected at least 2"),
        ("date,value\n2020,1\n2020,2\n", "row 3, column date: '2020' stands twice"),
        ("date,value\n2020,1\n2021-02,2\n", "row 3, column date: '2021-02'; expected a date"),
        ("date,value\n2020-01-31*,1\n2021,2\n2022,3\n", "row 2, column date: '2020-01-31*'"),
        ("date,value\nspring,1\n2021,2\n", "row 2, column date: 'spring'; expected a date"),
        ("date,value\n2020,1\n2021,2\nTotal,3\n", "row 4, column date: 'Total'; expected a"),
        ("date,value\n2021-02-28,1\n2021-02-30,2\n", "row 3, column date: '2021-02-30'"),
        ("date,value\n2020,1\n2021,inf\n", "row 3, column value: 'inf'; expected a number"),
        ("date,value\n2020,1\n2021,x\n2022,1\n", "row 3, column value: 'x'; expected a number"),
        ("date,value\n2020,10_000\n2021,10_001\n", "no numbers under value"),
        ("date,value,unit\n2020,1,a\n2021,2,b\n", "row 3, column unit: 'b'; expected 'a'"),
        ("2020,1\n2021,2\n", "row 1: '2020, 1' are data; expected a header first"),
        ("date,value\n7306,1\n7671,2\n", "(a spreadsheet's number for 1920-01-01?)"),
        ("date,value\n01/02/2015,1\n01/03/2015,2\n", "expected --dates dmy or --dates mdy"),
        ("date,value\n13/01/2015,1\n01/13/2015,2\n", "row 3, column date: '01/13/2015'"),
        ("date,value\n2010,1.325\n2011,1.240\n", "expected --decimal . or --decimal ,"),
        ("date;value\n2010;1,325\n2011;1,240\n", "expected --decimal . or --decimal ,"),
        ("date,value\n2010,1325,64\n2011,1240,14\n", "3 cells under 2 headings; a comma"),
        ("date,value\n2010,$1\n2011,£2\n", "signs '$', '£' in one column"),
        ("Country,year,gdp\nA,2000,1\nB,2000,2\nA,2001,3\nB,2001,4\n", "--where 'Country=A'"),
        ("start,end,v\n2020,2021,1\n2021,2022,2\n", "--date-column picks it"),
        ("<html></html>", "a web page; expected CSV"),
        ('{"a": 1}', "JSON; expected CSV"),
    ],
)  # fmt: skip
def test_bad_files_are_named_to_the_cell(tmp_path, text, words):
    with pytest.raises(InputError) as error:
        read(write(tmp_path, text))
    assert words in str(error.value) and "mine.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_options_settle_what_is_ambiguous(tmp_path):
    days = write(tmp_path, "date,v\n01/02/2015,1.325\n01/03/2015,1.240\n")
    found = read(days, dates="dmy", decimal=",")
    assert found.first == "2015-02" and found.frame["v"].tolist() == [1325, 1240]
    assert read(days, dates="mdy", decimal=".").first == "2015-01-02"
    two = write(tmp_path, "c,year,gdp\nA,2000,1\nB,2000,2\nA,2001,3\nB,2001,4\n")
    assert read(two, where="c=B").frame["gdp"].tolist() == [2, 4]
    with pytest.raises(InputError, match="expected a value among A, B"):
        read(two, where="c=C")
    with pytest.raises(InputError, match=r"--column 'x': expected one of gdp"):
        read(two, where="c=A", column="x")
    with pytest.raises(InputError, match="dates='ymd': expected one of dmy, mdy"):
        read(two, dates="ymd")


def test_months_or_quarters_in_columns_and_in_parts(tmp_path):
    months = ",".join(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )
    wide = (
        f"Year,{months},Annual\n2019,{','.join('123456789')},10,11,12,6.5\n2020,1,2,,,,,,,,,,\n"
    )
    found = read(write(tmp_path, wide))
    assert (found.first, found.last, found.n) == ("2019-01", "2020-02", 14)
    assert "left out Annual" in found.line
    parts = read(write(tmp_path, "Year,Quarter,Value\n2019,Q1,1.5\n2019,Q2,2.5\n"))
    assert (parts.frequency, parts.first) == ("Q", "2019Q1")
    bank = '"Data Source","WDI",\n\n"Name","Code","2019","2020"\n"France","FRA","22.1","23"\n'
    found = read(write(tmp_path, bank))
    assert found.columns == ("France",) and found.frame["France"].tolist() == [22.1, 23]


def test_a_workbook_by_sheet_and_type(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "flows"
    sheet.append(["Capital expenditure, USD bn"])
    sheet.append(["quarter end", "capex"])
    for day, value in (
        (datetime.datetime(2020, 3, 31), 1.325),
        (datetime.date(2020, 6, 30), 2),
    ):
        sheet.append([day, value])
    book.create_sheet("other").append(["nothing"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = read(path)
    # 1.325 of a workbook is a number already: no mark of thousands is looked for.
    assert found.frame["capex"].tolist() == [1.325, 2] and found.first == "2020Q1"
    assert "sheet 'flows' of flows, other" in found.line and found.skipped_rows == (1,)
    with pytest.raises(InputError, match="--sheet 'x': expected one of flows, other"):
        read(path, sheet="x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "mine.csv"
    path.write_bytes("date,Größe\n2020,1\n2021,2\n".encode(encoding))
    assert read(path).columns == ("Größe",)


def test_what_is_no_table_is_named(tmp_path):
    with pytest.raises(InputError, match="a folder"):
        read(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(InputError, match="a PDF; expected CSV"):
        read(tmp_path / "b.csv")
    with pytest.raises(InputError, match="an address; download it first"):
        read("https://example.org/a.csv")
    with pytest.raises(InputError, match="source=5: expected a Path or a text or a pandas"):
        read(5)


def test_frames_series_and_files_give_the_same(tmp_path):
    index = pd.period_range("2010Q1", periods=3, freq="Q")
    frame = pd.DataFrame({"value": [1.0, 2.0, 4.0]}, index)
    path = tmp_path / "mine.csv"
    frame.rename_axis("quarter").to_csv(path)
    for source in (frame, frame["value"], path, str(path)):
        values = read_series(source).values
        pd.testing.assert_series_equal(values, frame["value"], check_names=False)


def test_missing_and_newest_first_are_told_and_kept_in_the_order_of_the_file(tmp_path):
    found = read(write(tmp_path, "date,v\n2003,3\n2002,n/a\n2001,1\n"))
    assert found.to_dict()["values"] == {"v": [3.0, None, 1.0]}
    assert (found.first, found.last, found.n, found.missing) == ("2001", "2003", 2, 1)
    assert "newest first, sorted" in found.notes and "1 missing" in found.line
    json.dumps(found.to_dict(), allow_nan=False)


def test_days_become_month_ends_only_when_asked(tmp_path):
    days = pd.bdate_range("2024-01-01", "2024-03-28")
    frame = pd.DataFrame({"close": np.arange(1.0, len(days) + 1)}, days)
    with pytest.raises(InputError, match="--frequency M takes the last day of each month"):
        read_series(frame)
    values = read_series(frame, frequency="M").values
    expected = frame["close"].resample("ME").last()
    assert values.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.325,64", ",", 1325.64), ("1,325.64", ".", 1325.64), ("1 325,64", ",", 1325.64),
        ("1'325.5", ".", 1325.5), ("(1,259.5)", ".", -1259.5), ("−3", ".", -3.0),
        ("$-5", ".", -5.0), ("-£5.5", ".", -5.5), ("1.5%", ".", 1.5),
        ("12,34,567.0", ".", 1234567.0),
        ("2.5e3", ".", 2500.0), ("EUR 1.200,50", ",", 1200.5), ("1,32", ".", None),
        ("1_000", ".", None), ("1.2.3", ".", None), ("5 m", ".", None), ("nan", ".", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, decimal, value):
    assert to_number(text, decimal) == value


def test_any_plain_series_survives_any_way_of_writing_it():
    rng = np.random.default_rng(0)
    values = np.round(rng.lognormal(6, 1, 40), 2)
    quarters = pd.period_range("1999Q1", periods=40, freq="Q")
    forms = {
        "US": lambda v: f"{v:,.2f}",
        "German": lambda v: f"{v:,.2f}".translate({44: 46, 46: 44}),
        "dollars": lambda v: f"${v:,.2f}",
        "plain": lambda v: f"{v:.2f}",
    }
    for form in forms.values():
        for separator in (";", "\t", "|"):
            out = io.StringIO()
            writer = csv.writer(out, delimiter=separator)
            writer.writerow(["Quarter", "Spending"])
            writer.writerows(
                [
                    [f"Q{q.quarter} {q.year}", form(v)]
                    for q, v in zip(quarters, values, strict=True)
                ]
            )
            grid = pd.read_csv(io.StringIO(out.getvalue()), sep=separator, dtype=str)
            assert read(grid).frame["Spending"].tolist() == values.tolist()


def test_as_series_takes_lists_and_refuses_nonsense():
    assert as_series([1, 2], ["2010Q1", "2010Q2"]).index.freqstr == "Q-DEC"
    for values, dates, words in (
        ([], None, "series: empty"),
        ([1.0, None], None, "expected a finite number"),
        ([1, 2], ["2010"], "dates: 1 for 2 numbers"),
        ([1 + 2j], None, "complex numbers"),
        (["a"], None, "something other than numbers"),
        ("text", None, "expected a pandas Series, a list or an array"),
        (pd.Series([1.0, 2.0], [pd.NaT, pd.Timestamp("2000")]), None, "none at position 0"),
        (pd.DataFrame({"a": [1], "b": [2]}), None, "columns a, b; expected one"),
    ):
        with pytest.raises((DataError, InputError), match=words):
            as_series(values, dates)
    with pytest.raises(InputError, match="n_draws=True: expected a whole number, 1 or more"):
        whole("n_draws", True, least=1)
    with pytest.raises(InputError, match="confidence='x': expected a number between 0 and 1"):
        between("confidence", "x", 0, 1)


def test_labels_that_look_like_ours_and_are_not():
    assert read_labels(["2000-01", "2001-02", "2002-03"]).kind == "A"
    assert read_labels(["2000-01", "2000-02", "2000-03"]).kind == "M"
    assert "fiscal year" in read_labels(["2000-01", "2001-02"]).notes[0]


MISTAKEN = {
    "parts of fiscal years": "Fiscal Year,Quarter,Value\n2018,1,5\n2018,2,6\n",
    "not those of calendar years": "FY,Apr,May,Jun\n2018-19,1,2,3\n2019-20,1,2,3\n",
    "column 'year' stands twice": "year,v,year,w\n2010,1,1990,5\n2011,2,1991,6\n",
    "may be a year or a number": "id,price\n2001,5\n2002,6.5\n2003,7\n",
    "fiscal years or months": "date,value\n2000-01,1\n2001-02,2\n2002-03,3\n2003-05,4\n",
    "--where 'name=A'": "date,name,value\n2010,A,1\n2011,A,2\n2012,B,30\n2013,B,40\n",
    "'1325-'; expected a number": "date,value\n2010,1325-\n2011,5\n",
}


@pytest.mark.parametrize(("words", "text"), MISTAKEN.items(), ids=MISTAKEN)
def test_what_once_was_read_wrongly_is_refused(tmp_path, words, text):
    with pytest.raises(InputError) as error:
        read(write(tmp_path, text))
    assert words in str(error.value)


def test_what_once_was_read_wrongly_is_read(tmp_path):
    cents = read(write(tmp_path, "Datum;Wert\n2010;5,–\n2011;6,–\n2012;7,50\n"))
    assert cents.frame["Wert"].tolist() == [5, 6, 7.5]
    gap = read(write(tmp_path, "date,v\n2000-01,1\n2001-02,2\n2003-04,3\n"))
    assert (gap.frequency, gap.last) == ("A", "2003") and "no row for 2002" in gap.line
    both = read(write(tmp_path, "date,v\n01/01/2010,1\n01/01/2011,2\n"))
    assert (both.frequency, both.first) == ("A", "2010")
    wide = read(write(tmp_path, "Item,2018,2019,2020E\nCapex,1,2,3\n"))
    assert "'2020E' left out, for the mark" in wide.line
    own = write(tmp_path, "date,index,value\n2010,100,5\n2011,101,6\n")
    assert read(own).columns == ("value",) and read(own, column="Index").columns == ("index",)


def test_frames_of_every_kind():
    fiscal = pd.Series([1.0, 2.0], pd.period_range("2010Q1", periods=2, freq="Q-JUN"))
    # Fiscal 2010 that ends in June begins in July 2009.
    assert read(fiscal).first == "2009Q3"
    days = pd.to_datetime(["2020-01-31", "2020-02-29"])
    prices = pd.DataFrame({("Close", "A"): [1.0, 2.0], ("Open", "A"): [3.0, 4.0]}, days)
    assert read(prices).columns == ("Close A", "Open A")
    assert read(pd.Series([1.0, 2.0], index=range(2010, 2012))).first == "2010"
    for frame, words in (
        (pd.DataFrame(), "empty"),
        (pd.DataFrame({"date": ["2010", "2011"], "v": [1.0, np.inf]}), "'inf'; expected"),
        (pd.DataFrame({"date": ["2010", "2011"], "v": [1, 10**400]}), "expected a number"),
        (pd.Series([1.0, 2.0], pd.period_range("2010-01", periods=2, freq="2M")), "of 2M"),
    ):
        with pytest.raises(InputError, match=words):
            read(frame)


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["date", "growth"], ["2010", 0.05], ["2011", 0.06]):
        sheet.append(row)
    for cell in ("B2", "B3"):
        sheet[cell].number_format = "0%"
    path = tmp_path / "p.xlsx"
    book.save(path)
    assert read(path).frame["growth"].tolist() == [5.0, 6.0]
    sheet["B3"].number_format = "0"
    book.save(path)
    with pytest.raises(InputError, match="signs 'none', '%' in one column"):
        read(path)
    sheet["B3"] = "=B2+1"
    book.save(path)
    with pytest.raises(InputError, match="cell B3: a formula without a saved value"):
        read(path)


def column(labels, values=None, head="date,value", mark=","):
    """A file of labels beside the numbers 1.5, 2.5 and so on."""
    labels = labels.split("|")
    cells = values.split("|") if values else [f"{i + 1}.5" for i in range(len(labels))]
    rows = (f"{a}{mark}{b}" for a, b in zip(labels, cells, strict=True))
    return "\n".join([head, *rows]) + "\n"


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ONE_ON = [i + 1.5 for i in range(24)]
# Text of a file: letter, first and last, first numbers, and words of the notes.
KINDS = {
    column("2015-W03|2015-W04"): ("W", "2015-01-18", "2015-01-25", [1.5, 2.5], "its Sunday"),
    column("2015W52|2015W53|2016W01"): ("W", "2015-12-27", "2016-01-10", [1.5], ""),
    column("2015-W03-1|2015-W03-2"): ("D", "2015-01-12", "2015-01-13", [1.5, 2.5], ""),
    column("2010|2010.25|2010.5|2010.75"): ("Q", "2010Q1", "2010Q4", [1.5], "'2010.25' is a q"),
    column("2010.000|2010.083|2010.167"): ("M", "2010-01", "2010-03", [1.5], "of the year"),
    column("2010.00|2010.08|2010.17|2010.25"): ("M", "2010-01", "2010-04", [1.5], ""),
    column("2010.1|2010.2|2010.3|2010.4|2011.1"): ("Q", "2010Q1", "2011Q1", [1.5], "quarter"),
    column("1871.08|1871.09|1871.1|1871.11"): ("M", "1871-08", "1871-11", [1.5], ""),
    column("2010:1|2010:2|2010:3|2010:4|2011:1"): ("Q", "2010Q1", "2011Q1", [1.5], "passes 4"),
    column("2010/1|2010/2|2010/3|2010/4|2011/1"): ("Q", "2010Q1", "2011Q1", [1.5], "passes 4"),
    column("2010:1|2010:2|2010:3|2010:4|2010:5"): ("M", "2010-01", "2010-05", [1.5], ""),
    column("2010年1月|2010年2月"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("2010年第1季度|2010年第2季度"): ("Q", "2010Q1", "2010Q2", [1.5], ""),
    column("2010年三季度|2010年四季度"): ("Q", "2010Q3", "2010Q4", [1.5], ""),
    column("2010년 1월|2010년 2월"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("01jan2010|01feb2010"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("31JAN2010:00:00:00|28FEB2010:00:00:00"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("JAN2010|FEB2010"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("2010m1|2010m2"): ("M", "2010-01", "2010-02", [1.5], ""),
    column("2010 1Q|2010 2Q"): ("Q", "2010Q1", "2010Q2", [1.5], ""),
    column("1. Quartal 2010|2. Quartal 2010"): ("Q", "2010Q1", "2010Q2", [1.5], ""),
    column("FY09/10|FY10/11"): ("A", "2009", "2010", [1.5], "fiscal year"),
    column("FY19A|FY20A|FY21E"): ("A", "2019", "2020", [1.5, 2.5], "'FY21E' left out"),
    column("1Q20A|2Q20A|3Q20E"): ("Q", "2020Q1", "2020Q2", [1.5, 2.5], "'3Q20E' left out"),
    column("٢٠١٠|٢٠١١", "١٫٥|٢٬٣٢٥٫٥"): ("A", "2010", "2011", [1.5, 2325.5], ""),
    column("２０１０|２０１１", "１．５|２．５"): ("A", "2010", "2011", [1.5, 2.5], ""),
    column("1600-01-31|1600-02-29"): ("M", "1600-01", "1600-02", [1.5], ""),
    column("1650-01-03|1650-01-04"): ("D", "1650-01-03", "1650-01-04", [1.5], ""),
    column("2010|2011|2012", "1.5|2.5|3.5p"): ("A", "2010", "2012", [1.5, 2.5, 3.5], "'p' (pr"),
    column("2010|2011", "1.5|2.5 (r)"): ("A", "2010", "2011", [1.5, 2.5], "'r' (revised) 1"),
    column("2010|2011|2012", "1.2B|0|850M"): ("A", "2010", "2012", [1.2e9, 0], "'B' mult"),
    column("2010|2011", "£5m|£6.5m"): ("A", "2010", "2011", [5e6, 6.5e6], "1e6"),
    column("2010|2011", "3.4 bn|4.5 bn"): ("A", "2010", "2011", [3.4e9, 4.5e9], "'bn'"),
    column("2010|2011", "1,2 Mio. €|1,3 Mio. €", "date;v", ";"): ("A", "2010", "2011", [1.2e6],
                                                                 "1e6"),
    column("2010|2011", "1'325.5|12’325.5"): ("A", "2010", "2011", [1325.5, 12325.5], ""),
    column("2010|2011", "1\u202f325,5|2\u00a0325,5", "date;v", ";"): ("A", "2010", "2011",
                                                                     [1325.5, 2325.5], ""),
    "geo\\TIME_PERIOD\t2012 \t2011 \t2010 \nA,DE\t1.5 p\t:u\t3.5 b\n": (
        "A", "2010", "2012", [1.5, None, 3.5], "'b' (break in the series) 1"),
    'Name,Code,2000 [YR2000],2001 [YR2001]\nFrance,FRA,1.5,..\n': (
        "A", "2000", "2000", [1.5, None], ""),
    ",2010,,,,,2011,,\nItem,Q1,Q2,Q3,Q4,FY,Q1,Q2,FY\nCapex,1.5,2.5,3.5,4.5,9,5.5,6.5,9\n": (
        "Q", "2010Q1", "2011Q2", ONE_ON[:6], "left out columns FY"),
    ",2010,,,2011,,\nItem,Jan,Feb,Mar,Jan,Feb,Mar\nA,1.5,2.5,3.5,4.5,5.5,6.5\n": (
        "M", "2010-01", "2011-03", ONE_ON[:6], "no row for 2010-04 to 2010-12"),
    "Month,2010,2011\n" + "".join(f"{m},{i + 1.5},{i + 13.5}\n" for i, m in enumerate(MONTHS))
    + "Annual,9,9\n": ("M", "2010-01", "2011-12", ONE_ON, "left out Annual"),
    "Quarter,2010,2011\nQ1,1.5,5.5\nQ2,2.5,6.5\nQ3,3.5,\nQ4,4.5,\n": (
        "Q", "2010Q1", "2011Q2", ONE_ON[:6], ""),
    "Updated,2024\nYear," + ",".join(MONTHS) + "\n2010," + ",".join(map(str, ONE_ON[:12])): (
        "M", "2010-01", "2010-12", ONE_ON[:12], ""),
    "Year,Period,Value\n" + "".join(f"2010,M{m:02},{m}.5\n" for m in range(1, 14)): (
        "M", "2010-01", "2010-12", ONE_ON[:12], "1 rows of Period 'M13', the year as a whole"),
    "Year,Month,Day,Value\n2010,1,4,1.5\n2010,1,5,2.5\n2010,1,6,3.5\n": (
        "D", "2010-01-04", "2010-01-06", [1.5, 2.5, 3.5], ""),
    "Year,Quarter,Value\n2010,Q1,1.5\n,Q2,2.5\n,Q3,3.5\n": (
        "Q", "2010Q1", "2010Q3", [1.5, 2.5, 3.5], "the year above, 2 rows"),
    "date value\n2010 1325,64\n2011 1240,14\n": ("A", "2010", "2011", [1325.64], "blanks"),
    "My long title\n\nYear Capex\n1900 1.5\n1901 2.5\n1902 3.5\nSource: Board of Trade, 2\n": (
        "A", "1900", "1902", [1.5, 2.5, 3.5], "rows 1, 7 skipped"),
    "Title\nA Quarter,Value\nQ1 2010,1.5\nQ2 2010,2.5\n": ("Q", "2010Q1", "2010Q2", [1.5], ""),
    "Quarter      Value\nQ1 2010        1.5\nQ2 2010        2.5\n": (
        "Q", "2010Q1", "2010Q2", [1.5, 2.5], ""),
    '"date" "value"\n"1" "2010" 1.5\n"2" "2011" 2.5\n': ("A", "2010", "2011", [1.5, 2.5], ""),
    '"","date","v"\n"1","2010-03-31",1.5\n"2","2010-06-30",2.5\n': (
        "Q", "2010Q1", "2010Q2", [1.5], "row numbers"),
    "date,value\r2010,1.5\r2011,2.5\r": ("A", "2010", "2011", [1.5, 2.5], ""),
    "date;value\r2010;1,5\r2011;2,5\r": ("A", "2010", "2011", [1.5, 2.5], ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), KINDS.items(), ids=[repr(k)[:40] for k in KINDS])
def test_kinds_of_files_that_are_read(tmp_path, text, expected):
    letter, first, last, numbers, words = expected
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    found = read(path)
    assert (found.frequency, found.first, found.last) == (letter, first, last)
    values = next(iter(found.to_dict()["values"].values()))
    assert values[: len(numbers)] == numbers
    assert words in found.line


REFUSED = {
    column("1985H1|1985H2"): "row 2, column date: '1985H1' is a half-year; expected years",
    column("H1 1985|H2 1985"): "'H1 1985' is a half-year",
    column("1985-S1|1985-S2"): "'1985-S1' is a half-year",
    column("2010-06-30|2010-12-31|2011-06-30"): "days 181 to 184 days apart, half-years",
    "year,half,v\n2010,1,5\n2010,2,6\n": "year and half name half-years",
    "Period,2010,2011\nH1,5,6\nH2,7,8\n": "row 2: half-years in rows",
    "year,week,v\n2010,1,5\n2010,2,6\n": "expected 2015-W03 (ISO 8601)",
    column("2014-W52|2014-W53"): "row 3, column date: '2014-W53'; expected a date like",
    column("2015w1|2015w2"): "a week counted from 1 January or one of ISO 8601",
    column("2010-01-05|2010-01-19|2010-02-02|2010-02-16"): "14 days apart, irregular",
    column("2010-01-05|2010-02-19|2010-02-28|2010-05-01|2011-03-01"): "irregular; expected one",
    column("FY2010 Q1|FY2010 Q2"): "a quarter of a fiscal year; expected calendar quarters",
    column("1QFY10|2QFY10"): "a quarter of a fiscal year",
    "Item,Q1 FY10,Q2 FY10\nCapex,1,2\n": "a quarter of a fiscal year",
    "FY,2010,,,\nItem,Q1,Q2,Q3,Q4\nCapex,1,2,3,4\n": "quarters of fiscal years",
    "Quarter,FY10,FY11\nQ1,1,2\nQ2,1,2\nQ3,1,2\nQ4,1,2\n": "not those of calendar years",
    column("2024E|2025E"): "marked as estimates",
    column("2010:1|2010:2|2010:3"): "a quarter or a month; expected --frequency Q or",
    column("2010-1|2010-2|2010-3"): "a quarter or a month; expected --frequency Q or",
    column("2010-01|2010-02|2010-03|2010-04|2011-01"): "a quarter or a month",
    column("201001|201002|201003|201004|201101"): "a quarter or a month",
    column("2010.5|2011.5"): "'2010.5'; expected months or quarters without a gap",
    "id,price\n1850.25,5\n1850.5,6\n1850.75,7\n": "may be a year or a number",
    column("1500|1501"): "(years from 1600 on)",
    column("2010|2011|2012", "1.5|2.5|3.5b"): "row 4, column value: '3.5b' among numbers such",
    column("2010|2011|2012", "1.2B|850|2B"): "row 3, column value: '850' among numbers such",
    column("2010|2011", "25 bp|30 bp"): "row 2, column value: '25 bp'; expected a number",
    column("2010|2011", "5 m|6 m"): "no numbers under value",
    column("2010|2011|2012", "5.2-|3.1|4.4-"): "row 2, column value: '5.2-'; expected a number",
    column("2010|2011", "TRUE|FALSE"): "no numbers under value",
    column("2010|2011|2012", "1.5|TRUE|2"): "row 3, column value: 'TRUE'; expected a number",
    "date,value,note\n2010,1325,64,\n2011,1240,14,\n": "4 cells under 3 headings, the last",
    '"date","value\n(USD)"\n2010,1\n2011,x\n2012,3\n': "row 3, column value (USD): 'x'",
    "date,value\n\n2010,1\n\n2011,x\n2012,3\n": "row 5, column value: 'x'",
    "2010,1.5\ndate,value\n2011,2.5\n2012,3.5\n": "row 1: '2010, 1.5' are data above the",
    "\ufeff": "empty; expected a header and rows",
    '[{"date": "2010"}]': "JSON; expected CSV",
    "<?xml version='1.0'?><a/>": "XML; expected CSV",
    "{\\rtf1 hello}": "rich text (RTF); expected CSV",
    "<stata_dta>": "a Stata file (.dta); expected CSV",
    "PAR1....": "a Parquet file; expected CSV",
    "date,value\n2010,1\0\n": "byte 18 is NUL",
}


@pytest.mark.parametrize(
    ("text", "words"), REFUSED.items(), ids=[repr(k)[:40] for k in REFUSED]
)
def test_kinds_of_files_that_are_refused(tmp_path, text, words):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    with pytest.raises(InputError) as error:
        read(path)
    assert words in str(error.value) and "mine.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_frequency_settles_quarter_or_month_and_irregular_days(tmp_path):
    parts = write(tmp_path, column("2010:1|2010:2|2010:3"))
    assert read(parts, frequency="Q").last == "2010Q3"
    assert read(parts, frequency="M").last == "2010-03"
    days = write(tmp_path, column("2010-01-05|2010-01-19|2010-02-02|2010-02-16"))
    assert read(days, frequency="M").frame["value"].tolist() == [2.5, 4.5]


def test_iso_weeks_agree_with_the_standard_library(tmp_path):
    monday = datetime.date(2009, 12, 28)
    weeks = [monday + datetime.timedelta(weeks=i) for i in range(60)]
    found = read(write(tmp_path, column("|".join(f"{d:%G-W%V}" for d in weeks))))
    ends = [d + datetime.timedelta(days=6) for d in weeks]
    assert [d.date() for d in found.frame.index] == ends and found.frequency == "W"


def test_the_one_sheet_with_data_is_read_and_two_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    for row in (["About"], ["Updated", datetime.datetime(2024, 1, 31)], ["Version", 2]):
        book.active.append(row)
    for title in ("Data", "More"):
        sheet = book.create_sheet(title)
        for row in (["date", "v"], ["2010", 1.5], ["2011", 2.5]):
            sheet.append(row)
        book.save(tmp_path / f"{title}.xlsx")
    found = read(tmp_path / "Data.xlsx")
    assert found.frame["v"].tolist() == [1.5, 2.5]
    assert "sheet 'Data', the only one of Notes, Data with dates and numbers" in found.line
    with pytest.raises(InputError, match=r"sheet 'Notes', but in Data, More; expected --sheet"):
        read(tmp_path / "More.xlsx")
    assert read(tmp_path / "More.xlsx", sheet="More").n == 2


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("mimetype", "an OpenDocument file"), ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "a Word document"), ("a.csv", "archive of a.csv; unpack it"),
    ],
)  # fmt: skip
def test_archives_that_are_no_workbook_are_named(tmp_path, member, words):
    with zipfile.ZipFile(tmp_path / "mine.xlsx", "w") as archive:
        archive.writestr(member, "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InputError, match=words):
        read(tmp_path / "mine.xlsx")


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"])
@pytest.mark.parametrize("is_down", [False, True])
def test_long_files_are_read_as_short_ones_are(tmp_path, monkeypatch, form, is_down):
    days = pd.bdate_range("1990-01-01", periods=400)
    rows = [
        f"{d:{form}};{i * 0.37 + 1000:.2f};{'' if i % 9 else i}" for i, d in enumerate(days)
    ]
    path = write(tmp_path, "\n".join(["Date;Close;Volume", *rows[:: -1 if is_down else 1]]))
    slow = read(path)
    monkeypatch.setattr("manias.data.plain.LONG", 100)
    monkeypatch.setattr("manias.data.reader.cut", None)
    fast = read(path)
    assert fast.to_dict() == slow.to_dict() and fast.rows == slow.rows
    pd.testing.assert_frame_equal(fast.frame, slow.frame, check_freq=False)


@pytest.mark.parametrize(
    "odd", ["2000-13-01,5.5", "2000-01-03,x", "2000-01-03,1,5", "1989-01-02,"]
)
def test_long_files_that_are_not_plain_get_the_same_answer(tmp_path, monkeypatch, odd):
    days = pd.bdate_range("1990-01-01", periods=200)
    path = write(tmp_path, "\n".join(["date,v", *(f"{d:%Y-%m-%d},1.5" for d in days), odd]))
    answers = []
    for rows in (3_000, 100):
        monkeypatch.setattr("manias.data.plain.LONG", rows)
        try:
            answers.append(read(path).to_dict())
        except InputError as error:
            answers.append(str(error))
    assert answers[0] == answers[1]


def test_a_workbook_without_the_library_is_refused_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"14_book.xlsx: a workbook, for which openpyxl is"):
        read(FILES / "14_book.xlsx")
