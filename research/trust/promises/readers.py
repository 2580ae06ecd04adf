"""Whatever stands in a file, reading it ends soon, in a value or in one line of words."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trust.mutate import Outcome, Reader, attack
from trust.promise import Finding, Promise

SEED = 20261129
INPUTS = 100_000
ROOT = Path(__file__).resolve().parents[3]
FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "id", "type": "string",
     "constraints": {"required": True, "pattern": "[a-z]+-[0-9]+"}},
    {"name": "year", "type": "year"},
    {"name": "month", "type": "yearmonth"},
    {"name": "quarter", "type": "string", "period": "Q",
     "constraints": {"pattern": r"\d{4}Q[1-4]"}},
    {"name": "day", "type": "date"},
    {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 10**6}},
    {"name": "value", "type": "number", "unit": "miles"},
    {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}},
    {"name": "source", "type": "string"},
    {"name": "locator", "type": "string"},
    {"name": "grade", "type": "string", "constraints": {"enum": ["A", "B", "J", "C"]}},
)  # fmt: skip
"""Every kind of column."""
OWN = (
    b"date,value,unit\n2000,1.5,miles\n2001,2.5,miles\n2002,,miles\n2003,4.0,miles\n",
    b"Quarter;Capex (USD bn);Revenue\n2019Q1;1,5;10\n2019Q2;2,5;11\n2019Q3;3,25;12,5\n",
    b"Date\tClose\tVolume\n2024-01-31\t1,200.50\t10\n2024-02-29\t1,310.00\t12\n",
    b"country,1999,2000,2001\nUK,1,2,3\n",
    b"# made up\n\ndate  value\n2010-01  5\n2010-02  6\n2010-03  7\n",
    b"year,month,value\n2010,1,5\n2010,2,6\n2010,3,(7)\n",
)
"""Tables of users in some of the ways in which people have them."""


def the_readers(folder: Path) -> tuple[Reader, ...]:
    """All ways in, with sound files, in a folder that may be written to."""
    from manias.answers.archive import load_model
    from manias.answers.forecasts import judge, read_frozen
    from manias.answers.own_answers import _seal, read_questions
    from manias.data.editions import NOTE, changed_files, read_edition
    from manias.data.reader import read
    from manias.data.sources import read_sources
    from manias.data.tables import fingerprint_of, read_dataset
    from manias.data.validation import check, seal
    from manias.documents import read as read_document
    from manias.evaluation.cards import UNSEALED, checksum
    from manias.gauges.gauge import read_readings
    from manias.gauges.kept import read_score
    from manias.language.editions import SCHEMA as LANGUAGE
    from manias.report.numbers import read_numbers

    reports = ROOT / "reports"
    tables = _made_tables(folder / "tables", seal)
    made = tables / "made"
    corrected = _made_tables(folder / "corrected", seal, corrected=True)
    resealed = _made_tables(folder / "resealed", seal)
    editions = folder / "editions"
    (editions / "x").mkdir(parents=True)
    os.environ["MANIAS_EDITIONS"] = str(editions)
    sound = (made / "data.csv").read_bytes(), (made / "datapackage.json").read_bytes()
    models = folder / "models"
    models.mkdir()

    def whole(root: Path) -> Callable[[Path], Any]:
        def read_made(_: Path) -> Any:
            problems = check("made", root)
            try:
                found = read_dataset("made", root)
            finally:
                fingerprint_of("made", root)
            if problems:
                return None
            return found.as_of("2000-06-30")

        return read_made

    def described(_: Path) -> Any:
        (made / "data.csv").write_bytes(sound[0])
        return whole(tables)(_)

    def table(_: Path) -> Any:
        (made / "datapackage.json").write_bytes(sound[1])
        return whole(tables)(_)

    def sealed_again(path: Path) -> Any:
        (path.parent / "datapackage.json").write_bytes(sound[1])
        seal(path.parent)
        return whole(resealed)(path)

    def corrections(path: Path) -> Any:
        (path.parent / "datapackage.json").write_bytes(sound[1])
        seal(path.parent)
        return whole(corrected)(path)

    def sources(path: Path) -> Any:
        return [s.id for s in read_sources(path.parent).values()]

    def own(path: Path) -> Any:
        found = read(path)
        found.to_dict()
        return found.line, found.series() if len(found.columns) == 1 else None

    def frozen(path: Path) -> Any:
        return [judge(f) for f in read_frozen(path)]

    def edition(_: Path) -> Any:
        return changed_files(read_edition("x"))

    def card(path: Path) -> Any:
        return load_model(path.stem, path.parent).to_card()

    def sum_of(value: dict[str, Any]) -> dict[str, Any]:
        told = {k: v for k, v in value.items() if k != "checksum"}
        return {**told, "checksum": checksum(told)}

    def sealed_by(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "seal": _seal(value)}

    def told(content: bytes) -> Any:
        parsed = json.loads(content)
        return {k: v for k, v in parsed.items() if k not in UNSEALED}

    def here(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    cards = ("ladder", "payback-uk-railways", "runup-prices", "precedents")
    given = {name: (reports / "models" / f"{name}.json").read_bytes() for name in cards}
    scores = [reports / "gauges" / f"{k}.json" for k in ("faber-us", "bis-credit-gap")]
    sources_of = {k: v for k, v in _sources().items() if k in _USED}
    numbers = _made_numbers()
    note = (editions / "x" / NOTE, (_made_note(),), edition)
    return (
        Reader("own table", folder / "own.csv", OWN, own, is_json=False, share=30),
        Reader("own workbook", folder / "own.xlsx", (_made_book(),), own, is_json=False),
        Reader("cells", made / "data.csv", (sound[0],), table, is_json=False, told=bytes,
               share=12),
        Reader("cells sealed again", resealed / "made" / "data.csv", (sound[0],), sealed_again,
               is_json=False, share=5),
        Reader("corrections", corrected / "made" / "corrections.csv",
               ((corrected / "made" / "corrections.csv").read_bytes(),), corrections,
               is_json=False, share=4),
        Reader("descriptor", made / "datapackage.json", (sound[1],), described, share=12),
        Reader("sources", here("s") / "sources.json", (json.dumps(sources_of).encode(),),
               sources, share=5),
        *(Reader(f"card {name}", models / f"{name}.json", (given[name],), card, reseal=sum_of,
                 told=told, share=2.5) for name in cards),
        Reader("frozen forecasts", folder / "f.json",
               ((reports / "forecasts" / "2026-11-24.json").read_bytes(),), frozen,
               reseal=sum_of, told=told, share=6),
        Reader("frozen questions", folder / "q.json",
               ((reports / "forecasts" / "questions" / "2026Q4.json").read_bytes(),),
               read_questions, reseal=sealed_by, told=json.loads, share=5),
        Reader("scores of gauges", here("g") / "k.json", tuple(s.read_bytes() for s in scores),
               read_score, reseal=sum_of, told=told, share=3),
        Reader("readings of gauges", folder / "r.json",
               ((reports / "gauges" / "lppls-us.readings.json").read_bytes(),), read_readings,
               reseal=sum_of, told=told, share=3),
        Reader("edition", *note, share=3),
        Reader("language", folder / "edition.json",
               ((reports / "zh" / "edition.json").read_bytes(),),
               lambda path: read_document(path, LANGUAGE), share=2),
        Reader("numbers", folder / "n.json", (numbers,), read_numbers, share=2),
    )  # fmt: skip


_USED = ("boe2017millennium", "boe2017headlines", "french2025industries")


def _sources() -> dict[str, Any]:
    return json.loads((ROOT / "datasets" / "sources.json").read_bytes())


def _made_tables(root: Path, seal: Callable[[Path], None], *, corrected: bool = False) -> Path:
    """A folder of tables with one of every kind of column."""
    folder = root / "made"
    folder.mkdir(parents=True)
    listed = {key: _sources()[key] for key in _USED}
    (root / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
    rows = [
        f"row-{i},{1990 + i},{1990 + i}-0{i % 9 + 1},{1990 + i}Q{i % 4 + 1},"
        f"{1990 + i}-02-0{i % 9 + 1},"
        f'{i},{i * 1.5},{"ab"[i % 2]},{_USED[i % 3]},"table {i}, row 3",{"AB"[i % 2]}'
        for i in range(12)
    ]
    head = ",".join(f["name"] for f in FIELDS)
    (folder / "data.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    resource = {
        "name": "data",
        "path": "data.csv",
        "schema": {"primaryKey": ["id"], "missingValues": [""], "fields": list(FIELDS)},
        "known": {"observed": "month", "published": "day", "lag_days": 30},
    }
    descriptor = {
        "name": "made",
        "title": "Made up",
        "description": "One of every kind of column.",
        "version": "0.1.0",
        "licenses": [
            {"name": "CC-BY-4.0", "title": "x", "path": "https://creativecommons.org"}
        ],
        "resources": [resource],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    if corrected:
        (folder / "corrections.csv").write_text(
            "column,key,printed,used,reason,source\n"
            f"value,row-2,3.0,4.0,a digit dropped,{_USED[0]}\n"
            f"grade,row-3,B,C,as read,{_USED[1]}\n"
        )
    seal(folder)
    return root


def _made_book() -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in (("date", "value"), ("2000-01", 1.5), ("2000-02", 2.5), ("2000-03", 3)):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _made_note() -> bytes:
    note = {
        "made": "2026-11-29", "how": "frozen", "base": "shipped", "revision": "0" * 40,
        "code": "0" * 64, "lock": "", "python": "3.12.1", "libraries": {"numpy": "2.4.6"},
        "pdf": {"en": {"file": "manias.pdf", "sha256": "0" * 64}},
        "files": {"datasets/sources.json": "0" * 64, "reports/models/ladder.json": "1" * 64},
    }  # fmt: skip
    return json.dumps(note).encode()


def _made_numbers() -> bytes:
    row = {
        "name": "ai-last-share", "kind": "number", "text": "1.4%", "value": 1.4, "unit": "%",
        "data_to": "2026-09-30", "grade": "A", "sources": ["french2025industries"],
        "tables": {"us_industries": "0" * 64}, "function": "manias.report.f", "anchor": "#x",
    }  # fmt: skip
    told = {"format": 1, "edition": "shipped", "day": "2026-11-29", "numbers": [row] * 2}
    return json.dumps(told).encode()


def attack_all(
    n: int, seed: int = SEED, only: str = "", say: Callable[[str], None] = lambda _: None
) -> dict[str, Outcome]:
    """Attack every reader, or those whose name begins so, with ``n`` inputs in all."""
    place = Path(tempfile.mkdtemp())
    before = os.environ.get("MANIAS_EDITIONS")
    try:
        readers = the_readers(place)
        total = sum(r.share for r in readers)
        found = {}
        for reader in readers:
            if reader.name.startswith(only):
                found[reader.name] = attack(reader, round(n * reader.share / total), seed)
                one = found[reader.name]
                say(f"{reader.name}: {one.n:,} inputs, {one.read:,} read, "
                    f"{len(one.answers)} answers, slowest {one.slowest:.1f} s, "
                    f"{len(one.faults)} faults {list(one.faults)}")  # fmt: skip
        return found
    finally:
        os.environ.pop("MANIAS_EDITIONS", None)
        if before is not None:
            os.environ["MANIAS_EDITIONS"] = before
        shutil.rmtree(place, ignore_errors=True)


def _try_readers() -> Finding:
    found = attack_all(INPUTS)
    faults = {f"{name}: {fault}" for name, one in found.items() for fault in one.faults}
    n = sum(one.n for one in found.values())
    slowest = max(one.slowest for one in found.values())
    figure = (
        f"{n:,} damaged files of {len(found)} kinds: {len(faults)} tracebacks, hangs or silent "
        f"changes; slowest {slowest:.1f} s"
    )
    return Finding("; ".join([figure, *sorted(faults)[:5]]), not faults)


PROMISES = (
    Promise(
        "damaged-files",
        "Whatever stands in a file, it is read or refused in one line, within seconds, and "
        "what is sealed does not change in silence",
        _try_readers,
        minutes=25,
    ),
)
