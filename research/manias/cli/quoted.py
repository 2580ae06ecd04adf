"""The command that lays figures that circulate beside the tables."""

from typing import Annotated

import typer

from manias.cli.console import (
    Form,
    Json,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
)

FEW = 4
"""Figures of which a question tells everything; of more it prints a list."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("reconcile")(reconcile)


def reconcile(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NUMBER|NAME]",
            help="A figure as people write it (650, $650bn, 1.9%, '37 of 51'), a key of the "
            "list, or words of who said it or what it counts; all by default.",
        ),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="One line a figure, whatever was asked.")
    ] = False,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Say of a figure that circulates whether it is right, wrong or another thing.

    Each is computed anew from the tables by its own definition where that is on record; the
    verdict follows from a rule. JSON is a list.

    Example: manias reconcile 1.9% --json
    """
    from manias.quoted.verdict import find_quoted, quoted_frame
    from manias.quoted.verdict import reconcile as reconcile_all

    asked = " ".join(wanted or [])
    found = find_quoted(asked) if asked else reconcile_all()
    if as_json or form == "json":
        print_json([_plain(one) for one in found])
        return
    if form == "csv":
        print_csv(quoted_frame(found))
        return
    if asked and not listed and len(found) <= FEW:
        for one in found:
            _print_one(one)
        return
    _print_list(found)


def _plain(one) -> dict[str, object]:
    names = [
        name for name in type(one).__dataclass_fields__ if name not in ("readings", "same")
    ]
    return {
        **{name: getattr(one, name) for name in names},
        "readings": one.to_frame().to_dict("records"),
        "rows": [
            {"table": part.name, "rows": len(part.frame), "of": part.total, "how": part.how}
            for part in one.rows
        ],
    }


def _print_one(one) -> None:
    from manias.data.library import current
    from manias.quoted.verdict import amount

    print_wrapped(f"{one.sentence}.")
    print()
    readings = one.to_frame()
    if len(readings):
        shown = readings.assign(
            value=[
                amount(r.value, r.unit) if r.value == r.value else r.reason
                for r in readings.itertuples()
            ],
            counted=["as they do" if r.same else "otherwise" for r in readings.itertuples()],
        )
        columns = {"name": "what is counted here", "value": "on record"}
        shown = shown.rename(columns=columns)
        print_table(shown[[*columns.values(), "counted", "grade"]], "")
    sources = current().sources()
    for key in filter(None, (part.strip() for part in one.source.split(";"))):
        source = sources.get(key)
        title = source.title if source else key
        where = f" {source.url}" if source and source.url else ""
        print_wrapped(f"Said in: {title}{where} ({one.locator}; grade {one.grade})")
    parts = ", ".join(f"{p.name} ({len(p.frame)} of {p.total})" for p in one.rows)
    print_wrapped(f"Rests on rows of: {parts}. Key: {one.id}.")
    print()


def _print_list(found) -> None:
    import pandas as pd

    from manias.quoted.verdict import VERDICTS, amount

    rows = [
        {
            "figure": one.number,
            "who": one.who,
            "when": one.when,
            "ours": amount(one.recomputed, one.unit)
            if one.recomputed == one.recomputed
            else "–",
            "verdict": one.verdict,
            "key": one.id,
        }
        for one in found
    ]
    n = len(found)
    print_table(pd.DataFrame(rows), f"{n} figures that circulate, beside the tables")
    counts = {word: sum(one.verdict == word for one in found) for word in VERDICTS}
    print_wrapped(
        ", ".join(f"{k} {word}" for word, k in counts.items() if k)
        + ". Ours is by their definition where that is on record, else the first by another. "
        "One of them: manias reconcile KEY."
    )
