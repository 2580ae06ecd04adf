"""Fitted models kept as plain JSON: list, load, refit and compare, cite."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from manias.data.files import write_atomically
from manias.errors import DataError, InputError
from manias.evaluation.cards import dumps
from manias.lenses.base import BubbleResults

FITTERS: Mapping[str, str] = {
    "innovation-logit": "manias.lenses.innovation:fit_default",
    "ladder": "manias.lenses.ladder:fit_default",
    "landmark": "manias.lenses.landmark:fit_default",
    "precedents": "manias.lenses.precedents:fit_default",
    "runup-classic": "manias.lenses.crash_logit:fit_classic",
    "runup-half": "manias.lenses.crash_logit:fit_half",
    "runup-panel": "manias.lenses.crash_logit:fit_panel",
    "runup-prices": "manias.lenses.price_logit:fit_default",
    "runup-hazard": "manias.lenses.crash_hazard:fit_default",
    "payback-ai": "manias.lenses.payback:fit_ai",
    "payback-uk-railways": "manias.lenses.payback:fit_railways",
    "payback-us-telecom": "manias.lenses.payback:fit_telecom",
}
"""Name of a model -> the function that fits it to the curated tables."""
KINDS: Mapping[str, str] = {
    "firth-logit": "manias.evaluation.logit:LogitResults",
    "ladder": "manias.lenses.ladder:LadderResults",
    "landmark": "manias.lenses.landmark:LandmarkResults",
    "payback": "manias.lenses.payback:PaybackResults",
    "precedents": "manias.lenses.precedents:PrecedentResults",
}
"""Kind of a card -> the class that reads it."""
FORMER: Mapping[str, str] = {
    "manias-landmark-ad84e042fbcb": "landmark",
    "manias-precedents-8fe1770696bd": "precedents",
    "manias-runup-classic-2dff1a2c6ce6": "runup-classic",
    "manias-runup-half-06772c30f6b8": "runup-half",
    "manias-runup-panel-f8de208913a0": "runup-panel",
}
"""Ids that were published and have changed since while every number stayed; see CHANGELOG."""
TOLERANCE = 1e-6
"""Relative difference between a card and a refit that is rounding of the machine, no more."""
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "numba")


@dataclass(frozen=True, slots=True)
class Verification:
    """How a refit compares with a card.

    Attributes
    ----------
    model_id : str
    refitted_id : str
        Differs where data or settings have changed since.
    largest : float
        Largest relative difference of any number.
    where : str
        Which number that is.
    agrees : bool
    """

    model_id: str
    refitted_id: str
    largest: float
    where: str
    agrees: bool


def model_names() -> tuple[str, ...]:
    """Names of the models that the package fits.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> isinstance(model_names(), tuple)
    True
    """
    return tuple(FITTERS)


def list_models(folder: Traversable | None = None) -> tuple[BubbleResults, ...]:
    """Load every model that is kept.

    Parameters
    ----------
    folder : directory, optional
        The one in the package by default.

    Returns
    -------
    tuple of BubbleResults
        In the order of `model_names`.

    Examples
    --------
    >>> len(list_models()) == len(model_names())
    True
    """
    return tuple(load_model(name, folder) for name in model_names())


def load_model(key: str, folder: Traversable | None = None) -> BubbleResults:
    """Load a fitted model without fitting it again; nothing in the file is executed.

    Parameters
    ----------
    key : str
        Name or id.
    folder : directory, optional
        The one in the package by default.

    Returns
    -------
    BubbleResults
        With ``predict_proba`` where the lens gives probabilities.

    Raises
    ------
    InputError
        If there is no such model.
    DataError
        If the file is no card of a known kind.

    Examples
    --------
    >>> load_model("runup-classic").terms
    ('runup', 'volatility_change', 'acceleration', 'issuance', 'cape')
    """
    return _read(_card(key, folder))


def fit_model(name: str) -> BubbleResults:
    """Fit a model to the curated tables as they stand now.

    Parameters
    ----------
    name : str

    Returns
    -------
    BubbleResults

    Raises
    ------
    InputError
        If there is no such model.
    """
    if name not in FITTERS:
        raise InputError(f"model {name!r}: expected one of {', '.join(FITTERS)}")
    return _named(FITTERS[name])()


def save_model(results: BubbleResults, folder: Path) -> Path:
    """Write the card of a fitted model, replacing that of the same name.

    Parameters
    ----------
    results : BubbleResults
    folder : Path

    Returns
    -------
    Path
        ``<folder>/<name>.json``.
    """
    card = {**results.to_card(), "versions": {name: version(name) for name in LIBRARIES}}
    card["versions"]["manias"] = version("manias")
    path = folder / f"{results.name}.json"
    write_atomically(path, dumps(card).encode())
    return path


def verify_model(key: str, folder: Traversable | None = None) -> Verification:
    """Fit a kept model again and compare every number.

    Parameters
    ----------
    key : str
        Name or id.
    folder : directory, optional

    Returns
    -------
    Verification
        Agrees where ids are equal and no number differs by more than `TOLERANCE`.
    """
    card = _card(key, folder)
    fresh = json.loads(dumps(fit_model(card["name"]).to_card()))
    kept = {k: v for k, v in card.items() if k != "versions"}
    largest, where = _largest_gap(kept, fresh)
    agrees = fresh["id"] == card["id"] and largest <= TOLERANCE
    return Verification(card["id"], fresh["id"], largest, where, agrees)


def _read(card: Mapping[str, Any]) -> BubbleResults:
    if card.get("kind") not in KINDS:
        raise DataError(
            f"model card of kind {card.get('kind')!r}: expected one of {', '.join(KINDS)}"
        )
    try:
        return _named(KINDS[card["kind"]]).from_card(card)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"model card {card.get('id')}: {error!r}; expected all fields"
        ) from None


def _card(key: str, folder: Traversable | None) -> Mapping[str, Any]:
    root = folder or files("manias._reports").joinpath("models")
    found = {}
    for path in sorted(root.iterdir(), key=lambda p: p.name) if root.is_dir() else ():
        if path.name.endswith(".json"):
            try:
                card = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise DataError(f"{path.name}: {error}; expected a model card") from None
            found[card.get("name")] = found[card.get("id")] = card
    key = FORMER.get(key, key)
    if key not in found:
        known = ", ".join(k for k in FITTERS if k in found) or "none kept yet"
        raise InputError(f"model {key!r}: expected one of {known}, or an id")
    return found[key]


@cache
def _named(path: str) -> Callable[..., Any]:
    module, name = path.split(":")
    return getattr(import_module(module), name)


def _largest_gap(a: Any, b: Any, where: str = "") -> tuple[float, str]:
    """Largest relative difference between two trees of JSON values, and its place."""
    if isinstance(a, Mapping) and isinstance(b, Mapping) and a.keys() == b.keys():
        pairs = [(a[k], b[k], f"{where}.{k}".strip(".")) for k in a]
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = [(x, y, f"{where}[{i}]") for i, (x, y) in enumerate(zip(a, b, strict=True))]
    elif _is_number(a) and _is_number(b):
        return float(abs(a - b) / max(1.0, abs(a), abs(b))), where
    else:
        return (0.0, where) if a == b else (np.inf, where)
    gaps = [_largest_gap(x, y, place) for x, y, place in pairs]
    return max(gaps, key=lambda gap: gap[0], default=(0.0, where))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
