"""Commands on fitted models: list, show, fit, verify, cite."""

import datetime
import os
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
)
from manias.data.files import check_place
from manias.errors import InputError

models_app = typer.Typer(
    help="The fitted models: what there is, one of them, fitting them again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


forecast_app = typer.Typer(
    help="Dated forecasts, ours and public ones, and what became of them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands that stand at the top of ``manias``."""
    app.add_typer(models_app, name="models")
    app.add_typer(forecast_app, name="forecast")
    app.command("verify")(verify)
    app.command("cite")(cite)


@models_app.command("list")
def models_list(form: Form = "table", as_json: Json = False) -> None:
    """List every fitted model that is kept, with its score beside the base rate.

    Example: manias models list --json
    """
    import pandas as pd

    from manias.answers.archive import list_models
    from manias.evaluation.cards import encode

    found = []
    for results in list_models():
        card = results.to_card()
        best = results.scores[0] if results.scores else None
        found.append(
            {
                "name": card["name"],
                "id": card["id"],
                "lens": card["lens"],
                "n": card["n"],
                "events": card["events"],
                "gain": best.gain if best else None,
                "gain_interval": [best.gain_low, best.gain_high] if best else None,
                "auc": best.auc if best else None,
                "permutation_p": best.permutation_p if best else None,
                "skill": best.has_skill
                if best and best.permutation_p == best.permutation_p
                else None,
                "rule": encode(rule) if (rule := getattr(results, "rule", None)) else None,
                "untested": getattr(results, "untested", None),
                "grade": card["grade"],
                "fingerprint": card["fingerprint"],
                "data": card["data"],
            }
        )
    if as_json or form == "json":
        print_json(found)
        return
    if form == "csv":
        flat = [
            {c: v for c, v in m.items() if c not in ("gain_interval", "rule", "data")}
            | dict(zip(("gain_low", "gain_high"), m["gain_interval"] or (), strict=False))
            | {"size": m["rule"]["size"] if m["rule"] else None}
            | {f"power_{p['effect']}": p["power"] for p in (m["rule"] or {}).get("power", ())}
            for m in found
        ]
        print_csv(pd.DataFrame(flat))
        return
    rows = [
        {
            "model": m["name"],
            "lens": m["lens"],
            "cases": f"{m['n']:,}",
            "events": f"{m['events']:,}",
            "gain in log loss": _gain(m["gain"], m["gain_interval"]),
            "p": _number(m["permutation_p"], ".4f"),
            "size": "–" if m["rule"] is None else f"{m['rule']['size']:.0%}",
            "power": "–" if m["rule"] is None else f"{m['rule']['power'][1]['power']:.0%}",
            "skill": {None: "not scored", True: "yes", False: "none shown"}[m["skill"]],
            "id": m["id"],
        }
        for m in found
    ]
    print_table(pd.DataFrame(rows), "Fitted models")
    print_wrapped(
        "Gain: log loss of the base rate less that of the model, on cases left out. p, of a "
        "permutation test, decides; size and power: how often it finds skill where there is "
        "none, and where the fitted effect is true."
    )


def _gain(gain: float | None, ends: list[float] | None) -> str:
    if gain is None or ends is None:
        return "–"
    return f"{gain:+.3f} [{ends[0]:+.3f}, {ends[1]:+.3f}]"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None or value != value else f"{value:{form}}"


@models_app.command("tests")
def models_tests(form: Form = "table", as_json: Json = False) -> None:
    """Count the headline tests of skill of all models together, by Holm's correction.

    Example: manias models tests --json
    """
    import pandas as pd

    from manias.answers.headline import counted_sentence, headline_tests
    from manias.evaluation.cards import encode

    found = headline_tests()
    told = [encode(t) | {"planned": t.is_planned} for t in found.tests]
    if as_json or form == "json":
        print_json({"level": found.level, "n_planned": found.n_planned, "tests": told})
        return
    if form == "csv":
        print_csv(pd.DataFrame(told))
        return
    rows = [
        {
            "card": t.card,
            "test": t.test,
            "gain": f"{t.gain:+.3f}",
            "p": f"{t.p:.4f}",
            "size": _number(t.size, ".0%"),
            "p, all counted": f"{t.adjusted:.4f}",
            "p, plan's counted": _number(t.adjusted_planned, ".4f"),
            "passes": "yes" if t.passes else "no",
        }
        for t in found.tests
    ]
    print_table(pd.DataFrame(rows), "Headline tests of skill, counted together (Holm)")
    print_wrapped(f"{counted_sentence(found)}.")


@models_app.command("show")
def models_show(
    key: Annotated[str, typer.Argument(help="Name or id of a model.")],
    form: Annotated[
        Literal["text", "json", "markdown", "latex"],
        typer.Option("--format", help="How to print it."),
    ] = "text",
    as_json: Json = False,
) -> None:
    """Show one fitted model: parameters, fit, scores; or its card.

    Example: manias models show runup-panel --format latex
    """
    from manias.answers.archive import load_model
    from manias.answers.citing import model_card, to_latex

    results = load_model(key)
    if as_json or form == "json":
        print_json(results.to_card())
    elif form == "markdown":
        print(model_card(results), end="")
    elif form == "latex":
        print(to_latex(results), end="")
    else:
        print(results.summary())


@models_app.command("fit")
def models_fit(
    which: Annotated[list[str] | None, typer.Argument(help="Names; all by default.")] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only those whose tables or settings have changed.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every model, which is the default too.")
    ] = False,
    output: Annotated[Path, typer.Option(help="Folder of the cards.")] = Path("reports/models"),
    as_json: Json = False,
) -> None:
    """Fit models to the tables as they stand and write their cards.

    Example: manias models fit runup-classic --output my_models
    """
    from manias.answers.archive import fit_model, model_names, save_model, stale_models
    from manias.answers.citing import model_card
    from manias.data.files import write_atomically

    known = model_names()
    if everything and (which or stale):
        raise InputError("--all: expected without names and without --stale")
    if which and (odd := [name for name in which if name not in known]):
        raise InputError(f"model {odd[0]!r}: expected one of {', '.join(known)}")
    if stale:
        why = stale_models(output)
        which = [name for name in which or known if name in why]
    for name in which if stale else which or known:
        check_place(output / f"{name}.json")
    written = []
    for name in which if stale else which or known:
        say(f"fitting {name}")
        results = fit_model(name)
        write_atomically(output / f"{name}.md", model_card(results).encode())
        path = save_model(results, output)
        written.append({"name": name, "id": results.model_id, "path": str(path.resolve())})
    if as_json:
        print_json(written)
        return
    for item in written:
        print(f"{item['id']}  {item['path']}")
    if not written:
        print("no model is stale")


@forecast_app.command("freeze")
def forecast_freeze(
    made: Annotated[str, typer.Option(help="Day of the forecast, YYYY-MM-DD.")],
    output: Annotated[Path, typer.Option(help="The file to write; it must not exist.")],
    model: Annotated[
        list[str] | None, typer.Option(help="A model that forecasts; all by default.")
    ] = None,
    quarter: Annotated[
        str | None,
        typer.Option(help="Answer the questions of a quarter instead, such as 2026Q4."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write down what the models say now, with what would count as right and by when.

    Example: manias forecast freeze --made 2026-11-23 --output 2026-11-23.json
    """
    if quarter is not None:
        _freeze_quarter(made, output, quarter, model, as_json)
        return
    from manias.answers.forecasts import freeze, write_frozen

    if os.path.lexists(output):
        raise InputError(f"{output}: exists; a frozen forecast is never replaced")
    check_place(output)
    frozen = freeze(made, model, today=datetime.date.today())
    write_frozen(frozen, output)
    if as_json:
        print_json(frozen)
    else:
        print(f"{output.resolve()}: {len(frozen['forecasts'])} forecasts")


def _freeze_quarter(
    made: str, output: Path, quarter: str, model: list[str] | None, as_json: bool
) -> None:
    from manias.answers.own_answers import freeze_questions, write_questions

    if model:
        raise InputError("--quarter: expected without --model; every answer is frozen")
    if os.path.lexists(output):
        raise InputError(f"{output}: exists; frozen answers are never replaced")
    check_place(output)
    frozen = freeze_questions(quarter, made, today=datetime.date.today())
    write_questions(frozen, output)
    if as_json:
        print_json(frozen)
    else:
        n, asked = len(frozen["answers"]), len(frozen["questions"])
        print(f"{output.resolve()}: {n} answers to {asked} questions")
        print(f"seal {frozen['seal']}")


@forecast_app.command("tournament")
def forecast_tournament(
    quarter: Annotated[
        str | None, typer.Option(help="Those asked of our lenses in one quarter.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Use nothing observed or answered later: YYYY-MM, ...")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Set every answer to every question beside the outcome: who was right, by one score.

    Example: manias forecast tournament --as-of 2026-03
    """
    import pandas as pd

    from manias.answers.tournament import frame_of_standings, tournament

    found = tournament(quarter, as_of=as_of)
    frame = found.to_frame()
    if as_json or form == "json":
        print_json(frame.to_dict("records"))
        return
    if form == "csv":
        print_csv(frame)
        return
    for status, title in (
        ("decided", "Decided"),
        ("due, not on record", "Due, and not on record yet"),
        ("open", "Open"),
    ):
        rows = [_played(e) for e in found.entries if _group(e.outcome) == status]
        if rows:
            print_table(pd.DataFrame(rows), f"{title}; data to {found.day}")
    told = frame_of_standings(found)
    told = told[told["decided"] > 0]
    if len(told):
        told = told.assign(skill=[_number(v, ".2f") for v in told["skill"]])
        columns = ["who", "kind", "n", "decided", "skill"]
        print_table(told[columns], "Who has answered how well; skill: the median")
    print_wrapped(
        "Skill: 1 less the error (of a probability the Brier score) over that of the naive "
        "answer known on the day, which is the last value or the base rate. 1 is perfect, 0 no "
        "better than naive. Nothing is scored before it is known; what is due and not on "
        "record is no 'no'. --json has losses, intervals, sources and places."
    )


def _group(outcome) -> str:
    return "decided" if outcome.is_decided else outcome.status


def _played(entry) -> dict[str, str]:
    """One line of the tournament: what was answered, what came, and the score."""
    q, r, o = entry.question, entry.reply, entry.outcome
    given = r.says or _given(r)
    line = {"question": q.id, "who": r.who, "made": r.made, "answer": given}
    if o.is_decided:
        came = o.status if q.kind == "yes/no" else f"{o.value:.4g}"
        return line | {
            "came": came,
            "skill": entry.verdict or _number(entry.skill, ".2f"),
        }
    if o.status == "open":
        return line | {"due": q.closes}
    share = "" if o.value != o.value else f"{o.value:+.0%} to {o.seen_to}"
    return line | {"so far": share or o.seen_to}


def _given(reply) -> str:
    if reply.probability == reply.probability:
        return f"{reply.probability:.{0 if reply.probability >= 0.095 else 1}%}"
    ends = f"{reply.low:.4g}-{reply.high:.4g}" if reply.low == reply.low else ""
    if reply.value != reply.value:
        return ends
    return f"{reply.value:.4g} ({ends})" if ends else f"{reply.value:.4g}"


@forecast_app.command("score")
def forecast_score(
    file: Annotated[
        Path | None, typer.Argument(help="A frozen file; the public forecasts by default.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Use nothing observed or forecast later: YYYY-MM, ...")
    ] = None,
    form: Form = "table",
    as_json: Json = False,
) -> None:
    """Judge forecasts by their rules, as far as the data reach.

    Example: manias forecast score
    """
    from dataclasses import asdict

    from manias.answers.forecasts import judge, list_forecasts, read_frozen
    from manias.data.calendar import last_day
    from manias.data.library import known_on

    with known_on(as_of, by="observed") as library:
        rows = list_forecasts() if file is None else read_frozen(file)
    if (day := library.day) is not None:
        rows = tuple(row for row in rows if last_day(row.made) <= day)
    if not rows and as_of is not None:
        raise InputError(f"as of {as_of}: nothing had been forecast")
    found = [judge(row, as_of=as_of) for row in rows]
    import pandas as pd

    if as_json or form == "json":
        print_json([asdict(j) for j in found])
        return
    if form == "csv":
        print_csv(pd.json_normalize([asdict(j) for j in found], sep="_"))
        return

    table = [
        {
            "made": j.forecast.made,
            "who": j.forecast.who,
            "forecast": j.forecast.text,
            "actual": "" if j.actual != j.actual else f"{j.actual:.4g}",
            "status": j.status,
            "data to": j.seen_to,
            "probability": ""
            if j.forecast.probability != j.forecast.probability
            else f"{j.forecast.probability:.0%} (base {j.forecast.base:.0%})",
        }
        for j in found
    ]
    print_table(pd.DataFrame(table), "Forecasts")
    counts = pd.Series([j.status for j in found]).value_counts()
    print(", ".join(f"{n} {status}" for status, n in counts.items()))


def verify(
    key: Annotated[str | None, typer.Argument(help="Name or id of a model.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every model.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Folder of cards; that of the package by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit kept models again and compare every number; exit 1 if one differs.

    Example: manias verify runup-classic
    """
    import pandas as pd

    from manias.answers.archive import TOLERANCE, model_names, verify_model

    if (key is None) == (not everything):
        raise InputError("expected the name of a model, or --all")
    if folder is not None and not folder.is_dir():
        raise InputError(f"--folder {folder}: no such folder")
    found = []
    for name in model_names() if everything else (key,):
        say(f"refitting {name}")
        found.append(verify_model(name, folder))
    if as_json:
        print_json(
            [
                {
                    "id": v.model_id,
                    "refitted": v.refitted_id,
                    "largest_difference": v.largest if v.largest < float("inf") else None,
                    "where": v.where,
                    "agrees": v.agrees,
                }
                for v in found
            ]
        )
    else:
        rows = [
            {
                "model": v.model_id,
                "agrees": "yes" if v.agrees else "NO",
                "largest difference": f"{v.largest:.1e}" if v.largest else "none",
                "at": v.where if v.largest else "",
            }
            for v in found
        ]
        print_table(pd.DataFrame(rows), f"Refitted; tolerance {TOLERANCE:g}")
    if not all(v.agrees for v in found):
        raise typer.Exit(1)


def cite(
    key: Annotated[str, typer.Argument(help="Name or id of a model, dataset:NAME, or manias.")],
    style: Annotated[
        Literal["bibtex", "csl", "apa"], typer.Option(help="BibTeX, CSL-JSON, or APA.")
    ] = "bibtex",
    sources: Annotated[
        bool, typer.Option("--sources", help="Also cite the sources that it rests on.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Cite a fitted model, a table or the package.

    Example: manias cite dataset:innovations --style apa
    """
    from manias.answers.citing import cite as entries

    print(entries(key, "csl" if as_json else style, sources=sources), end="")
