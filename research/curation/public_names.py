"""Gather the public names of every room into ``research/manias/__init__.pyi``.

A room says in its own ``__init__.pyi`` what it makes public; ``make docs`` runs this.
"""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "manias"
GROUPS = (
    *(
        "data",
        "series",
        "explosive",
        "record",
        "evaluation",
        "lenses",
        "spending",
        "answers",
        "quoted",
        "gauges",
        "figures",
    ),
    *("report", "explore", "refresh"),
)


def gather(package: Path = PACKAGE) -> str:
    """Write the stub of the package from the stubs of its rooms."""
    blocks = ["# Made by `make docs` from the stubs of the rooms; do not edit."]
    blocks += [f"from . import {group} as {group}" for group in GROUPS]
    blocks.append(_block("errors", ("DataError", "InputError", "ManiasError")))
    for group in GROUPS:
        tree = ast.parse((package / group / "__init__.pyi").read_text(encoding="utf-8"))
        names = [a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names]
        blocks.append(_block(group, names))
    return "\n".join([*blocks, "", "__version__: str", ""])


def _block(module: str, names) -> str:
    lines = "".join(f"    {name} as {name},\n" for name in sorted(names))
    return f"from .{module} import (\n{lines})"


if __name__ == "__main__":
    (PACKAGE / "__init__.pyi").write_text(gather(), encoding="utf-8")
