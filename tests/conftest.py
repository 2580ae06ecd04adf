import dataclasses
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import matplotlib
import pytest

matplotlib.use("agg")
# Its list of fonts stays; the folder of answers that were printed is each test's own.
os.environ.setdefault("MPLCONFIGDIR", matplotlib.get_cachedir())
# The tables that are tested are those of this checkout, whatever this user has in use.
os.environ["MANIAS_EDITION"] = "shipped"
# Foreign results, the scripts that made them, and scripts for the type checker.
collect_ignore = ["reference"]
# The same examples in every run: a red build means a change, not a new draw.
hypothesis.settings.register_profile("manias", derandomize=True, deadline=None)
hypothesis.settings.load_profile("manias")


def spell(value):
    """Everything that a result holds, as text: NaN equals NaN, and nothing is shortened."""
    if dataclasses.is_dataclass(value):
        return {f.name: spell(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): spell(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [spell(item) for item in value]
    if hasattr(value, "to_json"):
        return value.to_json(double_precision=15)
    return repr(value)


@pytest.fixture(scope="session")
def spelt():
    """A function that spells out what a result holds, to compare two of them."""
    return spell


WHOLE_REPORT = {
    *("tests/report/test_build.py", "tests/report/test_published.py"),
    *("tests/report/test_rests.py", "tests/report/test_structure.py"),
    *("tests/report/test_what_readers_see.py", "tests/report/test_figures_of_the_report.py"),
    *("tests/language/test_editions.py", "tests/test_packaging.py"),
}
ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests of a file run in one process, and so do all that need the whole report."""
    from xdist.scheduler import LoadFileScheduling

    if config.getoption("dist") != "loadfile":
        return None

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "report" if file in WHOLE_REPORT else file

    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Mark as slow what is listed so, and refuse a line of the list that names nothing."""
    listed = {
        line
        for line in (ROOT / "tests" / "slow.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    }
    files = {item.nodeid.split("::")[0] for item in items}
    for item in items:
        if listed & {item.nodeid, item.nodeid.split("::")[0]}:
            item.add_marker(pytest.mark.slow)
    # Where tests are asked for by name, a file is not collected whole.
    if len(files) > 100:
        found = files | {item.nodeid for item in items}
        if left := sorted(listed - found):
            raise pytest.UsageError(f"tests/slow.txt: {left[0]!r}; expected a test that stands")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch, tmp_path_factory):
    """No answer that another test printed stands in for one that should be computed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def panel():
    from manias import load_panel

    return load_panel()


@pytest.fixture(scope="session")
def scrambled_after():
    """Conditions of industries with the same past and another future."""
    from dataclasses import replace

    import numpy as np
    import pandas as pd

    def scramble(c, month):
        rng = np.random.default_rng(0)
        later = c.panel.returns.index > pd.Period(month, "M")

        def mix(frame):
            frame = frame.copy()
            frame.loc[later] = rng.permutation(frame.loc[later].to_numpy(), axis=0)
            return frame

        panel = replace(
            c.panel,
            returns=mix(c.panel.returns),
            firms=mix(c.panel.firms),
            market=mix(c.panel.market),
        )
        return replace(c, panel=panel, size=mix(c.size), book=mix(c.book), cape=mix(c.cape))

    return scramble


@pytest.fixture(scope="session")
def without_the_future():
    """The tables with other rows in the place of those that were not known by a day."""
    from functools import cache

    import numpy as np
    import pandas as pd
    from manias.data.calendar import known
    from manias.data.library import LIBRARY

    def other_rows(frame, late, rng):
        """Rows that came later lose a third of their number, and the rest change values."""
        late = late & (rng.random(len(frame)) < 2 / 3), late
        kept, frame = frame.index[~late[1] | late[0]], frame.copy()
        at = frame.index[late[0]]
        for name in frame.columns[frame.dtypes.map(pd.api.types.is_float_dtype)]:
            values = rng.permutation(np.array(frame.loc[at, name]))
            frame.loc[at, name] = values * rng.uniform(0.2, 5, len(at))
        return frame.loc[kept]

    @cache
    def scramble(day, by="observed"):
        rng, others = np.random.default_rng(0), {}
        for name in LIBRARY.names():
            dataset = LIBRARY.load(name)
            for part, frame in dataset.tables.items():
                clock = dataset.clocks[part]
                if "observed" in clock:
                    ends = pd.Timestamp(pd.Period(day[:7], "M").end_time.date())
                    late = ~(known(frame, clock, by=by) <= ends).to_numpy()
                    others[name, part] = other_rows(frame, late, rng)
        return LIBRARY.holding(others)

    return scramble


@pytest.fixture
def tables(tmp_path):
    """A copy of the datasets that a test may damage."""
    copy = tmp_path / "datasets"
    shutil.copytree(ROOT / "datasets", copy)
    return copy


@pytest.fixture
def manias_command(monkeypatch, capsys, tmp_path):
    """Run the command in an empty folder, in this process: quicker than a new one each time."""
    from manias.cli.main import main

    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["manias", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return SimpleNamespace(
            returncode=stopped.value.code or 0, stdout=said.out, stderr=at_work(said.err)
        )

    return run


@pytest.fixture
def manias_process(tmp_path):
    """Run the command as a user does, in a process of its own and an empty folder."""

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "manias.cli.main", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
        done.stderr = at_work(done.stderr)
        return done

    return run


def at_work(said):
    """On a slow machine a command says that it is at work; that is no part of its answer."""
    return said.replace("manias: working ...\n", "")


@pytest.fixture(scope="session")
def artefacts():
    """Everything that the report prints."""
    from manias.report.build import artefacts

    return artefacts()


@pytest.fixture(scope="session")
def printed_texts():
    """A function that gives every text that an exhibit or sentence prints in a language."""
    from manias.report.exhibits import Picture, Table, table_in

    def texts(content, index, language):
        match content:
            case Table():
                table = table_in(content, index, language)
                yield from (table["caption"], *table["columns"])
                yield from (cell for row in table["rows"] for cell in row)
            case Picture():
                parts = (content.caption, content.alt, content.finding)
                yield from map(language.render, parts)
            case _:
                yield language.render(content)

    return texts


@pytest.fixture(scope="session")
def pdf(tmp_path_factory, artefacts):
    """The English report, typeset."""
    from manias.report import build as report

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "artefacts", lambda: artefacts)
        return report.build(tmp_path_factory.mktemp("report") / "manias.pdf")


@pytest.fixture(scope="session")
def body_of():
    """Text of each page of a report without its running title and its number."""
    import pypdf

    def read(path):
        reader = pypdf.PdfReader(path)
        title = reader.metadata.title
        bodies = []
        for number, page in enumerate(reader.pages, start=1):
            lines = page.extract_text().splitlines()
            # The title may be joined to the first line or stand by itself.
            if number > 1 and lines and lines[0].startswith(title):
                lines[0] = lines[0].removeprefix(title)
            if lines and lines[-1].endswith(str(number)):
                lines[-1] = lines[-1].removesuffix(str(number))
            bodies.append("\n".join(lines))
        return bodies

    return read


@pytest.fixture(scope="session")
def letters_of():
    """What a figure writes as it is drawn, in points; without ticks that are left out."""
    import io

    from matplotlib.text import Text

    def read(figure):
        found = {}
        draw = Text.draw

        def noted(text, renderer):
            if text.get_visible() and text.get_text().strip():
                found[id(text)] = SimpleNamespace(
                    said=text.get_text(),
                    box=text.get_window_extent(renderer),
                    size=text.get_fontsize(),
                    letters=text.get_fontproperties(),
                )
            return draw(text, renderer)

        figure.set_dpi(72)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Text, "draw", noted)
            figure.savefig(io.BytesIO(), format="svg")
        return list(found.values())

    return read


@pytest.fixture(scope="session")
def is_printed():
    """Whether a text stands on a page, or begins on one and ends below the head of the next."""

    def find(said, pages):
        if any(said in page for page in pages):
            return True
        return any(
            page.rfind(said[:k]) >= 0 and said[k:] in after
            for page, after in pairwise(pages)
            for k in range(1, len(said) if len(said) >= 10 else 0)
        )

    return find


VOID = {"meta", "img", "br", "input", "line", "path", "hr"}


class Reader(HTMLParser):
    """Tags in their order, with what is open."""

    def __init__(self):
        super().__init__()
        self.open, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def _checked(page, among=None):
    """A page is whole, asks nothing of outside, and can be read without eyes or mouse."""
    reader = Reader()
    reader.feed(page)
    assert page.startswith("<!DOCTYPE html>") and reader.open == []
    found = {}
    for tag, attrs in reader.tags:
        found.setdefault(tag, []).append(attrs)
    assert found["html"][0]["lang"] == "en" and len(found["h1"]) == 1 == len(found["main"])
    assert "link" not in found and "iframe" not in found
    assert not any("src" in s for s in found.get("script", []))
    assert "default-src 'none'" in next(
        m["content"] for m in found["meta"] if "http-equiv" in m
    )
    assert not re.search(r"url\(|@import", page.split("</style>")[0])
    for image in found.get("img", []):
        assert image["src"].startswith("data:image/png;base64,") and len(image["alt"]) > 3
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for link in found["a"]:
        where = link["href"]
        if where.startswith("#"):
            assert where[1:] in ids, where
        elif among is not None and not where.startswith("http"):
            assert where.removesuffix(".html") in among, where
    for box in found.get("div", []):
        if "table" in box.get("class", "").split():
            assert box["tabindex"] == "0" and box["aria-label"] and box["role"] == "region"
    for cell in found.get("th", []):
        assert cell["scope"] in ("row", "col") or "sliders" in page
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))


@pytest.fixture(scope="session")
def checked():
    """A function that fails where a page is not whole, or cannot be read by all."""
    return _checked
