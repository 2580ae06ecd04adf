"""No warning of a library reaches a user: each is an error here."""

import os
import subprocess
import sys

import pandas as pd
import pytest

RUN = "from manias.cli.main import main; main()"
MONTHS = pd.period_range("2005-01", periods=60, freq="M")
FLAT = pd.Series(1.5, MONTHS)
LINE = pd.Series([2.5 * i + 1.25 for i in range(60)], MONTHS)


@pytest.mark.parametrize(
    ("command", "values"),
    [(["date"], LINE), (["classify"], FLAT), (["compare", "us-it-ai", "--index", "100"], FLAT)],
    ids=["date", "classify", "compare"],
)
def test_the_verbs_warn_of_nothing(tmp_path, command, values):
    path = tmp_path / "mine.csv"
    values.rename_axis("date").to_frame("value").to_csv(path)
    first, *rest = command
    more = [*rest[:1], str(path), *rest[1:]]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, first, *more],
        capture_output=True,
        text=True,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()
