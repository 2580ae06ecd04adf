"""Files of users that are too large, swollen or hollow are refused soon and in one line."""

import io
import zipfile

import openpyxl
import pytest
from manias import InputError, read
from manias.data import grid


def test_more_rows_than_anybody_has_are_refused_before_they_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "ROWS", 10)
    path = tmp_path / "own.csv"
    path.write_text("date,value\n" + "\n" * 10)
    with pytest.raises(InputError, match=r"own\.csv: 11 lines; expected at most 10"):
        read(path)
    path.write_text("date,value\r\n" + "".join(f"{2000 + i},1\r\n" for i in range(9)))
    assert len(read(path).frame) == 9


def test_more_cells_than_anybody_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "CELLS", 100)
    path = tmp_path / "own.csv"
    path.write_text("date,value\n2000,1" + "," * 100 + "\n")
    with pytest.raises(InputError, match=r"own\.csv: 102 cells; expected at most 100"):
        read(path)


@pytest.mark.parametrize("content", [b",", b",,\n,,\n", b'""', b"\n\n \n", b";;\r\n"])
def test_a_file_of_nothing_but_marks_is_empty(tmp_path, content):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"own\.csv: "):
        read(path)


def book():
    made = openpyxl.Workbook()
    for row in (("date", "value"), ("2000-01", 1.5), ("2000-02", 2.5)):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "own.xlsx"
    path.write_bytes(book())
    assert read(path).frame["value"].tolist() == [1.5, 2.5]
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", b" " * (grid.LARGEST + 1))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match=r"own\.xlsx: [\d,]+ bytes unpacked; expected at most"):
        read(path)


def test_a_sheet_that_says_it_is_huge_is_refused(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"], made.active["XFD1048576"] = "date", 1
    path = tmp_path / "own.xlsx"
    made.save(path)
    with pytest.raises(InputError, match="1,048,576 rows of 16,384 cells"):
        read(path)


def test_a_workbook_that_is_broken_is_named_in_one_line(tmp_path):
    content = book()
    for at in range(0, len(content), 97):
        path = tmp_path / "own.xlsx"
        path.write_bytes(content[:at] + b"\x00" + content[at + 1 :])
        try:
            read(path)
        except InputError as error:
            assert str(error).startswith(str(path)) and "\n" not in str(error)


def test_a_message_does_not_repeat_a_whole_file(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(f"date,value\n2000,1\n2001,{'x' * 100_000}\n2002,3\n")
    with pytest.raises(InputError) as found:
        read(path)
    assert "row 3, column value" in str(found.value) and len(str(found.value)) <= 2_000
