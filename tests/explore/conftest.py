"""What the tests of the page need: Node.js, the built programs, a browser."""

import json
import math
import shutil
import subprocess
from pathlib import Path

import pytest
from manias.explore.page import bundle
from manias.explore.payload import (
    companies_part,
    crashes_part,
    innovations_part,
    payback_part,
    rises_part,
)
from manias.explore.store import Store

HERE = Path(__file__).parent


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _number(value):
    if isinstance(value, dict):
        return {k: _number(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_number(v) for v in value]
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    return value


@pytest.fixture(scope="session")
def programs():
    """The built arithmetic, and the command that runs it."""
    node = shutil.which("node")
    core = Path(str(bundle())) / "core.mjs"
    if node is None:
        pytest.skip("no Node.js on this machine")
    if not core.is_file():
        pytest.skip("the programs of the page were not built: make explore")
    return [node, str(HERE / "core.mjs"), str(core)]


@pytest.fixture(scope="session")
def core(programs):
    """Call functions of the page's arithmetic, many at once."""

    def call(data, calls):
        given = json.dumps(_plain({"data": data, "calls": calls}))
        done = subprocess.run(
            programs, input=given, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return [_number(one) for one in json.loads(done.stdout)]

    return call


@pytest.fixture(scope="session")
def parts():
    """Parts of what the page carries that its arithmetic takes."""
    store = Store()
    return {
        "rises": rises_part(store),
        "crashes": crashes_part(store, str),
        "innovations": innovations_part(store, str),
        "companies": companies_part(store),
        "payback": payback_part(store, str),
    }
