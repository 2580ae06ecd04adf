"""The page reads a file as `manias.read` does: the same values, words and refusals."""

import datetime
import io
import json
import random
import re
from pathlib import Path

import manias
import numpy as np
import openpyxl
import pandas as pd
import pytest
from manias.data.forms import month_names
from manias.data.numbers import currency_codes
from manias.explore.page import bundle

FILES = Path(__file__).parents[1] / "data" / "own-files"
WORDS = {"months": month_names(), "currencies": list(currency_codes())}
OPTIONS = {"date_column": "dateColumn"}


def both(core, tmp_path, given):
    """Read bytes by both, each with its name and options."""
    calls = [["setWords", WORDS]]
    wanted = []
    for name, data, options in given:
        path = tmp_path / name
        path.write_bytes(data)
        try:
            found = manias.read(path, **options)
            wanted.append({"dict": found.to_dict(), "line": found.line})
        except manias.InputError as error:
            wanted.append({"refused": str(error)})
        said = {OPTIONS.get(k, k): v for k, v in options.items()}
        calls.append(["readAll", str(path), list(data), said])
    answers = core({}, calls)[1:]
    return list(zip(given, wanted, answers, strict=True))


def plain(found):
    """What is compared exactly: numbers rounded to where doubles may differ."""
    if "dict" not in found:
        return found
    values = {
        column: [None if v is None else float(f"{v:.13g}") for v in numbers]
        for column, numbers in found["dict"]["values"].items()
    }
    return {**found, "dict": {**found["dict"], "values": values}}


def agree(results):
    odd = [
        (name, options, data[:200], wanted, answer)
        for (name, data, options), wanted, answer in results
        if plain(wanted) != plain(answer.get("value", answer))
    ]
    assert not odd, f"{len(odd)} of {len(results)} differ, first: {odd[0]}"


ASKED = (
    {"frequency": "A"},
    {"decimal": ","},
    {"frequency": "M"},
    {"dates": "dmy"},
    {"column": "Close"},
    {"decimal": "."},
    {"unit": "USD bn"},
)


def test_every_file_as_people_have_it(core, tmp_path):
    given = []
    for path in sorted(FILES.iterdir()):
        if path.name == "expected.csv":
            continue
        data = path.read_bytes()
        given.append((path.name, data, {}))
        given.append((path.name, data, ASKED[len(given) // 2 % len(ASKED)]))
    assert len(given) > 100
    agree(both(core, tmp_path, given))


DATES = """
Q1 2010|Q2 2010;2010-Q1|2010-Q2;1Q10|2Q10;Jan - Mar 2010|Apr - Jun 2010;FY1985|FY1986
2008/09|2009/10;2000-01|2000-02;2000-01|2001-02;31/12/1999|31/01/2000;12/31/1999|01/31/2000
31.01.2015|28.02.2015;Jan-20|Feb-20;31 Jan 2015|28 Feb 2015;Jan 31, 2015|Feb 28, 2015
janv. 2015|févr. 2015;2015M01|2015M02;2015 JAN|2015 FEB;201501|201502;20150131|20150228
2015-01-31T00:00:00Z|2015-02-28T00:00:00Z;40268|40359;1871.09|1871.1;2020-01-05|2020-01-12
1843|1844;Jan-65|Feb-65;31/12/85|31/01/86;Q1 29|Q2 29
2010:1|2010:2|2010:3|2010:4|2011:1;2010.25|2010.5|2010.75;2015-W03|2015-W04
2015年1月|2015年2月;2015年第一季度|2015年第二季度;H1 2010|H2 2010;FY2010 Q1|FY2010 Q2
2024|2025*|2026E;2025E|2026E;1st quarter 2010|2nd quarter 2010;1. Quartal 2010|2. Quartal 2010
Monday, 4 January 2010|Tuesday, 5 January 2010;01/02/2015|01/03/2015;2010w1|2010w2
1985/86|1986/87|1987/88;FY 85/86|FY 86/87;2010q1|2010Q2;2010T1|2010T2;3/2010|4/2010
2010-02-30|2010-03-30;7306|7671;spring|summer;2020|2021-02;2010Q1 [2010Q1]|2010Q2 [2010Q2]
15th March 2010|16th March 2010;março 2010|abril 2010;2010 (p)|2011 (p)|2012;٢٠١٠|٢٠١١
""".replace("\n", ";")
NUMBERS = """
1.5|2.5;1,325.64|2,000.10;1.325,64|2.000,10;1 325,64|2 000,10;$1.5|$2.5;£1|€2;1.5%|2.5%
(1,259.5)|3.5;−3|4;1.325|1.240;1,325|1,240;12,34,567.0|1.0;2.5e3|1e-3;EUR 1.200,50|EUR 3,50
1.5B|2.5B;1.5B|2.5;5 m|6 m;$5 m|$6 m;1.5 p|2.5 e;1.5 c|2.5 c;n/a|1.5;:|2.5;1_000|2_000
1.2.3|4;inf|1;1325-|5;-999|5.5;1.5*|2.5;1.5[1]|2.5;1'325.5|2'000.5;USD 5|USD 6;5 EUR|6 EUR
(p) 5|6;1 lakh|2 lakh;3 crore|4 crore;--|1.5;١٬٥٠٠|٢٬٥٠٠;５|６;1.|2.;.5|.6;+1|-2;$-5|-$6
""".replace("\n", ";")
TABLES = """
date,value
2020,1
===
date,value
===

===
date,value,value
2020,1,1
2021,1,1
===
date,value
2020,1
2020,2
===
date,value
2020,1
2021,2
Total,3
===
date,value
2021-02-28,1
2021-02-30,2
===
date,value
2020,1
2021,x
2022,1
===
date,value,unit
2020,1,a
2021,2,b
===
2020,1
2021,2
===
date,value
2010,1325,64
2011,1240,14
===
Country,year,gdp
A,2000,1
B,2000,2
A,2001,3
B,2001,4
===
start,end,v
2020,2021,1
2021,2022,2
===
<html></html>
===
{"a": 1}
===
Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual
2019,1,2,3,4,5,6,7,8,9,10,11,12,6.5
2020,1,2,,,,,,,,,,,
===
Year,Quarter,Value
2019,Q1,1.5
2019,Q2,2.5
===
"Data Source","WDI",

"Name","Code","2019","2020"
"France","FRA","22.1","23"
"Spain","ESP","20.1",".."
===
date,v
2003,3
2002,n/a
2001,1
===
Fiscal Year,Quarter,Value
2018,1,5
2018,2,6
===
FY,Apr,May,Jun
2018-19,1,2,3
2019-20,1,2,3
===
year,v,year,w
2010,1,1990,5
2011,2,1991,6
===
id,price
2001,5
2002,6.5
2003,7
===
date,value
2000-01,1
2001-02,2
2002-03,3
2003-05,4
===
date,name,value
2010,A,1
2011,A,2
2012,B,30
2013,B,40
===
,2019,,,,2020,,,
,Q1,Q2,Q3,Q4,Q1,Q2,Q3,Q4
capex,1,2,3,4,5,6,7,8
===
quarter,2019,2020
Q1,1,5
Q2,2,6
Q3,3,7
Q4,4,8
===
Year,Month,Day,Close
2019,1,31,5
2019,2,28,6
2019,3,31,7
===
Year,Month,Value
2019,1,5
,2,6
,3,7
===
year  value  gdp
2019  1.5  20
2020  2.5  21
2021  3.5  22
===
"year" "value"
"1" 2019 1.5
"2" 2020 2.5
===
Date;Größe
2019;1,5
2020;2,5
===
date,value
2010-03-31,1
2010-09-30,2
2011-03-31,3
===
date,value
2010-03-31,1
2010-04-07,2
2011-03-31,3
2013-01-01,4
===
date,a,b
2019,=HYPERLINK("x"),1
2020,"<script>alert(1)</script>",2
===
التاريخ,القيمة
2019,1
2020,2
===
year,value,revenue
2019,1,10
2020,2,
2021,3,12
===
date,value
2019,1
2021,2
2025,3
===
period,Month,value
2019,M13,1
2019,M01,2
2019,M02,3
"""


def test_dates_and_numbers_as_people_write_them(core, tmp_path):
    given = []
    for group in filter(None, DATES.split(";")):
        rows = "".join(f'"{d}",{i + 1}.5\n' for i, d in enumerate(group.split("|")))
        for options in ({}, {"frequency": "Q"}, {"dates": "mdy"}):
            name = f"d{len(given)}.csv"
            given.append((name, f"Date,Value\n{rows}".encode(), options))
        given.append((f"w{name}", f"other,Value\n{rows}".encode("utf-16"), {}))
    for group in filter(None, NUMBERS.split(";")):
        rows = "".join(f'{2010 + i},"{n}"\n' for i, n in enumerate(group.split("|")))
        for options in ({}, {"decimal": ","}):
            given.append((f"n{len(given)}.csv", f"year,v,w\n{rows}".encode(), options))
    agree(both(core, tmp_path, given))


def test_tables_of_every_kind(core, tmp_path):
    given = []
    for i, text in enumerate(TABLES.split("===\n")):
        for k, options in enumerate(
            ({}, {"where": "Country=B"}, {"where": "c"}, {"date_column": "year"})
        ):
            given.append((f"t{i}-{k}.csv", text.encode(), options))
        given.append((f"s{i}.csv", text.replace(",", "\t").encode("utf-8-sig"), {}))
        given.append((f"x{i}.csv", text.encode("utf-8"), {"sheet": "one"}))
        try:
            given.append((f"l{i}.csv", text.encode("cp1252"), {}))
        except UnicodeEncodeError:
            continue
    given += [
        ("b.csv", b"%PDF-1.7", {}),
        ("c.csv", b"date,value\n2010,\x81\n", {}),
        ("e.csv", b"date,v\x00alue\n2010,1\n", {}),
        ("f.xlsx", b"PK\x03\x04nothing", {}),
    ]
    agree(both(core, tmp_path, given))


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "notes"
    sheet.append(["Nothing here & <there>"])
    flows = book.create_sheet("flows")
    flows.append(["Capital expenditure, USD bn"])
    flows.append([])
    flows.append(["quarter end", "capex", "share", "note"])
    for i, value in enumerate((1.325, 2, 2.5)):
        flows.append([datetime.datetime(2020, 3 * i + 3, 30), value, 0.1 * value, "é <b>"])
        flows.cell(flows.max_row, 3).number_format = "0.00%"
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["year", "v"])
    hidden.append([2019, 1.0])
    hidden.append([2020, True])
    out = io.BytesIO()
    book.save(out)
    formula = openpyxl.Workbook()
    formula.active.append(["year", "v"])
    formula.active.append([2019, "=1+1"])
    formula.active.append([2020, "=2+2"])
    second = io.BytesIO()
    formula.save(second)
    return out.getvalue(), second.getvalue()


def test_workbooks(core, tmp_path):
    data, formula = workbook()
    given = [
        *(("book.xlsx", data, o) for o in ({}, {"sheet": "flows"}, {"sheet": "hidden"})),
        ("book.xlsx", data, {"sheet": "x"}),
        ("formula.xlsx", formula, {}),
    ]
    agree(both(core, tmp_path, given))


def test_ten_thousand_rows_and_gaps(core, tmp_path):
    days = pd.bdate_range("1980-01-01", periods=10_000)
    values = [f"{100 + 0.01 * i:.2f}" if i % 97 else "" for i in range(len(days))]
    lines = [f"{d:%Y-%m-%d},{v}" for d, v in zip(days, values, strict=True)]
    text = "date,close\n" + "\n".join([*lines[:5000], *lines[5040:]]) + "\n"
    given = [("long.csv", text.encode(), o) for o in ({}, {"frequency": "M"})]
    upside = "date,close\n" + "\n".join(lines[::-1]) + "\n"
    given += [("down.csv", upside.encode(), o) for o in ({}, {"frequency": "M"})]
    agree(both(core, tmp_path, given))


def test_a_series_is_taken_as_python_takes_it(core, tmp_path):
    texts = {
        "mine.csv": "year,value,gdp\n2019,1,10\n2020,,11\n2021,3,12\n",
        "two.csv": "year,a,b\n2019,1,10\n2020,2,11\n",
        "gdp.csv": "year,gdp\n2019,1\n2020,2\n",
        "day.csv": "date,v\n2019-01-01,1\n2019-01-02,2\n",
        "one.csv": "year,v\n2019,1\n2020,n/a\n",
    }
    calls = [["setWords", WORDS]]
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        calls.append(["seriesAll", str(tmp_path / name), list(text.encode()), {}])
    for (name, _), answer in zip(texts.items(), core({}, calls)[1:], strict=True):
        try:
            found = manias.read(tmp_path / name).series()
        except manias.InputError as error:
            assert answer["value"] == {"refused": str(error)}
            continue
        got = answer["value"]
        assert got["name"] == found.name and got["unit"] == found.unit
        assert got["periods"] == [str(p) for p in found.values.index]
        assert got["values"] == found.values.tolist()
        assert got["beside"] == {k: v.tolist() for k, v in found.beside.items()}


def test_own_spending_is_placed_as_python_places_it(core, tmp_path):
    rng = np.random.default_rng(3)
    calls = [["setWords", WORDS]]
    paths = []
    for i in range(24):
        over = ("gdp", "revenue", "other")[i % 3]
        n = (3, 9, 14)[i // 3 % 3]
        if i % 2:
            index = pd.period_range("2014Q2", periods=4 * n, freq="Q")
        else:
            index = pd.period_range("2006", periods=n, freq="Y")
        frame = pd.DataFrame(
            {
                "value": rng.lognormal(2, 0.5, len(index)),
                over: rng.lognormal(6, 0.1, len(index)),
            },
            index.rename("period"),
        )
        if i % 5 == 4:
            frame = frame.drop(index[-2])
        if i == 7:
            frame.iloc[2, 0] = -1.0
        path = tmp_path / f"own{i}.csv"
        frame.to_csv(path)
        paths.append((path, over))
        calls.append(["placeOwn", str(path), list(path.read_bytes())])
    placed = 0
    for (path, over), answer in zip(paths, core({}, calls)[1:], strict=True):
        got = answer["value"]
        try:
            measures = manias.measure_own(path).measures
        except manias.InputError as error:
            assert got == {"refused": str(error)}
            continue
        if not measures:
            assert got is None or "refused" in got, path
            continue
        (measure,) = measures
        assert got["over"] == over and got["level"] == pytest.approx(measure.level)
        if np.isnan(measure.value):
            assert np.isnan(got["rise"])
        else:
            placed += 1
            assert got["rise"] == pytest.approx(measure.value, rel=1e-9)
    assert placed > 5


def test_every_sentence_of_the_reader_has_chinese(core):
    web = Path(str(bundle())).parent / "src" / "core"
    forms = set()
    for path in (*sorted((web / "read").glob("*.ts")), web / "place-price.ts"):
        forms |= set(forms_of(path.read_text(encoding="utf-8")))
    forms = sorted(forms)
    assert len(forms) > 200
    known = [one["value"] for one in core({}, [["hasChinese", form] for form in forms])]
    assert not [form for form, ok in zip(forms, known, strict=True) if not ok]
    # Both say the same parts.
    book = (web / "read" / "zh.ts").read_text(encoding="utf-8")
    pairs = re.findall(r'^  ("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*"),$', book, re.MULTILINE)
    assert len(pairs) >= len(forms)
    for english, chinese in pairs:
        english, chinese = json.loads(english), json.loads(chinese)
        assert sorted(PART.findall(english)) == sorted(PART.findall(chinese)), english
        assert english in forms, english


PART = re.compile(r"\{\d\}")


def forms_of(text):
    """Sentences of a module: what stands between the parts of each template of `say`."""
    for found in re.finditer("say`", text):
        at, form, parts, depth = found.end(), "", 0, 0
        while depth or text[at] != "`":
            if not depth and text.startswith("${", at):
                form, parts, depth, at = f"{form}{{{parts}}}", parts + 1, 1, at + 2
                continue
            if depth:
                # A template within a part is another sentence.
                if text[at] == "`":
                    at = text.index("`", at + 1)
                depth += {"{": 1, "}": -1}.get(text[at], 0)
            else:
                form += text[at]
            at += 1
        yield form


def test_the_reader_speaks_chinese(core, tmp_path):
    calls = [["setWords", WORDS]]
    for path in sorted(FILES.iterdir()):
        if path.name != "expected.csv":
            calls.append(["chineseAll", path.name, list(path.read_bytes()), {}])
    told = [one["value"] for one in core({}, calls)[1:]]
    assert len(told) > 50
    for line in told:
        line = re.sub("'[^']*'", "", line)
        assert re.search("[\u4e00-\u9fff]", line), line
        assert not re.search(r"\b(expected|read|column|row|years|months|left)\b", line), line
        assert "--" not in line, line
    assert "小数逗号" in "".join(told) and "应为" in "".join(told)


def spoilt(data, rng, bits):
    """A file with some of it changed, left out, or in another place."""
    text = "\n".join(data.decode("utf-8", "replace").split("\n")[: rng.choice([6, 12, 30])])
    for _ in range(rng.choice([1, 1, 2, 4])):
        at, what = rng.randrange(len(text) + 1), rng.random()
        if what < 0.4:
            text = text[:at] + rng.choice(bits) + text[at:]
        elif what < 0.7:
            text = text[:at] + text[at + rng.choice([1, 1, 3, 8]) :]
        else:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
    return text.encode()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_files_that_are_spoilt(core, tmp_path, seed):
    rng = random.Random(seed)
    pool = [p.read_bytes() for p in sorted(FILES.glob("*.csv")) if p.name != "expected.csv"]
    pool += [text.encode() for text in TABLES.split("===\n")]
    bits = [*"0123456789,.;-/ \t\n\"'()%$€*ABEQMFY:", "unit", "Quarter", "year", "gdp", "\n\n"]
    bits += [one for part in (DATES, NUMBERS) for g in part.split(";") for one in g.split("|")]
    asked = [{}, {}, {}, {"decimal": ","}, {"frequency": "Q"}, {"dates": "dmy"}]
    given = [
        (f"f{i}.csv", spoilt(rng.choice(pool), rng, bits), rng.choice(asked))
        for i in range(800)
    ]
    agree(both(core, tmp_path, given))
