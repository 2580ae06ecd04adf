"""Write the list of exhibits into README.md: which function makes each, and from which tables.

python research/curation/exhibits.py
"""

import re
from collections.abc import Mapping
from pathlib import Path

from manias.data.files import write_atomically
from manias.data.library import names
from manias.report.build import artefact, in_order
from manias.report.exhibits import Artefact

README = Path(__file__).resolve().parents[2] / "README.md"
SECTION = re.compile(r"(?<=<!-- exhibits -->\n).*(?=<!-- end of exhibits -->)", re.DOTALL)


def exhibits(made: Mapping[tuple[str, str], Artefact] | None = None) -> str:
    """List every figure and table of the report with the tables of its rows."""
    lines = ["| exhibit | function | tables |", "|---|---|---|"]
    for kind, name in in_order():
        if kind != "exhibit":
            continue
        one = artefact(kind, name) if made is None else made[kind, name]
        tables = "all" if set(one.datasets) == set(names()) else ", ".join(one.datasets)
        lines.append(f"| {name} | `{one.function}` | {tables} |")
    return "\n".join(lines) + "\n"


def readme(text: str, made: Mapping[tuple[str, str], Artefact] | None = None) -> str:
    """Put the list into the text of a README."""
    return SECTION.sub(lambda _: exhibits(made), text)


if __name__ == "__main__":
    write_atomically(README, readme(README.read_text(encoding="utf-8")).encode("utf-8"))
