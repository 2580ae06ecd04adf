"""The quick part of the trials of `make trust` on bytes and digits."""

import sys
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


def test_a_file_that_the_stamp_does_not_know_is_told():
    from importlib.resources import files

    package = Path(str(files("manias")))
    read = [str(package / "py.typed"), str(package / "errors.py"), "/etc/hostname"]
    assert promised.unknown_to_the_stamp(read) == read[:1]
