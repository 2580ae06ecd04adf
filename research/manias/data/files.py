"""Write files whole or not at all."""

import os
import tempfile
from pathlib import Path

from manias.errors import InputError


def write_atomically(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Replace a file in one step, so that nobody ever sees half of it.

    Parameters
    ----------
    path : Path
        Folders are made.
    content : bytes
    replace : bool
        Whether a file that is there gives way.

    Raises
    ------
    InputError
        If the place cannot be written to.
    FileExistsError
        If there is a file that must not be replaced; nothing is written.

    Examples
    --------
    >>> write_atomically(Path("/dev/null/x"), b"")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    manias.errors.InputError: /dev/null/x: cannot be written (...)
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        if replace:
            os.replace(name, path)
        else:
            # A link is made by one only, however many try at once.
            os.link(name, path)
            os.unlink(name)
    except BaseException:
        os.unlink(name)
        raise
