"""What the commands share: tables for people, JSON for machines, words on standard error."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def say(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"manias: {text} ...", file=sys.stderr, flush=True)


def fail(text: str) -> None:
    """Print one line and exit with 2."""
    print(f"manias: {' '.join(text.split())}", file=sys.stderr)
    sys.exit(2)


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


def print_table(frame, title: str) -> None:
    """Print a frame as a table for people."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
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
