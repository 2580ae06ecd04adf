"""Spending as a share of the economy: Exponential View's strain, and the Oracle's share."""

from collections.abc import Callable, Mapping

import pandas as pd

from manias.data.library import load, not_known
from manias.data.rows import Rows, some
from manias.gauges.builders import (
    AI_BUILDERS,
    BUILDERS,
    GB_RAILWAYS,
    US_COMMUNICATIONS,
    US_INFORMATION,
    US_RAILROADS,
    builder_rows,
    carried,
    last_year,
    read_series,
    spent,
    years_of,
)
from manias.gauges.gauge import Gauge, Readings, judged
from manias.series.timeline import Trajectory

WHOLES: Mapping[str, tuple[str, str, float]] = {
    GB_RAILWAYS: ("uk_macro", "nominal_gdp", 1e-4),
    US_RAILROADS: ("us_macro", "gnp_balke_gordon", 0.1),
    US_COMMUNICATIONS: ("us_macro", "gdp_bea", 0.1),
    US_INFORMATION: ("us_it_investment", "gdp", 100.0),
    AI_BUILDERS: ("us_it_investment", "gdp", 100.0),
}
"""Builder -> table and series of the whole economy, and the factor that makes it percent."""
START, PEAK, NOW = "1995Q3", "2000Q1", "2022Q4"
"""The Oracle's clock by quarters: Netscape's issue, the top of the Nasdaq, ChatGPT."""
NOT_ONE = "an aggregate of the whole economy, not one build-out"


def share(builder: str) -> Trajectory | None:
    """What a builder spent in a year or in four quarters, percent of the economy.

    Parameters
    ----------
    builder : str

    Returns
    -------
    Trajectory or None
        None where the open library knows nothing of it. Known when the later of both was.

    Examples
    --------
    >>> round(float(share("us-railroads").values["1881"]), 2)
    3.63
    """
    dataset, name, scale = WHOLES[builder]
    path, whole = spent(builder), read_series(dataset, name)
    if path is None or whole is None:
        return None
    if builder == AI_BUILDERS:  # Dollars of the quarter over GDP at annual rates.
        scale = 4 * scale
    path, whole = last_year(path), last_year(whole)
    below = whole.values.reindex(path.values.index)
    later = whole.published.reindex(path.published.index)
    return Trajectory(
        path.id,
        path.name,
        path.values / below * scale,
        "percent of GDP",
        path.measure,
        path.definition,
        path.sources + whole.sources,
        path.grade,
        path.published.where(path.published >= later, later),
        path.anchors,
    )


def strain(threshold: float) -> Callable[[], Readings]:
    """Readings of capital expenditure over GDP.

    Parameters
    ----------
    threshold : float
        Percent of GDP.

    Returns
    -------
    callable
    """

    def read() -> Readings:
        found = {b: share(b) for b in BUILDERS if b != US_INFORMATION}
        paths = {b: p for b, p in found.items() if p is not None}
        years = years_of(paths)
        value = pd.DataFrame(
            {b: carried(p.values, p.published, years) for b, p in paths.items()}, years
        ).reindex(columns=list(BUILDERS))
        return judged(
            value.where(_alive(paths, years)),
            threshold,
            unit="% of GDP",
            why_not={
                US_INFORMATION: NOT_ONE,
                f"{US_RAILROADS} 1870 to 1875": "no gross national product before 1875",
                f"{GB_RAILWAYS} 1841 to 1846": "first printed in November 1847",
            },
            rows=(*builder_rows(tuple(paths)), *_wholes(paths)),
        )

    return read


def read_oracle() -> Readings:
    """How far the share of IT investment has come on the clock of the dotcom years.

    Returns
    -------
    Readings
        1 is the rise of its dotcom years.
    """
    path = share_by_quarter()
    clock = pd.PeriodIndex([START, PEAK, NOW], freq="Q")
    years = years_of({US_INFORMATION: path})
    value = pd.DataFrame(float("nan"), years, list(BUILDERS))
    if path.values.reindex(clock).notna().all():
        start, peak, now = path.values[clock]
        way = (path.values / now - 1) / (peak / start - 1)
        since = way.index >= clock[2]
        value[US_INFORMATION] = carried(way[since], path.published[since], years)
    return judged(
        value,
        1.0,
        unit="of the way to the dotcom peak",
        why_not={f"{US_INFORMATION} to {NOW}": "its yardstick is the wave that is warned of"},
        rows=builder_rows((US_INFORMATION,)),
    )


def share_by_quarter() -> Trajectory:
    """US information processing investment over GDP, by quarter.

    Returns
    -------
    Trajectory
        Percent of GDP.

    Examples
    --------
    >>> round(float(share_by_quarter().values["2000Q4"]), 2)
    4.46
    """
    dataset, name, scale = WHOLES[US_INFORMATION]
    path, whole = spent(US_INFORMATION), read_series(dataset, name)
    if path is None or whole is None:
        raise not_known(US_INFORMATION)
    return Trajectory(
        path.id,
        path.name,
        path.values / whole.values * scale,
        "percent of GDP",
        path.measure,
        path.definition,
        path.sources,
        path.grade,
        path.published,
        path.anchors,
    )


def _alive(paths: Mapping[str, Trajectory], years: pd.PeriodIndex) -> pd.DataFrame:
    """Years until a record ends: what came out last is not carried into other times."""
    return pd.DataFrame(
        {b: years <= pd.Period(p.published.max(), freq="Y") for b, p in paths.items()}, years
    ).reindex(columns=list(BUILDERS), fill_value=False)


def _wholes(paths: Mapping[str, Trajectory]) -> tuple[Rows, ...]:
    found = []
    for dataset, name, _ in dict.fromkeys(WHOLES[b] for b in paths):
        frame = load(dataset).frame
        keep = frame["series"] == name if "series" in frame else frame[name].notna()
        found.append(some(dataset, keep, name))
    return tuple(found)


GAUGES = (
    *(
        Gauge(
            key=f"ev-strain-{level:.0f}",
            name=f"Capital expenditure at {level:.0f}% of GDP",
            owner="Exponential View",
            kind="spending share",
            rule=f"capital expenditure on the build-out reaches {level:.0f}% of GDP ({light})",
            source=source,
            target="builders",
            read=strain(level),
            caveat="the AI builders' spending is worldwide, over US GDP",
            row=f"ev-economic-strain-{level:.0f}",
            since=2025,
        )
        for level, light, source in (
            (1.0, "amber", "genuineimpact_2025"),
            (2.0, "red", "reportify_azhar_2025"),
        )
    ),
    Gauge(
        key="oracle-it-share",
        name="IT investment share on the dotcom clock",
        owner="AI Bubble Oracle",
        kind="spending share",
        rule="rise of IT investment over GDP since 2022Q4 over its rise 1995Q3 to 2000Q1, at 1",
        source="oracle_bubble_2026",
        target="builders",
        read=read_oracle,
        caveat="quarters in place of days smoothed over 90; one analogue",
        row="oracle-it-share",
        since=2026,
    ),
)
