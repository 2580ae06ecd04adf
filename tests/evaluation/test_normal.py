"""What is said without scipy is what scipy says: the normal law to the bit."""

import numpy as np
import pytest
from manias.evaluation._normal import USUAL, expit, normal_reach, student_reach
from scipy import special


@pytest.mark.parametrize("confidence", [USUAL, 0.5, 0.9, 0.99, np.float64(USUAL)])
def test_the_reach_is_the_quantile_of_scipy(confidence):
    assert normal_reach(confidence) == special.ndtri((1 + confidence) / 2)


@pytest.mark.parametrize("n", [0, 1, 5_000, 20_000])
def test_the_logistic_curve_is_that_of_scipy(n):
    eta = np.random.default_rng(0).normal(0, 5, n)
    # The last place is that of the exponential of the machine.
    assert expit(eta) == pytest.approx(special.expit(eta), rel=2**-51, abs=0)


def test_the_ends_of_the_logistic_curve():
    ends = np.array([np.inf, -np.inf, np.nan, 800.0, -800.0, -740.0])
    assert np.array_equal(expit(ends), special.expit(ends), equal_nan=True)


@pytest.mark.parametrize("confidence", [0.5, 0.8, USUAL, 0.99, 0.999])
def test_student_reach_is_that_of_scipy(confidence):
    for freedom in (*range(1, 202), 5000):
        theirs = special.stdtrit(freedom, (1 + confidence) / 2)
        # Halving an angle leaves a few units in the last place, which the tangent widens.
        assert student_reach(confidence, freedom) == pytest.approx(theirs, rel=1e-12)
