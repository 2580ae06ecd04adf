"""Our own lenses as gauges: industries year by year on what was over, and spending."""

import numpy as np
import pandas as pd

from manias.data.rows import whole
from manias.evaluation._firth import try_flic
from manias.gauges.gauge import Gauge, Readings, Target, judged
from manias.lenses.crash_logit import FIRST, PANEL, STEP, crashes, learn_inside
from manias.lenses.features import Conditions, load_conditions, measure_features
from manias.series.flows import load_flows

YEARS, RISE, FLOOR = 3, 1.0, 0.0001
"""Years of the run-up of spending, its highest class, and the least share of GDP (the plan)."""
FLOWS_LAG = 1
"""Years after which investment by industry is taken as known: it is out by October."""


def said_by_year(conditions: Conditions) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the panel of *when* says in each June and December, learnt before the year began.

    Parameters
    ----------
    conditions : Conditions
        T months, N industries.

    Returns
    -------
    p, base : pandas.DataFrame
        Probability of a crash and share of crashes over by the start of the year, months by
        industries; NaN where fewer than `manias.lenses.crash_logit.FIRST` crashes, or as many
        other cases, were over.

    Examples
    --------
    >>> early = load_conditions().as_of("1940-12")
    >>> p, base = said_by_year(early)
    >>> p.index[-1], bool((p.stack().dropna() > 0).all())
    (Period('1940-12', 'M'), True)
    """
    months = conditions.panel.returns.index
    looks = months[months.month % STEP == 0]
    features = measure_features(conditions, PANEL.terms)
    when = pd.PeriodIndex(features.index.get_level_values("month"))
    features = features[when.isin(looks)].dropna()
    cases = features.join(crashes(conditions, PANEL.rule).rename("y"), how="left")
    at = pd.PeriodIndex(cases.index.get_level_values("month"))
    x = np.column_stack([np.ones(len(cases)), cases[list(PANEL.terms)].to_numpy(dtype=float)])
    y = cases["y"].to_numpy(dtype=float)
    p, base = np.full(len(cases), np.nan), np.full(len(cases), np.nan)
    for year in np.unique(at.year):
        start = pd.Period(f"{year}-01", "M").ordinal
        train = np.flatnonzero((at.asi8 + PANEL.rule.reach < start) & ~np.isnan(y))
        if min(y[train].sum(), len(train) - y[train].sum()) < FIRST:
            continue
        if np.linalg.matrix_rank(x[train]) < x.shape[1]:
            continue
        beta = try_flic(x[train], y[train], np.zeros(x.shape[1]))
        (intercept, slope), _ = learn_inside(x[train], y[train], at[train], PANEL.rule.reach)
        now = np.flatnonzero(at.year == year)
        p[now] = 1 / (1 + np.exp(-(intercept + slope * (x[now] @ beta))))
        base[now] = y[train].mean()
    table = cases.assign(p=p, base=base)[["p", "base"]].unstack("industry")
    columns = conditions.panel.returns.columns
    return tuple(
        table[name].set_axis(pd.PeriodIndex(table.index)).reindex(index=looks, columns=columns)
        for name in ("p", "base")
    )


def read_panel() -> Readings:
    """The panel of *when* beside the base rate that it knew, carried over five months.

    Returns
    -------
    Readings
    """
    conditions = load_conditions()
    months = conditions.panel.returns.index
    p, base = (
        (100 * frame).reindex(months).ffill(limit=STEP - 1)
        for frame in said_by_year(conditions)
    )
    here = conditions.panel.returns.notna()
    return judged(
        p.where(here),
        base.where(here),
        unit="% chance of a crash within two years",
        why_not={"early years": f"fewer than {FIRST} crashes were over"},
        rows=whole("us_industries", "shiller.data"),
    )


def us_flows() -> pd.DataFrame:
    """Investment of US industries by class of asset, million dollars of the year.

    Returns
    -------
    pandas.DataFrame
        Years by flows; a year of no spending is missing.
    """
    dollars = load_flows("industries").dollars
    return _by_period(dollars.where(dollars > 0))


def read_spending() -> Readings:
    """Rise of a flow over GDP in three years, as it was known a year later.

    Returns
    -------
    Readings
    """
    share = _by_period(load_flows("industries").share)
    rise = (share / share.shift(YEARS) - 1).where(share.shift(YEARS) > 0)
    known = (share >= FLOOR) & rise.notna()
    span = pd.period_range(share.index[0], share.index[-1] + FLOWS_LAG, freq="Y")
    later = rise.reindex(span).shift(FLOWS_LAG)
    return judged(
        100 * later,
        100 * RISE,
        unit="% over three years, of the share of GDP",
        speaks=known.reindex(span, fill_value=False).shift(FLOWS_LAG, fill_value=False),
        why_not={
            "first years": "no rise over three years is on record",
            "small flows": f"below {100 * FLOOR:g}% of GDP",
        },
        rows=whole("us_investment.data", "us_macro.data"),
    )


def _by_period(frame: pd.DataFrame) -> pd.DataFrame:
    years = pd.PeriodIndex(frame.index.astype(str), freq="Y")
    return frame.set_axis(years).reindex(pd.period_range(years[0], years[-1], freq="Y"))


TARGETS = (
    Target(
        "us-flows",
        "Investment of US industries by class of asset",
        "million dollars of the year",
        us_flows,
        fall=0.3,
        horizon=5,
        others=((0.5, 5), (0.3, 3)),
        tables=("us_investment.data",),
    ),
)
GAUGES = (
    Gauge(
        key="own-runup-panel",
        name="Chance of a crash above the base rate",
        owner="this project",
        kind="own lens",
        rule="the panel of when, fitted to what was over before the year began, gives an "
        "industry a higher chance of a crash in two years than the share it had seen",
        source="",
        target="us-industries",
        read=read_panel,
        caveat="read in June and December and carried over five months; how high the chance is "
        "does not count here, only whether it is above",
        since=2026,
        is_slow=True,
    ),
    Gauge(
        key="own-spending-100",
        name="Spending over GDP doubled in three years",
        owner="this project",
        kind="own lens",
        rule="investment of an industry in a class of asset has at least doubled over GDP in "
        "three years and is at least 0.01% of GDP",
        source="",
        target="us-flows",
        read=read_spending,
        caveat="read a year later, when the figures were out",
        since=2026,
    ),
)
