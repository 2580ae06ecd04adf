"""Two centuries of booms, and three portraits."""

from collections.abc import Iterable
from itertools import combinations
from typing import get_args

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, some, whole
from manias.language.messages import Listed, Month, Quarter, Text
from manias.language.names import DEFINITIONS as NAMED
from manias.language.names import INDUSTRIES
from manias.language.numbers import percent, plain, signed
from manias.record.labels import DEFINITIONS, Definition, label_innovations
from manias.record.money import RATES, panic_money
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import COUNTED, industries, path, peak_of
from manias.report.selections import innovations, proxies
from manias.series.trajectories import behind, column, column_rows

PEAKS = "what is told are highest and lowest values: those between must stay between"
"""Why one row behind a portrait may not move its sentence."""


@once
def _episodes() -> pd.DataFrame:
    return load("episodes").frame


def _with_a_fall() -> tuple[pd.DataFrame, Rows]:
    frame = _episodes()
    known = frame["fall_pct"].notna()
    return frame[known], some("episodes", known, "with a fall")


@makes("exhibit", "episodes-figure")
def episodes_figure() -> Said:
    from manias.figures.history import year_of

    table = _episodes()
    dated = table[["onset", "peak", "trough"]].notna().any(axis=1)
    shown = table[dated]
    last = path("us-it-ai").values.index[-1]
    groups = shown["group"].value_counts()
    years = {name: shown[name].map(year_of) for name in ("onset", "peak", "trough")}
    up = (years["peak"] - years["onset"]).dropna()
    down = (years["trough"] - years["peak"]).dropna()

    def draw(language):
        from manias.figures.history import plot_episodes

        return plot_episodes(shown, end=last.year + last.quarter / 4, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "{n} dated booms in shares since the canals of the 1790s: from onset to "
            "low, with a mark at the peak. An open mark: no peak is dated. Later "
            "episodes are held apart: no model is fitted to them.",
            n=len(shown),
        ),
        alt=Text(
            "{n} rows, from {first} to {last}: {historic} booms of the list to 2000, {later} "
            "later ones, {context} earlier for comparison and {ongoing} under way, artificial "
            "intelligence. From onset to peak the longest took {longest} years.",
            n=len(shown),
            first=shown.loc[pd.concat(years, axis=1).min(axis=1).idxmin(), "name"],
            last=shown.loc[pd.concat(years, axis=1).min(axis=1).idxmax(), "name"],
            historic=groups.get("historic", 0),
            later=groups.get("later", 0),
            context=groups.get("context", 0),
            ongoing=groups.get("ongoing", 0),
            longest=plain(up.max(), 0),
        ),
        finding=Text(
            "Where both dates are known, booms in shares took {up} years at the median from "
            "onset to peak ({n}) and {down} from peak to low ({m})",
            up=plain(up.median(), 1),
            n=len(up),
            down=plain(down.median(), 1),
            m=len(down),
        ),
    )
    return Said(picture, some("episodes", dated, "with a date"))


@makes("number", "episodes")
def n_episodes() -> Said:
    return Said(str(len(_episodes())), whole("episodes"))


@makes("sentence", "episodes-size")
def episodes_size() -> Said:
    frame, rests = _with_a_fall()
    falls = frame["fall_pct"]
    text = Text(
        "For {n} of them a fall is printed or can be computed from printed prices. "
        "The median is {median} percent, the least {least} and the largest {largest}",
        n=len(falls),
        median=plain(abs(falls.median()), 0),
        least=plain(falls.abs().min(), 0),
        largest=plain(falls.abs().max(), 0),
    )
    return Said(text, rests)


@makes("exhibit", "episodes-sizes")
def episodes_table() -> Said:
    frame, rests = _with_a_fall()
    rows = []
    for r in frame.sort_values("fall_pct").itertuples():
        rise = "–" if pd.isna(r.rise_pct) else f"{signed(r.rise_pct, 0)}%"
        dates = " / ".join(
            d if isinstance(d, str) else "·" for d in (r.onset, r.peak, r.trough)
        )
        rows.append(
            [
                r.name,
                r.group,
                dates,
                rise,
                f"{signed(r.fall_pct, 0)}%",
                _measured(r.series),
                r.grade,
            ]
        )
    table = Table(
        caption=Text(
            "Booms whose fall is on record, the deepest first: onset / peak / low, rise to "
            "the peak, fall from it, and what was measured"
        ),
        columns=[
            "Boom",
            "Group",
            "Onset / peak / low",
            "Rise",
            "Fall",
            "Measured on",
            "Grade",
        ],
        widths=[2, 0.7, 2, 0.7, 0.6, 2, 0.5],
        rows=rows,
    )
    return Said(table, rests)


def _measured(series: str) -> str:
    """What a fall was measured on; industries by their plain names."""
    head, found, key = series.partition(", US industry ")
    if not found:
        return series
    return Text("{what}: {industry}", what=head, industry=INDUSTRIES[key])


@once
def _labels() -> dict[str, dict[str, str | None]]:
    return {d: label_innovations(d) for d in get_args(Definition)}


def _definition_rows() -> Iterable[Rows]:
    yield innovations("commercialised")
    yield from whole("verdicts")
    yield from proxies()


@makes("exhibit", "definitions")
def definitions_table() -> Said:
    rows = []
    for name, text in DEFINITIONS.items():
        values = list(_labels()[name].values())
        yes, no = values.count("yes"), values.count("no")
        share = percent(yes / (yes + no)) if yes + no else "–"
        rows.append([NAMED[name], text, str(yes), str(no), str(values.count(None)), share])
    table = Table(
        caption=Text(
            "Who calls it a bubble: the innovations of the list under each "
            "definition. No verdict: the sources say nothing of it or conflict, or "
            "no industry can stand for it."
        ),
        columns=["Definition", "Rule", "Yes", "No", "No verdict", "Share"],
        widths=[0.9, 4, 0.5, 0.5, 0.8, 0.6],
        rows=rows,
    )
    return Said(table, _definition_rows(), still=COUNTED)


@makes("sentence", "definitions-agree")
def definitions_agree() -> Said:
    found = []
    for a, b in combinations(get_args(Definition), 2):
        both = [
            (x, _labels()[b][key]) for key, x in _labels()[a].items() if x and _labels()[b][key]
        ]
        if len(both) >= 5:
            found.append((sum(x == y for x, y in both), len(both), a, b))
    least, most = (pick(found, key=lambda f: (f[0] / f[1], f[1])) for pick in (min, max))
    text = Text(
        "{n} pairs of definitions can be compared on five innovations or more. They agree "
        "least in {least} and most in {most}",
        n=len(found),
        least=_agreeing(*least),
        most=_agreeing(*most),
    )
    return Said(text, _definition_rows(), still=COUNTED)


def _agreeing(same: int, n: int, a: Definition, b: Definition) -> Text:
    return Text("{same} of {n} ({a}; {b})", same=same, n=n, a=NAMED[a], b=NAMED[b])


# ---- British railways


def _uk(series: str) -> pd.DataFrame:
    frame = load("uk_railways").frame
    rows = frame[frame["series"] == series]
    return rows[rows["period"].str.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?")]


def _by_year(rows: pd.DataFrame) -> pd.Series:
    years = rows["period"].str[:4].astype(float)
    return rows["value"].astype(float).groupby(years).first()


def _rail_shares() -> dict[str, pd.Series]:
    spent = column("uk_railways", "expenditure").values
    found = {}
    for name, key in (
        ("without south Ireland", "nominal_gdp"),
        ("with all Ireland", "nominal_gdp_borders_of_the_time"),
    ):
        gdp = column("uk_macro", key).values
        share = (100 * spent / 1e6 / gdp).dropna()
        found[name] = pd.Series(share.to_numpy(), share.index.year.astype(float))
    return found


def _additions() -> pd.Series:
    """Net additions to paid-up capital a year, over intervals between dates on record."""
    capital = _by_year(_uk("paid_up_capital")) / 1e6
    step = capital.diff() / np.diff(capital.index, prepend=np.nan)
    return step


def _series_rows(*names: str) -> Rows:
    series = load("uk_railways").frame["series"]
    return some("uk_railways", series.isin(names), ", ".join(names))


def _rail_share_rows() -> Iterable[Rows]:
    spent = column_rows("uk_railways", "expenditure")
    yield some("uk_railways", spent.index, "expenditure")
    years = load("uk_macro").frame["year"]
    span = f"{spent['for'].min()} to {spent['for'].max()}"
    yield some("uk_macro", years.isin(spent["for"]), span)


@makes("exhibit", "portrait-railways")
def railways_figure() -> Said:
    shares = _rail_shares()
    printed = _by_year(_uk("investment_share_gdp_mitchell"))
    miles = _by_year(_uk("miles_authorised"))
    panels = [
        (
            "Spending on building",
            "percent of GDP",
            [
                *[(name, values, "line") for name, values in shares.items()],
                ("Mitchell, as quoted", printed, "dashed"),
            ],
        ),
        ("Lines authorised", "miles a year", [("miles", miles, "points")]),
        (
            "Capital paid up",
            "million GBP added a year",
            [("average of the interval", _additions(), "steps")],
        ),
    ]
    top = max(values.max() for values in shares.values())
    spent = next(iter(shares.values()))
    onset = float(path("uk-railways-1840s").anchors["onset"].year)

    def draw(language):
        from manias.figures.history import plot_panels

        return plot_panels(panels, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "British railways. Left: spending by returns to the Railway Commissioners over GDP "
            "within two sets of borders, and shares of investment by Mitchell (dashed). "
            "Middle: lines authorised by Parliament. Dashed shares and lines authorised were "
            "seen only as quoted and are not confirmed. Right: averages between the dates at "
            "which paid-up capital is on record; nothing is interpolated."
        ),
        alt=Text(
            "Spending climbs to between {low} and {top} percent of GDP in {year}. "
            "Lines authorised peak at {miles} miles in {when}. Additions to capital "
            "are largest in the interval that ends in {end}.",
            low=plain(min(v.iloc[-1] for v in shares.values()), 1),
            top=plain(top, 1),
            year=int(spent.index[-1]),
            miles=f"{miles.max():,.0f}",
            when=int(miles.idxmax()),
            end=int(_additions().idxmax()),
        ),
        finding=Text(
            "Spending on building British railways went from {first} percent of GDP in {start} "
            "to {last} in {end}",
            first=plain(spent[onset], 1),
            start=int(onset),
            last=plain(spent.iloc[-1], 1),
            end=int(spent.index[-1]),
        ),
    )
    drawn = _series_rows("investment_share_gdp_mitchell", "miles_authorised", "paid_up_capital")
    return Said(picture, drawn, _rail_share_rows())


@makes("sentence", "railways-finding")
def railways_finding() -> Said:
    index = (
        load("uk_railways").frame.query("series == 'share_index'").set_index("note")["value"]
    )
    rise = index["peak"] / index["base"] - 1
    fall = index["trough"] / index["peak"] - 1
    added = _additions()
    later = added[(added.index > 1860) & (added.index <= 1866)]
    before = added[added.index <= 1850]
    text = Text(
        "By levels seen only as quoted, shares rose by {rise} from January 1843 to "
        "the peak and then fell by {fall}. The mania of the 1860s added {more:select "
        "yes=more|no=less} capital a year in pounds: {later} million at most, "
        "against {before} million in the 1840s. The economy had grown by then",
        rise=percent(rise),
        fall=percent(abs(fall)),
        more=bool(later.max() > before.max()),
        later=plain(later.max(), 1),
        before=plain(before.max(), 1),
    )
    still = "the highest and the last are told; those between must stay below the highest"
    return Said(text, _series_rows("share_index", "paid_up_capital"), still=still)


# ---- US electric light and power


_SHARES = ("1926-07", "1942-12")
"""Months that the shares of utilities are shown for; output is shown to the same year."""


@once
def _generated() -> pd.DataFrame:
    frame = load("buildouts").frame
    return frame[
        (frame["innovation"] == "electric-power")
        & (frame["series"] == "electricity generated")
        & (frame["country"] == "US")
        & (frame["period"] <= _SHARES[1][:4])
    ]


def _power() -> pd.Series:
    return _by_year(_generated()) / 1e9


@once
def _level(industry: str, first: str, last: str) -> pd.Series:
    frame = load("us_industries").frame
    rows = frame[frame["industry"] == industry].set_index("month").loc[first:last]
    level = 100 * (1 + rows["return"].astype(float) / 100).cumprod()
    return pd.Series(level.to_numpy(), level.index.year + (level.index.month - 0.5) / 12)


def _return_rows(first: str, last: str, *keys: str) -> Rows:
    return industries(pd.period_range(first, last, freq="M"), keys)[0]


def _power_rows() -> Iterable[Rows]:
    yield some("buildouts", _generated().index, "electricity generated")
    yield _return_rows(*_SHARES, "Util")


@makes("exhibit", "portrait-power")
def power_figure() -> Said:
    made, shares = _power(), _level("Util", *_SHARES)
    panels = [
        ("Electricity generated", "billion kWh a year", [("output", made, "points")]),
        ("Shares of utilities", "index, June 1926 = 100", [("return index", shares, "line")]),
    ]

    def draw(language):
        from manias.figures.history import plot_panels

        return plot_panels(panels, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "US electric light and power. Left: electricity generated. Right: value-weighted "
            "return index of utilities."
        ),
        alt=Text(
            "Generation grows from {first} to {last} billion kilowatt hours between {start} "
            "and {end}. The index of utilities peaks at {peak} in {when} and falls to {low}.",
            first=plain(made.iloc[0], 1),
            last=plain(made.iloc[-1], 0),
            start=int(made.index[0]),
            end=int(made.index[-1]),
            peak=plain(shares.max(), 0),
            when=int(shares.idxmax()),
            low=plain(shares[shares.index > shares.idxmax()].min(), 0),
        ),
        finding=power_finding().content,
    )
    return Said(picture, _power_rows())


@makes("sentence", "power-finding")
def power_finding() -> Said:
    shares, made = _level("Util", *_SHARES), _power()
    peak = shares.idxmax()
    low = shares[shares.index > peak].min()
    years = made.index[-1] - made.index[0]
    pace = (made.iloc[-1] / made.iloc[0]) ** (1 / years) - 1
    at = made[made.index <= peak]
    after = made[made.index > peak]
    dipped, later = after.min() < at.iloc[-1], made.iloc[-1] > at.iloc[-1]
    fields = {
        "pace": percent(pace),
        "years": int(years),
        "fall": percent(1 - low / shares.max()),
        "peak": int(peak),
    }
    if later and dipped:
        text = Text(
            "Output grew by {pace} a year over {years} years. Utility shares lost "
            "{fall} between {peak} and their low, dividends counted. Output fell as "
            "well, by {dip}, and was higher again by {last}",
            dip=percent(1 - after.min() / at.iloc[-1]),
            last=int(made.index[-1]),
            **fields,
        )
    elif later:
        text = Text(
            "Output grew by {pace} a year over {years} years. Utility shares lost "
            "{fall} between {peak} and their low, dividends counted. Output kept "
            "growing",
            **fields,
        )
    else:
        text = Text(
            "Output grew by {pace} a year over {years} years. Utility shares lost "
            "{fall} between {peak} and their low, dividends counted. Output fell as "
            "well",
            **fields,
        )
    return Said(text, _power_rows(), still=PEAKS)


# ---- the dotcom years


_INDUSTRIES = {"Softw": "software", "Chips": "electronic equipment", "Telcm": "communication"}


def _falls() -> dict[str, float]:
    """How far each industry fell from its highest."""
    found = {}
    for key, name in _INDUSTRIES.items():
        level = _level(key, "1995-01", "2003-12")
        found[name] = 1 - level[level.index > level.idxmax()].min() / level.max()
    return found


def _dotcom_rows() -> Iterable[Rows]:
    yield from behind("us-it-dotcom")
    yield _return_rows("1995-01", "2003-12", *_INDUSTRIES)


@makes("exhibit", "portrait-dotcom")
def dotcom_figure() -> Said:
    values = path("us-it-dotcom").values
    share = pd.Series(values.to_numpy(), values.index.year + (values.index.quarter - 0.5) / 4)
    levels = [
        (name, _level(key, "1995-01", "2003-12"), "line") for key, name in _INDUSTRIES.items()
    ]
    panels = [
        ("Information processing", "percent of GDP", [("investment", share, "line")]),
        ("Shares", "index, December 1994 = 100", levels),
    ]

    def draw(language):
        from manias.figures.history import plot_panels

        return plot_panels(panels, language=language)

    falls = _falls()
    worst = max(falls, key=falls.get)
    picture = Picture(
        draw=draw,
        caption=Text(
            "The dotcom years in the United States: private investment in information "
            "processing equipment and software, and value-weighted return indices of three "
            "industries."
        ),
        alt=Text(
            "Investment peaks at {top} percent of GDP in {when}. Of the three industries "
            "{worst} falls furthest, by {fall}.",
            top=plain(share.max(), 2),
            when=Quarter(values.idxmax()),
            worst=worst,
            fall=percent(falls[worst]),
        ),
        finding=dotcom_finding().content,
    )
    return Said(picture, _dotcom_rows())


@makes("sentence", "dotcom-finding")
def dotcom_finding() -> Said:
    dotcom = path("us-it-dotcom")
    when, top = peak_of(dotcom)
    after = dotcom.values[dotcom.values.index > when].min()
    falls = [
        Text("{name} {fall}", name=name, fall=percent(fall)) for name, fall in _falls().items()
    ]
    text = Text(
        "Investment fell from {top} to {after} percent of GDP at its lowest in the "
        "years shown, a decline of {decline}. Shares lost far more: {falls}",
        top=plain(top, 2),
        after=plain(after, 2),
        decline=percent(1 - after / top),
        falls=Listed(falls),
    )
    return Said(text, _dotcom_rows(), still=PEAKS)


_RATE_NAMES = ("Call money", "Commercial paper", "Railroad bonds", "Dividend yield")


@once
def _panics() -> pd.DataFrame:
    return panic_money()


def _panic_rows() -> tuple[Rows, ...]:
    frame = load("history_money").frame
    months = pd.PeriodIndex(_panics()["month"].unique(), freq="M")
    period = frame["period"].where(frame["country"] == "US")
    near = pd.Series(False, frame.index)
    for month in months:
        near |= period.between(str(month - 12), str(month + 24))
    whole_years = period.str[:4].isin([str(m.year) for m in months])
    chosen = (near & frame["series"].isin(RATES)) | (
        whole_years & (frame["series"] == "call_money")
    )
    return some("history_money", chosen, "from a year before to two years after")


@makes("exhibit", "money-panics")
def panics_table() -> Said:
    table = _panics()
    rows = []
    for (_, month), one in table.groupby(["year", "month"]):
        one = one.set_index("rate")
        three = one.loc[list(RATES), ["before", "highest", "after"]]
        cells = [" / ".join(plain(v, 1) for v in rate) for rate in three.to_numpy()]
        rows.append([Month(month), *cells])
    shown = Table(
        caption=Text(
            "What money cost in New York around four panics, percent a year: mean of the year "
            "before / highest of the twelve months from the month in which call money was "
            "dearest / mean of the second year after. Railroad bonds are of high grade; the "
            "dividend yield is of common stocks."
        ),
        columns=["Dearest month", *_RATE_NAMES],
        widths=[1.2, 1.4, 1.4, 1.4, 1.4],
        rows=rows,
    )
    return Said(shown, _panic_rows())


@makes("sentence", "money-finding")
def money_finding() -> Said:
    wide = _panics().pivot(index="month", columns="rate")
    call = wide.xs("call_money", axis=1, level="rate")
    bonds = wide.xs("railroad_bond_yield", axis=1, level="rate")
    dearest = [
        Text("{rate} percent in {month}", rate=plain(r.highest, 1), month=Month(m))
        for m, r in call.iterrows()
    ]
    text = Text(
        "In the years of four panics call money was dearest at {dearest}. In the "
        "year before it had cost {low} to {high} percent on average; in the second "
        "year after it cost {after} percent or less. High-grade railroad bonds never "
        "yielded more than {bonds} points above the year before",
        dearest=Listed(dearest),
        low=plain(call["before"].min(), 1),
        high=plain(call["before"].max(), 1),
        after=plain(call["after"].max(), 1),
        bonds=plain((bonds["highest"] - bonds["before"]).max(), 1),
    )
    return Said(text, _panic_rows(), still=PEAKS)
