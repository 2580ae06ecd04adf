"""The page in a browser: what it shows, counts, hands over and leaves alone."""

import csv
import io
import math
import re
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from pathlib import Path

import manias
import pandas as pd
import pytest
from manias.data.library import current
from manias.explore.names import INDUSTRIES
from manias.explore.page import LARGEST, bundle
from manias.figures.scorecard import counted

pytestmark = pytest.mark.browser

VIEWS = (
    *("answer", "clock", "spending", "prices", "innovations"),
    *("companies", "quoted", "gauges", "payback", "own", "sources"),
)
FILES = Path(__file__).parents[1] / "data" / "own-files"


def said(value, digits=1):
    """A share as the page writes it."""
    if value is None or not math.isfinite(value):
        return "–"
    # As JavaScript rounds the decimal number that a double is.
    return f"{100 * value:.{digits}f}%".replace("-", "−")


def test_it_is_small_quick_and_quiet(opened, pages):
    assert pages("en").stat().st_size < LARGEST
    one = opened()
    for view in VIEWS:
        one.go(view)
        assert one.page.evaluate("performance.now()") < 5000
        assert one.text("h2") and one.text("title").endswith("manias")
        assert one.page.evaluate("document.querySelectorAll('h2').length") == 1
    paint = one.page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    assert paint < 2000


def test_the_answer_stands_without_a_script(chromium, pages):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages("en").as_uri())
    found = manias.measure_ai()
    assert str(found.resemblance) in page.text_content("body")
    assert str(found.followed) in page.text_content("body")
    context.close()


IDLE = {
    "payback": {"revenue"},  # moves once "a number of your own" is chosen; tested below
}


@pytest.mark.parametrize("view", [v for v in VIEWS if v not in ("answer", "own")])
def test_each_control_changes_what_is_shown(opened, view):
    one = opened(view)
    names = one.page.evaluate(
        "[...document.querySelectorAll('.controls [name]:not([type=checkbox])')]"
        ".map(b => [b.name, b.tagName, b.value, b.max,"
        " [...(b.options ?? [])].map(o => o.value)])"
    )
    assert names
    for name, tag, value, most, options in names:
        before = one.shown()
        if tag == "SELECT":
            others = [o for o in options if o != value]
            changed = False
            for other in others:
                one.choose(name, other)
                changed = changed or one.shown() != before
            assert changed, (view, name)
            one.choose(name, value)
        elif most:
            one.choose(name, most)
            assert (one.shown() != before) == (name not in IDLE.get(view, ())), (view, name)
            one.choose(name, value)
        else:
            one.choose(name, "a zzz")
            assert one.shown() != before, (view, name)
            one.choose(name, value)
        assert one.shown() == before, (view, name, "is not restored")
    boxes = one.page.query_selector_all(".controls input[type=checkbox]")
    if boxes:
        one.page.click(".controls details summary")
        before = one.shown()
        boxes[-1].click()
        one.settle()
        assert one.shown() != before


def test_spending_is_what_python_counts(opened):
    one = opened("spending")
    for choices, asked in (
        ({}, {}),
        ({"low": 50}, {"low": 0.5}),
        ({"fall": 50, "follow": "share"}, {"fall": 0.5, "follow": "share"}),
        ({"horizon": 3, "years": 2}, {"horizon": 3, "years": 2}),
    ):
        one.go("spending")
        for name, value in choices.items():
            one.choose(name, value)
        found = manias.count_rises("industries", **asked, shuffles=100)
        assert one.numbers() == {
            "frequency": said(found.frequency),
            "n": str(found.n),
            "interval": f"{said(found.low)} – {said(found.high)}",
            "units": str(found.units),
            "shuffled": said(found.shuffled),
            "reversed": said(found.reversed),
        }
    one.go("spending?panel=firms&low=200&decade=2010&volatility=noisy")
    found = manias.count_rises("firms", low=2.0, decade=2010, volatility="noisy")
    assert one.numbers()["n"] == str(found.n)
    assert one.numbers()["frequency"] == said(found.frequency)


def test_prices_are_what_python_counts(opened):
    one = opened("prices?rise=75&horizon=36&crash=50&decade=1990")
    found = manias.count_crashes(threshold=0.75, horizon=36, crash=0.5, decade=1990)
    got = one.numbers()
    assert (got["n"], got["frequency"]) == (str(found.n), said(found.frequency))
    assert got["interval"] == f"{said(found.low)} – {said(found.high)}"
    one.go("prices")
    kept = manias.load_model("ladder")
    assert one.numbers()["shuffled"] == said(kept.rungs[1.0].shuffled)
    assert one.numbers()["flat"] == said(kept.base.rate)


def test_payback_is_what_python_solves(opened):
    one = opened("payback")
    one.choose("life", 3)
    one.choose("growth", 20)
    one.choose("earning", "own")
    one.choose("revenue", 250)
    cases = manias.payback_cases(life=3.0, growth=0.2, revenue=250.0)
    got = one.numbers()
    required = cases.asked.required
    assert float(got["required"].split()[0].replace(",", "")) == pytest.approx(
        required, rel=1e-3
    )
    assert got["ratio"].startswith(f"{cases.asked.ratio:.3g}".rstrip("0"))
    assert got["growth"] == said(cases.asked.growth_needed)
    assert got["covered"] == cases.asked.covered


def test_innovations_and_quoted_figures(opened):
    one = opened("innovations?def=goldfarb_kirsch&grade=A")
    labels = list(manias.label_innovations("goldfarb_kirsch", minimum_grade="A").values())
    got = one.numbers()
    assert (got["yes"], got["no"]) == (str(labels.count("yes")), str(labels.count("no")))
    for asked in ("650", "1.9%", "$600bn", "morgan"):
        one.go("quoted")
        one.choose("q", asked)
        keys = one.page.evaluate(
            "[...document.querySelectorAll('article')].map(a => a.dataset.key)"
        )
        assert keys == [f.id for f in manias.find_quoted(asked)]
    one.choose("q", "nobody said this")
    assert one.page.query_selector("article") is None


def test_quoted_figures_are_found_as_python_finds_them(core, known):
    figures = known["quoted"]["list"]
    asked = sorted({f["number"] for f in figures} | {f["who"] for f in figures})
    asked += ["650", "1.9%", "26 times", "37 of 51", "$650bn", "1 trillion", "5 tn", "6%"]
    answers = core(known, [["findQuoted", {"$": "quoted.list"}, a] for a in asked])
    for text, answer in zip(asked, answers, strict=True):
        try:
            wanted = [f.id for f in manias.find_quoted(text)]
        except manias.InputError:
            wanted = []
        assert [f["id"] for f in answer["value"]] == wanted, text


@pytest.mark.parametrize(
    "fragment",
    [
        "answer",
        "clock?scale=log&ai=8093",
        "clock?s=us-it-ai,money-us-digital&as=percent%20of%20GDP",
        "spending?low=50&decade=1990",
        "prices?rise=150",
        "innovations?def=price_rule",
        "companies",
        "companies?kind=capex&sum=1",
        "clock?s=money-us-railroads-1880s-nominal&as=index&prices=constant",
        "quoted?q=650",
        "gauges",
        "payback?life=3&growth=20&spending=guidance",
        "sources",
    ],
)
def test_the_python_of_each_view_runs_and_says_the_same(opened, fragment):
    one = opened(fragment)
    code = one.text("pre[aria-label^=Python]")
    out = io.StringIO()
    with redirect_stdout(out), pd.option_context("display.width", 200):
        exec(compile(code, fragment, "exec"), {})
    told = out.getvalue()
    assert told.strip()
    if fragment.startswith("spending"):
        n, frequency = told.split()[:2]
        assert one.numbers()["n"] == n
        assert one.numbers()["frequency"] == said(float(frequency))
    if fragment.startswith("payback"):
        assert one.numbers()["growth"] == said(float(told.split()[3]))
    if fragment.startswith("quoted"):
        assert one.text("article p").split(":")[0] in told


def test_the_scorecard_is_that_of_the_report(opened):
    one = opened()
    card = manias.scorecard()
    assert one.text("h2") == str(card.finding)
    data, _ = saved(one, "csv")
    got = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
    wanted = card.to_frame()
    assert len(got) == len(wanted)
    names = {row.key: str(row.name) for row in card.rows}
    fates = {True: "fell afterwards", False: "did not fall", None: "not on record"}
    chosen = {"rule": "by rule", "named": "famous case", "": "AI today"}
    for row, case in zip(got, wanted.to_dict("records"), strict=True):
        name = INDUSTRIES.get(str(case["name"]), str(case["name"]))
        assert row[:3] == [names[case["measure"]], name, case["when"]]
        if math.isfinite(case["value"]):
            assert float(row[3]) == pytest.approx(case["value"], rel=1e-9)
        else:
            assert row[3] == ""
        assert row[5] == (fates[case["fell"]] if case["chosen"] else "AI today"), row
        assert row[6].startswith(chosen[case["chosen"]]) and row[7] == case["grade"]
        assert row[8] and row[-1] in "ABJC"
    # Drawn: a diamond for each of AI, a triangle for each that fell, and what was counted.
    drawn = one.text(".chart svg")
    for row in card.rows:
        assert counted(row, str) in drawn and str(row.name) in drawn
    n = one.page.evaluate(
        "[...document.querySelectorAll('.chart svg g')].map(g => g.children.length)"
    )
    assert (wanted["chosen"] == "").sum() in n
    assert sum(c.fell is True for r in card.rows for c in r.past) in n


def test_the_scorecard_is_read_by_pointer_and_key(opened):
    one = opened()
    one.page.focus(".chart")
    one.page.keyboard.press("ArrowRight")
    seen = set()
    for _ in manias.scorecard().rows:
        one.page.keyboard.press("End")
        seen.add(one.text(".detail .value"))
        detail = one.text(".detail")
        assert "Grade" in detail and "Where" in detail
        one.page.keyboard.press("ArrowDown")
    assert len(seen) == 7
    # What is told stays in sight though the drawing is taller than the window.
    box = one.page.query_selector(".detail").bounding_box()
    assert 0 <= box["y"] < one.page.viewport_size["height"]


def test_gauges_are_those_of_the_scoreboard(opened):
    one = opened("gauges")
    table, board = manias.load("gauges").frame, manias.load_scoreboard()
    sources = current().sources()
    got = one.numbers()
    assert got["lines"] == str(len(board.lines)) and got["rules"] == str(len(table) + 3)
    assert got["skill"] == str(sum(board.has_skill(x.key) for x in board.lines))
    assert got["alarm"] == str(sum(x.alarms_now[0] > 0 for x in board.lines))
    keys = one.page.evaluate(
        "[...document.querySelectorAll('article')].map(a => a.dataset.key)"
    )
    assert keys[: len(table)] == table["key"].tolist()
    for row in table.itertuples():
        card = one.text(f"article[data-key='{row.key}']")
        assert row.rule in card and row.owner in card
        has_url = any(sources[key.strip()].url for key in row.source.split(";"))
        link = one.page.query_selector(f"article[data-key='{row.key}'] a[href^=http]")
        assert (link is not None) == has_url, row.key
        if row.computable == "no":
            assert row.reason in card and "Its record" not in card
    for line in board.lines:
        told = one.text(f"article [data-line='{line.key}']")
        assert f"{line.hits} of {line.falls}" in told and said(line.in_alarm) in told
        assert said(line.after_alarm) in told and said(line.after_none) in told
    data, _ = saved(one, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    frame = board.to_frame().set_index("gauge")
    mine = [r for r in rows if r["gauge"]]
    assert {r["gauge"] for r in mine} == set(frame.index)
    for row in mine:
        line = frame.loc[row["gauge"]]
        for name, column in (("p", "p"), ("Holm", "p_holm")):
            other = float(row[name] or "nan")
            assert other == pytest.approx(line[column], rel=1e-9, nan_ok=True)
        assert int(row["falls warned of"]) == line["hits"]
    for asked, state, wanted in (
        ("buffett", "", {"buffett-200", "buffett-75"}),
        ("credit gap", "computed", {"bis-credit-gap-10"}),
        ("", "listed", set(table.loc[table["computable"] == "no", "key"])),
    ):
        one.go(f"gauges?q={asked}&state={state}")
        shown = one.page.evaluate(
            "[...document.querySelectorAll('article')].map(a => a.dataset.key)"
        )
        assert set(shown) == wanted, asked


def test_constant_prices_are_those_of_python(opened):
    one = opened("clock?s=money-us-railroads-1880s-nominal,money-uk-railways-nominal,us-it-ai")
    one.choose("prices", "constant")
    below = one.text(".below")
    assert "no price index of GBP is on record" in below
    assert "US information processing, AI years" in below
    control = one.text(".controls select[name=prices]")
    assert "USD alone: no other price index is on record" in control
    data, _ = saved(one, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert not [r for r in rows if "British" in r["series"]]
    level = manias.price_index("USD").values
    table = manias.booms_in_money().to_frame()
    (mine,) = table.loc[table["definition"].str.contains("Ulmer"), "definition"].unique()
    money = table[(table["definition"] == mine) & (table["measure"] == "spending")]
    money = money.set_index("year")["value"]
    seen = 0
    for row in rows:
        if "USD" in row["unit"]:
            seen += 1
            base = row["unit"][-4:]
            real = money[row["period"]] / level[row["period"]] * level[base]
            assert float(row["as printed"]) == pytest.approx(real, rel=1e-9)
    assert seen > 5


def saved(one, act):
    with one.page.expect_download() as waiting:
        one.page.click(f"[data-act={act}]")
    return Path(waiting.value.path()).read_bytes(), waiting.value.suggested_filename


def test_downloads_hold_what_was_shown_with_its_sources(opened):
    one = opened("clock?s=us-it-ai,us-it-dotcom&as=percent%20of%20GDP&before=0&after=3")
    data, name = saved(one, "csv")
    assert name == "manias-clock.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    paths = [manias.trajectory(k) for k in ("us-it-ai", "us-it-dotcom")]
    table = manias.align(paths, manias.EventTime("onset", 0, 3)).dropna()
    assert len(rows) - 1 == len(table)
    values = [float(row[3]) for row in rows[1:]]
    assert values == pytest.approx(table["value"].tolist(), rel=1e-12)
    assert [row[1] for row in rows[1:]] == table["period"].tolist()
    grades = {row[-1] for row in rows[1:]}
    assert grades <= set("ABJC") and all(row[-4] for row in rows[1:])
    svg, name = saved(one, "svg")
    root = ET.fromstring(svg)
    texts = [e.text or "" for e in root.iter() if e.tag.endswith("text")]
    assert any("edition" in t for t in texts) and name.endswith(".svg")
    png, _ = saved(one, "png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(png[16:20], "big")
    assert width == 2 * one.page.evaluate(
        "document.querySelector('.chart svg').width.baseVal.value"
    )


def test_a_link_restores_the_view(opened):
    one = opened("clock")
    one.choose("scale", "log")
    one.choose("clock", "peak")
    one.choose("after", 12)
    one.choose("ai", 8095)
    link, shown = one.page.url, one.shown()
    other = opened(link.split("#")[1])
    assert other.shown() == shown
    one.page.click("nav a[href='#payback']")
    one.page.click("nav a[href='#clock']")
    one.settle()
    assert one.shown() == shown


def test_a_broken_link_opens_something(opened):
    for fragment in (
        "nothing",
        "clock?ai=x&clock=zz&s=none&after=9e99",
        "spending?panel=zz&low=",
    ):
        assert opened(fragment).text("h2")


def test_all_of_it_works_by_keyboard(opened):
    one = opened("clock")
    press = one.page.keyboard.press
    press("Tab")
    assert one.page.evaluate("document.activeElement.className") == "skip"
    press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "view"
    one.page.focus(".chart")
    press("ArrowRight")
    first = one.text("[role=status].visually-hidden")
    press("ArrowRight")
    second = one.text("[role=status].visually-hidden")
    press("ArrowDown")
    third = one.text("[role=status].visually-hidden")
    assert first != second != third and "AI years" in first and "dotcom" in third
    assert "Grade" in one.text(".detail") and one.page.query_selector(".detail a[href^=http]")
    one.page.focus("[name=clock]")
    press("ArrowDown")
    one.settle()
    assert "clock=commercialised" in one.page.url
    one.page.focus("[name=ai]")
    before = one.shown()
    one.choose("clock", "onset")
    one.page.focus("[name=ai]")
    press("ArrowRight")
    one.settle()
    assert "ai=8092" in one.page.url and one.shown() != before
    # Every control can be reached by Tab.
    reached = set()
    one.page.focus(".skip")
    for _ in range(60):
        press("Tab")
        reached.add(
            one.page.evaluate(
                "document.activeElement.name || document.activeElement.dataset.act || ''"
            )
        )
    assert {
        "clock",
        "as",
        "scale",
        "ai",
        "before",
        "after",
        "csv",
        "png",
        "svg",
        "link",
    } <= reached


def test_the_pointer_finds_value_source_and_grade(opened):
    one = opened("companies?kind=capex&sum=1")
    dot = one.page.query_selector_all(".chart circle:not(.cursor)")[-1].bounding_box()
    one.page.mouse.move(dot["x"] + 2, dot["y"] + 2)
    detail = one.text(".detail")
    frame = manias.load("ai_capex").frame
    company = detail.split(",")[0]
    value = float(re.search(r": ([\d.]+)", detail)[1])
    mine = frame[(frame["company"] == company) & (frame["measure"] == "capex")]["value"]
    assert min(abs(mine - value)) < 0.01 * value
    assert "Grade: A" in detail and "Where: us-gaap" in detail


def test_a_line_of_ai_is_dragged_to_another_onset(opened):
    one = opened("clock?s=us-it-ai&as=percent%20of%20GDP&before=2&after=6")
    dots = one.page.query_selector_all(".chart circle:not(.cursor)")
    first, dot = dots[4].bounding_box(), dots[8].bounding_box()
    year = dot["x"] - first["x"]
    one.page.mouse.move(dot["x"] + 2, dot["y"] + 2)
    one.page.mouse.down()
    one.page.mouse.move(dot["x"] + 2 - year / 2, dot["y"] + 2, steps=4)
    assert "Onset of AI: 2023Q2" in one.text(".detail")
    one.page.mouse.up()
    one.settle()
    assert "ai=8093" in one.page.url
    assert one.text(".controls output[for^=ai]") == "2023Q2"
    at_zero = one.page.evaluate(
        "[...document.querySelectorAll('.shown tbody tr')]"
        ".filter(r => r.children[2].textContent === '0').map(r => r.children[1].textContent)"
    )
    assert at_zero == ["2023Q2"]
    assert "your own, 2023Q2; the record has 2022Q4" in one.text(".below")


AXE = bundle().parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1920])
def test_no_serious_fault_for_those_who_read_otherwise(opened, theme, width):
    if not AXE.is_file():
        pytest.skip("no axe-core: make explore")
    one = opened(color_scheme=theme, viewport={"width": width, "height": 900})
    for view in VIEWS:
        one.go(view)
        wide = one.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (view, width)
        if width == 768:
            continue
        one.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        one.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = one.page.evaluate("axe.run().then(r => r.violations)")
        bad = [
            (v["id"], v["nodes"][0]["html"][:200])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert not bad, (view, bad)


def test_light_dark_and_print(opened):
    one = opened(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = one.page.evaluate(ground)
    one.page.click("[data-act=theme]")
    assert one.page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    one.go("spending")
    one.page.emulate_media(media="print")
    assert not one.page.is_visible("nav") and not one.page.is_visible("form.controls")


# ---- a series of one's own


def bring(one, name, data):
    one.page.evaluate(
        "document.querySelectorAll('[data-id=read], .problem').forEach(e => e.remove())"
    )
    one.page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    one.page.wait_for_selector("[data-id=read], .problem")
    one.settle()


@pytest.mark.parametrize(
    "name", ["01b_semicolon_iso.csv", "24_latin1.csv", "14_book.xlsx", "07d_ambig.csv"]
)
def test_own_files_are_read_as_python_reads_them(opened, name, tmp_path, monkeypatch):
    monkeypatch.chdir(FILES)
    one = opened("own")
    bring(one, name, (FILES / name).read_bytes())
    try:
        found = manias.read(name)
        found.series()
    except manias.InputError as error:
        assert one.text(".problem") == str(error)
        return
    assert one.text("[data-id=read]") == found.line


def test_own_series_is_placed_and_laid_beside_ours(opened, tmp_path):
    rows = "".join(f"{2016 + i},{10 * 1.3**i:.4f},{1000 + 30 * i}\n" for i in range(10))
    text = "year,value,gdp\n" + rows
    path = tmp_path / "mine.csv"
    path.write_text(text)
    one = opened("own")
    bring(one, "mine.csv", text.encode())
    measure = manias.measure_own(path).measures[0]
    placed = one.text("[data-id=placed]")
    assert said(measure.value) in placed
    assert f"{measure.outcomes[0].n} past cases" in placed
    one.page.select_option("[name=onset]", "2019")
    one.settle()
    one.page.click("text=Lay it beside AI")
    one.settle()
    assert "mine" in one.text(".legend") and "mine" in one.text(".drawing")
    data, _ = saved(one, "csv")
    own = [r for r in csv.reader(io.StringIO(data.decode("utf-8-sig"))) if r[0] == "mine"]
    at = {r[1]: float(r[3]) for r in own}
    assert at["2019"] == pytest.approx(100) and at["2025"] == pytest.approx(
        100 * 1.3**6, rel=1e-4
    )
    one.page.click("nav a[href='#spending']")
    one.settle()
    assert f"mine: {said(measure.value, 0)}" in one.text(".below")


def test_own_prices_stand_on_the_ladder(opened, tmp_path):
    months = pd.period_range("1996-01", "1999-12", freq="M")
    text = "month,close\n" + "".join(f"{m},{100 * 1.05**i:.6f}\n" for i, m in enumerate(months))
    path = tmp_path / "mania.csv"
    path.write_text(text)
    one = opened("own")
    bring(one, "mania.csv", text.encode())
    (found,) = manias.ask_own(path)[1].standings
    placed = one.text("[data-id=priced]")
    assert f"{said(found.runup)}, {said(found.net_runup)} net" in placed
    assert f"{said(found.rung, 0)} and more since {found.since}" in placed
    assert f"Of {found.n} past" in placed and said(found.crash_frequency) in placed
    out = io.StringIO()
    code = one.text("pre[aria-label^=Python]").replace('"mania.csv"', repr(str(path)))
    with redirect_stdout(out):
        exec(compile(code, "own", "exec"), {})
    assert str(found) in out.getvalue()
    one.page.click("text=Where it stands beside the industries")
    one.settle()
    assert f"mania: {said(found.net_runup, 0)}" in one.text("[data-id=own]")
    assert "mania" in one.text(".chart svg")
    one.go("own")
    bring(one, "short.csv", b"month,v\n2020-01,1\n2020-02,2\n")
    assert one.text("[data-id=unplaced]") == "short: 2 months; expected more than 24"


def test_what_is_wrong_names_the_choice_that_mends_it(opened):
    one = opened("own")
    name = "07d_ambig.csv"
    bring(one, name, (FILES / name).read_bytes())
    assert "--dates is the choice “Order of day and month” above" in one.text(
        "[data-id=choice]"
    )
    one.page.select_option("[name=dates]", "dmy")
    one.page.wait_for_selector("[data-id=read]")


def test_hostile_and_unusual_cells_stay_text(opened):
    one = opened("own")
    name = '<img src=x onerror=alert(1)>"quotes", a'
    text = 'year,v,note\n2019,1,<script>alert(1)</script>\n2020,2,=cmd|x\n2021,3,"a""b"\n'
    bring(one, f"{name}.csv", text.encode())
    assert "<img" in one.text("h2") and one.page.query_selector("main img") is None
    assert one.page.query_selector("main script") is None
    bring(one, "rtl.csv", "year,القيمة\n2019,1\n2020,2\n2021,٣\n".encode())
    assert "القيمة" in one.text("[data-id=read]")
    many = "year,v\n" + "".join(
        f"{1600 + i},{'NaN' if i % 7 == 0 else i}\n" for i in range(1, 400)
    )
    bring(one, "nan.csv", many.encode())
    assert "missing" in one.text("[data-id=read]")
    days = pd.bdate_range("1980-01-01", periods=10_000)
    long = "date,close\n" + "".join(f"{d:%Y-%m-%d},{100 + i}\n" for i, d in enumerate(days))
    bring(one, "long.csv", long.encode())
    assert "--frequency M" in one.text(".problem")
    one.page.select_option("[name=frequency]", "M")
    one.page.wait_for_selector("[data-id=read]")
    assert "of the days the last of each month" in one.text("[data-id=read]")
    assert one.page.evaluate("document.querySelectorAll('.shown tbody tr').length") == 200
    one.page.fill("textarea", "year\tvalue\n2019\t1\n2020\t2\n")
    one.page.select_option("[name=frequency]", "")
    one.page.click("[data-act=paste]")
    one.page.wait_for_selector("text=pasted: 2 values")


# ---- Chinese


def test_the_chinese_page_speaks_chinese(opened):
    one = opened("answer", language="zh")
    assert one.page.evaluate("document.documentElement.lang") == "zh-CN"
    for view in VIEWS:
        one.go(view)
        for selector in ("h2", "nav", ".lead", ".actions", "footer"):
            text = one.text(selector)
            assert re.search("[\u4e00-\u9fff]", text), (view, selector)
            left = re.findall(r"[A-Za-z]{3,}(?: [a-z]{2,}){4,}", text)
            assert not left, (view, selector, left)
    one.go("own")
    name = "07d_ambig.csv"
    bring(one, name, (FILES / name).read_bytes())
    assert "请在“日月顺序”中选择" in one.text(".problem")
    assert not one.page.query_selector("[data-id=choice]")
    bring(one, "mine.csv", b"year;v\n2019;1,5\n2020;2,5\n")
    assert "小数逗号、年数据2个" in one.text("[data-id=read]")
    one.go("spending")
    found = manias.count_rises("industries", shuffles=100)
    assert one.numbers()["shuffled"] == said(found.shuffled)
