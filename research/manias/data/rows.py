"""Rows of tables on which a result rests: which, why these, their sources and grade."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from manias.data.library import load, names
from manias.data.sources import weakest
from manias.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
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
    """

    dataset: str
    table: str
    frame: pd.DataFrame
    total: int
    keys: tuple[str, ...]
    how: str = ""
    about: tuple[str, ...] = ()

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
    found = []
    for name in names:
        dataset, _, table = name.partition(".")
        source = load(dataset)
        tables = source.tables
        if table and table not in tables:
            raise InputError(f"table {name!r}: expected one of {', '.join(tables)}")
        found += [
            Rows(dataset, key, frame, len(frame), source.keys[key])
            for key, frame in tables.items()
            if table in ("", key)
        ]
    return tuple(found)


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
    >>> found = merged([*behind("us-it-dotcom"), *behind("us-it-ai")])
    >>> [(r.name, r.how) for r in found][0]
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
    (table,) = whole(f"{first.dataset}.{first.table}")
    labels = set().union(*(part.frame.index for part in parts))
    frame = table.frame.loc[table.frame.index.isin(labels)]
    how = "; ".join(dict.fromkeys(part.how for part in parts if part.how))
    open_ = any(not part.about for part in parts)
    about = () if open_ else tuple(dict.fromkeys(s for part in parts for s in part.about))
    return replace(table, frame=frame, how="" if len(frame) == len(table.frame) else how,
                   about=about)  # fmt: skip


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
    ('markham', 'fox_mint_2025', 'bea2026nipa')
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
    found = (text.partition(":")[0] for column in cells for text in column)
    return tuple(dict.fromkeys(name for name in found if name in known))


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


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
