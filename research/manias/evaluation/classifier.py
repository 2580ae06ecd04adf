"""The penalised logit as a scikit-learn classifier, for pipelines and cross-validation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from manias.data.arguments import Level, accept
from manias.errors import DataError, InputError
from manias.evaluation._firth import fit_firth

Array = NDArray[np.float64]


class FirthClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression with Firth's penalty and corrected intercept, for two classes.

    Finite under complete separation. The same estimator as that of the fitted models, without
    their budget of parameters, which is the user's to keep here.

    Parameters
    ----------
    correct_intercept : bool
        Shift the intercept so that the mean prediction is the share of the second class
        (FLIC).
    profile : bool
        Compute profile penalised-likelihood intervals of the coefficients.
    confidence : float
        Of the intervals.

    Attributes
    ----------
    classes_ : ndarray, shape (2,)
    coef_ : ndarray, shape (1, k)
    intercept_ : ndarray, shape (1,)
    covariance_ : ndarray, shape (k + 1, k + 1)
        Inverse information, the intercept first.
    intervals_ : ndarray, shape (k + 1, 2)
        NaN where ``profile`` is false.
    n_features_in_ : int

    References
    ----------
    Firth (1993), Biometrika 80, 27-38; Puhr et al. (2017), Statistics in Medicine 36,
    2302-2317.

    Examples
    --------
    >>> x = np.arange(10.0)[:, None]
    >>> model = FirthClassifier().fit(x, x[:, 0] > 4)
    >>> model.predict([[0.0], [9.0]]).tolist(), bool(np.isfinite(model.coef_).all())
    ([False, True], True)
    """

    def __init__(
        self, *, correct_intercept: bool = True, profile: bool = False, confidence: float = 0.95
    ) -> None:
        self.correct_intercept = correct_intercept
        self.profile = profile
        self.confidence = confidence

    def fit(self, X: ArrayLike, y: ArrayLike) -> "FirthClassifier":
        """Fit to cases.

        Parameters
        ----------
        X : array_like, shape (n, k)
        y : array_like, shape (n,)
            Two classes.

        Returns
        -------
        FirthClassifier

        Raises
        ------
        ValueError
            If there are not two classes, the columns are constant or collinear, or a setting
            is not what it must be.
        """
        try:
            accept("confidence", self.confidence, Level)
            accept("profile", self.profile, bool)
            accept("correct_intercept", self.correct_intercept, bool)
        except InputError as error:
            raise ValueError(str(error)) from None
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        if type_of_target(y) != "binary":
            raise ValueError(
                f"Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}."
            )
        self.classes_, code = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"1 class ({self.classes_[0]}); expected 2")
        design = np.column_stack([np.ones(len(X)), X])
        try:
            fit = fit_firth(
                design, code.astype(float), confidence=self.confidence, profile=self.profile
            )
        except DataError as error:
            raise ValueError(str(error)) from error
        shift = fit.shift if self.correct_intercept else 0.0
        self.coef_ = fit.beta[None, 1:].copy()
        self.intercept_ = np.array([fit.beta[0] + shift])
        self.covariance_ = fit.covariance
        self.intervals_ = fit.intervals
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Log odds of the second class.

        Parameters
        ----------
        X : array_like, shape (m, k)

        Returns
        -------
        ndarray, shape (m,)
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return X @ self.coef_[0] + self.intercept_[0]

    def predict_proba(self, X: ArrayLike) -> Array:
        """Probability of each class.

        Parameters
        ----------
        X : array_like, shape (m, k)

        Returns
        -------
        ndarray, shape (m, 2)
        """
        from scipy.special import expit

        p = expit(self.decision_function(X))
        return np.column_stack([1 - p, p])

    def predict(self, X: ArrayLike) -> NDArray:
        """The likelier class.

        Parameters
        ----------
        X : array_like, shape (m, k)

        Returns
        -------
        ndarray, shape (m,)
        """
        second = self.decision_function(X) > 0
        return self.classes_[second.astype(int)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
