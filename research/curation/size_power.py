"""Make ``datasets/size_power``: python research/curation/size_power.py.

Run from the root of the repository; it takes about ten minutes on one core, three of them for
the rows with a technology (``--keep`` makes only these and keeps the others). The table depends
on SIZES, the cases below, draws and seed alone, not on ``--workers``; the noise of the matched
cases is measured on the tables that are in use.
"""

import argparse
import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from manias.data.library import load
from manias.data.validation import seal
from manias.explosive.dating import DatingRule, date_series, measure_dating
from manias.explosive.simulate import PROCESSES
from manias.report.dating import own_series, shipped_length
from manias.series.trajectories import trajectory

SIZES = (100, 200, 400)
SEED = 1
ROOT = 0.998
"""First-order root of the log of US price over dividend, July 1901 to June 2026."""
SHARES = ("adf", "sadf", "gsadf", "dated", "own")
DESIGN = ("series", "investors", "basis", "gain", "years", "centre", "periods", "growth",
          "dividend_sd", "dividend_yield", "noise", "root", "momentum", "bubble",
          "initial")  # fmt: skip
FIELDS = (
    "process", "n", "critical", "case", "lag", "matched", *DESIGN, "is_null",
    *(f"{name}{end}" for name in SHARES for end in ("", "_error")),
    "quantile", "quantile_error", "draws", "bootstrap", "level", "seed",
    "source", "locator", "grade",
)  # fmt: skip
SOURCE = "manias2026power"
COMMAND = (
    "python research/curation/size_power.py --draws {draws} --wild {wild} --boot {boot} "
    "--technology {technology}"
)
PRICES = {
    "series": "log_ratio", "investors": "learned", "gain": 0.32, "years": 6.0, "centre": 0.5,
    "periods": 12, "growth": 0.0295, "dividend_sd": 0.062, "dividend_yield": 0.0216,
    "noise": 0.128, "root": 1.0, "momentum": 0.0, "bubble": 0.0,
}  # fmt: skip
INVESTMENT = {
    "series": "percent", "gain": 0.32, "years": 6.0, "centre": 0.5, "periods": 4,
    "initial": 3.345, "noise": 0.0414, "momentum": 0.0,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--draws", type=int, default=10_000, help="series with Monte Carlo values"
    )
    parser.add_argument(
        "--wild", type=int, default=1_000, help="series with the wild bootstrap"
    )
    parser.add_argument("--boot", type=int, default=199, help="draws of each wild bootstrap")
    parser.add_argument(
        "--technology", type=int, default=5_000, help="series with a technology"
    )
    parser.add_argument("--keep", action="store_true", help="keep rows without a technology")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("datasets/size_power"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    kept = []
    if asked.keep:
        with (asked.folder / "data.csv").open(newline="", encoding="utf-8") as file:
            kept = [r for r in csv.DictReader(file) if r["case"] == "defaults"]
    command = COMMAND.format(
        draws=asked.draws, wild=asked.wild, boot=asked.boot, technology=asked.technology
    )
    told = {"source": SOURCE, "locator": command}
    fresh = asked.folder / "data.csv.new"
    with fresh.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, FIELDS, lineterminator="\n")
        out.writeheader()
        for made in (kept or plain(asked), technologies(asked)):
            out.writerows(told | {"grade": grade(one)} | one for one in made)
    fresh.replace(asked.folder / "data.csv")
    (asked.folder / "datapackage.json").write_text(
        json.dumps(descriptor(command)), encoding="utf-8"
    )
    seal(asked.folder)


def grade(one: dict) -> str:
    """That of the weakest table that a case takes a gain or its noise from."""
    taken = one.get("basis", "none") not in ("", "none") or one.get("matched") == "it-share"
    return "B" if taken else "A"


def plain(asked: argparse.Namespace) -> Iterator[dict]:
    """The processes with their defaults."""
    for process in PROCESSES:
        for n in SIZES:
            for critical in ("monte carlo", "wild"):
                is_wild = critical == "wild"
                draws = asked.wild if is_wild else asked.draws
                found = measure_dating(
                    process, n, critical=critical, n_draws=draws, n_boot=asked.boot,
                    seed=SEED, workers=asked.workers,
                )  # fmt: skip
                yield row(process, n, "defaults", found, draws) | {
                    "critical": critical, "bootstrap": asked.boot if is_wild else "",
                }  # fmt: skip


def technologies(asked: argparse.Namespace) -> Iterator[dict]:
    """The cases with a technology, each beside its own null: no technology, no bubble."""
    nulls: dict[tuple, float] = {}
    sizes = gains()
    for process, n, matched, basis, settings in cases(list(sizes)):
        size = dict(zip(("gain", "years"), sizes[basis], strict=True))
        full = (PRICES if process == "technology" else INVESTMENT) | size | settings
        lag = full.pop("lag", 0)
        # What tells nothing apart without a technology does not make another null.
        null = full | {"gain": 0.0, "centre": 0.5}
        if process == "technology":
            null |= {"bubble": 0.0, "investors": "learned"}
        if full.get("series") != "residual":
            null["years"] = 6.0
        key = (process, n, lag, *sorted(null.items()))
        options = {
            "lag": lag, "n_draws": asked.technology, "seed": SEED, "workers": asked.workers,
        }  # fmt: skip
        if key not in nulls:
            nulls[key] = measure_dating(process, n, settings=null, **options)["quantile"]
        found = measure_dating(process, n, settings=full, own=nulls[key], **options)
        told = dict(full)
        if not full["gain"]:
            told |= dict.fromkeys(("investors", "years", "centre"), "")
            if full.get("series") == "residual":
                told |= {name: full[name] for name in ("years", "centre")}
        case = named(process, told, matched, lag)
        yield row(process, n, case, found, asked.technology) | told | {
            "critical": "monte carlo", "matched": matched, "basis": basis, "lag": lag,
        }  # fmt: skip


def named(process: str, told: dict, matched: str, lag: int) -> str:
    """A case in words, each once."""
    parts = [f"noise of {matched}"] if matched else []
    if process == "technology":
        parts.append({"residual": "residual of log ratio"}.get(
            told["series"], told["series"].replace("_", " ")))  # fmt: skip
    elif told["series"] == "log":
        parts.append("log")
    if told["gain"]:
        who = f", {told['investors']}" if process == "technology" else ""
        parts.append(f"gain {told['gain']:g} in {told['years']:g} years{who}")
        if told["centre"] != 0.5:
            parts.append(f"centre {told['centre']:g}")
    else:
        parts.append("no technology")
    if told.get("root", 1) != 1:
        parts.append(f"root {told['root']:g}")
    if matched and not told["momentum"]:
        parts.append("no momentum")
    if lag:
        parts.append(f"lag {lag}")
    if told.get("bubble"):
        parts.append(f"bubble {told['bubble']:g}")
    return "; ".join(parts)


def row(process: str, n: int, case: str, found: dict, draws: int) -> dict:
    """What was measured, as it is printed; a rate that does not exist is blank."""
    rates = {
        name: "" if math.isnan(found[name]) else f"{found[name]:.4f}"
        for share in (*SHARES, "quantile")
        for name in (share, f"{share}_error")
    }
    return {"process": process, "n": n, "case": case, "lag": 0, "draws": draws, "seed": SEED,
            "is_null": int(found["is_null"]), "level": DatingRule().level} | rates  # fmt: skip


def gains() -> dict[str, tuple[float, float]]:
    """Gains on record, and the years that they took."""
    early = load("published").frame.set_index("id").loc["fernald-early", "value"]
    us_it = trajectory("us-it-dotcom").values
    five = trajectory("ai-capex-five").values
    return {
        "none": (0.0, 6.0),
        # The pace doubled at least: as much again each year.
        "productivity": (round(float(early) / 100 * (2003 - 1995), 2), 8.0),
        "investment": (round(float(np.log(us_it["2000Q4"] / us_it["1995Q1"])), 2), 6.0),
        "builders": (round(float(np.log(five["2026Q2"] / five["2022Q2"])), 2), 4.0),
    }


def cases(bases: list[str]) -> Iterator[tuple[str, int, str, str, dict]]:
    """Process, observations, series whose noise is matched, basis of the gain, settings."""
    path = [(basis, who) for basis in bases for who in ("learned", "known")
            if basis != "none" or who == "learned"]  # fmt: skip
    for n, periods in ((500, 12), (125, 4)):
        for series in ("log_price", "log_ratio"):
            for basis, who in path:
                settings = {"periods": periods, "series": series, "investors": who}
                yield "technology", n, "", basis, settings
    for years in (3.0, 12.0, 24.0):
        for who in ("learned", "known"):
            yield "technology", 500, "", "investment", {"years": years, "investors": who}
    for root in (0.99, 0.95):
        for basis in ("none", "investment", "builders"):
            yield "technology", 500, "", basis, {"root": root}
    for basis in ("none", "investment", "builders"):
        for bubble in (0.0, 0.5, 1.0):
            for series in ("log_ratio", "residual"):
                if bubble or series == "residual":
                    settings = {"bubble": bubble, "series": series}
                    yield "technology", 500, "", basis, settings
    for key, n, noise, passed in noises():
        if passed:
            # The same question where levels and momentum are dealt with by logs and a lag.
            process = "technology share" if key == "it-share" else "technology"
            log = {"it-share": "log", "price-dividend": "log_ratio"}.get(key, "log_price")
            for basis in ("none", "investment"):
                yield process, n, key, basis, noise | {"series": log, "lag": 1}
        if key == "it-share":
            for basis in bases:
                for centre in (0.5,) if basis == "none" else (0.5, 0.9):
                    yield "technology share", n, key, basis, noise | {"centre": centre}
            continue
        for basis, who in path:
            yield "technology", n, key, basis, noise | {"investors": who}
        if key == "price-dividend":
            # What levels, momentum and a root of 1 do to the quantile, one at a time.
            yield "technology", n, key, "none", noise | {"series": "log_ratio"}
            yield "technology", n, key, "none", noise | {"momentum": 0.0}
            for basis in ("none", "investment"):
                yield "technology", n, key, basis, noise | {"root": ROOT}


def noises() -> Iterator[tuple[str, int, dict, bool]]:
    """Spread and autocorrelation of changes of our own series, and which pass the gate."""
    shiller = load("shiller").frame.set_index("month")
    real = np.log(shiller["dividend"].astype(float) / shiller["cpi"].astype(float)).dropna()
    for key, (_, unit, values) in own_series().items():
        cut = shipped_length(values)
        periods = 4 if key == "it-share" else 12
        log = np.log(cut) if unit in ("ratio", "percent of GDP") else cut
        steps = log.diff().dropna()
        spread, lagged = float(steps.std() * math.sqrt(periods)), float(steps.autocorr())
        made = {"periods": periods, "noise": spread, "momentum": lagged}
        if key == "it-share":
            made["initial"] = float(cut.iloc[0])
        elif key == "price-dividend":
            june = real[cut.index[0] : cut.index[-1]]
            june = june[[month.month == 6 for month in june.index]].diff().dropna()
            made |= {
                "series": "ratio",
                "dividend_sd": float(june.std()),
                "growth": float(june.mean()),
                "dividend_yield": float(np.exp(-log).mean()),
            }
        else:
            # Dividends of the default take their part of the spread of the price.
            rest = math.sqrt(spread**2 - PRICES["dividend_sd"] ** 2)
            made |= {
                "series": "log_price",
                "noise": rest,
                "momentum": lagged * spread**2 / rest**2,
                "growth": float(steps.mean() * periods),
            }
        rounded = {k: v if isinstance(v, str) else round(v, 4) for k, v in made.items()}
        yield key, len(cut), rounded, date_series(cut).passes_gate


def descriptor(command: str) -> dict:
    share = {"type": "number", "unit": "1", "constraints": {
        "required": True, "minimum": 0, "maximum": 1}}  # fmt: skip
    rate = {"type": "number", "unit": "1", "constraints": {"minimum": 0, "maximum": 1}}
    count = {"type": "integer", "constraints": {"required": True, "minimum": 1}}
    number = {"type": "number"}
    told = " (rows with a technology)"
    fields = [
        {"name": "process", "type": "string", "description":
         "what is simulated: a process of manias.explosive.simulate",
         "constraints": {"required": True, "enum": list(PROCESSES)}},
        {"name": "n", **count, "unit": "observations",
         "description": "observations of each series"},
        {"name": "critical", "type": "string", "description":
         "critical values: the table critical_values (monte carlo), or a wild bootstrap of "
         "each series that keeps its shocks in their places (wild)",
         "constraints": {"required": True, "enum": ["monte carlo", "wild"]}},
        {"name": "case", "type": "string", "constraints": {"required": True}, "description":
         "settings of the process: defaults, or what tells a case with a technology apart"},
        {"name": "lag", "type": "integer", "constraints": {"required": True, "minimum": 0},
         "unit": "1", "description": "lagged differences in the regression"},
        {"name": "matched", "type": "string", "description":
         "series of the report whose noise is taken; blank where none is"},
        {"name": "series", "type": "string", "description":
         "what is tested: of dividends and price log_price, log_ratio (over the dividends of a "
         "year), ratio, or the residual of the log ratio on two proxies; of a share percent or "
         "log" + told},
        {"name": "investors", "type": "string", "description":
         "known: the path is known from the first period; learned: it is believed by Bayes' "
         "rule; blank without a technology"},
        {"name": "basis", "type": "string", "description":
         "what the gain is taken from: none; productivity (1995 to 2003, 1.5 percent a year "
         "more, as fernald-early of table published); investment (share of information "
         "processing in US GDP, 1995Q1 to 2000Q4, trajectory us-it-dotcom); builders (spending "
         "of five builders of AI over US GDP, 2022Q2 to 2026Q2, trajectory ai-capex-five)"},
        {"name": "gain", **number, "unit": "log", "description":
         "what the technology adds to log dividends, or to the log of the share, in the end"},
        {"name": "years", **number, "unit": "years",
         "description": "time from 10 to 90 percent of the S-curve"},
        {"name": "centre", **number, "unit": "1",
         "description": "share of the sample at which half of it is reached"},
        {"name": "periods", "type": "integer", "unit": "observations a year",
         "description": "observations in a year"},
        {"name": "growth", **number, "unit": "log a year",
         "description": "growth of dividends without the technology"},
        {"name": "dividend_sd", **number, "unit": "log, over a year",
         "description": "standard deviation of shocks to dividends"},
        {"name": "dividend_yield", **number, "unit": "1 a year",
         "description": "dividends over price without the technology"},
        {"name": "noise", **number, "unit": "log, over a year",
         "description": "standard deviation of the steps of the noise"},
        {"name": "root", **number, "unit": "1",
         "description": "autoregressive root of the noise, each observation"},
        {"name": "momentum", **number, "unit": "1",
         "description": "first autocorrelation of the steps of the noise"},
        {"name": "bubble", **number, "unit": "1", "description":
         "c of an explosive spell, 0.4 to 0.55 of the sample, root 1 + c n^-0.6; 0 is none"},
        {"name": "initial", **number, "unit": "percent",
         "description": "first level of a share"},
        {"name": "is_null", "type": "integer", "unit": "1",
         "description": "1 where the process has no bubble, so that shares are false alarms",
         "constraints": {"required": True, "minimum": 0, "maximum": 1}},
        {"name": "adf", **share, "description": "share of series in which ADF rejects"},
        {"name": "adf_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "sadf", **share, "description": "share of series in which SADF rejects"},
        {"name": "sadf_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "gsadf", **share, "description": "share of series in which GSADF rejects"},
        {"name": "gsadf_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "dated", **share, "description":
         "share of series in which at least one episode is dated with the defaults of "
         "manias.explosive.dating.DatingRule (GSADF gate, running boundary, at least "
         "floor(ln n) periods)"},
        {"name": "dated_error", **share, "description": "its Monte Carlo standard error"},
        {"name": "own", **rate, "description":
         "share of series with GSADF above the quantile of the same case without technology "
         "and bubble; blank where the process runs with its defaults"},
        {"name": "own_error", **rate, "description": "its Monte Carlo standard error"},
        {"name": "quantile", "type": "number", "unit": "t-ratio", "constraints":
         {"required": True}, "description": "quantile of GSADF over the series, at the level"},
        {"name": "quantile_error", "type": "number", "unit": "t-ratio", "constraints":
         {"required": True}, "description": "its Monte Carlo standard error"},
        {"name": "draws", **count, "unit": "replications", "description": "simulated series"},
        {"name": "bootstrap", "type": "integer", "unit": "replications",
         "description": "draws of each wild bootstrap; blank where there is none"},
        {"name": "level", "type": "integer", "unit": "percent",
         "description": "level of gate and boundary", "constraints": {"required": True}},
        {"name": "seed", "type": "integer", "unit": "1",
         "description": "seed of the series; that of the critical values is another"},
        {"name": "source", "type": "string", "constraints": {"required": True},
         "description": "keys of sources.json, separated by \"; \""},
        {"name": "locator", "type": "string", "constraints": {"required": True},
         "description": "command that makes the row again"},
        {"name": "grade", "type": "string", "constraints": {"required": True},
         "description": "that of the weakest table that gain and noise are taken from"},
    ]  # fmt: skip
    return {
        "name": "size-power",
        "title": "Size and power of the dating of explosive episodes",
        "description": "How often the defaults raise an alarm on series whose truth is known, "
                       "with and without bubbles and a technology that raises fundamentals, "
                       f"shortest window by default; made by: {command}",
        "version": "0.2.0",
        "processing": "computed",
        "licenses": [{
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }],
        "sources": [{"id": SOURCE, "title": "Simulation of this project"}],
        "resources": [{
            "name": "data", "path": "data.csv", "type": "table", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8",
            "known": {"always": "computed from simulated series"},
            "schema": {"primaryKey": ["process", "n", "critical", "case"], "fields": fields},
        }],
    }  # fmt: skip


if __name__ == "__main__":
    main()
