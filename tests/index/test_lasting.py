"""What a year of use does to an index: files left open, and word indices that are not whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.index import Index
from cairn.core.index.table import Table
from cairn.core.index.whole import Files
from tests.index.test_index import document


@pytest.mark.parametrize("part", ["tokens.lance", "invert.lance", "docs.lance"])
def test_a_word_index_that_is_not_whole_is_made_anew(tmp_path: Path, part: str) -> None:
    index = Index(str(tmp_path), "chunks-4-none-1")
    index.replace([document(f"{name}.md", f"the {name} boiler") for name in "abc"], {})
    index.compact()
    cut = [path for path in tmp_path.rglob("*.lance") if path.name.endswith(part)]
    for path in cut:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = Index(str(tmp_path), "chunks-4-none-1")
    assert cut
    assert len(again.table.search_words("boiler", 10)) == 3
    again.compact()
    assert len(again.table.search_words("boiler", 10)) == 3


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs a system that lists them")
def test_a_year_of_tidying_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon may have a thousand files open, and tidies up whenever files have changed."""
    monkeypatch.setattr("cairn.core.index.table._AFRESH", 3)
    index, counts = Index(str(tmp_path), "chunks-4-none-1"), []
    index.replace([document("long.md", *(f"boiler word{number}" for number in range(150)))], {})
    for number in range(12):
        index.replace([document(f"n{number}.md", f"boiler {number}")], {})
        index.compact()
        assert index.table.search_words("boiler", 10)
        counts.append(sum(str(path).startswith(str(tmp_path)) for path in opened()))
    assert max(counts[6:]) <= max(counts[:6])


def opened() -> Iterator[Path]:
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            yield path.readlink()


def test_a_word_index_that_there_is_no_room_for_keeps_nobody_from_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(str(tmp_path), "chunks-4-none-1")
    index.replace([document("a.md", "the boiler")], {})
    index.compact()
    for path in [each for each in tmp_path.rglob("*.lance") if each.name.endswith("tokens.lance")]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def full(table: Table) -> None:
        raise Unavailable("the disk of the index is full", "")

    with monkeypatch.context() as patch:
        patch.setattr(Table, "ensure_indices", full)
        again = Index(str(tmp_path), "chunks-4-none-1")
        assert again.table.count() == 1
        assert again.table.search_words("boiler", 10) == []
    again.compact()
    assert len(again.table.search_words("boiler", 10)) == 1


def test_an_index_of_ids_that_is_not_whole_is_made_anew(tmp_path: Path) -> None:
    index = Index(str(tmp_path), "chunks-4-none-1")
    given = document("a.md", "the boiler")
    index.replace([given, *(document(f"n{number}.md", "tea") for number in range(300))], {})
    index.compact()
    cut = list(tmp_path.rglob("page_*.lance"))
    for path in cut:
        path.write_bytes(path.read_bytes()[:128])
    again = Index(str(tmp_path), "chunks-4-none-1")
    assert cut
    assert [each.chunk for each in again.table.stored([given.doc_id])[given.doc_id]] == [
        *given.chunks
    ]


@pytest.mark.parametrize("kind", ["data", "_deletions"])
def test_what_the_disk_took_in_part_is_taken_back_and_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """As after a write that failed at the end of a file, of which the library tells nobody."""
    index = Index(str(tmp_path), "chunks-4-none-1")
    before = document("a.md", "the old boiler", "and the tea")
    index.replace([before, document("b.md", "the shed")], {})
    changed = document("a.md", "the new boiler")
    really, cut = Files.broken, []

    def torn(files: Files) -> list[str]:
        paths = [*(tmp_path / "chunks-4-none-1.lance" / kind).iterdir()]
        cut.append(max(paths, key=lambda path: path.stat().st_mtime_ns))
        with cut[-1].open("r+b") as file:
            file.truncate(cut[-1].stat().st_size // 2)
        return really(files)

    with monkeypatch.context() as patch:
        patch.setattr(Files, "broken", torn)
        with pytest.raises(Unavailable, match="did not take"):
            index.replace([changed], index.table.stored([before.doc_id]))
    assert cut
    for each in (index, Index(str(tmp_path), "chunks-4-none-1")):
        assert {row.search for row in each.table.unread()} == {
            chunk.search_text for chunk in (*before.chunks, *document("b.md", "the shed").chunks)
        }
        assert len(each.table.search_words("boiler", 9)) == 1
    index.replace([changed], index.table.stored([before.doc_id]))
    assert index.table.count() == 2
    index.compact()
    assert len(index.table.search_words("new", 9)) == 1
