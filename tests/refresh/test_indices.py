"""Levels from files of the user's own: by one rule, of the same share, and no price kept."""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from manias.errors import InputError
from manias.refresh.feed import Original, Present
from manias.refresh.indices import AGREEMENT, FEED, SOURCE, read_closes, read_indices

PRESENT = Present(files("manias._datasets"))
UNIT = 3.7


def shipped():
    table = PRESENT.cells("ai_market", "series")
    mine = (table["window"] == "ai") & (table["shipped"] == "yes")
    return table[mine].set_index("series")


KEYS = [key for key, row in shipped().iterrows() if row["kind"] != "basket" and key != "market"]


def levels(key="soxx", cells=None):
    cells = PRESENT.cells("ai_market") if cells is None else cells
    mine = (cells["window"] == "ai") & (cells["series"] == key)
    return cells[mine].set_index("month")["level"]


def daily(key="soxx", months=0, growth=1.02):
    """Closes of a file whose month ends are those of the table, and some months more."""
    ends = levels(key).astype(float)
    ends.index = pd.PeriodIndex(ends.index, freq="M")
    for _ in range(months + 1):
        # The last month of the file is left out as unfinished.
        ends[ends.index[-1] + 1] = ends.iloc[-1] * growth
    days = pd.bdate_range(ends.index[0].start_time, ends.index[-1].end_time)
    rng = np.random.default_rng(3)
    closes = pd.Series(rng.uniform(50, 400, len(days)), days)
    last = days.to_series().groupby(days.to_period("M")).max()
    closes[last] = ends.to_numpy()
    return (closes * UNIT).round(6)


def text(closes, head="Date,Open,Close,Volume", form="{day},1.5,{close},1000"):
    rows = [form.format(day=day.date(), close=close) for day, close in closes.items()]
    return "\n".join([head, *rows]) + "\n"


def read(key="soxx", content=None, name="SOXX.csv", day="2026-11-29"):
    content = text(daily(key)) if content is None else content
    content = content if isinstance(content, bytes) else content.encode()
    return read_indices({key: Original(key, name, content, "", day)}, PRESENT)


@pytest.mark.parametrize("key", KEYS)
def test_the_present_levels_are_made_from_a_file_with_those_month_ends(key):
    staged = read(key)
    cells, now = staged.tables["ai_market", "data"], PRESENT.cells("ai_market")
    told = ["source", "locator"]
    assert cells.drop(columns=told).equals(now.drop(columns=told))
    moved = (cells[told] != now[told]).any(axis=1)
    assert set(zip(now.loc[moved, "window"], now.loc[moved, "series"], strict=True)) == {
        ("ai", key)
    }


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ("Date,Open,Close,Volume", "{day},1.5,{close},1000"),
        ("close,date", "{close},{day}"),
        ("Date,Close,Adj Close", "{day},7.25,{close}"),
        ("Adj Close,DATE,CLOSE", "{close},{day},7.25"),
    ],
)
def test_columns_are_told_by_name_and_adjusted_closes_go_first(head, form):
    closes = daily()
    for order in (closes, closes[::-1]):
        cells = read(content=text(order, head, form)).tables["ai_market", "data"]
        assert levels(cells=cells).equals(levels())


def test_newer_months_are_added_and_what_is_told_of_the_series_follows():
    staged = read(content=text(daily(months=2)))
    cells = staged.tables["ai_market", "data"]
    found = levels(cells=cells)
    last = levels().index[-1]
    after = [str(pd.Period(last, "M") + i) for i in (1, 2)]
    assert found.index[-2:].tolist() == after
    base = float(levels().iloc[-1])
    assert found[after].tolist() == [f"{base * 1.02**i:.2f}" for i in (1, 2)]
    series = staged.tables["ai_market", "series"]
    before = PRESENT.cells("ai_market", "series")
    changed = (series != before).any(axis=1)
    (row,) = series[changed].to_dict("records")
    assert (row["window"], row["series"]) == ("ai", "soxx")
    content = text(daily(months=2)).encode()
    assert row["sha256"] == Original("", "", content, "", "").digest
    assert row["source"] == SOURCE and row["locator"] == "SOXX.csv, column Close"
    of = cells[(cells["window"] == "ai") & (cells["series"] == "soxx")]
    assert set(of["source"]) == {SOURCE} and set(of["grade"]) == {"B"}
    assert staged.sources[SOURCE]["accessed"] == "2026-11"
    assert staged.said == (f"SOXX.csv: soxx to {after[-1]}, column Close",)


def test_no_price_is_kept():
    closes = daily(months=2)
    staged = read(content=text(closes))
    kept = {cell for t in staged.tables.values() for cell in t.to_numpy().ravel()}
    assert not kept & {str(c) for c in closes}


def test_two_files_at_once_and_none_at_all():
    given = {
        key: Original(key, f"{key}.csv", text(daily(key, 1)).encode(), "", "2026-11-29")
        for key in ("soxx", "NVDA")
    }
    cells = read_indices(given, PRESENT).tables["ai_market", "data"]
    for key in given:
        assert len(levels(key, cells)) == len(levels(key)) + 1
    empty = read_indices({}, PRESENT)
    assert empty.tables["ai_market", "data"].equals(PRESENT.cells("ai_market"))
    assert not empty.sources and not empty.said


def test_a_file_of_another_share_or_other_closes_is_refused():
    closes = daily()
    month = closes.index[400]
    scaled = closes.where(closes.index <= month, closes / 2)
    with pytest.raises(
        InputError, match=r"SOXX.csv: level .* in 2\d{3}-\d\d; expected .* of the"
    ):
        read(content=text(scaled))
    # As closes without dividends differ: by a little more each month.
    years = (closes.index - pd.Timestamp("2022-11-30")).days / 365.25
    with pytest.raises(InputError, match="within 2%: the same share, adjusted in the same way"):
        read(content=text(closes * 1.006**-years))
    read(content=text(closes * 1.003**-years))
    assert AGREEMENT == 0.02
    with pytest.raises(InputError, match=r"SOXX.csv: level"):
        read("nasdaq-100", text(closes))


def test_what_is_wrong_is_named():
    closes = daily()
    whole = text(closes)
    lines = whole.splitlines()
    first, last = levels().index[0], levels().index[-1]
    start = closes.index[0].date()

    def without(*starts):
        return "\n".join(x for x in lines if not x.startswith(starts)) + "\n"

    wrong = {
        whole.replace(
            "Date,", "Day,", 1
        ): "row 1: no column 'date'; expected it among day, open",
        whole.replace("Close", "Last", 1): "row 1: no column 'close'",
        whole.replace(
            str(start), "11/01/2017", 1
        ): "row 2, column date: '11/01/2017'; expected a",
        whole.replace(str(start), "2017-11-31", 1): "'2017-11-31'; expected a day, YYYY-MM-DD",
        whole + lines[-1] + "\n": "stands twice; expected each day once",
        "\n".join(
            [*lines[:5], "2017-11-08,1.5,abc,10"]
        ): "row 6, column Close: 'abc'; expected a",
        "\n".join([*lines[:5], "2017-11-08,1.5,-3,10"]): "'-3'; expected a number above 0",
        "\n".join([*lines[:5], "2017-11-08,1.5"]): "row 6: 2 cells; expected 4",
        without(first): f"no level in {first}; expected {first} to {last} at least, as in the",
        without("2026-07", "2026-08"): f"no level in {last[:5]}",
        without("2022-11"): "no level in 2022-11; expected one to rebase to",
        without("2022-10"): "no close in 2022-10; expected one listed then",
        without("2020-05"): "no level in 2020-05",
        without(
            "2020-05-2"
        ): "last close of 2020-05 is that of 2020-05-19; expected one in its 7",
        lines[0] + "\n": "no close; expected one a day",
        "<html>login</html>": "a web page; expected csv or zip",
    }
    for content, message in wrong.items():
        with pytest.raises(InputError) as error:
            read(content=content)
        assert message in str(error.value), (message, str(error.value))
        assert str(error.value).startswith("SOXX.csv") and "\n" not in str(error.value)
    with pytest.raises(
        InputError, match="technology: no series of the AI window; expected sp500"
    ):
        read("technology", whole)


def test_months_of_a_monthly_file_are_not_whole():
    ends = daily()
    ends = ends[ends.index.to_period("M").drop_duplicates(keep="first").start_time.map(
        lambda start: ends.index[ends.index >= start][0]
    )]  # fmt: skip
    with pytest.raises(InputError, match="last close of 2017-11 is that of 2017-11-01"):
        read(content=text(ends))


def test_a_gap_after_the_months_of_the_table_is_refused_too():
    closes = daily(months=3)
    gone = closes[closes.index.to_period("M") != pd.Period(levels().index[-1], "M") + 1]
    with pytest.raises(InputError, match="no close in 2026-08; expected every month"):
        read(content=text(gone))


def test_days_without_a_close_are_left_out_and_coarse_files_refused():
    closes = daily()
    body = text(closes).splitlines()
    body[3] = f"{closes.index[2].date()},null,null,null"
    assert levels(cells=read(content="\n".join(body)).tables["ai_market", "data"]).equals(
        levels()
    )
    coarse = (closes / 100).round(1)
    with pytest.raises(InputError, match=r"more decimals: rounding would move a level by more"):
        read(content=text(coarse))
    found, least, _ = read_closes(Original("", "x.csv", text(closes.round(2)).encode(), "", ""))
    assert least == pytest.approx(0.5) and len(found) == len(closes)


def test_each_series_has_its_row_in_the_table_of_addresses():
    rows = PRESENT.cells("originals")
    mine = rows[rows["feed"] == FEED.name]
    assert mine["part"].tolist() == KEYS and set(mine["address"]) == {""}
    names = [name for cell in mine["file"] for name in cell.split("; ")]
    assert len(set(names)) == len(names), "a file would be two series"
    assert FEED.after == ("baskets",) and not FEED.every
