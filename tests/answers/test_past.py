"""Past booms asked at the time: every lens answers or says why; the future moves nothing."""

import numpy as np
import pandas as pd
import pytest
from manias import load
from manias.answers.archive import load_model
from manias.answers.cases import Case
from manias.answers.past import CASES, backtest_lenses
from manias.answers.registry import lenses
from manias.data.library import known_on
from manias.lenses.crash_logit import PANEL, industry_risks, load_conditions
from manias.series.trajectories import trajectory
from manias.spending.ladder import SpendingModel
from manias.spending.place import ai_path, place


@pytest.fixture(scope="module")
def table():
    return backtest_lenses()


def test_every_case_date_and_lens_is_a_row_and_silence_has_a_reason(table):
    assert len(table) == sum(len(c.dates) for c in CASES) * len(lenses())
    assert (
        table.groupby(["case", "date"])["lens"]
        .agg(list)
        .map(lambda x: x == [lens.key for lens in lenses()])
        .all()
    )
    assert (table["value"].notna() | (table["failed"] != "")).all()
    assert (table["as_known"] | (table["failed"] != "")).all()


def test_cases_lead_to_what_is_on_record():
    innovations = set(load("innovations").frame["id"])
    for case in CASES:
        assert case.innovation in innovations
        assert not case.industry or case.industry in load_conditions().panel.returns
        assert not case.buildout or trajectory(case.buildout).id == case.buildout


def test_each_lens_says_what_it_says_by_itself(table):
    rows = table.set_index(["case", "date", "lens"])
    past = load_conditions().as_of("1999-12")
    fit = PANEL.fit(past, scored=False)
    risk = industry_risks(fit, past, {"Softw": "Softw"})[0]
    assert rows.loc[("dotcom", "1999-12", "run-up"), "value"] == pytest.approx(risk.p)
    for lens in ("build-out", "precedent"):
        assert np.isnan(rows.loc[("dotcom", "1999-12", lens), "value"])
    assert (
        "too few cases for a percentage"
        in rows.loc[("dotcom", "1999-12", "precedent"), "failed"]
    )
    with known_on("1999-12"):
        counted = SpendingModel(n_shuffles=0, n_orders=0).fit()
        stood = place(ai_path("equipment-and-software"), counted)
    spent = rows.loc[("dotcom", "1999-12", "spending"), "value"]
    assert spent == stood.outcome("dollars_fall_30").frequency


def test_the_first_lens_predicts_an_innovation_from_the_others(table):
    fit = load_model("innovation-logit")
    rows = table[(table["lens"] == "innovation") & table["value"].notna()]
    assert not rows["as_known"].any()
    others = fit.cases.drop(index="transistor")["label"]
    said = rows[rows["case"] == "electronics"]["base"].item()
    assert said == pytest.approx(others.mean())


def test_a_year_without_revenue_and_a_case_without_records_say_so():
    made_up = Case("none", "Nothing", ("1700", "1999-12"), payback="us-telecom")
    found = backtest_lenses([made_up]).set_index(["date", "lens"])
    assert found.loc[("1700", "payback"), "failed"] == "no revenue of that year on record"
    assert found.loc[("1999-12", "payback"), "value"] > 0
    assert not found.loc[("1999-12", "payback"), "as_known"]
    assert found.loc[("1700", "innovation"), "failed"].startswith("not on the list")
    assert np.isnan(found["value"].drop(("1999-12", "payback"))).all()


def test_the_future_moves_nothing(without_the_future):
    case = Case("dotcom", "dotcom", ("1998-12",), industry="Softw", buildout="us-it-dotcom")
    before = backtest_lenses([case]).drop(columns="followed")
    with without_the_future("1998-12").open():
        after = backtest_lenses([case]).drop(columns="followed")
    pd.testing.assert_frame_equal(before, after)
    with without_the_future("1997-12").open():
        other = backtest_lenses([case])
    assert not before["value"].equals(other["value"])
