"""Write files whole or not at all, and put away what a killed writer left.

What is not finished yet has a name such as ``.manias-3f2a9c1e.part`` beside the place that it
is meant for. Its writer holds a lock on it, which the system takes back when the process ends,
however it ends; the next writer in that folder removes those that nobody holds.
"""

import errno
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from manias.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

HEAD, TAIL = ".manias-", ".part"
"""Of the name of what is not finished."""
ROOM = 1 << 18
"""Bytes that are asked of a disk for one figure or card."""
OLD = 3600.0
"""Seconds after which its writer is taken for dead where nothing can be locked."""
_UNFINISHED = re.compile(rf"{re.escape(HEAD)}[0-9a-z_]+{re.escape(TAIL)}")
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def write_atomically(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Replace a file in one step, so that nobody ever sees half of it.

    Parameters
    ----------
    path : Path
        Folders are made. A file that is there keeps its mode, and its owner where this user
        may give it away; through a link the file is written that it leads to.
    content : bytes
        On the disk before the file has its name.
    replace : bool
        Whether what is there gives way. If not, a link that leads nowhere does not either, and
        of several who write at once exactly one does.

    Raises
    ------
    InputError
        If the place cannot be written to, or is a folder, a pipe or a device.
    FileExistsError
        If there is something that must not be replaced; nothing is written.

    Examples
    --------
    >>> write_atomically(Path("/dev/null"), b"")
    Traceback (most recent call last):
    manias.errors.InputError: /dev/null: a device, pipe or socket; expected a file
    """
    try:
        there = _file(path) if replace else None
        target = os.path.realpath(path) if replace else os.fspath(path)
        folder = _folder_of(target)
        sweep(folder)
        mode = 0o666 if there is None else stat.S_IMODE(there.st_mode) & 0o777
        handle, name = _unfinished(folder, mode)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
                if there is not None:
                    _make_alike(name, there, mode)
                if fcntl is None:  # where open files cannot be renamed
                    out.close()
                if replace:
                    os.replace(name, target)
                else:
                    _put(name, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
        _keep(folder)
    except FileExistsError:
        if not replace:
            raise
        raise InputError(f"{path}: cannot be written (a file stands for a folder)") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None


def check_place(path: Path, *, begins: bytes = b"", room: int = ROOM) -> None:
    """Refuse a place, before anything is computed for it, that could not be written to.

    Parameters
    ----------
    path : Path
        Folders are made.
    begins : bytes
        How every file of the kind begins, in small or capital letters, that may be replaced.
    room : int
        Bytes that must be free; by default more than a figure or a card takes.

    Raises
    ------
    InputError
        If `write_atomically` could not write there, or there is a file of another kind.

    Examples
    --------
    >>> check_place(Path("setup.cfg"), begins=b"%PDF-")
    Traceback (most recent call last):
    manias.errors.InputError: setup.cfg: another kind of file; expected a new name, or --force
    """
    try:
        there = _file(path)
        if begins and there is not None and there.st_size:
            with path.open("rb") as file:
                head = file.read(len(begins))
            if head.lower() != begins.lower():
                raise InputError(
                    f"{path}: another kind of file; expected a new name, or --force"
                )
        folder = _folder_of(os.path.realpath(path))
        handle, name = _unfinished(folder, 0o600)
        try:
            _reserve(handle, room)
        finally:
            os.close(handle)
            os.unlink(name)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None


@contextmanager
def temporary_folder(home: Path | None = None) -> Iterator[Path]:
    """Make a folder that is removed at the end of the block, or by the next who makes one.

    Parameters
    ----------
    home : Path, optional
        Where it is made; among the temporary files of the system by default.

    Yields
    ------
    Path
        May take another name in the block; then it stays.

    Examples
    --------
    >>> with temporary_folder() as folder:
    ...     _ = (folder / "x").write_text("y")
    >>> folder.exists()
    False
    """
    home = Path(tempfile.gettempdir()) if home is None else home
    sweep(home)
    place, handle = _unfinished_folder(home)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def flush(folder: Path) -> None:
    """Have everything below a folder on the disk, so that it can take its name.

    Parameters
    ----------
    folder : Path

    Examples
    --------
    >>> with temporary_folder() as folder:
    ...     flush(folder)
    """
    for place, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(place, name), "rb+") as file:
                os.fsync(file.fileno())
        _keep(Path(place))


def sweep(folder: Path) -> None:
    """Remove what was not finished in a folder by writers of this user that are no more.

    Parameters
    ----------
    folder : Path
        What is there under other names, or is held, is left alone.

    Examples
    --------
    >>> with temporary_folder() as folder:
    ...     left = folder / ".manias-0a1b2c3d.part"
    ...     _ = left.write_text("ha")
    ...     os.utime(left, (0, 0))
    ...     sweep(folder)
    ...     left.exists()
    False
    """
    with suppress(OSError):
        with os.scandir(folder) as entries:
            left = [entry.path for entry in entries if _UNFINISHED.fullmatch(entry.name)]
        for path in left:
            with suppress(OSError):
                _put_away(path)


def _file(path: Path) -> os.stat_result | None:
    """The file that would be replaced, if there is one; anything else is refused."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(there.st_mode):
        raise InputError(f"{path}: a folder; expected a file")
    if not stat.S_ISREG(there.st_mode):
        raise InputError(f"{path}: a device, pipe or socket; expected a file")
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return there


def _folder_of(target: str) -> Path:
    folder = Path(target).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _unfinished(folder: Path, mode: int) -> tuple[int, str]:
    """A file that this process holds; it is made with the mode that the umask leaves of it."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    while True:
        name = os.path.join(folder, f"{HEAD}{secrets.token_hex(8)}{TAIL}")
        try:
            handle = os.open(name, flags, mode)
        except FileExistsError:
            continue
        if _hold(handle):
            return handle, name
        os.close(handle)


def _unfinished_folder(home: Path) -> tuple[Path, int | None]:
    while True:
        place = Path(tempfile.mkdtemp(prefix=HEAD, suffix=TAIL, dir=home))
        if fcntl is None:
            return place, None
        with suppress(FileNotFoundError):
            handle = os.open(place, os.O_RDONLY)
            if _hold(handle):
                return place, handle
            os.close(handle)


def _hold(handle: int) -> bool:
    """Lock what was just made; False where somebody swept it before."""
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # no locks in this file system: nor can anybody sweep then
            return True
    return os.fstat(handle).st_nlink > 0


def _put_away(path: str) -> None:
    there = os.lstat(path)
    is_folder = stat.S_ISDIR(there.st_mode)
    if not (is_folder or stat.S_ISREG(there.st_mode)):
        return
    if fcntl is None:
        if time.time() - there.st_mtime > OLD:
            shutil.rmtree(path) if is_folder else os.unlink(path)
        return
    if there.st_uid != os.geteuid():
        return
    # Some network file systems lock only what is open for writing.
    flags = os.O_RDONLY if is_folder else os.O_RDWR
    handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path) if is_folder else os.unlink(path)
    finally:
        os.close(handle)


def _make_alike(name: str, there: os.stat_result, mode: int) -> None:
    if hasattr(os, "chown") and (there.st_uid, there.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(OSError):
            os.chown(name, there.st_uid, there.st_gid)
    os.chmod(name, mode)


def _put(name: str, target: str) -> None:
    """Give a file its name if nobody has it."""
    try:
        os.link(name, target)
    except FileExistsError:
        raise
    except OSError:
        # No links in this file system: who makes the empty file is the one who fills it.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        os.replace(name, target)
        return
    os.unlink(name)


def _keep(folder: Path) -> None:
    """Have the names of a folder on the disk as well, where the system can."""
    if fcntl is not None:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _reserve(handle: int, room: int) -> None:
    if room and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(handle, 0, room)
        except OSError as error:
            if error.errno in _FULL:
                raise
