"""The walls: who may import whom, what stays quick, and that every public name explains "
"itself."""

import ast
import importlib
import inspect
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import manias
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "research" / "manias"
# A module may import only those before it.
ORDER = [
    *("errors", "fingerprint", "stamp", "language", "sources", "catalog", "inputs"),
    *("innovations",),
    *("timeline", "prices", "trajectories", "lineage", "workers", "simulate", "bubbletests"),
    *(
        "_lppls_kernels",
        "lppls",
        "episodes",
        "market",
        "indices",
        "later",
        "dating",
        "labels",
        "covariates",
    ),
    *("buildouts", "financing"),
    *("_firth", "_landmark_kernels", "_precedent_kernels", "evaluation", "features"),
    *("models", "archive", "citing", "forecasts"),
    *("lenses", "backtests"),
    *(
        "claims",
        "tables",
        "figures",
        "figures_lenses",
        "figures_history",
        "exhibits",
        "exhibits_record",
        "exhibits_history",
        "exhibits_dating",
        "exhibits_lenses",
        "exhibits_backtests",
        "exhibits_rows",
    ),
    *("report", "notebook", "console", "cli_models", "cli", "__init__"),
]
DRAWING = {"matplotlib", "seaborn"}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name


def layer(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path):
    here = ORDER.index(layer(path))
    for node, module in imports(ast.parse(path.read_text())):
        if module.startswith("manias.") and not module.startswith("manias._"):
            there = ORDER.index(module.split(".")[1])
            assert there <= here, f"{path.name}:{node.lineno} imports {module}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_drawing_stays_in_figures(path):
    if layer(path).startswith("figures"):
        return
    for node, module in imports(ast.parse(path.read_text())):
        assert module.split(".")[0] not in DRAWING, (
            f"{path.name}:{node.lineno} imports {module}"
        )


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = "import sys, manias, manias.cli; print([m for m in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    names = ast.literal_eval(loaded.stdout)
    heavy = {"pandas", "numpy", "matplotlib", "scipy", "statsmodels", "sklearn", "typst"}
    assert heavy.isdisjoint(names)


@pytest.mark.parametrize("name", manias.__all__[1:])
def test_public_names_explain_themselves(name):
    thing = getattr(manias, name)
    text = inspect.getdoc(thing)
    assert text and len(text.splitlines()[0]) > 15
    if inspect.isfunction(thing):
        assert "Returns" in text or "->" not in str(inspect.signature(thing))
        assert "Examples" in text, f"{name} has no example"


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = manias.nothing


def test_every_module_imports_alone():
    for path in modules():
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        importlib.import_module(".".join(p for p in parts if p != "__init__"))


def test_metadata_live_in_setup_cfg_alone():
    assert set(tomllib.loads((ROOT / "pyproject.toml").read_text())) == {"build-system", "tool"}
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options"]["packages"].split()
    found = {
        ".".join(p.parent.relative_to(PACKAGE.parent).parts)
        for p in PACKAGE.rglob("__init__.py")
    }
    assert found <= set(listed)
    assert setup["metadata"]["version"] == manias.__version__
