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
    deflators_part,
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
        "rises": rises_part(store, str),
        "crashes": crashes_part(store, str),
        "deflators": deflators_part(store),
        "innovations": innovations_part(store, str),
        "companies": companies_part(store),
        "payback": payback_part(store, str),
    }


@pytest.fixture(scope="session")
def known():
    """Everything that the page carries."""
    from manias.explore.payload import payload

    return payload()


@pytest.fixture(scope="session")
def pages(programs, known, tmp_path_factory):
    """The page in a file, by language."""
    from manias.explore.page import write_page

    room = tmp_path_factory.mktemp("explore")
    made = {}

    def page(language):
        if language not in made:
            made[language] = room / f"{language}.html"
            given = known if language == "en" else None
            made[language].write_text(write_page(language, known=given), encoding="utf-8")
        return made[language]

    return page


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    driver = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright: make test-explore"
    )
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine (on Debian: apt-get install chromium)")
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--disable-gpu", "--no-sandbox"]
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


class Opened:
    """One open page, with what went wrong in it and what it asked for."""

    def __init__(self, page, url):
        self.page, self.url, self.wrong, self.asked = page, url, [], []
        page.on("pageerror", lambda e: self.wrong.append(str(e)))
        page.on(
            "console",
            lambda m: self.wrong.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("request", lambda r: self.asked.append(r.url))

    def go(self, fragment):
        """Open a view from nothing."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}#{fragment}")
        self.page.wait_for_selector("html[data-ready=yes]")
        self.settle()
        return self

    def settle(self):
        """Wait until nothing is left to be counted."""
        self.page.wait_for_timeout(90)
        # The policy of the page forbids Playwright's own way of waiting.
        for _ in range(600):
            if not self.page.evaluate(
                "[...document.querySelectorAll('.numbers dd')].some(d => d.textContent === '…')"
            ):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("still counting after 30 s")

    def text(self, selector):
        """Text of the first element."""
        return self.page.text_content(selector)

    def numbers(self):
        """Key numbers of the view by their key."""
        return self.page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('.numbers dd[data-id]')]"
            ".map(d => [d.dataset.id, d.textContent]))"
        )

    def shown(self):
        """All that the choices can change."""
        return self.page.evaluate(
            "['h2', '.lead', '.numbers', '.drawing', '.below', '.shown table', 'pre']"
            ".map(s => document.querySelector(s)?.innerHTML ?? '').join('\\n')"
            ".replace(/-\\d+\"/g, '\"')"
        )

    def choose(self, name, value):
        """Set a control as a hand would."""
        self.page.evaluate(
            """([name, value]) => {
              const box = document.querySelector(`.controls [name="${name}"]`);
              box.value = value;
              box.dispatchEvent(new Event(box.tagName === 'SELECT' ? 'change' : 'input'));
            }""",
            [name, str(value)],
        )
        self.settle()


@pytest.fixture
def opened(chromium, pages):
    """Open the page; afterwards nothing may have gone wrong or been asked for."""
    contexts = []

    def make(fragment="answer", language="en", **options):
        settings = {"viewport": {"width": 1440, "height": 900}, "accept_downloads": True}
        context = chromium.new_context(**{**settings, **options})
        contexts.append(context)
        one = Opened(context.new_page(), pages(language).as_uri())
        context.opened = one
        return one.go(fragment)

    yield make
    for context in contexts:
        wrong = list(context.opened.wrong)
        asked = {
            url
            for url in context.opened.asked
            if not url.startswith(("file:", "data:", "blob:", "about:"))
        }
        context.close()
        assert not wrong and not asked, (wrong, asked)
