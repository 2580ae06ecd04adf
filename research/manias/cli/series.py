"""Commands on series: how a file is read, trajectories side by side, tests of explosiveness."""

import warnings
from pathlib import Path
from typing import Annotated, Literal

import typer

from manias.cli.console import (
    Form,
    Json,
    print_csv,
    print_json,
    print_table,
    print_wrapped,
    say,
    tell,
    to_csv,
)
from manias.data.files import check_place
from manias.errors import InputError, ManiasError

ColumnName = Annotated[
    str | None, typer.Option("--column", help="Only this column of numbers.")
]
DateColumn = Annotated[
    str | None, typer.Option("--date-column", help="The column that holds the dates.")
]
Dates = Annotated[
    Literal["dmy", "mdy"] | None,
    typer.Option("--dates", help="What stands first in 01/02/2015, day or month."),
]
Decimal = Annotated[
    Literal[".", ","] | None, typer.Option("--decimal", help="The decimal mark.")
]
Frequency = Annotated[
    Literal["A", "Q", "M"] | None,
    typer.Option(
        "--frequency",
        help="Years, quarters or months where a file holds several, or where 2010:1 is either; "
        "M also takes the last number of each month of days or weeks.",
    ),
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", help="Sheet of a workbook; the first with data by default."),
]
Unit = Annotated[str | None, typer.Option("--unit", help="Unit of the values.")]
Where = Annotated[
    str | None,
    typer.Option("--where", help="COLUMN=VALUE: only these rows, such as one country."),
]
DRAWN = (".svg", ".png", ".pdf")
"""Endings of files that a figure is written to."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(read)
    app.command()(compare)
    app.command()(date)


def read_file(file: str | Path, **options: str | None):
    """Read a file of the user's; how it was understood is said on standard error."""
    from manias.data.reader import read as understand

    found = understand(file, **options)
    tell(found.line)
    return found


def read(
    file: Annotated[
        str, typer.Argument(help="CSV of any usual kind, an .xlsx workbook, or - for a pipe.")
    ],
    column: ColumnName = None,
    date_column: DateColumn = None,
    dates: Dates = None,
    decimal: Decimal = None,
    frequency: Frequency = None,
    sheet: Sheet = None,
    unit: Unit = None,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """Show how a file of yours is understood, before anything is computed from it.

    Example: manias read capex.xlsx --column Capex --unit "USD bn" --json
    """
    from manias.data.reader import read as understand

    found = understand(
        file, column=column, date_column=date_column, dates=dates, decimal=decimal,
        frequency=frequency, sheet=sheet, unit=unit, where=where,
    )  # fmt: skip
    if as_json:
        print_json(found.to_dict())
        return
    print_wrapped(found.line)
    frame = found.frame
    shown = frame if len(frame) <= 2 * ENDS + 1 else _ends(frame)
    table = shown.map(lambda v: "" if v != v else f"{v:,.10g}").astype(str)
    table.insert(0, found.date_column, [_label(p) for p in shown.index])
    print()
    print_table(table, "")


ENDS = 4
"""Rows of a file that are shown at either end."""


def _ends(frame):
    import pandas as pd

    return pd.concat([frame.head(ENDS), frame.tail(ENDS)])


def _label(period) -> str:
    return (
        f"{period:%Y-%m-%d}"
        if hasattr(period, "hour") and not hasattr(period, "freqstr")
        else str(period)
    )


def compare(
    trajectories: Annotated[
        list[str] | None,
        typer.Argument(help="Keys of trajectories (--list shows them), or files of yours."),
    ] = None,
    list_them: Annotated[
        bool, typer.Option("--list", help="List the trajectories there are.")
    ] = False,
    measure: Annotated[
        str | None, typer.Option(help="Only trajectories of this measure; yours are of it.")
    ] = None,
    index: Annotated[
        float | None,
        typer.Option(help="Put the value at 0 to this, such as 100, whatever the measure."),
    ] = None,
    clock: Annotated[
        Literal["onset", "commercialised", "peak"], typer.Option(help="What lies at 0.")
    ] = "onset",
    before: Annotated[int, typer.Option(min=0, help="Years before 0.")] = 3,
    after: Annotated[int, typer.Option(min=0, help="Years after 0.")] = 8,
    as_of: Annotated[
        str | None, typer.Option(help="Cut what was not yet observed by this date.")
    ] = None,
    onset: Annotated[
        str | None, typer.Option(help="Onset of your files; their first period by default.")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="Name of a file of yours, one for each.")
    ] = None,
    column: ColumnName = None,
    date_column: DateColumn = None,
    dates: Dates = None,
    decimal: Decimal = None,
    frequency: Frequency = None,
    sheet: Sheet = None,
    unit: Unit = None,
    where: Where = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Also write them: a file ending in .svg, .png, .pdf or .csv."),
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Lay trajectories on one event-time axis.

    Example: manias compare us-it-dotcom us-it-ai --clock onset --output compare.svg
    """
    from manias.data.library import known_on
    from manias.series.timeline import EventTime, align, rebase

    if list_them:
        _list_trajectories("json" if as_json else form)
        return
    if not trajectories:
        raise InputError("no trajectory given; expected keys or files, --list shows the keys")
    if output is not None and output.suffix.lower() not in (*DRAWN, ".csv"):
        raise InputError(f"--output {output}: expected a name ending in .svg, .png, .pdf, .csv")
    options = {
        "column": column, "date_column": date_column, "dates": dates, "decimal": decimal,
        "frequency": frequency, "sheet": sheet, "unit": unit, "where": where,
    }  # fmt: skip
    # Sources and grade too are those of the rows that were there.
    with known_on(as_of, by="observed"):
        paths = _paths(trajectories, measure, onset, name or [], options)
    if as_of is not None:
        paths = [path.as_of(as_of, by="observed") for path in paths]
    shown = EventTime(clock, before, after)
    if index is not None:
        paths = [rebase(path, clock, to=index) for path in paths]
    table = align(paths, shown)
    if output is not None:
        _write(table, paths, clock, output, is_log=index is not None)
    if form == "csv":
        print_csv(table)
        return
    if as_json or form == "json":
        print_json(_compared(table, paths, clock, as_of, index))
        return
    wide = table.pivot(index="tau", columns="trajectory", values="value")[[p.id for p in paths]]
    last = set(table.dropna(subset="value").groupby("trajectory")["tau"].max())
    whole = wide.index == wide.index.astype(int)
    wide = wide[whole | wide.index.isin(last)].map(lambda v: "" if v != v else f"{v:.4g}")
    wide.insert(0, "years", [f"{tau:g}" for tau in wide.index])
    print_table(wide, f"{paths[0].measure} ({paths[0].unit}), years since {clock}")
    for path in paths:
        mine = table[table["trajectory"] == path.id].dropna(subset="value").iloc[-1]
        print_wrapped(
            f"{path.id}: {path.definition}; 0 = {path.anchors[clock]}, last shown "
            f"{mine['tau']:g} = {mine['period']}; grade {path.grade}"
        )


def _paths(trajectories, measure, onset, names, options):
    from dataclasses import replace

    from manias.data.calendar import user_period
    from manias.series.trajectories import own, trajectory, trajectory_names

    keys = {key.casefold(): key for key in trajectory_names()}
    own_files = [key for key in trajectories if key.casefold() not in keys]
    if len(names) not in (0, len(own_files)):
        raise InputError(f"--name: {len(names)} for {len(own_files)} file(s); expected as many")
    start = None if onset is None else user_period(onset)
    paths = []
    for key in trajectories:
        if key.casefold() in keys:
            path = trajectory(keys[key.casefold()])
            if measure is not None and path.measure != measure:
                raise InputError(f"--measure {measure!r}: {path.id} measures {path.measure!r}")
            paths.append(path)
            continue
        if key != "-" and "." not in Path(key).name and not Path(key).exists():
            raise InputError(
                f"trajectory {key!r}: no such file or trajectory; --list shows the trajectories"
            )
        series = read_file(key, **options).series()
        if names:
            series = replace(series, name=names[own_files.index(key)])
        paths.append(own(series, measure=measure or series.name, onset=start))
    return paths


def _list_trajectories(form: str) -> None:
    import pandas as pd

    from manias.series.trajectories import trajectory, trajectory_names

    paths = [trajectory(key) for key in trajectory_names()]
    rows = [
        {
            "key": p.id, "name": str(p.name), "measure": str(p.measure), "unit": p.unit,
            "first": str(p.values.first_valid_index()),
            "last": str(p.values.last_valid_index()), "grade": p.grade,
        }
        for p in paths
    ]  # fmt: skip
    if form == "csv":
        print_csv(pd.DataFrame(rows))
        return
    if form == "json":
        print_json(rows)
        return
    shown = [{k: r[k] for k in ("key", "measure", "first", "last", "grade")} for r in rows]
    print_table(pd.DataFrame(shown), "Trajectories")


def _write(table, paths, clock: str, output: Path, *, is_log: bool) -> None:
    if output.suffix.lower() == ".csv":
        from manias.data.files import write_atomically

        write_atomically(output, to_csv(table).encode())
    else:
        from manias.figures.record import plot_event_time
        from manias.figures.style import save_figure

        save_figure(plot_event_time(table, paths, clock=clock, log=is_log), output)
    say(f"wrote {output}")


def _compared(table, paths, clock: str, as_of: str | None, index: float | None) -> dict:
    return {
        "clock": clock,
        "measure": paths[0].measure,
        "unit": paths[0].unit,
        "index": index,
        "as_of": as_of,
        "trajectories": [
            {
                "id": p.id,
                "name": p.name,
                "definition": p.definition,
                "grade": p.grade,
                "sources": p.sources,
                "anchor": str(p.anchors[clock]),
                "points": [
                    {"tau": r.tau, "period": r.period, "value": r.value}
                    for r in table[table["trajectory"] == p.id].itertuples()
                ],
            }
            for p in paths
        ],
    }


def date(
    file: Annotated[
        str, typer.Argument(help="CSV of any usual kind, an .xlsx workbook, or - for a pipe.")
    ],
    column: ColumnName = None,
    lag: Annotated[int, typer.Option(min=0, help="Lagged differences in the regression.")] = 0,
    min_window: Annotated[
        int | None,
        typer.Option(min=1, help="Shortest window; (0.01 + 1.8/sqrt(n)) n by default."),
    ] = None,
    window_counts: Annotated[
        Literal["rows", "observations"],
        typer.Option(help="What --min-window counts: regression rows or observations."),
    ] = "rows",
    level: Annotated[
        Literal["90", "95", "99"], typer.Option(help="Level of gate and boundary, percent.")
    ] = "95",
    critical: Annotated[
        Literal["monte carlo", "wild"],
        typer.Option(help="Gaussian walk, or wild bootstrap for changing volatility."),
    ] = "monte carlo",
    log: Annotated[bool, typer.Option("--log", help="Take logarithms first.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of simulated critical values.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Threads; they change no number.")] = 1,
    date_column: DateColumn = None,
    dates: Dates = None,
    decimal: Decimal = None,
    frequency: Frequency = None,
    sheet: Sheet = None,
    unit: Unit = None,
    where: Where = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Draw it: a file ending in .svg, .png or .pdf (one column)."),
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Test a series for explosive growth and date its episodes (Phillips, Shi & Yu 2015).

    With --json one column gives an object, several give a list of objects; CSV has a row an
    episode.

    Example: manias date prices.csv --column close --log --output dated.svg
    """
    import numpy as np

    from manias.explosive.dating import DatingRule, date_series
    from manias.explosive.recursive import SingularWindow

    reading = read_file(
        file, column=column, date_column=date_column, dates=dates, decimal=decimal,
        frequency=frequency, sheet=sheet, unit=unit, where=where,
    )  # fmt: skip
    chosen = list(reading.columns) if column is None else [_chosen(reading, column)]
    if output is not None and (output.suffix.lower() not in DRAWN or len(chosen) > 1):
        raise InputError(
            f"--output {output}: expected a file ending in .svg, .png or .pdf, and one --column"
        )
    if output is not None:
        check_place(output)
    found = []
    for name in chosen:
        series = reading.gapless(name)
        if log and (series <= 0).any():
            at = series.index[series <= 0][0]
            raise InputError(
                f"{reading.where(name, at)}: {series[at]:g}; expected more than 0 for --log"
            )
        series = np.log(series) if log else series
        try:
            with warnings.catch_warnings():
                # What is printed of the series says how many windows were left out.
                warnings.simplefilter("ignore", SingularWindow)
                dated = date_series(
                    series, lag=lag, min_window=min_window, window_counts=window_counts,
                    rule=DatingRule(level=level), critical=critical, seed=seed, workers=workers,
                )  # fmt: skip
        except ManiasError as error:
            raise InputError(f"{reading.file}, column {name}: {error}") from None
        found.append((name, series, dated))
    if output is not None:
        from manias.figures.dating import plot_dating
        from manias.figures.style import save_figure

        (name, series, dated), *_ = found
        save_figure(plot_dating(series, dated, name=f"log {name}" if log else name), output)
        say(f"wrote {output}")
    if form == "csv":
        import pandas as pd

        tables = [dated.to_frame().assign(column=name) for name, _, dated in found]
        episodes = pd.concat(tables, ignore_index=True)
        print_csv(episodes[["column", *[c for c in episodes if c != "column"]]])
        return
    if as_json or form == "json":
        answers = [{"column": name, **dated.to_dict()} for name, _, dated in found]
        print_json(answers[0] if len(answers) == 1 else answers)
        return
    for name, _, dated in found:
        _print_dated(name, dated)


def _chosen(reading, column: str) -> str:
    if column in reading.columns:
        return column
    return next(c for c in reading.columns if c.casefold() == column.casefold())


def _print_dated(name: str, dated) -> None:
    import pandas as pd

    tests, critical = dated.tests, dated.critical
    rows = [
        {
            "test": test.upper(),
            "statistic": f"{getattr(tests, test):.3f}",
            **{f"{p}%": f"{getattr(critical, test)[p]:.3f}" for p in ("90", "95", "99")},
        }
        for test in ("adf", "sadf", "gsadf")
    ]
    print_table(
        pd.DataFrame(rows),
        f"{name}: {tests.n} observations, lag {tests.lag}, window {tests.min_window} "
        f"{tests.window_counts}",
    )
    print_wrapped(dated.finding)
    if dated.episodes:
        rows = [
            {
                "start": e.start, "peak": e.peak, "end": e.end, "periods": str(e.duration),
                "ongoing": "yes" if e.ongoing else "",
            }
            for e in dated.episodes
        ]  # fmt: skip
        print_table(pd.DataFrame(rows), f"{name}: explosive episodes")
    print(f"Critical values: {critical.method}, {critical.n_draws:,} draws.")
