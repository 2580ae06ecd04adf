"""Workbooks of originals: opened or refused, and their sheets as rows."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from manias.errors import InputError
from manias.refresh.feed import LARGEST, Original


def open_workbook(original: Original) -> Any:
    """Open a workbook of xlsx.

    Parameters
    ----------
    original : Original

    Returns
    -------
    openpyxl.Workbook
        Read-only, with the values of formulas.

    Raises
    ------
    InputError
        If it is a web page, damaged, too large or no workbook.

    Examples
    --------
    >>> open_workbook(Original("x", "x.xlsx", b"<html>", "", ""))
    Traceback (most recent call last):
    manias.errors.InputError: x.xlsx: a web page; expected a workbook of xlsx
    """
    import openpyxl

    if original.content.lstrip()[:1] == b"<":
        raise InputError(f"{original.name}: a web page; expected a workbook of xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(original.content)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > LARGEST:
                raise InputError(
                    f"{original.name}: {size:,} bytes unpacked; expected {LARGEST:,} at most"
                )
            if damaged := archive.testzip():
                raise zipfile.BadZipFile(damaged)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(
                io.BytesIO(original.content), read_only=True, data_only=True
            )
    except InputError:
        raise
    except Exception as error:
        # Whatever a library says of a damaged file, the user needs the file and no trace.
        told = " ".join(f"{type(error).__name__}: {error}".split())[:80]
        raise InputError(
            f"{original.name}: no workbook ({told}); expected a whole file of xlsx"
        ) from None


def rows_of_sheet(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Rows of a sheet, whatever extent the file claims for it.

    Parameters
    ----------
    sheet : openpyxl worksheet

    Yields
    ------
    tuple
        Values; rows may differ in length.
    """
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield from sheet.iter_rows(values_only=True)


def plain(cell: object) -> str:
    """A cell as text, blanks of every kind made one.

    Parameters
    ----------
    cell : object

    Returns
    -------
    str

    Examples
    --------
    >>> plain("  Oil\\xa0and  gas "), plain(2110), plain(2110.0), plain(None)
    ('Oil and gas', '2110', '2110', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())
