"""A technology that raises fundamentals: present values, beliefs, and false alarms."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from manias import load
from manias.errors import InputError
from manias.explosive.critical import projected_critical, simulate_critical
from manias.explosive.dating import measure_dating
from manias.explosive.simulate import draw_technology, project, technology, technology_share

# Four Monte Carlo standard errors: one in 16,000 if the two agree.
SPREADS = 4


def draw(seed=0, n=120, **settings):
    return draw_technology(n, rng=np.random.default_rng(seed), **settings)


def gap(one, two, draws_one, draws_two):
    pooled = (one * draws_one + two * draws_two) / (draws_one + draws_two)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / draws_one + 1 / draws_two))
    return abs(one - two) / max(spread, 1e-9)


# ---- the price is a present value


@pytest.mark.parametrize("investors", ["known", "learned"])
def test_without_a_technology_price_over_dividend_is_the_constant_of_gordon(investors):
    made = draw(gain=0.0, investors=investors, dividend_yield=0.03, periods=4)
    # sum of rho^j with rho = 1 / (1 + yield per period)
    rho = 1 / (1 + 0.03 / 4)
    np.testing.assert_allclose(np.exp(made.log_value), rho / (1 - rho), rtol=1e-12)


def test_a_known_path_is_discounted_term_by_term():
    n, periods, rich = 60, 4, 0.4
    made = draw(n=n, gain=0.5, years=3.0, investors="known", periods=periods,
                dividend_yield=rich)  # fmt: skip
    scale = 3.0 * periods / (2 * math.log(9))
    later = np.arange(n + 400)
    curve = 1 / (1 + np.exp(-(later - n / 2) / scale))
    rho = 1 / (1 + rich / periods)
    for t in (0, 20, 30, 59):
        ahead = later[t + 1 :]
        terms = rho ** (ahead - t) * np.exp(0.5 * (curve[t + 1 :] - curve[t]))
        assert math.exp(made.log_value[t]) == pytest.approx(terms.sum(), rel=1e-6)


def test_the_price_runs_ahead_of_dividends_and_comes_back():
    made = draw(n=480, gain=0.5, investors="known")
    low = math.log(12 / 0.0216)
    top = int(made.log_value.argmax())
    # The whole gain lies ahead at the top, discounted, and none of it in the end.
    assert 150 < top < 240
    assert 0.3 < made.log_value[top] - low < 0.5
    assert made.log_value[-1] - low < 0.01 < made.log_value[0] - low


def test_dividends_gain_what_the_curve_says():
    settings = {"n": 240, "years": 4.0, "proxy_noise": 0.0}
    raised, without = (draw(gain=gain, **settings) for gain in (0.4, 0.0))
    risen = raised.log_dividend - without.log_dividend
    assert risen[-1] == pytest.approx(0.4, abs=0.001)
    assert np.abs(risen - 0.4 * raised.proxies[:, 0]).max() < 0.001


def test_beliefs_are_odds_of_what_was_seen():
    # Under the truth the odds against it are a martingale: their mean stays where it began.
    settings = {"n": 60, "gain": 0.1, "years": 3.0, "information": 0.4, "prior": 0.2}
    made = np.array([draw(seed, **settings).belief for seed in range(4000)])
    against = (1 - made) / made
    mean, error = against.mean(axis=0), against.std(axis=0) / math.sqrt(len(made))
    assert (np.abs(mean - 4) < SPREADS * error + 1e-3).all()
    assert made[:, -1].mean() > made[:, 0].mean()


def test_the_learned_price_is_the_mean_of_two_prices_by_belief():
    learned, known = (draw(investors=who, gain=0.6) for who in ("learned", "known"))
    low = 12 / 0.0216
    mixed = learned.belief * np.exp(known.log_value) + (1 - learned.belief) * low
    np.testing.assert_allclose(np.exp(learned.log_value), mixed, rtol=1e-12)


def test_a_share_rises_by_its_gain():
    made = technology_share(200, rng=np.random.default_rng(0), gain=0.5, noise=1e-9)
    assert math.log(made[-1] / made[0]) == pytest.approx(0.5, abs=1e-3)


# ---- what the test makes of it


def test_without_a_technology_the_size_is_the_standard_one():
    settings = {"gain": 0.0, "series": "log_ratio"}
    found = measure_dating("technology", 100, n_draws=3000, settings=settings)
    standard = measure_dating("random walk", 100, n_draws=3000, seed=7)
    for name in ("adf", "sadf", "gsadf"):
        assert gap(found[name], standard[name], 3000, 3000) < SPREADS
    assert found["is_null"] == 1


@pytest.mark.parametrize(
    ("series", "investors"), [("log_ratio", "known"), ("log_price", "learned")]
)
def test_a_large_technology_raises_false_alarms(series, investors):
    rates = [
        measure_dating(
            "technology", 200, n_draws=300,
            settings={"gain": gain, "years": 4.0, "series": series, "investors": investors},
        )["gsadf"]
        for gain in (0.0, 1.32)
    ]  # fmt: skip
    assert rates[1] > rates[0] + 0.2


def test_a_bubble_in_the_noise_is_that_of_phillips_shi_and_yu():
    found = measure_dating(
        "technology", 100, n_draws=1500, settings={"gain": 0.0, "bubble": 1.0}
    )
    table = load("size_power").frame.set_index(["process", "n", "critical", "case"])
    shipped = table.loc[("PSY one bubble", 100, "monte carlo", "defaults")]
    assert gap(found["gsadf"], shipped["gsadf"], 1500, shipped["draws"]) < SPREADS
    assert found["is_null"] == 0


def test_seeds_give_the_same_bytes_whoever_works():
    options = {"n_draws": 150, "settings": {"gain": 0.32, "series": "residual"}, "own": 1.2}
    one, two = (
        measure_dating("technology", 80, workers=workers, **options) for workers in (1, 2)
    )
    assert one == two
    assert one != measure_dating("technology", 80, seed=2, **options)
    assert 0 < one["own"] < 1


CELLS = (
    "log price; no technology",
    "log ratio; gain 1.32 in 4 years, known",
    "residual of log ratio; no technology; bubble 1",
    "noise of it-share; gain 0.32 in 6 years",
)


@pytest.mark.parametrize("case", CELLS)
def test_shipped_cells_agree_with_a_new_simulation(case):
    table = load("size_power").frame
    row = table[table["case"] == case].sort_values("n").iloc[-1]
    first, last = (list(table.columns).index(name) for name in ("series", "initial"))
    names = [name for name in table.columns[first : last + 1] if name != "basis"]
    settings = {name: row[name] for name in names if row[name] == row[name] and row[name] != ""}
    settings["periods"] = int(settings["periods"])
    fresh = measure_dating(
        row["process"], int(row["n"]), n_draws=400, seed=99, settings=settings
    )
    for name in ("adf", "sadf", "gsadf", "dated"):
        assert gap(fresh[name], row[name], 400, row["draws"]) < SPREADS, name
    error = math.hypot(fresh["quantile_error"], row["quantile_error"])
    assert abs(fresh["quantile"] - row["quantile"]) < SPREADS * error


def test_shipped_cells_hold_their_own_level_without_a_technology():
    table = load("size_power").frame
    nulls = table[(table["case"].str.contains("no technology")) & (table["is_null"] == 1)]
    assert len(nulls) > 8
    np.testing.assert_allclose(nulls["own"], 0.05, atol=2 / nulls["draws"].min())


# ---- the remedy


def test_a_projection_is_least_squares():
    rng = np.random.default_rng(0)
    y, x = rng.standard_normal(50).cumsum(), rng.standard_normal((50, 2))
    np.testing.assert_allclose(project(y, x), sm.OLS(y, sm.add_constant(x)).fit().resid)


def test_a_projection_takes_a_hidden_technology_out():
    made = draw(n=400, gain=1.0, investors="known", noise=1e-6, proxy_noise=0.0)
    ratio = made.log_price - made.log_dividend
    left = project(ratio, made.proxies)
    assert left.std() < 0.5 * ratio.std()


def test_walks_projected_on_nothing_keep_their_values():
    none = projected_critical(np.zeros((60, 0)), n_draws=300)
    walk = simulate_critical(60, n_draws=300)
    for name in ("adf", "sadf", "gsadf"):
        assert getattr(none, name) == pytest.approx(getattr(walk, name), rel=1e-9)
    bent = draw(n=60).proxies
    assert projected_critical(bent, n_draws=300).gsadf["95"] < walk.gsadf["95"] - 0.2


def test_the_residual_holds_its_size_at_its_own_value():
    proxies = draw(n=100).proxies
    top = projected_critical(proxies, n_draws=2000, seed=1).gsadf["95"]
    other = projected_critical(proxies, n_draws=2000, seed=2)
    assert abs(other.gsadf["95"] - top) < SPREADS * 1.5 * other.errors["gsadf"]["95"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"investors": "asleep"}, "investors='asleep'"),
        ({"years": 0.0}, "years=0.0: expected more than 0"),
        ({"root": 1.1}, "root=1.1"),
        ({"centre": 2.0}, "centre=2.0"),
        ({"information": -1.0}, "information=-1.0"),
        ({"bubble": 1.0, "root": 0.9}, "bubble=1.0: expected root=1"),
    ],
)
def test_settings_out_of_range_are_named(settings, words):
    with pytest.raises(InputError, match=words):
        draw(**settings)


def test_series_and_proxies_that_do_not_fit_are_named():
    with pytest.raises(InputError, match="series='yield'"):
        technology(50, rng=np.random.default_rng(0), series="yield")
    with pytest.raises(InputError, match=r"series \(5,\), proxies \(4, 1\)"):
        project(np.zeros(5), np.zeros((4, 1)))
    with pytest.raises(InputError, match="rank 1 with a constant; expected 2"):
        projected_critical(np.ones((60, 1)), n_draws=100)
    with pytest.raises(InputError, match="initial=0"):
        technology_share(50, rng=np.random.default_rng(0), initial=0)
