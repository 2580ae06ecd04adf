"""Rises so steep that somebody called them booms: Greenwood, Shleifer & You; Goetzmann."""

from functools import partial

import pandas as pd

from manias.data.rows import Rows, whole
from manias.gauges.gauge import Gauge, Readings, judged
from manias.gauges.targets import british_shares, countries, us_shares
from manias.series.countries import load_countries
from manias.series.runups import Panel, RunUpRule, load_panel, measure_runups

INDUSTRIES = ("us_industries.data", "us_industries.market")


def read_runups(threshold: float, *, markets: str = "industries") -> Readings:
    """Two-year returns net of the market beside a threshold, with the rule's other conditions.

    Parameters
    ----------
    threshold : float
        1.0 is 100%.
    markets : {"industries", "countries"}

    Returns
    -------
    Readings
        The value is the smaller of the raw and the net return; the signal also wants 50% over
        five years and, of industries, ten firms.
    """
    if markets == "industries":
        panel, rule, tables = load_panel(), RunUpRule(threshold=threshold), INDUSTRIES
    else:
        panel = load_countries()
        rule, tables = RunUpRule(threshold=threshold, min_firms=0), ("world_shares.data",)
    return _runups(panel, rule, whole(*tables))


def _runups(panel: Panel, rule: RunUpRule, rows: tuple[Rows, ...]) -> Readings:
    state = measure_runups(panel, rule)
    least = state.raw.where(state.raw <= state.net, state.net)
    speaks = least.notna() & (panel.firms >= rule.min_firms)
    return Readings(
        100 * least,
        pd.DataFrame(100 * rule.threshold, least.index, least.columns),
        state.qualifies.astype(float).where(speaks),
        "% over two years, raw and net of the market",
        {"first two years": "no return over two years is on record",
         "months with few firms": f"fewer than {rule.min_firms} firms"},
        rows,
    )  # fmt: skip


def read_doublings(years: int, *, of: str) -> Readings:
    """Rise over some years beside a doubling.

    Parameters
    ----------
    years : int
    of : {"countries", "us", "gb"}

    Returns
    -------
    Readings
    """
    levels, table = {
        "countries": (countries, "world_shares.data"),
        "us": (us_shares, "shiller.data"),
        "gb": (british_shares, "history_money.data"),
    }[of]
    prices = levels()
    step = years * (12 if prices.index.freqstr[0] == "M" else 1)
    return judged(
        100 * (prices / prices.shift(step) - 1),
        100.0,
        unit=f"% over {years} year{'s' if years > 1 else ''}",
        rows=whole(table),
    )


def _ladder(rung: int) -> Gauge:
    return Gauge(
        key=f"gsy-{rung}",
        name=f"Run-up of {rung}% net of the market in two years",
        owner="Greenwood, Shleifer & You",
        kind="run-up",
        rule=f"an industry of ten firms or more has risen by at least {rung}% in two years, "
        "raw and net of the market, and by at least 50% in five",
        source={100: "cxo2017", 150: "irrelevantinvestor2017"}[rung],
        target="us-industries",
        read=partial(read_runups, rung / 100),
        vintage="real-time",
        caveat="French's 49 industries; early years without five on record are not left out",
        row=f"gsy-{rung}",
        since=2017,
    )


def _doubling(of: str) -> Gauge:
    return Gauge(
        key=f"goetzmann-{of}",
        name="A market that doubled in a year",
        owner="William N. Goetzmann",
        kind="run-up",
        rule="the market has risen by at least 100% in twelve months",
        source="goetzmann2015nber",
        target=of,
        read=partial(read_doublings, 1, of=of),
        vintage="real-time",
        caveat="prices in own money without dividends, twelve months in place of calendar "
        "years; the owner takes real returns",
        row="goetzmann-doubling",
        since=2015,
    )


GAUGES = (
    *(_ladder(rung) for rung in (100, 150)),
    *(_doubling(of) for of in ("countries", "us", "gb")),
    Gauge(
        key="own-ladder-countries",
        name="Run-up of 100% in two years, countries",
        owner="this project",
        kind="own lens",
        rule="a country's share prices have risen by at least 100% in two years, in themselves "
        "and beside the mean of OECD members, and by at least 50% in five",
        source="",
        target="countries",
        read=partial(read_runups, 1.0, markets="countries"),
        vintage="real-time",
        since=2026,
    ),
)
