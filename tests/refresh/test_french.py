"""French's files: stacked tables by their titles, columns by their names, months in order."""

import io
import zipfile
from importlib.resources import files

import pandas as pd
import pytest
from manias.errors import InputError
from manias.refresh.feed import Original, Present
from manias.refresh.french import BOOK, FIRMS, RETURNS, SIZE, read_french

PRESENT = Present(files("manias._datasets"))


def cells(part="data"):
    return PRESENT.cells("us_industries", part)


CODES = cells()["industry"].unique().tolist()


def stacked(title, table, blank="-99.99", name=""):
    lines = [f"  {title}", ",".join([name, *(f"{c:<5}" for c in table.columns)])]
    for period, row in table.iterrows():
        lines.append(",".join([period, *(f"{v or blank:>7}" for v in row)]))
    return [*lines, ""]


def wide(column, part="data", key="month"):
    table = cells(part).pivot(index=key, columns="industry", values=column)
    return table.reindex(columns=CODES).fillna("")


@pytest.fixture(scope="module")
def lines():
    """The file as its owner publishes it, made of the present table."""
    head = ["This file was created using the 202612 CRSP database.", "", "Missing data ...", ""]
    monthly = {
        title: wide(column).rename(lambda m: m.replace("-", ""))
        for title, column in ((RETURNS, "return"), (FIRMS, "firms"), (SIZE, "size"))
    }
    equal = monthly[RETURNS].rename(lambda m: m)
    book = wide("book_to_market", "book", "formed").rename(lambda m: m[:4])
    return [
        *head,
        *stacked(RETURNS, monthly[RETURNS]),
        *stacked("Average Equal Weighted Returns -- Monthly", equal),
        *stacked(FIRMS, monthly[FIRMS], blank="0"),
        *stacked(SIZE, monthly[SIZE]),
        *stacked(BOOK, book),
    ]


@pytest.fixture(scope="module")
def factors():
    head = ["This file was created using the 202612 CRSP database.", "", ",Mkt-RF,SMB,HML,RF"]
    rows = [
        f"{r.month.replace('-', '')},  {r.market_excess},  0.00,  0.00,  {r.risk_free}"
        for r in cells("market").itertuples()
    ]
    return [
        *head,
        *rows,
        "",
        " Annual Factors: January-December",
        ",Mkt-RF,SMB,HML,RF",
        "1927, 1,1,1,1",
    ]


def read(lines, factors, name="49_Industry_Portfolios.csv"):
    originals = {}
    for part, file, text in (("industries", name, lines), ("factors", "F-F.csv", factors)):
        content = text if isinstance(text, bytes) else "\n".join(text).encode()
        originals[part] = Original(part, file, content, "", "2026-12-31")
    return read_french(originals, PRESENT)


def test_the_present_table_is_made_from_its_files(lines, factors):
    staged = read(lines, factors)
    for part in ("data", "market", "book"):
        made = staged.tables["us_industries", part]
        key = [c for c in made.columns[:2] if c in ("month", "formed", "industry")]
        want = cells(part).sort_values(key).reset_index(drop=True)
        pd.testing.assert_frame_equal(made.sort_values(key).reset_index(drop=True), want)
    assert staged.descriptors == {"us_industries": {"vintage": "2026-12"}}
    assert staged.sources["french2025industries"]["title"].endswith("(CRSP vintage 202612)")


def test_a_packed_file_is_the_same(lines, factors):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("49_Industry_Portfolios.csv", "\n".join(lines))
    plain, zipped = read(lines, factors), read(packed.getvalue(), factors, "49.zip")
    assert zipped.sources == plain.sources
    key = ("us_industries", "data")
    assert zipped.tables[key].equals(plain.tables[key])


def without(lines, start):
    return [line for line in lines if not line.startswith(start)]


def edited(lines, old, new, at=0):
    places = [i for i, line in enumerate(lines) if old in line]
    return [line.replace(old, new) if i == places[at] else line for i, line in enumerate(lines)]


def test_what_is_wrong_is_named(lines, factors):
    last = cells()["month"].max()
    month, before = last.replace("-", ""), cells()["month"].unique()[-2]
    row = next(line for line in lines if line.startswith("192701"))
    for changed, said in (
        (edited(lines, RETURNS, "Average Value Weighted Returns"), f"0 tables '{RETURNS}'"),
        (edited(lines, "Agric", "Farms"), "no column 'Agric'; expected it among , Farms, Food"),
        (without(lines, month), f"ends {before}; expected {last} or later"),
        (without(lines, "192703"), "192704 after 192702; expected the period that follows"),
        (
            edited(lines, row, row.replace(row.split(",")[1], " n/a")),
            "'n/a'; expected a number",
        ),
        (edited(lines, row, row + ",1"), "51 cells; expected 50"),
        (["a", *lines[1:]], "no month of the CRSP database"),
        (b"<!doctype html>", "a web page; expected csv or zip"),
        (b"PK\3\4broken", "damaged archive"),
    ):
        with pytest.raises(InputError) as error:
            read(changed, factors)
        text = str(error.value)
        assert (
            said in text and text.startswith("49_Industry_Portfolios.csv") and "\n" not in text
        )
    with pytest.raises(InputError, match=r"F-F\.csv: no column 'Mkt-RF'"):
        read(lines, [line.replace("Mkt-RF", "Market") for line in factors])
    with pytest.raises(InputError, match=rf"F-F\.csv: ends .*; expected {last} or later"):
        read(lines, without(factors, month))


def test_columns_may_change_places(lines, factors):
    swapped = [
        ",".join([c[0], *c[:0:-1]]) if len(c := line.split(",")) == 50 else line
        for line in lines
    ]
    made = read(swapped, factors).tables["us_industries", "data"]
    key = ["month", "industry"]
    want = cells().sort_values(key).reset_index(drop=True)
    pd.testing.assert_frame_equal(made.sort_values(key).reset_index(drop=True), want)
