"""A sweep says what differs, reads no content, and takes nothing for deleted that it can't see."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.journal import FileRecord
from cairn.core.uris import file_uri, uri_path
from cairn.core.watch.ignore import Rules
from cairn.core.watch.sweep import Change, Place, Sweep, list_files, sweep


def names(folder: Path, hidden: bool = False) -> set[str]:
    found = list_files(folder, Rules(folder, hidden), frozenset()).files
    return {uri_path(uri).name for uri in found}


def swept(folder: Path, *known: FileRecord, settled: frozenset[str] = frozenset()) -> Sweep:
    records = {record.uri: record for record in known}
    place = Place(folder, Rules(folder, False), records, frozenset(), False)
    return sweep([place], set(settled), lambda uri: False)


def record(path: Path) -> FileRecord:
    status = path.stat()
    return FileRecord(file_uri(path), status.st_size, status.st_mtime_ns, "indexed")


def changes(folder: Path, *known: FileRecord, settled: frozenset[str] = frozenset()) -> list[str]:
    return [told(change) for change in swept(folder, *known, settled=settled).changes]


def told(change: Change) -> str:
    return f"{change.event.kind} {uri_path(change.event.uri).name}"


def test_what_tools_hide_and_make_is_passed_over(tmp_path: Path) -> None:
    for name in (
        "note.md",
        ".hidden",
        "note.md~",
        ".note.md.swp",
        "id_rsa",
        "server.pem",
        "x.part",
    ):
        (tmp_path / name).write_text("x")
    for folder in (".git", "node_modules", "__pycache__", "sub"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"in-{folder}.md").write_text("x")
    assert names(tmp_path) == {"note.md", "in-sub.md"}


def test_links_are_not_followed_and_pipes_not_opened(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "self").symlink_to(root)
    (root / "file-link.md").symlink_to(tmp_path / "outside" / "secret.md")
    os.mkfifo(root / "pipe.md")
    assert names(root) == {"pipe.md"}  # listed; the reader refuses it without opening


def test_added_changed_and_deleted_are_told_apart(tmp_path: Path) -> None:
    for name in ("same.md", "changed.md", "new.md"):
        (tmp_path / name).write_text("x")
    known = [record(tmp_path / "same.md"), record(tmp_path / "changed.md")]
    (tmp_path / "changed.md").write_text("longer")
    gone = FileRecord(file_uri(tmp_path / "gone.md"), 1, 1, "indexed")
    assert sorted(changes(tmp_path, *known, gone)) == [
        "added new.md", "changed changed.md", "deleted gone.md",
    ]  # fmt: skip


def test_what_is_queued_is_not_queued_again(tmp_path: Path) -> None:
    (tmp_path / "new.md").write_text("x")
    assert changes(tmp_path, settled=frozenset({file_uri(tmp_path / "new.md")})) == []


def test_the_newest_come_first(tmp_path: Path) -> None:
    for number, name in enumerate(("old.md", "newer.md", "newest.md")):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (1000 + number, 1000 + number))
    assert changes(tmp_path) == ["added newest.md", "added newer.md", "added old.md"]


def test_a_folder_that_cannot_be_listed_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    inside = FileRecord(file_uri(tmp_path / "closed" / "a.md"), 1, 1, "indexed")
    (tmp_path / "b.md").write_text("x")
    really = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError
        return really(path)

    monkeypatch.setattr(os, "scandir", refuse)  # chmod does not stop root
    assert changes(tmp_path, inside) == ["added b.md"]


def test_a_missing_or_emptied_root_is_out_of_reach(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    known = FileRecord(file_uri(root / "a.md"), 1, 1, "indexed")
    for _ in range(2):
        found = swept(root, known)
        assert (found.changes, found.unreachable) == ([], [root])
        root.mkdir(exist_ok=True)


def test_a_file_that_became_readable_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    status = (tmp_path / "a.md").stat()
    refused = FileRecord(
        file_uri(tmp_path / "a.md"), status.st_size, status.st_mtime_ns, "failed", "no-permission"
    )
    assert changes(tmp_path, refused) == ["changed a.md"]


def test_what_the_disk_would_not_give_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("x")
    failed = replace(record(path), state="failed", code="disk-error")
    assert changes(tmp_path, failed) == ["changed a.md"]
    assert changes(tmp_path, replace(failed, code="crashed")) == []


def test_a_moved_file_is_told_from_a_deleted_and_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("the same")
    known = record(tmp_path / "old.md")
    (tmp_path / "sub").mkdir()
    (tmp_path / "old.md").rename(tmp_path / "sub" / "new.md")
    (moved,) = swept(tmp_path, known).changes
    assert told(moved) == "moved new.md"
    assert moved.event.was == known.uri
    (tmp_path / "sub" / "new.md").write_text("of another size now")
    assert sorted(changes(tmp_path, known)) == ["added new.md", "deleted old.md"]


def test_a_change_is_dated_when_it_was_made_and_says_how_large_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("12345678")
    known = FileRecord(file_uri(tmp_path / "a.md"), 3, 1, "indexed")
    os.utime(tmp_path / "a.md", (1_700_000_000, 1_700_000_000))
    (change,) = swept(tmp_path, known).changes
    assert change.event.at == "2023-11-14T22:13:20.000+00:00"
    assert (change.event.size, change.event.delta) == (8, 5)


def test_a_path_that_is_too_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep, name = tmp_path, "d" * 200
    monkeypatch.chdir(tmp_path)
    while len(str(deep)) < 4000:
        os.mkdir(name)
        os.chdir(name)
        deep /= name
    Path("n" * 100).write_text("x")
    said: list[str] = []
    rules = Rules(tmp_path, hidden=False)
    list_files(tmp_path, rules, frozenset(), lambda path, verdict: said.append(verdict.reason))
    assert said == ["its path is longer than the system takes"]
