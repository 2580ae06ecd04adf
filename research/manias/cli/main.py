"""The command ``manias``: it asks the library and prints what it answers."""

import io
import json
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Annotated

import typer

from manias.cli.booms import register as register_booms
from manias.cli.console import (
    Form,
    Json,
    Shown,
    around,
    fail,
    print_csv,
    print_json,
    print_records,
    print_table,
    print_wrapped,
    say,
    usage,
)
from manias.cli.explore import register as register_explore
from manias.cli.gauges import register as register_gauges
from manias.cli.models import register
from manias.cli.numbers import register as register_numbers
from manias.cli.quoted import register as register_quoted
from manias.cli.refresh import register as register_refresh
from manias.cli.series import (
    ColumnName,
    DateColumn,
    Dates,
    Decimal,
    Frequency,
    Sheet,
    Unit,
    Where,
    read_file,
)
from manias.cli.series import register as register_series
from manias.data.files import check_place
from manias.errors import InputError, ManiasError, StaleError

app = typer.Typer(
    name="manias",
    help="Do today's AI capital-expenditure trajectories resemble past bubbles?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(
    help="The curated tables: what there is, one table, checks, sources.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(data_app, name="data")
register(app)
register_series(app)
register_booms(app)
register_gauges(app)
register_refresh(app, data_app)
register_quoted(app)
register_numbers(app)
register_explore(app)

ROWS = 20
"""Rows of each table that `trace` prints to people."""
SHORT = 76
"""Most characters of what is printed in the list of `trace`."""
LARGEST = 8_000_000
"""Bytes that must be free for a report."""
PATIENCE = 2.0
"""Seconds after which a command that has not ended says that it is at work."""


def main() -> None:
    """Run the command; exit 0 done, 1 a check failed, 2 bad input."""
    _ready_streams()
    patience = threading.Timer(PATIENCE, say, ["working"])
    patience.daemon = True
    patience.start()
    try:
        code = _run()
        sys.stdout.flush()
    except StaleError as error:
        fail(str(error), 1)
    except ManiasError as error:
        fail(str(error))
    except typer.TyperException as error:
        fail(usage(error))
    except typer.Abort:
        fail("stopped")
    except BrokenPipeError:
        # What reads has had enough: nothing has gone wrong.
        _silence()
        sys.exit(0)
    except OSError as error:
        if error.filename is None:
            # Only what is printed has no name; its rest would be tried again at the exit.
            _silence()
        fail(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        patience.cancel()
        _leave_streams()
    sys.exit(code if isinstance(code, int) else 0)


def _silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> object:
    try:
        return app(standalone_mode=False)
    except typer.TyperException as error:
        # A command that only holds others says what it holds.
        if type(error).__name__ != "NoArgsIsHelpError":
            raise
        print(error.ctx.get_help())
        return 0


def _ready_streams() -> None:
    """A closed stream is the void; one that cannot say a character says another for it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        setattr(sys, name, Shown(getattr(sys, name)))
    warnings.showwarning = _show_warning


def _leave_streams() -> None:
    for name in ("stdout", "stderr"):
        if isinstance(stream := getattr(sys, name), Shown):
            setattr(sys, name, stream.stream)


def _show_warning(message, category, filename, lineno, file=None, line=None) -> None:
    if not issubclass(category, DeprecationWarning | PendingDeprecationWarning):
        print(f"manias: warning: {' '.join(str(message).split())}", file=sys.stderr)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    if version:
        from manias import __version__

        print(__version__)
        raise typer.Exit(0)


@app.command()
def report(
    output: Annotated[
        Path | None,
        typer.Option(
            help="The PDF to write.",
            show_default="reports/build/manias.pdf, in Chinese manias.zh.pdf",
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="en, or the code of another edition.")] = "en",
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Build even if nothing changed, and replace a file that is no PDF."
        ),
    ] = False,
    edition: Annotated[
        str | None,
        typer.Option(
            help="Of an edition that `manias edition list` names; of that in use by default."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Build the PDF report.

    Example: manias report --language zh --output manias.zh.pdf
    """
    from manias.data.library import current, open_edition

    if output is None:
        parts = ["manias", *([] if edition is None else [edition])]
        parts += [] if language == "en" else [language]
        output = Path("reports/build") / f"{'.'.join(parts)}.pdf"
    if output.is_dir():
        raise InputError(f"--output {output}: a folder; expected a file name ending in .pdf")
    with (current() if edition is None else open_edition(edition)).open():
        _report(output, language, force, as_json)


def _report(output: Path, language: str, force: bool, as_json: bool) -> None:
    from manias.data.fingerprint import sha256
    from manias.data.library import current
    from manias.report.build import edition_notice
    from manias.report.stamp import inputs_digest, is_fresh, lineage_of, write_stamp

    digest = inputs_digest(language)
    fresh = not force and is_fresh(output, digest)
    if fresh:
        found = sha256(output.read_bytes())
    else:
        from manias.report.build import typeset, write_report

        check_place(output, begins=b"" if force else b"%PDF-", room=LARGEST)
        check_place(lineage_of(output), begins=b"" if force else b"[")
        pdf, lineage = typeset(language, progress=say)
        write_report(output, pdf, lineage)
        write_stamp(output, digest, pdf, lineage)
        found = sha256(pdf)
    kept = current().edition.note.get("pdf", {}).get(language, {}).get("sha256")
    if kept and kept != found and not edition_notice():
        say(f"the PDF kept with the edition has other bytes (sha256 {kept[:12]}")
    if as_json:
        print_json(
            {
                "path": str(output.resolve()),
                "sha256": found,
                "unchanged": fresh,
                "edition": current().edition.name,
                "as_kept": kept == found if kept else None,
            }
        )
    else:
        print(f"{output.resolve()}{' (nothing changed)' if fresh else ''}")


@app.command()
def trace(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A name in the list at the end of the report, or 'Table 9', 'Figure 3'."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--list", help="List every name, its kind and what is printed.")
    ] = False,
    text: Annotated[
        str | None,
        typer.Option("--find", help="List the names whose value, sentence or table holds it."),
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option(min=0, help="Most rows of a table; 20 by default, all with --json."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Lead from a number of the report to its code, to the rows it rests on and their sources.

    Example: manias trace ai-last-share
    """
    from manias.cli.kept import print_kept

    if (name is not None) + every + (text is not None) != 1:
        raise InputError("trace: expected a name, --list or --find TEXT, one of them")
    if name is None:
        _print_entries(text, as_json)
    else:
        print_kept(("trace", name, rows, as_json), lambda: _print_traces(name, rows, as_json))


def _print_entries(text: str | None, as_json: bool) -> None:
    from dataclasses import asdict

    import pandas as pd

    from manias.cli.kept import kept_text
    from manias.report.tracing import Entry, entries, find

    def made() -> str:
        return json.dumps([asdict(e) for e in entries()])

    kept = json.loads(kept_text(("trace", "every name"), made))
    listed = tuple(Entry(**e | {"texts": tuple(e["texts"])}) for e in kept)
    if text is not None:
        listed = find(text, listed)
    if as_json:
        print_json([{k: v for k, v in asdict(e).items() if k != "texts"} for e in listed])
    elif not listed:
        print_wrapped(f"nothing that the report prints holds {text!r}")
    else:
        rows = [
            {
                "kind": e.number or e.kind,
                "name": e.name,
                "printed": around(e.holds, text or "", SHORT),
            }
            for e in listed
        ]
        what = "Names of the report" if text is None else f"What holds {text!r}"
        print_table(pd.DataFrame(rows), f"{what}: {len(listed)}. manias trace NAME leads on")


def _print_traces(name: str, rows: int | None, as_json: bool) -> None:
    from manias.report.tracing import trace as follow

    found = follow(name)
    if as_json:
        print_json([t.to_dict(limit=rows) for t in found])
        return
    for t in found:
        _print_trace(t, ROWS if rows is None else rows)


def _print_trace(t, limit: int) -> None:
    print(f"{t.kind} {t.name}\n\nvalue: {t.value}\n\nmade by {t.function}:\n\n{t.formula}")
    for part in t.rows:
        n = len(part.frame)
        which = f"all {n:,} rows" if part.is_whole else f"{n:,} of {part.total:,} rows"
        how = f" ({part.how})" if part.how else ""
        grades = f"grade {', '.join(sorted(part.grades)) or 'blank'}"
        digest = t.datasets[part.dataset][:16]
        print_wrapped(f"table {part.name}: {which}{how}; {grades}; SHA-256 {digest}")
        if limit:
            print()
            print_records(part.records(limit), keep=(*part.keys, *part.evidence, "unit"))
            if n > limit:
                print(f"... and {n - limit:,} more: manias data show {part.name}")
        print()
    if not t.rows:
        print("rests on no table: a setting, which the code above reads\n")
    for source in t.sources:
        print_wrapped(
            f"source {source.id}: {source.author} ({source.year}), {source.title}. {source.url}"
        )
    print(f"weakest grade {t.grade}\n")


@app.command()
def classify(
    target: Annotated[
        str,
        typer.Argument(
            help="'ai', a company (such as microsoft), or a file of yours: dates, values, and "
            "if you like unit, revenue, gdp, market."
        ),
    ],
    column: ColumnName = None,
    date_column: DateColumn = None,
    dates: Dates = None,
    decimal: Decimal = None,
    frequency: Frequency = None,
    sheet: Sheet = None,
    unit: Unit = None,
    where: Where = None,
    onset: Annotated[
        str | None, typer.Option(help="When the boom of your file began; its first period.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Cut everything later: YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD."),
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Say where it stands among past booms and what followed there; then lens by lens.

    For AI and for a monthly index also the ladder of run-ups. CSV has a row a measure and
    outcome.

    Example: manias classify ai --as-of 1999-12 --json
    """
    from manias.cli.kept import print_kept
    from manias.record.companies import company_key

    options = {
        "column": column, "date_column": date_column, "dates": dates, "decimal": decimal,
        "frequency": frequency, "sheet": sheet, "unit": unit, "where": where,
    }  # fmt: skip
    asked = "json" if as_json else form
    key = "ai" if target.casefold() == "ai" else company_key(target)
    if target == "-" or Path(target).exists() or (key is None and "." in Path(target).name):
        series = _own_series(target, options, onset)
        _classify(series, as_of, asked)
        return
    given = [
        f"--{name.replace('_', '-')}" for name, v in {**options, "onset": onset}.items() if v
    ]
    if given:
        raise InputError(f"{given[0]}: for a file of yours; {target!r} is none")
    if key is None:
        _refuse_target(target)
    question = ("classify", key, as_of, asked)
    print_kept(question, lambda: _classify(key, as_of, asked))


def _own_series(file: str, options: dict, onset: str | None):
    from dataclasses import replace

    from manias.data.calendar import user_period

    series = read_file(file, **options).series()
    return series if onset is None else replace(series, onset=user_period(onset))


def _refuse_target(target: str) -> None:
    from manias.record.companies import companies, why_not

    if (why := why_not(target)) is not None:
        raise InputError(why)
    raise InputError(
        f"{target!r}: no such file or company; expected 'ai', a file, or one of "
        f"{', '.join(companies())}"
    )


def _classify(target, as_of: str | None, form: str) -> None:
    from manias.answers.classify import ask, ask_indices, ask_own
    from manias.answers.measures import measure_ai, measure_own, stand_ai

    ladder, indices = None, {}
    if isinstance(target, str):
        answers = ask(target, as_of=as_of)
        said = measure_ai(target, as_of=as_of)
        if target == "ai":
            indices = ask_indices(as_of=as_of)
            ladder = stand_ai(as_of=as_of)
    else:
        answers, ladder = ask_own(target, as_of=as_of)
        said = measure_own(target, as_of=as_of)
        target = target.name
    if form == "csv":
        _print_measures(said.measures)
        return
    if form == "json":
        from manias.evaluation.cards import encode

        lenses = {
            "answer": {"resemblance": said.resemblance, "followed": said.followed},
            "measures": encode(said.measures),
            "lenses": [_answer(a) for a in answers],
        }
        if indices:
            lenses["indices"] = {key: _answer(a) for key, a in indices.items()}
        print_json({**(_assessment(ladder) if ladder else {"target": target}), **lenses})
        return
    print_wrapped(f"{said.resemblance}.")
    print_wrapped(f"{said.followed}.")
    if said.measures:
        from manias.figures.tables import measure_table

        print()
        print_table(measure_table(said.measures), f"{said.target}: measure by measure")
        print_wrapped(_legend(said.measures))
        print()
    _print_answers(answers)
    if indices:
        from manias.figures.tables import index_table

        print_table(index_table(indices), "Baskets and indices of AI, from prices alone")
    if ladder is not None:
        _print_ladder(ladder)


def _print_measures(measures) -> None:
    """A row a measure and outcome, as CSV; a measure without outcomes has one row."""
    import pandas as pd

    from manias.evaluation.cards import encode

    rows = []
    for measure in encode(measures):
        own = {k: v for k, v in measure.items() if not isinstance(v, dict | list)}
        for outcome in measure.get("outcomes") or [{}]:
            low, high = outcome.pop("interval", None) or (None, None)
            told = {f"outcome_{k}" if k in own else k: v for k, v in outcome.items()}
            rows.append(own | told | ({"low": low, "high": high} if outcome else {}))
    print_csv(pd.DataFrame(rows))


def _legend(measures) -> str:
    kinds = dict.fromkeys(m.measure for m in measures)
    last = {k: max(m.as_of for m in measures if m.measure == k) for k in kinds}
    among = {(m.measure, m.of) for m in measures if m.of}
    ranks = ", ".join(f"{n:,} ({kind.replace('_', ' ')})" for kind, n in sorted(among))
    ends = ", ".join(f"{kind.replace('_', ' ')} {end}" for kind, end in last.items())
    placed = [m.which for m in measures if m.which]
    odds = (
        f"Odds: of such a fall of prices beside the mean industry of the month (place among "
        f"{placed[0].of}); not when. "
        if placed
        else ""
    )
    placed_first = f"Rank: 1 is above all, of {ranks}. " if ranks else ""
    return (
        f"{placed_first}{odds}Fell: share of past cases of the class in which spending fell by "
        "30% in dollars (series within five years, companies within three) or share prices by "
        "40% (within two). Numbers of cases, intervals and other outcomes: --json. Data to: "
        f"{ends}."
    )


def _answer(answer) -> dict:
    from dataclasses import asdict

    told = {**asdict(answer), "has_skill": answer.has_skill, "says": answer.says}
    # A figure outside what was fitted is no answer.
    kept = answer.is_supported
    outside = {} if kept else dict.fromkeys(("value", "low", "high", "band"))
    return {**told, **outside}


def _print_answers(answers) -> None:
    from manias.data.calendar import last_day
    from manias.figures.tables import answer_table

    shown = answer_table(answers)[["lens", "answer", "cases", "verdict"]]
    print_table(shown, f"{answers[0].target}: the lenses side by side (more with --json)")
    for a in answers:
        if a.nearest:
            print_wrapped(f"{a.lens}: nearest {', '.join(a.nearest)}")
    if dates := [a.as_of for a in answers if a.as_of]:
        latest = max(dates, key=last_day)
        print_wrapped(f"Nothing later than {latest} was used. A probability is not a forecast.")


def _print_ladder(answer) -> None:
    from manias.figures.tables import standing_table

    print_table(standing_table(answer), f"As of {answer.as_of} (nothing later was used)")
    base = answer.results.base
    rule = answer.results.model.rule
    print_wrapped(
        f"Crash: a fall of {rule.crash:.0%} within {rule.horizon} months. Below the lowest "
        f"rung the frequency is that of any two years ({base.crashes} of {base.n}). Data "
        f"{answer.results.first} to {answer.results.last}, weakest grade {answer.grade}. A "
        f"frequency is not a forecast."
    )
    print_wrapped(f"Model {answer.model_id}.")


@app.command()
def payback(
    capex: Annotated[
        float | None,
        typer.Option(help="Spending a year, billion dollars; what is on record by default."),
    ] = None,
    revenue: Annotated[
        float | None,
        typer.Option(
            help="Revenue from AI a year, billion dollars; the assumption by default."
        ),
    ] = None,
    life: Annotated[
        float | None, typer.Option(help="Life of servers and chips, years.")
    ] = None,
    growth: Annotated[
        float | None,
        typer.Option(help="Growth of spending a year, percent; 0, 20 and 40 by default."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what revenue would pay for the spending on AI, under your own assumptions.

    Example: manias payback --life 4 --growth 20
    """
    from dataclasses import asdict

    from manias.lenses.payback import COVER_BY
    from manias.lenses.payback_cases import payback_cases, published_answers

    share = None if growth is None else growth / 100
    found = payback_cases(capex=capex, revenue=revenue, life=life, growth=share)
    asked = found.asked
    if as_json:
        print_json(
            {
                "as_of": asked.as_of,
                "unit": asked.unit,
                "required": asked.required,
                "revenue": asked.revenue,
                "ratio": asked.ratio,
                "growth_needed": asked.growth_needed,
                "cover_by": COVER_BY,
                "covered": asked.covered or None,
                "depreciation": found.depreciation,
                "capital_return": found.capital_return,
                "ratio_one_at_a_time": found.one_at_a_time,
                "ratio_corners": found.corners,
                "ratio_drawn": found.drawn,
                "bases": found.bases.to_dict("records"),
                "published": [asdict(answer) for answer in published_answers()],
                "assumptions": [
                    {
                        "id": a.id, "what": a.what, "low": a.low, "central": a.central,
                        "high": a.high, "unit": a.unit, "source": a.source, "grade": a.grade,
                    }
                    for a in asked.assumptions
                ],
                "grade": asked.grade,
            }
        )  # fmt: skip
        return
    import pandas as pd

    given = ", ".join(
        f"{name} {value:g}{unit}"
        for name, value, unit in (
            ("spending", capex, " billion"), ("revenue", revenue, " billion"),
            ("life", life, " years"), ("growth", growth, "%"),
        )
        if value is not None
    )  # fmt: skip
    print_wrapped(
        f"Read: {given or 'nothing given, central assumptions'}; data to {asked.as_of}."
    )
    rows = []
    for _, group in found.bases.groupby(["spending", "earning"], sort=False):
        first = group.iloc[0]
        needed = {
            f"needed at {r.growth:.0%}": "–"
            if r.growth_needed != r.growth_needed
            else f"{r.growth_needed:.0%}"
            for r in group.itertuples()
        }
        rows.append(
            {
                "spending": first["spending"],
                "revenue of": first["earning"],
                "AI part": f"{first['capex']:,.0f}",
                "required": f"{first['required']:,.0f}",
                "revenue": f"{first['revenue']:,.0f}",
                "ratio": f"{first['ratio']:.2f}",
                **needed,
            }
        )
    print_table(pd.DataFrame(rows), "Revenue that would pay for AI, billion dollars a year")
    print_wrapped(
        f"Needed: growth of revenue a year to cover it by {COVER_BY}, at a growth of spending. "
        "Of what is required "
        f"{found.depreciation:,.0f} billion covers depreciation and "
        f"{found.capital_return:,.0f} "
        "the return on capital, before operating cost. Ratio with one assumption at an end "
        f"{found.one_at_a_time[0]:.1f} to {found.one_at_a_time[1]:.1f}, all at ends "
        f"{found.corners[0]:.1f} to {found.corners[1]:.1f}, all drawn at once "
        f"{found.drawn[0]:.1f} to {found.drawn[1]:.1f} (90%). Spending is that of five "
        f"companies "
        "times the share that is AI. An identity under assumptions, not a forecast; weakest "
        f"grade {asked.grade}."
    )
    table = [
        {
            "as of": a.as_of,
            "published answer": a.what.removeprefix("published answer: "),
            "required": f"{a.required:,.0f}",
            "what it counts": a.note.removeprefix("for comparison, not an input; "),
            "grade": a.grade,
        }
        for a in published_answers()
    ]
    print_table(pd.DataFrame(table), "Published answers, billion dollars a year")
    print_wrapped("No two count the same; sources and places: --json.")


@app.command()
def claims(form: Form = "table", as_json: Json = False) -> None:
    """Check every numeric claim of the founding article.

    Example: manias claims --format csv
    """
    from dataclasses import asdict

    import pandas as pd

    from manias.record.claims import check_claims

    found = check_claims()
    if as_json or form == "json":
        print_json([asdict(claim) for claim in found])
        return
    if form == "csv":
        evidence = [asdict(c) | {"evidence": "; ".join(c.evidence)} for c in found]
        print_csv(pd.DataFrame(evidence))
        return

    rows = [
        {
            "claim": c.id,
            "about": f"{c.about}: {c.what}",
            "figure": _figure(c.value, c.unit),
            "status": c.status,
            "evidence": "; ".join(filter(None, [*c.evidence, c.computed, c.note])),
            "grade": c.grade,
        }
        for c in found
    ]
    print_table(pd.DataFrame(rows), "Numeric claims of the founding article")
    counts = pd.Series([c.status for c in found]).value_counts()
    print(", ".join(f"{n} {status}" for status, n in counts.items()))


@app.command()
def definitions(
    published: Annotated[
        bool,
        typer.Option("--published", help="The shares that others have printed, beside ours."),
    ] = False,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Say by each definition whether spending on AI stands above the dotcom peak.

    Shares of GDP in percent, level and rise. JSON holds both tables.

    Example: manias definitions --published --format csv
    """
    from dataclasses import asdict

    import pandas as pd

    from manias.figures.tables import definition_table, published_table
    from manias.spending.definitions import answer_by_definition
    from manias.spending.published import compare_published_shares

    found, others = answer_by_definition(), compare_published_shares()
    if as_json or form == "json":
        print_json({**asdict(found), "published": [asdict(one) for one in others]})
        return
    if form == "csv":
        frame = pd.DataFrame([asdict(one) for one in others]) if published else found.to_frame()
        print_csv(frame)
        return
    if published:
        title = f"{len(others)} published figures beside ours, percent of GDP or points"
        print_table(published_table(others), title)
        print_wrapped(
            "Points: ours less the figure, or less the nearer end of a range; 0 inside it. "
            "Definitions of ours, whether they are the same or near, imports, sources and "
            "places: --json."
        )
        return
    print_table(
        definition_table(found),
        "Spending on AI by definition, percent of US GDP, beside the dotcom peak",
    )
    print_wrapped(f"{found.level}.")
    print_wrapped(f"{found.pace}.")
    print_wrapped(f"{found.imports}.")
    if reasons := dict.fromkeys(row.reason for row in found.rows if row.reason):
        print_wrapped(f"No dotcom peak: {'; '.join(reasons)}.")
    print_wrapped(
        "Rise: points since the onset of the AI years; rise then: in as many quarters after "
        "the onset of the dotcom years. Construction is not adjusted for the season; five "
        f"builders spend abroad too. Weakest grade {found.grade}. Published figures beside "
        "these: --published."
    )


@app.command()
def notebooks(
    which: Annotated[
        list[str] | None,
        typer.Argument(help="Notebooks by the start of their names; all by default."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where the notebooks are.", show_default="those of the package"),
    ] = None,
    output: Annotated[Path, typer.Option(help="Where the pages go.")] = Path(
        "reports/build/notebooks"
    ),
    show: Annotated[
        bool,
        typer.Option("--open", help="Open the page, or the index of several, in a browser."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Execute notebooks and write them as pages with an index; nothing is downloaded.

    Example: manias notebooks 01 --open
    """
    from manias.cli.notebook import shipped, write_pages

    home = shipped() if folder is None else folder
    found = sorted(home.glob("*.ipynb"))
    if not found:
        raise InputError(f"--folder {home}: no notebook there; expected *.ipynb")
    chosen = [p for p in found if not which or any(p.name.startswith(w) for w in which)]
    if not chosen:
        raise InputError(
            f"notebook {which[0]!r}: expected one of {', '.join(p.stem for p in found)}"
        )
    written = write_pages(chosen, output, every=found, progress=say)
    if as_json:
        print_json({"written": [str(p.resolve()) for p in written]})
    else:
        for path in written:
            print(path.resolve())
    if show:
        import webbrowser

        page = written[0] if len(chosen) == 1 else written[-1]
        if not webbrowser.open(page.resolve().as_uri()):
            say(f"no browser found; open {page.resolve()}")


@data_app.command("list")
def data_list(form: Form = "table", as_json: Json = False) -> None:
    """List the tables, and the views that are made from them.

    Example: manias data list --format csv
    """
    import pandas as pd

    from manias.answers.views import read_view, view_names
    from manias.data.library import load, names
    from manias.data.tables import grade_shares, shares_of

    found = [load(name) for name in names()]
    views = [read_view(name) for name in view_names()]
    told = [
        {
            "name": d.name,
            "title": d.title,
            "version": d.version,
            "licence": d.licence,
            "rows": len(d.frame),
            "tables": list(d.tables),
            "sources": len(d.sources),
            "grades": grade_shares(d),
            "fingerprint": d.fingerprint,
            "view_of": [],
        }
        for d in found
    ]
    told += [
        {
            "name": v.name,
            "title": v.title,
            "version": "",
            "licence": "that of each table",
            "rows": len(v.frame),
            "tables": ["data"],
            "sources": len(v.sources),
            "grades": shares_of(v.frame["grade"]),
            "fingerprint": v.fingerprint,
            "view_of": list(v.tables),
        }
        for v in views
    ]
    if as_json or form == "json":
        print_json(told)
        return
    if form == "csv":
        flat = [
            {key: " ".join(v) if isinstance(v, list) else v for key, v in t.items()}
            | t["grades"]
            for t in told
        ]
        print_csv(pd.DataFrame(flat).drop(columns="grades"))
        return
    rows = [
        {
            "name": t["name"],
            "rows": f"{t['rows']:,}",
            "sources": str(t["sources"]),
            "grades": _grades(t["grades"]),
            "title": t["title"] + (" (view)" if t["view_of"] else ""),
        }
        for t in told
    ]
    print_table(pd.DataFrame(rows), "Tables")


@data_app.command("show")
def data_show(
    name: Annotated[
        str,
        typer.Argument(
            help="A table, or table.part where it has parts (us_industries.market)."
        ),
    ],
    form: Form = "table",
    rows: Annotated[int, typer.Option(min=1, help="Rows shown of a table for people.")] = 60,
    as_json: Json = False,
) -> None:
    """Print one table or view.

    Example: manias data show innovations --format csv
    """
    from manias.answers.views import read_view, view_names
    from manias.data.library import load

    base, _, part = name.partition(".")
    if name in view_names():
        title, frame = read_view(name).title, read_view(name).frame
    else:
        dataset = load(base)
        if (part or "data") not in dataset.tables:
            listed = ", ".join(dataset.tables)
            raise InputError(f"table {name!r}: expected a part among {listed}")
        title, frame = dataset.title, dataset.tables[part or "data"]
    if form == "csv":
        print_csv(frame)
    elif form == "json" or as_json:
        text = frame.astype({c: str for c in frame if str(frame[c].dtype).startswith("period")})
        print_json(json.loads(text.to_json(orient="records", double_precision=15)))
    else:
        shown = frame.head(rows).astype(object).where(frame.head(rows).notna(), "")
        print_table(shown.astype(str), title)
        if len(frame) > rows:
            print(f"{rows} of {len(frame):,} rows; --rows N or --format csv shows more")


@data_app.command("check")
def data_check(
    root: Annotated[
        Path | None, typer.Option("--folder", "--root", help="Another folder of tables.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Validate sources, locators and every table; exit 1 if anything is wrong.

    Example: manias data check
    """
    from manias.data.consistency import check_consistency
    from manias.data.library import current, load, names
    from manias.data.provenance import check_sources
    from manias.data.tables import grade_shares
    from manias.data.validation import check

    if root is not None and not root.is_dir():
        raise InputError(f"--folder {root}: no such folder")
    root = root or current().root
    problems = {name: check(name, root) for name in names(root)}
    if not problems:
        raise InputError(
            f"--folder {root}: no table there; expected folders with datapackage.json"
        )
    # Tables are compared with each other once each can be read.
    between = () if any(problems.values()) else check_consistency(root)
    for part, wrong in (("sources.json", check_sources(root)), ("between tables", between)):
        if wrong:
            problems[part] = wrong
    bad = sum(len(found) for found in problems.values())
    if as_json:
        print_json(
            {
                "ok": bad == 0,
                "problems": [
                    {
                        "file": p.file,
                        "row": p.row,
                        "column": p.column,
                        "value": p.value,
                        "expected": p.expected,
                    }
                    for found in problems.values()
                    for p in found
                ],
            }
        )
    else:
        import pandas as pd

        rows = []
        for name, found in problems.items():
            line = {"table": name, "result": f"{len(found)} problem(s)" if found else "ok"}
            if not found:
                dataset = load(name, root)
                missing = float(dataset.frame.isna().to_numpy().mean())
                line |= {
                    "rows": f"{len(dataset.frame):,}",
                    "sources": str(len(dataset.sources)),
                    "grades": _grades(grade_shares(dataset)),
                    "blank cells": f"{missing:.0%}",
                }
            rows.append(line)
        print_table(pd.DataFrame(rows).fillna(""), "Check of the tables")
        for found in problems.values():
            for problem in found[:20]:
                print(problem)
            if len(found) > 20:
                print(f"{found[0].file}: {len(found) - 20} more")
    if bad:
        raise typer.Exit(1)


@data_app.command("seal")
def data_seal(
    names: Annotated[list[str], typer.Argument(help="Tables that were edited on purpose.")],
    root: Annotated[Path, typer.Option(help="Folder of tables.")] = Path("datasets"),
    as_json: Json = False,
) -> None:
    """Write the checksums of edited tables into their descriptors, for maintainers.

    Example: manias data seal ai_capex
    """
    from manias.data.tables import folders
    from manias.data.validation import check, seal

    if not root.is_dir():
        raise InputError(f"--root {root}: no such folder; expected a checkout's datasets/")
    for name in names:
        if name not in folders(root):
            raise InputError(f"table {name!r}: expected one of {', '.join(folders(root))}")
    for name in names:
        seal(root / name)
    problems = [problem for name in names for problem in check(name, root)]
    if as_json:
        print_json({"sealed": names, "problems": [str(problem) for problem in problems]})
    else:
        print(f"sealed: {', '.join(names)}")
        for problem in problems:
            print(problem)
    if problems:
        raise typer.Exit(1)


@data_app.command("sources")
def data_sources(
    name: Annotated[str | None, typer.Argument(help="A table; all by default.")] = None,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print BibTeX entries.")] = False,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """List where the figures come from.

    Example: manias data sources uk_railways --bibtex
    """
    import pandas as pd

    from manias.data.bibliography import to_bibtex_list
    from manias.data.library import current, load

    found = load(name).sources if name else tuple(current().sources().values())
    if bibtex and (as_json or form != "table"):
        raise InputError("--bibtex: expected without --json and --format")
    if bibtex:
        print("\n".join(to_bibtex_list(found)), end="")
        return
    told = [{f: getattr(s, f) for f in type(s).__dataclass_fields__} for s in found]
    if as_json or form == "json":
        print_json(told)
        return
    if form == "csv":
        print_csv(pd.DataFrame(told))
        return
    rows = [
        {
            "key": s.id,
            "author": s.author,
            "year": s.year,
            "title": s.title,
            "licence": s.licence,
            "link": s.url,
        }
        for s in found
    ]
    print_table(pd.DataFrame(rows), f"Sources of {name or 'all tables'}")


def _assessment(answer) -> dict:
    rule = answer.results.model.rule
    base = answer.results.base
    return {
        "target": answer.target,
        "as_of": answer.as_of,
        "lens": "ladder",
        "model_id": answer.model_id,
        "fitted_on": [answer.results.first, answer.results.last],
        "grade": answer.grade,
        "rule": {
            f: getattr(rule, f) for f in type(rule).__dataclass_fields__ if f != "threshold"
        },
        "base": {
            "crash_frequency": base.rate,
            "interval": [base.low, base.high],
            "n": base.n,
            "crashes": base.crashes,
        },
        "ladder": [
            {
                "rung": rung,
                "n": f.n,
                "crashes": f.crashes,
                "crash_frequency": f.rate,
                "interval": [f.low, f.high],
                "stretches": f.waves,
                "open": f.n_open,
                "shuffled": f.shuffled,
                "reversed": f.reversed,
            }
            for rung, f in answer.results.rungs.items()
        ],
        "industries": [
            {
                "industry": s.industry,
                "name": s.name,
                "as_of": s.as_of,
                "firms": s.firms,
                "runup": s.runup,
                "net_runup": s.net_runup,
                "five_year_return": s.long_return,
                "rung": s.rung,
                "since": s.since,
                "highest_rung": s.highest,
                "highest_month": s.highest_month,
                "crash_frequency": s.crash_frequency,
                "interval": [s.low, s.high],
                "n": s.n,
                "crashes": s.crashes,
                "stretches": s.waves,
            }
            for s in answer.standings
        ],
    }


def _figure(value: float, unit: str) -> str:
    if value != value:
        return "–"
    return f"{value:.0f}" if unit == "year" else f"{value:,g} {unit}"


def _grades(shares: dict[str, float]) -> str:
    return ", ".join(f"{grade} {share:.0%}" for grade, share in shares.items() if share > 0)


if __name__ == "__main__":
    main()
