"""The later booms: chosen by a rule that sees no level, and no month that knows a later one."""

import csv
import hashlib
import os
import re
import runpy
import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manias import (
    DataError,
    InputError,
    Panel,
    RunUpRule,
    date_runups,
    later_indices,
    later_path,
    later_returns,
    later_series,
    later_themes,
    load,
    load_panel,
)
from manias.lenses.price_logit import backtest
from manias.series.baskets import SELECTIONS
from manias.series.later_booms import FIRST, charter, growth, hold_equal

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "datasets" / "later_market"
HALF_A_CENT = 0.005 + 1e-9
# `episodes` rounds to a tenth of a percent.
PRINTED = 0.05 + 1e-9
KEYS = later_series().query("shipped == 'yes'")["series"].tolist()
ORIGINALS = os.environ.get("MANIAS_ORIGINALS", "")


@pytest.fixture(scope="module")
def dataset():
    return load("later_market")


@pytest.fixture(scope="module")
def booms():
    frame = load("episodes").frame
    return frame[frame["group"] == "later"].set_index("id")


@pytest.fixture
def curation(monkeypatch):
    folder = ROOT / "research" / "curation"
    monkeypatch.syspath_prepend(str(folder))
    return runpy.run_path(str(folder / "later.py"))


def month(text):
    return pd.Period(text, "M")


# What stands for what.


def test_the_themes_are_the_later_episodes_and_ai_is_the_only_ongoing_one(booms):
    named = [key for theme in later_themes().values() for key in theme.episodes]
    assert sorted(named) == sorted(booms.index)
    frame = load("episodes").frame
    assert frame.loc[frame["group"] == "ongoing", "innovation"].isna().all()
    assert frame.loc[frame["group"] == "ongoing", "id"].tolist() == ["ai-2022"]
    assert set(later_themes()).isdisjoint(later_series()["series"])


@pytest.mark.parametrize("key", list(later_themes()))
def test_the_rule_gives_the_series_that_stands_for_a_theme(booms, key):
    theme = later_themes()[key]
    table = later_series(theme.subject).set_index("series")
    peak = month(booms.loc[theme.episodes[0], "peak"])
    has = (table["first"] <= peak - 24) & (table["last"] >= peak + 24)
    kept = table[table["kind"].isin(["index", "fund"]) & has]
    coins = table[(table["kind"] == "coin") & (table["shipped"] == "yes")]
    if len(kept):
        expected, clause = kept["first"].idxmin(), "4a"
    elif len(coins):
        expected, clause = coins["first"].idxmin(), "4b"
    else:
        expected, clause = table.index[table["kind"] == "basket"][0], "4c"
    assert (theme.series, theme.clause) == (expected, clause)
    assert theme.selection == ("selected" if clause == "4c" else "rule")
    assert theme.start == table.loc[theme.series, "start"]
    shipped = table.index[table["shipped"] == "yes"]
    assert {theme.series, *theme.others} == set(shipped)
    # Whatever the clause, the run-up and what followed are on record.
    span = later_path(key).values.index
    assert span[0] <= peak - 24 and span[-1] >= peak + 24


def test_every_file_of_a_basket_is_on_record_and_only_its_first_members_are_in(dataset):
    members = dataset.tables["members"]
    starts = later_series().set_index("series")["start"]
    for key, rows in members.groupby("series"):
        start, names = charter(rows.set_index("member")["month"])
        assert start == starts[key]
        assert len(names) == 2
        later = rows[~rows["member"].isin(names)]
        assert (later["month"] > start).all()


@given(st.lists(st.integers(0, 90), min_size=2, max_size=6), st.lists(st.integers(91, 200)))
@settings(max_examples=40)
def test_a_later_listing_changes_no_basket(early, late):
    months = [FIRST + n for n in early + late]
    since = pd.Series(pd.PeriodIndex(months), [f"c{n}" for n in range(len(months))])
    assert charter(since) == charter(since.iloc[: len(early)])
    start, names = charter(since)
    assert len(names) >= 2 and max(since[list(names)]) == start


def test_what_is_left_out_is_named_with_why(dataset):
    table = later_series()
    left_out = table[table["shipped"] == "no"]
    assert left_out["note"].notna().all() and left_out["first"].isna().all()
    assert set(left_out["series"]).isdisjoint(dataset.frame["series"])
    assert set(table["selection"]) <= set(SELECTIONS)
    singles = table[table["kind"].isin(["name", "basket"])]
    assert set(singles["selection"]) == {"selected"}


# What the levels are.


@pytest.mark.parametrize("key", KEYS)
def test_levels_are_positive_whole_and_100_in_the_first_month(key):
    path, row = later_path(key), later_series().set_index("series").loc[key]
    values = path.values
    assert values.notna().all() and (values > 0).all()
    assert values.index.equals(pd.period_range(row["start"], row["last"]))
    assert values.iloc[0] == 100 and values.index[0] >= FIRST
    assert path.grade == ("A" if key == "market" else "B")
    assert set(path.sources) <= set(row["source"].split("; "))
    assert path.anchors == {"onset": None, "commercialised": None, "peak": None}


def test_no_more_than_two_decimals_is_shipped():
    with (TABLES / "data.csv").open(newline="") as lines:
        assert all(re.fullmatch(r"\d+\.\d\d", r["level"]) for r in csv.DictReader(lines))


def test_sizes_agree_with_those_of_the_episodes(dataset, booms):
    table = dataset.tables["series"]
    table = table[(table["shipped"] == "yes") & (table["kind"] != "market")]
    by_file = table.dropna(subset=["original"]).set_index(
        table["original"].dropna().map(lambda name: Path(name).stem)
    )["series"]
    for key, boom in booms.iterrows():
        series = by_file[Path(boom["locator"].split(",")[0]).stem]
        values = later_path(series).values
        peak, trough = month(boom["peak"]), month(boom["trough"])
        fall = change_of(values, peak, trough)
        assert fall == pytest.approx(boom["fall_pct"], abs=slack(values, peak, trough)), key
        if pd.isna(boom["onset"]):
            # The fund followed other shares before its first month here.
            assert series == "mj" and pd.isna(boom["rise_pct"])
            continue
        onset = month(boom["onset"])
        rise = change_of(values, onset, peak)
        assert rise == pytest.approx(boom["rise_pct"], abs=slack(values, onset, peak)), key


def change_of(values, start, end):
    return 100 * (values[end] / values[start] - 1)


def slack(values, start, end):
    """Printed to a tenth, from levels that are each half a cent off at most."""
    off = HALF_A_CENT / values[start] + HALF_A_CENT / values[end]
    return PRINTED + 100 * values[end] / values[start] * off


@pytest.mark.parametrize("key", list(later_themes()))
def test_what_stands_for_a_theme_rose_and_fell_with_it(booms, key):
    # The series need not be the one that dated the episode: its high may lie a year away, but
    # within three years it must have lost two fifths, the crash of the ladder's rule.
    boom = booms.loc[later_themes()[key].episodes[0]]
    values = later_path(key).values
    around = values[month(boom["peak"]) - 24 : month(boom["peak"]) + 24]
    high = around.idxmax()
    assert abs((high - month(boom["peak"])).n) <= 12
    assert values[high : high + 36].min() / values[high] - 1 < -0.4
    assert values[high] / values[high - 24] - 1 > 0.5


def test_the_market_is_the_market():
    panel = load_panel().market
    table = load("us_industries").tables["market"].set_index("month")
    made = (1 + (table["market_excess"] + table["risk_free"]) / 100).cumprod()
    shipped = later_path("market").values
    expected = made[shipped.index] / made[FIRST] * 100
    assert (shipped - expected).abs().max() <= HALF_A_CENT
    assert shipped.index[-1] == table.index[-1] >= panel.index[-1]


def test_the_s_and_p_500_follows_the_market_where_both_are_on_record():
    whole, bare = later_path("sp500-total").values, later_path("sp500").values
    market = later_path("market").values
    assert later_path("sp500").values.index[-1] > whole.index[-1] > market.index[-1]
    months = market.index[1:]
    assert whole.pct_change()[months].corr(market.pct_change()[months]) > 0.99
    # Large companies against all: over two years never more than 7 points apart.
    apart = (whole / whole.shift(24) - market / market.shift(24)).dropna()
    assert apart.abs().max() < 0.07
    # The dividends of a year are 1.0 to 3.7% of the price in these years.
    yields = (whole / whole.shift(12)) / (bare / bare.shift(12)) - 1
    assert yields.dropna().between(0.01, 0.037).all()


# What a lens asks.


@pytest.mark.parametrize("key", list(later_themes()))
def test_returns_are_the_ratios_of_levels_on_the_same_months(key):
    found = later_returns(key)
    levels = [later_path(k).values for k in (key, "market")]
    both = levels[0].index.intersection(levels[1].index)
    assert found.returns.index.equals(pd.period_range(both[1], both[-1]))
    for column, values in zip(("index", "market"), levels, strict=True):
        values = values[both].to_numpy()
        np.testing.assert_allclose(found.returns[column], values[1:] / values[:-1] - 1)
    assert found.grade == "B" and found.selection == later_themes()[key].selection
    assert later_returns(key).fingerprint == found.fingerprint
    assert later_returns(key, market="sp500").fingerprint != found.fingerprint


def scrambled(dataset, after, seed=1):
    """The same levels with every later month replaced by noise."""
    frame = dataset.frame.copy()
    late = frame["month"] > after
    frame.loc[late, "level"] = np.random.default_rng(seed).uniform(1, 1e4, late.sum())
    tables = MappingProxyType(dict(dataset.tables) | {"data": frame})
    return replace(dataset, frame=frame, tables=tables)


@given(st.integers(36, 240), st.sampled_from(list(later_themes())))
@settings(max_examples=25)
def test_the_past_does_not_see_the_future(dataset, age, key):
    theme = later_themes()[key]
    cut = min(max(FIRST + age, theme.start + 4), later_path(key).values.index[-1] - 1)
    other = scrambled(dataset, cut)
    for market in ("market", "sp500-total", "sp500"):
        one = later_returns(key, market=market, as_of=str(cut))
        two = later_returns(key, market=market, as_of=str(cut), dataset=other)
        pd.testing.assert_frame_equal(one.returns, two.returns)
        assert one.returns.index[-1] <= cut and one.fingerprint == two.fingerprint
    assert later_themes(other) == later_themes()
    whole = later_returns(key, dataset=other)
    assert not whole.returns.equals(later_returns(key).returns)


def test_dividends_are_known_a_month_later():
    with (ROOT / "datasets" / "shiller" / "datapackage.json").open() as file:
        assert '"lag_days": 31' in file.read()
    path = later_path("sp500-total")
    assert (path.published - path.values.index.end_time.normalize()).dt.days.eq(31).all()
    assert path.as_of("2010-07").values.index[-1] == month("2010-06")
    assert later_path("sp500").as_of("2010-07").values.index[-1] == month("2010-07")


def test_the_tables_can_be_cut_whole(dataset):
    early = dataset.as_of("2016-12")
    assert early.frame["month"].max() == month("2016-12")
    assert "mj" not in set(early.tables["series"]["series"])
    assert "ev-2021" not in later_themes(early) and "crypto-2017" in later_themes(early)
    assert later_path("bitcoin", dataset=early).values.index[-1] == month("2016-12")


def date_runups_of(key):
    found = later_returns(key).returns
    firms = pd.DataFrame(1.0, found.index, ["index"])
    panel = Panel(found[["index"]], firms, found["market"])
    return date_runups(panel, RunUpRule(min_firms=0))


def test_returns_can_be_placed_on_the_ladder():
    first = date_runups_of("crypto-2017")[0]
    levels, market = later_path("bitcoin").values, later_path("market").values
    raw = levels[first.crossing] / levels[first.crossing - 24] - 1
    assert first.raw == pytest.approx(raw) and raw >= 1
    assert first.net == pytest.approx(
        raw - (market[first.crossing] / market[first.crossing - 24] - 1)
    )
    assert first.peak == month("2017-12") and first.is_crash


def test_the_lens_from_prices_takes_every_theme():
    indices = later_indices()
    assert list(indices) == list(later_themes())
    for key, index in indices.items():
        found = later_returns(key)
        assert index.levels.index.equals(index.market.index)
        made = growth(index.levels, index.market)
        pd.testing.assert_frame_equal(made, found.returns)
        assert (index.selection, index.grade) == (found.selection, found.grade)
    row = backtest(indices, {"crypto-2017": ["2016-12"]}).iloc[0]
    runup = date_runups_of("crypto-2017")[0]
    assert row["failed"] == "" and 0 < row["p"] < 1 and row["fell"] == 1.0
    assert (row["runup"], row["net"]) == pytest.approx((runup.raw, runup.net))
    assert str(runup.crossing) == row["month"]
    with pytest.raises(InputError, match="market 'nasdaq': expected one of market, sp500-tot"):
        later_indices(market="nasdaq")


MESSAGES = [
    (lambda: later_path("solar"), "series 'solar': expected one of solar-2007, 3d-printing-20"),
    (lambda: later_path("MARA"), "series 'MARA': left out .a miner; a licenser of patents"),
    (lambda: later_series("solar"), "subject 'solar': expected one of market, clean-energy"),
    (lambda: later_returns("ev", market="pbw"), "market 'pbw': expected one of market, sp500"),
]


@pytest.mark.parametrize(("call", "words"), MESSAGES, ids=[m[1][:20] for m in MESSAGES])
def test_what_is_not_accepted_is_named(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_equal_parts_are_held_and_gaps_are_named():
    months = pd.period_range("2018-09", periods=4, freq="M")
    one = pd.Series([1.0, 2.0, 3.0, 4.0], months)
    three = pd.DataFrame({"a": one, "b": one * 0 + 7, "c": one**2})
    assert hold_equal(three).tolist() == pytest.approx([100, 700 / 3, 1300 / 3, 700])
    gap = pd.Series(1.0, pd.period_range("2018-09", periods=6, freq="M"))
    with pytest.raises(DataError, match="no return of both in 2018-11; expected every month"):
        growth(gap.drop(gap.index[2]), gap)
    with pytest.raises(DataError, match="no month with a return of both"):
        growth(one, one.shift(12, freq="M"))
    with pytest.raises(DataError, match="b: close nan in 2018-10; expected more than 0"):
        hold_equal(pd.DataFrame({"a": one, "b": one.where(one != 2)}))
    with pytest.raises(DataError, match="1 companies; expected 2 or more"):
        charter(pd.Series(months[:1], ["a"]))
    with pytest.raises(DataError, match="nothing was published by 2004-12-31"):
        later_returns("solar-2007", as_of="2004")


# Made anew, from a small folder of made-up originals; no figure of a vendor is in these tests.

DAYS = pd.bdate_range("2014-01-01", "2019-05-10")


def walk(seed):
    rng = np.random.default_rng(seed)
    return pd.Series(50 * np.exp(np.cumsum(rng.normal(0, 0.02, len(DAYS)))), DAYS)


@pytest.fixture
def workshop(tmp_path):
    """One fund, one basket of two with a third listed later, and the real market."""
    dataset, folder = tmp_path / "later_market", tmp_path / "originals"
    shutil.copytree(TABLES, dataset)
    folder.mkdir()
    closes = {"FUND": walk(1), "ONE": walk(2), "TWO": walk(3)["2015-03-10":]}
    for key, daily in closes.items():
        table = pd.DataFrame({"Date": daily.index, "Close": daily.to_numpy()})
        table.to_csv(folder / f"{key}.csv", index=False, date_format="%Y-%m-%d")
    series, members = rows(dataset / "series.csv"), rows(dataset / "members.csv")
    made = {row["series"]: row for row in series}
    write(
        dataset / "series.csv",
        [
            made["market"],
            made["pbw"] | original(folder, "FUND") | {"series": "fund", "start": "2014-01"},
            made["ev"] | {"series": "both", "start": "2015-03"},
        ],
    )
    listed = {"ONE": "2014-01", "TWO": "2015-03", "FUND": "2015-04"}
    write(
        dataset / "members.csv",
        [
            members[0] | original(folder, key) | {"series": "both", "member": key, "month": m}
            for key, m in listed.items()
        ],
    )
    return dataset, folder, closes


def original(folder, key):
    sha = hashlib.sha256((folder / f"{key}.csv").read_bytes()).hexdigest()
    return {"original": f"{key}.csv", "sha256": sha}


def rows(path):
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def write(path, table):
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, table[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def change(path, column, key, **cells):
    write(path, [r | cells if r[column] == key else r for r in rows(path)])


def levels_in(dataset, key):
    data = pd.read_csv(dataset / "data.csv").query("series == @key")
    return data.set_index("month")["level"]


def test_rebuilt_levels_agree_with_pandas(curation, workshop):
    dataset, folder, closes = workshop
    curation["build"]([folder], dataset)
    ends = {k: s.resample("ME").last().iloc[:-1] for k, s in closes.items()}
    expected = {
        "fund": 100 * ends["FUND"] / ends["FUND"].iloc[0],
        "both": 50
        * sum(ends[k]["2015-03":] / ends[k]["2015-03"].iloc[0] for k in ("ONE", "TWO")),
    }
    for key, levels in expected.items():
        found = levels_in(dataset, key)
        assert found.index.tolist() == levels.index.strftime("%Y-%m").tolist()
        assert np.abs(found.to_numpy() - levels.to_numpy()).max() <= HALF_A_CENT
    shipped = later_path("market").values
    assert levels_in(dataset, "market").tolist() == shipped.tolist()


def test_later_closes_change_no_earlier_level(curation, workshop):
    dataset, folder, _ = workshop
    curation["build"]([folder], dataset)
    before = (dataset / "data.csv").read_text().splitlines()
    path = folder / "ONE.csv"
    table = pd.read_csv(path)
    table.loc[table["Date"] > "2017-06-30", "Close"] *= 1000
    table.to_csv(path, index=False)
    change(dataset / "members.csv", "member", "ONE", **original(folder, "ONE"))
    curation["build"]([folder], dataset)
    after = (dataset / "data.csv").read_text().splitlines()
    moved = [a for a, b in zip(before, after, strict=True) if a != b]
    assert moved and all(line.split(",")[:2] >= ["both", "2017-07"] for line in moved)


def test_what_is_wrong_with_an_original_is_named(curation, workshop):
    dataset, folder, _ = workshop
    path = folder / "TWO.csv"
    text = path.read_text()
    path.write_text(text + "2019-05-13,1.0\n")
    with pytest.raises(DataError, match=r"TWO.csv: sha256 [0-9a-f]{64}; expected"):
        curation["build"]([folder], dataset)
    lines = text.splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith("2016-02")) + "\n")
    change(dataset / "members.csv", "member", "TWO", **original(folder, "TWO"))
    with pytest.raises(DataError, match="TWO: close nan in 2016-02; expected more than 0"):
        curation["build"]([folder], dataset)
    path.write_text(text)
    change(dataset / "members.csv", "member", "TWO", **original(folder, "TWO"))
    change(dataset / "series.csv", "series", "fund", start="2013-12")
    with pytest.raises(DataError, match="fund: begins 2014-01; expected 2013-12 as in series"):
        curation["build"]([folder], dataset)


@pytest.mark.skipif(not ORIGINALS, reason="MANIAS_ORIGINALS names no folder of originals")
def test_the_shipped_levels_are_the_originals_made_anew(curation, tmp_path):
    dataset = tmp_path / "later_market"
    shutil.copytree(TABLES, dataset)
    curation["build"]([Path(text) for text in ORIGINALS.split(os.pathsep)], dataset)
    for name in ("data.csv", "datapackage.json"):
        assert (dataset / name).read_bytes() == (TABLES / name).read_bytes()
