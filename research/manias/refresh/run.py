"""Take in newer originals: staged, checked, compared, refitted, and only then put in use.

Everything is made in a folder beside the editions. Nothing that is in use is touched until the
folder is whole; then it takes its name in one step, and the file that says which edition is in
use is replaced in one more. Whoever is killed before leaves a folder that the next run removes.
"""

import datetime
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from manias import documents
from manias.data.arguments import checked
from manias.data.consistency import check_consistency
from manias.data.descriptors import _descriptor
from manias.data.editions import (
    NOTE,
    Edition,
    edition_in_use,
    editions_folder,
    list_editions,
    shipped_edition,
    use_edition,
)
from manias.data.files import flush, temporary_folder, write_atomically
from manias.data.fingerprint import sha256
from manias.data.library import Library
from manias.data.provenance import check_sources
from manias.data.results import Result
from manias.data.sources import SCHEMA
from manias.data.tables import folders
from manias.data.validation import check, seal
from manias.errors import DataError, InputError
from manias.refresh.compare import compare_editions
from manias.refresh.download import Downloader, Manners
from manias.refresh.feed import Feed, Original, Present, Staged
from manias.refresh.feeds import feeds
from manias.refresh.gather import addresses, download, from_folder, keep

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moved(Result):
    """Something on the first page of the report that newer tables say otherwise.

    Attributes
    ----------
    kind, name : str
        As `manias trace` lists them.
    old, new : str
        What it said and what it says.
    """

    _told = ("name", "old", "new")

    kind: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Refreshed(Result):
    """What a refresh took in and what moved.

    Attributes
    ----------
    edition : str
        The edition that holds it; empty where nothing was new or nothing was to be written.
    base : str
        The edition that it was compared with.
    feeds : tuple of str
        Datasets that were read anew.
    said : tuple of str
        What was read, a line each.
    changes : pandas.DataFrame
        What `compare_editions` returns.
    refitted : tuple of str
        Models that were fitted anew.
    moved : tuple of Moved
        What moves on page one.
    """

    _told = ("edition", "base", "is_new")

    edition: str
    base: str
    feeds: tuple[str, ...]
    said: tuple[str, ...]
    changes: pd.DataFrame
    refitted: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether any cell differs from what was there."""
        return not self.changes.empty

    def to_frame(self) -> pd.DataFrame:
        """What differs, a row a table and source.

        Returns
        -------
        pandas.DataFrame
            Columns of `compare_editions`.
        """
        return self.changes


@checked
def refresh(
    sources: Sequence[str] = (),
    *,
    folder: Path | None = None,
    contact: str = "",
    dry_run: bool = False,
    into: Path | None = None,
    address_file: Path | None = None,
    manners: Manners | None = None,
    progress: Callable[[str], None] = lambda _: None,
    transfer: Callable[[str, int, int], None] = lambda *_: None,
) -> Refreshed:
    """Take in newer originals and say what moves.

    Parameters
    ----------
    sources : sequence of str
        Datasets, of those that `data_status` says can be refreshed; all by default.
    folder : Path, optional
        Files of the user, in their owners' form, in the place of the net.
    contact : str
        Address of mail, for owners who ask for one.
    dry_run : bool
        Do all but keep it.
    into : Path, optional
        For those who maintain the data: a folder of datasets, beside one of reports, that is
        written to in the place of a new edition.
    address_file : Path, optional
        Addresses that come before those of the table ``originals``.
    manners : Manners, optional
    progress : callable
        Told in a few words what is being done.
    transfer : callable
        Told the address, bytes there and bytes in all of each download.

    Returns
    -------
    Refreshed

    Raises
    ------
    InputError
        If a source is unknown, a file of the user is missing or has another form.
    DataError
        If an original cannot be had or has another form, a check fails, or another refresh is
        at work. Nothing is replaced then.
    """
    from filelock import FileLock, Timeout

    table = addresses(address_file)
    chosen = _chosen(sources, table)
    home = editions_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise DataError("another refresh is at work; expected to be alone") from None
    except OSError as error:
        raise InputError(f"{home}: cannot be written ({error.strerror})") from None
    with lock, _staging(home) as staging:
        # Found under the lock: what another refresh has put in use meanwhile is not lost.
        base = _base(into)
        if folder is not None:
            originals = from_folder(folder, chosen, table, named=bool(sources))
        else:
            _need_contact(chosen, contact)
            downloader = Downloader(
                home / "partial", contact=contact, manners=manners, progress=transfer
            )
            originals = download(chosen, table, downloader, named=bool(sources))
        staged = _stage(staging, base, _in_order(chosen, originals), originals)
        changes = compare_editions(base, staged.edition)
        done = Refreshed("", base.name, staged.feeds, staged.said, changes)
        if changes.empty:
            return done
        progress("checking the tables")
        _check(staged.edition, base)
        refitted = _refit(staged.edition, progress)
        progress("comparing page one")
        moved = _moved(base, staged.edition)
        done = replace(done, refitted=refitted, moved=moved)
        if dry_run:
            return done
        kept = keep(
            ((f, o) for f, parts in originals.items() for o in parts.values()),
            home / "originals",
        )
        if into is not None:
            _write_into(staging, into, base)
            return replace(done, edition=str(into))
        return replace(done, edition=_commit(staging, home, base, done, kept))


def _chosen(sources: Sequence[str], table: pd.DataFrame) -> tuple[Feed, ...]:
    listed = set(table.index.get_level_values("feed"))
    known = {name: feed for name, feed in feeds().items() if name in listed}
    for name in sources:
        if name not in known:
            raise InputError(f"source {name!r}: expected one of {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(sources or known))


def _base(into: Path | None) -> Edition:
    if into is None:
        return edition_in_use()
    if not (into / "sources.json").is_file() or not (into.parent / "reports").is_dir():
        raise InputError(f"--into {into}: expected a folder of datasets beside one of reports")
    return replace(
        shipped_edition(), name=str(into), tables=into, reports=into.parent / "reports"
    )


def _need_contact(chosen: Sequence[Feed], contact: str) -> None:
    asking = [feed.name for feed in chosen if feed.contact]
    if asking and ("@" not in contact or any(c.isspace() for c in contact)):
        others = ", ".join(feed.name for feed in chosen if not feed.contact)
        more = f", or name the others: {others}" if others else ""
        raise InputError(
            f"{asking[0]}: its owner asks who downloads; expected --contact MAIL{more}"
        )


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    try:
        with temporary_folder(home) as place:
            yield place
    except OSError as error:
        where = error.filename or home
        raise DataError(f"{where}: {error.strerror or error}; nothing was replaced") from None


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    edition: Edition
    feeds: tuple[str, ...]
    said: tuple[str, ...]


def _in_order(
    chosen: Sequence[Feed], originals: Mapping[str, Mapping[str, Original]]
) -> list[Feed]:
    """Feeds with their originals, and after them those that follow from them."""
    order: list[Feed] = []
    for feed in feeds().values():
        follows = {earlier.name for earlier in order} & set(feed.after)
        if follows or (feed in chosen and feed.name in originals):
            order.append(feed)
    return order


def _stage(
    staging: Path,
    base: Edition,
    order: Sequence[Feed],
    originals: Mapping[str, Mapping[str, Original]],
) -> _Draft:
    edition = copy_of(base, staging)
    tables = staging / "datasets"
    said: list[str] = []
    for feed in order:
        made = feed.read(originals.get(feed.name, {}), Present(tables))
        if _differs(tables, made):
            _write(tables, made)
        said += made.said
    _drop_orphans(tables, _cited(Path(str(base.tables))))
    return _Draft(edition, tuple(feed.name for feed in order), tuple(said))


def copy_of(edition: Edition, folder: Path) -> Edition:
    """Copy tables, cards and forecasts of an edition into a folder."""
    tables, reports = folder / "datasets", folder / "reports"
    leave = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(str(edition.tables), tables, ignore=leave)
    for part in ("models", "forecasts", "gauges"):
        if (there := Path(str(edition.reports)) / part).is_dir():
            shutil.copytree(there, reports / part, ignore=leave)
    return replace(edition, tables=tables, reports=reports)


def _differs(tables: Path, made: Staged) -> bool:
    """Whether a cell moves; a file downloaded anew with the same figures is nothing new."""
    present = Present(tables)
    return any(
        not present.cells(dataset, part).equals(cells.reset_index(drop=True))
        for (dataset, part), cells in made.tables.items()
    )


def _write(tables: Path, made: Staged) -> None:
    path = tables / "sources.json"
    sources = documents.read(path, SCHEMA)
    for key, entry in made.sources.items():
        sources[key] = {**sources.get(key, {}), **entry}
    path.write_text(json.dumps(sources, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    present = Present(tables)
    for (dataset, part), cells in made.tables.items():
        resource = present.resource(dataset, part)
        wanted = [f["name"] for f in resource["schema"]["fields"]]
        if list(cells.columns) != wanted:
            raise DataError(
                f"{dataset}.{part}: columns {list(cells.columns)}; expected {wanted}"
            )
        cells.to_csv(tables / dataset / resource["path"], index=False, lineterminator="\n")
    for dataset in {name for name, _ in made.tables} | set(made.descriptors):
        path = tables / dataset / "datapackage.json"
        descriptor = _descriptor(tables, dataset)
        changes = dict(made.descriptors.get(dataset, {}))
        for part, provenance in changes.pop("provenance", {}).items():
            next(r for r in descriptor["resources"] if r["name"] == part)["provenance"] = (
                provenance
            )
        path.write_text(
            json.dumps(descriptor | changes, indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
    # A descriptor tells its sources and their terms, those that changed as well.
    touched = {name for name, _ in made.tables} | set(made.descriptors)
    for dataset in folders(tables):
        descriptor = _descriptor(tables, dataset)
        cites = {s.get("id") for s in descriptor.get("sources", ())}
        if dataset in touched or cites & set(made.sources):
            seal(tables / dataset)


def _cited(tables: Path) -> set[str]:
    """Sources that the tables of a folder cite."""
    found: set[str] = set()
    for dataset in folders(tables):
        found |= {source["id"] for source in _descriptor(tables, dataset).get("sources", ())}
    return found


def _drop_orphans(tables: Path, before: set[str]) -> None:
    """A source whose last row was replaced leaves the list with it."""
    path = tables / "sources.json"
    sources = documents.read(path, SCHEMA)
    if gone := (before - _cited(tables)) & set(sources):
        kept = {key: entry for key, entry in sources.items() if key not in gone}
        text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")


def _check(edition: Edition, base: Edition) -> None:
    root = Path(str(edition.tables))
    for dataset in folders(root):
        old, new = (Path(str(e.tables)) / dataset for e in (base, edition))
        if not _same(old, new) and (problems := check(dataset, root)):
            raise DataError(f"{problems[0]}; nothing was replaced")
    for problems in (check_sources(root), check_consistency(root)):
        if problems:
            raise DataError(f"{problems[0]}; nothing was replaced")


def _same(old: Path, new: Path) -> bool:
    return old.is_dir() and all(
        (old / p.name).is_file() and (old / p.name).read_bytes() == p.read_bytes()
        for p in new.iterdir()
    )


def _refit(edition: Edition, progress: Progress) -> tuple[str, ...]:
    from manias.answers.archive import fit_model, save_model, stale_models
    from manias.answers.citing import model_card
    from manias.gauges.gauge import FOLDER
    from manias.gauges.kept import score_gauges

    with Library(edition).open():
        stale = tuple(stale_models())
        for name in stale:
            progress(f"fitting {name}")
            results = fit_model(name)
            models = Path(str(edition.reports)) / "models"
            write_atomically(models / f"{name}.md", model_card(results).encode())
            save_model(results, models)
        for _ in score_gauges(Path(str(edition.reports)) / FOLDER, tell=progress):
            pass
    return stale


def _moved(base: Edition, edition: Edition) -> tuple[Moved, ...]:
    old, new = _page_one(base), _page_one(edition)
    return tuple(
        Moved(*key, old.get(key, ""), new.get(key, ""))
        for key in new
        if old.get(key) != new[key]
    )


def _page_one(edition: Edition) -> dict[tuple[str, str], str]:
    from manias.language.editions import read_language
    from manias.report.build import artefact, first_page

    spoken = read_language("en")
    with Library(edition).open():
        return {key: artefact(*key).text(spoken) for key in first_page()}


def _commit(
    staging: Path,
    home: Path,
    base: Edition,
    done: Refreshed,
    kept: list[dict[str, str]],
) -> str:
    day = datetime.date.today().isoformat()
    note = {
        "made": day,
        "how": "refreshed",
        "base": base.name,
        "revision": "",
        "originals": kept,
        "refitted": list(done.refitted),
        "files": files_of(staging),
    }
    # One that was made just so and not put in use, since its maker was stopped in between.
    for other in list_editions():
        if other.note.get("files") == note["files"] and other.base == base.name:
            return use_edition(other.name).name
    name, n = day, 1
    while (home / name).exists():
        n += 1
        name = f"{day}-{n}"
    write_atomically(staging / NOTE, (json.dumps(note, indent=1) + "\n").encode())
    flush(staging)
    staging.rename(home / name)
    return use_edition(name).name


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by path."""
    return {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != NOTE
    }


def _write_into(staging: Path, into: Path, base: Edition) -> None:
    for part, root in (("datasets", into), ("reports", Path(str(base.reports)))):
        for path in sorted((staging / part).rglob("*")):
            there = root / path.relative_to(staging / part)
            if path.is_file() and not (
                there.is_file() and there.read_bytes() == path.read_bytes()
            ):
                write_atomically(there, path.read_bytes())
