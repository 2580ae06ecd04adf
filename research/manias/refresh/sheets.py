"""Sheets of workbooks, old (.xls) and new (.xlsx), as rows of cells."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

from manias.errors import InputError
from manias.refresh.feed import Original

Row = tuple[Any, ...]


def sheet_of(original: Original, name: str) -> list[Row]:
    """Rows of one sheet; blank cells are None, texts lose the blanks around them.

    Parameters
    ----------
    original : Original
        A workbook, whatever its ending says.
    name : str
        The sheet, blanks around its name aside.

    Returns
    -------
    list of tuple
        Of numbers, texts and None, all of one length.

    Raises
    ------
    InputError
        If it is no workbook, is damaged or has no such sheet.
    """
    if original.content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise InputError(f"{original.name}: a web page; expected a workbook")
    packed = original.content[:4] == b"PK\3\4"
    found, rows = (_xlsx if packed else _xls)(original, name)
    if rows is None:
        raise InputError(
            f"{original.name}: no sheet {name!r}; expected it among {', '.join(found)}"
        )
    width = max((len(row) for row in rows), default=0)
    return [
        tuple(_cell(row[i]) if i < len(row) else None for i in range(width)) for row in rows
    ]


def names_in(row: Sequence[Any]) -> list[str]:
    """Texts of a header, without line breaks and what stands for them.

    Parameters
    ----------
    row : sequence

    Returns
    -------
    list of str
        Blank where a cell holds no text.

    Examples
    --------
    >>> names_in(["Total\\n_x000D_Private", None, "Date "])
    ['Total Private', '', 'Date']
    """
    return [
        " ".join(cell.replace("_x000D_", " ").split()) if isinstance(cell, str) else ""
        for cell in row
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _xlsx(original: Original, name: str) -> tuple[list[str], list[Row] | None]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(original.content), read_only=True)
        found = {sheet.title.strip(): sheet for sheet in book.worksheets}
        sheet = found.get(name)
        return list(found), None if sheet is None else list(sheet.iter_rows(values_only=True))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError, OSError) as error:
        # An error of the XML inside is a SyntaxError.
        raise InputError(f"{original.name}: damaged workbook ({error})") from None


def _xls(original: Original, name: str) -> tuple[list[str], list[Row] | None]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=original.content, logfile=io.StringIO())
        found = {sheet.name.strip(): sheet for sheet in book.sheets()}
        sheet = found.get(name)
        if sheet is None:
            return list(found), None
        kinds = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR)
        return list(found), [
            tuple(None if cell.ctype in kinds else cell.value for cell in sheet.row(i))
            for i in range(sheet.nrows)
        ]
    except (
        *(xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error),
        *(AssertionError, IndexError, ValueError, TypeError, KeyError, EOFError),
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{original.name}: not read as a workbook ({reason})") from None
