"""The walls: who may import whom, what stays quick, and that every public name explains "
"itself."""

import ast
import graphlib
import importlib
import inspect
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from configparser import ConfigParser
from pathlib import Path

import manias
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "research" / "manias"
# A room may import only those before it, and the modules of a room form no circle.
ROOMS = (
    *("errors", "documents", "language", "data", "evaluation", "explosive", "series"),
    *("record", "lenses", "spending", "answers", "gauges", "quoted", "figures", "report"),
    *("explore", "refresh", "cli", "__init__"),
)
AT_THE_TOP = 8
LARGEST = 1 / 4
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


def room(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def module(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", modules(), ids=module)
def test_imports_point_down(path):
    here = ROOMS.index(room(path))
    for node, name in imports(ast.parse(path.read_text())):
        if name.startswith("manias.") and not name.startswith("manias._"):
            there = ROOMS.index(name.split(".")[1])
            assert there <= here, f"{path.name}:{node.lineno} imports {name}"


def test_no_circle_inside_a_room():
    known = {module(path) for path in modules()}
    graph = {}
    for path in modules():
        wanted = graph[module(path)] = set()
        for node, name in imports(ast.parse(path.read_text())):
            whole = name.removeprefix("manias.")
            taken = [f"{whole}.{a.name}" for a in node.names] + [whole]
            wanted.update(n for n in taken if n in known and n != module(path))
    assert tuple(graphlib.TopologicalSorter(graph).static_order())


def test_rooms_are_few_and_none_is_a_hall():
    assert len(list(PACKAGE.glob("*.py"))) <= AT_THE_TOP
    lines = Counter()
    for path in modules():
        lines[room(path)] += len(path.read_text().splitlines())
    assert set(lines) == set(ROOMS)
    largest, n = lines.most_common(1)[0]
    assert n <= LARGEST * lines.total(), f"{largest} holds {n} of {lines.total()} lines"


def test_tests_mirror_the_rooms():
    folders = {p.name for p in (ROOT / "tests").iterdir() if p.is_dir()} - {"__pycache__"}
    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir()} - {"__pycache__"}
    assert folders - {"reference", "trust"} == rooms


@pytest.mark.parametrize("path", modules(), ids=module)
def test_drawing_stays_in_figures(path):
    if room(path) == "figures":
        return
    for node, name in imports(ast.parse(path.read_text())):
        assert name.split(".")[0] not in DRAWING, f"{path.name}:{node.lineno} imports {name}"


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = "import sys, manias, manias.cli.main; print([m for m in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    names = ast.literal_eval(loaded.stdout)
    heavy = {"pandas", "numpy", "matplotlib", "scipy", "statsmodels", "sklearn", "typst"}
    assert heavy.isdisjoint(names)


def test_kept_answers_are_given_without_what_fits_and_draws():
    code = (
        "import sys, manias; from manias.answers.measures import measure_ai, stand_ai;"
        "from manias.answers.classify import ask_indices;"
        "manias.ask('ai'), measure_ai(), ask_indices(), stand_ai();"
        "print([m for m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numba", "scipy", "statsmodels", "sklearn", "joblib", *DRAWING}
    assert heavy.isdisjoint(ast.literal_eval(loaded.stdout))


@pytest.mark.parametrize("name", manias.__all__[1:])
def test_public_names_explain_themselves(name):
    thing = getattr(manias, name)
    text = inspect.getdoc(thing)
    assert text and len(text.splitlines()[0]) > 15
    if inspect.isfunction(thing):
        assert "Returns" in text or "->" not in str(inspect.signature(thing))
        assert "Examples" in text, f"{name} has no example"


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
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


def test_the_stub_is_made_from_the_rooms():
    made = runpy.run_path(str(ROOT / "research" / "curation" / "public_names.py"))["gather"]()
    assert (PACKAGE / "__init__.pyi").read_text() == made, "run: make docs"
    for group in ("data", "series", "lenses"):
        public = getattr(manias, group)
        assert public.__all__ and set(public.__all__) <= set(manias.__all__)
        assert all(getattr(public, n) is getattr(manias, n) for n in public.__all__)


def test_a_type_checker_knows_the_public_names(tmp_path):
    scripts = {"typed_right": 0, "typed_wrong": 2}
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", ROOT / "setup.cfg", "--cache-dir",
         tmp_path, *(f"tests/reference/{name}.py" for name in scripts)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    errors = [line for line in checked.stdout.splitlines() if ": error:" in line]
    found = {name: sum(f"{name}.py:" in line for line in errors) for name in scripts}
    assert found == scripts, checked.stdout
