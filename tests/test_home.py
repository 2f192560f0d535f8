"""The home: made private, refused when it is not ours, locked by one process at a time."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cairn.core.errors import Busy, ConfigError, Unavailable
from cairn.core.home import (
    Lock,
    clear_unfinished,
    home_path,
    open_home,
    process_identity,
    write_atomic,
)

AS_ROOT = os.geteuid() == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_and_its_folders_are_private(tmp_path: Path) -> None:
    home = open_home(tmp_path / "deep" / "home")
    assert mode(home.path) == 0o700
    assert {mode(folder) for folder in (home.tree, home.index, home.logs, home.run)} == {0o700}
    assert mode(home.path / "home.json") == 0o600


def test_a_home_keeps_its_identity(tmp_path: Path) -> None:
    assert open_home(tmp_path / "h").id == open_home(tmp_path / "h").id


def test_a_home_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    open_home(tmp_path / "h").path.chmod(0o755)
    open_home(tmp_path / "h")
    assert mode(tmp_path / "h") == 0o700


def test_the_home_follows_the_environment() -> None:
    assert home_path({"CAIRN_HOME": "/a/b"}) == Path("/a/b")
    assert home_path({"XDG_DATA_HOME": "/data"}) == Path("/data/cairn")


def test_a_file_in_the_homes_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "h").write_text("")
    with pytest.raises(ConfigError, match="not a folder"):
        open_home(tmp_path / "h")


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_home_of_another_user_is_refused(tmp_path: Path) -> None:
    open_home(tmp_path / "h")
    os.chown(tmp_path / "h", 12345, 12345)
    with pytest.raises(Unavailable, match="belongs to another user") as caught:
        open_home(tmp_path / "h")
    assert "CAIRN_HOME" in caught.value.hint


def test_an_unwritable_place_is_named_with_a_remedy(tmp_path: Path) -> None:
    """As a user without special rights, whoever runs the test."""
    tmp_path.chmod(0o755)
    code = (
        "import os, sys; from pathlib import Path; from cairn.core.home import open_home\n"
        "from cairn.core.errors import Unavailable\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: open_home(Path(sys.argv[1]))\n"
        "except Unavailable as error: print(error.message, '|', error.hint)\n"
    )
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    done = subprocess.run(
        [sys.executable, "-c", code, str(closed / "home")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "can't be used" in done.stdout
    assert "CAIRN_HOME" in done.stdout


def test_a_newer_home_is_refused_untouched(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    (home.path / "home.json").write_text(json.dumps({"schema": 99, "id": "x"}))
    before = sorted(path.name for path in home.path.iterdir())
    with pytest.raises(Unavailable, match="newer cairn"):
        open_home(tmp_path / "h")
    assert sorted(path.name for path in home.path.iterdir()) == before


def test_a_damaged_identity_is_named(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    (home.path / "home.json").write_text("{")
    with pytest.raises(Unavailable, match=r"home\.json is damaged"):
        open_home(tmp_path / "h")


def test_only_one_holds_the_lock(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    first, second = Lock(home), Lock(home)
    first.acquire()
    assert second.holder() == os.getpid()
    with pytest.raises(Busy):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_holder_can_tell_that_the_home_is_another_one(tmp_path: Path) -> None:
    lock = Lock(open_home(tmp_path / "home"))
    lock.acquire()
    assert not lock.is_lost
    (tmp_path / "home").rename(tmp_path / "away")
    assert lock.is_lost
    other = Lock(open_home(tmp_path / "home"))
    other.acquire()
    assert lock.is_lost and not other.is_lost
    lock.release()
    other.release()


def test_a_lock_that_could_not_be_signed_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(tmp_path / "home")

    def broken(*given: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as disk, pytest.raises(OSError, match="Input"):
        disk.setattr("os.pwrite", broken)
        Lock(home).acquire()
    again = Lock(home)
    again.acquire()
    again.release()


def test_a_lock_left_by_a_dead_process_is_free_even_if_its_pid_lives_again(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    # What a crashed holder leaves: its identity, under a pid that now belongs to this process.
    (home.run / "lock").write_text(json.dumps({"pid": os.getpid(), "started": "1"}))
    lock = Lock(home)
    assert lock.holder() is None
    lock.acquire()
    lock.release()


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    home = open_home(tmp_path / "h")
    code = (
        "import sys, time; from pathlib import Path; from cairn.core.home import *\n"
        "lock = Lock(open_home(Path(sys.argv[1]))); lock.acquire(); print('held', flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home.path)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(Busy):
            Lock(home).acquire()
        assert Lock(home).holder() == child.pid
        child.kill()
    lock = Lock(home)
    lock.acquire()
    lock.release()


def test_identity_tells_processes_apart() -> None:
    assert process_identity(os.getpid()) == process_identity(os.getpid())
    assert process_identity(os.getpid()) != process_identity(os.getppid())


def test_a_failed_write_leaves_the_old_text_and_no_rubbish(tmp_path: Path) -> None:
    file = tmp_path / "entry.md"
    write_atomic(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(file, "new \ud800")
    assert file.read_text() == "old"
    assert list(tmp_path.glob(".*.tmp")) == []


def test_what_killed_processes_had_begun_to_write_is_removed(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    begun = ".0123456789abcdef.tmp"
    (home.cache / "kept").mkdir()
    folders = (home.path, home.cache, home.cache / "kept", home.logs, home.run, home.models)
    for folder in folders:
        (folder / begun).write_text("half of it")
    (home.cache / ".mine.tmp").write_text("of another program")
    clear_unfinished(home)
    assert [path for folder in folders for path in folder.glob(begun)] == []
    assert (home.cache / ".mine.tmp").exists()
