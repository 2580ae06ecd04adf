"""Lens 2 from prices alone: the same features as an industry's, nothing later, own markets."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import load_model
from manias.answers.classify import ask_indices, ask_own
from manias.data.reader import Series, read_series
from manias.errors import DataError, InputError
from manias.lenses.crash_logit import FROM_PRICES, crashes
from manias.lenses.features import load_conditions, measure_features
from manias.lenses.price_logit import (
    answer_index,
    backtest,
    fit_as_of,
    held_apart,
    index_conditions,
)
from manias.series.indices import Index, ai_indices, crossings, fell, own_index
from manias.series.runups import RunUpRule, load_panel


@pytest.fixture(scope="module")
def panel():
    return load_panel()


def as_index(panel, industry, first=None, last=None):
    """An industry turned into an index and the market into another."""
    returns, market = panel.returns[industry][first:last], panel.market[first:last]
    span = pd.period_range(returns.index[0] - 1, returns.index[-1])
    levels = [pd.Series(100 * np.r_[1.0, np.cumprod(1 + r)], span) for r in (returns, market)]
    return Index(industry, industry, *levels, "rule", "A")


def test_an_index_that_copies_an_industry_has_its_features_and_its_answer(panel):
    copy = as_index(panel, "Softw", "1990-01", "1999-12")
    terms = FROM_PRICES.terms
    ours = measure_features(index_conditions(copy), terms).loc["1999-12"].iloc[-1]
    theirs = measure_features(load_conditions(), terms).loc[("1999-12", "Softw")]
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=1e-9)
    fit = fit_as_of("1999-12")
    assert answer_index(fit, copy).value == pytest.approx(
        fit.predict(theirs.to_frame().T)["p"].item()
    )


def test_the_outcome_of_an_index_is_that_of_the_industry(panel):
    copy = as_index(panel, "Chips", "1960-01")
    truth = crashes(load_conditions(), RunUpRule()).xs("Chips", level="industry")["1961-06":]
    assert {m: fell(copy, m) for m in truth.index} == truth.to_dict()
    assert np.isnan(fell(copy, copy.last))


def test_the_future_of_an_index_moves_nothing(panel):
    whole = as_index(panel, "Softw", "1990-01", "2003-12")
    later = whole.levels.index > pd.Period("1999-12", "M")
    other = replace(
        whole, levels=whole.levels.where(~later, 7.0), market=whole.market.where(~later, 3.0)
    )
    looks = {"Softw": ["1998-12", "1999-12"]}
    a, b = (backtest({"Softw": i}, looks).drop(columns="fell") for i in (whole, other))
    pd.testing.assert_frame_equal(a, b)
    early = [m for m in crossings(whole, RunUpRule(threshold=0.5)) if m.year < 2000]
    assert (
        early and [m for m in crossings(other, RunUpRule(threshold=0.5))][: len(early)] == early
    )


def test_a_fit_as_of_a_date_is_the_fit_to_what_was_over():
    past = load_conditions().as_of("1980-06")
    table = FROM_PRICES.table(past)
    assert table.index.get_level_values("month").max() <= pd.Period("1978-06", "M")
    assert fit_as_of("1980-06").n == len(table.dropna())


def test_crossings_count_again_only_after_the_horizon():
    months = pd.period_range("1990-01", periods=90, freq="M")
    up = Index(
        "up",
        "up",
        pd.Series(1.04 ** np.arange(90), months),
        pd.Series(1.0, months),
        "rule",
        "A",
    )
    found = crossings(up)
    assert found == [months[24], months[48], months[72]]
    beaten = replace(up, market=up.levels)
    assert crossings(beaten) == []


def test_the_ai_indices_are_those_that_could_be_chosen_and_end_as_the_data_do():
    found = ai_indices()
    assert {"technology", "smh", "nasdaq-composite"} <= set(found)
    assert not {"NVDA", "market", "sp500"} & set(found)
    for index in found.values():
        assert (index.levels > 0).all() and index.levels.index.equals(index.market.index)
    said = ask_indices()
    assert set(said) == set(found)
    last = load_panel().last
    asked = {key: a for key, a in said.items() if found[key].last >= last}
    assert {a.model_id for a in asked.values()} == {load_model("runup-prices").model_id}
    assert all(a.low < a.value < a.high for a in asked.values())
    # Of those that end earlier today's model knows what came after.
    for key in said.keys() - asked.keys():
        assert "before the industries do" in said[key].reason and np.isnan(said[key].value)


def test_before_the_indices_there_is_none_to_ask():
    assert ask_indices(as_of="1999-12") == {}
    past = ask_indices(as_of="2023-06")["smh"]
    assert past.as_of == "2023-06" and past.model_id == fit_as_of("2023-06").model_id


def test_a_fit_that_saw_more_than_the_date_allows_is_refused():
    # It gave an answer until now, from a model that had seen the two years after.
    with pytest.raises(InputError, match="was fitted on data to 2026-07-31; expected a fit on"):
        answer_index(load_model("runup-prices"), ai_indices()["smh"], as_of="2024-12")


def test_too_short_an_index_says_what_is_missing(panel):
    short = as_index(panel, "Softw", "1999-01", "1999-12")
    with pytest.raises(DataError, match="no runup and no net_runup"):
        answer_index(fit_as_of("1999-12"), short)


def monthly(first, n, growth=1.02):
    return pd.Series(growth ** np.arange(n), pd.period_range(first, periods=n, freq="M"))


def test_an_own_market_reaches_beyond_ours(panel, tmp_path):
    late = monthly("2023-08", 36)
    mine = Series("mine", late, "index", {"market": late**0.5})
    assert own_index(mine, panel).last == pd.Period("2026-07", "M")
    with pytest.raises(InputError, match=r"no market in .*; expected every month \(a column"):
        own_index(Series("mine", late, "index"), panel)
    rows = [f"{m},{v},{v**0.5}" for m, v in late.items()]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(["date,value,market", *rows]) + "\n")
    assert set(read_series(path).beside) == {"market"}
    answers, ladder = ask_own(path)
    by_lens = {a.lens: a for a in answers}
    assert by_lens["run-up"].as_of == "2026-07" and 0 < by_lens["run-up"].value < 1
    assert by_lens["run-up"].grade == "C"
    assert ladder.standings[0].net_runup == pytest.approx(1.02**24 - 1.02**12)


def test_an_own_index_of_the_past_is_asked_on_what_was_known(panel, tmp_path):
    copy = as_index(panel, "Softw", "1990-01", "2003-12")
    path = tmp_path / "mine.csv"
    path.write_text(
        "\n".join(["date,value", *(f"{m},{v}" for m, v in copy.levels.items())]) + "\n"
    )
    said = {a.lens: a for a in ask_own(path, as_of="1999-12")[0]}["run-up"]
    assert said.as_of == "1999-12"
    assert said.base == fit_as_of("1999-12").base_rate


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.where(s.index != s.index[3], -1.0), "market -1 in"),
        (lambda s: s.drop(s.index[5]), "no market in"),
    ],
)
def test_a_bad_own_market_is_named(panel, change, words):
    values = monthly("1990-01", 40)
    with pytest.raises(InputError, match=words):
        own_index(Series("mine", values, "index", {"market": change(values)}), panel)


@pytest.fixture(scope="module")
def later():
    return held_apart()


@pytest.mark.slow
def test_a_series_of_two_booms_is_counted_once_and_every_look_is_scored(later):
    looks = later.looks
    assert len(looks) == len(looks.drop_duplicates(["index", "month"]))
    assert "crypto-2021" not in set(looks["index"]) and "crypto-2017" in set(looks["index"])
    whole = looks[(looks["failed"] == "") & looks["fell"].notna()]
    assert later.scores.n == later.among.n == len(whole)
    assert later.scores.events == whole["fell"].sum()
    assert later.scores.log_loss == later.among.log_loss
    losses = -np.log(np.where(whole["fell"] == 1, whole["p"], 1 - whole["p"]).astype(float))
    assert later.among.log_loss == pytest.approx(losses.mean())


@pytest.mark.slow
def test_the_kept_card_holds_the_score_of_the_later_booms(later):
    kept = load_model("runup-prices")
    found = next(s for s in kept.scores if s.scheme == later.among.scheme)
    assert found.gain == pytest.approx(later.among.gain, abs=1e-6)
    assert "later_market" in kept.data and kept.grade == "B"


def test_starts_are_crossings_and_the_base_is_that_of_us_industries_then(later):
    for row in later.starts.itertuples():
        assert row.failed or (row.runup >= 1 and row.net >= 1)
        assert 0.05 < row.base < 0.2


@pytest.mark.slow
def test_booms_held_apart_can_be_cut(later):
    early = held_apart(as_of="2019-12").looks
    same = later.looks.merge(early, on=["index", "month"], suffixes=("", "_early"))
    assert len(same) == len(early) and (same["p"] == same["p_early"]).all()
    known = same[same["fell_early"].notna()]
    assert (known["fell"] == known["fell_early"]).all() and same["fell_early"].isna().any()
    with pytest.raises(DataError, match="expected 2 or more"):
        held_apart(as_of="2005-06")
