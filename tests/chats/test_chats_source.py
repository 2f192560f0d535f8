"""Transcripts as their readers see them: folders within bounds, lines from the right place."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats import source as source_module
from cairn.core.chats.source import Transcript
from cairn.core.errors import ExtractError


def test_the_names_of_a_folder_have_no_links(tmp_path: Path) -> None:
    folder, outside = tmp_path / "x", tmp_path / "out.json"
    (folder / "sub").mkdir(parents=True)
    outside.write_text("[]")
    (folder / "sub" / "own.json").write_text("[]")
    (folder / "l.json").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert Transcript(folder).names == ("sub/own.json",)


def test_so_many_names_of_a_folder_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number}.json").write_text("[]")
    monkeypatch.setattr(source_module, "_MOST_NAMES", 20)
    assert len(Transcript(folder).names) == 20


def test_a_glance_sees_the_top_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for place in ("1", "a/2", "a/b/3"):
        (tmp_path / f"{place}.json").write_text("[]")
    assert Transcript(tmp_path).glance().names == ("1.json", "a/2.json")


def test_a_file_that_was_replaced_is_said_to_be(tmp_path: Path) -> None:
    path, state = tmp_path / "a.jsonl", dict[str, Any]()
    path.write_text("{}\n" * 40)
    assert len(list(Transcript(path).lines(state))) == 40
    with path.open("a") as file:
        file.write('{"a": 1}\n')
    grown = Transcript(path)
    assert len(list(grown.lines(state))) == 1 and not grown.began_anew
    path.write_text('{"b": 2}\n' * 60)
    replaced = Transcript(path)
    assert len(list(replaced.lines(state))) == 60 and replaced.began_anew


def test_a_stamp_tells_of_changes_beside_a_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"x")
    before = Transcript(path).stamp()
    assert before == Transcript(path).stamp()
    (tmp_path / "a.db-wal").write_bytes(b"y")
    assert Transcript(path).stamp() != before


def test_a_zip_that_unpacks_to_far_more_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", "[" + " " * (60 << 20) + "]")
    with pytest.raises(ExtractError, match="unpacks to far more"):
        Transcript(path).refuse_bomb()
    with pytest.raises(ExtractError, match="unpacks to far more"):
        Transcript(path, "users.json").open()


def test_a_small_file_may_unpack_to_much(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "a" * (10 << 20))
    Transcript(path).refuse_bomb()
    with Transcript(path, "a.txt").open() as file:
        assert len(file.read()) == 10 << 20
