"""Files are written whole, where and as the user has them, and nothing is left behind."""

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from manias.data import files
from manias.data.files import check_place, flush, sweep, temporary_folder, write_atomically
from manias.errors import InputError

posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def unfinished(folder):
    return list(folder.glob(".manias-*.part"))


def test_a_file_is_replaced_and_nothing_else_is_there(tmp_path):
    path = tmp_path / "a" / "b.txt"
    for content in (b"one", b"two", b""):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_long_name_is_no_hindrance(tmp_path):
    write_atomically(tmp_path / ("x" * 255), b"1")
    assert (tmp_path / ("x" * 255)).read_bytes() == b"1"


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_new_files_have_the_mode_that_the_umask_leaves(tmp_path, mask):
    kept = os.umask(mask)
    try:
        write_atomically(tmp_path / "a", b"1")
    finally:
        os.umask(kept)
    assert mode(tmp_path / "a") == 0o666 & ~mask


@posix
@pytest.mark.parametrize("given", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_mode(tmp_path, given):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(given)
    write_atomically(path, b"new")
    assert (mode(path), path.read_bytes()) == (given, b"new")


@posix
def test_the_umask_is_never_another(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "umask", lambda _: pytest.fail("the umask is of all threads"))
    write_atomically(tmp_path / "a", b"1")
    write_atomically(tmp_path / "a", b"2")


@posix
def test_through_a_link_the_file_is_written_that_it_leads_to(tmp_path):
    (tmp_path / "link").symlink_to("real")
    for content in (b"made", b"replaced"):
        write_atomically(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == content


@posix
def test_pipes_devices_and_folders_are_refused_and_stay(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-null").symlink_to("/dev/null")
    for name, said in (
        ("pipe", "a device, pipe or socket; expected a file"),
        ("to-null", "a device, pipe or socket; expected a file"),
        ("folder", "a folder; expected a file"),
    ):
        before = os.lstat(tmp_path / name)
        for act in (lambda p: write_atomically(p, b"1"), check_place):
            with pytest.raises(InputError, match=f"{name}: {said}"):
                act(tmp_path / name)
        assert os.lstat(tmp_path / name) == before
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_file_that_may_not_be_written_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(InputError, match=r"a: cannot be written .Permission denied"):
        write_atomically(tmp_path / "a", b"1")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    for act in (lambda p: write_atomically(p, b"1"), check_place):
        with pytest.raises(InputError, match=r"a.b: cannot be written"):
            act(tmp_path / "a" / "b")


def failing(number, name):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_full_disk_names_the_file_and_leaves_what_was_there(tmp_path, monkeypatch, call):
    path = tmp_path / "a"
    write_atomically(path, b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing(errno.ENOSPC, call))
        with pytest.raises(InputError, match=r"a: cannot be written .No space left"):
            write_atomically(path, b"new")
    assert path.read_bytes() == b"old" and not unfinished(tmp_path)


def test_the_content_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, f=real: (calls.append(n), f(*a)))
    write_atomically(tmp_path / "a", b"1")
    assert calls[:2] == ["fsync", "replace"]


def test_what_must_not_be_replaced_is_not(tmp_path):
    path = tmp_path / "a"
    write_atomically(path, b"one", replace=False)
    with pytest.raises(FileExistsError):
        write_atomically(path, b"two", replace=False)
    assert path.read_bytes() == b"one" and not unfinished(tmp_path)


@posix
def test_a_link_that_leads_nowhere_is_not_replaced_either(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", b"one", replace=False)
    assert (tmp_path / "a").is_symlink() and not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("links", [True, False])
def test_of_many_who_write_at_once_one_wins(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", failing(errno.EPERM, "link"))
    for race in range(10):
        won, path = [], tmp_path / f"{race}"
        begin = threading.Barrier(6)

        def write(who, path=path, won=won, begin=begin):
            begin.wait()
            try:
                write_atomically(path, b"%d" % who * 5000, replace=False)
            except FileExistsError:
                return
            won.append(who)

        threads = [threading.Thread(target=write, args=(who,)) for who in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1 and path.read_bytes() == b"%d" % won[0] * 5000
    assert not unfinished(tmp_path)


KILLED = """
import os, signal, sys
from pathlib import Path
from manias.data import files
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "file":
    files.write_atomically(Path("a"), b"half")
with files.temporary_folder(Path(".")) as folder:
    (folder / "x").write_text("y")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path, what):
    (tmp_path / "a").write_bytes(b"old")
    subprocess.run([sys.executable, "-c", KILLED, what], cwd=tmp_path, check=False)
    assert len(unfinished(tmp_path)) == 1
    assert (tmp_path / "a").read_bytes() == b"old"
    write_atomically(tmp_path / "b", b"1")
    assert not unfinished(tmp_path)


@posix
def test_what_is_being_written_is_left_alone(tmp_path):
    handle, name = files._unfinished(tmp_path, 0o600)
    with temporary_folder(tmp_path) as folder:
        (folder / "x").write_text("y")
        sweep(tmp_path)
        assert sorted(unfinished(tmp_path)) == sorted([Path(name), folder])
        assert (folder / "x").exists()
    os.close(handle)
    sweep(tmp_path)
    assert not unfinished(tmp_path)


@posix
def test_only_what_is_ours_is_swept(tmp_path):
    kept = [".manias-x.part.txt", "manias-x.part", ".manias-.part", ".other-x.part"]
    for name in kept:
        (tmp_path / name).write_text("")
    (tmp_path / ".manias-aa.part").symlink_to(tmp_path / kept[0])
    os.mkfifo(tmp_path / ".manias-bb.part")
    before = sorted(p.name for p in tmp_path.iterdir())
    sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_folder_that_takes_a_name_stays(tmp_path):
    with temporary_folder(tmp_path) as folder:
        (folder / "x").write_text("y")
        flush(folder)
        folder.rename(tmp_path / "kept")
    assert (tmp_path / "kept" / "x").read_text() == "y" and not unfinished(tmp_path)


def test_another_kind_of_file_is_not_replaced(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"README\.md: another kind of file; .* --force"):
        check_place(path, begins=b"%PDF-")
    check_place(path)
    for content in (b"", b"%pdf-1.7"):
        path.write_bytes(content)
        check_place(path, begins=b"%PDF-")
    check_place(tmp_path / "new" / "x.pdf", begins=b"%PDF-", room=10_000)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="nothing can be reserved here")
@pytest.mark.parametrize(("number", "refused"), [(errno.ENOSPC, True), (errno.EINVAL, False)])
def test_room_is_asked_for_where_it_can_be(tmp_path, monkeypatch, number, refused):
    monkeypatch.setattr(os, "posix_fallocate", failing(number, "posix_fallocate"))
    if refused:
        with pytest.raises(InputError, match=r"x: cannot be written .No space"):
            check_place(tmp_path / "x", room=1)
    else:
        check_place(tmp_path / "x", room=1)
    assert list(tmp_path.iterdir()) == []
