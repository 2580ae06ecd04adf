"""The page in Firefox, over its own WebDriver BiDi; skipped where there is none."""

import csv
import json
import re
import shutil
import subprocess
import time

import manias
import pytest
from test_page import VIEWS, said

pytestmark = pytest.mark.browser

PREFERENCES = {
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "remote.active-protocols": 1,
}
LISTENED = ("log.entryAdded", "network.beforeRequestSent", "browsingContext.downloadEnd")
# Of WebDriver: keys without a sign.
RIGHT, TAB = "\ue014", "\ue004"


class Firefox:
    """One window of Firefox, with what went wrong in it and what it asked for."""

    def __init__(self, path, room, url):
        websocket = pytest.importorskip("websocket", reason="no websocket-client")
        self.url, self.room, self.events, self.n = url, room / "downloads", [], 0
        self.room.mkdir()
        told = PREFERENCES | {"browser.download.dir": str(self.room)}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in told.items()]
        (room / "user.js").write_text("\n".join(lines))
        self.log = room / "stderr"
        command = [path, "--headless", "--no-remote", "--profile", str(room)]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [*command, "--remote-debugging-port", "0"], stderr=out, stdout=out
            )
        for _ in range(300):
            if found := re.search(r"BiDi listening on (ws://\S+)", self.log.read_text()):
                break
            time.sleep(0.2)
        else:
            raise AssertionError(f"Firefox did not start: {self.log.read_text()[:500]}")
        self.socket = websocket.create_connection(
            f"{found[1]}/session", suppress_origin=True, timeout=60
        )
        self.send("session.new", capabilities={"alwaysMatch": {}})
        self.send("session.subscribe", events=list(LISTENED))
        self.window = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=30)

    def send(self, method, **params):
        self.n += 1
        self.socket.send(json.dumps({"id": self.n, "method": method, "params": params}))
        while True:
            got = json.loads(self.socket.recv())
            if got.get("id") == self.n:
                assert got["type"] == "success", got
                return got["result"]
            self.events.append(got)

    def seen(self, method):
        self.send("browsingContext.getTree")
        return [one["params"] for one in self.events if one.get("method") == method]

    def ask(self, expression):
        """Value of an expression, as JSON has it."""
        got = self.send(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(v => JSON.stringify(v ?? null))",
            target={"context": self.window},
            awaitPromise=True,
            userActivation=True,
        )
        assert got["type"] == "success", got
        return json.loads(got["result"]["value"])

    def go(self, fragment):
        for url in ("about:blank", f"{self.url}#{fragment}"):
            self.send("browsingContext.navigate", context=self.window, url=url, wait="complete")
        self.until("document.documentElement.dataset.ready === 'yes'")
        self.settle()

    def until(self, expression):
        for _ in range(300):
            if self.ask(expression):
                return
            time.sleep(0.1)
        raise AssertionError(expression)

    def settle(self):
        time.sleep(0.1)
        self.until(
            "![...document.querySelectorAll('.numbers dd')].some(d => d.textContent === '…')"
        )

    def text(self, selector):
        return self.ask(f"document.querySelector({json.dumps(selector)}).textContent")

    def number(self, key):
        return self.text(f".numbers dd[data-id='{key}']")

    def choose(self, name, value):
        self.ask(
            f"""(() => {{
              const box = document.querySelector('.controls [name="{name}"]');
              box.value = {json.dumps(str(value))};
              box.dispatchEvent(new Event(box.tagName === 'SELECT' ? 'change' : 'input'));
            }})()"""
        )
        self.settle()

    def press(self, *keys):
        done = [{"type": kind, "value": k} for k in keys for kind in ("keyDown", "keyUp")]
        self.send(
            "input.performActions",
            context=self.window,
            actions=[{"type": "key", "id": "keys", "actions": done}],
        )

    def move(self, *places, press=False):
        """Move the pointer over places of the window, with its button down after the first."""
        done = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 40}
            for x, y in places
        ]
        if press:
            done.insert(1, {"type": "pointerDown", "button": 0})
            done.append({"type": "pointerUp", "button": 0})
        self.send(
            "input.performActions",
            context=self.window,
            actions=[{"type": "pointer", "id": "mouse", "actions": done}],
        )

    def saved(self, act):
        before = len(self.seen("browsingContext.downloadEnd"))
        self.ask(f"document.querySelector('[data-act={act}]').click()")
        for _ in range(100):
            ended = self.seen("browsingContext.downloadEnd")
            if len(ended) > before:
                return (self.room / ended[-1]["filepath"].rsplit("/", 1)[-1]).read_bytes()
            time.sleep(0.1)
        raise AssertionError(f"nothing was saved by {act}")


@pytest.fixture(scope="module")
def fox(pages, tmp_path_factory):
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        pytest.skip("no Firefox on this machine (on Debian: apt-get install firefox-esr)")
    one = Firefox(path, tmp_path_factory.mktemp("firefox"), pages("en").as_uri())
    yield one
    wrong = [e for e in one.seen("log.entryAdded") if e["level"] in ("error", "warn")]
    asked = {e["request"]["url"] for e in one.seen("network.beforeRequestSent")}
    one.close()
    quiet = ("file:", "data:", "blob:", "about:")
    outside = {url for url in asked if not url.startswith(quiet)}
    assert not wrong and not outside, (wrong, outside)


def test_every_view_opens(fox):
    for view in VIEWS:
        fox.go(view)
        assert fox.text("h2") and fox.ask("document.querySelectorAll('h2').length") == 1
        assert fox.ask("performance.now()") < 5000
        assert fox.ask("document.documentElement.scrollWidth - innerWidth") <= 0, view
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    fox.go("answer")
    assert fox.ask(paint) < 2000
    assert fox.text("h2") == str(manias.scorecard().finding)


def test_numbers_are_those_of_python(fox):
    fox.go("spending")
    fox.choose("low", 50)
    fox.choose("fall", 50)
    found = manias.count_rises("industries", low=0.5, fall=0.5, shuffles=100)
    assert fox.number("n") == str(found.n)
    assert fox.number("frequency") == said(found.frequency)
    assert fox.number("interval") == f"{said(found.low)} – {said(found.high)}"
    assert fox.number("shuffled") == said(found.shuffled)
    fox.go("prices?rise=75&horizon=36&crash=50&decade=1990")
    found = manias.count_crashes(threshold=0.75, horizon=36, crash=0.5, decade=1990)
    assert fox.number("n") == str(found.n)
    assert fox.number("frequency") == said(found.frequency)
    fox.go("payback")
    fox.choose("life", 3)
    fox.choose("growth", 20)
    cases = manias.payback_cases(life=3.0, growth=0.2)
    assert fox.number("growth") == said(cases.asked.growth_needed)


def test_keys_and_pointer_reach_what_is_shown(fox):
    fox.go("clock?s=us-it-ai&as=percent%20of%20GDP&before=2&after=6")
    fox.ask("document.querySelector('.chart').focus()")
    fox.press(RIGHT)
    first = fox.text("[role=status].visually-hidden")
    fox.press(RIGHT)
    assert "AI years" in first != fox.text("[role=status].visually-hidden")
    fox.press(TAB)
    assert fox.ask("document.activeElement !== document.querySelector('.chart')")
    fox.ask("document.querySelector('[name=clock]').focus()")
    fox.ask("document.querySelector('.chart').scrollIntoView({block: 'center'})")
    dots = fox.ask(
        "[...document.querySelectorAll('.chart circle:not(.cursor)')].map(c => {"
        "const b = c.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]})"
    )
    (x, y), (start, _) = dots[8], dots[4]
    fox.move((x, y), (x - (x - start) / 4, y), (x - (x - start) / 2, y), press=True)
    fox.settle()
    assert "ai=8093" in fox.ask("location.href")
    assert fox.text(".controls output[for^=ai]") == "2023Q2"


def test_a_link_restores_the_view(fox):
    fox.go("clock")
    fox.choose("scale", "log")
    fox.choose("prices", "constant")
    link, shown = fox.ask("location.hash"), fox.text("main")
    fox.go(link[1:])
    assert fox.text("main") == shown


def test_files_are_saved_and_read(fox):
    fox.go("prices")
    rows = list(csv.reader(fox.saved("csv").decode("utf-8-sig").splitlines()))
    assert len(rows) == 1 + int(fox.number("n"))
    assert b"<svg" in fox.saved("svg")
    assert fox.saved("png")[:8] == b"\x89PNG\r\n\x1a\n"
    fox.go("own")
    fox.ask("void (document.querySelector('textarea').value = 'year,v\\n2019,1\\n2020,<b>')")
    fox.ask("document.querySelector('[data-act=paste]').click()")
    fox.until("document.querySelector('.problem') !== null")
    assert "'<b>'; expected a number" in fox.text(".problem")
    fox.ask("void (document.querySelector('textarea').value = 'year,v\\n2019,1\\n2020,2\\n')")
    fox.ask("document.querySelector('[data-act=paste]').click()")
    fox.until("document.querySelector('[data-id=read]') !== null")
    assert "2 years 2019 to 2020" in fox.text("[data-id=read]")
