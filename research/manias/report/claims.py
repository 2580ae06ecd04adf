"""Claims of the founding article, forecasts of others and our own."""

import math
from collections.abc import Iterable

import pandas as pd

from manias.answers.forecasts import RULES, Forecast, judge, list_forecasts, list_frozen
from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.language.messages import Joined, Listed, Text
from manias.language.names import model_name
from manias.language.numbers import percent
from manias.record.claims import ARTICLE_DATE, check_claims
from manias.report.exhibits import Said, Table, makes
from manias.report.parts import model


def _claim_rows() -> Iterable[Rows]:
    yield from whole("claims")
    cited = load("claims").frame["evidence"].dropna().str.split(";").explode().str.strip()
    yield some("statements", load("statements").frame["id"].isin(cited), "cited as evidence")
    frame = load("ai_capex").frame
    for measure in ("revenue", "operating_cash_flow"):
        mine = frame[(frame["company"] == "Oracle") & (frame["measure"] == measure)]
        year = mine[mine["period_end"] <= ARTICLE_DATE].sort_values("period_end").tail(4)
        yield some("ai_capex", year.index, f"Oracle, {measure}, to {ARTICLE_DATE}")


@makes("exhibit", "claims")
def claims_table() -> Said:
    rows = []
    for c in check_claims():
        beside = [text for text in (*c.evidence, c.computed, c.note) if text]
        rows.append(
            [
                c.id,
                f"{c.about}: {c.what}",
                "–" if math.isnan(c.value) else Text("{n} " + c.unit, n=f"{c.value:g}"),
                c.status,
                Joined("; ", beside) if beside else "–",
                c.grade,
            ]
        )
    table = Table(
        caption=Text(
            "Every numeric claim of the article that started this project, beside better "
            "evidence"
        ),
        columns=["Key", "Claim", "Figure", "Status", "Evidence", "Grade"],
        widths=[0.5, 2, 0.9, 0.9, 3.2, 0.5],
        rows=rows,
    )
    return Said(table, _claim_rows())


@makes("sentence", "claims-count")
def claims_count() -> Said:
    return Said(_counted(c.status for c in check_claims()), whole("claims"))


def _counted(statuses: Iterable[str]) -> Listed:
    return Listed(
        Text("{n} {status}", n=n, status=status)
        for status, n in pd.Series(list(statuses)).value_counts().items()
    )


DECIDED = "a forecast is decided by sums and by the deepest fall of its span"
"""Why one figure behind a forecast may not move what is printed of it."""


def _forecast_rows() -> Iterable[Rows]:
    yield from whole("forecasts")
    for forecast in list_forecasts():
        name, _, measure = forecast.series.partition(":")
        frame = load(name).frame
        members = [key.strip() for key in forecast.members.split(";")]
        # One month on either side: fiscal quarters end off the calendar.
        first = pd.Period(forecast.first, "M") - 1
        match name:
            case "ai_capex":
                mine = (frame["measure"] == measure) & frame["company"].isin(members)
                mine &= pd.PeriodIndex(frame["period_end"].str[:7], freq="M") >= first
            case "statements":
                mine = frame["id"].isin(members)
            case _:
                window, _, series = measure.partition(":")
                mine = (frame["window"] == window) & (frame["series"] == series)
                mine &= frame["month"] >= first
        yield some(name, mine, measure)


def _came(f: Forecast, actual: float) -> str:
    if math.isnan(actual):
        return "–"
    said = f"{actual:.4g}"
    return Text("{amount:billion}", amount=said) if f.unit == "billion USD" else said


@makes("exhibit", "forecasts")
def forecasts_table() -> Said:
    rows = []
    for f in list_forecasts():
        j = judge(f)
        rows.append(
            [
                f.made,
                f.who,
                f.text,
                _came(f, j.actual),
                j.status,
                j.seen_to,
                f.grade,
            ]
        )
    table = Table(
        caption=Text(
            "Public forecasts and guidance on AI spending (billion dollars where "
            "nothing else is said), judged by rules that are ours. {rules}",
            rules=Joined(". ", RULES.values()),
        ),
        columns=["Made", "By", "Forecast", "Actual", "Status", "Data to", "Grade"],
        widths=[0.85, 1.2, 3, 0.7, 0.8, 0.8, 0.5],
        rows=rows,
    )
    return Said(table, _forecast_rows(), still=DECIDED)


@makes("sentence", "forecasts-count")
def forecasts_count() -> Said:
    counted = _counted(judge(f).status for f in list_forecasts())
    return Said(counted, _forecast_rows(), still=DECIDED)


@makes("exhibit", "own-forecasts")
def own_forecasts_table() -> Said:
    frozen = list_frozen()
    rows = []
    for f in frozen:
        j = judge(f)
        rows.append(
            [
                f.made,
                f.text,
                percent(f.probability),
                percent(f.base),
                "–" if math.isnan(j.actual) else percent(j.actual),
                j.status,
                j.seen_to,
            ]
        )
    caption = Text(
        "The forecasts of this package, frozen with the hashes of what went in. A "
        "forecast is right or wrong only when the data reach the end of its span or "
        "the fall has come. Its log loss then stands beside that of the base rate. "
        "The forecasts rest on the last data at hand, so that part of their span had "
        "passed when they were made. Spending is judged by the dollars of four "
        "quarters that end one, two, three and more whole years after the last ones "
        "on record. Where the logit on volatility gives another percentage than the "
        "size class, both are frozen."
    )
    # As they stand now: the fit that a forecast names may have given way to another.
    models = (model(name) for name in dict.fromkeys(_named(f.model_id) for f in frozen))
    silent = [
        model_name(name)
        for name in dict.fromkeys(m.name for m in models if not m.scores[0].has_skill)
    ]
    if silent:
        without = Text(
            " {n:plural one=One model behind them has|other=These models behind them "
            "have} shown no skill: {names}. What they said is kept all the same.",
            names=Listed(silent),
            n=len(silent),
        )
        caption = Joined("", [caption, without])
    table = Table(
        caption=caption,
        columns=[
            "Made",
            "Forecast",
            "Probability",
            "Base",
            "Deepest fall so far",
            "Status",
            "Data to",
        ],
        widths=[0.8, 3.2, 0.9, 0.6, 1, 0.6, 0.8],
        rows=rows,
    )
    decided = ("us_industries", "shiller", "ai_market", "us_it_investment", "ai_capex")
    return Said(table, whole(*decided, "buildouts"))


def _named(model_id: str) -> str:
    """Name of the model in an id: what stands between the package and the hash."""
    return model_id.removeprefix("manias-").rpartition("-")[0]
