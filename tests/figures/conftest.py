"""Everything that draws, once, for all tests of figures."""

from dataclasses import replace
from functools import partial

import manias
import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import list_models
from manias.data.library import load
from manias.figures.history import plot_episodes, plot_panels
from manias.figures.spending import plot_spending, plot_who_pays
from manias.lenses.innovation import specifications
from manias.spending.place import paying_path

PAID = ("ai", "uk-railways", "us-telecom")


def judged(company, **changes):
    verdicts = (manias.judge(f) for f in manias.list_forecasts())
    found = next(j for j in verdicts if j.forecast.who == company)
    return replace(found, forecast=replace(found.forecast, **changes))


RISKS = pd.DataFrame(
    {
        "month": ["1999-12", "1999-12", "1999-12", "1929-06"],
        "industry": ["Softw", "Util", "Chips", "Util"],
        "p": [0.3, 0.1, 0.2, np.nan],
        "low": [0.1, 0.05, 0.1, np.nan],
        "high": [0.6, 0.2, 0.4, np.nan],
        "base": [0.11, 0.11, 0.11, np.nan],
        "crashed": [1.0, 0.0, np.nan, np.nan],
    }
)
PANELS = [
    ("Lines authorised", "miles a year", [("miles", pd.Series({1845.0: 1.0}), "points")]),
    (
        "Spending on building",
        "percent of GDP",
        [
            ("British railways, Mitchell", pd.Series({1845.0: 1.0, 1846.0: 2.0}), "dashed"),
            ("average of the interval", pd.Series({1840.0: 1.0, 1845.0: 2.0}), "steps"),
        ],
    ),
]


@pytest.fixture(scope="session")
def every_drawing(panel):
    """Every function that draws, with what it draws; each takes only the language."""
    old = panel.as_of("2014-03")
    rules = manias.variants(manias.RunUpRule())
    ladders = {n: manias.LadderModel((1.0,), rule).fit(old) for n, rule in rules.items()}
    walk = pd.Series(np.random.default_rng(0).standard_normal(60).cumsum())
    dated = manias.date_series(walk)
    then = [manias.assess(panel, as_of=month) for month in ("1999-12", "2020-06")]
    logits = [manias.load_model(name) for name in ("runup-classic", "runup-panel")]
    paths = [manias.trajectory(key) for key in ("us-it-dotcom", "uk-railways-mitchell")]
    aligned = manias.align(paths, manias.EventTime())
    forecasts = [judged("Oracle"), judged("Microsoft", who="Morgan Stanley")]
    companies = list(load("ai_capex").frame["company"].unique())
    capex, burden = manias.capex_table(companies), manias.burden_table()
    records = manias.list_innovations()
    episodes, curve, every = load("episodes").frame, specifications(), list_models()
    pay = {case: manias.load_model(f"payback-{case}") for case in PAID}
    full = manias.LadderModel().fit(old)
    quarters = pd.period_range("2000Q1", periods=60, freq="Q")
    share = pd.Series(walk.to_numpy(), quarters)
    alarms = pd.DataFrame({"process": ["random walk"], "n": [100], "gsadf": [0.05]})
    told = {"name": "US information processing investment", "unit": "percent of GDP"}
    return {
        "plot_dating": partial(manias.plot_dating, walk, dated, name="price over dividend"),
        "plot_dating, no name": partial(manias.plot_dating, walk, dated),
        "plot_judgements": partial(manias.plot_judgements, forecasts),
        "plot_episodes": partial(plot_episodes, episodes, end=2026.5),
        "plot_panels": partial(plot_panels, PANELS),
        "plot_capex": partial(manias.plot_capex, capex),
        "plot_burden": partial(manias.plot_burden, burden),
        "plot_timeline": partial(manias.plot_timeline, records),
        "plot_ladder": partial(manias.plot_ladder, full, published={1.0: 0.5}),
        "plot_standing": partial(manias.plot_standing, then),
        "plot_variants": partial(manias.plot_variants, ladders),
        "plot_risks": partial(manias.plot_risks, RISKS, names={"Softw": "Computer software"}),
        "plot_specifications": partial(manias.plot_specifications, curve),
        "plot_gains": partial(manias.plot_gains, every),
        "plot_scores": partial(manias.plot_scores, logits),
        "plot_spending": partial(
            plot_spending, manias.load_model("spending-industries"), "dollars_fall_30"
        ),
        "plot_shares": partial(manias.plot_shares, manias.compare_shares()),
        "plot_falls": partial(manias.plot_falls, manias.recent_falls()),
        "plot_valuation": partial(manias.plot_valuation, manias.value_market()),
        "plot_debts": partial(manias.plot_debts, manias.compare_debts()),
        "plot_beside": partial(
            manias.plot_beside, manias.lay_beside(manias.load_model("landmark"))
        ),
        "plot_payback_ranges": partial(manias.plot_payback_ranges, manias.payback_ranges()),
        "plot_last_spell": partial(
            manias.plot_last_spell,
            share,
            manias.date_series(share),
            alarms,
            grade="A",
            **told,
        ),
        "plot_booms": partial(manias.plot_booms, manias.compare_booms()),
        "plot_who_pays": partial(plot_who_pays, paying_path("five-builders")),
        **{
            f"plot_event_time, {clock}": partial(
                manias.plot_event_time, aligned, paths, clock=clock
            )
            for clock in ("onset", "commercialised", "peak")
        },
        **{
            f"{function.__name__}, {case}": partial(function, results)
            for function in (manias.plot_payback, manias.plot_sensitivities)
            for case, results in pay.items()
        },
    }
