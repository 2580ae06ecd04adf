"""Claims of the founding article, forecasts of others and our own."""

import math

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.forecasts import RULES, judge, list_forecasts, list_frozen
from manias.language.editions import Language
from manias.language.numbers import percent
from manias.record.claims import check_claims
from manias.report.exhibits import Findings, makes

# ---- claims and forecasts


@makes("exhibit", "claims", "claims", "statements")
def claims_table(found: Findings) -> dict:
    rows = [
        [
            c.id,
            f"{c.about}: {c.what}",
            "–" if math.isnan(c.value) else f"{c.value:g} {c.unit}",
            c.status,
            "; ".join(filter(None, [*c.evidence, c.computed, c.note])) or "–",
            c.grade,
        ]
        for c in check_claims()
    ]
    return {
        "caption": found.language.say(
            "Every numeric claim of the article that started this project, beside better "
            "evidence"
        ),
        "columns": ["Key", "Claim", "Figure", "Status", "Evidence", "Grade"],
        "widths": [0.5, 2, 0.9, 0.9, 3.2, 0.5],
        "rows": rows,
    }


@makes("sentence", "claims-count", "claims", "statements")
def claims_count(found: Findings) -> str:
    return _counted([c.status for c in check_claims()], found.language)


def _counted(statuses: list[str], language: Language) -> str:
    return language.listed(
        language.say("{n} {status}", n=n, status=language.t(status))
        for status, n in pd.Series(statuses).value_counts().items()
    )


@makes("exhibit", "forecasts", "forecasts", "ai_capex", "statements")
def forecasts_table(found: Findings) -> dict:
    rows = []
    for f in list_forecasts():
        j = judge(f)
        rows.append(
            [
                f.made,
                f.who,
                f.text,
                "–" if math.isnan(j.actual) else f"{j.actual:.4g}",
                j.status,
                j.seen_to,
                f.grade,
            ]
        )
    rules = "; ".join(f"{kind}: {text}" for kind, text in RULES.items())
    return {
        "caption": found.language.say(
            "Public forecasts and guidance on AI spending (billion dollars), judged by rules "
            "that are ours: {rules}",
            rules=found.language.t(rules),
        ),
        "columns": ["Made", "By", "Forecast", "Actual", "Status", "Data to", "Grade"],
        "widths": [0.85, 1.2, 3, 0.7, 0.8, 0.8, 0.5],
        "rows": rows,
    }


@makes("sentence", "forecasts-count", "forecasts", "ai_capex", "statements")
def forecasts_count(found: Findings) -> str:
    return _counted([judge(f).status for f in list_forecasts()], found.language)


@makes("exhibit", "own-forecasts", "us_industries", "shiller", "ai_market")
def own_forecasts_table(found: Findings) -> dict:
    rows, models = [], set()
    for f in list_frozen():
        models.add(f.model_id)
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
    caption = found.language.say(
        "The forecasts of this package, frozen with the hashes of what went in. A forecast is "
        "right or wrong only when the data reach the end of its two years or the fall has "
        "come; its log loss then stands beside that of the base rate. They rest on the last "
        "data at hand, so part of their span had passed when they were made."
    )
    if not any(load_model(key).scores[0].has_skill for key in models):
        caption += found.language.say(
            " The models behind them have shown no skill: they are kept so that this can be "
            "held against them."
        )
    return {
        "caption": caption,
        "columns": [
            "Made",
            "Forecast",
            "Probability",
            "Base",
            "Deepest fall so far",
            "Status",
            "Data to",
        ],
        "widths": [0.8, 3.2, 0.9, 0.6, 1, 0.6, 0.8],
        "rows": rows,
    }
