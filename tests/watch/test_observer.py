"""The observer reports what has come to rest, through renames, removals and folders made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Watch
from cairn.core.watch.observer import FolderObserver
from tests.conftest import wait_until


@pytest.fixture
def seen() -> list[Path]:
    return []


@pytest.fixture
def observer(seen: list[Path]) -> Iterator[FolderObserver]:
    started = FolderObserver(Watch(quiet_s=0.1, max_wait_s=1.0), seen.extend)
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
