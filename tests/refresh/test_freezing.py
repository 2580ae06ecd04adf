"""A frozen edition keeps its tables, cards and report, and says what made them."""

import json

import pytest
from manias.data import editions
from manias.data.editions import changed_files, edition_in_use, read_edition
from manias.data.fingerprint import sha256
from manias.data.library import Library, load
from manias.errors import InputError
from manias.refresh import freezing
from manias.refresh.freezing import freeze_edition, lock_digest, revision
from manias.report import build as building
from manias.report.stamp import code_digest


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(editions.PLACE, str(tmp_path / "editions"))
    monkeypatch.delenv(editions.CHOICE, raising=False)
    return tmp_path / "editions"


@pytest.fixture
def quick(monkeypatch):
    """A report of one number in the place of the whole, from the library that is open."""

    def build(output, language, *, progress):
        text = f"{language} {load('us_macro').fingerprint}"
        output.write_bytes(text.encode())
        output.with_suffix(".lineage.json").write_text("[]")
        return output

    monkeypatch.setattr(freezing, "build", build)


def test_what_it_keeps_and_what_made_it(home, quick):
    made = freeze_edition("2026-11", languages=("en", "zh"))
    assert made.how == "frozen" and made.base == "shipped"
    assert made.note["code"] == code_digest() and made.note["lock"] == lock_digest()
    assert made.revision == revision()
    assert {"numpy", "pandas", "typst"} <= set(made.note["libraries"])
    for language, pdf in made.note["pdf"].items():
        content = (home / "2026-11" / pdf["file"]).read_bytes()
        assert sha256(content) == pdf["sha256"] and content.decode().startswith(language)
    with Library(made).open():
        assert load("verdicts").fingerprint == Library().load("verdicts").fingerprint
    assert changed_files(made) == ()
    assert edition_in_use().name == "shipped"


def test_a_file_that_changed_is_named(home, quick):
    made = freeze_edition("2026-11")
    card = home / "2026-11" / "reports" / "models" / "ladder.json"
    card.write_text(card.read_text() + " ")
    assert changed_files(made) == ("reports/models/ladder.json",)
    card.unlink()
    assert changed_files(made) == ("reports/models/ladder.json",)


def test_a_name_is_given_once(home, quick):
    freeze_edition("2026-11")
    with pytest.raises(InputError, match="edition '2026-11': expected a name that is not"):
        freeze_edition("2026-11")
    for name in ("shipped", "in-use", ".x", "a/b", "", "x" * 65):
        with pytest.raises(InputError, match="edition "):
            freeze_edition(name)
    assert [p.name for p in home.iterdir()] == ["2026-11"]


def test_a_report_that_fails_leaves_nothing(home, monkeypatch):
    def build(*_, **__):
        raise InputError("no such language")

    monkeypatch.setattr(freezing, "build", build)
    with pytest.raises(InputError, match="no such language"):
        freeze_edition("2026-11", languages=("xx",))
    assert not list(home.iterdir())


def test_later_code_says_so_and_the_same_code_does_not(home, quick, monkeypatch):
    made = freeze_edition("2026-11")
    with Library(made).open():
        assert building.edition_notice() == ""
    monkeypatch.setattr(building, "code_digest", lambda: "other")
    with Library(made).open():
        said = building.edition_notice()
    assert "edition 2026-11, frozen on" in said and made.revision[:12] in said
    assert building.edition_notice() == ""


def test_cards_of_a_frozen_edition_are_read_by_later_code(home, quick):
    from manias.answers.archive import list_models, load_model
    from manias.errors import StaleError
    from manias.evaluation.cards import checksum

    made = freeze_edition("2026-11")
    path = home / "2026-11" / "reports" / "models" / "ladder.json"
    card = json.loads(path.read_text())
    card["settings"]["horizon"] = 999
    card["checksum"] = checksum(card)
    path.write_text(json.dumps(card))
    with Library(made).open():
        assert load_model("ladder").model_id == card["id"]
    with pytest.raises(StaleError, match="ladder was fitted with"):
        load_model("ladder", path.parent)
    assert len(list_models()) > 1


def test_a_note_that_is_damaged_is_one_line(home):
    folder = home / "x"
    folder.mkdir(parents=True)
    for text in ("", "{", "[]", '{"made": 1}'):
        (folder / "edition.json").write_text(text)
        with pytest.raises(editions.DataError, match=r"x/edition\.json: .*; expected "):
            read_edition("x")
