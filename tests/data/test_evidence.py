"""Verdicts, labels, claims and build-outs: counts, rules and arithmetic."""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias import InputError, load, names
from manias.data.sources import read_sources
from manias.language.editions import read_language
from manias.language.messages import Text
from manias.record.claims import CHECKS, _quote, check_claims
from manias.record.labels import (
    DEFINITIONS,
    FAIR,
    computed_verdicts,
    date_doubling,
    label_innovations,
)

ROOT = Path(__file__).resolve().parents[2]


def test_mixed_is_never_a_label():
    for definition in DEFINITIONS:
        assert set(label_innovations(definition).values()) <= {"yes", "no", None}
        assert set(label_innovations(definition)) == set(load("innovations").frame["id"])


@pytest.mark.parametrize("settled", ["verdict", "early"])
def test_a_class_is_a_label_by_definition(settled):
    tables = load("innovations").tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    definition = {"verdict": "historian", "early": "within_15_years"}[settled]
    found = label_innovations(definition, candidates=True)
    means = {
        "boom_and_bust": "yes",
        "quoted_without": "no",
        "no_vehicle": "no",
        "unknown": None,
    }
    for key, row in both.iterrows():
        known = row["grade"] in ("A", "B")
        assert found[key] == (means[row[settled]] if known else None), key
    quoted = label_innovations("quoted", candidates=True)
    for key, value in both["verdict"].items():
        assert quoted[key] == (None if value == "no_vehicle" else means[value]), key


def test_accounts_and_the_settled_verdict_agree():
    """No account says what the settled verdict denies; each innovation has a settled row."""
    tables = load("innovations").tables
    settled = pd.concat([tables["data"], tables["candidates"]]).set_index("id")["verdict"]
    rows = load("verdicts").frame
    rows = rows[(rows["definition"] == "historian") & rows["innovation"].isin(settled.index)]
    own = rows[rows["settled"] == "yes"].set_index("innovation")["verdict"]
    assert own.to_dict() == settled.to_dict()
    for key, told in rows.groupby("innovation", observed=True)["verdict"].agg(set).items():
        assert told <= {settled[key], "unknown"}, key


def test_an_account_of_the_same_boom_has_no_second_row():
    """Beside the settled row stand booms of other years, or of another market, alone."""
    rows = load("verdicts").frame
    rows = rows[rows["definition"] == "historian"]
    peaks = pd.to_numeric(rows["peak"].str[:4])
    own = rows["settled"] == "yes"
    settled = rows[own].set_index("innovation").assign(year=peaks[own].to_numpy())["year"]
    near = (~own) & ((peaks - rows["innovation"].map(settled)).abs() <= 3)
    assert list(rows.loc[near, "episode"]) == [
        "Wankel rotary engine (first US announcement)"  # New York, before the boom in Germany
    ]


INDUSTRY = re.compile(r"column (\w+), value-weighted returns, (\S+) to (\S+?)(?:;|$)")


def test_booms_of_us_industries_follow_the_written_rule():
    """INCLUSION.md: highest month-end of the years, lows three years before, ten after."""
    returns = load("us_industries").frame.pivot(
        index="month", columns="industry", values="return"
    )
    returns.index = pd.PeriodIndex(returns.index.astype(str), freq="M")
    rows = load("verdicts").frame
    rows = rows[rows["source"].str.contains("french2025industries")].set_index("innovation")
    years = load("proxies").frame.set_index("innovation")
    assert len(rows) == 4
    for key, row in rows.iterrows():
        industry, first, last = INDUSTRY.search(row["locator"]).groups()
        assert industry == years.at[key, "industry"]
        level = (1 + returns[industry].dropna() / 100).cumprod()
        peak = level[years.at[key, "first"] : years.at[key, "last"]].idxmax()
        onset = level[peak - 36 : peak - 1].idxmin()
        after = level[peak + 1 : peak + 120]
        regained = after.index[after >= level[peak]]
        trough = (after[: regained[0] - 1] if len(regained) else after).idxmin()
        dates = [str(onset), str(peak), str(trough)]
        assert dates == [row["onset"], row["peak"], row["trough"]], key
        assert [first, last] == [dates[0], dates[2]], key
        rise, fall = level[peak] / level[onset] - 1, level[trough] / level[peak] - 1
        assert row["rise_pct"] == pytest.approx(100 * rise, abs=0.05), key
        assert row["fall_pct"] == pytest.approx(100 * fall, abs=0.05), key


def test_a_boom_has_its_breadth_and_its_dates_follow_each_other():
    tables = load("innovations").tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    boom = both["verdict"] == "boom_and_bust"
    assert both.loc[boom, ["breadth", "product", "reached"]].notna().all(axis=None)
    assert (
        both.loc[~boom, ["breadth", "product", "onset", "peak", "trough"]].isna().all(axis=None)
    )
    for _, row in both[boom].iterrows():
        dates = [row[c][:4] for c in ("onset", "peak", "trough") if isinstance(row[c], str)]
        assert dates == sorted(dates)
        if isinstance(row["peak"], str):
            years = int(row["peak"][:4]) - row["commercialised"]
            assert years >= 0, row.name
            # A boom that peaked within fifteen years is one of the first fifteen.
            assert (years <= 15) == (row["early"] == "boom_and_bust"), row.name


def test_stricter_evidence_gives_fewer_labels():
    loose, strict = (
        label_innovations("historian"),
        label_innovations("historian", minimum_grade="A"),
    )
    for key, label in strict.items():
        assert label != "yes" or loose[key] == "yes"
    count = [sum(v is not None for v in d.values()) for d in (loose, strict)]
    assert count[0] > count[1] > 0


def test_the_earliest_years_change_the_labels_of_the_first_fifteen_alone():
    tables = load("innovations").tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    assert (both["commercialised_from"] <= both["commercialised"]).all()
    differ = both.index[both["early"] != both["early_from"]]
    assert (both.loc[differ, "commercialised_from"] < both.loc[differ, "commercialised"]).all()
    shown, earliest = (
        label_innovations("within_15_years", candidates=True, earliest=e) for e in (False, True)
    )
    assert {k for k in shown if shown[k] != earliest[k]} == set(differ) != set()
    # The peak of 1882 comes 8 years after the year shown and 25 after the earliest.
    assert (shown["arc-lighting"], earliest["arc-lighting"]) == ("yes", None)
    with pytest.raises(InputError, match="earliest=True expects within_15_years"):
        label_innovations("historian", earliest=True)


def test_the_note_names_the_candidate_of_the_earliest_year():
    for table in load("innovations").tables.values():
        open_ = table[table["commercialised_from"] < table["commercialised"]]
        assert len(open_)
        for _, row in open_.iterrows():
            assert str(row["commercialised_from"]) in row["commercialised_note"], row["id"]


def test_means_of_months_are_rounded_as_decimals():
    """4.015 is 4.02: binary fractions would round it down."""
    months = pd.read_csv(ROOT / "datasets/shiller/data.csv", dtype=str)
    rows = pd.read_csv(ROOT / "datasets/payback/data.csv", dtype=str)
    rows = rows[rows["series"] == "treasury_10y"]
    assert len(rows) == 9
    for _, row in rows.iterrows():
        one = months.loc[months["month"].str.startswith(row["period"]), "long_rate"]
        mean = sum(map(Decimal, one)) / 12
        assert len(one) == 12
        assert row["value"] == str(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_unknown_definitions_and_grades_are_named():
    with pytest.raises(InputError, match="definition='mine': expected one of historian"):
        label_innovations("mine")
    with pytest.raises(InputError, match="minimum_grade='Z'"):
        label_innovations("historian", minimum_grade="Z")


def test_computed_verdicts_use_fair_stand_ins_alone(panel):
    found = computed_verdicts(panel)
    proxies = load("proxies").frame.set_index("innovation")["stand_in"]
    assert {v.innovation for v in found} == set(proxies[proxies.isin(FAIR)].index)
    assert all(v.stand_in in FAIR for v in found)
    for v in found:
        if v.verdict == "yes":
            assert v.onset <= v.peak <= v.trough and v.rise > 0 > v.fall


def test_known_cases_by_price(panel):
    found = {(v.innovation, v.definition): v for v in computed_verdicts(panel)}
    utilities = found["electric-power", "quinn_turner"]
    assert (str(utilities.peak), str(utilities.trough)) == ("1929-09", "1932-05")
    assert found["internet", "price_rule"].verdict == "yes"
    assert found["jet-engine", "price_rule"].verdict == "no"


@given(st.lists(st.floats(-0.6, 1.5), min_size=2, max_size=80))
def test_doubling_and_halving_hold_where_they_are_found(returns):
    level = np.concatenate([[1.0], np.cumprod(1 + np.array(returns))])
    found = date_doubling(np.array(returns))
    meets = [
        (i, j, k)
        for j in range(1, len(level) - 1)
        for i in range(max(0, j - 36), j)
        for k in range(j + 1, min(len(level), j + 37))
        if level[j] >= 2 * level[i] and level[k] <= level[j] / 2
    ]
    assert (found is None) == (not meets)
    if found:
        assert found[0] < found[1] < found[2]
        assert level[found[1]] == max(level[j] for _, j, _ in meets)


def test_every_claim_has_a_status_and_every_check_is_used():
    table = load("claims").frame
    assert set(table["check"].dropna()) == set(CHECKS)
    ids = set(load("statements").frame["id"])
    for text in table["evidence"].dropna():
        assert {key.strip() for key in text.split(";")} <= ids
    found = check_claims()
    assert len(found) == len(table)
    for claim in found:
        if claim.status in ("confirmed", "corrected"):
            assert claim.evidence or claim.computed, claim.id


def test_the_arithmetic_of_the_claims():
    computed = {c.id: c.computed for c in check_claims() if c.computed}
    assert computed["c030"] == "37 of 51 is 72.5 percent"
    assert computed["c033"] == "50 of 2,900 is 1.72 percent"
    assert computed["c003"] == "10 of 1,000 is 1 percent"
    frame = load("ai_capex").frame
    quarters = ["2024-11-30", "2025-02-28", "2025-05-31", "2025-08-31"]
    oracle = frame[(frame["company"] == "Oracle") & frame["period_end"].isin(quarters)]
    revenue = oracle.loc[oracle["measure"] == "revenue", "value"].sum()
    assert computed["c026"].endswith(f"2025-08-31: {revenue:.1f} billion USD")
    assert f"{300 / revenue:.1f} times" in computed["c020"]


def test_evidence_and_arithmetic_can_be_said_in_another_language():
    zh = read_language("zh")
    for claim in check_claims():
        for text in (*claim.evidence, *filter(None, [claim.computed])):
            assert isinstance(text, Text)
            assert not re.search(r"[a-z]+ [a-z]+ ", zh.render(text)), text
    (order,) = {c.computed for c in check_claims() if c.id == "c020"}
    assert "3,000亿美元" in zh.render(order) and order.fields["n"] + "倍" in zh.render(order)


def test_a_statement_with_a_range_or_without_a_figure_reads_as_one():
    row = load("statements").frame.set_index("id").loc["s080"].copy()
    assert _quote(row) == "OpenAI (CNBC), 2026-02-20: revenue 13.1 billion USD (B)"
    row["high"] = 14.0
    assert _quote(row) == "OpenAI (CNBC), 2026-02-20: revenue 13.1 to 14 billion USD (B)"
    row["unit"] = None
    assert _quote(row) == "OpenAI (CNBC), 2026-02-20: revenue 13.1 to 14 (B)"
    row["value"] = float("nan")
    assert _quote(row) == "OpenAI (CNBC), 2026-02-20: revenue (B)"


def test_claims_do_not_use_quarters_after_the_article():
    assert not any("2025-11-30" in c.computed or "2026" in c.computed for c in check_claims())


def test_claims_from_the_command(manias_command):
    done = manias_command("claims", "--json")
    answer = json.loads(done.stdout)
    assert len(answer) == 43 and answer[0]["id"] == "c001"
    assert {c["status"] for c in answer} == {
        "confirmed",
        "corrected",
        "unconfirmed",
        "narrative",
    }
    people = manias_command("claims")
    assert "30 confirmed" in people.stdout


def gathered():
    """Innovations on the list, and candidates that pass the rule."""
    tables = load("innovations").tables
    return set(tables["data"]["id"]) | set(tables["candidates"]["id"])


def test_build_outs_cover_many_innovations_and_splice_nothing():
    frame = load("buildouts").frame
    known = gathered() | {"ai"}
    assert set(frame["innovation"]) <= known and frame["innovation"].nunique() >= 14
    units = frame.groupby(["innovation", "series", "country"])["unit"].nunique()
    assert units.max() <= 2, units[units > 2]
    assert not frame["series"].str.contains("guidance|forecast|budget").any()


def test_statements_keep_their_vintage():
    frame = load("statements").frame
    cut = load("statements").as_of("2025-12-31").frame
    assert 0 < len(cut) < len(frame)
    assert (pd.to_datetime(cut["date"].str[:4]) <= "2025-12-31").all()


def test_episodes_are_in_order_and_later_ones_apart():
    frame = load("episodes").frame
    for row in frame.itertuples():
        days = [d for d in (row.onset, row.peak, row.trough) if isinstance(d, str)]
        shortest = min(map(len, days)) if days else 0
        cut = [d[:shortest] for d in days]
        assert cut == sorted(cut), row.id
    assert (frame["fall_pct"].dropna() <= 0).all()
    later = frame[frame["group"] == "later"]
    assert len(later) >= 10 and later["innovation"].isna().all()
    assert set(frame["innovation"].dropna()) <= gathered()
    ongoing = frame[frame["group"] == "ongoing"]
    assert ongoing["peak"].isna().all() and ongoing["trough"].isna().all()


def test_no_verdict_episode_or_build_out_rests_on_a_ledger_written_by_machine():
    machine = {s.id for s in read_sources().values() if "machine-written" in s.note}
    for name in ("innovations", "verdicts", "episodes", "buildouts"):
        frame = load(name).frame
        for column in [c for c in frame if c == "source" or c.endswith("_source")]:
            cited = set(frame[column].dropna().str.split("; ").explode())
            assert not cited & machine, (name, column)
    for name in names():
        for frame in load(name).tables.values():
            cites = frame["source"].fillna("").map(lambda t: bool(set(t.split("; ")) & machine))
            assert not frame.loc[cites, "grade"].isin(["A", "B"]).any(), name


def test_exclusions_and_the_list_do_not_overlap():
    inside = set(load("innovations").frame["id"])
    outside = set(load("exclusions").frame["id"])
    assert not inside & outside
    assert set(load("verdicts").frame["innovation"]) <= inside | outside


def test_every_cell_is_coded_twice_and_settled_by_the_rule():
    from manias.record.covariates import EX_ANTE, EX_POST, settled_covariates

    frame = load("covariates").frame
    settled = pd.concat([settled_covariates("candidates"), settled_covariates("unfinished")])
    assert len(settled_covariates()) == 51
    assert len(frame) == len(settled) * len({*EX_ANTE, *EX_POST})
    for row in frame.itertuples():
        code = settled.loc[row.innovation, row.covariate]
        pair = [c for c in (row.code_a, row.code_b) if not pd.isna(c)]
        if len(pair) == 2 and abs(pair[0] - pair[1]) <= 1:
            assert code == min(pair)
        else:
            assert pd.isna(code)
    reasons = frame[["reason_a", "reason_b"]]
    assert reasons.notna().to_numpy().all()


def test_agreement_against_kappa_by_hand():
    from manias.record.covariates import coder_agreement

    frame = load("covariates").frame
    for found in coder_agreement():
        both = frame[frame["covariate"] == found.covariate].dropna(subset=["code_a", "code_b"])
        a, b = both["code_a"].to_numpy(int), both["code_b"].to_numpy(int)
        seen = np.abs(a - b).mean()
        chance = np.abs(a[:, None] - b[None, :]).mean()
        assert found.kappa == pytest.approx(1 - seen / chance)
        assert found.equal == pytest.approx((a == b).mean()) and found.n == len(both)


def test_covariates_known_only_later_are_marked_apart():
    from manias.record.covariates import EX_ANTE, EX_POST

    assert not set(EX_ANTE) & set(EX_POST)
    text = (ROOT / "datasets" / "covariates" / "CODEBOOK.md").read_text(encoding="utf-8")
    for name in EX_ANTE:
        assert f"| `{name}` | ex ante |" in text
    for name in EX_POST:
        assert f"| `{name}` | ex post |" in text


def test_the_list_has_51_and_as_many_came_as_left():
    tables = load("innovations").tables
    frame, candidates = tables["data"], tables["candidates"]
    assert len(frame) == 51 and frame["verdict"].notna().all()
    gone = candidates[candidates["why"] == "evidence"]["id"]
    assert (frame["entered"] == "replacement").sum() == len(gone)
    labels = label_innovations("historian", candidates=True)
    assert not any(labels[key] for key in gone)
