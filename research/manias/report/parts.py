"""What several chapters need: findings computed once, the rows behind them, how scores read."""

import math
from collections.abc import Iterable

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.classify import ask
from manias.answers.measures import stand_ai
from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.evaluation.logit import LogitResults
from manias.evaluation.scores import Scores
from manias.language.messages import Text
from manias.language.names import scheme_name, term_name
from manias.language.numbers import plain, signed
from manias.lenses.base import Answer
from manias.lenses.features import RISE
from manias.lenses.ladder import Assessment, LadderModel, LadderResults, assess
from manias.report.exhibits import Table
from manias.series.indices import Index, ai_indices
from manias.series.runups import Panel, RunUp, RunUpRule, date_runups, load_panel
from manias.series.timeline import Trajectory
from manias.series.trajectories import behind, trajectory

PUBLISHED_SAMPLE_END = "2014-03"
"""Last month of the sample of Greenwood, Shleifer & You (2019)."""
PRECEDENT = "1999-12"
"""The date at which the ladder is asked what it would have said of the dotcom years."""
RULE = RunUpRule()
"""The ladder of the report."""
FIVE = "ai-capex-five"
"""Trajectory that stands for AI among the build-outs."""
COUNTED = "what is counted or rounded moves only with the rows that decide a case"
"""Why one row of a large table may not move what rests on it."""

# ---- found once


@once
def panel() -> Panel:
    return load_panel()


@once
def standing_now() -> Assessment:
    return stand_ai()


@once
def standing_then() -> Assessment:
    return assess(panel(), as_of=PRECEDENT, grade=load("us_industries").grade)


@once
def sample() -> Panel:
    """Industries to the end of the published sample."""
    return panel().as_of(PUBLISHED_SAMPLE_END)


@once
def reproduced() -> LadderResults:
    return LadderModel(rule=RULE).fit(sample())


@once
def runups() -> tuple[RunUp, ...]:
    return tuple(r for r in date_runups(sample(), RULE) if r.is_complete)


@once
def path(key: str) -> Trajectory:
    return trajectory(key)


@once
def indices() -> dict[str, Index]:
    return ai_indices()


def latest_indices() -> dict[str, Index]:
    """Indices of AI that reach furthest."""
    last = max(index.last for index in indices().values())
    return {key: index for key, index in indices().items() if index.last == last}


@once
def answers() -> tuple[Answer, ...]:
    return ask("ai")


def answer(lens: str) -> Answer:
    return next(a for a in answers() if a.lens == lens)


@once
def model(name: str) -> LogitResults:
    return load_model(name)


@once
def printed() -> dict[str, float]:
    """Figures printed elsewhere, by id."""
    frame = load("published").frame
    return dict(zip(frame["id"], frame["value"], strict=True))


@once
def _names() -> dict[str, str]:
    tables = load("innovations").tables
    return {
        str(k): str(n)
        for t in ("data", "candidates")
        for k, n in zip(tables[t]["id"], tables[t]["name"], strict=True)
    }


def name_of(key: str) -> str:
    """Name of an innovation or candidate."""
    return _names().get(key, key)


def peak_of(path: Trajectory) -> tuple[pd.Period, float]:
    return path.values.idxmax(), float(path.values.max())


# ---- rows behind them


def rows_at(path: Trajectory, how: str, *periods: pd.Period) -> tuple[Rows, ...]:
    when = ", ".join(map(str, periods))
    return behind(path.id, periods, f"{path.id}, {when}: {how}")


def highest(path: Trajectory) -> tuple[Rows, ...]:
    values = path.values.dropna()
    span = f"{values.index[0]} to {values.index[-1]}"
    return rows_at(path, f"the highest of {len(values)}, {span}", values.idxmax())


def latest(path: Trajectory) -> tuple[Rows, ...]:
    return rows_at(path, "the last on record", path.values.index[-1])


def industries(
    months: pd.PeriodIndex,
    keys: Iterable[str] | None = None,
    market: pd.PeriodIndex | None = None,
) -> tuple[Rows, ...]:
    """Returns of some industries and of the market in some months."""
    market = months if market is None else market
    dataset = load("us_industries")
    frame = dataset.frame
    keep = frame["month"].between(months[0], months[-1])
    named = ""
    if keys is not None:
        keep &= frame["industry"].isin(list(keys))
        named = f"{', '.join(dict.fromkeys(keys))}, "
    inside = dataset.tables["market"]["month"].between(market[0], market[-1])
    return (
        some("us_industries", keep, f"{named}{months[0]} to {months[-1]}"),
        some("us_industries.market", inside, f"{market[0]} to {market[-1]}"),
    )


def published(*keys: str) -> Rows:
    """Figures printed elsewhere."""
    frame = load("published").frame
    return some("published", frame["id"].isin(keys), ", ".join(keys))


# ---- how scores and coefficients read


def interval(low: str, high: str) -> str:
    """From one end to the other; where both are written alike, once."""
    return low if low == high else Text("{low} to {high}", low=low, high=high)


def ranged(value: str, low: str, high: str) -> Text:
    """A figure with its interval."""
    return Text("{value} ({low} to {high})", value=value, low=low, high=high)


def skill(s: Scores | None) -> Text:
    """Gain over the base rate with its interval, and the p of the permutation test."""
    if s is None:
        return Text("not scored")
    figures = {
        "value": signed(s.gain),
        "low": signed(s.gain_low),
        "high": signed(s.gain_high),
    }
    if math.isnan(s.permutation_p):
        return ranged(**figures)
    p = p_value(s.permutation_p)
    return Text("{value} ({low} to {high}), p = {p}", **figures, p=p)


def billions(value: float, digits: int = 1) -> Text:
    """An amount in billions, which a language may write in units of its own."""
    return Text("{amount:billion}", amount=plain(value, digits))


def p_value(value: float) -> str:
    return f"{value:.4f}" if value < 0.001 else f"{value:.3f}"


def cases(fit: LogitResults) -> Text:
    return Text(
        "{n} cases, {events} events, {dropped} left out for want of a value.",
        n=f"{fit.n:,}",
        events=f"{fit.events:,}",
        dropped=f"{fit.dropped:,}",
    )


def coefficients(fit: LogitResults, caption: str) -> Table:
    return Table(
        caption=caption,
        columns=["Term", "Coefficient", "Standard error", "95% interval", "Odds ratio"],
        widths=[1.6, 1, 1, 1.5, 1],
        rows=[
            [
                _term(r.term),
                plain(r.coefficient, 2),
                plain(r.std_error, 2),
                interval(plain(r.low, 2), plain(r.high, 2)),
                "–" if r.term == "intercept" else plain(r.odds_ratio, 2),
            ]
            for r in fit.tidy().itertuples()
        ],
    )


def _term(name: str) -> str:
    if name.startswith(RISE):
        return Text(
            "run-up net of the market above {percent}%", percent=name.removeprefix(RISE)
        )
    return term_name(name)


def score_cells(s: Scores) -> list[str]:
    slope = ranged(plain(s.slope, 2), plain(s.slope_low, 2), plain(s.slope_high, 2))
    return [
        Text("{scheme} ({groups})", scheme=scheme_name(s.scheme), groups=s.groups),
        plain(s.log_loss, 3),
        plain(s.base_log_loss, 3),
        ranged(signed(s.gain), signed(s.gain_low), signed(s.gain_high)),
        "–" if math.isnan(s.auc) else plain(s.auc, 2),
        "–" if math.isnan(s.slope) else slope,
        "–" if math.isnan(s.permutation_p) else p_value(s.permutation_p),
    ]
