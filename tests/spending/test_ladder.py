"""Falls after run-ups of spending: a slow second count, published counts, planted truths."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias import DataError, Flows, InputError, SpendingModel, known_on, load_flows
from manias.answers.archive import load_model
from manias.spending._counts import rebuilt


def made_up(values, blocks=None):
    share = pd.DataFrame(values, index=range(1960, 1960 + len(values)))
    blocks = pd.Series(share.columns if blocks is None else blocks, share.columns)
    return Flows("made up", share, share * 1e6, blocks, ())


def slow(flows, panel, years, horizon, floor, edges, followed):
    """Counts by loops over flows and years, without arrays."""
    n, hits, units = Counter(), defaultdict(Counter), defaultdict(set)
    share = {c: flows.share[c].to_dict() for c in flows.share}
    money = {c: flows.dollars[c].to_dict() for c in flows.share}
    for flow in share:
        for year, now in share[flow].items():
            if panel in ("industries", "sectors") and not 1966 <= year <= 2009:
                continue
            past = share[flow].get(year - years, float("nan"))
            size = money[flow][year] if panel == "firms" else now
            if not (now > 0 and past > 0 and size >= floor):
                continue
            span = range(year + 1, year + horizon + 1)
            ends = {"share": share[flow], "dollars": money[flow]}
            later = {
                w: [ends[w].get(y, float("nan")) for y in span] for w, _ in followed.values()
            }
            if any(v != v for path in later.values() for v in path):
                continue
            group = sum(now / past - 1 >= edge for edge in edges)
            n[group] += 1
            units[group].add(flow)
            for outcome, (what, part) in followed.items():
                hits[group][outcome] += min(later[what]) <= part * ends[what][year]
    return n, hits, {k: len(v) for k, v in units.items()}


@pytest.mark.parametrize(
    ("panel", "horizon", "floor"),
    [("industries", 5, 0.0001), ("sectors", 5, 0.001), ("firms", 3, 100.0)],
)
def test_a_slow_count_agrees(panel, horizon, floor):
    model = SpendingModel(panel, n_shuffles=0, n_orders=0)
    flows, edges = load_flows(panel), (-0.1, 0.1, 0.25, 0.5, 1.0, 2.0)
    edges = edges if panel == "firms" else edges[:-1]
    n, hits, units = slow(flows, panel, 3, horizon, floor, edges, model.outcomes)
    for k, rung in enumerate(model.fit(flows).ladder):
        assert (rung.n, rung.units) == (n[k], units[k])
        for outcome, rate in rung.frequency.items():
            assert rate == hits[k][outcome] / n[k]


def test_the_first_look_that_the_plan_tells_of_is_found_again():
    """Its shares to whole percent; its 185 cases at the top come from another split."""
    found = {r.name: r for r in SpendingModel(n_shuffles=0, n_orders=0).fit().ladder}
    flat, top = found["-10 to 10"].frequency, found["above 100"].frequency
    assert [round(100 * flat[o]) for o in ("share_falls_30", "share_halves")] == [19, 6]
    assert [round(100 * top[o]) for o in ("share_falls_30", "share_halves")] == [50, 30]
    assert [round(100 * r["dollars_fall_30"]) for r in (flat, top)] == [9, 37]
    assert abs(found["above 100"].n - 185) <= 1 and found["above 100"].units == 72
    assert found["above 100"].episodes == 107


def test_shuffled_years_leave_a_ladder_of_noise_and_take_one_of_memory():
    rng = np.random.default_rng(1)
    shape = (55, 150)
    noise = 0.01 * np.exp(np.cumsum(rng.normal(0, 0.15, shape), axis=0))
    boom = np.zeros(shape)
    for j, start in enumerate(rng.integers(6, 44, shape[1])):
        boom[start : start + 3, j], boom[start + 3 : start + 6, j] = 0.3, -0.3
    memory = 0.01 * np.exp(np.cumsum(boom + rng.normal(0, 0.02, shape), axis=0))
    top = {}
    for name, values in {"noise": noise, "memory": memory}.items():
        model = SpendingModel(n_shuffles=30, n_orders=0, floor=0)
        top[name] = model.fit(made_up(values)).ladder[-1]
    outcome = "share_falls_30"
    # Standard errors of these shares are below 0.03: hundreds of flow-years.
    assert abs(top["noise"].frequency[outcome] - top["noise"].shuffled[outcome]) < 0.08
    assert abs(top["noise"].frequency[outcome] - top["noise"].reversed[outcome]) < 0.08
    assert top["memory"].frequency[outcome] > 0.9 > 0.6 > top["memory"].shuffled[outcome]
    assert top["memory"].reversed[outcome] < 0.2


def test_reversed_twice_is_where_it_began_and_gaps_stay():
    values = pd.DataFrame({"a": [1.0, 2, 3, 9, 6], "b": [np.nan, 4, 2, np.nan, 5]})
    back = np.arange(4)[::-1]
    once = rebuilt(values, back)
    assert np.allclose(once["a"], [1, 2 / 3, 2, 3, 6]) and once["b"].notna().tolist() == [
        *(False, True, True, False, False)
    ]
    assert np.allclose(rebuilt(once, back)["a"], values["a"])
    pd.testing.assert_frame_equal(rebuilt(values[["a"]], np.arange(4)), values[["a"]])


def test_what_comes_later_moves_nothing(without_the_future):
    model = SpendingModel(n_shuffles=5, n_orders=0)
    with known_on("1995-12-31"):
        then = model.fit()
    with without_the_future("1995-12-31").known_on("1995-12-31").open():
        again = model.fit()
    pd.testing.assert_frame_equal(then.tidy(), again.tidy())
    assert then.last == 1989 and model.fit(load_flows()).last == 2009


def test_an_interval_holds_its_share_and_widens_with_blocks_that_move_together():
    rng = np.random.default_rng(0)
    common = np.repeat(rng.normal(0, 0.2, (55, 10)), 12, axis=1)
    values = 0.01 * np.exp(np.cumsum(common + rng.normal(0, 0.05, (55, 120)), axis=0))
    apart = made_up(values)
    together = made_up(values, np.repeat(np.arange(10), 12))
    model = SpendingModel(n_shuffles=0, n_orders=0, floor=0)
    for flows in (apart, together):
        for rung in model.fit(flows).ladder:
            for outcome, (low, high) in rung.interval.items():
                assert low <= rung.frequency[outcome] <= high
    width = {
        key: sum(h - lo for r in model.fit(flows).ladder for lo, h in r.interval.values())
        for key, flows in {"apart": apart, "together": together}.items()
    }
    assert width["together"] >= width["apart"]


def test_the_same_seed_gives_the_same_numbers():
    one, two = (SpendingModel("countries", n_shuffles=3, n_orders=0).fit() for _ in range(2))
    pd.testing.assert_frame_equal(one.tidy(), two.tidy())
    assert one.fingerprint == two.fingerprint
    assert (
        SpendingModel("countries", n_shuffles=3, n_orders=0, seed=1)
        .fit()
        .tidy()
        .equals(one.tidy())
        is False
    )


def test_errors_say_what_was_expected():
    for settings, words in (
        ({"panel": "moons"}, "panel='moons': expected one of industries"),
        ({"years": 0}, "years=0: expected a whole number, 1 or more"),
        ({"horizon": 0}, "horizon=0: expected a whole number, 1 or more"),
        ({"floor": -1.0}, "floor=-1.0: expected a number, 0 or more"),
        ({"confidence": 1.0}, "confidence=1.0: expected a number between 0 and 1"),
    ):
        with pytest.raises(InputError, match=words):
            SpendingModel(**settings)
    with pytest.raises(DataError, match="no year with 3 years before it and 5 after it"):
        SpendingModel(n_shuffles=0, n_orders=0).fit(made_up(np.ones((8, 2))))


def test_counting_alone_gives_the_same_ladder():
    model = SpendingModel("industries", n_shuffles=0, n_orders=0)
    names = ("name", "n", "units", "episodes", "frequency", "interval")
    for quick, whole in zip(model.rungs(), model.fit().ladder, strict=True):
        assert all(getattr(quick, name) == getattr(whole, name) for name in names)
        assert all(np.isnan(v) for v in quick.shuffled.values())


@pytest.mark.parametrize(
    ("p", "excess", "backwards", "said"),
    [
        (0.05, 0.2, 0.1, True),
        (0.05, 0.1, 0.2, False),
        (0.05, 0.1, 0.1, False),
        (0.06, 0.2, 0.1, False),
        (np.nan, 0.2, 0.1, None),
    ],
)
def test_an_excess_is_earned_by_both_placebos_or_not_at_all(p, excess, backwards, said):
    kept = load_model("spending-firms")
    first = kept.memory.iloc[0]
    memory = kept.memory.copy()
    memory.loc[memory.index[0], ["p", "excess", "reversed"]] = [p, excess, backwards]
    found = replace(kept, memory=memory)
    assert found.is_earned(first["class"], first["outcome"]) is said
