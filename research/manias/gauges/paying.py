"""What pays for the spending: capital expenditure over cash, and over revenue."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some
from manias.gauges.builders import (
    AI_BUILDERS,
    BUILDERS,
    GB_RAILWAYS,
    carried,
    firm_days,
    last_year,
    read_series,
    spent,
)
from manias.gauges.gauge import Gauge, Readings, judged
from manias.lenses.payback import FIVE
from manias.series.flows import load_flows
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind

CASH = "operating_cash_flow"
ALL_SELLERS = "generative AI, all sellers"
"""Claimant of ``ai_revenue`` whose revenue is counted once."""


def read_firms_cash() -> Readings:
    """Cash from operations over capital expenditure, company by company.

    Returns
    -------
    Readings
        The owner's ratio turned over, so that a company without cash has a reading too; alarm
        at or below 1.
    """
    flows = load_flows("firms")
    assert flows.dollars is not None and flows.cash is not None
    years = pd.PeriodIndex(flows.dollars.index.astype(str), freq="Y")
    ratio = (flows.cash / flows.dollars.where(flows.dollars > 0)).set_axis(years)
    days = firm_days().reindex(columns=ratio.columns)
    out = pd.period_range(years[0], years[-1] + 1, freq="Y")
    value = pd.DataFrame(
        {
            firm: carried(ratio[firm], days[firm].reindex(years), out).where(
                _lasting(days[firm], out)
            )
            for firm in ratio
        }
    )
    return judged(value, 1.0, unit="times", below=True, rows=flows.rows)


def cash_of_builders() -> Trajectory | None:
    """Cash from operations of the AI builders over what they spent, four quarters.

    Returns
    -------
    Trajectory or None

    Examples
    --------
    >>> round(float(cash_of_builders().values["2025Q4"]), 2)
    1.46
    """
    members = str(load("trajectories").frame.set_index("id").loc[FIVE, "members"])
    spending, cash = spent(AI_BUILDERS), read_series("ai_capex", CASH, members=members)
    if spending is None or cash is None:
        return None
    return _over(last_year(cash), last_year(spending))


def read_builders_cash() -> Readings:
    """Cash from operations over capital expenditure of the AI builders together.

    Returns
    -------
    Readings
        As `read_firms_cash`.
    """
    path = cash_of_builders()
    value = _laid_out({} if path is None else {AI_BUILDERS: path})
    return judged(
        value,
        1.0,
        unit="times",
        below=True,
        why_not={
            "other builders": "cash from operations by year is not on record",
        },
        rows=() if path is None else (*behind(FIVE), _company_rows(CASH)),
    )


def revenue_of() -> dict[str, Trajectory]:
    """Capital expenditure over revenue of what is built, where both are on record.

    Returns
    -------
    dict of str to Trajectory
        Builder -> ratio. British railways: a calendar year's spending over its receipts. AI:
        spending of the last four quarters over a year's revenue of all sellers, from the day
        on which that was told.

    Examples
    --------
    >>> {b: round(float(p.values.dropna().iloc[-1]), 1) for b, p in revenue_of().items()}
    {'british-railways': 0.7, 'ai-builders': 4.4}
    """
    found = {}
    railways = spent(GB_RAILWAYS)
    receipts = read_series("payback", "gross_receipts", select="case=uk-railways")
    if railways is not None and receipts is not None:
        path = _over(railways, receipts)
        if path.values.notna().any():
            found[GB_RAILWAYS] = path
    sellers = _sellers()
    builders = spent(AI_BUILDERS)
    if builders is not None and len(sellers):
        quarters = pd.PeriodIndex(sellers["published"], freq="Q")
        year = last_year(builders)
        told = pd.to_datetime(sellers["published"])
        spending = [
            carried(year.values, year.published, pd.PeriodIndex([day], freq="D")).iloc[0]
            for day in told
        ]
        values = pd.Series(
            np.array(spending) / sellers["value"].to_numpy(dtype=float), quarters
        )
        published = pd.Series(told.to_numpy(), quarters)
        span = pd.period_range(quarters.min(), quarters.max(), freq="Q")
        found[AI_BUILDERS] = Trajectory(
            AI_BUILDERS,
            "capital expenditure over revenue of AI",
            values.reindex(span),
            "times",
            "ratio",
            "five builders' last four quarters over a year's revenue of all sellers",
            builders.sources,
            "B",
            published.reindex(span),
            {},
        )
    return found


def revenue_gauge(threshold: float) -> Callable[[], Readings]:
    """Readings of capital expenditure over revenue.

    Parameters
    ----------
    threshold : float
        Times.

    Returns
    -------
    callable
    """

    def read() -> Readings:
        paths = revenue_of()
        rows: list[Rows] = []
        if AI_BUILDERS in paths:
            frame = load("ai_revenue").frame
            rows += [*behind(FIVE), some("ai_revenue", _is_all(frame), ALL_SELLERS)]
        if GB_RAILWAYS in paths:
            rows += _railway_rows()
        return judged(
            _laid_out(paths),
            threshold,
            unit="times",
            why_not={
                f"{GB_RAILWAYS} 1843 to 1846": "receipts of calendar years are not on record",
                "US builders": "receipts of what they built are not on record",
                f"{AI_BUILDERS} to 2025": "revenue counted once was first told in June 2026",
            },
            rows=tuple(rows),
        )

    return read


def _sellers() -> pd.DataFrame:
    frame = load("ai_revenue").frame
    return frame[_is_all(frame)]


def _is_all(frame: pd.DataFrame) -> pd.Series:
    return (frame["claimant"] == ALL_SELLERS) & (frame["basis"] == "year")


def _railway_rows() -> list[Rows]:
    spending, receipts = load("uk_railways").frame, load("payback").frame
    mine = (receipts["case"] == "uk-railways") & (receipts["series"] == "gross_receipts")
    return [
        some("uk_railways", spending["series"] == "expenditure", "expenditure"),
        some("payback", mine, "gross receipts of British railways"),
    ]


def _company_rows(measure: str) -> Rows:
    frame = load("ai_capex").frame
    members = str(load("trajectories").frame.set_index("id").loc[FIVE, "members"]).split(";")
    keep = frame["company"].isin(members) & (frame["measure"] == measure)
    return some("ai_capex", keep, measure)


def _over(path: Trajectory, below: Trajectory) -> Trajectory:
    values = path.values / below.values.reindex(path.values.index)
    later = below.published.reindex(path.published.index)
    return Trajectory(
        path.id,
        path.name,
        values,
        "times",
        "ratio",
        path.definition,
        path.sources + below.sources,
        path.grade,
        path.published.where(later.isna() | (path.published >= later), later),
        path.anchors,
    )


def _laid_out(paths: dict[str, Trajectory]) -> pd.DataFrame:
    """Years by builders, as known at their ends; empty years where there is no path."""
    if not paths:
        return pd.DataFrame(columns=list(BUILDERS), index=pd.PeriodIndex([], freq="Y"))
    first = min(p.values.first_valid_index().year for p in paths.values())
    last = max(int(p.published.max().year) for p in paths.values())
    years = pd.period_range(str(first), str(last), freq="Y")
    columns = {
        b: carried(p.values, p.published, years).where(
            years <= pd.Period(p.published.where(p.values.notna()).max(), freq="Y")
        )
        for b, p in paths.items()
    }
    return pd.DataFrame(columns, years).reindex(columns=list(BUILDERS)).astype(float)


def _lasting(days: pd.Series, years: pd.PeriodIndex) -> pd.Series:
    """Years in which the newest accounts are at most two years old."""
    out = pd.PeriodIndex(days.dropna(), freq="Y")
    near = set(out) | {year + 1 for year in out}
    return pd.Series([year in near for year in years], years)


GAUGES = (
    Gauge(
        key="capex-over-cash-firms",
        name="Capital expenditure above cash, companies",
        owner="The Price of Thinking",
        kind="capex over cash",
        rule="capital expenditure of a year exceeds cash from operations",
        source="priceofthinking_2026",
        target="firms",
        read=read_firms_cash,
        caveat="fiscal years; survivors; any industry but finance and real estate",
        row="capex-over-cash-1",
        since=2026,
    ),
    Gauge(
        key="capex-over-cash-builders",
        name="Capital expenditure above cash, AI builders",
        owner="The Price of Thinking",
        kind="capex over cash",
        rule="capital expenditure of four quarters exceeds cash from operations",
        source="priceofthinking_2026",
        target="builders",
        read=read_builders_cash,
        caveat="five builders together",
        row="capex-over-cash-1",
        since=2026,
    ),
    *(
        Gauge(
            key=f"owen-capex-revenue-{level:.0f}",
            name=f"Capital expenditure at {level:.0f} times revenue",
            owner="Matt Owen",
            kind="capex over revenue",
            rule=f"capital expenditure over revenue of what is built at {level:.0f} ({what})",
            source="owen_gap_2026",
            target="builders",
            read=revenue_gauge(level),
            caveat="revenue of all sellers of AI, where the owner takes what builders disclose",
            row=f"owen-capex-revenue-{level:.0f}",
            since=2026,
        )
        for level, what in ((10.0, "watch"), (20.0, "alarm"))
    ),
)
