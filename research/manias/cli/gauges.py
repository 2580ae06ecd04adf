"""Command on public gauges: the scoreboard, one gauge, what cannot be computed and why."""

from typing import Annotated

import typer

from manias.cli.console import (
    Form,
    Json,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
    say,
)
from manias.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(gauges)


def gauges(
    name: Annotated[
        str | None, typer.Argument(help="Key of a gauge; all of them by default.")
    ] = None,
    list_them: Annotated[
        bool,
        typer.Option("--list", help="List public gauges: owner, rule, and why not where not."),
    ] = False,
    episodes: Annotated[
        bool, typer.Option("--episodes", help="Show fall by fall what was warned of.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Score again and compare with what is kept.")
    ] = False,
    renew: Annotated[
        bool, typer.Option("--renew", help="For maintainers: score again and keep it.")
    ] = False,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Show how public gauges of bubbles did as warnings, on what was known then.

    Every gauge is its owner's published rule. Falls, scores and test are fixed beforehand in
    the analysis plan and alike for all. Nothing is made of them together.

    Example: manias gauges shiller-cape-25 --episodes
    """
    asked = "json" if as_json else form
    if list_them:
        _list(name, asked)
    elif renew:
        _renew(name)
    elif verify:
        _verify(name)
    elif name is not None:
        _one(name, asked, episodes)
    elif episodes:
        _episodes(asked)
    else:
        _board(asked)


def _list(name: str | None, form: str) -> None:
    from manias.data.library import load

    table = load("gauges").frame
    if name is not None:
        table = table[table["key"] == name]
        if table.empty:
            raise InputError(f"gauge {name!r}: no row of the table gauges")
    if form == "csv":
        print_csv(table)
    elif form == "json":
        print_json(table.astype(object).where(table.notna(), None).to_dict("records"))
    else:
        short = ["key", "owner", "kind", "computable"]
        columns = short if name is None else [c for c in table if table[c].notna().any()]
        print_table(table[columns], "Public gauges, computed here or not.")
        if name is None:
            print_wrapped(
                "Rule, threshold, source and reason of each: manias gauges KEY --list"
            )


def _board(form: str) -> None:
    from manias.gauges.kept import load_scoreboard

    board = load_scoreboard()
    frame = board.to_frame()
    if form == "csv":
        print_csv(frame)
        return
    if form == "json":
        print_json([_record(board, line) for line in board.lines])
        return
    import pandas as pd

    rows = [
        {
            "gauge": x.key,
            "alarm": f"{100 * x.in_alarm:.0f}%",
            "hits": f"{x.hits}/{x.falls}",
            "false": f"{x.false_spells}/{x.spells - x.open_spells}",
            "lead": _number(x.lead, ".0f"),
            "gain": _number(x.gain, "+.3f"),
            "p": _number(x.p, ".3f"),
            "now": _now(x),
        }
        for x in board.lines
    ]
    print_table(pd.DataFrame(rows), "Public gauges as warnings, on what was known then.")
    print_wrapped(
        "alarm: share of the readings. hits: falls warned of by their peak, "
        "of those in which it could be read. false: spells of alarm that no such fall "
        "followed, of those that are over. lead: months from the first alarm to the peak, "
        "median. gain: log score over the base rate known then, nats a reading. p: of turning "
        "the outcomes in time, before Holm's correction. now: value and threshold, or units "
        "in alarm and read; * alarm. In brackets below: readings."
    )
    for target, lines in _by_target(board).items():
        print_wrapped(f"{target}: {', '.join(lines)}.")
    skilled = [x for x in board.lines if board.has_skill(x.key)]
    named = ", ".join(
        f"{x.key} ({x.spells} {'spell' if x.spells == 1 else 'spells'} of alarm)"
        for x in skilled
    )
    tested = [x.power for x in board.lines if x.turns and x.falls]
    print_wrapped(
        f"Of {len(board.lines)} lines {len(skilled)} beat the base rate by the rule of the plan"
        + (f": {named}." if named else ".")
        + f" Where the odds of a fall are three times as high in alarm, the test sees it in "
        f"{100 * min(tested):.0f} to {100 * max(tested):.0f}% of samples."
    )


def _one(name: str, form: str, episodes: bool) -> None:
    from manias.gauges.kept import load_scoreboard
    from manias.gauges.registry import find_gauge, find_target

    gauge = find_gauge(name)
    board = load_scoreboard()
    line = board.line(name)
    if form == "csv":
        print_csv(line.to_frame() if episodes else board.to_frame().query("gauge == @name"))
        return
    if form == "json":
        print_json(_record(board, line))
        return
    target = find_target(gauge.target)
    print_wrapped(f"{gauge.name} ({gauge.owner}): {gauge.rule}.")
    if gauge.caveat:
        print_wrapped(f"Here: {gauge.caveat}.")
    print_wrapped(
        f"Warns of: {target.name}, a fall of {100 * target.fall:.0f}% within {target.horizon} "
        f"{_periods(target)} ({target.measure}). {line.vintage}, {line.first} to {line.last}; "
        f"{line.n:,} readings, {line.abstained:,} abstained, "
        f"{100 * line.in_alarm:.1f}% in alarm."
    )
    print_wrapped(
        f"The fall followed {_percent(line.after_alarm)} of the readings in alarm and "
        f"{_percent(line.after_none)} of the others, {_percent(line.base)} of all. Gain over "
        f"the base rate known then {_number(line.gain, '+.4f')} "
        f"({_number(line.low, '+.4f')} to {_number(line.high, '+.4f')}) nats a reading, "
        f"p {_number(line.p, '.3f')} of "
        f"{line.turns} turns, by Holm {_number(board.adjusted.get(name), '.2f')}; the test "
        f"rejects {_percent(line.size)} of samples without an effect and sees three times the "
        f"odds in {_percent(line.power)}."
    )
    print_wrapped(
        f"Falls: {line.hits} hit, {line.count('late')} late, {line.count('missed')} missed, "
        f"{line.count('abstained')} not read; since its rule was published "
        f"({line.since or '?'}) {len(line.later)}, {_hits(line.later)} hit. "
        f"Spells of alarm: {line.spells}, "
        f"{line.false_spells} false, "
        f"{line.open_spells} open. Now ({line.alarms_now[2]}): {_now(line)} {line.unit}."
    )
    print()
    if episodes:
        frame = line.to_frame()[["of", "name", "peak", "depth", "verdict", "alarm", "lead"]]
        frame["depth"] = [f"{100 * d:.0f}%" for d in frame["depth"]]
        frame["lead"] = [_number(v, ".0f") for v in frame["lead"]]
        print_table(frame, "Falls, by peak.")
    else:
        print_table(_others(line), "Other falls and horizons.")


def _episodes(form: str) -> None:
    import pandas as pd

    from manias.gauges.kept import load_scoreboard

    board = load_scoreboard()
    if form in ("csv", "json"):
        parts = [
            line.to_frame().assign(gauge=line.key, target=line.target) for line in board.lines
        ]
        table = pd.concat(parts)
        table = table[["gauge", "target", *[c for c in table if c not in ("gauge", "target")]]]
        if form == "csv":
            print_csv(table)
        else:
            print_json(table.to_dict("records"))
        return
    found = {line.key: line.by_name() for line in board.lines}
    years = sorted({year for named in found.values() for year in named})
    rows = [
        {"gauge": key, **{f"'{year[2:]}": _fall(named.get(year)) for year in years}}
        for key, named in found.items()
    ]
    print_table(pd.DataFrame(rows), f"Falls that peaked about {', '.join(years)}.")
    print_wrapped(
        "hits/falls in which it could be read; - none could be; blank: no such fall in what it "
        "warns of. All falls of a gauge: manias gauges NAME --episodes"
    )


def _verify(name: str | None) -> None:
    from manias.gauges.kept import verify_score
    from manias.gauges.registry import list_gauges

    differ = []
    for key in [name] if name else [gauge.key for gauge in list_gauges()]:
        say(f"scoring {key} again")
        agrees, where = verify_score(key)
        print(f"{key}: {'agrees' if agrees else f'differs at {where}'}")
        differ += [] if agrees else [key]
    if differ:
        raise typer.Exit(1)


def _renew(name: str | None) -> None:
    from pathlib import Path

    from manias.data.library import current
    from manias.gauges.gauge import FOLDER
    from manias.gauges.kept import score_gauges

    folder = Path(str(current().reports)) / FOLDER
    n = 0
    for score in score_gauges(folder, () if name is None else (name,), tell=say):
        print(f"{score.key}: gain {_number(score.gain, '+.4f')}, p {_number(score.p, '.3f')}")
        n += 1
    if not n:
        print("Every score holds; nothing was scored.")


def _record(board, line) -> dict[str, object]:
    from manias.evaluation.cards import encode

    row = board.to_frame().query("gauge == @line.key").to_dict("records")[0]
    kept = encode(line)
    wanted = ("name", "owner", "vintage", "since", "first", "last", "turns", "scored", "unit")
    return {
        **row,
        **{key: kept[key] for key in wanted},
        "has_skill": board.has_skill(line.key),
        "others": kept["others"],
        "states": kept["states"],
        "episodes": kept["episodes"],
        "sources": list(line.provenance.sources),
        "grade": line.provenance.grade,
    }


def _by_target(board) -> dict[str, list[str]]:
    from manias.gauges.registry import find_target

    found: dict[str, list[str]] = {}
    for line in board.lines:
        t = find_target(line.target)
        head = f"{t.name}, fall of {100 * t.fall:.0f}% within {t.horizon} {_periods(t)}"
        found.setdefault(head, []).append(f"{line.key} ({line.n:,})")
    return found


def _periods(target) -> str:
    return "months" if target.horizon >= 12 else "years"


def _others(line):
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "fall": f"{100 * o.fall:.0f}%",
                "within": o.horizon,
                "hits": f"{o.hits}/{o.episodes}",
                "after alarm": _percent(o.in_alarm),
                "after none": _percent(o.outside),
                "gain": _number(o.gain, "+.4f"),
            }
            for o in line.others
        ]
    )


def _now(line) -> str:
    on, units, _ = line.alarms_now
    if units == 1 and len(line.states) == 1:
        state = line.states[0]
        return f"{_short(state.value)}/{_short(state.threshold)}{'*' if on else ''}"
    return f"{on}/{units}{'*' if on else ''}" if units else ""


def _fall(found: tuple[int, int, int] | None) -> str:
    if found is None:
        return ""
    hits, read, _ = found
    return f"{hits}/{read}" if read else "-"


def _hits(episodes) -> int:
    return sum(e.verdict == "hit" for e in episodes)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"


def _percent(value: float) -> str:
    return "none" if value != value else f"{100 * value:.1f}%"


def _number(value: float | None, form: str) -> str:
    if value is None or value != value:
        return ""
    text = f"{value:{form}}"
    return text.lstrip("+-") if float(text) == 0 else text
