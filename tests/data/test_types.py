"""What every type of the package has in common: frozen, slotted, and told by one hand."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import textwrap

import manias
import pytest
from manias.data.results import Result

ROOMS = ("data", "evaluation", "explosive", "gauges", "lenses", "quoted", "record", "series")
ROOMS += ("spending",)
NAMES = [
    module.name
    for room in ROOMS
    for module in pkgutil.iter_modules(
        importlib.import_module(f"manias.{room}").__path__, f"manias.{room}."
    )
]


def types_of(name):
    module = importlib.import_module(name)
    return [
        t
        for t in vars(module).values()
        if isinstance(t, type) and t.__module__ == name and dataclasses.is_dataclass(t)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_types_that_hold_facts_cannot_be_changed(name):
    for t in types_of(name):
        told = t.__dataclass_params__
        assert told.frozen, f"{t.__qualname__} can be changed"
        assert "__slots__" in vars(t), f"{t.__qualname__} takes new attributes"


@pytest.mark.parametrize("name", NAMES)
def test_results_are_told_in_the_words_of_their_base_class(name):
    """The text that dataclasses make up would print every number of every table."""
    for t in types_of(name):
        if issubclass(t, Result):
            assert "__repr__" not in vars(t) or "__repr__" in _written(t), t.__qualname__


def _written(t):
    """Methods that stand in the source of a class."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(t))).body
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_many():
    found = [t for name in NAMES for t in types_of(name)]
    assert len(found) > 100 and len({t for t in found if issubclass(t, Result)}) > 50
    assert manias.__version__
