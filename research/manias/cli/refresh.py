"""Commands on editions: newer data taken in, their age, what moved, and which is in use."""

import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from manias.cli.console import (
    Form,
    Json,
    fail,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
    say,
)
from manias.errors import DataError
from manias.language.visible import visible

edition_app = typer.Typer(
    help="Editions: tables and models kept as they stood, and which are in use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
SOURCES = 4
"""Sources of a table that are printed to people one by one."""


def register(app: typer.Typer, data_app: typer.Typer) -> None:
    """Add the commands of this module."""
    data_app.command("refresh")(data_refresh)
    data_app.command("status")(data_status)
    data_app.command("diff")(data_diff)
    app.add_typer(edition_app, name="edition")


def data_refresh(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Tables, as `manias data status` names them; all by default."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do all but keep it: say what would move.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="A folder of originals that you downloaded yourself."),
    ] = None,
    contact: Annotated[
        str,
        typer.Option(
            envvar="MANIAS_CONTACT", help="Your address of mail; the SEC asks for it."
        ),
    ] = "",
    addresses: Annotated[
        Path | None,
        typer.Option(help="CSV of feed, part, address: addresses that have moved."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(help="For maintainers: a checkout's datasets/ instead of a new edition."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds without an answer that end an attempt.")
    ] = 30.0,
    as_json: Json = False,
) -> None:
    """Take in newer originals: say what moves, refit what follows, put it in use.

    Nothing is replaced unless everything holds. The net is used by this command alone, and not
    where --from is given.

    Example: manias data refresh us_industries --from ~/Downloads --dry-run
    """
    from manias.refresh.download import Manners
    from manias.refresh.run import refresh

    manners = Manners(connecting=min(timeout, 10.0), reading=timeout)
    try:
        with _transfers() as transfer:
            found = refresh(
                tuple(sources or ()),
                folder=folder,
                contact=contact,
                dry_run=dry_run,
                into=into,
                address_file=addresses,
                manners=manners,
                progress=say,
                transfer=transfer,
            )
    except DataError as error:
        # What was asked for was sound; the data, or who serves them, say no.
        fail(str(error), 1)
    if as_json:
        print_json(
            {
                "edition": found.edition or None,
                "base": found.base,
                "is_new": found.is_new,
                "dry_run": dry_run,
                "read": list(found.said),
                "changes": found.changes.to_dict("records"),
                "refitted": list(found.refitted),
                "moved": [
                    {"kind": m.kind, "name": m.name, "old": m.old, "new": m.new}
                    for m in found.moved
                ],
            }
        )
        return
    for line in found.said:
        print_wrapped(line)
    if not found.is_new:
        print("nothing is new")
        return
    print()
    _print_changes(found.changes, "What moved in the tables")
    if found.refitted:
        print_wrapped(f"models fitted anew: {', '.join(found.refitted)}")
    print()
    _print_moved(found.moved)
    if dry_run:
        print("nothing was kept (--dry-run)")
    elif into is not None:
        print(f"written into {into}")
    else:
        print_wrapped(
            f"edition {found.edition} is in use; manias edition use {found.base} returns to "
            "the one before"
        )


def data_status(as_json: Json = False, form: Form = "table") -> None:
    """Say of each table to which date it reaches, and what the newest original would be.

    Example: manias data status
    """
    import pandas as pd

    from manias.data.library import current
    from manias.refresh.status import data_status as statuses

    found = statuses()
    rows = [
        {
            "table": s.table,
            "to": s.to,
            "vintage": s.vintage,
            "age_days": s.age_days,
            "newest": s.newest,
            "is_late": s.is_late,
            **({"overdue": list(s.overdue)} if s.table == "forecasts" else {}),
        }
        for s in found
    ]
    if as_json or form == "json":
        print_json(rows)
        return
    if form == "csv":
        print_csv(pd.DataFrame(rows).drop(columns="overdue", errors="ignore"))
        return
    fresh = [s for s in found if s.command]
    table = [
        {
            "table": s.table,
            "to": s.to,
            "vintage": s.vintage,
            "age in days": f"{s.age_days:,}" if s.age_days is not None else "",
            "newest": s.newest + (" *" if s.is_late else ""),
        }
        for s in fresh
    ]
    print_table(pd.DataFrame(table), f"Edition {current().edition.name}: what can be refreshed")
    if any(s.is_late for s in fresh):
        print_wrapped(
            "* by their usual timetable newer originals are published: manias data refresh"
        )
    dated = [s for s in found if not s.command and s.to]
    print()
    print_table(
        pd.DataFrame([{"table": s.table, "to": s.to, "vintage": s.vintage} for s in dated]),
        "Put together by hand or closed; no command renews them",
    )
    late = [f for s in found for f in s.overdue]
    if late:
        print()
        print_wrapped(
            f"forecasts still open two quarters after their period: {', '.join(late)}"
        )


def data_diff(
    old: Annotated[str, typer.Argument(help="An edition, as `manias edition list` names it.")],
    new: Annotated[
        str | None, typer.Argument(help="Another; the one in use by default.")
    ] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="A row a cell in place of a row a source.")
    ] = False,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Say what moved in the tables from one edition to another.

    Example: manias data diff shipped
    """
    from manias.data.library import current, open_edition
    from manias.refresh.compare import compare_editions

    later = current().edition if new is None else open_edition(new).edition
    found = compare_editions(open_edition(old).edition, later, rows=rows)
    if as_json or form == "json":
        print_json(found.to_dict("records"))
    elif form == "csv":
        print_csv(found)
    elif found.empty:
        print(f"nothing moved from {old} to {later.name}")
    elif rows:
        print_table(found.astype(str), f"Cells that differ, {old} to {later.name}")
    else:
        _print_changes(found, f"What moved from {old} to {later.name}")


@edition_app.command("list")
def edition_list(form: Form = "table", as_json: Json = False) -> None:
    """List the editions at hand; a star marks the one in use.

    Example: manias edition list
    """
    import pandas as pd

    from manias.data.editions import list_editions, name_in_use

    used = name_in_use()
    rows = [
        {
            "name": e.name,
            "made": e.made,
            "how": e.how,
            "base": e.base,
            "revision": e.revision,
            "in_use": e.name == used,
            "languages": sorted(e.note.get("pdf", {})),
        }
        for e in list_editions()
    ]
    if as_json or form == "json":
        print_json(rows)
        return
    frame = pd.DataFrame(rows)
    frame["languages"] = frame["languages"].map(" ".join)
    if form == "csv":
        print_csv(frame)
        return
    frame["name"] += [" *" if here else "" for here in frame["in_use"]]
    frame["revision"] = frame["revision"].str[:12]
    print_table(frame.drop(columns="in_use").rename(columns={"languages": "PDF"}), "Editions")


@edition_app.command("use")
def edition_use(
    name: Annotated[str, typer.Argument(help="An edition; shipped is that of the package.")],
    as_json: Json = False,
) -> None:
    """Put an edition in use.

    Example: manias edition use shipped
    """
    from manias.data.editions import CHOICE, use_edition

    chosen = use_edition(name)
    if os.environ.get(CHOICE, name) != name:
        say(f"the variable {CHOICE} still says {os.environ[CHOICE]}")
    if as_json:
        print_json({"edition": chosen.name, "made": chosen.made, "how": chosen.how})
    else:
        print(f"edition {chosen.name} is in use")


@edition_app.command("freeze")
def edition_freeze(
    name: Annotated[str, typer.Argument(help="A name that is not taken.")],
    language: Annotated[
        list[str] | None, typer.Option(help="In which the report is kept; en by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Keep the tables and models in use, and the report that follows from them.

    Example: manias edition freeze 2026-11
    """
    from manias.refresh.freezing import freeze_edition

    made = freeze_edition(name, languages=tuple(language or ("en",)), progress=say)
    if as_json:
        print_json(
            {"edition": made.name, **{k: v for k, v in made.note.items() if k != "files"}}
        )
        return
    print_wrapped(f"edition {made.name}: {made.folder}")
    print_wrapped(f"code {made.revision}")
    for spoken, pdf in made.note["pdf"].items():
        print_wrapped(f"{pdf['file']} ({spoken}): sha256 {pdf['sha256']}")


def _print_changes(changes, title: str) -> None:
    """A line a table and source; a table of many sources has one."""
    import pandas as pd

    lines = []
    for table, part in changes.groupby("table", sort=False):
        parts = [part] if len(part) > SOURCES else [part.iloc[[i]] for i in range(len(part))]
        for some in parts:
            counts = some[["added", "removed", "revised", "reworded"]].sum()
            one, n = some["source"].iloc[0], len(some)
            lines.append(
                {
                    "table": table,
                    "source": one if n == 1 else f"{n} sources",
                    **{name: f"{k:,}" if k else "" for name, k in counts.items()},
                    "largest": _relative(some["largest"].max()),
                }
            )
    print_table(pd.DataFrame(lines), title)
    for table, part in changes[changes["where"] != ""].groupby("table", sort=False):
        line = part.loc[part["largest"].idxmax()]
        print_wrapped(
            f"largest revision in {table}: {line['where']}, {line['old'] or 'blank'} to "
            f"{line['new'] or 'blank'}"
        )


def _relative(revision: float) -> str:
    if revision != revision:
        return ""
    return "from none" if revision == float("inf") else f"{revision:.1%}"


def _print_moved(moved) -> None:
    if not moved:
        print("nothing moves on page one")
        return
    print("What moves on page one")
    for m in moved:
        print_wrapped(f"- {m.name}")
        for said, text in (("was", m.old), ("is", m.new)):
            print(textwrap.indent(textwrap.fill(f"{said}: {text}", 74), "    "))


@contextmanager
def _transfers() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a download on a terminal, else a line where one takes long."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    # A bar steers the terminal: it goes past what spells out such signs, a name does not.
    terminal = Console(file=getattr(sys.stderr, "stream", sys.stderr))
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns, console=terminal, transient=True) as bars:
        tasks: dict[str, int] = {}

        def told(address: str, there: int, total: int) -> None:
            if address not in tasks:
                tasks[address] = bars.add_task(visible(address.rsplit("/", 1)[-1][:30]))
            bars.update(tasks[address], completed=there, total=total or None)

        yield told


class _Lines:
    """Says every few seconds how far a download is."""

    EVERY = 5.0

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, address: str, there: int, total: int) -> None:
        if time.monotonic() - self._said >= self.EVERY:
            self._said = time.monotonic()
            of = f" of {total:,}" if total else ""
            say(f"{address}: {there:,}{of} bytes")
