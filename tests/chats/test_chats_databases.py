"""Databases as their programs leave them: being written, locked, cut short, not to be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.chats.source import Transcript
from cairn.core.errors import ExtractError
from tests.chats.reading import items, turns_of

KV = "CREATE TABLE {} (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)"
BUBBLE = '{"type": 2, "text": "answer %d %s"}'


def write(path: Path, count: int = 3, size: int = 1, journal: str = "wal") -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA journal_mode={journal}")
    for table in ("ItemTable", "cursorDiskKV"):
        db.execute(KV.format(table))
    for number in range(count):
        add(db, number, size)
    db.commit()
    return db


def add(db: sqlite3.Connection, number: int, size: int = 1) -> None:
    values = (f"bubbleId:c1:{number}", BUBBLE % (number, "x" * size))
    db.execute("INSERT INTO cursorDiskKV VALUES (?, ?)", values)


def count(path: Path) -> int:
    return len(turns_of(items("cursor", path)))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = write(tmp_path / "state.vscdb")
    yield db
    db.close()


def test_work_that_is_not_finished_is_not_seen(tmp_path: Path, program: sqlite3.Connection) -> None:
    add(program, 8)
    assert program.in_transaction
    assert count(tmp_path / "state.vscdb") == 3
    program.commit()
    assert count(tmp_path / "state.vscdb") == 4


def test_a_locked_database_is_read_at_another_moment(tmp_path: Path) -> None:
    path = tmp_path / "state.vscdb"
    db = write(path, journal="delete")
    db.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ExtractError) as caught:
        items("cursor", path)
    assert caught.value.code == "busy"
    db.rollback()
    db.close()
    assert count(path) == 3


@pytest.mark.parametrize("size", [16, 100, 4096, 100_000, 300_000])
def test_a_database_cut_short_gives_a_plain_error(tmp_path: Path, size: int) -> None:
    whole = tmp_path / "whole"
    write(whole, count=200, size=3_000, journal="delete").close()
    path = tmp_path / "cut.db"
    path.write_bytes(whole.read_bytes()[:size])
    with pytest.raises(ExtractError, match="damaged") as caught:
        items("cursor", path)
    assert caught.value.code == "broken"


def test_a_database_of_another_kind_gives_a_plain_error(tmp_path: Path) -> None:
    write(tmp_path / "opencode.db").close()
    for kind in ("opencode", "shell"):
        with pytest.raises(ExtractError, match="not as expected"):
            items(kind, tmp_path / "opencode.db")


def test_changes_that_lie_beside_a_database_are_read(
    tmp_path: Path, program: sqlite3.Connection
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("state.vscdb*"):
        shutil.copy(file, copy)
    assert (copy / "state.vscdb-wal").stat().st_size
    assert count(copy / "state.vscdb") == 3


def close(folder: Path) -> None:
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("nothing is forbidden to this user")


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that can't be written to, once it has been filled."""
    folder = tmp_path / "closed"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


def test_a_database_that_stands_still_is_read_where_nothing_can_be_written(closed: Path) -> None:
    write(closed / "state.vscdb").close()
    close(closed)
    assert count(closed / "state.vscdb") == 3
    assert [file.name for file in closed.iterdir()] == ["state.vscdb"]


@pytest.mark.parametrize("has_index", [True, False])
def test_changes_in_such_a_folder_are_read_or_named(
    tmp_path: Path, program: sqlite3.Connection, closed: Path, has_index: bool
) -> None:
    for file in tmp_path.glob("state.vscdb*"):
        if has_index or not file.name.endswith("-shm"):
            shutil.copy(file, closed)
    close(closed)
    if has_index:
        assert count(closed / "state.vscdb") == 3
    else:
        with pytest.raises(ExtractError, match="can't be written to"):
            items("cursor", closed / "state.vscdb")


def test_nothing_is_left_beside_a_database_that_no_program_has_open(tmp_path: Path) -> None:
    path = tmp_path / "state.vscdb"
    write(path, journal="wal").close()
    assert count(path) == 3
    assert [file.name for file in tmp_path.glob("state*")] == ["state.vscdb"]


def test_a_program_that_begins_to_write_meanwhile_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "state.vscdb"
    write(path, journal="wal").close()
    with pytest.raises(ExtractError) as caught, Transcript(path).database():
        writer = sqlite3.connect(path)
        add(writer, 9)
        writer.commit()
        writer.close()
    assert caught.value.code == "replaced"
