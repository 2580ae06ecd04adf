"""The graph file of FRED: five series of one vintage, whole, and adding up."""

from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manias.errors import InputError
from manias.refresh.accounts import FEED, FIRST, SERIES, read_accounts
from manias.refresh.feed import Original, Present

PRESENT = Present(files("manias._datasets"))
IDS = list(SERIES.values())


def table():
    return PRESENT.cells("us_it_investment")


def published(cells, *, date="observation_date", order=IDS, blank="", before=2):
    """The file as FRED serves it: three decimals, and the quarters before 1995."""
    start = FIRST.ordinal - before
    quarters = [pd.Period(ordinal=start + i, freq="Q") for i in range(before)]
    lines = [[str(q.start_time.date()), *("1.000",) * 5] for q in quarters]
    names = {series: name for name, series in SERIES.items()}
    for row in cells.to_dict("records"):
        day = str(pd.Period(row["quarter"], "Q").start_time.date())
        values = [row[names[series]] for series in order]
        lines.append([day, *(f"{Decimal(v):.3f}" if v else blank for v in values)])
    return "\n".join(",".join(line) for line in [[date, *order], *lines]) + "\n"


def read(text, name="fredgraph.csv", day="2026-11-29"):
    content = text if isinstance(text, bytes) else text.encode()
    return read_accounts({"accounts": Original("accounts", name, content, "", day)}, PRESENT)


def made(cells, quarter, **values):
    """The table with one more quarter, or another one."""
    values_of = ("900.000", "500.000", "200.000", "400.000", "30000.000")
    row = dict(zip(SERIES, values_of, strict=True))
    cells = cells[cells["quarter"] != quarter]
    more = pd.DataFrame([{"quarter": quarter, **(row | values)}])
    return pd.concat([cells, more], ignore_index=True).sort_values("quarter").fillna("")


NEXT = str(pd.Period(table()["quarter"].max(), "Q") + 1)


@pytest.mark.parametrize(("date", "blank"), [("observation_date", ""), ("DATE", ".")])
def test_the_present_table_is_made_from_its_file(date, blank):
    now = table()
    shuffled = [*IDS[::-1]]
    found = read(published(now, date=date, blank=blank, order=shuffled)).tables
    ((name, cells),) = found.items()
    assert name == ("us_it_investment", "data")
    assert cells.columns.tolist() == now.columns.tolist()
    # The file itself is the source now, so that every row is of grade A.
    assert set(cells["grade"]) == {"A"}
    assert cells.drop(columns="grade").equals(now.drop(columns="grade"))


def test_a_newer_quarter_is_taken_with_what_it_is_told_by():
    staged = read(published(made(table(), NEXT)))
    cells = staged.tables["us_it_investment", "data"]
    assert cells.iloc[-1].tolist() == [
        *(NEXT, "900.0", "500.0", "200.0", "400.0", "30000.0"),
        *("bea2026nipa", f"NIPA quarterly, {NEXT}", "A"),
    ]
    assert staged.descriptors == {"us_it_investment": {"vintage": "2026-11-29"}}
    source = staged.sources["bea2026nipa"]
    assert source["accessed"] == "2026-11" and "2026-11-29; sha256 " in source["note"]
    assert staged.said == (
        f"fredgraph.csv: {len(cells)} quarters, 1995Q1 to {NEXT}, as of 2026-11-29",
    )


def test_columns_that_end_earlier_stay_blank_and_are_named():
    staged = read(published(made(table(), NEXT, software="", computers="")))
    assert staged.tables["us_it_investment", "data"].iloc[-1].tolist()[1:6] == [
        *("900.0", "500.0", "", "", "30000.0")
    ]
    last = table()["quarter"].max()
    assert staged.said[1:] == (
        f"fredgraph.csv: B935RC1Q027SBEA ends {last}, others {NEXT}",
        f"fredgraph.csv: B985RC1Q027SBEA ends {last}, others {NEXT}",
    )


@pytest.mark.parametrize("needed", ["gdp", "info_equipment_software"])
def test_a_quarter_without_gdp_or_both_together_is_left_out_and_named(needed):
    staged = read(published(made(table(), NEXT, **{needed: ""})))
    assert (
        staged.tables["us_it_investment", "data"]["quarter"].max() == table()["quarter"].max()
    )
    assert any(f"ends {NEXT}" in line for line in staged.said)


def without(text, *days):
    return "\n".join(x for x in text.splitlines() if not x.startswith(days)) + "\n"


def test_what_is_wrong_is_named():
    now = table()
    text, last = published(now), now["quarter"].max()
    wrong = {
        text.replace("GDP\n", "GDPC1\n"): "row 1: no column 'GDP'; expected it among obs",
        text.replace("A679RC1Q027SBEA", "A679RC1Q027SBEA_PC1"): "no column 'A679RC1Q027SBEA'",
        text.replace("GDP\n", "GDP,GDP\n"): "2 columns 'GDP'",
        without(text, "2001-04"): "row 29: 2001Q3 after 2001Q1; expected 2001Q2",
        without(text, "199"): "begins 2000Q1; expected 1995Q1 or earlier",
        text[: text.rindex("2026-04")]: f"is 2026Q1; expected {last} or later, as in the table",
        text.replace("2003-07-01", "2003-08-01"): "'2003-08-01'; expected the first day of a",
        text.replace("7522.289", "7,522.289"): "7 cells; expected 6",
        text.replace("7522.289", "N/A"): "row 4, column GDP: 'N/A'; expected a number above 0",
        text.replace("7522.289", "-7522.289"): "column GDP: '-7522.289'; expected a number",
        text.replace("7522.289", "0.000"): "column GDP: '0.000'; expected a number above 0",
        text.replace("7522.289", "."): "column GDP: blank in 1995Q1; expected a number",
        text.replace("7580.997", ""): "'7683.125' in 1995Q3 after a blank; expected blanks at",
        text[:-12]: "cells; expected 6",
        "<!DOCTYPE html><html>Not found</html>": "a web page; expected csv or zip",
        "": "row 1: no column 'observation_date'",
    }
    for content, message in wrong.items():
        with pytest.raises(InputError) as error:
            read(content)
        assert message in str(error.value), message
        assert str(error.value).startswith("fredgraph.csv") and "\n" not in str(error.value)


def test_parts_that_do_not_make_the_whole_are_refused():
    cells = made(table(), NEXT, software="400.003")
    with pytest.raises(InputError) as error:
        read(published(cells))
    assert f"{NEXT}: equipment 500.000 and software 400.003 make 900.003" in str(error.value)
    assert "expected 900.000, both together, within 0.0015" in str(error.value)
    with pytest.raises(
        InputError, match=r"B935RC1Q027SBEA: 500.001; expected no more than 500"
    ):
        read(published(made(table(), NEXT, computers="500.001")))
    with pytest.raises(
        InputError, match=r"A679RC1Q027SBEA: 900.000; expected no more than 9.0"
    ):
        read(published(made(table(), NEXT, gdp="9.0")))


@given(
    st.decimals("1", "5000", places=5), st.decimals("1", "5000", places=5),
    st.integers(-9, 9),
)  # fmt: skip
def test_rounding_alone_is_never_refused_and_more_always(equipment, software, off):
    """Whatever was added up before it was rounded passes; what is off by two units does not."""
    unit = Decimal("0.001")
    both = (equipment + software).quantize(unit)
    row = {
        "info_equipment": str(equipment.quantize(unit)),
        "software": str(software.quantize(unit)),
        "info_equipment_software": str(both + off * unit),
        "computers": "0.500",
        "gdp": "99999.000",
    }
    gap = abs(Decimal(row["info_equipment"]) + Decimal(row["software"]) - both - off * unit)
    text = published(made(table(), NEXT, **row))
    if off == 0 or gap <= unit:
        assert read(text).tables["us_it_investment", "data"]["quarter"].iloc[-1] == NEXT
    else:
        with pytest.raises(InputError, match="both together"):
            read(text)


def test_revisions_are_taken_for_every_quarter():
    now = table()
    more = {"info_equipment_software": 20, "info_equipment": 12, "software": 8, "computers": 1}
    more["gdp"] = 500
    moved = now.copy()
    for name, added in more.items():
        moved[name] = [f"{Decimal(cell) + added:.3f}" for cell in now[name]]
    cells = read(published(moved)).tables["us_it_investment", "data"]
    for name, added in more.items():
        assert [Decimal(c) for c in cells[name]] == [Decimal(c) + added for c in now[name]]


def test_another_file_of_fred_is_not_taken_for_it():
    assert FEED.recognises("accounts", {}, published(table()).encode())
    assert not FEED.recognises("accounts", {}, b"observation_date,DGS10\n2026-01-02,4.1\n")


def test_the_table_of_addresses_asks_for_all_series_at_once():
    rows = PRESENT.cells("originals")
    (address,) = rows.loc[rows["feed"] == FEED.name, "address"]
    assert address.split("?id=")[1].split(",") == IDS
    quarters = [pd.Period(q, "Q") for q in table()["quarter"]]
    assert all(b == a + 1 for a, b in pairwise(quarters))
