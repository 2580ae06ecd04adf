"""Keep what the report prints, so that whatever moves a number says so.

    python research/curation/published.py

Writes `tests/published.json`: every number and sentence of the English report, and of every
exhibit the caption, the description of a figure and the cells of a table. The tests make them
again and compare. What moved by no more than some units of its last printed digit passes where
``loose`` names it; nothing else does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from manias.data.files import write_atomically
from manias.language.editions import ENGLISH
from manias.report.build import artefacts
from manias.report.exhibits import Artefact, Cites, Picture, Table

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "published.json"
RENEW = "python research/curation/published.py"
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")

Key = tuple[str, str]


def told(made: Mapping[Key, Artefact]) -> dict[str, list[str]]:
    """What is printed: ``kind name`` -> its text, or the lines of an exhibit."""
    return {f"{kind} {name}": list(_lines(one)) for (kind, name), one in made.items()}


def _lines(one: Artefact) -> Iterator[str]:
    yield one.text()
    match one.content:
        case Picture() as picture:
            yield ENGLISH.render(picture.alt)
        case Table() as table:
            yield " | ".join(map(ENGLISH.render, table.columns))
            for row in table.rows:
                yield " | ".join(
                    str(cell) if i in table.verbatim else ENGLISH.render(cell)
                    for i, cell in enumerate(row)
                    # Numbers of sources follow from the list, and move with any new one.
                    if not isinstance(cell, Cites)
                )


def is_near(old: str, new: str, units: int) -> bool:
    """Whether two texts differ in their figures alone, by some units of the last digit at most.

    Examples
    --------
    >>> is_near("4.96% of GDP", "4.97% of GDP", 1), is_near("4.96%", "4.98%", 1)
    (True, False)
    >>> is_near("46 run-ups", "46 crashes", 9), is_near("0.5", "0.51", 1)
    (False, False)
    """
    if _FIGURE.sub("#", old) != _FIGURE.sub("#", new):
        return False
    for a, b in zip(_FIGURE.findall(old), _FIGURE.findall(new), strict=True):
        digits = [len(text.partition(".")[2]) for text in (a, b)]
        gap = abs(float(a.replace(",", "")) - float(b.replace(",", "")))
        if digits[0] != digits[1] or round(gap * 10 ** digits[0]) > units:
            return False
    return True


def moved(
    old: Mapping[str, list[str]], new: Mapping[str, list[str]], loose: Mapping[str, int]
) -> list[str]:
    """What is printed otherwise than before: old, new, and where it stands."""
    found = []
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, []), new.get(key, [])
        units = loose.get(key, 0)
        if len(before) == len(after):
            pairs = [p for p in zip(before, after, strict=True) if not is_near(*p, units)]
        else:
            gone = [(line, "nothing") for line in before if line not in after]
            pairs = gone + [("nothing", line) for line in after if line not in before]
        # The same lines in another order are a move as well.
        if not pairs and len(before) != len(after):
            pairs = [(f"{len(before)} lines", f"{len(after)} lines")]
        found += [f"{key} ({place(key)})\n  old: {a}\n  new: {b}" for a, b in pairs]
    return found


def place(key: str) -> str:
    """The line of the prose that names it, or that nothing names it."""
    kind, _, name = key.partition(" ")
    mark = f'#{kind}("{name}")'
    for path in sorted((ROOT / "reports").glob("*.typ")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if mark in line:
                at = max(0, line.index(mark) - 40)
                said = line[at : at + len(mark) + 80].strip()
                return f"{path.relative_to(ROOT)}: {said}"
    return "no prose names it"


def kept() -> dict[str, dict]:
    """The kept file: ``loose`` and ``printed``."""
    return json.loads(KEPT.read_text(encoding="utf-8"))


def text(printed: Mapping[str, list[str]], loose: Mapping[str, int]) -> str:
    """The kept file as text, its keys in their order of the alphabet."""
    told = {"loose": dict(loose), "printed": dict(sorted(printed.items()))}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    before = kept() if KEPT.exists() else {"loose": {}, "printed": {}}
    now = told(artefacts())
    for line in moved(before["printed"], now, {}) if before["printed"] else ():
        print(line)
    write_atomically(KEPT, text(now, before["loose"]).encode())
