"""Payback by growth of spending and base of revenue, beside published answers."""

from manias.data.library import load
from manias.data.rows import some
from manias.language.messages import Text
from manias.language.numbers import percent
from manias.lenses.payback_cases import PUBLISHED
from manias.lenses.payback_ranges import payback_ranges
from manias.report.exhibits import Picture, Said, makes
from manias.report.payback import ROUNDED, _bases_rows


def _rests():
    listed = load("assumptions").frame["id"].str.startswith(PUBLISHED)
    yield some("assumptions", listed, "published answers")
    yield from _bases_rows()


@makes("sentence", "ranges-finding")
def ranges_finding() -> Said:
    found = payback_ranges()
    text = Text("{finding}. {comparison}", finding=found.finding, comparison=found.comparison)
    return Said(text, _rests(), still=ROUNDED)


@makes("exhibit", "payback-ranges")
def ranges_figure() -> Said:
    found = payback_ranges()

    def draw(language):
        from manias.figures.ranges import plot_payback_ranges

        return plot_payback_ranges(found, language=language)

    parts = [
        Text(
            "spending growing by {growth}, revenue by {low} to {high}",
            growth=percent(growth),
            low=percent(found.needed(growth)[0]),
            high=percent(found.needed(growth)[1]),
        )
        for growth in sorted(found.bases["growth"].unique())
    ]
    first, second, third = parts
    picture = Picture(
        draw=draw,
        caption=Text(
            "Above: growth of revenue a year that covers what is required by {by}, "
            "by growth of spending. Revenue (billion dollars) is that of the last "
            "twelve months and at the present rate. The line takes spending of the "
            "last four quarters, the band reaches to the other bases. Below: "
            "required revenue a year by our equation and by published answers. These "
            "count other spending over other years, one of them the whole life of "
            "the chips. Everything here is assumed or solved from assumptions.",
            by=found.cover_by,
        ),
        alt=Text(
            "Two bands that rise with the growth of spending: {first}; {second}; {third}. "
            "Below a row of points. {comparison}.",
            first=first,
            second=second,
            third=third,
            comparison=found.comparison,
        ),
    )
    return Said(picture, _rests(), still=ROUNDED)
