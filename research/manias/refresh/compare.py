"""What differs between two states of the tables, row by row and source by source."""

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.descriptors import _descriptor
from manias.data.editions import Edition
from manias.data.tables import folders
from manias.refresh.feed import Present

COLUMNS = (
    *("table", "source", "added", "removed", "revised", "reworded", "largest"),
    *("where", "old", "new"),
)
_NUMBERS = ("number", "integer", "year")


@checked
def compare_editions(old: Edition, new: Edition, *, rows: bool = False) -> pd.DataFrame:
    """Say what moved in the tables from one edition to another.

    Parameters
    ----------
    old, new : Edition
    rows : bool
        A row a cell in place of a row a source.

    Returns
    -------
    pandas.DataFrame
        A row a table and source of what differs: rows ``added`` and ``removed``, numbers
        ``revised``, texts ``reworded``; ``largest``: the largest revision, relative to the old
        number, with ``where`` (key and column), ``old`` and ``new``. With `rows` a row a cell:
        ``table``, ``source``, ``key``, ``column``, ``old``, ``new``.

    Examples
    --------
    >>> from manias.data.editions import shipped_edition
    >>> len(compare_editions(shipped_edition(), shipped_edition()))
    0
    """
    cells = list(_all_cells(old.tables, new.tables))
    if rows:
        names = ["table", "source", "key", "column", "old", "new"]
        return pd.DataFrame([[c[n] for n in names] for c in cells], columns=names)
    return _summed(cells)


def _summed(cells: list[dict[str, Any]]) -> pd.DataFrame:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for cell in cells:
        line = found.setdefault(
            (cell["table"], cell["source"]),
            dict.fromkeys(COLUMNS, "")
            | {"table": cell["table"], "source": cell["source"], "largest": np.nan}
            | dict.fromkeys(("added", "removed", "revised", "reworded"), 0),
        )
        line[cell["what"]] += 1
        if cell["what"] == "revised" and not cell["by"] <= line["largest"]:
            line |= {"largest": cell["by"], "old": cell["old"], "new": cell["new"]}
            line["where"] = f"{cell['key']}, {cell['column']}"
    return pd.DataFrame([found[key] for key in sorted(found)], columns=list(COLUMNS))


def _all_cells(old: Traversable, new: Traversable) -> Iterator[dict[str, Any]]:
    before, after = folders(old), folders(new)
    for dataset in dict.fromkeys([*before, *after]):
        parts: dict[str, dict[str, Mapping[str, Any]]] = {"old": {}, "new": {}}
        for side, root, names in (("old", old, before), ("new", new, after)):
            if dataset in names:
                resources = _descriptor(root, dataset)["resources"]
                parts[side] = {r["name"]: r for r in resources}
        for part in dict.fromkeys([*parts["old"], *parts["new"]]):
            a, b = parts["old"].get(part), parts["new"].get(part)
            if a and b and a["hash"] == b["hash"]:
                continue
            label = dataset if part == "data" else f"{dataset}.{part}"
            yield from _cells(
                label,
                b or a,
                Present(old).cells(dataset, part) if a else None,
                Present(new).cells(dataset, part) if b else None,
            )


def _cells(
    label: str, resource: Mapping[str, Any], old: pd.DataFrame | None, new: pd.DataFrame | None
) -> Iterator[dict[str, Any]]:
    key = list(resource["schema"]["primaryKey"])
    kinds = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    whole = resource.get("provenance", {}).get("source", "")
    empty = pd.DataFrame(columns=list(kinds), dtype=str)
    a = (empty if old is None else old).set_index(key)
    b = (empty if new is None else new).set_index(key)
    for what, one, other in (("removed", a, b), ("added", b, a)):
        gone = one.loc[~one.index.isin(other.index)]
        sources = gone["source"] if "source" in gone else [whole] * len(gone)
        for at, source in zip(gone.index, sources, strict=True):
            yield _cell(label, source, at, "", "", "", what, np.nan)
    common = a.index.intersection(b.index, sort=False)
    a, b = a.loc[common], b.loc[common]
    for column in [c for c in b.columns if c in a.columns]:
        differs = (a[column] != b[column]).to_numpy()
        if not differs.any():
            continue
        sources = b["source"] if "source" in b else pd.Series(whole, index=b.index)
        rows = zip(
            common[differs], sources[differs], a[column][differs], b[column][differs],
            strict=True,
        )  # fmt: skip
        for at, source, was, now in rows:
            by = _revision(was, now) if kinds[column] in _NUMBERS else None
            if by == 0:
                continue
            what = "reworded" if by is None else "revised"
            yield _cell(label, source, at, column, was, now, what, by)


def _cell(table, source, at, column, old, new, what, by) -> dict[str, Any]:
    key = " ".join(map(str, at)) if isinstance(at, tuple) else str(at)
    return {
        "table": table, "source": source, "key": key, "column": column, "old": old,
        "new": new, "what": what, "by": by,
    }  # fmt: skip


def _revision(old: str, new: str) -> float:
    """By how much of itself a number moved; endless where there was none or nought."""
    if not old or not new:
        return np.inf
    was, now = float(old), float(new)
    if was == now:
        return 0.0
    return abs(now / was - 1) if was else np.inf
