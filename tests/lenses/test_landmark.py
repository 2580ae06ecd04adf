"""Lens 3: ranks against other code, open windows alike, onsets moved, and a blind future."""

from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import load_model
from manias.answers.classify import ask
from manias.data.library import LIBRARY, known_on
from manias.data.reader import Series
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.evaluation.ranks import drawn_ranks, mean_rank, mean_ranks
from manias.lenses.buildouts import (
    Buildout,
    ai_targets,
    known_buildouts,
    load_buildout,
    load_buildouts,
)
from manias.lenses.landmark import (
    ONSETS,
    RANKED,
    LandmarkModel,
    LandmarkResults,
    _answer,
    answer_landmark,
    answer_own,
    backtest,
    count_outcomes,
    place_among,
)
from manias.series.timeline import Trajectory
from scipy.stats import percentileofscore

SAME = 1e-9
"""Two ways to the same number."""


@pytest.fixture(scope="module")
def buildouts():
    return load_buildouts()


@pytest.fixture(scope="module")
def fitted(buildouts):
    return LandmarkModel().fit(buildouts)


def made_up(name, values, innovation=None, role="case", onset="1900"):
    index = pd.period_range(onset, periods=len(values), freq="Y")
    days = pd.Series(index.end_time.normalize(), index)
    anchors = {"onset": index[0], "commercialised": None, "peak": None}
    path = Trajectory(
        name,
        name,
        pd.Series(values, index, dtype=float),
        "units",
        "m",
        "made up",
        ("own",),
        "C",
        days,
        anchors,
    )
    return Buildout(name, name, innovation or name, role, path)


def test_draws_of_cases_are_ranked_as_each_would_be():
    rng = np.random.default_rng(3)
    groups = [rng.integers(4, size=(n, 3)).astype(float) for n in (1, 2, 3, 1)]
    groups[3][:, 1:] = np.nan
    values = np.array([1.0, np.nan, 2.0])
    drawn = rng.integers(4, size=(50, 4))
    drawn[0] = 3
    each = [mean_rank(values, np.vstack([groups[i] for i in row])) for row in drawn]
    assert np.isnan(each[0]) and np.isfinite(each[1:]).any()
    assert np.array_equal(drawn_ranks(values, groups, drawn), each, equal_nan=True)


def test_mean_ranks_agree_with_scipy():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, size=(11, 3)).astype(float)
    x[2, 1] = np.nan
    theirs = np.full(11, np.nan)
    for i in range(11):
        places = []
        for j in range(3):
            others = np.delete(x[:, j], i)
            others = others[np.isfinite(others)]
            if np.isfinite(x[i, j]):
                places.append(percentileofscore(others, x[i, j], kind="mean") / 100)
        theirs[i] = np.mean(places)
    assert mean_ranks(x) == pytest.approx(theirs, abs=SAME)


def test_open_windows_are_left_out_whether_or_not_they_fell(fitted):
    cases = fitted.cases[(fitted.cases["age"] == 3) & fitted.cases["score"].notna()]
    cases = cases.set_index("id")
    assert (fitted.n, fitted.events) == (11, 3)
    assert cases.index[cases["label"] == 1].tolist() == [
        "us-railroads-1830s",
        "us-telephones-1878",
        "gb-cellular-1985",
    ]
    is_open = cases["label"].isna()
    fell = cases["has_fallen"][is_open]
    assert set(fell.index[fell]) == {"us-telecom-sbc"}
    assert set(fell.index[~fell]) == {
        "uk-railways-1840s",
        "us-railroads-1840s",
        "us-television-1946",
    }
    assert fitted.untested.startswith("3 of 11 fell: the rarer outcome has 3 cases")
    assert fitted.scores == ()
    assert (fitted.by_age["whole"] + fitted.by_age["open"] == fitted.by_age["cases"]).all()


def test_counts_do_not_depend_on_where_the_record_of_a_fall_ends():
    """Under no memory a frequency of whole windows is that of the law, open ones or not."""
    rng = np.random.default_rng(3)
    made = []
    for i in range(150):
        last = int(rng.integers(5, 12))
        level = np.r_[1.0, 2.0, 3.0, 4.0, np.full(8, 4.0)]
        if rng.random() < 0.3:
            level[4 + int(rng.integers(5)) :] = 1.0
        made.append(made_up(f"b{i}", level[:last]))
    cases = LandmarkModel().table(made)
    told = count_outcomes(cases[cases["age"] == 3])
    assert told["fell"] / told["whole"] == pytest.approx(0.3, abs=0.1)
    seen = (told["fell"] + told["open_fallen"]) / (told["whole"] + told["open_fallen"])
    assert seen > told["fell"] / told["whole"] + 0.03


def test_a_faster_build_out_ranks_higher():
    made = [made_up(f"b{i}", np.exp(0.02 * i * np.arange(12) ** 2)) for i in range(1, 12)]
    fit = LandmarkModel().fit(made)
    fast = fit.place(made_up("target", np.exp(0.19 * np.arange(4) ** 2), role="target"))
    slow = fit.place(made_up("target", np.exp(0.03 * np.arange(4) ** 2), role="target"))
    assert (fast.rank, slow.rank, fast.of) == (3, 11, 12)
    assert fast.cases["id"].head(3).tolist() == ["b11", "b10", "b9"]
    assert fast.cases["is_faster"].tolist() == [True] * 2 + [False] * 9


def test_the_band_is_that_of_the_onsets_moved_by_hand(fitted):
    for key in ("us-it-ai",):
        target = load_buildout(key)
        found = []
        for step in range(-4 * ONSETS, 4 * ONSETS + 1):
            onset = pd.Period("2022Q4") + step
            path = replace(target.path, anchors={**target.path.anchors, "onset": onset})
            found.append(fitted.place(replace(target, path=path)).score)
        place = fitted.place(target)
        assert (place.least, place.most) == (min(found), max(found))
        assert place.score == found[4 * ONSETS] and place.least < place.score < place.most
        assert answer_landmark(fitted, target).band == (place.least, place.most)
    assert np.isnan(answer_landmark(fitted, "ai-capex-coreweave").band).all()


@pytest.mark.parametrize("date", ["1935-12-31", "2000-12-31"])
def test_a_fit_of_the_past_does_not_change_with_what_came_later(without_the_future, date):
    said = []
    model = LandmarkModel(age=4)
    for library in (LIBRARY, without_the_future(date)):
        with library.open():
            try:
                said.append(dumps(model.fit(as_of=date).to_card()))
            except DataError as error:
                said.append(str(error))
    assert said[0] == said[1]
    assert said[0] != dumps(model.fit().to_card())


@pytest.mark.parametrize("key", ["ai-capex-five", "us-it-ai"])
def test_an_answer_on_ai_does_not_change_with_what_was_published_later(without_the_future, key):
    date = "2025-03-31"
    fit = LandmarkModel(age=2).fit(as_of=date)
    honest = answer_landmark(fit, key, as_of=date)
    with without_the_future(date, by="published").open():
        assert answer_landmark(fit, key, as_of=date) == honest
    assert honest.as_of == "2024Q4"
    with without_the_future("2023-06-30", by="published").open():
        assert answer_landmark(fit, key, as_of=date) != honest


def test_a_fit_that_knows_more_than_the_date_allows_is_refused(fitted):
    with pytest.raises(InputError, match=r"as of 1999-12-31: manias-landmark-.* to 2004-12-31"):
        answer_landmark(fitted, "us-it-dotcom", as_of="1999-12-31")
    with known_on("1999"), pytest.raises(InputError, match="was fitted on data to 2004-12-31"):
        answer_landmark(fitted, "us-it-dotcom")


def test_a_date_beside_build_outs_that_are_given_is_refused(fitted, buildouts):
    with pytest.raises(InputError, match=r"as_of=1999 beside build-outs in hand: exp"):
        LandmarkModel().fit(buildouts, as_of="1999")
    with pytest.raises(InputError, match=r"as_of=2025 beside a build-out in hand"):
        answer_landmark(fitted, load_buildout("us-it-ai"), as_of="2025")


def test_where_a_fit_comes_from_is_what_it_read(fitted):
    made = fitted.provenance
    assert set(made.data) >= {"trajectories", "buildouts", "covariates", "uk_macro"}
    with LIBRARY.holding({}).open():
        again = {r.name: len(r.frame) for r in made.rows()}
    assert again == {r.name: len(r.frame) for r in made.rows()} and again["uk_macro"] == 6
    made_of = [
        made_up(f"b{i}", [1, 2 + i, 4 + i, 8 + i, 9 + i, *([1] if i % 2 else [9 + i]) * 5])
        for i in range(12)
    ]
    own = LandmarkModel().fit(made_of)
    assert own.provenance.picks == () and own.data == {} and own.grade == "C"


def test_cards_go_round(fitted):
    card = fitted.to_card()
    again = LandmarkResults.from_card(card)
    assert dumps(again.to_card()) == dumps(card)
    target = load_buildout("us-it-ai")
    assert dumps(asdict(again.place(target))) == dumps(asdict(fitted.place(target)))


def test_units_and_the_order_of_the_cases_do_not_matter(fitted, buildouts):
    other = [replace(b, path=replace(b.path, values=b.path.values * 1.6)) for b in buildouts]
    same = LandmarkModel().fit(other[::-1])
    pd.testing.assert_frame_equal(same.by_age, fitted.by_age)
    one, two = (f.place(load_buildout("ai-capex-five")) for f in (fitted, same))
    assert (one.rank, one.of) == (two.rank, two.of)
    assert two.score == pytest.approx(one.score, abs=SAME)


def test_ai_is_placed_at_its_age_among_cases_that_are_not_ai(fitted):
    for key in ai_targets():
        target = load_buildout(key)
        place = fitted.place(target)
        assert place.age == 3 and place.as_of == "2025Q4"
        if place.reason:
            assert key == "ai-capex-coreweave" and "for its recent growth" in place.reason
            continue
        assert 1 <= place.rank <= place.of and place.low <= place.score <= place.high
        assert place.least <= place.score <= place.most
        assert len(place.cases) == place.of - 1
        assert place.cases["is_faster"].sum() == place.rank - 1
        assert set(place.nearest) <= set(fitted.cases["id"])
        assert len(set(place.nearest)) == min(3, place.of - 1)
        answer = answer_landmark(fitted, target)
        assert not answer.says and "too few cases for a percentage" in answer.reason
        assert (answer.value, answer.unit) == (place.score, "rank")


def test_a_target_is_not_compared_with_its_own_innovation(fitted):
    with known_on("1990", by="observed"):
        past = load_buildout("us-cellular-1987")
    place = fitted.place(past)
    assert not {"us-cellular-1987", "gb-cellular-1985"} & set(place.nearest)
    beyond = made_up("target", np.exp(9.0 * np.arange(4)), role="target")
    assert "growth" in fitted.place(beyond).outside
    old = made_up("target", np.arange(1.0, 20), role="target")
    assert (
        place_among(fitted.cases, old).reason
        == "at age 18 it lies outside the ages that were fitted, 1 to 6"
    )


def test_what_cannot_be_laid_out_says_why():
    with pytest.raises(DataError, match="no past build-out is on record at age 3"):
        LandmarkModel().fit(as_of="1840")
    with pytest.raises(InputError, match="age=9"):
        LandmarkModel(age=9)


def test_an_own_series_is_placed_and_told_what_is_missing(fitted):
    index = pd.period_range("2020", periods=4, freq="Y")
    series = Series("mine", pd.Series([1.0, 2.0, 4.5, 11.0], index), "USD")
    answer = answer_own(series, results=fitted)
    assert 0 < answer.value < 1 and answer.grade == "C" and answer.n == fitted.n
    assert "level not computed: no column gdp" in answer.reason
    assert "no operating cash flow" in answer.reason
    gdp = pd.Series(100.0, index)
    assert "no column gdp" not in answer_own(series, gdp=gdp, results=fitted).reason
    assert answer_own(series, gdp=gdp, results=fitted).value == pytest.approx(answer.value)
    short = answer_own(Series("mine", series.values[:2], "USD"), results=fitted)
    assert (
        np.isnan(short.value)
        and "too few years on record at age 1 for its recent growth and acceleration"
        in short.reason
    )


def test_the_backtest_names_what_was_known():
    table = backtest({"us-it-dotcom": ("1998",), "uk-railways-1840s": ("1847",)})
    dotcom, rail = (table.iloc[i] for i in range(2))
    assert dotcom["failed"] == "" and dotcom["followed"] == 0.0
    assert (
        np.isnan(rail["followed"]) and "other build-outs on record at age 3" in rail["failed"]
    )
    with known_on("1998", by="observed"):
        fit = LandmarkModel(age=3).fit(
            [b for b in known_buildouts() if b.innovation != "internet"]
        )
    assert (dotcom["whole"], dotcom["fell"]) == (fit.n, fit.events)
    assert list(RANKED) == ["growth", "recent", "acceleration"]


@pytest.mark.parametrize("lens", ["build-out", "precedent"])
def test_the_command_reads_nothing_later_than_its_date(lens):
    past, now = ({a.lens: a for a in ask("microsoft", as_of=d)} for d in ("2025-06-30", None))
    assert past[lens].as_of < "2025Q2" and past[lens].target == "microsoft"
    assert now[lens].as_of > "2025Q3"


@pytest.mark.parametrize(
    ("reason", "outside", "is_supported"),
    [("", (), True), ("", ("growth",), False), ("too young", (), False)],
)
def test_an_answer_is_supported_where_it_was_placed_and_inside(reason, outside, is_supported):
    kept, target = load_model("landmark"), load_buildout("ai-capex-five")
    said = answer_landmark(kept, target)
    place = replace(kept.place(target), reason=reason, outside=outside)
    found = _answer(kept, target, place, ())
    assert found.is_supported is is_supported
    if reason:
        # Nothing was placed, so that no case is behind it.
        assert (found.n, found.events) == (0, 0) and str(found.reason).startswith(reason)
    else:
        assert (found.n, found.events) == (said.n, said.events)
        assert ("beyond every build-out" in str(found.reason)) is bool(outside)
