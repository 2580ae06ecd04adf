"""What the commands share: tables for people, JSON for machines, words on standard error."""

import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

CELL = 18
"""Most columns of a page that a cell takes up where it is folded."""
FEW = 3
"""Rows that are printed whole, however many columns they have."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def say(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"manias: {text} ...", file=sys.stderr, flush=True)


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
    print(
        json.dumps(_finite(value), indent=1, ensure_ascii=False, allow_nan=False, default=str)
    )


PAGE = 100
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
    print(
        textwrap.fill(
            text,
            page_width(),
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def page_width() -> int:
    """Columns of the terminal, or of a page where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PAGE


def _width(cells: list[dict[str, str]], columns: Sequence[str]) -> int:
    return sum(2 + max(min(CELL, max(len(c), *(len(r[c]) for r in cells))), 1) for c in columns)


def _print_whole(cells: list[dict[str, str]], columns: list[str], page: int) -> None:
    indent = max(map(len, columns)) + 4
    for i, record in enumerate(cells):
        if i:
            print()
        for column in columns:
            if record[column]:
                lines = textwrap.wrap(record[column], page - indent)
                print(f"  {column:<{indent - 2}}" + f"\n{' ' * indent}".join(lines))


def _print_lines(cells: list[dict[str, str]], columns: list[str], page: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", min_width=min(len(column), 8))
    for record in cells:
        table.add_row(*(record[c] for c in columns))
    console = Console(highlight=False, markup=False, width=page)
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def print_table(frame, title: str, width: int = 160) -> None:
    """Print a frame as a table for people, in so many columns where there is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if sys.stdout.isatty() else width)
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*map(str, row))
    console.print(table)


def _finite(value: object) -> object:
    """NaN has no place in JSON; it becomes null."""
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
