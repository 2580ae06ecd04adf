"""What several chapters need: answers of the lenses, how scores and coefficients read."""

import math

from manias.answers.archive import load_model
from manias.answers.classify import ask
from manias.data.library import once
from manias.evaluation.logit import LogitResults
from manias.evaluation.scores import Scores
from manias.language.editions import Language
from manias.language.numbers import plain
from manias.lenses.base import Answer

_LOGIT = ("innovations", "verdicts", "covariates")
_PRICES = ("us_industries", "shiller")
_PATHS = ("trajectories", "buildouts", "ai_capex", "uk_railways", "us_it_investment")
_PAY = ("assumptions", "payback", "ai_capex")
_EVERY = (*_LOGIT, *_PRICES, *_PATHS, "assumptions")


@once
def _answers() -> tuple[Answer, ...]:
    return ask("ai")


@once
def _logit(name: str) -> LogitResults:
    return load_model(name)


def _answer(lens: str) -> Answer:
    return next(a for a in _answers() if a.lens == lens)


def _skill(s: Scores | None) -> str:
    if s is None:
        return "not scored"
    p = "" if math.isnan(s.permutation_p) else f", p {_p(s.permutation_p)}"
    return f"{s.gain:+.3f} ({s.gain_low:+.3f} to {s.gain_high:+.3f}){p}"


def _p(value: float) -> str:
    return f"{value:.4f}" if value < 0.001 else f"{value:.3f}"


def _cases(fit: LogitResults, language: Language) -> str:
    return language.say(
        "{n} cases, {events} events, {dropped} left out for want of a value.",
        n=f"{fit.n:,}",
        events=f"{fit.events:,}",
        dropped=f"{fit.dropped:,}",
    )


def _coefficients(fit: LogitResults, caption: str) -> dict:
    return {
        "caption": caption,
        "columns": ["Term", "Coefficient", "Standard error", "95% interval", "Odds ratio"],
        "widths": [1.6, 1, 1, 1.5, 1],
        "rows": [
            [
                r.term.replace("_", " "),
                plain(r.coefficient, 2),
                plain(r.std_error, 2),
                f"{plain(r.low, 2)} to {plain(r.high, 2)}",
                "–" if r.term == "intercept" else f"{r.odds_ratio:.2f}",
            ]
            for r in fit.tidy().itertuples()
        ],
    }


def _score_cells(s: Scores) -> list[str]:
    return [
        f"{s.scheme} ({s.groups})",
        f"{s.log_loss:.3f}",
        f"{s.base_log_loss:.3f}",
        f"{s.gain:+.3f} ({s.gain_low:+.3f} to {s.gain_high:+.3f})",
        "–" if math.isnan(s.auc) else f"{s.auc:.2f}",
        "–"
        if math.isnan(s.slope)
        else f"{s.slope:.2f} ({s.slope_low:.2f} to {s.slope_high:.2f})",
        "–" if math.isnan(s.permutation_p) else _p(s.permutation_p),
    ]


@once
def _names() -> dict[str, str]:
    from manias.data.library import load

    tables = load("innovations").tables
    return {
        str(k): str(n)
        for t in ("data", "candidates")
        for k, n in zip(tables[t]["id"], tables[t]["name"], strict=True)
    }


def _name(key: str) -> str:
    return _names().get(key, key)


def _head(text: str) -> str:
    return text[:1].upper() + text[1:]
