"""Before a record begins a gauge says so, in one line."""

import manias
import pytest
from manias.gauges.registry import list_gauges

QUICK = [gauge for gauge in list_gauges() if not gauge.is_slow]


@pytest.mark.parametrize("gauge", QUICK, ids=lambda gauge: gauge.key)
def test_a_gauge_is_refused_in_words_before_its_record_begins(gauge):
    day, begun = "1820-12-31", 0
    with pytest.raises(
        manias.DataError, match=r"was known by 1820-12-31|empty; expected numbers"
    ):
        gauge.readings(day)
    # From then on it answers or is refused, and once it has answered it always does.
    for day in (
        "1885-02-12",
        "1932-05-26",
        "1962-02-01",
        "1986-11-12",
        "2013-01-01",
        "2026-08-31",
    ):
        try:
            assert len(gauge.readings(day).value) > 0
            begun += 1
        except manias.DataError:
            assert not begun
    assert begun
