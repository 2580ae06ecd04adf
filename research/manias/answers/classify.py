"""The lenses side by side: what each says of a target on a date, and whether it may."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from manias.answers.archive import load_model
from manias.answers.registry import Fitter, ask_index, fitters, lenses
from manias.data.arguments import checked
from manias.data.library import current, known_on, once
from manias.data.reader import Series, own_series
from manias.errors import DataError, InputError, StaleError
from manias.lenses.base import Answer, BubbleResults, silent
from manias.lenses.ladder import Assessment, assess_series
from manias.record.companies import companies
from manias.series.indices import ai_indices
from manias.series.runups import load_panel


def ask(target: str = "ai", *, as_of: str | None = None) -> tuple[Answer, ...]:
    """Ask every lens of AI, or of a company that builds it.

    Parameters
    ----------
    target : str
        "ai", or a company of `manias.record.companies.companies`, of which only its spending
        is looked at.
    as_of : str, optional
        Every lens is fitted again on nothing published or observed later; the kept models
        by default.

    Returns
    -------
    tuple of Answer
        In the order of `manias.answers.registry.lenses`. A lens that cannot be asked gives an
        answer without a value and with the reason.

    Raises
    ------
    InputError
        If there is no such target, or ``as_of`` is no date.

    Examples
    --------
    >>> [a.lens for a in ask("ai")]
    ['spending', 'innovation', 'run-up', 'build-out', 'precedent', 'payback']
    """
    if target != "ai" and target not in (known := companies()):
        raise InputError(f"target {target!r}: expected 'ai' or one of {', '.join(known)}")
    with known_on(as_of):
        return tuple(
            _try(lens.key, target, lambda lens=lens: lens.answer(target, fitted))
            for lens in lenses()
        )


@checked
def ask_indices(*, as_of: str | None = None) -> dict[str, Answer]:
    """Ask the run-up lens, from prices alone, of the baskets and indices of AI.

    Parameters
    ----------
    as_of : str, optional
        The model is fitted again on nothing later, and the indices are cut.

    Returns
    -------
    dict of str to Answer
        By key in `manias.series.indices.ai_indices`, each as of its own last month; empty
        before any of them was known.

    Raises
    ------
    InputError
        If ``as_of`` is no date.

    Examples
    --------
    >>> ask_indices(as_of="2024-12")["smh"].as_of
    '2024-12'
    """
    with known_on(as_of) as library:
        return {
            key: _try("run-up", key, lambda i=i: ask_index(i, fitted, library.day or i.last))
            for key, i in ai_indices().items()
        }


def ask_own(
    source: Path | str | pd.DataFrame | pd.Series | Series, *, as_of: str | None = None
) -> tuple[tuple[Answer, ...], Assessment | None]:
    """Ask the lenses that can be asked of a user's file.

    Parameters
    ----------
    source : path, pandas.DataFrame, pandas.Series or manias.data.reader.Series
        As `manias.data.reader.read_series` reads it. Months are taken for a price index,
        years and quarters for spending.
    as_of : str, optional
        Cut everything observed later; every lens is fitted again on nothing later.

    Returns
    -------
    answers : tuple of Answer
        In the order of `LENSES`, with the reason where a lens could not be asked.
    ladder : manias.lenses.ladder.Assessment or None
        Of a price index.

    Raises
    ------
    InputError
        If the file cannot be read, or nothing is left of it by the date.

    Examples
    --------
    >>> ask_own("nowhere.csv")
    Traceback (most recent call last):
    manias.errors.InputError: nowhere.csv: no such file; expected CSV or an .xlsx workbook
    """
    series = own_series(source)
    with known_on(as_of) as library:
        return _ask_own(series if library.day is None else series.as_of(library.day))


def _ask_own(series: Series) -> tuple[tuple[Answer, ...], Assessment | None]:
    is_index = series.values.index.freqstr[0] == "M"
    # What is wrong with the file as an index is an error; a lens is only silent.
    ladder = assess_series(series, load_panel()) if is_index else None
    answers = tuple(
        _try(lens.key, series.name, lambda lens=lens: lens.answer_own(series, fitted))
        for lens in lenses()
    )
    return answers, ladder


def fitted(name: str) -> BubbleResults:
    """Results of a model: the kept ones, or for a day of the past fitted on what was known.

    Parameters
    ----------
    name : str

    Returns
    -------
    BubbleResults

    Raises
    ------
    DataError
        If the card is stale, or too little was known.
    """
    fitter = fitters()[name]
    if current().day is None or not fitter.is_dated:
        return load_model(name)
    return _fit_past(fitter)


@once
def _fit_past(fitter: Fitter) -> BubbleResults:
    return fitter.fit_past()


def _try(lens: str, target: str, make: Callable[[], Answer]) -> Answer:
    try:
        return make()
    except StaleError:
        raise
    except (DataError, InputError) as error:
        day = current().day
        return silent(lens, target, None if day is None else f"{day:%Y-%m-%d}", error.text)
