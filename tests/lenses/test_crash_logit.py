"""Lens 2: features that see no later month, folds that share no month, clusters as printed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.evaluation.logit import fit_logit
from manias.lenses.crash_logit import (
    ALL,
    FEW,
    FROM_PRICES,
    NOT_YET,
    PANEL,
    RunUpLogit,
    answer_runup,
    backtest,
    cluster_covariance,
    compare_versions,
    crashes,
    era_folds,
    expanding,
    industry_risks,
    shifted_labels,
)
from manias.lenses.features import (
    FEATURES,
    Conditions,
    load_conditions,
    measure_features,
)
from manias.series.runups import Panel


@pytest.fixture(scope="module")
def conditions():
    return load_conditions()


@pytest.mark.parametrize("name", FEATURES)
def test_no_feature_sees_a_later_month(conditions, scrambled_after, name):
    other = scrambled_after(conditions, "1999-12")
    a = FEATURES[name](conditions).loc[:"1999-12"]
    b = FEATURES[name](other).loc[:"1999-12"]
    pd.testing.assert_frame_equal(a, b)


@pytest.mark.parametrize("model", [RunUpLogit("panel", FEW), FROM_PRICES])
def test_an_answer_for_the_past_does_not_change_with_the_future(
    conditions, scrambled_after, model
):
    said = []
    for c in (conditions, scrambled_after(conditions, "1999-12")):
        past = c.as_of("1999-12")
        fit = model.fit(past, scored=False)
        said.append((dumps(fit.to_card()), answer_runup(fit, past)))
    assert said[0] == said[1]


def test_features_are_what_they_say(conditions):
    one = measure_features(conditions).loc[("1999-12", "Softw")]
    returns = conditions.panel.returns["Softw"].loc[:"1999-12"]
    assert np.exp(one["runup"]) == pytest.approx((1 + returns[-24:]).prod())
    assert np.exp(one["volatility"]) == pytest.approx(returns[-12:].std())
    # Formed in June 1999 over market values at the end of 1998.
    assert np.exp(one["book_to_market"]) == pytest.approx(0.09)
    # The last valuation taken is three months old.
    assert one["cape"] == pytest.approx(np.log(conditions.cape["1999-12"]))


def test_issuance_is_growth_that_returns_do_not_explain(conditions):
    months = pd.period_range("2000-01", periods=40, freq="M")
    r = pd.DataFrame({"A": np.full(40, 0.02)}, months)
    # Twice the shares at month 30, nothing else: value stands at the start of its month.
    size = 100 * np.cumprod(np.r_[1.0, np.full(39, 1.02)]) * np.where(np.arange(40) >= 30, 2, 1)
    c = Conditions(
        Panel(r, pd.DataFrame({"A": np.full(40, 10.0)}, months), r["A"]),
        pd.DataFrame({"A": size}, months),
        r,
        r["A"],
    )
    issued = FEATURES["issuance"](c)["A"]
    assert issued.iloc[29] == pytest.approx(0, abs=1e-12)
    assert issued.iloc[-1] == pytest.approx(np.log(2))


def test_clusters_in_two_ways_are_the_sum_of_those_of_statsmodels():
    rng = np.random.default_rng(0)
    n = 4000
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    y = (rng.random(n) < 1 / (1 + np.exp(-x[:, 1]))).astype(float)
    ways = rng.integers(0, 60, n), rng.integers(0, 50, n)
    model = sm.GLM(y, x, family=sm.families.Binomial())
    theirs = [model.fit(cov_type="cluster", cov_kwds={"groups": one}) for one in ways]
    ours = cluster_covariance(x, y, theirs[0].params, *ways)
    # The jackknife is wider by about one part in as many as there are clusters; what both ways
    # share, which statsmodels takes off, is left in.
    wanted = sum(np.diag(one.cov_params()) for one in theirs)
    assert np.diag(ours) == pytest.approx(wanted, rel=0.05)
    assert (np.diag(ours) > max(np.diag(one.cov_params()).tolist() for one in theirs)).all()


def test_without_a_penalty_the_panel_is_a_glm(conditions):
    from manias.evaluation._firth import fit_firth

    table = RunUpLogit("panel", FEW).table(conditions.as_of("1990-12")).dropna()
    x = np.column_stack([np.ones(len(table)), table[list(FEW)].to_numpy()])
    y = table["label"].to_numpy()
    theirs = sm.GLM(y, x, family=sm.families.Binomial()).fit(tol=1e-12)
    ours = fit_firth(x, y, penalty=0.0, profile=False)
    assert ours.beta == pytest.approx(theirs.params, abs=1e-6)
    assert np.diag(ours.covariance) == pytest.approx(np.diag(theirs.cov_params()), rel=1e-5)


def test_no_training_case_shares_a_month_with_a_case_left_out(conditions):
    table = RunUpLogit("panel", FEW).table(conditions)
    months = pd.PeriodIndex(table.index.get_level_values("month"))
    _, folds = era_folds(months, 24)
    when = months.asi8
    for train, test in folds:
        gap = np.abs(when[train][:, None] - np.unique(when[test])[None, :]).min()
        assert gap >= 24
    tested = np.concatenate([test for _, test in folds])
    assert sorted(tested) == list(range(len(months)))


@pytest.mark.parametrize("is_calibrated", [False, True])
def test_an_expanding_window_knows_only_what_is_over(is_calibrated):
    rng = np.random.default_rng(1)
    months = pd.period_range("1950-01", periods=600, freq="M")
    x = np.column_stack([np.ones(600), rng.normal(size=600)])
    y = (rng.random(600) < 0.3).astype(float)
    said, p, _ = expanding(x, y, months, 24, is_calibrated=is_calibrated)
    cut = pd.Period("1980-12", "M").ordinal
    other = y.copy()
    later = months.asi8 + 24 > cut
    other[later] = 1 - other[later]
    _, q, _ = expanding(x, other, months, 24, is_calibrated=is_calibrated)
    early = months.year[said] <= 1980
    assert (p[early] == q[early]).all()
    assert not (p[~early] == q[~early]).all()


def test_crashes_are_falls_from_a_peak_inside_two_years(conditions):
    found = crashes(conditions, RunUpLogit().rule)
    level = (1 + conditions.panel.returns["Softw"].loc["2000-01":"2001-12"]).cumprod()
    path = np.r_[1.0, level]
    deepest = (path / np.maximum.accumulate(path)).min() - 1
    assert deepest <= -0.4
    assert found[("1999-12", "Softw")] == 1.0
    last = found.index.get_level_values(0).max()
    assert conditions.panel.last.ordinal - last.ordinal >= 24


def test_shifted_outcomes_keep_their_number_of_crashes_nearly():
    index = pd.MultiIndex.from_product(
        [pd.period_range("1950-06", periods=80, freq="6M"), ["A", "B"]],
        names=["month", "industry"],
    )
    label = pd.Series((np.arange(160) % 9 == 0).astype(float), index)
    drawn = shifted_labels(label)
    assert len(drawn) == 80 - 2 * 10 + 1
    assert all(d.sum() == label.sum() for d in drawn)
    assert not any((d == label.to_numpy()).all() for d in drawn)


def test_the_samples_are_nested_and_the_classic_one_is_the_ladder(conditions):
    past = conditions.as_of("2014-03")
    classic, half = (RunUpLogit(s).table(past) for s in ("classic", "half"))
    assert (len(classic), classic["label"].sum()) == (46, 23)
    assert (len(half), half["label"].sum()) == (205, 52)


def test_too_early_a_date_and_an_unknown_feature_are_refused(conditions):
    with pytest.raises(DataError, match=r"slopes|one outcome|no month"):
        RunUpLogit("classic", ALL).fit(conditions.as_of("1950-12"), scored=False)
    with pytest.raises(InputError, match="feature 'mood'"):
        RunUpLogit("classic", ("mood",)).fit(conditions, scored=False)
    with pytest.raises(InputError, match="sample='all'"):
        RunUpLogit("all")


def test_hinges_that_do_not_rise_or_have_nothing_to_bend_are_refused(conditions):
    with pytest.raises(InputError, match=r"hinges=\(0.5, 0.0\): expected rising run-ups"):
        RunUpLogit("panel", ALL, hinges=(0.5, 0.0))
    with pytest.raises(InputError, match=r"hinges=\(-1.0,\): expected rising run-ups above -1"):
        RunUpLogit("panel", ALL, hinges=(-1.0,))
    with pytest.raises(InputError, match=r"without the feature net_runup; expected it"):
        RunUpLogit("panel", FEW, hinges=(0.5,))
    for name in ("rise_above_", "rise_above_x", "rise_above_-100", "a_rise_above_5"):
        with pytest.raises(InputError, match=f"feature '{name}': expected some of"):
            measure_features(conditions, (name,))


def test_a_hinge_is_the_net_run_up_above_its_knot(conditions):
    table = measure_features(conditions, ("net_runup", *PANEL.terms[-2:])).dropna()
    assert PANEL.terms[-2:] == ("rise_above_0", "rise_above_50")
    net, above, far = np.exp(table.to_numpy().T)
    assert above == pytest.approx(np.maximum(net, 1))
    assert far == pytest.approx(np.maximum(net / 1.5, 1))


def test_hinges_follow_a_hazard_that_is_shaped_like_a_u(conditions):
    """Crashes are drawn from a U over the run-ups on record; a straight line misses it."""
    terms = ("net_runup", "rise_above_0", "rise_above_50")
    x = measure_features(conditions.as_of("1960-12"), terms).dropna()
    truth = -2.5 - 2 * x["net_runup"] + 2 * x["rise_above_0"] + 4 * x["rise_above_50"]
    chance = 1 / (1 + np.exp(-truth))
    y = (np.random.default_rng(3).random(len(x)) < chance).astype(float).set_axis(x.index)
    keys = x.index.map(str)
    said = {
        k: fit_logit(
            x.set_axis(keys)[list(terms[:k])],
            y.set_axis(keys),
            name="u",
            lens="none",
            title="U",
            settings={},
        ).predict_proba(x)
        for k in (1, 3)
    }
    missed = {k: np.abs(p - chance) for k, p in said.items()}
    assert missed[3].max() < 0.1 and missed[3].mean() < 0.01
    assert missed[1].max() > 0.3


def test_a_panel_is_scored_beside_itself_without_hinges_and_calibration(conditions):
    model = replace(FROM_PRICES, permutations=0)
    whole, plain = (
        m.fit(conditions.as_of("1990-12"))
        for m in (model, replace(model, hinges=(), is_calibrated=False))
    )
    assert [s.scheme for s in whole.scores] == [s.scheme for s in plain.scores]
    assert plain.beside == ()
    found = {s.scheme: s for s in whole.beside}
    assert list(found)[:3] == [
        "one era at a time, without hinges",
        "one era at a time, without calibration",
        "one era at a time, without either",
    ]
    assert whole.calibration is not None and plain.calibration is None
    (alone, ahead) = plain.scores
    assert found["one era at a time, without either"].gain == pytest.approx(alone.gain)
    last = "what came after, year by year, without either"
    assert found[last].gain == pytest.approx(ahead.gain)
    # What is said is calibrated, and its interval is that of the log odds said.
    table = model.table(conditions.as_of("1990-12")).dropna()
    said, line = whole.predict(table), whole.calibration
    raw = replace(whole, calibration=None).predict_proba(table)
    odds = line.intercept + line.slope * np.log(raw / (1 - raw))
    assert said["p"].to_numpy() == pytest.approx(1 / (1 + np.exp(-odds)))
    assert whole.predict_proba(table) == pytest.approx(said["p"].to_numpy())
    assert ((said["low"] < said["p"]) & (said["p"] < said["high"])).all()


def test_the_backtest_says_what_was_known(conditions):
    table = backtest({"1999-12": ("Softw", "Util"), "1927-01": ("Autos",)})
    assert table["failed"].iloc[2] != ""
    assert table.loc[0, "crashed"] == 1.0
    # Any month has an outcome, not only June and December.
    assert backtest({"2000-02": ("Softw",)})["crashed"].tolist() == [1.0]
    open_ = str(conditions.panel.last - 20)
    assert np.isnan(backtest({open_: ("Softw",)})["crashed"].iloc[0])
    past = conditions.as_of("1999-12")
    fit = PANEL.fit(past, scored=False)
    assert table.loc[0, "n"] == fit.n
    assert table.loc[0, "base"] == pytest.approx(fit.events / fit.n)
    # Refitting adds in another order: the last digit may differ.
    again = industry_risks(fit, past, {"Softw": "Software"})[0].p
    assert table.loc[0, "p"] == pytest.approx(again, abs=1e-12)


def test_the_backtest_says_that_an_industry_was_not_on_record():
    table = backtest({"1948-03": ("Softw", "Chips"), "1947-09": ("Softw",)}).set_index("month")
    early = table[table["industry"] == "Softw"]
    assert early["failed"].tolist() == [NOT_YET, NOT_YET] and early["p"].isna().all()
    chips = table[table["industry"] == "Chips"].iloc[0]
    assert chips["failed"] == "" and 0 < chips["p"] < 1


def test_the_model_that_is_asked_of_the_past_is_the_one_that_answers():
    from manias.answers.registry import fitters

    assert fitters()["runup-panel"].model == PANEL


def test_scores_of_the_classic_sample_do_not_depend_on_row_order(conditions):
    model = replace(RunUpLogit(), permutations=19)
    a = model.fit(conditions)
    b = model.fit(conditions)
    assert dumps(a.to_card()) == dumps(b.to_card())
    assert a.scores[0].groups == 8


def test_the_id_does_not_hang_on_the_last_digits_of_computed_features(conditions, monkeypatch):
    from manias.lenses import crash_logit as hazard

    fits = [RunUpLogit().fit(conditions, scored=False)]
    real = measure_features
    monkeypatch.setattr(hazard, "measure_features", lambda *a: real(*a) * (1 + 1e-13))
    fits.append(RunUpLogit().fit(conditions, scored=False))
    assert fits[0].model_id == fits[1].model_id
    assert fits[0].model_id != RunUpLogit().fit(conditions.as_of("2014"), scored=False).model_id


def test_what_a_model_gains_is_split_into_steps_and_eras(conditions):
    past = conditions.as_of("1990-12")
    found = compare_versions(FROM_PRICES, past)
    both, calibration, hinges = found.steps.values()
    assert both.gain == pytest.approx(calibration.gain + hinges.gain)
    assert found.added == both.gain and found.is_shown == (both.gain_low > 0)
    fit = replace(FROM_PRICES, permutations=0).fit(past)
    for name, s in zip(found.eras.columns[3:], (fit.scores[0], *fit.beside[:3]), strict=True):
        weighted = (found.eras[name] * found.eras["cases"]).sum() / found.eras["cases"].sum()
        assert weighted == pytest.approx(s.gain)
    # Eras without which the mean is not above zero, counted anew from the table.
    eras = found.eras.set_index("era")
    total = (eras[""] - eras[", without either"]) * eras["cases"]
    turning = tuple(e for e in eras.index if total.drop(e).sum() <= 0)
    assert found.hinging["both, over neither"] == turning
    with pytest.raises(InputError, match=r"is_calibrated=False: expected hinges and a calib"):
        compare_versions(RunUpLogit("panel", ALL, hinges=(0.0,)), past)


def test_an_id_that_was_published_still_leads_to_its_model():
    from manias.answers.archive import FORMER, load_model

    for old, name in FORMER.items():
        assert load_model(old).name == name


@pytest.mark.parametrize("month", ["1950-06", "1999-12"])
def test_one_month_of_some_industries_is_that_of_all(month):
    conditions, month = load_conditions(), pd.Period(month)
    whole = measure_features(conditions).loc[month]
    one = measure_features(conditions, month=month)
    pd.testing.assert_frame_equal(one, whole, check_exact=True)
    some = measure_features(conditions, month=month, industries=["Softw", "Util", "none"])
    pd.testing.assert_frame_equal(some, whole.loc[["Softw", "Util"]], check_exact=True)


def test_what_a_caller_does_to_conditions_stays_with_the_caller():
    mine = load_conditions()
    for frame in (mine.panel.returns, mine.panel.firms, mine.size, mine.book):
        frame.iloc[:, 0] = 7.0
    again = load_conditions()
    assert not (again.panel.returns.iloc[:, 0] == 7.0).any()
    assert not (again.size.iloc[:, 0] == 7.0).any()


@pytest.mark.parametrize("turned", [False, True])
def test_a_year_is_said_once_twelve_crashes_and_twelve_others_were_over(turned):
    """A case every third month, a crash each second; or few others in place of few crashes."""
    n = 240
    months = pd.period_range("1950-01", periods=n, freq="M")
    y = (np.arange(n) % 6 == 0).astype(float)
    y = 1 - y if turned else y
    x = np.column_stack([np.ones(n), np.random.default_rng(0).normal(size=n)])
    said, p, base = expanding(x, y, months, 24)
    rare = 0.0 if turned else 1.0
    first = next(
        year
        for year in range(1950, 1970)
        if sum(
            y[i] == rare and months[i].ordinal + 24 < pd.Period(f"{year}-01", "M").ordinal
            for i in range(n)
        )
        >= 12
    )
    assert first > 1955 and months[said[0]] == pd.Period(f"{first}-01", "M")
    assert np.array_equal(said, np.arange(said[0], n)) and np.isfinite(p).all()
    over = months.asi8 + 24 < pd.Period(f"{first}-01", "M").ordinal
    assert base[0] == pytest.approx(y[over].mean())


def test_a_calibration_that_cannot_be_learnt_changes_nothing(monkeypatch, conditions):
    from manias.lenses import crash_logit

    nothing = (0.0, 1.0), np.full(3, np.nan)
    monkeypatch.setattr(crash_logit, "learn_inside", lambda *a: nothing)
    table = FROM_PRICES.table(conditions.as_of("1950-12")).dropna()
    line = FROM_PRICES._calibration(table)
    assert (line.intercept, line.slope) == (0.0, 1.0)
    assert (line.covariance.to_numpy() == 0).all() and line.covariance.shape == (2, 2)


def test_whether_it_is_calibrated_is_said_by_name():
    months = pd.period_range("1990-01", periods=4, freq="M")
    with pytest.raises(TypeError, match="positional"):
        expanding(np.ones((4, 1)), np.array([0.0, 1, 0, 1]), months, 24, True)
