"""The command ``explore``: the whole record in one page."""

from pathlib import Path
from typing import Annotated

import typer

from manias.cli.console import Json, fail, print_json
from manias.data.files import check_place
from manias.errors import DataError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explore")(explore)


def explore(
    output: Annotated[
        Path | None,
        typer.Option(help="The page; manias.html, or manias.CODE.html, by default."),
    ] = None,
    language: Annotated[str, typer.Option(help="en, or the code of another edition.")] = "en",
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that is no such page.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the whole record as one page that opens without a connection.

    Charts, counts, sources and quoted figures; own files are read in the page and stay there.
    Exit 1 where the programs of the page were not built (`make explore` builds them).

    Example: manias explore --output manias.html
    """
    from manias.explore.page import LARGEST, read_bundle, save_page
    from manias.language.editions import languages, read_language

    if language not in languages():
        read_language(language)
    path = output or Path("manias.html" if language == "en" else f"manias.{language}.html")
    try:
        read_bundle()
        check_place(path, begins=b"" if force else b"<!doctype html", room=LARGEST)
        size = save_page(path, language)
    except DataError as error:
        fail(str(error), 1)
    if as_json:
        print_json({"file": str(path), "bytes": size, "largest": LARGEST, "language": language})
    else:
        print(f"{path} ({size / 1e6:.2f} MB): open it in a browser")
