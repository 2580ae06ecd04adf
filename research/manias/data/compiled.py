"""Compilation of the kernels: on their first call, kept on disk where anything can be kept."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, update_wrapper
from pathlib import Path
from threading import RLock
from typing import Any

from manias.data.files import write_atomically
from manias.errors import InputError

_LOCK = RLock()


class Kernel:
    """A kernel that is compiled, and numba imported, when it is first called.

    What runs no kernel does not wait for numba. One kernel may call another.

    Attributes
    ----------
    py_func : callable
        The function as it was written.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self._dispatcher: Any = None

    def __call__(self, *arguments: Any) -> Any:
        return (self._dispatcher or self.compiled())(*arguments)

    @property
    def stats(self) -> Any:
        """What the cache of the compiled kernel did, as numba counts it."""
        return self.compiled().stats

    @property
    def _numba_type_(self) -> Any:
        # What numba asks of a value that it does not know: here of a kernel that another calls.
        return self.compiled()._numba_type_

    def compiled(self) -> Any:
        """The dispatcher of numba.

        Returns
        -------
        numba.core.dispatcher.Dispatcher
        """
        with _LOCK:
            if self._dispatcher is None:
                self._dispatcher = _dispatcher(self.py_func, **self._options)
        return self._dispatcher


def njit(*function: Callable[..., Any], **options: Any) -> Any:
    """`numba.njit` on the first call, without its cache where there is no place for one.

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
    Kernel
        Where options alone are given, what makes one.
    """

    def made(kernel: Callable[..., Any]) -> Kernel:
        return Kernel(kernel, options)

    return made(*function) if function else made


def _dispatcher(kernel: Callable[..., Any], *, cache: bool = False, **options: Any) -> Any:
    import numba

    dispatcher = numba.njit(**options)(kernel)
    if cache:
        with suppress(RuntimeError):  # neither the package nor a home can be written to
            dispatcher._cache = _kept()(kernel)
    return dispatcher


@cache
def _kept() -> type:
    from numba.core.caching import FunctionCache, IndexDataCacheFile

    class Files(IndexDataCacheFile):
        """Files of a cache that leave nothing behind where a process is killed."""

        @contextmanager
        def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
            out = io.BytesIO()
            yield out
            write_atomically(Path(filepath), out.getvalue())

    class Kept(FunctionCache):
        """A cache whose files may be cut short: what cannot be read is compiled and kept anew.

        A full disk or a killed process leaves such files. The pickle of one can raise anything.
        """

        def __init__(self, kernel):
            super().__init__(kernel)
            self._cache_file = Files(
                cache_path=self._cache_path,
                filename_base=self._impl.filename_base,
                source_stamp=self._impl.locator.get_source_stamp(),
            )

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
                except (OSError, InputError):
                    self.disable()

    return Kept
