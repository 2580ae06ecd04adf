"""What a technology that raises fundamentals does to the test for explosive growth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.explosive.critical import projected_critical, simulate_critical
from manias.explosive.dating import DatedSeries, DatingRule, date_series
from manias.explosive.recursive import RecursiveTests, recursive_tests
from manias.explosive.simulate import project
from manias.language.messages import Joined, Listed, Text, Word
from manias.language.numbers import percent, plain
from manias.report.dating import (
    Dated,
    behind_tests,
    dated_series,
    own_series,
    passes,
    series_rows,
)
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import industries, interval

BASES = ("productivity", "investment", "builders")
"""Gains of the technology in table ``size_power``, the least first."""
REMEDY = ("none", "investment", "builders")
"""Gains in whose presence the remedy is tried."""
SURVIVES = "investment"
"""Gain by which a rejection is read again, chosen before the first run."""
DRAWS = 10_000
"""Walks that are projected on the proxies of our own series."""
APART = "root|no momentum|centre|lag|price-dividend; log"
"""Matched cases that ask something besides."""
VERDICT = "a count of rejections moves only where a statistic crosses its value"


@once
def _cases() -> pd.DataFrame:
    frame = load("size_power").frame
    return frame[frame["case"] != "defaults"].fillna({"matched": "", "investors": ""})


def _plain_cases() -> pd.DataFrame:
    """Cases with the noise of the design, without a bubble, not projected."""
    frame = _cases()
    keep = (frame["matched"] == "") & (frame["is_null"] == 1) & (frame["series"] != "residual")
    return frame[keep]


def _bubble_cases() -> pd.DataFrame:
    """Log ratio and its residual with and without a bubble, as 500 months, path learned."""
    frame = _cases()
    frame = frame[(frame["n"] == 500) & (frame["matched"] == "") & (frame["root"] == 1)]
    frame = frame[frame["series"].isin(["log_ratio", "residual"])]
    frame = frame[frame["basis"].isin(REMEDY) & (frame["investors"] != "known")]
    # The first case of a basis takes the years that are on record, later ones take others.
    return frame.drop_duplicates(["series", "basis", "bubble"])


def _used(frame: pd.DataFrame, how: str) -> Rows:
    return some("size_power", frame.index, how)


def _gain(r) -> Text | str:
    """A gain in percent of what it raises, and the years that it takes."""
    if r.basis == "none":
        return "none"
    return Text(
        "{gain} in {years} years", gain=percent(np.expm1(r.gain)), years=plain(r.years, 0)
    )


def _rate(share: float, error: float) -> str:
    return f"{percent(share, 1)} ({percent(error, 1)})"


_SERIES = {
    "log_price": "log price",
    "log_ratio": "log price over dividend",
    "residual": "its residual",
}
_INVESTORS = {"known": "path known", "learned": "path learned", "": ""}


@makes("exhibit", "technology-size")
def technology_table() -> Said:
    frame = _plain_cases()
    rows = [
        [
            _SERIES[r.series],
            str(r.n),
            _gain(r),
            _INVESTORS[r.investors],
            plain(r.root, 2),
            percent(r.adf, 1),
            percent(r.sadf, 1),
            _rate(r.gsadf, r.gsadf_error),
            percent(r.dated, 1),
            percent(r.own, 1),
        ]
        for r in frame.itertuples()
    ]
    table = Table(
        caption=Text(
            "How often the tests reject at a nominal {level}% where a technology raises "
            "dividends and there is no bubble, and how often an episode is dated: {draws} "
            "simulated series a row (Monte Carlo error in brackets). Root: of the noise of the "
            "price. Own: GSADF above its quantile in the same design without technology.",
            level=str(100 - int(DatingRule().level)),
            draws=f"{int(frame['draws'].iloc[0]):,}",
        ),
        columns=["Series", "n", "Technology", "Investors", "Root", "ADF", "SADF", "GSADF",
                 "Dates an episode", "Own"],
        widths=[1.3, 0.4, 1.2, 0.9, 0.5, 0.6, 0.6, 1, 0.6, 0.6],
        rows=rows,
    )  # fmt: skip
    return Said(table, _used(frame, "noise of the design, no bubble, not projected"))


@makes("sentence", "technology-alarms")
def technology_alarms() -> Said:
    frame = _plain_cases()
    frame = frame[(frame["n"] == 500) & (frame["root"] == 1)]
    first = frame.drop_duplicates(["series", "basis", "investors"])

    def rates(series: str) -> tuple[str, Listed]:
        mine = first[first["series"] == series]
        none = percent(float(mine.loc[mine["basis"] == "none", "gsadf"].iloc[0]), 1)
        each = []
        for basis in BASES:
            both = mine[mine["basis"] == basis].set_index("investors")
            learned, known = both.loc["learned"], both.loc["known"]
            each.append(
                Text(
                    "{learned} and {known} with {gain}",
                    learned=percent(learned["gsadf"], 1),
                    known=percent(known["gsadf"], 1),
                    gain=_gain(learned),
                )
            )
        return none, Listed(each, clauses=True)

    (ratio_none, ratio), (price_none, price) = rates("log_ratio"), rates("log_price")
    text = Text(
        "At 500 months and a nominal {level}%, the test of the log of price over "
        "dividend rejects {ratio_none} of series without a technology. With one it "
        "rejects, where investors learn its path and where they know it, {ratio}. "
        "The log price drifts: its test rejects {price_none} without a technology, "
        "and with one {price}",
        level=str(100 - int(DatingRule().level)),
        ratio_none=ratio_none,
        ratio=ratio,
        price_none=price_none,
        price=price,
    )
    how = "500 months, noise of the design with a root of 1, no bubble"
    return Said(text, _used(first, how))


def _remedy() -> list[tuple[object, object]]:
    """Rows of `_bubble_cases` two by two: as it is, and its residual."""
    frame = _bubble_cases()
    pairs = []
    for basis in REMEDY:
        for _, both in frame[frame["basis"] == basis].groupby("bubble", sort=True):
            by = {r.series: r for r in both.itertuples()}
            pairs.append((by["log_ratio"], by["residual"]))
    return pairs


@makes("exhibit", "technology-remedy")
def remedy_table() -> Said:
    rows = []
    for whole, left in _remedy():
        row = [_gain(whole), _bubble(whole)]
        for r in (whole, left):
            row += [_rate(r.gsadf, r.gsadf_error), _rate(r.own, r.own_error)]
        rows.append(row)
    table = Table(
        caption=Text(
            "The remedy: price over dividend is projected on the technology's S-curve and its "
            "hump, both observed with noise, and the residual is tested. Share of {draws} "
            "series of 500 months in which GSADF rejects, at the value for a walk and at the "
            "own one, which holds {level}% without technology and bubble (Monte Carlo "
            "error in brackets). Investors learn the path; the bubble grows while the "
            "technology spreads.",
            draws=f"{int(_bubble_cases()['draws'].iloc[0]):,}",
            level=str(100 - int(DatingRule().level)),
        ),
        columns=["Technology", "Bubble", "Series, walk's value", "Series, own value",
                 "Residual, walk's value", "Residual, own value"],
        widths=[1.2, 1.2, 1, 1, 1, 1],
        rows=rows,
    )  # fmt: skip
    return Said(table, _used(_bubble_cases(), "log ratio and its residual, 500 months"))


def _bubble(r) -> Text | str:
    if not r.bubble:
        return "none"
    return Text("root {root}", root=plain(1 + r.bubble * r.n**-0.6, 3))


@makes("sentence", "technology-remedy")
def remedy_finding() -> Said:
    frame = _bubble_cases().set_index("case", drop=False)
    bare, whole, left = (
        frame.loc[f"{series}; no technology{bubble}"]
        for series, bubble in (
            ("residual of log ratio", ""),
            ("log ratio", "; bubble 0.5"),
            ("residual of log ratio", "; bubble 0.5"),
        )
    )
    text = Text(
        "With neither technology nor bubble the residual is rejected in {size} at a "
        "nominal {level}%. Of series with a mild bubble and no technology the test "
        "finds {found}, and of their residuals {left}. It finds {own} where the "
        "residual is given a critical value of its own",
        level=str(100 - int(DatingRule().level)),
        size=percent(bare["gsadf"], 1),
        found=percent(whole["gsadf"], 1),
        left=percent(left["gsadf"], 1),
        own=percent(left["own"], 1),
    )
    frame = _bubble_cases()
    used = frame[frame["case"].isin([bare["case"], whole["case"], left["case"]])]
    return Said(text, _used(used, "no technology: residual, mild bubble and its residual"))


# ---- our own rejections, read again


@dataclass(frozen=True, slots=True, eq=False)
class Reread:
    """A series of ours beside the quantiles of the design with its noise.

    Attributes
    ----------
    dated : Dated
    quantiles : pandas.DataFrame
        Rows of ``size_power`` by basis and investors; empty where the table does not hold its
        length.
    """

    dated: Dated
    quantiles: pd.DataFrame

    def value(self, basis: str, investors: str = "learned") -> float:
        """Quantile of GSADF at the level of the rule; NaN where it was not simulated."""
        if self.quantiles.empty:
            return float("nan")
        who = "" if basis == "none" or self.dated.key == "it-share" else investors
        return float(self.quantiles.loc[(basis, who), "quantile"])

    def survives(self, basis: str) -> bool:
        """Whether GSADF is above it."""
        return self.dated.dated.tests.gsadf > self.value(basis)


def reread() -> tuple[Reread, ...]:
    """Every series of `own_series` beside the quantiles that its noise gives.

    Returns
    -------
    tuple of Reread

    Examples
    --------
    >>> one = reread()[0]
    >>> one.dated.key, one.value("none") > 2
    ('price-dividend', True)
    """
    frame = _cases()
    usual = ~frame["case"].str.contains(APART)
    found = []
    for d in dated_series():
        mine = frame[usual & (frame["matched"] == d.key) & (frame["n"] == len(d.values))]
        mine = mine.drop_duplicates(["basis", "investors"])
        found.append(Reread(d, mine.set_index(["basis", "investors"])))
    return tuple(found)


def _reread_rows(which: tuple[Reread, ...]) -> list[Rows]:
    frame = _cases()
    usual = ~frame["case"].str.contains(APART)
    keys, sizes = [r.dated.key for r in which], [len(r.dated.values) for r in which]
    mine = frame[usual & frame["matched"].isin(keys) & frame["n"].isin(sizes)]
    return [_used(mine, f"noise of {', '.join(keys)}")]


@makes("exhibit", "technology-own")
def own_table() -> Said:
    rows = []
    for r in reread():
        values = [_both(r, basis) for basis in BASES]
        gsadf = r.dated.dated.tests.gsadf
        walk = float(r.dated.dated.critical.gsadf[DatingRule().level])
        none = plain(r.value("none"), 2) if not r.quantiles.empty else "not simulated"
        above = [
            name
            for name, value in (("walk", walk), ("own noise", r.value("none")),
                                ("technology", r.value(SURVIVES)))
            if gsadf > value
        ]  # fmt: skip
        said = Joined(", ", above) if above else "none"
        rows.append([r.dated.name, plain(gsadf, 2), plain(walk, 2), none, *values, said])
    table = Table(
        caption=Text(
            "Our own statistics beside three kinds of critical values at {level}%: for "
            "a random walk; for noise with the unit, spread and autocorrelation of the series "
            "itself, without a technology; and with a technology that raises dividends (or the "
            "share) as far as productivity, information processing and spending on AI rose, "
            "its path learned and, after the bar, known.",
            level=DatingRule().level,
        ),
        columns=[
            "Series",
            "GSADF",
            "Walk",
            "Own noise",
            *(_gain_of(basis, reread()) for basis in BASES),
            "Above",
        ],
        widths=[1.8, 0.6, 0.6, 0.7, 1, 1, 1, 1.2],
        rows=rows,
    )
    return Said(table, behind_tests(dated_series()), _reread_rows(reread()), still=VERDICT)


def _gain_of(basis: str, which: tuple[Reread, ...]) -> Text | str:
    """The gain as the first series that was simulated has it."""
    for one in which:
        if not one.quantiles.empty:
            return _gain(next(one.quantiles.loc[[basis]].reset_index().itertuples()))
    return "not simulated"


def _both(r: Reread, basis: str) -> Text | str:
    if r.quantiles.empty:
        return "not simulated"
    learned = plain(r.value(basis), 2)
    if r.dated.key == "it-share":
        return learned
    return f"{learned} | {plain(r.value(basis, 'known'), 2)}"


@makes("sentence", "technology-survivors")
def survivors() -> Said:
    rejected = [r for r in reread() if passes(r.dated)]
    short = [r.dated.name for r in rejected if r.quantiles.empty]
    again = tuple(r for r in rejected if not r.quantiles.empty)
    alive = [r.dated.name for r in again if r.survives(SURVIVES)]
    noise = [r for r in again if not r.survives("none")]
    lost = [r for r in again if r.survives("none") and not r.survives(SURVIVES)]
    if alive:
        kept = Text(
            "At the critical value with a technology that adds {gain} and is "
            "learned, {k} of the {n} series that pass the test {k:plural "
            "one=passes|other=pass} again ({alive})",
            gain=_gain_of(SURVIVES, again),
            n=Word(len(again)),
            k=Word(len(alive)),
            alive=Listed(alive),
        )
    else:
        kept = Text(
            "At the critical value with a technology that adds {gain} and is "
            "learned, none of the {n} series that pass the test passes again",
            gain=_gain_of(SURVIVES, again),
            n=Word(len(again)),
        )
    why_not = Text(
        "Without a technology, at the value for noise of their own unit, spread and "
        "autocorrelation, {m} of them {m:plural one=fails|other=fail} already. Only "
        "with it {k} {k:plural one=fails|other=fail}",
        m=Word(len(noise)),
        k=Word(len(lost)),
    )
    text = Joined(". ", [kept, why_not])
    if short:
        more = Text("Not simulated at their length: {short}", short=Listed(short))
        text = Joined(". ", [text, more])
    return Said(text, behind_tests(dated_series()), _reread_rows(again), still=VERDICT)


@makes("sentence", "technology-why")
def why() -> Said:
    frame = _cases()
    mine = frame[(frame["matched"] == "price-dividend") & (frame["basis"] == "none")]
    case = mine["case"]
    picked = {
        "ratio": mine[case.str.endswith("ratio; no technology") & (mine["series"] == "ratio")],
        "log": mine[case.str.endswith("log ratio; no technology")],
        "calm": mine[case.str.contains("no momentum")],
        "root": mine[case.str.contains("root")],
    }
    values = {name: plain(float(r["quantile"].iloc[0]), 2) for name, r in picked.items()}
    text = Text(
        "For the ratio of price to dividend the critical value for its own noise is "
        "{ratio}. In logs it would be {log}; with steps that do not follow each "
        "other {calm}; with a root of {size} in place of 1 {root}",
        size=plain(float(picked["root"]["root"].iloc[0]), 3),
        **values,
    )
    return Said(text, _used(pd.concat(picked.values()), "noise of price-dividend, taken apart"))


@dataclass(frozen=True, slots=True, eq=False)
class Logs:
    """A series in logs with one lagged difference, beside the quantiles of the design.

    Attributes
    ----------
    dated : Dated
        As it is tested elsewhere.
    tests : RecursiveTests
    top : str
        Period at which BSADF is highest.
    quantiles : pandas.Series
        Of GSADF by basis.
    """

    dated: Dated
    tests: RecursiveTests
    top: str
    quantiles: pd.Series


@once
def _lagged() -> tuple[tuple[Logs, ...], pd.DataFrame]:
    """Series for which the table holds these cases, and the cases."""
    frame = _cases()
    frame = frame[frame["case"].str.contains("lag 1")]
    found, used = [], []
    for d in dated_series():
        mine = frame[(frame["matched"] == d.key) & (frame["n"] == len(d.values))]
        if mine.empty:
            continue
        log = np.log(d.values) if d.unit in ("ratio", "percent of GDP") else d.values
        tests = recursive_tests(log.to_numpy(), lag=1)
        top = log.index[tests.first + int(np.nanargmax(tests.bsadf))]
        found.append(Logs(d, tests, str(top), mine.set_index("basis")["quantile"]))
        used.append(mine)
    return tuple(found), pd.concat(used) if used else frame.iloc[:0]


@makes("sentence", "technology-logs")
def logs_finding() -> Said:
    found, used = _lagged()
    each = [
        Text(
            "{name}: {value} in {date} against {none} and {with_}",
            name=one.dated.name,
            value=plain(one.tests.gsadf, 2),
            date=one.top,
            none=plain(one.quantiles["none"], 2),
            with_=plain(one.quantiles[SURVIVES], 2),
        )
        for one in found
    ]
    above = [
        sum(one.tests.gsadf > one.quantiles[basis] for one in found)
        for basis in ("none", SURVIVES)
    ]
    text = Text(
        "In logs and with one lagged difference, which allow for both, {k} of {n} "
        "{k:plural one=exceeds|other=exceed} the value of own noise. The value with "
        "the technology is exceeded by {m} ({each})",
        k=Word(above[0]),
        n=Word(len(found)),
        m=Word(above[1]),
        each=Listed(each, clauses=True),
    )
    return Said(
        text,
        series_rows([one.dated for one in found]),
        _used(used, "logs, one lag"),
        still=VERDICT,
    )


# ---- residuals of our own series


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """A series, and what proxies of the technology leave of it.

    Attributes
    ----------
    key, name : str
    whole, left : DatedSeries
        Of the series at the value for a walk, and of the residual at its own.
    walk : float
        The walk's value for the residual.
    """

    key: str
    name: str
    whole: DatedSeries
    left: DatedSeries
    walk: float


PROJECTED = ("price-dividend", "softw", "chips")
FIRST = pd.Period("1996Q1", "Q")
"""First quarter with a change over four quarters of the share."""


def quarterly(values: pd.Series) -> pd.Series:
    """Take the last month of each whole quarter.

    Parameters
    ----------
    values : pandas.Series
        Monthly, by period.

    Returns
    -------
    pandas.Series
        By quarter.

    Examples
    --------
    >>> months = pd.period_range("2000-01", periods=5, freq="M")
    >>> quarterly(pd.Series(range(5), months)).to_dict()
    {Period('2000Q1', 'Q-DEC'): 2}
    """
    last = values[[month.month % 3 == 0 for month in values.index]]
    return last.set_axis(last.index.asfreq("Q"))


@once
def _residuals() -> tuple[Residual, ...]:
    own = own_series()
    share = own["it-share"][2]
    proxies = pd.concat([share, share - share.shift(4)], axis=1)[FIRST:].dropna()
    found = []
    for key in PROJECTED:
        name, unit, values = own[key]
        log = np.log(values) if unit == "ratio" else values
        y = quarterly(log)
        both = pd.concat([y, proxies], axis=1, join="inner")
        seen = both.iloc[:, 1:].to_numpy()
        left = pd.Series(project(both.iloc[:, 0].to_numpy(), seen), both.index)
        walk = simulate_critical(len(left), n_draws=DRAWS)
        own_values = projected_critical(seen, n_draws=DRAWS)
        found.append(
            Residual(
                key,
                name,
                date_series(both.iloc[:, 0], critical=walk),
                date_series(left, critical=own_values),
                float(walk.gsadf[DatingRule().level]),
            )
        )
    return tuple(found)


def _residual_rows() -> list[Rows]:
    """The months and quarters that are tested, by table."""
    quarters = [pd.Period(r.whole.series.index[-1], "Q") for r in _residuals()]
    rows: list[Rows] = []
    frame = load("us_it_investment").frame
    inside = frame["quarter"].between(FIRST - 4, max(quarters))
    rows.append(some("us_it_investment", inside, f"{FIRST - 4} to {max(quarters)}"))
    for r, last in zip(_residuals(), quarters, strict=True):
        if r.key == "price-dividend":
            months = load("shiller").frame["month"]
            ends = [m.month % 3 == 0 and FIRST <= m.asfreq("Q") <= last for m in months]
            keep = pd.Series(ends, months.index)
            rows.append(some("shiller", keep, f"last months, {FIRST} to {last}"))
        else:
            key = {"softw": "Softw", "chips": "Chips"}[r.key]
            # The first level is a constant, which a projection takes out.
            span = pd.period_range(FIRST.asfreq("M", "end") + 1, last.asfreq("M", "end"))
            rows += industries(span, [key])
    return rows


def _top(d: DatedSeries) -> Text:
    """GSADF, where it stands, and whether the series rose to it over a year."""
    at = int(np.nanargmax(d.tests.bsadf))
    end = d.tests.first + at
    values = d.series.to_numpy()
    return Text(
        "{value} in {date}, {way:select rising=rising|falling=falling}",
        value=plain(d.tests.gsadf, 2),
        date=d.dates[at],
        way="rising" if values[end] > values[end - 4] else "falling",
    )


@makes("exhibit", "technology-residuals")
def residuals_table() -> Said:
    level = DatingRule().level
    rows = []
    for r in _residuals():
        spans = [interval(e.start, "now" if e.ongoing else e.end) for e in r.left.episodes]
        rows.append(
            [
                r.name,
                interval(r.whole.dates[0], r.whole.dates[-1]),
                str(r.whole.tests.n),
                _top(r.whole),
                plain(r.walk, 2),
                _top(r.left),
                plain(float(r.left.critical.gsadf[level]), 2),
                Joined("; ", spans) if spans else "none",
            ]
        )
    table = Table(
        caption=Text(
            "Prices, in logs, at the ends of quarters, and what is left of them once they are "
            "projected on the share of information processing in GDP and on its change over "
            "four quarters. Span: of window ends. Critical values at {level}%: for "
            "walks, and for walks projected on the same two.",
            level=level,
        ),
        columns=["Series", "Span", "n", "GSADF", "Walk", "Residual", "Own", "Episodes left"],
        widths=[1.6, 1.3, 0.4, 1.2, 0.6, 1.2, 0.6, 1],
        rows=rows,
    )
    return Said(table, _residual_rows())


@makes("sentence", "technology-residuals")
def residual_finding() -> Said:
    found = [r.name for r in _residuals() if r.whole.passes_gate]
    left = [
        Text("{name}: {top}", name=r.name, top=_top(r.left))
        for r in _residuals()
        if r.left.passes_gate
    ]
    text = Text(
        "Of {n} price series at the ends of quarters since {first} the test rejects "
        "{k}: {found}. Of their residuals it rejects {m} ({left})",
        n=Word(len(_residuals())),
        first=str(FIRST),
        k=Word(len(found)),
        found=Listed(found) if found else "none",
        m=Word(len(left)),
        left=Listed(left) if left else "none",
    )
    return Said(text, _residual_rows(), still=VERDICT)
