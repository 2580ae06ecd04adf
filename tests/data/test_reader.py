"""Series that users bring: what is accepted, and one clear line for what is not."""

import pandas as pd
import pytest
from manias import InputError, read_series


def write(tmp_path, text, name="mine.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("dates", "frequency"),
    [
        (["1845", "1847"], "Y"),
        (["1999Q4", "2000Q1"], "Q"),
        (["1999-12", "2000-01"], "M"),
        (["1999-12-31", "2000-01-31"], "M"),
    ],
)
def test_dates_of_four_kinds(tmp_path, dates, frequency):
    rows = "".join(f"{d},{i}\n" for i, d in enumerate(dates))
    series = read_series(write(tmp_path, "Date,Value\n" + rows))
    assert series.values.index.freqstr[0] == frequency
    assert series.values.tolist() == [0, 1]
    assert (series.name, series.unit) == ("mine", "as given")


def test_unit_blank_lines_and_byte_order_marks(tmp_path):
    path = write(tmp_path, "\ufeffdate,value,unit\n2020,1.5,miles\n\n2021,2.5e3,miles\n")
    series = read_series(path)
    assert series.unit == "miles"
    assert series.values.to_dict() == {
        pd.Period("2020", "Y"): 1.5,
        pd.Period("2021", "Y"): 2500.0,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty; expected the header"),
        ("when,value\n2020,1\n", "row 1: 'when,value'; expected one column 'date'"),
        ("date,value,value\n2020,1,1\n", "expected one column 'value'"),
        ("date,value\n2020,1\n", "1 row(s) of data; expected at least 2"),
        ("date,value\n2020,1\n2021\n", "row 3: 1 cells; expected 2"),
        ("date,value\n2020,1\n2020,2\n", "row 3, column date: '2020'; expected a later date"),
        ("date,value\n2021,1\n2020,2\n", "row 3, column date: '2020'; expected a later date"),
        ("date,value\n2020,1\n2021-02,2\n", "row 3, column date: '2021-02'; expected YYYY"),
        (
            "date,value\nspring,1\n2021,2\n",
            "row 2, column date: 'spring'; expected YYYY, YYYYQn",
        ),
        ("date,value\n2021-02-28,1\n2021-02-30,2\n", "row 3, column date"),
        ("date,value\n2020,1\n2021,n/a\n", "row 3, column value: 'n/a'; expected a number"),
        ("date,value\n2020,1\n2021,inf\n", "row 3, column value: 'inf'; expected a number"),
        ("date,value\n2020,1\n2021,\n", "row 3, column value: ''; expected a number"),
        ("date,value,unit\n2020,1,a\n2021,2,b\n", "row 3, column unit: 'b'; expected 'a'"),
    ],
)
def test_bad_files_are_named_to_the_cell(tmp_path, text, words):
    with pytest.raises(InputError) as error:
        read_series(write(tmp_path, text))
    assert words in str(error.value) and "mine.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_no_text_file_is_named(tmp_path):
    with pytest.raises(InputError, match="a folder"):
        read_series(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"date,value\n\xff\xfe,1\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_series(tmp_path / "b.csv")
