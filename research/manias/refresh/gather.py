"""Find originals: in the table of addresses, in a folder of the user, and on the net."""

import datetime
import fnmatch
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from manias.data.files import write_atomically
from manias.data.library import load
from manias.errors import DataError, InputError
from manias.refresh.download import Downloader
from manias.refresh.feed import LARGEST, Feed, Original, unpacked


def addresses(file: Path | None = None) -> pd.DataFrame:
    """Where originals are published.

    Parameters
    ----------
    file : Path, optional
        CSV with the columns ``feed``, ``part``, ``address`` and, if need be, ``sha256``; its
        rows come before those of the table ``originals``.

    Returns
    -------
    pandas.DataFrame
        Index ``feed`` and ``part``, columns of the table; blank cells are "".

    Raises
    ------
    InputError
        If the file cannot be read, or a row of it names no original of the table.

    Examples
    --------
    >>> "factors" in addresses().loc["us_industries"].index
    True
    """
    table = load("originals").frame.set_index(["feed", "part"])
    table = table.astype({c: str for c in table if table[c].dtype != object}).fillna("")
    if file is None:
        return table
    try:
        other = pd.read_csv(file, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {error}; expected CSV of feed, part, address") from None
    if missing := [c for c in ("feed", "part", "address") if c not in other]:
        raise InputError(f"{file}, row 1: no column {missing[0]!r}; expected it")
    for row, line in enumerate(other.to_dict("records"), start=2):
        key = (line["feed"], line["part"])
        if key not in table.index:
            known = ", ".join(f"{f} {p}" for f, p in table.index[:4])
            raise InputError(
                f"{file}, row {row}: {' '.join(key)!r}; expected an original such as {known}"
            )
        if not line["address"].startswith(("http://", "https://")):
            raise InputError(
                f"{file}, row {row}, column address: {line['address']!r}; expected https://..."
            )
        for column in ("address", "sha256"):
            if column in other:
                table.loc[key, column] = line[column]
    return table


def from_folder(
    folder: Path, feeds: Sequence[Feed], table: pd.DataFrame, *, named: bool
) -> dict[str, dict[str, Original]]:
    """Originals among the files of a folder, by feed and part.

    Parameters
    ----------
    folder : Path
    feeds : sequence of Feed
    table : pandas.DataFrame
        What `addresses` returns.
    named : bool
        Whether the user asked for these feeds: one without its files is then refused, else
        left out.

    Returns
    -------
    dict of str to dict of str to Original

    Raises
    ------
    InputError
        If the folder cannot be read, two different files could be one original, a file is
        missing, or none is an original.
    """
    files = _files(folder)
    day = datetime.date.today().isoformat()
    found: dict[str, dict[str, Original]] = {}
    for feed in feeds:
        parts, missing = {}, []
        for part, row in table.loc[feed.name].iterrows():
            fits = [
                p for p in files if _fits(p.name, row["file"])
                and feed.recognises(part, row.to_dict(), _bytes(p))
            ]  # fmt: skip
            if fits:
                parts[part] = _one(folder, feed.name, part, fits, day)
            else:
                missing.append((part, row["file"]))
        if parts and not (feed.every and missing):
            found[feed.name] = parts
        elif named or (parts and feed.every):
            part, patterns = missing[0]
            raise InputError(
                f"--from {folder}: no file for {feed.name}, {part}; expected {patterns}"
            )
    if not found:
        patterns = table["file"].str.cat(sep=";").split(";")
        known = ", ".join(dict.fromkeys(p.strip() for p in patterns))
        raise InputError(f"--from {folder}: no original there; expected one of {known}")
    return found


def download(
    feeds: Sequence[Feed], table: pd.DataFrame, downloader: Downloader, *, named: bool
) -> dict[str, dict[str, Original]]:
    """Originals from their addresses, by feed and part.

    Parameters
    ----------
    feeds : sequence of Feed
    table : pandas.DataFrame
        What `addresses` returns.
    downloader : Downloader
    named : bool
        Whether the user asked for these feeds: one without an address is then refused, else
        left out.

    Returns
    -------
    dict of str to dict of str to Original

    Raises
    ------
    InputError
        If a feed that was asked for has no address.
    DataError
        If one cannot be had.
    """
    day = datetime.date.today().isoformat()
    found: dict[str, dict[str, Original]] = {}
    for feed in feeds:
        if named and not (table.loc[feed.name]["address"] != "").any():
            raise InputError(
                f"{feed.name}: no address, its originals are files of your own; expected "
                "--from FOLDER"
            )
        for part, row in table.loc[feed.name].iterrows():
            if not (address := row["address"]):
                # Nobody lets it be downloaded: a file of the user's own, or none.
                continue
            if feed.link is not None:
                address = feed.link(downloader.get(address, page=True))
            content = downloader.get(address, digest=row.get("sha256", ""))
            name = address.split("?")[0].rsplit("/", 1)[-1]
            if not feed.recognises(part, row.to_dict(), content):
                raise DataError(
                    f"{address}: not an original of {feed.name}, {part}; expected "
                    f"{row['about'] or row['file']}"
                )
            original = Original(part, name, content, address, day)
            found.setdefault(feed.name, {})[part] = original
    return found


def keep(originals: Iterable[tuple[str, Original]], folder: Path) -> list[dict[str, str]]:
    """Keep originals by their checksums, with address and day.

    Parameters
    ----------
    originals : iterable of (feed, Original)
    folder : Path

    Returns
    -------
    list of dict
        What is written down of each.
    """
    kept = []
    for feed, original in originals:
        about = {
            "feed": feed, "part": original.part, "name": original.name,
            "address": original.address, "day": original.day, "sha256": original.digest,
        }  # fmt: skip
        place = folder / original.digest
        if not (place / "about.json").is_file():
            write_atomically(place / Path(original.name).name, original.content)
            write_atomically(place / "about.json", f"{json.dumps(about, indent=1)}\n".encode())
        kept.append(about)
    return kept


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"--from {folder}: no such folder")
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _fits(name: str, patterns: str) -> bool:
    return any(
        fnmatch.fnmatch(name.casefold(), p.strip().casefold()) for p in patterns.split(";")
    )


def _bytes(path: Path) -> bytes:
    if (size := path.stat().st_size) > LARGEST:
        raise InputError(f"{path}: {size:,} bytes; expected {LARGEST:,} at most")
    return path.read_bytes()


def _one(folder: Path, feed: str, part: str, fits: list[Path], day: str) -> Original:
    """The file, or any of several that hold the same; packed or not is no difference."""
    found = [Original(part, p.name, _bytes(p), "", day) for p in fits]
    contents = set()
    for original in found:
        with suppress(InputError):
            contents.add(unpacked(original, ".csv"))
    if len(contents) > 1:
        names = ", ".join(o.name for o in found)
        raise InputError(
            f"--from {folder}: {len(found)} different files for {feed}, {part}: {names}; "
            "expected one"
        )
    return found[0]
