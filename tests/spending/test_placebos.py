"""What the placebos leave is told as their figures say."""

from dataclasses import replace

import pytest
from manias.answers.archive import load_model
from manias.errors import InputError
from manias.language.editions import read_language
from manias.spending.placebos import placebo_finding

OUTCOME = "dollars_fall_30"


def with_placebos(found, shuffled, backwards):
    top = found.ladder[-1]
    changed = replace(
        top,
        shuffled={**top.shuffled, OUTCOME: shuffled},
        reversed={**top.reversed, OUTCOME: backwards},
    )
    return replace(found, ladder=(*found.ladder[:-1], changed))


@pytest.mark.parametrize(
    ("shuffled", "backwards", "words", "chinese"),
    [
        (0.0, 0.0, "both are below", "两者都低于"),
        (0.0, 1.0, "one of the two is below", "其中一个低于"),
        (1.0, 1.0, "neither is below", "两者都不低于"),
    ],
)
def test_the_verdict_follows_the_interval(shuffled, backwards, words, chinese):
    found = load_model("spending-industries")
    told = placebo_finding(with_placebos(found, shuffled, backwards), OUTCOME)
    assert words in told and chinese in read_language("zh").render(told)


def test_frequencies_are_those_of_the_ladder_and_an_unknown_outcome_is_an_error():
    found = load_model("spending-industries")
    told, frame = placebo_finding(found, OUTCOME), found.ladder[-1]
    for value in (frame.frequency, frame.shuffled, frame.reversed):
        assert f"{value[OUTCOME]:.0%}" in told
    with pytest.raises(InputError, match="outcome 'nothing'"):
        placebo_finding(found, "nothing")
