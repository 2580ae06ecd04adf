"""Compilation of the kernels, kept on disk where anything can be kept."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numba
from numba.core.caching import FunctionCache


class _Kept(FunctionCache):
    """A cache whose files may be cut short: what cannot be read is compiled and kept anew.

    A full disk or a killed process leaves such files. The pickle of one can raise anything.
    """

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            return None

    def save_overload(self, sig, data):
        try:
            super().save_overload(sig, data)
        except Exception:
            # The index cannot be read, or nothing more can be written.
            try:
                self.flush()
                super().save_overload(sig, data)
            except OSError:
                self.disable()


def njit(*function: Callable[..., Any], **options: Any) -> Any:
    """`numba.njit`, without its cache where there is no place for one.

    Kernels are then compiled anew by every process; ``NUMBA_CACHE_DIR`` names a place. A file
    of the cache that cannot be read is as good as none.

    Parameters
    ----------
    *function : callable
        The kernel, where it is decorated without options.
    **options
        As numba takes them.

    Returns
    -------
    callable
    """
    keeps = options.pop("cache", False)

    def compiled(kernel: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(**options)(kernel)
        if keeps:
            with suppress(RuntimeError):  # neither the package nor a home can be written to
                dispatcher._cache = _Kept(kernel)
        return dispatcher

    return compiled(*function) if function else compiled
