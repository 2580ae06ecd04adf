"""Every figure of the report, in both languages: letters, titles, alt texts beside data."""

import io
import itertools
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manias.answers.archive import list_models, load_model, model_names
from manias.data.library import LIBRARY, load
from manias.figures import style
from manias.language.editions import ENGLISH, read_language
from manias.report.build import artefact
from manias.report.exhibits import Artefact, Picture, Table, source_numbers, table_in
from manias.report.spending import ON_ONE_CLOCK
from manias.series.trajectories import trajectory
from matplotlib.font_manager import findfont
from matplotlib.text import Text
from pylopdf_fonts_zh_cn import sans_path

ZH = read_language("zh")
LANGUAGES = {"en": ENGLISH, "zh": ZH}
SIZES = {style.TITLE, style.LABEL, style.SMALL}
KEY = re.compile(r"[a-z0-9]+_[a-z0-9_]+")
HYPHEN = re.compile(r"(?<![0-9A-Za-z_])-(?=\d)")


@pytest.fixture(scope="module")
def figures(artefacts):
    return {a.name: a for a in artefacts.values() if isinstance(a.content, Picture)}


@pytest.fixture(scope="module")
def drawn(figures, letters_of):
    """Of each figure and language: what is written, where, how large; and the figure."""
    found = {}
    for (name, one), (code, language) in itertools.product(figures.items(), LANGUAGES.items()):
        figure = one.drawn(language)
        found[name, code] = figure, letters_of(figure)
        plt.close(figure)
    return found


def each(drawn):
    for key, (figure, texts) in drawn.items():
        yield key, figure, texts


@pytest.mark.slow
def test_letters_come_in_three_sizes_and_one_file(drawn):
    for key, _, texts in each(drawn):
        assert texts, key
        for text in texts:
            assert text.size in SIZES, (key, text.said)
            assert Path(findfont(text.letters)).samefile(sans_path()), (key, text.said)


@pytest.mark.slow
def test_each_figure_is_printed_as_large_as_it_was_drawn(drawn):
    for key, figure, _ in each(drawn):
        assert figure.get_figwidth() <= style.WIDTH + 1e-9, key
        assert figure.get_figheight() < 247 / 25.4, key


@pytest.mark.slow
def test_no_word_leaves_its_figure_or_covers_another(drawn):
    for key, figure, texts in each(drawn):
        width, height = 72 * figure.get_size_inches()
        for text in texts:
            box = text.box
            assert box.x0 >= -0.5 and box.x1 <= width + 0.5, (key, text.said)
            assert box.y0 >= -0.5 and box.y1 <= height + 0.5, (key, text.said)
        for one, other in itertools.combinations(texts, 2):
            a, b = one.box, other.box
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            up = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across < 1 or up < 2, (key, one.said, other.said)


def test_a_covered_word_is_seen(letters_of):
    figure, ax = style.subplots()
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "other")
    one, other = (t for t in letters_of(figure) if t.said in ("one", "other"))
    assert one.box.overlaps(other.box)


@pytest.mark.slow
def test_title_source_and_axes_are_said(drawn):
    for (name, code), figure, texts in each(drawn):
        title = figure.get_suptitle() or figure.axes[0].get_title("left")
        assert len(title) > (30 if code == "en" else 15), name
        assert name == "scorecard" or re.search(r"\d|one|two|three|four", title), name
        begins = {"en": ("Data: tables ", "Edged in black: "), "zh": ("数据表：", "带黑边的")}[
            code
        ]
        assert figure.get_supxlabel().startswith(begins), name
        written = {t.said for t in texts}
        for ax in figure.axes:
            numbers = [t.get_text() for t in ax.get_yticklabels()]
            numeric = numbers and all(re.fullmatch(r"[−\d.,%万亿]*", n) for n in numbers)
            if ax.axison and numeric and name != "build-outs-beside":
                sharing = [a.get_ylabel() for a in figure.axes]
                assert ax.get_ylabel() in written or any(sharing), name


@pytest.mark.slow
def test_no_key_and_no_hyphen_for_a_minus_is_written(drawn):
    models = set(model_names())
    for (name, code), figure, texts in each(drawn):
        source = figure.get_supxlabel()
        for text in texts:
            if text.said == source:
                continue
            assert not KEY.search(text.said), (name, code, text.said)
            assert not HYPHEN.search(text.said), (name, code, text.said)
            words = set(re.findall(r"[a-z]+(?:-[a-z]+)+", text.said))
            assert not words & models, (name, code, text.said)


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_minus_sign_stands_in_all_that_is_printed(artefacts, code):
    language = LANGUAGES[code]
    index = source_numbers(artefacts.values())
    for key, one in artefacts.items():
        match one.content:
            case Table():
                table = table_in(one.content, index, language)
                told = [table["caption"], *(c for row in table["rows"] for c in row)]
            case Picture() as picture:
                told = map(language.render, (picture.caption, picture.alt, picture.finding))
            case text:
                told = [language.render(text)]
        for text in told:
            assert not HYPHEN.search(text), (key, text)


@pytest.mark.slow
def test_a_grey_print_tells_lines_apart(drawn):
    """Lines of one panel differ in more than their hue: width, dashes, marks or a label."""
    for (name, code), figure, _ in each(drawn):
        if code != "en" or name == "build-outs-beside":
            continue
        for ax in figure.axes:
            looks = {}
            for line in ax.lines:
                label = line.get_label()
                if label.startswith("_") or len(line.get_xdata()) < 3:
                    continue
                rgb = np.array(plt.matplotlib.colors.to_rgb(line.get_color()))
                grey = float(rgb @ [0.299, 0.587, 0.114])
                is_open = line.get_markerfacecolor() == "white"
                look = (line.get_linestyle(), line.get_marker(), line.get_linewidth(), is_open)
                for other, (seen, brightness) in looks.items():
                    assert look != seen or abs(grey - brightness) > 0.2, (name, label, other)
                looks[label] = look, grey


# ---- alt texts beside the data

TOLD_ELSEWHERE = {
    *("scorecard", "shares-same-age", "falls", "valuation", "debts", "share-spell"),
    *("build-outs-beside", "payback-ranges"),
}
"""Whose alt texts `test_build` and `test_new_exhibits` compare with the data."""


FIVE = ("Alphabet", "Amazon", "Meta", "Microsoft", "Oracle")


def year(text):
    if not isinstance(text, str):
        return np.nan
    if len(text) == 4:
        return int(text) + 0.5
    month = pd.Period(text[:7], "M")
    day = int(text[8:10]) if len(text) > 7 else month.days_in_month
    return month.year + (pd.Timestamp(f"{month}-{day:02d}").dayofyear - 1) / 365.25


def expect_episodes():
    frame = load("episodes").frame
    frame = frame[frame[["onset", "peak", "trough"]].notna().any(axis=1)]
    groups = frame["group"].value_counts()
    onset, peak, trough = (frame[c].map(year) for c in ("onset", "peak", "trough"))
    up, down = (peak - onset).dropna(), (trough - peak).dropna()
    yield f"{len(frame)} rows, from British canals, 1790s to Artificial intelligence"
    yield f"{groups['historic']} booms of the list to 2000, {groups['later']} later ones"
    yield f"{groups['context']} earlier for comparison and {groups['ongoing']} under way"
    yield f"the longest took {up.max():.0f} years"
    yield f"took {up.median():.1f} years at the median from onset to peak ({len(up)})"
    yield f"{down.median():.1f} from peak to low ({len(down)})"


def rail(when):
    frame = load("uk_railways").frame
    rows = frame[(frame["series"] == "expenditure") & (frame["period"].str[:4] == str(when))]
    return float(rows["value"].sum()) / 1e6


def british_gdp(column, when):
    frame = load("uk_macro").frame
    return float(frame.loc[frame["year"].astype(str) == str(when), column].iloc[0])


def expect_railways():
    borders = british_gdp("nominal_gdp_borders_of_the_time", 1846)
    first, last = (100 * rail(y) / british_gdp("nominal_gdp", y) for y in (1843, 1846))
    both = sorted((100 * rail(1846) / borders, last))
    yield f"between {both[0]:.1f} and {both[1]:.1f} percent of GDP in 1846"
    frame = load("uk_railways").frame
    miles = frame[frame["series"] == "miles_authorised"].set_index("period")["value"]
    yield f"peak at {miles.max():,.0f} miles in {miles.idxmax()[:4]}"
    yield f"went from {first:.1f} percent of GDP in 1843 to {last:.1f} in 1846"


def level(industry, first, last):
    frame = load("us_industries").frame
    rows = frame[frame["industry"] == industry].set_index("month").loc[first:last]
    return 100 * (1 + rows["return"].astype(float) / 100).cumprod()


def expect_power():
    frame = load("buildouts").frame.query(
        "innovation == 'electric-power' and series == 'electricity generated' "
        "and country == 'US' and period <= '1942'"
    )
    made = frame.set_index("period")["value"].astype(float) / 1e9
    yield f"from {made.iloc[0]:.1f} to {made.iloc[-1]:.0f} billion kilowatt hours"
    shares = level("Util", "1926-07", "1942-12")
    top = shares.idxmax()
    low = shares[shares.index > top].min()
    yield f"peaks at {shares.max():.0f} in {top.year} and falls to {low:.0f}"
    yield f"Utility shares lost {1 - low / shares.max():.0%} between {top.year}"


def us_share():
    frame = load("us_it_investment").frame.set_index("quarter")
    return 100 * frame["info_equipment_software"] / frame["gdp"]


def expect_dotcom():
    share = us_share()[:"2003Q4"]
    yield f"Investment peaks at {share.max():.2f} percent of GDP in {share.idxmax().year} Q"
    falls = {}
    for key in ("Softw", "Chips", "Telcm"):
        one = level(key, "1995-01", "2003-12")
        falls[key] = 1 - one[one.index > one.idxmax()].min() / one.max()
    assert max(falls, key=falls.get) == "Chips"
    yield f"electronic equipment falls furthest, by {falls['Chips']:.0%}"
    yield f"software {falls['Softw']:.0%}, electronic equipment {falls['Chips']:.0%}"


def expect_event_time():
    share = us_share()
    first, last = (100 * rail(y) / british_gdp("nominal_gdp", y) for y in (1843, 1846))
    yield f"rises from {first:.1f} percent of GDP in 1843, its onset, to {last:.1f} in 1846"
    yield f"reaches {share[:'2003Q4'].max():.2f} percent in 2000 Q4"
    end = share.index[-1]
    yield f"and {share.iloc[-1]:.2f} percent in {end.year} Q{end.quarter}"
    assert len(ON_ONE_CLOCK) == 4


def expect_booms():
    share = 100 * rail(1846) / british_gdp("nominal_gdp", 1846)
    yield f"British railways of the 1840s ({share:.2f}%)"
    capex = load("ai_capex").frame.query("measure == 'capex'")
    capex = capex[capex["company"].isin(FIVE)]
    year_of_end = pd.to_datetime(capex["period_end"]).dt.to_period("Q")
    spent = capex["value"].groupby(year_of_end).sum()["2025Q1":"2025Q4"].sum()
    macro = load("us_it_investment").frame.set_index("quarter")["gdp"]["2025Q1":"2025Q4"].mean()
    scale = 100 * spent / (macro / 1000 if macro > 1e6 else macro)
    yield f"Five AI builders spend {scale:.2f}% of GDP 3 years after"


def expect_capex():
    frame = load("ai_capex").frame
    capex = frame.query("measure == 'capex'").sort_values("period_end")
    for company in ("Alphabet", "Amazon", "CoreWeave", "Meta", "Microsoft", "Oracle"):
        own = capex.loc[capex["company"] == company, "value"]
        yield f"{company} {own.iloc[0]:.1f} to {own.iloc[-1]:.1f}"
    wide = frame[frame["measure"].isin(["capex", "operating_cash_flow"])].pivot_table(
        index=["company", "period_end"], columns="measure", values="value"
    )
    last = wide.dropna().groupby("company").tail(1)
    more = (last["capex"] > last["operating_cash_flow"]).sum()
    yield f"{('no', 'one', 'two', 'three', 'four', 'five', 'six')[more]} of six builders"


def expect_ladder():
    found = load_model("ladder")
    assert found.base.n > 1000
    figures = dict(load("published").frame.set_index("id")["value"])
    for rung in (50, 100, 150):
        yield f"{figures[f'gsy-rate-{rung:03d}']:g}% at {rung}%"
    yield "Published: 20% at 50%"
    yield "50% at 100%"
    yield "Of run-ups of 100% and more 50% ended in a crash, of any two years 12%"


def expect_standing():
    frame = load("us_industries").frame
    month = frame["month"].max()
    returns = frame[frame["industry"] == "Chips"].set_index("month")["return"].astype(float)
    rise = (1 + returns[month - 23 : month] / 100).prod() - 1
    yield f"electronic equipment, up {rise:.0%}"
    yield f"In {month.strftime('%B %Y')} none of"
    yield "in December 1999 three"


def expect_dated():
    frame = load("shiller").frame.set_index("month")
    ratio = (frame["price"] / frame["dividend"]).dropna()
    yield f"itself in {ratio.idxmax()} ({ratio.max():.1f})"
    yield "one explosive episode; the statistic is highest in 1998-04"


def expect_gains():
    from manias.figures.skill import headline_scores

    scored = headline_scores(list_models())
    passed = [name for name, s in scored if s.permutation_p <= 0.05 and s.gain > 0]
    yield f"Of {len(scored)} scores out of sample, {len(passed)} pass the permutation test"
    assert "innovation-logit" in passed
    yield "innovations at their start, run-ups of 50% and more"
    above = sum(s.gain_low > 0 for _, s in scored)
    yield f"the interval of the gain lies above zero in {above}"


def expect_spending():
    frame = load_model("spending-industries").to_frame()
    rows = frame[frame["outcome"] == "dollars_fall_30"].set_index("class")
    flat, top = rows.loc["-10 to 10"], rows.loc["above 100"]
    yield f"from {flat['frequency']:.0%} of flat ones to {top['frequency']:.0%}"
    yield f"{top['shuffled']:.0%} with the years shuffled"
    yield f"{top['reversed']:.0%} with time reversed"


def expect_who_pays():
    frame = load("ai_capex").frame
    frame = frame[frame["company"].isin(FIVE)]
    ends = pd.to_datetime(frame["period_end"])
    # Fiscal quarters of Oracle end a month before those of the calendar.
    frame = frame.assign(quarter=(ends + pd.Timedelta(days=35)).dt.to_period("Q") - 1)
    parts = {}
    for measure in ("capex", "operating_cash_flow"):
        own = frame[frame["measure"] == measure].pivot_table(
            index="quarter", columns="company", values="value"
        )
        parts[measure] = own.dropna().sum(axis=1)
    both = pd.DataFrame(parts).dropna()
    alone = both["capex"] / both["operating_cash_flow"]
    four = both.rolling(4).sum().dropna()
    ratio = four["capex"] / four["operating_cash_flow"]
    yield f"from {ratio.iloc[0]:.2f} in {ratio.index[0]} to {ratio.iloc[-1]:.2f} in"
    yield f"between {alone.min():.2f} and {alone.max():.2f}"
    yield f"spent {ratio.iloc[-1]:.2f} times their cash"


def expect_specifications():
    from manias.lenses.innovation import specifications

    rows = specifications().query("failed == ''")
    odds = rows["odds_ratio"]
    yield f"run from {odds.min():.2f} to {odds.max():.2f}; their median is {odds.median():.2f}"
    yield f"{(rows['gain_low'] > 0).sum()} of {len(rows)} fits gain"


def expect_timeline():
    frame = load("innovations").frame
    counts = frame["verdict"].value_counts()
    booms = frame[frame["verdict"] == "boom_and_bust"]
    began = booms["onset"].fillna(booms["peak"]).fillna(booms["trough"]).dropna()
    lags = began.str[:4].astype(int) - booms.loc[began.index, "commercialised"].astype(int)
    yield f"Of {len(frame)} innovations"
    yield f"{counts['boom_and_bust']} have a boom and a bust"
    yield f"{counts['no_vehicle']} had no shares"
    yield f"Of {len(lags)} booms with a date {(lags > 10).sum()} began more than ten years"
    yield f"began {lags.median():.0f} years or more after first use"


EXPECTED = {
    "episodes-figure": expect_episodes,
    "portrait-railways": expect_railways,
    "portrait-power": expect_power,
    "portrait-dotcom": expect_dotcom,
    "event-time": expect_event_time,
    "booms-by-age": expect_booms,
    "capex": expect_capex,
    "ladder": expect_ladder,
    "standing-figure": expect_standing,
    "dated-price-dividend": expect_dated,
    "gains": expect_gains,
    "spending-figure": expect_spending,
    "who-pays-path": expect_who_pays,
    "specification-curve": expect_specifications,
    "timeline": expect_timeline,
}


def test_every_alt_text_is_compared_with_the_data(figures):
    assert set(EXPECTED) | TOLD_ELSEWHERE == set(figures)
    here = Path(__file__).parent
    beside = "".join((here / f"test_{n}.py").read_text() for n in ("build", "new_exhibits"))
    for name in TOLD_ELSEWHERE:
        assert f'alt("{name}")' in beside or f'["exhibit", "{name}"].content.alt' in beside


@pytest.mark.parametrize("name", EXPECTED)
def test_alt_text_and_title_say_what_the_data_say(figures, name):
    picture = figures[name].content
    told = f"{ENGLISH.render(picture.alt)} {ENGLISH.render(picture.finding)}"
    parts = list(EXPECTED[name]())
    assert parts and all(re.search(r"\d|one|two|three|four|five|six", part) for part in parts)
    for part in parts:
        assert part in told, (part, told)


# ---- titles turn with a datum

TURNS = {
    "event-time": ("us_it_investment", "info_equipment_software", 0.5, "no more than"),
    "capex": ("ai_capex", "value", 0.01, "all six builders paid for"),
    "portrait-railways": ("uk_railways", "value", 0.5, "in 1843 to 3.1 in 1846"),
}


@pytest.mark.parametrize("name", TURNS)
def test_a_changed_datum_turns_the_title(figures, name):
    dataset, column, factor, words = TURNS[name]
    frame = load(dataset).frame
    mine = pd.Series(True, frame.index)
    if name == "event-time":
        mine = frame["quarter"] >= pd.Period("2022Q4", "Q")
    if name == "capex":
        mine = frame["measure"] == "capex"
    other = frame.assign(**{column: frame[column].mask(mine, frame[column] * factor)})
    before = ENGLISH.render(figures[name].content.finding)
    with LIBRARY.holding({(dataset, "data"): other}).open():
        after = ENGLISH.render(artefact("exhibit", name).content.finding)
    assert words in after and words not in before


def test_a_figure_that_says_its_own_finding_keeps_it():
    own = trajectory("us-it-ai").values

    def draw(language):
        figure, ax = style.subplots()
        ax.plot(own.to_numpy())
        figure.suptitle("its own")
        return figure

    one = Artefact("exhibit", "x", "f", (), Picture("c", "a", draw, finding="another"))
    figure = one.drawn()
    assert figure.get_suptitle() == "its own" and figure.get_supxlabel().startswith("Data")
    svg = style.to_svg(figure, as_text=True).decode()
    assert ">its own</text>" in svg and "Noto Sans SC" in svg
    assert "<text" not in style.to_svg(one.drawn()).decode()


def test_widths_are_those_of_the_file_that_typst_sets():
    from fontTools.ttLib import TTFont

    with style.in_style():
        figure, ax = style.subplots()
        text = ax.text(0, 0, "1,234.56% 中文")
    figure.set_dpi(72)
    figure.savefig(io.BytesIO(), format="svg")
    font = TTFont(sans_path())
    widths, signs = font["hmtx"], font.getBestCmap()
    wanted = sum(widths[signs[ord(sign)]][0] for sign in text.get_text())
    wanted *= text.get_fontsize() / font["head"].unitsPerEm
    (measured,) = (
        style.text_to_path.get_text_width_height_descent(
            t.get_text(), t.get_fontproperties(), ismath=False
        )[0]
        for t in ax.findobj(Text)
        if t is text
    )
    assert measured == pytest.approx(wanted, rel=0.01)
    plt.close(figure)
