"""What every page that the command writes must be."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

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
