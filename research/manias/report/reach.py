"""To which date each kind of data reaches."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pandas as pd

from manias.data.library import load
from manias.data.rows import Rows, some, whole
from manias.language.messages import Joined, Month, Quarter, Text, Word
from manias.record.companies import companies
from manias.record.reach import KINDS, Reach, edition_day, observed_in, reach
from manias.report.exhibits import Said, makes

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "us_it_investment": "national accounts",
        "us_industries": "share prices of industries",
        "ai_market": "share prices of indices and baskets",
        "us_credit": "credit",
    }
)
"""What the tables of `KINDS` hold, as the first page says it."""


@makes("sentence", "data-reach")
def data_reach() -> Said:
    """What is older than its newest original, by its timetable, is marked so."""
    told = [_told(reach(table)) for table in KINDS if table != "ai_capex"]
    told.append(_companies())
    text = Text("The data reach to {ends}", ends=Joined("; ", told))
    return Said(text, _ends(), whole("originals"), still="only the last period of each is told")


def _told(found: Reach) -> Text:
    name, to = Text(NAMES[found.table]), _period(found.to)
    if not found.is_late:
        return Text("{to} ({name})", to=to, name=name)
    return Text(
        "{to} ({name}; by the usual timetable figures to {newest} are out)",
        to=to,
        name=name,
        newest=_period(found.newest),
    )


def _companies() -> Text:
    """Companies report one by one: the first and the last of their latest quarters."""
    ends = _latest()["period_end"]
    wait = load("originals").frame.query("feed == 'ai_capex'")["wait_days"].max()
    following = pd.to_datetime(ends) + pd.DateOffset(months=3, days=int(wait))
    return Text(
        "{first} to {last} (accounts of builders of AI capacity; by the usual timetable {n} of "
        "{of} have reported a further quarter)",
        first=Month(min(ends)[:7]),
        last=Month(max(ends)[:7]),
        n=Word(int((following <= edition_day()).sum())),
        of=Word(len(ends)),
    )


def _latest() -> pd.DataFrame:
    frame = load("ai_capex").frame
    builder = frame["company"].str.casefold().isin(companies())
    named = frame[builder & (frame["measure"] == "capex")]
    return named.sort_values("period_end").groupby("company").tail(1)


def _period(text: str) -> str:
    if "Q" in text:
        return Quarter(pd.Period(text, freq="Q"))
    return Month(text[:7])


def _ends() -> Iterable[Rows]:
    for table in KINDS:
        if table == "ai_capex":
            yield some(table, _latest().index, "the latest quarter of each builder")
            continue
        column = observed_in(table)
        frame = load(table).frame
        last = reach(table).to
        yield some(table, frame[column].astype(str) == last, f"{column} {last}, the last")
