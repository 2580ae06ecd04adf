"""What the page knows: plain values, made by the functions of the package.

Every number comes with the number of its place: sources, locator and grade.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

import manias
from manias.answers.archive import load_model
from manias.answers.beside import FALL, ScoreCase, ScoreRow, scorecard
from manias.answers.measures import measure_ai
from manias.data.forms import month_names
from manias.data.library import load, once
from manias.data.numbers import currency_codes
from manias.data.rows import some
from manias.errors import DataError
from manias.evaluation.scores import ALPHA
from manias.explore.counting import WAYS, dated, windows_of
from manias.explore.names import INDUSTRIES
from manias.explore.store import Store, cell, number
from manias.figures.scorecard import TICKS, counted, place, shown
from manias.gauges.gauge import Gauge, Target
from manias.gauges.kept import load_scoreboard
from manias.gauges.registry import find_target, list_gauges
from manias.gauges.scoreboard import GaugeScore
from manias.language.editions import ENGLISH, Language
from manias.language.messages import Text
from manias.language.numbers import percent
from manias.lenses.ladder import AI_INDUSTRIES, LadderModel
from manias.lenses.payback import (
    COVER_BY,
    HORIZON,
    assumptions_used,
    builders,
    load_assumptions,
    spending_by_year,
)
from manias.lenses.payback_cases import guidance, payback_bases, published_answers
from manias.quoted.verdict import VERDICTS, reconcile
from manias.record.companies import companies
from manias.record.innovations import list_innovations
from manias.record.labels import DEFINITIONS, label_innovations
from manias.record.reach import reach
from manias.report.opening import edition_date
from manias.series.flows import gdp_of, load_flows
from manias.series.prices import PRICES, price_index
from manias.series.runups import Panel, RunUpRule, load_panel
from manias.series.timeline import CLOCKS, Trajectory
from manias.series.trajectories import (
    behind,
    calendar_quarter,
    column,
    trajectory,
    trajectory_names,
)
from manias.spending.booms import booms_in_money
from manias.spending.compared import compare_booms
from manias.spending.ladder import EDGES, FLOORS, HORIZONS, STARTS, TIME_BLOCKS, SpendingResults
from manias.spending.place import SERIES, ai_path, path_rows

Json = dict[str, Any]
Say = Callable[[object], str]
REACHES = (
    "us_it_investment",
    "ai_capex",
    "us_industries",
    "shiller",
    "us_investment",
    "quoted",
)
"""Tables whose reach is told beside the answer."""
PANELS = ("industries", "countries", "firms")
THRESHOLDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
CRASH_HORIZONS = (12, 24, 36, 60)
CRASHES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
ACCOUNTS = ("capex", "operating_cash_flow", "revenue", "debt_without_leases")
"""Measures of the companies that the page shows."""
WEAKEST = ("A", "B", "J", "C")


def payload(language: Language = ENGLISH) -> Json:
    """Everything that the page shows or counts.

    Parameters
    ----------
    language : Language
        In which texts of the package are said; one that it has no phrase for stays English.

    Returns
    -------
    dict
        Of plain values: ``edition``, ``answer``, ``card``, ``series``, ``deflators``,
        ``rises``, ``crashes``, ``innovations``, ``companies``, ``quoted``, ``gauges``,
        ``payback``, ``words``, ``sources`` and ``places``.

    Examples
    --------
    >>> [one["measure"] for one in companies_part(Store())][:2]
    ['capex', 'debt_without_leases']
    """
    say = saying(language)
    store = Store()
    found: Json = {
        "edition": _edition(language),
        "answer": _answer(say),
        "card": card_part(store, say),
        "series": series_part(store, say),
        "deflators": deflators_part(store),
        "rises": rises_part(store, say),
        "crashes": crashes_part(store, say),
        "innovations": innovations_part(store, say),
        "companies": companies_part(store),
        "quoted": quoted_part(store, say),
        "gauges": gauges_part(store, say),
        "payback": payback_part(store, say),
    }
    found["words"] = {"months": month_names(), "currencies": list(currency_codes())}
    found["sources"] = store.sources()
    found["places"] = [[list(keys), where, grade] for keys, where, grade in store.places]
    return found


def saying(language: Language) -> Say:
    """Say texts in a language, in English where it has no phrase for them.

    Parameters
    ----------
    language : Language

    Returns
    -------
    callable
        From a text to a string.

    Examples
    --------
    >>> saying(ENGLISH)("miles")
    'miles'
    """

    def say(text: object) -> str:
        try:
            return language.render(text)
        except DataError:
            return str(text)

    return say


# ---- edition and answer


def _edition(language: Language) -> Json:
    return {
        "version": manias.__version__,
        "language": language.code,
        "day": edition_date().isoformat(),
        "reach": {name: reach(name).to for name in REACHES},
    }


def _answer(say: Say) -> Json:
    verdict = measure_ai()
    return {
        "resemblance": say(verdict.resemblance),
        "followed": say(verdict.followed),
    }


def card_part(store: Store, say: Say) -> Json:
    """The scorecard of the report: AI beside past cases, one strip a measure.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
        ``finding``, and ``rows`` with where each value lies along its strip.
    """
    card = scorecard()
    return {
        "finding": say(card.finding),
        "grade": card.grade,
        "rows": [_strip(row, store, say) for row in card.rows],
    }


def _strip(row: ScoreRow, store: Store, say: Say) -> Json:
    depth, years = FALL[row.key]
    return {
        "key": row.key,
        "name": say(row.name),
        "unit": row.unit,
        "followed": say(row.followed),
        "chosenBy": say(row.chosen_by),
        "n": row.n,
        "fell": row.fell,
        "counted": counted(row, say),
        "within": say(Text("by {share} in {years} years", share=percent(depth), years=years)),
        "standing": row.standing,
        "median": number(row.median),
        "medianAt": None if row.standing == "few" else place(row.key, row.median),
        "above": row.above,
        "grade": row.grade,
        "ticks": [[place(row.key, tick), shown(row, tick)] for tick in TICKS[row.key]],
        "cases": [_score_case(row, case, store, say) for case in (*row.past, *row.ai)],
    }


def _score_case(row: ScoreRow, case: ScoreCase, store: Store, say: Say) -> Json:
    return {
        "name": say(INDUSTRIES.get(case.name, case.name)),
        "when": case.when,
        "label": say(case.label) if case.label else "",
        "value": number(case.value),
        "at": place(row.key, case.value),
        "fell": case.fell,
        "chosen": case.chosen,
        "grade": case.grade,
        "place": store.rows(case.provenance.rows()),
    }


# ---- booms on one clock


def series_part(store: Store, say: Say) -> list[Json]:
    """Every trajectory, and spending in money by year, with the place of each value.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    list of dict
    """
    roles = load("trajectories").frame.set_index("id")["role"]
    found = []
    for key in trajectory_names():
        path = trajectory(key)
        seen = path.values.dropna()
        found.append(
            {
                **_told(path, say),
                "group": _group(key, str(roles[key])),
                "isAi": _group(key, str(roles[key])) == "ai",
                "periods": [str(p) for p in seen.index],
                "values": [float(v) for v in seen],
                "places": [store.rows(behind(key, [p], key)) for p in seen.index],
                "estimated": [bool(path.is_estimated)] * len(seen),
                "currency": currency_of(path.unit),
                "python": f'manias.trajectory("{key}").values',
            }
        )
    return [*found, *_money(store, say)]


def _told(path: Trajectory, say: Say) -> Json:
    return {
        "id": path.id,
        "name": say(path.name),
        "measure": path.measure,
        "unit": path.unit,
        "measureSaid": say(path.measure),
        "unitSaid": say(path.unit),
        "definition": say(path.definition),
        "frequency": path.frequency,
        "grade": path.grade,
        "anchors": {
            clock: None if path.anchors[clock] is None else str(path.anchors[clock])
            for clock in CLOCKS
        },
    }


def _group(key: str, role: str) -> str:
    if role == "target" or "ai" in key.split("-"):
        return "ai"
    return "share" if key in SHARES else "other"


SHARES = (
    "uk-railways-1840s",
    "uk-railways-mitchell",
    "us-it-dotcom",
    "us-telecom-sbc",
    "us-radio-1920",
)
"""Past trajectories that are over GDP."""


def _money(store: Store, say: Say) -> list[Json]:
    """Spending by year of each compared boom that is dated, over GDP and in its money."""
    table = booms_in_money().to_frame()
    yearly = table[table["year"].astype(str).str.fullmatch(r"\d{4}")]
    yearly = yearly[yearly["measure"] == "spending"]
    found = []
    for one in compare_booms().to_frame().itertuples():
        rows = yearly[yearly["definition"] == one.definition]
        peak = one.high_year if one.is_peak and str(one.high_year).isdigit() else None
        if rows.empty or not (one.onset or peak):
            continue
        money = f"{rows['unit'].iloc[0]} of the time"
        for cells, key, unit, measure in (
            ("share_of_gdp", f"money-{one.key}", "percent of GDP", "spending over GDP"),
            ("value", f"money-{one.key}-nominal", money, "spending in money"),
        ):
            kept = rows[rows[cells].notna()]
            if len(kept) < 2:
                continue
            found.append(
                {
                    "id": key,
                    "name": say(one.name),
                    "measure": measure,
                    "unit": unit,
                    "measureSaid": say(measure),
                    "unitSaid": say(unit),
                    "definition": say(one.definition),
                    "frequency": "Y",
                    "grade": weakest_of(kept["grade"]),
                    "anchors": {
                        "onset": one.onset[:4] or None,
                        "commercialised": None,
                        "peak": peak,
                    },
                    "group": "money",
                    "isAi": one.boom == "ai" or one.key.endswith("-ai"),
                    "periods": kept["year"].astype(str).tolist(),
                    "values": kept[cells].astype(float).tolist(),
                    "places": [
                        store.place(r.source, r.locator, r.grade) for r in kept.itertuples()
                    ],
                    "estimated": kept["estimated"].astype(bool).tolist(),
                    "currency": currency_of(unit),
                    "python": "manias.booms_in_money().to_frame().query("
                    f"\"definition == '{one.definition}'\").set_index('year')['{cells}']",
                }
            )
    return found


def currency_of(unit: str) -> str | None:
    """Code of the currency that a unit names; None where it is no money.

    Parameters
    ----------
    unit : str

    Returns
    -------
    str or None

    Examples
    --------
    >>> currency_of("million USD of the time"), currency_of("percent of GDP")
    ('USD', None)
    """
    codes = set(currency_codes())
    return next((word for word in unit.split() if word in codes), None)


def deflators_part(store: Store) -> list[Json]:
    """Consumer prices by month of each currency of which they are on record.

    Parameters
    ----------
    store : Store

    Returns
    -------
    list of dict
        ``base`` is the last year of which every month is there.
    """
    found = []
    for currency, (table, name) in PRICES.items():
        months = price_index(currency, frequency="M").values.dropna()
        years = price_index(currency).values.dropna()
        rows = some(table, load(table).frame[name].notna(), f"{name} by month")
        found.append(
            {
                "currency": currency,
                "first": str(months.index[0]),
                "values": [_short(float(v)) for v in months],
                "base": str(years.index[-1]),
                "place": store.rows([rows]),
            }
        )
    return found


def weakest_of(grades: pd.Series) -> str:
    """The weakest grade of a column.

    Parameters
    ----------
    grades : pandas.Series

    Returns
    -------
    str

    Examples
    --------
    >>> weakest_of(pd.Series(["A", "J"]))
    'J'
    """
    return max(grades, key=WEAKEST.index)


# ---- how often rises ended in falls


def rises_part(store: Store, say: Say) -> Json:
    """The panels of spending whole, so that any class can be counted; and where AI stands.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
        By panel; ``series`` holds the rises of AI.
    """
    panels = {}
    for name in PANELS:
        flows = load_flows(name)
        results = load_model(f"spending-{name}")
        assert isinstance(results, SpendingResults)
        edges = EDGES.get(name, EDGES[""])
        panels[name] = {
            "first": int(flows.share.index[0]),
            "units": [str(c) for c in flows.share.columns],
            "blocks": [int(b) for b in pd.factorize(flows.blocks)[0]],
            "dollars": None if flows.dollars is None else _columns(flows.dollars),
            "share": _columns(flows.share) if flows.dollars is None else None,
            "gdp": None
            if flows.dollars is None
            else [number(v) for v in gdp_of(name).reindex(flows.share.index)],
            "floor": FLOORS[name],
            "horizon": HORIZONS[name],
            "starts": list(STARTS[name]) if name in STARTS else None,
            "perBlock": TIME_BLOCKS.get(name, 5),
            "edges": list(edges),
            "ways": list(WAYS[name]),
            "model": results.model_id,
            "ladder": [_plain(r) for r in results.to_frame().to_dict("records")],
            "rests": store.resting(results.provenance.rows()),
        }
    return {"panels": panels, "series": _rising(store, say)}


def _columns(frame: pd.DataFrame) -> list[list[float | None]]:
    return [
        [None if not np.isfinite(v) else _short(v) for v in frame[c].to_numpy()]
        for c in frame.columns
    ]


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else float(value)


def _rising(store: Store, say: Say) -> list[Json]:
    found = []
    for key in (*SERIES, *companies()):
        path = ai_path(key)
        found.append(
            {
                "id": key,
                "name": say(path.name),
                "panel": "industries" if key in SERIES else "firms",
                "steps": path.steps,
                "last": str(path.last),
                "shares": [number(v) for v in path.share.iloc[:: -path.steps].iloc[::-1]],
                "grade": path.grade,
                "rests": store.resting(path_rows(key)),
            }
        )
    return found


def crashes_part(store: Store, say: Say) -> Json:
    """Run-ups of share prices over each threshold, with the deepest fall in each horizon.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
    """
    panel = load_panel()
    results = load_model("ladder")
    industries = [str(c) for c in panel.returns.columns]
    runups = {}
    for threshold in THRESHOLDS:
        by_horizon = [dated(threshold, h) for h in CRASH_HORIZONS]
        runups[f"{threshold:g}"] = [
            [
                industries.index(same[0].industry),
                str(same[0].crossing),
                [number(r.drawdown) if r.is_complete else None for r in same],
            ]
            for same in zip(*by_horizon, strict=True)
        ]
    base = {}
    for h in CRASH_HORIZONS:
        for crash in CRASHES:
            model = LadderModel(rungs=(1.0,), rule=RunUpRule(horizon=h, crash=crash))
            found = model.fit(panel).base
            base[f"{h}/{crash:g}"] = [found.n, found.crashes]
    standing = [
        {
            "industry": m.series,
            "name": say(m.name),
            "net": number(m.value),
            "asOf": m.as_of,
            "grade": m.grade,
            "highest": m.highest,
            "highestAsOf": m.highest_as_of,
        }
        for m in measure_ai().measures
        if m.measure == "prices"
    ]
    return {
        "industries": [say(INDUSTRIES.get(name, name)) for name in industries],
        "thresholds": list(THRESHOLDS),
        "horizons": list(CRASH_HORIZONS),
        "crashes": list(CRASHES),
        "runups": runups,
        "base": base,
        "standing": standing,
        "ai": list(AI_INDUSTRIES),
        "kept": {
            f"{rung:g}": {
                "n": f.n,
                "crashes": f.crashes,
                "shuffled": number(f.shuffled),
                "reversed": number(f.reversed),
                "unbroken": number(f.unbroken),
            }
            for rung, f in results.rungs.items()  # type: ignore[attr-defined]
        },
        "model": results.model_id,
        "ladder": _price_ladder(panel),
        "first": results.first,  # type: ignore[attr-defined]
        "last": results.last,  # type: ignore[attr-defined]
        "rests": store.resting(results.provenance.rows()),
    }


def _price_ladder(panel: Panel) -> Json:
    """What a monthly index of one's own is placed by: the market, the rungs, any two years."""
    model = LadderModel()
    rule = model.rule
    windows = windows_of(panel, rule)
    return {
        "rungs": list(model.rungs),
        "window": rule.window,
        "longWindow": rule.long_window,
        "longReturn": rule.long_return,
        "horizon": rule.horizon,
        "crash": rule.crash,
        "first": str(panel.returns.index[0]),
        "market": [float(v) for v in panel.market],
        "windows": [[int(t), int(n), int(fell)] for t, n, fell in windows],
    }


# ---- innovations, companies, quoted figures, payback


def innovations_part(store: Store, say: Say) -> Json:
    """The innovations, their verdict by definition and weakest grade, and the accounts of it.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
    """
    table = load("innovations").frame.set_index("id")
    accounts = load("verdicts").frame
    labels = {
        definition: {
            grade: label_innovations(definition, minimum_grade=grade) for grade in WEAKEST
        }
        for definition in DEFINITIONS
    }
    found = []
    for one in list_innovations():
        row = table.loc[one.id]
        found.append(
            {
                "id": one.id,
                "name": say(one.name),
                "sector": one.sector,
                "sectorSaid": say(one.sector),
                "era": cell(row["era"]),
                "country": one.country,
                "year": one.commercialised,
                "yearPlace": store.place(
                    row["commercialised_source"],
                    row["commercialised_locator"],
                    row["commercialised_grade"],
                ),
                "peak": one.peak,
                "verdicts": {
                    definition: "".join(
                        {"yes": "y", "no": "n", None: "u"}[labels[definition][g][one.id]]
                        for g in WEAKEST
                    )
                    for definition in DEFINITIONS
                },
                "note": cell(row["note"]),
                "place": store.place(row["source"], row["locator"], row["grade"]),
                "accounts": [
                    {
                        "definition": a.definition,
                        "episode": cell(a.episode),
                        "verdict": cell(a.verdict),
                        "onset": cell(a.onset),
                        "peak": cell(a.peak),
                        "trough": cell(a.trough),
                        "rise": number(a.rise_pct),
                        "fall": number(a.fall_pct),
                        "note": cell(a.note),
                        "place": store.place(a.source, a.locator, a.grade),
                    }
                    for a in accounts[accounts["innovation"] == one.id].itertuples()
                ],
            }
        )
    return {
        "list": found,
        "definitions": {key: say(text) for key, text in DEFINITIONS.items()},
        "grades": list(WEAKEST),
    }


def companies_part(store: Store) -> list[Json]:
    """Accounts of the companies by quarter.

    Parameters
    ----------
    store : Store

    Returns
    -------
    list of dict
        A company and measure each, with the calendar quarter that holds most of each of its
        own.
    """
    frame = load("ai_capex").frame
    frame = frame[frame["measure"].isin(ACCOUNTS)]
    frame = frame.assign(quarter=calendar_quarter(frame["period_end"]).astype(str))
    found = []
    for (company, measure), rows in frame.groupby(["company", "measure"], sort=False):
        rows = rows.sort_values("period_end")
        found.append(
            {
                "company": company,
                "measure": measure,
                "unit": rows["unit"].iloc[0],
                "quarters": rows["quarter"].tolist(),
                "ends": rows["period_end"].astype(str).str[:10].tolist(),
                "values": [float(v) for v in rows["value"]],
                "places": [
                    store.place(r.source, r.locator, r.grade) for r in rows.itertuples()
                ],
            }
        )
    return found


def quoted_part(store: Store, say: Say) -> Json:
    """Figures that circulate, what the tables say of each, and the verdict.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
    """
    return {
        "verdicts": list(VERDICTS),
        "list": [
            {
                "id": one.id,
                "number": one.number,
                "who": one.who,
                "when": one.when,
                "what": one.definition,
                "period": one.period,
                "topic": one.topic,
                "unit": one.unit,
                "low": number(one.low),
                "high": number(one.high),
                "ours": number(one.recomputed),
                "verdict": one.verdict,
                "verdictSaid": say(one.verdict),
                "sentence": say(one.sentence),
                "why": say(one.why) if one.why else "",
                "place": store.place(one.source, one.locator, one.grade),
                "oursGrade": one.grade_recomputed,
                "readings": [
                    {
                        "name": say(r.name),
                        "value": number(r.value),
                        "unit": r.unit,
                        "same": bool(r.same),
                        "reason": say(r.reason) if r.reason else "",
                        "grade": r.grade,
                    }
                    for r in one.to_frame().itertuples()
                ],
                "rests": [f"{p.name} ({len(p.frame)} of {p.total})" for p in one.rows],
            }
            for one in reconcile()
        ],
    }


def gauges_part(store: Store, say: Say) -> Json:
    """Public gauges: every rule on record, and the record of those that can be computed.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
        ``rules``, with the lines that compute each; ``own``, our lenses as lines.
    """
    board = load_scoreboard()
    holm = board.adjusted
    told = {
        gauge.key: _gauge_line(gauge, board.line(gauge.key), holm.get(gauge.key), store, say)
        for gauge in list_gauges()
    }
    by_rule: dict[str, list[Json]] = {}
    for gauge in list_gauges():
        by_rule.setdefault(gauge.row, []).append(told[gauge.key])
    rules = []
    for r in load("gauges").frame.itertuples():
        rules.append(
            {
                "key": r.key,
                "name": say(r.name),
                "owner": r.owner,
                "published": cell(r.published),
                "kind": r.kind,
                "rule": say(r.rule),
                "threshold": number(r.threshold),
                "unit": say(cell(r.unit)),
                "computable": r.computable,
                "reason": say(cell(r.reason)),
                "note": say(cell(r.note)),
                "place": store.place(r.source, r.locator, r.grade),
                "printed": None
                if number(r.checked_value) is None
                else {
                    "period": cell(r.checked_period),
                    "value": number(r.checked_value),
                    "unit": say(cell(r.checked_unit)),
                    "place": store.place(r.checked_source, r.checked_locator, r.checked_grade),
                },
                "lines": by_rule.get(r.key, []),
            }
        )
    return {"rules": rules, "own": by_rule.get("", [])}


def _gauge_line(
    gauge: Gauge, x: GaugeScore, holm: float | None, store: Store, say: Say
) -> Json:
    target = find_target(gauge.target)
    on, units, period = x.alarms_now
    return {
        "key": x.key,
        "name": say(x.name),
        "kind": x.kind,
        "target": x.target,
        "fall": target.fall,
        "years": _years(target),
        "caveat": say(gauge.caveat),
        "rule": say(gauge.rule),
        "since": x.since,
        "first": x.first,
        "last": x.last,
        "n": x.n,
        "inAlarm": number(x.in_alarm),
        "base": number(x.base),
        "afterAlarm": number(x.after_alarm),
        "afterNone": number(x.after_none),
        "hits": x.hits,
        "falls": x.falls,
        "late": x.count("late"),
        "missed": x.count("missed"),
        "silent": x.count("abstained"),
        "falseSpells": x.false_spells,
        "spells": x.spells - x.open_spells,
        "lead": number(x.lead),
        "gain": number(x.gain),
        "p": number(x.p),
        "holm": holm,
        "power": number(x.power),
        "skill": x.gain > 0 and holm is not None and holm <= ALPHA,
        "alarmsNow": [on, units, period],
        "reading": [number(x.states[0].value), say(x.unit)] if len(x.states) == 1 else None,
        "peaks": [[e.peak, e.verdict, number(e.lead)] for e in x.episodes]
        if len(x.episodes) <= MOST_PEAKS
        else [],
        "grade": x.provenance.grade,
        "rests": store.resting(x.provenance.rows()),
    }


@once
def _years(target: Target) -> float:
    """Years within which the fall is looked for."""
    return target.horizon / {"M": 12, "Q": 4, "Y": 1}[target.levels().index.freqstr[0]]


MOST_PEAKS = 12
"""Falls of a target that are told one by one."""


def payback_part(store: Store, say: Say) -> Json:
    """Spending by year, the assumptions, answers on several bases, and answers in print.

    Parameters
    ----------
    store : Store
    say : callable

    Returns
    -------
    dict
    """
    known = load_assumptions("ai")
    spent = spending_by_year()
    frame = load("assumptions").frame
    names = load("ai_capex").frame
    model = load_model("payback-ai")
    used = [key for key in assumptions_used("ai") if key in known]
    bases = payback_bases()
    return {
        "years": [int(y) for y in spent.index],
        "capex": [float(v) for v in spent],
        "spending": _levels(float(spent.iloc[-1])),
        "earning": {
            str(r.earning): float(r.revenue)
            for r in bases.drop_duplicates("earning").itertuples()
        },
        "horizon": HORIZON,
        "coverBy": COVER_BY,
        "assumptions": {
            key: {
                "what": say(known[key].what),
                "low": known[key].low,
                "central": known[key].central,
                "high": known[key].high,
                "unit": known[key].unit,
                "place": store.place(known[key].source, known[key].locator, known[key].grade),
            }
            for key in used
        },
        "bases": [_plain(r) for r in bases.to_dict("records")],
        "published": [
            {
                "id": p.id,
                "what": say(p.what),
                "required": p.required,
                "asOf": p.as_of,
                "note": p.note,
                "place": store.place(p.source, p.locator, p.grade),
            }
            for p in published_answers()
        ],
        "model": model.model_id,
        "rests": store.resting(
            [
                some("ai_capex", names["measure"] == "capex", "capex of the five builders"),
                some("assumptions", frame["id"].isin(used), "assumptions of AI"),
            ]
        ),
    }


def _levels(last_year: float) -> dict[str, float]:
    """Spending a year of all companies counted, billion dollars, by its base."""
    quarters = column("ai_capex", "capex", members=builders()).values.dropna()
    levels = {
        "last four quarters": last_year,
        "latest quarter at an annual rate": float(4 * quarters.iloc[-1]),
    }
    guided = guidance()
    return levels if guided is None else {**levels, "guidance": guided}


def _plain(row: Mapping[Any, Any]) -> Json:
    return {
        str(k): number(v)
        if isinstance(v, float)
        else int(v)
        if isinstance(v, np.integer)
        else v
        for k, v in row.items()
    }
