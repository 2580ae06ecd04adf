"""Rows behind each number: they move it, nothing else does, and the command shows them."""

import json
from contextlib import ExitStack
from dataclasses import replace

import pandas as pd
import pytest
from manias.data.library import LIBRARY, load, names
from manias.data.rows import grade_of, merged, some, sources_of, whole
from manias.figures.style import to_svg
from manias.language.editions import ENGLISH
from manias.report.build import artefact
from manias.report.exhibits import MAKERS, Picture, Table
from manias.report.tracing import trace
from manias.series.trajectories import behind, trajectory

# What a kept model says does not move with the tables until it is fitted again, which
# `manias verify` does.
KEPT = {
    *("verdict", "lenses-verdict", "gains", "logit-coefficients", "logit-scores"),
    *("logit-finding", "logit-ai", "crash-coefficients", "crash-scores", "crash-finding"),
    *("crash-ai", "industry-risks", "landmark-finding", "landmark", "landmark-ai"),
    *("landmark-companies", "precedent-finding", "precedents", "payback-finding"),
    *("payback-railways", "payback-most", "payback-sensitivities", "payback-path"),
    *("holm", "tests-counted"),
    *("own-forecasts", "hazard-finding", "logit-power", "which-finding", "which-carrier"),
    "when-finding",
    *("scorecard", "other-sides", "answer-evidence", "resemblance-in-full"),
    *("followed-in-full", "answer-resemblance", "answer-followed", "ai-standing"),
    "spending-ladder",
    *("spending-figure", "spending-skill", "spending-memory", "spending-volatility"),
    *("spending-choices", "spending-countries", "spending-builders", "who-pays-finding"),
    *("gauges", "gauges-finding", "gauges-shares", "gauges-industries", "gauges-now"),
    "build-outs-beside",
    *("turning-points", "turning-finding"),
}
MANY_FITS = {
    *("specification-range", "replacement-effect", "later-finding", "lenses-agree"),
    "payback-bases",
    *("forecasts-count", "industries-first-month", "industries-last-month"),
    *("spending-backtest", "backtest-finding", "backtest-named"),
    *("spending-hindsight", "hindsight-finding"),
    *("reproduced-episodes", "who-pays-prepaid", "tests-counted", "who-pays-path"),
    *("scorecard", "other-sides", "answer-evidence", "resemblance-in-full"),
    *(
        "followed-in-full",
        "answer-followed",
        "answer-resemblance",
        "landmark-ai",
        "indices-now",
        "model-id",
    ),
    *("definitions-agree", "doublings-countries", "ladder-countries", "reproduced-base-rate"),
    *("ladder-against-published", "standing-then", "coding-finding", "when-versions"),
    *("data-reach", "published-agreement", "standing-now", "tournament-finding"),
    *("technology-own", "technology-survivors", "technology-logs", "technology-residuals"),
    *("quoted", "quoted-count", "quoted-untold"),
    *("shares-same-age", "falls", "valuation", "debts", "share-spell", "spell-finding"),
    *("ranges-finding", "payback-ranges", "build-outs-beside"),
    *("turning-points", "turning-finding"),
    *("cases-taken", "gauges-finding", "debts-finding", "bca-call", "raised"),
    *("falls-finding", "shares-finding"),
    *("booms-at-age", "booms-after", "booms-definitions", "booms-by-age", "booms-in-money"),
}
LARGE = {
    *("index-risks", "definitions", "definitions-agree", "reproduced-base-rate", "industries"),
    *("reproduced-episodes", "reproduced-crashes", "reproduced-waves", "model-id"),
    *("crashes-with-bad-month", "ladder", "ladder-table", "specifications", "later-booms"),
    *("ladder-against-published", "standing-figure", "standing-now", "standing-then"),
    *("dated-series", "dated-finding", "dated-price-dividend", "specification-curve"),
    *("lens-backtest", "backtest", "lenses-agree", "industries-last-month"),
    *("which-ai", "crashes-by-era", "coding-finding", "coding-agreement", "money-finding"),
    *("industries-first-month", "forecasts", "forecasts-count", "episodes-figure"),
    *("financing", "financing-finding", "event-time", "capex", "portrait-railways"),
    *("payback-published", "tests-counted", "holm", "doublings-countries", "ladder-countries"),
    *("who-pays-prepaid", "ladder-memory", "ladder-placebos", "when-versions"),
    *("portrait-power", "portrait-dotcom", "timeline", "power-finding", "dotcom-finding"),
    *("data-reach", "answer-by-definition", "published-shares", "published-agreement"),
    *("tournament-open", "tournament-decided", "quoted", "quoted-count", "quoted-untold"),
}
SETTINGS = {
    "min-firms",
    "crash-depth",
    "long-return",
    "ai-industries",
    "eras",
    "edition",
    "cite-as",
    "cases-taken",
    "glossary",
}
CHOSEN = [
    pytest.param(
        k,
        marks=pytest.mark.slow
        if k[1] in MANY_FITS or (k[0] == "exhibit" and k[1] != "verdict")
        else (),
    )
    for k in MAKERS
]
COUNTED = [
    *(("number", f"verdicts-{word}") for word in ("yes", "no-vehicle")),
    ("sentence", "episodes-size"),
    ("exhibit", "episodes-sizes"),
]
STORED = LIBRARY.load


@pytest.fixture(scope="module")
def made(artefacts):
    """What each name prints, by kind and name; figures are drawn when they are asked for."""
    return Plain(artefacts)


@pytest.fixture(scope="module")
def rested(artefacts):
    return {key: one.rows for key, one in artefacts.items()}


class Plain(dict):
    def __init__(self, artefacts):
        super().__init__()
        self.artefacts = artefacts

    def __missing__(self, key):
        self[key] = plain(self.artefacts[key].content)
        return self[key]


def plain(content):
    """What is printed, or said of a figure and drawn in it."""
    match content:
        case Table():
            return content.caption, content.columns, content.rows
        case Picture():
            drawn = to_svg(content.draw(ENGLISH))
            return content.caption, content.alt, content.finding, drawn
    return content


@pytest.fixture
def swap():
    """Put other rows in the place of tables, for everything that loads them."""
    with ExitStack() as stack:

        def put(tables):
            stack.close()
            stack.enter_context(LIBRARY.holding(tables).open())

        yield put


def scaled(frame, keys, rows, power):
    """Multiply every number but the keys, each column by its own factor."""
    new = frame.copy()
    numbers = [c for c in frame.select_dtypes("number") if c not in keys]
    for i, column in enumerate(numbers):
        values = (frame[column].astype(float) * (1.3 + 0.2 * i) ** power).round(9)
        if pd.api.types.is_integer_dtype(frame[column].dtype):
            values = values.round()
        new[column] = frame[column].where(~rows, values.astype(frame[column].dtype))
    return new


def blanked(frame, keys, rows):
    new = frame.copy()
    for column in frame.columns.difference([*keys, "source", "locator", "grade"]):
        new[column] = frame[column].mask(rows)
    return new


def negated(frame, keys, rows):
    new = frame.copy()
    for column in [c for c in frame.select_dtypes("number") if c not in keys]:
        new[column] = frame[column].mask(rows, -frame[column])
    return new


def jagged(frame, keys, rows):
    """Every other row a fifth of what it was."""
    new = frame.copy()
    odd = rows & (rows.cumsum() % 2 == 1)
    for column in [c for c in frame.select_dtypes("float") if c not in keys]:
        new[column] = frame[column].mask(odd, frame[column] / 5)
    return new


def changes(part):
    """The table with the rows of a part changed, one way after the other."""
    frame = STORED(part.dataset).tables[part.table]
    rows = pd.Series(frame.index.isin(part.frame.index), frame.index)
    yield scaled(frame, part.keys, rows, 1)
    yield scaled(frame, part.keys, rows, -1)
    yield negated(frame, part.keys, rows)
    yield jagged(frame, part.keys, rows)
    yield blanked(frame, part.keys, rows)
    yield frame[~rows]


def made_again(key):
    """What the maker says now; an error is a change as well."""
    try:
        return plain(MAKERS[key]().content)
    except Exception as error:
        return repr(error)


LIVE = [
    pytest.param(k, marks=pytest.mark.slow if k[1] in MANY_FITS else ())
    for k in MAKERS
    if k[0] != "exhibit" and k[1] not in KEPT | SETTINGS
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("key", LIVE, ids="-".join)
def test_each_table_of_the_rows_moves_what_rests_on_them(key, made, rested, swap):
    assert rested[key]
    for part in rested[key]:
        for frame in changes(part):
            swap({(part.dataset, part.table): frame})
            if made_again(key) != made[key]:
                break
        else:
            pytest.fail(f"{key[1]} does not rest on the rows of {part.name}")


FEW = 8
"""Rows of a part that are changed one at a time: the first, the last, and some between."""


def some_of(rows, few):
    """A few labels, evenly spread, always the same."""
    at = sorted({round(i * (len(rows) - 1) / (few - 1)) for i in range(few)})
    return rows.index[at]


FITTED_AGAIN = MANY_FITS | {
    "payback-published",
    *("payback-ranges", "ranges-finding"),
    "specification-curve",
    "lens-backtest",
    "later-booms",
    "backtest",
    "tournament-open",
    "tournament-decided",
}
"""Names whose every change is many fits: two rows of each part, not eight."""
ONE_BY_ONE = [
    pytest.param(k, marks=pytest.mark.slow if k[1] in MANY_FITS | LARGE else ())
    for k in MAKERS
    if k[1] not in KEPT | SETTINGS | {"datasets"}
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("key", ONE_BY_ONE, ids="-".join)
def test_each_row_moves_what_rests_on_it_or_the_name_says_why_not(key, artefacts, made, swap):
    still = []
    for part in artefacts[key].rows:
        for label in some_of(part.frame, 2 if key[1] in FITTED_AGAIN else FEW):
            one = replace(part, frame=part.frame.loc[[label]])
            for frame in changes(one):
                swap({(part.dataset, part.table): frame})
                if made_again(key) != made[key]:
                    break
            else:
                still.append((part.name, label))
    if artefacts[key].still:
        assert still, f"{key[1]} says that a row may not move it, and each did"
    else:
        assert not still, f"{key[1]}: rows that move nothing: {still}"


@pytest.mark.parametrize("key", CHOSEN, ids="-".join)
def test_nothing_outside_the_rows_moves_what_rests_on_them(key, made, rested, swap):
    chosen = {(part.dataset, part.table): part.frame.index for part in rested[key]}
    # The peak stays the highest only while the others are not raised above it.
    lowered = any("the highest" in part.how for part in rested[key])
    for power in (1,) if lowered else (1, -1):
        swap(
            {
                (name, table): scaled(
                    frame,
                    STORED(name).keys[table],
                    pd.Series(~frame.index.isin(chosen.get((name, table), [])), frame.index),
                    power,
                )
                for name in names()
                for table, frame in STORED(name).tables.items()
            }
        )
        assert made_again(key) == made[key]


@pytest.mark.parametrize("key", COUNTED, ids="-".join)
def test_what_is_counted_does_not_miss_the_other_rows(key, made, rested, swap):
    (part,) = rested[key]
    swap({(part.dataset, part.table): part.frame})
    assert made_again(key) == made[key]


def test_the_peak_is_the_peak_because_the_others_are_lower(made, rested, swap):
    key = ("number", "dotcom-peak-share")
    part = next(p for p in rested[key] if p.dataset == "us_it_investment")
    frame = STORED("us_it_investment").frame
    share = (frame["info_equipment_software"] / frame["gdp"]).loc[part.frame.index]
    assert f"{100 * share.iloc[0]:.2f}%" == made[key]
    other = frame["quarter"] == "1999Q4"
    swap({("us_it_investment", "data"): scaled(frame, part.keys, other, -1)})
    assert made_again(key) != made[key]
    assert [str(q) for q in artefact(*key).rows[1].frame["quarter"]] == ["1999Q4"]


def test_settings_rest_on_nothing_and_nothing_else_does(rested):
    assert {key[1] for key, rows in rested.items() if not rows} == SETTINGS


def test_rows_name_their_sources_and_the_weakest_grade_wins():
    table = load("us_it_investment").frame
    rows = some("us_it_investment", table["grade"] == "A", "the better ones")
    assert grade_of([rows]) == "A" and grade_of(whole("us_it_investment")) == "B"
    both = merged([rows, *behind("us-it-ai")])
    assert [part.name for part in both] == ["us_it_investment", "trajectories"]
    assert len(both[0].frame) == len(set(both[0].frame.index))
    assert set(sources_of(behind("us-it-ai"))) == {
        "bea2026nipa",
        "openai_chatgpt_2022",
        "openai_chatgptplus_2023",
    }


def test_only_the_statements_that_count_are_cited():
    everything, verdict = whole("innovations.data")[0], whole("innovations.data")[0]
    verdict = replace(verdict, about=("",))
    dated = replace(verdict, about=("commercialised",))
    frame = load("innovations").frame
    assert set(dated.sources) == {
        key.strip()
        for text in frame["commercialised_source"].dropna()
        for key in text.split(";")
    }
    assert set(verdict.sources) | set(dated.sources) < set(everything.sources)
    joined = merged([verdict, dated])[0]
    assert joined.about == ("", "commercialised") and joined.evidence[3].startswith("comm")


@pytest.mark.parametrize("key", ["uk-railways-1840s", "us-cars-1900", "ai-data-centres"])
def test_the_rows_behind_a_trajectory_are_enough_to_build_it(key, swap):
    before = trajectory(key).values
    kept = {(part.dataset, part.table): part.frame for part in behind(key)}
    assert all(len(frame) < len(STORED(name).frame) for (name, _), frame in kept.items())
    swap(kept)
    pd.testing.assert_series_equal(trajectory(key).values, before)


# ---- the command


def test_trace_prints_the_row_and_its_source(manias_command):
    said = manias_command("trace", "dotcom-peak-share").stdout
    frame = load("us_it_investment").frame.set_index("quarter")
    row = frame.loc[trajectory("us-it-dotcom").values.idxmax()]
    assert f"{row['info_equipment_software']:.10g}" in said and f"{row['gdp']:.10g}" in said
    for words in ("1 of 126 rows", "1 of 29 rows", row["locator"], "weakest grade B"):
        assert words in said
    sources = [line for line in said.splitlines() if line.startswith("source ")]
    assert [line.split(":")[0][7:] for line in sources if ":" in line] == [
        s.id for s in trace("dotcom-peak-share")[0].sources
    ]


def test_trace_stops_after_so_many_rows_and_says_where_the_others_are(manias_command):
    said = manias_command("trace", "capex-latest").stdout
    assert "... and 4 more: manias data show ai_capex" in said
    assert "more: manias" not in manias_command("trace", "capex-latest", "--rows", 24).stdout
    narrow = [line for line in said.partition("\ntable ")[2].splitlines() if "://" not in line]
    assert max(map(len, narrow)) <= 100
    wrong = manias_command("trace", "capex-latest", "--rows", "-1")
    assert wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1


def test_trace_gives_machines_every_row(manias_command):
    (found,) = json.loads(manias_command("trace", "free-cash-flow", "--json").stdout)
    (table,) = found["tables"]
    assert table["n"] == len(table["rows"]) < table["of"]
    assert {row["measure"] for row in table["rows"]} == {"capex", "operating_cash_flow"}
    assert all(row["source"] and row["locator"] and row["grade"] for row in table["rows"])
    assert {s["id"] for s in found["sources"]} == {
        key.strip() for row in table["rows"] for key in row["source"].split(";")
    }
    (cut,) = json.loads(manias_command("trace", "free-cash-flow", "--json", "--rows", 2).stdout)
    assert len(cut["tables"][0]["rows"]) == 2 and cut["tables"][0]["n"] == table["n"]


def test_published_figures_and_settings_can_be_traced():
    (printed,) = trace("gsy-runup")
    frame = load("published").frame.set_index("id")
    assert printed.value == f"{frame.loc['gsy-runup', 'value']:g}"
    assert [len(part.frame) for part in printed.rows] == [1]
    (setting,) = trace("crash-depth")
    assert (setting.rows, setting.sources, setting.grade) == ((), (), "J")
