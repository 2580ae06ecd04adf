"""What the commands share: tables for people, JSON for machines, words on standard error."""

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TextIO

import typer

from manias.language.visible import visible

CELL = 18
"""Most columns of a page that a cell takes up where it is folded."""
FEW = 3
"""Rows that are printed whole, however many columns they have."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Form = Annotated[
    Literal["table", "csv", "json"],
    typer.Option("--format", help="How to print it; --json is short for --format json."),
]


class Shown:
    """A stream on which nothing but text appears: what would steer a terminal is spelt out.

    Parameters
    ----------
    stream : text stream
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text; new lines and tabs stay."""
        self.stream.write(visible(text, keep="\n\t"))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write texts one after the other."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def say(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"manias: {text} ...", file=sys.stderr, flush=True)


_UNSAID: list[str] = []


def tell(text: str) -> None:
    """Say on standard error, once anything is printed, how a file was understood.

    Where nothing is, the one line of the error stands alone.
    """
    _UNSAID.append(text)


def _tell_now() -> None:
    while _UNSAID:
        print(f"manias: {_UNSAID.pop(0)}", file=sys.stderr, flush=True)


def fail(text: str, code: int = 2) -> None:
    """Print one line and exit, with 2 where the input is to blame."""
    print(f"manias: {' '.join(text.split())}", file=sys.stderr)
    sys.exit(code)


def usage(error: typer.TyperException) -> str:
    """The line of a usage error, with where help is."""
    message: Callable[[], str] | None = getattr(error, "format_message", None)
    context = getattr(error, "ctx", None)
    hint = f" (see '{context.command_path} --help')" if context is not None else ""
    return f"{message() if message else error}{hint}"


def print_json(value: object) -> None:
    """Print a value as JSON; NaN becomes null."""
    _tell_now()
    text = json.dumps(
        _finite(value), indent=1, ensure_ascii=False, allow_nan=False, default=str
    )
    print(_UNPLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


_UNPLAIN = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What may stand in JSON as it is, and not on a terminal."""


PAGE = 80
"""Columns of a page where the output is no terminal."""


def print_records(records: list[dict[str, object]], *, keep: Sequence[str]) -> None:
    """Print rows of a table so that they can be read in the width at hand.

    Columns without a value are left out, and what is the same in every row is said once. A few
    rows of many columns are printed one below the other, each whole; of more rows columns of
    words are left out until the others fit, the widest first, but none of ``keep``; which,
    is said.
    """
    page = page_width()
    cells = [{c: _cell(v) for c, v in record.items()} for record in records]
    filled = [c for c in cells[0] if any(r[c] for r in cells)]
    if len(cells) <= FEW and _width(cells, filled) > page:
        _print_whole(cells, filled, page)
        return
    same = [c for c in filled if len(cells) > FEW and len({r[c] for r in cells}) == 1]
    shown = [c for c in filled if c not in same]
    words = [c for c in shown if any(isinstance(r[c], str) for r in records)]
    for column in sorted(words, key=lambda c: (c != "note", -_width(cells, [c]), c)):
        if _width(cells, shown) > page and column not in keep:
            shown.remove(column)
    _print_lines(cells, shown, page)
    if same:
        print_wrapped(f"In every row above: {'; '.join(f'{c} {cells[0][c]}' for c in same)}")
    if left := [c for c in filled if c not in same and c not in shown]:
        print_wrapped(f"Left out for width: {', '.join(left)} (--json has them)")


def print_wrapped(text: str) -> None:
    """Print a paragraph in the width at hand; addresses are not broken."""
    _tell_now()
    print(
        textwrap.fill(
            text,
            page_width(),
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def around(text: str, wanted: str, most: int) -> str:
    """Cut a text to so many characters about what is wanted in it, between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    at = max(text.casefold().find(wanted.casefold()), 0)
    start = max(0, min(at - (most - len(wanted)) // 2, len(text) - most))
    start = text.rfind(" ", 0, start + 1) + 1
    cut = textwrap.shorten(text[start:], most + 4, placeholder=" ...")
    return f"... {cut}" if start else cut


def page_width() -> int:
    """Columns of the terminal, or of a page where there is none."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return max(shutil.get_terminal_size().columns, 20)
    return PAGE


def _width(cells: list[dict[str, str]], columns: Sequence[str]) -> int:
    return sum(2 + max(min(CELL, max(len(c), *(len(r[c]) for r in cells))), 1) for c in columns)


def _print_whole(cells: list[dict[str, str]], columns: list[str], page: int) -> None:
    indent = max(map(len, columns)) + 4
    for i, record in enumerate(cells):
        if i:
            print()
        for column in columns:
            if record[column]:
                lines = textwrap.wrap(record[column], page - indent, break_on_hyphens=False)
                print(f"  {column:<{indent - 2}}" + f"\n{' ' * indent}".join(lines))


def _print_lines(cells: list[dict[str, str]], columns: Sequence[str], page: int) -> None:
    """Rows as lines: a column has the width of its longest word, and more as there is."""
    gaps = GAP * (len(columns) - 1)
    width = {c: _longest_word(cells, c) for c in columns}
    for most in (CELL, CELL * 2 // 3, CELL // 2):
        if sum(width.values()) + gaps > page:
            width = {c: min(w, most) for c, w in width.items()}
    want = {c: max(len(c), *(len(r[c]) for r in cells)) for c in columns}
    spare = page - gaps - sum(width.values())
    by_need = sorted(columns, key=lambda c: want[c] - width[c])
    for at, column in enumerate(by_need):
        more = min(max(0, spare // (len(by_need) - at)), max(0, want[column] - width[column]))
        width[column] += more
        spare -= more
    numeric = {c: _is_numeric(r[c] for r in cells) for c in columns}
    _print_row({c: c for c in columns}, columns, width, numeric)
    print("  ".join("-" * width[c] for c in columns))
    for record in cells:
        _print_row(record, columns, width, numeric)


def _is_numeric(texts) -> bool:
    return all(not t or t[0].isdigit() or t[0] in "-−–+(" for t in texts)


def _print_row(record, columns, width, numeric) -> None:
    parts = {
        c: textwrap.wrap(record[c], max(width[c], 1), break_on_hyphens=False) or [""]
        for c in columns
    }
    for k in range(max(map(len, parts.values()))):
        cells = [parts[c][k] if k < len(parts[c]) else "" for c in columns]
        line = "  ".join(
            t.rjust(width[c]) if numeric[c] else t.ljust(width[c])
            for c, t in zip(columns, cells, strict=True)
        )
        print(line.rstrip())


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def print_csv(frame) -> None:
    """Print a frame as CSV, numbers as they are; what is missing is empty."""
    _tell_now()
    sys.stdout.write(to_csv(frame))


def to_csv(frame) -> str:
    """Write a frame as CSV in which no text is a formula to a spreadsheet.

    A text that begins as one does gets an apostrophe in front.
    """
    # Cells and headings alike: either may come from a file of somebody else.
    told = frame.rename(columns=_no_formula)
    for column, values in enumerate(told.dtypes):
        if values.kind not in "biufMm":
            told.isetitem(column, told.iloc[:, column].map(_no_formula))
    return told.to_csv(index=False, lineterminator="\n")


_FORMULA = re.compile(r"[=+\-@\t\n]")
_PLAIN = re.compile(r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s?%?", re.ASCII)


def _no_formula(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    # A lone carriage return is not quoted, and begins a row where others read it.
    text = cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    is_run = _FORMULA.match(text) and not _PLAIN.fullmatch(text)
    return f"'{text}" if is_run else text


def print_table(frame, title: str) -> None:
    """Print a frame for people in the width at hand, no word broken.

    Where the longest words of a row do not fit beside each other, a few rows are printed one
    below the other, each whole; of more, columns of words are left out, which is said.
    """
    _tell_now()
    records = [
        {str(c): _cell(v) for c, v in zip(frame.columns, row, strict=True)}
        for row in frame.itertuples(index=False)
    ]
    if title:
        print_wrapped(title)
        print()
    if not records:
        print("(no rows)")
        return
    page = page_width()
    columns = [str(c) for c in frame.columns]
    if sum(GAP + _longest_word(records, c) for c in columns) - GAP <= page:
        _print_lines(records, columns, page)
    elif len(records) <= BLOCKS:
        _print_whole(records, columns, page)
    else:
        print_records(records, keep=columns[:1])
    print()


GAP = 2
"""Blanks between two columns."""
BLOCKS = 12
"""Most rows that are printed one below the other where they are too wide for lines."""


def _longest_word(cells: list[dict[str, str]], column: str) -> int:
    return max(
        len(word)
        for text in (column, *(r[column] for r in cells))
        for word in (text.split() or [""])
    )


def _finite(value: object) -> object:
    """NaN has no place in JSON; it becomes null."""
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
