"""Files that are no table of text and no workbook of ours, known by their first bytes."""

import io
import zipfile

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"\x1f\x8b", "a compressed file (gzip; R's .rds is one)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ", "a compressed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file (Feather)"),
    (b"FEA1", "a Feather file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"<stata_dta>", "a Stata file (.dta)"),
    (b"$FL2", "an SPSS file (.sav)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "rich text (RTF)"),
)
_ZIPPED = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint file"),
    ("Index/Document.iwa", "a Numbers document"),
)


def foreign_kind(data: bytes) -> str:
    """What bytes are that no table is read from; empty where they may be one.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    str

    Examples
    --------
    >>> foreign_kind(b"PAR1..."), foreign_kind(b"date,value")
    ('a Parquet file', '')
    """
    for mark, kind in _MAGIC:
        if data.startswith(mark):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    return ""


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            mime = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return "a broken .zip or .xlsx file"
    if "xl/workbook.xml" in names:
        return ""
    if b"opendocument" in mime:
        return "an OpenDocument file (.ods)"
    for name, kind in _ZIPPED:
        if name in names:
            return kind
    return f"a .zip archive of {', '.join(names[:4]) or 'nothing'}; unpack it first"


def text_kind(text: str) -> str:
    """What text is that is no table of cells; empty where it may be one.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> text_kind("<!DOCTYPE html>"), text_kind("date,value")
    ('a web page', '')
    """
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<?xml", "<message", "<workbook")):
        return "XML"
    if start.startswith("<"):
        return "a web page"
    is_list = start.startswith("[") and start[1:].lstrip()[:1] in {"{", "[", "]"}
    return "JSON" if start.startswith("{") or is_list else ""
