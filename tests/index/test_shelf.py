"""The shelf: the same as the table has, whatever is written, killed, damaged or in the way."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.index import Index, Replacement, drop_other_tables
from cairn.core.index.shelf import Row, Shelf
from cairn.core.recall.tally import packed
from cairn.core.records import Chunk, Span, document_id

NAME = "chunks-3-model-1"


def document(name: str, *texts: str, title: str = "Notes") -> Replacement:
    uri = f"file:/{name}"
    chunks = tuple(
        Chunk(
            f"c_{name}{number}", document_id(uri), uri, number, "note", title, (), "", text,
            Span(0, len(text), "L", 1, 1), ((0, 1),), "2026-03-02", "", "user", "",
        )
        for number, text in enumerate(texts)
    )  # fmt: skip
    return Replacement(document_id(uri), chunks, (None,) * len(chunks))


def row(id: str, text: str = "text") -> Row:
    return Row(id, "d_1", text, "{}", b"", b"")


def shelved(index: Index) -> set[str]:
    return {row.id for row in index.table._shelf.take(index.table.matching("true"))}


def path(folder: Path) -> Path:
    return folder / f"{NAME}.shelf"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(str(tmp_path), NAME)
    index.replace([document("a", "one", "two"), document("b", "three")], {})
    return index


def test_texts_are_found_by_some_letters(index: Index) -> None:
    assert [text[-5:] for text in index.table.texts_holding("HRE", 10)] == ["three"]
    assert len(index.table.texts_holding("o", 1)) == 1
    assert index.table.texts_holding("xqz", 10) == []


def test_what_is_written_is_there_at_once(index: Index) -> None:
    assert shelved(index) == {"c_a0", "c_a1", "c_b0"}
    chunks, parts, stems = index.table.fetch_all(["c_b0", "c_gone", "c_a0"])
    assert [chunk.text for chunk in chunks] == ["three", "one"]
    assert parts == {}
    assert stems == {chunk.id: packed(chunk) for chunk in chunks}


def test_what_the_table_has_comes_from_there_and_is_kept(index: Index, tmp_path: Path) -> None:
    before = index.fetch(["c_a0", "c_b0"])
    path(tmp_path).unlink()
    opened = Index(str(tmp_path), NAME)
    assert shelved(opened) == set()
    assert opened.fetch(["c_a0", "c_b0"]) == before
    assert shelved(opened) == {"c_a0", "c_b0"}


def test_tidying_up_brings_what_is_missing(index: Index, tmp_path: Path) -> None:
    path(tmp_path).unlink()
    opened = Index(str(tmp_path), NAME)
    opened.table.compact()
    assert shelved(opened) == {"c_a0", "c_a1", "c_b0"}


def test_a_document_that_changes_leaves_nothing_old(index: Index) -> None:
    index.replace([document("a", "one", title="Other")], {})
    assert shelved(index) == {"c_a0", "c_b0"}
    assert index.fetch(["c_a0"]).chunks[0].title == "Other"
    index.drop([document_id("file:/a")])
    assert shelved(index) == {"c_b0"}


def test_it_is_kept_as_long_as_only_this_changes_the_table(index: Index, tmp_path: Path) -> None:
    index.table.compact()
    index.replace([document("c", "four")], {})
    assert shelved(Index(str(tmp_path), NAME)) == {"c_a0", "c_a1", "c_b0", "c_c0"}


def test_it_is_empty_after_the_table_was_changed_without_it(index: Index, tmp_path: Path) -> None:
    index.table._table.delete("id = 'c_a0'")
    opened = Index(str(tmp_path), NAME)
    assert shelved(opened) == set()
    assert [chunk.id for chunk in opened.fetch(["c_a0", "c_a1"]).chunks] == ["c_a1"]


def test_a_write_that_fails_leaves_nothing_that_may_be_wrong(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(index.table._table, "merge_insert", fail)
    with pytest.raises(Unavailable):
        index.replace([document("a", "changed")], {})
    monkeypatch.undo()
    assert shelved(index) == {"c_b0"}
    assert [chunk.text for chunk in index.fetch(["c_a0", "c_b0"]).chunks] == ["one", "three"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_while_it_writes_leaves_what_the_table_has(
    index: Index, tmp_path: Path, moment: str
) -> None:
    script = f"""
import os
from cairn.core.index import Index
from tests.index.test_shelf import NAME, document
index = Index({str(tmp_path)!r}, NAME)
write = index.table._write
def killed(*given):
    if {moment == "after"}:
        write(*given)
    os._exit(9)  # nothing is tidied up, as if it were killed
index.table._write = killed
index.replace([document("a", "changed")], {{}})
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=_root(), check=False)
    assert done.returncode == 9
    opened = Index(str(tmp_path), NAME)
    assert shelved(opened) == {"c_b0"}
    (chunk,) = opened.fetch(["c_a0"]).chunks
    assert chunk.text == ("changed" if moment == "after" else "one")


def _root() -> Path:
    return Path(__file__).parents[2]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_file_is_made_anew(index: Index, tmp_path: Path, content: bytes) -> None:
    for file in tmp_path.glob("*.shelf*"):
        file.write_bytes(content)
    opened = Index(str(tmp_path), NAME)
    assert len(opened.fetch(["c_a0", "c_b0"]).chunks) == 2
    assert shelved(opened) == {"c_a0", "c_b0"}


def test_one_of_another_layout_is_made_anew(tmp_path: Path) -> None:
    Shelf(tmp_path / "x.shelf", 1).put([row("c_1")], 0)
    assert Shelf(tmp_path / "x.shelf", 1).take(["c_1"])
    with sqlite3.connect(tmp_path / "x.shelf") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert not Shelf(tmp_path / "x.shelf", 1).take(["c_1"])


def test_where_it_cannot_be_the_table_serves_alone(tmp_path: Path) -> None:
    path(tmp_path).mkdir(parents=True)
    index = Index(str(tmp_path), NAME)
    index.replace([document("a", "one")], {})
    index.table.compact()
    assert index.table.fetch(["c_a0"])[0].text == "one"
    assert shelved(index) == set()


def test_what_was_read_before_a_write_is_not_kept_after_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "x.shelf", 1)
    writes = shelf.writes
    with shelf.changing(lambda: 2, ["d_1"], [row("c_1", "new")]):
        shelf.put([row("c_1", "old")], shelf.writes)
    shelf.put([row("c_1", "old")], writes)
    assert [each.search for each in shelf.take(["c_1"])] == ["new"]


def test_nothing_is_left_of_what_was_erased(index: Index, tmp_path: Path) -> None:
    index.replace([document("s", "a most secret kumquat")], {})
    index.table.compact()
    assert b"kumquat" in path(tmp_path).read_bytes()
    index.drop([document_id("file:/s")])
    index.table.compact()
    left = b"".join(file.read_bytes() for file in tmp_path.glob("*.shelf*"))
    assert b"kumquat" not in left


def test_it_goes_with_its_table(index: Index, tmp_path: Path) -> None:
    drop_other_tables(str(tmp_path), "chunks-3-model-2")
    assert not list(tmp_path.glob("*.shelf*"))


def test_odd_texts_come_back_as_they_were(index: Index) -> None:
    given = document("o", "'); DROP TABLE rows; --", "a\x00b \U0001f600", json.dumps({"a": [1]}))
    index.replace([given], {})
    index.replace([replace(given)], {})
    assert index.fetch([chunk.id for chunk in given.chunks]).chunks == list(given.chunks)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_nobody_else_may_read_it(index: Index, tmp_path: Path) -> None:
    assert path(tmp_path).stat().st_mode & 0o777 == 0o600
