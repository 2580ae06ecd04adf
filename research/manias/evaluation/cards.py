"""Numbers and tables as plain JSON values, and back."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from manias.evaluation.scores import Scores


def scores_from(card: Mapping[str, Any]) -> Scores:
    """Rebuild scores from a card.

    Parameters
    ----------
    card : mapping

    Returns
    -------
    Scores
    """
    return Scores(**{k: float("nan") if v is None else v for k, v in card.items()})


def plain(value: Any) -> Any:
    """Turn numbers, mappings and sequences into what JSON can hold; NaN and inf become null.

    Parameters
    ----------
    value : object

    Returns
    -------
    object

    Examples
    --------
    >>> plain({"a": np.float64(1.5), "b": (float("nan"), 2)})
    {'a': 1.5, 'b': [None, 2]}
    """
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str):
        return value
    return str(value)


def dumps(card: Mapping[str, Any]) -> str:
    """Print a card as JSON, one short line a list of numbers, the same bytes each time.

    Parameters
    ----------
    card : mapping

    Returns
    -------
    str
    """
    return json.dumps(plain(card), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
