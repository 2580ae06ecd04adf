"""Rows of tables on which a result rests: which, why these, their sources and grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from manias.data.calendar import Knowledge, known
from manias.data.descriptors import ROWS
from manias.data.library import load, names
from manias.data.results import Result, stacked
from manias.data.sources import weakest
from manias.data.tables import Dataset
from manias.errors import DataError, InputError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows(Result):
    """Rows of one table.

    Attributes
    ----------
    dataset, table : str
        ``table`` is "data" for the main table.
    frame : pandas.DataFrame
        The rows, in the order of the table.
    total : int
        How many rows the table has.
    keys : tuple of str
        Columns that tell its rows apart.
    how : str
        How they were chosen; "" for a whole table.
    about : tuple of str
        For tables that give a source for each of several statements of a row: those that
        count, such as "commercialised"; "" is the row's own. Empty: all of their sources, and
        the row's own grade.
    digest : str
        Hash of the dataset.
    """

    _told = ("dataset", "table", "rows=frame", "total")

    dataset: str
    table: str
    frame: pd.DataFrame
    total: int
    keys: tuple[str, ...]
    how: str = ""
    about: tuple[str, ...] = ()
    digest: str = ""

    def to_frame(self) -> pd.DataFrame:
        """The rows, as the table has them.

        Returns
        -------
        pandas.DataFrame
        """
        return self.frame

    @property
    def name(self) -> str:
        """Key of the table, as `whole` and `manias data show` take it."""
        return self.dataset if self.table == "data" else f"{self.dataset}.{self.table}"

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows of the table."""
        return len(self.frame) == self.total

    @property
    def evidence(self) -> tuple[str, ...]:
        """Columns of source, locator and grade that count."""
        kinds = ("source", "locator", "grade")
        stems = self.about or ("",)
        return tuple(f"{stem}_{kind}".lstrip("_") for stem in stems for kind in kinds)

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources that the rows name, each once."""
        columns = (
            c
            for c in (self.evidence if self.about else self.frame.columns)
            if c == "source" or c.endswith("_source")
        )
        texts = (text for c in columns for text in self.frame[c].dropna().unique())
        return tuple(dict.fromkeys(key.strip() for text in texts for key in text.split(";")))

    @property
    def grades(self) -> tuple[str, ...]:
        """Grades that the rows bear, each once; blank ones are left out."""
        columns = (c for c in self.evidence if c.endswith("grade"))
        return tuple(
            dict.fromkeys(str(g) for c in columns for g in self.frame[c].dropna().unique())
        )

    @property
    def graded(self) -> dict[str, frozenset[str]]:
        """Grades of what is told after each source: source -> grades; blanks are left out."""
        found: dict[str, set[str]] = {}
        columns = self.evidence if self.about else self.frame.columns
        for column in (c for c in columns if c == "source" or c.endswith("_source")):
            own = f"{column.removesuffix('source')}grade"
            grade = own if own in self.frame else "grade"
            if grade not in self.frame:
                continue
            pairs = self.frame[[column, grade]].dropna().drop_duplicates()
            for text, mark in pairs.itertuples(index=False):
                for key in text.split(";"):
                    found.setdefault(key.strip(), set()).add(str(mark))
        return {key: frozenset(marks) for key, marks in found.items()}

    def records(self, limit: int | None = None) -> list[dict[str, object]]:
        """Rows as plain values, blank cells as None.

        Parameters
        ----------
        limit : int, optional
            Most rows; all by default.

        Returns
        -------
        list of dict

        Examples
        --------
        >>> whole("us_industries.market")[0].records(1)[0]["month"]
        '1926-07'
        """
        head = self.frame if limit is None else self.frame.head(limit)
        plain = head.astype(object).where(head.notna(), None)
        return [
            {c: str(v) if isinstance(v, pd.Period) else v for c, v in row.items()}
            for row in plain.to_dict("records")
        ]


def whole(*names: str) -> tuple[Rows, ...]:
    """Take every row.

    Parameters
    ----------
    *names : str
        Datasets, of which all tables are taken, or single tables, ``dataset.table``;
        ``dataset.data`` is the main table alone.

    Returns
    -------
    tuple of Rows

    Examples
    --------
    >>> [(r.name, r.is_whole) for r in whole("us_industries.market", "published")]
    [('us_industries.market', True), ('published', True)]
    """
    parts = []
    for name in names:
        dataset, _, table = name.partition(".")
        source = load(dataset)
        if table and table not in source.tables:
            raise InputError(f"table {name!r}: expected one of {', '.join(source.tables)}")
        parts += [
            replace(pick(source, key), dataset=dataset)
            for key in source.tables
            if table in ("", key)
        ]
    return tuple(parts)


def pick(
    dataset: Dataset,
    table: str = "data",
    keep: pd.Series | None = None,
    how: str = "",
    *,
    about: tuple[str, ...] = (),
) -> Rows:
    """Take some rows of one table of a dataset that is at hand.

    Parameters
    ----------
    dataset : Dataset
    table : str
    keep : pandas.Series, optional
        True where a row is wanted; all by default.
    how : str
        How they were chosen, in words.
    about : tuple of str, optional
        As in `Rows`.

    Returns
    -------
    Rows

    Examples
    --------
    >>> market = load("us_industries")
    >>> pick(market, "market", market.tables["market"]["month"] == "1999-12").frame.shape[0]
    1
    """
    frame = dataset.tables[table]
    chosen = frame if keep is None else frame[keep]
    return Rows(
        # Descriptors write hyphens where folders have underscores.
        dataset.name.replace("-", "_"),
        table,
        chosen,
        len(frame),
        dataset.keys[table],
        "" if len(chosen) == len(frame) else how,
        about,
        dataset.fingerprint,
    )


def some(
    name: str, keep: pd.Series | pd.Index, how: str, *, about: tuple[str, ...] = ()
) -> Rows:
    """Take some rows of one table.

    Parameters
    ----------
    name : str
        ``dataset`` for its main table, or ``dataset.table``.
    keep : pandas.Series or pandas.Index
        True where a row is wanted, or labels of the rows.
    how : str
        How they were chosen, in words.
    about : tuple of str, optional
        As in `Rows`.

    Returns
    -------
    Rows

    Examples
    --------
    >>> table = load("us_it_investment").frame
    >>> some("us_it_investment", table["quarter"] == "2000Q4", "one quarter").frame.shape[0]
    1
    """
    (rows,) = whole(name if "." in name else f"{name}.data")
    kept = keep[keep].index if isinstance(keep, pd.Series) else keep
    frame = rows.frame.loc[rows.frame.index.isin(kept)]
    return replace(rows, frame=frame, how=how, about=about)


def merged(rows: Iterable[Rows]) -> tuple[Rows, ...]:
    """Bring rows of the same table together, each once.

    Parameters
    ----------
    rows : iterable of Rows

    Returns
    -------
    tuple of Rows
        One a table, in the order in which the tables first occur; tables of which no row was
        taken are left out.

    Examples
    --------
    >>> from manias.series.trajectories import behind
    >>> rows = merged([*behind("us-it-dotcom"), *behind("us-it-ai")])
    >>> [(r.name, r.how) for r in rows][0]
    ('trajectories', 'us-it-dotcom; us-it-ai')
    """
    by_table: dict[str, list[Rows]] = {}
    for part in rows:
        if len(part.frame):
            by_table.setdefault(part.name, []).append(part)
    return tuple(_joined(parts) for parts in by_table.values())


def _joined(parts: list[Rows]) -> Rows:
    first, *others = parts
    if not others:
        return first
    frame = pd.concat([part.frame for part in parts])
    frame = frame[~frame.index.duplicated()].sort_index()
    how = "; ".join(dict.fromkeys(part.how for part in parts if part.how))
    open_ = any(not part.about for part in parts)
    about = () if open_ else tuple(dict.fromkeys(s for part in parts for s in part.about))
    return replace(
        first, frame=frame, how="" if len(frame) == first.total else how, about=about
    )


def sources_of(rows: Iterable[Rows]) -> tuple[str, ...]:
    """Keys of the sources that rows of several tables name, each once.

    Parameters
    ----------
    rows : iterable of Rows

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from manias.series.trajectories import behind
    >>> sources_of(behind("us-it-dotcom"))
    ('markham', 'fox_mint_2025', 'theworld_history', 'bea2026nipa')
    """
    return tuple(dict.fromkeys(key for part in rows for key in part.sources))


def points_to(dataset: str) -> tuple[str, ...]:
    """Other tables that rows of a table name as what they are made of or decided by.

    Parameters
    ----------
    dataset : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> points_to("forecasts")
    ('statements', 'ai_capex', 'ai_market')
    """
    frame = load(dataset).frame
    cells = [frame[c].dropna() for c in ("dataset", "denominator", "series") if c in frame]
    known = set(names())
    pointed = (text.partition(":")[0] for column in cells for text in column)
    return tuple(dict.fromkeys(name for name in pointed if name in known))


def grade_of(rows: Iterable[Rows]) -> str:
    """Weakest grade of rows of several tables.

    Parameters
    ----------
    rows : iterable of Rows

    Returns
    -------
    str
        "J" where no row bears one: what rests on no data is our choice, by a rule that the
        code states.

    Examples
    --------
    >>> from manias.series.trajectories import behind
    >>> grade_of(behind("gb-cars-1904")), grade_of(())
    ('A', 'J')
    """
    grades = {grade for part in rows for grade in part.grades}
    return weakest(grades) if grades else "J"


def last_known(rows: Iterable[Rows], *, by: Knowledge) -> str:
    """Last day on which one of some rows became known.

    Parameters
    ----------
    rows : iterable of Rows
        Of the open library.
    by : {"published", "observed"}

    Returns
    -------
    str
        ISO date; "" where none of their tables says when its rows were known.

    Examples
    --------
    >>> table = load("us_it_investment").frame
    >>> last_known([some("us_it_investment", table["quarter"] <= "1999Q4", "")], by="observed")
    '1999-12-31'
    """
    days = [
        known(part.frame, clock, by=by).max()
        for part in rows
        if "observed" in (clock := load(part.dataset).clocks[part.table])
    ]
    last = max((day for day in days if pd.notna(day)), default=None)
    return "" if last is None else last.date().isoformat()


@dataclass(frozen=True, slots=True, repr=False)
class Pick(Result):
    """Which rows of one table, by their labels.

    Attributes
    ----------
    dataset, table : str
    labels : str
        First and last label of each unbroken stretch, such as "0-41,57".
    n, total : int
        How many rows, and how many the table had.
    how : str
    about : tuple of str
        As in `Rows`.
    """

    _told = ("dataset", "table", "n", "total")

    dataset: str
    table: str
    labels: str
    n: int
    total: int
    how: str = ""
    about: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Rows) -> "Pick":
        """Keep where rows stand instead of what they say."""
        return cls(
            rows.dataset,
            rows.table,
            _spans(rows.frame.index),
            len(rows.frame),
            rows.total,
            rows.how,
            rows.about,
        )


@dataclass(frozen=True, slots=True, repr=False)
class Provenance(Result):
    """Where a result comes from, told by the rows that went into it.

    Attributes
    ----------
    picks : tuple of Pick
        One a table; empty for data of the caller's own.
    data : mapping of str to str
        Dataset -> hash of its tables.
    sources : tuple of str
        Keys of the sources that the rows name.
    grade : str
        Weakest grade.
    until : str
        Last day of what was seen, as ISO date; "" where the data carry no dates.
    """

    _told = ("data", "grade", "until")

    picks: tuple[Pick, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    grade: str = "C"
    until: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row a choice of rows.

        Returns
        -------
        pandas.DataFrame
            Columns as the attributes of `Pick`.
        """
        return stacked(self.picks, Pick)

    @classmethod
    def of(
        cls,
        rows: Iterable[Rows],
        *,
        until: str = "",
        sources: Iterable[str] = (),
        grade: str = "",
    ) -> "Provenance":
        """Sum up rows.

        Parameters
        ----------
        rows : iterable of Rows
        until : str
            Last day of what was seen.
        sources : iterable of str, optional
            Of what went in beside the rows.
        grade : str, optional
            Weakest grade of what went in beside the rows.

        Returns
        -------
        Provenance

        Examples
        --------
        >>> from manias.series.trajectories import behind
        >>> made = Provenance.of(behind("gb-cars-1904"), until="1939-12-31")
        >>> list(made.data), made.sources, made.grade
        (['trajectories', 'buildouts'], ('CHAT2009',), 'A')
        >>> Provenance.of((), grade="C").data
        {}
        """
        rows = merged(rows)
        grades = [grade_of(rows)] if rows or not grade else []
        return cls(
            tuple(Pick.of(part) for part in rows),
            {part.dataset: part.digest for part in rows},
            tuple(dict.fromkeys([*sources_of(rows), *sources])),
            weakest([*grades, *filter(None, [grade])]),
            until,
        )

    def rows(self) -> tuple[Rows, ...]:
        """Read the rows again from the open library.

        Returns
        -------
        tuple of Rows
            One a table; of a library with a day only what was known by then.

        Examples
        --------
        >>> from manias.series.trajectories import behind
        >>> [(r.name, len(r.frame)) for r in Provenance.of(behind("gb-cars-1904")).rows()]
        [('trajectories', 1), ('buildouts', 36)]
        """
        parts = []
        for p in self.picks:
            (table,) = whole(f"{p.dataset}.{p.table}")
            kept = table.frame[table.frame.index.isin(_labels(p.labels))]
            parts.append(replace(table, frame=kept, how=p.how, about=p.about))
        return tuple(parts)


def _spans(labels: pd.Index) -> str:
    numbers = np.sort(labels.to_numpy(dtype=int))
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1)
    return ",".join(f"{r[0]}" if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs if len(r))


def _labels(spans: str) -> list[int]:
    ends = [tuple(map(int, span.split("-"))) for span in spans.split(",") if span]
    if odd := [end for pair in ends for end in pair if end > ROWS]:
        raise DataError(f"row {odd[0]}; expected at most {ROWS:,}")
    return [label for pair in ends for label in range(pair[0], pair[-1] + 1)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
