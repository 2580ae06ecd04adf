"""Past build-outs one by one, with AI over each."""

from manias.answers.archive import load_model
from manias.data.library import once
from manias.language.messages import Joined, Text, Word
from manias.lenses.beside import BuildoutsBeside, lay_beside
from manias.report.exhibits import Picture, Said, makes
from manias.report.parts import FIVE
from manias.report.selections import build_outs
from manias.series.trajectories import behind


@once
def _beside() -> BuildoutsBeside:
    return lay_beside(load_model("landmark"), FIVE)


@makes("exhibit", "build-outs-beside")
def beside_figure() -> Said:
    found = _beside()

    def draw(language):
        from manias.figures.beside import plot_beside

        return plot_beside(found, language=language)

    fell = [p.name for p in found.panels if p.label == 1]
    picture = Picture(
        draw=draw,
        caption=Text(
            "Past build-outs, the fastest first, with the capital expenditure of "
            "five AI builders (thick) over each: what was built or spent in a year "
            "by years since the onset, 100 in year {age}, which AI has reached. One "
            "logarithmic scale, cut off below and above. Left of the grey line lies "
            "what the model compares, right of it how each went on. A build-out fell "
            "when it was half of an earlier year within {horizon} years. Units "
            "differ and only growth is compared. Points that were not positive are "
            "left out.",
            age=found.age,
            horizon=Word(found.horizon),
        ),
        alt=Text(
            "{n} small panels. {finding}. Fallen by half: {fell}.",
            n=str(len(found.panels)),
            finding=found.finding,
            fell=Joined("; ", fell) if fell else "none",
        ),
    )
    return Said(picture, build_outs(), behind(FIVE))
