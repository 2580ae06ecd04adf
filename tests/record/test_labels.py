"""Labels by hand: doubling and halving inside their windows, and accounts that disagree."""

import numpy as np
import pandas as pd
import pytest
from manias import InputError
from manias.data.library import LIBRARY, load
from manias.record.labels import date_doubling, label_innovations

DOUBLE = 2 ** (1 / 2) - 1


def path(*parts):
    """Returns of months: (how many, return of each)."""
    return np.concatenate([np.full(n, r) for n, r in parts])


@pytest.mark.parametrize(
    ("between", "found"),
    [
        # Peak after month 2; months of a slow decline lie between it and the fall.
        (0, (0, 2, 3)),
        (34, (0, 2, 37)),
        (35, (0, 2, 38)),
        (36, None),
        (60, None),
    ],
)
def test_the_fall_must_come_within_three_years_of_the_peak(between, found):
    returns = path((2, DOUBLE + 1e-9), (between, -0.001), (1, -0.51), (3, 0.0))
    assert date_doubling(returns) == found


@pytest.mark.parametrize(("months", "is_found"), [(35, True), (36, True), (37, False)])
def test_the_rise_must_take_three_years_at_most(months, is_found):
    returns = path((5, -0.01), (months, 2.000001 ** (1 / months) - 1), (1, -0.6))
    found = date_doubling(returns)
    assert (found is not None) is is_found
    if is_found:
        assert found == (5, 5 + months, 6 + months)


@pytest.mark.parametrize(
    ("rise", "fall", "is_found"),
    [(1.0, -0.5, True), (0.999, -0.5, False), (1.0, -0.499, False), (3.0, -0.75, True)],
)
def test_twice_and_half_are_the_bounds(rise, fall, is_found):
    assert (date_doubling(np.array([rise, fall])) is not None) is is_found


def test_of_several_the_highest_peak_counts_and_the_lowest_point_is_its_trough():
    # 1, 2, 0.5, 4, 1.9, 1.2, 1.5: two peaks, the second the higher.
    level = np.array([1.0, 2.0, 0.5, 4.0, 1.9, 1.2, 1.5])
    assert date_doubling(level[1:] / level[:-1] - 1) == (2, 3, 5)
    # A window of one period sees the fall to 1.9 alone.
    assert date_doubling(level[1:] / level[:-1] - 1, window=1) == (2, 3, 4)
    # Threefold: 0.5 to 4 and back below 4 / 3.
    assert date_doubling(level[1:] / level[:-1] - 1, factor=3) == (2, 3, 5)
    assert date_doubling(level[1:] / level[:-1] - 1, factor=4) is None
    assert date_doubling(np.array([5.0])) is None


def labelled(verdicts, **options):
    """Labels where accounts by Goldfarb and Kirsch say so of one innovation."""
    frame = load("verdicts").frame
    row = frame[frame["definition"] == "goldfarb_kirsch"].iloc[[0]]
    key = row["innovation"].iloc[0]
    rows = pd.concat([row.assign(verdict=v, grade=g) for v, g in verdicts], ignore_index=True)
    with LIBRARY.holding({("verdicts", "data"): rows}).open():
        return label_innovations("goldfarb_kirsch", candidates=True, **options)[key]


@pytest.mark.parametrize(
    ("verdicts", "label"),
    [
        ([("boom_and_bust", "A")], "yes"),
        ([("no_boom", "A")], "no"),
        ([("quoted_without", "A")], "no"),
        ([("no_vehicle", "B")], "no"),
        ([("no_boom", "A"), ("no_vehicle", "B")], "no"),
        ([("boom_and_bust", "A"), ("no_boom", "A")], "yes"),
        ([("mixed", "A")], None),
        # Accounts that are mixed, or do not know, are not made a no by one that says no.
        ([("mixed", "A"), ("no_boom", "A")], None),
        ([("unknown", "A"), ("no_boom", "A")], None),
        # Too weak to count: no label, and none taken from others.
        ([("boom_and_bust", "C")], None),
        ([("boom_and_bust", "C"), ("no_boom", "B")], "no"),
        ([("boom_and_bust", "J")], None),
    ],
)
def test_accounts_are_settled_by_truth_table(verdicts, label):
    assert labelled(verdicts) == label


def test_a_weaker_grade_counts_where_it_is_asked_for():
    assert labelled([("boom_and_bust", "C")], minimum_grade="C") == "yes"
    assert labelled([("boom_and_bust", "J")], minimum_grade="J") == "yes"
    assert labelled([("boom_and_bust", "C")], minimum_grade="J") is None
    assert labelled([("boom_and_bust", "B")], minimum_grade="A") is None
    with pytest.raises(InputError, match="minimum_grade='D': expected one of"):
        label_innovations("historian", minimum_grade="D")
    with pytest.raises(InputError, match="earliest=True expects within_15_years"):
        label_innovations("historian", earliest=True)
