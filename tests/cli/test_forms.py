"""One option for the form of what is printed, of one name in every verb that prints rows."""

import io
import json

import pandas as pd
import pytest

ROWS = {
    "claims": ["claims"],
    "tables": ["data", "list"],
    "a table": ["data", "show", "prepayments"],
    "sources": ["data", "sources", "prepayments"],
    "models": ["models", "list"],
    "forecasts": ["forecast", "score"],
    "tournament": ["forecast", "tournament"],
    "trajectories": ["compare", "--list"],
    "a view": ["data", "show", "booms_in_money"],
}


@pytest.mark.parametrize("verb", ROWS.values(), ids=list(ROWS))
def test_csv_has_the_rows_of_json(manias_command, verb):
    csv = manias_command(*verb, "--format", "csv")
    (short, long) = (manias_command(*verb, *how) for how in (["--json"], ["--format", "json"]))
    assert short.stdout == long.stdout and csv.returncode == 0
    rows, table = json.loads(short.stdout), pd.read_csv(io.StringIO(csv.stdout))
    assert len(table) == len(rows) > 0
    for key in set(rows[0]) & set(table.columns) & {"id", "name", "key", "company"}:
        assert table[key].tolist() == [row[key] for row in rows]


def test_csv_of_measures_and_of_episodes(manias_command, tmp_path):
    done = manias_command("classify", "microsoft", "--format", "csv")
    table = pd.read_csv(io.StringIO(done.stdout))
    told = json.loads(manias_command("classify", "microsoft", "--json").stdout)["measures"]
    assert len(table) == sum(max(len(m["outcomes"]), 1) for m in told)
    first = told[0]["outcomes"][0]
    assert table.loc[0, "frequency"] == pytest.approx(first["frequency"])
    assert [table.loc[0, "low"], table.loc[0, "high"]] == pytest.approx(first["interval"])
    path = tmp_path / "bubble.csv"
    grown = [100 + i % 7 for i in range(60)]
    for _ in range(20):
        grown.append(grown[-1] * 1.08)
    grown += [103 + i % 5 for i in range(20)]
    days = pd.period_range("2000-01", periods=len(grown), freq="M")
    path.write_text(
        "date,v\n" + "".join(f"{d},{v}\n" for d, v in zip(days, grown, strict=True))
    )
    found = pd.read_csv(io.StringIO(manias_command("date", path, "--format", "csv").stdout))
    told = json.loads(manias_command("date", path, "--json").stdout)["episodes"]
    assert found["start"].tolist() == [e["start"] for e in told] and len(found) > 0
