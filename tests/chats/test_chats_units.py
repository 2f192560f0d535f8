"""What a folder or ZIP holds: each transcript once, no links, and quickly what holds none."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

from cairn.core.chats.formats import recognise
from cairn.core.chats.source import Transcript
from cairn.core.chats.units import units


def names(path: Path) -> list[str]:
    return [unit.name for unit in units(Transcript(path))]


def slack(folder: Path) -> Path:
    (folder / "general").mkdir(parents=True)
    (folder / "users.json").write_text('[{"id": "U1", "name": "ana"}]')
    (folder / "channels.json").write_text('[{"id": "C1", "name": "general"}]')
    message = {"type": "message", "user": "U1", "text": "Hello.", "ts": "1780000000.000100"}
    (folder / "general" / "2026-08-10.json").write_text(json.dumps([message]))
    return folder


def test_files_members_and_bundles_are_units(tmp_path: Path) -> None:
    top = tmp_path / "top"
    slack(top / "work")
    (top / "a.txt").write_text("a")
    with zipfile.ZipFile(top / "b.zip", "w") as archive:
        archive.writestr("in/c.txt", "c")
        archive.writestr("in/cat.jpg", "c")
    with zipfile.ZipFile(top / "d.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "x")
    found = list(units(Transcript(top)))
    assert [unit.name for unit in found] == ["a.txt", "b.zip!in/c.txt", "work"]
    assert [unit.title for unit in found] == ["a.txt", "in/c.txt in b.zip", "work"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    top, other = tmp_path / "top", tmp_path / "other"
    top.mkdir()
    other.mkdir()
    (other / "x.txt").write_text("x")
    (top / "folder").symlink_to(other)
    (top / "file").symlink_to(other / "x.txt")
    (top / "loop").symlink_to(top)
    os.mkfifo(top / "pipe")
    assert names(top) == []


def test_a_grown_bundle_has_another_stamp(tmp_path: Path) -> None:
    bundle = slack(tmp_path / "top" / "work")
    (before,) = units(Transcript(tmp_path / "top"))
    (same,) = units(Transcript(tmp_path / "top"))
    (bundle / "general" / "2026-08-11.json").write_text("[]")
    (after,) = units(Transcript(tmp_path / "top"))
    assert before.stamp == same.stamp != after.stamp


def test_a_folder_that_can_not_be_looked_into_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + b"\xff" * 18)
    (tmp_path / "b.txt").write_text("b")
    first, second = units(Transcript(tmp_path))
    assert (first.name, second.name) == ("a.zip", "b.txt")
    assert first.problem == "it is damaged" and not second.problem


def test_a_tree_without_bundles_is_listed_once(tmp_path: Path) -> None:
    """A look at each level would list a deep tree as often as it has levels."""
    below = tmp_path
    for _ in range(8):
        below = below / "d"
        for number in range(30):
            (below / f"{number}").mkdir(parents=True)
    listed: list[str] = []
    real = os.scandir

    def scandir(path: str) -> object:
        listed.append(os.fspath(path))
        return real(path)

    os.scandir = scandir  # type: ignore[assignment]
    try:
        assert recognise(Transcript(tmp_path).glance()) is None
        assert names(tmp_path) == []
    finally:
        os.scandir = real
    assert len(listed) < 400


def test_a_program_that_ends_like_a_zip_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF" + b"\0" * 99 + b"PK\x05\x06" + b"\xff" * 18)
    (found,) = units(Transcript(tmp_path))
    assert found.name == "program" and not found.problem


def test_a_zip_that_ends_too_early_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("c.txt", "c" * 999)
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:500])
    (found,) = units(Transcript(tmp_path))
    assert found.problem == "it is damaged or ends too early"
