"""Errors put into the science are noticed by the tests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from trust import mutants
from trust.promise import Finding, Promise

SURVIVORS = Path(mutants.__file__).with_name("survivors.json")
LEAST = 0.9


def hand_made() -> Finding:
    """Every error of the kept table is noticed by the quick part."""
    with mutants.workshop() as shop:
        fates = [shop.attempt(mutant) for mutant in mutants.by_hand()]
    lived = [fate.mutant.name for fate in fates if not fate.by]
    figure = f"{len(fates) - len(lived)} of {len(fates)} noticed"
    return Finding("; ".join([figure, *lived]), not lived)


def drawn() -> Finding:
    """Of errors drawn with a seed nine in ten are noticed, and the others have a reason."""
    places, made = mutants.drawn()
    with mutants.workshop() as shop:
        fates = [shop.attempt(mutant) for mutant in made]
    lived = [fate.mutant for fate in fates if not fate.by]
    told = {(row["file"], row["change"]): row for row in json.loads(SURVIVORS.read_text())}
    bare = [m for m in lived if (m.file, m.change) not in told]
    rooms = Counter(m.file.split("/")[0] for m in lived)
    share = 1 - len(lived) / len(fates)
    figure = (
        f"{len(fates) - len(lived)} of {len(fates)} noticed, drawn from {places:,} places with "
        f"seed {mutants.SEED}; not noticed in "
        + (", ".join(f"{room} {n}" for room, n in sorted(rooms.items())) or "none")
        + f"; {len(bare)} of those without a reason in survivors.json"
    )
    if bare:
        figure += ": " + "; ".join(f"{m.file} {m.change}" for m in bare)
    return Finding(figure, share >= LEAST and not bare)


PROMISES = (
    Promise(
        "mutants-by-hand",
        "Each of the errors in the models that once passed every test now fails one of the "
        "quick part",
        hand_made,
        15,
    ),
    Promise(
        "mutants-drawn",
        f"Of {mutants.COUNT} errors drawn by Cosmic Ray in timeline, library, features, "
        "labels, evaluation, lenses, ladders and lineage at least 90% fail a test of the quick "
        "part, and each of the others is listed with a reason",
        drawn,
        60,
    ),
)
