"""The quick part of the trials of `make trust` on bytes and digits."""

import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "research"))

from trust.promises import bytes as promised


@pytest.mark.slow
def test_figures_have_the_same_bytes_whatever_the_user_has_set():
    assert promised.figure_bytes(promised.OTHERS[:1]) == []


@pytest.mark.slow
def test_a_model_fitted_elsewhere_has_its_id_and_its_digits():
    n, largest, faults, _ = promised.refitted(("payback-ai",), promised.OTHERS[1:2])
    assert n == 2 and faults == [] and largest < 1e-6


IN_TURKISH = """
import locale, sys
locale.setlocale(locale.LC_ALL, "tr_TR.UTF-8")  # as matplotlib's axes.formatter.use_locale
import pandas as pd
from manias.data.forms import readings
from manias.language.editions import ENGLISH
from manias.language.messages import Month
assert pd.Period("2025-05").strftime("%B") != "May", "the locale is not in force"
month = pd.Period("2025-05", "M")
days = readings("Mon, 5 May 2025").values()
print(Month(month), ENGLISH.month(month), f"{Month(month)}", *days)
"""


def test_names_of_months_and_days_do_not_follow_the_locale(tmp_path):
    if not promised.make_locale("tr_TR.UTF-8", tmp_path):
        pytest.skip("the locale tr_TR cannot be made here")
    done = subprocess.run(
        [sys.executable, "-c", IN_TURKISH],
        env=os.environ | {"LOCPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "May 2025 May 2025 May 2025 2025-05-05 00:00:00\n"


NAMED_BY_LOCALE = re.compile(r"%[BbAapcxX]\b|strptime\(|calendar\.(month|day)_")


def test_no_code_writes_or_reads_what_the_locale_names():
    package = Path(str(files("manias")))
    found = {
        f"{path.name}:{n}"
        for path in package.rglob("*.py")
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMED_BY_LOCALE.search(line)
    }
    assert found == set()


def test_a_file_that_the_stamp_does_not_know_is_told():
    package = Path(str(files("manias")))
    read = [str(package / "py.typed"), str(package / "errors.py"), "/etc/hostname"]
    assert promised.unknown_to_the_stamp(read) == read[:1]
