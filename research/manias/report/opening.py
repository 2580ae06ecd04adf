"""The first two pages: the day of the edition, the answer, the scorecard, the other side."""

import datetime
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.beside import FALL, Scorecard, ScoreRow, scorecard, scorecard_rows
from manias.answers.brief import BROAD, FIVE, Brief, brief, latest
from manias.answers.citing import RELEASED, cite
from manias.answers.forecasts import list_forecasts, list_frozen
from manias.data.calendar import last_day
from manias.data.library import current, load, once
from manias.data.rows import Rows, some
from manias.data.sources import weakest
from manias.language.messages import Joined, Listed, Month, Quarter, Text, Verbatim
from manias.language.numbers import percent, plain
from manias.lenses.payback_cases import payback_bases, payback_cases, published_answers
from manias.record.companies import companies
from manias.record.financing import AI_WAVE, compare_financing
from manias.report.answer import said
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import COUNTED, interval, standing_now
from manias.report.parts import FIVE as FIVE_PATH
from manias.report.payback import central_rows, rows_of
from manias.report.selections import ends
from manias.series.indices import run_up
from manias.spending.definitions import (
    EQUIPMENT,
    HEADLINE,
    answer_by_definition,
    definition_rows,
    told_quarters,
)
from manias.spending.ladder import Rung
from manias.spending.place import cash_rows, path_rows
from manias.spending.published import compare_published_shares, ours_rows

LICENCE = "CC BY 4.0"
"""Of the text, the figures and the compilation of the tables, as in ``LICENSE-DATA``."""
CODE_LICENCE = "BSD-3-Clause"
"""Of the code, as in ``LICENSE``."""
CONTRARY = "fox-2000q4"
"""Published share that would shrink the distance from the dotcom peak."""
REQUIRED = "ai_required_jpm"
"""Published answer to which revenue would pay that counts what ours counts most nearly."""

# ---- the title


def edition_date() -> datetime.date:
    """Day of the edition: that of the newest thing in it.

    Returns
    -------
    datetime.date
        The latest of the release, the days on which sources were read and on which forecasts
        were frozen, and the day on which a frozen edition was made. What is known to the month
        counts for its last day where no day of that month or later is known.

    Examples
    --------
    >>> edition_date() >= datetime.date.fromisoformat(RELEASED)
    True
    """
    told = [RELEASED, *(s.accessed for s in current().sources().values())]
    told += [f.made for f in (*list_forecasts(), *list_frozen())]
    if current().edition.how == "frozen":
        told.append(str(current().edition.made))
    return newest_day(told)


def newest_day(told: Iterable[str]) -> datetime.date:
    """Newest of some days and months.

    Parameters
    ----------
    told : iterable of str
        ``YYYY-MM-DD`` or ``YYYY-MM``; at least one.

    Returns
    -------
    datetime.date
        Never before a day or a month that is told.

    Examples
    --------
    >>> newest_day(["2026-11", "2026-11-24"]), newest_day(["2026-12", "2026-11-24"])
    (datetime.date(2026, 11, 24), datetime.date(2026, 12, 31))
    """
    parts = {text for text in told if text}
    days = [text for text in parts if len(text) == len(RELEASED)]
    months = [text for text in parts if text not in days]
    ends = [last_day(m).date().isoformat() for m in months if m > max(days, default="")[:7]]
    return datetime.date.fromisoformat(max([*days, *ends]))


@makes("sentence", "edition")
def edition_line() -> Said:
    return Said(
        Text(
            "Version {version}, {day}. By {authors}. Text, figures and compiled tables: "
            "{terms}; code: {code}",
            version=version("manias"),
            day=Verbatim(edition_date().isoformat()),
            authors=Text("the manias authors"),
            terms=Verbatim(LICENCE),
            code=Verbatim(CODE_LICENCE),
        )
    )


@makes("sentence", "cite-as")
def cite_as() -> Said:
    return Said(Verbatim(cite("manias", "apa").strip()))


# ---- the answer


@once
def told() -> Brief:
    return brief()


def answer_rows() -> Iterable[Rows]:
    """Rows behind the answer."""
    yield from scorecard_rows()
    for model in ("spending-industries", "spending-firms"):
        yield from load_model(model).provenance.rows()
    yield from cash_rows(FIVE)
    yield from rows_of("ai")
    yield ends()


@makes("sentence", "answer-resemblance")
def answer_resemblance() -> Said:
    return Said(told().resemblance, answer_rows(), still=COUNTED)


@makes("sentence", "answer-followed")
def answer_followed() -> Said:
    rows = load_model("spending-industries").provenance.rows()
    return Said(told().followed, rows, path_rows(FIVE), still=COUNTED)


@makes("sentence", "builders-named")
def builders_named() -> Said:
    table = load("trajectories").frame
    mine = table["id"] == FIVE_PATH
    return Said(
        Listed(table.loc[mine, "members"].iloc[0].split(";")),
        some("trajectories", mine, FIVE_PATH),
    )


def _class() -> Rung:
    """The size class in which the answer places AI."""
    found = load_model("spending-industries")
    return next(r for r in found.ladder if r.name == told().group)


@makes("sentence", "answer-evidence")
def answer_evidence() -> Said:
    """What the words for the evidence mean."""
    rung = _class()
    outcome = next(iter(rung.frequency))
    low, high = rung.interval[outcome]
    return Said(
        Text(
            "Evidence is moderate where the size of a rise told more of later years than the "
            "overall share of falls did, weak where a test that often misses found nothing, "
            "none where a good test found nothing, untested where none was run. The cause is "
            "unproven where the same years in random order (here {shuffled}) or backwards "
            "({reversed}) show so many falls that the rise need not be their reason. The "
            "{frequency} lies between {low} and {high} (90% interval)",
            shuffled=percent(rung.shuffled[outcome]),
            reversed=percent(rung.reversed[outcome]),
            frequency=percent(rung.frequency[outcome]),
            low=percent(low),
            high=percent(high),
        ),
        load_model("spending-industries").provenance.rows(),
        path_rows(FIVE),
        still=COUNTED,
    )


# ---- the scorecard


@once
def card() -> Scorecard:
    return scorecard()


@makes("exhibit", "scorecard")
def scorecard_figure() -> Said:
    found = card()

    def draw(language):
        from manias.figures.scorecard import plot_scorecard

        return plot_scorecard(found, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "AI beside past cases on seven measures. Counts on the right: cases taken without "
            "knowing the end. Of spending that is one of each year; the {n} cases of the "
            "answer are every year of every series whose rise was as large.",
            n=_class().n,
        ),
        alt=Joined(". ", [found.finding, *map(_spoken, found.rows)]),
    )
    counted = load_model("spending-industries").provenance.rows()
    return Said(picture, scorecard_rows(), counted, still=COUNTED)


@makes("sentence", "cases-taken")
def cases_taken() -> Said:
    """How the past cases of each measure were taken."""
    return Said(
        Text(
            "Past cases: speed and size {rise}; cash use {cash}; share prices {prices}; "
            "valuation {valuation}; debt, {debt}; payback, {payback}",
            **{key: Text(card().row(key).chosen_by) for key in _TOLD},
        )
    )


_TOLD = ("rise", "cash", "prices", "valuation", "debt", "payback")


def _spoken(row: ScoreRow) -> Text:
    """A row of the scorecard for those who cannot see it."""
    from manias.figures.scorecard import shown

    depth, years = FALL[row.key]
    low, high = row.ai[0], row.ai[-1]
    past = sorted(c.value for c in row.past)
    fields = {
        "name": Text(row.name),
        "ai": shown(row, low.value)
        if low is high
        else interval(shown(row, low.value), shown(row, high.value)),
        "least": shown(row, past[0]),
        "most": shown(row, past[-1]) if past[-1] != float("inf") else "∞",
        "fell": row.fell,
        "n": row.n,
        "depth": percent(depth),
        "years": years,
    }
    if row.n:
        return Text(
            "{name}: AI {ai}, past cases {least} to {most}; {fell} of {n} taken by "
            "rule fell by {depth} within {years} years",
            **fields,
        )
    return Text(
        "{name}: AI {ai}, famous past cases {least} to {most}, none taken by rule",
        **fields,
    )


# ---- the other side of each choice


@makes("exhibit", "other-sides")
def other_sides() -> Said:
    rows = [_level(), _published(), _speed(), _paying(), _market(), _highest(), _revenue()]
    rows += [_assumptions(), _required(), _placebo()]
    table = Table(
        caption=Text(
            "The other side of each choice made on the first page, {n} of them, and what it "
            "would change.",
            n=len(rows),
        ),
        columns=["Choice", "First page", "Other side", "Grade"],
        widths=[1.75, 2.05, 3.2, 0.5],
        rows=rows,
    )
    return Said(table, _other_rows(), still=COUNTED)


def _share(value: float) -> str:
    return f"{plain(value, 2)}%"


def _level() -> Sequence[object]:
    found = answer_by_definition()
    whole, part = found.row(HEADLINE), found.row(EQUIPMENT)
    return [
        Text("Size: with software or without"),
        _beside(whole.newest, whole.peak),
        Text(
            "equipment alone {newest} of GDP, {verdict:select above=above|below=below|"
            "other=near} its dotcom peak of {peak}",
            newest=_share(part.newest),
            verdict=part.verdict if part.verdict in ("above", "below") else "other",
            peak=_share(part.peak),
        ),
        weakest([whole.grade, part.grade]),
    ]


def _beside(now: float, then: float) -> Text:
    return Text("{now} of GDP, dotcom peak {then}", now=_share(now), then=_share(then))


def _contrary():
    return next(one for one in compare_published_shares() if one.id == CONTRARY)


def _published() -> Sequence[object]:
    other, whole = _contrary(), answer_by_definition().row(HEADLINE)
    return [
        Text("Size: dotcom peak as others print it"),
        Text("{points} points above the peak", points=plain(whole.difference, 2))
        if whole.difference >= 0
        else Text("{points} points below the peak", points=plain(-whole.difference, 2)),
        Text(
            "{who} prints {printed} for {period}: {points} points {way:select up=above|"
            "down=below}",
            who=Verbatim(other.who),
            printed=f"{plain(other.high, 1)}%",
            period=Quarter(pd.Period(other.period, "Q")),
            points=plain(abs(whole.newest - other.high), 2),
            way="up" if whole.newest >= other.high else "down",
        ),
        weakest([other.grade, whole.grade]),
    ]


def _by(measure: str) -> dict:
    return {m.series: m for m in said().measures if m.measure == measure}


def _speed() -> Sequence[object]:
    mine = _by("spending")
    five, whole = mine[FIVE], mine[HEADLINE]
    return [
        Text("Speed: five builders worldwide or all US spending"),
        Text("up {rise} in three years", rise=percent(five.value)),
        Text(
            "all US equipment and software up {rise}, above {share} of past cases (five "
            "builders: {top})",
            rise=percent(whole.value),
            share=_above(whole),
            top=_above(five),
        ),
        weakest([five.grade, whole.grade]),
    ]


def _above(m) -> str:
    return percent(1 - (m.rank - 1) / (m.of - 1))


def _paying() -> Sequence[object]:
    five = _by("who_pays")[FIVE]
    firms = compare_financing()
    wave = firms.waves.loc[AI_WAVE]
    more = firms.companies[firms.companies["wave"] == AI_WAVE]["of_cash_flow"] > 1
    return [
        Text("Cash use: five together or builder by builder"),
        Text("{share} of operating cash", share=percent(five.value)),
        Text(
            "median of {n} builders {median}, from {low} to {high}; {more} of them spend "
            "more than their cash",
            n=int(wave["known"]),
            median=percent(wave["median"]),
            low=percent(wave["low"]),
            high=percent(wave["high"]),
            more=int(more.sum()),
        ),
        weakest([five.grade, wave["grade"]]),
    ]


def _market() -> Sequence[object]:
    found = latest()
    net = {key: run_up(index)[1] for key, index in found.items()}
    top = max(net, key=lambda key: net[key])
    standing = max(standing_now().standings, key=lambda s: s.net_runup)
    return [
        Text("Prices: the strongest fund or a whole industry"),
        Text(
            "{name}: {points} points over the market to {month}",
            name=found[top].name,
            points=plain(100 * net[top], 0),
            month=Month(found[top].last),
        ),
        Text(
            "{industry}, the strongest of {n} industries: {points} points to {month}; "
            "technology shares (NASDAQ): {broad}",
            industry=Text(standing.name),
            n=len(standing_now().standings),
            points=plain(100 * standing.net_runup, 0),
            month=Month(standing.as_of),
            broad=plain(100 * net[BROAD], 0),
        ),
        weakest([found[top].grade, standing_now().grade]),
    ]


def _highest() -> Sequence[object]:
    top = max(standing_now().standings, key=lambda s: (s.highest or 0, s.net_runup))
    return [
        Text("Prices: the newest month or the highest since the onset"),
        Text("{n} of {of} industries 50% over the market", n=_standing(), of=_all())
        if top.highest
        else Text("no industry 50% over the market"),
        Text(
            "{industry} stood at least {rung} over the market in {month}",
            industry=Text(top.name),
            rung=percent(top.highest),
            month=Month(top.highest_month),
        )
        if top.highest
        else Text("none has been since"),
        standing_now().grade,
    ]


def _standing() -> int:
    return sum(s.rung is not None for s in standing_now().standings)


def _all() -> int:
    return len(standing_now().standings)


@once
def _paid():
    return payback_cases()


def _revenue() -> Sequence[object]:
    bases = payback_bases()
    now = bases[(bases["growth"] == 0) & (bases["spending"] == "last four quarters")]
    by = now.set_index("earning")
    then = by.loc["last twelve months"]
    first = Text(
        "{times} times {revenue} billion dollars, of twelve months",
        times=plain(then["ratio"], 1),
        revenue=plain(then["revenue"], 0),
    )
    if "present rate" not in by.index:
        other = Text("no present rate of revenue is on record")
    else:
        rate = by.loc["present rate"]
        other = Text(
            "{times} times {revenue} billion dollars, at the present rate",
            times=plain(rate["ratio"], 1),
            revenue=plain(rate["revenue"], 0),
        )
    return [Text("Payback: which revenue"), first, other, load_model("payback-ai").grade]


def _assumptions() -> Sequence[object]:
    paid = _paid()
    (low, high), (least, most) = paid.one_at_a_time, paid.corners
    return [
        Text("Payback: one assumption at a time or all together"),
        Text("{low} to {high} times", low=plain(low, 1), high=plain(high, 1)),
        Text("{low} to {high} times", low=plain(least, 1), high=plain(most, 1)),
        load_model("payback-ai").grade,
    ]


def _required() -> Sequence[object]:
    ours = load_model("payback-ai")
    other = next(a for a in published_answers() if a.id == REQUIRED)
    return [
        Text("Payback: ours or a published answer"),
        Text("{required} billion dollars a year", required=plain(ours.required, 0)),
        Text(
            "{required} billion dollars a year (J. P. Morgan, {day}, all spending to 2030)",
            required=plain(other.required, 0),
            day=Month(other.as_of),
        ),
        weakest([ours.grade, other.grade]),
    ]


def _placebo() -> Sequence[object]:
    rung = _class()
    outcome = next(iter(rung.frequency))
    return [
        Text("What followed: as it was or in another order"),
        Text("{share} fell by 30%", share=percent(rung.frequency[outcome])),
        Text(
            "{shuffled} with the same years in random order, {reversed} with time "
            "reversed; of {n} booms that a rule took, {fell}",
            shuffled=percent(rung.shuffled[outcome]),
            reversed=percent(rung.reversed[outcome]),
            n=card().row("rise").n,
            fell=percent(card().row("rise").fell / card().row("rise").n),
        ),
        load_model("spending-industries").grade,
    ]


def _other_rows() -> Iterable[Rows]:
    yield from answer_rows()
    for key in (HEADLINE, EQUIPMENT):
        row = answer_by_definition().row(key)
        yield from definition_rows(key, told_quarters(row).values(), "newest and peak")
    contrary = load("published_shares").frame
    yield some("published_shares", contrary["id"] == CONTRARY, CONTRARY)
    yield from ours_rows(_contrary())
    for key in companies():
        yield from cash_rows(key)
    answers = load("assumptions").frame
    yield some("assumptions", answers["id"] == REQUIRED, REQUIRED)
    yield some("statements", load("statements").frame["id"].isin(["s169", "s174"]), "revenue")
    yield from central_rows()
