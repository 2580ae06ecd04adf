"""Samples with dependence have what is asked of them, and intervals cover in them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from manias.data.library import load
from scipy.stats import norm

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "research"))

from trust.promises import coverage  # noqa: E402


@pytest.mark.parametrize(("alike", "p"), [(0.4, 0.25), (0.1, 0.5), (0.3, 0.05)])
def test_events_are_as_alike_as_asked(alike, p):
    rng = np.random.default_rng(0)
    r = coverage.tetrachoric(alike, p)
    one = np.sqrt(r) * rng.normal(size=400_000)
    both = [one + np.sqrt(1 - r) * rng.normal(size=len(one)) < norm.ppf(p) for _ in range(2)]
    assert np.mean(both[0]) == pytest.approx(p, abs=0.003)
    assert np.corrcoef(*both)[0, 1] == pytest.approx(alike, abs=0.01)


def test_windows_that_overlap_share_what_they_overlap_in():
    z = coverage.moving(np.random.default_rng(1), (20_000, 12), 5)
    assert z.std() == pytest.approx(1, abs=0.01)
    for apart, wanted in ((1, 0.8), (4, 0.2), (5, 0.0)):
        found = np.corrcoef(z[:, 0], z[:, apart])[0, 1]
        assert found == pytest.approx(wanted, abs=0.02)


def test_what_clusters_have_in_common_is_found_again():
    rng = np.random.default_rng(2)
    wave = np.arange(6000) // 30
    p = np.full(6000, 0.3)
    z = np.sqrt(0.4) * rng.normal(size=200)[wave] + np.sqrt(0.6) * rng.normal(size=6000)
    fell = (z < norm.ppf(p)).astype(float)
    assert coverage.common(p, fell, wave, rng) == pytest.approx(0.4, abs=0.08)
    assert coverage.common(p, (rng.random(6000) < p) * 1.0, wave, rng) < 0.03
    alike = coverage.tetrachoric(coverage.in_common(fell, wave), 0.3)
    assert alike == pytest.approx(0.4, abs=0.08)


def test_short_is_beyond_slack_and_error():
    kept = ("gain", "x", 0.95, 8)
    assert coverage.covered(*kept, [True] * 90 + [False] * 10).is_short is False
    assert coverage.covered(*kept, [True] * 9000 + [False] * 1000).is_short is True
    assert coverage.covered(*kept, [True] * 9350 + [False] * 650).is_short is False


def test_ladders_and_ranks_cover_as_the_table_says():
    found = [*coverage.measure_prices(150), *coverage.measure_place(150)]
    assert len(found) == 13
    told = coverage.compare(found)
    assert told.holds, told.figure


def test_a_table_that_says_otherwise_is_noticed():
    found = list(coverage.measure_place(100))
    worse = [coverage.replace(one, coverage=0.6) for one in found]
    assert coverage.compare(worse).holds is False


def test_every_interval_of_the_report_has_a_row():
    frame = load("coverage").frame
    assert set(frame["part"]) == set(coverage.FULL)
    short = frame["coverage"] < frame["nominal"] - coverage.SLACK - 2 * frame["error"]
    assert (short == (frame["labelled"] == 1)).all()
    main = frame[frame["kind"].isin(["price ladder", "spending ladder", "mean rank"])]
    assert (main["coverage"] > main["before"]).all()


def test_the_sentences_are_made_of_the_table():
    # In a process of its own: what is made is known to the whole report.
    code = (
        "from manias.report import coverage as c\n"
        "from manias.language.editions import read_language\n"
        "for make in (c.intervals_of_shares, c.intervals_of_gains, c.intervals_too_narrow):\n"
        "    said = make()\n"
        "    print(str(said.content))\n"
        "print(len(c.interval_coverage().content.rows))\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    frame = load("coverage").frame
    prices = frame.loc[frame["kind"] == "price ladder", "coverage"]
    assert f"hold the truth in {prices.min():.0%} to {prices.max():.0%}" in made[0]
    assert int(made[-1]) == len(frame.groupby(["kind", "nominal"]))
