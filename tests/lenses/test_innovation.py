"""Lens 1: covariates fixed beforehand, labels by name, an answer that may be silence."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from manias.data.library import load
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.lenses import innovation
from manias.lenses.innovation import (
    PREREGISTERED,
    InnovationLogit,
    _variants,
    answer_innovation,
    specifications,
)
from manias.record.covariates import settled_covariates
from manias.record.labels import DEFINITIONS, label_innovations


@pytest.fixture(scope="module")
def fit():
    return InnovationLogit(permutations=19).fit()


def test_the_cases_are_the_list_with_a_verdict_and_all_codes(fit):
    codes = settled_covariates("candidates")[list(PREREGISTERED)]
    found = label_innovations("historian", candidates=True)
    labels = pd.Series(found).map({"yes": 1.0, "no": 0.0})
    tables = load("innovations").tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    dated = both["commercialised_grade"].reindex(codes.index) != "C"
    whole = codes.notna().all(axis=1) & labels.reindex(codes.index).notna() & dated
    assert (fit.n, fit.events) == (int(whole.sum()), int(labels[whole[whole].index].sum()))
    assert fit.dropped == len(both) - fit.n and (~dated).any()


def test_the_list_alone_and_quoted_shares_alone_are_too_few():
    with pytest.raises(
        DataError, match="10 cases of the rarer outcome cannot support 3 slopes"
    ):
        InnovationLogit(candidates=False).fit(scored=False)
    with pytest.raises(DataError, match="cases ended alike"):
        InnovationLogit(definition="quoted").fit(scored=False)
    early = InnovationLogit(definition="within_15_years").table()["label"]
    ever = InnovationLogit().table()["label"]
    assert set(early.index[early == 1]) < set(ever.index[ever == 1])


def test_the_fit_agrees_with_another_implementation(fit):
    from firthmodels import FirthLogisticRegression

    x, y = fit.cases[list(fit.terms)].to_numpy(), fit.cases["label"].to_numpy()
    theirs = FirthLogisticRegression(max_iter=500).fit(x, y)
    assert fit.params.to_numpy()[1:] == pytest.approx(theirs.coef_, abs=1e-4)
    # The intercept is FLIC's: the mean prediction is the share of events.
    assert fit.predict_proba(fit.cases).mean() == pytest.approx(y.mean(), abs=1e-9)


def test_a_covariate_known_only_later_is_refused():
    with pytest.raises(InputError, match="covariate 'narrative'"):
        InnovationLogit(("narrative",))
    with pytest.raises(InputError, match="each once"):
        InnovationLogit(("visibility", "visibility"))


def test_labels_are_never_mixed(fit):
    table = InnovationLogit(definition="goldfarb_kirsch").table()
    own = label_innovations("goldfarb_kirsch", candidates=True)
    for key, value in table["label"].dropna().items():
        assert {1.0: "yes", 0.0: "no"}[value] == own[key]


def test_the_budget_refuses_three_slopes_for_few_cases():
    with pytest.raises(DataError, match="cannot support"):
        InnovationLogit(definition="goldfarb_kirsch").fit(scored=False)


def test_a_table_of_ones_own_and_a_lost_covariate():
    table = InnovationLogit().table()
    table.loc[table.index[0], "visibility"] = np.nan
    fit = InnovationLogit(permutations=19).fit(table, scored=False)
    assert fit.dropped == int(table[[*PREREGISTERED, "label"]].isna().any(axis=1).sum())
    table["visibility"] = 1.0
    with pytest.raises(DataError, match="'visibility' is constant"):
        InnovationLogit().fit(table, scored=False)
    table["visibility"] = table["radicalness"]
    with pytest.raises(DataError, match="collinear"):
        InnovationLogit().fit(table, scored=False)


def test_ai_is_placed_by_its_own_codes_and_never_fitted(fit):
    said = answer_innovation(fit)
    row = settled_covariates("unfinished").loc["ai", list(fit.terms)]
    eta = fit.params["intercept"] + sum(fit.params[t] * row[t] for t in fit.terms)
    assert said.value == pytest.approx(np.exp(eta) * (fit.n - fit.events) / fit.events)
    assert said.unit == "odds ratio" and "no probability" in said.reason
    assert said.low < said.value < said.high
    assert "ai" not in fit.cases.index
    assert said.says == (said.has_skill and said.is_supported)
    with pytest.raises(InputError, match="innovation 'quantum'"):
        answer_innovation(fit, "quantum")


def test_the_nearest_are_nearest(fit):
    row = settled_covariates("unfinished").loc["ai", list(fit.terms)]
    x = fit.cases[list(fit.terms)]
    gap = (((x - row) / x.std(ddof=0)) ** 2).sum(axis=1)
    near = answer_innovation(fit).nearest
    assert gap[list(near)].max() <= gap.drop(list(near)).min() + 1e-12


def test_one_specification_counts_from_the_earliest_years():
    change = {sample: f for _, sample, f in innovation._variants()}[innovation.EARLIEST]
    model = InnovationLogit(definition="within_15_years", permutations=0)
    shown = model.table()
    earliest = change(shown)
    tables = load("innovations").tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    moved = both.index[both["early"] != both["early_from"]]
    unlike = shown["label"].fillna(-1) != earliest["label"].fillna(-1)
    assert set(shown.index[unlike]) == set(moved)
    assert earliest.drop(columns="label").equals(shown.drop(columns="label"))
    fits = [model.fit(t, scored=False) for t in (shown, earliest)]
    assert fits[0].n - fits[1].n == len(moved) and fits[1].params.ne(fits[0].params).all()


@pytest.mark.slow
def test_the_specification_curve_holds_every_choice():
    table = specifications()
    fitted = table[table["failed"] == ""]
    assert set(table["definition"]) == set(DEFINITIONS)
    assert {
        "list",
        "list as first gathered",
        "list and candidates",
        innovation.EARLIEST,
    } <= set(fitted["sample"])
    assert not (fitted["definition"] == "quoted").any()
    assert fitted["odds_ratio"].between(fitted["low"], fitted["high"]).all()
    assert fitted["low"].gt(0).all()
    assert fitted["n"].ge(fitted["events"]).all()
    # What failed says why.
    assert (
        table.loc[table["failed"] != "", "failed"]
        .str.contains("cannot support|expected|outcome|alike")
        .all()
    )


def test_the_same_tables_give_the_same_bytes(fit):
    again = InnovationLogit(permutations=19).fit()
    assert dumps(again.to_card()) == dumps(fit.to_card())


def test_the_specifications_are_every_choice_once_and_permute_nothing():
    """All sets of the three covariates, by every definition, grade and sample."""
    found = [(model, sample) for model, sample, _ in _variants()]
    assert all(model.permutations == 0 for model, _ in found)
    keys = [
        (m.definition, frozenset(m.covariates), m.minimum_grade, sample) for m, sample in found
    ]
    assert len(set(keys)) == len(keys)
    sets = {frozenset(s) for k in (1, 2, 3) for s in combinations(PREREGISTERED, k)}
    assert len(PREREGISTERED) == 3 and len(sets) == 7
    for definition in DEFINITIONS:
        mine = {key[1:] for key in keys if key[0] == definition}
        assert {
            (chosen, grade, sample)
            for chosen in sets
            for grade in "AB"
            for sample in ("list", "list and candidates")
        } <= mine
