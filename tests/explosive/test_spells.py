"""How a tested series ends: dated, too short, below, or not rejected at all."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias.explosive.dating import date_series
from manias.explosive.spells import last_spell


@pytest.fixture(scope="module")
def dated():
    """A walk of a hundred quarters that explodes in its last three."""
    walk = np.random.default_rng(0).standard_normal(100).cumsum() + 50
    walk[-3:] += 6.0 * 2.0 ** np.arange(3)
    return date_series(pd.Series(walk, pd.period_range("2000Q1", periods=100, freq="Q")))


def ending(dated, n):
    """The same with so many last periods above the boundary."""
    values = dated.boundary - 1
    values[len(values) - n :] += 9
    return replace(dated, tests=replace(dated.tests, bsadf=values, gsadf=8.0))


@pytest.mark.parametrize(
    ("n", "since", "words"),
    [
        (0, "", "below its boundary in 2024Q4"),
        (1, "2024Q4", "too short to be dated: one period of the four"),
        (3, "2024Q2", "too short to be dated: three periods of the four"),
        (4, "2024Q1", "an explosive episode since 2024Q1"),
    ],
)
def test_the_length_decides(dated, n, since, words):
    spell = last_spell(ending(dated, n))
    assert (spell.n, spell.since, spell.least) == (n, since, int(np.log(100)))
    assert spell.is_dated == (n >= 4) and words in spell.finding


def test_without_a_rejection_no_spell_is_told(dated):
    quiet = ending(dated, 3)
    spell = last_spell(replace(quiet, tests=replace(quiet.tests, gsadf=0.5)))
    assert (spell.n, spell.since) == (0, "")
    assert spell.finding.startswith("no explosive growth: the test over the whole series")


def test_a_series_that_explodes_at_its_end_ends_above(dated):
    spell = last_spell(dated)
    assert spell.stat > spell.boundary and spell.gsadf > spell.critical and spell.n
    assert dated.dates[-spell.n] == spell.since
