"""The command, and the file that it writes."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from manias.cli import main
from manias.data.library import current
from manias.errors import DataError
from manias.explore import page
from manias.explore.payload import companies_part, series_part
from manias.explore.store import Store

KNOWN = {
    "answer": {"resemblance": "a < b & c", "followed": "</main><script>alert(1)</script>"},
    "cell": "</script><script>alert(2)</script> \u2028 שלום",
}


class Read(HTMLParser):
    """Elements of a page, their attributes and texts."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.at = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.at = [tag, dict(attributes), ""]
        self.seen.append(self.at)

    def handle_data(self, data):
        if self.at is not None:
            self.at[2] += data

    def texts(self, tag):
        return [one[2].strip("\n") for one in self.seen if one[0] == tag]


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Programs that stand in for the built ones: the frame of the page is tested here."""
    for name, text in (
        ("explore.js", "document.title='x'"),
        ("licences.txt", "MIT <!-- </script>"),
        ("style.css", "a{color:red}"),
    ):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(page, "bundle", lambda: tmp_path)
    return tmp_path


def test_without_the_programs_it_names_the_command_that_builds_them(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(page, "bundle", lambda: tmp_path / "nowhere")
    monkeypatch.setattr(
        sys, "argv", ["manias", "explore", "--output", str(tmp_path / "a.html")]
    )
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err.strip()
    assert "make explore" in said and "\n" not in said
    assert not (tmp_path / "a.html").exists()


def test_an_unknown_language_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["manias", "explore", "--language", "xx"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 2 and "xx" in capsys.readouterr().err


def test_nothing_in_a_text_ends_an_element(built):
    text = page.write_page(known=KNOWN)
    found = Read(text)
    assert len(found.texts("script")) == 3 and not found.texts("b")
    (record,) = [one for one in found.seen if one[1].get("id") == "record"]
    assert json.loads(record[2]) == KNOWN
    assert KNOWN["answer"]["resemblance"] in found.texts("p")


def test_the_policy_forbids_every_request_and_names_the_script_by_its_hash(built):
    found = Read(page.write_page(known=KNOWN))
    (policy,) = [o[1]["content"] for o in found.seen if o[1].get("http-equiv")]
    assert policy.startswith("default-src 'none'") and "unsafe-eval" not in policy
    assert re.search(r"script-src 'sha256-[\w+/]+='", policy)
    for tag, attributes, _ in found.seen:
        for name in ("src", "href", "action"):
            assert not attributes.get(name, "").startswith(("http", "//")), tag


def test_a_page_that_is_too_large_is_refused(built, monkeypatch):
    monkeypatch.setattr(page, "LARGEST", 100)
    with pytest.raises(DataError, match="bytes; expected 100 at most"):
        page.write_page(known=KNOWN)


def test_every_number_has_source_place_and_grade():
    store = Store()
    series = series_part(store, str)
    for one in (*series, *companies_part(store)):
        assert len(one["places"]) == len(one["values"])
        for number in one["places"]:
            keys, where, grade = store.places[number]
            assert keys and where and grade in "ABJC", one
    known = current().sources()
    assert set(store.sources()) == {k for keys, _, _ in store.places for k in keys}
    assert all(key in known for key in store.sources())


def test_no_file_of_the_page_names_a_registry():
    web = page.bundle.__globals__["files"]("manias.explore").joinpath("web")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        text = Path(str(web / name)).read_text(encoding="utf-8")
        assert "://" not in text, name
    pinned = json.loads(Path(str(web / "package.json")).read_text(encoding="utf-8"))
    for group in ("dependencies", "devDependencies"):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in pinned[group].values())


@pytest.mark.slow
def test_the_command_writes_the_page(tmp_path, programs):
    target = tmp_path / "page.html"
    code = "from manias.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "explore", "--output", target, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["bytes"] == target.stat().st_size < told["largest"] == page.LARGEST
