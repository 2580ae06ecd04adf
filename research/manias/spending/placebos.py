"""What the two placebos leave of the ladder of spending, in one sentence."""

from manias.data.arguments import checked
from manias.errors import InputError
from manias.language.messages import Text
from manias.language.numbers import percent
from manias.spending.ladder import FLAT, SpendingResults


@checked
def placebo_finding(results: SpendingResults, outcome: str) -> Text:
    """Say whether what rose most fell more often than with its years out of order.

    Parameters
    ----------
    results : SpendingResults
    outcome : str
        A key of the frequencies of its classes.

    Returns
    -------
    Text
        Whether the frequency of a placebo lies below the interval of the own one is told.

    Raises
    ------
    InputError
        If there is no such outcome.

    Examples
    --------
    >>> from manias.answers.archive import load_model
    >>> placebo_finding(load_model("spending-industries"), "dollars_fall_30")[:48]
    'Spending that rose most (above 100%) fell in 37%'
    """
    top = results.ladder[-1]
    flat = next(rung for rung in results.ladder if rung.name == FLAT)
    if outcome not in top.frequency:
        known = ", ".join(top.frequency)
        raise InputError(f"outcome {outcome!r}: expected one of {known}")
    low, _ = top.interval[outcome]
    same = {
        "shuffled": top.shuffled[outcome] >= low,
        "reversed": top.reversed[outcome] >= low,
    }
    both = all(same.values())
    return Text(
        "Spending that rose most ({top}%) fell in {own} of cases, flat spending in "
        "{flat}. With the years in random order it is {shuffled}, with time reversed "
        "{reversed}: {verdict:select both=neither is|one=one of the two is|none=both "
        "are} below its interval",
        top=top.name,
        own=percent(top.frequency[outcome]),
        flat=percent(flat.frequency[outcome]),
        shuffled=percent(top.shuffled[outcome]),
        reversed=percent(top.reversed[outcome]),
        verdict="both" if both else "one" if any(same.values()) else "none",
    )
