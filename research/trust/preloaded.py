"""Run pytest again and again, each time in a child of a process that has the libraries loaded.

    python research/trust/preloaded.py

Reads a task a line from standard input, as JSON: ``arguments`` of pytest, ``folder`` to run
in, ``environment``, the file of ``output`` and most ``seconds``. Answers each by a line: the
exit code of pytest, or -1 where it did not end in time.
"""

import json
import os
import signal
import sys
import time

import hypothesis  # noqa: F401
import matplotlib  # noqa: F401
import numba
import pandas  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
import sklearn.linear_model  # noqa: F401
import statsmodels.api  # noqa: F401


def child(task: dict) -> None:
    """Become a run of pytest."""
    os.setsid()
    out = os.open(task["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for mine, theirs in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(mine, theirs)
    os.chdir(task["folder"])
    sys.path[0] = task["folder"]
    os.environ.update(task["environment"])
    numba.config.reload_config()
    code = 3
    try:
        code = int(pytest.main(task["arguments"]))
        sys.stdout.flush()
    finally:
        os._exit(code)


def ended(pid: int, seconds: float) -> int:
    """Exit code of a child, -1 where it had to be stopped."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


def main() -> None:
    """Serve until there is no further line."""
    for line in sys.stdin:
        task = json.loads(line)
        if (pid := os.fork()) == 0:
            child(task)
        print(ended(pid, task["seconds"]), flush=True)


if __name__ == "__main__":
    main()
