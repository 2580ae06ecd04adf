"""What tables say of each other: first use, booms, definitions inside a series, magnitudes."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

import pandas as pd

from manias.data.cells import Problem
from manias.data.library import load, names

LOST = "not found again"
"""What the note of a row says whose source was looked for a second time in vain."""
RECORD = (
    *("assumptions", "buildouts", "commitments", "depreciation_lives", "episodes"),
    *("financing", "payback", "uk_railways", "verdicts"),
)
"""Tables whose rows each rest on a reading and say in a note what was read."""
CHANGED = "source changes here"
"""What the note of a row says where the source inside a series changes."""
NEAR = 2
"""Years between two figures that are neighbours."""
FACTOR = 5
"""Most that a count may grow or shrink between neighbours without a word in the note."""
FEWEST = 1_000
"""Counts smaller than this may do so: a beginning grows fast."""
DEPLOYED = 15
"""Years after first use within which a boom is one of the first fifteen years."""
DATES = ("onset", "peak", "trough")
SIZES = ("rise_pct", "fall_pct")
SPANS = {"rise_pct": ("onset", "peak"), "fall_pct": ("peak", "trough")}
"""The two dates between which each size runs."""
AROUND = 36
"""Months before and after a peak in which the lows of month-ends are looked for."""
HALF = 0.005
"""Most by which a level of two decimals is off."""
TENTH = 0.05
"""Most by which a printed size is off."""


def check_consistency(root: Traversable | None = None) -> tuple[Problem, ...]:
    """Check tables against each other.

    Refused are, without a note that says why: a build-out or the peak of a boom before the
    earliest year that the first commercial use of the innovation may have; a count that changes
    by more than a factor of five between figures at most two years apart; a series of a company
    whose source changes. That earliest year is none later than the year that is shown, and the
    year of the peak says whether a boom is one of the first fifteen years after either.
    A trajectory must count from the same first use as the list of innovations. The dates of
    a boom must be spelt alike in the list, in its settled row of the verdicts and in the
    episode of the same name, its size alike in the latter two; a size has both dates between
    which it runs. Episodes read from the month-ends of a file follow by their rule from the
    levels that `later_market` ships of the same file. A row whose source was not found again
    is no better than C. A published share names the
    definition of ours that corresponds, with its periods, or the reason why there is none.

    Parameters
    ----------
    root : directory, optional
        Folder of datasets; the installed ones by default. Tables that it lacks are passed over.

    Returns
    -------
    tuple of Problem
        Empty when all is well.

    Examples
    --------
    >>> check_consistency()
    ()
    """
    there = set(names(root))
    if "innovations" not in there:
        return ()
    tables = load("innovations", root).tables
    both = pd.concat([tables["data"], tables["candidates"]]).set_index("id")
    used = both["commercialised"].astype(int)
    first = both["commercialised_from"].astype(int)
    checks = {
        "buildouts": _buildouts,
        "episodes": _episodes,
        "trajectories": _trajectories,
        "ai_capex": lambda frame, _: _sources(frame),
        "published_shares": lambda frame, _: _shares(frame),
    }
    found = [
        problem
        for name, run in checks.items()
        if name in there
        for problem in run(load(name, root).frame, used if name == "trajectories" else first)
    ]
    for name in ("data", "candidates"):
        found += _intervals(name, tables[name])
    if "verdicts" in there:
        episodes = load("episodes", root).frame if "episodes" in there else None
        verdicts = load("verdicts", root).frame
        found += [*_booms(both, verdicts, episodes), *_sizes("verdicts", verdicts)]
        if episodes is not None:
            found += _sizes("episodes", episodes)
    for name in sorted(there.intersection(RECORD)):
        found += _lost(name, load(name, root).frame)
    if {"episodes", "later_market"} <= there:
        found += _months(load("episodes", root).frame, load("later_market", root).tables)
    return tuple(found)


def _fault(name: str, row: int, column: str, value: object, expected: str) -> Problem:
    return Problem(f"{name}/data.csv", row + 2, column, str(value), expected)


def _silent(frame: pd.DataFrame) -> pd.Series:
    return frame["note"].isna() | (frame["note"] == "")


def _year(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.astype("string").str[:4])


def _intervals(name: str, frame: pd.DataFrame) -> Iterator[Problem]:
    """The earliest year is none later than the one shown; both verdicts on 15 years follow."""
    file = f"innovations/{name}.csv"
    for row in frame.index:
        one = frame.loc[row]
        if one["commercialised_from"] > one["commercialised"]:
            expected = f"{one['commercialised']} or earlier, the year that is shown"
            value = str(one["commercialised_from"])
            yield Problem(file, row + 2, "commercialised_from", value, expected)
        for years, column in (
            ("commercialised", "early"),
            ("commercialised_from", "early_from"),
        ):
            if not _has_boom(one) or pd.isna(one["peak"]):
                continue
            after = int(str(one["peak"])[:4]) - one[years]
            if (after <= DEPLOYED) != (one[column] == "boom_and_bust"):
                expected = f"as a peak {after} years after {years} has it"
                yield Problem(file, row + 2, column, str(one[column]), expected)


def _buildouts(frame: pd.DataFrame, used: pd.Series) -> Iterator[Problem]:
    first = frame["innovation"].map(used)
    early = _silent(frame) & (_year(frame["period"]) < first)
    for row in frame.index[early.fillna(False)]:
        expected = f"{first[row]:.0f} or later, first use, or a note that says why"
        yield _fault("buildouts", row, "period", frame.at[row, "period"], expected)
    kinds = frame["period"].astype("string").str.len()
    for _, one in frame.groupby(["innovation", "series", "country", kinds], observed=True):
        path = one.sort_values("period")
        before = path["value"].shift()
        change = path["value"] / before
        near = _year(path["period"]).diff() <= NEAR
        large = path["value"].where(
            path["value"] > path["value"].shift(), path["value"].shift()
        )
        jump = ((change > FACTOR) | (change < 1 / FACTOR)) & near & (large >= FEWEST)
        for row in path.index[(jump & _silent(path)).fillna(False)]:
            expected = f"at most {FACTOR} times its neighbour, or a note that says why"
            yield _fault("buildouts", row, "value", frame.at[row, "value"], expected)


def _episodes(frame: pd.DataFrame, used: pd.Series) -> Iterator[Problem]:
    first = frame["innovation"].map(used)
    early = _silent(frame) & (_year(frame["peak"]) < first)
    for row in frame.index[early.fillna(False)]:
        expected = f"{first[row]:.0f} or later, first use, or a note that says why"
        yield _fault("episodes", row, "peak", frame.at[row, "peak"], expected)


def _booms(
    both: pd.DataFrame, verdicts: pd.DataFrame, episodes: pd.DataFrame | None
) -> Iterator[Problem]:
    settled = verdicts[verdicts["settled"] == "yes"].set_index("innovation")
    rows = verdicts.index[verdicts["settled"] == "yes"]
    for row, (key, told) in zip(rows, settled.iterrows(), strict=True):
        for column in DATES:
            if _differ(told[column], both.at[key, column]) and _has_boom(both.loc[key]):
                expected = f"{_spelt(both.at[key, column])}, as in innovations"
                yield _fault("verdicts", row, column, _spelt(told[column]), expected)
    if episodes is None:
        return
    names = settled["episode"]
    same = episodes["innovation"].isin(names.index) & (
        episodes["innovation"].map(names) == episodes["name"]
    )
    for row in episodes.index[same]:
        told = settled.loc[episodes.at[row, "innovation"]]
        for column in (*DATES, *SIZES):
            if _differ(episodes.at[row, column], told[column]):
                expected = f"{_spelt(told[column])}, as in verdicts"
                yield _fault(
                    "episodes", row, column, _spelt(episodes.at[row, column]), expected
                )
    dated = set(episodes.loc[same, "innovation"])
    for row, (key, told) in zip(rows, settled.iterrows(), strict=True):
        known = told[list(DATES)].notna().any()
        if known and _has_boom(both.loc[key]) and key not in dated:
            expected = "the name of an episode of this innovation"
            yield _fault("verdicts", row, "episode", told["episode"], expected)


def _lost(name: str, frame: pd.DataFrame) -> Iterator[Problem]:
    cut = frame["note"].fillna("").str.contains(LOST) & frame["grade"].isin(["A", "B"])
    for row in frame.index[cut]:
        yield _fault(name, row, "grade", frame.at[row, "grade"], f"C: the note says {LOST!r}")


def _sizes(name: str, frame: pd.DataFrame) -> Iterator[Problem]:
    """A rise runs from the onset to the peak, a fall from the peak to the trough."""
    for column, dates in SPANS.items():
        cut = frame[column].notna() & frame[list(dates)].isna().any(axis=1)
        for row in frame.index[cut]:
            value = _spelt(frame.at[row, column])
            yield _fault(name, row, column, value, f"blank, or {dates[0]} and {dates[1]}")


def _months(frame: pd.DataFrame, market: dict[str, pd.DataFrame]) -> Iterator[Problem]:
    """Highest month-end of the window, lowest of the months before and after it."""
    table = market["series"][market["series"]["shipped"] == "yes"]
    by_file = table.set_index(table["original"].str.extract(r"([^/]+)$")[0])["series"]
    window = frame["series"].str.extract(r"^month-end closes, (\S+) to (\S+)$")
    file = frame["locator"].str.extract(r"^data/([^/,]+),")[0]
    for row in frame.index[window[0].notna() & file.isin(by_file.dropna().index)]:
        one = frame.loc[row]
        lines = market["data"][market["data"]["series"] == by_file[file[row]]]
        level = pd.Series(
            lines["level"].to_numpy(float), pd.PeriodIndex(lines["month"].astype(str), freq="M")
        )
        peak = level[window.at[row, 0] : window.at[row, 1]].idxmax()
        lows = {
            "onset": level[peak - AROUND : peak].idxmin(),
            "trough": level[peak : peak + AROUND].idxmin(),
        }
        for column, month in {"peak": peak, **lows}.items():
            if pd.notna(one[column]) and str(one[column]) != str(month):
                yield _fault("episodes", row, column, str(one[column]), str(month))
        ends = {"onset": lows["onset"], "peak": peak, "trough": lows["trough"]}
        for column, (start, end) in SPANS.items():
            first, last = level[ends[start]], level[ends[end]]
            size = 100 * (last / first - 1)
            off = TENTH + 100 * last / first * (HALF / first + HALF / last) + 1e-6
            if pd.notna(one[column]) and abs(one[column] - size) > off:
                yield _fault("episodes", row, column, str(one[column]), f"{size:.1f}")


def _has_boom(row: pd.Series) -> bool:
    return row["verdict"] == "boom_and_bust"


def _differ(one: object, other: object) -> bool:
    return _spelt(one) != _spelt(other)


def _spelt(value: object) -> str:
    return "blank" if pd.isna(value) else str(value)


def _trajectories(frame: pd.DataFrame, used: pd.Series) -> Iterator[Problem]:
    first = frame["innovation"].map(used)
    told = _year(frame["commercialised"])
    other = told.notna() & first.notna() & (told != first)
    for row in frame.index[other.fillna(False)]:
        value = frame.at[row, "commercialised"]
        yield _fault("trajectories", row, "commercialised", value, f"{first[row]:.0f}")


def _sources(frame: pd.DataFrame) -> Iterator[Problem]:
    path = frame.sort_values(["company", "measure", "period_end"])
    before = path.groupby(["company", "measure"], observed=True)["source"].shift()
    changed = before.notna() & (before != path["source"])
    silent = ~path["note"].fillna("").str.contains(CHANGED)
    for row in path.index[changed & silent]:
        expected = f"the source of the quarter before, or {CHANGED!r} in the note"
        yield _fault("ai_capex", row, "source", path.at[row, "source"], expected)


def _shares(frame: pd.DataFrame) -> Iterator[Problem]:
    """Each published share has a figure, and a definition of ours or the reason for none."""
    for row in frame.index:
        one = frame.loc[row]
        if one[["low", "high"]].isna().all() or one["low"] > one["high"]:
            expected = "a figure, or a range from low to high"
            yield _fault("published_shares", row, "low", _spelt(one["low"]), expected)
        beside = [c for c in ("ours", "ours_first", "ours_last", "match") if pd.notna(one[c])]
        if len(beside) not in (0, 4) or bool(beside) == pd.notna(one["reason"]):
            expected = "ours, ours_first, ours_last and match, or a reason why there is none"
            yield _fault("published_shares", row, "ours", _spelt(one["ours"]), expected)
        if beside and (one["kind"] == "contribution" or one["unit"] != "percent"):
            expected = "blank: a contribution to growth is no share"
            yield _fault("published_shares", row, "ours", _spelt(one["ours"]), expected)
