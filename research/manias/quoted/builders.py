"""Readings of what the builders of AI spend, earn and owe."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.errors import DataError
from manias.language.messages import WORDS, Joined, Listed, Quarter, Text
from manias.lenses.payback import COVER_BY, FIVE, PaybackModel, PaybackResults
from manias.lenses.payback_cases import GROWTHS, ai_payback, guidance, payback_cases
from manias.quoted.reading import Reading, reading, recomputes
from manias.record.financing import compare_financing
from manias.series.trajectories import column, column_rows

BILLION, SHARE, PERCENT, TIMES = "billion USD", "percent of GDP", "percent", "times"
TABLE, GDP = "ai_capex", "us_it_investment"
MEASURES = {
    "revenue": "revenue",
    "operating_cash_flow": "cash from operations",
    "remaining_performance_obligation": "revenue contracted and not yet delivered",
    "capex_incl_finance_leases": "with assets taken on finance leases",
    "capex_incl_finance_lease_principal": "with what is paid back on finance leases",
    "capex_net_of_incentives": "net of sales and incentives",
}
GROUPS = {"four": ("Alphabet", "Amazon", "Meta", "Microsoft")}


def members_of(name: str) -> tuple[str, ...]:
    """Companies of a group: "five", "four", or names separated by "+".

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> members_of("five")[-1], members_of("Oracle")
    ('Oracle', ('Oracle',))
    """
    if name == "five":
        return tuple(load("trajectories").frame.set_index("id").at[FIVE, "members"].split(";"))
    return GROUPS.get(name) or tuple(part.strip() for part in name.split("+"))


def _who(name: str) -> str:
    """A group for people: a company by its name, several as together."""
    group = members_of(name)
    return group[0] if len(group) == 1 else Text("{n} companies together", n=WORDS[len(group)])


def _path(measure: str, members: Sequence[str]) -> pd.Series:
    return column(TABLE, measure, members=";".join(members)).values.dropna()


def _rows(
    measure: str, members: Sequence[str], quarters: Iterable[pd.Period], how: str
) -> tuple[Rows, ...]:
    table = column_rows(TABLE, measure, members=";".join(members))
    return (some(TABLE, table.index[table["for"].isin(list(quarters))], how),)


def _gdp_rows(quarters: Iterable[pd.Period], how: str) -> tuple[Rows, ...]:
    table = column_rows(GDP, "gdp")
    return (some(GDP, table.index[table["for"].isin(list(quarters))], how),)


def _spans(path: pd.Series, year: str, quarter: str = "") -> dict[str, pd.PeriodIndex]:
    """Quarters of a calendar year, of the last four quarters, one quarter, the newest one."""
    last = path.index[-1]
    spans = {"four-quarters": pd.period_range(last - 3, last), "newest": path.index[[-1]]}
    if year:
        spans = {"year": pd.period_range(f"{year}Q1", f"{year}Q4", freq="Q"), **spans}
    if quarter:
        spans = {"quarter": pd.PeriodIndex([quarter], freq="Q"), **spans}
    return spans


def _named(key: str, span: pd.PeriodIndex) -> Text:
    match key:
        case "year":
            return Text("the calendar year {year}", year=str(span[0].year))
        case "four-quarters":
            return Text("the four quarters to {quarter}", quarter=Quarter(span[-1]))
        case "quarter":
            return Text("{quarter}", quarter=Quarter(span[-1]))
        case _:
            return Text("{quarter} at an annual rate", quarter=Quarter(span[-1]))


def _unfinished(span: pd.PeriodIndex, path: pd.Series) -> Text:
    if not span.isin(path.index).any():
        return Text("{span} is not on record", span=str(span[0].year))
    return Text(
        "{year} is on record to {quarter} only",
        year=str(span[0].year),
        quarter=Quarter(path.index[-1]),
    )


def _sum(path: pd.Series, span: pd.PeriodIndex) -> float:
    """Of the quarters, at an annual rate; NaN where one is missing."""
    return float(path.reindex(span).sum(skipna=False) * 4 / len(span))


@recomputes("capex")
def capex(members: str, year: str = "") -> Iterable[Reading]:
    """Cash capital expenditure, worldwide: a calendar year, four quarters, the newest one."""
    group = members_of(members)
    path = _path("capex", group)
    for key, span in _spans(path, year).items():
        name = Text(
            "{who}: cash capital expenditure, {when}",
            who=_who(members),
            when=_named(key, span),
        )
        rows = _rows("capex", group, span, f"{members}: {span[0]} to {span[-1]}")
        reason = _unfinished(span, path)
        yield reading(key, name, _sum(path, span), BILLION, rows, reason=reason)
    if members == "five" and (guided := guidance()) is not None:
        span = _spans(path, "")["four-quarters"]
        rows = (
            *_rows("capex", ("Oracle",), span, "without guidance for the calendar year"),
            some("statements", load("statements").frame["id"] == "s169", "guidance"),
        )
        name = Text(
            "what four of the five guide for 2026, leases as they count them, and the last "
            "four quarters of the fifth"
        )
        yield reading("guidance", name, guided, BILLION, rows)


@recomputes("capex-share")
def capex_share(members: str, year: str = "") -> Iterable[Reading]:
    """Cash capital expenditure, worldwide, over US GDP of the same quarters."""
    group = members_of(members)
    path = _path("capex", group)
    gdp = column(GDP, "gdp").values.dropna()
    for key, span in _spans(path, year).items():
        value = 100 * _sum(path, span) / float(gdp.reindex(span).mean(skipna=False))
        how = f"{members}: {span[0]} to {span[-1]}"
        rows = (*_rows("capex", group, span, how), *_gdp_rows(span, how))
        name = Text(
            "{who}: cash capital expenditure over US GDP, {when}",
            who=_who(members),
            when=_named(key, span),
        )
        yield reading(key, name, value, SHARE, rows, reason=_unfinished(span, path))


@recomputes("capex-over-cash")
def capex_over_cash(
    members: str, year: str = "", quarter: str = "", leases: str = "", unit: str = PERCENT
) -> Iterable[Reading]:
    """Capital expenditure over cash from operations, of all together; and the median."""
    scale = 100 if unit == PERCENT else 1
    group = members_of(members)
    both = pd.concat(
        {name: _path(name, group) for name in ("capex", "operating_cash_flow")}, axis=1
    ).dropna()
    for key, span in _spans(both, year, quarter).items():
        spent, cash = (_sum(both[name], span) for name in both)
        how = f"{members}: {span[0]} to {span[-1]}"
        rows = (row for name in both for row in _rows(name, group, span, how))
        name = Text(
            "{who}: capital expenditure over cash from operations, {when}",
            who=_who(members),
            when=_named(key, span),
        )
        value = scale * spent / cash if cash > 0 else np.nan
        yield reading(key, name, value, unit, rows, reason=_unfinished(span, both))
    if leases:
        span = pd.PeriodIndex([quarter], freq="Q")
        with_leases = _sum(_path(leases, group), span)
        cash = _sum(both["operating_cash_flow"], span)
        rows = (
            row
            for name in (leases, "operating_cash_flow")
            for row in _rows(name, group, span, f"{members}: {quarter}")
        )
        name = Text(
            "{who}: spending by another of its measures ({measure}) over cash from operations, "
            "{when}",
            who=_who(members),
            measure=Text(MEASURES[leases]),
            when=Text("{quarter}", quarter=Quarter(span[-1])),
        )
        yield reading("with-leases", name, scale * with_leases / cash, unit, rows)
    if members == "five":
        found = compare_financing()
        median = float(found.waves.loc["ai", "median"])
        n = int(found.waves.loc["ai", "known"])
        name = Text("the median of {n} builders, four quarters", n=str(n))
        yield reading("median", name, scale * median, unit, whole(TABLE))


@recomputes("capex-over-revenue")
def capex_over_revenue(members: str, year: str = "") -> Iterable[Reading]:
    """Capital expenditure over all revenue of the companies."""
    group = members_of(members)
    both = pd.concat({name: _path(name, group) for name in ("capex", "revenue")}, axis=1)
    both = both.dropna()
    for key, span in _spans(both, year).items():
        spent, earned = (_sum(both[name], span) for name in both)
        how = f"{members}: {span[0]} to {span[-1]}"
        rows = (row for name in both for row in _rows(name, group, span, how))
        name = Text(
            "{who}: capital expenditure over all revenue, {when}",
            who=_who(members),
            when=_named(key, span),
        )
        reason = _unfinished(span, both)
        yield reading(key, name, 100 * spent / earned, PERCENT, rows, reason=reason)


@recomputes("company")
def company(members: str, measure: str, to: str = "", year: str = "") -> Iterable[Reading]:
    """A measure of companies over four quarters, to the last that had ended by a day."""
    group = members_of(members)
    path = _path(measure, group)
    if to:
        path = path[path.index.end_time <= pd.Timestamp(to)]
    spans = _spans(path, year)
    del spans["newest"]
    for key, span in spans.items():
        name = Text(
            "{who}: {measure}, {when}",
            who=_who(members),
            measure=Text(MEASURES[measure]),
            when=_named(key, span),
        )
        rows = _rows(measure, group, span, f"{members}, {measure}: {span[0]} to {span[-1]}")
        reason = _unfinished(span, path)
        yield reading(key, name, _sum(path, span), BILLION, rows, reason=reason)


@recomputes("stock")
def stock(members: str, measure: str, at: str) -> Iterable[Reading]:
    """What stood in the accounts on a day, and what stands there now."""
    frame = load(TABLE).frame
    mine = frame[(frame["measure"] == measure) & frame["company"].isin(members_of(members))]
    for key, day in (("at", at), ("newest", mine["period_end"].max())):
        rows = mine[mine["period_end"] == day]
        name = Text(
            "{who}: {measure}, {day}",
            who=_who(members),
            measure=Text(MEASURES[measure]),
            day=day,
        )
        value = float(rows["value"].sum(min_count=1))
        yield reading(key, name, value, BILLION, (some(TABLE, rows.index, day),))


@recomputes("guided")
def guided(statements: str) -> Iterable[Reading]:
    """Guidance of several companies added up: the ends, and the middle."""
    frame = load("statements").frame
    keys = statements.split("+")
    mine = frame[frame["id"].isin(keys)]
    if len(mine) != len(keys):
        raise DataError(f"statements: not all of {statements} are on record")
    low = float(mine["value"].sum())
    high = float(mine["high"].fillna(mine["value"]).sum())
    rows = (some("statements", mine.index, "guidance"),)
    ends = {
        "low": (Text("sum of the lower ends of the guidance"), low),
        "high": (Text("sum of the upper ends of the guidance"), high),
        "middle": (Text("sum of the middles of the guidance"), (low + high) / 2),
    }
    for key, (name, value) in ends.items():
        yield reading(key, name, value, BILLION, rows)


@recomputes("sum-of-statements")
def sum_of_statements(ids: str) -> Iterable[Reading]:
    """Dated statements added up; with a minus before a key, taken off."""
    frame = load("statements").frame.set_index("id")
    keys = ids.split("+")
    signs = {key.lstrip("-"): -1 if key.startswith("-") else 1 for key in keys}
    if missing := [key for key in signs if key not in frame.index]:
        raise DataError(f"statements: no row {missing[0]!r}")
    value = float(sum(sign * frame.at[key, "value"] for key, sign in signs.items()))
    mine = load("statements").frame["id"].isin(signs)
    name = Text(
        "{n} dated statements added up: {what}",
        n=str(len(signs)),
        what=Joined("; ", [_stated(frame.loc[key], sign) for key, sign in signs.items()]),
    )
    yield reading("sum", name, value, BILLION, (some("statements", mine, "added up"),))


def _stated(row: pd.Series, sign: int) -> Text:
    return Text(
        "{sign}{about}, {metric} {n:billion}",
        sign="− " if sign < 0 else "",
        about=row["about"],
        metric=row["metric"],
        n=f"{row['value']:g}",
    )


@recomputes("run-rates")
def run_rates(labs: str, at: str) -> Iterable[Reading]:
    """Last run rate of each developer on record by a day, added up; and the newest."""
    frame = load("ai_revenue").frame
    wanted = [part.strip() for part in labs.split("+")]
    mine = frame[(frame["basis"] == "run_rate") & frame["claimant"].isin(wanted)]
    days = {"at": at, "newest": mine["day"].max()}
    for key, day in days.items():
        last = mine[mine["day"] <= day].sort_values("day").groupby("claimant").tail(1)
        name = Text(
            "last run rate of {labs} on record by {day}",
            labs=Listed(wanted),
            day=day,
        )
        value = float(last["value"].sum()) if len(last) == len(wanted) else np.nan
        yield reading(key, name, value, BILLION, (some("ai_revenue", last.index, day),))
    quarters = frame[(frame["basis"] == "quarter") & frame["claimant"].isin(wanted)]
    quarters = quarters[quarters["day"] <= at].sort_values("day").groupby("claimant").tail(1)
    if len(quarters) == len(wanted):
        name = Text(
            "last quarter's revenue of {labs} on record by {day}, times four",
            labs=Listed(wanted),
            day=at,
        )
        value = 4 * float(quarters["value"].sum())
        rows = (some("ai_revenue", quarters.index, at),)
        yield reading("quarter-times-four", name, value, BILLION, rows)


@recomputes("required-by-2030")
def required_by_2030(total: str = "") -> Iterable[Reading]:
    """Revenue required in 2030 under the central assumptions, by the growth of spending.

    With a total, first the growth by which spending adds up to it from the year now running.
    """
    growths = {f"growth-{100 * g:g}": g for g in GROWTHS}
    if total:
        growths = {"total": _growth_to(float(total)), **growths}
    for key, growth in growths.items():
        found = PaybackModel("ai", growth).fit()
        name = Text(
            "required revenue in {year} by our central assumptions, spending on AI growing by "
            "{growth}% a year{total}",
            year=str(COVER_BY),
            growth=f"{100 * growth:.3g}",
            total=Text(", so that it adds up to {n} billion by then", n=f"{float(total):,g}")
            if key == "total"
            else "",
        )
        yield reading(
            key,
            name,
            float(found.path.at[COVER_BY, "required"]),
            "billion USD a year",
            _payback_rows(found),
            grade=found.provenance.grade,
        )


def _growth_to(total: float) -> float:
    """Growth a year by which spending on AI adds up to a total by `COVER_BY`."""

    def short(growth: float) -> float:
        path = PaybackModel("ai", growth).fit().path
        now = path.index[~path["is_assumed"]][-1]
        return float(path["capex"].loc[now:COVER_BY].sum()) - total

    if short(-0.9) * short(5.0) > 0:
        raise DataError(f"total {total:g}: no growth between -90% and 500% a year reaches it")
    return float(brentq(short, -0.9, 5.0, xtol=1e-6))


@recomputes("commitments")
def commitments(kind: str, members: str = "") -> Iterable[Reading]:
    """The newest figure of each company on record, added up."""
    frame = load("commitments").frame
    mine = frame[frame["kind"] == kind]
    if members:
        mine = mine[mine["company"].isin(members_of(members))]
    last = mine.sort_values("as_of").groupby("company").tail(1)
    name = Text(
        "{kind} of {n} companies, the newest of each",
        kind=Text(MEASURES[kind]),
        n=str(len(last)),
    )
    rows = (some("commitments", last.index, f"{kind}, newest of each company"),)
    yield reading("newest", name, float(last["value"].sum()), BILLION, rows)


def _payback_rows(found: PaybackResults) -> tuple[Rows, ...]:
    ids = load("assumptions").frame["id"]
    used = some("assumptions", ids.isin([a.id for a in found.assumptions]), "central")
    return (*found.provenance.rows(), used)


@recomputes("coverage")
def coverage() -> Iterable[Reading]:
    """Revenue over depreciation alone, and over all that is required, by both bases."""
    found = payback_cases()
    rows, grade = _payback_rows(found.asked), found.asked.provenance.grade
    both = found.depreciation + found.capital_return
    parts = {
        "depreciation": (Text("depreciation alone"), found.depreciation),
        "depreciation-and-return": (Text("depreciation and return on capital"), both),
        "all": (Text("depreciation, return and operating cost"), found.asked.required),
    }
    for one in found.bases.drop_duplicates("earning").itertuples():
        for key, (name, needed) in parts.items():
            said = Text("revenue, {basis}, over {needed}", basis=Text(one.earning), needed=name)
            full = f"{key}-{one.earning}".replace(" ", "-")
            yield reading(full, said, one.revenue / needed, TIMES, rows, grade=grade)


@recomputes("understated-depreciation")
def understated_depreciation(
    life: str, against: str, first: str, last: str
) -> Iterable[Reading]:
    """Depreciation of some years under two lives of servers and chips, the difference."""
    found = [ai_payback(life=float(years)) for years in (life, against)]
    sums = [float(one.path["depreciation"].loc[int(first) : int(last)].sum()) for one in found]
    name = Text(
        "difference of depreciation {first} to {last} between lives of {life} and {against} "
        "years, the part that is AI, spending as in the last four quarters",
        first=first,
        last=last,
        life=life,
        against=against,
    )
    rows, grade = _payback_rows(found[0]), found[0].provenance.grade
    yield reading("our-lives", name, sums[0] - sums[1], BILLION, rows, grade=grade)
