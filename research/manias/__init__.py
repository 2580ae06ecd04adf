"""Do today's AI capital-expenditure trajectories resemble past bubbles?

Start here::

    import manias

    manias.load("innovations").frame  # a table, with units, sources and grades
    manias.trajectory("us-it-ai").as_of("2024-12")  # one series; nothing published later
    manias.ask("ai")  # what each lens says of AI, beside its base rate
    manias.load_model("runup-panel").summary()  # a fitted model, as it is cited
    manias.trace("ai-last-share")  # from a number of the report to its rows

Names are grouped by what they are about: ``manias.data``, ``manias.series``,
``manias.explosive``, ``manias.record``, ``manias.evaluation``, ``manias.lenses``,
``manias.answers``, ``manias.figures`` and ``manias.report``. All of them can be taken from
``manias`` itself too, and are imported on first use, so that ``import manias`` stays quick.
"""

from importlib.metadata import version
from typing import Any

import lazy_loader

from manias.data.results import drawn_by

__version__ = version("manias")
__getattr__, __dir__, _public = lazy_loader.attach_stub(__name__, __file__)
__all__ = ["__version__", *_public]


def _draw(result: Any, **options: Any) -> Any:
    from manias.figures.results import draw

    return draw(result, **options)


drawn_by(_draw)
