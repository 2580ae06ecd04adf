"""Kept models as a user meets them: listed, shown, verified, cited, loaded, never executed."""

import json
import re
import shutil
import sys
from dataclasses import replace

import manias
import numpy as np
import pandas as pd
import pytest
from manias.answers import archive, registry
from manias.data.library import LIBRARY, Library, known_on
from manias.errors import DataError, InputError, StaleError
from manias.evaluation.cards import checksum

LISTED = ", ".join(manias.model_names())
KEPT = archive.cards_folder()


@pytest.fixture
def cards(tmp_path):
    """A copy of the kept cards that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(str(KEPT), folder)
    return folder


def change(folder, name, edit, *, sealed=True):
    """Edit a card, and seal it again as one who knows how would."""
    path = folder / f"{name}.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    edit(card)
    if sealed:
        card["checksum"] = checksum(card)
    path.write_text(json.dumps(card), encoding="utf-8")


def braces_balance(text):
    depth = 0
    for i, sign in enumerate(text):
        if sign in "{}" and text[i - 1] != "\\":
            depth += 1 if sign == "{" else -1
            assert depth >= 0
    return depth == 0


def test_list_as_json_has_what_a_reader_needs(manias_command):
    done = manias_command("models", "list", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert [m["name"] for m in found] == list(manias.model_names())
    for model in found:
        assert {"id", "lens", "n", "events", "gain", "permutation_p", "fingerprint"} <= set(
            model
        )
        assert model["id"] == f"manias-{model['name']}-{model['fingerprint'][:12]}"
        assert 0 <= model["events"] <= model["n"]
        assert model["data"] and all(len(digest) >= 12 for digest in model["data"].values())
        if model["gain"] is not None:
            low, high = model["gain_interval"]
            assert low <= model["gain"] <= high and isinstance(model["skill"], bool)


def test_list_for_people_names_every_model(manias_command):
    done = manias_command("models", "list")
    assert done.returncode == 0
    assert all(name in done.stdout for name in manias.model_names())
    assert "log loss of the base rate" in done.stdout


@pytest.mark.parametrize("name", manias.model_names())
def test_show_as_json_is_the_card(manias_command, name):
    done = manias_command("models", "show", name, "--json")
    card = json.loads(done.stdout)
    assert done.returncode == 0 and card["name"] == name
    kept = json.loads(KEPT.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    kept.pop("versions")
    assert card == kept


@pytest.mark.parametrize("name", ["ladder", "runup-classic", "payback-ai"])
def test_show_as_text_markdown_and_latex(manias_command, name):
    fitted = manias.load_model(name)
    text = manias_command("models", "show", name).stdout
    assert fitted.model_id in text
    by_id = manias_command("models", "show", fitted.model_id).stdout
    assert by_id == text
    page = manias_command("models", "show", name, "--format", "markdown").stdout
    for heading in (
        "Intended use",
        "Data",
        "Parameters",
        "Score against the base rate",
        "Limits",
    ):
        assert f"## {heading}\n" in page
    assert page == KEPT.joinpath(f"{name}.md").read_text(encoding="utf-8")
    assert registry.fitters()[name].use in page
    tex = manias_command("models", "show", name, "--format", "latex").stdout
    assert tex.startswith(f"% {fitted.model_id}\n\\begin{{tabular}}") and braces_balance(tex)
    body = tex.split("\\midrule\n")[1].split("\\bottomrule")[0].strip().splitlines()
    assert len(body) == len(fitted.tidy())
    columns = len(fitted.tidy().columns)
    assert all(len(re.findall(r"(?<!\\)&", row)) == columns - 1 for row in body)


def test_verify_agrees(manias_command):
    done = manias_command("verify", "payback-ai", "--json")
    (found,) = json.loads(done.stdout)
    assert done.returncode == 0 and found["agrees"]
    assert found["id"] == found["refitted"] and found["largest_difference"] <= 1e-6


def test_verify_finds_a_number_that_was_changed(manias_command, cards):
    change(cards, "payback-ai", lambda card: card.update(required=card["required"] * 1.00001))
    done = manias_command("verify", "payback-ai", "--folder", cards)
    assert done.returncode == 1
    assert "NO" in done.stdout and "required" in done.stdout
    same = manias_command("verify", "payback-us-telecom", "--folder", cards)
    assert same.returncode == 0


def test_verify_finds_an_id_that_was_changed(manias_command, cards):
    change(cards, "payback-ai", lambda card: card.update(id="manias-payback-ai-000000000000"))
    done = manias_command("verify", "payback-ai", "--folder", cards, "--json")
    (found,) = json.loads(done.stdout)
    assert done.returncode == 1 and not found["agrees"]
    assert found["id"] != found["refitted"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["models", "show", "nothing"], f"'nothing': expected one of {LISTED}"),
        (["models", "show", "ladder", "--format", "pdf"], "'pdf' is not one of"),
        (["models", "fit", "nothing"], f"'nothing': expected one of {LISTED}"),
        (["verify", "nothing"], f"'nothing': expected one of {LISTED}"),
        (["verify"], "expected the name of a model, or --all"),
        (["verify", "ladder", "--all"], "expected the name of a model, or --all"),
        (["verify", "ladder", "--folder", "absent"], "--folder absent: no such folder"),
        (["verify", "ladder", "--folder", "."], "expected one of none kept yet"),
        (["cite", "nothing"], f"'nothing': expected one of manias, {LISTED}"),
        (["cite", "dataset:nothing"], "dataset 'nothing': expected one of ai_capex"),
        (["cite", "manias", "--style", "ris"], "'ris' is not one of"),
    ],
)
def test_bad_input_is_one_line_and_2(manias_command, arguments, words):
    done = manias_command(*arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.strip().splitlines()[-1].startswith("manias: ")
    assert words in done.stderr and "Traceback" not in done.stderr


CITABLE = ["runup-classic", "payback-ai", "dataset:innovations", "manias"]


def sources_behind(key):
    if key == "manias":
        return []
    if key.startswith("dataset:"):
        return [s.id for s in manias.load(key.removeprefix("dataset:")).sources]
    return manias.load_model(key).to_card()["sources"]


@pytest.mark.parametrize("key", CITABLE)
def test_cite_as_bibtex(manias_command, key):
    alone = manias_command("cite", key).stdout
    done = manias_command("cite", key, "--sources")
    assert done.returncode == 0 and braces_balance(done.stdout)
    assert len(re.findall("^@", alone, re.M)) == 1 and done.stdout.startswith(alone)
    assert "  year = {2026}" in alone and "  month = nov\n" in alone
    assert "  author = {{The manias authors}}," in alone
    entries = re.findall(r"^@(\w+)\{([^,\s]+),$", done.stdout, re.M)
    keys = [key for _, key in entries]
    assert len(keys) == len(set(keys)) == 1 + len(sources_behind(key))
    # Two sources whose ids differ only in case are one to BibTeX.
    named = [cited.removesuffix("-2") for cited in keys[1:]]
    assert named == sources_behind(key) and {kind for kind, _ in entries} == {"misc"}
    for entry in done.stdout.split("\n@"):
        assert re.search(r"^  title = \{\{.+\}\},?$", entry, re.M)
        assert re.search(r"^  (author|key) = \{.+\},?$", entry, re.M)
        assert entry.rstrip().endswith("}") and braces_balance(entry)


@pytest.mark.parametrize("key", CITABLE)
def test_cite_as_csl(manias_command, key):
    (alone,) = json.loads(manias_command("cite", key, "--style", "csl").stdout)
    done = manias_command("cite", key, "--style", "csl", "--sources")
    entries = json.loads(done.stdout)
    assert done.returncode == 0 and entries[0] == alone
    assert [e["id"] for e in entries[1:]] == sources_behind(key)
    assert entries[0]["type"] == ("dataset" if key.startswith("dataset") else "software")
    for entry in entries:
        assert entry["title"]
        for author in entry.get("author", []):
            assert set(author) in ({"literal"}, {"family", "given"})
        if "issued" in entry:
            assert all(isinstance(part, int) for part in entry["issued"]["date-parts"][0])
    assert manias_command("cite", key, "--json", "--sources").stdout == done.stdout


def test_cite_as_apa(manias_command):
    done = manias_command("cite", "dataset:us_industries", "--style", "apa")
    dataset = manias.load("us_industries")
    assert done.stdout == (
        f"The manias authors. (2026). {dataset.title} (table us_industries of manias) "
        f"(Version {dataset.version}) [Data set]. SHA-256 {dataset.fingerprint[:16]}. Licence "
        f"of the compilation: {dataset.licence}.\n"
    )
    done = manias_command("cite", "dataset:us_industries", "--style", "apa", "--sources")
    assert len(done.stdout.split("\n\n")) == 1 + len(dataset.sources)
    year = next(s.year for s in dataset.sources if s.author == "Kenneth R. French")
    assert f"\n\nFrench, K. R. ({year}). " in done.stdout


def test_everything_that_is_listed_can_be_cited():
    for key in ("manias", *manias.model_names(), *(f"dataset:{n}" for n in manias.names())):
        assert manias.cite(key).count("@misc{") == 1
        text = manias.cite(key, sources=True)
        assert braces_balance(text), key
        n = 1 + len(sources_behind(key))
        assert text.count("\n@") + 1 == n, key
        assert len(json.loads(manias.cite(key, "csl", sources=True))) == n, key
        assert len(manias.cite(key, "apa", sources=True).split("\n\n")) == n, key


def test_bibtex_reads_what_is_cited():
    database = pytest.importorskip("pybtex.database")
    plain = pytest.importorskip("pybtex.plugin").find_plugin("pybtex.style.formatting", "plain")
    for key in CITABLE:
        (entry,) = database.parse_string(manias.cite(key), "bibtex").entries.values()
        assert entry.fields["year"] == "2026" and entry.fields["month"] == "November"
        assert [p.last_names for p in entry.persons["author"]] == [["{The manias authors}"]]
        (said,) = plain().format_entries([entry])
        assert "2026" in said.text.render_as("text")


def test_a_model_predicts_without_refitting(monkeypatch):
    import manias.evaluation._firth
    import manias.evaluation.logit

    monkeypatch.setattr(manias.evaluation.logit, "fit_firth", None)
    monkeypatch.setattr(manias.evaluation._firth, "fit_firth", None)
    fitted = manias.load_model("runup-classic")
    frame = pd.DataFrame({term: [0.0, 1.0] for term in fitted.terms})
    p = fitted.predict_proba(frame)
    by_hand = 1 / (1 + np.exp(-fitted.params["intercept"] - frame @ fitted.params[1:]))
    assert p == pytest.approx(by_hand.to_numpy())
    frame.loc[1, fitted.terms[0]] = np.nan
    assert np.isfinite(fitted.predict_proba(frame)).tolist() == [True, False]
    with pytest.raises(InputError, match=r"column 'cape' is missing; expected runup"):
        fitted.predict_proba(frame.drop(columns="cape"))


def test_every_kept_model_comes_back_by_name_and_by_id():
    for fitted in manias.list_models():
        assert manias.load_model(fitted.model_id).to_card() == fitted.to_card()


def test_a_card_of_an_unknown_kind_is_refused(cards):
    change(cards, "payback-ai", lambda card: card.update(kind="oracle"))
    with pytest.raises(DataError, match="kind 'oracle': expected one of spending"):
        manias.load_model("payback-ai", cards)
    change(cards, "payback-ai", lambda card: card.pop("kind"))
    with pytest.raises(DataError, match=r"payback-ai\.json: missing 'kind'; expected a kind"):
        manias.load_model("payback-ai", cards)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda c: c.update(case="x"), "case 'x'; expected one of"),
        (lambda c: c["assumptions"][0].update(high=None), "high=nan: expected a finite number"),
        (lambda c: c["assumptions"][0].update(high={}), r"\[0\]: high: an object; expected a"),
        (lambda c: c["assumptions"][0].update(note=7), r"\[0\]: note: 7; expected a text"),
        (lambda c: c["path"].update(index=0), "path: index 0; expected labels, or the name"),
        (lambda c: c["path"].update(index="x"), "path: index 'x'; expected one of the columns"),
        (lambda c: c["path"]["columns"].append("x"), "path: a row of another length"),
        (lambda c: c["path"]["values"][0].__setitem__(0, {}), "path: an object in a cell"),
        (lambda c: c["sensitivities"]["columns"].__setitem__(0, None), "label None; expected"),
        (lambda c: c.update(n=True), "n: true; expected a whole number, 0 or more"),
        (lambda c: c["data"].update(ai_capex="x"), "data.ai_capex: 'x'; expected 64 hex"),
        (
            lambda c: c["rows"][0].update(labels="0-x"),
            "labels: '0-x'; expected numbers of rows",
        ),
        (lambda c: c.update(name="ladder"), "name: 'ladder'; expected that of the file"),
    ],
)
def test_a_card_of_parts_that_do_not_fit_is_named(cards, edit, words):
    change(cards, "payback-uk-railways", edit)
    with pytest.raises(DataError, match=rf"payback-uk-railways\.json: .*{words}"):
        manias.load_model("payback-uk-railways", cards)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("runup-classic", "covariance"),
        ("ladder", "base"),
        ("payback-ai", "path"),
        ("payback-ai", "required"),
        ("landmark", "rows"),
    ],
)
def test_a_card_without_a_field_is_refused(cards, name, field):
    change(cards, name, lambda card: card.pop(field))
    with pytest.raises(DataError, match=rf"model card (manias-)?{name}.*{field}"):
        manias.load_model(name, cards)


def test_a_card_that_is_no_json_is_named(cards):
    (cards / "ladder.json").write_text("{")
    for load in (lambda: manias.load_model("ladder", cards), lambda: manias.list_models(cards)):
        with pytest.raises(DataError, match=r"ladder\.json: .*expected JSON"):
            load()


def test_loading_executes_nothing(cards, tmp_path, monkeypatch):
    bait = f"__import__('pathlib').Path({str(tmp_path / 'bitten')!r}).touch()"

    def poison(card):
        card.update(title=bait, unit=bait, as_of=bait)
        card["__reduce__"] = ["os.system", "true"]
        card["py/object"] = "os.system"

    # Schemas, which are ours and not the card's, are compiled at the first card.
    manias.load_model("payback-ai", cards)
    change(cards, "payback-ai", poison)
    # The validator makes its program from our schema alone, before it sees a card.
    manias.load_model("payback-ai", cards)
    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(f"builtins.{name}", refuse)
    try:
        manias.load_model("payback-ai", cards)
    except DataError as error:
        assert "payback-ai" in str(error)
    finally:
        monkeypatch.undo()
    assert not (tmp_path / "bitten").exists()
    # A card chooses among the kinds that are listed; it cannot name a module to import.
    change(cards, "payback-ai", lambda card: card.update(kind="os:system"))
    before = set(sys.modules)
    with pytest.raises(DataError, match="kind: 'os:system'; expected a kind of card"):
        manias.load_model("payback-ai", cards)
    assert set(sys.modules) == before


def refuse(*arguments, **options):
    raise AssertionError("a card was executed")


def test_help_shows_an_example_and_json(manias_command):
    for verb in ("models list", "models show", "models fit", "verify", "cite"):
        done = manias_command(*verb.split(), "--help")
        assert done.returncode == 0 and "--json" in done.stdout
        assert f"Example: manias {verb}" in done.stdout


PAYBACK = ("payback-ai", "ai_capex")


def older(table):
    """Say that a card was fitted to another edition of a table."""
    return lambda card: card["data"].update({table: "0123456789abcdef" * 4})


def test_a_card_of_another_table_stops_whoever_asks_it(cards, manias_command):
    name, table = PAYBACK
    change(cards, name, older(table))
    now = LIBRARY.fingerprint(table)[:8]
    line = (
        f"model {name} was fitted to {table} 01234567; the table is {now}; run: manias models "
        f"fit {name}"
    )
    with pytest.raises(StaleError, match=re.escape(line)):
        manias.load_model(name, cards)
    assert archive.stale_models(cards) == {name: line.split("; run")[0]}
    for asked in (
        ("models", "show", name),
        ("models", "list"),
        ("classify", "ai"),
        ("cite", name),
    ):
        with Library(replace(LIBRARY.edition, reports=cards.parent)).open():
            done = manias_command(*asked)
        assert (done.returncode, done.stdout) == (1, ""), asked
        assert done.stderr.replace("manias: working ...\n", "") == f"manias: {line}\n", asked


def test_forecasts_are_not_frozen_from_a_stale_card(cards, manias_command):
    change(cards, "runup-prices", older("shiller"))
    with Library(replace(LIBRARY.edition, reports=cards.parent)).open():
        done = manias_command(
            "forecast", "freeze", "--made", "2026-11-24", "--output", "frozen.json"
        )
    assert done.returncode == 1 and "fitted to shiller 01234567" in done.stderr


def test_several_stale_cards_are_counted(cards):
    for name in ("landmark", "payback-ai", "precedents"):
        change(cards, name, older("trajectories" if name != "payback-ai" else "ai_capex"))
    with pytest.raises(
        StaleError, match=r"model landmark .*; so are 2 more; run: manias models fit --stale$"
    ):
        manias.list_models(cards)
    assert list(archive.stale_models(cards)) == ["landmark", "precedents", "payback-ai"]


def test_only_stale_models_are_fitted_again(cards, manias_command):
    change(cards, "payback-ai", older("ai_capex"))
    (cards / "payback-us-telecom.json").unlink()
    done = manias_command("models", "fit", "--stale", "--output", cards, "--json")
    assert done.returncode == 0
    assert [m["name"] for m in json.loads(done.stdout)] == ["payback-ai", "payback-us-telecom"]
    assert archive.stale_models(cards) == {}
    assert (
        "no model is stale"
        in manias_command("models", "fit", "--stale", "--output", cards).stdout
    )
    other = manias_command("models", "fit", "ladder", "--stale", "--output", cards)
    assert other.returncode == 0 and "no model is stale" in other.stdout


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            lambda card: card["settings"].update(cover_by=2031),
            "fitted with cover_by 2031; the code has 2030",
        ),
        (
            lambda card: card["settings"].update(revision=0),
            "fitted with revision 0; the code has 1",
        ),
        (
            lambda card: card["data"].update(tulips="0" * 64),
            "fitted to tulips, which is no table here",
        ),
        (lambda card: card.pop("until"), "no until; expected all fields"),
    ],
)
def test_a_card_of_other_code_is_stale(cards, edit, words):
    change(cards, "payback-ai", edit)
    with pytest.raises(StaleError, match=rf"{words}; run: manias models fit payback-ai"):
        manias.load_model("payback-ai", cards)


def test_a_number_that_was_changed_does_not_agree_with_the_checksum(cards):
    change(cards, "payback-ai", lambda card: card.update(ratio=9.9), sealed=False)
    with pytest.raises(
        StaleError,
        match="model card payback-ai: its numbers do not agree with its checksum; run: manias "
        "models fit payback-ai",
    ):
        manias.load_model("payback-ai", cards)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_named(cards, manias_command, number):
    path = cards / "payback-ai.json"
    text = re.sub(r'"required": [0-9.]+', f'"required": {number}', path.read_text())
    path.write_text(text)
    with pytest.raises(DataError, match=rf"payback-ai\.json: number {number}; expected finite"):
        manias.load_model("payback-ai", cards)
    done = manias_command("verify", "payback-ai", "--folder", cards)
    assert done.returncode != 0 and f"number {number}" in done.stderr


@pytest.mark.parametrize("value", [None, "inf"])
def test_a_number_that_is_missing_agrees_only_with_the_same_missing(cards, value):
    change(cards, "payback-ai", lambda card: card.update(ratio=value))
    found = archive.verify_model("payback-ai", cards)
    assert not found.agrees and found.where == "ratio" and found.largest == float("inf")
    kept = json.loads((cards / "payback-uk-railways.json").read_text())
    assert None in kept["path"]["values"][0]
    assert archive.verify_model("payback-uk-railways", cards).agrees


def test_a_card_that_saw_later_is_refused_in_a_library_with_a_day():
    last = manias.load_panel().last
    until = str(last.end_time.date())
    said = f"model ladder was fitted on data to {until}; expected nothing later"
    with known_on("1999-12"), pytest.raises(DataError, match=said):
        manias.load_model("ladder")
    with known_on(last):
        assert manias.load_model("ladder").provenance.until == until


@pytest.mark.parametrize("name", manias.model_names())
def test_cards_go_round_and_name_the_rows_that_were_read(name):
    fitted = manias.load_model(name)
    card = fitted.to_card()
    assert type(fitted).from_card(json.loads(json.dumps(card))).to_card() == card
    rows = {(r.dataset, r.table): r for r in fitted.provenance.rows()}
    for pick in card["rows"]:
        read = rows[pick["dataset"], pick["table"]]
        assert (len(read.frame), read.total) == (pick["n"], pick["total"])
    assert {pick["dataset"] for pick in card["rows"]} == set(card["data"])
    assert set(card["sources"]) >= {key for r in rows.values() for key in r.sources}


def test_the_tournament_is_read_in_eighty_columns(manias_command):
    done = manias_command("forecast", "tournament")
    assert done.returncode == 0 and max(map(len, done.stdout.splitlines())) <= 80
    for head in ("Decided; data to", "Due, and not on record yet", "Open;", "Who has answered"):
        assert head in done.stdout
    one = manias_command("forecast", "tournament", "--quarter", "2026Q4")
    assert "soxx-40-2026Q4" in one.stdout and "alphabet" not in one.stdout
    lost = manias_command("forecast", "tournament", "--quarter", "2031Q1")
    assert lost.returncode == 2 and "expected one of 2026Q4" in lost.stderr


def test_questions_are_frozen_once_and_whole(manias_command, tmp_path):
    (tmp_path / "q.json").write_text("kept")
    freeze = ("forecast", "freeze", "--quarter", "2026Q4", "--output", "q.json")
    done = manias_command(*freeze, "--made", "2026-11-29")
    assert done.returncode == 2 and "never replaced" in done.stderr
    done = manias_command(*freeze, "--made", "2026-11-29", "--model", "ladder")
    assert done.returncode == 2 and "without --model" in done.stderr
    assert (tmp_path / "q.json").read_text() == "kept"
