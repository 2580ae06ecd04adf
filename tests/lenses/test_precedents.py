"""Lens 4: both distances against brute force, planted likeness, and a blind future."""

from dataclasses import asdict, replace
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from manias.data.library import LIBRARY, known_on
from manias.data.reader import Series
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.lenses._precedent_kernels import elastic, elastic_of_many, functional
from manias.lenses.buildouts import ai_targets, load_buildout, load_buildouts, to_the_end
from manias.lenses.precedents import (
    PER_YEAR,
    SCALES,
    PrecedentModel,
    PrecedentResults,
    answer_own,
    answer_precedents,
    backtest,
    distances,
    match,
)
from scipy.interpolate import PchipInterpolator
from test_landmark import made_up

SAME = 1e-9
"""Two ways to the same number."""


@pytest.fixture(scope="module")
def buildouts():
    return load_buildouts()


@pytest.fixture(scope="module")
def fitted(buildouts):
    return PrecedentModel().fit(buildouts)


def all_paths(x, y):
    """Least cost of any monotone path that ends at each place, by trying every one."""

    @cache
    def best(i, j):
        if i < 0 or j < 0:
            return np.inf
        here = abs(x[i] - y[j])
        if i == 0:
            return min(here, here + best(0, j - 1))
        return here + min(best(i - 1, j), best(i, j - 1), best(i - 1, j - 1))

    return np.array([best(len(x) - 1, j) for j in range(len(y))]) / len(x)


def test_the_elastic_distance_is_the_least_over_all_paths():
    rng = np.random.default_rng(0)
    for _ in range(30):
        x, y = rng.normal(size=rng.integers(1, 6)), rng.normal(size=rng.integers(1, 9))
        assert elastic(x, y) == pytest.approx(all_paths(tuple(x), tuple(y)), abs=SAME)


def test_the_elastic_distance_of_many_is_that_of_each_to_the_bit():
    rng = np.random.default_rng(2)
    for _ in range(30):
        xs, y = rng.normal(size=(7, rng.integers(1, 6))), rng.normal(size=rng.integers(1, 9))
        each = np.array([elastic(x, y) for x in xs])
        assert (elastic_of_many(xs, y) == each).all()


def test_the_orders_of_a_course_are_placed_one_by_one(fitted):
    target = load_buildout("ai-capex-five")
    for distance in ("elastic", "functional"):
        like = fitted.liken(target, distance=distance)
        others = [p for p in fitted.precedents if p.innovation != target.innovation]
        own = match(np.r_[0.0, np.cumsum(like.growth)], others, distance)
        assert [m.id for m in own] == [m.id for m in like.matches]
        assert [m.distance for m in own] == pytest.approx([m.distance for m in like.matches])
        nearest = [
            match(np.r_[0.0, np.cumsum(order)], others, distance)[0].distance
            for order in permutations(like.growth)
        ]
        share = np.mean(np.array(nearest) <= own[0].distance + SAME)
        assert like.shuffled_p == pytest.approx(share)


def test_the_functional_distance_is_that_of_a_plain_grid():
    rng = np.random.default_rng(1)
    ages = np.arange(9.0)
    log = rng.normal(size=9).cumsum()
    curve = PchipInterpolator(ages, log)
    grid = np.arange(0, 8 + 0.5 / PER_YEAR, 1 / PER_YEAR)
    x = rng.normal(size=4).cumsum()
    ours = functional(x, curve(grid), float(PER_YEAR), np.array(SCALES))
    for end, cost in zip(grid, ours, strict=True):
        theirs = np.inf
        for scale in SCALES:
            at = end + scale * np.arange(-3, 1)
            if at[0] < 0:
                continue
            # The kernel reads the curve off its grid.
            r = x - np.interp(at, grid, curve(grid))
            theirs = min(theirs, r.std())
        assert cost == pytest.approx(theirs, abs=SAME)


def test_a_stretch_finds_itself_and_a_stretched_one_is_near():
    one = PrecedentModel().prepare([load_buildout("us-cellular-1987")])
    for distance in ("elastic", "functional"):
        found = match(one[0].log[3:9], one, distance)[0]
        assert found.distance == pytest.approx(0, abs=SAME)
        assert found.end == one[0].ages[8]
    slow = PchipInterpolator(one[0].ages, one[0].log)(np.arange(7) * 0.5 + 2)
    assert match(slow, one, "functional")[0].distance < 0.01


def test_the_level_of_a_course_does_not_matter(fitted):
    target = load_buildout("ai-capex-five")
    other = replace(target, path=replace(target.path, values=target.path.values * 1e6))
    a, b = fitted.liken(target), fitted.liken(other)
    assert [m.id for m in a.matches] == [m.id for m in b.matches]
    assert a.shuffled_p == b.shuffled_p
    assert a.matches[0].distance == pytest.approx(b.matches[0].distance, abs=SAME)


def made_up_past(rng, wave):
    made = []
    for i in range(12):
        shape = wave + rng.normal(scale=0.01, size=len(wave))
        levels = np.exp(np.r_[0, shape.cumsum()])
        fall = levels[-1] * np.array([1.05, 0.3 if i % 2 else 0.9, *[0.9] * 4])
        made.append(made_up(f"b{i}", [*levels, *fall]))
    return made


def test_planted_likeness_is_near_and_noise_is_not():
    rng = np.random.default_rng(4)
    wave = np.array([0.1, 0.9, 0.2, 0.7, 0.3])
    fit = PrecedentModel().fit(made_up_past(rng, wave))
    like = made_up("target", np.exp(np.r_[0, wave.cumsum()]), role="target")
    near = fit.liken(like)
    assert near.is_near and near.shuffled_p == pytest.approx(1 / 120)
    assert near.matches[0].distance < 0.02
    for steps in ([0.9, 0.1, 0.7, 0.2, 0.9], [5.0, 4.0, 5.5, 4.5, 5.2]):
        unlike = made_up("target", np.exp(np.r_[0, np.cumsum(steps)]), role="target")
        assert not fit.liken(unlike).is_near
    assert fit.liken(unlike).far_p < 0.05


def test_noise_is_called_near_as_rarely_as_it_should_be():
    rng = np.random.default_rng(6)
    precedents = [
        made_up(f"b{i}", np.exp(np.r_[0, rng.normal(0.2, 0.3, 14).cumsum()])) for i in range(8)
    ]
    fit = PrecedentModel().fit(precedents)
    called = 0
    for _ in range(60):
        course = np.exp(np.r_[0, rng.normal(0.2, 0.3, 5).cumsum()])
        called += fit.liken(made_up("target", course, role="target")).shuffled_p <= 0.05
    # Binomial(60, 0.05): more than 8 in one run of a thousand.
    assert called <= 8


def test_a_fit_of_the_past_does_not_change_with_what_came_later(without_the_future):
    said, model = [], PrecedentModel(neighbours=2)
    for library in (LIBRARY, without_the_future("2000-12-31")):
        with library.open():
            said.append(dumps(model.fit(as_of="2000-12-31").to_card()))
    assert said[0] == said[1]
    assert said[0] != dumps(model.fit().to_card())


@pytest.mark.parametrize("key", ["ai-capex-five", "ai-data-centres"])
def test_an_answer_on_ai_does_not_change_with_what_was_published_later(
    without_the_future, spelt, key
):
    date = "2025-03-31"
    fit = PrecedentModel().fit(as_of=date)
    honest = answer_precedents(fit, key, as_of=date)
    with without_the_future(date, by="published").open():
        assert spelt(answer_precedents(fit, key, as_of=date)) == spelt(honest)
    with without_the_future("2024-06-30", by="published").open():
        assert spelt(answer_precedents(fit, key, as_of=date)) != spelt(honest)
    with pytest.raises(InputError, match=r"as of 1999-12-31: manias-precedents-.* to 2004-12"):
        answer_precedents(fit, "us-it-dotcom", as_of="1999-12-31")
    with pytest.raises(InputError, match="beside a build-out in hand"):
        answer_precedents(fit, load_buildout(key), as_of=date)


def test_stretches_end_before_the_peak_whether_or_not_the_outcome_is_known(fitted):
    course = np.array([0.0, 0.1, 0.3, 0.5])
    for p in fitted.precedents:
        for distance in ("elastic", "functional"):
            ages, _ = distances(course, p, distance)
            assert set(ages) <= set(p.ages[p.is_free].astype(float))
            told, _ = distances(course, p, distance, is_told=True)
            assert set(told) == set(ages) & set(p.ages[np.isfinite(p.fell)].astype(float))
        assert np.isnan(p.fell[~p.is_free]).all()
    by_id = {p.id: p for p in fitted.precedents}
    air, rail = by_id["us-aircraft-1927"], by_id["uk-railways-1840s"]
    assert air.ages[air.is_free].max() == 2
    assert np.isnan(rail.fell).all() and not rail.has_fallen.any()
    sbc = by_id["us-telecom-sbc"]
    assert sbc.has_fallen[np.isnan(sbc.fell)].any()


def test_the_score_is_that_of_plain_loops_and_the_nearest_are_read_anew(fitted):
    told = {
        (p.id, int(a)): f
        for p in fitted.precedents
        for a, f in zip(p.ages, p.fell, strict=True)
        if np.isfinite(f)
    }
    kind = {p.id: p.innovation for p in fitted.precedents}
    gain = []
    for r in fitted.looks.itertuples():
        near = [m.split("@") for m in r.elastic_near.split(";")]
        fates = [told[key, int(age)] for key, age in near]
        others = {}
        for (key, _), f in told.items():
            if kind[key] != r.innovation:
                others.setdefault(kind[key], []).append(f)
        share = np.mean([np.mean(v) for v in others.values()])
        p = (sum(fates) + share) / (len(fates) + 1)
        rest = fitted.looks["label"][fitted.looks["innovation"] != r.innovation]
        base = rest.mean()
        said = [q if r.label == 1 else 1 - q for q in (p, base)]
        gain.append(np.log(said[0] / said[1]))
    assert fitted.scores[0].gain == pytest.approx(np.mean(gain), abs=SAME)


def test_planted_fates_of_near_courses_are_found_and_exchanged_ones_are_not():
    rng = np.random.default_rng(9)
    made = []
    for i in range(24):
        wave = np.array([0.1, 0.9, 0.2, 0.7, 0.3] if i % 2 else [0.5, 0.1, 0.6, 0.1, 0.4])
        levels = np.exp(np.r_[0, (wave + rng.normal(scale=0.02, size=5)).cumsum()])
        fall = levels[-1] * np.array([1.05, 0.3 if i % 2 else 0.9, *[0.9] * 4])
        made.append(made_up(f"b{i}", [*levels, *fall]))
    fit = PrecedentModel().fit(made)
    assert fit.scores[0].has_skill and fit.scores[0].permutation_p < 0.01
    # Binomial(200, 0.05): more than 20 in one run of a thousand.
    assert fit.rule.size <= 0.1 and fit.rule.power[1].power > 0.5
    assert PrecedentModel().fit(as_of="2000-12-31").rule is None


def test_cards_go_round(fitted):
    card = fitted.to_card()
    again = PrecedentResults.from_card(card)
    assert dumps(again.to_card()) == dumps(card)
    target = load_buildout("ai-capex-meta")
    assert dumps(asdict(again.liken(target))) == dumps(asdict(fitted.liken(target)))
    assert dumps(PrecedentModel().fit().to_card()) == dumps(card)


def test_ai_reads_its_last_quarter_and_says_when_nothing_is_near(fitted):
    for key in ai_targets():
        target = load_buildout(key)
        answer = answer_precedents(fitted, target)
        assert not answer.says
        if key == "ai-capex-coreweave":
            assert "only 1 yearly growth rate on record, and 3 are needed" in answer.reason
            continue
        like = fitted.liken(target)
        levels = to_the_end(target.path)
        assert like.growth[-1] == pytest.approx(np.log(levels[0] / levels[-1]))
        assert ("not near" in answer.reason) == (like.shuffled_p > 0.05)
        assert answer.value == like.matches[0].distance and len(answer.nearest) == 3
        assert len({m.innovation for m in like.matches}) == len(like.matches)


def test_a_target_is_not_compared_with_its_own_innovation(fitted):
    with known_on("1992", by="observed"):
        past = load_buildout("us-cellular-1987")
    like = fitted.liken(past)
    assert "cellular-telephone" not in {m.innovation for m in like.matches}
    looks = fitted.looks
    assert looks["label"].isin([0.0, 1.0]).all() and len(looks) == fitted.n


def test_what_cannot_be_fitted_says_why(buildouts, fitted):
    with pytest.raises(DataError, match="only 1 innovation with a known outcome"):
        PrecedentModel().fit(as_of="1850")
    with pytest.raises(InputError, match="as_of=1850 beside build-outs in hand"):
        PrecedentModel().fit(buildouts, as_of="1850")
    with pytest.raises(InputError, match="distance='taxicab': expected one of elastic"):
        PrecedentModel(distance="taxicab")
    with pytest.raises(InputError, match="neighbours=0: expected"):
        PrecedentModel(neighbours=0)
    with pytest.raises(InputError, match="distance='far'"):
        fitted.liken(load_buildout("us-it-ai"), distance="far")
    rng = np.random.default_rng(0)
    never = [
        made_up(f"b{i}", np.exp(rng.uniform(0, 0.5, 12).cumsum())) for i in range(5)
    ]  # always rising
    with pytest.raises(DataError, match="looks of one outcome; expected both outcomes"):
        PrecedentModel().fit(never)
    steady = made_up("target", 2.0 ** np.arange(8), role="target")
    assert "growth is constant" in fitted.liken(steady).reason


def test_an_own_series_is_likened_and_told_what_is_missing(fitted):
    index = pd.period_range("2019", periods=6, freq="Y")
    series = Series("mine", pd.Series([1.0, 2, 4.5, 6, 11, 13], index), "USD")
    answer = answer_own(series, results=fitted)
    assert 0 <= answer.value <= 1 and answer.grade == "C" and answer.as_of == "2024"
    assert "growth of the flow itself: no column gdp" in answer.reason
    more = answer_own(series, revenue=series.values, gdp=series.values * 9 + 1, results=fitted)
    assert "revenue not used" in more.reason and "no column gdp" not in more.reason
    short = answer_own(Series("mine", series.values[:3], "USD"), results=fitted)
    assert np.isnan(short.value) and "2 yearly growth rates" in short.reason
    with pytest.raises(DataError, match="mine is constant"):
        answer_own(Series("mine", series.values * 0 + 1, "USD"), results=fitted)


def test_the_backtest_names_what_was_known():
    table = backtest({"us-it-dotcom": ("2000",), "uk-railways-1840s": ("1847",)})
    assert table["failed"].iloc[0] == "not near" and table["base"].iloc[0] < 0.6
    assert "internet" not in table["nearest"].iloc[0]
    assert "innovation with a known outcome" in table["failed"].iloc[1]
