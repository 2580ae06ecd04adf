"""Sliders show what was computed for the combination that is chosen, and nothing else."""

import itertools
import json
import re
import shutil
import subprocess

import manias
import numpy as np
import pandas as pd
import pytest
from manias import DataError, InputError

GRID = pd.MultiIndex.from_product(
    [[2, 3, 5], ["low", "high"], [0.1, 0.2]], names=["life", "cost", "rate"]
)
TABLE = pd.DataFrame(
    {"sum": [life + rate for life, _, rate in GRID], "said": [f"{a}/{b}" for a, b, _ in GRID]},
    GRID,
)
LINES = {
    "up": pd.DataFrame([[life, 2 * life, np.nan, 3.0] for life, _, _ in GRID], GRID, range(4)),
    "level": pd.DataFrame([[10.0 * rate] * 4 for *_, rate in GRID], GRID, range(4)),
}


def drawn(**changes):
    return manias.sliders(TABLE, **{"title": "What?", "lines": LINES, **changes})


def held(page):
    return json.loads(re.search(r'application/json">(.*?)</script>', page, re.S)[1])


def test_each_combination_has_its_own_texts():
    found = held(drawn(start={"life": 2})._repr_html_())
    assert found["knobs"] == [["2", "3", "5"], ["low", "high"], ["0.1", "0.2"]]
    places = itertools.product(range(3), range(2), range(2))
    for at, (combination, row) in zip(places, TABLE.iterrows(), strict=True):
        place = 0
        for i, value in enumerate(at):
            place = place * len(found["knobs"][i]) + value
        said = [column["said"][column["at"][place]] for column in found["columns"]]
        assert said == [f"{row['sum']:.3g}", f"{combination[0]}/{combination[1]}"]


@pytest.mark.parametrize("log", [False, True])
def test_lines_lie_where_their_values_are_and_break_where_there_is_none(log):
    found = held(drawn(log=log)._repr_html_())
    points = []
    for line, frame in zip(found["lines"], LINES.values(), strict=True):
        for place in range(len(GRID)):
            path = line["said"][line["at"][place]]
            seen = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
            values = frame.iloc[place].dropna()
            assert len(seen) == len(values)
            points += [(value, float(y)) for value, (_, y) in zip(values, seen, strict=True)]
            assert path.count("M") == (2 if frame.iloc[place].isna().any() else 1)
    value, y = np.array(points).T
    slope, _ = np.polyfit(np.log(value) if log else value, y, 1)
    fitted = np.polyval(
        np.polyfit(np.log(value) if log else value, y, 1), np.log(value) if log else value
    )
    assert slope < 0 and np.abs(fitted - y).max() < 0.15


def test_it_stands_at_the_start_before_any_script_runs():
    one = drawn(start={"life": 5, "cost": "low", "rate": 0.2})
    page = one._repr_html_()
    assert one.n == 12 and one.start == (2, 0, 1)
    assert re.findall(r"<output[^>]*>(.*?)</output>", page) == ["5", "low", "0.2"]
    assert re.findall(r'<td data-column="\d">(.*?)</td>', page) == ["5.2", "5/low"]
    assert re.findall(r'type="range"[^>]*max="(\d)"[^>]*value="(\d)"', page) == [
        ("2", "2"),
        ("1", "0"),
        ("1", "1"),
    ]
    labels = re.findall(r'<label for="([^"]+)"', page)
    assert labels == re.findall(r'<input type="range" id="([^"]+)"', page)
    assert "http" not in page.replace("http://www.w3.org", "")
    assert one._repr_html_() == page


def test_what_is_typed_is_text_and_closes_no_script():
    odd = TABLE.assign(said="</script><b>")
    page = manias.sliders(odd, title="<i>")._repr_html_()
    assert "<i>" not in page and page.count("</script>") == 2
    assert held(page)["columns"][1]["said"] == ["</script><b>"]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"lines": {"up": LINES["up"].iloc[1:]}}, DataError, "up: other rows than the table"),
        ({"start": {"life": 4}}, InputError, "life: 4; expected one of 2, 3, 5"),
        ({"start": {"age": 4}}, InputError, "'age'; expected one of life, cost, rate"),
        ({"lines": dict.fromkeys("abcd", LINES["up"])}, InputError, "4; expected at most 3"),
    ],
)
def test_what_does_not_fit_is_named(changes, error, words):
    with pytest.raises(error, match=re.escape(words)):
        drawn(**changes)


def test_a_table_with_holes_or_doubles_is_refused():
    with pytest.raises(DataError, match=r"no row for \(3, 'low', 0\.2\)"):
        manias.sliders(TABLE.drop((3, "low", 0.2)), title="x")
    with pytest.raises(DataError, match=r"\(2, 'low', 0\.1\) comes twice"):
        manias.sliders(pd.concat([TABLE, TABLE.iloc[:1]]), title="x")
    with pytest.raises(DataError, match="expected a name for each assumption"):
        manias.sliders(pd.DataFrame({"a": [1]}), title="x")
    with pytest.raises(DataError, match="expected more than 0 for a log scale"):
        manias.sliders(TABLE, title="x", log=True, lines={"u": -LINES["level"]})._repr_html_()


SHIM = """
const held = HELD, knobs = held.knobs.length;
const node = () => ({dataset: {}, attrs: {}, textContent: "", on: [],
  setAttribute(k, v) { this.attrs[k] = v; }, addEventListener(k, f) { this.on.push(f); }});
const inputs = held.knobs.map(() => Object.assign(node(), {value: "0"}));
const outputs = held.knobs.map(node), cells = held.columns.map(node);
const paths = held.lines.map(node);
const lists = {"input": inputs, "output": outputs, "td[data-column]": cells,
  "path[data-line]": paths};
const box = {dataset: {}, querySelectorAll: (q) => lists[q],
  querySelector: () => ({textContent: JSON.stringify(held)})};
globalThis.document = {querySelectorAll: () => [box]};
SCRIPT
const said = [];
for (const at of PLACES) {
  at.forEach((v, i) => { inputs[i].value = String(v); });
  inputs[0].on[0]();
  said.push([outputs.map((o) => o.textContent), cells.map((c) => c.textContent),
    paths.map((p) => p.attrs.d)]);
}
console.log(JSON.stringify(said));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_script_looks_up_what_was_computed(tmp_path):
    page = drawn()._repr_html_()
    found, script = held(page), re.findall(r"<script>(.*?)</script>", page, re.S)[0]
    places = list(itertools.product(range(3), range(2), range(2)))
    text = SHIM.replace("HELD", json.dumps(found), 1).replace("SCRIPT", script, 1)
    (tmp_path / "run.js").write_text(text.replace("PLACES", json.dumps(places), 1), "utf-8")
    done = subprocess.run(
        ["node", tmp_path / "run.js"], capture_output=True, text=True, timeout=30, check=True
    )
    for said, at, (combination, row) in zip(
        json.loads(done.stdout), places, TABLE.iterrows(), strict=True
    ):
        assert said[0] == [str(value) for value in combination]
        assert said[1] == [f"{row['sum']:.3g}", row["said"]]
        place = list(GRID).index(combination)
        assert said[2] == [line["said"][line["at"][place]] for line in found["lines"]], at
