"""A panel from elsewhere names itself in the card of whatever is fitted to it."""

import json
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
from manias import Panel, load, load_panel
from manias.evaluation.cards import dumps
from manias.lenses.crash_hazard import CrashHazard
from manias.lenses.crash_logit import FROM_PRICES, PRICES, RunUpLogit
from manias.lenses.features import load_conditions
from manias.lenses.ladder import LadderModel

PRICES_ONLY = tuple(name for name in PRICES if name != "cape")
DIGEST = "f" * 64


@pytest.fixture(scope="module")
def abroad():
    """The industries of a made-up country, of grade B, from a source of their own."""
    here = load("us_industries")
    tables = {
        name: frame.assign(source="bourse1999", grade="B")
        for name, frame in here.tables.items()
    }
    return replace(
        here,
        name="tulip-industries",
        frame=tables["data"],
        tables=MappingProxyType(tables),
        fingerprint=DIGEST,
        grade="B",
    )


FITS = {
    "ladder": lambda c: LadderModel().fit(c.panel),
    "panel": lambda c: RunUpLogit("panel", permutations=0).fit(c, scored=False),
    "classic": lambda c: RunUpLogit().fit(c, scored=False),
    "prices": lambda c: FROM_PRICES.fit(c, scored=False),
    "hazard": lambda c: CrashHazard(is_tested=False).fit(c, scored=False),
}


@pytest.mark.parametrize("name", FITS)
def test_a_panel_from_elsewhere_names_itself(abroad, name):
    fit = FITS[name](load_conditions(abroad).as_of("2014-03"))
    card = json.loads(dumps(fit.to_card()))
    others = {} if name == "ladder" else {"shiller": load("shiller").fingerprint}
    assert card["data"] == {"tulip_industries": DIGEST, **others}
    assert card["sources"] == ["bourse1999", *(["shiller2026"] if others else [])]
    assert card["grade"] == "B" and card["until"] == "2014-03-31"
    named = {(p["dataset"], p["table"]) for p in card["rows"]}
    assert {("tulip_industries", "data"), ("tulip_industries", "market")} <= named
    assert type(fit).from_card(card).to_card() == card
    # Where it comes from does not change what it is: the same numbers have the same id.
    assert FITS[name](load_conditions().as_of("2014-03")).model_id == fit.model_id


def test_book_values_are_named_only_where_they_are_read(abroad):
    conditions = load_conditions(abroad)
    tables = {p.table for p in conditions.provenance(("runup", "book_to_market")).picks}
    assert tables == {"data", "market", "book"}
    assert {p.dataset for p in conditions.provenance(("cape",)).picks} == {
        "tulip_industries",
        "shiller",
    }
    assert len(conditions.provenance(("runup",)).picks) == 2


def test_rows_of_a_panel_are_those_of_its_months_and_industries(abroad):
    cut = load_panel(abroad).as_of("1999-12")
    data, market = cut.rows
    assert data.frame["month"].max() == market.frame["month"].max() == pd.Period("1999-12")
    assert len(market.frame) == len(cut.returns) == market.total
    assert data.digest == DIGEST


def test_a_panel_of_ones_own_has_no_source_and_grade_c():
    ours = load_panel().as_of("2014-03")
    card = LadderModel().fit(Panel(ours.returns, ours.firms, ours.market)).to_card()
    assert (card["data"], card["sources"], card["rows"], card["grade"]) == ({}, [], [], "C")
    assert card["until"] == "2014-03-31"
    c = load_conditions().as_of("2014-03")
    own = replace(c, panel=replace(c.panel, dataset=None), valuation=None)
    fit = RunUpLogit("panel", PRICES_ONLY, permutations=0).fit(own, scored=False)
    assert (fit.data, fit.sources, fit.grade) == ({}, (), "C")
    # One part of one's own is enough for the grade.
    half = replace(c, valuation=None)
    assert half.provenance(("runup", "cape")).grade == "C"
    assert half.provenance(("runup",)).grade == "A"
