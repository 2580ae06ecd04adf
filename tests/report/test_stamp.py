"""A stamp knows what is fresh: other inputs, another file, or no file are not."""

import re

from manias.report.stamp import inputs_digest, is_fresh, write_stamp


def test_a_stamp_knows_what_is_fresh(tmp_path):
    output = tmp_path / "x.pdf"
    assert not is_fresh(output, "d")
    output.write_bytes(b"one")
    write_stamp(output, "d")
    assert is_fresh(output, "d") and not is_fresh(output, "e")
    output.write_bytes(b"two")
    assert not is_fresh(output, "d")
    assert re.fullmatch(r"[0-9a-f]{64}", inputs_digest())
