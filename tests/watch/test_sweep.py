"""A sweep says what differs, reads no content, and takes nothing for deleted that it can't see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cairn.core.journal import FileRecord
from cairn.core.uris import file_uri, uri_path
from cairn.core.watch.ignore import ignores_file, ignores_folder
from cairn.core.watch.sweep import list_files, sweep


def names(folder: Path) -> set[str]:
    return {uri_path(uri).name for uri in list_files(folder, Path("/none")).files}


def record(path: Path) -> FileRecord:
    status = path.stat()
    return FileRecord(file_uri(path), status.st_size, status.st_mtime_ns, "indexed")


def changes(folder: Path, *known: FileRecord, settled: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    found = sweep([folder], lambda _: known, set(settled), Path("/none"), lambda _: False)
    return [f"{change.event.kind} {uri_path(change.event.uri).name}" for change in found.changes]


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
    assert changes(tmp_path, settled={file_uri(tmp_path / "new.md")}) == []


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
        found = sweep([root], lambda _: [known], set(), Path("/none"), lambda _: False)
        assert (found.changes, found.unreachable) == ([], [root])
        root.mkdir(exist_ok=True)


def test_a_file_that_became_readable_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    status = (tmp_path / "a.md").stat()
    refused = FileRecord(
        file_uri(tmp_path / "a.md"), status.st_size, status.st_mtime_ns, "failed", "no-permission"
    )
    assert changes(tmp_path, refused) == ["changed a.md"]


@pytest.mark.parametrize(
    "name", [".env", "secrets.toml", "credentials.json", "me.kdbx", "4913", "~$a.docx"]
)
def test_secrets_and_temporary_files_are_named_so(name: str) -> None:
    assert ignores_file(name)


def test_ordinary_names_are_not_ignored() -> None:
    assert not any(map(ignores_file, ("notes.md", "environment.txt", "keys of the piano.md")))
    assert not any(map(ignores_folder, ("notes", "Buildings", "2026")))
