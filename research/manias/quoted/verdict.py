"""The reconciler: a figure that circulates, what our tables say of it, and a verdict by rule.

A figure is compared with readings of its own definition first and of other definitions then.
The rule is written once, in `verdict_of`; no verdict is stored.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from manias.answers.forecasts import in_parts
from manias.data.arguments import MaybeNumber, checked
from manias.data.library import current, load, once
from manias.data.results import Result, stacked
from manias.data.rows import Rows, merged, some, whole
from manias.data.sources import weakest
from manias.errors import DataError, InputError
from manias.language.messages import Text
from manias.quoted import builders as _builders  # noqa: F401
from manias.quoted import history as _history  # noqa: F401
from manias.quoted.reading import MAKERS, Reading, options_of

TABLE = "quoted"
RIGHT, WRONG, OTHER, UNTOLD = "right", "wrong", "another thing", "cannot be told"
VERDICTS = (RIGHT, WRONG, OTHER, UNTOLD)
REVISED = 0.035
"""Part of a figure by which accounts are revised on the way: just above 3.1%, the largest
difference between two vintages of one series of the US accounts that was seen (computers in
``us_investment`` and in the infrastructure accounts)."""
ABOUT = 0.1
"""Part of a figure within which "about" it lies."""
COARSEST = 0.125
"""Part of a figure that half of the last digit printed may be at most: 4 is 3.5 to 4.5."""
REFERS = {
    "published_shares": ("who", "published", "what", "period"),
    "claims": (None, None, "what", "period"),
    "statements": ("who", "date", "metric", "period"),
    "published": (None, None, "what", None),
    "forecasts": ("who", "made", "text", None),
    "assumptions": (None, None, "what", None),
    "questions.answers": ("who", "made", None, None),
}
"""Tables that a row may refer to, and their columns for who, when, what and period."""
ARTICLE = ("the founding article", "2025-11")


@dataclass(frozen=True, slots=True, repr=False)
class Quoted(Result):
    """A figure that circulates, and what became of it on our tables.

    Attributes
    ----------
    number : str
        As it is printed.
    who, when : str
        Who said it first as far as was seen, and when.
    source, locator : str
    definition : str
        What they count.
    recomputed : float
        Ours by their definition; where there is none, the first of ours by another; NaN where
        nothing of ours corresponds.
    verdict : {"right", "wrong", "another thing", "cannot be told"}
    sentence : str
        What could be printed, a `manias.language.messages.Text`.
    id, period, topic, unit : str
    low, high : float
        The figure or its range; NaN where an end is open.
    precision : {"exact", "about", "more than", "less than", "range"}
    kind : {"count", "forecast", "estimate"}
    why : str
        Why ours differs, or why it cannot be told.
    readings : tuple of Reading
        Ours, by their definition first.
    same, instead : tuple of str
        Keys of the readings by their definition, and of those by another that the figure may
        be in truth.
    told : tuple of str
        Keys of the readings that the sentence tells.
    grade : str
        Of the row: how the figure was seen.
    grade_recomputed : str
        Weakest grade of what ours is made of; "" where there is none.
    """

    _told = ("id", "number", "recomputed", "verdict")

    number: str
    who: str
    when: str
    source: str
    locator: str
    definition: str
    recomputed: float
    verdict: str
    sentence: str
    id: str
    period: str
    topic: str
    unit: str
    low: float
    high: float
    precision: str
    kind: str
    why: str
    readings: tuple[Reading, ...]
    same: tuple[str, ...]
    instead: tuple[str, ...]
    told: tuple[str, ...]
    grade: str
    grade_recomputed: str

    def to_frame(self) -> pd.DataFrame:
        """One row a reading of ours.

        Returns
        -------
        pandas.DataFrame
            ``key``, ``name``, ``value``, ``unit``, ``same`` (by their definition), ``reason``,
            ``grade``.
        """
        return pd.DataFrame(
            [
                {
                    "key": one.key,
                    "name": one.name,
                    "value": one.value,
                    "unit": one.unit,
                    "same": one.key in self.same,
                    "reason": one.reason,
                    "grade": one.grade if one.is_known else "",
                }
                for one in self.readings
            ],
            columns=["key", "name", "value", "unit", "same", "reason", "grade"],
        )

    @property
    def rows(self) -> tuple[Rows, ...]:
        """Rows behind it: its own, and those of every reading."""
        return merged(
            [*_own_rows(self.id), *(part for one in self.readings for part in one.rows)]
        )

    def _lines(self) -> Sequence[str]:
        return (f"{self.sentence}.",)


@once
def reconcile() -> tuple[Quoted, ...]:
    """Lay every quoted figure beside our tables.

    Returns
    -------
    tuple of Quoted
        In the order of the table ``quoted``.

    Raises
    ------
    DataError
        If a row asks for what cannot be computed.

    Examples
    --------
    >>> found = {one.id: one for one in reconcile()}
    >>> set(one.verdict for one in found.values()) <= set(VERDICTS)
    True
    """
    return tuple(_reconciled(cells["id"]) for cells in _all_cells())


@once
def _all_cells() -> tuple[dict, ...]:
    """Every row, with what it refers to filled in; of a day, those that were known by then."""
    return tuple(
        _cells(row) for _, row in load(TABLE).frame.iterrows() if _is_known(_text(row["ref"]))
    )


def _is_known(ref: str) -> bool:
    if not ref or current().day is None:
        return True
    table, _, key = ref.partition(":")
    try:
        return bool((_table(table)["id"] == key).any())
    except DataError:
        return False


@once
def _reconciled(key: str) -> Quoted:
    return _reconcile(next(cells for cells in _all_cells() if cells["id"] == key))


@checked
def find_quoted(wanted: str) -> tuple[Quoted, ...]:
    """Find figures by their number, by their key, or by who said them and what they count.

    Parameters
    ----------
    wanted : str
        A number as people write it (``650``, ``$650bn``, ``1.9%``, ``26 times``, ``37 of 51``),
        a key of the table, or words.

    Returns
    -------
    tuple of Quoted
        A key or a number beats words: ``6%`` finds 6 percent and not 26 percent.

    Raises
    ------
    InputError
        If nothing is found.

    Examples
    --------
    >>> {one.number for one in find_quoted("1.9%")}
    {'1.9%'}
    """
    every = _all_cells()
    text = wanted.strip().lower()
    if not text:
        raise InputError("nothing asked for; expected a number, a name or words")
    hits = [cells for cells in every if cells["id"] == text]
    if not hits and re.search(r"\d", text):
        hits = [cells for cells in every if _same_number(text, cells)]
    if not hits:
        hits = [
            cells
            for cells in every
            if all(
                word in f"{cells['id']} {cells['who']} {cells['what']}".lower()
                for word in text.split()
            )
        ]
    if not hits:
        raise InputError(
            f"quoted: no figure {wanted!r}; expected one of those that "
            "`manias reconcile --list` prints, or a word of who said it or what it counts"
        )
    return tuple(_reconciled(cells["id"]) for cells in hits)


SIGNS = {"trillion": 1000.0, "tn": 1000.0, "t": 1000.0}
"""Words after which a number of dollars is in thousands of billions."""


def _same_number(text: str, cells: Mapping) -> bool:
    asked, said = _plain(text), _plain(cells["number"])
    if asked == said:
        return True
    pattern = r"\$?\s*([\d.,]+)\s*(.*)"
    match = re.fullmatch(pattern, asked)
    if match is None:
        return False
    try:
        value = float(match[1].replace(",", ""))
    except ValueError:
        return False
    unit = match[2].strip()
    if unit in ("%", "percent") and not cells["unit"].startswith("percent"):
        return False
    if unit in ("times", "x") and cells["unit"] != "times":
        return False
    if (unit in SIGNS or re.search(r"\$|bn|billion|dollar", text)) and (
        "billion" not in cells["unit"]
    ):
        return False
    if "billion" in cells["unit"]:
        value *= SIGNS.get(unit, 1.0)
    return any(np.isclose(value, end) for end in (cells["low"], cells["high"]))


def _plain(text: str) -> str:
    text = text.lower().replace("−", "-").replace("per cent", "%").replace("percent", "%")
    text = re.sub(r"(\d)\s*(bn|billions?|b)\b", r"\1", text)
    text = re.sub(r"(usd|us\$|\$|about|more than|less than|nearly|dollars?)", "", text)
    return re.sub(r"\s+(?=%)", "", re.sub(r"\s+", " ", text)).strip()


@checked
def tolerance(number: str, value: float, precision: str) -> float:
    """How far ours may lie from a printed figure that it confirms.

    Parameters
    ----------
    number : str
        As printed; its last digit that is not an ending zero says how exact it is.
    value : float
        The same in the unit of the row.
    precision : {"exact", "about", "more than", "less than", "range"}

    Returns
    -------
    float
        In that unit: half of the last digit printed, at most `COARSEST` of the figure; at least
        `REVISED` of it, or `ABOUT` where the print says about.

    Examples
    --------
    >>> round(tolerance("1.9%", 1.9, "exact"), 3), tolerance("800", 800.0, "exact")
    (0.067, 50.0)
    """
    least = ABOUT if precision == "about" else REVISED
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", number)
    half = 0.0
    if digits is not None and value:
        printed = digits[0].replace(",", "")
        scale = abs(value / float(printed)) if float(printed) else 1.0
        decimals = len(printed.partition(".")[2])
        zeros = 0 if decimals else len(printed) - len(printed.rstrip("0"))
        half = scale * 0.5 * 10.0 ** (zeros - decimals)
    return max(min(half, COARSEST * abs(value)), least * abs(value))


@checked
def fits(value: MaybeNumber, low: MaybeNumber, high: MaybeNumber, slack: float) -> bool:
    """Whether ours confirms a figure.

    Parameters
    ----------
    value, low, high, slack : float
        Ours; the figure, its range, or its bound (the other end is NaN); how far off is near.

    Returns
    -------
    bool

    Examples
    --------
    >>> fits(1.34, 1.3, 1.3, 0.05), fits(120.0, 110.0, float("nan"), 2.0)
    (True, True)
    """
    if np.isnan(value):
        return False
    over = not np.isnan(high) and value > high + slack
    under = not np.isnan(low) and value < low - slack
    return not (over or under)


@checked
def verdict_of(*, same: Sequence[bool], other: Sequence[bool], kind: str) -> str:
    """Decide what became of a figure.

    Parameters
    ----------
    same : sequence of bool
        For each reading by their own definition that is on record, whether it fits.
    other : sequence of bool
        The same for readings by another definition that the row names as what it may be.
    kind : {"count", "forecast", "estimate"}

    Returns
    -------
    {"right", "wrong", "another thing", "cannot be told"}
        Right where all by their own definition fit; where some do and some do not, it cannot
        be told, for it hangs on how it is counted. Where some are on record and none fits,
        wrong; but another thing if one by another definition fits. Where none is on record,
        another thing if one by another definition fits, and else it cannot be told. An
        estimate, which rests on assumptions or material of its own, and a forecast whose time
        is not on record, cannot be told.

    Examples
    --------
    >>> verdict_of(same=[False], other=[True], kind="count")
    'another thing'
    >>> verdict_of(same=[], other=[True], kind="forecast")
    'cannot be told'
    """
    if kind == "estimate":
        return UNTOLD
    if any(same):
        return RIGHT if all(same) else UNTOLD
    if same:
        return OTHER if any(other) else WRONG
    if kind == "forecast":
        return UNTOLD
    return OTHER if any(other) else UNTOLD


def _cells(row: pd.Series) -> dict:
    cells = {name: _text(value) for name, value in row.items() if name not in ("low", "high")}
    return _referred({**cells, "low": float(row["low"]), "high": float(row["high"])})


def _reconcile(cells: Mapping) -> Quoted:
    readings = _readings(cells)
    same, instead = (
        tuple(key.strip() for key in cells[name].split(";") if key.strip())
        for name in ("same", "instead")
    )
    keys = [one.key for one in readings]
    if not readings and current().day is not None:
        same = instead = ()
    if wrong := [key for key in (*same, *instead) if key not in keys]:
        raise DataError(
            f"quoted: {cells['id']}: no reading {wrong[0]!r}; expected one of {', '.join(keys)}"
        )
    readings = tuple(sorted(readings, key=lambda one: one.key not in same))
    middle = float(np.nanmean([cells["low"], cells["high"]])) if _has_figure(cells) else np.nan
    slack = (
        tolerance(cells["number"], middle, cells["precision"]) if _has_figure(cells) else 0.0
    )
    fit = {
        one.key: _fits(one, cells["low"], cells["high"], slack) and _has_figure(cells)
        for one in readings
        if one.is_known
    }
    verdict = verdict_of(
        same=[fit[key] for key in fit if key in same],
        other=[fit[key] for key in fit if key in instead],
        kind=cells["kind"],
    )
    told = _told(readings, same, instead, fit, middle, verdict)
    why = _why(cells, readings, same, verdict)
    return Quoted(
        number=cells["number"],
        who=cells["who"],
        when=cells["published"],
        source=cells["source"],
        locator=cells["locator"],
        definition=cells["what"],
        recomputed=told[0].value if told else float("nan"),
        verdict=verdict,
        sentence=_sentence(cells, told, verdict, why),
        id=cells["id"],
        period=cells["period"],
        topic=cells["topic"],
        unit=cells["unit"],
        low=cells["low"],
        high=cells["high"],
        precision=cells["precision"],
        kind=cells["kind"],
        why=why,
        readings=readings,
        same=same,
        instead=instead,
        told=tuple(one.key for one in told),
        grade=cells["grade"],
        grade_recomputed=weakest(one.grade for one in told) if told else "",
    )


def _fits(one: Reading, low: float, high: float, slack: float) -> bool:
    """A frequency fits where the figure lies within its interval."""
    if np.isfinite(one.low) and not np.isnan(low) and not np.isnan(high):
        return bool(one.low <= (low + high) / 2 <= one.high)
    return fits(one.value, low, high, slack)


def _has_figure(cells: Mapping[str, object]) -> bool:
    return not (np.isnan(cells["low"]) and np.isnan(cells["high"]))


def _referred(cells: dict) -> dict:
    """Fill in from the table in which the figure stands, so that it stands in one."""
    if not cells["ref"]:
        return cells
    table, _, key = cells["ref"].partition(":")
    if table not in REFERS:
        raise DataError(
            f"quoted: {cells['id']}: ref {cells['ref']!r}; expected TABLE:ID, TABLE one of "
            f"{', '.join(REFERS)}"
        )
    frame = _table(table).set_index("id")
    if key not in frame.index:
        raise DataError(f"quoted: {cells['id']}: {table} has no row {key!r}")
    row = frame.loc[key]
    who, when, what, period = (_text(row[c]) if c else "" for c in REFERS[table])
    if table == "claims":
        who, when = ARTICLE
        what = f"{row['about']}: {what}"
    elif table == "statements":
        what = f"{row['about']}: {what}"
    elif table == "forecasts":
        what, _ = in_parts(what)
    # The figure says itself that it is about so much, or more.
    what = re.sub(r"(, (more|less) than| \((about|nearly)\))$", "", what)
    low, high = _ends(table, row)
    filled = {
        "who": who,
        "published": when,
        "what": what,
        "period": period,
        "unit": _text(row.get("unit")),
        "source": _text(row["source"]),
        "locator": _text(row["locator"]),
        "grade": _text(row["grade"]),
    }
    if table == "published_shares":
        filled["unit"] = "percent of GDP"
    found = {**cells, **{name: cells[name] or text for name, text in filled.items()}}
    if not _has_figure(cells):
        bound = {"more than": (low, np.nan), "less than": (np.nan, high)}
        found["low"], found["high"] = bound.get(cells["precision"], (low, high))
    return found


def _table(name: str) -> pd.DataFrame:
    (rows,) = whole(name if "." in name else f"{name}.data")
    return rows.frame


def _ends(table: str, row: pd.Series) -> tuple[float, float]:
    """The figure of a row of another table, or the ends of its range."""
    if table in ("published_shares", "forecasts"):
        low, high = float(row["low"]), float(row["high"])
        return (low, low) if table == "forecasts" and np.isnan(high) else (low, high)
    low = float(row["central"] if table == "assumptions" else row["value"])
    high = float(row["high"]) if table == "statements" and pd.notna(row["high"]) else low
    return low, high


def _readings(cells: Mapping[str, object]) -> tuple[Reading, ...]:
    name = cells["recompute"]
    if not name:
        return ()
    if name not in MAKERS:
        raise DataError(
            f"quoted: {cells['id']}: recompute {name!r}; expected one of {', '.join(MAKERS)}"
        )
    try:
        readings = tuple(MAKERS[name](**options_of(cells["options"])))
    except TypeError as error:
        raise DataError(f"quoted: {cells['id']}: options of {name}: {error}") from None
    except DataError:
        if current().day is None:
            raise
        return ()
    for one in readings:
        if one.is_known and one.unit != cells["unit"]:
            raise DataError(
                f"quoted: {cells['id']}: {name} is in {one.unit!r}; expected {cells['unit']!r}"
            )
    return readings


def _told(
    readings: Sequence[Reading],
    same: Sequence[str],
    instead: Sequence[str],
    fit: Mapping[str, bool],
    middle: float,
    verdict: str,
) -> list[Reading]:
    """Readings that the sentence tells: theirs, and the one that the figure is.

    Where none is theirs, the first of the computation, not the one that comes nearest.
    """
    known = [one for one in readings if one.is_known]
    own = [one for one in known if one.key in same]
    others = [one for one in known if one.key not in same]

    def near(one: Reading) -> tuple[bool, float]:
        return not fit[one.key], abs(one.value - middle)

    own = sorted(own, key=near)[:1]
    if verdict == OTHER:
        return [*own, min((one for one in others if one.key in instead), key=near)]
    return own or others[:1]


def _why(
    cells: Mapping[str, str], readings: Sequence[Reading], same: Sequence[str], verdict: str
) -> str:
    if cells["why"]:
        return cells["why"]
    if verdict == UNTOLD:
        if sum(one.is_known for one in readings if one.key in same) > 1:
            return Text("by one way to count it is so, by another it is not")
        missing = [one.reason for one in readings if one.key in same and one.reason]
        return missing[0] if missing else Text("nothing on record here counts the same")
    return ""


def _sentence(
    cells: Mapping[str, str], told: Sequence[Reading], verdict: str, why: str
) -> Text:
    fields = {
        "who": cells["who"],
        "figure": _figure(
            cells["number"], cells["low"], cells["high"], cells["unit"], cells["precision"]
        ),
        "what": cells["what"],
        "period": Text(", {period}", period=cells["period"]) if cells["period"] else "",
    }
    because = Text(": {why}", why=why) if why else ""
    ours = [
        Text("{value} ({name})", value=amount(one.value, one.unit), name=one.name)
        for one in told
    ]
    match verdict:
        case "right":
            return Text(
                "{who}: {figure} ({what}{period}). Right: the record has {ours}{because}",
                **fields,
                ours=ours[0],
                because=because,
            )
        case "wrong":
            return Text(
                "{who}: {figure} ({what}{period}). Wrong: counted in the same way the record "
                "has {ours}{because}",
                **fields,
                ours=ours[0],
                because=because,
            )
        case "another thing":
            own = (
                Text("; counted in their way the record has {ours}", ours=ours[0])
                if len(ours) > 1
                else ""
            )
            return Text(
                "{who}: {figure} ({what}{period}). Another thing: it fits "
                "{other}{own}{because}",
                **fields,
                other=ours[-1],
                own=own,
                because=because,
            )
    beside = Text("; on record beside it: {ours}", ours=ours[0]) if ours else ""
    return Text(
        "{who}: {figure} ({what}{period}). Cannot be told: {why}{beside}",
        **fields,
        why=why,
        beside=beside,
    )


UNITS: Mapping[str, str] = {
    "billion USD": "{n} billion dollars",
    "billion USD a year": "{n} billion dollars a year",
    "percent of GDP": "{n}% of GDP",
    "percent": "{n}%",
    "times": "{n} times",
    "innovations": "{n} innovations",
    "count": "{n}",
}
"""How an amount is written by its unit."""


@checked
def amount(value: float, unit: str) -> str:
    """Write an amount with its unit.

    Parameters
    ----------
    value : float
    unit : str

    Returns
    -------
    manias.language.messages.Text

    Examples
    --------
    >>> amount(566.4, "billion USD"), amount(1.342, "percent of GDP")
    ('566 billion dollars', '1.34% of GDP')
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    number = f"{value:,.{digits}f}".replace("-", "−")
    return Text(UNITS.get(unit, "{n} " + unit), n=number)


def figure(one: Quoted) -> str:
    """Write a quoted figure with its unit, as it was said.

    Parameters
    ----------
    one : Quoted

    Returns
    -------
    manias.language.messages.Text

    Examples
    --------
    >>> str(figure(find_quoted("post-19")[0]))
    'about 1.9% of GDP'
    """
    return _figure(one.number, one.low, one.high, one.unit, one.precision)


def _figure(number: str, low: float, high: float, unit: str, precision: str) -> str:
    if not unit or (np.isnan(low) and np.isnan(high)):
        return number
    ends = [
        Text(UNITS.get(unit, "{n} " + unit), n=_printed(end))
        for end in dict.fromkeys((low, high))
        if not np.isnan(end)
    ]
    said = ends[0] if len(ends) == 1 else Text("{low} to {high}", low=ends[0], high=ends[1])
    match precision:
        case "about":
            return Text("about {n}", n=said)
        case "more than":
            return Text("more than {n}", n=said)
        case "less than":
            return Text("less than {n}", n=said)
    return said


def _printed(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−")


def _own_rows(key: str) -> tuple[Rows, ...]:
    frame = load(TABLE).frame
    mine = frame["id"] == key
    rows = [some(TABLE, mine, key)]
    ref = _text(frame.loc[mine, "ref"].iloc[0])
    if ref:
        table, _, other = ref.partition(":")
        rows.append(some(table, _table(table)["id"] == other, other))
    return tuple(rows)


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def quoted_frame(found: Iterable[Quoted] | None = None) -> pd.DataFrame:
    """Lay quoted figures out, a row each.

    Parameters
    ----------
    found : iterable of Quoted, optional
        All by default.

    Returns
    -------
    pandas.DataFrame
        The attributes of `Quoted` that are single values.

    Examples
    --------
    >>> quoted_frame().columns[0]
    'number'
    """
    return stacked(list(reconcile() if found is None else found), Quoted)
