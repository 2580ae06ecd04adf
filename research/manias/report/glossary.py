"""The words that the report uses in one meaning, and those that it does not use."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from manias.report.exhibits import Said, Table, makes


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the report; the phrase book has both in other languages.

    Attributes
    ----------
    word : str
    meaning : str
        In one sentence.
    """

    word: str
    meaning: str


TERMS = (
    Term(
        "run-up",
        "A rise of share prices over two years by at least the size that is named, both in "
        "itself and net of the market.",
    ),
    Term(
        "net of the market",
        "The return of a share, fund or industry less the return of the whole market over the "
        "same months.",
    ),
    Term("crash", "A fall of share prices by 40% or more within the two years that follow."),
    Term(
        "separate period",
        "Two years that overlap no other such period; run-ups of many industries in one of "
        "them count once where independent cases are counted.",
    ),
    Term(
        "onset",
        "The date of an event from which the clock of a boom counts, such as the opening of "
        "ChatGPT to the public.",
    ),
    Term(
        "build-out",
        "The years in which the equipment and buildings of a new technology are put in place.",
    ),
    Term(
        "builder",
        "A company that pays for a build-out; the five of AI are Alphabet, Amazon, Meta, "
        "Microsoft and Oracle.",
    ),
    Term(
        "size class",
        "Past cases whose spending changed about as much against GDP over three years, such as "
        "rises above 100%.",
    ),
    Term(
        "case",
        "One year of one series from which it is counted what followed, such as the spending "
        "of one industry on one class of asset.",
    ),
    Term(
        "model",
        "One of six ways to ask what past cases say of AI, each with its own question, cases "
        "and limits.",
    ),
    Term(
        "base rate",
        "The share of all cases in which the event came, which is the answer without a model.",
    ),
    Term(
        "out of sample",
        "On cases that a model was not fitted to, as it would meet them in use.",
    ),
    Term(
        "gain",
        "How much better the probabilities of a model score out of sample than the base rate, "
        "in logarithms (nats) a case.",
    ),
    Term(
        "skill",
        "A gain that fewer than one in twenty relabelled samples reach, by a permutation test.",
    ),
    Term(
        "explosive",
        "Growing faster than in proportion to its level, as a test of right-tailed unit roots "
        "tells it.",
    ),
    Term(
        "grade",
        "How good the evidence of a row is: A a primary or scholarly source was seen, B a "
        "secondary one, J our judgement by a written rule, C not confirmed.",
    ),
)
"""In the order in which a reader meets them."""

PRIVATE: Mapping[str, str] = MappingProxyType(
    {
        "lens": "model",
        "lenses": "models",
        "flow": "series, or spending a year",
        "flows": "series, or spending a year",
        "rung": "threshold",
        "rungs": "thresholds",
        "ladder": "how often rises of each size ended in a fall",
        "ladders": "how often rises of each size ended in a fall",
        "stretch": "separate period, or part",
        "stretches": "separate periods, or parts",
        "looks": "answers, or months",
        "plant": "buildings and equipment",
        "silent": "no answer",
        "hazard": "model, month by month",
        "says nothing": "no conclusion",
        "did not speak": "no answer",
        "log-odds": "logarithm of the odds",
    }
)
"""Words of the code, and what a reader meets in their place."""

ALLOWED = ("cash flow", "cash flows", "plant and equipment")
"""Terms of accounting that hold such a word."""


@makes("exhibit", "glossary")
def glossary() -> Said:
    table = Table(
        caption="Words that this report uses in one meaning",
        columns=["Word", "Meaning"],
        widths=[1, 5],
        rows=[[term.word, term.meaning] for term in TERMS],
    )
    return Said(table)
