"""Build-outs with AI over each: one level at the age of AI, outcomes of the lens."""

from dataclasses import replace

import numpy as np
import pytest
from manias.answers.archive import load_model
from manias.errors import DataError
from manias.lenses.beside import lay_beside
from manias.lenses.landmark import LandmarkResults, Placement
from manias.series.trajectories import trajectory


@pytest.fixture(scope="module")
def found():
    return lay_beside(load_model("landmark"))


def test_every_line_is_100_at_the_age_and_a_ratio_of_its_flow(found):
    assert found.ai[found.age] == 100 and found.ai.index[-1] == found.age
    for panel in found.panels:
        assert panel.levels[found.age] == pytest.approx(100)
        path = trajectory(panel.id)
        if path.frequency != "Y":
            continue
        onset = path.anchors["onset"]
        base = path.values[onset + found.age]
        for age, level in panel.levels.dropna().items():
            assert level == pytest.approx(100 * path.values[onset + age] / base)
        assert (panel.levels.dropna() > 0).all()
        assert panel.levels.index[-1] <= found.age + found.horizon


def test_a_dotcom_year_is_four_quarters(found):
    panel = next(p for p in found.panels if p.id == "us-it-dotcom")
    values = trajectory("us-it-dotcom").values
    third, fourth = values["1997Q4":"1998Q3"].mean(), values["1998Q4":"1999Q3"].mean()
    assert panel.levels[4] == pytest.approx(100 * fourth / third)


def test_the_finding_counts_what_the_lens_says(found):
    told = load_model("landmark").at(found.age)
    labels = np.array([p.label for p in found.panels])
    assert len(labels) == told["cases"] and (labels == 1).sum() == told["fell"]
    assert np.isfinite(labels).sum() == told["whole"]
    slower = [p for p in found.panels if not p.is_faster]
    assert f"faster than {len(slower)} of {len(labels)}" in found.finding
    fallen = replace(found, panels=tuple(replace(p, label=1.0) for p in found.panels))
    assert fallen.finding != found.finding


def test_what_cannot_be_placed_is_an_error(monkeypatch):
    nowhere = Placement("ai", "2026", 3, {}, reason="too short")
    monkeypatch.setattr(LandmarkResults, "place", lambda *_: nowhere)
    with pytest.raises(DataError, match="ai-capex-five: too short"):
        lay_beside(load_model("landmark"))
