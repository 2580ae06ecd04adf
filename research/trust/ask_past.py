"""Ask what has no command of its own, as of a day, in a process of its own.

    python research/trust/ask_past.py 1999-12-31 observed [NAME ...]

Prints an answer a line: its name, a tab, and everything that was said, as text. The tables are
those of the edition in use.
"""

import dataclasses
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import manias
import numpy as np
import pandas as pd
from manias.answers.cases import Case
from manias.answers.classify import fitted
from manias.answers.forecasts import list_frozen
from manias.answers.measures import measure_ai, stand_ai
from manias.answers.registry import lenses
from manias.data.library import current
from manias.data.rows import Rows
from manias.evaluation.cards import encode
from manias.gauges.registry import list_gauges
from manias.record.companies import companies
from manias.series.trajectories import trajectory_names

PLACES = "labels"
"""Part of a provenance that says where rows stand in their file, which moves when a row above
goes: of the file and not of its rows."""


def without_checksums(text: str) -> str:
    """Names of tables for the hashes of their files, which hold rows of every day.

    Results carry them so that a number can be traced; no command prints one for a past day.
    """
    for name in manias.names():
        text = text.replace(current().fingerprint(name), f"checksum of {name}")
    return text


def spelt(value: Any) -> Any:
    """Everything that a result holds, as text; numbers with every digit."""
    if isinstance(value, Rows):
        value = dataclasses.replace(value, frame=value.frame.reset_index(drop=True))
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.to_csv()
    if dataclasses.is_dataclass(value):
        fields = (f.name for f in dataclasses.fields(value) if f.name != PLACES)
        return {name: spelt(getattr(value, name)) for name in fields}
    if isinstance(value, Mapping):
        return {str(key): spelt(item) for key, item in value.items() if key != PLACES}
    if isinstance(value, list | tuple):
        return [spelt(item) for item in value]
    told = encode(value)
    return spelt(told) if isinstance(told, Mapping | list) else str(told)


def _inside(ask: Callable[[], Any], by: str) -> Callable[[str], Any]:
    """Ask what takes no day inside a library that has one."""

    def asked(day: str) -> Any:
        with manias.known_on(day, by=by):
            return ask()

    return asked


def _dated() -> Any:
    prices = manias.load("shiller").frame.set_index("month")["price"].dropna()
    return manias.date_series(np.log(prices.astype(float)))


def _of_dotcom(day: str) -> Any:
    """What the lenses say of the dotcom years; that of innovations says that it saw later."""
    # A case is asked at the end of a month: the last that was over.
    month = (pd.Timestamp(day) + pd.Timedelta(days=1)).to_period("M") - 1
    case = Case("dotcom", "-", (str(month),), industry="Softw", buildout="us-it-dotcom")
    asked = [lens for lens in lenses() if lens.key != "innovation"]
    rows = {lens.key: lens.past(case, fitted) for lens in asked}
    return [row | {"followed": None} for said in rows.values() for row in said]


class _Nothing:
    """What stands for a series that is not in the tables at all."""

    def as_of(self, date: object, *, by: str = "") -> None:
        raise manias.DataError("no such series")


def _whole(ask: Callable[[str], Any]) -> Callable[[str], Any]:
    """Ask of a series that is read whole and then cut.

    Without the words of a refusal: they tell from when on the series is on record, or that
    the table has none of that name where all of its rows came later.
    """

    def asked(day: str) -> Any:
        try:
            return ask(day)
        except manias.ManiasError:
            return "refused"

    return asked


def _cut(key: str, day: str, by: str) -> Any:
    """A trajectory without its sources and grade: of the whole, which no cut can take back."""
    path = manias.trajectory(key).as_of(day, by=by)
    told = {"values": path.values, "published": path.published, "anchors": path.anchors}
    return {"id": path.id, "unit": path.unit, **told}


def _rows(tables: Mapping[str, pd.DataFrame]) -> Any:
    """Rows without their place in the file, which is another where a row before is gone."""
    return {name: table.reset_index(drop=True) for name, table in tables.items()}


LATER = ("solar-2007", "3d-printing-2013", "cannabis-2018", "crypto-2017", "china-2015")
INDICES = ("ai-industries", "nasdaq-100", "nasdaq-composite", "qqq", "smh", "sox", "technology")
ANSWERS: dict[str, dict[str, Callable[[str], Any]]] = {"published": {}, "observed": {}}
"""By what known means in it, name -> answer as of a day."""


def _fill() -> None:
    printed, seen = ANSWERS["published"], ANSWERS["observed"]
    panel = manias.load_panel
    for name in companies():
        seen[f"ask {name}"] = lambda day, name=name: manias.ask(name, as_of=day)
        printed[f"measure_ai {name}"] = lambda day, name=name: measure_ai(name, as_of=day)
    printed["measure_ai"] = lambda day: measure_ai(as_of=day)
    printed["stand_ai"] = lambda day: stand_ai(as_of=day)
    printed["ask_indices"] = lambda day: manias.ask_indices(as_of=day)
    seen["lenses of the dotcom years"] = _of_dotcom
    printed["financing_table"] = lambda day: manias.financing_table(day)
    printed["compare_financing"] = lambda day: manias.compare_financing(day)
    printed["booms_in_money"] = _inside(manias.booms_in_money, "published")
    printed["compare_booms"] = _inside(manias.compare_booms, "published")
    printed["answer_by_definition"] = _inside(manias.answer_by_definition, "published")
    printed["compare_shares"] = _inside(manias.compare_shares, "published")
    printed["recent_falls"] = _inside(manias.recent_falls, "published")
    printed["value_market"] = _inside(manias.value_market, "published")
    printed["date_series"] = _inside(_dated, "published")
    printed["crash_within"] = _inside(
        lambda: manias.CrashHazard().fit(scored=False), "published"
    )
    printed["load_conditions"] = _inside(manias.load_conditions, "published")
    for key in trajectory_names():
        for by in ("published", "observed"):
            ANSWERS[by][f"trajectory {key}"] = _inside(lambda k=key: manias.trajectory(k), by)
            ANSWERS[by][f"trajectory {key} cut"] = _whole(
                lambda day, k=key, by=by: _cut(k, day, by)
            )
    for name in manias.names():
        for by in ("published", "observed"):
            ANSWERS[by][f"load {name}"] = lambda day, name=name, by=by: _rows(
                manias.load(name).as_of(day, by=by).tables
            )
            ANSWERS[by][f"known_on {name}"] = _inside(
                lambda name=name: _rows(manias.load(name).tables), by
            )
    seen["assess"] = lambda day: manias.assess(panel(), as_of=day)
    seen["Panel.as_of"] = lambda day: panel().as_of(day)
    seen["date_runups"] = lambda day: manias.date_runups(panel().as_of(day))
    seen["held_apart"] = lambda day: manias.held_apart(day)
    for key in LATER:
        seen[f"later_returns {key}"] = _whole(
            lambda day, k=key: manias.later_returns(k, as_of=day).returns
        )
    for key in INDICES:
        seen[f"Index.as_of {key}"] = _whole(
            lambda day, k=key: manias.ai_indices().get(k, _Nothing()).as_of(day)
        )
    seen["same_age"] = lambda day: manias.same_age(as_of=day)
    for window in ("ai", "dotcom"):
        seen[f"milestones {window}"] = _whole(
            lambda day, w=window: manias.milestones(w, as_of=day)
        )
    seen["PrecedentModel"] = lambda day: manias.PrecedentModel().fit(as_of=day)
    seen["LandmarkModel"] = lambda day: manias.LandmarkModel().fit(as_of=day)
    for case in ("ai", "uk-railways", "us-telecom"):
        seen[f"PaybackModel {case}"] = lambda day, c=case: manias.PaybackModel(c).fit(as_of=day)
    seen["judge"] = lambda day: [manias.judge(f, as_of=day) for f in _public(day)]
    seen["judge frozen"] = lambda day: [
        manias.judge(f, as_of=day) for f in list_frozen() if f.made <= day
    ]
    seen["resolve"] = lambda day: [manias.resolve(q, as_of=day) for q in _asked(day)]
    seen["tournament"] = lambda day: manias.tournament(as_of=day)
    for gauge in list_gauges():
        if not gauge.is_slow:
            seen[f"gauge {gauge.key}"] = lambda day, g=gauge: g.readings(day)


def _public(day: str) -> Any:
    with manias.known_on(day, by="observed"):
        return manias.list_forecasts()


def _asked(day: str) -> Any:
    with manias.known_on(day, by="observed"):
        return manias.list_questions()


def answers(day: str, by: str, names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Ask, and spell out what is said; an error of the package is an answer too.

    Parameters
    ----------
    day : str
    by : {"published", "observed"}
    names : tuple of str
        Beginnings of names; all answers when empty.

    Yields
    ------
    name, said : str
    """
    if not ANSWERS[by]:
        _fill()
    for name, ask in ANSWERS[by].items():
        if names and not name.startswith(names):
            continue
        try:
            yield name, without_checksums(str(spelt(ask(day))))
        except manias.ManiasError as error:
            yield name, f"{type(error).__name__}: {error}"
        except Exception:  # a traceback is what the trial is to find
            yield name, traceback.format_exc()


if __name__ == "__main__":
    day, by, *names = sys.argv[1:]
    for name, said in answers(day, by, tuple(names)):
        print(name, repr(said), sep="\t", flush=True)
