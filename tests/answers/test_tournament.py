"""Questions and answers: decided by rows, scored beside a naive answer, frozen for good."""

import datetime
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from manias.answers import own_answers
from manias.answers.own_answers import (
    BASE,
    LAST,
    firms_like,
    freeze_questions,
    list_frozen_questions,
    own_replies,
    read_questions,
    write_questions,
)
from manias.answers.questions import list_questions, list_replies, resolve
from manias.answers.tournament import score_number, score_probability, tournament
from manias.data.library import LIBRARY, load
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.series.flows import load_flows
from sklearn.metrics import brier_score_loss, log_loss

FROZEN = Path(__file__).resolve().parents[2] / "reports" / "forecasts" / "questions"
SEALS = {"2026Q4": "d9582ff8da65f70462a22d5ac59cd0e71580dd56ffc961a8f3ba9e2fc4bf99f5"}
"""Seals of the frozen files, written down here when they were frozen; none is ever changed."""


def asked(key):
    return next(q for q in list_questions() if q.id == key)


def holding(table, change, part="data"):
    """The library with one table changed."""
    frame = load(table).tables[part].copy()
    return LIBRARY.holding({(table, part): change(frame)}).open()


def raised(keep, column="value", by=10.0):
    def change(frame):
        frame.loc[keep(frame), column] = frame.loc[keep(frame), column].astype(float) * by
        return frame

    return change


@pytest.fixture(scope="module")
def played():
    return tournament()


# ---- what decides


def test_the_sum_of_the_quarters_decides_and_nothing_before_the_span_is_over():
    q = asked("capex-2025-four")
    rows = load("ai_capex").frame
    mine = rows[
        rows["company"].isin(q.members.split(";"))
        & (rows["measure"] == "capex")
        & rows["period_end"].str.startswith("2025")
    ]
    found = resolve(q)
    assert len(mine) == 16 and found.status == "known"
    assert found.value == pytest.approx(mine["value"].sum())
    assert resolve(q, as_of="2025-12-30").status == "open"
    gone = mine.index[-1]
    with holding("ai_capex", lambda frame: frame.drop(index=gone)):
        # It should be known, and is not: that is no verdict.
        assert resolve(q).status == "due, not on record" and np.isnan(resolve(q).value)


def test_cash_decides_a_ratio_of_both():
    q = replace(asked("capex-over-cash-2026-five"), first="2025-01", last="2025-12")
    rows = load("ai_capex").frame
    # Oracle's quarters end a month early: that to February belongs to the year before.
    is_oracle = rows["company"] == "Oracle"
    year = (
        rows["period_end"]
        .between("2025-01-01", "2025-12-31")
        .mask(is_oracle, rows["period_end"].between("2025-02-01", "2026-01-31"))
    )
    mine = rows[rows["company"].isin(q.members.split(";")) & year]
    total = mine.groupby("measure")["value"].sum()
    assert resolve(q).value == pytest.approx(total["capex"] / total["operating_cash_flow"])


def test_a_resolved_question_flips_when_a_datum_flips():
    q = replace(asked("bca-bust-capex"), last="2026-06", closes="2026-08-15")
    assert resolve(q).status == "no"
    low = raised(
        lambda f: (f["measure"] == "capex") & (f["period_end"] == "2026-06-30"), by=0.1
    )
    with holding("ai_capex", low):
        assert resolve(q).status == "yes"
    fall = replace(asked("bca-bust-market-40"), last="2026-07")
    assert resolve(fall).status == "no"
    with holding("ai_market", raised(
        lambda f: (f["series"] == "soxx") & (f["month"] == "2026-05"), "level", 5.0
    )):  # fmt: skip
        assert resolve(fall).status == "yes" and resolve(fall).value < -0.4
        # And it is yes at once, though the span has not ended.
        assert resolve(asked("bca-bust-market-40")).status == "yes"


def test_a_call_that_is_due_without_data_is_not_wrong(played):
    for key in ("bca-bust-capex", "bca-bust-market-30", "bca-bust-market-40"):
        assert resolve(asked(key)).status == "due, not on record"
        assert resolve(asked(key), as_of="2026-11-29").status == "open"
        entries = [e for e in played.entries if e.question.id == key]
        assert entries and all(e.verdict == "" and np.isnan(e.skill) for e in entries)


def test_a_fall_counts_from_a_peak_of_the_span_and_30_comes_before_40():
    mild, deep = asked("bca-bust-market-30"), asked("bca-bust-market-40")
    levels = load("ai_market").frame
    mine = levels[(levels["series"] == "soxx") & (levels["window"] == "ai")].set_index("month")
    path = mine["level"]["2025-10":"2026-11"].to_numpy()
    by_hand = min(b / a - 1 for i, a in enumerate(path) for b in path[i:])
    assert resolve(mild).value == resolve(deep).value == pytest.approx(by_hand)
    with holding("ai_market", raised(
        lambda f: (f["series"] == "soxx") & (f["month"] == "2026-07"), "level", 0.85
    )):  # fmt: skip
        assert [resolve(q).status for q in (mild, deep)] == ["yes", "due, not on record"]


def test_run_rates_are_the_last_points_of_the_span_once_it_is_over():
    q = asked("openai-rate-2025")
    assert resolve(q).value == 21.4
    assert resolve(q, as_of="2025-12-30").status == "open"
    both = replace(q, members="Anthropic;OpenAI", first="2025-07", last="2025-12")
    assert resolve(both).value == pytest.approx(21.4 + 9.0)
    assert resolve(replace(both, members="OpenAI;nobody")).status == "due, not on record"


def test_what_no_table_decides_is_decided_by_what_is_recorded():
    q = asked("polymarket-downturn-2026-03")
    assert resolve(q).status == "due, not on record"
    assert resolve(replace(q, recorded=0.0)).status == "no"
    assert resolve(replace(q, recorded=1.0)).status == "yes"


# ---- public answers


def test_figures_of_other_tables_are_named_and_not_repeated():
    frame = load("questions").tables["answers"]
    assert {r.value for r in list_replies("capex-2025-four")} == {315.0, 359.0}
    refers = frame["refers"].notna()
    assert frame.loc[refers, ["value", "low", "high", "probability"]].isna().all(axis=None)
    held = frame.loc[~refers, ["value", "low", "probability"]].notna().sum(axis=1)
    assert (held == 1).all() and frame.loc[~refers, ["who", "made", "source"]].notna().all(
        axis=None
    )
    assert set(frame["question"]) <= {q.id for q in list_questions()}
    graded = {r.id: r.grade for r in list_replies()}
    assert "" not in graded.values()
    with holding("statements", raised(lambda f: f["id"] == "s179", by=2.0)):
        again = {r.id: r.value for r in list_replies("capex-five-2026Q4")}
    assert again["a006"] == 2600.0


def test_an_answer_in_two_tables_or_in_none_is_refused():
    def both(frame):
        frame.loc[frame["id"] == "a010", "value"] = 315.0
        return frame

    def lost(frame):
        frame.loc[frame["id"] == "a010", "refers"] = "forecasts:s999"
        return frame

    with holding("questions", both, "answers"), pytest.raises(DataError, match="value stands"):
        list_replies()
    with holding("questions", lost, "answers"), pytest.raises(DataError, match="is no row"):
        list_replies()


# ---- scores


def test_probabilities_are_scored_as_scikit_learn_does():
    for p, base, happened in ((0.2, 0.4, False), (0.7, 0.1, True), (0.9, 0.5, False)):
        found = score_probability(p, happened, base)
        assert found["brier"] == pytest.approx(
            brier_score_loss([happened], [p], pos_label=True)
        )
        assert found["log_loss"] == pytest.approx(
            log_loss([happened], [p], labels=[False, True])
        )
        assert found["skill"] == pytest.approx(1 - found["brier"] / (base - happened) ** 2)
    assert score_probability(1.0, False, 0.1)["log_loss"] == np.inf
    assert score_probability(float("nan"), True, 0.1) == {}


def test_the_interval_score_is_proper_and_a_point_is_scored_by_its_error():
    (reply,) = list_replies("microsoft-capex-2025q3")
    found = score_number(reply, 40.0, 20.0)
    assert found["error"] == 0.25 and found["naive"] == 0.5 and np.isnan(found["interval"])
    wide = replace(reply, value=float("nan"), low=20.0, high=40.0)
    assert score_number(wide, 30.0, 20.0)["interval"] == pytest.approx(20 / 30)
    assert score_number(wide, 50.0, 20.0)["interval"] == pytest.approx((20 + 10 * 10) / 50)
    # Drawn from a known law, no interval does better in the mean than its own 80%.
    drawn = np.random.default_rng(1).normal(100, 10, 20_000)

    def mean(half):
        ends = replace(wide, low=100 - half, high=100 + half)
        return np.mean([score_number(ends, x, 90.0)["interval"] * x for x in drawn])

    true = 10 * 1.2816
    assert mean(true) < min(mean(true / 2), mean(true * 1.5))


def test_the_tournament_compares_with_what_was_known_on_the_day(played):
    found = {e.reply.id: e for e in played.entries}
    early, late = found["a010"], next(
        e for e in found.values()
        if e.question.id == "alphabet-capex-2025" and e.reply.made == "2025-10-29"
    )  # fmt: skip
    (last,) = [r for r in own_replies(early.question, "2025-02-07") if r.who == LAST]
    assert early.naive == pytest.approx(abs(last.value / early.outcome.value - 1))
    assert early.skill == pytest.approx(1 - early.error / early.naive)
    # By October more was known, and the naive answer was nearer.
    first = next(e for e in found.values() if e.question.id == late.question.id)
    assert late.naive < first.naive
    assert all(np.isnan(e.skill) for e in found.values() if not e.outcome.is_decided)


def test_later_answers_are_not_seen_and_standings_count_what_was_decided(played):
    then = tournament(as_of="2025-12-31")
    assert max(e.reply.made for e in then.entries) <= "2025-12-31"
    assert "a023" not in {e.reply.id for e in then.entries}
    now = played
    for s in now.standings:
        mine = [e for e in now.entries if (e.reply.who, e.reply.kind) == (s.who, s.kind)]
        assert s.n == len(mine) and s.decided == sum(e.outcome.is_decided for e in mine)
        skills = [e.skill for e in mine if np.isfinite(e.skill)]
        assert s.skill == pytest.approx(np.median(skills)) if skills else np.isnan(s.skill)


# ---- our answers


def test_naive_answers_are_what_the_table_held_on_the_day():
    q = asked("capex-five-2026Q4")
    said = {r.who: r for r in own_replies(q, "2026-11-29")}
    rows = load("ai_capex").frame
    mine = rows[rows["company"].isin(q.members.split(";")) & (rows["measure"] == "capex")]
    year = mine["period_end"].between("2025-07-01", "2026-06-30")
    oracle = mine["period_end"].between("2025-08-01", "2026-07-31")
    is_oracle = mine["company"] == "Oracle"
    last = mine[(is_oracle & oracle) | (~is_oracle & year)]
    assert said[LAST].value == pytest.approx(last["value"].sum())
    assert said[LAST].until == "2026-06-30"
    assert said["last quarter at a yearly rate"].value > said[LAST].value


def test_a_class_of_firms_is_counted_as_by_hand():
    dollars = load_flows("firms").dollars
    found, ratios, fell = firms_like(1.5, 2), [], []
    for firm in dollars:
        for t in dollars.index[3:-2]:
            past, start, mid, end = (dollars.loc[y, firm] for y in (t - 3, t, t + 1, t + 2))
            whole = np.isfinite([mid, end]).all()
            if whole and past > 0 and start >= 100 and 1.0 <= start / past - 1 < 2.0:
                ratios.append(end / start)
                fell.append(end < mid)
    assert found.n == len(ratios) and found.group == "100 to 200"
    assert found.middle == pytest.approx(np.median(ratios))
    assert found.fell == pytest.approx(np.mean(fell))


def test_base_rates_leave_room_for_what_has_not_happened():
    (base,) = [
        r for r in own_replies(asked("capex-decline-2026Q4"), "2026-11-29") if r.who == BASE
    ]
    # 2023 is the one calendar year of six with a quarter below that of a year before.
    assert base.probability == pytest.approx(1.5 / 7)


def test_no_later_row_moves_a_frozen_answer(without_the_future, monkeypatch):
    # The model from prices is asked in the slow test.
    monkeypatch.setattr(own_answers, "answer_index", _silent)
    monkeypatch.setattr(own_answers, "fit_as_of", lambda day: None)
    kept = list_questions("2026Q4")

    def frozen(day):
        moved = tuple(replace(q, asked=day, quarter="2026Q2") for q in kept)
        monkeypatch.setattr(own_answers, "list_questions", lambda quarter: moved)
        return dumps(freeze_questions("2026Q2", day))

    honest = frozen("2026-04-30")
    with without_the_future("2026-04-30").open():
        assert frozen("2026-04-30") == honest
    with without_the_future("2025-06-30").open():
        assert frozen("2026-04-30") != honest


def _silent(fit, index, target):
    from types import SimpleNamespace

    return SimpleNamespace(value=float("nan"))


@pytest.mark.slow
def test_what_is_on_file_is_what_the_tables_of_the_day_say():
    for path in FROZEN.glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        again = json.loads(dumps(freeze_questions(told["quarter"], told["made"])))
        assert again["answers"] == told["answers"]


def test_frozen_files_are_those_that_were_sealed():
    assert {f.quarter: f.seal for f in list_frozen_questions()} == SEALS
    assert {q.id for f in list_frozen_questions() for q in f.questions} == {
        q.id for q in list_questions() if q.quarter
    }


def test_an_edited_file_and_an_edited_question_are_refused(tmp_path, monkeypatch):
    (path,) = FROZEN.glob("2026Q4.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    told["answers"][0]["value"] = 111.0
    mine = tmp_path / "2026Q4.json"
    mine.write_text(json.dumps(told))
    with pytest.raises(InputError, match="edited after it was frozen"):
        read_questions(mine)
    for text in ("", "[]", '{"format": 9}', "not json"):
        mine.write_text(text)
        with pytest.raises(InputError, match=r"2026Q4\.json"):
            read_questions(mine)

    def other(frame):
        frame.loc[frame["id"] == "soxx-40-2026Q4", "threshold"] = 0.3
        return frame

    with (
        holding("questions", other),
        pytest.raises(DataError, match=r"threshold 0\.3; frozen as 0\.4"),
    ):
        list_frozen_questions()


def test_days_and_quarters_that_cannot_be_are_refused():
    for quarter, made, today, words in (
        ("2026Q4", "2026-11", None, "expected a day, YYYY-MM-DD"),
        ("2026Q4", "2026-02-30", None, "expected YYYY"),
        ("2026Q4", "2026-09-30", None, "expected a day of 2026Q4"),
        ("2026Q4", "2026-11-28", None, "was asked on 2026-11-29"),
        ("2026Q4", "2026-11-30", datetime.date(2026, 11, 29), "not after 2026-11-29"),
        ("2027Q1", "2027-02-01", None, "no question; expected one of 2026Q4"),
    ):
        with pytest.raises(InputError, match=words):
            freeze_questions(quarter, made, today=today)
    with pytest.raises(InputError, match="measure 'guess'; expected one of sum"):
        replace(asked("capex-2025-four"), measure="guess")
    with pytest.raises(InputError, match="nothing had been asked"):
        tournament(as_of="2020")


def test_a_frozen_file_is_written_once(tmp_path):
    frozen = {"format": 1, "questions": [asdict(q) for q in list_questions("2026Q4")]}
    write_questions(frozen, tmp_path / "q.json")
    with pytest.raises(InputError, match="never replaced"):
        write_questions(frozen, tmp_path / "q.json")


def test_rules_are_in_words_and_dates_in_order():
    for q in list_questions():
        assert q.question.endswith("?") and len(q.rule) > 40
        end = pd.Period(q.last, "M").end_time.normalize()
        assert pd.Timestamp(q.closes) >= end, q.id
        assert q.quarter == "" or q.asked[:4] == q.quarter[:4]
