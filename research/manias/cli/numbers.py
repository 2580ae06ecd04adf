"""The command that writes the numbers of the report, and a feed of those that moved."""

from pathlib import Path
from typing import Annotated

import typer

from manias.cli.console import (
    Form,
    Json,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
    say,
)
from manias.data.files import check_place
from manias.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command that stands at the top of ``manias``."""
    app.command("numbers")(numbers)


def numbers(
    output: Annotated[
        Path | None, typer.Option(help="Folder for numbers.json and feed.xml; none by default.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="An older numbers.json; what moved since goes into a feed."),
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            help="Of an edition that `manias edition list` names; of that in use by default."
        ),
    ] = None,
    base: Annotated[
        str, typer.Option(help="Address at which the folder is served, ending in /.")
    ] = "",
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Print every number and sentence of the report with its data, or what moved in them.

    Example: manias numbers --output site --against older/numbers.json
    """
    from dataclasses import asdict

    import pandas as pd

    from manias.data.library import current, open_edition
    from manias.report.numbers import NUMBERS, moved, read_numbers, write_numbers
    from manias.report.numbers import numbers as make

    if base and output is None:
        raise InputError("--base: expected with --output")
    old = None if against is None else read_numbers(against)
    if output is not None:
        check_place(output / NUMBERS)
    with (current() if edition is None else open_edition(edition)).open():
        say("computing the numbers of the report")
        found = make()
    paths = () if output is None else write_numbers(output, found, old, base=base)
    moves = None if old is None else moved(old, found)
    rows = [asdict(n) for n in found.numbers] if moves is None else [
        asdict(m) | {"why": m.why} for m in moves
    ]  # fmt: skip
    if as_json or form == "json":
        print_json({"edition": found.edition, "day": found.day, "rows": rows,
                    "files": [str(p.resolve()) for p in paths]})  # fmt: skip
        return
    if form == "csv":
        for row in rows:
            row |= {
                k: "; ".join(v) for k, v in row.items() if isinstance(v, dict | list | tuple)
            }
        columns = ["name", "kind", "old", "new", "tables", "why"] if moves is not None else None
        print_csv(pd.DataFrame(rows, columns=columns))
        return
    for path in paths:
        print(path.resolve())
    if moves is None:
        table = [{"name": n.name, "value": n.text, "data to": n.data_to, "grade": n.grade}
                 for n in found.numbers if n.kind == "number"]  # fmt: skip
        print_table(pd.DataFrame(table), f"Numbers of edition {found.edition}, {found.day}")
        print_wrapped("Sentences, sources and tables: --json.")
    elif not moves:
        print(f"no number or sentence moved since {old.day}")
    else:
        table = [{"name": m.name, "old": m.old, "new": m.new, "why": m.why} for m in moves]
        print_table(pd.DataFrame(table), f"Moved from {old.day} to {found.day}")
