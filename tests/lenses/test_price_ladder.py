"""The ladder's intervals by wave, its two placebos, and the ladder of countries."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from manias import InputError, Panel, RunUpRule, date_runups, load, load_panel, variants
from manias.answers.archive import load_model
from manias.answers.measures import measure_ai, stand_ai
from manias.data import known_on
from manias.lenses.ladder import LadderModel, _highest, assess, assess_series
from manias.series import _runup_kernels
from manias.series._runup_kernels import counts_in_order
from manias.series.countries import LEAST_MEMBERS, load_countries
from manias.series.runups import count_in_order, number_waves
from scipy.stats import t

RUNGS = (0.5, 1.0, 1.5)
PRINTED = (
    ("USA", 2000, 63.72674),
    ("JPN", 1989, 165.5835),
    ("GBR", 1974, 3.220517),
    ("DEU", 2008, 69.57014),
    ("FRA", 1962, 6.413109),
)


@pytest.fixture(scope="module")
def panel():
    return load_panel().as_of("1975-12")


def made(returns, market=0.0):
    months = pd.period_range("1900-01", periods=len(returns), freq="M")
    frame = pd.DataFrame(returns, months).rename(columns=str)
    market = pd.Series(np.broadcast_to(market, len(returns)), months, dtype=float)
    return Panel(frame, frame * 0 + 20, market)


def masked(panel, rule):
    """The panel on which date_runups sees what the placebos are made of."""
    enough = panel.firms >= rule.min_firms
    return Panel(panel.returns.where(enough), panel.firms.where(enough, 0), panel.market)


@pytest.mark.parametrize("name", variants(RunUpRule()))
def test_in_their_own_order_the_kernel_counts_what_is_dated(panel, name):
    rule = variants(RunUpRule())[name]
    n, crashes = count_in_order(panel, rule, RUNGS, np.arange(len(panel.market)))
    own = masked(panel, rule)
    for k, rung in enumerate(RUNGS):
        ended = [r for r in date_runups(own, replace(rule, threshold=rung)) if r.is_complete]
        assert (n[k], crashes[k]) == (len(ended), sum(r.is_crash for r in ended))
    base = LadderModel(rule=rule).fit(panel).base
    assert (n[-1], crashes[-1]) == (base.n, base.crashes)


@pytest.mark.parametrize("seed", range(3))
def test_another_order_is_what_a_shuffled_panel_gives(seed):
    """Without gaps, shuffling is the same as handing in the shuffled months."""
    rng = np.random.default_rng(seed)
    panel = made(rng.normal(0.02, 0.12, (400, 4)), rng.normal(0, 0.03, 400))
    order = rng.permutation(400)
    rule = RunUpRule()
    turned = made(panel.returns.to_numpy()[order], panel.market.to_numpy()[order])
    found = count_in_order(panel, rule, RUNGS, order)
    expected = count_in_order(turned, rule, RUNGS, np.arange(400))
    assert np.array_equal(found, expected) and found[0].min() > 0


def test_gaps_stay_where_they_were():
    """An industry with a gap takes its own months, and the market of the same months."""
    rng = np.random.default_rng(5)
    months = rng.normal(0.02, 0.12, (300, 1))
    months[100:103] = np.nan
    market = rng.normal(0, 0.03, 300)
    order = rng.permutation(300)
    own = [u for u in order if np.isfinite(months[u, 0])]
    places = np.flatnonzero(np.isfinite(months[:, 0]))
    filled, beside = np.full((300, 1), np.nan), np.zeros(300)
    filled[places, 0], beside[places] = months[own, 0], market[own]
    found = count_in_order(made(months, market), RunUpRule(), RUNGS, order)
    expected = count_in_order(made(filled, beside), RunUpRule(), RUNGS, np.arange(300))
    assert np.array_equal(found, expected) and found[0][0] > 0


def test_backwards_a_fall_before_is_a_fall_after():
    """A doubling that a crash precedes and none follows: no crash forwards, one backwards."""
    # Each is followed by long quiet, so that the two counts see one run-up each.
    path = [0.0] * 70 + [-0.2] * 4 + [2.2 ** (1 / 24) - 1] * 24 + [0.0] * 70
    rule = RunUpRule(long_return=None)
    for order, crashes in ((np.arange(168), 0), (np.arange(168)[::-1], 1)):
        found = count_in_order(made(np.array(path)[:, None]), rule, (1.0,), order)
        assert (found[0][0], found[1][0]) == (1, crashes)


def test_shuffling_takes_memory_and_not_swings():
    """Where crashes follow run-ups by design, little is left shuffled; in noise all is."""
    rng = np.random.default_rng(0)
    cycle = [2.3 ** (1 / 24) - 1] * 24 + [-0.15] * 6 + [0.0] * 20
    booms = np.tile(cycle, 16)[:, None] + rng.normal(0, 0.02, (800, 12))
    noise = rng.normal(0.01, 0.11, (800, 12))
    for returns, remembers in ((booms, True), (noise, False)):
        found = LadderModel(rungs=(0.5,), n_shuffles=39).fit(made(returns))
        rung = found.rungs[0.5]
        assert (rung.p <= 0.05) is remembers
        assert (rung.unbroken - rung.shuffled > 0.3) is remembers
        assert rung.unbroken == rung.rate


def test_an_interval_by_wave_widens_where_a_wave_falls_together():
    rng = np.random.default_rng(1)
    model = LadderModel()
    waves = np.repeat(np.arange(1, 11), 20)
    together, apart = np.repeat(np.arange(10) < 5, 20), rng.permutation(np.arange(200) < 100)
    tied = model._frequency(together, waves, 0)
    free = model._frequency(apart, waves, 0)
    # Ten draws, the variance that of nine, and Student's law on nine degrees of freedom.
    square = t.ppf(0.975, 9) ** 2
    half = np.sqrt(square * (0.25 + square / 36) / 9) / (1 + square / 9)
    assert (tied.low, tied.high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-12)
    assert free.high - free.low == pytest.approx(2 * 2.26 * 0.035, rel=0.2)
    assert tied.by_case == free.by_case and tied.waves == 10


def test_waves_are_numbered_in_time():
    assert number_waves([0, 23, 24, 100, 47, 48]) == [1, 1, 2, 4, 2, 3]


def test_every_printed_interval_is_wider_than_that_of_independent_cases(panel):
    found = LadderModel().fit(panel)
    for f in (found.base, *found.rungs.values()):
        assert f.low <= f.by_case[0] <= f.rate <= f.by_case[1] <= f.high
        assert f.high - f.low > f.by_case[1] - f.by_case[0]


def test_counts_and_placebos_of_the_kept_ladder():
    found = load_model("ladder")
    assert {r: (f.n, f.crashes) for r, f in found.rungs.items()} == {
        0.5: (221, 54), 0.75: (101, 36), 1.0: (52, 24), 1.25: (30, 19), 1.5: (21, 15)
    }  # fmt: skip
    left = [
        (f.shuffled - found.base.shuffled) / (f.unbroken - found.base.unbroken)
        for f in found.rungs.values()
    ]
    assert min(left) > 0.1 and max(left) < 0.25
    half, top = found.rungs[0.5], found.rungs[1.5]
    assert half.reversed == pytest.approx(half.unbroken, abs=0.02)
    assert top.reversed < top.low


def test_a_ladder_of_a_past_day_has_no_placebos_and_the_same_counts(panel):
    plain, full = (LadderModel(n_shuffles=n).fit(panel) for n in (0, 2))
    for rung, f in plain.rungs.items():
        assert np.isnan(f.shuffled) and np.isnan(f.reversed) and np.isnan(f.p)
        other = full.rungs[rung]
        assert (f.n, f.crashes, f.low, f.high) == (
            other.n,
            other.crashes,
            other.low,
            other.high,
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"markets": "worlds"}, "markets='worlds': expected one of industries, countries"),
        ({"n_shuffles": -1}, "n_shuffles=-1: expected a whole number, 0 or more"),
        ({"seed": -1}, "seed=-1: expected a whole number, 0 or more"),
    ],
)
def test_settings_are_checked(change, words):
    with pytest.raises(InputError, match=words):
        LadderModel(**change)


# ---- the highest rung since the onset


def test_the_highest_rung_since_the_onset_stands_beside_the_present_one():
    panel, rule = load_panel(), RunUpRule()
    price = next(m for m in measure_ai().measures if m.measure == "prices" and m.highest)
    chips = next(s for s in stand_ai().standings if s.industry == price.series)
    assert price.highest == f"above {100 * chips.highest:g}"
    assert price.highest_as_of == chips.highest_month
    # By hand: months since the fourth quarter of 2022 that meet each rung.
    grown = {
        months: (1 + returns).rolling(months).apply(np.prod, raw=True) - 1
        for months, returns in dict.fromkeys((24, 60), panel.returns["Chips"]).items()
    }
    over = grown[24] + 1 - (1 + panel.market).rolling(24).apply(np.prod, raw=True)
    least = np.minimum(grown[24], over)[grown[60] >= rule.long_return].loc["2022-10":]
    for rung in (0.5, 0.75, 1.0, 1.25, 1.5):
        met = least.index[least >= rung]
        assert (len(met) > 0) is (rung <= chips.highest)
        if rung == chips.highest:
            assert str(met[0]) == chips.highest_month


def test_the_highest_rung_sees_nothing_later_and_nothing_before_the_onset():
    panel = load_panel().as_of("1999-12")
    first = assess(panel, {"Softw": "S"}, onset=pd.Period("1999-06", "M")).standings[0]
    later = assess(load_panel(), {"Softw": "S"}, as_of="1999-12", onset=pd.Period("1999Q2"))
    assert first.highest == later.standings[0].highest == 1.5
    none = assess(panel, {"Softw": "S"}, onset=pd.Period("2022Q4", "Q")).standings[0]
    assert none.highest is None and none.highest_month is None


# ---- countries


def test_monthly_levels_agree_with_the_annual_ones_of_another_year():
    """Annual averages as the OECD printed them in June 2026."""
    frame = load("world_shares").frame
    for country, year, printed in PRINTED:
        months = frame[(frame["country"] == country) & (frame["month"].dt.year == year)]
        assert len(months) == 12
        assert months["level"].mean() == pytest.approx(printed, rel=1e-3)


def test_the_world_is_the_mean_of_early_members_and_they_are_named_in_the_rows():
    panel, early = load_countries(), load_countries(members=True)
    table = load("world_shares").tables["countries"].set_index("country")
    since = table["member_since"].dropna().dt.year
    assert set(early.returns) == set(since.index) and since.max() == 1973
    assert "EA19" not in panel.returns and panel.returns.shape[1] == 45
    month = pd.Period("1987-10", "M")
    known = early.returns.loc[month].dropna()
    assert len(known) >= LEAST_MEMBERS
    assert panel.market[month] == pytest.approx(known.mean())
    assert (load_countries(net=False).market == 0).all()
    for rows in panel.rows:
        assert not set(rows.frame["country"]) & {"EA19"}


def test_levels_stand_as_printed_and_zeros_are_left_out():
    frame = load("world_shares").frame
    assert len(frame) == 24_724 and (frame["level"] > 0).all()
    assert frame["month"].max() == pd.Period("2023-02", "M")


def test_countries_of_a_day_see_nothing_later():
    with known_on("1999-12"):
        cut = load_countries()
    assert cut.last == pd.Period("1999-10", "M")
    whole = load_countries()
    pd.testing.assert_frame_equal(cut.returns, whole.returns.loc[: cut.last, list(cut.returns)])
    pd.testing.assert_series_equal(cut.market, whole.market.loc[: cut.last])


def test_the_ladder_of_countries_is_kept_beside_the_other():
    found = load_model("ladder-countries")
    again = replace(found.model, n_shuffles=0).fit()
    assert {r: f.n for r, f in again.rungs.items()} == {r: f.n for r, f in found.rungs.items()}
    assert found.grade == "B" and found.lens == "run-up"
    assert set(found.sources) == {"oecd2023shareprices", "whereig_oecd"}


# ---- what is counted, by hand

RISE = 2.2 ** (1 / 24) - 1
PLAIN = RunUpRule(long_return=None)


def counted(columns, firms=None):
    """The rung of 100% and any two years of industries given as lists of monthly returns."""
    panel = made(np.array(columns, dtype=float).T)
    if firms is not None:
        panel = replace(panel, firms=panel.returns * 0 + np.array(firms, dtype=float))
    found = LadderModel(rungs=(1.0,), rule=PLAIN).fit(panel)
    return found.rungs[1.0], found.base


def test_a_run_up_whose_two_years_are_not_over_is_open_and_not_counted():
    # Both double in 24 months, pause a month and lose half; of the second six months follow
    # its crossing, and its crash is on record.
    over = [0.0] * 2 + [RISE] * 24 + [0.0, -0.5] + [0.0] * 44
    open_ = [0.0] * 41 + [RISE] * 24 + [0.0, -0.5] + [0.0] * 5
    rung, _ = counted([over, open_])
    assert (rung.n, rung.crashes, rung.n_open, rung.rate) == (1, 1, 1, 1.0)
    assert rung.waves == 1 and rung.by_case == pytest.approx((0.2065, 1.0), abs=1e-3)
    quiet = [0.0] * 2 + [RISE] * 24 + [0.0] * 46
    rung, _ = counted([over, quiet, open_])
    assert (rung.n, rung.crashes, rung.n_open, rung.rate) == (2, 1, 1, 0.5)
    rung, _ = counted([open_, open_])
    assert (rung.n, rung.n_open) == (0, 2) and np.isnan(rung.rate)


def test_the_last_month_of_the_horizon_decides_whether_a_run_up_is_over():
    # After ten quiet months twice is passed with the 22nd month of the rise, the 32nd of all.
    for months, ended in ((55, 0), (56, 1)):
        rising = [0.0] * 10 + [RISE] * 24 + [0.0] * (months - 34)
        rung, _ = counted([rising, [0.0] * months])
        assert (rung.n, rung.n_open) == (ended, 1 - ended)


def test_any_two_years_are_windows_with_enough_firms():
    fall = [0.0] * 10 + [-0.5] + [0.0] * 13
    calm = [0.0] * 24
    columns = [fall + calm, calm + fall, fall + fall]
    _, base = counted(columns, firms=[10, 20, 30])
    assert (base.n, base.crashes, base.waves) == (6, 4, 2)
    # The industry of nine firms is left out, as it is from the run-ups.
    _, base = counted(columns, firms=[10, 20, 9])
    assert (base.n, base.crashes, base.rate) == (4, 2, 0.5)
    with_gap = [*fall[:5], np.nan, *fall[6:], *calm]
    _, base = counted([with_gap, calm + fall])
    # Windows begin with the first month on record; the one with the gap is no window.
    assert (base.n, base.crashes) == (3, 1)
    late = [np.nan] * 4 + fall + calm[:20]
    _, base = counted([late, calm + calm])
    assert (base.n, base.crashes) == (3, 1)


@pytest.mark.parametrize("rest", [0, 1, 2])
def test_a_stay_on_a_rung_begins_with_the_first_month_after_the_last_one_below_it(rest):
    """By hand: up to 2.2 in 24 months, then flat; on the rung while two years doubled."""
    months = [0.0] * 30 + [RISE] * 24 + [0.0] * rest
    panel = made(np.array([months, [0.0] * len(months)]).T)
    grown = [np.prod([1 + r for r in months[t - 23 : t + 1]]) - 1 for t in range(23, 54 + rest)]
    on = [t + 23 for t, g in enumerate(grown) if g >= 1.0]
    assert on == list(range(on[0], len(months)))
    found = LadderModel(rungs=(1.0,), rule=PLAIN).fit(panel).stand(panel, "0")
    assert (found.rung, found.since) == (1.0, str(panel.returns.index[on[0]]))
    assert found.runup == pytest.approx(grown[-1]) and found.firms == 20


@pytest.mark.parametrize(
    ("start", "months", "words"),
    [
        ("1890-01", 40, "frame: its last month is 1893-04; the ladder begins in 1926-07"),
        ("1990-01", 24, "frame: 24 months; expected more than 24"),
    ],
)
def test_a_series_that_cannot_be_placed_says_why(start, months, words):
    index = pd.period_range(start, periods=months, freq="M")
    frame = pd.DataFrame({"mine": 1.01 ** np.arange(months), "market": 1.0}, index)
    with pytest.raises(InputError, match=words):
        assess_series(frame, load_panel())


@pytest.mark.parametrize("months", [60, 61])
def test_the_kernel_stays_inside_its_arrays(months, monkeypatch):
    """The compiled one would write beyond an end without a word."""
    rng = np.random.default_rng(4)
    few = made(rng.normal(0.02, 0.1, (months, 2)), rng.normal(0, 0.02, months))
    orders = np.arange(months), rng.permutation(months)
    rule = RunUpRule()
    fast = [count_in_order(few, rule, RUNGS, order) for order in orders]
    monkeypatch.setattr(_runup_kernels, "counts_in_order", counts_in_order.py_func)
    for order, counts in zip(orders, fast, strict=True):
        again = count_in_order(few, rule, RUNGS, order)
        assert [x.tolist() for x in again] == [x.tolist() for x in counts]


def test_who_never_left_a_rung_stands_on_it_from_the_first_month():
    months = pd.period_range("2000-01", periods=3, freq="M")
    met = {1.0: pd.Series([False, True, False], months), 0.5: pd.Series(True, months)}
    assert _highest(met) == (0.5, "2000-01")


def test_by_default_there_is_no_placebo_and_any_rise_is_a_rung():
    assert LadderModel() == LadderModel(n_shuffles=0)
    assert LadderModel(rungs=(0.0, 1.0)).rungs == (0.0, 1.0)
    with pytest.raises(InputError, match="rungs"):
        LadderModel(rungs=(-0.1, 1.0))
