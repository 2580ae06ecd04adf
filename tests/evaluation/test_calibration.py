"""Calibration inside folds: what is judged has no say in it, and finds what was simulated."""

import numpy as np
import pandas as pd
import pytest
from manias.errors import DataError
from manias.evaluation import _firth
from manias.evaluation.calibration import (
    SLOPES,
    TERMS,
    Calibration,
    learn_calibration,
    nested_folds,
    out_of_fold,
)
from manias.evaluation.classifier import FirthClassifier
from manias.evaluation.scores import log_losses

SETTLED = 1e-6
"""Searches end within it, whatever they start from."""
ODDS = np.tile([-1.0, 1.0], 200)
HALVES = np.arange(400) // 200


def drawn(seed, n, noise=0, slope=1.0, parts=6):
    """Cases in parts as long as each other, with some columns that tell nothing."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 1 + noise))])
    y = (rng.random(n) < 1 / (1 + np.exp(0.5 - slope * x[:, 1]))).astype(float)
    part = np.arange(n) * parts // n
    return x, y, [(np.flatnonzero(part != g), np.flatnonzero(part == g)) for g in range(parts)]


def outcomes(slope):
    """Of `ODDS`: as many events in each half and sign as a slope makes likely."""
    share = 1 / (1 + np.exp(-slope * ODDS))
    return ((np.arange(400) // 2 + 0.5) % 100 / 100 < share).astype(float)


def test_too_sure_predictions_are_drawn_in_and_right_ones_are_left_alone():
    x, y, folds = drawn(0, 480, noise=20)
    sure = nested_folds(x, y, folds, least=12)
    assert (sure.slopes < 0.9).all() and (sure.slopes > 0.1).all()
    assert log_losses(y, sure.calibrated).mean() < log_losses(y, sure.plain).mean()
    x, y, folds = drawn(1, 20_000, slope=1.5)
    right = nested_folds(x, y, folds, least=12)
    assert right.slopes == pytest.approx(1, abs=0.03)
    assert right.calibrated == pytest.approx(right.plain, abs=0.01)


def test_a_fold_has_no_say_in_its_own_calibration():
    x, y, folds = drawn(2, 600, noise=3)
    # Cases beside a fold are trained on for no case of it, as around an era.
    folds = [(train[np.abs(train - test.mean()) > 60], test) for train, test in folds]
    before = nested_folds(x, y, folds, least=12)
    for g, (train, test) in enumerate(folds):
        other = y.copy()
        unseen = np.setdiff1d(np.arange(len(y)), train)
        other[unseen] = 1 - other[unseen]
        after = nested_folds(x, other, folds, least=12)
        for said in ("plain", "calibrated", "base"):
            then, now = getattr(before, said)[test], getattr(after, said)[test]
            assert now == pytest.approx(then, abs=SETTLED)
        assert after.slopes[g] == pytest.approx(before.slopes[g], abs=SETTLED)
        rest = np.arange(len(folds)) != g
        assert np.abs(after.slopes - before.slopes)[rest].min() > 100 * SETTLED


def test_one_fit_for_two_folds_is_what_leaving_out_twice_by_another_hand_gives():
    x, y, folds = drawn(3, 360, noise=2)
    found = nested_folds(x, y, folds, least=12)
    for g, (train, test) in enumerate(folds):
        odds = np.full(len(y), np.nan)
        for h, (_, inner) in enumerate(folds):
            if h != g:
                both = np.setdiff1d(train, inner)
                odds[inner] = (
                    FirthClassifier().fit(x[both, 1:], y[both]).decision_function(x[inner, 1:])
                )
        line = FirthClassifier().fit(odds[train, None], y[train])
        model = FirthClassifier().fit(x[train, 1:], y[train])
        said = line.predict_proba(model.decision_function(x[test, 1:])[:, None])[:, 1]
        assert 0 < line.coef_[0, 0] < 1.5
        assert found.slopes[g] == pytest.approx(line.coef_[0, 0], abs=SETTLED)
        assert found.calibrated[test] == pytest.approx(said, abs=SETTLED)


def test_the_slope_is_bounded_and_the_share_is_kept():
    for slope, bound in ((-1.0, SLOPES[0]), (3.0, SLOPES[1])):
        y = outcomes(slope)
        intercept, found = learn_calibration(ODDS, y, HALVES)
        assert found == bound
        assert (1 / (1 + np.exp(-intercept - found * ODDS))).mean() == pytest.approx(y.mean())
    # What turns about from fold to fold is answered with the share of the others.
    x, y, folds = drawn(4, 600, slope=2.0)
    x[np.arange(600) // 100 % 2 == 1, 1] *= -1
    said = nested_folds(x, y, folds, least=12)
    assert (said.slopes == 0).all() and np.ptp(said.plain) > 0.1
    assert said.calibrated == pytest.approx(said.base)


def test_too_little_to_learn_from_calibrates_nothing():
    y = outcomes(0.5)
    assert learn_calibration(ODDS, y, HALVES)[1] == pytest.approx(0.5, abs=0.03)
    nothing = (0.0, 1.0)
    assert learn_calibration(ODDS, y, np.zeros(400)) == nothing
    assert learn_calibration(ODDS, np.ones(400), HALVES) == nothing
    assert learn_calibration(np.ones(400), y, HALVES) == nothing
    assert learn_calibration(np.where(HALVES, np.nan, ODDS), y, HALVES) == nothing
    x, y, folds = drawn(5, 120)
    least = int(min(y.sum(), 120 - y.sum()))
    assert np.isnan(out_of_fold(x, y, folds, least=least)).all()
    said = nested_folds(x, y, folds, least=least)
    assert (said.slopes == 1).all() and (said.plain == said.calibrated).all()


def test_a_fold_without_which_one_outcome_is_left_is_given_its_share():
    x, y, folds = drawn(6, 120, parts=3)
    y[folds[0][0]] = 0
    said = nested_folds(x, y, folds, least=12)
    assert said.calibrated[folds[0][1]] == pytest.approx(0.5 / 81)
    with pytest.raises(DataError, match="the search did not converge"):
        nested_folds(np.column_stack([x, x[:, 1]]), y, folds, least=12)


def test_variance_of_what_is_said_has_both_parts():
    line = Calibration(1.0, 0.5, pd.DataFrame([[0.04, 0.01], [0.01, 0.09]], TERMS, TERMS))
    odds, variance = line.apply(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    assert odds.tolist() == [1.0, 2.0]
    assert variance == pytest.approx([0.25 + 0.04, 0.25 + 0.04 + 4 * 0.01 + 4 * 0.09])


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_products_of_matrices_give_the_sums_of_cases(penalty):
    x, y, _ = drawn(7, 2 * _firth.MANY + 5, noise=3)
    beta = np.array([0.2, -0.5, 0.1, 0.7, -0.3])
    by_case = _firth._state.py_func
    alone = {**by_case.__globals__, "MANY": len(y) + 1}
    theirs = type(by_case)(by_case.__code__, alone)(x, y, beta, penalty)
    ours = _firth._state_of_many(x, y, beta, penalty)
    for a, b in zip(ours, theirs, strict=True):
        assert a == pytest.approx(b, rel=1e-10)
