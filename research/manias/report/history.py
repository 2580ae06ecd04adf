"""Numbers, sentences and exhibits of two centuries of booms, and three portraits."""

from itertools import combinations
from typing import get_args

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.language.numbers import percent, plain
from manias.record.labels import DEFINITIONS, Definition, label_innovations
from manias.report.exhibits import Findings, makes, peak_of
from manias.series.trajectories import column

_RAIL = ("uk_railways", "uk_macro")
_POWER = ("buildouts", "us_industries")
_DOTCOM = ("us_it_investment", "us_industries", "trajectories")
NEVER_DATED = ("onset", "peak", "trough")


@once
def _episodes() -> pd.DataFrame:
    return load("episodes").frame


@makes("exhibit", "episodes-figure", "episodes")
def episodes_figure(found: Findings) -> dict:
    from manias.figures.history import plot_episodes
    from manias.figures.style import to_svg

    table = _episodes()
    shown = table[table[list(NEVER_DATED)].notna().any(axis=1)]
    last = found.paths["us-it-ai"].values.index[-1]
    groups, say = shown["group"].value_counts(), found.language.say
    return {
        "svg": to_svg(plot_episodes(shown, end=last.year + last.quarter / 4), found.language),
        "caption": say(
            "{n} dated booms in shares since the canals of the 1790s: from onset to low, with "
            "a mark at the peak; an open mark where no peak is dated. Later episodes are held "
            "apart: no model is trained on them.",
            n=len(shown),
        ),
        "alt": say(
            "{historic} booms of the nineteenth and twentieth century, {later} later ones and "
            "{ongoing} ongoing, artificial intelligence. They crowd around the 1890s, 1929, "
            "1960 to 1973, 1983 and 2000.",
            historic=groups.get("historic", 0),
            later=groups.get("later", 0),
            ongoing=groups.get("ongoing", 0),
        ),
    }


@makes("number", "episodes", "episodes")
def n_episodes(found: Findings) -> str:
    return str(len(_episodes()))


@makes("sentence", "episodes-size", "episodes")
def episodes_size(found: Findings) -> str:
    falls = _episodes()["fall_pct"].dropna()
    return found.language.say(
        "For {n} of them a fall is printed or can be computed from printed prices: the median "
        "is {median} percent, the least {least} and the largest {largest}",
        n=len(falls),
        median=plain(abs(falls.median()), 0),
        least=plain(falls.abs().min(), 0),
        largest=plain(falls.abs().max(), 0),
    )


@makes("exhibit", "episodes-sizes", "episodes")
def episodes_table(found: Findings) -> dict:
    frame = _episodes()
    rows = []
    for r in frame[frame["fall_pct"].notna()].sort_values("fall_pct").itertuples():
        rise = "–" if pd.isna(r.rise_pct) else f"{r.rise_pct:+,.0f}%"
        dates = " / ".join(
            d if isinstance(d, str) else "·" for d in (r.onset, r.peak, r.trough)
        )
        rows.append([r.name, r.group, dates, rise, f"{r.fall_pct:.0f}%", r.series, r.grade])
    return {
        "caption": found.language.say(
            "Booms whose fall is on record, the deepest first: onset / peak / low, rise to "
            "the peak, fall from it, and what was measured"
        ),
        "columns": [
            "Boom",
            "Group",
            "Onset / peak / low",
            "Rise",
            "Fall",
            "Measured on",
            "Grade",
        ],
        "widths": [2, 0.7, 2, 0.7, 0.6, 2, 0.5],
        "rows": rows,
    }  # fmt: skip


@once
def _labels() -> dict[str, dict[str, str | None]]:
    return {d: label_innovations(d) for d in get_args(Definition)}


@makes("exhibit", "definitions", "innovations", "verdicts", "proxies", "us_industries")
def definitions_table(found: Findings) -> dict:
    rows = []
    for name, text in DEFINITIONS.items():
        values = list(_labels()[name].values())
        yes, no = values.count("yes"), values.count("no")
        share = percent(yes / (yes + no)) if yes + no else "–"
        rows.append(
            [name.replace("_", " "), text, str(yes), str(no), str(values.count(None)), share]
        )
    return {
        "caption": found.language.say(
            "Who calls it a bubble: the innovations of the list under each definition. No "
            "verdict: the sources are silent or in conflict, or no industry can stand for it."
        ),
        "columns": ["Definition", "Rule", "Yes", "No", "No verdict", "Share"],
        "widths": [0.9, 4, 0.5, 0.5, 0.8, 0.6],
        "rows": rows,
    }


@makes("sentence", "definitions-agree", "innovations", "verdicts", "proxies", "us_industries")
def definitions_agree(found: Findings) -> str:
    parts, language = [], found.language
    for a, b in combinations(get_args(Definition), 2):
        both = [
            (x, _labels()[b][key]) for key, x in _labels()[a].items() if x and _labels()[b][key]
        ]
        if len(both) >= 5:
            same = sum(x == y for x, y in both)
            parts.append(
                language.say(
                    "{a} and {b} agree on {same} of {n}",
                    a=language.t(a.replace("_", " ")),
                    b=language.t(b.replace("_", " ")),
                    same=same,
                    n=len(both),
                )
            )
    return language.say("Definitions decide: {parts}", parts=language.listed(parts))


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
        ("over GDP without south Ireland", "nominal_gdp"),
        ("over GDP with all Ireland", "nominal_gdp_borders_of_the_time"),
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


@makes("exhibit", "portrait-railways", *_RAIL)
def railways_figure(found: Findings) -> dict:
    from manias.figures.history import plot_panels
    from manias.figures.style import to_svg

    shares = _rail_shares()
    printed = _by_year(_uk("investment_share_gdp_mitchell"))
    miles = _by_year(_uk("miles_authorised"))
    panels = [
        (
            "Spending on building",
            "percent of GDP",
            [
                *[(name, values, "line") for name, values in shares.items()],
                ("Mitchell, as printed", printed, "dashed"),
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
    say = found.language.say
    return {
        "svg": to_svg(plot_panels(panels), found.language),
        "caption": say(
            "British railways. Left: spending by returns to the Railway Commissioners over GDP "
            "within two sets of borders, and shares of investment as printed (dashed). Middle: "
            "lines authorised by Parliament. Right: averages between the dates at which "
            "paid-up capital is on record; nothing is interpolated."
        ),
        "alt": say(
            "Spending climbs to between {low} and {top} percent of GDP in {year}; lines "
            "authorised peak at {miles} miles in {when}; additions to capital are largest in "
            "the interval that ends in {end}.",
            low=plain(min(v.iloc[-1] for v in shares.values()), 1),
            top=plain(top, 1),
            year=int(next(iter(shares.values())).index[-1]),
            miles=f"{miles.max():,.0f}",
            when=int(miles.idxmax()),
            end=int(_additions().idxmax()),
        ),
    }


@makes("sentence", "railways-finding", *_RAIL)
def railways_finding(found: Findings) -> str:
    index = (
        load("uk_railways").frame.query("series == 'share_index'").set_index("note")["value"]
    )
    rise = index["peak"] / index["base"] - 1
    fall = index["trough"] / index["peak"] - 1
    added = _additions()
    later = added[(added.index > 1860) & (added.index <= 1866)]
    before = added[added.index <= 1850]
    fields = {
        "rise": percent(rise),
        "fall": percent(abs(fall)),
        "later": plain(later.max(), 1),
        "before": plain(before.max(), 1),
    }
    if later.max() > before.max():
        return found.language.say(
            "Shares rose by {rise} from January 1843 to the peak and then fell by {fall}. The "
            "mania of the 1860s added more capital a year in pounds ({later} million at most, "
            "against {before} million in the 1840s), in an economy that had grown",
            **fields,
        )
    return found.language.say(
        "Shares rose by {rise} from January 1843 to the peak and then fell by {fall}. The "
        "mania of the 1860s added less capital a year in pounds ({later} million at most, "
        "against {before} million in the 1840s), in an economy that had grown",
        **fields,
    )


# ---- US electric light and power


@once
def _power() -> pd.Series:
    frame = load("buildouts").frame
    rows = frame[
        (frame["innovation"] == "electric-power")
        & (frame["series"] == "electricity generated")
        & (frame["unit"] == "thousand kWh")
    ]
    return _by_year(rows) / 1e6


@once
def _level(industry: str, first: str, last: str) -> pd.Series:
    frame = load("us_industries").frame
    rows = frame[frame["industry"] == industry].set_index("month").loc[first:last]
    level = 100 * (1 + rows["return"].astype(float) / 100).cumprod()
    return pd.Series(level.to_numpy(), level.index.year + (level.index.month - 0.5) / 12)


@makes("exhibit", "portrait-power", *_POWER)
def power_figure(found: Findings) -> dict:
    from manias.figures.history import plot_panels
    from manias.figures.style import to_svg

    made, shares = _power(), _level("Util", "1926-07", "1942-12")
    panels = [
        ("Electricity generated", "billion kWh a year", [("census", made, "points")]),
        ("Shares of utilities", "index, June 1926 = 100", [("return index", shares, "line")]),
    ]
    say = found.language.say
    return {
        "svg": to_svg(plot_panels(panels), found.language),
        "caption": say(
            "US electric light and power. Left: electricity generated by central stations in "
            "census years. Right: value-weighted return index of utilities."
        ),
        "alt": say(
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
    }


@makes("sentence", "power-finding", *_POWER)
def power_finding(found: Findings) -> str:
    shares, made = _level("Util", "1926-07", "1942-12"), _power()
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
        return found.language.say(
            "Output grew by {pace} a year over {years} years. Utility shares lost {fall} "
            "between {peak} and their low, dividends counted; the output of the stations fell "
            "as well, by {dip}, and was higher again by {last}",
            dip=percent(1 - after.min() / at.iloc[-1]),
            last=int(made.index[-1]),
            **fields,
        )
    if later:
        return found.language.say(
            "Output grew by {pace} a year over {years} years. Utility shares lost {fall} "
            "between {peak} and their low, dividends counted; the output of the stations kept "
            "growing",
            **fields,
        )
    return found.language.say(
        "Output grew by {pace} a year over {years} years. Utility shares lost {fall} between "
        "{peak} and their low, dividends counted; the output of the stations fell as well",
        **fields,
    )


# ---- the dotcom years


@makes("exhibit", "portrait-dotcom", *_DOTCOM)
def dotcom_figure(found: Findings) -> dict:
    from manias.figures.history import plot_panels
    from manias.figures.style import to_svg

    path = found.paths["us-it-dotcom"].values
    share = pd.Series(path.to_numpy(), path.index.year + (path.index.quarter - 0.5) / 4)
    names = {"Softw": "software", "Chips": "electronic equipment", "Telcm": "communication"}
    levels = [(name, _level(key, "1995-01", "2003-12"), "line") for key, name in names.items()]
    panels = [
        ("Information processing", "percent of GDP", [("investment", share, "line")]),
        ("Shares", "index, December 1994 = 100", levels),
    ]
    falls = {name: 1 - v[v.index > v.idxmax()].min() / v.max() for name, v, _ in levels}
    worst, say = max(falls, key=falls.get), found.language.say
    return {
        "svg": to_svg(plot_panels(panels), found.language),
        "caption": say(
            "The dotcom years in the United States: private investment in information "
            "processing equipment and software, and value-weighted return indices of three "
            "industries."
        ),
        "alt": say(
            "Investment peaks at {top} percent of GDP in {when}. Of the three industries "
            "{worst} falls furthest, by {fall}.",
            top=plain(share.max(), 2),
            when=found.language.quarter(path.idxmax()),
            worst=found.language.t(worst),
            fall=percent(falls[worst]),
        ),
    }


@makes("sentence", "dotcom-finding", *_DOTCOM)
def dotcom_finding(found: Findings) -> str:
    path = found.paths["us-it-dotcom"]
    when, top = peak_of(path)
    after = path.values[path.values.index > when].min()
    names = {"Softw": "software", "Chips": "electronic equipment", "Telcm": "communication"}
    falls, language = [], found.language
    for key, name in names.items():
        v = _level(key, "1995-01", "2003-12")
        fall = percent(1 - v[v.index > v.idxmax()].min() / v.max())
        falls.append(language.say("{name} {fall}", name=language.t(name), fall=fall))
    return language.say(
        "Investment fell from {top} to {after} percent of GDP at its lowest in the years "
        "shown, a decline of {decline}; shares lost far more: {falls}",
        top=plain(top, 2),
        after=plain(after, 2),
        decline=percent(1 - after / top),
        falls=language.listed(falls),
    )
