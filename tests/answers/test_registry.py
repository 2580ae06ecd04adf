"""One entry a lens, one row a company: what is added is asked, kept, cited and shown."""

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import manias
import pandas as pd
import pytest
from manias.answers import archive
from manias.answers.cases import row
from manias.answers.citing import cite, model_card
from manias.answers.classify import ask, ask_own
from manias.answers.past import CASES, backtest_lenses
from manias.answers.registry import Fitter, Lens, fitters, lenses, question, with_lens
from manias.data.library import LIBRARY, Library, load
from manias.data.rows import Provenance, some
from manias.errors import InputError
from manias.evaluation.cards import Carded
from manias.lenses.base import Answer
from manias.lenses.buildouts import ai_targets
from manias.record.companies import ai_builders, companies
from manias.record.financing import compare_financing
from manias.report.verdict import verdict_table


@dataclass(frozen=True, slots=True)
class ToyModel:
    name: ClassVar[str] = "toy"
    revision: ClassVar[int] = 1

    def settings(self):
        return {"revision": 1}

    def fit(self):
        table = load("shiller").frame
        rows = (some("shiller", table["month"] <= "1900-12", "the first years"),)
        mean = float(rows[0].frame["cape"].mean())
        return ToyResults("toy", self.settings(), mean, Provenance.of(rows), "a" * 64)


@dataclass(frozen=True, slots=True, eq=False)
class ToyResults(Carded):
    kind: ClassVar[str] = "toy"
    lens: ClassVar[str] = "valuation"
    title: ClassVar[str] = "Mean valuation"
    n: ClassVar[int] = 1
    events: ClassVar[int] = 0
    scores: ClassVar[tuple[()]] = ()
    name: str
    settings: dict[str, Any]
    mean: float
    provenance: Provenance
    fingerprint: str

    def tidy(self):
        return pd.DataFrame({"mean": [self.mean]})


def answer(target, fitted):
    results = fitted("toy")
    return Answer.of(
        results,
        target=target,
        as_of="1900",
        measure="mean valuation",
        unit="times",
        value=results.mean,
        low=float("nan"),
        high=float("nan"),
        base=1.0,
        n=1,
        events=0,
        is_supported=True,
        reasons=["a toy"],
    )


TOY = Lens(
    "valuation",
    "Is it dear?",
    (Fitter("toy", "To see one more lens.", ToyModel(), ToyResults),),
    answer,
    lambda series, fitted: answer(series.name, fitted),
    lambda case, fitted: [row(value=fitted("toy").mean) for _ in case.dates],
)


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """One more lens, its card beside copies of the others."""
    folder = tmp_path / "models"
    folder.mkdir()
    kept = archive.cards_folder()
    for path in kept.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with with_lens(TOY), Library(replace(LIBRARY.edition, reports=tmp_path)).open():
        archive.save_model(archive.fit_model("toy"), folder)
        yield TOY


def test_one_more_lens_is_asked_kept_cited_and_shown(toy, tmp_path):
    assert [a.lens for a in ask("ai")][-1] == "valuation"
    path = tmp_path / "mine.csv"
    path.write_text("date,value\n2020,1\n2021,2\n2022,5\n")
    assert ask_own(path)[0][-1].target == "mine"
    fitted = manias.load_model("toy")
    assert manias.load_model(fitted.model_id).to_card() == fitted.to_card()
    assert fitted.data == {"shiller": LIBRARY.fingerprint("shiller")}
    assert "manias-toy-aaaaaaaaaaaa" in cite("toy") and "shiller2026" not in cite("toy")
    assert "shiller2026" in cite("toy", sources=True)
    assert "To see one more lens." in model_card(fitted)
    assert manias.model_names()[-1] == "toy" and manias.list_models()[-1].mean == fitted.mean
    assert archive.verify_model("toy").agrees
    assert (
        backtest_lenses(CASES[:1]).query("lens == 'valuation'")["value"].eq(fitted.mean).all()
    )
    rows = verdict_table().content.rows
    assert "Is it dear?" in json.dumps(rows)


def test_what_was_added_is_gone_after_the_block():
    before = (lenses(), fitters())
    with with_lens(TOY):
        assert question("valuation") == "Is it dear?" and "toy" in fitters()
        with pytest.raises(InputError, match="lens 'valuation' is given twice"), with_lens(TOY):
            pass
    assert (lenses(), fitters()) == before
    with pytest.raises(InputError, match="model 'toy': expected one of spending-industries"):
        manias.load_model("toy")


def test_every_model_has_a_use_of_its_own():
    uses = [fitter.use for fitter in fitters().values()]
    assert len(set(uses)) == len(uses)
    for fitter in fitters().values():
        assert fitter.name == fitter.model.name
        assert fitter.use not in manias.load_model(fitter.name).title


def test_one_row_adds_a_company():
    table, spent = load("trajectories").frame, load("ai_capex").frame
    mine = table[table["id"] == "ai-capex-meta"].assign(
        id="ai-capex-tulip", name="Tulip", members="Tulip"
    )
    mine.index = [len(table)]
    theirs = spent[spent["company"] == "Meta"].assign(company="Tulip")
    theirs.index = range(len(spent), len(spent) + len(theirs))
    others = {
        ("trajectories", "data"): pd.concat([table, mine]),
        ("ai_capex", "data"): pd.concat([spent, theirs]),
    }
    with LIBRARY.holding(others).open():
        assert companies()["tulip"] == "ai-capex-tulip" and "Tulip" in ai_builders()
        assert ai_targets()[-1] == "ai-capex-tulip"
        assert "Tulip" in set(compare_financing().companies["company"])
        tulip, meta = ask("tulip"), ask("meta")
    told = {"spending", "build-out", "precedent"}
    values = [[a.value for a in asked if a.lens in told] for asked in (tulip, meta)]
    assert values[0] == values[1] and len(values[0]) == 3
    assert {a.target for a in tulip} == {"tulip"}
    assert "tulip" not in companies()
    with pytest.raises(
        InputError, match="target 'tulip': no such file or company; expected 'ai', a file, or"
    ):
        ask("tulip")
