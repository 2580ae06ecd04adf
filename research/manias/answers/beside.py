"""AI beside past booms, one measure at a time: where each stood, and what followed.

Nothing is fitted. Each row of the scorecard lays AI beside past cases on one measure, read as
it stood at the date of the case. Where a panel allows it the cases are taken by a rule that
knows nothing of what followed:

- *spending*: the booms that `manias.spending.history.backtest_spending` takes, one a year;
- *spending over cash*: in each start year the `TAKEN` largest of the US firms whose capital
  expenditure had risen by `manias.spending.skill.BOOM` and more, none twice within the horizon;
- *prices*: each December every US industry that stood on the lowest rung of the ladder of
  run-ups, none twice within its horizon;
- *valuation*: the US stock market every five years, counted back from its newest month.

Famous cases stand beside them by name. They were chosen knowing what followed, and enter no
count. Of debt and of payback there are no others, and the row says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from manias.answers.archive import load_model
from manias.data.arguments import checked
from manias.data.library import current, load, once
from manias.data.results import Plotted, Result, stacked
from manias.data.rows import Provenance, Rows, merged, some, whole
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.language.messages import Joined, Listed, Text, Verbatim
from manias.lenses.ladder import AI_INDUSTRIES, LadderModel
from manias.record.companies import ai_builders, companies
from manias.record.financing import financing_table
from manias.series.flows import load_flows
from manias.series.indices import WINDOW, ai_indices, run_up
from manias.series.runups import Panel, RunUpRule, deepest_fall, load_panel, measure_runups
from manias.series.trajectories import calendar_quarter, column, trajectory
from manias.spending.compared import compare_booms, compared_rows
from manias.spending.history import BOOMS as FAMOUS
from manias.spending.history import (
    FALLS,
    HORIZON,
    YEARS,
    Boom,
    backtest_rows,
    backtest_spending,
    place_hindsight,
    window_rows,
)
from manias.spending.ladder import FLOORS, HORIZONS, OUTCOMES
from manias.spending.place import NAMES, SERIES, ai_path, cash_rows, path_rows, paying
from manias.spending.skill import BOOM

Unit = Literal["percent", "points", "times", "ratio"]
"""A change in percent; percentage points of GDP; multiples; a ratio of prices to earnings."""
Chosen = Literal["rule", "named", ""]
"""How a past case came to be here; "" of AI itself."""
Standing = Literal["above", "among", "below", "few"]
"""Whether more than half of the values of AI lie above the median of the cases taken by rule,
just half do, or fewer; "few" where there are less than `FEWEST` such cases."""

TAKEN = 3
"""Firms taken a start year."""
FEWEST = 5
"""Fewest cases taken by rule beside which AI is said to stand."""
YEARS_APART = 5
"""Years between two cases of the market, and in which its fall is looked for."""
MARKET_FALL = 0.4
"""Fall of the market that is looked for: that of an industry in the ladder."""
PEAKS = ("1929-09", "1999-12")
"""Months of the market that stand by name."""
FELL = 0.3
"""Fall of spending that is looked for."""
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "uk-railways-1846": "British railways",
        "us-railroads-1881": "US railroads",
        "us-telecom-2000": "US telecom",
        "us-oil-1981": "US oil and gas",
    }
)
"""Famous booms whose dots are named in a figure; the others are drawn without."""
BRIEF: Mapping[str, str] = MappingProxyType(
    {
        "computers": "computers",
        "software": "software",
        "information-equipment": "information equipment",
        "equipment-and-software": "equipment and software",
        "data-centres": "data centres",
        "five-builders": "five builders",
    }
)
"""Series of spending on AI in a word or two."""
CHIPS = ("smh", "soxx", "sox")
"""Indices and funds of makers of chips."""
DOTCOM_SERIES = "equipment-and-software"
"""Series whose dotcom peak stands among the famous cases."""

NAME: Mapping[str, str] = MappingProxyType(
    {
        "rise": "Speed: rise of spending against GDP in three years",
        "gain": "Size: percentage points of GDP gained in those three years",
        "cash": "Cash use: spending as a multiple of cash from operations",
        "debt": "Debt: as a multiple of a year's cash from operations",
        "prices": "Share prices: two years, less what the market did",
        "valuation": "Valuation: US shares as a multiple of mean earnings of ten years",
        "payback": "Payback: revenue that would pay, as a multiple of what there is",
    }
)
"""What is measured, in the order in which it is told."""
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "rise": "speed",
        "gain": "size",
        "cash": "cash use",
        "debt": "debt",
        "prices": "most stocks",
        "valuation": "valuation",
        "payback": "payback",
    }
)
"""The same in a word or two."""
FOLLOWED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("rise", "gain"), "spending fell by 30% in dollars within five years"),
        "cash": "spending was cut by 30% within three years",
        "debt": "spending was cut by 30% within three years",
        "prices": "prices fell by 40% within two years",
        "valuation": "prices fell by 40% within five years",
        "payback": "spending fell by 30% within five years of its peak",
    }
)
"""What followed, where something did."""
FALL: Mapping[str, tuple[float, int]] = MappingProxyType(
    {
        **dict.fromkeys(("rise", "gain", "payback"), (FELL, HORIZON)),
        **dict.fromkeys(("cash", "debt"), (FELL, HORIZONS["firms"])),
        "prices": (MARKET_FALL, 2),
        "valuation": (MARKET_FALL, YEARS_APART),
    }
)
"""How deep a fall is looked for, and within how many years."""
WHY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("rise", "gain"),
            "by rule: of US industries and kinds of asset whose investment rose by 50% and "
            "more, the largest of each year",
        ),
        "cash": "by rule: the three largest US firms with a rise of 50% and more, each year",
        "debt": "none by rule: no panel of debt is on record here",
        "prices": "by rule: US industries 50% above the market, each December",
        "valuation": "by rule: the US market every five years back from its newest month",
        "payback": "none by rule: two past build-outs have both figures on record",
    }
)
"""How the past cases were taken, or why there are none by rule."""
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "rise": "percent",
        "gain": "points",
        "cash": "times",
        "debt": "times",
        "prices": "percent",
        "valuation": "ratio",
        "payback": "times",
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class ScoreCase(Result):
    """One case on one measure, and what followed.

    Attributes
    ----------
    measure : str
        Key of the row.
    name, when, label : str
        Of whom, at which date, and in few words; "" where no label is drawn.
    value : float
        In the unit of the row; infinite where spending stands over no positive cash.
    fell : bool or None
        Whether it followed; None of AI, and where it is not on record.
    chosen : {"rule", "named", ""}
    grade : str
    provenance : Provenance
        The rows that it rests on.
    """

    _told = ("measure", "name", "when", "value", "fell")

    measure: str
    name: str
    when: str
    value: float
    fell: bool | None
    chosen: Chosen
    grade: str
    provenance: Provenance
    label: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ScoreRow(Result):
    """AI beside past cases on one measure.

    Attributes
    ----------
    key, name : str
    unit : {"percent", "points", "times", "ratio"}
        Of the values: a share of 1 where percent.
    followed, chosen_by : str
        What followed where a case fell, and how the cases were taken; in words.
    past, ai : tuple of ScoreCase
        By time; from the lowest value to the highest.
    n, fell : int
        Cases taken by rule whose outcome is on record, and those among them that fell.
    median : float
        Of the cases taken by rule; NaN where there are too few.
    above : int
        Values of AI above that median.
    standing : {"above", "among", "below", "few"}
    grade : str
        Weakest of all cases.
    """

    _told = ("key", "n", "fell", "standing", "grade")

    key: str
    name: str
    unit: Unit
    followed: str
    chosen_by: str
    past: tuple[ScoreCase, ...]
    ai: tuple[ScoreCase, ...]
    n: int
    fell: int
    median: float
    above: int
    standing: Standing
    grade: str

    def to_frame(self) -> pd.DataFrame:
        """One row a case, AI last.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `ScoreCase`, and ``unit``.
        """
        return stacked((*self.past, *self.ai), ScoreCase).assign(unit=self.unit)


@dataclass(frozen=True, slots=True, repr=False)
class Scorecard(Plotted):
    """AI beside past booms, one measure at a time.

    Attributes
    ----------
    rows : tuple of ScoreRow
        In the order of `NAME`.
    finding : str
        On which measures AI stands high, midway or low among the cases taken by rule.
    grade : str
        Weakest of the rows.
    builders : tuple of str
        Those that "five builders" stands for.
    """

    _told = ("rows", "grade")
    _draw: ClassVar[Callable[..., object]]

    rows: tuple[ScoreRow, ...]
    finding: str
    grade: str
    builders: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a case on a measure.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `ScoreCase`, and ``unit``.
        """
        return pd.concat([row.to_frame() for row in self.rows], ignore_index=True)

    @checked
    def row(self, key: str) -> ScoreRow:
        """One measure by its key.

        Parameters
        ----------
        key : str

        Returns
        -------
        ScoreRow

        Raises
        ------
        InputError
            If there is no such row.
        """
        found = {row.key: row for row in self.rows}
        if key not in found:
            raise InputError(f"measure {key!r}: expected one of {', '.join(found)}")
        return found[key]

    def _lines(self) -> tuple[str, ...]:
        return (f"{self.finding}.",)


@once
def scorecard() -> Scorecard:
    """Lay AI beside past booms on seven measures.

    Returns
    -------
    Scorecard
        Of the open library. What classifies a case was on record by its date, in one late
        vintage of the figures; only what followed is later.

    Raises
    ------
    DataError
        If a day in the past is open on which nothing of AI was known.

    Examples
    --------
    >>> card = scorecard()
    >>> [row.key for row in card.rows][:3], card.row("debt").standing
    (['rise', 'gain', 'cash'], 'few')
    >>> card.row("rise").n, card.row("rise").unit
    (39, 'percent')
    """
    if current().day is not None:
        raise DataError(
            f"scorecard: the open library ends on {current().day:%Y-%m-%d}; expected one "
            "without a day, for what followed is read from all that is on record"
        )
    rows = tuple(_row(key, make()) for key, make in _MAKERS.items())
    members = load("trajectories").frame.set_index("id").at["ai-capex-five", "members"]
    builders = tuple(str(members).split(";"))
    return Scorecard(rows, finding(rows), weakest(row.grade for row in rows), builders)


def finding(rows: Iterable[ScoreRow]) -> Text:
    """Say on which measures AI stands where.

    Parameters
    ----------
    rows : iterable of ScoreRow

    Returns
    -------
    Text

    Examples
    --------
    >>> str(finding(()))
    'Too few past cases are on record to say where AI stands'
    """
    rows = tuple(rows)
    parts = [
        Text(
            "{where:select above=high in|among=midway in|below=low in} {names}",
            where=where,
            names=Listed(Text(SHORT[row.key]) for row in rows if row.standing == where),
        )
        for where in ("above", "among", "below")
        if any(row.standing == where for row in rows)
    ]
    if not parts:
        return Text("Too few past cases are on record to say where AI stands")
    return Text("Among past cases AI stands {parts}", parts=Joined("; ", parts))


def scorecard_rows() -> tuple[Rows, ...]:
    """Rows behind the scorecard: of every case, and those among which the rules take.

    Returns
    -------
    tuple of Rows
    """
    parts = [r for row in scorecard().rows for c in (*row.past, *row.ai) for r in _behind(c)]
    return merged(
        [
            *parts,
            *backtest_rows(),
            *load_flows("firms").rows,
            *load_panel().rows,
            *whole("shiller"),
        ]
    )


def _behind(case: ScoreCase) -> tuple[Rows, ...]:
    return case.provenance.rows()


def _row(key: str, cases: Iterable[ScoreCase]) -> ScoreRow:
    found = list(cases)
    past = sorted((c for c in found if c.chosen), key=lambda c: (c.when[:4], c.when, c.name))
    ai = sorted((c for c in found if not c.chosen), key=lambda c: c.value)
    taken = [c for c in past if c.chosen == "rule"]
    known = [c.fell for c in taken if c.fell is not None]
    enough = len(taken) >= FEWEST and bool(ai)
    median = float(np.median([c.value for c in taken])) if enough else float("nan")
    above = sum(c.value > median for c in ai)
    return ScoreRow(
        key=key,
        name=NAME[key],
        unit=UNITS[key],
        followed=FOLLOWED[key],
        chosen_by=WHY[key],
        past=tuple(past),
        ai=tuple(ai),
        n=len(known),
        fell=sum(known),
        median=median,
        above=above,
        standing=standing(above, len(ai)) if enough else "few",
        grade=weakest(c.grade for c in found),
    )


def standing(above: int, of: int) -> Standing:
    """Where AI stands by how many of its values lie above the median of past cases.

    Parameters
    ----------
    above, of : int

    Returns
    -------
    {"above", "among", "below"}

    Examples
    --------
    >>> standing(3, 6), standing(4, 6), standing(0, 2)
    ('among', 'above', 'below')
    """
    if 2 * above == of:
        return "among"
    return "above" if 2 * above > of else "below"


def _case(
    measure: str,
    name: str,
    when: str,
    value: float,
    fell: bool | None,
    chosen: Chosen,
    rows: Iterable[Rows],
    grade: str = "",
    label: str = "",
) -> ScoreCase:
    behind = Provenance.of(rows, grade=grade)
    return ScoreCase(
        measure, name, when, float(value), fell, chosen, behind.grade, behind, label
    )


def _dated(name: str, year: object) -> Text:
    return Text("{name} {year}", name=Text(name), year=str(year))


# ---- spending against GDP


def _rises() -> Iterator[ScoreCase]:
    yield from _spending("rise", lambda share, rise: rise)


def _gains() -> Iterator[ScoreCase]:
    yield from _spending("gain", gained)


def gained(share: float, rise: float) -> float:
    """Percentage points of GDP that spending gained over a run-up.

    Parameters
    ----------
    share : float
        Of GDP, after it (0.01 is 1%).
    rise : float
        Of the share, as a share: 0.5 is 50%.

    Returns
    -------
    float

    Examples
    --------
    >>> round(gained(0.03, 0.5), 2)
    1.0
    """
    return 100 * (share - share / (1 + rise))


def _spending(key: str, of: Callable[[float, float], float]) -> Iterator[ScoreCase]:
    for a in backtest_spending():
        if a.chosen == "boom" and a.outcomes:
            fell = a.outcome(next(iter(FALLS))).came
            rows = window_rows(Boom(a.flow, a.name, a.year, f"industries:{a.flow}"))
            yield _case(key, a.name, str(a.year), of(a.share, a.rise), fell, "rule", rows)
    famous = {boom.key: boom for boom in FAMOUS}
    for h in place_hindsight():
        if np.isfinite(h.rise) and h.grade != "C":
            fell = h.outcomes[next(iter(FALLS))]
            rows = window_rows(famous[h.key])
            label = _dated(LABELS[h.key], h.year) if h.key in LABELS else ""
            yield _case(
                key, h.name, str(h.year), of(h.share, h.rise), fell, "named", rows, label=label
            )
    yield _dotcom(key, of)
    for series in SERIES:
        path = ai_path(series)
        value = of(float(path.share.iloc[-1]), path.rise())
        yield _case(
            key,
            NAMES[series],
            str(path.last),
            value,
            None,
            "",
            path_rows(series),
            label=BRIEF[series],
        )


def _dotcom(key: str, of: Callable[[float, float], float]) -> ScoreCase:
    """All information technology at its dotcom peak, and whether spending then fell by 30%."""
    path, gdp = ai_path(DOTCOM_SERIES), column("us_it_investment", "gdp").values
    peak = trajectory("us-it-dotcom").values.idxmax()
    now, past = (float(path.share[q]) for q in (peak, peak - YEARS * path.steps))
    money = (path.share * gdp.rolling(4).mean())[peak : peak + HORIZON * path.steps]
    return _case(
        key,
        "US information processing equipment and software",
        str(peak),
        of(now, now / past - 1),
        bool(money.min() <= (1 - FELL) * money.iloc[0]),
        "named",
        path_rows(DOTCOM_SERIES),
        label=_dated("US IT", peak.year),
    )


# ---- spending and debt over cash


def _cash() -> Iterator[ScoreCase]:
    yield from _firms()
    table = financing_table()
    known = table[table["wave"] == "dotcom-telecom"].dropna(subset=["capex"])
    for label in known.groupby("company", sort=False)["capex"].idxmax():
        row = known.loc[label]
        if np.isfinite(row["of_cash_flow"]):
            yield _carrier("cash", row, row["of_cash_flow"], known)
    for key in ("five-builders", *companies()):
        paid = paying(key)
        yield _case(
            "cash",
            paid.name,
            paid.as_of,
            paid.ratio,
            None,
            "",
            cash_rows(key),
            label=BRIEF.get(key, paid.name),
        )


def _firms() -> Iterator[ScoreCase]:
    flows = load_flows("firms")
    money, share, cash = flows.dollars, flows.share, flows.cash
    assert money is not None and cash is not None
    horizon, part = HORIZONS["firms"], OUTCOMES["firms"]["dollars_fall_30"][1]
    names = load("firm_capex").frame.drop_duplicates("ticker").set_index("ticker")["name"]
    taken: dict[str, int] = {}
    for year in range(money.index[0] + YEARS, money.index[-1] - horizon + 1):
        past = share.loc[year - YEARS]
        rise = share.loc[year] / past.where(past > 0) - 1
        large = money.loc[year].where(
            (money.loc[year] >= FLOORS["firms"]) & (rise >= BOOM) & cash.loc[year].notna()
        )
        left = TAKEN
        for firm, spent in large.dropna().sort_values(ascending=False).items():
            if not left:
                break
            if year - taken.get(firm, -horizon) < horizon:
                continue
            taken[firm], left = year, left - 1
            have = cash.at[year, firm]
            low = money[firm].reindex(range(year + 1, year + horizon + 1)).min(skipna=False)
            fell = bool(low <= part * spent) if np.isfinite(low) else None
            ratio = spent / have if have > 0 else float("inf")
            yield _case(
                "cash", names[firm], str(year), ratio, fell, "rule", _firm(firm, year, horizon)
            )


def _firm(firm: str, year: int, horizon: int) -> tuple[Rows, ...]:
    frame = load("firm_capex").frame
    years = [year - YEARS, *range(year, year + horizon + 1)]
    mine = (frame["ticker"] == firm) & frame["year"].dt.year.isin(years)
    quarters = load("us_it_investment").frame["quarter"]
    return (
        some("firm_capex", mine, f"{firm}, {year}"),
        some("us_it_investment", quarters.dt.year.isin([year - YEARS, year]), "GDP"),
    )


def _carrier(key: str, row: pd.Series, value: float, known: pd.DataFrame) -> ScoreCase:
    """A carrier in one year, and whether it cut its spending by 30% within three years."""
    horizon = HORIZONS["firms"]
    mine = known[known["company"] == row["company"]].set_index("year")["capex"]
    later = mine.reindex(range(row["year"] + 1, row["year"] + horizon + 1))
    fell: bool | None = bool((later <= (1 - FELL) * row["capex"]).any())
    if not fell and later.isna().any():
        fell = None
    return _case(
        key,
        row["company"],
        str(row["year"]),
        value,
        fell,
        "named",
        _financing(row["company"]),
        label=_dated(row["company"], row["year"]) if key == "debt" or value > 1 else "",
    )


def _financing(company: str) -> tuple[Rows, ...]:
    """Every year of a carrier, among which the one of its highest spending is sought."""
    frame = load("financing").frame
    used = ["capex", "operating_cash_flow", "free_cash_flow", "total_debt"]
    mine = (frame["company"] == company) & frame["measure"].isin(used)
    return (some("financing", mine, f"{company}: spending, cash and debt"),)


def _debt() -> Iterator[ScoreCase]:
    frame = load("payback").frame
    for year, owed, earned in _railways(frame):
        rows = frame["period"].astype(str).eq(year) & frame["series"].isin([_OWED, _EARNED])
        yield _case(
            "debt",
            "British railways",
            year,
            owed / earned,
            None,
            "named",
            (some("payback", rows & (frame["case"] == "uk-railways"), f"debt, {year}"),),
            label=_dated("British railways", year),
        )
    table = financing_table()
    known = table[table["wave"] == "dotcom-telecom"].dropna(subset=["capex"])
    both = known.dropna(subset=["total_debt", "operating_cash_flow"])
    for label in both.groupby("company", sort=False)["capex"].idxmax():
        row = both.loc[label]
        yield _carrier("debt", row, row["total_debt"] / row["operating_cash_flow"], known)
    five = load("trajectories").frame.set_index("id").loc["ai-capex-five", "members"]
    for name, members in ((NAMES["five-builders"], five), *((b, b) for b in ai_builders())):
        owed = column("ai_capex", "debt_without_leases", members=members).values
        cash = column("ai_capex", "operating_cash_flow", members=members).values
        year = cash.reindex(pd.period_range(cash.index[0], cash.index[-1], freq="Q"))
        ratio = (owed / year.rolling(4).sum().where(lambda v: v > 0)).dropna()
        if ratio.empty:
            continue
        value, last = float(ratio.iloc[-1]), ratio.index[-1]
        label = name if members != five else BRIEF["five-builders"]
        yield _case("debt", name, str(last), value, None, "", _owed(members, last), label=label)


_OWED, _EARNED = "capital_at_fixed_interest", "net_receipts"


def _railways(frame: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    mine = frame[frame["case"] == "uk-railways"]
    by = {
        name: one.set_index(one["period"].astype(str))["value"].astype(float)
        for name, one in mine.groupby("series")
        if name in (_OWED, _EARNED)
    }
    if len(by) == 2:
        for year in by[_OWED].index.intersection(by[_EARNED].index):
            yield year, float(by[_OWED][year]), float(by[_EARNED][year])


def _owed(members: str, last: pd.Period) -> tuple[Rows, ...]:
    frame = load("ai_capex").frame
    quarters = calendar_quarter(frame["period_end"])
    owed = (frame["measure"] == "debt_without_leases") & (quarters == last)
    cash = (frame["measure"] == "operating_cash_flow") & quarters.between(last - 3, last)
    mine = frame["company"].isin(members.split(";")) & (owed | cash)
    return (some("ai_capex", mine, f"debt and cash of four quarters to {last}"),)


# ---- prices, valuation, payback


def _prices() -> Iterator[ScoreCase]:
    panel, rule = load_panel(), RunUpRule(threshold=LadderModel().rungs[0])
    state = measure_runups(panel, rule)
    taken: dict[str, pd.Period] = {}
    for month in panel.returns.index[panel.returns.index.month == 12]:
        for industry in panel.returns.columns[state.qualifies.loc[month]]:
            last = taken.get(industry)
            if last is not None and (month - last).n < rule.horizon:
                continue
            taken[industry] = month
            depth = deepest_fall(panel, industry, month, rule)
            yield _case(
                "prices",
                industry,
                str(month),
                state.net.at[month, industry],
                None if np.isnan(depth) else bool(depth <= -rule.crash),
                "rule",
                _months(panel, industry, month, rule),
            )
    last = panel.last
    for industry, name in AI_INDUSTRIES.items():
        value = state.net.at[last, industry]
        rows = _months(panel, industry, last, rule)
        if np.isfinite(value):
            yield _case("prices", name, str(last), value, None, "", rows, label=name)
    indices = ai_indices()
    newest = max((index.last for index in indices.values()), default=last)
    for key, index in indices.items():
        if index.last == newest and index.last > last:
            net = run_up(index, rule)[1]
            ends = _ends(key, index.last, rule)
            label = (
                Text("chip fund {key}", key=Verbatim(key.upper()))
                if key in CHIPS
                else index.name
            )
            yield _case("prices", index.name, str(index.last), net, None, "", ends, label=label)


def _months(panel: Panel, industry: str, month: pd.Period, rule: RunUpRule) -> tuple[Rows, ...]:
    tables = load("us_industries").tables
    first = month - max(rule.window, rule.long_window) + 1
    how = f"{industry}, {month}"
    mine = tables["data"]["industry"] == industry
    mine &= tables["data"]["month"].between(first, month + rule.reach)
    market = tables["market"]["month"].between(month - rule.window + 1, month)
    return some("us_industries", mine, how), some("us_industries.market", market, how)


def _ends(key: str, last: pd.Period, rule: RunUpRule) -> tuple[Rows, ...]:
    frame = load("ai_market").frame
    mine = frame["series"].isin([key, "sp500"]) & (frame["window"] == WINDOW)
    mine &= frame["month"].isin([last - rule.window, last])
    return (some("ai_market", mine, f"{key}, {last} and {rule.window} months before"),)


def _valuation() -> Iterator[ScoreCase]:
    frame = load("shiller").frame.set_index("month")
    cape, price = frame["cape"].dropna(), frame["price"].astype(float)
    newest, span = cape.index[-1], 12 * YEARS_APART
    name = "US stock market"

    def told(month: pd.Period, chosen: Chosen) -> ScoreCase:
        after = price.reindex(pd.period_range(month, month + span, freq="M")).to_numpy()
        fell = None
        if np.isfinite(after).all():
            depth = (after / np.maximum.accumulate(after)).min() - 1
            fell = bool(depth <= -MARKET_FALL)
        where = load("shiller").frame["month"].between(month, month + span)
        rows = some("shiller", where, f"{month} and the {span} months after")
        return _case(
            "valuation", name, str(month), cape[month], fell, chosen, [rows],
            load("shiller").grade, "" if chosen == "rule" else str(month.year),
        )  # fmt: skip

    months = [newest - span * k for k in range(1, 1 + (newest - cape.index[0]).n // span)]
    for month in sorted(months):
        if month in cape.index:
            yield told(month, "rule")
    for peak in PEAKS:
        if (month := pd.Period(peak, "M")) in cape.index:
            yield told(month, "named")
    rows = some("shiller", load("shiller").frame["month"] == newest, "the newest")
    yield _case(
        "valuation", name, str(newest), cape[newest], None, "", [rows], load("shiller").grade,
        "US shares",
    )  # fmt: skip


PAID: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "payback-uk-railways": ("British railways", "uk-capital-1840s"),
        "payback-us-telecom": ("US telecom", "us-telecom-detail"),
    }
)
"""Solved payback -> name, and the case of `compare_booms` that tells what its spending did."""


def _payback() -> Iterator[ScoreCase]:
    booms = compare_booms()
    for model, (name, boom) in PAID.items():
        paid, case = load_model(model), booms.case(boom)
        fell = bool(case.fall <= -FELL) if case.is_peak else None
        rows = (*paid.provenance.rows(), *compared_rows(boom))
        grade = weakest([paid.grade, case.grade])
        yield _case(
            "payback",
            name,
            paid.as_of,
            paid.ratio,
            fell,
            "named",
            rows,
            grade,
            _dated(name, paid.as_of),
        )
    ai = load_model("payback-ai")
    name = NAMES["five-builders"]
    yield _case(
        "payback", name, ai.as_of, ai.ratio, None, "", ai.provenance.rows(), ai.grade,
        BRIEF["five-builders"],
    )  # fmt: skip


_MAKERS: Mapping[str, Callable[[], Iterator[ScoreCase]]] = MappingProxyType(
    {
        "rise": _rises,
        "gain": _gains,
        "cash": _cash,
        "debt": _debt,
        "prices": _prices,
        "valuation": _valuation,
        "payback": _payback,
    }
)
