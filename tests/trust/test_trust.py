"""The list of promises, and TRUST.md as written from what the trials found."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "research"))

from trust import run  # noqa: E402


def test_names_are_their_own():
    names = [promise.name for promise in run.every_promise()]
    assert len(set(names)) == len(names)


def test_page_is_written_from_results():
    promises = run.every_promise()
    results = json.loads(run.RESULTS.read_text("utf-8")) if run.RESULTS.exists() else {}
    written = run.TRUST.read_text("utf-8") if run.TRUST.exists() else run.rendered(promises, {})
    assert written == run.rendered(promises, results)


def test_no_line_that_does_not_hold():
    results = json.loads(run.RESULTS.read_text("utf-8")) if run.RESULTS.exists() else {}
    assert [name for name, found in results.items() if found["figure"].startswith("**")] == []


def test_unknown_name_is_refused():
    tried = subprocess.run(
        [sys.executable, "research/trust/run.py", "no-such"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 2
    assert tried.stderr.startswith("manias: no-such: no promise; expected one of")


def test_each_error_by_hand_still_has_its_place():
    from trust import mutants

    names = [mutant.name for mutant in mutants.by_hand()]
    assert len(names) == len(set(names)) > 20
