"""A wheel in an empty folder finds its data and prose; the documents agree with each other."""

import datetime
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import manias
import pytest
import yaml
from manias.answers import citing
from manias.explore.page import bundle

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as a wheel, built from a copy and installed alone in an empty folder."""
    room = tmp_path_factory.mktemp("wheel")
    tree = room / "tree"
    clutter = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "node_modules")
    for part in ("research", "datasets", "notebooks", "reports"):
        shutil.copytree(ROOT / part, tree / part, ignore=clutter)
    for part in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA"):
        shutil.copy(ROOT / part, tree / part)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    python = ["--python", sys.executable]
    steps = [
        [uv, "build", "-q", "--wheel", "--no-build-isolation", *python, "-o", room, tree],
        [uv, "pip", "install", "-q", "--no-deps", *python, "--target", room / "site"],
    ]
    subprocess.run(list(map(str, steps[0])), check=True, timeout=120, cwd=room)
    (wheel,) = room.glob("manias-*.whl")
    subprocess.run(list(map(str, [*steps[1], wheel])), check=True, timeout=120, cwd=room)
    return room / "site"


def test_a_wheel_finds_tables_and_prose(installed, tmp_path):
    code = (
        "import json, manias; from importlib.resources import files; "
        "print(json.dumps([manias.__file__, len(manias.load('innovations').frame), "
        "list(manias.names()), all(files('manias._reports').joinpath(p).is_file() "
        "for p in ('report.typ', 'zh/report.typ', 'zh/report.po'))]))"
    )
    env = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    where, rows, names, prose = json.loads(done.stdout)
    assert Path(where).is_relative_to(installed)
    assert rows == 51 and tuple(names) == manias.names() and prose


def test_the_wheel_holds_every_notebook_the_codebook_and_the_look_of_pages(installed):
    held = {
        p.relative_to(installed / "manias").as_posix()
        for p in installed.rglob("*.*")
        if p.is_relative_to(installed / "manias")
    }
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"_notebooks/{path.name}" in held
    for path in (ROOT / "datasets").rglob("*.md"):
        assert f"_datasets/{path.relative_to(ROOT / 'datasets').as_posix()}" in held
    assert {"_reports/pages/page.html", "_reports/pages/page.css"} <= held


@pytest.mark.slow
def test_an_installed_package_writes_pages_in_an_empty_folder(installed, tmp_path):
    room = tmp_path / "empty"
    room.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "manias.cli.main", "notebooks", "02", "--output", "pages"],
        cwd=room,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Reading the evidence" in (room / "pages" / "index.html").read_text("utf-8")
    assert (room / "pages" / "codebook.html").is_file()
    assert sorted(p.name for p in room.iterdir()) == ["pages"]


def test_the_wheel_holds_no_clutter(installed):
    files = [p.relative_to(installed).as_posix() for p in installed.rglob("*") if p.is_file()]
    assert not any(f.startswith("tests/") or "/tests/" in f or "curation" in f for f in files)
    assert not any(f.endswith(".pyc") for f in files)
    assert any(f.endswith("licenses/LICENSE-DATA") for f in files)
    assert not any("node_modules" in f or f.endswith(".ts") for f in files)


def test_the_wheel_carries_the_programs_of_the_page_where_they_are_built(installed):
    if not bundle().joinpath("explore.js").is_file():
        pytest.skip("the programs of the page were not built: make explore")
    held = {p.name for p in (installed / "manias" / "explore" / "web" / "dist").iterdir()}
    assert {"explore.js", "style.css", "licences.txt"} <= held


def test_version_is_one():
    version = manias.__version__
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_citations_agree():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    meta = setup["metadata"]
    assert cff["version"] == zenodo["version"] == meta["version"]
    assert cff["license"] == zenodo["license"] == meta["license"]
    assert cff["title"] == zenodo["title"] == citing.TITLE
    assert cff["title"].casefold() == f"{meta['name']}: {meta['description']}".casefold()
    authors = [a["name"] for a in cff["authors"]]
    assert authors == [c["name"] for c in zenodo["creators"]] == [meta["author"]]
    assert authors == [citing.AUTHOR] and str(cff["date-released"]) == citing.RELEASED
    keywords = [word.strip() for word in meta["keywords"].split(",")]
    assert cff["keywords"] == zenodo["keywords"] == keywords
    assert " ".join(cff["abstract"].split()) == zenodo["description"]
    assert (cff["type"], zenodo["upload_type"]) == ("software", "software")
    assert zenodo["publication_date"] == citing.RELEASED
    item = json.loads(manias.cite("manias", "csl"))[0]
    assert (item["title"], item["version"]) == (cff["title"], str(cff["version"]))
    assert item["author"] == [{"literal": a} for a in authors]
    assert item["issued"]["date-parts"] == [[int(n) for n in citing.RELEASED.split("-")]]
    for said in (manias.cite("manias"), manias.cite("manias", "apa")):
        assert cff["title"] in said and authors[0] in said and citing.RELEASED[:4] in said
        assert f"ersion {cff['version']}" in said


# Keys of the Citation File Format 1.2.0 and of Zenodo's deposits that we may use.
CFF = {
    *("abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi"),
    *("identifiers", "keywords", "license", "license-url", "message", "preferred-citation"),
    *("references", "repository", "repository-artifact", "repository-code", "title", "type"),
    *("url", "version"),
}
ZENODO = {
    *(
        "access_right",
        "communities",
        "contributors",
        "creators",
        "description",
        "doi",
        "grants",
    ),
    *("keywords", "language", "license", "notes", "publication_date", "references", "title"),
    *("related_identifiers", "subjects", "upload_type", "version"),
}


def test_the_citations_have_the_form_that_their_readers_want():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert set(cff) <= CFF and {"authors", "cff-version", "message", "title"} <= set(cff)
    assert cff["cff-version"] == "1.2.0" and all(set(a) == {"name"} for a in cff["authors"])
    assert isinstance(cff["date-released"], datetime.date) and isinstance(cff["version"], str)
    assert len(set(cff["keywords"])) == len(cff["keywords"])
    assert set(zenodo) <= ZENODO and {"title", "creators", "description"} <= set(zenodo)
    assert all(set(c) == {"name"} for c in zenodo["creators"])
    # None is assigned yet: one that stands here was made up.
    everything = json.dumps([cff, zenodo], default=str) + manias.cite("manias")
    assert not re.search(r"10\.\d{4,}/|https?://", everything)


def test_the_readme_lists_every_table_and_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in readme.splitlines() if line.startswith("| `"))
    for name in manias.names():
        assert f"`{name}`" in rows, f"README.md: no row on the table {name}"
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"`{path.stem}`" in rows, f"README.md: no row on {path.name}"


def test_the_readme_lists_the_exhibits_that_are_made(artefacts):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "research" / "curation" / "exhibits.py"))["readme"](
        text, artefacts
    )
    assert "| timeline |" in text and made == text, "run: python research/curation/exhibits.py"


def test_the_readme_names_files_and_functions_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:research|datasets|notebooks|reports|\.ci)/[\w./*-]+)`", readme
    ):
        if "NAME" not in name and "/build/" not in name:
            assert list(ROOT.glob(name.rstrip("/"))), f"README.md: {name}"
    rows = re.findall(r"^\| `\d\d_\w+` \|.*\| (.+) \|$", readme, re.M)
    for function in re.findall(r"`(\w+)`", " ".join(rows)):
        assert function in manias.__all__, f"README.md: {function}"


def test_readme_commands_exist(manias_command):
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`?make ([a-z-]+)", readme):
        assert re.search(rf"^{target}:", makefile, re.M), target
    helped = manias_command("--help").stdout + manias_command("data", "--help").stdout
    for verb in re.findall(r"^\| `manias (\w+)", readme, re.M):
        assert verb in helped


def test_ci_runs_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text()
    assert "make test" in script and os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_lock_pins_every_package_by_hash():
    for name in ("lock.txt", "uv.txt", "browser.txt"):
        text = (ROOT / ".ci" / name).read_text()
        assert "--index-url" not in text and "://" not in text
        pins = re.findall(r"^[a-z0-9_.\[\]-]+==.*(?:\n    --hash=.*)*", text, re.M | re.I)
        assert pins and all("--hash=sha256:" in pin for pin in pins)


def test_the_repository_names_no_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    odd = re.compile(r"/(?:home|root|work|Users)/\w|\.\./shared|/tmp/(?!x)")
    for name in tracked.stdout.split():
        path = ROOT / name
        if path.suffix in (
            ".py",
            ".md",
            ".cfg",
            ".toml",
            ".typ",
            ".json",
            ".ipynb",
            ".csv",
            "",
        ):
            # Files as people have them are in other encodings too.
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            hit = odd.search(text) if name != "tests/test_packaging.py" else None
            assert hit is None, f"{name}: {hit[0]}"
