"""Readings of past booms, of share prices, and of what others have counted."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from manias.answers.archive import load_model
from manias.answers.forecasts import judge, list_forecasts
from manias.data.library import load
from manias.data.rows import some, whole
from manias.errors import DataError
from manias.language.messages import Listed, Month, Quarter, Text
from manias.lenses.ladder import DOUBLED
from manias.quoted.builders import BILLION, PERCENT, SHARE, TIMES
from manias.quoted.reading import Reading, reading, recomputes
from manias.record.claims import check_claims
from manias.record.innovations import count_verdicts
from manias.series.countries import load_countries
from manias.series.trajectories import column
from manias.spending.booms import DEFINITIONS as BOOMS_BY
from manias.spending.booms import BoomRow, boom_rows, booms_in_money
from manias.spending.definitions import NAMES, definition_path, definition_rows
from manias.spending.published import compare_published_shares, ours_rows

MARKET = "us_industries"


@recomputes("published-share")
def published_share(id: str) -> Iterable[Reading]:
    """Our share of the same period beside one that the table ``published_shares`` holds."""
    found = {one.id: one for one in compare_published_shares()}
    if id not in found:
        raise DataError(f"published_shares: no row {id!r}")
    one = found[id]
    if one.ours_name:
        key = "same" if one.match == "same" else "near"
        name = Text("{name}, {period}", name=one.ours_name, period=one.ours_period)
        yield reading(key, name, one.ours, SHARE, ours_rows(one), reason=one.reason)


@recomputes("definition")
def definition(key: str, at: str = "") -> Iterable[Reading]:
    """Spending by a definition over GDP: a year or quarter, the newest, the dotcom peak."""
    path = definition_path(key).values.dropna()
    wanted = {"newest": path.index[[-1]], "dotcom-peak": _peak(path)}
    if at:
        wanted = {"at": _quarters(at), **wanted}
    for name, span in wanted.items():
        if not len(span):
            continue
        said = Text(
            "{definition}, {when}",
            definition=NAMES[key],
            when=at if name == "at" else Quarter(span[-1]),
        )
        value = float(path.reindex(span).mean(skipna=False))
        yield reading(name, said, value, SHARE, definition_rows(key, span, said))


def _quarters(at: str) -> pd.PeriodIndex:
    if "H" in at:
        year, half = at.split("H")
        return pd.period_range(
            f"{year}Q{2 * int(half) - 1}", f"{year}Q{2 * int(half)}", freq="Q"
        )
    if "Q" in at:
        return pd.PeriodIndex([at], freq="Q")
    return pd.period_range(f"{at}Q1", f"{at}Q4", freq="Q")


def _peak(path: pd.Series) -> pd.PeriodIndex:
    then = path[:"2005Q4"]
    return pd.PeriodIndex([then.idxmax()], freq="Q") if len(then) else path.index[:0]


@recomputes("boom")
def boom(definition: str, first: str = "", last: str = "", year: str = "") -> Iterable[Reading]:
    """What builders spent over GDP by some definitions: highest, of a year, mean of years."""
    for key in definition.split("+"):
        told = _told_years(key)
        label = f"{key}-" if "+" in definition else ""
        high = max(told, key=lambda row: row.share_of_gdp)
        if year:
            mine = [row for row in told if row.year == year]
            name = Text("{what}: {year}", what=high.definition, year=year)
            value = mine[0].share_of_gdp if mine else np.nan
            yield reading(f"{label}year", name, value, SHARE, boom_rows(mine))
        if first:
            years = range(int(first), int(last) + 1)
            mine = [row for row in told if row.year in map(str, years)]
            mean = float(np.mean([row.share_of_gdp for row in mine])) if mine else np.nan
            name = Text(
                "{what}: mean of {first} to {last}",
                what=high.definition,
                first=first,
                last=last,
            )
            whole_span = len(mine) == len(years)
            reason = Text(
                "not every year from {first} to {last} is on record over GDP",
                first=first,
                last=last,
            )
            yield reading(
                f"{label}mean",
                name,
                mean if whole_span else np.nan,
                SHARE,
                boom_rows(mine),
                reason=reason,
            )
            if mine and not whole_span:
                name = Text(
                    "{what}: mean of the {n} years on record, {first} to {last}",
                    what=high.definition,
                    n=str(len(mine)),
                    first=mine[0].year,
                    last=mine[-1].year,
                )
                yield reading(f"{label}mean-on-record", name, mean, SHARE, boom_rows(mine))
        name = Text("{what}: highest, {year}", what=high.definition, year=high.year)
        yield reading(f"{label}peak", name, high.share_of_gdp, SHARE, boom_rows([high]))


def _told_years(key: str) -> list[BoomRow]:
    """Rows of a definition of `manias.spending.booms` that have a share of GDP."""
    if key not in BOOMS_BY:
        raise DataError(f"boom {key!r}: expected one of {', '.join(BOOMS_BY)}")
    text = BOOMS_BY[key].text
    rows = [row for row in booms_in_money().rows if row.definition == text]
    told = [row for row in rows if np.isfinite(row.share_of_gdp)]
    if not told:
        raise DataError(f"boom {key}: nothing of it over GDP was known")
    return told


@recomputes("ai-over-telecom")
def ai_over_telecom(year: str) -> Iterable[Reading]:
    """Spending of the five builders over GDP, over that on telecom at its height."""
    mine = [row for row in _told_years("ai-five-year") if row.year == year]
    if not mine:
        raise DataError(f"five builders: {year} over GDP was not known")
    ai = mine[0]
    for key in ("us-digital", "us-telecom-detail"):
        high = max(_told_years(key), key=lambda row: row.share_of_gdp)
        name = Text(
            "five builders, worldwide, {year}, over {what} in {then}",
            year=year,
            what=high.definition,
            then=high.year,
        )
        ratio = ai.share_of_gdp / high.share_of_gdp
        yield reading(key, name, ratio, TIMES, boom_rows([ai, high]))


@recomputes("growth-share")
def growth_share(first: str, last: str) -> Iterable[Reading]:
    """Part of the growth of GDP, in current dollars, that is spending by a definition."""
    gdp = column("us_it_investment", "gdp").values
    ends = pd.PeriodIndex([first, last], freq="Q")
    rose = float(gdp[ends[1]] - gdp[ends[0]])
    for key in ("equipment-and-software", "information-equipment", "computers"):
        share = definition_path(key).values / 100
        level = share * gdp.reindex(share.index)
        value = 100 * float(level.get(ends[1], np.nan) - level.get(ends[0], np.nan)) / rose
        name = Text(
            "{definition}: part of the growth of GDP in current dollars, imports not taken "
            "out, {first} to {last}",
            definition=NAMES[key],
            first=Quarter(ends[0]),
            last=Quarter(ends[1]),
        )
        yield reading(key, name, value, PERCENT, definition_rows(key, ends, name))


@recomputes("run-up")
def run_up(rung: str) -> Iterable[Reading]:
    """How often run-ups of a size crashed: industries and countries, and in random order."""
    size = float(rung) / 100
    for key, name in (("ladder", "industries"), ("ladder-countries", "countries")):
        found = load_model(key)
        if size not in found.rungs:
            continue
        frequency = found.rungs[size]
        said = Text(
            "run-ups of {rung} net of the market that fell by 40% within two years, {who} "
            "({part} of {n})",
            rung=f"{rung}%",
            who="US industries" if name == "industries" else "countries",
            part=str(frequency.crashes),
            n=str(frequency.n),
        )
        rows = found.provenance.rows()
        ends = (100 * frequency.low, 100 * frequency.high)
        yield reading(name, said, 100 * frequency.rate, PERCENT, rows, interval=ends)
        shuffled = Text(
            "the same with the months in random order, {who}",
            who="US industries" if name == "industries" else "countries",
        )
        yield reading(f"{name}-shuffled", shuffled, 100 * frequency.shuffled, PERCENT, rows)


@recomputes("doublings")
def doublings() -> Iterable[Reading]:
    """How often share prices of countries doubled in one year or two and then halved."""
    for years in (1, 2):
        model = replace(DOUBLED, rule=replace(DOUBLED.rule, window=12 * years))
        for key, members in (("all", False), ("members", True)):
            panel = load_countries(members=members, net=False)
            found = model.fit(panel).rungs[1.0]
            name = Text(
                "doublings in {years} {years:plural one=year|other=years} of national share "
                "prices that stood at half within five, {who} ({part} of {n})",
                years=years,
                who="members of the OECD by 1973" if members else "all countries",
                part=str(found.crashes),
                n=str(found.n),
            )
            yield reading(
                f"{key}-{years}",
                name,
                100 * found.rate,
                PERCENT,
                panel.rows,
                interval=(100 * found.low, 100 * found.high),
            )


@recomputes("innovations")
def innovations(unit: str = PERCENT) -> Iterable[Reading]:
    """Innovations of our list with a boom and bust of their shares."""
    found = count_verdicts()
    rows = whole("innovations")
    whom = {
        "list": (found.total, Text("of all {n} of our list", n=str(found.total))),
        "decided": (
            found.total - found.unknown,
            Text("of the {n} that are decided", n=str(found.total - found.unknown)),
        ),
        "quoted": (
            found.boom_and_bust + found.quoted_without,
            Text(
                "of the {n} known to have had quoted shares",
                n=str(found.boom_and_bust + found.quoted_without),
            ),
        ),
    }
    for key, (n, name) in whom.items():
        share = 100 * found.boom_and_bust / n if n else np.nan
        value = found.boom_and_bust if unit == "innovations" else share
        said = Text(
            "boom and bust on record: {part} {of}", part=str(found.boom_and_bust), of=name
        )
        yield reading(key, said, value, unit, rows)
        if unit == "innovations":
            return


def _last(frame: pd.DataFrame, at: str) -> pd.Period:
    months = frame.index
    return min(pd.Period(at, "M"), months[-1]) if at else months[-1]


@recomputes("cape")
def cape(at: str = "") -> Iterable[Reading]:
    """Price over ten years of earnings: a month, the newest, and the highest before 2010."""
    frame = load("shiller").frame.dropna(subset=["cape"]).set_index("month")
    median = Text("median of the months since {first}", first=Month(frame.index[0]))
    middle = float(frame["cape"].median())
    wanted = {"newest": frame.index[-1], "dotcom-peak": frame.loc[:"2009-12", "cape"].idxmax()}
    if at:
        wanted = {"at": pd.Period(at, "M"), **wanted}
    else:
        yield reading("median", median, middle, TIMES, whole("shiller"))
    for key, month in wanted.items():
        name = Text("price over ten years of earnings, {month}", month=Month(month))
        value = float(frame["cape"].get(month, np.nan))
        source = load("shiller").frame
        yield reading(
            key, name, value, TIMES, (some("shiller", source["month"] == month, name),)
        )


@recomputes("cape-spells")
def cape_spells(above: str) -> Iterable[Reading]:
    """How many unbroken spells of months that ratio has been above a threshold."""
    frame = load("shiller").frame.dropna(subset=["cape"]).set_index("month")
    high = frame["cape"] > float(above)
    starts = high & ~high.shift(fill_value=False)
    first = [Month(month) for month in frame.index[starts]]
    name = Text(
        "unbroken spells of months above {above}, begun in {months}",
        above=above,
        months=Listed(first),
    )
    yield reading("spells", name, float(starts.sum()), TIMES, whole("shiller"))


@recomputes("market-over-gdp")
def market_over_gdp(at: str = "") -> Iterable[Reading]:
    """Market value of the shares of the US industries over GDP."""
    frame = load(MARKET).frame
    value = _market_value(frame)
    gdp = column("us_it_investment", "gdp").values.dropna()
    last = min(value.index[-1], gdp.index[-1].asfreq("M", how="end"))
    wanted = {"newest": last, "march-2000": pd.Period("2000-03", "M")}
    if at:
        wanted = {"at": pd.Period(at, "M"), **wanted}
    for key, month in wanted.items():
        quarter = month.asfreq("Q")
        share = 100 * float(value.get(month, np.nan)) / float(gdp.get(quarter, np.nan)) / 1000
        table = load("us_it_investment").frame
        rows = (
            some(MARKET, frame["month"] == month, "one month"),
            some("us_it_investment", table["quarter"] == quarter, "GDP of the quarter"),
        )
        name = Text("market value of US shares over GDP, {month}", month=Month(month))
        yield reading(key, name, share, SHARE, rows)


def _market_value(frame: pd.DataFrame) -> pd.Series:
    """Million dollars."""
    values = (frame["firms"].astype(float) * frame["size"]).where(frame["firms"] > 0)
    return values.groupby(frame["month"]).sum()


@recomputes("market-gain")
def market_gain(first: str, last: str) -> Iterable[Reading]:
    """Rise of the market value of US shares between two months."""
    frame = load(MARKET).frame
    ends = [pd.Period(first, "M"), min(pd.Period(last, "M"), frame["month"].max())]
    mine = frame["month"].isin(ends)
    value = _market_value(frame[mine])
    rise = float(value.iloc[-1] - value.iloc[0]) / 1000
    name = Text(
        "rise of the market value of US shares, {first} to {last}",
        first=Month(ends[0]),
        last=Month(ends[1]),
    )
    yield reading("rise", name, rise, BILLION, (some(MARKET, mine, name),))


@recomputes("index-fall")
def index_fall(window: str, series: str, episode: str = "") -> Iterable[Reading]:
    """Deepest fall of an index from its highest close in a window, by months and by days."""
    frame = load("ai_market").frame
    mine = (frame["window"] == window) & (frame["series"] == series)
    level = frame[mine].set_index("month")["level"].sort_index()
    top = level.idxmax()
    low = level[top:].idxmin()
    name = Text(
        "fall of {series} by closes of months, {top} to {low}",
        series=series,
        top=Month(top),
        low=Month(low),
    )
    rows = (some("ai_market", mine & frame["month"].isin([top, low]), name),)
    yield reading("months", name, 100 * (1 - level[low] / level[top]), PERCENT, rows)
    if episode:
        dated = load("episodes").frame
        row = dated[dated["id"] == episode].iloc[0]
        name = Text("fall by an account on record: {series}", series=row["series"])
        rows = (some("episodes", dated["id"] == episode, episode),)
        yield reading("account", name, -row["fall_pct"], PERCENT, rows)


@recomputes("judged")
def judged(id: str) -> Iterable[Reading]:
    """What the rule says of a forecast on record; a verdict, not a number."""
    found = {one.id: judge(one) for one in list_forecasts()}
    if id not in found:
        raise DataError(f"forecasts: no row {id!r}")
    one = found[id]
    reason = Text(
        "by the rule for forecasts it is {status}, on data to {to}",
        status=one.status,
        to=one.seen_to,
    )
    mine = load("forecasts").frame["id"] == id
    rows = (some("forecasts", mine, id),)
    name = Text("judged by the rule for forecasts")
    yield reading("judged", name, np.nan, "", rows, reason=reason)


@recomputes("statement")
def statement(id: str, unit: str) -> Iterable[Reading]:
    """What a dated statement on record says of the same."""
    frame = load("statements").frame
    for key in id.split("+"):
        mine = frame["id"] == key
        if not mine.any():
            raise DataError(f"statements: no row {key!r}")
        row = frame[mine].iloc[0]
        name = Text(
            "{who}, {date}: {metric}", who=row["who"], date=row["date"], metric=row["metric"]
        )
        yield reading(key, name, row["value"], unit, (some("statements", mine, key),))


@recomputes("revenue")
def revenue() -> Iterable[Reading]:
    """Revenue from generative AI of all sellers, as one reckoning counts it."""
    frame = load("ai_revenue").frame
    mine = frame["claimant"] == "generative AI, all sellers"
    bases = {
        "year": Text("twelve months"),
        "run_rate": Text("a year at the present rate"),
        "quarter": Text("one quarter"),
    }
    for basis, name in bases.items():
        row = frame[mine & (frame["basis"] == basis)]
        for one in row.itertuples():
            said = Text(
                "revenue from generative AI, {basis}, {who}, {day}",
                basis=name,
                who=one.says,
                day=one.published,
            )
            key = basis.replace("_", "-")
            yield reading(key, said, one.value, BILLION, (some("ai_revenue", row.index, said),))


@recomputes("needed-over-revenue")
def needed_over_revenue(needed: str) -> Iterable[Reading]:
    """A published answer of what AI must earn a year over what it earns."""
    frame = load("assumptions").frame
    mine = frame["id"] == needed
    if not mine.any():
        raise DataError(f"assumptions: no row {needed!r}")
    must = float(frame.loc[mine, "central"].iloc[0])
    for one in revenue():
        name = Text("{needed} billion a year over {base}", needed=f"{must:g}", base=one.name)
        rows = (*one.rows, some("assumptions", mine, needed))
        yield reading(one.key, name, must / one.value, TIMES, rows)


@recomputes("part-of-published")
def part_of_published(whole_of: str, share: str) -> Iterable[Reading]:
    """A published share of a published number, as a number."""
    frame = load("published").frame.set_index("id")
    value = frame.at[whole_of, "value"] * frame.at[share, "value"] / 100
    name = Text(
        "{share} percent of {n}",
        share=f"{frame.at[share, 'value']:g}",
        n=f"{frame.at[whole_of, 'value']:g}",
    )
    mine = load("published").frame["id"].isin([whole_of, share])
    yield reading("product", name, float(value), "count", (some("published", mine, name),))


@recomputes("part-of-claims")
def part_of_claims(part: str, of: str, years: str = "1") -> Iterable[Reading]:
    """One figure of the founding article over another, as printed and a year over a year."""
    values = {c.id: c.value for c in check_claims()}
    frame = load("claims").frame
    rows = (some("claims", frame["id"].isin([part, of]), f"{part} over {of}"),)
    printed = 100 * values[part] / values[of]
    yield reading("as-printed", Text("one year over all years"), printed, PERCENT, rows)
    if float(years) != 1:
        name = Text("one year over a mean year of {n}", n=years)
        yield reading("a-year", name, printed * float(years), PERCENT, rows)
