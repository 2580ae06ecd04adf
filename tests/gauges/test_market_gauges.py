"""Market gauges: no reading sees the future, and each is checked by another way of reading."""

import numpy as np
import pandas as pd
import pytest
from manias.data.calendar import known
from manias.data.library import LIBRARY, load
from manias.errors import DataError, StaleError
from manias.evaluation.cards import checksum, dumps, loads
from manias.explosive.recursive import recursive_tests
from manias.gauges import gauge as contract
from manias.gauges.explosive_prices import SIZES, bsadf_path, price_over_dividend
from manias.gauges.gauge import Gauge, judged
from manias.gauges.kept import FOLDER, load_scoreboard, staleness
from manias.gauges.log_periodic import LONGEST, confidence
from manias.gauges.own import said_by_year
from manias.gauges.registry import find_gauge, find_target, list_gauges, list_targets
from manias.gauges.targets import us_shares
from manias.lenses.features import load_conditions
from manias.series.indices import Index, crossings
from manias.series.runups import RunUpRule, date_runups, load_panel

PRICES = {"us", "us-railroads", "us-industries", "countries", "gb"}
QUICK = [g.key for g in list_gauges() if g.target in PRICES and not g.is_slow]
DAYS = {"gb": "1860-12-31", "us-railroads": "1893-05-31"}


def scrambled(day):
    """The library with every number that was observed after a day drawn anew."""
    rng = np.random.default_rng(7)
    others = {}
    for name in ("shiller", "us_railroad_stocks", "world_shares", "us_industries",
                 "history_money", "us_macro", "us_it_investment", "us_credit"):  # fmt: skip
        dataset = load(name)
        for part, frame in dataset.tables.items():
            clock = dataset.clocks[part]
            if "observed" not in clock:
                continue
            later = (known(frame, clock, by="observed") > day).to_numpy()
            made = frame.copy()
            for column in made.select_dtypes("number"):
                if column in ("firms",) or not later.any():
                    continue
                values = made[column].to_numpy(dtype=float, na_value=np.nan, copy=True)
                values[later] = np.abs(values[later]) * rng.uniform(0.2, 5, later.sum())
                made[column] = values
            others[name, part] = made
    return LIBRARY.holding(others)


@pytest.fixture(scope="module")
def futures():
    made = {}

    def future(day):
        if day not in made:
            made[day] = scrambled(pd.Timestamp(day))
        return made[day]

    return future


def moves(gauge, day, library):
    """Whether a reading to a day is another where the future is."""
    plain = gauge.readings()
    with library.open():
        other = gauge.readings()
    past = plain.signal.index.end_time.normalize() <= pd.Timestamp(day)
    there = other.signal.reindex_like(plain.signal)[past]
    values = other.value.reindex_like(plain.value)[past]
    if past.all() or other.value.reindex_like(plain.value)[~past].equals(plain.value[~past]):
        raise AssertionError(f"{gauge.key}: nothing was scrambled after {day}")
    return not (
        there.equals(plain.signal[past])
        and np.allclose(values, plain.value[past], rtol=1e-9, equal_nan=True)
    )


@pytest.mark.parametrize("key", QUICK)
def test_a_scrambled_future_moves_no_reading(key, futures):
    gauge = find_gauge(key)
    day = DAYS.get(gauge.target, "1999-12-31")
    assert not moves(gauge, day, futures(day))


def test_a_gauge_that_sees_the_next_month_is_caught(futures):
    def peeking():
        price = us_shares()
        return judged(price / price.shift(-1), 1.0, unit="times")

    gauge = Gauge("peeks", "Peeks", "nobody", "trend", "", "", "us", peeking)
    assert moves(gauge, "1999-12-31", futures("1999-12-31"))


@pytest.mark.parametrize("key", ["shiller-cape-25", "gsy-100", "psy-us", "goetzmann-countries"])
def test_readings_as_of_a_day_are_those_of_the_whole_record_to_it(key):
    gauge = find_gauge(key)
    then, now = gauge.readings("1987-09"), gauge.readings()
    assert then.signal.index[-1] == pd.Period("1987-09", "M")
    kept = now.signal.reindex_like(then.signal)
    assert kept.equals(then.signal)


def test_runups_are_those_of_the_dated_crossings():
    signal = find_gauge("gsy-100").readings().signal
    dated = date_runups(load_panel(), RunUpRule())
    assert len(dated) > 40
    assert all(signal.loc[r.crossing, r.industry] == 1 for r in dated)
    first = {}
    for industry in signal:
        on = signal.index[signal[industry] == 1]
        first[industry] = on[0] if len(on) else None
    for industry in {r.industry for r in dated}:
        assert min(r.crossing for r in dated if r.industry == industry) == first[industry]


def test_a_doubling_is_a_crossing_of_an_index_beside_a_flat_market():
    signal = find_gauge("goetzmann-us").readings().signal["us"]
    price = us_shares()["us"]
    flat = Index("us", "us", price, price * 0 + 1, "selected", "C")
    rule = RunUpRule(threshold=1.0, window=12, horizon=1)
    assert signal.index[signal == 1].tolist() == crossings(flat, rule)


def test_bsadf_is_that_of_the_record_cut_at_each_month():
    whole = price_over_dividend()
    stat, boundary = bsadf_path(whole, size=SIZES["us"])
    rows = int(load("critical_values").frame.query("n == 2000")["rows"].iloc[0])
    for month in ("1929-08", "1999-12", "2021-12"):
        cut = whole[:month]
        found = recursive_tests(cut.to_numpy(), lag=0, min_window=rows)
        assert stat[month] == pytest.approx(found.bsadf[-1], abs=1e-8)
    assert boundary.is_monotonic_increasing


def test_the_boundary_of_a_record_longer_than_the_table_is_refused():
    with pytest.raises(DataError, match="critical values of 1000 observations for 1864"):
        bsadf_path(price_over_dividend(), size=1000)


def test_kept_lppls_agrees_with_a_fit_on_a_spot_date():
    kept = find_gauge("lppls-us").readings().value["us"]
    price = np.log(us_shares()["us"])
    assert kept.notna().sum() == len(price) - LONGEST + 1
    for month in ("1929-08", "1997-12", "2026-07"):
        cut = price[:month][-LONGEST:]
        assert confidence(cut).iloc[-1] == pytest.approx(kept[month], abs=1e-4)


def test_the_kept_panel_agrees_with_a_fit_on_an_early_record():
    kept = find_gauge("own-runup-panel").readings()
    p, base = said_by_year(load_conditions().as_of("1941-12"))
    for month in ("1937-06", "1941-12"):
        there = p.loc[month].dropna()
        assert len(there) > 20
        assert kept.value.loc[month, there.index].to_numpy() == pytest.approx(
            100 * there.to_numpy(), abs=1e-3
        )
        assert kept.threshold.loc[month, there.index[0]] == pytest.approx(
            100 * base.loc[month, there.index[0]], abs=1e-3
        )


def test_kept_readings_are_cut_at_a_day():
    then = find_gauge("lppls-us").readings("1987-09")
    assert then.value.index[-1] == pd.Period("1987-09", "M")
    assert then.rows[0].frame["month"].max() == pd.Period("1987-09", "M")


@pytest.fixture
def reports(tmp_path):
    """A copy of the kept scores that a test may damage, in a library of its own."""
    import shutil
    from dataclasses import replace

    folder = tmp_path / FOLDER
    shutil.copytree(str(LIBRARY.reports.joinpath(FOLDER)), folder)
    library = LIBRARY.holding({})
    return folder, replace(library, edition=replace(library.edition, reports=tmp_path))


def test_every_gauge_has_a_score_that_holds(reports):
    folder, _ = reports
    board = load_scoreboard()
    assert [x.key for x in board.lines] == [g.key for g in list_gauges()]
    names = {p.name.removesuffix(".json").removesuffix(".readings") for p in folder.iterdir()}
    assert names == {g.key for g in list_gauges()}


def test_damaged_and_stale_scores_are_refused_in_words(reports):
    folder, _ = reports
    path = folder / "faber-us.json"
    card = loads(path.read_text())
    card["gain"] = 1.0
    path.write_text(dumps(card))
    with pytest.raises(DataError, match=r"faber-us\.json: its numbers do not agree"):
        load_scoreboard(folder)
    told = {k: v for k, v in card.items() if k != "checksum"}
    told["fingerprint"] = "0" * 64
    path.write_text(dumps(told | {"checksum": checksum(told)}))
    with pytest.raises(StaleError, match="faber-us: scored by other rules; run: make gauges"):
        load_scoreboard(folder)
    path.unlink()
    with pytest.raises(DataError, match="faber-us: no score is kept; run: make gauges"):
        load_scoreboard(folder)


def test_kept_readings_that_were_edited_or_are_of_other_tables_are_refused(reports):
    folder, library = reports
    path, gauge = folder / "lppls-us.readings.json", find_gauge("lppls-us")
    card = loads(path.read_text())
    card["value"][0][5] = 99.0
    path.write_text(dumps(card))
    with library.open(), pytest.raises(DataError, match="do not agree with its checksum"):
        gauge.readings()
    card["provenance"]["data"]["shiller"] = "0" * 64
    told = {k: v for k, v in card.items() if k != "checksum"}
    path.write_text(dumps(told | {"checksum": checksum(told)}))
    with library.open(), pytest.raises(StaleError, match="readings are of another shiller"):
        gauge.readings()
    path.unlink()
    with library.open(), pytest.raises(DataError, match="no readings are kept"):
        gauge.readings()


def test_a_score_is_stale_where_a_rule_or_a_table_is_another(monkeypatch):
    from dataclasses import replace

    gauge, line = find_gauge("faber-us"), load_scoreboard().line("faber-us")
    assert not staleness(gauge, line)
    assert "other rules" in staleness(replace(gauge, revision=2), line)
    data = {**line.provenance.data, "shiller": "0" * 64}
    moved = replace(line, provenance=replace(line.provenance, data=data))
    assert staleness(gauge, moved) == "gauge faber-us: scored on another shiller"


def test_scores_of_quick_gauges_are_made_again_to_the_last_digit():
    from manias.gauges.scoreboard import score_gauge

    line = load_scoreboard().line("faber-us")
    again = score_gauge(find_gauge("faber-us"), find_target("us"), samples=0)
    for name in ("n", "in_alarm", "gain", "low", "high", "p", "spells", "false_spells"):
        assert getattr(again, name) == pytest.approx(getattr(line, name), rel=1e-9)
    assert again.episodes == line.episodes or repr(again.episodes) == repr(line.episodes)


def test_the_great_falls_of_us_shares_are_on_the_board():
    named = load_scoreboard().line("shiller-cape-25").by_name()
    assert {"1929", "2000", "2007"} <= set(named)
    # Shiller's sentence: passed only around 1929, 1999 and 2007.
    assert all(named[year][0] == 1 for year in ("1929", "2000", "2007"))


def test_targets_hold_every_period_and_no_fall_is_measured_across_a_gap():
    for target in list_targets():
        levels = target.levels()
        assert levels.index.is_unique and levels.columns.is_unique
    railroads = find_target("us-railroads").levels()["us"]
    assert railroads["1914-08":"1914-11"].isna().all()


def test_kinds_are_many_and_no_composite_of_ours_is_among_them():
    kinds = {g.kind for g in list_gauges()}
    assert len(kinds - {"own lens"}) >= 6
    assert not any(g.kind == "composite" and g.owner == "this project" for g in list_gauges())
    with pytest.raises(contract.InputError, match="kind='mood'"):
        Gauge("x", "X", "nobody", "mood", "", "", "us", lambda: None)
