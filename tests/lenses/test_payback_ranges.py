"""The payback on every base: a growth that it names does cover."""

from dataclasses import replace

import pytest
from manias.data.library import load
from manias.errors import DataError
from manias.lenses.payback import PaybackModel, known_assumptions
from manias.lenses.payback_cases import REVENUE
from manias.lenses.payback_ranges import payback_ranges


@pytest.fixture(scope="module")
def found():
    return payback_ranges()


def test_the_growth_that_is_told_just_covers_and_less_does_not(found):
    row = found.bases.query("growth == 0.2").iloc[0]
    solved = PaybackModel("ai", 0.2).fit()
    assert solved.growth_needed == pytest.approx(row["growth_needed"])
    at = int(solved.as_of[:4])
    needed = solved.path.loc[found.cover_by, "required"]
    grown = row["revenue"] * (1 + row["growth_needed"]) ** (found.cover_by - at)
    assert grown == pytest.approx(needed, rel=1e-6)


def test_more_growth_of_spending_needs_more_and_more_revenue_now_needs_less(found):
    for _, group in found.bases.groupby(["spending", "earning"], sort=False):
        assert group.sort_values("growth")["growth_needed"].is_monotonic_increasing
    wide = found.bases.pivot(
        index=["spending", "growth"], columns="earning", values="growth_needed"
    )
    assert (wide["present rate"] < wide["last twelve months"]).all()
    given = dict(known_assumptions("ai"))
    given[REVENUE] = replace(given[REVENUE], low=175.0, central=175.0, high=175.0)
    level = found.bases.query("spending == 'last four quarters' and growth == 0")
    alone = PaybackModel("ai").fit(given).growth_needed
    assert alone == pytest.approx(
        level.set_index("earning").loc["present rate", "growth_needed"]
    )


def test_the_sentences_hold_the_ends(found):
    low, high = found.needed(0.4)
    assert f"grows by 40% a year, it has to grow by {low:.0%} to {high:.0%}" in found.finding
    frame = load("assumptions").frame
    printed = frame.loc[frame["id"].str.startswith("ai_required_"), "central"].astype(float)
    words = f"by five published answers {printed.min():,.0f} to {printed.max():,.0f} billion. "
    assert words in found.comparison and len(printed) == 5
    cheap = replace(found, published=tuple(replace(a, required=1.0) for a in found.published))
    assert "Five of these lie lower" in cheap.comparison
    with pytest.raises(DataError, match=r"growth 0\.9: no base"):
        found.needed(0.9)
