"""From a name in the report to its value, its code, its rows and their sources."""

import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from manias.data.library import load
from manias.data.rows import Rows
from manias.data.sources import Source, read_sources
from manias.errors import InputError
from manias.report.build import artefact, maker_of
from manias.report.exhibits import MAKERS
from manias.report.parts import printed


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """From a name in the report to what it rests on.

    Attributes
    ----------
    kind, name : str
    value : str
        What the report prints; the caption of an exhibit.
    function, formula : str
        Who makes it, and the code that does.
    rows : tuple of manias.data.rows.Rows
        Rows that it rests on, by table; empty where it is a setting of the code.
    datasets : mapping of str to str
        Table -> SHA-256.
    sources : tuple of manias.data.sources.Source
        Those that the rows name.
    grade : str
        Weakest grade of the rows.
    """

    kind: str
    name: str
    value: str
    function: str
    formula: str
    rows: tuple[Rows, ...]
    datasets: Mapping[str, str]
    sources: tuple[Source, ...]
    grade: str

    def to_dict(self, *, limit: int | None = None) -> dict[str, Any]:
        """Everything as plain values.

        Parameters
        ----------
        limit : int, optional
            Most rows of a table; all by default.

        Returns
        -------
        dict

        Examples
        --------
        >>> (found,) = trace("ai-last-share")
        >>> [(t["table"], t["n"], t["of"]) for t in found.to_dict()["tables"]]
        [('trajectories', 1, 29), ('us_it_investment', 1, 126)]
        """
        return {
            "kind": self.kind,
            "name": self.name,
            "value": self.value,
            "function": self.function,
            "formula": self.formula,
            "tables": [
                {
                    "table": part.name,
                    "sha256": self.datasets[part.dataset],
                    "n": len(part.frame),
                    "of": part.total,
                    "how": part.how,
                    "rows": part.records(limit),
                }
                for part in self.rows
            ],
            "sources": [asdict(source) for source in self.sources],
            "grade": self.grade,
        }


def trace(name: str) -> tuple[Trace, ...]:
    """Lead from a name in the report to its value, its code, its rows and their sources.

    Parameters
    ----------
    name : str
        As in the list at the end of the report.

    Returns
    -------
    tuple of Trace
        One a kind: a number and an exhibit may share a name.

    Raises
    ------
    InputError
        If nothing has that name.

    Examples
    --------
    >>> [t.value for t in trace("innovations") if t.kind == "number"]
    ['51']
    """
    every = [*MAKERS, *(("printed", key) for key in printed())]
    keys = [key for key in every if key[1] == name]
    if not keys:
        near = get_close_matches(name, sorted({key[1] for key in every}), n=5, cutoff=0.4)
        such = f", such as {', '.join(near)}" if near else ""
        raise InputError(f"name {name!r}: expected a name of the report{such}")
    catalogue, traces = read_sources(), []
    for key in keys:
        made = artefact(*key)
        traces.append(
            Trace(
                kind=key[0],
                name=name,
                value=made.text(),
                function=made.function,
                formula=inspect.getsource(maker_of(*key)),
                rows=made.rows,
                datasets={d: load(d).fingerprint for d in made.datasets},
                sources=tuple(catalogue[k] for k in made.sources),
                grade=made.grade,
            )
        )
    return tuple(traces)
