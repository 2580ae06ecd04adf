"""Fitted models kept as plain JSON: list, load, say when they are stale, refit and compare."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from manias.answers.registry import fitters
from manias.data.arguments import checked
from manias.data.files import write_atomically
from manias.data.library import current
from manias.documents import read
from manias.errors import DataError, InputError, StaleError
from manias.evaluation.cards import SCHEMA, UNSEALED, checksum, dumps, loads
from manias.lenses.base import BubbleResults

FORMER: Mapping[str, str] = {
    "manias-runup-classic-e597f0e195c1": "runup-classic",
    "manias-runup-half-78923a619470": "runup-half",
}
"""Ids that were published and have changed since while every number stayed; see CHANGELOG."""
TOLERANCE = 1e-6
"""Relative difference between a card and a refit that is rounding of the machine, no more."""
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "numba")
Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """How a refit compares with a card.

    Attributes
    ----------
    model_id : str
    refitted_id : str
        Differs where data or settings have changed since.
    largest : float
        Largest relative difference of any number; infinite where one is not finite, or
        where the two differ in anything but numbers.
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
    return tuple(fitters())


@checked
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

    Raises
    ------
    StaleError
        If some were fitted to other tables or settings; the first is named.

    Examples
    --------
    >>> len(list_models()) == len(model_names())
    True
    """
    names, cards = model_names(), _cards(folder)
    if missing := [name for name in names if name not in cards]:
        _absent(missing[0], cards)
    stale = [(name, why) for name in names if (why := _staleness(cards[name]))]
    if len(stale) > 1:
        first = f"{stale[0][1]}; so are {len(stale) - 1} more"
        raise StaleError(f"{first}; run: manias models fit --stale")
    return tuple(_loaded(cards[name]) for name in names)


@checked
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
        If the file is no card of a known kind, or in a library with a day, if the fit saw
        anything later.
    StaleError
        If its numbers do not agree with its checksum, or tables or settings have changed
        since; the message says what to run.

    Examples
    --------
    >>> load_model("runup-classic").terms
    ('runup', 'volatility_change', 'acceleration', 'issuance', 'cape')
    """
    return _loaded(_card(key, folder))


def cards_folder() -> Traversable:
    """The folder of the cards of the open library.

    Returns
    -------
    directory
    """
    return current().reports.joinpath("models")


def stale_models(folder: Traversable | None = None) -> dict[str, str]:
    """Say which kept models no longer agree with tables and code, and why.

    Parameters
    ----------
    folder : directory, optional
        The one in the package by default.

    Returns
    -------
    dict of str to str
        Name -> reason; those of which there is no card as well.

    Examples
    --------
    >>> stale_models()
    {}
    """
    cards = _cards(folder)
    reasons = {
        name: _staleness(cards[name]) if name in cards else f"model {name}: no card"
        for name in model_names()
    }
    return {name: why for name, why in reasons.items() if why}


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
    known = fitters()
    if name not in known:
        raise InputError(f"model {name!r}: expected one of {', '.join(known)}")
    return known[name].fit()


def save_model(results: BubbleResults, folder: Path) -> Path:
    """Write the card of a fitted model, replacing that of the same name.

    What stands beside it is written before: by the card alone it is told what is stale.

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
        Agrees where ids are equal and no number differs by more than `TOLERANCE`. A number
        that is missing agrees with nothing but the same missing.
    """
    card = _card(key, folder)
    fresh = loads(dumps(fit_model(card["name"]).to_card()))
    kept, again = ({k: v for k, v in c.items() if k not in UNSEALED} for c in (card, fresh))
    largest, where = _largest_gap(kept, again)
    agrees = fresh["id"] == card.get("id") and largest <= TOLERANCE
    return Verification(card.get("id", ""), fresh["id"], largest, where, agrees)


def _loaded(card: Card) -> BubbleResults:
    kinds = {fitter.results.kind: fitter.results for fitter in fitters().values()}
    if card.get("kind") not in kinds:
        raise DataError(
            f"model card of kind {card.get('kind')!r}: expected one of {', '.join(kinds)}"
        )
    if why := _staleness(card):
        raise StaleError(f"{why}; run: manias models fit {card['name']}")
    day, until = current().day, card["until"]
    if day is not None and until and pd.Timestamp(until) > day:
        raise DataError(
            f"model {card['name']} was fitted on data to {until}; expected nothing later than "
            f"{day.date()}"
        )
    try:
        return kinds[card["kind"]].from_card(card)
    except ValueError as error:
        raise DataError(f"model card {card['name']}.json: {error}") from None


_NEEDED = ("settings", "data", "sources", "grade", "until", "rows", "checksum")


def _staleness(card: Card) -> str:
    """Why a card no longer holds, in a line; "" where it does."""
    return next(_faults(card), "")


def _faults(card: Card) -> Iterator[str]:
    name = card["name"]
    if name not in fitters():
        yield f"model card {name}: expected the name of one of {', '.join(fitters())}"
    if missing := next((key for key in _NEEDED if key not in card), ""):
        yield f"model card {name}: no {missing}; expected all fields"
    if card["checksum"] != checksum(card):
        yield f"model card {name}: its numbers do not agree with its checksum"
    kept, wanted = card["settings"], loads(dumps(fitters()[name].model.settings()))
    if "as_of" in wanted:
        # Kept models are those of everything on record, whatever library is open.
        wanted["as_of"] = None
    # A frozen edition keeps its cards under later code; the report says so.
    frozen = current().edition.how == "frozen"
    for key in dict.fromkeys([*wanted, *kept]):
        if kept.get(key) != wanted.get(key) and not frozen:
            yield (
                f"model {name} was fitted with {key} {kept.get(key)!r}; the code has "
                f"{wanted.get(key)!r}"
            )
    for dataset, digest in card["data"].items():
        if dataset not in current().names():
            yield f"model {name} was fitted to {dataset}, which is no table here"
        elif (now := current().fingerprint(dataset)) != digest:
            yield (f"model {name} was fitted to {dataset} {digest[:8]}; the table is {now[:8]}")


def _card(key: str, folder: Traversable | None) -> Card:
    cards = _cards(folder, only=key) if key in fitters() else {}
    if key in cards:
        return cards[key]
    cards = _cards(folder)
    by_id = {card.get("id"): card for card in cards.values()}
    key = FORMER.get(key, key)
    card = cards.get(key) or by_id.get(key)
    return _absent(key, cards) if card is None else card


def _absent(key: str, cards: Mapping[str, Card]) -> NoReturn:
    known = ", ".join(name for name in model_names() if name in cards) or "none kept yet"
    raise InputError(f"model {key!r}: expected one of {known}, or an id")


def _cards(folder: Traversable | None, *, only: str = "") -> dict[str, Card]:
    """Cards by name; those of the file of one name where it is given."""
    root = folder or cards_folder()
    cards = {}
    for path in sorted(root.iterdir(), key=lambda p: p.name) if root.is_dir() else ():
        if path.name == f"{only}.json" or (not only and path.name.endswith(".json")):
            card = read(path, SCHEMA)
            if path.name != f"{card['name']}.json":
                raise DataError(
                    f"{path.name}: name: {card['name']!r}; expected that of the file"
                )
            cards[card["name"]] = card
    return cards


def _largest_gap(a: Any, b: Any, where: str = "") -> tuple[float, str]:
    """Largest relative difference between two trees of JSON values, and its place."""
    if isinstance(a, Mapping) and isinstance(b, Mapping) and a.keys() == b.keys():
        pairs = [(a[k], b[k], f"{where}.{k}".strip(".")) for k in a]
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = [(x, y, f"{where}[{i}]") for i, (x, y) in enumerate(zip(a, b, strict=True))]
    elif _is_number(a) and _is_number(b):
        gap = abs(a - b) / max(1.0, abs(a), abs(b))
        return (float(gap) if np.isfinite(gap) else np.inf), where
    else:
        return (0.0, where) if a == b else (np.inf, where)
    gaps = [_largest_gap(x, y, place) for x, y, place in pairs]
    return max(gaps, key=lambda gap: gap[0], default=(0.0, where))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
