"""Results -> frames, as people read them. Nothing is estimated here."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from manias.data.arguments import checked
from manias.language.messages import Text
from manias.language.numbers import percent, plain, signed
from manias.lenses.base import Answer
from manias.lenses.ladder import Assessment, Standing
from manias.spending.definitions import AnswerByDefinition
from manias.spending.place import Measure
from manias.spending.published import PublishedShare


@checked
def standing_table(answer: Assessment) -> pd.DataFrame:
    """One row an industry: how far it has risen and what followed such a rise.

    Parameters
    ----------
    answer : Assessment

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> from manias import assess, load_panel
    >>> standing_table(assess(load_panel(), as_of="1999-12")).shape
    (7, 8)
    """
    rows = [
        {
            "industry": s.name,
            "firms": s.firms,
            "run-up": percent(s.runup),
            "net of market": percent(s.net_runup),
            "rung": _rung(s),
            "crash frequency": percent(s.crash_frequency),
            "95% interval": Text("{low} to {high}", low=percent(s.low), high=percent(s.high)),
            "cases": Text("{part} of {whole}", part=s.crashes, whole=s.n),
        }
        for s in answer.standings
    ]
    return pd.DataFrame(rows)


def _rung(s: Standing) -> Text:
    now = Text("below 50%")
    if s.rung is not None:
        now = Text("{rung} since {month}", rung=f"{s.rung:.0%}", month=str(s.since))
    if s.highest is None or s.highest == s.rung:
        return now
    return Text(
        "{now} ({rung} in {month})", now=now, rung=f"{s.highest:.0%}", month=s.highest_month
    )


@checked
def answer_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Lay out what each lens says, for people.

    Parameters
    ----------
    answers : sequence of Answer

    Returns
    -------
    pandas.DataFrame
        A row a lens: what it says with its interval, the base, cases, skill, date, verdict.

    Examples
    --------
    >>> from manias.lenses.payback import PaybackModel, answer_payback
    >>> answer_table([answer_payback(PaybackModel().fit())])["lens"].tolist()
    ['payback']
    """
    rows = []
    for a in answers:
        skill = "not scored"
        if a.scores is not None:
            s = a.scores
            low, high = (signed(value, 3) for value in (s.gain_low, s.gain_high))
            skill = f"{signed(s.gain, 3)} [{low}, {high}]"
        rows.append(
            {
                "lens": a.lens,
                "answer": f"{a.measure}: {said(a)}" if a.measure and a.is_supported else "–",
                "base": _figure(a, a.base),
                "cases": f"{a.n:,} ({a.events:,})" if a.events else f"{a.n:,}" if a.n else "–",
                "gain over base": skill,
                "as of": a.as_of or "–",
                "grade": a.grade,
                "verdict": verdict(a),
            }
        )
    return pd.DataFrame(rows)


@checked
def definition_table(found: AnswerByDefinition) -> pd.DataFrame:
    """Lay out spending on AI beside the dotcom years by definition, for people.

    Parameters
    ----------
    found : AnswerByDefinition

    Returns
    -------
    pandas.DataFrame
        A row a definition: dotcom peak and newest share of GDP with their quarters, verdict,
        and the rise since the onset beside that of the dotcom years.

    Examples
    --------
    >>> from manias.spending.definitions import answer_by_definition
    >>> definition_table(answer_by_definition()).columns[:3].tolist()
    ['definition', 'dotcom peak', 'newest']
    """
    rows = [
        {
            "definition": row.name,
            "dotcom peak": f"{plain(row.peak, 2)} {row.peak_quarter}".strip(),
            "newest": f"{plain(row.newest, 2)} {row.newest_quarter}",
            "points": signed(row.difference, 2),
            "verdict": row.verdict,
            "rise": signed(row.rise, 2),
            "rise then": signed(row.rise_dotcom, 2),
        }
        for row in found.rows
    ]
    return pd.DataFrame(rows)


@checked
def published_table(found: Sequence[PublishedShare]) -> pd.DataFrame:
    """Lay out shares that others have printed beside ours, for people.

    Parameters
    ----------
    found : sequence of PublishedShare

    Returns
    -------
    pandas.DataFrame
        A row a figure: who, what and when, the figure, ours and the difference, or why there
        is no ours, and the grade.

    Examples
    --------
    >>> from manias.spending.published import compare_published_shares
    >>> published_table(compare_published_shares()).columns.tolist()
    ['who', 'what', 'figure', 'ours', 'points', 'grade']
    """
    rows = [
        {
            "who": f"{one.who}, {one.published}",
            "what": f"{one.what}, {one.period}",
            "figure": figure_of(one),
            "ours": plain(one.ours, 2) if one.ours == one.ours else f"– ({one.reason})",
            "points": signed(one.difference, 2),
            "grade": one.grade,
        }
        for one in found
    ]
    return pd.DataFrame(rows)


def figure_of(one: PublishedShare) -> Text:
    """Write a published figure as its source does: alone, as a range, or with an open end.

    Parameters
    ----------
    one : PublishedShare

    Returns
    -------
    manias.language.messages.Text

    Examples
    --------
    >>> from manias.spending.published import compare_published_shares
    >>> found = {one.id: one for one in compare_published_shares()}
    >>> [str(figure_of(found[key])) for key in ("imf-ai", "fox-2025q2", "post-railways")]
    ['less than 0.4 points', '4.4%', '3 to 4.5%']
    """
    low, high = f"{one.low:g}", f"{one.high:g}"
    if math.isnan(one.low):
        amount: str = Text("less than {n}", n=high)
    elif math.isnan(one.high):
        amount = Text("more than {n}", n=low)
    else:
        amount = Text("{low} to {high}", low=low, high=high) if low != high else low
    if one.kind == "level":
        return Text("{amount}%", amount=amount)
    return Text("{amount} points", amount=amount)


@checked
def measure_table(measures: Sequence[Measure]) -> pd.DataFrame:
    """Lay out where a target stands on each measure, for people.

    Parameters
    ----------
    measures : sequence of Measure

    Returns
    -------
    pandas.DataFrame
        A row a measure: what it is, its value, rank, class, what followed, and strength; where
        there are prices, odds of a crash beside the industries of the month, with their rank.

    Examples
    --------
    >>> from manias.answers.measures import measure_ai
    >>> measure_table(measure_ai("oracle").measures)["class"].tolist()
    ['above 200', 'above_1.5']
    """
    rows = []
    for m in measures:
        first = m.outcomes[0] if m.outcomes else None
        rows.append(
            {
                "measure": m.measure.replace("_", " "),
                "of": m.series,
                "value": percent(m.value)
                if m.measure in ("spending", "prices")
                else plain(m.value, 2),
                "rank": f"{m.rank:,}" if m.rank else "–",
                "class": f"{m.group} (once {m.highest})"
                if m.highest not in ("", m.group)
                else m.group or "–",
                "fell": percent(first.frequency) if first else "–",
                "odds": f"{plain(m.which.odds, 1)} ({m.which.rank})" if m.which else "–",
                "strength": "–" if m.strength == "not tested" else m.strength,
            }
        )
    table = pd.DataFrame(rows)
    return table if any(m.which for m in measures) else table.drop(columns="odds")


@checked
def index_table(answers: Mapping[str, Answer]) -> pd.DataFrame:
    """Lay out what the run-up lens says of indices from prices alone, for people.

    Parameters
    ----------
    answers : mapping of str to Answer

    Returns
    -------
    pandas.DataFrame
        A row an index: probability with its interval, base, date, grade, verdict.

    Examples
    --------
    >>> from manias.answers.classify import ask_indices
    >>> index_table(ask_indices(as_of="2024-12")).columns.tolist()
    ['index', 'answer', 'base', 'as of', 'grade', 'verdict']
    """
    rows = [
        {
            "index": key,
            "answer": said(a),
            "base": _figure(a, a.base),
            "as of": a.as_of or "–",
            "grade": a.grade,
            "verdict": verdict(a),
        }
        for key, a in answers.items()
    ]
    return pd.DataFrame(rows)


def said(a: Answer) -> str:
    """What an answer says, as a figure with its interval.

    Parameters
    ----------
    a : Answer

    Returns
    -------
    str
        A text of `manias.language.messages`, or a figure.

    Examples
    --------
    >>> from manias.lenses.payback import PaybackModel, answer_payback
    >>> said(answer_payback(PaybackModel("uk-railways").fit()))
    '1.35 (0.83 to 1.89)'
    """
    if not math.isfinite(a.value) or not a.is_supported:
        return Text("no value")
    if not (math.isfinite(a.low) and math.isfinite(a.high)):
        return _figure(a, a.value)
    figures = {name: _figure(a, getattr(a, name)) for name in ("value", "low", "high")}
    if math.isfinite(a.band[0]):
        ends = {
            name: _figure(a, end) for name, end in zip(("least", "most"), a.band, strict=True)
        }
        return Text(
            "{value} ({low} to {high}; with other onsets {least} to {most})", **figures, **ends
        )
    return Text("{value} ({low} to {high})", **figures)


def verdict(a: Answer) -> Text:
    """Whether an answer may be read as evidence, or why not.

    Parameters
    ----------
    a : Answer

    Returns
    -------
    Text
    """
    if a.says:
        return Text("may be read as evidence")
    if not a.reason:
        return Text("no conclusion")
    return Text("no conclusion: {reason}", reason=a.reason)


def _figure(a: Answer, value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return percent(value) if a.unit == "probability" else plain(value, 2)
