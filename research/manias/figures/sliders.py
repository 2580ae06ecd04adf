"""A table of answers under every combination of assumptions, with sliders to walk through it.

Nothing is computed where it is looked at: each answer and each line was made by the functions
that made the table, and a slider chooses among them. It needs no kernel and no network.
"""

import html
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from manias.data.arguments import checked
from manias.data.fingerprint import sha256
from manias.data.results import Result
from manias.errors import DataError, InputError
from manias.language.visible import visible

MOST = 5000
"""Most combinations; a page that holds more is slow to open."""
MOST_LINES = 3
"""Most lines of the chart: so many can be told apart by their dashes."""
_COLOURS = ("#0173b2", "#b35a00", "#3d3d3d")
_DASHES = ("", "7 3", "2 3")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 250, 56, 16, 12, 40

_STYLE = """
.sliders{border:1px solid #d7dce0;padding:1rem 1.1rem;margin:1rem 0 1.75rem;max-width:46rem}
.sliders fieldset{border:0;margin:0 0 1rem;padding:0;display:grid;gap:.55rem 1rem;
align-items:end;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr))}
.sliders legend{font-weight:600;padding:0;margin-bottom:.5rem}
.sliders label{display:block;font-size:.85rem}.sliders input{width:100%;margin:.15rem 0}
.sliders output{font-weight:600}.sliders svg{width:100%;height:auto;display:block}
.sliders svg text{font-size:12px;fill:#3b454d}.sliders .key{font-size:.85rem;margin:.2rem 0 0}
.sliders .key svg{display:inline-block;width:34px;height:10px;vertical-align:middle}
.sliders table{font-size:.9rem}.sliders th{font-weight:400;text-align:left}
.sliders td{font-weight:600;text-align:right}
"""
# Looks up what was computed: the place of a combination, its texts and its lines.
_SCRIPT = """
document.querySelectorAll('[data-sliders="KEY"]').forEach(function (box) {
  if (box.dataset.ready) { return; }
  box.dataset.ready = "yes";
  var held = JSON.parse(box.querySelector("script[type='application/json']").textContent);
  var inputs = Array.from(box.querySelectorAll("input"));
  function show() {
    var place = 0;
    inputs.forEach(function (input, i) {
      var at = Number(input.value), said = held.knobs[i][at];
      place = place * held.knobs[i].length + at;
      input.setAttribute("aria-valuetext", said);
      box.querySelectorAll("output")[i].textContent = said;
    });
    box.querySelectorAll("td[data-column]").forEach(function (cell, i) {
      var column = held.columns[i];
      cell.textContent = column.said[column.at[place]];
    });
    box.querySelectorAll("path[data-line]").forEach(function (path, i) {
      var line = held.lines[i];
      path.setAttribute("d", line.said[line.at[place]]);
    });
  }
  inputs.forEach(function (input) { input.addEventListener("input", show); });
  show();
});
"""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sliders(Result):
    """Answers under every combination of assumptions, one chosen at a time.

    Attributes
    ----------
    title : str
    table : pandas.DataFrame, shape (n, k)
        A row each combination, by a level of the index each assumption.
    lines : dict of str to pandas.DataFrame, shape (n, m)
        Lines of the chart: a row each combination, a column each place across.
    across, up : str
        What is on the axes of the chart.
    log : bool
        Whether the vertical axis is logarithmic.
    start : tuple of int
        Which value of each assumption stands at first.
    """

    _told = ("title", "n", "by")
    title: str
    table: pd.DataFrame
    lines: dict[str, pd.DataFrame] = field(default_factory=dict)
    across: str = ""
    up: str = ""
    log: bool = False
    start: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """How many combinations there are."""
        return len(self.table)

    @property
    def by(self) -> str:
        """Names of the assumptions."""
        return ", ".join(map(str, self.table.index.names))

    def to_frame(self) -> pd.DataFrame:
        """The table, with the assumptions as columns."""
        return self.table.reset_index()

    def _repr_html_(self) -> str:
        values = [list(level) for level in _levels(self.table)]
        knobs = [[_said(value) for value in level] for level in values]
        columns = [_folded([_said(v) for v in self.table[c]]) for c in self.table]
        scale = _Scale(self.lines, self.log) if self.lines else None
        drawn = [_folded(scale.paths(frame)) for frame in self.lines.values()] if scale else []
        held = {"knobs": knobs, "columns": columns, "lines": drawn}
        packed = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        packed = packed.replace("<", "\\u003c")
        key = sha256(f"{self.title}{packed}".encode())[:12]
        place = int(np.ravel_multi_index(self.start, tuple(map(len, values))))
        parts = [
            f'<div class="sliders" data-sliders="{key}">',
            f"<style>{_STYLE}</style>",
            f"<fieldset><legend>{_safe(self.title)}</legend>",
            *[
                _knob(f"{key}-{i}", str(name), said, at)
                for i, (name, said, at) in enumerate(
                    zip(self.table.index.names, knobs, self.start, strict=True)
                )
            ],
            "</fieldset>",
            scale.chart(self, place) if scale else "",
            _shown(self.table, columns, place),
            "<noscript><p>The sliders need JavaScript; what stands here is the start."
            "</p></noscript>",
            f'<script type="application/json">{packed}</script>',
            f"<script>{_SCRIPT.replace('KEY', key)}</script></div>",
        ]
        return "\n".join(part for part in parts if part)


@checked
def sliders(
    table: pd.DataFrame,
    *,
    title: str,
    lines: Mapping[str, pd.DataFrame] | None = None,
    across: str = "",
    up: str = "",
    log: bool = False,
    start: Mapping[str, object] | None = None,
) -> Sliders:
    """Walk through a table of answers with a slider for each assumption.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, k)
        Answers, a row each combination of assumptions; the levels of the index are the
        assumptions, with names, and every combination of their values is there once. Numbers
        are shown to three digits, texts as they are.
    title : str
        What is asked.
    lines : mapping of str to pandas.DataFrame, shape (n, m), optional
        Lines of a chart under their names, at most 3: the rows of ``table``, a column each
        place across; NaN where a line has a gap.
    across, up : str
        What is on the axes of the chart, with units.
    log : bool
        Whether the vertical axis is logarithmic.
    start : mapping of str to object, optional
        Values of assumptions that stand at first; the middle one otherwise.

    Returns
    -------
    Sliders
        In a notebook, and on a page made from one, sliders that mouse, finger and keyboard
        move; elsewhere a table.

    Raises
    ------
    DataError
        If a combination is missing or comes twice, or lines have other rows than the table.
    InputError
        If there are more than 5,000 combinations or 3 lines, or a start that is no value.

    Examples
    --------
    >>> grid = pd.MultiIndex.from_product([[1, 2], [3, 4, 5]], names=["a", "b"])
    >>> sliders(pd.DataFrame({"a + b": [4, 5, 6, 5, 6, 7]}, grid), title="A sum")
    Sliders(title='A sum', n=6, by='a, b')
    """
    lines = dict(lines or {})
    if len(table) > MOST:
        raise InputError(f"table: {len(table):,} combinations; expected at most {MOST:,}")
    if len(lines) > MOST_LINES:
        raise InputError(f"lines: {len(lines)}; expected at most {MOST_LINES}")
    names = [str(name) for name in table.index.names]
    if "None" in names or not len(table) or not len(table.columns):
        raise DataError(f"table: index {names}; expected a name for each assumption, and rows")
    levels = _levels(table)
    every = list(itertools.product(*levels))
    given = [row if isinstance(row, tuple) else (row,) for row in table.index]
    if len(set(given)) < len(given):
        row = next(row for row in given if given.count(row) > 1)
        raise DataError(f"table: {row} comes twice; expected every combination once")
    known = set(given)
    if missing := [row for row in every if row not in known]:
        raise DataError(f"table: no row for {missing[0]}; expected every combination once")
    order = every if len(levels) > 1 else [row[0] for row in every]
    for name, frame in lines.items():
        if not frame.index.equals(table.index):
            raise DataError(f"lines: {name}: other rows than the table; expected the same")
    places = []
    for name, level in zip(names, levels, strict=True):
        wanted = (start or {}).get(name, level[len(level) // 2])
        if wanted not in level:
            told = ", ".join(map(_said, level))
            raise InputError(f"start: {name}: {wanted!r}; expected one of {told}")
        places.append(level.index(wanted))
    if odd := set(start or {}) - set(names):
        raise InputError(f"start: {sorted(odd)[0]!r}; expected one of {', '.join(names)}")
    ordered = {name: frame.loc[order] for name, frame in lines.items()}
    return Sliders(title, table.loc[order], ordered, across, up, log, tuple(places))


def _levels(table: pd.DataFrame) -> list[list[object]]:
    """Values of each assumption, in the order in which they first come."""
    index = table.index
    return [list(dict.fromkeys(index.get_level_values(i))) for i in range(index.nlevels)]


def _folded(said: Sequence[str]) -> dict[str, list]:
    """Each different text once, and which of them each combination has."""
    known: dict[str, int] = {}
    at = [known.setdefault(text, len(known)) for text in said]
    return {"said": list(known), "at": at}


def _knob(key: str, name: str, said: Sequence[str], at: int) -> str:
    return (
        f'<div><label for="{key}">{_safe(name)}: <output for="{key}">{_safe(said[at])}</output>'
        f'</label><input type="range" id="{key}" min="0" max="{len(said) - 1}" step="1" '
        f'value="{at}" aria-valuetext="{_safe(said[at])}" autocomplete="off"/></div>'
    )


def _shown(table: pd.DataFrame, columns: Sequence[dict[str, list]], place: int) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_safe(str(name))}</th>'
        f'<td data-column="{i}">{_safe(column["said"][column["at"][place]])}</td></tr>'
        for i, (name, column) in enumerate(zip(table.columns, columns, strict=True))
    )
    caption = "The answer under these assumptions"
    return (
        f'<table aria-live="polite"><caption>{caption}</caption><tbody>{rows}</tbody></table>'
    )


class _Scale:
    """From values to places on the chart: one scale for all combinations, so lines move."""

    def __init__(self, lines: Mapping[str, pd.DataFrame], log: bool) -> None:
        frames = list(lines.values())
        self.log = log
        self.x = [float(x) for x in frames[0].columns]
        values = np.concatenate([f.to_numpy(dtype=float).ravel() for f in frames])
        values = values[np.isfinite(values)]
        if log and (values <= 0).any():
            raise DataError(f"lines: {values.min():g}; expected more than 0 for a log scale")
        self.low = float(values.min()) if log else min(0.0, float(values.min()))
        self.high = float(values.max())
        if self.high <= self.low:
            self.high = self.low + 1

    def across(self, x: float) -> float:
        share = (x - self.x[0]) / ((self.x[-1] - self.x[0]) or 1)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def up(self, y: float) -> float:
        to = math.log if self.log else float
        share = (to(y) - to(self.low)) / (to(self.high) - to(self.low))
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def paths(self, frame: pd.DataFrame) -> list[str]:
        """The line of each combination, broken where there is no value."""
        found = []
        for row in frame.to_numpy(dtype=float):
            parts, pen = [], "M"
            for x, y in zip(self.x, row, strict=True):
                if math.isfinite(y):
                    parts.append(f"{pen}{self.across(x):.1f} {self.up(y):.1f}")
                pen = "L" if math.isfinite(y) else "M"
            found.append("".join(parts))
        return found

    def ticks(self) -> list[float]:
        """Round values on the vertical axis."""
        if self.log:
            powers = range(
                math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1
            )
            every = [m * 10.0**p for p in powers for m in (1, 2, 5)]
            inside = [v for v in every if self.low <= v <= self.high]
            return [v for v in inside if math.log10(v) % 1 == 0] if len(inside) > 7 else inside
        rough = (self.high - self.low) / 5
        step = next(
            m * 10.0 ** math.floor(math.log10(rough))
            for m in (1, 2, 5, 10)
            if m * 10.0 ** math.floor(math.log10(rough)) >= rough
        )
        return [k * step for k in range(math.ceil(self.low / step), int(self.high / step) + 1)]

    def chart(self, one: Sliders, place: int) -> str:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        parts = []
        for tick in self.ticks():
            y = self.up(tick)
            parts.append(
                f'<line x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e7ea"/>'
                f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:,.6g}</text>'
            )
        every = max(1, math.ceil(len(self.x) / 10))
        for x in self.x[::every]:
            parts.append(
                f'<text x="{self.across(x):.1f}" y="{bottom + 16}" text-anchor="middle">'
                f"{x:g}</text>"
            )
        at = f'x="{(_LEFT + right) / 2}" y="{_HEIGHT - 6}" text-anchor="middle"'
        parts.append(f"<text {at}>{_safe(one.across)}</text>")
        keys = []
        for i, (name, frame) in enumerate(one.lines.items()):
            pen = f'fill="none" stroke="{_COLOURS[i]}" stroke-width="2.2"'
            pen += f' stroke-dasharray="{_DASHES[i]}"' if _DASHES[i] else ""
            parts.append(f'<path data-line="{i}" {pen} d="{self.paths(frame)[place]}"/>')
            keys.append(
                '<svg viewBox="0 0 34 10" aria-hidden="true">'
                f'<path {pen} d="M0 5L34 5"/></svg> {_safe(name)}'
            )
        names = " and ".join(one.lines)
        label = f"Chart of {names}. Across: {one.across}. Up: {one.up}."
        return (
            f'<p class="key">{_safe(one.up)}: {" &#160; ".join(keys)}</p>'
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_safe(label)}">'
            f"{''.join(parts)}</svg>"
        )


def _said(value: object) -> str:
    if isinstance(value, float | np.floating):
        if not math.isfinite(value):
            return "–"
        shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        return shown.replace("-", "−")
    return visible(str(value), keep="")


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
