"""Refuse settings and series of the wrong kind in one line, before anything is computed."""

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from manias.data.labels import LabelError, read_labels
from manias.data.labels import place_days as _place
from manias.errors import DataError, InputError


def whole(name: str, value: Any, *, least: int, most: int | None = None) -> int:
    """A setting that must be a whole number in a range.

    Parameters
    ----------
    name : str
        Of the setting, for the message.
    value : object
    least, most : int
        Ends of the range, both allowed.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If it is no whole number (True and 19.0 are none) or outside.

    Examples
    --------
    >>> whole("n_draws", 0, least=1)
    Traceback (most recent call last):
    manias.errors.InputError: n_draws=0: expected a whole number, 1 or more
    """
    range_ = f"{least} or more" if most is None else f"{least} to {most}"
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool | np.bool_)
    if not is_whole or value < least or (most is not None and value > most):
        raise InputError(f"{name}={value!r}: expected a whole number, {range_}")
    return int(value)


def between(name: str, value: object, low: float, high: float) -> float:
    """A setting that must be a number strictly between two.

    Parameters
    ----------
    name : str
    value : object
    low, high : float

    Returns
    -------
    float

    Raises
    ------
    InputError
        If it is no number or not between them.

    Examples
    --------
    >>> between("confidence", 1.5, 0, 1)
    Traceback (most recent call last):
    manias.errors.InputError: confidence=1.5: expected a number between 0 and 1
    """
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)
    number = float(value) if is_number else math.nan  # type: ignore[arg-type]
    if not low < number < high:
        raise InputError(f"{name}={value!r}: expected a number between {low:g} and {high:g}")
    return number


def as_series(values: Any, dates: Sequence | pd.Index | None = None) -> pd.Series:
    """A series of numbers by date from what a user has at hand.

    Parameters
    ----------
    values : pandas.Series, list or numpy.ndarray
        n finite numbers.
    dates : sequence, optional
        n dates of a list or an array, as text or as an index; without them the numbers are
        counted from 0.

    Returns
    -------
    pandas.Series
        The index ascends, each date once, without gaps where it holds periods.

    Raises
    ------
    DataError
        If it is empty, holds something other than finite numbers, or a date is missing, stands
        twice or out of order.
    InputError
        If it is none of these kinds.

    Examples
    --------
    >>> as_series([1.0, 2.0], ["2010Q1", "2010Q2"]).index
    PeriodIndex(['2010Q1', '2010Q2'], dtype='period[Q-DEC]')
    >>> as_series([1.0, float("nan")])
    Traceback (most recent call last):
    manias.errors.DataError: series: nan at 1; expected a finite number
    """
    if isinstance(values, pd.DataFrame):
        if values.shape[1] != 1:
            raise InputError(
                f"series: a table with columns {', '.join(map(str, values.columns))}; expected "
                f"one of them"
            )
        values = values.iloc[:, 0]
    if isinstance(values, pd.Series):
        if dates is not None:
            values = values.set_axis(_index(dates))
        series = values
    elif isinstance(values, list | tuple | np.ndarray):
        array = np.asarray(values)
        if array.ndim != 1:
            raise DataError(f"series: shape {array.shape}; expected one dimension")
        if dates is not None and len(dates) != len(array):
            raise InputError(f"dates: {len(dates)} for {len(array)} numbers; expected as many")
        index = pd.RangeIndex(len(array)) if dates is None else _index(dates)
        series = pd.Series(values, index)
    else:
        raise InputError(
            f"series: {type(values).__name__}; expected a pandas Series, a list or an array"
        )
    if series.empty:
        raise DataError("series: empty; expected numbers")
    check_dates(series.index)
    if series.dtype.kind == "c" or any(isinstance(v, complex) for v in series[:1]):
        raise DataError("series: complex numbers; expected real ones")
    try:
        numbers_ = series.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(
            "series: holds something other than numbers; expected numbers"
        ) from None
    bad = np.flatnonzero(~np.isfinite(numbers_.to_numpy()))
    if len(bad):
        at = int(bad[0])
        value = numbers_.iloc[at]
        raise DataError(
            f"series: {value} at {_shown(series.index[at])}; expected a finite number"
        )
    return numbers_


def _index(dates: Sequence | pd.Index) -> pd.Index:
    if isinstance(dates, pd.Index):
        return dates
    if all(isinstance(d, pd.Period) for d in dates):
        return pd.PeriodIndex(list(dates))
    try:
        column = read_labels(list(dates))
        if column.kind == "D":
            return _place(column.values, keep=True)[0]
        if column.kind == "W":
            return pd.DatetimeIndex(column.values)
        return pd.PeriodIndex(
            list(column.values), freq={"A": "Y"}.get(column.kind, column.kind)
        )
    except LabelError as error:
        raise InputError(f"dates: {error}") from None


def check_dates(index: pd.Index) -> None:
    """Refuse dates that are missing, stand twice, descend or leave a gap.

    Parameters
    ----------
    index : pandas.Index

    Raises
    ------
    DataError
        Which names the date.

    Examples
    --------
    >>> check_dates(pd.Index([1, 1]))
    Traceback (most recent call last):
    manias.errors.DataError: dates: 1 stands twice; expected each date once
    """
    if index.hasnans:
        at = int(np.flatnonzero(index.isna())[0])
        raise DataError(f"dates: none at position {at}; expected a date for every number")
    if index.has_duplicates:
        odd = index[index.duplicated()][0]
        raise DataError(f"dates: {_shown(odd)} stands twice; expected each date once")
    if not index.is_monotonic_increasing:
        at = next(i for i in range(1, len(index)) if index[i] < index[i - 1])
        raise DataError(
            f"dates: {_shown(index[at])} after {_shown(index[at - 1])}; expected ascending "
            f"dates"
        )
    if isinstance(index, pd.PeriodIndex) and len(index) > 1:
        whole_ = pd.period_range(index[0], index[-1], freq=index.freq)
        if len(whole_) != len(index):
            gap = whole_.difference(index)[0]
            raise DataError(f"dates: {gap} is missing; expected no gap")


def _shown(date: object) -> str:
    if isinstance(date, pd.Timestamp):
        has_time = date != date.normalize()
        return date.isoformat(sep=" ") if has_time else date.date().isoformat()
    return str(date)


def date_text(date: object) -> str:
    """A date as a result prints it; the time of day only where there is one.

    Parameters
    ----------
    date : object

    Returns
    -------
    str

    Examples
    --------
    >>> date_text(pd.Timestamp("1999-12-31")), date_text(pd.Timestamp("1999-12-31 06:00"))
    ('1999-12-31', '1999-12-31 06:00:00')
    """
    return _shown(date)
