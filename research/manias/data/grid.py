"""Rows of cells from a file as people have it: text of any usual kind, or a workbook."""

import csv
import datetime
import io
import math
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from manias.data.foreign import foreign_kind, text_kind
from manias.data.forms import YEARS, Cell
from manias.errors import InputError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blanks"}
"""Marks between cells, with their names."""
LARGEST = 100_000_000
"""Bytes above which a file is refused before it is read."""
ROWS = 2_000_000
"""Rows above which a file is refused before they are cut into cells."""
CELLS = 20_000_000
"""Cells above which it is."""
FORMATS = "CSV or an .xlsx workbook"

_MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a file, none of them blank.

    Attributes
    ----------
    file : str
        As the user named it.
    rows : tuple of tuple of cells
        All of one width.
    numbers : tuple of int
        Row of the file of each, from 1.
    separator : str or None
        None for a workbook or a frame.
    notes : tuple of str
    widths : tuple of int
        Cells of each row as they stand in a text; empty for a workbook or a frame.
    sheet : str
        Of a workbook.
    unsaved : str
        First cell of it with a formula and no saved value.
    """

    file: str
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    separator: str | None = None
    notes: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    sheet: str = ""
    unsaved: str = ""


def read_grids(path: Path | str, *, sheet: str | None = None) -> list[Grid]:
    """Read the cells of a file, of standard input (``-``) or of a pipe.

    Parameters
    ----------
    path : path
    sheet : str, optional
        Of a workbook; its visible sheets by default.

    Returns
    -------
    list of Grid
        One for each sheet of a workbook that is not empty, one for a text.

    Raises
    ------
    InputError
        If there is no such file, or it holds no table of text.

    Examples
    --------
    >>> read_grids("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected CSV or an .xlsx workbook
    """
    name, data = _bytes(path)
    if not data.strip():
        raise InputError(f"{name}: empty; expected a header and rows")
    if kind := foreign_kind(data):
        raise InputError(f"{name}: {kind}; expected {FORMATS}")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(name, data, sheet)
    if sheet is not None:
        raise InputError(f"--sheet {sheet!r}: {name} is no workbook")
    return [_text(name, data)]


def _bytes(path: Path | str) -> tuple[str, bytes]:
    text = str(path)
    if text == "-":
        return "standard input", sys.stdin.buffer.read(LARGEST + 1)
    if "://" in text or text.startswith(("http:/", "https:/")):
        raise InputError(f"{text}: an address; download it first, expected {FORMATS}")
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: a folder; expected {FORMATS}")
    if not path.exists():
        raise InputError(f"{path}: no such file; expected {FORMATS}")
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(data) > LARGEST:
        raise InputError(f"{path}: more than {LARGEST:,} bytes; expected fewer")
    return text, data


def _decode(name: str, data: bytes) -> tuple[str, str]:
    """Text of bytes, and a note where the encoding had to be chosen."""
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{name}: byte {error.start} is not {encoding}; expected CSV in UTF-8"
                ) from None
    head = data[:4_000]
    if head.count(0) > len(head) // 4:
        wide = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return data.decode(wide, errors="strict"), "read as UTF-16"
    if (at := data.find(0)) >= 0:
        raise InputError(f"{name}: byte {at + 1} is NUL, which no text has; expected {FORMATS}")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "not UTF-8, read as Windows-1252"
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: byte {error.start} is neither UTF-8 nor Windows-1252; expected CSV saved "
            f"as UTF-8"
        ) from None


def _text(name: str, data: bytes) -> Grid:
    try:
        text, note = _decode(name, data)
    except UnicodeDecodeError:
        raise InputError(f"{name}: no text; expected {FORMATS}") from None
    if "\0" in text:
        raise InputError(f"{name}: no text (NUL characters); expected {FORMATS}")
    if not text.strip():
        raise InputError(f"{name}: empty; expected a header and rows")
    if kind := text_kind(text):
        raise InputError(f"{name}: {kind}; expected {FORMATS}")
    if (n := max(text.count("\n"), text.count("\r"))) > ROWS:
        raise InputError(f"{name}: {n:,} lines; expected at most {ROWS:,}")
    mark = _separator(text)
    if (n := text.count(mark)) > CELLS:
        raise InputError(f"{name}: {n:,} cells; expected at most {CELLS:,}")
    rows = _blank_cut(text) if mark == " " else _parse(name, text, mark)
    if mark in {" ", "\t"}:
        rows = _with_corner(rows)
    # A spreadsheet counts a cell of several lines as one row.
    kept = [(n, row) for n, row in enumerate(rows, 1) if row and not "".join(row).isspace()]
    kept = [(n, row) for n, row in kept if any(row)]
    if not kept:
        raise InputError(f"{name}: empty; expected a header and rows")
    width = max(len(row) for _, row in kept)
    cells = tuple(
        tuple([c if c and not c.isspace() else None for c in row])
        + (None,) * (width - len(row))
        for _, row in kept
    )
    numbers, widths = tuple(n for n, _ in kept), tuple(len(row) for _, row in kept)
    return Grid(name, cells, numbers, mark, tuple(filter(None, [note])), widths)


def _parse(name: str, text: str, mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        at = 1
        for _ in _until_error(text, mark):
            at += 1
        raise InputError(f"{name}, row {at}: {error}; expected {FORMATS}") from None


def _until_error(text: str, mark: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error:
        return


_WIDE_BLANKS = re.compile(r"\t| {2,}")


def _blank_cut(text: str) -> list[list[str]]:
    """Rows of a text whose cells stand apart by blanks; a line of other words is one cell."""
    lines = [line.strip() for line in text.splitlines()]
    for cut in (_WIDE_BLANKS.split, _blank_split):
        try:
            rows = [cut(line) if line else [] for line in lines]
        except csv.Error:
            continue
        filled = [i for i, row in enumerate(rows) if row]
        counts = Counter(len(rows[i]) for i in filled)
        width, n = max(counts.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        if width < 2 or n < 2 or 5 * n < 3 * len(filled):
            continue
        first = next(i for i in filled if len(rows[i]) == width)
        above = max((i for i in filled if i < first), default=first)
        # R leaves the heading of the rows' names out.
        is_header = {i for i in (above,) if len(rows[i]) == width - 1}
        return [
            row if not row or len(row) == width or i in is_header else [lines[i]]
            for i, row in enumerate(rows)
        ]
    return [[line] if line else [] for line in lines]


def _blank_split(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=" ", skipinitialspace=True), [])


def _with_corner(rows: list[list[str]]) -> list[list[str]]:
    """R's tables: a header that is one cell short has none over the names of the rows."""
    filled = [i for i, row in enumerate(rows) if any(c.strip() for c in row)]
    width = max(len(row) for row in rows)
    first = next(i for i in filled if len(rows[i]) == width)
    head = max((i for i in filled if i < first), default=first)
    if len(rows[head]) != width - 1:
        return rows
    return [["", *row] if i == head else row for i, row in enumerate(rows)]


def _separator(text: str) -> str:
    """The mark that cuts most rows into the same number of cells, two or more."""
    sample = text[:200_000]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r"))]
    best, most, n_rows = ",", 0, 0
    for mark in (";", "\t", "|", ","):
        try:
            rows = [
                r for r in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if any(r)
            ]
        except csv.Error:
            continue
        counts = Counter(len(row) for row in rows)
        usual, n = max(counts.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        if usual > 1 and n > most:
            best, most, n_rows = mark, n, len(rows)
    if most and (most == n_rows or best == "\t"):
        return best
    rows = _blank_cut(sample)
    header = next((row for row in rows if len(row) > 1), None)
    # A mark that cuts the headings too is no decimal comma between blanks.
    return " " if header and not (most and any(best in c for c in header)) else best


def _workbook(name: str, data: bytes, sheet: str | None) -> list[Grid]:
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            f"{name}: a workbook, for which openpyxl is needed (pip install openpyxl); "
            f"expected it, or CSV"
        ) from None
    _refuse_swollen(name, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data))
    except Exception as error:
        said = " ".join(str(error).split())[:120]
        raise InputError(f"{name}: no workbook that can be read ({said})") from None
    sheets = book.worksheets
    names = [s.title for s in sheets]
    if sheet is not None and sheet not in names:
        raise InputError(f"--sheet {sheet!r}: expected one of {', '.join(names)}")
    shown = [s for s in sheets if s.sheet_state == "visible"] or sheets
    if not shown:
        raise InputError(f"{name}: a workbook without sheets; expected one")
    chosen = shown if sheet is None else [sheets[names.index(sheet)]]
    grids = [_sheet(name, s, formulas[s.title]) for s in chosen]
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise InputError(
            f"{name}, sheet {chosen[0].title!r}: empty; expected a header and rows"
        )
    return filled


def _refuse_swollen(name: str, data: bytes) -> None:
    """A workbook is packed: what it unpacks to must not be larger than a file may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError(f"{name}: no workbook that can be read ({error})") from None
    if size > LARGEST:
        raise InputError(f"{name}: {size:,} bytes unpacked; expected at most {LARGEST:,}")


def _sheet(name: str, sheet: Any, written: Any) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    numbers, unsaved = [], ""
    if (sheet.max_row or 0) * (sheet.max_column or 0) > CELLS:
        raise InputError(
            f"{name}, sheet {sheet.title!r}: {sheet.max_row:,} rows of {sheet.max_column:,} "
            f"cells; expected at most {CELLS:,} cells"
        )
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if cell.value is None and str(written[cell.coordinate].value or "")[:1] == "=":
                unsaved = unsaved or cell.coordinate
        cells = tuple(_percent(cell) for cell in row)
        if any(cell is not None for cell in cells):
            rows.append(cells)
            numbers.append(number)
    return Grid(name, tuple(rows), tuple(numbers), sheet=sheet.title, unsaved=unsaved)


def _percent(cell: Any) -> Cell:
    """A cell as it is shown: percent as percent."""
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    if is_number and "%" in str(cell.number_format):
        return f"{100 * cell.value:.15g}%"
    return _typed(cell.value)


def _typed(value: object) -> Cell:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            return str(value)
        return number if math.isfinite(number) else str(number)
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day)
    if value is None or not str(value).strip():
        return None
    return str(value)


def frame_grid(frame: pd.DataFrame, name: str) -> Grid:
    """Cells of a frame; a named index, or one of dates, is its first column.

    Parameters
    ----------
    frame : pandas.DataFrame
    name : str
        By which messages call it.

    Returns
    -------
    Grid
        The header is row 1.

    Examples
    --------
    >>> frame_grid(pd.DataFrame({"date": ["2000"], "value": [1.5]}), "mine").rows
    (('date', 'value'), ('2000', 1.5))
    """
    if frame.empty:
        raise InputError(f"{name}: empty; expected dates and numbers")
    if isinstance(frame.columns, pd.MultiIndex):
        flat = [" ".join(str(part) for part in c if str(part)) for c in frame.columns]
        frame = frame.set_axis(flat, axis=1)
    index = frame.index
    counts = isinstance(index, pd.RangeIndex) and index.start in YEARS
    dated = isinstance(index, pd.DatetimeIndex | pd.PeriodIndex) or counts
    if dated or not isinstance(frame.index, pd.RangeIndex):
        if isinstance(frame.index, pd.MultiIndex):
            raise InputError(f"{name}: an index of several levels; expected one of dates")
        heading = frame.index.name
        frame = frame.copy()
        frame.insert(0, "date" if heading is None else heading, frame.index, True)
    rows: list[tuple[Cell, ...]] = [
        tuple(str(c) if c is not None else None for c in frame.columns)
    ]
    for row in frame.itertuples(index=False, name=None):
        rows.append(tuple(_framed(value) for value in row))
    return Grid(name, tuple(rows), tuple(range(1, len(rows) + 1)))


def _period(value: pd.Period) -> Cell:
    if value.freq.n != 1:
        raise InputError(
            f"frame: periods of {value.freqstr}; expected years, quarters or months"
        )
    if value.freqstr[0] in "YQ" and not value.freqstr.endswith("DEC"):
        return value.end_time.normalize().to_pydatetime()
    return str(value)


def _framed(value: object) -> Cell:
    if isinstance(value, pd.Period):
        return _period(value)
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return _typed(value)
