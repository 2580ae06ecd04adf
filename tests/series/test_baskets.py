"""Levels at the same age: chosen before the event, recomputed otherwise, never averaged."""

import csv
import hashlib
import json
import re
import runpy
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manias import DataError, InputError, basket, load, market_path, market_series, same_age
from manias import milestones as milestones_of
from manias.data.library import LIBRARY
from manias.lenses.ladder import AI_INDUSTRIES
from manias.series.baskets import (
    SELECTIONS,
    TECHNOLOGY,
    hold,
    members_at,
    month_ends,
    rebase,
    windows,
)

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "research" / "curation" / "market.py"
HALF_A_CENT = 0.005 + 1e-9
BASKETS = [(w, k) for w in ("dotcom", "ai") for k in ("technology", "ai-industries")]


@pytest.fixture(scope="module")
def curation():
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def industries():
    return load("us_industries")


def scrambled(dataset, after, seed=1):
    """The same industries with every later month replaced by noise."""
    rng = np.random.default_rng(seed)
    frame = dataset.frame.copy()
    later = frame["month"] > after
    frame.loc[later, "return"] = rng.uniform(-40, 50, later.sum())
    frame.loc[later, "firms"] = rng.integers(1, 500, later.sum())
    frame.loc[later, "size"] = rng.uniform(1, 1e5, later.sum())
    return replace(dataset, frame=frame)


@pytest.mark.parametrize(("window", "key"), BASKETS)
def test_members_and_weights_do_not_see_the_future(industries, window, key):
    where = windows()[window]
    honest = basket(window, key)
    other = basket(window, key, dataset=scrambled(industries, where.start))
    pd.testing.assert_frame_equal(honest.members, other.members)
    upto = slice(None, where.start)
    pd.testing.assert_series_equal(honest.path.values[upto], other.path.values[upto])
    assert not honest.path.values.equals(other.path.values)
    assert honest.fingerprint != other.fingerprint


@given(st.integers(-59, 29), st.sampled_from(["held", "monthly"]))
@settings(max_examples=15)
def test_a_level_over_its_neighbour_knows_no_later_month(industries, age, weighting):
    where = windows()["ai"]
    cut = where.start + age
    a = hold(TECHNOLOGY, where, weighting=weighting, dataset=industries)
    b = hold(TECHNOLOGY, where, weighting=weighting, dataset=scrambled(industries, cut))
    a, b = a[:cut], b[:cut]
    if age < 0:
        # Only the base of 100 lies later: the months among themselves must not move.
        b = b * (a.iloc[-1] / b.iloc[-1])
    pd.testing.assert_series_equal(a, b, rtol=1e-9)


@pytest.mark.parametrize(("window", "key"), BASKETS)
def test_wealth_by_industry_adds_up_to_the_basket(industries, window, key):
    where = windows()[window]
    names = TECHNOLOGY if key == "technology" else list(AI_INDUSTRIES)
    rows = {
        (str(r.month), r.industry): r
        for r in industries.frame.itertuples()
        if r.industry in names
    }
    first = str(where.start)
    wealth = {n: rows[first, n].firms * rows[first, n].size for n in names}
    found, month = {}, where.start
    while (str(month), names[0]) in rows and month <= where.start + where.after:
        for n in names:
            wealth[n] *= 1 + rows[str(month), n]._3 / 100
        found[month] = sum(wealth.values())
        month += 1
    by_hand = pd.Series(found) / found[where.start] * 100
    levels = basket(window, key).path.values[where.start :]
    np.testing.assert_allclose(levels.to_numpy(), by_hand.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize(("window", "key"), BASKETS)
def test_shipped_rows_are_the_baskets_made_anew(window, key):
    shipped, made = market_path(window, key), basket(window, key)
    assert shipped.values.index.equals(made.path.values.index)
    assert (shipped.values - made.path.values).abs().max() <= HALF_A_CENT
    assert shipped.grade == made.path.grade == "A"
    table = load("ai_market").tables["members"]
    table = table[(table["window"] == window) & (table["basket"] == key)]
    assert table["industry"].tolist() == made.members.index.tolist()
    assert table["weight"].sum() == pytest.approx(1, abs=1e-5)
    assert table["weight"].tolist() == pytest.approx(made.members["weight"].tolist(), abs=1e-6)
    expected = TECHNOLOGY if key == "technology" else AI_INDUSTRIES
    assert set(table["industry"]) == set(expected)


def test_the_market_is_the_market(industries):
    table = industries.tables["market"].set_index("month")
    growth = (1 + (table["market_excess"] + table["risk_free"]) / 100).cumprod()
    for window in windows().values():
        shipped = market_path(window.key, "market").values
        made = growth[shipped.index] / growth[window.start] * 100
        assert (shipped - made).abs().max() <= HALF_A_CENT


def test_a_row_of_the_industries_stands_for_the_beginning_of_its_month(industries):
    frame = industries.frame.assign(value=lambda f: f["firms"].astype(float) * f["size"])
    wide = frame.pivot(index="month", columns="industry", values=["value", "return"])["1980":]
    for name in TECHNOLOGY:
        growth = wide["value"][name].pct_change()
        before, same = wide["return"][name].shift(), wide["return"][name]
        assert growth.corr(before) > 0.7 and abs(growth.corr(same)) < 0.1


def test_every_series_is_100_at_the_event_and_was_listed_before():
    frame = load("ai_market").frame
    table = market_series()
    for row in table[table["shipped"] == "yes"].itertuples():
        where = windows()[row.window]
        path = market_path(row.window, row.series)
        assert path.values[where.start] == 100
        assert path.values.index[0] < where.start
        gaps = path.values.index[path.values.isna()]
        assert gaps.empty or (row.series in ("EMC", "TLAB") and gaps.max() < where.start)
        assert path.values.index.isin(where.months).all()
        assert path.grade == ("A" if "french" in path.sources[0] else "B")
    left_out = table[table["shipped"] == "no"]
    keys = set(zip(frame["window"], frame["series"], strict=True))
    assert keys.isdisjoint(zip(left_out["window"], left_out["series"], strict=True))
    assert left_out["note"].notna().all() and left_out["first"].isna().all()


def test_no_more_than_two_decimals_is_shipped():
    with (ROOT / "datasets" / "ai_market" / "data.csv").open(newline="") as lines:
        assert all(re.fullmatch(r"\d+\.\d\d", r["level"]) for r in csv.DictReader(lines))


def test_single_names_are_flagged_and_cannot_be_averaged():
    table = market_series()
    assert set(table["selection"]) == set(SELECTIONS)
    names = table[table["kind"] == "name"]
    assert set(names["selection"]) == {"selected", "hindsight"}
    assert set(names.loc[names["window"] == "dotcom", "selection"]) == {"selected"}
    builders = set(load("ai_capex").frame["company"])
    assert set(names.loc[names["selection"] == "hindsight", "name"]) == builders
    with pytest.raises(InputError, match="basket 'MSFT': expected one of ai-industries, tech"):
        basket("dotcom", "MSFT")
    assert set(same_age()["selection"]) == {"rule"}
    assert set(same_age(["technology", "MSFT"])["selection"]) == {"rule", "selected"}


def test_both_waves_at_the_same_age():
    table = same_age(["sox", "nasdaq-composite"])
    for row in table[table["tau"].isin([-1, 0, 12, 36])].itertuples():
        for key, level in (("dotcom", row.dotcom), ("ai", row.ai)):
            path = market_path(key, row.series)
            assert level == path.values[path.anchors["onset"] + row.tau]
    late = table.set_index(["series", "tau"]).loc[("sox", 100)]
    assert np.isnan(late["ai"]) and late["dotcom"] > 0


def test_known_turning_points():
    found = milestones_of("dotcom").set_index("series")
    assert set(found.loc[["technology", "nasdaq-100", "sox"], "peak"].astype(str)) == {
        "2000-03"
    }
    assert str(found.loc["technology", "trough"]) == "2002-09"
    assert found.loc["technology", "fall"] == pytest.approx(-0.79, abs=0.005)
    # 31 August 1995 and 29 February 2000: 1,020.11 and 4,696.69 points.
    assert found.loc["nasdaq-composite", "highest"] == pytest.approx(460.41, abs=0.005)
    assert market_path("ai", "technology").anchors["peak"] is None
    early = milestones_of("dotcom", as_of="1999-12").set_index("series")
    assert str(early.loc["technology", "peak"]) == "1999-12"


def test_levels_before_the_event_are_not_known_before_it():
    path = market_path("ai", "technology")
    with pytest.raises(DataError, match="nothing was published by 2021-12-31"):
        path.as_of("2021-12")
    assert path.as_of("2022-11").values.index[-1] == pd.Period("2022-11", "M")
    early = load("ai_market").as_of("2022-10")
    assert set(early.frame["window"]) == set(early.tables["members"]["window"]) == {"dotcom"}
    assert same_age(["technology"], as_of="2022-10")["ai"].isna().all()
    assert load("ai_market").as_of("2023-01").frame["month"].max() == pd.Period("2023-01", "M")


def test_what_a_wave_would_hold_is_not_known_before_it_began():
    kept = {part: load("ai_market").tables[part] for part in ("windows", "series", "data")}
    dotcom = {("ai_market", p): t[t["window"] == "dotcom"] for p, t in kept.items()}
    honest = same_age(as_of="1999-12")
    with LIBRARY.holding(dotcom).open():
        pd.testing.assert_frame_equal(same_age(as_of="1999-12"), honest)
    assert list(honest) == list(same_age()) and honest["ai"].isna().all()


MESSAGES = [
    (lambda: basket("railways"), "window 'railways': expected one of dotcom, ai"),
    (lambda: market_path("ai", "NASDAQ"), "series 'NASDAQ': expected one of technology"),
    (lambda: market_path("dotcom", "smh"), "left out .the fund began later: first row 2000-06"),
    (lambda: market_path("ai", "CRWV"), "left out .*not listed at the start"),
    (lambda: same_age(["smh"]), "series 'smh': expected some of technology"),
    (lambda: same_age(as_of="1994-01"), "expected 1995-08 or later"),
    (lambda: milestones_of("ai", as_of="2022-10"), "before the event; expected 2022-11"),
    (lambda: hold(["Chipz"], windows()["ai"]), "industry 'Chipz': expected some of Aero"),
    (lambda: hold([], windows()["ai"]), "no industry given"),
    (lambda: hold(["Chips", "Chips"], windows()["ai"]), "'Chips' is given twice"),
    (lambda: hold(["Chips"], windows()["ai"], weighting="equal"), "expected one of held, mon"),
]


@pytest.mark.parametrize(("call", "words"), MESSAGES, ids=[m[1][:20] for m in MESSAGES])
def test_what_is_not_accepted_is_named(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_gaps_and_impossible_levels_are_named(industries):
    where, frame = windows()["ai"], industries.frame
    hole = (frame["month"] == pd.Period("2024-03", "M")) & (frame["industry"] == "Chips")
    with pytest.raises(DataError, match="Chips: nothing on record in 2024-03"):
        hold(["Softw", "Chips"], where, dataset=replace(industries, frame=frame[~hole]))
    hole = (frame["month"] == where.start) & (frame["industry"] == "Chips")
    with pytest.raises(DataError, match="Chips: no market value at the beginning of 2022-11"):
        members_at(["Chips"], where.start, replace(industries, frame=frame[~hole]))
    months = pd.period_range("2022-10", periods=3, freq="M")
    with pytest.raises(DataError, match="no level in 2023-02"):
        rebase(pd.Series(1.0, months, name="x"), pd.Period("2023-02", "M"))
    with pytest.raises(DataError, match="level -1 in 2022-12"):
        rebase(pd.Series([1.0, 1.0, -1.0], months, name="x"), months[0])


# A small folder of originals, made up; no figure of a vendor is in these tests.

DAYS = pd.bdate_range("1990-01-01", "2006-02-10")


def walk(seed):
    rng = np.random.default_rng(seed)
    return pd.Series(50 * np.exp(np.cumsum(rng.normal(0, 0.01, len(DAYS)))), DAYS)


@pytest.fixture
def workshop(tmp_path):
    """A dataset of three made-up series beside the real rows of the baskets."""
    dataset, folder = tmp_path / "ai_market", tmp_path / "originals"
    shutil.copytree(ROOT / "datasets" / "ai_market", dataset)
    (folder / "prices").mkdir(parents=True)
    plain, adjusted = walk(1), walk(2)
    old = pd.DataFrame({"Date": DAYS, "Close": 1.0, "Adj Close": adjusted.round(2).to_numpy()})
    files = {
        "prices/PLAIN.csv": pd.DataFrame({"date": DAYS, "close": plain.to_numpy()}),
        "prices/OLD.csv": old.iloc[::-1],
    }
    with (dataset / "series.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    kept = [r for r in rows if r["kind"] == "basket" and r["window"] == "dotcom"]
    for name, table in files.items():
        table.to_csv(folder / name, index=False, date_format="%Y-%m-%d")
        key = Path(name).stem
        sha = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        template = next(r for r in rows if r["series"] == "MSFT" and r["window"] == "dotcom")
        kept.append(template | {"series": key, "name": key, "original": name, "sha256": sha})
    write(dataset, kept)
    return dataset, folder, {"PLAIN": plain, "OLD": adjusted.round(2)}


def write(dataset, rows):
    with (dataset / "series.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change(dataset, key, **cells):
    with (dataset / "series.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    write(dataset, [r | cells if r["series"] == key else r for r in rows])


def test_rebuilt_levels_agree_with_pandas(curation, workshop):
    dataset, folder, closes = workshop
    curation["build"]([folder], dataset)
    data = pd.read_csv(dataset / "data.csv", dtype={"level": str})
    for key, daily in closes.items():
        rows = data[data["series"] == key].set_index("month")["level"].astype(float)
        ends = daily.resample("ME").last()["1990-08":"2005-08"]
        expected = 100 * ends / ends.loc["1995-08-31"]
        assert rows.index.tolist() == ends.index.strftime("%Y-%m").tolist()
        assert np.abs(rows.to_numpy() - expected.to_numpy()).max() <= HALF_A_CENT
    with (dataset / "datapackage.json").open() as file:
        resources = {r["name"]: r for r in json.load(file)["resources"]}
    assert resources["data"]["rows"] == len(data)
    early = data[data["month"] < "1995-08"]
    assert set(early["known"]) == {"1995-08-31"}
    assert data.loc[data["month"] >= "1995-08", "known"].isna().all()


def test_later_closes_change_no_earlier_level(curation, workshop):
    dataset, folder, _ = workshop
    curation["build"]([folder], dataset)
    before = (dataset / "data.csv").read_text().splitlines()
    path = folder / "prices/PLAIN.csv"
    table = pd.read_csv(path)
    table.loc[table["date"] > "2000-03-31", "close"] *= 1000
    table.to_csv(path, index=False)
    change(dataset, "PLAIN", sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    curation["build"]([folder], dataset)
    after = (dataset / "data.csv").read_text().splitlines()
    moved = [a for a, b in zip(before, after, strict=True) if a != b]
    assert moved and all(line.split(",")[1:3] >= ["PLAIN", "2000-04"] for line in moved)


def test_a_second_folder_is_looked_in(curation, workshop, tmp_path):
    dataset, folder, _ = workshop
    other = tmp_path / "more" / "prices"
    other.mkdir(parents=True)
    (folder / "prices/OLD.csv").rename(other / "OLD.csv")
    with pytest.raises(DataError, match=r"prices/OLD.csv: not found in .*originals; expected"):
        curation["build"]([folder], dataset)
    curation["build"]([folder, other.parent], dataset)


def test_what_is_wrong_with_an_original_is_named(curation, workshop):
    dataset, folder, _ = workshop
    path = folder / "prices/PLAIN.csv"
    text = path.read_text()
    path.write_text(text + "2006-02-13,1.0\n")
    with pytest.raises(DataError, match=r"PLAIN.csv: sha256 [0-9a-f]{64}; expected"):
        curation["build"]([folder], dataset)

    def put(content):
        path.write_text(content)
        change(dataset, "PLAIN", sha256=hashlib.sha256(content.encode()).hexdigest())

    put(text.replace("date,close", "date,last"))
    with pytest.raises(InputError, match=r"PLAIN.csv, row 1: no column 'close'"):
        curation["build"]([folder], dataset)
    put(text + text.splitlines()[-1] + "\n")
    with pytest.raises(InputError, match=r"PLAIN.csv, row \d+: 2006-02-10 stands twice"):
        curation["build"]([folder], dataset)
    lines = text.splitlines()
    late = [lines[0], *(line for line in lines[1:] if line >= "1995-08-09")]
    put("\n".join(late) + "\n")
    with pytest.raises(DataError, match=r"PLAIN \(dotcom\): no close in 1995-07"):
        curation["build"]([folder], dataset)


def test_low_month_ends_of_two_decimals_are_left_out(curation, workshop):
    dataset, folder, _ = workshop
    path = folder / "prices/OLD.csv"
    table = pd.read_csv(path)
    # A month that ends too low is left out whole: no earlier day of it stands in.
    table.loc[table["Date"] == "1992-03-31", "Adj Close"] = 0.49
    table.loc[table["Date"] == "1992-04-30", "Adj Close"] = 0.5
    table.to_csv(path, index=False)
    change(dataset, "OLD", sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    curation["build"]([folder], dataset)
    months = pd.read_csv(dataset / "data.csv").query("series == 'OLD'")["month"].tolist()
    assert "1992-03" not in months and {"1992-02", "1992-04"} <= set(months)
    assert curation["closes"](path)[1] == pytest.approx(0.5)
    assert curation["closes"](folder / "prices/PLAIN.csv")[1] < 1e-9


def test_the_unfinished_month_is_left_out_and_no_month_is_filled():
    days = pd.to_datetime(["2000-01-31", "2000-03-31", "2000-04-03"])
    ends = month_ends(pd.Series([1.0, 2.0, 3.0], days))
    assert ends.index.astype(str).tolist() == ["2000-01", "2000-03"]
