"""Our rejections read again: by the table, and the other way round if the table says so."""

import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, load
from manias.language.editions import read_language
from manias.report import technology
from manias.report.dating import dated_series, passes

RULE = {"gain": 0.32, "investors": "learned", "centre": 0.5}


def verdicts():
    """Series that pass the gate, and whether they exceed the quantile of the rule, by hand."""
    frame = load("size_power").frame
    found = {}
    for d in dated_series():
        if not passes(d):
            continue
        mine = frame[(frame["matched"] == d.key) & (frame["lag"] == 0)]
        mine = mine[mine["root"].fillna(1) == 1]
        if d.key != "it-share":
            mine = mine[mine["investors"] == RULE["investors"]]
        mine = mine[(mine["gain"] == RULE["gain"]) & (mine["centre"] == RULE["centre"])]
        (top,) = mine["quantile"]
        found[d.name] = d.dated.tests.gsadf > top
    return found


def swapped(factor):
    """The library with all quantiles of the table moved."""
    frame = load("size_power").frame
    return LIBRARY.holding(
        {("size_power", "data"): frame.assign(quantile=factor * frame["quantile"])}
    )


def test_survivors_are_those_of_the_table():
    found = verdicts()
    assert found, "no series passes the gate: nothing is read again"
    alive = [name for name, yes in found.items() if yes]
    said = str(technology.survivors().content)
    if alive:
        assert f"{technology.Word(len(alive))} of the" in said
        assert all(name in said for name in alive)
    else:
        assert f"none of the {technology.Word(len(found))} series" in said
    assert "38% in 6 years" in said


def test_verdicts_follow_the_quantiles():
    with swapped(0.01).open():
        easy = str(technology.survivors().content), str(technology.logs_finding().content)
        n = technology.Word(len(verdicts()))
    assert f"{n} of the {n} series that pass the test pass again (" in easy[0]
    assert "none of them fail already. Only with it none" in easy[0]
    assert "exceeded by none" not in easy[1]
    with swapped(100.0).open():
        hard = str(technology.survivors().content), str(technology.logs_finding().content)
    assert f"none of the {n} series that pass the test passes again" in hard[0]
    assert f"{n} of them fail already. Only with it none" in hard[0]
    assert "none of three exceed" in hard[1] and "exceeded by none" in hard[1]


def test_a_length_that_was_not_simulated_is_said_and_breaks_nothing():
    frame = load("size_power").frame
    longer = frame["n"].where(frame["matched"] != "price-dividend", 2000)
    with LIBRARY.holding({("size_power", "data"): frame.assign(n=longer)}).open():
        said = str(technology.survivors().content)
        rows = technology.own_table().content.rows
        chinese = read_language("zh").render(technology.survivors().content)
    assert "Not simulated at their length: US shares, price over dividend" in said
    assert rows[0][3:7] == ["not simulated"] * 4
    assert "未按其长度模拟" in chinese


def test_quarters_that_are_not_over_are_left_out():
    months = pd.period_range("2000-03", periods=6, freq="M")
    kept = technology.quarterly(pd.Series(range(6), months))
    assert kept.to_dict() == {pd.Period("2000Q1", "Q"): 0, pd.Period("2000Q2", "Q"): 3}


@pytest.mark.parametrize("key", technology.PROJECTED)
def test_residuals_have_nothing_to_do_with_the_proxies(key):
    share = technology.own_series()["it-share"][2]
    one = next(r for r in technology._residuals() if r.key == key)
    left = one.left.series
    for proxy in (share, share - share.shift(4)):
        assert abs(np.corrcoef(left, proxy[left.index])[0, 1]) < 1e-8
    assert left.index[0] == technology.FIRST and len(left) == one.left.critical.n
