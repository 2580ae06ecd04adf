"""What can be asked after: AI, companies, files, series and trajectories; nothing else."""

import math
from dataclasses import astuple, replace
from pathlib import Path

import manias
import numpy as np
import pandas as pd
import pytest
from manias.answers import classify

YEARS = pd.period_range("2012", "2021", freq="Y")
VALUES = pd.Series([1, 1.2, 1.3, 2, 2.7, 4, 5.2, 7, 9, 12.0], YEARS, name="mine")


def told(answers):
    """Everything but the target's name, so that NaN equals NaN."""
    return [
        tuple("nan" if isinstance(v, float) and math.isnan(v) else v for v in astuple(a)[3:])
        for a in answers
    ]


@pytest.mark.parametrize("name", ["MSFT", "Microsoft", " microsoft ", "msft"])
def test_names_and_symbols_in_any_case(name):
    assert told(manias.ask(name)) == told(manias.ask("microsoft"))
    assert manias.ask(name)[0].target == "microsoft"


def test_ai_in_any_case():
    assert told(manias.ask("AI")) == told(manias.ask("ai")) == told(manias.ask())


def test_one_series_gives_one_answer_however_it_is_brought(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("year,value\n" + "".join(f"{y},{v}\n" for y, v in VALUES.items()))
    own = manias.Series("mine", VALUES, "as given")
    asked = [
        manias.ask(target)
        for target in (file, str(file), VALUES, own, manias.own(own, measure="spending"))
    ]
    first, *others = map(told, asked)
    assert all(other == first for other in others)
    assert {a.target for answers in asked for a in answers} == {"mine"}
    assert told(manias.ask_own(file)[0]) == first
    assert any(np.isfinite(a.value) for a in asked[0])


def test_a_trajectory_of_a_company_is_that_company_and_a_past_boom_is_refused():
    assert told(manias.ask(manias.trajectory("ai-capex-meta"))) == told(manias.ask("meta"))
    with pytest.raises(
        manias.InputError, match=r"us-it-dotcom: one of the past booms .* itself"
    ):
        manias.ask(manias.trajectory("us-it-dotcom"))


def test_a_trajectory_is_cut_by_what_was_published(monkeypatch):
    path = manias.own(manias.Series("mine", VALUES, "USD"), measure="spending")
    shown = path.published.where(path.published < "2019", pd.Timestamp("2021-12-31"))
    seen = []
    monkeypatch.setattr(
        classify, "ask_own", lambda series, *, as_of: [seen.append((series, as_of))]
    )
    manias.ask(replace(path, published=shown), as_of="2020")
    ((series, as_of),) = seen
    assert list(series.values.index.year) == list(range(2012, 2019)) and as_of == "2020"
    assert series.onset == YEARS[0] and series.unit == "USD"


@pytest.mark.parametrize("thing", [3, None, 2.5, ["ai"], {"ai": 1}, np.ones(3), print])
def test_anything_else_is_one_line(thing):
    with pytest.raises(
        TypeError, match=r"^target of type .*expected 'ai', a company"
    ) as stopped:
        manias.ask(thing)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nvidia", "NVIDIA: on record, but not among"),
        ("NVDA", "NVIDIA: on record, but not among"),
        ("tulip", "target 'tulip': no such file or company"),
        ("no/tulip.csv", "tulip.csv: no such file"),
        (Path("tulip"), "tulip: no such file"),
        (pd.Series([1.0, 2.0]), "date|period"),
    ],
)
def test_what_cannot_be_asked_says_why(target, said):
    with pytest.raises(manias.InputError, match=f"(?i){said}") as stopped:
        manias.ask(target)
    assert "\n" not in str(stopped.value)
