"""The command ``booms``: what the builders of each boom spent, and booms like for like."""

from typing import Annotated

import typer

from manias.cli.console import Form, Json, print_csv, print_json, print_table, print_wrapped
from manias.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(booms)


def booms(
    name: Annotated[
        str | None,
        typer.Argument(
            help="uk-railways, us-railroads, us-telecom, ai or us-it; all by default."
        ),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Like for like: at one age, at the highest, after it."),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help="Cut everything later: YYYY, YYYYQn, YYYY-MM or YYYY-MM-DD."),
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Say what the builders of each boom spent, in money and over GDP, by definition.

    Without a name a line a definition; with one every row. CSV and JSON have every row.

    Example: manias booms us-railroads --format csv
    """
    from manias.data.library import known_on
    from manias.spending.booms import BOOMS

    if name is not None and name not in BOOMS:
        raise InputError(f"boom {name!r}: expected one of {', '.join(BOOMS)}")
    with known_on(as_of):
        (_compare if compare else _money)(name, "json" if as_json else form)


def _money(name: str | None, form: str) -> None:
    from manias.spending.booms import BOOMS, booms_in_money

    found = booms_in_money() if name is None else booms_in_money().of(name)
    frame = found.to_frame()
    if form == "csv":
        print_csv(frame)
    elif form == "json":
        print_json({"rows": frame.to_dict("records"), "left_out": dict(found.left_out)})
    elif name is None:
        _print_definitions(frame)
        for what, why in found.left_out.items():
            print_wrapped(f"Not here: {what}: {why}.")
        print_wrapped(
            f"Weakest grade {found.grade}. Every row of one boom: manias booms NAME; of all, "
            "with sources, places and vintages: --format csv. Like for like: --compare."
        )
    else:
        _print_rows(frame, BOOMS[name])


def _print_definitions(frame) -> None:
    import pandas as pd

    from manias.spending.booms import BOOMS

    for boom, told in frame.groupby("boom", sort=False):
        rows = []
        for (text, measure), part in told.groupby(["definition", "measure"], sort=False):
            shares = part["share_of_gdp"].dropna()
            high = part.loc[shares.idxmax()] if len(shares) else None
            ends = dict.fromkeys((part["year"].iloc[0], part["year"].iloc[-1]))
            rows.append(
                {
                    "definition": text,
                    "measure": measure.replace("_", " "),
                    "years": " to ".join(ends),
                    "highest": "–" if high is None else f"{high['share_of_gdp']:.2f}%",
                    "in": "" if high is None else high["year"],
                }
            )
        what = "" if told["builders"].all() else ", not builders"
        print_table(pd.DataFrame(rows), f"{BOOMS[boom]} ({boom}{what}), percent of GDP")
    print_wrapped(
        "One definition a line, none continued by another; lines of one boom must not be added "
        "up."
    )


def _print_rows(frame, boom: str) -> None:
    import pandas as pd

    for i, (text, part) in enumerate(frame.groupby("definition", sort=False), start=1):
        row = part.iloc[0]
        over = f", percent of {row['denominator']}" if row["denominator"] else ""
        rows = [
            {
                "year": r.year,
                "value": f"{r.value:,.2f}" if abs(r.value) < 1_000 else f"{r.value:,.0f}",
                "share": "–" if pd.isna(r.share_of_gdp) else f"{r.share_of_gdp:.2f}%",
                "vintage": r.vintage,
                "grade": r.grade,
            }
            for r in part.itertuples()
        ]
        print_table(pd.DataFrame(rows), f"{boom} ({i}): {text}; {row['unit']}{over}")
    if not frame["builders"].all():
        print_wrapped("Not builders: an aggregate of all buyers.")
    print_wrapped("Sources, places and notes of each row: --format csv.")


def _compare(name: str | None, form: str) -> None:
    import pandas as pd

    from manias.spending.compared import HORIZON, LOW, compare_booms

    found = compare_booms()
    cases = [one for one in found.cases if name in (None, one.boom)]
    frame = found.to_frame()
    frame = frame[frame["key"].isin([one.key for one in cases])]
    if form == "csv":
        print_csv(frame)
        return
    if form == "json":
        ages = [one for one in found.ages if one.case in set(frame["key"])]
        told = pd.concat([one.to_frame() for one in ages]) if ages else pd.DataFrame()
        rows = {"cases": frame.to_dict("records"), "ages": told.to_dict("records")}
        print_json({"age": found.age, **rows, "grade": found.grade})
        return
    rows = [
        {
            "boom": one.name if one.builders else f"{one.name} *",
            "onset": f"{one.onset or '–'}{' †' if one.onset_from == LOW else ''}",
            **({} if found.age is None else {f"age {found.age}": _percent(one.share_at_age)}),
            "highest": _percent(one.high_share),
            "in": one.high_year,
            "then": f"{one.fall:+.0%} in {one.fall_year}" if one.is_peak else "–",
            "grade": one.grade,
        }
        for one in cases
    ]
    print_table(pd.DataFrame(rows), "Booms like for like: spending in percent of GDP")
    print_wrapped(
        f"Age: years since the onset. Then: the lowest spending in money within {HORIZON} "
        "years of the highest, against it; a dash where these years are not on record, so that "
        "no peak is claimed. † no source dates an onset: the year of least spending before "
        f"(grade J). * not builders. Weakest grade {found.grade}. Why a cell is blank: --json."
    )


def _percent(share: float) -> str:
    return "–" if share != share else f"{share:.2f}%"
