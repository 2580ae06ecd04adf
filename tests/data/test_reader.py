"""Files as people have them: what is read, what is refused, and in which words."""

import csv
import datetime
import io
import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from manias import InputError, read, read_series
from manias.data.checks import as_series, between, whole
from manias.data.labels import from_serial, read_labels, readings
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
    assert "left out columns 2020E" in wide.line
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
