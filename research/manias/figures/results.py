"""Which picture belongs to which result."""

from functools import singledispatch
from typing import Any

from matplotlib.figure import Figure

from manias.answers.beside import Scorecard
from manias.answers.forecasts import Judgement
from manias.data.reader import Series
from manias.errors import DataError
from manias.evaluation.cards import Carded
from manias.evaluation.logit import LogitResults
from manias.explosive.dating import DatedSeries
from manias.figures.beside import plot_beside
from manias.figures.dating import plot_dating
from manias.figures.debts import plot_debts
from manias.figures.forecasts import plot_judgements
from manias.figures.payback import plot_payback
from manias.figures.ranges import plot_payback_ranges
from manias.figures.record import plot_event_time
from manias.figures.runups import plot_ladder, plot_standing
from manias.figures.scorecard import plot_scorecard
from manias.figures.shares import plot_falls, plot_shares, plot_valuation
from manias.figures.skill import plot_gains, plot_scores
from manias.figures.spending import plot_spending
from manias.lenses.beside import BuildoutsBeside
from manias.lenses.ladder import Assessment, LadderResults
from manias.lenses.payback import PaybackResults
from manias.lenses.payback_ranges import PaybackRanges
from manias.record.debts import Debts
from manias.series.baskets import Basket
from manias.series.shares import RecentFalls, SharesAtAge
from manias.series.timeline import CLOCKS, EventTime, Trajectory, align
from manias.series.trajectories import own
from manias.series.valuation import Valuation
from manias.spending.ladder import SpendingResults


@singledispatch
def draw(result: Any, **options: Any) -> Figure:
    """Draw a result with the function of `manias.figures` that is made for it.

    Parameters
    ----------
    result : manias.data.results.Plotted
    **options
        Of that function.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from manias import trajectory
    >>> draw(trajectory("us-it-ai")).axes[0].get_ylabel()
    'percent of GDP'
    """
    raise TypeError(f"{type(result).__name__}: no figure is made for it")


draw.register(LadderResults, plot_ladder)
draw.register(PaybackResults, plot_payback)
draw.register(Scorecard, plot_scorecard)
draw.register(SharesAtAge, plot_shares)
draw.register(RecentFalls, plot_falls)
draw.register(Valuation, plot_valuation)
draw.register(Debts, plot_debts)
draw.register(BuildoutsBeside, plot_beside)
draw.register(PaybackRanges, plot_payback_ranges)


@draw.register
def _(result: Carded, **options: Any) -> Figure:
    return plot_gains([result], **options)


@draw.register
def _(result: LogitResults, **options: Any) -> Figure:
    return plot_scores([result], **options)


@draw.register
def _(result: SpendingResults, **options: Any) -> Figure:
    outcome = options.pop("outcome", next(iter(result.ladder[0].frequency)))
    return plot_spending(result, outcome, **options)


@draw.register
def _(result: Assessment, **options: Any) -> Figure:
    return plot_standing([result], **options)


@draw.register
def _(result: Judgement, **options: Any) -> Figure:
    return plot_judgements([result], **options)


@draw.register
def _(result: DatedSeries, **options: Any) -> Figure:
    if result.series is None:
        raise DataError("a panel has no one series to draw; expected what date_series returns")
    name = options.pop("name", str(result.series.name or ""))
    return plot_dating(result.series, result, name=name, **options)


@draw.register
def _(result: Trajectory, **options: Any) -> Figure:
    known = (clock for clock in CLOCKS if result.anchors.get(clock) is not None)
    clock = options.pop("clock", next(known, "onset"))
    table = align([result], EventTime(clock, before=LONG, after=LONG))
    return plot_event_time(table, [result], clock=clock, **options)


LONG = 1000
"""Years before and after 0, more than any trajectory has."""


@draw.register
def _(result: Series, **options: Any) -> Figure:
    return draw(own(result, measure="own", onset=result.onset), **options)


@draw.register
def _(result: Basket, **options: Any) -> Figure:
    return draw(result.path, **options)
