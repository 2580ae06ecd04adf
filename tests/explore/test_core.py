"""What the page counts itself is what the package counts, on a dense sample of the choices."""

import itertools
import math
from dataclasses import asdict, replace

import manias
import numpy as np
import pandas as pd
import pytest
from manias.data.forms import month_names
from manias.data.numbers import currency_codes
from manias.explore.counting import WAYS, permutation, uniform
from manias.explore.payload import ACCOUNTS
from manias.record.companies import burden_table, capex_table
from manias.series.prices import PRICES
from manias.series.timeline import rebase
from manias.spending.ladder import EDGES

CLOSE = 1e-9
SAME = ("n", "falls", "units", "blocks", "frequency", "low", "high")


def value(answer):
    assert "error" not in answer, answer
    return answer["value"]


def agree(got, wanted, what):
    both_blank = math.isnan(got) and math.isnan(wanted) if wanted is not None else got is None
    assert both_blank or got == pytest.approx(wanted, abs=CLOSE, rel=CLOSE), what


def test_the_draws_are_the_same(core):
    answers = core({}, [["uniform", 2000, 0], ["uniform", 50, 7], ["permutation", 54, 3]])
    assert value(answers[0]) == uniform(2000).tolist()
    assert value(answers[1]) == uniform(50, 7).tolist()
    assert value(answers[2]) == permutation(54, 3).tolist()


def test_the_draws_are_uniform():
    drawn = uniform(100_000)
    assert abs(drawn.mean() - 0.5) < 0.005 and abs(drawn.std() - 12**-0.5) < 0.005
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.01


def rise_questions():
    """Every value of every control, each with others drawn at random."""
    rng = np.random.default_rng(18)
    known = {
        "low": [-0.5, -0.1, 0.0, 0.25, 0.5, 1.0, 2.0, 3.0],
        "years": [1, 2, 3, 4, 5],
        "horizon": list(range(1, 11)),
        "fall": [round(0.05 * k, 2) for k in range(2, 17)],
        "decade": [None, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020],
        "volatility": ["", "calm", "middle", "noisy"],
        "high": [None, 0.25, 0.5, 1.0],
    }
    ways = [(p, f) for p, fs in WAYS.items() for f in fs]
    for name, values in known.items():
        for one, (panel, follow) in itertools.product(values, ways):
            drawn = {k: v[rng.integers(len(v))] for k, v in known.items()}
            # Most questions are asked without a filter, as the page opens.
            if rng.random() < 0.5:
                drawn |= {"decade": None, "volatility": ""}
            drawn[name] = one
            if drawn["high"] is not None and drawn["high"] <= drawn["low"]:
                drawn["high"] = None
            yield {"panel": panel, "follow": follow, **drawn}


def test_rises_are_counted_as_in_python(core, parts):
    asked = list(rise_questions())
    calls = []
    for q in asked:
        panel = f"rises.panels.{q['panel']}"
        ask = {**q, "high": math.inf if q["high"] is None else q["high"]}
        calls.append(["countRises", q["panel"], {"$": panel}, {"levels": panel}, ask])
    answers = core(parts, calls)
    blank = 0
    for q, answer in zip(asked, answers, strict=True):
        found = asdict(manias.count_rises(**q))
        blank += found["n"] == 0
        for name in SAME:
            agree(value(answer)[name], found[name], (q, name))
    assert len(asked) > 250 and blank < len(asked) / 2


def test_placebos_are_counted_as_in_python(core, parts):
    q = {"low": 0.5, "years": 3, "horizon": 5, "fall": 0.3}
    q |= {"decade": None, "volatility": ""}
    n = 4
    for name, follow in (("industries", "dollars"), ("countries", "share"), ("firms", "share")):
        panel = f"rises.panels.{name}"
        ask = {**q, "follow": follow, "high": math.inf}
        years = len(manias.load_flows(name).share) - 1
        orders = [permutation(years, k).tolist() for k in range(n)] + [list(range(years))[::-1]]
        calls = [["rateInOrder", name, {"$": panel}, {"levels": panel}, ask, o] for o in orders]
        rates = [value(a) for a in core(parts, calls)]
        found = manias.count_rises(name, follow=follow, **q, shuffles=n)
        agree(float(np.nanmean(rates[:n])), found.shuffled, name)
        agree(rates[n], found.reversed, name)


@pytest.mark.parametrize("name", ["industries", "countries", "firms"])
def test_at_the_plan_it_is_the_ladder(name):
    results = manias.load_model(f"spending-{name}")
    edges = [-1.0, *EDGES.get(name, EDGES[""]), None]
    first = next(iter(results.ladder[0].frequency))
    follow, fall = first.split("_")[0], 0.3
    for rung, low, high in zip(results.ladder, edges[:-1], edges[1:], strict=True):
        found = manias.count_rises(name, low=low, high=high, follow=follow, fall=fall)
        assert (found.n, found.units) == (rung.n, rung.units)
        assert found.frequency == pytest.approx(rung.frequency[first], abs=1e-12)
        # The same method with other draws: within what 2,000 draws leave open.
        assert found.low == pytest.approx(rung.interval[first][0], abs=0.02)
        assert found.high == pytest.approx(rung.interval[first][1], abs=0.02)


def test_crashes_are_counted_as_in_python(core, parts):
    data = parts["crashes"]
    decades = [None, 1920, 1960, 1990, 2010]
    asked = [
        {"threshold": t, "horizon": h, "crash": c, "decade": d}
        for (t, h, c), d in zip(
            itertools.product(data["thresholds"], data["horizons"], data["crashes"]),
            itertools.cycle(decades),
            strict=False,
        )
    ]
    answers = core(parts, [["countCrashes", {"$": "crashes"}, q] for q in asked])
    for q, answer in zip(asked, answers, strict=True):
        found = asdict(manias.count_crashes(**q))
        for name in SAME:
            agree(value(answer)[name], found[name], (q, name))
    kept = manias.load_model("ladder").rungs[1.0]
    found = manias.count_crashes(threshold=1.0)
    assert (found.n, found.falls, found.blocks) == (kept.n, kept.crashes, kept.waves)


def test_a_wave_is_a_stretch_of_its_own(core):
    assert value(core({}, [["numberWaves", [30, 0, 23, 24], 24]])[0]) == [2, 1, 1, 2]


def test_payback_is_solved_as_in_python(core, parts):
    known = manias.load_assumptions("ai")
    used = list(parts["payback"]["assumptions"])
    keys = [k for k in used if not k.endswith("_upper")]
    rng = np.random.default_rng(7)
    ranges = {
        "ai_life_servers_economic": (2, 12),
        "ai_life_buildings": (10, 50),
        "ai_cost_of_capital": (0, 20),
        "ai_share_of_capex": (0.2, 1),
        "ai_share_servers": (0.2, 0.9),
        "ai_opex_share_neocloud": (0, 0.8),
        "ai_revenue_2026": (10, 2000),
        "ai_revenue_growth": (-0.2, 2),
    }
    levels = [None, *parts["payback"]["spending"].values()]
    asked = []
    for i in range(60):
        a = {k: known[k].central for k in keys}
        moved = list(ranges) if i % 3 else [list(ranges)[i % len(ranges)]]
        a |= {k: float(rng.uniform(*ranges[k])) for k in moved}
        a["ai_first_year"] = [known["ai_first_year"].central, 2021.0, 2024.0][i % 3]
        asked.append((a, float(rng.uniform(-0.5, 1)), levels[i % len(levels)]))
    answers = core(
        parts, [["solvePayback", {"$": "payback"}, a, g, level] for a, g, level in asked]
    )
    for (a, growth, level), answer in zip(asked, answers, strict=True):
        given = known | {k: replace(known[k], low=v, central=v, high=v) for k, v in a.items()}
        found = manias.PaybackModel("ai", growth, level).fit(given)
        got = value(answer)
        for name, other in (
            ("required", found.required),
            ("revenue", found.revenue),
            ("ratio", found.ratio),
            ("growthNeeded", found.growth_needed),
        ):
            agree(got[name], other, (name, a))
        assert str(got["covered"] or "") == found.covered
        path = pd.DataFrame(got["path"]).set_index("year")
        for name in ("capex", "depreciation", "capital", "required", "revenue"):
            wanted = found.path[name].to_numpy()
            np.testing.assert_allclose(path[name], wanted, rtol=CLOSE, atol=CLOSE)


def test_event_time_and_index_are_those_of_python(core):
    calls, wanted = [], []
    for key in manias.trajectory_names():
        path = manias.trajectory(key)
        seen = path.values.dropna()
        texts = [str(p) for p in seen.index]
        for clock in ("onset", "commercialised", "peak"):
            anchor = path.anchors[clock]
            if anchor is None:
                continue
            table = manias.align([path], manias.EventTime(clock, 200, 200)).dropna()
            calls.append(["eventTimeOf", texts, str(anchor)])
            wanted.append(table["tau"].tolist())
            try:
                index = rebase(path, clock).values.dropna().tolist()
            except manias.DataError:
                index = None
            calls.append(["rebaseOf", texts, seen.tolist(), str(anchor)])
            wanted.append(index)
    for call, answer, other in zip(calls, core({}, calls), wanted, strict=True):
        got = value(answer)
        assert (got is None) == (other is None), call
        if other is not None:
            np.testing.assert_allclose(got, other, rtol=CLOSE)


def test_money_is_deflated_as_in_python(core, parts):
    rng = np.random.default_rng(11)
    (index,) = parts["deflators"]
    level = manias.price_index("USD", frequency="M").values[index["base"]].mean()
    calls, wanted = [], []
    for freq, first, n in (("Y", "1865", 170), ("Q", "1996Q3", 130), ("M", "1870-11", 60)):
        periods = pd.period_range(first, periods=n, freq=freq)
        mine = manias.Series("mine", pd.Series(rng.lognormal(3, 1, n), periods), "million USD")
        prices = manias.price_index("USD", frequency=freq)
        base = periods[20]
        found = manias.deflate(manias.own(mine, measure="m"), prices, base=base)
        # The page takes the prices of a year whatever the frequency.
        wanted.append((found.values / prices.values[base] * level).to_numpy())
        calls.append(["deflatedOf", [str(p) for p in periods], mine.values.tolist(), index])
    blank = 0
    for answer, other in zip(core({}, calls), wanted, strict=True):
        got = np.array(value(answer), dtype=float)
        blank += np.isnan(other).sum()
        np.testing.assert_allclose(got, other, rtol=CLOSE)
    assert blank > 5


def test_only_prices_on_record_are_used(parts):
    assert {one["currency"] for one in parts["deflators"]} == set(PRICES)
    with pytest.raises(manias.DataError, match="no price index of GBP is on record"):
        manias.price_index("GBP")
    year = manias.price_index("USD").values
    months = manias.load("shiller").frame.set_index("month")["cpi"].astype(float)
    assert year["1929"] == pytest.approx(months["1929-01":"1929-12"].mean(), rel=CLOSE)
    assert len(months[parts["deflators"][0]["base"]].dropna()) == 12


def test_companies_are_added_up_as_in_python(core, parts):
    by = {(one["company"], one["measure"]): one for one in parts["companies"]}
    names = sorted({c for c, _ in by})
    calls = [
        ["payingOf", by[c, "capex"], by[c, "operating_cash_flow"]]
        for c in names
        if (c, "operating_cash_flow") in by
    ]
    burden = burden_table(names)
    cash = capex_table(names)
    for call, answer in zip(calls, core({}, calls), strict=True):
        company = call[1]["company"]
        mine = burden[burden["company"] == company].set_index("quarter")["of_cash_flow"]
        got = {q: v for q, v in value(answer)["ratio"].items() if math.isfinite(v)}
        for quarter, ratio in mine.dropna().items():
            if math.isfinite(ratio):
                assert got[str(quarter)] == pytest.approx(ratio, rel=CLOSE), (company, quarter)
        free = cash[cash["company"] == company].set_index("quarter")["free_cash_flow"]
        for quarter, one in free.dropna().items():
            assert value(answer)["free"][str(quarter)] == pytest.approx(one, abs=1e-9)
    assert set(ACCOUNTS) == {m for _, m in by}


def test_verdicts_are_counted_as_in_python(core, parts):
    data = parts["innovations"]
    calls, wanted = [], []
    for definition in data["definitions"]:
        for k, grade in enumerate(data["grades"]):
            calls.append(
                ["countVerdicts", [one["verdicts"][definition][k] for one in data["list"]]]
            )
            labels = list(manias.label_innovations(definition, minimum_grade=grade).values())
            wanted.append((labels.count("yes"), labels.count("no"), labels.count(None)))
    for answer, other in zip(core({}, calls), wanted, strict=True):
        got = value(answer)
        assert (got["yes"], got["no"], got["unknown"]) == other


def own_prices(rng):
    """Monthly indices of many kinds: steep and flat, short, old, with gaps, with a market."""
    last = manias.load_panel().last
    for i in range(36):
        n = (25, 40, 70, 140)[i % 4]
        end = pd.Period("1955-06", "M") + (i * 37) % 840
        end = last if i % 6 == 0 else min(end, last)
        months = pd.period_range(end=end, periods=n, freq="M")
        steps = rng.normal((0.0, 0.02, 0.04, 0.06)[i // 4 % 4], 0.04, n)
        frame = pd.DataFrame({"value": 100 * np.exp(np.cumsum(steps))}, months.rename("month"))
        if i % 5 == 0:
            frame["market"] = 50 * np.exp(np.cumsum(rng.normal(0.005, 0.03, n)))
        if i == 3:
            frame = frame.drop(months[7])
        if i == 8:
            frame.iloc[4, 0] = 0.0
        if i == 10:
            frame.iloc[5, 1] = np.nan
        if i == 15:
            frame.iloc[9, 1] = -2.0
        if i == 13:
            frame = frame.iloc[:24]
        if i == 16:
            frame.index = pd.period_range(last - 30, periods=n, freq="M", name="month")
        if i == 20:
            frame.index = pd.period_range(end="1928-03", periods=n, freq="M", name="month")
        if i == 25:
            frame.index = pd.period_range(end="1901-03", periods=n, freq="M", name="month")
        yield frame


def test_own_prices_are_placed_as_python_places_them(core, parts, tmp_path):
    rng = np.random.default_rng(5)
    calls = [["setWords", {"months": month_names(), "currencies": list(currency_codes())}]]
    paths = []
    for i, frame in enumerate(own_prices(rng)):
        path = tmp_path / f"index{i}.csv"
        frame.to_csv(path)
        paths.append(path)
        given = [str(path), list(path.read_bytes()), {"$": "crashes"}]
        calls.append(["placeOwnPrice", *given])
    rungs, refused = [], 0
    for path, answer in zip(paths, core(parts, calls)[1:], strict=True):
        got = value(answer)
        try:
            ladder = manias.ask_own(path)[1]
        except (manias.InputError, manias.DataError) as error:
            assert got == {"refused": str(error)}, path
            refused += 1
            continue
        (found,) = ladder.standings
        rungs.append(found.rung)
        assert got["rung"] == found.rung and got["since"] == found.since, path
        assert got["asOf"] == found.as_of
        for name, other in (
            ("runup", found.runup), ("net", found.net_runup), ("longReturn", found.long_return)
        ):  # fmt: skip
            agree(got[name], other, (path, name))
        count = got["count"]
        assert (count["n"], count["falls"]) == (found.n, found.crashes), path
        assert count["blocks"] == found.waves, path
        agree(count["frequency"], found.crash_frequency, path)
        agree(count["low"], found.low, path)
        agree(count["high"], found.high, path)
        if found.rung is not None:
            with manias.known_on(found.as_of):
                same = manias.count_crashes(threshold=found.rung)
            agree(count["low"], same.low, path)
            agree(count["high"], same.high, path)
    assert refused >= 6 and len(set(rungs)) >= 5 and None in rungs


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(manias.InputError, match="only the share of GDP is on record"):
        manias.count_rises("countries")
    with pytest.raises(manias.InputError, match="expected more than low"):
        manias.count_rises(low=1.0, high=0.5)
    with pytest.raises(manias.InputError, match="panel"):
        manias.count_rises("planets")
