"""Levels that follow from the industries: never behind them, and nothing else moves."""

import csv
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from manias.errors import InputError
from manias.refresh.baskets import FEED, is_derived, read_baskets
from manias.refresh.feed import Present

SOURCE = Path(str(files("manias._datasets")))
USED = ("us_industries", "ai_market", "later_market")
NOW = Present(SOURCE)


@pytest.fixture
def root(tmp_path):
    for name in USED:
        shutil.copytree(SOURCE / name, tmp_path / name)
    return tmp_path


def put(root, table, cells):
    path = root / "us_industries" / f"{table}.csv"
    cells.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def test_the_present_levels_follow_from_the_present_industries():
    staged = read_baskets({}, NOW)
    assert set(staged.tables) == {
        *(("ai_market", "data"), ("ai_market", "members"), ("later_market", "data"))
    }
    for (dataset, table), cells in staged.tables.items():
        assert cells.equals(NOW.cells(dataset, table))
    assert FEED.after == ("us_industries",) and not FEED.every


def test_a_month_more_moves_baskets_and_market_alone(root):
    data, market = NOW.cells("us_industries"), NOW.cells("us_industries", "market")
    last, end = data["month"].max(), market["month"].max()
    after, later = (str(pd.Period(m, "M") + 1) for m in (last, end))
    grown = data[data["month"] == last].assign(month=after, **{"return": "10.00"})
    put(root, "data", pd.concat([data, grown], ignore_index=True))
    more = pd.DataFrame([[later, "9.50", "0.50"]], columns=market.columns)
    put(root, "market", pd.concat([market, more], ignore_index=True))
    present = Present(root)
    staged = read_baskets({}, present)
    levels = staged.tables["ai_market", "data"]
    key = ["window", "series", "month"]
    both = NOW.cells("ai_market").merge(levels, on=key, how="outer", indicator=True)
    new = both[both["_merge"] != "both"]
    assert set(map(tuple, new[key].to_numpy())) == {
        ("ai", "technology", after), ("ai", "ai-industries", after), ("ai", "market", later)
    }  # fmt: skip
    # Where every industry returns a tenth, so does what is held of them.
    for series, month, before in (
        ("technology", after, last), ("ai-industries", after, last), ("market", later, end)
    ):  # fmt: skip
        of = levels[(levels["window"] == "ai") & (levels["series"] == series)]
        found = of.set_index("month")["level"].astype(float)
        assert found[month] / found[before] == pytest.approx(1.1, abs=1e-4)
    same = both[both["_merge"] == "both"]
    assert (same["level_x"] == same["level_y"]).all()
    wealth = staged.tables["later_market", "data"]
    assert wealth.iloc[: wealth.index[wealth["series"] == "market"][-1]].shape[0] > 0
    of = wealth[wealth["series"] == "market"]
    assert of["month"].max() == later
    others = NOW.cells("later_market").query("series != 'market'").reset_index(drop=True)
    assert wealth.query("series != 'market'").reset_index(drop=True).equals(others)
    assert staged.said == (f"us_industries: baskets to {after}, the market to {later}",)


def test_revised_returns_revise_the_levels_by_a_second_computation(root):
    data = NOW.cells("us_industries")
    rng = np.random.default_rng(5)
    recent = data["month"] >= "2015-01"
    noise = rng.normal(0, 3, recent.sum())
    data.loc[recent, "return"] = [
        f"{float(r) + x:.2f}" for r, x in zip(data.loc[recent, "return"], noise, strict=True)
    ]
    put(root, "data", data)
    staged = read_baskets({}, Present(root))
    members = staged.tables["ai_market", "members"]
    for key in ("technology", "ai-industries"):
        held = members[(members["window"] == "ai") & (members["basket"] == key)]
        wide = data[data["month"] > "2022-10"].pivot(
            index="month", columns="industry", values="return"
        )
        start = {r["industry"]: float(r["weight"]) for r in held.to_dict("records")}
        wealth = dict(start)
        path = {}
        for month, row in wide.iterrows():
            wealth = {k: v * (1 + float(row[k]) / 100) for k, v in wealth.items()}
            path[month] = sum(wealth.values())
        levels = staged.tables["ai_market", "data"]
        of = levels[(levels["window"] == "ai") & (levels["series"] == key)]
        found = of.set_index("month")["level"].astype(float)
        for month, value in path.items():
            assert found[month] == pytest.approx(100 * value / path["2022-11"], abs=0.02)


def test_industries_that_end_earlier_are_named(root):
    data, market = NOW.cells("us_industries"), NOW.cells("us_industries", "market")
    put(root, "data", data[data["month"] <= "2024-12"])
    put(root, "market", market[market["month"] <= "2024-12"])
    staged = read_baskets({}, Present(root))
    so_far = data["month"].max()
    line = f"ai_market, technology (ai): ends 2024-12, earlier than {so_far} so far"
    assert line in staged.said
    assert len(staged.said) == 4
    levels = staged.tables["ai_market", "data"]
    series = NOW.cells("ai_market", "series").set_index(["window", "series"])
    derived = [is_derived({"series": k[1], **series.loc[k]}) for k in series.index]
    made = set(series.index[derived])
    for key, of in levels.groupby(["window", "series"]):
        if key in made and key[0] == "ai":
            assert of["month"].max() == "2024-12"
    files_kept = [k not in made for k in zip(levels["window"], levels["series"], strict=True)]
    before = NOW.cells("ai_market")
    kept = [k not in made for k in zip(before["window"], before["series"], strict=True)]
    assert levels[files_kept].reset_index(drop=True).equals(before[kept].reset_index(drop=True))


def test_industries_without_months_are_refused(root):
    put(root, "data", NOW.cells("us_industries").head(0))
    with pytest.raises(InputError, match="us_industries: no months; expected returns"):
        read_baskets({}, Present(root))
