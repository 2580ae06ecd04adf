"""Forecasts: judged by rules, never by later data, frozen once."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from manias.answers import forecasts
from manias.answers.classify import ask_indices
from manias.answers.forecasts import (
    freeze,
    judge,
    list_forecasts,
    list_frozen,
    read_frozen,
    write_frozen,
)
from manias.answers.measures import measure_ai
from manias.errors import InputError
from manias.evaluation.cards import checksum
from manias.language.editions import read_language
from manias.language.messages import Text
from manias.record.companies import companies
from manias.spending.place import SERIES, quarterly_dollars

FROZEN = Path(__file__).resolve().parents[2] / "reports" / "forecasts"


def by_id(key):
    return next(f for f in list_forecasts() if f.id == key)


def test_guidance_is_judged_by_the_sum_of_the_quarters():
    from manias import load

    rows = load("ai_capex").frame
    mine = rows[
        (rows["company"] == "Alphabet")
        & (rows["measure"] == "capex")
        & rows["period_end"].str.startswith("2025")
    ]
    found = judge(by_id("s140"))
    assert len(mine) == 4
    assert found.actual == pytest.approx(mine["value"].sum())
    assert found.status == "right"
    assert judge(by_id("s138")).status == "wrong"


def test_a_range_in_whole_billions_is_judged_in_whole_billions():
    found = judge(by_id("s145"))
    assert 72 < found.actual < 72.5
    assert found.status == "right"


def test_nothing_is_judged_before_its_span_is_over():
    assert judge(by_id("s140"), as_of="2025-11").status == "open"
    assert np.isnan(judge(by_id("s140"), as_of="2025-11").actual)
    assert judge(by_id("s113")).status == "open"


def test_an_end_that_has_not_come_stays_open_until_the_data_reach_its_day():
    end = by_id("s171")
    assert judge(end).status == "open"
    # Had the span closed with the data on record, it would be wrong: spending rose.
    assert judge(replace(end, last="2026-06")).status == "wrong"
    assert judge(replace(end, first="2023-01", last="2023-12")).status == "right"


def test_a_fall_is_measured_from_a_peak_inside_the_span():
    fall = replace(
        by_id("s171"),
        kind="fall",
        series="us_industries:return",
        members="Softw",
        first="2000-01",
        last="2001-12",
        low=0.4,
        probability=0.7,
        base=0.1,
    )
    found = judge(fall)
    assert found.status == "right"
    assert found.log_loss == pytest.approx(-np.log(0.7))
    assert found.base_log_loss == pytest.approx(-np.log(0.1))
    assert judge(replace(fall, low=0.99)).status == "wrong"
    # Decided as soon as it has happened, open before.
    assert judge(fall, as_of="2000-02").status == "open"


def test_a_frozen_file_comes_back_and_is_never_replaced(tmp_path):
    frozen = freeze("2026-11-23")
    path = tmp_path / "f.json"
    write_frozen(frozen, path)
    again = read_frozen(path)
    assert [f.probability for f in again] == [f["probability"] for f in frozen["forecasts"]]
    assert all(0 < f.probability < 1 and f.model_id in frozen["models"] for f in again)
    assert {judge(f).status for f in again} == {"open"}
    with pytest.raises(InputError, match="never replaced"):
        write_frozen(frozen, path)


def test_a_forecast_is_made_on_a_real_day_after_its_data_and_not_after_today():
    for made, today, words in (
        ("2026-02-30", None, "date '2026-02-30': expected YYYY"),
        ("30/11/2026", None, "'30/11/2026': expected"),
        ("2020-01-01", None, "uses data to 2026-07-31; expected no earlier day"),
        ("2026-11-24", datetime.date(2026, 11, 23), "a day that is not after 2026-11-23"),
    ):
        with pytest.raises(InputError, match=words):
            freeze(made, ["runup-prices"], today=today)


def test_of_two_that_freeze_at_once_one_wins_and_the_other_is_told(tmp_path):
    frozen = freeze("2026-11-24", ["runup-prices"])

    def attempt(_):
        try:
            write_frozen(frozen, tmp_path / "f.json")
        except InputError as error:
            return str(error)
        return "won"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(attempt, range(8)))
    assert found.count("won") == 1 and sum("never replaced" in f for f in found) == 7
    assert [p.name for p in tmp_path.iterdir()] == ["f.json"]


def test_the_text_of_a_frozen_forecast_is_made_again_and_is_the_one_on_file():
    stored = [
        row["text"]
        for path in sorted(FROZEN.glob("*.json"))
        for row in json.loads(path.read_text(encoding="utf-8"))["forecasts"]
    ]
    found, zh = list_frozen(), read_language("zh")
    assert [f.text for f in found] == stored and len(stored) > 10
    assert all(isinstance(f.text, Text) for f in found)
    for f in (f for f in found if f.kind == "fall"):
        said, month = zh.render(f.text), pd.Period(f.first, "M") - 1
        assert f"：{month}之后两年内自高点下跌{f.low:.0%}" in said
        assert zh.render(f.text.fields["industry"]) == said.partition("：")[0]


def test_a_frozen_text_that_says_something_else_stays_as_it_is(tmp_path):
    frozen = freeze("2026-11-24", ["runup-prices"])
    first = frozen["forecasts"][0]
    assert isinstance(first["text"], Text)
    for change in ({"low": 0.5}, {"first": "2020-01"}, {"text": "It falls."}):
        path = tmp_path / f"{next(iter(change))}.json"
        write_frozen({**frozen, "forecasts": [first | change]}, path)
        (again,) = read_frozen(path)
        assert again.text == (first | change)["text"] and not isinstance(again.text, Text)


def test_indices_are_forecast_by_the_model_from_prices_and_judged_by_later_levels(monkeypatch):
    frozen = freeze("2026-11-24", ["runup-prices"])
    said = {f["members"]: f for f in frozen["forecasts"]}
    assert {f["model_id"] for f in frozen["forecasts"]} == set(frozen["models"])
    assert said["smh"]["probability"] == ask_indices()["smh"].value
    assert said["smh"]["first"] == "2026-08" and said["smh"]["last"] == "2028-07"
    rows = [forecasts._forecast(f) for f in frozen["forecasts"]]
    assert {judge(r).status for r in rows} == {"open"}
    mine = next(r for r in rows if r.members == "smh")
    levels = forecasts._values(mine)
    months = pd.period_range("2026-08", "2028-07", freq="M")
    for fall, status in ((0.61, "wrong"), (0.59, "right")):
        path = pd.concat([levels, pd.Series(levels.iloc[-1] * fall, months)])
        monkeypatch.setattr(forecasts, "_values", lambda f, path=path: path)
        assert judge(mine).status == status
    with pytest.raises(InputError, match="model 'ladder': expected some of"):
        freeze("2026-11-24", ["ladder"])


def test_spending_is_forecast_by_its_class_and_by_volatility_where_the_two_differ():
    frozen = freeze("2026-11-29", ["spending-industries", "spending-firms"])
    said = {f["id"].removeprefix("2026-11-29-"): f for f in frozen["forecasts"]}
    measures = {(m.measure, m.series): m for m in measure_ai().measures}
    for series in (*SERIES, *companies()):
        placed = measures["spending", series]
        if not placed.outcomes:
            paid = measures["who_pays", series].outcome("dollars_fall_30")
            assert said[f"{series}-paid"]["probability"] == paid.frequency
            continue
        found, last = placed.outcome("dollars_fall_30"), pd.Period(placed.as_of, "Q")
        one = said[series]
        assert one["probability"] == found.frequency and one["low"] == 0.3
        assert one["first"] == str(last.asfreq("M") + 1)
        assert one["last"] == str((last + 4 * found.horizon).asfreq("M"))
        other = said.get(f"{series}-adjusted")
        assert (other is None) == bool(
            np.isnan(found.adjusted) or f"{found.adjusted:.0%}" == f"{found.frequency:.0%}"
        )
        assert other is None or other["probability"] == found.adjusted
    rows = [forecasts._forecast(f) for f in frozen["forecasts"]]
    assert {judge(r).status for r in rows} == {"open"}
    stored = read_frozen(FROZEN / "2026-11-29.json")
    assert [r.id for r in stored] == [r.id for r in rows]


def test_a_cut_is_judged_by_whole_years_after_the_last_year_on_record(monkeypatch):
    mine = next(f for f in read_frozen(FROZEN / "2026-11-29.json") if f.members == "Meta")
    months = pd.period_range("2025-09", "2029-06", freq="M")[::3]

    def judged(levels):
        path = pd.Series(np.repeat(levels, 4)[: len(months)], months[: 4 * len(levels)])
        monkeypatch.setattr(forecasts, "_values", lambda f: path)
        return judge(mine)

    assert judged([10.0]).status == "open"
    assert judged([10.0, 20.0, 15.0]).status == "open"
    # A fall is counted from the year before the span, not from a peak inside it.
    assert judged([10.0, 20.0, 15.0, 8.0]).status == "wrong"
    found = judged([10.0, 20.0, 7.0])
    assert (found.status, found.actual) == ("right", pytest.approx(-0.3))
    assert judged([10.0, 20.0, float("nan"), 8.0]).status == "not decidable"
    assert judged([10.0, float("nan"), 6.0, 8.0]).status == "right"


def test_a_cut_between_two_whole_years_does_not_count(monkeypatch):
    mine = next(f for f in read_frozen(FROZEN / "2026-11-29.json") if f.members == "Meta")
    levels = [10.0] * 4 + [10.0, 10, 5, 5] + [5.0, 5, 30, 30] + [30.0] * 4
    months = pd.period_range("2025-09", "2029-06", freq="M")[::3]
    monkeypatch.setattr(forecasts, "_values", lambda f: pd.Series(levels, months))
    assert judge(mine).status == "wrong"


@pytest.mark.parametrize(
    ("series", "members", "first", "last", "status"),
    [
        # Private software never fell by 30%; computers after 2000 nearly did.
        ("us_it_investment:software", "", "2001-01", "2005-12", "wrong"),
        ("us_it_investment:computers", "", "2001-01", "2005-12", "wrong"),
        ("ai_capex:capex", "Meta", "2023-01", "2025-12", "wrong"),
        ("buildouts:construction of data centres, not adjusted", "US", "2020-01", "2024-12",
         "wrong"),
    ],
)  # fmt: skip
def test_a_cut_of_the_past_is_judged_by_its_table(series, members, first, last, status):
    mine = next(f for f in read_frozen(FROZEN / "2026-11-29.json") if f.members == "Meta")
    past = replace(mine, series=series, members=members, first=first, last=last)
    found = judge(past)
    assert found.status == status and -0.3 < found.actual < 1
    name, _, column_name = series.partition(":")
    values = quarterly_dollars(name, column_name, members).values
    years = values.groupby(values.index.year).sum()
    start = int(first[:4])
    assert found.actual == pytest.approx(
        min(years[y] / years[start - 1] - 1 for y in range(start, int(last[:4]) + 1))
    )
    assert judge(past, as_of=first).status == "open"


def edited(path, **changes):
    """A frozen file of one forecast, edited; its checksum is right unless it is given."""
    frozen = json.loads((FROZEN / "2026-11-24.json").read_text())
    frozen["forecasts"] = [{**frozen["forecasts"][0], **changes.pop("forecast", {})}]
    frozen |= changes
    if "checksum" not in changes:
        frozen["checksum"] = checksum({k: v for k, v in frozen.items() if k != "checksum"})
    path.write_text(json.dumps(frozen))
    return path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"checksum": "0" * 64}, "edited after it was frozen"),
        ({"format": 1}, "format: 1; expected one of 2"),
        ({"made": "2026-11-31"}, "made 2026-11-24; expected 2026-11-31"),
        ({"made": "soon"}, "made: 'soon'; expected a day, YYYY-MM-DD"),
        ({"forecast": {"probability": 7.5}}, "7.5; expected a number, 0 or more, at most 1"),
        ({"forecast": {"probability": -1}}, "-1; expected a number, 0 or more, at most 1"),
        ({"forecast": {"probability": "1"}}, "probability: '1'; expected a number"),
        ({"forecast": {"made": "2031-01-01"}}, "made 2031-01-01; expected 2026-11-24"),
        ({"forecast": {"last": "2001-01"}}, "last 2001-01; expected 2026-08 or later"),
        ({"forecast": {"kind": "maybe"}}, "kind: 'maybe'; expected one of range"),
        ({"forecast": {"more": 1}}, "key 'more'; expected one of id"),
    ],
)
def test_a_frozen_file_that_was_edited_is_refused(tmp_path, changes, words):
    with pytest.raises(InputError, match=rf"f\.json: .*{words}"):
        read_frozen(edited(tmp_path / "f.json", **changes))


def test_a_frozen_file_that_says_what_it_said_is_read(tmp_path):
    (found,) = read_frozen(edited(tmp_path / "f.json"))
    assert found.id == read_frozen(FROZEN / "2026-11-24.json")[0].id


def test_numbers_that_are_none_are_refused(tmp_path):
    path = edited(tmp_path / "f.json")
    path.write_text(path.read_text().replace('"probability": 0', '"probability": NaN, "x": 0'))
    with pytest.raises(InputError, match="number NaN; expected finite numbers"):
        read_frozen(path)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 9, "forecasts": []}', "not json", "{}"])
def test_a_file_that_is_no_frozen_forecast_is_refused(tmp_path, text):
    path = tmp_path / "f.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"f\.json"):
        read_frozen(path)


def test_an_unknown_kind_or_series_is_named():
    with pytest.raises(InputError, match="kind 'maybe'"):
        replace(by_id("s140"), kind="maybe")
    with pytest.raises(InputError, match="dataset 'moods'"):
        judge(replace(by_id("s140"), series="moods:x"))


def test_of_a_day_only_what_had_been_forecast_is_judged(manias_command):
    done = manias_command("forecast", "score", "--as-of", "2025-06-30", "--json")
    made = {row["forecast"]["made"] for row in json.loads(done.stdout)}
    every = {f.made for f in list_forecasts()}
    assert made == {m for m in every if m <= "2025-06-30" and len(m) > 4} and made < every
    for given in ([], [FROZEN / "2026-11-24.json"]):
        early = manias_command("forecast", "score", *given, "--as-of", "1999", "--json")
        assert early.returncode == 2 and "as of 1999: nothing had been forecast" in early.stderr


def test_the_commands(manias_command, tmp_path):
    done = manias_command("forecast", "score", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert {r["status"] for r in rows} <= {"right", "wrong", "open", "not decidable"}
    out = tmp_path / "mine.json"
    made = manias_command("forecast", "freeze", "--made", "2026-11-23", "--output", out)
    assert made.returncode == 0
    assert manias_command("forecast", "score", out).returncode == 0
    twice = manias_command("forecast", "freeze", "--made", "2026-11-23", "--output", out)
    assert twice.returncode == 2
    assert "never replaced" in twice.stderr
    bad = manias_command("forecast", "freeze", "--made", "soon", "--output", tmp_path / "x")
    assert bad.returncode == 2
    assert not (tmp_path / "x").exists()
