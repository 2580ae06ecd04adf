"""The classifier: scikit-learn's own checks, and the numbers of the fitted models."""

import numpy as np
import pytest
from manias.answers.archive import load_model
from manias.evaluation._firth import fit_firth
from manias.evaluation.classifier import FirthClassifier
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.utils.estimator_checks import parametrize_with_checks


@parametrize_with_checks([FirthClassifier()])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_it_is_the_kept_model_of_the_innovations():
    kept = load_model("innovation-logit")
    x, y = kept.cases[list(kept.terms)], kept.cases["label"]
    model = FirthClassifier(profile=True).fit(x, y)
    assert model.intercept_[0] == pytest.approx(kept.params["intercept"], abs=1e-6)
    assert model.coef_[0] == pytest.approx(kept.params.to_numpy()[1:], abs=1e-6)
    assert model.intervals_[1:] == pytest.approx(kept.intervals.to_numpy()[1:], abs=1e-4)
    assert model.predict_proba(x)[:, 1] == pytest.approx(kept.predict_proba(x), abs=1e-9)
    assert model.predict_proba(x)[:, 1].mean() == pytest.approx(y.mean())


def test_cross_validation_gives_the_scores_of_the_card():
    kept = load_model("innovation-logit")
    x, y = kept.cases[list(kept.terms)], kept.cases["label"]
    p = cross_val_predict(FirthClassifier(), x, y, cv=LeaveOneOut(), method="predict_proba")[
        :, 1
    ]
    loss = -np.log(np.where(y == 1, p, 1 - p)).mean()
    assert loss == pytest.approx(kept.scores[0].log_loss, abs=1e-6)


def test_separation_is_finite_and_what_cannot_be_fitted_is_said():
    x = np.arange(12.0)[:, None]
    model = FirthClassifier(correct_intercept=False).fit(x, x[:, 0] > 5)
    assert np.isfinite(model.coef_).all() and model.score(x, x[:, 0] > 5) == 1
    assert (
        model.intercept_[0]
        == fit_firth(np.column_stack([np.ones(12), x]), (x[:, 0] > 5).astype(float)).beta[0]
    )
    with pytest.raises(ValueError, match="1 class"):
        FirthClassifier().fit(x, np.ones(12))
    with pytest.raises(ValueError, match="collinear"):
        FirthClassifier().fit(np.column_stack([x, 2 * x]), x[:, 0] % 2)
    with pytest.raises(ValueError, match="Only binary"):
        FirthClassifier().fit(x, x[:, 0] % 3)


def test_settings_of_the_wrong_kind_are_refused_when_it_is_fitted():
    x = np.arange(12.0)[:, None]
    for wrong in ({"profile": "yes"}, {"correct_intercept": 1}):
        with pytest.raises(ValueError, match="expected True or False"):
            FirthClassifier(**wrong).fit(x, x[:, 0] > 5)


@pytest.mark.parametrize("confidence", [1.5, 0, True, "x"])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(ValueError, match="expected a number between 0 and 1"):
        FirthClassifier(confidence=confidence).fit([[0.0], [1.0]], [0, 1])


def test_leverage_units_and_shifts_leave_the_maximum_where_it_is():
    plain = {"correct_intercept": False}
    two = FirthClassifier(**plain).fit([[0.0], [1.0]], [0, 1])
    # Closed form: half a case is added to each cell of the saturated table.
    assert two.intercept_[0] == pytest.approx(-np.log(3)) and two.coef_[0, 0] == pytest.approx(
        2 * np.log(3)
    )
    x = np.r_[np.zeros(10), 1.0][:, None]
    y = np.r_[1, 1, 1, np.zeros(7), 1]
    one = FirthClassifier(**plain).fit(x, y)
    assert one.intercept_[0] == pytest.approx(np.log(3.5 / 7.5))
    assert one.coef_[0, 0] == pytest.approx(np.log(3) - np.log(3.5 / 7.5))
    rng = np.random.default_rng(1)
    x = rng.standard_normal((80, 2))
    y = (x @ [1, -0.5] + rng.logistic(size=80) > 0).astype(int)
    same = FirthClassifier(**plain).fit(x, y).coef_
    for scale, shift in ((1e-3, 0.0), (1e3, 0.0), (1.0, 2000.0)):
        moved = FirthClassifier(**plain).fit(x * scale + shift, y).coef_ * scale
        assert moved == pytest.approx(same, abs=1e-8)
    with pytest.raises(ValueError, match="collinear"):
        FirthClassifier().fit(np.c_[x[:, 0], x[:, 0] + 1e-8 * x[:, 1]], y)
