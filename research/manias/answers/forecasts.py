"""Dated forecasts, ours and public ones, judged by rules that stand in a table beside them."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import numpy as np
import pandas as pd

from manias.answers.archive import load_model
from manias.answers.registry import HOW, Cut, Fall, Fitter, fitters
from manias.data.arguments import MaybeNumber, MaybeProbability, checked
from manias.data.calendar import user_day
from manias.data.files import write_atomically
from manias.data.library import current, known_on, load, names
from manias.data.results import Plotted, Result, stacked
from manias.data.sources import GRADES
from manias.documents import (
    DAY,
    MONTH,
    Rules,
    Schema,
    listed,
    maybe,
    number,
    one_of,
    read,
    record,
    text,
)
from manias.errors import DataError, InputError
from manias.evaluation.cards import HASHES, SUM, checksum, dumps, plain
from manias.evaluation.logit import LogitResults
from manias.language.messages import Text
from manias.lenses.base import OUTSIDE
from manias.spending.ladder import SpendingResults
from manias.spending.place import quarterly_dollars

Kind = Literal["range", "about", "at_least", "at_most", "fall", "decline", "cut"]
RULES: Mapping[Kind, str] = {
    "range": "From one figure to another: right if the actual figure, rounded as the forecast "
    "is, lies between them",
    "about": "About: right if the actual figure lies within the tolerance stated in its row of "
    "the data",
    "at_least": "More than, at least: right if the actual figure is as much or more",
    "at_most": "At most: right if the actual figure is as much or less",
    "fall": "A fall: right if the level falls by the stated share from a peak, both in the "
    "span",
    "decline": "Below the year before: right if some quarter in the span lies below the same "
    "quarter a year before",
    "cut": "A cut: right if some four quarters that end a whole number of years after the span "
    "begins come to less than the four before the span by the stated share or more",
}
"""How each kind of forecast is judged."""
FORMAT = 2
"""Of a frozen file."""
ON_DAY = text(like=DAY, said="a day, YYYY-MM-DD")
IN_MONTH = text(like=MONTH, said="a month, YYYY-MM")
PROBABILITY = maybe(number(minimum=0, maximum=1))
WORDS: Rules = text(most=4_000)
SCHEMA = Schema(
    record(
        {
            "format": one_of(FORMAT),
            "made": ON_DAY,
            "data": HASHES,
            "models": listed(text(most=100), most=1_000),
            "rules": record({}, optional={kind: WORDS for kind in RULES}),
            "forecasts": listed(
                record(
                    {
                        "id": text(least=1, most=200),
                        "made": ON_DAY,
                        "who": WORDS,
                        "text": WORDS,
                        "kind": one_of(*RULES),
                        "series": text(least=1, most=400),
                        "members": WORDS,
                        "first": IN_MONTH,
                        "last": IN_MONTH,
                        "low": maybe(number()),
                        "high": maybe(number()),
                        "tolerance": maybe(number(minimum=0)),
                        "unit": WORDS,
                        "probability": PROBABILITY,
                        "base": PROBABILITY,
                        "model_id": WORDS,
                        "source": WORDS,
                        "locator": WORDS,
                        "grade": one_of(*GRADES),
                        "note": WORDS,
                    }
                ),
                most=10_000,
            ),
            "checksum": SUM,
        }
    )
)
"""What a frozen file holds."""


@checked
@dataclass(frozen=True, slots=True, repr=False)
class Forecast(Result):
    """One dated forecast that data can decide.

    Attributes
    ----------
    id, made, who, text : str
        ``made`` is the day or month on which it was made.
    kind : str
        Of `RULES`.
    series : str
        ``dataset:measure`` that decides it; ``ai_market:window:series`` for a share price.
    members : str
        Companies or columns, separated by ";", that are added up.
    first, last : str
        Span of periods that decides it, ``YYYY-MM``, both included.
    low, high, tolerance : float
        What was forecast; NaN where the kind needs it not.
    unit : str
    probability, base : float
        NaN for a statement without one; ``base`` is the base rate at the time.
    model_id : str
        "" for a public forecast.
    source, locator, grade, note : str
    """

    _told = ("id", "made", "kind", "series", "probability")

    id: str
    made: str
    who: str
    text: str
    kind: str
    series: str
    members: str
    first: str
    last: str
    low: MaybeNumber
    high: MaybeNumber
    tolerance: MaybeNumber
    unit: str
    probability: MaybeProbability
    base: MaybeProbability
    model_id: str
    source: str
    locator: str
    grade: str
    note: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InputError(
                f"forecast {self.id}: kind {self.kind!r}; expected one of {', '.join(RULES)}"
            )


@dataclass(frozen=True, slots=True, repr=False)
class Judgement(Plotted):
    """What became of a forecast, as far as the data reach.

    Attributes
    ----------
    forecast : Forecast
    status : {"right", "wrong", "open", "not decidable"}
        Open while periods of its span are not on record and nothing has decided it yet.
    actual : float
        The figure, the deepest fall, or the largest decline, so far; NaN where there is none.
    seen_to : str
        Last period on record.
    log_loss, base_log_loss : float
        Of a probability that was decided; NaN otherwise.
    """

    _told = ("id=forecast.id", "status", "actual", "seen_to")

    forecast: Forecast
    status: str
    actual: float
    seen_to: str
    log_loss: float
    base_log_loss: float

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Returns
        -------
        pandas.DataFrame
            As the attributes of the forecast, then ``status``, ``actual``, ``seen_to`` and the
            losses.
        """
        return self.forecast.to_frame().join(stacked([self], Judgement))


def list_forecasts() -> tuple[Forecast, ...]:
    """List the public forecasts on record.

    Returns
    -------
    tuple of Forecast
        By the day on which they were made.

    Examples
    --------
    >>> all(f.kind in RULES for f in list_forecasts())
    True
    """
    frame = load("forecasts").frame.sort_values(["made", "id"], kind="stable")
    rows = map(_forecast, frame.to_dict("records"))
    return tuple(
        replace(row, text=in_parts(row.text)[1]) if row.unit == "billion USD" else row
        for row in rows
    )


@checked
def judge(forecast: Forecast, *, as_of: str | None = None) -> Judgement:
    """Judge a forecast by its rule.

    Parameters
    ----------
    forecast : Forecast
    as_of : str, optional
        Nothing observed later is used.

    Returns
    -------
    Judgement

    Raises
    ------
    InputError
        If the series that should decide it does not exist.

    Examples
    --------
    >>> first = next(f for f in list_forecasts() if f.kind == "range")
    >>> judge(first, as_of="2025-06").status
    'open'
    """
    with known_on(as_of, by="observed") as library:
        values = _values(forecast)
    if library.day is not None:
        values = values[values.index.end_time.normalize() <= library.day]
    start, end = pd.Period(forecast.first, "M"), pd.Period(forecast.last, "M")
    status, actual = _decide(forecast, values, start, end)
    seen = str(values.index[-1]) if len(values) else "nothing"
    loss = base = float("nan")
    if status in ("right", "wrong") and np.isfinite(forecast.probability):
        loss = _loss(forecast.probability, status == "right")
        base = _loss(forecast.base, status == "right")
    return Judgement(forecast, status, actual, seen, loss, base)


def freeze(
    made: str, models: Sequence[str] | None = None, *, today: datetime.date | None = None
) -> dict[str, Any]:
    """Write down what the fitted models say now, so that it can be held against them.

    Parameters
    ----------
    made : str
        Day of the forecast, ``YYYY-MM-DD``.
    models : sequence of str, optional
        Some of `forecasting`; all by default.
    today : datetime.date, optional
        The day of the clock, after which no forecast was made.

    Returns
    -------
    dict
        Plain values: models, hashes of their inputs, forecasts with what would count as right
        and by when.

    Raises
    ------
    InputError
        If ``made`` is no day, lies before the newest data used or after ``today``, or a model
        makes no forecast.

    Examples
    --------
    >>> frozen = freeze("2026-11-24", ["runup-prices"])
    >>> len(frozen["models"]), frozen["forecasts"][0]["kind"]
    (1, 'fall')
    """
    day = day_of_making(made, today)
    known = forecasting()
    if odd := [m for m in models or () if m not in known]:
        raise InputError(f"model {odd[0]!r}: expected some of {', '.join(known)}")
    chosen = {name: load_model(name) for name in known if not models or name in models}
    rows = []
    for name, results in chosen.items():
        fitter = known[name]
        falls = tuple((fitter.falls or _none)(results))
        cuts = tuple((fitter.cuts or _none)(results))
        newest = max(f.month for f in falls) if falls else max(c.last for c in cuts)
        if day < newest.end_time.normalize():
            raise InputError(
                f"made {made}: {name} uses data to {newest.end_time:%Y-%m-%d}; expected no "
                f"earlier day"
            )
        rows += [_made_of(fall, made, results) for fall in falls]
        rows += [_cut_made_of(cut, made, results) for cut in cuts]
    return {
        "format": FORMAT,
        "made": made,
        "data": {name: load(name).fingerprint for name in names()},
        "models": [results.model_id for results in chosen.values()],
        "rules": dict(RULES),
        "forecasts": [asdict(row) for row in rows],
    }


def day_of_making(made: str, today: datetime.date | None) -> pd.Timestamp:
    """The day on which something is frozen: one of the calendar, and not to come.

    Parameters
    ----------
    made : str
    today : datetime.date or None
        The day of the clock.

    Returns
    -------
    pandas.Timestamp

    Raises
    ------
    InputError

    Examples
    --------
    >>> day_of_making("2026-11-24", datetime.date(2026, 11, 23))
    Traceback (most recent call last):
    manias.errors.InputError: made 2026-11-24: expected a day that is not after 2026-11-23
    """
    if len(made) != len("2026-11-23"):
        raise InputError(f"made {made!r}: expected a day, YYYY-MM-DD")
    day = user_day(made)
    if today is not None and day.date() > today:
        raise InputError(f"made {made}: expected a day that is not after {today.isoformat()}")
    return day


def forecasting() -> dict[str, Fitter]:
    """Models that make forecasts which later data decide.

    Returns
    -------
    dict of str to manias.answers.registry.Fitter

    Examples
    --------
    >>> list(forecasting())
    ['spending-industries', 'spending-firms', 'runup-panel', 'runup-prices']
    """
    return {name: fitter for name, fitter in fitters().items() if fitter.falls or fitter.cuts}


def _none(results: object) -> tuple[()]:
    return ()


def _made_of(fall: Fall, made: str, results: LogitResults) -> Forecast:
    note = [f"from data to {fall.month}: what passed until {made} was not used"]
    if not fall.is_supported:
        note.append(OUTSIDE)
    return Forecast(
        id=f"{made}-{fall.key.lower()}",
        made=made,
        who="manias",
        text=_text_of_a_fall(fall.name, _FALL, fall.month),
        kind="fall",
        series=fall.series,
        members=fall.members,
        first=str(fall.month + 1),
        last=str(fall.month + 24),
        low=_FALL,
        high=float("nan"),
        tolerance=float("nan"),
        unit="share of the peak",
        probability=fall.p,
        base=results.base_rate,
        model_id=results.model_id,
        source=fall.source,
        locator="a later edition of the same file",
        grade=fall.grade,
        note="; ".join(note),
    )


def _cut_made_of(cut: Cut, made: str, results: SpendingResults) -> Forecast:
    last = cut.last.asfreq("M", "end")
    rank = "" if cut.how == "class" else f"-{cut.how}"
    low, high = cut.interval
    what = "class of run-up" if cut.how != "paid" else "booms by who pays, class"
    told = (
        f"{what} {cut.group}: {cut.n} past cases, 90% interval {low:.3f} to {high:.3f}",
        "both sums from one edition of the table",
        f"from data to {cut.last}: what passed until {made} was not used",
    )
    return Forecast(
        id=f"{made}-{cut.key}{rank}",
        made=made,
        who="manias",
        text=_text_of_a_cut(cut.name, cut.fall, cut.last, cut.last + 4 * cut.years, cut.how),
        kind="cut",
        series=cut.series,
        members=cut.members,
        first=str(last + 1),
        last=str(last + 12 * cut.years),
        low=cut.fall,
        high=float("nan"),
        tolerance=float("nan"),
        unit="share of the dollars of the four quarters before the span",
        probability=cut.p,
        base=cut.base,
        model_id=results.model_id,
        source=cut.source,
        locator="later editions of the same table",
        grade=cut.grade,
        note="; ".join(told),
    )


def _text_of_a_cut(name: str, low: float, start: pd.Period, end: pd.Period, how: str) -> Text:
    return Text(
        "{name}: dollars of four quarters {fall} or more below those of the four to "
        "{start}, by {end} ({how:select class=frequency in its class|adjusted=adjusted for "
        "volatility|paid=frequency by who pays})",
        name=name,
        fall=f"{low:.0%}",
        start=str(start),
        end=str(end),
        how=how,
    )


_FALL = 0.4


def _text_of_a_fall(name: str, low: float, month: pd.Period) -> Text:
    return Text(
        "{industry}: a fall of {fall} from a peak in the two years after {month}",
        industry=name,
        fall=f"{low:.0%}",
        month=str(month),
    )


def _again(row: Forecast) -> Forecast:
    """Make the text of a frozen forecast again from its fields, where it says no more."""
    if row.kind == "fall":
        month = pd.Period(row.first, "M") - 1
        name = row.text.removesuffix(_text_of_a_fall("", row.low, month))
        made = [_text_of_a_fall(name, row.low, month)]
    elif row.kind == "cut":
        ends = (pd.Period(row.first, "M") - 1, pd.Period(row.last, "M"))
        start, end = (month.asfreq("Q") for month in ends)
        made = []
        for how in HOW:
            name = row.text.removesuffix(_text_of_a_cut("", row.low, start, end, how))
            made.append(_text_of_a_cut(name, row.low, start, end, how))
    else:
        return row
    return next((replace(row, text=text) for text in made if text == row.text), row)


def write_frozen(frozen: Mapping[str, Any], path: Path) -> None:
    """Write a frozen file with its checksum; one that exists is never replaced.

    Parameters
    ----------
    frozen : mapping
        From `freeze`.
    path : Path

    Raises
    ------
    InputError
        If there is a file already; of two that write at once one is told so.
    """
    try:
        told = plain(frozen)
        content = dumps({**told, "checksum": checksum(told)}).encode()
        write_atomically(path, content, replace=False)
    except FileExistsError:
        raise InputError(f"{path}: exists; a frozen forecast is never replaced") from None


def read_frozen(path: Path) -> tuple[Forecast, ...]:
    """Read a frozen file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple of Forecast

    Raises
    ------
    InputError
        If it is no such file, or was edited since it was frozen.
    """
    frozen = read(path, SCHEMA, where=str(path), error=InputError)
    if frozen["checksum"] != checksum(frozen):
        raise InputError(f"{path}: edited after it was frozen; its checksum does not fit")
    refuse_contradictions(frozen["forecasts"], str(path))
    if other := next((r for r in frozen["forecasts"] if r["made"] != frozen["made"]), None):
        raise InputError(
            f"{path}: {other['id']}: made {other['made']}; expected {frozen['made']}"
        )
    return tuple(_again(_forecast(row)) for row in frozen["forecasts"])


def refuse_contradictions(rows: Sequence[Mapping[str, Any]], where: str) -> None:
    """Refuse rows of a frozen file of which two have one id, or a span ends before it begins.

    Parameters
    ----------
    rows : sequence of mapping
    where : str
        The file.

    Raises
    ------
    InputError

    Examples
    --------
    >>> refuse_contradictions([{"id": "a", "first": "2026-02", "last": "2026-01"}], "f.json")
    Traceback (most recent call last):
    manias.errors.InputError: f.json: a: last 2026-01; expected 2026-02 or later
    """
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen:
            raise InputError(f"{where}: id {row['id']!r} stands twice; expected it once")
        seen.add(row["id"])
        if "last" in row and row["last"] < row["first"]:
            raise InputError(
                f"{where}: {row['id']}: last {row['last']}; expected {row['first']} or later"
            )


def list_frozen() -> tuple[Forecast, ...]:
    """List the forecasts of this package, from the frozen files of the open library.

    Returns
    -------
    tuple of Forecast
        By the day on which they were made.

    Examples
    --------
    >>> all(f.who == "manias" for f in list_frozen())
    True
    """
    folder = Path(str(current().reports)) / "forecasts"
    return tuple(f for path in sorted(folder.glob("*.json")) for f in read_frozen(path))


_FIGURE = re.compile(
    r"(?P<what>.+), (?P<guided>guidance )?(?P<how>about |more than )?"
    r"(?P<low>\d[\d.]*)( to (?P<high>\d[\d.]*))?"
)


@checked
def in_parts(text: str) -> tuple[str, str]:
    """Part the words of a forecast of an amount: what is foreseen, and the whole.

    Parameters
    ----------
    text : str
        As the table has it: ``Meta: capital expenditure of 2025, guidance 66 to 72``.

    Returns
    -------
    tuple of (str, str)
        The second is a text that another language can write in its own units; both are the
        words as they are where they end with no amount.

    Examples
    --------
    >>> in_parts("OpenAI: revenue of 2025, 12")
    ('OpenAI: revenue of 2025', 'OpenAI: revenue of 2025, 12')
    """
    found = _FIGURE.fullmatch(text)
    if found is None:
        return text, text
    words = {
        "what": found["what"],
        "guided": bool(found["guided"]),
        "how": (found["how"] or "exactly").strip().replace(" ", "-"),
        "low": found["low"],
    }
    if found["high"]:
        return found["what"], Text(
            "{what}, {guided:select yes=guidance |no=}{how:select about=about |more-than=more "
            "than |exactly=}{low:billion} to {high:billion}",
            high=found["high"],
            **words,
        )
    return found["what"], Text(
        "{what}, {guided:select yes=guidance |no=}{how:select about=about |more-than=more than "
        "|exactly=}{low:billion}",
        **words,
    )


def _forecast(row: Mapping[str, Any]) -> Forecast:
    cells = {}
    kinds = get_type_hints(Forecast)
    for name in (f.name for f in fields(Forecast)):
        value = row.get(name)
        if kinds[name] is float:
            cells[name] = float("nan") if value is None else float(value)
        else:
            cells[name] = "" if value is None or value != value else str(value)
    return Forecast(**cells)


def _values(f: Forecast) -> pd.Series:
    """Monthly or quarterly figures of a series by the month in which each period ends."""
    name, _, measure = f.series.partition(":")
    if name not in names():
        raise InputError(
            f"forecast {f.id}: dataset {name!r}; expected one of {', '.join(names())}"
        )
    if f.kind == "cut":
        return _quarters(f)
    frame = load(name).frame
    members = [m.strip() for m in f.members.split(";") if m.strip()]
    if name == "ai_capex":
        rows = frame[(frame["measure"] == measure) & frame["company"].isin(members)]
        month = pd.PeriodIndex(rows["period_end"].str[:7], freq="M")
        # Fiscal quarters that end a month off the calendar go to the quarter of most days.
        quarter = month if len(members) == 1 else (month - 1).asfreq("Q").asfreq("M", "end")
        table = rows.assign(when=quarter).dropna(subset=["value"])
        whole = table.groupby("when")["company"].nunique() == len(members)
        return table.groupby("when")["value"].sum()[whole].sort_index()
    if name == "us_industries":
        rows = frame[frame["industry"] == members[0]].set_index("month")
        return rows["return"].astype(float) / 100
    if name == "statements":
        rows = frame[frame["id"].isin(members)]
        month = pd.PeriodIndex([pd.Period(f.last, "M")] * len(rows), freq="M")
        return pd.Series(rows["value"].astype(float).to_numpy(), month)
    if name == "ai_market":
        window, _, series = measure.partition(":")
        rows = frame[(frame["window"] == window) & (frame["series"] == series)]
        return rows.set_index("month")["level"].astype(float).sort_index()
    raise InputError(f"forecast {f.id}: {f.series!r} cannot decide a forecast")


def _quarters(f: Forecast) -> pd.Series:
    dataset, _, measure = f.series.partition(":")
    values = quarterly_dollars(dataset, measure, f.members).values.dropna()
    months = values.index.asfreq("M", "end")
    return pd.Series(values.to_numpy(dtype=float), months)


def _decide(
    f: Forecast, values: pd.Series, start: pd.Period, end: pd.Period
) -> tuple[str, float]:
    if f.kind == "fall":
        return _fall(f, values, start, end)
    if f.kind == "decline":
        return _decline(values, start, end)
    if f.kind == "cut":
        return _cut(f, values, start, end)
    inside = values[(values.index >= start) & (values.index <= end)]
    quarters = f.series.startswith("ai_capex")
    wanted = round((end.ordinal - start.ordinal + 1) / 3) if quarters else 1
    if len(inside) < wanted:
        over = len(values) > 0 and values.index[-1] >= end
        return ("not decidable" if over else "open"), float("nan")
    actual = float(inside.sum())
    rounded = round(actual, max(_decimals(f.low), _decimals(f.high)))
    right = {
        "range": f.low <= rounded <= f.high,
        "about": abs(actual - f.low) <= f.tolerance * abs(f.low),
        "at_least": actual >= f.low,
        "at_most": actual <= f.high,
    }[f.kind]
    return ("right" if right else "wrong"), actual


def _fall(
    f: Forecast, values: pd.Series, start: pd.Period, end: pd.Period
) -> tuple[str, float]:
    inside = values[(values.index >= start) & (values.index <= end)]
    if f.series.startswith("us_industries"):
        path = np.r_[1.0, np.cumprod(1 + inside.to_numpy())]
    else:
        before = values[values.index < start].iloc[-1:]
        path = np.r_[before.to_numpy(), inside.to_numpy()]
    if len(path) < 2:
        return "open", float("nan")
    deepest = float((path / np.maximum.accumulate(path) - 1).min())
    if deepest <= -f.low:
        return "right", deepest
    return ("wrong" if values.index[-1] >= end else "open"), deepest


def _cut(f: Forecast, values: pd.Series, start: pd.Period, end: pd.Period) -> tuple[str, float]:
    quarters = pd.period_range(start - 12, end, freq="M")[2::3]
    path = values.reindex(quarters).to_numpy().reshape(-1, 4)
    before, after = path[0].sum(), path[1:].sum(axis=1)
    is_over = len(values) > 0 and values.index[-1] >= end
    changes = after[np.isfinite(after)] / before - 1 if before > 0 else np.empty(0)
    if not len(changes):
        return ("not decidable" if is_over else "open"), float("nan")
    deepest = float(changes.min())
    if deepest <= -f.low:
        return "right", deepest
    is_whole = len(changes) == len(after)
    return ("wrong" if is_whole else "not decidable" if is_over else "open"), deepest


def _decline(values: pd.Series, start: pd.Period, end: pd.Period) -> tuple[str, float]:
    growth = []
    for month in values.index[(values.index >= start) & (values.index <= end)]:
        if month - 12 in values.index:
            growth.append(float(values[month] / values[month - 12] - 1))
    if not growth:
        return "open", float("nan")
    least = min(growth)
    if least < 0:
        return "right", least
    return ("wrong" if values.index[-1] >= end else "open"), least


def _decimals(value: float) -> int:
    text = f"{value:g}"
    return len(text.partition(".")[2]) if np.isfinite(value) else 0


def _loss(p: float, happened: bool) -> float:
    if not 0 < p < 1:
        raise DataError(f"probability {p}: expected between 0 and 1")
    return float(-np.log(p if happened else 1 - p))
