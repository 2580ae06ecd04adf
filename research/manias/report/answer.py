"""The answer, and the lens behind it: what followed when spending rose so fast."""

from collections.abc import Iterable

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.measures import Verdict, class_words, measure_ai
from manias.data.library import load, once
from manias.data.rows import Rows, some
from manias.language.messages import Joined, Quarter, Text, Verbatim, Word
from manias.language.numbers import percent, plain, signed
from manias.record.companies import companies
from manias.report.exhibits import Picture, Said, Table, makes
from manias.report.parts import COUNTED, FIVE, highest, p_value, path, peak_of, ranged
from manias.series.trajectories import column
from manias.spending.ladder import FLAT, Rung, SpendingResults
from manias.spending.place import (
    SERIES,
    Measure,
    advance_rows,
    cash_rows,
    path_rows,
    paying,
    paying_path,
)

TOP = "above 100"


@once
def said() -> Verdict:
    return measure_ai()


@once
def ladder(panel: str = "industries") -> SpendingResults:
    return load_model(f"spending-{panel}")


def _rows(*panels: str) -> Iterable[Rows]:
    for panel in panels:
        yield from ladder(panel).provenance.rows()


def _behind() -> Iterable[Rows]:
    yield from _rows("industries", "firms")
    for key in (*companies(), "five-builders"):
        yield from cash_rows(key)
        yield from advance_rows(key)
    for key in (*SERIES, *companies()):
        yield from path_rows(key)


def _rung(results: SpendingResults, name: str) -> Rung:
    return next(r for r in results.ladder if r.name == name)


def _ends(rung: Rung, outcome: str) -> Text:
    low, high = rung.interval[outcome]
    return ranged(percent(rung.frequency[outcome]), percent(low), percent(high))


# ---- the answer


@makes("sentence", "resemblance-in-full")
def resemblance_in_full() -> Said:
    return Said(said().resemblance, _behind(), still=COUNTED)


@makes("sentence", "followed-in-full")
def followed_in_full() -> Said:
    return Said(said().followed, _behind(), still=COUNTED)


@makes("exhibit", "ai-standing")
def ai_standing() -> Said:
    rows = [
        [
            Text(m.name),
            percent(m.level, 2),
            percent(m.value),
            class_words(m.group),
            Text("{rank} of {n}", rank=f"{m.rank:,}", n=f"{m.of:,}"),
            *(_cell(m, o) for o in ("dollars_fall_30", "share_falls_30", "share_halves")),
            m.as_of,
        ]
        for m in said().measures
        if m.measure == "spending" and m.series in SERIES
    ]
    table = Table(
        caption=Text(
            "Where spending on AI stands: four quarters over US GDP, their change "
            "against the same three years before, the size class of that change, its "
            "rank among past cases (1 is the largest), and how often spending fell "
            "within five years in that class. In brackets: by the logit on earlier "
            "volatility and change, where ten years before are on record. The "
            "capital expenditure of the five is worldwide. Part of the rise is "
            "substitution inside information technology, which as a whole rose less."
        ),
        columns=[
            "Series",
            "Of GDP",
            "Change",
            "Class",
            "Rank",
            "30% in dollars",
            "30% against GDP",
            "Half against GDP",
            "To",
        ],
        widths=[2.0, 0.65, 0.7, 1.05, 1.1, 0.9, 0.9, 0.9, 0.7],
        rows=rows,
    )
    return Said(table, _behind(), still=COUNTED)


def _cell(m: Measure, outcome: str) -> str:
    found = m.outcome(outcome)
    shown = percent(found.frequency)
    if found.adjusted != found.adjusted:
        return shown
    return Text("{share} ({other})", share=shown, other=percent(found.adjusted))


# ---- the ladder


@makes("exhibit", "spending-ladder")
def spending_ladder() -> Said:
    found = ladder()
    outcomes = ("dollars_fall_30", "share_falls_30", "share_halves")
    table = Table(
        caption=Text(
            "What followed within five years, by how much US private investment of "
            "one industry in one class of asset had changed against GDP in three "
            "years (series of at least 0.01% of GDP). Start years {first} to {last}; "
            "90% intervals allow for what cases of a sector and of a year share. A "
            "case is one start year of one series; in brackets the number of series "
            "and of separate rises. Shuffled, reversed: falls of 30% in dollars with "
            "the same years in random order, and with time reversed.",
            first=str(found.first),
            last=str(found.last),
        ),
        columns=[
            "Change",
            "Cases (series, separate rises)",
            "Falls 30% in dollars",
            "Shuffled",
            "Reversed",
            "Falls 30% against GDP",
            "Halves against GDP",
        ],
        widths=[1.0, 1.5, 1.35, 0.75, 0.75, 1.35, 1.35],
        rows=[
            [
                class_words(r.name),
                f"{r.n:,} ({r.units:,}, {r.episodes:,})",
                _ends(r, outcomes[0]),
                percent(r.shuffled[outcomes[0]]),
                percent(r.reversed[outcomes[0]]),
                _ends(r, outcomes[1]),
                _ends(r, outcomes[2]),
            ]
            for r in found.ladder
        ],
    )
    return Said(table, _rows("industries"), still=COUNTED)


@makes("exhibit", "spending-figure")
def spending_figure() -> Said:
    found = ladder()
    outcome = next(iter(found.ladder[0].frequency))
    flat, top = _rung(found, FLAT), _rung(found, TOP)

    def draw(language):
        from manias.figures.spending import plot_spending

        return plot_spending(found, outcome, language=language)

    picture = Picture(
        draw=draw,
        caption=Text(
            "Spending that had more than doubled against GDP fell by 30% in dollars "
            "within five years in {top} of cases, flat spending in {flat}. With the "
            "same years in random order it is {shuffled}, with time reversed "
            "{reversed}. Bars: 90% intervals.",
            top=percent(top.frequency[outcome]),
            flat=percent(flat.frequency[outcome]),
            shuffled=percent(top.shuffled[outcome]),
            reversed=percent(top.reversed[outcome]),
        ),
        alt=Text(
            "Share of cases in which spending fell by 30% in dollars within five "
            "years, by the size of its change over three years: from {flat} of flat "
            "ones to {top} of those that more than doubled. There it is {shuffled} "
            "with the years shuffled and {reversed} with time reversed.",
            flat=percent(flat.frequency[outcome]),
            top=percent(top.frequency[outcome]),
            shuffled=percent(top.shuffled[outcome]),
            reversed=percent(top.reversed[outcome]),
        ),
    )
    return Said(picture, _rows("industries"), still=COUNTED)


@makes("sentence", "spending-skill")
def spending_skill() -> Said:
    return Said(
        Text(
            "{parts}",
            parts=Joined(". ", (_skill(name) for name in ("industries", "countries", "firms"))),
        ),
        _rows("industries", "countries", "firms"),
        still=COUNTED,
    )


def _skill(panel: str) -> Text:
    found = ladder(panel)
    s, rule = found.scores[0], found.rule
    fitted = next(p.power for p in rule.power if p.effect == "fitted")
    return Text(
        "{panel:select industries=For US industries|countries=For "
        "countries|firms=For US firms} the size of the rise {beats:select "
        "yes=tells|no=does not tell} more than the base rate ({n} booms; gain {gain} "
        "nats a case, 90% interval {low} to {high}, p = {p}). The test rejects "
        "{size} of samples without an effect and {power} of those with the fitted one",
        panel=Verbatim(panel),
        beats=s.has_skill,
        n=f"{s.n:,}",
        gain=signed(s.gain),
        low=signed(s.gain_low),
        high=signed(s.gain_high),
        p=p_value(s.permutation_p),
        size=percent(rule.size),
        power=percent(fitted),
    )


@makes("sentence", "spending-memory")
def spending_memory() -> Said:
    found = ladder()
    row = _memory(found, TOP, "dollars_fall_30")
    text = Text(
        "After a rise of more than 100% a fall of 30% in dollars was {excess} points "
        "likelier than after three flat years. With the years of all series in one "
        "random order {shuffled} points remain; {p} of the orders give as much or "
        "more. With time reversed it is {reversed} points. {earned:select yes=So "
        "part of the excess is the boom's own|no=So the frequencies hold, but most "
        "of the excess belongs to series that swing widely. That the boom foretells "
        "the bust is not shown}",
        excess=plain(100 * row["excess"], 0),
        shuffled=plain(100 * row["shuffled"], 0),
        p=percent(row["p"]),
        reversed=plain(100 * row["reversed"], 0),
        earned=found.is_earned(TOP, "dollars_fall_30"),
    )
    return Said(text, _rows("industries"), still=COUNTED)


def _memory(found: SpendingResults, group: str, outcome: str) -> pd.Series:
    table = found.memory.set_index(["class", "outcome"])
    return table.loc[(group, outcome)]


@makes("sentence", "spending-volatility")
def spending_volatility() -> Said:
    found = ladder()
    parts = found.parts[found.parts["by"] == "volatility"].set_index(["part", "class"])
    calm, noisy = (
        {c: parts.loc[(third, c), "dollars_fall_30"] for c in (FLAT, "50 to 100")}
        for third in ("calm", "noisy")
    )
    text = Text(
        "Among the calmest third of series a fall of 30% in dollars followed {calm} "
        "of rises of 50 to 100%, and {calm_flat} of flat years. Among the most "
        "volatile third it followed {noisy} and {noisy_flat}",
        calm=percent(calm["50 to 100"]),
        calm_flat=percent(calm[FLAT]),
        noisy=percent(noisy["50 to 100"]),
        noisy_flat=percent(noisy[FLAT]),
    )
    return Said(text, _rows("industries"), still=COUNTED)


@makes("sentence", "spending-choices")
def spending_choices() -> Said:
    found = ladder()
    table = found.choices.set_index(["class", "choice"])["dollars_fall_30"]
    top, flat = table.loc[TOP], table.loc[FLAT]
    text = Text(
        "Under {n} other choices (a rise over two years, a horizon of three years, "
        "half or five times the least size) the frequency after rises above 100% "
        "lies between {low} and {high}. After flat years it lies between {flat_low} "
        "and {flat_high}",
        n=Word(len(top)),
        low=percent(top.min()),
        high=percent(top.max()),
        flat_low=percent(flat.min()),
        flat_high=percent(flat.max()),
    )
    return Said(text, _rows("industries"), still=COUNTED)


@makes("sentence", "spending-countries")
def spending_countries() -> Said:
    found = ladder("countries")
    flat, top = _rung(found, FLAT), _rung(found, TOP)
    text = Text(
        "The investment of {units} whole countries shows the same. After a rise of "
        "more than 100% its share of GDP fell by 30% within five years in {top} of "
        "{n} cases, after flat years in {flat}. With the years shuffled it is "
        "{shuffled}, with time reversed {reversed}",
        units=str(max(r.units for r in found.ladder)),
        top=percent(top.frequency["share_falls_30"]),
        n=str(top.n),
        flat=percent(flat.frequency["share_falls_30"]),
        shuffled=percent(top.shuffled["share_falls_30"]),
        reversed=percent(top.reversed["share_falls_30"]),
    )
    return Said(text, _rows("countries"), still=COUNTED)


# ---- who pays


@makes("exhibit", "spending-builders")
def spending_builders() -> Said:
    measures = said().measures
    rows = []
    for company in companies():
        mine = {m.measure: m for m in measures if m.series == company}
        rise, paid = mine.get("spending"), mine.get("who_pays")
        rows.append(
            [
                paid.name if paid else rise.name,
                percent(rise.value) if rise else "–",
                class_words(rise.group) if rise and rise.group else "–",
                *_pair(rise),
                _over_cash(paid) if paid else "–",
                _paying_words(paid.group) if paid else "–",
                *_pair(paid),
            ]
        )
    table = Table(
        caption=Text(
            "Each builder by how fast it spends and by who pays: change of capital "
            "expenditure against US GDP in three years (four quarters), and spending "
            "over cash from operations. In brackets: without customer prepayments "
            "that the filings call financing, where they are on record. Beside each: "
            "how often US firms in the same class cut their spending by 30% and by "
            "half within three years. Firms of {first} to {last}, all of which "
            "survived to be in the file. The builders boom together, so that these "
            "are the frequencies of each and not joint ones.",
            first=str(ladder("firms").first),
            last=str(ladder("firms").last),
        ),
        columns=[
            "Builder",
            "Change",
            "Class",
            "Cut 30%",
            "Halved",
            "Times its cash",
            "Who pays",
            "Cut 30%",
            "Halved",
        ],
        widths=[1.1, 0.8, 1.25, 0.7, 0.7, 0.8, 1.5, 0.7, 0.7],
        rows=rows,
    )
    return Said(table, _behind(), still=COUNTED)


def _over_cash(paid: Measure) -> str:
    shown = plain(paid.value, 2)
    if paid.without_prepayments != paid.without_prepayments:
        return shown
    return f"{shown} ({plain(paid.without_prepayments, 2)})"


@makes("sentence", "who-pays-prepaid")
def who_pays_prepaid() -> Said:
    prepaid = [p for p in map(paying, companies()) if p.prepaid > 0]
    five = paying("five-builders")
    parts = [
        Text(
            "In the four quarters to {last} {name} had {cash} billion dollars of "
            "cash from operations. Of these {prepaid} billion were prepayments of "
            "customers that its filings call financing. Without them it spent "
            "{without} times its cash in place of {ratio}",
            last=p.as_of,
            prepaid=plain(p.prepaid, 1),
            cash=plain(p.cash, 1),
            name=p.name,
            without=plain(p.ratio_without_prepaid, 2),
            ratio=plain(p.ratio, 2),
        )
        for p in prepaid
    ]
    if five.prepaid > 0:
        parts.append(
            Text(
                "The five together, to {last}, spent {without} times in place of {ratio}",
                last=five.as_of,
                without=plain(five.ratio_without_prepaid, 3),
                ratio=plain(five.ratio, 3),
            )
        )
    text = (
        Text("{parts}", parts=Joined(". ", parts))
        if parts
        else Text(
            "No builder has prepayments of customers on record that its filings call financing"
        )
    )
    told = [p.series for p in prepaid] + ["five-builders"]
    rows = [r for key in told for r in (*cash_rows(key), *advance_rows(key))]
    return Said(text, rows, still=COUNTED)


def _pair(m: Measure | None) -> list[str]:
    if m is None or not m.outcomes:
        return ["–", "–"]
    return [percent(m.outcome(o).frequency) for o in ("dollars_fall_30", "dollars_halve")]


def _paying_words(group: str) -> Text:
    return Text(
        "{group:select own_cash=own cash|above_cash=above its cash|above_1.5=above 1.5 times "
        "its cash}",
        group=Verbatim(group),
    )


@makes("exhibit", "who-pays-path")
def who_pays_figure() -> Said:
    table = paying_path("five-builders")
    known, alone = table["ratio"].dropna(), table["alone"].dropna()

    def draw(language):
        from manias.figures.spending import plot_who_pays

        return plot_who_pays(table, language=language)

    fields = {
        "first": plain(known.iloc[0], 2),
        "start": str(known.index[0]),
        "last": plain(known.iloc[-1], 2),
        "end": str(known.index[-1]),
    }
    picture = Picture(
        draw=draw,
        caption=Text(
            "Who pays: capital expenditure of the five builders over their cash from "
            "operations, four quarters together and each quarter alone. Prepayments of "
            "customers count as cash."
        ),
        alt=Text(
            "Two lines by quarter. Four quarters together go from {first} in {start} to "
            "{last} in {end}; single quarters lie between {least} and {most}.",
            least=plain(alone.min(), 2),
            most=plain(alone.max(), 2),
            **fields,
        ),
        finding=Text(
            "In the four quarters to {end} the five builders spent {last} times their cash "
            "from operations, in the last quarter alone {alone} times",
            end=fields["end"],
            last=fields["last"],
            alone=plain(alone.iloc[-1], 2),
        ),
    )
    still = "a quarter that not all five have on record yet is not drawn"
    return Said(picture, cash_rows("five-builders"), still=still)


@makes("sentence", "who-pays-path")
def who_pays_path() -> Said:
    table = paying_path("five-builders")
    known, alone = table["ratio"].dropna(), table["alone"].dropna()
    low = known.idxmin()
    before = known.iloc[:-1]
    text = Text(
        "Over four quarters together the five spent between {least} ({low}) and "
        "{most} ({high}) times their cash from {start} to {end}. The last value, "
        "{last}, is {top:select yes=the highest on record|no=not the highest on "
        "record}. The last quarter alone stands at {alone}",
        least=plain(known.min(), 2),
        low=str(low),
        most=plain(known.max(), 2),
        high=str(known.idxmax()),
        start=str(known.index[0]),
        end=str(known.index[-1]),
        last=plain(known.iloc[-1], 2),
        top=bool(known.iloc[-1] > before.max()),
        alone=plain(alone.iloc[-1], 2),
    )
    return Said(text, cash_rows("five-builders"), still=COUNTED)


@makes("sentence", "credit-context")
def credit_context() -> Said:
    credit = column("us_credit", "corporations").values.dropna()
    last, dotcom = credit.index[-1], path("us-it-dotcom")
    onset = path(FIVE).anchors["onset"].asfreq("Q", how="start")
    start = dotcom.anchors["onset"].asfreq("Q", how="start")
    peak = peak_of(dotcom)[0]
    text = Text(
        "Credit as context (Bank for International Settlements, one late vintage). "
        "US non-financial corporations owed {now} percent of GDP in {last}, {change} "
        "points {way:select up=more|down=less} than at the onset of the AI years "
        "({onset}). In the dotcom years, from {start} to {peak}, their credit "
        "{then_way:select up=rose|down=fell} by {then} points",
        now=plain(credit[last], 1),
        last=Quarter(last),
        change=plain(abs(credit[last] - credit[onset]), 1),
        way="up" if credit[last] >= credit[onset] else "down",
        onset=Quarter(onset),
        start=Quarter(start),
        peak=Quarter(peak),
        then=plain(abs(credit[peak] - credit[start]), 1),
        then_way="up" if credit[peak] >= credit[start] else "down",
    )
    mine = load("us_credit").frame["quarter"].isin([last, onset, start, peak])
    of_whom = load("trajectories").frame["id"] == FIVE
    return Said(
        text,
        some("us_credit", mine, "quarters that are told"),
        some("trajectories", of_whom, FIVE),
        highest(dotcom),
    )


@makes("sentence", "who-pays-finding")
def who_pays_finding() -> Said:
    found = ladder("firms")
    own, much = (found.finance.cell(name) for name in ("own_cash", "above_1.5"))
    five = paying_path("five-builders")["ratio"].dropna()
    text = Text(
        "Firms that spent more than one and a half times their cash from operations "
        "in a boom cut spending by 30% within three years in {much} of {n} cases "
        "({firms} firms). Firms that paid from their own cash did so in {own} of "
        "{own_n}. For a fall by half the difference, less that among flat years, is {gap} "
        "points (p = {p}). The five builders together spent {then} times their cash in the "
        "four quarters to {first}, and {now} times to {last}",
        much=percent(much.frequency["dollars_fall_30"]),
        n=str(much.n),
        firms=str(much.units),
        own=percent(own.frequency["dollars_fall_30"]),
        own_n=str(own.n),
        gap=plain(100 * found.finance.gap, 0),
        p=p_value(found.finance.p),
        then=plain(five.iloc[-9], 2),
        first=str(five.index[-9]),
        now=plain(five.iloc[-1], 2),
        last=str(five.index[-1]),
    )
    return Said(text, _rows("firms"), cash_rows("five-builders"), still=COUNTED)
