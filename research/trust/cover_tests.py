"""Run a test file of the quick part and write which lines it ran.

    python research/trust/cover_tests.py LIBRARY SOURCE OUTPUT FILE

``LIBRARY`` is where coverage is installed, ``SOURCE`` the folder whose lines count. ``OUTPUT``
is JSON: file below the folder -> numbers of the lines.
"""

import json
import sys
from pathlib import Path

library, source, output, path = sys.argv[1:]
sys.path.append(library)

import coverage  # noqa: E402

cover = coverage.Coverage(data_file=None, source=[source], messages=False)
cover.start()

import pytest  # noqa: E402

quick = "not slow and not browser"
code = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", quick, path])
cover.stop()
data = cover.get_data()
found = {
    Path(name).relative_to(source).as_posix(): sorted(data.lines(name))
    for name in data.measured_files()
}
Path(output).write_text(json.dumps(found), "utf-8")
sys.exit(int(code))
