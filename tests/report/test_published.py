"""What the report prints is what was kept of it: whatever moves a number says so."""

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def curation():
    return runpy.run_path(str(ROOT / "research" / "curation" / "published.py"))


def test_nothing_that_is_printed_has_moved(artefacts, curation):
    kept = curation["kept"]()
    moved = curation["moved"](kept["printed"], curation["told"](artefacts), kept["loose"])
    assert not moved, "\n".join(
        [
            f"{len(moved)} printed texts moved:",
            *moved,
            f"where that is meant, run: {curation['RENEW']}; CHANGELOG.md says old and new",
        ]
    )


def test_the_kept_file_names_what_the_report_names(artefacts, curation):
    kept = curation["kept"]()
    assert list(kept["printed"]) == sorted(f"{kind} {name}" for kind, name in artefacts)
    assert set(kept["loose"]) <= set(kept["printed"])
    assert curation["KEPT"].read_text("utf-8") == curation["text"](
        kept["printed"], kept["loose"]
    )


def test_a_move_is_told_with_old_and_new_and_its_sentence(curation):
    moved = curation["moved"]
    old = {"number ai-last-share": ["4.96%"], "sentence x": ["one", "two"]}
    assert moved(old, old, {}) == []
    (one,) = moved(old, old | {"number ai-last-share": ["4.97%"]}, {})
    assert "old: 4.96%" in one and "new: 4.97%" in one
    assert one.startswith("number ai-last-share (reports/") and '#number("ai-last' in one
    (gone,) = moved(old, {"sentence x": ["one", "two"]}, {})
    assert "old: 4.96%\n  new: nothing" in gone
    (more,) = moved(old, old | {"sentence x": ["one", "two", "three"]}, {})
    assert more == "sentence x (no prose names it)\n  old: nothing\n  new: three"
    (twice,) = moved(old, old | {"sentence x": ["one", "two", "two"]}, {})
    assert "old: 2 lines\n  new: 3 lines" in twice
    assert len(moved(old, old | {"sentence x": ["two", "one"]}, {})) == 2


@pytest.mark.parametrize(
    ("old", "new", "units", "is_near"),
    [
        ("4.96%", "4.96%", 0, True),
        ("4.96%", "4.97%", 0, False),
        ("4.96%", "4.97%", 1, True),
        ("4.96%", "4.98%", 1, False),
        ("1,391 of 46", "1,390 of 46", 1, True),
        ("1,391 of 46", "1,390 of 48", 1, False),
        # Another sign, another number of digits or another word is no small move.
        ("\u22120.01", "0.01", 5, False),
        ("0.5", "0.50", 5, False),
        ("above 3", "below 3", 5, False),
    ],
)
def test_a_loose_number_may_move_by_units_of_its_last_digit(curation, old, new, units, is_near):
    assert curation["is_near"](old, new, units) is is_near


def test_the_kept_file_is_plain_json(curation):
    told = json.loads(curation["KEPT"].read_text("utf-8"))
    assert set(told) == {"loose", "printed"}
    assert all(line for lines in told["printed"].values() for line in lines)
