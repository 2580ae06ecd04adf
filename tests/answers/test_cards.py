"""Cards say what a model is for, and every place prints the same id."""

import json
import re
from pathlib import Path

import manias
import pytest
from manias.answers.citing import model_card
from manias.answers.registry import fitters

ROOT = Path(__file__).resolve().parents[2]
ID = re.compile(r"manias-[a-z]+(?:-[a-z]+)*-[0-9a-f]{12}")
MODELS = manias.model_names()


@pytest.mark.parametrize("name", MODELS)
def test_the_card_for_readers_is_current_and_stands_alone(name):
    results = manias.load_model(name)
    card = model_card(results)
    assert card == (ROOT / "reports" / "models" / f"{name}.md").read_text(encoding="utf-8"), (
        "run: manias models fit"
    )
    use = fitters()[name].use
    assert use.startswith("To ") and len(use.split()) >= 8 and use.endswith(".")
    assert use in card and results.title.casefold() not in use.casefold()
    parts = dict(re.findall(r"(?m)^## (.+)\n\n((?:(?!## ).*\n?)*)", card))
    for part in ("Intended use", "Data", "Parameters", "Score against the base rate", "Limits"):
        assert len(parts[part].split()) > 6, part
    assert "Only 0 cases" not in card
    if name.startswith("payback"):
        assert "predicts nothing" in parts["Intended use"] and "`predict`" not in card
    assert ("`predict`" in card) == hasattr(results, "predict")


def test_no_two_models_are_for_the_same():
    uses = [fitters()[name].use for name in MODELS]
    assert len(set(uses)) == len(uses) == len(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_card_library_and_citations_print_one_id(name):
    key = manias.load_model(name).model_id
    folder = ROOT / "reports" / "models"
    assert json.loads((folder / f"{name}.json").read_text())["id"] == key
    assert (
        (folder / f"{name}.md")
        .read_text(encoding="utf-8")
        .split("\n")[2]
        .startswith(f"`{key}`, ")
    )
    assert manias.cite(name).startswith(f"@misc{{{key},")
    assert json.loads(manias.cite(name, "csl"))[0]["id"] == key
    assert set(ID.findall(manias.cite(name, "apa"))) == {key}
    assert manias.cite(key) == manias.cite(name)


def test_commands_print_the_same_ids(manias_command):
    wanted = {name: manias.load_model(name).model_id for name in MODELS}
    listed = json.loads(manias_command("models", "list", "--json").stdout)
    assert {m["id"] for m in listed} == set(wanted.values())
    for name in MODELS[:2]:
        shown = manias_command("models", "show", name, "--format", "markdown").stdout
        assert set(ID.findall(shown)) == {wanted[name]}
        cited = manias_command("cite", name, "--style", "apa").stdout
        assert set(ID.findall(cited)) == {wanted[name]}


def test_a_number_that_is_off_by_more_than_a_millionth_does_not_agree(monkeypatch):
    from manias.answers import archive

    card = archive._card("payback-ai", None)
    for part, agrees in ((1e-5, False), (1e-8, True)):
        changed = {**card, "required": card["required"] * (1 + part)}
        monkeypatch.setattr(archive, "_card", lambda key, folder, c=changed: c)
        found = archive.verify_model("payback-ai")
        assert found.agrees == agrees and found.largest == pytest.approx(part, rel=0.1)
