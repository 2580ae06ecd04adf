"""Shares at the same age, what fell last, and how dear shares are, beside plain pandas."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, load
from manias.errors import DataError
from manias.language.editions import read_language
from manias.series.shares import compare_shares, recent_falls
from manias.series.valuation import value_market

ZH = read_language("zh")
TABLE = load("ai_market").frame
LEVELS = TABLE.pivot_table(index="month", columns=["window", "series"], values="level")


@contextmanager
def changed(table, frame):
    with LIBRARY.holding({(table, "data"): frame}).open():
        yield


@pytest.mark.parametrize(
    ("place", "now", "then"),
    [(0, "nasdaq-composite", "nasdaq-composite"), (1, "soxx", "sox"), (2, "NVDA", "CSCO")],
)
def test_levels_and_peaks_are_those_of_the_table(place, now, then):
    pair = compare_shares().pairs[place]
    old, new = LEVELS["dotcom", then].dropna(), LEVELS["ai", now].dropna()
    start = pd.Period("1995-08", "M")
    assert pair.age == (new.index[-1] - pd.Period("2022-11", "M")).n
    assert pair.now_level == new.iloc[-1]
    assert pair.then_level == old[start + pair.age]
    assert pair.then_peak == old[start:].max()
    assert start + pair.then_peak_age == old[start:].idxmax()
    assert pair.now[0] == pair.then[0] == 100


@pytest.mark.parametrize(
    ("factor", "words", "chinese"),
    [(0.01, "no higher than", "不高于"), (100.0, "Nvidia (beside Cisco) stand higher", "高于")],
)
def test_the_finding_turns_with_the_last_level(factor, words, chinese):
    last = (TABLE["window"] == "ai") & (TABLE["month"] == TABLE["month"].max())
    level = TABLE["level"].where(~last, TABLE["level"] * factor)
    with changed("ai_market", TABLE.assign(level=level)):
        finding = compare_shares().finding
    assert words in finding and "lower" not in finding and chinese in ZH.render(finding)
    assert compare_shares().finding != finding


def test_an_age_without_a_level_is_an_error():
    gone = (TABLE["series"] == "sox") & (TABLE["month"] == pd.Period("1999-04", "M"))
    with (
        changed("ai_market", TABLE[~gone]),
        pytest.raises(DataError, match="sox: no level 44 months after the event"),
    ):
        compare_shares()


def test_falls_are_those_of_the_table():
    found = recent_falls()
    assert found.month == TABLE.loc[TABLE["window"] == "ai", "month"].max()
    assert len(found.falls) > 10
    for fall in found.falls:
        levels = LEVELS["ai", fall.key].dropna()
        assert fall.change == pytest.approx(levels.iloc[-1] / levels.iloc[-2] - 1)
        assert fall.from_peak == pytest.approx(levels.iloc[-1] / levels.max() - 1)
        assert fall.peak_month == levels.idxmax()
        assert fall.from_peak <= min(fall.change, 0) + 1e-12 or fall.change > 0
    kinds = [fall.kind for fall in found.falls]
    assert kinds == sorted(kinds)
    assert "PHLX Semiconductor" in found.ended


def test_the_worst_is_named_and_changes_with_its_level():
    before = recent_falls().finding
    mine = (TABLE["series"] == "smh") & (TABLE["month"] == TABLE["month"].max())
    level = TABLE["level"].where(~mine, TABLE["level"] / 10)
    with changed("ai_market", TABLE.assign(level=level)):
        after = recent_falls().finding
    assert before.startswith("iShares Semiconductor (SOXX) fell by 21%")
    assert after.startswith("VanEck Semiconductor (SMH) fell by 92%")
    assert "VanEck Semiconductor (SMH) is 92% below" in after
    last = (TABLE["window"] == "ai") & (TABLE["month"] == TABLE["month"].max())
    with changed("ai_market", TABLE.assign(level=TABLE["level"].where(~last, 1e5))):
        none = recent_falls().finding
    assert none.startswith("Nothing fell in July 2026") and "没有下跌" in ZH.render(none)


def test_the_valuation_is_price_over_the_mean_of_ten_years():
    found = value_market()
    frame = load("shiller").frame.set_index("month")
    # Shiller's own column against the same computed anew where earnings are complete: the
    # column is made of monthly series that are rounded, so it agrees to half a percent.
    real = frame["earnings"] / frame["cpi"]
    anew = (frame["price"] / frame["cpi"]) / real.rolling(120).mean()
    both = (found.values["1930":"2020"] / anew["1930":"2020"]).dropna()
    assert len(both) > 1000 and both.sub(1).abs().max() < 0.02
    values = frame["cape"].dropna()
    assert found.now == values.iloc[-1] and found.month == values.index[-1]
    assert found.peak("2000") == (values["1990":"2010"].idxmax(), values["1990":"2010"].max())
    assert found.peak("1929") == (values[:"1950"].idxmax(), values[:"1950"].max())
    assert found.share_below == np.mean(values.to_numpy() < found.now)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (50.0, "more than at the peak of 1929 (32.6) and more than"),
        (20.0, "no more than at the peak of 1929 (32.6) and less than"),
    ],
)
def test_the_place_of_the_last_value_is_told(value, words):
    frame = load("shiller").frame
    last = frame["month"] == frame["month"].max()
    with changed("shiller", frame.assign(cape=frame["cape"].mask(last, value))):
        assert words in value_market().finding
    cut = frame[frame["month"] > "1940-01"]
    with changed("shiller", cut), pytest.raises(DataError, match="from 1927-01 to 1931-12"):
        value_market()
