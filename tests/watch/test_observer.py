"""The observer reports what has come to rest, through renames, removals and folders made anew."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyFD

from cairn.core.config import Watch
from cairn.core.errors import Unavailable
from cairn.core.watch import observer as observing
from cairn.core.watch.ignore import IGNORE_FILE, Rules
from cairn.core.watch.observer import FolderObserver
from tests.conftest import wait_until


@pytest.fixture
def seen() -> list[Path]:
    return []


@pytest.fixture
def observer(seen: list[Path], tmp_path: Path) -> Iterator[FolderObserver]:
    rules = Rules(tmp_path, hidden=False)
    started = FolderObserver(
        Watch(quiet_s=0.1, max_wait_s=1.0),
        lambda path, is_folder: rules.judge(path, is_folder) is None,
        seen.extend,
    )
    started.start()
    yield started
    started.stop()


def test_a_change_is_reported_and_what_is_ignored_is_not(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (root / "node_modules").mkdir(parents=True)
    observer.watch([root])
    (root / "node_modules" / "x.md").write_text("x")
    (root / ".hidden.md").write_text("x")
    (root / "note.md").write_text("x")
    wait_until(lambda: root / "note.md" in seen)
    assert {path.name for path in seen} <= {"note.md", "root"}


def test_a_file_that_keeps_changing_is_reported_all_the_same(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "root").mkdir()
    observer.watch([tmp_path / "root"])
    log = tmp_path / "root" / "log.txt"

    def written() -> bool:
        log.write_text("more")
        return log in seen

    wait_until(written)


def test_of_more_changes_than_are_kept_the_whole_folder_is_reported(
    observer: FolderObserver,
    seen: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    observer.watch([root])
    wait_until(lambda: root in seen)
    seen.clear()
    monkeypatch.setattr(observing, "_MOST_RESTLESS", 10)

    def is_too_much() -> bool:
        for number in range(100):
            (root / f"{number}.md").write_text("x")
        return root in seen

    wait_until(is_too_much)
    assert len(observer._changed) <= 10


def test_a_flood_that_does_not_end_is_reported_after_the_longest_wait(
    observer: FolderObserver,
    seen: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    observer.watch([root])
    wait_until(lambda: root in seen)
    seen.clear()
    monkeypatch.setattr(observing, "_MOST_RESTLESS", 2)
    deadline = time.monotonic() + 30
    while root not in seen and time.monotonic() < deadline:
        observer._note(root / f"{time.monotonic_ns()}.md")
        time.sleep(0.005)
    assert root in seen


def test_a_folder_that_is_made_anew_is_watched_anew(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    observer.watch([root])
    shutil.rmtree(root)
    root.mkdir()

    def is_noticed() -> bool:
        # As the daemon does, again and again: the system tells of the removal some time later.
        observer.watch([root])
        (root / "later.md").write_text("x")
        return root / "later.md" in seen

    wait_until(is_noticed)


def test_two_files_of_one_folder_are_watched_apart(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    a, b = tmp_path / "a.md", tmp_path / "b.md"
    a.write_text("x")
    b.write_text("x")
    observer.watch([a, b])
    observer.watch([b])
    b.write_text("changed")
    wait_until(lambda: b in seen)
    observer.watch([])
    assert observer.problems == {}


def test_a_folder_that_may_be_read_again_is_watched_again(
    observer: FolderObserver, seen: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "_RETRY_S", 0.0)
    root = tmp_path / "root"
    root.mkdir()
    with monkeypatch.context() as rights:  # root may read everything
        rights.setattr("os.access", lambda path, mode: False)
        observer.watch([root])
    assert "can't be read" in observer.problems[root]
    observer.watch([root])
    assert observer.problems == {}
    (root / "a.md").write_text("x")
    wait_until(lambda: root / "a.md" in seen)


def test_what_is_passed_over_uses_up_no_watches(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    for name in ("notes", "node_modules/a/b", ".git/objects"):
        (tmp_path / "root" / name).mkdir(parents=True)
    observer.watch([tmp_path / "root"])
    (tmp_path / "root" / "late" / "deep").mkdir(parents=True)
    (tmp_path / "root" / "node_modules" / "new").mkdir()
    (tmp_path / "root" / "late" / "deep" / "a.md").write_text("x")
    wait_until(lambda: tmp_path / "root" / "late" / "deep" / "a.md" in seen)
    wait_until(lambda: watched_names(observer) >= {"late", "deep"})
    assert watched_names(observer) == {"root", "notes", "late", "deep"}


def watched_names(observer: FolderObserver) -> set[str]:
    """The folders that use up one of the system's watches."""
    groups = [emitter._inotify for emitter in observer._observer.emitters]  # type: ignore[attr-defined]
    return {Path(os.fsdecode(path)).name for of in groups for path in of._active_callbacks_by_path}


def test_a_changed_ignore_file_has_its_folder_compared(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "root" / "sub").mkdir(parents=True)
    observer.watch([tmp_path / "root"])
    wait_until(lambda: tmp_path / "root" in seen)
    (tmp_path / "root" / "sub" / IGNORE_FILE).write_text("*.log\n")
    wait_until(lambda: tmp_path / "root" / "sub" in seen)


def test_lost_notifications_have_the_whole_folder_compared(
    observer: FolderObserver, seen: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "root").mkdir()
    observer.watch([tmp_path / "root"])
    wait_until(lambda: tmp_path / "root" in seen)
    seen.clear()
    for emitter in observer._observer.emitters:
        wait_until(lambda group=emitter: group._inotify is not None)  # type: ignore[misc]
        emitter._inotify.on_queue_overflow()  # type: ignore[attr-defined]
    wait_until(lambda: tmp_path / "root" in seen)


def test_a_used_up_limit_is_said_and_left_to_the_sweeps(
    observer: FolderObserver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root" / "sub").mkdir(parents=True)
    really = InotifyFD.add_callback

    def refuse(self: InotifyFD, path: bytes, *rest: object) -> object:
        if path.endswith(b"sub"):
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
        return really(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    observer.watch([tmp_path / "root"])
    assert "max_user_watches" in observer.problems[tmp_path / "root"]


def test_without_any_watcher_left_the_sweeps_go_on_until_there_is_one(
    observer: FolderObserver, seen: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> object:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    with monkeypatch.context() as patch:
        patch.setattr("cairn.core.watch.inotify.InotifyFD", refuse)
        observer.watch([tmp_path])
    assert "max_user_instances" in observer.problems[tmp_path]
    observer.watch([tmp_path])  # not asked again at once
    assert observer.problems
    monkeypatch.setattr(observing, "_RETRY_S", 0)
    observer._observe_at = 0
    observer.watch([tmp_path])
    assert observer.problems == {}
    (tmp_path / "note.md").write_text("x")
    wait_until(lambda: tmp_path / "note.md" in seen)


def test_trouble_with_the_journal_does_not_end_the_watching(
    seen: list[Path], tmp_path: Path
) -> None:
    broken = True

    def wanted(path: Path, is_folder: bool) -> bool:
        if broken:
            raise Unavailable("the disk is full")
        return True

    observer = FolderObserver(Watch(quiet_s=0.1, max_wait_s=1.0), wanted, seen.extend)
    observer.start()
    (tmp_path / "root").mkdir()
    observer.watch([tmp_path / "root"])
    (tmp_path / "root" / "a.md").write_text("x")
    wait_until(lambda: tmp_path / "root" in seen)
    broken = False
    (tmp_path / "root" / "b.md").write_text("x")
    wait_until(lambda: tmp_path / "root" / "b.md" in seen)
    observer.stop()
