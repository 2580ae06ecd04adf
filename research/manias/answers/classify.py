"""The lenses side by side: what each says of a target on a date, and whether it may."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from manias.answers.archive import cards_folder, load_model
from manias.answers.registry import Fitter, ask_index, fitters, lenses
from manias.data.arguments import checked
from manias.data.library import current, known_on, load, once
from manias.data.reader import Series, own_series
from manias.errors import DataError, InputError, StaleError
from manias.language.messages import Month, Text
from manias.lenses.base import Answer, Answers, BubbleResults, silent
from manias.lenses.ladder import Assessment, assess_series
from manias.record.companies import companies, company_key, why_not
from manias.series.indices import Index, ai_indices
from manias.series.runups import load_panel
from manias.series.timeline import Trajectory

Target: TypeAlias = str | Path | pd.DataFrame | pd.Series | Series | Trajectory


def ask(target: Target = "ai", *, as_of: str | None = None) -> Answers:
    """Ask every lens of AI, of a company that builds it, or of a series of one's own.

    Parameters
    ----------
    target : str, path, pandas.Series, pandas.DataFrame, Series or Trajectory
        "ai"; a company of `manias.record.companies.companies`, by name or symbol in any case,
        of which only its spending is looked at; or a file or a dated series, as `ask_own`
        takes it.
    as_of : str, optional
        Every lens is fitted again on nothing published or observed later; the kept models
        by default.

    Returns
    -------
    Answers
        A tuple of `manias.Answer` in the order of `manias.answers.registry.lenses`. A lens
        that cannot be asked gives an answer without a value and with the reason.

    Raises
    ------
    TypeError
        If the target is nothing of the kind.
    InputError
        If there is no such company or file, ``as_of`` is no date, or the trajectory is one
        of the past booms that the lenses are fitted on.

    Examples
    --------
    >>> [a.lens for a in ask("ai")]
    ['spending', 'innovation', 'run-up', 'build-out', 'precedent', 'payback']
    >>> ask("MSFT")[0].target
    'microsoft'
    """
    if isinstance(target, Trajectory):
        target = _of_trajectory(target, as_of)
    if isinstance(target, str):
        target = _named(target)
    if isinstance(target, str):
        with known_on(as_of):
            return Answers(
                _try(lens.key, target, lambda lens=lens: lens.answer(target, fitted))
                for lens in lenses()
            )
    if not isinstance(target, Path | pd.DataFrame | pd.Series | Series):
        raise TypeError(
            f"target of type {type(target).__name__}: expected 'ai', a company, a path, a "
            "pandas Series or a Trajectory"
        )
    if isinstance(target, pd.Series) and target.name is not None:
        target = replace(own_series(target), name=str(target.name))
    return ask_own(target, as_of=as_of)[0]


def _named(target: str) -> str | Path:
    """Key of "ai" or of a company; a path where it is neither."""
    if target.strip().casefold() == "ai":
        return "ai"
    if (key := company_key(target)) is not None:
        return key
    path = Path(target)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return path
    if (why := why_not(target)) is not None:
        raise InputError(why)
    raise InputError(
        f"target {target!r}: no such file or company; expected 'ai', a file, or one of "
        f"{', '.join(companies())}"
    )


def _of_trajectory(path: Trajectory, as_of: str | None) -> str | Series:
    """The company whose spending it is, or the trajectory as a series of the user's own."""
    by_company = {key: name for name, key in companies().items()}
    if path.id in by_company:
        return by_company[path.id]
    table = load("trajectories").frame.set_index("id")["role"]
    if table.get(path.id, "target") != "target":
        raise InputError(
            f"{path.id}: one of the past booms that the lenses are fitted on, which would be "
            "compared with itself; expected another, or backtest_lenses"
        )
    if as_of is not None:
        path = path.as_of(as_of)
    return Series(path.name, path.values.dropna(), path.unit, onset=path.anchors.get("onset"))


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
    with known_on(as_of):
        return {
            key: _try("run-up", key, lambda i=i: _asked(i)) for key, i in ai_indices().items()
        }


def _asked(index: Index) -> Answer:
    """Of an index that ends before the industries do the model knows what came after."""
    if index.last < (last := load_panel().last):
        raise DataError(
            Text(
                "it ends in {end}, before the industries do in {last}, so that a "
                "date to ask as of is needed",
                end=Month(index.last),
                last=Month(last),
            )
        )
    return ask_index(index, fitted, current().day or index.last)


def ask_own(
    source: Path | str | pd.DataFrame | pd.Series | Series, *, as_of: str | None = None
) -> tuple[Answers, Assessment | None]:
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
    answers : Answers
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


def _ask_own(series: Series) -> tuple[Answers, Assessment | None]:
    is_index = series.values.index.freqstr[0] == "M"
    # What is wrong with the file as an index is an error; a lens is only silent.
    ladder = assess_series(series, load_panel()) if is_index else None
    answers = Answers(
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
        return _load_kept(name, cards_folder())
    return _fit_past(fitter)


@once
def _load_kept(name: str, folder: Traversable) -> BubbleResults:
    return load_model(name, folder)


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
